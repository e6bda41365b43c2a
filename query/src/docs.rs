//! What tables and columns mean, for `\d+`, `obj_description` and `col_description`.
//!
//! One source each: the columns of events and access records are documented where they are declared
//! (`schemas`), those of views in their `.sql` files, those that this crate adds here.

use crate::catalog::{self, ACCESS, EVENTS};
use crate::{tables, views};

/// The columns that a table over segments has beside those of its schema.
pub(crate) const LOG_SEQ: (&str, &str) = ("log_seq", "Entry of the log that the row came with.");
pub(crate) const COMMITTED: (&str, &str) = ("committed", "When that entry was committed, UTC.");
pub(crate) const SEGMENT: (&str, &str) =
    ("segment", "Segment that holds the row: its path from the log's root.");
pub(crate) const SEGMENT_ROW: (&str, &str) =
    ("segment_row", "Row in the segment, from 0: the index of its leaf in the segment's Merkle tree.");

/// What a table or view is.
pub fn table(name: &str) -> Option<&'static str> {
    match name {
        EVENTS => Some(schemas::event::EVENT.doc),
        ACCESS => Some(schemas::access::ACCESS.doc),
        tables::SEGMENTS => Some(tables::SEGMENTS_DOC),
        tables::LOG => Some(tables::LOG_DOC),
        name => views::find(name).map(views::View::doc),
    }
}

/// The columns of a table or view with their meaning, in order.
pub fn columns(name: &str) -> Vec<(&'static str, &'static str)> {
    let segment_table = |schema: &'static schemas::Schema| {
        let own = schema.columns.iter().map(|column| (column.name, column.doc));
        own.chain([LOG_SEQ, COMMITTED, SEGMENT, SEGMENT_ROW]).collect()
    };
    match name {
        EVENTS => segment_table(&schemas::event::EVENT),
        ACCESS => segment_table(&schemas::access::ACCESS),
        tables::SEGMENTS => tables::SEGMENTS_COLUMNS.iter().map(|column| (column.name, column.doc)).collect(),
        tables::LOG => tables::LOG_COLUMNS.iter().map(|column| (column.name, column.doc)).collect(),
        name => views::find(name).map(|view| view.columns().collect()).unwrap_or_default(),
    }
}

/// What a column is.
pub fn column(table: &str, column: &str) -> Option<&'static str> {
    columns(table).into_iter().find(|(name, _)| *name == column).map(|(_, doc)| doc)
}

/// Every documented table and view, by name.
pub fn names() -> impl Iterator<Item = &'static str> {
    catalog::names()
}
