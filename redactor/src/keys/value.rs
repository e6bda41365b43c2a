//! Whether a value has the look of what its key tells.

use super::{KEY_MAX, VALUE_MAX, letters_of};
use crate::detect::{Category, Words};
use crate::shape;

/// Words that stand where there is no value.
const NOTHING: &[&str] = &[
    "null",
    "none",
    "nil",
    "unknown",
    "n/a",
    "na",
    "true",
    "false",
    "string",
    "redacted",
    "undefined",
    "basic",
    "bearer",
];

/// The constant that LiteLLM writes where its own master key was used; it is no credential.
const LITELLM_MASTER: &str = "litellm_proxy_master_key";

/// Whether a string under a key of this category has the look of a value: not empty, not a stand-in for nothing.
pub(crate) fn fits(category: Category, value: &str) -> bool {
    let trimmed = value.trim();
    let digits = || trimmed.bytes().filter(u8::is_ascii_digit).count();
    if trimmed.is_empty()
        || NOTHING.iter().any(|word| trimmed.eq_ignore_ascii_case(word))
        || is_placeholder(trimmed)
    {
        return false;
    }
    if category == Category::Secret {
        return !shape::hex_64(trimmed)
            && trimmed != LITELLM_MASTER
            && trimmed.bytes().any(|b| b.is_ascii_alphanumeric());
    }
    if trimmed.len() > VALUE_MAX {
        return false;
    }
    match category {
        Category::Name => {
            let letters =
                |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | ',' | '\'' | '’' | '-' | '^');
            trimmed.len() >= 2
                && trimmed.chars().all(letters)
                && trimmed.chars().any(char::is_alphabetic)
                && !is_file(trimmed)
        }
        Category::Place => trimmed.chars().any(char::is_alphabetic) || is_coordinate(trimmed),
        Category::Email => trimmed.contains('@'),
        Category::Age => trimmed.parse::<u32>().is_ok_and(|age| (90..=150).contains(&age)),
        Category::Phone | Category::Fax => digits() >= 5,
        // Groups of three digits are what is left of ZIP codes.
        Category::Zip => {
            let longer = |group: &str| group.len() > 3;
            digits() >= 5
                && trimmed.len() <= 12
                && !trimmed.contains(',')
                && trimmed.split(|c: char| !c.is_ascii_digit()).any(longer)
        }
        // A bare year stays, and so does what ages over 89 become.
        Category::Date => digits() >= 1 && !(trimmed.len() == 4 && digits() == 4) && trimmed != "90+",
        Category::Ip => trimmed.contains(['.', ':']) && trimmed.parse::<std::net::IpAddr>().is_ok(),
        Category::Vehicle | Category::Device => {
            trimmed.len() >= 4 && trimmed.bytes().any(|b| b.is_ascii_alphanumeric())
        }
        // A gateway's own identifiers of subjects, employees and cases are UUIDs.
        Category::UniqueId => digits() >= 3 && !shape::uuid(trimmed),
        Category::Address => digits() >= 1 || is_address(trimmed),
        // A sine is none, nor is a version.
        Category::NationalId => digits() >= 4 && !trimmed.trim_start_matches('-').starts_with("0."),
        _ => digits() >= 1,
    }
}

/// Whether the name of a variable stands there, to be filled in: `${db.password}`, `#{patient.name}`.
fn is_placeholder(value: &str) -> bool {
    let inner = ["${", "#{"].into_iter().find_map(|open| value.strip_prefix(open)?.strip_suffix('}'));
    let of_name = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.' | b'-');
    inner.is_some_and(|name| !name.is_empty() && name.bytes().all(of_name))
}

/// Whether a word of letters and dots is the name of a file.
fn is_file(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "txt", "log", "csv", "tsv", "json", "xml", "pdf", "doc", "docx", "xls", "xlsx", "md", "html", "htm",
        "yaml", "yml", "toml", "py", "js", "ts", "rs", "sh", "java", "png", "jpg", "jpeg", "gif", "zip",
        "gz", "parquet",
    ];
    word.rsplit_once('.')
        .is_some_and(|(name, ending)| !name.contains(' ') && !name.is_empty() && ENDINGS.contains(&ending))
}

/// Whether a string has the look of a credential: a run of letters and digits that no word, version or name of an
/// algorithm is.
pub(crate) fn looks_secret(value: &str) -> bool {
    const RUN_MIN: usize = 12;
    if value.len() < RUN_MIN || value.contains("://") {
        return false;
    }
    let random = |run: &str| {
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        run.len() >= RUN_MIN && digits >= 2 && run.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    value.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '=')).any(random)
}

/// Whether a number has the size of a code that is used once.
pub(crate) fn is_code(number: &str) -> bool {
    (4..=10).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a number under a key of this category is an identifier: as many digits as one has, without the noughts that
/// a number loses at its front. A whole number counts however it is written, `70999999.0` and `5.12e8` too, as programs
/// write what they took for a quantity.
pub(crate) fn fits_number(category: Category, key: &str, number: &str) -> bool {
    let whole = whole_digits(number);
    let at_least = |least: usize| whole.is_some_and(|digits| digits >= least);
    match category {
        Category::Age => number.parse::<f64>().is_ok_and(|age| (90.0..=150.0).contains(&age)),
        Category::Place => is_coordinate(number),
        Category::Name | Category::Email | Category::Ip | Category::Address => false,
        Category::Zip => whole.is_some_and(|digits| (3..=9).contains(&digits)),
        Category::Date => at_least(6),
        Category::Secret => number.bytes().filter(u8::is_ascii_digit).count() >= 4,
        Category::Ssn | Category::Card if is_short(key) => at_least(3),
        Category::Ssn => at_least(7),
        Category::Card => at_least(12),
        Category::Phone | Category::Fax => at_least(5),
        _ => at_least(4),
    }
}

/// Whether a key is one of a few digits: the last four of a number, or those beside a card's.
fn is_short(key: &str) -> bool {
    let mut buffer = [0; KEY_MAX];
    let letters = letters_of(key, &mut buffer).unwrap_or_default();
    let ends = |end: &str| letters.ends_with(end.as_bytes());
    ["last4", "lastfour", "cvv", "cvv2", "cvc", "cvc2"].into_iter().any(ends) || letters.starts_with(b"last4")
}

/// The most digits of a count.
pub(crate) const COUNT_DIGITS_MAX: usize = 6;

/// Degrees with three decimals or more: a hundred metres.
fn is_coordinate(number: &str) -> bool {
    number.split_once('.').is_some_and(|(_, decimals)| decimals.len() >= 3)
        && number.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= 180.0)
}

/// How many digits a number has, if it is whole: up to fifteen of them a fraction or an exponent says so exactly.
pub(super) fn whole_digits(number: &str) -> Option<usize> {
    let number = number.strip_prefix('-').unwrap_or(number);
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(number.len());
    }
    let value =
        number.parse::<f64>().ok().filter(|value| (1.0..1e18).contains(value) && value.fract() == 0.0)?;
    Some(format!("{value:.0}").len())
}

/// Whether a string under a key of addresses is one although it has no number of a house: `Willow Creek Farm`. What a
/// network calls an address has no words.
pub(crate) fn is_address(value: &str) -> bool {
    const WORDS: std::ops::RangeInclusive<usize> = 2..=10;
    /// What opens a remark in its place: "Not Provided", "See Above".
    static REMARKS: Words<10> =
        Words::new(["not", "no", "see", "same", "unknown", "enter", "invalid", "your", "none", "bad"]);
    let words = value.split([' ', ',']).filter(|word| !word.is_empty());
    let written = |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | '.' | '\'' | '’' | '-' | '#');
    let begins = |word: &str| {
        word.starts_with(char::is_uppercase) && word.chars().nth(1).is_some_and(char::is_lowercase)
    };
    value.len() <= VALUE_MAX
        && value.chars().all(written)
        && WORDS.contains(&words.clone().count())
        && words.clone().next().is_some_and(|first| !REMARKS.hold(first))
        && words.take(2).all(begins)
}
