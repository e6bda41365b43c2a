//! JSON values as decoders move them about.
//!
//! serde_json's own keep an object as a hash table, which costs more than all the rest of decoding: records have a few
//! dozen fields, each is looked up by its name once or twice and then moved on. Here an object is the list of its
//! fields, and only one that has many gets an index, so that time stays linear in the message. Numbers, what is read
//! and what is written are serde_json's, byte for byte; so is the order of fields, that of the producer, into whose gaps
//! the last field moves when one is taken out.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// Fields of an object from which on it has an index. Of fewer, [`mark`]s tell names apart sooner than a hash table is
/// made, and however they are chosen no more than so many are compared.
const INDEXED_MIN: usize = 128;

/// Few objects have more fields.
const FIELDS_MOSTLY: usize = 8;

/// A JSON value. Its `Debug` prints kinds and sizes, never content.
#[derive(Clone, Default, PartialEq)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as serde_json keeps it.
    Number(Number),
    /// A string without its escapes.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object.
    Object(Map),
}

impl Value {
    pub(in crate::format) fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    pub(in crate::format) fn is_string(&self) -> bool {
        matches!(self, Value::String(_))
    }

    pub(in crate::format) fn is_number(&self) -> bool {
        matches!(self, Value::Number(_))
    }

    pub(in crate::format) fn is_array(&self) -> bool {
        matches!(self, Value::Array(_))
    }

    pub(in crate::format) fn is_object(&self) -> bool {
        matches!(self, Value::Object(_))
    }

    pub(in crate::format) fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub(in crate::format) fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    pub(in crate::format) fn as_array(&self) -> Option<&Vec<Value>> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(in crate::format) fn as_object(&self) -> Option<&Map> {
        match self {
            Value::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// A field, if this is an object that has it.
    pub(in crate::format) fn get(&self, name: &str) -> Option<&Value> {
        self.as_object()?.get(name)
    }

    /// A field, if this is an object that has it.
    pub(in crate::format) fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        match self {
            Value::Object(fields) => fields.get_mut(name),
            _ => None,
        }
    }

    /// The value at a path of fields and positions, each after a `/`.
    pub(in crate::format) fn pointer(&self, path: &str) -> Option<&Value> {
        path.split('/').skip(1).try_fold(self, |value, step| match value {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            value => value.get(step),
        })
    }

    /// The value itself, with null in its place.
    pub(in crate::format) fn take(&mut self) -> Value {
        std::mem::take(self)
    }

    /// The value as JSON, without spaces.
    pub(in crate::format) fn to_json(&self) -> String {
        let mut out = String::with_capacity(self.size());
        self.write(&mut out);
        out
    }

    /// About the size of its JSON, in bytes: that of its texts, and what stands between them.
    fn size(&self) -> usize {
        const AROUND: usize = 4;
        AROUND
            + match self {
                Value::String(text) => text.len() + text.len() / 32,
                Value::Array(items) => items.iter().map(Value::size).sum(),
                Value::Object(fields) => {
                    fields.iter().map(|(name, value)| AROUND + name.len() + value.size()).sum()
                }
                _ => AROUND,
            }
    }

    fn write(&self, out: &mut String) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(true) => out.push_str("true"),
            Value::Bool(false) => out.push_str("false"),
            Value::Number(number) => {
                // Writing to a String cannot fail.
                let _ = fmt::Write::write_fmt(out, format_args!("{number}"));
            }
            Value::String(text) => write_text(text, out),
            Value::Array(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Value::Object(fields) => {
                out.push('{');
                for (at, (name, value)) in fields.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write_text(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// Bytes that are looked through at once for one that has to be escaped.
const BLOCK_BYTES: usize = 32;

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    let bytes = text.as_bytes();
    let (mut at, mut written) = (0, 0);
    while at < bytes.len() {
        // Compiled to comparisons of whole registers.
        let block = bytes.get(at..at + BLOCK_BYTES);
        if block.is_some_and(|block| !block.iter().fold(false, |any, byte| any | is_escaped(*byte))) {
            at += BLOCK_BYTES;
            continue;
        }
        let end = bytes.len().min(at + BLOCK_BYTES);
        while at < end {
            let byte = bytes[at];
            if is_escaped(byte) {
                out.push_str(&text[written..at]);
                write_escape(byte, out);
                written = at + 1;
            }
            at += 1;
        }
    }
    out.push_str(&text[written..]);
    out.push('"');
}

fn is_escaped(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

fn write_escape(byte: u8, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match byte {
        b'"' => out.push_str("\\\""),
        b'\\' => out.push_str("\\\\"),
        0x08 => out.push_str("\\b"),
        b'\t' => out.push_str("\\t"),
        b'\n' => out.push_str("\\n"),
        0x0C => out.push_str("\\f"),
        b'\r' => out.push_str("\\r"),
        _ => {
            out.push_str("\\u00");
            out.extend([byte >> 4, byte & 15].map(|digit| char::from(HEX[usize::from(digit)])));
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("Null"),
            Value::Bool(_) => f.write_str("Bool"),
            Value::Number(_) => f.write_str("Number"),
            Value::String(text) => write!(f, "String({} bytes)", text.len()),
            Value::Array(items) => write!(f, "Array({})", items.len()),
            Value::Object(fields) => fields.fmt(f),
        }
    }
}

/// A field of a [`Map`].
#[derive(Clone)]
pub struct Field {
    name: String,
    /// Its name's [`mark`].
    mark: u32,
    value: Value,
}

/// A number for a name, by its first and last bytes: two names that differ mostly have two.
#[inline]
fn mark(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let ends = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(23),
        _ => bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    // Fibonacci hashing: the upper half depends on all bits.
    ((ends ^ (bytes.len() as u64) << 56).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

/// The fields of an object, in the producer's order. A name stands there once.
#[derive(Clone, Default)]
pub struct Map {
    fields: Vec<Field>,
    /// Where each name stands, if there are many.
    #[expect(
        clippy::box_collection,
        reason = "few objects have one, and each is as large as its room for it"
    )]
    index: Option<Box<HashMap<String, usize>>>,
}

impl Map {
    pub(in crate::format) fn new() -> Map {
        Map::default()
    }

    pub(in crate::format) fn with_capacity(fields: usize) -> Map {
        Map { fields: Vec::with_capacity(fields), index: None }
    }

    pub(in crate::format) fn len(&self) -> usize {
        self.fields.len()
    }

    pub(in crate::format) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    fn position(&self, name: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(name).copied(),
            None => {
                let mark = mark(name);
                self.fields.iter().position(|field| field.mark == mark && field.name == name)
            }
        }
    }

    pub(in crate::format) fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    pub(in crate::format) fn get(&self, name: &str) -> Option<&Value> {
        self.position(name).map(|at| &self.fields[at].value)
    }

    pub(in crate::format) fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.position(name).map(|at| &mut self.fields[at].value)
    }

    /// Gives a field its value, whatever it had.
    pub(in crate::format) fn insert(&mut self, name: String, value: Value) {
        match self.position(&name) {
            Some(at) => self.fields[at].value = value,
            None => self.push(name, value),
        }
    }

    /// Appends a field that is not there.
    fn push(&mut self, name: String, value: Value) {
        if let Some(index) = &mut self.index {
            index.insert(name.clone(), self.fields.len());
        }
        if self.fields.capacity() == 0 {
            self.fields.reserve(FIELDS_MOSTLY);
        }
        self.fields.push(Field { mark: mark(&name), name, value });
        if self.index.is_none() && self.fields.len() > INDEXED_MIN {
            self.index_all();
        }
    }

    fn index_all(&mut self) {
        let names = self.fields.iter().enumerate();
        self.index = Some(Box::new(names.map(|(at, field)| (field.name.clone(), at)).collect()));
    }

    /// A field that may be missing.
    pub(in crate::format) fn entry(&mut self, name: impl Into<String>) -> Entry<'_> {
        Entry { map: self, name: name.into() }
    }

    /// Takes a field out; the last one moves into its place.
    pub(in crate::format) fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.position(name)?;
        let Field { value, .. } = self.fields.swap_remove(at);
        if let Some(index) = &mut self.index {
            index.remove(name);
            if let Some(moved) = self.fields.get(at) {
                index.insert(moved.name.clone(), at);
            }
        }
        Some(value)
    }

    /// Keeps the fields for which this is so, in their order.
    pub(in crate::format) fn retain(&mut self, mut keep: impl FnMut(&str, &mut Value) -> bool) {
        self.fields.retain_mut(|field| keep(&field.name, &mut field.value));
        if self.index.is_some() {
            self.index_all();
        }
    }

    pub(in crate::format) fn iter(&self) -> impl ExactSizeIterator<Item = (&String, &Value)> {
        self.into_iter()
    }

    pub(in crate::format) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.fields.iter_mut().map(|field| (field.name.as_str(), &mut field.value))
    }

    pub(in crate::format) fn keys(&self) -> impl Iterator<Item = &String> {
        self.iter().map(|(name, _)| name)
    }

    pub(in crate::format) fn values(&self) -> impl Iterator<Item = &Value> {
        self.iter().map(|(_, value)| value)
    }

    pub(in crate::format) fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.iter_mut().map(|(_, value)| value)
    }
}

/// A field that may be missing.
pub(in crate::format) struct Entry<'a> {
    map: &'a mut Map,
    name: String,
}

impl<'a> Entry<'a> {
    /// The field's value, after this one was put there if it had none.
    pub(in crate::format) fn or_insert(self, value: Value) -> &'a mut Value {
        self.or_insert_with(|| value)
    }

    /// The field's value, after this one was put there if it had none.
    pub(in crate::format) fn or_insert_with(self, value: impl FnOnce() -> Value) -> &'a mut Value {
        let Entry { map, name } = self;
        let at = map.position(&name).unwrap_or_else(|| {
            map.push(name, value());
            map.fields.len() - 1
        });
        &mut map.fields[at].value
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Map) -> bool {
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Object({})", self.len())
    }
}

impl IntoIterator for Map {
    type Item = (String, Value);
    type IntoIter = std::iter::Map<std::vec::IntoIter<Field>, fn(Field) -> Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.fields.into_iter().map(|field| (field.name, field.value))
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a String, &'a Value);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, Field>, fn(&'a Field) -> Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.fields.iter().map(|field| (&field.name, &field.value))
    }
}

impl Extend<(String, Value)> for Map {
    fn extend<I: IntoIterator<Item = (String, Value)>>(&mut self, fields: I) {
        fields.into_iter().for_each(|(name, value)| self.insert(name, value));
    }
}

impl FromIterator<(String, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(fields: I) -> Map {
        let mut map = Map::new();
        map.extend(fields);
        map
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Value {
        Value::Array(items.into_iter().collect())
    }
}

impl PartialEq<str> for Value {
    fn eq(&self, text: &str) -> bool {
        self.as_str() == Some(text)
    }
}

impl PartialEq<&str> for Value {
    fn eq(&self, text: &&str) -> bool {
        self.as_str() == Some(*text)
    }
}

macro_rules! from {
    ($($ty:ty: $value:ident => $to:expr,)*) => {
        $(impl From<$ty> for Value {
            fn from($value: $ty) -> Value {
                $to
            }
        })*
    };
}

from! {
    bool: value => Value::Bool(value),
    u32: value => Value::Number(value.into()),
    u64: value => Value::Number(value.into()),
    i64: value => Value::Number(value.into()),
    usize: value => Value::Number(value.into()),
    f64: value => Number::from_f64(value).map_or(Value::Null, Value::Number),
    &str: value => Value::String(value.to_owned()),
    &String: value => Value::String(value.clone()),
    String: value => Value::String(value),
    &Value: value => value.clone(),
    Vec<Value>: value => Value::Array(value),
    Map: value => Value::Object(value),
}

impl<const N: usize> From<[Value; N]> for Value {
    fn from(items: [Value; N]) -> Value {
        Value::Array(items.into())
    }
}

impl From<Option<Value>> for Value {
    fn from(value: Option<Value>) -> Value {
        value.unwrap_or_default()
    }
}

/// A value from its JSON, as serde_json's macro takes it: an object, or an array of objects.
macro_rules! json {
    ({$($name:literal: $value:expr),* $(,)?}) => {
        $crate::format::json::Value::Object($crate::format::json::Map::from_iter([
            $(($name.to_owned(), $crate::format::json::Value::from($value)),)*
        ]))
    };
    ([$($item:tt),*]) => {
        $crate::format::json::Value::Array(vec![$($crate::format::json::json!($item)),*])
    };
}

pub(in crate::format) use json;

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((name, value)) = fields.next_entry()? {
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// JSON texts, names repeated and objects beyond the index among them.
    fn json() -> BoxedStrategy<String> {
        let text = || prop_oneof!["[a-c]{0,2}", "\\PC{0,80}", "[\\x00-\\x7f]{0,80}"];
        let quoted = move || text().prop_map(|text| serde_json::to_string(&text).unwrap());
        let leaf = prop_oneof![
            Just("null".to_owned()),
            any::<bool>().prop_map(|value| value.to_string()),
            any::<i64>().prop_map(|value| value.to_string()),
            any::<u64>().prop_map(|value| value.to_string()),
            any::<f64>().prop_map(|value| serde_json::to_string(&value).unwrap()),
            quoted(),
        ];
        leaf.prop_recursive(4, 200, 60, move |inner| {
            let field = (quoted(), inner.clone()).prop_map(|(name, value)| format!("{name}:{value}"));
            prop_oneof![
                prop::collection::vec(inner, 0..6).prop_map(|items| format!("[{}]", items.join(","))),
                prop::collection::vec(field, 0..160).prop_map(|fields| format!("{{{}}}", fields.join(","))),
            ]
        })
        .boxed()
    }

    proptest! {
        /// serde_json's own values are the slow, obviously right twin.
        #[test]
        fn reads_and_writes_as_serde_json(text in json()) {
            let value: Value = serde_json::from_str(&text).unwrap();
            let twin: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(value.to_json(), twin.to_string());
        }

        #[test]
        fn fields_move_as_in_serde_json(
            names in prop::collection::vec("[a-z]{1,2}", 0..300),
            steps in prop::collection::vec((0_u8..4, "[a-z]{1,2}"), 0..80),
        ) {
            let mut map = Map::new();
            let mut twin = serde_json::Map::new();
            for (at, name) in names.into_iter().enumerate() {
                map.insert(name.clone(), at.into());
                twin.insert(name, at.into());
            }
            for (at, (step, name)) in steps.into_iter().enumerate() {
                match step {
                    0 => prop_assert_eq!(map.remove(&name).is_some(), twin.remove(&name).is_some()),
                    1 => {
                        map.insert(name.clone(), at.into());
                        twin.insert(name, at.into());
                    }
                    2 => {
                        map.retain(|there, _| there != name);
                        twin.retain(|there, _| *there != name);
                    }
                    _ => {
                        map.entry(name.as_str()).or_insert(at.into());
                        twin.entry(name.as_str()).or_insert(at.into());
                        prop_assert!(map.contains_key(&name));
                    }
                }
                let there: Vec<(&String, Option<i64>)> =
                    map.iter().map(|(name, value)| (name, value.as_i64())).collect();
                let expected: Vec<(&String, Option<i64>)> =
                    twin.iter().map(|(name, value)| (name, value.as_i64())).collect();
                prop_assert_eq!(there, expected);
            }
        }
    }
}
