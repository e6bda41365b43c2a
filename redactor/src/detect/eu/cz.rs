//! Czechia: birth number (rodné číslo), shared with Slovakia.
//!
//! Act 133/2000 Coll. § 13: YYMMDD, 50 added to a woman's month, from 2004 20 more where the numbers of a day are
//! used up; a serial of three digits before 1954, of four since, the last of which makes the whole divisible by 11
//! (or a 0 where the remainder by 11 is 10: given until 1985, taken always).

use super::check::{date, digit, modulo, number};
use super::{Category, LIKELY, SURE, Scheme};

pub(super) const FORMS: &[&str] =
    &["dddddd/dddd", "dddddd/ddd", "dddddd / dddd", "dddddd dddd", "dddddd-dddd", "dddddddddd"];

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.cz.rodne_cislo",
    category: Category::NationalId,
    forms: FORMS,
    fits: rodne_cislo,
    bare: LIKELY,
    written: SURE,
    words: "rodne cislo,rodneho cisla,cislo pojistence,birth number",
    hints: "r c,rc,rod c",
}];

pub(super) fn rodne_cislo(digits: &[u8]) -> bool {
    let (year, month, day) = (number(&digits[..2]), number(&digits[2..4]), number(&digits[4..6]));
    // Without a check digit until 1953.
    if digits.len() == 9 {
        let month = if month > 50 { month - 50 } else { month };
        return year <= 53 && date(1900 + year, month, day) || year > 80 && date(1800 + year, month, day);
    }
    let year = if year < 54 { 2000 + year } else { 1900 + year };
    let (month, fuller) = match month {
        71.. => (month - 70, true),
        51..=70 => (month - 50, false),
        21..=50 => (month - 20, true),
        _ => (month, false),
    };
    let check = modulo(&digits[..9], 11) % 10;
    (!fuller || year >= 2004) && date(year, month, day) && check == digit(digits[9])
}
