//! The nouns of Sealake: what an audit event, a finding, a log entry and a verdict are.
//!
//! Everything here is plain data and tables. There is no I/O, no clock and no arrow: `auditstore` builds the
//! Arrow schema from [`column::Schema`], `redactor` treats a value by the [`column::Class`] its column declares,
//! and `query` shows [`column::Column::doc`] to the auditor who asks what a column means. A column that is
//! declared in [`event::EVENT`] therefore exists everywhere, and nowhere else has to be told.

pub mod access;
pub mod column;
pub mod event;
pub mod finding;
pub mod json_schema;
pub mod manifest;
pub mod row;
pub mod value;
pub mod verdict;

pub use column::{Class, Column, Schema, Type};
pub use finding::Finding;
pub use value::{Record, Value};
