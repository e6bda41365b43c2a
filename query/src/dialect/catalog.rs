//! What psql's and other tools' catalog questions need beside `datafusion-pg-catalog`.
//!
//! `ARRAY(SELECT …)` is not planned by the engine. In questions about the catalog it gathers memberships, access
//! lists and storage options, of which there are none here, so it becomes null, and what is computed from that null
//! with it. Only for catalog questions: see the module above.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Statement, Value, VisitMut,
    VisitorMut,
};

/// Rewrites a statement that asks the catalog.
pub(super) fn rewrite(statement: &mut Statement) {
    let walked: ControlFlow<()> = statement.visit(&mut NoArrays);
    debug_assert!(walked.is_continue());
}

struct NoArrays;

impl VisitorMut for NoArrays {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let becomes_null = match expr {
            Expr::Function(function) => {
                let name = function.name.0.last().and_then(|part| part.as_ident());
                let name = name.map(|ident| ident.value.to_lowercase()).unwrap_or_default();
                match (&function.args, name.as_str()) {
                    (FunctionArguments::Subquery(_), "array") => true,
                    (FunctionArguments::List(list), "array_to_string") => matches!(
                        list.args.first(),
                        Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(first))) if is_null(first)
                    ),
                    _ => false,
                }
            }
            Expr::BinaryOp { left, op: BinaryOperator::StringConcat, right } => {
                is_null(left) || is_null(right)
            }
            _ => false,
        };
        if becomes_null {
            *expr = Expr::Value(Value::Null.into());
        }
        ControlFlow::Continue(())
    }
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if value.value == Value::Null)
}
