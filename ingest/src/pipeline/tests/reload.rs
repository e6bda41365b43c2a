//! A policy file that changes while events are read: no event is lost, and each comes out as a fresh run of the policy
//! that it names would make it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemas::Value;

use super::*;
use crate::kafka::Reading;
use crate::kafka::source::Item;
use crate::workers::{Tools, treat};

const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Policies that differ in what they do with what the events hold.
const POLICIES: [&str; 6] = [
    "default = \"token\"\n",
    "default = \"label\"\n",
    "default = \"token\"\nMRN = \"mask\"\n[[patterns]]\nname = \"badge\"\ncategory = \"UNIQUE_ID\"\nregex = 'BDG-[0-9]{5}'\n",
    "default = \"token\"\n[[store]]\nname = \"audit\"\ncontent = \"hash_only\"\n",
    "default = \"remove\"\n[[allow]]\nname = \"known\"\nvalues = [\"70440007\"]\nowner = \"o\"\nreason = \"r\"\nexpires = 2030-01-01\n",
    "default = \"token\"\nDATE = \"label\"\n",
];

fn policy(nth: usize) -> String {
    format!("name = \"ward\"\nversion = \"{nth}\"\n[actions]\n{}", POLICIES[nth])
}

fn parsed(nth: usize) -> Policy {
    Policy::parse(policy(nth).as_bytes()).unwrap()
}

fn redactor_of(policy: Policy) -> Redactor {
    Redactor::new(policy, TokenKey::from_hex(KEY).unwrap(), "test").unwrap()
}

/// An event of that number that holds something to redact.
fn event_of(nth: usize) -> String {
    let said = format!("MRN {} with badge BDG-{nth:05}, seen 03/04/2025", 70_440_000 + nth % 10);
    let messages = format!(r#"[{{"role":"user","parts":[{{"type":"text","content":"{said}"}}]}}]"#);
    event_json(nth).replacen('{', &format!(r#"{{"input_messages":{messages},"#), 1)
}

fn publish(world: &World, numbers: std::ops::Range<usize>) {
    world.publish_all(numbers.map(|nth| Outgoing {
        topic: TOPIC.into(),
        key: Some(nth.to_string().into_bytes()),
        headers: Vec::new(),
        payload: Some(event_of(nth).into_bytes()),
    }));
}

/// As an editor does: a new file takes the name.
fn write(path: &Path, text: &str) {
    let new = path.with_extension("new");
    std::fs::write(&new, text).unwrap();
    std::fs::rename(&new, path).unwrap();
}

/// The row that a fresh run of the policy makes of the event.
fn fresh(world: &World, policy: &Policy, nth: usize) -> Record {
    let ready = world.config("fresh", |_| {}).ready().unwrap();
    let redactor = redactor_of(policy.clone());
    let tools = Tools {
        topics: ready.topics.clone(),
        site: ready.site.clone(),
        message_bytes_max: ready.message_bytes_max,
        redaction: std::sync::Arc::new(auditstore::log::redaction(&redactor)),
        redactor,
    };
    let message = Message {
        topic: TOPIC.into(),
        partition: 0,
        offset: 0,
        timestamp_ms: None,
        key: Some(nth.to_string().into_bytes().into()),
        headers: Vec::new(),
        payload: Some(event_of(nth).into_bytes().into()),
        leader_epoch: None,
    };
    let item = Item { reading: Reading(1), source: "fresh".into(), what: What::Message(message) };
    let fate = treat(vec![item], &tools).pop().unwrap().fate.unwrap();
    fate.rows[0].record().unwrap()
}

/// Waits until an event of this policy is in the lake, publishing all the while.
async fn reaches(world: &World, published: &mut usize, reference: &str) {
    for _ in 0..150 {
        publish(world, *published..*published + 20);
        *published += 20;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let rows = world.rows().await;
        if rows.iter().any(|row| row.get(event::REDACTION_POLICY).as_text() == Some(reference)) {
            return;
        }
    }
    panic!("no event of {reference} after {published} events");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_reloads_under_load_lose_nothing_and_each_event_is_what_its_policy_makes_of_it() {
    let world = World::new(2).await;
    let path: PathBuf = world.dir.path().join("ward.toml");
    write(&path, &policy(0));
    let (trigger, shutdown) = Shutdown::new();
    let config = world.config("one", |config| {
        config.batch.rows_max = 50;
        config.batch.flush_interval_ms = 300;
    });
    let policies = Policies::watched(redactor_of(parsed(0)), path.clone());
    let running = tokio::spawn(run(config, policies, world.writer().await, shutdown, false));
    let mut published = 0;
    reaches(&world, &mut published, &parsed(0).reference()).await;
    for nth in 1..POLICIES.len() {
        if nth == 3 {
            // What is no policy changes nothing, nor does one that `ingest` must not take.
            for bad in [
                "name = \"ward\"\nversion = \n",
                "name = \"ward\"\nversion = \"9\"\n[actions]\ndefault = \"keep\"\n",
            ] {
                write(&path, bad);
                tokio::time::sleep(3 * crate::policies::POLL_INTERVAL).await;
                publish(&world, published..published + 20);
                published += 20;
            }
        }
        write(&path, &policy(nth));
        reaches(&world, &mut published, &parsed(nth).reference()).await;
    }
    stop(trigger, running).await.unwrap();
    let (_trigger, shutdown) = Shutdown::new();
    let rest = redactor_of(parsed(POLICIES.len() - 1));
    run(world.config("one", |_| {}), rest, world.writer().await, shutdown, true).await.unwrap();
    world.assert_exactly(published).await;

    let known: BTreeMap<String, Policy> =
        (0..POLICIES.len()).map(|nth| (parsed(nth).reference(), parsed(nth))).collect();
    let mut counts = BTreeMap::<String, usize>::new();
    for row in world.rows().await {
        let reference = row.get(event::REDACTION_POLICY).as_text().unwrap().to_owned();
        let nth = row.get(event::INPUT_TOKENS).as_int().unwrap() as usize;
        let want = fresh(&world, &known[&reference], nth);
        for column in [
            event::INPUT_MESSAGES,
            event::PROMPT_TEXT,
            event::FINDINGS,
            event::REDACTION_STATUS,
            event::INPUT_HASH,
        ] {
            let name = event::EVENT.columns[column].name;
            assert_eq!(row.get(column), want.get(column), "{name} of event {nth} under {reference}");
        }
        assert!(!matches!(want.get(event::FINDINGS), Value::List(found) if found.is_empty()));
        *counts.entry(reference).or_default() += 1;
    }
    assert_eq!(counts.len(), POLICIES.len(), "{counts:?}");

    // Each batch names the policy of its rows, and the log has it.
    let writer = world.writer().await;
    for segment in writer.state().segments.iter() {
        let sha256 = segment.policy.clone().unwrap();
        assert!(writer.state().policies.contains(&sha256));
        let bytes = writer.store().get(&segment.path).await.unwrap().unwrap();
        for batch in ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap().build().unwrap() {
            for (_, row) in auditstore::segment::records(&batch.unwrap(), &event::EVENT).unwrap() {
                let reference = row.get(event::REDACTION_POLICY).as_text().unwrap().to_owned();
                assert!(reference.ends_with(&sha256[..16]), "{reference} in a segment of {sha256}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_counts_what_a_run_stores_and_stores_nothing() {
    let world = World::new(2).await;
    publish(&world, 0..30);
    let odd = [Some(b"{\"hello\":1}".to_vec()), Some(b"{".to_vec()), None];
    world.publish_all(odd.into_iter().map(|payload| Outgoing {
        topic: TOPIC.into(),
        key: Some(b"odd".to_vec()),
        headers: Vec::new(),
        payload,
    }));
    let entries = world.writer().await.state().size;
    let dry = |last| {
        let (_trigger, shutdown) = Shutdown::new();
        crate::dry_run(
            world.config("dry", |_| {}),
            redactor_of(parsed(2)),
            "test.example/lake",
            shutdown,
            true,
            last,
        )
    };
    let counted = dry(None).await.unwrap();
    assert_eq!(world.writer().await.state().size, entries, "nothing is written to the lake");
    assert!(counted.caught_up && counted.missing_topics.is_empty() && counted.partitions == 2);
    let topic = &counted.topics[TOPIC];
    assert_eq!((topic.messages, topic.decoded, topic.stored), (33, 30, 30));
    assert_eq!(topic.messages_skipped, BTreeMap::from([("tombstone".to_owned(), 1)]));
    assert_eq!(topic.messages_quarantined.values().sum::<u64>(), 2, "{topic:?}");
    assert_eq!(topic.formats, BTreeMap::from([("sealake".to_owned(), 30)]));
    assert_eq!(topic.findings["MRN"], BTreeMap::from([("mask".to_owned(), 30)]));
    assert_eq!(topic.findings["UNIQUE_ID"], BTreeMap::from([("token".to_owned(), 30)]));
    assert!(dry(Some(3)).await.unwrap().topics[TOPIC].messages <= 6);

    // A run counts the same.
    let (_trigger, shutdown) = Shutdown::new();
    let config = world.config("one", |_| {});
    let summary = run(config, redactor_of(parsed(2)), world.writer().await, shutdown, true).await.unwrap();
    assert_eq!((summary.stored, summary.quarantined, summary.skipped), (30, 2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_a_topic_that_is_missing_from_a_broker_that_is() {
    let world = World::new(1).await;
    let dry = || {
        let (_trigger, shutdown) = Shutdown::new();
        let config = world.config("dry", |config| {
            config.topics[0].name = "llm.gatewey".into();
            config.limits.broker_wait_s = 1;
        });
        crate::dry_run(config, redactor_of(parsed(2)), "test.example/lake", shutdown, true, None)
    };
    let error = dry().await.unwrap_err();
    assert!(matches!(&error, Error::TopicsMissing { topics, .. } if topics == "llm.gatewey"), "{error}");
    world.broker.broker_down(1).unwrap();
    let error = dry().await.unwrap_err();
    assert!(matches!(&error, Error::BrokerUnreachable { .. }), "{error}");
    assert!(error.to_string().contains(" within 1s ("), "{error}");
}
