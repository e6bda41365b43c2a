//! Netherlands: citizen service number (burgerservicenummer, BSN).
//!
//! Besluit burgerservicenummer, article 1, and the eleven test: weights 9 8 7 6 5 4 3 2 and minus 1, divisible by 11. Nine
//! digits pass it one time in eleven, so a keyword is needed.

use super::check::{digit, weighted};
use super::{Category, KEYWORD, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.nl.bsn",
    category: Category::NationalId,
    forms: &["dddd.dd.ddd", "dddd dd ddd", "ddd ddd ddd", "ddd.ddd.ddd", "ddddddddd", "dddddddd"],
    fits: bsn,
    bare: KEYWORD,
    written: KEYWORD,
    words: "bsn,bsnnummer,bsn nummer,burgerservicenummer,burgerservice nummer,sofinummer",
    hints: "",
}];

fn bsn(digits: &[u8]) -> bool {
    // Written with eight digits, a nought stands before them.
    let mut nine = [b'0'; 9];
    nine[9 - digits.len()..].copy_from_slice(digits);
    let sum = weighted(&nine, &[9, 8, 7, 6, 5, 4, 3, 2]);
    sum > 0 && sum % 11 == digit(nine[8]) % 11
}
