//! `access/1`: the records of who looked at the lake, kept in a log of their own beside the event log.
//!
//! 45 CFR 164.312(b) asks for mechanisms that record and examine activity in systems that hold ePHI; a lake
//! that answers SQL is one, so each query, each denial and each run of failed logins is a row here.

use crate::column::Class::{self, FreeText, Number, Opaque, Provenance, ShapedId, Vocabulary};
use crate::column::{Column, Schema, Type::*, optional, required};

/// The table of access records.
pub static ACCESS: Schema = Schema {
    id: "access/1",
    doc: "One look at the lake: the start or end of a query, a denial, failed logins of one address and minute.",
    columns: COLUMNS,
};

const COLUMNS: &[Column] = &[
    required(2, "access_id", FixedBinary(16), Provenance, "Id of the query; start and end share it."),
    required(3, "kind", Dict, Provenance, "start, end, denied, login_failed, catalog."),
    required(4, "time", Time, Class::Time, "When, UTC."),
    optional(5, "principal", Dict, Provenance, "The SQL user."),
    optional(6, "role", Dict, Provenance, "The role the user acted in."),
    optional(7, "auth_method", Dict, Provenance, "scram-sha-256, embedded, …"),
    optional(8, "client_address", Text, Provenance, "Address of the client."),
    optional(9, "application", Dict, FreeText, "application_name that the client gave."),
    optional(10, "reason", Text, FreeText, "Why the user looked, if stated."),
    optional(11, "approved_by", Dict, Provenance, "Who approved, where approval is asked for."),
    optional(12, "statement", LargeText, FreeText, "The SQL statement, redacted."),
    optional(13, "parameters", LargeText, FreeText, "Its parameters as JSON, redacted."),
    optional(14, "statement_hash", FixedBinary(32), Opaque, "Keyed hash of the statement as sent."),
    optional(15, "snapshot_size", Int64, Number, "Size of the event log that the query saw."),
    optional(16, "snapshot_root", FixedBinary(32), Provenance, "Root of the event log at that size."),
    optional(17, "tables", List(&NAME_TABLE), Vocabulary, "Tables and views that were read."),
    optional(
        19,
        "columns",
        List(&NAME_COLUMN),
        Vocabulary,
        "Columns that were read, those that only filter included.",
    ),
    optional(21, "policies", List(&NAME_POLICY), Vocabulary, "Row and column policies that applied."),
    optional(23, "plan_hash", FixedBinary(32), Provenance, "SHA-256 of the optimised plan's text."),
    optional(24, "segments_read", Int64, Number, "Segments that were opened."),
    optional(25, "bytes_read", Int64, Number, "Bytes that were read from the store."),
    optional(26, "rows", Int64, Number, "Rows that were returned; for login_failed the number of failures."),
    optional(27, "answer_sha256", FixedBinary(32), Provenance, "SHA-256 over the rows as sent."),
    optional(28, "duration_ms", Float64, Number, "Duration in milliseconds."),
    optional(29, "memory_peak_bytes", Int64, Number, "Peak memory of the query."),
    optional(30, "outcome", Dict, Provenance, "ok, error, cancelled, timeout, denied."),
    optional(31, "error_code", Dict, ShapedId, "SQLSTATE of the error."),
];

const NAME_TABLE: Column = required(18, "item", Dict, Vocabulary, "Name of a table or view.");
const NAME_COLUMN: Column = required(20, "item", Dict, Vocabulary, "Name of a column.");
const NAME_POLICY: Column = required(22, "item", Dict, Vocabulary, "Name of a policy.");

const ACCESS_TABLE: Schema = Schema { id: "access/1", doc: "", columns: COLUMNS };

macro_rules! positions {
    ($($constant:ident = $name:literal)*) => {
        $(#[doc = concat!("Position of the column `", $name, "`.")] pub const $constant: usize = ACCESS_TABLE.index($name);)*
    };
}

positions! {
    ACCESS_ID = "access_id" KIND = "kind" TIME = "time" PRINCIPAL = "principal" ROLE = "role"
    AUTH_METHOD = "auth_method" CLIENT_ADDRESS = "client_address" APPLICATION = "application" REASON = "reason"
    APPROVED_BY = "approved_by" STATEMENT = "statement" PARAMETERS = "parameters" STATEMENT_HASH = "statement_hash"
    SNAPSHOT_SIZE = "snapshot_size" SNAPSHOT_ROOT = "snapshot_root" TABLES = "tables" READ_COLUMNS = "columns"
    POLICIES = "policies" PLAN_HASH = "plan_hash" SEGMENTS_READ = "segments_read" BYTES_READ = "bytes_read"
    ROWS = "rows" ANSWER_SHA256 = "answer_sha256" DURATION_MS = "duration_ms"
    MEMORY_PEAK_BYTES = "memory_peak_bytes" OUTCOME = "outcome" ERROR_CODE = "error_code"
}
