//! Bulgaria: unified civil number (ЕГН) and the personal number of a foreigner (ЛНЧ).
//!
//! ЕГН: Ordinance RD-02-20-9 of 2012 on the civil register: YYMMDD with 20 added to the month for births before 1900
//! and 40 from 2000, weights 2 4 8 5 10 9 7 3 6 modulo 11. ЛНЧ: weights 21 19 17 13 11 9 7 3 1 modulo 10.

use super::check::{date, digit, number, weighted};
use super::{Category, KEYWORD, LIKELY, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.bg.egn",
        category: Category::NationalId,
        forms: &["dddddddddd", "dddddd dddd"],
        fits: egn,
        bare: LIKELY,
        written: LIKELY,
        words: "egn,егн,единен граждански номер,edinen grazhdanski nomer",
        hints: "",
    },
    Scheme {
        rule: "eu.bg.pnf",
        category: Category::NationalId,
        forms: &["dddddddddd"],
        fits: pnf,
        bare: KEYWORD,
        written: KEYWORD,
        words: "lnch,лнч,личен номер на чужденец,lichen nomer na chuzhdenets",
        hints: "",
    },
];

fn egn(digits: &[u8]) -> bool {
    let (year, month, day) = (number(&digits[..2]), number(&digits[2..4]), number(&digits[4..6]));
    let born = match month {
        41.. => date(2000 + year, month - 40, day),
        21..=40 => date(1800 + year, month - 20, day),
        _ => date(1900 + year, month, day),
    };
    born && weighted(digits, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == digit(digits[9])
}

fn pnf(digits: &[u8]) -> bool {
    weighted(digits, &[21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 == digit(digits[9])
}
