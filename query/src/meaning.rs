//! What a statement means in PostgreSQL where the engine would take it otherwise.
//!
//! The engine reads some of PostgreSQL's SQL without an error and answers something else: a text becomes bytes as
//! it is and not by its hex digits, a format of `to_char` is one of strftime, `SIMILAR TO` is a regular expression,
//! `AT TIME ZONE` leaves the moment as it is.
//! A wrong answer is worse than none, so such a plan is changed before it is optimised to mean what PostgreSQL
//! means, or refused with the way to write it.

mod bytea;
mod exists;
mod like;
mod pattern;
mod spelling;
mod zone;

pub(crate) use spelling::respelled;
pub(crate) use zone::called as with_zones_called;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchema, Result, ScalarValue};
use datafusion::logical_expr::expr::{Cast, InList, ScalarFunction, WindowFunction};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{
    BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator, Subquery, WindowFrame, WindowFrameBound,
    WindowFrameUnits,
};

use crate::error::{Error, sqlstate};

/// Functions whose arguments after the first are formats of a date or time that they read.
const READERS: &[&str] = &[
    "to_date",
    "to_time",
    "to_timestamp",
    "to_timestamp_seconds",
    "to_timestamp_millis",
    "to_timestamp_micros",
    "to_timestamp_nanos",
    "to_unixtime",
];

const BYTES_HINT: &str = "write it as '\\x…'::bytea or X'…'";

/// The plan as PostgreSQL means it. Parameters have their values by then.
///
/// # Errors
/// [`Error::Different`] for what cannot be made to mean the same; a text that is no bytea, or no format.
pub(crate) fn of_postgres(plan: LogicalPlan) -> Result<LogicalPlan> {
    let changed = plan.transform_up_with_subqueries(|node| {
        let inputs = node.inputs();
        let schema = if inputs.is_empty() { node.schema().as_ref().clone() } else { merge_schema(&inputs) };
        if let LogicalPlan::Join(join) = &node {
            for (left, right) in &join.on {
                comparable(left, right, &schema)?;
            }
        }
        let names = NamePreserver::new(&node);
        let is_projection = matches!(node, LogicalPlan::Projection(_));
        let renamed = |expr: Expr| {
            let name = names.save(&expr);
            let expr = expr.transform_up(|expr| match expr {
                Expr::Exists(exists) if is_projection => exists::as_value(exists).map(Transformed::yes),
                expr => one(expr, &schema),
            })?;
            Ok(expr.update_data(|expr| name.restore(expr)))
        };
        let node = node.map_expressions(|expr| match expr {
            // Its parts are columns, it is none.
            Expr::GroupingSet(_) => expr.map_children(renamed),
            expr => renamed(expr),
        })?;
        if node.transformed { node.map_data(LogicalPlan::recompute_schema) } else { Ok(node) }
    })?;
    Ok(changed.data)
}

fn one(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    match expr {
        Expr::Cast(cast) if is_bytes(cast.field.data_type()) && is_text(&cast.expr, schema) => {
            Ok(Transformed::yes(match constant_text(&cast.expr) {
                Some(text) => Expr::Literal(bytea::constant(text)?.cast_to(cast.field.data_type())?, None),
                None => Expr::Cast(Cast::new_from_field(Box::new(bytea::call(*cast.expr)), cast.field)),
            }))
        }
        Expr::TryCast(cast) if is_bytes(cast.field.data_type()) && is_text(&cast.expr, schema) => {
            let message = "try_cast of a text to bytea is not supported";
            Err(different(message, "CAST reads PostgreSQL's hex format; decode(text, 'hex') reads digits")
                .into())
        }
        Expr::WindowFunction(call) => framed(call, schema),
        Expr::BinaryExpr(BinaryExpr { left, op, right }) if is_comparison(op) => {
            let (left, read_left) = beside(*left, &right, schema)?;
            let (right, read_right) = beside(*right, &left, schema)?;
            let compared = BinaryExpr::new(Box::new(left), op, Box::new(right));
            Ok(match zone::bounds_of(&compared, schema) {
                Some(bounds) => Transformed::yes(Expr::BinaryExpr(compared).and(bounds)),
                None => Transformed::new_transformed(Expr::BinaryExpr(compared), read_left || read_right),
            })
        }
        Expr::InList(InList { expr, list, negated }) => {
            let mut read = false;
            let list = list.into_iter().map(|item| {
                let (item, changed) = beside(item, &expr, schema)?;
                read |= changed;
                Ok(item)
            });
            let list = list.collect::<Result<Vec<_>>>()?;
            let within = Expr::InList(InList { expr, list, negated });
            Ok(Transformed::new_transformed(within, read))
        }
        Expr::Between(mut between) => {
            let (low, low_read) = beside(*between.low, &between.expr, schema)?;
            let (high, high_read) = beside(*between.high, &between.expr, schema)?;
            (between.low, between.high) = (Box::new(low), Box::new(high));
            let bounds = zone::bounds_of_between(&between, schema);
            let between = Expr::Between(between);
            Ok(match bounds {
                Some(bounds) => Transformed::yes(between.and(bounds)),
                None => Transformed::new_transformed(between, low_read || high_read),
            })
        }
        Expr::InSubquery(ref within) => {
            of_subquery(&within.expr, &within.subquery, schema)?;
            Ok(Transformed::no(expr))
        }
        Expr::SetComparison(ref compared) => {
            of_subquery(&compared.expr, &compared.subquery, schema)?;
            Ok(Transformed::no(expr))
        }
        Expr::Like(like) if [&like.expr, &like.pattern].iter().any(|part| is_binary(part, schema)) => {
            Err(different("LIKE is not supported for bytea", "encode(value, 'hex') makes a text of bytes")
                .into())
        }
        Expr::Like(mut matched) if matched.escape_char.is_some() => {
            let (Some(escape), Some(text)) = (matched.escape_char.take(), constant_text(&matched.pattern))
            else {
                return Err(different(
                    "LIKE with ESCAPE and a pattern that is not a constant is not supported",
                    "write the pattern as a text, or leave ESCAPE out: \\ escapes",
                )
                .into());
            };
            *matched.pattern = Expr::Literal(ScalarValue::Utf8(Some(like::escaped(text, escape)?)), None);
            Ok(Transformed::yes(Expr::Like(matched)))
        }
        Expr::SimilarTo(_) => Err(different(
            "SIMILAR TO is not supported",
            "LIKE takes % and _, the operator ~ a regular expression",
        )
        .into()),
        Expr::Case(mut case) => {
            let mut read = false;
            if let Some(base) = &case.expr {
                for (when, _) in &mut case.when_then_expr {
                    let (expr, changed) = beside(std::mem::take(when.as_mut()), base, schema)?;
                    **when = expr;
                    read |= changed;
                }
            }
            Ok(Transformed::new_transformed(Expr::Case(case), read))
        }
        Expr::ScalarFunction(call) => formats(call, schema),
        expr => Ok(Transformed::no(expr)),
    }
}

/// A call of a function that takes formats, with those of PostgreSQL translated.
fn formats(mut call: ScalarFunction, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let name = call.func.name().to_owned();
    let writes = name == "to_char";
    if (!writes && !READERS.contains(&name.as_str())) || call.args.len() < 2 {
        return Ok(Transformed::no(Expr::ScalarFunction(call)));
    }
    let ty = call.args[0].get_type(schema).unwrap_or(DataType::Null);
    let mut translated = false;
    for format in &mut call.args[1..] {
        if is_null(format) {
            continue;
        }
        let Some(text) = constant_text(format) else {
            let message = format!("a format of {name} that is not a constant is not supported");
            return Err(different(message, "write the format as a text: '%Y-%m' or 'YYYY-MM'").into());
        };
        let new = if writes { pattern::to_write(text, &ty)? } else { pattern::to_read(text, &name)? };
        if let Some(new) = new {
            *format = Expr::Literal(ScalarValue::Utf8(Some(new)), None);
            translated = true;
        }
    }
    let call = Expr::ScalarFunction(call);
    Ok(Transformed::new_transformed(call, translated))
}

/// A window function with a frame that the engine can compute. It has no `RANGE` over bytes, which cannot be added
/// to; from the beginning or to the current row such a range is that of the rows that are sorted alike: `GROUPS`.
fn framed(mut call: Box<WindowFunction>, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let params = &mut call.params;
    let ranges = |sorted: &Expr| !is_binary(sorted, schema);
    if params.window_frame.units != WindowFrameUnits::Range
        || params.order_by.first().is_none_or(|sort| ranges(&sort.expr))
    {
        return Ok(Transformed::no(Expr::WindowFunction(call)));
    }
    let WindowFrame { start_bound, end_bound, .. } = &params.window_frame;
    let adds = |bound: &WindowFrameBound| !bound.is_unbounded() && *bound != WindowFrameBound::CurrentRow;
    if adds(start_bound) || adds(end_bound) {
        let message = "RANGE with offset PRECEDING/FOLLOWING is not supported for bytea";
        return Err(different(message, "ROWS counts rows, GROUPS counts values").into());
    }
    params.window_frame =
        WindowFrame::new_bounds(WindowFrameUnits::Groups, start_bound.clone(), end_bound.clone());
    Ok(Transformed::yes(Expr::WindowFunction(call)))
}

/// What is compared with `other`: a constant text beside bytes is read as bytes, as PostgreSQL takes the type of a
/// literal from what stands beside it. Also whether it was.
fn beside(expr: Expr, other: &Expr, schema: &DFSchema) -> Result<(Expr, bool)> {
    if !is_binary(other, schema) || !is_text(&expr, schema) {
        return Ok((expr, false));
    }
    let Expr::Literal(literal, _) = &expr else { return Err(no_operator().into()) };
    match literal.try_as_str() {
        Some(Some(text)) => Ok((Expr::Literal(bytea::constant(text)?, None), true)),
        _ => Ok((expr, false)),
    }
}

fn comparable(left: &Expr, right: &Expr, schema: &DFSchema) -> Result<()> {
    differ(left.get_type(schema).ok(), right.get_type(schema).ok())
}

fn of_subquery(expr: &Expr, subquery: &Subquery, schema: &DFSchema) -> Result<()> {
    let found = subquery.subquery.schema().fields().first().map(|field| field.data_type().clone());
    differ(expr.get_type(schema).ok(), found)
}

/// Refuses to compare bytes with a text.
fn differ(left: Option<DataType>, right: Option<DataType>) -> Result<()> {
    match (left, right) {
        (Some(left), Some(right))
            if is_bytes(&left) && is_string(&right) || is_string(&left) && is_bytes(&right) =>
        {
            Err(no_operator().into())
        }
        _ => Ok(()),
    }
}

fn is_comparison(op: Operator) -> bool {
    matches!(
        op,
        Operator::Eq
            | Operator::NotEq
            | Operator::Lt
            | Operator::LtEq
            | Operator::Gt
            | Operator::GtEq
            | Operator::IsDistinctFrom
            | Operator::IsNotDistinctFrom
    )
}

/// The text of a constant, also where it is cast to a text.
fn constant_text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Literal(literal, _) => literal.try_as_str().flatten(),
        Expr::Cast(cast) if is_string(cast.field.data_type()) => constant_text(&cast.expr),
        Expr::Alias(alias) => constant_text(&alias.expr),
        _ => None,
    }
}

fn is_null(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(literal, _) => literal.is_null(),
        Expr::Cast(cast) => is_null(&cast.expr),
        _ => false,
    }
}

fn is_text(expr: &Expr, schema: &DFSchema) -> bool {
    expr.get_type(schema).is_ok_and(|ty| is_string(&ty))
}

fn is_binary(expr: &Expr, schema: &DFSchema) -> bool {
    expr.get_type(schema).is_ok_and(|ty| is_bytes(&ty))
}

fn is_string(ty: &DataType) -> bool {
    match ty {
        DataType::Dictionary(_, value) => value.is_string(),
        ty => ty.is_string(),
    }
}

fn is_bytes(ty: &DataType) -> bool {
    match ty {
        DataType::Dictionary(_, value) => is_bytes(value),
        ty => matches!(
            ty,
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_)
        ),
    }
}

fn no_operator() -> Error {
    Error::Different {
        sqlstate: sqlstate::UNDEFINED_FUNCTION,
        message: "bytes cannot be compared with a text".to_owned(),
        hint: BYTES_HINT,
    }
}

fn different(message: impl Into<String>, hint: &'static str) -> Error {
    Error::Different { sqlstate: sqlstate::FEATURE_NOT_SUPPORTED, message: message.into(), hint }
}

#[cfg(test)]
mod tests;
