//! Reads parts of a segment and believes none before it was checked.
//!
//! parquet-rs writes no page checksums, and a checksum beside the data would prove nothing anyway. So every range
//! is widened to whole blocks of [`BLOCK_BYTES`], each block's SHA-256 is compared with the one that the log
//! vouches for, and only then is the range cut out. Without a detail the whole file is read and checked once.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use sha2::{Digest, Sha256};

use super::detail::{BLOCK_BYTES, FileDetail};
use super::{Error, SEGMENT_BYTES_MAX};
use crate::store::Store;

/// Blocks that one request asks for at most.
const RUN_BLOCKS_MAX: u64 = 8;

/// Requests that are under way at once.
const REQUESTS_MAX: usize = 4;

/// Checked blocks that are kept after a call, since the next column chunk often begins in the last one's block.
const KEPT_BLOCKS: usize = 4;

/// A reader of one segment for parquet-rs and DataFusion.
pub struct CheckedReader {
    store: Store,
    segment: String,
    bytes: u64,
    sha256: [u8; 32],
    detail: Option<Arc<FileDetail>>,
    kept: VecDeque<(u64, Bytes)>,
    whole: Option<Bytes>,
}

impl std::fmt::Debug for CheckedReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CheckedReader").field("segment", &self.segment).field("bytes", &self.bytes).finish()
    }
}

impl CheckedReader {
    /// A reader of the segment at `path` that the log says to have this size and hash. `detail` must come from a
    /// `.detail` object whose hash was checked against the log; without it, the file is read whole.
    pub fn new(
        store: Store,
        path: impl Into<String>,
        bytes: u64,
        sha256: [u8; 32],
        detail: Option<Arc<FileDetail>>,
    ) -> CheckedReader {
        // A detail of another size cannot be this file's: the whole-file hash, which the log signs, decides.
        let detail = detail.filter(|detail| detail.bytes.0 == bytes);
        CheckedReader {
            store,
            segment: path.into(),
            bytes,
            sha256,
            detail,
            kept: VecDeque::new(),
            whole: None,
        }
    }

    /// Checked bytes of the given ranges.
    async fn ranges(&mut self, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, Error> {
        if let Some(range) = ranges.iter().find(|range| range.start > range.end || range.end > self.bytes) {
            let message = format!("bytes {}..{} of {} were asked for", range.start, range.end, self.bytes);
            return Err(Error::Unreadable { segment: self.segment.clone(), source: message.into() });
        }
        let Some(detail) = self.detail.clone() else {
            let whole = self.whole_file().await?;
            let cut = |range: &Range<u64>| whole.slice(range.start as usize..range.end as usize);
            return Ok(ranges.iter().map(cut).collect());
        };
        let mut blocks: BTreeMap<u64, Option<Bytes>> = BTreeMap::new();
        for range in ranges.iter().filter(|range| !range.is_empty()) {
            for block in range.start / BLOCK_BYTES..range.end.div_ceil(BLOCK_BYTES) {
                blocks.entry(block).or_insert_with(|| self.kept(block));
            }
        }
        let missing = blocks.iter().filter(|(_, bytes)| bytes.is_none()).map(|(block, _)| *block);
        let runs: Vec<Range<u64>> = runs(missing);
        let requests = runs.into_iter().map(|run| self.fetch(run, &detail));
        let fetched: Vec<Vec<(u64, Bytes)>> =
            stream::iter(requests).buffered(REQUESTS_MAX).try_collect().await?;
        for (block, bytes) in fetched.into_iter().flatten() {
            blocks.insert(block, Some(bytes));
        }
        let out = ranges.iter().map(|range| cut(range, &blocks)).collect();
        self.keep(blocks);
        Ok(out)
    }

    fn kept(&self, block: u64) -> Option<Bytes> {
        self.kept.iter().find(|(kept, _)| *kept == block).map(|(_, bytes)| bytes.clone())
    }

    /// Keeps the last blocks of a call. A block that came with others in one request is copied out, so that
    /// keeping it does not keep them all.
    fn keep(&mut self, blocks: BTreeMap<u64, Option<Bytes>>) {
        for (block, bytes) in blocks.into_iter().rev().take(KEPT_BLOCKS).rev() {
            let Some(bytes) = bytes else { continue };
            self.kept.retain(|(kept, _)| *kept != block);
            self.kept.push_back((block, Bytes::copy_from_slice(&bytes)));
        }
        while self.kept.len() > KEPT_BLOCKS {
            self.kept.pop_front();
        }
    }

    /// Reads consecutive blocks with one request and checks each.
    async fn fetch(&self, run: Range<u64>, detail: &FileDetail) -> Result<Vec<(u64, Bytes)>, Error> {
        let bytes = run.start * BLOCK_BYTES..(run.end * BLOCK_BYTES).min(self.bytes);
        let fetched = self.store.get_range(&self.segment, bytes.clone()).await;
        let fetched = fetched.map_err(|error| self.unreadable(error))?;
        let mut out = Vec::with_capacity((run.end - run.start) as usize);
        for block in run.clone() {
            let start = block * BLOCK_BYTES;
            let end = (start + BLOCK_BYTES).min(self.bytes);
            let from = (start - bytes.start) as usize;
            let to = (end - bytes.start) as usize;
            let right = fetched.get(from..to).is_some_and(|bytes| {
                detail.blocks.get(block as usize).is_some_and(|hash| hash.0[..] == Sha256::digest(bytes)[..])
            });
            if !right {
                return Err(Error::Block { segment: self.segment.clone(), block, bytes: start..end });
            }
            out.push((block, fetched.slice(from..to)));
        }
        Ok(out)
    }

    async fn whole_file(&mut self) -> Result<Bytes, Error> {
        if let Some(whole) = &self.whole {
            return Ok(whole.clone());
        }
        if self.bytes > SEGMENT_BYTES_MAX as u64 {
            let message = format!("{} bytes, and it has no detail to read it in parts", self.bytes);
            return Err(Error::Unreadable { segment: self.segment.clone(), source: message.into() });
        }
        let whole = self.store.get_range(&self.segment, 0..self.bytes).await;
        let whole = whole.map_err(|error| self.unreadable(error))?;
        if whole.len() as u64 != self.bytes || Sha256::digest(&whole)[..] != self.sha256[..] {
            return Err(Error::File { segment: self.segment.clone() });
        }
        Ok(self.whole.insert(whole).clone())
    }

    fn unreadable(&self, error: crate::Error) -> Error {
        Error::Unreadable { segment: self.segment.clone(), source: error.into() }
    }
}

/// Groups ascending block numbers into runs of consecutive ones.
fn runs(blocks: impl Iterator<Item = u64>) -> Vec<Range<u64>> {
    let mut runs: Vec<Range<u64>> = Vec::new();
    for block in blocks {
        match runs.last_mut() {
            Some(run) if run.end == block && run.end - run.start < RUN_BLOCKS_MAX => run.end += 1,
            _ => runs.push(block..block + 1),
        }
    }
    runs
}

/// Cuts a range out of checked blocks, all of which are there.
fn cut(range: &Range<u64>, blocks: &BTreeMap<u64, Option<Bytes>>) -> Bytes {
    let part = |block: u64| {
        let bytes = blocks.get(&block).cloned().flatten().unwrap_or_default();
        let start = block * BLOCK_BYTES;
        let from = (range.start.max(start) - start) as usize;
        let to = (range.end.min(start + BLOCK_BYTES) - start) as usize;
        bytes.slice(from..to)
    };
    let touched = range.start / BLOCK_BYTES..range.end.div_ceil(BLOCK_BYTES);
    if range.is_empty() {
        return Bytes::new();
    }
    if touched.end - touched.start == 1 {
        return part(touched.start);
    }
    let mut out = BytesMut::with_capacity((range.end - range.start) as usize);
    touched.for_each(|block| out.extend_from_slice(&part(block)));
    out.freeze()
}

impl From<Error> for ParquetError {
    fn from(error: Error) -> ParquetError {
        match error {
            Error::Parquet(error) => error,
            error => ParquetError::External(Box::new(error)),
        }
    }
}

impl AsyncFileReader for CheckedReader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, parquet::errors::Result<Bytes>> {
        async move {
            let mut bytes = self.ranges(std::slice::from_ref(&range)).await?;
            Ok(bytes.pop().unwrap_or_default())
        }
        .boxed()
    }

    fn get_byte_ranges(
        &mut self,
        ranges: Vec<Range<u64>>,
    ) -> BoxFuture<'_, parquet::errors::Result<Vec<Bytes>>> {
        async move { Ok(self.ranges(&ranges).await?) }.boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, parquet::errors::Result<Arc<ParquetMetaData>>> {
        async move {
            let hint = self.detail.as_ref().map(|detail| detail.metadata_bytes.0 as usize);
            let bytes = self.bytes;
            let reader =
                ParquetMetaDataReader::new().with_arrow_reader_options(options).with_prefetch_hint(hint);
            Ok(Arc::new(reader.load_and_finish(self, bytes).await?))
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests;
