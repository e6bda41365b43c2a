//! Dates more precise than a year, 45 CFR 164.514(b)(2)(i)(C).
//!
//! All-numeric dates (ISO 8601, US and European order), dates with a month's name in the languages held, month
//! and year, month and day, and what a keyword announces. Relative dates ("last week") and bare months score
//! below [`super::NEEDS_COMPANY`]: they go only where something else identifies. Bare years and weekdays stay.

use std::sync::LazyLock;

use super::keywords::Key;
use super::lexicon::{self, Lex, WordSet};
use super::seen::Seen;
use super::text::{Shape, Text};
use super::words::Words;
use super::{Category, Detector, Hit, Needs, value};

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

/// The end of the all-numeric date that starts at `start`: `2023-04-12`, `04/12/2023`, `12.4.2023`, `4/12/23`;
/// a time of day behind `T` belongs to it.
pub(super) fn numeric(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    if start > 0 && continues(bytes, start) && !ends_range(bytes, start) {
        return None;
    }
    let (first, at) = number(bytes, start)?;
    let separator = *bytes.get(at).filter(|byte| matches!(byte, b'-' | b'/' | b'.'))?;
    // "9. 9. 2021", as Czech, Slovak and Danish write it.
    let space = usize::from(separator == b'.' && bytes.get(at + 1) == Some(&b' '));
    let (second, at) = number(bytes, at + 1 + space)?;
    if bytes.get(at) != Some(&separator) || space == 1 && bytes.get(at + 1) != Some(&b' ') {
        return None;
    }
    let (third, end) = number(bytes, at + 1 + space)?;
    if space == 1 && third.1 != 4 {
        return None;
    }
    // "1961-3-4" and "1961/3/4", but "2024.1.5" is a version.
    let short = |part: (u32, usize)| part.1 == 2 || part.1 == 1 && separator != b'.';
    let year_first = first.1 == 4 && short(second) && short(third);
    let fits = if year_first {
        // A time behind it makes any year one, and programs write the first and the last year for "none" and "ever".
        let any_year = || matches!(first.0, 1 | 9999) || time_end(bytes, end) > end;
        day_and_month(third.0, second.0) && (year(first.0) || any_year())
    } else {
        // "16.10.23": no version has a part over 12 before one of two digits that may be a year; day before month.
        let german = separator == b'.'
            && second.0 <= 12
            && (first.0 > 12 || first.1 == 2 || second.1 == 2)
            && (10..=30).contains(&third.0);
        let two_digits = third.1 == 2
            && (german || separator == b'/' || (separator == b'-' && first.1 == 2 && second.1 == 2));
        first.1 <= 2
            && second.1 <= 2
            && (day_and_month(first.0, second.0) || day_and_month(second.0, first.0))
            && ((third.1 == 4 && year(third.0)) || two_digits)
    };
    let end = if year_first { time_end(bytes, end) } else { end };
    let goes_on = match bytes.get(end) {
        Some(byte) if byte.is_ascii_alphanumeric() => true,
        // An interval of ISO 8601, "2024-03-04/2024-03-07".
        Some(b'/') if separator == b'-' && interval_ends(bytes, end + 1) => false,
        // "2024-02-15-preview" is a version.
        Some(b'-') if year_first => bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric),
        // "11/28/16-12/3/16"
        Some(b'-') if separator == b'/' && slashed(bytes, end + 1).is_some() => false,
        Some(b'-' | b'/' | b'.' | b'_') => bytes.get(end + 1).is_some_and(u8::is_ascii_digit),
        _ => false,
    };
    (fits && !goes_on).then_some(end)
}

/// The end of the day in a call that makes a date, as programs print it: `datetime.date(1961, 3, 14)`,
/// `LocalDate.of(1961, 3, 14)`, `new Date(1961, 2, 14)`, of which the months begin with 0.
fn constructed(text: &Text<'_>, index: usize) -> Option<usize> {
    static MAKERS: Words<7> =
        Words::new(["date", "datetime", "timestamp", "dateonly", "localdate", "localdatetime", "calendar"]);
    static METHODS: Words<2> = Words::new(["of", "utc"]);
    let call = index.checked_sub(1).filter(|call| text.gap(*call) == "(")?;
    let method = METHODS.hold(text.spelled(call)) && call > 0 && text.joint(call - 1) == b'.';
    if !MAKERS.hold(text.spelled(call - usize::from(method))) {
        return None;
    }
    let bytes = text.text.as_bytes();
    let next = |at: usize| match bytes.get(at..at + 2)? {
        b", " => Some(at + 2),
        [b',', _] => Some(at + 1),
        _ => None,
    };
    let (years, at) = number(bytes, text.words()[index].start as usize)?;
    let (month, at) = number(bytes, next(at)?)?;
    let (day, end) = number(bytes, next(at)?)?;
    let fits = years.1 == 4 && year(years.0) && month.0 <= 12 && (1..=31).contains(&day.0);
    (fits && matches!(bytes.get(end), Some(b')' | b','))).then_some(end)
}

/// Whether a date with the year first stands there.
fn interval_ends(bytes: &[u8], start: usize) -> bool {
    bytes.get(start..start + ISO_BYTES).is_some_and(is_iso)
}

/// `2024-03-04`
fn is_iso(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .zip(b"dddd-dd-dd")
        .all(|(byte, want)| if *want == b'd' { byte.is_ascii_digit() } else { byte == want })
}

const ISO_BYTES: usize = 10;

/// The end of three numbers with slashes between them, the last of two digits or four.
fn slashed(bytes: &[u8], start: usize) -> Option<usize> {
    let slash = |at: usize| (bytes.get(at) == Some(&b'/')).then_some(at + 1);
    let (first, at) = number(bytes, start)?;
    let (second, at) = number(bytes, slash(at)?)?;
    let (third, end) = number(bytes, slash(at)?)?;
    (first.1 <= 2 && second.1 <= 2 && matches!(third.1, 2 | 4)).then_some(end)
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

/// One word: `20230412T103000Z` (ISO 8601 basic format) and `02MAR1961`.
fn basic(text: &Text<'_>, index: usize) -> Option<usize> {
    let word = text.words()[index];
    if word.shape != Shape::Alnum || !(7..=16).contains(&word.len()) {
        return None;
    }
    let spelled = text.spelled(index);
    let digits = spelled.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &spelled[digits..];
    let end = word.end as usize;
    if digits == 8 {
        let time = rest.strip_prefix('T')?.trim_end_matches('Z');
        let timed = matches!(time.len(), 4 | 6) && time.bytes().all(|byte| byte.is_ascii_digit());
        return (timed && compact(&spelled[..8])).then_some(end);
    }
    let (month, years) = (rest.get(..3)?, rest.get(3..)?);
    let named = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(month));
    let dated = matches!(years.len(), 2 | 4) && years.bytes().all(|byte| byte.is_ascii_digit());
    let day = spelled[..digits].parse().is_ok_and(|day: u32| (1..=31).contains(&day));
    let century = years.len() == 2 || years.parse().is_ok_and(year);
    (named && dated && day && century && (1..=2).contains(&digits)).then_some(end)
}

/// A day, a month and a year of two digits that may be something else: `8.8.23` reads like a version, `4-4-96` like a range or
/// a number. Gives its end, and whether a word before it says that it is a date; it counts only beside an identifier if not.
fn of_two_digits(text: &Text<'_>, index: usize, listed: bool) -> Option<(usize, bool)> {
    let bytes = text.text.as_bytes();
    let start = text.words()[index].start as usize;
    if start > 0 && continues(bytes, start) {
        return None;
    }
    let (first, at) = number(bytes, start)?;
    let separator = *bytes.get(at).filter(|byte| matches!(byte, b'-' | b'.'))?;
    let (second, at) = number(bytes, at + 1)?;
    let (year, end) = number(bytes, (bytes.get(at) == Some(&separator)).then_some(at + 1)?)?;
    let real = first.1 <= 2
        && second.1 <= 2
        && year.1 == 2
        && (day_and_month(first.0, second.0) || day_and_month(second.0, first.0));
    let goes_on = bytes.get(end).is_some_and(u8::is_ascii_alphanumeric)
        || matches!(bytes.get(end), Some(b'.' | b'-' | b'/'))
            && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
    if !real || goes_on || value::counted(text.text, end) {
        return None;
    }
    let told = listed && separator == b'.' || text.key_before(start, REACH_BYTES, &[Key::Dated, Key::Birth]);
    static VERSIONS: Words<10> = Words::new([
        "version", "versions", "v", "release", "ver", "build", "section", "chapter", "table", "figure",
    ]);
    let numbered = || {
        index.checked_sub(1).is_some_and(|before| {
            let word = &text.words()[before];
            VERSIONS.hold(text.spelled(before)) || separator == b'.' && word.shape == Shape::Mixed
        })
    };
    if separator == b'.' && is_upgrade(text.text, start, end) {
        return None;
    }
    (told || !numbered() && (separator == b'-' || text.holds(Lex::PERSON))).then_some((end, told))
}

/// Whether a version becomes another there: `from 4.17.20 to 4.17.21`.
fn is_upgrade(text: &str, start: usize, end: usize) -> bool {
    let version = &text[start..end];
    let Some((major, _)) = version.rsplit_once('.') else { return false };
    let of_same = |other: &str| other.strip_prefix(major).is_some_and(|minor| minor.starts_with('.'));
    let to = text[end..].strip_prefix(" to ").is_some_and(of_same);
    let from = || {
        let before = text[..start].strip_suffix(" to ")?;
        Some(of_same(&before[before.rfind(' ').map_or(0, |at| at + 1)..]))
    };
    to || from().unwrap_or(false)
}

/// Two parts: `03/2021` always, `08/22` and `2023-04` right behind a keyword, `6/3` behind one that is hardly followed by
/// anything else.
fn short(text: &Text<'_>, index: usize, listed: bool) -> Option<usize> {
    let bytes = text.text.as_bytes();
    let start = text.words()[index].start as usize;
    if start > 0 && continues(bytes, start) {
        return None;
    }
    let (first, at) = number(bytes, start)?;
    if bytes.get(at) == Some(&b'.') {
        return dotted(text, index, first, at);
    }
    let separator = *bytes.get(at).filter(|byte| matches!(byte, b'-' | b'/'))?;
    let (second, end) = number(bytes, at + 1)?;
    // "3/4-3/7/2024"
    if separator == b'/'
        && bytes.get(end) == Some(&b'-')
        && (day_and_month(first.0, second.0) || day_and_month(second.0, first.0))
        && let Some(end) = slashed(bytes, end + 1)
    {
        return Some(end);
    }
    // "DOS 6/3-6/5"
    if separator == b'/'
        && bytes.get(end) == Some(&b'-')
        && (day_and_month(first.0, second.0) || day_and_month(second.0, first.0))
        && let Some(last) = day_pair(bytes, end + 1)
        && service_before(text, index)
    {
        return Some(last);
    }
    let goes_on =
        bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'%'))
            || (matches!(bytes.get(end), Some(b'-' | b'.'))
                && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric));
    if goes_on {
        return None;
    }
    let month = |number: (u32, usize)| number.1 <= 2 && (1..=12).contains(&number.0);
    let full_year = |number: (u32, usize)| number.1 == 4 && (1900..=YEAR_MAX).contains(&number.0);
    let month_year = separator == b'/' && month(first) && full_year(second);
    let before =
        index.checked_sub(1).filter(|before| text.joint(*before) == b' ').map(|at| &text.words()[at]);
    let rated = matches!(second.0, 5 | 10) && first.0 <= second.0;
    let sure = before.is_some_and(|word| BEFORE_DAY_SET.contains(&word.hash) || listed && !rated)
        || through(text, end);
    let announced = || {
        (sure || second.1 == 2 && text.key_before(start, REACH_BYTES, &[Key::Dated, Key::Birth]))
            && !value::counted(text.text, end)
    };
    let always = (first.0, second.0) == (24, 7);
    let day = separator == b'/'
        && first.1 <= 2
        && second.1 <= 2
        && !always
        && (day_and_month(first.0, second.0) || day_and_month(second.0, first.0));
    let year_month = separator == b'-' && full_year(first) && second.1 == 2 && month(second);
    // "MRI on 3-3 demonstrated", "apixaban was started on 3-8 after": as notes write the month and day; "on 2-3 L" is a flow.
    let hyphened = || {
        static ON: Words<3> = Words::new(["on", "since", "until"]);
        static THROUGH: Words<5> = Words::new(["from", "through", "thru", "by", "till"]);
        let padded = first.1 == 2 && second.1 == 2;
        static GOES_ON: Words<18> = Words::new([
            "showed",
            "shows",
            "demonstrated",
            "revealed",
            "was",
            "were",
            "and",
            "after",
            "with",
            "for",
            "which",
            "by",
            "but",
            "due",
            "when",
            "at",
            "via",
            "without",
        ]);
        let told = index.checked_sub(1).is_some_and(|at| {
            text.joint(at) == b' ' && (ON.hold(text.spelled(at)) || padded && THROUGH.hold(text.spelled(at)))
        });
        let last = index + 1;
        separator == b'-'
            && first.1 <= 2
            && second.1 <= 2
            && month(first)
            && (1..=31).contains(&second.0)
            && told
            && (matches!(bytes.get(end), Some(b',' | b'.' | b';' | b')'))
                || text.joint(last) == b' ' && GOES_ON.hold(text.spelled(last + 1)))
            && text.holds(Lex::CLINICAL.or(Lex::PERSON).or(Lex::DRUG))
    };
    (hyphened() || month_year || ((day || year_month) && announced())).then_some(end)
}

/// The end of a day and a month with a slash between them and nothing of a longer number behind.
fn day_pair(bytes: &[u8], start: usize) -> Option<usize> {
    let (first, at) = number(bytes, start)?;
    let (second, end) = number(bytes, (bytes.get(at) == Some(&b'/')).then_some(at + 1)?)?;
    let real = day_and_month(first.0, second.0) || day_and_month(second.0, first.0);
    let goes_on =
        bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'%'));
    (real && first.1 <= 2 && second.1 <= 2 && !goes_on).then_some(end)
}

/// Whether a word for a service, an admission or a stay stands right before.
fn service_before(text: &Text<'_>, index: usize) -> bool {
    static STAYS: Words<8> =
        Words::new(["dos", "admit", "admitted", "adm", "stay", "los", "hospitalized", "inpatient"]);
    index
        .checked_sub(1)
        .is_some_and(|before| matches!(text.gap(before), " " | ": ") && STAYS.hold(text.spelled(before)))
}

/// A day and month as the ordinals that German, Polish and their neighbours write, `12.6.`, behind a word that no quantity
/// follows so: "am 12.6. um 10 Uhr".
fn dotted(text: &Text<'_>, index: usize, day: (u32, usize), at: usize) -> Option<usize> {
    let bytes = text.text.as_bytes();
    let (month, end) = number(bytes, at + 1)?;
    let real = day.1 <= 2 && month.1 <= 2 && day_and_month(day.0, month.0);
    let closed = bytes.get(end) == Some(&b'.') && !bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
    let before = index.checked_sub(1).filter(|before| text.joint(*before) == b' ')?;
    (real && closed && BEFORE_DOTTED_SET.contains(&text.words()[before].hash)).then_some(end)
}

/// Words right before such a day.
const BEFORE_DOTTED: &[&str] = &[
    // German and Danish, Norwegian, Swedish.
    "am",
    "aufgenommen",
    "entlassen",
    "vom",
    "zum",
    "f\u{fc}r",
    "seit",
    "bis",
    "ab",
    "den",
    "dem",
    "fra",
    "til",
    "fr\u{e5}n", // Polish, Czech, Slovak.
    "dnia",
    "dniu",
    "dne",
    "d\u{148}a",
    "od",
    "do",
];

/// [`BEFORE_DOTTED`] by their hashes.
static BEFORE_DOTTED_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(BEFORE_DOTTED));

/// Words right before a day and month of which the day may have one digit: others stand before ratings and doses too.
const BEFORE_DAY: &[&str] = &[
    "on",
    "until",
    "through",
    "thru",
    "since",
    "dated",
    "adm",
    "admitted",
    "dc",
    "discharged",
    "held",
    "seen",
    "due",
    "appt",
    "appointment",
    "visit",
    "cxr",
    "xr",
    "echo",
    "ekg",
    "ecg",
    "eeg",
    "egd",
    "mri",
    "ct",
    "cath",
    "labs",
    "note",
    "notes",
    "pap",
    "mammogram",
    "culture",
    "cultures",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "placed",
    "removed",
    "implanted",
    "repeated",
    "drawn",
    "till",
    "den",
    "d",
    "indlagt",
    "udskrevet",
    "inskriven",
    "utskriven",
];

/// [`BEFORE_DAY`] by their hashes.
static BEFORE_DAY_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(BEFORE_DAY));

/// Whether a range goes on behind: "10/2 through 10/6".
fn through(text: &Text<'_>, end: usize) -> bool {
    let rest = &text.text[end..];
    let rest = [" through ", " thru ", " until "].iter().find_map(|word| rest.strip_prefix(word));
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.bytes().take(3).any(|byte| byte == b'/')
    })
}

/// Months that are other words too, or abbreviated so, in the languages held: they count between a day and a year only.
const NAMED: &[&str] = &[
    "mar\u{e7}o",
    "ene",
    "ago",
    "set",
    "dic",
    "gen",
    "mag",
    "giu",
    "lug",
    "ott",
    "janv",
    "f\u{e9}vr",
    "avr",
    "juil",
    "d\u{e9}c",
    "sty",
    "lut",
    "kwi",
    "cze",
    "lip",
    "sie",
    "wrz",
    "pa\u{17a}",
    "lis",
    "gru",
    // Hungarian, Slovak, Turkish.
    "m\u{e1}jus",
    "j\u{fa}nius",
    "j\u{fa}lius",
    "apr\u{ed}la",
    "j\u{fa}na",
    "j\u{fa}la",
    "augusta",
    "ocak",
    "\u{15f}ubat",
    "mart",
    "nisan",
    "may\u{131}s",
    "haziran",
    "temmuz",
    "a\u{11f}ustos",
    "eyl\u{fc}l",
    "ekim",
    "kas\u{131}m",
    "aral\u{131}k",
    // Russian and Ukrainian, as a date inflects them.
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
    "січня",
    "лютого",
    "березня",
    "квітня",
    "травня",
    "червня",
    "липня",
    "серпня",
    "вересня",
    "жовтня",
    "листопада",
    "грудня",
];

/// [`NAMED`] by their hashes.
static NAMED_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(NAMED));

/// `14-ene-1961`, `14 avr. 1961`, `14 de mar\u{e7}o de 1961`, `19 марта 1961`: the end.
fn named(text: &Text<'_>, day: usize) -> Option<usize> {
    let words = text.words();
    let linked = |at: usize| text.joint(at) == b' ' && matches!(text.spelled(at + 1), "de" | "del" | "of");
    let month = if linked(day) { day + 2 } else { day + 1 };
    let known =
        words.get(month).is_some_and(|word| word.shape < Shape::Digits && NAMED_SET.contains(&word.hash));
    if !known || !is_day(text, day) || !matches!(text.gap(month - 1), " " | "-" | ". " | "." | "/" | "\u{a0}")
    {
        return None;
    }
    let at = if linked(month) { month + 2 } else { month + 1 };
    let dated = words.get(at).is_some_and(|word| word.shape == Shape::Digits && word.len() == 4)
        && matches!(text.gap(at - 1), " " | "-" | ". " | "." | "/" | ", " | "\u{a0}")
        && text.spelled(at).parse().is_ok_and(year);
    dated.then(|| words[at].end as usize)
}

/// Whether a month's name is also another word: "may", "march".
fn doubtful(spelled: &str) -> bool {
    static DOUBTFUL: Words<14> = Words::new([
        "may", "march", "mar", "mai", "set", "out", "ago", "abril", "dec", "sept", "jun", "mars", "kan",
        "led",
    ]);
    if spelled.is_ascii() { DOUBTFUL.hold(spelled) } else { DOUBTFUL.hold(&lexicon::fold(spelled)) }
}

/// "Mai" and "mars" behind a day are months, though people, a planet and "more" (Romanian) are called so too.
fn is_month_abroad(text: &Text<'_>, index: usize) -> bool {
    static MORE: Words<7> = Words::new(["mult", "multe", "mare", "mari", "mic", "mici", "bars"]);
    let spelled = text.spelled(index);
    let more = text.joint(index) == b' ' && MORE.hold(text.spelled(index + 1));
    (spelled.eq_ignore_ascii_case("mai") || spelled == "mars") && !more
}

/// The span of a date around a month's name: `April 12th, 2023`, `12 April 2023`, `17-Feb-2023`, `April 2023`; and whether it can
/// be nothing else: "12 Dec", "may 9" count only beside an identifier.
fn written(text: &Text<'_>, index: usize) -> Option<(usize, usize, usize, bool)> {
    let words = text.words();
    let before = day_before(text, index);
    let (mut last, day) = match before {
        Some(_) => (index, true),
        None => day_behind(text, index).map_or((index, false), |last| (last, true)),
    };
    let mut end = words[last].end as usize;
    let mut has_year = false;
    if let Some((year_end, year_last)) = year_behind(text, last, day) {
        (end, last, has_year) = (year_end, year_last, true);
    }
    let foreign = before.is_some() && is_month_abroad(text, index);
    // "3 de abril"
    let linked = before.is_some_and(|(first, _)| first + 2 == index && text.spelled(first + 1) == "de");
    let doubtful = doubtful(text.spelled(index)) && !foreign && !linked;
    let plain = words[index].shape == Shape::Lower && doubtful;
    let ordinal = before.is_some_and(|(first, _)| words[first].shape == Shape::Alnum)
        || words[last].shape == Shape::Alnum;
    if !day && !has_year {
        return None;
    }
    let opened = || before.is_some_and(|(first, _)| is_told(text, first, index));
    let told = has_year || ordinal;
    // "Recheck 12 Dec", "started 11 March."; "section 3 May be" goes on.
    let ends = || {
        let goes_on = text.joint(index) == b' ' && text.words()[index + 1].shape == Shape::Lower;
        is_english(text.spelled(index)) && !goes_on
    };
    let is_month = || !doubtful || before.is_none() || opened() || ends();
    let sure = told || !plain && is_month();
    if !told && value::counted(text.text, end) || !sure && !is_english(text.spelled(index)) {
        return None;
    }
    let (first, start) = before.unwrap_or((index, words[index].start as usize));
    Some((first, start, end, sure))
}

/// Those of the [doubtful] months that are one more often than another word where a day stands beside them.
fn is_english(spelled: &str) -> bool {
    static MONTHS: Words<6> = Words::new(["may", "march", "mar", "dec", "sept", "jun"]);
    MONTHS.hold(spelled)
}

/// `on 3 May`, `Friday 7 March`: whether a day before a word that may be no month is told to be one.
fn is_told(text: &Text<'_>, first: usize, index: usize) -> bool {
    let capital = text.words()[index].shape == Shape::Capital;
    let before = first.checked_sub(1).filter(|before| text.joint(*before) == b' ');
    capital && before.is_some_and(|before| BEFORE_DAY_SET.contains(&text.words()[before].hash))
}

/// The start of a date with the months right before it: "May, April 12, 2023". Reduced to its year, the date would
/// else leave "May, 2023", a date again.
fn with_months(text: &Text<'_>, first: usize, start: usize) -> usize {
    const MONTHS_MAX: usize = 12;
    (0..first)
        .rev()
        .take(MONTHS_MAX)
        .take_while(|at| text.words()[*at].lex.any(Lex::MONTH) && before_year(text.gap(*at)))
        .last()
        .map_or(start, |at| text.words()[at].start as usize)
}

/// What may stand between a month and its year.
fn before_year(gap: &str) -> bool {
    matches!(gap, " " | ", " | "," | "-" | "/" | ". " | "  " | "." | " , " | "–")
}

/// A day before the month: `12`, `12th`, `12th of`, `12.`, and the first day of a range `12-14 April`.
fn day_before(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    let mut at = index.checked_sub(1)?;
    let mut gap = text.gap(at);
    static OF: Words<3> = Words::new(["of", "de", "di"]);
    if gap == " " && OF.hold(text.spelled(at)) {
        at = at.checked_sub(1)?;
        gap = text.gap(at);
    }
    // "1st day of September"
    if gap == " "
        && at > 0
        && text.spelled(at) == "day"
        && text.joint(at - 1) == b' '
        && text.words()[at - 1].shape == Shape::Alnum
    {
        at -= 1;
    }
    if !matches!(gap, " " | "-" | ". " | "/" | "." | "–" | "º ") || !is_day(text, at) {
        return None;
    }
    // "23-27 December", "4.-7. März", "du 4 au 7 mars"
    static TO: Words<9> = Words::new(["to", "and", "bis", "und", "au", "et", "al", "tot", "do"]);
    if at > 0
        && matches!(text.gap(at - 1), "-" | "–" | " - " | " – " | ".-" | ".–" | ". - " | ". – ")
        && is_day(text, at - 1)
    {
        at -= 1;
    } else if at > 1
        && TO.hold(text.spelled(at - 1))
        && matches!(text.gap(at - 2), " " | ". ")
        && is_day(text, at - 2)
    {
        at -= 2;
    }
    let start = text.words()[at].start as usize;
    if start > 0 && continues(text.text.as_bytes(), start) {
        return None;
    }
    Some((at, start))
}

/// A day behind the month: `12`, `12th`, and the last day of a range `3-5`. Gives the last word's index.
fn day_behind(text: &Text<'_>, index: usize) -> Option<usize> {
    let gap = text.gap(index);
    if !matches!(gap, " " | ". " | "-" | "." | "  " | ", " | "/" | " the ") || !is_day(text, index + 1) {
        return None;
    }
    if gap == ", "
        && text.words().get(index + 1)?.shape == Shape::Digits
        && !text.gap(index + 1).starts_with(',')
    {
        return None;
    }
    let range = matches!(text.gap(index + 1), "-" | "–" | " - " | " – ") && is_day(text, index + 2);
    let decimal = text.gap(index + 1) == "."
        && text.words().get(index + 2).is_some_and(|word| word.shape == Shape::Digits);
    (!decimal).then_some(if range { index + 2 } else { index + 1 })
}

fn is_day(text: &Text<'_>, index: usize) -> bool {
    static ORDINALS: Words<6> = Words::new(["st", "nd", "rd", "th", "er", "e"]);
    let spelled = text.spelled(index);
    let (day, digits) = match spelled.as_bytes() {
        [first @ b'0'..=b'9', second @ b'0'..=b'9', ..] => ((first - b'0') * 10 + (second - b'0'), 2),
        [first @ b'0'..=b'9', ..] => (first - b'0', 1),
        _ => return false,
    };
    let tail = &spelled[digits..];
    (1..=31).contains(&day) && (tail.is_empty() || ORDINALS.hold(tail))
}

/// A year behind the word: `, 2023`, ` 2023`, `'23`, `-23`. Gives its end and index.
fn year_behind(text: &Text<'_>, index: usize, day: bool) -> Option<(usize, usize)> {
    let mut at = index + 1;
    let mut gap = text.gap(index);
    static OF: Words<3> = Words::new(["of", "de", "del"]);
    if gap == " " && OF.hold(text.spelled(at)) {
        gap = text.gap(at);
        at += 1;
    }
    let word = text.word_at(at).filter(|word| word.shape == Shape::Digits)?;
    let value: u32 = text.spelled(at).parse().ok()?;
    let spaced = before_year(gap);
    let quoted = matches!(gap.trim_start_matches([',', ' ']), "'" | "’" | "‘");
    let fits = (word.len() == 4 && year(value) && spaced)
        || (word.len() == 2 && (quoted || (day && matches!(gap, "-" | "/"))));
    fits.then_some((word.end as usize, at))
}

/// A month that stands for itself: "in April", "since last December" is [`relative`].
fn alone(text: &Text<'_>, index: usize) -> bool {
    let word = text.words()[index];
    static OPENERS: Words<11> = Words::new([
        "in", "since", "until", "during", "early", "late", "mid", "through", "by", "from", "this",
    ]);
    let Some(before) = index.checked_sub(1) else { return false };
    word.capital(text.text) && text.joint(before) == b' ' && OPENERS.hold(text.spelled(before))
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

/// Six or eight digits that read as a date in some order: `19610503`, `05031961`, `030561`.
pub(super) fn compact(digits: &str) -> bool {
    let part =
        |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    match digits.len() {
        8 => {
            (year(part(0, 4)) && day_and_month(part(6, 8), part(4, 6)))
                || (year(part(4, 8))
                    && (day_and_month(part(2, 4), part(0, 2)) || day_and_month(part(0, 2), part(2, 4))))
        }
        6 => {
            day_and_month(part(0, 2), part(2, 4))
                || day_and_month(part(2, 4), part(0, 2))
                || day_and_month(part(4, 6), part(2, 4))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
