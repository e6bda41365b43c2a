//! Bytes a second of one core: `cargo run --release -p redactor --example throughput [MEGABYTES] [WHAT...]`.
//!
//! The events of the benchmark `redact` (LiteLLM's shape, 4 KB, `dense` and `typical`), plain text with few hits, and
//! `event/1` records as the pipeline has them, under profile `coded`, nothing cached between events. For work on the
//! engine's inner loops; the numbers that are published are the benchmark's.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

#[path = "../../benches/support/mod.rs"]
mod support;

use redactor::{Actor, Policy, Redactor, TokenKey};
use schemas::{Record, Value, event};
use support::{Density, Random, cpu_seconds, usage};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often a corpus is read; the fastest round counts, since other programs take the caches in the others.
const ROUNDS: usize = 5;
/// How many events are given at once, about as ingest does.
const BATCH: usize = 64;
/// The time at which ages are reckoned, microseconds.
const AS_OF: i64 = 1_795_000_000_000_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let megabytes: usize = arguments.first().and_then(|n| n.parse().ok()).unwrap_or(16);
    let wanted = |what: &str| arguments.len() < 2 || arguments[1..].iter().any(|argument| argument == what);
    let policy = Policy::profile("coded").expect("a built-in profile");
    let redactor = Redactor::new(policy, TokenKey::generate(), "throughput").expect("the profile is sound");
    for (name, density) in [("dense", Density::Dense), ("typical", Density::Typical)] {
        let columns = format!("{name}-record");
        if !wanted(name) && !wanted(&columns) {
            continue;
        }
        let mut random = Random(7);
        let events = corpus(megabytes, || support::event(&mut random, density));
        if wanted(name) {
            measure(name, ROUNDS, &events, |events| {
                let events: Vec<&[u8]> = events.iter().map(String::as_bytes).collect();
                let outputs = redactor.redact_json_batch(&events, AS_OF).into_iter();
                outputs.map(|output| output.expect("valid JSON").findings.len()).sum()
            });
        }
        if wanted(&columns) {
            let mut records: Vec<Option<Record>> = events.iter().map(|event| Some(record(event))).collect();
            let mut records = records.iter_mut();
            measure(&columns, 1, &events, |events| {
                let taken = records.by_ref().take(events.len());
                let batch =
                    taken.map(|record| (record.take().expect("one for each event"), Actor::Workforce));
                let (redacted, rejected) = redactor.redact_batch(batch.collect());
                assert!(rejected.is_empty());
                redacted.iter().flat_map(|redacted| redacted.findings()).map(|(_, count)| count).sum()
            });
        }
    }
    if wanted("plain") {
        let mut random = Random(7);
        let texts = corpus(megabytes, || plain(&mut random));
        measure("plain", ROUNDS, &texts, |texts| {
            let findings = |text| redactor.redact_text(text, AS_OF).expect("a small text").findings.len();
            texts.iter().map(|text| findings(text)).sum()
        });
    }
}

fn corpus(megabytes: usize, mut make: impl FnMut() -> String) -> Vec<String> {
    let (mut items, mut bytes) = (Vec::new(), 0);
    while bytes < megabytes << 20 {
        items.push(make());
        bytes += items.last().map_or(0, String::len);
    }
    items
}

fn measure(name: &str, rounds: usize, items: &[String], mut findings_of: impl FnMut(&[String]) -> usize) {
    let mut findings = 0;
    let mut best = f64::INFINITY;
    for _ in 0..rounds {
        let before = cpu_seconds(&usage(libc::RUSAGE_SELF));
        findings = items.chunks(BATCH).map(&mut findings_of).sum();
        best = best.min(cpu_seconds(&usage(libc::RUSAGE_SELF)) - before);
    }
    let seconds = best;
    let bytes: usize = items.iter().map(String::len).sum();
    println!(
        "{name}: {} items, {:.2} findings a KB, {:.0} MB/s and core, {:.2} CPU-s/GB",
        items.len(),
        findings as f64 / (bytes as f64 / 1024.0),
        bytes as f64 / 1e6 / seconds,
        seconds / (bytes as f64 / 1e9),
    );
}

/// The event's messages, ids and the rest of it in the columns where the gateway's mapping puts them.
fn record(event: &str) -> Record {
    let mut value: serde_json::Value = serde_json::from_str(event).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let mut record = Record::new(&event::EVENT);
    record.set(event::EVENT_TIME, Value::Time(AS_OF));
    let message = |message: &serde_json::Value| serde_json::json!({"role": message["role"], "parts": [{"type": "text", "content": message["content"]}]});
    let input: Vec<_> = value["messages"].as_array().expect("messages").iter().map(message).collect();
    let output = message(&value["response"]["choices"][0]["message"]);
    record.set(event::INPUT_MESSAGES, serde_json::Value::from(input).to_string());
    record.set(event::OUTPUT_MESSAGES, serde_json::json!([output]).to_string());
    record.set(event::REQUEST_MODEL, text(&value["model"]));
    record.set(event::PROVIDER, text(&value["custom_llm_provider"]));
    record.set(event::CLIENT_IP, text(&value["requester_ip_address"]));
    for mapped in ["messages", "response", "model", "custom_llm_provider", "requester_ip_address"] {
        value.as_object_mut().expect("an object").remove(mapped);
    }
    record.set(event::UNMAPPED_JSON, value.to_string());
    record
}

/// A text of about 4 KB without structure: clinical and technical sentences, a number here and there, few hits.
fn plain(random: &mut Random) -> String {
    const SENTENCES: &[&str] = &[
        "the service returned a partial answer because the upstream model was overloaded, and the client retried \
         with exponential backoff until the second attempt succeeded within the time limit",
        "Explain what the difference between a mutex and a semaphore is, and when to prefer one over the other in a \
         web server",
        "there is no evidence of acute infarction, haemorrhage or mass effect on the computed tomography",
        "Please summarise the plan in plain language that a family member without training can follow",
        "the build fails since the linker cannot find the symbol, although the library is on its path and the \
         header is included once in every translation unit",
        "Continue the current therapy and recheck the basic metabolic panel when the next cycle is due",
    ];
    let mut text = String::with_capacity(4400);
    while text.len() < 4000 {
        text.push_str(SENTENCES[random.next() as usize % SENTENCES.len()]);
        if random.next().is_multiple_of(4) {
            text.push_str(&format!(" ({})", random.next() % 1000));
        }
        text.push_str(". ");
    }
    text.push_str(&format!("MRN {:08}.", random.next() % 100_000_000));
    text
}
