//! From objects to state: judges each object of the log in order and takes in what it says.
//!
//! An object that is no valid entry becomes a leaf of its own and has no effect: whoever can write to the store
//! can add noise and nothing more. One thing stops everything: an entry that is rightly signed and whose root
//! does not fit, since then the signer has told two histories.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use schemas::manifest::{Batch, Body, Dec, FORMAT, Init, Key, Manifest, Skipped, VALIDITY};
use schemas::verdict::Verdict;
use serde_json::Value;

use super::entry::{Entry, Parts, entry, entry_path, invalid_leaf, note_origin, split};
use super::snapshot::{BatchPart, Range};
use super::state::{KeyState, LiveSegment, State};
use super::validity::{self, PathId, path_id};
use crate::canonical;
use crate::error::Error;
use crate::merkle::{Edge, Hash, leaf_hash, sha256};
use crate::note::{Head, NoteError, VerifyKey};
use crate::store::Fetched;
use crate::time::parse_time;

/// Kinds that this program knows; an object of one of them that cannot be read is invalid, one of another kind
/// is newer.
const KINDS: [&str; 8] = ["init", "source", "batch", "heartbeat", "snapshot", "policy", "key", "adopt"];

/// What became of an object of the log.
#[derive(Clone, Debug)]
pub enum Applied {
    /// A valid entry.
    Entry(Box<Entry>),
    /// No valid entry.
    Invalid(Skip),
}

/// An object of the log that is no valid entry.
#[derive(Clone, Debug)]
pub struct Skip {
    /// Its seq.
    pub seq: u64,
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// Its leaf hash.
    pub leaf: Hash,
    /// Why.
    pub why: Invalidity,
}

/// Why an object is no valid entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalidity {
    /// [`Verdict::InvalidEntry`], [`Verdict::BadSig`], [`Verdict::UnknownKey`] or [`Verdict::KeyWindow`].
    pub verdict: Verdict,
    /// What was expected. Nothing of the object itself but paths and numbers.
    pub detail: String,
}

fn invalid(detail: impl Into<String>) -> Invalidity {
    Invalidity { verdict: Verdict::InvalidEntry, detail: detail.into() }
}

/// A log that is being read from its beginning, or from a snapshot.
#[derive(Clone, Debug)]
pub struct Replay {
    pub(super) state: State,
    /// Paths that batches have named.
    pub(super) named: HashSet<PathId>,
    /// What snapshots hold of the batches, by ranges of entries.
    pub(super) ranges: Vec<Range>,
}

/// An entry that may be taken in.
pub(super) struct Judged {
    entry: Entry,
    edge: Edge,
    root: Hash,
}

impl Replay {
    /// Begins a log with the object of entry 0.
    ///
    /// # Errors
    /// [`Error::NewerFormat`], or [`Error::Invalid`]: there is no lake without its first entry.
    pub fn start(object: &Bytes) -> Result<Replay, Error> {
        let name = entry_path(1, 0);
        let refuse = |detail: String| Error::invalid(name.as_str(), detail);
        let parts = split(object).map_err(refuse)?;
        let manifest = parse(0, &parts.manifest_bytes)?.map_err(|why| refuse(why.detail))?;
        let Some(Body::Init(init)) = manifest.as_ref().map(|manifest| &manifest.body) else {
            return Err(refuse("the first entry is no init".into()));
        };
        let (init, manifest) =
            (init.clone(), manifest.clone().unwrap_or_else(|| unreachable!("it has a body")));
        let keys: Vec<VerifyKey> = init
            .keys
            .iter()
            .map(VerifyKey::from_public)
            .collect::<Result<_, _>>()
            .map_err(|e| refuse(e.to_string()))?;
        let verified = parts.note.verify(&keys).map_err(|error| refuse(error.to_string()))?;
        let signed_by: Vec<_> = verified.iter().map(|at| keys[*at].clone()).collect();
        validity::init(&manifest, &init, &signed_by).map_err(refuse)?;
        let mut edge = Edge::default();
        edge.push(leaf_hash(&parts.manifest_bytes));
        let expected = Head { origin: note_origin(&manifest.origin), size: 1, root: edge.root() };
        if Head::parse_exact(&parts.note.text).as_ref() != Some(&expected) {
            return Err(refuse("what it signs is not the tree of itself alone".into()));
        }
        Ok(Replay {
            state: first_state(&manifest, init, keys, edge),
            named: HashSet::new(),
            ranges: vec![Range::new(0)],
        })
    }

    /// What the log says so far.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Path of the next object.
    pub fn next_path(&self) -> String {
        entry_path(self.state.era, self.state.size)
    }

    /// Takes in the next object of the log.
    ///
    /// # Errors
    /// [`Error::Fork`], or [`Error::NewerFormat`] if a rightly signed entry asks for a newer program. Nothing
    /// was taken in then.
    pub fn apply(&mut self, object: &Fetched) -> Result<Applied, Error> {
        let (hash, judged) = match object {
            Fetched::Whole(bytes) => (sha256(bytes), self.judge(bytes)?),
            Fetched::TooLarge(hash, size) => (*hash, Err(invalid(format!("has {size} bytes")))),
        };
        match judged {
            Ok(judged) => Ok(Applied::Entry(Box::new(self.take(judged)))),
            Err(why) => Ok(Applied::Invalid(self.skip(hash, why))),
        }
    }

    /// Judges an object in the place of the next entry, without taking it in.
    pub(super) fn judge(&self, object: &Bytes) -> Result<Result<Judged, Invalidity>, Error> {
        let seq = self.state.size;
        let parts = match split(object) {
            Ok(parts) => parts,
            Err(detail) => return Ok(Err(invalid(detail))),
        };
        let signed_by = match self.signed_by(&parts) {
            Ok(keys) => keys,
            Err(why) => return Ok(Err(why)),
        };
        let mut edge = self.state.edge.clone();
        edge.push(leaf_hash(&parts.manifest_bytes));
        let root = edge.root();
        let expected = Head { origin: note_origin(&self.state.origin), size: seq + 1, root };
        match Head::parse_exact(&parts.note.text) {
            Some(head) if head == expected => {}
            Some(head) if head.origin == expected.origin => {
                let detail =
                    format!("it signs another tree of size {} than the entries up to it make", head.size);
                return Err(Error::Fork { object: self.next_path(), detail });
            }
            _ => return Ok(Err(invalid("what is signed is no head of this log's entries"))),
        }
        let manifest = match parse(seq, &parts.manifest_bytes)? {
            Ok(manifest) => manifest,
            Err(why) => return Ok(Err(why)),
        };
        if let Some(manifest) = &manifest
            && let Err(detail) = validity::check(&self.state, &self.named, manifest, &signed_by)
        {
            return Ok(Err(invalid(detail)));
        }
        Ok(Ok(Judged { entry: entry(seq, object, parts, manifest), edge, root }))
    }

    /// The keys whose signatures on the note verify: at least one that may sign this entry. A key that the entry
    /// itself adds is among them.
    fn signed_by(&self, parts: &Parts) -> Result<Vec<VerifyKey>, Invalidity> {
        let seq = self.state.size;
        let mut keys: Vec<VerifyKey> = self.state.keys.iter().map(|key| key.key.clone()).collect();
        if let Some(added) = added_key(&parts.manifest_bytes)
            && !keys.contains(&added)
        {
            keys.push(added);
        }
        let verified = parts.note.verify(&keys).map_err(|error| Invalidity {
            verdict: if matches!(error, NoteError::BadSignature(_)) {
                Verdict::BadSig
            } else {
                Verdict::InvalidEntry
            },
            detail: error.to_string(),
        })?;
        let signed_by: Vec<_> = verified.into_iter().map(|at| keys[at].clone()).collect();
        let valid = self.state.keys_at(seq);
        if signed_by.iter().any(|key| valid.contains(key)) {
            return Ok(signed_by);
        }
        let known = self.state.keys.iter().any(|state| signed_by.contains(&state.key));
        let (verdict, detail) = if known {
            (Verdict::KeyWindow, "signed by a key that is not valid for this entry")
        } else {
            (Verdict::UnknownKey, "not signed by a key of this log")
        };
        Err(Invalidity { verdict, detail: detail.to_owned() })
    }

    fn skip(&mut self, hash: Hash, why: Invalidity) -> Skip {
        let seq = self.state.size;
        let leaf = leaf_hash(&invalid_leaf(&hash));
        self.state.edge.push(leaf);
        self.state.root = self.state.edge.root();
        self.state.size += 1;
        self.state.pending.push(Skipped { seq: Dec(seq), sha256: hex::encode(hash) });
        self.grow_ranges();
        Skip { seq, sha256: hash, leaf, why }
    }

    pub(super) fn take(&mut self, judged: Judged) -> Entry {
        let Judged { entry, edge, root } = judged;
        let state = &mut self.state;
        (state.edge, state.root, state.size) = (edge, root, entry.seq + 1);
        state.signed = (state.size, root);
        state.pending.clear();
        if let Some(manifest) = &entry.manifest {
            // The validity function has read it as a time.
            state.committed = parse_time(&manifest.committed).unwrap_or(state.committed);
            self.effect(entry.seq, manifest);
        }
        self.grow_ranges();
        entry
    }

    fn effect(&mut self, seq: u64, manifest: &Manifest) {
        let state = &mut self.state;
        match &manifest.body {
            Body::Source(body) => {
                Arc::make_mut(&mut state.sources).insert(body.source.clone());
                for start in &body.starts {
                    let place = (body.source.clone(), start.topic.clone(), start.partition.0);
                    state.next.insert(place, start.first.0);
                    note_topic_id(state, &body.source, &start.topic, start.topic_id.as_deref());
                }
            }
            Body::Batch(body) => self.batch(seq, manifest, body),
            Body::Heartbeat(body) => state.access = body.access.clone().or(state.access.take()),
            Body::Snapshot(_) => state.snapshot = Some(seq),
            Body::Policy(body) => {
                Arc::make_mut(&mut state.policies).insert(body.object.sha256.clone());
            }
            Body::Key(body) => key(state, seq, body),
            Body::Init(_) | Body::Adopt(_) => {}
        }
    }

    fn batch(&mut self, seq: u64, manifest: &Manifest, body: &Batch) {
        self.named.extend(validity::paths(body).map(path_id));
        for range in &body.offsets {
            let place = (range.source.clone(), range.topic.clone(), range.partition.0);
            self.state.next.insert(place, range.next.0);
            note_topic_id(&mut self.state, &range.source, &range.topic, range.topic_id.as_deref());
        }
        let part = BatchPart::new(seq, manifest, body);
        let segments = Arc::make_mut(&mut self.state.segments);
        segments.extend(part.live_segments().map(Arc::new));
        if let Some(range) = self.ranges.last_mut() {
            range.batches.push(part);
        }
    }

    fn grow_ranges(&mut self) {
        let first = self.state.size - self.state.size % super::snapshot::RANGE_ENTRIES;
        if self.ranges.last().is_none_or(|range| range.first != first) {
            self.ranges.push(Range::new(first));
        }
    }
}

fn first_state(manifest: &Manifest, init: Init, keys: Vec<VerifyKey>, edge: Edge) -> State {
    let root = edge.root();
    let keys = keys.into_iter().map(|key| KeyState { key, from: 0, until: None }).collect();
    State {
        origin: manifest.origin.clone(),
        era: manifest.era.0,
        schema: init.schema,
        retention: init.retention,
        peer: init.peer,
        size: 1,
        root,
        edge,
        signed: (1, root),
        keys: Arc::new(keys),
        sources: Arc::new(BTreeSet::new()),
        next: Default::default(),
        topic_ids: Default::default(),
        policies: Arc::new(BTreeSet::new()),
        segments: Arc::new(Vec::<Arc<LiveSegment>>::new()),
        committed: parse_time(&manifest.committed).unwrap_or_default(),
        snapshot: Some(0),
        access: None,
        pending: Vec::new(),
    }
}

/// Remembers a topic's UUID, once.
fn note_topic_id(state: &mut State, source: &str, topic: &str, id: Option<&str>) {
    if let Some(id) = id.filter(|_| state.topic_id(source, topic).is_none()) {
        let ids = Arc::make_mut(&mut state.topic_ids);
        ids.insert((source.to_owned(), topic.to_owned()), id.to_owned());
    }
}

fn key(state: &mut State, seq: u64, body: &Key) {
    // The validity function has read it as a key.
    let Ok(key) = VerifyKey::from_public(&body.key) else { return };
    let keys = Arc::make_mut(&mut state.keys);
    if body.action == "add" {
        keys.push(KeyState { key, from: seq + 1, until: None });
    } else if let Some(known) = keys.iter_mut().find(|known| known.key == key) {
        known.until = Some(seq + 1);
    }
}

/// The key that a manifest claims to add, before anything in it is believed.
fn added_key(manifest_bytes: &Bytes) -> Option<VerifyKey> {
    canonical::check(manifest_bytes).ok()?;
    let manifest: Manifest = serde_json::from_slice(manifest_bytes).ok()?;
    match manifest.body {
        Body::Key(body) if body.action == "add" => VerifyKey::from_public(&body.key).ok(),
        _ => None,
    }
}

/// Reads the manifest of a rightly signed entry (or of entry 0): `Ok(Ok(None))` is a kind that is newer than this
/// program and says that it may be passed over.
fn parse(seq: u64, bytes: &Bytes) -> Result<Result<Option<Manifest>, Invalidity>, Error> {
    if let Err(error) = canonical::check(bytes) {
        return Ok(Err(invalid(error.to_string())));
    }
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        return Ok(Err(invalid("the manifest is no JSON")));
    };
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let newer = |found: String, known: String| {
        let object = entry_path(1, seq);
        Err(Error::NewerFormat { object, found, known })
    };
    match text("format") {
        Some(FORMAT) => {}
        Some(format) if format.starts_with("sealake/") => {
            return newer(format!("format {}", short(format)), format!("format {FORMAT}"));
        }
        _ => return Ok(Err(invalid("`format` is not sealake's"))),
    }
    match text("validity").and_then(|version| version.parse::<u64>().ok()) {
        Some(VALIDITY) => {}
        Some(version) if version > VALIDITY => {
            return newer(format!("validity version {version}"), format!("validity version {VALIDITY}"));
        }
        _ => return Ok(Err(invalid("`validity` is no version"))),
    }
    let Some(kind) = text("kind") else { return Ok(Err(invalid("no `kind`"))) };
    if !KINDS.contains(&kind) {
        if value.get("critical").and_then(Value::as_bool) == Some(true) {
            return newer(format!("kind {}", short(kind)), format!("kinds {}", KINDS.join(", ")));
        }
        return Ok(Ok(None));
    }
    match serde_json::from_slice(bytes) {
        Ok(manifest) => Ok(Ok(Some(manifest))),
        Err(error) => {
            Ok(Err(invalid(format!("the manifest misses or mistypes a field, column {}", error.column()))))
        }
    }
}

/// A word of an object for an error message: short, and nothing that a terminal could take for a command.
fn short(word: &str) -> String {
    word.chars().filter(|char| char.is_ascii_graphic()).take(40).collect()
}
