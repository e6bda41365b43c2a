//! What planning a statement may grow to, known before it is optimised.
//!
//! The optimiser writes a column's expression into each place that uses the column, and a WITH clause's plan into
//! each place that names it. A few lines of SQL can ask for more terms than there are atoms that way, and an
//! optimiser that is at it looks at no clock. Both are counted here first, without being written out.

use std::collections::HashMap;
use std::ops::ControlFlow;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, Result, ScalarValue};
use datafusion::logical_expr::{Expr, LogicalPlan};

use crate::error::{Error, sqlstate};
use crate::functions;

/// The most steps of a plan, those of WITH clauses and views counted for each use.
pub(crate) const PLAN_NODES_MAX: usize = 1_000;

/// The most terms that a column's expression may gain when the columns that it is computed from are written out.
pub(crate) const COLUMN_TERMS_MAX: u64 = 20_000;

/// Rows that operators compute together: the engine's own default.
const BATCH_ROWS: usize = 8_192;

/// Rows computed together where arrays are made and may be repeated by joins and windows.
const BATCH_ROWS_OF_ARRAYS: usize = 128;

/// Rows computed together where texts are made longer and then gathered into one: `string_agg` counts what it holds
/// only between two batches, and a text may have [`VALUE_BYTES_MAX`](crate::functions::VALUE_BYTES_MAX).
const BATCH_ROWS_OF_GATHERED_TEXTS: usize = 8;

/// What the constants of a statement may take in one batch, each repeated in every row, in bytes.
const CONSTANTS_BYTES_MAX: usize = 64 << 20;

/// Refuses a plan that would grow too much.
///
/// # Errors
/// [`Error::Limit`], with SQLSTATE 54001.
pub(crate) fn check(plan: &LogicalPlan) -> std::result::Result<(), Error> {
    let mut nodes = 0;
    let counted = plan.apply_with_subqueries(|_| {
        nodes += 1;
        Ok(if nodes > PLAN_NODES_MAX { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    counted.map_err(|error| Error::planning(&error))?;
    let refuse = |message: String| Err(Error::Limit { sqlstate: sqlstate::TOO_COMPLEX, message });
    if nodes > PLAN_NODES_MAX {
        return refuse(format!(
            "the statement's plan has more than {PLAN_NODES_MAX} steps, with what it uses more than once"
        ));
    }
    match terms(plan) {
        ControlFlow::Continue(_) => Ok(()),
        ControlFlow::Break(()) => refuse(format!(
            "a column of the statement is computed from more than {COLUMN_TERMS_MAX} terms, with those of the \
             columns that it is computed from"
        )),
    }
}

/// How many rows an operator of this plan may compute together.
pub(crate) fn batch_rows(plan: &LogicalPlan) -> Result<usize> {
    let (mut constants_bytes, mut arrays, mut repeats) = (0_usize, false, false);
    let (mut gathers, mut grows) = (false, false);
    plan.apply_with_subqueries(|node| {
        repeats |= matches!(node, LogicalPlan::Join(_) | LogicalPlan::Window(_) | LogicalPlan::Subquery(_));
        node.apply_expressions(|expr| {
            expr.apply(|expr| {
                match expr {
                    Expr::Literal(value, _) => constants_bytes += bytes_of(value),
                    Expr::ScalarSubquery(_) => repeats = true,
                    Expr::AggregateFunction(call) => {
                        arrays |= call.func.name().ends_with("_agg");
                        gathers |= call.func.name() == "string_agg";
                    }
                    expr => {
                        arrays |= functions::makes_arrays(expr);
                        grows |= functions::grows_texts(expr);
                    }
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    let rows = match () {
        () if gathers && grows => BATCH_ROWS_OF_GATHERED_TEXTS,
        () if arrays && repeats => BATCH_ROWS_OF_ARRAYS,
        () => BATCH_ROWS,
    };
    Ok(rows.min(CONSTANTS_BYTES_MAX / constants_bytes.max(1)).max(1))
}

fn bytes_of(value: &ScalarValue) -> usize {
    match value {
        ScalarValue::Utf8View(_) => 0,
        value => value.size(),
    }
}

/// Terms of each output column, by position; Break where there are too many.
fn terms(plan: &LogicalPlan) -> ControlFlow<(), Vec<u64>> {
    let mut inputs: Vec<u64> = Vec::new();
    let mut positions: HashMap<Column, usize> = HashMap::new();
    for input in plan.inputs() {
        let of_input = terms(input)?;
        for (column, terms) in input.schema().columns().into_iter().zip(of_input) {
            positions.insert(column, inputs.len());
            inputs.push(terms);
        }
    }
    // What is planned inside an expression is a plan of its own.
    let mut too_many = false;
    let inside = plan.apply_expressions(|expr| {
        expr.apply(|expr| {
            let subquery = match expr {
                Expr::ScalarSubquery(subquery) => Some(subquery),
                Expr::Exists(exists) => Some(&exists.subquery),
                Expr::InSubquery(within) => Some(&within.subquery),
                _ => None,
            };
            too_many |= subquery.is_some_and(|subquery| terms(&subquery.subquery).is_break());
            Ok(TreeNodeRecursion::Continue)
        })
    });
    if too_many || inside.is_err() {
        return ControlFlow::Break(());
    }
    let of = |expr: &Expr| {
        let (mut own, mut sum) = (0_u64, 0_u64);
        let walked = expr.apply(|expr| {
            let terms = match expr {
                Expr::Column(column) => positions.get(column).map_or(1, |at| inputs[*at]),
                _ => 1,
            };
            own += 1;
            sum = sum.saturating_add(terms);
            Ok(TreeNodeRecursion::Continue)
        });
        if walked.is_ok() && sum - own <= COLUMN_TERMS_MAX {
            ControlFlow::Continue(sum)
        } else {
            ControlFlow::Break(())
        }
    };
    let each = |exprs: &[Expr]| {
        let mut terms = Vec::with_capacity(exprs.len());
        for expr in exprs {
            terms.push(of(expr)?);
        }
        ControlFlow::Continue(terms)
    };
    ControlFlow::Continue(match plan {
        LogicalPlan::Projection(projection) => each(&projection.expr)?,
        LogicalPlan::Aggregate(aggregate) => {
            let mut terms = each(&aggregate.group_expr)?;
            each(&aggregate.aggr_expr)?;
            terms.resize(plan.schema().fields().len(), 1);
            terms
        }
        LogicalPlan::Window(window) => {
            each(&window.window_expr)?;
            inputs.resize(plan.schema().fields().len(), 1);
            inputs
        }
        LogicalPlan::Filter(filter) => {
            of(&filter.predicate)?;
            inputs
        }
        LogicalPlan::Union(_) => {
            // Each input has as many columns as the union; the largest counts.
            let columns = plan.schema().fields().len().max(1);
            let mut terms = vec![1; columns];
            for (at, of_input) in inputs.iter().enumerate() {
                terms[at % columns] = terms[at % columns].max(*of_input);
            }
            terms
        }
        LogicalPlan::Subquery(_)
        | LogicalPlan::SubqueryAlias(_)
        | LogicalPlan::Sort(_)
        | LogicalPlan::Limit(_)
        | LogicalPlan::Distinct(_)
        | LogicalPlan::Repartition(_) => inputs,
        LogicalPlan::Join(join) => {
            if let Some(filter) = &join.filter {
                of(filter)?;
            }
            inputs.resize(plan.schema().fields().len(), 1);
            inputs
        }
        _ => vec![1; plan.schema().fields().len()],
    })
}

#[cfg(test)]
mod tests;
