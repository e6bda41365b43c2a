//! Switzerland: social security number (AHV, AVS).
//!
//! AHVG article 50c, AHVV article 133: 756, nine digits, the check digit of an EAN-13.

use super::check::{digit, weighted};
use super::{Category, LIKELY, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.ch.ahv",
    category: Category::NationalId,
    forms: &["756.dddd.dddd.dd", "756 dddd dddd dd", "756-dddd-dddd-dd", "756dddddddddd"],
    fits: ahv,
    bare: LIKELY,
    written: SURE,
    words: "ahv nummer,ahv nr,ahv,ahvnr,avs,numero avs,n avs,no avs,numero avs ai,avs nummer,ahvn13,navs13,navs,\
            numero d assure,versichertennummer,sozialversicherungsnummer",
    hints: "",
}];

fn ahv(digits: &[u8]) -> bool {
    let sum = weighted(digits, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]);
    digits.starts_with(b"756") && (10 - sum % 10) % 10 == digit(digits[12])
}
