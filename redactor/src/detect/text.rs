//! The one pass over a text that all detectors share.

/// A text made ready for the detectors: its bytes, where it stands, and when.
#[derive(Debug)]
pub struct Text<'a> {
    /// The text, already unescaped.
    pub text: &'a str,
    /// The nearest JSON key or column name: context as if it stood before the text.
    pub key: Option<&'a str>,
    /// The event's time, microseconds UTC: what "over 89" and two-digit years are measured against.
    pub as_of: i64,
    /// Offsets of every `@`.
    ats: Vec<u32>,
}

impl<'a> Text<'a> {
    /// Reads the text once and keeps what the detectors need.
    pub fn new(text: &'a str, key: Option<&'a str>, as_of: i64) -> Text<'a> {
        let ats = memchr::memchr_iter(b'@', text.as_bytes()).map(|at| at as u32).collect();
        Text { text, key, as_of, ats }
    }

    /// Offsets of every `@`, rising.
    pub(crate) fn ats(&self) -> &[u32] {
        &self.ats
    }
}
