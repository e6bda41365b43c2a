//! Latvia: personal code (personas kods).
//!
//! Fizisko personu reģistra likums, section 1 and 10: until 2017 DDMMYY, the century 0 to 2, four digits, the last a check
//! digit by weights 10 5 8 4 2 1 6 3 7 9 and 1, modulo 11; since then 32 to 39 and nine digits without a date. Only those
//! from 32 are checked as the old ones; later series have no published rule.

use super::check::{date, digit, number, weighted};
use super::{COMPANY, Category, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.lv.personas_kods",
    category: Category::NationalId,
    forms: &["dddddd-ddddd", "dddddd ddddd", "ddddddddddd"],
    fits: personas_kods,
    bare: COMPANY,
    written: SURE,
    words: "personas kods,personas kodu,personas koda",
    hints: "p k,pk",
}];

fn personas_kods(digits: &[u8]) -> bool {
    let (day, month, year) = (number(&digits[..2]), number(&digits[2..4]), number(&digits[4..6]));
    let dated = match (day, digits[6]) {
        (32, _) => true,
        (_, century @ b'0'..=b'2') => date(1800 + u32::from(century - b'0') * 100 + year, month, day),
        _ => false,
    };
    let check = (1 + weighted(digits, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11 % 10;
    dated && check == digit(digits[10])
}
