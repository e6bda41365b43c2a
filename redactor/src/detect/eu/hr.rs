//! Croatia: OIB, and the JMBG that it replaced.
//!
//! OIB: Zakon o osobnom identifikacijskom broju (NN 60/08), eleven digits, ISO/IEC 7064 MOD 11,10. JMBG: as in
//! Slovenia (see there), regions 30 to 39.

use super::check::mod_11_10;
use super::{COMPANY, Category, LIKELY, Scheme, si};

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        rule: "eu.hr.oib",
        category: Category::NationalId,
        forms: &["ddddddddddd"],
        fits: mod_11_10,
        bare: COMPANY,
        written: COMPANY,
        words: "oib,osobni identifikacijski broj",
        hints: "",
    },
    Scheme {
        rule: "eu.hr.jmbg",
        category: Category::NationalId,
        forms: &["ddddddddddddd"],
        fits: si::emso,
        bare: LIKELY,
        written: LIKELY,
        words: "jmbg,maticni broj,jedinstveni maticni broj",
        hints: "",
    },
];
