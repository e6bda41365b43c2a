//! Luxembourg: national identification number (matricule).
//!
//! Règlement grand-ducal of 28 November 2013, article 1: YYYYMMDD, three digits, a check digit by Luhn and another by
//! Verhoeff, each over the first eleven.

use super::check::{date, luhn, number, verhoeff};
use super::{Category, LIKELY, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.lu.matricule",
    category: Category::NationalId,
    forms: &["dddddddd ddddd", "dddd dd dd ddddd", "dddd dd dd ddd dd", "dddd dddd ddddd", "ddddddddddddd"],
    fits: matricule,
    bare: LIKELY,
    written: SURE,
    words: "matricule,numero de matricule,numero d identification national,matricule nationale,sozialversicherungsmatrikel,\
            matrikelnummer",
    hints: "",
}];

fn matricule(digits: &[u8]) -> bool {
    let year = number(&digits[..4]);
    let mut eleven = [0; 12];
    eleven[..11].copy_from_slice(&digits[..11]);
    eleven[11] = digits[12];
    (1850..=2100).contains(&year)
        && date(year, number(&digits[4..6]), number(&digits[6..8]))
        && luhn(&digits[..12])
        && verhoeff(&eleven)
}
