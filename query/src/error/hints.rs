//! The way out of an error, for the hint that psql prints under it.

use super::{Error, sqlstate};
use crate::catalog;

/// What is allowed, where something was refused.
pub(super) const ALLOWED: &str = "Allowed are SELECT, WITH, VALUES, EXPLAIN, SHOW, SET of what SHOW ALL lists, PREPARE and \
     EXECUTE, DECLARE, FETCH and CLOSE, and COPY (query) TO STDOUT. \\d lists the tables.";

pub(super) const COLUMN: &str = "\\d and a table's name list its columns; \\d+ says what they mean.";

pub(super) const FUNCTION: &str =
    "The functions are listed by SELECT DISTINCT routine_name FROM information_schema.routines.";

pub(super) const TIMEOUT: &str =
    "A range of event_time makes a statement read less; statement_timeout_ms in [serve] allows more time.";

pub(super) const VERIFY: &str = "`sealake verify` says what else of the lake is damaged.";

pub(super) const SUBQUERY: &str = "IN and EXISTS work in WHERE; among the columns EXISTS does, without a LIMIT if it depends on \
     the row outside. Else join the tables, or count(*) in a subquery.";

/// Whether what the engine cannot compute is a subquery. It names the expression, which is not handed on.
pub(super) fn is_subquery(what: &str) -> bool {
    what.contains("does not support logical expression")
        && ["InSubquery", "Exists", "ScalarSubquery", "SetComparison"].iter().any(|kind| what.contains(kind))
}

/// What takes values of one type, in the words of the engine's errors and in PostgreSQL's.
const OF_ONE_TYPE: &[(&str, &str)] = &[
    ("unction 'coalesce'", "COALESCE"),
    ("unction 'greatest'", "GREATEST"),
    ("unction 'least'", "LEAST"),
    ("unction 'nullif'", "NULLIF"),
    ("CASE WHEN expression", "CASE"),
    ("inputs for Union", "UNION"),
];

/// The engine's error where bytes should be of one type with a text, or with bytes of another length, as PostgreSQL
/// says it and with the way out: the engine names types of its own, and for `coalesce` one that nobody wrote.
pub(super) fn bytes_of_one_type(message: &str) -> Option<Error> {
    let (_, what) =
        OF_ONE_TYPE.iter().find(|(engine, _)| message.contains(engine) && message.contains("Binary"))?;
    let types = if message.contains("Utf8") { "bytea and text" } else { "bytea of fixed and of any length" };
    Some(Error::Different {
        sqlstate: sqlstate::DATATYPE_MISMATCH,
        message: format!("{what} types {types} cannot be matched"),
        hint: "cast to one type, as in coalesce(event_id::bytea, '\\x…'::bytea), or in coalesce(encode(event_id, 'hex'), \
               'none')",
    })
}

/// Names that differ in at most so many letters are taken for a slip.
const SLIP_LETTERS_MAX: usize = 3;

/// The table that may have been meant, and all there are. The engine's message has the name between quotes.
pub(super) fn table(message: &str) -> String {
    let wrong = message.split(['\'', '"']).nth(1).unwrap_or_default();
    let wrong = wrong.rsplit('.').next().unwrap_or_default();
    let near = catalog::names().map(|name| (distance(name, wrong), name)).min();
    let meant = match near {
        Some((letters, name)) if letters <= SLIP_LETTERS_MAX && letters < name.len() / 2 => {
            format!("Did you mean {name}? ")
        }
        _ => String::new(),
    };
    let all: Vec<&str> = catalog::names().collect();
    format!("{meant}Tables and views: {}.", all.join(", "))
}

/// Levenshtein's distance. Names are short: what is longer than one is cut.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, letter) in left.chars().enumerate() {
        let mut before = row[0];
        row[0] = at + 1;
        for (column, other) in right.iter().enumerate() {
            let changed = before + usize::from(letter != *other);
            before = row[column + 1];
            row[column + 1] = changed.min(before + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}
