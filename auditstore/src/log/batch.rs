//! From redacted rows to the objects of a batch and what its manifest says of them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use redactor::Redactor;
use schemas::Schema;
use schemas::manifest::{
    Batch, Counts, Dec, Messages, ObjectRef, OffsetRange, Quarantine, Records, Redaction, Segment,
};
use ulid::Ulid;

use crate::error::Error;
use crate::merkle::sha256;
use crate::segment::{self, Built, Detail, Row};
use crate::time::{date, format_time};

/// What a writer is given to commit.
#[derive(Debug)]
pub struct NewBatch {
    /// The rows, in the order in which they are to be stored.
    pub rows: Vec<Row>,
    /// The offsets that the batch takes, in any order, each partition once. None in an access log.
    pub offsets: Vec<OffsetRange>,
    /// What became of the Kafka messages in those ranges. None in an access log.
    pub messages: Option<Messages>,
    /// Records in decoded messages that are no audit events, by reason.
    pub records_skipped: BTreeMap<String, Dec>,
    /// Records in decoded messages that went to quarantine.
    pub records_quarantined: u64,
    /// Quarantine objects, encrypted already.
    pub quarantine: Vec<NewQuarantine>,
    /// The policy that redacted the rows; its findings are filled in from the rows.
    pub redaction: Option<Redaction>,
    /// Schema of the rows.
    pub schema: &'static Schema,
}

/// A quarantine object to write.
#[derive(Clone, Debug)]
pub struct NewQuarantine {
    /// The age file.
    pub bytes: Bytes,
    /// Whole messages in it.
    pub messages: u64,
    /// Single records in it.
    pub records: u64,
    /// How many of each reason.
    pub reasons: BTreeMap<String, u64>,
}

/// What a batch says of a redactor that has treated its rows. The findings are counted when it is committed.
pub fn redaction(redactor: &Redactor) -> Redaction {
    let policy = redactor.policy();
    Redaction {
        engine: Redactor::ENGINE.to_owned(),
        findings: BTreeMap::new(),
        policy: policy.name().to_owned(),
        sha256: policy.sha256().to_owned(),
        version: policy.version().to_owned(),
    }
}

impl NewBatch {
    /// A batch of rows that came from no broker, as those of an access log.
    pub fn of_rows(schema: &'static Schema, rows: Vec<Row>, redaction: Option<Redaction>) -> NewBatch {
        NewBatch {
            rows,
            offsets: Vec::new(),
            messages: None,
            records_skipped: BTreeMap::new(),
            records_quarantined: 0,
            quarantine: Vec::new(),
            redaction,
            schema,
        }
    }

    /// At most how many bytes the batch's manifest will have, so that a batcher can close a batch before it would
    /// not fit [`schemas::manifest::MANIFEST_BYTES_MAX`]. Everything that grows with the batch is counted with
    /// room to spare: ranges, gaps, reasons, findings, segments.
    pub fn manifest_bytes_estimate(&self) -> usize {
        const FIXED: usize = 2048;
        const SEGMENT: usize = 768;
        /// Encoded bytes of rows that certainly fit one segment more.
        const SEGMENT_ROWS_BYTES: usize = 32 << 20;
        let counts = |map: usize| map * 64;
        let mut bytes = FIXED + self.quarantine.len() * 512 + counts(self.records_skipped.len());
        for range in &self.offsets {
            let names =
                range.source.len() + range.topic.len() + range.topic_id.as_ref().map_or(0, String::len);
            // A name may be escaped to twice its length.
            bytes += 256 + 2 * names + counts(range.gaps.len());
        }
        bytes += self.messages.as_ref().map_or(0, |messages| 128 + counts(messages.skipped.len()));
        bytes += self.quarantine.iter().map(|object| counts(object.reasons.len())).sum::<usize>();
        let categories: BTreeSet<&str> =
            self.rows.iter().flat_map(Row::findings).map(|found| found.0).collect();
        bytes += 512 + counts(categories.len());
        let rows: usize = self.rows.iter().map(Row::size).sum();
        bytes + SEGMENT * (1 + rows / SEGMENT_ROWS_BYTES)
    }

    /// Writes the rows as segments and names all objects. `now` gives the folder.
    pub(super) fn prepare(mut self, now: i64) -> Result<Prepared, Error> {
        let (ulid, folder) = (Ulid::new(), format!("data/dt={}", date(now)));
        let refuse = |error: segment::Error| Error::invalid("batch", error.to_string());
        let built = segment::build(self.schema, &self.rows).map_err(refuse)?;
        let mut objects = Vec::with_capacity(2 * built.len() + self.quarantine.len() + 1);
        let (mut files, mut details) = (Vec::new(), Vec::new());
        for built in &built {
            let stem = format!("{folder}/{ulid}-{}", &hex::encode(built.sha256)[..16]);
            let file = file(built, &stem);
            details.push((file.path.clone(), Arc::clone(&built.detail)));
            objects.push((file.path.clone(), built.parquet.clone()));
            objects.push((file.leaves.path.clone(), built.leaves.clone()));
            files.push(file);
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut detail = None;
        if !files.is_empty() {
            let bytes = Bytes::from(Detail::new(details).to_bytes().map_err(refuse)?);
            let path = format!("{folder}/{ulid}.detail");
            detail = Some(ObjectRef { path: path.clone(), sha256: hex::encode(sha256(&bytes)) });
            objects.push((path, bytes));
        }
        let quarantine = self.quarantine_objects(&mut objects);
        self.offsets.sort_by(|a, b| place(a).cmp(&place(b)));
        let event_max = built.iter().filter_map(|built| built.event_max).max();
        let batch = Batch {
            counts: self.counts(),
            detail,
            files,
            quarantine,
            redaction: self.redaction.take().map(|redaction| self.findings(redaction)),
            schema: self.schema.id.to_owned(),
            offsets: self.offsets,
            ..Batch::default()
        };
        Ok(Prepared { objects, batch, event_max })
    }

    fn quarantine_objects(&self, objects: &mut Vec<(String, Bytes)>) -> Vec<Quarantine> {
        let mut named: Vec<Quarantine> = Vec::with_capacity(self.quarantine.len());
        for new in &self.quarantine {
            let path = format!("quarantine/{}.age", Ulid::new());
            objects.push((path.clone(), new.bytes.clone()));
            named.push(Quarantine {
                path,
                sha256: hex::encode(sha256(&new.bytes)),
                messages: Dec(new.messages),
                records: Dec(new.records),
                reasons: new.reasons.iter().map(|(reason, count)| (reason.clone(), Dec(*count))).collect(),
            });
        }
        named.sort_by(|a, b| a.path.cmp(&b.path));
        named
    }

    fn counts(&self) -> Counts {
        let records = Records {
            stored: Dec(self.rows.len() as u64),
            quarantined: Dec(self.records_quarantined),
            repeated: Dec(repeated(&self.rows)),
            skipped: self.records_skipped.clone(),
        };
        Counts { messages: self.messages.clone(), records }
    }

    fn findings(&self, redaction: Redaction) -> Redaction {
        let mut findings = BTreeMap::<String, Dec>::new();
        for (category, count) in self.rows.iter().flat_map(Row::findings) {
            findings.entry(category.to_owned()).or_default().0 += count as u64;
        }
        Redaction { findings, ..redaction }
    }
}

/// A batch whose objects have names.
pub(super) struct Prepared {
    pub(super) objects: Vec<(String, Bytes)>,
    /// All but its retention, which follows from when it is committed.
    pub(super) batch: Batch,
    pub(super) event_max: Option<i64>,
}

fn place(range: &OffsetRange) -> (&str, &str, u64) {
    (&range.source, &range.topic, range.partition.0)
}

fn file(built: &Built, stem: &str) -> Segment {
    let leaves = ObjectRef { path: format!("{stem}.leaves"), sha256: hex::encode(built.leaves_sha256) };
    Segment {
        path: format!("{stem}.parquet"),
        bytes: Dec(built.parquet.len() as u64),
        sha256: hex::encode(built.sha256),
        rows: Dec(built.rows),
        root: hex::encode(built.root),
        leaves,
        event_min: built.event_min.map(format_time),
        event_max: built.event_max.map(format_time),
    }
}

/// How many rows have an `event_id` that stands before them in the batch.
fn repeated(rows: &[Row]) -> u64 {
    let Some(column) = rows.first().and_then(|row| row.schema().find("event_id")) else { return 0 };
    let mut seen = HashSet::with_capacity(rows.len());
    let ids = rows.iter().filter_map(|row| row.fields().nth(column).flatten());
    ids.filter(|id| !seen.insert(*id)).count() as u64
}
