//! The start: which cluster this is, which source it makes in the lake, and where it ends.
//!
//! The broker and the lake may both be down; then the start waits, says so, and can be stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use auditstore::Writer;
use redactor::Redactor;
use schemas::manifest::{Dec, Redaction, Start};
use tokio::time::MissedTickBehavior;

use super::identify::{self, Topics};
use super::{HOLD_FIRST, Pipeline, place, tend};
use crate::batcher::Batcher;
use crate::config::Ready;
use crate::error::Error;
use crate::kafka::Partition;
use crate::kafka::source::{Bounds, Identity, Source};
use crate::pipeline::Summary;
use crate::policies::Policies;
use crate::shutdown::Shutdown;
use crate::workers::{Tools, Workers};

/// Most starting offsets that one `source` entry names, so that it fits; further partitions begin at 0 and record
/// what is not there any more as a gap.
const STARTS_MAX: usize = 128;

/// The longest pause between two attempts. An attempt takes up to five seconds more, so that something is said every
/// ten.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// A broker has at least this long for an answer, however little of the patience is left.
const ANSWER_MIN: Duration = Duration::from_secs(1);

/// Time between two looks at what falls due.
const TICK: Duration = Duration::from_secs(1);

impl Pipeline {
    /// Connects broker and lake; none if a stop was asked for meanwhile.
    pub(super) async fn start(
        ready: Ready,
        policies: Policies,
        mut lake: Writer,
        mut shutdown: Shutdown,
        until_caught_up: bool,
    ) -> Result<Option<Pipeline>, Error> {
        let source = Source::open(&ready, &lake.state().origin)?;
        let connected = tokio::select! {
            () = shutdown.requested() => None,
            connected = connect(&ready, &source, policies.redactor(), &mut lake, until_caught_up) => Some(connected?),
        };
        let Some(Connected { cluster, topics, bounds }) = connected else {
            source.close().await;
            return Ok(None);
        };
        source.subscribe()?;
        let mut clock = tokio::time::interval(TICK);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let redaction = Arc::new(auditstore::log::redaction(policies.redactor()));
        let tools = Tools {
            topics: ready.topics.clone(),
            site: ready.site.clone(),
            message_bytes_max: ready.message_bytes_max,
            redactor: policies.redactor().clone(),
            redaction: redaction.clone(),
        };
        let summary = Summary {
            missing_topics: topics.missing.iter().cloned().collect(),
            size: lake.state().size,
            root: hex::encode(lake.state().root),
            ..Summary::default()
        };
        Ok(Some(Pipeline {
            workers: Workers::new(tools, ready.workers),
            batcher: Batcher::new(&ready, Redaction::clone(&redaction)),
            policies,
            ready,
            source,
            lake,
            shutdown,
            cluster,
            assigned: BTreeSet::new(),
            unplaced: place::Unplaced::default(),
            readings: 0,
            goal: until_caught_up
                .then(|| bounds.into_iter().map(|(partition, b)| (partition, b.end)).collect()),
            held_up: BTreeMap::new(),
            hold: None,
            clock,
            progress: tend::Progress::new(),
            summary,
            topics,
        }))
    }
}

/// What the start found out.
struct Connected {
    cluster: String,
    topics: Topics,
    bounds: BTreeMap<Partition, Bounds>,
}

async fn connect(
    ready: &Ready,
    source: &Source,
    redactor: &Redactor,
    lake: &mut Writer,
    until_caught_up: bool,
) -> Result<Connected, Error> {
    let mut wait = Wait::new(ready, until_caught_up);
    let cluster = loop {
        match wait.answer(source.cluster_id()).await {
            Some(Some(cluster)) => break cluster,
            _ => wait.broker(&source.complaint().unwrap_or_else(|| "no answer".to_owned())).await?,
        }
    };
    let told = loop {
        let told = match source.identities().await {
            Ok(told) => told,
            Err(why) => {
                wait.broker(&why).await?;
                continue;
            }
        };
        let missing: Vec<&str> = ready
            .topics
            .keys()
            .map(String::as_str)
            .filter(|topic| !matches!(told.get(*topic), Some(Identity::Topic { .. })))
            .collect();
        if missing.is_empty() {
            break told;
        }
        if !until_caught_up {
            tracing::warn!(
                topics = missing.join(", "),
                "the topics do not exist yet; they are read as soon as they appear"
            );
            break told;
        }
        wait.topics(&missing.join(", ")).await?;
    };
    let bounds = loop {
        match bounds(source).await {
            Ok(bounds) => break bounds,
            Err(why) => wait.broker(&why).await?,
        }
    };
    let name = format!("{cluster}/{}", ready.source_epoch);
    tracing::info!(source = %name, topics = ready.topics.len(), partitions = bounds.len(), "connected");
    wait.restart();
    let starts = starts(&bounds, &told);
    while let Err(error) = onboard(lake, redactor, &name, &starts).await {
        wait.lake(error).await?;
    }
    let mut topics = Topics::new(&name);
    for (topic, source) in topics.take(told, lake.state()) {
        while let Err(error) = identify::onboard(lake, &topic, &source).await {
            wait.lake(error).await?;
        }
    }
    not_ahead(ready.source_epoch, source, lake, &topics, &bounds).await?;
    Ok(Connected { cluster, topics, bounds })
}

/// Refuses a lake that has taken offsets which the broker does not have: also where there is nothing to read, so that
/// nobody takes that for having caught up.
async fn not_ahead(
    epoch: u64,
    source: &Source,
    lake: &Writer,
    topics: &Topics,
    bounds: &BTreeMap<Partition, Bounds>,
) -> Result<(), Error> {
    let since = Instant::now();
    for (partition, bounds) in bounds {
        let name = topics.source(&partition.0);
        let lake_next = place::lake_next(lake, name, partition);
        let mut end = bounds.end;
        while lake_next > end {
            if since.elapsed() >= place::AHEAD_MAX {
                return Err(place::ahead(partition, name, lake_next, end, epoch));
            }
            tokio::time::sleep(TICK).await;
            if let Ok(bounds) = source.bounds(partition).await {
                end = bounds.end;
            }
        }
    }
    Ok(())
}

/// A new source begins where Kafka begins today: what was deleted before Sealake came is no gap.
fn starts(bounds: &BTreeMap<Partition, Bounds>, told: &BTreeMap<String, Identity>) -> Vec<Start> {
    let start = |((topic, partition), bounds): (&Partition, &Bounds)| Start {
        topic: topic.to_string(),
        partition: Dec(u64::from(partition.unsigned_abs())),
        first: Dec(bounds.low.unsigned_abs()),
        topic_id: match told.get(&**topic) {
            Some(Identity::Topic { id, .. }) => id.clone(),
            _ => None,
        },
    };
    bounds.iter().filter(|(_, bounds)| bounds.low > 0).take(STARTS_MAX).map(start).collect()
}

/// The policy and the source stand in the log before the first batch that uses them.
async fn onboard(
    lake: &mut Writer,
    redactor: &Redactor,
    name: &str,
    starts: &[Start],
) -> Result<(), auditstore::Error> {
    lake.ensure_policy(redactor.policy()).await?;
    lake.ensure_source(name, starts.to_vec()).await
}

/// The bounds of all partitions of the configured topics.
pub(crate) async fn bounds(source: &Source) -> Result<BTreeMap<Partition, Bounds>, String> {
    let mut all = BTreeMap::new();
    for partition in source.partitions().await? {
        let bounds = source.bounds(&partition).await?;
        all.insert(partition, bounds);
    }
    Ok(all)
}

/// The answer to a question to the broker, if it comes while anybody waits for it: of `patience` this much is left.
pub(crate) async fn answered<T>(
    patience: Duration,
    since: Instant,
    question: impl Future<Output = T>,
) -> Option<T> {
    let left = patience.saturating_sub(since.elapsed()).max(ANSWER_MIN);
    tokio::time::timeout(left, question).await.ok()
}

/// Waits between attempts, longer each time, says for what, and gives up where somebody waits for the end.
struct Wait<'a> {
    ready: &'a Ready,
    until_caught_up: bool,
    since: Instant,
    next: Duration,
}

impl Wait<'_> {
    fn new(ready: &Ready, until_caught_up: bool) -> Wait<'_> {
        Wait { ready, until_caught_up, since: Instant::now(), next: HOLD_FIRST }
    }

    /// What was waited for is there.
    fn restart(&mut self) {
        (self.since, self.next) = (Instant::now(), HOLD_FIRST);
    }

    /// The answer of the broker, if it comes in time.
    async fn answer<T>(&self, question: impl Future<Output = T>) -> Option<T> {
        match self.until_caught_up {
            true => answered(self.ready.broker_wait_max, self.since, question).await,
            false => Some(question.await),
        }
    }

    /// How long was waited, where that is too long.
    fn gives_up(&self, patience: Duration) -> Option<Duration> {
        let after = self.since.elapsed();
        (self.until_caught_up && after >= patience).then_some(after)
    }

    async fn broker(&mut self, why: &str) -> Result<(), Error> {
        let brokers = &self.ready.brokers;
        let within = self.ready.broker_wait_max;
        if self.gives_up(within).is_some() {
            return Err(Error::BrokerUnreachable { brokers: brokers.clone(), within, why: why.to_owned() });
        }
        tracing::warn!(again_in_s = self.next.as_secs(), "waiting for the broker at {brokers} ({why})");
        self.pause().await
    }

    async fn topics(&mut self, topics: &str) -> Result<(), Error> {
        let brokers = &self.ready.brokers;
        if let Some(after) = self.gives_up(self.ready.broker_wait_max) {
            return Err(Error::TopicsMissing { topics: topics.to_owned(), brokers: brokers.clone(), after });
        }
        tracing::warn!(
            again_in_s = self.next.as_secs(),
            "waiting for topics that do not exist on {brokers}: {topics}"
        );
        self.pause().await
    }

    async fn lake(&mut self, error: auditstore::Error) -> Result<(), Error> {
        if !error.is_retryable() {
            return Err(error.into());
        }
        if let Some(after) = self.gives_up(self.ready.stalled_max) {
            return Err(Error::Stalled { after, waiting_for: format!("the lake: {error}") });
        }
        tracing::warn!(again_in_s = self.next.as_secs(), "waiting for the lake: {error}");
        self.pause().await
    }

    async fn pause(&mut self) -> Result<(), Error> {
        tokio::time::sleep(self.next).await;
        self.next = (self.next * 2).min(WAIT_MAX);
        Ok(())
    }
}
