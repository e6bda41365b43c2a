//! What a plan reads: the second gate, and the facts for the access log.
//!
//! The statement was admitted by its grammar; here its plan is walked, subqueries included, and only nodes and
//! tables on a list pass. The walk also collects which tables and columns are read, those that only filter
//! included, since "who looked at actor_email" is a question that auditors of auditors ask.

use std::collections::BTreeSet;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr, LogicalPlan, TableScan};
use datafusion::sql::sqlparser::ast::Query;

use crate::catalog::LAKE_SCHEMA;
use crate::error::{Error, sqlstate};

/// Schemas of which every table describes the catalog and none holds events.
pub(crate) const CATALOG_SCHEMAS: &[&str] = &["pg_catalog", "information_schema"];

/// Table functions that take numbers or arrays and read nothing.
pub(crate) const TABLE_FUNCTIONS: &[&str] = &["generate_series", "range", "unnest", "pg_get_keywords"];

/// Aggregates whose value is as large as all their input.
const GATHERING: &[&str] = &["array_agg", "string_agg"];

/// What a plan reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Tables of the lake by name, catalog tables with their schema.
    pub tables: BTreeSet<String>,
    /// `table.column` of the lake's tables.
    pub columns: BTreeSet<String>,
}

impl Reads {
    /// Whether no table of the lake is read.
    pub fn catalog_only(&self) -> bool {
        self.tables.iter().all(|table| is_catalog_name(table))
    }
}

pub(crate) fn is_catalog_name(table: &str) -> bool {
    CATALOG_SCHEMAS.iter().any(|schema| table.strip_prefix(schema).is_some_and(|rest| rest.starts_with('.')))
}

/// Checks a plan and collects what it reads.
///
/// # Errors
/// A node that writes or a table that is not the lake's.
pub(crate) fn of_plan(plan: &LogicalPlan) -> Result<Reads, Error> {
    let mut reads = Reads::default();
    let mut refusal = None;
    plan.apply_with_subqueries(|node| match visit(node, &mut reads) {
        Ok(()) => Ok(TreeNodeRecursion::Continue),
        Err(error) => {
            refusal = Some(error);
            Ok(TreeNodeRecursion::Stop)
        }
    })
    .map_err(|error: DataFusionError| Error::planning(&error))?;
    match refusal {
        Some(error) => Err(error),
        None => Ok(reads),
    }
}

fn visit(node: &LogicalPlan, reads: &mut Reads) -> Result<(), Error> {
    match node {
        LogicalPlan::TableScan(scan) => table_scan(scan, reads),
        LogicalPlan::Window(window) => window_functions(&window.window_expr),
        LogicalPlan::Projection(_)
        | LogicalPlan::Filter(_)
        | LogicalPlan::Aggregate(_)
        | LogicalPlan::Sort(_)
        | LogicalPlan::Join(_)
        | LogicalPlan::Repartition(_)
        | LogicalPlan::Union(_)
        | LogicalPlan::EmptyRelation(_)
        | LogicalPlan::Subquery(_)
        | LogicalPlan::SubqueryAlias(_)
        | LogicalPlan::Limit(_)
        | LogicalPlan::Values(_)
        | LogicalPlan::Explain(_)
        | LogicalPlan::Analyze(_)
        | LogicalPlan::Distinct(_)
        | LogicalPlan::Unnest(_)
        | LogicalPlan::RecursiveQuery(_) => Ok(()),
        LogicalPlan::Statement(_)
        | LogicalPlan::Extension(_)
        | LogicalPlan::Dml(_)
        | LogicalPlan::Ddl(_)
        | LogicalPlan::Copy(_)
        | LogicalPlan::DescribeTable(_) => Err(Error::denied(
            sqlstate::READ_ONLY,
            "the statement does more than read; the lake can only be read",
        )),
    }
}

/// An array or text for each row, of all rows before it, is the square of the rows: no memory is enough for that.
fn window_functions(exprs: &[Expr]) -> Result<(), Error> {
    let mut gathers = false;
    for expr in exprs {
        let walked = expr.apply(|expr| {
            if let Expr::WindowFunction(call) = expr {
                gathers |= GATHERING.contains(&call.fun.name());
            }
            Ok(TreeNodeRecursion::Continue)
        });
        walked.map_err(|error| Error::planning(&error))?;
    }
    if gathers {
        let message = "array_agg and string_agg are not computed over a window; GROUP BY gathers values";
        return Err(Error::statement(sqlstate::FEATURE_NOT_SUPPORTED, message));
    }
    Ok(())
}

fn table_scan(scan: &TableScan, reads: &mut Reads) -> Result<(), Error> {
    let table = scan.table_name.table();
    match scan.table_name.schema() {
        // The engine's own options: none of the client's business, and none that it could change.
        Some("information_schema") if table == "df_settings" => {
            let message =
                "the engine's settings cannot be read; SHOW ALL lists the settings that a session has";
            return Err(Error::denied(sqlstate::INSUFFICIENT_PRIVILEGE, message));
        }
        Some(schema) if CATALOG_SCHEMAS.contains(&schema) => {
            reads.tables.insert(format!("{schema}.{table}"));
            return Ok(());
        }
        // A name without schema is looked up in the lake's schema, except for what is no table at all: functions
        // and the working table of a recursive query, which are planned under their own names.
        Some(schema) if schema != LAKE_SCHEMA => {
            return Err(Error::denied(sqlstate::INSUFFICIENT_PRIVILEGE, "there is no such schema here"));
        }
        _ => {}
    }
    if !crate::catalog::is_table(table) {
        let function = table.trim_end_matches("()");
        let working_table = scan.source.get_logical_plan().is_none() && scan.filters.is_empty();
        if TABLE_FUNCTIONS.contains(&function) || working_table {
            return Ok(());
        }
        return Err(Error::denied(
            sqlstate::INSUFFICIENT_PRIVILEGE,
            "the statement reads what is no table of the lake",
        ));
    }
    reads.tables.insert(table.to_owned());
    for field in scan.projected_schema.fields() {
        reads.columns.insert(format!("{table}.{}", field.name()));
    }
    for filter in &scan.filters {
        filter
            .apply(|expr| {
                if let Expr::Column(column) = expr {
                    reads.columns.insert(format!("{table}.{}", column.name));
                }
                Ok(TreeNodeRecursion::Continue)
            })
            .map_err(|error| Error::planning(&error))?;
    }
    Ok(())
}

/// Views that a query names. Planning replaces them by the tables under them; the access log names both.
pub(crate) fn views_of(query: &Query) -> impl Iterator<Item = String> {
    let names = crate::dialect::relations(query).into_iter();
    let names = names.map(|name| name.strip_prefix("sealake.").map_or(name.clone(), str::to_owned));
    let names = names.map(|name| name.strip_prefix("public.").map_or(name.clone(), str::to_owned));
    names.filter(|name| crate::views::find(name).is_some())
}
