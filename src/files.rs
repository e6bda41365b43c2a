//! `sealake files`: the live Parquet files, for other engines.
//!
//! A glob over `data/` also sees what crashed writers left and what was superseded; this list is what the signed
//! log names.

use std::process::ExitCode;

use auditstore::{Orphans, Reader, Trust, orphans, time};

use crate::lake::{LakeArgs, Named};
use crate::output;

/// Print the lake's live Parquet files, one a line, for DuckDB, Spark, Trino.
///
/// Reads the signed log and lists nothing. What other engines read is checked by nobody: `sealake verify` does it
/// before, `sealake sql` does it while it reads.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    lake: LakeArgs,
    /// The access log's instead.
    #[arg(long)]
    access: bool,
    /// What crashed writers left instead: objects of batches that the log does not name, and temporary files, stored
    /// an hour ago or longer. Younger ones may be a running writer's, those behind a link to a folder somebody else's:
    /// they are only counted.
    #[arg(long)]
    orphans: bool,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    for line in runtime.block_on(list(&args))? {
        output::line(line)?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(args: &Args) -> anyhow::Result<Vec<String>> {
    let named = args.lake.open()?;
    let (mut store, mut trust) = (named.store.clone(), named.trust());
    if args.access {
        let events = opened(&named, trust).await?;
        trust = events.state().peer.clone().map_or(Trust::SelfAsserted, Trust::Pinned);
        store = store.child("access");
    }
    if args.orphans {
        let Orphans { left, recent, linked } = orphans(&store, trust, time::system_clock()()).await?;
        if recent > 0 {
            output::note(format_args!(
                "sealake: {recent} more that no entry names were stored less than an hour ago; a running writer may yet \
                 commit them, so they are not listed"
            ));
        }
        if linked > 0 {
            output::note(format_args!(
                "sealake: {linked} more that no entry names lie behind a link to a folder and may be somebody else's, so they \
                 are not listed; look at them there"
            ));
        }
        return Ok(left);
    }
    let reader = match args.access {
        true => Reader::open(store.clone(), trust).await?,
        false => opened(&named, trust).await?,
    };
    let base = store.url();
    let base = base.strip_prefix("file://").unwrap_or(&base);
    Ok(reader.state().segments.iter().map(|segment| format!("{base}/{}", segment.path)).collect())
}

/// The event log; on its writer's machine no older than its state file.
async fn opened(named: &Named, trust: Trust) -> anyhow::Result<Reader> {
    let store = named.store.clone();
    Ok(match &named.own {
        Some(config) => Reader::open_after(store, trust, &config.lake.state_file).await?,
        None => Reader::open(store, trust).await?,
    })
}
