//! Why a statement was not answered, by what the client can do about it.
//!
//! Every error has a SQLSTATE (PostgreSQL's appendix A), since that is what drivers act on. Its text names
//! tables, columns, limits and objects, never a value of a row: what an engine says while rows are read is
//! reduced to its kind in [`Error::running`], because an arrow cast error quotes the cell that it failed on.

mod hints;

use std::fmt;

use auditstore::Error as StoreError;
use auditstore::segment::Error as SegmentError;
use datafusion::arrow::error::ArrowError;
use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;
use datafusion::parquet::errors::ParquetError;

/// SQLSTATE codes that this crate gives, with PostgreSQL's names.
pub mod sqlstate {
    /// `successful_completion`
    pub const SUCCESS: &str = "00000";
    /// `protocol_violation`
    pub const PROTOCOL_VIOLATION: &str = "08P01";
    /// `feature_not_supported`
    pub const FEATURE_NOT_SUPPORTED: &str = "0A000";
    /// `data_exception`
    pub const DATA_EXCEPTION: &str = "22000";
    /// `numeric_value_out_of_range`
    pub const NUMERIC_OUT_OF_RANGE: &str = "22003";
    /// `datetime_field_overflow`
    pub const DATETIME_OVERFLOW: &str = "22008";
    /// `division_by_zero`
    pub const DIVISION_BY_ZERO: &str = "22012";
    /// `invalid_parameter_value`
    pub const INVALID_PARAMETER_VALUE: &str = "22023";
    /// `invalid_escape_sequence`
    pub const INVALID_ESCAPE: &str = "22025";
    /// `invalid_text_representation`
    pub const INVALID_TEXT: &str = "22P02";
    /// `read_only_sql_transaction`
    pub const READ_ONLY: &str = "25006";
    /// `invalid_authorization_specification`
    pub const INVALID_AUTHORIZATION: &str = "28000";
    /// `invalid_password`
    pub const INVALID_PASSWORD: &str = "28P01";
    /// `insufficient_privilege`
    pub const INSUFFICIENT_PRIVILEGE: &str = "42501";
    /// `syntax_error`
    pub const SYNTAX_ERROR: &str = "42601";
    /// `undefined_column`
    pub const UNDEFINED_COLUMN: &str = "42703";
    /// `ambiguous_column`
    pub const AMBIGUOUS_COLUMN: &str = "42702";
    /// `undefined_object`
    pub const UNDEFINED_OBJECT: &str = "42704";
    /// `datatype_mismatch`
    pub const DATATYPE_MISMATCH: &str = "42804";
    /// `undefined_function`
    pub const UNDEFINED_FUNCTION: &str = "42883";
    /// `undefined_table`
    pub const UNDEFINED_TABLE: &str = "42P01";
    /// `undefined_parameter`
    pub const UNDEFINED_PARAMETER: &str = "42P02";
    /// `out_of_memory`
    pub const OUT_OF_MEMORY: &str = "53200";
    /// `too_many_connections`
    pub const TOO_MANY_CONNECTIONS: &str = "53300";
    /// `configuration_limit_exceeded`
    pub const LIMIT_EXCEEDED: &str = "53400";
    /// `program_limit_exceeded`
    pub const PROGRAM_LIMIT: &str = "54000";
    /// `statement_too_complex`
    pub const TOO_COMPLEX: &str = "54001";
    /// `invalid_sql_statement_name`
    pub const UNDEFINED_STATEMENT: &str = "26000";
    /// `no_active_sql_transaction`
    pub const NO_TRANSACTION: &str = "25P01";
    /// `in_failed_sql_transaction`
    pub const FAILED_TRANSACTION: &str = "25P02";
    /// `invalid_cursor_name`
    pub const UNDEFINED_CURSOR: &str = "34000";
    /// `duplicate_cursor`
    pub const DUPLICATE_CURSOR: &str = "42P03";
    /// `duplicate_prepared_statement`
    pub const DUPLICATE_STATEMENT: &str = "42P05";
    /// `admin_shutdown`
    pub const ADMIN_SHUTDOWN: &str = "57P01";
    /// `idle_session_timeout`
    pub const IDLE_TIMEOUT: &str = "57P05";
    /// `query_canceled`
    pub const QUERY_CANCELED: &str = "57014";
    /// `io_error`
    pub const IO_ERROR: &str = "58030";
    /// `internal_error`
    pub const INTERNAL_ERROR: &str = "XX000";
    /// `data_corrupted`
    pub const DATA_CORRUPTED: &str = "XX001";
}

/// Why a statement was not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The statement is wrong: syntax, names, types. Correct it.
    Statement {
        /// SQLSTATE of class 42 or 22.
        sqlstate: &'static str,
        /// What is wrong.
        message: String,
    },
    /// The statement is understood and not allowed here. Nothing was run.
    Denied {
        /// SQLSTATE.
        sqlstate: &'static str,
        /// What is refused and why.
        message: String,
    },
    /// The statement means something in PostgreSQL that it cannot mean here. Write it as the hint says.
    Different {
        /// SQLSTATE of class 0A, 22 or 42.
        sqlstate: &'static str,
        /// What is not understood.
        message: String,
        /// How to write it.
        hint: &'static str,
    },
    /// A value that the statement computes cannot be computed. The value is not named.
    Data {
        /// SQLSTATE of class 22.
        sqlstate: &'static str,
        /// What kind of computation failed.
        message: String,
    },
    /// The deadline passed, or the client cancelled. Ask for less, or for more time.
    Cancelled {
        /// True if it was the deadline.
        timeout: bool,
        /// What happened.
        message: String,
    },
    /// A limit of this query was reached. Ask for less.
    Limit {
        /// SQLSTATE of class 53 or 54.
        sqlstate: &'static str,
        /// Which limit, its value, and the way out.
        message: String,
    },
    /// What lies in the store is not what the log vouches for. No row of it was returned. Run `sealake verify`.
    Corrupted(String),
    /// The store, or the access log, cannot be reached. Try again.
    Unavailable(String),
    /// The users file or the configuration is wrong.
    Setup(String),
    /// An error of Sealake itself.
    Internal(String),
}

impl Error {
    /// The SQLSTATE, five characters.
    pub fn sqlstate(&self) -> &'static str {
        match self {
            Error::Statement { sqlstate, .. }
            | Error::Denied { sqlstate, .. }
            | Error::Different { sqlstate, .. }
            | Error::Data { sqlstate, .. }
            | Error::Limit { sqlstate, .. } => sqlstate,
            Error::Cancelled { .. } => sqlstate::QUERY_CANCELED,
            Error::Corrupted(_) => sqlstate::DATA_CORRUPTED,
            Error::Unavailable(_) => sqlstate::IO_ERROR,
            Error::Setup(_) | Error::Internal(_) => sqlstate::INTERNAL_ERROR,
        }
    }

    /// The text for a person, without SQLSTATE.
    pub fn message(&self) -> &str {
        match self {
            Error::Statement { message, .. }
            | Error::Denied { message, .. }
            | Error::Different { message, .. }
            | Error::Data { message, .. }
            | Error::Limit { message, .. }
            | Error::Cancelled { message, .. }
            | Error::Corrupted(message)
            | Error::Unavailable(message)
            | Error::Setup(message)
            | Error::Internal(message) => message,
        }
    }

    /// What the client can do about it, where the message does not say that itself.
    pub fn hint(&self) -> Option<String> {
        if let Error::Different { hint, .. } = self {
            return Some((*hint).to_owned());
        }
        match self.sqlstate() {
            sqlstate::UNDEFINED_TABLE => Some(hints::table(self.message())),
            sqlstate::UNDEFINED_COLUMN => Some(hints::COLUMN.to_owned()),
            sqlstate::UNDEFINED_FUNCTION => Some(hints::FUNCTION.to_owned()),
            sqlstate::READ_ONLY | sqlstate::INSUFFICIENT_PRIVILEGE => Some(hints::ALLOWED.to_owned()),
            sqlstate::QUERY_CANCELED if self.outcome() == "timeout" => Some(hints::TIMEOUT.to_owned()),
            sqlstate::DATA_CORRUPTED => Some(hints::VERIFY.to_owned()),
            _ => None,
        }
    }

    /// The `outcome` of the access record of a query that ended so.
    pub fn outcome(&self) -> &'static str {
        match self {
            Error::Cancelled { timeout: true, .. } => "timeout",
            Error::Cancelled { timeout: false, .. } => "cancelled",
            Error::Denied { .. } => "denied",
            _ => "error",
        }
    }

    pub(crate) fn denied(sqlstate: &'static str, message: impl Into<String>) -> Error {
        Error::Denied { sqlstate, message: message.into() }
    }

    pub(crate) fn statement(sqlstate: &'static str, message: impl Into<String>) -> Error {
        Error::Statement { sqlstate, message: message.into() }
    }

    /// An error of parsing or planning. At that point no row was read, so the text can only quote the statement
    /// that the client sent; an error of the store is still treated as one.
    pub(crate) fn planning(error: &DataFusionError) -> Error {
        if let Some(known) = known_cause(error) {
            return known;
        }
        let root = error.find_root();
        if let Some(unmatched) = hints::bytes_of_one_type(&root.strip_backtrace()) {
            return unmatched;
        }
        let message = told(&root.strip_backtrace());
        let message = message
            .trim_start_matches("Error during planning: ")
            .trim_start_matches("SQL error: ")
            .trim_start_matches("Schema error: ")
            .trim_start_matches("This feature is not implemented: ")
            .trim_start_matches("Execution error: ")
            .trim_start_matches("Invalid or Unsupported Configuration: ")
            .to_owned();
        let lower = message.to_lowercase();
        let sqlstate = match root {
            DataFusionError::SQL(_, _) => sqlstate::SYNTAX_ERROR,
            DataFusionError::NotImplemented(_) => sqlstate::FEATURE_NOT_SUPPORTED,
            DataFusionError::SchemaError(schema, _) => match schema.as_ref() {
                SchemaError::FieldNotFound { .. } => sqlstate::UNDEFINED_COLUMN,
                _ => sqlstate::AMBIGUOUS_COLUMN,
            },
            _ if lower.contains("table") && lower.contains("not found") => sqlstate::UNDEFINED_TABLE,
            _ if lower.contains("failed to resolve") => sqlstate::UNDEFINED_TABLE,
            _ if lower.contains("no field named") => sqlstate::UNDEFINED_COLUMN,
            _ if lower.contains("function") => sqlstate::UNDEFINED_FUNCTION,
            _ if lower.contains("placeholder") => sqlstate::UNDEFINED_PARAMETER,
            DataFusionError::Plan(_) | DataFusionError::Diagnostic(_, _) => sqlstate::DATATYPE_MISMATCH,
            DataFusionError::ResourcesExhausted(_) => sqlstate::OUT_OF_MEMORY,
            DataFusionError::ArrowError(_, _) => sqlstate::INVALID_TEXT,
            _ => sqlstate::DATATYPE_MISMATCH,
        };
        Error::Statement { sqlstate, message }
    }

    /// An error while rows are read and computed. Its text is made here, from the kind of the error alone.
    pub(crate) fn running(error: &DataFusionError) -> Error {
        if let Some(known) = known_cause(error) {
            return known;
        }
        let data = |sqlstate, message: &str| Error::Data { sqlstate, message: message.to_owned() };
        match error.find_root() {
            DataFusionError::ResourcesExhausted(_) => out_of_memory(),
            DataFusionError::ArrowError(arrow, _) => arrow_error(arrow),
            DataFusionError::ParquetError(parquet) => match parquet.as_ref() {
                ParquetError::ArrowError(_) => {
                    data(sqlstate::DATA_EXCEPTION, "a value cannot be represented")
                }
                _ => Error::Corrupted("a segment cannot be read as Parquet; run `sealake verify`".to_owned()),
            },
            DataFusionError::NotImplemented(what) if hints::is_subquery(what) => Error::Different {
                sqlstate: sqlstate::FEATURE_NOT_SUPPORTED,
                message: "a subquery in this place, or of this kind, is not supported".to_owned(),
                hint: hints::SUBQUERY,
            },
            DataFusionError::NotImplemented(_) => Error::statement(
                sqlstate::FEATURE_NOT_SUPPORTED,
                "the statement needs a feature that does not exist here",
            ),
            DataFusionError::Execution(text) => execution(text),
            DataFusionError::ExecutionJoin(_) => Error::Internal("a task of the query failed".to_owned()),
            DataFusionError::IoError(io) => {
                Error::Unavailable(format!("input or output failed: {}", io.kind()))
            }
            DataFusionError::ObjectStore(_) => {
                Error::Unavailable("the lake's store cannot be read".to_owned())
            }
            _ => Error::Internal("the query failed while it ran".to_owned()),
        }
    }
}

/// What a limit of memory says to the client.
pub(crate) fn out_of_memory() -> Error {
    Error::Limit {
        sqlstate: sqlstate::OUT_OF_MEMORY,
        message: "the query needs more memory than its limit; read fewer rows or columns, or group by less"
            .to_owned(),
    }
}

fn arrow_error(error: &ArrowError) -> Error {
    let data = |sqlstate, message: &str| Error::Data { sqlstate, message: message.to_owned() };
    match error {
        ArrowError::DivideByZero => data(sqlstate::DIVISION_BY_ZERO, "division by zero"),
        ArrowError::ArithmeticOverflow(_) => data(sqlstate::NUMERIC_OUT_OF_RANGE, "a number is out of range"),
        ArrowError::CastError(text) => cast(text),
        ArrowError::ParseError(_) => {
            data(sqlstate::INVALID_TEXT, "a text cannot be read as the type that the statement asks for")
        }
        ArrowError::MemoryError(_) | ArrowError::OffsetOverflowError(_) => out_of_memory(),
        ArrowError::NotYetImplemented(_) => Error::statement(
            sqlstate::FEATURE_NOT_SUPPORTED,
            "the statement needs a feature that does not exist here",
        ),
        _ => data(sqlstate::DATA_EXCEPTION, "a value cannot be computed"),
    }
}

/// `Cannot cast string '…' to value of Int64 type`: the type may be told, the value may not.
fn cast(text: &str) -> Error {
    let ty = text
        .rsplit_once(" to value of ")
        .map(|(_, rest)| rest.trim_end_matches(" type"))
        .filter(|ty| ty.len() <= 40 && ty.chars().all(|c| c.is_ascii_alphanumeric() || "(), ".contains(c)));
    let message = match ty {
        Some(ty) => format!("a value cannot be cast to {ty}; try_cast gives null instead"),
        None => "a value cannot be cast to the type that the statement asks for; try_cast gives null instead"
            .to_owned(),
    };
    Error::Data { sqlstate: sqlstate::INVALID_TEXT, message }
}

fn execution(text: &str) -> Error {
    let lower = text.to_lowercase();
    if lower.contains("cast") {
        return cast(text);
    }
    if lower.contains("divide by zero") {
        return Error::Data { sqlstate: sqlstate::DIVISION_BY_ZERO, message: "division by zero".to_owned() };
    }
    Error::Data { sqlstate: sqlstate::DATA_EXCEPTION, message: "a function refused its input".to_owned() }
}

/// Looks through the causes for an error that Sealake itself raised inside the engine.
fn known_cause(error: &DataFusionError) -> Option<Error> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(own) = current.downcast_ref::<Error>() {
            return Some(own.clone());
        }
        if let Some(store) = current.downcast_ref::<StoreError>() {
            return Some(Error::from(store));
        }
        if let Some(segment) = current.downcast_ref::<SegmentError>() {
            return Some(Error::from(segment));
        }
        cause = match current.downcast_ref::<ParquetError>() {
            Some(ParquetError::External(inner)) => Some(inner.as_ref()),
            _ => match current.downcast_ref::<DataFusionError>() {
                Some(DataFusionError::External(inner)) => Some(inner.as_ref()),
                Some(DataFusionError::Shared(inner)) => Some(inner.as_ref()),
                Some(DataFusionError::ArrowError(inner, _)) => Some(inner.as_ref()),
                Some(DataFusionError::ParquetError(inner)) => Some(inner.as_ref()),
                Some(DataFusionError::Context(_, inner)) => Some(inner.as_ref()),
                _ => match current.downcast_ref::<ArrowError>() {
                    Some(ArrowError::ExternalError(inner)) => Some(inner.as_ref()),
                    _ => current.source(),
                },
            },
        };
    }
    None
}

/// The longest message of the engine that is handed on, in bytes.
const MESSAGE_BYTES_MAX: usize = 300;

/// What the engine says, without its own types written out.
fn told(text: &str) -> String {
    let text = text.lines().next().unwrap_or_default().trim();
    let text = text.split_once(", got ").filter(|(_, got)| got.contains('{')).map_or(text, |(head, _)| head);
    let mut end = text.len().min(MESSAGE_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

impl From<&StoreError> for Error {
    fn from(error: &StoreError) -> Error {
        let text = error.to_string();
        match error {
            StoreError::Unreachable { .. } | StoreError::Denied { .. } => Error::Unavailable(text),
            StoreError::Fork { .. }
            | StoreError::Invalid { .. }
            | StoreError::Missing { .. }
            | StoreError::Refused(_) => Error::Corrupted(text),
            _ => Error::Setup(text),
        }
    }
}

impl From<&SegmentError> for Error {
    fn from(error: &SegmentError) -> Error {
        match error {
            SegmentError::Unreadable { source, segment } => match source.downcast_ref::<StoreError>() {
                Some(store @ (StoreError::Unreachable { .. } | StoreError::Denied { .. })) => {
                    Error::Unavailable(format!("segment {segment} could not be read: {store}"))
                }
                _ => Error::Corrupted(error.to_string()),
            },
            error => Error::Corrupted(error.to_string()),
        }
    }
}

impl From<Error> for DataFusionError {
    fn from(error: Error) -> DataFusionError {
        DataFusionError::External(Box::new(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // No statement led to it, so no driver asks for its SQLSTATE.
            Error::Setup(message) => f.write_str(message),
            error => write!(f, "{} (SQLSTATE {})", error.message(), error.sqlstate()),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests;
