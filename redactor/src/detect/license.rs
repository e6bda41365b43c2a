//! Certificate and licence numbers, 45 CFR 164.514(b)(2)(i)(K): NPI, DEA, driver's and professional licences.
//!
//! NPI: ten digits from 1 or 2, Luhn with the prefix 80840 (45 CFR 162.406, CMS "NPI check digit"); without a
//! keyword never, since one number in ten passes by chance. DEA: two letters and seven digits with a check
//! digit (DEA Diversion Control Division). Driver's licences have fifty shapes: keyword only.

use super::keywords::Key;
use super::seen::Seen;
use super::text::Text;
use super::value::{digits, shape_at};
use super::{Category, Detector, Hit, Needs, value};

/// Finds licence numbers.
pub(super) struct License;

/// What a number of the DEA looks like.
const NINE: Seen = Seen::codes(9, 9);

impl Detector for License {
    fn id(&self) -> &'static str {
        "license"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::License]
    }

    fn example(&self) -> &'static str {
        "driver's license number: D1234567"
    }

    fn needs(&self) -> Needs {
        let keys = Needs::key(Key::Npi).or(Needs::key(Key::Dea)).or(Needs::key(Key::License));
        Needs::seen(NINE).or(keys)
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(4)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        value::keyed(text, &[Key::Npi], 7, Category::License, "license.npi", hits);
        value::keyed(text, &[Key::Dea], 6, Category::License, "license.dea_keyword", hits);
        if text.has_key(Key::License) {
            licensed(text, hits);
        }
        for (index, _) in text.numbers_like(NINE) {
            let start = text.words()[index].start as usize;
            if let Some(end) =
                shape_at(text.text, start, "aaddddddd").filter(|end| is_dea(&text.text[start..*end]))
            {
                hits.push(Hit { start, end, category: Category::License, rule: "license.dea", score: 0.9 });
            }
        }
    }
}

/// Keywords that may stand between a number and its own.
const NEAR: usize = 4;

/// The numbers behind a keyword.
fn licensed(text: &Text<'_>, hits: &mut Vec<Hit>) {
    let before = hits.len();
    value::keyed(text, &[Key::License], 4, Category::License, "license.keyword", hits);
    // "98 mg/dL 70-99", "g/dL (12.0-15.5)": a unit and the range of what is normal.
    let keys = text.keys();
    let of_unit = |hit: &Hit| {
        let last = keys.partition_point(|key| key.end <= hit.start);
        let told = keys[..last].iter().rev().take(NEAR).find(|key| key.key == Key::License);
        told.is_some_and(|key| key.first > 0 && text.joint(key.first - 1) == b'/')
    };
    let licensed = hits.split_off(before);
    hits.extend(licensed.into_iter().filter(|hit| !of_unit(hit)));
}

/// The check digit of a DEA registration: (d1+d3+d5) + 2(d2+d4+d6), last digit. The first letter is the kind of
/// registrant.
fn is_dea(text: &str) -> bool {
    let letters = &text.as_bytes()[..2];
    let Some((d, 7)) = digits::<7>(text) else { return false };
    let sum = u32::from(d[0] + d[2] + d[4]) + 2 * u32::from(d[1] + d[3] + d[5]);
    b"ABCDEFGHJKLMPRSTUX".contains(&letters[0])
        && letters[1].is_ascii_uppercase()
        && sum % 10 == u32::from(d[6])
}

#[cfg(test)]
mod tests;
