//! One client's session: from a statement's text to its rows.
//!
//! ```text
//! text ─ parse ─► gate ─ prepare ─► Prepared (columns, parameters) ─ execute ─► Answer (rows under a deadline)
//!                  │ denied: recorded              pin the log's size, plan, second gate,
//!                                                  start record durable, then run
//! ```
//! A session holds nothing that other sessions see. What a client can set is in [`crate::settings`]; none of it
//! reaches the engine's options.

mod answer;
mod cursor;
mod engine;
mod look;
mod plan;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::ScalarValue;
use datafusion::prelude::SessionContext;

use crate::access::{AccessLog, Who};
use crate::catalog::LakeSchema;
use crate::config::Limits;
use crate::error::{Error, sqlstate};
use crate::gate::Statement;
use crate::lake::Lake;
use crate::rows::timed_out;
use crate::settings;

pub use answer::{Answer, Footer};

/// Cursors that a session may hold open.
pub(crate) const CURSORS_MAX: usize = 32;

/// One client's session. Statements of one session run one after the other.
pub struct Session {
    lake: Lake,
    context: SessionContext,
    tables: Arc<LakeSchema>,
    limits: Limits,
    who: Who,
    access: Option<AccessLog>,
    settings: crate::pg_catalog::Settings,
    cursors: Mutex<HashMap<String, cursor::Cursor>>,
    planning: Arc<tokio::sync::Mutex<()>>,
}

/// A statement that was admitted, with the text to record.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// What it is.
    pub statement: Statement,
    text: Arc<str>,
}

/// A statement that was planned once, to know its columns and parameters. It is planned anew, over the newest log
/// size, each time it is executed.
#[derive(Clone, Debug)]
pub struct Prepared {
    parsed: Parsed,
    schema: SchemaRef,
    parameters: Vec<DataType>,
}

impl Prepared {
    /// The statement with its text.
    pub(crate) fn parsed(&self) -> &Parsed {
        &self.parsed
    }

    /// What it is.
    pub fn statement(&self) -> &Statement {
        &self.parsed.statement
    }

    /// Its columns; none for statements without rows.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The types of `$1`, `$2`, …
    pub fn parameters(&self) -> &[DataType] {
        &self.parameters
    }
}

impl Session {
    /// A session on a lake. With an access log every look is recorded; without one, none is, and the caller has to
    /// say so.
    ///
    /// # Errors
    /// The engine could not be set up.
    pub fn new(lake: &Lake, limits: Limits, who: Who, access: Option<AccessLog>) -> Result<Session, Error> {
        let tables = Arc::new(LakeSchema::new(lake.clone()));
        let settings = crate::pg_catalog::Settings::default();
        let context = engine::engine(lake, &tables, &who, &settings)?;
        Ok(Session {
            lake: lake.clone(),
            context,
            tables,
            limits,
            who,
            access,
            settings,
            cursors: Mutex::default(),
            planning: Arc::default(),
        })
    }

    /// Who is connected.
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// Whether the client wants to be told what is worth knowing and no error.
    pub(crate) fn takes_notices(&self) -> bool {
        let least = self.setting("client_min_messages").unwrap_or_default();
        !settings::ABOVE_NOTICES.contains(&least.as_str())
    }

    /// The value of a setting.
    ///
    /// # Errors
    /// There is no such setting.
    pub fn setting(&self, name: &str) -> Result<String, Error> {
        let name = settings::known(name)?;
        let own = lock(&self.settings).get(&name).cloned();
        let default =
            || settings::SETTINGS.iter().find(|setting| setting.name == name).map(|setting| setting.default);
        Ok(own.or_else(|| default().map(str::to_owned)).unwrap_or_default())
    }

    /// Gives a setting a value, or its default. For settings that come with the connection.
    ///
    /// # Errors
    /// There is no such setting, or it does not take this value.
    pub fn set(&self, name: &str, value: Option<&str>) -> Result<(), Error> {
        let name = settings::known(name)?;
        match value {
            Some(value) => {
                let value = settings::check(&name, value)?;
                lock(&self.settings).insert(name, value);
            }
            None => drop(lock(&self.settings).remove(&name)),
        }
        Ok(())
    }

    /// The statements of a text. A denial is recorded.
    ///
    /// # Errors
    /// What [`crate::gate`] says; or the denial could not be recorded.
    pub fn parse(&self, text: &str) -> Result<Vec<Parsed>, Error> {
        let statements = crate::dialect::parse(text).map_err(|error| self.denied(text, error))?;
        let single = statements.len() == 1;
        let parsed = statements.into_iter().map(|(statement, own)| {
            let text = if single { text.trim().to_owned() } else { own };
            Parsed { statement, text: text.into() }
        });
        Ok(parsed.collect())
    }

    /// Plans a statement to learn its columns and parameters, without running it. `declared` are the types that the
    /// client gives its parameters, where it gives any.
    ///
    /// # Errors
    /// Unknown names, types that do not fit, a denial.
    pub async fn prepare(&self, parsed: &Parsed, declared: &[Option<DataType>]) -> Result<Prepared, Error> {
        let (schema, parameters) = match &parsed.statement {
            Statement::Query(query) | Statement::CopyOut { query, .. } => {
                self.describe(query, &parsed.text, declared).await?
            }
            Statement::Explain { .. } => (answer::explain_schema(), Vec::new()),
            Statement::Declare { query, .. } => {
                (answer::no_columns(), self.describe(query, &parsed.text, declared).await?.1)
            }
            Statement::Fetch { name, .. } => (self.cursor_schema(name)?, Vec::new()),
            Statement::Show(name) => (answer::show_schema(name), Vec::new()),
            _ => (answer::no_columns(), Vec::new()),
        };
        Ok(Prepared { parsed: parsed.clone(), schema, parameters })
    }

    /// Runs a statement. Its look is in the access log before this returns.
    ///
    /// # Errors
    /// As [`Session::prepare`]; the deadline; the look could not be recorded.
    pub async fn execute(&self, prepared: &Prepared, parameters: &[ScalarValue]) -> Result<Answer, Error> {
        self.run(&prepared.parsed, parameters).await
    }

    /// Parses and runs one statement.
    ///
    /// # Errors
    /// As [`Session::parse`] and [`Session::execute`]; a text with more or less than one statement.
    pub async fn sql(&self, text: &str) -> Result<Answer, Error> {
        let mut parsed = self.parse(text)?;
        match (parsed.pop(), parsed.is_empty()) {
            (Some(one), true) => self.run(&one, &[]).await,
            _ => Err(Error::statement(sqlstate::SYNTAX_ERROR, "expected one statement")),
        }
    }

    /// Runs a statement that needs no preparation. Its look is in the access log before this returns.
    ///
    /// # Errors
    /// As [`Session::prepare`] and [`Session::execute`].
    pub async fn run(&self, parsed: &Parsed, parameters: &[ScalarValue]) -> Result<Answer, Error> {
        let tag = parsed.statement.tag();
        match &parsed.statement {
            Statement::Query(query) | Statement::CopyOut { query, .. } => {
                Ok(Answer::begun(tag, self.query(query, parsed, parameters, None).await?))
            }
            Statement::Explain { analyze, verbose, query } => {
                let explain = Some((*analyze, *verbose));
                Ok(Answer::begun(tag, self.query(query, parsed, parameters, explain).await?))
            }
            Statement::Declare { name, query, hold } => {
                let plan::Begun { rows, snapshot, notice } =
                    self.query(query, parsed, parameters, None).await?;
                self.open_cursor(name, rows, &snapshot, *hold)?;
                Ok(Answer { notice, ..self.empty(tag) })
            }
            Statement::Fetch { name, count } => self.fetch(name, *count),
            Statement::Close(name) => {
                self.close_cursors(name.as_deref())?;
                Ok(self.empty(tag))
            }
            Statement::Show(name) => self.show(name),
            Statement::Set { name, value } => {
                self.set(name, value.as_deref())?;
                Ok(self.empty(tag))
            }
            Statement::ResetAll => {
                lock(&self.settings).clear();
                Ok(self.empty(tag))
            }
            Statement::DiscardAll => {
                lock(&self.settings).clear();
                self.close_cursors(None)?;
                Ok(self.empty(tag))
            }
            Statement::Commit | Statement::Rollback { savepoint: false } => Ok(self.empty(tag)),
            Statement::Prepare { .. } | Statement::Execute { .. } => Err(Error::denied(
                sqlstate::FEATURE_NOT_SUPPORTED,
                "PREPARE and EXECUTE need a connection to `sealake serve`",
            )),
            Statement::Begin
            | Statement::Rollback { .. }
            | Statement::Nothing(_)
            | Statement::Deallocate(_) => Ok(self.empty(tag)),
        }
    }

    fn show(&self, name: &str) -> Result<Answer, Error> {
        let rows = if name == "all" {
            let each = settings::SETTINGS.iter();
            each.map(|setting| Ok((setting.name.to_owned(), self.setting(setting.name)?, setting.doc)))
                .collect::<Result<Vec<_>, Error>>()?
        } else {
            vec![(name.to_owned(), self.setting(name)?, "")]
        };
        answer::show(name, &rows, &self.limits, &self.lake.snapshot())
    }

    fn empty(&self, tag: &'static str) -> Answer {
        Answer::empty(tag, &self.limits, &self.lake.snapshot())
    }

    /// The session's limits, with its own shorter deadline if it set one.
    fn statement_limits(&self) -> Result<Limits, Error> {
        let own = settings::milliseconds(&self.setting("statement_timeout")?).filter(|ms| *ms > 0);
        let mut limits = self.limits.clone();
        if let Some(own) = own {
            limits.deadline = limits.deadline.min(Duration::from_millis(own));
        }
        Ok(limits)
    }

    async fn under_deadline<T>(
        &self,
        started: Instant,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let limits = self.statement_limits()?;
        match tokio::time::timeout_at((started + limits.deadline).into(), work).await {
            Ok(done) => done,
            Err(_) => Err(timed_out(&limits)),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
