//! What was committed while the lake was verified: not judged, but not taken for noise or for another history.

use bytes::Bytes;

use super::judge::{Judged, added_key};
use super::{ENTRY_BYTES_MAX, Log, entry_path, invalid_leaf};
use crate::merkle::{Edge, Hash, sha256};
use crate::store::Fetched;

/// Entries after the walk that are looked at, unless a reference reaches further.
const LATER_MAX: u64 = 10_000;

impl Log {
    /// Takes in which objects later entries name, and which roots they sign that go on from the log as it was
    /// walked. `needed` is the largest size that the other log names.
    pub(in crate::verify) async fn take_later(&mut self, needed: Option<u64>) {
        if self.size == 0 {
            return;
        }
        let mut edge = match self.candidates.as_slice() {
            [candidate] => Some(candidate.edge.clone()),
            _ => None,
        };
        let end = self.size.saturating_add(LATER_MAX).max(needed.unwrap_or(0));
        for seq in self.size..end {
            // What cannot be read now adds nothing; at worst an object of it is called an orphan.
            let leaf = match self.store.get_entry(&entry_path(seq), ENTRY_BYTES_MAX).await {
                Ok(Some(Fetched::Whole(object))) => self.later(seq, &object, edge.as_ref()),
                Ok(Some(Fetched::TooLarge(sha256, _))) => Some(invalid_leaf(&sha256)),
                Ok(None) | Err(_) => None,
            };
            let Some(leaf) = leaf else { return };
            self.later_size = seq + 1;
            if let Some(edge) = &mut edge {
                edge.push(leaf);
                self.later_roots.insert(seq + 1, edge.root());
            }
        }
    }

    /// The leaf of a later object; none if it is rightly signed and tells another history, which the next
    /// verification will judge.
    fn later(&mut self, seq: u64, object: &Bytes, edge: Option<&Edge>) -> Option<Hash> {
        let Judged::Signed { manifest, leaf, head, .. } = self.judge(seq, object) else {
            return Some(invalid_leaf(&sha256(object)));
        };
        let fits = edge.is_none_or(|edge| {
            let mut edge = edge.clone();
            edge.push(leaf);
            edge.root() == head.root
        });
        if !fits {
            return None;
        }
        self.rules.keys.extend(added_key(seq, manifest.as_ref().ok()));
        if let Ok(Some(manifest)) = manifest {
            self.rules.names_of(seq, &manifest.body);
        }
        Some(leaf)
    }
}
