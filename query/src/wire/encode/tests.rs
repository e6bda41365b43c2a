use std::sync::Arc;

use arrow::array::{
    DictionaryArray, Int32Array, ListBuilder, MapBuilder, StringBuilder, StructArray,
    TimestampMillisecondArray, UInt32Array,
};
use arrow::datatypes::Int32Type as Key;

use super::*;

fn column(array: impl Array + 'static) -> Column {
    Column::new(&(Arc::new(array) as ArrayRef)).unwrap()
}

fn text_of(column: &Column, row: usize) -> String {
    let mut out = Vec::new();
    column.write(row, Format::Text, &mut out);
    String::from_utf8(out).unwrap()
}

fn binary_of(column: &Column, row: usize) -> Vec<u8> {
    let mut out = Vec::new();
    column.write(row, Format::Binary, &mut out);
    out
}

#[test]
fn dictionaries_and_rare_types_are_written_as_common_ones() {
    let words: DictionaryArray<Key> = vec![Some("a"), None, Some("b")].into_iter().collect();
    let words = column(words);
    assert_eq!((words.oid, text_of(&words, 2), words.is_null(1)), (oid::TEXT, "b".to_owned(), true));

    let counts = column(UInt32Array::from(vec![u32::MAX]));
    assert_eq!((counts.oid, text_of(&counts, 0)), (oid::INT8, "4294967295".to_owned()));
    assert_eq!(binary_of(&counts, 0), 4_294_967_295_i64.to_be_bytes());

    let times = column(TimestampMillisecondArray::from(vec![1_000]).with_timezone("UTC"));
    assert_eq!((times.oid, text_of(&times, 0)), (oid::TIMESTAMPTZ, "1970-01-01 00:00:01+00".to_owned()));
    assert_eq!(binary_of(&times, 0), (1_000_000 - text::PG_EPOCH_MICROS).to_be_bytes());
}

#[test]
fn lists_are_arrays_in_both_forms() {
    let mut list = ListBuilder::new(StringBuilder::new());
    list.append_value([Some(""), None, Some("a,b"), Some("c")]);
    list.append_value([] as [Option<&str>; 0]);
    let list = column(list.finish());
    assert_eq!(list.oid, 1009);
    assert_eq!(text_of(&list, 0), "{\"\",NULL,\"a,b\",c}");
    assert_eq!(text_of(&list, 1), "{}");
    let want = [1_i32, 1, 25, 4, 1, 0, -1, 3].map(i32::to_be_bytes).concat();
    assert_eq!(binary_of(&list, 0), [want.as_slice(), b"a,b", &1_i32.to_be_bytes(), b"c"].concat());
    assert_eq!(binary_of(&list, 1), [0_i32, 0, 25].map(i32::to_be_bytes).concat());
}

#[test]
fn structs_and_maps_are_json_in_both_forms() {
    let fields = [("n", Int32Array::from(vec![Some(1), None])), ("m", Int32Array::from(vec![2, 3]))];
    let fields = fields.map(|(name, array)| {
        (Arc::new(Field::new(name, DataType::Int32, true)), Arc::new(array) as ArrayRef)
    });
    let structs = column(StructArray::from(fields.to_vec()));
    assert_eq!(structs.oid, oid::JSON);
    assert_eq!(text_of(&structs, 1), r#"{"n":null,"m":3}"#);
    assert_eq!(binary_of(&structs, 0), br#"{"n":1,"m":2}"#);

    let mut map = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    map.keys().append_value("k\"");
    map.values().append_value("line\n\u{1}é");
    map.append(true).unwrap();
    assert_eq!(text_of(&column(map.finish()), 0), "{\"k\\\"\":\"line\\n\\u0001é\"}");
}
