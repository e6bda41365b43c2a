//! CPU time of each stage between Kafka and the store: `cargo run --release -p ingest --example stages [MEGABYTES]
//! [ROUNDS]`.
//!
//! The events of the benchmark `pipeline` (LiteLLM's shape, 4 KB, dense), decoded, redacted under profile `coded` and
//! built into segments on one core, without broker and store. For work on the stages; the numbers that are published are
//! the benchmark's. With `MIMALLOC_PURGE_DELAY=-1` in the environment memory is kept, as `sealake ingest` does. Under
//! `valgrind --tool=callgrind --toggle-collect=stages::stage_decode` (or `stage_redact`, `stage_seal`) it counts one
//! stage's instructions; valgrind has no SHA instructions, so that hashing is many times what it is.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

#[path = "../../benches/support/mod.rs"]
mod support;

use std::sync::Arc;

use auditstore::segment::Row;
use ingest::format::{self, Choice, Decoded, PAYLOAD_BYTES_MAX};
use ingest::message::Message;
use mimalloc::MiMalloc;
use redactor::{Actor, Policy, Redactor, TokenKey};
use schemas::{Record, event};
use support::{Density, Random, cpu_seconds, event, usage};

/// As in the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Bytes of messages in a batch, the default of `[batch] bytes_max`.
const BATCH_BYTES: usize = 32 << 20;
/// Microseconds since 1970 when the messages are said to be read.
const NOW: i64 = 1_795_100_000_000_000;

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let megabytes: usize = arguments.next().unwrap_or(32);
    let rounds: usize = arguments.next().unwrap_or(3);
    let policy = Policy::profile("coded").expect("a built-in profile");
    let redactor = Redactor::new(policy, TokenKey::generate(), "stages").expect("the profile is sound");
    let mut random = Random(7);
    let (mut messages, mut bytes) = (Vec::new(), 0);
    while bytes < megabytes * 1_000_000 {
        messages.push(message(messages.len(), event(&mut random, Density::Dense)));
        bytes += messages.last().map_or(0, Message::payload_bytes);
    }
    let (mut spent, mut sealed) = ([0.0; 3], 0);
    for batch in messages.chunks((BATCH_BYTES * messages.len() / bytes).max(1)) {
        let events = fastest(rounds, &mut spent[0], || stage_decode(batch, &redactor));
        let rows = fastest(1, &mut spent[1], || stage_redact(events.clone(), &redactor));
        sealed += fastest(rounds, &mut spent[2], || stage_seal(&rows));
    }
    let gigabytes = bytes as f64 / 1e9;
    println!("{} messages, {bytes} bytes; segments {sealed} bytes", messages.len());
    for (name, seconds) in ["decode", "redact", "seal"].into_iter().zip(spent) {
        println!("{name}: {:.2} CPU-s/GB", seconds / gigabytes);
    }
}

/// Adds the time of the fastest round, since other programs take the caches in the others.
fn fastest<T>(rounds: usize, spent: &mut f64, stage: impl Fn() -> T) -> T {
    let round = || {
        let before = cpu_seconds(&usage(libc::RUSAGE_SELF));
        let result = stage();
        (cpu_seconds(&usage(libc::RUSAGE_SELF)) - before, result)
    };
    let (mut best, mut result) = round();
    for _ in 1..rounds {
        let (seconds, again) = round();
        (best, result) = (seconds.min(best), again);
    }
    *spent += best;
    result
}

fn message(at: usize, payload: String) -> Message {
    Message {
        topic: Arc::from("stages"),
        partition: 0,
        offset: i64::try_from(at).unwrap_or(i64::MAX),
        timestamp_ms: Some(NOW / 1000),
        key: None,
        headers: Vec::new(),
        payload: Some(payload.into()),
        leader_epoch: Some(0),
    }
}

#[inline(never)]
fn stage_decode(messages: &[Message], redactor: &Redactor) -> Vec<(Record, Actor)> {
    let choice = Choice::from_name("litellm").expect("a format");
    let hash = |bytes: &[u8]| redactor.keyed_hash(bytes);
    let values = messages.iter().map(|message| message.payload.as_deref().unwrap_or_default());
    let raw_hashes = redactor.keyed_hashes(values);
    let mut events = Vec::with_capacity(messages.len());
    for (message, raw_hash) in messages.iter().zip(raw_hashes) {
        let context = format::Context {
            site: "stages",
            kafka_source: "kafka:stages",
            ingest_time: NOW,
            raw_hash,
            hash: &hash,
            payload_bytes_max: PAYLOAD_BYTES_MAX,
        };
        match format::decode(&choice, message, &context) {
            Decoded::Events { events: found, .. } => {
                events.extend(found.into_iter().map(|event| (event, Actor::Workforce)));
            }
            other => panic!("{other:?}"),
        }
    }
    events
}

#[inline(never)]
fn stage_redact(events: Vec<(Record, Actor)>, redactor: &Redactor) -> Vec<Row> {
    let (redacted, rejected) = redactor.redact_batch(events);
    assert!(rejected.is_empty(), "every event of the benchmark can be redacted");
    Row::of_all(&redacted).into_iter().map(|row| row.expect("a row that fits")).collect()
}

#[inline(never)]
fn stage_seal(rows: &[Row]) -> usize {
    let built = auditstore::segment::build(&event::EVENT, rows).expect("rows that fit");
    built.iter().map(|segment| segment.parquet.len()).sum()
}
