//! LiteLLM's StandardLoggingPayload: one call, successful or failed, and the audit log of its administration.
//!
//! Source: BerriAI/litellm `litellm/types/utils.py`, checked against a running proxy (1.106). Its traps are
//! handled where they are: empty strings and zeros for "absent", naive times, Python literals in metadata, a raw
//! credential where a hash is expected.

use schemas::event;
use schemas::{Value as Cell, event::COST_USD};

use super::answer::{self, CacheCount};
use super::json::{Map, Value};
use super::{Draft, Format, Payload, Sink, Undecodable, json, opaque, parts, time, vocabulary};

mod guardrail;

/// The format `litellm`.
#[derive(Debug)]
pub(super) struct LiteLlm;

type Fields = Map;

/// Fields that go to a column as they are, at the top and in `metadata`. The first that says something wins.
const TOP: &[(&str, usize)] = &[
    ("id", event::RESPONSE_ID),
    ("trace_id", event::CALL_GROUP_ID),
    ("call_type", event::OPERATION),
    ("stream", event::IS_STREAM),
    ("custom_llm_provider", event::PROVIDER),
    ("model", event::REQUEST_MODEL),
    ("model_group", event::DEPLOYMENT),
    ("end_user", event::ON_BEHALF_OF),
    ("requester_ip_address", event::CLIENT_IP),
    ("user_agent", event::USER_AGENT),
];

const METADATA: &[(&str, usize)] = &[
    ("user_api_key_user_id", event::ACTOR_ID),
    ("user_api_key_user_email", event::ACTOR_EMAIL),
    ("user_api_key_team_id", event::TEAM_ID),
    ("team_id", event::TEAM_ID),
    ("user_api_key_org_id", event::ORG_ID),
    ("user_api_key_project_id", event::APP_NAME),
    ("user_api_key_end_user_id", event::ON_BEHALF_OF),
    ("user_api_key_request_route", event::GATEWAY_ROUTE),
    ("requester_ip_address", event::CLIENT_IP),
    ("user_agent", event::USER_AGENT),
];

impl Format for LiteLlm {
    fn name(&self) -> &'static str {
        "litellm"
    }

    fn sniff(&self, record: &Payload<'_>) -> bool {
        let Payload::Json(fields) = record else { return false };
        let has = |name: &str| fields.contains_key(name);
        (has("call_type")
            && [
                "custom_llm_provider",
                "litellm_call_id",
                "hidden_params",
                "model_parameters",
                "response_cost",
            ]
            .into_iter()
            .any(has))
            || is_admin(fields)
    }

    fn decode(&self, record: Payload<'_>, sink: &mut Sink<'_>) -> Result<(), Undecodable> {
        let Payload::Json(fields) = record else {
            return Err(Undecodable::new("unknown_format", "expected a JSON object"));
        };
        let mut draft = sink.draft("litellm");
        draft.set(event::GATEWAY_NAME, "litellm");
        if is_admin(&fields) {
            admin(&mut draft, fields);
        } else {
            call(&mut draft, fields);
        }
        sink.push(draft);
        Ok(())
    }
}

fn call(draft: &mut Draft<'_>, mut fields: Fields) {
    // Static prices and limits of the model, the same in every record.
    fields.remove("model_map_information");
    let mut metadata = take_object(draft, &mut fields, "metadata");
    let mut hidden = take_object(draft, &mut fields, "hidden_params");
    identity(draft, &mut fields, &mut metadata);
    times(draft, &mut fields);
    for (name, column) in TOP {
        put(draft, *column, name, &mut fields);
    }
    if let Some(operation) = draft.text_of(event::OPERATION).map(str::to_owned) {
        draft.set_default(event::RECORD_KIND, vocabulary::record_kind(&operation));
    }
    caller(draft, &mut metadata);
    endpoint(draft, &mut fields, &mut hidden);
    outcome(draft, &mut fields);
    content(draft, &mut fields, &mut metadata);
    use_and_cost(draft, &mut fields, &mut metadata, &mut hidden);
    guardrail::put(draft, &mut fields, &mut metadata);
    tool(draft, &mut metadata);
    draft.keep("metadata", Value::Object(metadata));
    draft.keep("hidden_params", Value::Object(hidden));
    draft.keep_all(fields);
}

fn put(draft: &mut Draft<'_>, column: usize, name: &str, fields: &mut Fields) {
    if let Some(value) = fields.remove(name) {
        draft.put(column, name, value);
    }
}

fn take_object(draft: &mut Draft<'_>, fields: &mut Fields, name: &str) -> Fields {
    match json::object(fields.remove(name).unwrap_or_default()) {
        Ok(object) => object,
        Err(other) => {
            draft.keep(name, other);
            Map::new()
        }
    }
}

/// Request id and trace: the caller's own, where the proxy recorded its headers, since the gateway in front of
/// it knows the call by those; else the proxy's id of the call.
fn identity(draft: &mut Draft<'_>, fields: &mut Fields, metadata: &mut Fields) {
    let call_id = fields.remove("litellm_call_id").filter(|id| !json::is_absent(id));
    if let Some(id) = call_id.as_ref().or_else(|| fields.get("id")).and_then(json::text) {
        draft.set_native_id(id);
    }
    match json::object(metadata.remove("requester_metadata").unwrap_or_default()) {
        Ok(mut requester) => {
            put_requester(draft, &mut requester);
            metadata.insert("requester_metadata".to_owned(), Value::Object(requester));
        }
        Err(other) => draft.keep("requester_metadata", other),
    }
    if let Some(call_id) = call_id {
        draft.put(event::REQUEST_ID, "litellm_call_id", call_id);
    }
}

/// What the caller's own headers say.
pub(super) fn put_requester(draft: &mut Draft<'_>, requester: &mut Fields) {
    if let Some(Value::Object(headers)) = requester.get_mut("headers") {
        put(draft, event::REQUEST_ID, "x-request-id", headers);
        put(draft, event::USER_AGENT, "user-agent", headers);
        if let Some(Value::String(traceparent)) = headers.remove("traceparent") {
            draft.put_traceparent("traceparent", &traceparent);
        }
    }
}

fn times(draft: &mut Draft<'_>, fields: &mut Fields) {
    for (name, column) in [("startTime", event::EVENT_TIME), ("endTime", event::END_TIME)] {
        if let Some(value) = fields.remove(name).filter(|value| !json::is_absent(value)) {
            draft.put_time(column, name, value, time::from_json);
        }
    }
    // Only a stream has a first token that is not also the last.
    let is_stream = fields.get("stream").and_then(json::boolean) == Some(true);
    let first = fields.get("completionStartTime").and_then(time::from_json);
    let start = draft.record.get(event::EVENT_TIME).as_time();
    if let (true, Some(first), Some(start)) = (is_stream, first, start)
        && first >= start
    {
        draft.set(event::TTFT_MS, (first - start) as f64 / 1000.0);
        fields.remove("completionStartTime");
    } else if first.is_some() && first == draft.record.get(event::END_TIME).as_time() {
        fields.remove("completionStartTime");
    }
}

fn caller(draft: &mut Draft<'_>, metadata: &mut Fields) {
    for (name, column) in METADATA {
        put(draft, *column, name, metadata);
    }
    if let Some(key) = metadata.remove("user_api_key_hash").filter(|key| !json::is_absent(key)) {
        put_key(draft, "user_api_key_hash", key);
    }
    if draft.is_unset(event::API_KEY_REF) {
        put(draft, event::API_KEY_REF, "user_api_key_alias", metadata);
    }
    if !draft.is_unset(event::ACTOR_ID) {
        draft.set_default(event::ACTOR_TYPE, "user");
    } else if !draft.is_unset(event::API_KEY_REF) {
        draft.set_default(event::ACTOR_TYPE, "api_key");
    }
    if let Some(Value::Object(spend)) = metadata.get_mut("spend_logs_metadata")
        && let Some(purpose) = spend.remove("purpose")
    {
        draft.put(event::PURPOSE, "purpose", purpose);
    }
}

/// The hash of the caller's key. When authentication failed, the proxy puts the credential itself there.
pub(super) fn put_key(draft: &mut Draft<'_>, name: &str, key: Value) {
    if is_key_hash(&key) {
        draft.put(event::API_KEY_REF, name, key);
    } else {
        draft.keep(name, opaque::CREDENTIAL.into());
    }
}

fn is_key_hash(key: &Value) -> bool {
    key.as_str().is_some_and(|key| {
        key == "litellm_proxy_master_key"
            || (key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}

fn endpoint(draft: &mut Draft<'_>, fields: &mut Fields, hidden: &mut Fields) {
    for source in [fields, hidden] {
        let Some(base) = source.remove("api_base").filter(|base| !json::is_absent(base)) else { continue };
        match base.as_str().and_then(|base| url::Url::parse(base).ok()) {
            Some(url) if url.host_str().is_some() => {
                draft.put(event::ENDPOINT_HOST, "api_base", url.host_str().unwrap_or_default().into());
                if url.path().len() > 1 || url.query().is_some() {
                    draft.keep("api_base", base);
                }
            }
            _ => draft.keep("api_base", base),
        }
    }
}

fn outcome(draft: &mut Draft<'_>, fields: &mut Fields) {
    match fields.remove("status") {
        Some(Value::String(status)) if status == "success" => draft.set(event::STATUS, "success"),
        Some(Value::String(status)) if status == "failure" => draft.set(event::STATUS, "error"),
        Some(other) => draft.keep("status", other),
        None => {}
    }
    let mut error = take_object(draft, fields, "error_information");
    if let Some(code) = error.remove("error_code") {
        let is_http = json::int(&code).is_some_and(|code| (100..600).contains(&code));
        if is_http {
            draft.put(event::HTTP_STATUS, "error_code", code);
        } else {
            draft.keep("error_code", code);
        }
    }
    put(draft, event::ERROR_TYPE, "error_class", &mut error);
    put(draft, event::ERROR_MESSAGE, "error_message", &mut error);
    put(draft, event::ERROR_MESSAGE, "error_str", fields);
    draft.keep("error_information", Value::Object(error));
    if let Some(hit) = fields.remove("cache_hit") {
        match json::boolean(&hit) {
            Some(hit) => draft.set(event::CACHE_STATUS, if hit { "hit" } else { "miss" }),
            None => draft.keep("cache_hit", hit),
        }
    }
}

/// What the proxy writes for content that it was told not to log.
const REDACTED: &str = "redacted-by-litellm";

fn content(draft: &mut Draft<'_>, fields: &mut Fields, metadata: &mut Fields) {
    let (input, output) = (fields.remove("messages"), fields.remove("response"));
    if [&input, &output].into_iter().flatten().any(is_redacted) {
        draft.mark_redacted_upstream();
    }
    if let Some(input) = input
        && let Some(messages) = parts::messages(input, "user", &mut draft.attachments)
    {
        draft.set(event::INPUT_MESSAGES, messages.to_json());
    }
    if let Some(output) = output {
        answer::put(draft, "response", output, CacheCount::Inside);
    }
    let mut parameters = take_object(draft, fields, "model_parameters");
    for name in ["tools", "functions"] {
        if let Some(tools) = parameters.remove(name) {
            draft.put_json(event::TOOL_DEFINITIONS_JSON, name, tools);
        }
    }
    // OpenAI's `user` is the caller's name for its end user.
    put(draft, event::ON_BEHALF_OF, "user", &mut parameters);
    draft.put_json(event::REQUEST_PARAMS_JSON, "model_parameters", Value::Object(parameters));
    if metadata.get("cold_storage_object_key").is_some_and(|key| !json::is_absent(key)) {
        draft.mark_external();
    }
}

fn is_redacted(value: &Value) -> bool {
    let text = match value {
        Value::Array(items) => items.last().and_then(|item| item.get("content")),
        Value::Object(fields) => fields
            .get("text")
            .or_else(|| value.pointer("/choices/0/message/content"))
            .or_else(|| fields.get("content")),
        text => Some(text),
    };
    text.is_some_and(|text| text == REDACTED)
}

fn use_and_cost(draft: &mut Draft<'_>, fields: &mut Fields, metadata: &mut Fields, hidden: &mut Fields) {
    let failed = draft.text_of(event::STATUS) == Some("error");
    for (name, column) in [
        ("prompt_tokens", event::INPUT_TOKENS),
        ("completion_tokens", event::OUTPUT_TOKENS),
        ("total_tokens", event::TOTAL_TOKENS),
        ("response_cost", COST_USD),
    ] {
        // Zero in a failed call is the default of the field, not a count.
        let value = fields.remove(name).filter(|value| !failed || json::float(value) != Some(0.0));
        draft.put(column, name, value.unwrap_or_default());
    }
    if let Some(cost) = hidden.remove("response_cost") {
        match (json::decimal(&cost), draft.record.get(COST_USD)) {
            (Some(cost), Cell::Decimal(there)) if cost == *there => {}
            (Some(0), Cell::Null) if failed => {}
            _ => draft.put(COST_USD, "hidden_params.response_cost", cost),
        }
    }
    if !draft.is_unset(COST_USD) {
        draft.set(event::COST_SOURCE, "producer");
    }
    for (name, source) in [("metadata.usage_object", metadata), ("hidden_params.usage_object", hidden)] {
        if let Some(usage) = source.remove("usage_object").filter(|usage| !json::is_absent(usage)) {
            answer::put_usage(draft, name, usage, CacheCount::Inside);
        }
    }
}

/// A call of an MCP tool through the proxy.
fn tool(draft: &mut Draft<'_>, metadata: &mut Fields) {
    let Some(mut call) = metadata
        .remove("mcp_tool_call_metadata")
        .filter(|call| !json::is_absent(call))
        .and_then(|call| json::object(call).ok())
    else {
        return;
    };
    let mut text = |name: &str| Cell::from(call.remove(name).and_then(|value| json::text(&value)));
    let (name, server, session) = (text("name"), text("mcp_server_name"), text("mcp_session_id"));
    let mut content = |name: &str| {
        let value = call.remove(name).filter(|value| !value.is_null());
        Cell::from(value.map(|mut value| {
            draft.attachments.strip(&mut value);
            parts::json_text(&value)
        }))
    };
    let (arguments, result) = (content("arguments"), content("result"));
    let item = Cell::Struct(vec![Cell::Null, name, "mcp".into(), server, arguments, result, Cell::Null]);
    draft.set(event::TOOL_CALLS, Cell::List(vec![item]));
    draft.set(event::MCP_SESSION_ID, session);
    draft.set_default(event::RECORD_KIND, "tool_call");
    draft.keep("mcp_tool_call_metadata", Value::Object(call));
}

/// `StandardAuditLogPayload`: who changed which key, team or model.
fn is_admin(fields: &Fields) -> bool {
    ["changed_by", "table_name", "action", "object_id"].iter().all(|name| fields.contains_key(name))
}

fn admin(draft: &mut Draft<'_>, mut fields: Fields) {
    draft.set(event::RECORD_KIND, "admin");
    draft.set(event::STATUS, "success");
    if let Some(id) = fields.remove("id").as_ref().and_then(json::text) {
        draft.set_native_id(id.as_str());
        draft.set(event::REQUEST_ID, id);
    }
    if let Some(at) = fields.remove("updated_at") {
        draft.put_time(event::EVENT_TIME, "updated_at", at, time::from_json);
    }
    put(draft, event::ACTOR_ID, "changed_by", &mut fields);
    put(draft, event::OPERATION, "action", &mut fields);
    match fields.remove("changed_by_api_key") {
        Some(key) if is_key_hash(&key) => draft.put(event::API_KEY_REF, "changed_by_api_key", key),
        Some(key) if !json::is_absent(&key) => draft.keep("changed_by_api_key", opaque::CREDENTIAL.into()),
        _ => {}
    }
    draft.keep_all(fields);
}
