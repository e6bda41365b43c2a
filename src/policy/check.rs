//! `sealake policy check`: whether a policy is sound, and what of it holds no more.

use std::process::ExitCode;

use redactor::Entry;
use serde_json::json;

use super::now;
use crate::config::read_policy;
use crate::output;

/// Entries that end within so many days are said.
const SOON_DAYS: i64 = 30;

/// Say whether a policy file is valid, with line and column of what is not, and which of its entries have expired.
///
/// The exit code is 0 for a policy that `ingest` would take, also if entries have expired: they are not applied, and
/// standard error has a warning of each.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The policy file, or the name of a profile.
    #[arg(value_name = "POLICY")]
    policy: String,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let policy = read_policy(&args.policy)?;
    policy.check_acknowledged()?;
    let now = now()?;
    for entry in policy.entries().filter(|entry| !entry.holds(now)) {
        output::note(format_args!("sealake: warning: {}: {}", args.policy, told(entry, now)));
    }
    let state = |entry: &Entry| match entry.days_left(now) {
        ..0 => "expired",
        0..=SOON_DAYS => "expires soon",
        _ => "holds",
    };
    if args.json {
        let entries: Vec<_> = policy
            .entries()
            .map(|entry| {
                json!({
                    "kind": entry.kind.name(), "name": entry.name, "line": entry.line, "owner": entry.owner,
                    "reason": entry.reason, "expires": entry.expires, "state": state(entry).replace(' ', "_"),
                })
            })
            .collect();
        output::line(json!({
            "name": policy.name(), "version": policy.version(), "sha256": policy.sha256(),
            "patterns": policy.patterns(), "tests": policy.examples().len(), "entries": entries,
            "store": policy.stores().map(|(name, told)| json!({ "name": name, "stores": told })).collect::<Vec<_>>(),
            "identifiers_kept": policy.identifiers_kept(),
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    output::line(format_args!("{} version {}, sha256 {}", policy.name(), policy.version(), policy.sha256()))?;
    let (patterns, entries, tests) = (policy.patterns(), policy.entries().count(), policy.examples().len());
    if patterns + entries + tests > 0 {
        output::line(format_args!(
            "{patterns} patterns; {entries} deny lists, allow lists and exceptions; {tests} tests (`sealake policy test` runs them)"
        ))?;
    }
    for (name, told) in policy.stores() {
        output::line(format_args!("store \"{name}\": {told}"))?;
    }
    for entry in policy.entries().filter(|entry| (0..=SOON_DAYS).contains(&entry.days_left(now))) {
        output::line(told(entry, now))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Until when an entry holds, or that it does no more.
fn told(entry: &Entry, now: i64) -> String {
    let Entry { kind, name, owner, expires, line, .. } = entry;
    let what = if entry.holds(now) {
        format!("holds until {expires} (UTC)")
    } else {
        format!(
            "expired with {expires} (UTC) and is not applied to events after it; renew it, or take it out"
        )
    };
    format!("line {line}: {} \"{name}\" of {owner} {what}", kind.name())
}
