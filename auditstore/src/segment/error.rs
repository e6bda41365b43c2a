//! What can go wrong with a segment, by what the caller can do about it.

use std::ops::Range;

/// Why a segment was not built, or why a part of it is not believed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A row does not fit its schema: the fault of the code that made the row. Nothing was written. The row can
    /// be left out (see [`super::Row::new`]) and the rest sealed.
    #[error("row {row}: column {column} {what}; the rows were not sealed")]
    Row {
        /// Position of the row among those that were given.
        row: usize,
        /// The column, nested ones by their path.
        column: String,
        /// What is wrong with it. Never the value.
        what: &'static str,
    },
    /// A single row is larger than a segment may be.
    #[error("row {row} alone makes a segment of more than {limit} bytes; the rows were not sealed", limit = super::SEGMENT_BYTES_MAX)]
    TooLarge {
        /// Position of the row among those that were given.
        row: usize,
    },
    /// A Parquet file has a column that its schema does not have, or of another type.
    #[error("column {column}: {what}")]
    Columns {
        /// The column, nested ones by their path.
        column: String,
        /// What is wrong with it.
        what: String,
    },
    /// The Parquet library failed, or the file is none.
    #[error("parquet: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// Arrow refused an array: a fault of this crate.
    #[error("arrow: {0}")]
    Arrow(#[from] arrow::error::ArrowError),
    /// The operating system gave no random bytes, so rows cannot be salted.
    #[error("no random bytes from the operating system: {0}")]
    Random(getrandom::Error),
    /// A `.detail` object is not what it should be.
    #[error("detail: {0}")]
    Detail(String),
    /// A block of a segment does not have the hash that the log vouches for. No byte of it was returned.
    #[error(
        "segment {segment} is modified: block {block} (bytes {}..{}) does not have the SHA-256 that the log names; nothing of it was returned",
        bytes.start, bytes.end
    )]
    Block {
        /// Path of the segment.
        segment: String,
        /// Number of the block, from 0.
        block: u64,
        /// The bytes of the block in the file.
        bytes: Range<u64>,
    },
    /// A segment as a whole does not have the hash that the log vouches for.
    #[error(
        "segment {segment} is modified: the file does not have the SHA-256 that the log names; nothing of it was returned"
    )]
    File {
        /// Path of the segment.
        segment: String,
    },
    /// A segment could not be read.
    #[error("segment {segment} could not be read: {source}")]
    Unreadable {
        /// Path of the segment.
        segment: String,
        /// What the store said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
