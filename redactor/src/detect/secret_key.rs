//! Provider keys: credentials that their issuer gave a prefix to be found by.
//!
//! One table of shapes ([`shapes`]), built once into buckets by the first two bytes of their prefixes. A shape is looked
//! for only at the start of an opaque run or behind a joint in it, and only if the two bytes there open one, so
//! that the number of shapes costs nothing on text without them.

use std::ops::Range;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::text::Text;
use super::{Category, Detector, Hit, Needs};

mod shapes;

/// Finds provider keys.
pub(super) struct SecretKey;

/// A pattern's part: literal text, or characters of a class.
enum Part {
    Text(&'static [u8]),
    Of { class: u8, min: usize, max: usize },
}

/// A provider's key: what it starts with, and what follows.
pub(super) struct Shape {
    prefix: &'static [u8],
    parts: Vec<Part>,
    /// Must hold three digits and a letter behind the prefix.
    weak: bool,
    rule: &'static str,
}

/// The shapes, and for each pair of bytes that opens one where it stands among them.
struct Table {
    shapes: Vec<Shape>,
    /// The pair of each of them.
    pairs: Vec<u16>,
    /// A bit for each pair, by the low six bits of both: so few that they stay in the cache.
    opens: [u64; 64],
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(shapes::SHAPES.iter()));

fn pair(bytes: &[u8]) -> u16 {
    u16::from_be_bytes([bytes[0], bytes[1]])
}

/// Reads a line of the table. See [`shapes`] for how patterns are written.
pub(super) fn parse((rule, pattern, _): &shapes::Line) -> Shape {
    let weak = pattern.starts_with('!');
    let mut rest = pattern.trim_start_matches('!');
    let mut parts = Vec::new();
    while !rest.is_empty() {
        if let Some((class, behind)) = rest.strip_prefix('<').and_then(|inner| inner.split_once('>')) {
            let (min, max) = class[1..].split_once('-').unwrap_or((&class[1..], &class[1..]));
            let number = |text: &str| text.parse().unwrap_or(usize::MAX);
            parts.push(Part::Of { class: class.as_bytes()[0], min: number(min), max: number(max) });
            rest = behind;
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            parts.push(Part::Text(&rest.as_bytes()[..end]));
            rest = &rest[end..];
        }
    }
    let prefix = match parts.first() {
        Some(Part::Text(text)) => *text,
        _ => &[],
    };
    Shape { prefix, parts, weak, rule }
}

impl Detector for SecretKey {
    fn id(&self) -> &'static str {
        "secret_key"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Secret]
    }

    fn example(&self) -> &'static str {
        "use AKIAQ3EGRZ7XKPL4WVNB for now"
    }

    fn needs(&self) -> Needs {
        // Azure's secrets have signs in them that end a run.
        Needs::RUNS.or(Needs::signs(b"~"))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let bytes = text.text.as_bytes();
        let table = &*TABLE;
        let mut push =
            |start, end, rule| hits.push(Hit { start, end, category: Category::Secret, rule, score: 0.97 });
        let mut covered = 0;
        if text.may_hold(b'~') {
            for (start, end) in memchr::memchr_iter(b'~', bytes).filter_map(|sign| azure(bytes, sign)) {
                push(start, end, "secret_key.azure");
            }
        }
        for run in text.runs() {
            if let Some((start, end)) = telegram(text, &run) {
                push(start, end, "secret_key.telegram");
            }
            if let Some((start, end)) = discord(text, &run) {
                push(start, end, "secret_key.discord");
            }
            if let Some((start, end)) = basic(text.text, &run) {
                push(start, end, "secret_key.basic");
            }
            if let Some((start, end)) = marked_behind(text, &run) {
                push(start, end, "secret_key.marked");
            }
            for at in stretched(bytes, run.start)..run.end {
                let starts = at == run.start || at == 0 || PARTS[usize::from(bytes[at - 1])];
                if starts
                    && at >= covered
                    && let Some((end, rule)) = table.shape_end(bytes, at)
                {
                    push(terraform_start(bytes, at, rule), end, rule);
                    covered = end;
                }
            }
        }
    }
}

/// A name and its password as HTTP's Basic scheme writes them (RFC 7617), whatever stands before the scheme, and as
/// Docker's `config.json` does.
fn basic(text: &str, run: &Range<usize>) -> Option<(usize, usize)> {
    let before = &text.as_bytes()[..run.start];
    let of_docker = before.ends_with(b"\"auth\":\"") || before.ends_with(b"\"auth\": \"");
    let scheme = before.strip_suffix(b" ").unwrap_or_default();
    let of_http = scheme.len().checked_sub(BASIC.len()).map(|at| &scheme[at..]);
    if !of_docker && !of_http.is_some_and(|scheme| scheme.eq_ignore_ascii_case(BASIC)) {
        return None;
    }
    let spelled = &text.as_bytes()[run.start..run.end.min(run.start + BASIC_BYTES_MAX)];
    let length =
        spelled.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'));
    let length = length.count();
    let padding =
        text.as_bytes()[run.start + length..].iter().take(2).take_while(|byte| **byte == b'=').count();
    let decoded = STANDARD_NO_PAD.decode(&spelled[..length]).ok()?;
    let (name, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    let printed = !decoded.iter().any(u8::is_ascii_control);
    (printed && !name.is_empty() && !password.is_empty()).then_some((run.start, run.start + length + padding))
}

/// The name of that scheme, and the longest credentials that are decoded, in bytes.
const BASIC: &[u8] = b"basic";
const BASIC_BYTES_MAX: usize = 512;

/// The bytes behind which a key may start: all but letters and digits.
static PARTS: [bool; 256] = {
    let mut parts = [true; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        parts[byte as usize] = !byte.is_ascii_alphanumeric();
        byte += 1;
    }
    parts
};

/// So many `x` at its end make a key a placeholder, in bytes.
const BLANK_BYTES: usize = 8;

/// So many letters in a row are no word, in bytes.
const UNBROKEN_BYTES: usize = 20;

/// How far before a run its prefix may begin, in bytes.
const STRETCH_BYTES: usize = 64;

/// Where the prefix of a run may begin that a dot, colon or the like cut off: `SG.`, `dp.pt.`, `sha256~`.
fn stretched(bytes: &[u8], start: usize) -> usize {
    let cuts = |byte: u8| matches!(byte, b'.' | b':' | b'~' | b'$' | b'!' | b'#' | b'^');
    let joints = bytes[..start].iter().rev().take(2).take_while(|byte| matches!(byte, b'-' | b'_')).count();
    if !start.checked_sub(joints + 1).is_some_and(|at| cuts(bytes[at])) {
        return start;
    }
    let inner = |byte: &&u8| {
        byte.is_ascii_alphanumeric() || cuts(**byte) || matches!(byte, b'-' | b'_' | b'/' | b'+')
    };
    start - bytes[..start].iter().rev().take(STRETCH_BYTES).take_while(inner).count()
}

/// HCP Terraform's tokens have fourteen characters and a dot before `atlasv1.`.
fn terraform_start(bytes: &[u8], at: usize, rule: &str) -> usize {
    let head = at
        .checked_sub(15)
        .filter(|head| rule == "secret_key.terraform" && bytes[at - 1] == b'.' && *head < at);
    head.filter(|head| bytes[*head..at - 1].iter().all(u8::is_ascii_alphanumeric)).unwrap_or(at)
}

impl Table {
    fn new<'l>(lines: impl Iterator<Item = &'l shapes::Line>) -> Table {
        let mut shapes: Vec<Shape> = lines.map(parse).collect();
        // By their first two bytes, the longest prefix first: `sk-proj-` before `sk-`.
        shapes.sort_by_key(|shape| (pair(shape.prefix), std::cmp::Reverse(shape.prefix.len())));
        let mut opens = [0; 64];
        for shape in &shapes {
            let prefix = shape.prefix;
            opens[usize::from(prefix[0] & 63)] |= 1 << (prefix[1] & 63);
        }
        let pairs = shapes.iter().map(|shape| pair(shape.prefix)).collect();
        Table { shapes, pairs, opens }
    }

    /// The shapes whose prefix opens with the two bytes that open `rest`.
    #[inline]
    fn candidates(&self, rest: &[u8]) -> impl Iterator<Item = &Shape> {
        let open = match rest {
            [one, two, ..] => self.opens[usize::from(one & 63)] >> (two & 63) & 1 == 1,
            _ => false,
        };
        let pair = if open { pair(rest) } else { 0 };
        let first = if open { self.pairs.partition_point(|known| *known < pair) } else { self.pairs.len() };
        let count = self.pairs[first..].iter().take_while(|known| **known == pair).count();
        self.shapes[first..first + count].iter()
    }

    /// The end and the rule of the shape that starts here.
    #[inline]
    fn shape_end(&self, bytes: &[u8], at: usize) -> Option<(usize, &'static str)> {
        let rest = &bytes[at..];
        self.candidates(rest).find_map(|shape| Some((at + shape.length(rest)?, shape.rule)))
    }
}

impl Shape {
    /// How long the key is that opens `rest`.
    pub(super) fn length(&self, rest: &[u8]) -> Option<usize> {
        let mut at = 0;
        for (index, part) in self.parts.iter().enumerate() {
            match part {
                Part::Text(text) => {
                    if !rest[at..].starts_with(text) {
                        return None;
                    }
                    at += text.len();
                }
                Part::Of { class, min, max } => {
                    // The last one must end where its characters end.
                    let last = usize::from(index + 1 == self.parts.len());
                    let mut length =
                        rest[at..].iter().take(max + last).take_while(|byte| fits(*class, **byte)).count();
                    // The full stop behind a sentence and a dash are no part of it.
                    if *max > *min {
                        let tail = rest[at..at + length].iter().rev();
                        let tail = tail.take_while(|byte| matches!(byte, b'.' | b'-')).count();
                        length -= tail.min(length.saturating_sub(*min));
                    }
                    if !(*min..=*max).contains(&length) {
                        return None;
                    }
                    at += length;
                }
            }
        }
        let body = &rest[self.prefix.len()..at];
        let count = |of: fn(&u8) -> bool| body.iter().filter(|byte| of(byte)).count();
        let (digits, uppers) = (count(u8::is_ascii_digit), count(u8::is_ascii_uppercase));
        let lowers = count(u8::is_ascii_lowercase);
        // No word is that long.
        let unbroken =
            || body.split(|byte| !byte.is_ascii_alphanumeric()).any(|word| word.len() >= UNBROKEN_BYTES);
        let telling = if self.weak {
            digits >= 3 && uppers + lowers > 0 || digits > 0 && uppers > 0 && lowers > 0
        } else {
            digits > 0 || uppers > 2 || unbroken()
        };
        // What is to be filled in: `sk_test_xxxxxxxx`.
        let blank = body.len() >= BLANK_BYTES
            && body[body.len() - BLANK_BYTES..].iter().all(|byte| matches!(byte, b'x' | b'X'));
        (telling && !blank).then_some(at)
    }
}

fn fits(class: u8, byte: u8) -> bool {
    match class {
        b'd' => byte.is_ascii_digit(),
        b'h' => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        b'H' => byte.is_ascii_hexdigit(),
        b'l' => byte.is_ascii_lowercase() || byte.is_ascii_digit(),
        b'U' => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        b'a' => byte.is_ascii_alphabetic(),
        b'w' => byte.is_ascii_alphanumeric(),
        b'u' => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
        b'e' => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'='),
        b't' => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
        b'p' => byte.is_ascii_alphanumeric() || byte == b'%',
        _ => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_'),
    }
}

/// Azure client secrets: three characters, a digit, `Q~`, 31 to 34 characters (Microsoft Entra ID).
fn azure(bytes: &[u8], sign: usize) -> Option<(usize, usize)> {
    let start = sign.checked_sub(5)?;
    let head = &bytes[start..sign];
    let of = |byte: &u8| fits(b't', *byte) || *byte == b'~';
    let tail = bytes[sign + 1..].iter().take(40).take_while(|byte| of(byte)).count();
    let open = start == 0 || !bytes[start - 1].is_ascii_alphanumeric();
    let made = head[4] == b'Q' && head[3].is_ascii_digit() && head[..3].iter().all(of);
    (open && made && (31..=34).contains(&tail)).then_some((start, sign + 1 + tail))
}

/// Telegram bot tokens: eight to ten digits, a colon, `AA` and 33 characters (Bot API).
fn telegram(text: &Text<'_>, run: &Range<usize>) -> Option<(usize, usize)> {
    let bytes = text.text.as_bytes();
    let colon =
        run.start.checked_sub(1).filter(|at| bytes[*at] == b':' && bytes[run.start..].starts_with(b"AA"))?;
    let digits = bytes[..colon].iter().rev().take(11).take_while(|byte| byte.is_ascii_digit()).count();
    ((8..=10).contains(&digits) && run.len() == 35).then_some((colon - digits, run.end))
}

/// Discord bot tokens: the bot's number in base64 (it begins with M, N or O), a dot, six characters, a dot, 27 to 38
/// (Discord developer documentation, authentication). The run is the last part.
fn discord(text: &Text<'_>, run: &Range<usize>) -> Option<(usize, usize)> {
    let bytes = text.text.as_bytes();
    if !(27..=38).contains(&run.len())
        || run.start < 31
        || bytes[run.start - 1] != b'.'
        || bytes[run.start - 8] != b'.'
    {
        return None;
    }
    let url = |bytes: &[u8]| bytes.iter().all(|byte| fits(b'u', *byte));
    let middle = &bytes[run.start - 7..run.start - 1];
    let first = bytes[..run.start - 8].iter().rev().take(28).take_while(|byte| fits(b'u', **byte)).count();
    let start = run.start - 8 - first;
    let made = url(middle) && (23..=27).contains(&first) && matches!(bytes[start], b'M'..=b'O');
    (made && bytes[run.clone()].iter().any(u8::is_ascii_digit)).then_some((start, run.end))
}

/// Keys known by their end: MaxMind's `_mmk` (six and twenty-nine characters before), Mailchimp's data centre `-us12`
/// behind thirty-two hexadecimal digits (Mailchimp, API keys; MaxMind, license keys).
fn marked_behind(text: &Text<'_>, run: &Range<usize>) -> Option<(usize, usize)> {
    let bytes = &text.text.as_bytes()[run.clone()];
    if let Some(rest) = bytes.strip_suffix(b"_mmk") {
        let start = rest.len().checked_sub(36)?;
        let made = rest[start..]
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 6 { *byte == b'_' } else { byte.is_ascii_alphanumeric() });
        return made.then_some((run.start + start, run.end));
    }
    let number = bytes.iter().rev().take(2).take_while(|byte| byte.is_ascii_digit()).count();
    let rest = bytes[..bytes.len() - number].strip_suffix(b"-us").filter(|_| number > 0)?;
    let start = rest.len().checked_sub(32)?;
    let open = start == 0 || !rest[start - 1].is_ascii_alphanumeric();
    (open && rest[start..].iter().all(|byte| fits(b'h', *byte))).then_some((run.start + start, run.end))
}

#[cfg(test)]
mod tests;
