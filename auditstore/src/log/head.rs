//! Finding the head of a log without listing it: from the newest hint that can be believed, by way of the newest
//! snapshot, then forward entry by entry. What a start costs does not grow with the age of the lake.

use bytes::Bytes;
use schemas::manifest::{Body, ObjectRef};

use super::entry::{ENTRY_BYTES_MAX, entry_path, note_origin, split};
use super::reader::Expected;
use super::replay::Replay;
use crate::canonical;
use crate::error::Error;
use crate::merkle::sha256;
use crate::note::{Head, VerifyKey};
use crate::store::{Fetched, Store};

/// How many objects before a hint are tried, if those at the hint are no entries.
const BACKWARDS_MAX: u64 = 16;

/// The seq of the newest object in the log, from the largest of the expected heads by doubling steps and back by
/// halving ones: one look if nothing was committed since. It is a hint only; what is read from there on is
/// verified.
pub(super) async fn hint(store: &Store, era: u64, expected: &[Expected]) -> Result<u64, Error> {
    let mut found = expected.iter().map(|head| head.size.saturating_sub(1)).max().unwrap_or(0);
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
    Ok(found)
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
) -> Result<Option<(Head, Option<schemas::manifest::Manifest>)>, Error> {
    let path = entry_path(first.state.era, seq);
    let Some(Fetched::Whole(object)) = store.get_limited(&path, ENTRY_BYTES_MAX).await? else {
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

/// The log at the newest snapshot before the hint that the key has signed, or at its first entry.
pub(super) async fn start(
    store: &Store,
    first: &Replay,
    key: &VerifyKey,
    hint: u64,
) -> Result<Replay, Error> {
    let mut seq = None;
    for back in 0..=BACKWARDS_MAX.min(hint) {
        if let Some((_, Some(manifest))) = signed_entry(store, first, key, hint - back).await? {
            seq = match manifest.body {
                Body::Snapshot(_) => Some(hint - back),
                _ => manifest.snapshot.map(|seq| seq.0),
            };
            break;
        }
    }
    let Some(seq) = seq.filter(|seq| *seq > 0) else { return Ok(first.clone()) };
    match from_snapshot(store, first, key, seq).await {
        Ok(replay) => Ok(replay),
        Err(error @ Error::Unreachable { .. }) => Err(error),
        Err(error) => {
            tracing::warn!(seq, %error, "the newest snapshot cannot be used; reading the log from its beginning");
            Ok(first.clone())
        }
    }
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

/// Reads an object and checks its hash.
async fn object(store: &Store, reference: &ObjectRef) -> Result<Bytes, Error> {
    let path = &reference.path;
    let bytes = store.get(path).await?.ok_or_else(|| Error::Missing { object: path.clone() })?;
    if hex::encode(sha256(&bytes)) != reference.sha256 {
        return Err(Error::invalid(path.as_str(), "its bytes are not those that the log names"));
    }
    Ok(bytes)
}
