//! The walk over a log from entry 0: every signature, every root, every leaf, in the order of the entries.
//!
//! An entry that is not sound leaves a question: does the history count it (its note was changed afterwards) or
//! not (it never was valid, and stands in the tree as `sealake invalid entry`)? The next root that is rightly
//! signed answers it, so until then both are followed. When neither fits, roots cannot be computed any further;
//! signatures, manifests and objects of what follows are still checked.

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use futures::{StreamExt, stream};
use schemas::manifest::{Body, FORMAT, MANIFEST_BYTES_MAX, Manifest, PublicKey, Skipped, VALIDITY};
use schemas::verdict::Verdict;
use serde_json::Value;

use super::report::{Line, Lines, Phase, Progress, found};
use super::rules::Rules;
use crate::Error;
use crate::merkle::{Edge, Hash, leaf_hash, sha256};
use crate::note::{Head, Note, NoteError, VerifyKey};
use crate::store::{Fetched, Store};

/// Entries that are fetched ahead.
const AHEAD: usize = 16;

/// The largest object that can be an entry, in bytes.
const ENTRY_BYTES_MAX: u64 = 1 << 20;

/// Histories that are followed at once while entries that are not sound await judgement.
const CANDIDATES_MAX: usize = 16;

/// A key and the entries it may sign.
#[derive(Clone, Debug)]
pub(super) struct Window {
    pub(super) key: VerifyKey,
    pub(super) from: u64,
    pub(super) until: Option<u64>,
}

impl Window {
    pub(super) fn holds(&self, seq: u64) -> bool {
        self.from <= seq && self.until.is_none_or(|until| seq < until)
    }
}

/// A history that the signed roots so far allow.
#[derive(Clone)]
struct Candidate {
    edge: Edge,
    invalid: Vec<u64>,
}

/// An entry that is not sound and awaits the next signed root.
struct Unsettled {
    seq: u64,
    sha256: Hash,
    manifest: Option<Manifest>,
    signed_by: Vec<VerifyKey>,
    line: usize,
}

/// One log while and after it was walked.
pub(super) struct Log {
    pub(super) store: Store,
    /// `""`, or the folder of the access log.
    pub(super) folder: &'static str,
    pub(super) lines: Lines,
    pub(super) rules: Rules,
    /// Number of entries up to the first one that is not there, or the last one behind it that is rightly signed.
    pub(super) size: u64,
    /// By size: the root that the entry before it rightly signs.
    pub(super) roots: HashMap<u64, Hash>,
    /// Which keys signed the first and the newest sound entry.
    pub(super) first_signers: Vec<VerifyKey>,
    pub(super) newest_signers: Vec<VerifyKey>,
    /// The first entry's manifest.
    pub(super) first_manifest: Option<Manifest>,
    /// Entries that were read, and their bytes.
    pub(super) entries: u64,
    pub(super) bytes: u64,
    present: BTreeSet<u64>,
    strays: Vec<String>,
    candidates: Vec<Candidate>,
    /// Right edge of the tree before the entry whose effects are taken in, if it could be computed.
    edge_before: Option<Edge>,
    unsettled: Vec<Unsettled>,
    progress: Option<Progress>,
}

/// What an object in the log turns out to be.
enum Judged {
    Signed { manifest: Result<Option<Manifest>, String>, leaf: Hash, head: Head, signed_by: Vec<VerifyKey> },
    Unsound { verdict: Verdict, detail: String, manifest: Option<Manifest>, leaf: Option<Hash> },
}

impl Log {
    pub(super) fn new(
        store: Store,
        folder: &'static str,
        listed: &HashMap<String, u64>,
        progress: Option<Progress>,
    ) -> Log {
        let (mut present, mut strays) = (BTreeSet::new(), Vec::new());
        let prefix = if folder.is_empty() { "log/".to_owned() } else { format!("{folder}/log/") };
        for path in listed.keys() {
            let Some(name) = path.strip_prefix(&prefix) else { continue };
            match entry_seq(name) {
                Some(seq) => drop(present.insert(seq)),
                None if is_derived(name) => {}
                None => strays.push(path.clone()),
            }
        }
        strays.sort_unstable();
        Log {
            store,
            folder,
            lines: Vec::new(),
            rules: Rules::default(),
            size: 0,
            roots: HashMap::from([(0, sha256(b""))]),
            first_signers: Vec::new(),
            newest_signers: Vec::new(),
            first_manifest: None,
            entries: 0,
            bytes: 0,
            present,
            strays,
            candidates: vec![Candidate { edge: Edge::default(), invalid: Vec::new() }],
            edge_before: None,
            unsettled: Vec::new(),
            progress,
        }
    }

    /// The path of an object from the lake's root.
    pub(super) fn name(&self, path: &str) -> String {
        if self.folder.is_empty() { path.to_owned() } else { format!("{}/{path}", self.folder) }
    }

    fn found(&mut self, seq: u64, verdict: Verdict, detail: String) {
        let object = self.entry_name(seq);
        found(&mut self.lines, verdict, object, detail);
    }

    /// The name of an entry's object.
    pub(super) fn entry_name(&self, seq: u64) -> String {
        self.name(&entry_path(seq))
    }

    /// The other log, as entry 0 names it.
    pub(super) fn peer(&self) -> Option<&PublicKey> {
        match &self.first_manifest.as_ref()?.body {
            Body::Init(init) => init.peer.as_ref(),
            _ => None,
        }
    }

    /// Walks the log to its head.
    pub(super) async fn walk(&mut self) -> Result<(), Error> {
        for stray in std::mem::take(&mut self.strays) {
            found(
                &mut self.lines,
                Verdict::InvalidEntry,
                stray,
                "no entry, checkpoint or tile has this name",
            );
        }
        self.walk_on(0).await
    }

    /// Takes in the names of the objects that were committed since the walk. The log as it was walked is what is
    /// reported.
    pub(super) async fn refresh_names(&mut self) {
        if self.size == 0 {
            return;
        }
        for seq in self.size.. {
            match self.store.get_limited(&entry_path(seq), ENTRY_BYTES_MAX).await {
                Ok(Some(Fetched::Whole(object))) => {
                    let line = object.split(|byte| *byte == b'\n').next().unwrap_or_default();
                    if let Ok(Some(Manifest { body: Body::Batch(batch), .. })) = read_manifest(line) {
                        self.rules.names_of(seq, &batch);
                    }
                }
                Ok(Some(Fetched::TooLarge(..))) => {}
                // What cannot be read now adds no names; at worst an object of it is called an orphan.
                Ok(None) | Err(_) => break,
            }
        }
    }

    async fn walk_on(&mut self, from: u64) -> Result<(), Error> {
        let mut next = from;
        loop {
            let store = self.store.clone();
            let get = move |seq: u64| {
                let store = store.clone();
                async move { (seq, store.get_limited(&entry_path(seq), ENTRY_BYTES_MAX).await) }
            };
            let mut entries = stream::iter(next..).map(get).buffered(AHEAD);
            let mut gap = None;
            while let Some((seq, object)) = entries.next().await {
                match object {
                    Ok(Some(Fetched::Whole(bytes))) => self.entry(seq, &bytes)?,
                    Ok(Some(Fetched::TooLarge(hash, size))) => {
                        let detail = format!("has {size} bytes, an entry has at most {ENTRY_BYTES_MAX}");
                        self.unsound(seq, hash, Verdict::InvalidEntry, detail, None, None, Vec::new());
                    }
                    Ok(None) => {
                        gap = Some((
                            seq,
                            Verdict::ChainBreak,
                            "is not there, and entries after it are".to_owned(),
                        ));
                        break;
                    }
                    Err(error) => {
                        gap = Some((seq, Verdict::Unreadable, error.to_string()));
                        break;
                    }
                }
                if self.is_headless() {
                    return Ok(());
                }
                // Noise far behind a hole does not make the log longer.
                if seq == self.size || self.roots.contains_key(&(seq + 1)) {
                    self.size = seq + 1;
                }
                if let Some(progress) = &self.progress {
                    progress(Phase::Entries, self.size, None);
                }
            }
            drop(entries);
            let Some((seq, verdict, detail)) = gap else { return Ok(()) };
            let after = self.present.range(seq + 1..).next().copied();
            let Some(after) = after else {
                if verdict == Verdict::Unreadable {
                    self.found(seq, verdict, detail);
                    self.lose_track();
                    self.size = self.size.max(seq + 1);
                } else if self.present.contains(&seq) {
                    self.found(seq, verdict, "was there, and is gone".to_owned());
                }
                return Ok(());
            };
            self.found(seq, verdict, gap_detail(&detail, seq, after));
            if seq == 0 {
                return Ok(());
            }
            self.lose_track();
            self.rules.gap();
            next = after;
        }
    }

    /// From here on roots cannot be computed: a leaf is unknown.
    fn lose_track(&mut self) {
        self.candidates.clear();
        for entry in std::mem::take(&mut self.unsettled) {
            match entry.manifest {
                Some(manifest) => self.effects(entry.seq, &manifest, &entry.signed_by),
                None => self.rules.gap(),
            }
        }
    }

    fn entry(&mut self, seq: u64, object: &Bytes) -> Result<(), Error> {
        self.entries += 1;
        self.bytes += object.len() as u64;
        match self.judge(seq, object) {
            Judged::Unsound { verdict, detail, manifest, leaf } => {
                self.unsound(seq, sha256(object), verdict, detail, manifest, leaf, Vec::new());
                Ok(())
            }
            Judged::Signed { manifest, leaf, head, signed_by } => {
                self.signed(seq, object, manifest, leaf, &head, signed_by)
            }
        }
    }

    /// What an object is by itself: its parts, its signature, the place that it was signed for.
    fn judge(&self, seq: u64, object: &Bytes) -> Judged {
        let newline = object.iter().position(|byte| *byte == b'\n').unwrap_or(object.len());
        let line = object.slice(..newline);
        let manifest = read_manifest(&line);
        let readable = manifest.is_ok();
        let leaf = leaf_hash(&line);
        let unsound = |verdict, detail: String| Judged::Unsound {
            verdict,
            detail,
            manifest: manifest.clone().ok().flatten(),
            leaf: readable.then_some(leaf),
        };
        if seq == 0
            && let Err(why) = &manifest
        {
            return unsound(Verdict::InvalidEntry, format!("no first entry: {why}"));
        }
        let note = match Note::parse(object.get(newline + 1..).unwrap_or_default()) {
            Ok(note) => note,
            Err(error) => return unsound(Verdict::InvalidEntry, error.to_string()),
        };
        let mut windows = if seq == 0 { first_keys(manifest.as_ref().ok()) } else { self.rules.keys.clone() };
        windows.extend(added_key(seq, manifest.as_ref().ok()));
        let keys: Vec<VerifyKey> = windows.iter().map(|window| window.key.clone()).collect();
        let signers = match note.verify(&keys) {
            Ok(signers) => signers,
            Err(NoteError::BadSignature(name)) => {
                return unsound(Verdict::BadSig, format!("the signature of {name} does not verify"));
            }
            Err(error) => return unsound(Verdict::InvalidEntry, error.to_string()),
        };
        if signers.is_empty() {
            return unsound(Verdict::UnknownKey, "not signed by any key that the log knows".to_owned());
        }
        if !signers.iter().any(|at| windows[*at].holds(seq)) {
            let detail = "signed by a key that was not valid at this entry".to_owned();
            return unsound(Verdict::KeyWindow, detail);
        }
        let origin = if seq == 0 {
            manifest.as_ref().ok().and_then(Option::as_ref).map(|manifest| manifest.origin.clone())
        } else {
            Some(self.rules.origin.clone())
        };
        let head =
            Head::parse_exact(&note.text).filter(|head| Some(&head.origin) == entry_origin(origin).as_ref());
        let Some(head) = head else {
            return unsound(
                Verdict::InvalidEntry,
                "what is signed is no head of this log's entries".to_owned(),
            );
        };
        if head.size != seq + 1 {
            let detail = format!("holds the bytes of entry {}", head.size.wrapping_sub(1));
            return Judged::Unsound { verdict: Verdict::Moved, detail, manifest: None, leaf: None };
        }
        let signed_by = signers.into_iter().map(|at| keys[at].clone()).collect();
        Judged::Signed { manifest, leaf, head, signed_by }
    }

    fn signed(
        &mut self,
        seq: u64,
        object: &Bytes,
        manifest: Result<Option<Manifest>, String>,
        leaf: Hash,
        head: &Head,
        signed_by: Vec<VerifyKey>,
    ) -> Result<(), Error> {
        let tracked = !self.candidates.is_empty();
        let fits = self.candidates.iter().position(|candidate| {
            let mut edge = candidate.edge.clone();
            edge.push(leaf);
            edge.root() == head.root
        });
        self.roots.insert(seq + 1, head.root);
        let sound = self.lines.len();
        let mut history = None;
        if let Some(fits) = fits {
            let before = self.candidates.swap_remove(fits);
            self.settle(seq, &before, manifest.as_ref().ok().and_then(Option::as_ref));
            refuse_newer(&self.entry_name(seq), object)?;
            self.edge_before = Some(before.edge.clone());
            history = Some(before.edge);
        } else {
            let explained = !self.unsettled.is_empty();
            self.lose_track();
            if tracked && !explained {
                self.misfit(seq, manifest.as_ref().map(Option::as_ref));
            } else if let Err(why) = &manifest {
                let detail = format!("rightly signed, but its manifest is not what was signed: {why}");
                self.found(seq, Verdict::Modified, detail);
            }
        }
        match manifest {
            Ok(Some(manifest)) => {
                if seq == 0 {
                    self.first_signers.clone_from(&signed_by);
                    self.first_manifest = Some(manifest.clone());
                }
                self.effects(seq, &manifest, &signed_by);
            }
            // A kind that this program does not know and need not: a plain leaf.
            Ok(None) => {}
            Err(why) if history.is_some() => {
                let detail = format!("rightly signed, but no canonical manifest: {why}");
                self.found(seq, Verdict::InvalidEntry, detail);
            }
            Err(_) => self.rules.gap(),
        }
        if let Some(edge) = history {
            self.follow(seq, object, leaf, edge, sound);
        }
        self.newest_signers = signed_by;
        Ok(())
    }

    /// Goes on from an entry whose root fits. If it breaks a rule, writers take it for invalid and count it so;
    /// the next root tells.
    fn follow(&mut self, seq: u64, object: &[u8], leaf: Hash, edge: Edge, sound: usize) {
        let mut counted = Candidate { edge: edge.clone(), invalid: Vec::new() };
        counted.edge.push(leaf);
        self.candidates = vec![counted];
        if self.lines.len() > sound {
            let sha256 = sha256(object);
            let mut invalid = Candidate { edge, invalid: vec![seq] };
            invalid.edge.push(invalid_leaf(&sha256));
            self.candidates.push(invalid);
            let line = self.lines.len() - 1;
            self.unsettled.push(Unsettled { seq, sha256, manifest: None, signed_by: Vec::new(), line });
        }
    }

    /// A rightly signed root that does not fit the leaves.
    fn misfit(&mut self, seq: u64, manifest: Result<Option<&Manifest>, &String>) {
        let name = self.entry_name(seq);
        let after = "; roots after it cannot be computed until it is put right";
        match manifest {
            Err(why) => {
                let detail = format!("rightly signed, but its manifest is not what was signed: {why}{after}");
                found(&mut self.lines, Verdict::Modified, name, detail);
            }
            Ok(Some(manifest)) if !self.rules.header_fits(seq, manifest) => {
                let detail = format!("rightly signed, but its manifest belongs to another place{after}");
                found(&mut self.lines, Verdict::Modified, name, detail);
            }
            Ok(_) => {
                let detail = format!(
                    "rightly signed, but the root is not that of these manifests: this one was changed after it was signed, or two histories exist{after}"
                );
                found(&mut self.lines, Verdict::Fork, name, detail);
            }
        }
    }

    /// The history that a signed root confirms decides what the entries before it were.
    fn settle(&mut self, seq: u64, history: &Candidate, manifest: Option<&Manifest>) {
        let mut invalid = Vec::new();
        for entry in std::mem::take(&mut self.unsettled) {
            if history.invalid.contains(&entry.seq) {
                self.lines[entry.line]
                    .detail
                    .push_str(&format!("; judged invalid by entry {seq}, no effect"));
                invalid.push(Skipped { seq: entry.seq.into(), sha256: hex::encode(entry.sha256) });
            } else {
                if let Some(manifest) = entry.manifest {
                    let counted = "; the history counts its manifest, so its note was changed afterwards";
                    self.lines[entry.line].detail.push_str(counted);
                    self.effects(entry.seq, &manifest, &entry.signed_by);
                }
            }
        }
        if manifest.is_some_and(|manifest| manifest.skipped != invalid) {
            let detail = "`skipped` does not list the invalid objects before it".to_owned();
            self.found(seq, Verdict::ChainBreak, detail);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn unsound(
        &mut self,
        seq: u64,
        sha256: Hash,
        verdict: Verdict,
        detail: String,
        manifest: Option<Manifest>,
        leaf: Option<Hash>,
        signed_by: Vec<VerifyKey>,
    ) {
        let line = self.lines.len();
        let object = self.entry_name(seq);
        self.lines.push(Line { verdict, object, detail });
        if seq == 0 {
            return self.unsound_first(manifest, leaf);
        }
        let invalid_leaf = invalid_leaf(&sha256);
        let mut candidates = Vec::new();
        for candidate in &self.candidates {
            let mut invalid = candidate.clone();
            invalid.edge.push(invalid_leaf);
            invalid.invalid.push(seq);
            candidates.push(invalid);
            if let Some(leaf) = leaf {
                let mut counted = candidate.clone();
                counted.edge.push(leaf);
                candidates.push(counted);
            }
        }
        self.candidates = if candidates.len() > CANDIDATES_MAX { Vec::new() } else { candidates };
        self.unsettled.push(Unsettled { seq, sha256, manifest, signed_by, line });
    }

    /// Without entry 0 there is no log, so what it says is used to look at the rest, if it can be read at all.
    fn unsound_first(&mut self, manifest: Option<Manifest>, leaf: Option<Hash>) {
        self.candidates.clear();
        let Some(manifest) = manifest else { return };
        if let Some(leaf) = leaf {
            let mut edge = Edge::default();
            edge.push(leaf);
            self.candidates.push(Candidate { edge, invalid: Vec::new() });
        }
        let keys: Vec<VerifyKey> =
            first_keys(Some(&Some(manifest.clone()))).into_iter().map(|window| window.key).collect();
        self.first_manifest = Some(manifest.clone());
        self.effects(0, &manifest, &keys);
    }

    /// Whether not even the first entry could be read, so that nothing can be said of any head.
    pub(super) fn is_headless(&self) -> bool {
        self.first_manifest.is_none()
    }

    fn effects(&mut self, seq: u64, manifest: &Manifest, signed_by: &[VerifyKey]) {
        let name = self.entry_name(seq);
        let edge = self.edge_before.take();
        self.rules.apply(seq, &name, manifest, signed_by, edge.as_ref(), &mut self.lines);
    }

    /// Root of the log at its size.
    pub(super) fn root(&self) -> Option<Hash> {
        self.roots.get(&self.size).copied()
    }
}

fn gap_detail(detail: &str, seq: u64, after: u64) -> String {
    if after == seq + 1 {
        detail.to_owned()
    } else {
        format!("{detail}; {} entries are missing, the next is {after}", after - seq)
    }
}

fn entry_origin(origin: Option<String>) -> Option<String> {
    origin.map(|origin| format!("{origin}/entry"))
}

/// The leaf of an object in the log that is no valid entry.
fn invalid_leaf(sha256: &Hash) -> Hash {
    leaf_hash(format!("sealake invalid entry sha256:{}\n", hex::encode(sha256)).as_bytes())
}

/// The path of an entry from its log's root. Eras after the first come with their own issue.
pub(super) fn entry_path(seq: u64) -> String {
    format!("log/0001/{seq:016}.entry")
}

fn entry_seq(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("0001/")?.strip_suffix(".entry")?;
    (digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// Whether a name in `log/` is one of the objects that can be made again from the log.
fn is_derived(name: &str) -> bool {
    name == "checkpoint" || name.starts_with("tile/") || name.starts_with("cosigned/")
}

/// The keys that entry 0 names.
fn first_keys(manifest: Option<&Option<Manifest>>) -> Vec<Window> {
    let Some(Some(Manifest { body: Body::Init(init), .. })) = manifest else { return Vec::new() };
    let keys = init.keys.iter().filter_map(|key| VerifyKey::from_public(key).ok());
    keys.map(|key| Window { key, from: 0, until: None }).collect()
}

/// The key that a manifest adds: it signs too, but not yet alone.
fn added_key(seq: u64, manifest: Option<&Option<Manifest>>) -> Option<Window> {
    let Some(Some(Manifest { body: Body::Key(body), .. })) = manifest else { return None };
    let key = VerifyKey::from_public(&body.key).ok().filter(|_| body.action == "add")?;
    Some(Window { key, from: seq + 1, until: None })
}

/// A manifest; `None` for a kind that this program does not know.
fn read_manifest(line: &[u8]) -> Result<Option<Manifest>, String> {
    if line.len() > MANIFEST_BYTES_MAX {
        return Err(format!("{} bytes, the most is {MANIFEST_BYTES_MAX}", line.len()));
    }
    crate::canonical::check(line).map_err(|error| error.to_string())?;
    match serde_json::from_slice::<Manifest>(line) {
        Ok(manifest) => {
            // What serde ignores must not hide in a signed line of a kind that we know.
            let same = crate::canonical::emit(&manifest).is_ok_and(|bytes| bytes == line);
            if same { Ok(Some(manifest)) } else { Err("a field that this kind does not have".to_owned()) }
        }
        Err(error) => {
            let value: Value = serde_json::from_slice(line).map_err(|_| "no JSON object".to_owned())?;
            match value.get("kind").and_then(Value::as_str) {
                Some(kind) if !KINDS.contains(&kind) => Ok(None),
                _ => Err(format!("a field is missing or malformed, before column {}", error.column())),
            }
        }
    }
}

/// The kinds that this program knows.
const KINDS: &[&str] = &["init", "source", "batch", "heartbeat", "snapshot", "policy", "key", "adopt"];

/// Stops at a sound entry that only a newer program can judge.
fn refuse_newer(name: &str, object: &[u8]) -> Result<(), Error> {
    let line = object.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let Ok(value) = serde_json::from_slice::<Value>(line) else { return Ok(()) };
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let newer =
        |found: String, known: String| Err(Error::NewerFormat { object: name.to_owned(), found, known });
    if text("format") != FORMAT {
        return newer(text("format"), FORMAT.to_owned());
    }
    if text("validity").parse::<u64>().is_ok_and(|validity| validity > VALIDITY) {
        return newer(format!("validity {}", text("validity")), format!("validity {VALIDITY}"));
    }
    if !KINDS.contains(&text("kind").as_str()) && value.get("critical").and_then(Value::as_bool) == Some(true)
    {
        return newer(format!("kind {}", text("kind")), KINDS.join(", "));
    }
    Ok(())
}
