//! From a TCP connection to a client that is known: TLS, start-up packet, SCRAM-SHA-256, cancel requests.
//!
//! The server keeps verifiers only. A user that does not exist goes the same way as one with a wrong password, with
//! a salt that stays the same for the name, so that neither answers nor times tell which names exist.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use pgwire::api::auth::sasl::scram::{ScramSecret, ScramServerAuth};
use pgwire::messages::startup::{
    Authentication, BackendKeyData, NegotiateProtocolVersion, ParameterStatus, SecretKey,
};
use pgwire::messages::{Message as _, ProtocolVersion};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::channel::{self, Reader, Socket, Writer};
use super::message::{self, First, Message, STARTUP_BYTES_MAX};
use super::tls;
use super::{Fault, Shared, fatal};
use crate::access::Who;
use crate::error::{Error, sqlstate};
use crate::users::{ITERATIONS, Verifier};

const SCRAM: &str = "SCRAM-SHA-256";
const SCRAM_PLUS: &str = "SCRAM-SHA-256-PLUS";

/// First messages that one connection may send: GSSAPI, TLS, start-up, and one more for a client that repeats.
const FIRST_MESSAGES_MAX: usize = 4;

/// The first byte of a TLS handshake (RFC 8446, 5.1).
const TLS_HANDSHAKE: u8 = 0x16;

/// How long a client may take to accept that it has to go.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(1);

/// The newest minor version of protocol 3 that is spoken, the one with longer keys for cancel requests.
const NEWEST_MINOR: u16 = 2;

/// A client that may begin.
pub(super) struct Client {
    pub(super) reader: Reader,
    pub(super) writer: Writer,
    pub(super) who: Who,
    /// The parameters of its start-up packet.
    pub(super) parameters: Vec<(String, String)>,
    /// Whether it knows the longer keys for cancel requests.
    pub(super) long_keys: bool,
}

/// Brings a connection to the point where it is known who it is. None: there is nothing more to do with it. When `ends`
/// returns first the client is told its reason, and that is all.
pub(super) async fn login(
    tcp: TcpStream,
    address: IpAddr,
    shared: &Shared,
    ends: impl Future<Output = Fault>,
) -> Result<Option<Client>, Fault> {
    let mut ends = std::pin::pin!(ends);
    let Some((socket, encrypted, startup)) = begin(tcp, shared, ends.as_mut()).await? else {
        return Ok(None);
    };
    let (mut reader, mut writer) = channel::split(socket);
    let First::Startup { minor, parameters } = startup else { return Ok(None) };
    let done = tokio::select! {
        done = authenticate(&mut reader, &mut writer, shared, address, encrypted, minor, &parameters) => done,
        fault = ends => Err(fault),
    };
    match done {
        Ok((user, role)) => {
            reader.logged_in();
            let who = Who {
                principal: user,
                role: Some(role),
                auth_method: "scram-sha-256",
                client_address: Some(address.to_string()),
            };
            Ok(Some(Client { reader, writer, who, parameters, long_keys: minor >= NEWEST_MINOR }))
        }
        Err(fault) => {
            super::report(&mut writer, &fault)?;
            writer.flush().await?;
            writer.close().await;
            Ok(None)
        }
    }
}

/// What the first bytes of a connection ask for.
enum Begun {
    /// To log in as it is.
    Plain(First),
    /// TLS, by PostgreSQL's own word for it.
    Encrypted,
    /// TLS at once.
    Direct,
    /// Nothing more.
    Done,
}

/// TLS and the start-up packet. Nothing is read beyond a packet, so that no plain byte is taken for one that came
/// encrypted (CVE-2021-23214).
async fn begin(
    mut tcp: TcpStream,
    shared: &Shared,
    mut ends: Pin<&mut impl Future<Output = Fault>>,
) -> Result<Option<(Box<dyn Socket>, bool, First)>, Fault> {
    let begun = tokio::select! {
        begun = plain(&mut tcp, shared) => begun?,
        fault = ends.as_mut() => {
            farewell(&mut tcp, &fault).await;
            return Ok(None);
        }
    };
    let direct = match begun {
        Begun::Plain(startup) => return Ok(Some((Box::new(tcp), false, startup))),
        Begun::Encrypted => false,
        Begun::Direct => true,
        Begun::Done => return Ok(None),
    };
    let Some(certificate) = &shared.certificate else { return Ok(None) };
    let stream = tokio::select! {
        stream = certificate.acceptor.accept(tcp) => stream.map_err(|_| Fault::Gone)?,
        // In the middle of a handshake there are no words.
        _ = ends.as_mut() => return Ok(None),
    };
    if direct && stream.get_ref().1.alpn_protocol() != Some(tls::ALPN) {
        return Ok(None);
    }
    let mut socket: Box<dyn Socket> = Box::new(stream);
    let first = tokio::select! {
        first = read_first(&mut socket) => first?,
        fault = ends => {
            farewell(&mut socket, &fault).await;
            return Ok(None);
        }
    };
    match first {
        First::Cancel { pid, secret } => {
            shared.cancel(pid, &secret);
            // The client waits for the end of the connection, and takes one without a farewell for an error.
            let _ = socket.shutdown().await;
            Ok(None)
        }
        First::Ssl | First::Gss => Ok(None),
        startup => Ok(Some((socket, true, startup))),
    }
}

/// What comes before any encryption.
async fn plain(tcp: &mut TcpStream, shared: &Shared) -> Result<Begun, Fault> {
    let mut first_byte = [0];
    tcp.peek(&mut first_byte).await.map_err(|_| Fault::Gone)?;
    if first_byte[0] == TLS_HANDSHAKE {
        return Ok(Begun::Direct);
    }
    for _ in 0..FIRST_MESSAGES_MAX {
        match read_first(tcp).await? {
            First::Ssl if shared.certificate.is_some() => {
                tcp.write_all(b"S").await.map_err(|_| Fault::Gone)?;
                return Ok(Begun::Encrypted);
            }
            First::Ssl | First::Gss => tcp.write_all(b"N").await.map_err(|_| Fault::Gone)?,
            First::Cancel { pid, secret } => {
                shared.cancel(pid, &secret);
                return Ok(Begun::Done);
            }
            startup => return Ok(Begun::Plain(startup)),
        }
    }
    Ok(Begun::Done)
}

/// Tells a client that has not come to its start-up packet why this is the end.
async fn farewell(socket: &mut (impl tokio::io::AsyncWrite + Unpin + ?Sized), fault: &Fault) {
    let mut words = BytesMut::new();
    if super::response(fault).is_ok_and(|response| response.encode(&mut words).is_ok()) {
        // Whether it listens is its own affair.
        let _ = tokio::time::timeout(FAREWELL_TIMEOUT, async {
            socket.write_all(&words).await?;
            socket.shutdown().await
        })
        .await;
    }
}

async fn read_first(socket: &mut (impl tokio::io::AsyncRead + Unpin + ?Sized)) -> Result<First, Fault> {
    let mut head = [0; 4];
    socket.read_exact(&mut head).await.map_err(|_| Fault::Gone)?;
    let length = u32::from_be_bytes(head) as usize;
    // Whatever speaks another protocol gets no answer.
    if !(8..=STARTUP_BYTES_MAX).contains(&length) {
        return Err(Fault::Gone);
    }
    let mut body = vec![0; length - 4];
    socket.read_exact(&mut body).await.map_err(|_| Fault::Gone)?;
    message::first(body.into()).map_err(|_| Fault::Gone)
}

/// Checks the password. Gives the user's name and role.
async fn authenticate(
    reader: &mut Reader,
    writer: &mut Writer,
    shared: &Shared,
    address: IpAddr,
    encrypted: bool,
    minor: u16,
    parameters: &[(String, String)],
) -> Result<(String, String), Fault> {
    negotiate(writer, minor, parameters)?;
    if shared.certificate.is_some() && !encrypted {
        return Err(fatal(
            sqlstate::INVALID_AUTHORIZATION,
            "this server takes encrypted connections only; use sslmode=require or better sslmode=verify-full",
        ));
    }
    let value = |name: &str| parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let user = value("user")
        .filter(|user| !user.is_empty())
        .ok_or_else(|| fatal(sqlstate::INVALID_AUTHORIZATION, "the start-up packet names no user"))?;
    if value("replication").is_some_and(|value| !matches!(value, "false" | "off" | "no" | "0")) {
        return Err(fatal(sqlstate::FEATURE_NOT_SUPPORTED, "there is no replication here"));
    }
    let outcome = scram(reader, writer, shared, encrypted, user).await;
    match outcome {
        Ok(Some(role)) => {
            writer.add(&Authentication::Ok)?;
            Ok((user.to_owned(), role))
        }
        // A client that leaves at the password prompt has not failed.
        Err(Fault::Gone) => Err(Fault::Gone),
        Ok(None) | Err(_) => {
            shared.access.login_failed(&address.to_string());
            tracing::debug!(%address, "a login failed");
            let message = format!("password authentication failed for user \"{user}\"");
            Err(fatal(sqlstate::INVALID_PASSWORD, message))
        }
    }
}

/// Tells a client that asks for a newer minor version, or for options of it, what is spoken here.
fn negotiate(writer: &mut Writer, minor: u16, parameters: &[(String, String)]) -> Result<(), Fault> {
    let options: Vec<String> = parameters
        .iter()
        .filter(|(name, _)| name.starts_with("_pq_."))
        .map(|(name, _)| name.clone())
        .collect();
    if minor > NEWEST_MINOR || !options.is_empty() {
        let version = i32::from(ProtocolVersion::PROTOCOL3_2).min((3 << 16) | i32::from(minor));
        writer.add(&NegotiateProtocolVersion::new(version, options))?;
    }
    Ok(())
}

/// The SCRAM exchange. Gives the user's role, or none for a wrong password and for a user who does not exist.
async fn scram(
    reader: &mut Reader,
    writer: &mut Writer,
    shared: &Shared,
    encrypted: bool,
    user: &str,
) -> Result<Option<String>, Fault> {
    let mut auth = ScramServerAuth::new();
    let mut mechanisms = vec![SCRAM.to_owned()];
    if let (true, Some(certificate)) = (encrypted, &shared.certificate) {
        // Certificates whose hash RFC 5929 does not define (Ed25519) cannot be bound; the login is without then.
        if auth.configure_certificate(&certificate.pem).is_ok() {
            mechanisms.insert(0, SCRAM_PLUS.to_owned());
        }
    }
    writer.add(&Authentication::SASL(mechanisms.clone()))?;
    writer.flush().await?;
    let (mechanism, first) = message::sasl_initial(password(reader).await?)?;
    let bound = mechanism == SCRAM_PLUS;
    // The client's words must fit the mechanism that it chose: "p=" is the bound one, and only that.
    if !mechanisms.contains(&mechanism) || first.starts_with(b"p=") != bound {
        return Ok(None);
    }
    let known = shared.users.get(user);
    let verifier = known.as_ref().map_or_else(|| unknown(shared, user), |user| user.verifier.clone());
    let secret = ScramSecret::Verifier {
        salt: verifier.salt,
        iterations: verifier.iterations as usize,
        stored_key: verifier.stored_key.to_vec(),
        server_key: verifier.server_key.to_vec(),
    };
    let Ok((answer, waiting)) = auth.on_client_first_message_with_secret(&first, secret) else {
        return Ok(None);
    };
    writer.add(&Authentication::SASLContinue(answer.into()))?;
    writer.flush().await?;
    let last = password(reader).await?;
    match (waiting.on_client_final_message(&last), known) {
        (Ok(answer), Some(user)) => {
            writer.add(&Authentication::SASLFinal(answer.into()))?;
            Ok(Some(user.role))
        }
        _ => Ok(None),
    }
}

async fn password(reader: &mut Reader) -> Result<Bytes, Fault> {
    match reader.next().await? {
        Message::Password(body) => Ok(body),
        Message::Terminate => Err(Fault::Gone),
        _ => Err(fatal(sqlstate::PROTOCOL_VIOLATION, "expected a password message")),
    }
}

/// The verifier of nobody: its salt depends on the name and a secret of this service and stays the same, as a real
/// one would; no password fits it.
fn unknown(shared: &Shared, user: &str) -> Verifier {
    let salt = shared.access.keyed_hash(&format!("salt of a user who does not exist\0{user}"));
    let none = |what: &[u8]| Sha256::new().chain_update(salt).chain_update(what).finalize().into();
    Verifier {
        iterations: ITERATIONS,
        salt: salt[..16].to_vec(),
        stored_key: none(b"stored"),
        server_key: none(b"server"),
    }
}

/// What a client reads about the session, and the key with which it may cancel.
pub(super) fn welcome(
    writer: &mut Writer,
    status: &[(&str, String)],
    pid: i32,
    secret: &Bytes,
) -> Result<(), Fault> {
    for (name, value) in status {
        writer.add(&ParameterStatus::new((*name).to_owned(), value.clone()))?;
    }
    let secret = match secret.len() {
        4 => SecretKey::I32(secret.clone().get_i32()),
        _ => SecretKey::Bytes(secret.clone()),
    };
    writer.add(&BackendKeyData::new(pid, secret))
}

/// The users file, read again when it changes, so that `sealake users` takes effect at the next login.
pub(super) struct UsersFile {
    path: std::path::PathBuf,
    read: std::sync::Mutex<(Option<Stamp>, Arc<crate::users::Users>)>,
}

type Stamp = (std::time::SystemTime, u64, u64);

impl UsersFile {
    /// Reads the file.
    pub(super) fn open(path: &std::path::Path) -> Result<UsersFile, Error> {
        let users = Arc::new(crate::users::Users::read(path)?);
        Ok(UsersFile { path: path.to_owned(), read: std::sync::Mutex::new((stamp(path), users)) })
    }

    fn get(&self, user: &str) -> Option<crate::users::User> {
        let mut read = self.read.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = stamp(&self.path);
        if now != read.0 {
            match crate::users::Users::read(&self.path) {
                Ok(users) => *read = (now, Arc::new(users)),
                // A file that is being edited must not lock everybody out; the users before stay.
                Err(error) => {
                    tracing::error!(%error, "the users file cannot be read; the users before it stay")
                }
            }
        }
        read.1.get(user).cloned()
    }
}

fn stamp(path: &std::path::Path) -> Option<Stamp> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len(), metadata.ino()))
}
