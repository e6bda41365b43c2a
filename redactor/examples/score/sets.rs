//! The sets that are scored and learned from: files of labelled lines, and templates filled.

use super::fill::{Case, Filler, Label};
use super::lists::{Half, Lists};

/// How often each template is filled.
const FILLED: usize = 6;

/// A seed of its own for each half.
pub(crate) fn seed(half: Half) -> u64 {
    match half {
        Half::Development => 20_260_601,
        Half::Heldout => 20_260_602,
    }
}

/// The texts of a half, each template filled several times.
pub(crate) fn generated(lists: &Lists, seed: u64) -> Vec<Case> {
    let mut filler = Filler::new(lists, seed);
    (0..FILLED).flat_map(|_| lists.templates.iter()).map(|template| filler.fill(template)).collect()
}

/// Reads a labelled file. Only values are labelled: each place where one stands counts.
pub(crate) fn read(file: &str) -> Result<Vec<Case>, String> {
    let lines = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let mut cases = Vec::new();
    for (number, line) in lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let value: serde_json::Value = serde_json::from_str(line)
            .map_err(|error| format!("{file}: line {} is no JSON (column {})", number + 1, error.column()))?;
        let text = value["text"].as_str().unwrap_or_default().to_string();
        let labels = value["phi"].as_array().map(Vec::as_slice).unwrap_or_default();
        let labels = labels.iter().map(|label| labelled(label, &text)).collect();
        cases.push(Case { text, labels, near: None });
    }
    Ok(cases)
}

fn labelled(label: &serde_json::Value, text: &str) -> Label {
    let value = label["value"].as_str().unwrap_or_default().to_string();
    let spans = text.match_indices(&value).map(|(at, value)| at..at + value.len()).collect();
    Label { kind: label["identifier_type"].as_str().unwrap_or("?").to_string(), form: "", value, spans }
}
