//! Internet addresses, 45 CFR 164.514(b)(2)(i)(O).
//!
//! IPv4 in dotted decimal (RFC 791) and IPv6 in the text forms of RFC 4291 section 2.2, parsed by the standard
//! library. The unspecified and loopback addresses name no one and stay; a version number of four parts is told
//! by the word before it.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::login::is_account;
use super::text::{Shape, Text};
use super::words::Lower;
use super::{Category, Detector, Hit, Needs};

/// Finds Internet addresses.
pub(super) struct Ip;

/// The longest text form of an IPv6 address, in bytes (with an embedded IPv4 address).
const V6_BYTES_MAX: usize = 45;
/// The longest name of an account in a log, and the space behind it, in bytes.
const USER_BYTES_MAX: usize = 33;

impl Detector for Ip {
    fn id(&self) -> &'static str {
        "ip"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Ip, Category::UniqueId]
    }

    fn example(&self) -> &'static str {
        "logged in from 203.0.113.77"
    }

    fn needs(&self) -> Needs {
        Needs::numbers(4).or(Needs::signs(b":"))
    }

    fn needs_too(&self) -> Needs {
        Needs::TIED
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut covered = 0;
        for index in text.tied() {
            let word = &text.words()[index];
            let start = word.start as usize;
            if start < covered || word.len() > 4 || !matches!(text.byte_behind(word), b'.' | b':') {
                continue;
            }
            let found = match (text.joint(index), word.shape) {
                (b'.', Shape::Digits) => v4_end(text, index).map(|end| (start, end, "ip.v4")),
                (b':', _) => v6(text.text, start),
                (0, _) if text.gap(index) == "::" => v6(text.text, start),
                _ => None,
            };
            if let Some((start, end, rule)) = found {
                hits.push(Hit { start, end, category: Category::Ip, rule, score: 0.9 });
                covered = end;
                if let Some((start, end)) = log_user(text.text, end) {
                    let (category, rule) = (Category::UniqueId, "ip.log_user");
                    hits.push(Hit { start, end, category, rule, score: 0.85 });
                }
            }
        }
    }
}

/// Who asked, in a line of the Common Log Format: `203.0.113.77 - hgrange [10/Oct/2023:13:55:36 +0000]`
/// (Apache HTTP Server, mod_log_config, `%h %l %u %t`).
fn log_user(text: &str, address_end: usize) -> Option<(usize, usize)> {
    let rest = text[address_end..].strip_prefix(" - ")?;
    let name = &rest[..memchr::memchr(b' ', rest.as_bytes().get(..USER_BYTES_MAX.min(rest.len()))?)?];
    let start = text.len() - rest.len();
    let dated = rest[name.len()..]
        .strip_prefix(" [")
        .is_some_and(|time| time.starts_with(|c: char| c.is_ascii_digit()));
    (dated && is_account(name)).then_some((start, start + name.len()))
}

fn v4_end(text: &Text<'_>, index: usize) -> Option<usize> {
    const PARTS: usize = 4;
    let words = text.words().get(index..index + PARTS)?;
    let joined = (index..index + PARTS - 1).all(|part| text.joint(part) == b'.');
    let (start, end) = (words[0].start as usize, words[PARTS - 1].end as usize);
    let bytes = text.text.as_bytes();
    let before = start > 0
        && (bytes[start - 1] == b'.' || matches!(bytes[start - 1], b'-' | b'_') && !opens(text, index));
    // "203.0.113.77-203.0.113.99"
    let ranged = || {
        bytes[end] == b'-'
            && text.words().get(index + PARTS..index + 2 * PARTS).is_some_and(|next| {
                next.iter().all(|part| part.shape == Shape::Digits)
                    && (index + PARTS..index + 2 * PARTS - 1).all(|part| text.joint(part) == b'.')
            })
    };
    let behind = bytes.get(end).is_some_and(|byte| matches!(byte, b'.' | b'-' | b'_'))
        && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
        && !ranged();
    let section = end - start == 7 && !named(text, index);
    if !joined || before || behind || section || is_version(text, index) {
        return None;
    }
    let address: Ipv4Addr = text.text[start..end].parse().ok()?;
    let network = is_network(address, bytes.get(end) == Some(&b'/'));
    (!address.is_unspecified() && !address.is_loopback() && !address.is_broadcast() && !network)
        .then_some(end)
}

/// Whether a hyphen or an underscore before an address joins it to another, or to a word that says what it is: `host-203.0.113.77`,
/// the end of a range.
fn opens(text: &Text<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1) else { return true };
    let range = before >= 3
        && text.words()[before].shape == Shape::Digits
        && (before - 3..before)
            .all(|part| text.joint(part) == b'.' && text.words()[part].shape == Shape::Digits);
    // "_203.0.113.77_" is emphasised.
    range || NAMES.contains(&Lower::of(text.spelled(before)).as_str()) || text.joint(before) == 0
}

/// A mask, or a private network (RFC 1918) with the length of its prefix behind it, or ending in two noughts: `255.255.255.0`,
/// `10.20.30.0/24`, `10.0.0.0`. Without a prefix `10.20.30.0` may be a machine of a wider network.
fn is_network(address: Ipv4Addr, prefixed: bool) -> bool {
    let [first, _, third, last] = address.octets();
    first == 255 || last == 0 && address.is_private() && (prefixed || third == 0)
}

/// Words before an address that say that it is one.
const NAMES: &[&str] = &[
    "ip", "ipv4", "address", "addr", "host", "server", "dns", "ping", "from", "client", "remote", "src",
    "dst", "peer",
];

/// Whether a word before says that four single digits are an address and no section: "ping 8.8.8.8".
fn named(text: &Text<'_>, index: usize) -> bool {
    let near = |back: usize| index.checked_sub(back).map(|at| Lower::of(text.spelled(at)));
    (1..=2).filter_map(near).any(|word| NAMES.contains(&word.as_str()))
}

/// "version 1.2.3.4", "v1.2.3.4", "Chrome/120.0.0.0".
fn is_version(text: &Text<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1) else { return false };
    let word = Lower::of(text.spelled(before));
    matches!(word.as_str(), "version" | "ver" | "v" | "release" | "build" | "section")
        || text.gap(before) == "/"
            && text.words()[before].shape != Shape::Digits
            && word != "http"
            && !NAMES.contains(&word.as_str())
}

/// The IPv6 address that starts at this word, if the colons around make one.
fn v6(text: &str, start: usize) -> Option<(usize, usize, &'static str)> {
    let bytes = text.as_bytes();
    let from = if text[..start].ends_with("::") { start - 2 } else { start };
    if from > 0 && (bytes[from - 1].is_ascii_alphanumeric() || matches!(bytes[from - 1], b':' | b'.')) {
        return None;
    }
    let ceiling = bytes.len().min(from + V6_BYTES_MAX);
    let length =
        bytes[from..ceiling].iter().take_while(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.')).count();
    let candidate = text[from..from + length].trim_end_matches(['.', ':']);
    let end = from + candidate.len();
    if bytes.get(from + length).is_some_and(u8::is_ascii_alphanumeric) || candidate.matches(':').count() < 3 {
        return None;
    }
    let address: Ipv6Addr = candidate.parse().ok()?;
    (!address.is_unspecified() && !address.is_loopback()).then_some((from, end, "ip.v6"))
}

#[cfg(test)]
mod tests;
