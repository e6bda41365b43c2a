//! Decoding never panics and always keeps count, whatever is done to the fixtures.

use proptest::prelude::*;

use super::*;

/// Every fixture, and the traces among them also as protobuf.
fn payloads() -> Vec<Vec<u8>> {
    use opentelemetry_proto::tonic::trace::v1::TracesData;
    use prost::Message as _;
    let mut found = Vec::new();
    for format in super::super::FORMATS {
        for entry in std::fs::read_dir(fixtures_dir().join(format.name())).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "json" || extension == "jsonl") {
                let bytes = std::fs::read(path).unwrap();
                if let Ok(traces) = serde_json::from_slice::<TracesData>(&bytes)
                    && !traces.resource_spans.is_empty()
                {
                    found.push(traces.encode_to_vec());
                }
                found.push(bytes);
            }
        }
    }
    found.sort();
    found
}

fn check(payload: Vec<u8>) {
    for choice in ["auto", "otlp", "litellm", "bedrock", "sealake"] {
        match decode_as(choice, payload.clone()) {
            Decoded::Events { events, .. } => events.iter().for_each(assert_well_formed),
            Decoded::Skipped(reason) => assert_eq!(reason, "tombstone"),
            Decoded::Quarantine { reason, .. } => {
                assert!(super::super::REASONS.iter().any(|(known, _)| *known == reason), "{reason}");
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Change {
    Flip(usize, u8),
    Cut(usize),
    Remove(usize, usize),
    Repeat(usize, usize),
    Insert(usize, Vec<u8>),
}

fn change() -> impl Strategy<Value = Change> {
    let snippet = prop_oneof![
        Just(b"null".to_vec()),
        Just(b"{\"type\":\"text\"}".to_vec()),
        Just(b"[[[[".to_vec()),
        Just(b"\"\\ud800\"".to_vec()),
        Just(b"-1e999".to_vec()),
        Just(b"18446744073709551616".to_vec()),
        Just("\"data:;base64,é\"".as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..8),
    ];
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, bits)| Change::Flip(at, bits)),
        any::<usize>().prop_map(Change::Cut),
        (any::<usize>(), 0..64_usize).prop_map(|(at, count)| Change::Remove(at, count)),
        (any::<usize>(), 0..64_usize).prop_map(|(at, count)| Change::Repeat(at, count)),
        (any::<usize>(), snippet).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
    ]
}

fn apply(payload: &mut Vec<u8>, change: Change) {
    let size = payload.len().max(1);
    match change {
        Change::Flip(at, bits) => {
            if let Some(byte) = payload.get_mut(at % size) {
                *byte ^= bits;
            }
        }
        Change::Cut(at) => payload.truncate(at % size),
        Change::Remove(at, count) => {
            let start = (at % size).min(payload.len());
            payload.drain(start..(start + count).min(payload.len()));
        }
        Change::Repeat(at, count) => {
            let start = (at % size).min(payload.len());
            let part = payload[start..(start + count).min(payload.len())].to_vec();
            payload.splice(start..start, part);
        }
        Change::Insert(at, bytes) => {
            let start = (at % size).min(payload.len());
            payload.splice(start..start, bytes);
        }
    }
}

/// Replaces a value somewhere in a JSON document: what a producer with another idea of a field would write.
fn replace(value: &mut Value, mut at: usize, with: &Value) {
    let count = match value {
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    if count == 0 || at.is_multiple_of(5) {
        *value = with.clone();
        return;
    }
    let position = at % count;
    at /= count;
    match value {
        Value::Array(items) => replace(&mut items[position], at / 2 + 1, with),
        Value::Object(fields) => {
            if let Some(inner) = fields.values_mut().nth(position) {
                replace(inner, at / 2 + 1, with);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_never_panic(which in any::<prop::sample::Index>(), changes in prop::collection::vec(change(), 1..6)) {
        let all = payloads();
        let mut payload = which.get(&all).clone();
        changes.into_iter().for_each(|change| apply(&mut payload, change));
        check(payload);
    }

    #[test]
    fn changed_values_never_panic(which in any::<prop::sample::Index>(), places in prop::collection::vec((any::<usize>(), 0..12_usize), 1..4)) {
        let all = payloads();
        let with = [
            json!(null), json!(true), json!(-1), json!(1e300), json!(""), json!("text"), json!([]), json!({}),
            json!([null, 1, "x", {"role": 5}]), json!({"type": "image", "source": 7}),
            json!("{\"a\": [1, {\"b\": null}]}"), json!("{'a': None}"),
        ];
        let payload = which.get(&all);
        let Ok(mut value) = serde_json::from_slice::<Value>(payload) else { return Ok(()) };
        for (at, kind) in places {
            replace(&mut value, at, &with[kind]);
        }
        check(value.to_string().into_bytes());
    }

    #[test]
    fn any_bytes_never_panic(payload in prop::collection::vec(any::<u8>(), 0..300)) {
        check(payload);
    }
}
