//! Which attribute goes to which column: OpenTelemetry's current and older names, OpenInference's, LiteLLM's, and
//! those that operators give the fields of Envoy's access log.

use schemas::{Type, Value as Cell, event};

use super::super::json::{Map, Value};
use super::super::{answer, parts, time, vocabulary};
use super::model::{Item, Kind};
use super::{Draft, Fields, content, json};

/// Attributes of the record. Where two of one column say something, the first wins and the other is kept.
const ATTRIBUTES: &[(&str, usize)] = &[
    ("gen_ai.operation.name", event::OPERATION),
    ("llm.request.type", event::OPERATION),
    ("gen_ai.provider.name", event::PROVIDER),
    ("gen_ai.system", event::PROVIDER),
    ("llm.provider", event::PROVIDER),
    ("llm.system", event::PROVIDER),
    ("gen_ai.request.model", event::REQUEST_MODEL),
    ("llm.request.model_name", event::REQUEST_MODEL),
    ("llm.model_name", event::REQUEST_MODEL),
    ("embedding.model_name", event::REQUEST_MODEL),
    ("gen_ai.response.model", event::RESPONSE_MODEL),
    ("llm.response.model_name", event::RESPONSE_MODEL),
    ("gen_ai.response.id", event::RESPONSE_ID),
    ("gen_ai.conversation.id", event::CONVERSATION_ID),
    ("session.id", event::SESSION_ID),
    ("gen_ai.request.id", event::REQUEST_ID),
    ("x-request-id", event::REQUEST_ID),
    ("http.request.header.x-request-id", event::REQUEST_ID),
    ("gen_ai.request.stream", event::IS_STREAM),
    ("gen_ai.request.is_stream", event::IS_STREAM),
    ("llm.is_streaming", event::IS_STREAM),
    ("gen_ai.usage.input_tokens", event::INPUT_TOKENS),
    ("gen_ai.usage.prompt_tokens", event::INPUT_TOKENS),
    ("llm.token_count.prompt", event::INPUT_TOKENS),
    ("gen_ai.usage.output_tokens", event::OUTPUT_TOKENS),
    ("gen_ai.usage.completion_tokens", event::OUTPUT_TOKENS),
    ("llm.token_count.completion", event::OUTPUT_TOKENS),
    ("gen_ai.usage.total_tokens", event::TOTAL_TOKENS),
    ("llm.usage.total_tokens", event::TOTAL_TOKENS),
    ("llm.token_count.total", event::TOTAL_TOKENS),
    ("gen_ai.usage.cache_read.input_tokens", event::CACHE_READ_TOKENS),
    ("gen_ai.usage.cache_read_input_tokens", event::CACHE_READ_TOKENS),
    ("llm.token_count.prompt_details.cache_read", event::CACHE_READ_TOKENS),
    ("gen_ai.usage.cache_creation.input_tokens", event::CACHE_WRITE_TOKENS),
    ("gen_ai.usage.cache_creation_input_tokens", event::CACHE_WRITE_TOKENS),
    ("gen_ai.usage.cache_write.input_tokens", event::CACHE_WRITE_TOKENS),
    ("llm.token_count.prompt_details.cache_write", event::CACHE_WRITE_TOKENS),
    ("gen_ai.usage.reasoning.output_tokens", event::REASONING_TOKENS),
    ("gen_ai.usage.reasoning_tokens", event::REASONING_TOKENS),
    ("llm.token_count.completion_details.reasoning", event::REASONING_TOKENS),
    ("gen_ai.cost.total_cost", event::COST_USD),
    ("gen_ai.usage.cost", event::COST_USD),
    ("llm.cost.total", event::COST_USD),
    ("user.id", event::ACTOR_ID),
    ("enduser.id", event::ACTOR_ID),
    ("metadata.user_api_key_user_id", event::ACTOR_ID),
    ("user.email", event::ACTOR_EMAIL),
    ("metadata.user_api_key_user_email", event::ACTOR_EMAIL),
    ("user.full_name", event::ACTOR_NAME),
    ("user.name", event::ACTOR_NAME),
    ("enduser.pseudo.id", event::ON_BEHALF_OF),
    ("llm.user", event::ON_BEHALF_OF),
    ("gen_ai.request.user", event::ON_BEHALF_OF),
    ("metadata.user_api_key_end_user_id", event::ON_BEHALF_OF),
    ("metadata.user_api_key_team_id", event::TEAM_ID),
    ("metadata.user_api_key_org_id", event::ORG_ID),
    ("metadata.user_api_key_request_route", event::GATEWAY_ROUTE),
    ("client.address", event::CLIENT_IP),
    ("metadata.requester_ip_address", event::CLIENT_IP),
    ("x-forwarded-for", event::CLIENT_IP),
    ("downstream_remote_address", event::CLIENT_IP),
    ("user_agent.original", event::USER_AGENT),
    ("user-agent", event::USER_AGENT),
    ("http.user_agent", event::USER_AGENT),
    ("server.address", event::ENDPOINT_HOST),
    ("upstream_host", event::ENDPOINT_HOST),
    ("cloud.region", event::REGION),
    ("http.route", event::GATEWAY_ROUTE),
    ("route_name", event::GATEWAY_ROUTE),
    ("http.response.status_code", event::HTTP_STATUS),
    ("http.status_code", event::HTTP_STATUS),
    ("response_code", event::HTTP_STATUS),
    ("error.type", event::ERROR_TYPE),
    ("error.message", event::ERROR_MESSAGE),
    ("duration", event::DURATION_MS),
    ("token_latency_ttft", event::TTFT_MS),
    ("mcp.method.name", event::MCP_METHOD),
    ("mcp.session.id", event::MCP_SESSION_ID),
    ("mcp.resource.uri", event::MCP_RESOURCE_URI),
];

/// Attributes of the resource, that is of whoever emitted the record.
const RESOURCE: &[(&str, usize)] = &[
    ("service.name", event::APP_NAME),
    ("service.instance.id", event::SOURCE_INSTANCE),
    ("deployment.environment.name", event::ENVIRONMENT),
    ("deployment.environment", event::ENVIRONMENT),
    ("cloud.region", event::REGION),
];

/// What a span that is no call may know of the call of its trace.
const FACTS: &[(&str, usize)] = &[
    ("http.response.status_code", event::HTTP_STATUS),
    ("http.status_code", event::HTTP_STATUS),
    ("error.type", event::ERROR_TYPE),
    ("error.message", event::ERROR_MESSAGE),
    ("client.address", event::CLIENT_IP),
    ("user_agent.original", event::USER_AGENT),
    ("http.user_agent", event::USER_AGENT),
    ("x-request-id", event::REQUEST_ID),
    ("http.request.header.x-request-id", event::REQUEST_ID),
    ("http.route", event::GATEWAY_ROUTE),
];

/// Prefixes of OpenInference that only a call, an embedding or a retrieval has. LiteLLM's span of the raw request
/// has `llm.<provider>.*` instead, and is none.
const OPENINFERENCE: &[&str] = &[
    "llm.model_name",
    "llm.provider",
    "llm.system",
    "llm.request.",
    "llm.response.",
    "llm.input_messages.",
    "llm.output_messages.",
    "llm.token_count.",
    "llm.invocation_parameters",
    "embedding.",
    "retrieval.documents.",
];

/// What the record is, by its attributes; none if it is no model call.
pub(super) fn source_kind(item: &Item) -> Option<&'static str> {
    let attributes = &item.attributes;
    let starts = |prefix: &str| attributes.keys().any(|name| name.starts_with(prefix));
    let is_envoy = item.kind == Kind::Log && attributes.contains_key("response_code");
    let name = attributes.get("event.name").and_then(Value::as_str).unwrap_or(&item.event_name);
    if starts("gen_ai.") || name.starts_with("gen_ai.") || attributes.contains_key("mcp.method.name") {
        return Some(if is_envoy { "envoy_al" } else { "otel_genai" });
    }
    if item.events.iter().any(|event| event.name.starts_with("gen_ai.")) {
        return Some("otel_genai");
    }
    match attributes.get("openinference.span.kind").and_then(Value::as_str) {
        // Glue between calls, its own content being that of the calls below it.
        Some("CHAIN" | "PROMPT" | "EVALUATOR" | "UNKNOWN") => None,
        Some(_) => Some("openinference"),
        None if OPENINFERENCE.iter().any(|prefix| starts(prefix)) => Some("openinference"),
        None => None,
    }
}

/// Hands over the facts of a span that is no call.
pub(super) fn facts(item: &Item, mut add: impl FnMut(usize, Value)) {
    for (name, column) in FACTS {
        if let Some(value) = item.attributes.get(name) {
            add(*column, first(*column, value.clone()));
        }
    }
    for event in item.events.iter().filter(|event| event.name == "exception") {
        for (name, column) in super::EXCEPTION {
            if let Some(value) = event.attributes.get(name) {
                add(*column, value.clone());
            }
        }
    }
}

/// Moves the attributes of a call into columns. What is left stays in the item.
pub(super) fn put(draft: &mut Draft<'_>, item: &mut Item) {
    let attributes = &mut item.attributes;
    provider_path(draft, attributes);
    for (name, column) in ATTRIBUTES {
        if let Some(value) = attributes.remove(name) {
            draft.put(*column, name, first(*column, value));
        }
    }
    let mut resource = (*item.resource).clone();
    for (name, column) in RESOURCE {
        if let Some(value) = resource.remove(name) {
            draft.put(*column, name, value);
        }
    }
    draft.keep("resource", Value::Object(resource));
    for name in ["gen_ai.response.time_to_first_chunk", "gen_ai.latency.time_to_first_token"] {
        if let Some(seconds) = attributes.remove(name) {
            draft.put_seconds(event::TTFT_MS, name, seconds);
        }
    }
    finish_reasons(draft, attributes);
    credentials(draft, attributes);
    requester(draft, attributes);
    parameters(draft, attributes);
    kind(draft, item);
}

/// The first of several values, where a header or a list stands for one.
fn first(column: usize, value: Value) -> Value {
    let is_text = matches!(event::EVENT.columns[column].ty, Type::Text | Type::Dict);
    match value {
        Value::Array(mut items) if is_text && items.len() == 1 => items.remove(0),
        Value::String(list) if column == event::CLIENT_IP && list.contains(',') => {
            list.split(',').next().unwrap_or_default().trim().into()
        }
        value => value,
    }
}

/// Envoy AI Gateway writes the path of a backend where the provider's name is expected.
fn provider_path(draft: &mut Draft<'_>, attributes: &mut Fields) {
    let is_path =
        attributes.get("gen_ai.provider.name").and_then(Value::as_str).is_some_and(|name| name.contains('/'));
    if is_path && let Some(path) = attributes.remove("gen_ai.provider.name") {
        draft.put(event::GATEWAY_ROUTE, "gen_ai.provider.name", path);
    }
}

fn finish_reasons(draft: &mut Draft<'_>, attributes: &mut Fields) {
    for name in ["gen_ai.response.finish_reasons", "gen_ai.response.finish_reason"] {
        let reasons = match attributes.remove(name) {
            Some(Value::Array(reasons)) => reasons,
            Some(Value::String(text)) => match json::nested(&text) {
                Some(Value::Array(reasons)) => reasons,
                _ => vec![Value::String(text)],
            },
            _ => continue,
        };
        answer::put_finish_reasons(draft, reasons.iter().filter_map(json::text).collect());
    }
}

/// LiteLLM's hash of the key, which is the key itself when authentication failed.
fn credentials(draft: &mut Draft<'_>, attributes: &mut Fields) {
    let name = "metadata.user_api_key_hash";
    if let Some(key) = attributes.remove(name).filter(|key| !json::is_absent(key)) {
        super::super::litellm::put_key(draft, name, key);
    }
    if let Some(alias) = attributes.remove("metadata.user_api_key_alias") {
        draft.put(event::API_KEY_REF, "metadata.user_api_key_alias", alias);
    }
}

/// The caller's own request, of which the proxy keeps the headers as a Python literal.
fn requester(draft: &mut Draft<'_>, attributes: &mut Fields) {
    if let Some(traceparent) = attributes.remove("traceparent") {
        match traceparent {
            Value::String(traceparent) => draft.put_traceparent("traceparent", &traceparent),
            other => draft.keep("traceparent", other),
        }
    }
    let name = "metadata.requester_metadata";
    let Some(requester) = attributes.remove(name).filter(|requester| !json::is_absent(requester)) else {
        return;
    };
    match json::object(requester) {
        Ok(mut requester) => {
            super::super::litellm::put_requester(draft, &mut requester);
            draft.keep(name, Value::Object(requester));
        }
        Err(other) => draft.keep(name, other),
    }
}

/// All that was asked for besides model and messages.
fn parameters(draft: &mut Draft<'_>, attributes: &mut Fields) {
    let mut parameters = Map::new();
    if let Some(value) = attributes.remove("llm.invocation_parameters") {
        match json::object(value) {
            Ok(mut given) => {
                if let Some(tools) = given.remove("tools") {
                    draft.put_json(event::TOOL_DEFINITIONS_JSON, "tools", tools);
                }
                parameters = given;
            }
            Err(other) => draft.keep("llm.invocation_parameters", other),
        }
    }
    let names: Vec<String> =
        attributes.keys().filter(|name| name.starts_with("gen_ai.request.")).cloned().collect();
    for name in names {
        if let Some(value) = attributes.remove(&name) {
            parameters.entry(&name["gen_ai.request.".len()..]).or_insert(value);
        }
    }
    draft.put_json(event::REQUEST_PARAMS_JSON, "gen_ai.request", Value::Object(parameters));
}

/// What kind of record it is, where its content lies, and who says what it cost.
fn kind(draft: &mut Draft<'_>, item: &mut Item) {
    if let Some(Value::String(kind)) = item.attributes.remove("openinference.span.kind") {
        draft.set_default(event::OPERATION, kind.to_ascii_lowercase());
    }
    if !draft.is_unset(event::MCP_METHOD) {
        let is_tool = draft.text_of(event::MCP_METHOD) == Some("tools/call");
        draft.set_default(event::RECORD_KIND, if is_tool { "tool_call" } else { "agent" });
    }
    if let Some(operation) = draft.text_of(event::OPERATION).map(str::to_owned) {
        draft.set_default(event::RECORD_KIND, vocabulary::record_kind(&operation));
    }
    let scope = item.scope.get("name").and_then(Value::as_str).unwrap_or_default();
    if scope == "litellm" || scope.starts_with("litellm.") {
        draft.set(event::GATEWAY_NAME, "litellm");
    }
    if draft.text_of(event::SOURCE_KIND) == Some("envoy_al") {
        draft.set_default(event::GATEWAY_NAME, "envoy");
        // DC, downstream connection termination: the caller went away in the middle of the answer.
        let flags = item.attributes.get("response_flags").and_then(Value::as_str).unwrap_or_default();
        if flags.split(',').any(|flag| flag == "DC") {
            draft.set(event::STATUS, "partial");
        }
        if let Some(start) = item.attributes.remove("start_time") {
            let logged = draft.record.take(event::EVENT_TIME);
            draft.put_time(event::EVENT_TIME, "start_time", start, time::from_json);
            if draft.is_unset(event::EVENT_TIME) {
                draft.set(event::EVENT_TIME, logged);
            }
        }
    }
    if !draft.is_unset(event::COST_USD) {
        draft.set(event::COST_SOURCE, "producer");
    }
    if !draft.is_unset(event::ACTOR_ID) {
        draft.set_default(event::ACTOR_TYPE, "user");
    } else if !draft.is_unset(event::API_KEY_REF) {
        draft.set_default(event::ACTOR_TYPE, "api_key");
    }
    tool(draft, &mut item.attributes);
}

/// A tool that was executed, in the attributes of its own span.
fn tool(draft: &mut Draft<'_>, attributes: &mut Fields) {
    let Some(name) = attributes.remove("gen_ai.tool.name").or_else(|| attributes.remove("tool.name")) else {
        return;
    };
    let mut text = |name: &str| Cell::from(attributes.remove(name).as_ref().and_then(json::text));
    let (id, ty) = (text("gen_ai.tool.call.id"), text("gen_ai.tool.type"));
    let mut content = |names: [&str; 2]| {
        let value = names.iter().find_map(|name| attributes.remove(name));
        Cell::from(value.filter(|value| !value.is_null()).map(|mut value| {
            draft.attachments.strip(&mut value);
            parts::json_text(&value)
        }))
    };
    let arguments = content(["gen_ai.tool.call.arguments", "tool.parameters"]);
    let result = content(["gen_ai.tool.call.result", content::OUTPUT_VALUE]);
    let status = if draft.is_unset(event::ERROR_TYPE) { "success" } else { "error" };
    let item = vec![id, json::text(&name).into(), ty, Cell::Null, arguments, result, status.into()];
    draft.set_default(event::TOOL_CALLS, Cell::List(vec![Cell::Struct(item)]));
}
