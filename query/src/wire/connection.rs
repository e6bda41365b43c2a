//! One client: its messages in order, its transaction, its prepared statements and portals.
//!
//! Nothing here is shared with other connections. Transactions change nothing, since nothing can be written; they
//! are kept because drivers read their state after every statement and stop when it is not what they asked for.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pgwire::messages::copy::CopyDone;
use pgwire::messages::response::{CommandComplete, EmptyQueryResponse, ReadyForQuery, TransactionStatus};
use pgwire::messages::startup::ParameterStatus;

use super::copy::Copy;
use super::encode::Format;
use super::extended::{Portal, Stored};
use super::login::{self, Client};
use super::message::Message;
use super::rows::{self, Interrupt, Line, Sending, Shape, attend};
use super::{Fault, Shared, Stop, fatal, report};
use crate::error::{Error, sqlstate};
use crate::gate::Statement;
use crate::session::{Answer, Footer, Parsed, Session};

/// How long a connection may do nothing.
pub(super) const IDLE_TIMEOUT: Duration = Duration::from_secs(24 * 3_600);

/// Settings whose values are told at start and whenever they change, as PostgreSQL does.
const REPORTED: &[(&str, &str)] = &[
    ("server_version", "server_version"),
    ("server_encoding", "server_encoding"),
    ("client_encoding", "client_encoding"),
    ("application_name", "application_name"),
    ("default_transaction_read_only", "default_transaction_read_only"),
    ("DateStyle", "datestyle"),
    ("IntervalStyle", "intervalstyle"),
    ("TimeZone", "timezone"),
    ("integer_datetimes", "integer_datetimes"),
    ("standard_conforming_strings", "standard_conforming_strings"),
];

/// Parameters of the start-up packet that are no settings.
const NO_SETTINGS: &[&str] = &["user", "database", "replication", "options"];

/// One client's connection after its login.
pub(super) struct Connection {
    pub(super) line: Line,
    pub(super) session: Session,
    pub(super) transaction: Transaction,
    pub(super) statements: HashMap<String, Arc<Stored>>,
    pub(super) portals: HashMap<String, Portal>,
    /// After an error in the extended protocol, messages are skipped to the next `Sync`.
    skipping: bool,
    reported: HashMap<&'static str, String>,
    snapshot: Option<Footer>,
}

/// The state that `ReadyForQuery` tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transaction {
    None,
    Open,
    Failed,
}

/// Serves a client that has logged in, to its end.
pub(super) async fn run(client: Client, shared: Arc<Shared>) {
    let Client { reader, mut writer, who, parameters, long_keys } = client;
    let (pid, secret, cancelled, _registered) = match shared.register(long_keys) {
        Ok(registered) => registered,
        Err(_) => return,
    };
    let begun = begin(&shared, who, &parameters);
    let session = match begun {
        Ok(session) => session,
        Err(fault) => {
            if report(&mut writer, &fault).is_ok() && writer.flush().await.is_ok() {
                writer.close().await;
            }
            return;
        }
    };
    let interrupt = Interrupt { cancelled, stop: shared.stop.subscribe() };
    let mut connection = Connection {
        line: Line { reader, writer, interrupt },
        session,
        transaction: Transaction::None,
        statements: HashMap::new(),
        portals: HashMap::new(),
        skipping: false,
        reported: HashMap::new(),
        snapshot: None,
    };
    let principal = connection.session.who().principal.clone();
    let status = [("is_superuser", "off".to_owned()), ("session_authorization", principal)];
    let welcome = login::welcome(&mut connection.line.writer, &status, pid, &secret);
    let ended = match welcome.and_then(|()| connection.report_settings()) {
        Ok(()) => connection.serve().await,
        Err(fault) => fault,
    };
    let line = &mut connection.line;
    if report(&mut line.writer, &ended).is_ok() && line.writer.flush().await.is_ok() {
        line.writer.close().await;
    }
}

/// The session of a client, with the settings of its start-up packet. A value that a setting does not take is left
/// out, since drivers send their own time zone and date style unasked; the client is told what holds instead.
fn begin(
    shared: &Shared,
    who: crate::access::Who,
    parameters: &[(String, String)],
) -> Result<Session, Fault> {
    let told = |error: Error| fatal(error.sqlstate(), error.message());
    let session =
        Session::new(&shared.lake, shared.limits.clone(), who, Some(shared.access.clone())).map_err(told)?;
    let options = parameters.iter().find(|(name, _)| name == "options").map(|(_, value)| command_line(value));
    let settings = parameters
        .iter()
        .filter(|(name, _)| !NO_SETTINGS.contains(&name.as_str()) && !name.starts_with("_pq_."));
    for (name, value) in settings.cloned().chain(options.unwrap_or_default()) {
        match session.set(&name, Some(&value)) {
            Ok(()) | Err(Error::Statement { .. }) => {}
            Err(error) => return Err(told(error)),
        }
    }
    Ok(session)
}

/// The settings in the parameter `options`: `-c name=value`, `-cname=value`, `--name=value`; a backslash keeps a
/// blank from ending a word.
fn command_line(options: &str) -> Vec<(String, String)> {
    let mut words = vec![String::new()];
    let mut characters = options.chars();
    while let Some(character) = characters.next() {
        match (character, words.last_mut()) {
            ('\\', Some(word)) => word.extend(characters.next()),
            (blank, _) if blank.is_whitespace() => words.push(String::new()),
            (other, Some(word)) => word.push(other),
            (_, None) => {}
        }
    }
    let words = words.into_iter().filter(|word| !word.is_empty() && word != "-c");
    let settings = words.filter_map(|word| {
        let setting = word.strip_prefix("--").or_else(|| word.strip_prefix("-c")).unwrap_or(&word);
        let (name, value) = setting.split_once('=')?;
        Some((name.replace('-', "_"), value.to_owned()))
    });
    settings.collect()
}

impl Connection {
    /// Answers messages until the connection ends; gives the reason.
    async fn serve(&mut self) -> Fault {
        if let Err(fault) = self.ready().await {
            return fault;
        }
        loop {
            let expiry = self.next_deadline();
            let idle_until = Instant::now() + IDLE_TIMEOUT;
            let stop = &mut self.line.interrupt.stop;
            let message = tokio::select! {
                message = self.line.reader.next() => Some(message),
                _ = stop.wait_for(|stop| *stop > Stop::No) => {
                    Some(Err(fatal(sqlstate::ADMIN_SHUTDOWN, "terminating connection: the service was stopped")))
                }
                () = tokio::time::sleep_until(expiry.unwrap_or(idle_until).into()) => None,
            };
            let Some(message) = message else {
                if expiry.is_none() {
                    return fatal(
                        sqlstate::IDLE_TIMEOUT,
                        "terminating connection: it was idle for a day; connect again",
                    );
                }
                self.expire();
                continue;
            };
            let handled = match message {
                Ok(Message::Terminate) => Err(Fault::Gone),
                Ok(message) => self.handle(message).await,
                Err(fault) => Err(fault),
            };
            if let Err(fault) = handled {
                return fault;
            }
        }
    }

    async fn handle(&mut self, message: Message) -> Result<(), Fault> {
        match message {
            Message::Sync => {
                self.skipping = false;
                if self.transaction == Transaction::None {
                    self.portals.clear();
                }
                return self.ready().await;
            }
            _ if self.skipping => return Ok(()),
            Message::Query(text) => {
                self.portals.remove("");
                self.line.interrupt.arm();
                let answered = self.simple(&text).await;
                self.failed(answered)?;
                return self.ready().await;
            }
            Message::Flush => return self.line.writer.flush().await,
            Message::Password(_) => {
                return Err(fatal(sqlstate::PROTOCOL_VIOLATION, "a password message after the login"));
            }
            _ => {}
        }
        let answered = self.extended(message).await;
        if self.failed(answered)? {
            self.skipping = true;
            return self.line.writer.flush().await;
        }
        if self.line.writer.out.len() >= super::channel::WRITE_BYTES {
            self.line.writer.flush().await?;
        }
        Ok(())
    }

    /// Tells the client an error; gives whether there was one. What ends the connection passes through.
    fn failed(&mut self, answered: Result<(), Fault>) -> Result<bool, Fault> {
        match answered {
            Ok(()) => Ok(false),
            Err(fault @ Fault::Error(_)) => {
                report(&mut self.line.writer, &fault)?;
                if self.transaction == Transaction::Open {
                    self.transaction = Transaction::Failed;
                }
                Ok(true)
            }
            Err(fault) => Err(fault),
        }
    }

    /// The simple protocol: a text of statements, each answered in turn; the first error ends it.
    async fn simple(&mut self, text: &str) -> Result<(), Fault> {
        let parsed = self.session.parse(text)?;
        if parsed.is_empty() {
            return self.line.writer.add(&EmptyQueryResponse::new());
        }
        for parsed in &parsed {
            self.admit(&parsed.statement)?;
            self.one(parsed).await?;
        }
        Ok(())
    }

    /// One statement of the simple protocol.
    async fn one(&mut self, parsed: &Parsed) -> Result<(), Fault> {
        if let Some(tag) = self.control(parsed).await? {
            return self.complete(tag);
        }
        let (statement, answer) = match &parsed.statement {
            Statement::Execute { name, parameters } => {
                let stored = self.stored(name)?;
                let Some(prepared) = stored.prepared.clone() else {
                    return self.line.writer.add(&EmptyQueryResponse::new());
                };
                let values = stored.literals(parameters)?;
                let work = self.session.execute(&prepared, &values);
                let answer = attend(&mut self.line.reader, &mut self.line.interrupt, work).await??;
                (prepared.statement().clone(), answer)
            }
            statement => {
                let work = self.session.run(parsed, &[]);
                (statement.clone(), attend(&mut self.line.reader, &mut self.line.interrupt, work).await??)
            }
        };
        self.tell(&answer)?;
        if let Statement::CopyOut { format, .. } = statement {
            let copy = Copy::new(format, answer.schema());
            return self.copy_out(answer, copy).await;
        }
        if gives_rows(&statement) {
            let description = rows::description(answer.schema(), &[]);
            self.line.writer.add(&description)?;
        }
        let (tag, footer) = (answer.tag, answer.footer.clone());
        let formats = vec![Format::Text; answer.schema().fields().len()];
        let (sent, _) = Sending::new(answer.rows, Shape::Rows(formats)).send(&mut self.line, None).await?;
        self.snapshot(footer)?;
        self.complete(with_count(tag, sent))
    }

    /// Tells the client what is worth knowing of its statement, unless it asked not to be told.
    pub(super) fn tell(&mut self, answer: &Answer) -> Result<(), Fault> {
        match &answer.notice {
            Some(notice) if self.session.takes_notices() => self.line.writer.add(&super::notice(notice)),
            _ => Ok(()),
        }
    }

    /// Sends an answer as a copy.
    pub(super) async fn copy_out(&mut self, answer: Answer, copy: Copy) -> Result<(), Fault> {
        let schema = Arc::clone(answer.schema());
        let footer = answer.footer.clone();
        self.line.writer.add(&copy.response(&schema))?;
        copy.header(&schema, &mut self.line.writer.out);
        let mut sending = Sending::new(answer.rows, Shape::Copy(copy));
        let (sent, _) = sending.send(&mut self.line, None).await?;
        if let Some(mut copy) = sending.into_copy() {
            copy.trailer(&mut self.line.writer.out);
        }
        self.line.writer.add(&CopyDone::new())?;
        self.snapshot(footer)?;
        self.complete(with_count("COPY", sent))
    }

    /// Statements that are about the connection itself. Gives their tag; none for all others.
    pub(super) async fn control(&mut self, parsed: &Parsed) -> Result<Option<String>, Fault> {
        let statement = &parsed.statement;
        let tag = match statement {
            Statement::Begin => {
                if self.transaction == Transaction::None {
                    self.transaction = Transaction::Open;
                }
                statement.tag()
            }
            Statement::Commit | Statement::Rollback { savepoint: false } => {
                let failed = self.transaction == Transaction::Failed;
                self.transaction = Transaction::None;
                self.portals.clear();
                self.session.end_transaction();
                if failed { "ROLLBACK" } else { statement.tag() }
            }
            Statement::Rollback { savepoint: true } => {
                if self.transaction == Transaction::None {
                    let message = "ROLLBACK TO SAVEPOINT can only be used in transaction blocks";
                    return Err(Error::statement(sqlstate::NO_TRANSACTION, message).into());
                }
                self.transaction = Transaction::Open;
                statement.tag()
            }
            Statement::Declare { hold: false, .. } if self.transaction == Transaction::None => {
                let message = "DECLARE CURSOR can only be used in transaction blocks, or WITH HOLD";
                return Err(Error::statement(sqlstate::NO_TRANSACTION, message).into());
            }
            Statement::Prepare { name, types, query } => {
                self.prepare(name, types, query).await?;
                statement.tag()
            }
            Statement::Deallocate(name) => {
                self.deallocate(name.as_deref())?;
                statement.tag()
            }
            Statement::Set { .. } | Statement::ResetAll | Statement::DiscardAll => {
                if *statement == Statement::DiscardAll {
                    self.deallocate(None)?;
                }
                self.session.run(parsed, &[]).await?;
                self.report_settings()?;
                statement.tag()
            }
            _ => return Ok(None),
        };
        Ok(Some(tag.to_owned()))
    }

    /// In a transaction that failed, only its end is accepted.
    pub(super) fn admit(&self, statement: &Statement) -> Result<(), Fault> {
        let ends = matches!(statement, Statement::Commit | Statement::Rollback { .. });
        if self.transaction == Transaction::Failed && !ends {
            let message = "current transaction is aborted, commands ignored until end of transaction block";
            return Err(Error::statement(sqlstate::FAILED_TRANSACTION, message).into());
        }
        Ok(())
    }

    pub(super) fn complete(&mut self, tag: impl Into<String>) -> Result<(), Fault> {
        self.line.writer.add(&CommandComplete::new(tag.into()))
    }

    async fn ready(&mut self) -> Result<(), Fault> {
        let status = match self.transaction {
            Transaction::None => TransactionStatus::Idle,
            Transaction::Open => TransactionStatus::Transaction,
            Transaction::Failed => TransactionStatus::Error,
        };
        self.line.writer.add(&ReadyForQuery::new(status))?;
        self.line.writer.flush().await
    }

    /// Tells the client the settings that changed.
    fn report_settings(&mut self) -> Result<(), Fault> {
        for (shown, name) in REPORTED {
            let value = self.session.setting(name)?;
            if self.reported.get(shown) != Some(&value) {
                self.line.writer.add(&ParameterStatus::new((*shown).to_owned(), value.clone()))?;
                self.reported.insert(shown, value);
            }
        }
        Ok(())
    }

    /// Tells the client which state of the log its answer shows, when it is another than before.
    pub(super) fn snapshot(&mut self, footer: Footer) -> Result<(), Fault> {
        if self.snapshot.as_ref() != Some(&footer) {
            let value = format!("{}:{}", footer.size, hex::encode(footer.root));
            self.line.writer.add(&ParameterStatus::new("sealake.snapshot".to_owned(), value))?;
            self.snapshot = Some(footer);
        }
        Ok(())
    }

    /// When the first open portal or cursor must be over.
    fn next_deadline(&self) -> Option<Instant> {
        let portals = self.portals.values().filter_map(Portal::deadline);
        portals.chain(self.session.next_deadline()).min()
    }

    /// Ends the portals and cursors whose time is over, so that an idle client holds no query open.
    fn expire(&mut self) {
        self.portals.values_mut().for_each(Portal::expire);
        self.session.expire();
    }
}

/// Whether a statement's answer has rows.
pub(super) fn gives_rows(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::Query(_) | Statement::Explain { .. } | Statement::Show(_) | Statement::Fetch { .. }
    )
}

/// The tags that name how many rows there were.
pub(super) fn with_count(tag: &str, rows: u64) -> String {
    match tag {
        "SELECT" | "FETCH" | "COPY" => format!("{tag} {rows}"),
        tag => tag.to_owned(),
    }
}

#[cfg(test)]
mod tests;
