//! Denmark: CPR number.
//!
//! DDMMYY and four digits; the seventh tells the century (CPR-kontoret, "Personnummeret i CPR"). The check digit by
//! weights 4 3 2 7 6 5 4 3 2 1 modulo 11 is not kept since October 2007, so that only the date is checked.

use super::check::{date, number};
use super::{Category, KEYWORD, LIKELY, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.dk.cpr",
    category: Category::NationalId,
    forms: &["dddddd-dddd", "dddddd dddd", "dd dd dd dddd", "dd dd dd-dddd", "dd-dd-dd-dddd", "dddddddddd"],
    fits: cpr,
    bare: KEYWORD,
    written: LIKELY,
    words: "cpr,cpr nummer,cprnr,cpr nr,cprnummer,cpr number,personnummer,personnr",
    hints: "",
}];

fn cpr(digits: &[u8]) -> bool {
    let (day, month, year) = (number(&digits[..2]), number(&digits[2..4]), number(&digits[4..6]));
    let century = match digits[6] {
        b'0'..=b'3' => 1900,
        b'4' | b'9' if year < 37 => 2000,
        b'4' | b'9' => 1900,
        _ if year < 58 => 2000,
        _ => 1800,
    };
    date(century + year, month, day)
}
