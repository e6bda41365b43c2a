//! The consumer against librdkafka's broker in this process: what is delivered, from where, and under which reading.

use super::*;
use crate::config::Config;
use crate::demo::{Broker, Outgoing, Publisher};
use crate::kafka::Reading;
use crate::message::Message;

/// How long a test waits for the broker.
const PATIENCE: Duration = Duration::from_secs(30);

fn ready(brokers: &str, topics: &[&str]) -> Ready {
    let topics: String = topics.iter().map(|topic| format!("[[topics]]\nname = \"{topic}\"\n")).collect();
    let recipient = age::x25519::Identity::generate().to_public();
    let text = format!(
        "site = \"test\"\n[kafka]\nbrokers = [\"{}\"]\nproperties = {{ \"topic.metadata.refresh.interval.ms\" = 200 }}\n{topics}[quarantine]\nrecipient = \"{recipient}\"\n",
        brokers
    );
    toml::from_str::<Config>(&text).unwrap().ready().unwrap()
}

fn publish(broker: &Broker, topic: &str, payloads: &[Option<&[u8]>]) {
    let publisher = Publisher::connect(&broker.brokers()).unwrap();
    for payload in payloads {
        let outgoing = Outgoing {
            topic: topic.to_owned(),
            key: Some(b"key".to_vec()),
            headers: vec![("h".to_owned(), b"v".to_vec())],
            payload: payload.map(<[u8]>::to_vec),
        };
        publisher.publish(&outgoing).unwrap();
    }
    assert_eq!(publisher.finish().unwrap(), (payloads.len() as u64, 0));
}

async fn delivery(source: &mut Source) -> Delivery {
    tokio::time::timeout(PATIENCE, source.poll()).await.expect("the broker delivers something")
}

fn begin(partition: &Partition, reading: Reading, offset: i64) -> Begin {
    Begin { partition: partition.clone(), reading, source: "cluster/0".into(), offset }
}

/// Waits for an assignment, and takes all of it from these offsets.
async fn assigned(source: &mut Source, from: impl Fn(&Partition) -> (Reading, i64)) -> Vec<Partition> {
    loop {
        if let Delivery::Assigned(number, partitions) = delivery(source).await {
            let at = partitions.iter().map(|partition| (partition.clone(), from(partition)));
            let begins = at.map(|(partition, (reading, offset))| begin(&partition, reading, offset));
            source.assign(number, begins.collect());
            if !partitions.is_empty() {
                return partitions;
            }
        }
    }
}

/// Everything up to the end of the partition: `(reading, offset)` of each message, and where the end is.
async fn until_end(source: &mut Source) -> (Vec<(Reading, Message)>, i64) {
    let mut messages = Vec::new();
    loop {
        match delivery(source).await {
            Delivery::Chunk(items) => {
                for item in items {
                    match item.what {
                        What::Message(message) => messages.push((item.reading, message)),
                        What::End(_, offset) => return (messages, offset),
                    }
                }
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_from_where_it_is_told_and_again_after_a_rewind() {
    let broker = Broker::start(&[("a", 1)]).unwrap();
    publish(&broker, "a", &[Some(b"0"), Some(b"1"), None, Some(b""), Some(b"4")]);
    let mut source = Source::open(&ready(&broker.brokers(), &["a"]), "lake").unwrap();
    assert!(source.cluster_id().await.is_some_and(|id| !id.is_empty()));
    let partition: Partition = ("a".into(), 0);
    assert_eq!(source.partitions().await.unwrap(), BTreeSet::from([partition.clone()]));
    assert_eq!(source.bounds(&partition).await.unwrap(), Bounds { low: 0, end: 5 });

    source.subscribe().unwrap();
    assigned(&mut source, |_| (Reading(7), 1)).await;
    let (messages, end) = until_end(&mut source).await;
    assert_eq!(end, 5);
    let seen: Vec<_> =
        messages.iter().map(|(reading, m)| (reading.0, m.offset, m.payload.as_deref())).collect();
    assert_eq!(
        seen,
        [(7, 1, Some(&b"1"[..])), (7, 2, None), (7, 3, Some(&b""[..])), (7, 4, Some(&b"4"[..]))]
    );
    let first = &messages[0].1;
    assert_eq!((&*first.topic, first.partition, first.key.as_deref()), ("a", 0, Some(&b"key"[..])));
    assert_eq!(first.headers, [("h".to_owned(), Some(bytes::Bytes::from_static(b"v")))]);
    assert!(first.timestamp_ms.is_some_and(|ms| ms > 1_700_000_000_000));
    assert_eq!(source.known_ends([partition.clone()].iter()), BTreeMap::from([(partition.clone(), 5)]));

    source.rewind(begin(&partition, Reading(8), 3));
    let (messages, end) = until_end(&mut source).await;
    let seen: Vec<_> = messages.iter().map(|(reading, m)| (reading.0, m.offset)).collect();
    assert_eq!((seen, end), (vec![(8, 3), (8, 4)], 5));
    source.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offset_that_the_broker_does_not_have_is_said_and_can_be_left() {
    let broker = Broker::start(&[("a", 1)]).unwrap();
    publish(&broker, "a", &[Some(b"0"), Some(b"1")]);
    let mut source = Source::open(&ready(&broker.brokers(), &["a"]), "lake").unwrap();
    source.subscribe().unwrap();
    let partitions = assigned(&mut source, |_| (Reading(1), 100)).await;
    match delivery(&mut source).await {
        Delivery::OutOfRange(partition) => assert_eq!(partition, partitions[0]),
        other => panic!("{other:?}"),
    }
    source.rewind(begin(&partitions[0], Reading(2), 1));
    let (messages, end) = until_end(&mut source).await;
    assert_eq!((messages.len(), messages[0].0, messages[0].1.offset, end), (1, Reading(2), 1, 2));
    source.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_members_share_the_partitions_and_hand_them_over() {
    let broker = Broker::start(&[("a", 4)]).unwrap();
    let mut one = ready(&broker.brokers(), &["a"]);
    one.properties.push(("session.timeout.ms".into(), "6000".into()));
    let mut two = one.clone();
    two.instance = "ingest-2".to_owned();
    let mut one = Source::open(&one, "lake").unwrap();
    one.subscribe().unwrap();
    assert_eq!(assigned(&mut one, |_| (Reading(1), 0)).await.len(), 4);
    let mut two = Source::open(&two, "lake").unwrap();
    two.subscribe().unwrap();
    let revoked = loop {
        if let Delivery::Revoked(partitions) = delivery(&mut one).await {
            break partitions;
        }
    };
    assert_eq!(revoked.len(), 2);
    let taken = tokio::select! {
        taken = assigned(&mut two, |_| (Reading(1), 0)) => taken,
        never = async { loop { if let Delivery::Assigned(number, partitions) = delivery(&mut one).await {
            assert!(partitions.is_empty());
            one.assign(number, Vec::new());
        } } } => never,
    };
    assert_eq!(BTreeSet::from_iter(taken), BTreeSet::from_iter(revoked));
    one.close().await;
    two.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_have_ids_and_missing_ones_are_named() {
    let broker = Broker::start(&[("a", 1), ("b", 1)]).unwrap();
    let source = Source::open(&ready(&broker.brokers(), &["a", "b", "c"]), "lake").unwrap();
    let told = source.identities().await.unwrap();
    assert_eq!(told.len(), 3);
    let id = |topic: &str| match &told[topic] {
        Identity::Topic { id: Some(id), partitions: 1 } => id.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((id("a").len(), id("b").len()), (22, 22));
    assert_ne!(id("a"), id("b"));
    assert_eq!(told["c"], Identity::Missing);
    assert_eq!(source.identities().await.unwrap(), told);
    source.close().await;
}
