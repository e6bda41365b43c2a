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
    /// Whether there were more of these two than [`RECORDS_MAX`].
    too_many: bool,
}

/// The most events and broken records of one message. An event takes some kilobytes of memory however short its JSON is,
/// and a message is treated and committed as a whole.
pub(super) const RECORDS_MAX: usize = 50_000;

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
            too_many: false,
        }
    }

    /// A new event of this source kind, the next record of the message.
    pub fn draft(&mut self, source_kind: &'static str) -> Draft<'a> {
        Draft::new(source_kind, self.index(), self.context)
    }

    /// Takes a finished event.
    pub fn push(&mut self, draft: Draft<'a>) {
        let event = draft.finish(self);
        if self.has_room() {
            self.events.push(event);
        }
    }

    /// Whether another event or broken record may be kept; if not, none of the message is.
    fn has_room(&mut self) -> bool {
        self.too_many |= self.events.len() + self.rejects.len() >= RECORDS_MAX;
        if self.too_many {
            (self.events, self.rejects) = (Vec::new(), Vec::new());
        }
        !self.too_many
    }

    /// Counts a record that is no event.
    pub fn skip(&mut self, reason: &'static str) {
        self.index();
        *self.skipped.entry(reason).or_default() += 1;
    }

    /// Sets a record aside that cannot be decoded.
    pub fn reject(&mut self, error: Undecodable) {
        let index = self.index();
        if self.has_room() {
            self.rejects.push(RecordReject { index, reason: error.reason, detail: error.detail });
        }
    }

    fn index(&mut self) -> u32 {
        let index = self.next_index;
        self.next_index += 1;
        index
    }

    /// What became of the message. One of which nothing could be decoded is quarantined as a whole.
    pub(super) fn finish(self) -> Result<Decoded, Undecodable> {
        if self.too_many {
            let detail = format!("{} records in one message, limit {RECORDS_MAX}", self.next_index);
            return Err(Undecodable::new("too_many_records", detail));
        }
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
