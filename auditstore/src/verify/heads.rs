//! Heads that others hold: the caller's key, the published checkpoint, and what the two logs say of each other.

use bytes::Bytes;
use schemas::manifest::{Body, Manifest, PublicKey};
use schemas::verdict::Verdict;

use super::Options;
use super::kept::Kept;
use super::replay::Log;
use super::report::{Lines, found};
use super::segments::Looks;
use crate::error::Error;
use crate::init::{DESCRIPTION, description};
use crate::merkle::Hash;
use crate::note::{Head, Note, NoteError, VerifyKey};
use crate::store::Store;

/// How long a writer may go on without publishing a checkpoint, in microseconds. Publishing follows each commit;
/// a crash between the two leaves it behind until the next one.
const CHECKPOINT_LAG_MAX: i64 = 3_600_000_000;

/// The largest checkpoint, or `sealake.json`, that is read, in bytes.
const SMALL_BYTES_MAX: u64 = 64 * 1024;

/// Compares the keys that sign the logs with those that the caller knows. Says whether the event log's key is
/// vouched for by nobody but the lake.
pub(super) fn trust(
    events: &Log,
    access: Option<&Log>,
    options: &Options,
    kept: &Kept,
    lines: &mut Lines,
) -> bool {
    let expected = options.key.clone().or_else(|| kept.key(&events.rules.origin));
    if let Some(expected) = &expected {
        expect_key(events, expected, "the caller", lines);
    }
    if let Some(access) = access {
        let peer = events.peer().cloned();
        let given = options.access_key.clone().or_else(|| kept.key(&access.rules.origin));
        for (expected, who) in [(given, "the caller"), (peer, "the event log's first entry")] {
            if let Some(expected) = expected {
                expect_key(access, &expected, who, lines);
            }
        }
        if let Some(peer) = access.peer() {
            expect_key(events, peer, "the access log's first entry", lines);
        }
    }
    expected.is_none()
}

/// The key must have signed the first entry, or the newest: that signature covers the whole history.
fn expect_key(log: &Log, expected: &PublicKey, who: &str, lines: &mut Lines) {
    if log.first_signers.is_empty() {
        return;
    }
    let key = VerifyKey::from_public(expected).ok();
    let signs = key.is_some_and(|key| log.first_signers.contains(&key) || log.newest_signers.contains(&key));
    if !signs {
        let found_key = log.first_signers.first().map(VerifyKey::vkey).unwrap_or_default();
        let detail = format!("signed by {found_key}, {who} expects {}+{}", expected.name, expected.id);
        found(lines, Verdict::UnknownKey, log.entry_name(0), detail);
    }
}

/// What is there as a published checkpoint.
pub(super) type Published = Result<Option<Bytes>, Error>;

/// Reads the published checkpoint of a log.
pub(super) async fn published(store: &Store) -> Published {
    store.get_small("log/checkpoint", SMALL_BYTES_MAX).await
}

/// Checks a published checkpoint.
pub(super) fn checkpoint(log: &Log, published: &Published, lines: &mut Lines) {
    let name = log.name("log/checkpoint");
    if log.size == 0 || log.rules.keys.is_empty() {
        return;
    }
    let bytes = match published {
        Ok(Some(bytes)) => bytes,
        // `init` publishes the first.
        Ok(None) => {
            let detail = "every log has one; without it nobody sees whether the newest entries were deleted with it. \
                          The next start of a writer publishes it anew";
            return found(lines, Verdict::Missing, name, detail);
        }
        Err(error) => {
            let (verdict, detail) = unread(error);
            return found(lines, verdict, name, detail);
        }
    };
    let note = match Note::parse(bytes) {
        Ok(note) => note,
        Err(error) => return found(lines, Verdict::Modified, name, error.to_string()),
    };
    let keys: Vec<VerifyKey> = log.rules.keys.iter().map(|window| window.key.clone()).collect();
    match note.verify(&keys) {
        Ok(signers) if signers.is_empty() => {
            return found(lines, Verdict::UnknownKey, name, "not signed by any key that the log knows");
        }
        Ok(_) => {}
        Err(NoteError::BadSignature(key)) => {
            return found(lines, Verdict::BadSig, name, format!("the signature of {key} does not verify"));
        }
        Err(error) => return found(lines, Verdict::Modified, name, error.to_string()),
    }
    match Head::parse(&note.text).filter(|head| head.origin == log.rules.origin) {
        Some(head) => compare_published(log, &name, &head, lines),
        None => found(lines, Verdict::AnchorMismatch, name, "signed, but no checkpoint of this log"),
    }
}

fn compare_published(log: &Log, name: &str, head: &Head, lines: &mut Lines) {
    if head.size > log.size {
        let detail = format!("signs {} entries, the log has {}: its newest are gone", head.size, log.size);
        return found(lines, Verdict::Rollback, name, detail);
    }
    if log.roots.get(&head.size).is_some_and(|root| *root != head.root) {
        let detail = format!("signs another root of {} entries than the log: two histories exist", head.size);
        return found(lines, Verdict::Fork, name, detail);
    }
    if let Some(entry) = damaged(log, head.size) {
        return found(lines, Verdict::Modified, entry, was_sound(&format!("{name} signs"), head.size));
    }
    lag(log, name, head.size, lines);
}

/// The entry before a head of that size, if it is there and reads like noise: heads are signed and remembered only behind sound
/// entries.
pub(super) fn damaged(log: &Log, size: u64) -> Option<String> {
    let seq = size.checked_sub(1)?;
    let sound = log.roots.contains_key(&size) || log.later_roots.contains_key(&size);
    if log.is_headless() || size > log.size || sound || !log.holds(seq) {
        return None;
    }
    let name = log.entry_name(seq);
    let mut said = log.lines.iter().filter(|line| line.object == name);
    said.all(|line| line.verdict == Verdict::InvalidEntry).then_some(name)
}

/// What is said of such an entry.
pub(super) fn was_sound(says: &str, size: u64) -> String {
    format!("was sound when it was written, since {says} {size} entries: restore it from a backup")
}

/// Whether entries that the checkpoint does not cover are so old that a writer must have published them.
fn lag(log: &Log, name: &str, covered: u64, lines: &mut Lines) {
    let newest = log.rules.committed.values().next_back();
    let uncovered = log.rules.committed.range(covered..).next().map(|(_, time)| time);
    if let (Some(newest), Some(uncovered)) = (newest, uncovered)
        && newest.saturating_sub(*uncovered) > CHECKPOINT_LAG_MAX
    {
        let detail =
            format!("covers {covered} of {} entries, and those after it are more than an hour old", log.size);
        found(lines, Verdict::StaleHead, name, detail);
    }
}

/// What a head that somebody names is to the log.
pub(super) enum Match {
    Fits,
    /// The log is shorter.
    Shorter,
    /// The log has another root at that size.
    Differs,
    /// The log's root at that size could not be computed.
    Unknown,
}

/// Compares a head with the log.
pub(super) fn compare(log: &Log, size: u64, root: Option<Hash>) -> Match {
    if log.is_headless() {
        return Match::Unknown;
    }
    let known = log.roots.get(&size).or_else(|| log.later_roots.get(&size));
    if known.is_none() && size > log.later_size.max(log.size) {
        return Match::Shorter;
    }
    match (known.copied(), root) {
        (Some(known), Some(root)) if known == root => Match::Fits,
        (Some(_), _) => Match::Differs,
        (None, _) => Match::Unknown,
    }
}

/// Compares what heartbeats say of the access log, and access records of the event log, with the logs.
pub(super) fn cross_references(events: &Log, access: Option<&Log>, looks: &Looks, lines: &mut Lines) {
    for (seq, head) in &events.rules.heartbeats {
        let name = events.entry_name(*seq);
        let Some(access) = access else {
            let detail = format!("entry {seq} of the event log names it with {} entries", head.size);
            found(lines, Verdict::Missing, "access/log/0001/0000000000000000.entry", detail);
            break;
        };
        match compare(access, head.size.0, Some(super::rules::hash(&head.root))) {
            Match::Fits | Match::Unknown => {}
            Match::Shorter => {
                let detail = format!(
                    "entry {seq} of the event log saw {} entries, it has {}: its newest are gone",
                    head.size, access.size
                );
                found(lines, Verdict::Rollback, access.name("log/"), detail);
                break;
            }
            Match::Differs => {
                let detail =
                    format!("names another root of the access log at {} entries than it has", head.size);
                found(lines, Verdict::AnchorMismatch, name, detail);
            }
        }
    }
    for ((size, root), segment) in looks {
        // Without a root there is only the size to compare.
        match compare(events, *size, root.or_else(|| events.root_at(*size))) {
            Match::Fits | Match::Unknown => {}
            Match::Shorter => {
                let detail = format!(
                    "a record of {segment} saw {size} entries, it has {}: its newest are gone",
                    events.size
                );
                found(lines, Verdict::Rollback, events.name("log/"), detail);
            }
            Match::Differs => {
                let detail =
                    format!("a record saw another root of the event log at {size} entries than it has");
                found(lines, Verdict::AnchorMismatch, segment, detail);
            }
        }
    }
}

/// Checks `sealake.json`, which says for people what entry 0 says, byte for byte.
pub(super) async fn readable(log: &Log, store: &Store, lines: &mut Lines) {
    let Some(Manifest { body: Body::Init(init), origin, .. }) = &log.first_manifest else { return };
    let key = |key: Option<&PublicKey>| VerifyKey::from_public(key?).ok();
    let (Some(writer), Some(access)) = (key(init.keys.first()), key(init.peer.as_ref())) else { return };
    let expected = description(origin, &writer, &access, &init.retention);
    match store.get_small(DESCRIPTION, SMALL_BYTES_MAX).await {
        Ok(Some(bytes)) if bytes == expected => {}
        Ok(Some(_)) => found(lines, Verdict::Modified, DESCRIPTION, "does not say what the first entry says"),
        Ok(None) => found(lines, Verdict::Missing, DESCRIPTION, "it can be made again from the first entry"),
        Err(error) => {
            let (verdict, detail) = unread(&error);
            found(lines, verdict, DESCRIPTION, detail);
        }
    }
}

/// An object that is larger than it can be was changed; anything else could not be read.
pub(super) fn unread(error: &Error) -> (Verdict, String) {
    match error {
        Error::Invalid { detail, .. } => (Verdict::Modified, detail.clone()),
        error => (Verdict::Unreadable, error.to_string()),
    }
}
