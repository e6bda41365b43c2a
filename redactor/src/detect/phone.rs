//! Telephone numbers, 45 CFR 164.514(b)(2)(i)(D).
//!
//! North America: ITU-T E.164 with the national plan's ten digits (NANPA), in the written shapes of Microsoft's
//! and the NANPA's style guides, extensions included; areas that NANPA never assigns go too, since test numbers
//! and typing errors identify as well. Elsewhere: `+` and a country code, 8 to 15 digits. Bare digits and
//! seven-digit numbers need a keyword.

use std::sync::LazyLock;

use super::keywords::Key;
use super::lexicon::{self, WordSet};
use super::seen::Seen;
use super::text::{Shape, Text};
use super::value::{last_digits, shape_amid, shape_at};
use super::{Category, Detector, Hit, Needs, value};

/// Finds telephone numbers.
pub(super) struct Phone;

/// What a number looks like that its shape gives away: an area code, a plus, a nought, letters before a hyphen.
const AREA: Seen = Seen::digits(3, 3);
/// The first group of a pager's or an extension's number.
const HOUSE: Seen = Seen::digits(1, 7).or(Seen::codes(2, 8));
const LOOKED_AT: Seen =
    AREA.or(Seen::digits(2, 2)).or(Seen::PLUS_BEFORE).or(Seen::NOUGHT).or(Seen::HYPHEN_BEHIND);

impl Detector for Phone {
    fn id(&self) -> &'static str {
        "phone"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Phone]
    }

    fn example(&self) -> &'static str {
        "reach her on (212) 555-0143 ext. 12"
    }

    fn needs(&self) -> Needs {
        Needs::seen(LOOKED_AT).or(Needs::key(Key::Phone)).or(Needs::seen(HOUSE))
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(4)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        for (start, end, rule, score) in numbers(text) {
            hits.push(Hit { start, end, category: Category::Phone, rule, score });
        }
        for (start, end, score) in text.numbers_like(HOUSE).filter_map(|(index, _)| inside_house(text, index))
        {
            hits.push(Hit { start, end, category: Category::Phone, rule: "phone.house", score });
        }
        if text.has_key(Key::Phone) {
            for (start, end) in announced(text, Key::Phone) {
                hits.push(Hit { start, end, category: Category::Phone, rule: "phone.keyword", score: 0.9 });
            }
        }
    }
}

/// Numbers that their shape alone gives away.
pub(super) fn numbers<'t>(
    text: &'t Text<'_>,
) -> impl Iterator<Item = (usize, usize, &'static str, f32)> + 't {
    text.numbers_like(LOOKED_AT).filter_map(|(index, seen)| {
        let word = &text.words()[index];
        let start = word.start as usize;
        if seen.any(Seen::CODES) {
            let hyphened = seen.any(Seen::HYPHEN_BEHIND) && seen.any(Seen::GOES_ON);
            return hyphened.then(|| glued(text.text, start, word.end as usize)).flatten();
        }
        // Behind an area code a digit stands over one byte, or a bracket closes.
        let area = seen.any(AREA) && (seen.any(Seen::GOES_ON) || seen.any(Seen::BRACKET_BEFORE));
        let (plus, nought) = (seen.any(Seen::PLUS_BEFORE), seen.any(Seen::NOUGHT));
        if !(area || plus || nought || seen.any(Seen::digits(2, 2))) {
            return None;
        }
        let area = area.then(|| north_american(text.text, start)).flatten();
        let abroad = || plus.then(|| international(text.text, start)).flatten();
        let trunk = || nought.then(|| trunk(text.text, start)).flatten();
        let found = area
            .map(|(start, end)| (start, end, "phone.nanp", 0.85))
            .or_else(|| abroad().map(|(start, end)| (start, end, "phone.e164", 0.85)))
            .or_else(|| {
                // With the bracket that opens the area.
                let from = |end: usize| start - usize::from(text.text[start..end].contains(')'));
                trunk().map(|end| (from(end), end, "phone.trunk", 0.75))
            })
            .or_else(|| {
                let found = grouped(text.text, start, word.len()).filter(|_| !nought);
                found.map(|(start, end)| (start, end, "phone.grouped", 0.65))
            });
        found.filter(|(start, end, ..)| !inside_code(text.text, *start, *end))
    })
}

/// `Hel212-555-0143`: letters of something else right before a number with hyphens, or behind it.
fn glued(text: &str, start: usize, end: usize) -> Option<(usize, usize, &'static str, f32)> {
    if text.as_bytes().get(end) != Some(&b'-') {
        return None;
    }
    let start = last_digits(text, start, end, 3)?;
    let end = shape_amid(text, start, "ddd-ddd-dddd")?;
    let goes_on = text.as_bytes().get(end) == Some(&b'-');
    (!goes_on).then(|| (start, extension(text, end), "phone.glued", 0.7))
}

/// Seven to fifteen digits behind a keyword.
pub(super) fn announced(text: &Text<'_>, key: Key) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (value, _) in value::announced(text, &[key]) {
        let (start, end, digits) = national(text.text, value.start, value.end, value.digits);
        if (7..=15).contains(&digits)
            && value.letters == 0
            && super::date::numeric(text.text, value.start).is_none()
        {
            found.push((start, end));
        }
    }
    found
}

/// The number that goes on behind its first digits as national plans write it: the area in brackets, `(0161) 496 0442`, and
/// groups of one digit, `31 6 2291 0044`. Gives its start, its end and how many digits it has.
fn national(text: &str, start: usize, end: usize, digits: usize) -> (usize, usize, usize) {
    const GAP_BYTES_MAX: usize = 3;
    const DIGITS_MAX: usize = 15;
    let bytes = text.as_bytes();
    let bracketed = start > 0 && bytes[start - 1] == b'(' && bytes.get(end) == Some(&b')');
    let lone = bytes.get(end) == Some(&b' ')
        && bytes.get(end + 1).is_some_and(u8::is_ascii_digit)
        && bytes.get(end + 2) == Some(&b' ');
    // "508 - 555 - 0147"
    let spaced = digits == 3 && shape_at(text, start, "ddd - ddd - dddd").is_some();
    if !(bracketed || lone || spaced) || digits >= 7 || north_american(text, start).is_some() {
        return (start, end, digits);
    }
    let (mut at, mut last, mut count) = (end + usize::from(bracketed), end, digits);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' if count < DIGITS_MAX => (count, last) = (count + 1, at + 1),
            b' ' | b'-' | b'.' if at < last.max(end + usize::from(bracketed)) + GAP_BYTES_MAX => {}
            _ => break,
        }
        at += 1;
    }
    if bytes.get(last).is_some_and(u8::is_ascii_alphanumeric) {
        return (start, end, digits);
    }
    (start - usize::from(bracketed), extension(text, last), count)
}

/// Words before the numbers of pagers and extensions, in English and other languages of Europe.
static HOUSES: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(HOUSE_WORDS));

const HOUSE_WORDS: &[&str] = &[
    "pager",
    "beeper",
    "bleep",
    "paged",
    "ext",
    "extension",
    "extn",
    "durchwahl",
    "dw",
    "klappe",
    "nebenstelle",
    "wewn",
    "wew",
    "wewnetrzny",
    "poste",
    "toestel",
    "interno",
    "anknytning",
    "lokalnummer",
    "linka",
    "klapka",
    "mellek",
    "ramal",
    "alanumero",
];

/// How far behind the word for a telephone an extension alone may stand: `Phone: x4417`.
const PHONE_GAP_BYTES: usize = 2;

/// These and what may stand between, by their hashes.
static HOUSE_SET: LazyLock<WordSet> = LazyLock::new(|| {
    let between = ["is", "no", "number"];
    HOUSE_WORDS.iter().chain(&between).map(|word| lexicon::hash(word)).collect()
});

/// Pagers and extensions of a house: `pager 55012`, `beeper 3-8821`, `Ext. 44102`, `x4-2210`. Four to seven digits, of which
/// three may be a dose or a year's part.
fn inside_house(text: &Text<'_>, index: usize) -> Option<(usize, usize, f32)> {
    let words = text.words();
    let number = &words[index];
    if number.shape == Shape::Digits
        && !index.checked_sub(1).is_some_and(|at| HOUSE_SET.contains(&words[at].hash))
    {
        return None;
    }
    let end = |start: usize| {
        let value = value::value_at(text.text, start)?;
        let plain =
            value.letters == 0 && (4..=7).contains(&value.digits) && !value::measured(text.text, &value);
        let joints = text.text[value.start..value.end].bytes().filter(|byte| !byte.is_ascii_digit()).count();
        (plain && joints <= 1).then_some(value.end)
    };
    // "x4-2210", "ext x4471"
    if number.shape == Shape::Alnum {
        let told = index.checked_sub(1).is_some_and(|at| HOUSES.contains(&words[at].hash));
        let told = told || text.key_before(number.start as usize, PHONE_GAP_BYTES, &[Key::Phone]);
        if told && matches!(text.spelled(index).as_bytes(), [b'x' | b'X', rest @ ..] if rest.len() > 3) {
            return end(number.start as usize + 1).map(|end| (number.start as usize, end, 0.7));
        }
        let spelled = text.spelled(index).as_bytes();
        let start = number.start as usize + 1;
        let hyphened =
            matches!(spelled, [b'x' | b'X', digit] if digit.is_ascii_digit()) && text.joint(index) == b'-';
        return hyphened.then(|| end(start)).flatten().map(|end| (start - 1, end, 0.6));
    }
    let mut word = index.checked_sub(1)?;
    if matches!(text.spelled(word), "is" | "no" | "number") {
        word = word.checked_sub(1)?;
    }
    let near = matches!(text.gap(index - 1), " " | ". " | ": " | " #" | "#" | "." | ":" | " -");
    (near && number.shape == Shape::Digits && HOUSES.contains(&words[word].hash))
        .then(|| end(number.start as usize))
        .flatten()
        .map(|end| (number.start as usize, end, 0.7))
}

/// `212-555-0143`, `(212) 555-0143`, `1-212-555-0143`, `212.555.0143`, `212 555 0143`, an extension behind.
fn north_american(text: &str, start: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    // "(212) 555-0143", but "(212-555-0143)" is a whole number in brackets.
    let opened = start > 0 && bytes[start - 1] == b'(' && bytes.get(start + 3) == Some(&b')');
    const OPENED: [&str; 7] = [
        "ddd) ddd-dddd",
        "ddd)ddd-dddd",
        "ddd)-ddd-dddd",
        "ddd) ddd dddd",
        "ddd) ddd.dddd",
        "ddd) ddddddd",
        "ddd)ddddddd",
    ];
    let end = if !opened {
        plain_end(bytes, start)?
    } else {
        OPENED.iter().find_map(|shape| shape_at(text, start, shape))?
    };
    let first = if opened { start - 1 } else { start };
    // A trunk prefix: "1-", "+1 ", "1 (".
    let before = &text[..first];
    let trimmed = before.trim_end_matches([' ', '-', '.', '/']);
    let trunk = trimmed.len() < before.len() || opened;
    // "001-512-555-0143": the exit code of the plan.
    if let Some(rest) =
        trimmed.strip_suffix("001").filter(|rest| trunk && !rest.ends_with(|c: char| c.is_alphanumeric()))
    {
        return Some((rest.len(), extension(text, end)));
    }
    let first = match trimmed.strip_suffix('1') {
        Some(rest)
            if trunk
                && before.len() - trimmed.len() <= 2
                && !rest.ends_with(|c: char| c.is_alphanumeric() || c == '-') =>
        {
            if rest.ends_with('+') {
                rest.len() - 1
            } else {
                rest.len()
            }
        }
        _ => first,
    };
    Some((first, extension(text, end)))
}

/// The end of ten digits with two separators whose first three are a word: `212-555-0143`, `212 555-0143`.
fn plain_end(bytes: &[u8], start: usize) -> Option<usize> {
    let window = bytes.get(start..)?.first_chunk::<12>()?;
    let separators = [window[3], window[7]];
    let joined = matches!(&separators, b"--" | b".." | b"  " | b" -" | b"/-" | b"-." | b" .");
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    if !joined || !digits(&window[..3]) || !digits(&window[4..7]) || !digits(&window[8..]) {
        return None;
    }
    // Behind hyphens letters may stand, as at the joint of two streamed pieces.
    let goes_on = match bytes.get(start + 12) {
        Some(byte) if separators == *b"--" => byte.is_ascii_digit(),
        Some(byte) => byte.is_ascii_alphanumeric(),
        None => false,
    };
    (!goes_on).then_some(start + 12)
}

/// Past an extension: `ext. 12`, `x12`.
fn extension(text: &str, end: usize) -> usize {
    let rest = text[end..].trim_start_matches([' ', ',']);
    if !rest.starts_with(['e', 'E', 'x', 'X']) {
        return end;
    }
    for word in ["extension", "ext.", "ext", "x"] {
        if rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)) {
            let behind = rest[word.len()..].trim_start_matches([' ', '.', ':']);
            let digits = behind.bytes().take(7).take_while(u8::is_ascii_digit).count();
            if (1..=6).contains(&digits) {
                return text.len() - behind.len() + digits;
            }
        }
    }
    end
}

/// `+44 20 7946 0958`: a plus or `00`, then groups with single separators, 8 to 15 digits in all (E.164).
fn international(text: &str, start: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    if start == 0 || bytes[start - 1] != b'+' || (start > 1 && bytes[start - 2].is_ascii_alphanumeric()) {
        return None;
    }
    let (mut at, mut end, mut digits) = (start, start, 0);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                end = at + 1;
            }
            b' ' | b'-' | b'.' | b'(' | b')' | b'/' if at - end < 2 && digits < 15 => {}
            b' ' if at - end == 2 && spaced_group(&bytes[end..]) => {}
            _ => break,
        }
        if digits > 15 {
            return None;
        }
        at += 1;
    }
    let glued = bytes.get(end).is_some_and(u8::is_ascii_alphabetic);
    ((8..=15).contains(&digits) && bytes[start] != b'0' && !glued).then_some((start - 1, end))
}

/// ` - 22` and ` / 4417` behind a number's digits: a group parted by a sign between spaces, nothing of a date or an hour.
fn spaced_group(rest: &[u8]) -> bool {
    let [b' ', b'-' | b'/', b' ', group @ ..] = rest else { return false };
    let digits = group.iter().take(8).take_while(|byte| byte.is_ascii_digit()).count();
    let behind = group.get(digits);
    let timed = matches!(behind, Some(b':' | b'.' | b'/' | b'-'))
        && group.get(digits + 1).is_some_and(u8::is_ascii_digit);
    (2..8).contains(&digits) && !timed && !behind.is_some_and(u8::is_ascii_alphabetic)
}

/// `0151 31839948`, `06.12.34.56.78`, `070-389 51 16`, `089/2355797`: a nought, then 8 to 11 digits in two groups or
/// more, as numbers are written in Europe (ITU-T E.123 and the national plans).
fn trunk(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let opens = bytes[start] == b'0' && bytes.get(start + 1).is_some_and(|byte| (b'1'..=b'9').contains(byte));
    let spaced = bytes[start] == b'0' && bytes.get(start + 1) == Some(&b' ');
    // "0031 6 5550 1827": the exit code of most of Europe, before a country's.
    let abroad = bytes[start..].starts_with(b"00")
        && bytes.get(start + 2).is_some_and(|byte| (b'1'..=b'9').contains(byte));
    let before = start.checked_sub(1).map(|at| bytes[at]);
    let opened = before == Some(b'(');
    if !(opens || spaced || abroad)
        || !matches!(
            before,
            None | Some(b' ' | b'\n' | b'\t' | b':' | b',' | b';' | b'(' | b'"' | b'>' | b'|' | b'\'')
        )
    {
        return None;
    }
    let most = if abroad { 14 } else { 12 };
    let (mut at, mut end, mut digits, mut groups, mut lone) = (start, start, 0, 1, false);
    // Groups of one digit, of which a number has one.
    let (mut group, mut singles) = (start, 0);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => {
                if at > end && end > start {
                    groups += 1;
                    singles += usize::from(end - group == 1);
                    group = at;
                }
                lone = false;
                digits += 1;
                end = at + 1;
            }
            b' ' | b'-' | b'.' | b'/' if at - end < 3 && digits < most => lone = true,
            // "(041) 555 01 33": the area in brackets.
            b')' if opened && groups == 1 && at == end => {}
            _ => break,
        }
        at += 1;
    }
    let glued = !lone && bytes.get(end).is_some_and(u8::is_ascii_alphabetic);
    // "03/02/2024 14:33"
    let dated = || super::date::numeric(text, start).is_some();
    let first = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let least = if abroad { 10 } else { 9 };
    if (least..=most).contains(&digits)
        && groups >= 2
        && !glued
        && first <= 5
        && !dated()
        && singles <= 1
        && !in_row(bytes, start, end, groups, digits)
    {
        return Some(end);
    }
    bare_mobile(&text[start..end], groups).then_some(end)
}

/// Whether the groups are a row of something else: pairs that go on, `02 14 23 35 41 47` and `01 02 03 04 05 06`, words of a dump
/// of memory, `4c46 0201 0100 0000`, a drug's code, `NDC 0093-1048-01` (21 CFR 207.33).
fn in_row(bytes: &[u8], start: usize, end: usize, groups: usize, digits: usize) -> bool {
    const PAIRS_MAX: usize = 5;
    let pairs = digits == 2 * groups;
    let goes_on = bytes.get(end) == Some(&b' ') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    let before = bytes[..start].trim_ascii_end();
    let word = before.iter().rev().take(5).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let word = &before[before.len() - word..];
    let dumped = word.len() == 4
        && word.iter().all(u8::is_ascii_hexdigit)
        && word.iter().any(u8::is_ascii_digit)
        && digits == 4 * groups;
    // "MA 02139-4307", "ZIP 02139-4307"
    let zip = digits == 9
        && bytes.get(start + 5) == Some(&b'-')
        && (word.eq_ignore_ascii_case(b"zip")
            || word.eq_ignore_ascii_case(b"code")
            || word.len() == 2 && word.iter().all(u8::is_ascii_uppercase));
    let begun = word.len() == 2 && word.iter().all(u8::is_ascii_digit);
    // "0093-1048-01", a drug's code with no word before it: no number abroad is as short.
    let hyphen = |at: usize| bytes.get(start + at) == Some(&b'-');
    let drug = bytes[start..].starts_with(b"00") && hyphen(4) && hyphen(9) && end == start + 12;
    pairs && (groups > PAIRS_MAX || goes_on || begun)
        || dumped
        || zip
        || drug
        || word.eq_ignore_ascii_case(b"ndc")
}

/// A mobile number in one piece with its trunk prefix: `07700900871` (Ofcom), `0735550118` (PTS), `0612345678` (ARCEP).
fn bare_mobile(digits: &str, groups: usize) -> bool {
    groups == 1
        && match digits.len() {
            10 => matches!(&digits[..2], "06" | "07"),
            11 => digits.starts_with("07"),
            _ => false,
        }
}

/// Numbers in groups without a trunk prefix, as plans without one write them: `963 50 18 27` (Spain, Portugal), `12 555 01 77`
/// (Poland), `(11) 95550-1872` (Brazil). Gives the start and the end.
fn grouped(text: &str, start: usize, length: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let before = start.checked_sub(1).map(|at| bytes[at]);
    if before == Some(b'(')
        && length == 2
        && let Some(end) = ["dd) ddddd-dddd", "dd) dddd-dddd", "dd)ddddd-dddd"]
            .iter()
            .find_map(|shape| shape_at(text, start, shape))
    {
        return Some((start - 1, end));
    }
    if !matches!(before, None | Some(b' ' | b'\n' | b'\t' | b':' | b'(' | b'|' | b'"' | b'>')) {
        return None;
    }
    let shapes: &[&str] = match (length, bytes[start]) {
        (3, b'2' | b'6'..=b'9') => &["ddd dd dd dd", "ddd.dd.dd.dd"],
        (2, b'1'..=b'9') => &["dd ddd dd dd", "dd-ddd-dd-dd"],
        _ => return None,
    };
    let end = shapes.iter().find_map(|shape| shape_at(text, start, shape))?;
    // A row of numbers goes on, and so does a sum before it.
    let row = bytes.get(end) == Some(&b' ') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit)
        || before == Some(b' ') && start > 1 && bytes[start - 2].is_ascii_digit();
    (!row).then_some((start, end))
}

/// Whether the number is part of a longer code: `AB-212-555-0143`, a UUID, a decimal.
fn inside_code(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    // A comma parts the fields of a line before a number in groups: "2010-11-19,612 555 0178".
    let grouped = !bytes[start..end].iter().all(u8::is_ascii_digit);
    let before = start > 1
        && bytes[start] != b'('
        && (matches!(bytes[start - 1], b'-' | b'.' | b'/' | b'_' | b'=')
            || bytes[start - 1] == b',' && !grouped)
        && bytes[start - 2].is_ascii_digit()
        || start > 0 && bytes[start - 1] == b'_' && bytes[start..end].contains(&b'.')
        || start > 1 && bytes[start - 1] == b'-' && bytes[start - 2].is_ascii_alphanumeric();
    let behind = bytes.get(end).is_some_and(|byte| matches!(byte, b'-' | b'.' | b'/'))
        && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    before || behind
}

#[cfg(test)]
mod tests;
