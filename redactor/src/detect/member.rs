//! Members of objects and assignments in programs and half JSON: `patientSsn: 512345671`, `'lastName': 'Qxyz'`,
//! `patient_name=Xochitl_Q`.
//!
//! In text there is no parser to tell a key from its value, so the sign between is looked for, and the identifier
//! before it is asked as a JSON key would be. One word in lower case without quotes is left to the keywords.

use super::text::Text;
use super::{Category, Detector, Hit, Needs, secret_assignment};
use crate::keys;

mod query;

/// Finds the values of telling members.
pub(super) struct Member;

/// The longest key and the longest value, in bytes.
const KEY_BYTES_MAX: usize = 48;
const VALUE_BYTES_MAX: usize = 128;

impl Detector for Member {
    fn id(&self) -> &'static str {
        "member"
    }

    fn categories(&self) -> &'static [Category] {
        Category::ALL
    }

    fn example(&self) -> &'static str {
        "{ patientSsn: '512345671', lastName: 'Qxyz' }"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b":=")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if !text.may_hold(b':') && !text.may_hold(b'=') {
            return;
        }
        let bytes = text.text.as_bytes();
        let mut covered = 0;
        for sign in memchr::memchr2_iter(b':', b'=', bytes) {
            if sign < covered {
                continue;
            }
            if bytes[sign] == b'='
                && let Some((category, end)) = query::parameter(text.text, sign)
            {
                let value = &text.text[sign + 1..end];
                if !text.blots.stand_in(value) {
                    hits.push(Hit { start: sign + 1, end, category, rule: "member.query", score: 0.85 });
                    covered = end;
                }
                continue;
            }
            let Some(category) = key_before(text.text, sign) else { continue };
            let Some((start, end)) = value_behind(text.text, sign + 1) else { continue };
            let value = &text.text[start..end];
            // As of a value under a key: what was redacted before is not taken whole again.
            if fits(category, value) && !text.blots.stand_in(value) {
                hits.push(Hit { start, end, category, rule: "member.value", score: 0.85 });
                covered = end;
            }
        }
    }
}

/// Whether the value of a telling member begins here, without quotes.
pub(crate) fn begins_value(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', '>']);
    at - before.len() < 4 && before.ends_with([':', '=']) && key_before(text, before.len() - 1).is_some()
}

/// What the identifier before the sign tells.
fn key_before(text: &str, sign: usize) -> Option<Category> {
    let bytes = text.as_bytes();
    let mut end = sign;
    while end > 0 && sign - end < 2 && bytes[end - 1] == b' ' {
        end -= 1;
    }
    let quote = end.checked_sub(1).map(|at| bytes[at]).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    let end = end - usize::from(quote.is_some());
    let word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let length = bytes[..end].iter().rev().take(KEY_BYTES_MAX + 1).take_while(word).count();
    if !(3..=KEY_BYTES_MAX).contains(&length) {
        return None;
    }
    let key = &text[end - length..end];
    let before = end.checked_sub(length + 1).map(|at| bytes[at]);
    let quoted = quote.is_some() && before == quote;
    // `PAT_MRN_ID` of a database as well as `patientMrn`; `MRN` alone is a keyword.
    let joined = key.bytes().any(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-' | b'.'))
        && key.bytes().any(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if !(quoted || joined && quote.is_none()) {
        return None;
    }
    // Secrets have rules of their own, which read words and not their humps: `refreshToken`, `masterKey`.
    let humps = || key.bytes().any(|byte| byte.is_ascii_uppercase()) && !key.contains(['_', '-', '.']);
    match keys::telling(key) {
        None | Some(Category::Secret) => {
            (humps() && secret_assignment::names_key(key)).then_some(Category::Secret)
        }
        told => told,
    }
}

/// What stands behind the sign: between quotes, or up to what ends a value.
fn value_behind(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut start = from;
    while start - from < 4 && matches!(bytes.get(start), Some(b' ' | b'=' | b'>')) {
        start += 1;
    }
    let quote = bytes.get(start).copied().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    start += usize::from(quote.is_some());
    let ceiling = bytes.len().min(start + VALUE_BYTES_MAX);
    let rest = bytes.get(start..ceiling)?;
    let length = match quote {
        Some(quote) => memchr::memchr(quote, rest)?,
        None => {
            let stop = |byte: &u8| {
                matches!(byte, b',' | b';' | b'&' | b')' | b'}' | b']' | b'|' | b'<' | b'"' | b'\'')
                    || byte.is_ascii_whitespace()
            };
            rest.iter().position(stop).unwrap_or(rest.len())
        }
    };
    let end = start + length;
    (length > 0 && text.is_char_boundary(end)).then_some((start, end))
}

fn fits(category: Category, value: &str) -> bool {
    // A variable, a call, a type.
    let code = value.starts_with(['$', '{', '(', '<', '[', '%']) || value.contains(['(', '{']);
    match category {
        Category::Name => {
            let spaced = value.replace(['_', '+'], " ");
            value.chars().any(char::is_uppercase) && keys::fits(category, &spaced) && !code
        }
        Category::Secret => secret_assignment::made_under(value),
        Category::Place => value.chars().any(char::is_uppercase) && keys::fits(category, value) && !code,
        _ => {
            keys::fits(category, value)
                && !code
                && value.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@')
        }
    }
}

#[cfg(test)]
mod tests;
