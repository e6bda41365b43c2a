//! Which topic is behind a name, and under which source the lake counts its offsets.
//!
//! Offsets continue only within one topic. The lake records each topic's UUID with its offsets; where the broker
//! now gives another one for the same name, the topic was deleted and made anew: it is a source of its own,
//! `<cluster id>/<epoch>/<topic id>`, and is read from its beginning. The name follows from what the log and the broker
//! say, so all processes of a lake come to the same one, and the other topics are not touched.
//!
//! The question is asked before each commit: UUIDs never return, so a topic that has its UUID after everything was
//! read had it all the time. When it is another one, only what came before the last right answer is committed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use auditstore::{State, Writer};

use super::Pipeline;
use crate::error::Error;
use crate::kafka::Partition;
use crate::kafka::source::Identity;

/// The topics as they were last told.
pub(super) struct Topics {
    /// `<cluster id>/<epoch>`.
    base: Arc<str>,
    known: BTreeMap<String, Known>,
    /// Configured topics that do not exist.
    pub(super) missing: BTreeSet<String>,
    /// Topics that were made anew since the goal of the run was set.
    goal_renewed: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    id: Option<Arc<str>>,
    partitions: usize,
    source: Arc<str>,
}

impl Topics {
    pub(super) fn new(base: &str) -> Topics {
        Topics {
            base: base.into(),
            known: BTreeMap::new(),
            missing: BTreeSet::new(),
            goal_renewed: BTreeSet::new(),
        }
    }

    /// The source of a topic.
    pub(super) fn source(&self, topic: &str) -> &Arc<str> {
        self.known.get(topic).map_or(&self.base, |known| &known.source)
    }

    /// UUID of a topic, where the broker gives one.
    pub(super) fn id(&self, topic: &str) -> Option<Arc<str>> {
        self.known.get(topic).and_then(|known| known.id.clone())
    }

    /// Whether a partition exists, as far as is known.
    pub(super) fn exists(&self, (topic, number): &Partition) -> bool {
        let known = self.known.get(&**topic);
        !self.missing.contains(&**topic)
            && known
                .is_none_or(|known| usize::try_from(*number).is_ok_and(|number| number < known.partitions))
    }

    /// Topics that were read and whose names belong to other topics now.
    fn renewed(&self, told: &BTreeMap<String, Identity>) -> BTreeSet<String> {
        let is_other = |(topic, identity): &(&String, &Identity)| match (identity, self.id(topic)) {
            (Identity::Topic { id: Some(now), .. }, Some(before)) => **now != *before,
            _ => false,
        };
        told.iter().filter(is_other).map(|(topic, _)| topic.clone()).collect()
    }

    /// Takes in what the broker told. Gives the sources that the lake does not know yet, each with its topic.
    pub(super) fn take(&mut self, told: BTreeMap<String, Identity>, lake: &State) -> Vec<(String, Arc<str>)> {
        let mut new = Vec::new();
        for (topic, identity) in told {
            let (id, partitions) = match identity {
                Identity::Topic { id, partitions } => (id, partitions),
                Identity::Missing => {
                    self.missing.insert(topic);
                    continue;
                }
                Identity::Untold(_) => continue,
            };
            self.missing.remove(&topic);
            let source = self.source_of(lake, &topic, id.as_deref());
            if !lake.sources.contains(&*source) {
                new.push((topic.clone(), source.clone()));
            }
            self.known.insert(topic, Known { id: id.map(Arc::from), partitions, source });
        }
        new
    }

    /// The base, unless the lake's offsets there are those of another topic of this name.
    fn source_of(&self, lake: &State, topic: &str, id: Option<&str>) -> Arc<str> {
        match (lake.topic_id(&self.base, topic), id) {
            (Some(taken), Some(now)) if taken != now => format!("{}/{now}", self.base).into(),
            // The broker does not give ids any more; what was known is the best guess.
            (Some(_), None) => self.source(topic).clone(),
            _ => self.base.clone(),
        }
    }
}

/// A topic that was made anew becomes a source in the lake.
pub(super) async fn onboard(lake: &mut Writer, topic: &str, source: &str) -> Result<(), auditstore::Error> {
    lake.ensure_source(source, Vec::new()).await?;
    tracing::warn!(
        topic,
        source,
        "the topic was deleted and made anew: it is read from its beginning, as a source of its own. What the old topic \
         held and the lake had not read is gone with it"
    );
    Ok(())
}

impl Pipeline {
    /// Asks the broker which topics are behind the names, and gives up what was read of a topic that is no more.
    /// False: broker or lake did not answer.
    pub(super) async fn identify(&mut self) -> Result<bool, Error> {
        let told = match self.source.identities().await {
            Ok(told) => told,
            Err(why) => {
                self.progress.unanswered(&why);
                return Ok(false);
            }
        };
        self.progress.answered();
        let renewed = self.topics.renewed(&told);
        self.batcher.vouch(|topic| {
            matches!(told.get(topic), Some(Identity::Topic { id: Some(_), .. })) && !renewed.contains(topic)
        });
        if !renewed.is_empty() {
            for partition in self.assigned.iter().filter(|(topic, _)| renewed.contains(&**topic)) {
                self.batcher.cut(partition);
                self.unplaced.rewound.insert(partition.clone());
            }
            self.batcher.hurry();
            self.commit_what_is_due().await?;
        }
        self.topics.goal_renewed.extend(renewed);
        self.learn(told).await
    }

    /// Takes in what the broker told; a topic that was made anew becomes a source in the lake.
    async fn learn(&mut self, told: BTreeMap<String, Identity>) -> Result<bool, Error> {
        for (topic, source) in self.topics.take(told, self.lake.state()) {
            match onboard(&mut self.lake, &topic, &source).await {
                Ok(()) => {}
                Err(error) if error.is_retryable() => {
                    self.hold_off(&error);
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            }
        }
        self.renew_goal().await
    }

    /// A run that ends when it has caught up reads what the topics hold that exist now.
    async fn renew_goal(&mut self) -> Result<bool, Error> {
        if self.goal.is_none() || self.topics.goal_renewed.is_empty() {
            return Ok(true);
        }
        let bounds = match super::start::bounds(&self.source).await {
            Ok(bounds) => bounds,
            Err(what) => {
                self.progress.waits_for(&format!("the broker to tell its partitions' bounds: {what}"));
                return Ok(false);
            }
        };
        let renewed = std::mem::take(&mut self.topics.goal_renewed);
        if let Some(goal) = &mut self.goal {
            goal.retain(|(topic, _), _| !renewed.contains(&**topic));
            let new = bounds.into_iter().filter(|((topic, _), _)| renewed.contains(&**topic));
            goal.extend(new.map(|(partition, bounds)| (partition, bounds.end)));
        }
        Ok(true)
    }
}
