//! Tests of what all formats share, and the fixtures: what every one of them becomes, column by column.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use schemas::event::{self, EVENT};
use schemas::{Column, Record, Type, Value as Cell};
use serde_json::{Map, Value, json};

use super::{Choice, Context, Decoded, decode};
use crate::message::Message;

mod bad_input;
mod envelopes;
mod fixtures;
mod paths;
mod properties;
mod values;

/// 2026-11-20T12:00:00Z, the clock of these tests.
pub(super) const NOW: i64 = 1_795_176_000_000_000;

/// Not keyed and not a hash, but different for different bytes, which is all that decoding needs.
fn hash(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0_u8; 32];
    for (at, byte) in bytes.iter().enumerate() {
        out[at % 32] = out[at % 32].rotate_left(1) ^ byte;
    }
    out
}

pub(super) fn context() -> Context<'static> {
    Context {
        site: "test-site",
        kafka_source: "test/1",
        ingest_time: NOW,
        raw_hash: [0; 32],
        hash: &hash,
        payload_bytes_max: super::PAYLOAD_BYTES_MAX,
    }
}

pub(super) fn context_of(message: &Message) -> Context<'static> {
    Context { raw_hash: hash(message.payload.as_deref().unwrap_or_default()), ..context() }
}

pub(super) fn message(payload: impl Into<Bytes>) -> Message {
    Message {
        topic: Arc::from("ai.calls"),
        partition: 3,
        offset: 42,
        timestamp_ms: Some(NOW / 1000 - 1000),
        key: None,
        headers: Vec::new(),
        payload: Some(payload.into()),
        leader_epoch: None,
    }
}

pub(super) fn decode_as(format: &str, payload: impl Into<Bytes>) -> Decoded {
    let message = message(payload);
    decode(&Choice::from_name(format).unwrap(), &message, &context_of(&message))
}

pub(super) fn events(decoded: Decoded) -> Vec<Record> {
    match decoded {
        Decoded::Events { events, .. } => events,
        other => panic!("expected events, found {other:?}"),
    }
}

/// The only event of a JSON record.
pub(super) fn event(format: &str, record: &Value) -> Record {
    let mut events = events(decode_as(format, record.to_string()));
    assert_eq!(events.len(), 1);
    events.remove(0)
}

pub(super) fn reason(decoded: &Decoded) -> &'static str {
    match decoded {
        Decoded::Quarantine { reason, .. } => reason,
        other => panic!("expected quarantine, found {other:?}"),
    }
}

pub(super) fn text(record: &Record, column: usize) -> &str {
    record.get(column).as_text().unwrap_or_else(|| panic!("no text in {}", EVENT.columns[column].name))
}

pub(super) fn parsed(record: &Record, column: usize) -> Value {
    serde_json::from_str(text(record, column)).unwrap()
}

/// All columns that are not null, as JSON a person can read and review.
pub(super) fn columns(record: &Record) -> Value {
    let cells = EVENT.columns.iter().zip(record.values());
    Value::Object(
        cells
            .filter(|(_, cell)| !cell.is_null())
            .map(|(column, cell)| (column.name.to_owned(), show(column, cell)))
            .collect(),
    )
}

fn show(column: &Column, cell: &Cell) -> Value {
    match (column.ty, cell) {
        (_, Cell::Null) => Value::Null,
        (_, Cell::Bool(bool)) => json!(bool),
        (_, Cell::Int(int)) => json!(int),
        (_, Cell::Float(float)) => json!(float),
        (_, Cell::Decimal(unscaled)) => {
            json!(format!("{}.{:09}", unscaled / 1_000_000_000, unscaled % 1_000_000_000))
        }
        (_, Cell::Time(micros)) => {
            json!(chrono::DateTime::from_timestamp_micros(*micros).unwrap().format("%FT%T%.6fZ").to_string())
        }
        // JSON inside a column, so that a difference in it is a line and not a screenful.
        (_, Cell::Text(text)) => match serde_json::from_str(text) {
            Ok(inner @ (Value::Object(_) | Value::Array(_))) => json!({"json": inner}),
            _ => json!(text),
        },
        (_, Cell::Bytes(bytes)) => json!(hex::encode(bytes)),
        (Type::List(item), Cell::List(cells)) => cells.iter().map(|cell| show(item, cell)).collect(),
        (Type::Struct(fields), Cell::Struct(cells)) => fields
            .iter()
            .zip(cells)
            .filter(|(_, cell)| !cell.is_null())
            .map(|(field, cell)| (field.name.to_owned(), show(field, cell)))
            .collect::<Map<_, _>>()
            .into(),
        (_, Cell::Counts(counts)) => counts
            .iter()
            .cloned()
            .collect::<BTreeMap<_, _>>()
            .into_iter()
            .map(|(k, v)| (k, json!(v)))
            .collect::<Map<_, _>>()
            .into(),
        (ty, cell) => panic!("column {} is {ty:?} and holds {cell:?}", column.name),
    }
}

/// Every cell has the type of its column, every required column that decoding fills has a value.
pub(super) fn assert_well_formed(record: &Record) {
    // Set by the redactor.
    let later = [event::REDACTION_STATUS, event::REDACTION_POLICY];
    for (at, column) in EVENT.columns.iter().enumerate() {
        let cell = record.get(at);
        assert!(column.nullable || later.contains(&at) || !cell.is_null(), "{} is required", column.name);
        assert_type(column, cell);
    }
}

fn assert_type(column: &Column, cell: &Cell) {
    let fits = match (column.ty, cell) {
        (_, Cell::Null) => true,
        (Type::Bool, Cell::Bool(_)) | (Type::Time, Cell::Time(_)) | (Type::Int64, Cell::Int(_)) => true,
        (Type::Int16, Cell::Int(int)) => i16::try_from(*int).is_ok(),
        (Type::Int32, Cell::Int(int)) => i32::try_from(*int).is_ok(),
        (Type::Float32 | Type::Float64, Cell::Float(float)) => float.is_finite(),
        (Type::Decimal { precision, .. }, Cell::Decimal(unscaled)) => {
            unscaled.unsigned_abs() < 10_u128.pow(u32::from(precision))
        }
        (Type::Text | Type::LargeText | Type::Dict, Cell::Text(_)) => true,
        (Type::Binary, Cell::Bytes(_)) | (Type::Counts, Cell::Counts(_)) => true,
        (Type::FixedBinary(size), Cell::Bytes(bytes)) => bytes.len() == size as usize,
        (Type::List(item), Cell::List(cells)) => {
            cells.iter().for_each(|cell| assert_type(item, cell));
            true
        }
        (Type::Struct(fields), Cell::Struct(cells)) => {
            fields.iter().zip(cells).for_each(|(field, cell)| assert_type(field, cell));
            fields.len() == cells.len()
        }
        _ => false,
    };
    assert!(fits, "column {} is {:?} and holds {cell:?}", column.name, column.ty);
}

pub(super) fn fixtures_dir() -> PathBuf {
    // Where the test runs, not where it was built: checkouts may share a build cache.
    PathBuf::from("fixtures")
}
