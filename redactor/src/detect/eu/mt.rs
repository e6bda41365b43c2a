//! Malta: identity card number, which is the tax number of persons too.
//!
//! Identity Card Act, chapter 258: up to seven digits and a letter (M, G, A, P, L, H, B, Z: register and century); there is
//! no check digit, so a keyword is needed (European Commission, "TINs by country", sheet Malta).

use super::{Category, KEYWORD, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.mt.id_card",
    category: Category::NationalId,
    forms: &["ddddddda", "dddddda", "ddddda", "dddda", "ddddddd a", "dddddd a", "ddddd a", "ddddddd(a)"],
    fits: id_card,
    bare: KEYWORD,
    written: KEYWORD,
    words: "karta tal identita,numru tal karta tal identita",
    hints: "",
}];

fn id_card(text: &[u8]) -> bool {
    text.last().is_some_and(|letter| b"MGAPLHBZ".contains(letter))
}
