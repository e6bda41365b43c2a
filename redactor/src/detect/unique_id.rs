//! Any other identifying number or code, 45 CFR 164.514(b)(2)(i)(R), behind its keyword: case, accession,
//! employee, study subject, specimen, badge.

use super::keywords::Key;
use super::text::Text;
use super::{Category, Detector, Hit, Needs, value};

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

    fn needs(&self) -> Needs {
        Needs::key(Key::UniqueId).or(Needs::signs(b"#"))
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(4)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        value::keyed(text, &[Key::UniqueId], 4, Category::UniqueId, "unique_id.keyword", hits);
        // "ID#: LUP-98765". A bare "id" in a program or a log is somebody else's.
        let glued = text.may_hold(b'#').then(|| text.glued());
        for index in glued.into_iter().flatten() {
            let word = text.words()[index];
            let signed = word.len() == 2 && text.gap(index).starts_with('#') && text.spelled(index) == "ID";
            if signed
                && let Some(found) =
                    value::value_behind(text.text, word.end as usize).filter(|v| v.digits >= 4)
            {
                let (start, end) = (found.start, found.end);
                hits.push(Hit {
                    start,
                    end,
                    category: Category::UniqueId,
                    rule: "unique_id.sign",
                    score: 0.8,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests;
