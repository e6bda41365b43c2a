//! The three formats, value by value.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Array, FixedSizeBinaryArray, Float64Array, Int64Array, ListArray, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{Field, Int64Type, Schema};

use super::*;

fn batch() -> RecordBatch {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int64Array::from(vec![Some(i64::MAX), None]))),
        (
            "cost",
            Arc::new(Decimal128Array::from(vec![1_000_000, 5]).with_precision_and_scale(18, 9).unwrap()),
        ),
        ("ratio", Arc::new(Float64Array::from(vec![0.5, f64::NAN]))),
        ("text", Arc::new(StringArray::from(vec!["a \"b\", c\nd", "\u{1b}[31mred"]))),
        (
            "at",
            Arc::new(TimestampMicrosecondArray::from(vec![1_793_491_200_000_000, 1]).with_timezone("UTC")),
        ),
        ("hash", Arc::new(FixedSizeBinaryArray::try_from_iter([[1_u8, 255], [0, 16]].iter()).unwrap())),
        (
            "list",
            Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(vec![
                Some(vec![Some(1), None]),
                None,
            ])),
        ),
    ];
    let fields: Vec<Field> =
        columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), true)).collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

fn write(format: Format) -> String {
    let batch = batch();
    let mut writer = Writer::new(format, &batch.schema());
    let rows = writer.batch(&batch).unwrap();
    rows + &writer.end()
}

#[test]
fn json_keeps_every_digit() {
    let text = write(Format::Json);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        r#"{"id":9223372036854775807,"cost":0.001000000,"ratio":0.5,"text":"a \"b\", c\nd","at":"2026-11-01T00:00:00Z","hash":"01ff","list":[1,null]}"#
    );
    for line in lines {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}

#[test]
fn csv_quotes_what_needs_it() {
    let text = write(Format::Csv);
    let first =
        "id,cost,ratio,text,at,hash,list\r\n9223372036854775807,0.001000000,0.5,\"a \"\"b\"\", c\nd\",";
    assert!(text.starts_with(first), "{text}");
    assert!(text.contains("\r\n,0.000000005,NaN,"), "{text}");
}

#[test]
fn tables_are_aligned_and_harmless() {
    let text = write(Format::Table);
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(text.ends_with("(2 rows)\n"), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[1].matches('+').count(), 6);
    let long = table_cell(&"x".repeat(1_000));
    assert_eq!(long.chars().count(), TABLE_CELL_CHARS_MAX);
    assert!(long.ends_with('…'));
}

#[test]
fn no_rows_still_have_columns() {
    let schema = batch().schema();
    assert!(Writer::new(Format::Csv, &schema).end().starts_with("id,cost"));
    assert!(Writer::new(Format::Table, &schema).end().contains("(0 rows)"));
    assert!(Writer::new(Format::Json, &schema).end().is_empty());
}

#[test]
fn times_are_written_in_utc_whatever_their_zone() {
    let noon = TimestampMicrosecondArray::from(vec![1_793_534_400_000_000]).with_timezone("Europe/Berlin");
    let field = Field::new("at", noon.data_type().clone(), true);
    let batch = RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![Arc::new(noon)]).unwrap();
    let mut writer = Writer::new(Format::Csv, &batch.schema());
    assert_eq!(writer.batch(&batch).unwrap(), "at\r\n2026-11-01T12:00:00Z\r\n");
}
