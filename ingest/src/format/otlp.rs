//! OpenTelemetry logs and traces, as protobuf and as JSON: a message is a whole batch of a Collector.
//!
//! Most spans of a batch are no model call. Those are counted as `not_ai` and not stored, but what only they
//! know of a call (the status that the caller saw, the exception, the caller's address) is joined to the call of
//! the same trace inside the message. Sources: opentelemetry-proto 1.x (OTLP/JSON: ids in hex, 64-bit integers as
//! strings or numbers), semantic-conventions-genai, OpenInference, and LiteLLM's and Envoy's spans as seen.

use std::collections::HashMap;

use schemas::{Value as Cell, event};

use super::json::{Map, Value, json};
use super::{Draft, Format, Payload, Sink, Undecodable, json, time};

mod attributes;
mod content;
mod flat;
mod model;

use model::{Item, Kind};

/// The format `otlp`.
#[derive(Debug)]
pub(super) struct Otlp;

impl Format for Otlp {
    fn name(&self) -> &'static str {
        "otlp"
    }

    fn sniff(&self, record: &Payload<'_>) -> bool {
        match record {
            Payload::Json(fields) => ["resourceSpans", "resourceLogs"]
                .iter()
                .any(|name| fields.get(name).is_some_and(Value::is_array)),
            // Field 1, a message, whose length the bytes have.
            Payload::Bytes(bytes) => {
                bytes.first() == Some(&0x0A)
                    && prost::decode_length_delimiter(&bytes[1..]).is_ok_and(|length| length < bytes.len())
            }
        }
    }

    fn decode(&self, record: Payload<'_>, sink: &mut Sink<'_>) -> Result<(), Undecodable> {
        let items = match record {
            Payload::Json(fields) => model::from_json(fields),
            Payload::Bytes(bytes) => model::from_protobuf(&bytes)?,
        };
        if items.is_empty() {
            return Err(Undecodable::new("no_records", "no span and no log record in the batch"));
        }
        let kinds: Vec<Option<&'static str>> = items.iter().map(attributes::source_kind).collect();
        let facts = Facts::collect(&items, &kinds);
        for (item, kind) in items.into_iter().zip(kinds) {
            match kind {
                None => sink.skip("not_ai"),
                Some(source_kind) => {
                    let mut draft = sink.draft(source_kind);
                    event(&mut draft, item, &facts);
                    sink.push(draft);
                }
            }
        }
        Ok(())
    }
}

/// One call: its own record first, then what its surroundings know.
fn event(draft: &mut Draft<'_>, mut item: Item, facts: &Facts) {
    let native = native_id(&item);
    let known = facts.of(&item);
    for (column, name, id) in [
        (event::TRACE_ID, "traceId", &mut item.trace_id),
        (event::SPAN_ID, "spanId", &mut item.span_id),
        (event::PARENT_SPAN_ID, "parentSpanId", &mut item.parent_span_id),
    ] {
        draft.put(column, name, std::mem::take(id).into());
    }
    let times = match item.kind {
        Kind::Span => [(event::EVENT_TIME, "startTimeUnixNano"), (event::END_TIME, "endTimeUnixNano")],
        Kind::Log => [(event::EVENT_TIME, "timeUnixNano"), (event::END_TIME, "")],
    };
    for ((column, name), value) in times.into_iter().zip([item.start.take(), item.end.take()]) {
        if json::int(&value).is_some_and(|nanos| nanos != 0) || value.is_string() {
            draft.put_time(column, name, value, time::from_nanos);
        }
    }
    if let Some(id) = native {
        draft.set_native_id(id);
    }
    content::put(draft, &mut item);
    attributes::put(draft, &mut item);
    failure(draft, &mut item);
    if let Some(known) = known {
        known.apply(draft, item.status_code == 2);
    }
    outcome(draft, &item);
    rest(draft, item);
}

/// A span is known by its ids. So is the event that repeats its content; other log records have no id.
fn native_id(item: &Item) -> Option<String> {
    if item.trace_id.is_empty() || item.span_id.is_empty() {
        return None;
    }
    let span = format!("{}/{}", item.trace_id, item.span_id);
    match item.kind {
        Kind::Span => Some(span),
        Kind::Log if item.event_name == content::DETAILS => Some(format!("{span}/details")),
        Kind::Log => None,
    }
}

/// Errors that the record itself tells: exception events and the message of its status.
fn failure(draft: &mut Draft<'_>, item: &mut Item) {
    let mut rest = Vec::new();
    for event in std::mem::take(&mut item.events) {
        let model::Event { name, time, attributes: mut fields } = event;
        if name == "exception" {
            for (key, column) in EXCEPTION {
                if let Some(value) = fields.remove(key) {
                    draft.put(*column, key, value);
                }
            }
        }
        if !fields.is_empty() {
            rest.push(json!({"name": name, "timeUnixNano": time, "attributes": fields}));
        }
    }
    draft.keep("events", rest.into());
    if !item.status_message.is_empty() {
        let message = std::mem::take(&mut item.status_message);
        draft.put(event::ERROR_MESSAGE, "status.message", message.into());
    }
}

const EXCEPTION: &[(&str, usize)] =
    &[("exception.type", event::ERROR_TYPE), ("exception.message", event::ERROR_MESSAGE)];

fn outcome(draft: &mut Draft<'_>, item: &Item) {
    let http = draft.record.get(event::HTTP_STATUS).as_int();
    let status = match item.kind {
        _ if item.status_code == 2 || !draft.is_unset(event::ERROR_TYPE) => "error",
        _ if http.is_some_and(|status| status >= 400) => "error",
        Kind::Span => "success",
        Kind::Log if http.is_some() || item.event_name == content::DETAILS => "success",
        Kind::Log => "unknown",
    };
    draft.set_default(event::STATUS, status);
    // A failed call's zero is the default of the attribute, not a price.
    if status == "error" && *draft.record.get(event::COST_USD) == Cell::Decimal(0) {
        draft.set(event::COST_USD, Cell::Null);
        draft.set(event::COST_SOURCE, Cell::Null);
    }
}

/// Whatever has no column, under the names of OTLP.
fn rest(draft: &mut Draft<'_>, item: Item) {
    draft.keep("name", item.name.into());
    draft.keep("body", item.body);
    draft.keep("event_name", item.event_name.into());
    draft.keep("attributes", Value::Object(item.attributes));
    draft.keep("scope", Value::Object((*item.scope).clone()));
    draft.keep_all(item.rest);
}

/// What spans that are no call know of the calls of their traces.
struct Facts {
    /// By trace: what all spans that are no call say together, and the number of calls.
    traces: HashMap<String, (Known, usize)>,
    /// By the parent's trace and span: what its children say, for traces of more than one call.
    children: HashMap<(String, String), Known>,
}

/// Facts of a request in columns. Earlier ones win.
#[derive(Default)]
struct Known {
    columns: Vec<(usize, Value)>,
    /// Whether the request itself failed: an error of a cache or a database beside the call is not the call's.
    failed: bool,
}

impl Known {
    fn add(&mut self, item: &Item) {
        let http = ["http.response.status_code", "http.status_code"];
        let http = http.iter().find_map(|name| json::int(item.attributes.get(name)?));
        self.failed |=
            http.is_some_and(|status| status >= 400) || (item.span_kind == SERVER && item.status_code == 2);
        attributes::facts(item, |column, value| {
            if !json::is_absent(&value) && !self.columns.iter().any(|(there, _)| *there == column) {
                self.columns.push((column, value));
            }
        });
    }

    fn apply(&self, draft: &mut Draft<'_>, has_failed: bool) {
        for (column, value) in &self.columns {
            let is_error = matches!(*column, event::ERROR_TYPE | event::ERROR_MESSAGE);
            if draft.is_unset(*column) && (!is_error || self.failed || has_failed) {
                draft.put(*column, "request_span", value.clone());
            }
        }
    }
}

/// `SPAN_KIND_SERVER`
const SERVER: i64 = 2;

impl Facts {
    /// Goes over all spans, those that the server of the request wrote first: their status is what the caller saw.
    fn collect(items: &[Item], kinds: &[Option<&'static str>]) -> Facts {
        let mut facts = Facts { traces: HashMap::new(), children: HashMap::new() };
        for (item, kind) in items.iter().zip(kinds) {
            if kind.is_some() && item.kind == Kind::Span && !item.trace_id.is_empty() {
                facts.traces.entry(item.trace_id.clone()).or_default().1 += 1;
            }
        }
        for servers in [true, false] {
            for (item, kind) in items.iter().zip(kinds) {
                let is_asked =
                    kind.is_none() && item.kind == Kind::Span && (item.span_kind == SERVER) == servers;
                if is_asked && let Some((known, _)) = facts.traces.get_mut(&item.trace_id) {
                    known.add(item);
                    let parent = (item.trace_id.clone(), item.parent_span_id.clone());
                    facts.children.entry(parent).or_default().add(item);
                }
            }
        }
        facts
    }

    /// What is known of a call: of the whole trace if it is the only one there, else of the spans below it.
    fn of(&self, item: &Item) -> Option<&Known> {
        match self.traces.get(&item.trace_id) {
            Some((known, 1)) => Some(known),
            _ => self.children.get(&(item.trace_id.clone(), item.span_id.clone())),
        }
    }
}

type Fields = Map;
