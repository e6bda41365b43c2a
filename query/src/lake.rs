//! A mounted lake: followers of its two logs, and the newest state of both that statements are pinned to.
//!
//! The logs are replayed with their signatures checked when the lake is opened and polled after that, once a
//! second while it is served. A statement takes the newest snapshot when it is planned and keeps it to its last
//! row, so that what is committed meanwhile changes no answer.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::Duration;

use auditstore::log::Entry;
use auditstore::{Error as StoreError, Reader, State, Store, Trust};
use tokio::sync::Semaphore;

use crate::error::Error;
use crate::objects::Objects;
use crate::tables::Entries;
use crate::workers::Workers;

/// How old the state that a statement sees may be while the store can be reached.
pub(crate) const POLL_PAUSE: Duration = Duration::from_secs(1);

/// The state of both logs that a statement sees.
#[derive(Clone)]
pub struct Snapshot {
    /// The log of events.
    pub events: State,
    /// The access log; none in a copy without one.
    pub access: Option<State>,
}

/// A mounted lake. Clones share it.
#[derive(Clone)]
pub struct Lake {
    shared: Arc<Shared>,
}

struct Shared {
    events: Log,
    access: Log,
    newest: RwLock<Arc<Snapshot>>,
    turns: Arc<Semaphore>,
    workers: Workers,
}

/// One log and what is kept of it.
pub(crate) struct Log {
    store: Store,
    reader: tokio::sync::RwLock<Option<Reader>>,
    objects: Arc<Objects>,
    pub(crate) entries: Entries,
}

impl Log {
    fn new(store: Store, reader: Option<Reader>) -> Log {
        let reader = tokio::sync::RwLock::new(reader);
        Log { objects: Objects::new(store.clone()), entries: Entries::default(), reader, store }
    }

    /// One entry, its signature checked.
    pub(crate) async fn entry(&self, seq: u64) -> Result<Entry, Error> {
        match self.reader.read().await.as_ref() {
            Some(reader) => reader.entry(seq).await.map_err(|error| Error::from(&error)),
            None => Err(Error::Unavailable("there is no such log".to_owned())),
        }
    }
}

impl Lake {
    /// Mounts the lake at this store: verifies its logs as far as readers do. On the machine of its writer `state_file` is
    /// what that remembers: the event log must have got as far. At most `statements_max` statements run at the same time.
    ///
    /// # Errors
    /// There is no lake, it is of a newer format, a signature does not fit, its newest entries are missing, or the store
    /// cannot be reached.
    pub async fn open(
        store: Store,
        trust: Trust,
        state_file: Option<&Path>,
        statements_max: usize,
    ) -> Result<Lake, Error> {
        let access_store = store.child("access");
        let opened = match state_file {
            Some(state_file) => Reader::open_after(store.clone(), trust, state_file).await,
            None => Reader::open(store.clone(), trust).await,
        };
        let events = opened.map_err(|error| Error::from(&error))?;
        let access = open_access(&access_store, &events).await?;
        let newest = Snapshot {
            events: events.state().clone(),
            access: access.as_ref().map(|log| log.state().clone()),
        };
        Ok(Lake {
            shared: Arc::new(Shared {
                events: Log::new(store, Some(events)),
                access: Log::new(access_store, access),
                newest: RwLock::new(Arc::new(newest)),
                turns: Arc::new(Semaphore::new(statements_max.max(1))),
                workers: Workers::start()?,
            }),
        })
    }

    /// Takes in what was committed since.
    ///
    /// # Errors
    /// The store cannot be reached, or a log is not what it was. Statements go on with the state before.
    pub async fn refresh(&self) -> Result<(), Error> {
        let events = refresh(&self.shared.events).await?;
        let access = refresh(&self.shared.access).await?;
        let mut newest = self.shared.newest.write().unwrap_or_else(PoisonError::into_inner);
        let events = events.unwrap_or_else(|| newest.events.clone());
        let same = |old: Option<&State>, new: Option<&State>| {
            old.map(|state| state.size) == new.map(|state| state.size)
        };
        if newest.events.size != events.size || !same(newest.access.as_ref(), access.as_ref()) {
            *newest = Arc::new(Snapshot { events, access });
        }
        Ok(())
    }

    /// Refreshes the lake every [`POLL_PAUSE`] until it is dropped.
    pub fn follow(&self) {
        let shared: Weak<Shared> = Arc::downgrade(&self.shared);
        let failing = Mutex::new(false);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(POLL_PAUSE).await;
                let Some(shared) = shared.upgrade() else { return };
                let refreshed = Lake { shared }.refresh().await;
                let mut failing = failing.lock().unwrap_or_else(PoisonError::into_inner);
                match refreshed {
                    Ok(()) => *failing = false,
                    Err(error) if !*failing => {
                        *failing = true;
                        tracing::error!(%error, "the lake's log cannot be followed; answers show the state before");
                    }
                    Err(_) => {}
                }
            }
        });
    }

    /// The newest state that is known.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.shared.newest.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The store of the event log.
    pub(crate) fn store(&self) -> &Store {
        &self.shared.events.store
    }

    pub(crate) fn events(&self) -> &Log {
        &self.shared.events
    }

    pub(crate) fn event_objects(&self) -> Arc<Objects> {
        Arc::clone(&self.shared.events.objects)
    }

    pub(crate) fn access_objects(&self) -> Arc<Objects> {
        Arc::clone(&self.shared.access.objects)
    }

    /// The threads that queries run on.
    pub(crate) fn workers(&self) -> &Workers {
        &self.shared.workers
    }

    /// Turns of statements.
    pub(crate) fn turns(&self) -> &Arc<Semaphore> {
        &self.shared.turns
    }
}

async fn refresh(log: &Log) -> Result<Option<State>, Error> {
    match log.reader.write().await.as_mut() {
        Some(reader) => Ok(Some(reader.refresh().await.map_err(|error| Error::from(&error))?.clone())),
        None => Ok(None),
    }
}

/// The access log beside an event log. Its key is the one that the event log's first entry names, so that whoever
/// trusts the one need not trust the other on its own word.
async fn open_access(store: &Store, events: &Reader) -> Result<Option<Reader>, Error> {
    let trust = events.state().peer.clone().map_or(Trust::SelfAsserted, Trust::Pinned);
    match Reader::open(store.clone(), trust).await {
        Ok(reader) => Ok(Some(reader)),
        Err(StoreError::NotALake { .. }) => Ok(None),
        Err(error) => Err(Error::from(&error)),
    }
}
