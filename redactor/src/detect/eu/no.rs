//! Norway: national identity number (fødselsnummer), D-number and help numbers.
//!
//! Folkeregisterforskriften § 2-2-1: DDMMYY, three digits for century and sex, two check digits by weights 3 7 6 1 8 9 4 5 2
//! and 5 4 3 2 7 6 5 4 3 2 modulo 11. D-number: 40 added to the day; H-number: 40 to the month; synthetic ones of the tax
//! administration: 80 to the month. FH-number (8 or 9 first): no date.

use super::check::{date, digit, number, weighted};
use super::{Category, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.no.fodselsnummer",
    category: Category::NationalId,
    forms: &["dddddd ddddd", "dddddd-ddddd", "dddddd.ddddd", "dd dd dd ddddd", "ddddddddddd"],
    fits: fodselsnummer,
    bare: SURE,
    written: SURE,
    words: "fodselsnummer,fodselsnr,fodsels nummer,fodsels og personnummer,d nummer,personnummer,personnr,fnr",
    hints: "f nr",
}];

fn fodselsnummer(digits: &[u8]) -> bool {
    let first = (11 - weighted(digits, &[3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11) % 11;
    let second = (11 - weighted(digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    first == digit(digits[9]) && second == digit(digits[10]) && born(digits)
}

fn born(digits: &[u8]) -> bool {
    let (day, month, year) = (number(&digits[..2]), number(&digits[2..4]), number(&digits[4..6]));
    let day = if day > 40 { day - 40 } else { day };
    let month = match month {
        81.. => month - 80,
        41..=80 => month - 40,
        _ => month,
    };
    // The three digits tell the century: until 1999 000 to 499 or 900 to 999, from 2000 500 to 999, before 1900 500 to 749.
    let year = match number(&digits[6..9]) {
        0..=499 => 1900 + year,
        500..=749 if year >= 54 => 1800 + year,
        900..=999 if year >= 40 => 1900 + year,
        500..=999 if year < 40 => 2000 + year,
        _ => return false,
    };
    date(year, month, day)
}
