//! What falls due by the clock: placing partitions again, heartbeats, the line that says what is waited for, and the
//! end of a run that reads until it has caught up.

use std::time::{Duration, Instant};

use auditstore::{Committed, Reader, Trust};
use schemas::manifest::{Dec, End, Heartbeat, TreeHead};

use super::Pipeline;
use crate::batcher::Counts;
use crate::error::{Error, HeldUp};
use crate::kafka::Partition;

/// Time between two lines that say what is waited for.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// Time between two questions which topics are behind the names, besides those before each commit.
const IDENTIFY_INTERVAL: Duration = Duration::from_secs(5);

/// Time between two lines that say that a partition is held up.
const HELD_UP_INTERVAL: Duration = Duration::from_secs(60);

/// Most ends that one heartbeat names, so that it fits an entry.
const ENDS_MAX: usize = 128;

/// When what happened last.
pub(super) struct Progress {
    /// What the process waits for, in words.
    pub(super) waiting_for: String,
    moved: Instant,
    line: Instant,
    heartbeat: Instant,
    identified: Instant,
    /// Since when the broker has not told its topics, and why.
    unanswered: Option<(Instant, String)>,
}

impl Progress {
    pub(super) fn new() -> Progress {
        let now = Instant::now();
        Progress {
            waiting_for: "the broker".to_owned(),
            moved: now,
            line: now,
            heartbeat: now,
            identified: now,
            unanswered: None,
        }
    }

    /// Something was read or committed.
    pub(super) fn moved(&mut self) {
        self.moved = Instant::now();
        self.waits_for("messages");
    }

    pub(super) fn waits_for(&mut self, what: &str) {
        if self.waiting_for != what {
            what.clone_into(&mut self.waiting_for);
        }
    }

    /// The broker did not tell its topics.
    pub(super) fn unanswered(&mut self, why: &str) {
        let since = self.unanswered.take().map_or_else(Instant::now, |(since, _)| since);
        self.unanswered = Some((since, why.to_owned()));
        self.waits_for(&format!("the broker to tell its topics: {why}"));
    }

    /// The broker told its topics.
    pub(super) fn answered(&mut self) {
        if self.unanswered.take().is_some() {
            self.waits_for("messages");
        }
    }

    /// Whether it is time to say what is waited for.
    pub(super) fn line_is_due(&mut self) -> bool {
        let due = self.line.elapsed() >= LINE_INTERVAL;
        if due {
            self.line = Instant::now();
        }
        due
    }

    /// [`Error::Stalled`] if nothing has moved for too long.
    pub(super) fn stalled(&self, max: Duration) -> Result<(), Error> {
        let after = self.moved.elapsed();
        if after < max {
            return Ok(());
        }
        Err(Error::Stalled { after, waiting_for: self.waiting_for.clone() })
    }
}

impl Pipeline {
    /// Runs every second. True: it is time to end.
    pub(super) async fn tend(&mut self) -> Result<bool, Error> {
        self.place().await?;
        self.reload().await?;
        if self.progress.identified.elapsed() >= IDENTIFY_INTERVAL {
            self.progress.identified = Instant::now();
            self.identify().await?;
        }
        if self.progress.heartbeat.elapsed() >= self.ready.heartbeat_interval {
            self.progress.heartbeat = Instant::now();
            self.beat().await?;
        }
        if self.progress.line_is_due() {
            self.say_what_is_waited_for();
        }
        self.forget_what_is_held_up_no_more();
        if self.goal.is_none() {
            return Ok(false);
        }
        if self.others_work_on_the_goal() && !self.is_held() {
            let before = self.lake.state().size;
            match self.lake.refresh().await {
                Ok(state) if state.size > before => self.progress.moved(),
                Ok(_) => {}
                Err(error) if error.is_retryable() => self.hold_off(&error),
                Err(error) => return Err(error.into()),
            }
        }
        if self.has_caught_up() {
            return Ok(true);
        }
        self.gives_up().map(|()| false)
    }

    /// The next batch of a partition is not unpacked: the others are read on, and it is asked for again and again.
    pub(super) fn hold_up(&mut self, partition: Partition, offset: i64) {
        let said = self.held_up.get(&partition);
        if said.is_some_and(|(at, since)| *at == offset && since.elapsed() < HELD_UP_INTERVAL) {
            return;
        }
        let held_up = self.held_up_at(&partition, offset);
        tracing::error!("{held_up}");
        self.progress.waits_for(&held_up.to_string());
        self.held_up.insert(partition, (offset, Instant::now()));
    }

    fn forget_what_is_held_up_no_more(&mut self) {
        let (assigned, batcher) = (&self.assigned, &self.batcher);
        self.held_up.retain(|partition, (offset, _)| {
            assigned.contains(partition) && batcher.next(partition).is_none_or(|next| next <= *offset)
        });
    }

    fn held_up_at(&self, partition: &Partition, offset: i64) -> HeldUp {
        let limit = self.ready.unpacked_bytes_max;
        HeldUp { topic: partition.0.to_string(), partition: partition.1, offset, limit }
    }

    /// The error of a run that is to end, where nothing is left to do but what is held up.
    fn only_held_up_is_left(&self) -> Result<(), Error> {
        let Some(((partition, (offset, _)), goal)) = self.held_up.first_key_value().zip(self.goal.as_ref())
        else {
            return Ok(());
        };
        let is_committed = |partition: &Partition| {
            self.batcher.next(partition).is_none_or(|next| next <= self.lake_next(partition))
        };
        let is_done = |(partition, end): (&Partition, &i64)| {
            self.lake_next(partition) >= *end
                || (self.held_up.contains_key(partition) && is_committed(partition))
        };
        if self.workers.is_idle() && goal.iter().all(is_done) {
            return Err(Error::HeldUp(self.held_up_at(partition, *offset)));
        }
        Ok(())
    }

    /// The error of a run that is to end, where it waits for something that does not come.
    fn gives_up(&self) -> Result<(), Error> {
        let Progress { unanswered, moved, .. } = &self.progress;
        let brokers = || self.ready.brokers.clone();
        let too_long =
            |since: &Instant| Some(since.elapsed()).filter(|after| *after >= self.ready.broker_wait_max);
        if let Some((since, why)) = unanswered
            && too_long(since).is_some()
        {
            let within = self.ready.broker_wait_max;
            return Err(Error::BrokerUnreachable { brokers: brokers(), within, why: why.clone() });
        }
        if !self.topics.missing.is_empty()
            && !self.is_held()
            && let Some(after) = too_long(moved)
        {
            let topics = self.topics.missing.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(Error::TopicsMissing { topics, brokers: brokers(), after });
        }
        self.only_held_up_is_left()?;
        self.progress.stalled(self.ready.stalled_max)
    }

    /// Whether the lake has everything that Kafka had at the start.
    pub(super) fn has_caught_up(&self) -> bool {
        self.goal
            .as_ref()
            .is_some_and(|goal| goal.iter().all(|(partition, end)| self.lake_next(partition) >= *end))
    }

    /// Whether everything that Kafka had at the start was read, and only waits for its commit.
    pub(super) fn has_read_its_goal(&self) -> bool {
        let Some(goal) = &self.goal else {
            return false;
        };
        let is_read = |(partition, end): (&Partition, &i64)| {
            self.batcher.next(partition).is_some_and(|next| next >= *end) || self.lake_next(partition) >= *end
        };
        goal.iter().all(is_read) && !self.has_caught_up()
    }

    fn others_work_on_the_goal(&self) -> bool {
        let goal = self.goal.iter().flatten();
        goal.into_iter()
            .any(|(partition, end)| !self.assigned.contains(partition) && self.lake_next(partition) < *end)
    }

    pub(super) fn note_commit(&mut self, entry: &Committed, counts: Counts) {
        let summary = &mut self.summary;
        summary.commits += 1;
        summary.messages += counts.messages;
        summary.stored += counts.stored;
        summary.quarantined += counts.quarantined;
        summary.skipped += counts.skipped;
        summary.gaps += counts.gaps;
        summary.size = entry.seq + 1;
        summary.root = hex::encode(entry.root);
        self.progress.moved();
        tracing::info!(
            entry = entry.seq,
            stored = counts.stored,
            quarantined = counts.quarantined,
            skipped = counts.skipped,
            gaps = counts.gaps,
            lag = self.lag(),
            "committed"
        );
    }

    /// Messages that Kafka has and the lake has not, of the partitions that this process reads.
    fn lag(&self) -> i64 {
        let ends = self.source.known_ends(self.assigned.iter());
        ends.iter().map(|(partition, end)| (end - self.lake_next(partition)).max(0)).sum()
    }

    fn say_what_is_waited_for(&self) {
        let waiting_for = match (&self.goal, self.source.complaint()) {
            _ if self.hold.is_some() => self.progress.waiting_for.clone(),
            (_, Some(complaint)) => format!("the broker: {complaint}"),
            _ if !self.topics.missing.is_empty() => {
                let missing: Vec<&str> = self.topics.missing.iter().map(String::as_str).collect();
                format!("topics that do not exist on {}: {}", self.ready.brokers, missing.join(", "))
            }
            _ if self.assigned.is_empty() => {
                "partitions to read: the group's other members have them".to_owned()
            }
            _ => self.progress.waiting_for.clone(),
        };
        tracing::info!(
            waiting_for,
            partitions = self.assigned.len(),
            rows_uncommitted = self.batcher.rows(),
            lag = self.lag(),
            size = self.lake.state().size,
            "reading"
        );
    }

    /// Signs that nothing happened, how long the access log is, and where Kafka ends.
    async fn beat(&mut self) -> Result<(), Error> {
        if self.is_held() {
            return Ok(());
        }
        let ends = self.source.known_ends(self.assigned.iter().take(ENDS_MAX));
        let ends = ends
            .into_iter()
            .map(|((topic, partition), end)| End {
                source: self.topics.source(&topic).to_string(),
                topic: topic.to_string(),
                partition: Dec(u64::from(partition.unsigned_abs())),
                end: Dec(end.unsigned_abs()),
            })
            .collect();
        let access = self.access_head().await;
        match self.lake.heartbeat(Heartbeat { access, ends }).await {
            Ok(entry) => {
                tracing::info!(entry = entry.seq, "heartbeat");
                Ok(())
            }
            Err(error) if error.is_retryable() => {
                self.hold_off(&error);
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Size and root of the access log, if it can be read and is sound.
    async fn access_head(&self) -> Option<TreeHead> {
        let access = self.lake.store().child("access");
        match Reader::open(access, Trust::SelfAsserted).await {
            Ok(reader) => {
                let state = reader.state();
                Some(TreeHead { size: Dec(state.size), root: hex::encode(state.root) })
            }
            Err(error) => {
                tracing::warn!(%error, "the heartbeat does not name the access log");
                None
            }
        }
    }
}
