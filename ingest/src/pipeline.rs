//! The product in one loop: messages in, decoded, redacted, collected, committed.
//!
//! [`Pipeline::run`] is that loop; `workers.rs` decodes and redacts what goes through it, on every core and in
//! order. What goes on around it has its own files: [`start`] finds out which source this is and where it ends,
//! [`identify`] notices topics that were made anew, [`place`] puts partitions at the lake's offsets, [`tend`] does what falls due by the clock.
//!
//! The lake is the truth about offsets. Whatever goes wrong with a commit (another writer was first, the store
//! cannot be reached, nobody knows whether it went through) has one cure, which is also that of a restart: drop
//! what was read, ask the lake, read again from there.

mod identify;
mod place;
mod start;
mod summary;
mod tend;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use auditstore::{Outcome, Writer};
use tokio::time::Interval;

use crate::batcher::{Batcher, Sealed};
use crate::config::{Config, Ready};
use crate::error::Error;
use crate::kafka::Partition;
use crate::kafka::source::{Delivery, Source, What};
use crate::message::Message;
use crate::policies::Policies;
use crate::shutdown::Shutdown;
use crate::workers::{Chunk, Workers};

pub(crate) use start::{answered, bounds};
pub use summary::Summary;

/// The first wait after the lake could not be reached; each further one is twice as long.
pub(crate) const HOLD_FIRST: Duration = Duration::from_secs(1);
/// The longest wait between two attempts to reach the lake.
const HOLD_MAX: Duration = Duration::from_secs(15);

/// A member that has a name of its own may be taken for its own successor: when the broker comes back while it rejoins,
/// what it still says under its old member id is refused, which is final for librdkafka's client (`FENCED_INSTANCE_ID`).
/// It joins again then. Where that happens again so soon, there really is another process of the same name.
const FENCED_AGAIN_MIN: Duration = Duration::from_secs(120);

/// Kafka → lake, until the shutdown is asked for or, with `until_caught_up`, until the lake has everything that
/// Kafka had at the start.
///
/// # Errors
/// [`Error`] says what the operator can do. Nothing is lost: the next run continues where the lake is.
pub async fn run(
    config: Config,
    policies: impl Into<Policies>,
    writer: Writer,
    shutdown: Shutdown,
    until_caught_up: bool,
) -> Result<Summary, Error> {
    let ready = config.ready()?;
    let (mut policies, mut writer, mut so_far) = (policies.into(), writer, Summary::default());
    let mut fenced = None::<Instant>;
    loop {
        let started = Pipeline::start(ready.clone(), policies, writer, shutdown.clone(), until_caught_up);
        let Some(mut pipeline) = started.await? else {
            return Ok(so_far);
        };
        pipeline.summary.carry(so_far);
        let result = pipeline.run().await;
        let Pipeline { source, summary, lake, policies: still, .. } = pipeline;
        source.close().await;
        policies = still;
        match result {
            Err(Error::SameInstance { instance })
                if fenced.is_none_or(|before| before.elapsed() >= FENCED_AGAIN_MIN) =>
            {
                tracing::warn!(
                    instance,
                    "the consumer group took this process for another one of the same name; joining it again"
                );
                (writer, so_far, fenced) = (lake, summary, Some(Instant::now()));
            }
            Err(error @ Error::StaleAssignment { .. }) => {
                tracing::warn!("{error}; joining the group anew");
                (writer, so_far) = (lake, summary);
            }
            result => return result.map(|()| summary),
        }
    }
}

/// The parts, and what is known about them.
struct Pipeline {
    ready: Ready,
    source: Source,
    workers: Workers,
    batcher: Batcher,
    policies: Policies,
    lake: Writer,
    shutdown: Shutdown,
    /// Kafka's cluster id.
    cluster: String,
    topics: identify::Topics,
    /// Partitions that this process reads.
    assigned: BTreeSet<Partition>,
    unplaced: place::Unplaced,
    /// Number of the newest reading.
    readings: u64,
    /// With `--until-caught-up`: the ends that Kafka had at the start.
    goal: Option<BTreeMap<Partition, i64>>,
    /// Partitions whose next batch is not unpacked, at which offset, and when that was said last.
    held_up: BTreeMap<Partition, (i64, Instant)>,
    /// Since a commit failed and until one succeeds: until when to leave the lake alone, and how long that was.
    hold: Option<(Instant, Duration)>,
    clock: Interval,
    progress: tend::Progress,
    summary: Summary,
}

/// What came of a commit, with its partitions and the offsets after them.
enum Commit {
    Committed(Vec<(Partition, i64)>),
    Fenced(Vec<(Partition, i64)>),
}

impl Pipeline {
    async fn run(&mut self) -> Result<(), Error> {
        // In: read in order, decoded and redacted on every core, handed over in order.
        while let Some(chunk) = self.next().await? {
            self.collect(chunk).await?;
            self.reload().await?;
        }
        self.finish().await
    }

    /// Adds what the workers made to what waits for a commit. What another policy treated is another batch.
    async fn collect(&mut self, chunk: Chunk) -> Result<(), Error> {
        if let Some(redaction) = chunk.redaction.filter(|redaction| !self.batcher.is_redacted_by(redaction)) {
            self.batcher.hurry();
            self.commit_due().await?;
            self.batcher.redacted_by(&redaction);
        }
        for message in chunk.treated {
            self.batcher.push(message);
            self.commit_due().await?;
        }
        self.commit_due().await
    }

    /// Takes a changed policy once the log has it, so that it stands there before the first batch that names it.
    async fn reload(&mut self) -> Result<(), Error> {
        self.policies.look().await;
        let Some(wanted) = self.policies.wanted.as_ref().filter(|_| !self.is_held()) else {
            return Ok(());
        };
        match self.lake.ensure_policy(wanted.policy()).await {
            Ok(()) => {
                if let Some(redactor) = self.policies.take_wanted() {
                    self.workers.redact_by(redactor);
                }
                Ok(())
            }
            Err(error) if error.is_retryable() => {
                self.hold_off(&error);
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Commits what has reached a limit: the first one wins.
    async fn commit_due(&mut self) -> Result<(), Error> {
        if self.has_read_its_goal() {
            self.batcher.hurry();
        }
        if self.batcher.is_due() {
            // Where the broker does not answer, what was read is committed all the same: a broker that went away takes
            // nothing back, and the next right answer sets aside what a topic made anew has mixed in.
            self.identify().await?;
        }
        self.commit_what_is_due().await
    }

    async fn commit_what_is_due(&mut self) -> Result<(), Error> {
        while let Some(batch) = self.batcher.due()? {
            match self.commit(batch).await? {
                // Durable, signed and visible. Kafka is told for its monitoring only.
                Commit::Committed(positions) => self.source.committed(positions),
                // Another writer was first: start again from the lake.
                Commit::Fenced(positions) => self.rewind(positions),
            }
        }
        Ok(())
    }

    async fn commit(&mut self, sealed: Sealed) -> Result<Commit, Error> {
        let Sealed { batch, positions, counts } = sealed;
        self.progress.waits_for("the lake to take a commit");
        let outcome = tokio::select! {
            outcome = self.lake.commit(batch) => outcome,
            () = stopped_for(&self.shutdown, self.ready.stop_max) => {
                return Err(Error::StoppedUnsealed { waiting_for: "the lake did not take it in time".to_owned() });
            }
        };
        match outcome {
            Ok(Outcome::Committed(entry)) => {
                self.hold = None;
                self.note_commit(&entry, counts);
                Ok(Commit::Committed(positions))
            }
            Ok(Outcome::Fenced(_)) => {
                self.summary.fenced += 1;
                self.progress.waits_for("messages");
                tracing::info!(
                    partitions = positions.len(),
                    "fenced: another writer was first; reading again from the lake's offsets"
                );
                Ok(Commit::Fenced(positions))
            }
            // Nobody knows whether it went through; the lake will say.
            Err(error) if error.is_retryable() => {
                self.hold_off(&error);
                Ok(Commit::Fenced(positions))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The next chunk that the workers have done; empty when something fell due; none when it is time to end.
    async fn next(&mut self) -> Result<Option<Chunk>, Error> {
        loop {
            let held = self.is_held();
            tokio::select! {
                biased;
                () = self.shutdown.requested() => return Ok(None),
                chunk = self.workers.next() => {
                    // Reading the same messages again and again is no progress.
                    if self.hold.is_none() {
                        self.progress.moved();
                    }
                    return chunk.map(Some).map_err(|_| Error::Kafka("a worker thread was lost".to_owned()));
                }
                () = passed(self.batcher.deadline()) => {
                    self.batcher.hurry();
                    return Ok(Some(Chunk::default()));
                }
                delivery = self.source.poll(), if self.workers.has_room() && !held => self.take(delivery).await?,
                _ = self.clock.tick() => if self.tend().await? {
                    return Ok(None);
                },
            }
        }
    }

    async fn take(&mut self, delivery: Delivery) -> Result<(), Error> {
        match delivery {
            Delivery::Chunk(items) => {
                if let Some(What::Message(first)) = items.first().map(|item| &item.what) {
                    let Message { topic, partition, offset, .. } = first;
                    tracing::debug!(items = items.len(), %topic, partition, offset, "polled");
                }
                self.workers.begin(items);
                Ok(())
            }
            Delivery::Assigned(number, partitions) => {
                self.unplaced.assigned = Some((number, partitions));
                self.place().await
            }
            Delivery::Revoked(partitions) => {
                self.leave(&partitions);
                Ok(())
            }
            Delivery::OutOfRange(partition) => {
                tracing::warn!(topic = %partition.0, partition = partition.1, "the broker does not have the next offset any more");
                self.batcher.forget(&partition);
                self.unplaced.rewound.insert(partition);
                self.place().await
            }
            Delivery::HeldUp(partition, offset) => {
                self.hold_up(partition, offset);
                Ok(())
            }
            Delivery::NotRewound(partition, why) => {
                tracing::debug!(topic = %partition.0, partition = partition.1, why, "not rewound, trying again");
                self.unplaced.rewound.insert(partition);
                Ok(())
            }
            Delivery::Fenced => Err(Error::SameInstance { instance: self.ready.instance.clone() }),
            Delivery::Fatal(text) => Err(Error::Kafka(text)),
        }
    }

    /// Commits what was read, and no more.
    async fn finish(&mut self) -> Result<(), Error> {
        while !self.workers.is_idle() {
            let chunk = self.workers.next().await;
            self.collect(chunk.map_err(|_| Error::Kafka("a worker thread was lost".to_owned()))?).await?;
        }
        self.hold = None;
        self.batcher.hurry();
        self.commit_due().await?;
        match &self.hold {
            Some(_) => Err(Error::StoppedUnsealed { waiting_for: self.progress.waiting_for.clone() }),
            None => Ok(()),
        }
    }

    /// The lake could not be reached: leave it alone for a while, each time longer, and read nothing meanwhile.
    fn hold_off(&mut self, error: &auditstore::Error) {
        let wait = self.hold.map_or(HOLD_FIRST, |(_, wait)| (wait * 2).min(HOLD_MAX));
        self.hold = Some((Instant::now() + wait, wait));
        self.progress.waits_for(&format!("the lake: {error}"));
        tracing::warn!(%error, again_in_s = wait.as_secs(), "the lake cannot be reached; reading from Kafka is paused");
    }

    fn is_held(&self) -> bool {
        self.hold.is_some_and(|(until, _)| Instant::now() < until)
    }
}

/// Returns at that time, or never.
async fn passed(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}

/// Returns when a stop was asked for that long ago.
async fn stopped_for(shutdown: &Shutdown, long: Duration) {
    shutdown.clone().requested().await;
    tokio::time::sleep(long).await;
}

#[cfg(test)]
mod tests;
