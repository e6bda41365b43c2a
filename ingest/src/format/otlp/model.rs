//! A span or a log record, whichever way it was encoded: the two encodings meet here and nowhere else.

use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, LogsData};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{Span, TracesData};
use prost::Message as _;

use super::super::json::{Map, Number, Value};
use super::{Fields, Undecodable, json};

/// Which of the two signals a record belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Span,
    Log,
}

/// A span or a log record.
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) resource: Rc<Fields>,
    pub(super) scope: Rc<Fields>,
    /// Ids in lower-case hex, empty if there is none.
    pub(super) trace_id: String,
    pub(super) span_id: String,
    pub(super) parent_span_id: String,
    pub(super) name: String,
    /// `SpanKind`: 2 is server, 3 client.
    pub(super) span_kind: i64,
    /// Nanoseconds since 1970; of a log record, when it happened.
    pub(super) start: Value,
    pub(super) end: Value,
    pub(super) attributes: Fields,
    pub(super) events: Vec<Event>,
    /// 0 unset, 1 ok, 2 error.
    pub(super) status_code: i64,
    pub(super) status_message: String,
    pub(super) body: Value,
    pub(super) event_name: String,
    /// Fields that nothing here reads: links, trace state, severity, counts of what was dropped.
    pub(super) rest: Fields,
}

/// A span event.
pub(super) struct Event {
    pub(super) name: String,
    pub(super) time: Value,
    pub(super) attributes: Fields,
}

/// The records of a batch in protobuf. Nothing in the bytes says whether they are spans or log records; a log
/// record starts with a time where a span has an id, so that one is never read as the other.
pub(super) fn from_protobuf(bytes: &[u8]) -> Result<Vec<Item>, Undecodable> {
    if let Ok(traces) = TracesData::decode(bytes) {
        let spans = || traces.resource_spans.iter().flat_map(|r| &r.scope_spans).flat_map(|s| &s.spans);
        if spans().all(|span| span.trace_id.len() == 16 && span.span_id.len() == 8)
            && spans().next().is_some()
        {
            return Ok(from_traces(traces));
        }
    }
    match LogsData::decode(bytes) {
        Ok(logs) => Ok(from_logs(logs)),
        // prost's message names the field and may not quote it; the position is not known.
        Err(_) => Err(Undecodable::new("invalid_protobuf", "neither TracesData nor LogsData")),
    }
}

fn from_traces(traces: TracesData) -> Vec<Item> {
    let mut items = Vec::new();
    for resource_spans in traces.resource_spans {
        let resource = Rc::new(resource_fields(resource_spans.resource));
        for scope_spans in resource_spans.scope_spans {
            let scope = Rc::new(scope_fields(scope_spans.scope));
            let spans = scope_spans.spans.into_iter();
            items.extend(spans.map(|span| from_span(span, Rc::clone(&resource), Rc::clone(&scope))));
        }
    }
    items
}

fn from_span(span: Span, resource: Rc<Fields>, scope: Rc<Fields>) -> Item {
    let mut rest = Map::new();
    if !span.links.is_empty() {
        let links = span.links.into_iter().map(|link| {
            json!({
                "traceId": hex::encode(link.trace_id),
                "spanId": hex::encode(link.span_id),
                "attributes": from_key_values(link.attributes),
            })
        });
        rest.insert("links".to_owned(), links.collect());
    }
    rest.insert("traceState".to_owned(), span.trace_state.into());
    count(&mut rest, "droppedAttributesCount", span.dropped_attributes_count);
    count(&mut rest, "droppedEventsCount", span.dropped_events_count);
    count(&mut rest, "droppedLinksCount", span.dropped_links_count);
    let status = span.status.unwrap_or_default();
    Item {
        kind: Kind::Span,
        resource,
        scope,
        trace_id: hex::encode(span.trace_id),
        span_id: hex::encode(span.span_id),
        parent_span_id: hex::encode(span.parent_span_id),
        name: span.name,
        span_kind: i64::from(span.kind),
        start: span.start_time_unix_nano.into(),
        end: span.end_time_unix_nano.into(),
        attributes: from_key_values(span.attributes),
        events: span
            .events
            .into_iter()
            .map(|event| Event {
                name: event.name,
                time: event.time_unix_nano.into(),
                attributes: from_key_values(event.attributes),
            })
            .collect(),
        status_code: i64::from(status.code),
        status_message: status.message,
        body: Value::Null,
        event_name: String::new(),
        rest,
    }
}

fn from_logs(logs: LogsData) -> Vec<Item> {
    let mut items = Vec::new();
    for resource_logs in logs.resource_logs {
        let resource = Rc::new(resource_fields(resource_logs.resource));
        for scope_logs in resource_logs.scope_logs {
            let scope = Rc::new(scope_fields(scope_logs.scope));
            let records = scope_logs.log_records.into_iter();
            items.extend(records.map(|record| from_record(record, Rc::clone(&resource), Rc::clone(&scope))));
        }
    }
    items
}

fn from_record(record: LogRecord, resource: Rc<Fields>, scope: Rc<Fields>) -> Item {
    let mut rest = Map::new();
    rest.insert("severityText".to_owned(), record.severity_text.into());
    count(&mut rest, "droppedAttributesCount", record.dropped_attributes_count);
    let observed = record.observed_time_unix_nano;
    Item {
        kind: Kind::Log,
        resource,
        scope,
        trace_id: hex::encode(record.trace_id),
        span_id: hex::encode(record.span_id),
        parent_span_id: String::new(),
        name: String::new(),
        span_kind: 0,
        start: if record.time_unix_nano == 0 { observed.into() } else { record.time_unix_nano.into() },
        end: Value::Null,
        attributes: from_key_values(record.attributes),
        events: Vec::new(),
        status_code: 0,
        status_message: String::new(),
        body: record.body.map_or(Value::Null, from_any),
        event_name: record.event_name,
        rest,
    }
}

fn count(rest: &mut Fields, name: &str, count: u32) {
    if count > 0 {
        rest.insert(name.to_owned(), count.into());
    }
}

fn resource_fields(resource: Option<Resource>) -> Fields {
    resource.map(|resource| from_key_values(resource.attributes)).unwrap_or_default()
}

fn scope_fields(scope: Option<InstrumentationScope>) -> Fields {
    let scope = scope.unwrap_or_default();
    let mut fields = from_key_values(scope.attributes);
    fields.insert("name".to_owned(), scope.name.into());
    fields.insert("version".to_owned(), scope.version.into());
    fields
}

fn from_key_values(pairs: Vec<KeyValue>) -> Fields {
    pairs.into_iter().map(|pair| (pair.key, pair.value.map_or(Value::Null, from_any))).collect()
}

/// prost limits the nesting of a message to 100, and so this recursion.
fn from_any(any: AnyValue) -> Value {
    match any.value {
        None => Value::Null,
        Some(any_value::Value::StringValue(text)) => text.into(),
        Some(any_value::Value::BoolValue(bool)) => bool.into(),
        Some(any_value::Value::IntValue(int)) => int.into(),
        Some(any_value::Value::DoubleValue(double)) => from_double(double),
        Some(any_value::Value::ArrayValue(array)) => array.values.into_iter().map(from_any).collect(),
        Some(any_value::Value::KvlistValue(list)) => Value::Object(from_key_values(list.values)),
        Some(any_value::Value::BytesValue(bytes)) => STANDARD.encode(bytes).into(),
    }
}

fn from_double(double: f64) -> Value {
    Number::from_f64(double).map_or_else(|| double.to_string().into(), Value::Number)
}

/// The records of a batch in JSON.
pub(super) fn from_json(mut fields: Fields) -> Vec<Item> {
    let mut items = Vec::new();
    for (outer, scopes, records, kind) in [
        ("resourceSpans", "scopeSpans", "spans", Kind::Span),
        ("resourceLogs", "scopeLogs", "logRecords", Kind::Log),
    ] {
        for mut group in take_objects(&mut fields, outer) {
            let mut resource = take_object(&mut group, "resource");
            let resource = Rc::new(take_attributes(&mut resource));
            for mut scope_group in take_objects(&mut group, scopes) {
                let mut scope = take_object(&mut scope_group, "scope");
                let attributes = take_attributes(&mut scope);
                scope.extend(attributes);
                let scope = Rc::new(scope);
                for record in take_objects(&mut scope_group, records) {
                    items.push(from_json_record(kind, record, &resource, &scope));
                }
            }
        }
    }
    items
}

fn from_json_record(kind: Kind, mut fields: Fields, resource: &Rc<Fields>, scope: &Rc<Fields>) -> Item {
    let mut status = take_object(&mut fields, "status");
    let [start, end] = match kind {
        Kind::Span => ["startTimeUnixNano", "endTimeUnixNano"],
        Kind::Log => ["timeUnixNano", ""],
    };
    let mut start = fields.remove(start).unwrap_or_default();
    let observed = fields.remove("observedTimeUnixNano").unwrap_or_default();
    if json::int(&start).unwrap_or_default() == 0 && !observed.is_null() {
        start = observed;
    }
    let events = take_objects(&mut fields, "events").into_iter().map(|mut event| Event {
        name: take_text(&mut event, "name"),
        time: event.remove("timeUnixNano").unwrap_or_default(),
        attributes: take_attributes(&mut event),
    });
    let events = events.collect();
    Item {
        kind,
        resource: Rc::clone(resource),
        scope: Rc::clone(scope),
        trace_id: take_text(&mut fields, "traceId").to_ascii_lowercase(),
        span_id: take_text(&mut fields, "spanId").to_ascii_lowercase(),
        parent_span_id: take_text(&mut fields, "parentSpanId").to_ascii_lowercase(),
        name: take_text(&mut fields, "name"),
        span_kind: fields.remove("kind").as_ref().and_then(json::int).unwrap_or_default(),
        start,
        end: fields.remove(end).unwrap_or_default(),
        attributes: take_attributes(&mut fields),
        events,
        status_code: status.remove("code").map_or(0, |code| status_code(&code)),
        status_message: take_text(&mut status, "message"),
        body: fields.remove("body").map_or(Value::Null, from_json_any),
        event_name: take_text(&mut fields, "eventName"),
        rest: fields,
    }
}

/// Enums are integers in OTLP/JSON; proto3 JSON would write their names.
fn status_code(code: &Value) -> i64 {
    match code {
        Value::String(name) if name == "STATUS_CODE_ERROR" => 2,
        code => json::int(code).unwrap_or_default(),
    }
}

fn take_objects(fields: &mut Fields, name: &str) -> Vec<Fields> {
    match fields.remove(name) {
        Some(Value::Array(items)) => items
            .into_iter()
            .filter_map(|item| match item {
                Value::Object(object) => Some(object),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn take_object(fields: &mut Fields, name: &str) -> Fields {
    match fields.remove(name) {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

fn take_text(fields: &mut Fields, name: &str) -> String {
    match fields.remove(name) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    }
}

fn take_attributes(fields: &mut Fields) -> Fields {
    take_objects(fields, "attributes").into_iter().map(from_json_pair).collect()
}

fn from_json_pair(mut pair: Fields) -> (String, Value) {
    (take_text(&mut pair, "key"), pair.remove("value").map_or(Value::Null, from_json_any))
}

/// The nesting of the document is limited, and so this recursion.
fn from_json_any(any: Value) -> Value {
    let Value::Object(any) = any else { return any };
    let Some((ty, value)) = any.into_iter().next() else { return Value::Null };
    match (ty.as_str(), value) {
        ("intValue", value) => json::int(&value).map_or(value, Value::from),
        ("doubleValue", value) => json::float(&value).map_or(value, Value::from),
        ("arrayValue", Value::Object(mut array)) => match array.remove("values") {
            Some(Value::Array(values)) => values.into_iter().map(from_json_any).collect(),
            _ => Value::Array(Vec::new()),
        },
        ("kvlistValue", Value::Object(mut list)) => {
            Value::Object(take_objects(&mut list, "values").into_iter().map(from_json_pair).collect())
        }
        (_, value) => value,
    }
}
