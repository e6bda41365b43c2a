//! The schema `public`: which tables a session has, each over the pinned state of the logs.
//!
//! Before a statement is planned its session pins a snapshot here, and every table that the plan names is made
//! from it: a statement that reads `events` twice, or `events` and `log`, sees one size of each log.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use async_trait::async_trait;
use datafusion::catalog::{SchemaProvider, TableProvider};
use datafusion::common::Result;
use datafusion::datasource::ViewTable;
use datafusion::error::DataFusionError;
use datafusion::execution::SessionState;
use datafusion::logical_expr::TableType;
use datafusion::sql::parser::Statement as EngineStatement;
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;
use parking_lot::RwLock;

use crate::lake::{Lake, Snapshot};
use crate::provider::SegmentTable;
use crate::tables::{self, LogTable, SegmentsTable};
use crate::views::{self, VIEWS};

/// Name of the catalog, which is what clients see as the database.
pub const LAKE_CATALOG: &str = "sealake";

/// Name of the schema that holds the lake's tables.
pub const LAKE_SCHEMA: &str = "public";

/// The table of events.
pub const EVENTS: &str = "events";

/// The table of access records.
pub const ACCESS: &str = "access";

const BASE_TABLES: &[&str] = &[ACCESS, EVENTS, tables::LOG, tables::SEGMENTS];

/// Names of all tables and views.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    BASE_TABLES.iter().copied().chain(VIEWS.iter().map(|view| view.name))
}

/// Whether this is a table of the lake, not a view.
pub(crate) fn is_table(name: &str) -> bool {
    BASE_TABLES.contains(&name)
}

/// The tables of one session.
pub(crate) struct LakeSchema {
    lake: Lake,
    pinned: Mutex<Pinned>,
    session: OnceLock<Weak<RwLock<SessionState>>>,
}

struct Pinned {
    snapshot: Arc<Snapshot>,
    made: HashMap<&'static str, Arc<dyn TableProvider>>,
}

impl LakeSchema {
    pub(crate) fn new(lake: Lake) -> LakeSchema {
        let pinned = Mutex::new(Pinned { snapshot: lake.snapshot(), made: HashMap::new() });
        LakeSchema { lake, pinned, session: OnceLock::new() }
    }

    /// Says whose planner plans the views.
    pub(crate) fn attach(&self, session: Weak<RwLock<SessionState>>) {
        // Attached once, right after the session is made.
        let _ = self.session.set(session);
    }

    /// From here on tables are made from this snapshot.
    pub(crate) fn pin(&self, snapshot: &Arc<Snapshot>) {
        let mut pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&pinned.snapshot, snapshot) {
            *pinned = Pinned { snapshot: Arc::clone(snapshot), made: HashMap::new() };
        }
    }

    /// Bytes of the segments of both logs.
    pub(crate) fn segment_bytes(&self) -> u64 {
        let pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        let logs = std::iter::once(&pinned.snapshot.events).chain(&pinned.snapshot.access);
        logs.flat_map(|log| log.segments.iter()).map(|segment| segment.bytes).sum()
    }

    fn made(&self, name: &str) -> (Arc<Snapshot>, Option<Arc<dyn TableProvider>>) {
        let pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        (Arc::clone(&pinned.snapshot), pinned.made.get(name).cloned())
    }

    fn keep(&self, name: &'static str, snapshot: &Arc<Snapshot>, table: &Arc<dyn TableProvider>) {
        let mut pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&pinned.snapshot, snapshot) {
            pinned.made.insert(name, Arc::clone(table));
        }
    }

    async fn view(&self, view: &'static views::View) -> Result<Arc<dyn TableProvider>> {
        let state = self.session.get().and_then(Weak::upgrade).map(|state| state.read().clone());
        let state = state.ok_or_else(|| DataFusionError::Internal("the session is gone".to_owned()))?;
        let statement = Parser::parse_sql(&PostgreSqlDialect {}, view.sql)?.pop();
        let statement =
            statement.ok_or_else(|| DataFusionError::Internal(format!("view {} is empty", view.name)))?;
        let plan = state.statement_to_plan(EngineStatement::Statement(Box::new(statement))).await?;
        Ok(Arc::new(ViewTable::new(plan, Some(view.sql.to_owned()))))
    }
}

impl std::fmt::Debug for LakeSchema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LakeSchema")
    }
}

#[async_trait]
impl SchemaProvider for LakeSchema {
    fn table_names(&self) -> Vec<String> {
        names().map(str::to_owned).collect()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        let Some(name) = names().find(|known| *known == name) else { return Ok(None) };
        let (snapshot, made) = self.made(name);
        if made.is_some() {
            return Ok(made);
        }
        let table: Arc<dyn TableProvider> = match name {
            EVENTS => Arc::new(SegmentTable::events(&self.lake, &snapshot)),
            ACCESS => Arc::new(SegmentTable::access(&self.lake, &snapshot)),
            tables::SEGMENTS => Arc::new(SegmentsTable::new(&snapshot)),
            tables::LOG => Arc::new(LogTable::new(&self.lake, &snapshot)),
            name => match views::find(name) {
                Some(view) => self.view(view).await?,
                None => return Ok(None),
            },
        };
        self.keep(name, &snapshot, &table);
        Ok(Some(table))
    }

    async fn table_type(&self, name: &str) -> Result<Option<TableType>> {
        Ok(names()
            .find(|known| *known == name)
            .map(|name| if is_table(name) { TableType::Base } else { TableType::View }))
    }

    fn table_exist(&self, name: &str) -> bool {
        names().any(|known| known == name)
    }
}
