//! That a fixture has every key path, with the same JSON type, of the record that its maker publishes.
//!
//! The published records are not in the repository; `NAME.paths` beside a fixture lists their paths. A line is
//! where (the number of the record, `attributes` for the attributes of OTLP, or the attribute that holds JSON),
//! path and type, separated by tabs.

use std::collections::BTreeSet;

use super::*;

fn collect(value: &Value, path: String, found: &mut BTreeSet<(String, &'static str)>) {
    let ty = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, format!("{path}/*"), found)),
        Value::Object(fields) => {
            fields.iter().for_each(|(key, item)| collect(item, format!("{path}/{key}"), found));
        }
        _ => {}
    }
    found.insert((if path.is_empty() { "/".to_owned() } else { path }, ty));
}

/// The attributes of OTLP anywhere in a record: name and the object with its typed value.
fn attributes<'v>(value: &'v Value, found: &mut Vec<(&'v str, &'v Map<String, Value>)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| attributes(item, found)),
        Value::Object(fields) => {
            if let (Some(Value::String(key)), Some(Value::Object(value))) =
                (fields.get("key"), fields.get("value"))
            {
                found.push((key, value));
            }
            fields.values().for_each(|item| attributes(item, found));
        }
        _ => {}
    }
}

fn found_at(place: &str, records: &[Value]) -> BTreeSet<(String, &'static str)> {
    let mut found = BTreeSet::new();
    if let Ok(number) = place.parse::<usize>() {
        collect(&records[number], String::new(), &mut found);
        return found;
    }
    let mut pairs = Vec::new();
    records.iter().for_each(|record| attributes(record, &mut pairs));
    for (key, value) in pairs {
        if place == "attributes" {
            for kind in ["stringValue", "intValue", "doubleValue", "arrayValue", "boolValue"] {
                if value.contains_key(kind) {
                    found.insert((format!("/{key}"), kind));
                }
            }
        } else if key == place {
            match value.get("stringValue") {
                Some(Value::String(text)) => {
                    collect(&serde_json::from_str(text).unwrap(), String::new(), &mut found)
                }
                _ => collect(&plain(&Value::Object(value.clone())), String::new(), &mut found),
            }
        }
    }
    found
}

/// A typed value of OTLP without its types.
fn plain(any: &Value) -> Value {
    let Some((ty, value)) = any.as_object().and_then(|fields| fields.iter().next()) else {
        return Value::Null;
    };
    match ty.as_str() {
        "arrayValue" => value["values"].as_array().into_iter().flatten().map(plain).collect(),
        "kvlistValue" => {
            let pairs = value["values"].as_array().into_iter().flatten();
            let pairs = pairs.map(|pair| (pair["key"].as_str().unwrap().to_owned(), plain(&pair["value"])));
            Value::Object(pairs.collect())
        }
        _ => value.clone(),
    }
}

#[test]
fn fixtures_have_every_path_of_the_published_record() {
    let mut compared = 0;
    for format in super::super::FORMATS {
        for entry in std::fs::read_dir(fixtures_dir().join(format.name())).unwrap() {
            let list = entry.unwrap().path();
            if list.extension().is_none_or(|extension| extension != "paths") {
                continue;
            }
            let [json, jsonl] = ["json", "jsonl"].map(|extension| list.with_extension(extension));
            let fixture = std::fs::read_to_string(if json.exists() { json } else { jsonl }).unwrap();
            let records: Vec<Value> =
                fixture.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            for line in std::fs::read_to_string(&list).unwrap().lines() {
                let [place, path, ty] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
                let found = found_at(place, &records);
                let is_there = found.iter().any(|(there, kind)| there == path && *kind == ty);
                assert!(is_there, "{}: {place} has no {path} of type {ty}", list.display());
                compared += 1;
            }
        }
    }
    assert!(compared > 200, "only {compared} paths compared");
}
