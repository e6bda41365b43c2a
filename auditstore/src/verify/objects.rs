//! The bytes of every object that an entry names: there, whole, and those that the log vouches for.
//!
//! Objects stream through SHA-256 in pieces; none is held whole unless its rows are read. When an object is not
//! what it should be, the verdict says how as precisely as its hash, its size and the block hashes allow.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::{Bytes, BytesMut};
use futures::{StreamExt, TryStreamExt, stream};
use schemas::verdict::Verdict;
use sha2::{Digest, Sha256};

use super::Options;
use super::replay::Log;
use super::report::{Line, Lines, Phase, Progress, found};
use super::rules::{NamedBatch, hash};
use super::segments;
use crate::Error;
use crate::log::SNAPSHOT_BYTES_MAX;
use crate::merkle::Hash;
use crate::segment::{BLOCK_BYTES, FileDetail, SEGMENT_BYTES_MAX};
use crate::store::Store;

/// Batches that are checked at once, at most: each may hold a segment in memory.
const TASKS_MAX: usize = 8;

/// The largest object that can be of a lake, in bytes: what S3 takes in one PUT, and nothing is written otherwise.
pub(super) const OBJECT_BYTES_MAX: u64 = 5 << 30;

/// How far an object is read beyond the size that the log names.
const EXCESS_BYTES_MAX: u64 = SEGMENT_BYTES_MAX as u64;

/// What an object should be.
pub(super) struct Expected<'a> {
    pub(super) path: &'a str,
    pub(super) sha256: Hash,
    /// Size in bytes, where the log says it.
    pub(super) bytes: Option<u64>,
    /// The most bytes that it can have, where the log does not say how many.
    pub(super) bytes_max: u64,
    pub(super) detail: Option<&'a FileDetail>,
    /// Whether the bytes are needed afterwards.
    pub(super) keep: bool,
}

/// What an object is.
#[derive(Default)]
pub(super) struct Observed {
    pub(super) size: u64,
    pub(super) sha256: Hash,
    /// SHA-256 of the first bytes, as many as there should be, if there are more.
    prefix: Option<Hash>,
    pub(super) blocks: Vec<Hash>,
    /// Whether it is so large that it was not read to its end, and what it may have at most.
    cut: Option<u64>,
    /// The bytes, if they were wanted and are not too many.
    pub(super) content: Option<Bytes>,
}

/// What all tasks share.
pub(super) struct Context {
    pub(super) records: bool,
    /// Which object should have a hash.
    owners: HashMap<Hash, String>,
    progress: Option<Progress>,
    total: u64,
    done: AtomicU64,
}

/// What a task found.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) lines: Lines,
    pub(super) objects: u64,
    pub(super) bytes: u64,
    /// Segments of the event log that are not what it names, and the rows that they should have.
    pub(super) segments_uncounted: u64,
    pub(super) records_uncounted: u64,
    /// Heads of the event log that access records say they saw.
    pub(super) looks: segments::Looks,
}

impl Checked {
    fn merge(&mut self, other: Checked) {
        self.lines.extend(other.lines);
        self.objects += other.objects;
        self.bytes += other.bytes;
        self.segments_uncounted += other.segments_uncounted;
        self.records_uncounted += other.records_uncounted;
        self.looks.extend(other.looks);
    }
}

/// Where a task finds its objects.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) store: Store,
    pub(super) folder: &'static str,
    pub(super) context: Arc<Context>,
}

impl Place {
    pub(super) fn name(&self, path: &str) -> String {
        if self.folder.is_empty() { path.to_owned() } else { format!("{}/{path}", self.folder) }
    }
}

/// Reads and checks every object that the logs name.
pub(super) async fn check_all(logs: &[&Log], options: &Options) -> Checked {
    let mut owners = HashMap::new();
    let mut total = 0;
    for log in logs {
        for (path, hash) in named(log) {
            owners.insert(hash, log.name(&path));
            total += 1;
        }
    }
    let progress = options.progress.clone();
    let context =
        Arc::new(Context { records: options.records, owners, progress, total, done: AtomicU64::new(0) });
    let mut checked = Checked::default();
    for log in logs {
        let place = Place { store: log.store.clone(), folder: log.folder, context: context.clone() };
        let objects = log.rules.objects.iter().cloned().map(|object| {
            let place = place.clone();
            tokio::spawn(async move {
                let mut checked = Checked::default();
                let sha256 = hash(&object.sha256);
                let bytes_max = SNAPSHOT_BYTES_MAX;
                let expected = Expected {
                    path: &object.path,
                    sha256,
                    bytes: None,
                    bytes_max,
                    detail: None,
                    keep: false,
                };
                check(&place, &expected, &mut checked).await;
                checked
            })
        });
        let mut done = stream::iter(objects).buffered(TASKS_MAX);
        while let Some(result) = done.next().await {
            take(&mut checked, result, log.folder);
        }
        let batches = log.rules.batches.iter().cloned().map(|batch| {
            let place = place.clone();
            tokio::spawn(async move { segments::check_batch(&place, &batch).await })
        });
        let mut done = stream::iter(batches).buffered(tasks());
        while let Some(result) = done.next().await {
            take(&mut checked, result, log.folder);
        }
    }
    checked
}

fn tasks() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).min(TASKS_MAX)
}

fn take(checked: &mut Checked, result: Result<Checked, tokio::task::JoinError>, folder: &str) {
    match result {
        Ok(other) => checked.merge(other),
        // A check that did not end says nothing, and nothing is never sound.
        Err(error) => {
            found(&mut checked.lines, Verdict::Unreadable, folder, format!("a check failed: {error}"))
        }
    }
}

/// Every object that a log's entries name, with the hash that it should have.
fn named(log: &Log) -> Vec<(String, Hash)> {
    let mut named: Vec<(String, Hash)> =
        log.rules.objects.iter().map(|object| (object.path.clone(), hash(&object.sha256))).collect();
    for NamedBatch { batch, .. } in &log.rules.batches {
        for file in &batch.files {
            named.push((file.path.clone(), hash(&file.sha256)));
            named.push((file.leaves.path.clone(), hash(&file.leaves.sha256)));
        }
        let detail = batch.detail.iter().map(|object| (object.path.clone(), hash(&object.sha256)));
        named.extend(detail);
        named.extend(batch.quarantine.iter().map(|object| (object.path.clone(), hash(&object.sha256))));
    }
    named
}

/// Checks one object; gives what it is, if that is what it should be.
pub(super) async fn check(place: &Place, expected: &Expected<'_>, checked: &mut Checked) -> Option<Observed> {
    let name = place.name(expected.path);
    checked.objects += 1;
    let observed = match observe(&place.store, expected).await {
        Ok(Some(observed)) => observed,
        Ok(None) => {
            found(&mut checked.lines, Verdict::Missing, name, "an entry names it, and it is not there");
            return None;
        }
        Err(error) => {
            found(&mut checked.lines, Verdict::Unreadable, name, error.to_string());
            return None;
        }
    };
    checked.bytes += observed.size;
    if let Some(progress) = &place.context.progress {
        let done = place.context.done.fetch_add(1, Ordering::Relaxed) + 1;
        progress(Phase::Objects, done, Some(place.context.total));
    }
    match difference(&place.context, &name, expected, &observed) {
        Some((verdict, detail)) => {
            checked.lines.push(Line { verdict, object: name, detail });
            None
        }
        None => {
            if expected.bytes.is_some_and(|bytes| bytes != observed.size) {
                let detail = format!("has {} bytes, the log says otherwise", observed.size);
                found(&mut checked.lines, Verdict::CountMismatch, name, detail);
            }
            Some(observed)
        }
    }
}

/// How an object is not what it should be.
fn difference(
    context: &Context,
    name: &str,
    expected: &Expected<'_>,
    observed: &Observed,
) -> Option<(Verdict, String)> {
    if observed.sha256 == expected.sha256 && observed.cut.is_none() {
        return None;
    }
    if let Some(owner) = context.owners.get(&observed.sha256).filter(|owner| *owner != name) {
        return Some((Verdict::Moved, format!("holds the bytes of {owner}")));
    }
    if observed.prefix == Some(expected.sha256) {
        let bytes = expected.bytes.unwrap_or_default();
        let detail = format!("{} bytes follow the {bytes} that the log names", observed.size - bytes);
        return Some((Verdict::Appended, detail));
    }
    if let Some(bytes_max) = observed.cut.filter(|_| expected.detail.is_none()) {
        let size = observed.size;
        let detail =
            format!("has {size} bytes, and may have {bytes_max} at most; it was not read to its end");
        return Some((Verdict::Modified, detail));
    }
    let differs = expected.detail.and_then(|detail| {
        let pairs = detail.blocks.iter().zip(&observed.blocks);
        let blocks: Vec<usize> =
            pairs.enumerate().filter(|(_, (a, b))| a.0 != **b).map(|(block, _)| block).collect();
        let first = *blocks.first()?;
        Some((first, blocks.len()))
    });
    let whole = observed.size / BLOCK_BYTES;
    if let Some(bytes) = expected.bytes.filter(|bytes| observed.size < *bytes)
        && differs.is_none_or(|(first, _)| first as u64 >= whole)
    {
        return Some((Verdict::Truncated, format!("has {} bytes of {bytes}", observed.size)));
    }
    let detail = match differs {
        Some((first, count)) => {
            let start = first as u64 * BLOCK_BYTES;
            let end = (start + BLOCK_BYTES).min(observed.size);
            format!("SHA-256 differs in {count} block(s), the first is bytes {start}..{end}")
        }
        None => format!("SHA-256 of its {} bytes is not the one that the log names", observed.size),
    };
    Some((Verdict::Modified, detail))
}

/// Reads an object in pieces.
async fn observe(store: &Store, expected: &Expected<'_>) -> Result<Option<Observed>, Error> {
    let what = || format!("read {}/{}", store.url(), expected.path);
    let Some(result) = store.open_object(expected.path).await? else { return Ok(None) };
    let size = result.meta.size;
    let keep = expected.keep && size <= SEGMENT_BYTES_MAX as u64;
    let mut content = BytesMut::with_capacity(if keep { size as usize } else { 0 });
    let mut whole = Sha256::new();
    let mut hasher = Blocks::new(expected.detail.is_some());
    let mut observed = Observed::default();
    let limit = expected.bytes.map_or(expected.bytes_max, |bytes| bytes.saturating_add(EXCESS_BYTES_MAX));
    if expected.bytes.is_none() && size > limit {
        return Ok(Some(Observed { size, cut: Some(limit), ..observed }));
    }
    let mut pieces = result.into_stream();
    while let Some(piece) = pieces.try_next().await.map_err(|error| Error::store(what(), error))? {
        let before = observed.size;
        observed.size += piece.len() as u64;
        match expected.bytes.filter(|bytes| (before..observed.size).contains(bytes)) {
            Some(bytes) => {
                let (head, tail) = piece.split_at((bytes - before) as usize);
                whole.update(head);
                observed.prefix = Some(whole.clone().finalize().into());
                whole.update(tail);
            }
            None => whole.update(&piece),
        }
        hasher.update(&piece);
        if keep {
            content.extend_from_slice(&piece);
        }
        if observed.size > limit {
            (observed.cut, observed.size) = (Some(limit), size);
            break;
        }
    }
    observed.sha256 = whole.finalize().into();
    observed.blocks = hasher.finish();
    observed.content = keep.then(|| content.freeze());
    Ok(Some(observed))
}

/// SHA-256 of every block of a stream.
struct Blocks {
    wanted: bool,
    hashes: Vec<Hash>,
    block: Sha256,
    filled: u64,
}

impl Blocks {
    fn new(wanted: bool) -> Blocks {
        Blocks { wanted, hashes: Vec::new(), block: Sha256::new(), filled: 0 }
    }

    fn update(&mut self, mut piece: &[u8]) {
        while self.wanted && !piece.is_empty() {
            let room = (BLOCK_BYTES - self.filled).min(piece.len() as u64) as usize;
            let (now, later) = piece.split_at(room);
            self.block.update(now);
            self.filled += room as u64;
            piece = later;
            if self.filled == BLOCK_BYTES {
                self.hashes.push(std::mem::take(&mut self.block).finalize().into());
                self.filled = 0;
            }
        }
    }

    fn finish(mut self) -> Vec<Hash> {
        if self.filled > 0 {
            self.hashes.push(self.block.finalize().into());
        }
        self.hashes
    }
}

/// Looks again at what was missing: it may have been on its way.
pub(super) async fn look_again(store: &Store, lines: &mut Lines) {
    for line in lines.iter_mut().filter(|line| line.verdict == Verdict::Missing) {
        match store.head(&line.object).await {
            Ok(None) => {}
            Ok(Some(_)) => {
                line.verdict = Verdict::Unreadable;
                line.detail = "was not there, and is there now; verify again".to_owned();
            }
            Err(error) => {
                line.verdict = Verdict::Unreadable;
                line.detail = error.to_string();
            }
        }
    }
}
