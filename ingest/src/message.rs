//! One record of a Kafka topic, as decoders and quarantine see it.
//!
//! The type is Sealake's own, so that decoders can be tested without a broker and nothing but the consumer names
//! librdkafka.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

/// A Kafka record. Its `Debug` prints position and sizes only: the payload is unredacted.
#[derive(Clone)]
pub struct Message {
    /// The topic it was read from.
    pub topic: Arc<str>,
    /// The partition of the topic.
    pub partition: i32,
    /// Its offset in the partition.
    pub offset: i64,
    /// Kafka's timestamp in milliseconds since 1970; none, or -1, for producers older than message format 1.
    pub timestamp_ms: Option<i64>,
    /// The record's key.
    pub key: Option<Bytes>,
    /// The record's headers in order; a name may occur more than once.
    pub headers: Vec<(String, Option<Bytes>)>,
    /// The record's value; none is a tombstone.
    pub payload: Option<Bytes>,
    /// The leader epoch of the offset, where the broker told it.
    pub leader_epoch: Option<i32>,
}

impl Message {
    /// Size of the value in bytes, 0 for a tombstone.
    pub fn payload_bytes(&self) -> usize {
        self.payload.as_ref().map_or(0, Bytes::len)
    }

    /// The first header with this name (ASCII case ignored) that is UTF-8 text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .and_then(|(_, value)| value.as_deref())
            .and_then(|value| std::str::from_utf8(value).ok())
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Message({}/{}@{}, key {} bytes, {} headers, value {} bytes)",
            self.topic,
            self.partition,
            self.offset,
            self.key.as_ref().map_or(0, Bytes::len),
            self.headers.len(),
            self.payload_bytes()
        )
    }
}
