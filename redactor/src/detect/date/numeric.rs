//! Dates in digits: `04/12/2023`, `2023-04-12`, `20230412`, `4/12`.

use std::sync::LazyLock;

use super::super::keywords::Key;
use super::super::lexicon::{self, Lex, WordSet};
use super::super::text::{Shape, Text};
use super::super::value;
use super::super::words::Words;
use super::{REACH_BYTES, YEAR_MAX, continues, day_and_month, ends_range, number, through, time_end, year};

/// The end of the all-numeric date that starts at `start`: `2023-04-12`, `04/12/2023`, `12.4.2023`, `4/12/23`;
/// a time of day behind `T` belongs to it.
pub(in crate::detect) fn numeric(text: &str, start: usize) -> Option<usize> {
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
pub(super) fn constructed(text: &Text<'_>, index: usize) -> Option<usize> {
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
pub(super) fn is_iso(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .zip(b"dddd-dd-dd")
        .all(|(byte, want)| if *want == b'd' { byte.is_ascii_digit() } else { byte == want })
}

pub(super) const ISO_BYTES: usize = 10;

/// The end of three numbers with slashes between them, the last of two digits or four.
pub(super) fn slashed(bytes: &[u8], start: usize) -> Option<usize> {
    let slash = |at: usize| (bytes.get(at) == Some(&b'/')).then_some(at + 1);
    let (first, at) = number(bytes, start)?;
    let (second, at) = number(bytes, slash(at)?)?;
    let (third, end) = number(bytes, slash(at)?)?;
    (first.1 <= 2 && second.1 <= 2 && matches!(third.1, 2 | 4)).then_some(end)
}

/// One word: `20230412T103000Z` (ISO 8601 basic format) and `02MAR1961`.
pub(super) fn basic(text: &Text<'_>, index: usize) -> Option<usize> {
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
pub(super) fn of_two_digits(text: &Text<'_>, index: usize, listed: bool) -> Option<(usize, bool)> {
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
pub(super) fn short(text: &Text<'_>, index: usize, listed: bool) -> Option<usize> {
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
pub(super) static BEFORE_DAY_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(BEFORE_DAY));

/// Six or eight digits that read as a date in some order: `19610503`, `05031961`, `030561`.
pub(in crate::detect) fn compact(digits: &str) -> bool {
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
