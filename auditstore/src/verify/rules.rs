//! What a manifest may say after those before it, each breach with its own verdict.
//!
//! The log's validity function ([`crate::log`]) only says yes or no; here an auditor learns which promise was
//! broken. It is written from the specification, not from that function, so that one checks the other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemas::manifest::{
    Batch, Body, Dec, FORMAT, Heartbeat, Init, Key, Manifest, ObjectRef, PublicKey, Snapshot, TreeHead,
};
use schemas::verdict::Verdict;

use super::replay::Window;
use super::report::{Lines, found};
use super::snapshots::{self, FullParts};
use crate::merkle::{Edge, Hash, sha256};
use crate::note::VerifyKey;
use crate::time::{format_time, parse_time, retain_until};

/// A batch with its place.
#[derive(Clone, Debug)]
pub(super) struct NamedBatch {
    pub(super) seq: u64,
    pub(super) committed: String,
    pub(super) batch: Box<Batch>,
}

/// An object that an entry names, other than those of batches.
#[derive(Clone, Debug)]
pub(super) struct NamedObject {
    pub(super) path: String,
    pub(super) sha256: String,
}

/// What the manifests so far say.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) origin: String,
    pub(super) schema: String,
    pub(super) keys: Vec<Window>,
    pub(super) peer: Option<PublicKey>,
    pub(super) batches: Vec<NamedBatch>,
    pub(super) objects: Vec<NamedObject>,
    pub(super) heartbeats: Vec<(u64, TreeHead)>,
    pub(super) records: u64,
    /// Commit time of each entry that says one, by seq.
    pub(super) committed: BTreeMap<u64, i64>,
    /// Whether every offset was accounted for.
    pub(super) offsets_broken: bool,
    years: u64,
    era: u64,
    pub(super) sources: BTreeSet<String>,
    pub(super) next: BTreeMap<(String, String, u64), u64>,
    pub(super) topic_ids: BTreeMap<(String, String), String>,
    pub(super) policies: BTreeSet<String>,
    pub(super) full_parts: FullParts,
    named: HashMap<String, u64>,
    newest: i64,
    /// Seq of the newest snapshot entry; entry 0 counts as one.
    pub(super) snapshot: Option<u64>,
    /// Entries are missing: what follows need not continue what came before.
    gap: bool,
}

/// A manifest under judgement.
struct Entry<'a> {
    seq: u64,
    name: &'a str,
    manifest: &'a Manifest,
    signed_by: &'a [VerifyKey],
    /// Right edge of the tree before the entry, if it could be computed.
    edge: Option<&'a Edge>,
}

impl Rules {
    /// Whether the manifest was written for this place of this log.
    pub(super) fn header_fits(&self, seq: u64, manifest: &Manifest) -> bool {
        manifest.seq.0 == seq
            && manifest.format == FORMAT
            && (seq == 0 || (manifest.origin == self.origin && manifest.era.0 == self.era))
    }

    /// Entries are missing from here to the next.
    pub(super) fn gap(&mut self) {
        self.gap = true;
        self.offsets_broken = true;
        self.next.clear();
    }

    /// Checks what an entry says and takes it in.
    pub(super) fn apply(
        &mut self,
        seq: u64,
        name: &str,
        manifest: &Manifest,
        signed_by: &[VerifyKey],
        edge: Option<&Edge>,
        lines: &mut Lines,
    ) {
        let entry = Entry { seq, name, manifest, signed_by, edge };
        if seq > 0 {
            self.header(&entry, lines);
        }
        match &manifest.body {
            Body::Init(init) if seq == 0 => self.init(&entry, init, lines),
            Body::Init(_) => found(lines, Verdict::ChainBreak, name, "a second init"),
            Body::Source(source) => {
                if !self.sources.insert(source.source.clone()) {
                    found(lines, Verdict::ChainBreak, name, "the source is onboarded already");
                }
                for start in &source.starts {
                    let place = (source.source.clone(), start.topic.clone(), start.partition.0);
                    self.next.insert(place, start.first.0);
                    self.topic_id(&entry, &source.source, &start.topic, start.topic_id.as_ref(), lines);
                }
            }
            Body::Batch(batch) => self.batch(&entry, batch, lines),
            Body::Heartbeat(heartbeat) => self.heartbeat(&entry, heartbeat, lines),
            Body::Snapshot(snapshot) => self.snapshot(&entry, snapshot, lines),
            Body::Policy(policy) => {
                self.policies.insert(policy.object.sha256.clone());
                self.object(&entry, &policy.object, lines);
            }
            Body::Key(key) => self.key(&entry, key, lines),
            Body::Adopt(adopt) => {
                let root = entry.edge.map(|edge| hex::encode(edge.root()));
                if adopt.head.size.0 != seq || root.is_some_and(|root| root != adopt.head.root) {
                    found(
                        lines,
                        Verdict::AnchorMismatch,
                        name,
                        "adopts a head that is not the one before it",
                    );
                }
            }
        }
    }

    fn header(&mut self, entry: &Entry<'_>, lines: &mut Lines) {
        let Entry { seq, name, manifest, .. } = *entry;
        if !self.header_fits(seq, manifest) {
            let detail = format!(
                "says seq {} of {}, its place is {seq} of {}",
                manifest.seq, manifest.origin, self.origin
            );
            found(lines, Verdict::ChainBreak, name, detail);
        }
        match parse_time(&manifest.committed) {
            None => found(lines, Verdict::InvalidEntry, name, "`committed` is no time"),
            Some(time) => {
                if time < self.newest {
                    let newest = format_time(self.newest);
                    let detail = format!("committed {}, and an entry before it {newest}", manifest.committed);
                    found(lines, Verdict::ChainBreak, name, detail);
                }
                self.newest = self.newest.max(time);
                self.committed.insert(seq, time);
            }
        }
        let snapshot = manifest.snapshot.map(|seq| seq.0);
        if snapshot != self.snapshot && !self.gap {
            found(lines, Verdict::ChainBreak, name, "`snapshot` is not the newest snapshot before it");
        }
        self.snapshot = snapshot.or(self.snapshot);
    }

    fn init(&mut self, entry: &Entry<'_>, init: &Init, lines: &mut Lines) {
        self.origin.clone_from(&entry.manifest.origin);
        self.schema.clone_from(&init.schema);
        self.peer.clone_from(&init.peer);
        self.years = init.retention.years.0;
        self.era = entry.manifest.era.0;
        self.snapshot = Some(0);
        self.newest = parse_time(&entry.manifest.committed).unwrap_or_default();
        self.committed.insert(0, self.newest);
        for key in &init.keys {
            match VerifyKey::from_public(key) {
                Ok(key) => {
                    if key.name() != self.origin || !entry.signed_by.contains(&key) {
                        found(lines, Verdict::UnknownKey, entry.name, "names a key that did not sign it");
                    }
                    self.keys.push(Window { key, from: 0, until: None });
                }
                Err(error) => found(lines, Verdict::InvalidEntry, entry.name, error.to_string()),
            }
        }
        if entry.manifest.seq.0 != 0 || self.era != 1 {
            found(lines, Verdict::ChainBreak, entry.name, "the first entry says another place");
        }
        if !["event/1", "access/1"].contains(&init.schema.as_str()) {
            found(lines, Verdict::InvalidEntry, entry.name, "an unknown schema");
        }
    }

    fn key(&mut self, entry: &Entry<'_>, body: &Key, lines: &mut Lines) {
        let key = match VerifyKey::from_public(&body.key) {
            Ok(key) => key,
            Err(error) => return found(lines, Verdict::InvalidEntry, entry.name, error.to_string()),
        };
        match body.action.as_str() {
            "add" if !entry.signed_by.contains(&key) => {
                found(lines, Verdict::UnknownKey, entry.name, "adds a key that did not sign it");
            }
            "add" => self.keys.push(Window { key, from: entry.seq + 1, until: None }),
            "retire" => match self.keys.iter_mut().find(|window| window.key == key && window.until.is_none())
            {
                Some(window) => window.until = Some(entry.seq + 1),
                None => found(lines, Verdict::KeyWindow, entry.name, "retires a key that was not valid"),
            },
            _ => found(lines, Verdict::InvalidEntry, entry.name, "an unknown action on a key"),
        }
    }

    fn heartbeat(&mut self, entry: &Entry<'_>, body: &Heartbeat, lines: &mut Lines) {
        let Some(head) = &body.access else { return };
        if let Some((_, before)) = self.heartbeats.last()
            && before.size > head.size
        {
            let detail =
                format!("says that the access log has {} entries, an earlier one {}", head.size, before.size);
            found(lines, Verdict::Rollback, entry.name, detail);
        } else if let Some((seq, before)) = self.heartbeats.last()
            && before.size == head.size
            && before.root != head.root
        {
            let detail =
                format!("names another root of the access log at {} entries than entry {seq}", head.size);
            found(lines, Verdict::AnchorMismatch, entry.name, detail);
        }
        self.heartbeats.push((entry.seq, head.clone()));
    }

    fn snapshot(&mut self, entry: &Entry<'_>, body: &Snapshot, lines: &mut Lines) {
        let seq = entry.seq;
        if body.covers.0.checked_add(1) != Some(seq) {
            let detail = format!("covers entry {}, its own place is {seq}", body.covers);
            found(lines, Verdict::ChainBreak, entry.name, detail);
        }
        // With entries missing, batches are too: what the parts should be cannot be told.
        let parts = if self.gap { Vec::new() } else { snapshots::parts(self, seq) };
        if let Some(edge) = entry.edge.filter(|_| !self.gap)
            && !snapshots::fits(self, seq, entry.manifest, edge, &parts, body)
        {
            let detail = format!("{} is not the state of the log before it", body.head.path);
            found(lines, Verdict::AnchorMismatch, entry.name, detail);
        }
        self.follows(seq, &body.head.path, &body.head.sha256);
        for part in &parts {
            self.follows(seq, &part.path, &part.sha256);
        }
        self.snapshot = Some(seq);
    }

    fn batch(&mut self, entry: &Entry<'_>, batch: &Batch, lines: &mut Lines) {
        if batch.schema != self.schema {
            let detail = format!("rows of {}, the log's are of {}", batch.schema, self.schema);
            found(lines, Verdict::InvalidEntry, entry.name, detail);
        }
        let span = self.offsets(entry, batch, lines);
        messages(entry.name, batch, span, lines);
        records(entry.name, batch, lines);
        self.redaction(entry, batch, lines);
        self.retention(entry, batch, lines);
        for path in paths(batch) {
            self.path(entry, path, lines);
        }
        self.records = self.records.saturating_add(batch.counts.records.stored.0);
        self.batches.push(NamedBatch {
            seq: entry.seq,
            committed: entry.manifest.committed.clone(),
            batch: Box::new(batch.clone()),
        });
    }

    /// The offsets that the batch accounts for, and those of them in gaps. `None` if they overflow.
    fn offsets(&mut self, entry: &Entry<'_>, batch: &Batch, lines: &mut Lines) -> Option<(u64, u64)> {
        let (mut span, mut gaps) = (Some(0_u64), Some(0_u64));
        for range in &batch.offsets {
            let at = format!("{} partition {} of {}", range.topic, range.partition, range.source);
            if !self.sources.contains(&range.source) && !self.gap {
                found(
                    lines,
                    Verdict::InvalidEntry,
                    entry.name,
                    format!("{at}: the source was never onboarded"),
                );
            }
            let place = (range.source.clone(), range.topic.clone(), range.partition.0);
            let next = self.next.get(&place).copied().unwrap_or(0);
            let known = !self.gap || self.next.contains_key(&place);
            if known && range.first.0 > next {
                self.offsets_broken = true;
                let detail = format!("{at}: offsets {next} to {} are in no entry", range.first.0 - 1);
                found(lines, Verdict::OffsetGap, entry.name, detail);
            } else if known && range.first.0 < next {
                self.offsets_broken = true;
                let detail = format!(
                    "{at}: begins at offset {}, entries before it hold all up to {}",
                    range.first,
                    next - 1
                );
                found(lines, Verdict::OffsetOverlap, entry.name, detail);
            }
            match range.next.0.checked_sub(range.first.0) {
                Some(length) if length > 0 => span = span.and_then(|span| span.checked_add(length)),
                _ => found(lines, Verdict::CountMismatch, entry.name, format!("{at}: an empty range")),
            }
            self.topic_id(entry, &range.source, &range.topic, range.topic_id.as_ref(), lines);
            gaps = range.gaps.values().fold(gaps, |gaps, gap| gaps?.checked_add(gap.0));
            self.next.insert(place, range.next.0);
        }
        span.zip(gaps)
    }

    /// Offsets of one topic are not continued by another of the same name.
    fn topic_id(
        &mut self,
        entry: &Entry<'_>,
        source: &str,
        topic: &str,
        id: Option<&String>,
        lines: &mut Lines,
    ) {
        let Some(id) = id else { return };
        let known = self.topic_ids.entry((source.to_owned(), topic.to_owned())).or_insert_with(|| id.clone());
        if known != id {
            let detail = format!("{topic} of {source}: topic id {id}, entries before it have {known}");
            found(lines, Verdict::OffsetOverlap, entry.name, detail);
        }
    }

    fn redaction(&self, entry: &Entry<'_>, batch: &Batch, lines: &mut Lines) {
        match &batch.redaction {
            Some(redaction) if !self.policies.contains(&redaction.sha256) && !self.gap => {
                let detail = format!("redacted by policy {} that no entry before it names", redaction.policy);
                found(lines, Verdict::InvalidEntry, entry.name, detail);
            }
            None if !batch.files.is_empty() && self.schema.starts_with("event/") => {
                found(lines, Verdict::InvalidEntry, entry.name, "rows without the policy that redacted them");
            }
            _ => {}
        }
    }

    fn retention(&self, entry: &Entry<'_>, batch: &Batch, lines: &mut Lines) {
        let Some(until) = parse_time(&batch.retention.retain_until) else {
            return found(lines, Verdict::InvalidEntry, entry.name, "`retain_until` is no time");
        };
        let Some(committed) = parse_time(&entry.manifest.committed) else { return };
        let event_max = batch.files.iter().filter_map(|file| parse_time(file.event_max.as_deref()?)).max();
        let least = retain_until(committed, event_max, self.years);
        if until < least {
            let detail = format!(
                "kept until {}, class {} of {} years asks for {}",
                batch.retention.retain_until,
                batch.retention.class,
                self.years,
                format_time(least)
            );
            found(lines, Verdict::UnderRetained, entry.name, detail);
        }
    }

    fn path(&mut self, entry: &Entry<'_>, path: &str, lines: &mut Lines) {
        if let Some(seq) = self.named.insert(path.to_owned(), entry.seq) {
            let detail = format!("names {path}, which entry {seq} has named");
            found(lines, Verdict::ChainBreak, entry.name, detail);
        }
    }

    /// An object of its own.
    fn object(&mut self, entry: &Entry<'_>, object: &ObjectRef, lines: &mut Lines) {
        self.path(entry, &object.path, lines);
        self.objects.push(NamedObject { path: object.path.clone(), sha256: object.sha256.clone() });
    }

    /// When the newest entry before this one was committed.
    pub(super) fn committed_before(&self, seq: u64) -> i64 {
        self.committed.range(..seq).next_back().map_or(0, |(_, time)| *time)
    }

    /// Takes in an object that several snapshots may name: a head of the same state, a part of a full range.
    fn follows(&mut self, seq: u64, path: &str, sha256: &str) {
        if self.named.insert(path.to_owned(), seq).is_none() {
            self.objects.push(NamedObject { path: path.to_owned(), sha256: sha256.to_owned() });
        }
    }

    /// Takes in what an entry names that is not judged.
    pub(super) fn names_of(&mut self, seq: u64, body: &Body) {
        match body {
            Body::Batch(batch) => self.named.extend(paths(batch).map(|path| (path.to_owned(), seq))),
            Body::Policy(policy) => drop(self.named.insert(policy.object.path.clone(), seq)),
            Body::Snapshot(snapshot) => drop(self.named.insert(snapshot.head.path.clone(), seq)),
            _ => {}
        }
    }

    /// Whether an entry names the object.
    pub(super) fn names(&self, path: &str) -> bool {
        self.named.contains_key(path)
    }
}

/// Every path that a batch names.
fn paths(batch: &Batch) -> impl Iterator<Item = &str> {
    let files = batch.files.iter().flat_map(|file| [&file.path, &file.leaves.path]);
    let others = batch.quarantine.iter().map(|object| &object.path);
    files.chain(batch.detail.iter().map(|detail| &detail.path)).chain(others).map(String::as_str)
}

/// Offsets in the ranges = messages decoded + quarantined + skipped + gaps.
fn messages(name: &str, batch: &Batch, span: Option<(u64, u64)>, lines: &mut Lines) {
    let mut mismatch = |detail: String| found(lines, Verdict::CountMismatch, name, detail);
    let Some(messages) = &batch.counts.messages else {
        if !batch.offsets.is_empty() {
            mismatch("offsets without counts of messages".to_owned());
        }
        return;
    };
    let parts =
        [messages.decoded, messages.quarantined].into_iter().chain(messages.skipped.values().copied());
    let counted = sum(parts).zip(span);
    match counted.and_then(|(counted, (span, gaps))| Some((counted.checked_add(gaps)?, span))) {
        Some((counted, span)) if counted == span => {}
        Some((counted, span)) => {
            mismatch(format!(
                "{span} offsets, but {counted} messages decoded, quarantined, skipped and in gaps"
            ));
        }
        None => mismatch("counts of messages overflow".to_owned()),
    }
    let quarantined = sum(batch.quarantine.iter().map(|object| object.messages));
    if quarantined != Some(messages.quarantined.0) {
        mismatch("messages in the quarantine objects are not as many as were quarantined".to_owned());
    }
}

/// Records: rows of the files = stored; those in quarantine objects = quarantined.
fn records(name: &str, batch: &Batch, lines: &mut Lines) {
    let mut mismatch = |detail: String| found(lines, Verdict::CountMismatch, name, detail);
    let records = &batch.counts.records;
    match sum(batch.files.iter().map(|file| file.rows)) {
        Some(rows) if rows == records.stored.0 => {}
        rows => mismatch(format!("{} records stored, but {} rows", records.stored, rows.unwrap_or(u64::MAX))),
    }
    if records.repeated > records.stored {
        mismatch("more records repeated than stored".to_owned());
    }
    if sum(batch.quarantine.iter().map(|object| object.records)) != Some(records.quarantined.0) {
        mismatch("records in the quarantine objects are not as many as were quarantined".to_owned());
    }
}

fn sum(parts: impl Iterator<Item = Dec>) -> Option<u64> {
    parts.map(|part| part.0).try_fold(0_u64, u64::checked_add)
}

/// SHA-256 of a manifest field, as bytes. Malformed hex is a hash that nothing has.
pub(super) fn hash(hex: &str) -> Hash {
    let mut hash = [0; 32];
    match hex::decode_to_slice(hex, &mut hash) {
        Ok(()) if hex.bytes().all(|byte| !byte.is_ascii_uppercase()) => hash,
        _ => sha256(hex.as_bytes()),
    }
}
