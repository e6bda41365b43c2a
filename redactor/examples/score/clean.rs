//! Clean text: source code, system logs, drug and lab texts in which nobody is named. What is found in it is false.

use super::lists::records;
use super::random::Random;

/// Bytes of each kind that are made.
const BYTES_OF_A_KIND: usize = 40 << 10;

#[rustfmt::skip]
const WORDS: [&str; 40] = [
    "batch", "cursor", "shard", "index", "ledger", "bucket", "router", "parser", "buffer", "worker", "replica", "segment",
    "window", "metric", "filter", "policy", "tenant", "widget", "session", "invoice", "payload", "schema", "queue", "token",
    "cache", "digest", "stream", "offset", "quota", "report", "vector", "kernel", "record", "sample", "column", "writer",
    "reader", "manifest", "snapshot", "planner",
];

#[rustfmt::skip]
const DRUGS: [&str; 12] = [
    "amiodarone", "bisoprolol", "candesartan", "duloxetine", "edoxaban", "furosemide", "glimepiride", "hydroxyzine",
    "ivabradine", "ketorolac", "lamotrigine", "mirtazapine",
];

/// The texts, each with its kind.
pub(crate) fn texts() -> Vec<(&'static str, String)> {
    let mut random = Random::new(0xc1ea);
    let records: Vec<(&str, &str)> = records(include_str!("../../evaluation/clean.txt")).collect();
    let mut texts = Vec::new();
    for kind in ["code", "log", "lab"] {
        let mut bytes = 0;
        for (_, text) in records.iter().filter(|(head, _)| *head == kind).cycle() {
            if bytes >= BYTES_OF_A_KIND {
                break;
            }
            let text = fill(text, &mut random);
            bytes += text.len();
            texts.push((kind, text));
        }
    }
    texts
}

fn fill(template: &str, random: &mut Random) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(open) = rest.find("<<") {
        let Some(close) = rest[open..].find(">>").map(|close| open + close) else { break };
        text.push_str(&rest[..open]);
        // `List<<<Id>>>` opens with a bracket of its own.
        let key = rest[open + 2..close].trim_start_matches('<');
        text.extend(std::iter::repeat_n('<', close - open - 2 - key.len()));
        text.push_str(&slot(key, random));
        rest = &rest[close + 2..];
    }
    text.push_str(rest);
    text
}

fn slot(key: &str, random: &mut Random) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    };
    match key {
        "id" => (*random.pick(&WORDS)).to_string(),
        "Id" => {
            let word = *random.pick(&WORDS);
            capital(word)
        }
        "ID" => random.pick(&WORDS).to_uppercase(),
        "drug" => (*random.pick(&DRUGS)).to_string(),
        "Drug" => {
            let drug = *random.pick(&DRUGS);
            capital(drug)
        }
        "dose" => (*random.pick(&["5", "10", "20", "25", "40", "100"])).to_string(),
        "digit" => random.between(1, 9).to_string(),
        "int" => random.between(10, 4999).to_string(),
        "dec" => format!("{}.{:02}", random.below(40), random.below(100)),
        "dec6" => random.shape("@####.######"),
        "epoch" => random.between(1_700_000_000, 1_799_999_999).to_string(),
        "epoch9" => random.between(100_000_000, 999_999_999).to_string(),
        "version" => format!("{}.{}.{}", random.below(9), random.below(40), random.below(12)),
        "hex6" => random.hex(6),
        "hex7" => random.hex(7),
        "hex8" => random.hex(8),
        "hex16" => random.hex(16),
        "hex32" => random.hex(32),
        "hex40" => random.hex(40),
        "hex64" => random.hex(64),
        "uuid" => super::ids::grouped(&random.hex(32), &[8, 4, 4, 4], "-"),
        "ulid" => format!("01{}", random.shape("&&&&&&&&&&&&&&&&&&&&&&&&")),
        "ts" => format!(
            "2026-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            random.between(1, 12),
            random.between(1, 28),
            random.below(24),
            random.below(60),
            random.below(60),
            random.below(1000)
        ),
        other => unreachable!("no such slot: {other}"),
    }
}
