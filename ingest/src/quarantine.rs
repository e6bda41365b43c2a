//! What could not be decoded or redacted: encrypted to the security team, never dropped and never stored in clear.
//!
//! One object a batch, in the age format (<https://age-encryption.org/v1>) for one X25519 recipient, so that the
//! stock command `age -d -i KEY FILE` opens it. Inside is NDJSON, one line a reject:
//! `{"reason","detail","source","topic","partition","offset","index","timestamp_ms","key_base64","headers",
//! "payload_base64"}`. `index` is the record's position inside its message and is absent where the message as a
//! whole was rejected. `headers` is a list of `[name, base64 or null]`. A message of which several records were
//! rejected gives its key, headers and payload in its first line only.

use std::collections::BTreeMap;
use std::io::Write;

use age::x25519;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::json;

use crate::message::Message;

/// A decoder or detector panicked on the message.
pub(crate) const PANIC: &str = "panic";
/// The message came from a topic that is not configured.
pub(crate) const UNKNOWN_TOPIC: &str = "unknown_topic";
/// The redactor gave no answer for the record.
pub(crate) const NOT_REDACTED: &str = "not_redacted";
/// The record cannot be held by a segment.
pub(crate) const DOES_NOT_FIT: &str = "does_not_fit";

/// Why a record that was decoded can be quarantined after all, besides [`crate::format::REASONS`]: the word that is
/// stored, and what it means. The redactor's own words stand where it rejects ([`redactor::Reject`]).
pub(crate) const REASONS: &[(&str, &str)] = &[
    (DOES_NOT_FIT, "a value of the record does not fit its column (type, width, precision)"),
    ("too_many_findings", "the redactor found more in the record than one record can list"),
    ("redactor_panic", "the redactor failed on the record: please report it"),
    ("wrong_schema", "the record is not of the event's schema: please report it"),
    (NOT_REDACTED, "the redactor gave no answer for the record: please report it"),
    (PANIC, "a decoder or detector failed on the message: please report it"),
    (UNKNOWN_TOPIC, "the message came from a topic that is not configured"),
];

/// An age X25519 public key.
#[derive(Clone)]
pub(crate) struct Recipient(x25519::Recipient);

impl Recipient {
    /// Reads `age1…`.
    pub(crate) fn parse(text: &str) -> Result<Recipient, String> {
        text.trim().parse().map(Recipient).map_err(|what: &str| {
            format!("is no age X25519 recipient ({what}); expected `age1…`, as `age-keygen -y` prints")
        })
    }
}

/// A message of which something was rejected.
#[derive(Debug)]
pub(crate) struct Rejected {
    pub(crate) message: Message,
    pub(crate) rejects: Vec<Reject>,
}

/// One rejection.
#[derive(Debug)]
pub(crate) struct Reject {
    /// Position of the record in its message; none: the message as a whole.
    pub(crate) index: Option<u32>,
    /// A word of a closed vocabulary.
    pub(crate) reason: &'static str,
    /// Where and what was expected; no content.
    pub(crate) detail: String,
}

/// How many of what the quarantine of a batch holds.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) messages: u64,
    pub(crate) records: u64,
    pub(crate) reasons: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts rejections; a message that was rejected as a whole counts as a message, else its records count.
    pub(crate) fn of<'a>(rejected: impl Iterator<Item = &'a Rejected>) -> Tally {
        let mut tally = Tally::default();
        for reject in rejected.flat_map(|one| &one.rejects) {
            match reject.index {
                None => tally.messages += 1,
                Some(_) => tally.records += 1,
            }
            *tally.reasons.entry(reject.reason.to_owned()).or_default() += 1;
        }
        tally
    }
}

/// Encrypts what was rejected, each with its source. The plaintext exists in memory only, one line at a time.
pub(crate) fn encrypt<'a>(
    rejected: impl Iterator<Item = (&'a str, &'a Rejected)>,
    to: &Recipient,
) -> Result<Bytes, String> {
    let recipients = std::iter::once(&to.0 as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(|error| error.to_string())?;
    let mut out = encryptor.wrap_output(Vec::new()).map_err(|error| error.to_string())?;
    for (source, one) in rejected {
        for (nth, reject) in one.rejects.iter().enumerate() {
            let mut line = serde_json::to_vec(&line(source, &one.message, reject, nth == 0))
                .map_err(|error| format!("line {}, column {}", error.line(), error.column()))?;
            line.push(b'\n');
            out.write_all(&line).map_err(|error| error.to_string())?;
        }
    }
    Ok(out.finish().map_err(|error| error.to_string())?.into())
}

fn line(source: &str, message: &Message, reject: &Reject, with_content: bool) -> serde_json::Value {
    let mut line = json!({
        "reason": reject.reason,
        "detail": reject.detail,
        "source": source,
        "topic": &*message.topic,
        "partition": message.partition,
        "offset": message.offset,
    });
    if let Some(index) = reject.index {
        line["index"] = index.into();
    }
    if let Some(timestamp_ms) = message.timestamp_ms {
        line["timestamp_ms"] = timestamp_ms.into();
    }
    if with_content {
        let base64 = |bytes: &Option<Bytes>| bytes.as_ref().map(|bytes| STANDARD.encode(bytes));
        line["key_base64"] = base64(&message.key).into();
        line["headers"] = message.headers.iter().map(|(name, value)| json!([name, base64(value)])).collect();
        line["payload_base64"] = base64(&message.payload).into();
    }
    line
}

#[cfg(test)]
mod tests;
