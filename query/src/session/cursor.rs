//! Cursors: `DECLARE`, `FETCH`, `CLOSE`.
//!
//! A cursor is a query that has begun, with its deadline, its turn and its look; each `FETCH` takes the next rows
//! of the same stream. So a client cannot hold a query open for longer than a statement may last.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::error::DataFusionError;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::{StreamExt, stream};
use tokio::sync::Mutex;

use super::{Answer, CURSORS_MAX, Session, lock};
use crate::error::{Error, sqlstate};
use crate::lake::Snapshot;
use crate::rows::{Rows, Running, ScanStats};

/// An open cursor.
pub(super) struct Cursor {
    schema: SchemaRef,
    snapshot: Arc<Snapshot>,
    hold: bool,
    deadline: Instant,
    rows: Arc<Mutex<Fetched>>,
}

/// The stream and what was read of it but not fetched.
struct Fetched {
    rows: Rows,
    left: VecDeque<RecordBatch>,
}

impl Session {
    pub(super) fn open_cursor(
        &self,
        name: &str,
        rows: Rows,
        snapshot: &Arc<Snapshot>,
        hold: bool,
    ) -> Result<(), Error> {
        let mut cursors = lock(&self.cursors);
        if cursors.contains_key(name) {
            return Err(Error::statement("42P03", format!("cursor \"{name}\" already exists")));
        }
        if cursors.len() >= CURSORS_MAX {
            return Err(Error::Limit {
                sqlstate: sqlstate::LIMIT_EXCEEDED,
                message: format!("a session has at most {CURSORS_MAX} cursors"),
            });
        }
        let mut rows = rows;
        rows.release_turn();
        let cursor = Cursor {
            schema: Arc::clone(rows.schema()),
            snapshot: Arc::clone(snapshot),
            hold,
            deadline: rows.deadline(),
            rows: Arc::new(Mutex::new(Fetched { rows, left: VecDeque::new() })),
        };
        cursors.insert(name.to_owned(), cursor);
        Ok(())
    }

    pub(crate) fn cursor_schema(&self, name: &str) -> Result<SchemaRef, Error> {
        lock(&self.cursors).get(name).map(|cursor| Arc::clone(&cursor.schema)).ok_or_else(|| no_cursor(name))
    }

    /// The next rows of a cursor: `count`, or all.
    pub(super) fn fetch(&self, name: &str, count: Option<u64>) -> Result<Answer, Error> {
        let cursors = lock(&self.cursors);
        let cursor = cursors.get(name).ok_or_else(|| no_cursor(name))?;
        let left = count.map_or(usize::MAX, |count| usize::try_from(count).unwrap_or(usize::MAX));
        // Between two fetches a cursor has no turn, or a few idle ones would keep everybody out.
        let turns = Arc::clone(self.lake.turns());
        let begun = (Arc::clone(&cursor.rows), left, None);
        let rows = stream::try_unfold(begun, move |(shared, left, turn)| {
            let turns = Arc::clone(&turns);
            async move {
                if left == 0 {
                    return Ok(None);
                }
                let turn = match turn {
                    Some(turn) => Some(turn),
                    None => turns.acquire_owned().await.ok(),
                };
                let mut fetched = shared.lock().await;
                let next = match fetched.left.pop_front() {
                    Some(batch) => Some(Ok(batch)),
                    None => fetched.rows.next().await,
                };
                let Some(batch) = next.transpose().map_err(DataFusionError::from)? else { return Ok(None) };
                let take = batch.num_rows().min(left);
                if take < batch.num_rows() {
                    fetched.left.push_front(batch.slice(take, batch.num_rows() - take));
                }
                drop(fetched);
                Ok(Some((batch.slice(0, take), (shared, left - take, turn))))
            }
        });
        let running = Running {
            stream: Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&cursor.schema), rows)),
            schema: Arc::clone(&cursor.schema),
            started: std::time::Instant::now(),
            limits: self.statement_limits()?,
            stats: Arc::new(ScanStats::default()),
            pool: None,
            look: None,
            turn: None,
        };
        Ok(Answer::rows("FETCH", Rows::new(running), &cursor.snapshot))
    }

    /// Closes the cursors that do not outlive their transaction.
    pub(crate) fn end_transaction(&self) {
        lock(&self.cursors).retain(|_, cursor| cursor.hold);
    }

    /// When the first open cursor must be over.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        lock(&self.cursors).values().map(|cursor| cursor.deadline).min()
    }

    /// Closes the cursors whose time is over. Nobody polls the rows of a cursor that is not fetched from.
    pub(crate) fn expire(&self) {
        let now = Instant::now();
        for (_, cursor) in lock(&self.cursors).extract_if(|_, cursor| cursor.deadline <= now) {
            if let Ok(mut fetched) = cursor.rows.try_lock() {
                let error = fetched.rows.timed_out();
                fetched.rows.abort(&error);
            }
        }
    }

    /// Closes one cursor, or all.
    pub(super) fn close_cursors(&self, name: Option<&str>) -> Result<(), Error> {
        let mut cursors = lock(&self.cursors);
        match name {
            Some(name) => cursors.remove(name).map(drop).ok_or_else(|| no_cursor(name)),
            None => {
                cursors.clear();
                Ok(())
            }
        }
    }
}

fn no_cursor(name: &str) -> Error {
    Error::statement("34000", format!("cursor \"{name}\" does not exist"))
}
