//! Where a format puts what it finds in a message: events, records that are none, records that are broken.
//!
//! The sink counts the records of the message, so that every one of them is accounted for by its position.

use std::collections::BTreeMap;
use std::rc::Rc;

use schemas::Record;

use super::{CloudEvent, Context, Decoded, Draft, RecordReject, Undecodable};
use crate::message::Message;

/// Collects the records of one message.
pub struct Sink<'a> {
    pub(super) message: &'a Message,
    pub(super) context: &'a Context<'a>,
    /// The CloudEvent around the record that is being decoded.
    pub(super) cloud_event: Option<Rc<CloudEvent>>,
    pub(super) raw_bytes: i64,
    next_index: u32,
    events: Vec<Record>,
    skipped: BTreeMap<&'static str, u64>,
    rejects: Vec<RecordReject>,
}

impl<'a> Sink<'a> {
    pub(super) fn new(message: &'a Message, context: &'a Context<'a>, value: &[u8]) -> Sink<'a> {
        Sink {
            message,
            context,
            cloud_event: None,
            raw_bytes: i64::try_from(value.len()).unwrap_or(i64::MAX),
            next_index: 0,
            events: Vec::new(),
            skipped: BTreeMap::new(),
            rejects: Vec::new(),
        }
    }

    /// A new event of this source kind, the next record of the message.
    pub fn draft(&mut self, source_kind: &'static str) -> Draft<'a> {
        Draft::new(source_kind, self.index(), self.context)
    }

    /// Takes a finished event.
    pub fn push(&mut self, draft: Draft<'a>) {
        let event = draft.finish(self);
        self.events.push(event);
    }

    /// Counts a record that is no event.
    pub fn skip(&mut self, reason: &'static str) {
        self.index();
        *self.skipped.entry(reason).or_default() += 1;
    }

    /// Sets a record aside that cannot be decoded.
    pub fn reject(&mut self, error: Undecodable) {
        let index = self.index();
        self.rejects.push(RecordReject { index, reason: error.reason, detail: error.detail });
    }

    fn index(&mut self) -> u32 {
        let index = self.next_index;
        self.next_index += 1;
        index
    }

    /// What became of the message. One of which nothing could be decoded is quarantined as a whole.
    pub(super) fn finish(self) -> Result<Decoded, Undecodable> {
        if self.events.is_empty() && self.skipped.is_empty() {
            let count = self.rejects.len();
            return Err(match self.rejects.into_iter().next() {
                Some(first) => {
                    Undecodable::new(first.reason, format!("{}; all {count} records", first.detail))
                }
                None => Undecodable::new("no_records", "no record in the message"),
            });
        }
        Ok(Decoded::Events { events: self.events, skipped: self.skipped, rejects: self.rejects })
    }
}
