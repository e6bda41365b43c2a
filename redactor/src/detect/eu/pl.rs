//! Poland: PESEL, NIP of persons, identity card.
//!
//! PESEL: Act of 24 September 2010 on population registration, article 15 and 16: YYMMDD with 80, 0, 20, 40, 60 added to the
//! month for the centuries from 1800, four digits, a check digit by weights 1 3 7 9 modulo 10. NIP: Act of 13 October 1995,
//! weights 6 5 7 2 3 4 5 6 7 modulo 11. Identity card: three letters, six digits, weights 7 3 1 9 7 3 1 7 3 modulo 10.

use super::check::{date, digit, letter, number, weighted};
use super::{COMPANY, Category, KEYWORD, LIKELY, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.pl.pesel",
        category: Category::NationalId,
        forms: &["ddddddddddd", "dddddd ddddd"],
        fits: pesel,
        bare: LIKELY,
        written: LIKELY,
        words: "pesel,nr pesel,numer pesel,pesel nr,peselem",
        hints: "",
    },
    Scheme {
        rule: "eu.pl.nip",
        category: Category::NationalId,
        forms: &["ddd-ddd-dd-dd", "ddd-dd-dd-ddd", "ddd ddd dd dd", "dddddddddd"],
        fits: nip,
        bare: KEYWORD,
        written: LIKELY,
        words: "numer identyfikacji podatkowej,nr nip,numer nip",
        hints: "nip",
    },
    Scheme {
        rule: "eu.pl.dowod",
        category: Category::NationalId,
        forms: &["aaa dddddd", "aaadddddd", "aaa ddd ddd"],
        fits: dowod,
        bare: COMPANY,
        written: KEYWORD,
        words: "dowod osobisty,nr dowodu,numer dowodu,seria i numer dowodu,dowodu osobistego,dowodem osobistym",
        hints: "dowod",
    },
];

fn pesel(digits: &[u8]) -> bool {
    let (year, month, day) = (number(&digits[..2]), number(&digits[2..4]), number(&digits[4..6]));
    let century = [1900, 2000, 2100, 2200, 1800][(month / 20) as usize % 5];
    let sum = weighted(digits, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
    date(century + year, month % 20, day) && (10 - sum % 10) % 10 == digit(digits[10])
}

fn nip(digits: &[u8]) -> bool {
    weighted(digits, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digit(digits[9])
}

fn dowod(text: &[u8]) -> bool {
    let letters: u32 =
        text[..3].iter().zip([7, 3, 1]).map(|(byte, weight)| (letter(*byte) + 9) * weight).sum();
    (letters + weighted(&text[4..], &[7, 3, 1, 7, 3])) % 10 == digit(text[3])
}
