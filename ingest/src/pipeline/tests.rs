//! The whole loop over librdkafka's broker in this process and a lake in a directory. Every test ends with the
//! same question: is each message that was published in the lake, and in it once?

use std::collections::BTreeSet;
use std::path::Path;

use auditstore::{InitOptions, Signer, Store, StoreOptions, WriterOptions, time::system_clock};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use redactor::{Policy, Redactor, TokenKey};
use schemas::manifest::RetentionClass;
use schemas::{Record, event};

use super::*;
use crate::demo::{Outgoing, Publisher};
use crate::shutdown::Trigger;

mod reload;

const TOPIC: &str = "llm";

/// A broker, a lake and the key of its quarantine.
struct World {
    broker: MockCluster<'static, DefaultProducerContext>,
    dir: tempfile::TempDir,
    identity: age::x25519::Identity,
}

impl World {
    async fn new(partitions: i32) -> World {
        let broker = MockCluster::new(1).unwrap();
        broker.create_topic(TOPIC, partitions, 1).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let options = InitOptions {
            store: Store::open_or_make(&lake(dir.path()), &StoreOptions::default()).unwrap(),
            origin: "test.example/lake".into(),
            writer_key: dir.path().join("writer.key"),
            access_key: dir.path().join("access.key"),
            state_file: None,
            access_state_file: None,
            retention: RetentionClass { class: "hipaa-6y".into(), years: 6.into() },
            instance: "test".into(),
            clock: system_clock(),
        };
        auditstore::init(options).await.unwrap();
        World { broker, dir, identity: age::x25519::Identity::generate() }
    }

    fn config(&self, instance: &str, change: impl FnOnce(&mut Config)) -> Config {
        let mut config: Config = toml::from_str(&format!(
            "site = \"test\"\n[kafka]\nbrokers = [\"{}\"]\ninstance = \"{instance}\"\n\
             properties = {{ \"session.timeout.ms\" = 6000, \"topic.metadata.refresh.interval.ms\" = 500 }}\n\
             [[topics]]\nname = \"{TOPIC}\"\n[quarantine]\nrecipient = \"{}\"\n[limits]\nstalled_s_max = 30\n",
            self.broker.bootstrap_servers(),
            self.identity.to_public()
        ))
        .unwrap();
        change(&mut config);
        config
    }

    async fn writer(&self) -> Writer {
        let store = Store::open(&lake(self.dir.path()), &StoreOptions::default()).unwrap();
        let signer = Signer::read(&self.dir.path().join("writer.key")).unwrap();
        Writer::open(store, signer, WriterOptions::default()).await.unwrap()
    }

    /// Runs until caught up.
    async fn catch_up(&self, config: Config) -> Result<Summary, Error> {
        let (_trigger, shutdown) = Shutdown::new();
        run(config, redactor(), self.writer().await, shutdown, true).await
    }

    fn publish(&self, from: usize, count: usize) {
        let messages = (from..from + count).map(|nth| Outgoing {
            topic: TOPIC.into(),
            key: Some(nth.to_string().into_bytes()),
            headers: Vec::new(),
            payload: Some(event_json(nth).into_bytes()),
        });
        self.publish_all(messages);
    }

    fn publish_all(&self, messages: impl IntoIterator<Item = Outgoing>) {
        let publisher = Publisher::connect(&self.broker.bootstrap_servers()).unwrap();
        for message in messages {
            publisher.publish(&message).unwrap();
        }
        assert_eq!(publisher.finish().unwrap().1, 0);
    }

    /// The rows of all live segments.
    async fn rows(&self) -> Vec<Record> {
        let writer = self.writer().await;
        let mut rows = Vec::new();
        for segment in writer.state().segments.iter() {
            let bytes = writer.store().get(&segment.path).await.unwrap().expect("a live segment is there");
            for batch in ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap().build().unwrap() {
                let read = auditstore::segment::records(&batch.unwrap(), &event::EVENT).unwrap();
                rows.extend(read.into_iter().map(|(_salt, record)| record));
            }
        }
        rows
    }

    /// Nothing missing, nothing twice: every published number once, every position once.
    async fn assert_exactly(&self, count: usize) {
        let rows = self.rows().await;
        let positions: BTreeSet<_> = rows
            .iter()
            .map(|row| {
                let int = |column| row.get(column).as_int().unwrap();
                (int(event::KAFKA_PARTITION), int(event::KAFKA_OFFSET), int(event::KAFKA_INDEX))
            })
            .collect();
        assert_eq!((rows.len(), positions.len()), (count, count));
        let numbers: BTreeSet<_> =
            rows.iter().map(|row| row.get(event::INPUT_TOKENS).as_int().unwrap()).collect();
        assert_eq!(numbers, (0..count as i64).collect());
    }
}

fn lake(dir: &Path) -> String {
    dir.join("lake").display().to_string()
}

fn redactor() -> Redactor {
    Redactor::new(Policy::profile("coded").unwrap(), TokenKey::generate(), "test").unwrap()
}

/// An event whose number can be read back from the lake.
fn event_json(nth: usize) -> String {
    format!(
        r#"{{"schema_version":1,"event_time":"2026-11-20T10:00:00Z","operation":"chat","provider":"openai","request_id":"req_{nth:08}","request_model":"gpt-5","input_tokens":{nth},"status":"success"}}"#
    )
}

fn small(config: &mut Config) {
    config.batch.rows_max = 7;
}

/// Ends the pipeline that runs in the background, and gives its answer.
async fn stop(
    trigger: Trigger,
    running: tokio::task::JoinHandle<Result<Summary, Error>>,
) -> Result<Summary, Error> {
    trigger.stop();
    tokio::time::timeout(Duration::from_secs(60), running).await.expect("it stops").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn until_caught_up_takes_everything_once_and_a_second_run_nothing() {
    let world = World::new(3).await;
    world.publish(0, 100);
    let summary = world.catch_up(world.config("one", small)).await.unwrap();
    assert_eq!((summary.stored, summary.messages, summary.quarantined), (100, 100, 0));
    assert!(summary.commits >= 100 / 7, "{summary:?}");
    world.assert_exactly(100).await;

    let again = world.catch_up(world.config("one", |_| {})).await.unwrap();
    assert_eq!((again.stored, again.commits), (0, 0));
    world.publish(100, 50);
    let more = world.catch_up(world.config("one", |_| {})).await.unwrap();
    assert_eq!(more.stored, 50);
    world.assert_exactly(150).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_decoded_is_set_aside_and_the_next_good_event_is_stored() {
    let world = World::new(1).await;
    let raw = |payload: Option<&[u8]>| Outgoing {
        topic: TOPIC.into(),
        key: None,
        headers: Vec::new(),
        payload: payload.map(<[u8]>::to_vec),
    };
    let large = vec![b'x'; 300_000];
    world.publish_all([
        raw(Some(b"{\"broken")),
        raw(None),
        raw(Some(b"")),
        raw(Some(&large)),
        raw(Some(event_json(0).as_bytes())),
    ]);
    let config = world.config("one", |config| config.limits.message_bytes_max = 200_000);
    let summary = world.catch_up(config).await.unwrap();
    assert_eq!((summary.stored, summary.quarantined, summary.skipped), (1, 3, 1));
    world.assert_exactly(1).await;

    let lines = quarantined(&world).await;
    let reasons: Vec<_> = lines
        .iter()
        .map(|line| (line["offset"].as_i64().unwrap(), line["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(reasons, [(0, "truncated_json"), (2, "empty_value"), (3, "too_large")]);
    use base64::Engine;
    let payload = lines[2]["payload_base64"].as_str().unwrap();
    assert_eq!(base64::engine::general_purpose::STANDARD.decode(payload).unwrap(), large);
}

async fn quarantined(world: &World) -> Vec<serde_json::Value> {
    let store = world.writer().await.store().clone();
    let mut lines = Vec::new();
    for (path, _) in store.list("quarantine").await.unwrap() {
        let sealed = store.get(&path).await.unwrap().unwrap();
        let opened = age::decrypt(&world.identity, &sealed).unwrap();
        lines.extend(
            opened
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_empty())
                .map(|line| serde_json::from_slice(line).unwrap()),
        );
    }
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_seals_what_was_read() {
    let world = World::new(2).await;
    let (trigger, shutdown) = Shutdown::new();
    let config = world.config("one", |config| config.batch.flush_interval_ms = 3_600_000);
    let running = tokio::spawn(run(config, redactor(), world.writer().await, shutdown, false));
    world.publish(0, 40);
    let deadline = Instant::now() + Duration::from_secs(30);
    // Nothing is due for an hour; what is read meanwhile is committed by the stop alone.
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(world.rows().await.is_empty());
    assert!(Instant::now() < deadline);
    let summary = stop(trigger, running).await.unwrap();
    assert_eq!(summary.stored, 40);
    world.assert_exactly(40).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_down_at_the_start_is_waited_for() {
    let world = World::new(1).await;
    world.publish(0, 10);
    world.broker.broker_down(1).unwrap();
    let (trigger, shutdown) = Shutdown::new();
    let running =
        tokio::spawn(run(world.config("one", small), redactor(), world.writer().await, shutdown, true));
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(!running.is_finished());
    world.broker.broker_up(1).unwrap();
    let summary = tokio::time::timeout(Duration::from_secs(60), running).await.unwrap().unwrap().unwrap();
    assert_eq!(summary.stored, 10);
    world.assert_exactly(10).await;
    drop(trigger);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_while_the_broker_is_down_is_clean() {
    let world = World::new(1).await;
    world.broker.broker_down(1).unwrap();
    let (trigger, shutdown) = Shutdown::new();
    let running =
        tokio::spawn(run(world.config("one", small), redactor(), world.writer().await, shutdown, false));
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(stop(trigger, running).await.unwrap().stored, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_answer_a_run_until_caught_up_gives_up_and_says_for_what_it_waited() {
    let world = World::new(1).await;
    world.broker.broker_down(1).unwrap();
    let config = world.config("one", |config| config.limits.broker_wait_s = 3);
    let error = world.catch_up(config).await.unwrap_err();
    assert!(matches!(&error, Error::BrokerUnreachable { .. }), "{error}");
    assert!(error.to_string().contains(&world.broker.bootstrap_servers()), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lake_that_is_ahead_of_the_broker_stops_and_names_the_way_out() {
    let world = World::new(1).await;
    world.publish(0, 5);
    world.catch_up(world.config("one", small)).await.unwrap();
    // The lake takes offsets that the broker never had, as if the topic had been made anew since.
    let mut writer = world.writer().await;
    let ((source, topic, partition), next) = writer.state().next.clone().into_iter().next().unwrap();
    let batch = auditstore::NewBatch {
        rows: Vec::new(),
        offsets: vec![schemas::manifest::OffsetRange {
            source,
            topic,
            partition: partition.into(),
            first: next.into(),
            next: (next + 100).into(),
            gaps: BTreeMap::from([("not_delivered".into(), 100.into())]),
            ..Default::default()
        }],
        messages: Some(schemas::manifest::Messages::default()),
        records_skipped: BTreeMap::new(),
        records_quarantined: 0,
        quarantine: Vec::new(),
        redaction: None,
        schema: &event::EVENT,
    };
    assert!(matches!(writer.commit(batch).await.unwrap(), Outcome::Committed(_)));
    // Nor is a lake that is ahead one that has caught up.
    let error = world.catch_up(world.config("one", small)).await.unwrap_err();
    assert!(matches!(error, Error::LakeAhead { lake: 105, .. }), "{error}");
    let (_trigger, shutdown) = Shutdown::new();
    let error = run(world.config("one", small), redactor(), writer, shutdown, false).await.unwrap_err();
    assert!(matches!(error, Error::LakeAhead { lake: 105, broker: 5, epoch: 1, .. }), "{error}");
    assert!(error.to_string().contains("raise `source_epoch` in [kafka] to 1"), "{error}");

    let fresh = world.config("one", |config| config.kafka.source_epoch = 1);
    assert_eq!(world.catch_up(fresh).await.unwrap().stored, 5);
}

/// Takes offsets of the topic as those of another topic of its name.
async fn commit_as(writer: &mut Writer, topic_id: &str, messages: u64) -> String {
    let (source, topic, partition) = (writer.state().sources.first().unwrap().clone(), TOPIC.to_owned(), 0);
    let first = writer.state().next_offset(&source, &topic, partition);
    let batch = auditstore::NewBatch {
        rows: Vec::new(),
        offsets: vec![schemas::manifest::OffsetRange {
            source: source.clone(),
            topic,
            partition: partition.into(),
            first: first.into(),
            next: (first + messages).into(),
            gaps: BTreeMap::from([("not_delivered".into(), messages.into())]),
            topic_id: Some(topic_id.to_owned()),
            ..Default::default()
        }],
        messages: Some(schemas::manifest::Messages::default()),
        records_skipped: BTreeMap::new(),
        records_quarantined: 0,
        quarantine: Vec::new(),
        redaction: None,
        schema: &event::EVENT,
    };
    assert!(matches!(writer.commit(batch).await.unwrap(), Outcome::Committed(_)));
    source
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_was_made_anew_and_is_longer_is_read_from_its_beginning() {
    let world = World::new(1).await;
    let empty = world.catch_up(world.config("one", small)).await.unwrap();
    assert_eq!(empty.commits, 0);
    // Until now the name was that of another topic, of which the lake has four messages.
    let old = commit_as(&mut world.writer().await, "AAAAAAAAAAAAAAAAAAAAAA", 4).await;
    world.publish(0, 10);
    assert_eq!(world.catch_up(world.config("one", small)).await.unwrap().stored, 10);
    world.assert_exactly(10).await;
    world.publish(10, 5);
    assert_eq!(world.catch_up(world.config("one", small)).await.unwrap().stored, 5);
    world.assert_exactly(15).await;

    let writer = world.writer().await;
    let state = writer.state();
    assert_eq!(state.next_offset(&old, TOPIC, 0), 4, "the old topic's offsets stay as they were");
    assert_eq!(state.sources.len(), 2);
    let new = state.sources.iter().find(|source| **source != old).unwrap();
    let id = state.topic_id(new, TOPIC).unwrap();
    assert_eq!((new.clone(), state.next_offset(new, TOPIC, 0)), (format!("{old}/{id}"), 15));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_does_not_exist_ends_a_run_until_caught_up_and_not_a_service() {
    let world = World::new(1).await;
    world.publish(0, 3);
    let config = |wait| {
        world.config("one", |config| {
            let other = crate::Topic { name: "other".into(), ..config.topics[0].clone() };
            config.topics.push(other);
            config.limits.broker_wait_s = wait;
        })
    };
    let error = world.catch_up(config(2)).await.unwrap_err();
    assert!(matches!(&error, Error::TopicsMissing { topics, .. } if topics == "other"), "{error}");
    assert!(world.rows().await.is_empty());
    let (trigger, shutdown) = Shutdown::new();
    let running = tokio::spawn(run(config(2), redactor(), world.writer().await, shutdown, false));
    tokio::time::sleep(Duration::from_secs(4)).await;
    let summary = stop(trigger, running).await.unwrap();
    assert_eq!((summary.stored, summary.missing_topics), (3, vec!["other".to_owned()]));
    // One that appears in time is read.
    let catching_up = world.catch_up(config(30));
    let appears = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        world.broker.create_topic("other", 1, 1).unwrap();
    };
    let (summary, ()) = tokio::join!(catching_up, appears);
    assert!(summary.unwrap().missing_topics.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_writers_share_a_topic_and_one_is_fenced() {
    let world = World::new(8).await;
    let (trigger, shutdown) = Shutdown::new();
    let config_of = |instance: &str| {
        world.config(instance, |config| {
            config.batch.rows_max = 20;
            config.batch.flush_interval_ms = 200;
        })
    };
    let start = |config, writer| tokio::spawn(run(config, redactor(), writer, shutdown.clone(), false));
    let one = start(config_of("one"), world.writer().await);
    let mut published = 0;
    for _ in 0..10 {
        world.publish(published, 40);
        published += 40;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let two = start(config_of("two"), world.writer().await);
    for _ in 0..60 {
        world.publish(published, 40);
        published += 40;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let one = stop(trigger.clone(), one).await.unwrap();
    let two = stop(trigger, two).await.unwrap();
    world.catch_up(world.config("three", |_| {})).await.unwrap();
    world.assert_exactly(published).await;
    assert!(one.stored > 0 && two.stored > 0, "{one:?} {two:?}");
}
