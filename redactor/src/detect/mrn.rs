//! Medical record numbers, 45 CFR 164.514(b)(2)(i)(H).
//!
//! No standard gives them a shape; each hospital has its own. They are known by the keyword before them alone,
//! and by the common habit of writing it behind in brackets.

use super::keywords::Key;
use super::text::Text;
use super::{Category, Detector, Hit, value};

/// Finds medical record numbers.
pub(super) struct Mrn;

impl Detector for Mrn {
    fn id(&self) -> &'static str {
        "mrn"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Mrn]
    }

    fn example(&self) -> &'static str {
        "admitted (MRN: #SF-998877)"
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        value::keyed(text, &[Key::Mrn], 4, Category::Mrn, "mrn.keyword", hits);
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Mrn) {
            // "998877 (MRN)"
            let opened = hit.first > 0 && text.gap(hit.first - 1).trim() == "(";
            if opened && let Some(before) = text.word_at(hit.first - 1) {
                let start = value::start_of(text.text, before.end as usize);
                if let Some(found) = value::value_at(text.text, start).filter(|value| value.digits >= 4) {
                    let (start, end) = (found.start, found.end);
                    hits.push(Hit {
                        start,
                        end,
                        category: Category::Mrn,
                        rule: "mrn.bracketed",
                        score: 0.85,
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
