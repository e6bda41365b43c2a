//! Finding the head of a log without listing it: from the newest hint that can be believed, by way of the newest
//! snapshot, then forward entry by entry. What a start costs does not grow with the age of the lake.

use bytes::Bytes;
use schemas::manifest::{Body, Manifest, ObjectRef};

use super::entry::{ENTRY_BYTES_MAX, entry_path, note_origin, split};
use super::reader::Expected;
use super::replay::Replay;
use super::snapshot::SNAPSHOT_BYTES_MAX;
use crate::canonical;
use crate::error::Error;
use crate::merkle::sha256;
use crate::note::{Head, VerifyKey};
use crate::store::{Fetched, Store};

/// How many objects before a hint are tried, if those at the hint are no entries.
const BACKWARDS_MAX: u64 = 16;

/// The seq of the newest object in the log, from the largest of the expected heads by doubling steps and back by
/// halving ones (one look if nothing was committed since), and that of the expected head. Hints only: what is read
/// from there on is verified.
pub(super) async fn hints(store: &Store, era: u64, expected: &[Expected]) -> Result<[u64; 2], Error> {
    let seen = expected.iter().map(|head| head.size.saturating_sub(1)).max().unwrap_or(0);
    let mut found = seen;
    let mut step = 1;
    while exists(store, era, found.saturating_add(step)).await? {
        found += step;
        step = step.saturating_mul(2);
    }
    while step > 1 {
        step /= 2;
        if exists(store, era, found.saturating_add(step)).await? {
            found += step;
        }
    }
    Ok([found, seen])
}

async fn exists(store: &Store, era: u64, seq: u64) -> Result<bool, Error> {
    Ok(store.head(&entry_path(era, seq)).await?.is_some())
}

/// An entry that a key has signed, read without the entries before it: its head and, if it can be read, its
/// manifest. `None` if there is no such object or it is nothing of the kind.
pub(super) async fn signed_entry(
    store: &Store,
    first: &Replay,
    key: &VerifyKey,
    seq: u64,
) -> Result<Option<(Head, Option<Manifest>)>, Error> {
    let path = entry_path(first.state.era, seq);
    let Some(Fetched::Whole(object)) = store.get_entry(&path, ENTRY_BYTES_MAX).await? else {
        return Ok(None);
    };
    let Ok(parts) = split(&object) else { return Ok(None) };
    let signed = parts.note.verify(std::slice::from_ref(key)).is_ok_and(|signed_by| !signed_by.is_empty());
    let origin = note_origin(&first.state.origin);
    let head = Head::parse_exact(&parts.note.text)
        .filter(|head| signed && head.origin == origin && head.size == seq + 1);
    let Some(head) = head else { return Ok(None) };
    let manifest = canonical::check(&parts.manifest_bytes)
        .ok()
        .and_then(|()| serde_json::from_slice(&parts.manifest_bytes).ok());
    Ok(Some((head, manifest)))
}

/// The log at the newest snapshot that the key has signed, by way of the first hint at which there is an entry of
/// that key; or the log at its first entry. Anybody who can write to the store can put an object where the search
/// for the newest one ends, so there is more than one hint.
pub(super) async fn start(
    store: &Store,
    first: &Replay,
    key: &VerifyKey,
    hints: &[u64],
) -> Result<Replay, Error> {
    for hint in hints {
        let Some(seq) = snapshot_before(store, first, key, *hint).await? else { continue };
        if seq == 0 {
            break;
        }
        match from_snapshot(store, first, key, seq).await {
            Ok(replay) => return Ok(replay),
            Err(error @ Error::Unreachable { .. }) => return Err(error),
            Err(error) => {
                tracing::warn!(seq, %error, "a snapshot cannot be used; reading more of the log instead")
            }
        }
    }
    Ok(first.clone())
}

/// The seq of the snapshot entry that the signed entry at the hint, or close before it, names.
async fn snapshot_before(
    store: &Store,
    first: &Replay,
    key: &VerifyKey,
    hint: u64,
) -> Result<Option<u64>, Error> {
    for back in 0..=BACKWARDS_MAX.min(hint) {
        let seq = hint - back;
        if let Some((_, Some(manifest))) = signed_entry(store, first, key, seq).await? {
            let named = manifest.snapshot.map_or(0, |seq| seq.0);
            return Ok(Some(if matches!(manifest.body, Body::Snapshot(_)) { seq } else { named }));
        }
    }
    Ok(None)
}

async fn from_snapshot(store: &Store, first: &Replay, key: &VerifyKey, seq: u64) -> Result<Replay, Error> {
    let entry = signed_entry(store, first, key, seq).await?;
    let Some((_, Some(manifest))) = entry else {
        return Err(Error::invalid(entry_path(first.state.era, seq), "expected a signed snapshot entry"));
    };
    let Body::Snapshot(snapshot) = manifest.body else {
        return Err(Error::invalid(entry_path(first.state.era, seq), "expected a snapshot entry"));
    };
    let head = object(store, &snapshot.head).await?;
    let read: super::snapshot::Head = super::snapshot::read(&head)?;
    if read.size.0 != seq {
        return Err(Error::invalid(snapshot.head.path, "does not cover the entries before it"));
    }
    let mut parts = Vec::with_capacity(read.parts.len());
    for part in &read.parts {
        parts.push(object(store, part).await?);
    }
    let replay = Replay::from_snapshot(first, &head, &parts)?;
    tracing::debug!(seq, parts = parts.len(), "started from a snapshot");
    Ok(replay)
}

/// Reads an object of a snapshot and checks its hash.
async fn object(store: &Store, reference: &ObjectRef) -> Result<Bytes, Error> {
    let path = &reference.path;
    let bytes = store
        .get_small(path, SNAPSHOT_BYTES_MAX)
        .await?
        .ok_or_else(|| Error::Missing { object: path.clone() })?;
    if hex::encode(sha256(&bytes)) != reference.sha256 {
        return Err(Error::invalid(path.as_str(), "its bytes are not those that the log names"));
    }
    Ok(bytes)
}
