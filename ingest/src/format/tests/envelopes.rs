//! Envelopes: CloudEvents in both modes, registry framing, arrays, lines, Kafka key and headers.

use super::*;

fn with_headers(payload: impl Into<Bytes>, headers: &[(&str, &str)]) -> Message {
    let mut message = message(payload);
    message.headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Some(Bytes::copy_from_slice(value.as_bytes()))))
        .collect();
    message
}

fn auto(message: &Message) -> Decoded {
    decode(&Choice::Auto, message, &context_of(message))
}

fn structured(data: Value) -> Value {
    json!({"specversion": "1.0", "type": "example.sealake.event", "source": "/clinic/gateway", "id": "1234-1234",
           "time": "2026-11-19T07:41:12Z", "datacontenttype": "application/json", "ward": "3B", "data": data})
}

const EVENT_JSON: &str = r#"{"schema_version":1,"operation":"chat","request_model":"m"}"#;

#[test]
fn a_structured_cloud_event_gives_id_time_and_instance() {
    let inner: Value = serde_json::from_str(EVENT_JSON).unwrap();
    let header = [("content-type", "application/cloudevents+json; charset=UTF-8")];
    for message in [
        with_headers(structured(inner.clone()).to_string(), &header),
        // The header may have been lost on the way.
        message(structured(inner.clone()).to_string()),
        message(structured(json!(EVENT_JSON)).to_string()),
        message({
            use base64::Engine as _;
            let mut event = structured(Value::Null);
            event["data_base64"] = base64::engine::general_purpose::STANDARD.encode(EVENT_JSON).into();
            event.to_string()
        }),
        message(json!([structured(inner)]).to_string()),
    ] {
        let record = &events(auto(&message))[0];
        assert_eq!(text(record, event::ID_BASIS), "native");
        assert_eq!(text(record, event::SOURCE_INSTANCE), "/clinic/gateway");
        assert_eq!(text(record, event::TIME_SOURCE), "producer");
        assert_eq!(record.get(event::EVENT_TIME).as_time(), Some(1_795_074_072_000_000));
        assert_eq!(text(record, event::REQUEST_MODEL), "m");
        let rest = parsed(record, event::UNMAPPED_JSON);
        assert_eq!(rest["cloudevent"]["ward"], "3B");
        assert_eq!(rest["cloudevent"]["type"], "example.sealake.event");
        assert!(rest["kafka"].is_null());
    }
}

#[test]
fn a_binary_cloud_event_has_its_attributes_in_headers() {
    let headers = [
        ("ce_specversion", "1.0"),
        ("ce_type", "example.sealake.event"),
        ("ce_source", "/clinic/gateway"),
        ("ce_id", "1234-1234"),
        ("ce_time", "2026-11-19T07:41:12Z"),
        ("content-type", "application/json"),
        ("ce_traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ("x-tenant", "north"),
    ];
    let mut message = with_headers(EVENT_JSON, &headers);
    message.key = Some(Bytes::from_static(b"mykey"));
    let record = &events(auto(&message))[0];
    assert_eq!(text(record, event::SOURCE_INSTANCE), "/clinic/gateway");
    assert_eq!(record.get(event::EVENT_TIME).as_time(), Some(1_795_074_072_000_000));
    assert_eq!(
        hex::encode(record.get(event::TRACE_ID).as_bytes().unwrap()),
        "4bf92f3577b34da6a3ce929d0e0e4736"
    );
    let rest = parsed(record, event::UNMAPPED_JSON);
    assert_eq!(rest["kafka"], json!({"key": "mykey", "headers": {"x-tenant": "north"}}));
    // The same event in the other mode has the same identity.
    let inner: Value = serde_json::from_str(EVENT_JSON).unwrap();
    let other = &events(auto(&super::message(structured(inner).to_string())))[0];
    assert_eq!(record.get(event::EVENT_ID), other.get(event::EVENT_ID));
}

#[test]
fn a_cloud_event_without_its_attributes_is_quarantined() {
    let missing = with_headers(EVENT_JSON, &[("ce_specversion", "1.0"), ("ce_id", "1")]);
    assert_eq!(reason(&auto(&missing)), "invalid_cloud_event");
    let mut event = structured(json!({}));
    event.as_object_mut().unwrap().remove("source");
    assert_eq!(reason(&auto(&message(event.to_string()))), "invalid_cloud_event");
    let event = structured(Value::Null);
    assert_eq!(reason(&auto(&message(event.to_string()))), "no_records");
    let header = [("content-type", "application/cloudevents+json")];
    assert_eq!(reason(&auto(&with_headers(EVENT_JSON, &header))), "invalid_cloud_event");
}

#[test]
fn a_topic_of_our_format_takes_an_event_of_one_field() {
    let record = event("sealake", &json!({"request_model": "m", "ward": "3B"}));
    assert_eq!(record.get(event::STATUS).as_text(), Some("unknown"));
    for (field, value, status) in [
        ("error_type", json!("RateLimitError"), "error"),
        ("error_message", json!("too many requests"), "error"),
        ("http_status", json!(429), "error"),
        ("http_status", json!(200), "success"),
        ("http_status", json!(302), "unknown"),
        ("status", json!("blocked"), "blocked"),
    ] {
        let record = event("sealake", &json!({"request_model": "m", field: value}));
        assert_eq!(record.get(event::STATUS).as_text(), Some(status), "{field}");
    }
    assert_eq!(text(&record, event::REQUEST_MODEL), "m");
    let unknown = json!({"ward": "3B", "site": "x"}).to_string();
    assert_eq!(reason(&decode_as("sealake", unknown)), "unknown_format");
    assert_eq!(reason(&decode_as("auto", r#"{"request_model":"m"}"#)), "unknown_format");
}

#[test]
fn registry_framing_is_stripped() {
    let framed = [b"\x00\x00\x00\x00\x07".as_slice(), EVENT_JSON.as_bytes()].concat();
    assert_eq!(events(auto(&message(framed))).len(), 1);
    assert_eq!(reason(&auto(&message(b"\x00\x00\x00\x00\x07".to_vec()))), "unknown_format");
}

#[test]
fn arrays_and_lines_are_records_with_positions() {
    let array = format!("[{EVENT_JSON},{EVENT_JSON},7,{EVENT_JSON}]");
    let lines = format!("{EVENT_JSON}\n{EVENT_JSON}\r\n\n7\n{EVENT_JSON}\n");
    for payload in [array, lines] {
        let Decoded::Events { events, rejects, .. } = auto(&message(payload)) else { panic!("not decoded") };
        let positions: Vec<_> = events.iter().map(|e| e.get(event::KAFKA_INDEX).as_int().unwrap()).collect();
        assert_eq!(positions, [0, 1, 3]);
        assert_eq!((rejects.len(), rejects[0].index, rejects[0].reason), (1, 2, "not_an_object"));
        let ids: std::collections::BTreeSet<_> =
            events.iter().map(|e| e.get(event::EVENT_ID).as_bytes().unwrap().to_vec()).collect();
        assert_eq!(ids.len(), 3);
    }
}

#[test]
fn auto_tells_the_formats_of_one_array_apart() {
    let read = |name: &str| std::fs::read_to_string(fixtures_dir().join(name)).unwrap();
    let payload = format!(
        "[{},{},{}]",
        read("litellm/success.json"),
        read("otlp/span_chat.json"),
        read("sealake/event.json")
    );
    let Decoded::Events { events, skipped, rejects } = auto(&message(payload)) else { panic!("not decoded") };
    let kinds: Vec<_> = events.iter().map(|e| text(e, event::SOURCE_KIND)).collect();
    assert_eq!(kinds, ["litellm", "otel_genai", "sealake"]);
    assert_eq!((skipped["not_ai"], rejects.len()), (2, 0));
    let positions: Vec<_> = events.iter().map(|e| e.get(event::KAFKA_INDEX).as_int().unwrap()).collect();
    assert_eq!(positions, [0, 2, 4]);
}

#[test]
fn key_and_headers_are_kept_and_a_traceparent_is_read() {
    let mut message = with_headers(
        EVENT_JSON,
        &[
            ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ("authorization", "Bearer canary"),
            ("twice", "a"),
            ("twice", "b"),
        ],
    );
    message.key = Some(Bytes::from_static(&[0xFF, 0x00]));
    message.headers.push(("empty".to_owned(), None));
    let record = &events(auto(&message))[0];
    assert_eq!(hex::encode(record.get(event::PARENT_SPAN_ID).as_bytes().unwrap()), "00f067aa0ba902b7");
    let kafka = &parsed(record, event::UNMAPPED_JSON)["kafka"];
    assert_eq!(kafka["key"], "/wA=");
    assert_eq!(kafka["headers"], json!({"authorization": "[credential removed]", "twice": ["a", "b"]}));
}

#[test]
fn protobuf_and_json_of_one_batch_are_the_same_events() {
    use opentelemetry_proto::tonic::{logs::v1::LogsData, trace::v1::TracesData};
    use prost::Message as _;
    let mut compared = 0;
    for entry in std::fs::read_dir(fixtures_dir().join("otlp")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let json = std::fs::read_to_string(&path).unwrap();
        let mut value: Value = serde_json::from_str(&json).unwrap();
        strict(&mut value);
        let bytes = if value.get("resourceSpans").is_some() {
            serde_json::from_value::<TracesData>(value).unwrap().encode_to_vec()
        } else {
            serde_json::from_value::<LogsData>(value).unwrap().encode_to_vec()
        };
        let framed = [b"\x00\x00\x00\x00\x07\x00".as_slice(), &bytes].concat();
        for payload in [bytes, framed] {
            let (a, b) = (events(decode_as("auto", json.clone())), events(decode_as("otlp", payload)));
            assert_eq!(a.len(), b.len());
            for (a, b) in a.iter().zip(&b) {
                let (mut a, mut b) = (columns(a), columns(b));
                for differs in ["raw_hash", "raw_bytes", "unmapped_json"] {
                    a.as_object_mut().unwrap().remove(differs);
                    b.as_object_mut().unwrap().remove(differs);
                }
                assert_eq!(a, b, "{}", path.display());
                compared += 1;
            }
        }
    }
    assert!(compared >= 20, "{compared}");
}

/// As opentelemetry-proto reads it: 64-bit integers as strings.
fn strict(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if (key.ends_with("UnixNano") || key == "intValue") && value.is_number() {
                    *value = value.to_string().into();
                }
                strict(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(strict),
        _ => {}
    }
}
