//! Dates in words, as dictation and calls have them: `the third of May nineteen sixty one`, `May twenty-second`; and names
//! that are spelled letter by letter.
//!
//! A month's name with a day or a year in words beside it, 45 CFR 164.514(b)(2)(i)(C). A year in words alone stays, as
//! years do.

use std::sync::LazyLock;

use super::keywords::Key;
use super::lexicon::{self, Lex, WordSet};
use super::text::Text;
use super::{Category, Detector, Hit, Needs};

mod letters;

/// Finds spoken dates and names.
pub(super) struct Spoken;

const ORDINALS: [&str; 21] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "thirtieth",
];
const UNITS: [&str; 9] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const TEENS: [&str; 10] = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// All words of numbers.
static NUMBERS: LazyLock<WordSet> = LazyLock::new(|| {
    let further = ["oh", "o", "zero", "hundred", "thousand"];
    let lists = [&UNITS[..], &TEENS, &TENS, &ORDINALS, &further];
    lists.into_iter().flatten().map(|word| lexicon::hash(word)).collect()
});

impl Detector for Spoken {
    fn id(&self) -> &'static str {
        "spoken"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Date, Category::Name, Category::UniqueId]
    }

    fn example(&self) -> &'static str {
        "born on the third of May nineteen sixty one"
    }

    fn needs(&self) -> Needs {
        Needs::lexes(Lex::MONTH).or(Needs::CAPITALS).or(Needs::key(Key::Name)).or(Needs::key(Key::Birth))
    }

    fn needs_too(&self) -> Needs {
        Needs::THREE_WORDS.or(Needs::lexes(Lex::MONTH))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        // A sentence has words: most texts of a document are one.
        if text.words().len() < 2 {
            return;
        }
        letters::spelled(text, hits);
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Birth) {
            if let Some((start, end)) = born(text, hit.last) {
                hits.push(Hit { start, end, category: Category::Date, rule: "spoken.birth", score: 0.85 });
            }
        }
        if !text.holds(Lex::MONTH) {
            return;
        }
        for (index, word) in text.hot().filter(|(_, word)| word.lex.any(Lex::MONTH)) {
            let (first, linked) = day_before(text, index).unwrap_or((index, false));
            let mut last = index;
            let mut day = first < index;
            if !day && let Some(end) = day_behind(text, index) {
                (last, day) = (end, true);
            }
            // Digits may say the day: "the 3rd of May nineteen sixty one", "May 3rd, nineteen sixty-one".
            let digits = |at: usize| {
                text.spelled(at).starts_with(|c: char| c.is_ascii_digit()) && text.words()[at].len() <= 4
            };
            let numbered = text.word_at(index + 1).is_some()
                && digits(index + 1)
                && matches!(text.gap(index), " " | ", ");
            let from = if numbered && !day { index + 1 } else { last };
            let year = year_behind(text, from);
            let capital = word.capital(text.text);
            let sure = match year {
                Some(_) => capital || day,
                // "May first be tried" is no date, nor is "March second" of an army.
                None => {
                    capital
                        && day
                        && (linked || last > index && !text.spelled(index).eq_ignore_ascii_case("may"))
                }
            };
            if sure && (day || year.is_some()) {
                let last = year.unwrap_or(last);
                let (start, end) = (text.words()[first].start as usize, text.words()[last].end as usize);
                hits.push(Hit { start, end, category: Category::Date, rule: "spoken.date", score: 0.85 });
            }
        }
    }
}

/// A date whose month is a number behind a word of birth: `date of birth is oh three fourteen nineteen sixty one`.
fn born(text: &Text<'_>, key: usize) -> Option<(usize, usize)> {
    const WORDS_BETWEEN: usize = 3;
    const WORDS: std::ops::RangeInclusive<usize> = 3..=10;
    let number = |at: usize| text.word_at(at).is_some_and(|word| NUMBERS.contains(&word.hash));
    // Behind a month's name it is a date by that.
    let mut between = (key + 1..=key + 1 + WORDS_BETWEEN)
        .take_while(|at| text.word_at(*at).is_some_and(|word| !word.lex.any(Lex::MONTH)));
    let first = between.find(|at| number(*at))?;
    let goes_on = |at: &usize| joined(text, *at) && number(at + 1);
    let last = (first..first + WORDS.end()).take_while(goes_on).last()? + 1;
    // A year alone stays.
    (WORDS.contains(&(last + 1 - first)) && year_end(text, first) != Some(last))
        .then(|| (text.words()[first].start as usize, text.words()[last].end as usize))
}

fn is(text: &Text<'_>, index: usize, word: &str) -> bool {
    text.spelled(index).eq_ignore_ascii_case(word)
}

fn joined(text: &Text<'_>, index: usize) -> bool {
    matches!(text.gap(index), " " | "-" | ", ")
}

fn one_of(text: &Text<'_>, index: usize, words: &[&str]) -> bool {
    let spelled = text.spelled(index);
    words.iter().any(|word| word.eq_ignore_ascii_case(spelled))
}

/// Whether an ordinal ends at the word, and where it begins: `third`, `twenty-second`.
fn ordinal_before(text: &Text<'_>, index: usize) -> Option<usize> {
    if !one_of(text, index, &ORDINALS) {
        return None;
    }
    let tens = index.checked_sub(1).filter(|before| {
        one_of(text, *before, &["twenty", "thirty"]) && matches!(text.gap(*before), " " | "-")
    });
    Some(tens.unwrap_or(index))
}

/// The first word of the day before a month, and whether "of" or "the" stands by: `the third of May`.
fn day_before(text: &Text<'_>, month: usize) -> Option<(usize, bool)> {
    let mut at = month.checked_sub(1).filter(|before| text.gap(*before) == " ")?;
    let of = is(text, at, "of");
    if of {
        at = at.checked_sub(1).filter(|before| text.gap(*before) == " ")?;
    }
    if is(text, at, "day") {
        at = at.checked_sub(1).filter(|before| text.gap(*before) == " ")?;
    }
    ordinal_before(text, at).map(|first| (first, of))
}

/// The last word of the day behind a month: `May third`, `May the twenty-second`.
fn day_behind(text: &Text<'_>, month: usize) -> Option<usize> {
    let mut at = month + 1;
    if !joined(text, month) {
        return None;
    }
    if is(text, at, "the") && text.gap(at) == " " {
        at += 1;
    }
    ordinal_end(text, at)
}

/// The last word of an ordinal that begins at the word: `third`, `twenty-second`.
pub(super) fn ordinal_end(text: &Text<'_>, at: usize) -> Option<usize> {
    let tens = one_of(text, at, &["twenty", "thirty"])
        && matches!(text.gap(at), " " | "-")
        && one_of(text, at + 1, &ORDINALS);
    let last = at + usize::from(tens);
    one_of(text, last, &ORDINALS).then_some(last)
}

/// The last word of a year that begins behind the word: `nineteen sixty-one`, `two thousand and three`.
fn year_behind(text: &Text<'_>, last: usize) -> Option<usize> {
    if !joined(text, last) {
        return None;
    }
    let mut at = last + 1;
    if (is(text, at, "of") || is(text, at, "in")) && text.gap(at) == " " {
        at += 1;
    }
    year_end(text, at)
}

/// The last word of a year that begins at the word.
fn year_end(text: &Text<'_>, mut at: usize) -> Option<usize> {
    if one_of(text, at, &["two"]) && text.gap(at) == " " && one_of(text, at + 1, &["thousand"]) {
        at += 1;
        let and = usize::from(is(text, at + 1, "and") && text.gap(at) == " ");
        return Some(if joined(text, at) { number_end(text, at + 1 + and).unwrap_or(at) } else { at });
    }
    if !one_of(text, at, &["eighteen", "nineteen", "twenty"]) || !joined(text, at) {
        return None;
    }
    if one_of(text, at + 1, &["oh", "o", "hundred"]) && joined(text, at + 1) {
        return one_of(text, at + 2, &UNITS).then_some(at + 2).or(Some(at + 1));
    }
    number_end(text, at + 1)
}

/// The last word of a number below a hundred that begins at the word.
fn number_end(text: &Text<'_>, at: usize) -> Option<usize> {
    if one_of(text, at, &TENS) {
        let unit = matches!(text.gap(at), " " | "-") && one_of(text, at + 1, &UNITS);
        return Some(at + usize::from(unit));
    }
    (one_of(text, at, &TEENS) || one_of(text, at, &UNITS)).then_some(at)
}

#[cfg(test)]
mod tests;
