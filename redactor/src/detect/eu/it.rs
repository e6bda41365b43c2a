//! Italy: codice fiscale.
//!
//! D.M. 12 March 1974 and D.M. 23 December 1976 no. 13813: surname, given name, year, month's letter, day (40 added for
//! women), municipality, check letter; digits of like numbers are replaced by L M N P Q R S T U V (omocodia). Provisional
//! ones are eleven digits with Luhn's check digit.

use super::check::luhn;
use super::{Category, KEYWORD, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.it.codice_fiscale",
        category: Category::NationalId,
        forms: &["aaaaaaxxaxxaxxxa", "aaa aaa xxaxx axxxa", "aaa aaa xxaxx axxx a", "aaa-aaa-xxaxx-axxxa"],
        fits: codice_fiscale,
        bare: SURE,
        written: SURE,
        words: "codice fiscale,cod fiscale,cod fisc,codice fisc,tessera sanitaria",
        hints: "cf,c f",
    },
    Scheme {
        rule: "eu.it.codice_fiscale_numeric",
        category: Category::NationalId,
        forms: &["ddddddddddd"],
        fits: luhn,
        bare: KEYWORD,
        written: KEYWORD,
        words: "codice fiscale,partita iva,p iva",
        hints: "cf",
    },
];

/// What a character counts in an odd place; letters count as the digit of their place in the alphabet.
const ODD: [u32; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/// The digit that stands there, or that a letter of omocodia stands for.
fn digit_of(byte: u8) -> Option<u32> {
    if byte.is_ascii_digit() {
        return Some(u32::from(byte - b'0'));
    }
    b"LMNPQRSTUV".iter().position(|letter| *letter == byte).map(|place| place as u32)
}

fn codice_fiscale(text: &[u8]) -> bool {
    let two = |at: usize| Some(digit_of(text[at])? * 10 + digit_of(text[at + 1])?);
    let (Some(_), Some(day), Some(_), Some(_)) = (two(6), two(9), two(12), digit_of(text[14])) else {
        return false;
    };
    let value = |byte: u8| if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' };
    let sum: u32 = text[..15]
        .iter()
        .enumerate()
        .map(|(place, byte)| {
            let value = value(*byte);
            if place % 2 == 0 { ODD[usize::from(value)] } else { u32::from(value) }
        })
        .sum();
    b"ABCDEHLMPRST".contains(&text[8])
        && matches!(day, 1..=31 | 41..=71)
        && u32::from(text[15] - b'A') == sum % 26
}
