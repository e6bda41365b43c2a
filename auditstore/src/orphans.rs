//! Objects that no entry names: what a writer has stored and not committed, or never will.
//!
//! A batch's objects are there before the entry that names them, so of a young one nobody but its writer knows
//! which it is. What is known is how long it has been there, and how long a commit may take.

use std::collections::HashSet;

use schemas::manifest::Body;

use crate::error::Error;
use crate::log::{PathId, Reader, Trust, path_id, paths};
use crate::store::{Store, is_temporary};

/// How long an object may wait for the entry that names it, in microseconds: an hour. A commit takes a second; each
/// object is tried five times for half a minute at most, and eight are written at once.
pub const COMMIT_MICROS_MAX: i64 = 3_600_000_000;

/// Whether an object that was stored at this time may be that of a commit under way.
pub(crate) fn may_be_committed(stored: i64, now: i64) -> bool {
    now.saturating_sub(stored) < COMMIT_MICROS_MAX
}

/// What no entry names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orphans {
    /// Paths of the objects that have waited longer than any commit takes, sorted.
    pub left: Vec<String>,
    /// How many others there are, which a running writer may yet commit.
    pub recent: u64,
    /// How many others are reached only through a link to a folder: they may be somebody else's, and are not to be deleted.
    pub linked: u64,
}

/// Lists the objects of batches that no entry of the log names, and temporary files. `now` is the time in
/// microseconds.
///
/// # Errors
/// Those of [`Reader::open`] and [`Reader::entry`].
pub async fn orphans(store: &Store, trust: Trust, now: i64) -> Result<Orphans, Error> {
    // Listed first: what is named by then, or later, is none.
    let listed = store.list_objects("").await?;
    let reader = Reader::open(store.clone(), trust).await?;
    let mut named: HashSet<PathId> = HashSet::new();
    for seq in 0..reader.state().size {
        if let Some(Body::Batch(batch)) = reader.entry(seq).await?.manifest.map(|manifest| manifest.body) {
            named.extend(paths(&batch).map(path_id));
        }
    }
    let of_a_batch = |path: &str| path.starts_with("data/") || path.starts_with("quarantine/");
    let mut orphans = Orphans::default();
    for object in listed {
        let path = object.path;
        let temporary = is_temporary(&path) && !path.starts_with("access/");
        if !temporary && (!of_a_batch(&path) || named.contains(&path_id(&path))) {
            continue;
        }
        if object.linked {
            orphans.linked += 1;
        } else if may_be_committed(object.stored, now) {
            orphans.recent += 1;
        } else {
            orphans.left.push(path);
        }
    }
    orphans.left.sort_unstable();
    Ok(orphans)
}

#[cfg(test)]
mod tests;
