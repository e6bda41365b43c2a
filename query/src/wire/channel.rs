//! Both directions of one connection: framed messages in, a buffer of messages out.
//!
//! Reading and writing are separate halves so that a statement that is running, or a write that the client does not
//! take, can be watched against the client's leaving. Every future here can be dropped and called anew without
//! losing a byte.

use std::io;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use pgwire::messages::Message as Encode;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};

use super::message::{self, MESSAGE_BYTES_MAX, Message};
use super::{Fault, fatal};
use crate::error::sqlstate;

/// How many bytes of rows are gathered before they are written.
pub(super) const WRITE_BYTES: usize = 64 << 10;

/// How long a client may take to accept what is no row of a statement: errors, the end of an answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// How far is read ahead of a running statement to notice that the client left.
const READ_AHEAD_BYTES_MAX: usize = 64 << 10;

/// A connection, encrypted or not.
pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Socket for T {}

/// What the client sends.
pub(super) struct Reader {
    socket: ReadHalf<Box<dyn Socket>>,
    buffer: BytesMut,
    bytes_max: usize,
}

/// What the client gets.
pub(super) struct Writer {
    socket: WriteHalf<Box<dyn Socket>>,
    /// Bytes to write.
    pub(super) out: Vec<u8>,
    written: usize,
    encoded: BytesMut,
}

pub(super) fn split(socket: Box<dyn Socket>) -> (Reader, Writer) {
    let (read, write) = tokio::io::split(socket);
    let reader = Reader { socket: read, buffer: BytesMut::new(), bytes_max: message::STARTUP_BYTES_MAX };
    (reader, Writer { socket: write, out: Vec::new(), written: 0, encoded: BytesMut::new() })
}

impl Reader {
    /// The client has logged in and may send longer messages.
    pub(super) fn logged_in(&mut self) {
        self.bytes_max = MESSAGE_BYTES_MAX;
    }

    /// The next message.
    pub(super) async fn next(&mut self) -> Result<Message, Fault> {
        loop {
            if let Some((kind, body)) = self.frame()? {
                return message::message(kind, body).map_err(Fault::from);
            }
            match self.socket.read_buf(&mut self.buffer).await {
                Ok(0) | Err(_) => return Err(Fault::Gone),
                Ok(_) => {}
            }
        }
    }

    fn frame(&mut self) -> Result<Option<(u8, Bytes)>, Fault> {
        let Some(head) = self.buffer.get(..5) else { return Ok(None) };
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        let kind = head[0];
        if !(4..=self.bytes_max).contains(&length) {
            let message = format!("a message of {length} bytes; at most {} are read", self.bytes_max);
            return Err(fatal(sqlstate::PROTOCOL_VIOLATION, message));
        }
        if self.buffer.len() < length + 1 {
            self.buffer.reserve((length + 1 - self.buffer.len()).min(1 << 20));
            return Ok(None);
        }
        let mut frame = self.buffer.split_to(length + 1).freeze();
        frame.advance(5);
        Ok(Some((kind, frame)))
    }

    /// Returns when the client has left. Reads a little ahead to notice it.
    pub(super) async fn left(&mut self) {
        loop {
            if self.buffer.len() >= READ_AHEAD_BYTES_MAX {
                return std::future::pending().await;
            }
            match self.socket.read_buf(&mut self.buffer).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }
}

impl Writer {
    /// Adds a message to what is to be written.
    pub(super) fn add(&mut self, message: &impl Encode) -> Result<(), Fault> {
        self.encoded.clear();
        message
            .encode(&mut self.encoded)
            .map_err(|_| fatal(sqlstate::INTERNAL_ERROR, "a message is too long"))?;
        self.out.extend_from_slice(&self.encoded);
        Ok(())
    }

    /// Writes what there is. Dropped and called again it goes on where it was.
    pub(super) async fn write(&mut self) -> io::Result<()> {
        while self.written < self.out.len() {
            let written = self.socket.write(&self.out[self.written..]).await?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.written += written;
        }
        self.out.clear();
        self.written = 0;
        self.out.shrink_to(2 * WRITE_BYTES);
        self.socket.flush().await
    }

    /// Writes what there is, outside of any statement's deadline.
    pub(super) async fn flush(&mut self) -> Result<(), Fault> {
        match tokio::time::timeout(WRITE_TIMEOUT, self.write()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Fault::Gone),
        }
    }

    /// Ends the connection.
    pub(super) async fn close(&mut self) {
        // Whether the client sees a clean end is its own affair by now.
        let _ = tokio::time::timeout(WRITE_TIMEOUT, self.socket.shutdown()).await;
    }
}
