//! The log manifest: what one entry of the log says, as canonical JSON on one line (RFC 8785).
//!
//! Every integer is a decimal string, there are no floats; what is absent is left out, never null and never
//! empty. Nothing that identifies a person stands here, because the log is never deleted.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The format of the lake on disk. A reader refuses any other, naming both.
pub const FORMAT: &str = "sealake/1";

/// The version of the function that says whether an entry is valid.
pub const VALIDITY: u64 = 1;

/// The largest manifest in bytes, without its newline, so that it fits a tlog-tiles entry bundle (C2SP).
pub const MANIFEST_BYTES_MAX: usize = 65_535;

/// An integer as manifests carry it: a decimal string without sign or leading zeros, so that no JSON reader
/// rounds it to a double.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dec(pub u64);

impl From<u64> for Dec {
    fn from(int: u64) -> Dec {
        Dec(int)
    }
}

impl fmt::Display for Dec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Dec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Dec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Dec, D::Error> {
        let text = String::deserialize(deserializer)?;
        let int = text.parse::<u64>().map_err(|_| D::Error::custom("expected a decimal string"))?;
        if int.to_string() != text {
            return Err(D::Error::custom("expected a decimal string without sign or leading zeros"));
        }
        Ok(Dec(int))
    }
}

/// One entry's manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always [`FORMAT`].
    pub format: String,
    /// The validity function that applies.
    pub validity: Dec,
    /// Name of the log, which is also the name of its writer key.
    pub origin: String,
    /// Era of the log, from 1.
    pub era: Dec,
    /// Position in the log, from 0.
    pub seq: Dec,
    /// When it was committed, `2026-11-21T03:54:13.000000Z`.
    pub committed: String,
    /// Who wrote it.
    pub writer: Writer,
    /// Seq of the newest snapshot entry before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Dec>,
    /// Objects in the log before this entry that were judged invalid and not listed yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
    /// What the entry says, by `kind`.
    #[serde(flatten)]
    pub body: Body,
}

/// Which process wrote an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Writer {
    /// Name of the process's instance, from its configuration.
    pub instance: String,
    /// SHA-256 of the program, lower-case hex.
    pub build: String,
}

/// An object in the log that is no valid entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Skipped {
    /// Its seq.
    pub seq: Dec,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Body {
    /// Entry 0: the lake exists.
    Init(Init),
    /// Offsets of a Kafka cluster and epoch may be committed from here on.
    Source(Source),
    /// A batch of events, or of access records.
    Batch(Box<Batch>),
    /// Nothing new, and that is signed: the writer is alive and the log was this long.
    Heartbeat(Heartbeat),
    /// A head object that lets readers start here.
    Snapshot(Snapshot),
    /// A redaction policy before its first use.
    Policy(Policy),
    /// A key is added or retired.
    Key(Key),
    /// The writer lost its state file and takes the head it finds.
    Adopt(Adopt),
}

/// Entry 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Init {
    /// Schema of the rows that this log's batches hold: `event/1` or `access/1`.
    pub schema: String,
    /// Keys valid from the start.
    pub keys: Vec<PublicKey>,
    /// Origin of the other log of the lake (access for events and the reverse).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<PublicKey>,
    /// Retention that applies unless a batch says otherwise.
    pub retention: RetentionClass,
}

/// A class of retention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetentionClass {
    /// Name, such as `hipaa-6y`.
    pub class: String,
    /// Calendar years.
    pub years: Dec,
}

/// A verification key (C2SP signed-note).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublicKey {
    /// Key id: 8 lower-case hex digits.
    pub id: String,
    /// Key name, the origin.
    pub name: String,
    /// Ed25519 public key, 32 bytes in base64.
    pub public: String,
}

/// Onboards a Kafka cluster and epoch, or one topic of it that was made anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// `<cluster id>/<epoch>`, or `<cluster id>/<epoch>/<topic id>`.
    pub source: String,
    /// First offsets to read, where they are not 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts: Vec<Start>,
}

/// The offset at which a partition is begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Kafka topic.
    pub topic: String,
    /// Kafka partition.
    pub partition: Dec,
    /// Offset of the first message to read.
    pub first: Dec,
    /// The topic's UUID, where the broker gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic_id: Option<String>,
}

/// A batch of rows with the offsets that they came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Ranges of offsets, by source, topic, partition. None in an access log.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offsets: Vec<OffsetRange>,
    /// The two equations: messages and records.
    pub counts: Counts,
    /// Block hashes and statistics of the segments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<ObjectRef>,
    /// Segments, by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Segment>,
    /// Quarantine objects, by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quarantine: Vec<Quarantine>,
    /// The policy that redacted the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redaction: Option<Redaction>,
    /// How long the objects of the batch are kept.
    pub retention: Retention,
    /// Schema of the rows.
    pub schema: String,
}

/// `[first, next)` of one partition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OffsetRange {
    /// The source, as its entry names it.
    pub source: String,
    /// Kafka topic.
    pub topic: String,
    /// Kafka partition.
    pub partition: Dec,
    /// First offset of the range: always the lake's next offset.
    pub first: Dec,
    /// Offset after the range.
    pub next: Dec,
    /// Offsets inside the range that gave no message, by reason (`expired`, `not_delivered`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub gaps: BTreeMap<String, Dec>,
    /// Leader epoch of the last message, where the broker gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leader_epoch: Option<Dec>,
    /// The topic's UUID as Kafka prints it (22 characters of URL-safe base64), where the broker gives one. All ranges
    /// of a source and topic name the same one: a topic that was made anew is a source of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic_id: Option<String>,
}

/// Offsets in the ranges = decoded + quarantined + skipped + gaps; records in the decoded messages = stored +
/// quarantined + skipped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Kafka messages. None in an access log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Messages>,
    /// Records inside the decoded messages.
    pub records: Records,
}

/// What became of Kafka messages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Messages {
    /// Messages that were decoded.
    pub decoded: Dec,
    /// Messages that went to quarantine whole.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub quarantined: Dec,
    /// Messages that hold nothing to decode, by reason (`tombstone`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skipped: BTreeMap<String, Dec>,
}

/// What became of the records in decoded messages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Records {
    /// Rows of the segments.
    pub stored: Dec,
    /// Records that went to quarantine.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub quarantined: Dec,
    /// Stored rows whose `event_id` stands before them in the same batch.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub repeated: Dec,
    /// Records that are no audit event, by reason (`not_ai`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skipped: BTreeMap<String, Dec>,
}

/// A named object and its hash.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObjectRef {
    /// Path from the lake's root.
    pub path: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
}

/// One Parquet file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Path from the lake's root.
    pub path: String,
    /// Size in bytes.
    pub bytes: Dec,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// Number of rows.
    pub rows: Dec,
    /// Root of the Merkle tree over its rows (RFC 6962), lower-case hex.
    pub root: String,
    /// The 32-byte leaf hashes of the rows, in order.
    pub leaves: ObjectRef,
    /// Earliest event time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_min: Option<String>,
    /// Latest event time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_max: Option<String>,
}

/// What a batch could not decode or redact, encrypted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Quarantine {
    /// Path from the lake's root.
    pub path: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// Whole messages in it.
    pub messages: Dec,
    /// Single records in it.
    pub records: Dec,
    /// How many of each reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<String, Dec>,
}

/// Which policy redacted a batch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Redaction {
    /// Version of the redaction engine.
    pub engine: String,
    /// Findings by category.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub findings: BTreeMap<String, Dec>,
    /// Name of the policy.
    pub policy: String,
    /// SHA-256 of the policy's bytes, lower-case hex.
    pub sha256: String,
    /// Version that the policy states.
    pub version: String,
}

/// How long objects are kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Retention {
    /// Class, such as `hipaa-6y`.
    pub class: String,
    /// The objects of the batch are kept at least until then.
    pub retain_until: String,
}

/// A sign of life.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// Size and root of the access log, so that it cannot be rewound alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<TreeHead>,
    /// Kafka's end offsets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<End>,
}

/// Size and root of a log.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TreeHead {
    /// Number of entries.
    pub size: Dec,
    /// Root, lower-case hex.
    pub root: String,
}

/// Kafka's end of a partition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct End {
    /// `<cluster id>/<epoch>`.
    pub source: String,
    /// Kafka topic.
    pub topic: String,
    /// Kafka partition.
    pub partition: Dec,
    /// Offset after its last message.
    pub end: Dec,
}

/// A vouched-for state of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The head object.
    pub head: ObjectRef,
    /// Seq of the last entry that it covers.
    pub covers: Dec,
}

/// A redaction policy comes into use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Name of the policy.
    pub name: String,
    /// Version that it states.
    pub version: String,
    /// Its bytes, `policy/<sha256>.toml`.
    pub object: ObjectRef,
}

/// A key is added (signed by the old and the new one) or retired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// `add` or `retire`.
    pub action: String,
    /// The key.
    pub key: PublicKey,
}

/// The writer takes the head it finds without a state file to compare it with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adopt {
    /// Size and root that were found.
    pub head: TreeHead,
}

fn is_zero(int: &Dec) -> bool {
    int.0 == 0
}
