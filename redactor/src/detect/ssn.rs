//! US social security numbers, 45 CFR 164.514(b)(2)(i)(G).
//!
//! The shape AAA-GG-SSSS goes whether the Social Security Administration could have issued it or not
//! (20 CFR 422.103; area 000, 666, 9xx, group 00 and serial 0000 never were): people test with 123-45-6789 and
//! mistype their own. Without hyphens a keyword is needed.

use super::keywords::{Key, KeyHit};
use super::seen::{LENGTH_MAX, Seen};
use super::text::Text;
use super::value::{digits, last_digits, shape_amid, shape_at};
use super::{Category, Detector, Hit, Needs, value};

/// Finds social security numbers.
pub(super) struct Ssn;

impl Detector for Ssn {
    fn id(&self) -> &'static str {
        "ssn"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Ssn]
    }

    fn example(&self) -> &'static str {
        "his SSN is 219-09-9999"
    }

    fn needs(&self) -> Needs {
        Needs::numbers(3).or(Needs::key(Key::Ssn))
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(9).or(Needs::key(Key::Ssn))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        const AREA: Seen = Seen::digits(3, 3).or(Seen::codes(4, LENGTH_MAX));
        const JOINED: Seen = Seen::HYPHEN_BEHIND.or(Seen::SPACE_BEHIND).or(Seen::DOT_BEHIND);
        let areas = text.numbers_like(AREA).filter(|(_, seen)| seen.any(Seen::GOES_ON) && seen.any(JOINED));
        for (index, _) in areas {
            let word = &text.words()[index];
            let (start, end) = (word.start as usize, word.end as usize);
            // Both separators are the same.
            if text.text.as_bytes().get(end + 3) != Some(&text.byte_behind(word)) {
                continue;
            }
            // "Hel512-34-5671": what was glued before is not part of it.
            let Some(start) = last_digits(text.text, start, end, 3) else { continue };
            if let Some(end) =
                shape_amid(text.text, start, "ddd-dd-dddd").filter(|end| alone(text.text, start, *end))
            {
                let score = if issued(&text.text[start..end]) { 0.9 } else { 0.7 };
                hits.push(Hit { start, end, category: Category::Ssn, rule: "ssn.shape", score });
            } else if let Some(end) =
                shape_at(text.text, start, "ddd dd dddd").or_else(|| dotted(text.text, start))
                && issued(&text.text[start..end])
            {
                hits.push(Hit { start, end, category: Category::Ssn, rule: "ssn.spaced", score: 0.6 });
            }
        }
        value::keyed(text, &[Key::Ssn], 4, Category::Ssn, "ssn.keyword", hits);
        for (value, hit) in value::announced(text, &[Key::Ssn]) {
            let found = match value.digits {
                3 => spaced_out(text.text, value.start),
                4 if value.letters == 0 && last_four(text, hit, value.start) => Some(value.end),
                _ => None,
            };
            if let Some(end) = found {
                let rule = "ssn.keyword";
                hits.push(Hit { start: value.start, end, category: Category::Ssn, rule, score: 0.9 });
            }
        }
    }
}

/// `512 - 34 - 5671`, `512 / 34 / 5671`: where the number ends that has spaces around its signs.
fn spaced_out(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    for (place, count) in [3, 2, 4].into_iter().enumerate() {
        if place > 0 {
            let gap = [" - ", " / ", "- ", " -", " . "]
                .into_iter()
                .find(|gap| bytes[at..].starts_with(gap.as_bytes()))?;
            at += gap.len();
        }
        if !bytes.get(at..at + count)?.iter().all(u8::is_ascii_digit) {
            return None;
        }
        at += count;
    }
    (!bytes.get(at).is_some_and(u8::is_ascii_alphanumeric)).then_some(at)
}

/// "The last four of my social are 9431", "social ending in 9431".
fn last_four(text: &Text<'_>, hit: &KeyHit, start: usize) -> bool {
    const WORDS_BEFORE: usize = 5;
    let before = (hit.first.saturating_sub(WORDS_BEFORE)..hit.first).any(|at| {
        text.spelled(at).eq_ignore_ascii_case("last") && matches!(text.spelled(at + 1), "four" | "4")
    });
    before || text.text.get(hit.end..start).is_some_and(|between| between.contains("ending"))
}

/// `512.34.5671`, no part of a longer dotted number.
fn dotted(text: &str, start: usize) -> Option<usize> {
    let end = shape_at(text, start, "ddd.dd.dddd")?;
    let bytes = text.as_bytes();
    let before = start > 1 && bytes[start - 1] == b'.' && bytes[start - 2].is_ascii_alphanumeric();
    let behind = bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
    (!before && !behind).then_some(end)
}

/// Not the middle of a longer hyphened code.
fn alone(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let before = start.checked_sub(2).map(|at| &bytes[at..start]);
    let joined = before.is_some_and(|pair| pair[1] == b'-' && pair[0].is_ascii_digit());
    let goes_on = bytes.get(end) == Some(&b'-') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    !joined && !goes_on
}

/// Whether the number could have been issued: 20 CFR 422.103 and the advertising numbers known to be void.
pub(super) fn issued(text: &str) -> bool {
    let Some((digits, 9)) = digits::<9>(text) else { return false };
    let number = digits.iter().fold(0u32, |number, digit| number * 10 + u32::from(*digit));
    let (area, group, serial) = (number / 1_000_000, number / 10_000 % 100, number % 10_000);
    let void = matches!(number, 78_051_120 | 219_099_999 | 123_456_789 | 987_654_320..=987_654_329);
    area != 0 && area != 666 && area < 900 && group != 0 && serial != 0 && !void
}

#[cfg(test)]
mod tests;
