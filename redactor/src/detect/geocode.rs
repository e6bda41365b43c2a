//! Geocodes, under 45 CFR 164.514(b)(2)(i)(B): latitude and longitude behind their names.
//!
//! Three decimals are a hundred metres (ISO 6709 annex H), so a number with fewer names no house. Without a name
//! two such numbers may be anything.

use super::seen::Seen;
use super::text::{Shape, Text};
use super::{Category, Detector, Hit, Needs};

/// Finds coordinates.
pub(super) struct Geocode;

/// What stands before a coordinate.
const NAMES: &[&str] = &[
    "lat",
    "latitude",
    "lon",
    "lng",
    "long",
    "longitude",
    "coordinates",
    "coords",
    "gps",
    "geo",
    "location",
];

/// What the degrees look like.
const DEGREES: Seen = Seen::digits(1, 3);

impl Detector for Geocode {
    fn id(&self) -> &'static str {
        "geocode"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Place]
    }

    fn example(&self) -> &'static str {
        "gps 30.2672, -97.7431"
    }

    fn needs(&self) -> Needs {
        Needs::seen(DEGREES)
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(4)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut last = 0;
        let whole = text.numbers_like(DEGREES);
        for (index, _) in whole.filter(|(_, seen)| seen.any(Seen::DOT_BEHIND) && seen.any(Seen::GOES_ON)) {
            let Some((start, end)) = coordinate(text, index) else { continue };
            let named = index.checked_sub(1).is_some_and(|before| {
                let spelled = text.spelled(before);
                let near = text.gap(before).len() <= 4;
                near && NAMES.iter().any(|name| name.eq_ignore_ascii_case(spelled))
            });
            // The second of a pair.
            let second = last > 0
                && text
                    .text
                    .get(last..start)
                    .is_some_and(|gap| gap.len() <= 4 && gap.trim().trim_matches(',').is_empty());
            if named || second {
                let score = 0.8;
                hits.push(Hit { start, end, category: Category::Place, rule: "geocode.named", score });
                last = end;
            }
        }
    }
}

/// `-97.7431`: degrees and three decimals at least.
fn coordinate(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    let words = text.words();
    let (whole, decimals) = (words[index], words.get(index + 1)?);
    let fits = whole.shape == Shape::Digits
        && whole.len() <= 3
        && text.joint(index) == b'.'
        && decimals.shape == Shape::Digits
        && (3..=15).contains(&decimals.len())
        && text.spelled(index).parse::<u32>().is_ok_and(|degrees| degrees <= 180);
    let start = whole.start as usize;
    let minus = start > 0 && text.text.as_bytes()[start - 1] == b'-';
    fits.then(|| (start - usize::from(minus), decimals.end as usize))
}

#[cfg(test)]
mod tests;
