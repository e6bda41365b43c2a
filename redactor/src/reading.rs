//! Other readings of a text: what a person or a browser sees where the bytes say something else.
//!
//! An identifier can be hidden in plain sight: digits of other scripts, letters that look Latin, dashes and spaces
//! that are no ASCII, characters without width between its digits, `%40` or `&#64;` for `@`, single digits with
//! spaces between. A [`Reading`] is the text as it is meant, in plain ASCII as far as it goes, with a map back, so
//! that detectors need not know of any of this and what they find falls on the bytes that are stored.
//!
//! [`folded`] takes the place of the text; [`decoded`], [`joined`] and [`spelled`] are read beside it, since an address on the
//! web is whole only with its escapes. None is made for a text that needs none, and no reading is longer than its
//! text: each is one pass.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::detect::{HashBits, Text, hash_of_word};
use crate::work;

mod fold;

/// A text as it is meant. Every character of it stands for one stretch of the raw text.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The text to look into.
    pub(crate) text: String,
    /// Pairs (offset here, offset in the raw text) from which on the two run side by side.
    map: Vec<(u32, u32)>,
    /// The reading of which this is a reading.
    under: Option<Box<Reading>>,
}

impl Reading {
    /// Where a span of the reading lies in the raw text.
    pub(crate) fn raw(&self, start: usize, end: usize) -> (usize, usize) {
        (self.offset(start), self.offset(end))
    }

    fn offset(&self, here: usize) -> usize {
        let known = self.map.partition_point(|(at, _)| *at as usize <= here);
        let (at, raw) = known.checked_sub(1).map_or((0, 0), |last| self.map[last]);
        let below = raw as usize + (here - at as usize);
        self.under.as_ref().map_or(below, |under| under.offset(below))
    }
}

/// Makes a reading by what is replaced in the raw text.
struct Maker<'t> {
    raw: &'t str,
    text: String,
    map: Vec<(u32, u32)>,
    /// Up to where the raw text is copied.
    from: usize,
}

impl<'t> Maker<'t> {
    fn new(raw: &'t str) -> Maker<'t> {
        Maker { raw, text: String::new(), map: Vec::new(), from: 0 }
    }

    /// `with`, if anything, stands for the raw text from `start` to `end`.
    fn replace(&mut self, start: usize, end: usize, with: Option<char>) {
        if self.map.is_empty() {
            self.text.reserve(self.raw.len());
        }
        self.text.push_str(&self.raw[self.from..start]);
        self.map.push((self.text.len() as u32, start as u32));
        self.text.extend(with);
        self.map.push((self.text.len() as u32, end as u32));
        self.from = end;
    }

    fn finish(mut self) -> Option<Reading> {
        work::examined(self.raw.len());
        if self.map.is_empty() {
            return None;
        }
        self.text.push_str(&self.raw[self.from..]);
        Some(Reading { text: self.text, map: self.map, under: None })
    }
}

pub(crate) use fold::folded;

/// The bytes of which [`decoded`] or [`folded`] may make another: signs of escapes, and all beyond ASCII.
static MAY_MEAN_ANOTHER: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = byte >= 0x80 || byte < 0x20 || matches!(byte as u8, b'%' | b'&' | b'\\' | b'=' | b'+');
        byte += 1;
    }
    table
};

/// A value as it is meant, for comparing: folded, its escapes taken off.
pub(crate) fn plain(value: &str) -> Cow<'_, str> {
    if !value.bytes().any(|byte| MAY_MEAN_ANOTHER[usize::from(byte)]) {
        return Cow::Borrowed(value);
    }
    let decoded = decoded(value).map_or(Cow::Borrowed(value), |reading| Cow::Owned(reading.text));
    match folded(&decoded) {
        Some(reading) => Cow::Owned(reading.text),
        None => decoded,
    }
}

/// The text without percent-encoding (RFC 3986), character references (HTML), `\x41` and `\u0041`, the escapes of
/// quoted-printable (RFC 2045, where the text has its signs) and the `+` of forms. None if it has nothing of these.
pub(crate) fn decoded(text: &str) -> Option<Reading> {
    let bytes = text.as_bytes();
    let quoted = quoted_printable(bytes);
    let form = memchr::memchr(b'+', bytes).is_some() && memchr::memchr(b'=', bytes).is_some();
    let mut maker = Maker::new(text);
    let mut at = 0;
    while at < bytes.len() {
        let next = if quoted || form {
            bytes[at..].iter().position(|byte| matches!(byte, b'%' | b'&' | b'\\' | b'=' | b'+'))
        } else {
            memchr::memchr3(b'%', b'&', b'\\', &bytes[at..])
        };
        let Some(next) = next else { break };
        let start = at + next;
        let found = match bytes[start] {
            b'%' => percent(bytes, start),
            b'&' => reference(bytes, start),
            b'\\' => backslash(bytes, start),
            b'=' if quoted => quoted_byte(bytes, start),
            b'+' if form && between_words(bytes, start) => Some((Some(' '), start + 1)),
            _ => None,
        };
        match found {
            Some((with, end)) => {
                maker.replace(start, end, with);
                at = end;
            }
            None => at = start + 1,
        }
    }
    let reading = maker.finish()?;
    Some(match folded(&reading.text) {
        Some(folded) => Reading { under: Some(Box::new(reading)), ..folded },
        None => reading,
    })
}

fn between_words(bytes: &[u8], at: usize) -> bool {
    at > 0
        && bytes[at - 1].is_ascii_alphanumeric()
        && bytes.get(at + 1).is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'%')
}

/// A byte from two hexadecimal digits.
fn hex(bytes: &[u8], at: usize) -> Option<u8> {
    let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    Some((digit(at)? << 4 | digit(at + 1)?) as u8)
}

/// A character without control over anything: a control character becomes a space.
fn harmless(c: char) -> char {
    if c.is_control() && c != '\n' && c != '\t' { ' ' } else { c }
}

/// `%40`, `%C3%A9`, and `%2540` however often it was encoded.
fn percent(bytes: &[u8], start: usize) -> Option<(Option<char>, usize)> {
    let one = |mut at: usize| {
        if bytes.get(at) != Some(&b'%') {
            return None;
        }
        at += 1;
        while bytes.get(at..at + 2) == Some(b"25") && hex(bytes, at + 2).is_some() {
            at += 2;
        }
        Some((hex(bytes, at)?, at + 2))
    };
    several_bytes(one, start)
}

/// `=40` of quoted-printable; a soft line break is nothing.
fn quoted_byte(bytes: &[u8], start: usize) -> Option<(Option<char>, usize)> {
    if let Some(end) = soft_break(bytes, start) {
        return Some((None, end));
    }
    let one =
        |at: usize| (bytes.get(at) == Some(&b'=')).then(|| Some((hex(bytes, at + 1)?, at + 3))).flatten();
    several_bytes(one, start)
}

/// The character of UTF-8 whose bytes `one` reads one after the other.
fn several_bytes(one: impl Fn(usize) -> Option<(u8, usize)>, start: usize) -> Option<(Option<char>, usize)> {
    let (first, mut end) = one(start)?;
    let length = match first {
        0..0x80 => return Some((Some(harmless(char::from(first))), end)),
        0xC2..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0..0xF5 => 4,
        _ => return None,
    };
    let mut utf8 = [first, 0, 0, 0];
    for byte in &mut utf8[1..length] {
        (*byte, end) = one(end)?;
    }
    let c = std::str::from_utf8(&utf8[..length]).ok()?.chars().next()?;
    Some((Some(harmless(c)), end))
}

/// The references that stand for signs inside identifiers; others change nothing that is looked for.
const REFERENCES: &[(&str, char)] = &[
    ("amp;", '&'),
    ("lt;", '<'),
    ("gt;", '>'),
    ("quot;", '"'),
    ("apos;", '\''),
    ("nbsp;", ' '),
    ("commat;", '@'),
    ("period;", '.'),
    ("colon;", ':'),
    ("sol;", '/'),
    ("hyphen;", '-'),
    ("dash;", '-'),
    ("ndash;", '-'),
    ("minus;", '-'),
    ("lowbar;", '_'),
    ("num;", '#'),
    ("equals;", '='),
    ("tab;", '\t'),
    ("Tab;", '\t'),
    ("NewLine;", '\n'),
];

/// `&#64;`, `&#x40;`, `&amp;` and `&amp;#64;`.
fn reference(bytes: &[u8], start: usize) -> Option<(Option<char>, usize)> {
    let mut at = start + 1;
    while bytes.get(at..at + 4) == Some(b"amp;")
        && bytes.get(at + 4).is_some_and(|next| *next == b'#' || next.is_ascii_alphabetic())
        && reference_at(bytes, at + 4).is_some()
    {
        at += 4;
    }
    reference_at(bytes, at)
}

fn reference_at(bytes: &[u8], at: usize) -> Option<(Option<char>, usize)> {
    // Zeros may stand before.
    const DIGITS_MAX: usize = 16;
    let rest = bytes.get(at..)?;
    if rest.first() != Some(&b'#') {
        if rest.starts_with(b"shy;") {
            return Some((None, at + 4));
        }
        let (name, c) = REFERENCES.iter().find(|(name, _)| rest.starts_with(name.as_bytes()))?;
        return Some((Some(*c), at + name.len()));
    }
    let hex = matches!(rest.get(1), Some(b'x' | b'X'));
    let from = 1 + usize::from(hex);
    let digits = rest.get(from..)?.iter().take(DIGITS_MAX);
    let digits =
        digits.take_while(|byte| if hex { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() }).count();
    let number = std::str::from_utf8(&rest[from..from + digits]).ok()?;
    let c = char::from_u32(u32::from_str_radix(number, if hex { 16 } else { 10 }).ok()?)?;
    let end = from + digits;
    let closed = usize::from(rest.get(end) == Some(&b';'));
    Some((Some(harmless(c)), at + end + closed))
}

/// `\x40`, `\u0040`, `\u{40}`, behind as many backslashes as quoting again and again has left; `\n`, `\t`, `\"` and
/// `\/` behind two or more.
fn backslash(bytes: &[u8], start: usize) -> Option<(Option<char>, usize)> {
    const SLASHES_MAX: usize = 16;
    let slashes = bytes[start..].iter().take(SLASHES_MAX).take_while(|byte| **byte == b'\\').count();
    let at = start + slashes;
    let digits = |from: usize, most: usize| {
        let count = bytes.get(from..)?.iter().take(most).take_while(|byte| byte.is_ascii_hexdigit()).count();
        let number = std::str::from_utf8(&bytes[from..from + count]).ok()?;
        Some((char::from_u32(u32::from_str_radix(number, 16).ok()?)?, from + count))
    };
    let (c, end) = match (bytes.get(at)?, bytes.get(at + 1)) {
        (b'x', Some(_)) => (char::from(hex(bytes, at + 1)?), at + 3),
        (b'u', Some(b'{')) => {
            let (c, end) = digits(at + 2, 6)?;
            (c, if bytes.get(end) == Some(&b'}') { end + 1 } else { return None })
        }
        (b'u', Some(_)) => digits(at + 1, 4).filter(|(_, end)| *end == at + 5)?,
        (b'n' | b'r', _) => ('\n', at + 1),
        (b't', _) => ('\t', at + 1),
        (sign @ (b'"' | b'\'' | b'/' | b'@' | b'.' | b'-' | b'_'), _) => (char::from(*sign), at + 1),
        _ => return None,
    };
    Some((Some(harmless(c)), end))
}

/// A line of quoted-printable that ends for its length has about so many bytes (RFC 2045, section 6.7, rule 5: at most 76).
const QUOTED_LINE_BYTES: usize = 70;
/// The shortest run of base64 that is told from words, in bytes.
const BASE64_RUN_MIN: usize = 16;

/// Behind the soft line break whose `=` that is. Not the end of base64, which is filled up with the same sign: `==`
/// stands in no quoted-printable (RFC 2045, section 6.7, rule 1), and one alone behind a run that lacks a byte of four.
fn soft_break(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = &bytes[start + 1..];
    let end = match rest {
        [b'\n', ..] => start + 2,
        [b'\r', b'\n', ..] => start + 3,
        _ => return None,
    };
    if start > 0 && bytes[start - 1] == b'=' {
        return None;
    }
    let line = bytes[start.saturating_sub(QUOTED_LINE_BYTES)..start].split(|byte| *byte == b'\n').next_back();
    let line = line.unwrap_or_default();
    let encoded = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let run = &line[line.len() - line.iter().rev().take_while(encoded).count()..];
    let filled = line.len() < QUOTED_LINE_BYTES
        && run.len() >= BASE64_RUN_MIN
        && run.len() % 4 == 3
        && [u8::is_ascii_digit, u8::is_ascii_uppercase, u8::is_ascii_lowercase]
            .iter()
            .all(|is| run.iter().any(is));
    (!filled).then_some(end)
}

/// Whether three bytes are escaped there one behind the other.
fn escaped_often(bytes: &[u8], at: usize) -> bool {
    (0..3).all(|place| bytes.get(at + 3 * place) == Some(&b'=') && hex(bytes, at + 3 * place + 1).is_some())
}

/// Whether a text has the signs of quoted-printable: a soft line break, `=3D`, `=40` or three escapes in a row.
fn quoted_printable(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'=', bytes).any(|at| {
        let rest = &bytes[at + 1..];
        soft_break(bytes, at).is_some()
            || rest.starts_with(b"3D")
            || rest.starts_with(b"40")
            || escaped_often(bytes, at)
    })
}

/// The least digits that a run of spaced ones has to have.
const JOINED_MIN: usize = 7;

/// The text with its spaced digits joined: `5 1 2 - 3 4 - 5 6 7 1` reads `512-34-5671`. None if it has no run of
/// [`JOINED_MIN`] single digits.
pub(crate) fn joined(text: &Text<'_>) -> Option<Reading> {
    if text.numbers().size_hint().1.is_some_and(|most| most < JOINED_MIN) {
        return None;
    }
    let mut maker = Maker::new(text.text);
    let (mut first, mut last, mut count) = (0, 0, 0);
    for index in text.numbers() {
        if text.words()[index].len() != 1 {
            continue;
        }
        let goes_on = count > 0 && index == last + 1 && joint(text.gap(last)).is_some();
        if !goes_on {
            join(text, first, last, count, &mut maker);
            (first, count) = (index, 0);
        }
        (last, count) = (index, count + 1);
    }
    join(text, first, last, count, &mut maker);
    maker.finish()
}

fn join(text: &Text<'_>, first: usize, last: usize, count: usize, maker: &mut Maker<'_>) {
    if count < JOINED_MIN {
        return;
    }
    // Rows of a matrix hold few different digits, a count holds its digits in order.
    let digits: Vec<u8> = (first..=last).filter_map(|index| text.spelled(index).bytes().next()).collect();
    let different = (b'0'..=b'9').filter(|digit| digits.contains(digit)).count();
    let counting = digits.windows(2).all(|pair| pair[1] == pair[0] + 1);
    if different < 3 || counting {
        return;
    }
    for index in first..last {
        let (start, end) = (text.words()[index].end as usize, text.words()[index + 1].start as usize);
        maker.replace(start, end, joint(text.gap(index)).flatten());
    }
}

/// What is left between two digits of a spaced number: nothing, or the sign that stands between its spaces.
fn joint(gap: &str) -> Option<Option<char>> {
    match gap {
        " " | "  " => Some(None),
        " - " | "- " | " -" | "-" => Some(Some('-')),
        " . " | ". " | "." => Some(Some('.')),
        " / " | "/" => Some(Some('/')),
        ") " | " ) " => Some(Some(')')),
        _ => None,
    }
}

/// The text with digits and signs that were spelled out: `maria [at] x [dot] org`, `203[.]0[.]113[.]7`, and behind a
/// keyword or as many as a telephone number has "five one two …". None if it has nothing of these.
pub(crate) fn spelled(text: &Text<'_>) -> Option<Reading> {
    let mut pieces = Vec::new();
    if text.may_hold(b'[') || text.may_hold(b'(') {
        let bytes = text.text.as_bytes();
        pieces.extend(memchr::memchr2_iter(b'[', b'(', bytes).filter_map(|open| bracketed(bytes, open)));
    }
    spoken(text, &mut pieces);
    telephone(text, &mut pieces);
    if pieces.is_empty() {
        return None;
    }
    pieces.sort_unstable_by_key(|(start, ..)| *start);
    let mut maker = Maker::new(text.text);
    for (start, end, with) in pieces {
        if start >= maker.from {
            maker.replace(start, end, with);
        }
    }
    maker.finish()
}

/// A stretch of the text and what stands for it.
type Piece = (usize, usize, Option<char>);

/// `[at]`, `(dot)`, `[.]`, with a space on either side.
fn bracketed(bytes: &[u8], open: usize) -> Option<Piece> {
    const INSIDE_MAX: usize = 5;
    let inside = &bytes[open + 1..bytes.len().min(open + 1 + INSIDE_MAX)];
    // Nearly all brackets hold something else.
    if !matches!(inside.first()?, b'a' | b'A' | b'd' | b'D' | b'@' | b'.' | b' ' | b'\t' | b'\n' | b'\r' | 12)
    {
        return None;
    }
    let length = inside.iter().position(|byte| matches!(byte, b']' | b')'))?;
    let (word, with) = match inside[..length].trim_ascii() {
        word if word.eq_ignore_ascii_case(b"at") => (true, '@'),
        word if word.eq_ignore_ascii_case(b"dot") => (true, '.'),
        b"@" => (false, '@'),
        b"." => (false, '.'),
        _ => return None,
    };
    let (mut start, mut end) = (open, open + length + 2);
    start -= usize::from(word && start > 0 && bytes[start - 1] == b' ');
    end += usize::from(word && bytes.get(end) == Some(&b' '));
    Some((start, end, Some(with)))
}

/// Runs of seven and more digits in words behind a keyword for a number.
fn spoken(text: &Text<'_>, pieces: &mut Vec<Piece>) {
    const WORDS_BETWEEN: usize = 5;
    let words = text.words();
    let say = &*SAY;
    let mut from = 0;
    for key in text.keys().iter().filter(|hit| hit.key.is_number()) {
        let behind = words[key.last + 1..].iter().zip(key.last + 1..).take(WORDS_BETWEEN);
        // A keyword whose number was replaced tells of no other. What stands for a number has a digit, and no hash.
        let open = behind.take_while(|(word, at)| word.hash != 0 || !text.blots.begin(text.spelled(*at)));
        let mut may_begin = open.filter(|(word, at)| say.may_hold(word.hash) && *at >= from);
        let Some((_, first)) = may_begin.find(|(_, at)| said(text, *at).is_some()) else {
            continue;
        };
        let mut last = first;
        while matches!(text.gap(last), " " | "-" | ", " | "," | "  ") && said(text, last + 1).is_some() {
            last += 1;
        }
        from = last + 1;
        let digits = (first..=last).filter(|at| said(text, *at) != Some('-')).count();
        if digits < JOINED_MIN {
            continue;
        }
        for at in first..=last {
            let (start, end) = (words[at].start as usize, words[at].end as usize);
            let digit = said(text, at);
            pieces.push((start, end, digit));
            if at < last {
                let thrice = text.spelled(at).eq_ignore_ascii_case("triple");
                pieces.push((end, words[at + 1].start as usize, digit.filter(|_| thrice)));
            }
        }
    }
}

/// The digit or sign that a word says; "double" and "triple" say the one behind them once more.
fn said(text: &Text<'_>, at: usize) -> Option<char> {
    match text.spelled(at) {
        "double" | "triple" | "Double" | "Triple" if text.gap(at) == " " => {
            spoken_digit(text.spelled(at + 1)).filter(char::is_ascii_digit)
        }
        word => spoken_digit(word),
    }
}

/// Runs of ten digits in words, or eleven of which the first is one, as North American telephone numbers are written; whether
/// one may be such a number is for its detector to say.
fn telephone(text: &Text<'_>, pieces: &mut Vec<Piece>) {
    const DIGITS: usize = 10;
    let words = text.words();
    let says = |at: usize| SAY.may_hold(words[at].hash) && spoken_digit(text.spelled(at)).is_some();
    let joined = |at: usize| matches!(text.gap(at), " " | ", " | "," | "-");
    let mut from = 0;
    // No such run stands between two of these words.
    for index in (DIGITS - 1..words.len()).step_by(DIGITS) {
        if index < from || !says(index) {
            continue;
        }
        let before = (from.max(index.saturating_sub(DIGITS))..index).rev();
        let first = before.take_while(|at| joined(*at) && says(*at)).last().unwrap_or(index);
        let behind = index..words.len().min(first + DIGITS + 2) - 1;
        let last = behind.take_while(|at| joined(*at) && says(at + 1)).last().map_or(index, |at| at + 1);
        from = last + 1;
        let count = last + 1 - first;
        let digits: Vec<Option<char>> = (first..=last).map(|at| spoken_digit(text.spelled(at))).collect();
        let counting = digits.windows(2).all(|pair| pair[1] > pair[0]);
        let national = count == DIGITS || count == DIGITS + 1 && digits[0] == Some('1');
        if !national || counting || digits.contains(&Some('-')) {
            continue;
        }
        for (at, digit) in (first..=last).zip(digits) {
            let end = words[at].end as usize;
            pieces.push((words[at].start as usize, end, digit));
            if at < last {
                let group = matches!(last - at, 4 | 7 | 10);
                pieces.push((end, words[at + 1].start as usize, group.then_some('-')));
            }
        }
    }
}

/// Whether a word of it says a digit; an `o` by itself is a letter.
pub(crate) fn spells_digit(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1);
    words.any(|word| spoken_digit(word).is_some_and(|said| said.is_ascii_digit()))
}

/// The words that say a digit or a sign.
const WORDS: [(&str, char); 14] = [
    ("zero", '0'),
    ("oh", '0'),
    ("o", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("dash", '-'),
    ("hyphen", '-'),
];

/// Nearly every word is told by its hash that it says none.
static SAY: LazyLock<HashBits<4>> = LazyLock::new(|| {
    let mut bits = HashBits::default();
    WORDS.iter().for_each(|(word, _)| bits.add(hash_of_word(word)));
    ["double", "triple"].iter().for_each(|word| bits.add(hash_of_word(word)));
    bits
});

/// The digit or sign that a word says.
fn spoken_digit(word: &str) -> Option<char> {
    // The first letters of these words, as bits.
    const FIRST: u32 = {
        let (mut set, mut at) = (0, 0);
        while at < WORDS.len() {
            set |= 1 << (WORDS[at].0.as_bytes()[0] & 31);
            at += 1;
        }
        set
    };
    let first = *word.as_bytes().first()?;
    if word.len() > 6 || FIRST >> (first & 31) & 1 == 0 {
        return None;
    }
    WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, digit)| *digit)
}

#[cfg(test)]
mod tests;
