//! Collects what the workers hand over until a limit is reached, and then seals it into one commit.
//!
//! Rows are kept by partition: a partition that is taken away takes its rows with it, before anything is encoded.
//! A range always begins at the lake's next offset, so what lies between it and the first message, or between two
//! messages, is a gap of the range, never a reason to refuse.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use auditstore::segment::Row;
use auditstore::{NewBatch, NewQuarantine};
use schemas::manifest::{Dec, Messages, OffsetRange, Redaction};

use crate::config::Ready;
use crate::error::Error;
use crate::kafka::{Partition, Reading};
use crate::quarantine::{self, Recipient, Rejected, Tally};
use crate::workers::{Fate, Treated, Verdict};

/// Messages that were never there to read: control records, compacted or aborted ones.
const NOT_DELIVERED: &str = "not_delivered";
/// Messages that Kafka deleted before they were read.
const EXPIRED: &str = "expired";

/// What a message costs in memory besides its bytes, roughly: positions, the columns that every row has.
const MESSAGE_OVERHEAD_BYTES: usize = 512;

/// Bytes of a manifest that ranges may take, of the 65,535 that it may have: the rest is for counts by reason,
/// findings, files, names.
const RANGES_BYTES_MAX: usize = 40_000;
/// Bytes of a range in a manifest without its topic and source, at most.
const RANGE_BYTES: usize = 310;

/// The batch that is being filled.
pub(crate) struct Batcher {
    redaction: Redaction,
    recipient: Recipient,
    rows_max: usize,
    bytes_max: usize,
    flush_interval: Duration,
    parts: BTreeMap<Partition, Part>,
    rows: usize,
    bytes: usize,
    /// When the oldest thing came that waits for a commit.
    since: Option<Instant>,
    /// Whether what waits is due, whatever its size.
    hurried: bool,
}

/// From where a partition is read, and as what.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) reading: Reading,
    /// The source under which the lake counts its offsets.
    pub(crate) source: Arc<str>,
    /// UUID of the topic, where the broker gives one.
    pub(crate) topic_id: Option<Arc<str>>,
    /// The lake's next offset.
    pub(crate) first: i64,
}

/// What was read of one partition since its last commit.
struct Part {
    place: Place,
    sums: Sums,
    rows: Vec<Row>,
    rejected: Vec<Rejected>,
    /// What of it certainly came from the topic of that id: sums, and numbers of rows and rejected messages.
    vouched: (Sums, usize, usize),
    /// Nothing more is taken.
    closed: bool,
}

/// What is counted of a partition since its last commit.
#[derive(Clone, Debug, Default)]
struct Sums {
    /// Offset after the last one that is accounted for.
    next: i64,
    gaps: BTreeMap<&'static str, u64>,
    leader_epoch: Option<i32>,
    decoded: u64,
    skipped_messages: BTreeMap<&'static str, u64>,
    skipped_records: BTreeMap<&'static str, u64>,
    bytes: usize,
}

/// A batch that is ready to be committed.
pub(crate) struct Sealed {
    pub(crate) batch: NewBatch,
    /// Its partitions with the offsets after it.
    pub(crate) positions: Vec<(Partition, i64)>,
    pub(crate) counts: Counts,
}

/// What a batch holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) messages: u64,
    pub(crate) stored: u64,
    pub(crate) quarantined: u64,
    pub(crate) skipped: u64,
    pub(crate) gaps: u64,
}

impl Batcher {
    pub(crate) fn new(ready: &Ready, redaction: Redaction) -> Batcher {
        Batcher {
            redaction,
            recipient: ready.recipient.clone(),
            rows_max: ready.rows_max,
            bytes_max: ready.bytes_max,
            flush_interval: ready.flush_interval,
            parts: BTreeMap::new(),
            rows: 0,
            bytes: 0,
            since: None,
            hurried: false,
        }
    }

    /// Whether rows that this redacted may join what waits: a batch names one policy.
    pub(crate) fn is_redacted_by(&self, redaction: &Redaction) -> bool {
        self.redaction.sha256 == redaction.sha256
    }

    /// Rows come from this redactor from here on. Nothing may wait.
    pub(crate) fn redacted_by(&mut self, redaction: &Redaction) {
        assert!(self.parts.values().all(Part::is_untouched), "what waits names the policy before");
        self.redaction = redaction.clone();
    }

    /// A partition is read from here on. `low` is the oldest offset that Kafka still has; what lies between the lake's
    /// next offset and it has expired.
    pub(crate) fn begin(&mut self, partition: Partition, place: Place, low: i64) {
        self.forget(&partition);
        let expired = low > place.first;
        let mut part = Part::new(place);
        if expired {
            part.gap(EXPIRED, low);
            self.since.get_or_insert_with(Instant::now);
        }
        self.parts.insert(partition, part);
    }

    /// A partition is not read any more: what was read of it since its last commit goes.
    pub(crate) fn forget(&mut self, partition: &Partition) {
        if let Some(part) = self.parts.remove(partition) {
            self.rows -= part.rows.len();
            self.bytes -= part.sums.bytes;
        }
        if self.parts.values().all(Part::is_untouched) {
            self.since = None;
        }
    }

    /// Takes what the workers made of a message, or a partition's end. What belongs to an older reading is dropped:
    /// it will be read, or was read, again.
    pub(crate) fn push(&mut self, treated: Treated) {
        let Some(part) = self.parts.get_mut(&treated.partition) else {
            return;
        };
        if part.closed || part.place.reading != treated.reading || treated.offset < part.sums.next {
            return;
        }
        if treated.offset > part.sums.next {
            part.gap(NOT_DELIVERED, treated.offset);
        }
        if let Some(fate) = treated.fate {
            self.rows += fate.rows.len();
            self.bytes += fate.bytes + MESSAGE_OVERHEAD_BYTES;
            part.take(fate);
        }
        if !part.is_untouched() {
            self.since.get_or_insert_with(Instant::now);
        }
    }

    /// What was read of these topics until now came from the topics whose ids their partitions began with.
    pub(crate) fn vouch(&mut self, is_vouched: impl Fn(&str) -> bool) {
        for (_, part) in self.parts.iter_mut().filter(|((topic, _), part)| !part.closed && is_vouched(topic))
        {
            part.vouched = (part.sums.clone(), part.rows.len(), part.rejected.len());
        }
    }

    /// Another topic has the partition's name now: drops what may have come from it, which is everything since the
    /// last [`Batcher::vouch`], and takes nothing more until the partition begins again.
    pub(crate) fn cut(&mut self, partition: &Partition) {
        let Some(part) = self.parts.get_mut(partition) else {
            return;
        };
        let (sums, rows, rejected) = part.vouched.clone();
        self.rows -= part.rows.len() - rows;
        self.bytes -= part.sums.bytes - sums.bytes;
        part.rows.truncate(rows);
        part.rejected.truncate(rejected);
        part.sums = sums;
        part.closed = true;
        if self.parts.values().all(Part::is_untouched) {
            self.since = None;
        }
    }

    /// What waits is due now, whatever its size.
    pub(crate) fn hurry(&mut self) {
        self.hurried = true;
    }

    /// The next commit, if a limit is reached or [`Batcher::hurry`] was called.
    ///
    /// # Errors
    /// The quarantine could not be encrypted.
    pub(crate) fn due(&mut self) -> Result<Option<Sealed>, Error> {
        if !self.limit_reached() {
            return Ok(None);
        }
        let sealed = self.seal()?;
        self.hurried &= sealed.is_some();
        Ok(sealed)
    }

    /// Whether [`Batcher::due`] would give a commit.
    pub(crate) fn is_due(&self) -> bool {
        self.limit_reached() && !self.parts.values().all(Part::is_untouched)
    }

    fn limit_reached(&self) -> bool {
        self.hurried || self.rows >= self.rows_max || self.bytes >= self.bytes_max
    }

    /// When what waits must be committed; none if nothing waits.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.since.map(|since| since + self.flush_interval)
    }

    /// Rows that wait for a commit.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Offset after the last one of this partition that is accounted for, if it is read.
    pub(crate) fn next(&self, partition: &Partition) -> Option<i64> {
        self.parts.get(partition).map(|part| part.sums.next)
    }

    /// Takes what waits as a commit; none if nothing waits. Where ranges would not fit one manifest, some
    /// partitions stay for the next call.
    fn seal(&mut self) -> Result<Option<Sealed>, Error> {
        let mut room = RANGES_BYTES_MAX;
        let mut sealed = Sealed::new(self.redaction.clone());
        let mut messages = Messages::default();
        let mut rejected = Vec::new();
        for (partition, part) in &mut self.parts {
            let bytes = RANGE_BYTES + partition.0.len() + part.place.source.len();
            if part.is_untouched() {
                continue;
            }
            if bytes > room {
                break;
            }
            room -= bytes;
            self.rows -= part.rows.len();
            self.bytes -= part.sums.bytes;
            sealed.add(partition, part, &mut messages);
            let source = part.place.source.clone();
            rejected.extend(part.rejected.drain(..).map(|rejected| (source.clone(), rejected)));
            let closed = part.closed;
            *part = Part::new(Place { first: part.sums.next, ..part.place.clone() });
            part.closed = closed;
        }
        if self.parts.values().all(Part::is_untouched) {
            self.since = None;
        }
        if sealed.positions.is_empty() {
            return Ok(None);
        }
        sealed.quarantine(&rejected, &self.recipient, &mut messages)?;
        sealed.counts.messages = messages.decoded.0;
        sealed.counts.skipped += messages.skipped.values().map(|count| count.0).sum::<u64>();
        sealed.counts.stored = sealed.batch.rows.len() as u64;
        sealed.batch.messages = Some(messages);
        Ok(Some(sealed))
    }
}

impl Part {
    fn new(place: Place) -> Part {
        let sums = Sums { next: place.first, ..Sums::default() };
        let vouched = (sums.clone(), 0, 0);
        Part { place, sums, rows: Vec::new(), rejected: Vec::new(), vouched, closed: false }
    }

    fn is_untouched(&self) -> bool {
        self.place.first == self.sums.next
    }

    /// Everything up to `next` was not there to read.
    fn gap(&mut self, reason: &'static str, next: i64) {
        let sums = &mut self.sums;
        *sums.gaps.entry(reason).or_default() += (next - sums.next).unsigned_abs();
        sums.next = next;
    }

    /// Takes the message at the next offset.
    fn take(&mut self, fate: Fate) {
        let sums = &mut self.sums;
        sums.next += 1;
        sums.leader_epoch = fate.leader_epoch.or(sums.leader_epoch);
        sums.bytes += fate.bytes + MESSAGE_OVERHEAD_BYTES;
        match fate.verdict {
            Verdict::Decoded => sums.decoded += 1,
            Verdict::Skipped(reason) => *sums.skipped_messages.entry(reason).or_default() += 1,
            // Counted with the quarantine's tally.
            Verdict::Quarantined => {}
        }
        for (reason, count) in fate.skipped {
            *sums.skipped_records.entry(reason).or_default() += count;
        }
        self.rows.extend(fate.rows);
        self.rejected.extend(fate.rejected);
    }
}

impl Sealed {
    fn new(redaction: Redaction) -> Sealed {
        let batch = NewBatch {
            rows: Vec::new(),
            offsets: Vec::new(),
            messages: None,
            records_skipped: BTreeMap::new(),
            records_quarantined: 0,
            quarantine: Vec::new(),
            redaction: Some(redaction),
            schema: &schemas::event::EVENT,
        };
        Sealed { batch, positions: Vec::new(), counts: Counts::default() }
    }

    fn add(&mut self, partition: &Partition, part: &mut Part, messages: &mut Messages) {
        let Part { place, sums, rows, .. } = part;
        let batch = &mut self.batch;
        batch.rows.append(rows);
        batch.offsets.push(OffsetRange {
            source: place.source.to_string(),
            topic: partition.0.to_string(),
            partition: Dec(u64::from(partition.1.unsigned_abs())),
            first: Dec(place.first.unsigned_abs()),
            next: Dec(sums.next.unsigned_abs()),
            gaps: sums.gaps.iter().map(|(reason, count)| ((*reason).to_owned(), Dec(*count))).collect(),
            leader_epoch: sums.leader_epoch.map(|epoch| Dec(u64::from(epoch.unsigned_abs()))),
            topic_id: place.topic_id.as_deref().map(str::to_owned),
        });
        messages.decoded.0 += sums.decoded;
        for (reason, count) in &sums.skipped_messages {
            messages.skipped.entry((*reason).to_owned()).or_default().0 += count;
        }
        for (reason, count) in &sums.skipped_records {
            batch.records_skipped.entry((*reason).to_owned()).or_default().0 += count;
            self.counts.skipped += count;
        }
        self.counts.gaps += sums.gaps.values().sum::<u64>();
        self.positions.push((partition.clone(), sums.next));
    }

    fn quarantine(
        &mut self,
        rejected: &[(Arc<str>, Rejected)],
        recipient: &Recipient,
        messages: &mut Messages,
    ) -> Result<(), Error> {
        if rejected.is_empty() {
            return Ok(());
        }
        let Tally { messages: whole, records, reasons } = Tally::of(rejected.iter().map(|(_, one)| one));
        let lines = rejected.iter().map(|(source, one)| (&**source, one));
        let bytes = quarantine::encrypt(lines, recipient).map_err(Error::Quarantine)?;
        messages.quarantined = Dec(whole);
        self.batch.records_quarantined = records;
        self.batch.quarantine.push(NewQuarantine { bytes, messages: whole, records, reasons });
        self.counts.quarantined = whole + records;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
