//! The walk over a log from entry 0: every signature, every root, every leaf, in the order of the entries.
//!
//! An entry that is not sound leaves a question: does the history count it (its note was changed afterwards) or
//! not (it never was valid, and stands in the tree as `sealake invalid entry`)? The next root that is rightly
//! signed answers it, so until then both are followed. When neither fits, roots cannot be computed any further;
//! signatures, manifests and objects of what follows are still checked.

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use futures::{StreamExt, stream};
use schemas::manifest::{Body, Manifest, PublicKey};
use schemas::verdict::Verdict;

use self::judge::{Judged, refuse_newer};
use self::settle::{Candidate, Unsettled};
use super::Objects;
use super::report::{Lines, Phase, Progress, found};
use super::rules::Rules;
use crate::Error;
use crate::log::{Applied, Replay};
use crate::merkle::{Edge, Hash, leaf_hash, sha256};
use crate::note::{Head, VerifyKey};
use crate::store::{Fetched, Store, is_temporary};

mod judge;
mod later;
mod settle;

/// Entries that are fetched ahead.
const AHEAD: usize = 16;

/// The largest object that can be an entry, in bytes.
const ENTRY_BYTES_MAX: u64 = 1 << 20;

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

/// One log while and after it was walked.
pub(super) struct Log {
    pub(super) store: Store,
    /// `""`, or the folder of the access log.
    pub(super) folder: &'static str,
    pub(super) lines: Lines,
    pub(super) rules: Rules,
    /// One past the newest entry that the store has listed: what is committed later is not judged.
    end: u64,
    /// Number of entries up to the first one that is not there, or the last one behind it that is rightly signed.
    pub(super) size: u64,
    /// By size: the root that the entry before it rightly signs.
    pub(super) roots: HashMap<u64, Hash>,
    /// Entries that were there after the walk, counted with those before them, and the roots with them.
    pub(super) later_size: u64,
    pub(super) later_roots: HashMap<u64, Hash>,
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
    /// Right edge of the tree before the oldest unsettled entry.
    settled: Option<Edge>,
    /// The log as readers and writers follow it, and why they pass over the object at hand.
    reader: Option<Replay>,
    refused: Option<String>,
    /// Right edge of the tree before the entry whose effects are taken in, if it could be computed.
    edge_before: Option<Edge>,
    unsettled: Vec<Unsettled>,
    progress: Option<Progress>,
}

impl Log {
    pub(super) fn new(
        store: Store,
        folder: &'static str,
        listed: &Objects,
        progress: Option<Progress>,
    ) -> Log {
        let (mut present, mut strays) = (BTreeSet::new(), Vec::new());
        let prefix = if folder.is_empty() { "log/".to_owned() } else { format!("{folder}/log/") };
        for path in listed.keys() {
            let Some(name) = path.strip_prefix(&prefix) else { continue };
            match entry_seq(name) {
                Some(seq) => drop(present.insert(seq)),
                // A writer's, in the making or left by its crash: listed with the orphans.
                None if is_derived(name) || is_temporary(name) => {}
                None => strays.push(path.clone()),
            }
        }
        strays.sort_unstable();
        Log {
            store,
            folder,
            lines: Vec::new(),
            rules: Rules::default(),
            end: present.last().map_or(0, |newest| newest.saturating_add(1)),
            size: 0,
            roots: HashMap::from([(0, sha256(b""))]),
            later_size: 0,
            later_roots: HashMap::new(),
            first_signers: Vec::new(),
            newest_signers: Vec::new(),
            first_manifest: None,
            entries: 0,
            bytes: 0,
            present,
            strays,
            candidates: vec![Candidate { edge: Edge::default(), invalid: Vec::new() }],
            settled: None,
            reader: None,
            refused: None,
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

    /// Whether there is an object at that place.
    pub(super) fn holds(&self, seq: u64) -> bool {
        self.present.contains(&seq)
    }

    /// The other log, as entry 0 names it.
    pub(super) fn peer(&self) -> Option<&PublicKey> {
        match &self.first_manifest.as_ref()?.body {
            Body::Init(init) => init.peer.as_ref(),
            _ => None,
        }
    }

    /// Walks the log to its head, as the store has listed it.
    pub(super) async fn walk(&mut self) -> Result<(), Error> {
        for stray in std::mem::take(&mut self.strays) {
            found(
                &mut self.lines,
                Verdict::InvalidEntry,
                stray,
                "no entry, checkpoint or tile has this name",
            );
        }
        self.walk_on(0).await?;
        // A directory is in no listing.
        if self.store.is_blocked(&entry_path(self.end)).await? {
            let detail =
                "is no regular file, and in the place of the next entry: none can be written".to_owned();
            self.found(self.end, Verdict::InvalidEntry, detail);
        }
        Ok(())
    }

    async fn walk_on(&mut self, from: u64) -> Result<(), Error> {
        let mut next = from;
        loop {
            let store = self.store.clone();
            let get = move |seq: u64| {
                let store = store.clone();
                async move { (seq, store.get_entry(&entry_path(seq), ENTRY_BYTES_MAX).await) }
            };
            let mut entries = stream::iter(next..self.end).map(get).buffered(AHEAD);
            let mut gap = None;
            while let Some((seq, object)) = entries.next().await {
                match object {
                    Ok(Some(Fetched::Whole(bytes))) => self.entry(seq, &bytes)?,
                    Ok(Some(Fetched::TooLarge(hash, size))) => {
                        let detail = format!("has {size} bytes, an entry has at most {ENTRY_BYTES_MAX}");
                        self.read(seq, &Fetched::TooLarge(hash, size));
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
                    Err(Error::Invalid { detail, .. }) => {
                        gap = Some((seq, Verdict::InvalidEntry, detail));
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
                if verdict != Verdict::ChainBreak {
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
        self.settled = None;
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
        self.refused = self.read(seq, &Fetched::Whole(object.clone()));
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

    /// Shows an object to the judge that readers and writers ask, as long as they could follow the log. Says why
    /// they would pass over it. What this walk finds sound and they do not is no sound lake.
    fn read(&mut self, seq: u64, object: &Fetched) -> Option<String> {
        match (&mut self.reader, object) {
            (Some(reader), _) if reader.state().size == seq => match reader.apply(object) {
                Ok(Applied::Entry(_)) => None,
                Ok(Applied::Invalid(skip)) => Some(skip.why.detail),
                // It cannot go on from here; this walk says why.
                Err(_) => {
                    self.reader = None;
                    None
                }
            },
            (None, Fetched::Whole(bytes)) if seq == 0 => match Replay::start(bytes) {
                Ok(replay) => {
                    self.reader = Some(replay);
                    None
                }
                Err(error) => Some(error.to_string()),
            },
            _ => None,
        }
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
        let tracked = !self.candidates.is_empty() || (self.settled.is_some() && !self.unsettled.is_empty());
        let fits = self.candidates.iter().position(|candidate| {
            let mut edge = candidate.edge.clone();
            edge.push(leaf);
            edge.root() == head.root
        });
        self.roots.insert(seq + 1, head.root);
        let sound = self.lines.len();
        let mut history = None;
        let fitting = match fits {
            Some(fits) => Some(self.candidates.swap_remove(fits)),
            None => self.told(manifest.as_ref().ok().and_then(Option::as_ref), leaf, &head.root),
        };
        if let Some(before) = fitting {
            self.settle(seq, &before, manifest.as_ref().ok().and_then(Option::as_ref));
            refuse_newer(&self.entry_name(seq), object)?;
            self.edge_before = Some(before.edge.clone());
            history = Some(before.edge);
        } else {
            let explained = self.explained(seq, manifest.as_ref().ok().and_then(Option::as_ref));
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
        if let (true, Some(why)) = (history.is_some() && self.lines.len() == sound, &self.refused) {
            let detail = format!("readers and writers pass over it: {why}");
            self.found(seq, Verdict::InvalidEntry, detail);
        }
        if let Some(edge) = history {
            self.follow(seq, object, leaf, edge, sound);
        }
        self.newest_signers = signed_by;
        Ok(())
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

    /// Root of the log at a size, if it is known.
    pub(super) fn root_at(&self, size: u64) -> Option<Hash> {
        self.roots.get(&size).or_else(|| self.later_roots.get(&size)).copied()
    }
}

fn gap_detail(detail: &str, seq: u64, after: u64) -> String {
    if after == seq + 1 {
        detail.to_owned()
    } else {
        format!("{detail}; {} entries are missing, the next is {after}", after - seq)
    }
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
