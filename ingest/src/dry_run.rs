//! What an ingest run would do, counted: messages are read, decoded and redacted as always, and then dropped. No lake is
//! opened, no consumer group joined, no offset committed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use auditstore::segment::Row;
use redactor::Redactor;
use schemas::{Value, event};
use serde::Serialize;

use crate::config::{Config, Ready};
use crate::error::{Error, HeldUp};
use crate::kafka::source::{Bounds, Delivery, Source};
use crate::kafka::{Begin, Partition, Reading};
use crate::pipeline::{HOLD_FIRST, answered, bounds};
use crate::shutdown::Shutdown;
use crate::workers::{Fate, Tools, Treated, Verdict, Workers};

/// Position of category and action in an item of the column `findings`.
const CATEGORY: usize = 4;
const ACTION: usize = 7;

/// Time between two lines that say how far the run is.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// What a dry run counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DryRun {
    /// The policy, as the column `redaction_policy` would have it.
    pub policy: String,
    /// Partitions that were read.
    pub partitions: u64,
    /// Whether everything was read that the topics held at the start.
    pub caught_up: bool,
    /// By topic.
    pub topics: BTreeMap<String, DryTopic>,
    /// Configured topics without a partition.
    pub missing_topics: Vec<String>,
}

/// What a dry run counted of one topic. Its messages are those decoded, those skipped and those quarantined; the
/// records of decoded messages are those to be stored, those skipped and those quarantined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DryTopic {
    /// Messages read.
    pub messages: u64,
    /// Their bytes, keys and headers included.
    pub bytes: u64,
    /// Messages that were decoded.
    pub decoded: u64,
    /// Messages that hold nothing to decode, by reason.
    pub messages_skipped: BTreeMap<String, u64>,
    /// Messages that would go to quarantine, by reason.
    pub messages_quarantined: BTreeMap<String, u64>,
    /// Events that would be stored.
    pub stored: u64,
    /// Records that are no event, by reason.
    pub records_skipped: BTreeMap<String, u64>,
    /// Records that would go to quarantine, by reason.
    pub records_quarantined: BTreeMap<String, u64>,
    /// Events that would be stored, by the format they came in.
    pub formats: BTreeMap<String, u64>,
    /// Findings in them, by category and action.
    pub findings: BTreeMap<String, BTreeMap<String, u64>>,
}

impl DryTopic {
    fn take(&mut self, fate: &Fate) {
        self.messages += 1;
        self.bytes += fate.bytes as u64;
        match fate.verdict {
            Verdict::Decoded => self.decoded += 1,
            Verdict::Skipped(reason) => *self.messages_skipped.entry(reason.to_owned()).or_default() += 1,
            // Its reason is that of its reject.
            Verdict::Quarantined => {}
        }
        for (reason, count) in &fate.skipped {
            *self.records_skipped.entry((*reason).to_owned()).or_default() += count;
        }
        for reject in fate.rejected.iter().flat_map(|rejected| &rejected.rejects) {
            let by_reason = match reject.index {
                Some(_) => &mut self.records_quarantined,
                None => &mut self.messages_quarantined,
            };
            *by_reason.entry(reject.reason.to_owned()).or_default() += 1;
        }
        self.stored += fate.rows.len() as u64;
        fate.rows.iter().for_each(|row| self.row(row));
    }

    fn row(&mut self, row: &Row) {
        let Some(record) = row.record() else { return };
        let format = record.get(event::SOURCE_KIND).as_text().unwrap_or("unknown");
        *self.formats.entry(format.to_owned()).or_default() += 1;
        let Value::List(findings) = record.get(event::FINDINGS) else { return };
        for finding in findings {
            let Value::Struct(fields) = finding else { continue };
            let field = |at: usize| fields.get(at).and_then(Value::as_text).unwrap_or("").to_owned();
            *self.findings.entry(field(CATEGORY)).or_default().entry(field(ACTION)).or_default() += 1;
        }
    }
}

/// Reads from Kafka and counts what [`crate::run`] would do, until the shutdown is asked for or, with
/// `until_caught_up`, until everything was read that the topics held at the start. `last` is the most messages that
/// are read of each partition, its newest; all that Kafka still has if it is none.
///
/// # Errors
/// [`Error`]: the configuration, or the broker.
pub async fn dry_run(
    config: Config,
    redactor: Redactor,
    group: &str,
    mut shutdown: Shutdown,
    until_caught_up: bool,
    last: Option<u64>,
) -> Result<DryRun, Error> {
    let ready = config.ready()?;
    let mut source = Source::open(&ready, group)?;
    let mut counted = DryRun { policy: redactor.policy().reference(), ..DryRun::default() };
    let all = tokio::select! {
        () = shutdown.requested() => None,
        all = connect(&ready, &source) => Some(all?),
    };
    if let Some(all) = all {
        let mut run = Run::new(&ready, redactor, all, last, &mut counted);
        source.read_alone(run.begins(last));
        let read = run.read(&mut source, &mut shutdown, until_caught_up).await;
        counted.caught_up = run.is_done();
        counted.topics = run.topics;
        source.close().await;
        read?;
    } else {
        source.close().await;
    }
    Ok(counted)
}

/// The bounds of all partitions, when the broker answers and has one of the topics.
async fn connect(ready: &Ready, source: &Source) -> Result<BTreeMap<Partition, Bounds>, Error> {
    let since = Instant::now();
    let (brokers, within) = (ready.brokers.clone(), ready.broker_wait_max);
    loop {
        let told = answered(within, since, bounds(source)).await;
        let told = told.unwrap_or_else(|| Err("no answer".to_owned()));
        let is_over = since.elapsed() >= within;
        match told {
            Ok(bounds) if !bounds.is_empty() => return Ok(bounds),
            Ok(_) => {
                let topics = ready.topics.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                if is_over {
                    return Err(Error::TopicsMissing { topics, brokers, after: since.elapsed() });
                }
                tracing::warn!("waiting for topics that do not exist on {brokers}: {topics}");
            }
            Err(why) => {
                let why = source.complaint().unwrap_or(why);
                if is_over {
                    return Err(Error::BrokerUnreachable { brokers, within, why });
                }
                tracing::warn!("waiting for the broker at {brokers} ({why})");
            }
        }
        tokio::time::sleep(HOLD_FIRST).await;
    }
}

struct Run {
    workers: Workers,
    topics: BTreeMap<String, DryTopic>,
    bounds: BTreeMap<Partition, Bounds>,
    /// The offset from which on each partition was not counted yet.
    next: BTreeMap<Partition, i64>,
    unpacked_bytes_max: usize,
    line: Instant,
}

impl Run {
    fn new(
        ready: &Ready,
        redactor: Redactor,
        bounds: BTreeMap<Partition, Bounds>,
        last: Option<u64>,
        counted: &mut DryRun,
    ) -> Run {
        let names = ready.topics.keys();
        let missing = |name: &&String| !bounds.keys().any(|(topic, _)| **topic == ***name);
        counted.missing_topics = names.filter(missing).cloned().collect();
        counted.partitions = bounds.len() as u64;
        let tools = Tools {
            topics: ready.topics.clone(),
            site: ready.site.clone(),
            message_bytes_max: ready.message_bytes_max,
            redaction: Arc::new(auditstore::log::redaction(&redactor)),
            redactor,
        };
        let next =
            bounds.iter().map(|(partition, bounds)| (partition.clone(), first(*bounds, last))).collect();
        let topics = bounds.keys().map(|(topic, _)| (topic.to_string(), DryTopic::default())).collect();
        Run {
            workers: Workers::new(tools, ready.workers),
            topics,
            bounds,
            next,
            unpacked_bytes_max: ready.unpacked_bytes_max,
            line: Instant::now(),
        }
    }

    fn begins(&self, last: Option<u64>) -> Vec<Begin> {
        let begin = |(number, (partition, bounds)): (u64, (&Partition, &Bounds))| Begin {
            partition: partition.clone(),
            reading: Reading(number),
            source: "dry-run".into(),
            offset: first(*bounds, last),
        };
        (1..).zip(&self.bounds).map(begin).collect()
    }

    async fn read(
        &mut self,
        source: &mut Source,
        shutdown: &mut Shutdown,
        until_caught_up: bool,
    ) -> Result<(), Error> {
        while !(until_caught_up && self.is_done()) {
            tokio::select! {
                biased;
                () = shutdown.requested() => break,
                chunk = self.workers.next() => self.take(chunk.map_err(|_| lost())?.treated),
                delivery = source.poll(), if self.workers.has_room() => match delivery {
                    Delivery::Chunk(items) => self.workers.begin(items),
                    // Deleted by Kafka meanwhile: go on where it still has something.
                    Delivery::OutOfRange(partition) => self.skip_expired(source, partition).await,
                    Delivery::NotRewound(partition, why) => {
                        tracing::warn!(topic = %partition.0, partition = partition.1, why, "the partition is not read any more");
                        self.next.remove(&partition);
                    }
                    Delivery::HeldUp(partition, offset) => {
                        if self.next.remove(&partition).is_some() {
                            let held_up = HeldUp {
                                topic: partition.0.to_string(),
                                partition: partition.1,
                                offset,
                                limit: self.unpacked_bytes_max,
                            };
                            tracing::error!("{held_up}");
                        }
                    }
                    Delivery::Fatal(why) => return Err(Error::Kafka(why)),
                    Delivery::Assigned(..) | Delivery::Revoked(_) | Delivery::Fenced => {}
                },
            }
            if self.line.elapsed() >= LINE_INTERVAL {
                self.line = Instant::now();
                let messages: u64 = self.topics.values().map(|topic| topic.messages).sum();
                tracing::info!(messages, "dry run: reading, nothing is stored");
            }
        }
        while !self.workers.is_idle() {
            let chunk = self.workers.next().await.map_err(|_| lost())?;
            self.take(chunk.treated);
        }
        Ok(())
    }

    fn take(&mut self, treated: Vec<Treated>) {
        for Treated { partition, offset, fate, .. } in treated {
            let Some(next) = self.next.get_mut(&partition) else { continue };
            *next = (*next).max(offset + i64::from(fate.is_some()));
            if let Some(fate) = fate {
                self.topics.entry(partition.0.to_string()).or_default().take(&fate);
            }
        }
    }

    async fn skip_expired(&mut self, source: &Source, partition: Partition) {
        let Ok(bounds) = source.bounds(&partition).await else { return };
        if let Some(next) = self.next.get_mut(&partition) {
            *next = (*next).max(bounds.low);
            let begin = Begin { partition, reading: Reading(0), source: "dry-run".into(), offset: *next };
            source.rewind(begin);
        }
    }

    /// Whether everything was read that there was at the start.
    fn is_done(&self) -> bool {
        let is_read = |(partition, next): (&Partition, &i64)| {
            self.bounds.get(partition).is_none_or(|bounds| *next >= bounds.end)
        };
        self.next.iter().all(is_read)
    }
}

fn first(bounds: Bounds, last: Option<u64>) -> i64 {
    let newest = last.map(|last| bounds.end.saturating_sub(i64::try_from(last).unwrap_or(i64::MAX)));
    newest.map_or(bounds.low, |newest| newest.max(bounds.low))
}

fn lost() -> Error {
    Error::Kafka("a worker thread was lost".to_owned())
}
