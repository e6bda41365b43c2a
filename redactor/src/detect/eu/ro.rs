//! Romania: personal numeric code (CNP).
//!
//! Law 105/1996, O.U.G. 97/2005: sex and century, YYMMDD, county, three digits, a check digit by weights 2 7 9 1 4 6 3 5 8 2 7
//! 9 modulo 11, 10 counting as 1.

use super::check::{date, digit, number, weighted};
use super::{Category, LIKELY, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.ro.cnp",
    category: Category::NationalId,
    forms: &["ddddddddddddd", "d dddddd dddddd", "d dddddd dd dddd"],
    fits: cnp,
    bare: LIKELY,
    written: LIKELY,
    words: "cnp,cod numeric personal,codul numeric personal,c n p",
    hints: "",
}];

fn cnp(digits: &[u8]) -> bool {
    let (year, month, day) = (number(&digits[1..3]), number(&digits[3..5]), number(&digits[5..7]));
    let century = match digits[0] {
        b'1' | b'2' => 1900,
        b'3' | b'4' => 1800,
        b'5' | b'6' => 2000,
        // Residents and foreigners, of either century.
        b'7'..=b'9' => 1900,
        _ => return false,
    };
    let born = date(century + year, month, day) || (digits[0] >= b'7' && date(2000 + year, month, day));
    let county = matches!(number(&digits[7..9]), 1..=48 | 51..=52 | 70 | 80..=83);
    let rest = weighted(digits, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    born && county && digit(digits[12]) == if rest == 10 { 1 } else { rest }
}
