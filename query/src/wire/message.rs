//! What clients send, read with a bound on every length.
//!
//! pgwire decodes these messages too, but panics on a message whose inner lengths do not fit its outer one, and
//! anyone who reaches the port can send such a message. What the server sends is encoded by pgwire.

use bytes::{Buf, Bytes};

/// The longest message of a client that has not logged in, in bytes; PostgreSQL's limit for start-up packets.
pub(super) const STARTUP_BYTES_MAX: usize = 10_000;

/// The longest message of a client that has logged in, in bytes: a statement of the longest kind with room for its
/// parameters.
pub(super) const MESSAGE_BYTES_MAX: usize = 16 << 20;

/// Numbers that stand where a protocol version would.
const CANCEL_REQUEST: i32 = 80_877_102;
const SSL_REQUEST: i32 = 80_877_103;
const GSS_REQUEST: i32 = 80_877_104;

/// A message that is not of the form that its type asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) &'static str);

/// The first message of a connection; it has no type byte.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum First {
    /// The client asks for TLS.
    Ssl,
    /// The client asks for GSSAPI encryption.
    Gss,
    /// The client asks to cancel the statement of another connection.
    Cancel { pid: i32, secret: Bytes },
    /// Protocol version and parameters.
    Startup { minor: u16, parameters: Vec<(String, String)> },
}

/// A message after the start-up.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// `Password`, `SASLInitialResponse` or `SASLResponse`: which one, the state of the login says.
    Password(Bytes),
    Query(String),
    Parse {
        name: String,
        query: String,
        types: Vec<u32>,
    },
    Bind(Bind),
    Describe(Target, String),
    Execute {
        portal: String,
        rows_max: Option<u64>,
    },
    Close(Target, String),
    Flush,
    Sync,
    Terminate,
    /// `CopyData`, `CopyDone`, `CopyFail`: nothing is ever copied in, so they are ignored as PostgreSQL does.
    Copy,
    /// The obsolete function call.
    FunctionCall,
}

/// `Bind`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Bind {
    pub(super) portal: String,
    pub(super) statement: String,
    pub(super) parameter_formats: Vec<i16>,
    pub(super) parameters: Vec<Option<Bytes>>,
    pub(super) result_formats: Vec<i16>,
}

/// What `Describe` and `Close` name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Statement,
    Portal,
}

/// Reads the body of a first message, without its length.
pub(super) fn first(mut body: Bytes) -> Result<First, Malformed> {
    match int32(&mut body)? {
        SSL_REQUEST => Ok(First::Ssl),
        GSS_REQUEST => Ok(First::Gss),
        CANCEL_REQUEST => {
            let pid = int32(&mut body)?;
            if !(4..=256).contains(&body.len()) {
                return Err(Malformed("cancel request"));
            }
            Ok(First::Cancel { pid, secret: body })
        }
        version if version >> 16 == 3 => {
            let mut parameters = Vec::new();
            loop {
                let name = text(&mut body)?;
                if name.is_empty() {
                    break;
                }
                parameters.push((name, text(&mut body)?));
            }
            Ok(First::Startup { minor: (version & 0xffff) as u16, parameters })
        }
        _ => Err(Malformed("protocol version; this server speaks version 3")),
    }
}

/// Reads the body of a message of this type, without its length.
pub(super) fn message(kind: u8, mut body: Bytes) -> Result<Message, Malformed> {
    let body = &mut body;
    let message = match kind {
        b'p' => Message::Password(std::mem::take(body)),
        b'Q' => Message::Query(text(body)?),
        b'P' => {
            let (name, query) = (text(body)?, text(body)?);
            let count = count(body)?;
            let types = (0..count).map(|_| int32(body).map(|oid| oid as u32)).collect::<Result<_, _>>()?;
            Message::Parse { name, query, types }
        }
        b'B' => Message::Bind(bind(body)?),
        b'D' => {
            let target = target(body)?;
            Message::Describe(target, text(body)?)
        }
        b'C' => {
            let target = target(body)?;
            Message::Close(target, text(body)?)
        }
        b'E' => {
            let portal = text(body)?;
            let rows_max = u64::try_from(int32(body)?).ok().filter(|rows| *rows > 0);
            Message::Execute { portal, rows_max }
        }
        b'H' => Message::Flush,
        b'S' => Message::Sync,
        b'X' => Message::Terminate,
        b'd' | b'c' | b'f' => {
            body.clear();
            Message::Copy
        }
        b'F' => {
            body.clear();
            Message::FunctionCall
        }
        _ => return Err(Malformed("message type")),
    };
    if body.has_remaining() { Err(Malformed("message length")) } else { Ok(message) }
}

/// Name of the SASL mechanism and the client's first message, of a `SASLInitialResponse`.
pub(super) fn sasl_initial(mut body: Bytes) -> Result<(String, Bytes), Malformed> {
    let mechanism = text(&mut body)?;
    let length = int32(&mut body)?;
    if usize::try_from(length) != Ok(body.len()) {
        return Err(Malformed("SASL response"));
    }
    Ok((mechanism, body))
}

fn bind(body: &mut Bytes) -> Result<Bind, Malformed> {
    let (portal, statement) = (text(body)?, text(body)?);
    let formats = |body: &mut Bytes| {
        let count = count(body)?;
        (0..count).map(|_| int16(body)).collect::<Result<Vec<_>, _>>()
    };
    let parameter_formats = formats(body)?;
    let parameter_count = count(body)?;
    let mut parameters = Vec::with_capacity(parameter_count.min(body.len() / 4));
    for _ in 0..parameter_count {
        let length = int32(body)?;
        parameters.push(match usize::try_from(length) {
            Ok(length) if length <= body.len() => Some(body.split_to(length)),
            Ok(_) => return Err(Malformed("parameter length")),
            Err(_) => None,
        });
    }
    Ok(Bind { portal, statement, parameter_formats, parameters, result_formats: formats(body)? })
}

fn target(body: &mut Bytes) -> Result<Target, Malformed> {
    match body.try_get_u8() {
        Ok(b'S') => Ok(Target::Statement),
        Ok(b'P') => Ok(Target::Portal),
        _ => Err(Malformed("target")),
    }
}

fn count(body: &mut Bytes) -> Result<usize, Malformed> {
    body.try_get_u16().map(usize::from).map_err(|_| Malformed("count"))
}

fn int32(body: &mut Bytes) -> Result<i32, Malformed> {
    body.try_get_i32().map_err(|_| Malformed("number"))
}

fn int16(body: &mut Bytes) -> Result<i16, Malformed> {
    body.try_get_i16().map_err(|_| Malformed("number"))
}

/// A text that ends with a zero byte.
fn text(body: &mut Bytes) -> Result<String, Malformed> {
    let end = body.iter().position(|byte| *byte == 0).ok_or(Malformed("text without end"))?;
    let text = body.split_to(end);
    body.advance(1);
    String::from_utf8(text.into()).map_err(|_| Malformed("text that is not UTF-8"))
}

#[cfg(test)]
mod tests;
