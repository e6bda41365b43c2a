//! The gate: which statements exist here at all.
//!
//! An allow-list. A statement is parsed with PostgreSQL's grammar and becomes one of the few kinds of
//! [`Statement`], or it is refused before anything is planned, with a message that says why. Nothing that
//! writes, names a file or changes the engine has a kind, so there is nothing to forget to forbid. A second
//! check, over the plan, stands in [`crate::reads`].

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    self, CloseCursor, CopyLegacyCsvOption, CopyLegacyOption, CopyOption, CopySource, CopyTarget, Expr,
    FetchDirection, Query, Set, SetExpr, TableFactor, Visit, Visitor, visit_relations,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;

use crate::error::{Error, sqlstate};
use crate::settings;

/// The longest statement text in bytes. Amazon Athena's limit.
pub const STATEMENT_BYTES_MAX: usize = 262_144;

/// The most statements in one text.
pub const STATEMENTS_MAX: usize = 100;

/// A statement that is allowed.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `SELECT`, `VALUES`, `WITH`.
    Query(Box<Query>),
    /// `EXPLAIN`; with `analyze` it runs the query and is recorded as a look.
    Explain {
        /// Whether the query is run.
        analyze: bool,
        /// Whether more detail is wanted.
        verbose: bool,
        /// The query.
        query: Box<Query>,
    },
    /// `SHOW name`; `all` shows every setting.
    Show(String),
    /// `SET name = value`; no value is `DEFAULT` or `RESET`.
    Set {
        /// Name in lower case.
        name: String,
        /// The value, already checked.
        value: Option<String>,
    },
    /// `RESET ALL`: every setting has its default again.
    ResetAll,
    /// `DISCARD ALL`: also without cursors and prepared statements, as a new session.
    DiscardAll,
    /// `BEGIN`, `START TRANSACTION`: nothing is written, so it only changes the state that drivers ask for.
    Begin,
    /// `COMMIT`, `END`.
    Commit,
    /// `ROLLBACK`, `ABORT`; to a savepoint if `savepoint`.
    Rollback {
        /// Whether the transaction goes on.
        savepoint: bool,
    },
    /// `SAVEPOINT`, `RELEASE`, `SET TRANSACTION`: accepted, without effect.
    Nothing(&'static str),
    /// `DECLARE name CURSOR FOR query`.
    Declare {
        /// Name of the cursor.
        name: String,
        /// Whether it outlives the transaction.
        hold: bool,
        /// The query.
        query: Box<Query>,
    },
    /// `FETCH`: forward only; no count is all.
    Fetch {
        /// Name of the cursor.
        name: String,
        /// How many rows.
        count: Option<u64>,
    },
    /// `CLOSE name`; no name is all.
    Close(Option<String>),
    /// `DEALLOCATE name`; no name is all.
    Deallocate(Option<String>),
    /// `PREPARE name (types) AS query`.
    Prepare {
        /// Name of the statement.
        name: String,
        /// Types of its parameters, as written.
        types: Vec<String>,
        /// Text of the query, which passes the gate by itself when it is planned.
        query: String,
    },
    /// `EXECUTE name (literals)`.
    Execute {
        /// Name of the statement.
        name: String,
        /// The literals as text; none is null.
        parameters: Vec<Option<String>>,
    },
    /// `COPY (query) TO STDOUT`.
    CopyOut {
        /// The query.
        query: Box<Query>,
        /// How rows are written.
        format: CopyFormat,
    },
}

/// How `COPY … TO STDOUT` writes rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyFormat {
    /// Which of the three.
    pub kind: CopyKind,
    /// Whether a line of column names comes first. Text and CSV.
    pub header: bool,
    /// Between columns.
    pub delimiter: char,
    /// What stands for null.
    pub null: String,
    /// Around CSV values.
    pub quote: char,
    /// Before a quote inside a CSV value.
    pub escape: char,
}

/// The formats of `COPY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyKind {
    /// PostgreSQL's text format.
    Text,
    /// RFC 4180.
    Csv,
    /// PostgreSQL's binary format.
    Binary,
}

impl std::fmt::Display for CopyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            CopyKind::Text => "text",
            CopyKind::Csv => "csv",
            CopyKind::Binary => "binary",
        })
    }
}

impl Statement {
    /// The command tag that PostgreSQL gives, without a row count.
    pub fn tag(&self) -> &'static str {
        match self {
            Statement::Query(_) => "SELECT",
            Statement::Explain { .. } => "EXPLAIN",
            Statement::Show(_) => "SHOW",
            Statement::Set { value: Some(_), .. } => "SET",
            Statement::Set { value: None, .. } => "RESET",
            Statement::ResetAll => "RESET",
            Statement::DiscardAll => "DISCARD ALL",
            Statement::Begin => "BEGIN",
            Statement::Commit => "COMMIT",
            Statement::Rollback { .. } => "ROLLBACK",
            Statement::Nothing(tag) => tag,
            Statement::Declare { .. } => "DECLARE CURSOR",
            Statement::Fetch { .. } => "FETCH",
            Statement::Close(_) => "CLOSE CURSOR",
            Statement::Deallocate(_) => "DEALLOCATE",
            Statement::Prepare { .. } => "PREPARE",
            Statement::Execute { .. } => "EXECUTE",
            Statement::CopyOut { .. } => "COPY",
        }
    }

    /// The query that the statement runs, explains or declares.
    pub fn query(&self) -> Option<&Query> {
        match self {
            Statement::Query(query)
            | Statement::Explain { query, .. }
            | Statement::Declare { query, .. }
            | Statement::CopyOut { query, .. } => Some(query),
            _ => None,
        }
    }
}

/// Parses a text into its statements, or refuses it as a whole.
///
/// # Errors
/// [`Error::Statement`] for wrong syntax, [`Error::Denied`] for a statement that is not on the list,
/// [`Error::Limit`] for a text that is too long.
pub fn parse(text: &str) -> Result<Vec<Statement>, Error> {
    check_length(text)?;
    let statements = Parser::parse_sql(&PostgreSqlDialect {}, text).map_err(|error| syntax(text, &error))?;
    admit_all(statements)
}

pub(crate) fn check_length(text: &str) -> Result<(), Error> {
    if text.len() > STATEMENT_BYTES_MAX {
        return Err(Error::Limit {
            sqlstate: sqlstate::TOO_COMPLEX,
            message: format!(
                "the statement has {} bytes; at most {STATEMENT_BYTES_MAX} are read",
                text.len()
            ),
        });
    }
    Ok(())
}

pub(crate) fn admit_all(statements: Vec<ast::Statement>) -> Result<Vec<Statement>, Error> {
    if statements.len() > STATEMENTS_MAX {
        return Err(Error::Limit {
            sqlstate: sqlstate::TOO_COMPLEX,
            message: format!("{} statements in one text; at most {STATEMENTS_MAX} are run", statements.len()),
        });
    }
    statements.into_iter().map(admit).collect()
}

/// A syntax error; but a text that begins like a statement that is refused anyway is refused, so that the
/// client reads the reason and not a detail of a grammar that knows only half of it.
pub(crate) fn syntax(text: &str, error: &impl std::fmt::Display) -> Error {
    let first = text.split_whitespace().next().unwrap_or_default().to_uppercase();
    let message = error.to_string();
    let message = message.strip_prefix("sql parser error: ").unwrap_or(&message);
    let wrong = || Error::statement(sqlstate::SYNTAX_ERROR, format!("syntax error: {message}"));
    match first.as_str() {
        "COPY" if !text.to_uppercase().contains("STDOUT") => copy_refused(),
        "CREATE" | "INSERT" | "UPDATE" | "DELETE" | "DROP" | "ALTER" | "TRUNCATE" | "MERGE" | "GRANT"
        | "REVOKE" => read_only(&first),
        "COPY" => unknown_option(message).map_or_else(wrong, no_copy_option),
        _ => wrong(),
    }
}

/// The word that a copy was refused for, where the grammar knows no such option.
fn unknown_option(message: &str) -> Option<&str> {
    let found = ["Expected: option, found: ", "Expected: end of statement, found: "];
    let found = found.iter().find_map(|found| message.strip_prefix(found))?;
    found.split(" at Line").next()
}

fn admit(statement: ast::Statement) -> Result<Statement, Error> {
    use ast::Statement as Sql;
    match statement {
        Sql::Query(query) => Ok(Statement::Query(admit_query(query)?)),
        Sql::Explain { analyze, verbose, statement, options, .. } => {
            explain(analyze, verbose, *statement, options)
        }
        Sql::ShowVariable { variable } => {
            let name = variable.iter().map(|part| part.value.to_lowercase()).collect::<Vec<_>>().join("_");
            Ok(Statement::Show(name))
        }
        Sql::ShowTables { .. } | Sql::ShowViews { .. } => catalog_query(
            "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
        ),
        Sql::Set(set) => admit_set(set),
        Sql::Reset(reset) => match reset.reset {
            ast::Reset::ALL => Ok(Statement::ResetAll),
            ast::Reset::ConfigurationParameter(name) => {
                let name = settings::known(&name.to_string())?;
                Ok(Statement::Set { name, value: None })
            }
        },
        Sql::Discard { .. } => Ok(Statement::DiscardAll),
        Sql::StartTransaction { statements, .. } if statements.is_empty() => Ok(Statement::Begin),
        Sql::Commit { .. } => Ok(Statement::Commit),
        Sql::Rollback { savepoint, .. } => Ok(Statement::Rollback { savepoint: savepoint.is_some() }),
        Sql::Savepoint { .. } => Ok(Statement::Nothing("SAVEPOINT")),
        Sql::ReleaseSavepoint { .. } => Ok(Statement::Nothing("RELEASE")),
        Sql::Declare { stmts } => declare(stmts),
        Sql::Fetch { name, direction, into: None, .. } => {
            Ok(Statement::Fetch { name: name.value, count: fetch_count(&direction)? })
        }
        Sql::Close { cursor: CloseCursor::All } => Ok(Statement::Close(None)),
        Sql::Close { cursor: CloseCursor::Specific { name } } => Ok(Statement::Close(Some(name.value))),
        Sql::Deallocate { name, .. } => {
            let all = name.quote_style.is_none() && name.value.eq_ignore_ascii_case("all");
            Ok(Statement::Deallocate((!all).then_some(name.value)))
        }
        Sql::Prepare { name, data_types, statement } => match *statement {
            ast::Statement::Query(query) => Ok(Statement::Prepare {
                name: name.value,
                types: data_types.iter().map(ToString::to_string).collect(),
                query: admit_query(query)?.to_string(),
            }),
            other => Err(refused(&other)),
        },
        Sql::Execute { name: Some(name), parameters, immediate: false, into, using, .. }
            if into.is_empty() && using.is_empty() =>
        {
            let parameters = parameters.iter().map(literal).collect::<Result<_, _>>()?;
            let name = name.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.clone());
            Ok(Statement::Execute { name: name.unwrap_or_default(), parameters })
        }
        Sql::Copy { source, to: true, target: CopyTarget::Stdout, options, legacy_options, .. } => {
            copy_out(source, copy_options(options, legacy_options)?)
        }
        Sql::Copy { .. } => Err(copy_refused()),
        Sql::CreateTable(create) if create.external || create.location.is_some() => Err(Error::denied(
            sqlstate::READ_ONLY,
            "CREATE EXTERNAL TABLE is refused: only the lake's own tables can be read",
        )),
        other => Err(refused(&other)),
    }
}

/// A query that holds another statement, takes locks or writes its rows somewhere is not one that only reads.
fn admit_query(query: Box<Query>) -> Result<Box<Query>, Error> {
    if !query.locks.is_empty() {
        return Err(read_only("SELECT FOR UPDATE"));
    }
    if query.format_clause.is_some() || query.settings.is_some() || query.for_clause.is_some() {
        return Err(Error::denied(sqlstate::FEATURE_NOT_SUPPORTED, "this clause is no part of a query here"));
    }
    if writes(&query.body)
        || query.with.iter().flat_map(|with| &with.cte_tables).any(|cte| writes(&cte.query.body))
    {
        return Err(read_only("a statement that writes inside a query"));
    }
    if let ControlFlow::Break(clause) = query.visit(&mut Clauses) {
        return Err(Error::denied(
            sqlstate::FEATURE_NOT_SUPPORTED,
            format!("{clause} would have no effect here, and the answer would be one to another question"),
        ));
    }
    let file = visit_relations(&query, |name| match file_name(name) {
        Some(file) => ControlFlow::Break(file),
        None => ControlFlow::Continue(()),
    });
    match file {
        ControlFlow::Break(_) => Err(Error::denied(
            sqlstate::INSUFFICIENT_PRIVILEGE,
            "a file cannot be read as a table: only the lake's own tables can be read",
        )),
        ControlFlow::Continue(()) => Ok(query),
    }
}

/// Finds what is said of a table and the engine passes over without a word.
struct Clauses;

impl Visitor for Clauses {
    type Break = &'static str;

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<&'static str> {
        let passed_over = match table {
            TableFactor::Table { sample: Some(_), .. } | TableFactor::Derived { sample: Some(_), .. } => {
                Some("TABLESAMPLE")
            }
            TableFactor::Table { version: Some(_), .. } => Some("a table's version"),
            TableFactor::Table { json_path: Some(_), .. } => Some("a path behind a table's name"),
            TableFactor::Table { with_hints, partitions, index_hints, .. }
                if !with_hints.is_empty() || !partitions.is_empty() || !index_hints.is_empty() =>
            {
                Some("a hint or partition behind a table's name")
            }
            _ => None,
        };
        passed_over.map_or(ControlFlow::Continue(()), ControlFlow::Break)
    }
}

fn writes(body: &SetExpr) -> bool {
    match body {
        SetExpr::Select(select) => select.into.is_some(),
        SetExpr::Query(query) => {
            writes(&query.body)
                || query.with.iter().flat_map(|with| &with.cte_tables).any(|cte| writes(&cte.query.body))
        }
        SetExpr::SetOperation { left, right, .. } => writes(left) || writes(right),
        SetExpr::Values(_) | SetExpr::Table(_) => false,
        SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => true,
    }
}

/// A relation whose name is a path or a file name: engines of this family read those as tables.
fn file_name(name: &ast::ObjectName) -> Option<String> {
    const ENDINGS: &[&str] =
        &[".parquet", ".csv", ".json", ".ndjson", ".arrow", ".avro", ".tsv", ".gz", ".zst", ".txt"];
    let text = name.0.iter().map(|part| part.as_ident().map_or(String::new(), |ident| ident.value.clone()));
    let text = text.collect::<Vec<_>>().join(".");
    let lower = text.to_lowercase();
    (text.contains(['/', '\\'])
        || text.contains("://")
        || ENDINGS.iter().any(|ending| lower.ends_with(ending)))
    .then_some(text)
}

fn explain(
    mut analyze: bool,
    mut verbose: bool,
    statement: ast::Statement,
    options: Option<Vec<ast::UtilityOption>>,
) -> Result<Statement, Error> {
    for option in options.unwrap_or_default() {
        let off = option.arg.as_ref().is_some_and(|arg| {
            matches!(arg.to_string().to_lowercase().trim_matches('\''), "off" | "false" | "0" | "no")
        });
        match option.name.value.to_lowercase().as_str() {
            "analyze" => analyze = !off,
            "verbose" => verbose = !off,
            // PostgreSQL's other options change what is shown there; they have no meaning here.
            "costs" | "settings" | "buffers" | "wal" | "timing" | "summary" | "memory" | "serialize"
            | "generic_plan" | "format" => {}
            other => {
                return Err(Error::statement(
                    sqlstate::SYNTAX_ERROR,
                    format!("unrecognized EXPLAIN option \"{other}\""),
                ));
            }
        }
    }
    match statement {
        ast::Statement::Query(query) => {
            Ok(Statement::Explain { analyze, verbose, query: admit_query(query)? })
        }
        other => Err(refused(&other)),
    }
}

fn catalog_query(sql: &str) -> Result<Statement, Error> {
    parse(sql)?.pop().ok_or_else(|| Error::Internal("a catalog query is empty".to_owned()))
}

fn admit_set(set: Set) -> Result<Statement, Error> {
    match set {
        Set::SingleAssignment { hivevar: false, variable, values, .. } => {
            let values: Vec<String> = values.iter().map(setting_value).collect();
            let default = values.len() == 1 && values[0].eq_ignore_ascii_case("default");
            let name = settings::known(&variable.to_string())?;
            let value = if default { None } else { Some(settings::check(&name, &values.join(", "))?) };
            Ok(Statement::Set { name, value })
        }
        Set::SetTimeZone { value, .. } => {
            let value = setting_value(&value);
            let value = settings::check("timezone", &value)?;
            Ok(Statement::Set { name: "timezone".to_owned(), value: Some(value) })
        }
        Set::SetNames { charset_name, .. } => {
            let value = settings::check("client_encoding", &charset_name.value)?;
            Ok(Statement::Set { name: "client_encoding".to_owned(), value: Some(value) })
        }
        Set::SetTransaction { modes, snapshot: None, .. } => {
            let writes = |mode: &ast::TransactionMode| {
                matches!(mode, ast::TransactionMode::AccessMode(ast::TransactionAccessMode::ReadWrite))
            };
            if modes.iter().any(writes) {
                Err(read_only("SET TRANSACTION READ WRITE"))
            } else {
                Ok(Statement::Nothing("SET"))
            }
        }
        _ => Err(Error::denied(
            sqlstate::INSUFFICIENT_PRIVILEGE,
            "this form of SET is refused; SHOW ALL lists the settings that a session has",
        )),
    }
}

/// The text of a setting's value: `'x'`, `x`, `"x"`, `10`, `-1`.
fn setting_value(expr: &Expr) -> String {
    match expr {
        Expr::Value(value) => match &value.value {
            ast::Value::SingleQuotedString(text) | ast::Value::DoubleQuotedString(text) => text.clone(),
            other => other.to_string(),
        },
        Expr::Identifier(ident) => ident.value.clone(),
        other => other.to_string(),
    }
}

/// The text of a literal; none is null.
fn literal(expr: &Expr) -> Result<Option<String>, Error> {
    match expr {
        Expr::Value(value) => match &value.value {
            ast::Value::Null => Ok(None),
            ast::Value::SingleQuotedString(text) | ast::Value::EscapedStringLiteral(text) => {
                Ok(Some(text.clone()))
            }
            ast::Value::DollarQuotedString(text) => Ok(Some(text.value.clone())),
            other => Ok(Some(other.to_string())),
        },
        Expr::TypedString(typed) => literal(&Expr::Value(typed.value.clone())),
        Expr::Cast { expr, .. } | Expr::Nested(expr) => literal(expr),
        Expr::UnaryOp { op: ast::UnaryOperator::Minus, expr } => match literal(expr)? {
            Some(number) if !number.starts_with('-') => Ok(Some(format!("-{number}"))),
            _ => Err(not_literal()),
        },
        _ => Err(not_literal()),
    }
}

fn not_literal() -> Error {
    Error::denied(sqlstate::FEATURE_NOT_SUPPORTED, "EXECUTE takes literals only")
}

fn declare(mut declared: Vec<ast::Declare>) -> Result<Statement, Error> {
    let (Some(one), true) = (declared.pop(), declared.is_empty()) else {
        return Err(Error::denied(sqlstate::FEATURE_NOT_SUPPORTED, "DECLARE takes one cursor"));
    };
    match (one.names.as_slice(), one.for_query) {
        ([name], Some(query)) => Ok(Statement::Declare {
            name: name.value.clone(),
            hold: one.hold.unwrap_or(false),
            query: admit_query(query)?,
        }),
        _ => Err(Error::denied(sqlstate::FEATURE_NOT_SUPPORTED, "DECLARE is allowed for cursors only")),
    }
}

fn fetch_count(direction: &FetchDirection) -> Result<Option<u64>, Error> {
    let number = |limit: &ast::ValueWithSpan| {
        limit.to_string().parse::<u64>().map_err(|_| {
            Error::denied(
                sqlstate::FEATURE_NOT_SUPPORTED,
                "a cursor goes forward only, by a count of rows or ALL",
            )
        })
    };
    match direction {
        FetchDirection::Next => Ok(Some(1)),
        FetchDirection::Count { limit } => Ok(Some(number(limit)?)),
        FetchDirection::Forward { limit: Some(limit) } => Ok(Some(number(limit)?)),
        FetchDirection::Forward { limit: None } => Ok(Some(1)),
        FetchDirection::All | FetchDirection::ForwardAll => Ok(None),
        _ => Err(Error::denied(
            sqlstate::FEATURE_NOT_SUPPORTED,
            "a cursor goes forward only, by a count of rows or ALL",
        )),
    }
}

fn copy_out(source: CopySource, options: Vec<CopyOption>) -> Result<Statement, Error> {
    let query = match source {
        CopySource::Query(query) => admit_query(query)?,
        CopySource::Table { table_name, columns } => {
            let columns = match columns.as_slice() {
                [] => "*".to_owned(),
                columns => columns.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            };
            match parse(&format!("SELECT {columns} FROM {table_name}"))?.pop() {
                Some(Statement::Query(query)) => query,
                _ => return Err(copy_refused()),
            }
        }
    };
    Ok(Statement::CopyOut { query, format: copy_format(options)? })
}

/// All options of a copy as those between brackets, in which `CSV` and `BINARY` are formats.
fn copy_options(
    mut options: Vec<CopyOption>,
    legacy_options: Vec<CopyLegacyOption>,
) -> Result<Vec<CopyOption>, Error> {
    if !options.is_empty()
        && let Some(option) = legacy_options.first()
    {
        let message = format!("syntax error: COPY option {option} stands after the options between brackets");
        return Err(Error::statement(sqlstate::SYNTAX_ERROR, message));
    }
    for option in legacy_options {
        match option {
            CopyLegacyOption::Binary => options.push(CopyOption::Format("binary".into())),
            CopyLegacyOption::Csv(of_csv) => {
                options.push(CopyOption::Format("csv".into()));
                for option in of_csv {
                    options.push(match option {
                        CopyLegacyCsvOption::Header => CopyOption::Header(true),
                        CopyLegacyCsvOption::Quote(quote) => CopyOption::Quote(quote),
                        CopyLegacyCsvOption::Escape(escape) => CopyOption::Escape(escape),
                        other => return Err(no_copy_option(other)),
                    });
                }
            }
            CopyLegacyOption::Header => options.push(CopyOption::Header(true)),
            CopyLegacyOption::Delimiter(delimiter) => options.push(CopyOption::Delimiter(delimiter)),
            CopyLegacyOption::Null(null) => options.push(CopyOption::Null(null)),
            other => return Err(no_copy_option(other)),
        }
    }
    Ok(options)
}

/// PostgreSQL's defaults for each format, then the options.
fn copy_format(options: Vec<CopyOption>) -> Result<CopyFormat, Error> {
    let mut kind = None;
    for option in &options {
        if let CopyOption::Format(name) = option {
            let named = match name.value.to_lowercase().as_str() {
                "text" => CopyKind::Text,
                "csv" => CopyKind::Csv,
                "binary" => CopyKind::Binary,
                other => {
                    let message = format!("COPY format \"{other}\" not recognized");
                    return Err(Error::statement(sqlstate::INVALID_PARAMETER_VALUE, message));
                }
            };
            if kind.replace(named).is_some() {
                return Err(Error::statement(sqlstate::SYNTAX_ERROR, "COPY has two formats"));
            }
        }
    }
    let kind = kind.unwrap_or(CopyKind::Text);
    let (delimiter, null) = if kind == CopyKind::Csv { (',', "") } else { ('\t', "\\N") };
    let mut format =
        CopyFormat { kind, header: false, delimiter, null: null.to_owned(), quote: '"', escape: '"' };
    let (mut quote, mut escape) = (None, None);
    for option in options {
        let fits = match option {
            CopyOption::Header(false) => true,
            CopyOption::Header(true) | CopyOption::Delimiter(_) | CopyOption::Null(_) => {
                kind != CopyKind::Binary
            }
            CopyOption::Quote(_) | CopyOption::Escape(_) => kind == CopyKind::Csv,
            _ => true,
        };
        if !fits {
            let message = format!("COPY option {option} is not supported with the format {kind}");
            return Err(Error::denied(sqlstate::FEATURE_NOT_SUPPORTED, message));
        }
        match option {
            CopyOption::Format(_) => {}
            CopyOption::Header(header) => format.header = header,
            CopyOption::Delimiter(delimiter) => format.delimiter = delimiter,
            CopyOption::Null(null) => format.null = null,
            CopyOption::Quote(own) => quote = Some(own),
            CopyOption::Escape(own) => escape = Some(own),
            CopyOption::Encoding(name) if matches!(name.to_lowercase().as_str(), "utf8" | "utf-8") => {}
            other => return Err(no_copy_option(other)),
        }
    }
    format.quote = quote.unwrap_or('"');
    // A quote inside a value is doubled unless something else is to stand before it.
    format.escape = escape.unwrap_or(format.quote);
    Ok(format)
}

fn no_copy_option(option: impl std::fmt::Display) -> Error {
    Error::denied(sqlstate::FEATURE_NOT_SUPPORTED, format!("COPY option {option} is not supported"))
}

fn copy_refused() -> Error {
    Error::denied(
        sqlstate::INSUFFICIENT_PRIVILEGE,
        "COPY is refused except TO STDOUT: the server reads no file and writes none (psql's \\copy writes on your side)",
    )
}

fn read_only(what: &str) -> Error {
    Error::denied(sqlstate::READ_ONLY, format!("{what} is refused: the lake can only be read"))
}

/// The first words of a refused statement name it; its content stays out of the message.
fn refused(statement: &ast::Statement) -> Error {
    use ast::Statement as Sql;
    let text = statement.to_string();
    let words: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphabetic())
        .take_while(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase()))
        .take(3)
        .map(str::to_owned)
        .collect();
    let words = if words.is_empty() { "this statement".to_owned() } else { words.join(" ") };
    match statement {
        Sql::LISTEN { .. } | Sql::UNLISTEN { .. } | Sql::NOTIFY { .. } | Sql::Use(_) | Sql::Call(_) => {
            Error::denied(sqlstate::FEATURE_NOT_SUPPORTED, format!("{words} is not supported"))
        }
        _ => read_only(&words),
    }
}

#[cfg(test)]
mod tests;
