//! The PostgreSQL wire protocol: psql, DBeaver, Grafana, psycopg and every other driver of PostgreSQL.
//!
//! ```text
//! accept ─ login (TLS, SCRAM) ─► connection: message ─► Session ─► rows ─ encode ─► client
//!             │ cancel request          one deadline from the statement's arrival to its last byte
//!             └──────────────────────► ends the statement with 57014
//! ```
//! pgwire gives the encoding of the server's messages and SCRAM. The loop is our own, because a deadline has to cover
//! the writing of rows too: a client that stops reading must not keep a query, its memory and its turn.

mod channel;
mod connection;
mod copy;
mod encode;
mod extended;
mod login;
mod message;
mod parameters;
mod rows;
mod starting;
mod text;
mod tls;
pub(crate) mod types;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use pgwire::messages::response::{ErrorResponse, NoticeResponse};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::access::{AccessLog, Notice};
use crate::config::{Config, Limits};
use crate::error::{Error, sqlstate};
use crate::lake::Lake;
use starting::{Place, Starting};

/// How long a connection may take to log in.
pub const STARTUP_TIMEOUT: Duration = Duration::from_secs(20);

/// Connections that are logging in at the same time, cancel requests among them. One more ends the one that has been at
/// it for longest: whoever opens connections and says nothing does not keep out those who could log in.
pub const STARTING_MAX: usize = 64;

/// How long running statements may go on when the service is told to stop.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// Pause after a connection could not be accepted, which is when the process has no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The SQL service: a listener and everything that its connections share.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    lake: Lake,
    access: AccessLog,
    limits: Limits,
    users: login::UsersFile,
    certificate: Option<tls::Certificate>,
    connections: Arc<Semaphore>,
    connections_max: usize,
    cancels: Mutex<HashMap<i32, Cancel>>,
    stop: watch::Sender<Stop>,
}

/// How one connection is told to end its statement.
struct Cancel {
    secret: Bytes,
    count: watch::Sender<u64>,
}

/// Whether the service goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
enum Stop {
    /// It does.
    No,
    /// Statements that run go on, no new ones begin.
    Draining,
    /// Everything ends.
    Now,
}

/// Why a message was not answered as asked.
#[derive(Debug)]
enum Fault {
    /// The client left or does not take what it is sent.
    Gone,
    /// An error that the client is told; the session goes on.
    Error(Error),
    /// An error that ends the session.
    Fatal(&'static str, String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Error(error)
    }
}

impl From<message::Malformed> for Fault {
    fn from(malformed: message::Malformed) -> Fault {
        fatal(sqlstate::PROTOCOL_VIOLATION, format!("invalid {} in a message of the client", malformed.0))
    }
}

fn fatal(sqlstate: &'static str, message: impl Into<String>) -> Fault {
    Fault::Fatal(sqlstate, message.into())
}

/// Adds an error to what is written.
fn report(writer: &mut channel::Writer, fault: &Fault) -> Result<(), Fault> {
    writer.add(&response(fault)?)
}

/// What a client is told of an error.
fn response(fault: &Fault) -> Result<ErrorResponse, Fault> {
    let (severity, sqlstate, message) = match fault {
        Fault::Gone => return Err(Fault::Gone),
        Fault::Error(error) => ("ERROR", error.sqlstate(), error.message()),
        Fault::Fatal(sqlstate, message) => ("FATAL", *sqlstate, message.as_str()),
    };
    let fields = [(b'S', severity), (b'V', severity), (b'C', sqlstate), (b'M', message)];
    let mut fields = fields.map(|(kind, text)| (kind, text.replace('\0', ""))).to_vec();
    if let Fault::Error(error) = fault {
        fields.extend(error.hint().map(|hint| (b'H', hint)));
    }
    Ok(ErrorResponse::new(fields))
}

/// What a client is told that is no error.
fn notice(notice: &Notice) -> NoticeResponse {
    let fields = [(b'S', "NOTICE"), (b'V', "NOTICE"), (b'C', sqlstate::SUCCESS), (b'M', &notice.message)];
    let mut fields = fields.map(|(kind, text)| (kind, text.to_owned())).to_vec();
    fields.extend(notice.hint.iter().map(|hint| (b'H', hint.clone())));
    NoticeResponse::new(fields)
}

impl Server {
    /// Opens the listener of this configuration over a lake and its access log.
    ///
    /// # Errors
    /// [`Error::Setup`]: limits that cannot be kept, an address beyond loopback without TLS, wrong TLS files, a wrong users file, an address that
    /// cannot be listened on.
    pub async fn bind(config: &Config, lake: Lake, access: AccessLog) -> Result<Server, Error> {
        config.check()?;
        if config.tls.is_none() && !config.listen.ip().is_loopback() {
            return Err(Error::Setup(format!(
                "serve.listen is {}, which others can reach, and there is no [serve.tls]; give certificate and key, or \
                 listen on 127.0.0.1",
                config.listen
            )));
        }
        let certificate = config.tls.as_ref().map(tls::read).transpose()?;
        let users = login::UsersFile::open(&config.users_file)?;
        let setup =
            |error: std::io::Error| Error::Setup(format!("cannot listen on {}: {error}", config.listen));
        let listener = TcpListener::bind(config.listen).await.map_err(setup)?;
        let address = listener.local_addr().map_err(setup)?;
        let shared = Arc::new(Shared {
            lake,
            access,
            limits: config.limits(),
            users,
            certificate,
            connections: Arc::new(Semaphore::new(config.connections_max)),
            connections_max: config.connections_max,
            cancels: Mutex::default(),
            stop: watch::Sender::new(Stop::No),
        });
        Ok(Server { listener, address, shared })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop`, then lets running statements end for at most [`DRAIN_TIMEOUT`] and closes the access log.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Server { listener, shared, .. } = self;
        let starting = Starting::new();
        let mut connections = JoinSet::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = listener.accept() => accepted,
                Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            };
            match accepted {
                Ok((tcp, peer)) => {
                    let place = starting.begin();
                    let shared = Arc::clone(&shared);
                    connections.spawn(async move { serve(tcp, peer, &shared, place).await });
                }
                Err(error) => {
                    tracing::error!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        drop(listener);
        shared.stop.send_replace(Stop::Draining);
        let all_ended =
            |mut connections: JoinSet<()>| async move { while connections.join_next().await.is_some() {} };
        let ended = all_ended(connections);
        let mut ended = std::pin::pin!(ended);
        if tokio::time::timeout(DRAIN_TIMEOUT, &mut ended).await.is_err() {
            shared.stop.send_replace(Stop::Now);
            // What does not end now is ended when the runtime is.
            let _ = tokio::time::timeout(Duration::from_secs(1), &mut ended).await;
        }
        shared.access.close().await;
    }
}

async fn serve(tcp: TcpStream, peer: SocketAddr, shared: &Arc<Shared>, mut place: Place) {
    // Small answers must not wait for an acknowledgement of the packet before.
    let _ = tcp.set_nodelay(true);
    let mut stop = shared.stop.subscribe();
    let client = tokio::select! {
        client = login::login(tcp, peer.ip(), shared, place.ends()) => client,
        _ = stop.wait_for(|stop| *stop > Stop::No) => return,
    };
    let Ok(Some(mut client)) = client else { return };
    drop(place);
    let Ok(_connection) = Arc::clone(&shared.connections).try_acquire_owned() else {
        let message = format!(
            "too many connections: {} sessions are open, which is connections_max in [serve]; close one, or raise it",
            shared.connections_max
        );
        let full = fatal(sqlstate::TOO_MANY_CONNECTIONS, message);
        if report(&mut client.writer, &full).is_ok() && client.writer.flush().await.is_ok() {
            client.writer.close().await;
        }
        return;
    };
    connection::run(client, Arc::clone(shared)).await;
}

impl Shared {
    /// Makes the key with which a connection's statements can be cancelled. It is forgotten with the returned guard.
    fn register(
        self: &Arc<Shared>,
        long_keys: bool,
    ) -> Result<(i32, Bytes, watch::Receiver<u64>, Registered), Fault> {
        let mut secret = vec![0; if long_keys { 32 } else { 4 }];
        let mut pid = [0; 4];
        let random = getrandom::fill(&mut secret).and_then(|()| getrandom::fill(&mut pid));
        random.map_err(|_| fatal(sqlstate::INTERNAL_ERROR, "the system gives no random bytes"))?;
        let secret = Bytes::from(secret);
        let (count, cancelled) = watch::channel(0);
        let mut cancels = lock(&self.cancels);
        let mut pid = i32::from_be_bytes(pid) & i32::MAX;
        while cancels.contains_key(&pid) {
            pid = pid.wrapping_add(1) & i32::MAX;
        }
        cancels.insert(pid, Cancel { secret: secret.clone(), count });
        Ok((pid, secret, cancelled, Registered { shared: Arc::clone(self), pid }))
    }

    /// Cancels the statement of a connection, if the secret is that connection's.
    fn cancel(&self, pid: i32, secret: &[u8]) {
        let cancels = lock(&self.cancels);
        let Some(cancel) = cancels.get(&pid) else { return };
        let same = cancel.secret.len() == secret.len()
            && cancel.secret.iter().zip(secret).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0;
        if same {
            cancel.count.send_modify(|count| *count += 1);
        }
    }
}

/// Forgets the key of a connection when it is dropped.
struct Registered {
    shared: Arc<Shared>,
    pid: i32,
}

impl Drop for Registered {
    fn drop(&mut self) {
        lock(&self.shared.cancels).remove(&self.pid);
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
