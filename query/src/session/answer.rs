//! What a statement gives back: columns, rows, and the log size that they were read at.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Fields, Schema as ArrowSchema, SchemaRef};
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::sql::sqlparser::ast::{
    Expr, Ident, Query, SelectItem, SetExpr, Value, visit_expressions_mut,
};

use super::plan::Begun;
use crate::access::Notice;
use crate::config::Limits;
use crate::error::{Error, sqlstate};
use crate::functions::TIMEZONE;
use crate::lake::Snapshot;
use crate::rows::{Rows, Running, ScanStats};

/// The most parameters of one statement; PostgreSQL's limit.
const PARAMETERS_MAX: usize = 65_535;

/// The answer to a statement.
pub struct Answer {
    /// PostgreSQL's command tag, without a row count.
    pub tag: &'static str,
    /// The rows. Without columns there are none.
    pub rows: Rows,
    /// What was read.
    pub footer: Footer,
    /// What the client is told beside it.
    pub notice: Option<Notice>,
}

/// Which state of the event log an answer shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footer {
    /// Entries of the log.
    pub size: u64,
    /// Root of the log at that size.
    pub root: [u8; 32],
    /// When its newest entry was committed, microseconds UTC.
    pub committed: i64,
}

impl std::fmt::Display for Footer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let root = hex::encode(&self.root[..8]);
        write!(
            f,
            "log size {}, root {root}…, of {}",
            self.size,
            auditstore::time::format_time(self.committed)
        )
    }
}

impl Answer {
    /// The columns.
    pub fn schema(&self) -> &SchemaRef {
        self.rows.schema()
    }

    pub(super) fn rows(tag: &'static str, rows: Rows, snapshot: &Snapshot) -> Answer {
        Answer { tag, rows, footer: footer(snapshot), notice: None }
    }

    /// The answer to a query that has begun.
    pub(super) fn begun(tag: &'static str, begun: Begun) -> Answer {
        let Begun { rows, snapshot, notice } = begun;
        Answer { notice, ..Answer::rows(tag, rows, &snapshot) }
    }

    /// An answer without columns.
    pub(super) fn empty(tag: &'static str, limits: &Limits, snapshot: &Snapshot) -> Answer {
        Answer::rows(tag, given(&no_columns(), Vec::new(), limits), snapshot)
    }
}

fn footer(snapshot: &Snapshot) -> Footer {
    let events = &snapshot.events;
    Footer { size: events.size, root: events.root, committed: events.committed }
}

/// Rows that are there already.
fn given(schema: &SchemaRef, batches: Vec<RecordBatch>, limits: &Limits) -> Rows {
    let batches = futures::stream::iter(batches.into_iter().map(Ok));
    Rows::new(Running {
        stream: Box::pin(RecordBatchStreamAdapter::new(Arc::clone(schema), batches)),
        schema: Arc::clone(schema),
        started: std::time::Instant::now(),
        limits: limits.clone(),
        stats: Arc::new(ScanStats::default()),
        pool: None,
        look: None,
        turn: None,
    })
}

pub(super) fn no_columns() -> SchemaRef {
    Arc::new(ArrowSchema::empty())
}

/// The columns of a query as PostgreSQL names them: an expression without a name is called after its function,
/// its column or its type, anything else `?column?`. The engine's own names (`Int64(1)`, `count(*)`) would be
/// quoted nowhere and surprise every client.
pub(super) fn named(query: &Query, planned: &SchemaRef) -> SchemaRef {
    let Some(items) = projection(&query.body) else { return Arc::clone(planned) };
    let single =
        |item: &SelectItem| matches!(item, SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { .. });
    if items.len() != planned.fields().len() || !items.iter().all(single) {
        return Arc::clone(planned);
    }
    let fields = items.iter().zip(planned.fields()).map(|(item, field)| match item {
        SelectItem::UnnamedExpr(expr) => {
            Arc::new(field.as_ref().clone().with_name(name(expr).unwrap_or_else(|| "?column?".to_owned())))
        }
        _ => Arc::clone(field),
    });
    Arc::new(ArrowSchema::new_with_metadata(fields.collect::<Fields>(), planned.metadata().clone()))
}

/// Gives columns that the engine calls alike names of their own: SQL allows `SELECT a, a`, the engine does not, and it
/// calls casts after what they cast. What the client sees is named by [`named`], from the query as it was sent.
pub(super) fn tell_apart(body: &mut SetExpr) {
    match body {
        SetExpr::Select(select) => {
            let mut seen = HashSet::new();
            for (at, item) in select.projection.iter_mut().enumerate() {
                if let SelectItem::UnnamedExpr(expr) = item
                    && !seen.insert(without_casts(expr))
                {
                    *item = SelectItem::ExprWithAlias {
                        expr: expr.clone(),
                        alias: Ident::with_quote('"', format!("column {}", at + 1)),
                    };
                }
            }
        }
        SetExpr::Query(query) => tell_apart(&mut query.body),
        SetExpr::SetOperation { left, right, .. } => {
            tell_apart(left);
            tell_apart(right);
        }
        _ => {}
    }
}

/// An expression as text, in lower case and without its casts.
fn without_casts(expr: &Expr) -> String {
    let mut expr = expr.clone();
    let walked: ControlFlow<()> = visit_expressions_mut(&mut expr, |expr| {
        while let Expr::Cast { expr: inner, .. } | Expr::Nested(inner) = expr {
            let inner = std::mem::replace(inner.as_mut(), Expr::Value(Value::Null.into()));
            *expr = inner;
        }
        ControlFlow::Continue(())
    });
    debug_assert!(walked.is_continue(), "nothing ends the walk");
    expr.to_string().to_lowercase()
}

fn projection(body: &SetExpr) -> Option<&[SelectItem]> {
    match body {
        SetExpr::Select(select) => Some(&select.projection),
        SetExpr::Query(query) => projection(&query.body),
        SetExpr::SetOperation { left, .. } => projection(left),
        _ => None,
    }
}

fn name(expr: &Expr) -> Option<String> {
    let ident = |ident: &Ident| {
        Some(if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_lowercase() })
    };
    match expr {
        Expr::Identifier(one) => ident(one),
        Expr::CompoundIdentifier(parts) => ident(parts.last()?),
        Expr::Function(function) => ident(function.name.0.last()?.as_ident()?),
        Expr::Cast { expr, data_type, .. } => {
            Some(name(expr).unwrap_or_else(|| data_type.to_string().to_lowercase()))
        }
        Expr::Nested(expr) => name(expr),
        Expr::Case { else_result, .. } => {
            Some(else_result.as_deref().and_then(name).unwrap_or_else(|| "case".to_owned()))
        }
        Expr::AtTimeZone { .. } => Some(TIMEZONE.to_owned()),
        Expr::Exists { .. } => Some("exists".to_owned()),
        Expr::Extract { .. } => Some("extract".to_owned()),
        Expr::Substring { .. } => Some("substring".to_owned()),
        Expr::Trim { .. } => Some("btrim".to_owned()),
        Expr::Position { .. } => Some("position".to_owned()),
        Expr::Subquery(query) => match projection(&query.body)? {
            [SelectItem::UnnamedExpr(expr)] => name(expr),
            [SelectItem::ExprWithAlias { alias, .. }] => ident(alias),
            _ => None,
        },
        _ => None,
    }
}

/// Columns and parameter types of a planned query. A type that the client declares counts; else what the engine
/// infers; else text.
pub(super) fn describe(
    query: &Query,
    plan: &LogicalPlan,
    declared: &[Option<DataType>],
) -> Result<(SchemaRef, Vec<DataType>), Error> {
    let inferred = plan.get_parameter_types().map_err(|error| Error::planning(&error))?;
    let mut count = declared.len();
    for name in inferred.keys() {
        let number = name.strip_prefix('$').and_then(|number| number.parse::<usize>().ok());
        let number = number.filter(|number| (1..=PARAMETERS_MAX).contains(number)).ok_or_else(|| {
            Error::statement(sqlstate::UNDEFINED_PARAMETER, format!("there is no parameter {name}"))
        })?;
        count = count.max(number);
    }
    let types: Vec<DataType> = (0..count)
        .map(|at| {
            let declared = declared.get(at).cloned().flatten();
            let inferred = || inferred.get(&format!("${}", at + 1)).cloned().flatten();
            declared.or_else(inferred).filter(|ty| *ty != DataType::Null).unwrap_or(DataType::Utf8)
        })
        .collect();
    if types.is_empty() {
        return Ok((named(query, plan.schema().inner()), types));
    }
    // With typed nulls for parameters the plan has the columns that it will have with values.
    let nulls: Result<Vec<ScalarValue>, _> = types.iter().map(ScalarValue::try_from).collect();
    let nulls = ParamValues::from(nulls.map_err(|error| Error::planning(&error))?);
    let bound = plan.clone().with_param_values(nulls).map_err(|error| Error::planning(&error))?;
    Ok((named(query, bound.schema().inner()), types))
}

pub(super) fn explain(plan: LogicalPlan, analyze: bool, verbose: bool) -> Result<LogicalPlan, Error> {
    LogicalPlanBuilder::from(plan)
        .explain(verbose, analyze)
        .and_then(LogicalPlanBuilder::build)
        .map_err(|error| Error::planning(&error))
}

/// The two columns of the engine's EXPLAIN.
pub(super) fn explain_schema() -> SchemaRef {
    Arc::new(ArrowSchema::new(vec![
        Field::new("plan_type", DataType::Utf8, false),
        Field::new("plan", DataType::Utf8, false),
    ]))
}

pub(super) fn show_schema(name: &str) -> SchemaRef {
    let columns = if name == "all" { vec!["name", "setting", "description"] } else { vec![name] };
    Arc::new(ArrowSchema::new(
        columns.into_iter().map(|name| Field::new(name, DataType::Utf8, false)).collect::<Vec<_>>(),
    ))
}

/// The answer to `SHOW`.
pub(super) fn show(
    name: &str,
    settings: &[(String, String, &'static str)],
    limits: &Limits,
    snapshot: &Snapshot,
) -> Result<Answer, Error> {
    let schema = show_schema(name);
    let values = |of: fn(&(String, String, &'static str)) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(settings.iter().map(of)))
    };
    let columns = if name == "all" {
        vec![values(|row| row.0.clone()), values(|row| row.1.clone()), values(|row| row.2.to_owned())]
    } else {
        vec![values(|row| row.1.clone())]
    };
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns)
        .map_err(|_| Error::Internal("the settings cannot be shown".to_owned()))?;
    Ok(Answer::rows("SHOW", given(&schema, vec![batch], limits), snapshot))
}
