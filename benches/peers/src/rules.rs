//! The twelve patterns, written so that Vectorscan and Datadog's scanner read them alike, and the category of
//! Sealake's that each of them stands for.

/// A pattern of the peers.
pub(crate) struct Rule {
    /// Sealake's category.
    pub(crate) category: &'static str,
    /// In the syntax that PCRE, Vectorscan and the Rust crates share.
    pub(crate) pattern: &'static str,
}

const fn rule(category: &'static str, pattern: &'static str) -> Rule {
    Rule { category, pattern }
}

/// One pattern for each of twelve categories, as a user of the peers would write them.
pub(crate) const RULES: &[Rule] = &[
    rule("NAME", r"\b(?:Patient|Dr\.|Mr\.|Mrs\.|Ms\.) [A-Z][a-z]+(?: [A-Z][a-z]+)?\b"),
    rule("ADDRESS", r"\b\d{1,5} [A-Z][a-z]+ (?:Street|Avenue|Road|Drive|Lane|Boulevard)\b"),
    rule("ZIP", r"\b[A-Z]{2} \d{5}(?:-\d{4})?\b"),
    rule("DATE", r"\b(?:\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2})\b"),
    rule("PHONE", r"(?:\(\d{3}\) |\b\d{3}[-. ])\d{3}[-. ]\d{4}\b"),
    rule("EMAIL", r"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b"),
    rule("SSN", r"\b\d{3}-\d{2}-\d{4}\b"),
    rule("MRN", r"\b(?:MRN|mrn)[:#]? ?\d{6,10}\b"),
    rule("HEALTH_PLAN", r"\b[1-9][A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d{2}\b"),
    rule("CARD", r"\b\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b"),
    rule("URL", r#"\bhttps?://[^\s"\\]+"#),
    rule("IP", r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b"),
];
