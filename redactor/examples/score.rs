//! Scores the detectors on labelled text: `cargo run -p redactor --example score -- FILE [--misses]`.
//!
//! FILE is one JSON object a line, `text` and `phi: [{identifier_type, value}]`. Printed: recall by any overlap and the
//! leak rate (a labelled value of which a letter or digit survives) for each type, and the share of texts without
//! identifiers that would be changed; Wilson intervals of 95% behind each. The spans are those of the profile `strict`:
//! every hit, those that need company only beside another, and the propagated names. `--misses` lists what was missed
//! and what was changed in clean texts.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::process::ExitCode;

use redactor::detect::{self, Hit, Mention, NEEDS_COMPANY, Names, Text};

/// Hits and labels counted for one type.
#[derive(Default)]
struct Count {
    labels: u32,
    found: u32,
    leaked: u32,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(file) = arguments.next() else {
        println!("usage: score FILE [--misses]");
        return ExitCode::from(2);
    };
    let list = arguments.any(|argument| argument == "--misses");
    let lines = match std::fs::read_to_string(&file) {
        Ok(lines) => lines,
        Err(error) => {
            println!("{file}: {error}");
            return ExitCode::from(2);
        }
    };
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let (mut clean, mut changed) = (0, 0);
    for (number, line) in lines.lines().enumerate() {
        let Ok(case) = serde_json::from_str::<serde_json::Value>(line) else {
            println!("line {}: not JSON, skipped", number + 1);
            continue;
        };
        let text = case["text"].as_str().unwrap_or_default();
        let labels = case["phi"].as_array().map(Vec::as_slice).unwrap_or_default();
        let hits = spans(text);
        if labels.is_empty() {
            clean += 1;
            changed += u32::from(!hits.is_empty());
            for hit in hits.iter().filter(|_| list) {
                println!("changed {}: {:?} {} in {text:?}", number + 1, &text[hit.start..hit.end], hit.rule);
            }
        }
        let gone = gone(text, &hits);
        for label in labels {
            let kind = label["identifier_type"].as_str().unwrap_or("?");
            let value = label["value"].as_str().unwrap_or_default();
            let (found, whole) = judge(text, value, &gone);
            for kind in [kind, "all"] {
                let count = counts.entry(kind.to_string()).or_default();
                count.labels += 1;
                count.found += u32::from(found);
                count.leaked += u32::from(!whole);
            }
            if list && !whole {
                let what = if found { "leaked" } else { "missed" };
                println!("{what} {}: {kind} {value:?} in {text:?}", number + 1);
            }
        }
    }
    println!("{:<32} {:>6}  recall by any overlap    leak", "type", "labels");
    for (kind, count) in &counts {
        println!(
            "{kind:<32} {:>6}  {}  {}",
            count.labels,
            rate(count.found, count.labels),
            rate(count.leaked, count.labels)
        );
    }
    println!("{:<32} {clean:>6}  {}", "clean texts changed", rate(changed, clean));
    ExitCode::SUCCESS
}

/// What `strict` would replace.
fn spans(text: &str) -> Vec<Hit> {
    let prepared = Text::new(text, None, 1_735_689_600_000_000);
    let mut hits = Vec::new();
    detect::detect(&prepared, &mut hits);
    let company = hits.iter().any(|hit| hit.score >= NEEDS_COMPANY);
    hits.retain(|hit| company || hit.score >= NEEDS_COMPANY);
    let mut seeds = Vec::new();
    Names::seeds(&prepared, &hits, &mut seeds);
    let mut mentions: Vec<Mention> = Vec::new();
    Names::new(seeds).find(&prepared, &mut mentions);
    hits.extend(mentions.into_iter().map(|mention| mention.hit));
    hits
}

/// Which bytes are covered.
fn gone(text: &str, hits: &[Hit]) -> Vec<bool> {
    let mut gone = vec![false; text.len()];
    for hit in hits {
        gone[hit.start..hit.end].fill(true);
    }
    gone
}

/// Whether any occurrence is touched, and whether at each no letter or digit survives.
fn judge(text: &str, value: &str, gone: &[bool]) -> (bool, bool) {
    let (mut found, mut whole) = (false, true);
    for (start, _) in text.match_indices(value) {
        let span = start..start + value.len();
        found |= gone[span.clone()].iter().any(|gone| *gone);
        whole &= text[span.clone()].char_indices().all(|(at, c)| !c.is_alphanumeric() || gone[start + at]);
    }
    (found, whole)
}

/// A share with its Wilson interval of 95%.
fn rate(part: u32, of: u32) -> String {
    if of == 0 {
        return "-".to_string();
    }
    const Z: f64 = 1.96;
    let (n, p) = (f64::from(of), f64::from(part) / f64::from(of));
    let middle = p + Z * Z / (2.0 * n);
    let width = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    format!(
        "{:5.1}% ({:4.1}-{:5.1})",
        100.0 * p,
        100.0 * (middle - width) / scale,
        100.0 * (middle + width) / scale
    )
}
