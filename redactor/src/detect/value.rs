//! The values that stand behind a keyword, and shapes of digits.

use super::keywords::{Key, KeyHit};
use super::text::Text;
use super::words::Words;
use super::{Category, Hit};

/// What stands where an identifier may stand: letters and digits with single joints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) digits: usize,
    pub(crate) letters: usize,
}

/// The longest identifier taken, in bytes.
const VALUE_BYTES_MAX: usize = 64;
/// How far behind its keyword a value may start, in bytes.
const REACH_BYTES: usize = 40;
/// The fewest digits of a value behind a sign that may as well part sentences.
const PARTED_DIGITS_MIN: usize = 6;
/// How many filler words may stand between.
const FILLERS_MAX: usize = 6;

/// Words that may stand between a keyword and its value: "MRN number is", "policy no. for this visit was".
static FILLERS: Words<69> = Words::new([
    "is",
    "was",
    "of",
    "no",
    "num",
    "number",
    "nr",
    "id",
    "the",
    "under",
    "code",
    "as",
    "ids",
    "numbers",
    "are",
    "on",
    "file",
    "in",
    "with",
    "card",
    "her",
    "his",
    "their",
    "and",
    "at",
    "to",
    "ending",
    "identifier",
    "n",
    "patient",
    "pt",
    "eq",
    "equals",
    "be",
    "reads",
    "listed",
    "here",
    "found",
    "value",
    "for",
    "a",
    "last",
    "four",
    "digits",
    "our",
    "system",
    "actually",
    "my",
    "your",
    "this",
    "that",
    "new",
    "old",
    "correct",
    "full",
    // "is" and "the" of other languages.
    "ist",
    "lautet",
    "est",
    "es",
    "el",
    "il",
    "le",
    "o",
    "er",
    "jest",
    "je",
    "este",
    "nummer",
    "numero",
]);

/// Further ones, behind which only a long number is taken: "my MRN should be", "changed from", `mrn BETWEEN`.
static LOOSE_FILLERS: Words<15> = Words::new([
    "should",
    "which",
    "below",
    "above",
    "follows",
    "following",
    "now",
    "changed",
    "from",
    "again",
    "list",
    "verified",
    "confirmed",
    "between",
    "like",
]);

/// Reads the identifier that starts exactly at `at`, if one does.
///
/// Joints are `-`, `/`, `.`, `_`, `#` and `:` between letters or digits, and one space between two groups of digits.
pub(crate) fn value_at(text: &str, at: usize) -> Option<Value> {
    let bytes = text.as_bytes();
    let ceiling = bytes.len().min(at + VALUE_BYTES_MAX);
    let (mut here, mut end, mut digits, mut letters) = (at, at, 0, 0);
    loop {
        let from = here;
        let mut numerals = 0;
        while here < ceiling {
            let class = CLASSES[usize::from(bytes[here])];
            if class > LETTER {
                break;
            }
            numerals += usize::from(class == DIGIT);
            here += 1;
        }
        if here > from {
            (end, digits, letters) = (here, digits + numerals, letters + here - from - numerals);
        }
        if here >= ceiling || here == at {
            break;
        }
        let goes_on = match CLASSES[usize::from(bytes[here])] {
            JOINT => bytes.get(here + 1).is_some_and(u8::is_ascii_alphanumeric),
            SPACE => bytes[here - 1].is_ascii_digit() && digits_then_gap(bytes, here + 1),
            _ => false,
        };
        if !goes_on {
            break;
        }
        here += 1;
    }
    (end > at).then_some(Value { start: at, end, digits, letters })
}

/// What a byte may be in a value.
static CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'-' | b'/' | b'.' | b'_' => JOINT,
            b' ' => SPACE,
            _ => OTHER,
        };
        byte += 1;
    }
    classes
};
const DIGIT: u8 = 0;
const LETTER: u8 = 1;
const JOINT: u8 = 2;
const SPACE: u8 = 3;
const OTHER: u8 = 4;

/// Whether a group of two digits or more stands here that ends at no letter: a spaced number goes on.
fn digits_then_gap(bytes: &[u8], at: usize) -> bool {
    let digits = bytes[at.min(bytes.len())..].iter().take(8).take_while(|byte| byte.is_ascii_digit()).count();
    digits >= 2 && !bytes.get(at + digits).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'%')
}

/// The value behind an offset: over `:`, `=`, `#`, quotes, brackets and a few filler words.
pub(crate) fn value_behind(text: &str, from: usize) -> Option<Value> {
    let bytes = text.as_bytes();
    let mut at = over_remark(bytes, from);
    let ceiling = bytes.len().min(at + REACH_BYTES);
    let mut fillers = 0;
    // Signs that part sentences as often as they join a number to its keyword.
    let mut parted = false;
    let long =
        |value: &Value| value.digits >= PARTED_DIGITS_MIN && !text[value.start..value.end].ends_with("000");
    while at < ceiling {
        match bytes[at] {
            b' ' | b'\t' | b':' | b'=' | b'#' | b'(' | b')' | b'[' | b'"' | b'\'' | b'>' | b'*' | b'|'
            | b'`' | b'\n' | b'\r' | b'-' | b'_' => at += 1,
            // "mrn/70444444/labs": one step of a path.
            b'/' if at == from => {
                return cut_words(text, value_at(text, at + 1)?)
                    .filter(|value| value.digits >= 4 && !text[value.start..value.end].contains('/'));
            }
            b'.' if bytes.get(at + 1).is_some_and(|next| matches!(next, b' ' | b':' | b'#' | b'-'))
                && at == from =>
            {
                at += 1
            }
            b'.' | b',' if fillers > 0 => at += 1,
            b',' | b';' | b'?' if bytes.get(at + 1).is_some_and(u8::is_ascii_whitespace) => {
                parted = true;
                at += 1;
            }
            b']' | b'~' => at += 1,
            b'@' | b'{' if matches!(bytes.get(at + 1), Some(b'0'..=b'9' | b'A'..=b'Z')) => {
                parted = true;
                at += 1;
            }
            // `mrn <> 7…`, `mrn != 7…`, `mrn <= 7…`
            b'<' | b'!' if matches!(bytes.get(at + 1), Some(b'>' | b'=')) => at += 2,
            0xE2 => at += 3, // typographic quotes and dashes
            0xC2 | 0xC3 => at += filler_beyond_ascii(&text[at..])?,
            byte if byte.is_ascii_alphanumeric() => {
                let value = value_at(text, at)?;
                if value.digits > 0 {
                    return Some(value).filter(|value| !parted || long(value));
                }
                let word = &text[value.start..value.end];
                fillers += 1;
                // `mrn::text = '7…'`
                let cast = text[..at].ends_with("::");
                let loose = LOOSE_FILLERS.hold(word);
                parted |= loose;
                if fillers > FILLERS_MAX || !FILLERS.hold(word) && !cast && !loose {
                    // A prefix of letters with a space before the digits: "CH 12345".
                    return prefixed(text, value).filter(|value| !parted || long(value));
                }
                at = value.end;
            }
            _ => return None,
        }
    }
    None
}

/// Behind a remark in brackets and the sign after it: "MRN (verified): 7…". Where there is none, `from`.
fn over_remark(bytes: &[u8], from: usize) -> usize {
    const REMARK_BYTES_MAX: usize = 24;
    let open = match bytes.get(from..) {
        Some([b'(', ..]) => from + 1,
        Some([b' ', b'(', ..]) => from + 2,
        _ => return from,
    };
    let inside = bytes[open..].iter().take(REMARK_BYTES_MAX);
    let close = open + inside.take_while(|byte| byte.is_ascii_alphabetic() || **byte == b' ').count();
    match bytes.get(close..) {
        Some([b')', b':' | b'=' | b'#', ..]) => close + 1,
        _ => from,
    }
}

/// The length of `º` and `°`, a no-break space, and of "is" in Italian and Portuguese, if one stands there.
fn filler_beyond_ascii(text: &str) -> Option<usize> {
    ["º", "°", "\u{A0}", "«", "»", "è ", "é ", "är "]
        .into_iter()
        .find(|filler| text.starts_with(filler))
        .map(str::len)
}

/// "CH 12345", "MRN AB 998877": one to four capitals, a space, digits.
fn prefixed(text: &str, prefix: Value) -> Option<Value> {
    let letters = &text.as_bytes()[prefix.start..prefix.end];
    if letters.len() > 4 || !letters.iter().all(u8::is_ascii_uppercase) {
        return None;
    }
    let at = prefix.end + 1;
    if text.as_bytes().get(prefix.end) != Some(&b' ') || !text.is_char_boundary(at) {
        return None;
    }
    let value = value_at(text, at).filter(|value| value.letters == 0 && value.digits >= 4)?;
    Some(Value { start: prefix.start, letters: letters.len(), ..value })
}

/// Every value that one of these keywords announces, in the text or as its JSON key.
pub(crate) fn announced<'t>(
    text: &'t Text<'_>,
    wanted: &'t [Key],
) -> impl Iterator<Item = (Value, &'t KeyHit)> + 't {
    static KEY_ITSELF: KeyHit = KeyHit { key: Key::UniqueId, first: 0, last: 0, end: 0 };
    let wanted = if wanted.iter().any(|key| text.has_key(*key)) { wanted } else { &[] };
    let keyed = wanted.iter().any(|key| text.keyed(*key)).then(|| whole(text.text)).flatten();
    let mut covered = 0;
    let behind = text.keys().iter().filter(|hit| wanted.contains(&hit.key)).filter_map(move |hit| {
        // A keyword inside the last value is part of it: "certificate no. CLN-112233".
        let value = (hit.end > covered).then(|| value_behind(text.text, hit.end)).flatten()?;
        covered = value.end;
        Some((value, hit))
    });
    keyed.map(|value| (value, &KEY_ITSELF)).into_iter().chain(behind)
}

/// The text as one value, when it is nothing else.
fn whole(text: &str) -> Option<Value> {
    let trimmed = text.trim_start().trim_start_matches('#');
    let value = value_at(text, text.len() - trimmed.len())?;
    text[value.end..].trim().is_empty().then_some(value)
}

/// Adds a hit for every announced value that holds at least `digits_min` digits.
#[inline]
pub(crate) fn keyed(
    text: &Text<'_>,
    wanted: &[Key],
    digits_min: usize,
    category: Category,
    rule: &'static str,
    hits: &mut Vec<Hit>,
) {
    // Most texts have no keyword of this kind.
    if wanted.iter().any(|key| text.has_key(*key)) {
        add_keyed(text, wanted, digits_min, category, rule, hits);
    }
}

#[inline(never)]
fn add_keyed(
    text: &Text<'_>,
    wanted: &[Key],
    digits_min: usize,
    category: Category,
    rule: &'static str,
    hits: &mut Vec<Hit>,
) {
    for (value, hit) in announced(text, wanted) {
        if value.digits >= digits_min
            && !measured(text.text, &value)
            && (!weak(text, hit) || firm(text, hit, &value))
        {
            hits.push(Hit { start: value.start, end: value.end, category, rule, score: 0.9 });
            further(text.text, value, |value| {
                hits.push(Hit { start: value.start, end: value.end, category, rule, score: 0.8 });
            });
        }
    }
    for hit in text.keys().iter().filter(|hit| wanted.contains(&hit.key)) {
        let named = before(text, hit).filter(|value| value.digits >= digits_min.max(PARTED_DIGITS_MIN));
        if let Some(value) = named.filter(|value| !measured(text.text, value)) {
            hits.push(Hit { start: value.start, end: value.end, category, rule, score: 0.8 });
        }
    }
}

/// The value before its keyword: "7… is my MRN", "use 7… as MRN", "7… (account number)", "7… - MRN", `'7…' AS mrn`.
fn before(text: &Text<'_>, hit: &KeyHit) -> Option<Value> {
    const WORDS_BYTES_MAX: usize = 12;
    let start = text.word_at(hit.first)?.start as usize;
    let bytes = text.text.as_bytes();
    // Most keywords have letters alone before them.
    let floor = start.saturating_sub(WORDS_BYTES_MAX);
    let end = floor + bytes[floor..start].iter().rposition(u8::is_ascii_digit)? + 1;
    let behind = bytes.get(hit.end);
    let closed =
        |sign: Option<&u8>| sign.is_none_or(|sign| matches!(sign, b'\n' | b'\r' | b'.' | b',' | b';'));
    let whose = |words: &str| matches!(words, "my" | "his" | "her" | "their" | "our" | "your" | "the");
    let between = text.text.get(end..start)?;
    let told = match between {
        " (" => behind == Some(&b')'),
        " - " | " – " | " — " => closed(behind),
        _ => match between.trim_start_matches(['\'', '"']) {
            " as " => true,
            " AS " => between.len() > 4,
            " as my " | " as the " => true,
            words => words.strip_prefix(" is ").and_then(|words| words.strip_suffix(' ')).is_some_and(whose),
        },
    };
    let everyday = weak(text, hit) && !between.contains("my ");
    let value =
        value_at(text.text, start_of(text.text, end)).filter(|value| told && !everyday && value.end == end);
    value.filter(|value| value.letters <= 4)
}

/// The values that go on a list behind the first: "MRNs 70444444, 70444445 and 70444446", `IN ('1…', '2…')`, "old MRN 7…,
/// new 7…", one on each line. As many digits and letters as the first has, six digits at least.
fn further(text: &str, first: Value, mut found: impl FnMut(Value)) {
    const VALUES_MAX: usize = 1000;
    const GAP_MAX: usize = 10;
    static JOINING: Words<14> =
        Words::new(["and", "or", "to", "new", "old", "und", "oder", "et", "ou", "y", "o", "e", "en", "then"]);
    if first.digits < 6 {
        return;
    }
    let bytes = text.as_bytes();
    let listed = on_own_line(bytes, first.start);
    let mark = |byte: &u8| {
        byte.is_ascii_whitespace() || matches!(byte, b',' | b';' | b'\'' | b'"' | b'&' | b'/' | b'-' | b'*')
    };
    let mut last = first;
    for _ in 0..VALUES_MAX {
        let ceiling = bytes.len().min(last.end + GAP_MAX);
        let over = |from: usize| from + bytes[from..ceiling].iter().take_while(|byte| mark(byte)).count();
        let mut at = over(last.end);
        let word = bytes[at..ceiling].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let joining = word > 0 && at > last.end && JOINING.hold(&text[at..at + word]);
        if joining {
            at = over(at + word);
        }
        let gap = &bytes[last.end..at];
        let lined = listed && gap.contains(&b'\n') && ends_line(bytes, last.end);
        let parted = gap.iter().any(|byte| matches!(byte, b',' | b';' | b'\'' | b'"' | b'&' | b'/'));
        let joined = at < ceiling && (joining || parted || lined) && !gap.starts_with(b"-");
        let next = joined.then(|| value_at(text, at)).flatten();
        let alike = |value: &Value| value.digits == first.digits && value.letters == first.letters;
        let Some(next) = next.filter(alike).filter(|next| !measured(text, next)) else { return };
        found(next);
        last = next;
    }
}

/// Whether nothing but a mark of a list stands before the value on its line, and a line above.
fn on_own_line(bytes: &[u8], start: usize) -> bool {
    const INDENT_MAX: usize = 12;
    let mark = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'-' | b'*' | b'#');
    bytes[..start].iter().rev().take(INDENT_MAX).find(|byte| !mark(byte)) == Some(&b'\n')
}

/// Whether nothing but white space follows on the line.
fn ends_line(bytes: &[u8], end: usize) -> bool {
    bytes[end..]
        .iter()
        .take(4)
        .find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'))
        .is_none_or(|byte| *byte == b'\n')
}

/// Keywords that are everyday words too.
static WEAK: Words<43> = Words::new([
    "claim",
    "record",
    "records",
    "chart",
    "plan",
    "policy",
    "insurance",
    "insured",
    "ins",
    "encounter",
    "account",
    "social",
    "license",
    "certificate",
    "device",
    "serial",
    "specimen",
    "participant",
    "barcode",
    "badge",
    "employee",
    "invoice",
    "guarantor",
    "plate",
    "plates",
    "visa",
    "routing",
    "subscriber",
    "beneficiary",
    "hp",
    "emr",
    "lic",
    "prescription",
    "rx",
    "mac",
    "pacemaker",
    "implant",
    "accession",
    "hic",
    "kaiser",
    "cigna",
    "aetna",
    "humana",
]);

fn weak(text: &Text<'_>, hit: &KeyHit) -> bool {
    hit.end > 0 && hit.first == hit.last && WEAK.hold(text.spelled(hit.last))
}

/// Whether the value follows an everyday word as an identifier would: behind `:` or `#`, long, or of capitals and digits.
fn firm(text: &Text<'_>, hit: &KeyHit, value: &Value) -> bool {
    let between = &text.text[hit.end..value.start];
    // `__Account__ 70443218` of Markdown.
    let between = between.strip_prefix("__ ").unwrap_or(between);
    let spelled = &text.text[value.start..value.end];
    let coded =
        value.letters > 0 && value.digits >= 3 && !spelled.bytes().any(|byte| byte.is_ascii_lowercase());
    let loose =
        !between.contains(['(', '[', '_', '`', '~', '@', '{']) && !between.starts_with([',', ';', '?']);
    loose && (between.contains(['#', ':']) || coded || value.digits >= 6)
}

/// Units that make a number a quantity and no identifier.
static UNITS: Words<58> = Words::new([
    "mg", "mcg", "ml", "kg", "g", "mmol", "mm", "cm", "lbs", "lb", "bpm", "hours", "hour", "days", "weeks",
    "months", "years", "year", "day", "week", "tablets", "tablet", "tabs", "tab", "units", "percent",
    "minutes", "iu", "ms", "kb", "mb", "bytes", "tokens", "times", "mcl", "meq", "dl", "l", "mmhg", "scale",
    "pills", "doses", "patients", "people", "baud", "bps", "kbps", "rpm", "hz", "khz", "mhz", "ghz", "usd",
    "eur", "gbp", "chf", "dollars", "euros",
]);

/// What is counted in round numbers: behind an identifier these may be verbs or begin what comes next.
static COUNTED: Words<42> = Words::new([
    "rows",
    "steps",
    "records",
    "charts",
    "events",
    "entries",
    "items",
    "files",
    "lines",
    "words",
    "pages",
    "requests",
    "users",
    "members",
    "samples",
    "cells",
    "copies",
    "calls",
    "messages",
    "queries",
    "visits",
    "admissions",
    "accounts",
    "devices",
    "claims",
    "invoices",
    "plans",
    "policies",
    "serials",
    "units",
    "miles",
    "feet",
    "meters",
    "metres",
    "seconds",
    "calories",
    "employees",
    "participants",
    "subscribers",
    "customers",
    "points",
    "iterations",
]);

/// Whether a unit follows: "10 mg", "5/10 scale", "20%".
pub(crate) fn counted(text: &str, end: usize) -> bool {
    let bytes = text.as_bytes();
    // So many digits are no percentage.
    let long = || bytes[..end].iter().rev().take(PERCENT_DIGITS_MAX + 1).all(u8::is_ascii_digit);
    bytes.get(end) == Some(&b'%') && !(end > PERCENT_DIGITS_MAX && long()) || UNITS.hold(next_word(text, end))
}

/// The most digits in a row of a percentage.
const PERCENT_DIGITS_MAX: usize = 5;

/// Whether a round number is one of many things: "20000 rows", "10000 of 20000".
fn round(text: &str, value: &Value) -> bool {
    let of = || {
        text[value.end..]
            .strip_prefix(" of ")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    value.letters == 0
        && text[value.start..value.end].ends_with("00")
        && value.digits == value.end - value.start
        && (COUNTED.hold(next_word(text, value.end)) || of())
}

/// The word right behind, over spaces and hyphens. "G2P2002" is no gram.
fn next_word(text: &str, end: usize) -> &str {
    let rest = &text.as_bytes()[end..];
    let gap = rest.iter().take_while(|byte| matches!(byte, b' ' | b'-')).count();
    let word = rest[gap..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let word = if rest.get(gap + word).is_some_and(u8::is_ascii_digit) { 0 } else { word };
    &text[end + gap..end + gap + word]
}

/// Whether the value is a quantity or a date: a decimal, a year, a percentage, a dose.
pub(crate) fn measured(text: &str, value: &Value) -> bool {
    let spelled = &text[value.start..value.end];
    let bytes = spelled.as_bytes();
    if value.letters == 0 {
        let year = matches!(bytes, [b'1', b'9', _, _] | [b'2', b'0', _, _]);
        let dots = || bytes.iter().filter(|byte| **byte == b'.').count();
        let decimal = || {
            spelled
                .split_once('.')
                .is_some_and(|(whole, part)| whole.len() <= 4 && part.len() <= 2 && !part.contains('.'))
        };
        let version = || dots() > 1 && spelled.split('.').all(|part| (1..=3).contains(&part.len()));
        // `(0010,0020)`, the tag of a DICOM element.
        let tag = || {
            spelled.len() == 4
                && text[..value.start].ends_with('(')
                && text[value.end..].starts_with(',')
                && text.as_bytes().get(value.end + 5) == Some(&b')')
        };
        if year || decimal() || version() || tag() {
            return true;
        }
    }
    if super::date::numeric(text, value.start).is_some() || counted(text, value.end) || round(text, value) {
        return true;
    }
    let tail = || spelled.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    value.letters > 0 && UNITS.hold(tail())
}

/// Matches a shape exactly at `at`: `d` a digit, `a` a letter, `x` either, `s` a space, dot or hyphen, anything
/// else itself. Gives the end, if no letter or digit stands beside the match.
pub(crate) fn shape_at(text: &str, at: usize, shape: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let end = at + shape.len();
    if end > bytes.len() || (at > 0 && bytes[at - 1].is_ascii_alphanumeric()) {
        return None;
    }
    let fits = bytes[at..end].iter().zip(shape.bytes()).all(|(byte, want)| match want {
        b'd' => byte.is_ascii_digit(),
        b'a' => byte.is_ascii_alphabetic(),
        b'x' => byte.is_ascii_alphanumeric(),
        b's' => matches!(byte, b' ' | b'.' | b'-'),
        _ => *byte == want,
    });
    (fits && !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric)).then_some(end)
}

/// The value up to a joint behind which no digit follows: `70444444_x`, `70444444/labs`.
pub(crate) fn cut_words(text: &str, value: Value) -> Option<Value> {
    let spelled = &text[value.start..value.end];
    let mut end = 0;
    for part in spelled.split_inclusive(['/', '_', '-', '.']) {
        if end > 0 && !part.starts_with(|c: char| c.is_ascii_digit()) {
            break;
        }
        end += part.len();
    }
    let kept = spelled[..end].trim_end_matches(['/', '_', '-', '.']);
    let digits = kept.bytes().filter(u8::is_ascii_digit).count();
    let letters = kept.bytes().filter(u8::is_ascii_alphabetic).count();
    (digits > 0).then_some(Value { start: value.start, end: value.start + kept.len(), digits, letters })
}

/// [`shape_at`] where letters may stand beside the match, but no digits: for shapes with separators, which are
/// distinctive enough. `AB512-34-5671xyz`, the joint of two streamed pieces.
pub(crate) fn shape_amid(text: &str, at: usize, shape: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let end = at + shape.len();
    let window = bytes.get(at..end)?;
    let fits = window.iter().zip(shape.bytes()).all(|(byte, want)| match want {
        b'd' => byte.is_ascii_digit(),
        _ => *byte == want,
    });
    let beside = at > 0 && bytes[at - 1].is_ascii_digit() || bytes.get(end).is_some_and(u8::is_ascii_digit);
    (fits && !beside).then_some(end)
}

/// Where the last `count` digits of a word start that ends with exactly as many: `Hel512` and `512` of three.
#[inline]
pub(crate) fn last_digits(text: &str, start: usize, end: usize, count: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let at = end.checked_sub(count).filter(|at| *at >= start)?;
    let fits =
        bytes[at..end].iter().all(u8::is_ascii_digit) && (at == start || bytes[at - 1].is_ascii_alphabetic());
    fits.then_some(at)
}

/// The digits of a slice, at most `N`; none if there are more.
pub(crate) fn digits<const N: usize>(text: &str) -> Option<([u8; N], usize)> {
    let mut digits = [0u8; N];
    let mut count = 0;
    for byte in text.bytes().filter(u8::is_ascii_digit) {
        *digits.get_mut(count)? = byte - b'0';
        count += 1;
    }
    Some((digits, count))
}

/// The Luhn check digit, ISO/IEC 7812-1 annex B.
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(*digit);
            if place % 2 == 0 { digit } else { digit * 2 - if digit > 4 { 9 } else { 0 } }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The first byte of the hyphened code that ends at `end`.
pub(crate) fn start_of(text: &str, end: usize) -> usize {
    let bytes = text.as_bytes();
    let floor = end.saturating_sub(VALUE_BYTES_MAX);
    let mut start = end;
    while start > floor
        && (bytes[start - 1].is_ascii_alphanumeric() || matches!(bytes[start - 1], b'-' | b'/'))
    {
        start -= 1;
    }
    while start < end && !bytes[start].is_ascii_alphanumeric() {
        start += 1;
    }
    start
}
