//! Fax numbers, 45 CFR 164.514(b)(2)(i)(E): a telephone number behind "fax".

use super::keywords::Key;
use super::text::Text;
use super::{Category, Detector, Hit, Needs, phone};

/// Finds fax numbers.
pub(super) struct Fax;

/// How far behind the keyword the number may start, in bytes.
const REACH_BYTES: usize = 24;

impl Detector for Fax {
    fn id(&self) -> &'static str {
        "fax"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Fax]
    }

    fn example(&self) -> &'static str {
        "send it by fax to 212-555-0144"
    }

    fn needs(&self) -> Needs {
        Needs::key(Key::Fax)
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(7)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if !text.has_key(Key::Fax) {
            return;
        }
        for (start, end, _, score) in phone::numbers(text) {
            if text.key_before(start, REACH_BYTES, &[Key::Fax]) {
                hits.push(Hit { start, end, category: Category::Fax, rule: "fax.shape", score });
            }
        }
        for (start, end) in phone::announced(text, Key::Fax) {
            hits.push(Hit { start, end, category: Category::Fax, rule: "fax.keyword", score: 0.9 });
        }
    }
}

#[cfg(test)]
mod tests;
