//! Identifiers glued to their keyword, and digits that a scanner or a hand wrote as letters.
//!
//! `MRN70999999`, `dob1961-03-02`, `memberid00123456`: a keyword and its value without anything between, as in
//! names of files and keys of messages. `5I2-34-567l`, `O3/12/1961`: the letters O, I, l, S, B and Z for 0, 1, 1, 5,
//! 8 and 2 inside a shape that is nothing else.

use super::keywords::Key;
use super::seen::Seen;
use super::text::Text;
use super::value::{self, Value, shape_amid, value_at};
use super::words::Words;
use super::{Category, Detector, Hit, Needs, date};

/// Finds glued and misread identifiers.
pub(super) struct Glued;

/// Keywords in front, folded: what they announce, and the fewest digits of it. None that hexadecimal digits spell.
const PREFIXES: &[(&str, Category, usize)] = &[
    ("ssn", Category::Ssn, 4),
    ("socialsecurity", Category::Ssn, 4),
    ("ssnum", Category::Ssn, 4),
    ("mrn", Category::Mrn, 4),
    ("mrno", Category::Mrn, 4),
    ("medrec", Category::Mrn, 5),
    ("patient", Category::Mrn, 5),
    ("patientid", Category::Mrn, 4),
    ("patid", Category::Mrn, 4),
    ("ptid", Category::Mrn, 4),
    ("pt", Category::Mrn, 6),
    ("chart", Category::Mrn, 6),
    ("chartno", Category::Mrn, 4),
    ("emr", Category::Mrn, 5),
    ("ehr", Category::Mrn, 5),
    ("csn", Category::Mrn, 5),
    ("empi", Category::Mrn, 5),
    ("mpi", Category::Mrn, 5),
    ("encounter", Category::Mrn, 6),
    ("dob", Category::Date, 4),
    ("birthdate", Category::Date, 4),
    ("dateofbirth", Category::Date, 4),
    ("born", Category::Date, 4),
    ("npi", Category::License, 7),
    ("license", Category::License, 5),
    ("phone", Category::Phone, 7),
    ("tel", Category::Phone, 7),
    ("cell", Category::Phone, 7),
    ("mobile", Category::Phone, 7),
    ("fax", Category::Fax, 7),
    ("mbi", Category::HealthPlan, 4),
    ("member", Category::HealthPlan, 6),
    ("memberid", Category::HealthPlan, 4),
    ("subscriber", Category::HealthPlan, 6),
    ("subscriberid", Category::HealthPlan, 4),
    ("policyno", Category::HealthPlan, 5),
    ("medicare", Category::HealthPlan, 6),
    ("medicaid", Category::HealthPlan, 6),
    ("hicn", Category::HealthPlan, 6),
    ("acct", Category::Account, 5),
    ("acctno", Category::Account, 5),
    ("account", Category::Account, 6),
    ("accountno", Category::Account, 5),
    ("iban", Category::Account, 12),
    ("routing", Category::Account, 9),
    ("card", Category::Card, 12),
    ("cardno", Category::Card, 12),
    ("cardnumber", Category::Card, 12),
    ("creditcard", Category::Card, 12),
    ("pan", Category::Card, 13),
    ("ccn", Category::Card, 13),
    ("visa", Category::Card, 12),
    ("amex", Category::Card, 12),
    ("imei", Category::Device, 12),
    ("passport", Category::NationalId, 6),
    ("zip", Category::Zip, 5),
];

/// The same without what they announce.
static KEYWORDS: Words<{ PREFIXES.len() }> = {
    let mut words = [""; PREFIXES.len()];
    let mut at = 0;
    while at < words.len() {
        words[at] = PREFIXES[at].0;
        at += 1;
    }
    Words::new(words)
};

/// What a word looks like that a keyword begins.
const LETTERED: Seen = Seen::CAPITAL.or(Seen::SMALL);
/// The longest of them, in bytes.
const PREFIX_BYTES_MAX: usize = 14;

impl Detector for Glued {
    fn id(&self) -> &'static str {
        "glued"
    }

    fn categories(&self) -> &'static [Category] {
        use Category::{
            Account, Card, Date, Device, Fax, HealthPlan, License, Mrn, NationalId, Phone, Ssn, Zip,
        };
        &[Ssn, Mrn, Date, License, Phone, Fax, HealthPlan, Account, Card, Device, NationalId, Zip]
    }

    fn example(&self) -> &'static str {
        "export_MRN70999999.pdf"
    }

    fn needs(&self) -> Needs {
        Needs::seen(LETTERED).or(Needs::numbers(2)).or(Needs::key(Key::Phone))
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(4)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        for (index, seen) in text.numbers_like(Seen::CODES) {
            let word = &text.words()[index];
            let (start, end) = (word.start as usize, word.end as usize);
            let keyed = seen.any(LETTERED).then(|| behind_keyword(text.text, start, end)).flatten();
            if let Some((start, end, category)) = keyed {
                hits.push(Hit { start, end, category, rule: "glued.keyword", score: 0.85 });
            } else if short(&text.text.as_bytes()[start..end])
                && looks_like_digits(&text.text.as_bytes()[start..end])
                && let Some((start, end, category)) = misread(text.text, start)
            {
                hits.push(Hit { start, end, category, rule: "glued.misread", score: 0.75 });
            }
        }
        if text.has_key(Key::Phone) {
            for (value, _) in value::announced(text, &[Key::Phone]) {
                let spelled = &text.text[value.start..value.end];
                if (1..=3).contains(&value.letters)
                    && (7..=12).contains(&value.digits)
                    && digits_of(spelled).is_some()
                {
                    let (start, end) = (value.start, value.end);
                    hits.push(Hit {
                        start,
                        end,
                        category: Category::Phone,
                        rule: "glued.phone",
                        score: 0.75,
                    });
                }
            }
        }
    }
}

/// The value behind the keyword with which this word begins: `MRN70999999`.
fn behind_keyword(text: &str, start: usize, end: usize) -> Option<(usize, usize, Category)> {
    let word = &text.as_bytes()[start..end];
    if !word.last().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let letters =
        word.iter().take(PREFIX_BYTES_MAX + 1).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let prefix = &text[start..start + letters];
    let from = start + letters;
    if letters == 0 || !word[letters..].iter().all(u8::is_ascii_digit) || !KEYWORDS.hold(prefix) {
        return None;
    }
    let (_, category, digits_min) =
        *PREFIXES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(prefix))?;
    let value = value::cut_words(text, value_at(text, from)?)?;
    if category == Category::Date {
        let rest = &text[from..];
        let end = date::numeric(rest, 0).or_else(|| {
            let digits = &rest[..end - from];
            date::compact(digits).then_some(digits.len())
        })?;
        return Some((from, from + end, category));
    }
    let Value { digits, letters, .. } = value;
    let fits = match category {
        Category::Phone | Category::Fax => (digits_min..=15).contains(&digits) && letters == 0,
        Category::Zip => matches!(digits, 5 | 9) && letters == 0,
        _ => digits >= digits_min && !value::measured(text, &value),
    };
    fits.then_some((from, value.end, category))
}

/// The digits that a value of digits and letters that look like them stands for; none if another letter is in it.
fn digits_of(value: &str) -> Option<String> {
    value
        .chars()
        .map(|c| {
            Some(match c {
                'O' | 'o' => '0',
                'I' | 'l' | '|' => '1',
                'Z' => '2',
                'S' => '5',
                'B' => '8',
                '0'..='9' | '-' | '/' | '.' | ' ' => c,
                _ => return None,
            })
        })
        .collect()
}

/// Whether a word may be a part of a number that is written in parts: none has more than four letters or digits, and a
/// letter beyond ASCII ends it.
fn short(word: &[u8]) -> bool {
    const PART_MAX: usize = 4;
    word.len() <= PART_MAX || !word[..=PART_MAX].is_ascii()
}

/// Whether a word is digits and at most three letters that look like some: the cheap look before [`misread`].
fn looks_like_digits(word: &[u8]) -> bool {
    let digit_or_like =
        |byte: &u8| matches!(byte, b'0'..=b'9' | b'O' | b'o' | b'I' | b'l' | b'Z' | b'S' | b'B');
    // A value ends at a letter beyond ASCII.
    let word = || word.iter().take_while(|byte| byte.is_ascii());
    word().all(digit_or_like) && word().filter(|byte| byte.is_ascii_alphabetic()).count() <= 3
}

/// A social security number, a phone number or a date of which one to three digits are letters: the value that this
/// word is part of.
fn misread(text: &str, word: usize) -> Option<(usize, usize, Category)> {
    const BEFORE_MAX: usize = 9;
    let bytes = text.as_bytes();
    let before = bytes[..word].iter().rev().take(BEFORE_MAX);
    let back = before.take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'/' | b'.')).count();
    let joints = bytes[word - back..word].iter().take_while(|byte| !byte.is_ascii_digit()).count();
    let start = word - back + joints;
    if start > 0 && bytes[start - 1].is_ascii_alphanumeric() {
        return None;
    }
    let value =
        value_at(text, start).filter(|value| (1..=3).contains(&value.letters) && value.digits >= 5)?;
    let digits = digits_of(&text[start..value.end])?;
    let whole = |end: usize| end == digits.len();
    let is = |shape: &&str| shape_amid(&digits, 0, shape).is_some_and(whole);
    let category = if is(&"ddd-dd-dddd") {
        Category::Ssn
    } else if value.digits >= 7 && ["ddd-ddd-dddd", "ddd.ddd.dddd"].iter().any(is) {
        Category::Phone
    } else if date::numeric(&digits, 0).is_some_and(whole) {
        Category::Date
    } else {
        return None;
    };
    Some((start, value.end, category))
}

#[cfg(test)]
mod tests;
