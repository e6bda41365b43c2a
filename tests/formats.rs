//! Real formats over the real broker: a topic per format, filled by kcat or by the OpenTelemetry SDK through the
//! Collector's Kafka exporter; the program drains it and SQL shows what is in the lake.

use std::process::Command;

use serde_json::json;

use crate::util::{LakeDir, need, publish, root, run, topic};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(root().join("ingest/fixtures").join(name)).unwrap()
}

/// Drains one topic that holds these files and gives the rows' source_kind, offset and index.
fn drained(format: &str, files: &[&str]) -> Option<(LakeDir, Vec<serde_json::Value>)> {
    let brokers = need("SEALAKE_TEST_KAFKA")?;
    need("SEALAKE_TEST_KCAT")?;
    let name = topic(format);
    let messages: Vec<Vec<u8>> = files.iter().map(|file| fixture(file)).collect();
    publish(&brokers, &name, &messages.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let lake = LakeDir::init(&brokers, &[&name]);
    lake.ingest();
    lake.verify();
    let rows = lake
        .sql("SELECT source_kind, kafka_offset, kafka_index FROM events ORDER BY kafka_offset, kafka_index");
    Some((lake, rows))
}

fn kinds(rows: &[serde_json::Value]) -> Vec<(String, i64)> {
    rows.iter()
        .map(|row| (row["source_kind"].as_str().unwrap().to_owned(), row["kafka_offset"].as_i64().unwrap()))
        .collect()
}

#[test]
fn litellm_payloads_sent_with_kcat_are_rows() {
    let files = ["litellm/success.json", "litellm/failure.json", "litellm/full.json"];
    let Some((lake, rows)) = drained("litellm", &files) else { return };
    assert_eq!(kinds(&rows), [("litellm".into(), 0), ("litellm".into(), 1), ("litellm".into(), 2)]);
    let failed =
        lake.number("SELECT count(*) FROM events WHERE status = 'error' AND error_message IS NOT NULL");
    assert_eq!(failed, 1);
}

#[test]
fn bedrock_invocation_logs_sent_with_kcat_are_rows() {
    let Some((lake, rows)) = drained("bedrock", &["bedrock/model_invocation_log.jsonl"]) else { return };
    let lines = String::from_utf8(fixture("bedrock/model_invocation_log.jsonl")).unwrap();
    assert_eq!(rows.len(), lines.lines().filter(|line| !line.trim().is_empty()).count());
    assert!(rows.iter().all(|row| row["source_kind"] == "bedrock" && row["kafka_offset"] == 0));
    assert_eq!(lake.number("SELECT count(*) FROM events WHERE provider = 'aws.bedrock'"), rows.len() as i64);
}

#[test]
fn our_own_events_sent_with_kcat_are_rows() {
    let Some((_, rows)) = drained("sealake", &["sealake/event.json"]) else { return };
    assert_eq!(kinds(&rows), [("sealake".into(), 0)]);
}

#[test]
fn the_same_calls_through_the_collector_in_both_encodings_are_the_same_rows() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let (Some(endpoint), Some(python)) = (need("SEALAKE_TEST_OTLP"), need("SEALAKE_TEST_PYTHON")) else {
        return;
    };
    let (proto, json_topic) = (topic("otlp-proto"), topic("otlp-json"));
    let script = root().join("tests/otlp_publish.py");
    let mut publisher = Command::new(python);
    publisher.arg(script).args([&endpoint, &proto, &json_topic, "30"]);
    let sent = run(publisher).code(0).json();
    assert_eq!(sent, json!({"calls": 30, "events": 10, "other_spans": 60}));
    // The Collector batches for 200 ms and then writes to Kafka.
    std::thread::sleep(std::time::Duration::from_secs(3));

    let lake = LakeDir::init(&brokers, &[&format!("{proto}=otlp"), &format!("{json_topic}=otlp")]);
    lake.ingest();
    lake.verify();
    let columns = "event_time, operation, provider, request_model, response_model, response_id, input_tokens, \
                   output_tokens, actor_id, app_name, environment, prompt_text, response_text, trace_id, span_id, status";
    let of = |topic: &str| {
        lake.sql(&format!(
            "SELECT {columns} FROM events WHERE kafka_topic = '{topic}' ORDER BY event_time, provider, input_tokens"
        ))
    };
    let rows = of(&proto);
    assert_eq!(rows.len(), 40);
    assert_eq!(rows, of(&json_topic));
    let calls: Vec<_> = rows.iter().filter(|row| row["provider"] == "openai").collect();
    assert_eq!(calls.len(), 30);
    assert_eq!(calls[4]["input_tokens"], 104);
    assert_eq!(calls[4]["actor_id"], "nurse-7");
    let prompt = calls[4]["prompt_text"].as_str().unwrap();
    assert!(prompt.starts_with("Call number 4: is [NAME:") && prompt.contains("MRN [MRN:"), "{prompt}");
    // Spans that are no model call are counted by reason and are neither rows nor quarantined: 60 in each encoding.
    let skipped = "SELECT \"count\" FROM ingest_health WHERE what = 'skipped_record' AND name = 'not_ai'";
    assert_eq!(lake.number(skipped), 120);
    assert_eq!(lake.number("SELECT count(*) FROM ingest_health WHERE what = 'quarantined'"), 0);
}
