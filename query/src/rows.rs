//! The rows of an answer: one stream that ends at its deadline, counts what it gives, and tells the access log
//! how it ended, also when nobody reads it to the end.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::SchemaRef;
use datafusion::execution::SendableRecordBatchStream;
use futures::{Future, Stream};
use sha2::{Digest, Sha256};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Sleep;

use crate::access::Look;
use crate::config::Limits;
use crate::error::{Error, sqlstate};
use crate::runtime::Pool;

/// What a scan reads, counted while it reads.
#[derive(Debug, Default)]
pub(crate) struct ScanStats {
    segments: Mutex<BTreeSet<String>>,
    bytes: AtomicU64,
}

impl ScanStats {
    pub(crate) fn opened(&self, segment: &str) {
        let mut segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        if !segments.contains(segment) {
            segments.insert(segment.to_owned());
        }
    }

    pub(crate) fn read(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn segments(&self) -> u64 {
        self.segments.lock().unwrap_or_else(PoisonError::into_inner).len() as u64
    }
}

/// What a statement used so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// Rows given.
    pub rows: u64,
    /// Segments opened.
    pub segments_read: u64,
    /// Bytes read from segments.
    pub bytes_read: u64,
    /// Most memory reserved at one time.
    pub memory_peak_bytes: u64,
    /// Time since the statement arrived.
    pub duration: Duration,
    /// SHA-256 of what [`Rows::sent`] was given; none if nothing was.
    pub answer_sha256: Option<[u8; 32]>,
}

/// The rows of an answer. Dropping it cancels the query.
pub struct Rows {
    inner: Option<SendableRecordBatchStream>,
    schema: SchemaRef,
    started: Instant,
    deadline: Instant,
    sleep: Pin<Box<Sleep>>,
    limits: Limits,
    stats: Arc<ScanStats>,
    pool: Option<Arc<Pool>>,
    look: Option<Look>,
    rows: u64,
    hash: Option<Sha256>,
    /// Whether something is sent after the last row, so that [`Rows::done`] ends the look.
    trailer: bool,
    turn: Option<OwnedSemaphorePermit>,
}

/// What [`Rows::new`] puts together.
pub(crate) struct Running {
    pub(crate) stream: SendableRecordBatchStream,
    /// What the columns are called for the client.
    pub(crate) schema: SchemaRef,
    pub(crate) started: Instant,
    pub(crate) limits: Limits,
    pub(crate) stats: Arc<ScanStats>,
    pub(crate) pool: Option<Arc<Pool>>,
    pub(crate) look: Option<Look>,
    pub(crate) turn: Option<OwnedSemaphorePermit>,
}

impl Rows {
    pub(crate) fn new(running: Running) -> Rows {
        let deadline = running.started + running.limits.deadline;
        Rows {
            schema: running.schema,
            inner: Some(running.stream),
            started: running.started,
            deadline,
            sleep: Box::pin(tokio::time::sleep_until(deadline.into())),
            limits: running.limits,
            stats: running.stats,
            pool: running.pool,
            look: running.look,
            rows: 0,
            hash: None,
            trailer: false,
            turn: running.turn,
        }
    }

    /// The columns.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// When the statement must be over, its last row sent included. The stream ends itself then, but only when it
    /// is polled: who sends rows to a client that may not read them bounds that by this time, too.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Adds bytes to the hash of the answer, in the form in which they are sent.
    pub fn sent(&mut self, bytes: &[u8]) {
        self.hash.get_or_insert_default().update(bytes);
    }

    /// For a form that is written after the last row was read. The look ends with [`Rows::done`] then, not with the
    /// last row: else its hash would leave out what is sent in between.
    pub fn expect_trailer(&mut self) {
        self.trailer = true;
    }

    /// Everything was sent.
    pub fn done(&mut self) {
        self.finish("ok", None);
    }

    /// What was used so far.
    pub fn progress(&self) -> Progress {
        Progress {
            rows: self.rows,
            segments_read: self.stats.segments(),
            bytes_read: self.stats.bytes.load(Ordering::Relaxed),
            memory_peak_bytes: self.pool.as_ref().map_or(0, |pool| pool.peak_bytes() as u64),
            duration: self.started.elapsed(),
            answer_sha256: self.hash.clone().map(|hash| hash.finalize().into()),
        }
    }

    /// Ends the query because the client stopped reading before `deadline` or could not be written to. The access
    /// log gets this error as the outcome.
    pub fn abort(&mut self, error: &Error) {
        self.finish(error.outcome(), Some(error.sqlstate()));
    }

    /// The error of a deadline that passed.
    pub fn timed_out(&self) -> Error {
        timed_out(&self.limits)
    }

    /// Lets another statement run: for a query that waits until its client asks for more.
    pub(crate) fn release_turn(&mut self) {
        self.turn = None;
    }

    fn finish(&mut self, outcome: &'static str, sqlstate: Option<&'static str>) {
        self.inner = None;
        self.turn = None;
        if let Some(look) = self.look.take() {
            look.end(&self.progress(), outcome, sqlstate);
        }
    }

    fn fail(&mut self, error: Error) -> Poll<Option<Result<RecordBatch, Error>>> {
        self.finish(error.outcome(), Some(error.sqlstate()));
        Poll::Ready(Some(Err(error)))
    }
}

pub(crate) fn timed_out(limits: &Limits) -> Error {
    Error::Cancelled {
        timeout: true,
        message: format!(
            "canceling statement due to statement timeout ({} ms, its rows included)",
            limits.deadline.as_millis()
        ),
    }
}

impl Stream for Rows {
    type Item = Result<RecordBatch, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.inner.is_none() {
            return Poll::Ready(None);
        }
        if Instant::now() >= self.deadline || self.sleep.as_mut().poll(context).is_ready() {
            let error = timed_out(&self.limits);
            return self.fail(error);
        }
        let Some(inner) = self.inner.as_mut() else { return Poll::Ready(None) };
        match inner.as_mut().poll_next(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(None) => {
                if self.trailer {
                    (self.inner, self.turn) = (None, None);
                } else {
                    self.done();
                }
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(error))) => {
                let error = Error::running(&error);
                self.fail(error)
            }
            Poll::Ready(Some(Ok(batch))) => {
                let rows = self.rows + batch.num_rows() as u64;
                if let Some(rows_max) = self.limits.rows_max.filter(|rows_max| rows > *rows_max) {
                    return self.fail(Error::Limit {
                        sqlstate: sqlstate::LIMIT_EXCEEDED,
                        message: format!("the answer has more than {rows_max} rows; add a filter or LIMIT"),
                    });
                }
                self.rows = rows;
                let named = RecordBatch::try_new_with_options(
                    Arc::clone(&self.schema),
                    batch.columns().to_vec(),
                    &RecordBatchOptions::new().with_row_count(Some(batch.num_rows())),
                );
                match named {
                    Ok(batch) => Poll::Ready(Some(Ok(batch))),
                    Err(_) => {
                        self.fail(Error::Internal("the columns are not those that were planned".to_owned()))
                    }
                }
            }
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        self.finish("cancelled", Some(sqlstate::QUERY_CANCELED));
    }
}
