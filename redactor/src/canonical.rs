//! Canonical forms: what makes two ways of writing one value take one token.
//!
//! A change here changes tokens, so it goes with a new [`crate::key::CANONICAL_VERSION`].

use std::borrow::Cow;
use std::net::IpAddr;

use unicode_normalization::{UnicodeNormalization, is_nfkc_quick};

use crate::detect::{Words, is_particle};
use crate::reading;

/// Titles and suffixes that are no part of a name.
static TITLES: Words<34> = Words::new([
    "dr",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "prof",
    "professor",
    "doctor",
    "sir",
    "madam",
    "nurse",
    "rn",
    "md",
    "do",
    "np",
    "pa",
    "phd",
    "dds",
    "esq",
    "herr",
    "frau",
    "mme",
    "mlle",
    "sr",
    "sra",
    "srta",
    "sig",
    "dott",
    "dhr",
    "mevr",
    "pan",
    "pani",
    "med",
]);

/// The canonical form of a value of a token type.
pub(crate) fn canonical(kind: &str, value: &str) -> String {
    let value = normal(value);
    match kind {
        "NAME" => name(&value),
        "EMAIL" | "SUBJECT" | "STAFF" => identity(&value),
        "PHONE" | "FAX" => phone(&value),
        "URL" => url(&value),
        "IP" => ip(&value),
        "ID" => value.trim().to_owned(),
        "ADDRESS" | "PLACE" | "ORG" | "TEAM" | "APP" | "AGENT" | "INSTANCE" => words(&value),
        "SECRET" | "OPAQUE" => value.into_owned(),
        _ if value.is_ascii() => {
            let mut out = String::with_capacity(value.len());
            let bytes = whole(&value);
            let kept = bytes.bytes().filter(u8::is_ascii_alphanumeric);
            out.extend(kept.map(|byte| char::from(byte.to_ascii_uppercase())));
            out
        }
        _ => whole(&value).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect(),
    }
}

/// As the value is [read](reading::plain), in NFKC and without characters that have no width: full-width digits become
/// digits, letters that look Latin become Latin, ligatures become letters, `%40` becomes `@`.
fn normal(value: &str) -> Cow<'_, str> {
    let value = reading::plain(value);
    let plain = value.is_ascii()
        || (is_nfkc_quick(value.chars()) == unicode_normalization::IsNormalized::Yes
            && !value.chars().any(no_width));
    if plain { value } else { Cow::Owned(value.nfkc().filter(|c| !no_width(*c)).collect()) }
}

fn no_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// A number without the fraction and the exponent that programs gave it: `70999999.0`, `5.12e8`.
fn whole(value: &str) -> Cow<'_, str> {
    let number = value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+'));
    let written = number && value.contains(['.', 'e', 'E']) && !value.starts_with(['e', 'E', '.']);
    let parsed = written.then(|| value.parse::<f64>().ok()).flatten();
    match parsed.filter(|number| (1.0..1e15).contains(number) && number.fract() == 0.0) {
        Some(number) => Cow::Owned(format!("{number:.0}")),
        None => Cow::Borrowed(value),
    }
}

/// Lower case, without titles, `Smith, John` turned round, possessive dropped.
fn name(value: &str) -> String {
    let mut value = value.trim();
    for possessive in ["'s", "’s"] {
        while let Some(owner) = value.strip_suffix(possessive) {
            value = owner;
        }
    }
    // HL7 parts family and given names with `^`, X12 with `*`.
    let turned = match value.split_once([',', '^', '*']) {
        Some((last, first)) if !first.trim().is_empty() && !first.contains(',') => {
            Cow::Owned(format!("{first} {last}"))
        }
        _ => Cow::Borrowed(value),
    };
    let mut out = String::with_capacity(turned.len());
    for word in turned.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’' && c != '-') {
        let word = word.trim_matches(['\'', '’', '-']);
        if word.is_empty() {
            continue;
        }
        let before = out.len();
        if before > 0 {
            out.push(' ');
        }
        let from = out.len();
        if word.is_ascii() {
            out.push_str(word);
            out[from..].make_ascii_lowercase();
        } else {
            out.push_str(&word.to_lowercase());
        }
        if TITLES.hold(&out[from..]) {
            out.truncate(before);
        }
    }
    // Nothing but a title, or no letter at all: the value itself, so that not all such values share one token.
    if out.is_empty() { words(value) } else { out }
}

/// Whether a name is one word of a fuller one, with or without initials of its other words and particles. A name of
/// two words and more stands for itself: it is what somebody searches for.
pub(crate) fn is_part_of_name(part: &str, full: &str) -> bool {
    let (part, full) = (canonical("NAME", part), canonical("NAME", full));
    let words = |name: &str| name.split(' ').filter(|word| !is_particle(word)).count();
    let initials = part.split(' ').filter(|word| word.chars().nth(1).is_none());
    let held = |word: &str| full.split([' ', '-']).any(|of| of == word);
    words(&part) == initials.clone().count() + 1
        && initials.clone().all(|initial| full.split(' ').any(|word| word.starts_with(initial)))
        && part.split([' ', '-']).all(|word| word.chars().nth(1).is_none() || held(word))
}

fn identity(value: &str) -> String {
    let mut value = value.trim();
    while let Some(address) = value.strip_prefix("mailto:") {
        value = address;
    }
    value.to_lowercase()
}

/// Digits; a leading 1 of eleven goes (North America), an extension stays behind an `x`.
fn phone(value: &str) -> String {
    // What is written between the two, `ext` or `x` or `#`, has no digit.
    let cut = value.find(['x', 'X', '#']).unwrap_or(value.len());
    let digits = |part: &str, out: &mut String| out.extend(part.chars().filter(char::is_ascii_digit));
    let mut number = String::with_capacity(value.len() + 1);
    digits(&value[..cut], &mut number);
    if number.len() == 11 && number.starts_with('1') {
        number.remove(0);
    }
    let length = number.len();
    number.push('x');
    digits(&value[cut..], &mut number);
    if number.len() == length + 1 {
        number.truncate(length);
    }
    number
}

/// Scheme and host in lower case; no slash at the very end.
fn url(value: &str) -> String {
    let value = value.trim().trim_end_matches('/');
    let host_start = value.find("://").map_or(0, |at| at + 3);
    let host_end = value[host_start..].find(['/', '?', '#']).map_or(value.len(), |at| host_start + at);
    let (host, rest) = value.split_at(host_end);
    host.to_lowercase() + rest
}

fn ip(value: &str) -> String {
    let bare = value.trim().trim_matches(['[', ']']);
    bare.parse::<IpAddr>().map_or_else(|_| bare.to_lowercase(), |address| address.to_canonical().to_string())
}

fn words(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for word in value.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    if out.is_empty() { value.to_owned() } else { out }
}

#[cfg(test)]
mod tests;
