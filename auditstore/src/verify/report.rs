//! What verify says, for people and as JSON.

use std::sync::Arc;

use schemas::verdict::Verdict;
use serde::Serialize;

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What it is.
    pub verdict: Verdict,
    /// The object, by its path from the lake's root.
    pub object: String,
    /// What was expected and what is there, with bytes where they can be told. Never content of a row.
    pub detail: String,
}

/// Of one of the lake's two logs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LogReport {
    /// Name of the log.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root of the tree of that size, lower-case hex; empty if it could not be computed.
    pub root: String,
    /// Key that signs it, as C2SP writes it.
    pub key: String,
    /// SHA-256 of the key's 32 bytes, lower-case hex.
    pub key_fingerprint: String,
    /// Rows of its segments.
    pub records: u64,
}

/// The verdict over a lake.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What was found, orphans included; nothing else if all is well.
    pub findings: Vec<Line>,
    /// Objects that were read and checked, entries included.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Rows of the event log's segments, as its entries say.
    pub records: u64,
    /// How many of them are in segments that are missing, changed or could not be read, so that nobody counted them.
    pub records_uncounted: u64,
    /// Those segments.
    pub segments_uncounted: u64,
    /// Objects of the event log that are missing, could not be read or are no valid entries: `records` has nothing of them.
    pub entries_uncounted: u64,
    /// Whether every offset from a source's start to its newest is stored, quarantined, skipped or in a gap with
    /// a reason.
    pub offsets_complete: bool,
    /// Whether record hashes were computed again from the columns.
    pub records_recomputed: bool,
    /// Number of entries of the event log.
    pub size: u64,
    /// Root of the event log, lower-case hex.
    pub root: String,
    /// Fingerprint of the event log's key.
    pub key_fingerprint: String,
    /// Whether nobody but the lake itself says that this is its key.
    pub self_asserted: bool,
    /// The event log.
    pub events: LogReport,
    /// The access log, if there is one.
    pub access: Option<LogReport>,
    /// Objects that no entry names.
    pub orphans: u64,
    /// How many of them are so young that a running writer may yet commit them.
    pub orphans_recent: u64,
    /// Findings beyond the first 10,000, which are not listed.
    pub omitted: u64,
}

/// Findings that are listed. A lake that lost a disk has as many as it had objects.
pub(super) const FINDINGS_MAX: usize = 10_000;

impl Report {
    /// 0 sound, 1 something was found, 2 nothing was found but not everything could be read.
    pub fn exit_code(&self) -> u8 {
        let unsound = || self.findings.iter().filter(|line| !line.verdict.is_sound());
        if unsound().any(|line| line.verdict != Verdict::Unreadable) {
            1
        } else if unsound().next().is_some() || self.size == 0 {
            2
        } else {
            0
        }
    }

    /// The verdict in one word: the first that is not sound, in the order in which they were found.
    pub fn verdict(&self) -> Verdict {
        let unsound = || self.findings.iter().map(|line| line.verdict).filter(|verdict| !verdict.is_sound());
        let other = unsound().find(|verdict| *verdict != Verdict::Unreadable);
        other.or_else(|| unsound().next()).unwrap_or(if self.size == 0 {
            Verdict::Unreadable
        } else {
            Verdict::Ok
        })
    }

    /// Keeps the worst of too many findings.
    pub(super) fn limit(&mut self) {
        if self.findings.len() > FINDINGS_MAX {
            self.findings.sort_by_key(|line| line.verdict.is_sound());
            self.omitted = (self.findings.len() - FINDINGS_MAX) as u64;
            self.findings.truncate(FINDINGS_MAX);
        }
    }
}

/// What verify is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Walking a log. The total is not known.
    Entries,
    /// Reading the objects that entries name.
    Objects,
}

/// Is told how many of a phase's things are done, and of how many if that is known.
pub type Progress = Arc<dyn Fn(Phase, u64, Option<u64>) + Send + Sync>;

/// Where findings are gathered.
pub(super) type Lines = Vec<Line>;

/// Adds a finding.
pub(super) fn found(
    lines: &mut Lines,
    verdict: Verdict,
    object: impl Into<String>,
    detail: impl Into<String>,
) {
    lines.push(Line { verdict, object: object.into(), detail: detail.into() });
}
