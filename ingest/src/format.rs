//! From a Kafka message to canonical events: the table of source formats and the one way through it.
//!
//! Everything that is the same for all formats happens once, in this folder's shared files: envelopes
//! ([`envelope`]), limits and JSON reading ([`json`]), time, provenance and identity ([`draft`]), attachments
//! and credentials ([`opaque`]), messages ([`parts`]). A format is one file that says how it is recognised and
//! which field goes to which column, and one line in [`FORMATS`].
//!
//! Decoding never fails and never panics: what cannot be decoded is handed back as [`Decoded::Quarantine`] with
//! one of the reasons in [`REASONS`].

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemas::Record;

use crate::message::Message;

mod answer;
mod bedrock;
mod draft;
mod envelope;
mod json;
mod litellm;
mod opaque;
mod otlp;
mod parts;
mod sealake;
mod sink;
mod stream;
#[cfg(test)]
mod tests;
mod time;
mod vocabulary;

pub use draft::Draft;
pub use envelope::CloudEvent;
pub use sink::Sink;

/// Every source format, in the order in which [`Choice::Auto`] asks whether a record is theirs.
pub static FORMATS: &[&dyn Format] = &[&otlp::Otlp, &litellm::LiteLlm, &bedrock::Bedrock, &sealake::Sealake];

/// Why a message or a record can be quarantined: the word that is stored, and what it means.
pub const REASONS: &[(&str, &str)] = &[
    ("empty_value", "the value is there and has no bytes"),
    ("too_large", "the value is larger than the limit of the configuration"),
    ("invalid_utf8", "the value looks like JSON and is not UTF-8"),
    ("truncated_json", "the JSON ends in the middle"),
    ("invalid_json", "the JSON is malformed"),
    ("too_deep", "the JSON nests deeper than the limit"),
    ("too_many_values", "the JSON holds more values than the limit"),
    ("too_many_records", "one message holds more events or broken records than the limit of 50,000"),
    ("not_an_object", "a record is not a JSON object"),
    ("no_records", "the message has the shape of its format and holds no record"),
    ("unknown_format", "no format recognises the record, or the topic's format does not"),
    ("wrong_schema_version", "the event declares a schema version other than this one"),
    ("invalid_cloud_event", "a CloudEvents envelope without the attributes the specification requires"),
    ("invalid_protobuf", "the bytes are no message of the format's protobuf schema"),
];

/// The default limit of a message's value, in bytes.
pub const PAYLOAD_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How the messages of a topic are decoded.
#[derive(Clone, Copy)]
pub enum Choice {
    /// Each record by the first format of [`FORMATS`] that recognises it.
    Auto,
    /// By this format only; a record that it does not recognise is quarantined.
    Named(&'static dyn Format),
}

impl Choice {
    /// The choice that a configuration names: `auto` or the name of a format.
    pub fn from_name(name: &str) -> Option<Choice> {
        if name == "auto" {
            return Some(Choice::Auto);
        }
        FORMATS.iter().find(|format| format.name() == name).map(|format| Choice::Named(*format))
    }

    /// The name that [`Choice::from_name`] takes.
    pub fn name(&self) -> &'static str {
        match self {
            Choice::Auto => "auto",
            Choice::Named(format) => format.name(),
        }
    }
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Choice({})", self.name())
    }
}

/// One source format.
pub trait Format: Sync {
    /// Its name in configurations.
    fn name(&self) -> &'static str;

    /// Whether a record is of this format. Looks at a handful of fields only.
    fn sniff(&self, record: &Payload<'_>) -> bool;

    /// Whether a record of a topic that is configured for this format can be decoded. Asked instead of
    /// [`Format::sniff`], since the configuration has said what the record is.
    fn accepts(&self, record: &Payload<'_>) -> bool {
        self.sniff(record)
    }

    /// Decodes one record, which may hold any number of events, into `sink`.
    ///
    /// # Errors
    /// The record as a whole is not decodable. What was already given to `sink` is kept only if the message
    /// holds other records.
    fn decode(&self, record: Payload<'_>, sink: &mut Sink<'_>) -> Result<(), Undecodable>;
}

/// One record as a format gets it: envelopes opened, JSON parsed.
pub enum Payload<'a> {
    /// A JSON object.
    Json(json::Map),
    /// Anything that is not JSON, such as protobuf.
    Bytes(Cow<'a, [u8]>),
}

/// Why a record is not decodable.
#[derive(Debug)]
pub struct Undecodable {
    /// One of [`REASONS`].
    pub reason: &'static str,
    /// Where and what was expected. Never content.
    pub detail: String,
}

impl Undecodable {
    /// An error with a reason of [`REASONS`].
    pub fn new(reason: &'static str, detail: impl Into<String>) -> Undecodable {
        Undecodable { reason, detail: detail.into() }
    }
}

/// What decoding needs to know besides the message.
pub struct Context<'a> {
    /// The data plane's name, column `site`.
    pub site: &'a str,
    /// The Kafka cluster and epoch, column `kafka_source`.
    pub kafka_source: &'a str,
    /// Our clock when the message was read, microseconds since 1970.
    pub ingest_time: i64,
    /// The keyed hash of the message's value.
    pub raw_hash: [u8; 32],
    /// The keyed hash of the redactor (`Redactor::keyed_hash`), for parts of the value.
    pub hash: &'a (dyn Fn(&[u8]) -> [u8; 32] + Sync),
    /// Limit of a message's value in bytes; [`PAYLOAD_BYTES_MAX`] unless configured.
    pub payload_bytes_max: usize,
}

/// What became of a message.
#[derive(Debug)]
pub enum Decoded {
    /// It was understood. `events + skipped + rejects` is the number of records that it held.
    Events {
        /// The canonical events, still unredacted.
        events: Vec<Record>,
        /// Records that are no event, by reason (`not_ai`).
        skipped: BTreeMap<&'static str, u64>,
        /// Records that could not be decoded, among others that could.
        rejects: Vec<RecordReject>,
    },
    /// It holds no record at all, for this reason (`tombstone`).
    Skipped(&'static str),
    /// It could not be decoded as a whole.
    Quarantine {
        /// One of [`REASONS`].
        reason: &'static str,
        /// Where and what was expected. Never content.
        detail: String,
    },
}

/// A record inside a message that could not be decoded.
#[derive(Debug)]
pub struct RecordReject {
    /// Position of the record inside the message, from 0.
    pub index: u32,
    /// One of [`REASONS`].
    pub reason: &'static str,
    /// Where and what was expected. Never content.
    pub detail: String,
}

/// Decodes a message. Takes time and memory linear in its size, never fails, never panics.
pub fn decode(choice: &Choice, message: &Message, context: &Context<'_>) -> Decoded {
    let Some(value) = &message.payload else {
        return Decoded::Skipped("tombstone");
    };
    match decode_value(choice, value, message, context) {
        Ok(decoded) => decoded,
        Err(Undecodable { reason, detail }) => Decoded::Quarantine { reason, detail },
    }
}

fn decode_value(
    choice: &Choice,
    value: &[u8],
    message: &Message,
    context: &Context<'_>,
) -> Result<Decoded, Undecodable> {
    if value.is_empty() {
        return Err(Undecodable::new("empty_value", "0 bytes"));
    }
    if value.len() > context.payload_bytes_max {
        let detail = format!("{} bytes, limit {}", value.len(), context.payload_bytes_max);
        return Err(Undecodable::new("too_large", detail));
    }
    let opened = envelope::open(value, message)?;
    let alone = opened.len() == 1;
    let mut sink = Sink::new(message, context, value);
    for envelope::Opened { cloud_event, record } in opened {
        sink.cloud_event = cloud_event;
        match record.and_then(|record| decode_record(choice, record, &mut sink)) {
            Ok(()) => {}
            Err(error) if alone => return Err(error),
            Err(error) => sink.reject(error),
        }
    }
    sink.finish()
}

fn decode_record(choice: &Choice, record: Payload<'_>, sink: &mut Sink<'_>) -> Result<(), Undecodable> {
    match choice {
        Choice::Named(format) if format.accepts(&record) => format.decode(record, sink),
        Choice::Named(format) => {
            Err(Undecodable::new("unknown_format", format!("not recognised as {}", format.name())))
        }
        Choice::Auto => match FORMATS.iter().find(|format| format.sniff(&record)) {
            Some(format) => format.decode(record, sink),
            None => Err(Undecodable::new("unknown_format", "no format recognises the record")),
        },
    }
}
