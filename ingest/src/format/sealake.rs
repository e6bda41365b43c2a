//! Sealake's own event as JSON, for producers who write to us directly.
//!
//! The field names are the columns of `event/1` that a producer can know. Times are ISO 8601 or epoch numbers,
//! ids of traces are hex, messages are OpenTelemetry message parts, OpenAI messages or plain strings. A field that
//! has no column, or whose value does not fit it, goes to `unmapped_json`. Also as a CloudEvent in both modes.

use schemas::event::{self, EVENT};
use schemas::{Type, Value as Cell};

use super::json::{Map, Value};
use super::{Draft, Format, Payload, Sink, Undecodable, json, parts, time, vocabulary};

/// The format `sealake`.
#[derive(Debug)]
pub(super) struct Sealake;

/// Columns that Sealake itself gives a value. A producer's field of such a name is kept as unmapped.
const OWN: &[usize] = &[
    event::EVENT_ID,
    event::ID_BASIS,
    event::SCHEMA_VERSION,
    event::SITE,
    event::SOURCE_KIND,
    event::KAFKA_SOURCE,
    event::KAFKA_TOPIC,
    event::KAFKA_PARTITION,
    event::KAFKA_OFFSET,
    event::KAFKA_INDEX,
    event::RAW_HASH,
    event::RAW_BYTES,
    event::INGEST_TIME,
    event::TIME_SOURCE,
    event::PROMPT_TEXT,
    event::RESPONSE_TEXT,
    event::INPUT_HASH,
    event::OUTPUT_HASH,
    event::HASH_KEY_ID,
    event::REDACTION_STATUS,
    event::REDACTION_POLICY,
    event::FINDINGS,
    event::UNMAPPED_JSON,
];

/// The words that a column of a closed set takes.
const CLOSED: &[(usize, &[&str])] = &[
    (event::STATUS, &["success", "error", "blocked", "partial", "unknown"]),
    (event::RECORD_KIND, &["llm_call", "embedding", "tool_call", "retrieval", "guardrail", "agent", "admin"]),
    (event::CONTENT_STATE, &["inline", "external", "truncated", "upstream_redacted", "not_logged"]),
    (event::COST_SOURCE, &["producer", "computed"]),
];

impl Format for Sealake {
    fn name(&self) -> &'static str {
        "sealake"
    }

    fn sniff(&self, record: &Payload<'_>) -> bool {
        let Payload::Json(fields) = record else { return false };
        let has = |names: &[&str]| names.iter().any(|name| fields.contains_key(name));
        fields.contains_key("schema_version")
            || (has(&["event_time", "request_id", "event_id"])
                && has(&["operation", "request_model", "record_kind", "input_messages", "output_messages"]))
    }

    /// Any object with a field of ours: whoever configures the format need not write the fields that tell it.
    fn accepts(&self, record: &Payload<'_>) -> bool {
        let Payload::Json(fields) = record else { return false };
        self.sniff(record)
            || EVENT
                .columns
                .iter()
                .enumerate()
                .any(|(at, column)| !OWN.contains(&at) && fields.contains_key(column.name))
    }

    fn decode(&self, record: Payload<'_>, sink: &mut Sink<'_>) -> Result<(), Undecodable> {
        let Payload::Json(mut fields) = record else {
            return Err(Undecodable::new("unknown_format", "expected a JSON object"));
        };
        check_version(fields.remove("schema_version"))?;
        let mut draft = sink.draft("sealake");
        if let Some(id) = fields.get("event_id").and_then(json::text) {
            draft.set_native_id(id);
            fields.remove("event_id");
        }
        for (column, declared) in EVENT.columns.iter().enumerate() {
            if OWN.contains(&column) {
                continue;
            }
            if let Some(value) = fields.remove(declared.name) {
                field(&mut draft, column, declared.name, value);
            }
        }
        derive(&mut draft);
        draft.keep_all(fields);
        sink.push(draft);
        Ok(())
    }
}

/// Absent means the version of today: producers that write a field or two by hand need not know of versions.
fn check_version(version: Option<Value>) -> Result<(), Undecodable> {
    let is_known = match &version {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text == "1" || text == EVENT.id,
        Some(version) => json::int(version) == Some(event::VERSION),
    };
    if is_known {
        return Ok(());
    }
    Err(Undecodable::new(
        "wrong_schema_version",
        format!("field schema_version: expected {}", event::VERSION),
    ))
}

fn field(draft: &mut Draft<'_>, column: usize, name: &str, value: Value) {
    match column {
        event::SYSTEM_INSTRUCTIONS => put_content(draft, column, parts::system, value),
        event::INPUT_MESSAGES => put_content(draft, column, |v, a| parts::messages(v, "user", a), value),
        event::OUTPUT_MESSAGES => {
            put_content(draft, column, |v, a| parts::messages(v, "assistant", a), value)
        }
        event::REQUEST_PARAMS_JSON | event::TOOL_DEFINITIONS_JSON => draft.put_json(column, name, value),
        _ => match EVENT.columns[column].ty {
            Type::Time => draft.put_time(column, name, value, time::from_json),
            Type::List(item) => match list(item.ty, &value) {
                Some(cell) => draft.set(column, cell),
                None => draft.keep(name, value),
            },
            _ => match CLOSED.iter().find(|(closed, _)| *closed == column) {
                Some((_, words)) if !value.as_str().is_some_and(|word| words.contains(&word)) => {
                    draft.keep(name, value);
                }
                _ => draft.put(column, name, value),
            },
        },
    }
}

fn put_content(
    draft: &mut Draft<'_>,
    column: usize,
    convert: impl Fn(Value, &mut super::opaque::Attachments<'_>) -> Option<Value>,
    value: Value,
) {
    if let Some(converted) = convert(value, &mut draft.attachments) {
        if column == event::OUTPUT_MESSAGES {
            draft.set_default(event::TOOL_CALLS, parts::tool_calls(&converted));
        }
        draft.set(column, converted.to_json());
    }
}

/// A list column, if every item fits and no field of an item is unknown; else the producer's value is kept.
fn list(item: Type, value: &Value) -> Option<Cell> {
    value.as_array()?.iter().map(|value| cell(item, value)).collect::<Option<Vec<_>>>().map(Cell::List)
}

fn cell(ty: Type, value: &Value) -> Option<Cell> {
    match ty {
        Type::List(item) => list(item.ty, value),
        Type::Struct(declared) => {
            let fields = value.as_object()?;
            if fields.keys().any(|key| !declared.iter().any(|column| column.name == key)) {
                return None;
            }
            let cells = declared.iter().map(|column| match fields.get(column.name) {
                None | Some(Value::Null) => Some(Cell::Null),
                Some(value) => cell(column.ty, value),
            });
            cells.collect::<Option<Vec<_>>>().map(Cell::Struct)
        }
        Type::Counts => counts(value.as_object()?),
        Type::LargeText if !value.is_string() => Some(value.to_json().into()),
        _ => super::draft::convert(ty, value),
    }
}

fn counts(fields: &Map) -> Option<Cell> {
    let entry = |(key, value): (&String, &Value)| Some((key.clone(), json::int(value)?));
    fields.iter().map(entry).collect::<Option<Vec<_>>>().map(Cell::Counts)
}

/// What follows from what was given.
fn derive(draft: &mut Draft<'_>) {
    if let Some(operation) = draft.text_of(event::OPERATION).map(str::to_owned) {
        draft.set_default(event::RECORD_KIND, vocabulary::record_kind(&operation));
    }
    if !draft.is_unset(event::COST_USD) {
        draft.set_default(event::COST_SOURCE, "producer");
    }
    // Of a call that says neither how it ended nor what went wrong, nothing is known.
    let http = draft.record.get(event::HTTP_STATUS).as_int();
    let failed = !draft.is_unset(event::ERROR_TYPE) || !draft.is_unset(event::ERROR_MESSAGE);
    match http {
        _ if failed => draft.set_default(event::STATUS, "error"),
        Some(400..) => draft.set_default(event::STATUS, "error"),
        Some(200..300) => draft.set_default(event::STATUS, "success"),
        _ => {}
    }
}
