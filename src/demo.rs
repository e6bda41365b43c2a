//! `sealake demo`: the whole data path on this machine, with nothing installed.
//!
//! A broker inside this process, publishers that send what gateways send (and some broken messages), the same
//! pipeline that `sealake ingest` runs, the same verifier, the same SQL engine and service. Every number that is
//! printed is read from where the truth is: published from the broker's delivery reports, stored and quarantined
//! from SQL over the lake, the verdict from the verifier.

mod answers;
mod people;
mod publish;
mod random;
mod templates;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail, ensure};
use auditstore::verify::{Options, Report, verify};
use auditstore::{Reader, StoreOptions, Trust, VerifyKey, Writer, WriterOptions};
use ingest::demo::{Broker, Outgoing, Publisher};
use ingest::{Shutdown, Summary};
use query::{Lake, Session, Who};
use serde_json::json;

use self::answers::Totals;
use crate::config::Config;
use crate::init::{self, Plan};
use crate::{output, serve};

/// What the demonstration publishes: topic and format. The in-process broker keeps 5 MB a partition, so that a
/// few thousand events fit many times over.
const TOPICS: &[(&str, &str)] = &[
    ("demo.otlp", "otlp"),
    ("demo.litellm", "litellm"),
    ("demo.bedrock", "bedrock"),
    ("demo.sealake", "sealake"),
];
const PARTITIONS: i32 = 4;

/// The SQL user of the demonstration.
const USER: &str = "auditor";

/// Longest wait for the pipeline after the last message was acknowledged.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(300);

/// See the whole path on this machine: an in-process broker, gateways that publish, a lake, SQL answers.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of the lake. Keys and configuration go to <FOLDER>-config. An existing lake is continued.
    #[arg(long, value_name = "FOLDER", default_value = "sealake-demo")]
    dir: PathBuf,
    /// Exit after the answers instead of serving SQL until Ctrl-C.
    #[arg(long)]
    once: bool,
    /// Print one JSON object {published, stored, quarantined, findings, segments, verdict, …} and exit.
    #[arg(long)]
    json: bool,
    /// Seed of the invented events; another seed gives other events.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Number of messages to publish.
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u64).range(50..=20_000))]
    messages: u64,
    /// Address of the SQL service. Default: a free port of 127.0.0.1.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(demo(&args))
}

async fn demo(args: &Args) -> anyhow::Result<ExitCode> {
    let place = Place::prepare(args).await?;
    let topics: Vec<(&str, i32)> = TOPICS.iter().map(|(topic, _)| (*topic, PARTITIONS)).collect();
    let broker = Broker::start(&topics).context("the in-process broker did not start")?;
    let names = TOPICS.iter().map(|(_, format)| *format).collect::<Vec<_>>().join(", ");
    tell(args, format_args!("demonstration broker (in-process, not Apache Kafka): {names}"))?;

    let config = place.config(&broker, args)?;
    let lake =
        Lake::open(config.store()?, Trust::Pinned(VerifyKey::parse(&config.lake.key)?.public()), None, 4)
            .await?;
    let access = serve::open_access_log(&config, false).await?;
    let who = Who { principal: USER.to_owned(), auth_method: "embedded", ..Who::default() };
    let session = Session::new(&lake, config.serve.limits(), who, Some(access.clone()))?;

    // What is damaged cannot be counted, and is not continued: the verdict is the answer.
    let found = check(&config).await?;
    if found.exit_code() != 0 {
        access.close().await;
        return damaged(args, &found);
    }
    let before = Totals::read(&session).await?;
    let published = publish_and_ingest(args, &config, &place).await?;
    lake.refresh().await?;
    let after = Totals::read(&session).await?;
    let run = &after - &before;
    let report = check(&config).await?;
    if args.json {
        output::line(summary(published, &run, &after, &report))?;
    } else {
        run.print(published)?;
        output::line(format_args!("lake {}: {}", place.lake.display(), after.lake_line(&report)))?;
        output::line(format_args!("verify: {}", crate::verify::summary_line(&report)))?;
        answers::print(&session, &lake).await?;
    }
    drop(session);
    access.close().await;
    drop(broker);
    if !args.once && !args.json {
        invite(&place, &config)?;
        serve::run_until_stopped(&config, false).await?;
    }
    Ok(ExitCode::from(report.exit_code()))
}

/// Says what is wrong with the lake of an earlier run. Nothing was published.
fn damaged(args: &Args, report: &Report) -> anyhow::Result<ExitCode> {
    if args.json {
        output::line(json!({
            "published": 0, "stored": 0, "quarantined": 0, "findings": 0, "segments": null,
            "verdict": report.verdict().code(),
        }))?;
    } else {
        for line in report.findings.iter().filter(|line| !line.verdict.is_sound()) {
            output::line(format_args!("{} {}: {}", line.verdict, line.object, line.detail))?;
        }
        output::line(format_args!("verify: {}", crate::verify::summary_line(report)))?;
        output::line(
            "the lake of an earlier run is damaged and was not continued; give another --dir to start a new one",
        )?;
    }
    Ok(ExitCode::from(report.exit_code()))
}

/// Where the demonstration's lake lies and how it is reached.
struct Place {
    lake: PathBuf,
    config_file: PathBuf,
    password: String,
}

impl Place {
    /// Makes the lake, or takes up the one that is there with a new password for its SQL user.
    async fn prepare(args: &Args) -> anyhow::Result<Place> {
        let mut folder = args.dir.clone().into_os_string();
        folder.push("-config");
        let folder = PathBuf::from(folder);
        let config_file = folder.join("sealake.toml");
        if config_file.exists() {
            let users_file = folder.join("users");
            let password = query::users::generate_password()?;
            let mut users = query::users::Users::read(&users_file)?;
            users.set_password(USER, &password)?;
            users.write(&users_file)?;
            if args.dir.join(auditstore::init::DESCRIPTION).exists() {
                return Ok(Place { lake: args.dir.clone(), config_file, password });
            }
        }
        ensure!(
            !args.dir.exists() || config_file.exists() || args.dir.read_dir()?.next().is_none(),
            "{} is there and {} is not: without its keys the lake cannot be continued; give another --dir",
            args.dir.display(),
            config_file.display()
        );
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let plan = Plan {
            lake: args.dir.to_string_lossy().into_owned(),
            config: config_file.clone(),
            brokers: vec!["127.0.0.1:9092".to_owned()],
            topics: TOPICS
                .iter()
                .map(|(topic, format)| ((*topic).to_owned(), (*format).to_owned()))
                .collect(),
            actor: Some("workforce"),
            origin: "demo.sealake.example/lake".to_owned(),
            site: "demo".to_owned(),
            user: USER.to_owned(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 5432)),
            s3: StoreOptions::default(),
        };
        let made = init::make(&plan).await?;
        let password = match made.password {
            Some(password) => password,
            None => {
                let users_file = folder.join("users");
                let password = query::users::generate_password()?;
                let mut users = query::users::Users::read(&users_file)?;
                users.set_password(USER, &password)?;
                users.write(&users_file)?;
                password
            }
        };
        Ok(Place { lake: args.dir.clone(), config_file, password })
    }

    fn folder(&self) -> &Path {
        self.config_file.parent().unwrap_or(Path::new("."))
    }

    /// The configuration, pointed at the broker of this run. Its messages begin at offset 0, so each run is a
    /// source of its own: the epoch is the time of the run.
    fn config(&self, broker: &Broker, args: &Args) -> anyhow::Result<Config> {
        let mut config = Config::read(&self.config_file)?;
        config.kafka.brokers = broker.brokers().split(',').map(str::to_owned).collect();
        config.kafka.source_epoch = seconds_now();
        config.batch.flush_interval_ms = 500;
        config.serve.listen = match args.listen {
            Some(listen) => listen,
            None => TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?,
        };
        Ok(config)
    }
}

/// Publishes while the pipeline runs, and stops it when the lake has every acknowledged message. Gives their number.
async fn publish_and_ingest(args: &Args, config: &Config, place: &Place) -> anyhow::Result<u64> {
    let brokers = config.kafka.brokers.join(",");
    let (seed, count) = (args.seed, args.messages);
    let publisher = tokio::task::spawn_blocking(move || publish(&brokers, seed, count));
    let (trigger, shutdown) = Shutdown::new();
    let mut live = tokio::spawn(pipeline(config, place, shutdown).await?);
    let published = publisher.await??;
    let drained = tokio::time::timeout(DRAIN_TIMEOUT, drained(config, published));
    tokio::select! {
        ended = &mut live => {
            ended??;
            bail!("the pipeline ended before it was told to");
        }
        drained = drained => drained.context("the pipeline did not catch up")??,
    }
    trigger.stop();
    live.await??;
    Ok(published)
}

/// Waits until the lake's next offsets of this run's source make up the number of published messages.
async fn drained(config: &Config, published: u64) -> anyhow::Result<()> {
    let key = VerifyKey::parse(&config.lake.key)?.public();
    let mut reader = Reader::open(config.store()?, Trust::Pinned(key)).await?;
    let epoch = format!("/{}", config.kafka.source_epoch);
    loop {
        let next = &reader.refresh().await?.next;
        let taken: u64 =
            next.iter().filter(|((source, ..), _)| source.ends_with(&epoch)).map(|(_, next)| next).sum();
        if taken >= published {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The same pipeline that `sealake ingest` runs.
async fn pipeline(
    config: &Config,
    place: &Place,
    shutdown: Shutdown,
) -> anyhow::Result<impl Future<Output = Result<Summary, ingest::Error>> + Send + 'static> {
    let options = WriterOptions {
        instance: config.kafka.instance.clone(),
        state_file: Some(config.lake.state_file.clone()),
        ..WriterOptions::default()
    };
    let writer = Writer::open(config.store()?, config.writer_key()?, options).await?;
    Ok(ingest::run(config.ingest(place.folder()), config.redactor()?, writer, shutdown, false))
}

fn publish(brokers: &str, seed: u64, count: u64) -> anyhow::Result<u64> {
    let publisher = Publisher::connect(brokers)?;
    for message in publish::messages(seed, count, seconds_now()) {
        let topic =
            TOPICS.iter().find(|(_, format)| *format == message.format).map_or("", |(topic, _)| topic);
        publisher.publish(&Outgoing {
            topic: topic.to_owned(),
            key: message.key,
            headers: message.headers,
            payload: message.payload,
        })?;
    }
    let (published, failed) = publisher.finish()?;
    ensure!(failed == 0, "{failed} messages were not acknowledged by the broker");
    Ok(published)
}

/// Verifies with the key of the configuration and what the last run remembered.
async fn check(config: &Config) -> anyhow::Result<Report> {
    let options = Options {
        key: Some(VerifyKey::parse(&config.lake.key)?.public()),
        state: Some(config.lake.state_file.with_file_name("verify.json")),
        writer_states: crate::verify::writer_states(config),
        records: true,
        ..Options::default()
    };
    Ok(verify(&config.store()?, &options).await?)
}

fn summary(published: u64, run: &Totals, lake: &Totals, report: &Report) -> serde_json::Value {
    let (messages, records) = run.json();
    json!({
        "published": published,
        "stored": run.stored,
        "quarantined": run.quarantined(),
        "findings": run.findings,
        "segments": lake.segments,
        "verdict": report.verdict().code(),
        "messages": messages,
        "records": records,
        "lake": {
            "events": lake.stored,
            "findings": lake.findings,
            "log_size": report.size,
            "root": report.root,
            "key": report.key_fingerprint,
            "objects": report.objects,
        },
    })
}

fn invite(place: &Place, config: &Config) -> anyhow::Result<()> {
    let certificate = place.folder().join("keys/server.crt");
    output::line("")?;
    output::line(init::psql_line(config.serve.listen, USER, &certificate))?;
    output::line(format_args!("password {}   Ctrl-C stops; the lake stays", place.password))?;
    Ok(())
}

fn tell(args: &Args, text: std::fmt::Arguments<'_>) -> anyhow::Result<()> {
    if !args.json {
        output::line(text)?;
    }
    Ok(())
}

fn seconds_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
