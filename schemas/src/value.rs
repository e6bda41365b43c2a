//! One row before it is Parquet: values in the order of a schema's columns.

use std::borrow::Cow;
use std::fmt;

use crate::column::Schema;

/// One value of a row. Its `Debug` prints kind and size, never content: a value that is still unredacted must
/// not reach a log line or a panic message by way of `{:?}`.
#[derive(Clone, Default, PartialEq)]
pub enum Value {
    /// No value.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// Any integer type.
    Int(i64),
    /// Any floating-point type.
    Float(f64),
    /// The unscaled value of a decimal; the scale is the column's.
    Decimal(i128),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Time(i64),
    /// Any text type. What the program itself says, such as the names of categories and rules, is borrowed: a record
    /// may hold a thousand of these.
    Text(Cow<'static, str>),
    /// Any binary type.
    Bytes(Vec<u8>),
    /// Items of a list.
    List(Vec<Value>),
    /// Fields of a struct, in declared order, one for every declared field.
    Struct(Vec<Value>),
    /// Counts by name. Sorted by key when encoded; a key twice is refused there.
    Counts(Vec<(String, i64)>),
}

impl Value {
    /// Text from anything that can be text.
    pub fn text(text: impl Into<Cow<'static, str>>) -> Value {
        Value::Text(text.into())
    }

    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The text, if this is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if this is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(int) => Some(*int),
            _ => None,
        }
    }

    /// The time in microseconds, if this is one.
    pub fn as_time(&self) -> Option<i64> {
        match self {
            Value::Time(micros) => Some(*micros),
            _ => None,
        }
    }

    /// The bytes, if this is binary.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) => Some(items),
            _ => None,
        }
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text.into())
    }
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Value {
        Value::Text(text.into())
    }
}

impl From<Cow<'static, str>> for Value {
    fn from(text: Cow<'static, str>) -> Value {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(int: i64) -> Value {
        Value::Int(int)
    }
}

impl From<bool> for Value {
    fn from(bool: bool) -> Value {
        Value::Bool(bool)
    }
}

impl From<f64> for Value {
    fn from(float: f64) -> Value {
        Value::Float(float)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("Null"),
            Value::Bool(_) => f.write_str("Bool"),
            Value::Int(_) => f.write_str("Int"),
            Value::Float(_) => f.write_str("Float"),
            Value::Decimal(_) => f.write_str("Decimal"),
            Value::Time(_) => f.write_str("Time"),
            Value::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Value::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Value::List(items) => write!(f, "List({})", items.len()),
            Value::Struct(fields) => write!(f, "Struct({})", fields.len()),
            Value::Counts(entries) => write!(f, "Counts({})", entries.len()),
        }
    }
}

/// One row of a table: a value for every column of its schema, in order.
#[derive(Clone, PartialEq)]
pub struct Record {
    schema: &'static Schema,
    values: Vec<Value>,
}

impl Record {
    /// A row without any value yet.
    pub fn new(schema: &'static Schema) -> Record {
        Record { schema, values: schema.columns.iter().map(|_| Value::Null).collect() }
    }

    /// The table that the row belongs to.
    pub fn schema(&self) -> &'static Schema {
        self.schema
    }

    /// The value of a column, by position (see the constants of [`crate::event`] and [`crate::access`]).
    pub fn get(&self, column: usize) -> &Value {
        &self.values[column]
    }

    /// The value of a column, to change it.
    pub fn get_mut(&mut self, column: usize) -> &mut Value {
        &mut self.values[column]
    }

    /// Gives a column its value.
    pub fn set(&mut self, column: usize, value: impl Into<Value>) {
        self.values[column] = value.into();
    }

    /// Takes a column's value out and leaves none.
    pub fn take(&mut self, column: usize) -> Value {
        std::mem::take(&mut self.values[column])
    }

    /// All values, in the order of the columns.
    pub fn values(&self) -> &[Value] {
        &self.values
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({})", self.schema.id)
    }
}
