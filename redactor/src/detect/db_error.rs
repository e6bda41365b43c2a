//! What databases quote in their errors: `Key (last_name)=(Qorbeta) already exists.`
//!
//! PostgreSQL (`Key (columns)=(values)`, src/backend/utils/adt/ri_triggers.c and nbtinsert.c) names the columns, as
//! MySQL does behind the value: `Duplicate entry 'Q-704' for key 'patients.mrn'`.

use super::text::Text;
use super::{Blots, Category, Detector, Hit, Needs};
use crate::keys;

/// Finds the values of violated keys.
pub(super) struct DbError;

/// The longest list of columns or values, in bytes.
const LIST_BYTES_MAX: usize = 512;
/// The most columns of a key.
const COLUMNS_MAX: usize = 16;

impl Detector for DbError {
    fn id(&self) -> &'static str {
        "db_error"
    }

    fn categories(&self) -> &'static [Category] {
        Category::ALL
    }

    fn example(&self) -> &'static str {
        "Key (last_name, mrn)=(Qorbeta, Q-704) already exists."
    }

    fn needs(&self) -> Needs {
        Needs::signs(b"='")
    }

    fn needs_too(&self) -> Needs {
        Needs::signs(b"('")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let bytes = text.text.as_bytes();
        // Each is looked for by its rarest sign.
        if text.may_hold(b'=') && text.may_hold(b'(') {
            for equals in memchr::memchr_iter(b'=', bytes) {
                if bytes[..equals].ends_with(b")") && bytes[equals + 1..].starts_with(b"(") {
                    listed(text, equals - 1, hits);
                }
            }
        }
        if text.may_hold(b'\'') {
            for quote in memchr::memchr_iter(b'\'', bytes) {
                if bytes[..quote].ends_with(b"Duplicate entry ") {
                    duplicate(text, quote + 1, hits);
                }
            }
        }
    }
}

/// `(a, b)=(x, y)` around the offset of `)=(`.
fn listed(prepared: &Text<'_>, joint: usize, hits: &mut Vec<Hit>) {
    let text = prepared.text;
    let bytes = text.as_bytes();
    let floor = joint.saturating_sub(LIST_BYTES_MAX);
    let Some(open) = memchr::memrchr(b'(', &bytes[floor..joint]).map(|open| floor + open) else { return };
    let from = joint + 3;
    let ceiling = bytes.len().min(from + LIST_BYTES_MAX);
    let Some(close) = memchr::memchr(b')', &bytes[from..ceiling]).map(|close| from + close) else { return };
    let (names, values) = (&text[open + 1..joint], &text[from..close]);
    let count = names.split(',').count();
    // A name may hold a comma itself: one column takes all.
    if count == 1 {
        return value(prepared.blots, names, values, from, hits);
    }
    if count > COLUMNS_MAX || values.split(',').count() != count {
        return;
    }
    let mut at = from;
    for (name, one) in names.split(',').zip(values.split(',')) {
        value(prepared.blots, name, one, at, hits);
        at += one.len() + 1;
    }
}

/// `'Q-704' for key 'patients.mrn'` from the first letter of the value.
fn duplicate(prepared: &Text<'_>, from: usize, hits: &mut Vec<Hit>) {
    const BETWEEN: &str = "' for key '";
    let text = prepared.text;
    let ceiling = (from + LIST_BYTES_MAX).min(text.len());
    let window = &text.as_bytes()[from..ceiling];
    let Some(end) = memchr::memmem::find(window, BETWEEN.as_bytes()).map(|end| from + end) else { return };
    let behind = &text[end + BETWEEN.len()..];
    let key = &behind[..behind.find('\'').unwrap_or(0)];
    let column = key.rsplit('.').next().unwrap_or(key);
    let column = ["_unique", "_key", "_idx", "_UNIQUE", "_uk"]
        .iter()
        .fold(column, |column, end| column.strip_suffix(end).unwrap_or(column));
    value(prepared.blots, column, &text[from..end], from, hits);
}

fn value(blots: Blots, name: &str, spelled: &str, at: usize, hits: &mut Vec<Hit>) {
    let name = name.trim().trim_matches('"');
    let name = name.strip_prefix("lower(").unwrap_or(name);
    let Some(category) = keys::telling(name.split("::").next().unwrap_or(name)) else { return };
    let start = at + (spelled.len() - spelled.trim_start().len());
    let spelled = spelled.trim();
    if keys::fits(category, spelled) && !blots.begin(spelled) {
        hits.push(Hit { start, end: start + spelled.len(), category, rule: "db_error.key", score: 0.9 });
    }
}

#[cfg(test)]
mod tests;
