//! What a writer is about to commit, and what becomes of it at one head of the log: an entry, a fence, or nothing
//! because the log says it already. Asked anew after every lost race.

use bytes::Bytes;
use schemas::manifest::{self, Adopt, Batch, Body, Heartbeat, Retention, Source};

use super::batch::Prepared;
use super::replay::Replay;
use super::snapshot::Snapshot;
use super::state::{PartitionKey, State};
use crate::error::Error;
use crate::time::{format_time, retain_until};

/// What is to be committed.
pub(super) enum Draft {
    Batch(Box<Prepared>),
    Source(Source),
    Policy(manifest::Policy, Vec<(String, Bytes)>),
    Heartbeat(Heartbeat),
    Snapshot,
    Adopt,
}

/// What a draft becomes at one head of the log.
pub(super) enum Against {
    Entry(Body),
    Snapshot(Snapshot),
    Fenced(Vec<(PartitionKey, u64)>),
    /// The log says it already.
    Known,
}

impl Draft {
    /// The objects to write before the log is looked at.
    pub(super) fn objects(&self) -> &[(String, Bytes)] {
        match self {
            Draft::Batch(prepared) => &prepared.objects,
            Draft::Policy(_, objects) => objects,
            _ => &[],
        }
    }

    /// What the draft is at this head of the log, for an entry at this time.
    pub(super) fn against(&self, replay: &Replay, committed: i64) -> Result<Against, Error> {
        let state = &replay.state;
        Ok(match self {
            Draft::Batch(prepared) => match fenced(state, &prepared.batch.offsets) {
                Some(next) => Against::Fenced(next),
                None => Against::Entry(Body::Batch(Box::new(retained(prepared, state, committed)))),
            },
            Draft::Source(source) if state.sources.contains(&source.source) => Against::Known,
            Draft::Source(source) => Against::Entry(Body::Source(source.clone())),
            Draft::Policy(policy, _) if state.policies.contains(&policy.object.sha256) => Against::Known,
            Draft::Policy(policy, _) => Against::Entry(Body::Policy(policy.clone())),
            Draft::Heartbeat(beat) => {
                let newer = |known: &manifest::TreeHead, head: &manifest::TreeHead| {
                    head.size > known.size || head == known
                };
                let mut beat = beat.clone();
                beat.access =
                    beat.access.filter(|head| state.access.as_ref().is_none_or(|known| newer(known, head)));
                Against::Entry(Body::Heartbeat(beat))
            }
            Draft::Snapshot => Against::Snapshot(replay.snapshot()?),
            Draft::Adopt => Against::Entry(Body::Adopt(Adopt { head: state.tree_head() })),
        })
    }
}

fn retained(prepared: &Prepared, state: &State, committed: i64) -> Batch {
    let class = &state.retention;
    let until = retain_until(committed, prepared.event_max, class.years.0);
    let retention = Retention { class: class.class.clone(), retain_until: format_time(until) };
    Batch { retention, ..prepared.batch.clone() }
}

/// If a partition of the batch does not begin at the lake's next offset, or its topic is another one than that whose
/// offsets the lake has taken: the lake's next offset of every one.
pub(super) fn fenced(state: &State, offsets: &[manifest::OffsetRange]) -> Option<Vec<(PartitionKey, u64)>> {
    let next =
        |range: &manifest::OffsetRange| state.next_offset(&range.source, &range.topic, range.partition.0);
    let same_topic = |range: &manifest::OffsetRange| match &range.topic_id {
        Some(id) => state.topic_id(&range.source, &range.topic).is_none_or(|known| known == id),
        None => true,
    };
    if offsets.iter().all(|range| range.first.0 == next(range) && same_topic(range)) {
        return None;
    }
    let place =
        |range: &manifest::OffsetRange| (range.source.clone(), range.topic.clone(), range.partition.0);
    Some(offsets.iter().map(|range| (place(range), next(range))).collect())
}
