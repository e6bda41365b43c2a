//! `sealake policy list` and `sealake policy show`: the built-in profiles, and what each does with what.

use std::process::ExitCode;

use redactor::Policy;
use redactor::detect::Category;
use serde_json::json;

use crate::config::read_policy;
use crate::output;

/// List the built-in profiles.
#[derive(clap::Args)]
pub(super) struct ListArgs {
    /// Print one JSON array.
    #[arg(long)]
    json: bool,
}

/// Print a profile as the TOML file that it is, to start your own from; without a name, the table of what each
/// profile does with each category.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Name of a profile, or a policy file.
    #[arg(value_name = "POLICY")]
    policy: Option<String>,
    /// Print one JSON object: what is done with each category and column.
    #[arg(long)]
    json: bool,
}

pub(super) fn list(args: &ListArgs) -> anyhow::Result<ExitCode> {
    if args.json {
        output::line(json!(Policy::PROFILES))?;
    } else {
        for name in Policy::PROFILES {
            output::line(name)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let profiles = || Policy::PROFILES.iter().filter_map(|name| Policy::profile(name));
    match &args.policy {
        Some(name) if !args.json => {
            let policy = read_policy(name)?;
            output::line(String::from_utf8_lossy(policy.bytes()).trim_end())?;
        }
        Some(name) => output::line(settings_json(&read_policy(name)?))?,
        None if args.json => {
            let all: serde_json::Map<_, _> =
                profiles().map(|policy| (policy.name().to_owned(), settings_json(&policy))).collect();
            output::line(serde_json::Value::Object(all))?;
        }
        None => table(&profiles().collect::<Vec<_>>())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What a policy does with each category and kind of column: `DATE` `generalise`, `columns.subject` `token`.
pub(super) fn settings(policy: &Policy) -> Vec<(String, String)> {
    let actions = Category::ALL
        .iter()
        .map(|category| (category.name().to_owned(), policy.action(*category).name().to_owned()));
    let columns = [
        ("columns.workforce", policy.workforce()),
        ("columns.subject", policy.subject()),
        ("columns.opaque", policy.opaque()),
    ];
    let columns = columns.into_iter().map(|(name, treatment)| (name.to_owned(), treatment.name().to_owned()));
    actions.chain(columns).collect()
}

fn settings_json(policy: &Policy) -> serde_json::Value {
    let map: serde_json::Map<_, _> =
        settings(policy).into_iter().map(|(name, value)| (name, value.into())).collect();
    map.into()
}

fn table(policies: &[Policy]) -> anyhow::Result<()> {
    let rows = policies.iter().map(settings).collect::<Vec<_>>();
    let widths: Vec<usize> = policies
        .iter()
        .zip(&rows)
        .map(|(policy, row)| {
            row.iter().map(|(_, value)| value.len()).max().unwrap_or(0).max(policy.name().len())
        })
        .collect();
    let print = |first: &str, cells: Vec<&str>| {
        let cells = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        output::line(format!("{first:18}{}", cells.collect::<Vec<_>>().join("  ")).trim_end())
    };
    print("", policies.iter().map(Policy::name).collect())?;
    for at in 0..rows.first().map_or(0, Vec::len) {
        print(&rows[0][at].0, rows.iter().map(|row| row[at].1.as_str()).collect())?;
    }
    Ok(())
}
