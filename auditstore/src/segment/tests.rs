use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use bytes::Bytes;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::arrow::{PARQUET_FIELD_ID_META_KEY, ProjectionMask};
use parquet::file::metadata::ParquetMetaData;
use proptest::prelude::*;
use schemas::access::ACCESS;
use schemas::event::{self, EVENT};
use schemas::{Class, Column, Record, Schema, Type, Value, row};
use sha2::{Digest, Sha256};

use super::*;
use crate::merkle;

const fn column(field_id: i32, name: &'static str, ty: Type, nullable: bool) -> Column {
    Column { name, ty, nullable, class: Class::FreeText, field_id, doc: "A column." }
}

const TEXT_ITEM: Column = column(30, "item", Type::Text, true);
const LIST_ITEM: Column = column(31, "item", Type::List(&TEXT_ITEM), true);
const STRUCT_ITEM: Column = column(32, "item", Type::Struct(FIELDS), true);
const FIELDS: &[Column] = &[
    column(33, "a", Type::Int32, false),
    column(34, "b", Type::Dict, true),
    column(35, "c", Type::Counts, true),
    column(36, "d", Type::List(&TEXT_ITEM), true),
];

/// Every type, nullable and required, nested in every way that the tables could come to use.
static EVERY: Schema = Schema {
    id: "every/1",
    doc: "",
    columns: &[
        column(2, "bool", Type::Bool, true),
        column(3, "int16", Type::Int16, true),
        column(4, "int32", Type::Int32, false),
        column(5, "int64", Type::Int64, true),
        column(6, "float32", Type::Float32, true),
        column(7, "float64", Type::Float64, true),
        column(8, "decimal", Type::Decimal { precision: 18, scale: 9 }, true),
        column(9, "wide_decimal", Type::Decimal { precision: 38, scale: 2 }, true),
        column(10, "time", Type::Time, true),
        column(11, "text", Type::Text, true),
        column(12, "large_text", Type::LargeText, true),
        column(13, "dict", Type::Dict, true),
        column(14, "binary", Type::Binary, true),
        column(15, "fixed", Type::FixedBinary(5), true),
        column(16, "lists", Type::List(&LIST_ITEM), true),
        column(17, "structs", Type::List(&STRUCT_ITEM), true),
        column(18, "struct", Type::Struct(FIELDS), true),
        column(19, "counts", Type::Counts, true),
    ],
};

fn value(column: &'static Column) -> BoxedStrategy<Value> {
    let text = || prop_oneof!["[a-c]{0,2}", "\\PC{0,12}"];
    let some = match column.ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Int16 => any::<i16>().prop_map(|v| Value::Int(v.into())).boxed(),
        Type::Int32 => any::<i32>().prop_map(|v| Value::Int(v.into())).boxed(),
        Type::Int64 => any::<i64>().prop_map(Value::Int).boxed(),
        Type::Float32 => any::<u32>().prop_map(|v| Value::Float(f32::from_bits(v).into())).boxed(),
        Type::Float64 => prop_oneof![
            any::<u64>().prop_map(|v| Value::Float(f64::from_bits(v))),
            prop_oneof![Just(-0.0), Just(0.0), Just(f64::NAN), Just(f64::INFINITY)].prop_map(Value::Float),
        ]
        .boxed(),
        Type::Decimal { precision, .. } => {
            let limit = 10_i128.pow(precision.into());
            (-limit + 1..limit).prop_map(Value::Decimal).boxed()
        }
        Type::Time => any::<i64>().prop_map(Value::Time).boxed(),
        Type::Text | Type::LargeText | Type::Dict => text().prop_map(Value::from).boxed(),
        Type::Binary => any::<Vec<u8>>().prop_map(Value::Bytes).boxed(),
        Type::FixedBinary(width) => {
            prop::collection::vec(any::<u8>(), width as usize).prop_map(Value::Bytes).boxed()
        }
        Type::List(item) => prop::collection::vec(value(item), 0..3).prop_map(Value::List).boxed(),
        Type::Struct(fields) => fields.iter().map(value).collect::<Vec<_>>().prop_map(Value::Struct).boxed(),
        Type::Counts => prop::collection::btree_map(text(), any::<i32>(), 0..4)
            .prop_map(|map| Value::Counts(map.into_iter().rev().map(|(k, v)| (k, v.into())).collect()))
            .boxed(),
    };
    if column.nullable { prop_oneof![1 => Just(Value::Null), 3 => some].boxed() } else { some }
}

fn record(schema: &'static Schema) -> BoxedStrategy<Record> {
    let values: Vec<_> = schema.columns.iter().map(value).collect();
    values
        .prop_map(move |values| {
            let mut record = Record::new(schema);
            for (at, value) in values.into_iter().enumerate() {
                *record.get_mut(at) = value;
            }
            record
        })
        .boxed()
}

/// Reads a segment as our readers do (`hint`), or as somebody who knows nothing but Parquet.
fn read(parquet: &Bytes, schema: &'static Schema, hint: bool) -> Vec<RecordBatch> {
    let mut options = ArrowReaderOptions::new();
    if hint {
        options = options.with_schema(arrow_schema(schema));
    }
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(parquet.clone(), options).unwrap();
    builder.build().unwrap().collect::<Result<_, _>>().unwrap()
}

fn metadata(parquet: &Bytes) -> Arc<ParquetMetaData> {
    let options =
        ArrowReaderOptions::new().with_page_index_policy(parquet::file::metadata::PageIndexPolicy::Required);
    ArrowReaderMetadata::load(parquet, options).unwrap().metadata().clone()
}

fn leaf(record: &Record, salt: &[u8; 16]) -> [u8; 32] {
    let mut bytes = vec![0];
    row::encode(record, salt, &mut bytes).unwrap();
    Sha256::digest(&bytes).into()
}

/// The segments of records of any origin.
pub(super) fn build_records(schema: &'static Schema, records: &[&Record]) -> Result<Vec<Built>, Error> {
    let rows = records.iter().zip(0..).map(|(record, at)| Row::of_record(record, at));
    build(schema, &rows.collect::<Result<Vec<_>, _>>()?)
}

fn check_round_trip(schema: &'static Schema, rows: &[Record]) {
    let rows: Vec<&Record> = rows.iter().collect();
    let built = build_records(schema, &rows).unwrap();
    assert_eq!(built.len(), usize::from(!rows.is_empty()));
    for file in &built {
        for hint in [true, false] {
            let batches = read(&file.parquet, schema, hint);
            let back: Vec<_> = batches.iter().flat_map(|batch| records(batch, schema).unwrap()).collect();
            assert_eq!(back.len(), rows.len());
            let leaves: Vec<[u8; 32]> = back.iter().map(|(salt, record)| leaf(record, salt)).collect();
            for (at, ((salt, _), row)) in back.iter().zip(&rows).enumerate() {
                assert_eq!(leaves[at], leaf(row, salt), "row {at}, hint {hint}");
            }
            assert_eq!(leaves.as_flattened(), &file.leaves[..]);
            assert_eq!(file.root, merkle::root(&leaves));
        }
        assert_eq!(file.sha256[..], Sha256::digest(&file.parquet)[..]);
        assert_eq!(file.leaves_sha256[..], Sha256::digest(&file.leaves)[..]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_read_has_the_hash_of_what_was_written(rows in prop::collection::vec(record(&EVERY), 0..20)) {
        check_round_trip(&EVERY, &rows);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn events_and_access_records_too(
        events in prop::collection::vec(record(&EVENT), 1..4),
        looks in prop::collection::vec(record(&ACCESS), 1..4),
    ) {
        check_round_trip(&EVENT, &events);
        check_round_trip(&ACCESS, &looks);
    }
}

/// An event with nothing but its required columns, at this offset.
pub(super) fn event(offset: i64, time: i64) -> Record {
    let mut record = Record::new(&EVENT);
    for (at, column) in EVENT.columns.iter().enumerate().filter(|(_, column)| !column.nullable) {
        *record.get_mut(at) = match column.ty {
            Type::FixedBinary(width) => Value::Bytes(vec![7; width as usize]),
            Type::Time => Value::Time(time),
            Type::Dict | Type::Text => Value::text("x"),
            _ => Value::Int(1),
        };
    }
    record.set(event::KAFKA_OFFSET, offset);
    record
}

/// Text that does not shrink, of a given length, each time another.
pub(super) fn noise() -> impl FnMut(usize) -> String {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    move |length| {
        let mut char = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(b'!' + (state % 94) as u8)
        };
        (0..length).map(|_| char()).collect()
    }
}

#[test]
fn every_field_has_its_id_and_comment() {
    fn ids(field: &arrow::datatypes::Field, out: &mut Vec<i32>) {
        if let Some(id) = field.metadata().get(PARQUET_FIELD_ID_META_KEY) {
            out.push(id.parse().unwrap());
        } else {
            assert_eq!(field.name(), "key_value");
        }
        match field.data_type() {
            DataType::List(item) => ids(item, out),
            DataType::Map(entries, _) => ids(entries, out),
            DataType::Struct(fields) => fields.iter().for_each(|field| ids(field, out)),
            _ => {}
        }
    }
    for schema in [&EVENT, &ACCESS] {
        let arrow = arrow_schema(schema);
        assert_eq!(arrow.field(0).name(), "record_salt");
        assert_eq!(arrow.field(1).metadata()["comment"], schema.columns[0].doc);
        let mut found = Vec::new();
        arrow.fields().iter().for_each(|field| ids(field, &mut found));
        let count = found.len();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), count, "a field id twice in {}", schema.id);
    }
    // And they reach the file, the parts of the map column included.
    let file = &build_records(&EVENT, &[&event(0, 0)]).unwrap()[0];
    let schema = metadata(&file.parquet).file_metadata().schema_descr_ptr();
    let mut leaves = schema.columns().iter();
    assert!(leaves.all(|leaf| leaf.self_type().get_basic_info().has_id()));
}

#[test]
fn what_does_not_fit_is_refused_and_named() {
    let refused = |column: usize, value: Value| {
        let (good, mut bad) = (event(0, 0), event(1, 0));
        *bad.get_mut(column) = value;
        build_records(&EVENT, &[&good, &bad]).unwrap_err().to_string()
    };
    assert_eq!(
        refused(event::HTTP_STATUS, Value::Int(70_000)),
        "row 1: column http_status is outside the range of its type; the rows were not sealed"
    );
    assert!(refused(event::STATUS, Value::Null).contains("column status is required"));
    assert!(refused(event::COST_USD, Value::Decimal(10_i128.pow(18))).contains("more digits"));
    assert!(refused(event::EVENT_TIME, Value::Int(1)).contains("another type"));
    assert!(refused(event::TRACE_ID, Value::Bytes(vec![1])).contains("length"));
    let finding = Value::List(vec![Value::Struct(vec![Value::Null; event::FINDING_FIELDS.len()])]);
    assert!(refused(event::FINDINGS, finding).contains("column findings.item.column is required"));
}

#[test]
fn rows_in_time_order_are_declared_sorted_and_others_are_not() {
    let sorting = |times: &[i64]| {
        let rows: Vec<Record> = times.iter().map(|time| event(0, *time)).collect();
        let rows: Vec<&Record> = rows.iter().collect();
        let file = build_records(&EVENT, &rows).unwrap().remove(0);
        let metadata = metadata(&file.parquet);
        let sorting = metadata.row_group(0).sorting_columns()?;
        Some(metadata.file_metadata().schema_descr().column(sorting[0].column_idx as usize).name().to_owned())
    };
    assert_eq!(sorting(&[1, 2, 2]).as_deref(), Some("event_time"));
    assert_eq!(sorting(&[2, 1]), None);
}

#[test]
fn statistics_page_index_and_blooms_are_there_and_small() {
    let rows: Vec<Record> = (0..50).map(|at| event(at, at)).collect();
    let rows: Vec<&Record> = rows.iter().collect();
    let file = build_records(&EVENT, &rows).unwrap().remove(0);
    let metadata = metadata(&file.parquet);
    let group = metadata.row_group(0);
    let leaf = |name: &str| group.columns().iter().position(|c| c.column_path().string() == name).unwrap();
    assert!(group.column(leaf("kafka_offset")).statistics().is_some());
    assert!(metadata.column_index().is_some() && metadata.offset_index().is_some());
    for name in ["event_id", "request_id", "trace_id", "actor_id", "input_hash"] {
        let bloom = group.column(leaf(name)).bloom_filter_length().unwrap();
        assert!(bloom < 512, "{name}: {bloom} bytes");
    }
    assert!(group.column(leaf("record_salt")).statistics().is_none());
    assert!(group.column(leaf("prompt_text")).dictionary_page_offset().is_none());
    assert!(file.parquet.len() < 96 << 10, "{} bytes for 50 rows", file.parquet.len());
}

#[test]
fn the_detail_says_what_a_reader_may_skip() {
    let rows: Vec<Record> = (0..9).map(|at| event(at, 1000 + at)).collect();
    let rows: Vec<&Record> = rows.iter().collect();
    let file = build_records(&EVENT, &rows).unwrap().remove(0);
    let detail = Detail::new([("data/x.parquet".to_owned(), file.detail.clone())]);
    let bytes = detail.to_bytes().unwrap();
    assert_eq!(Detail::parse(&bytes).unwrap(), detail);
    crate::canonical::check(&bytes).unwrap();

    let group = &file.detail.row_groups[0];
    assert_eq!(group.rows.0, 9);
    let time = &group.columns["event_time"];
    assert_eq!((time.min.unwrap().0, time.max.unwrap().0), (1000, 1008));
    assert_eq!(group.columns["status"].values.iter().collect::<Vec<_>>(), ["x"]);
    assert_eq!(group.columns["http_status"].nulls.0, 9);
    for identifying in ["actor_id", "request_id", "record_salt", "team_id", "prompt_text", "source_instance"]
    {
        assert!(!group.columns.contains_key(identifying), "{identifying}");
    }
    let footer = file.detail.metadata_bytes.0 as usize;
    assert!(footer > 0 && footer < file.parquet.len());
    assert!(Detail::parse(&bytes[..bytes.len() - 1]).is_err());
    let spaced = [b" ", &bytes[..]].concat();
    assert!(Detail::parse(&spaced).is_err());
}

#[test]
fn a_batch_that_does_not_fit_one_segment_becomes_several() {
    // Text that does not shrink: 16 rows of 8 MiB are more than a segment may hold.
    let mut random = noise();
    let rows: Vec<Record> = (0..16)
        .map(|at| {
            let mut row = event(at, at);
            row.set(event::PROMPT_TEXT, random(8 << 20));
            row
        })
        .collect();
    let rows: Vec<&Record> = rows.iter().collect();
    let built = build_records(&EVENT, &rows).unwrap();
    assert!(built.len() > 1);
    let mut next = 0;
    for file in &built {
        assert!(file.parquet.len() <= SEGMENT_BYTES_MAX);
        assert_eq!(file.detail.blocks.len(), file.parquet.len().div_ceil(BLOCK_BYTES as usize));
        let schema = arrow_schema(&EVENT);
        let options = ArrowReaderOptions::new().with_schema(schema);
        let builder =
            ParquetRecordBatchReaderBuilder::try_new_with_options(file.parquet.clone(), options).unwrap();
        let mask = ProjectionMask::columns(builder.parquet_schema(), ["kafka_offset"]);
        for batch in builder.with_projection(mask).build().unwrap() {
            let batch = batch.unwrap();
            let offsets = batch.column(0).as_any().downcast_ref::<arrow::array::Int64Array>().unwrap();
            for offset in offsets.values() {
                assert_eq!(*offset, next);
                next += 1;
            }
        }
    }
    assert_eq!(next, 16);
}
