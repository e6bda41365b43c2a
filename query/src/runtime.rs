//! What one statement runs in: its own memory pool, its own temporary files, no other store than the lake's.
//!
//! A runtime environment of its own for each statement, so that one client's sort cannot starve another's, and
//! so that the peak that the access log names is that statement's.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::common::Result;
use datafusion::error::DataFusionError;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{
    FairSpillPool, MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation,
};
use datafusion::execution::object_store::ObjectStoreRegistry;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use object_store::ObjectStore;
use url::Url;

use crate::config::Limits;

/// A runtime for one statement, and the pool to ask for its peak.
pub(crate) fn for_statement(limits: &Limits, stores: Stores) -> Result<(Arc<RuntimeEnv>, Arc<Pool>)> {
    let pool = Arc::new(Pool::new(limits.memory_bytes));
    let disk = if limits.spill_bytes == 0 {
        DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled)
    } else {
        DiskManagerBuilder::default()
            .with_mode(DiskManagerMode::OsTmpDirectory)
            .with_max_temp_directory_size(limits.spill_bytes)
    };
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::clone(&pool) as Arc<dyn MemoryPool>)
        .with_disk_manager_builder(disk)
        .with_object_store_registry(Arc::new(stores))
        .build_arc()?;
    Ok((runtime, pool))
}

/// A runtime for planning only: it can read nothing and spill nothing.
pub(crate) fn for_planning(stores: Stores) -> Result<Arc<RuntimeEnv>> {
    RuntimeEnvBuilder::new()
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
        .with_object_store_registry(Arc::new(stores))
        .build_arc()
}

/// The stores that a statement can name: the lake's, under one fixed URL.
#[derive(Clone)]
pub(crate) struct Stores {
    lake: Arc<dyn ObjectStore>,
}

/// The URL under which plans name the lake's store.
pub(crate) const LAKE_URL: &str = "sealake://lake/";

impl Stores {
    pub(crate) fn new(lake: Arc<dyn ObjectStore>) -> Stores {
        Stores { lake }
    }
}

impl fmt::Debug for Stores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stores")
    }
}

impl ObjectStoreRegistry for Stores {
    fn register_store(&self, _url: &Url, _store: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        None
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        if url.as_str() == LAKE_URL {
            return Ok(Arc::clone(&self.lake));
        }
        Err(DataFusionError::Plan("only the lake's own tables can be read".to_owned()))
    }
}

/// A pool that shares its limit fairly between operators that can spill, and remembers its peak.
#[derive(Debug)]
pub(crate) struct Pool {
    inner: FairSpillPool,
    peak_bytes: AtomicUsize,
}

impl Pool {
    fn new(limit_bytes: usize) -> Pool {
        Pool { inner: FairSpillPool::new(limit_bytes), peak_bytes: AtomicUsize::new(0) }
    }

    /// The most bytes that were reserved at one time.
    pub(crate) fn peak_bytes(&self) -> usize {
        self.peak_bytes.load(Ordering::Relaxed)
    }

    fn note_peak(&self) {
        self.peak_bytes.fetch_max(self.inner.reserved(), Ordering::Relaxed);
    }
}

impl MemoryPool for Pool {
    fn name(&self) -> &str {
        "statement"
    }

    fn register(&self, consumer: &MemoryConsumer) {
        self.inner.register(consumer);
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        self.inner.unregister(consumer);
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        self.inner.grow(reservation, additional);
        self.note_peak();
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        self.inner.shrink(reservation, shrink);
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        self.inner.try_grow(reservation, additional)?;
        self.note_peak();
        Ok(())
    }

    fn reserved(&self) -> usize {
        self.inner.reserved()
    }

    fn memory_limit(&self) -> MemoryLimit {
        self.inner.memory_limit()
    }
}

impl fmt::Display for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.inner)
    }
}
