//! DICOM data sets as text: what `dcmdump`, pydicom and gdcmdump print, and the tags of the DICOM JSON model.
//!
//! `(0010,0010) PN [DOE^JANE]  # PatientName`, `(0010, 0010) Patient's Name  PN: 'DOE^JANE'`,
//! `{"00100010": {"vr": "PN", "Value": [{"Alphabetic": "DOE^JANE"}]}}`. Which elements identify: DICOM PS3.15 table
//! E.1-1; what they are: PS3.6 chapter 6; value representations: PS3.5 section 6.2 (PN persons, DA and DT dates, UI
//! unique identifiers, of which those under 1.2.840.10008 are the standard's own).

use std::ops::Range;

use super::text::Text;
use super::{Category, Detector, Hit, Needs, date};

/// Finds the elements that identify.
pub(super) struct Dicom;

/// Group and element, and what stands there.
#[rustfmt::skip]
const ELEMENTS: &[(u32, Category)] = {
    use Category::{Address, Age, Date, Device, Mrn, Name, Phone, Place, UniqueId};
    &[
        (0x0008_0012, Date), (0x0008_0014, UniqueId), (0x0008_0018, UniqueId), (0x0008_0020, Date), (0x0008_0021, Date),
        (0x0008_0022, Date), (0x0008_0023, Date), (0x0008_002A, Date), (0x0008_0050, UniqueId), (0x0008_0080, Place),
        (0x0008_0081, Address), (0x0008_0090, Name), (0x0008_0092, Address), (0x0008_0094, Phone), (0x0008_1010, Device),
        (0x0008_1040, Place), (0x0008_1048, Name), (0x0008_1050, Name), (0x0008_1060, Name), (0x0008_1070, Name),
        (0x0008_1155, UniqueId), (0x0010_0010, Name), (0x0010_0020, Mrn), (0x0010_0030, Date), (0x0010_1000, Mrn),
        (0x0010_1001, Name), (0x0010_1005, Name), (0x0010_1010, Age), (0x0010_1040, Address), (0x0010_1060, Name),
        (0x0010_1090, Mrn), (0x0010_2152, Place), (0x0010_2154, Phone), (0x0010_2155, Phone), (0x0010_21D0, Date),
        (0x0010_2297, Name), (0x0018_1000, Device), (0x0018_1002, Device), (0x0020_000D, UniqueId), (0x0020_000E, UniqueId),
        (0x0020_0010, UniqueId), (0x0020_0052, UniqueId), (0x0032_1032, Name), (0x0038_0010, Mrn), (0x0038_0020, Date),
        (0x0038_0030, Date), (0x0038_0300, Place), (0x0038_0400, Place), (0x0040_0002, Date), (0x0040_0006, Name),
        (0x0040_0244, Date), (0x0040_0250, Date), (0x0040_1001, UniqueId), (0x0040_2016, UniqueId), (0x0040_2017, UniqueId),
        (0x0040_A075, Name), (0x0040_A123, Name), (0x0070_0084, Name),
    ]
};

/// The longest element that is looked into, in bytes.
const ELEMENT_BYTES_MAX: usize = 512;

impl Detector for Dicom {
    fn id(&self) -> &'static str {
        "dicom"
    }

    fn categories(&self) -> &'static [Category] {
        use Category::{Address, Age, Date, Device, Mrn, Name, Phone, Place, UniqueId};
        &[Name, Address, Place, Date, Age, Phone, Mrn, Device, UniqueId]
    }

    fn example(&self) -> &'static str {
        "(0010,0010) PN [DOE^JANE]"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b"(")
    }

    fn needs_too(&self) -> Needs {
        Needs::signs(b",")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if !text.may_hold(b'(') || !text.may_hold(b',') {
            return;
        }
        let bytes = text.text.as_bytes();
        for open in memchr::memchr_iter(b'(', bytes) {
            let Some((tag, from)) = tag_at(bytes, open) else { continue };
            let ceiling = bytes.len().min(from + ELEMENT_BYTES_MAX);
            let mut to = memchr::memchr(b'\n', &bytes[from..ceiling]).map_or(ceiling, |line| from + line);
            // Several elements may have been joined to one line.
            if let Some(next) =
                memchr::memchr_iter(b'(', &bytes[from..to]).find(|next| tag_at(bytes, from + next).is_some())
            {
                to = from + next;
            }
            while !text.text.is_char_boundary(to) {
                to -= 1;
            }
            element(text, tag, from..to, hits);
        }
    }
}

/// The tag that is written at this bracket, and the offset behind it: `(0010,0010)`, `(0010, 0010)`.
fn tag_at(bytes: &[u8], open: usize) -> Option<(u32, usize)> {
    let hex = |at: usize| {
        let four = bytes.get(at..at + 4)?;
        four.iter().try_fold(0, |tag, byte| Some(tag << 4 | char::from(*byte).to_digit(16)?))
    };
    // Few brackets have a comma there.
    if bytes.get(open + 5) != Some(&b',') {
        return None;
    }
    let group = hex(open + 1)?;
    let at = open + 6 + usize::from(bytes.get(open + 6) == Some(&b' '));
    let element = hex(at)?;
    (bytes.get(at + 4) == Some(&b')')).then_some((group << 16 | element, at + 5))
}

/// The category of an element by its tag as a key: `00100010`, `0010,0010`, `x00100010`; folded, letters and digits only.
pub(crate) fn of_key(key: &[u8]) -> Option<Category> {
    let digits = key.strip_prefix(b"x").unwrap_or(key);
    if digits.len() != 8 || !digits.starts_with(b"00") {
        return None;
    }
    let tag = digits.iter().try_fold(0, |tag, byte| Some(tag << 4 | char::from(*byte).to_digit(16)?))?;
    known(tag)
}

fn known(tag: u32) -> Option<Category> {
    ELEMENTS.iter().find(|(known, _)| *known == tag).map(|(_, category)| *category)
}

/// What stands behind one tag.
fn element(text: &Text<'_>, tag: u32, part: Range<usize>, hits: &mut Vec<Hit>) {
    let from = part.start;
    let rest = &text.text[part];
    let representation = rest
        .split(|c: char| !c.is_ascii_alphanumeric())
        .find(|word| matches!(*word, "PN" | "DA" | "DT" | "UI"));
    let given = known(tag).or(match representation {
        Some("PN") => Some(Category::Name),
        Some("DA" | "DT") => Some(Category::Date),
        Some("UI") => Some(Category::UniqueId),
        _ => None,
    });
    let (Some(category), Some((start, end))) = (given, value(rest)) else { return };
    let value = &rest[start..end];
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.chars().any(char::is_alphabetic);
    let fits = match category {
        Category::Name | Category::Place => letters,
        Category::Address => letters || digits > 0,
        Category::Date => {
            digits == 8 && date::compact(value) || digits >= 12 && date::compact(value.get(..8).unwrap_or(""))
        }
        // `094Y`, PS3.5 table 6.2-1.
        Category::Age => {
            value.strip_suffix('Y').and_then(|age| age.parse().ok()).is_some_and(|age: u32| age >= 90)
        }
        Category::Phone => digits >= 7,
        Category::UniqueId => digits > 0 && !value.starts_with("1.2.840.10008."),
        _ => value.len() > 1,
    };
    if fits && !text.blots.begin(value) {
        hits.push(Hit { start: from + start, end: from + end, category, rule: "dicom.element", score: 0.9 });
    }
}

/// The value behind a tag: in brackets, behind a colon in quotes or not, or the rest.
fn value(rest: &str) -> Option<(usize, usize)> {
    let within = |open: usize, close: char| {
        let start = open + 1;
        rest[start..].find(close).map(|length| (start, start + length))
    };
    // What follows the value of dcmdump and gdcmdump is a comment.
    let body = rest.find(" #").map_or(rest, |comment| &rest[..comment]);
    let (start, end) = match body.find('[') {
        Some(open) if !body[..open].contains(':') => within(open, ']')?,
        _ => {
            let colon = body.find([':', '='])?;
            let start = colon
                + 1
                + (body[colon + 1..].len() - body[colon + 1..].trim_start_matches([' ', '[']).len());
            match body[start..].chars().next()? {
                quote @ ('\'' | '"') => within(start, quote)?,
                _ => (start, body.trim_end().len()),
            }
        }
    };
    let value = rest.get(start..end)?;
    let start = start + (value.len() - value.trim_start().len());
    let end = start + value.trim().len();
    (start < end).then_some((start, end))
}

#[cfg(test)]
mod tests;
