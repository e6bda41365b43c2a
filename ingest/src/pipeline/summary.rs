//! What one run did, counted as it was committed.

use serde::Serialize;

/// What a run committed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Batches committed.
    pub commits: u64,
    /// Kafka messages that were decoded.
    pub messages: u64,
    /// Rows stored.
    pub stored: u64,
    /// Messages and single records that went to quarantine.
    pub quarantined: u64,
    /// Messages and records that are no audit event (tombstones, spans that are no model call).
    pub skipped: u64,
    /// Offsets that gave no message: control records, compacted, aborted or expired messages.
    pub gaps: u64,
    /// Batches that were dropped and read again because another writer was first.
    pub fenced: u64,
    /// Entries of the log after the last commit of this run, or at its start if it made none.
    pub size: u64,
    /// Root of the log then, lower-case hex.
    pub root: String,
    /// Configured topics that did not exist at the start.
    pub missing_topics: Vec<String>,
}

impl Summary {
    /// Counts what was committed before this process joined its group again.
    pub(super) fn carry(&mut self, before: Summary) {
        let Summary { commits, messages, stored, quarantined, skipped, gaps, fenced, .. } = before;
        self.commits += commits;
        self.messages += messages;
        self.stored += stored;
        self.quarantined += quarantined;
        self.skipped += skipped;
        self.gaps += gaps;
        self.fenced += fenced;
    }
}
