//! What holds for any input: JSON stays JSON of the same shape, a second pass changes nothing, offsets are exact,
//! spans are disjoint, nothing panics.
//!
//! The generator glues its pieces too: what stands against an identifier with nothing between may be read as one only
//! after that is replaced. It mixes identifiers of every class into sentences, keys, numbers and nested strings, so that most
//! documents have findings.

use proptest::prelude::*;
use redactor::{Action, Policy, Redactor, Span, TokenKey};
use serde_json::Value;

/// 2026-11-21, microseconds.
const NOW: i64 = 20_778 * 86_400_000_000;

fn redactor(profile: &str) -> Redactor {
    let key = TokenKey::from_hex(&"0123456789abcdef".repeat(4)).unwrap();
    Redactor::new(Policy::profile(profile).unwrap(), key, "acme").unwrap()
}

/// Identifiers, near misses and things that break parsers.
const PIECES: &[&str] = &[
    "Patient Anna Sorel",
    "Dr. John Whitfield",
    "SMITH, JOHN",
    "Sorel",
    "anna.sorel@example.org",
    "123-45-6789",
    "MRN: AB-88213",
    "(617) 555-0123",
    "fax 617-555-0199",
    "12 Main St, Springfield, IL 62704",
    "62704-1234",
    "April 12, 2023",
    "03/05/1961",
    "last week",
    "94-year-old",
    "aged 101",
    "64-year-old",
    "https://example.org/a?b=c",
    "10.1.2.3",
    "2001:db8::1",
    "4111 1111 1111 1111",
    "AKIAIOSFODNN7EXAMPLE",
    "password=hunter2hunter2",
    "E11.9",
    "BP 120/80",
    "Parkinson disease",
    "May",
    "Will",
    "gpt-4o",
    "[NAME]",
    "[MRN:John Whitfield]",
    "[",
    "{",
    "{\"a\":",
    "\\u0041",
    "\\",
    "\"",
    "\n",
    "\t",
    "é",
    "😀",
    "\u{200b}",
    "１２３-４５-６７８９",
    "x",
    "and",
    "the",
    ",",
    ".",
    " ",
    "UGF0aWVudCBtYWlsIGFubmEuc29yZWxAZXhhbXBsZS5vcmcsIHNlZSBmaWxl",
    "Member ID: XYZ123456789",
    "VIN 1HGCM82633A004352",
    "NPI 1234567893",
    "IMEI 490154203237518",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==",
    "Springfield, IL",
    "90+",
];

const KEYS: &[&str] = &[
    "content",
    "role",
    "name",
    "value",
    "ssn",
    "mrn",
    "patient_name",
    "dob",
    "zip",
    "city",
    "age",
    "phone",
    "password",
    "prompt_tokens",
    "created",
    "arguments",
    "a/b",
    "c~d",
    "anna.sorel@example.org",
    "Anna Sorel",
    "123-45-6789",
    "",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![8 => proptest::sample::select(PIECES).prop_map(str::to_owned), 1 => ".{0,12}"];
    let glue = proptest::sample::select(&["", " and ", ", ", "\n", " | "][..]);
    proptest::collection::vec((piece, glue), 0..10)
        .prop_map(|parts| parts.into_iter().flat_map(|(piece, glue)| [piece, glue.to_owned()]).collect())
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => text().prop_map(Value::String),
        1 => any::<i64>().prop_map(Value::from),
        1 => (100_000_000_i64..999_999_999).prop_map(Value::from),
        1 => (0_i64..120).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => Just(Value::Null),
        1 => any::<i32>().prop_map(|half| Value::from(f64::from(half) / 2.0)),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let key = prop_oneof![6 => proptest::sample::select(KEYS).prop_map(str::to_owned), 1 => text()];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::vec((key, inner.clone()), 0..6)
                .prop_map(|members| members.into_iter().collect()),
            // JSON inside a string.
            inner.prop_map(|value| Value::String(value.to_string())),
        ]
    })
}

/// Same containers, same number of members, same types but for numbers that became strings.
fn same_shape(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_shape(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.values().zip(b.values()).all(|(a, b)| same_shape(a, b))
        }
        (Value::String(_), Value::String(_)) => true,
        (Value::Number(_), Value::String(_)) => true,
        (a, b) => a == b,
    }
}

fn in_order(spans: &[Span]) -> bool {
    spans.windows(2).all(|pair| {
        pair[0].pointer != pair[1].pointer
            || (pair[0].end <= pair[1].start && pair[0].out_end <= pair[1].out_start)
    })
}

/// What a label, a secret or a removed value looks like.
fn stands_for(span: &Span, stored: &str) -> bool {
    let text = &stored[span.out_start..span.out_end];
    match span.action {
        Action::Label | Action::Remove => {
            text.starts_with('[') && (text.ends_with(']') || text.contains("] "))
        }
        Action::Token => text.starts_with(&format!("[{}:", span.category)) && text.contains(']'),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_stays_json_of_the_same_shape(value in json(), profile in proptest::sample::select(Policy::PROFILES)) {
        let text = value.to_string();
        let out = redactor(profile).redact_json(text.as_bytes(), NOW).unwrap();
        let after: Value = serde_json::from_str(&out.text).expect("valid JSON");
        prop_assert!(same_shape(&value, &after), "{text}\n{}", out.text);
        prop_assert!(in_order(&out.findings), "{:?}", out.findings);
        if out.findings.is_empty() {
            prop_assert_eq!(&out.text, &text);
        }
        for span in out.findings {
            let pointer = span.pointer.as_deref().expect("a pointer");
            if let Some(member) = pointer.strip_suffix('#') {
                let key = member.rsplit('/').next().unwrap_or("").replace("~1", "/").replace("~0", "~");
                prop_assert!(stands_for(&span, &key), "{span:?} in {}", out.text);
                continue;
            }
            match after.pointer(pointer) {
                Some(Value::String(stored)) => prop_assert!(stands_for(&span, stored), "{span:?} in {}", out.text),
                Some(Value::Number(_)) => prop_assert_eq!(span.action, Action::Keep),
                _ => prop_assert!(false, "{span:?} leads nowhere in {}", out.text),
            }
        }
    }

    #[test]
    fn a_second_pass_over_text_changes_nothing(text in text(), profile in proptest::sample::select(Policy::PROFILES)) {
        let redactor = redactor(profile);
        let once = redactor.redact_text(&text, NOW).unwrap().text;
        let twice = redactor.redact_text(&once, NOW).unwrap().text;
        prop_assert_eq!(&once, &twice, "from {:?}", text);
    }

    #[test]
    fn a_second_pass_over_json_changes_nothing(value in json(), profile in proptest::sample::select(Policy::PROFILES)) {
        let redactor = redactor(profile);
        let once = redactor.redact_json(value.to_string().as_bytes(), NOW).unwrap().text;
        let twice = redactor.redact_json(once.as_bytes(), NOW).unwrap().text;
        prop_assert_eq!(&once, &twice, "from {}", value);
    }

    #[test]
    fn offsets_of_text_are_exact(text in text()) {
        let out = redactor("coded").redact_text(&text, NOW).unwrap();
        prop_assert!(in_order(&out.findings));
        // The text between the findings is the same on both sides.
        let (mut at, mut out_at) = (0, 0);
        for span in &out.findings {
            prop_assert_eq!(&text[at..span.start], &out.text[out_at..span.out_start]);
            (at, out_at) = (span.end, span.out_end);
        }
        prop_assert_eq!(&text[at..], &out.text[out_at..]);
    }

    #[test]
    fn any_bytes_are_taken(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in ".{0,80}") {
        let redactor = redactor("coded");
        let _ = redactor.redact_json(&bytes, NOW);
        redactor.redact_json(text.as_bytes(), NOW).unwrap();
        redactor.redact_json(format!("{{\"a\":{text}").as_bytes(), NOW).unwrap();
        redactor.redact_text(&text, NOW).unwrap();
    }
}
