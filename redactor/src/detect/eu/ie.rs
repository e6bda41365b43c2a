//! Ireland: personal public service number (PPSN).
//!
//! Social Welfare Consolidation Act 2005 section 262; check letter by weights 8 to 2, a second letter by 9, modulo 23
//! (Department of Social Protection, "PPS number structure").

use super::check::{letter, weighted};
use super::{COMPANY, Category, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.ie.pps",
    category: Category::NationalId,
    forms: &["dddddddaa", "ddddddda", "ddddddd aa", "ddddddd a"],
    fits: pps,
    bare: COMPANY,
    written: COMPANY,
    words: "ppsn,pps number,pps no,personal public service number,uimhir psp",
    hints: "pps",
}];

fn pps(text: &[u8]) -> bool {
    let second = match text.get(8) {
        None | Some(b'W') => 0,
        Some(second @ b'A'..=b'I') => letter(*second),
        Some(_) => return false,
    };
    let sum = weighted(&text[..7], &[8, 7, 6, 5, 4, 3, 2]) + 9 * second;
    text[7] == b"WABCDEFGHIJKLMNOPQRSTUV"[(sum % 23) as usize]
}
