//! The messages of the demonstration's publishers: what a LiteLLM proxy, a Bedrock account, an OpenTelemetry
//! Collector and an application of one's own write to Kafka, and what goes wrong there now and then.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message as _;
use serde_json::{Value, json};

use super::people::Person;
use super::random::Random;
use super::templates::{TEMPLATES, Template};

/// One message: the format of its topic, and what Kafka gets.
pub(super) struct Published {
    pub(super) format: &'static str,
    pub(super) key: Option<Vec<u8>>,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) payload: Option<Vec<u8>>,
}

/// One message in so many is broken.
const BROKEN_ONE_IN: u64 = 60;

/// The calls are spread over so many seconds before now.
const SPAN_S: u64 = 24 * 3600;

/// So many messages of a seed. `now` is in seconds since 1970.
pub(super) fn messages(seed: u64, count: u64, now: u64) -> impl Iterator<Item = Published> {
    let mut random = Random::new(seed);
    (0..count).map(move |number| {
        // In the order of time, as gateways write.
        let started = now - SPAN_S + SPAN_S * number / count;
        if random.one_in(BROKEN_ONE_IN) {
            return broken(&mut random, started);
        }
        match random.below(10) {
            0..=3 => {
                message("litellm", litellm(&Call::invent(&mut random, started)).to_string().into_bytes())
            }
            4..=5 => {
                message("bedrock", bedrock(&Call::invent(&mut random, started)).to_string().into_bytes())
            }
            6..=7 => otlp(&mut random, started),
            _ => own(&mut random, started),
        }
    })
}

/// One model call, whatever writes it down.
struct Call {
    template: &'static Template,
    person: Person,
    /// Seconds since 1970.
    started: u64,
    duration_ms: u64,
    id: String,
    user: String,
    outcome: Outcome,
    input_tokens: u64,
    output_tokens: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    Success,
    RateLimited,
    Refused,
    Blocked,
}

impl Call {
    fn invent(random: &mut Random, started: u64) -> Call {
        let template = random.pick(TEMPLATES);
        let outcome = match random.below(40) {
            0 => Outcome::RateLimited,
            1 => Outcome::Refused,
            2 => Outcome::Blocked,
            _ => Outcome::Success,
        };
        Call {
            template,
            person: Person::invent(random),
            started,
            duration_ms: 300 + random.below(9000),
            id: random.hex(16),
            user: format!("{}-{}", template.team, 1 + random.below(6)),
            outcome,
            input_tokens: 40 + random.below(1500),
            output_tokens: 10 + random.below(400),
        }
    }

    fn prompt(&self) -> String {
        self.person.fill(self.template.prompt)
    }

    fn answer(&self) -> String {
        self.person.fill(self.template.answer)
    }

    /// The provider's words, which echo the prompt, as they do.
    fn error(&self) -> Option<(&'static str, u64, String)> {
        match self.outcome {
            Outcome::Success | Outcome::Blocked => None,
            Outcome::RateLimited => {
                Some(("RateLimitError", 429, "Rate limit reached for gpt-4o, try again in 6 s".to_owned()))
            }
            Outcome::Refused => Some((
                "BadRequestError",
                400,
                format!("Invalid prompt: \"{}\" exceeds the context", self.prompt()),
            )),
        }
    }

    fn ended(&self) -> f64 {
        self.started as f64 + self.duration_ms as f64 / 1000.0
    }
}

fn message(format: &'static str, payload: Vec<u8>) -> Published {
    Published { format, key: None, headers: Vec::new(), payload: Some(payload) }
}

fn litellm(call: &Call) -> Value {
    let failed = call.error();
    let message = json!({
        "role": "assistant", "content": call.answer(),
        "tool_calls": if call.template.team == "nursing" {
            json!([{"id": format!("call_{}", &call.id[..8]), "type": "function", "function": {
                "name": "chart_lookup",
                "arguments": json!({"patient": call.person.fill("{name}"), "mrn": call.person.fill("{mrn}")}).to_string()
            }}])
        } else {
            Value::Null
        },
    });
    let mut record = json!({
        "id": format!("chatcmpl-{}", call.id), "trace_id": call.id, "litellm_call_id": call.id,
        "call_type": "acompletion", "stream": false, "custom_llm_provider": "openai",
        "status": if failed.is_some() { "failure" } else { "success" },
        "startTime": call.started as f64, "endTime": call.ended(), "completionStartTime": call.started as f64 + 0.25,
        "model": "gpt-4o", "model_group": "gpt-4o", "api_base": "https://api.openai.com/v1",
        "prompt_tokens": call.input_tokens, "completion_tokens": call.output_tokens,
        "total_tokens": call.input_tokens + call.output_tokens,
        "response_cost": (call.input_tokens * 25 + call.output_tokens * 100) as f64 / 1e7,
        "end_user": call.person.id, "requester_ip_address": "10.20.30.40", "user_agent": "OpenAI/Python 2.8.0",
        "messages": [
            {"role": "system", "content": "You are an assistant of a hospital. Be brief."},
            {"role": "user", "content": call.prompt()},
        ],
        "response": {"id": format!("chatcmpl-{}", call.id), "model": "gpt-4o-2024-08-06",
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}]},
        "metadata": {"user_api_key_user_id": call.user, "user_api_key_team_id": call.template.team,
            "user_api_key_alias": format!("key-{}", call.template.team), "requester_metadata": {"ward": "B4"}},
        "guardrail_information": if call.outcome == Outcome::Blocked {
            json!([{"guardrail_name": "phi-outbound", "guardrail_mode": "pre_call",
                "guardrail_status": "guardrail_intervened", "duration": 0.02}])
        } else {
            Value::Null
        },
        "model_parameters": {"temperature": 0.2, "max_tokens": 800}, "request_tags": [call.template.purpose],
        "hidden_params": {"model_id": "m-eu-1"},
    });
    if let Some((class, code, text)) = failed {
        record["response"] = json!({});
        record["response_cost"] = json!(0.0);
        record["error_str"] = json!(format!("litellm.{class}: {text}"));
        record["error_information"] = json!({"error_class": class, "error_code": code.to_string(), "llm_provider": "openai", "error_message": text});
    }
    record
}

fn bedrock(call: &Call) -> Value {
    let time = chrono::DateTime::from_timestamp(call.started as i64, 0).unwrap_or_default();
    let blocked = call.outcome == Outcome::Blocked;
    let mut record = json!({
        "schemaType": "ModelInvocationLog", "schemaVersion": "1.0",
        "timestamp": time.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "accountId": "123456789012", "region": "eu-central-1", "requestId": uuid(&call.id), "operation": "Converse",
        "identity": {"arn": format!("arn:aws:sts::123456789012:assumed-role/{}/{}", call.template.team, call.user)},
        "modelId": "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "inferenceRegion": "eu-west-1",
        "requestMetadata": {"purpose": call.template.purpose, "team": call.template.team},
        "input": {"inputContentType": "application/json", "inputTokenCount": call.input_tokens, "inputBodyJson": {
            "system": [{"text": "You are an assistant of an insurer. Be brief."}],
            "messages": [{"role": "user", "content": [{"text": call.prompt()}]}],
            "inferenceConfig": {"maxTokens": 800, "temperature": 0.2}}},
        "output": {"outputContentType": "application/json", "outputTokenCount": call.output_tokens, "outputBodyJson": {
            "output": {"message": {"role": "assistant", "content": [{"text":
                if blocked { "Sorry, this cannot be answered.".to_owned() } else { call.answer() }}]}},
            "stopReason": if blocked { "guardrail_intervened" } else { "end_turn" },
            "metrics": {"latencyMs": call.duration_ms},
            "usage": {"inputTokens": call.input_tokens, "outputTokens": call.output_tokens,
                "totalTokens": call.input_tokens + call.output_tokens}}},
    });
    if let Some((_, _, text)) = call.error() {
        record["errorCode"] = json!("ValidationException");
        record["errorMessage"] = json!(text);
        record["output"] = json!({"outputContentType": "application/json", "outputBodyJson": {}});
    }
    record
}

/// A Collector's batch: some calls, each between the spans that a gateway makes around it.
fn otlp(random: &mut Random, started: u64) -> Published {
    let mut spans = Vec::new();
    for _ in 0..1 + random.below(3) {
        let call = Call::invent(random, started);
        let trace = random.hex(16);
        let parent = random.hex(8);
        let nanos = |seconds: f64| ((seconds * 1e9) as u64).to_string();
        let (start, end) = (nanos(call.started as f64), nanos(call.ended()));
        let other = |name: &str, id: String, parent: &str| {
            json!({"traceId": trace, "spanId": id, "parentSpanId": parent, "name": name, "kind": 2,
                "startTimeUnixNano": start, "endTimeUnixNano": end, "status": {}})
        };
        spans.push(other("POST /v1/chat/completions", parent.clone(), ""));
        spans.push(other("auth", random.hex(8), &parent));
        spans.push(other("router", random.hex(8), &parent));
        let text = |value: &str| json!({"stringValue": value});
        let part = |role: &str, content: String| {
            text(&json!([{"role": role, "parts": [{"type": "text", "content": content}]}]).to_string())
        };
        let mut attributes = vec![
            json!({"key": "gen_ai.operation.name", "value": text("chat")}),
            json!({"key": "gen_ai.provider.name", "value": text("anthropic")}),
            json!({"key": "gen_ai.request.model", "value": text("claude-sonnet-4-5")}),
            json!({"key": "gen_ai.response.model", "value": text("claude-sonnet-4-5-20250929")}),
            json!({"key": "gen_ai.response.id", "value": text(&format!("msg_{}", call.id))}),
            json!({"key": "gen_ai.usage.input_tokens", "value": {"intValue": call.input_tokens.to_string()}}),
            json!({"key": "gen_ai.usage.output_tokens", "value": {"intValue": call.output_tokens.to_string()}}),
            json!({"key": "user.id", "value": text(&call.user)}),
            json!({"key": "server.address", "value": text("api.anthropic.com")}),
            json!({"key": "gen_ai.input.messages", "value": part("user", call.prompt())}),
        ];
        let failed = call.error();
        match &failed {
            None => attributes
                .push(json!({"key": "gen_ai.output.messages", "value": part("assistant", call.answer())})),
            Some((class, ..)) => attributes.push(json!({"key": "error.type", "value": text(class)})),
        }
        spans.push(json!({
            "traceId": trace, "spanId": random.hex(8), "parentSpanId": parent, "name": "chat claude-sonnet-4-5", "kind": 3,
            "startTimeUnixNano": start, "endTimeUnixNano": end, "attributes": attributes,
            "status": failed.map_or(json!({}), |(_, _, text)| json!({"code": 2, "message": text})),
        }));
    }
    let batch = json!({"resourceSpans": [{
        "resource": {"attributes": [
            {"key": "service.name", "value": {"stringValue": "triage-assistant"}},
            {"key": "service.namespace", "value": {"stringValue": "emergency"}},
            {"key": "deployment.environment.name", "value": {"stringValue": "production"}},
        ]},
        "scopeSpans": [{"scope": {"name": "demo"}, "spans": spans}],
    }]});
    // Half of the Collectors write protobuf, the other half JSON.
    let payload = match serde_json::from_value::<ExportTraceServiceRequest>(batch.clone()) {
        Ok(request) if random.one_in(2) => request.encode_to_vec(),
        _ => batch.to_string().into_bytes(),
    };
    message("otlp", payload)
}

/// An application that writes Sealake's own event: plainly, or as a CloudEvent in either mode.
fn own(random: &mut Random, started: u64) -> Published {
    let call = Call::invent(random, started);
    let event = json!({
        "event_id": call.id, "record_kind": "llm_call", "event_time": call.started, "end_time": call.ended(),
        "actor_id": call.user, "actor_type": "user", "team_id": call.template.team, "app_name": "portal",
        "purpose": call.template.purpose, "on_behalf_of": call.person.id, "operation": "chat", "provider": "openai",
        "request_model": "gpt-4.1-mini", "response_model": "gpt-4.1-mini-2025-04-14", "endpoint_host": "api.openai.com",
        "gateway_name": "portal", "region": "eu-central-1", "request_id": uuid(&call.id),
        "input_messages": [{"role": "user", "content": call.prompt()}], "output_messages": call.answer(),
        "input_tokens": call.input_tokens, "output_tokens": call.output_tokens,
        "cost_usd": format!("{:.6}", (call.input_tokens * 4 + call.output_tokens * 16) as f64 / 1e7),
        "status": match call.outcome {
            Outcome::Success => "success",
            Outcome::Blocked => "blocked",
            Outcome::RateLimited | Outcome::Refused => "error",
        },
        "error_type": call.error().map(|(class, ..)| class), "error_message": call.error().map(|(.., text)| text),
        "guardrail_outcome": if call.outcome == Outcome::Blocked { "intervened" } else { "passed" },
    });
    let source = "https://portal.example.org/assistant";
    let header = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
    match random.below(3) {
        0 => message("sealake", event.to_string().into_bytes()),
        1 => Published {
            headers: vec![
                header("ce_specversion", "1.0"),
                header("ce_id", &call.id),
                header("ce_source", source),
                header("ce_type", "org.sealake.event.v1"),
                header("content-type", "application/json"),
            ],
            ..message("sealake", event.to_string().into_bytes())
        },
        _ => {
            let envelope = json!({"specversion": "1.0", "id": call.id, "source": source, "type": "org.sealake.event.v1",
                "datacontenttype": "application/json", "data": event});
            Published {
                headers: vec![header("content-type", "application/cloudevents+json; charset=UTF-8")],
                ..message("sealake", envelope.to_string().into_bytes())
            }
        }
    }
}

/// What goes wrong: a cut message, text that is no JSON, no bytes, no value, bytes that are no UTF-8, the
/// wrong version of the schema.
fn broken(random: &mut Random, started: u64) -> Published {
    let call = Call::invent(random, started);
    let whole = litellm(&call).to_string().into_bytes();
    match random.below(6) {
        0 => message("litellm", whole[..whole.len() * 2 / 3].to_vec()),
        1 => {
            message("bedrock", format!("ERROR upstream closed while {} waited", call.person.id).into_bytes())
        }
        2 => message("litellm", Vec::new()),
        3 => Published {
            key: Some(call.id.into_bytes()),
            headers: Vec::new(),
            payload: None,
            format: "sealake",
        },
        4 => message(
            "bedrock",
            [b"{\"schemaType\":\"ModelInvocationLog\",\"x\":\"".as_slice(), &[0xC3, 0x28], b"\"}"].concat(),
        ),
        _ => message(
            "sealake",
            json!({"schema_version": 7, "event_time": call.started}).to_string().into_bytes(),
        ),
    }
}

/// 32 hex digits in the form of a UUID.
fn uuid(hex: &str) -> String {
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}
