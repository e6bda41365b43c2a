//! Days that neither a month's name nor a year stands beside: `on the 19th`, `Thursday the 6th`, `Home 1/31`, `Good Friday`,
//! `lundi 4`, `IMG_20240615`.
//!
//! 45 CFR 164.514(b)(2)(i)(C) takes every element of a date but the year. A fraction, a rating, the floor of a house look
//! alike, so that all of these need company: they score below [`super::NEEDS_COMPANY`].

use std::sync::LazyLock;

use super::date;
use super::lexicon::{self, Lex, WordSet};
use super::seen::Seen;
use super::spoken::ordinal_end;
use super::text::{Shape, Text};
use super::words::Words;
use super::{Category, Detector, Hit, Needs};

/// Finds such days.
pub(super) struct Day;

/// The score of all of them.
const SCORE: f32 = 0.45;

/// The first number of a pair, and a day behind a weekday.
const NUMBER: Seen = Seen::digits(1, 2);
/// `3rd`, `19th`
const ORDINAL: Seen = Seen::codes(3, 4);
/// `20240615`, and with hours and minutes, and seconds, `20240615093100`.
const COMPACT: Seen = Seen::digits(8, 14);

impl Detector for Day {
    fn id(&self) -> &'static str {
        "day"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Date]
    }

    fn example(&self) -> &'static str {
        "Mr. Otieno is back on the 19th"
    }

    fn needs(&self) -> Needs {
        Needs::seen(NUMBER.or(ORDINAL).or(COMPACT)).or(Needs::lexes(Lex::PERIOD))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |start: usize, end: usize, rule| {
            hits.push(Hit { start, end, category: Category::Date, rule, score: SCORE });
        };
        let periods = text.holds(Lex::PERIOD);
        for (index, seen) in text.numbers_like(NUMBER.or(ORDINAL).or(COMPACT)) {
            let (start, end) = (text.words()[index].start as usize, text.words()[index].end as usize);
            if seen.any(COMPACT) {
                if stamped(text, index) {
                    push(start, end, "day.compact");
                }
            } else if seen.any(ORDINAL) {
                if let Some(start) = ordinal(text, index) {
                    push(start, end, "day.ordinal");
                }
            } else if seen.any(Seen::SLASH_BEHIND) {
                if seen.any(Seen::GOES_ON)
                    && let Some(end) = pair(text, index)
                {
                    push(start, end, "day.pair");
                }
            } else if periods && let Some((start, end)) = of_week(text, index) {
                push(start, end, "day.of_week");
            }
        }
        let hot = periods.then(|| text.hot());
        for (index, word) in hot.into_iter().flatten().filter(|(_, word)| word.lex.any(Lex::PERIOD)) {
            if let Some((first, last)) = feast(text, index) {
                let start = text.words()[first].start as usize;
                push(start, text.words()[last].end as usize, "day.feast");
            } else if WEEKDAYS_SET.contains(&word.hash)
                && let Some(last) = spoken(text, index)
            {
                push(word.start as usize, text.words()[last].end as usize, "day.ordinal");
            }
        }
    }
}

/// The days of the week in the languages held, as they are spelled out and, in English, shortened.
#[rustfmt::skip]
const WEEKDAYS: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "thu", "thur",
    "thurs", "fri", "sat", "sun",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo",
    "lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica",
    "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
    "poniedzialek", "wtorek", "sroda", "srode", "czwartek", "piatek", "piatku", "sobota", "sobote", "niedziela", "niedziele",
    "mandag", "tirsdag", "tisdag", "onsdag", "torsdag", "fredag", "lordag", "lordagen", "sondag",
    "maanantai", "maanantaina", "tiistai", "tiistaina", "keskiviikko", "keskiviikkona", "torstai", "torstaina", "perjantai",
    "perjantaina", "lauantai", "lauantaina", "sunnuntai", "sunnuntaina",
    "pondeli", "utery", "streda", "stredu", "ctvrtek", "patek", "nedele", "nedeli",
    "miercuri", "vineri", "sambata", "duminica",
];

static WEEKDAYS_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(WEEKDAYS));

fn is_weekday(text: &Text<'_>, index: usize) -> bool {
    text.word_at(index).is_some_and(|word| WEEKDAYS_SET.contains(&word.hash))
}

/// Where a day begins of which the ordinal stands at that word: `Thursday the 6th`, `tues 14th`, `on the 19th`.
fn ordinal(text: &Text<'_>, index: usize) -> Option<usize> {
    let (word, spelled) = (text.words()[index], text.spelled(index));
    let digits = spelled.bytes().take_while(u8::is_ascii_digit).count();
    static ENDS: Words<4> = Words::new(["st", "nd", "rd", "th"]);
    let day = spelled[..digits].parse().is_ok_and(|day: u32| (1..=31).contains(&day));
    if !day || !ENDS.hold(&spelled[digits..]) {
        return None;
    }
    let before = index.checked_sub(1)?;
    let the = text.spelled(before).eq_ignore_ascii_case("the") && text.joint(before) == b' ';
    let at = if the { before.checked_sub(1)? } else { before };
    if is_weekday(text, at) && matches!(text.gap(at), " " | ", " | " (") {
        return Some(text.words()[at].start as usize);
    }
    (the && opens(text, at) && text.gap(at) == " " && closes(text, index)).then_some(word.start as usize)
}

/// Words before "the 19th" of a month.
fn opens(text: &Text<'_>, index: usize) -> bool {
    static OPENERS: Words<19> = Words::new([
        "on", "by", "til", "till", "until", "since", "before", "after", "from", "than", "through", "thru",
        "for", "around", "about", "of", "between", "and", "do",
    ]);
    OPENERS.hold(text.spelled(index))
}

/// Whether a day may end at that word: nothing follows of which it could be the third.
fn closes(text: &Text<'_>, index: usize) -> bool {
    static GOES_ON: Words<36> = Words::new([
        "and", "at", "with", "for", "but", "to", "so", "is", "was", "or", "if", "because", "when", "in",
        "as", "she", "he", "they", "we", "i", "it", "went", "by", "then", "after", "before", "until", "till",
        "through", "thru", "per", "via", "please", "pls", "did", "from",
    ]);
    let gap = text.gap(index);
    gap.trim_matches(' ').starts_with(|sign: char| !matches!(sign, '-' | '/' | '\'' | '’'))
        || text.word_at(index + 1).is_none()
        || gap == " " && GOES_ON.hold(text.spelled(index + 1))
}

/// `Tuesday the fourteenth`, `Friday the twenty-first`: the last word.
fn spoken(text: &Text<'_>, weekday: usize) -> Option<usize> {
    if !matches!(text.gap(weekday), " " | ", ") || !text.spelled(weekday + 1).eq_ignore_ascii_case("the") {
        return None;
    }
    (text.joint(weekday + 1) == b' ').then(|| ordinal_end(text, weekday + 2)).flatten()
}

/// `lundi 4`, `Monday 16`, `fredag den 13`: a day right behind the day of the week, and no time of day.
fn of_week(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    static TIMES: Words<16> = Words::new([
        "am", "pm", "a", "p", "h", "hrs", "hours", "uhr", "uur", "heures", "clock", "hod", "to", "x",
        "times", "o",
    ]);
    static LINKS: Words<3> = Words::new(["den", "d", "the"]);
    let mut at = index.checked_sub(1)?;
    if LINKS.hold(text.spelled(at)) && text.joint(at) == b' ' {
        at = at.checked_sub(1)?;
    }
    if !is_weekday(text, at) || !matches!(text.gap(at), " " | ", " | " (" | ". ") {
        return None;
    }
    let day: u32 = text.spelled(index).parse().ok()?;
    let (start, end) = (text.words()[at].start as usize, text.words()[index].end as usize);
    let rest = &text.text.as_bytes()[end..];
    let timed = matches!(rest, [b':' | b'-' | b'/' | b'%' | b',', next, ..] if next.is_ascii_alphanumeric())
        || matches!(rest, [b'.', next, ..] if next.is_ascii_digit())
        || matches!(text.gap(index), " " | "-" | " - " | "–" | " – " | ", ")
            && (TIMES.hold(text.spelled(index + 1))
                || text.word_at(index + 1).is_some_and(|next| next.shape == Shape::Digits));
    ((1..=31).contains(&day) && !timed).then_some((start, end))
}

/// The end of a day and a month, in either order, with a slash between them: `collected 5/2`, `echo 4/16`, `til 27/1`.
fn pair(text: &Text<'_>, index: usize) -> Option<usize> {
    // What is rated, counted or divided so.
    static BEFORE: Words<57> = Words::new([
        "stage",
        "grade",
        "score",
        "scored",
        "scores",
        "strength",
        "level",
        "step",
        "page",
        "part",
        "chapter",
        "section",
        "figure",
        "fig",
        "table",
        "item",
        "question",
        "version",
        "no",
        "number",
        "room",
        "rm",
        "bed",
        "unit",
        "apt",
        "lot",
        "type",
        "class",
        "ratio",
        "vision",
        "power",
        "motor",
        "reflexes",
        "pulses",
        "murmur",
        "about",
        "approximately",
        "rated",
        "pain",
        "gcs",
        "apgar",
        "apgars",
        "x",
        "for",
        "over",
        "fuel",
        "tank",
        "nrs",
        "vas",
        "sem",
        "quarter",
        "size",
        "scale",
        "line",
        "ward",
        "pack",
        "is",
    ]);
    static BEHIND: Words<48> = Words::new([
        "tab",
        "tabs",
        "tablet",
        "tablets",
        "cup",
        "cups",
        "tsp",
        "teaspoon",
        "inch",
        "in",
        "mile",
        "miles",
        "strength",
        "systolic",
        "murmur",
        "of",
        "dose",
        "pack",
        "ppd",
        "full",
        "empty",
        "pounds",
        "lb",
        "lbs",
        "positive",
        "nodes",
        "lymph",
        "cores",
        "sets",
        "reps",
        "units",
        "criteria",
        "times",
        "weeks",
        "wks",
        "wk",
        "days",
        "hours",
        "patients",
        "pts",
        "fields",
        "points",
        "sem",
        "pulses",
        "bilat",
        "bilaterally",
        "throughout",
        "lymphs",
    ]);
    let bytes = text.text.as_bytes();
    let start = text.words()[index].start as usize;
    let before = start.checked_sub(1).map_or(b' ', |before| bytes[before]);
    if before.is_ascii_alphanumeric() || matches!(before, b'/' | b'.' | b'-' | b'+' | b'_' | b'=' | b'%') {
        return None;
    }
    let second = text.word_at(index + 1).filter(|word| word.shape == Shape::Digits && word.len() <= 2)?;
    let end = second.end as usize;
    let goes_on = match bytes.get(end..).unwrap_or_default() {
        [b'/' | b'%' | b'_' | b'=' | b'^', ..] => true,
        [b'-' | b'.' | b':' | b',', next, ..] => next.is_ascii_alphanumeric(),
        _ => false,
    };
    let (one, other): (u32, u32) = (text.spelled(index).parse().ok()?, text.spelled(index + 1).parse().ok()?);
    let day = |day: u32, month: u32| (1..=31).contains(&day) && (1..=12).contains(&month);
    // A part of a whole, a rating, round the clock.
    let part = matches!(other, 2..=4) && one < other
        || matches!(other, 5 | 6 | 10) && one <= other
        || one == other && one < 3
        || (one, other) == (24, 7);
    if goes_on || part || !(day(one, other) || day(other, one)) {
        return None;
    }
    let told = index.checked_sub(1).filter(|before| matches!(text.gap(*before), " " | ": "));
    if told.is_some_and(|before| BEFORE.hold(text.spelled(before)))
        || matches!(text.gap(index + 1), " " | "-") && BEHIND.hold(text.spelled(index + 2))
    {
        return None;
    }
    Some(end)
}

/// A day of eight digits, with a time or without, that a name of a file or a field's sign has beside it: `IMG_20240615_0931`,
/// `StudyDate 20240219`, `^^^202505191330`.
fn stamped(text: &Text<'_>, index: usize) -> bool {
    let (word, spelled) = (text.words()[index], text.spelled(index));
    let bytes = text.text.as_bytes();
    let before = (word.start as usize).checked_sub(1).map_or(0, |before| bytes[before]);
    let behind = bytes.get(word.end as usize).copied().unwrap_or(0);
    let year_first = matches!(&spelled[..2], "19" | "20") && date::compact(&spelled[..8]);
    let clock = |at: usize, below: u32| {
        spelled.get(at..at + 2).is_none_or(|part| part.parse().is_ok_and(|part: u32| part < below))
    };
    let named = || {
        let before = index.checked_sub(1).map_or("", |before| text.spelled(before));
        before.get(before.len().saturating_sub(4)..).is_some_and(|end| end.eq_ignore_ascii_case("date"))
    };
    let told = match word.len() {
        8 => before == b'_' || behind == b'_' || named(),
        12 | 14 => matches!(before, b'^' | b'|' | b'_'),
        _ => false,
    };
    told && year_first && clock(8, 24) && clock(10, 60) && clock(12, 60)
}

/// `Good Friday`, `Memorial Day`, `Presidents' Day`, `Easter Sunday`, `Thanksgiving`: the first and last word of a feast that a
/// word of time belongs to.
fn feast(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    /// Feasts of one word.
    #[rustfmt::skip]
    static ALONE: Words<46> = Words::new([
        "easter", "christmas", "xmas", "thanksgiving", "halloween", "juneteenth", "ramadan", "ramadhan", "eid", "diwali",
        "hanukkah", "chanukah", "passover", "purim", "nowruz", "norouz", "tet", "vaisakhi", "baisakhi", "dashain", "tihar",
        "epiphany", "candlemas", "pentecost", "whitsun", "kwanzaa", "navratri", "ashura", "muharram", "songkran", "chuseok",
        "michaelmas", "weihnachten", "ostern", "pfingsten", "heiligabend", "toussaint", "paques", "navidad", "nochebuena",
        "ferragosto", "kerstmis", "koningsdag", "sinterklaas", "midsommar", "juhannus",
    ]);
    static BEHIND: Words<11> = Words::new([
        "day", "eve", "sunday", "monday", "friday", "saturday", "weekend", "week", "morning", "night",
        "break",
    ]);
    /// Words before "Day"; those with an `s` behind an apostrophe stand without it.
    #[rustfmt::skip]
    static OF_DAY: Words<43> = Words::new([
        "memorial", "labor", "labour", "boxing", "veterans", "veteran", "presidents", "president", "mothers", "mother",
        "fathers", "father", "valentines", "valentine", "patricks", "patrick", "columbus", "independence", "anzac",
        "waitangi", "australia", "canada", "bastille", "victory", "years", "year", "groundhog", "mlk", "king", "saints",
        "saint", "souls", "kings", "derby", "armistice", "remembrance", "flag", "election", "may", "george", "andrews",
        "stephens", "davids",
    ]);
    let word = text.words()[index];
    let spelled = text.spelled(index);
    if ALONE.hold(spelled) || lexicon::fold(spelled) == "tet" && !spelled.is_ascii() {
        let on = text.gap(index) == " " && BEHIND.hold(text.spelled(index + 1));
        // "Easter Seals" is no day.
        let name = || {
            text.joint(index) == b' '
                && text.word_at(index + 1).is_some_and(|next| next.shape == Shape::Capital)
                && word.shape == Shape::Capital
        };
        return (on || !name()).then_some((index, index + usize::from(on)));
    }
    let mut before = index.checked_sub(1)?;
    if text.spelled(before).eq_ignore_ascii_case("s")
        && before > 0
        && matches!(text.gap(before - 1), "'" | "’")
    {
        before -= 1;
    }
    let gap = text.gap(before);
    if !(gap == " " || matches!(gap, "' " | "’ " | "'" | "’")) {
        return None;
    }
    static DAYS: Words<7> =
        Words::new(["palm", "white", "trinity", "bowl", "passion", "mothering", "pentecost"]);
    static HOLY: Words<6> = Words::new(["good", "black", "ash", "maundy", "holy", "shrove"]);
    static WHIT: Words<3> = Words::new(["whit", "clean", "cyber"]);
    let opener = text.spelled(before);
    let capital = text.words()[before].shape != Shape::Lower || word.shape == Shape::Lower;
    let feast = if spelled.eq_ignore_ascii_case("day") {
        OF_DAY.hold(opener)
            && (word.shape != Shape::Lower || !matches!(opener, "may" | "year" | "king" | "flag"))
    } else {
        match spelled.to_ascii_lowercase().as_str() {
            "sunday" => DAYS.hold(opener),
            "monday" => WHIT.hold(opener),
            "friday" | "wednesday" | "thursday" | "saturday" | "tuesday" => {
                HOLY.hold(opener) && spelled.len() > 4
            }
            _ => false,
        }
    };
    if !feast || !capital {
        return None;
    }
    // "New Year's Day", "St Patrick's Day", "All Saints' Day", "Super Bowl Sunday"
    static OPENERS: Words<7> = Words::new(["new", "st", "saint", "all", "three", "super", "luther"]);
    let opened = before
        .checked_sub(1)
        .filter(|at| matches!(text.gap(*at), " " | ". ") && OPENERS.hold(text.spelled(*at)));
    let on = text.gap(index) == " " && matches!(text.spelled(index + 1), "weekend" | "week");
    Some((opened.unwrap_or(before), index + usize::from(on)))
}

#[cfg(test)]
mod tests;
