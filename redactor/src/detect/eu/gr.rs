//! Greece: social security number (ΑΜΚΑ) and tax number (ΑΦΜ).
//!
//! ΑΜΚΑ: Law 3655/2008 article 153: DDMMYY, four digits, Luhn. ΑΦΜ: nine digits; the first eight by powers of two from 256
//! down to 2, modulo 11, modulo 10 (Independent Authority for Public Revenue; European Commission "TINs by country").

use super::check::{digit, luhn, number, short_date, weighted};
use super::{Category, KEYWORD, LIKELY, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.gr.amka",
        category: Category::NationalId,
        forms: &["ddddddddddd", "dddddd ddddd"],
        fits: amka,
        bare: LIKELY,
        written: LIKELY,
        words: "amka,αμκα,αριθμος μητρωου κοινωνικης ασφαλισης",
        hints: "",
    },
    Scheme {
        rule: "eu.gr.afm",
        category: Category::NationalId,
        forms: &["ddddddddd"],
        fits: afm,
        bare: KEYWORD,
        written: KEYWORD,
        words: "afm,αφμ,αριθμος φορολογικου μητρωου",
        hints: "",
    },
];

fn amka(digits: &[u8]) -> bool {
    short_date(number(&digits[4..6]), number(&digits[2..4]), number(&digits[..2])) && luhn(digits)
}

fn afm(digits: &[u8]) -> bool {
    let sum = weighted(digits, &[256, 128, 64, 32, 16, 8, 4, 2]);
    sum % 11 % 10 == digit(digits[8])
}
