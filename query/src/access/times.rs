//! Which dates in a statement are times of events, and no person's: a record of a look says which period was asked.
//!
//! The rule: a text that a statement compares (`=`, `<`, `BETWEEN`, `IN`, …) with a column of the lake that holds a time is
//! kept, everything else is redacted as any other text. The columns are known by their names ([`NAMES`]), bare or in a
//! cast, `AT TIME ZONE`, `date_trunc` or `date_bin`. A statement that gives such a name to something of its own keeps
//! nothing. What is no time in digits is never kept: the redactor looks at that.

use std::ops::{ControlFlow, Range};

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Query, Select,
    SelectItem, TableFactor, Value, ValueWithSpan, Visit, Visitor, visit_expressions,
};
use datafusion::sql::sqlparser::tokenizer::Location;

use crate::{dialect, nesting};

/// The columns of tables and views that hold a time of the lake's own.
pub(crate) const NAMES: &[&str] = &[
    "committed",
    "day",
    "end_time",
    "event_max",
    "event_min",
    "event_time",
    "first_call",
    "first_committed",
    "ingest_time",
    "last_call",
    "last_committed",
    "last_seen",
    "retain_until",
    "time",
];

/// Functions of a time, or of a text that is one, that give a time.
const OF_TIMES: &[&str] = &["date_bin", "date_trunc", "to_date", "to_timestamp"];

/// The most times that are kept in one statement.
const TIMES_MAX: usize = 1_000;

/// Where times of events stand in a statement, in bytes and without their quotes; none where it cannot be read.
pub(super) fn compared(text: &str) -> Vec<Range<usize>> {
    let found = nesting::on_deep_stack(text, || {
        let mut times = Times::default();
        if let Ok(statements) = dialect::parse_postgres(text)
            && nesting::check(&statements).is_ok()
            && statements.visit(&mut times).is_continue()
        {
            return Ok(times.found);
        }
        Ok(Vec::new())
    });
    let lines = Lines::of(text);
    let quoted = found.unwrap_or_default().into_iter().filter_map(|(start, end)| {
        let (start, end) = (lines.at(start)?, lines.at(end)?);
        let inner = start + 1..end.checked_sub(1)?;
        let is_quoted = text.get(start..inner.start) == Some("'") && text.get(inner.end..end) == Some("'");
        (is_quoted && inner.start <= inner.end).then_some(inner)
    });
    quoted.collect()
}

/// The times that a walk over a statement has found.
#[derive(Default)]
struct Times {
    found: Vec<(Location, Location)>,
}

impl Times {
    /// Texts that are compared with a time.
    fn texts(&mut self, expr: &Expr) {
        match expr {
            Expr::Value(value) => self.text(value),
            Expr::TypedString(typed) => self.text(&typed.value),
            Expr::Nested(inner)
            | Expr::Cast { expr: inner, .. }
            | Expr::AtTimeZone { timestamp: inner, .. } => {
                self.texts(inner);
            }
            Expr::BinaryOp { left, op: BinaryOperator::Plus | BinaryOperator::Minus, .. } => self.texts(left),
            Expr::Function(call) if is_of_times(call) => {
                arguments(call).for_each(|argument| self.texts(argument))
            }
            _ => {}
        }
    }

    fn text(&mut self, value: &ValueWithSpan) {
        if matches!(value.value, Value::SingleQuotedString(_)) && self.found.len() < TIMES_MAX {
            self.found.push((value.span.start, value.span.end));
        }
    }
}

impl Visitor for Times {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::BinaryOp { left, op, right } if is_comparison(op) => {
                if is_time(left) {
                    self.texts(right);
                }
                if is_time(right) {
                    self.texts(left);
                }
            }
            Expr::Between { expr, low, high, .. } if is_time(expr) => {
                self.texts(low);
                self.texts(high);
            }
            Expr::InList { expr, list, .. } if is_time(expr) => list.iter().for_each(|item| self.texts(item)),
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        let own = select.projection.iter().any(|item| match item {
            SelectItem::ExprWithAlias { expr, alias } => {
                is_name(alias) && !is_time(expr) && !is_of_times_only(expr)
            }
            SelectItem::ExprWithAliases { aliases, .. } => aliases.iter().any(is_name),
            _ => false,
        });
        if own { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let clauses = query.with.iter().flat_map(|with| &with.cte_tables);
        let own = clauses.flat_map(|clause| &clause.alias.columns).any(|column| is_name(&column.name));
        if own { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        let alias = match factor {
            TableFactor::Table { alias, .. }
            | TableFactor::Derived { alias, .. }
            | TableFactor::TableFunction { alias, .. }
            | TableFactor::Function { alias, .. }
            | TableFactor::UNNEST { alias, .. }
            | TableFactor::NestedJoin { alias, .. } => alias.as_ref(),
            // Of what is not understood here, nothing is kept.
            _ => return ControlFlow::Break(()),
        };
        // A function's one column has the name of its table.
        let own = alias.is_some_and(|alias| {
            is_name(&alias.name) || alias.columns.iter().any(|column| is_name(&column.name))
        });
        if own { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Whether an expression is a time of the lake.
fn is_time(expr: &Expr) -> bool {
    match expr {
        Expr::Identifier(name) => is_name(name),
        Expr::CompoundIdentifier(names) => names.last().is_some_and(is_name),
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } | Expr::AtTimeZone { timestamp: inner, .. } => {
            is_time(inner)
        }
        Expr::Function(call) => is_of_times(call) && arguments(call).any(is_time),
        _ => false,
    }
}

/// Whether an expression is computed from times of the lake and numbers alone, as what tools call `time`:
/// `floor(extract(epoch FROM event_time) / 300) * 300`.
fn is_of_times_only(expr: &Expr) -> bool {
    let mut any = false;
    let walked = visit_expressions(expr, |expr| {
        let fits = match expr {
            Expr::Identifier(name) => is_name(name),
            Expr::CompoundIdentifier(names) => names.last().is_some_and(is_name),
            Expr::Value(value) => matches!(value.value, Value::Number(..) | Value::Null),
            Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } | Expr::TypedString(_) => false,
            _ => return ControlFlow::Continue(()),
        };
        any = true;
        if fits { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    any && walked.is_continue()
}

fn is_name(name: &Ident) -> bool {
    NAMES.iter().any(|known| name.value.eq_ignore_ascii_case(known))
}

fn is_of_times(call: &Function) -> bool {
    let name = call.name.0.last().and_then(|part| part.as_ident());
    name.is_some_and(|name| OF_TIMES.iter().any(|known| name.value.eq_ignore_ascii_case(known)))
}

fn arguments(call: &Function) -> impl Iterator<Item = &Expr> {
    let list = match &call.args {
        FunctionArguments::List(list) => list.args.as_slice(),
        _ => &[],
    };
    list.iter().filter_map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    })
}

fn is_comparison(op: &BinaryOperator) -> bool {
    matches!(
        op,
        BinaryOperator::Eq
            | BinaryOperator::NotEq
            | BinaryOperator::Lt
            | BinaryOperator::LtEq
            | BinaryOperator::Gt
            | BinaryOperator::GtEq
    )
}

/// The parser counts lines and characters from 1.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// Then a character is a byte, and a long line need not be counted through for each of its times.
    is_ascii: bool,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Lines<'a> {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Lines { text, starts: std::iter::once(0).chain(ends).collect(), is_ascii: text.is_ascii() }
    }

    /// The byte at a place.
    fn at(&self, place: Location) -> Option<usize> {
        let line = usize::try_from(place.line.checked_sub(1)?).ok()?;
        let column = usize::try_from(place.column.checked_sub(1)?).ok()?;
        let start = *self.starts.get(line)?;
        let rest = self.text.get(start..)?;
        if self.is_ascii {
            return (column <= rest.len()).then_some(start + column);
        }
        let mut places = rest.char_indices().map(|(at, _)| at).chain(std::iter::once(rest.len()));
        places.nth(column).map(|at| start + at)
    }
}

#[cfg(test)]
mod tests;
