//! `sealake sql`: one query, with the engine that `serve` has, embedded.

use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use auditstore::{Signer, Store, Trust, VerifyKey, Writer, WriterOptions};
use clap::ValueEnum;
use futures::StreamExt;
use query::format::{self, Format};
use query::{AccessLog, Error, Lake, Notice, Session, Who};
use redactor::{Policy, Redactor, TokenKey};

use crate::config::{Config, store_options};
use crate::output;

/// Ask a lake in SQL, without a server.
///
/// Tables: events, findings, segments, log, access. Views: who_prompted_what, usage_by_team, cost_by_model,
/// phi_by_endpoint, errors, guardrail_outcomes, ingest_health. A local lake needs no configuration. With -c or --access-key the look is
/// recorded in the lake's access log before the first row is printed.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The lake (a directory or s3://bucket/prefix; left out, it is the configuration's) and one statement. A statement
    /// that is left out, or is -, is read from standard input.
    #[arg(num_args = 0..=2, value_names = ["LAKE", "STATEMENT"])]
    words: Vec<String>,
    /// How rows are written: a table cuts long cells, json is one object a line.
    #[arg(long, value_enum, default_value_t = Written::Table)]
    format: Written,
    /// Configuration that names the lake, its key and the access key. Without a lake it is sealake.toml if not given.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The event log's verification key, <origin>+<id>+<base64>, as `init` printed it.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Private key of the access log: the look is recorded with it.
    #[arg(long, value_name = "FILE", conflicts_with = "config")]
    access_key: Option<PathBuf>,
    /// Start without the access log's state file, taking the head of the access log as it is found; an entry says so.
    #[arg(long, conflicts_with = "access_key")]
    adopt_head: bool,
    /// Why you look; stands in the access log.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Longest time in seconds.
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
    /// Endpoint of an S3 server other than AWS (credentials come from AWS_* variables). Not given, that of [lake.s3] in the
    /// configuration, also of sealake.toml here if it names the bucket.
    #[arg(long, value_name = "URL")]
    s3_endpoint: Option<String>,
}

/// The formats, as `--format` names them.
#[derive(Clone, Copy, ValueEnum)]
enum Written {
    Table,
    Json,
    Csv,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(answer(args))
}

async fn answer(args: Args) -> anyhow::Result<ExitCode> {
    let (lake, statement) = lake_and_statement(&args.words)?;
    let config = match (&lake, args.config.as_deref()) {
        (Some(_), None) if args.adopt_head => {
            bail!("--adopt-head is about the access log of a configuration: give it with -c")
        }
        (Some(_), None) => None,
        (None, None) if args.access_key.is_some() => {
            bail!(
                "--access-key goes with a lake that is named: sealake sql LAKE 'SELECT …' --access-key FILE"
            )
        }
        (_, named) => Some(Config::named_or_here(named)?),
    };
    let url = lake.as_ref().or(config.as_ref().map(|config| &config.lake.url)).map_or("", String::as_str);
    let store = Store::open(url, &store_options(url, config.as_ref(), args.s3_endpoint.as_deref()))?;
    let key = args.key.as_ref().or(config.as_ref().map(|config| &config.lake.key));
    let trust = match key {
        Some(key) => Trust::Pinned(VerifyKey::parse(key)?.public()),
        None => Trust::SelfAsserted,
    };
    let mut limits = config.as_ref().map_or_else(query::Limits::default, |config| config.serve.limits());
    if let Some(seconds) = args.timeout {
        limits.deadline = Duration::from_secs(seconds);
    }
    let access = access_log(&args, config.as_ref(), &store).await?;
    if access.is_none() {
        output::note("sealake: this look is not recorded; give -c or --access-key to record it");
    }
    // A lake that is named beside a configuration may be a copy, and older than the writer's state file.
    let own = config.as_ref().filter(|config| config.is_of(url));
    let seen = own.map(|config| config.lake.state_file.as_path());
    let lake = Lake::open(store, trust, seen, 1).await?;
    let session = Session::new(&lake, limits, who(), access.clone())?;
    session.set("application_name", Some("sealake sql"))?;
    if let Some(reason) = &args.reason {
        session.set("sealake.reason", Some(reason))?;
    }
    let written = print(&session, &statement, args.format).await;
    if let Some(access) = access {
        access.close().await;
    }
    written?;
    Ok(ExitCode::SUCCESS)
}

/// What the words name: a lake, if one of them does, and the statement, which may come from standard input.
fn lake_and_statement(words: &[String]) -> anyhow::Result<(Option<String>, String)> {
    let piped = |word: &str| word == "-";
    Ok(match words {
        [lake, statement] if piped(statement) => (Some(lake.clone()), from_standard_input()?),
        [lake, statement] => (Some(lake.clone()), statement.clone()),
        [word] if piped(word) => (None, from_standard_input()?),
        [word] if is_lake(word) => (Some(word.clone()), from_standard_input()?),
        [statement] => (None, statement.clone()),
        _ => (None, from_standard_input()?),
    })
}

/// Whether one word alone names a lake and is no statement.
fn is_lake(word: &str) -> bool {
    word.starts_with("s3://") || word.starts_with("file://") || Path::new(word).is_dir()
}

/// The statement on standard input.
fn from_standard_input() -> anyhow::Result<String> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        bail!("no statement: sealake sql LAKE 'SELECT …', or sealake sql LAKE < FILE");
    }
    let bytes_max = query::gate::STATEMENT_BYTES_MAX as u64;
    let mut bytes = Vec::new();
    stdin.lock().take(bytes_max + 1).read_to_end(&mut bytes).context("the statement on standard input")?;
    if bytes.len() as u64 > bytes_max {
        bail!(
            "the statement on standard input has more than {bytes_max} bytes, which are the most that are read"
        );
    }
    let Ok(statement) = String::from_utf8(bytes) else {
        bail!("the statement on standard input is not UTF-8");
    };
    if statement.trim().is_empty() {
        bail!("no statement on standard input; give it like this: echo 'SELECT 1' | sealake sql LAKE");
    }
    Ok(statement)
}

/// The access log, if there is a key to write it with.
async fn access_log(
    args: &Args,
    config: Option<&Config>,
    store: &Store,
) -> anyhow::Result<Option<AccessLog>> {
    let (key, redactor, state_file) = match (config, &args.access_key) {
        (Some(config), _) => {
            (config.serve.access_key.as_path(), config.redactor()?, Some(config.serve.access_state.clone()))
        }
        // Without the lake's token key nothing can be tokenised so that it joins; under `strict` nothing is.
        (None, Some(key)) => (key.as_path(), strict()?, None),
        (None, None) => return Ok(None),
    };
    let log = open_access_log(key, redactor, state_file, args.adopt_head, store).await;
    Ok(Some(log.context("the look cannot be recorded, so the statement was not run")?))
}

fn strict() -> anyhow::Result<Redactor> {
    let policy = Policy::profile("strict").context("the profile strict is missing")?;
    Ok(Redactor::new(policy, TokenKey::generate(), "default")?)
}

async fn open_access_log(
    key: &Path,
    redactor: Redactor,
    state_file: Option<PathBuf>,
    adopt_head: bool,
    store: &Store,
) -> anyhow::Result<AccessLog> {
    let signer = Signer::read(key)?;
    let options =
        WriterOptions { instance: "sql".to_owned(), state_file, adopt_head, ..WriterOptions::default() };
    let writer = Writer::open(store.child("access"), signer, options).await?;
    Ok(AccessLog::open(writer, redactor, Duration::ZERO).await?)
}

/// The person at this machine.
fn who() -> Who {
    let principal = std::env::var("USER").or_else(|_| std::env::var("LOGNAME"));
    Who {
        // SAFETY: getuid reads the process's user id and cannot fail.
        principal: principal.unwrap_or_else(|_| format!("uid-{}", unsafe { libc::getuid() })),
        role: None,
        auth_method: "embedded",
        client_address: None,
    }
}

async fn print(session: &Session, statement: &str, written: Written) -> anyhow::Result<()> {
    let format = match written {
        Written::Table => Format::Table,
        Written::Json => Format::Json,
        Written::Csv => Format::Csv,
    };
    let mut answer = session.sql(statement).await?;
    if let Some(Notice { message, hint }) = &answer.notice {
        let hint = hint.as_ref().map(|hint| format!(". {hint}")).unwrap_or_default();
        output::note(format_args!("sealake: {message}{hint}"));
    }
    if answer.schema().fields().is_empty() {
        output::note(answer.tag);
        return Ok(());
    }
    let mut writer = format::Writer::new(format, answer.schema());
    // A table is written when its widths are known, which may be after the last row.
    answer.rows.expect_trailer();
    while let Some(batch) = answer.rows.next().await {
        let text = writer.batch(&batch?)?;
        send(&mut answer.rows, &text)?;
    }
    send(&mut answer.rows, &writer.end())?;
    answer.rows.done();
    output::note(format_args!("{}", answer.footer));
    Ok(())
}

/// Prints rows. A reader that goes away ends the query, and the access log says so.
fn send(rows: &mut query::Rows, text: &str) -> anyhow::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    rows.sent(text.as_bytes());
    if let Err(error) = output::text(text) {
        rows.abort(&Error::Cancelled { timeout: false, message: "the reader went away".to_owned() });
        return Err(error.into());
    }
    Ok(())
}
