//! The extended protocol: Parse, Bind, Describe, Execute, Close; and `PREPARE`/`EXECUTE`, which share its statements.
//!
//! A statement is planned when it is prepared, to know its columns and parameters, and again over the newest log
//! size each time it is executed.

use std::sync::Arc;
use std::time::Instant;

use arrow::datatypes::DataType;
use bytes::Bytes;
use datafusion::common::ScalarValue;
use pgwire::messages::data::{NoData, ParameterDescription};
use pgwire::messages::extendedquery::{BindComplete, CloseComplete, ParseComplete, PortalSuspended};
use pgwire::messages::response::EmptyQueryResponse;

use super::connection::{Connection, Transaction, gives_rows, with_count};
use super::copy::Copy;
use super::encode::Format;
use super::message::{Bind, Message, Target};
use super::rows::{self, Sending, Shape, attend};
use super::{Fault, parameters, types};
use crate::error::{Error, sqlstate};
use crate::gate::Statement;
use crate::session::{Footer, Prepared};

/// Prepared statements of one connection.
pub(super) const STATEMENTS_MAX: usize = 256;

/// Portals of one connection.
pub(super) const PORTALS_MAX: usize = 32;

/// Bytes of the parameters of all portals of one connection.
const PARAMETER_BYTES_MAX: usize = 32 << 20;

/// A prepared statement.
pub(super) struct Stored {
    /// The plan's columns and parameters; none for an empty text.
    pub(super) prepared: Option<Prepared>,
    /// Object ids of the parameters, as the client knows them.
    parameters: Vec<u32>,
}

/// A statement with its parameters, and its rows once it runs.
pub(super) struct Portal {
    stored: Arc<Stored>,
    values: Vec<ScalarValue>,
    bytes: usize,
    formats: Vec<Format>,
    state: State,
}

enum State {
    Bound,
    /// Its rows; none after its time is over.
    Open(Option<Box<Sending>>, Footer),
    Done(String),
}

impl Stored {
    /// The values of `EXECUTE`'s literals.
    pub(super) fn literals(&self, literals: &[Option<String>]) -> Result<Vec<ScalarValue>, Error> {
        let literals: Vec<Option<Bytes>> =
            literals.iter().map(|literal| literal.clone().map(Bytes::from)).collect();
        self.values(&literals, &[])
    }

    fn values(&self, given: &[Option<Bytes>], formats: &[Format]) -> Result<Vec<ScalarValue>, Error> {
        let planned = self.prepared.as_ref().map(Prepared::parameters).unwrap_or_default();
        if given.len() != planned.len() {
            return Err(Error::statement(
                sqlstate::PROTOCOL_VIOLATION,
                format!("{} parameters were given, the statement has {}", given.len(), planned.len()),
            ));
        }
        let each = given.iter().zip(planned).zip(&self.parameters).enumerate();
        each.map(|(at, ((bytes, planned), declared))| {
            let format = format_of(formats, at);
            parameters::value(at + 1, bytes.as_ref(), format, *declared, planned)
        })
        .collect()
    }
}

impl Portal {
    /// When its rows must be over.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match &self.state {
            State::Open(Some(sending), _) => Some(sending.rows.deadline()),
            _ => None,
        }
    }

    /// Ends its query if its time is over.
    pub(super) fn expire(&mut self) {
        if let State::Open(open, _) = &mut self.state
            && let Some(sending) = open
            && sending.rows.deadline() <= Instant::now()
        {
            let error = sending.rows.timed_out();
            sending.rows.abort(&error);
            *open = None;
        }
    }
}

/// One format for all columns, one for each, or text.
fn format_of(formats: &[Format], at: usize) -> Format {
    match formats {
        [] => Format::Text,
        [all] => *all,
        formats => formats.get(at).copied().unwrap_or_default(),
    }
}

fn formats(codes: &[i16]) -> Result<Vec<Format>, Error> {
    let format = |code: &i16| match code {
        0 => Ok(Format::Text),
        1 => Ok(Format::Binary),
        _ => Err(Error::statement(sqlstate::PROTOCOL_VIOLATION, "a format is 0 or 1")),
    };
    codes.iter().map(format).collect()
}

impl Connection {
    /// One message of the extended protocol.
    pub(super) async fn extended(&mut self, message: Message) -> Result<(), Fault> {
        match message {
            Message::Parse { name, query, types } => {
                let stored = self.plan(&query, types).await?;
                self.keep(name, stored)?;
                self.line.writer.add(&ParseComplete::new())
            }
            Message::Bind(bind) => self.bind(bind),
            Message::Describe(Target::Statement, name) => self.describe_statement(&name),
            Message::Describe(Target::Portal, name) => self.describe_portal(&name),
            Message::Execute { portal, rows_max } => self.execute(&portal, rows_max).await,
            Message::Close(target, name) => {
                match target {
                    Target::Statement => drop(self.statements.remove(&name)),
                    Target::Portal => drop(self.portals.remove(&name)),
                }
                self.line.writer.add(&CloseComplete::new())
            }
            Message::FunctionCall => {
                let message = "the function call protocol is not supported; use SELECT";
                Err(Error::statement(sqlstate::FEATURE_NOT_SUPPORTED, message).into())
            }
            _ => Ok(()),
        }
    }

    /// `PREPARE name (types) AS query`.
    pub(super) async fn prepare(&mut self, name: &str, types: &[String], query: &str) -> Result<(), Fault> {
        if self.statements.contains_key(name) {
            let message = format!("prepared statement \"{name}\" already exists");
            return Err(Error::statement(sqlstate::DUPLICATE_STATEMENT, message).into());
        }
        let oids = types.iter().map(|name| {
            let unknown =
                || Error::statement(sqlstate::UNDEFINED_OBJECT, "there is no such type of a parameter");
            types::by_name(name).ok_or_else(unknown)
        });
        let oids = oids.collect::<Result<Vec<u32>, Error>>()?;
        let stored = self.plan(query, oids).await?;
        self.keep(name.to_owned(), stored)
    }

    /// `DEALLOCATE name`; no name is all.
    pub(super) fn deallocate(&mut self, name: Option<&str>) -> Result<(), Fault> {
        let Some(name) = name else {
            self.statements.clear();
            return Ok(());
        };
        self.stored(name)?;
        self.statements.remove(name);
        Ok(())
    }

    pub(super) fn stored(&self, name: &str) -> Result<Arc<Stored>, Error> {
        self.statements.get(name).cloned().ok_or_else(|| {
            let message = format!("prepared statement \"{name}\" does not exist");
            Error::statement(sqlstate::UNDEFINED_STATEMENT, message)
        })
    }

    /// Plans a text of at most one statement.
    async fn plan(&mut self, text: &str, mut oids: Vec<u32>) -> Result<Stored, Fault> {
        let mut parsed = self.session.parse(text)?;
        let Some(one) = parsed.pop() else { return Ok(Stored { prepared: None, parameters: Vec::new() }) };
        if !parsed.is_empty() {
            let message = "cannot insert multiple commands into a prepared statement";
            return Err(Error::statement(sqlstate::SYNTAX_ERROR, message).into());
        }
        self.admit(&one.statement)?;
        let declared = oids.iter().map(|oid| {
            types::of_parameter(*oid).map_err(|oid| {
                let message = format!("parameters of the type with object id {oid} are not supported");
                Error::statement(sqlstate::FEATURE_NOT_SUPPORTED, message)
            })
        });
        let declared = declared.collect::<Result<Vec<Option<DataType>>, Error>>()?;
        let work = self.session.prepare(&one, &declared);
        let prepared = attend(&mut self.line.reader, &mut self.line.interrupt, work).await??;
        let planned = prepared.parameters();
        oids.resize(planned.len(), 0);
        for (oid, planned) in oids.iter_mut().zip(planned) {
            if *oid == 0 || *oid == types::oid::UNKNOWN {
                *oid = types::of(planned).oid;
            }
        }
        Ok(Stored { prepared: Some(prepared), parameters: oids })
    }

    fn keep(&mut self, name: String, stored: Stored) -> Result<(), Fault> {
        if !name.is_empty() && self.statements.contains_key(&name) {
            let message = format!("prepared statement \"{name}\" already exists");
            return Err(Error::statement(sqlstate::DUPLICATE_STATEMENT, message).into());
        }
        if self.statements.len() >= STATEMENTS_MAX && !self.statements.contains_key(&name) {
            let message = format!("a connection has at most {STATEMENTS_MAX} prepared statements");
            return Err(Error::Limit { sqlstate: sqlstate::LIMIT_EXCEEDED, message }.into());
        }
        self.statements.insert(name, Arc::new(stored));
        Ok(())
    }

    fn bind(&mut self, bind: Bind) -> Result<(), Fault> {
        let stored = self.stored(&bind.statement)?;
        if !bind.portal.is_empty() && self.portals.contains_key(&bind.portal) {
            let message = format!("cursor \"{}\" already exists", bind.portal);
            return Err(Error::statement(sqlstate::DUPLICATE_CURSOR, message).into());
        }
        self.portals.remove(&bind.portal);
        let bytes = bind.parameters.iter().flatten().map(Bytes::len).sum();
        let held: usize = self.portals.values().map(|portal| portal.bytes).sum();
        if self.portals.len() >= PORTALS_MAX || held + bytes > PARAMETER_BYTES_MAX {
            let message = format!(
                "a connection has at most {PORTALS_MAX} portals with {PARAMETER_BYTES_MAX} bytes of parameters"
            );
            return Err(Error::Limit { sqlstate: sqlstate::LIMIT_EXCEEDED, message }.into());
        }
        let values = stored.values(&bind.parameters, &formats(&bind.parameter_formats)?)?;
        let columns = stored.prepared.as_ref().map_or(0, |prepared| prepared.schema().fields().len());
        let given = formats(&bind.result_formats)?;
        if given.len() > 1 && given.len() != columns {
            let message =
                format!("{} result formats were given, the query has {columns} columns", given.len());
            return Err(Error::statement(sqlstate::PROTOCOL_VIOLATION, message).into());
        }
        let formats = (0..columns).map(|at| format_of(&given, at)).collect();
        self.portals.insert(bind.portal, Portal { stored, values, bytes, formats, state: State::Bound });
        self.line.writer.add(&BindComplete::new())
    }

    fn describe_statement(&mut self, name: &str) -> Result<(), Fault> {
        let stored = self.stored(name)?;
        self.line.writer.add(&ParameterDescription::new(stored.parameters.clone()))?;
        self.describe(&stored, &[])
    }

    fn describe_portal(&mut self, name: &str) -> Result<(), Fault> {
        let Some(portal) = self.portals.get(name) else {
            // A cursor is a portal, too; psycopg looks at the columns of one that it has declared.
            let schema = self.session.cursor_schema(name).map_err(|_| no_portal(name))?;
            return self.line.writer.add(&rows::description(&schema, &[]));
        };
        let (stored, formats) = (Arc::clone(&portal.stored), portal.formats.clone());
        self.describe(&stored, &formats)
    }

    fn describe(&mut self, stored: &Stored, formats: &[Format]) -> Result<(), Fault> {
        match &stored.prepared {
            Some(prepared) if gives_rows(prepared.statement()) => {
                self.line.writer.add(&rows::description(prepared.schema(), formats))
            }
            _ => self.line.writer.add(&NoData::new()),
        }
    }

    /// Runs a portal, or goes on with its rows.
    async fn execute(&mut self, name: &str, rows_max: Option<u64>) -> Result<(), Fault> {
        let Some(mut portal) = self.portals.remove(name) else { return Err(no_portal(name).into()) };
        self.line.interrupt.arm();
        let executed = self.run_portal(&mut portal, rows_max).await;
        // The end of a transaction closes its portals, this one too; an error closes it as well.
        let ended = self.transaction == Transaction::None && matches!(portal.state, State::Done(_));
        if executed.is_ok() && (!ended || name.is_empty()) {
            self.portals.insert(name.to_owned(), portal);
        }
        executed
    }

    async fn run_portal(&mut self, portal: &mut Portal, rows_max: Option<u64>) -> Result<(), Fault> {
        let Some(prepared) = portal.stored.prepared.clone() else {
            return self.line.writer.add(&EmptyQueryResponse::new());
        };
        if matches!(portal.state, State::Bound) {
            self.admit(prepared.statement())?;
            if let Some(tag) = self.control(prepared.parsed()).await? {
                portal.state = State::Done(tag.clone());
                return self.complete(tag);
            }
            let work = self.session.execute(&prepared, &portal.values);
            let answer = attend(&mut self.line.reader, &mut self.line.interrupt, work).await??;
            self.tell(&answer)?;
            if let Statement::CopyOut { format, .. } = prepared.statement() {
                let copy = Copy::new(format.clone(), answer.schema());
                portal.state = State::Done("COPY 0".to_owned());
                return self.copy_out(answer, copy).await;
            }
            let shape = Shape::Rows(portal.formats.clone());
            portal.state = State::Open(Some(Box::new(Sending::new(answer.rows, shape))), answer.footer);
        }
        let tag = prepared.statement().tag();
        let (sent, footer) = match &mut portal.state {
            State::Done(tag) => {
                let tag = tag.clone();
                return self.complete(tag);
            }
            State::Open(None, _) => {
                let message =
                    "canceling statement due to statement timeout: its portal was open for too long";
                return Err(Error::Cancelled { timeout: true, message: message.to_owned() }.into());
            }
            State::Open(Some(sending), footer) => {
                let (sent, done) = sending.send(&mut self.line, rows_max).await?;
                if !done {
                    // It may take the client long to ask for more; others run meanwhile.
                    sending.rows.release_turn();
                    return self.line.writer.add(&PortalSuspended::new());
                }
                (sent, footer.clone())
            }
            State::Bound => return Ok(()),
        };
        portal.state = State::Done(with_count(tag, 0));
        self.snapshot(footer)?;
        self.complete(with_count(tag, sent))
    }
}

fn no_portal(name: &str) -> Error {
    Error::statement(sqlstate::UNDEFINED_CURSOR, format!("portal \"{name}\" does not exist"))
}
