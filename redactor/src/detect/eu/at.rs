//! Austria: social security number and tax number.
//!
//! Versicherungsnummer: ASVG § 31(4) no. 1, three digits, a check digit by the weights 3 7 9 5 8 4 2 1 6 modulo 11,
//! the day of birth DDMMYY; months 13 to 15 are given where the numbers of a day are used up (Hauptverband der
//! Sozialversicherungsträger). Abgabenkontonummer: Bundesministerium für Finanzen, BMF-010219/0134-IV/9/2008.

use super::check::{all_digits, digit, number, short_date, weighted};
use super::{Category, KEYWORD, LIKELY, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.at.svnr",
        category: Category::NationalId,
        forms: &["dddd dddddd", "dddd-dddddd", "dddd/dddddd", "dddd dd dd dd", "dddd dd.dd.dd", "dddddddddd"],
        fits: svnr,
        bare: LIKELY,
        written: SURE,
        words: "sozialversicherungsnummer,sv nummer,sv nr,svnummer,versicherungsnummer",
        hints: "svnr,vsnr,vnr,vers nr,versnr",
    },
    Scheme {
        rule: "eu.at.steuernummer",
        category: Category::NationalId,
        forms: &["dd-ddd/dddd", "dd ddd/dddd", "ddddddddd"],
        fits: steuernummer,
        bare: KEYWORD,
        written: LIKELY,
        words: "abgabenkontonummer,steuernummer",
        hints: "st nr,stnr",
    },
];

fn svnr(digits: &[u8]) -> bool {
    let sum = weighted(digits, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]);
    let (day, month, year) = (number(&digits[4..6]), number(&digits[6..8]), number(&digits[8..]));
    let born = short_date(year, month, day) || ((13..=15).contains(&month) && (1..=31).contains(&day));
    digits[0] != b'0' && sum % 11 == digit(digits[3]) && born
}

fn steuernummer(number: &[u8]) -> bool {
    // Every second of the first eight digits doubled, digits of the products added.
    let doubled = |digit: u32| digit * 2 - if digit > 4 { 9 } else { 0 };
    let sum: u32 = number[..8]
        .iter()
        .enumerate()
        .map(|(place, byte)| if place % 2 == 1 { doubled(digit(*byte)) } else { digit(*byte) })
        .sum();
    all_digits(number) && (80 - sum) % 10 == digit(number[8])
}
