//! The stream contract: endless text in pieces of any size, forward only.
//!
//! ```text
//!            behind: 512 bytes          step: 256        ahead
//! ───────────┬──────────────────────────┬────────────────┬───────────────┬──────────
//!            │ written, still read      │ written next   │ read already  │ not yet come
//!            └──────────────────────────┴────────────────┴───────────────┘
//!                                       ^ written        one window, at most 512 bytes of it held back
//! ```
//!
//! Each step redacts a window as a document of its own and writes what begins in the step. Where a window begins and
//! ends depends on the text alone, so that the same comes out however the text is cut into pieces. A name is found
//! again within a window only, and never backwards: what needs more belongs in a document.
//!
//! A secret or an opaque run that reaches the end of its window has no bound yet: its placeholder is written at once,
//! and what follows is swallowed up to where it ends: a private key with its last line, everything else with white space
//! or a quote. What does not end within [`SWALLOWED_BYTES_MAX`] closes the stream.

use crate::engine::Redactor;
use crate::policy::Action;
use crate::redacted::Reject;

/// The most text that is held back, in bytes, besides up to three of a character that is not whole yet.
pub const HELD_BYTES_MAX: usize = 512;

/// The longest secret that is swallowed, in bytes.
pub const SWALLOWED_BYTES_MAX: usize = 1 << 20;

/// How much is written at a time.
const STEP_BYTES: usize = HELD_BYTES_MAX / 2;

/// How much of what was written is read again with each step, for the keywords in it.
const BEHIND_BYTES: usize = 512;

const PEM_END: &str = "-----END ";
const PEM_DASHES: &str = "-----";
/// The longest label behind [`PEM_END`], dashes included.
const PEM_LABEL_BYTES_MAX: usize = 64;

/// What is being swallowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Swallowed {
    /// A private key, up to its last line.
    PrivateKey,
    /// Anything else, up to white space or a quote.
    Word,
}

/// A text that comes in pieces and leaves redacted.
pub struct Stream<'r> {
    redactor: &'r Redactor,
    as_of: i64,
    /// What was written and is still read, and behind it what is held back.
    text: String,
    /// Up to where the text is written.
    written: usize,
    /// The first bytes of a character that is not whole yet.
    partial: Vec<u8>,
    swallowed: Option<Swallowed>,
    /// Bytes swallowed of the secret under way.
    swallowed_bytes: usize,
    findings: u64,
    closed: Option<Reject>,
}

impl<'r> Stream<'r> {
    /// Begins a stream. `as_of` is the time that ages are reckoned at, in microseconds UTC.
    pub fn new(redactor: &'r Redactor, as_of: i64) -> Stream<'r> {
        Stream {
            redactor,
            as_of,
            text: String::new(),
            written: 0,
            partial: Vec::new(),
            swallowed: None,
            swallowed_bytes: 0,
            findings: 0,
            closed: None,
        }
    }

    /// Takes a piece and appends to `out` what can be written. What is no UTF-8 becomes U+FFFD.
    ///
    /// # Errors
    /// `redactor_panic`, or `endless_secret` if a secret is longer than [`SWALLOWED_BYTES_MAX`]. The stream is closed
    /// then: nothing more comes out of it.
    pub fn push(&mut self, piece: &[u8], out: &mut String) -> Result<(), Reject> {
        if let Some(reject) = &self.closed {
            return Err(reject.clone());
        }
        let mut piece = piece;
        // In parts, so that a large piece takes no more memory than many small ones.
        while !piece.is_empty() {
            let (part, rest) = piece.split_at(piece.len().min(HELD_BYTES_MAX));
            piece = rest;
            self.take(part, false);
            self.step(false, out)?;
        }
        Ok(())
    }

    /// Ends the stream and appends the rest.
    ///
    /// # Errors
    /// As [`Stream::push`].
    pub fn finish(mut self, out: &mut String) -> Result<u64, Reject> {
        self.take(&[], true);
        self.step(true, out)?;
        Ok(self.findings)
    }

    /// How many bytes are held back.
    pub fn held_bytes(&self) -> usize {
        self.text.len() - self.written + self.partial.len()
    }

    /// Appends bytes to the text, but for a character that is not whole yet.
    fn take(&mut self, bytes: &[u8], last: bool) {
        let mut given = std::mem::take(&mut self.partial);
        given.extend_from_slice(bytes);
        let mut rest = given.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => return self.text.push_str(text),
                Err(error) => {
                    let (valid, behind) = rest.split_at(error.valid_up_to());
                    self.text.push_str(std::str::from_utf8(valid).unwrap_or_default());
                    match error.error_len() {
                        None if !last => return self.partial.extend_from_slice(behind),
                        length => {
                            self.text.push(char::REPLACEMENT_CHARACTER);
                            rest = &behind[length.unwrap_or(behind.len())..];
                        }
                    }
                }
            }
        }
    }

    fn step(&mut self, last: bool, out: &mut String) -> Result<(), Reject> {
        if let Some(reject) = &self.closed {
            return Err(reject.clone());
        }
        loop {
            let going = match self.swallowed {
                Some(kind) => self.swallow(kind, last),
                None => self.window(last, out),
            };
            match going {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(reject) => {
                    self.text.clear();
                    self.written = 0;
                    self.closed = Some(reject.clone());
                    return Err(reject);
                }
            }
        }
    }

    /// Writes one step, if its window is whole. True if there may be more to do.
    fn window(&mut self, last: bool, out: &mut String) -> Result<bool, Reject> {
        let held = self.text.len() - self.written;
        if held == 0 || held < HELD_BYTES_MAX && !last {
            return Ok(false);
        }
        let behind = ceiling(&self.text, self.written.saturating_sub(BEHIND_BYTES));
        self.text.drain(..behind);
        self.written -= behind;
        let end = floor(&self.text, self.written + HELD_BYTES_MAX);
        // Nothing comes behind this window: all of it is written.
        let whole = last && end == self.text.len();
        let upto = if whole { end } else { floor(&self.text, self.written + STEP_BYTES) };
        let window = &self.text[..end];
        let redacted = self.redactor.redact_text(window, self.as_of)?;
        let mut written = self.written;
        for span in &redacted.findings {
            if span.action == Action::Keep || span.end <= written {
                continue;
            }
            if span.start >= upto {
                break;
            }
            // What begins in text that is written already goes as far as it can.
            let start = span.start.max(written);
            out.push_str(&window[written..start]);
            self.findings += 1;
            written = span.end;
            let endless = span.end == end && !whole;
            if !endless {
                out.push_str(&redacted.text[span.out_start..span.out_end]);
            } else {
                // No token: that of a part would not be that of the whole.
                out.push('[');
                out.push_str(span.category);
                out.push(']');
                let key = span.rules.contains("secret_pem");
                self.swallowed = Some(if key { Swallowed::PrivateKey } else { Swallowed::Word });
                self.swallowed_bytes = 0;
                // From its beginning, since its last line may be there in part.
                self.written = start;
                return Ok(true);
            }
        }
        if written < upto {
            out.push_str(&window[written..upto]);
            written = upto;
        }
        self.written = written;
        Ok(true)
    }

    /// Drops what belongs to the secret under way. True if it ended.
    fn swallow(&mut self, kind: Swallowed, last: bool) -> Result<bool, Reject> {
        let held = &self.text[self.written..];
        let (dropped, ended) = match kind {
            Swallowed::PrivateKey => private_key(held, last),
            Swallowed::Word => {
                match held.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`')) {
                    Some(end) => (end, true),
                    None => (held.len(), false),
                }
            }
        };
        self.swallowed_bytes += dropped;
        // What was swallowed is no context for what follows.
        self.text.drain(..self.written + dropped);
        self.written = 0;
        if ended {
            self.swallowed = None;
        } else if self.swallowed_bytes > SWALLOWED_BYTES_MAX {
            let message = format!("a secret of more than {SWALLOWED_BYTES_MAX} bytes; the stream is closed");
            return Err(Reject::new("endless_secret", message));
        }
        Ok(ended)
    }
}

/// How much of the text belongs to the private key that it continues, and whether the key ends there.
fn private_key(held: &str, last: bool) -> (usize, bool) {
    let mut from = 0;
    while let Some(at) = held[from..].find(PEM_END).map(|at| from + at) {
        let label = at + PEM_END.len();
        let window = &held.as_bytes()[label..held.len().min(label + PEM_LABEL_BYTES_MAX)];
        if let Some(length) = memchr::memmem::find(window, PEM_DASHES.as_bytes()) {
            return (label + length + PEM_DASHES.len(), true);
        }
        if window.len() < PEM_LABEL_BYTES_MAX && !last {
            return (at, false);
        }
        from = label;
    }
    // The last bytes may be the beginning of its last line.
    let kept = if last { 0 } else { PEM_END.len() - 1 };
    (ceiling(held, held.len().saturating_sub(kept)).max(from), false)
}

/// The first boundary of a character at or behind that offset.
fn ceiling(text: &str, mut at: usize) -> usize {
    while at < text.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at.min(text.len())
}

/// The last boundary of a character at or before that offset.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests;
