//! Reading JSON within limits, and taking typed values out of it.
//!
//! A document is walked once, byte by byte and without recursion, before serde sees it, so that neither depth
//! nor the number of values of a hostile message decides how much stack or memory decoding takes. A value of
//! the wrong type is never lost: whoever takes it puts it back, and it ends in `unmapped_json`.

use super::Undecodable;

mod python;
mod value;

pub(super) use python::literal as python_literal;
pub(super) use serde_json::Number;
pub(super) use value::json;
pub(super) use value::{Map, Value};

/// Deepest nesting of a message. Some way below the 128 of serde_json, because a column that is made from the
/// deepest part wraps it in a few levels more and must still be read by anyone with such a reader.
pub(super) const DEPTH_MAX: usize = 100;
/// Deepest nesting of a JSON document found in a string; a deeper one stays a string.
pub(super) const NESTED_DEPTH_MAX: usize = 24;
/// Most values (counted as commas and openings) of a message: what a [`Value`] takes of memory for
/// each is a hundred times the two bytes that it may take in the message.
pub(super) const VALUES_MAX: usize = 1_000_000;

/// Checks depth and number of values without looking at anything else.
pub(super) fn check_shape(text: &[u8], depth_max: usize) -> Result<(), Undecodable> {
    let (mut at, mut depth, mut values) = (0, 0_usize, 0_usize);
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => at = end_of_string(text, at),
            b'{' | b'[' => {
                depth += 1;
                values += 1;
                if depth > depth_max {
                    let detail = format!("more than {depth_max} levels at byte {at}");
                    return Err(Undecodable::new("too_deep", detail));
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
    }
    if values > VALUES_MAX {
        let detail = format!("{values} values, limit {VALUES_MAX}");
        return Err(Undecodable::new("too_many_values", detail));
    }
    Ok(())
}

/// The position after the closing quote of the string whose content starts at `at`.
fn end_of_string(text: &[u8], mut at: usize) -> usize {
    loop {
        match memchr::memchr2(b'"', b'\\', &text[at..]) {
            Some(found) if text[at + found] == b'"' => return at + found + 1,
            // An escape is two bytes at least; the second one is never the end of the string.
            Some(found) if at + found + 2 <= text.len() => at += found + 2,
            _ => return text.len(),
        }
    }
}

/// Parses a document whose shape has been checked.
pub(super) fn parse(text: &str) -> Result<Value, Undecodable> {
    serde_json::from_str(text).map_err(|error| undecodable(&error))
}

/// serde's error without what serde might quote: the category and the position.
pub(super) fn undecodable(error: &serde_json::Error) -> Undecodable {
    let position = format!("line {} column {}", error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Eof => Undecodable::new("truncated_json", position),
        _ => Undecodable::new("invalid_json", position),
    }
}

/// The object or array that a string holds as JSON.
pub(super) fn nested(text: &str) -> Option<Value> {
    let inner = text.trim();
    if !inner.starts_with(['{', '[']) || check_shape(inner.as_bytes(), NESTED_DEPTH_MAX).is_err() {
        return None;
    }
    serde_json::from_str(inner).ok()
}

/// The object that a value is, or holds as JSON or as a Python literal in a string.
pub(super) fn object(value: Value) -> Result<Map, Value> {
    match value {
        Value::Object(map) => Ok(map),
        Value::String(text) => match nested(&text).or_else(|| python_literal(&text)) {
            Some(Value::Object(map)) => Ok(map),
            _ => Err(Value::String(text)),
        },
        other => Err(other),
    }
}

/// Whether a value says nothing: null, or the empty string and `-` that some gateways write instead.
pub(super) fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() || text == "-",
        _ => false,
    }
}

/// A text: a string with something in it. Numbers are taken as their digits, since ids are sometimes numbers.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !is_absent(value) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// An integer: a JSON integer, a float without fraction, or the digits of one in a string (proto3 JSON).
pub(super) fn int(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn whole(float: f64) -> Option<i64> {
    // 2^53: above, a float no longer tells one integer from the next.
    (float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0).then_some(float as i64)
}

/// A finite float, also from a string.
pub(super) fn float(value: &Value) -> Option<f64> {
    let float = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    float.filter(|float| float.is_finite())
}

/// A truth value, also as the words that some gateways write.
pub(super) fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(bool) => Some(*bool),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A non-negative amount with [`schemas::event::COST_SCALE`] digits after the point, rounded half up. The
/// digits are those of the text, or the shortest that give the same binary float.
pub(super) fn decimal(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(int) => decimal_text(&int.to_string()),
            // Rust prints a float with the fewest digits that read back the same, without an exponent.
            None => decimal_text(&format!("{}", number.as_f64()?)),
        },
        Value::String(text) => decimal_text(text.trim()),
        _ => None,
    }
}

fn decimal_text(text: &str) -> Option<i128> {
    if text.contains(['e', 'E']) {
        let float: f64 = text.parse().ok().filter(|float: &f64| float.is_finite())?;
        return decimal_text(&format!("{float}"));
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    // The column has 18 digits, 9 of them after the point.
    if whole.is_empty() || whole.len() > 9 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let scale = schemas::event::COST_SCALE as usize;
    let mut unscaled: i128 = whole.parse().ok()?;
    for at in 0..scale {
        let digit = fraction.as_bytes().get(at).map_or(0, |byte| i128::from(byte - b'0'));
        unscaled = unscaled * 10 + digit;
    }
    if fraction.as_bytes().get(scale).is_some_and(|byte| *byte >= b'5') {
        unscaled += 1;
    }
    let limit = 10_i128.pow(18);
    (unscaled < limit).then_some(if negative { -unscaled } else { unscaled })
}
