//! The Arrow schema of a table of columns.
//!
//! `schemas` knows no arrow; this is the one place where a [`schemas::Type`] becomes a `DataType`. Every field,
//! nested ones included, carries its Parquet field id, so that a column is found by id even after a rename.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema as ArrowSchema, SchemaRef, TimeUnit};
use parquet::arrow::PARQUET_FIELD_ID_META_KEY;
use schemas::column::RECORD_SALT;
use schemas::{Column, Schema, Type};

/// Metadata key of a field's documentation, as Spark and Iceberg tools read it.
pub(super) const COMMENT: &str = "comment";

/// Field ids of the key and the value of a map column with field id `n` are this + 2n and this + 2n + 1: the
/// tables give a map one id, Parquet wants one for each of its parts.
const MAP_FIELD_ID_BASE: i32 = 10_000;

/// The Arrow schema of a segment with rows of this table: `record_salt`, then the columns in declared order.
pub fn arrow_schema(schema: &'static Schema) -> SchemaRef {
    let fields: Fields = std::iter::once(&RECORD_SALT).chain(schema.columns).map(field).collect();
    Arc::new(ArrowSchema::new(fields))
}

/// The Arrow schema with which a segment is written: text where [`arrow_schema`] has dictionaries. The file is the same,
/// since the Parquet writer makes its own dictionaries, from the texts, whatever it is given.
pub(super) fn written_schema(schema: &'static Schema) -> SchemaRef {
    let fields: Fields = std::iter::once(&RECORD_SALT).chain(schema.columns).map(written_field).collect();
    Arc::new(ArrowSchema::new(fields))
}

/// The Arrow field of a column.
fn field(column: &Column) -> FieldRef {
    field_as(column, DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)))
}

/// The Arrow field of a column of [`written_schema`].
pub(super) fn written_field(column: &Column) -> FieldRef {
    field_as(column, DataType::Utf8)
}

fn field_as(column: &Column, dict: DataType) -> FieldRef {
    let metadata = HashMap::from([
        (PARQUET_FIELD_ID_META_KEY.to_owned(), column.field_id.to_string()),
        (COMMENT.to_owned(), column.doc.to_owned()),
    ]);
    Arc::new(Field::new(column.name, data_type(column, dict), column.nullable).with_metadata(metadata))
}

/// The Arrow type of a column, with the given one for [`Type::Dict`].
fn data_type(column: &Column, dict: DataType) -> DataType {
    match column.ty {
        Type::Bool => DataType::Boolean,
        Type::Int16 => DataType::Int16,
        Type::Int32 => DataType::Int32,
        Type::Int64 => DataType::Int64,
        Type::Float32 => DataType::Float32,
        Type::Float64 => DataType::Float64,
        Type::Decimal { precision, scale } => DataType::Decimal128(precision, scale),
        Type::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Type::Text => DataType::Utf8,
        Type::LargeText => DataType::LargeUtf8,
        Type::Dict => dict,
        Type::Binary => DataType::Binary,
        Type::FixedBinary(width) => DataType::FixedSizeBinary(width),
        Type::List(item) => DataType::List(field_as(item, dict)),
        Type::Struct(fields) => {
            DataType::Struct(fields.iter().map(|field| field_as(field, dict.clone())).collect())
        }
        Type::Counts => DataType::Map(map_entries(column.field_id), false),
    }
}

/// The entries of a map column, named as the Parquet format names them.
pub(super) fn map_entries(field_id: i32) -> FieldRef {
    let [key, value] = map_fields(field_id);
    Arc::new(Field::new("key_value", DataType::Struct(Fields::from(vec![key, value])), false))
}

/// Key and value of a map column.
pub(super) fn map_fields(field_id: i32) -> [FieldRef; 2] {
    let part = |name: &str, ty, at: i32| -> FieldRef {
        let id = MAP_FIELD_ID_BASE + 2 * field_id + at;
        let metadata = HashMap::from([(PARQUET_FIELD_ID_META_KEY.to_owned(), id.to_string())]);
        Arc::new(Field::new(name, ty, false).with_metadata(metadata))
    };
    [part("key", DataType::Utf8, 0), part("value", DataType::Int32, 1)]
}
