//! What a writer writes when nothing goes wrong, and what it refuses.

use schemas::event::EVENT;
use schemas::manifest::{Body, Dec, End, Heartbeat, Messages, TreeHead};

use super::*;
use crate::store::{Store, StoreOptions};
use crate::time::{format_time, parse_time};
use crate::{Error, Signer};

#[tokio::test]
async fn a_batch_is_committed_and_read_back() {
    let directory = tempfile::tempdir().expect("a directory");
    let url = directory.path().join("lake").display().to_string();
    let lake = TestLake::at(Store::open_or_make(&url, &StoreOptions::default()).expect("open")).await;
    let mut writer = lake.writer().await;
    assert_eq!(writer.state().size, 3);
    let done = committed(writer.commit(batch_with_quarantine(0, 0..5)).await.expect("commit"));
    assert_eq!((done.seq, done.stored, done.quarantined), (3, 5, 1));
    assert_eq!(writer.state().next_offset(SOURCE, TOPIC, 0), 6);
    let state = lake.check().await;
    assert_eq!((state.size, state.root), (4, done.root));
    assert_eq!(state.segments.len(), 1);
    let segment = &state.segments[0];
    assert_eq!((segment.rows, segment.seq, segment.schema.as_str()), (5, 3, "event/1"));
    assert_eq!(segment.policy.as_deref(), Some(redactor().policy().sha256()));
    assert!(segment.path.starts_with("data/dt=20") && segment.path.ends_with(".parquet"), "{}", segment.path);
    let reader = lake.reader().await.expect("a reader");
    let entry = reader.entry(3).await.expect("an entry");
    let manifest = entry.manifest.clone().expect("a manifest");
    assert_eq!(entry.head().expect("a head").root, done.root);
    let Body::Batch(body) = manifest.body else { panic!("a batch") };
    assert_eq!(body.retention.class, "hipaa-6y");
    assert!(body.retention.retain_until > manifest.committed);
    assert_eq!(body.quarantine[0].reasons["truncated_json"], Dec(1));
    assert_eq!(
        lake.store.list("").await.expect("list").iter().filter(|(name, _)| name.ends_with(".tmp")).count(),
        0
    );
}

#[tokio::test]
async fn a_reader_follows_and_its_key_is_pinned() {
    let lake = TestLake::in_memory().await;
    let mut reader = lake.reader().await.expect("a reader");
    let mut writer = lake.writer().await;
    for at in 0..40 {
        writer.commit(batch(0, at..at + 1)).await.expect("commit");
    }
    assert_eq!(reader.refresh().await.expect("refresh").size, 43);
    assert_eq!(reader.state().root, writer.state().root);
    let other = Signer::generate(ORIGIN).expect("a key").public();
    let error = Reader::open(lake.store.clone(), Trust::Pinned(other)).await.expect_err("another's lake");
    assert!(matches!(error, Error::Key(_)), "{error}");
    let peer = reader.state().peer.clone().expect("the access key");
    let access = Reader::open(lake.store.child("access"), Trust::Pinned(peer)).await.expect("the access log");
    assert_eq!(access.state().schema, "access/1");
    assert_eq!(access.state().origin, format!("{ORIGIN}/access"));
}

#[tokio::test]
async fn sources_and_policies_are_onboarded_once() {
    let lake = TestLake::in_memory().await;
    let mut writer = lake.writer().await;
    writer.ensure_source(SOURCE, Vec::new()).await.expect("known");
    writer.ensure_policy(redactor().policy()).await.expect("known");
    assert_eq!(writer.state().size, 3);
    let start = |partition, first| schemas::manifest::Start {
        topic: TOPIC.to_owned(),
        partition: Dec(partition),
        first: Dec(first),
        topic_id: (partition == 0).then(|| "AAAAAAAAAAAAAAAAAAAAAA".to_owned()),
    };
    writer.ensure_source("other/1", vec![start(1, 7), start(0, 9)]).await.expect("new");
    assert_eq!(writer.state().topic_id("other/1", TOPIC), Some("AAAAAAAAAAAAAAAAAAAAAA"));
    assert_eq!(writer.state().next_offset("other/1", TOPIC, 0), 9);
    assert_eq!(writer.state().next_offset("other/1", TOPIC, 1), 7);
    lake.check().await;
}

#[tokio::test]
async fn offsets_that_do_not_continue_are_fenced_and_nothing_is_written() {
    let store = Faulty::new();
    let lake = TestLake::on(std::sync::Arc::new(store.clone())).await;
    let mut writer = lake.writer().await;
    writer.commit(batch(0, 0..5)).await.expect("commit");
    store.heal();
    for offsets in [0..5, 4..6, 6..7] {
        let outcome = writer.commit(batch(0, offsets)).await.expect("an answer");
        assert_eq!(outcome, Outcome::Fenced(vec![((SOURCE.to_owned(), TOPIC.to_owned(), 0), 5)]));
    }
    assert_eq!(store.writes(), Vec::<String>::new());
    writer.commit(batch(0, 5..6)).await.expect("commit");
    lake.check().await;
}

#[tokio::test]
async fn offsets_of_another_topic_of_the_name_are_fenced_also_after_a_snapshot() {
    let lake = TestLake::in_memory().await;
    let mut writer = lake.writer().await;
    let of = |id: Option<&str>, offsets| {
        let mut new = batch(0, offsets);
        new.offsets[0].topic_id = id.map(str::to_owned);
        new
    };
    let (one, other) = ("AAAAAAAAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBBBBBBBB");
    writer.commit(of(None, 0..1)).await.expect("commit");
    assert_eq!(writer.state().topic_id(SOURCE, TOPIC), None);
    committed(writer.commit(of(Some(one), 1..2)).await.expect("commit"));
    writer.snapshot().await.expect("a snapshot");
    let mut writer = lake.writer().await;
    assert_eq!(writer.state().topic_id(SOURCE, TOPIC), Some(one));
    let outcome = writer.commit(of(Some(other), 2..3)).await.expect("an answer");
    assert_eq!(outcome, Outcome::Fenced(vec![((SOURCE.to_owned(), TOPIC.to_owned(), 0), 2)]));
    committed(writer.commit(of(Some(one), 2..3)).await.expect("commit"));
    // A broker that does not tell is believed.
    committed(writer.commit(of(None, 3..4)).await.expect("commit"));
    let error = writer.commit(of(Some("no id"), 4..5)).await;
    assert!(!matches!(error, Ok(Outcome::Committed(_))), "{error:?}");
    lake.check().await;
}

#[tokio::test]
async fn batches_that_contradict_themselves_are_never_sealed() {
    let lake = TestLake::in_memory().await;
    let mut writer = lake.writer().await;
    let mut cases = Vec::new();
    let mut case = |what: &'static str, change: &dyn Fn(&mut NewBatch)| {
        let mut new = batch(0, 0..3);
        change(&mut new);
        cases.push((what, new));
    };
    case("offsets are lost", &|new| new.offsets[0].next.0 += 1);
    case("an offset counts twice", &|new| {
        new.messages = Some(Messages { decoded: Dec(4), ..Messages::default() });
    });
    case("no counts", &|new| new.messages = None);
    case("a source that nobody onboarded", &|new| new.offsets[0].source = "other/0".into());
    case("a partition twice", &|new| {
        let range = new.offsets[0].clone();
        new.offsets.push(range);
    });
    case("quarantine without object", &|new| new.records_quarantined = 1);
    case("no policy", &|new| new.redaction = None);
    case("an unknown policy", &|new| {
        new.redaction = new
            .redaction
            .take()
            .map(|redaction| schemas::manifest::Redaction { sha256: "0".repeat(64), ..redaction });
    });
    case("another schema", &|new| new.schema = &schemas::access::ACCESS);
    case("nothing", &|new| {
        new.rows.clear();
        new.offsets.clear();
        new.messages = None;
    });
    for (what, new) in cases {
        let error = writer.commit(new).await.expect_err(what);
        assert!(matches!(error, Error::Invalid { .. }), "{what}: {error}");
        assert_eq!(writer.state().size, 3, "{what}");
    }
    writer.commit(batch(0, 0..3)).await.expect("the writer goes on");
    lake.check().await;
}

#[tokio::test]
async fn a_manifest_that_does_not_fit_is_an_error_that_the_estimate_foresees() {
    let lake = TestLake::in_memory().await;
    let mut writer = lake.writer().await;
    let wide = |partitions: u64| {
        let mut new = batch(0, 0..1);
        new.offsets = (0..partitions)
            .map(|partition| {
                let mut range = batch(partition, 0..1).offsets.remove(0);
                range.topic = format!("a.topic.with.a.name.that.is.as.long.as.some.are.{partition}");
                range
            })
            .collect();
        new.messages = Some(Messages { decoded: Dec(partitions), ..Messages::default() });
        new
    };
    let max = schemas::manifest::MANIFEST_BYTES_MAX;
    let most = (1..1000).rev().find(|count| wide(*count).manifest_bytes_estimate() <= max).expect("one");
    assert!(most > 50, "{most}");
    let error = writer.commit(wide(1000)).await.expect_err("too large");
    assert!(matches!(error, Error::TooLarge { bytes_max, .. } if bytes_max == max), "{error}");
    assert_eq!(writer.state().size, 3);
    let done = committed(writer.commit(wide(most)).await.expect("fits"));
    let entry = lake.reader().await.expect("a reader").entry(done.seq).await.expect("an entry");
    assert!(entry.manifest_bytes.len() <= wide(most).manifest_bytes_estimate());
}

#[tokio::test]
async fn heartbeats_bind_the_access_log() {
    let lake = TestLake::in_memory().await;
    let mut writer = lake.writer().await;
    let key = Signer::read(&lake.keys.path().join("access.key")).expect("a key");
    let mut access =
        Writer::open(lake.store.child("access"), key, WriterOptions::default()).await.expect("a writer");
    let mut heads: Vec<TreeHead> = Vec::new();
    for _ in 0..3 {
        heads.push(access.state().tree_head());
        access.heartbeat(Heartbeat::default()).await.expect("something in the access log");
    }
    let beat = |access: &TreeHead| Heartbeat { access: Some(access.clone()), ends: Vec::new() };
    let end = |partition| End {
        source: SOURCE.into(),
        topic: TOPIC.into(),
        partition: Dec(partition),
        end: Dec(9),
    };
    let first = Heartbeat { ends: vec![end(1), end(0)], ..beat(&heads[1]) };
    writer.heartbeat(first).await.expect("a heartbeat");
    writer.heartbeat(beat(&heads[0])).await.expect("one that is behind says nothing of the access log");
    assert_eq!(writer.state().access.as_ref(), Some(&heads[1]));
    writer.heartbeat(beat(&heads[2])).await.expect("a heartbeat");
    assert_eq!(lake.check().await.access.as_ref(), Some(&heads[2]));
    // One that another program signs all the same is no entry.
    let mut manifest =
        lake.reader().await.expect("a reader").entry(5).await.expect("it").manifest.expect("known");
    manifest.seq = Dec(6);
    manifest.body = Body::Heartbeat(beat(&heads[0]));
    let object = super::entry::make(&manifest, &writer.state().edge, &[&lake.signer()]).expect("made");
    lake.store.create(&entry_path(1, 6), object).await.expect("put");
    let state = lake.check_log().await;
    assert_eq!((state.size, state.pending.len(), state.access.as_ref()), (7, 1, Some(&heads[2])));
}

#[tokio::test]
async fn a_clock_that_is_off_refuses_to_sign() {
    let lake = TestLake::in_memory().await;
    let now = chrono::Utc::now().timestamp_micros();
    let with_clock = async |micros: i64| {
        let options = WriterOptions { clock: std::sync::Arc::new(move || micros), ..lake.options() };
        Writer::open(lake.store.clone(), lake.signer(), options).await.expect("a writer")
    };
    for (micros, what) in [
        (now + 6 * 60_000_000, "five minutes before the store"),
        (parse_time("9999-01-01T00:00:00.000000Z").expect("a time"), "in the year 9999"),
        (now - 6 * 60_000_000, "behind the newest entry"),
        (0, "in the year 1970"),
    ] {
        let mut writer = with_clock(micros).await;
        for beat in [true, false] {
            let error = match beat {
                true => writer.heartbeat(Heartbeat::default()).await.expect_err(what),
                false => writer.commit(batch(0, 0..1)).await.expect_err(what),
            };
            assert!(matches!(error, Error::Refused(_)), "{what}: {error}");
            assert!(error.to_string().contains(&format_time(micros)), "{what}: {error}");
        }
    }
    assert_eq!(lake.check().await.size, 3);
    let mut writer = with_clock(now + 4 * 60_000_000).await;
    writer.commit(batch(0, 0..1)).await.expect("within five minutes");
    // Another writer, four minutes behind: it waits for milliseconds, not for minutes.
    let error = lake.writer().await.commit(batch(0, 1..2)).await.expect_err("behind the newest entry");
    assert!(error.to_string().contains("set the clock"), "{error}");
}

#[tokio::test]
async fn retention_follows_the_newest_event() {
    let lake = TestLake::in_memory().await;
    let mut writer = lake.writer().await;
    let mut new = batch(0, 0..1);
    let mut record = new.rows[0].record().expect("a record");
    record.set(schemas::event::EVENT_TIME, schemas::Value::Time(i64::MAX / 2));
    new.rows = vec![sealed(record)];
    assert_eq!(new.schema, &EVENT);
    writer.commit(new).await.expect("commit");
    let state = lake.check().await;
    let years = |micros: i64| format_time(micros)[..4].parse::<i32>().expect("a year");
    let segment = &state.segments[0];
    assert_eq!(years(segment.event_max.expect("a time")), 9999, "the log says what the producer said");
    assert!(years(segment.retain_until) - years(segment.committed) <= 7, "and is not locked for it");
}
