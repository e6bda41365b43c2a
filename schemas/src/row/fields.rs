//! Reading what [`encode`](super::encode) wrote.
//!
//! An encoded row is one run of bytes where a [`Record`] is hundreds of small allocations, so that rows on their way to
//! a segment are kept so, and are read field by field.

use super::NULL;
use crate::column::{Column, Schema, Type};
use crate::value::{Record, Value};

/// The fields of an encoded row or struct or the items of a list, in order: none inside where there is no value. Ends
/// early if the bytes do.
#[derive(Clone, Debug)]
pub struct Fields<'e> {
    rest: &'e [u8],
}

impl<'e> Fields<'e> {
    /// The columns of an encoded row.
    pub fn of_row(encoded: &'e [u8]) -> Fields<'e> {
        let mut fields = Fields { rest: encoded.get(16..).unwrap_or_default() };
        // The schema's id.
        fields.next();
        fields
    }

    /// The fields of an encoded struct.
    pub fn of_struct(encoded: &'e [u8]) -> Fields<'e> {
        Fields { rest: encoded }
    }

    /// The items of an encoded list, or the keys and counts of encoded counts.
    pub fn of_list(encoded: &'e [u8]) -> Fields<'e> {
        Fields { rest: encoded.get(4..).unwrap_or_default() }
    }
}

impl<'e> Iterator for Fields<'e> {
    type Item = Option<&'e [u8]>;

    #[inline]
    fn next(&mut self) -> Option<Option<&'e [u8]>> {
        let (length, rest) = self.rest.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length);
        if length == NULL {
            self.rest = rest;
            return Some(None);
        }
        let (field, rest) = rest.split_at_checked(length as usize)?;
        self.rest = rest;
        Some(Some(field))
    }
}

/// An integer or a time; none if the bytes are no eight.
#[inline]
pub fn int(encoded: &[u8]) -> Option<i64> {
    Some(i64::from_le_bytes(encoded.try_into().ok()?))
}

/// A floating-point number; none if the bytes are no eight.
#[inline]
pub fn float(encoded: &[u8]) -> Option<f64> {
    Some(f64::from_le_bytes(encoded.try_into().ok()?))
}

/// The unscaled value of a decimal; none if the bytes are no sixteen.
#[inline]
pub fn decimal(encoded: &[u8]) -> Option<i128> {
    Some(i128::from_le_bytes(encoded.try_into().ok()?))
}

/// The row that was encoded: equal to it but for the sign of zero, which NaN it is, and the order of counts. None if
/// the bytes are no row of that schema.
pub fn decode(schema: &'static Schema, encoded: &[u8]) -> Option<Record> {
    let mut record = Record::new(schema);
    let mut fields = Fields::of_row(encoded);
    for (position, column) in schema.columns.iter().enumerate() {
        record.set(position, value(column, fields.next()?)?);
    }
    Some(record)
}

fn value(column: &Column, encoded: Option<&[u8]>) -> Option<Value> {
    let Some(encoded) = encoded else { return Some(Value::Null) };
    Some(match column.ty {
        Type::Bool => Value::Bool(*encoded.first()? != 0),
        Type::Int16 | Type::Int32 | Type::Int64 => Value::Int(int(encoded)?),
        Type::Time => Value::Time(int(encoded)?),
        Type::Float32 | Type::Float64 => Value::Float(float(encoded)?),
        Type::Decimal { .. } => Value::Decimal(decimal(encoded)?),
        Type::Text | Type::LargeText | Type::Dict => {
            Value::text(std::str::from_utf8(encoded).ok()?.to_owned())
        }
        Type::Binary | Type::FixedBinary(_) => Value::Bytes(encoded.to_vec()),
        Type::List(item) => {
            Value::List(Fields::of_list(encoded).map(|field| value(item, field)).collect::<Option<_>>()?)
        }
        Type::Struct(columns) => {
            let fields = columns.iter().zip(Fields::of_struct(encoded));
            Value::Struct(fields.map(|(column, field)| value(column, field)).collect::<Option<_>>()?)
        }
        Type::Counts => {
            let (mut entries, mut fields) = (Vec::new(), Fields::of_list(encoded));
            while let (Some(Some(key)), Some(Some(count))) = (fields.next(), fields.next()) {
                entries.push((String::from_utf8(key.to_vec()).ok()?, int(count)?));
            }
            Value::Counts(entries)
        }
    })
}
