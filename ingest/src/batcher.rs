//! Collects what the workers hand over until a limit is reached, and then seals it into one commit.
//!
//! Rows are kept by partition: a partition that is taken away takes its rows with it, before anything is encoded.
//! A range always begins at the lake's next offset, so what lies between it and the first message, or between two
//! messages, is a gap of the range, never a reason to refuse.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use auditstore::{NewBatch, NewQuarantine};
use redactor::Redacted;
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
const RANGE_BYTES: usize = 260;

/// The batch that is being filled.
pub(crate) struct Batcher {
    source: String,
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

/// What was read of one partition since its last commit.
struct Part {
    reading: Reading,
    /// The lake's next offset.
    first: i64,
    /// Offset after the last one that is accounted for.
    next: i64,
    gaps: BTreeMap<&'static str, u64>,
    leader_epoch: Option<i32>,
    decoded: u64,
    skipped_messages: BTreeMap<&'static str, u64>,
    skipped_records: BTreeMap<&'static str, u64>,
    rows: Vec<Redacted>,
    rejected: Vec<Rejected>,
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
    pub(crate) fn new(ready: &Ready, source: String, redaction: Redaction) -> Batcher {
        Batcher {
            source,
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

    /// A partition is read from here on. `first` is the lake's next offset, `low` the oldest offset that Kafka still
    /// has; what lies between them has expired.
    pub(crate) fn begin(&mut self, partition: Partition, reading: Reading, first: i64, low: i64) {
        self.forget(&partition);
        let mut part = Part::new(reading, first);
        if low > first {
            part.gap(EXPIRED, low);
            self.since.get_or_insert_with(Instant::now);
        }
        self.parts.insert(partition, part);
    }

    /// A partition is not read any more: what was read of it since its last commit goes.
    pub(crate) fn forget(&mut self, partition: &Partition) {
        if let Some(part) = self.parts.remove(partition) {
            self.rows -= part.rows.len();
            self.bytes -= part.bytes;
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
        if part.reading != treated.reading || treated.offset < part.next {
            return;
        }
        if treated.offset > part.next {
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

    /// What waits is due now, whatever its size.
    pub(crate) fn hurry(&mut self) {
        self.hurried = true;
    }

    /// The next commit, if a limit is reached or [`Batcher::hurry`] was called.
    ///
    /// # Errors
    /// The quarantine could not be encrypted.
    pub(crate) fn due(&mut self) -> Result<Option<Sealed>, Error> {
        if !self.hurried && self.rows < self.rows_max && self.bytes < self.bytes_max {
            return Ok(None);
        }
        let sealed = self.seal()?;
        self.hurried &= sealed.is_some();
        Ok(sealed)
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
        self.parts.get(partition).map(|part| part.next)
    }

    /// Takes what waits as a commit; none if nothing waits. Where ranges would not fit one manifest, some
    /// partitions stay for the next call.
    fn seal(&mut self) -> Result<Option<Sealed>, Error> {
        let mut room = RANGES_BYTES_MAX;
        let mut sealed = Sealed::new(self.redaction.clone());
        let mut messages = Messages::default();
        let mut rejected = Vec::new();
        for (partition, part) in &mut self.parts {
            let bytes = RANGE_BYTES + partition.0.len() + self.source.len();
            if part.is_untouched() {
                continue;
            }
            if bytes > room {
                break;
            }
            room -= bytes;
            self.rows -= part.rows.len();
            self.bytes -= part.bytes;
            sealed.add(&self.source, partition, part, &mut messages);
            rejected.append(&mut part.rejected);
            *part = Part::new(part.reading, part.next);
        }
        if self.parts.values().all(Part::is_untouched) {
            self.since = None;
        }
        if sealed.positions.is_empty() {
            return Ok(None);
        }
        sealed.quarantine(&self.source, &rejected, &self.recipient, &mut messages)?;
        sealed.counts.messages = messages.decoded.0;
        sealed.counts.skipped += messages.skipped.values().map(|count| count.0).sum::<u64>();
        sealed.counts.stored = sealed.batch.rows.len() as u64;
        sealed.batch.messages = Some(messages);
        Ok(Some(sealed))
    }
}

impl Part {
    fn new(reading: Reading, first: i64) -> Part {
        Part {
            reading,
            first,
            next: first,
            gaps: BTreeMap::new(),
            leader_epoch: None,
            decoded: 0,
            skipped_messages: BTreeMap::new(),
            skipped_records: BTreeMap::new(),
            rows: Vec::new(),
            rejected: Vec::new(),
            bytes: 0,
        }
    }

    fn is_untouched(&self) -> bool {
        self.first == self.next
    }

    /// Everything up to `next` was not there to read.
    fn gap(&mut self, reason: &'static str, next: i64) {
        *self.gaps.entry(reason).or_default() += (next - self.next).unsigned_abs();
        self.next = next;
    }

    /// Takes the message at the next offset.
    fn take(&mut self, fate: Fate) {
        self.next += 1;
        self.leader_epoch = fate.leader_epoch.or(self.leader_epoch);
        self.bytes += fate.bytes + MESSAGE_OVERHEAD_BYTES;
        match fate.verdict {
            Verdict::Decoded => self.decoded += 1,
            Verdict::Skipped(reason) => *self.skipped_messages.entry(reason).or_default() += 1,
            // Counted with the quarantine's tally.
            Verdict::Quarantined => {}
        }
        for (reason, count) in fate.skipped {
            *self.skipped_records.entry(reason).or_default() += count;
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

    fn add(&mut self, source: &str, partition: &Partition, part: &mut Part, messages: &mut Messages) {
        let batch = &mut self.batch;
        batch.rows.append(&mut part.rows);
        batch.offsets.push(OffsetRange {
            source: source.to_owned(),
            topic: partition.0.to_string(),
            partition: Dec(u64::from(partition.1.unsigned_abs())),
            first: Dec(part.first.unsigned_abs()),
            next: Dec(part.next.unsigned_abs()),
            gaps: part.gaps.iter().map(|(reason, count)| ((*reason).to_owned(), Dec(*count))).collect(),
            leader_epoch: part.leader_epoch.map(|epoch| Dec(u64::from(epoch.unsigned_abs()))),
            topic_id: None,
        });
        messages.decoded.0 += part.decoded;
        for (reason, count) in &part.skipped_messages {
            messages.skipped.entry((*reason).to_owned()).or_default().0 += count;
        }
        for (reason, count) in &part.skipped_records {
            batch.records_skipped.entry((*reason).to_owned()).or_default().0 += count;
            self.counts.skipped += count;
        }
        self.counts.gaps += part.gaps.values().sum::<u64>();
        self.positions.push((partition.clone(), part.next));
    }

    fn quarantine(
        &mut self,
        source: &str,
        rejected: &[Rejected],
        recipient: &Recipient,
        messages: &mut Messages,
    ) -> Result<(), Error> {
        if rejected.is_empty() {
            return Ok(());
        }
        let Tally { messages: whole, records, reasons } = Tally::of(rejected);
        let bytes = quarantine::encrypt(source, rejected, recipient).map_err(Error::Quarantine)?;
        messages.quarantined = Dec(whole);
        self.batch.records_quarantined = records;
        self.batch.quarantine.push(NewQuarantine { bytes, messages: whole, records, reasons });
        self.counts.quarantined = whole + records;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
