//! What is stored at all: texts as hashes, allowed columns, and that each omission is counted.

use schemas::event::EVENT;

use super::*;
use crate::redacted::Redacted;
use crate::{Actor, Policy, Redactor, TokenKey};

const HEAD: &str = "name = \"x\"\nversion = \"1\"\n[actions]\ndefault = \"label\"\n";

fn redactor(store: &str) -> Redactor {
    let policy = Policy::parse(format!("{HEAD}{store}").as_bytes()).unwrap();
    Redactor::new(policy, TokenKey::from_hex(&"0123456789abcdef".repeat(4)).unwrap(), "test").unwrap()
}

fn event(topic: &str, purpose: Option<&str>) -> Record {
    let mut record = Record::new(&EVENT);
    record.set(event::EVENT_TIME, Value::Time(1_795_168_800_000_000));
    record.set(event::KAFKA_TOPIC, topic.to_owned());
    record.set(event::PURPOSE, purpose.map(str::to_owned));
    record.set(event::INPUT_TOKENS, 12_i64);
    record.set(
        event::INPUT_MESSAGES,
        r#"[{"role":"user","parts":[{"type":"text","content":"MRN 70444444"}]}]"#,
    );
    record.set(event::ERROR_MESSAGE, "no bed for MRN 70444444");
    record.set(event::CLIENT_IP, "10.1.2.3");
    let call = ["id", "name", "type", "server"].map(|_| Value::Null);
    let mut call = call.to_vec();
    call[1] = "look_up".into();
    call.extend([r#"{"mrn":70444444}"#.into(), Value::Null, Value::Null]);
    record.set(event::TOOL_CALLS, Value::List(vec![Value::Struct(call)]));
    record
}

fn run(redactor: &Redactor, topic: &str, purpose: Option<&str>) -> Redacted {
    redactor.redact_event(event(topic, purpose), Actor::Workforce).unwrap()
}

fn text(row: &Redacted, position: usize) -> Option<String> {
    row.record().get(position).as_text().map(str::to_owned)
}

#[test]
fn texts_leave_as_keyed_hash_type_and_length() {
    let redactor = redactor("[[store]]\nname = \"audit\"\ncontent = \"hash_only\"\n");
    let row = run(&redactor, "t", None);
    let stored = text(&row, event::INPUT_MESSAGES).unwrap();
    let length = event("t", None).get(event::INPUT_MESSAGES).as_text().unwrap().len();
    assert!(
        stored.starts_with("\"[OPAQUE:") && stored.ends_with(&format!(":application/json:{length}]\"")),
        "{stored}"
    );
    assert!(serde_json::from_str::<String>(&stored).is_ok());
    assert!(text(&row, event::ERROR_MESSAGE).unwrap().ends_with(":text/plain:23]"));
    assert_eq!(
        (text(&row, event::PROMPT_TEXT), row.record().get(event::INPUT_TOKENS).as_int()),
        (None, Some(12))
    );
    assert!(!row.record().get(event::INPUT_HASH).is_null());
    let Value::List(calls) = row.record().get(event::TOOL_CALLS) else { panic!("a list") };
    let Value::Struct(call) = &calls[0] else { panic!("a struct") };
    assert_eq!(call[1].as_text(), Some("look_up"));
    let arguments = call[4].as_text().unwrap();
    assert!(
        arguments.starts_with("\"[OPAQUE:") && arguments.ends_with(":application/json:16]\""),
        "{arguments}"
    );
    assert_eq!(row.findings().collect::<Vec<_>>(), [("MRN", 3), ("OPAQUE", 3)]);
    // The same text has the same hash, under the same key only.
    assert_eq!(text(&run(&redactor, "u", None), event::INPUT_MESSAGES).unwrap(), stored);
}

#[test]
fn columns_that_a_purpose_does_not_need_are_left_out_and_counted() {
    let store = "[[store]]\nname = \"research\"\ntopics = [\"t\"]\npurposes = [\"Research\"]\ncolumns = [\"input_tokens\", \"error_message\"]\n";
    let redactor = redactor(store);
    let row = run(&redactor, "t", Some("research"));
    for (position, column) in EVENT.columns.iter().enumerate() {
        let kept = !column.nullable
            || ["input_tokens", "error_message", "findings", "hash_key_id"].contains(&column.name);
        assert!(kept || row.record().get(position).is_null(), "{}", column.name);
    }
    assert_eq!(text(&row, event::ERROR_MESSAGE).unwrap(), "no bed for MRN [MRN]");
    assert!(text(&row, event::REDACTION_POLICY).is_some());
    let counts: std::collections::BTreeMap<_, _> = row.findings().collect();
    // input_messages, prompt_text, tool_calls, client_ip, purpose, input_hash.
    assert_eq!((counts["COLUMN"], counts["MRN"]), (6, 3), "{counts:?}");
    for (topic, purpose) in [("u", Some("research")), ("t", Some("treatment")), ("t", None)] {
        let row = run(&redactor, topic, purpose);
        assert!(text(&row, event::INPUT_MESSAGES).is_some() && text(&row, event::CLIENT_IP).is_some());
    }
}

#[test]
fn what_is_wrong_in_an_entry_is_refused() {
    for (rest, what) in [
        ("", "leaves nothing out"),
        ("content = \"redacted\"\n", "leaves nothing out"),
        ("content = \"hash\"\n", "unknown content"),
        ("columns = [\"nonesuch\"]\n", "no column"),
        ("topics = [\"\"]\ncontent = \"hash_only\"\n", "empty"),
    ] {
        let text = format!("{HEAD}[[store]]\nname = \"x\"\n{rest}");
        let error = Policy::parse(text.as_bytes()).expect_err(rest);
        assert!(error.what.contains(what) && error.line >= 6, "{error}");
    }
}
