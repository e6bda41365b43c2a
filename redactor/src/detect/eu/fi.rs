//! Finland: personal identity code (henkilötunnus).
//!
//! DDMMYY, the century's sign, three digits, the character of 0123456789ABCDEFHJKLMNPRSTUVWXY at the remainder of the nine
//! digits by 31 (Digital and Population Data Services Agency, "The personal identity code"); the signs Y X W V U beside
//! the hyphen and B to F beside A since 2023 (Decree 22.12.2021/1245).

use super::check::{date, modulo, number};
use super::{Category, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.fi.hetu",
    category: Category::NationalId,
    forms: &["dddddd-dddx", "dddddd+dddx", "ddddddadddx"],
    fits: hetu,
    bare: SURE,
    written: SURE,
    words: "henkilotunnus,henkilotunnuksen,hetu,henkilotunnuksella,personbeteckning,sosiaaliturvatunnus,sotu",
    hints: "",
}];

/// Ten characters without, eleven with a letter as the century's sign.
fn hetu(text: &[u8]) -> bool {
    let (sign, rest) = if text.len() == 11 { (Some(text[6]), &text[7..]) } else { (None, &text[6..]) };
    let (day, month, year) = (number(&text[..2]), number(&text[2..4]), number(&text[4..6]));
    let century = match sign {
        None => [1900, 1800],
        Some(b'Y' | b'X' | b'W' | b'V' | b'U') => [1900; 2],
        Some(b'A'..=b'F') => [2000; 2],
        Some(_) => return false,
    };
    let mut nine = [0; 9];
    nine[..6].copy_from_slice(&text[..6]);
    nine[6..].copy_from_slice(&rest[..3]);
    let check = b"0123456789ABCDEFHJKLMNPRSTUVWXY"[modulo(&nine, 31) as usize];
    let serial = number(&rest[..3]) >= 2;
    serial && check == rest[3] && century.iter().any(|century| date(century + year, month, day))
}
