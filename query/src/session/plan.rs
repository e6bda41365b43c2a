//! From an admitted query to rows that begin: planned, optimised, recorded, started.
//!
//! All that computes runs on the lake's workers, never on the connection's thread: so a deadline or a cancel is
//! answered when it comes, also while an optimiser is at work. A statement's turn goes with its work: whoever gives
//! up on a plan cannot have the next one made before the workers are done with the first.

use std::sync::Arc;
use std::time::Instant;

use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::execution::{SessionState, TaskContext};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::sql::parser::Statement as EngineStatement;
use datafusion::sql::sqlparser::ast::{self, Query};
use sha2::{Digest, Sha256};
use tokio::sync::OwnedSemaphorePermit;

use super::{Parsed, Session, answer};
use crate::access::Notice;
use crate::error::Error;
use crate::functions::{self, Guard};
use crate::lake::Snapshot;
use crate::reads::{self, Reads};
use crate::rows::{Progress, Rows, Running, ScanStats};
use crate::runtime::{self, Stores};
use crate::workers::Brake;
use crate::{complexity, joins, meaning};

/// A query that is planned and pinned.
pub(super) struct Planned {
    plan: LogicalPlan,
    reads: Reads,
    pinned: Pinned,
}

/// A query that was optimised: what will run, and what the access log says of it.
pub(super) struct Optimised {
    plan: LogicalPlan,
    /// What it reads.
    pub(super) reads: Reads,
    /// SHA-256 of the plan's text.
    pub(super) plan_hash: [u8; 32],
    /// The state of the logs that it sees.
    pub(super) snapshot: Arc<Snapshot>,
    pinned: Pinned,
}

/// A query that was recorded and has begun.
pub(super) struct Begun {
    pub(super) rows: Rows,
    pub(super) snapshot: Arc<Snapshot>,
    /// What the client is told of its record.
    pub(super) notice: Option<Notice>,
}

/// What goes with a query from its planning to its end.
struct Pinned {
    state: SessionState,
    snapshot: Arc<Snapshot>,
    stats: Arc<ScanStats>,
    guard: Arc<Guard>,
    brake: Brake,
    turn: OwnedSemaphorePermit,
}

impl Session {
    /// Columns and parameters of a query.
    pub(super) async fn describe(
        &self,
        query: &Query,
        text: &str,
        declared: &[Option<DataType>],
    ) -> Result<(SchemaRef, Vec<DataType>), Error> {
        let started = Instant::now();
        let describing = async {
            let planned = self.plan(query, text, started).await?;
            let brake = planned.pinned.brake.clone();
            let (query, declared) = (query.clone(), declared.to_vec());
            let work = async move { answer::describe(&query, &planned.plan, &declared) };
            self.lake.workers().compute(&brake, work).await
        };
        self.under_deadline(started, describing).await
    }

    /// Plans, records and starts a query.
    pub(super) async fn query(
        &self,
        query: &Query,
        parsed: &Parsed,
        parameters: &[ScalarValue],
        explain: Option<(bool, bool)>,
    ) -> Result<Begun, Error> {
        let started = Instant::now();
        let limits = self.statement_limits()?;
        let planning = async {
            let planned = self.plan(query, &parsed.text, started).await?;
            let optimised = self.optimise(planned, parameters.to_vec(), explain).await?;
            let (look, notice) = self.record(parsed, parameters, &optimised).await?;
            Ok((optimised, look, notice))
        };
        let (optimised, look, notice) = self.under_deadline(started, planning).await?;
        let stores = Stores::new(Arc::clone(self.lake.store().object_store()));
        let (env, pool) = runtime::for_statement(&limits, stores).map_err(|error| Error::planning(&error))?;
        let brake = optimised.pinned.brake.clone();
        let runs = explain.is_none_or(|(analyze, _)| analyze);
        let starting = async {
            let (physical, pinned) =
                self.lake.workers().compute(&brake, physical_plan(optimised, runs)).await?;
            let task = Arc::new(TaskContext::from(&pinned.state).with_runtime(env));
            let stream = self.lake.workers().run(physical, task, brake.clone());
            Ok((stream.map_err(|error| Error::running(&error))?, pinned))
        };
        match self.under_deadline(started, starting).await {
            Ok((stream, Pinned { snapshot, stats, turn, .. })) => {
                let planned = stream.schema();
                let schema = if explain.is_some() { planned } else { answer::named(query, &planned) };
                let (pool, turn) = (Some(pool), Some(turn));
                let running = Running { stream, schema, started, limits, stats, pool, look, turn };
                Ok(Begun { rows: Rows::new(running), snapshot, notice })
            }
            Err(error) => {
                if let Some(look) = look {
                    look.end(&Progress::default(), error.outcome(), Some(error.sqlstate()));
                }
                Err(error)
            }
        }
    }

    /// Pins the newest snapshot and plans a query over it. Passes the second gate.
    async fn plan(&self, query: &Query, text: &str, started: Instant) -> Result<Planned, Error> {
        let turn = Arc::clone(self.lake.turns()).acquire_owned().await;
        let turn = turn.map_err(|_| Error::Internal("the lake was closed".to_owned()))?;
        let one_at_a_time = Arc::clone(&self.planning).lock_owned().await;
        let snapshot = self.lake.snapshot();
        self.tables.pin(&snapshot);
        let stats = Arc::new(ScanStats::default());
        let mut state = self.context.state();
        state.config_mut().set_extension(Arc::clone(&stats));
        let brake = Brake::new(started, &self.statement_limits()?);
        let guard = Guard::new(brake.clone());
        let pinned = Pinned { state, snapshot, stats, guard, brake: brake.clone(), turn };
        let mut query = Box::new(query.clone());
        let work = async move {
            let views: Vec<String> = reads::views_of(&query).collect();
            meaning::with_zones_called(&mut query);
            meaning::respelled(&mut query)?;
            answer::tell_apart(&mut query.body);
            let statement = EngineStatement::Statement(Box::new(ast::Statement::Query(query)));
            let plan = pinned.state.statement_to_plan(statement).await;
            drop(one_at_a_time);
            let plan = plan.map_err(|error| Error::planning(&error))?;
            complexity::check(&plan)?;
            let plan = functions::bind(plan, &pinned.guard).map_err(|error| Error::planning(&error))?;
            let mut reads = reads::of_plan(&plan)?;
            reads.tables.extend(views);
            Ok(Planned { plan, reads, pinned })
        };
        self.lake.workers().compute(&brake, work).await.map_err(|error| self.denied(text, error))
    }

    /// Binds parameters, wraps what is to be explained, optimises.
    async fn optimise(
        &self,
        planned: Planned,
        parameters: Vec<ScalarValue>,
        explain: Option<(bool, bool)>,
    ) -> Result<Optimised, Error> {
        let brake = planned.pinned.brake.clone();
        let work = async move {
            let Planned { mut plan, mut reads, pinned } = planned;
            if !parameters.is_empty() {
                let values = ParamValues::from(parameters);
                plan = plan.with_param_values(values).map_err(|error| Error::planning(&error))?;
            }
            plan = meaning::of_postgres(plan).map_err(|error| Error::planning(&error))?;
            if let Some((analyze, verbose)) = explain {
                plan = answer::explain(plan, analyze, verbose)?;
            }
            let plan = pinned.state.optimize(&plan);
            let plan = plan.and_then(|plan| functions::bind(plan, &pinned.guard));
            let plan = plan.map_err(|error| Error::planning(&error))?;
            // What was pruned away by the optimiser was not read; what it moved around still is.
            reads.columns = reads::of_plan(&plan)?.columns;
            let plan_hash = Sha256::digest(plan.display_indent().to_string().as_bytes()).into();
            let snapshot = Arc::clone(&pinned.snapshot);
            Ok(Optimised { plan, reads, plan_hash, snapshot, pinned })
        };
        self.lake.workers().compute(&brake, work).await
    }
}

/// The plan that runs, with the brake in it. From here on functions compute rows.
async fn physical_plan(optimised: Optimised, runs: bool) -> Result<(Arc<dyn ExecutionPlan>, Pinned), Error> {
    let Optimised { mut plan, mut pinned, .. } = optimised;
    if runs {
        let fitted = joins::stream_the_larger(plan).and_then(|plan| pinned.brake.fit(plan));
        plan = fitted.map_err(|error| Error::planning(&error))?;
    }
    let rows = complexity::batch_rows(&plan).map_err(|error| Error::planning(&error))?;
    let config = pinned.state.config().clone().with_batch_size(rows);
    *pinned.state.config_mut() = config;
    let planner = Arc::clone(pinned.state.query_planner());
    let physical = planner.create_physical_plan(&plan, &pinned.state).await;
    let physical = physical.and_then(joins::give_way).map_err(|error| Error::running(&error))?;
    pinned.guard.run();
    Ok((physical, pinned))
}
