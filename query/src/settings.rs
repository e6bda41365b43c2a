//! The settings that a session has: a fixed list, handled here and nowhere else.
//!
//! None of them reaches the engine: a client that could set the engine's options could lift its own memory
//! limit or name a directory to spill to. What is not on the list is refused.

use crate::error::{Error, sqlstate};

/// One setting.
pub struct Setting {
    /// Name, lower case.
    pub name: &'static str,
    /// Value of a new session.
    pub default: &'static str,
    /// What it means here.
    pub doc: &'static str,
    values: Values,
}

/// Which values a setting takes.
enum Values {
    /// Any text of at most this many bytes.
    Text(usize),
    /// One of these, compared without case.
    OneOf(&'static [&'static str]),
    /// Whole numbers, with a unit of time for those in milliseconds.
    Int,
    /// A duration; a number without unit is milliseconds.
    Milliseconds,
}

const ON_OFF: &[&str] = &["on", "off", "true", "false", "yes", "no", "1", "0"];
const ISOLATION: &[&str] = &["read uncommitted", "read committed", "repeatable read", "serializable"];

/// The values of `client_min_messages` that leave notices out.
pub(crate) const ABOVE_NOTICES: &[&str] = &["warning", "error", "fatal", "panic"];

/// Every setting, by name.
pub static SETTINGS: &[Setting] = &[
    setting("application_name", "", "Name of the program; stands in the access log.", Values::Text(200)),
    setting("bytea_output", "hex", "How binary values are written.", Values::OneOf(&["hex"])),
    setting("client_encoding", "UTF8", "Always UTF-8.", Values::OneOf(&["utf8", "utf-8", "unicode"])),
    setting(
        "client_min_messages",
        "notice",
        "From warning on, no notices are sent.",
        Values::OneOf(&[
            "debug5", "debug4", "debug3", "debug2", "debug1", "debug", "log", "info", "notice", "warning",
            "error", "fatal", "panic",
        ]),
    ),
    setting("datestyle", "ISO, MDY", "Times are written as ISO 8601.", Values::Text(40)),
    setting(
        "default_transaction_isolation",
        "read committed",
        "Accepted, without effect.",
        Values::OneOf(ISOLATION),
    ),
    setting(
        "default_transaction_read_only",
        "on",
        "Nothing can be written.",
        Values::OneOf(&["on", "true", "yes", "1"]),
    ),
    setting("extra_float_digits", "1", "Floats are written so that they read back the same.", Values::Int),
    setting("idle_in_transaction_session_timeout", "0", "Accepted, without effect.", Values::Milliseconds),
    setting("idle_session_timeout", "0", "Accepted, without effect.", Values::Milliseconds),
    setting("integer_datetimes", "on", "Times are integers.", Values::OneOf(&["on"])),
    setting(
        "intervalstyle",
        "postgres",
        "How intervals are written.",
        Values::OneOf(&["postgres", "iso_8601"]),
    ),
    setting("jit", "off", "Accepted, without effect.", Values::OneOf(ON_OFF)),
    setting("lock_timeout", "0", "Accepted, without effect: nothing takes locks.", Values::Milliseconds),
    setting("max_identifier_length", "63", "Length of names.", Values::Int),
    setting("row_security", "on", "Accepted, without effect.", Values::OneOf(ON_OFF)),
    setting("sealake.reason", "", "Why you look; stands in the access log.", Values::Text(1_000)),
    setting("search_path", "public", "Where names are looked up.", Values::Text(200)),
    setting("server_encoding", "UTF8", "Always UTF-8.", Values::OneOf(&[])),
    setting(
        "server_version",
        crate::SERVER_VERSION,
        "The PostgreSQL that drivers should take this for.",
        Values::OneOf(&[]),
    ),
    setting(
        "standard_conforming_strings",
        "on",
        "Backslashes in strings are plain.",
        Values::OneOf(&["on", "true"]),
    ),
    setting(
        "statement_timeout",
        "0",
        "Deadline of a statement, its rows included; 0 is the server's own limit, which it cannot exceed.",
        Values::Milliseconds,
    ),
    setting("synchronize_seqscans", "off", "Accepted, without effect.", Values::OneOf(ON_OFF)),
    setting(
        "timezone",
        "UTC",
        "Times are UTC.",
        Values::OneOf(&["utc", "etc/utc", "gmt", "0", "+00:00", "00:00", "z", "zulu"]),
    ),
    setting(
        "transaction_isolation",
        "read committed",
        "Each statement sees one log size.",
        Values::OneOf(ISOLATION),
    ),
    setting(
        "transaction_read_only",
        "on",
        "Nothing can be written.",
        Values::OneOf(&["on", "true", "yes", "1"]),
    ),
];

const fn setting(name: &'static str, default: &'static str, doc: &'static str, values: Values) -> Setting {
    Setting { name, default, doc, values }
}

/// The canonical name of a setting that exists.
///
/// # Errors
/// There is none of this name, or it is one of the engine's.
pub fn known(name: &str) -> Result<String, Error> {
    let name = name.replace('"', "").to_lowercase();
    let name = match name.as_str() {
        "time_zone" | "time zone" => "timezone",
        "transaction_isolation_level" => "transaction_isolation",
        "names" => "client_encoding",
        name => name,
    };
    if SETTINGS.iter().any(|setting| setting.name == name) {
        return Ok(name.to_owned());
    }
    if name.starts_with("datafusion.") {
        return Err(Error::denied(
            sqlstate::INSUFFICIENT_PRIVILEGE,
            "the engine's settings cannot be changed by a client; SHOW ALL lists the settings that a session has",
        ));
    }
    let name: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || "._".contains(*c)).take(63).collect();
    Err(Error::denied(
        sqlstate::UNDEFINED_OBJECT,
        format!(
            "unrecognized configuration parameter \"{name}\"; SHOW ALL lists the settings that a session has"
        ),
    ))
}

/// The value in the form in which `SHOW` gives it.
///
/// # Errors
/// The setting does not take this value.
pub fn check(name: &str, value: &str) -> Result<String, Error> {
    let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
        return known(name);
    };
    let wrong = |takes: &str| {
        Err(Error::statement(
            sqlstate::INVALID_PARAMETER_VALUE,
            format!("invalid value for parameter \"{name}\": it takes {takes}"),
        ))
    };
    match &setting.values {
        Values::Text(bytes_max) if value.len() <= *bytes_max && !value.contains('\0') => Ok(value.to_owned()),
        Values::Text(bytes_max) => wrong(&format!("a text of at most {bytes_max} bytes")),
        Values::OneOf([]) => wrong("no other value than its own"),
        Values::OneOf(values) if values.iter().any(|one| one.eq_ignore_ascii_case(value)) => Ok(match name {
            "client_encoding" | "timezone" => setting.default.to_owned(),
            _ => value.to_lowercase(),
        }),
        Values::OneOf(values) => wrong(&values.join(", ")),
        Values::Int => match value.parse::<i32>() {
            Ok(int) => Ok(int.to_string()),
            Err(_) => wrong("a whole number"),
        },
        Values::Milliseconds => match milliseconds(value) {
            Some(ms) => Ok(ms.to_string()),
            None => wrong("milliseconds, or a number with one of ms, s, min, h, d"),
        },
    }
}

/// PostgreSQL's units of time.
pub(crate) fn milliseconds(value: &str) -> Option<u64> {
    let value = value.trim();
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let number = value[..digits].parse::<u64>().ok()?;
    let factor = match value[digits..].trim() {
        "" | "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.checked_mul(factor).filter(|ms| *ms <= i32::MAX as u64)
}

#[cfg(test)]
mod tests;
