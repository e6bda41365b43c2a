//! Shapes of values that are nobody's: request ids, hashes, words of a vocabulary.

use crate::detect;

/// Exactly 64 hexadecimal digits: a SHA-256.
pub(crate) fn hex_64(value: &str) -> bool {
    value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Prefixes that providers put before the random part of an id.
const PREFIXES: &[&str] = &[
    "chatcmpl-",
    "cmpl-",
    "resp_",
    "msg_",
    "call_",
    "req_",
    "toolu_",
    "tooluse_",
    "run_",
    "thread_",
    "asst_",
    "gen-",
    "rs_",
    "fc_",
    "ws_",
    "batch_",
    "file-",
    "sess-",
    "sess_",
    "session-",
    "session_",
    "conv_",
    "conv-",
    "mcp-session-",
    "embd-",
    "modr-",
    "req-",
    "trace-",
    "dpl_",
    "evt_",
    "vs_",
    "step_",
];

/// The first letters of [`PREFIXES`], as bits.
const PREFIX_LETTERS: u32 = {
    let (mut letters, mut at) = (0, 0);
    while at < PREFIXES.len() {
        letters |= 1 << (PREFIXES[at].as_bytes()[0] & 31);
        at += 1;
    }
    letters
};

/// What stands behind a provider's prefix, or all of it.
fn without_prefix(value: &str) -> &str {
    let may_begin = value.bytes().next().is_some_and(|first| PREFIX_LETTERS >> (first & 31) & 1 == 1);
    let random = || PREFIXES.iter().find_map(|prefix| value.strip_prefix(prefix));
    may_begin.then(random).flatten().unwrap_or(value)
}

/// Whether an identifier of a request, a trace or a session has a shape that such identifiers have, and nobody's
/// name, number or address has.
pub(crate) fn known_id(value: &str) -> bool {
    if value.is_empty() || value.len() > 256 || !value.is_ascii() {
        return false;
    }
    let random = without_prefix(value);
    uuid(random)
        || hex_id(random)
        || base32_id(random)
        || traceparent(value)
        || arn(value)
        || random_id(value, random)
}

/// Eight, four, four, four and twelve hexadecimal digits.
pub(crate) fn uuid(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Sixteen or more hexadecimal digits of one case that are not all decimal: decimal digits alone may be anything.
pub(crate) fn hex_id(value: &str) -> bool {
    value.len() >= 16
        && value.bytes().all(|byte| byte.is_ascii_hexdigit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// ULIDs and other base32 of at least 20 characters, letters and digits mixed. AWS access key ids look like it
/// and are credentials' names, so they are scanned.
fn base32_id(value: &str) -> bool {
    value.len() >= 20
        && !["AKIA", "ASIA", "ABIA", "ACCA", "A3T"].iter().any(|prefix| value.starts_with(prefix))
        && value.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && value.bytes().filter(u8::is_ascii_digit).count() >= 2
        && value.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// W3C Trace Context.
fn traceparent(value: &str) -> bool {
    let mut parts = value.split('-');
    let mut hex =
        |length| parts.next().is_some_and(|p| p.len() == length && p.bytes().all(|b| b.is_ascii_hexdigit()));
    hex(2) && hex(32) && hex(16) && hex(2) && parts.next().is_none()
}

/// An Amazon resource name without an `@`: the session name of an assumed role is often an e-mail address.
fn arn(value: &str) -> bool {
    value.starts_with("arn:aws") && !value.contains(['@', ' ']) && value.split(':').count() >= 6
}

/// What follows a provider's prefix, if it is one run of mixed letters and digits.
fn random_id(value: &str, random: &str) -> bool {
    random.len() != value.len()
        && random.len() >= 12
        && random.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        && random.bytes().any(|byte| byte.is_ascii_digit())
        && random.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Whether a value of a vocabulary column is a word of a vocabulary: short, of the characters of model names and
/// hosts, not mostly digits.
pub(crate) fn vocabulary(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    value.len() <= 96
        && value.bytes().next().is_some_and(|first| first.is_ascii_alphabetic())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:/+-".contains(&byte))
        && digits <= 12
        && (digits < 6 || dated(value))
        && !(value.len() >= 20 && random_word(value))
        && !value.split(['/', ':', '+']).any(detect::is_handle)
}

/// Whether the digits of a vocabulary's word are a date and at most five more, as those of model names are:
/// `gpt-4o-2024-08-06`, `claude-3-5-sonnet-20241022-v2:0`.
fn dated(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let runs = value.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    let runs: Vec<&str> = runs.collect();
    let compact = runs.iter().any(|run| compact_date(run));
    let parted = runs.windows(3).any(|parts| {
        let lengths = (parts[0].len(), parts[1].len(), parts[2].len()) == (4, 2, 2);
        lengths && compact_date(&parts.concat())
    });
    (compact || parted) && digits <= 8 + 5
}

/// Eight digits that are a day of this century.
pub(crate) fn compact_date(digits: &str) -> bool {
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u32>().ok());
    digits.len() == 8
        && matches!(part(0, 4), Some(2000..=2099))
        && matches!(part(4, 6), Some(1..=12))
        && matches!(part(6, 8), Some(1..=31))
}

/// A long run of letters and digits, as keys are and model names are not.
fn random_word(value: &str) -> bool {
    value.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        let upper = word.bytes().any(|byte| byte.is_ascii_uppercase());
        let digit = word.bytes().any(|byte| byte.is_ascii_digit());
        digit && (word.len() >= 24 || word.len() >= 16 && upper)
    })
}

/// Whether a string of a JSON document is such an id that nothing in it need be looked for: a UUID or a hash.
pub(crate) fn neutral(value: &str) -> bool {
    match value.len() {
        36 => uuid(value),
        32 | 40 | 64 => hex_id(value),
        _ => false,
    }
}

/// A short word of lower-case letters and underscores.
pub(crate) fn plain_word(value: &str) -> bool {
    value.len() <= 24 && value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[cfg(test)]
mod tests;
