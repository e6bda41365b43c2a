//! The words of labelled texts that the scorer may judge, each with what it is.

use std::ops::Range;

use redactor::Redactor;
use redactor::scorer::{Class, candidates};

use super::fill::Case;

/// When the texts are read: as the program that scores has it.
const AS_OF: i64 = 1_780_272_000_000_000;

/// What a word counts that a rule finds anyhow, beside one that the rules leave: there are many of them, and they are
/// easier.
const WEIGHT_OF_FOUND: f64 = 0.2;

/// Findings of these kinds do not say that somebody is spoken of.
const NOBODYS: [&str; 8] = ["DATE", "AGE", "IP", "SECRET", "URL", "ZIP", "OPAQUE", "ID"];

/// A word, and what it is.
pub(crate) struct Row {
    pub(crate) features: Vec<u32>,
    pub(crate) identifier: bool,
    pub(crate) class: Option<Class>,
    pub(crate) weight: f64,
    /// It has one.
    pub(crate) digits: bool,
    /// The rules leave it.
    pub(crate) left: bool,
    /// The labels of its set of which it is a part.
    pub(crate) labels: Vec<usize>,
}

/// The words of one author's texts.
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) rows: Vec<Row>,
    /// Whether the rules find each label.
    pub(crate) found: Vec<bool>,
}

/// A label of a text: its place in the set, what it is, where it stands.
struct Labelled {
    label: usize,
    class: Option<Class>,
    spans: Vec<Range<usize>>,
}

impl Set {
    /// The texts of `cases`; those of nobody stand behind one of `persons`, since they are not judged by themselves.
    pub(crate) fn new(name: String, redactor: &Redactor, cases: &[Case], persons: &[Case]) -> Set {
        let mut set = Set { name, rows: Vec::new(), found: Vec::new() };
        for case in cases {
            set.add(redactor, case);
        }
        let persons = persons.iter().filter(|case| !case.labels.is_empty()).cycle();
        for (case, person) in cases.iter().filter(|case| case.labels.is_empty()).zip(persons) {
            set.add_behind(redactor, person, case);
        }
        set
    }

    fn add(&mut self, redactor: &Redactor, case: &Case) {
        let covered = covered(redactor, &case.text);
        let labels: Vec<Labelled> = (case.labels.iter().zip(self.found.len()..))
            .map(|(label, at)| Labelled {
                label: at,
                class: class_of(&label.kind),
                spans: label.spans.iter().filter(|span| is_whole(&case.text, span)).cloned().collect(),
            })
            .collect();
        let found = |labelled: &Labelled| {
            labelled.spans.iter().any(|span| covered.1.iter().any(|range| overlap(range, span)))
        };
        self.found.extend(labels.iter().map(found));
        let (somebody, covered) = covered;
        if !somebody {
            return;
        }
        self.rows.extend(rows(&case.text, &covered, &labels, 1.0, true, |_| true));
        if covered.len() < 2 {
            return;
        }
        // What a rule finds, as if none had.
        for (at, span) in covered.iter().enumerate() {
            let others = [&covered[..at], &covered[at + 1..]].concat();
            let part = |range: &Range<usize>| overlap(range, span);
            self.rows.extend(rows(&case.text, &others, &labels, WEIGHT_OF_FOUND, false, part));
        }
    }

    fn add_behind(&mut self, redactor: &Redactor, person: &Case, case: &Case) {
        let text = format!("{}\n\n{}", person.text, case.text);
        let (somebody, covered) = covered(redactor, &text);
        if somebody {
            let from = text.len() - case.text.len();
            self.rows.extend(rows(&text, &covered, &[], 1.0, true, |range| range.start >= from));
        }
    }
}

/// The words of a text that `wanted` takes.
fn rows(
    text: &str,
    covered: &[Range<usize>],
    labels: &[Labelled],
    weight: f64,
    left: bool,
    wanted: impl Fn(&Range<usize>) -> bool,
) -> Vec<Row> {
    let candidates = candidates(text, covered).into_iter().filter(|candidate| wanted(&candidate.range));
    candidates
        .map(|candidate| {
            let of = |label: &&Labelled| label.spans.iter().any(|span| overlap(span, &candidate.range));
            let labels: Vec<&Labelled> = labels.iter().filter(of).collect();
            Row {
                identifier: !labels.is_empty(),
                class: labels.iter().find_map(|label| label.class),
                labels: labels.iter().map(|label| label.label).collect(),
                features: candidate.features,
                weight,
                digits: text[candidate.range].bytes().any(|byte| byte.is_ascii_digit()),
                left,
            }
        })
        .collect()
}

/// What the rules find of a text, disjoint and in order, and whether any of it is somebody's.
fn covered(redactor: &Redactor, text: &str) -> (bool, Vec<Range<usize>>) {
    let findings = redactor.redact_text(text, AS_OF).map(|output| output.findings).unwrap_or_default();
    let somebody = findings.iter().any(|finding| !NOBODYS.contains(&finding.category));
    (somebody, findings.iter().map(|finding| finding.start..finding.end).collect())
}

/// Whether a value stands there by itself, not inside a longer word.
fn is_whole(text: &str, span: &Range<usize>) -> bool {
    let ends = |at: usize| {
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !(inside(text[..at].chars().next_back()) && inside(text[at..].chars().next()))
    };
    ends(span.start) && ends(span.end)
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// What a label's type is to the scorer. Of types that name the kind of text, not of identifier, nothing is learned.
fn class_of(kind: &str) -> Option<Class> {
    match kind {
        "NAME" => Some(Class::Name),
        "GEOGRAPHIC_LOCATION" | "LOCATION" | "ORGANIZATION" | "ORGANISATION" | "EMPLOYER" => {
            Some(Class::Place)
        }
        "DATE" | "AGE" => Some(Class::Date),
        "SECRET" => Some(Class::Secret),
        "BUSINESS" | "FORM" | "HL7" | "LANGUAGE" | "NOTE" | "QUERY" => None,
        _ => Some(Class::Number),
    }
}
