//! Medical record numbers, 45 CFR 164.514(b)(2)(i)(H).
//!
//! No standard gives them a shape; each hospital has its own. They are known by the keyword before them alone,
//! and by the common habit of writing it behind in brackets.

use super::keywords::{Key, KeyHit};
use super::seen::Seen;
use super::text::{Shape, Text};
use super::value::{self, Value};
use super::words::Words;
use super::{Category, Detector, Hit, Needs};

/// Finds medical record numbers.
pub(super) struct Mrn;

impl Detector for Mrn {
    fn id(&self) -> &'static str {
        "mrn"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Mrn]
    }

    fn example(&self) -> &'static str {
        "admitted (MRN: #SF-998877)"
    }

    fn needs(&self) -> Needs {
        Needs::key(Key::Name).or(Needs::key(Key::Mrn)).or(Needs::signs(b"/|"))
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(4)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |found: Value, rule, score| {
            hits.push(Hit { start: found.start, end: found.end, category: Category::Mrn, rule, score })
        };
        if text.has_key(Key::Name) {
            text.keys()
                .iter()
                .filter_map(|hit| of_patient(text, hit))
                .for_each(|value| push(value, "mrn.patient", 0.85));
        }
        for (index, _) in text.numbers_like(Seen::SLASH_BEFORE) {
            if let Some(value) = in_path(text, index) {
                push(value, "mrn.path", 0.8);
            }
        }
        if text.may_hold(b'|') && text.may_hold(b':') {
            for (index, _) in text.numbers_like(Seen::BAR_BEFORE) {
                if let Some(value) = of_system(text.text, text.words()[index].start as usize) {
                    push(value, "mrn.system", 0.8);
                }
            }
        }
        value::keyed(text, &[Key::Mrn], 4, Category::Mrn, "mrn.keyword", hits);
        if !text.has_key(Key::Mrn) {
            return;
        }
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Mrn) {
            // "998877 (MRN)"
            let opened = hit.first > 0 && text.gap(hit.first - 1).trim() == "(";
            // "(MRN 445566)" has its number inside.
            let closed = text.text[hit.end..].starts_with(')');
            if opened
                && closed
                && let Some(before) = text.word_at(hit.first - 1)
            {
                let start = value::start_of(text.text, before.end as usize);
                let found = value::value_at(text.text, start).filter(|value| value.digits >= 4);
                if let Some(found) = found.filter(|value| !value::measured(text.text, value)) {
                    let (start, end) = (found.start, found.end);
                    hits.push(Hit {
                        start,
                        end,
                        category: Category::Mrn,
                        rule: "mrn.bracketed",
                        score: 0.85,
                    });
                }
            }
        }
    }
}

/// Words for a person whose number stands right behind them.
static PERSONS: Words<5> = Words::new(["patient", "pt", "subject", "member", "resident"]);

/// `patient:70444444`, `patient_70444444`, `Patient/70444444`, `patient 70444444`: five digits or more, six behind a
/// space.
fn of_patient(text: &Text<'_>, hit: &KeyHit) -> Option<Value> {
    if hit.key != Key::Name || hit.first != hit.last {
        return None;
    }
    if !PERSONS.hold(text.spelled(hit.last)) {
        return None;
    }
    let gap = text.gap(hit.last);
    let (loose, digits_min) = match gap {
        ":" | "/" | "_" | "=" | "-" | "#" | "|" | "." | "::" | "=\"" | "='" | ": " | " #" | ":#" | ": #" => {
            (true, 5)
        }
        " " | " (" | " [" => (false, 6),
        _ => return None,
    };
    let next = text.word_at(hit.last + 1)?;
    // A word of more letters than a number may have begins none.
    if next.len() > 3 && !matches!(next.shape, Shape::Digits | Shape::Alnum) {
        return None;
    }
    let value = value::value_at(text.text, next.start as usize)?;
    let value = value::cut_words(text.text, value)?;
    let plain = value.letters == 0 || loose && value.letters <= 3;
    (plain && value.digits >= digits_min && !value::measured(text.text, &value)).then_some(value)
}

/// The value of a FHIR token: `urn:oid:2.16.840.1|70444444`, `https://x.org/mrn|A-70444444`.
fn of_system(text: &str, start: usize) -> Option<Value> {
    const SYSTEM_BYTES_MAX: usize = 128;
    let bytes = text.as_bytes();
    if start == 0 || bytes[start - 1] != b'|' {
        return None;
    }
    let back = bytes[..start - 1].iter().rev().take(SYSTEM_BYTES_MAX);
    let length = back.take_while(|byte| !byte.is_ascii_whitespace() && !b"\"'|,=&".contains(byte)).count();
    let system = bytes.get(start - 1 - length..start - 1)?;
    let known = system.starts_with(b"urn:") || memchr::memmem::find(system, b"://").is_some();
    known.then(|| value::value_at(text, start)).flatten().filter(|value| value.digits >= 4)
}

/// Whether a step of a path names a collection of persons, or one of them.
pub(super) fn is_of_persons(step: &str) -> bool {
    static COLLECTIONS: Words<21> = Words::new([
        "patient",
        "patients",
        "member",
        "members",
        "person",
        "persons",
        "people",
        "subject",
        "subjects",
        "subscriber",
        "subscribers",
        "resident",
        "residents",
        "encounter",
        "encounters",
        "relatedperson",
        "mrn",
        "chart",
        "charts",
        "beneficiary",
        "beneficiaries",
    ]);
    COLLECTIONS.hold(step)
}

/// The number that a path has behind a collection of persons: `/patients/70444444/labs`.
fn in_path(text: &Text<'_>, index: usize) -> Option<Value> {
    let before = index.checked_sub(1).filter(|before| text.joint(*before) == b'/')?;
    if !is_of_persons(text.spelled(before)) {
        return None;
    }
    let step = text.words()[before].start as usize;
    if step > 0 && !matches!(text.text.as_bytes()[step - 1], b'/' | b' ' | b'"' | b'\'' | b'=') {
        return None;
    }
    let start = text.words()[index].start as usize;
    let value = value::cut_words(text.text, value::value_at(text.text, start)?)?;
    // A UUID or another opaque id has more letters than a number; a version has two digits.
    let version = text.text[value.start..value.end].contains('.');
    (value.digits >= 4 && value.letters <= 4 && !version).then_some(value)
}

#[cfg(test)]
mod tests;
