//! The access log: who looked, at what, when. Written before the first row leaves.
//!
//! 45 CFR 164.312(b) asks for a record of activity; a record that can be missing is worth little, so a query
//! whose start cannot be written durably is refused. Starts that arrive together share a commit (group commit);
//! ends, denials and catalog statements ride along, or go within [`RIDE_MAX`]. Failed logins are counted by
//! address and minute, so that nobody outside can make the lake write.
//!
//! The queue holds rows as they came; they are redacted when they are committed, and in between only this
//! process sees them.

mod replaced;
mod times;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use auditstore::segment::Row;
use auditstore::{NewBatch, Outcome, Writer};
use chrono::Utc;
use redactor::Redactor;
use schemas::access as column;
use schemas::{Record, Value};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::error::Error;
use crate::rows::Progress;

pub use replaced::Notice;

/// What becomes of a start: it is durable, and what the client is told of it.
type Written = Result<Option<Notice>, Error>;

/// Records that wait for a commit at most; while there are as many, queries are refused.
const WAITING_MAX: usize = 10_000;

/// Longest time that a record which nobody waits for lies in memory.
pub const RIDE_MAX: Duration = Duration::from_secs(1);

/// Addresses that are counted apart in one minute; failed logins of further ones are counted together.
const LOGIN_ADDRESSES_MAX: usize = 1_000;

/// Pause after a commit failed.
const RETRY_PAUSE: Duration = Duration::from_millis(500);

/// The access log of one process. Clones share it.
#[derive(Clone)]
pub struct AccessLog {
    shared: Arc<Shared>,
}

struct Shared {
    redactor: Redactor,
    queue: Mutex<Queue>,
    wake: mpsc::Sender<()>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Shared {
    /// Makes the committer look at the queue.
    fn wake(&self) {
        // A full channel has a wake-up in it already; a closed one has no committer left.
        let _ = self.wake.try_send(());
    }
}

#[derive(Default)]
struct Queue {
    /// Starts, each with the query that waits for it.
    starts: Vec<(Record, oneshot::Sender<Written>)>,
    /// Everything that nobody waits for, and since when the oldest lies here.
    riders: Vec<Record>,
    riding_since: Option<Instant>,
    /// Ends that are still to come.
    promised: usize,
    /// Failed logins by minute and address.
    logins: BTreeMap<(i64, String), i64>,
    closing: bool,
}

/// Who looks, as far as the connection knows.
#[derive(Clone, Debug, Default)]
pub struct Who {
    /// The SQL user.
    pub principal: String,
    /// The role that the user acts in.
    pub role: Option<String>,
    /// `scram-sha-256` or `embedded`.
    pub auth_method: &'static str,
    /// Address of the client, without port.
    pub client_address: Option<String>,
}

impl AccessLog {
    /// Opens the access log for writing with the access key and starts its committer.
    ///
    /// `group` is how long starts are gathered into one commit.
    ///
    /// # Errors
    /// The policy cannot be brought into the log: unreachable, wrong key, a log that went back.
    pub async fn open(mut writer: Writer, redactor: Redactor, group: Duration) -> Result<AccessLog, Error> {
        writer.ensure_policy(redactor.policy()).await.map_err(|error| Error::from(&error))?;
        let (wake, woken) = mpsc::channel(1);
        let shared = Arc::new(Shared { redactor, queue: Mutex::default(), wake, task: Mutex::new(None) });
        let task = tokio::spawn(Committer { shared: Arc::clone(&shared), woken, writer, group }.run());
        *lock(&shared.task) = Some(task);
        Ok(AccessLog { shared })
    }

    /// A keyed hash of a statement, so that the same one can be found again without its text.
    pub(crate) fn keyed_hash(&self, statement: &str) -> [u8; 32] {
        self.shared.redactor.keyed_hash(statement.as_bytes())
    }

    /// Writes a start record; when this returns, it is durable. Gives what the client is told of it, too.
    ///
    /// # Errors
    /// It could not be written. The query must not run.
    pub(crate) async fn start(&self, record: Record) -> Result<(Look, Option<Notice>), Error> {
        let (done, written) = oneshot::channel();
        let template = record.clone();
        {
            let mut queue = lock(&self.shared.queue);
            queue.admit()?;
            queue.promised += 1;
            queue.starts.push((record, done));
        }
        // From here on the look ends in the log, also if this future is dropped.
        let look = Look { log: self.clone(), template: Some(template) };
        self.shared.wake();
        match written.await {
            Ok(Ok(notice)) => Ok((look, notice)),
            Ok(Err(error)) => {
                look.forget();
                Err(error)
            }
            Err(_) => {
                look.forget();
                Err(not_recorded("the access log is closed"))
            }
        }
    }

    /// Queues a record that nobody waits for: a denial, a catalog statement.
    ///
    /// # Errors
    /// Too many records wait already.
    pub(crate) fn note(&self, record: Record) -> Result<(), Error> {
        let mut queue = lock(&self.shared.queue);
        queue.admit()?;
        queue.ride(record);
        drop(queue);
        self.shared.wake();
        Ok(())
    }

    /// Counts a failed login. The user's name is not kept: people type passwords into that field.
    pub fn login_failed(&self, address: &str) {
        let minute = Utc::now().timestamp_micros().div_euclid(60_000_000);
        let mut queue = lock(&self.shared.queue);
        let known = queue.logins.contains_key(&(minute, address.to_owned()));
        let address = if known || queue.logins.len() < LOGIN_ADDRESSES_MAX { address } else { "others" };
        *queue.logins.entry((minute, address.to_owned())).or_default() += 1;
        drop(queue);
        self.shared.wake();
    }

    /// Writes what still waits and stops.
    pub async fn close(&self) {
        lock(&self.shared.queue).closing = true;
        self.shared.wake();
        let task = lock(&self.shared.task).take();
        if let Some(task) = task {
            // A committer that panicked has nothing left to write; its queries were refused.
            let _ = task.await;
        }
    }
}

impl Queue {
    fn admit(&self) -> Result<(), Error> {
        if self.closing {
            return Err(not_recorded("the access log is closed"));
        }
        if self.starts.len() + self.riders.len() + self.promised >= WAITING_MAX {
            return Err(not_recorded("too many records wait for the access log"));
        }
        Ok(())
    }

    fn ride(&mut self, record: Record) {
        self.riders.push(record);
        self.riding_since.get_or_insert_with(Instant::now);
    }

    /// Failed logins of minutes that are over become records; all of them at the end.
    fn collect_logins(&mut self) {
        let minute = Utc::now().timestamp_micros().div_euclid(60_000_000);
        let later =
            if self.closing { BTreeMap::new() } else { self.logins.split_off(&(minute, String::new())) };
        for ((minute, address), failures) in std::mem::replace(&mut self.logins, later) {
            let mut record = Record::new(&column::ACCESS);
            record.set(column::ACCESS_ID, Value::Bytes(random_id()));
            record.set(column::KIND, "login_failed");
            record.set(column::TIME, Value::Time(minute * 60_000_000));
            record.set(column::CLIENT_ADDRESS, address);
            record.set(column::ROWS, failures);
            record.set(column::OUTCOME, "denied");
            record.set(column::ERROR_CODE, crate::sqlstate::INVALID_PASSWORD);
            self.ride(record);
        }
    }

    /// When the next commit is due.
    fn due(&self, group: Duration) -> Due {
        let minute_over = || {
            let micros = Utc::now().timestamp_micros();
            self.logins.first_key_value().map(|((minute, _), _)| {
                Duration::from_micros(u64::try_from((minute + 1) * 60_000_000 - micros).unwrap_or(0))
            })
        };
        if self.closing {
            return Due::Now;
        }
        if !self.starts.is_empty() {
            return Due::After(group);
        }
        match (self.riding_since, minute_over()) {
            (Some(since), _) => Due::Unless(RIDE_MAX.saturating_sub(since.elapsed())),
            (None, Some(pause)) => Due::Unless(pause + Duration::from_millis(1)),
            (None, None) => Due::Never,
        }
    }
}

enum Due {
    Now,
    /// After this time, whatever comes in between.
    After(Duration),
    /// After this time, unless something more urgent comes in between.
    Unless(Duration),
    Never,
}

struct Committer {
    shared: Arc<Shared>,
    woken: mpsc::Receiver<()>,
    writer: Writer,
    group: Duration,
}

impl Committer {
    async fn run(mut self) {
        loop {
            let due = lock(&self.shared.queue).due(self.group);
            match due {
                Due::Now => {}
                Due::After(pause) => tokio::time::sleep(pause).await,
                Due::Unless(pause) => {
                    let woken = tokio::time::timeout(pause, self.woken.recv()).await;
                    if woken.is_ok() {
                        continue;
                    }
                }
                Due::Never => {
                    self.woken.recv().await;
                    continue;
                }
            }
            let (starts, riders, closing) = {
                let mut queue = lock(&self.shared.queue);
                queue.collect_logins();
                queue.riding_since = None;
                (std::mem::take(&mut queue.starts), std::mem::take(&mut queue.riders), queue.closing)
            };
            let written = self.commit(starts, riders).await;
            if closing && (written || lock(&self.shared.queue).starts.is_empty()) {
                return;
            }
            if !written {
                tokio::time::sleep(RETRY_PAUSE).await;
            }
        }
    }

    /// Commits one batch and answers those who wait. What nobody waits for goes back to the queue on failure.
    async fn commit(&mut self, starts: Vec<(Record, oneshot::Sender<Written>)>, riders: Vec<Record>) -> bool {
        let mut rows = Vec::with_capacity(starts.len() + riders.len());
        let mut waiting = Vec::with_capacity(starts.len());
        for (record, done) in starts {
            match self.redact(record) {
                Ok((row, notice)) => {
                    rows.push(row);
                    waiting.push((done, notice));
                }
                // Who waits may have gone; then there is nobody to tell.
                Err(error) => drop(done.send(Err(error))),
            }
        }
        let riding = riders.iter().cloned().filter_map(|record| self.redact(record).ok());
        rows.extend(riding.map(|(row, _)| row));
        if rows.is_empty() {
            return true;
        }
        match self.write(rows).await {
            Ok(()) => {
                waiting.into_iter().for_each(|(done, notice)| drop(done.send(Ok(notice))));
                true
            }
            Err(error) => {
                tracing::error!(%error, "the access log could not be written; queries are refused until it can");
                waiting.into_iter().for_each(|(done, _)| drop(done.send(Err(error.clone()))));
                let mut queue = lock(&self.shared.queue);
                let room = WAITING_MAX.saturating_sub(queue.riders.len());
                riders.into_iter().take(room).for_each(|record| queue.ride(record));
                false
            }
        }
    }

    fn redact(&self, record: Record) -> Result<(Row, Option<Notice>), Error> {
        let times = record.get(column::STATEMENT).as_text().map(times::compared).unwrap_or_default();
        let redacted = self.shared.redactor.redact_access(record, &times).map_err(|reject| {
            tracing::error!(reason = reject.reason, "an access record could not be redacted");
            not_recorded("its record could not be redacted")
        })?;
        let row = Row::new(&redacted).map_err(|error| {
            tracing::error!(%error, "an access record cannot be stored");
            not_recorded("its record cannot be stored")
        })?;
        Ok((row, replaced::of(&redacted)))
    }

    async fn write(&mut self, rows: Vec<Row>) -> Result<(), Error> {
        let redaction = auditstore::log::redaction(&self.shared.redactor);
        let batch = NewBatch::of_rows(&column::ACCESS, rows, Some(redaction));
        match self.writer.commit(batch).await {
            Ok(Outcome::Committed(_)) => Ok(()),
            Ok(Outcome::Fenced(_)) => Err(not_recorded("the access log refused the batch")),
            Err(error) => Err(not_recorded(&error.to_string())),
        }
    }
}

/// A query that is in the log. It ends there, too: with [`Look::end`], or as cancelled when it is dropped.
pub(crate) struct Look {
    log: AccessLog,
    template: Option<Record>,
}

impl Look {
    /// Queues the end record.
    pub(crate) fn end(mut self, used: &Progress, outcome: &'static str, sqlstate: Option<&'static str>) {
        if let Some(template) = self.template.take() {
            self.write_end(template, used, outcome, sqlstate);
        }
    }

    /// The start was not written, so there is nothing to end.
    fn forget(mut self) {
        self.template = None;
        let mut queue = lock(&self.log.shared.queue);
        queue.promised = queue.promised.saturating_sub(1);
    }

    fn write_end(
        &self,
        start: Record,
        used: &Progress,
        outcome: &'static str,
        sqlstate: Option<&'static str>,
    ) {
        let mut end = Record::new(&column::ACCESS);
        for copied in
            [column::ACCESS_ID, column::PRINCIPAL, column::ROLE, column::SNAPSHOT_SIZE, column::SNAPSHOT_ROOT]
        {
            end.set(copied, start.get(copied).clone());
        }
        let count = |value: u64| Value::Int(i64::try_from(value).unwrap_or(i64::MAX));
        end.set(column::KIND, "end");
        end.set(column::TIME, Value::Time(Utc::now().timestamp_micros()));
        end.set(column::SEGMENTS_READ, count(used.segments_read));
        end.set(column::BYTES_READ, count(used.bytes_read));
        end.set(column::ROWS, count(used.rows));
        end.set(column::ANSWER_SHA256, used.answer_sha256.map(|hash| Value::Bytes(hash.to_vec())));
        end.set(column::DURATION_MS, Value::Float(used.duration.as_secs_f64() * 1_000.0));
        end.set(column::MEMORY_PEAK_BYTES, count(used.memory_peak_bytes));
        end.set(column::OUTCOME, outcome);
        end.set(column::ERROR_CODE, sqlstate.map(str::to_owned));
        let mut queue = lock(&self.log.shared.queue);
        queue.promised = queue.promised.saturating_sub(1);
        // Its place was kept free since the start.
        queue.ride(end);
        drop(queue);
        self.log.shared.wake();
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        if let Some(template) = self.template.take() {
            let sqlstate = Some(crate::sqlstate::QUERY_CANCELED);
            self.write_end(template, &Progress::default(), "cancelled", sqlstate);
        }
    }
}

/// 16 random bytes; zeros where the system gives none, which a UNIX system does not do.
pub(crate) fn random_id() -> Vec<u8> {
    let mut id = vec![0; 16];
    if getrandom::fill(&mut id).is_err() {
        tracing::error!("the system gives no random bytes");
    }
    id
}

fn not_recorded(why: &str) -> Error {
    Error::Unavailable(format!("the look could not be recorded, so the statement was not run: {why}"))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
