//! What a policy leaves out of an event although it was redacted: texts, of which a keyed hash, their type and length
//! stay, and columns. A finding says so for each, so that it is counted with all others.

use schemas::{Column, Record, Type, Value, event};

use super::ColumnFinding;
use crate::engine::Engine;
use crate::policy::{Action, Store};
use crate::redacted::Reject;
use crate::token;

/// The columns that hold texts of messages, prompts, answers and arguments, or may quote them.
const CONTENT: &[(usize, &str)] = &[
    (event::REQUEST_PARAMS_JSON, JSON),
    (event::SYSTEM_INSTRUCTIONS, JSON),
    (event::INPUT_MESSAGES, JSON),
    (event::OUTPUT_MESSAGES, JSON),
    (event::TOOL_DEFINITIONS_JSON, JSON),
    (event::UNMAPPED_JSON, JSON),
    (event::MCP_RESOURCE_URI, TEXT),
    (event::ERROR_MESSAGE, TEXT),
];

/// Fields of `tool_calls` that do.
const CALL_CONTENT: &[&str] = &["arguments_json", "result_json"];

/// Columns that are made of others and go with them.
const DERIVED: &[usize] = &[event::PROMPT_TEXT, event::RESPONSE_TEXT];

const JSON: &str = "application/json";
const TEXT: &str = "text/plain";

/// The category of a column that was left out.
const COLUMN: &str = "COLUMN";

/// What stands for texts as they came: made before they are redacted, written after.
pub(super) struct LeftOut<'e> {
    store: &'e Store,
    hashes: Vec<(Vec<usize>, &'static str, String)>,
}

impl<'e> LeftOut<'e> {
    /// What the policy leaves out of this event; none for most policies. The record is not redacted yet.
    pub(super) fn of(engine: &'e Engine, record: &Record) -> Option<LeftOut<'e>> {
        let topic = record.get(event::KAFKA_TOPIC).as_text().unwrap_or("");
        let store = engine.policy.store(topic, record.get(event::PURPOSE).as_text())?;
        let mut left_out = LeftOut { store, hashes: Vec::new() };
        if !store.hash_only {
            return Some(left_out);
        }
        for (position, media_type) in CONTENT {
            if let Some(text) = record.get(*position).as_text() {
                left_out.hash(engine, vec![*position], media_type, text);
            }
        }
        let Value::List(calls) = record.get(event::TOOL_CALLS) else { return Some(left_out) };
        for (at, call) in calls.iter().enumerate() {
            let Value::Struct(values) = call else { continue };
            for (place, _) in call_fields() {
                if let Some(text) = values.get(place).and_then(Value::as_text) {
                    left_out.hash(engine, vec![event::TOOL_CALLS, at, place], JSON, text);
                }
            }
        }
        Some(left_out)
    }

    fn hash(&mut self, engine: &Engine, path: Vec<usize>, media_type: &'static str, text: &str) {
        let mut token = String::new();
        let suffix = token::opaque_suffix(media_type, text.len());
        engine.tokens.write_bytes(token::OPAQUE, text.as_bytes(), &suffix, &mut token);
        self.hashes.push((path, media_type, token));
    }

    /// Leaves it out of the redacted record. What was found in it still counts, but has no place of its own any more.
    pub(super) fn apply(self, record: &mut Record, found: &mut Vec<ColumnFinding>) -> Result<(), Reject> {
        let LeftOut { store, hashes } = self;
        let columns = record.schema().columns;
        if store.hash_only {
            DERIVED.iter().for_each(|position| record.set(*position, Value::Null));
        }
        for (path, media_type, token) in hashes {
            let (column, pointer) = (columns[path[0]].name, pointer(&path));
            let stored = if media_type == JSON { format!("\"{token}\"") } else { token };
            let whole =
                ColumnFinding { end: stored.len(), ..left_out(store, column, pointer, token::OPAQUE) };
            displace(found, &whole);
            found.push(whole);
            *super::slot_mut(record, &path)? = stored.into();
        }
        for (position, column) in columns.iter().enumerate().filter(|(position, _)| !store.keeps(*position)) {
            if record.get(position).is_null() {
                continue;
            }
            record.set(position, Value::Null);
            let whole = left_out(store, column.name, None, COLUMN);
            displace(found, &whole);
            found.push(whole);
        }
        Ok(())
    }
}

/// The fields of a tool call that hold content: place and name.
fn call_fields() -> Vec<(usize, &'static str)> {
    let Type::List(Column { ty: Type::Struct(fields), .. }) = event::EVENT.columns[event::TOOL_CALLS].ty
    else {
        return Vec::new();
    };
    let named = fields.iter().enumerate().map(|(place, field)| (place, field.name));
    named.filter(|(_, name)| CALL_CONTENT.contains(name)).collect()
}

/// Where a hashed text stands in its column.
fn pointer(path: &[usize]) -> Option<String> {
    let [_, at, place] = path else { return None };
    let name = call_fields().into_iter().find(|(at, _)| at == place).map_or("", |(_, name)| name);
    Some(format!("/{at}/{name}"))
}

/// What was found where now the whole is left out was removed with it.
fn displace(found: &mut [ColumnFinding], whole: &ColumnFinding) {
    let inside = |finding: &&mut ColumnFinding| {
        finding.column == whole.column && under(&finding.pointer, whole.pointer.as_deref())
    };
    for finding in found.iter_mut().filter(inside) {
        finding.pointer.clone_from(&whole.pointer);
        (finding.start, finding.end, finding.action) = (whole.start, whole.end, Action::Remove);
    }
}

/// Whether a finding's pointer is this one or below; everything is below none.
fn under(found: &Option<String>, pointer: Option<&str>) -> bool {
    let Some(pointer) = pointer else { return true };
    found
        .as_deref()
        .and_then(|found| found.strip_prefix(pointer))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn left_out(
    store: &Store,
    column: &'static str,
    pointer: Option<String>,
    category: &'static str,
) -> ColumnFinding {
    ColumnFinding {
        column,
        pointer,
        start: 0,
        end: 0,
        was: 0..0,
        category,
        rule: store.rule.into(),
        cfr: None,
        action: Action::Remove,
        score: 1.0,
    }
}

#[cfg(test)]
mod tests;
