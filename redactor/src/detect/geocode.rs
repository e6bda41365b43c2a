//! Geocodes, under 45 CFR 164.514(b)(2)(i)(B): latitude and longitude behind their names.
//!
//! Three decimals are a hundred metres (ISO 6709 annex H), so a number with fewer names no house. Without a name
//! two such numbers may be anything.

use super::seen::Seen;
use super::text::{Shape, Text};
use super::words::Words;
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
        let mut covered = 0;
        // The signs of degrees are beyond ASCII.
        const BEYOND: u8 = 0xC2;
        for (start, end) in text.numbers_like(DEGREES).filter_map(|(index, seen)| {
            if text.byte_behind(&text.words()[index]) == BEYOND {
                minutes(text, index)
            } else {
                let decimals = seen.any(Seen::DOT_BEHIND) && seen.any(Seen::GOES_ON);
                let side = decimals && text.word_at(index + 2).is_some_and(|side| side.len() == 1);
                side.then(|| hemispheres(text, index)).flatten()
            }
        }) {
            if start < covered {
                continue;
            }
            covered = end;
            hits.push(Hit { start, end, category: Category::Place, rule: "geocode.minutes", score: 0.8 });
        }
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
            let placed = || stands_at(text, index);
            if named || second || placed() {
                let score = 0.8;
                hits.push(Hit { start, end, category: Category::Place, rule: "geocode.named", score });
                last = end;
            }
        }
    }
}

/// `The car is at 51.50735, -0.12776`: the first of a pair with four decimals at least, in the range of latitude and longitude
/// and not both near nought, as losses and ratios are, behind a word that says where.
fn stands_at(text: &Text<'_>, index: usize) -> bool {
    const DECIMALS_MIN: usize = 4;
    static WHERE: Words<7> = Words::new(["near", "position", "pin", "parked", "located", "spot", "site"]);
    // Nearly anything may be "at" two numbers.
    static BEING: Words<12> = Words::new([
        "is", "was", "are", "located", "parked", "found", "seen", "left", "scene", "car", "home", "house",
    ]);
    let told = index.checked_sub(1).is_some_and(|before| {
        let being = || before > 0 && text.joint(before - 1) == b' ' && BEING.hold(text.spelled(before - 1));
        matches!(text.gap(before), " " | ": " | " (" | " -")
            && (WHERE.hold(text.spelled(before)) || text.spelled(before) == "at" && being())
    });
    let degrees = |at: usize, most: u32| {
        let whole = text.spelled(at).parse::<u32>().ok().filter(|whole| *whole <= most)?;
        let decimals = text.word_at(at + 1).filter(|_| text.joint(at) == b'.')?;
        (decimals.shape == Shape::Digits && decimals.len() >= DECIMALS_MIN).then_some(whole)
    };
    let pair = || {
        let latitude = degrees(index, 90)?;
        let longitude =
            degrees(index + 2, 180).filter(|_| matches!(text.gap(index + 1), ", " | ", -" | "," | ",-"))?;
        Some(latitude.max(longitude) >= 10)
    };
    told && pair() == Some(true)
}

/// `34°03′08″N 118°14′37″W`: degrees, minutes, seconds and the hemisphere (ISO 6709 annex D), and the other half behind.
fn minutes(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    const SIGNS: [&[&str]; 3] = [
        &["°", "º", "° ", "º "],
        &["′", "'", "’", "′ ", "' ", "’ "],
        &["″", "\"", "”", "''", "″ ", "\" ", "” "],
    ];
    let half = |from: usize| {
        let mut at = from;
        for signs in SIGNS {
            let number = text.word_at(at)?.shape == Shape::Digits;
            // Seconds may have decimals.
            let decimals = text.joint(at) == b'.' && text.word_at(at + 1)?.shape == Shape::Digits;
            at += usize::from(decimals);
            if !number || !signs.contains(&text.gap(at)) {
                return None;
            }
            at += 1;
        }
        matches!(text.spelled(at), "N" | "S" | "E" | "W" | "O").then_some(at)
    };
    let first = half(index)?;
    let last = half(first + 1).filter(|_| matches!(text.gap(first), " " | ", " | ",")).unwrap_or(first);
    Some((text.words()[index].start as usize, text.words()[last].end as usize))
}

/// `37.7749° N, 122.4194° W`: degrees with decimals, each with its hemisphere.
fn hemispheres(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    let side = |at: usize, sides: [&str; 2]| {
        let joined = matches!(text.gap(at + 1), " " | "°" | "° " | "º" | "º ");
        coordinate(text, at).filter(|_| joined && sides.contains(&text.spelled(at + 2)))
    };
    let (start, _) = side(index, ["N", "S"])?;
    let near = matches!(text.gap(index + 2), ", " | " " | ",");
    near.then(|| side(index + 3, ["E", "W"])).flatten()?;
    Some((start, text.words()[index + 5].end as usize))
}

/// `-97.7431`: degrees and three decimals at least.
fn coordinate(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    let (whole, decimals) = (text.word_at(index)?, text.word_at(index + 1)?);
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
