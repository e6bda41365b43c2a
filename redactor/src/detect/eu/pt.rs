//! Portugal: tax number (NIF), citizen card, social security number (NISS), health service number.
//!
//! NIF: Decreto-Lei 14/2013, nine digits, weights 9 to 2 modulo 11. Cartão de cidadão: Portaria 203/2007, eight digits and
//! one, two characters of the version and a check digit by Luhn over letters from A = 10. NISS: eleven digits from 1 or 2,
//! weights 29 23 19 17 13 11 7 5 3 2, nine less the sum modulo 10. The número de utente has nine digits without a
//! published rule: keyword only.

use super::check::{all_digits, digit, letter, weighted};
use super::{COMPANY, Category, KEYWORD, LIKELY, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.pt.nif",
        category: Category::NationalId,
        forms: &["ddd ddd ddd", "ddd.ddd.ddd", "ddddddddd"],
        fits: nif,
        bare: KEYWORD,
        written: KEYWORD,
        words: "nif,numero de contribuinte,contribuinte,numero de identificacao fiscal,n contribuinte,numero fiscal",
        hints: "nipc",
    },
    Scheme {
        rule: "eu.pt.cc",
        category: Category::NationalId,
        forms: &["dddddddd d aad", "dddddddd d xxd", "dddddddd-d-aad", "dddddddddaad", "ddddddddd aad"],
        fits: cc,
        bare: LIKELY,
        written: SURE,
        words: "cartao de cidadao,cartao do cidadao,numero do cartao de cidadao,bilhete de identidade",
        hints: "cc",
    },
    Scheme {
        rule: "eu.pt.niss",
        category: Category::NationalId,
        forms: &["ddddddddddd", "d ddd ddd ddd d", "ddd ddd ddd dd"],
        fits: niss,
        bare: COMPANY,
        written: LIKELY,
        words: "niss,numero de seguranca social,numero de identificacao da seguranca social,seguranca social",
        hints: "",
    },
    Scheme {
        rule: "eu.pt.utente",
        category: Category::HealthPlan,
        forms: &["ddd ddd ddd", "ddddddddd"],
        fits: all_digits,
        bare: KEYWORD,
        written: KEYWORD,
        words: "numero de utente,n utente,numero utente,utente n,numero do sns,sns numero,numero sns",
        hints: "utente,sns",
    },
];

fn nif(digits: &[u8]) -> bool {
    let check = (11 - weighted(digits, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10;
    digits[0] != b'0' && check == digit(digits[8])
}

fn cc(text: &[u8]) -> bool {
    let sum: u32 = text
        .iter()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let value = if byte.is_ascii_digit() { digit(*byte) } else { letter(*byte) + 9 };
            let doubled = value * 2;
            if place % 2 == 0 { value } else { doubled - if doubled > 9 { 9 } else { 0 } }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn niss(digits: &[u8]) -> bool {
    let sum = weighted(digits, &[29, 23, 19, 17, 13, 11, 7, 5, 3, 2]);
    matches!(digits[0], b'1' | b'2') && 9 - sum % 10 == digit(digits[10])
}
