//! Decoding and redaction on every core: chunks in, the same chunks treated out, in the same order.
//!
//! Both are pure CPU, so they run on tokio's blocking threads, as many chunks at once as there are workers. A
//! chunk that is ready early waits for those before it, and some more wait for their turn, so that no worker is idle
//! while a commit takes its time. A panic in a decoder or detector is an error of ours and
//! must not stop or skip anything: its message goes to quarantine with the reason `panic`.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use auditstore::segment::Row;
use redactor::{Actor, Redactor, Reject as RedactorReject};
use schemas::manifest::Redaction;
use schemas::{Record, event};
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinHandle};

use crate::config::ReadyTopic;
use crate::format::{self, Decoded};
use crate::kafka::source::{Item, What};
use crate::kafka::{Partition, Reading};
use crate::message::Message;
use crate::quarantine::{self, Reject, Rejected};

/// Messages that go through all steps together. What one step leaves should be in the processor's caches at the next,
/// and so should the next step's own code: fewer messages and more cost two per cent either way.
const GROUP_MESSAGES: usize = 24;

/// Records that are decoded before they are redacted: a message of a few megabytes may hold tens of thousands, of some
/// kilobytes each.
const RECORDS_AT_ONCE: usize = 1000;

/// Chunks that wait for their turn or for being taken, beside those that are being treated: as many as two workers treat
/// during a commit.
const WAITING_MAX: usize = 8;

/// What the workers work with.
#[derive(Clone)]
pub(crate) struct Tools {
    pub(crate) topics: BTreeMap<String, ReadyTopic>,
    pub(crate) site: Arc<str>,
    pub(crate) redactor: Redactor,
    /// What a batch says of that redactor.
    pub(crate) redaction: Arc<Redaction>,
    pub(crate) message_bytes_max: usize,
}

/// What the workers made of a chunk.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    /// By what it was redacted; none if it is empty because something else fell due.
    pub(crate) redaction: Option<Arc<Redaction>>,
    pub(crate) treated: Vec<Treated>,
}

/// One message, or one end of a partition, after the workers.
#[derive(Debug)]
pub(crate) struct Treated {
    pub(crate) partition: Partition,
    pub(crate) reading: Reading,
    /// Offset of the message, or the partition's end.
    pub(crate) offset: i64,
    /// None for an end.
    pub(crate) fate: Option<Fate>,
}

/// What became of a message.
#[derive(Debug)]
pub(crate) struct Fate {
    pub(crate) verdict: Verdict,
    pub(crate) rows: Vec<Row>,
    /// Records that are no event, by reason.
    pub(crate) skipped: BTreeMap<&'static str, u64>,
    pub(crate) rejected: Option<Rejected>,
    pub(crate) leader_epoch: Option<i32>,
    /// Bytes of the message.
    pub(crate) bytes: usize,
}

/// What became of a message as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Decoded,
    /// It holds nothing to decode, for this reason.
    Skipped(&'static str),
    Quarantined,
}

/// Chunks under way, oldest first.
pub(crate) struct Workers {
    tools: Arc<Tools>,
    at_once: usize,
    /// One turn for each chunk that may be treated at once; they are given in the order of the chunks.
    turns: Arc<Semaphore>,
    under_way: VecDeque<JoinHandle<Result<Chunk, JoinError>>>,
}

impl Workers {
    pub(crate) fn new(tools: Tools, at_once: usize) -> Workers {
        let turns = Arc::new(Semaphore::new(at_once));
        Workers { tools: Arc::new(tools), at_once, turns, under_way: VecDeque::new() }
    }

    /// Whether another chunk may begin.
    pub(crate) fn has_room(&self) -> bool {
        self.under_way.len() < self.at_once + WAITING_MAX
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.under_way.is_empty()
    }

    /// Begins a chunk.
    pub(crate) fn begin(&mut self, items: Vec<Item>) {
        let (tools, turns) = (self.tools.clone(), self.turns.clone());
        self.under_way.push_back(tokio::spawn(async move {
            // Fails only where turns are taken away, which nobody does.
            let _turn = turns.acquire_owned().await;
            let treated =
                move || Chunk { treated: treat(items, &tools), redaction: Some(tools.redaction.clone()) };
            tokio::task::spawn_blocking(treated).await
        }));
    }

    /// Chunks that begin from here on are redacted by this.
    pub(crate) fn redact_by(&mut self, redactor: Redactor) {
        let redaction = Arc::new(auditstore::log::redaction(&redactor));
        self.tools = Arc::new(Tools { redactor, redaction, ..Tools::clone(&self.tools) });
    }

    /// The oldest chunk, when it is ready; waits for ever when there is none. May be dropped without losing one.
    ///
    /// # Errors
    /// The thread of a chunk was lost.
    pub(crate) async fn next(&mut self) -> Result<Chunk, JoinError> {
        let Some(oldest) = self.under_way.front_mut() else {
            return std::future::pending().await;
        };
        let treated = oldest.await;
        self.under_way.pop_front();
        treated.flatten()
    }
}

/// Decodes and redacts a chunk; when that panics, message by message, so that only the message at fault is lost
/// to quarantine.
pub(crate) fn treat(items: Vec<Item>, tools: &Tools) -> Vec<Treated> {
    let messages: Vec<(&Message, &str)> = items.iter().filter_map(message).collect();
    let groups = messages.chunks(GROUP_MESSAGES).map(|group| fates(group, tools));
    let fates = catch_unwind(AssertUnwindSafe(|| groups.flatten().collect::<Vec<Fate>>()))
        .unwrap_or_else(|_| messages.iter().map(|message| alone(*message, tools)).collect());
    let mut fates = fates.into_iter();
    items
        .iter()
        .map(|item| match &item.what {
            What::Message(message) => Treated {
                partition: (message.topic.clone(), message.partition),
                reading: item.reading,
                offset: message.offset,
                fate: fates.next(),
            },
            What::End(partition, offset) => {
                Treated { partition: partition.clone(), reading: item.reading, offset: *offset, fate: None }
            }
        })
        .collect()
}

/// A message with its source.
fn message(item: &Item) -> Option<(&Message, &str)> {
    match &item.what {
        What::Message(message) => Some((message, &item.source)),
        What::End(..) => None,
    }
}

fn alone((message, source): (&Message, &str), tools: &Tools) -> Fate {
    catch_unwind(AssertUnwindSafe(|| fates(&[(message, source)], tools).pop())).ok().flatten().unwrap_or_else(
        || {
            tracing::error!(
                topic = &*message.topic,
                partition = message.partition,
                offset = message.offset,
                "a decoder or detector panicked; the message goes to quarantine. Please report this"
            );
            let decoded = Decoded::Quarantine {
                reason: quarantine::PANIC,
                detail: "a decoder or detector panicked".to_owned(),
            };
            Opened::new(message, decoded).fate
        },
    )
}

/// What happens to messages.
fn fates(messages: &[(&Message, &str)], tools: &Tools) -> Vec<Fate> {
    let values = messages.iter().map(|(message, _)| message.payload.as_deref().unwrap_or_default());
    let raw_hashes = tools.redactor.keyed_hashes(values);
    let mut fates = Vec::with_capacity(messages.len());
    while fates.len() < messages.len() {
        let from = fates.len();
        fates.extend(next_fates(&messages[from..], &raw_hashes[from..], tools));
    }
    fates
}

/// The same of so many of the next messages as have [`RECORDS_AT_ONCE`] records, and of one at least: decoding, which never
/// fails, then redaction, which rejects what it cannot vouch for.
fn next_fates(messages: &[(&Message, &str)], raw_hashes: &[[u8; 32]], tools: &Tools) -> Vec<Fate> {
    let mut opened = Vec::with_capacity(messages.len());
    let mut events: Vec<(Record, Actor)> = Vec::new();
    for ((message, source), raw_hash) in messages.iter().zip(raw_hashes.iter().copied()) {
        if events.len() >= RECORDS_AT_ONCE {
            break;
        }
        let (decoded, actor) = decode(message, source, raw_hash, tools);
        let mut one = Opened::new(message, decoded);
        one.events_at = events.len();
        events.extend(std::mem::take(&mut one.events).into_iter().map(|event| (event, actor)));
        one.events_end = events.len();
        opened.push(one);
    }
    let indices: Vec<u32> = events.iter().map(|(event, _)| index(event)).collect();
    let (redacted, rejected) = tools.redactor.redact_batch(events);
    let mut rows = Row::of_all(&redacted).into_iter();
    drop(redacted);
    let mut rejected: BTreeMap<usize, RedactorReject> = rejected.into_iter().collect();
    for (one, (message, _)) in opened.iter_mut().zip(messages) {
        let positions = one.events_at..one.events_end;
        for (position, index) in positions.clone().zip(indices[positions].iter().copied()) {
            match rejected.remove(&position) {
                Some(reject) => one.reject(message, Some(index), reject.reason, reject.detail),
                None => one.keep(message, index, rows.next()),
            }
        }
    }
    opened.into_iter().map(|one| one.fate).collect()
}

fn decode(message: &Message, source: &str, raw_hash: [u8; 32], tools: &Tools) -> (Decoded, Actor) {
    let Some(topic) = tools.topics.get(&*message.topic) else {
        let detail = "the topic is not configured".to_owned();
        return (Decoded::Quarantine { reason: quarantine::UNKNOWN_TOPIC, detail }, Actor::Unstated);
    };
    let hash = |bytes: &[u8]| tools.redactor.keyed_hash(bytes);
    let context = format::Context {
        site: &tools.site,
        kafka_source: source,
        ingest_time: now_micros(),
        raw_hash,
        hash: &hash,
        payload_bytes_max: tools.message_bytes_max,
    };
    (format::decode(&topic.choice, message, &context), topic.actor)
}

/// Position of an event inside its message.
fn index(event: &Record) -> u32 {
    event.get(event::KAFKA_INDEX).as_int().and_then(|index| u32::try_from(index).ok()).unwrap_or(0)
}

/// A message between decoding and redaction.
struct Opened {
    fate: Fate,
    events: Vec<Record>,
    /// Where its events lie in the batch that is redacted.
    events_at: usize,
    events_end: usize,
}

impl Opened {
    fn new(message: &Message, decoded: Decoded) -> Opened {
        let bytes = message.payload_bytes()
            + message.key.as_ref().map_or(0, |key| key.len())
            + message.headers.iter().map(|(n, v)| n.len() + v.as_ref().map_or(0, |v| v.len())).sum::<usize>();
        let fate = Fate {
            verdict: Verdict::Decoded,
            rows: Vec::new(),
            skipped: BTreeMap::new(),
            rejected: None,
            leader_epoch: message.leader_epoch,
            bytes,
        };
        let mut opened = Opened { fate, events: Vec::new(), events_at: 0, events_end: 0 };
        match decoded {
            Decoded::Events { events, skipped, rejects } => {
                opened.events = events;
                opened.fate.skipped = skipped;
                for reject in rejects {
                    opened.reject(message, Some(reject.index), reject.reason, reject.detail);
                }
            }
            Decoded::Skipped(reason) => opened.fate.verdict = Verdict::Skipped(reason),
            Decoded::Quarantine { reason, detail } => {
                opened.fate.verdict = Verdict::Quarantined;
                opened.reject(message, None, reason, detail);
            }
        }
        opened
    }

    /// Keeps a row that a segment can hold. One that it cannot is rejected here, or it would fail its whole batch.
    fn keep(&mut self, message: &Message, index: u32, row: Option<Result<Row, auditstore::segment::Error>>) {
        let Some(row) = row else {
            return self.reject(
                message,
                Some(index),
                quarantine::NOT_REDACTED,
                "the redactor gave no answer".to_owned(),
            );
        };
        match row {
            Ok(row) => self.fate.rows.push(row),
            Err(error) => self.reject(message, Some(index), quarantine::DOES_NOT_FIT, error.to_string()),
        }
    }

    fn reject(&mut self, message: &Message, index: Option<u32>, reason: &'static str, detail: String) {
        let rejected = self
            .fate
            .rejected
            .get_or_insert_with(|| Rejected { message: message.clone(), rejects: Vec::new() });
        rejected.rejects.push(Reject { index, reason, detail });
    }
}

/// Microseconds since 1970 by this machine's clock.
pub(crate) fn now_micros() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use schemas::Value;

    use super::*;
    use crate::format::Choice;
    use crate::kafka::source::{Item, What};

    /// Hashes are made of many messages at once, rows too: each must come to its own message.
    #[test]
    fn each_row_has_the_hash_of_its_own_message() {
        let policy = redactor::Policy::profile("coded").unwrap();
        let redactor = Redactor::new(policy, redactor::TokenKey::generate(), "test").unwrap();
        let topic = ReadyTopic { choice: Choice::from_name("litellm").unwrap(), actor: Actor::Workforce };
        let tools = Tools {
            topics: BTreeMap::from([("calls".to_owned(), topic)]),
            site: Arc::from("test"),
            redaction: Arc::new(auditstore::log::redaction(&redactor)),
            redactor: redactor.clone(),
            message_bytes_max: 1 << 20,
        };
        let payload = |at: usize| {
            let said = "word ".repeat(at % 11 * at);
            let answer = "yes ".repeat(9 - at % 9);
            format!(
                r#"{{"id":"call-{at}","litellm_call_id":"{at}","call_type":"completion","model":"m","status":"success",
                "startTime":1795000000.5,"endTime":1795000001.5,"messages":[{{"role":"user","content":"{said}"}}],
                "response":{{"choices":[{{"message":{{"role":"assistant","content":"{answer}"}}}}]}}}}"#
            )
        };
        let item = |(offset, payload): (i64, Option<String>)| Item {
            reading: Reading::default(),
            source: Arc::from("test/0"),
            what: What::Message(Message {
                topic: Arc::from("calls"),
                partition: 0,
                offset,
                timestamp_ms: Some(1_795_000_000_000),
                key: None,
                headers: Vec::new(),
                payload: payload.map(Into::into),
                leader_epoch: None,
            }),
        };
        // More than go through all steps together, among them one without a value and one that cannot be decoded.
        const EVENTS: usize = 2 * GROUP_MESSAGES + 3;
        let mut payloads: Vec<Option<String>> = (0..EVENTS).map(|at| Some(payload(at))).collect();
        payloads.insert(3, None);
        payloads.insert(GROUP_MESSAGES, Some("no JSON".to_owned()));
        let treated = treat((0..).zip(payloads.clone()).map(item).collect(), &tools);
        let mut stored = 0;
        for (treated, payload) in treated.iter().zip(payloads) {
            let payload = payload.unwrap_or_default();
            for row in &treated.fate.as_ref().unwrap().rows {
                let record = row.record().unwrap();
                assert_eq!(record.get(event::KAFKA_OFFSET).as_int(), Some(treated.offset));
                let hashed = |column: usize, text: &[u8]| {
                    assert_eq!(*record.get(column), Value::Bytes(redactor.keyed_hash(text).to_vec()));
                };
                hashed(event::RAW_HASH, payload.as_bytes());
                // Nothing in these is replaced, so that they stand in the row as they were hashed.
                for (text, hash) in
                    [(event::INPUT_MESSAGES, event::INPUT_HASH), (event::OUTPUT_MESSAGES, event::OUTPUT_HASH)]
                {
                    hashed(hash, record.get(text).as_text().unwrap().as_bytes());
                }
                stored += 1;
            }
        }
        assert_eq!(stored, EVENTS);
    }
}
