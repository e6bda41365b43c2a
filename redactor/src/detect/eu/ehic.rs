//! European health insurance card: the card's number.
//!
//! Decision S2 of 12 June 2009 of the administrative commission, and ISO/IEC 7812: twenty digits, 80 for health, the
//! numeric code of the country by ISO 3166-1 with a nought before, the issuer and its serial.

use super::{Category, LIKELY, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.ehic.card",
    category: Category::HealthPlan,
    forms: &["80ddd ddddd dddddddddd", "80ddd dddddddddddddd d", "80dddddddddddddddddd"],
    fits: card,
    bare: LIKELY,
    written: LIKELY,
    words: "ehic,ehic number,european health insurance card,europaische krankenversicherungskarte,\
            carte europeenne d assurance maladie,tarjeta sanitaria europea,tessera europea di assicurazione malattia,ceam",
    hints: "",
}];

/// ISO 3166-1 numeric codes of the states that issue the card.
const COUNTRIES: &[&[u8; 3]] = &[
    b"040", b"056", b"100", b"191", b"196", b"203", b"208", b"233", b"246", b"250", b"276", b"300", b"348",
    b"352", b"372", b"380", b"428", b"438", b"440", b"442", b"470", b"528", b"578", b"616", b"620", b"642",
    b"703", b"705", b"724", b"752", b"756", b"826",
];

fn card(digits: &[u8]) -> bool {
    digits.len() == 20 && digits.starts_with(b"80") && COUNTRIES.iter().any(|code| digits[2..5] == code[..])
}
