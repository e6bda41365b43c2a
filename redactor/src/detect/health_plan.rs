//! Health plan beneficiary numbers, 45 CFR 164.514(b)(2)(i)(I).
//!
//! Behind a keyword any shape. Alone only the Medicare Beneficiary Identifier, whose pattern is strict
//! (CMS, "Understanding the MBI": C A AN N A AN N A A N N, letters without S, L, O, I, B, Z, optional dashes
//! 4-3-4; it has no check digit).

use super::keywords::Key;
use super::seen::Seen;
use super::text::Text;
use super::{Category, Detector, Hit, Needs, value};

/// Finds plan, member and Medicare numbers.
pub(super) struct HealthPlan;

/// What the first group of Medicare's number looks like, or all of it: its second character is a letter.
const FIRST: Seen = Seen::codes(4, 4).or(Seen::codes(11, 11));

impl Detector for HealthPlan {
    fn id(&self) -> &'static str {
        "health_plan"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::HealthPlan]
    }

    fn example(&self) -> &'static str {
        "Member ID: ZY-567890"
    }

    fn needs(&self) -> Needs {
        Needs::seen(FIRST).or(Needs::key(Key::HealthPlan))
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(3)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        value::keyed(text, &[Key::HealthPlan], 3, Category::HealthPlan, "health_plan.keyword", hits);
        for (index, _) in text.numbers_like(FIRST) {
            let word = &text.words()[index];
            let start = word.start as usize;
            let shape = if word.len() == 4 { "xxxx-xxx-xxxx" } else { "xxxxxxxxxxx" };
            let end = value::shape_at(text.text, start, shape);
            if let Some(end) = end.filter(|end| is_mbi(&text.text[start..*end])) {
                hits.push(Hit {
                    start,
                    end,
                    category: Category::HealthPlan,
                    rule: "health_plan.mbi",
                    score: 0.8,
                });
            }
        }
    }
}

/// The Medicare Beneficiary Identifier's pattern, dashes aside.
fn is_mbi(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_uppercase() && !b"SLOIBZ".contains(&byte);
    let characters = || text.bytes().filter(|byte| *byte != b'-');
    characters().count() == 11
        && characters().zip(*b"CAENAENAANN").all(|(byte, class)| match class {
            b'C' => (b'1'..=b'9').contains(&byte),
            b'A' => letter(byte),
            b'E' => letter(byte) || byte.is_ascii_digit(),
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests;
