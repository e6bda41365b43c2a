//! The byte-exact encoding of a row, whose SHA-256 (with a 0x00 prefix, RFC 6962) is the row's leaf hash.
//!
//! ```text
//! row    = record_salt (16 bytes) || field(schema id) || field(column 1) || … || field(column n)
//! field  = u32-LE length || bytes        a value that is there
//!        = FF FF FF FF                   no value
//! bool   = 00 | 01
//! int    = i64-LE, whatever the width of the column
//! float  = f64-LE; -0.0 is written as 0.0, every NaN as 7FF8000000000000
//! decimal= 16 bytes, little endian, two's complement, the unscaled value
//! time   = i64-LE, microseconds since 1970-01-01T00:00:00Z
//! text   = UTF-8; a dictionary value is its text
//! binary = the bytes
//! list   = u32-LE count || field(item) …
//! struct = field(first field) || … in declared order
//! counts = u32-LE count || (field(key text) || field(i64-LE)) … sorted by the bytes of the key, no key twice
//! ```
//!
//! An empty list is not null. The encoding needs nothing but the columns of the Parquet file and their order in
//! the published schema, so that a person with any Parquet reader can compute it.

use std::fmt;

use crate::value::{Record, Value};

pub mod fields;

/// The length that says "no value".
pub const NULL: u32 = 0xFFFF_FFFF;

/// Why a row cannot be encoded.
#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// A required column has no value.
    MissingRequired(&'static str),
    /// A map has a key twice.
    KeyTwice(&'static str),
    /// A value is 4 GiB or larger.
    TooLong(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::MissingRequired(column) => write!(f, "column {column} is required and has no value"),
            Error::KeyTwice(column) => write!(f, "column {column} has a map key twice"),
            Error::TooLong(column) => write!(f, "column {column} has a value of 4 GiB or more"),
        }
    }
}

impl std::error::Error for Error {}

/// Appends the encoding of a row to `out`.
///
/// # Errors
/// A required column without value, a map with a key twice, a value of 4 GiB or more.
pub fn encode(record: &Record, salt: &[u8; 16], out: &mut Vec<u8>) -> Result<(), Error> {
    let schema = record.schema();
    out.extend_from_slice(salt);
    bytes(schema.id.as_bytes(), "schema id", out)?;
    for (column, value) in schema.columns.iter().zip(record.values()) {
        if value.is_null() && !column.nullable {
            return Err(Error::MissingRequired(column.name));
        }
        field(value, column.name, out)?;
    }
    Ok(())
}

fn field(value: &Value, column: &'static str, out: &mut Vec<u8>) -> Result<(), Error> {
    match value {
        Value::Null => out.extend_from_slice(&NULL.to_le_bytes()),
        Value::Bool(bool) => bytes(&[u8::from(*bool)], column, out)?,
        Value::Int(int) | Value::Time(int) => bytes(&int.to_le_bytes(), column, out)?,
        Value::Float(float) => bytes(&float_bytes(*float), column, out)?,
        Value::Decimal(unscaled) => bytes(&unscaled.to_le_bytes(), column, out)?,
        Value::Text(text) => bytes(text.as_bytes(), column, out)?,
        Value::Bytes(binary) => bytes(binary, column, out)?,
        Value::List(items) => nested(column, out, |out| {
            out.extend_from_slice(&length(items.len(), column)?.to_le_bytes());
            items.iter().try_for_each(|item| field(item, column, out))
        })?,
        Value::Struct(fields) => {
            nested(column, out, |out| fields.iter().try_for_each(|value| field(value, column, out)))?
        }
        Value::Counts(entries) => {
            let mut sorted: Vec<_> = entries.iter().collect();
            sorted.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
            if sorted.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                return Err(Error::KeyTwice(column));
            }
            nested(column, out, |out| {
                out.extend_from_slice(&length(sorted.len(), column)?.to_le_bytes());
                for (key, count) in sorted {
                    bytes(key.as_bytes(), column, out)?;
                    bytes(&count.to_le_bytes(), column, out)?;
                }
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// Writes what `write` appends, with its length before it.
fn nested(
    column: &'static str,
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), Error>,
) -> Result<(), Error> {
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    write(out)?;
    let length = length(out.len() - at - 4, column)?;
    out[at..at + 4].copy_from_slice(&length.to_le_bytes());
    Ok(())
}

fn bytes(bytes: &[u8], column: &'static str, out: &mut Vec<u8>) -> Result<(), Error> {
    out.extend_from_slice(&length(bytes.len(), column)?.to_le_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}

fn length(length: usize, column: &'static str) -> Result<u32, Error> {
    u32::try_from(length).ok().filter(|length| *length != NULL).ok_or(Error::TooLong(column))
}

fn float_bytes(float: f64) -> [u8; 8] {
    if float.is_nan() {
        0x7FF8_0000_0000_0000_u64.to_le_bytes()
    } else if float == 0.0 {
        0.0_f64.to_le_bytes()
    } else {
        float.to_le_bytes()
    }
}

#[cfg(test)]
mod tests;
