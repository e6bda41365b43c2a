//! `sealake demo` as a newcomer runs it: its numbers against SQL over the lake that it leaves, another seed, a second
//! run on the same folder, and a lake that somebody damaged in between.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::util::{Dir, Done, run, sealake};

fn demo(lake: &Path, seed: u64, mode: &str) -> Done {
    let seed = seed.to_string();
    let lake = lake.display().to_string();
    run(sealake(["demo", mode, "--dir", &lake, "--messages", "300", "--seed", &seed]))
}

fn number(value: &Value, pointer: &str) -> i64 {
    value.pointer(pointer).and_then(Value::as_i64).unwrap_or_else(|| panic!("{pointer} of {value}"))
}

fn sum(value: &Value, pointer: &str) -> i64 {
    let of =
        value.pointer(pointer).and_then(Value::as_object).unwrap_or_else(|| panic!("{pointer} of {value}"));
    of.values().filter_map(Value::as_i64).sum()
}

fn count(lake: &Path, table: &str) -> i64 {
    let lake = lake.display().to_string();
    let done =
        run(sealake(["sql", "--format", "json", &lake, &format!("SELECT count(*) AS n FROM {table}")]));
    let text = done.code(0).stdout;
    let rows: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    match rows.first() {
        Some(Value::Array(rows)) => number(&rows[0], "/n"),
        Some(row) => number(row, "/n"),
        None => panic!("no rows: {text}"),
    }
}

fn segments(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            segments(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "parquet") {
            found.push(path);
        }
    }
}

#[test]
fn its_numbers_are_those_of_the_lake_and_follow_the_seed() {
    let dir = Dir::new();
    let (first, other) = (dir.join("first"), dir.join("other"));
    let one = demo(&first, 1, "--json").code(0).json();
    assert_eq!(one["verdict"], "OK");
    assert_eq!(number(&one, "/published"), 300);
    let messages = number(&one, "/messages/decoded")
        + number(&one, "/messages/quarantined")
        + sum(&one, "/messages/skipped");
    assert_eq!(messages, 300, "{one}");
    assert_eq!(
        number(&one, "/quarantined"),
        number(&one, "/messages/quarantined") + number(&one, "/records/quarantined")
    );
    assert!(number(&one, "/quarantined") > 0 && number(&one, "/findings") > 0, "{one}");
    assert_eq!(number(&one, "/stored"), count(&first, "events"));
    assert_eq!(number(&one, "/findings"), count(&first, "findings"));
    assert_eq!(number(&one, "/segments"), count(&first, "segments"));

    let two = demo(&other, 2, "--json").code(0).json();
    let figures = ["/stored", "/quarantined", "/findings"];
    let of = |summary: &Value| figures.map(|pointer| number(summary, pointer));
    assert_ne!(of(&one), of(&two), "another seed gives other events");

    // The same seed on the other lake: the same events once more, and the lake holds both runs.
    let three = demo(&other, 1, "--json").code(0).json();
    assert_eq!(of(&one), of(&three));
    assert_eq!(number(&three, "/lake/events"), number(&two, "/stored") + number(&three, "/stored"));
    assert!(number(&three, "/segments") > number(&two, "/segments"));
    assert_eq!(
        count(&other, "(SELECT DISTINCT kafka_source FROM events)"),
        2,
        "each run is a source of its own"
    );
}

#[test]
fn its_answers_are_printed_and_a_deleted_segment_changes_the_verdict() {
    let dir = Dir::new();
    let lake = dir.join("lake");
    let text = demo(&lake, 7, "--once").code(0).stdout;
    for part in [
        "demonstration broker (in-process, not Apache Kafka): otlp, litellm, bedrock, sealake",
        "published 300 messages = decoded ",
        "verify: OK",
        "\n1 who prompted what\n",
        "\n2 PHI by endpoint\n",
        "\n3 cost by team\n",
        "\n4 errors\n",
        "\n5 who looked here\n",
    ] {
        assert!(text.contains(part), "{part:?} is missing in\n{text}");
    }
    assert!(!text.contains("(none)"), "an answer is empty:\n{text}");

    let mut files = Vec::new();
    segments(&lake.join("data"), &mut files);
    std::fs::remove_file(files.first().expect("a segment")).unwrap();
    let damaged = demo(&lake, 7, "--json").code(1).json();
    assert_eq!(damaged["verdict"], "MISSING");
    assert_eq!(number(&damaged, "/published"), 0, "a damaged lake is not continued");
}
