//! Times as the log writes them, and calendar years for retention.
//!
//! In memory a time is `i64` microseconds since 1970-01-01T00:00:00Z; on disk it is
//! `2026-11-21T03:54:13.000000Z`, always six decimals and always UTC, so that text order is time order.

use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

/// A source of the current time in microseconds. Tests pass their own; everything else uses [`system_clock`].
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The clock of this machine.
pub fn system_clock() -> Clock {
    Arc::new(|| Utc::now().timestamp_micros())
}

/// Microseconds of one day.
pub(crate) const DAY_MICROS: i64 = 86_400_000_000;

/// Writes a time. Years outside 0000-9999 are clamped to them, since the format has four digits.
pub fn format_time(micros: i64) -> String {
    const FIRST: i64 = -62_167_219_200_000_000;
    const LAST: i64 = 253_402_300_799_999_999;
    let time = DateTime::<Utc>::from_timestamp_micros(micros.clamp(FIRST, LAST)).unwrap_or_default();
    time.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// Reads a time; exactly the bytes that [`format_time`] writes, or `None`.
pub fn parse_time(text: &str) -> Option<i64> {
    if text.len() != 27 || !text.is_ascii() {
        return None;
    }
    let micros = DateTime::parse_from_rfc3339(text).ok()?.timestamp_micros();
    (format_time(micros) == text).then_some(micros)
}

/// The UTC date of a time, `2026-11-21`.
pub(crate) fn date(micros: i64) -> String {
    format_time(micros)[..10].to_owned()
}

/// The same time of day `years` calendar years later. 29 February becomes 1 March where the year has none, so
/// that retention is never a day short (45 CFR 164.316(b)(2)(i) counts six years, not 2,190 days).
pub fn add_years(micros: i64, years: u64) -> i64 {
    let time = DateTime::<Utc>::from_timestamp_micros(micros).unwrap_or_default();
    let day = time.date_naive();
    let year = day.year().saturating_add(i32::try_from(years).unwrap_or(i32::MAX)).min(9999);
    let later = day.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1)).unwrap_or(day);
    later.and_time(time.time()).and_utc().timestamp_micros()
}

/// Until when the objects of a batch are kept: `years` after the later of its commit and its newest event. A
/// producer's clock counts at most one day beyond the commit, or an event of the year 9999 would keep its
/// segment for 8,000 years.
pub fn retain_until(committed: i64, event_max: Option<i64>, years: u64) -> i64 {
    let newest =
        event_max.map_or(committed, |event| event.clamp(committed, committed.saturating_add(DAY_MICROS)));
    add_years(newest, years)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        parse_time(text).expect("a time")
    }

    #[test]
    fn one_way_to_write_a_time() {
        for text in
            ["2026-11-21T03:54:13.000000Z", "1970-01-01T00:00:00.000001Z", "1969-12-31T23:59:59.999999Z"]
        {
            assert_eq!(format_time(at(text)), text);
        }
        for text in
            ["2026-11-21T03:54:13Z", "2026-11-21T03:54:13.000000+00", "2026-11-21t03:54:13.000000z", "x", ""]
        {
            assert_eq!(parse_time(text), None, "{text}");
        }
        assert_eq!(format_time(i64::MAX), "9999-12-31T23:59:59.999999Z");
        assert_eq!(format_time(i64::MIN), "0000-01-01T00:00:00.000000Z");
    }

    #[test]
    fn years_are_calendar_years() {
        let plus = |text: &str, years| format_time(add_years(at(text), years));
        assert_eq!(plus("2024-02-29T12:00:00.000000Z", 6), "2030-03-01T12:00:00.000000Z");
        assert_eq!(plus("2024-02-29T12:00:00.000000Z", 4), "2028-02-29T12:00:00.000000Z");
        assert_eq!(plus("2026-11-21T03:54:13.000000Z", 6), "2032-11-21T03:54:13.000000Z");
    }

    #[test]
    fn a_producers_clock_cannot_lock_for_ever() {
        let committed = at("2026-11-21T03:54:13.000000Z");
        let until = |event| format_time(retain_until(committed, event, 6));
        assert_eq!(until(None), "2032-11-21T03:54:13.000000Z");
        assert_eq!(until(Some(at("1970-01-01T00:00:00.000000Z"))), "2032-11-21T03:54:13.000000Z");
        assert_eq!(until(Some(at("2026-11-21T23:00:00.000000Z"))), "2032-11-21T23:00:00.000000Z");
        assert_eq!(until(Some(at("9999-01-01T00:00:00.000000Z"))), "2032-11-22T03:54:13.000000Z");
    }
}
