//! `sealake policy test`: the examples that a policy carries, and those of the built-in detectors.

use std::process::ExitCode;

use redactor::examples::{self, Outcome};
use serde_json::json;

use super::Setting;
use crate::config::read_policy;
use crate::output;

/// Run the examples in a policy's [[tests]], and those of the built-in detectors under it. Exit code 1 if one fails.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The policy file, or the name of a profile.
    #[arg(value_name = "POLICY")]
    policy: String,
    /// Print what came out where a test fails; it may hold what the test's text holds.
    #[arg(long)]
    show: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    setting: Setting,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let redactor = args.setting.redactor(read_policy(&args.policy)?)?;
    let as_of = args.setting.as_of()?;
    let (own, built_in) = (examples::of_policy(&redactor, as_of), examples::of_detectors(&redactor, as_of));
    let passed = |outcomes: &[Outcome]| outcomes.iter().filter(|outcome| outcome.failures.is_empty()).count();
    let failed = own.len() + built_in.len() - passed(&own) - passed(&built_in);
    if args.json {
        let all = |outcomes: &[Outcome]| -> Vec<serde_json::Value> {
            outcomes.iter().map(|outcome| told(outcome, args.show)).collect()
        };
        output::line(json!({
            "policy": redactor.policy().name(), "version": redactor.policy().version(), "sha256": redactor.policy().sha256(),
            "failed": failed, "tests": all(&own), "detectors": all(&built_in),
        }))?;
    } else {
        for outcome in own.iter().chain(&built_in).filter(|outcome| !outcome.failures.is_empty()) {
            let place = outcome.line.map_or("detector".to_owned(), |line| format!("line {line}, test"));
            output::line(format_args!(
                "FAILED: {place} \"{}\": {}",
                outcome.name,
                outcome.failures.join("; ")
            ))?;
            if args.show {
                output::line(format_args!("  came out: {}", outcome.output))?;
            }
        }
        output::line(format_args!(
            "{} of {} tests of the policy passed, {} of {} examples of built-in detectors",
            passed(&own),
            own.len(),
            passed(&built_in),
            built_in.len()
        ))?;
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(outcome: &Outcome, show: bool) -> serde_json::Value {
    let mut told = json!({ "name": outcome.name, "passed": outcome.failures.is_empty() });
    if let Some(line) = outcome.line {
        told["line"] = line.into();
    }
    if !outcome.failures.is_empty() {
        told["failures"] = outcome.failures.clone().into();
        if show {
            told["output"] = outcome.output.clone().into();
        }
    }
    told
}
