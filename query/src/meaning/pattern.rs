//! Formats of dates and times: PostgreSQL's template patterns in the words of strftime, which the engine takes.
//!
//! A format with a `%` is one of strftime already. What of PostgreSQL's patterns strftime cannot say (names padded
//! or in other letters, ordinals, weeks of a year that begin on its first day) is refused, and so is every letter
//! outside of quotes that is no pattern.

use arrow::datatypes::DataType;

use super::different;
use crate::error::Error;

/// A template pattern.
struct Pattern {
    name: &'static str,
    /// Whether it may be written in small letters, too. Of words the case says which case comes out.
    any_case: bool,
    strftime: &'static str,
    /// After `FM`, which takes zeros and blanks away.
    unpadded: Option<&'static str>,
}

const fn number(name: &'static str, strftime: &'static str, unpadded: &'static str) -> Pattern {
    Pattern { name, any_case: true, strftime, unpadded: Some(unpadded) }
}

const fn fraction(name: &'static str, strftime: &'static str) -> Pattern {
    Pattern { name, any_case: true, strftime, unpadded: None }
}

const fn text(name: &'static str, strftime: &'static str) -> Pattern {
    Pattern { name, any_case: false, strftime, unpadded: Some(strftime) }
}

/// A longer one stands before those that it begins with.
const PATTERNS: &[Pattern] = &[
    number("YYYY", "%Y", "%-Y"),
    number("YY", "%y", "%-y"),
    number("IYYY", "%G", "%-G"),
    number("IW", "%V", "%-V"),
    number("ID", "%u", "%u"),
    number("Q", "%q", "%q"),
    number("MM", "%m", "%-m"),
    text("Mon", "%b"),
    number("DDD", "%j", "%-j"),
    number("DD", "%d", "%-d"),
    text("Dy", "%a"),
    number("HH24", "%H", "%-H"),
    number("HH12", "%I", "%-I"),
    number("HH", "%I", "%-I"),
    number("MI", "%M", "%-M"),
    number("SS", "%S", "%-S"),
    fraction("MS", "%3f"),
    fraction("FF3", "%3f"),
    fraction("US", "%6f"),
    fraction("FF6", "%6f"),
    text("AM", "%p"),
    text("PM", "%p"),
    text("am", "%P"),
    text("pm", "%P"),
];

/// Names, which PostgreSQL pads to nine letters unless `FM` stands before them.
const NAMES: &[(&str, &str)] = &[("Month", "%B"), ("Day", "%A")];

/// Patterns without a strftime that begin like one that has one.
const OTHERS: &[&str] = &["SSSS", "IDDD"];

const HINT: &str = "'%Y-%m' is understood, and of PostgreSQL's patterns YYYY, YY, MM, Mon, FMMonth, DD, Dy, FMDay, HH24, HH12, MI, \
     SS, MS, US, AM, TZ, Q, IYYY, IW and \"text\"";

/// The strftime of a format that `to_char` writes a value of this type in; none if it is that already.
pub(super) fn to_write(format: &str, ty: &DataType) -> Result<Option<String>, Error> {
    if matches!(ty, DataType::Duration(_)) {
        let known = ["pretty", "iso8601"].iter().any(|known| format.eq_ignore_ascii_case(known));
        return if known {
            Ok(None)
        } else {
            Err(different(
                format!("to_char does not know the format \"{format}\" for a span of time"),
                "'pretty' and 'iso8601' are understood",
            ))
        };
    }
    let zone = match ty {
        DataType::Timestamp(_, Some(zone)) if matches!(zone.as_ref(), "+00:00" | "UTC") => Some("UTC"),
        DataType::Timestamp(_, None) => Some(""),
        _ => None,
    };
    translate(format, "to_char", false, zone)
}

/// The strftime of a format that this function reads a text in; none if it is that already.
pub(super) fn to_read(format: &str, function: &str) -> Result<Option<String>, Error> {
    translate(format, function, true, None)
}

fn translate(format: &str, function: &str, reads: bool, zone: Option<&str>) -> Result<Option<String>, Error> {
    if format.contains('%') {
        return Ok(None);
    }
    let mut out = String::with_capacity(format.len());
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if first == '"' {
            let Some((text, after)) = rest[1..].split_once('"').filter(|(text, _)| !text.contains('\\'))
            else {
                return Err(unknown(function, rest));
            };
            out.push_str(text);
            rest = after;
            continue;
        }
        if !first.is_ascii_alphabetic() && first != '\\' {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (unpadded, at) = match strip(rest, "FM") {
            Some(after) => (true, after),
            None => (false, rest),
        };
        let (written, after) = word(at, unpadded, reads, zone).ok_or_else(|| unknown(function, rest))?;
        out.push_str(written);
        rest = after;
    }
    Ok(Some(out))
}

/// The strftime of the pattern at the beginning, and what stands after it.
fn word<'a>(text: &'a str, unpadded: bool, reads: bool, zone: Option<&'a str>) -> Option<(&'a str, &'a str)> {
    if let Some((name, written)) = NAMES.iter().find(|(name, _)| text.starts_with(name)) {
        return (unpadded || reads).then(|| (*written, &text[name.len()..]));
    }
    if let Some(after) = text.strip_prefix("TZ") {
        return zone.map(|zone| (zone, after));
    }
    if OTHERS.iter().any(|other| strip(text, other).is_some()) {
        return None;
    }
    PATTERNS.iter().find_map(|pattern| {
        let after =
            if pattern.any_case { strip(text, pattern.name) } else { text.strip_prefix(pattern.name) };
        Some((if unpadded { pattern.unpadded? } else { pattern.strftime }, after?))
    })
}

/// What stands after a pattern that may be written in either case.
fn strip<'a>(text: &'a str, pattern: &str) -> Option<&'a str> {
    let head = text.get(..pattern.len())?;
    head.eq_ignore_ascii_case(pattern).then(|| &text[pattern.len()..])
}

fn unknown(function: &str, rest: &str) -> Error {
    let shown: String = rest.chars().take(20).collect();
    different(format!("{function} does not know the format from \"{shown}\" on"), HINT)
}
