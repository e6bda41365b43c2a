//! Bytes a second and core on texts made to be slow, tokens a second, and how long the engine takes to start.
//!
//! `cargo bench -p redactor --bench adversarial`. Profile `coded`. Prints the slowest inputs and writes
//! `benches/results/adversarial.json`. Making a token costs the same for a short and a long value, so a text that is
//! nothing but short identifiers is bound by that, not by reading: tokens a second are stated apart.

#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

#[path = "support/adversarial.rs"]
mod adversarial;
mod support;

use std::process::Command;
use std::time::Instant;

use adversarial::INPUTS;
use redactor::{Action, Policy, Redactor, TokenKey};
use serde_json::json;
use support::{cpu_seconds, usage, write_results};

/// Bytes of each input.
const BYTES: usize = 1 << 20;
/// How often each is read; the fastest counts, since other programs take the caches in the others.
const ROUNDS: usize = 3;
/// How often the engine is started, each time in a process of its own.
const STARTS: usize = 11;
/// The argument with which this program starts itself to time a start.
const START: &str = "--start";
/// Of how many tokens the speed is taken.
const TOKENS: usize = 200_000;

fn main() {
    let given = |wanted: &str| std::env::args().any(|argument| argument == wanted);
    if given(START) {
        println!("{}", start_seconds());
        return;
    }
    // `cargo bench` passes `--bench`; `cargo test --benches` does not, and then there is nothing to measure.
    if !given("--bench") {
        return;
    }
    let redactor = redactor();
    let mut inputs = Vec::new();
    for input in INPUTS {
        let text = input.of(BYTES);
        let (mut seconds, mut tokens) = (f64::INFINITY, 0);
        for _ in 0..ROUNDS {
            let before = cpu_seconds(&usage(libc::RUSAGE_SELF));
            let output = match input.json {
                true => redactor.redact_json(text.as_bytes(), 0),
                false => redactor.redact_text(&text, 0),
            };
            seconds = seconds.min(cpu_seconds(&usage(libc::RUSAGE_SELF)) - before);
            let findings = output.expect("no more than a document may be").findings;
            tokens = findings.iter().filter(|span| span.action == Action::Token).count();
        }
        inputs.push((
            text.len() as f64 / 1e6 / seconds,
            tokens as f64 / (text.len() as f64 / 1024.0),
            input.name,
        ));
    }
    inputs.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (speed, tokens, name) in &inputs {
        println!("{speed:>8.1} MB/s and core, {tokens:>6.1} tokens a KB: {name}");
    }
    let tokens_per_s = tokens_per_second(&redactor);
    println!("{tokens_per_s:.0} tokens a second and core");
    let mut starts: Vec<f64> = (0..STARTS).map(|_| start_elsewhere()).collect();
    starts.sort_by(f64::total_cmp);
    let start_ms = starts[STARTS / 2] * 1000.0;
    println!("start with all rules: {start_ms:.1} ms, the median of {STARTS} processes");
    let (worst_mb_per_s, _, worst) = inputs[0];
    let rounded = |value: f64| (value * 10.0).round() / 10.0;
    let slowest = inputs.iter().map(|(speed, tokens, name)| {
        json!({"input": name, "mb_per_s_per_core": rounded(*speed), "tokens_per_kb": rounded(*tokens)})
    });
    let results = json!({
        "inputs": INPUTS.len(),
        "bytes_each": BYTES,
        "worst": worst,
        "worst_mb_per_s_per_core": rounded(worst_mb_per_s),
        "tokens_per_s_per_core": tokens_per_s.round(),
        "start_ms": rounded(start_ms),
        "slowest_first": slowest.collect::<Vec<_>>(),
    });
    let path = write_results("adversarial", "cargo bench -p redactor --bench adversarial", results)
        .expect("results can be written");
    println!("wrote {}", path.display());
}

fn redactor() -> Redactor {
    let policy = Policy::profile("coded").expect("a built-in profile");
    Redactor::new(policy, TokenKey::generate(), "bench").expect("the profile is sound")
}

/// Tokens alone, of short values that all differ.
fn tokens_per_second(redactor: &Redactor) -> f64 {
    let before = cpu_seconds(&usage(libc::RUSAGE_SELF));
    for number in 0..TOKENS {
        std::hint::black_box(redactor.tokens("MRN", &format!("{number:08}")));
    }
    TOKENS as f64 / (cpu_seconds(&usage(libc::RUSAGE_SELF)) - before)
}

/// Policy, key, tables and the first text, as a program that starts has to wait for them.
fn start_seconds() -> f64 {
    let started = Instant::now();
    let example = "Patient Anna Sorel, MRN 88213456, password=Tr0ub4dor&3, 1.2.3.4, Springfield, IL 62704";
    std::hint::black_box(redactor().redact_text(example, 0).expect("a small text"));
    started.elapsed().as_secs_f64()
}

fn start_elsewhere() -> f64 {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new(program).arg(START).output().expect("this program starts");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("seconds")
}
