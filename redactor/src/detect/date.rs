//! Dates more precise than a year, 45 CFR 164.514(b)(2)(i)(C).
//!
//! All-numeric dates (ISO 8601, US and European order), dates with a month's name in the languages held, month
//! and year, month and day, and what a keyword announces. Relative dates ("last week") and bare months score
//! below [`super::NEEDS_COMPANY`]: they go only where something else identifies. Bare years and weekdays stay.

use self::numeric::{ISO_BYTES, basic, constructed, is_iso, of_two_digits, short, slashed};
pub(super) use self::numeric::{compact, numeric};
use self::written::{alone, named, with_months, written};
use super::keywords::Key;
use super::lexicon::Lex;
use super::seen::Seen;
use super::text::{Shape, Text};
use super::words::Words;
use super::{Category, Detector, Hit, Needs, value};

mod numeric;
mod written;

/// Finds dates.
pub(super) struct Date;

/// How far behind a keyword ("on", "DOB") a date of two parts may start, in bytes.
const REACH_BYTES: usize = 6;

/// The score of a date that counts only beside another identifier.
const RELATIVE_SCORE: f32 = 0.4;

/// What the first part of a date of several looks like, and a date of one word.
const PARTED: Seen = Seen::digits(1, 4);

const BASIC: Seen = Seen::codes(7, 16);

/// Words at which a date in words may begin.
const TELLING: Lex = Lex::MONTH.or(Lex::RELATIVE).or(Lex::PERIOD);

impl Detector for Date {
    fn id(&self) -> &'static str {
        "date"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Date]
    }

    fn example(&self) -> &'static str {
        "seen on April 12th, 2023"
    }

    fn needs(&self) -> Needs {
        Needs::seen(PARTED.or(BASIC)).or(Needs::lexes(TELLING)).or(Needs::key(Key::Birth))
    }

    fn needs_too(&self) -> Needs {
        // "on 6/3"
        Needs::digits(3).or(Needs::lexes(TELLING)).or(Needs::seen(Seen::SLASH_BEHIND))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push =
            |start, end, rule, score| hits.push(Hit { start, end, category: Category::Date, rule, score });
        const HYPHEN_OR_SLASH: Seen = Seen::HYPHEN_BEHIND.or(Seen::SLASH_BEHIND);
        // Where one day and month was sure, others need no word before them: "out 11/4 through 11/8, back 11/11".
        let mut listed = false;
        for (index, seen) in text.numbers_like(PARTED.or(BASIC)) {
            let start = text.words()[index].start as usize;
            if seen.any(BASIC) {
                if let Some(end) = basic(text, index) {
                    push(start, end, "date.basic", 0.85);
                }
                continue;
            }
            if seen.any(Seen::BRACKET_BEFORE)
                && let Some(end) = constructed(text, index)
            {
                push(start, end, "date.constructed", 0.9);
                continue;
            }
            if let Some(end) = named(text, index) {
                push(start, end, "date.written", 0.9);
                continue;
            }
            // The next part stands right behind the separator, or behind a dot and a space.
            if !(seen.any(Seen::GOES_ON) && seen.any(HYPHEN_OR_SLASH) || seen.any(Seen::DOT_BEHIND)) {
                continue;
            }
            if let Some(end) = numeric(text.text, start) {
                push(with_months(text, index, start), end, "date.numeric", 0.9);
            } else if let Some((end, told)) = of_two_digits(text, index, listed) {
                listed |= told;
                push(start, end, "date.two_digits", if told { 0.8 } else { RELATIVE_SCORE });
            } else if seen.any(Seen::GOES_ON)
                && let Some(end) = short(text, index, listed)
            {
                listed = true;
                push(start, end, "date.short", 0.8);
            }
        }
        let hot = text.holds(TELLING).then(|| text.hot());
        for (index, word) in hot.into_iter().flatten().filter(|(_, word)| word.lex.any(TELLING)) {
            if word.lex.any(Lex::MONTH) {
                if let Some((first, start, end, sure)) = written(text, index) {
                    let score = if sure { 0.9 } else { RELATIVE_SCORE };
                    push(with_months(text, first, start), end, "date.written", score);
                } else if alone(text, index) {
                    push(word.start as usize, word.end as usize, "date.month", RELATIVE_SCORE);
                }
            }
            if word.lex.any(Lex::RELATIVE)
                && let Some(last) = relative(text, index)
            {
                push(word.start as usize, text.words()[last].end as usize, "date.relative", RELATIVE_SCORE);
            }
            if word.lex.any(Lex::PERIOD)
                && let Some((first, last)) = ago(text, index)
            {
                push(
                    text.words()[first].start as usize,
                    text.words()[last].end as usize,
                    "date.relative",
                    RELATIVE_SCORE,
                );
            }
        }
        if !text.has_key(Key::Birth) {
            return;
        }
        for (value, _) in value::announced(text, &[Key::Birth]) {
            if value.letters == 0 && compact(&text.text[value.start..value.end]) {
                push(value.start, value.end, "date.birth", 0.9);
            }
        }
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Birth) {
            if let Some((start, end)) = born(text.text, hit.end) {
                push(start, end, "date.birth", 0.9);
            }
        }
    }
}

/// Whether a date and a hyphen stand right before: the second date of a range.
fn ends_range(bytes: &[u8], start: usize) -> bool {
    const DATE_BYTES_MAX: usize = 10;
    let end = start - 1;
    if bytes[end] == b'/' && end.checked_sub(ISO_BYTES).is_some_and(|from| is_iso(&bytes[from..end])) {
        return true;
    }
    let before = &bytes[end.saturating_sub(DATE_BYTES_MAX)..end];
    let length = before.iter().rev().take_while(|byte| byte.is_ascii_digit() || **byte == b'/').count();
    bytes[end] == b'-' && slashed(bytes, end - length) == Some(end)
}

/// The date right behind a word that announces a birth, written with any signs: `04 03 61`, `1961.3.4`, `03-1961`,
/// `(mm/dd/yy) 030461`.
fn born(text: &str, from: usize) -> Option<(usize, usize)> {
    const GAP_BYTES_MAX: usize = 16;
    let bytes = text.as_bytes();
    let gap = bytes[from..].iter().take(GAP_BYTES_MAX).take_while(|byte| {
        matches!(byte, b' ' | b':' | b'=' | b'(' | b')' | b'/' | b'-' | b'.' | b'#')
            || matches!(byte.to_ascii_lowercase(), b'm' | b'd' | b'y')
    });
    let start = from + gap.count();
    let separator = |at: usize| matches!(bytes.get(at), Some(b' ' | b'.' | b'-' | b'/')).then_some(at + 1);
    let (first, at) = number(bytes, start)?;
    let closed = |end: usize| !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    let (second, at) = number(bytes, separator(at)?)?;
    let month_year = (1..=12).contains(&first.0) && first.1 <= 2 && second.1 == 4 && year(second.0);
    if month_year && closed(at) {
        return Some((start, at));
    }
    let (third, end) = number(bytes, separator(at)?)?;
    let dated = |day: (u32, usize), month: (u32, usize), of: (u32, usize)| {
        day.1 <= 2 && month.1 <= 2 && day_and_month(day.0, month.0) && (of.1 == 2 || of.1 == 4 && year(of.0))
    };
    let fits = dated(first, second, third)
        || dated(second, first, third)
        || first.1 == 4 && dated(third, second, first);
    (fits && closed(end)).then_some((start, end))
}

/// Whether what stands before makes the digits part of something longer: a model's name, a path, a version.
fn continues(bytes: &[u8], start: usize) -> bool {
    let before = bytes[start - 1];
    before.is_ascii_alphanumeric()
        || (matches!(before, b'-' | b'/' | b'.') && start > 1 && bytes[start - 2].is_ascii_alphanumeric())
}

/// A number of at most four digits: its value, how many digits, and the offset behind.
#[inline]
fn number(bytes: &[u8], at: usize) -> Option<((u32, usize), usize)> {
    let (mut value, mut digits) = (0, 0);
    while let Some(byte @ b'0'..=b'9') = bytes.get(at + digits) {
        if digits == 4 {
            return None;
        }
        value = value * 10 + u32::from(byte - b'0');
        digits += 1;
    }
    (digits > 0).then_some(((value, digits), at + digits))
}

fn day_and_month(day: u32, month: u32) -> bool {
    (1..=31).contains(&day) && (1..=12).contains(&month)
}

/// Research data has its dates moved to years that are yet to come, up to 2209 (MIMIC-III and MIMIC-IV, PhysioNet).
const YEAR_MAX: u32 = 2210;

fn year(year: u32) -> bool {
    (1850..=YEAR_MAX).contains(&year)
}

/// Past `T10:20:30.123Z` or `+02:00`.
fn time_end(bytes: &[u8], end: usize) -> usize {
    let time = bytes.get(end) == Some(&b'T') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    if !time {
        return end;
    }
    const TIME_BYTES_MAX: usize = 26;
    let rest = &bytes[end + 1..bytes.len().min(end + TIME_BYTES_MAX)];
    let length = rest
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'Z' | b'+' | b'-'))
        .count();
    let mut end = end + 1 + length;
    while matches!(bytes[end - 1], b'.' | b':' | b'-' | b'+') {
        end -= 1;
    }
    end
}

/// Whether a range goes on behind: "10/2 through 10/6".
fn through(text: &Text<'_>, end: usize) -> bool {
    let rest = &text.text[end..];
    let rest = [" through ", " thru ", " until "].iter().find_map(|word| rest.strip_prefix(word));
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.bytes().take(3).any(|byte| byte == b'/')
    })
}

/// `last week`, `next Monday`, `yesterday`: the index of the last word. Years stay.
fn relative(text: &Text<'_>, index: usize) -> Option<usize> {
    static DAYS: Words<2> = Words::new(["yesterday", "tomorrow"]);
    let spelled = text.spelled(index);
    if DAYS.hold(spelled) {
        return Some(index);
    }
    let next = text.word_at(index + 1)?;
    let period = next.lex.any(Lex::PERIOD) || (next.lex.any(Lex::MONTH) && next.capital(text.text));
    (period && text.joint(index) == b' ' && !spelled.eq_ignore_ascii_case("ago")).then_some(index + 1)
}

/// `three weeks ago`, `2 days prior`: first and last word. `index` is the period's.
fn ago(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    static NUMBERS: Words<14> = Words::new([
        "a", "an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "few",
        "several",
    ]);
    static BEHIND: Words<2> = Words::new(["ago", "earlier"]);
    let first = index.checked_sub(1)?;
    let number = || {
        text.words()[first].shape == Shape::Digits && text.words()[first].len() <= 2
            || NUMBERS.hold(text.spelled(first))
    };
    let joined = matches!(text.joint(first), b' ' | b'-') && text.joint(index) == b' ';
    (joined && BEHIND.hold(text.spelled(index + 1)) && number()).then_some((first, index + 1))
}

#[cfg(test)]
mod tests;
