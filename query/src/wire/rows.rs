//! Rows on their way to the client, under the deadline of their statement to the last byte.
//!
//! While rows are computed and while they are written, the connection listens: a cancel request, a client that left
//! and the end of the service each end the query at once, and so does a client that has stopped reading when its
//! statement's time is over.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use futures::StreamExt;
use pgwire::messages::data::{FieldDescription, RowDescription};
use tokio::sync::watch;

use super::channel::{Reader, WRITE_BYTES, Writer};
use super::copy::{self, Copy};
use super::encode::{Column, Format};
use super::{Fault, Stop, fatal, types};
use crate::error::{Error, sqlstate};
use crate::rows::Rows;

/// The longest row in bytes; PostgreSQL's limit for a message.
const ROW_BYTES_MAX: usize = 0x3fff_ffff;

/// A client's line: both directions and what can interrupt a statement.
pub(super) struct Line {
    pub(super) reader: Reader,
    pub(super) writer: Writer,
    pub(super) interrupt: Interrupt,
}

/// What ends a statement from outside.
pub(super) struct Interrupt {
    /// Counts the cancel requests for this connection.
    pub(super) cancelled: watch::Receiver<u64>,
    /// Whether the service goes on.
    pub(super) stop: watch::Receiver<Stop>,
}

impl Interrupt {
    /// A statement begins: cancel requests before it do not count.
    pub(super) fn arm(&mut self) {
        self.cancelled.mark_unchanged();
    }

    async fn interrupted(&mut self) -> Fault {
        tokio::select! {
            Ok(()) = self.cancelled.changed() => Fault::Error(Error::Cancelled {
                timeout: false,
                message: "canceling statement due to user request".to_owned(),
            }),
            Ok(()) = async { self.stop.wait_for(|stop| *stop == Stop::Now).await.map(drop) } => {
                fatal(sqlstate::ADMIN_SHUTDOWN, "terminating connection: the service was stopped")
            }
            else => std::future::pending().await,
        }
    }
}

/// Does `work` for as long as the client is there and nothing interrupts it.
pub(super) async fn attend<T>(
    reader: &mut Reader,
    interrupt: &mut Interrupt,
    work: impl Future<Output = T>,
) -> Result<T, Fault> {
    tokio::select! {
        biased;
        fault = interrupt.interrupted() => Err(fault),
        done = work => Ok(done),
        () = reader.left() => Err(Fault::Gone),
    }
}

/// How rows are laid out.
pub(super) enum Shape {
    /// As rows of an answer, each column in its format.
    Rows(Vec<Format>),
    /// As lines of `COPY`.
    Copy(Copy),
}

/// An answer that is being sent.
pub(super) struct Sending {
    pub(super) rows: Rows,
    shape: Shape,
    batch: Option<Batch>,
}

struct Batch {
    columns: Vec<Column>,
    rows: usize,
    next: usize,
}

impl Sending {
    /// The copy that was sent.
    pub(super) fn into_copy(self) -> Option<Copy> {
        match self.shape {
            Shape::Copy(copy) => Some(copy),
            Shape::Rows(_) => None,
        }
    }

    pub(super) fn new(rows: Rows, shape: Shape) -> Sending {
        Sending { rows, shape, batch: None }
    }

    /// Sends rows: all, or at most so many. Gives how many were sent and whether it was the end.
    pub(super) async fn send(
        &mut self,
        line: &mut Line,
        rows_max: Option<u64>,
    ) -> Result<(u64, bool), Fault> {
        let mut sent = 0;
        loop {
            let left = rows_max.map_or(u64::MAX, |rows_max| rows_max - sent);
            if left == 0 {
                return Ok((sent, false));
            }
            let Some(batch) = self.batch.as_mut().filter(|batch| batch.next < batch.rows) else {
                match attend(&mut line.reader, &mut line.interrupt, self.rows.next()).await {
                    Ok(Some(Ok(batch))) => self.batch = Some(self.prepare(&batch)?),
                    Ok(Some(Err(error))) => return Err(error.into()),
                    Ok(None) => return Ok((sent, true)),
                    Err(fault) => return Err(self.abort(fault)),
                }
                continue;
            };
            let out = &mut line.writer.out;
            let start = out.len();
            let mut encoded = 0;
            while batch.next < batch.rows && encoded < left && out.len() < WRITE_BYTES {
                let row_start = out.len();
                encode(&mut self.shape, &batch.columns, batch.next, out);
                if out.len() - row_start > ROW_BYTES_MAX {
                    out.truncate(start);
                    let message = format!("a row has more than {ROW_BYTES_MAX} bytes");
                    let error = Error::Limit { sqlstate: sqlstate::TOO_COMPLEX, message };
                    self.rows.abort(&error);
                    return Err(error.into());
                }
                batch.next += 1;
                encoded += 1;
            }
            sent += encoded;
            self.rows.sent(&out[start..]);
            if out.len() >= WRITE_BYTES {
                self.write(line).await?;
            }
        }
    }

    fn prepare(&mut self, batch: &RecordBatch) -> Result<Batch, Fault> {
        let columns: Result<Vec<Column>, _> = batch.columns().iter().map(Column::new).collect();
        match columns {
            Ok(columns) => Ok(Batch { columns, rows: batch.num_rows(), next: 0 }),
            Err(_) => {
                let message = "a column has a type that cannot be sent; cast it to text";
                let error = Error::statement(sqlstate::FEATURE_NOT_SUPPORTED, message);
                self.rows.abort(&error);
                Err(error.into())
            }
        }
    }

    /// Writes what was gathered, for no longer than the statement may last.
    async fn write(&mut self, line: &mut Line) -> Result<(), Fault> {
        let deadline = self.rows.deadline().into();
        let writing = tokio::time::timeout_at(deadline, line.writer.write());
        match attend(&mut line.reader, &mut line.interrupt, writing).await {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(_))) => Err(self.abort(Fault::Gone)),
            Ok(Err(_)) => {
                let error = self.rows.timed_out();
                Err(self.abort(Fault::Error(error)))
            }
            Err(fault) => Err(self.abort(fault)),
        }
    }

    /// Ends the query; the access log learns why.
    fn abort(&mut self, fault: Fault) -> Fault {
        match &fault {
            Fault::Error(error) => self.rows.abort(error),
            Fault::Gone | Fault::Fatal(..) => {
                let message = "the connection ended".to_owned();
                self.rows.abort(&Error::Cancelled { timeout: false, message });
            }
        }
        fault
    }
}

fn encode(shape: &mut Shape, columns: &[Column], row: usize, out: &mut Vec<u8>) {
    match shape {
        Shape::Rows(formats) => data_row(columns, formats, row, out),
        Shape::Copy(copy) => copy::line(copy, columns, row, out),
    }
}

/// `DataRow`.
fn data_row(columns: &[Column], formats: &[Format], row: usize, out: &mut Vec<u8>) {
    framed(out, b'D', |out| {
        out.extend_from_slice(&(columns.len() as u16).to_be_bytes());
        for (at, column) in columns.iter().enumerate() {
            field(column, row, formats.get(at).copied().unwrap_or_default(), out);
        }
    });
}

/// A message of this type whose body is written by `body`.
pub(super) fn framed(out: &mut Vec<u8>, kind: u8, body: impl FnOnce(&mut Vec<u8>)) {
    out.push(kind);
    sized(out, 4, body);
}

/// A length that counts `own` bytes of itself, then what `body` writes.
pub(super) fn sized(out: &mut Vec<u8>, own: usize, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    body(out);
    // Rows beyond the limit are taken back by the caller.
    let length = u32::try_from(out.len() - start - 4 + own).unwrap_or(u32::MAX);
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
}

/// Length and bytes of one field; -1 for null.
pub(super) fn field(column: &Column, row: usize, format: Format, out: &mut Vec<u8>) {
    if column.is_null(row) {
        return out.extend_from_slice(&(-1_i32).to_be_bytes());
    }
    sized(out, 0, |out| column.write(row, format, out));
}

/// The columns of an answer.
pub(super) fn description(schema: &SchemaRef, formats: &[Format]) -> RowDescription {
    let fields = schema.fields().iter().enumerate().map(|(at, field)| {
        let ty = types::of(field.data_type());
        let format = i16::from(formats.get(at) == Some(&Format::Binary));
        FieldDescription::new(field.name().replace('\0', ""), 0, 0, ty.oid, ty.size, -1, format)
    });
    RowDescription::new(fields.collect())
}
