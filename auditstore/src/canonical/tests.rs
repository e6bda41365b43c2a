//! RFC 8785's own vectors where they lie inside the subset, and everything that must be refused.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn emitted(value: &Value) -> String {
    String::from_utf8(emit(value).expect("canonical")).expect("UTF-8")
}

#[test]
fn keys_ascend_by_utf16_units_as_in_rfc_8785_3_2_3() {
    let value = json!({
        "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
        "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis",
    });
    let expected = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"Latin Small \
                    Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji: Grinning \
                    Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}";
    assert_eq!(emitted(&value), expected);
    check(expected.as_bytes()).expect("canonical");
}

#[test]
fn strings_are_escaped_as_in_rfc_8785_3_2_2_2() {
    let value = json!({"string": "\u{20ac}$\u{f}\u{a}A'\u{42}\u{22}\u{5c}\\\"/"});
    let expected = "{\"string\":\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
    assert_eq!(emitted(&value), expected);
    check(expected.as_bytes()).expect("canonical");
}

#[test]
fn what_is_written_passes_the_check() {
    let value = json!({"a": ["x", true, {"b": "\u{7f}\t"}], "z": {"y": [["1"]]}});
    check(&emit(&value).expect("canonical")).expect("passes");
}

#[test]
fn what_two_readers_could_read_in_two_ways_is_refused() {
    for text in [
        "",
        " ",
        "{}",
        "[]",
        "null",
        "1",
        "{\"a\":null}",
        "{\"a\":1}",
        "{\"a\":[]}",
        "{\"a\":{}}",
        "{\"a\":\"1\",\"a\":\"1\"}",
        "{\"b\":\"1\",\"a\":\"1\"}",
        "{\"a\": \"1\"}",
        "{\"a\":\"1\"} ",
        "{\"a\":\"1\"}\n",
        "{\"a\":\"\\u0041\"}",
        "{\"a\":\"\\/\"}",
        "{\"a\":\"\\u000A\"}",
        "{\"a\":\"\\u000F\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"1\",}",
        "[\"a\",]",
        "{\"a\":\"1\"",
        "\"a",
        "tru",
        "{\"a\":\"\\ud800\"}",
        "{\"\\u0061\":\"1\"}",
        "\"\\",
        "\"\\u00",
    ] {
        assert!(check(text.as_bytes()).is_err(), "{text}");
    }
    assert!(check(b"\"\xff\"").is_err());
    let deep = "[".repeat(100_000);
    assert!(check(deep.as_bytes()).is_err());
    for value in [json!(null), json!(1), json!([]), json!({}), json!({"a": 1.5})] {
        assert!(emit(&value).is_err(), "{value}");
    }
}

#[test]
fn errors_hold_no_content() {
    let error = check(b"{\"a\":\"secret\",\"a\":\"secret\"}").expect_err("twice").to_string();
    assert!(!error.contains("secret"), "{error}");
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = || prop_oneof!["[a-c\\x00-\\x1f\"\\\\]{0,4}", any::<String>()];
    let leaf = prop_oneof![any::<bool>().prop_map(Value::from), text().prop_map(Value::from)];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        let object = prop::collection::vec((text(), inner.clone()), 1..5);
        let object = object.prop_map(|fields| Value::Object(fields.into_iter().collect()));
        prop_oneof![prop::collection::vec(inner, 1..5).prop_map(Value::Array), object]
    })
}

proptest! {
    #[test]
    fn whatever_is_written_is_canonical_and_says_the_same(value in any_value()) {
        let bytes = emit(&value).expect("canonical");
        check(&bytes).expect("passes");
        prop_assert_eq!(serde_json::from_slice::<Value>(&bytes).expect("JSON"), value);
    }

    #[test]
    fn the_check_accepts_what_emit_writes_and_nothing_else(
        value in any_value(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = emit(&value).expect("canonical");
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let again = serde_json::from_slice::<Value>(&bytes).ok().and_then(|value| emit(&value).ok());
        prop_assert_eq!(check(&bytes).is_ok(), again.as_deref() == Some(bytes.as_slice()));
    }
}
