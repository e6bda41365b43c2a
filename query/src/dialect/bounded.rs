//! PostgreSQL's grammar with a bound on the parser's work.
//!
//! The parser tries one reading of an expression and, where it fails, another; nested, each level doubles the work:
//! `position(position(…` of 270 bytes would take longer than anybody waits, and no deadline stops a thread. The dialect is
//! asked at the beginning of each operand, so that it can count them. The error for what is too much is the one that the
//! parser does not take for a failed attempt.

use std::any::TypeId;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::sql::sqlparser::ast::Expr;
use datafusion::sql::sqlparser::dialect::{Dialect, PostgreSqlDialect, Precedence};
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::Token;

/// Operands that are read at most for each token of a statement. One that nothing is tried for in vain takes less than one.
const OPERANDS_PER_TOKEN: usize = 8;
/// The operands of a statement of no token. Each call inside a call is read twice, so that some seventeen may nest.
const OPERANDS_MIN: usize = 200_000;

/// The dialect of one text.
#[derive(Debug)]
pub(super) struct Bounded {
    postgres: PostgreSqlDialect,
    left: AtomicUsize,
}

impl Bounded {
    /// For a text of so many tokens.
    pub(super) fn new(tokens: usize) -> Bounded {
        let left = AtomicUsize::new(OPERANDS_MIN + tokens.saturating_mul(OPERANDS_PER_TOKEN));
        Bounded { postgres: PostgreSqlDialect {}, left }
    }
}

/// What the grammar of PostgreSQL says where it differs from the default.
macro_rules! as_postgres {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        $(fn $name(&self, $($argument: $kind),*) -> $answer {
            self.postgres.$name($($argument),*)
        })*
    };
}

impl Dialect for Bounded {
    // The parser asks in places which dialect this is.
    fn dialect(&self) -> TypeId {
        self.postgres.dialect()
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        // `INTERVAL INTERVAL …` nests without being counted by the parser, and means nothing.
        let interval = |nth: usize| match &parser.peek_nth_token_ref(nth).token {
            Token::Word(word) => word.quote_style.is_none() && word.keyword == Keyword::INTERVAL,
            _ => false,
        };
        let spent =
            self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err();
        (spent || interval(0) && interval(1)).then_some(Err(ParserError::RecursionLimitExceeded))
    }

    as_postgres! {
        identifier_quote_style(identifier: &str) -> Option<char>;
        is_delimited_identifier_start(letter: char) -> bool;
        is_identifier_start(letter: char) -> bool;
        is_identifier_part(letter: char) -> bool;
        supports_unicode_string_literal() -> bool;
        is_reserved_for_identifier(keyword: Keyword) -> bool;
        is_custom_operator_part(letter: char) -> bool;
        get_next_precedence(parser: &Parser) -> Option<Result<u8, ParserError>>;
        supports_filter_during_aggregation() -> bool;
        supports_group_by_expr() -> bool;
        prec_value(precedence: Precedence) -> u8;
        allow_extract_custom() -> bool;
        allow_extract_single_quotes() -> bool;
        supports_create_index_with_clause() -> bool;
        supports_explain_with_utility_options() -> bool;
        supports_listen_notify() -> bool;
        supports_factorial_operator() -> bool;
        supports_bitwise_shift_operators() -> bool;
        supports_comment_on() -> bool;
        supports_load_extension() -> bool;
        supports_named_fn_args_with_colon_operator() -> bool;
        supports_named_fn_args_with_expr_name() -> bool;
        supports_empty_projections() -> bool;
        supports_nested_comments() -> bool;
        supports_string_escape_constant() -> bool;
        supports_numeric_literal_underscores() -> bool;
        supports_array_typedef_with_brackets() -> bool;
        supports_geometric_types() -> bool;
        supports_set_names() -> bool;
        supports_alter_column_type_using() -> bool;
        supports_notnull_operator() -> bool;
        supports_interval_options() -> bool;
        supports_insert_table_alias() -> bool;
        supports_create_table_like_parenthesized() -> bool;
        supports_select_wildcard_with_alias() -> bool;
        supports_comma_separated_trim() -> bool;
        supports_xml_expressions() -> bool;
        supports_comment_optimizer_hint() -> bool;
    }
}
