//! Fields of HL7 version 2 named one by one: `PID-5: DOE^JANE`, `"PID.5.1": "DOE"`, `<XPN.2>JANE</XPN.2>`.
//!
//! The XML encoding of version 2 (HL7 v2.xml, section 1.5.5) names elements by segment and position and by data type
//! and position (HL7 2.5.1 chapter 2A); integration engines and people write the same with a dash or in JSON. The table
//! of fields is [`super::hl7`]'s. Two words in capitals joined by `^` are a person's name wherever they stand if one of
//! them is known.

use super::hl7::{self, Field};
use super::lexicon::Lex;
use super::text::{Shape, Text};
use super::{Category, Detector, Hit, Needs};

/// Finds fields that are named by their position.
pub(super) struct Hl7Path;

/// The longest such name and the longest value, in bytes.
const PATH_BYTES_MAX: usize = 16;
const VALUE_BYTES_MAX: usize = 256;

/// Components of data types: XPN and PPN names, FN a family name, XCN persons with numbers, CX numbers, XAD and SAD
/// addresses, XTN telephones, TS and DTM times.
#[rustfmt::skip]
const COMPONENTS: &[(&str, u32, Category)] = {
    use Category::{Address, Date, Email, Mrn, Name, Phone, Place, UniqueId, Zip};
    &[
        ("XPN", 1, Name), ("XPN", 2, Name), ("XPN", 3, Name), ("FN", 1, Name), ("FN", 3, Name), ("PN", 1, Name), ("PN", 2, Name),
        ("PPN", 1, UniqueId), ("PPN", 2, Name), ("PPN", 3, Name), ("PPN", 4, Name),
        ("XCN", 1, UniqueId), ("XCN", 2, Name), ("XCN", 3, Name), ("XCN", 4, Name),
        ("CNN", 1, UniqueId), ("CNN", 2, Name), ("CNN", 3, Name), ("CX", 1, Mrn),
        ("XAD", 1, Address), ("XAD", 2, Address), ("XAD", 3, Place), ("XAD", 5, Zip), ("XAD", 9, Place),
        ("SAD", 1, Address), ("SAD", 2, Address), ("XTN", 1, Phone), ("XTN", 4, Email), ("XTN", 7, Phone), ("XTN", 12, Phone),
        ("TS", 1, Date), ("DR", 1, Date), ("DR", 2, Date),
    ]
};

impl Detector for Hl7Path {
    fn id(&self) -> &'static str {
        "hl7_path"
    }

    fn categories(&self) -> &'static [Category] {
        Category::ALL
    }

    fn example(&self) -> &'static str {
        "PID-5: GONZALEZ^MARIA"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b":=^")
    }

    fn needs_too(&self) -> Needs {
        Needs::signs(b"^").or(Needs::NUMBERS)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let bytes = text.text.as_bytes();
        if text.may_hold(b'-') || text.may_hold(b'.') || text.may_hold(b'_') {
            for sign in memchr::memchr2_iter(b':', b'=', bytes) {
                if let Some(path) = path_before(text.text, sign) {
                    valued(text, sign + 1, &path, hits);
                }
            }
        }
        if text.may_hold(b'^') && memchr::memchr(b'^', bytes).is_some() {
            caret(text, hits);
        }
    }
}

/// What a path names.
struct Path {
    kind: Option<Field>,
    category: Option<Category>,
    /// The whole field, with its components.
    whole: bool,
}

/// Takes a path apart: `PID-5`, `PID.5.1`, `pid.5`, `XPN.1`. None if it is nothing else.
fn path(spelled: &str) -> Option<Path> {
    let bytes = spelled.as_bytes();
    if !(3..=PATH_BYTES_MAX).contains(&bytes.len()) || !bytes[bytes.len() - 1].is_ascii_digit() {
        return None;
    }
    let joint = bytes.iter().take(4).position(|byte| matches!(byte, b'.' | b'-' | b'_'))?;
    let (name, rest) = (&spelled[..joint], &spelled[joint + 1..]);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !(2..=3).contains(&name.len()) {
        return None;
    }
    let mut numbers = [0_u32; 3];
    let mut count = 0;
    for part in rest.split(['.', '-', '_']) {
        // A repetition may be said: `PID-3[1].1`.
        let part = part.split_once('[').map_or(part, |(number, _)| number);
        *numbers.get_mut(count)? = part.parse().ok().filter(|number| (1..=99).contains(number))?;
        count += 1;
    }
    if let Some((_, fields)) = hl7::SEGMENTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        let (_, kind) = fields.iter().find(|(number, _)| *number == numbers[0] as usize)?;
        let component = if count > 1 { numbers[1] } else { 0 };
        return Some(Path { kind: Some(*kind), category: part(*kind, component), whole: count == 1 });
    }
    let (.., category) =
        COMPONENTS.iter().find(|(known, number, _)| *known == name && *number == numbers[0])?;
    Some(Path { kind: None, category: Some(*category), whole: false })
}

/// What one component of such a field is; the field as a whole for component 0.
fn part(kind: Field, component: u32) -> Option<Category> {
    match (kind, component) {
        (Field::Id(category), 0 | 1) => Some(category),
        (Field::Name, 0..=4) | (Field::Person, 0 | 2..=4) => Some(Category::Name),
        (Field::Person, 1) => Some(Category::UniqueId),
        (Field::Address, 0..=2) => Some(Category::Address),
        (Field::Address, 3 | 9) | (Field::Place, 0 | 1) => Some(Category::Place),
        (Field::Address, 5) => Some(Category::Zip),
        (Field::Phone, 0 | 1 | 6 | 7 | 12) => Some(Category::Phone),
        (Field::Phone, 4) => Some(Category::Email),
        (Field::Date, 0 | 1) => Some(Category::Date),
        _ => None,
    }
}

/// The category that such a name gives as a key of JSON or XML.
pub(crate) fn of_key(key: &str) -> Option<Category> {
    path(key)?.category
}

/// The path right before a sign; a description in brackets may stand between: `PID-5 (Patient Name):`.
fn path_before(text: &str, sign: usize) -> Option<Path> {
    const NOTE_BYTES_MAX: usize = 48;
    let bytes = text.as_bytes();
    let mut end = sign;
    if end > 0 && bytes[end - 1] == b')' {
        end -= bytes[..end].iter().rev().take(NOTE_BYTES_MAX).position(|byte| *byte == b'(')? + 1;
    }
    while end > 0
        && sign - end < NOTE_BYTES_MAX
        && matches!(bytes[end - 1], b' ' | b'"' | b'\'' | b'*' | b'`')
    {
        end -= 1;
    }
    // Every path ends in a digit or in the bracket of a repetition: most signs are done with here.
    if !bytes.get(end.checked_sub(1)?).is_some_and(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'[' | b']');
    let length = bytes[..end].iter().rev().take(PATH_BYTES_MAX + 1).take_while(word).count();
    text.get(end - length..end).and_then(path)
}

/// The value behind the sign.
fn valued(prepared: &Text<'_>, from: usize, path: &Path, hits: &mut Vec<Hit>) {
    let text = prepared.text;
    let bytes = text.as_bytes();
    let mut start = from;
    while start - from < 4 && matches!(bytes.get(start), Some(b' ' | b'=' | b'>' | b'*')) {
        start += 1;
    }
    let quote = bytes.get(start).copied().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    start += usize::from(quote.is_some());
    let ceiling = bytes.len().min(start + VALUE_BYTES_MAX);
    let Some(rest) = bytes.get(start..ceiling) else { return };
    let stop = |at: &usize| match quote {
        Some(quote) => rest[*at] == quote,
        None => {
            matches!(rest[*at], b'\n' | b'\r' | b';' | b'|' | b'"' | b'}' | b'<')
                // A list goes on with the next field.
                || rest[*at] == b','
                    && rest.get(at + 1) == Some(&b' ')
                    && rest.get(at + 2).is_some_and(u8::is_ascii_uppercase)
                    && matches!(rest.get(at + 5), Some(b'.' | b'-' | b'_'))
        }
    };
    let end = start + (0..rest.len()).find(stop).unwrap_or(rest.len());
    let Some(value) = text.get(start..end).map(str::trim_end).filter(|value| !value.is_empty()) else {
        return;
    };
    match (path.whole, path.kind, path.category) {
        (true, Some(kind), _) => {
            let before = hits.len();
            hl7::repeated(prepared.blots, value, start, kind, hits);
            hits[before..].iter_mut().for_each(|hit| hit.rule = "hl7_path.field");
        }
        (_, _, Some(category)) if crate::keys::fits(category, value) => {
            let end = start + value.len();
            hits.push(Hit { start, end, category, rule: "hl7_path.component", score: 0.85 });
        }
        _ => {}
    }
}

/// `DOE^JANE^Q`: capitals joined by carets of which one is a name and none is a word.
fn caret(text: &Text<'_>, hits: &mut Vec<Hit>) {
    const PARTS_MAX: usize = 4;
    let words = text.words();
    let mut covered = 0;
    for (index, word) in text.hot() {
        if (word.start as usize) < covered || text.gap(index) != "^" {
            continue;
        }
        let mut last = index;
        while last - index < PARTS_MAX
            && matches!(text.gap(last), "^" | "^^" | "-" | "'")
            && text.word_at(last + 1).is_some_and(|next| next.capital(text.text))
        {
            last += 1;
        }
        let other = Lex::STATE
            .or(Lex::WORD)
            .or(Lex::NEVER)
            .or(Lex::CLINICAL)
            .or(Lex::DRUG)
            .or(Lex::FACILITY)
            .or(Lex::MONTH);
        let run = &words[index..=last];
        let plain = run.iter().all(|word| {
            let named = word.lex.any(Lex::FIRST.or(Lex::LAST)) && !word.lex.any(Lex::STATE);
            word.len() == 1
                || (named || !word.lex.any(other))
                    && matches!(word.shape, Shape::Capital | Shape::Upper | Shape::Mixed)
        });
        let known =
            run.iter().any(|word| word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY)) && !word.lex.any(other));
        if last > index && plain && known && word.len() > 1 {
            let (start, end) = (word.start as usize, words[last].end as usize);
            hits.push(Hit { start, end, category: Category::Name, rule: "hl7_path.caret", score: 0.8 });
            covered = end;
        }
    }
}

#[cfg(test)]
mod tests;
