//! Queries of FHIR: `Patient?family=Qorbeta&given=Lum&birthdate=1961-03-02` (R4, "Search", and the search parameters of
//! Patient, Practitioner, Person and RelatedPerson).

use super::{Category, keys};

/// The longest parameter and the longest value, in bytes, and how far before it its resource may stand.
const NAME_BYTES_MAX: usize = 24;
const VALUE_BYTES_MAX: usize = 128;
const QUERY_BYTES_MAX: usize = 256;

/// Parameters, and whether they tell behind the name of a resource of persons alone.
const PARAMETERS: &[(&str, Category, bool)] = &[
    ("family", Category::Name, false),
    ("given", Category::Name, false),
    ("birthdate", Category::Date, false),
    ("name", Category::Name, true),
    ("phonetic", Category::Name, true),
    ("identifier", Category::Mrn, true),
    ("telecom", Category::Phone, true),
    ("phone", Category::Phone, true),
    ("email", Category::Email, true),
    ("address", Category::Address, true),
    ("address-city", Category::Place, true),
    ("address-postalcode", Category::Zip, true),
    ("death-date", Category::Date, true),
];

/// The category and the end of the value behind the sign, if that parts a parameter of a search for persons from its value.
pub(super) fn parameter(text: &str, sign: usize) -> Option<(Category, usize)> {
    let bytes = text.as_bytes();
    let of_name = |byte: &&u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b':');
    let length = bytes[..sign].iter().rev().take(NAME_BYTES_MAX).take_while(of_name).count();
    let start = sign - length;
    // `family:exact`
    let name = text.get(start..sign)?.split(':').next()?;
    let (_, category, of_person) = PARAMETERS.iter().find(|(known, ..)| *known == name)?;
    let opened = start.checked_sub(1);
    let persons = opened.is_some_and(|at| matches!(bytes[at], b'?' | b'&') && resource(text, at));
    let first = opened.is_none_or(|at| matches!(bytes[at], b'?' | b'&' | b' ' | b'\n' | b'"' | b'\''));
    if !persons && (*of_person || !first || !among_others(bytes, sign, name)) {
        return None;
    }
    let ceiling = bytes.len().min(sign + 1 + VALUE_BYTES_MAX);
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"&\"'`<>#;)]}".contains(byte);
    let end = sign + 1 + bytes[sign + 1..ceiling].iter().position(ends).unwrap_or(ceiling - sign - 1);
    let value = text.get(sign + 1..end)?;
    fits(*category, value).then_some((*category, end))
}

/// Whether the query that holds the sign is one of a resource of persons: `/Patient?`, `Patient/_search?`.
fn resource(text: &str, sign: usize) -> bool {
    let bytes = text.as_bytes();
    let floor = sign.saturating_sub(QUERY_BYTES_MAX);
    let Some(mark) = bytes[floor..=sign].iter().rposition(|byte| *byte == b'?') else { return false };
    let path = &bytes[..floor + mark];
    let path = path.strip_suffix(b"/_search").unwrap_or(path);
    const PERSONS: [&[u8]; 5] = [b"Patient", b"Practitioner", b"RelatedPerson", b"Person", b"patients"];
    PERSONS.iter().any(|person| {
        let before = path.strip_suffix(*person);
        before.is_some_and(|before| before.last().is_none_or(|byte| !byte.is_ascii_alphanumeric()))
    })
}

/// Whether another parameter that only searches for persons have stands beside that one: `family` alone is one of fonts.
fn among_others(bytes: &[u8], sign: usize, name: &str) -> bool {
    let window = &bytes[sign.saturating_sub(QUERY_BYTES_MAX)..bytes.len().min(sign + QUERY_BYTES_MAX)];
    let stands = |other: &str| {
        let holds = |at: usize| matches!(window.get(at + other.len()), Some(b'=' | b':'));
        memchr::memmem::find_iter(window, other).any(holds)
    };
    ["family", "given", "birthdate"].into_iter().any(|other| other != name && stands(other))
        && memchr::memchr(b'&', window).is_some()
}

/// Whether a value may be that, and no variable.
fn fits(category: Category, value: &str) -> bool {
    let code = value.starts_with(['$', '{', '<', '[', ':']) || value.contains(['(', '{']);
    let letters = || value.chars().any(char::is_alphabetic);
    !code
        && match category {
            Category::Name | Category::Address | Category::Place => letters(),
            Category::Email => value.contains('@') || value.contains("%40"),
            _ => keys::fits(category, value),
        }
}
