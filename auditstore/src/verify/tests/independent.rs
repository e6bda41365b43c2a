//! A lake checked by a program that shares no code with this one (`tests/independent_check.py`).

use std::io::Write;
use std::path::Path;
use std::process::Command;

use schemas::event;
use schemas::{Record, Type, Value};

use super::lake::{Writers, event};

/// An event with a value in every column that a decoder can fill, at the edges of its type.
fn full(offset: u64) -> Record {
    let mut record = event(offset);
    for (at, column) in record.schema().columns.iter().enumerate().skip(event::REQUEST_ID) {
        if column.nullable && record.get(at).is_null() {
            *record.get_mut(at) = value(column, offset);
        }
    }
    for derived in [event::FINDINGS, event::INPUT_HASH, event::OUTPUT_HASH, event::HASH_KEY_ID] {
        record.take(derived);
    }
    record
        .set(event::END_TIME, Value::Time([i64::MIN / 2, 253_402_300_799_999_999, -1][offset as usize % 3]));
    record
}

fn value(column: &'static schemas::Column, offset: u64) -> Value {
    let odd = offset % 2 == 1;
    match column.ty {
        Type::Bool => Value::Bool(odd),
        Type::Int16 => Value::Int(if odd { i16::MIN.into() } else { i16::MAX.into() }),
        Type::Int32 => Value::Int(if odd { i32::MIN.into() } else { i32::MAX.into() }),
        Type::Int64 => Value::Int(if odd { i64::MIN } else { i64::MAX }),
        Type::Float32 => Value::Float(0.5),
        Type::Float64 => Value::Float([f64::NAN, -0.0, f64::NEG_INFINITY, 0.1][offset as usize % 4]),
        Type::Decimal { .. } => Value::Decimal(if odd { -999_999_999_999_999_999 } else { 1 }),
        Type::Time => Value::Time(-1),
        Type::Text | Type::LargeText | Type::Dict if column.name.ends_with("_json") => {
            Value::text(if odd { "{}" } else { r#"{"größe":1}"# })
        }
        Type::Text | Type::LargeText | Type::Dict => Value::text(if odd { "" } else { "größe \u{1F9EA}" }),
        Type::Binary => Value::Bytes(Vec::new()),
        Type::FixedBinary(width) => Value::Bytes(vec![0xFF; width as usize]),
        Type::List(_) if offset % 3 == 2 => Value::List(Vec::new()),
        Type::List(item) => Value::List(vec![value(item, offset), value(item, offset + 1)]),
        Type::Struct(fields) => Value::Struct(fields.iter().map(|field| value(field, offset)).collect()),
        Type::Counts if odd => Value::Counts(vec![("b".to_owned(), 2), ("a".to_owned(), i32::MIN.into())]),
        Type::Counts => Value::Counts(Vec::new()),
    }
}

/// The interpreter, or the test is noted as not run; with `CI=true` that is a failure.
fn python() -> Option<String> {
    const NAME: &str = "SEALAKE_TEST_PYTHON";
    if let Ok(python) = std::env::var(NAME) {
        return Some(python);
    }
    let test = "a_program_without_our_code_agrees";
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{test} needs {NAME}, which ./test sets");
    if let Some(list) = std::env::var_os("SEALAKE_TEST_NOT_RUN") {
        let mut list = std::fs::OpenOptions::new().append(true).create(true).open(list).unwrap();
        writeln!(list, "{test}\t{NAME} is not set").unwrap();
    }
    None
}

/// Exit code and output of the check.
fn check(python: &str, lake: &Path) -> (i32, String) {
    // Where the test runs, not where it was built: checkouts may share a build cache.
    let output = Command::new(python).arg("../tests/independent_check.py").arg(lake).output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    let code =
        output.status.code().unwrap_or_else(|| panic!("the check ended with {}: {text}", output.status));
    (code, text)
}

#[tokio::test]
async fn a_program_without_our_code_agrees() {
    let Some(python) = python() else { return };
    let mut writers = Writers::new().await;
    writers.onboard().await;
    let mut batch = writers.batch(12, true);
    let first = batch.offsets[0].first.0;
    batch.rows = (first..first + 12).map(|offset| writers.redact(full(offset))).collect();
    assert!(batch.rows.iter().any(|row| !row.record().unwrap().get(event::GUARDRAILS).is_null()));
    writers.events.commit(batch).await.unwrap();
    writers.look().await;
    writers.commit(3, false).await;
    writers.events.snapshot().await.unwrap();
    writers.heartbeat().await;
    let lake = writers.lake().await;

    let folder = tempfile::tempdir().unwrap();
    lake.write(folder.path());
    let (code, text) = check(&python, folder.path());
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("16 records"), "{text}");

    // And it can disagree: with a row, with a signature, with nothing there.
    let segment = lake.paths("data/", ".parquet")[0].clone();
    for (path, at) in [(segment, 200), ("log/0001/0000000000000003.entry".to_owned(), 60)] {
        let mut changed = lake.clone();
        changed.flip(&path, at);
        let folder = tempfile::tempdir().unwrap();
        changed.write(folder.path());
        let (code, text) = check(&python, folder.path());
        assert!(code == 1 && text.contains(&path), "{path}: {text}");
    }
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(check(&python, empty.path()).0, 2);
}
