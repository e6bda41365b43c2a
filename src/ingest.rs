//! `sealake ingest`: Kafka → lake, until it is stopped or has caught up.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::bail;
use auditstore::{Writer, WriterOptions};
use ingest::{Policies, Shutdown, Summary};

use crate::config::{Config, read_policy};
use crate::output;

mod dry_run;

/// The longest wait between two attempts to open a lake that cannot be reached.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// Read Kafka into the lake until stopped; SIGTERM and SIGINT seal what was read and exit clean.
///
/// Offsets are taken from the lake, never from Kafka: a message is in the lake once or, if it is not yet there, will
/// be read. Several processes may share a lake; give each its own `instance` in [kafka].
///
/// A policy file is looked at every 2 seconds, and on SIGHUP: a changed one is recorded in the lake and taken for what is
/// read from there on. One that is not sound is refused in the log, with line and column, and the one in use stays.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The configuration that `sealake init` wrote.
    #[arg(short, long, value_name = "FILE", default_value = "sealake.toml")]
    config: PathBuf,
    /// End when the lake has everything that the topics held at the start.
    #[arg(long)]
    until_caught_up: bool,
    /// With --until-caught-up: seconds to wait for a broker that answers, and for topics that do not exist, before
    /// giving up with exit code 1. Without --until-caught-up both are waited for as long as it takes, and every 10
    /// seconds the log says for what. [default: `broker_wait_s` in [limits], which is 30 unless set]
    #[arg(long, value_name = "SECONDS", requires = "until_caught_up")]
    broker_wait_s: Option<u64>,
    /// Start without the state file that was lost, taking the lake's head as it is found; an entry says so.
    #[arg(long)]
    adopt_head: bool,
    /// Count what would be stored, found and quarantined, by topic, and store nothing: no lake is opened, no consumer
    /// group joined, no offset committed. Begins with the oldest message that Kafka has; ends with --until-caught-up,
    /// or on SIGTERM or SIGINT.
    #[arg(long, conflicts_with = "adopt_head")]
    dry_run: bool,
    /// With --dry-run: only this many messages of each partition, its newest.
    #[arg(long, value_name = "MESSAGES", requires = "dry_run")]
    last: Option<u64>,
    /// With --dry-run: this profile or policy file, in place of the configuration's.
    #[arg(long, value_name = "POLICY", requires = "dry_run")]
    policy: Option<String>,
    /// Print what was done as one JSON object.
    #[arg(long)]
    json: bool,
}

/// mimalloc's `mi_option_purge_delay` (mimalloc.h, `mi_option_t`): milliseconds until unused memory goes back to the
/// system, -1 for never.
const MIMALLOC_PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

/// So much unused memory the C library keeps: more than a fetch is large.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const C_MEMORY_KEPT_BYTES: libc::c_int = 32 << 20;

/// Each batch takes as much memory as the one before it. Given back in between, it would have to be zeroed by the
/// kernel again: a tenth of the CPU time. Queues and batches bound how much there is.
fn keep_memory() {
    // SAFETY: sets one integer of the allocator, which reads it atomically; any thread may do so at any time.
    unsafe { libmimalloc_sys::mi_option_set(MIMALLOC_PURGE_DELAY, -1) }
    // What Kafka's client fetches lies in the C library's memory: several megabytes, again and again (mallopt(3)).
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: sets integers of the allocator before there are other threads.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, C_MEMORY_KEPT_BYTES);
        libc::mallopt(libc::M_TRIM_THRESHOLD, C_MEMORY_KEPT_BYTES);
    }
    // Nor is memory taken two megabytes at a time (transparent huge pages): the kernel zeroes all of them, and of many
    // only a part is ever used. Refused by an old kernel, it only costs time.
    #[cfg(target_os = "linux")]
    // SAFETY: sets a flag of this process (prctl(2), PR_SET_THP_DISABLE).
    unsafe {
        // The kernel reads all of them as unsigned long.
        let [yes, no]: [libc::c_ulong; 2] = [1, 0];
        libc::prctl(libc::PR_SET_THP_DISABLE, yes, no, no, no);
    }
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    keep_memory();
    let config = Config::read(&args.config)?;
    let mut ingest = config.ingest(args.config.parent().unwrap_or(Path::new("")));
    if let Some(seconds) = args.broker_wait_s {
        ingest.limits.broker_wait_s = seconds;
    }
    ingest.check()?;
    let mut redactor = config.redactor()?;
    if let Some(policy) = &args.policy {
        redactor = redactor.with_policy(read_policy(policy)?)?;
    }
    redactor.policy().check_acknowledged()?;
    if args.dry_run {
        return dry_run::run(&args, &config, ingest, redactor);
    }
    let policies = match config.policy_file() {
        Some(path) => Policies::watched(redactor, path),
        None => redactor.into(),
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let summary = runtime.block_on(async {
        let shutdown = Shutdown::on_signals()?;
        let policies = policies.on_hangup()?;
        let patience = args.until_caught_up.then(|| Duration::from_secs(ingest.limits.stalled_s_max));
        match writer(&config, args.adopt_head, patience, shutdown.clone()).await? {
            Some(writer) => Ok(ingest::run(ingest, policies, writer, shutdown, args.until_caught_up).await?),
            None => anyhow::Ok(Summary::default()),
        }
    })?;
    // A question to a broker that is gone may still hang on one of the runtime's threads.
    runtime.shutdown_timeout(Duration::from_secs(1));
    report(&summary, args.json)?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the lake; waits, and says so, while its store cannot be reached. None if a stop was asked for meanwhile.
async fn writer(
    config: &Config,
    adopt_head: bool,
    patience: Option<Duration>,
    mut shutdown: Shutdown,
) -> anyhow::Result<Option<Writer>> {
    let (started, mut wait) = (Instant::now(), Duration::from_secs(1));
    loop {
        let options = WriterOptions {
            instance: config.kafka.instance.clone(),
            state_file: Some(config.lake.state_file.clone()),
            adopt_head,
            ..WriterOptions::default()
        };
        let opening = Writer::open(config.store()?, config.writer_key()?, options);
        let opened = tokio::select! {
            opened = opening => opened,
            () = shutdown.requested() => return Ok(None),
        };
        let error = match opened {
            Ok(writer) => return Ok(Some(writer)),
            Err(error) if error.is_retryable() => error,
            Err(error) => return Err(error.into()),
        };
        if patience.is_some_and(|patience| started.elapsed() >= patience) {
            bail!("gave up after {}s: {error}", started.elapsed().as_secs());
        }
        tracing::warn!(%error, again_in_s = wait.as_secs(), "waiting for the lake");
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = shutdown.requested() => return Ok(None),
        }
        wait = (wait * 2).min(WAIT_MAX);
    }
}

fn report(summary: &Summary, json: bool) -> anyhow::Result<()> {
    if json {
        output::line(serde_json::to_string(summary)?)?;
        return Ok(());
    }
    let Summary { commits, messages, stored, quarantined, skipped, gaps, .. } = summary;
    output::line(format_args!(
        "{messages} messages decoded, {stored} events stored, {quarantined} quarantined, {skipped} skipped, {gaps} \
         offsets in gaps, {commits} commits"
    ))?;
    if summary.commits > 0 {
        output::line(format_args!("lake: {} entries, root {}", summary.size, summary.root))?;
    }
    for topic in &summary.missing_topics {
        output::note(format_args!("sealake: the topic {topic} did not exist when the run began"));
    }
    Ok(())
}
