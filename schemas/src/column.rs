//! What a column is: name, type, class, Parquet field id, documentation.
//!
//! The class, not a list of names somewhere else, decides how a value is redacted; the field id, not the
//! position, says which column an old segment means. A field id is never given to another column.

/// The type of a column or of a part of a nested one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Type {
    /// One byte, 0 or 1, in the row encoding.
    Bool,
    /// 16-bit signed integer.
    Int16,
    /// 32-bit signed integer.
    Int32,
    /// 64-bit signed integer.
    Int64,
    /// IEEE 754 binary32. Carried as `f64` in a [`crate::Value`].
    Float32,
    /// IEEE 754 binary64.
    Float64,
    /// Fixed-point number, the unscaled value in 128 bits.
    Decimal {
        /// Decimal digits in all.
        precision: u8,
        /// Digits after the point.
        scale: i8,
    },
    /// Microseconds since 1970-01-01T00:00:00Z.
    Time,
    /// UTF-8, at most 2 GiB a row group.
    Text,
    /// UTF-8, for content columns.
    LargeText,
    /// UTF-8 with few distinct values, dictionary-encoded.
    Dict,
    /// Bytes of any length.
    Binary,
    /// Exactly this many bytes.
    FixedBinary(i32),
    /// A list; the column describes its items and is named `item`.
    List(&'static Column),
    /// A struct of the given fields, in order.
    Struct(&'static [Column]),
    /// A map from text to 32-bit counts, entries sorted by key.
    Counts,
}

/// What a value may carry, and so how the redactor treats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Set by Sealake itself: positions, hashes, its own vocabulary. Stored as it is.
    Provenance,
    /// A closed or nearly closed set of short words (model, provider, status). Anything that does not look
    /// like one is treated as [`Class::FreeText`].
    Vocabulary,
    /// An identifier of a request or a trace. Known shapes pass; on a hit the whole value becomes one token,
    /// so that joins hold on both sides.
    ShapedId,
    /// Who in the organisation did it. Kept or tokenised as the topic's `actor` says.
    Workforce,
    /// Whom the call was about. Always tokenised.
    Subject,
    /// Prompts, answers, arguments, errors, JSON of any shape: scanned whole.
    FreeText,
    /// Numbers: counts, costs, durations.
    Number,
    /// Points in time that the audit is about.
    Time,
    /// Keyed hashes that stand for content that is not stored.
    Opaque,
}

/// One column of a table, or one field of a nested one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// Name in Parquet and in SQL.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// Whether a row may have no value.
    pub nullable: bool,
    /// How its values are redacted.
    pub class: Class,
    /// Parquet field id. Unique in the schema, nested fields included; never used again for anything else.
    pub field_id: i32,
    /// One or two sentences for the auditor, with the unit.
    pub doc: &'static str,
}

/// A table with a name and a version, such as `event/1`.
#[derive(Debug, PartialEq)]
pub struct Schema {
    /// Name and version. Part of every row's hash.
    pub id: &'static str,
    /// What a row of the table is.
    pub doc: &'static str,
    /// The columns, in the order in which rows are encoded and stored.
    pub columns: &'static [Column],
}

impl Schema {
    /// The position of the column with this name. For use in constants: a name that does not exist is a
    /// compile error.
    ///
    /// # Panics
    /// If there is no such column.
    pub const fn index(&self, name: &str) -> usize {
        let mut at = 0;
        while at < self.columns.len() {
            if same(self.columns[at].name, name) {
                return at;
            }
            at += 1;
        }
        panic!("no such column")
    }

    /// The position of the column with this name, if there is one.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// The random bytes that open every row of a segment and every row's encoding. Without them the hash of a row
/// that differs from a known one in a single number could be guessed after the row was deleted.
pub const RECORD_SALT: Column = Column {
    name: "record_salt",
    ty: Type::FixedBinary(16),
    nullable: false,
    class: Class::Provenance,
    field_id: 1,
    doc: "16 random bytes that make the hash of this row unguessable.",
};

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Declares a column that always has a value.
pub(crate) const fn required(
    field_id: i32,
    name: &'static str,
    ty: Type,
    class: Class,
    doc: &'static str,
) -> Column {
    Column { name, ty, nullable: false, class, field_id, doc }
}

/// Declares a column that may have no value.
pub(crate) const fn optional(
    field_id: i32,
    name: &'static str,
    ty: Type,
    class: Class,
    doc: &'static str,
) -> Column {
    Column { name, ty, nullable: true, class, field_id, doc }
}
