//! Values of rows into Arrow arrays, column by column.
//!
//! Nothing is converted on the way: what does not fit its column exactly is refused, because the row's hash is
//! taken over the value, and what is read back must have the same one.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryBuilder, BooleanBuilder, Decimal128Builder, FixedSizeBinaryBuilder,
    Float32Builder, Float64Builder, Int16Builder, Int32Builder, Int64Builder, LargeStringBuilder, ListArray,
    MapArray, StringBuilder, StringDictionaryBuilder, StructArray, TimestampMicrosecondBuilder,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::Int32Type;
use schemas::{Column, Type, Value};

use super::Error;
use super::arrow_schema::{field, map_entries, map_fields};

static NULL: Value = Value::Null;

/// Checks that a row's value fits its column exactly: type, width, precision, required parts.
pub(super) fn check(column: &Column, value: &Value) -> Result<(), (String, &'static str)> {
    let fail = |what| Err((column.name.to_owned(), what));
    match (column.ty, value) {
        (_, Value::Null) if column.nullable => Ok(()),
        (_, Value::Null) => fail("is required and has no value"),
        (Type::Bool, Value::Bool(_))
        | (Type::Int64, Value::Int(_))
        | (Type::Float64, Value::Float(_))
        | (Type::Time, Value::Time(_))
        | (Type::Binary, Value::Bytes(_)) => Ok(()),
        (Type::Int16, Value::Int(int)) if i16::try_from(*int).is_ok() => Ok(()),
        (Type::Int32, Value::Int(int)) if i32::try_from(*int).is_ok() => Ok(()),
        (Type::Int16 | Type::Int32, Value::Int(_)) => fail("is outside the range of its type"),
        (Type::Float32, Value::Float(float)) if float.is_nan() || f64::from(*float as f32) == *float => {
            Ok(())
        }
        (Type::Float32, Value::Float(_)) => fail("is no 32-bit float"),
        (Type::Decimal { precision, .. }, Value::Decimal(unscaled)) => {
            if unscaled.unsigned_abs() < 10_u128.pow(u32::from(precision)) {
                Ok(())
            } else {
                fail("has more digits than its type")
            }
        }
        (Type::Text | Type::LargeText | Type::Dict, Value::Text(text)) if text.len() <= TEXT_BYTES_MAX => {
            Ok(())
        }
        (Type::Text | Type::LargeText | Type::Dict, Value::Text(_)) => {
            fail("is longer than a segment may be")
        }
        (Type::FixedBinary(width), Value::Bytes(bytes)) if bytes.len() as i64 == i64::from(width) => Ok(()),
        (Type::FixedBinary(_), Value::Bytes(_)) => fail("does not have the length of its type"),
        (Type::List(item), Value::List(items)) => {
            items.iter().try_for_each(|value| check(item, value)).map_err(|error| inside(column, error))
        }
        (Type::Struct(fields), Value::Struct(values)) if fields.len() == values.len() => {
            let mut pairs = fields.iter().zip(values);
            pairs.try_for_each(|(field, value)| check(field, value)).map_err(|error| inside(column, error))
        }
        (Type::Struct(_), Value::Struct(_)) => fail("does not have one value for each field"),
        (Type::Counts, Value::Counts(entries)) => check_counts(entries).or_else(fail),
        _ => fail("has a value of another type"),
    }
}

/// Longest text of one value: with it, the text of a chunk of rows stays under the 2 GiB of an Arrow `Utf8`.
const TEXT_BYTES_MAX: usize = super::SEGMENT_BYTES_MAX;

fn check_counts(entries: &[(String, i64)]) -> Result<(), &'static str> {
    if entries.iter().any(|(_, count)| i32::try_from(*count).is_err()) {
        return Err("has a count outside the range of its type");
    }
    let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err("has a map key twice");
    }
    Ok(())
}

fn inside(column: &Column, (path, what): (String, &'static str)) -> (String, &'static str) {
    (format!("{}.{path}", column.name), what)
}

/// The array of a column. The values must have passed [`check`].
pub(super) fn array(column: &Column, values: &[&Value]) -> Result<ArrayRef, Error> {
    macro_rules! collect {
        ($builder:expr, $variant:ident, $value:ident => $append:expr) => {{
            let mut builder = $builder;
            for value in values {
                match value {
                    Value::$variant($value) => builder.append_value($append),
                    _ => builder.append_null(),
                }
            }
            Arc::new(builder.finish()) as ArrayRef
        }};
    }
    let rows = values.len();
    Ok(match column.ty {
        Type::Bool => collect!(BooleanBuilder::with_capacity(rows), Bool, v => *v),
        Type::Int16 => collect!(Int16Builder::with_capacity(rows), Int, v => *v as i16),
        Type::Int32 => collect!(Int32Builder::with_capacity(rows), Int, v => *v as i32),
        Type::Int64 => collect!(Int64Builder::with_capacity(rows), Int, v => *v),
        Type::Float32 => collect!(Float32Builder::with_capacity(rows), Float, v => *v as f32),
        Type::Float64 => collect!(Float64Builder::with_capacity(rows), Float, v => *v),
        Type::Time => {
            collect!(TimestampMicrosecondBuilder::with_capacity(rows).with_timezone("UTC"), Time, v => *v)
        }
        Type::Decimal { precision, scale } => {
            let builder =
                Decimal128Builder::with_capacity(rows).with_precision_and_scale(precision, scale)?;
            collect!(builder, Decimal, v => *v)
        }
        Type::Text => collect!(StringBuilder::with_capacity(rows, text_bytes(values)), Text, v => v),
        Type::LargeText => {
            collect!(LargeStringBuilder::with_capacity(rows, text_bytes(values)), Text, v => v)
        }
        Type::Binary => collect!(BinaryBuilder::with_capacity(rows, rows * 32), Bytes, v => v),
        Type::Dict => {
            let mut builder = StringDictionaryBuilder::<Int32Type>::new();
            for value in values {
                match value {
                    Value::Text(text) => drop(builder.append(text)?),
                    _ => builder.append_null(),
                }
            }
            Arc::new(builder.finish())
        }
        Type::FixedBinary(width) => {
            let mut builder = FixedSizeBinaryBuilder::with_capacity(rows, width);
            for value in values {
                match value {
                    Value::Bytes(bytes) => builder.append_value(bytes)?,
                    _ => builder.append_null(),
                }
            }
            Arc::new(builder.finish())
        }
        Type::List(item) => list(item, values)?,
        Type::Struct(fields) => structs(fields, values)?,
        Type::Counts => counts(column.field_id, values)?,
    })
}

fn text_bytes(values: &[&Value]) -> usize {
    values.iter().map(|value| value.as_text().map_or(0, str::len)).sum()
}

fn nulls(values: &[&Value]) -> Option<NullBuffer> {
    let nulls = NullBuffer::from_iter(values.iter().map(|value| !value.is_null()));
    (nulls.null_count() > 0).then_some(nulls)
}

fn list(item: &'static Column, values: &[&Value]) -> Result<ArrayRef, Error> {
    let items: Vec<&Value> = values.iter().filter_map(|value| value.as_list()).flatten().collect();
    let offsets =
        OffsetBuffer::from_lengths(values.iter().map(|value| value.as_list().map_or(0, <[_]>::len)));
    let items = array(item, &items)?;
    Ok(Arc::new(ListArray::try_new(field(item), offsets, items, nulls(values))?))
}

fn structs(fields: &'static [Column], values: &[&Value]) -> Result<ArrayRef, Error> {
    let mut arrays = Vec::with_capacity(fields.len());
    for (at, column) in fields.iter().enumerate() {
        let parts: Vec<&Value> = values
            .iter()
            .map(|value| match value {
                Value::Struct(parts) => &parts[at],
                _ => &NULL,
            })
            .collect();
        arrays.push(array(column, &parts)?);
    }
    let fields = fields.iter().map(field).collect();
    Ok(Arc::new(StructArray::try_new_with_length(fields, arrays, nulls(values), values.len())?))
}

fn counts(field_id: i32, values: &[&Value]) -> Result<ArrayRef, Error> {
    let mut keys = StringBuilder::new();
    let mut numbers = Int32Builder::new();
    let mut lengths = Vec::with_capacity(values.len());
    for value in values {
        let Value::Counts(entries) = value else {
            lengths.push(0);
            continue;
        };
        let mut sorted: Vec<&(String, i64)> = entries.iter().collect();
        sorted.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
        for (key, count) in sorted {
            keys.append_value(key);
            numbers.append_value(*count as i32);
        }
        lengths.push(entries.len());
    }
    let arrays: Vec<ArrayRef> = vec![Arc::new(keys.finish()), Arc::new(numbers.finish())];
    let rows = arrays[0].len();
    let entries =
        StructArray::try_new_with_length(map_fields(field_id).into_iter().collect(), arrays, None, rows)?;
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(MapArray::try_new(map_entries(field_id), offsets, entries, nulls(values), false)?))
}
