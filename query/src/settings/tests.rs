//! The table of settings is consistent, and durations are read as PostgreSQL reads them.

use super::*;

#[test]
fn defaults_are_valid_and_sorted() {
    for setting in SETTINGS {
        if !matches!(setting.values, Values::OneOf([])) {
            assert_eq!(
                check(setting.name, setting.default).as_deref(),
                Ok(setting.default),
                "{}",
                setting.name
            );
        }
    }
    assert!(SETTINGS.windows(2).all(|pair| pair[0].name < pair[1].name));
}

#[test]
fn durations() {
    for (text, ms) in [
        ("0", Some(0)),
        ("1500", Some(1500)),
        ("5s", Some(5000)),
        ("2 min", Some(120_000)),
        ("1h", Some(3_600_000)),
    ] {
        assert_eq!(milliseconds(text), ms, "{text}");
    }
    for text in ["", "s", "-1", "1 year", "99999999999", "1.5s"] {
        assert_eq!(milliseconds(text), None, "{text}");
    }
}

#[test]
fn names_are_found_without_case_and_quotes() {
    assert_eq!(known("TimeZone").as_deref(), Ok("timezone"));
    assert_eq!(known("\"sealake\".\"reason\"").as_deref(), Ok("sealake.reason"));
}
