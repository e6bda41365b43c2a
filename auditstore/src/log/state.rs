//! What a log says at some size: the result of replaying its entries.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemas::manifest::{Dec, ObjectRef, PublicKey, RetentionClass, Skipped, TreeHead};

use crate::merkle::{Edge, Hash};
use crate::note::VerifyKey;

/// A partition of a source: (`<cluster id>/<epoch>`, topic, partition).
pub type PartitionKey = (String, String, u64);

/// The state of a log after its first `size` entries. Cheap to clone: the long lists are shared.
#[derive(Clone, Debug)]
pub struct State {
    /// Name of the log, which is also the name of its writer keys.
    pub origin: String,
    /// Era, from 1.
    pub era: u64,
    /// Schema of the rows: `event/1` or `access/1`.
    pub schema: String,
    /// Retention class of new batches.
    pub retention: RetentionClass,
    /// Key of the lake's other log (the access log for the event log and the reverse).
    pub peer: Option<PublicKey>,
    /// Number of entries, invalid ones included.
    pub size: u64,
    /// Root of the tree of that size.
    pub root: Hash,
    /// Right edge of that tree.
    pub edge: Edge,
    /// Size and root after the newest valid entry, which has signed them.
    pub signed: (u64, Hash),
    /// Keys that are or were valid.
    pub keys: Arc<Vec<KeyState>>,
    /// Sources that were onboarded.
    pub sources: Arc<BTreeSet<String>>,
    /// Next offset to read, by partition; a partition that is not there begins at 0.
    pub next: BTreeMap<PartitionKey, u64>,
    /// UUID of each (source, topic) whose broker gave one.
    pub topic_ids: Arc<BTreeMap<(String, String), String>>,
    /// SHA-256 (hex) of the redaction policies that batches may name.
    pub policies: Arc<BTreeSet<String>>,
    /// Segments that are there to be read, in log order.
    pub segments: Arc<Vec<Arc<LiveSegment>>>,
    /// Time of the newest valid entry, microseconds.
    pub committed: i64,
    /// Seq of the newest snapshot entry; entry 0 counts as one.
    pub snapshot: Option<u64>,
    /// Head of the access log as the newest heartbeat names it.
    pub access: Option<TreeHead>,
    /// Invalid objects at the end of the log that no entry has listed yet.
    pub pending: Vec<Skipped>,
}

/// A key with the entries that it may sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyState {
    /// The key.
    pub key: VerifyKey,
    /// First seq that it may sign.
    pub from: u64,
    /// First seq that it may no longer sign.
    pub until: Option<u64>,
}

/// One segment that is there to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveSegment {
    /// Seq of the entry that committed it.
    pub seq: u64,
    /// Path from the lake's root.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// Number of rows.
    pub rows: u64,
    /// Root of the tree of its rows.
    pub root: Hash,
    /// Its leaf hashes.
    pub leaves: ObjectRef,
    /// Block hashes and statistics of the batch's segments.
    pub detail: Option<ObjectRef>,
    /// Earliest event time, microseconds.
    pub event_min: Option<i64>,
    /// Latest event time, microseconds.
    pub event_max: Option<i64>,
    /// When its entry was committed, microseconds.
    pub committed: i64,
    /// Schema of its rows.
    pub schema: String,
    /// SHA-256 (hex) of the policy that redacted it.
    pub policy: Option<String>,
    /// Kept at least until then, microseconds.
    pub retain_until: i64,
}

impl State {
    /// Size and root, as another log's heartbeat names them.
    pub fn tree_head(&self) -> TreeHead {
        TreeHead { size: Dec(self.size), root: hex::encode(self.root) }
    }

    /// The next offset of a partition.
    pub fn next_offset(&self, source: &str, topic: &str, partition: u64) -> u64 {
        self.next.get(&(source.to_owned(), topic.to_owned(), partition)).copied().unwrap_or(0)
    }

    /// The UUID that a topic of a source had when its offsets were taken, if the broker gave one.
    pub fn topic_id(&self, source: &str, topic: &str) -> Option<&str> {
        self.topic_ids.get(&(source.to_owned(), topic.to_owned())).map(String::as_str)
    }

    /// The keys that may sign the entry with this seq.
    pub fn keys_at(&self, seq: u64) -> Vec<VerifyKey> {
        let valid = |key: &&KeyState| key.from <= seq && key.until.is_none_or(|until| seq < until);
        self.keys.iter().filter(valid).map(|key| key.key.clone()).collect()
    }
}
