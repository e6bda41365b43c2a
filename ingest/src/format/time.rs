//! Points in time as producers write them, to microseconds since 1970 UTC.
//!
//! ISO 8601 with any number of digits of a second, with an offset, or naive, which is read as UTC (LiteLLM and
//! Langfuse write UTC without saying so). Numbers are seconds, milliseconds, microseconds or nanoseconds by
//! their size: no unit makes a time between 1973 and 5138 look like one of another unit in those years.

use chrono::{DateTime, NaiveDateTime};

use super::json;
use super::json::Value;

/// 1990-01-01T00:00:00Z. A clock that shows less was never set.
pub(super) const EARLIEST: i64 = 631_152_000_000_000;
/// How far a producer's clock may be ahead of ours: a day, in microseconds.
pub(super) const AHEAD_MAX: i64 = 86_400_000_000;

/// Whether a producer's clock can have shown this time when our clock shows `now`.
pub(super) fn is_plausible(time: i64, now: i64) -> bool {
    (EARLIEST..=now.saturating_add(AHEAD_MAX)).contains(&time)
}

/// A time from text or number, unit by size.
pub(super) fn from_json(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => from_text(text),
        Value::Number(number) => match number.as_i64() {
            Some(int) => from_int(int),
            None => from_float(number.as_f64()?),
        },
        _ => None,
    }
}

/// A time from nanoseconds, as OTLP counts; 0 is absent.
pub(super) fn from_nanos(value: &Value) -> Option<i64> {
    json::int(value).filter(|nanos| *nanos != 0).map(|nanos| nanos.div_euclid(1000))
}

fn from_text(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.timestamp_micros());
    }
    for format in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"] {
        if let Ok(time) = NaiveDateTime::parse_from_str(text, format) {
            return Some(time.and_utc().timestamp_micros());
        }
    }
    match text.parse::<i64>() {
        Ok(int) => from_int(int),
        Err(_) => from_float(text.parse().ok()?),
    }
}

fn from_int(int: i64) -> Option<i64> {
    match int.unsigned_abs() {
        0..100_000_000_000 => int.checked_mul(1_000_000),
        100_000_000_000..100_000_000_000_000 => int.checked_mul(1000),
        100_000_000_000_000..100_000_000_000_000_000 => Some(int),
        _ => Some(int.div_euclid(1000)),
    }
}

fn from_float(float: f64) -> Option<i64> {
    let factor = match float.abs() {
        size if size < 1e11 => 1e6,
        size if size < 1e14 => 1e3,
        size if size < 1e17 => 1.0,
        _ => 1e-3,
    };
    let micros = (float * factor).round();
    (micros.is_finite() && micros.abs() < 9.2e18).then_some(micros as i64)
}
