//! Which SQL is understood: PostgreSQL's, and for questions about the catalog what its tools really send.
//!
//! psql, DBeaver and drivers ask the catalog in SQL that no other engine plans as it is (`regclass` casts,
//! `OPERATOR(pg_catalog.~)`, correlated subqueries). `datafusion-pg-catalog` rewrites such statements, some of
//! them wholesale. Its rewriting is for catalog questions only: on a statement that names a table of the lake it
//! could change what an auditor asked, so those are never given to it.

mod bounded;
mod catalog;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::LazyLock;

use datafusion::sql::sqlparser::ast::{self, visit_relations};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, Whitespace};
use datafusion_pg_catalog::sql::PostgresCompatibilityParser;

use self::bounded::Bounded;
use crate::catalog as tables;
use crate::error::Error;
use crate::gate::{self, Statement};
use crate::nesting;

static CATALOG_DIALECT: LazyLock<PostgresCompatibilityParser> =
    LazyLock::new(PostgresCompatibilityParser::new);

/// The statements of a text, admitted by the gate, each with its own text.
///
/// # Errors
/// As [`gate::parse`], and what nests too deep ([`crate::nesting`]).
pub(crate) fn parse(text: &str) -> Result<Vec<(Statement, String)>, Error> {
    gate::check_length(text)?;
    nesting::on_deep_stack(text, || read(text))
}

fn read(text: &str) -> Result<Vec<(Statement, String)>, Error> {
    let parsed = parse_postgres(text);
    if let Ok(statements) = &parsed {
        nesting::check(statements)?;
    }
    let statements = match parsed {
        Ok(statements) => statements,
        Err(ParserError::RecursionLimitExceeded) => return Err(nesting::too_deep()),
        Err(error) => {
            // Not PostgreSQL's grammar as the parser knows it; a question about the catalog may still be understood.
            let rewritten = nesting::is_shallow(text).then(|| CATALOG_DIALECT.parse(text).ok()).flatten();
            let rewritten = rewritten.filter(|statements| statements.iter().all(stays_in_catalog));
            let rewritten = rewritten.ok_or_else(|| gate::syntax(text, &error))?;
            return with_texts(rewritten);
        }
    };
    if let [only] = statements.as_slice()
        && asks_catalog(only)
        && let Ok(rewritten) = CATALOG_DIALECT.parse(text)
        && rewritten.iter().all(stays_in_catalog)
        && !rewritten.iter().any(has_array_of_query)
    {
        return with_texts(rewritten.into_iter().map(of_one_value).collect());
    }
    let each = statements.into_iter().map(|mut statement| {
        if asks_catalog(&statement) {
            catalog::rewrite(&mut statement);
        }
        let rewritten =
            asks_catalog(&statement).then(|| CATALOG_DIALECT.parse(&statement.to_string()).ok()).flatten();
        match rewritten {
            Some(mut rewritten) if rewritten.len() == 1 && stays_in_catalog(&rewritten[0]) => {
                of_one_value(rewritten.remove(0))
            }
            _ => statement,
        }
    });
    with_texts(each.collect())
}

/// PostgreSQL's grammar, with `TABLE name` for `SELECT * FROM name`, of which the parser knows the half.
pub(crate) fn parse_postgres(text: &str) -> Result<Vec<ast::Statement>, ParserError> {
    let tokens = without_table(Tokenizer::new(&PostgreSqlDialect {}, text).tokenize_with_location()?);
    let dialect = Bounded::new(tokens.len());
    Parser::new(&dialect).with_tokens_with_locations(tokens).parse_statements()
}

/// `TABLE` where a query begins, written out.
fn without_table(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    const BEFORE: &[Keyword] = &[
        Keyword::UNION,
        Keyword::EXCEPT,
        Keyword::INTERSECT,
        Keyword::ALL,
        Keyword::EXPLAIN,
        Keyword::ANALYZE,
    ];
    let mut written: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut begins = true;
    for token in tokens {
        let keyword = match &token.token {
            Token::Word(word) if word.quote_style.is_none() => word.keyword,
            _ => Keyword::NoKeyword,
        };
        if begins && keyword == Keyword::TABLE {
            let words = [
                Token::make_keyword("SELECT"),
                Token::Whitespace(Whitespace::Space),
                Token::Mul,
                Token::Whitespace(Whitespace::Space),
                Token::make_keyword("FROM"),
            ];
            written.extend(words.map(|word| TokenWithSpan { token: word, span: token.span }));
            begins = false;
            continue;
        }
        if !matches!(token.token, Token::Whitespace(_)) {
            begins = matches!(token.token, Token::SemiColon | Token::LParen | Token::RParen)
                || BEFORE.contains(&keyword);
        }
        written.push(token);
    }
    written
}

fn of_one_value(mut statement: ast::Statement) -> ast::Statement {
    catalog::of_one_value(&mut statement);
    statement
}

/// Whether a statement has an `ARRAY(SELECT …)`.
fn has_array_of_query(statement: &ast::Statement) -> bool {
    statement.to_string().to_lowercase().contains("array(select")
}

fn with_texts(statements: Vec<ast::Statement>) -> Result<Vec<(Statement, String)>, Error> {
    nesting::check(&statements)?;
    let texts: Vec<String> = statements.iter().map(ToString::to_string).collect();
    Ok(gate::admit_all(statements)?.into_iter().zip(texts).collect())
}

/// Whether a statement is a query that names catalog tables, or no table at all.
fn asks_catalog(statement: &ast::Statement) -> bool {
    let ast::Statement::Query(query) = statement else { return false };
    let names = relations(query);
    if names.is_empty() {
        // Without tables there is nothing to rewrite in a subquery, and the rewriting would drop its value.
        // What names nothing of the catalog is planned as it is.
        let text = query.to_string().to_lowercase();
        return text.matches("select").count() == 1 && text.contains("pg_");
    }
    names.iter().all(|name| of_catalog(name))
}

/// Whether a rewritten statement still reads nothing but the catalog. Some are replaced by an answer without tables.
fn stays_in_catalog(statement: &ast::Statement) -> bool {
    let ast::Statement::Query(query) = statement else { return false };
    relations(query).iter().all(|name| of_catalog(name))
}

fn of_catalog(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let in_catalog = name.starts_with("pg_catalog.") || name.starts_with("information_schema.");
    let reads_nothing = crate::reads::TABLE_FUNCTIONS.contains(&name);
    in_catalog || reads_nothing || (last.starts_with("pg_") && !name.contains('.'))
}

/// Names of the relations of a query in lower case, those of its own WITH clauses left out.
pub(crate) fn relations(query: &ast::Query) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let walked: ControlFlow<()> = visit_relations(query, |name| {
        let parts = name
            .0
            .iter()
            .map(|part| part.as_ident().map_or(String::new(), |ident| ident.value.to_lowercase()));
        names.insert(parts.collect::<Vec<_>>().join("."));
        ControlFlow::Continue(())
    });
    debug_assert!(walked.is_continue());
    for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
        let own = cte.alias.name.value.to_lowercase();
        if tables::names().all(|name| name != own) {
            names.remove(&own);
        }
    }
    names
}
