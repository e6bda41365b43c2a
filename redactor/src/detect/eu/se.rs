//! Sweden: personal identity number (personnummer) and coordination number (samordningsnummer).
//!
//! Folkbokföringslagen (1991:481) § 18 and 18 a: (YY)YYMMDD, `-`, or `+` from the year of the hundredth birthday, three
//! digits, Luhn over the ten. Coordination numbers have 60 added to the day.

use super::check::{date, luhn, number, short_date};
use super::{Category, LIKELY, SURE, Scheme};

const FORMS: &[&str] = &[
    "dddddddd-dddd",
    "dddddddd+dddd",
    "dddddd-dddd",
    "dddddd+dddd",
    "dddddddd dddd",
    "dddddd dddd",
    "dddddddddddd",
    "dddddddddd",
];
const WORDS: &str = "personnummer,personnr,pers nr,persnr,person nr";

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.se.personnummer",
        category: Category::NationalId,
        forms: FORMS,
        fits: personnummer,
        bare: LIKELY,
        written: SURE,
        words: WORDS,
        hints: "pnr",
    },
    Scheme {
        rule: "eu.se.samordningsnummer",
        category: Category::NationalId,
        forms: FORMS,
        fits: samordningsnummer,
        bare: LIKELY,
        written: SURE,
        words: "samordningsnummer,samordningsnr",
        hints: "",
    },
];

fn personnummer(digits: &[u8]) -> bool {
    born(digits, 0)
}

fn samordningsnummer(digits: &[u8]) -> bool {
    born(digits, 60)
}

/// Check digit, and a date whose day is `beyond` too high.
fn born(digits: &[u8], beyond: u32) -> bool {
    let (century, ten) = digits.split_at(digits.len() - 10);
    let (year, month, day) = (number(&ten[..2]), number(&ten[2..4]), number(&ten[4..6]));
    let Some(day) = day.checked_sub(beyond) else { return false };
    let dated = match number(century) {
        0 => century.is_empty() && short_date(year, month, day),
        century => (18..=20).contains(&century) && date(century * 100 + year, month, day),
    };
    // Twelve digits may be a time: 202411211230.
    let clock = digits.len() == 12 && digits.starts_with(b"20") && number(&ten[6..8]) < 24 && ten[8] < b'6';
    dated && luhn(ten) && !clock
}
