//! Slovenia: EMŠO (JMBG in the states that were Yugoslavia's) and tax number.
//!
//! EMŠO: Centralni register prebivalstva act, article 7: DDMM and three digits of the year, region, three digits, a check
//! digit by weights 7 6 5 4 3 2 twice, 11 less the sum modulo 11. Davčna številka: eight digits, weights 8 to 2 modulo 11
//! (Zakon o davčnem postopku; European Commission "TINs by country").

use super::check::{date, digit, number, weighted};
use super::{Category, KEYWORD, LIKELY, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.si.emso",
        category: Category::NationalId,
        forms: &["ddddddddddddd", "ddddddd dddddd", "ddddddd dd dddd"],
        fits: emso,
        bare: LIKELY,
        written: LIKELY,
        words: "emso,enotna maticna stevilka,maticna stevilka obcana",
        hints: "",
    },
    Scheme {
        rule: "eu.si.davcna",
        category: Category::NationalId,
        forms: &["dddddddd"],
        fits: davcna,
        bare: KEYWORD,
        written: KEYWORD,
        words: "davcna stevilka,davcna st,davcno stevilko",
        hints: "",
    },
];

pub(super) fn emso(digits: &[u8]) -> bool {
    let (day, month, year) = (number(&digits[..2]), number(&digits[2..4]), number(&digits[4..7]));
    let year = if year >= 800 { 1000 + year } else { 2000 + year };
    let sum = weighted(digits, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    let check = (11 - sum % 11) % 11 % 10;
    year <= 2100 && date(year, month, day) && check == digit(digits[12])
}

fn davcna(digits: &[u8]) -> bool {
    let check = 11 - weighted(digits, &[8, 7, 6, 5, 4, 3, 2]) % 11;
    digits[0] != b'0' && check != 11 && check % 10 == digit(digits[7])
}
