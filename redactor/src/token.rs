//! Tokens: what stands in the lake where a person stood, and how the engine knows its own.
//!
//! ```text
//! token = "[" type ":" digest tag "]"
//! digest = 26 characters of base32 (RFC 4648, no padding): the first 128 bits of
//!          HMAC-SHA-256(token key, u32-LE length || tenant || length || type || length || canonical value)
//! tag    = 3 characters of base32: 15 bits of HMAC-SHA-256(tag key, type || ":" || digest || suffix)
//! ```
//!
//! The tag is what a second pass checks: text in brackets that somebody typed is text, and only a token that
//! this key made is skipped. An opaque part carries a suffix behind the tag, `:media/type:bytes`, which the tag
//! covers too.

use crate::canonical::canonical;
use crate::detect::Category;
use crate::key::TokenKey;
use crate::sha256::Hmac;
use crate::work;

/// Types of tokens that are no category of a detector: whole columns, and opaque parts.
pub(crate) const COLUMN_TYPES: &[&str] =
    &["SUBJECT", "STAFF", "ID", "ORG", "TEAM", "APP", "AGENT", "INSTANCE", OPAQUE];

/// The type of an opaque part.
pub(crate) const OPAQUE: &str = "OPAQUE";

/// What stands where a value was removed and nothing of it may stay, not even its category.
pub(crate) const REMOVED: &str = "[REMOVED]";

const DIGEST: usize = 26;
const TAG: usize = 3;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// The longest suffix of an opaque part: a media type of 80 bytes and a size.
const SUFFIX_MAX: usize = 100;

/// Makes and recognises tokens.
pub(crate) struct Tokens {
    hmac: Hmac,
    /// For each type what stands before the value in what is hashed: tenant and type, each behind its length.
    prepared: Vec<(&'static str, Vec<u8>)>,
    /// Where in `prepared` a type is, by its [`slot`]; the first of several in one slot.
    slots: [u8; SLOTS],
    tag: Hmac,
}

const SLOTS: usize = 128;

/// A place for a type, by its length and two of its letters: one of its own for each of today's types.
fn slot(kind: &str) -> usize {
    let letter = |at: usize| usize::from(kind.as_bytes().get(at).copied().unwrap_or(0));
    (kind.len() + letter(0) + letter(1) * 4) % SLOTS
}

impl Tokens {
    pub(crate) fn new(key: &TokenKey, tenant: &str) -> Tokens {
        let types = Category::ALL.iter().map(|category| category.name()).chain(COLUMN_TYPES.iter().copied());
        let mut prepared: Vec<_> = types
            .map(|kind| {
                let sized = |part: &str| [&(part.len() as u32).to_le_bytes(), part.as_bytes()].concat();
                (kind, [sized(tenant), sized(kind)].concat())
            })
            .collect();
        prepared.sort_unstable_by_key(|(kind, _)| *kind);
        let mut slots = [0; SLOTS];
        for (at, (kind, _)) in prepared.iter().enumerate().rev() {
            slots[slot(kind)] = at as u8;
        }
        Tokens { hmac: key.hashing("token"), prepared, slots, tag: key.hashing("tag") }
    }

    /// Appends the token of a value as it was written.
    pub(crate) fn write(&self, kind: &'static str, value: &str, out: &mut String) {
        self.write_bytes(kind, canonical(kind, value).as_bytes(), "", out);
    }

    /// Appends the token of bytes that are canonical already, with a suffix for opaque parts.
    pub(crate) fn write_bytes(&self, kind: &'static str, bytes: &[u8], suffix: &str, out: &mut String) {
        let full = self.hmac.code([self.prepared(kind), &(bytes.len() as u32).to_le_bytes(), bytes]);
        let mut token = [0; DIGEST + TAG];
        base32(&full[..16], &mut token[..DIGEST]);
        let tag = self.tag(kind.as_bytes(), &token[..DIGEST], suffix.as_bytes());
        token[DIGEST..].copy_from_slice(&tag);
        out.reserve(kind.len() + token.len() + suffix.len() + 3);
        out.push('[');
        out.push_str(kind);
        out.push(':');
        out.push_str(std::str::from_utf8(&token).unwrap_or_default());
        out.push_str(suffix);
        out.push(']');
    }

    fn prepared(&self, kind: &str) -> &[u8] {
        let (known, before) = &self.prepared[usize::from(self.slots[slot(kind)])];
        if *known == kind {
            return before;
        }
        let found = self.prepared.binary_search_by_key(&kind, |(known, _)| known);
        &self.prepared[found.unwrap_or(0)].1
    }

    fn tag(&self, kind: &[u8], digest: &[u8], suffix: &[u8]) -> [u8; TAG] {
        let full = self.tag.code([kind, b":", digest, suffix]);
        let mut tag = [0; TAG];
        base32(&full[..2], &mut tag);
        tag
    }

    /// The parts of a text that this engine wrote: its tokens, its labels. In order, disjoint.
    pub(crate) fn own(&self, text: &str) -> Vec<(usize, usize)> {
        work::examined(text.len());
        let bytes = text.as_bytes();
        let mut own = Vec::new();
        let mut from = 0;
        while let Some(open) = memchr::memchr(b'[', &bytes[from..]).map(|at| from + at) {
            from = open + 1;
            if let Some(end) = self.own_at(bytes, open) {
                own.push((open, end));
                from = end;
            }
        }
        own
    }

    /// The end of the token or label that opens at `open`.
    fn own_at(&self, bytes: &[u8], open: usize) -> Option<usize> {
        let rest = &bytes[open + 1..];
        let upper = |byte: &&u8| byte.is_ascii_uppercase() || **byte == b'_';
        let kind = &rest[..rest.iter().take(24).take_while(upper).count()];
        let after = rest.get(kind.len())?;
        if *after == b']' {
            return is_label(kind).then_some(open + kind.len() + 2);
        }
        if *after != b':' || !self.prepared.iter().any(|(known, _)| known.as_bytes() == kind) {
            return None;
        }
        let body = rest.get(kind.len() + 1..)?;
        let digest = body.get(..DIGEST)?;
        let tag = body.get(DIGEST..DIGEST + TAG)?;
        let tail = &body[DIGEST + TAG..];
        let close = tail.iter().take(SUFFIX_MAX + 1).position(|byte| *byte == b']')?;
        if close > 0 && kind != OPAQUE.as_bytes() {
            return None;
        }
        let right = self.tag(kind, digest, &tail[..close]);
        (right.as_slice() == tag).then_some(open + kind.len() + DIGEST + TAG + close + 3)
    }
}

fn is_label(kind: &[u8]) -> bool {
    let labels = Category::ALL.iter().map(|category| category.name()).chain(COLUMN_TYPES.iter().copied());
    kind == b"REMOVED" || labels.into_iter().any(|label| label.as_bytes() == kind)
}

/// The suffix of an opaque part: its media type, made harmless, and its size in bytes.
pub(crate) fn opaque_suffix(media_type: &str, bytes: usize) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/+.-".contains(c);
    let known = media_type.len() <= 80 && media_type.chars().all(plain);
    format!(":{}:{bytes}", if known && !media_type.is_empty() { media_type } else { "unknown" })
}

/// As many characters as `out` has room for, of sixteen bytes at most; bits that are missing at the end count as zero.
fn base32(bytes: &[u8], out: &mut [u8]) {
    let mut all = [0; 16];
    all[..bytes.len()].copy_from_slice(bytes);
    let mut bits = u128::from_be_bytes(all);
    for character in out {
        *character = BASE32[(bits >> 123) as usize];
        bits <<= 5;
    }
}

#[cfg(test)]
mod tests;
