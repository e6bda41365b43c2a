//! The thread that polls Kafka: it hands messages on in chunks, in order, and does what the pipeline tells it.
//!
//! Only this thread touches positions, so that "which reading does this message belong to" has one answer: a
//! rewind bumps librdkafka's version barrier, after which no older message leaves its queue, and then changes
//! the mark that the thread puts on messages. When the pipeline does not take chunks for a while (the lake
//! cannot be reached), partitions are paused and polling goes on, so that the process stays a member of its
//! group and memory stays bounded.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::{Offset, TopicPartitionList};
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

use super::native::{Event, Queue};
use super::unpack;
use super::{Begin, Partition, Reading};
use crate::message::Message;

/// Most messages of one chunk.
const CHUNK_MESSAGES_MAX: usize = 256;
/// A chunk is closed when its messages have this many bytes. With [`CHUNKS_MAX`] this bounds what waits between
/// the thread and the pipeline (one message may be larger).
const CHUNK_BYTES_MAX: usize = 1 << 20;
/// Chunks that wait for the pipeline.
pub(super) const CHUNKS_MAX: usize = 8;
/// How long the thread waits for the next event before it looks for commands.
const POLL_TIMEOUT: Duration = Duration::from_millis(50);
/// How long the thread sleeps when the pipeline is not ready for a chunk.
const FULL_WAIT: Duration = Duration::from_millis(2);
/// For how long the pipeline may take nothing before partitions are paused.
const PAUSE_AFTER: Duration = Duration::from_secs(5);
/// How long giving up partitions may take when the process stops.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a rewind may take inside librdkafka.
const SEEK_TIMEOUT: Duration = Duration::from_secs(10);

/// How often in a row a batch must be refused, while none is for want of room, until it is believed to be for good:
/// librdkafka asks again every half second.
const REFUSALS_MIN: u32 = 4;

/// What the pipeline gets.
#[derive(Debug)]
pub(crate) enum Delivery {
    /// Messages and partitions' ends, in order within each partition.
    Chunk(Vec<Item>),
    /// Partitions that wait for [`Command::Assign`].
    Assigned(u64, Vec<Partition>),
    /// Partitions that this process does not read any more.
    Revoked(Vec<Partition>),
    /// A partition whose position the broker does not know: expired, or ahead of its end.
    OutOfRange(Partition),
    /// A partition whose next batch is not unpacked: it is too large for the limit, or damaged. librdkafka goes on asking for
    /// it; this is said again each time.
    HeldUp(Partition, i64),
    /// A rewind that librdkafka could not do now.
    NotRewound(Partition, String),
    /// The group knows another member under this process's name: the client is of no use any more.
    Fenced,
    /// The client is of no use any more.
    Fatal(String),
}

/// One thing out of a partition.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) reading: Reading,
    /// The source under which the partition is read.
    pub(crate) source: Arc<str>,
    pub(crate) what: What,
}

/// A message or an end.
#[derive(Debug)]
pub(crate) enum What {
    Message(Message),
    /// There is nothing before this offset that was not delivered.
    End(Partition, i64),
}

/// What the thread is told.
#[derive(Debug)]
pub(super) enum Command {
    /// Answers [`Delivery::Assigned`] of the same number: read these from these offsets.
    Assign(u64, Vec<Begin>),
    /// Read these from these offsets, without a group.
    ReadAlone(Vec<Begin>),
    /// Read a partition again from this offset.
    Rewind(Begin),
    /// Tell Kafka how far the lake is, for its monitoring only.
    Commit(Vec<(Partition, i64)>),
    /// Leave.
    Stop,
}

/// What the client last complained about, for the line that says what the process waits for.
#[derive(Clone, Default)]
pub(crate) struct Complaint(Arc<Mutex<Option<(Instant, String)>>>);

impl Complaint {
    /// That all brokers are down is the consequence of what was said of each before: it does not hide that.
    fn set(&self, text: String) {
        if text.ends_with("brokers are down") && self.recent().is_some() {
            return;
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), text));
    }

    /// Messages come: nothing is left to complain about.
    fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The complaint, if it is not older than half a minute.
    pub(super) fn recent(&self) -> Option<String> {
        let complaint = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        complaint
            .as_ref()
            .filter(|(at, _)| at.elapsed() < Duration::from_secs(30))
            .map(|(_, text)| text.clone())
    }
}

/// Takes librdkafka's log lines, which name brokers, topics and offsets, never content.
pub(super) struct Context {
    pub(super) complaint: Complaint,
}

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, text: &str) {
        match level {
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error => {
                self.complaint.set(text.to_owned());
                tracing::debug!(target: "librdkafka", facility, "{text}");
            }
            RDKafkaLogLevel::Warning => tracing::debug!(target: "librdkafka", facility, "{text}"),
            _ => tracing::trace!(target: "librdkafka", facility, "{text}"),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.complaint.set(format!("{error}: {reason}"));
    }
}

impl ConsumerContext for Context {
    /// Only called while the client closes, when rdkafka polls.
    fn commit_callback(&self, result: KafkaResult<()>, _offsets: &TopicPartitionList) {
        if let Err(error) = result {
            tracing::debug!(%error, "Kafka did not take the offsets for its monitoring; the lake has them");
        }
    }
}

/// The state of the thread.
pub(super) struct Poller {
    consumer: Arc<BaseConsumer<Context>>,
    queue: Queue,
    commands: Receiver<Command>,
    deliveries: Sender<Delivery>,
    /// What is read, and which reading it is.
    readings: BTreeMap<Partition, (Reading, Arc<str>)>,
    /// Number of the assignment that waits for its answer.
    awaiting: Option<u64>,
    assignments: u64,
    chunk: Vec<Item>,
    chunk_bytes: usize,
    /// What the pipeline has not taken yet, in order.
    outbox: VecDeque<Delivery>,
    /// Since when the outbox has not moved.
    stuck: Option<Instant>,
    /// The partitions that were paused, while they are.
    paused: Option<TopicPartitionList>,
    /// Whether it reads without a group.
    alone: bool,
    /// Partitions whose next batch was refused: at which offset, and how often in a row.
    refused: BTreeMap<Partition, (i64, u32)>,
    /// How often batches were refused for want of room, when that was looked at last.
    refused_for_now: u64,
}

impl Poller {
    pub(super) fn new(
        consumer: Arc<BaseConsumer<Context>>,
        commands: Receiver<Command>,
        deliveries: Sender<Delivery>,
    ) -> Poller {
        Poller {
            queue: Queue::new(consumer.clone()),
            consumer,
            commands,
            deliveries,
            readings: BTreeMap::new(),
            awaiting: None,
            assignments: 0,
            chunk: Vec::new(),
            chunk_bytes: 0,
            outbox: VecDeque::new(),
            stuck: None,
            paused: None,
            alone: false,
            refused: BTreeMap::new(),
            refused_for_now: 0,
        }
    }

    /// Polls until it is told to stop or nobody listens any more.
    pub(super) fn run(mut self) {
        loop {
            match self.commands.try_recv() {
                Ok(Command::Stop) | Err(TryRecvError::Disconnected) => return self.leave(),
                Ok(command) => {
                    self.obey(command);
                    continue;
                }
                Err(TryRecvError::Empty) => {}
            }
            if !self.send() {
                return;
            }
            if self.outbox.is_empty() || (self.paused.is_some() && self.outbox.len() < 2 * CHUNKS_MAX) {
                self.poll();
            } else {
                std::thread::sleep(FULL_WAIT);
            }
        }
    }

    /// Hands on what the pipeline takes. False: nobody listens any more.
    fn send(&mut self) -> bool {
        while let Some(delivery) = self.outbox.pop_front() {
            match self.deliveries.try_send(delivery) {
                Ok(()) => self.stuck = None,
                Err(TrySendError::Full(delivery)) => {
                    self.outbox.push_front(delivery);
                    let since = *self.stuck.get_or_insert_with(Instant::now);
                    if since.elapsed() >= PAUSE_AFTER && self.paused.is_none() {
                        self.pause();
                    }
                    return true;
                }
                Err(TrySendError::Closed(_)) => return false,
            }
        }
        self.resume();
        true
    }

    fn poll(&mut self) {
        let timeout = if self.chunk.is_empty() { POLL_TIMEOUT } else { Duration::ZERO };
        match self.queue.poll(timeout) {
            Event::Nothing => self.close_chunk(),
            Event::Message(message) => {
                let partition = (message.topic.clone(), message.partition);
                if let Some((reading, source)) = self.readings.get(&partition) {
                    if !self.refused.is_empty() {
                        self.refused.remove(&partition);
                    }
                    self.chunk_bytes += message.payload_bytes();
                    let (reading, source) = (*reading, source.clone());
                    self.chunk.push(Item { reading, source, what: What::Message(message) });
                }
                if self.chunk.len() >= CHUNK_MESSAGES_MAX || self.chunk_bytes >= CHUNK_BYTES_MAX {
                    self.close_chunk();
                }
            }
            Event::End { topic, partition, offset } => {
                let partition = (topic, partition);
                if let Some((reading, source)) = self.readings.get(&partition) {
                    let (reading, source) = (*reading, source.clone());
                    self.chunk.push(Item { reading, source, what: What::End(partition, offset) });
                }
            }
            Event::Assign(partitions) => {
                self.close_chunk();
                self.assignments += 1;
                self.awaiting = Some(self.assignments);
                self.outbox.push_back(Delivery::Assigned(self.assignments, partitions));
            }
            Event::Revoke(partitions) => self.revoke(partitions),
            Event::PartitionError { topic, partition, offset, code } => {
                self.partition_error((topic, partition), offset, code)
            }
            Event::Error { code, text, fatal } => self.error(code, text, fatal),
        }
    }

    fn close_chunk(&mut self) {
        if !self.chunk.is_empty() {
            self.chunk_bytes = 0;
            self.consumer.context().complaint.clear();
            self.outbox.push_back(Delivery::Chunk(std::mem::take(&mut self.chunk)));
        }
    }

    /// Tells the group that this member goes, so that the others have its partitions at once.
    ///
    /// A member with a name of its own (`group.instance.id`) says nothing when its client closes, and the group keeps
    /// its partitions for it until `session.timeout.ms` has passed: good for one that was killed and starts again, bad
    /// for one that was stopped. Only a member that unsubscribes leaves (KIP-345), which needs its partitions to
    /// be given up first.
    fn leave(&mut self) {
        self.readings.clear();
        if self.alone {
            if let Err(error) = self.consumer.unassign() {
                tracing::debug!(%error, "partitions were gone before they were given up");
            }
            return;
        }
        self.consumer.unsubscribe();
        let since = Instant::now();
        while since.elapsed() < LEAVE_TIMEOUT
            && self.consumer.assignment().is_ok_and(|assigned| assigned.count() > 0)
        {
            if let Event::Revoke(partitions) = self.queue.poll(POLL_TIMEOUT) {
                self.unassign(&partitions);
            }
        }
    }

    fn unassign(&self, partitions: &[Partition]) {
        if let Err(error) =
            self.consumer.incremental_unassign(&positions(partitions.iter().map(|p| (p, None))))
        {
            tracing::debug!(%error, "partitions were gone before they were given up");
        }
    }

    fn revoke(&mut self, partitions: Vec<Partition>) {
        self.close_chunk();
        self.awaiting = None;
        for partition in &partitions {
            self.readings.remove(partition);
            self.refused.remove(partition);
        }
        self.unassign(&partitions);
        self.outbox.push_back(Delivery::Revoked(partitions));
    }

    fn partition_error(&mut self, partition: Partition, offset: i64, code: RDKafkaErrorCode) {
        match code {
            RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::OffsetOutOfRange => {
                if self.readings.remove(&partition).is_some() {
                    self.close_chunk();
                    self.outbox.push_back(Delivery::OutOfRange(partition));
                }
            }
            // Of what stands behind a batch of LZ4 librdkafka says that it is a bad message.
            RDKafkaErrorCode::BadCompression | RDKafkaErrorCode::BadMessage => self.refuse(partition, offset),
            code => {
                let text = format!("{}/{}: {code}", partition.0, partition.1);
                tracing::debug!("{text}");
                self.consumer.context().complaint.set(text);
            }
        }
    }

    /// A batch was not unpacked, and librdkafka will ask for it again. Where room was wanting meanwhile, for whichever
    /// partition, that may have been why.
    fn refuse(&mut self, partition: Partition, offset: i64) {
        if !self.readings.contains_key(&partition) {
            return;
        }
        let refused_for_now = unpack::refusals_for_now();
        if std::mem::replace(&mut self.refused_for_now, refused_for_now) != refused_for_now {
            tracing::debug!(topic = %partition.0, partition = partition.1, offset, "no room to unpack the batch now");
            self.refused.clear();
            return;
        }
        let (at, times) = self.refused.entry(partition.clone()).or_insert((offset, 0));
        *times = if *at == offset { *times + 1 } else { 1 };
        *at = offset;
        if *times >= REFUSALS_MIN {
            self.close_chunk();
            self.outbox.push_back(Delivery::HeldUp(partition, offset));
        }
    }

    fn error(&mut self, code: RDKafkaErrorCode, text: String, fatal: bool) {
        tracing::debug!(%code, fatal, "{text}");
        if fatal {
            let fatal = self.consumer.client().fatal_error();
            if fatal.as_ref().is_some_and(|(code, _)| *code == RDKafkaErrorCode::FencedInstanceId) {
                self.outbox.push_back(Delivery::Fenced);
                return;
            }
            let text = fatal.map_or(text, |(code, text)| format!("{text} ({code})"));
            self.outbox.push_back(Delivery::Fatal(text));
        } else {
            self.consumer.context().complaint.set(text);
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Assign(number, partitions) => {
                if self.awaiting != Some(number) {
                    return;
                }
                self.awaiting = None;
                let list = positions(partitions.iter().map(|begin| (&begin.partition, Some(begin.offset))));
                match self.consumer.incremental_assign(&list) {
                    Ok(()) => {
                        let readings =
                            partitions.into_iter().map(|at| (at.partition, (at.reading, at.source)));
                        self.readings.extend(readings);
                    }
                    Err(error) => self.outbox.push_back(Delivery::Fatal(format!("cannot assign: {error}"))),
                }
            }
            Command::ReadAlone(partitions) => {
                let list = positions(partitions.iter().map(|begin| (&begin.partition, Some(begin.offset))));
                match self.consumer.assign(&list) {
                    Ok(()) => {
                        let readings =
                            partitions.into_iter().map(|at| (at.partition, (at.reading, at.source)));
                        self.readings.extend(readings);
                        self.alone = true;
                    }
                    Err(error) => self.outbox.push_back(Delivery::Fatal(format!("cannot assign: {error}"))),
                }
            }
            Command::Rewind(begin) => self.rewind(begin),
            Command::Commit(offsets) => {
                let list = positions(offsets.iter().map(|(p, offset)| (p, Some(*offset))));
                if let Err(error) = self.consumer.commit(&list, CommitMode::Async) {
                    tracing::debug!(%error, "Kafka did not take the offsets for its monitoring; the lake has them");
                }
            }
            Command::Stop => {}
        }
    }

    fn rewind(&mut self, begin: Begin) {
        let Begin { partition, reading, source, offset } = begin;
        let list = positions([(&partition, Some(offset))].into_iter());
        let assigned = self
            .consumer
            .assignment()
            .is_ok_and(|all| all.find_partition(&partition.0, partition.1).is_some());
        if !assigned {
            return;
        }
        let sought = self
            .consumer
            .seek_partitions(list.clone(), SEEK_TIMEOUT)
            .and_then(|list| list.elements().into_iter().try_for_each(|element| element.error()));
        // A partition that stopped with an error cannot be sought, only begun anew.
        let begun = sought.or_else(|_| {
            self.consumer.incremental_unassign(&list)?;
            self.consumer.incremental_assign(&list)
        });
        match begun {
            Ok(()) => {
                self.readings.insert(partition, (reading, source));
            }
            Err(error) => {
                self.readings.remove(&partition);
                self.outbox.push_back(Delivery::NotRewound(partition, error.to_string()));
            }
        }
    }

    fn pause(&mut self) {
        match self.consumer.assignment().and_then(|all| self.consumer.pause(&all).map(|()| all)) {
            Ok(all) => {
                self.paused = Some(all);
                tracing::info!("reading from Kafka is paused until the lake takes commits again");
            }
            Err(error) => tracing::debug!(%error, "partitions could not be paused"),
        }
    }

    /// Goes on with exactly those that were paused. librdkafka remembers of a partition that it was paused, also when it
    /// was taken away meanwhile and comes back. To resume one that is not paused would be as wrong as to leave one out:
    /// what was fetched of it and not yet handed on would be dropped.
    fn resume(&mut self) {
        let Some(paused) = &self.paused else { return };
        match self.consumer.resume(paused) {
            Ok(()) => {
                self.paused = None;
                tracing::info!("reading from Kafka goes on");
            }
            Err(error) => tracing::debug!(%error, "partitions could not be resumed"),
        }
    }
}

/// librdkafka's list of partitions, with offsets where given. Offsets are never negative here, so none can be
/// taken for one of Kafka's logical offsets.
fn positions<'a>(partitions: impl Iterator<Item = (&'a Partition, Option<i64>)>) -> TopicPartitionList {
    let mut list = TopicPartitionList::new();
    for ((topic, number), offset) in partitions {
        let mut element = list.add_partition(topic, *number);
        if let Some(offset) = offset {
            // Setting an offset fails only for tail offsets, which are never made here.
            let _ = element.set_offset(Offset::Offset(offset.max(0)));
        }
    }
    list
}
