//! Numbers behind an abbreviation that is a keyword only by its sign or its capitals: `MR# 70444444`, `FIN 200114455`.
//!
//! `MR`, `Pt` and `Case` are words of the language or other abbreviations elsewhere; before `#` they announce a record. FIN
//! is the financial number of a visit (Cerner), HAR the hospital account (Epic).

use std::sync::LazyLock;

use super::lexicon::{self, WordSet};
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
    ("emp", Category::UniqueId, 4),
    ("employee", Category::UniqueId, 4),
    ("staff", Category::UniqueId, 4),
    ("nmls", Category::License, 4),
    ("docket", Category::UniqueId, 4),
    ("loan", Category::Account, 4),
    ("incident", Category::UniqueId, 4),
    ("claim", Category::HealthPlan, 4),
];

/// Words in capitals before a number of six digits, with or without a colon.
const CAPITALS: &[(&str, Category)] = &[
    ("FIN", Category::Mrn),
    ("HAR", Category::Account),
    ("MR", Category::Mrn),
    ("CSN", Category::Mrn),
    ("PIN", Category::UniqueId),
    ("DDA", Category::Account),
    ("ACC", Category::UniqueId),
];

/// Words behind which a booking's or an authorization's number stands.
static BEHIND_SET: LazyLock<WordSet> =
    LazyLock::new(|| lexicon::set(&["pnr", "locator", "ref", "reference", "authorization", "auth"]));

/// The classes of cases in a court's numbers. Federal: civil, criminal, magistrate's, miscellaneous, multidistrict, bankruptcy,
/// adversary; of the states: traffic, felonies, misdemeanours, domestic, juvenile, probate, small claims, dependency.
const CASES: [&str; 18] = [
    "cv", "cr", "mj", "mc", "md", "bk", "ap", "tr", "cf", "cm", "ct", "mm", "dr", "jv", "pr", "sc", "dp",
    "ci",
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
        Needs::NUMBERS
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(2)
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
            // "ACC US-20-0093311"
            let index = if text.joint(index) == b'-' { index.saturating_sub(1) } else { index };
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
        let behind = &*BEHIND_SET;
        for number in text.numbers() {
            let found = match number.checked_sub(1) {
                Some(before) if behind.contains(&text.words()[before].hash) => locator(text, number)
                    .map(|found| (found, "sign.locator"))
                    .or_else(|| authorized(text, number).map(|found| (found, "sign.authorization"))),
                _ if text.joint(number) == b'-' => docket(text, number).map(|found| (found, "sign.docket")),
                _ => None,
            };
            if let Some((found, rule)) = found {
                push(found, Category::UniqueId, rule);
            }
        }
    }
}

/// `2:23-cv-00881-ABC`, `23-cr-00114`: office, year, class of case, serial number and the judges' initials, as the federal
/// courts' case management system writes them (CM/ECF, Administrative Office of the U.S. Courts).
fn docket(text: &Text<'_>, year: usize) -> Option<value::Value> {
    let words = text.words();
    let (of_case, serial) = (words.get(year + 1)?, words.get(year + 2)?);
    let hyphens = text.joint(year) == b'-' && text.joint(year + 1) == b'-';
    let shaped = hyphens
        && words[year].shape == Shape::Digits
        && matches!(words[year].len(), 2 | 4)
        && of_case.len() == 2
        && serial.shape == Shape::Digits
        && (3..=6).contains(&serial.len());
    let class = text.spelled(year + 1);
    if !shaped || !CASES.iter().any(|known| known.eq_ignore_ascii_case(class)) {
        return None;
    }
    let office = year.checked_sub(1).filter(|office| {
        text.joint(*office) == b':' && words[*office].shape == Shape::Digits && words[*office].len() <= 2
    });
    // Without the office the serial number must have its noughts.
    if office.is_none() && serial.len() < 5 {
        return None;
    }
    let mut last = year + 2;
    while last < year + 4
        && text.joint(last) == b'-'
        && words.get(last + 1).is_some_and(|judge| judge.shape == Shape::Upper && judge.len() <= 4)
    {
        last += 1;
    }
    let start = words[office.unwrap_or(year)].start as usize;
    let digits = words[year].len() + serial.len();
    Some(value::Value { start, end: words[last].end as usize, digits, letters: 2 })
}

/// `PNR K9QX3M`: the six letters and digits by which airlines find a booking.
fn locator(text: &Text<'_>, number: usize) -> Option<value::Value> {
    let before = number.checked_sub(1)?;
    let word = &text.words()[number];
    let booked = || matches!(text.spelled(before), "ref" | "reference" | "Ref") && booking(text, before);
    let told = (matches!(text.spelled(before), "PNR" | "locator" | "Locator") || booked())
        && matches!(text.gap(before), " " | ": " | ":" | " #");
    (told && word.shape == Shape::Alnum && word.len() == 6)
        .then(|| value_behind(text.text, text.words()[before].end as usize))
        .flatten()
        .filter(|found| found.end == word.end as usize && capitals(text.text, found))
}

fn booking(text: &Text<'_>, reference: usize) -> bool {
    reference > 0 && matches!(text.spelled(reference - 1), "booking" | "Booking" | "flight" | "airline")
}

/// `Authorization B3390122`: one to three capitals and six digits or more. `Authorization: Bearer …` is of HTTP.
fn authorized(text: &Text<'_>, number: usize) -> Option<value::Value> {
    let before = number.checked_sub(1)?;
    let told = matches!(text.spelled(before), "Authorization" | "authorization" | "Auth" | "auth")
        && matches!(text.gap(before), " " | ": " | " #" | "# ");
    let found = told.then(|| value_behind(text.text, text.words()[before].end as usize)).flatten()?;
    let coded = (1..=3).contains(&found.letters) && found.digits >= 6 && found.end - found.start <= 14;
    (coded && capitals(text.text, &found)).then_some(found)
}

fn capitals(text: &str, found: &value::Value) -> bool {
    !text[found.start..found.end].bytes().any(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests;
