//! `sealake verify`: the verdict over every byte of a lake.
//!
//! Exit code 0: sound. 1: something was found. 2: it could not be checked, which is never called sound.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use auditstore::verify::{Options, Phase, Progress, Report, verify};
use auditstore::{Store, StoreOptions, VerifyKey};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::config::Config;
use crate::output;

/// Check every object of a lake against its signed log. Exit 0 sound, 1 finding, 2 could not check.
///
/// Works offline and on a copy. Without --key, a --state made earlier, or -c, the lake vouches for itself.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The lake: a directory or s3://bucket/prefix. May be left out with -c.
    #[arg(required_unless_present = "config")]
    lake: Option<String>,
    /// Configuration that names the lake and its key.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The event log's verification key, <origin>+<id>+<base64>, as `init` printed it.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// The access log's verification key. Otherwise the event log's first entry names it.
    #[arg(long, value_name = "KEY")]
    access_key: Option<String>,
    /// File that remembers key and newest heads from one run to the next; detects deleted newest entries.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Compute the hash of every record again from the Parquet columns.
    #[arg(long)]
    records: bool,
    /// One JSON object a finding, then a summary.
    #[arg(long)]
    json: bool,
    /// Endpoint of an S3 server other than AWS (credentials come from AWS_* variables).
    #[arg(long, value_name = "URL")]
    s3_endpoint: Option<String>,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let json = args.json;
    match check(args) {
        Ok(report) => {
            if json {
                print_json(&report)?
            } else {
                print(&report)?
            }
            Ok(ExitCode::from(report.exit_code()))
        }
        Err(error) => {
            let error = anyhow::Error::new(CouldNotCheck).context(format!("{error:#}"));
            output::note(format_args!("sealake: {error:#}"));
            if json {
                output::line(json!({"summary": {"verdict": "UNREADABLE", "error": format!("{error:#}")}}))?;
            }
            Ok(ExitCode::from(2))
        }
    }
}

/// The last words of an error of verify, so that nobody takes it for a verdict.
#[derive(Debug)]
struct CouldNotCheck;

impl std::fmt::Display for CouldNotCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("nothing was checked")
    }
}

impl std::error::Error for CouldNotCheck {}

fn check(args: Args) -> anyhow::Result<Report> {
    let config = args.config.as_deref().map(Config::read).transpose()?;
    let store = match (&args.lake, &config) {
        (None, Some(config)) => config.store()?,
        (Some(lake), config) => {
            let mut options =
                config.as_ref().map_or_else(StoreOptions::default, |config| config.lake.s3.clone());
            if let Some(endpoint) = args.s3_endpoint {
                options.allow_http = endpoint.starts_with("http://");
                options.endpoint = Some(endpoint);
            }
            Store::open(lake, &options)?
        }
        (None, None) => unreachable!("clap asks for one of the two"),
    };
    let key = args.key.or(config.map(|config| config.lake.key));
    let parse = |key: Option<String>| key.map(|key| VerifyKey::parse(&key)).transpose();
    let options = Options {
        key: parse(key)?.map(|key| key.public()),
        access_key: parse(args.access_key)?.map(|key| key.public()),
        state: args.state,
        records: args.records,
        progress: Some(progress()),
    };
    let runtime = tokio::runtime::Runtime::new()?;
    Ok(runtime.block_on(verify(&store, &options))?)
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
        output::line(format_args!("{:<18} {}: {}", line.verdict, line.object, line.detail))?;
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
        "{}, {} objects, {} records{}, {}; head {} {}, key {}{}",
        report.verdict(),
        report.objects,
        report.records,
        if report.records_recomputed && report.exit_code() == 0 { " (each recomputed)" } else { "" },
        if report.offsets_complete { "offsets complete" } else { "OFFSETS NOT COMPLETE" },
        report.size,
        report.root.get(..16).unwrap_or("-"),
        report.key_fingerprint.get(..16).unwrap_or("-"),
        if report.self_asserted { " (self-asserted by the lake)" } else { "" },
    );
    if report.orphans() > 0 {
        line.push_str(&format!(
            "; {} orphans, which a crashed writer left and nothing names",
            report.orphans()
        ));
    }
    line
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
