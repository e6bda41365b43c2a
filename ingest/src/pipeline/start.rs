//! The start: which cluster this is, which source it makes in the lake, and where it ends.
//!
//! The broker and the lake may both be down; then the start waits, says so, and can be stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use auditstore::Writer;
use redactor::Redactor;
use schemas::manifest::{Dec, Redaction, Start};
use tokio::time::MissedTickBehavior;

use super::{HOLD_FIRST, HOLD_MAX, Pipeline, place, tend};
use crate::batcher::Batcher;
use crate::config::Ready;
use crate::error::Error;
use crate::kafka::Partition;
use crate::kafka::source::{Bounds, Source};
use crate::pipeline::Summary;
use crate::shutdown::Shutdown;
use crate::workers::{Tools, Workers};

/// Most starting offsets that one `source` entry names, so that it fits; further partitions begin at 0 and record
/// what is not there any more as a gap.
const STARTS_MAX: usize = 128;

/// Time between two looks at what falls due.
const TICK: Duration = Duration::from_secs(1);

impl Pipeline {
    /// Connects broker and lake; none if a stop was asked for meanwhile.
    pub(super) async fn start(
        ready: Ready,
        redactor: Redactor,
        mut lake: Writer,
        mut shutdown: Shutdown,
        until_caught_up: bool,
    ) -> Result<Option<Pipeline>, Error> {
        let source = Source::open(&ready, &lake.state().origin)?;
        let patience = until_caught_up.then_some(ready.stalled_max);
        let connected = tokio::select! {
            () = shutdown.requested() => None,
            connected = connect(&ready, &source, &redactor, &mut lake, patience) => Some(connected?),
        };
        let Some(Connected { cluster, name, bounds }) = connected else {
            source.close().await;
            return Ok(None);
        };
        source.subscribe()?;
        let present: BTreeSet<&str> = bounds.keys().map(|(topic, _)| &**topic).collect();
        let missing =
            ready.topics.keys().filter(|topic| !present.contains(topic.as_str())).cloned().collect();
        let mut clock = tokio::time::interval(TICK);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let tools = Tools {
            topics: ready.topics.clone(),
            site: ready.site.clone(),
            source: name.clone(),
            message_bytes_max: ready.message_bytes_max,
            redactor: redactor.clone(),
        };
        Ok(Some(Pipeline {
            workers: Workers::new(tools, ready.workers),
            batcher: Batcher::new(&ready, name.clone(), redaction(&redactor)),
            ready,
            source,
            lake,
            shutdown,
            cluster,
            source_name: name,
            assigned: BTreeSet::new(),
            unplaced: place::Unplaced::default(),
            readings: 0,
            goal: until_caught_up
                .then(|| bounds.into_iter().map(|(partition, b)| (partition, b.end)).collect()),
            hold: None,
            clock,
            progress: tend::Progress::new(),
            summary: Summary { missing_topics: missing, ..Summary::default() },
        }))
    }
}

/// What the start found out.
struct Connected {
    cluster: String,
    name: String,
    bounds: BTreeMap<Partition, Bounds>,
}

async fn connect(
    ready: &Ready,
    source: &Source,
    redactor: &Redactor,
    lake: &mut Writer,
    patience: Option<Duration>,
) -> Result<Connected, Error> {
    let mut wait = Wait::new(patience);
    let cluster = loop {
        match source.cluster_id().await {
            Some(cluster) => break cluster,
            None => {
                let why = source.complaint().unwrap_or_else(|| "no answer".to_owned());
                wait.broker(&format!("the broker at {} ({why})", ready.brokers)).await?;
            }
        }
    };
    let bounds = loop {
        match bounds(source).await {
            Ok(bounds) => break bounds,
            Err(what) => wait.broker(&format!("the broker to tell its partitions' bounds ({what})")).await?,
        }
    };
    let name = format!("{cluster}/{}", ready.source_epoch);
    tracing::info!(source = %name, topics = ready.topics.len(), partitions = bounds.len(), "connected");
    for topic in ready.topics.keys().filter(|topic| !bounds.keys().any(|(name, _)| **name == ***topic)) {
        tracing::warn!(topic, "the topic does not exist yet; it is read as soon as it appears");
    }
    onboard(lake, redactor, &name, &bounds, &mut wait).await?;
    not_ahead(ready.source_epoch, source, lake, &name, &bounds).await?;
    Ok(Connected { cluster, name, bounds })
}

/// Refuses a lake that has taken offsets which the broker does not have: also where there is nothing to read, so that
/// nobody takes that for having caught up.
async fn not_ahead(
    epoch: u64,
    source: &Source,
    lake: &Writer,
    name: &str,
    bounds: &BTreeMap<Partition, Bounds>,
) -> Result<(), Error> {
    let since = Instant::now();
    for (partition, bounds) in bounds {
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

/// The policy and the source stand in the log before the first batch that uses them. A new source begins where
/// Kafka begins today: what was deleted before Sealake came is no gap.
async fn onboard(
    lake: &mut Writer,
    redactor: &Redactor,
    name: &str,
    bounds: &BTreeMap<Partition, Bounds>,
    wait: &mut Wait,
) -> Result<(), Error> {
    let starts: Vec<Start> = bounds
        .iter()
        .filter(|(_, bounds)| bounds.low > 0)
        .take(STARTS_MAX)
        .map(|((topic, partition), bounds)| Start {
            topic: topic.to_string(),
            partition: Dec(u64::from(partition.unsigned_abs())),
            first: Dec(bounds.low.unsigned_abs()),
        })
        .collect();
    loop {
        let result = match lake.ensure_policy(redactor.policy()).await {
            Ok(()) => lake.ensure_source(name, starts.clone()).await,
            Err(error) => Err(error),
        };
        match result {
            Ok(()) => return Ok(()),
            Err(error) if error.is_retryable() => wait.lake(&error).await?,
            Err(error) => return Err(error.into()),
        }
    }
}

async fn bounds(source: &Source) -> Result<BTreeMap<Partition, Bounds>, String> {
    let mut all = BTreeMap::new();
    for partition in source.partitions().await? {
        let bounds = source.bounds(&partition).await?;
        all.insert(partition, bounds);
    }
    Ok(all)
}

fn redaction(redactor: &Redactor) -> Redaction {
    let policy = redactor.policy();
    Redaction {
        engine: Redactor::ENGINE.to_owned(),
        findings: BTreeMap::new(),
        policy: policy.name().to_owned(),
        sha256: policy.sha256().to_owned(),
        version: policy.version().to_owned(),
    }
}

/// Waits between attempts, longer each time, says for what, and gives up where somebody waits for the end.
struct Wait {
    since: Instant,
    patience: Option<Duration>,
    next: Duration,
}

impl Wait {
    fn new(patience: Option<Duration>) -> Wait {
        Wait { since: Instant::now(), patience, next: HOLD_FIRST }
    }

    async fn broker(&mut self, what: &str) -> Result<(), Error> {
        tracing::warn!(again_in_s = self.next.as_secs(), "waiting for {what}");
        self.pause(what).await
    }

    async fn lake(&mut self, error: &auditstore::Error) -> Result<(), Error> {
        tracing::warn!(again_in_s = self.next.as_secs(), "waiting for the lake: {error}");
        self.pause(&format!("the lake: {error}")).await
    }

    async fn pause(&mut self, what: &str) -> Result<(), Error> {
        let after = self.since.elapsed();
        if self.patience.is_some_and(|patience| after >= patience) {
            return Err(Error::Stalled { after, waiting_for: what.to_owned() });
        }
        tokio::time::sleep(self.next).await;
        self.next = (self.next * 2).min(HOLD_MAX);
        Ok(())
    }
}
