//! Germany: tax identification number, health insurance number, pension insurance number, tax account number.
//!
//! Steuer-ID: AO § 139b; ISO/IEC 7064 MOD 11,10; of its first ten digits exactly one stands twice or three times, not
//! three in a row (BZSt, "Prüfziffernberechnung"). KVNR: SGB V § 290, a letter and nine digits: the letter's two digits
//! and the next eight with weights 1 2 1 2 …, digits of the products added, modulo 10 (GKV-Spitzenverband). RVNR: VKVV §
//! 2 and 4: area, DDMMYY, letter of the birth name, serial, check digit by weights 2 1 2 5 7 1 2 1 2 1 2 1. Steuernummer:
//! differs from state to state, keyword only.

use super::check::{all_digits, digit, letter, mod_11_10, number};
use super::{COMPANY, Category, KEYWORD, LIKELY, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.de.steuer_id",
        category: Category::NationalId,
        forms: &["dd ddd ddd ddd", "ddd ddd ddddd", "ddddddddddd"],
        fits: steuer_id,
        bare: LIKELY,
        written: SURE,
        words: "steuer id,steuerid,steuer identifikationsnummer,steueridentifikationsnummer,steuerliche identifikationsnummer,\
                steuer identnummer,steueridnummer,steuer idnr,idnr,identifikationsnummer",
        hints: "st id",
    },
    Scheme {
        rule: "eu.de.kvnr",
        category: Category::HealthPlan,
        forms: &["addddddddd", "a ddddddddd", "addd ddd ddd", "a ddd ddd ddd"],
        fits: kvnr,
        bare: COMPANY,
        written: LIKELY,
        words: "krankenversichertennummer,krankenversichertennr,versichertennummer,versicherten nr,versichertennr,kvnr,\
                kv nummer,kv nr,krankenversicherungsnummer,versichertenkarte",
        hints: "egk,egk nr",
    },
    Scheme {
        rule: "eu.de.rvnr",
        category: Category::NationalId,
        forms: &[
            "dd dddddd a ddd",
            "dd dddddd a dd d",
            "dd ddddddaddd",
            "dd dd dd dd a ddd",
            "dddddddd a ddd",
            "ddddddddaddd",
        ],
        fits: rvnr,
        bare: SURE,
        written: SURE,
        words: "rentenversicherungsnummer,rv nummer,rv nr,rvnr,sozialversicherungsnummer,sv nummer,sv nr,\
                sozialversicherungsausweis,versicherungsnummer",
        hints: "vsnr,svnr",
    },
    Scheme {
        rule: "eu.de.steuernummer",
        category: Category::NationalId,
        forms: &[
            "ddd/ddd/ddddd",
            "dd/ddd/ddddd",
            "ddd/dddd/dddd",
            "ddddd/ddddd",
            "ddd ddd ddddd",
            "ddddddddddddd",
            "ddddddddddd",
            "dddddddddd",
        ],
        fits: all_digits,
        bare: KEYWORD,
        written: KEYWORD,
        words: "steuernummer,steuer nr,steuernr",
        hints: "st nr,stnr",
    },
    Scheme {
        rule: "eu.de.personalausweis",
        category: Category::NationalId,
        forms: &["xxxxxxxxxx", "xxxxxxxxx"],
        fits: card,
        bare: KEYWORD,
        written: KEYWORD,
        words: "personalausweisnummer,ausweisnummer,personalausweis nr,ausweis nr,seriennummer des ausweises",
        hints: "perso",
    },
];

fn steuer_id(digits: &[u8]) -> bool {
    let mut counts = [0u8; 10];
    digits[..10].iter().for_each(|byte| counts[digit(*byte) as usize % 10] += 1);
    let repeated = counts.iter().filter(|count| **count > 1).count();
    let often = counts.iter().max().copied().unwrap_or(0);
    let in_a_row = digits[..10].windows(3).any(|three| three[0] == three[1] && three[1] == three[2]);
    digits[0] != b'0' && repeated == 1 && often <= 3 && !in_a_row && mod_11_10(digits)
}

/// The sum of the digits of each product.
fn cross(digits: impl Iterator<Item = u32>, weights: &[u32]) -> u32 {
    digits.zip(weights).map(|(digit, weight)| digit * weight).map(|product| product / 10 + product % 10).sum()
}

fn two_digits(byte: u8) -> [u32; 2] {
    [letter(byte) / 10, letter(byte) % 10]
}

fn kvnr(number: &[u8]) -> bool {
    let digits = two_digits(number[0]).into_iter().chain(number[1..9].iter().map(|byte| digit(*byte)));
    cross(digits, &[1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) % 10 == digit(number[9])
}

fn rvnr(text: &[u8]) -> bool {
    let digits = text[..8]
        .iter()
        .map(|byte| digit(*byte))
        .chain(two_digits(text[8]))
        .chain(text[9..11].iter().map(|byte| digit(*byte)));
    let (day, month) = (number(&text[2..4]), number(&text[4..6]));
    // Where the day is not known the month or day runs on beyond what is real.
    let born = (1..=12).contains(&month) && (1..=31).contains(&day);
    born && cross(digits, &[2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 == digit(text[11])
}

/// Letters and digits by the weights 7 3 1 of ICAO 9303 part 3, modulo 10; nine characters may lack the check digit.
fn card(number: &[u8]) -> bool {
    let value = |byte: u8| if byte.is_ascii_digit() { digit(byte) } else { letter(byte) + 9 };
    let sum: u32 =
        number[..9].iter().zip([7, 3, 1].iter().cycle()).map(|(byte, weight)| value(*byte) * weight).sum();
    number.len() == 9 || sum % 10 == digit(number[9])
}
