//! What cannot be decoded: each with its reason, none with a panic, and never with content in the detail.

use super::*;

const GOOD: &str = r#"{"schema_version":1,"operation":"chat"}"#;

fn auto(payload: impl Into<Bytes>) -> Decoded {
    decode_as("auto", payload)
}

#[test]
fn reasons() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_event = format!(r#"{{"schema_version":1,"x":{deep}}}"#);
    let many = format!("[{}0]", "0,".repeat(1_000_001));
    let event = br#"{"schema_version":1,"operation":"chat"},"#;
    let events =
        [b"[".as_slice(), &event.repeat(super::super::sink::RECORDS_MAX), b"{\"schema_version\":1}]"]
            .concat();
    for (payload, expected) in [
        (events, "too_many_records"),
        (Vec::new(), "empty_value"),
        (b"{\"a\":\"\xFF\"}".to_vec(), "invalid_utf8"),
        (b"{\"schema_version\":1,\"operation\":\"ch".to_vec(), "truncated_json"),
        (b"{\"schema_version\":1,\"operation\":}".to_vec(), "invalid_json"),
        (b"{\"schema_version\":1} trailing".to_vec(), "invalid_json"),
        (deep.into_bytes(), "too_deep"),
        (deep_event.into_bytes(), "too_deep"),
        (many.into_bytes(), "too_many_values"),
        (b"[]".to_vec(), "no_records"),
        (b"[1,2]".to_vec(), "not_an_object"),
        (b"{\"resourceSpans\":[]}".to_vec(), "no_records"),
        (b"{\"hello\":\"world\"}".to_vec(), "unknown_format"),
        (b"hello world".to_vec(), "unknown_format"),
        (b"\xFF\xFE\x00\x01".to_vec(), "unknown_format"),
        (b"{\"schema_version\":2,\"operation\":\"chat\"}".to_vec(), "wrong_schema_version"),
        (b"{\"schema_version\":\"event/9\"}".to_vec(), "wrong_schema_version"),
        (b"\x0A\x02\xFF\xFFxx".to_vec(), "invalid_protobuf"),
        (b"   ".to_vec(), "unknown_format"),
        (b"\x00\x00".to_vec(), "unknown_format"),
    ] {
        let shown = String::from_utf8_lossy(&payload[..payload.len().min(60)]).into_owned();
        let decoded = auto(payload);
        assert_eq!(reason(&decoded), expected, "{shown}");
        assert!(super::super::REASONS.iter().any(|(reason, _)| *reason == expected));
    }
}

#[test]
fn a_tombstone_is_skipped() {
    let mut tombstone = message(GOOD);
    tombstone.payload = None;
    assert!(matches!(decode(&Choice::Auto, &tombstone, &context()), Decoded::Skipped("tombstone")));
}

#[test]
fn the_limit_of_size_is_the_callers() {
    let limit = GOOD.len();
    let context = Context { payload_bytes_max: limit, ..context() };
    assert_eq!(events(decode(&Choice::Auto, &message(GOOD), &context)).len(), 1);
    let larger = format!("{GOOD} ");
    assert_eq!(reason(&decode(&Choice::Auto, &message(larger), &context)), "too_large");
}

#[test]
fn ten_megabytes_are_decoded() {
    let content = "Ines Valdemar was seen. ".repeat(430_000);
    let record = event("auto", &json!({"schema_version": 1, "input_messages": content}));
    assert_eq!(parsed(&record, event::INPUT_MESSAGES)[0]["parts"][0]["content"], json!(content));
}

#[test]
fn nesting_up_to_the_limit_is_decoded_and_still_readable_afterwards() {
    let levels = super::super::json::DEPTH_MAX - 1;
    let payload = format!(r#"{{"schema_version":1,"x":{}"end"{}}}"#, "[".repeat(levels), "]".repeat(levels));
    let record = &events(auto(payload))[0];
    assert!(text(record, event::UNMAPPED_JSON).contains("end"));
    parsed(record, event::UNMAPPED_JSON);
}

#[test]
fn a_named_format_takes_nothing_else() {
    assert_eq!(reason(&decode_as("litellm", GOOD)), "unknown_format");
    assert_eq!(reason(&decode_as("otlp", GOOD)), "unknown_format");
    assert_eq!(reason(&decode_as("bedrock", "not json")), "unknown_format");
    assert!(Choice::from_name("kong").is_none());
    for format in super::super::FORMATS {
        assert_eq!(Choice::from_name(format.name()).unwrap().name(), format.name());
    }
    assert_eq!(Choice::from_name("auto").unwrap().name(), "auto");
}

#[test]
fn details_and_debug_output_hold_no_content() {
    let canary = "Odalys-Brannigan-canary";
    for payload in [
        format!(r#"{{"{canary}": "{canary}", "#),
        format!(r#"{{"schema_version": "{canary}"}}"#),
        format!(r#"{{"x": {canary}}}"#),
        format!("[\"{canary}\"]"),
        canary.to_owned(),
    ] {
        let message = message(payload);
        let decoded = decode(&Choice::Auto, &message, &context());
        assert!(!format!("{decoded:?}").contains(canary));
        assert!(!format!("{message:?}").contains(canary));
    }
}

#[test]
fn one_bad_line_does_not_cost_the_others() {
    let Decoded::Events { events, rejects, .. } = auto(format!("{GOOD}\n{{\"a\":\n{GOOD}")) else { panic!() };
    assert_eq!((events.len(), rejects.len(), rejects[0].reason), (2, 1, "truncated_json"));
}

#[test]
fn a_replayed_message_gives_the_same_records() {
    let read = |name: &str| std::fs::read(fixtures_dir().join(name)).unwrap();
    for name in ["otlp/span_chat.json", "litellm/full.json", "bedrock/shapes.jsonl", "sealake/lines.jsonl"] {
        let (a, b) = (auto(read(name)), auto(read(name)));
        assert_eq!(events(a), events(b), "{name}");
    }
}

#[test]
fn the_manual_lists_every_reason_and_format() {
    let manual = std::fs::read_to_string(fixtures_dir().join("../../docs/formats.md")).unwrap();
    let (_, table) = manual.split_once("## Why a message is in quarantine").unwrap();
    let documented: Vec<(&str, &str)> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | "))
        .collect();
    assert_eq!(documented, crate::quarantine_reasons().collect::<Vec<_>>());
    for format in super::super::FORMATS {
        assert!(manual.contains(&format!("| `{}` |", format.name())), "{}", format.name());
    }
}
