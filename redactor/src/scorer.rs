//! What the rules leave: a linear scorer over the words of a text in which somebody was found.
//!
//! A rule knows a form, a list or a keyword; what it leaves of a person's text is mostly what has none of them: a
//! town in no list, a user's name, a case number behind a word of another language. How such a word is spelled and
//! what stands around it, found things first of all, tells more than any single sign, and how much each sign tells is
//! learned: a weight for each, a sum for each word, one threshold (a linear support vector machine, L2-loss, trained by
//! dual coordinate descent after Hsieh et al., ICML 2008). `redactor/examples/train` makes the weights from the labelled
//! texts in `redactor/evaluation`, bit for bit the same each time.
//!
//! Only texts that hold something found are judged, and what was found before is one word for its surroundings whatever it
//! was. A second pass over the output changes nothing: a word from which a replacement can be seen was judged by the first,
//! which saw more, and any other has the surroundings that it had.

mod candidate;
mod features;
mod surroundings;
mod weights;

use std::ops::Range;

pub use weights::{CLASSES, Class, Kinds, Weights};

use crate::detect::{Category, Hit, Text, Word};
use surroundings::{Surroundings, is_near};

/// The most times that a text is looked at: each time with what the last one found as known.
const ROUNDS_MAX: usize = 8;

/// How sure a word is that the scorer finds. It needs no company, having had it.
const SCORE: f32 = 0.55;

/// A word that may be judged, and what is known of it.
#[derive(Debug)]
pub struct Candidate {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// Its features, as hashes: see [`Weights`].
    pub features: Vec<u32>,
}

/// The words of a text that may be judged beside what `covered` holds, disjoint ranges in order: for the program that
/// makes the weights.
pub fn candidates(text: &str, covered: &[Range<usize>]) -> Vec<Candidate> {
    let prepared = Text::new(text, None, 0);
    let raw = |word: &Word| (word.start as usize, word.end as usize);
    let around = Surroundings::new(&prepared, text, raw, covered);
    let units = around.candidates().into_iter().filter_map(|index| around.candidate(index));
    let candidates = units.map(|unit| {
        let mut features = Vec::new();
        around.features(&unit, |feature| features.push(feature));
        Candidate { range: unit.range(), features }
    });
    candidates.collect()
}

/// Adds what the scorer finds beside `covered`, disjoint ranges of `written` in order, among them those of `replaced`, which
/// an earlier pass wrote. `raw` tells where in `written` a word of the prepared text stands.
pub(crate) fn find(
    text: &Text<'_>,
    written: &str,
    raw: impl Fn(&Word) -> (usize, usize),
    replaced: &[Range<usize>],
    covered: &mut Vec<Range<usize>>,
    hits: &mut Vec<Hit>,
) {
    let weights = Weights::get();
    let mut new: Vec<Range<usize>> = Vec::new();
    for round in 0..ROUNDS_MAX {
        let around = Surroundings::new(text, written, &raw, covered);
        let first = hits.len();
        let words = text.words();
        for index in around.candidates() {
            let at = raw(&words[index as usize]);
            // Nothing has changed for what stands far from the last round's.
            if round > 0 && !is_near(at, &new) || is_near(at, replaced) {
                continue;
            }
            let Some(unit) = around.candidate(index) else { continue };
            let taken = hits[first..].last().is_some_and(|last| unit.range().start < last.end);
            if taken || !weights.tells(&around, &unit) {
                continue;
            }
            let range = around.glued(&unit);
            // In a text that reads like another a word may begin inside one of those written.
            if !is_whole(written, &range) {
                continue;
            }
            let category = category(weights.class(&around, &unit), &written[range.clone()]);
            match hits[first..].last_mut() {
                // Glued to the one before, or the next word of it.
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                Some(last)
                    if last.category == category && matches!(&written[last.end..range.start], " " | ". ") =>
                {
                    last.end = range.end;
                }
                _ => hits.push(Hit {
                    start: range.start,
                    end: range.end,
                    category,
                    rule: rule(category),
                    score: SCORE,
                }),
            }
        }
        if hits.len() == first {
            return;
        }
        new.clear();
        new.extend(hits[first..].iter().map(|hit| hit.start..hit.end));
        covered.extend_from_slice(&new);
        covered.sort_by_key(|range| range.start);
    }
}

/// Whether no letter or digit stands right beside a stretch of a text.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let wordy = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    !wordy(text[..range.start].chars().next_back()) && !wordy(text[range.end..].chars().next())
}

/// What a word of that class is.
fn category(class: Class, spelled: &str) -> Category {
    let number = spelled.bytes().any(|byte| byte.is_ascii_digit());
    match class {
        Class::Date if number && spelled.len() <= 3 => Category::Age,
        Class::Date => Category::Date,
        Class::Secret if is_mixed(spelled) => Category::Secret,
        Class::Secret => Category::UniqueId,
        Class::Name if !number => Category::Name,
        Class::Place if !number => Category::Place,
        Class::Name | Class::Place | Class::Number => Category::UniqueId,
    }
}

/// Whether a word is written as passwords and keys are and names of accounts are not: letters of both cases, or a sign, and
/// digits. What is called a secret goes without a token.
fn is_mixed(spelled: &str) -> bool {
    let any = |of: fn(&u8) -> bool| spelled.bytes().any(|byte| of(&byte));
    let signs =
        any(|byte| matches!(byte, b'!' | b'#' | b'$' | b'%' | b'&' | b'*' | b'+' | b'?' | b'^' | b'~'));
    any(u8::is_ascii_digit) && (any(u8::is_ascii_lowercase) && any(u8::is_ascii_uppercase) || signs)
}

/// The rule under which it is reported.
fn rule(category: Category) -> &'static str {
    match category {
        Category::Name => "scorer.name",
        Category::Place => "scorer.place",
        Category::Date => "scorer.date",
        Category::Age => "scorer.age",
        Category::Secret => "scorer.secret",
        _ => "scorer.number",
    }
}

#[cfg(test)]
mod tests;
