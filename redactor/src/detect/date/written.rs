//! Dates with the name of a month: `April 12, 2023`, `12. März`.

use std::sync::LazyLock;

use super::super::lexicon::{self, Lex, WordSet};
use super::super::text::{Shape, Text};
use super::super::value;
use super::super::words::Words;
use super::numeric::BEFORE_DAY_SET;
use super::{continues, year};

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
pub(super) fn named(text: &Text<'_>, day: usize) -> Option<usize> {
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
pub(super) fn written(text: &Text<'_>, index: usize) -> Option<(usize, usize, usize, bool)> {
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
pub(super) fn with_months(text: &Text<'_>, first: usize, start: usize) -> usize {
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
pub(super) fn alone(text: &Text<'_>, index: usize) -> bool {
    let word = text.words()[index];
    static OPENERS: Words<11> = Words::new([
        "in", "since", "until", "during", "early", "late", "mid", "through", "by", "from", "this",
    ]);
    let Some(before) = index.checked_sub(1) else { return false };
    word.capital(text.text) && text.joint(before) == b' ' && OPENERS.hold(text.spelled(before))
}
