//! Numbers, times, ids and literals: what a value becomes, and that one which does not fit is not lost.

use super::super::{json as read, time, vocabulary};
use super::*;

fn ours(value: Value) -> read::Value {
    serde_json::from_value(value).unwrap()
}

fn decimal(value: Value) -> Option<i128> {
    read::decimal(&ours(value))
}

#[test]
fn cost_is_exact_to_nine_digits() {
    assert_eq!(decimal(json!(0.000_225_000_000_000_000_02)), Some(225_000));
    assert_eq!(decimal(json!(0.1)), Some(100_000_000));
    assert_eq!(decimal(json!(3)), Some(3_000_000_000));
    assert_eq!(decimal(json!("0.0000000005")), Some(1));
    assert_eq!(decimal(json!("0.0000000004999")), Some(0));
    assert_eq!(decimal(json!("1.25e-3")), Some(1_250_000));
    assert_eq!(decimal(json!(2.5e-6)), Some(2_500));
    assert_eq!(decimal(json!(-0.5)), Some(-500_000_000));
    assert_eq!(decimal(json!("999999999.999999999")), Some(999_999_999_999_999_999));
    assert_eq!(decimal(json!("999999999.9999999999")), None);
    assert_eq!(decimal(json!(1e300)), None);
    for wrong in ["", ".", "-", "1.2.3", "0x1", "NaN", "inf", "1,5", "EUR 3"] {
        assert_eq!(decimal(json!(wrong)), None, "{wrong}");
    }
}

#[test]
fn times_of_every_unit_and_spelling_are_the_same_instant() {
    let micros = 1_795_074_072_250_000;
    for value in [
        json!("2026-11-19T07:41:12.25Z"),
        json!("2026-11-19T07:41:12.250000000Z"),
        json!("2026-11-19T08:41:12.25+01:00"),
        json!("2026-11-19T07:41:12.25"),
        json!("2026-11-19 07:41:12.250000"),
        json!(1_795_074_072.25),
        json!("1795074072.25"),
        json!(1_795_074_072_250_i64),
        json!(1_795_074_072_250_000_i64),
        json!(1_795_074_072_250_000_000_i64),
    ] {
        assert_eq!(time::from_json(&ours(value.clone())), Some(micros), "{value}");
    }
    assert_eq!(time::from_json(&ours(json!("2026-11-19T07:41:12Z"))), Some(1_795_074_072_000_000));
    for wrong in [json!("yesterday"), json!(""), json!(null), json!({}), json!("2026-13-40T00:00:00Z")] {
        assert_eq!(time::from_json(&ours(wrong.clone())), None, "{wrong}");
    }
}

#[test]
fn an_implausible_clock_gives_way_to_kafkas_and_is_kept() {
    for wrong in [
        json!("1970-01-01T00:00:01Z"),
        json!("9999-12-31T23:59:59Z"),
        json!(0),
        json!(i64::MAX),
        json!("soon"),
    ] {
        let record = event("sealake", &json!({"schema_version": 1, "event_time": wrong, "end_time": wrong}));
        assert_eq!(text(&record, event::TIME_SOURCE), "kafka", "{wrong}");
        assert_eq!(record.get(event::EVENT_TIME).as_time(), Some(NOW - 1_000_000));
        assert!(record.get(event::END_TIME).is_null());
        assert!(record.get(event::DURATION_MS).is_null());
        let unmapped = parsed(&record, event::UNMAPPED_JSON);
        assert_eq!((&unmapped["event_time"], &unmapped["end_time"]), (&wrong, &wrong));
    }
    let ahead = "2026-11-21T11:59:59Z";
    let record = event("sealake", &json!({"schema_version": 1, "event_time": ahead}));
    assert_eq!(text(&record, event::TIME_SOURCE), "producer");
}

#[test]
fn without_any_plausible_clock_ours_is_used() {
    for timestamp in [None, Some(-1), Some(0), Some(i64::MAX)] {
        let mut message = message(r#"{"schema_version": 1}"#);
        message.timestamp_ms = timestamp;
        let record = &events(decode(&Choice::Auto, &message, &context()))[0];
        assert_eq!(text(record, event::TIME_SOURCE), "ingest");
        assert_eq!(record.get(event::EVENT_TIME).as_time(), Some(NOW));
    }
}

#[test]
fn numbers_are_null_and_not_zero_when_absent_and_kept_when_they_do_not_fit() {
    let record = event(
        "sealake",
        &json!({"schema_version": 1, "input_tokens": "", "output_tokens": null, "total_tokens": "-",
                "cache_read_tokens": "17", "reasoning_tokens": 2.0, "attempt": 40_000, "duration_ms": "12.5",
                "cache_write_tokens": 1.5, "http_status": 0, "is_stream": "true"}),
    );
    for column in
        [event::INPUT_TOKENS, event::OUTPUT_TOKENS, event::TOTAL_TOKENS, event::ATTEMPT, event::HTTP_STATUS]
    {
        assert!(record.get(column).is_null(), "{}", EVENT.columns[column].name);
    }
    assert_eq!(record.get(event::CACHE_READ_TOKENS).as_int(), Some(17));
    assert_eq!(record.get(event::REASONING_TOKENS).as_int(), Some(2));
    assert_eq!(*record.get(event::DURATION_MS), Cell::Float(12.5));
    assert_eq!(*record.get(event::IS_STREAM), Cell::Bool(true));
    let kept = parsed(&record, event::UNMAPPED_JSON);
    assert_eq!(kept, json!({"attempt": 40_000, "cache_write_tokens": 1.5, "http_status": 0}));
}

#[test]
fn trace_ids_are_hex_or_base64_and_never_zero() {
    let id = |value: &str| {
        let record = event("sealake", &json!({"schema_version": 1, "trace_id": value}));
        record.get(event::TRACE_ID).as_bytes().map(hex::encode)
    };
    let hex = "4bf92f3577b34da6a3ce929d0e0e4736";
    assert_eq!(id(hex).as_deref(), Some(hex));
    assert_eq!(id(&hex.to_uppercase()).as_deref(), Some(hex));
    assert_eq!(id("S/kvNXezTaajzpKdDg5HNg==").as_deref(), Some(hex));
    assert_eq!(id("00000000000000000000000000000000"), None);
    assert_eq!(id("not an id"), None);
}

#[test]
fn python_literals_are_read() {
    let text =
        r#"{'a': None, 'b': [True, False, (1, -2.5, 'x\'y')], "c": {}, 'd': 'ü\n\u0041', 3: 'k', 'e': [],}"#;
    assert_eq!(
        read::python_literal(text),
        Some(ours(
            json!({"a": null, "b": [true, false, [1, -2.5, "x'y"]], "c": {}, "d": "ü\nA", "3": "k", "e": []})
        ))
    );
    for wrong in
        ["{'a': 1", "{'a'}", "{'a': foo}", "{'a': 1} x", "['a'", "{'a': '", "[,]", "{'a' 1}", "None", "{:1}"]
    {
        assert_eq!(read::python_literal(wrong), None, "{wrong}");
    }
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(read::python_literal(&deep), None);
}

#[test]
fn words_of_providers_become_the_words_of_the_conventions() {
    assert_eq!(vocabulary::provider("Azure"), Some("azure.ai.openai"));
    assert_eq!(vocabulary::provider("bedrock_converse"), Some("aws.bedrock"));
    assert_eq!(vocabulary::provider("in-house"), None);
    assert_eq!(vocabulary::operation("acompletion"), Some("chat"));
    assert_eq!(vocabulary::record_kind("aembedding"), "embedding");
    assert_eq!(vocabulary::finish_reason("end_turn"), "stop");
    assert_eq!(vocabulary::finish_reason("own_reason"), "own_reason");
    let record =
        event("sealake", &json!({"schema_version": 1, "provider": "vertex_ai", "operation": "acompletion"}));
    assert_eq!(text(&record, event::PROVIDER), "gcp.vertex_ai");
    let kept = parsed(&record, event::UNMAPPED_JSON);
    assert_eq!(kept, json!({"provider": "vertex_ai", "operation": "acompletion"}));
}

#[test]
fn credentials_are_removed_wherever_they_lie() {
    let secret = "s3cr3t-canary";
    let record = event(
        "sealake",
        &json!({"schema_version": 1,
            "headers": {"Authorization": secret, "X-Api-Key": [secret], "proxy-authorization": {"a": secret}, "ok": 1},
            "http.request.header.authorization": secret,
            "list": [{"client_secret": secret}, {"set-cookie": secret}],
            "request_params_json": {"api_key": secret, "extra": {"password": secret}}}),
    );
    for column in [event::UNMAPPED_JSON, event::REQUEST_PARAMS_JSON] {
        assert!(!text(&record, column).contains(secret), "{}", text(&record, column));
    }
    assert_eq!(parsed(&record, event::UNMAPPED_JSON)["headers"]["ok"], 1);
}

#[test]
fn bodies_and_embeddings_become_hash_type_and_size() {
    let body = "iVBORw0KGgo=";
    let long = "QUJD".repeat(200);
    let record = event(
        "sealake",
        &json!({"schema_version": 1,
            "input_messages": [{"role": "user", "content": [
                {"type": "text", "text": format!("see ![x](data:image/gif;base64,{body}) there")},
                {"type": "input_audio", "input_audio": {"data": body, "format": "wav"}},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": body}},
                {"type": "image_url", "image_url": {"url": "https://img.example/1.png"}}]}],
            "vector": (0..64).map(|at| f64::from(at) / 7.0).collect::<Vec<_>>(),
            "ints": (0..64).collect::<Vec<_>>(),
            "blob": long}),
    );
    for column in [event::INPUT_MESSAGES, event::UNMAPPED_JSON] {
        assert!(!text(&record, column).contains(body) && !text(&record, column).contains(&long));
    }
    let Cell::List(items) = record.get(event::ATTACHMENTS) else { panic!("no attachments") };
    let seen: Vec<(&str, Option<&str>, Option<i64>, &str)> = items
        .iter()
        .map(|item| match item {
            Cell::Struct(fields) => (
                fields[0].as_text().unwrap(),
                fields[1].as_text(),
                fields[4].as_int(),
                fields[5].as_text().unwrap(),
            ),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(seen[0], ("image", Some("image/gif"), Some(8), "hashed"));
    assert_eq!(seen[1], ("audio", Some("audio/wav"), Some(8), "hashed"));
    assert_eq!(seen[2], ("image", Some("image/png"), Some(8), "hashed"));
    assert_eq!(seen[3], ("image", None, None, "external"));
    assert!(
        seen.contains(&("embedding", Some("application/json"), seen[4].2, "hashed")) || seen[4].0 == "file"
    );
    assert_eq!(seen.len(), 6);
    assert_eq!(parsed(&record, event::UNMAPPED_JSON)["ints"].as_array().unwrap().len(), 64);
}
