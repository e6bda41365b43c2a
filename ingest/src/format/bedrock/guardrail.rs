//! Bedrock Guardrails: what `trace.guardrail` says, in every place where a body may carry it.
//!
//! The column holds names, actions, categories and counts. The trace itself quotes the text that matched, so it
//! stays in `unmapped_json`, where it is scanned like all content.

use super::super::json::Value;
use std::collections::BTreeMap;

use schemas::{Value as Cell, event};

use super::{Draft, Fields, json};

/// Most categories of one assessment in the column; all of them are in the trace.
const CATEGORIES_MAX: usize = 64;

/// Takes trace and action out of the body of an answer.
pub(super) fn put(draft: &mut Draft<'_>, body: &mut Fields) {
    let action = body.remove("amazon-bedrock-guardrailAction").as_ref().and_then(json::text);
    let has_intervened = action.as_deref().is_some_and(|action| action.ends_with("INTERVENED"))
        || ["stopReason", "stop_reason"]
            .iter()
            .any(|name| body.get(name).is_some_and(|reason| reason == "guardrail_intervened"));
    let trace = body.remove("trace").or_else(|| body.remove("amazon-bedrock-trace"));
    let mut items = Vec::new();
    if let Some(guardrail) = trace.as_ref().and_then(|trace| trace.get("guardrail")) {
        for (name, stage) in [
            ("inputAssessment", "input"),
            ("input", "input"),
            ("outputAssessments", "output"),
            ("outputs", "output"),
            ("output", "output"),
        ] {
            for (id, assessment) in guardrail.get(name).and_then(Value::as_object).into_iter().flatten() {
                match assessment {
                    Value::Array(list) => items.extend(list.iter().map(|one| Seen::new(id, stage, one))),
                    one => items.push(Seen::new(id, stage, one)),
                }
            }
        }
    }
    if items.is_empty() && action.is_none() && !has_intervened {
        if let Some(trace) = trace {
            draft.keep("trace", trace);
        }
        return;
    }
    let has = |word: &str| items.iter().any(|item| item.action == word);
    let outcome = match () {
        () if has("BLOCKED") || (has_intervened && !has("ANONYMIZED")) => {
            draft.set(event::STATUS, "blocked");
            "intervened"
        }
        () if has("ANONYMIZED") => "masked",
        () => "passed",
    };
    draft.set(event::GUARDRAIL_OUTCOME, outcome);
    if !items.is_empty() {
        draft.set(event::GUARDRAILS, Cell::List(items.into_iter().map(Seen::cell).collect()));
    }
    draft.keep("amazon-bedrock-guardrailAction", action.map(Value::from).into());
    draft.keep("trace", trace.unwrap_or_default());
}

/// One assessment by one guardrail.
struct Seen {
    id: String,
    stage: &'static str,
    action: &'static str,
    categories: Vec<String>,
    counts: BTreeMap<String, i64>,
    latency_ms: Option<f64>,
}

impl Seen {
    fn new(id: &str, stage: &'static str, assessment: &Value) -> Seen {
        let latency_ms =
            assessment.pointer("/invocationMetrics/guardrailProcessingLatency").and_then(json::float);
        let mut seen = Seen {
            id: id.to_owned(),
            stage,
            action: "NONE",
            categories: Vec::new(),
            counts: BTreeMap::new(),
            latency_ms,
        };
        // Each policy is an object of lists, each item of which has an action and a name or a type.
        for (policy, lists) in
            assessment.as_object().into_iter().flatten().filter(|(name, _)| name.ends_with("Policy"))
        {
            for item in
                lists.as_object().into_iter().flatten().filter_map(|(_, list)| list.as_array()).flatten()
            {
                seen.add(policy, item);
            }
        }
        seen
    }

    fn add(&mut self, policy: &str, item: &Value) {
        let rank = |action: &str| ["NONE", "ANONYMIZED", "BLOCKED"].iter().position(|known| *known == action);
        let action = item.get("action").and_then(Value::as_str).unwrap_or("NONE");
        if let Some(new) = rank(action)
            && Some(new) > rank(self.action)
        {
            self.action = ["NONE", "ANONYMIZED", "BLOCKED"][new];
        }
        // A topic has a name its owner gave it; words and regular expressions have none that is not content.
        let category = match policy {
            "topicPolicy" => item.get("name"),
            "wordPolicy" => None,
            _ => item.get("type"),
        };
        let category = category.and_then(Value::as_str).unwrap_or(policy).to_owned();
        if policy == "sensitiveInformationPolicy" {
            *self.counts.entry(category.clone()).or_default() += 1;
        }
        if self.categories.len() < CATEGORIES_MAX && !self.categories.contains(&category) {
            self.categories.push(category);
        }
    }

    fn cell(self) -> Cell {
        let status = if self.action == "NONE" { "passed" } else { "intervened" };
        let categories = self.categories.into_iter().map(Cell::from).collect();
        let counts: Vec<(String, i64)> = self.counts.into_iter().collect();
        Cell::Struct(vec![
            self.id.into(),
            "aws.bedrock".into(),
            self.stage.into(),
            status.into(),
            self.action.into(),
            Cell::List(categories),
            Cell::Null,
            if counts.is_empty() { Cell::Null } else { Cell::Counts(counts) },
            self.latency_ms.into(),
        ])
    }
}
