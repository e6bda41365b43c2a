//! The batcher: ranges without holes, counts that add up, and nothing kept of a partition that was taken away.

use std::sync::Arc;

use bytes::Bytes;
use redactor::{Actor, Policy, Redactor, TokenKey};
use schemas::{Record, Type, Value, event};

use super::*;
use crate::message::Message;
use crate::quarantine::Reject;

fn redaction() -> Redaction {
    Redaction { engine: "test".into(), policy: "coded".into(), ..Redaction::default() }
}

fn batcher(rows_max: usize, bytes_max: usize) -> Batcher {
    Batcher {
        redaction: redaction(),
        recipient: Recipient::parse(&age::x25519::Identity::generate().to_public().to_string()).unwrap(),
        rows_max,
        bytes_max,
        flush_interval: Duration::from_secs(3600),
        parts: BTreeMap::new(),
        rows: 0,
        bytes: 0,
        since: None,
        hurried: false,
    }
}

fn partition(number: i32) -> Partition {
    ("llm".into(), number)
}

fn place(reading: u64, first: i64) -> Place {
    Place { reading: Reading(reading), source: "cluster/0".into(), topic_id: Some("A".into()), first }
}

fn rows(count: usize) -> Vec<Row> {
    let redactor = Redactor::new(Policy::profile("coded").unwrap(), TokenKey::generate(), "test").unwrap();
    let row = || Row::new(&redactor.redact_event(bare(), Actor::Unstated).unwrap()).unwrap();
    (0..count).map(|_| row()).collect()
}

/// An event of what is required, and no more.
fn bare() -> Record {
    let mut record = Record::new(&event::EVENT);
    for (position, column) in event::EVENT.columns.iter().enumerate().filter(|(_, column)| !column.nullable) {
        let value = match column.ty {
            Type::FixedBinary(width) => Value::Bytes(vec![7; width as usize]),
            Type::Time => Value::Time(1_795_000_000_000_000),
            Type::Bool => Value::Bool(true),
            Type::Int16 | Type::Int32 | Type::Int64 => Value::Int(1),
            _ => Value::text("success"),
        };
        record.set(position, value);
    }
    record
}

fn fate(verdict: Verdict) -> Fate {
    Fate {
        verdict,
        rows: Vec::new(),
        skipped: BTreeMap::new(),
        rejected: None,
        leader_epoch: Some(5),
        bytes: 100,
    }
}

fn message(number: i32, reading: u64, offset: i64, fate: Fate) -> Treated {
    Treated { partition: partition(number), reading: Reading(reading), offset, fate: Some(fate) }
}

fn decoded(number: i32, reading: u64, offset: i64, count: usize) -> Treated {
    message(number, reading, offset, Fate { rows: rows(count), ..fate(Verdict::Decoded) })
}

fn end(number: i32, reading: u64, offset: i64) -> Treated {
    Treated { partition: partition(number), reading: Reading(reading), offset, fate: None }
}

fn rejected(offset: i64, rejects: Vec<Reject>) -> Rejected {
    let message = Message {
        topic: Arc::from("llm"),
        partition: 0,
        offset,
        timestamp_ms: None,
        key: None,
        headers: Vec::new(),
        payload: Some(Bytes::from_static(b"x")),
        leader_epoch: None,
    };
    Rejected { message, rejects }
}

fn reject(index: Option<u32>) -> Reject {
    Reject { index, reason: "invalid_json", detail: String::new() }
}

/// The two equations of a batch.
fn assert_adds_up(sealed: &Sealed) {
    let batch = &sealed.batch;
    let messages = batch.messages.as_ref().unwrap();
    let offsets: u64 = batch.offsets.iter().map(|range| range.next.0 - range.first.0).sum();
    let gaps: u64 = batch.offsets.iter().flat_map(|range| range.gaps.values()).map(|gap| gap.0).sum();
    let skipped: u64 = messages.skipped.values().map(|count| count.0).sum();
    assert_eq!(offsets, messages.decoded.0 + messages.quarantined.0 + skipped + gaps);
    assert_eq!(gaps, sealed.counts.gaps);
}

#[test]
fn a_range_begins_at_the_lakes_offset_and_holes_are_gaps() {
    let mut batcher = batcher(1000, 1 << 20);
    batcher.begin(partition(0), place(1, 10), 15);
    batcher.push(decoded(0, 1, 15, 1));
    batcher.push(decoded(0, 1, 18, 2));
    batcher.push(message(0, 1, 19, fate(Verdict::Skipped("tombstone"))));
    batcher.push(end(0, 1, 22));
    assert!(batcher.due().unwrap().is_none());
    batcher.hurry();
    let sealed = batcher.due().unwrap().unwrap();
    assert_adds_up(&sealed);
    let range = &sealed.batch.offsets[0];
    assert_eq!((range.first.0, range.next.0, range.leader_epoch), (10, 22, Some(Dec(5))));
    assert_eq!(range.gaps, BTreeMap::from([("expired".into(), Dec(5)), ("not_delivered".into(), Dec(4))]));
    assert_eq!(sealed.positions, [(partition(0), 22)]);
    assert_eq!(sealed.batch.rows.len(), 3);
    assert_eq!(sealed.counts, Counts { messages: 2, stored: 3, quarantined: 0, skipped: 1, gaps: 9 });
    assert!(batcher.due().unwrap().is_none());
    // The next range begins where this one ended.
    batcher.push(decoded(0, 1, 22, 1));
    batcher.hurry();
    assert_eq!(batcher.due().unwrap().unwrap().batch.offsets[0].first, Dec(22));
}

#[test]
fn the_first_limit_wins() {
    let mut by_rows = batcher(3, 1 << 20);
    by_rows.begin(partition(0), place(1, 0), 0);
    by_rows.push(decoded(0, 1, 0, 2));
    assert!(by_rows.due().unwrap().is_none());
    by_rows.push(decoded(0, 1, 1, 1));
    assert_eq!(by_rows.due().unwrap().unwrap().batch.rows.len(), 3);

    let mut by_bytes = batcher(1000, 2 * (100 + MESSAGE_OVERHEAD_BYTES));
    by_bytes.begin(partition(0), place(1, 0), 0);
    by_bytes.push(message(0, 1, 0, fate(Verdict::Skipped("tombstone"))));
    assert!(by_bytes.due().unwrap().is_none());
    by_bytes.push(message(0, 1, 1, fate(Verdict::Skipped("tombstone"))));
    assert!(by_bytes.due().unwrap().is_some());
    assert!(by_bytes.deadline().is_none());
}

#[test]
fn the_clock_starts_with_the_first_thing_that_waits() {
    let mut batcher = batcher(1000, 1 << 20);
    batcher.begin(partition(0), place(1, 4), 4);
    batcher.push(end(0, 1, 4));
    assert!(batcher.deadline().is_none(), "an end that says nothing new waits for nothing");
    batcher.push(decoded(0, 1, 4, 1));
    assert!(batcher.deadline().is_some());
    batcher.forget(&partition(0));
    assert!(batcher.deadline().is_none());
}

#[test]
fn what_was_read_of_a_lost_partition_goes_and_the_rest_stays() {
    let mut batcher = batcher(1000, 1 << 20);
    batcher.begin(partition(0), place(1, 0), 0);
    batcher.begin(partition(1), place(2, 0), 0);
    batcher.push(decoded(0, 1, 0, 2));
    batcher.push(decoded(1, 2, 0, 3));
    batcher.forget(&partition(0));
    assert_eq!(batcher.rows(), 3);
    batcher.push(decoded(0, 1, 1, 1)); // still on its way when the partition went
    batcher.hurry();
    let sealed = batcher.due().unwrap().unwrap();
    assert_eq!((sealed.batch.rows.len(), sealed.positions), (3, vec![(partition(1), 1)]));
}

#[test]
fn what_belongs_to_an_older_reading_is_dropped() {
    let mut batcher = batcher(1000, 1 << 20);
    batcher.begin(partition(0), place(1, 0), 0);
    batcher.push(decoded(0, 1, 0, 1));
    batcher.begin(partition(0), place(2, 0), 0);
    batcher.push(decoded(0, 1, 1, 1)); // would make a false gap
    batcher.push(end(0, 1, 9));
    batcher.push(decoded(0, 2, 0, 1));
    batcher.push(decoded(0, 2, 0, 1)); // the same message twice
    batcher.hurry();
    let sealed = batcher.due().unwrap().unwrap();
    assert_eq!((sealed.batch.offsets[0].next.0, sealed.batch.rows.len(), sealed.counts.gaps), (1, 1, 0));
}

#[test]
fn quarantine_is_counted_by_message_and_by_record() {
    let mut batcher = batcher(1000, 1 << 20);
    batcher.begin(partition(0), place(1, 0), 0);
    let whole = Fate { rejected: Some(rejected(0, vec![reject(None)])), ..fate(Verdict::Quarantined) };
    batcher.push(message(0, 1, 0, whole));
    let part = Fate {
        rows: rows(1),
        skipped: BTreeMap::from([("not_ai", 4)]),
        rejected: Some(rejected(1, vec![reject(Some(0)), reject(Some(2))])),
        ..fate(Verdict::Decoded)
    };
    batcher.push(message(0, 1, 1, part));
    batcher.hurry();
    let sealed = batcher.due().unwrap().unwrap();
    assert_adds_up(&sealed);
    assert_eq!(sealed.batch.messages.as_ref().unwrap().quarantined, Dec(1));
    assert_eq!(sealed.batch.records_quarantined, 2);
    assert_eq!(sealed.batch.records_skipped, BTreeMap::from([("not_ai".into(), Dec(4))]));
    let object = &sealed.batch.quarantine[0];
    assert_eq!((object.messages, object.records), (1, 2));
    assert_eq!(object.reasons, BTreeMap::from([("invalid_json".into(), 3)]));
    assert_eq!(sealed.counts, Counts { messages: 1, stored: 1, quarantined: 3, skipped: 4, gaps: 0 });
}

#[test]
fn what_may_have_come_from_another_topic_of_the_name_is_cut_off() {
    let mut batcher = batcher(1000, 1 << 20);
    batcher.begin(partition(0), place(1, 0), 0);
    batcher.begin(partition(1), place(1, 0), 0);
    batcher.push(decoded(0, 1, 0, 1));
    let set_aside = Fate { rejected: Some(rejected(1, vec![reject(None)])), ..fate(Verdict::Quarantined) };
    batcher.push(message(0, 1, 1, set_aside));
    batcher.vouch(|topic| topic == "llm");
    batcher.push(decoded(0, 1, 5, 2));
    batcher.push(message(0, 1, 6, fate(Verdict::Skipped("tombstone"))));
    batcher.push(decoded(1, 1, 0, 3));
    batcher.cut(&partition(0));
    // What was under way comes too late.
    batcher.push(decoded(0, 1, 7, 1));
    assert_eq!((batcher.rows(), batcher.next(&partition(0))), (4, Some(2)));
    batcher.cut(&partition(1));
    batcher.hurry();
    assert!(batcher.is_due());
    let sealed = batcher.due().unwrap().unwrap();
    assert_adds_up(&sealed);
    assert_eq!(sealed.positions, [(partition(0), 2)]);
    assert_eq!(sealed.counts, Counts { messages: 1, stored: 1, quarantined: 1, skipped: 0, gaps: 0 });
    assert_eq!(sealed.batch.offsets[0].topic_id.as_deref(), Some("A"));
    assert!(!batcher.is_due() && batcher.due().unwrap().is_none());
    assert_eq!((batcher.rows(), batcher.bytes), (0, 0));
    // It begins again, as another source.
    let anew = Place { source: "cluster/0/B".into(), topic_id: Some("B".into()), ..place(2, 0) };
    batcher.begin(partition(0), anew, 0);
    batcher.push(decoded(0, 2, 0, 1));
    batcher.hurry();
    let sealed = batcher.due().unwrap().unwrap();
    assert_eq!((&*sealed.batch.offsets[0].source, sealed.positions[0].1), ("cluster/0/B", 1));
}

#[test]
fn more_partitions_than_one_manifest_holds_make_several_commits() {
    let mut batcher = batcher(100_000, 1 << 30);
    for number in 0..500 {
        batcher.begin(partition(number), place(1, 0), 0);
        batcher.push(end(number, 1, 3));
    }
    batcher.hurry();
    let mut partitions = 0;
    let mut commits = 0;
    while let Some(sealed) = batcher.due().unwrap() {
        assert!(sealed.batch.manifest_bytes_estimate() < schemas::manifest::MANIFEST_BYTES_MAX);
        partitions += sealed.positions.len();
        commits += 1;
    }
    assert_eq!(partitions, 500);
    assert!(commits > 1);
    assert!(batcher.deadline().is_none());
}
