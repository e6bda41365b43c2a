//! House rules that a reviewer would otherwise have to remember.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use crate::util::root;

/// Direct and transitive dependencies of each room that would turn the data path around or make a pure room
/// impure. The first column is the crate, the second what must not appear below it, the third why.
const ABSENT: &[(&str, &[&str], &str)] = &[
    (
        "schemas",
        &["arrow", "parquet", "tokio", "rdkafka", "datafusion", "object_store"],
        "nouns only, no I/O",
    ),
    (
        "redactor",
        &["arrow", "parquet", "tokio", "rdkafka", "datafusion", "object_store", "auditstore"],
        "pure CPU",
    ),
    (
        "auditstore",
        &["rdkafka", "datafusion", "pgwire", "ingest", "query"],
        "the lake knows neither Kafka nor SQL",
    ),
    ("ingest", &["datafusion", "pgwire", "query"], "links no SQL engine"),
    ("query", &["rdkafka", "ingest", "age"], "the SQL service never sees Kafka or quarantine"),
];

#[test]
fn dependencies_point_along_the_data_path() {
    for (room, absent, why) in ABSENT {
        let mut tree = Command::new(env!("CARGO"));
        // The tree of the manifests, whatever a developer's settings make of it.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.contains("CARGO_") && name != "CARGO_HOME" {
                tree.env_remove(name);
            }
        }
        let tree = tree
            .args([
                "tree",
                "--offline",
                "--locked",
                "--edges",
                "normal",
                "--prefix",
                "none",
                "--package",
                room,
            ])
            .current_dir(root())
            .output()
            .unwrap();
        assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
        let text = String::from_utf8(tree.stdout).unwrap();
        let names: BTreeSet<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
        assert!(names.contains(room), "cargo tree printed nothing for {room}");
        for name in *absent {
            assert!(!names.contains(name), "{room} depends on {name}, but: {why}");
        }
    }
}

#[test]
fn one_version_of_arrow_parquet_and_object_store() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lock.lines().filter_map(|line| line.strip_prefix("name = \"")) {
        *versions.entry(line.trim_end_matches('"')).or_default() += 1;
    }
    for name in ["arrow", "parquet", "object_store", "datafusion"] {
        assert_eq!(versions.get(name), Some(&1), "{name} must be in Cargo.lock once");
    }
}

#[test]
fn every_source_file_opens_with_its_reason() {
    for path in sources() {
        let is_unit_test = path.file_name().is_some_and(|name| name == "tests.rs");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            is_unit_test || text.starts_with("//!"),
            "{} has no `//!` header that says what it is for",
            path.display()
        );
    }
}

#[test]
fn nothing_was_left_for_later() {
    // Spelled in halves so that this file does not find itself.
    let marks =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("unimpl", "emented!(")];
    for path in sources() {
        let text = std::fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            for mark in marks {
                assert!(!line.contains(mark), "{}:{} says {mark}", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn the_runbook_knows_every_verdict() {
    let runbook = std::fs::read_to_string(root().join("docs/operating.md")).unwrap();
    for (_, code, _) in schemas::verdict::VERDICTS {
        assert!(
            runbook.contains(&format!("`{code}`")),
            "docs/operating.md does not say what to do on {code}"
        );
    }
}

/// Every Rust file of the repository.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let rooms = ["src", "schemas", "redactor", "auditstore", "ingest", "query", "tests", "benches"];
    let mut open: Vec<PathBuf> = rooms.iter().map(|room| root().join(room)).collect();
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).into_iter().flatten() {
            let path = entry.unwrap().path();
            // `tests/ui` holds programs that must not compile; their text is the test.
            if path.is_dir() && !path.ends_with("ui") {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 20, "found only {} source files", found.len());
    found
}
