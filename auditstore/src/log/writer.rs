//! The writer of a log: the commit protocol, and everything that is committed by it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};
use redactor::Policy;
use schemas::manifest::{
    self, Batch, Body, Dec, FORMAT, Heartbeat, Manifest, ObjectRef, Source, Start, VALIDITY,
};
use schemas::verdict::Verdict;

use super::batch::NewBatch;
use super::build::build_sha256;
use super::draft::{Against, Draft, fenced};
use super::entry::{ENTRY_BYTES_MAX, entry_path, make};
use super::put::{ATTEMPTS_MAX, back_off, put};
use super::reader::{Expected, Reader, Trust};
use super::replay::{Judged, Replay};
use super::state::{PartitionKey, State};
use super::state_file::StateFile;
use super::validity::{SKIPPED_MAX, can_list};
use crate::error::Error;
use crate::keys::Signer;
use crate::merkle::Hash;
use crate::store::{Create, Fetched, Store};
use crate::time::{Clock, format_time, system_clock};

mod clock;
mod publish;

use self::publish::remembered;

/// Races that a commit may lose in a row before it gives up. Each lost race is another writer's success.
const RACES_MAX: usize = 1000;

/// Objects of a batch that are written at once.
const PUTS_AT_ONCE_MAX: usize = 8;

/// How a writer behaves.
#[derive(Clone)]
pub struct WriterOptions {
    /// Name of this process's instance; stands in every entry.
    pub instance: String,
    /// Where the writer remembers the newest head that it has seen. Without it a writer cannot notice that the
    /// newest entries were deleted; only tests go without.
    pub state_file: Option<PathBuf>,
    /// Start although there is no state file, and sign an `adopt` entry that says so.
    pub adopt_head: bool,
    /// Write a snapshot after this many entries. Default 256.
    pub snapshot_every: u64,
    /// The time. Default: this machine's.
    pub clock: Clock,
}

impl Default for WriterOptions {
    fn default() -> WriterOptions {
        WriterOptions {
            instance: "sealake".to_owned(),
            state_file: None,
            adopt_head: false,
            snapshot_every: 256,
            clock: system_clock(),
        }
    }
}

/// An entry that was committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Its seq.
    pub seq: u64,
    /// Root of the log with it.
    pub root: Hash,
    /// Rows that were stored.
    pub stored: u64,
    /// Messages and records that went to quarantine.
    pub quarantined: u64,
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Durable, signed and visible.
    Committed(Committed),
    /// Another writer has taken some of the offsets. Nothing of the batch was committed; for every partition of
    /// it, the offset at which to begin again.
    Fenced(Vec<(PartitionKey, u64)>),
}

/// The writer of a log. Several may share one lake, each in its own process.
pub struct Writer {
    follower: Reader,
    signer: Arc<Signer>,
    options: WriterOptions,
    build: String,
    clock_checked: Option<Instant>,
    /// Size that was last published, and when.
    published: (u64, Option<Instant>),
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Writer({:?}, size {})", self.signer, self.state().size)
    }
}

/// How [`Writer::seal`] ended.
enum Sealed {
    Committed { seq: u64, root: Hash },
    Fenced(Vec<(PartitionKey, u64)>),
    Known,
}

impl Writer {
    /// Finds the head of the log and checks that this writer may sign after it.
    ///
    /// # Errors
    /// Those of [`Reader::open`]; [`Error::Key`] if the signer's key is not valid in this log;
    /// [`Error::Refused`] if the log is behind the state file, or there is none and `adopt_head` is not set.
    pub async fn open(store: Store, signer: Signer, options: WriterOptions) -> Result<Writer, Error> {
        let remembered = remembered(&options)?;
        let path = options.state_file.as_deref().unwrap_or(Path::new(""));
        let seen = remembered.as_ref().map(|state| Expected::of(state, path));
        let follower = match &remembered {
            Some(state) if state.origin != signer.name() => {
                let (file, key) = (&state.origin, signer.name());
                return Err(Error::Refused(format!(
                    "the state file is that of {file}, and the key that of {key}"
                )));
            }
            _ => Reader::open_expecting(store, Trust::SelfAsserted, seen).await?,
        };
        refuse_foreign_key(&follower, &signer)?;
        let build = tokio::task::spawn_blocking(build_sha256).await.unwrap_or_default();
        let signer = Arc::new(signer);
        let mut writer =
            Writer { follower, signer, options, build, clock_checked: None, published: (0, None) };
        writer.adopt_unknown_head(remembered.is_some()).await?;
        writer.remember().await?;
        writer.describe().await;
        Ok(writer)
    }

    async fn adopt_unknown_head(&mut self, remembered: bool) -> Result<(), Error> {
        let is_unknown = !remembered && self.options.state_file.is_some();
        if let Some(path) =
            self.options.state_file.as_ref().filter(|_| is_unknown && !self.options.adopt_head)
        {
            let (path, url) = (path.display(), self.follower.store().url());
            return Err(Error::Refused(format!(
                "there is no state file {path}, so this writer cannot know whether the newest entries of {url} were \
                 deleted; restore the file, or compare the head (size {}, root {}) with a kept checkpoint and start \
                 once with --adopt-head",
                self.state().size,
                hex::encode(self.state().root)
            )));
        }
        self.publish_first().await?;
        if let Some(path) = self.options.state_file.as_ref().filter(|_| is_unknown) {
            // Each attempt of a start that then finds no room for the file would sign another entry.
            StateFile::new(&self.state().origin, self.state().era, self.state().signed).try_write(path)?;
            self.seal(&Draft::Adopt).await?;
        }
        Ok(())
    }

    /// What the lake says to people is not worth a failure to start.
    async fn describe(&self) {
        if self.state().schema.starts_with("event/")
            && let Err(error) = crate::init::restore_description(self.store(), self.state()).await
        {
            tracing::warn!(%error, "sealake.json is missing and could not be written");
        }
    }

    /// What the log says so far.
    pub fn state(&self) -> &State {
        self.follower.state()
    }

    /// Where the log lies.
    pub fn store(&self) -> &Store {
        self.follower.store()
    }

    /// The replay of the log, for those who check it.
    pub fn replay(&self) -> &Replay {
        self.follower.replay()
    }

    /// Takes in what other writers have committed.
    ///
    /// # Errors
    /// Those of [`Reader::refresh`].
    pub async fn refresh(&mut self) -> Result<&State, Error> {
        self.follower.refresh().await
    }

    /// Commits a batch: rows, offsets, quarantine, all or nothing.
    ///
    /// # Errors
    /// After [`Error::Unreachable`] the batch may be committed or not: [`Writer::refresh`] until it succeeds, and
    /// go on from the lake's offsets. [`Error::TooLarge`]: see [`NewBatch::manifest_bytes_estimate`].
    /// [`Error::Refused`]: a clock. [`Error::Invalid`]: the batch contradicts itself; nothing was committed.
    pub async fn commit(&mut self, batch: NewBatch) -> Result<Outcome, Error> {
        if let Some(next) = fenced(self.state(), &batch.offsets) {
            return Ok(Outcome::Fenced(next));
        }
        let now = (self.options.clock)();
        let prepared = tokio::task::spawn_blocking(move || batch.prepare(now)).await;
        let prepared =
            prepared.map_err(|_| Error::invalid("batch", "building its segments was interrupted"))??;
        let (stored, quarantined) = totals(&prepared.batch);
        let outcome = match self.seal(&Draft::Batch(Box::new(prepared))).await? {
            Sealed::Committed { seq, root } => {
                Outcome::Committed(Committed { seq, root, stored, quarantined })
            }
            Sealed::Fenced(next) => Outcome::Fenced(next),
            Sealed::Known => return Err(Error::invalid("batch", "a batch is never known already")),
        };
        self.snapshot_if_due().await;
        Ok(outcome)
    }

    /// Onboards a source, unless the log has it.
    ///
    /// # Errors
    /// Those of [`Writer::commit`].
    pub async fn ensure_source(&mut self, source: &str, mut starts: Vec<Start>) -> Result<(), Error> {
        starts.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
        self.seal(&Draft::Source(Source { source: source.to_owned(), starts })).await.map(drop)
    }

    /// Stores a redaction policy and names it in the log, unless the log has it.
    ///
    /// # Errors
    /// Those of [`Writer::commit`].
    pub async fn ensure_policy(&mut self, policy: &Policy) -> Result<(), Error> {
        let sha256 = policy.sha256().to_owned();
        if self.state().policies.contains(&sha256) {
            return Ok(());
        }
        let object = ObjectRef { path: format!("policy/{sha256}.toml"), sha256 };
        let objects = vec![(object.path.clone(), Bytes::copy_from_slice(policy.bytes()))];
        let (name, version) = (policy.name().to_owned(), policy.version().to_owned());
        self.seal(&Draft::Policy(manifest::Policy { name, version, object }, objects)).await.map(drop)
    }

    /// Commits a sign of life. An access head that is behind the one the log knows is left out: another writer
    /// was faster.
    ///
    /// # Errors
    /// Those of [`Writer::commit`].
    pub async fn heartbeat(&mut self, mut beat: Heartbeat) -> Result<Committed, Error> {
        beat.ends.sort_by(|a, b| (&a.source, &a.topic, a.partition).cmp(&(&b.source, &b.topic, b.partition)));
        let sealed = self.seal(&Draft::Heartbeat(beat)).await?;
        self.snapshot_if_due().await;
        match sealed {
            Sealed::Committed { seq, root } => Ok(Committed { seq, root, stored: 0, quarantined: 0 }),
            Sealed::Fenced(_) | Sealed::Known => Err(Error::invalid("heartbeat", "it has no preconditions")),
        }
    }

    /// Writes a snapshot of the log as it is, whether one is due or not.
    ///
    /// # Errors
    /// Those of [`Writer::commit`].
    pub async fn snapshot(&mut self) -> Result<(), Error> {
        self.seal(&Draft::Snapshot).await.map(drop)
    }

    /// A snapshot makes starts cheap and nothing else; where one fails, the next commit tries again.
    async fn snapshot_if_due(&mut self) {
        let since = self.state().size - self.state().snapshot.unwrap_or(0);
        if since > self.options.snapshot_every.max(1)
            && let Err(error) = self.snapshot().await
        {
            tracing::warn!(%error, "no snapshot was written; the next commit tries again");
        }
    }

    /// The commit protocol. Everything that stands in a log came through here.
    async fn seal(&mut self, draft: &Draft) -> Result<Sealed, Error> {
        // 0. The log is still there. A directory that was moved away or a deleted entry would leave a hole that only
        //    `verify` sees.
        self.refuse_lost_head().await?;
        // 1. The objects that the entry will name, under names that nobody else can take.
        self.put_all(draft.objects()).await?;
        self.compare_clocks(draft.objects()).await?;
        // A crash here leaves orphans: nothing names them, no reader sees them, `verify` lists them.
        for _ in 0..RACES_MAX {
            // 2. The preconditions, at the head as this writer knows it. If it knows too little, the create
            //    below fails and tells.
            let committed = self.now().await?;
            let body = match draft.against(&self.follower.replay, committed)? {
                Against::Fenced(next) => return Ok(Sealed::Fenced(next)),
                Against::Known => return Ok(Sealed::Known),
                Against::Entry(body) => body,
                Against::Snapshot(snapshot) => {
                    self.put_all(&snapshot.objects).await?;
                    self.follower.replay.snapshot_written(&snapshot);
                    Body::Snapshot(manifest::Snapshot { head: snapshot.head, covers: Dec(snapshot.covers) })
                }
            };
            // A crash here leaves orphans as above.
            // 3. Manifest, root, signature; then the one conditional create that makes it all true.
            let object = self.make(body, committed)?;
            let judged = self.judge(&object)?;
            // A crash before the create has happened leaves orphans; after it, whether or not the answer arrived,
            // the entry is committed, and the next start finds it as it finds every other.
            // 4. Ours, or another's.
            if !self.create_entry(&object).await? {
                self.follower.refresh().await?;
                continue;
            }
            let entry = self.follower.replay.take(judged);
            let (seq, root) = (entry.seq, self.state().root);
            // A crash here: committed; the state file is one entry behind, and the checkpoint too. Both are
            // bounds from below, and the next commit brings them up.
            // 5. What others may see of it. Nothing of this can undo the commit, so nothing of it is an error.
            if let Err(error) = self.remember().await {
                tracing::error!(%error, "the state file was not written; a rollback to before entry {seq} would not be noticed");
            }
            if let Err(error) = self.publish_if_due(&object).await {
                tracing::warn!(%error, "the checkpoint was not published; the next commit tries again");
            }
            return Ok(Sealed::Committed { seq, root });
        }
        let what = format!("commit entry {} of {}", self.state().size, self.store().url());
        Err(Error::Unreachable { what, cause: format!("lost {RACES_MAX} races in a row") })
    }

    /// Refuses to write where the newest entry that this writer knows is no more, or the next cannot be.
    async fn refuse_lost_head(&self) -> Result<(), Error> {
        let (state, store) = (self.state(), self.store());
        let (newest, next) = (entry_path(state.era, state.size - 1), entry_path(state.era, state.size));
        if store.head(&newest).await?.is_some() {
            if !store.is_blocked(&next).await? {
                return Ok(());
            }
            return Err(Error::Refused(format!(
                "{next} of {} is the place of the next entry, and something that is no regular file is there; find out \
                 who put it there and take it away, nothing is written until then",
                store.url()
            )));
        }
        store.require_directory().await?;
        Err(Error::Refused(format!(
            "{newest} of {} is gone, which was the newest entry: it was deleted, or another lake or none is in this \
             one's place; put back what was there (`sealake verify` says whether all is), nothing is written until then",
            store.url()
        )))
    }

    fn make(&self, body: Body, committed: i64) -> Result<Bytes, Error> {
        let state = self.state();
        if !can_list(&state.pending) {
            return Err(Error::Refused(format!(
                "the log of {} ends in {} objects that are no entries, and an entry can list {SKIPPED_MAX}; find \
                 out who writes them",
                self.store().url(),
                state.pending.len()
            )));
        }
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            validity: Dec(VALIDITY),
            origin: state.origin.clone(),
            era: Dec(state.era),
            seq: Dec(state.size),
            committed: format_time(committed),
            writer: manifest::Writer { instance: self.options.instance.clone(), build: self.build.clone() },
            snapshot: state.snapshot.map(Dec),
            skipped: state.pending.clone(),
            body,
        };
        make(&manifest, &state.edge, &[&self.signer])
    }

    /// What every reader will ask of the entry, before it is written.
    fn judge(&self, object: &Bytes) -> Result<Judged, Error> {
        let path = self.follower.replay.next_path();
        self.follower.replay.judge(object)?.map_err(|why| match why.verdict {
            Verdict::KeyWindow | Verdict::UnknownKey => {
                Error::Key(format!("{path} cannot be signed by {:?}: {}", self.signer, why.detail))
            }
            _ => Error::invalid(path, format!("would not be valid and was not written: {}", why.detail)),
        })
    }

    /// Creates the next entry. True if it is there and ours, false if the place is taken by another.
    async fn create_entry(&self, object: &Bytes) -> Result<bool, Error> {
        let (store, path) = (self.store(), self.follower.replay.next_path());
        let mut last = None;
        for attempt in 0..ATTEMPTS_MAX {
            back_off(attempt).await;
            match store.create(&path, object.clone()).await {
                Ok(Create::New) => return Ok(true),
                Ok(Create::Exists) => {}
                // It may have landed all the same; reading it back tells.
                Err(error @ Error::Unreachable { .. }) => last = Some(error),
                Err(error) => return Err(error),
            }
            match store.get_entry(&path, ENTRY_BYTES_MAX).await {
                Ok(Some(Fetched::Whole(found))) => return Ok(found == *object),
                Ok(Some(Fetched::TooLarge(..))) => return Ok(false),
                // S3 answers 409 to a race that nobody may have won: the same bytes again.
                Ok(None) => {}
                Err(error) => last = Some(error),
            }
        }
        let cause = || "the store says that it exists and that it does not".to_owned();
        Err(last.unwrap_or_else(|| Error::Unreachable { what: format!("create {path}"), cause: cause() }))
    }

    async fn put_all(&self, objects: &[(String, Bytes)]) -> Result<(), Error> {
        let store = self.store();
        // Collected first: a lazy iterator of borrowing futures would make the commit's own future not `Send`.
        let puts: Vec<_> = objects.iter().map(|(path, bytes)| put(store, path, bytes)).collect();
        futures::stream::iter(puts).buffer_unordered(PUTS_AT_ONCE_MAX).try_collect().await
    }
}

fn totals(batch: &Batch) -> (u64, u64) {
    let messages = batch.counts.messages.as_ref().map_or(0, |messages| messages.quarantined.0);
    (batch.counts.records.stored.0, messages + batch.counts.records.quarantined.0)
}

fn refuse_foreign_key(follower: &Reader, signer: &Signer) -> Result<(), Error> {
    let state = follower.state();
    if state.keys_at(state.size).contains(signer.verify_key()) {
        return Ok(());
    }
    let (url, key) = (follower.store().url(), signer.public());
    let valid: Vec<_> = state.keys_at(state.size).iter().map(|key| key.public().id).collect();
    Err(Error::Key(format!(
        "key {} ({}) is no valid key of the lake {url} ({}, keys {}); is it another lake's?",
        key.id,
        key.name,
        state.origin,
        valid.join(", ")
    )))
}
