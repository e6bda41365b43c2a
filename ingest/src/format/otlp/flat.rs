//! Lists that were flattened into attribute names, such as `gen_ai.prompt.0.tool_calls.1.name`, back to lists.

use super::super::json::{Map, Value};
use super::Fields;

/// More parts than this in a name are no list of messages.
const PARTS_MAX: usize = 16;

/// Takes all attributes whose name goes on after `prefix` with a number and puts them together.
pub(super) fn take(attributes: &mut Fields, prefix: &str) -> Option<Value> {
    let names: Vec<String> = attributes
        .keys()
        .filter(|name| {
            name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
                && name.split('.').count() <= PARTS_MAX
        })
        .cloned()
        .collect();
    if names.is_empty() {
        return None;
    }
    let mut root = Map::new();
    for name in names {
        let Some(value) = attributes.remove(&name) else { continue };
        // A name that is a value and the start of another name at once: stays as it was written.
        if let Err(value) = insert(&mut root, &name[prefix.len()..], value) {
            attributes.insert(name, value);
        }
    }
    Some(listed(Value::Object(root)))
}

fn insert(fields: &mut Fields, path: &str, value: Value) -> Result<(), Value> {
    match path.split_once('.') {
        None if fields.contains_key(path) => Err(value),
        None => {
            fields.insert(path.to_owned(), value);
            Ok(())
        }
        Some((first, rest)) => match fields.entry(first).or_insert_with(|| Value::Object(Map::new())) {
            Value::Object(inner) => insert(inner, rest, value),
            _ => Err(value),
        },
    }
}

/// Objects whose keys are all numbers become lists in the order of the numbers.
fn listed(value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    let is_list = !fields.is_empty() && fields.keys().all(|key| key.parse::<u32>().is_ok());
    let fields = fields.into_iter().map(|(key, value)| (key, listed(value)));
    if !is_list {
        return Value::Object(fields.collect());
    }
    let mut items: Vec<(u32, Value)> =
        fields.filter_map(|(key, value)| Some((key.parse().ok()?, value))).collect();
    items.sort_by_key(|(position, _)| *position);
    items.into_iter().map(|(_, value)| value).collect()
}
