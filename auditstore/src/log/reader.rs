//! A follower of a log: verifies each entry's signature, place and validity as it goes, with GETs alone.

use std::collections::VecDeque;
use std::path::Path;

use futures::future::join_all;
use schemas::manifest::PublicKey;

use super::checkpoint::{CHECKPOINT, CHECKPOINT_BYTES_MAX, parse_checkpoint};
use super::entry::{ENTRY_BYTES_MAX, Entry, entry, entry_path, split};
use super::head;
use super::replay::{Applied, Replay};
use super::state::State;
use super::state_file::StateFile;
use crate::canonical;
use crate::error::Error;
use crate::merkle::Hash;
use crate::note::{Note, VerifyKey};
use crate::store::{Fetched, Store};

/// How many entries are read at once when a reader is far behind.
const READ_AHEAD_MAX: u64 = 32;

/// Whose signature on the log counts.
#[derive(Clone, Debug)]
pub enum Trust {
    /// Only this key's, and those that it has vouched for by `key` entries.
    Pinned(PublicKey),
    /// The key that the lake names in its own first entry. A lake that was signed anew from end to end passes.
    SelfAsserted,
}

/// A head that the log must have, and who says so.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    pub(super) origin: String,
    pub(super) size: u64,
    pub(super) root: Hash,
    pub(super) says: String,
}

impl Expected {
    /// The head that a state file remembers.
    pub(super) fn of(state: &StateFile, path: &Path) -> Expected {
        Expected {
            origin: state.origin.clone(),
            size: state.head.size.0,
            root: state.root().unwrap_or_default(),
            says: path.display().to_string(),
        }
    }
}

/// A follower of a log.
#[derive(Clone, Debug)]
pub struct Reader {
    store: Store,
    pub(super) replay: Replay,
    /// The key that is trusted for what is read without the entries before it.
    key: VerifyKey,
    /// Heads that were not reached yet.
    expected: Vec<Expected>,
}

impl Reader {
    /// Finds the head of the log, by way of the newest snapshot.
    ///
    /// # Errors
    /// [`Error::NotALake`], [`Error::NewerFormat`], [`Error::Key`] if the lake is not that of the pinned key,
    /// [`Error::Fork`], [`Error::Refused`] if the log is shorter than its published checkpoint.
    pub async fn open(store: Store, trust: Trust) -> Result<Reader, Error> {
        Reader::open_expecting(store, trust, None).await
    }

    /// The same on a writer's machine: the log must have the head that the writer's state file remembers, if there is
    /// such a file. It is the writer's own: who may not read it goes without.
    ///
    /// # Errors
    /// As [`Reader::open`]; those of [`StateFile::read`].
    pub async fn open_after(store: Store, trust: Trust, state_file: &Path) -> Result<Reader, Error> {
        let state = match StateFile::read(state_file) {
            Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::PermissionDenied => None,
            state => state?,
        };
        let seen = state.map(|state| Expected::of(&state, state_file));
        Reader::open_expecting(store, trust, seen).await
    }

    /// As [`Reader::open`], where the caller has seen a head before.
    pub(super) async fn open_expecting(
        store: Store,
        trust: Trust,
        seen: Option<Expected>,
    ) -> Result<Reader, Error> {
        let path = entry_path(1, 0);
        let first = match store.get_entry(&path, ENTRY_BYTES_MAX).await? {
            Some(Fetched::Whole(bytes)) => Replay::start(&bytes)?,
            Some(Fetched::TooLarge(..)) => return Err(Error::invalid(path, "too large for an entry")),
            None => return Err(Error::NotALake { url: store.url(), object: path }),
        };
        let key = trusted_key(&store, &first, &trust)?;
        if let Some(head) = seen.as_ref().filter(|head| head.origin != first.state.origin) {
            let (says, theirs, url, ours) = (&head.says, &head.origin, store.url(), &first.state.origin);
            return Err(Error::Refused(format!(
                "{says} is the state of {theirs}, and {url} is the lake of {ours}"
            )));
        }
        let mut expected: Vec<_> = seen.into_iter().collect();
        if let Some(head) = published(&store, &first, &key).await? {
            expected.push(head);
        }
        let hints = head::hints(&store, first.state.era, &expected).await?;
        let replay = head::start(&store, &first, &key, &hints).await?;
        let mut reader = Reader { store, replay, key, expected: Vec::new() };
        reader.expect_passed(&first, expected).await?;
        reader.refresh().await?;
        reader.refuse_rollback()?;
        Ok(reader)
    }

    /// Takes in the entries that were committed since. Two GETs when there is none.
    ///
    /// # Errors
    /// The store's; [`Error::Fork`]; [`Error::NewerFormat`]; [`Error::Missing`] if an entry is not there and a
    /// later one is. What was taken in before the error stays.
    pub async fn refresh(&mut self) -> Result<&State, Error> {
        // Two at least: an entry that is missing before one that is there is no end of the log.
        let mut width = 2;
        loop {
            let (era, first) = (self.replay.state.era, self.replay.state.size);
            let paths: Vec<_> = (first..first + width).map(|seq| entry_path(era, seq)).collect();
            let reads = paths.iter().map(|path| self.store.get_entry(path, ENTRY_BYTES_MAX));
            let mut objects: VecDeque<_> = join_all(reads).await.into();
            while let Some(object) = objects.pop_front() {
                let Some(object) = object? else {
                    self.refuse_hole(objects).await?;
                    return Ok(&self.replay.state);
                };
                self.take(&object)?;
            }
            width = (width * 2).min(READ_AHEAD_MAX);
        }
    }

    fn take(&mut self, object: &Fetched) -> Result<(), Error> {
        match self.replay.apply(object)? {
            Applied::Entry(entry) => tracing::trace!(seq = entry.seq, "entry"),
            Applied::Invalid(skip) => {
                let (seq, verdict, why) = (skip.seq, skip.why.verdict.code(), &skip.why.detail);
                tracing::warn!(seq, verdict, why, "an object in the log is no valid entry; passed over");
            }
        }
        self.check_expected()
    }

    /// An entry that is not there ends the log, unless a later one is there that a key of the log has signed: then
    /// it was deleted, or created between the two reads, so it is looked for again. Unsigned objects beyond the
    /// end are somebody's noise.
    async fn refuse_hole(&self, later: VecDeque<Result<Option<Fetched>, Error>>) -> Result<(), Error> {
        let (era, next) = (self.replay.state.era, self.replay.state.size + 1);
        let mut found = false;
        if later.is_empty() {
            found = self.is_signed(self.store.get_entry(&entry_path(era, next), ENTRY_BYTES_MAX).await)?;
        }
        for object in later {
            found |= self.is_signed(object)?;
        }
        let object = self.replay.next_path();
        if found && self.store.head(&object).await?.is_none() {
            return Err(Error::Missing { object });
        }
        Ok(())
    }

    fn is_signed(&self, object: Result<Option<Fetched>, Error>) -> Result<bool, Error> {
        let object = match object {
            Ok(Some(Fetched::Whole(object))) => object,
            // What is too large to be read is no entry.
            Ok(_) | Err(Error::Invalid { .. }) => return Ok(false),
            Err(error) => return Err(error),
        };
        let keys: Vec<_> = self.replay.state.keys.iter().map(|state| state.key.clone()).collect();
        Ok(split(&object).is_ok_and(|parts| {
            parts.note.verify(&keys).is_ok_and(|signed_by| !signed_by.is_empty())
                && parts.note.text.starts_with(&format!("{}/entry\n", self.replay.state.origin))
        }))
    }

    fn check_expected(&mut self) -> Result<(), Error> {
        let (size, root) = (self.replay.state.size, self.replay.state.root);
        for head in &self.expected {
            if head.size == size && head.root != root {
                return Err(contradiction(&self.replay, head));
            }
        }
        self.expected.retain(|head| head.size > size);
        Ok(())
    }

    /// Checks the heads at or before the size at which the replay begins against the entries that signed them,
    /// and keeps the others until the replay reaches them.
    async fn expect_passed(&mut self, first: &Replay, heads: Vec<Expected>) -> Result<(), Error> {
        for head in heads {
            if head.size >= self.replay.state.size {
                self.expected.push(head);
                continue;
            }
            let entry =
                head::signed_entry(&self.store, first, &self.key, head.size.saturating_sub(1)).await?;
            if entry.is_none_or(|(signed, _)| signed.root != head.root) {
                return Err(contradiction(&self.replay, &head));
            }
        }
        self.check_expected()
    }

    fn refuse_rollback(&self) -> Result<(), Error> {
        let Some(head) = self.expected.iter().max_by_key(|head| head.size) else { return Ok(()) };
        let (url, size) = (self.store.url(), self.replay.state.size);
        Err(Error::Refused(format!(
            "{} says that the log of {url} has {} entries, and it has {size}: the newest ones are missing; restore \
             them from a copy, nothing is read or written until then (what to do if they are lost for good: \
             docs/operating.md, ROLLBACK)",
            head.says, head.size
        )))
    }

    /// What the log says so far.
    pub fn state(&self) -> &State {
        &self.replay.state
    }

    /// Where the log lies.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The replay, for snapshots and for those who check them.
    pub fn replay(&self) -> &Replay {
        &self.replay
    }

    /// Reads one entry of the log and checks its signature. An object that is no entry has no manifest and a
    /// note without signatures.
    ///
    /// # Errors
    /// [`Error::Missing`]; [`Error::Refused`] beyond the known size; the store's.
    pub async fn entry(&self, seq: u64) -> Result<Entry, Error> {
        let state = &self.replay.state;
        let path = entry_path(state.era, seq);
        if seq >= state.size {
            return Err(Error::Refused(format!("{path} is beyond the log's {} entries", state.size)));
        }
        let bytes = match self.store.get_entry(&path, ENTRY_BYTES_MAX).await? {
            Some(Fetched::Whole(bytes)) => bytes,
            Some(Fetched::TooLarge(sha256, bytes)) => return Ok(no_entry(seq, sha256, bytes)),
            None => return Err(Error::Missing { object: path }),
        };
        let sha256 = crate::merkle::sha256(&bytes);
        let Ok(parts) = split(&bytes) else { return Ok(no_entry(seq, sha256, bytes.len() as u64)) };
        if !parts.note.verify(&state.keys_at(seq)).is_ok_and(|signed_by| !signed_by.is_empty()) {
            return Ok(no_entry(seq, sha256, bytes.len() as u64));
        }
        let manifest = canonical::check(&parts.manifest_bytes)
            .ok()
            .and_then(|()| serde_json::from_slice(&parts.manifest_bytes).ok());
        Ok(entry(seq, &bytes, parts, manifest))
    }
}

fn no_entry(seq: u64, sha256: Hash, bytes: u64) -> Entry {
    let note = Note { text: String::new(), signatures: Vec::new() };
    Entry { seq, sha256, bytes, manifest_bytes: Default::default(), manifest: None, note }
}

fn contradiction(replay: &Replay, head: &Expected) -> Error {
    let object = entry_path(replay.state.era, head.size.saturating_sub(1));
    Error::Fork { object, detail: format!("{} names another root for {} entries", head.says, head.size) }
}

fn trusted_key(store: &Store, first: &Replay, trust: &Trust) -> Result<VerifyKey, Error> {
    let keys = &first.state.keys;
    match trust {
        Trust::SelfAsserted => Ok(keys[0].key.clone()),
        Trust::Pinned(public) => {
            let pinned = VerifyKey::from_public(public)?;
            if keys.iter().any(|state| state.key == pinned) {
                return Ok(pinned);
            }
            let (url, found) = (store.url(), keys[0].key.public());
            Err(Error::Key(format!(
                "{url} is the lake of key {} ({}), not of {} ({})",
                found.id, found.name, public.id, public.name
            )))
        }
    }
}

async fn published(store: &Store, first: &Replay, key: &VerifyKey) -> Result<Option<Expected>, Error> {
    let bytes = match store.get_small(CHECKPOINT, CHECKPOINT_BYTES_MAX).await {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            let url = store.url();
            tracing::warn!(
                "{CHECKPOINT} of {url} is missing: whether the newest entries were deleted cannot be told by it; find out \
                 who deleted it"
            );
            return Ok(None);
        }
        // What cannot be believed is no hint, and the next writer replaces it.
        Err(error @ Error::Invalid { .. }) => {
            tracing::warn!("{error}; not used");
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let head = parse_checkpoint(&bytes, &first.state.origin, std::slice::from_ref(key));
    if head.is_none() {
        tracing::warn!("{CHECKPOINT} is not signed by the log's first key; not used");
    }
    Ok(head.map(|head| Expected {
        origin: first.state.origin.clone(),
        size: head.size,
        root: head.root,
        says: CHECKPOINT.to_owned(),
    }))
}
