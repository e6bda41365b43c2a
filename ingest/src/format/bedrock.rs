//! Amazon Bedrock's model invocation log: InvokeModel and Converse, streamed or not.
//!
//! Source: the Bedrock user guide and published records. The bodies are those of the model's own API; larger ones
//! lie in a bucket, and the record says where. The log has no caller's address and no price.

use schemas::{Value as Cell, event};

use super::answer::{self, CacheCount};
use super::json::{Map, Value};
use super::{Draft, Format, Payload, Sink, Undecodable, json, parts, time};

mod guardrail;

/// The format `bedrock`.
#[derive(Debug)]
pub(super) struct Bedrock;

type Fields = Map;

/// Fields that go to a column as they are.
const FIELDS: &[(&str, usize)] = &[
    ("requestId", event::REQUEST_ID),
    ("accountId", event::SOURCE_INSTANCE),
    ("region", event::REGION),
    ("inferenceRegion", event::INFERENCE_REGION),
    ("errorCode", event::ERROR_TYPE),
    ("errorMessage", event::ERROR_MESSAGE),
];

/// What callers put into `requestMetadata`: free tags, of which these have a column.
const METADATA: &[(&str, usize)] = &[
    ("purpose", event::PURPOSE),
    ("app", event::APP_NAME),
    ("application", event::APP_NAME),
    ("team", event::TEAM_ID),
    ("environment", event::ENVIRONMENT),
    ("session", event::SESSION_ID),
    ("sessionId", event::SESSION_ID),
    ("user", event::ON_BEHALF_OF),
    ("userId", event::ON_BEHALF_OF),
    ("endUser", event::ON_BEHALF_OF),
    ("callGroup", event::CALL_GROUP_ID),
];

impl Format for Bedrock {
    fn name(&self) -> &'static str {
        "bedrock"
    }

    fn sniff(&self, record: &Payload<'_>) -> bool {
        let Payload::Json(fields) = record else { return false };
        fields.get("schemaType").is_some_and(|ty| ty == "ModelInvocationLog")
            || ["modelId", "operation", "requestId", "accountId"].iter().all(|name| fields.contains_key(name))
    }

    fn decode(&self, record: Payload<'_>, sink: &mut Sink<'_>) -> Result<(), Undecodable> {
        let Payload::Json(mut fields) = record else {
            return Err(Undecodable::new("unknown_format", "expected a JSON object"));
        };
        let mut draft = sink.draft("bedrock");
        draft.set(event::PROVIDER, "aws.bedrock");
        // The version of the log's own schema has been 1.0 ever since and says nothing of the call.
        fields.remove("schemaType");
        if let Some(version) = fields.remove("schemaVersion").filter(|version| version != "1.0") {
            draft.keep("schemaVersion", version);
        }
        call(&mut draft, fields);
        sink.push(draft);
        Ok(())
    }
}

fn call(draft: &mut Draft<'_>, mut fields: Fields) {
    if let Some(id) = fields.get("requestId").and_then(json::text) {
        draft.set_native_id(id);
    }
    if let Some(at) = fields.remove("timestamp") {
        draft.put_time(event::EVENT_TIME, "timestamp", at, time::from_json);
    }
    for (name, column) in FIELDS {
        if let Some(value) = fields.remove(name) {
            draft.put(*column, name, value);
        }
    }
    identity(draft, &mut fields);
    model(draft, &mut fields);
    let mut metadata = take_object(draft, &mut fields, "requestMetadata");
    for (name, column) in METADATA {
        if let Some(value) = metadata.remove(name) {
            draft.put(*column, name, value);
        }
    }
    draft.keep("requestMetadata", Value::Object(metadata));
    let input = take_object(draft, &mut fields, "input");
    let output = take_object(draft, &mut fields, "output");
    put_input(draft, input);
    put_output(draft, output);
    if let Some(status) = fields.remove("status") {
        draft.put(event::HTTP_STATUS, "status", status);
    }
    outcome(draft);
    draft.keep_all(fields);
}

fn take_object(draft: &mut Draft<'_>, fields: &mut Fields, name: &str) -> Fields {
    match fields.remove(name) {
        Some(Value::Object(object)) => object,
        Some(other) => {
            draft.keep(name, other);
            Map::new()
        }
        None => Map::new(),
    }
}

fn identity(draft: &mut Draft<'_>, fields: &mut Fields) {
    let mut identity = take_object(draft, fields, "identity");
    if let Some(Value::String(arn)) = identity.remove("arn") {
        let ty = if arn.contains(":user/") {
            "user"
        } else if arn.contains(":assumed-role/") || arn.contains(":role/") {
            "iam_role"
        } else {
            "service_account"
        };
        draft.set(event::ACTOR_TYPE, ty);
        draft.put(event::ACTOR_ID, "identity.arn", arn.into());
    }
    draft.keep("identity", Value::Object(identity));
}

/// The model, and the ARN of the inference profile or provisioned throughput if it was called by that.
fn model(draft: &mut Draft<'_>, fields: &mut Fields) {
    let operation = fields.remove("operation").as_ref().and_then(json::text).unwrap_or_default();
    let model = fields.remove("modelId").as_ref().and_then(json::text).unwrap_or_default();
    if !operation.is_empty() {
        draft.set(event::IS_STREAM, operation.ends_with("Stream"));
        let is_embedding = model.contains("embed");
        draft.set(event::OPERATION, if is_embedding { "embeddings" } else { "chat" });
        draft.set(event::RECORD_KIND, if is_embedding { "embedding" } else { "llm_call" });
        draft.keep("operation", operation.into());
    }
    if model.starts_with("arn:") {
        let id = model.rsplit('/').next().unwrap_or(&model).to_owned();
        draft.put(event::DEPLOYMENT, "modelId", model.into());
        draft.put(event::REQUEST_MODEL, "modelId", id.into());
    } else {
        draft.put(event::REQUEST_MODEL, "modelId", model.into());
    }
}

fn put_input(draft: &mut Draft<'_>, mut input: Fields) {
    take_external(draft, &mut input, "inputBodyS3Path", "inputContentType");
    if let Some(body) = input.remove("inputBodyJson") {
        put_request(draft, body);
    }
    let counts = ["inputTokenCount", "cacheReadInputTokenCount", "cacheWriteInputTokenCount"];
    let mut usage = Map::new();
    for (name, usage_name) in
        counts.into_iter().zip(["inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens"])
    {
        if let Some(count) = input.remove(name) {
            usage.insert(usage_name.to_owned(), count);
        }
    }
    answer::put_usage(draft, "input.usage", Value::Object(usage), CacheCount::Beside);
    input.retain(|name, value| !is_json_type(name, value));
    draft.keep("input", Value::Object(input));
}

/// The body of a request, in the shape of the model's own API.
fn put_request(draft: &mut Draft<'_>, body: Value) {
    let mut body = match json::object(body) {
        Ok(body) => body,
        Err(other) => return draft.keep("inputBodyJson", other),
    };
    if let Some(system) =
        body.remove("system").and_then(|system| parts::system(system, &mut draft.attachments))
    {
        draft.set(event::SYSTEM_INSTRUCTIONS, system.to_json());
    }
    for name in ["messages", "prompt", "inputText", "message", "texts"] {
        if !draft.is_unset(event::INPUT_MESSAGES) {
            break;
        }
        if let Some(messages) =
            body.remove(name).and_then(|v| parts::messages(v, "user", &mut draft.attachments))
        {
            draft.set(event::INPUT_MESSAGES, messages.to_json());
        }
    }
    for name in ["tools", "toolConfig"] {
        if let Some(tools) = body.remove(name) {
            draft.put_json(event::TOOL_DEFINITIONS_JSON, name, tools);
        }
    }
    draft.put_json(event::REQUEST_PARAMS_JSON, "inputBodyJson", Value::Object(body));
}

fn put_output(draft: &mut Draft<'_>, mut output: Fields) {
    take_external(draft, &mut output, "outputBodyS3Path", "outputContentType");
    let mut body = match output.remove("outputBodyJson").map(answer::whole) {
        Some((body, is_complete)) => {
            if !is_complete {
                draft.set(event::STATUS, "partial");
            }
            body
        }
        None => Value::Null,
    };
    if let Value::Object(body) = &mut body {
        guardrail::put(draft, body);
        latency(draft, body);
    }
    if !body.is_null() {
        answer::put(draft, "outputBodyJson", body, CacheCount::Beside);
    }
    if let Some(count) = output.remove("outputTokenCount") {
        draft.put(event::OUTPUT_TOKENS, "outputTokenCount", count);
    }
    output.retain(|name, value| !is_json_type(name, value));
    draft.keep("output", Value::Object(output));
}

fn is_json_type(name: &str, value: &Value) -> bool {
    name.ends_with("ContentType") && value == "application/json"
}

/// A body that lies in a bucket: where, and that the content of the event is there.
fn take_external(draft: &mut Draft<'_>, fields: &mut Fields, name: &str, content_type: &str) {
    let Some(Value::String(path)) = fields.remove(name) else { return };
    draft.mark_external();
    let mime_type = fields.get(content_type).and_then(Value::as_str);
    draft.attachments.uri("file", mime_type, &path);
}

fn latency(draft: &mut Draft<'_>, body: &mut Fields) {
    if let Some(Value::Object(mut metrics)) = body.remove("metrics") {
        if let Some(latency) = metrics.remove("latencyMs") {
            draft.put(event::DURATION_MS, "latencyMs", latency);
        }
        draft.keep("metrics", Value::Object(metrics));
    }
    if let Some(Value::Object(mut metrics)) = body.remove("amazon-bedrock-invocationMetrics") {
        for (name, column) in
            [("invocationLatency", event::DURATION_MS), ("firstByteLatency", event::TTFT_MS)]
        {
            if let Some(latency) = metrics.remove(name) {
                draft.put(column, name, latency);
            }
        }
        // The same counts as the record's own.
        metrics.retain(|name, _| !name.ends_with("TokenCount"));
        draft.keep("amazon-bedrock-invocationMetrics", Value::Object(metrics));
    }
}

fn outcome(draft: &mut Draft<'_>) {
    if !draft.is_unset(event::ERROR_TYPE) {
        draft.set(event::STATUS, "error");
    }
    draft.set_default(event::STATUS, "success");
    // A call that a guardrail stopped never reached the model: its zeros count nothing.
    if draft.text_of(event::STATUS) == Some("blocked") {
        for column in [event::INPUT_TOKENS, event::OUTPUT_TOKENS, event::TOTAL_TOKENS] {
            if draft.record.get(column).as_int() == Some(0) {
                draft.set(column, Cell::Null);
            }
        }
    }
}
