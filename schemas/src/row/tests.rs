use super::*;
use crate::column::{Class, Column, Schema, Type, optional, required};

const ITEM: Column = required(5, "item", Type::Text, Class::FreeText, "");
static TABLE: Schema = Schema {
    id: "t/1",
    doc: "",
    columns: &[
        required(2, "n", Type::Int16, Class::Number, ""),
        optional(3, "f", Type::Float64, Class::Number, ""),
        optional(4, "l", Type::List(&ITEM), Class::FreeText, ""),
        optional(6, "m", Type::Counts, Class::Vocabulary, ""),
    ],
};

fn encoded(values: [Value; 4]) -> Result<Vec<u8>, Error> {
    let mut record = Record::new(&TABLE);
    for (at, value) in values.into_iter().enumerate() {
        *record.get_mut(at) = value;
    }
    let mut out = Vec::new();
    encode(&record, &[7; 16], &mut out).map(|()| out)
}

#[test]
fn a_row_is_encoded_byte_for_byte() {
    let out = encoded([
        Value::Int(-1),
        Value::Float(-0.0),
        Value::List(vec![Value::text("ab")]),
        Value::Counts(vec![("b".into(), 2), ("a".into(), 1)]),
    ])
    .unwrap();
    let mut want = vec![7; 16];
    want.extend([3, 0, 0, 0, b't', b'/', b'1']);
    want.extend([8, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
    want.extend([8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    want.extend([10, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, b'a', b'b']);
    want.extend([38, 0, 0, 0, 2, 0, 0, 0]);
    want.extend([1, 0, 0, 0, b'a', 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    want.extend([1, 0, 0, 0, b'b', 8, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(out, want);
}

#[test]
fn an_empty_list_is_not_null_and_every_nan_is_the_same() {
    let empty = encoded([Value::Int(1), Value::Null, Value::List(vec![]), Value::Null]).unwrap();
    let null = encoded([Value::Int(1), Value::Null, Value::Null, Value::Null]).unwrap();
    assert_ne!(empty, null);
    let quiet = encoded([Value::Int(1), Value::Float(f64::NAN), Value::Null, Value::Null]);
    let other = encoded([
        Value::Int(1),
        Value::Float(f64::from_bits(0x7FF0_0000_0000_0001)),
        Value::Null,
        Value::Null,
    ]);
    assert_eq!(quiet, other);
}

#[test]
fn what_cannot_be_encoded_is_refused() {
    assert_eq!(
        encoded([Value::Null, Value::Null, Value::Null, Value::Null]),
        Err(Error::MissingRequired("n"))
    );
    let twice = Value::Counts(vec![("a".into(), 1), ("a".into(), 2)]);
    assert_eq!(encoded([Value::Int(1), Value::Null, Value::Null, twice]), Err(Error::KeyTwice("m")));
}

#[test]
fn what_was_encoded_is_read_back() {
    let rows = [
        [
            Value::Int(-1),
            Value::Float(2.5),
            Value::List(vec![Value::text("ab"), Value::Null, Value::text("")]),
            Value::Counts(vec![("a".into(), 1), ("b".into(), 2)]),
        ],
        [Value::Int(7), Value::Null, Value::List(vec![]), Value::Null],
    ];
    for values in rows {
        let mut record = Record::new(&TABLE);
        values.iter().enumerate().for_each(|(at, value)| record.set(at, value.clone()));
        let bytes = encoded(values).unwrap();
        assert_eq!(fields::decode(&TABLE, &bytes), Some(record));
        // Cut anywhere, it is no row.
        assert!((0..bytes.len()).all(|end| fields::decode(&TABLE, &bytes[..end]).is_none()));
    }
}
