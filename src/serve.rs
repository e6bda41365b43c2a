//! `sealake serve`: the SQL service over PostgreSQL's wire protocol.
//!
//! It holds the access log's key and no other: it reads the lake with the verification key of the configuration and
//! writes who looked.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use auditstore::{Signer, Trust, VerifyKey, Writer, WriterOptions};
use query::wire::Server;
use query::{AccessLog, Lake};
use tokio::signal::unix::{SignalKind, signal};

use crate::config::Config;
use crate::output;

/// Serve SQL over PostgreSQL's wire protocol (psql, DBeaver, Grafana, drivers) until SIGTERM or Ctrl-C.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Configuration file, as `sealake init` writes it.
    #[arg(short, long, value_name = "FILE", default_value = "sealake.toml")]
    config: PathBuf,
    /// Start without the access log's state file, taking the head of the access log as it is found; an entry says so. For
    /// the first start of a second `serve`, and where the file was lost. It does not outweigh a state file that is there.
    #[arg(long)]
    adopt_head: bool,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = Config::read(&args.config)?;
    tokio::runtime::Runtime::new()?.block_on(run_until_stopped(&config, args.adopt_head))?;
    Ok(ExitCode::SUCCESS)
}

/// Serves until SIGTERM or Ctrl-C; also for `sealake demo`.
pub(crate) async fn run_until_stopped(config: &Config, adopt_head: bool) -> anyhow::Result<()> {
    // Taken before anything is opened, so that a stop during the start is one, too.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let server = start(config, adopt_head).await?;
    output::note(format_args!("serving SQL on {}", server.address()));
    server
        .run(async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
        .await;
    Ok(())
}

/// Opens the lake, its access log and the listener of a configuration.
async fn start(config: &Config, adopt_head: bool) -> anyhow::Result<Server> {
    let serve = &config.serve;
    let store = config.store()?;
    let key = VerifyKey::parse(&config.lake.key).context("lake.key")?.public();
    let seen = Some(config.lake.state_file.as_path());
    let lake = Lake::open(store, Trust::Pinned(key), seen, serve.statements_max).await?;
    let access = open_access_log(config, adopt_head).await?;
    lake.follow();
    Ok(Server::bind(serve, lake, access).await?)
}

/// Opens the access log for writing, with the access key of a configuration.
pub(crate) async fn open_access_log(config: &Config, adopt_head: bool) -> anyhow::Result<AccessLog> {
    let serve = &config.serve;
    serve.check()?;
    let signer = Signer::read(&serve.access_key)?;
    let options = WriterOptions {
        instance: serve.instance.clone(),
        state_file: Some(serve.access_state.clone()),
        adopt_head,
        ..WriterOptions::default()
    };
    let store = config.store()?.child("access");
    let writer = Writer::open(store, signer, options).await.context("the access log")?;
    Ok(AccessLog::open(writer, config.redactor()?, Duration::from_millis(serve.access_group_ms)).await?)
}
