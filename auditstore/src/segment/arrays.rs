//! Values of encoded rows into Arrow arrays, row by row.
//!
//! Nothing is converted on the way: what does not fit its column exactly is refused before it is encoded, because the
//! row's hash is taken over the value, and what is read back must have the same one.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryBuilder, BooleanBuilder, Decimal128Builder, FixedSizeBinaryBuilder,
    Float32Builder, Float64Builder, GenericBinaryArray, GenericStringArray, Int16Builder, Int32Builder,
    Int64Builder, LargeBinaryBuilder, ListArray, MapArray, NullBufferBuilder, OffsetSizeTrait, StructArray,
    TimestampMicrosecondBuilder,
};
use arrow::buffer::OffsetBuffer;
use schemas::row::fields::{Fields, decimal, float, int};
use schemas::{Column, Type, Value};

use super::Error;
use super::arrow_schema::{map_entries, map_fields, written_field};

/// A value that does not fit: the path of its column, and why. Boxed, because this is asked of every value of every
/// row, and an answer of one word stays in a register.
pub(super) type Misfit = Box<(String, &'static str)>;

/// Checks that a row's value fits its column exactly: type, width, precision, required parts.
pub(super) fn check(column: &Column, value: &Value) -> Result<(), Misfit> {
    let fail = |what| Err(misfit(column, what));
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

#[cold]
fn misfit(column: &Column, what: &'static str) -> Misfit {
    Box::new((column.name.to_owned(), what))
}

/// A fault of this crate: the row was checked before it was encoded.
#[cold]
fn misencoded(column: &Column) -> Error {
    Error::Columns { column: column.name.to_owned(), what: "a row of it is encoded wrongly".to_owned() }
}

/// The bytes as text.
fn text<O: OffsetSizeTrait>(bytes: GenericBinaryArray<O>, column: &Column) -> Result<ArrayRef, Error> {
    let text = GenericStringArray::<O>::try_from_binary(bytes).map_err(|_| misencoded(column))?;
    Ok(Arc::new(text))
}

#[cold]
fn inside(column: &Column, mut misfit: Misfit) -> Misfit {
    misfit.0 = format!("{}.{}", column.name, misfit.0);
    misfit
}

/// The array of a column in the making.
pub(super) struct Builder {
    column: &'static Column,
    /// Nulls at the end that the values do not have yet: most columns of most rows have no value.
    nulls: usize,
    values: Values,
}

enum Values {
    Bool(BooleanBuilder),
    Int16(Int16Builder),
    Int32(Int32Builder),
    Int64(Int64Builder),
    Float32(Float32Builder),
    Float64(Float64Builder),
    Time(TimestampMicrosecondBuilder),
    Decimal(Decimal128Builder),
    /// Bytes until they are all there: whether they are UTF-8 is asked of all at once.
    Text(BinaryBuilder),
    LargeText(LargeBinaryBuilder),
    Binary(BinaryBuilder),
    FixedBinary(FixedSizeBinaryBuilder),
    List {
        item: Box<Builder>,
        lengths: Vec<usize>,
        valid: NullBufferBuilder,
    },
    Struct {
        fields: Vec<Builder>,
        valid: NullBufferBuilder,
    },
    Counts {
        keys: BinaryBuilder,
        numbers: Int32Builder,
        lengths: Vec<usize>,
        valid: NullBufferBuilder,
    },
}

impl Builder {
    /// An array without values.
    ///
    /// # Errors
    /// The precision of a decimal is none.
    pub(super) fn new(column: &'static Column) -> Result<Builder, Error> {
        let valid = || NullBufferBuilder::new(0);
        let values = match column.ty {
            Type::Bool => Values::Bool(BooleanBuilder::new()),
            Type::Int16 => Values::Int16(Int16Builder::new()),
            Type::Int32 => Values::Int32(Int32Builder::new()),
            Type::Int64 => Values::Int64(Int64Builder::new()),
            Type::Float32 => Values::Float32(Float32Builder::new()),
            Type::Float64 => Values::Float64(Float64Builder::new()),
            Type::Time => Values::Time(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
            Type::Decimal { precision, scale } => {
                Values::Decimal(Decimal128Builder::new().with_precision_and_scale(precision, scale)?)
            }
            // The Parquet writer makes the dictionary of a page from the texts themselves.
            Type::Text | Type::Dict => Values::Text(BinaryBuilder::new()),
            Type::LargeText => Values::LargeText(LargeBinaryBuilder::new()),
            Type::Binary => Values::Binary(BinaryBuilder::new()),
            Type::FixedBinary(width) => Values::FixedBinary(FixedSizeBinaryBuilder::new(width)),
            Type::List(item) => {
                Values::List { item: Box::new(Builder::new(item)?), lengths: Vec::new(), valid: valid() }
            }
            Type::Struct(fields) => Values::Struct {
                fields: fields.iter().map(Builder::new).collect::<Result<_, _>>()?,
                valid: valid(),
            },
            Type::Counts => Values::Counts {
                keys: BinaryBuilder::new(),
                numbers: Int32Builder::new(),
                lengths: Vec::new(),
                valid: valid(),
            },
        };
        Ok(Builder { column, nulls: 0, values })
    }

    /// Appends a value as a row's encoding has it, which must have passed [`check`].
    ///
    /// # Errors
    /// Bytes that are no value of the column.
    #[inline]
    fn append(&mut self, encoded: Option<&[u8]>) -> Result<(), Error> {
        match encoded {
            None => self.nulls += 1,
            Some(encoded) => {
                self.settle();
                self.append_value(encoded).ok_or_else(|| misencoded(self.column))?;
            }
        }
        Ok(())
    }

    /// Appends the next field. One that is not there is no null: the row would be stored otherwise than it was hashed.
    ///
    /// # Errors
    /// The fields have ended, or the next is no value of the column.
    #[inline]
    pub(super) fn append_next(&mut self, fields: &mut Fields<'_>) -> Result<(), Error> {
        let encoded = fields.next().ok_or_else(|| misencoded(self.column))?;
        self.append(encoded)
    }

    fn append_value(&mut self, encoded: &[u8]) -> Option<()> {
        match &mut self.values {
            Values::Bool(values) => values.append_value(*encoded.first()? != 0),
            Values::Int16(values) => values.append_value(int(encoded)? as i16),
            Values::Int32(values) => values.append_value(int(encoded)? as i32),
            Values::Int64(values) => values.append_value(int(encoded)?),
            Values::Float32(values) => values.append_value(float(encoded)? as f32),
            Values::Float64(values) => values.append_value(float(encoded)?),
            Values::Time(values) => values.append_value(int(encoded)?),
            Values::Decimal(values) => values.append_value(decimal(encoded)?),
            Values::Text(values) => values.append_value(encoded),
            Values::LargeText(values) => values.append_value(encoded),
            Values::Binary(values) => values.append_value(encoded),
            Values::FixedBinary(values) => values.append_value(encoded).ok()?,
            Values::List { item, lengths, valid } => {
                let mut count = 0;
                for value in Fields::of_list(encoded) {
                    item.append(value).ok()?;
                    count += 1;
                }
                lengths.push(count);
                valid.append_non_null();
            }
            Values::Struct { fields, valid } => {
                let mut values = Fields::of_struct(encoded);
                fields.iter_mut().try_for_each(|field| field.append_next(&mut values).ok())?;
                valid.append_non_null();
            }
            Values::Counts { keys, numbers, lengths, valid } => {
                let mut fields = Fields::of_list(encoded);
                let mut count = 0;
                while let (Some(Some(key)), Some(Some(number))) = (fields.next(), fields.next()) {
                    keys.append_value(key);
                    numbers.append_value(int(number)? as i32);
                    count += 1;
                }
                lengths.push(count);
                valid.append_non_null();
            }
        }
        Some(())
    }

    /// Gives the values the nulls that they do not have yet.
    fn settle(&mut self) {
        let nulls = std::mem::take(&mut self.nulls);
        if nulls == 0 {
            return;
        }
        match &mut self.values {
            Values::Bool(values) => values.append_nulls(nulls),
            Values::Int16(values) => values.append_nulls(nulls),
            Values::Int32(values) => values.append_nulls(nulls),
            Values::Int64(values) => values.append_nulls(nulls),
            Values::Float32(values) => values.append_nulls(nulls),
            Values::Float64(values) => values.append_nulls(nulls),
            Values::Time(values) => values.append_nulls(nulls),
            Values::Decimal(values) => values.append_nulls(nulls),
            Values::Text(values) => values.append_nulls(nulls),
            Values::LargeText(values) => values.append_nulls(nulls),
            Values::Binary(values) => values.append_nulls(nulls),
            Values::FixedBinary(values) => values.append_nulls(nulls),
            Values::List { lengths, valid, .. } | Values::Counts { lengths, valid, .. } => {
                lengths.resize(lengths.len() + nulls, 0);
                valid.append_n_nulls(nulls);
            }
            Values::Struct { fields, valid } => {
                fields.iter_mut().for_each(|field| field.nulls += nulls);
                valid.append_n_nulls(nulls);
            }
        }
    }

    /// The array of all values since the last one. The next one of texts begins with as much room as this one has: it
    /// will hardly be shorter, and growing copies all that there is.
    ///
    /// # Errors
    /// Arrow's, if parts do not fit together.
    pub(super) fn finish(&mut self) -> Result<ArrayRef, Error> {
        self.settle();
        let column = self.column;
        Ok(match &mut self.values {
            Values::Bool(values) => Arc::new(values.finish()),
            Values::Int16(values) => Arc::new(values.finish()),
            Values::Int32(values) => Arc::new(values.finish()),
            Values::Int64(values) => Arc::new(values.finish()),
            Values::Float32(values) => Arc::new(values.finish()),
            Values::Float64(values) => Arc::new(values.finish()),
            Values::Time(values) => Arc::new(values.finish()),
            Values::Decimal(values) => Arc::new(values.finish()),
            Values::Text(values) => {
                let room =
                    BinaryBuilder::with_capacity(values.offsets_slice().len(), values.values_slice().len());
                text(std::mem::replace(values, room).finish(), column)?
            }
            Values::LargeText(values) => {
                let room = LargeBinaryBuilder::with_capacity(
                    values.offsets_slice().len(),
                    values.values_slice().len(),
                );
                text(std::mem::replace(values, room).finish(), column)?
            }
            Values::Binary(values) => Arc::new(values.finish()),
            Values::FixedBinary(values) => Arc::new(values.finish()),
            Values::List { item, lengths, valid } => {
                let offsets = OffsetBuffer::from_lengths(std::mem::take(lengths));
                let field = written_field(item.column);
                Arc::new(ListArray::try_new(field, offsets, item.finish()?, valid.finish())?)
            }
            Values::Struct { fields, valid } => {
                let rows = valid.len();
                let named = fields.iter().map(|field| written_field(field.column)).collect();
                let arrays = fields.iter_mut().map(Builder::finish).collect::<Result<_, _>>()?;
                Arc::new(StructArray::try_new_with_length(named, arrays, valid.finish(), rows)?)
            }
            Values::Counts { keys, numbers, lengths, valid } => {
                let offsets = OffsetBuffer::from_lengths(std::mem::take(lengths));
                let field_id = self.column.field_id;
                let arrays: Vec<ArrayRef> = vec![text(keys.finish(), column)?, Arc::new(numbers.finish())];
                let rows = arrays[0].len();
                let fields = map_fields(field_id).into_iter().collect();
                let entries = StructArray::try_new_with_length(fields, arrays, None, rows)?;
                Arc::new(MapArray::try_new(map_entries(field_id), offsets, entries, valid.finish(), false)?)
            }
        })
    }
}
