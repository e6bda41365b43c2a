//! `sealake files`: the live Parquet files, for other engines.
//!
//! A glob over `data/` also sees what crashed writers left and what was superseded; this list is what the signed
//! log names.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use auditstore::{Reader, Store, StoreOptions, Trust, VerifyKey};

use crate::config::Config;
use crate::output;

/// Print the lake's live Parquet files, one a line, for DuckDB, Spark, Trino.
///
/// Reads the signed log and lists nothing. What other engines read is checked by nobody: `sealake verify` does it
/// before, `sealake sql` does it while it reads.
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
    /// The files of the access log instead.
    #[arg(long)]
    access: bool,
    /// What crashed writers left instead: files below data/ and quarantine/ that the log does not name.
    #[arg(long, conflicts_with = "access")]
    orphans: bool,
    /// Endpoint of an S3 server other than AWS (credentials come from AWS_* variables).
    #[arg(long, value_name = "URL")]
    s3_endpoint: Option<String>,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    for line in runtime.block_on(list(&args))? {
        output::line(line)?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(args: &Args) -> anyhow::Result<Vec<String>> {
    let config = args.config.as_deref().map(Config::read).transpose()?;
    let mut options = config.as_ref().map_or_else(StoreOptions::default, |config| config.lake.s3.clone());
    if let Some(endpoint) = &args.s3_endpoint {
        options.allow_http = endpoint.starts_with("http://");
        options.endpoint = Some(endpoint.clone());
    }
    let url = args.lake.clone().or(config.as_ref().map(|config| config.lake.url.clone())).unwrap_or_default();
    let mut store = Store::open(&url, &options)?;
    let key = args.key.as_ref().or(config.as_ref().map(|config| &config.lake.key));
    let mut trust = match key {
        Some(key) => Trust::Pinned(VerifyKey::parse(key)?.public()),
        None => Trust::SelfAsserted,
    };
    if args.access {
        let events = Reader::open(store.clone(), trust).await?;
        trust = events.state().peer.clone().map_or(Trust::SelfAsserted, Trust::Pinned);
        store = store.child("access");
    }
    let reader = Reader::open(store.clone(), trust).await?;
    if args.orphans {
        return orphans(&store, &reader).await;
    }
    let base = store.url();
    let base = base.strip_prefix("file://").unwrap_or(&base);
    Ok(reader.state().segments.iter().map(|segment| format!("{base}/{}", segment.path)).collect())
}

/// Objects that no entry names. Here, and in `verify`, the store is listed.
async fn orphans(store: &Store, reader: &Reader) -> anyhow::Result<Vec<String>> {
    let mut named = BTreeSet::new();
    for seq in 0..reader.state().size {
        let Some(manifest) = reader.entry(seq).await?.manifest else { continue };
        if let schemas::manifest::Body::Batch(batch) = manifest.body {
            for file in batch.files {
                named.insert(file.path);
                named.insert(file.leaves.path);
            }
            named.extend(batch.detail.map(|detail| detail.path));
            named.extend(batch.quarantine.into_iter().map(|object| object.path));
        }
    }
    let mut found = store.list("data").await?;
    found.extend(store.list("quarantine").await?);
    let mut orphans: Vec<String> =
        found.into_iter().map(|(path, _)| path).filter(|path| !named.contains(path)).collect();
    orphans.sort();
    Ok(orphans)
}
