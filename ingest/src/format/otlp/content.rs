//! Messages of a call, from all the places where instrumentations have put them over the years.
//!
//! Current: `gen_ai.input.messages` and its siblings, on the span or on the event that repeats it. Older:
//! `gen_ai.prompt`, its flattened form, one event a message with the text in the body. OpenInference:
//! `llm.input_messages.*`, `input.value`.

use schemas::{Value as Cell, event};

use super::super::answer::{self, CacheCount};
use super::super::json::{Map, Value, json};
use super::super::parts;
use super::flat;
use super::model::{Event, Item};
use super::{Draft, Fields};

/// The event that carries what the span of the same call may leave out.
pub(super) const DETAILS: &str = "gen_ai.client.inference.operation.details";
/// The older event that carries one answer.
const CHOICE: &str = "gen_ai.choice";
/// OpenInference: the output as a whole.
pub(super) const OUTPUT_VALUE: &str = "output.value";

/// Fills the content columns and removes what they were filled from.
pub(super) fn put(draft: &mut Draft<'_>, item: &mut Item) {
    if let Some(Value::String(name)) = item.attributes.get("event.name")
        && item.event_name.is_empty()
    {
        item.event_name = name.clone();
        item.attributes.remove("event.name");
    }
    let mut input = Vec::new();
    let mut output = Vec::new();
    span_events(item, &mut input, &mut output);
    log_body(item, &mut input, &mut output);
    let attributes = &mut item.attributes;
    if let Some(value) = attributes.remove("gen_ai.system_instructions")
        && let Some(system) = parts::system(value, &mut draft.attachments)
    {
        draft.set(event::SYSTEM_INSTRUCTIONS, system.to_json());
    }
    for name in ["gen_ai.input.messages", "gen_ai.prompt", "llm.prompts"] {
        input.extend(attributes.remove(name));
    }
    input.extend(flat::take(attributes, "gen_ai.prompt."));
    input.extend(flat::take(attributes, "llm.input_messages.").map(openinference));
    for name in ["gen_ai.output.messages", "gen_ai.completion"] {
        output.extend(attributes.remove(name));
    }
    output.extend(flat::take(attributes, "gen_ai.completion."));
    output.extend(flat::take(attributes, "llm.output_messages.").map(openinference));
    put_input(draft, input);
    for value in output {
        answer::put_messages(draft, value);
    }
    values(draft, attributes);
    tools(draft, attributes);
    documents(draft, attributes);
}

fn put_input(draft: &mut Draft<'_>, values: Vec<Value>) {
    for value in values {
        let Some(messages) = parts::messages(value, "user", &mut draft.attachments) else { continue };
        if draft.is_unset(event::INPUT_MESSAGES) {
            draft.set(event::INPUT_MESSAGES, messages.to_json());
        } else {
            draft.keep("input_messages", messages);
        }
    }
}

/// Events of a span that carry content: the details, two that were called content, and one a message.
fn span_events(item: &mut Item, input: &mut Vec<Value>, output: &mut Vec<Value>) {
    let (mut questions, mut answers) = (Vec::new(), Vec::new());
    let events = std::mem::take(&mut item.events);
    for event in events {
        if [DETAILS, "gen_ai.content.prompt", "gen_ai.content.completion"].contains(&event.name.as_str()) {
            for (name, value) in event.attributes {
                item.attributes.entry(name).or_insert(value);
            }
        } else if let Some(role) = message_role(&event.name) {
            let list = if event.name == CHOICE { &mut answers } else { &mut questions };
            list.push(message(role, event_message(event)));
        } else {
            item.events.push(event);
        }
    }
    for (messages, list) in [(questions, input), (answers, output)] {
        if !messages.is_empty() {
            list.push(Value::Array(messages));
        }
    }
}

/// The message of a span event, which has attributes only.
fn event_message(event: Event) -> Value {
    let fields = event.attributes;
    match fields.get("gen_ai.event.content") {
        Some(Value::String(text)) => super::json::nested(text).unwrap_or(Value::Object(fields)),
        _ => Value::Object(fields),
    }
}

/// The body of a log record that is one message, or that holds the attributes of the details.
fn log_body(item: &mut Item, input: &mut Vec<Value>, output: &mut Vec<Value>) {
    if let Some(role) = message_role(&item.event_name) {
        let body = std::mem::take(&mut item.body);
        let list = if item.event_name == CHOICE { output } else { input };
        list.push(Value::Array(vec![message(role, body)]));
    } else if item.event_name == DETAILS
        && let Value::Object(fields) = std::mem::take(&mut item.body)
    {
        for (name, value) in fields {
            item.attributes.entry(name).or_insert(value);
        }
    }
}

/// The role of the message that an event of this name carries.
fn message_role(event_name: &str) -> Option<&'static str> {
    match event_name {
        "gen_ai.system.message" => Some("system"),
        "gen_ai.user.message" => Some("user"),
        "gen_ai.assistant.message" | CHOICE => Some("assistant"),
        "gen_ai.tool.message" => Some("tool"),
        _ => None,
    }
}

/// `{content, role?, tool_calls?}`, around which a choice has `{index, finish_reason, message}`.
fn message(role: &str, body: Value) -> Value {
    let mut fields = match body {
        Value::Object(fields) => fields,
        Value::Null => Map::new(),
        other => Map::from_iter([("content".to_owned(), other)]),
    };
    if let Some(Value::Object(inner)) = fields.remove("message") {
        fields.remove("index");
        for (name, value) in inner {
            fields.insert(name, value);
        }
    }
    fields.entry("role").or_insert_with(|| role.into());
    // The message of a tool names the call that it answers.
    if role == "tool"
        && let Some(id) = fields.remove("id")
    {
        fields.insert("tool_call_id".to_owned(), id);
    }
    Value::Object(fields)
}

/// OpenInference wraps each message, content and call in an object with one key.
fn openinference(list: Value) -> Value {
    let Value::Array(items) = list else { return list };
    items.into_iter().map(|item| unwrap(item, "message")).map(openinference_message).collect()
}

fn openinference_message(message: Value) -> Value {
    let Value::Object(mut fields) = message else { return message };
    if let Some(Value::Array(contents)) = fields.remove("contents") {
        let contents: Vec<Value> = contents
            .into_iter()
            .map(|item| {
                let item = unwrap(item, "message_content");
                match item.pointer("/image/image/url").or_else(|| item.pointer("/image/url")) {
                    Some(url) => json!({"type": "image_url", "image_url": url}),
                    None => item,
                }
            })
            .collect();
        fields.insert("content".to_owned(), contents.into());
    }
    if let Some(Value::Array(calls)) = fields.remove("tool_calls") {
        let calls: Vec<Value> = calls.into_iter().map(|call| unwrap(call, "tool_call")).collect();
        fields.insert("tool_calls".to_owned(), calls.into());
    }
    if let (Some(name), Some(arguments)) =
        (fields.remove("function_call_name"), fields.remove("function_call_arguments_json"))
    {
        fields.insert("function_call".to_owned(), json!({"name": name, "arguments": arguments}));
    }
    Value::Object(fields)
}

fn unwrap(value: Value, key: &str) -> Value {
    match value {
        Value::Object(mut fields) if fields.len() == 1 && fields.contains_key(key) => {
            fields.remove(key).unwrap_or_default()
        }
        other => other,
    }
}

/// `input.value` and `output.value` are the whole request and answer: the messages, where nothing else has them.
fn values(draft: &mut Draft<'_>, attributes: &mut Fields) {
    let is_tool = attributes.contains_key("tool.name");
    if draft.is_unset(event::INPUT_MESSAGES)
        && let Some(value) = attributes.remove("input.value")
    {
        match super::json::object(value) {
            Ok(mut request) => match request.remove("messages") {
                Some(messages) => {
                    put_input(draft, vec![messages]);
                    draft.keep("input.value", Value::Object(request));
                }
                None => put_input(draft, vec![Value::Object(request)]),
            },
            Err(text) => put_input(draft, vec![text]),
        }
    }
    if draft.is_unset(event::OUTPUT_MESSAGES)
        && !is_tool
        && let Some(value) = attributes.remove(OUTPUT_VALUE)
    {
        answer::put(draft, OUTPUT_VALUE, value, CacheCount::Inside);
    }
}

fn tools(draft: &mut Draft<'_>, attributes: &mut Fields) {
    for name in ["gen_ai.tool.definitions", "gen_ai.request.tools"] {
        if let Some(tools) = attributes.remove(name) {
            draft.put_json(event::TOOL_DEFINITIONS_JSON, name, tools);
        }
    }
    for prefix in ["llm.tools.", "llm.request.functions."] {
        if let Some(tools) = flat::take(attributes, prefix) {
            draft.put_json(event::TOOL_DEFINITIONS_JSON, prefix, tools);
        }
    }
}

/// Documents that a retrieval returned: id, score and where they lie. Their content stays with the rest.
fn documents(draft: &mut Draft<'_>, attributes: &mut Fields) {
    let flat = flat::take(attributes, "retrieval.documents.");
    let list = match attributes.remove("gen_ai.retrieval.documents").or(flat) {
        Some(Value::String(text)) => super::json::nested(&text).unwrap_or(Value::String(text)),
        Some(list) => list,
        None => return,
    };
    let Value::Array(items) = list else { return draft.keep("retrieval_docs", list) };
    let (mut cells, mut rest) = (Vec::new(), Vec::new());
    for item in items {
        let Value::Object(mut fields) = unwrap(item, "document") else { continue };
        let mut text = |name: &str| Cell::from(fields.remove(name).as_ref().and_then(super::json::text));
        let (id, source) = (text("id"), text("source"));
        let score = fields.remove("score").as_ref().and_then(super::json::float);
        cells.push(Cell::Struct(vec![id, score.into(), source]));
        rest.push(Value::Object(fields));
    }
    draft.set(event::RETRIEVAL_DOCS, Cell::List(cells));
    if rest.iter().any(|fields| fields.as_object().is_some_and(|fields| !fields.is_empty())) {
        draft.keep("retrieval_docs", rest.into());
    }
}
