//! What psql's and other tools' catalog questions need beside `datafusion-pg-catalog`.
//!
//! `ARRAY(SELECT …)` is not planned by the engine. In questions about the catalog it gathers memberships, access
//! lists and storage options, of which there are none here, so it becomes null, and what is computed from that null
//! with it. Only for catalog questions: see the module above.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, SelectItem, SetExpr, Statement,
    Value, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;

/// Rewrites a statement that asks the catalog.
pub(super) fn rewrite(statement: &mut Statement) {
    let walked: ControlFlow<()> = statement.visit(&mut NoArrays);
    debug_assert!(walked.is_continue());
}

/// Gives each subquery that stands for a comparison, as psql's `\\dT` has one, a value that is certainly one: the engine
/// takes no subquery that depends on its outer row and might have several rows.
pub(super) fn of_one_value(statement: &mut Statement) {
    let walked: ControlFlow<()> = statement.visit(&mut OneValue);
    debug_assert!(walked.is_continue());
}

struct OneValue;

impl VisitorMut for OneValue {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Subquery(query) = expr
            && let SetExpr::Select(select) = query.body.as_mut()
            && let [SelectItem::UnnamedExpr(value @ Expr::BinaryOp { op: BinaryOperator::Eq, .. })] =
                select.projection.as_mut_slice()
            && let Ok(most) = Parser::new(&PostgreSqlDialect {})
                .try_with_sql(&format!("bool_or({value})"))
                .and_then(|mut parser| parser.parse_expr())
        {
            *value = most;
        }
        ControlFlow::Continue(())
    }
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
