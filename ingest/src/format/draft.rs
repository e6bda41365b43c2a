//! One event while a format fills it, and the one place where it becomes a row: provenance, identity, time,
//! content state, attachments, credentials and all that has no column.
//!
//! A format moves fields into columns with [`Draft::put`]; a value that does not fit its column is not lost, it
//! goes to `unmapped_json` under the producer's name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemas::event::{self, EVENT};
use schemas::{Record, Type, Value as Cell};
use sha2::{Digest, Sha256};

use super::json::{Map, Value};
use super::opaque::{self, Attachments};
use super::sink::Sink;
use super::{Context, envelope, json as read, time, vocabulary};

/// An event in the making.
pub struct Draft<'a> {
    pub(super) record: Record,
    pub(super) unmapped: Map,
    pub(super) attachments: Attachments<'a>,
    native_id: Option<String>,
    now: i64,
    external: bool,
    redacted_upstream: bool,
}

impl<'a> Draft<'a> {
    pub(super) fn new(source_kind: &'static str, index: u32, context: &Context<'a>) -> Draft<'a> {
        let mut record = Record::new(&EVENT);
        record.set(event::SOURCE_KIND, source_kind);
        record.set(event::KAFKA_INDEX, i64::from(index));
        Draft {
            record,
            unmapped: Map::new(),
            attachments: Attachments::new(context.hash),
            native_id: None,
            now: context.ingest_time,
            external: false,
            redacted_upstream: false,
        }
    }

    /// Whether a column has no value yet.
    pub fn is_unset(&self, column: usize) -> bool {
        self.record.get(column).is_null()
    }

    /// The text of a column.
    pub fn text_of(&self, column: usize) -> Option<&str> {
        self.record.get(column).as_text()
    }

    /// Gives a column its value, whatever it had.
    pub fn set(&mut self, column: usize, value: impl Into<Cell>) {
        self.record.set(column, value);
    }

    /// Gives a column its value if it has none yet.
    pub fn set_default(&mut self, column: usize, value: impl Into<Cell>) {
        if self.is_unset(column) {
            self.record.set(column, value);
        }
    }

    /// Moves a field into a column, converted to the column's type. What is absent (null, empty) is dropped; what
    /// does not fit, or comes second and differs, goes to `unmapped_json` under `name`.
    pub fn put(&mut self, column: usize, name: &str, value: Value) {
        if read::is_absent(&value) {
            return;
        }
        let ty = EVENT.columns[column].ty;
        if let (Value::String(_), Type::Text | Type::LargeText | Type::Dict) = (&value, ty)
            && self.is_unset(column)
        {
            // The string itself, not a copy of it.
            if let Value::String(text) = value {
                self.record.set(column, text);
            }
            return;
        }
        let cell = convert(ty, &value).filter(|cell| {
            // 0 is what proxies write when there was no answer.
            column != event::HTTP_STATUS || cell.as_int().is_some_and(|status| (100..600).contains(&status))
        });
        match cell {
            Some(cell) if self.is_unset(column) => self.record.set(column, cell),
            Some(cell) if *self.record.get(column) == cell => {}
            _ => self.keep(name, value),
        }
    }

    /// Moves a duration in seconds into a column in milliseconds.
    pub fn put_seconds(&mut self, column: usize, name: &str, value: Value) {
        match read::float(&value) {
            Some(seconds) if self.is_unset(column) => self.record.set(column, seconds * 1000.0),
            _ => self.keep(name, value),
        }
    }

    /// Moves a point in time into a column. `read` converts the producer's value to microseconds.
    pub fn put_time(&mut self, column: usize, name: &str, value: Value, read: fn(&Value) -> Option<i64>) {
        match read(&value) {
            Some(at) if time::is_plausible(at, self.now) && self.is_unset(column) => {
                self.record.set(column, Cell::Time(at));
            }
            _ => self.keep(name, value),
        }
    }

    /// Moves JSON into a column as its text; JSON in a string is taken out of the string.
    pub fn put_json(&mut self, column: usize, name: &str, mut value: Value) {
        if let Value::String(text) = &value {
            value = read::nested(text).unwrap_or(value);
        }
        if is_empty(&value) {
            return;
        }
        if !self.is_unset(column) {
            return self.keep(name, value);
        }
        self.attachments.strip(&mut value);
        if let Value::Object(fields) = &mut value {
            opaque::remove_credentials(fields);
        }
        self.record.set(column, value.to_json());
    }

    /// Keeps a field that has no column.
    pub fn keep(&mut self, name: &str, value: Value) {
        if is_empty(&value) {
            return;
        }
        match self.unmapped.get_mut(name) {
            None => {
                self.unmapped.insert(name.to_owned(), value);
            }
            Some(there) if *there == value => {}
            // Two values of one name, for example of a span and of its event: both stay.
            Some(Value::Array(items)) => items.push(value),
            Some(there) => *there = Value::Array(vec![there.take(), value]),
        }
    }

    /// Keeps all fields that are left over.
    pub fn keep_all(&mut self, fields: Map) {
        for (name, value) in fields {
            self.keep(&name, value);
        }
    }

    /// The producer's own id of the record, which makes a second delivery of it recognisable.
    pub fn set_native_id(&mut self, id: impl Into<String>) {
        self.native_id = Some(id.into());
    }

    /// Content of the call lies outside (an object in a bucket).
    pub fn mark_external(&mut self) {
        self.external = true;
    }

    /// The producer removed content before it wrote the record.
    pub fn mark_redacted_upstream(&mut self) {
        self.redacted_upstream = true;
    }

    /// The finished row.
    pub(super) fn finish(mut self, sink: &Sink<'_>) -> Record {
        self.apply_cloud_event(sink);
        self.set_provenance(sink);
        self.set_times(sink);
        self.set_identity(sink);
        self.normalise();
        self.set_content_state();
        self.set_unmapped(sink);
        // Positions in the messages count the attachments that were found; those that were declared follow.
        let mut attachments = self.attachments.finish();
        attachments.extend(self.record.get(event::ATTACHMENTS).as_list().unwrap_or_default().iter().cloned());
        if !attachments.is_empty() {
            self.record.set(event::ATTACHMENTS, Cell::List(attachments));
        }
        self.record
    }

    fn apply_cloud_event(&mut self, sink: &Sink<'_>) {
        let Some(cloud_event) = &sink.cloud_event else { return };
        if self.native_id.is_none() {
            self.native_id = Some(cloud_event.id.clone());
        } else {
            self.keep("cloudevent_id", cloud_event.id.as_str().into());
        }
        self.put(event::SOURCE_INSTANCE, "cloudevent_source", cloud_event.source.as_str().into());
        if let Some(time) = &cloud_event.time
            && self.is_unset(event::EVENT_TIME)
        {
            self.put_time(event::EVENT_TIME, "cloudevent_time", time.as_str().into(), time::from_json);
        }
        if let Some(traceparent) = &cloud_event.traceparent {
            self.put_traceparent("traceparent", traceparent);
        }
        self.keep("cloudevent", Value::Object(cloud_event.rest.clone()));
    }

    /// Takes trace and parent span from a W3C `traceparent`, if the event has no trace yet.
    pub(super) fn put_traceparent(&mut self, name: &str, traceparent: &str) {
        let mut parts = traceparent.trim().split('-').skip(1);
        let ids = (parts.next().and_then(|id| hex_id(id, 16)), parts.next().and_then(|id| hex_id(id, 8)));
        match ids {
            (Some(trace), Some(parent)) if self.is_unset(event::TRACE_ID) => {
                self.record.set(event::TRACE_ID, Cell::Bytes(trace));
                self.set_default(event::PARENT_SPAN_ID, Cell::Bytes(parent));
            }
            (Some(trace), Some(_)) if self.record.get(event::TRACE_ID).as_bytes() == Some(&trace) => {}
            _ => self.keep(name, traceparent.into()),
        }
    }

    fn set_provenance(&mut self, sink: &Sink<'_>) {
        let (message, context) = (sink.message, sink.context);
        self.record.set(event::SCHEMA_VERSION, event::VERSION);
        self.record.set(event::SITE, context.site.to_owned());
        self.record.set(event::KAFKA_SOURCE, context.kafka_source.to_owned());
        self.record.set(event::KAFKA_TOPIC, message.topic.to_string());
        self.record.set(event::KAFKA_PARTITION, i64::from(message.partition));
        self.record.set(event::KAFKA_OFFSET, message.offset);
        self.record.set(event::RAW_HASH, Cell::Bytes(sink.context.raw_hash.to_vec()));
        self.record.set(event::RAW_BYTES, sink.raw_bytes);
        self.set_default(event::RECORD_KIND, "llm_call");
        self.set_default(event::STATUS, "unknown");
        if let Some(traceparent) = message.header("traceparent") {
            self.put_traceparent("traceparent", traceparent);
        }
    }

    /// event_time by the best clock there is, and the duration that start and end give.
    fn set_times(&mut self, sink: &Sink<'_>) {
        let now = sink.context.ingest_time;
        self.record.set(event::INGEST_TIME, Cell::Time(now));
        let kafka = sink.message.timestamp_ms.and_then(|ms| ms.checked_mul(1000));
        let producer = self.record.get(event::EVENT_TIME).as_time();
        let (at, whose) = match (producer, kafka.filter(|at| time::is_plausible(*at, now))) {
            (Some(at), _) => (at, "producer"),
            (None, Some(at)) => (at, "kafka"),
            (None, None) => (now, "ingest"),
        };
        self.record.set(event::EVENT_TIME, Cell::Time(at));
        self.record.set(event::TIME_SOURCE, whose);
        if let (Some(start), Some(end)) = (producer, self.record.get(event::END_TIME).as_time())
            && end >= start
        {
            self.set_default(event::DURATION_MS, (end - start) as f64 / 1000.0);
        }
    }

    /// event_id = SHA-256 over the length-prefixed parts: of the producer's id with kind and instance, or else
    /// of the Kafka position, which is the same at every replay.
    fn set_identity(&mut self, sink: &Sink<'_>) {
        let text = |column| self.record.get(column).as_text().unwrap_or_default();
        let position;
        let (basis, parts) = match &self.native_id {
            Some(id) => ("native", vec![text(event::SOURCE_KIND), text(event::SOURCE_INSTANCE), id.as_str()]),
            None => {
                let index = self.record.get(event::KAFKA_INDEX).as_int().unwrap_or_default();
                position = format!("{}/{}/{index}", sink.message.partition, sink.message.offset);
                ("offset", vec![sink.context.kafka_source, &*sink.message.topic, position.as_str()])
            }
        };
        let mut hash = Sha256::new();
        for part in std::iter::once(basis).chain(parts) {
            hash.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let id = hash.finalize().to_vec();
        self.record.set(event::EVENT_ID, Cell::Bytes(id));
        self.record.set(event::ID_BASIS, basis);
    }

    /// Vocabulary columns to OpenTelemetry's words; the producer's word stays in `unmapped_json`.
    fn normalise(&mut self) {
        for (column, name, normal) in [
            (event::PROVIDER, "provider", vocabulary::provider as fn(&str) -> Option<&'static str>),
            (event::OPERATION, "operation", vocabulary::operation),
        ] {
            if let Some(raw) = self.text_of(column).map(str::to_owned)
                && let Some(normal) = normal(&raw)
                && normal != raw
            {
                self.record.set(column, normal);
                self.keep(name, raw.into());
            }
        }
        let Cell::List(reasons) = self.record.take(event::FINISH_REASONS) else { return };
        let raw: Vec<&str> = reasons.iter().filter_map(Cell::as_text).collect();
        let normal: Vec<&str> = raw.iter().map(|reason| vocabulary::finish_reason(reason)).collect();
        if raw != normal {
            let raw = raw.into_iter().map(Value::from).collect();
            self.keep("finish_reasons", raw);
        }
        let normal = normal.into_iter().map(|reason| reason.to_owned().into()).collect();
        self.record.set(event::FINISH_REASONS, Cell::List(normal));
    }

    fn set_content_state(&mut self) {
        let columns = [event::SYSTEM_INSTRUCTIONS, event::INPUT_MESSAGES, event::OUTPUT_MESSAGES];
        let has_content =
            columns.iter().any(|column| !self.is_unset(*column)) || !self.is_unset(event::TOOL_CALLS);
        let state = match () {
            () if self.external => "external",
            () if self.redacted_upstream => "upstream_redacted",
            () if has_content => "inline",
            () => "not_logged",
        };
        self.set_default(event::CONTENT_STATE, state);
    }

    fn set_unmapped(&mut self, sink: &Sink<'_>) {
        if let Some(kafka) = kafka_fields(sink) {
            self.keep("kafka", kafka);
        }
        let mut unmapped = std::mem::take(&mut self.unmapped);
        opaque::remove_credentials(&mut unmapped);
        for value in unmapped.values_mut() {
            self.attachments.strip(value);
            prune(value);
        }
        unmapped.retain(|_, value| !is_empty(value));
        if !unmapped.is_empty() {
            self.record.set(event::UNMAPPED_JSON, Value::Object(unmapped).to_json());
        }
    }
}

/// Key and headers of the Kafka message, without those that were consumed.
fn kafka_fields(sink: &Sink<'_>) -> Option<Value> {
    let mut kafka = Map::new();
    if let Some(key) = &sink.message.key {
        kafka.insert("key".to_owned(), text_or_base64(key));
    }
    let mut headers = Map::new();
    for (name, value) in &sink.message.headers {
        let is_consumed = name.eq_ignore_ascii_case("traceparent")
            || (sink.cloud_event.is_some()
                && (envelope::is_cloud_event_header(name) || name.eq_ignore_ascii_case("content-type")));
        let Some(value) = value.as_deref().filter(|_| !is_consumed) else { continue };
        let value = text_or_base64(value);
        match headers.get_mut(name) {
            Some(Value::Array(values)) => values.push(value),
            Some(there) => *there = Value::Array(vec![there.take(), value]),
            None => {
                headers.insert(name.clone(), value);
            }
        }
    }
    if !headers.is_empty() {
        kafka.insert("headers".to_owned(), Value::Object(headers));
    }
    (!kafka.is_empty()).then_some(Value::Object(kafka))
}

fn text_or_base64(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => STANDARD.encode(bytes).into(),
    }
}

/// Whether a value says nothing.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// Leaves out the fields that say nothing, at any depth.
fn prune(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(prune);
            fields.retain(|_, field| !is_empty(field));
        }
        Value::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}

/// A JSON value as a cell of a column's type, if it fits.
pub(super) fn convert(ty: Type, value: &Value) -> Option<Cell> {
    match ty {
        Type::Bool => read::boolean(value).map(Cell::Bool),
        Type::Int16 => read::int(value).filter(|int| i16::try_from(*int).is_ok()).map(Cell::Int),
        Type::Int32 => read::int(value).filter(|int| i32::try_from(*int).is_ok()).map(Cell::Int),
        // Every 64-bit column counts something.
        Type::Int64 => read::int(value).filter(|int| *int >= 0).map(Cell::Int),
        Type::Float32 | Type::Float64 => read::float(value).map(Cell::Float),
        Type::Decimal { .. } => read::decimal(value).map(Cell::Decimal),
        Type::Text | Type::LargeText | Type::Dict => read::text(value).map(Cell::from),
        Type::FixedBinary(size) => hex_id(value.as_str()?, size as usize).map(Cell::Bytes),
        Type::Time | Type::Binary | Type::List(_) | Type::Struct(_) | Type::Counts => None,
    }
}

/// An id of so many bytes in hex, or in the base64 that proto3 JSON would use. All zero is no id (W3C).
fn hex_id(text: &str, size: usize) -> Option<Vec<u8>> {
    let bytes = if text.len() == size * 2 { hex::decode(text).ok() } else { STANDARD.decode(text).ok() };
    bytes.filter(|bytes| bytes.len() == size && bytes.iter().any(|byte| *byte != 0))
}
