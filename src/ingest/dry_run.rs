//! `sealake ingest --dry-run`: what a run would do, counted, with nothing stored.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use ingest::{DryRun, DryTopic, Shutdown};
use redactor::Redactor;

use super::Args;
use crate::config::Config;
use crate::output;

pub(super) fn run(
    args: &Args,
    config: &Config,
    ingest: ingest::Config,
    redactor: Redactor,
) -> anyhow::Result<ExitCode> {
    // The group is not joined, but the broker is asked in its name: no further permission is needed.
    let group = config.lake.key.split('+').next().unwrap_or_default().to_owned();
    let runtime = tokio::runtime::Runtime::new()?;
    let counted = runtime.block_on(async {
        let shutdown = Shutdown::on_signals()?;
        anyhow::Ok(
            ingest::dry_run(ingest, redactor, &group, shutdown, args.until_caught_up, args.last).await?,
        )
    })?;
    runtime.shutdown_timeout(Duration::from_secs(1));
    if args.json {
        output::line(serde_json::to_string(&counted)?)?;
    } else {
        table(&counted)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn table(counted: &DryRun) -> anyhow::Result<()> {
    let DryRun { policy, partitions, caught_up, topics, missing_topics } = counted;
    output::line(format_args!(
        "dry run, nothing was stored: policy {policy}, {partitions} partitions, {}",
        if *caught_up { "all that they held at the start" } else { "stopped before their end" }
    ))?;
    for (name, topic) in topics {
        self::topic(name, topic)?;
    }
    for name in missing_topics {
        output::note(format_args!("sealake: the topic {name} does not exist"));
    }
    Ok(())
}

fn topic(name: &str, topic: &DryTopic) -> anyhow::Result<()> {
    let DryTopic { messages, bytes, decoded, stored, .. } = topic;
    output::line(format_args!("topic {name}"))?;
    let sum = |counts: &BTreeMap<String, u64>| counts.values().sum::<u64>();
    output::line(format_args!(
        "  messages  {messages} ({bytes} bytes) = decoded {decoded} + quarantined {}{} + skipped {}{}",
        sum(&topic.messages_quarantined),
        listed(&topic.messages_quarantined),
        sum(&topic.messages_skipped),
        listed(&topic.messages_skipped)
    ))?;
    output::line(format_args!(
        "  records   to be stored {stored} + quarantined {}{} + skipped {}{}",
        sum(&topic.records_quarantined),
        listed(&topic.records_quarantined),
        sum(&topic.records_skipped),
        listed(&topic.records_skipped)
    ))?;
    for (format, count) in &topic.formats {
        output::line(format_args!("  format    {format:22}{count:>10}"))?;
    }
    for (category, actions) in &topic.findings {
        for (action, count) in actions {
            output::line(format_args!("  found     {category:12}{action:10}{count:>10}"))?;
        }
    }
    Ok(())
}

fn listed(counts: &BTreeMap<String, u64>) -> String {
    if counts.is_empty() {
        return String::new();
    }
    let counts = counts.iter().map(|(reason, count)| format!("{reason} {count}"));
    format!(" ({})", counts.collect::<Vec<_>>().join(", "))
}
