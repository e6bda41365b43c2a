//! Cards of contacts: the properties of a vCard that name somebody (RFC 6350 sections 6.2 to 6.5).
//!
//! A line is a property, its parameters and a value behind the first colon; a line that begins with white space goes on
//! with the one before (section 3.2). Names and addresses are lists of components: each goes by itself, so that a
//! reader of cards still finds as many. State and country stay.

use super::text::Text;
use super::{Category, Detector, Hit, Needs};
use crate::{keys, work};

/// Finds what identifies in a vCard.
pub(super) struct Vcard;

const BEGIN: &[u8] = b"BEGIN:VCARD";
const END: &str = "END:VCARD";

/// The longest value, in bytes: a photograph is none.
const VALUE_BYTES_MAX: usize = 512;

/// What the components of a property are, in their order; the last stands for all behind it.
type Components = &'static [Option<Category>];

const NAME: Components = &[Some(Category::Name)];
const DATE: Components = &[Some(Category::Date)];
/// Box, further, street, town, state, postal code, country (section 6.3.1).
const PARTS: Components = &[
    Some(Category::Address),
    Some(Category::Address),
    Some(Category::Address),
    Some(Category::Place),
    None,
    Some(Category::Zip),
    None,
];

const PROPERTIES: &[(&str, Components)] = &[
    ("FN", NAME),
    ("N", NAME),
    ("NICKNAME", NAME),
    ("BDAY", DATE),
    ("DEATHDATE", DATE),
    ("ANNIVERSARY", DATE),
    ("ADR", PARTS),
    ("LABEL", &[Some(Category::Address)]),
    ("TEL", &[Some(Category::Phone)]),
    ("EMAIL", &[Some(Category::Email)]),
];

impl Detector for Vcard {
    fn id(&self) -> &'static str {
        "vcard"
    }

    fn categories(&self) -> &'static [Category] {
        use Category::{Address, Date, Email, Name, Phone, Place, Zip};
        &[Name, Address, Place, Zip, Date, Phone, Email]
    }

    fn example(&self) -> &'static str {
        "BEGIN:VCARD\nN:Qorbeta;Lum;;;\nADR;TYPE=home:;;Willow Creek Farm;Elmstead;VT;05401;USA\nEND:VCARD"
    }

    fn needs(&self) -> Needs {
        Needs::TIED
    }

    fn needs_too(&self) -> Needs {
        Needs::signs(b":")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let bytes = text.text.as_bytes();
        let mut tied = text.tied().map(|index| text.words()[index].range());
        let Some(begin) = tied.find(|word| word.len() == 5 && bytes[word.start..].starts_with(BEGIN)) else {
            return;
        };
        let begin = begin.start;
        work::examined(bytes.len() - begin);
        let (mut at, mut inside) = (begin, false);
        while at < bytes.len() {
            let end = line_end(bytes, at);
            let line = &text.text[at..end];
            if line.as_bytes().starts_with(BEGIN) {
                inside = true;
            } else if line.starts_with(END) {
                inside = false;
            } else if inside {
                property(text, at, line, hits);
            }
            at = end + 1;
        }
    }
}

/// Where a line ends with those that go on with it: at a newline behind which no white space stands.
fn line_end(bytes: &[u8], from: usize) -> usize {
    let folded = |end: &usize| matches!(bytes.get(end + 1), Some(b' ' | b'\t'));
    let mut ends = memchr::memchr_iter(b'\n', &bytes[from..]).map(|end| from + end);
    ends.find(|end| !folded(end)).unwrap_or(bytes.len())
}

/// Adds what a property says of somebody.
fn property(text: &Text<'_>, at: usize, line: &str, hits: &mut Vec<Hit>) {
    let Some((head, value)) = line.split_once(':') else { return };
    let name = head.split(';').next().unwrap_or_default();
    // `item1.ADR`: properties may be grouped.
    let name = name.rsplit('.').next().unwrap_or_default();
    let known = PROPERTIES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known));
    let Some((_, components)) = known.filter(|_| value.len() <= VALUE_BYTES_MAX) else { return };
    let mut start = at + head.len() + 1;
    let several = components.len() > 1 || *components == NAME;
    for (place, part) in value.split(|c| several && c == ';').enumerate() {
        let category = components.get(place).or(components.last()).copied().flatten();
        let end = start + part.trim_end().len();
        start += part.len() + 1;
        let value = part.trim().trim_start_matches("tel:");
        let start = end - value.len();
        if let Some(category) = category.filter(|category| fits(*category, value))
            && !text.blots.stand_in(value)
        {
            hits.push(Hit { start, end, category, rule: "vcard.property", score: 0.9 });
        }
    }
}

/// Whether a component is there, and no stand-in for nothing.
fn fits(category: Category, value: &str) -> bool {
    match category {
        // The number of a house may be a component by itself.
        Category::Address | Category::Name => value.chars().any(char::is_alphanumeric),
        _ => keys::fits(category, value),
    }
}

#[cfg(test)]
mod tests;
