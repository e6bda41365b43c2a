//! Ages over 89, under 45 CFR 164.514(b)(2)(i)(C): all of them may be put in one class, 90 or older.
//!
//! `92-year-old`, `aged 94`, `95 yo`, `in her 90s`, ages in words, and a year of birth that shows such an age at
//! the event's time. Ages up to 89 stay.

mod abroad;

use super::keywords::{AGE_WORDS, Key};
use super::lexicon::Lex;
use super::seen::{LENGTH_MAX, Seen};
use super::text::{Shape, Text};
use super::words::{Lower, Words};
use super::{Category, Detector, Hit, Needs, value};

/// Finds ages over 89.
pub(super) struct Age;

/// The lowest age that goes.
const FLOOR_YEARS: u32 = 90;
/// The first digit of an age over 89, or a nought before it.
const FIRST: Seen = Seen::NOUGHT.or(Seen::ONE_OR_NINE);
/// What an age over 89 looks like if no nought stands before it: two or three digits, letters behind or not.
const SHORT: Seen = Seen::digits(2, 3).or(Seen::codes(3, LENGTH_MAX));
/// Higher numbers are no ages.
const CEILING_YEARS: u32 = 125;
/// Julian years of 365.25 days: enough to tell a year.
const MICROS_A_YEAR: i64 = 31_557_600_000_000;

impl Detector for Age {
    fn id(&self) -> &'static str {
        "age"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Age]
    }

    fn example(&self) -> &'static str {
        "a 93-year-old woman"
    }

    fn needs(&self) -> Needs {
        let keys = Needs::key(Key::Age).or(Needs::key(Key::Birth));
        Needs::seen(FIRST).or(Needs::AGE_WORDS).or(keys)
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(2).or(Needs::AGE_WORDS)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |start: usize, end: usize, rule| {
            let (before, behind) = text.text.as_bytes().split_at(end);
            let (start, end) = (start - first_end(&before[..start]), end + last_end(behind));
            hits.push(Hit { start, end, category: Category::Age, rule, score: 0.9 })
        };
        let first = text.numbers_like(FIRST);
        for (index, _) in first.filter(|(_, seen)| seen.any(SHORT.or(Seen::NOUGHT))) {
            let word = &text.words()[index];
            let spelled = &text.text.as_bytes()[word.range()];
            let digits = spelled.iter().take_while(|byte| byte.is_ascii_digit());
            let (count, years) = digits.fold((0, 0_u32), |(count, years), digit| {
                (count + 1, years.saturating_mul(10).saturating_add(u32::from(digit - b'0')))
            });
            if over(years)
                && let Some((end, rule)) = stated(text, index, count, word.shape)
            {
                push(word.start as usize, end, rule);
            }
        }
        let [ninety, _] = *AGE_WORDS;
        let hot = text.holds_age_words().then(|| text.hot());
        for (index, word) in hot.into_iter().flatten() {
            if word.hash == ninety {
                let unit = UNITS.hold(text.spelled(index + 1));
                let last = if unit && matches!(text.gap(index), "-" | " ") { index + 1 } else { index };
                if old_behind(text, last) {
                    push(word.start as usize, text.words()[last].end as usize, "age.words");
                }
            }
        }
        if !text.has_key(Key::Age) && !text.has_key(Key::Birth) {
            return;
        }
        for (value, hit) in value::announced(text, &[Key::Age, Key::Birth]) {
            // "aged 101 10.1.2.3": a number that goes on over a space is another one.
            let number = text.text[value.start..value.end].split(' ').next().unwrap_or_default();
            // "age: 95y"
            let number = number.strip_suffix(['y', 'Y']).unwrap_or(number);
            let value = value::Value { end: value.start + number.len(), ..value };
            let years = number.parse::<u32>().unwrap_or(0);
            let birth = hit.key == Key::Birth || (hit.key != Key::Age && text.keyed(Key::Birth));
            if !birth && over(years) && !text.text[value.end..].starts_with(['%', '/']) && number.len() < 4 {
                push(value.start, value.end, "age.keyword");
            }
            let now = 1970 + text.as_of.div_euclid(MICROS_A_YEAR);
            if birth && number.len() == 4 && (1800..=now - i64::from(FLOOR_YEARS)).contains(&i64::from(years))
            {
                push(value.start, value.end, "age.birth_year");
            }
        }
    }
}

/// The length of what follows if it is the last end of a range of ages: "aged 90-95".
fn last_end(rest: &[u8]) -> usize {
    let Some(last) = rest.strip_prefix(b"-") else { return 0 };
    let digits = last.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let joined = matches!(last.get(digits), Some(b'-' | b'/' | b'.'))
        && last.get(digits + 1).is_some_and(u8::is_ascii_digit);
    if matches!(digits, 2 | 3) && !joined { 1 + digits } else { 0 }
}

/// The length of what comes before if it is the first end of such a range, over 89 itself: "93-95 years old".
fn first_end(before: &[u8]) -> usize {
    let Some(first) = before.strip_suffix(b"-") else { return 0 };
    let digits = first.iter().rev().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let (rest, spelled) = first.split_at(first.len() - digits.min(first.len()));
    let years = spelled.iter().fold(0, |years, digit| years * 10 + u32::from(digit - b'0'));
    let joined =
        rest.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'/'));
    if matches!(digits, 2 | 3) && over(years) && !joined { digits + 1 } else { 0 }
}

fn over(years: u32) -> bool {
    (FLOOR_YEARS..=CEILING_YEARS).contains(&years)
}

static UNITS: Words<9> = Words::new(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]);

/// `93-year-old`, `93 yo`, `93yo`, `93F`, `her 90s`: the end, if that number over 89 of so many digits is an age.
fn stated(text: &Text<'_>, index: usize, digits: usize, shape: Shape) -> Option<(usize, &'static str)> {
    let tail = &text.spelled(index)[digits..];
    let end = text.words()[index].start as usize + digits;
    if shape == Shape::Digits {
        let old = behind_name(text, index)
            || old_behind(text, index)
            || old_before(text, index)
            || abroad::old_behind(text, index)
            || abroad::old_before(text, index);
        return old.then_some((end, "age.stated"));
    }
    let tail = tail.to_ascii_lowercase();
    let decade = tail == "s"
        && index > 0
        && matches!(
            text.spelled(index - 1).to_ascii_lowercase().as_str(),
            "his" | "her" | "their" | "mid" | "late" | "early"
        );
    // "93F with", but not "92F" of a fever nor "ran 90m".
    const PRESENTING: &[&str] =
        &["with", "w", "who", "presenting", "presents", "presented", "hx", "admitted", "c", "pt", "here"];
    let sex = matches!(tail.as_str(), "f" | "m")
        && matches!(text.gap(index), " " | " /")
        && PRESENTING.contains(&text.spelled(index + 1).to_ascii_lowercase().as_str());
    match tail.as_str() {
        _ if sex => Some((end, "age.stated")),
        "yo" | "yof" | "yom" | "yrs" | "yr" => Some((end, "age.stated")),
        "y" if matches!(text.gap(index), "/" | " " | "-" | ",") => Some((end, "age.stated")),
        _ if decade => Some((end + 1, "age.decade")),
        _ if abroad::is_adjective(&tail) => Some((end, "age.stated")),
        _ => None,
    }
}

/// `Irmtraud Böhnisch (91)`, `lived to 93`.
fn behind_name(text: &Text<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1) else { return false };
    let word = &text.words()[before];
    let name = word.shape == Shape::Capital
        && (word.lex == Lex::NONE
            || word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY)) && !word.lex.any(Lex::ANY_WORD));
    let bracketed = text.gap(before) == " (" && text.byte_behind(&text.words()[index]) == b')' && name;
    let lived = text.joint(before) == b' '
        && text.spelled(before) == "to"
        && before > 0
        && matches!(text.spelled(before - 1), "lived" | "survived");
    bracketed || lived
}

/// "died at 92", "turned 94", "my mother is 97 and": a verb of age, or a person who is that number.
fn old_before(text: &Text<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1).filter(|before| text.joint(*before) == b' ') else {
        return false;
    };
    let word = |back: usize| Lower::of(before.checked_sub(back).map_or("", |at| text.spelled(at)));
    let behind = Lower::of(text.spelled(index + 1));
    let ends =
        text.gap(index).starts_with(['.', ',', ';', '!', '?', '\n']) || text.word_at(index + 1).is_none();
    let dated = ends && !text.text[text.words()[index].end as usize..].starts_with([',', '.'])
        || !text.gap(index).contains(['%', '/', ':']);
    let verb = matches!(word(0).as_str(), "turned" | "turns" | "turning" | "aged");
    let died = word(0) == "at" && matches!(word(1).as_str(), "died" | "dead" | "death" | "passed" | "alive");
    let is = matches!(word(0).as_str(), "is" | "was")
        && text.words()[before - 1.min(before)].lex.any(super::lexicon::Lex::PERSON)
        && (ends || matches!(behind.as_str(), "and" | "now" | "but"));
    dated && (verb || died || is)
}

/// Whether "year old", "yo", "y/o", "years of age" follow the word.
fn old_behind(text: &Text<'_>, index: usize) -> bool {
    if !matches!(text.gap(index), " " | "-" | "  " | "‑") {
        return false;
    }
    let next = |offset: usize| Lower::of(text.spelled(index + offset));
    match next(1).as_str() {
        "yo" | "yof" | "yom" | "ans" | "anos" | "anni" | "jaar" => true,
        "year" | "yr" => next(2) == "old",
        "years" | "yrs" => next(2) == "old" || next(2) == "young" || (next(2) == "of" && next(3) == "age"),
        "y" => {
            matches!(next(2).as_str(), "o" | "old") && matches!(text.gap(index + 1), "/" | "." | " " | "-")
        }
        "jahre" => next(2) == "alt",
        _ => false,
    }
}

#[cfg(test)]
mod tests;
