//! `sealake verify`: the verdict over every byte of a lake.
//!
//! Exit code 0: sound. 1: something was found. 2: it could not be checked, which is never called sound.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use auditstore::VerifyKey;
use auditstore::verify::{Options, Phase, Progress, Report, verify};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::config::Config;
use crate::lake::{LakeArgs, Named};
use crate::output;

/// Check every object of a lake against its signed log. Exit 0 sound, 1 finding, 2 could not check.
///
/// Works offline, on a copy, and while writers go on. Without --key, a --state made earlier, or -c, the lake vouches
/// for itself. With -c alone the state files of the writers on this machine are compared too: they show that the
/// newest entries of the event log or of the access log were deleted. Where they are not, name a --state.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    lake: LakeArgs,
    /// The access log's verification key. Otherwise the event log's first entry names it.
    #[arg(long, value_name = "KEY")]
    access_key: Option<String>,
    /// File that remembers keys and newest heads from one run to the next; detects deleted newest entries.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Compute the hash of every record again from the Parquet columns.
    #[arg(long)]
    records: bool,
    /// One JSON object a finding, then a summary.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let json = args.json;
    match check(args) {
        Ok(report) => {
            let printed = if json { print_json(&report) } else { print(&report) };
            match printed {
                Ok(()) => Ok(ExitCode::from(report.exit_code())),
                // 1 would say that something was found, and what was said has not arrived.
                Err(error) => {
                    let error = output::with_causes(&error);
                    output::note(format_args!("sealake: the verdict could not be printed: {error}"));
                    Ok(ExitCode::from(2))
                }
            }
        }
        Err(error) => {
            // So that nobody takes it for a verdict.
            let error = format!("{}: nothing was checked", output::with_causes(&error));
            output::note(format_args!("sealake: {error}"));
            if json {
                output::line(json!({"summary": {"verdict": "UNREADABLE", "error": error}}))?;
            }
            Ok(ExitCode::from(2))
        }
    }
}

fn check(args: Args) -> anyhow::Result<Report> {
    let Named { store, key, own } = args.lake.open()?;
    let access_key = args.access_key.map(|key| VerifyKey::parse(&key)).transpose()?;
    let options = Options {
        key,
        access_key: access_key.map(|key| key.public()),
        state: args.state,
        writer_states: own.as_ref().map(writer_states).unwrap_or_default(),
        records: args.records,
        progress: Some(progress()),
        clock: None,
    };
    let runtime = tokio::runtime::Runtime::new()?;
    Ok(runtime.block_on(verify(&store, &options))?)
}

/// Where `ingest` and `serve` remember the newest heads that they have seen.
pub(crate) fn writer_states(config: &Config) -> Vec<PathBuf> {
    vec![config.lake.state_file.clone(), config.serve.access_state.clone()]
}

/// A bar on a terminal, nothing in a pipe.
fn progress() -> Progress {
    let bar = ProgressBar::no_length();
    bar.set_style(
        ProgressStyle::with_template("{msg} {pos}/{len} {wide_bar}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    Arc::new(move |phase, done, total| {
        bar.set_message(match phase {
            Phase::Entries => "entries",
            Phase::Objects => "objects",
        });
        if let Some(total) = total {
            bar.set_length(total);
        }
        bar.set_position(done);
        if total == Some(done) {
            bar.finish_and_clear();
        }
    })
}

fn print(report: &Report) -> anyhow::Result<()> {
    for line in &report.findings {
        let what = format!("{}: {}", line.object, line.detail);
        output::line(format_args!("{:<18} {}", line.verdict, output::on_one_line(&what)))?;
    }
    if report.omitted > 0 {
        output::line(format_args!("… and {} more findings", report.omitted))?;
    }
    output::line(summary_line(report))?;
    Ok(())
}

/// The verdict on one line.
pub(crate) fn summary_line(report: &Report) -> String {
    let mut line = format!(
        "{}, {} objects, {} records{}{}, {}; head {} {}, key {}{}",
        report.verdict(),
        report.objects,
        report.records,
        if report.records_recomputed && report.exit_code() == 0 { " (each recomputed)" } else { "" },
        uncounted(report),
        if report.offsets_complete { "offsets complete" } else { "OFFSETS NOT COMPLETE" },
        report.size,
        report.root.get(..16).unwrap_or("-"),
        report.key_fingerprint.get(..16).unwrap_or("-"),
        if report.self_asserted { " (self-asserted by the lake)" } else { "" },
    );
    if report.orphans > 0 {
        line.push_str(&format!("; {} objects that no entry names", report.orphans));
    }
    if report.orphans_recent > 0 {
        line.push_str(&format!(
            ", {} of them stored less than an hour ago: a running writer may yet commit them",
            report.orphans_recent
        ));
    }
    line
}

/// What the number of records leaves open.
fn uncounted(report: &Report) -> String {
    let plural =
        |count: u64, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let mut text = String::new();
    if report.segments_uncounted > 0 {
        let segments = plural(report.segments_uncounted, "segment", "segments");
        text = format!(
            ", {} of them NOT COUNTED: {segments} missing, changed or unreadable",
            report.records_uncounted
        );
    }
    if report.entries_uncounted > 0 {
        let entries = plural(report.entries_uncounted, "entry", "entries");
        text.push_str(&format!(", and those of {entries} missing, unreadable or not valid are NOT COUNTED"));
    }
    text
}

fn print_json(report: &Report) -> anyhow::Result<()> {
    for line in &report.findings {
        output::line(json!({"finding": line}))?;
    }
    let mut summary = serde_json::to_value(report)?;
    if let Value::Object(fields) = &mut summary {
        fields.remove("findings");
        fields.insert("findings".to_owned(), json!(report.findings.len()));
        fields.insert("verdict".to_owned(), json!(report.verdict().code()));
        fields.insert("exit_code".to_owned(), json!(report.exit_code()));
    }
    output::line(json!({"summary": summary}))?;
    Ok(())
}
