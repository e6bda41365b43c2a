//! Each fixture and what it must become. A fixture `fixtures/FORMAT/NAME.json` (or `.jsonl`) keeps the shape of
//! a record as its maker publishes it; `NAME.expected` states every column that is not null, of every event.
//!
//! `SNAP_UPDATE=1 cargo test -p ingest fixtures` writes the expectations anew, to be reviewed as a diff.

use super::*;

/// Everything that decoding a fixture says.
fn outcome(decoded: Decoded) -> Value {
    match decoded {
        Decoded::Events { events, skipped, rejects } => {
            events.iter().for_each(assert_well_formed);
            let rejects: Vec<Value> = rejects.iter().map(|r| json!([r.index, r.reason, r.detail])).collect();
            json!({
                "events": events.iter().map(columns).collect::<Vec<_>>(),
                "skipped": skipped,
                "rejects": rejects,
            })
        }
        Decoded::Skipped(reason) => json!({"skipped": reason}),
        Decoded::Quarantine { reason, detail } => json!({"quarantine": reason, "detail": detail}),
    }
}

fn all() -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for format in super::super::FORMATS {
        let folder = fixtures_dir().join(format.name());
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|_| panic!("no {}", folder.display())) {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "json" || extension == "jsonl") {
                found.push((format.name().to_owned(), path));
            }
        }
    }
    found.sort();
    assert!(found.len() >= 12, "too few fixtures: {}", found.len());
    found
}

#[test]
fn every_fixture_becomes_what_it_says() {
    let mut wrong = Vec::new();
    for (format, path) in all() {
        let payload = std::fs::read(&path).unwrap();
        let found = outcome(decode_as(&format, payload.clone()));
        let sniffed = outcome(decode_as("auto", payload));
        assert_eq!(found, sniffed, "{}: auto decodes it otherwise", path.display());
        let expected_path = path.with_extension("expected");
        if std::env::var_os("SNAP_UPDATE").is_some() {
            std::fs::write(&expected_path, format!("{found:#}\n")).unwrap();
        }
        let expected = std::fs::read_to_string(&expected_path).unwrap_or_default();
        let expected: Value = serde_json::from_str(&expected).unwrap_or_default();
        if expected != found {
            wrong.push(format!("{}:\nexpected {expected:#}\nfound {found:#}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
