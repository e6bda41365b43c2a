//! `sealake policy explain`: which rule fired on a text, where and why, and what the policy makes of it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use redactor::detect::{Category, DETECTORS};
use redactor::{Action, Policy, Span};
use serde_json::{Value, json};

use super::{Document, Format, Setting, documents};
use crate::config::read_policy;
use crate::output;

/// Why a word goes that no rule knows; its kind is the learned weights' best guess.
const SCORER: &str = "no rule knows it, but by its spelling and by what stands around it, beside what was found in the \
                      text, it is an identifier: learned weights, see docs/redaction-detectors.md";

/// The redactor's own rules that no detector has.
const RULES: &[(&str, &str)] = &[
    ("key", "the value stands under a key that says what it is"),
    ("key.number", "the number stands under a key that says what it is"),
    ("key.of_person", "the key is the number of one of an object's persons"),
    ("name.number", "a number in brackets right behind a name"),
    ("name.propagated", "a mention of a name that the document gives away elsewhere"),
    ("copy", "a copy of what another text of the document gave away"),
    ("vocabulary.number", "a long number where a word of a vocabulary should stand"),
    ("scorer.name", SCORER),
    ("scorer.place", SCORER),
    ("scorer.date", SCORER),
    ("scorer.age", SCORER),
    ("scorer.secret", SCORER),
    ("scorer.number", SCORER),
    ("opaque", "base64 that is no text"),
    ("opaque.vector", "an embedding"),
    ("base64", "base64 of a text in which something was found"),
    ("limit", "nested too deep, or too much to look into"),
    ("text.too_long", "longer than is looked through"),
];

/// Show for a text which rules fired, where and why: rule, category, letter of 45 CFR 164.514(b)(2)(i), score,
/// action, and the line of the policy that says so. Never the value, unless --show.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The policy file, or the name of a profile.
    #[arg(value_name = "POLICY")]
    policy: String,
    /// The text or NDJSON; standard input if not given.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// What the input is; auto takes a first `{` or `[` for NDJSON.
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    format: Format,
    /// Print values and redacted text too.
    #[arg(long)]
    show: bool,
    /// Print one JSON object for each finding.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    setting: Setting,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let redactor = args.setting.redactor(read_policy(&args.policy)?)?;
    let as_of = args.setting.as_of()?;
    let policy = redactor.policy();
    let (mut rules, mut found, mut failed) = (BTreeSet::new(), 0, 0);
    for document in documents(args.file.as_deref(), args.format)? {
        let out = match document.redact(&redactor, as_of) {
            Ok(out) => out,
            Err(reject) => {
                failed += 1;
                output::note(format_args!(
                    "sealake: line {}: {reject}; `redact` would replace it",
                    document.line
                ));
                continue;
            }
        };
        let values = document.values(args.show);
        for span in &out.findings {
            let value = values.of(span);
            let line = if args.json {
                as_json(policy, &document, span, value).to_string()
            } else {
                as_line(policy, &document, span, value)
            };
            output::line(line)?;
            rules.extend(span.rules.split(',').map(str::to_owned));
            found += 1;
        }
        if args.show && !args.json {
            output::line(format_args!("line {} becomes: {}", document.line, out.text.trim_end()))?;
        }
    }
    if !args.json {
        if found == 0 {
            output::line("nothing found")?;
        }
        for rule in &rules {
            output::line(format_args!("rule {rule}: {}", why(policy, rule)))?;
        }
    }
    Ok(ExitCode::from(if failed > 0 { 3 } else { 0 }))
}

/// Where a finding is, for people: `line 3, bytes 5 to 14` or `line 3, /a/0, bytes 5 to 14`.
pub(super) fn place(document: &Document, span: &Span) -> String {
    let length = span.end - span.start;
    match &span.pointer {
        Some(pointer) => format!("line {}, {pointer}, bytes {} to {}", document.line, span.start, span.end),
        None => {
            let (line, start) = document.place_of(span.start);
            format!("line {line}, bytes {start} to {}", start + length)
        }
    }
}

fn as_line(policy: &Policy, document: &Document, span: &Span, value: Option<String>) -> String {
    let letter = span.cfr.map_or(String::new(), |letter| format!(" ({letter})"));
    let line = match (action_line(policy, span), span.action) {
        (Some(line), _) => format!(" by line {line} of the policy"),
        (None, Action::Keep) => " by one of the policy's [[allow]] or [[exceptions]]".to_owned(),
        _ => String::new(),
    };
    let value = value.map_or(String::new(), |value| format!(": {value:?}"));
    format!(
        "{}: {}{letter}, rules {}, score {:.2}, action {}{line}{value}",
        place(document, span),
        span.category,
        span.rules,
        span.score,
        span.action.name(),
    )
}

fn as_json(policy: &Policy, document: &Document, span: &Span, value: Option<String>) -> Value {
    let (line, start) = document.place_of(span.start);
    let rules: Vec<Value> = span
        .rules
        .split(',')
        .map(|rule| json!({ "rule": rule, "policy_line": policy.line_of_rule(rule), "why": why(policy, rule) }))
        .collect();
    let mut told = json!({
        "line": line, "pointer": span.pointer, "start": start, "end": start + span.end - span.start,
        "category": span.category, "cfr": span.cfr, "score": span.score, "action": span.action.name(),
        "action_line": action_line(policy, span),
        "rules": rules,
    });
    if let Some(value) = value {
        told["value"] = value.into();
    }
    told
}

/// The line that says what is done with the category, where that is what was done.
fn action_line(policy: &Policy, span: &Span) -> Option<usize> {
    let category = Category::from_name(span.category)?;
    (policy.action(category) == span.action).then(|| policy.line_of_action(category))
}

/// What a rule stands for.
fn why(policy: &Policy, rule: &str) -> String {
    if let Some(line) = policy.line_of_rule(rule) {
        let kind = rule.split('.').next().unwrap_or(rule);
        return match policy.entries().find(|entry| entry.line == line) {
            Some(entry) => format!(
                "{kind} in line {line} of the policy, by {}, until {}: {}",
                entry.owner, entry.expires, entry.reason
            ),
            None => format!("{kind} in line {line} of the policy"),
        };
    }
    if let Some((_, why)) = RULES.iter().find(|(known, _)| *known == rule) {
        return (*why).to_owned();
    }
    let id = rule.split('.').next().unwrap_or(rule);
    match DETECTORS.iter().find(|detector| detector.id() == id) {
        Some(detector) => {
            format!("built-in detector {id}, which fires on {:?} for example", detector.example())
        }
        None => "the redactor's own".to_owned(),
    }
}
