//! Objects of a log that many queries read: details of batches and footers of segments, checked once, kept in
//! memory up to a limit.
//!
//! A detail is believed only with the hash that the log names; a footer only through [`CheckedReader`], which
//! compares each block that it touches. Both are named by content, so a kept one never grows stale.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use auditstore::segment::{CheckedReader, Detail, FileDetail};
use auditstore::{LiveSegment, Store, merkle};
use bytes::Bytes;
use datafusion::common::Result;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::ParquetFileReaderFactory;
use datafusion::error::DataFusionError;
use datafusion::parquet::arrow::arrow_reader::ArrowReaderOptions;
use datafusion::parquet::arrow::async_reader::AsyncFileReader;
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::rows::ScanStats;

/// Details kept in memory, in bytes as stored.
const DETAIL_BYTES_MAX: usize = 64 << 20;

/// Footers kept in memory, in bytes as parsed.
const FOOTER_BYTES_MAX: usize = 256 << 20;

/// The objects of one log.
pub(crate) struct Objects {
    store: Store,
    details: Mutex<Kept<String, Option<Arc<Detail>>>>,
    footers: Mutex<Kept<[u8; 32], Arc<ParquetMetaData>>>,
}

impl Objects {
    pub(crate) fn new(store: Store) -> Arc<Objects> {
        Arc::new(Objects {
            store,
            details: Mutex::new(Kept::new(DETAIL_BYTES_MAX)),
            footers: Mutex::new(Kept::new(FOOTER_BYTES_MAX)),
        })
    }

    /// The detail of a segment. None if the log names none or what is stored is not it: then the segment is read
    /// whole and checked by its own hash, so that a lost detail loses speed and nothing else.
    pub(crate) async fn detail(&self, segment: &LiveSegment) -> Option<Arc<FileDetail>> {
        let named = segment.detail.as_ref()?;
        let kept = lock(&self.details).get(&named.sha256);
        let detail = match kept {
            Some(detail) => detail,
            None => {
                // An unreachable store is not remembered; the read of the segment itself will report it.
                let bytes = self.store.get(&named.path).await.ok()?;
                let size = bytes.as_ref().map_or(0, Bytes::len);
                let detail = bytes.and_then(|bytes| checked_detail(&named.path, &named.sha256, &bytes));
                lock(&self.details).put(named.sha256.clone(), detail.clone(), size + 1_024);
                detail
            }
        };
        detail?.file(&segment.path).cloned()
    }
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Objects")
    }
}

fn checked_detail(path: &str, sha256: &str, bytes: &[u8]) -> Option<Arc<Detail>> {
    if hex::encode(merkle::sha256(bytes)) != sha256 {
        tracing::warn!(
            path,
            "detail is not what the log names; its segments are read whole. Run `sealake verify`"
        );
        return None;
    }
    match Detail::parse(bytes) {
        Ok(detail) => Some(Arc::new(detail)),
        Err(error) => {
            tracing::warn!(path, %error, "detail cannot be read; its segments are read whole");
            None
        }
    }
}

/// Values kept up to a total size; the oldest go first.
struct Kept<K, V> {
    values: HashMap<K, (V, usize)>,
    order: VecDeque<K>,
    bytes: usize,
    bytes_max: usize,
}

impl<K: Clone + Eq + std::hash::Hash, V: Clone> Kept<K, V> {
    fn new(bytes_max: usize) -> Kept<K, V> {
        Kept { values: HashMap::new(), order: VecDeque::new(), bytes: 0, bytes_max }
    }

    fn get(&self, key: &K) -> Option<V> {
        self.values.get(key).map(|(value, _)| value.clone())
    }

    fn put(&mut self, key: K, value: V, bytes: usize) {
        if bytes > self.bytes_max || self.values.contains_key(&key) {
            return;
        }
        while self.bytes + bytes > self.bytes_max {
            let Some(oldest) = self.order.pop_front() else { break };
            if let Some((_, bytes)) = self.values.remove(&oldest) {
                self.bytes -= bytes;
            }
        }
        self.bytes += bytes;
        self.order.push_back(key.clone());
        self.values.insert(key, (value, bytes));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes the readers of one scan.
#[derive(Debug)]
pub(crate) struct ReaderFactory {
    pub(crate) objects: Arc<Objects>,
    pub(crate) stats: Arc<ScanStats>,
}

impl ParquetFileReaderFactory for ReaderFactory {
    fn create_reader(
        &self,
        _partition_index: usize,
        file: PartitionedFile,
        _metadata_size_hint: Option<usize>,
        _metrics: &ExecutionPlanMetricsSet,
    ) -> Result<Box<dyn AsyncFileReader + Send>> {
        let segment = file.extension::<Arc<LiveSegment>>().cloned();
        let segment =
            segment.ok_or_else(|| DataFusionError::Internal("a scan names no segment".to_owned()))?;
        self.stats.opened(&segment.path);
        Ok(Box::new(SegmentReader {
            objects: Arc::clone(&self.objects),
            stats: Arc::clone(&self.stats),
            segment,
            checked: None,
        }))
    }
}

/// Reads one segment; its detail is fetched at the first read.
struct SegmentReader {
    objects: Arc<Objects>,
    stats: Arc<ScanStats>,
    segment: Arc<LiveSegment>,
    checked: Option<CheckedReader>,
}

impl SegmentReader {
    async fn checked(&mut self) -> &mut CheckedReader {
        let checked = match self.checked.take() {
            Some(checked) => checked,
            None => {
                let detail = self.objects.detail(&self.segment).await;
                let LiveSegment { path, bytes, sha256, .. } = self.segment.as_ref();
                CheckedReader::new(self.objects.store.clone(), path.clone(), *bytes, *sha256, detail)
            }
        };
        self.checked.insert(checked)
    }
}

impl AsyncFileReader for SegmentReader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes, ParquetError>> {
        self.stats.read(range.end.saturating_sub(range.start));
        async move { self.checked().await.get_bytes(range).await }.boxed()
    }

    fn get_byte_ranges(
        &mut self,
        ranges: Vec<Range<u64>>,
    ) -> BoxFuture<'_, Result<Vec<Bytes>, ParquetError>> {
        self.stats.read(ranges.iter().map(|range| range.end.saturating_sub(range.start)).sum());
        async move { self.checked().await.get_byte_ranges(ranges).await }.boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        _options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, Result<Arc<ParquetMetaData>, ParquetError>> {
        async move {
            let sha256 = self.segment.sha256;
            let kept = lock(&self.objects.footers).get(&sha256);
            if let Some(footer) = kept {
                return Ok(footer);
            }
            // Footer and page indexes lie side by side: one read brings both.
            let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
            let footer = self.checked().await.get_metadata(Some(&options)).await?;
            self.stats.read(footer.memory_size() as u64);
            lock(&self.objects.footers).put(sha256, Arc::clone(&footer), footer.memory_size());
            Ok(footer)
        }
        .boxed()
    }
}
