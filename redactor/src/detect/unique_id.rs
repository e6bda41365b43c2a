//! Any other identifying number or code, 45 CFR 164.514(b)(2)(i)(R), behind its keyword: case, accession,
//! employee, study subject, specimen, badge.

use super::keywords::Key;
use super::text::Text;
use super::{Category, Detector, Hit, value};

/// Finds other unique numbers.
pub(super) struct UniqueId;

impl Detector for UniqueId {
    fn id(&self) -> &'static str {
        "unique_id"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::UniqueId]
    }

    fn example(&self) -> &'static str {
        "unique identifier LUP-98765"
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        value::keyed(text, &[Key::UniqueId], 4, Category::UniqueId, "unique_id.keyword", hits);
    }
}

#[cfg(test)]
mod tests;
