//! Bytes a second and core of the redactor: whole gateway events, raw JSON in, redacted JSON out, profile `coded`
//! with names, tokens and findings on, nothing kept between events, 24 of them given at once.
//!
//! `cargo bench --bench redact`. Prints a table and writes `benches/results/redact.json`.

#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

mod support;

use std::time::Instant;

use redactor::{Policy, Redactor, TokenKey};
use serde_json::json;
use support::{Density, Random, cpu_seconds, event, usage, write_results};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Bytes of events of each density.
const BYTES: usize = 32 << 20;
/// How many events are given at once, as the filter and ingest give them.
const BATCH: usize = 24;

fn main() {
    // `cargo bench` passes `--bench`; `cargo test --benches` does not, and then there is nothing to measure.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let policy = Policy::profile("coded").expect("a built-in profile");
    let redactor = Redactor::new(policy, TokenKey::generate(), "bench").expect("the profile is sound");
    let mut results = json!({});
    for (name, density) in [("dense", Density::Dense), ("typical", Density::Typical)] {
        let mut random = Random(7);
        let mut events = Vec::new();
        let mut bytes = 0;
        while bytes < BYTES {
            let event = event(&mut random, density);
            bytes += event.len();
            events.push(event);
        }
        let (started, before) = (Instant::now(), cpu_seconds(&usage(libc::RUSAGE_SELF)));
        let mut findings = 0;
        let mut out = 0;
        for batch in events.chunks(BATCH) {
            let batch: Vec<&[u8]> = batch.iter().map(String::as_bytes).collect();
            for output in redactor.redact_json_batch(&batch, 1_795_000_000_000_000) {
                let output = output.expect("valid JSON");
                findings += output.findings.len();
                out += output.text.len();
            }
        }
        let cpu = cpu_seconds(&usage(libc::RUSAGE_SELF)) - before;
        let megabytes = bytes as f64 / 1e6;
        println!(
            "{name}: {} events, {megabytes:.0} MB, {:.1} findings a KB, {:.0} MB/s and core ({:.1} s wall), {:.1} CPU-s/GB",
            events.len(),
            findings as f64 / (bytes as f64 / 1024.0),
            megabytes / cpu,
            started.elapsed().as_secs_f64(),
            cpu / (bytes as f64 / 1e9),
        );
        assert!(findings > 0 && out > 0);
        results[name] = json!({
            "megabytes": megabytes.round(),
            "mb_per_s_per_core": (megabytes / cpu).round(),
            "cpu_s_per_gb": (cpu / (bytes as f64 / 1e9) * 10.0).round() / 10.0,
            "findings_per_kb": (findings as f64 / (bytes as f64 / 1024.0) * 10.0).round() / 10.0,
        });
    }
    let path =
        write_results("redact", "cargo bench --bench redact", results).expect("results can be written");
    println!("wrote {}", path.display());
}
