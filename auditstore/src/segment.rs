//! Segments: redacted rows as one Parquet file, its record hashes and what it takes to check a part of it.
//!
//! A segment is plain Parquet, so that any engine reads it. What makes it evidence stands beside it: the leaf
//! hash of every row (`.leaves`), the root over them (in the manifest), and the SHA-256 of every 1 MiB block
//! (`.detail`), so that a range that a query fetches is believed only after its blocks were checked. The only
//! way in is a [`Row`], and nothing but a [`redactor::Redacted`] becomes one.

mod arrays;
mod arrow_schema;
mod build;
mod detail;
mod error;
mod reader;
mod records;
mod row;
mod statistics;

pub use arrow_schema::arrow_schema;
pub use build::{Built, SEGMENT_BYTES_MAX, build};
pub use detail::{BLOCK_BYTES, ColumnStatistics, Detail, FileDetail, RowGroup};
pub use error::Error;
pub use reader::CheckedReader;
pub use records::records;
pub use row::Row;

#[cfg(test)]
mod tests;
