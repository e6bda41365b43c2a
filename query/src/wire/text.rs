//! PostgreSQL's text forms of numbers, times and bytes, byte for byte as its own `*_out` functions write them with
//! the settings that a session here has (ISO dates, UTC, hex, shortest floats).

use std::io::Write as _;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};

/// Microseconds from 1970-01-01 to 2000-01-01, where PostgreSQL's clock starts.
pub(super) const PG_EPOCH_MICROS: i64 = 946_684_800_000_000;

/// Days from 1970-01-01 to 2000-01-01.
pub(super) const PG_EPOCH_DAYS: i32 = 10_957;

pub(super) fn bool(out: &mut Vec<u8>, value: bool) {
    out.push(if value { b't' } else { b'f' });
}

pub(super) fn display(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    // Writing to a vector cannot fail.
    let _ = write!(out, "{value}");
}

/// The shortest digits that read back the same; with an exponent below 1e-4 and from `plain_digits` digits on (15
/// for double precision, 6 for real).
pub(super) fn float(out: &mut Vec<u8>, shortest: &str, value: f64, plain_digits: i32) {
    if value.is_nan() {
        return out.extend_from_slice(b"NaN");
    }
    if value.is_infinite() {
        return out.extend_from_slice(if value > 0.0 { b"Infinity" } else { b"-Infinity" });
    }
    // `shortest` is Rust's `{:e}`: digits with at most one before the point, then the exponent.
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..plain_digits).contains(&exponent) {
        let negative = mantissa.starts_with('-');
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        if negative {
            out.push(b'-');
        }
        plain(out, &digits, exponent);
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        display(out, format_args!("{mantissa}e{sign}{:02}", exponent.abs()));
    }
}

/// Digits with the decimal point `exponent` places behind the first.
fn plain(out: &mut Vec<u8>, digits: &str, exponent: i32) {
    if exponent < 0 {
        out.extend_from_slice(b"0.");
        out.resize(out.len() + (-exponent - 1) as usize, b'0');
        return out.extend_from_slice(digits.as_bytes());
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        out.extend_from_slice(digits.as_bytes());
        out.resize(out.len() + whole - digits.len(), b'0');
    } else {
        out.extend_from_slice(&digits.as_bytes()[..whole]);
        out.push(b'.');
        out.extend_from_slice(&digits.as_bytes()[whole..]);
    }
}

/// A decimal of this many digits after the point.
pub(super) fn decimal(out: &mut Vec<u8>, digits: &str, scale: i8) {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    out.extend_from_slice(sign.as_bytes());
    let Ok(scale) = usize::try_from(scale) else {
        out.extend_from_slice(digits.as_bytes());
        if digits != "0" {
            out.resize(out.len() + usize::from(scale.unsigned_abs()), b'0');
        }
        return;
    };
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    out.extend_from_slice(whole.as_bytes());
    if scale > 0 {
        out.push(b'.');
        out.extend_from_slice(fraction.as_bytes());
    }
}

/// `2026-11-21 05:22:08.123456`, with `T` between date and time in JSON. Years before 1 end in `BC`.
pub(super) fn timestamp(out: &mut Vec<u8>, micros: i64, utc: bool, separator: char) {
    let Some(time) = DateTime::from_timestamp_micros(micros) else {
        return out.extend_from_slice(if micros > 0 { b"infinity" } else { b"-infinity" });
    };
    let time: NaiveDateTime = time.naive_utc();
    year_month_day(out, time.date());
    display(out, separator);
    clock(
        out,
        i64::from(time.num_seconds_from_midnight()) * 1_000_000 + i64::from(time.nanosecond() / 1_000),
    );
    if utc {
        out.extend_from_slice(if separator == 'T' { b"+00:00" } else { b"+00" });
    }
    era(out, time.date());
}

pub(super) fn date(out: &mut Vec<u8>, days: i32) {
    let days = days.checked_add(UNIX_EPOCH_FROM_CE);
    match days.and_then(NaiveDate::from_num_days_from_ce_opt) {
        Some(date) => {
            year_month_day(out, date);
            era(out, date);
        }
        None => out.extend_from_slice(b"infinity"),
    }
}

/// Days from the first day of the year 1 to 1970-01-01, counted from 1.
const UNIX_EPOCH_FROM_CE: i32 = 719_163;

fn year_month_day(out: &mut Vec<u8>, date: NaiveDate) {
    let year = if date.year() > 0 { date.year() } else { 1 - date.year() };
    display(out, format_args!("{year:04}-{:02}-{:02}", date.month(), date.day()));
}

fn era(out: &mut Vec<u8>, date: NaiveDate) {
    if date.year() <= 0 {
        out.extend_from_slice(b" BC");
    }
}

/// `05:22:08.1234`, without zeros at its end.
pub(super) fn clock(out: &mut Vec<u8>, micros: i64) {
    let seconds = micros / 1_000_000;
    display(out, format_args!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60));
    fraction(out, micros % 1_000_000);
}

fn fraction(out: &mut Vec<u8>, micros: i64) {
    if micros != 0 {
        let digits = format!("{micros:06}");
        out.push(b'.');
        out.extend_from_slice(digits.trim_end_matches('0').as_bytes());
    }
}

/// `1 year 2 mons -3 days 04:05:06.7`.
pub(super) fn interval(out: &mut Vec<u8>, months: i32, days: i32, micros: i64) {
    let start = out.len();
    let mut negative_before = false;
    let mut part = |out: &mut Vec<u8>, value: i32, unit: &str| {
        if value == 0 {
            return;
        }
        if out.len() > start {
            out.push(b' ');
        }
        let plus = if negative_before && value > 0 { "+" } else { "" };
        let plural = if value == 1 { "" } else { "s" };
        display(out, format_args!("{plus}{value} {unit}{plural}"));
        negative_before = value < 0;
    };
    part(out, months / 12, "year");
    part(out, months % 12, "mon");
    part(out, days, "day");
    if micros != 0 || out.len() == start {
        let plus = negative_before && micros > 0;
        if out.len() > start {
            out.push(b' ');
        }
        out.extend_from_slice(if micros < 0 {
            b"-"
        } else if plus {
            b"+"
        } else {
            b""
        });
        let micros = i64::try_from(micros.unsigned_abs()).unwrap_or(i64::MAX);
        clock(out, micros);
    }
}

/// `\x0123`.
pub(super) fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.extend_from_slice(b"\\x");
    out.extend(
        bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]),
    );
}

/// One element of an array, quoted where PostgreSQL quotes it.
pub(super) fn array_element(out: &mut Vec<u8>, text: &[u8]) {
    let plain = !text.is_empty()
        && !text.eq_ignore_ascii_case(b"null")
        && !text.iter().any(|byte| {
            matches!(byte, b'"' | b'\\' | b'{' | b'}' | b',') || byte.is_ascii_whitespace() || *byte == 0x0b
        });
    if plain {
        return out.extend_from_slice(text);
    }
    out.push(b'"');
    for byte in text {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

/// A JSON string.
pub(super) fn json_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for character in text.chars() {
        match character {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            control if (control as u32) < 0x20 => display(out, format_args!("\\u{:04x}", control as u32)),
            other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}

/// PostgreSQL's binary numeric: digits to the base of 10,000.
pub(super) fn binary_numeric(out: &mut Vec<u8>, digits: &str, scale: i8) {
    let (negative, digits) = digits.strip_prefix('-').map_or((false, digits), |digits| (true, digits));
    let (digits, scale) = match usize::try_from(scale) {
        Ok(scale) => (digits.to_owned(), scale),
        Err(_) => (format!("{digits}{}", "0".repeat(usize::from(scale.unsigned_abs()))), 0),
    };
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    let whole = format!("{:0>width$}", whole, width = whole.len().next_multiple_of(4));
    let fraction = format!("{:0<width$}", fraction, width = fraction.len().next_multiple_of(4));
    let groups: Vec<i16> =
        [whole.as_str(), fraction.as_str()].concat().as_bytes().chunks(4).map(group).collect();
    let leading = groups.iter().take_while(|group| **group == 0).count();
    let trailing = groups.iter().rev().take_while(|group| **group == 0).count();
    let weight = (whole.len() / 4) as i16 - 1 - leading as i16;
    let groups = groups.get(leading..groups.len().saturating_sub(trailing)).unwrap_or_default();
    out.extend_from_slice(&(groups.len() as i16).to_be_bytes());
    out.extend_from_slice(&if groups.is_empty() { 0 } else { weight }.to_be_bytes());
    let negative = negative && !groups.is_empty();
    out.extend_from_slice(&if negative { 0x4000_u16 } else { 0 }.to_be_bytes());
    out.extend_from_slice(&(scale as u16).to_be_bytes());
    groups.iter().for_each(|group| out.extend_from_slice(&group.to_be_bytes()));
}

fn group(digits: &[u8]) -> i16 {
    digits.iter().fold(0, |value, digit| value * 10 + i16::from(digit.saturating_sub(b'0')))
}

#[cfg(test)]
mod tests;
