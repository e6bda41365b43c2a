//! Cyprus: tax identification code, identity card and social insurance number.
//!
//! TIC: eight digits and a letter (European Commission, "TINs by country", sheet Cyprus); digits in odd places are
//! replaced by 1 0 5 7 9 13 15 17 19 21, the sum modulo 26 is the letter; those of persons begin with 0 or 9 or, from
//! 2023, 6. Identity card and social insurance number have no check digit: a keyword and six to ten digits.

use super::check::{all_digits, digit};
use super::{COMPANY, Category, KEYWORD, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.cy.tic",
        category: Category::NationalId,
        forms: &["dddddddda", "dddddddd a", "dddddddd-a"],
        fits: tic,
        bare: COMPANY,
        written: COMPANY,
        words: "αφτ,αριθμος φορολογικης ταυτοτητας,αριθμος φορολογικου μητρωου,tax identification code",
        hints: "tic",
    },
    Scheme {
        rule: "eu.cy.id_card",
        category: Category::NationalId,
        forms: &["dddddddddd", "ddddddddd", "dddddddd", "ddddddd", "dddddd"],
        fits: all_digits,
        bare: KEYWORD,
        written: KEYWORD,
        words: "αριθμος ταυτοτητας,αρ ταυτοτητας,δελτιο ταυτοτητας,αριθμος κοινωνικων ασφαλισεων,\
                arc number",
        hints: "αδτ",
    },
];

fn tic(number: &[u8]) -> bool {
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let sum: u32 = number[..8]
        .iter()
        .enumerate()
        .map(|(place, byte)| if place % 2 == 0 { ODD[digit(*byte) as usize % 10] } else { digit(*byte) })
        .sum();
    !number.starts_with(b"12") && u32::from(number[8] - b'A') == sum % 26
}
