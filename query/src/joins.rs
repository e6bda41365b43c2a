//! Which side of a join without keys is held in memory, and that no join keeps its thread.
//!
//! The engine holds the left side of such a join and streams the right one. `FROM a, b, c` is planned as
//! `(a × b) × c`, so it would gather `a × b` before the first row. A side that is itself a join therefore goes to the
//! right, where it is computed row by row until somebody has enough of it.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{JoinType, Result};
use datafusion::logical_expr::{Expr, Join, LogicalPlan, Projection};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;

/// The plan with every inner join without keys turned so that it streams the side that is itself a join.
pub(crate) fn stream_the_larger(plan: LogicalPlan) -> Result<LogicalPlan> {
    let turned = plan.transform_up_with_subqueries(|node| match node {
        LogicalPlan::Join(join) if join.join_type == JoinType::Inner && join.on.is_empty() => {
            if !has_join(&join.left)? || has_join(&join.right)? {
                return Ok(Transformed::no(LogicalPlan::Join(join)));
            }
            turn(join).map(Transformed::yes)
        }
        node => Ok(Transformed::no(node)),
    })?;
    Ok(turned.data)
}

/// The plan with every join giving way now and then. The engine sees to that for what reads; a join makes millions of
/// batches of one that was read, and what gathers them would not notice for all that time that nobody waits any more.
pub(crate) fn give_way(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let fitted = plan.transform_up(|node| {
        // A join has two inputs, and so has nothing else but a union, which gives way as its inputs do.
        Ok(match node.children().len() {
            0 | 1 => Transformed::no(node),
            _ => Transformed::yes(Arc::new(CooperativeExec::new(node)) as Arc<dyn ExecutionPlan>),
        })
    })?;
    Ok(fitted.data)
}

fn has_join(plan: &LogicalPlan) -> Result<bool> {
    plan.exists(|node| Ok(matches!(node, LogicalPlan::Join(_))))
}

/// The same rows with the same columns in the same order, the sides changed.
fn turn(join: Join) -> Result<LogicalPlan> {
    let schema = Arc::clone(&join.schema);
    let columns: Vec<Expr> = schema.columns().into_iter().map(Expr::Column).collect();
    let turned = Join::try_new(
        join.right,
        join.left,
        join.on,
        join.filter,
        join.join_type,
        join.join_constraint,
        join.null_equality,
        join.null_aware,
    )?;
    let turned = LogicalPlan::Join(turned);
    if columns.is_empty() {
        return Ok(turned);
    }
    Ok(LogicalPlan::Projection(Projection::try_new_with_schema(columns, Arc::new(turned), schema)?))
}
