//! E-mail addresses, 45 CFR 164.514(b)(2)(i)(F).
//!
//! RFC 5321 section 4.1.2 without quoted local parts, which nobody writes; limits of section 4.5.3.1 (64 bytes
//! local, 255 domain). The domain needs a dot and a top level of letters, so that `user@host` in a shell
//! prompt stays.

use super::{Category, Detector, Hit, Needs, Text};

/// Finds addresses around each `@`.
pub(super) struct Email;

/// Longest local part, RFC 5321 4.5.3.1.1.
const LOCAL_BYTES_MAX: usize = 64;
/// Longest domain, RFC 5321 4.5.3.1.2.
const DOMAIN_BYTES_MAX: usize = 255;

impl Detector for Email {
    fn id(&self) -> &'static str {
        "email"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Email]
    }

    fn example(&self) -> &'static str {
        "write to jane.roe+lab@clinic.example today"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b"@")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let bytes = text.text.as_bytes();
        for &at in text.ats() {
            let at = at as usize;
            let Some(start) = local_start(bytes, at) else { continue };
            let Some(end) = domain_end(bytes, at + 1).or_else(|| domain_end_abroad(bytes, at + 1)) else {
                continue;
            };
            if is_stand_in(&text.text[start..at], &text.text[at + 1..end])
                || is_remote(&text.text[start..at], &bytes[end..])
            {
                continue;
            }
            hits.push(Hit { start, end, category: Category::Email, rule: "email.address", score: 0.99 });
        }
    }
}

/// Whether it stands where somebody's address would: a word for anybody at a domain reserved for examples (RFC 2606 section 3).
fn is_stand_in(local: &str, domain: &str) -> bool {
    const ANYBODY: [&str; 8] =
        ["user", "username", "you", "name", "yourname", "your.name", "email", "someone"];
    ["example.com", "example.org", "example.net"].iter().any(|known| domain.eq_ignore_ascii_case(known))
        && ANYBODY.iter().any(|known| local.eq_ignore_ascii_case(known))
}

/// `git@forge.example:team/repository.git`: where a repository is kept (git-clone(1), the form of scp), nobody's mailbox.
fn is_remote(local: &str, behind: &[u8]) -> bool {
    local == "git" && matches!(behind, [b':', next, ..] if !next.is_ascii_whitespace())
}

/// Where the local part before `at` starts: atoms of RFC 5322 and letters beyond ASCII (RFC 6531).
fn local_start(bytes: &[u8], at: usize) -> Option<usize> {
    let floor = at.saturating_sub(LOCAL_BYTES_MAX);
    let mut start = at;
    while start > floor && is_local(bytes[start - 1]) {
        start -= 1;
    }
    // A character cut by the limit goes whole.
    while start > 0 && bytes[start] & 0xC0 == 0x80 {
        start -= 1;
    }
    // Legal, but what stands before them is something else: `user=jane@x.org`, `a|jane@x.org`, `/u/jane@x.org`.
    if let Some(sign) = bytes[start..at].iter().rposition(|byte| {
        matches!(byte, b'=' | b'/' | b'?' | b'&' | b'{'..=b'~' | b'!' | b'#' | b'$' | b'*' | b'^' | b'`')
    }) {
        start += sign + 1;
    }
    while start < at && matches!(bytes[start], b'.' | b'\'' | b'-') {
        start += 1;
    }
    (start < at && bytes[at - 1] != b'.').then_some(start)
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || byte >= 0x80
        || matches!(byte, b'.' | b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~')
}

/// Where the domain that starts at `from` ends, if it is one.
fn domain_end(bytes: &[u8], from: usize) -> Option<usize> {
    domain_of(bytes, from, u8::is_ascii_alphanumeric)
}

/// The same with letters beyond ASCII (RFC 6531, RFC 5890): `köln.example`. Only where there is none without them, since words
/// of languages that put no space between go on behind a domain: `jane@clinic.exampleまで`.
fn domain_end_abroad(bytes: &[u8], from: usize) -> Option<usize> {
    let end = domain_of(bytes, from, |byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)?;
    // A character cut by the limit, or a sign such as a closing quotation mark, is no part of it.
    (bytes.get(end).is_none_or(|byte| *byte < 0x80)).then_some(end)
}

fn domain_of(bytes: &[u8], from: usize, is_letter: impl Fn(&u8) -> bool) -> Option<usize> {
    let ceiling = bytes.len().min(from + DOMAIN_BYTES_MAX);
    let mut end = from;
    while end < ceiling && (is_letter(&bytes[end]) || matches!(bytes[end], b'.' | b'-')) {
        end += 1;
    }
    while end > from && matches!(bytes[end - 1], b'.' | b'-') {
        end -= 1;
    }
    let domain = &bytes[from..end];
    let dot = memchr::memrchr(b'.', domain)?;
    let top = &domain[dot + 1..];
    let labels = domain.split(|byte| *byte == b'.').all(|label| !label.is_empty());
    (labels && top.len() >= 2 && top.iter().all(u8::is_ascii_alphabetic)).then_some(end)
}

#[cfg(test)]
mod tests;
