use arrow::array::AsArray;
use arrow::datatypes::{Field, Int32Type, TimeUnit};

use super::*;

fn text_value(text: &'static str, declared: u32, planned: &DataType) -> Result<ScalarValue, Error> {
    value(1, Some(&Bytes::from_static(text.as_bytes())), Format::Text, declared, planned)
}

fn binary_value(bytes: Vec<u8>, declared: u32, planned: &DataType) -> Result<ScalarValue, Error> {
    value(1, Some(&bytes.into()), Format::Binary, declared, planned)
}

fn utc() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

#[test]
fn texts_become_values_of_the_planned_type() {
    assert_eq!(text_value("5", oid::INT4, &DataType::Int64).unwrap(), ScalarValue::Int64(Some(5)));
    assert_eq!(text_value("on", 0, &DataType::Boolean).unwrap(), ScalarValue::Boolean(Some(true)));
    let time = ScalarValue::TimestampMicrosecond(Some(1_000_000), Some("UTC".into()));
    for text in ["1970-01-01 00:00:01+00", "1970-01-01T00:00:01Z", "1970-01-01 02:00:01+02"] {
        assert_eq!(text_value(text, oid::TIMESTAMPTZ, &utc()).unwrap(), time, "{text}");
    }
    let words = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let word = text_value("openai", 0, &words).unwrap().to_array().unwrap();
    assert_eq!(word.as_dictionary::<Int32Type>().values().as_string::<i32>().value(0), "openai");
    let list = DataType::List(Arc::new(Field::new_list_field(DataType::Int64, true)));
    let value = text_value("{1, NULL,3}", 1016, &list).unwrap().to_array().unwrap();
    assert_eq!(value.as_list::<i32>().value(0).len(), 3);
    assert!(value.as_list::<i32>().value(0).is_null(1));
}

#[test]
fn a_wrong_value_is_not_quoted() {
    let error = text_value("4111-secret", oid::INT8, &DataType::Int64).unwrap_err();
    assert_eq!(error.sqlstate(), "22P02");
    assert_eq!(error.message(), "parameter $1 is no value of type bigint");
}

#[test]
fn binary_forms_are_those_of_postgresql() {
    let five = 5_i32.to_be_bytes().to_vec();
    assert_eq!(binary_value(five, oid::INT4, &DataType::Int64).unwrap(), ScalarValue::Int64(Some(5)));
    let time = (1_000_000 - text::PG_EPOCH_MICROS).to_be_bytes().to_vec();
    let want = ScalarValue::TimestampMicrosecond(Some(1_000_000), Some("UTC".into()));
    assert_eq!(binary_value(time, oid::TIMESTAMPTZ, &utc()).unwrap(), want);
    for (digits, scale, want) in
        [("-12345", 2, "-123.45"), ("5", 3, "0.005"), ("100000000", 0, "100000000"), ("0", 1, "0.0")]
    {
        let mut bytes = Vec::new();
        text::binary_numeric(&mut bytes, digits, scale);
        assert_eq!(numeric(&mut bytes.into()).unwrap(), want);
    }
    let list = DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)));
    let bytes = [1_i32, 1, 25, 2, 1, 1].map(i32::to_be_bytes).concat();
    let bytes = [bytes.as_slice(), b"a", &(-1_i32).to_be_bytes()].concat();
    let value = binary_value(bytes, 1009, &list).unwrap().to_array().unwrap();
    assert_eq!(
        value.as_list::<i32>().value(0).as_string::<i32>().iter().collect::<Vec<_>>(),
        [Some("a"), None]
    );
}

#[test]
fn every_cut_of_a_binary_value_is_refused() {
    let mut number = Vec::new();
    text::binary_numeric(&mut number, "-12345", 2);
    let array = [1_i32, 1, 25, 2, 1, 1].map(i32::to_be_bytes).concat();
    for (bytes, declared) in
        [(number, oid::NUMERIC), (array, 1009), (vec![0; 8], oid::INT8), (vec![0; 16], oid::UUID)]
    {
        for end in 0..bytes.len() {
            assert!(
                binary_value(bytes[..end].to_vec(), declared, &DataType::Utf8).is_err(),
                "{declared} cut at {end}"
            );
        }
    }
}
