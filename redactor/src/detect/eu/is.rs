//! Iceland: kennitala.
//!
//! Registers Iceland, "ID numbers": DDMMYY, two digits, a check digit by weights 3 2 7 6 5 4 3 2 modulo 11, and the century:
//! 9 or 0 (8 is nobody's who lives); firms have 40 added to the day.

use super::check::{date, digit, number, weighted};
use super::{Category, LIKELY, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.is.kennitala",
    category: Category::NationalId,
    forms: &["dddddd-dddd", "dddddd dddd", "dddddddddd"],
    fits: kennitala,
    bare: LIKELY,
    written: SURE,
    words: "kennitala,kennitolu,kennitalu",
    hints: "kt",
}];

fn kennitala(digits: &[u8]) -> bool {
    let (day, month, year) = (number(&digits[..2]), number(&digits[2..4]), number(&digits[4..6]));
    let century = match digits[9] {
        b'9' => 1900,
        b'0' => 2000,
        _ => return false,
    };
    let check = (11 - weighted(digits, &[3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    let day = if day > 40 { day - 40 } else { day };
    date(century + year, month, day) && check == digit(digits[8])
}
