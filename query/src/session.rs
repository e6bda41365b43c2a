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

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use arrow::datatypes::{DataType, SchemaRef};
use chrono::Utc;
use datafusion::catalog::{CatalogProvider, MemoryCatalogProvider};
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::execution::{SessionState, SessionStateBuilder, TaskContext};
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion::sql::parser::Statement as EngineStatement;
use datafusion::sql::sqlparser::ast::{self, Query};
use schemas::access as column;
use schemas::{Record, Value};
use sha2::{Digest, Sha256};

use crate::access::{AccessLog, Look, Who, random_id};
use crate::catalog::{LAKE_CATALOG, LAKE_SCHEMA, LakeSchema};
use crate::config::Limits;
use crate::error::{Error, sqlstate};
use crate::gate::{self, Statement};
use crate::lake::{Lake, Snapshot};
use crate::reads::{self, Reads};
use crate::rows::{Rows, Running, ScanStats, timed_out};
use crate::runtime::{self, Stores};
use crate::settings;
use crate::workers::Brake;

pub use answer::{Answer, Footer};

/// Cursors that a session may hold open.
pub(crate) const CURSORS_MAX: usize = 32;

/// Longest text of parameters in an access record, in bytes; what is longer is cut and says so.
const PARAMETER_BYTES_MAX: usize = 65_536;

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
    planning: tokio::sync::Mutex<()>,
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

impl Parsed {
    /// Whether it is `DISCARD`, which also forgets prepared statements, as `RESET` does not.
    pub(crate) fn discards(&self) -> bool {
        self.text.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("discard"))
    }
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

/// A query that is planned and pinned.
struct Planned {
    plan: LogicalPlan,
    state: SessionState,
    snapshot: Arc<Snapshot>,
    reads: Reads,
    stats: Arc<ScanStats>,
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
        let context = engine(lake, &tables, &who, &settings)?;
        Ok(Session {
            lake: lake.clone(),
            context,
            tables,
            limits,
            who,
            access,
            settings,
            cursors: Mutex::default(),
            planning: tokio::sync::Mutex::new(()),
        })
    }

    /// Who is connected.
    pub fn who(&self) -> &Who {
        &self.who
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
    /// What [`gate::parse`] says; or the denial could not be recorded.
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
        let started = Instant::now();
        let (schema, parameters) = match &parsed.statement {
            Statement::Query(query) | Statement::CopyOut { query, .. } => {
                let planned = self.under_deadline(started, self.plan(query, &parsed.text)).await?;
                answer::describe(query, &planned.plan, declared)?
            }
            Statement::Explain { .. } => (answer::explain_schema(), Vec::new()),
            Statement::Declare { query, .. } => {
                let planned = self.under_deadline(started, self.plan(query, &parsed.text)).await?;
                (answer::no_columns(), answer::describe(query, &planned.plan, declared)?.1)
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
                let (rows, snapshot) = self.query(query, parsed, parameters, None).await?;
                Ok(Answer::rows(tag, rows, &snapshot))
            }
            Statement::Explain { analyze, verbose, query } => {
                let (rows, snapshot) =
                    self.query(query, parsed, parameters, Some((*analyze, *verbose))).await?;
                Ok(Answer::rows(tag, rows, &snapshot))
            }
            Statement::Declare { name, query, hold } => {
                let (rows, snapshot) = self.query(query, parsed, parameters, None).await?;
                self.open_cursor(name, rows, &snapshot, *hold)?;
                Ok(self.empty(tag))
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

    /// Plans, records and starts a query.
    async fn query(
        &self,
        query: &Query,
        parsed: &Parsed,
        parameters: &[ScalarValue],
        explain: Option<(bool, bool)>,
    ) -> Result<(Rows, Arc<Snapshot>), Error> {
        let started = Instant::now();
        let limits = self.statement_limits()?;
        let starting = async {
            let mut planned = self.plan(query, &parsed.text).await?;
            if !parameters.is_empty() {
                let values = ParamValues::from(parameters.to_vec());
                planned.plan =
                    planned.plan.with_param_values(values).map_err(|error| Error::planning(&error))?;
            }
            if let Some((analyze, verbose)) = explain {
                planned.plan = answer::explain(planned.plan, analyze, verbose)?;
            }
            let turn = Arc::clone(self.lake.turns()).acquire_owned().await;
            let turn = turn.map_err(|_| Error::Internal("the lake was closed".to_owned()))?;
            let optimised = planned.state.optimize(&planned.plan).map_err(|error| Error::planning(&error))?;
            // What was pruned away by the optimiser was not read; what it moved around still is.
            planned.reads.columns = reads::of_plan(&optimised)?.columns;
            let only_explained = explain.is_some_and(|(analyze, _)| !analyze);
            let look = self.record(parsed, parameters, &planned, &optimised, only_explained).await?;
            Ok((planned, optimised, look, turn))
        };
        let (planned, optimised, look, turn) = self.under_deadline(started, starting).await?;
        let stores = Stores::new(Arc::clone(self.lake.store().object_store()));
        let (env, pool) = runtime::for_statement(&limits, stores).map_err(|error| Error::planning(&error))?;
        let brake = Brake::new(started, &limits);
        let starting = async {
            let planner = planned.state.query_planner();
            let runs = explain.is_none_or(|(analyze, _)| analyze);
            let optimised = if runs { brake.fit(optimised)? } else { optimised };
            let physical = planner.create_physical_plan(&optimised, &planned.state).await?;
            let task = TaskContext::from(&planned.state).with_runtime(env);
            self.lake.workers().run(physical, Arc::new(task), brake)
        };
        let stream = self
            .under_deadline(started, async { starting.await.map_err(|error| Error::running(&error)) })
            .await;
        match stream {
            Ok(stream) => {
                let planned_schema = stream.schema();
                let schema =
                    if explain.is_some() { planned_schema } else { answer::named(query, &planned_schema) };
                let running = Running {
                    stream,
                    schema,
                    started,
                    limits,
                    stats: planned.stats,
                    pool: Some(pool),
                    look,
                    turn: Some(turn),
                };
                Ok((Rows::new(running), planned.snapshot))
            }
            Err(error) => {
                if let Some(look) = look {
                    look.end(&crate::rows::Progress::default(), error.outcome(), Some(error.sqlstate()));
                }
                Err(error)
            }
        }
    }

    /// Pins the newest snapshot and plans a query over it. Passes the second gate.
    async fn plan(&self, query: &Query, text: &str) -> Result<Planned, Error> {
        let _one_at_a_time = self.planning.lock().await;
        let snapshot = self.lake.snapshot();
        self.tables.pin(&snapshot);
        let stats = Arc::new(ScanStats::default());
        let mut state = self.context.state();
        state.config_mut().set_extension(Arc::clone(&stats));
        let mut planned = Box::new(query.clone());
        answer::tell_apart(&mut planned.body);
        let statement = EngineStatement::Statement(Box::new(ast::Statement::Query(planned)));
        let plan = state.statement_to_plan(statement).await.map_err(|error| Error::planning(&error))?;
        let mut reads = reads::of_plan(&plan).map_err(|error| self.denied(text, error))?;
        reads.tables.extend(reads::views_of(query));
        Ok(Planned { plan, state, snapshot, reads, stats })
    }

    /// The record before the first row. A statement that reads no table of the lake is recorded without waiting.
    async fn record(
        &self,
        parsed: &Parsed,
        parameters: &[ScalarValue],
        planned: &Planned,
        optimised: &LogicalPlan,
        only_explained: bool,
    ) -> Result<Option<Look>, Error> {
        let Some(access) = &self.access else { return Ok(None) };
        let mut record = self.look(access, &parsed.text);
        let names = |names: &std::collections::BTreeSet<String>| {
            Value::List(names.iter().map(|name| Value::Text(name.clone())).collect())
        };
        let events = &planned.snapshot.events;
        record.set(column::SNAPSHOT_SIZE, i64::try_from(events.size).unwrap_or(i64::MAX));
        record.set(column::SNAPSHOT_ROOT, Value::Bytes(events.root.to_vec()));
        record.set(column::TABLES, names(&planned.reads.tables));
        record.set(column::READ_COLUMNS, names(&planned.reads.columns));
        let plan = Sha256::digest(optimised.display_indent().to_string().as_bytes());
        record.set(column::PLAN_HASH, Value::Bytes(plan.to_vec()));
        if !parameters.is_empty() {
            record.set(column::PARAMETERS, parameters_json(parameters));
        }
        if only_explained || planned.reads.catalog_only() {
            record.set(column::KIND, "catalog");
            access.note(record)?;
            return Ok(None);
        }
        record.set(column::KIND, "start");
        access.start(record).await.map(Some)
    }

    /// Records a denial; other errors pass through. If it cannot be recorded the client learns that instead.
    fn denied(&self, text: &str, error: Error) -> Error {
        let (Error::Denied { sqlstate, .. }, Some(access)) = (&error, &self.access) else { return error };
        let mut record = self.look(access, text);
        record.set(column::KIND, "denied");
        record.set(column::OUTCOME, "denied");
        record.set(column::ERROR_CODE, *sqlstate);
        match access.note(record) {
            Ok(()) => error,
            Err(unrecorded) => unrecorded,
        }
    }

    /// What every record of this session says.
    fn look(&self, access: &AccessLog, text: &str) -> Record {
        let mut end = text.len().min(gate::STATEMENT_BYTES_MAX);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = &text[..end];
        let setting = |name: &str| self.setting(name).ok().filter(|value| !value.is_empty());
        let mut record = Record::new(&column::ACCESS);
        record.set(column::ACCESS_ID, Value::Bytes(random_id()));
        record.set(column::TIME, Value::Time(Utc::now().timestamp_micros()));
        record.set(column::PRINCIPAL, self.who.principal.as_str());
        record.set(column::ROLE, self.who.role.clone());
        record.set(column::AUTH_METHOD, self.who.auth_method);
        record.set(column::CLIENT_ADDRESS, self.who.client_address.clone());
        record.set(column::APPLICATION, setting("application_name"));
        record.set(column::REASON, setting("sealake.reason"));
        record.set(column::STATEMENT, text);
        record.set(column::STATEMENT_HASH, Value::Bytes(access.keyed_hash(text).to_vec()));
        record
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

/// The engine of one session: the lake's tables, the catalog's tables, and no way to files or other stores.
fn engine(
    lake: &Lake,
    tables: &Arc<LakeSchema>,
    who: &Who,
    settings: &crate::pg_catalog::Settings,
) -> Result<SessionContext, Error> {
    let mut config = SessionConfig::new()
        .with_default_catalog_and_schema(LAKE_CATALOG, LAKE_SCHEMA)
        .with_create_default_catalog_and_schema(false)
        .with_information_schema(true);
    let options = config.options_mut();
    options.sql_parser.dialect = datafusion::config::Dialect::PostgreSQL;
    options.execution.time_zone = Some("+00:00".to_owned());
    options.execution.parquet.max_in_list_size = crate::prune::IN_LIST_MAX;
    let stores = Stores::new(Arc::clone(lake.store().object_store()));
    let runtime = runtime::for_planning(stores).map_err(|error| Error::planning(&error))?;
    let state = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_default_features()
        // No formats and no table factories: nothing can be made from a file.
        .with_file_formats(Vec::new())
        .with_table_factories(std::collections::HashMap::new())
        .build();
    let catalog = MemoryCatalogProvider::new();
    let schema = Arc::clone(tables) as Arc<dyn datafusion::catalog::SchemaProvider>;
    catalog.register_schema(LAKE_SCHEMA, schema).map_err(|error| Error::planning(&error))?;
    let context = SessionContext::new_with_state(state);
    context.register_catalog(LAKE_CATALOG, Arc::new(catalog));
    crate::pg_catalog::install(&context, tables, who, settings).map_err(|error| Error::planning(&error))?;
    tables.attach(context.state_weak_ref());
    Ok(context)
}

/// Parameters as a JSON array of texts.
fn parameters_json(parameters: &[ScalarValue]) -> String {
    let values = parameters.iter().map(|value| {
        if value.is_null() { serde_json::Value::Null } else { serde_json::Value::String(value.to_string()) }
    });
    let mut json = serde_json::Value::Array(values.collect()).to_string();
    if json.len() > PARAMETER_BYTES_MAX {
        let mut end = PARAMETER_BYTES_MAX;
        while !json.is_char_boundary(end) {
            end -= 1;
        }
        json.truncate(end);
        json.push_str(" (cut)");
    }
    json
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
