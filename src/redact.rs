//! `sealake redact`: the redactor as a filter.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use redactor::{Redactor, TokenKey, filter};

use crate::config::{read_policy, read_token_key};
use crate::output;

/// Exit code when a record could not be redacted and something else stands in its place.
const REPLACED: u8 = 3;

/// Redact text or NDJSON: standard input to standard output.
///
/// As many lines come out as went in, and JSON keeps its shape and the order of its keys; a line that is no JSON
/// is redacted as text. A record that cannot be redacted (too large, no UTF-8; of text each line that is none) is
/// replaced by a fixed object or line that says so, and the exit code is 3. Input in UTF-16 is refused.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A built-in profile (strict, safe_harbor, coded, limited_data_set, gdpr, secrets_only, observe) or a policy file.
    #[arg(short, long, value_name = "PROFILE|FILE", default_value = "coded")]
    policy: String,
    /// What the input is; auto takes a first `{`, or `[` of JSON, for NDJSON.
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    format: Format,
    /// Text without an end, as of a program that goes on writing: what comes in goes out at once, but for 512 bytes.
    /// Names are found again within some hundred bytes only, and what is no UTF-8 becomes U+FFFD. A secret of more than
    /// 1 MiB ends the output with a line that says so, and the exit code is 3.
    #[arg(long, conflicts_with_all = ["format", "findings"])]
    stream: bool,
    /// Write one JSON object for each finding to this file: where and what, never the value.
    #[arg(long, value_name = "FILE")]
    findings: Option<PathBuf>,
    /// The token key, so that tokens are those of a lake; a random one is used if none is given.
    #[arg(long, value_name = "FILE")]
    token_key: Option<PathBuf>,
    /// The tenant whose tokens are made; a lake's is `tenant` in its configuration.
    #[arg(long, value_name = "NAME", default_value = "default")]
    tenant: String,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Auto,
    Text,
    Ndjson,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let policy = read_policy(&args.policy)?;
    let key = match &args.token_key {
        Some(path) => read_token_key(path)?,
        None => {
            let key = TokenKey::generate();
            if policy.makes_tokens() {
                output::note(format_args!(
                    "sealake: no --token-key given: tokens are made with a random key (id {}) and join with nothing",
                    key.id()
                ));
            }
            key
        }
    };
    let redactor = Redactor::new(policy, key, &args.tenant)?;
    let mut findings = match &args.findings {
        Some(path) => {
            let file =
                File::create(path).with_context(|| format!("cannot write findings to {}", path.display()))?;
            Some(BufWriter::new(file))
        }
        None => None,
    };
    let format = match args.format {
        Format::Auto => filter::Format::Auto,
        Format::Text => filter::Format::Text,
        Format::Ndjson => filter::Format::Ndjson,
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    let as_of = i64::try_from(now.as_micros())?;
    let mut input = BufReader::with_capacity(1 << 20, io::stdin().lock());
    let mut output = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    let summary = if args.stream {
        filter::stream(&redactor, as_of, &mut input, &mut output)?
    } else {
        let findings = findings.as_mut().map(|findings| findings as &mut dyn Write);
        filter::run(&redactor, format, as_of, &mut input, &mut output, findings)?
    };
    if summary.first_is_no_json {
        output::note(format_args!(
            "sealake: the input opens like NDJSON, but its first line is no JSON; each line was redacted by itself. If one \
             value goes over several lines, give each value on one line (jq -c .) or say --format text"
        ));
    }
    if summary.failed > 0 {
        let (failed, records) = (summary.failed, summary.records);
        output::note(format_args!(
            "sealake: {failed} of {records} records could not be redacted and were replaced"
        ));
        return Ok(ExitCode::from(REPLACED));
    }
    Ok(ExitCode::SUCCESS)
}
