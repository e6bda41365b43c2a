//! LiteLLM's guardrails: `guardrail_information` and `status_fields`.
//!
//! What the guardrail was asked and what it answered quotes the content it looked at: it stays with the rest of
//! the record in `unmapped_json`, where it is scanned, and never becomes part of the column.

use schemas::{Value as Cell, event};

use super::super::json::{Map, Value};
use super::{Draft, Fields, json};

/// Fills `guardrails`, `guardrail_outcome` and, where a guardrail stopped the call, `status`.
pub(super) fn put(draft: &mut Draft<'_>, fields: &mut Fields, metadata: &mut Fields) {
    let mut items = Vec::new();
    let mut rest = Vec::new();
    let top = fields.remove("guardrail_information");
    // Newer releases write the list in both places.
    let inner = metadata.remove("guardrail_information").filter(|inner| top.as_ref() != Some(inner));
    for source in [top, inner] {
        let list = match source {
            Some(Value::Array(list)) => list,
            Some(Value::Object(one)) => vec![Value::Object(one)],
            Some(other) => {
                draft.keep("guardrail_information", other);
                continue;
            }
            None => continue,
        };
        for entry in list {
            let Value::Object(mut entry) = entry else { continue };
            items.push(guardrail(&mut entry));
            rest.push(Value::Object(entry));
        }
    }
    outcome(draft, fields, &items);
    if !items.is_empty() {
        draft.set(event::GUARDRAILS, Cell::List(items));
        draft.keep("guardrail_information", Value::Array(rest));
    }
}

fn guardrail(entry: &mut Fields) -> Cell {
    let seconds = entry.get("duration").and_then(json::float);
    if seconds.is_some() {
        entry.remove("duration");
    }
    let counts = match entry.remove("masked_entity_count") {
        Some(Value::Object(counts)) => entity_counts(counts),
        Some(other) => {
            entry.insert("masked_entity_count".to_owned(), other);
            Cell::Null
        }
        None => Cell::Null,
    };
    let categories = match entry.remove("violation_categories") {
        Some(Value::Array(list)) => Cell::List(list.iter().filter_map(json::text).map(Cell::from).collect()),
        _ => Cell::Null,
    };
    let score = ["risk_score", "confidence_score"].iter().find_map(|name| {
        let score = entry.get(name).and_then(json::float);
        if score.is_some() {
            entry.remove(name);
        }
        score
    });
    let mut text = |name: &str| match entry.remove(name) {
        Some(Value::Array(list)) => list.first().and_then(json::text).into(),
        Some(value) => Cell::from(json::text(&value)),
        None => Cell::Null,
    };
    Cell::Struct(vec![
        text("guardrail_name"),
        text("guardrail_provider"),
        text("guardrail_mode"),
        text("guardrail_status"),
        text("guardrail_action"),
        categories,
        score.into(),
        counts,
        seconds.map(|seconds| seconds * 1000.0).into(),
    ])
}

fn entity_counts(counts: Map) -> Cell {
    let mut counts: Vec<(String, i64)> =
        counts.into_iter().filter_map(|(name, count)| Some((name, json::int(&count)?))).collect();
    counts.sort();
    Cell::Counts(counts)
}

fn outcome(draft: &mut Draft<'_>, fields: &mut Fields, items: &[Cell]) {
    let status = match fields.remove("status_fields") {
        Some(Value::Object(mut status)) => {
            let outcome = status.remove("guardrail_status").as_ref().and_then(json::text);
            if let Some(api) = status.remove("llm_api_status") {
                draft.keep("llm_api_status", api);
            }
            draft.keep("status_fields", Value::Object(status));
            outcome
        }
        _ => None,
    };
    let of_item = |item: &Cell, field: usize| match item {
        Cell::Struct(cells) => cells[field].as_text().map(str::to_owned),
        _ => None,
    };
    let any = |word: &str| items.iter().any(|item| of_item(item, 3).as_deref() == Some(word));
    let masked = items.iter().any(|item| matches!(item, Cell::Struct(cells) if matches!(&cells[7], Cell::Counts(counts) if !counts.is_empty())));
    let status = status.unwrap_or_else(|| {
        let words = ["guardrail_intervened", "guardrail_failed_to_respond", "success"];
        words.into_iter().find(|word| any(word)).unwrap_or_default().to_owned()
    });
    let outcome = match status.as_str() {
        "guardrail_intervened" if draft.text_of(event::STATUS) == Some("error") => {
            draft.set(event::STATUS, "blocked");
            "intervened"
        }
        "guardrail_intervened" => "intervened",
        "success" if masked => "masked",
        "success" => "passed",
        "guardrail_failed_to_respond" => "failed",
        "not_run" => "not_run",
        _ => return,
    };
    draft.set(event::GUARDRAIL_OUTCOME, outcome);
}
