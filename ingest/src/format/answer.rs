//! What a model's endpoint answered, in the shapes of the endpoints themselves: the part that formats share
//! which log the body of the answer (LiteLLM, Bedrock, and spans that carry it).
//!
//! Shapes: OpenAI chat completions, text completions, responses and embeddings; Anthropic messages; Bedrock
//! Converse and the bodies of Nova, Titan, Llama, Mistral and Cohere. Streams are put together in
//! [`super::stream`] first, so that a name that was split between two chunks is one string when it is scanned.

use schemas::event;

use super::json::{Map, Value, json};
use super::{Draft, draft, json as read, parts, stream};

type Fields = Map;

/// Whether a producer counts cached tokens as part of the input (OpenTelemetry, OpenAI) or beside it (Anthropic,
/// Bedrock). The columns count them as part.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum CacheCount {
    Inside,
    Beside,
}

/// The body of an answer, put together if it was streamed, and whether its stream came to the end.
pub(super) fn whole(value: Value) -> (Value, bool) {
    match value {
        Value::Array(items) if stream::is_stream(&items) => {
            let stream::Assembled { answer, is_complete } = stream::assemble(items);
            (answer, is_complete)
        }
        other => (other, true),
    }
}

/// Moves an answer's body into its columns; what is left goes to `unmapped_json` under `name`.
pub(super) fn put(draft: &mut Draft<'_>, name: &str, value: Value, cache: CacheCount) {
    let (value, is_complete) = whole(value);
    if !is_complete {
        draft.set_default(event::STATUS, "partial");
    }
    let mut fields = match read::object(value) {
        Ok(fields) => fields,
        // A plain answer, or a list of messages.
        Err(other) => return put_messages(draft, other),
    };
    draft.put(event::RESPONSE_ID, &format!("{name}.id"), fields.remove("id").unwrap_or_default());
    draft.put(event::RESPONSE_MODEL, &format!("{name}.model"), fields.remove("model").unwrap_or_default());
    for key in ["usage", "token_usage"] {
        if let Some(usage) = fields.remove(key) {
            put_usage(draft, &format!("{name}.usage"), usage, cache);
        }
    }
    let mut reasons = Vec::new();
    if let Some(messages) = take_messages(&mut fields, &mut reasons) {
        put_messages(draft, messages);
    }
    for key in ["stop_reason", "stopReason", "completionReason", "finish_reason"] {
        if let Some(Value::String(reason)) = fields.remove(key) {
            reasons.push(reason);
        }
    }
    put_finish_reasons(draft, reasons);
    put_flat_usage(draft, &mut fields);
    if !fields.is_empty() {
        draft.keep(name, Value::Object(fields));
    }
}

/// Messages of the assistant, whatever their shape.
pub(super) fn put_messages(draft: &mut Draft<'_>, value: Value) {
    if let Some(messages) = parts::messages(value, "assistant", &mut draft.attachments) {
        draft.set_default(event::TOOL_CALLS, parts::tool_calls(&messages));
        let reasons = messages.as_array().into_iter().flatten();
        let reasons = reasons.filter_map(|message| message.get("finish_reason")?.as_str()).map(str::to_owned);
        put_finish_reasons(draft, reasons.collect());
        if draft.is_unset(event::OUTPUT_MESSAGES) {
            draft.set(event::OUTPUT_MESSAGES, messages.to_json());
        } else {
            draft.keep("output_messages", messages);
        }
    }
}

/// Finish reasons, one an answer.
pub(super) fn put_finish_reasons(draft: &mut Draft<'_>, reasons: Vec<String>) {
    if !reasons.is_empty() {
        let reasons = reasons.into_iter().map(schemas::Value::from).collect();
        draft.set_default(event::FINISH_REASONS, schemas::Value::List(reasons));
    }
}

/// The messages of an answer, taken out of the fields that hold them.
fn take_messages(fields: &mut Fields, reasons: &mut Vec<String>) -> Option<Value> {
    if let Some(Value::Array(choices)) = fields.remove("choices") {
        return Some(choices.into_iter().filter_map(|choice| from_choice(choice, reasons)).collect());
    }
    // Converse and Nova: {"output": {"message": …}}; OpenAI responses: {"output": [items]}.
    match fields.remove("output") {
        Some(Value::Object(mut output)) => {
            let message = output.remove("message");
            if !output.is_empty() {
                fields.insert("output".to_owned(), Value::Object(output));
            }
            if message.is_some() {
                return message;
            }
        }
        Some(Value::Array(items)) => return Some(from_items(items)),
        Some(text @ Value::String(_)) => return Some(text),
        Some(other) => {
            fields.insert("output".to_owned(), other);
        }
        None => {}
    }
    if fields.get("content").is_some_and(|content| content.is_array() || content.is_string()) {
        let role = fields.remove("role").unwrap_or_else(|| "assistant".into());
        fields.remove("type");
        return Some(json!([{"role": role, "content": fields.remove("content")}]));
    }
    // Titan, Mistral and Cohere: lists of generations; Llama and old Cohere: one text.
    for (list, text) in [("results", "outputText"), ("outputs", "text"), ("generations", "text")] {
        if let Some(Value::Array(items)) = fields.remove(list) {
            return Some(items.into_iter().map(|item| from_generation(item, text, reasons)).collect());
        }
    }
    for key in ["generation", "completion", "outputText", "text"] {
        if let Some(text @ Value::String(_)) = fields.remove(key) {
            return Some(json!([{"role": "assistant", "content": text}]));
        }
    }
    None
}

fn from_choice(choice: Value, reasons: &mut Vec<String>) -> Option<Value> {
    let Value::Object(mut choice) = choice else { return Some(choice) };
    let reason = choice.remove("finish_reason").and_then(|reason| read::text(&reason));
    choice.remove("index");
    let mut message = match choice.remove("message").or_else(|| choice.remove("delta")) {
        Some(Value::Object(message)) => message,
        Some(other) => Map::from_iter([("content".to_owned(), other)]),
        None => match choice.remove("text") {
            Some(text) => Map::from_iter([("content".to_owned(), text)]),
            None => Map::new(),
        },
    };
    message.entry("role").or_insert_with(|| "assistant".into());
    for (key, value) in choice {
        if !draft::is_empty(&value) {
            message.insert(key, value);
        }
    }
    if let Some(reason) = reason {
        message.insert("finish_reason".to_owned(), reason.as_str().into());
        reasons.push(reason);
    }
    Some(Value::Object(message))
}

/// Items of OpenAI's responses: messages stay messages, calls and reasoning become parts of one.
fn from_items(items: Vec<Value>) -> Value {
    items
        .into_iter()
        .map(|item| {
            if item.get("role").is_some() {
                return item;
            }
            json!({"role": "assistant", "parts": [item]})
        })
        .collect()
}

fn from_generation(item: Value, text: &str, reasons: &mut Vec<String>) -> Value {
    let Value::Object(mut item) = item else { return item };
    for key in ["completionReason", "stop_reason", "finish_reason"] {
        if let Some(Value::String(reason)) = item.remove(key) {
            reasons.push(reason);
        }
    }
    let content = item.remove(text).unwrap_or_default();
    item.insert("role".to_owned(), "assistant".into());
    item.insert("content".to_owned(), content);
    Value::Object(item)
}

/// Names of one count in the usage objects of the providers.
const USAGE: &[(usize, &[&str])] = &[
    (event::INPUT_TOKENS, &["input_tokens", "prompt_tokens", "inputTokens"]),
    (event::OUTPUT_TOKENS, &["output_tokens", "completion_tokens", "outputTokens"]),
    (event::TOTAL_TOKENS, &["total_tokens", "totalTokens"]),
    (
        event::CACHE_READ_TOKENS,
        &["cache_read_input_tokens", "cacheReadInputTokens", "cacheReadInputTokenCount", "cached_tokens"],
    ),
    (
        event::CACHE_WRITE_TOKENS,
        &[
            "cache_creation_input_tokens",
            "cacheWriteInputTokens",
            "cacheWriteInputTokenCount",
            "cache_creation_tokens",
        ],
    ),
    (event::REASONING_TOKENS, &["reasoning_tokens"]),
];

/// Moves a usage object into the token columns. A count that is already there and differs stays under `name`.
pub(super) fn put_usage(draft: &mut Draft<'_>, name: &str, value: Value, cache: CacheCount) {
    let mut fields = match read::object(value) {
        Ok(fields) => fields,
        Err(other) => return draft.keep(name, other),
    };
    // Details that have columns move up; the rest of them stays where it is.
    for details in [
        "prompt_tokens_details",
        "input_tokens_details",
        "completion_tokens_details",
        "output_tokens_details",
    ] {
        if let Some(Value::Object(mut inner)) = fields.remove(details) {
            for key in ["cached_tokens", "cache_creation_tokens", "reasoning_tokens"] {
                if let Some(count) = inner.remove(key)
                    && !count.is_null()
                {
                    fields.entry(key).or_insert(count);
                }
            }
            inner.retain(|_, count| !count.is_null());
            if !inner.is_empty() {
                fields.insert(details.to_owned(), Value::Object(inner));
            }
        }
    }
    if cache == CacheCount::Beside {
        include_cache(&mut fields);
    }
    for (column, keys) in USAGE {
        for key in *keys {
            if let Some(count) = fields.remove(key) {
                draft.put(*column, &format!("{name}.{key}"), count);
            }
        }
    }
    if fields.values().any(|value| !draft::is_empty(value)) {
        draft.keep(name, Value::Object(fields));
    }
}

/// Adds the cached tokens to the input, where the producer counts them beside it.
fn include_cache(fields: &mut Fields) {
    let count = |column: usize| {
        let names = USAGE.iter().find(|(of, _)| *of == column).map_or(&[][..], |(_, names)| names);
        names.iter().find_map(|name| Some((*name, read::int(fields.get(name)?)?)))
    };
    let cached = [event::CACHE_READ_TOKENS, event::CACHE_WRITE_TOKENS];
    let cached: i64 =
        cached.into_iter().filter_map(|column| Some(count(column)?.1)).fold(0, i64::saturating_add);
    if let Some((name, input)) = count(event::INPUT_TOKENS)
        && cached > 0
    {
        fields.insert(name.to_owned(), input.saturating_add(cached).into());
    }
}

/// Counts that some Bedrock models put beside the text.
fn put_flat_usage(draft: &mut Draft<'_>, fields: &mut Fields) {
    for (key, column) in [
        ("prompt_token_count", event::INPUT_TOKENS),
        ("generation_token_count", event::OUTPUT_TOKENS),
        ("inputTextTokenCount", event::INPUT_TOKENS),
    ] {
        if let Some(count) = fields.remove(key) {
            draft.put(column, key, count);
        }
    }
}
