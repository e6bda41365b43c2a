//! Records: each class of column, propagation between columns, findings, hashes.

use schemas::event::{self, EVENT};

use super::*;
use crate::policy::Policy;
use crate::{Redactor, TokenKey};

const NOW: i64 = 20_778 * 86_400_000_000;

fn redactor(policy: Policy) -> Redactor {
    Redactor::new(policy, TokenKey::from_hex(&"0123456789abcdef".repeat(4)).unwrap(), "acme").unwrap()
}

fn coded() -> Redactor {
    redactor(Policy::profile("coded").unwrap())
}

fn record(values: &[(usize, &str)]) -> Record {
    let mut record = Record::new(&EVENT);
    record.set(event::EVENT_TIME, Value::Time(NOW));
    for (position, text) in values {
        record.set(*position, (*text).to_owned());
    }
    record
}

fn text(redacted: &Redacted, position: usize) -> &str {
    redacted.record().get(position).as_text().unwrap_or("<none>")
}

#[test]
fn messages_are_redacted_and_projected() {
    let messages =
        r#"[{"role":"user","parts":[{"type":"text","content":"Mail anna.sorel@example.org today"}]}]"#;
    let redacted =
        coded().redact_event(record(&[(event::INPUT_MESSAGES, messages)]), Actor::Workforce).unwrap();
    let stored = text(&redacted, event::INPUT_MESSAGES);
    assert!(
        stored.starts_with(r#"[{"role":"user","parts":[{"type":"text","content":"Mail [EMAIL:"#),
        "{stored}"
    );
    let prompt = text(&redacted, event::PROMPT_TEXT);
    assert!(prompt.starts_with("Mail [EMAIL:") && prompt.ends_with("] today"), "{prompt}");
    assert_eq!(text(&redacted, event::REDACTION_STATUS), "redacted");
    assert!(text(&redacted, event::REDACTION_POLICY).starts_with("coded/1 sha256:"));
    let hash = redacted.record().get(event::INPUT_HASH).as_bytes().unwrap();
    assert_eq!(hash, coded().keyed_hash(messages.as_bytes()));
    assert_eq!(redacted.findings().collect::<Vec<_>>(), [("EMAIL", 1)]);
    let Value::List(findings) = redacted.record().get(event::FINDINGS) else { panic!("a list") };
    let Value::Struct(fields) = &findings[0] else { panic!("a struct") };
    assert_eq!(fields[0].as_text(), Some("input_messages"));
    assert_eq!(fields[1].as_text(), Some("/0/parts/0/content"));
    let (start, end) = (fields[2].as_int().unwrap() as usize, fields[3].as_int().unwrap() as usize);
    assert!(prompt[start..end].starts_with("[EMAIL:") && prompt[start..end].ends_with(']'));
    assert_eq!(fields[4].as_text(), Some("EMAIL"));
    assert_eq!(fields[6].as_text(), Some("F"));
    assert_eq!(fields[7].as_text(), Some("token"));
}

#[test]
fn clean_events_say_so() {
    let redacted = coded().redact_event(record(&[(event::PROVIDER, "openai")]), Actor::Workforce).unwrap();
    assert_eq!(text(&redacted, event::REDACTION_STATUS), "clean");
    assert_eq!(redacted.record().get(event::FINDINGS).as_list(), Some(&[][..]));
    assert_eq!(text(&redacted, event::PROMPT_TEXT), "<none>");
}

#[test]
fn callers_are_kept_without_numbers_of_persons() {
    let redacted = coded()
        .redact_event(
            record(&[
                (event::ACTOR_ID, "maria.kowalski@clinic.example"),
                (event::USER_AGENT, "portal/2.1 (ssn=412-58-9931)"),
                (event::APP_NAME, "patient portal: MRN 448812"),
            ]),
            Actor::Workforce,
        )
        .unwrap();
    assert_eq!(text(&redacted, event::ACTOR_ID), "maria.kowalski@clinic.example");
    let agent = text(&redacted, event::USER_AGENT);
    assert!(agent.starts_with("portal/2.1 (ssn=[SSN:"), "{agent}");
    let app = text(&redacted, event::APP_NAME);
    assert!(app.starts_with("patient portal: MRN [MRN:"), "{app}");
    assert_eq!(text(&redacted, event::REDACTION_STATUS), "redacted");
}

#[test]
fn workforce_is_as_the_topic_says() {
    let values = [
        (event::ACTOR_EMAIL, "dr.who@example.org"),
        (event::CLIENT_IP, "10.1.2.3"),
        (event::TEAM_ID, "ward 7"),
    ];
    let kept = coded().redact_event(record(&values), Actor::Workforce).unwrap();
    assert_eq!(text(&kept, event::ACTOR_EMAIL), "dr.who@example.org");
    assert_eq!(kept.findings().count(), 0);
    for actor in [Actor::Subject, Actor::Unstated] {
        let hidden = coded().redact_event(record(&values), actor).unwrap();
        assert!(text(&hidden, event::ACTOR_EMAIL).starts_with("[EMAIL:"));
        assert!(text(&hidden, event::CLIENT_IP).starts_with("[IP:"));
        assert!(text(&hidden, event::TEAM_ID).starts_with("[TEAM:"));
    }
    let gdpr =
        redactor(Policy::profile("gdpr").unwrap()).redact_event(record(&values), Actor::Workforce).unwrap();
    assert!(text(&gdpr, event::ACTOR_EMAIL).starts_with("[STAFF:"));
    let dropped =
        redactor(Policy::profile("safe_harbor").unwrap()).redact_event(record(&values), Actor::Workforce);
    assert_eq!(text(&dropped.unwrap(), event::ACTOR_EMAIL), "<none>");
}

#[test]
fn subjects_are_always_tokens_and_join_with_the_text() {
    let values = [
        (event::ON_BEHALF_OF, "anna.sorel@example.org"),
        (event::ERROR_MESSAGE, "no such user Anna.Sorel@example.org"),
    ];
    let redacted = coded().redact_event(record(&values), Actor::Workforce).unwrap();
    let token = text(&redacted, event::ON_BEHALF_OF);
    assert!(token.starts_with("[EMAIL:"));
    assert!(text(&redacted, event::ERROR_MESSAGE).ends_with(token));
    let strict =
        redactor(Policy::profile("strict").unwrap()).redact_event(record(&values), Actor::Workforce).unwrap();
    assert_eq!(text(&strict, event::ON_BEHALF_OF), "[EMAIL]");
}

#[test]
fn names_of_subject_columns_are_found_in_the_text() {
    let values =
        [(event::SUBJECT_REF, "Anna Sorel"), (event::ERROR_MESSAGE, "record of Anna Sorel is locked")];
    let redacted = coded().redact_event(record(&values), Actor::Workforce).unwrap();
    let token = text(&redacted, event::SUBJECT_REF);
    assert_eq!(text(&redacted, event::ERROR_MESSAGE), format!("record of {token} is locked"));
}

#[test]
fn ids_pass_or_go_whole() {
    let uuid = "550e8400-e29b-41d4-a716-446655440000";
    let values = [(event::REQUEST_ID, uuid), (event::SESSION_ID, "chat of anna.sorel@example.org")];
    let redacted = coded().redact_event(record(&values), Actor::Workforce).unwrap();
    assert_eq!(text(&redacted, event::REQUEST_ID), uuid);
    let session = text(&redacted, event::SESSION_ID);
    assert!(session.starts_with("[ID:") && session.ends_with(']') && session.len() == 34, "{session}");
    assert_eq!(coded().tokens("ID", "chat of anna.sorel@example.org"), [session]);
    let copy = r#"{"headers":{"x-session":"chat of anna.sorel@example.org","to":"x@example.org"}}"#;
    let values = [(event::SESSION_ID, "chat of anna.sorel@example.org"), (event::UNMAPPED_JSON, copy)];
    let redacted = coded().redact_event(record(&values), Actor::Workforce).unwrap();
    let unmapped = text(&redacted, event::UNMAPPED_JSON);
    assert!(
        unmapped.contains(&format!("\"x-session\":\"{}\"", text(&redacted, event::SESSION_ID))),
        "{unmapped}"
    );
    assert!(unmapped.contains("\"to\":\"[EMAIL:"), "{unmapped}");
}

#[test]
fn vocabulary_that_is_none_is_scanned() {
    let redacted = coded()
        .redact_event(record(&[(event::REQUEST_MODEL, "for anna.sorel@example.org")]), Actor::Workforce)
        .unwrap();
    assert!(text(&redacted, event::REQUEST_MODEL).starts_with("for [EMAIL:"));
}

#[test]
fn all_keep_truly_keeps() {
    let toml = b"name = \"all\"\nversion = \"1\"\nidentifiers_stored = \"acknowledged\"\n[actions]\ndefault = \"keep\"\n\
        [columns]\nworkforce = \"keep\"\nsubject = \"keep\"\nopaque = \"keep\"\n";
    let messages = r#"[{"role":"user","parts":[{"type":"text","content":"anna.sorel@example.org UGF0aWVudCBtYWlsIGFubmEuc29yZWxAZXhhbXBsZS5vcmcsIHNlZSBmaWxl"}]}]"#;
    let values = [
        (event::INPUT_MESSAGES, messages),
        (event::ON_BEHALF_OF, "Anna Sorel"),
        (event::ACTOR_NAME, "Dr. Who"),
        (event::SESSION_ID, "chat of anna.sorel@example.org"),
        (event::UNMAPPED_JSON, r#"{"patient_name":"Anna Sorel","ssn":123456789}"#),
    ];
    let policy = redactor(Policy::parse(toml).unwrap());
    let redacted = policy.redact_event(record(&values), Actor::Unstated).unwrap();
    for (position, given) in values {
        assert_eq!(text(&redacted, position), given);
    }
    assert!(redacted.findings().any(|(category, count)| category == "EMAIL" && count >= 1));
}

#[test]
fn tool_calls_are_looked_into() {
    let mut given = record(&[]);
    let call = vec![
        Value::text("call_0123456789abcdef"),
        Value::text("find_patient"),
        Value::Null,
        Value::Null,
        Value::text(r#"{"email":"anna.sorel@example.org"}"#),
        Value::Null,
        Value::text("success"),
    ];
    given.set(event::TOOL_CALLS, Value::List(vec![Value::Struct(call)]));
    let redacted = coded().redact_event(given, Actor::Workforce).unwrap();
    let Value::List(calls) = redacted.record().get(event::TOOL_CALLS) else { panic!("a list") };
    let Value::Struct(fields) = &calls[0] else { panic!("a struct") };
    assert_eq!(fields[1].as_text(), Some("find_patient"));
    assert!(fields[4].as_text().unwrap().starts_with(r#"{"email":"[EMAIL:"#));
    let Value::List(findings) = redacted.record().get(event::FINDINGS) else { panic!("a list") };
    let Value::Struct(finding) = &findings[0] else { panic!("a struct") };
    assert_eq!(finding[0].as_text(), Some("tool_calls"));
    assert_eq!(finding[1].as_text(), Some("/0/arguments_json/email"));
}

#[test]
fn embeddings_become_a_hash() {
    let vector: Vec<f64> = (0..1536).map(|at| f64::from(at) / 7.0).collect();
    let text = serde_json::json!({"a": [{"embedding": vector}], "b": 1}).to_string();
    let redacted = coded().redact_event(record(&[(event::UNMAPPED_JSON, &text)]), Actor::Workforce).unwrap();
    let stored = self::text(&redacted, event::UNMAPPED_JSON);
    assert!(
        stored.starts_with(r#"{"a":[{"embedding":"[OPAQUE:"#)
            && stored.ends_with(r#":embedding:1536]"}],"b":1}"#),
        "{stored}"
    );
    assert_eq!(redacted.findings().collect::<Vec<_>>(), [("OPAQUE", 1)]);
}

#[test]
fn the_wrong_table_is_refused() {
    let record = Record::new(&schemas::access::ACCESS);
    assert_eq!(coded().redact_event(record, Actor::Workforce).unwrap_err().reason, "wrong_schema");
}

#[test]
fn statements_of_the_access_log_are_redacted() {
    let mut record = Record::new(&schemas::access::ACCESS);
    record.set(access::TIME, Value::Time(NOW));
    record.set(access::PRINCIPAL, "auditor");
    record.set(access::STATEMENT, "SELECT * FROM events WHERE prompt_text LIKE '%anna.sorel@example.org%'");
    let redacted = coded().redact_access(record, &[]).unwrap();
    let statement = redacted.record().get(access::STATEMENT).as_text().unwrap();
    assert!(statement.contains("[EMAIL:") && !statement.contains("sorel"), "{statement}");
    assert_eq!(redacted.record().get(access::PRINCIPAL).as_text(), Some("auditor"));
}

#[test]
fn times_of_events_stay_in_statements_and_dates_of_persons_do_not() {
    let redacted = |statement: &str, times: &[&str]| {
        let ranges: Vec<_> = times
            .iter()
            .map(|time| statement.find(time).map(|at| at..at + time.len()).expect("stands in the statement"))
            .collect();
        let mut record = Record::new(&schemas::access::ACCESS);
        record.set(access::TIME, Value::Time(NOW));
        record.set(access::STATEMENT, statement.to_owned());
        let redacted = coded().redact_access(record, &ranges).unwrap();
        let dates = redacted.findings().find(|(what, _)| *what == "DATE").map_or(0, |(_, count)| count);
        (redacted.record().get(access::STATEMENT).as_text().unwrap().to_owned(), dates)
    };
    let sql = "WHERE event_time BETWEEN '2026-11-01' AND '2026-11-19T12:00:00Z' AND prompt_text LIKE '%born 1954-03-02%'";
    assert_eq!(
        redacted(sql, &["2026-11-01", "2026-11-19T12:00:00Z"]),
        (sql.replace("1954-03-02", "1954"), 1)
    );
    assert_eq!(redacted(sql, &["2026-11-01"]).1, 2);
    assert_eq!(redacted(sql, &[]).1, 3);
    // What is said to be a time is looked at, too.
    let name = "WHERE event_time > 'Anna Sorel, born 1954-03-02' AND end_time > '123-45-6789'";
    let (text, dates) = redacted(name, &["Anna Sorel, born 1954-03-02", "123-45-6789"]);
    assert!(!text.contains("1954-03-02") && !text.contains("123-45-6789") && dates == 1, "{text}");
    // Ranges that are none of this text change nothing.
    let mut record = Record::new(&schemas::access::ACCESS);
    record.set(access::TIME, Value::Time(NOW));
    record.set(access::STATEMENT, "é born 1954-03-02");
    let redacted =
        coded().redact_access(record, &[1..9, 5..4000, std::ops::Range { start: 9, end: 2 }]).unwrap();
    assert_eq!(redacted.record().get(access::STATEMENT).as_text(), Some("é born 1954"));
}
