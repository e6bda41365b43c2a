//! A broker inside this process and a publisher that counts what it acknowledged, for `sealake demo`.
//!
//! The broker is librdkafka's mock cluster, which speaks the Kafka protocol over a socket on loopback and so takes
//! the same consumer through the same code as a real one. It is not Apache Kafka: it keeps the last 5 MB of each
//! partition and drops older messages silently, so a demonstration consumes while it publishes and spreads
//! its messages over several partitions.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Header, OwnedHeaders};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer, ProducerContext};

/// How long the publisher waits for the broker to acknowledge everything.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(30);

/// The in-process broker. It ends when it is dropped.
pub struct Broker {
    cluster: MockCluster<'static, DefaultProducerContext>,
}

impl Broker {
    /// Starts a broker on a loopback port of its choice, with these topics and partition counts.
    ///
    /// # Errors
    /// No socket could be opened, or a topic could not be made.
    pub fn start(topics: &[(&str, i32)]) -> Result<Broker, KafkaError> {
        let cluster = MockCluster::new(1)?;
        for (topic, partitions) in topics {
            cluster.create_topic(topic, *partitions, 1)?;
        }
        Ok(Broker { cluster })
    }

    /// `host:port` of the broker.
    pub fn brokers(&self) -> String {
        self.cluster.bootstrap_servers()
    }
}

/// One message to publish.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// Kafka topic.
    pub topic: String,
    /// Message key.
    pub key: Option<Vec<u8>>,
    /// Message headers.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Message value; None makes a tombstone.
    pub payload: Option<Vec<u8>>,
}

/// A producer that counts delivery reports.
pub struct Publisher {
    producer: BaseProducer<Reports>,
    reports: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    acknowledged: AtomicU64,
    failed: AtomicU64,
}

struct Reports(Arc<Counts>);

impl ClientContext for Reports {}

impl ProducerContext for Reports {
    type DeliveryOpaque = ();

    fn delivery(&self, report: &DeliveryResult<'_>, (): ()) {
        let count = if report.is_ok() { &self.0.acknowledged } else { &self.0.failed };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

impl Publisher {
    /// Connects to a broker.
    ///
    /// # Errors
    /// librdkafka refuses the configuration.
    pub fn connect(brokers: &str) -> Result<Publisher, KafkaError> {
        let reports = Arc::new(Counts::default());
        let producer = ClientConfig::new()
            .set("bootstrap.servers", brokers)
            .set("linger.ms", "5")
            .set("message.max.bytes", "16000000")
            .create_with_context(Reports(Arc::clone(&reports)))?;
        Ok(Publisher { producer, reports })
    }

    /// Hands one message to the producer, waiting while its queue is full.
    ///
    /// # Errors
    /// librdkafka refuses the message, or its queue stays full.
    pub fn publish(&self, message: &Outgoing) -> Result<(), KafkaError> {
        let started = Instant::now();
        loop {
            let mut headers = OwnedHeaders::new_with_capacity(message.headers.len());
            for (key, value) in &message.headers {
                headers = headers.insert(Header { key, value: Some(value) });
            }
            let mut record = BaseRecord::<[u8], [u8]>::to(&message.topic).headers(headers);
            if let Some(key) = &message.key {
                record = record.key(key.as_slice());
            }
            if let Some(payload) = &message.payload {
                record = record.payload(payload.as_slice());
            }
            match self.producer.send(record) {
                Ok(()) => {
                    self.producer.poll(Duration::ZERO);
                    return Ok(());
                }
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), _))
                    if started.elapsed() < FLUSH_TIMEOUT =>
                {
                    self.producer.poll(Duration::from_millis(20));
                }
                Err((error, _)) => return Err(error),
            }
        }
    }

    /// Waits for all delivery reports and gives the number of acknowledged and of failed messages.
    ///
    /// # Errors
    /// Reports are missing after half a minute.
    pub fn finish(self) -> Result<(u64, u64), KafkaError> {
        self.producer.flush(FLUSH_TIMEOUT)?;
        Ok((self.reports.acknowledged.load(Ordering::Relaxed), self.reports.failed.load(Ordering::Relaxed)))
    }
}
