//! Parts of a text that are no text: `data:` URLs and long runs of base64.
//!
//! A run that decodes to text is scanned like text, and replaced whole if something is found in it; a long run
//! that does not is content nobody can scan, so a keyed hash, its type and its size stand for it.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::{arch, work};

/// The shortest run that is tried: twelve bytes of text.
const RUN_MIN: usize = 16;

/// The shortest line that goes on in the next one, in digits.
const LINE_MIN: usize = 40;

/// The shortest run that is opaque if it decodes to no text. Shorter ones are ids, hashes and signatures.
const OPAQUE_MIN: usize = 256;

/// The longest media type and parameters between `data:` and the comma.
const DATA_HEAD_MAX: usize = 128;

const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, CONFIG);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::URL_SAFE, CONFIG);

/// What a run holds.
pub(crate) enum Content {
    /// Text, to be scanned.
    Text(String),
    /// Anything else: its bytes.
    Bytes(Vec<u8>),
}

/// A run in a text.
pub(crate) struct Run<'a> {
    /// Its first byte, that of `data:` included.
    pub(crate) start: usize,
    /// The byte after its last.
    pub(crate) end: usize,
    /// The media type that a `data:` URL gives.
    pub(crate) media_type: &'a str,
    /// What it decodes to.
    pub(crate) content: Content,
}

/// Every run of a text, in order. Decoding stops when `budget`, in bytes, is used up; runs beyond it come as
/// bytes still encoded.
pub(crate) fn runs<'a>(text: &'a str, budget: &mut usize, mut found: impl FnMut(Run<'a>)) {
    work::examined(text.len());
    let bytes = text.as_bytes();
    if !arch::has_row(arch::level(), bytes) {
        return;
    }
    let (mut floor, mut taken, mut tried) = (0, 0, 0);
    let mut at = RUN_MIN - 1;
    while at < bytes.len() {
        if !in_alphabet(bytes[at]) {
            at += RUN_MIN;
            continue;
        }
        let mut start = at;
        while start > floor && in_alphabet(bytes[start - 1]) {
            start -= 1;
        }
        let mut end = at + 1;
        while end < bytes.len() && in_alphabet(bytes[end]) {
            end += 1;
        }
        start += usize::from(escapes_line(bytes, start));
        if start >= tried && end - start >= LINE_MIN && !text[..start].ends_with(";base64,") {
            let wrapped = wrapped(text, start, end, budget, &mut tried);
            if let Some(run) = wrapped {
                (taken, floor) = (run.end, run.end);
                at = floor + RUN_MIN - 1;
                found(run);
                continue;
            }
        }
        let data_end = end;
        end += bytes[end..].iter().take(2).take_while(|byte| **byte == b'=').count();
        if data_end - start >= RUN_MIN
            && let Some(run) = judge(text, taken, start, end, budget)
        {
            taken = run.end;
            found(run);
        }
        floor = end;
        at = end + RUN_MIN - 1;
    }
}

/// Whether the letter that opens a run ends an escaped line break: `\nUGF0…` in JSON that was written as a string.
fn escapes_line(bytes: &[u8], start: usize) -> bool {
    start > 0 && bytes[start - 1] == b'\\' && matches!(bytes[start], b'n' | b'r' | b't')
}

/// The length of what breaks a line of base64: a line break, escaped or not.
fn break_length(bytes: &[u8]) -> usize {
    let breaks: [&[u8]; 6] = [b"\r\n", b"\n", b"\\r\\n", b"\\n", b"\\\\r\\\\n", b"\\\\n"];
    breaks.into_iter().find(|sign| bytes.starts_with(sign)).map_or(0, |sign| {
        sign.len()
            + bytes[sign.len()..].iter().take(4).take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    })
}

/// Text in base64 that goes on over lines of one length (RFC 2045 section 6.8), the last of which may be shorter: what
/// a line end parts is whole only then. `tried` is how far lines were looked at, so that none is looked at twice.
fn wrapped<'a>(
    text: &'a str,
    start: usize,
    end: usize,
    budget: &mut usize,
    tried: &mut usize,
) -> Option<Run<'a>> {
    let bytes = text.as_bytes();
    let width = end - start;
    if break_length(&bytes[end..]) == 0 || !text_like(&text[start..end]) {
        return None;
    }
    let mut whole = String::from(&text[start..end]);
    let mut last = end;
    loop {
        let from = last + break_length(&bytes[last..]);
        let length = bytes[from..].iter().take(width + 1).take_while(|byte| in_alphabet(**byte)).count();
        if from == last || length == 0 || length > width || whole.len() + length > *budget {
            break;
        }
        whole.push_str(&text[from..from + length]);
        last = from + length;
        if length < width {
            break;
        }
    }
    *tried = last;
    if whole.len() == width {
        return None;
    }
    last += bytes[last..].iter().take(2).take_while(|byte| **byte == b'=').count();
    work::examined(whole.len());
    *budget -= whole.len();
    let content = decode(&whole).and_then(utf8).filter(|decoded| readable(decoded)).map(Content::Text)?;
    Some(Run { start, end: last, media_type: "", content })
}

/// A run behind a prefix that is glued to it: `sess_UGF0…`, `id-UGF0…`, `files/UGF0…`.
fn behind_prefix(encoded: &str) -> Option<usize> {
    const PREFIX_BYTES_MAX: usize = 32;
    let joints = encoded.bytes().take(PREFIX_BYTES_MAX).enumerate();
    let mut begins = joints.filter(|(_, byte)| matches!(byte, b'_' | b'-' | b'/')).map(|(at, _)| at + 1);
    begins.find(|from| encoded.len() - from >= RUN_MIN && text_like(&encoded[*from..]))
}

fn judge<'a>(text: &'a str, taken: usize, start: usize, end: usize, budget: &mut usize) -> Option<Run<'a>> {
    let encoded = &text[start..end];
    work::examined(encoded.len());
    let head = data_url(&text[taken..start]);
    let (begin, media_type) = head.map_or((start, ""), |(offset, media)| (taken + offset, media));
    let long = head.is_some() || encoded.len() >= OPAQUE_MIN;
    if head.is_none()
        && *budget >= encoded.len()
        && let Some(decoded) = by_letters(encoded)
    {
        *budget -= encoded.len();
        return Some(Run { start: begin, end, media_type, content: Content::Text(decoded) });
    }
    let texty = text_like(encoded);
    if !texty
        && head.is_none()
        && let Some(from) = behind_prefix(encoded)
        && *budget >= encoded.len()
        && let Some(decoded) = decode(&encoded[from..]).and_then(utf8).filter(|decoded| readable(decoded))
    {
        *budget -= encoded.len();
        return Some(Run { start: start + from, end, media_type: "", content: Content::Text(decoded) });
    }
    if !long && !texty {
        return None;
    }
    if *budget < encoded.len() {
        let content = Content::Bytes(encoded.as_bytes().to_vec());
        return Some(Run { start: begin, end, media_type, content });
    }
    *budget -= encoded.len();
    let content = match decode(encoded) {
        Some(bytes) => match String::from_utf8(bytes) {
            Ok(decoded) if readable(&decoded) => Content::Text(decoded),
            Ok(decoded) if long => Content::Bytes(decoded.into_bytes()),
            Err(error) if long => Content::Bytes(error.into_bytes()),
            _ => return None,
        },
        None if long => Content::Bytes(encoded.as_bytes().to_vec()),
        None => return None,
    };
    Some(Run { start: begin, end, media_type, content })
}

/// The offset and the media type of a `data:…;base64,` that ends the text.
fn data_url(before: &str) -> Option<(usize, &str)> {
    let head = before.strip_suffix(";base64,")?;
    let mut from = head.len().saturating_sub(DATA_HEAD_MAX);
    while !head.is_char_boundary(from) {
        from += 1;
    }
    let at = from + head[from..].rfind("data:")?;
    let media = head[at + 5..].split(';').next().unwrap_or("");
    Some((at, media))
}

/// Text in hexadecimal digits or base32 (RFC 4648 sections 6 and 8), whose alphabets are part of base64's. The first
/// bytes tell nearly every hash and id from text.
fn by_letters(encoded: &str) -> Option<String> {
    let digits = encoded.trim_end_matches('=');
    let digits = digits.strip_prefix("0x").unwrap_or(digits);
    let bytes = digits.as_bytes();
    let texty = |byte: &u8| matches!(byte, 0x20..=0x7e | 0x09 | 0x0a | 0x0d);
    let hex = |pair: &[u8]| {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        Some((digit(pair[0])? << 4 | digit(*pair.get(1)?)?) as u8)
    };
    if bytes.get(..2).and_then(hex).is_some_and(|byte| texty(&byte)) {
        let decoded: Option<Vec<u8>> = bytes.chunks(2).map(|pair| hex(pair).filter(texty)).collect();
        if let Some(decoded) = decoded {
            return String::from_utf8(decoded).ok();
        }
    }
    let five = |byte: u8| match byte {
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        b'2'..=b'7' => Some(u32::from(byte - b'2') + 26),
        _ => None,
    };
    let (mut held, mut bits, mut decoded) = (0_u32, 0, Vec::new());
    for byte in bytes {
        held = held << 5 | five(*byte)?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            let byte = (held >> bits & 0xff) as u8;
            held &= (1 << bits) - 1;
            decoded.push(Some(byte).filter(texty)?);
        }
    }
    String::from_utf8(decoded).ok()
}

fn decode(encoded: &str) -> Option<Vec<u8>> {
    // The two alphabets differ in these signs alone.
    // A digit alone is no byte: the run was cut behind it.
    let digits = encoded.trim_end_matches('=').len();
    let encoded = if digits % 4 == 1 { &encoded[..digits - 1] } else { encoded };
    let url_safe = encoded.bytes().any(|byte| matches!(byte, b'-' | b'_'));
    if url_safe { URL_SAFE.decode(encoded).ok() } else { STANDARD.decode(encoded).ok() }
}

fn utf8(bytes: Vec<u8>) -> Option<String> {
    String::from_utf8(bytes).ok()
}

/// Whether the first twelve bytes may be text: all but random words fail here, without an allocation.
fn text_like(encoded: &str) -> bool {
    let texty = |byte: u32| matches!(byte, 0x20..=0x7e | 0x0a | 0x0d | 0x09 | 0x80..=0xf4);
    let (mut standard, mut url_safe) = (false, false);
    let fits = encoded.as_bytes()[..RUN_MIN].chunks_exact(4).all(|four| {
        let bits = four.iter().fold(0, |bits, digit| bits << 6 | u32::from(SEXTET[usize::from(*digit)]));
        [bits >> 16, bits >> 8 & 0xff, bits & 0xff].into_iter().all(texty)
    });
    for digit in &encoded.as_bytes()[..RUN_MIN] {
        standard |= matches!(digit, b'+' | b'/');
        url_safe |= matches!(digit, b'-' | b'_');
    }
    // One alphabet or the other, not both.
    fits && !(standard && url_safe)
}

/// Marks bytes of neither alphabet.
const NO_SEXTET: u8 = u8::MAX;

/// What a character of either alphabet of RFC 4648 stands for.
static SEXTET: [u8; 256] = {
    let mut table = [NO_SEXTET; 256];
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0;
    while value < 64 {
        table[digits[value] as usize] = value as u8;
        value += 1;
    }
    (table[b'-' as usize], table[b'_' as usize]) = (62, 63);
    table
};

/// Text has no control characters but white space.
fn readable(decoded: &str) -> bool {
    !decoded.is_empty() && !decoded.chars().any(|c| c.is_control() && !c.is_whitespace())
}

#[inline]
fn in_alphabet(byte: u8) -> bool {
    SEXTET[usize::from(byte)] != NO_SEXTET
}

#[cfg(test)]
mod tests;
