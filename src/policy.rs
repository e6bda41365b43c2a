//! `sealake policy`: redaction policies, each command in its own file.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use chrono::NaiveDate;
use redactor::{DOCUMENT_BYTES_MAX, Output, Policy, Redactor, Reject, Span, TokenKey};

use crate::config::{Config, read_token_key};

mod check;
mod diff;
mod explain;
mod hash;
mod show;
mod test;

/// Redaction policies: read the built-in ones, check and try out your own.
///
/// A policy is a TOML file; docs/redaction-policy.md describes every field. Start from `sealake policy show coded`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    List(show::ListArgs),
    Show(show::Args),
    Check(check::Args),
    Test(test::Args),
    Explain(explain::Args),
    Diff(diff::Args),
    Hash(hash::Args),
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::List(args) => show::list(&args),
        Command::Show(args) => show::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Hash(args) => hash::run(&args),
    }
}

/// Which key and time a policy is tried with.
#[derive(clap::Args)]
struct Setting {
    /// The token key; deny lists that were hashed with it need it. A random one is used if none is given.
    #[arg(long, value_name = "FILE")]
    token_key: Option<PathBuf>,
    /// A lake's configuration: its token key and its tenant.
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["token_key", "tenant"])]
    config: Option<PathBuf>,
    /// The tenant whose tokens are made. [default: default]
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
    /// The day at which ages and expiry dates are reckoned, YYYY-MM-DD (UTC); today if not given.
    #[arg(long, value_name = "DAY", value_parser = day)]
    as_of: Option<i64>,
}

impl Setting {
    fn redactor(&self, policy: Policy) -> anyhow::Result<Redactor> {
        let tenant = self.tenant.as_deref().unwrap_or("default");
        match (&self.config, &self.token_key) {
            (Some(config), _) => Ok(Config::read(config)?.redactor()?.with_policy(policy)?),
            (None, Some(path)) => Ok(Redactor::new(policy, read_token_key(path)?, tenant)?),
            (None, None) => Redactor::new(policy, TokenKey::generate(), tenant)
                .context("a random token key is in use; name a lake's configuration with -c, or a key with --token-key"),
        }
    }

    fn as_of(&self) -> anyhow::Result<i64> {
        self.as_of.map_or_else(now, Ok)
    }
}

/// Microseconds since 1970 by this machine's clock.
fn now() -> anyhow::Result<i64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    Ok(i64::try_from(now.as_micros())?)
}

/// Noon of a day, in microseconds since 1970.
fn day(text: &str) -> Result<i64, String> {
    let day: NaiveDate = text.parse().map_err(|_| "expected a day, such as 2026-11-30".to_owned())?;
    let noon = day.and_hms_opt(12, 0, 0).ok_or("expected a day")?;
    Ok(noon.and_utc().timestamp_micros())
}

/// What a sample is.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Auto,
    Text,
    Ndjson,
}

/// One document of a sample, and the line at which it begins.
struct Document {
    line: usize,
    content: Content,
}

enum Content {
    Json(Vec<u8>),
    /// With the offsets of its newlines.
    Text(String, Vec<usize>),
}

impl Document {
    fn json(line: usize, bytes: &[u8]) -> Document {
        Document { line, content: Content::Json(bytes.to_vec()) }
    }

    fn text(bytes: &[u8]) -> Document {
        // As the filter does: what is no UTF-8 cannot be scanned and becomes U+FFFD.
        let text = String::from_utf8_lossy(bytes).into_owned();
        let newlines = text.match_indices('\n').map(|(at, _)| at).collect();
        Document { line: 1, content: Content::Text(text, newlines) }
    }

    fn redact(&self, redactor: &Redactor, as_of: i64) -> Result<Output, Reject> {
        match &self.content {
            Content::Json(bytes) => redactor.redact_json(bytes, as_of),
            Content::Text(text, _) => redactor.redact_text(text, as_of),
        }
    }

    /// Line and byte of an offset of plain text; in JSON offsets count in the string at their pointer.
    fn place_of(&self, offset: usize) -> (usize, usize) {
        match &self.content {
            Content::Json(_) => (self.line, offset),
            Content::Text(_, newlines) => {
                let before = newlines.partition_point(|at| *at < offset);
                let start = before.checked_sub(1).map_or(0, |last| newlines[last] + 1);
                (self.line + before, offset - start)
            }
        }
    }

    /// What gives the values of findings, if they are to be shown.
    fn values(&self, show: bool) -> Values<'_> {
        match &self.content {
            _ if !show => Values::Hidden,
            Content::Json(bytes) => serde_json::from_slice(bytes).map_or(Values::Hidden, Values::Json),
            Content::Text(text, _) => Values::Text(text),
        }
    }
}

/// Where the values of a document's findings are looked up, for `--show` only.
enum Values<'a> {
    Hidden,
    Json(serde_json::Value),
    Text(&'a str),
}

impl Values<'_> {
    fn of(&self, span: &Span) -> Option<String> {
        match (self, &span.pointer) {
            (Values::Text(text), _) => text.get(span.start..span.end).map(str::to_owned),
            (Values::Json(json), Some(pointer)) => match json.pointer(pointer)? {
                serde_json::Value::String(text) => text.get(span.start..span.end).map(str::to_owned),
                serde_json::Value::Number(number) => Some(number.to_string()),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The documents of a file, or of standard input: the lines of NDJSON, or the whole of a text.
fn documents(path: Option<&Path>, format: Format) -> anyhow::Result<Vec<Document>> {
    let mut bytes = Vec::new();
    let limit = DOCUMENT_BYTES_MAX as u64 + 1;
    match path {
        Some(path) => File::open(path)
            .and_then(|file| file.take(limit).read_to_end(&mut bytes))
            .with_context(|| format!("cannot read {}", path.display()))?,
        None => {
            io::stdin().lock().take(limit).read_to_end(&mut bytes).context("cannot read standard input")?
        }
    };
    if bytes.len() > DOCUMENT_BYTES_MAX {
        bail!("the sample is larger than {DOCUMENT_BYTES_MAX} bytes; give a part of it");
    }
    let opens = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let is_json = match format {
        Format::Auto => matches!(opens, Some(b'{' | b'[')),
        Format::Text => false,
        Format::Ndjson => true,
    };
    if !is_json {
        return Ok(vec![Document::text(&bytes)]);
    }
    let lines = bytes.split(|byte| *byte == b'\n').zip(1..);
    let filled = lines.filter(|(line, _)| !line.trim_ascii().is_empty());
    Ok(filled.map(|(bytes, line)| Document::json(line, bytes)).collect())
}
