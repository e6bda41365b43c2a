//! The source of the pipeline: deliveries in, commands out, and the few questions that are asked of the broker.
//!
//! Offsets come from the lake, so nothing here remembers one. Questions that wait for the network run on tokio's
//! blocking threads, each with a timeout.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaConfRes;
use tokio::sync::mpsc::Receiver;

use super::consumer::{CHUNKS_MAX, Command, Complaint, Context, Poller};
pub(crate) use super::consumer::{Delivery, Item, What};
use super::identity::Asked;
pub(crate) use super::identity::Identity;
use super::{Begin, Partition};
use crate::config::Ready;
use crate::error::Error;

/// How long one question to the broker may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest answer that librdkafka takes from a broker: what is fetched at once, and a batch as large as the broker
/// takes it, which would hold up its partition for ever if it were larger. What it unpacks to is bounded by
/// `limits.unpacked_bytes_max`.
const RECEIVE_BYTES_MAX: usize = 1 << 30;
/// How long closing the client may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(10);

/// A partition's bounds as the broker tells them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// Offset of the oldest message that is still there.
    pub(crate) low: i64,
    /// Offset after the newest message that a reader of committed messages may see.
    pub(crate) end: i64,
}

/// A consumer in the lake's group.
pub(crate) struct Source {
    consumer: Arc<BaseConsumer<Context>>,
    topics: Vec<String>,
    commands: mpsc::Sender<Command>,
    deliveries: Receiver<Delivery>,
    complaint: Complaint,
    asked: Arc<Asked>,
    closed: tokio::sync::oneshot::Receiver<()>,
}

impl Source {
    /// Makes the client. Nothing is asked of the broker yet, so it may be down.
    pub(crate) fn open(ready: &Ready, origin: &str) -> Result<Source, Error> {
        super::unpack::set_limit(ready.unpacked_bytes_max);
        let complaint = Complaint::default();
        let refused = |error: KafkaError| match error {
            // The client's own words hold the value, which may be a password under a mistyped name.
            KafkaError::ClientConfig(why, _, name, _) => Error::Config(match why {
                RDKafkaConfRes::RD_KAFKA_CONF_UNKNOWN => {
                    format!(
                        "kafka.properties: librdkafka has no setting `{name}`; its CONFIGURATION.md lists them"
                    )
                }
                _ => format!("kafka.properties: the value of `{name}` is not one that librdkafka takes"),
            }),
            error => Error::Kafka(error.to_string()),
        };
        let consumer: BaseConsumer<Context> = client_config(ready, origin)
            .create_with_context(Context { complaint: complaint.clone() })
            .map_err(refused)?;
        let consumer = Arc::new(consumer);
        let (commands, for_poller) = mpsc::channel();
        let (from_poller, deliveries) = tokio::sync::mpsc::channel(CHUNKS_MAX);
        let (close, closed) = tokio::sync::oneshot::channel();
        let poller = Poller::new(consumer.clone(), for_poller, from_poller);
        std::thread::Builder::new()
            .name("kafka".to_owned())
            .spawn(move || {
                poller.run();
                // Nobody may listen any more; then nobody waits either.
                let _ = close.send(());
            })
            .map_err(|error| Error::Kafka(format!("no thread for the consumer: {error}")))?;
        let topics = ready.topics.keys().cloned().collect();
        Ok(Source { consumer, topics, commands, deliveries, complaint, asked: Arc::default(), closed })
    }

    /// Joins the group and asks for partitions of the topics, which need not exist yet.
    pub(crate) fn subscribe(&self) -> Result<(), Error> {
        let topics: Vec<&str> = self.topics.iter().map(String::as_str).collect();
        self.consumer.subscribe(&topics).map_err(|error| Error::Kafka(error.to_string()))
    }

    /// Reads these partitions without joining the group: no other reader notices.
    pub(crate) fn read_alone(&self, partitions: Vec<Begin>) {
        self.tell(Command::ReadAlone(partitions));
    }

    /// The next delivery. May be dropped without losing one.
    pub(crate) async fn poll(&mut self) -> Delivery {
        let gone = || Delivery::Fatal("the thread that polls Kafka ended".to_owned());
        self.deliveries.recv().await.unwrap_or_else(gone)
    }

    /// Answers an assignment: reads these partitions from there.
    pub(crate) fn assign(&self, number: u64, partitions: Vec<Begin>) {
        self.tell(Command::Assign(number, partitions));
    }

    /// Reads a partition again, from there.
    pub(crate) fn rewind(&self, begin: Begin) {
        self.tell(Command::Rewind(begin));
    }

    /// Tells Kafka how far the lake is, for its monitoring only.
    pub(crate) fn committed(&self, offsets: Vec<(Partition, i64)>) {
        if !offsets.is_empty() {
            self.tell(Command::Commit(offsets));
        }
    }

    /// Commands go unheard only when the thread has ended, which the next poll reports.
    fn tell(&self, command: Command) {
        let _ = self.commands.send(command);
    }

    /// What the client last complained about, if recently.
    pub(crate) fn complaint(&self) -> Option<String> {
        self.complaint.recent()
    }

    /// The cluster's id, None while the broker cannot be reached.
    pub(crate) async fn cluster_id(&self) -> Option<String> {
        self.ask(|consumer| consumer.client().fetch_cluster_id(ANSWER_TIMEOUT)).await.ok().flatten()
    }

    /// The partitions of the configured topics that exist.
    pub(crate) async fn partitions(&self) -> Result<BTreeSet<Partition>, String> {
        let topics = self.topics.clone();
        let answer = self.ask(move |consumer| {
            let mut partitions = BTreeSet::new();
            for topic in &topics {
                let metadata = consumer.fetch_metadata(Some(topic), ANSWER_TIMEOUT)?;
                for found in
                    metadata.topics().iter().filter(|found| found.name() == topic && found.error().is_none())
                {
                    let name: Arc<str> = found.name().into();
                    partitions
                        .extend(found.partitions().iter().map(|partition| (name.clone(), partition.id())));
                }
            }
            Ok::<_, KafkaError>(partitions)
        });
        match answer.await {
            Ok(Ok(partitions)) => Ok(partitions),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("the question was cut off".to_owned()),
        }
    }

    /// Which topics have the configured names now. A name that is not in the answer was not told.
    pub(crate) async fn identities(&self) -> Result<BTreeMap<String, Identity>, String> {
        let (topics, asked) = (self.topics.clone(), self.asked.clone());
        let answer = self.ask(move |consumer| asked.identities(&consumer, &topics, ANSWER_TIMEOUT)).await;
        answer.unwrap_or_else(|_| Err("the question was cut off".to_owned()))
    }

    /// The bounds of a partition.
    pub(crate) async fn bounds(&self, partition: &Partition) -> Result<Bounds, String> {
        let (topic, number) = partition.clone();
        let answer =
            self.ask(move |consumer| consumer.fetch_watermarks(&topic, number, ANSWER_TIMEOUT)).await;
        match answer {
            Ok(Ok((low, end))) => Ok(Bounds { low: low.max(0), end: end.max(0) }),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("the question was cut off".to_owned()),
        }
    }

    /// The end of each of these partitions as the last fetch told it, without asking the broker; for lag only.
    pub(crate) fn known_ends<'a>(
        &self,
        partitions: impl Iterator<Item = &'a Partition>,
    ) -> BTreeMap<Partition, i64> {
        let client = self.consumer.client().native_ptr();
        let known = |partition: &Partition| {
            let topic = std::ffi::CString::new(&*partition.0).ok()?;
            let (mut low, mut end) = (-1, -1);
            // SAFETY: the client is alive and the topic's name is a C string; both numbers are written, if at all,
            // before the call returns.
            let answer = unsafe {
                rdkafka::bindings::rd_kafka_get_watermark_offsets(
                    client,
                    topic.as_ptr(),
                    partition.1,
                    &mut low,
                    &mut end,
                )
            };
            (answer == rdkafka::bindings::rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR && end >= 0)
                .then_some(end)
        };
        partitions.filter_map(|partition| Some((partition.clone(), known(partition)?))).collect()
    }

    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(Arc<BaseConsumer<Context>>) -> T + Send + 'static,
    ) -> tokio::task::JoinHandle<T> {
        let consumer = self.consumer.clone();
        tokio::task::spawn_blocking(move || question(consumer))
    }

    /// Leaves the group. The client closes on a thread of its own.
    pub(crate) async fn close(self) {
        let Source { consumer, commands, deliveries, closed, .. } = self;
        let _ = commands.send(Command::Stop);
        drop(deliveries);
        let closing = tokio::task::spawn_blocking(move || drop(consumer));
        let done = async {
            let _ = closed.await;
            let _ = closing.await;
        };
        if tokio::time::timeout(CLOSE_TIMEOUT, done).await.is_err() {
            tracing::debug!("the Kafka client did not close in time");
        }
    }
}

/// The settings of the client: what exactly-once and the memory bound need comes last and cannot be changed.
fn client_config(ready: &Ready, origin: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("client.id", "sealake")
        .set("statistics.interval.ms", "0")
        // How soon a topic that appears, or gets more partitions, is noticed.
        .set("topic.metadata.refresh.interval.ms", "10000")
        // How soon the next fetch follows when the queue has room again. The default, a second, leaves the workers idle
        // for a quarter of the time.
        .set("fetch.queue.backoff.ms", "20")
        .set("log.connection.close", "false");
    for (name, value) in &ready.properties {
        config.set(name, value);
    }
    let kilobytes = (ready.prefetch_bytes / 1024).max(1).to_string();
    let fetch_bytes = ready.prefetch_bytes.min(8 << 20);
    config
        .set("bootstrap.servers", &ready.brokers)
        .set("group.id", origin)
        .set("group.instance.id", &ready.instance)
        .set("partition.assignment.strategy", "cooperative-sticky")
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "error")
        .set("enable.partition.eof", "true")
        .set("isolation.level", "read_committed")
        .set("allow.auto.create.topics", "false")
        .set("check.crcs", "true")
        .set("queued.min.messages", "20000")
        .set("queued.max.messages.kbytes", &kilobytes)
        .set("fetch.max.bytes", fetch_bytes.to_string())
        // Of one partition: a topic of one is not read a megabyte at a time.
        .set("fetch.message.max.bytes", (fetch_bytes / 2).to_string())
        .set("receive.message.max.bytes", RECEIVE_BYTES_MAX.to_string());
    config
}

#[cfg(test)]
mod tests;
