//! `EXISTS (…)` among the columns of an answer. The engine knows it in conditions alone; as a value it is whether the rows
//! are more than none.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::expr::Exists;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, Subquery, col, lit};

/// What the rows are counted as.
const ROWS: &str = "rows";

/// The value of an `EXISTS`.
pub(super) fn as_value(exists: Exists) -> Result<Expr> {
    let Exists { subquery, negated } = exists;
    let mut rows = LogicalPlanBuilder::from(Arc::clone(&subquery.subquery));
    // One that does not depend on the row outside need not be read to its end.
    if subquery.outer_ref_columns.is_empty() {
        rows = rows.limit(0, Some(1))?;
    }
    let counted = rows.aggregate(Vec::<Expr>::new(), vec![count(lit(1_i64)).alias(ROWS)])?;
    let none = lit(0_i64);
    let value = if negated { col(ROWS).eq(none) } else { col(ROWS).gt(none) };
    let plan = counted.project(vec![value])?.build()?;
    Ok(Expr::ScalarSubquery(Subquery { subquery: Arc::new(plan), ..subquery }))
}
