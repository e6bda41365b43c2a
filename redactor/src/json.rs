//! JSON as bytes: where its strings, keys and numbers stand, without building anything.
//!
//! Only what is redacted is written anew; everything else is copied, so that key order, white space and the way
//! a number was written survive. The parser holds its state in a bit set, never on the stack, and stops at
//! [`DEPTH_MAX`]. It is tolerant: what comes before an error counts, and the rest is text to its caller.

use crate::work;

/// Deepest nesting of containers that is followed. What lies deeper is text.
pub(crate) const DEPTH_MAX: usize = 512;

/// Takes what the parser finds. Offsets are bytes of the text given to [`parse`]; those of strings and keys lie
/// between the quotes.
pub(crate) trait Sink {
    /// An array or an object opens.
    fn open(&mut self, array: bool, at: usize);
    /// The innermost container closes; `at` is behind its bracket.
    fn close(&mut self, at: usize);
    /// A key of the innermost object.
    fn key(&mut self, start: usize, end: usize, escaped: bool);
    /// A string value.
    fn string(&mut self, start: usize, end: usize, escaped: bool);
    /// A number.
    fn number(&mut self, start: usize, end: usize);
    /// `true`, `false` or `null`.
    fn literal(&mut self);
}

/// Words that are values. Python writes the last three, which RFC 8259 has not.
const LITERALS: [&str; 6] = ["true", "false", "null", "NaN", "Infinity", "-Infinity"];

enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    CommaOrEnd,
}

/// Reads one JSON value, or several one after another.
///
/// # Errors
/// The offset from which on the text is to be read as text: where the member or item begins whose value is cut off, is no
/// value, or is a number that something else follows right behind (`"ssn": 219-09-1234`), so that its key is read with it;
/// else the token at which the text is no longer JSON, or its length if it merely ends too early. What was given for what
/// begins from there on does not count.
pub(crate) fn parse(text: &str, sink: &mut impl Sink) -> Result<(), usize> {
    work::examined(text.len());
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut arrays = [0_u64; DEPTH_MAX / 64];
    let mut expect = Expect::Value;
    let mut at = 0;
    let mut member = Member::default();
    loop {
        at = white(bytes, at);
        let Some(&byte) = bytes.get(at) else {
            return if depth == 0 { Ok(()) } else { Err(member.broken(bytes.len())) };
        };
        match (&expect, byte) {
            (Expect::CommaOrEnd, b',') => {
                at += 1;
                member.loose &= member.only_numbers && in_array(&arrays, depth);
                expect = if in_array(&arrays, depth) { Expect::Value } else { Expect::Key };
                continue;
            }
            (Expect::CommaOrEnd | Expect::ValueOrEnd, b']') if in_array(&arrays, depth) => {
                at += 1;
                depth -= 1;
                member.settled();
                sink.close(at);
            }
            (Expect::CommaOrEnd | Expect::KeyOrEnd, b'}') if !in_array(&arrays, depth) => {
                at += 1;
                depth -= 1;
                member.settled();
                sink.close(at);
            }
            (Expect::Key | Expect::KeyOrEnd, b'"') => {
                let (end, escaped) = string_end(bytes, at + 1).ok_or(at)?;
                let colon = white(bytes, end + 1);
                if bytes.get(colon) != Some(&b':') {
                    return Err(at);
                }
                sink.key(at + 1, end, escaped);
                member = Member { start: at, keyed: true, loose: true, only_numbers: false };
                at = colon + 1;
                expect = Expect::Value;
                continue;
            }
            (Expect::Value | Expect::ValueOrEnd, b'{' | b'[') => {
                member.begin(at);
                if depth == DEPTH_MAX {
                    return Err(member.broken(at));
                }
                let array = byte == b'[';
                sink.open(array, at);
                (member.loose, member.only_numbers, member.keyed) = (array, array, false);
                depth += 1;
                let (word, bit) = ((depth - 1) / 64, (depth - 1) % 64);
                arrays[word] = arrays[word] & !(1 << bit) | u64::from(array) << bit;
                at += 1;
                expect = if array { Expect::ValueOrEnd } else { Expect::KeyOrEnd };
                continue;
            }
            (Expect::Value | Expect::ValueOrEnd, b'"') => {
                member.begin(at);
                let (end, escaped) = string_end(bytes, at + 1).ok_or(member.broken(at))?;
                sink.string(at + 1, end, escaped);
                member.settled();
                at = end + 1;
            }
            (Expect::Value | Expect::ValueOrEnd, b'-' | b'0'..=b'9')
                if !text[at..].starts_with("-Infinity") =>
            {
                member.begin(at);
                let end = number_end(bytes, at).ok_or(member.broken(at))?;
                // Beside other values it is the beginning of a text.
                if depth == 0 && (white(bytes, 0) < at || white(bytes, end) < bytes.len()) {
                    return Err(at);
                }
                sink.number(at, end);
                (member.loose, member.keyed) = (true, false);
                at = end;
            }
            (Expect::Value | Expect::ValueOrEnd, _) => {
                member.begin(at);
                let literal = LITERALS.iter().find(|word| text[at..].starts_with(**word));
                at += literal.ok_or(member.broken(at))?.len();
                sink.literal();
                (member.loose, member.keyed) = (true, false);
            }
            _ => return Err(member.broken(at)),
        }
        expect = if depth == 0 { Expect::Value } else { Expect::CommaOrEnd };
    }
}

/// The member or item that is being read.
#[derive(Default)]
struct Member {
    /// Where it begins: its key's quote, or its value; of an array that holds nothing but numbers so far, where that does.
    start: usize,
    /// Whether its value is still to come behind its key.
    keyed: bool,
    /// Whether an error at what follows takes it along: its value is not complete, or is no string and no container.
    loose: bool,
    /// Whether the innermost container is an array that holds nothing but numbers so far.
    only_numbers: bool,
}

impl Member {
    /// A value begins here.
    #[inline]
    fn begin(&mut self, at: usize) {
        if !self.keyed && !self.only_numbers {
            self.start = at;
        }
    }

    /// Its value is complete.
    #[inline]
    fn settled(&mut self) {
        (self.keyed, self.loose, self.only_numbers) = (false, false, false);
    }

    /// From where on the text is no JSON, if an error is at `at`.
    #[inline]
    fn broken(&self, at: usize) -> usize {
        if self.loose { self.start } else { at }
    }
}

fn in_array(arrays: &[u64; DEPTH_MAX / 64], depth: usize) -> bool {
    depth > 0 && arrays[(depth - 1) / 64] >> ((depth - 1) % 64) & 1 == 1
}

fn white(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// The offset of the closing quote, and whether a backslash came before it.
fn string_end(bytes: &[u8], start: usize) -> Option<(usize, bool)> {
    let mut at = start;
    let mut escaped = false;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some((at, escaped));
        }
        escaped = true;
        at += 2;
    }
}

const ONES: u64 = u64::MAX / 255;

/// Marks bytes of eight that are below `limit`, each by its highest bit: the lowest bit that is set is right, those
/// above it may be wrong.
#[inline]
fn below(eight: u64, limit: u64) -> u64 {
    eight.wrapping_sub(ONES * limit) & !eight & (ONES << 7)
}

/// Marks bytes that are this one, likewise.
#[inline]
fn same(eight: u64, byte: u8) -> u64 {
    below(eight ^ (ONES * u64::from(byte)), 1)
}

/// RFC 8259, section 6.
fn number_end(bytes: &[u8], start: usize) -> Option<usize> {
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let first = start + usize::from(bytes[start] == b'-');
    let mut at = digits(first);
    if at == first || (bytes[first] == b'0' && at > first + 1) {
        return None;
    }
    if bytes.get(at) == Some(&b'.') {
        let end = digits(at + 1);
        if end == at + 1 {
            return None;
        }
        at = end;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let first = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at = digits(first);
        if at == first {
            return None;
        }
    }
    // 12abc is no number followed by something.
    (!bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_')))
        .then_some(at)
}

/// Whether a text may be JSON that is worth following: a bracket, and behind it what may stand there. The
/// engine's own tokens and labels open with a bracket too.
pub(crate) fn opens(text: &str) -> bool {
    let bytes = text.as_bytes();
    let first = white(bytes, 0);
    let second = || bytes.get(white(bytes, first + 1));
    match bytes.get(first) {
        Some(b'{') => matches!(second(), Some(b'"' | b'}')),
        Some(b'[') => {
            matches!(second(), Some(b'"' | b'{' | b'[' | b']' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'))
        }
        _ => false,
    }
}

/// Whether what is known of a text begins JSON: an object, or an array whose first item is whole as far as it is known.
/// `[INFO]`, `[12:01]` and `[4711] started` open lines of a log.
pub(crate) fn begins(known: &[u8]) -> bool {
    let mut at = white(known, 0);
    match known.get(at) {
        Some(b'{') => return true,
        Some(b'[') => {}
        _ => return false,
    }
    while known.get(at) == Some(&b'[') {
        at = white(known, at + 1);
    }
    let Some(first) = known.get(at) else { return true };
    let end = match first {
        b'"' | b'{' | b']' => return true,
        b'-' | b'0'..=b'9' => number_end(known, at),
        _ => {
            LITERALS.iter().find(|word| known[at..].starts_with(word.as_bytes())).map(|word| at + word.len())
        }
    };
    let Some(end) = end.map(|end| white(known, end)) else { return false };
    match known.get(end) {
        None | Some(b',') => true,
        Some(b']') => matches!(known.get(end + 1), None | Some(b',' | b']' | b'\n' | b'\r')),
        _ => false,
    }
}

/// Appends the decoded form of what stands between the quotes. Half a surrogate pair becomes U+FFFD, a backslash
/// that begins no escape stays. If `map` is given, it takes a pair (decoded offset, raw offset) for each place
/// from which on the two run side by side.
pub(crate) fn unescape(raw: &str, out: &mut String, mut map: Option<&mut Vec<(u32, u32)>>) {
    work::examined(raw.len());
    let base = out.len();
    let bytes = raw.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let Some(slash) = memchr::memchr(b'\\', &bytes[at..]).map(|found| at + found) else { break };
        out.push_str(&raw[at..slash]);
        let (decoded, length) = escape_at(&raw[slash..]);
        if let Some(map) = map.as_deref_mut() {
            map.push(((out.len() - base) as u32, slash as u32));
        }
        out.push(decoded);
        at = slash + length;
        if let Some(map) = map.as_deref_mut() {
            map.push(((out.len() - base) as u32, at as u32));
        }
    }
    out.push_str(&raw[at.min(raw.len())..]);
}

/// The character that an escape stands for, and the escape's length.
fn escape_at(rest: &str) -> (char, usize) {
    match rest.as_bytes().get(1) {
        Some(b'"') => ('"', 2),
        Some(b'\\') => ('\\', 2),
        Some(b'/') => ('/', 2),
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'u') => unicode_at(rest),
        _ => ('\\', 1),
    }
}

fn unicode_at(rest: &str) -> (char, usize) {
    let unit = |at: usize| {
        let digits = rest.as_bytes().get(at..at + 4)?;
        digits.iter().try_fold(0_u32, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)?))
    };
    let Some(first) = unit(2) else { return ('\\', 1) };
    if let Some(character) = char::from_u32(first) {
        return (character, 6);
    }
    let second = rest.get(6..8).filter(|next| *next == "\\u").and_then(|_| unit(8));
    match second {
        Some(second) if first < 0xDC00 && (0xDC00..0xE000).contains(&second) => {
            let character = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            (char::from_u32(character).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        _ => (char::REPLACEMENT_CHARACTER, 6),
    }
}

/// Appends `text` as it stands between quotes.
pub(crate) fn escape(text: &str, out: &mut String) {
    work::examined(text.len());
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = next_to_escape(bytes, from) {
        out.push_str(&text[from..at]);
        from = at + 1;
        match escaped(bytes[at]) {
            Some(b'u') => {
                out.push_str("\\u00");
                out.push(char::from(b'0' + (bytes[at] >> 4)));
                out.push(char::from(b"0123456789abcdef"[usize::from(bytes[at] & 15)]));
            }
            Some(short) => out.extend(['\\', char::from(short)]),
            None => {}
        }
    }
    out.push_str(&text[from..]);
}

/// The next byte from `from` on that needs an escape: blocks of 64 bytes that have none are passed over whole, others
/// are searched eight bytes at a time.
fn next_to_escape(bytes: &[u8], mut from: usize) -> Option<usize> {
    let needs = |byte: &u8| u8::from(*byte < 0x20) | u8::from(*byte == b'"') | u8::from(*byte == b'\\');
    while let Some(block) = bytes.get(from..).and_then(|rest| rest.first_chunk::<64>()) {
        // No branch between the bytes of a block, so that the compiler takes many at once.
        if block.iter().fold(0, |any, byte| any | needs(byte)) != 0 {
            break;
        }
        from += 64;
    }
    while let Some(eight) = bytes.get(from..).and_then(|rest| rest.first_chunk()) {
        let eight = u64::from_le_bytes(*eight);
        let marks = below(eight, 0x20) | same(eight, b'"') | same(eight, b'\\');
        if marks != 0 {
            return Some(from + marks.trailing_zeros() as usize / 8);
        }
        from += 8;
    }
    let rest = bytes.get(from..)?;
    rest.iter().position(|byte| NEEDS_ESCAPE[usize::from(*byte)]).map(|at| from + at)
}

const NEEDS_ESCAPE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = escaped(byte as u8).is_some();
        byte += 1;
    }
    table
};

/// The letter of a byte's escape, if it needs one.
const fn escaped(byte: u8) -> Option<u8> {
    Some(match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        8 => b'b',
        12 => b'f',
        0..0x20 => b'u',
        _ => return None,
    })
}

/// How many bytes `text` has when escaped.
pub(crate) fn escaped_length(text: &str) -> usize {
    work::examined(text.len());
    let extra = |byte| escaped(byte).map_or(0, |short| if short == b'u' { 5 } else { 1 });
    text.len() + text.bytes().map(extra).sum::<usize>()
}

#[cfg(test)]
mod tests;
