//! What holds for any input, as the fuzz targets and the test that replays their seeds check it.
#![allow(dead_code, reason = "each target uses its part")]

use std::sync::LazyLock;

use redactor::{Output, Policy, Redactor, Span, TokenKey};
use serde_json::Value;

/// The time at which ages are reckoned, microseconds.
const AS_OF: i64 = 1_795_000_000_000_000;
/// Longer inputs find nothing that shorter ones do not, and are slow to make small.
const INPUT_BYTES_MAX: usize = 16 << 10;

/// The profiles of which a second pass is promised to change nothing.
static REDACTORS: LazyLock<Vec<Redactor>> = LazyLock::new(|| {
    let redactor = |profile: &&str| {
        let key = TokenKey::from_hex(&"0123456789abcdef".repeat(4)).expect("64 digits");
        Redactor::new(Policy::profile(profile).expect("a built-in profile"), key, "fuzz")
            .expect("a sound policy")
    };
    ["coded", "strict"].iter().map(redactor).collect()
});

/// No panic; offsets on character boundaries, in order, and exact on both sides.
pub(crate) fn text(bytes: &[u8]) {
    if bytes.len() > INPUT_BYTES_MAX {
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    for redactor in REDACTORS.iter() {
        exact(&text, &redactor.redact_text(&text, AS_OF).expect("a small text"));
    }
}

/// A second pass changes nothing, over text and over JSON.
pub(crate) fn again(bytes: &[u8]) {
    if bytes.len() > INPUT_BYTES_MAX {
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    for redactor in REDACTORS.iter() {
        let once = redactor.redact_text(&text, AS_OF).expect("a small text").text;
        let twice = redactor.redact_text(&once, AS_OF).expect("a small text").text;
        assert_eq!(once, twice, "a second pass changes what the first made of {text:?}");
        let once = redactor.redact_json(text.as_bytes(), AS_OF).expect("a small text").text;
        let twice = redactor.redact_json(once.as_bytes(), AS_OF).expect("a small text").text;
        assert_eq!(once, twice, "a second pass changes what the first made of the JSON {text:?}");
    }
}

/// What is outside the findings is the same on both sides.
fn exact(text: &str, output: &Output) {
    let (mut at, mut out_at) = (0, 0);
    for span in &output.findings {
        assert!(at <= span.start && span.start < span.end, "out of order: {span:?}");
        let (before, out_before) = (text.get(at..span.start), output.text.get(out_at..span.out_start));
        assert!(before.is_some() && before == out_before, "{span:?} is not where it says in {text:?}");
        assert!(text.get(span.start..span.end).is_some(), "{span:?} cuts a character of {text:?}");
        (at, out_at) = (span.end, span.out_end);
    }
    assert_eq!(text.get(at..), output.text.get(out_at..), "the end of {text:?}");
}

/// Valid JSON stays valid JSON of the same shape, and its findings point at what was written; what is no JSON is
/// taken too.
pub(crate) fn json(bytes: &[u8]) {
    if bytes.len() > INPUT_BYTES_MAX {
        return;
    }
    let text = String::from_utf8_lossy(bytes);
    let before = serde_json::from_str::<Value>(&text).ok();
    for redactor in REDACTORS.iter() {
        let once = redactor.redact_json(text.as_bytes(), AS_OF).expect("a small text");
        if let Some(before) = &before {
            let after: Value = serde_json::from_str(&once.text)
                .unwrap_or_else(|error| panic!("{error}: {:?} of {text:?}", once.text));
            // Of two keys that are the same a parser keeps the last: their members cannot be compared.
            if !repeats_keys(&text, before) {
                assert!(same_shape(before, &after), "{text:?} became {:?}", once.text);
                once.findings.iter().for_each(|span| leads_somewhere(span, &after));
            }
        }
    }
}

fn same_shape(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_shape(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.values().zip(b.values()).all(|(a, b)| same_shape(a, b))
        }
        (Value::String(_), Value::String(_)) | (Value::Number(_), Value::Number(_) | Value::String(_)) => {
            true
        }
        (a, b) => a == b,
    }
}

/// Whether an object of the text has a key twice: its members are then fewer than the colons between them.
fn repeats_keys(text: &str, value: &Value) -> bool {
    fn members(value: &Value) -> usize {
        match value {
            Value::Array(items) => items.iter().map(members).sum(),
            Value::Object(object) => object.len() + object.values().map(members).sum::<usize>(),
            _ => 0,
        }
    }
    let (mut colons, mut quoted, mut escaped) = (0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b':' if !quoted => colons += 1,
            _ => {}
        }
    }
    colons != members(value)
}

fn leads_somewhere(span: &Span, after: &Value) {
    let pointer = span.pointer.as_deref().unwrap_or_else(|| panic!("{span:?} has no pointer"));
    if pointer.ends_with('#') && after.pointer(pointer).is_none() {
        return;
    }
    match after.pointer(pointer) {
        Some(Value::String(stored)) => {
            assert!(
                stored.get(span.out_start..span.out_end).is_some(),
                "{span:?} cuts a character of {stored:?}"
            );
        }
        Some(_) => {}
        None => panic!("{span:?} leads nowhere in {after}"),
    }
}

/// A policy or an error with a place in the text; a policy that was read is read again from its own bytes.
pub(crate) fn policy(bytes: &[u8]) {
    match Policy::parse(bytes) {
        Ok(policy) => {
            assert_eq!(policy.bytes(), bytes);
            assert_eq!(Policy::parse(policy.bytes()).expect("the same policy").sha256(), policy.sha256());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
