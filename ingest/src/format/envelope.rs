//! What a record may be wrapped in: Schema Registry framing, CloudEvents in both modes, a JSON array, lines.
//!
//! Sources: Confluent's wire format (0x00, schema id in four bytes, for protobuf the message indexes); CloudEvents
//! 1.0.2 with its Kafka binding (structured if the content type starts with `application/cloudevents`, else
//! binary with `ce_` headers). Batches of CloudEvents are arrays and need nothing of their own.

use std::borrow::Cow;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::json::{Map, Value};
use super::{Payload, Undecodable, json};
use crate::message::Message;

/// The context attributes of a CloudEvent.
#[derive(Debug)]
pub struct CloudEvent {
    /// Unique together with `source`.
    pub id: String,
    /// Who emitted it.
    pub source: String,
    /// When it happened, as the producer wrote it.
    pub time: Option<String>,
    /// `traceparent` of the distributed-tracing extension.
    pub traceparent: Option<String>,
    /// All other attributes, extensions among them.
    pub rest: Map,
}

/// A record and the CloudEvent around it, if there was one.
pub(super) struct Opened<'a> {
    pub(super) cloud_event: Option<Rc<CloudEvent>>,
    pub(super) record: Result<Payload<'a>, Undecodable>,
}

/// Opens all envelopes of a message's value.
pub(super) fn open<'a>(value: &'a [u8], message: &Message) -> Result<Vec<Opened<'a>>, Undecodable> {
    let structured = message.header("content-type").is_some_and(|content_type| {
        let prefix = content_type.as_bytes().get(.."application/cloudevents".len());
        prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(b"application/cloudevents"))
    });
    let binary = if structured { None } else { from_headers(message)?.map(Rc::new) };
    let mut opened = Vec::new();
    for record in records(Cow::Borrowed(unframed(value)))? {
        match record {
            Ok(Payload::Json(object)) if is_cloud_event(&object) => unwrap(object, &mut opened),
            Ok(_) if structured => {
                opened.push(Opened { cloud_event: None, record: Err(missing("specversion")) })
            }
            record => opened.push(Opened { cloud_event: binary.clone(), record }),
        }
    }
    Ok(opened)
}

/// Without the framing of a schema registry. Neither JSON nor a protobuf message can start with 0x00.
fn unframed(value: &[u8]) -> &[u8] {
    match value {
        [0, _, _, _, _, rest @ ..] if !rest.is_empty() => match rest {
            // Protobuf: the message indexes stand before the payload; a single 0 means the first message.
            [0, payload @ ..] => payload,
            _ => rest,
        },
        _ => value,
    }
}

type Records<'a> = Vec<Result<Payload<'a>, Undecodable>>;

/// The records of a value: an object, the items of an array, one a line, or the bytes if it is no JSON.
fn records(value: Cow<'_, [u8]>) -> Result<Records<'_>, Undecodable> {
    let bytes = value.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&value);
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if !matches!(first, Some(b'{' | b'[')) {
        return Ok(vec![Ok(Payload::Bytes(value))]);
    }
    match json_records(bytes) {
        // A line feed and a brace are also a protobuf tag and a length (123).
        Err(_) if bytes[0] == b'\n' => Ok(vec![Ok(Payload::Bytes(value))]),
        Err(error) => Err(error),
        Ok(records) => Ok(records),
    }
}

fn json_records<'a>(bytes: &[u8]) -> Result<Records<'a>, Undecodable> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Undecodable::new("invalid_utf8", format!("at byte {}", error.valid_up_to())))?;
    json::check_shape(bytes, json::DEPTH_MAX)?;
    match json::parse(text) {
        Ok(Value::Array(items)) if items.is_empty() => Err(Undecodable::new("no_records", "an empty array")),
        Ok(Value::Array(items)) => Ok(items.into_iter().map(object).collect()),
        Ok(value) => Ok(vec![object(value)]),
        Err(error) => {
            // Lines, if the first one is a document of its own; else the error is the document's.
            let mut lines = text.lines().filter(|line| !line.trim().is_empty());
            match lines.next().map(json::parse) {
                Some(Ok(first)) => {
                    let rest = lines.map(|line| json::parse(line).and_then(object));
                    Ok(std::iter::once(object(first)).chain(rest).collect())
                }
                _ => Err(error),
            }
        }
    }
}

fn object<'a>(value: Value) -> Result<Payload<'a>, Undecodable> {
    match value {
        Value::Object(object) => Ok(Payload::Json(object)),
        _ => Err(Undecodable::new("not_an_object", "expected a JSON object")),
    }
}

fn missing(attribute: &str) -> Undecodable {
    Undecodable::new("invalid_cloud_event", format!("attribute {attribute} is missing or no text"))
}

fn is_cloud_event(object: &Map) -> bool {
    object.get("specversion").is_some_and(Value::is_string)
}

/// Structured mode: the attributes around `data` or `data_base64`.
fn unwrap<'a>(mut object: Map, opened: &mut Vec<Opened<'a>>) {
    let data = object.remove("data").filter(|data| !data.is_null());
    let binary = object.remove("data_base64");
    let cloud_event = match attributes(object) {
        Ok(cloud_event) => Some(Rc::new(cloud_event)),
        Err(error) => return opened.push(Opened { cloud_event: None, record: Err(error) }),
    };
    let found = match (data, binary) {
        (Some(Value::Array(items)), _) => Ok(items.into_iter().map(self::object).collect()),
        (Some(Value::String(text)), _) => owned_records(text.into_bytes()),
        (Some(data), _) => Ok(vec![self::object(data)]),
        (None, Some(Value::String(text))) => STANDARD
            .decode(text)
            .map_err(|_| Undecodable::new("invalid_cloud_event", "data_base64 is no base64"))
            .and_then(owned_records),
        _ => Err(Undecodable::new("no_records", "a CloudEvent without data")),
    };
    match found {
        Ok(records) => opened
            .extend(records.into_iter().map(|record| Opened { cloud_event: cloud_event.clone(), record })),
        Err(error) => opened.push(Opened { cloud_event, record: Err(error) }),
    }
}

fn owned_records<'a>(bytes: Vec<u8>) -> Result<Records<'a>, Undecodable> {
    records(Cow::Owned(bytes)).map(|records| {
        let owned = |payload| match payload {
            Payload::Json(object) => Payload::Json(object),
            Payload::Bytes(bytes) => Payload::Bytes(Cow::Owned(bytes.into_owned())),
        };
        records.into_iter().map(|record| record.map(owned)).collect()
    })
}

/// Binary mode: the attributes are headers. None if there is no `ce_specversion`.
fn from_headers(message: &Message) -> Result<Option<CloudEvent>, Undecodable> {
    if message.header("ce_specversion").is_none() {
        return Ok(None);
    }
    let mut object = Map::new();
    for (name, value) in &message.headers {
        let attribute = if is_cloud_event_header(name) { &name[3..] } else { continue };
        if let Some(Ok(value)) = value.as_deref().map(std::str::from_utf8) {
            object.insert(attribute.to_ascii_lowercase(), value.into());
        }
    }
    attributes(object).map(Some)
}

/// Whether a header is an attribute of a CloudEvent in binary mode.
pub(super) fn is_cloud_event_header(name: &str) -> bool {
    name.len() > 3 && name.as_bytes()[..3].eq_ignore_ascii_case(b"ce_") && name.is_ascii()
}

fn attributes(mut object: Map) -> Result<CloudEvent, Undecodable> {
    let mut take = |name: &str| match object.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    };
    take("specversion").ok_or_else(|| missing("specversion"))?;
    let (id, source) =
        (take("id").ok_or_else(|| missing("id"))?, take("source").ok_or_else(|| missing("source"))?);
    let (time, traceparent) = (take("time"), take("traceparent"));
    let ty = take("type").ok_or_else(|| missing("type"))?;
    object.insert("type".to_owned(), ty.into());
    Ok(CloudEvent { id, source, time, traceparent, rest: object })
}
