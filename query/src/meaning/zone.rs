//! `AT TIME ZONE` as PostgreSQL means it: a call of its function [`timezone`](TIMEZONE).

use std::ops::ControlFlow;

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{Between, BinaryExpr, Cast, Expr, ExprSchemable, Operator, lit};
use datafusion::sql::sqlparser::ast::{
    self, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident, ObjectName,
};

use crate::functions::TIMEZONE;

/// No clock is further from UTC, in days.
const OFFSET_DAYS_MAX: i32 = 1;
/// The parts of time that `date_trunc` cuts to of which none is longer than [`TRUNCATED_DAYS_MAX`].
const PARTS: &[&str] =
    &["year", "quarter", "month", "week", "day", "hour", "minute", "second", "millisecond", "microsecond"];
/// A year, in days.
const TRUNCATED_DAYS_MAX: i32 = 366;

/// Writes every `AT TIME ZONE` of a query as the call.
pub(crate) fn called(query: &mut ast::Query) {
    let walked: ControlFlow<()> = ast::visit_expressions_mut(query, |expr| {
        if matches!(expr, ast::Expr::AtTimeZone { .. }) {
            let null = ast::Expr::Value(ast::Value::Null.into());
            let ast::Expr::AtTimeZone { timestamp, time_zone } = std::mem::replace(expr, null) else {
                return ControlFlow::Continue(());
            };
            *expr = call(TIMEZONE, [*time_zone, *timestamp]);
        }
        ControlFlow::Continue(())
    });
    debug_assert!(walked.is_continue(), "nothing ends the walk");
}

/// A call of a function.
pub(super) fn call<const ARGS: usize>(name: &str, args: [ast::Expr; ARGS]) -> ast::Expr {
    let args = args.map(|arg| FunctionArg::Unnamed(FunctionArgExpr::Expr(arg)));
    ast::Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args: args.into(),
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}

/// For a comparison of what clocks show with a constant the same of the moment, with as much room as clocks may differ:
/// of whatever the first is true, this is, and by this segments are told to have no row.
pub(super) fn bounds_of(compared: &BinaryExpr, schema: &DFSchema) -> Option<Expr> {
    let BinaryExpr { left, op, right } = compared;
    match shown(left, schema) {
        Some(shown) => bounds(&shown, *op, right, schema),
        None => shown(right, schema).and_then(|shown| bounds(&shown, op.swap()?, left, schema)),
    }
}

/// The same of `BETWEEN`.
pub(super) fn bounds_of_between(between: &Between, schema: &DFSchema) -> Option<Expr> {
    let shown = shown(&between.expr, schema).filter(|_| !between.negated)?;
    Some(bounds(&shown, Operator::GtEq, &between.low, schema)?.and(bounds(
        &shown,
        Operator::LtEq,
        &between.high,
        schema,
    )?))
}

/// What clocks show at a moment, perhaps cut to a part of time.
struct Shown<'a> {
    moment: &'a Expr,
    /// How many days later than this the clocks may show less than the next part.
    cut_days: i32,
}

fn shown<'a>(expr: &'a Expr, schema: &DFSchema) -> Option<Shown<'a>> {
    match expr {
        Expr::ScalarFunction(ScalarFunction { func, args }) => match (func.name(), args.as_slice()) {
            (TIMEZONE, [Expr::Literal(..), moment]) => {
                let ty = moment.get_type(schema).ok()?;
                let column =
                    matches!(moment, Expr::Column(_)) && matches!(ty, DataType::Timestamp(_, Some(_)));
                column.then_some(Shown { moment, cut_days: 0 })
            }
            ("date_trunc", [Expr::Literal(part, _), cut])
                if part.try_as_str().flatten().is_some_and(|part| PARTS.contains(&part)) =>
            {
                shown(cut, schema).map(|shown| Shown { cut_days: TRUNCATED_DAYS_MAX, ..shown })
            }
            _ => None,
        },
        Expr::Cast(Cast { expr, field }) => match field.data_type() {
            DataType::Date32 => {
                shown(expr, schema).map(|shown| Shown { cut_days: shown.cut_days + 1, ..shown })
            }
            DataType::Timestamp(_, None) => shown(expr, schema),
            _ => None,
        },
        _ => None,
    }
}

fn bounds(shown: &Shown<'_>, op: Operator, constant: &Expr, schema: &DFSchema) -> Option<Expr> {
    // A number would be read as microseconds here, and as days by the comparison.
    let ty = constant.get_type(schema).ok()?;
    let is_time =
        ty.is_string() || matches!(ty, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64);
    if !is_time || !is_constant(constant) {
        return None;
    }
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let constant = || Expr::Cast(Cast::new(Box::new(constant.clone()), time.clone()));
    let days = |days| lit(ScalarValue::new_interval_dt(days, 0));
    let from = || shown.moment.clone().gt_eq(constant() - days(OFFSET_DAYS_MAX));
    let to = || shown.moment.clone().lt_eq(constant() + days(OFFSET_DAYS_MAX + shown.cut_days));
    match op {
        Operator::Eq => Some(from().and(to())),
        Operator::Gt | Operator::GtEq => Some(from()),
        Operator::Lt | Operator::LtEq => Some(to()),
        _ => None,
    }
}

/// A literal, or a cast of one.
fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(literal, _) => !literal.is_null(),
        Expr::Cast(cast) => is_constant(&cast.expr),
        _ => false,
    }
}
