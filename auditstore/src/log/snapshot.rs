//! Snapshots: the state of the log as objects, so that a start costs the same after six years as after a day.
//!
//! A `snapshot` entry names one head object; the head names parts, one for every 4,096 entries, with the batches
//! of that range. A range that is full never changes, so its part is written once. All are named by their
//! content, and a reader believes them because the entry that names the head is signed; `verify` computes them
//! again from the log ([`Replay::snapshot`]) and compares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use schemas::manifest::{
    Batch, Dec, FORMAT, MANIFEST_BYTES_MAX, Manifest, ObjectRef, PublicKey, Quarantine, Segment, Skipped,
    TreeHead,
};
use serde::{Deserialize, Serialize};

use super::replay::Replay;
use super::state::{KeyState, LiveSegment, State};
use super::validity::path_id;
use crate::canonical;
use crate::error::Error;
use crate::merkle::{Edge, Hash, sha256};
use crate::note::VerifyKey;
use crate::time::{format_time, parse_time};

/// Entries in one part.
pub const RANGE_ENTRIES: u64 = 4096;

/// The largest object of a snapshot, or policy, that is read, in bytes: what a part holds is smaller than the manifests of
/// its entries.
pub const SNAPSHOT_BYTES_MAX: u64 = RANGE_ENTRIES * MANIFEST_BYTES_MAX as u64;

/// The head object of a snapshot: the state without its batches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Head of the access log as the newest heartbeat names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<TreeHead>,
    /// Time of the newest entry that it covers.
    pub committed: String,
    /// Right edge of the tree, largest subtree first, hex.
    pub edge: Vec<String>,
    /// Era of the log.
    pub era: Dec,
    /// [`FORMAT`].
    pub format: String,
    /// Keys with the entries that they may sign.
    pub keys: Vec<HeadKey>,
    /// Next offsets, by source, topic, partition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<HeadNext>,
    /// Name of the log.
    pub origin: String,
    /// The parts that hold the batches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ObjectRef>,
    /// SHA-256 of the policies that batches may name.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub policies: BTreeSet<String>,
    /// Root of the tree of that size.
    pub root: String,
    /// Number of entries that it covers.
    pub size: Dec,
    /// Invalid objects at the end that no entry has listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
    /// Seq of the newest snapshot before this one.
    pub snapshot: Dec,
    /// Sources that were onboarded.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sources: BTreeSet<String>,
    /// UUIDs of topics, by source and topic.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<HeadTopic>,
}

/// A key in a [`Head`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadKey {
    /// First seq that it may sign.
    pub from: Dec,
    /// The key.
    pub key: PublicKey,
    /// First seq that it may no longer sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Dec>,
}

/// A next offset in a [`Head`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadNext {
    /// Offset of the next message to read.
    pub next: Dec,
    /// Kafka partition.
    pub partition: Dec,
    /// `<cluster id>/<epoch>`.
    pub source: String,
    /// Kafka topic.
    pub topic: String,
}

/// A topic's UUID in a [`Head`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadTopic {
    /// The source.
    pub source: String,
    /// Kafka topic.
    pub topic: String,
    /// Its UUID.
    pub topic_id: String,
}

/// The batches of one range of entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    batches: Vec<BatchPart>,
    /// First seq of the range.
    first: Dec,
}

/// What a snapshot keeps of one batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchPart {
    committed: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<ObjectRef>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    files: Vec<Segment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    policy: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    quarantine: Vec<Quarantine>,
    retain_until: String,
    schema: String,
    seq: Dec,
}

impl BatchPart {
    pub(super) fn new(seq: u64, manifest: &Manifest, batch: &Batch) -> BatchPart {
        BatchPart {
            committed: manifest.committed.clone(),
            detail: batch.detail.clone(),
            files: batch.files.clone(),
            policy: batch.redaction.as_ref().map(|redaction| redaction.sha256.clone()),
            quarantine: batch.quarantine.clone(),
            retain_until: batch.retention.retain_until.clone(),
            schema: batch.schema.clone(),
            seq: Dec(seq),
        }
    }

    fn paths(&self) -> impl Iterator<Item = &str> {
        let files = self.files.iter().flat_map(|file| [file.path.as_str(), file.leaves.path.as_str()]);
        let others = self.quarantine.iter().map(|object| object.path.as_str());
        files.chain(self.detail.iter().map(|detail| detail.path.as_str())).chain(others)
    }

    /// The segments of the batch. What is malformed was refused before it came here, by the validity function or
    /// by the hash of the part.
    pub(super) fn live_segments(&self) -> impl Iterator<Item = LiveSegment> {
        let time = |text: &Option<String>| text.as_deref().and_then(parse_time);
        self.files.iter().map(move |file| LiveSegment {
            seq: self.seq.0,
            path: file.path.clone(),
            bytes: file.bytes.0,
            sha256: hash(&file.sha256).unwrap_or_default(),
            rows: file.rows.0,
            root: hash(&file.root).unwrap_or_default(),
            leaves: file.leaves.clone(),
            detail: self.detail.clone(),
            event_min: time(&file.event_min),
            event_max: time(&file.event_max),
            committed: parse_time(&self.committed).unwrap_or_default(),
            schema: self.schema.clone(),
            policy: self.policy.clone(),
            retain_until: parse_time(&self.retain_until).unwrap_or_default(),
        })
    }
}

/// One range of entries during a replay.
#[derive(Clone, Debug)]
pub(crate) struct Range {
    pub(super) first: u64,
    /// Its batches; none if `part` is known.
    pub(super) batches: Vec<BatchPart>,
    /// Its part, once it is full and was written or read.
    part: Option<ObjectRef>,
}

impl Range {
    pub(super) fn new(first: u64) -> Range {
        Range { first, batches: Vec::new(), part: None }
    }
}

/// A snapshot as objects to write, or to compare with.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The head object's name and hash, for the entry.
    pub head: ObjectRef,
    /// Seq of the last entry that it covers.
    pub covers: u64,
    /// Path and bytes of every object that may not be there yet: parts first, the head last.
    pub objects: Vec<(String, Bytes)>,
}

fn object(bytes: Vec<u8>) -> (ObjectRef, Bytes) {
    let sha256 = hex::encode(sha256(&bytes));
    (ObjectRef { path: format!("snapshot/{sha256}.json"), sha256 }, Bytes::from(bytes))
}

fn hash(hex: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    hex::decode_to_slice(hex, &mut hash).ok().map(|()| hash)
}

impl Replay {
    /// The snapshot of the state as it is now. The same state always gives the same bytes.
    ///
    /// # Errors
    /// None that a valid log can cause; what is not canonical JSON is refused.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        let (mut parts, mut objects) = (Vec::new(), Vec::new());
        for range in &self.ranges {
            match &range.part {
                Some(part) => parts.push(part.clone()),
                None if range.batches.is_empty() => {}
                None => {
                    let part = Part { batches: range.batches.clone(), first: Dec(range.first) };
                    let (reference, bytes) = object(canonical::emit(&part)?);
                    objects.push((reference.path.clone(), bytes));
                    parts.push(reference);
                }
            }
        }
        let (head, bytes) = object(canonical::emit(&self.head(parts))?);
        objects.push((head.path.clone(), bytes));
        Ok(Snapshot { head, covers: self.state.size - 1, objects })
    }

    fn head(&self, parts: Vec<ObjectRef>) -> Head {
        let state = &self.state;
        let key = |key: &KeyState| HeadKey {
            from: Dec(key.from),
            key: key.key.public(),
            until: key.until.map(Dec),
        };
        let next = |((source, topic, partition), next): (&(String, String, u64), &u64)| HeadNext {
            next: Dec(*next),
            partition: Dec(*partition),
            source: source.clone(),
            topic: topic.clone(),
        };
        let topic = |((source, topic), id): (&(String, String), &String)| HeadTopic {
            source: source.clone(),
            topic: topic.clone(),
            topic_id: id.clone(),
        };
        Head {
            access: state.access.clone(),
            committed: format_time(state.committed),
            edge: state.edge.hashes().iter().map(hex::encode).collect(),
            era: Dec(state.era),
            format: FORMAT.to_owned(),
            keys: state.keys.iter().map(key).collect(),
            next: state.next.iter().map(next).collect(),
            origin: state.origin.clone(),
            parts,
            policies: state.policies.as_ref().clone(),
            root: hex::encode(state.root),
            size: Dec(state.size),
            skipped: state.pending.clone(),
            snapshot: Dec(state.snapshot.unwrap_or(0)),
            sources: state.sources.as_ref().clone(),
            topics: state.topic_ids.iter().map(topic).collect(),
        }
    }

    /// Remembers the parts of full ranges, so that they are not held in memory, nor written again.
    pub(super) fn snapshot_written(&mut self, snapshot: &Snapshot) {
        let full = self.ranges.len().saturating_sub(1);
        for range in &mut self.ranges[..full] {
            if range.part.is_none() && !range.batches.is_empty() {
                let part = Part { batches: std::mem::take(&mut range.batches), first: Dec(range.first) };
                match canonical::emit(&part) {
                    Ok(bytes) => range.part = Some(object(bytes).0),
                    Err(_) => range.batches = part.batches,
                }
            }
        }
        debug_assert!(snapshot.covers < self.state.size, "it was taken before its entry");
    }

    /// The state that a snapshot holds. `first` is the log at its first entry, `head` the bytes of the head
    /// object, `parts` those of the objects that it names, in order. Their hashes were checked.
    pub(super) fn from_snapshot(first: &Replay, head: &[u8], parts: &[Bytes]) -> Result<Replay, Error> {
        let refuse = |detail: &str| Error::invalid("snapshot", detail);
        let head: Head = read(head)?;
        let hashes: Option<Vec<Hash>> = head.edge.iter().map(|hex| hash(hex)).collect();
        let edge = hashes.and_then(|hashes| Edge::from_parts(head.size.0, hashes));
        let edge = edge.filter(|edge| hex::encode(edge.root()) == head.root);
        let edge = edge.ok_or_else(|| refuse("its right edge does not make its root"))?;
        let committed = parse_time(&head.committed).ok_or_else(|| refuse("`committed` is no time"))?;
        if head.format != FORMAT || head.origin != first.state.origin || head.era.0 != first.state.era {
            return Err(refuse("of another log, era or format"));
        }
        let mut keys = Vec::new();
        for key in &head.keys {
            let until = key.until.map(|seq| seq.0);
            keys.push(KeyState { key: VerifyKey::from_public(&key.key)?, from: key.from.0, until });
        }
        let root = edge.root();
        let place = |next: &HeadNext| (next.source.clone(), next.topic.clone(), next.partition.0);
        let next: BTreeMap<_, _> = head.next.iter().map(|next| (place(next), next.next.0)).collect();
        let topic_ids = head.topics.into_iter().map(|topic| ((topic.source, topic.topic), topic.topic_id));
        let state = State {
            size: head.size.0,
            root,
            edge,
            // Only sizes at which a valid entry stands are compared with other heads; see `pending`.
            signed: (head.size.0, root),
            keys: Arc::new(keys),
            sources: Arc::new(head.sources),
            next,
            topic_ids: Arc::new(topic_ids.collect()),
            policies: Arc::new(head.policies),
            committed,
            snapshot: Some(head.snapshot.0),
            access: head.access,
            pending: head.skipped,
            ..first.state.clone()
        };
        let mut replay = Replay { state, named: Default::default(), ranges: Vec::new() };
        replay.read_parts(&head.parts, parts)?;
        Ok(replay)
    }

    fn read_parts(&mut self, references: &[ObjectRef], parts: &[Bytes]) -> Result<(), Error> {
        let open = self.state.size - self.state.size % RANGE_ENTRIES;
        let mut segments = Vec::new();
        for (reference, bytes) in references.iter().zip(parts) {
            let part: Part = read(bytes)?;
            for batch in &part.batches {
                self.named.extend(batch.paths().map(path_id));
                segments.extend(batch.live_segments().map(Arc::new));
            }
            self.ranges.push(if part.first.0 == open {
                Range { first: open, batches: part.batches, part: None }
            } else {
                Range { first: part.first.0, batches: Vec::new(), part: Some(reference.clone()) }
            });
        }
        if self.ranges.last().is_none_or(|range| range.first != open) {
            self.ranges.push(Range::new(open));
        }
        self.state.segments = Arc::new(segments);
        Ok(())
    }
}

pub(super) fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    canonical::check(bytes)?;
    serde_json::from_slice(bytes).map_err(|error| {
        Error::invalid("snapshot", format!("misses or mistypes a field, column {}", error.column()))
    })
}
