//! Arrow arrays back into rows, so that record hashes can be computed again from nothing but the Parquet file.
//!
//! The exact reverse of [`super::build`]: the encoding of a row that was read is that of the row that was
//! written. Columns are found by name; a nullable column that an older file does not have is null.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Decimal128Type, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type, TimeUnit,
    TimestampMicrosecondType,
};
use schemas::column::RECORD_SALT;
use schemas::{Column, Record, Schema, Type, Value};

use super::Error;

/// The rows of a record batch with their salts, in order.
///
/// # Errors
/// A column of another type than the schema's, a required one that is absent or null, no `record_salt`.
pub fn records(batch: &RecordBatch, schema: &'static Schema) -> Result<Vec<([u8; 16], Record)>, Error> {
    let rows = batch.num_rows();
    let salts = batch.column_by_name(RECORD_SALT.name).ok_or_else(|| wrong(&RECORD_SALT, "is not there"))?;
    let mut out = Vec::with_capacity(rows);
    for salt in values(&RECORD_SALT, salts)? {
        let salt = salt.as_bytes().and_then(|salt| salt.try_into().ok());
        let salt = salt.ok_or_else(|| wrong(&RECORD_SALT, "is not 16 bytes"))?;
        out.push((salt, Record::new(schema)));
    }
    for (at, column) in schema.columns.iter().enumerate() {
        let Some(array) = batch.column_by_name(column.name) else {
            if column.nullable {
                continue;
            }
            return Err(wrong(column, "is required and not there"));
        };
        for ((_, record), value) in out.iter_mut().zip(values(column, array)?) {
            *record.get_mut(at) = value;
        }
    }
    Ok(out)
}

/// The values of one column.
fn values(column: &Column, array: &ArrayRef) -> Result<Vec<Value>, Error> {
    if !column.nullable && array.null_count() > 0 && array.data_type() != &DataType::Null {
        return Err(wrong(column, "is required and has nulls"));
    }
    macro_rules! collect {
        ($array:expr, $value:ident => $to:expr) => {
            $array
                .ok_or_else(|| wrong(column, format!("is {} in the file", array.data_type())))?
                .iter()
                .map(|value| value.map_or(Value::Null, |$value| $to))
                .collect()
        };
    }
    Ok(match column.ty {
        Type::Bool => collect!(array.as_boolean_opt(), v => Value::Bool(v)),
        Type::Int16 => collect!(array.as_primitive_opt::<Int16Type>(), v => Value::Int(v.into())),
        Type::Int32 => collect!(array.as_primitive_opt::<Int32Type>(), v => Value::Int(v.into())),
        Type::Int64 => collect!(array.as_primitive_opt::<Int64Type>(), v => Value::Int(v)),
        Type::Float32 => collect!(array.as_primitive_opt::<Float32Type>(), v => Value::Float(v.into())),
        Type::Float64 => collect!(array.as_primitive_opt::<Float64Type>(), v => Value::Float(v)),
        Type::Time => {
            if !matches!(array.data_type(), DataType::Timestamp(TimeUnit::Microsecond, Some(_))) {
                return Err(wrong(column, format!("is {} in the file", array.data_type())));
            }
            collect!(array.as_primitive_opt::<TimestampMicrosecondType>(), v => Value::Time(v))
        }
        Type::Decimal { scale, .. } => {
            if !matches!(array.data_type(), DataType::Decimal128(_, found) if *found == scale) {
                return Err(wrong(column, format!("is {} in the file", array.data_type())));
            }
            collect!(array.as_primitive_opt::<Decimal128Type>(), v => Value::Decimal(v))
        }
        Type::Text | Type::LargeText | Type::Dict => texts(column, array)?,
        Type::Binary => collect!(array.as_binary_opt::<i32>(), v => Value::Bytes(v.to_vec())),
        Type::FixedBinary(width) => {
            if array.data_type() != &DataType::FixedSizeBinary(width) {
                return Err(wrong(column, format!("is {} in the file", array.data_type())));
            }
            collect!(array.as_fixed_size_binary_opt(), v => Value::Bytes(v.to_vec()))
        }
        Type::List(item) => lists(column, item, array)?,
        Type::Struct(fields) => structs(column, fields, array)?,
        Type::Counts => counts(column, array)?,
    })
}

fn wrong(column: &Column, what: impl Into<String>) -> Error {
    Error::Columns { column: column.name.to_owned(), what: what.into() }
}

fn is_text(ty: &DataType) -> bool {
    match ty {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

fn texts(column: &Column, array: &ArrayRef) -> Result<Vec<Value>, Error> {
    if !is_text(array.data_type()) {
        return Err(wrong(column, format!("is {} in the file", array.data_type())));
    }
    let texts = cast(array, &DataType::LargeUtf8)?;
    Ok(texts.as_string::<i64>().iter().map(|text| text.map(str::to_owned).into()).collect())
}

fn lists(column: &Column, item: &'static Column, array: &ArrayRef) -> Result<Vec<Value>, Error> {
    let lists = array.as_list_opt::<i32>().ok_or_else(|| wrong(column, "is no list in the file"))?;
    let mut out = Vec::with_capacity(lists.len());
    let first = lists.value_offsets()[0] as usize;
    let last = lists.value_offsets()[lists.len()] as usize;
    let mut items = values(item, &lists.values().slice(first, last - first))?.into_iter();
    for at in 0..lists.len() {
        let list: Vec<Value> = items.by_ref().take(lists.value_length(at) as usize).collect();
        out.push(if lists.is_null(at) { Value::Null } else { Value::List(list) });
    }
    Ok(out)
}

fn structs(column: &Column, fields: &'static [Column], array: &ArrayRef) -> Result<Vec<Value>, Error> {
    let structs = array.as_struct_opt().ok_or_else(|| wrong(column, "is no struct in the file"))?;
    let mut parts: Vec<Vec<Value>> = vec![Vec::with_capacity(fields.len()); structs.len()];
    for field in fields {
        let Some(array) = structs.column_by_name(field.name) else {
            if !field.nullable {
                return Err(wrong(field, "is required and not there"));
            }
            parts.iter_mut().for_each(|parts| parts.push(Value::Null));
            continue;
        };
        // Under a struct that is null, a required field is null too.
        let masked = Column { nullable: field.nullable || structs.null_count() > 0, ..*field };
        for (parts, value) in parts.iter_mut().zip(values(&masked, array)?) {
            parts.push(value);
        }
    }
    let whole = |(at, parts)| if structs.is_null(at) { Value::Null } else { Value::Struct(parts) };
    Ok(parts.into_iter().enumerate().map(whole).collect())
}

fn counts(column: &Column, array: &ArrayRef) -> Result<Vec<Value>, Error> {
    let maps = array.as_map_opt().ok_or_else(|| wrong(column, "is no map in the file"))?;
    let mut out = Vec::with_capacity(maps.len());
    for at in 0..maps.len() {
        if maps.is_null(at) {
            out.push(Value::Null);
            continue;
        }
        let entries = maps.value(at);
        let keys = texts(column, entries.column(0))?;
        let numbers = entries.column(1).as_primitive_opt::<Int32Type>();
        let numbers = numbers.ok_or_else(|| wrong(column, "has no 32-bit counts in the file"))?;
        let mut pairs = Vec::with_capacity(keys.len());
        for (key, number) in keys.into_iter().zip(numbers) {
            match (key, number) {
                (Value::Text(key), Some(number)) => pairs.push((key.into_owned(), number.into())),
                _ => return Err(wrong(column, "has a null in a map")),
            }
        }
        out.push(Value::Counts(pairs));
    }
    Ok(out)
}
