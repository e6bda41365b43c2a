//! Belgium: national number (Rijksregisternummer, numéro national) and BIS number.
//!
//! Royal decree of 3 April 1984 on the composition of the number: YYMMDD, three digits, 97 less the first nine
//! modulo 97; for births from 2000 a 2 stands before them. BIS (Crossroads Bank for Social Security): the month
//! plus 20 (sex unknown) or 40. Unknown days and months are 00.

use super::check::{modulo, number, short_date};
use super::{Category, SURE, Scheme};

const FORMS: &[&str] = &[
    "dd.dd.dd-ddd.dd",
    "dd.dd.dd-ddd-dd",
    "dd.dd.dd ddd.dd",
    "dd.dd.dd ddd dd",
    "dd dd dd ddd dd",
    "dd dd dd-ddd dd",
    "dddddd-ddd-dd",
    "dddddd-ddd.dd",
    "dddddd ddd dd",
    "dddddd ddddd",
    "ddddddddddd",
];

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.be.nn",
        category: Category::NationalId,
        forms: FORMS,
        fits: nn,
        bare: SURE,
        written: SURE,
        words: "rijksregisternummer,rijksregister,registre national,numero national,numero de registre national,\
                nationaal nummer,inszn,nationalregisternummer,rrn,insz,niss",
        hints: "rr nr",
    },
    Scheme {
        rule: "eu.be.bis",
        category: Category::NationalId,
        forms: FORMS,
        fits: bis,
        bare: SURE,
        written: SURE,
        words: "bis nummer,numero bis,bisnummer",
        hints: "",
    },
];

/// The last two digits of the latest year of birth of this century that counts.
const BIRTH_YEAR_MAX: u32 = 40;

fn nn(digits: &[u8]) -> bool {
    born(digits, 0)
}

fn bis(digits: &[u8]) -> bool {
    born(digits, 20) || born(digits, 40)
}

/// Check digits, and a date whose month is `beyond` too high.
fn born(digits: &[u8], beyond: u32) -> bool {
    let check = number(&digits[9..]);
    let (year, month, day) = (number(&digits[..2]), number(&digits[2..4]), number(&digits[4..6]));
    let Some(month) = month.checked_sub(beyond) else { return false };
    let dated = if month == 0 || day == 0 { month <= 12 && day <= 31 } else { short_date(year, month, day) };
    let nine = modulo(&digits[..9], 97);
    // For births from 2000 a 2 stands before the nine digits.
    let later = (nine + 2_000_000_000 % 97) % 97;
    dated && (check == 97 - nine || (check == 97 - later && year <= BIRTH_YEAR_MAX))
}
