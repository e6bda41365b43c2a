//! Slovakia: birth number (rodné číslo), Act 301/1995 Z. z. § 2 and 3: the rule of Czechia, see there.

use super::cz::{FORMS, rodne_cislo};
use super::{Category, LIKELY, SURE, Scheme};

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    rule: "eu.sk.rodne_cislo",
    category: Category::NationalId,
    forms: FORMS,
    fits: rodne_cislo,
    bare: LIKELY,
    written: SURE,
    words: "rodnym cislom,cislo poistenca",
    hints: "",
}];
