//! Where identifiers are in a text: a table of detectors over one prepared pass.
//!
//! [`Text::new`] reads the bytes once: it cuts them into words, looks each up in the lexicon, and notes where
//! digits, `@`, `://` and long opaque runs stand. The detectors then look only at the windows that this pass
//! marked, each with its own hand-written verifier, so that the whole stays linear on any input. A new
//! identifier is one file here and one line in [`DETECTORS`].
//!
//! Two rules hold for all: context beats checksums (behind a telling keyword the shape goes even if its check
//! digit is wrong; without one the check digit must hold), and a detector never decides what becomes of a hit.
//! Overlaps, actions and propagation are the engine's.

mod category;
mod email;
mod propagate;
mod text;

pub use category::Category;
pub use propagate::{Mention, Names, SEEDS_MAX, Seed};
pub use text::Text;

/// Hits that score below this count only in a document that holds another identifier at or above it: relative
/// dates ("last week"), bare first names. The engine drops them otherwise.
pub const NEEDS_COMPANY: f32 = 0.5;

/// A candidate in one text: byte offsets on character boundaries, `start < end`.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    /// What it is.
    pub category: Category,
    /// The detector's id, a dot, and which of its rules fired: `ssn.context`.
    pub rule: &'static str,
    /// How sure, 0 to 1, after context and validators. See [`NEEDS_COMPANY`].
    pub score: f32,
}

/// One kind of identifier, in its own file with its source, validators and tests.
pub trait Detector: Sync {
    /// Its name, unique, lower case: the first part of the rules it reports.
    fn id(&self) -> &'static str;
    /// The categories that it reports.
    fn categories(&self) -> &'static [Category];
    /// A text on which it must fire, invented: shown by `policy explain`, and tested.
    fn example(&self) -> &'static str;
    /// Adds what it finds to `hits`, in any order, overlaps allowed.
    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>);
}

/// Every detector, one line each.
pub static DETECTORS: &[&dyn Detector] = &[
    &email::Email, // (F)
];

/// Runs every detector over one prepared text and adds what they find, sorted by start, longest first.
pub fn detect(text: &Text<'_>, hits: &mut Vec<Hit>) {
    let before = hits.len();
    for detector in DETECTORS {
        detector.detect(text, hits);
    }
    hits[before..].sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
}
