//! Quarantine: what a holder of the private key reads is what Kafka had, and nobody else reads anything.

use super::*;

fn message(offset: i64, payload: &'static [u8]) -> Message {
    Message {
        topic: "llm".into(),
        partition: 3,
        offset,
        timestamp_ms: Some(1_700_000_000_123),
        key: Some(Bytes::from_static(b"\xff\x00key")),
        headers: vec![("trace".into(), Some(Bytes::from_static(b"abc"))), ("none".into(), None)],
        payload: Some(Bytes::from_static(payload)),
        leader_epoch: None,
    }
}

fn reject(index: Option<u32>, reason: &'static str) -> Reject {
    Reject { index, reason, detail: "at byte 7".into() }
}

#[test]
fn the_recipient_reads_the_original_bytes_and_nobody_else_anything() {
    let identity = x25519::Identity::generate();
    let to = Recipient::parse(&identity.to_public().to_string()).unwrap();
    let rejected = [
        Rejected {
            message: message(7, b"\x00\xfebroken secret"),
            rejects: vec![reject(None, "invalid_json")],
        },
        Rejected {
            message: message(9, b"[1,2]"),
            rejects: vec![reject(Some(0), "not_an_object"), reject(Some(1), "not_an_object")],
        },
    ];
    let sealed = encrypt(rejected.iter().map(|one| ("cluster/0", one)), &to).unwrap();
    assert!(!sealed.windows(6).any(|window| window == b"secret" || window == b"broken"));
    assert!(age::decrypt(&x25519::Identity::generate(), &sealed).is_err());

    let opened = age::decrypt(&identity, &sealed).unwrap();
    let lines: Vec<serde_json::Value> = opened
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        lines[0],
        json!({"reason": "invalid_json", "detail": "at byte 7", "source": "cluster/0", "topic": "llm", "partition": 3,
            "offset": 7, "timestamp_ms": 1_700_000_000_123_i64, "key_base64": STANDARD.encode(b"\xff\x00key"),
            "headers": [["trace", STANDARD.encode(b"abc")], ["none", null]],
            "payload_base64": STANDARD.encode(b"\x00\xfebroken secret")})
    );
    assert_eq!(lines[1]["index"], 0);
    assert_eq!(lines[1]["payload_base64"], STANDARD.encode(b"[1,2]"));
    assert_eq!(lines[2]["index"], 1);
    assert!(lines[2].get("payload_base64").is_none());
}

#[test]
fn whole_messages_and_records_are_counted_apart() {
    let rejected = [
        Rejected { message: message(1, b""), rejects: vec![reject(None, "empty_value")] },
        Rejected {
            message: message(2, b"x"),
            rejects: vec![reject(Some(0), "a"), reject(Some(4), "empty_value")],
        },
    ];
    let tally = Tally::of(rejected.iter());
    assert_eq!((tally.messages, tally.records), (1, 2));
    assert_eq!(tally.reasons, BTreeMap::from([("a".into(), 1), ("empty_value".into(), 2)]));
}

#[test]
fn what_is_no_recipient_is_refused_saying_what_is_expected() {
    for text in
        ["", "age1", "AGE-SECRET-KEY-1", "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"]
    {
        let what = Recipient::parse(text).err().unwrap();
        assert!(what.contains("age1…"), "{what}");
        assert!(text.is_empty() || text == "age1" || !what.contains(text), "{what}");
    }
}
