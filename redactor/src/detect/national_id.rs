//! Numbers that states issue to persons and firms, under 45 CFR 164.514(b)(2)(i)(R): tax numbers, passports,
//! identity cards.
//!
//! An ITIN is known by its shape (IRS Publication 1915: 9xx, group 50-65, 70-88, 90-92, 94-99); all else needs
//! its keyword, in any of the languages held.

use super::keywords::Key;
use super::seen::Seen;
use super::text::Text;
use super::value::{digits, shape_amid};
use super::{Category, Detector, Hit, Needs, value};

/// Finds national numbers.
pub(super) struct NationalId;

impl Detector for NationalId {
    fn id(&self) -> &'static str {
        "national_id"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::NationalId]
    }

    fn example(&self) -> &'static str {
        "passport number: 483920175"
    }

    fn needs(&self) -> Needs {
        Needs::numbers(3).or(Needs::key(Key::Passport)).or(Needs::key(Key::NationalId))
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(5)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        value::keyed(text, &[Key::Passport], 5, Category::NationalId, "national_id.passport", hits);
        value::keyed(text, &[Key::NationalId], 5, Category::NationalId, "national_id.keyword", hits);
        let areas = text.numbers_like(Seen::digits(3, 3));
        for (index, _) in areas.filter(|(_, seen)| seen.any(Seen::HYPHEN_BEHIND) && seen.any(Seen::GOES_ON)) {
            let start = text.words()[index].start as usize;
            if let Some(end) =
                shape_amid(text.text, start, "ddd-dd-dddd").filter(|end| is_itin(&text.text[start..*end]))
            {
                hits.push(Hit {
                    start,
                    end,
                    category: Category::NationalId,
                    rule: "national_id.itin",
                    score: 0.6,
                });
            }
        }
    }
}

fn is_itin(text: &str) -> bool {
    let Some((d, 9)) = digits::<9>(text) else { return false };
    d[0] == 9 && matches!(d[3] * 10 + d[4], 50..=65 | 70..=88 | 90..=92 | 94..=99)
}

#[cfg(test)]
mod tests;
