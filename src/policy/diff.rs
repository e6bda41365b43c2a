//! `sealake policy diff`: what a new policy would change on a sample.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

use redactor::{Policy, Span};
use serde_json::json;

use super::explain::place;
use super::{Format, Setting, documents, show};
use crate::config::read_policy;
use crate::output;

/// Show what a new policy would change: its settings, and on a sample the findings that would be new, gone or treated
/// in another way, counted and by place. Never a value, unless --show.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The policy in use: a file, or the name of a profile.
    #[arg(value_name = "OLD")]
    old: String,
    /// The new policy.
    #[arg(value_name = "NEW")]
    new: String,
    /// The sample, text or NDJSON; standard input if not given.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// What the sample is; auto takes a first `{` or `[` for NDJSON.
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    format: Format,
    /// The most places to list; all are counted.
    #[arg(long, value_name = "PLACES", default_value_t = 50)]
    list: usize,
    /// Print values too.
    #[arg(long)]
    show: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    setting: Setting,
}

/// What becomes of a finding under both policies, as `category: old -> new`.
type Change = (&'static str, &'static str, &'static str);

/// What stands for the action where a policy does not find something.
const NOT_FOUND: &str = "not found";

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (old, new) = (read_policy(&args.old)?, read_policy(&args.new)?);
    let settings = settings(&old, &new);
    let old = args.setting.redactor(old)?;
    let new = old.with_policy(new)?;
    let as_of = args.setting.as_of()?;
    let (mut counts, mut places) = (BTreeMap::<Change, u64>::new(), Vec::new());
    let (mut documents_count, mut documents_changed, mut failed, mut same) = (0_u64, 0_u64, 0_u64, 0_u64);
    for document in documents(args.file.as_deref(), args.format)? {
        documents_count += 1;
        let (Ok(before), Ok(after)) = (document.redact(&old, as_of), document.redact(&new, as_of)) else {
            failed += 1;
            continue;
        };
        documents_changed += u64::from(before.text != after.text);
        let values = document.values(args.show);
        for (key, (was, is)) in paired(&before.findings, &after.findings) {
            let action = |span: Option<&Span>| span.map_or(NOT_FOUND, |span| span.action.name());
            let category = key.3;
            if action(was) == action(is) {
                same += 1;
                continue;
            }
            let change = (category, action(was), action(is));
            *counts.entry(change).or_default() += 1;
            if places.len() < args.list
                && let Some(span) = is.or(was)
            {
                let value = values.of(span);
                places.push((place(&document, span), change, span.rules.clone(), value));
            }
        }
    }
    let changed: u64 = counts.values().sum();
    if args.json {
        let counts: Vec<_> = counts
            .iter()
            .map(|((category, was, is), count)| json!({ "category": category, "old": was, "new": is, "count": count }))
            .collect();
        let places: Vec<_> = places
            .iter()
            .map(|(place, (category, was, is), rules, value)| {
                let mut told =
                    json!({ "place": place, "category": category, "old": was, "new": is, "rules": rules });
                if let Some(value) = value {
                    told["value"] = value.as_str().into();
                }
                told
            })
            .collect();
        let settings: Vec<_> = settings
            .iter()
            .map(|(name, was, is)| json!({ "setting": name, "old": was, "new": is }))
            .collect();
        output::line(json!({
            "old": old.policy().reference(), "new": new.policy().reference(), "settings": settings,
            "documents": documents_count, "documents_changed": documents_changed, "documents_failed": failed,
            "findings_same": same, "findings_changed": changed, "counts": counts, "places": places,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    output::line(format_args!("{} -> {}", old.policy().reference(), new.policy().reference()))?;
    for (name, was, is) in &settings {
        output::line(format_args!("setting {name}: {was} -> {is}"))?;
    }
    for ((category, was, is), count) in &counts {
        output::line(format_args!("{count:>8}  {category}: {was} -> {is}"))?;
    }
    for (place, (category, was, is), rules, value) in &places {
        let value = value.as_ref().map_or(String::new(), |value| format!(": {value:?}"));
        output::line(format_args!("{place}: {category}: {was} -> {is}, rules {rules}{value}"))?;
    }
    if changed > places.len() as u64 {
        output::line(format_args!("… and {} places more (--list)", changed - places.len() as u64))?;
    }
    output::line(format_args!(
        "{documents_changed} of {documents_count} documents come out different, {failed} could not be redacted; {changed} findings \
         change, {same} stay"
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Where a finding stands: pointer without digests of tokens, bytes, category.
type Key = (Option<String>, usize, usize, &'static str);

/// The findings of both, those at one place together.
fn paired<'a>(before: &'a [Span], after: &'a [Span]) -> BTreeMap<Key, (Option<&'a Span>, Option<&'a Span>)> {
    let key = |span: &Span| (span.pointer.as_deref().map(bare), span.start, span.end, span.category);
    let mut pairs: BTreeMap<Key, (Option<&Span>, Option<&Span>)> = BTreeMap::new();
    before.iter().for_each(|span| pairs.entry(key(span)).or_default().0 = Some(span));
    after.iter().for_each(|span| pairs.entry(key(span)).or_default().1 = Some(span));
    pairs
}

/// A pointer with redacted keys as labels, whatever the policy makes of them: `/[NAME:…]/a` is `/[NAME]/a`.
fn bare(pointer: &str) -> String {
    let step = |step: &str| match step.strip_prefix('[').and_then(|own| own.split_once(':')) {
        Some((kind, _)) if step.ends_with(']') => format!("[{kind}]"),
        _ => step.to_owned(),
    };
    pointer.split('/').map(step).collect::<Vec<_>>().join("/")
}

/// What stands for a setting that a policy does not have.
const NONE: &str = "none";

/// Actions, treatments, entries and what is stored, where the two differ.
fn settings(old: &Policy, new: &Policy) -> Vec<(String, String, String)> {
    let all = |policy: &Policy| -> BTreeMap<String, String> {
        let entries = policy.entries().map(|entry| {
            let name = format!("{}.{}", entry.kind.name(), entry.name);
            (name, format!("line {}, until {}", entry.line, entry.expires))
        });
        let stores = policy.stores().map(|(name, told)| (format!("store.{name}"), told));
        let patterns = ("patterns".to_owned(), policy.patterns().to_string());
        show::settings(policy).into_iter().chain(entries).chain(stores).chain([patterns]).collect()
    };
    let (old, new) = (all(old), all(new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let told =
        |all: &BTreeMap<String, String>, name: &str| all.get(name).map_or(NONE, String::as_str).to_owned();
    let pairs = names.into_iter().map(|name| (name.clone(), told(&old, name), told(&new, name)));
    pairs.filter(|(_, was, is)| was != is).collect()
}
