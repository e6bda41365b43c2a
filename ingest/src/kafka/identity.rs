//! Which topic is behind a name: its UUID, which Kafka gives to each topic that is made and never again.
//!
//! Offsets say nothing about it. A topic that was deleted and made anew, and has grown past the old one's end, would
//! be continued in its middle, and librdkafka does so silently when its metadata change. rdkafka does not wrap the
//! question (DescribeTopics), so it is asked by librdkafka's own functions, all of them in [`identities`].

use std::collections::BTreeMap;
use std::ffi::{CStr, CString};
use std::ptr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rdkafka::bindings::*;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::RDKafkaErrorCode;

use super::consumer::Context;

/// What the broker says of a topic's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// The topic that has the name now.
    Topic {
        /// Its UUID as Kafka prints it; none where the broker gives none (Kafka before 2.8).
        id: Option<String>,
        /// How many partitions it has, numbered from 0.
        partitions: usize,
    },
    /// There is no topic of this name.
    Missing,
    /// The broker does not tell, for this reason.
    Untold(String),
}

/// Something of librdkafka's with the function that frees it.
struct Owned<T>(*mut T, unsafe extern "C" fn(*mut T));

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: made by librdkafka for us alone, and freed nowhere else.
            unsafe { (self.1)(self.0) };
        }
    }
}

/// Which broker is asked. librdkafka asks the controller, and would wait for one that does not exist: its in-process
/// broker names a controller that is none.
#[derive(Debug, Default)]
pub(super) struct Asked(Mutex<Option<Target>>);

#[derive(Clone, Copy, Debug)]
enum Target {
    Controller,
    Broker(i32),
}

impl Asked {
    /// Asks which topics have these names now; waits for the answer.
    ///
    /// # Errors
    /// No answer within the timeout, or a refused question, in words.
    pub(super) fn identities(
        &self,
        consumer: &BaseConsumer<Context>,
        topics: &[String],
        timeout: Duration,
    ) -> Result<BTreeMap<String, Identity>, String> {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let target = match *asked {
            Some(target) => target,
            None => target(consumer, topics, timeout)?,
        };
        let answer = identities(consumer, topics, target, timeout);
        // Whoever did not answer is not asked again unseen.
        *asked = answer.is_ok().then_some(target);
        answer
    }
}

fn target(consumer: &BaseConsumer<Context>, topics: &[String], timeout: Duration) -> Result<Target, String> {
    let topic = topics.first().map(String::as_str);
    let metadata = consumer.fetch_metadata(topic, timeout).map_err(|error| error.to_string())?;
    let timeout_ms = i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX);
    // SAFETY: the client is alive.
    let controller = unsafe { rd_kafka_controllerid(consumer.client().native_ptr(), timeout_ms) };
    if metadata.brokers().iter().any(|broker| broker.id() == controller) {
        return Ok(Target::Controller);
    }
    let first = metadata.brokers().first().ok_or_else(|| "the cluster has no broker".to_owned())?;
    Ok(Target::Broker(first.id()))
}

fn identities(
    consumer: &BaseConsumer<Context>,
    topics: &[String],
    target: Target,
    timeout: Duration,
) -> Result<BTreeMap<String, Identity>, String> {
    let client = consumer.client();
    let names: Vec<CString> = topics.iter().filter_map(|topic| CString::new(topic.as_str()).ok()).collect();
    let mut pointers: Vec<_> = names.iter().map(|name| name.as_ptr()).collect();
    let timeout_ms = i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX);
    // SAFETY: the client is alive until the end of this function, by the reference. The names are C strings that
    // outlive the call that copies them. Queue, options, collection and event are ours, and are freed when this
    // function returns; the answer's topics point into the event and are read before that.
    unsafe {
        let queue = Owned(rd_kafka_queue_new(client.native_ptr()), rd_kafka_queue_destroy);
        let kind = rd_kafka_admin_op_t::RD_KAFKA_ADMIN_OP_DESCRIBETOPICS;
        let options =
            Owned(rd_kafka_AdminOptions_new(client.native_ptr(), kind), rd_kafka_AdminOptions_destroy);
        let collection = rd_kafka_TopicCollection_of_topic_names(pointers.as_mut_ptr(), pointers.len());
        let collection = Owned(collection, rd_kafka_TopicCollection_destroy);
        // The only way to fail is a timeout out of librdkafka's range, which then is its default.
        rd_kafka_AdminOptions_set_request_timeout(options.0, timeout_ms, ptr::null_mut(), 0);
        if let Target::Broker(id) = target {
            rd_kafka_AdminOptions_set_broker(options.0, id, ptr::null_mut(), 0);
        }
        rd_kafka_DescribeTopics(client.native_ptr(), collection.0, options.0, queue.0);
        let event = Owned(rd_kafka_queue_poll(queue.0, timeout_ms), rd_kafka_event_destroy);
        if event.0.is_null() {
            return Err("no answer".to_owned());
        }
        let code = RDKafkaErrorCode::from(rd_kafka_event_error(event.0));
        if code != RDKafkaErrorCode::NoError {
            return Err(code.to_string());
        }
        let result = rd_kafka_event_DescribeTopics_result(event.0);
        if result.is_null() {
            return Err("an answer to another question".to_owned());
        }
        let mut count = 0;
        let described = rd_kafka_DescribeTopics_result_topics(result, &mut count);
        let described = (0..count).map(|nth| *described.add(nth)).filter(|topic| !topic.is_null());
        Ok(described.map(|topic| identity(topic)).collect())
    }
}

/// # Safety
/// `topic` must be alive.
unsafe fn identity(topic: *const rd_kafka_TopicDescription_t) -> (String, Identity) {
    // SAFETY: a description has a name, and error and id point into it unless null.
    unsafe {
        let name = CStr::from_ptr(rd_kafka_TopicDescription_name(topic)).to_string_lossy().into_owned();
        let code = RDKafkaErrorCode::from(rd_kafka_error_code(rd_kafka_TopicDescription_error(topic)));
        let id = rd_kafka_TopicDescription_topic_id(topic);
        let identity = match code {
            RDKafkaErrorCode::NoError => {
                let mut partitions = 0;
                rd_kafka_TopicDescription_partitions(topic, &mut partitions);
                let bits =
                    || (rd_kafka_Uuid_most_significant_bits(id), rd_kafka_Uuid_least_significant_bits(id));
                Identity::Topic { id: (!id.is_null()).then(bits).and_then(printed), partitions }
            }
            RDKafkaErrorCode::UnknownTopicOrPartition | RDKafkaErrorCode::UnknownTopic => Identity::Missing,
            code => Identity::Untold(code.to_string()),
        };
        (name, identity)
    }
}

/// Kafka prints a UUID as its 16 bytes in URL-safe base64; all zeros is no UUID (Kafka: `Uuid.ZERO_UUID`).
fn printed((most, least): (i64, i64)) -> Option<String> {
    if (most, least) == (0, 0) {
        return None;
    }
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&most.to_be_bytes());
    bytes[8..].copy_from_slice(&least.to_be_bytes());
    Some(URL_SAFE_NO_PAD.encode(bytes))
}
