//! Hungary: personal identifier, TAJ number, tax identification number.
//!
//! Act XX of 1996 on identification, annexes 1 to 4: személyi azonosító: sex and century, YYMMDD, three digits, a check
//! digit by weights 1 to 10 (births until 1996) or 10 to 1 (since 1997) modulo 11. TAJ szám: nine digits, weights 3 and 7 in
//! turn, modulo 10. Adóazonosító jel: 8, days since 1 January 1867, three digits, weights 1 to 9 modulo 11.

use super::check::{date, digit, number, weighted};
use super::{COMPANY, Category, KEYWORD, LIKELY, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.hu.szemelyi",
        category: Category::NationalId,
        forms: &["d-dddddd-dddd", "d dddddd dddd", "ddddddddddd"],
        fits: szemelyi,
        bare: LIKELY,
        written: SURE,
        words: "szemelyi azonosito,szemelyi szam,szemelyi azonosito jel,szemelyazonosito",
        hints: "",
    },
    Scheme {
        rule: "eu.hu.taj",
        category: Category::HealthPlan,
        forms: &["ddd ddd ddd", "ddd-ddd-ddd", "ddddddddd"],
        fits: taj,
        bare: KEYWORD,
        written: KEYWORD,
        words: "taj szam,tajszam,tarsadalombiztositasi azonosito,tarsadalombiztositasi azonosito jel",
        hints: "taj",
    },
    Scheme {
        rule: "eu.hu.ado",
        category: Category::NationalId,
        forms: &["dddddddddd", "d ddd ddd ddd", "dddd ddd ddd"],
        fits: ado,
        bare: COMPANY,
        written: COMPANY,
        words: "adoazonosito,adoazonosito jel,adoszam",
        hints: "",
    },
];

fn szemelyi(digits: &[u8]) -> bool {
    let (year, month, day) = (number(&digits[1..3]), number(&digits[3..5]), number(&digits[5..7]));
    let year = match digits[0] {
        b'1' | b'2' => 1900 + year,
        b'3' | b'4' => 2000 + year,
        _ => return false,
    };
    let sum = if year < 1997 {
        weighted(digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    } else {
        weighted(digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    };
    date(year, month, day) && sum % 11 == digit(digits[10])
}

fn taj(digits: &[u8]) -> bool {
    weighted(digits, &[3, 7, 3, 7, 3, 7, 3, 7]) % 10 == digit(digits[8])
}

fn ado(digits: &[u8]) -> bool {
    digits[0] == b'8' && weighted(digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 == digit(digits[9])
}
