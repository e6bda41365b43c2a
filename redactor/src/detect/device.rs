//! Device identifiers and serial numbers, 45 CFR 164.514(b)(2)(i)(M).
//!
//! By shape: hardware addresses (IEEE 802 EUI-48 and EUI-64 in hex with `:` or `-`), IMEI with its Luhn digit
//! (3GPP TS 23.003, keyword needed: any fifteen digits pass one time in ten), UDI in GS1 notation
//! (`(01)` and fourteen digits, 21 CFR 830). By keyword: serial numbers of any shape.

use super::keywords::Key;
use super::seen::Seen;
use super::text::Text;
use super::{Category, Detector, Hit, Needs, value};

/// Finds device identifiers.
pub(super) struct Device;

impl Detector for Device {
    fn id(&self) -> &'static str {
        "device"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Device]
    }

    fn example(&self) -> &'static str {
        "pump at 00:1B:44:11:3A:B7"
    }

    fn needs(&self) -> Needs {
        let dotted = Needs::seen(Seen::digits(4, 4).or(Seen::codes(4, 4)));
        Needs::key(Key::Device).or(Needs::signs(b"(")).or(Needs::TIED_OFTEN).or(dotted)
    }

    fn needs_too(&self) -> Needs {
        Needs::TIED.or(Needs::digits(4))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        value::keyed(text, &[Key::Device], 4, Category::Device, "device.keyword", hits);
        let mut covered = 0;
        let bracketed = text.numbers_like(Seen::BRACKET_BEFORE);
        for (index, _) in bracketed.filter(|(_, seen)| seen.any(Seen::digits(2, 2))) {
            let start = text.words()[index].start as usize;
            if let Some(end) = udi_end(text.text, start) {
                hits.push(Hit {
                    start: start - 1,
                    end,
                    category: Category::Device,
                    rule: "device.udi",
                    score: 0.95,
                });
            }
        }
        for index in text.tied() {
            let word = &text.words()[index];
            let start = word.start as usize;
            if word.len() == 4
                && start >= covered
                && text.byte_behind(word) == b'.'
                && let Some(end) = dotted_mac(text.text, start)
            {
                hits.push(Hit {
                    start,
                    end,
                    category: Category::Device,
                    rule: "device.mac_dotted",
                    score: 0.85,
                });
                covered = end;
            }
            if word.len() == 2
                && start >= covered
                && let separator @ (b':' | b'-') = text.joint(index)
                && let Some(end) = mac_end(text.text, start, separator)
            {
                hits.push(Hit { start, end, category: Category::Device, rule: "device.mac", score: 0.95 });
                covered = end;
            }
        }
    }
}

/// Where the hardware address that starts here ends: six or eight pairs of hex with one separator.
fn mac_end(text: &str, start: usize, separator: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    if start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == separator) {
        return None;
    }
    let (mut at, mut pairs, mut letters) = (start, 0, 0);
    while bytes.get(at..at + 2).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit)) {
        letters += bytes[at..at + 2].iter().filter(|byte| byte.is_ascii_alphabetic()).count();
        pairs += 1;
        at += 2;
        if bytes.get(at) != Some(&separator) {
            break;
        }
        at += 1;
    }
    let end = at;
    let closed = pairs > 0
        && !bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric())
        && bytes[end - 1] != separator;
    let distinct = letters > 0 || bytes[start..end].iter().any(|byte| byte.is_ascii_digit() && *byte != b'0');
    (closed && distinct && (pairs == 6 || pairs == 8)).then_some(end)
}

/// `001b.4411.3ab7`, as routers write it: a letter among twelve digits of hex.
fn dotted_mac(text: &str, start: usize) -> Option<usize> {
    let end = value::shape_at(text, start, "xxxx.xxxx.xxxx")?;
    let hex = text[start..end].bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'.');
    let beside = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)) == Some(&b'.');
    let letters = text[start..end].bytes().any(|byte| byte.is_ascii_alphabetic());
    let digits = text[start..end].bytes().any(|byte| byte.is_ascii_digit());
    (hex && letters && digits && !beside(start.checked_sub(1)) && !beside(Some(end))).then_some(end)
}

/// Where the UDI whose `01` starts here ends: GS1 application identifiers in brackets, one after the other.
fn udi_end(text: &str, start: usize) -> Option<usize> {
    const UDI_BYTES_MAX: usize = 128;
    let bytes = text.as_bytes();
    if start == 0 || bytes[start - 1] != b'(' || !text[start..].starts_with("01)") {
        return None;
    }
    let fourteen = bytes.get(start + 3..start + 17)?;
    if !fourteen.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let rest = &bytes[start + 17..bytes.len().min(start + UDI_BYTES_MAX)];
    let more = rest
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'(' | b')' | b'-' | b'.' | b'/'))
        .count();
    let mut end = start + 17 + more;
    while matches!(bytes[end - 1], b'.' | b'(' | b'-' | b'/' | b')') {
        end -= 1;
    }
    Some(end)
}

#[cfg(test)]
mod tests;
