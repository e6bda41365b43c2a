//! Any other identifying number or code, 45 CFR 164.514(b)(2)(i)(R), behind its keyword: case, accession,
//! employee, study subject, specimen, badge.

use super::keywords::Key;
use super::seen::Seen;
use super::text::Text;
use super::value::shape_at;
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
        Needs::key(Key::UniqueId).or(Needs::signs(b"#")).or(Needs::seen(SHAPED))
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(4)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        value::keyed(text, &[Key::UniqueId], 4, Category::UniqueId, "unique_id.keyword", hits);
        for (start, end) in text.numbers_like(SHAPED).filter_map(|(index, _)| shaped(text, index)) {
            hits.push(Hit { start, end, category: Category::UniqueId, rule: "unique_id.shape", score: 0.75 });
        }
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

/// What a parcel's or a petition's number looks like, and the first part of an alien's.
const SHAPED: Seen = Seen::codes(18, 18).or(Seen::codes(13, 13)).or(Seen::codes(4, 4));

/// Numbers that their shape alone gives away: parcels of UPS (`1Z`, six letters or digits of the sender, ten digits), receipts of the U.S.
/// immigration service (a centre's three letters and ten digits), its A-numbers in groups.
fn shaped(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    const CENTRES: [&str; 8] = ["EAC", "IOE", "LIN", "MSC", "NBC", "SRC", "WAC", "YSC"];
    let word = &text.words()[index];
    let (start, spelled) = (word.start as usize, text.spelled(index));
    let whole = match spelled.len() {
        18 => spelled.starts_with("1Z") && is_parcel(&spelled[2..]),
        13 => spelled.split_at_checked(3).is_some_and(|(centre, number)| {
            CENTRES.contains(&centre) && number.bytes().all(|byte| byte.is_ascii_digit())
        }),
        _ => false,
    };
    if whole {
        return Some((start, word.end as usize));
    }
    let alien = spelled.starts_with('A').then(|| shape_at(text.text, start, "addd-ddd-ddd")).flatten()?;
    Some((start, alien))
}

fn is_parcel(number: &str) -> bool {
    let (sender, rest) = number.as_bytes().split_at(6);
    sender.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && rest.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests;
