//! A finding: that something was found, where, why and what was done with it. Never the value.

use serde::{Deserialize, Serialize};

use crate::value::Value;

/// One redacted span of one column. Offsets are bytes in the string as it is stored, after redaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Column in which it was found.
    pub column: String,
    /// JSON pointer (RFC 6901) inside the column, with identifiers in its keys redacted. None for plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// First byte in the stored string.
    pub start: u32,
    /// Byte after the last one in the stored string.
    pub end: u32,
    /// What it is: `NAME`, `DATE`, `MRN`, …
    pub category: String,
    /// The rules that fired, joined by a comma.
    pub rule: String,
    /// Letter of 45 CFR 164.514(b)(2)(i), where the category has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cfr: Option<String>,
    /// What was done: `remove`, `label`, `token`, `mask`, `shift`, `generalise` or `keep`.
    pub action: String,
    /// Confidence between 0 and 1.
    pub score: f32,
}

impl From<Finding> for Value {
    /// The finding as an item of the column `findings`, in the order of [`crate::event::FINDING_FIELDS`].
    fn from(finding: Finding) -> Value {
        Value::Struct(vec![
            finding.column.into(),
            finding.pointer.into(),
            Value::Int(i64::from(finding.start)),
            Value::Int(i64::from(finding.end)),
            finding.category.into(),
            finding.rule.into(),
            finding.cfr.into(),
            finding.action.into(),
            Value::Float(f64::from(finding.score)),
        ])
    }
}
