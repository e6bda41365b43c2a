//! PostgreSQL's other spellings of what the engine can do: `FETCH FIRST n ROWS ONLY` is `LIMIT n`, `mod(a, b)` is `a % b`,
//! `age(time)` is `age(current_date, time)`.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, Fetch, Function, FunctionArg, FunctionArgExpr, FunctionArguments, LimitClause,
    Query, Value, VisitMut, VisitorMut,
};

use super::{different, zone};
use crate::error::{Error, sqlstate};
use crate::functions::AGE;

/// Writes a query as the engine knows it.
///
/// # Errors
/// `FETCH FIRST … WITH TIES` and `PERCENT`, which it does not know at all; two limits of one query.
pub(crate) fn respelled(query: &mut Query) -> Result<(), Error> {
    match query.visit(&mut Spelling) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}

struct Spelling;

impl VisitorMut for Spelling {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        let limited = match query.fetch.take() {
            Some(fetch) => limit(query, fetch),
            None => Ok(()),
        };
        limited.map_or_else(ControlFlow::Break, ControlFlow::Continue)
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        if let Some(new) = respelled_call(expr) {
            *expr = new;
        }
        ControlFlow::Continue(())
    }
}

fn limit(query: &mut Query, fetch: Fetch) -> Result<(), Error> {
    if fetch.with_ties || fetch.percent {
        let what = if fetch.with_ties { "WITH TIES" } else { "PERCENT" };
        let hint = "FETCH FIRST n ROWS ONLY and LIMIT n take a number of rows; rank() OVER (ORDER BY …) in a subquery counts \
                    with ties";
        return Err(different(format!("FETCH FIRST … {what} is not supported"), hint));
    }
    let one = || Expr::Value(Value::Number("1".to_owned(), false).into());
    let rows = Some(fetch.quantity.unwrap_or_else(one));
    query.limit_clause = Some(match query.limit_clause.take() {
        None => LimitClause::LimitOffset { limit: rows, offset: None, limit_by: Vec::new() },
        Some(LimitClause::LimitOffset { limit: None, offset, limit_by }) => {
            LimitClause::LimitOffset { limit: rows, offset, limit_by }
        }
        Some(_) => {
            let message = "syntax error: LIMIT and FETCH FIRST in one query";
            return Err(Error::statement(sqlstate::SYNTAX_ERROR, message));
        }
    });
    Ok(())
}

/// A call that is written otherwise, if this is one.
fn respelled_call(expr: &mut Expr) -> Option<Expr> {
    let Expr::Function(Function {
        name, args: FunctionArguments::List(list), filter: None, over: None, ..
    }) = expr
    else {
        return None;
    };
    let name = name.0.last()?.as_ident().filter(|name| name.quote_style.is_none())?.value.to_lowercase();
    let args: Vec<&mut Expr> = list
        .args
        .iter_mut()
        .map(|arg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(arg)) => Some(arg),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let taken = |arg: &mut Expr| std::mem::replace(arg, Expr::Value(Value::Null.into()));
    match (name.as_str(), args) {
        ("mod", args) if args.len() == 2 => {
            let mut args = args.into_iter().map(taken);
            let (left, right) = (Box::new(args.next()?), Box::new(args.next()?));
            let modulo = Expr::BinaryOp { left, op: BinaryOperator::Modulo, right };
            Some(Expr::Nested(Box::new(modulo)))
        }
        (AGE, args) if args.len() == 1 => {
            let since = args.into_iter().map(taken).next()?;
            Some(zone::call(AGE, [zone::call("current_date", []), since]))
        }
        _ => None,
    }
}
