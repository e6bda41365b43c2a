//! Objects in the log that are no entries: passed over, listed by the next entry, never believed; and the one that
//! stops everything.

use bytes::Bytes;
use schemas::manifest::{Body, Dec, Manifest, PublicKey, Skipped};
use schemas::verdict::Verdict;

use super::*;
use crate::keys::Signer;
use crate::merkle::{leaf_hash, sha256};
use crate::store::Fetched;
use crate::{Error, canonical};

/// The log after a batch, and the manifest that could come next.
async fn next(lake: &TestLake) -> (Replay, Manifest) {
    let mut writer = lake.writer().await;
    writer.commit(batch(0, 0..2)).await.expect("commit");
    writer.heartbeat(Default::default()).await.expect("a heartbeat");
    let replay = writer.replay().clone();
    let entry =
        lake.reader().await.expect("a reader").entry(replay.state().size - 1).await.expect("the heartbeat");
    let mut manifest = entry.manifest.expect("known");
    manifest.seq = Dec(replay.state().size);
    (replay, manifest)
}

fn signed(replay: &Replay, manifest: &Manifest, signers: &[&Signer]) -> Bytes {
    super::entry::make(manifest, &replay.state().edge, signers).expect("made")
}

fn why(replay: &Replay, object: &Bytes) -> Option<Verdict> {
    match replay.clone().apply(&Fetched::Whole(object.clone())).expect("no stop") {
        Applied::Entry(_) => None,
        Applied::Invalid(skip) => {
            assert_eq!(skip.leaf, leaf_hash(&invalid_leaf(&sha256(object))));
            Some(skip.why.verdict)
        }
    }
}

#[tokio::test]
async fn every_flipped_bit_of_an_entry_makes_it_none() {
    let lake = TestLake::in_memory().await;
    let (replay, manifest) = next(&lake).await;
    let object = signed(&replay, &manifest, &[&lake.signer()]);
    assert_eq!(why(&replay, &object), None);
    for at in 0..object.len() {
        for bit in 0..8 {
            let mut bytes = object.to_vec();
            bytes[at] ^= 1 << bit;
            match replay.clone().apply(&Fetched::Whole(bytes.into())) {
                Ok(Applied::Invalid(_)) => {}
                // A manifest that was changed under a good signature is a root that does not fit.
                Err(Error::Fork { .. }) => {
                    assert!(at <= object.iter().position(|b| *b == b'\n').expect("a newline"))
                }
                other => panic!("bit {bit} of byte {at}: {other:?}"),
            }
        }
    }
    for length in 0..object.len() {
        assert_eq!(why(&replay, &object.slice(..length)), Some(Verdict::InvalidEntry), "{length}");
    }
}

#[tokio::test]
async fn malformed_unsigned_and_oversized_objects_are_passed_over_and_listed() {
    let lake = TestLake::in_memory().await;
    let (replay, manifest) = next(&lake).await;
    let good = signed(&replay, &manifest, &[&lake.signer()]);
    let text = |text: &str| Bytes::from(text.to_owned());
    let line = canonical::emit(&manifest).expect("canonical");
    let stranger = Signer::generate(ORIGIN).expect("a key");
    let objects = [
        (text(""), Verdict::InvalidEntry),
        (text("\n\n"), Verdict::InvalidEntry),
        (text("nothing of the kind"), Verdict::InvalidEntry),
        (Bytes::from(vec![0; (ENTRY_BYTES_MAX + 1) as usize]), Verdict::InvalidEntry),
        (Bytes::from([line.as_slice(), b"\n"].concat()), Verdict::InvalidEntry),
        (Bytes::from([&good[..], b"x"].concat()), Verdict::InvalidEntry),
        (signed(&replay, &manifest, &[&stranger]), Verdict::UnknownKey),
    ];
    let mut listed = Vec::new();
    for (at, (object, verdict)) in objects.iter().enumerate() {
        assert_eq!(why(&replay, object), Some(*verdict), "object {at}");
        let seq = replay.state().size + at as u64;
        lake.store.create(&entry_path(1, seq), object.clone()).await.expect("put");
        listed.push(Skipped { seq: Dec(seq), sha256: hex::encode(sha256(object)) });
        assert_eq!(lake.check().await.pending, listed);
    }
    let mut writer = lake.writer().await;
    let done = committed(writer.commit(batch(0, 2..3)).await.expect("commit"));
    assert_eq!(done.seq, replay.state().size + objects.len() as u64);
    let state = lake.check().await;
    assert_eq!((state.pending.len(), state.size), (0, done.seq + 1));
    let entry = lake.reader().await.expect("a reader").entry(done.seq).await.expect("an entry");
    assert_eq!(entry.manifest.expect("known").skipped, listed);
    // A snapshot right after them knows of them too.
    lake.store.create(&entry_path(1, state.size), text("noise")).await.expect("put");
    lake.writer().await.snapshot().await.expect("a snapshot");
    lake.check().await;
}

#[tokio::test]
async fn rightly_signed_entries_that_say_what_they_may_not() {
    let lake = TestLake::in_memory().await;
    let (replay, good) = next(&lake).await;
    let signer = lake.signer();
    let check = |what: &str, change: &dyn Fn(&mut Manifest)| {
        let mut manifest = good.clone();
        change(&mut manifest);
        let object = signed(&replay, &manifest, &[&signer]);
        let expected = if what == "good" { None } else { Some(Verdict::InvalidEntry) };
        assert_eq!(why(&replay, &object), expected, "{what}");
    };
    check("good", &|_| {});
    check("another seq", &|manifest| manifest.seq.0 += 1);
    check("another era", &|manifest| manifest.era.0 += 1);
    check("before the entry before it", &|manifest| {
        manifest.committed = "2020-01-01T00:00:00.000000Z".into()
    });
    check("no time", &|manifest| manifest.committed = "today".into());
    check("no instance", &|manifest| manifest.writer.instance.clear());
    check("no build", &|manifest| manifest.writer.build = "x".into());
    check("no snapshot", &|manifest| manifest.snapshot = None);
    check("another snapshot", &|manifest| manifest.snapshot = Some(Dec(1)));
    check("skips what is not there", &|manifest| {
        manifest.skipped = vec![Skipped { seq: Dec(1), sha256: "0".repeat(64) }];
    });
    check("adopts another head", &|manifest| {
        manifest.body = Body::Adopt(schemas::manifest::Adopt { head: replay.state().tree_head() });
        if let Body::Adopt(adopt) = &mut manifest.body {
            adopt.head.size.0 += 1;
        }
    });
    check("a source twice", &|manifest| {
        let source = SOURCE.to_owned();
        manifest.body = Body::Source(schemas::manifest::Source { source, starts: Vec::new() });
    });
    check("retires the last key", &|manifest| {
        manifest.body = Body::Key(schemas::manifest::Key { action: "retire".into(), key: lake.key() });
    });
    let path = replay.state().segments[0].path.clone();
    for path in [
        path.as_str(),
        "data/../x.parquet",
        "/data/x.parquet",
        "data/x\u{e9}.parquet",
        "log/x.parquet",
        "data//x.parquet",
    ] {
        check(path, &|manifest| manifest.body = batch_naming(path));
    }
    let Body::Batch(named_anew) = batch_naming("data/dt=2026-11-21/new.parquet") else { panic!("a batch") };
    check("good", &|manifest| manifest.body = Body::Batch(named_anew.clone()));
    check("retained too briefly", &|manifest| {
        let mut body = named_anew.clone();
        body.retention.retain_until = "2027-01-01T00:00:00.000000Z".into();
        manifest.body = Body::Batch(body);
    });
    check("rows and counts differ", &|manifest| {
        let mut body = named_anew.clone();
        body.counts.records.stored.0 += 1;
        manifest.body = Body::Batch(body);
    });
}

fn batch_naming(path: &str) -> Body {
    use schemas::manifest::{Batch, Counts, ObjectRef, Records, Retention, Segment};
    let hash = "0".repeat(64);
    Body::Batch(Box::new(Batch {
        counts: Counts { messages: None, records: Records { stored: Dec(1), ..Records::default() } },
        files: vec![Segment {
            path: path.to_owned(),
            bytes: Dec(1),
            rows: Dec(1),
            sha256: hash.clone(),
            root: hash.clone(),
            leaves: ObjectRef { path: "data/dt=2026-11-21/new.leaves".into(), sha256: hash },
            event_min: None,
            event_max: None,
        }],
        redaction: Some(redaction(redactor())),
        retention: Retention { class: "hipaa-6y".into(), retain_until: "2099-01-01T00:00:00.000000Z".into() },
        schema: "event/1".into(),
        ..Batch::default()
    }))
}

#[tokio::test]
async fn newer_formats_and_kinds() {
    let lake = TestLake::in_memory().await;
    let (replay, manifest) = next(&lake).await;
    let rewrite = |from: &str, to: &str| {
        let line = String::from_utf8(canonical::emit(&manifest).expect("canonical")).expect("UTF-8");
        assert!(line.contains(from), "{line}");
        let line = line.replace(from, to);
        let mut edge = replay.state().edge.clone();
        edge.push(leaf_hash(line.as_bytes()));
        let head =
            crate::note::Head { origin: format!("{ORIGIN}/entry"), size: edge.size(), root: edge.root() };
        Fetched::Whole([line.as_bytes(), b"\n", &lake.signer().sign_note(&head.text())].concat().into())
    };
    for (from, to, found) in [
        ("\"format\":\"sealake/1\"", "\"format\":\"sealake/2\"", "sealake/2"),
        ("\"validity\":\"1\"", "\"validity\":\"2\"", "version 2"),
        (
            "\"era\":\"1\",\"format\":\"sealake/1\",\"kind\":\"heartbeat\"",
            "\"critical\":true,\"era\":\"1\",\"format\":\"sealake/1\",\"kind\":\"hold\"",
            "kind hold",
        ),
    ] {
        let (from, to) = if to.contains("critical") {
            // Keys are sorted: `critical` stands after `committed`.
            ("\"era\":\"1\",\"format\":\"sealake/1\",\"kind\":\"heartbeat\"", to)
        } else {
            (from, to)
        };
        let error = replay.clone().apply(&rewrite(from, to)).expect_err("newer");
        let message = error.to_string();
        assert!(matches!(error, Error::NewerFormat { .. }) && message.contains(found), "{message}");
        assert!(message.contains("sealake/1") || message.contains("1"), "{message} names what is known");
    }
    // A kind that may be passed over is an entry without effect.
    let mut passed = replay.clone();
    let applied =
        passed.apply(&rewrite("\"kind\":\"heartbeat\"", "\"kind\":\"weather\"")).expect("passed over");
    assert!(matches!(applied, Applied::Entry(entry) if entry.manifest.is_none()));
    assert_eq!((passed.state().size, passed.state().pending.len()), (replay.state().size + 1, 0));
}

#[tokio::test]
async fn a_second_history_stops_readers_and_writers() {
    let lake = TestLake::in_memory().await;
    let (replay, mut manifest) = next(&lake).await;
    // The same key signs an entry over another past.
    let mut edge = replay.state().edge.clone();
    let mut other = crate::merkle::Edge::default();
    for byte in 0..edge.size() {
        other.push(leaf_hash(&byte.to_le_bytes()));
    }
    std::mem::swap(&mut edge, &mut other);
    manifest.writer.instance = "another".into();
    let object = super::entry::make(&manifest, &edge, &[&lake.signer()]).expect("made");
    lake.store.create(&entry_path(1, replay.state().size), object).await.expect("put");
    assert!(matches!(lake.reader().await, Err(Error::Fork { .. })));
    let error = Writer::open(lake.store.clone(), lake.signer(), lake.options()).await.expect_err("a fork");
    assert!(matches!(error, Error::Fork { .. }), "{error}");
}

#[tokio::test]
async fn keys_are_added_by_both_and_retired() {
    let lake = TestLake::in_memory().await;
    let (mut replay, mut manifest) = next(&lake).await;
    let (old, new) = (lake.signer(), Signer::generate(ORIGIN).expect("a key"));
    let key = |action: &str, key: PublicKey| Body::Key(schemas::manifest::Key { action: action.into(), key });
    manifest.body = key("add", new.public());
    assert_eq!(why(&replay, &signed(&replay, &manifest, &[&old])), Some(Verdict::InvalidEntry));
    assert_eq!(why(&replay, &signed(&replay, &manifest, &[&new])), Some(Verdict::UnknownKey));
    let both = signed(&replay, &manifest, &[&old, &new]);
    assert!(matches!(replay.apply(&Fetched::Whole(both)), Ok(Applied::Entry(_))));
    manifest.seq.0 += 1;
    manifest.body = key("retire", old.public());
    let retired = signed(&replay, &manifest, &[&new]);
    assert!(matches!(replay.apply(&Fetched::Whole(retired)), Ok(Applied::Entry(_))));
    manifest.seq.0 += 1;
    manifest.body = Body::Heartbeat(Default::default());
    assert_eq!(why(&replay, &signed(&replay, &manifest, &[&old])), Some(Verdict::KeyWindow));
    assert_eq!(why(&replay, &signed(&replay, &manifest, &[&new])), None);
}
