//! A row that may be stored, and the refusal to make one.
//!
//! [`Redacted`] has private fields, no constructor, no `From`, no `Default`, no `Deserialize` and no `Clone`
//! outside this crate: the only way to one is through a [`crate::Redactor`]. The compile-fail tests under
//! `tests/ui/` hold that.

use std::fmt;

use schemas::{Record, Schema};

/// A record in which every column was treated by its class. The only thing that `auditstore` accepts.
pub struct Redacted {
    record: Record,
    findings: Vec<(&'static str, usize)>,
}

impl Redacted {
    /// Only the engine calls this, as its last step.
    pub(crate) fn new(record: Record, findings: Vec<(&'static str, usize)>) -> Redacted {
        Redacted { record, findings }
    }

    /// The row.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The table that the row belongs to.
    pub fn schema(&self) -> &'static Schema {
        self.record.schema()
    }

    /// How many findings of each category the row has; every category once.
    pub fn findings(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.findings.iter().map(|(category, count)| (*category, *count))
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let findings: usize = self.findings.iter().map(|(_, count)| count).sum();
        write!(f, "Redacted({}, {findings} findings)", self.schema().id)
    }
}

/// Why a record could not be redacted. It must go to quarantine: nothing of it may be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// One word for counters, `snake_case`, from a fixed set.
    pub reason: &'static str,
    /// Which column or limit, never content.
    pub detail: String,
}

impl Reject {
    pub(crate) fn new(reason: &'static str, detail: impl Into<String>) -> Reject {
        Reject { reason, detail: detail.into() }
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason, self.detail)
    }
}

impl std::error::Error for Reject {}
