//! Markup: `<mrn>70444444</mrn>`, `<family value="Gonzalez"/>`, `<id root="…" extension="70444444"/>`.
//!
//! The name of an element or attribute tells of its content as a JSON key does. C-CDA (HL7 CDA R2.1) holds numbers
//! in `id/@extension` and times in `@value`; FHIR's XML holds everything in `@value`.

use super::text::Text;
use super::{Category, Detector, Hit, Needs, date};
use crate::keys;

/// Finds the contents of telling elements.
pub(super) struct Markup;

/// The longest tag that is looked into, and the longest content, in bytes.
const TAG_BYTES_MAX: usize = 512;
const CONTENT_BYTES_MAX: usize = 256;

impl Detector for Markup {
    fn id(&self) -> &'static str {
        "markup"
    }

    fn categories(&self) -> &'static [Category] {
        Category::ALL
    }

    fn example(&self) -> &'static str {
        "<patient><mrn>70444444</mrn><birthTime value=\"19610302\"/></patient>"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b"<")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if !text.may_hold(b'<') || !text.may_hold(b'>') {
            return;
        }
        let bytes = text.text.as_bytes();
        let mut cells = Cells::default();
        let mut around = "";
        for open in memchr::memchr_iter(b'<', bytes) {
            if !bytes.get(open + 1).is_some_and(u8::is_ascii_alphabetic) {
                if text.text[open + 1..].strip_prefix('/').is_some_and(|rest| rest.starts_with(around)) {
                    around = "";
                }
                continue;
            }
            let ceiling = bytes.len().min(open + TAG_BYTES_MAX);
            let Some(close) = memchr::memchr(b'>', &bytes[open..ceiling]).map(|close| open + close) else {
                continue;
            };
            let name = local_name(&text.text[open + 1..close]);
            let category = keys::telling(name)
                .or_else(|| keys::telling_inside(around, name))
                .or_else(|| cells.next(name, text.text, close + 1));
            // FHIR's XML (R4, section 2.6.1): what `value` and `line` are is said by the element around.
            let outer = around.is_empty() || keys::is_person(around);
            if outer && bytes[close - 1] != b'/' && (keys::holds_parts(name) || keys::is_person(name)) {
                around = name;
            }
            attributes(text.text, open + 1 + name.len(), close, name, category, hits);
            if let Some(category) = category
                && bytes[close - 1] != b'/'
            {
                content(text.text, close + 1, category, hits);
            }
        }
    }
}

/// Where the cells of a table of HTML stand: below the heads of their columns, or behind a cell that tells.
#[derive(Default)]
struct Cells {
    heads: Vec<Option<Category>>,
    column: usize,
    before: Option<Category>,
}

impl Cells {
    const COLUMNS_MAX: usize = 64;

    /// What the content of an element, which begins at `from`, must be by its place.
    fn next(&mut self, name: &str, text: &str, from: usize) -> Option<Category> {
        match name {
            "table" | "dl" => *self = Cells::default(),
            "tr" => (self.column, self.before) = (0, None),
            "th" | "dt" | "td" | "dd" => {
                let rest = text.as_bytes().get(from..text.len().min(from + 41)).unwrap_or_default();
                let length = memchr::memchr(b'<', rest).unwrap_or(0);
                let told = text.get(from..from + length).and_then(|content| keys::telling(content.trim()));
                if name == "th" && self.heads.len() < Self::COLUMNS_MAX {
                    self.heads.push(told);
                }
                let below = self.heads.get(self.column).copied().flatten();
                let behind = self.before.take();
                self.before = told;
                self.column += 1;
                return if name == "th" || told.is_some() { None } else { behind.or(below) };
            }
            _ => {}
        }
        None
    }
}

/// An element's name without its prefix.
fn local_name(tag: &str) -> &str {
    let end = tag
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, ':' | '_' | '-' | '.'))
        .unwrap_or(tag.len());
    &tag[..end]
}

/// What stands between a telling element's tags.
fn content(text: &str, from: usize, category: Category, hits: &mut Vec<Hit>) {
    let bytes = &text.as_bytes()[from..text.len().min(from + CONTENT_BYTES_MAX)];
    let Some(end) = memchr::memchr(b'<', bytes) else { return };
    let Some(value) = text.get(from..from + end) else { return };
    let value = value.trim_start();
    let start = from + end - value.len();
    let value = value.trim_end();
    if keys::fits(category, value) {
        let end = start + value.len();
        hits.push(Hit { start, end, category, rule: "markup.element", score: 0.9 });
    }
}

/// The attributes of one tag.
fn attributes(
    text: &str,
    from: usize,
    to: usize,
    element: &str,
    category: Option<Category>,
    hits: &mut Vec<Hit>,
) {
    let mut at = from;
    while let Some(sign) = text.get(at..to).and_then(|rest| rest.find('=')).map(|sign| at + sign) {
        let name = text[at..sign].rsplit(|c: char| c.is_whitespace() || c == ':').next().unwrap_or("");
        at = sign + 1;
        let Some(quote) = text[at..to].chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let start = at + 1;
        let Some(length) = text[start..to].find(quote) else { return };
        let value = &text[start..start + length];
        at = start + length + 1;
        let given = match name {
            "value" => category.or_else(|| timed(element, value).then_some(Category::Date)),
            "extension" if element == "id" => Some(Category::UniqueId),
            "first" | "last" | "middle" if names_person(element) => Some(Category::Name),
            name => keys::telling(name),
        };
        if let Some(category) = given.filter(|category| keys::fits(*category, value)) {
            let end = start + value.len();
            hits.push(Hit { start, end, category, rule: "markup.attribute", score: 0.9 });
        }
    }
}

/// Whether the attributes `first` and `last` of such an element are the parts of a name.
fn names_person(element: &str) -> bool {
    const PERSONS: &[&str] = &[
        "patient",
        "person",
        "name",
        "member",
        "subscriber",
        "guarantor",
        "provider",
        "physician",
        "doctor",
        "nurse",
        "contact",
        "employee",
        "author",
        "user",
        "client",
        "pt",
    ];
    PERSONS.iter().any(|person| element.eq_ignore_ascii_case(person))
}

/// Whether the element is one of time and its value a compact date: `<low value="20230412"/>`.
fn timed(element: &str, value: &str) -> bool {
    let named =
        ["time", "Time", "low", "high", "center", "date", "Date"].iter().any(|end| element.ends_with(end));
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    named && matches!(digits, 8 | 10 | 12 | 14) && date::compact(&value[..8])
}

#[cfg(test)]
mod tests;
