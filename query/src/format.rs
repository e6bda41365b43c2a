//! Rows as text: a table for people, JSON lines and CSV for programs.
//!
//! Nothing is lost in JSON and CSV: whole numbers and decimals are written with all their digits, binary values as
//! hex, times as ISO 8601 in UTC. A table cuts long cells, since a prompt can have a million characters.

use std::fmt::Write as _;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, SchemaRef};
use arrow::util::display::{ArrayFormatter, DurationFormat, FormatOptions};

use crate::error::Error;

/// The longest cell of a table in characters, so that a SHA-256 in hex just fits; the rest is cut, and says so.
pub const TABLE_CELL_CHARS_MAX: usize = 64;

/// Rows from which the widths of a table are taken, and that are held in memory for it.
const TABLE_ROWS_MEASURED: usize = 1_000;

/// The zone of times as the lake has them.
const UTC: &str = "+00:00";

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns.
    Table,
    /// One JSON object a row (NDJSON).
    Json,
    /// RFC 4180 with a header line; null is an empty field.
    Csv,
}

/// Writes the rows of one answer.
pub struct Writer {
    format: Format,
    schema: SchemaRef,
    measured: Vec<Vec<String>>,
    widths: Option<Vec<usize>>,
    header: bool,
    rows: u64,
}

impl Writer {
    /// A writer for rows of this schema.
    pub fn new(format: Format, schema: &SchemaRef) -> Writer {
        let schema = SchemaRef::clone(schema);
        Writer { format, schema, measured: Vec::new(), widths: None, header: false, rows: 0 }
    }

    /// The text of these rows, as far as it can be written yet.
    ///
    /// # Errors
    /// A type that has no text.
    pub fn batch(&mut self, batch: &RecordBatch) -> Result<String, Error> {
        self.rows += batch.num_rows() as u64;
        let mut out = String::new();
        match self.format {
            Format::Json => json_rows(batch, &mut out)?,
            Format::Csv => {
                self.csv_header(&mut out);
                csv_rows(batch, &mut out)?;
            }
            Format::Table => {
                let rows = cells(batch)?;
                self.measured.extend(rows);
                if self.widths.is_some() || self.measured.len() >= TABLE_ROWS_MEASURED {
                    self.flush_table(&mut out);
                }
            }
        }
        Ok(out)
    }

    /// What is left to write after the last row.
    pub fn end(&mut self) -> String {
        let mut out = String::new();
        match self.format {
            Format::Json => {}
            Format::Csv => self.csv_header(&mut out),
            Format::Table => {
                self.flush_table(&mut out);
                let rows = if self.rows == 1 { "row" } else { "rows" };
                // Writing to a String does not fail.
                let _ = writeln!(out, "({} {rows})", self.rows);
            }
        }
        out
    }

    fn csv_header(&mut self, out: &mut String) {
        if !std::mem::replace(&mut self.header, true) {
            let names: Vec<String> =
                self.schema.fields().iter().map(|field| csv_cell(field.name())).collect();
            out.push_str(&names.join(","));
            out.push_str("\r\n");
        }
    }

    fn flush_table(&mut self, out: &mut String) {
        let names: Vec<&str> = self.schema.fields().iter().map(|field| field.name().as_str()).collect();
        let numeric: Vec<bool> =
            self.schema.fields().iter().map(|field| field.data_type().is_numeric()).collect();
        let widths = self.widths.get_or_insert_with(|| {
            let width = |at: usize, name: &str| {
                let cells = self.measured.iter().map(|row| row[at].chars().count());
                cells.max().unwrap_or(0).max(name.chars().count())
            };
            let widths = names.iter().enumerate().map(|(at, name)| width(at, name)).collect::<Vec<_>>();
            let header = names.iter().zip(&widths).map(|(name, width)| format!(" {name:^width$} "));
            out.push_str(header.collect::<Vec<_>>().join("|").trim_end());
            out.push('\n');
            out.push_str(&widths.iter().map(|width| "-".repeat(width + 2)).collect::<Vec<_>>().join("+"));
            out.push('\n');
            widths
        });
        for row in self.measured.drain(..) {
            let cells = row.iter().zip(widths.iter()).zip(&numeric).map(|((cell, width), numeric)| {
                if *numeric { format!(" {cell:>width$} ") } else { format!(" {cell:<width$} ") }
            });
            out.push_str(cells.collect::<Vec<_>>().join("|").trim_end());
            out.push('\n');
        }
    }
}

/// How single values are written, everywhere.
fn options() -> FormatOptions<'static> {
    FormatOptions::default()
        .with_null("")
        .with_timestamp_tz_format(Some("%Y-%m-%dT%H:%M:%S%.fZ"))
        .with_duration_format(DurationFormat::ISO8601)
}

fn unwritable(column: &str) -> Error {
    Error::Internal(format!("column {column} cannot be written as text"))
}

/// The text of one value; nested ones as JSON.
fn text(column: &dyn Array, name: &str, row: usize) -> Result<String, Error> {
    if column.data_type().is_nested() {
        let mut out = String::new();
        json_value(column, name, row, &mut out)?;
        return Ok(out);
    }
    if column.is_null(row) {
        return Ok(String::new());
    }
    if let DataType::Timestamp(unit, Some(zone)) = column.data_type()
        && zone.as_ref() != UTC
    {
        // Times are written in UTC, whatever zone a statement computed them in.
        let utc = cast(&column.slice(row, 1), &DataType::Timestamp(*unit, Some(UTC.into())));
        return text(&utc.map_err(|_| unwritable(name))?, name, 0);
    }
    let options = options();
    let formatter = ArrayFormatter::try_new(column, &options).map_err(|_| unwritable(name))?;
    formatter.value(row).try_to_string().map_err(|_| unwritable(name))
}

fn cells(batch: &RecordBatch) -> Result<Vec<Vec<String>>, Error> {
    let schema = batch.schema();
    let mut rows = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        let columns = batch.columns().iter().zip(schema.fields());
        let cells = columns.map(|(column, field)| Ok(table_cell(&text(column, field.name(), row)?)));
        rows.push(cells.collect::<Result<_, Error>>()?);
    }
    Ok(rows)
}

/// One line, without control characters (a cell must not move the cursor of a terminal), cut.
fn table_cell(text: &str) -> String {
    let mut cell = String::new();
    for (at, c) in text.chars().enumerate() {
        if at == TABLE_CELL_CHARS_MAX {
            cell.pop();
            cell.push('…');
            break;
        }
        cell.push(if c == '\n' || c == '\t' {
            ' '
        } else if c.is_control() {
            '\u{FFFD}'
        } else {
            c
        });
    }
    cell
}

fn csv_rows(batch: &RecordBatch, out: &mut String) -> Result<(), Error> {
    let schema = batch.schema();
    for row in 0..batch.num_rows() {
        for (at, (column, field)) in batch.columns().iter().zip(schema.fields()).enumerate() {
            if at > 0 {
                out.push(',');
            }
            out.push_str(&csv_cell(&text(column, field.name(), row)?));
        }
        out.push_str("\r\n");
    }
    Ok(())
}

fn csv_cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn json_rows(batch: &RecordBatch, out: &mut String) -> Result<(), Error> {
    let schema = batch.schema();
    let names = unique_names(&schema);
    for row in 0..batch.num_rows() {
        out.push('{');
        for (at, (column, field)) in batch.columns().iter().zip(schema.fields()).enumerate() {
            if at > 0 {
                out.push(',');
            }
            out.push_str(&names[at]);
            out.push(':');
            json_value(column, field.name(), row, out)?;
        }
        out.push_str("}\n");
    }
    Ok(())
}

/// Names as JSON texts. SQL may call two columns alike, a JSON object may not: later ones get a number.
fn unique_names(schema: &SchemaRef) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        let taken = |name: &str| names.iter().any(|other| other == name);
        let mut name = field.name().clone();
        let mut number = 2;
        while taken(&name) {
            name = format!("{}_{number}", field.name());
            number += 1;
        }
        names.push(name);
    }
    names.iter().map(|name| json_text(name)).collect()
}

fn json_text(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

fn json_value(column: &dyn Array, name: &str, row: usize, out: &mut String) -> Result<(), Error> {
    if column.is_null(row) || *column.data_type() == DataType::Null {
        out.push_str("null");
        return Ok(());
    }
    match column.data_type() {
        DataType::Boolean => out.push_str(if column.as_boolean().value(row) { "true" } else { "false" }),
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            let number = text(column, name, row)?;
            // JSON has no NaN and no infinity.
            let finite = number.parse::<f64>().is_ok_and(f64::is_finite);
            out.push_str(&if finite { number } else { json_text(&number) });
        }
        ty if ty.is_numeric() => out.push_str(&text(column, name, row)?),
        DataType::Dictionary(_, _) => {
            let dictionary = column.as_any_dictionary();
            let key = dictionary.normalized_keys()[row];
            json_value(dictionary.values(), name, key, out)?;
        }
        DataType::List(_) => json_list(&column.as_list::<i32>().value(row), name, out)?,
        DataType::LargeList(_) => json_list(&column.as_list::<i64>().value(row), name, out)?,
        DataType::FixedSizeList(_, _) => json_list(&column.as_fixed_size_list().value(row), name, out)?,
        DataType::Struct(fields) => {
            out.push('{');
            for (at, (field, part)) in fields.iter().zip(column.as_struct().columns()).enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&json_text(field.name()));
                out.push(':');
                json_value(part, name, row, out)?;
            }
            out.push('}');
        }
        DataType::Map(_, _) => {
            let entries = column.as_map().value(row);
            out.push('{');
            for at in 0..entries.len() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&json_text(&text(entries.column(0), name, at)?));
                out.push(':');
                json_value(entries.column(1), name, at, out)?;
            }
            out.push('}');
        }
        _ => out.push_str(&json_text(&text(column, name, row)?)),
    }
    Ok(())
}

fn json_list(items: &dyn Array, name: &str, out: &mut String) -> Result<(), Error> {
    out.push('[');
    for at in 0..items.len() {
        if at > 0 {
            out.push(',');
        }
        json_value(items, name, at, out)?;
    }
    out.push(']');
    Ok(())
}

#[cfg(test)]
mod tests;
