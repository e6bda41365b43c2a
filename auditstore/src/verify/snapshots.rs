//! Snapshots, computed again from the log: the state before the entry that names one has one sequence of bytes.
//!
//! Readers believe a snapshot because it is signed; here it is the signer who is checked. The bytes are made from
//! what [`super::rules`] gathered, not by the code that writes them.

use std::collections::BTreeMap;

use schemas::manifest::{FORMAT, Manifest, ObjectRef, Snapshot};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::rules::{NamedBatch, Rules};
use crate::canonical;
use crate::merkle::{Edge, sha256};
use crate::time::format_time;

/// Entries whose batches one part holds.
const RANGE_ENTRIES: u64 = 4096;

/// Parts of ranges that are full, by their first seq: they never change.
pub(super) type FullParts = BTreeMap<u64, ObjectRef>;

/// The parts that a snapshot before entry `seq` names.
pub(super) fn parts(rules: &mut Rules, seq: u64) -> Vec<ObjectRef> {
    let mut parts = Vec::new();
    for first in (0..seq).step_by(RANGE_ENTRIES as usize) {
        if let Some(part) = rules.full_parts.get(&first) {
            parts.push(part.clone());
            continue;
        }
        let from = rules.batches.partition_point(|batch| batch.seq < first);
        let until = rules.batches.partition_point(|batch| batch.seq < seq.min(first + RANGE_ENTRIES));
        let batches: Vec<Value> = rules.batches[from..until].iter().map(batch).collect();
        if batches.is_empty() {
            continue;
        }
        let part = object(&json!({ "batches": batches, "first": first.to_string() }));
        if first + RANGE_ENTRIES <= seq {
            rules.full_parts.insert(first, part.clone());
        }
        parts.push(part);
    }
    parts
}

/// Whether a snapshot is the state of the log before its entry.
pub(super) fn fits(
    rules: &Rules,
    seq: u64,
    manifest: &Manifest,
    edge: &Edge,
    parts: &[ObjectRef],
    named: &Snapshot,
) -> bool {
    let keys: Vec<Value> = rules
        .keys
        .iter()
        .map(|window| {
            let mut key = json!({ "from": window.from.to_string(), "key": window.key.public() });
            if let Some(until) = window.until {
                key["until"] = until.to_string().into();
            }
            key
        })
        .collect();
    let next: Vec<Value> = rules
        .next
        .iter()
        .map(|((source, topic, partition), next)| {
            json!({ "next": next.to_string(), "partition": partition.to_string(), "source": source, "topic": topic })
        })
        .collect();
    let topics: Vec<Value> = rules
        .topic_ids
        .iter()
        .map(|((source, topic), id)| json!({ "source": source, "topic": topic, "topic_id": id }))
        .collect();
    let edge_hashes: Vec<String> = edge.hashes().iter().map(hex::encode).collect();
    let mut head = Map::new();
    let mut set = |name: &str, value: Value| {
        let empty = value.as_array().is_some_and(Vec::is_empty) || value.is_null();
        if !empty {
            head.insert(name.to_owned(), value);
        }
    };
    set("access", value(&rules.heartbeats.last().map(|(_, head)| head)));
    set("committed", format_time(rules.committed_before(seq)).into());
    set("edge", value(&edge_hashes));
    set("era", manifest.era.to_string().into());
    set("format", FORMAT.into());
    set("keys", keys.into());
    set("next", next.into());
    set("origin", rules.origin.clone().into());
    set("parts", value(&parts));
    set("policies", value(&rules.policies));
    set("root", hex::encode(edge.root()).into());
    set("size", seq.to_string().into());
    set("skipped", value(&manifest.skipped));
    set("snapshot", rules.snapshot.unwrap_or(0).to_string().into());
    set("sources", value(&rules.sources));
    set("topics", topics.into());
    object(&Value::Object(head)) == named.head
}

fn batch(named: &NamedBatch) -> Value {
    let batch = &named.batch;
    let mut part = Map::new();
    let mut set = |name: &str, value: Value| {
        let empty = value.as_array().is_some_and(Vec::is_empty) || value.is_null();
        if !empty {
            part.insert(name.to_owned(), value);
        }
    };
    set("committed", named.committed.clone().into());
    set("detail", value(&batch.detail));
    set("files", value(&batch.files));
    set("policy", value(&batch.redaction.as_ref().map(|redaction| &redaction.sha256)));
    set("quarantine", value(&batch.quarantine));
    set("retain_until", batch.retention.retain_until.clone().into());
    set("schema", batch.schema.clone().into());
    set("seq", named.seq.to_string().into());
    Value::Object(part)
}

fn value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// The name and hash of an object with these contents. What cannot be written has a name that nothing has.
fn object(contents: &Value) -> ObjectRef {
    let sha256 = hex::encode(sha256(&canonical::emit(contents).unwrap_or_default()));
    ObjectRef { path: format!("snapshot/{sha256}.json"), sha256 }
}
