//! A streamed answer, logged as the list of its events, put together again into the answer it was.
//!
//! It is done before anything looks for identifiers: a name that was cut between two events is found only in the
//! whole. Shapes: Anthropic's events, Bedrock's Converse stream (Nova's too), OpenAI's chunks, and the chunks of
//! Titan, Llama, Mistral and Cohere. What an event carries beside the answer stays, under the event's names.

use std::collections::BTreeMap;

use super::json::{Map, Value, json};
use super::{draft, json};

type Fields = Map;

/// A streamed answer put together.
pub(super) struct Assembled {
    /// The answer's body, in the shape that the same endpoint gives when it does not stream.
    pub(super) answer: Value,
    /// Whether the stream came to its end. One that did not was cut off by the caller or the network.
    pub(super) is_complete: bool,
}

/// Whether a list is the events of a stream and not a list of messages.
pub(super) fn is_stream(items: &[Value]) -> bool {
    const KEYS: &[&str] = &[
        "messageStart",
        "contentBlockDelta",
        "contentBlockStart",
        "messageStop",
        "outputText",
        "generation",
        "outputs",
        "completion",
        "choices",
    ];
    items.first().and_then(Value::as_object).is_some_and(|first| {
        matches!(
            first.get("type").and_then(Value::as_str),
            Some("message_start" | "content_block_start" | "content_block_delta" | "ping")
        ) || KEYS.iter().any(|key| first.contains_key(key))
            || first.contains_key("chunk")
    })
}

/// Puts the events together, in one pass.
pub(super) fn assemble(events: Vec<Value>) -> Assembled {
    let mut whole = Whole::default();
    for event in events {
        let event = match event {
            Value::String(text) => json::nested(&text).unwrap_or(Value::String(text)),
            other => other,
        };
        // `"[DONE]"` and the like say only that it is over.
        if let Value::Object(event) = event {
            whole.add(event);
        }
    }
    whole.finish()
}

/// One content block: its fields, and the text or the JSON of its arguments that grows.
#[derive(Default)]
struct Block {
    fields: Fields,
    text: String,
    arguments: String,
}

#[derive(Default)]
struct Whole {
    /// Fields of the answer: id, model, role, usage, and what events carry beside it.
    fields: Fields,
    blocks: BTreeMap<i64, Block>,
    /// OpenAI's choices: the message and why it ended.
    choices: BTreeMap<i64, (Fields, BTreeMap<i64, Block>, Value)>,
    text: String,
    has_end: bool,
}

impl Whole {
    fn add(&mut self, mut event: Fields) {
        let index = event.get("index").and_then(json::int).unwrap_or_default();
        match event.get("type").and_then(Value::as_str).unwrap_or_default() {
            "message_start" => {
                if let Some(Value::Object(message)) = event.remove("message") {
                    message.into_iter().for_each(|(key, value)| self.field(&key, value));
                }
            }
            "content_block_start" => {
                if let Some(Value::Object(block)) = event.remove("content_block") {
                    self.block_start(index, block);
                }
            }
            "content_block_delta" => {
                if let Some(Value::Object(delta)) = event.remove("delta") {
                    self.block_delta(index, delta);
                }
            }
            "message_delta" => {
                if let Some(Value::Object(delta)) = event.remove("delta") {
                    self.has_end |= delta.contains_key("stop_reason");
                    delta.into_iter().for_each(|(key, value)| self.field(&key, value));
                }
                if let Some(usage) = event.remove("usage") {
                    self.field("usage", usage);
                }
            }
            "message_stop" => self.has_end = true,
            "content_block_stop" | "ping" => {}
            _ => return self.untyped(event),
        }
        event.remove("type");
        event.remove("index");
        event.into_iter().for_each(|(key, value)| self.field(&key, value));
    }

    /// Events that are told by their keys.
    fn untyped(&mut self, event: Fields) {
        for (key, value) in event {
            match (key.as_str(), value) {
                ("messageStart", Value::Object(message)) => {
                    message.into_iter().for_each(|(key, value)| self.field(&key, value));
                }
                ("contentBlockStart", Value::Object(mut block)) => {
                    let index = block.get("contentBlockIndex").and_then(json::int).unwrap_or_default();
                    if let Some(Value::Object(start)) = block.remove("start") {
                        self.block_start(index, start);
                    }
                }
                ("contentBlockDelta", Value::Object(mut block)) => {
                    let index = block.get("contentBlockIndex").and_then(json::int).unwrap_or_default();
                    if let Some(Value::Object(delta)) = block.remove("delta") {
                        self.block_delta(index, delta);
                    }
                }
                ("contentBlockStop", _) => {}
                ("messageStop", Value::Object(stop)) => {
                    self.has_end = true;
                    stop.into_iter().for_each(|(key, value)| self.field(&key, value));
                }
                ("metadata", Value::Object(metadata)) => {
                    metadata.into_iter().for_each(|(key, value)| self.field(&key, value));
                }
                ("choices", Value::Array(choices)) => {
                    choices.into_iter().for_each(|choice| self.choice(choice))
                }
                ("outputText" | "generation" | "completion", Value::String(text)) => {
                    self.text.push_str(&text)
                }
                ("outputs", Value::Array(outputs)) => {
                    for mut output in outputs {
                        if let Some(text) = output.get("text").and_then(Value::as_str) {
                            self.text.push_str(text);
                        }
                        if let Some(reason) = output.get_mut("stop_reason") {
                            let reason = reason.take();
                            self.end("stop_reason", reason);
                        }
                    }
                }
                (key @ ("completionReason" | "stop_reason"), reason) => self.end(key, reason),
                (key, value) => self.field(key, value),
            }
        }
    }

    fn end(&mut self, key: &str, reason: Value) {
        if !reason.is_null() {
            self.has_end = true;
            self.field(key, reason);
        }
    }

    /// A later value of a field replaces the earlier one; counts of usage are put side by side.
    fn field(&mut self, key: &str, value: Value) {
        if draft::is_empty(&value) {
            return;
        }
        match (self.fields.get_mut(key), value) {
            (Some(Value::Object(there)), Value::Object(more)) => there.extend(more),
            (_, value) => {
                self.fields.insert(key.to_owned(), value);
            }
        }
    }

    fn block_start(&mut self, index: i64, mut fields: Fields) {
        // Converse nests what Anthropic writes flat.
        if let Some(Value::Object(mut tool)) = fields.remove("toolUse") {
            tool.insert("type".to_owned(), "tool_use".into());
            fields = tool;
        }
        let block = self.blocks.entry(index).or_default();
        for (key, value) in fields {
            match (key.as_str(), value) {
                ("text" | "thinking", Value::String(text)) => block.text.push_str(&text),
                // An empty object, until the deltas have brought the arguments.
                ("input", Value::Object(input)) if input.is_empty() => {}
                (key, value) => {
                    block.fields.insert(key.to_owned(), value);
                }
            }
        }
    }

    fn block_delta(&mut self, index: i64, delta: Fields) {
        let block = self.blocks.entry(index).or_default();
        for (key, value) in delta {
            match (key.as_str(), value) {
                ("type", _) => {}
                ("text", Value::String(text)) => block.text.push_str(&text),
                ("thinking", Value::String(text)) => {
                    block.fields.entry("type").or_insert_with(|| "thinking".into());
                    block.text.push_str(&text);
                }
                ("partial_json", Value::String(part)) => block.arguments.push_str(&part),
                ("toolUse", Value::Object(tool)) => {
                    if let Some(Value::String(part)) = tool.get("input") {
                        block.arguments.push_str(part);
                    }
                }
                ("reasoningContent", Value::Object(reasoning)) => {
                    block.fields.insert("type".to_owned(), "thinking".into());
                    if let Some(Value::String(text)) = reasoning.get("text") {
                        block.text.push_str(text);
                    }
                }
                (key, value) => {
                    block.fields.insert(key.to_owned(), value);
                }
            }
        }
    }

    fn choice(&mut self, choice: Value) {
        let Value::Object(mut choice) = choice else { return };
        let index = choice.get("index").and_then(json::int).unwrap_or_default();
        let (message, calls, end) = self.choices.entry(index).or_default();
        if let Some(Value::String(text)) = choice.remove("text") {
            append(message, "content", &text);
        }
        if let Some(Value::Object(delta)) = choice.remove("delta") {
            for (key, value) in delta {
                match (key.as_str(), value) {
                    ("tool_calls", Value::Array(parts)) => {
                        parts.into_iter().for_each(|part| tool_call(calls, part))
                    }
                    ("role", role) => {
                        message.insert("role".to_owned(), role);
                    }
                    (key, Value::String(text)) => append(message, key, &text),
                    (key, value) if !value.is_null() => {
                        message.insert(key.to_owned(), value);
                    }
                    _ => {}
                }
            }
        }
        if let Some(reason) = choice.remove("finish_reason").filter(|reason| !reason.is_null()) {
            *end = reason;
            self.has_end = true;
        }
    }

    fn finish(self) -> Assembled {
        let Whole { mut fields, blocks, choices, text, has_end } = self;
        if !choices.is_empty() {
            let choices = choices.into_iter().map(|(_, (mut message, calls, end))| {
                if !calls.is_empty() {
                    message.insert("tool_calls".to_owned(), calls.into_values().map(call).collect());
                }
                json!({"message": message, "finish_reason": end})
            });
            fields.insert("choices".to_owned(), choices.collect());
        } else if !blocks.is_empty() {
            let content = blocks.into_values().map(Block::finish).collect();
            fields.insert("content".to_owned(), content);
        } else if !text.is_empty() {
            fields.insert("completion".to_owned(), text.into());
        }
        // A stream that was cut off has only the count it began with, which is not the answer's.
        if !has_end
            && let Some(Value::Object(usage)) = fields.get_mut("usage")
            && let Some(count) = usage.remove("output_tokens")
        {
            usage.insert("output_tokens_at_start".to_owned(), count);
        }
        Assembled { answer: Value::Object(fields), is_complete: has_end }
    }
}

impl Block {
    fn finish(mut self) -> Value {
        let ty = self.fields.entry("type").or_insert_with(|| "text".into());
        let key = if *ty == "thinking" { "thinking" } else { "text" };
        if !self.text.is_empty() || *ty == "text" {
            self.fields.insert(key.to_owned(), self.text.into());
        }
        if !self.arguments.is_empty() {
            self.fields.insert("input".to_owned(), self.arguments.into());
        }
        Value::Object(self.fields)
    }
}

fn tool_call(calls: &mut BTreeMap<i64, Block>, part: Value) {
    let Value::Object(mut part) = part else { return };
    let index = part.remove("index").as_ref().and_then(json::int).unwrap_or_default();
    let block = calls.entry(index).or_default();
    if let Some(Value::Object(function)) = part.remove("function") {
        for (key, value) in function {
            match (key.as_str(), value) {
                ("arguments", Value::String(text)) => block.arguments.push_str(&text),
                (_, Value::Null) => {}
                (key, value) => {
                    block.fields.insert(key.to_owned(), value);
                }
            }
        }
    }
    block.fields.extend(part.into_iter().filter(|(_, value)| !value.is_null()));
}

fn call(block: Block) -> Value {
    let mut fields = block.fields;
    fields.insert("arguments".to_owned(), block.arguments.into());
    Value::Object(fields)
}

fn append(fields: &mut Fields, key: &str, more: &str) {
    match fields.get_mut(key) {
        Some(Value::String(text)) => text.push_str(more),
        _ => {
            fields.insert(key.to_owned(), more.into());
        }
    }
}
