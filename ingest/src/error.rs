//! What can go wrong with an ingest process, by what the operator can do about it. No message of these errors holds
//! a byte of a Kafka message.

use std::time::Duration;

/// Why [`crate::run`] ended without having done what it was asked to do. Nothing is lost in any of these cases:
/// offsets are taken by commits only, and a later run continues from the lake.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The configuration is wrong; the message names the field and what is expected.
    #[error("configuration: {0}")]
    Config(String),
    /// The Kafka client refused to go on for a reason that retrying does not cure.
    #[error("Kafka: {0}")]
    Kafka(String),
    /// The lake has taken offsets that the broker does not have.
    #[error(
        "the lake is ahead of the broker: it continues {topic}/{partition} of source {origin_source} at offset \
         {lake}, the broker ends at {broker}. The topic was made anew, or the broker lost messages. To read what \
         is there now from its beginning, raise `source_epoch` in [kafka] to {epoch}; events already stored \
         stay as they are"
    )]
    LakeAhead {
        /// Kafka topic.
        topic: String,
        /// Kafka partition.
        partition: i32,
        /// `<cluster id>/<epoch>`.
        origin_source: String,
        /// The lake's next offset.
        lake: u64,
        /// The broker's end offset.
        broker: u64,
        /// The epoch to configure.
        epoch: u64,
    },
    /// The broker under the configured address became another cluster.
    #[error(
        "the broker now calls its cluster {now}, at the start it was {before}: `brokers` leads to another cluster; \
         start again to read it as a source of its own"
    )]
    OtherCluster {
        /// Cluster id at the start.
        before: String,
        /// Cluster id now.
        now: String,
    },
    /// Kafka assigned a topic that this process does not read.
    #[error(
        "the broker assigned topic {topic}, which is not in this configuration: a process of another lake, or with \
         other topics, is a member of the same consumer group under the same `instance`. Give each lake an \
         origin of its own, and each process an `instance` of its own in [kafka]"
    )]
    SharedGroup {
        /// The topic that was assigned.
        topic: String,
    },
    /// The consumer group knows another member under this process's name.
    #[error(
        "another process is a member of this lake's consumer group under the same name, {instance}: two processes of one \
         lake need different `instance` names in [kafka]"
    )]
    SameInstance {
        /// The configured name.
        instance: String,
    },
    /// The consumer group goes on assigning a partition that does not exist. The process joins its group anew.
    #[error("the consumer group assigned {topic}/{partition}, which does not exist")]
    StaleAssignment {
        /// Kafka topic.
        topic: String,
        /// The partition that it does not have.
        partition: i32,
    },
    /// The lake refused or could not be used.
    #[error("lake: {0}")]
    Lake(#[from] auditstore::Error),
    /// Quarantined messages could not be encrypted, so their batch was not committed.
    #[error("quarantine: {0}")]
    Quarantine(String),
    /// `--until-caught-up` found no broker.
    #[error(
        "no broker answered at {brokers} within {}s ({why}). Check `brokers` and `properties` in [kafka]; \
         --broker-wait-s, or `broker_wait_s` in [limits], is how long --until-caught-up waits", within.as_secs()
    )]
    BrokerUnreachable {
        /// The configured brokers.
        brokers: String,
        /// For how long one was waited for.
        within: Duration,
        /// What the client says.
        why: String,
    },
    /// `--until-caught-up` was to read topics that do not exist.
    #[error(
        "topics that do not exist on {brokers}, after {}s: {topics}. Correct `name` in [[topics]], or have the topics \
         made; --broker-wait-s, or `broker_wait_s` in [limits], is how long --until-caught-up waits for them",
        after.as_secs()
    )]
    TopicsMissing {
        /// The topics, separated by commas.
        topics: String,
        /// The configured brokers.
        brokers: String,
        /// For how long they were waited for.
        after: Duration,
    },
    /// `--until-caught-up` has read everything but partitions whose next batch is not unpacked.
    #[error("{0}. Everything else that the topics held at the start is in the lake")]
    HeldUp(HeldUp),
    /// `--until-caught-up` made no progress for too long.
    #[error("gave up after {}s without progress, waiting for {waiting_for}", after.as_secs())]
    Stalled {
        /// For how long nothing moved.
        after: Duration,
        /// What it waited for.
        waiting_for: String,
    },
    /// A stop was asked for and the last commit did not go through in time.
    #[error(
        "stopped without the last commit ({waiting_for}); its messages will be read again at the next start"
    )]
    StoppedUnsealed {
        /// What it waited for.
        waiting_for: String,
    },
}

/// A compressed batch that is not unpacked, so that its partition is not read on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldUp {
    /// Kafka topic.
    pub topic: String,
    /// Kafka partition.
    pub partition: i32,
    /// Offset of the batch's first message.
    pub offset: i64,
    /// `limits.unpacked_bytes_max`.
    pub limit: usize,
}

impl std::fmt::Display for HeldUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let HeldUp { topic, partition, offset, limit } = self;
        write!(
            f,
            "{topic}/{partition} is held up at offset {offset}: the compressed batch there unpacks to more than {limit} \
             bytes (unpacked_bytes_max in [limits]), or it is damaged. Nothing of it was read and nothing was skipped. To \
             read it, raise the limit and start again; to give it up, delete the records before the offset after it with \
             kafka-delete-records.sh, and the lake records them as a gap"
        )
    }
}
