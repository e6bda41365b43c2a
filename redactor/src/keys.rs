//! What a JSON key tells of its value: `ssn`, `patient_name`, `api_key`.
//!
//! A value under a telling key goes whole, in any spelling and whether or not a detector knows its shape. A
//! number is only ever redacted under such a key: a checksum alone proves nothing (epoch seconds pass the Luhn
//! test of an NPI one time in ten), so counts, times and costs stay numbers. Keys are compared by their letters
//! and digits only, in lower case: `patientSSN`, `patient_ssn` and `patient-ssn` are one.

use std::sync::LazyLock;

pub(crate) use self::around::{
    collects_persons, counts, holds_parts, is_part, is_person, names_person, telling_inside,
};
use self::list::{CODES, CREDENTIALS, ENTITIES, KEYS, Line, NUMBERS, SHORTENED, TAILS};
use self::value::whole_digits;
pub(crate) use self::value::{COUNT_DIGITS_MAX, fits, fits_number, is_address, is_code, looks_secret};
use crate::detect::{self, Category, Words};
use crate::reading;

mod around;
mod known;
mod list;
mod value;

/// The longest key that tells anything, and the longest value that goes whole because of its key.
const KEY_MAX: usize = 48;
const VALUE_MAX: usize = 256;

/// The category that a key gives to its value.
pub(crate) fn telling(key: &str) -> Option<Category> {
    known::look_up(key).map_or_else(|| telling_by_list(key), |known| known.telling)
}

/// What a key says of the value under it, beside its category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Says(u16);

impl Says {
    /// Its string names the value beside it, as in `{"name": "ssn", "value": "…"}`.
    pub(crate) const NAME: Says = Says(1);
    /// Such a value stands under it. OTLP wraps it once more: `{"key": …, "value": {"stringValue": …}}`.
    pub(crate) const VALUE: Says = Says(1 << 1);
    /// Only the vocabulary of a protocol stands under it; a plain word under it is not scanned.
    pub(crate) const VOCABULARY: Says = Says(1 << 2);
    /// The type of a FHIR resource.
    pub(crate) const RESOURCE: Says = Says(1 << 3);
    /// A member that is somebody's by the object around it: see [`telling_inside`].
    pub(crate) const INSIDE: Says = Says(1 << 4);
    /// A database's word for the type of the value, which the key around it names: `{"mrn": {"N": "7712345"}}`.
    pub(crate) const TYPE: Says = Says(1 << 5);
    /// The names of columns stand under it, or an object that holds them.
    pub(crate) const COLUMNS: Says = Says(1 << 6);
    /// The rows of a table stand under it, or one row, or an object that holds them.
    pub(crate) const ROWS: Says = Says(1 << 7);
    /// Its string names the value beside it if it tells by itself: `{"type": "ssn", "value": "…"}`.
    pub(crate) const KIND: Says = Says(1 << 8);
    /// The value beside such a string may stand under it, as in what recognisers of entities answer:
    /// `{"type": "SSN", "text": "…"}`.
    pub(crate) const WORD: Says = Says(1 << 9);
    /// What stands under it belongs to the name beside the object around, as the arrays of OTLP do.
    pub(crate) const VALUES: Says = Says(1 << 10);
    /// A string under it that looks like a credential is one: see [`looks_secret`].
    pub(crate) const CREDENTIAL: Says = Says(1 << 11);
    /// A number of some digits under it is a code that is used once.
    pub(crate) const CODE: Says = Says(1 << 12);
    /// A number under it may be an identifier by its last word: see [`of_number`].
    pub(crate) const NUMBER: Says = Says(1 << 13);
    /// Its string may be what a recogniser of entities calls the value beside it: see [`of_entity`].
    pub(crate) const ENTITY: Says = Says(1 << 14);
    /// Words under it are an address: see [`is_address`].
    pub(crate) const ADDRESS: Says = Says(1 << 15);

    /// What a key says by its name: by its spelling, or else as one of a credential.
    pub(crate) fn of(key: &str) -> Says {
        match key {
            "key" | "field" | "code" | "Name" | "Key" | "name" => Says::NAME,
            "label" => Says(Says::NAME.0 | Says::ENTITY.0),
            "entity" | "entity_type" | "entityType" | "entity_group" | "Type" => {
                Says(Says::KIND.0 | Says::ENTITY.0)
            }
            "category" => Says::ENTITY,
            "k" | "kind" | "attribute" | "system" => Says::KIND,
            "value" | "Value" => Says(Says::VALUE.0 | Says::INSIDE.0),
            "stringValue" | "intValue" | "doubleValue" | "string_value" | "int_value" => {
                Says(Says::VALUE.0 | Says::TYPE.0)
            }
            "valueString" => Says::VALUE,
            // DynamoDB's attribute values, MongoDB's extended JSON, Firestore, the RDS Data API, Avro's unions.
            "S" | "N" | "SS" | "NS" | "L" | "M" | "$numberLong" | "$numberInt" | "$numberDouble"
            | "$numberDecimal" | "$date" | "$oid" | "integerValue" | "timestampValue" | "longValue"
            | "long" | "string" => Says::TYPE,
            "v" => Says(Says::TYPE.0 | Says::WORD.0),
            // Comparisons in queries: MongoDB's, Hasura's, Prisma's.
            "$eq" | "$ne" | "$in" | "$nin" | "_eq" | "_neq" | "_in" | "_nin" | "eq" | "neq" | "in"
            | "notIn" | "not_in" | "equals" => Says::TYPE,
            "columns" | "cols" | "fields" | "header" | "headers" | "headings" | "column_names"
            | "columnNames" | "columnMetadata" | "schema" | "manifest" | "metadata" | "meta" => Says::COLUMNS,
            "arrayValue" | "array_value" => Says::VALUES,
            "values" => Says(Says::ROWS.0 | Says::VALUES.0),
            "rows" | "data" | "records" | "result" | "results" | "items" | "data_array" | "dataArray"
            | "row" | "cells" | "f" | "c" => Says::ROWS,
            "type" => Says(Says::VOCABULARY.0 | Says::KIND.0 | Says::ENTITY.0),
            "role" | "object" | "finish_reason" | "stop_reason" | "operation" | "status" | "mime_type" => {
                Says::VOCABULARY
            }
            "resourceType" => Says::RESOURCE,
            "text" => Says(Says::INSIDE.0 | Says::WORD.0),
            // "match" of Amazon Bedrock's guardrails, "Text" of Amazon Comprehend.
            "val" | "word" | "match" | "Text" => Says::WORD,
            "line" | "display" | "id" | "first" | "last" | "middle" | "First" | "Last" | "Middle" => {
                Says::INSIDE
            }
            _ => Says::of_credential(key),
        }
    }

    fn of_credential(key: &str) -> Says {
        let mut buffer = [0; KEY_MAX];
        let Some(letters) = letters_of(key, &mut buffer) else { return Says::default() };
        if CODES.iter().any(|code| letters == code.as_bytes()) {
            return Says::CODE;
        }
        let named = |(word, suffix): &(&str, bool)| match suffix {
            true => letters.ends_with(word.as_bytes()),
            false => letters == word.as_bytes(),
        };
        if CREDENTIALS.iter().any(named) {
            return Says::CREDENTIAL;
        }
        let last = last_word(key);
        if NUMBERS.iter().any(|(word, ..)| last.eq_ignore_ascii_case(word)) {
            Says::NUMBER
        } else if ["address", "addr", "street"].iter().any(|word| last.eq_ignore_ascii_case(word)) {
            Says::ADDRESS
        } else {
            Says::default()
        }
    }

    pub(crate) const fn or(self, other: Says) -> Says {
        Says(self.0 | other.0)
    }

    pub(crate) fn any(self, wanted: Says) -> bool {
        self.0 & wanted.0 != 0
    }
}

/// All that a key tells.
#[derive(Clone, Copy)]
pub(crate) struct Facts {
    /// The category that it gives to its value.
    pub(crate) telling: Option<Category>,
    /// What else it says of it.
    pub(crate) says: Says,
    /// Whether it is plainly a field's name and need not be scanned itself: a word of letters that begins in lower
    /// case, with few digits.
    pub(crate) plain: bool,
}

/// What a key tells, looked up once for all.
pub(crate) fn facts(key: &str) -> Facts {
    match known::look_up(key) {
        Some(known) => Facts { telling: known.telling, says: known.says, plain: true },
        None => Facts { telling: telling_by_list(key), says: Says::of(key), plain: plain_by_letters(key) },
    }
}

/// The keywords that a key holds, a bit for each.
pub(crate) fn context(key: &str) -> u64 {
    known::look_up(key).map_or_else(|| detect::of_key(key), |known| known.context)
}

fn telling_by_list(key: &str) -> Option<Category> {
    if let Some(category) = detect::of_hl7_path(key) {
        return Some(category);
    }
    let folded;
    let key = if key.is_ascii() {
        key
    } else {
        folded = detect::fold(&reading::plain(key));
        &folded
    };
    let mut buffer = [0_u8; KEY_MAX];
    let length = letters_of(key, &mut buffer)?.len();
    let key = &buffer[..length];
    if length < 3 {
        return None;
    }
    if matches!(key[0], b'0' | b'x')
        && let Some(category) = detect::of_dicom_tag(key)
    {
        return Some(category);
    }
    let known = in_list(key);
    if known.is_some() {
        return known;
    }
    // Nearly every ending is told by its last letter.
    let last = key.last().copied();
    let mut shortened = SHORTENED.iter().filter(|(short, _)| short.bytes().next_back() == last);
    let shortened = shortened.find_map(|(short, whole)| {
        let stem = buffer[..length].strip_suffix(short.as_bytes())?.len();
        let mut key = buffer;
        key.get_mut(stem..stem + whole.len())?.copy_from_slice(whole.as_bytes());
        in_list(&key[..stem + whole.len()])
    });
    // `age_at_visit`, `ageAtDeath`.
    let aged = || key.starts_with(b"ageat").then_some(Category::Age);
    shortened.or_else(|| with_tail(key)).or_else(aged)
}

/// The category of a value beside what a recogniser of entities calls it: `PERSON`, and `B-PER` of one that tells where
/// an entity begins.
pub(crate) fn of_entity(kind: &str) -> Option<Category> {
    let kind = ["B-", "I-"].into_iter().find_map(|part| kind.strip_prefix(part)).unwrap_or(kind);
    ENTITIES.iter().find(|(known, _)| *known == kind).map(|(_, category)| *category)
}

/// The category of a number by the last word of its key, if it has as many digits as one of these.
pub(crate) fn of_number(key: &str, number: &str) -> Option<Category> {
    /// Words beside it of what is counted or measured: `members_per_account`, `max_policy`.
    static COUNTING: Words<14> = Words::new([
        "per", "by", "count", "total", "max", "min", "num", "number", "limit", "size", "avg", "sum", "port",
        "amount",
    ]);
    let digits = whole_digits(number)?;
    let word = last_word(key);
    let before = &key[..key.len() - word.len()];
    let counted = before.split(|c: char| !c.is_ascii_alphabetic()).any(|word| COUNTING.hold(word));
    // So round a number is an amount.
    let round = number.ends_with("000");
    let fits = |(known, _, many): &&(&str, Category, std::ops::RangeInclusive<usize>)| {
        word.eq_ignore_ascii_case(known) && many.contains(&digits)
    };
    NUMBERS
        .iter()
        .find(fits)
        .filter(|_| !counted && !round && !number.starts_with('-'))
        .map(|(_, category, _)| *category)
}

/// The last word of a key, written with signs between or in humps: `cell` of `home_cell`, `Cell` of `homeCell`.
fn last_word(key: &str) -> &str {
    let bytes = key.as_bytes();
    let run = |end: usize, of: fn(&u8) -> bool| bytes[..end].iter().rev().take_while(|byte| of(byte)).count();
    let lower = run(key.len(), u8::is_ascii_lowercase);
    let start = match key.len() - lower {
        start if lower == 0 => start - run(start, u8::is_ascii_uppercase),
        start => start - usize::from(run(start, u8::is_ascii_uppercase) > 0),
    };
    &key[start..]
}

/// A key's letters and digits, in lower case; none if they are too many.
fn letters_of<'b>(key: &str, buffer: &'b mut [u8; KEY_MAX]) -> Option<&'b [u8]> {
    let mut length = 0;
    for byte in key.bytes().filter(u8::is_ascii_alphanumeric) {
        *buffer.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    Some(&buffer[..length])
}

/// The category of a key that is one of [`KEYS`] and something behind it that makes it no other value: an ordinal or
/// one of [`TAILS`].
fn with_tail(key: &[u8]) -> Option<Category> {
    let stem = match key.iter().rev().take_while(|byte| byte.is_ascii_digit()).count() {
        0 => None,
        digits @ 1..=2 => Some(&key[..key.len() - digits]),
        _ => return None,
    };
    let last = key.last().copied();
    let tails = || {
        let ending = TAILS.iter().filter(|tail| tail.bytes().next_back() == last);
        ending.filter_map(|tail| key.strip_suffix(tail.as_bytes()))
    };
    let of = |stem: &[u8]| line_of(stem).filter(|(_, category, suffix)| *suffix && is_one_value(*category));
    let line = stem.map_or_else(|| tails().find_map(of), of)?;
    Some(line.1)
}

/// Whether a key of the category names one value of one person, so that a few of them may be numbered or listed. A
/// secret under such a key may be anything, and so may places and ages.
fn is_one_value(category: Category) -> bool {
    !matches!(category, Category::Secret | Category::Place | Category::Age | Category::Ip | Category::Device)
}

/// The category of the key of these letters and digits by [`KEYS`].
fn in_list(key: &[u8]) -> Option<Category> {
    line_of(key).map(|line| line.1)
}

fn line_of(key: &[u8]) -> Option<&'static Line> {
    if key.len() < 3 {
        return None;
    }
    BY_END[end_of(key)].iter().find(|(word, _, suffix)| {
        let word = word.as_bytes();
        if *suffix { key.ends_with(word) } else { key == word }
    })
}

/// [`KEYS`] by their last three letters or digits.
static BY_END: LazyLock<Vec<Vec<Line>>> = LazyLock::new(|| {
    let mut by_end = vec![Vec::new(); ENDS];
    for line in KEYS {
        by_end[end_of(line.0.as_bytes())].push(*line);
    }
    by_end
});

/// How many places the table by ends has.
const ENDS: usize = 1024;

/// The place of a key of three letters and more: five bits of each of the last three, folded together.
fn end_of(key: &[u8]) -> usize {
    key[key.len() - 3..].iter().fold(0, |end, letter| (end << 5 ^ usize::from(*letter)) & (ENDS - 1))
}

/// Whether a date's key is that of a birth: of dates only these tell an age.
pub(crate) fn is_of_birth(key: &str) -> bool {
    let mut buffer = [0; KEY_MAX];
    let letters = letters_of(key, &mut buffer).unwrap_or_default();
    matches!(letters, b"yob")
        || letters.ends_with(b"dob")
        || memchr::memmem::find(letters, b"birth").is_some()
}

/// See [`Facts::plain`].
fn plain_by_letters(key: &str) -> bool {
    let bytes = key.as_bytes();
    bytes.first().is_none_or(|first| first.is_ascii_lowercase() || *first == b'_')
        && bytes.len() <= 64
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/'))
        && bytes.iter().filter(|byte| byte.is_ascii_digit()).count() < 5
        && !detect::is_handle(key)
}

#[cfg(test)]
mod tests;
