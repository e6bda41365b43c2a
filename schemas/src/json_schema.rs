//! JSON Schemas (draft 2020-12) of the published nouns, generated from the tables in this crate.

use serde_json::{Map, Value, json};

use crate::column::{Class, Column, Schema, Type};

/// The JSON Schema of a table: one object a row, as `sealake sql --format json` prints it.
pub fn of_table(schema: &Schema) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:sealake:{}", schema.id.replace('/', ":")),
        "title": schema.id,
        "description": schema.doc,
        "type": "object",
        "properties": properties(schema.columns),
        "required": required(schema.columns),
        "additionalProperties": false,
    })
}

fn properties(columns: &[Column]) -> Value {
    Value::Object(
        columns.iter().map(|column| (column.name.to_owned(), of_column(column))).collect::<Map<_, _>>(),
    )
}

fn required(columns: &[Column]) -> Vec<&'static str> {
    columns.iter().filter(|column| !column.nullable).map(|column| column.name).collect()
}

fn of_column(column: &Column) -> Value {
    let mut schema = match column.ty {
        Type::Bool => json!({"type": "boolean"}),
        Type::Int16 => json!({"type": "integer", "minimum": i16::MIN, "maximum": i16::MAX}),
        Type::Int32 => json!({"type": "integer", "minimum": i32::MIN, "maximum": i32::MAX}),
        Type::Int64 => json!({"type": "integer"}),
        Type::Float32 | Type::Float64 => json!({"type": "number"}),
        Type::Decimal { scale, .. } => json!({"type": "string", "format": "decimal", "x-scale": scale}),
        Type::Time => json!({"type": "string", "format": "date-time"}),
        Type::Text | Type::LargeText | Type::Dict => json!({"type": "string"}),
        Type::Binary => json!({"type": "string", "contentEncoding": "base16"}),
        Type::FixedBinary(bytes) => {
            json!({"type": "string", "contentEncoding": "base16", "pattern": format!("^[0-9a-f]{{{}}}$", bytes * 2)})
        }
        Type::List(item) => json!({"type": "array", "items": of_column(item)}),
        Type::Struct(fields) => json!({
            "type": "object",
            "properties": properties(fields),
            "required": required(fields),
            "additionalProperties": false,
        }),
        Type::Counts => json!({"type": "object", "additionalProperties": {"type": "integer"}}),
    };
    schema["description"] = json!(column.doc);
    schema["x-field-id"] = json!(column.field_id);
    schema["x-class"] = json!(class_name(column.class));
    if column.nullable {
        schema["type"] = json!([schema["type"], "null"]);
    }
    schema
}

/// The class as the published schemas and the documentation spell it.
pub fn class_name(class: Class) -> &'static str {
    match class {
        Class::Provenance => "provenance",
        Class::Vocabulary => "vocabulary",
        Class::ShapedId => "shaped id",
        Class::Workforce => "workforce",
        Class::Subject => "subject",
        Class::FreeText => "free text",
        Class::Number => "number",
        Class::Time => "time",
        Class::Opaque => "opaque",
    }
}

#[cfg(test)]
mod tests;
