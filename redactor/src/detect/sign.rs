//! Numbers behind an abbreviation that is a keyword only by its sign or its capitals: `MR# 70444444`, `FIN 200114455`.
//!
//! `MR`, `Pt` and `Case` are words of the language or other abbreviations elsewhere; before `#` they announce a record. FIN
//! is the financial number of a visit (Cerner), HAR the hospital account (Epic).

use super::text::{Shape, Text};
use super::value::{self, value_behind};
use super::{Category, Detector, Hit, Needs};

/// Finds numbers behind a sign.
pub(super) struct Sign;

/// Words before `#`, in lower case, and the fewest digits of what follows.
const SIGNED: &[(&str, Category, usize)] = &[
    ("mr", Category::Mrn, 4),
    ("pt", Category::Mrn, 4),
    ("patient", Category::Mrn, 4),
    ("med", Category::Mrn, 4),
    ("rec", Category::Mrn, 4),
    ("chart", Category::Mrn, 4),
    ("file", Category::Mrn, 5),
    ("visit", Category::Mrn, 4),
    ("enc", Category::Mrn, 4),
    ("encounter", Category::Mrn, 4),
    ("fin", Category::Mrn, 4),
    ("hosp", Category::Mrn, 4),
    ("unit", Category::Mrn, 5),
    ("har", Category::Account, 4),
    ("acc", Category::Account, 4),
    ("acct", Category::Account, 4),
    ("bill", Category::Account, 5),
    ("member", Category::HealthPlan, 4),
    ("mbr", Category::HealthPlan, 4),
    ("sub", Category::HealthPlan, 5),
    ("subscriber", Category::HealthPlan, 4),
    ("grp", Category::HealthPlan, 4),
    ("group", Category::HealthPlan, 4),
    ("policy", Category::HealthPlan, 4),
    ("claim", Category::HealthPlan, 4),
    ("auth", Category::HealthPlan, 5),
    ("case", Category::UniqueId, 4),
    ("ref", Category::UniqueId, 5),
    ("order", Category::UniqueId, 5),
    ("job", Category::UniqueId, 4),
    ("ticket", Category::UniqueId, 5),
    ("rx", Category::UniqueId, 5),
    ("accession", Category::UniqueId, 4),
    ("specimen", Category::UniqueId, 4),
    ("confirmation", Category::UniqueId, 5),
    ("badge", Category::UniqueId, 4),
    ("dl", Category::License, 5),
    ("lic", Category::License, 4),
    ("license", Category::License, 4),
    ("sn", Category::Device, 5),
    ("serial", Category::Device, 4),
    ("ss", Category::Ssn, 4),
    ("ph", Category::Phone, 7),
    ("tel", Category::Phone, 7),
    ("cell", Category::Phone, 7),
    ("room", Category::UniqueId, 6),
];

/// Words in capitals before a number of six digits, with or without a colon.
const CAPITALS: &[(&str, Category)] = &[
    ("FIN", Category::Mrn),
    ("HAR", Category::Account),
    ("MR", Category::Mrn),
    ("CSN", Category::Mrn),
    ("PIN", Category::UniqueId),
];

impl Detector for Sign {
    fn id(&self) -> &'static str {
        "sign"
    }

    fn categories(&self) -> &'static [Category] {
        use Category::{Account, Device, HealthPlan, License, Mrn, Phone, Ssn, UniqueId};
        &[Mrn, Account, HealthPlan, UniqueId, License, Device, Ssn, Phone]
    }

    fn example(&self) -> &'static str {
        "MR# 70444444"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b"#").or(Needs::HOT)
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(4)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |found: value::Value, category, rule| {
            hits.push(Hit { start: found.start, end: found.end, category, rule, score: 0.85 });
        };
        if text.may_hold(b'#') {
            for number in text.numbers() {
                let Some(index) = number.checked_sub(1) else { continue };
                // A prefix of letters may stand between: "MR# A-70444".
                let index = if text.gap(index).contains('#') { index } else { index.saturating_sub(1) };
                let gap = text.gap(index);
                if !matches!(
                    gap,
                    "#" | "# "
                        | " #"
                        | "#: "
                        | "#:"
                        | " # "
                        | " #: "
                        | "# :"
                        | "#-"
                        | ".# "
                        | ". #"
                        | "s# "
                        | "#("
                        | "#: #"
                ) {
                    continue;
                }
                let lower = text.spelled(index).to_ascii_lowercase();
                let Some((_, category, least)) = SIGNED.iter().find(|(known, ..)| *known == lower) else {
                    continue;
                };
                let end = text.words()[index].end as usize;
                if let Some(found) = value_behind(text.text, end).filter(|found| found.digits >= *least) {
                    push(found, *category, "sign.hash");
                }
            }
        }
        for number in text.numbers() {
            let Some(index) = number.checked_sub(1) else { continue };
            let word = text.words()[index];
            if word.shape != Shape::Upper || word.len() > 3 || !matches!(text.gap(index), " " | ": " | ":") {
                continue;
            }
            let spelled = text.spelled(index);
            if let Some((_, category)) = CAPITALS.iter().find(|(known, _)| *known == spelled)
                && let Some(found) = value_behind(text.text, word.end as usize)
                && found.digits >= 6
                && !value::measured(text.text, &found)
            {
                push(found, *category, "sign.capitals");
            }
        }
    }
}

#[cfg(test)]
mod tests;
