//! Lithuania: personal code (asmens kodas).
//!
//! Law on the population register, I-2237: as Estonia's (see there); codes from 9 are not made of a date of birth.

use super::{Category, LIKELY, Scheme, ee};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.lt.asmens_kodas",
    category: Category::NationalId,
    forms: &["ddddddddddd"],
    fits: asmens_kodas,
    bare: LIKELY,
    written: LIKELY,
    words: "asmens kodas,asmens kodo,asm kodas",
    hints: "a k",
}];

fn asmens_kodas(digits: &[u8]) -> bool {
    ee::isikukood(digits) || (digits[0] == b'9' && ee::check(digits))
}
