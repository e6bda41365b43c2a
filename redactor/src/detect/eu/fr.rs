//! France: NIR (numéro de sécurité sociale) and tax number (numéro fiscal de référence, SPI).
//!
//! NIR: Code de la sécurité sociale R115-1 and Décret 82-103: sex, year and month of birth, department (2A and 2B for
//! Corsica, counted as 19 and 18), commune, order, and a key: 97 less the thirteen modulo 97; months from 20 stand where
//! the month is not known. Number fiscal: thirteen digits from 0 to 3, the last three are the first ten modulo 511
//! (Direction générale des finances publiques, European Commission "TINs by country").

use super::check::{all_digits, modulo, number};
use super::{COMPANY, Category, KEYWORD, LIKELY, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.fr.nir",
        category: Category::NationalId,
        forms: &[
            "d dd dd xx ddd ddd dd",
            "d dd dd xx ddd ddd - dd",
            "d dd dd xx ddd ddd / dd",
            "d dd dd xx ddd ddd/dd",
            "d-dd-dd-xx-ddd-ddd-dd",
            "d.dd.dd.xx.ddd.ddd.dd",
            "dddddxxdddddd dd",
            "dddddxxdddddddd",
        ],
        fits: nir,
        bare: SURE,
        written: SURE,
        words: "numero de securite sociale,n de securite sociale,no de securite sociale,nir,numero insee,\
                securite sociale,num secu,numero secu,no secu,numero de secu,numero d inscription au repertoire,\
                assure social,n secu,nss",
        hints: "insee",
    },
    Scheme {
        rule: "eu.fr.nir_without_key",
        category: Category::NationalId,
        forms: &["d dd dd xx ddd ddd", "dddddxxdddddd"],
        fits: body,
        bare: KEYWORD,
        written: COMPANY,
        words: "numero de securite sociale,n de securite sociale,no de securite sociale,nir,numero insee,\
                securite sociale,num secu,numero secu,nss",
        hints: "insee",
    },
    Scheme {
        rule: "eu.fr.nif",
        category: Category::NationalId,
        forms: &["dd dd ddd ddd ddd", "ddddddddddddd"],
        fits: nif,
        bare: KEYWORD,
        written: LIKELY,
        words: "numero fiscal,n fiscal,numero fiscal de reference,spi,numero d impot,identifiant fiscal",
        hints: "",
    },
];

/// Sex, month and department.
fn body(text: &[u8]) -> bool {
    let corsica = text[5] == b'2' && matches!(text[6], b'A' | b'B');
    let digits = |range: std::ops::Range<usize>| all_digits(&text[range]);
    matches!(text[0], b'1'..=b'4' | b'7' | b'8')
        && matches!(number(&text[3..5]), 1..=12 | 20..=42 | 50..=99)
        && (corsica || digits(5..7))
        && digits(7..13)
}

fn nir(text: &[u8]) -> bool {
    if !body(text) {
        return false;
    }
    let mut digits = [0; 13];
    digits.copy_from_slice(&text[..13]);
    match digits[6] {
        b'A' => digits[5..7].copy_from_slice(b"19"),
        b'B' => digits[5..7].copy_from_slice(b"18"),
        _ => {}
    }
    number(&text[13..]) == 97 - modulo(&digits, 97)
}

fn nif(digits: &[u8]) -> bool {
    matches!(digits[0], b'0'..=b'3') && modulo(&digits[..10], 511) == number(&digits[10..])
}
