//! Messages of every producer to OpenTelemetry's message parts: `[{"role", "parts": [{"type", …}]}]`.
//!
//! One converter for all shapes, because gateways mix them: OpenAI (content string or parts, `tool_calls`),
//! Anthropic (content blocks), Bedrock Converse (one key a block), OpenTelemetry itself with the deviations seen
//! in the field (arguments as a string, the result of a tool in `result` or `content`), plain strings. A part of
//! an unknown shape stays as it is, its bodies replaced. Source: semantic-conventions-genai,
//! `docs/gen-ai/non-normative/models.py`.

use schemas::Value as Cell;

use super::json::{Map, Value, json};
use super::opaque::{Attachments, modality_of};
use super::{draft, json as read};

type Fields = Map;

/// Converts whatever a producer calls its messages. None if there is nothing.
pub(super) fn messages(value: Value, role: &str, attachments: &mut Attachments<'_>) -> Option<Value> {
    let list = match value {
        Value::String(text) => match read::nested(&text) {
            Some(inner @ (Value::Array(_) | Value::Object(_))) if is_messages(&inner) => {
                return messages(inner, role, attachments);
            }
            _ => vec![Value::String(text)],
        },
        Value::Array(items) => items,
        Value::Object(mut fields) if fields.get("messages").is_some_and(Value::is_array) => {
            let inner = fields.remove("messages").unwrap_or_default();
            let mut converted = match messages(inner, role, attachments) {
                Some(Value::Array(converted)) => converted,
                _ => Vec::new(),
            };
            if !fields.is_empty() {
                let parts = generic(Value::Object(fields), attachments);
                converted.push(json!({"role": role, "parts": [parts]}));
            }
            return (!converted.is_empty()).then_some(Value::Array(converted));
        }
        object @ Value::Object(_) => vec![object],
        Value::Null => Vec::new(),
        other => vec![other],
    };
    let converted: Vec<Value> =
        list.into_iter().filter_map(|item| message(item, role, attachments)).collect();
    (!converted.is_empty()).then_some(Value::Array(converted))
}

/// Converts system instructions, which are parts without a role.
pub(super) fn system(value: Value, attachments: &mut Attachments<'_>) -> Option<Value> {
    let value = match value {
        Value::String(text) => match read::nested(&text) {
            Some(inner @ Value::Array(_)) => inner,
            _ => Value::String(text),
        },
        other => other,
    };
    let mut converted = Vec::new();
    content(value, attachments, &mut converted);
    (!converted.is_empty()).then_some(Value::Array(converted))
}

fn is_messages(value: &Value) -> bool {
    let is_message = |item: &Value| item.get("role").is_some() || item.get("parts").is_some();
    match value {
        Value::Array(items) => !items.is_empty() && items.iter().all(is_message),
        Value::Object(fields) => fields.get("messages").is_some_and(Value::is_array) || is_message(value),
        _ => false,
    }
}

fn message(value: Value, role: &str, attachments: &mut Attachments<'_>) -> Option<Value> {
    let mut fields = match value {
        Value::Object(fields) => fields,
        Value::Null => return None,
        other => {
            let mut parts = Vec::new();
            content(other, attachments, &mut parts);
            return (!parts.is_empty()).then(|| json!({"role": role, "parts": parts}));
        }
    };
    let is_message = ["role", "parts", "content", "tool_calls", "function_call"]
        .iter()
        .any(|key| fields.contains_key(key))
        && !fields.get("type").is_some_and(|ty| ty == "text");
    if !is_message {
        let mut parts = Vec::new();
        part(Value::Object(fields), attachments, &mut parts);
        return Some(json!({"role": role, "parts": parts}));
    }
    let role = match fields.remove("role") {
        Some(Value::String(role)) if !role.is_empty() => role,
        _ => role.to_owned(),
    };
    let mut parts = Vec::new();
    message_parts(&mut fields, attachments, &mut parts);
    let mut message = Map::new();
    message.insert("role".to_owned(), role.into());
    message.insert("parts".to_owned(), parts.into());
    for (key, mut value) in fields {
        if !draft::is_empty(&value) {
            attachments.strip(&mut value);
            message.insert(key, value);
        }
    }
    Some(Value::Object(message))
}

fn message_parts(fields: &mut Fields, attachments: &mut Attachments<'_>, parts: &mut Vec<Value>) {
    for key in ["reasoning_content", "reasoning"] {
        if let Some(Value::String(text)) = fields.get(key) {
            if !text.is_empty() {
                parts.push(json!({"type": "reasoning", "content": text}));
            }
            fields.remove(key);
        }
    }
    if let Some(value) = fields.remove("parts") {
        content(value, attachments, parts);
    }
    let tool_call_id = fields.remove("tool_call_id").filter(|id| !id.is_null());
    match (fields.remove("content"), tool_call_id) {
        (Some(result), Some(id)) => parts.push(response(Some(id), result, attachments)),
        (Some(value), None) => content(value, attachments, parts),
        (None, Some(id)) => {
            fields.insert("tool_call_id".to_owned(), id);
        }
        (None, None) => {}
    }
    if let Some(Value::String(text)) = fields.get("refusal") {
        parts.push(json!({"type": "refusal", "content": text}));
        fields.remove("refusal");
    }
    if let Some(Value::Array(calls)) = fields.remove("tool_calls") {
        parts.extend(calls.into_iter().map(|call| tool_call(call, attachments)));
    }
    if let Some(Value::Object(call)) = fields.remove("function_call") {
        parts.push(tool_call(Value::Object(call), attachments));
    }
}

/// Content: a string, or a list of parts, or one part.
fn content(value: Value, attachments: &mut Attachments<'_>, parts: &mut Vec<Value>) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.into_iter().for_each(|item| part(item, attachments, parts)),
        other => part(other, attachments, parts),
    }
}

fn part(value: Value, attachments: &mut Attachments<'_>, parts: &mut Vec<Value>) {
    let converted = match value {
        Value::Null => return,
        Value::String(text) if text.is_empty() => return,
        Value::String(text) => {
            let mut text = Value::String(text);
            attachments.strip(&mut text);
            if text.is_string() { json!({"type": "text", "content": text}) } else { text }
        }
        Value::Object(fields) => match fields.get("type") {
            Some(Value::String(ty)) => {
                let ty = ty.clone();
                typed(&ty, fields, attachments)
            }
            _ => untyped(fields, attachments),
        },
        other => generic(other, attachments),
    };
    parts.push(converted);
}

/// A part whose `type` says what it is: OpenTelemetry's, OpenAI's and Anthropic's types.
fn typed(ty: &str, mut fields: Fields, attachments: &mut Attachments<'_>) -> Value {
    match ty {
        "text" | "input_text" | "output_text" => {
            let text = fields.remove("content").or_else(|| fields.remove("text")).unwrap_or_default();
            finish("text", [("content", text)], fields, attachments)
        }
        "thinking" | "reasoning" => {
            let text = ["content", "thinking", "text"].iter().find_map(|key| fields.remove(key));
            finish("reasoning", [("content", text.unwrap_or_default())], fields, attachments)
        }
        "tool_call" | "tool_use" | "function" | "function_call" => {
            tool_call(Value::Object(fields), attachments)
        }
        "tool_call_response" | "tool_result" | "function_call_output" => {
            let id =
                ["id", "tool_use_id", "call_id", "tool_call_id"].iter().find_map(|key| fields.remove(key));
            let result =
                ["response", "result", "content", "output"].iter().find_map(|key| fields.remove(key));
            let mut converted = response(id, result.unwrap_or_default(), attachments);
            extend(&mut converted, fields, attachments);
            converted
        }
        "image_url" | "input_image" | "input_audio" | "image" | "document" | "audio" | "video" | "blob"
        | "uri" => media(ty, fields, attachments),
        _ => generic(Value::Object(fields), attachments),
    }
}

/// A part without `type`: Bedrock Converse, where the only key says what it is.
fn untyped(mut fields: Fields, attachments: &mut Attachments<'_>) -> Value {
    if let Some(text) = fields.remove("text") {
        return finish("text", [("content", text)], fields, attachments);
    }
    const KEYS: &[&str] =
        &["toolUse", "toolResult", "guardContent", "reasoningContent", "image", "document", "video", "audio"];
    let key = KEYS.iter().find(|key| fields.len() == 1 && fields.get(key).is_some_and(Value::is_object));
    let Some((key, Value::Object(inner))) = key.and_then(|key| Some((*key, fields.remove(key)?))) else {
        return generic(Value::Object(fields), attachments);
    };
    converse_block(key, inner, attachments)
}

fn converse_block(key: &str, mut inner: Fields, attachments: &mut Attachments<'_>) -> Value {
    match key {
        "toolUse" => return tool_call(Value::Object(inner), attachments),
        "toolResult" => {
            let id = inner.remove("toolUseId");
            let result = inner.remove("content").unwrap_or_default();
            let mut converted = response(id, converse_result(result), attachments);
            extend(&mut converted, inner, attachments);
            return converted;
        }
        "guardContent" => {
            if let Some(Value::Object(text)) = inner.get_mut("text")
                && let Some(content @ Value::String(_)) = text.remove("text")
            {
                let rest = std::mem::take(text);
                return finish(
                    "text",
                    [("content", content), ("guard_content", true.into())],
                    rest,
                    attachments,
                );
            }
        }
        "reasoningContent" => {
            if let Some(Value::Object(text)) = inner.get_mut("reasoningText") {
                let content = text.remove("text").unwrap_or_default();
                let rest = std::mem::take(text);
                return finish("reasoning", [("content", content)], rest, attachments);
            }
        }
        _ => return media(key, inner, attachments),
    }
    generic(Value::Object(Map::from_iter([(key.to_owned(), Value::Object(inner))])), attachments)
}

/// Converse returns a tool's result as a list of `{"json"}` or `{"text"}`: a single one is the result itself.
fn converse_result(mut result: Value) -> Value {
    if let Value::Array(items) = &mut result
        && let [Value::Object(only)] = items.as_mut_slice()
        && only.len() == 1
        && let Some(inner) = only.remove("json").or_else(|| only.remove("text"))
    {
        return inner;
    }
    result
}

fn tool_call(value: Value, attachments: &mut Attachments<'_>) -> Value {
    let Value::Object(mut fields) = value else { return generic(value, attachments) };
    fields.remove("type");
    let mut function = match fields.remove("function") {
        Some(Value::Object(function)) => function,
        Some(other) => Map::from_iter([("name".to_owned(), other)]),
        None => Map::new(),
    };
    let mut take = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| function.remove(name).or_else(|| fields.remove(name)))
            .filter(|value| !draft::is_empty(value))
    };
    let id = take(&["id", "toolUseId", "call_id"]);
    let name = take(&["name"]).unwrap_or_default();
    let arguments = match take(&["arguments", "input"]) {
        Some(Value::String(text)) => read::nested(&text).unwrap_or(Value::String(text)),
        Some(arguments) => arguments,
        None => Value::Null,
    };
    fields.extend(function);
    let known = [("id", id.unwrap_or_default()), ("name", name), ("arguments", arguments)];
    finish("tool_call", known, fields, attachments)
}

fn response(id: Option<Value>, result: Value, attachments: &mut Attachments<'_>) -> Value {
    let result = match result {
        Value::String(text) => read::nested(&text).unwrap_or(Value::String(text)),
        Value::Array(items) if items.iter().all(|item| item.get("type").is_some()) && !items.is_empty() => {
            let mut parts = Vec::new();
            content(Value::Array(items), attachments, &mut parts);
            Value::Array(parts)
        }
        other => other,
    };
    let known = [("id", id.unwrap_or_default()), ("response", result)];
    finish("tool_call_response", known, Map::new(), attachments)
}

/// Images, audio, video and documents, in the shapes of OpenAI, Anthropic, Bedrock and OpenTelemetry.
fn media(ty: &str, mut fields: Fields, attachments: &mut Attachments<'_>) -> Value {
    fields.remove("type");
    let declared = fields.remove("modality").and_then(|modality| read::text(&modality));
    let modality = declared.unwrap_or_else(|| {
        modality_of(ty.trim_start_matches("input_").trim_end_matches("_url"), "file").to_owned()
    });
    // The body may lie one level down, under `image_url`, `input_audio` or `source`.
    for key in ["image_url", "input_audio", "source"] {
        match fields.remove(key) {
            Some(Value::Object(inner)) => {
                for (name, value) in inner {
                    let name = if name == "type" { "source_type".to_owned() } else { name };
                    fields.insert(name, value);
                }
            }
            Some(Value::String(url)) => {
                fields.insert("url".to_owned(), url.into());
            }
            Some(other) => {
                fields.insert(key.to_owned(), other);
            }
            None => {}
        }
    }
    if let Some(Value::Object(mut location)) = fields.remove("s3Location")
        && let Some(uri) = location.remove("uri")
    {
        fields.insert("url".to_owned(), uri);
    }
    let mime_type = media_type(&modality, &mut fields);
    // A document may be plain text, which is content like any other.
    if fields.get("source_type").is_some_and(|ty| ty == "text")
        && let Some(text) = fields.remove("data")
    {
        return finish("text", [("content", text)], fields, attachments);
    }
    let mut take = |names: &[&str]| {
        names.iter().find_map(|name| match fields.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        })
    };
    let mut converted = if let Some(uri) = take(&["url", "uri", "s3Uri"]) {
        attachments.uri(&modality, mime_type.as_deref(), &uri)
    } else if let Some(body) = take(&["data", "bytes", "content"]) {
        attachments.base64(&modality, mime_type.as_deref(), &body)
    } else {
        json!({"type": "file", "modality": modality})
    };
    extend(&mut converted, fields, attachments);
    converted
}

fn media_type(modality: &str, fields: &mut Fields) -> Option<String> {
    let declared = ["mime_type", "media_type"].iter().find_map(|key| fields.remove(key));
    if let Some(Value::String(mime_type)) = declared {
        return Some(mime_type);
    }
    match fields.remove("format") {
        Some(Value::String(format)) if modality == "file" => Some(format!("application/{format}")),
        Some(Value::String(format)) => Some(format!("{modality}/{format}")),
        _ => None,
    }
}

/// A part of this type: the known fields that say something, then all others.
fn finish<const N: usize>(
    ty: &str,
    known: [(&str, Value); N],
    mut rest: Fields,
    attachments: &mut Attachments<'_>,
) -> Value {
    rest.remove("type");
    let mut part = Map::with_capacity(1 + N);
    part.insert("type".to_owned(), ty.into());
    for (key, mut value) in known {
        if !value.is_null() {
            attachments.strip(&mut value);
            part.insert(key.to_owned(), value);
        }
    }
    let mut part = Value::Object(part);
    extend(&mut part, rest, attachments);
    part
}

fn extend(part: &mut Value, rest: Fields, attachments: &mut Attachments<'_>) {
    let Value::Object(fields) = part else { return };
    for (key, mut value) in rest {
        if !draft::is_empty(&value) && !fields.contains_key(&key) {
            attachments.strip(&mut value);
            fields.insert(key, value);
        }
    }
}

/// A part of no known shape, as it is, its bodies replaced.
fn generic(mut value: Value, attachments: &mut Attachments<'_>) -> Value {
    attachments.strip(&mut value);
    match value {
        Value::Object(fields) => Value::Object(fields),
        other => json!({"type": "text", "content": other}),
    }
}

/// The column `tool_calls`: the calls that these output messages make.
pub(super) fn tool_calls(output: &Value) -> Cell {
    let parts = output
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|message| message.get("parts")?.as_array())
        .flatten();
    let calls: Vec<Cell> = parts
        .filter(|part| part.get("type").is_some_and(|ty| ty == "tool_call" || ty == "server_tool_call"))
        .map(|part| {
            let text = |key: &str| Cell::from(part.get(key).and_then(read::text));
            let arguments = part.get("arguments").filter(|arguments| !arguments.is_null()).map(json_text);
            let ty = if part.get("type").is_some_and(|ty| ty == "tool_call") { "function" } else { "server" };
            Cell::Struct(vec![
                text("id"),
                text("name"),
                ty.into(),
                Cell::Null,
                arguments.into(),
                Cell::Null,
                Cell::Null,
            ])
        })
        .collect();
    if calls.is_empty() { Cell::Null } else { Cell::List(calls) }
}

/// The text of a JSON value; of a string, the string itself.
pub(super) fn json_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_json(),
    }
}
