//! The consumer's event queue, polled by librdkafka's own functions.
//!
//! rdkafka's `poll` drops three things on which exactly-once rests: topic and offset of a partition's end (it
//! hands out the partition number alone), the topic of an error, and a message's leader epoch; and it calls
//! rebalances back from inside. So the same queue is polled here, and a rebalance is an event like any other.
//! Everything else (creation, assignment, metadata, closing) stays with rdkafka.
//!
//! Every pointer handled here lives inside one call of [`Queue::poll`] and belongs to the event that is destroyed
//! at its end; what leaves is copied.

use std::collections::HashMap;
use std::ffi::{CStr, c_void};
use std::ptr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use rdkafka::bindings::*;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::RDKafkaErrorCode;

use super::consumer::Context;
use crate::message::Message;

/// The most headers of one message that are copied; Kafka has no limit of its own, librdkafka's is 2^20.
const HEADERS_MAX: usize = 10_000;

/// What the queue gave.
#[derive(Debug)]
pub(super) enum Event {
    /// Nothing within the timeout, or something of no interest.
    Nothing,
    /// A message.
    Message(Message),
    /// The end of a partition: there is no message before `offset` that was not given.
    End { topic: Arc<str>, partition: i32, offset: i64 },
    /// Partitions that this process is to read, after it has said from where.
    Assign(Vec<(Arc<str>, i32)>),
    /// Partitions that this process must leave.
    Revoke(Vec<(Arc<str>, i32)>),
    /// An error of one partition, at an offset where it has one.
    PartitionError { topic: Arc<str>, partition: i32, offset: i64, code: RDKafkaErrorCode },
    /// An error of the client. Fatal ones are final for it.
    Error { code: RDKafkaErrorCode, text: String, fatal: bool },
}

/// The consumer's queue. Topics' names are interned, since every message carries one.
pub(super) struct Queue {
    queue: *mut rd_kafka_queue_t,
    /// Keeps the client alive, to which the queue belongs.
    consumer: Arc<BaseConsumer<Context>>,
    topics: HashMap<String, Arc<str>>,
}

// SAFETY: librdkafka's queues may be used from any thread; this one is used by the thread that owns it.
unsafe impl Send for Queue {}

impl Queue {
    pub(super) fn new(consumer: Arc<BaseConsumer<Context>>) -> Queue {
        // SAFETY: the client is alive. The function returns a new reference to the consumer's queue, or null for
        // a client without a group, which `poll` reports.
        let queue = unsafe { rd_kafka_queue_get_consumer(consumer.client().native_ptr()) };
        Queue { queue, consumer, topics: HashMap::new() }
    }

    /// Waits for the next event.
    pub(super) fn poll(&mut self, timeout: Duration) -> Event {
        if self.queue.is_null() {
            let text = "the consumer has no queue".to_owned();
            return Event::Error { code: RDKafkaErrorCode::Fail, text, fatal: true };
        }
        let timeout_ms = i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX);
        // SAFETY: the queue is alive; the event is ours until it is destroyed below, and null means none.
        let event = unsafe { rd_kafka_queue_poll(self.queue, timeout_ms) };
        if event.is_null() {
            return Event::Nothing;
        }
        // SAFETY: the event is alive until the call after this one.
        let out = unsafe { self.read(event) };
        // SAFETY: nothing that `read` returned points into the event.
        unsafe { rd_kafka_event_destroy(event) };
        out
    }

    /// # Safety
    /// `event` must be alive.
    unsafe fn read(&mut self, event: *mut rd_kafka_event_t) -> Event {
        // SAFETY: for all calls here, the event is alive and of the type that was asked for first.
        unsafe {
            match rd_kafka_event_type(event) {
                RD_KAFKA_EVENT_FETCH => {
                    let message = rd_kafka_event_message_next(event);
                    if message.is_null() { Event::Nothing } else { Event::Message(self.message(&*message)) }
                }
                RD_KAFKA_EVENT_REBALANCE => {
                    let partitions = self.partitions(rd_kafka_event_topic_partition_list(event));
                    match rd_kafka_event_error(event) {
                        rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS => {
                            Event::Assign(partitions)
                        }
                        _ => Event::Revoke(partitions),
                    }
                }
                RD_KAFKA_EVENT_ERROR => self.error(event),
                _ => Event::Nothing,
            }
        }
    }

    /// # Safety
    /// `event` must be alive and an error event.
    unsafe fn error(&mut self, event: *mut rd_kafka_event_t) -> Event {
        // SAFETY: the event is alive; the partition is a copy that is destroyed here after its name was copied.
        unsafe {
            let code = RDKafkaErrorCode::from(rd_kafka_event_error(event));
            let place = rd_kafka_event_topic_partition(event);
            if place.is_null() {
                let text = copy_text(rd_kafka_event_error_string(event));
                return Event::Error { code, text, fatal: rd_kafka_event_error_is_fatal(event) != 0 };
            }
            let topic = self.topic((*place).topic);
            let (partition, offset) = ((*place).partition, (*place).offset);
            rd_kafka_topic_partition_destroy(place);
            match code {
                RDKafkaErrorCode::PartitionEOF => Event::End { topic, partition, offset },
                code => Event::PartitionError { topic, partition, offset, code },
            }
        }
    }

    /// # Safety
    /// `message` must be a consumer's message that is alive.
    unsafe fn message(&mut self, message: &rd_kafka_message_t) -> Message {
        // SAFETY: librdkafka's messages have a topic, and payload and key with these lengths unless null.
        unsafe {
            let mut kind = rd_kafka_timestamp_type_t::RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
            let timestamp_ms = rd_kafka_message_timestamp(message, &mut kind);
            let leader_epoch = rd_kafka_message_leader_epoch(message);
            Message {
                topic: self.topic(rd_kafka_topic_name(message.rkt)),
                partition: message.partition,
                offset: message.offset,
                timestamp_ms: (timestamp_ms >= 0).then_some(timestamp_ms),
                key: copy_bytes(message.key, message.key_len),
                headers: headers(message),
                payload: copy_bytes(message.payload, message.len),
                leader_epoch: (leader_epoch >= 0).then_some(leader_epoch),
            }
        }
    }

    /// # Safety
    /// `list` must be null or alive.
    unsafe fn partitions(&mut self, list: *mut rd_kafka_topic_partition_list_t) -> Vec<(Arc<str>, i32)> {
        if list.is_null() {
            return Vec::new();
        }
        // SAFETY: a list has `cnt` elements at `elems`.
        let elements = unsafe {
            match (*list).cnt {
                0 => &[],
                count => std::slice::from_raw_parts((*list).elems, usize::try_from(count).unwrap_or(0)),
            }
        };
        // SAFETY: every element has a topic's name.
        elements.iter().map(|element| (unsafe { self.topic(element.topic) }, element.partition)).collect()
    }

    /// # Safety
    /// `name` must be null or a C string.
    unsafe fn topic(&mut self, name: *const std::ffi::c_char) -> Arc<str> {
        if name.is_null() {
            return "".into();
        }
        // SAFETY: checked above; the caller vouches for the rest.
        let name = unsafe { CStr::from_ptr(name) }.to_string_lossy();
        if let Some(known) = self.topics.get(&*name) {
            return known.clone();
        }
        let interned: Arc<str> = (&*name).into();
        self.topics.insert(name.into_owned(), interned.clone());
        interned
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        if !self.queue.is_null() {
            // SAFETY: our own reference, taken in `new`; the client is still alive in `self.consumer`.
            unsafe { rd_kafka_queue_destroy(self.queue) };
        }
        tracing::trace!(client = ?self.consumer.client().native_ptr(), "queue closed");
    }
}

/// # Safety
/// `bytes` must be null or point to `len` bytes.
unsafe fn copy_bytes(bytes: *const c_void, len: usize) -> Option<Bytes> {
    if bytes.is_null() {
        return None;
    }
    // SAFETY: checked above; the caller vouches for the length.
    Some(Bytes::copy_from_slice(unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), len) }))
}

/// # Safety
/// `text` must be null or a C string.
unsafe fn copy_text(text: *const std::ffi::c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: checked above; the caller vouches for the rest.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// # Safety
/// `message` must be a consumer's message that is alive.
unsafe fn headers(message: &rd_kafka_message_t) -> Vec<(String, Option<Bytes>)> {
    let mut list = ptr::null_mut();
    let mut headers = Vec::new();
    // SAFETY: the message is alive; the list belongs to it and lives as long.
    if unsafe { rd_kafka_message_headers(message, &mut list) }
        != rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR
    {
        return headers;
    }
    for nth in 0..HEADERS_MAX {
        let (mut name, mut value, mut len) = (ptr::null(), ptr::null(), 0);
        // SAFETY: the list is alive; the function says by its answer whether there is a header at this place.
        let answer = unsafe { rd_kafka_header_get_all(list, nth, &mut name, &mut value, &mut len) };
        if answer != rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR {
            break;
        }
        // SAFETY: name is a C string and value null or `len` bytes, both owned by the list.
        headers.push(unsafe { (copy_text(name), copy_bytes(value, len)) });
    }
    headers
}
