//! What a policy's own rules cost: few of them, ten times as many that find the same, and none.
//!
//! `cargo bench -p redactor --bench rules`. Patterns behind literals, digits, capitals and brackets, and deny lists of
//! 200 names each, on the events of the other benchmarks. Prints a table and writes `benches/results/rules.json`.

#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

#[path = "support/rules.rs"]
mod rules;
mod support;

use redactor::{Policy, Redactor, TokenKey, examined_bytes};
use rules::{DENY_LISTS, Kind, PATTERNS, TIMES};
use serde_json::json;
use support::{Density, Random, cpu_seconds, event, usage, write_results};

/// Bytes of events of each density.
const BYTES: usize = 8 << 20;
/// How often they are read under each policy, in turns; the fastest counts, since other programs take the caches in the
/// others.
const ROUNDS: usize = 5;
/// The time at which ages are reckoned, microseconds.
const AS_OF: i64 = 1_795_000_000_000_000;

fn main() {
    // `cargo bench` passes `--bench`; `cargo test --benches` does not, and then there is nothing to measure.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let none = Redactor::new(Policy::profile("coded").expect("a profile"), TokenKey::generate(), "bench");
    let none = none.expect("a sound profile");
    let redactors = [
        none,
        rules::redactor(Kind::Patterns, 1),
        rules::redactor(Kind::Patterns, TIMES),
        rules::redactor(Kind::DenyLists, 1),
        rules::redactor(Kind::DenyLists, TIMES),
    ];
    let mut results = json!({
        "patterns": [PATTERNS, PATTERNS * TIMES], "deny_lists": [DENY_LISTS, DENY_LISTS * TIMES],
    });
    for (name, density) in [("dense", Density::Dense), ("typical", Density::Typical)] {
        let (mut random, mut events, mut bytes) = (Random(7), Vec::new(), 0);
        while bytes < BYTES {
            let event = event(&mut random, density);
            bytes += event.len();
            events.push(event);
        }
        let (mut seconds, mut examined, mut findings) = ([f64::INFINITY; 5], [0; 5], [0; 5]);
        for _ in 0..ROUNDS {
            for (at, redactor) in redactors.iter().enumerate() {
                let (before, examined_before) = (cpu_seconds(&usage(libc::RUSAGE_SELF)), examined_bytes());
                findings[at] = 0;
                for event in &events {
                    let output = redactor.redact_json(event.as_bytes(), AS_OF).expect("valid JSON");
                    findings[at] += output.findings.len();
                }
                seconds[at] = seconds[at].min(cpu_seconds(&usage(libc::RUSAGE_SELF)) - before);
                examined[at] = examined_bytes() - examined_before;
            }
        }
        assert_eq!(
            [findings[1], findings[3]],
            [findings[2], findings[4]],
            "the rules that are more find nothing"
        );
        let per_gb = seconds.map(|seconds| (seconds / (bytes as f64 / 1e9) * 10.0).round() / 10.0);
        let per_byte = examined.map(|examined| (examined as f64 / bytes as f64 * 100.0).round() / 100.0);
        results[name] = json!({
            "megabytes": (bytes as f64 / 1e6).round(),
            "without_rules": {
                "cpu_s_per_gb": per_gb[0], "examined_bytes_per_byte": per_byte[0], "findings": findings[0],
            },
        });
        println!("{name}: {} CPU-s/GB without rules, {} findings", per_gb[0], findings[0]);
        for (kind, few) in [("patterns", 1), ("deny_lists", 3)] {
            let many = few + 1;
            let times = (seconds[many] / seconds[few] * 100.0).round() / 100.0;
            println!(
                "{name}, {kind}: {} CPU-s/GB, {TIMES} times as many {}: {times} times; examined {} and {} bytes a byte; {} findings",
                per_gb[few], per_gb[many], per_byte[few], per_byte[many], findings[few],
            );
            results[name][kind] = json!({
                "cpu_s_per_gb": [per_gb[few], per_gb[many]],
                "times": times,
                "examined_bytes_per_byte": [per_byte[few], per_byte[many]],
                "findings": findings[few],
            });
        }
    }
    let path = write_results("rules", "cargo bench -p redactor --bench rules", results)
        .expect("results can be written");
    println!("wrote {}", path.display());
}
