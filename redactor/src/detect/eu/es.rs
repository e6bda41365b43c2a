//! Spain: DNI and NIE, social security number.
//!
//! DNI: Real Decreto 1553/2005 and Orden INT/2058/2008: eight digits and the letter of TRWAGMYFPDXBNJZSQVHLCKE at their
//! remainder by 23; NIE: X, Y, Z for 0, 1, 2. NUSS: two digits of the province, eight, two check digits modulo 97
//! (Tesorería General de la Seguridad Social). K, L and M open the tax numbers of persons without either.

use super::check::{modulo, number};
use super::{COMPANY, Category, LIKELY, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.es.dni",
        category: Category::NationalId,
        forms: &["dd.ddd.ddd-a", "dd.ddd.ddd a", "dddddddd-a", "dddddddd a", "dddddddda"],
        fits: dni,
        bare: LIKELY,
        written: LIKELY,
        words: "dni,documento nacional de identidad,nif,numero de identificacion fiscal,d n i,n i f",
        hints: "",
    },
    Scheme {
        rule: "eu.es.nie",
        category: Category::NationalId,
        forms: &["a-ddddddd-a", "a-d.ddd.ddd-a", "addddddd-a", "a ddddddd a", "addddddda"],
        fits: nie,
        bare: LIKELY,
        written: SURE,
        words: "nie,numero de identidad de extranjero,n i e",
        hints: "",
    },
    Scheme {
        rule: "eu.es.nif",
        category: Category::NationalId,
        forms: &["addddddda", "a-ddddddd-a", "addddddd-a"],
        fits: nif,
        bare: COMPANY,
        written: LIKELY,
        words: "nif,numero de identificacion fiscal,n i f",
        hints: "",
    },
    Scheme {
        rule: "eu.es.nuss",
        category: Category::NationalId,
        forms: &["dd/dddddddd/dd", "dd dddddddd dd", "dd-dddddddd-dd", "dddddddddddd"],
        fits: nuss,
        bare: COMPANY,
        written: SURE,
        words: "nuss,numero de la seguridad social,numero de seguridad social,seguridad social,numero de afiliacion,\
                n seguridad social,naf,nass",
        hints: "nss",
    },
];

const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

fn dni(number: &[u8]) -> bool {
    number[8] == LETTERS[modulo(&number[..8], 23) as usize]
}

fn nie(text: &[u8]) -> bool {
    let first @ b'X'..=b'Z' = text[0] else { return false };
    let leading = u32::from(first - b'X');
    text[8] == LETTERS[((leading * 10_000_000 + number(&text[1..8])) % 23) as usize]
}

fn nif(text: &[u8]) -> bool {
    matches!(text[0], b'K'..=b'M') && text[8] == LETTERS[(number(&text[1..8]) % 23) as usize]
}

fn nuss(digits: &[u8]) -> bool {
    // A serial below ten million counts with seven digits.
    let body = if digits[2] == b'0' {
        number(&digits[..2]) * 10_000_000 + number(&digits[3..10])
    } else {
        // The province and eight digits do not fit into 32 bits; the remainder is all that counts.
        modulo(&digits[..10], 97)
    };
    (1..=66).contains(&number(&digits[..2])) && body % 97 == number(&digits[10..])
}
