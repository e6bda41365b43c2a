//! From a column of a record batch to PostgreSQL's text and binary forms of its cells.
//!
//! A [`Column`] is made once a batch: it looks up the column's type, brings rare types to a common one, and then
//! writes cell after cell without looking at the type again.

use arrow::array::types::{Float32Type, Float64Type, Int16Type, Int32Type, Int64Type, UInt64Type};
use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewArray, BooleanArray, Date32Array, Decimal128Array, Decimal256Array,
    FixedSizeBinaryArray, IntervalMonthDayNanoArray, LargeBinaryArray, LargeStringArray, PrimitiveArray,
    StringArray, StringViewArray, Time64MicrosecondArray, TimestampMicrosecondArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, IntervalUnit, TimeUnit};
use arrow::error::ArrowError;

use super::text;
use super::types::{self, oid};

/// How a client wants a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// As a person reads it.
    #[default]
    Text,
    /// As the machine has it.
    Binary,
}

/// One column of a batch, ready to be written.
pub(super) struct Column {
    nulls: Option<NullBuffer>,
    cells: Cells,
    oid: u32,
}

enum Cells {
    Null,
    Bool(BooleanArray),
    Int16(PrimitiveArray<Int16Type>),
    Int32(PrimitiveArray<Int32Type>),
    Int64(PrimitiveArray<Int64Type>),
    UInt64(PrimitiveArray<UInt64Type>),
    Float32(PrimitiveArray<Float32Type>),
    Float64(PrimitiveArray<Float64Type>),
    Decimal128(Decimal128Array, i8),
    Decimal256(Decimal256Array, i8),
    Text(StringArray),
    LargeText(LargeStringArray),
    TextView(StringViewArray),
    Bytes(LargeBinaryArray),
    BytesView(BinaryViewArray),
    FixedBytes(FixedSizeBinaryArray),
    Date(Date32Array),
    Time(Time64MicrosecondArray),
    Timestamp(TimestampMicrosecondArray, bool),
    Interval(IntervalMonthDayNanoArray),
    List(OffsetBuffer<i32>, Box<Column>),
    Struct(Vec<(String, Column)>),
    Map(OffsetBuffer<i32>, Box<(Column, Column)>),
}

impl Column {
    /// Prepares a column.
    ///
    /// # Errors
    /// A type without a form in PostgreSQL, which no table here has.
    pub(super) fn new(array: &ArrayRef) -> Result<Column, ArrowError> {
        let oid = types::of(array.data_type()).oid;
        let array = match common_type(array.data_type()) {
            Some(common) => cast(array, &common)?,
            None => ArrayRef::clone(array),
        };
        Ok(Column { nulls: array.logical_nulls(), cells: cells(&array)?, oid })
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) || matches!(self.cells, Cells::Null)
    }

    /// Writes a cell that is not null.
    pub(super) fn write(&self, row: usize, format: Format, out: &mut Vec<u8>) {
        if self.oid == oid::JSON {
            return self.json(row, out);
        }
        match format {
            Format::Text => self.text(row, out),
            Format::Binary => self.binary(row, out),
        }
    }

    fn text(&self, row: usize, out: &mut Vec<u8>) {
        match &self.cells {
            Cells::Null => {}
            Cells::Bool(array) => text::bool(out, array.value(row)),
            Cells::Int16(array) => text::display(out, array.value(row)),
            Cells::Int32(array) => text::display(out, array.value(row)),
            Cells::Int64(array) => text::display(out, array.value(row)),
            Cells::UInt64(array) => text::display(out, array.value(row)),
            Cells::Float32(array) => {
                let value = array.value(row);
                text::float(out, &format!("{value:e}"), f64::from(value), 6);
            }
            Cells::Float64(array) => {
                let value = array.value(row);
                text::float(out, &format!("{value:e}"), value, 15);
            }
            Cells::Decimal128(array, scale) => text::decimal(out, &array.value(row).to_string(), *scale),
            Cells::Decimal256(array, scale) => text::decimal(out, &array.value(row).to_string(), *scale),
            Cells::Text(_) | Cells::LargeText(_) | Cells::TextView(_) => {
                out.extend_from_slice(self.str(row).as_bytes())
            }
            Cells::Bytes(_) | Cells::BytesView(_) | Cells::FixedBytes(_) => text::bytes(out, self.bytes(row)),
            Cells::Date(array) => text::date(out, array.value(row)),
            Cells::Time(array) => text::clock(out, array.value(row)),
            Cells::Timestamp(array, utc) => text::timestamp(out, array.value(row), *utc, ' '),
            Cells::Interval(array) => {
                let value = array.value(row);
                text::interval(out, value.months, value.days, value.nanoseconds / 1_000);
            }
            Cells::List(offsets, items) => {
                let mut element = Vec::new();
                out.push(b'{');
                for item in range(offsets, row) {
                    if out.last() != Some(&b'{') || item > offsets[row] as usize {
                        out.push(b',');
                    }
                    if items.is_null(item) {
                        out.extend_from_slice(b"NULL");
                    } else {
                        element.clear();
                        items.text(item, &mut element);
                        text::array_element(out, &element);
                    }
                }
                out.push(b'}');
            }
            Cells::Struct(_) | Cells::Map(_, _) => self.json(row, out),
        }
    }

    fn binary(&self, row: usize, out: &mut Vec<u8>) {
        match &self.cells {
            Cells::Null => {}
            Cells::Bool(array) => out.push(u8::from(array.value(row))),
            Cells::Int16(array) => out.extend_from_slice(&array.value(row).to_be_bytes()),
            Cells::Int32(array) => out.extend_from_slice(&array.value(row).to_be_bytes()),
            Cells::Int64(array) => out.extend_from_slice(&array.value(row).to_be_bytes()),
            Cells::UInt64(array) => text::binary_numeric(out, &array.value(row).to_string(), 0),
            Cells::Float32(array) => out.extend_from_slice(&array.value(row).to_be_bytes()),
            Cells::Float64(array) => out.extend_from_slice(&array.value(row).to_be_bytes()),
            Cells::Decimal128(array, scale) => {
                text::binary_numeric(out, &array.value(row).to_string(), *scale)
            }
            Cells::Decimal256(array, scale) => {
                text::binary_numeric(out, &array.value(row).to_string(), *scale)
            }
            Cells::Text(_) | Cells::LargeText(_) | Cells::TextView(_) => {
                out.extend_from_slice(self.str(row).as_bytes())
            }
            Cells::Bytes(_) | Cells::BytesView(_) | Cells::FixedBytes(_) => {
                out.extend_from_slice(self.bytes(row))
            }
            Cells::Date(array) => {
                out.extend_from_slice(&array.value(row).saturating_sub(text::PG_EPOCH_DAYS).to_be_bytes());
            }
            Cells::Time(array) => out.extend_from_slice(&array.value(row).to_be_bytes()),
            Cells::Timestamp(array, _) => {
                out.extend_from_slice(&array.value(row).saturating_sub(text::PG_EPOCH_MICROS).to_be_bytes());
            }
            Cells::Interval(array) => {
                let value = array.value(row);
                out.extend_from_slice(&(value.nanoseconds / 1_000).to_be_bytes());
                out.extend_from_slice(&value.days.to_be_bytes());
                out.extend_from_slice(&value.months.to_be_bytes());
            }
            Cells::List(offsets, items) => binary_array(range(offsets, row), items, out),
            Cells::Struct(_) | Cells::Map(_, _) => self.json(row, out),
        }
    }

    /// Writes a cell as JSON, as PostgreSQL's `to_json` does: numbers and booleans as such, everything else as text.
    fn json(&self, row: usize, out: &mut Vec<u8>) {
        if self.is_null(row) {
            return out.extend_from_slice(b"null");
        }
        match &self.cells {
            Cells::Bool(array) => text::display(out, array.value(row)),
            Cells::Int16(_) | Cells::Int32(_) | Cells::Int64(_) | Cells::UInt64(_) => self.text(row, out),
            Cells::Decimal128(_, _) | Cells::Decimal256(_, _) => self.text(row, out),
            Cells::Float32(array) if array.value(row).is_finite() => self.text(row, out),
            Cells::Float64(array) if array.value(row).is_finite() => self.text(row, out),
            Cells::Text(_) | Cells::LargeText(_) | Cells::TextView(_) => {
                text::json_string(out, self.str(row))
            }
            Cells::Timestamp(array, utc) => {
                out.push(b'"');
                text::timestamp(out, array.value(row), *utc, 'T');
                out.push(b'"');
            }
            Cells::List(offsets, items) => {
                out.push(b'[');
                for (at, item) in range(offsets, row).enumerate() {
                    separate(out, at);
                    items.json(item, out);
                }
                out.push(b']');
            }
            Cells::Struct(fields) => {
                out.push(b'{');
                for (at, (name, field)) in fields.iter().enumerate() {
                    separate(out, at);
                    text::json_string(out, name);
                    out.push(b':');
                    field.json(row, out);
                }
                out.push(b'}');
            }
            Cells::Map(offsets, entries) => {
                let mut key = Vec::new();
                out.push(b'{');
                for (at, entry) in range(offsets, row).enumerate() {
                    separate(out, at);
                    key.clear();
                    entries.0.text(entry, &mut key);
                    text::json_string(out, &String::from_utf8_lossy(&key));
                    out.push(b':');
                    entries.1.json(entry, out);
                }
                out.push(b'}');
            }
            _ => {
                let mut plain = Vec::new();
                self.text(row, &mut plain);
                text::json_string(out, &String::from_utf8_lossy(&plain));
            }
        }
    }

    fn str(&self, row: usize) -> &str {
        match &self.cells {
            Cells::Text(array) => array.value(row),
            Cells::LargeText(array) => array.value(row),
            Cells::TextView(array) => array.value(row),
            _ => "",
        }
    }

    fn bytes(&self, row: usize) -> &[u8] {
        match &self.cells {
            Cells::Bytes(array) => array.value(row),
            Cells::BytesView(array) => array.value(row),
            Cells::FixedBytes(array) => array.value(row),
            _ => b"",
        }
    }
}

fn separate(out: &mut Vec<u8>, at: usize) {
    if at > 0 {
        out.push(b',');
    }
}

fn range(offsets: &OffsetBuffer<i32>, row: usize) -> std::ops::Range<usize> {
    offsets[row] as usize..offsets[row + 1] as usize
}

/// Dimensions, whether there are nulls, the element type, the one dimension's length and lower bound, the elements.
fn binary_array(range: std::ops::Range<usize>, items: &Column, out: &mut Vec<u8>) {
    let nulls = range.clone().any(|item| items.is_null(item));
    let dimensions = i32::from(!range.is_empty());
    for head in [dimensions, i32::from(nulls), items.oid as i32] {
        out.extend_from_slice(&head.to_be_bytes());
    }
    if range.is_empty() {
        return;
    }
    out.extend_from_slice(&(range.len() as i32).to_be_bytes());
    out.extend_from_slice(&1_i32.to_be_bytes());
    for item in range {
        if items.is_null(item) {
            out.extend_from_slice(&(-1_i32).to_be_bytes());
            continue;
        }
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        items.binary(item, out);
        let length = (out.len() - start - 4) as i32;
        out[start..start + 4].copy_from_slice(&length.to_be_bytes());
    }
}

/// The type to which a rare one is brought before it is written.
fn common_type(data_type: &DataType) -> Option<DataType> {
    let list = |item: &std::sync::Arc<Field>| DataType::List(std::sync::Arc::clone(item));
    Some(match data_type {
        DataType::Int8 | DataType::UInt8 => DataType::Int16,
        DataType::UInt16 => DataType::Int32,
        DataType::UInt32 => DataType::Int64,
        DataType::Float16 => DataType::Float32,
        DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
            DataType::Decimal128(*precision, *scale)
        }
        DataType::Binary => DataType::LargeBinary,
        DataType::Date64 => DataType::Date32,
        DataType::Time32(_) | DataType::Time64(TimeUnit::Nanosecond) => {
            DataType::Time64(TimeUnit::Microsecond)
        }
        DataType::Timestamp(unit, zone) if *unit != TimeUnit::Microsecond => {
            DataType::Timestamp(TimeUnit::Microsecond, zone.clone())
        }
        DataType::Interval(unit) if *unit != IntervalUnit::MonthDayNano => {
            DataType::Interval(IntervalUnit::MonthDayNano)
        }
        DataType::Duration(_) => DataType::Interval(IntervalUnit::MonthDayNano),
        DataType::Dictionary(_, values) => common_type(values).unwrap_or_else(|| values.as_ref().clone()),
        DataType::RunEndEncoded(_, values) => {
            common_type(values.data_type()).unwrap_or_else(|| values.data_type().clone())
        }
        DataType::LargeList(item)
        | DataType::FixedSizeList(item, _)
        | DataType::ListView(item)
        | DataType::LargeListView(item) => list(item),
        _ => return None,
    })
}

fn cells(array: &ArrayRef) -> Result<Cells, ArrowError> {
    Ok(match array.data_type() {
        DataType::Null => Cells::Null,
        DataType::Boolean => Cells::Bool(array.as_boolean().clone()),
        DataType::Int16 => Cells::Int16(array.as_primitive().clone()),
        DataType::Int32 => Cells::Int32(array.as_primitive().clone()),
        DataType::Int64 => Cells::Int64(array.as_primitive().clone()),
        DataType::UInt64 => Cells::UInt64(array.as_primitive().clone()),
        DataType::Float32 => Cells::Float32(array.as_primitive().clone()),
        DataType::Float64 => Cells::Float64(array.as_primitive().clone()),
        DataType::Decimal128(_, scale) => Cells::Decimal128(array.as_primitive().clone(), *scale),
        DataType::Decimal256(_, scale) => Cells::Decimal256(array.as_primitive().clone(), *scale),
        DataType::Utf8 => Cells::Text(array.as_string().clone()),
        DataType::LargeUtf8 => Cells::LargeText(array.as_string().clone()),
        DataType::Utf8View => Cells::TextView(array.as_string_view().clone()),
        DataType::LargeBinary => Cells::Bytes(array.as_binary().clone()),
        DataType::BinaryView => Cells::BytesView(array.as_binary_view().clone()),
        DataType::FixedSizeBinary(_) => Cells::FixedBytes(array.as_fixed_size_binary().clone()),
        DataType::Date32 => Cells::Date(array.as_primitive().clone()),
        DataType::Time64(_) => Cells::Time(array.as_primitive().clone()),
        DataType::Timestamp(_, zone) => Cells::Timestamp(array.as_primitive().clone(), zone.is_some()),
        DataType::Interval(_) => Cells::Interval(array.as_primitive().clone()),
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            Cells::List(list.offsets().clone(), Box::new(Column::new(list.values())?))
        }
        DataType::Struct(fields) => {
            let columns = fields.iter().zip(array.as_struct().columns());
            let columns = columns.map(|(field, column)| Ok((field.name().clone(), Column::new(column)?)));
            Cells::Struct(columns.collect::<Result<_, ArrowError>>()?)
        }
        DataType::Map(_, _) => {
            let map = array.as_map();
            let entries = (Column::new(map.keys())?, Column::new(map.values())?);
            Cells::Map(map.offsets().clone(), Box::new(entries))
        }
        other => return Err(ArrowError::NotYetImplemented(format!("columns of type {other}"))),
    })
}

#[cfg(test)]
mod tests;
