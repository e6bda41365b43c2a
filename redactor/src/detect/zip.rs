//! ZIP codes, under 45 CFR 164.514(b)(2)(i)(B).
//!
//! Five digits are a ZIP code behind a state or a keyword, or behind a town and a comma; ZIP+4 with its hyphen
//! the same. What of it may stay (three digits of a populous area) is the policy's.

use super::keywords::Key;
use super::lexicon::Lex;
use super::seen::Seen;
use super::text::Text;
use super::value::shape_at;
use super::{Category, Detector, Hit, Needs, place, value};

/// Finds ZIP codes.
pub(super) struct Zip;

/// How far behind a keyword the code may start, in bytes.
const REACH_BYTES: usize = 16;
/// What a code looks like.
const FIVE: Seen = Seen::digits(5, 5);

impl Detector for Zip {
    fn id(&self) -> &'static str {
        "zip"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Zip, Category::Place]
    }

    fn example(&self) -> &'static str {
        "Springfield, IL 62704-1234"
    }

    fn needs(&self) -> Needs {
        Needs::seen(FIVE).or(Needs::key(Key::Zip))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        for (index, _) in text.numbers_like(FIVE) {
            let word = &text.words()[index];
            let start = word.start as usize;
            let Some((rule, score)) = context(text, index, start) else { continue };
            let plus_four =
                (text.byte_behind(word) == b'-').then(|| shape_at(text.text, start, "ddddd-dddd"));
            let end = plus_four.flatten().unwrap_or(word.end as usize);
            hits.push(Hit { start, end, category: Category::Zip, rule, score });
        }
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Zip) {
            if let Some((start, end)) = abroad(text.text, hit.end) {
                hits.push(Hit { start, end, category: Category::Place, rule: "zip.abroad", score: 0.85 });
            }
        }
    }
}

/// `3511 LX`, `114 55`, `00-950`, `1000-205`, `8010`: a code of another country behind its keyword, in the formats of the
/// Universal Postal Union's addressing guides. What of a ZIP code may stay does not hold for it.
fn abroad(text: &str, from: usize) -> Option<(usize, usize)> {
    let value = value::value_behind(text, from)?;
    let dutch = ["dddd aa", "ddddaa"].iter().find_map(|shape| shape_at(text, value.start, shape));
    if let Some(end) = dutch.filter(|end| text.as_bytes()[end - 2..*end].iter().all(u8::is_ascii_uppercase)) {
        return Some((value.start, end));
    }
    const SHAPES: [&str; 6] = ["ddd dd", "dd-ddd", "dddd-ddd", "ddddd-ddd", "dddddd", "dddd"];
    let end = SHAPES.iter().find_map(|shape| shape_at(text, value.start, shape))?;
    // "PLZ: 2020" is one, "the postcode 2019 survey" has none.
    let year = text[value.start..end].starts_with("20") || text[value.start..end].starts_with("19");
    let pointed = text[from..value.start].contains(':');
    let told = end - value.start > 4 || pointed || !year;
    (end >= value.end && told && !value::counted(text, end)).then_some((value.start, end))
}

fn context(text: &Text<'_>, index: usize, start: usize) -> Option<(&'static str, f32)> {
    if text.keyed(Key::Zip) || text.key_before(start, REACH_BYTES, &[Key::Zip]) {
        return Some(("zip.keyword", 0.9));
    }
    let before = index.checked_sub(1)?;
    let word = text.word_at(before).filter(|word| word.lex.any(Lex::STATE.or(Lex::TOWN)))?;
    let gap = text.gap(before);
    let close = matches!(gap, " " | ", " | "  " | ",");
    let seated = |state: usize| {
        let word = state.checked_sub(1).and_then(|at| text.word_at(at));
        let named = word.is_some_and(|word| word.capital(text.text) && word.len() > 2);
        let town = named && matches!(text.gap(state - 1), " " | ", " | ",");
        text.spelled(state).len() > 2 || town
    };
    if close && place::is_state(text, before) && seated(before) {
        return Some(("zip.state", 0.9));
    }
    let town = word.capital(text.text) && word.lex.any(Lex::TOWN) && !word.lex.any(Lex::MONTH);
    (close && town).then_some(("zip.town", 0.7))
}

#[cfg(test)]
mod tests;
