//! How deep and how wide a statement may be before it is planned.
//!
//! Parsers and planners recurse into what a statement nests: a chain of operators is as deep as it is long. A stack
//! that overflows ends the whole process, so a text is parsed on a stack that holds whatever fits into the longest
//! text, its depth is measured there, and what is deeper than [`NESTING_MAX`] never leaves that stack.

use std::collections::HashMap;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    ArrayElemTypeDef, DataType, Expr, ObjectName, Query, SetExpr, Statement, TableFactor, Visit, Visitor,
};

use tokio::runtime::{Handle, RuntimeFlavor};

use crate::error::{Error, sqlstate};

/// How deep expressions, subqueries and set operations may nest. A chain of `OR` nests once for each term; lists
/// (`IN (…)`, `CASE`, `VALUES`) do not nest.
pub(crate) const NESTING_MAX: usize = 400;

/// The most tables that one statement may name, each mention counted.
pub(crate) const RELATIONS_MAX: usize = 100;

/// The same with what a WITH clause names counted for each use of the clause.
pub(crate) const RELATIONS_USED_MAX: usize = 500;

/// The stack on which texts are parsed and plans are made. Virtual memory: what is not used is not there.
pub(crate) const STACK_BYTES: usize = 256 << 20;

/// How many levels a table inside another counts for, `a PIVOT (…) PIVOT (…)`, `((a JOIN b) JOIN c)`: what walks and drops them
/// takes so much more of the stack.
const TABLE_LEVELS: usize = 8;

/// How deep brackets may nest in a text that is given to a parser whose work has no bound.
const SHALLOW_MAX: usize = 12;

/// A text shorter than this, without many brackets, cannot nest deep enough to need a stack of its own.
const SHORT_TEXT_BYTES: usize = 200;

/// Runs the parser on a stack that is deep enough for this text. What else waits on the caller's thread goes on elsewhere.
///
/// # Errors
/// What `parse` says; or no thread could be started.
pub(crate) fn on_deep_stack<T: Send>(
    text: &str,
    parse: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    if text.len() < SHORT_TEXT_BYTES && is_shallow(text) {
        return parse();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("parse".to_owned()).stack_size(STACK_BYTES);
        let parsing = thread
            .spawn_scoped(scope, parse)
            .map_err(|error| Error::Unavailable(format!("no thread to read the statement on: {error}")))?;
        let wait = || parsing.join();
        // A parser's work is bounded, but not short.
        let joined = match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
            Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(wait),
            _ => wait(),
        };
        joined.unwrap_or_else(|_| Err(Error::Internal("the statement could not be read".to_owned())))
    })
}

/// What is said of a statement that nests too deep.
pub(crate) fn too_deep() -> Error {
    let message = format!(
        "the statement nests deeper than {NESTING_MAX} levels (a chain of OR or + nests once for each term; a call in a \
         call may count for many); IN (…) takes long lists"
    );
    Error::Limit { sqlstate: sqlstate::TOO_COMPLEX, message }
}

/// Whether no bracket of the text, in quotes or not, nests deep.
pub(crate) fn is_shallow(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().all(|byte| {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth <= SHALLOW_MAX
    })
}

/// Refuses statements that nest too deep or name too many tables.
///
/// # Errors
/// [`Error::Limit`], with SQLSTATE 54001.
pub(crate) fn check(statements: &[Statement]) -> Result<(), Error> {
    for statement in statements {
        let mut measure = Measure::default();
        if statement.visit(&mut measure).is_break() {
            let what = if measure.relations > RELATIONS_MAX {
                format!("the statement names more than {RELATIONS_MAX} tables")
            } else if measure.depth <= NESTING_MAX {
                format!(
                    "the statement uses more than {RELATIONS_USED_MAX} tables, those of WITH clauses counted for \
                     each use"
                )
            } else {
                return Err(too_deep());
            };
            return Err(Error::Limit { sqlstate: sqlstate::TOO_COMPLEX, message: what });
        }
    }
    Ok(())
}

#[derive(Default)]
struct Measure {
    depth: usize,
    relations: usize,
    /// Tables used so far by each query that is open, the outermost first.
    used: Vec<usize>,
    /// What each WITH clause uses, by name. A name that is given twice counts as the larger.
    clauses: HashMap<String, usize>,
    /// The queries of WITH clauses that are still to be seen, by their place in memory.
    expected: HashMap<*const Query, String>,
}

impl Measure {
    fn deeper(&mut self, by: usize) -> ControlFlow<()> {
        self.depth += by;
        if self.depth > NESTING_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Visitor for Measure {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        self.used.push(0);
        for clause in query.with.iter().flat_map(|with| &with.cte_tables) {
            let name = clause.alias.name.value.to_lowercase();
            self.expected.insert(std::ptr::from_ref(clause.query.as_ref()), name);
        }
        self.deeper(1 + operations(&query.body))
    }

    fn post_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        self.depth -= 1 + operations(&query.body);
        let used = self.used.pop().unwrap_or_default();
        if let Some(name) = self.expected.remove(&std::ptr::from_ref(query)) {
            let clause = self.clauses.entry(name).or_default();
            *clause = used.max(*clause);
        } else if let Some(outer) = self.used.last_mut() {
            *outer = outer.saturating_add(used);
        }
        if used > RELATIONS_USED_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
        self.relations += 1;
        let clause = match relation.0.as_slice() {
            [name] => name.as_ident().and_then(|name| self.clauses.get(&name.value.to_lowercase())),
            _ => None,
        };
        let uses = clause.copied().unwrap_or_default().max(1);
        if let Some(query) = self.used.last_mut() {
            *query = query.saturating_add(uses);
        }
        if self.relations > RELATIONS_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<()> {
        self.deeper(levels(table))
    }

    fn post_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<()> {
        self.depth -= levels(table);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        self.deeper(1 + inside(expr))
    }

    fn post_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        self.depth -= 1 + inside(expr);
        ControlFlow::Continue(())
    }
}

/// The levels of a table that holds another.
fn levels(table: &TableFactor) -> usize {
    match table {
        TableFactor::Pivot { .. }
        | TableFactor::Unpivot { .. }
        | TableFactor::MatchRecognize { .. }
        | TableFactor::NestedJoin { .. } => TABLE_LEVELS,
        _ => 0,
    }
}

/// Set operations nest to the left, as they are written.
fn operations(body: &SetExpr) -> usize {
    let (mut body, mut count) = (body, 0);
    while let SetExpr::SetOperation { left, .. } = body {
        count += 1;
        body = left;
    }
    count
}

/// What an expression nests beside its own operands: levels of a type, steps of a path.
fn inside(expr: &Expr) -> usize {
    match expr {
        Expr::Cast { data_type, .. } => {
            let (mut data_type, mut levels) = (data_type, 0);
            while let DataType::Array(
                ArrayElemTypeDef::AngleBracket(element)
                | ArrayElemTypeDef::SquareBracket(element, _)
                | ArrayElemTypeDef::Parenthesis(element),
            ) = data_type
            {
                levels += 1;
                data_type = element;
            }
            levels
        }
        Expr::CompoundFieldAccess { access_chain, .. } => access_chain.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
