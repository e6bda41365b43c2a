//! Counts what a redactor found of the labels, what stayed readable, and what it changed for nothing.

use std::collections::BTreeMap;

use redactor::{Output, Redactor, Span};

use super::fill::{Case, Label};

/// When the texts are read: ages over 89 are reckoned from it. 2026-06-01, in microseconds.
pub(crate) const AS_OF: i64 = 1_780_272_000_000_000;

/// Categories of findings that are judged from prose; every other is a number or an address with a shape of its own.
const PROSE: [&str; 6] = ["NAME", "PLACE", "DATE", "AGE", "ORGANISATION", "EMPLOYER"];

/// Words inside labelled values that tell nothing: titles, and the small words between.
#[rustfmt::skip]
const TELL_NOTHING: [&str; 22] = [
    "dr", "mr", "mrs", "ms", "md", "prof", "the", "of", "and", "in", "at", "on", "to", "de", "du", "van", "von", "der", "la",
    "practice", "office", "s",
];

/// Hits and labels of one row.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) labels: u32,
    pub(crate) found: u32,
    pub(crate) leaked: u32,
    /// As `leaked`, but what the profile permits (year, state, ZIP-3, 90 or older) does not count.
    pub(crate) not_permitted: u32,
    pub(crate) verbatim: u32,
}

/// All counts of a set.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) rows: BTreeMap<String, Count>,
    pub(crate) structured_right: u32,
    pub(crate) structured_wrong: BTreeMap<&'static str, u32>,
    /// Words beside the identifiers of a text that has some, and how many of them were replaced.
    pub(crate) others: u32,
    pub(crate) others_replaced: u32,
    pub(crate) clean: u32,
    pub(crate) changed: u32,
    /// What was missed, leaked or changed, in words; filled only if asked for.
    pub(crate) misses: Option<Vec<String>>,
}

/// What became of one label.
struct Judged {
    found: bool,
    leaked: bool,
    not_permitted: bool,
    verbatim: bool,
}

impl Tally {
    pub(crate) fn new(list: bool) -> Tally {
        Tally { misses: list.then(Vec::new), ..Tally::default() }
    }

    /// Redacts one text and counts.
    pub(crate) fn add(&mut self, redactor: &Redactor, case: &Case) {
        let Ok(output) = redactor.redact_text(&case.text, AS_OF) else {
            self.note(|| "refused a text".to_string());
            return;
        };
        if case.labels.is_empty() {
            self.clean += 1;
            self.changed += u32::from(output.text != case.text);
            for finding in &output.findings {
                self.note(|| format!("changed {} in {:?}", described(finding, &case.text), case.text));
            }
            return;
        }
        for label in &case.labels {
            let judged = judge(label, &case.text, &output);
            for row in rows(label, case.near) {
                let count = self.rows.entry(row).or_default();
                count.labels += 1;
                count.found += u32::from(judged.found);
                count.leaked += u32::from(judged.leaked);
                count.not_permitted += u32::from(judged.not_permitted);
                count.verbatim += u32::from(judged.verbatim);
            }
            if judged.not_permitted {
                let what = if judged.found { "leaked" } else { "missed" };
                self.note(|| {
                    format!(
                        "{what} {}/{} {:?} in {:?}",
                        label.kind,
                        label.form,
                        label.value,
                        around(label, case)
                    )
                });
            }
        }
        self.precision(case, &output);
        self.others(case, &output);
    }

    /// What goes of a text beside its identifiers.
    fn others(&mut self, case: &Case, output: &Output) {
        let replaced = || output.findings.iter().filter(|finding| finding.action != redactor::Action::Keep);
        let labels = || case.labels.iter().flat_map(|label| &label.spans);
        let words = case.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        for word in words {
            let start = word.as_ptr().addr() - case.text.as_ptr().addr();
            let range = start..start + word.len();
            if labels().any(|span| span.start < range.end && range.start < span.end) {
                continue;
            }
            self.others += 1;
            self.others_replaced += u32::from(replaced().any(|finding| touches(finding, &range)));
        }
    }

    /// A finding of a structured category is right if it touches any labelled value.
    fn precision(&mut self, case: &Case, output: &Output) {
        for finding in output.findings.iter().filter(|finding| !PROSE.contains(&finding.category)) {
            let right = case.labels.iter().flat_map(|label| &label.spans).any(|span| touches(finding, span));
            if right {
                self.structured_right += 1;
            } else {
                *self.structured_wrong.entry(finding.category).or_default() += 1;
                self.note(|| format!("false {} in {:?}", described(finding, &case.text), case.text));
            }
        }
    }

    fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(misses) = &mut self.misses {
            misses.push(line());
        }
    }
}

/// The rows that a label counts in.
fn rows(label: &Label, near: Option<bool>) -> Vec<String> {
    let mut rows = vec!["= all".to_string()];
    let group = match label.kind.as_str() {
        "NAME" => "= names",
        "GEOGRAPHIC_LOCATION" => "= places",
        "DATE" => "= dates",
        "AGE" | "EMPLOYER" => "",
        _ => "= numbers",
    };
    rows.extend((!group.is_empty()).then(|| group.to_string()));
    if let Some(near) = near {
        let near = if near { "keyword or title near" } else { "nothing near" };
        rows.push(format!("= all, {near}"));
        rows.extend((group == "= numbers").then(|| format!("= numbers, {near}")));
    }
    rows.push(label.kind.clone());
    rows.extend((!label.form.is_empty()).then(|| format!("{} ({})", label.kind, label.form)));
    rows
}

fn touches(finding: &Span, span: &std::ops::Range<usize>) -> bool {
    finding.start < span.end && span.start < finding.end
}

/// A label is found if any place of it is touched; it leaked if at any place a letter or digit of it is still there.
fn judge(label: &Label, text: &str, output: &Output) -> Judged {
    let mut judged = Judged { found: false, leaked: false, not_permitted: false, verbatim: false };
    for span in &label.spans {
        let findings: Vec<&Span> = output.findings.iter().filter(|finding| touches(finding, span)).collect();
        judged.found |= findings.iter().any(|finding| finding.action != redactor::Action::Keep);
        let words = left(span, &findings, text, output);
        judged.leaked |= !words.is_empty();
        judged.not_permitted |= words.iter().any(|word| !permitted(word));
    }
    judged.verbatim = verbatim(&label.value.to_lowercase(), &output.text.to_lowercase());
    judged
}

/// The words that a reader of the output sees where the value was, but for titles and our own placeholders.
fn left(span: &std::ops::Range<usize>, findings: &[&Span], text: &str, output: &Output) -> Vec<String> {
    let mut seen = String::new();
    let mut at = span.start;
    for finding in findings {
        if finding.start > at {
            seen.push_str(&text[at..finding.start]);
        }
        seen.push(' ');
        // A placeholder stands in brackets; what is generalised stands bare.
        let put = &output.text[finding.out_start..finding.out_end];
        seen.push_str(if put.starts_with('[') && put.ends_with(']') { "" } else { put });
        seen.push(' ');
        at = at.max(finding.end);
    }
    seen.push_str(text.get(at..span.end).unwrap_or_default());
    seen.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .filter(|word| !TELL_NOTHING.contains(&word.as_str()))
        .collect()
}

/// What 45 CFR 164.514(b)(2)(i) leaves: a year, a state, the first three digits of a ZIP code, 90 or older.
fn permitted(word: &str) -> bool {
    let digits = word.chars().all(|c| c.is_ascii_digit());
    let number: u32 = word.parse().unwrap_or(0);
    let state = ["ohio", "arizona", "connecticut"].contains(&word)
        || "il id fl tn ma nd la wa co mi ny nc sd ca oh az ct tx ga wi"
            .split(' ')
            .any(|state| state == word);
    state || digits && (word.len() == 3 || word.len() == 4 && (1900..2100).contains(&number)) || word == "90"
}

/// Whether the value still stands in the output, as whole words, whatever its case.
fn verbatim(value: &str, output: &str) -> bool {
    let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    output.match_indices(value).any(|(at, _)| {
        !joins(output[..at].chars().next_back()) && !joins(output[at + value.len()..].chars().next())
    })
}

/// The category, rules and text of a finding.
pub(crate) fn described(finding: &Span, text: &str) -> String {
    format!("{} {} {:?}", finding.category, finding.rules, &text[finding.start..finding.end])
}

/// Forty characters either side of a label.
fn around(label: &Label, case: &Case) -> String {
    let Some(span) = label.spans.first() else { return String::new() };
    let (before, behind) = (&case.text[..span.start], &case.text[span.end..]);
    let from = before.char_indices().rev().nth(39).map_or(0, |(at, _)| at);
    let to = behind.char_indices().nth(40).map_or(behind.len(), |(at, _)| at);
    format!("{}{{{}}}{}", &before[from..], label.value, &behind[..to])
}

/// A share with its Wilson interval of 95% (Wilson, J. Am. Stat. Assoc. 22, 1927).
pub(crate) fn rate(part: u32, of: u32) -> String {
    if of == 0 {
        return format!("{:>20}", "-");
    }
    const Z: f64 = 1.96;
    let (n, p) = (f64::from(of), f64::from(part) / f64::from(of));
    let middle = p + Z * Z / (2.0 * n);
    let width = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    // Rounding may leave less than nothing where nothing was found.
    let low = (100.0 * (middle - width) / scale).max(0.0);
    let high = 100.0 * (middle + width) / scale;
    format!("{:5.1} % ({low:4.1}-{high:5.1})", 100.0 * p)
}
