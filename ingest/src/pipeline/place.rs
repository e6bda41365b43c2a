//! Puts partitions where the lake is: after an assignment, a fence, an expiry, an outage.
//!
//! There is one way to a position: read the lake's head anew, ask the broker which topic this is and what it still
//! has, compare. Until that
//! has succeeded for all partitions that wait, none is read; the clock tries again.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use auditstore::Writer;

use super::Pipeline;
use crate::batcher::Place;
use crate::error::Error;
use crate::kafka::source::Bounds;
use crate::kafka::{Begin, Partition, Reading};

/// For how long the broker's end may lie before the lake's next offset until that is believed: a broker that has just
/// become a partition's leader may tell an old end for a moment.
pub(super) const AHEAD_MAX: Duration = Duration::from_secs(5);

/// For how long a partition that does not exist may be assigned until this process joins its group anew.
const STALE_MAX: Duration = Duration::from_secs(20);

/// Partitions that wait for their position.
#[derive(Default)]
pub(super) struct Unplaced {
    /// A new assignment, with its number.
    pub(super) assigned: Option<(u64, Vec<Partition>)>,
    /// Partitions that are assigned already.
    pub(super) rewound: BTreeSet<Partition>,
    /// Since when the broker has been behind the lake.
    behind: Option<Instant>,
    /// Since when a partition that does not exist is assigned.
    stale: Option<Instant>,
}

impl Pipeline {
    /// Drops what was read of these partitions; they begin again from the lake.
    pub(super) fn rewind(&mut self, positions: Vec<(Partition, i64)>) {
        for (partition, _) in positions {
            self.batcher.forget(&partition);
            if self.assigned.contains(&partition) {
                self.unplaced.rewound.insert(partition);
            }
        }
        // At the next tick at the latest; at once if the lake can be reached.
        self.clock.reset_immediately();
    }

    /// Partitions were taken away: their rows go before anything is encoded.
    pub(super) fn leave(&mut self, partitions: &[Partition]) {
        self.unplaced.assigned = None;
        for partition in partitions {
            self.batcher.forget(partition);
            self.assigned.remove(partition);
            self.unplaced.rewound.remove(partition);
        }
        if !partitions.is_empty() {
            tracing::info!(partitions = partitions.len(), "partitions were given to another process");
        }
    }

    /// Places what waits, if lake and broker answer.
    pub(super) async fn place(&mut self) -> Result<(), Error> {
        if (self.unplaced.assigned.is_none() && self.unplaced.rewound.is_empty()) || self.is_held() {
            return Ok(());
        }
        self.same_cluster().await?;
        match self.lake.refresh().await {
            Ok(_) => {}
            Err(error) if error.is_retryable() => {
                self.hold_off(&error);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
        if !self.identify().await? {
            return Ok(());
        }
        let all_assigned = self.unplaced.assigned.iter().flat_map(|(_, partitions)| partitions);
        if let Some(foreign) =
            all_assigned.clone().find(|(topic, _)| !self.ready.topics.contains_key(&**topic))
        {
            return Err(Error::SharedGroup { topic: foreign.0.to_string() });
        }
        // What does not exist waits until it does, and holds up nothing else; an assignment is answered as a whole.
        let rewound = self.unplaced.rewound.iter().filter(|partition| self.topics.exists(partition));
        let answers = all_assigned.clone().all(|partition| self.topics.exists(partition));
        let waiting: Vec<Partition> = all_assigned.filter(|_| answers).chain(rewound).cloned().collect();
        self.not_stale()?;
        let Some(found) = self.found(&waiting).await? else {
            return Ok(());
        };
        let mut assigned = Vec::new();
        for (partition, first, bounds) in found {
            self.readings += 1;
            let reading = Reading(self.readings);
            let position = first.max(bounds.low);
            if position > first {
                warn_expired(&partition, first, position);
            }
            let source = self.topics.source(&partition.0).clone();
            let place =
                Place { reading, source: source.clone(), topic_id: self.topics.id(&partition.0), first };
            self.batcher.begin(partition.clone(), place, bounds.low);
            let begin = Begin { partition: partition.clone(), reading, source, offset: position };
            if self.unplaced.rewound.remove(&partition) {
                self.source.rewind(begin);
            } else {
                self.assigned.insert(partition);
                assigned.push(begin);
            }
        }
        if let Some((number, _)) = self.unplaced.assigned.take_if(|_| answers) {
            tracing::info!(
                partitions = assigned.len(),
                "partitions assigned, reading from the lake's offsets"
            );
            self.source.assign(number, assigned);
        }
        Ok(())
    }

    /// The lake's next offset and the broker's bounds of each; none if the broker does not answer now, or is behind.
    async fn found(
        &mut self,
        partitions: &[Partition],
    ) -> Result<Option<Vec<(Partition, i64, Bounds)>>, Error> {
        let mut found = Vec::with_capacity(partitions.len());
        for partition in partitions {
            let bounds = match self.source.bounds(partition).await {
                Ok(bounds) => bounds,
                Err(what) => {
                    self.progress.waits_for(&format!(
                        "the broker to tell the bounds of {}/{}: {what}",
                        partition.0, partition.1
                    ));
                    return Ok(None);
                }
            };
            let first = self.lake_next(partition);
            if first > bounds.end {
                return self.behind(partition, first, bounds.end).map(|()| None);
            }
            found.push((partition.clone(), first, bounds));
        }
        self.unplaced.behind = None;
        Ok(Some(found))
    }

    /// A topic that was made anew may have fewer partitions, and its group go on assigning those that it had.
    fn not_stale(&mut self) -> Result<(), Error> {
        let assigned = self.unplaced.assigned.iter().flat_map(|(_, partitions)| partitions);
        let is_stale = |partition: &&Partition| {
            !self.topics.missing.contains(&*partition.0) && !self.topics.exists(partition)
        };
        let Some(stale) = assigned.chain(&self.unplaced.rewound).find(is_stale) else {
            self.unplaced.stale = None;
            return Ok(());
        };
        let since = *self.unplaced.stale.get_or_insert_with(Instant::now);
        if since.elapsed() < STALE_MAX {
            return Ok(());
        }
        Err(Error::StaleAssignment { topic: stale.0.to_string(), partition: stale.1 })
    }

    fn behind(&mut self, partition: &Partition, lake: i64, broker: i64) -> Result<(), Error> {
        let since = *self.unplaced.behind.get_or_insert_with(Instant::now);
        self.progress.waits_for("the broker to have the lake's next offset");
        if since.elapsed() < AHEAD_MAX {
            return Ok(());
        }
        Err(ahead(partition, self.topics.source(&partition.0), lake, broker, self.ready.source_epoch))
    }

    /// Offsets are counted under the cluster's id, so another cluster behind the same address must not be read.
    async fn same_cluster(&self) -> Result<(), Error> {
        match self.source.cluster_id().await {
            Some(now) if now != self.cluster => {
                Err(Error::OtherCluster { before: self.cluster.clone(), now })
            }
            _ => Ok(()),
        }
    }

    /// The lake's next offset of a partition.
    pub(super) fn lake_next(&self, partition: &Partition) -> i64 {
        lake_next(&self.lake, self.topics.source(&partition.0), partition)
    }
}

/// The lake's next offset of a partition of a source.
pub(super) fn lake_next(lake: &Writer, source: &str, partition: &Partition) -> i64 {
    let next = lake.state().next_offset(source, &partition.0, u64::from(partition.1.unsigned_abs()));
    i64::try_from(next).unwrap_or(i64::MAX)
}

/// The error of a lake that is ahead of the broker. `epoch` is the configured one.
pub(super) fn ahead(partition: &Partition, source: &str, lake: i64, broker: i64, epoch: u64) -> Error {
    Error::LakeAhead {
        topic: partition.0.to_string(),
        partition: partition.1,
        origin_source: source.to_owned(),
        lake: lake.unsigned_abs(),
        broker: broker.unsigned_abs(),
        epoch: epoch + 1,
    }
}

fn warn_expired(partition: &Partition, first: i64, low: i64) {
    tracing::error!(
        topic = %partition.0,
        partition = partition.1,
        first,
        next = low,
        messages = low - first,
        "offsets expired: Kafka deleted messages before they were read. The gap is recorded in the lake; raise the \
         topic's retention or run more readers"
    );
}
