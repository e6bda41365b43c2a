//! Estonia: personal identification code (isikukood).
//!
//! EVS 585:2007: sex and century, YYMMDD, three digits, a check digit by weights 1 2 … 9 1 modulo 11, or 3 4 … 9 1 2 3
//! where that gives 10. Lithuania's code follows the same rule.

use super::check::{date, digit, number, weighted};
use super::{Category, LIKELY, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.ee.isikukood",
    category: Category::NationalId,
    forms: &["ddddddddddd"],
    fits: isikukood,
    bare: LIKELY,
    written: LIKELY,
    words: "isikukood,isikukoodi,isikukoodiga",
    hints: "ik",
}];

pub(super) fn isikukood(digits: &[u8]) -> bool {
    let century = match digits[0] {
        first @ b'1'..=b'8' => 1800 + u32::from((first - b'1') / 2) * 100,
        _ => return false,
    };
    let (year, month, day) = (number(&digits[1..3]), number(&digits[3..5]), number(&digits[5..7]));
    date(century + year, month, day) && check(digits)
}

/// The check digit alone.
pub(super) fn check(digits: &[u8]) -> bool {
    let first = weighted(digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let second = || weighted(digits, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10;
    digit(digits[10]) == if first == 10 { second() } else { first }
}
