//! The whole path: the built program drains distinct events from a real Kafka under `coded` into a local lake, and
//! the lake is verified, every record recomputed.
//!
//! `SEALAKE_TEST_KAFKA=host:port cargo bench --bench pipeline -- [MEGABYTES]` (200 if not given). Prints CPU-seconds
//! per GB and MB/s of the program alone for each of three drains, and writes those of the middle one and the peak memory of
//! all to `benches/results/pipeline.json`, or `pipeline-<MEGABYTES>.json` for another size. `./test --shell FILE` starts a broker.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints its results")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use ingest::demo::{Outgoing, Publisher};
use serde_json::json;
use support::{Density, Random, cpu_seconds, event, usage, write_results};

const DEFAULT_MEGABYTES: u64 = 200;

/// Other programs take the caches in some of them.
const ROUNDS: usize = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo bench` passes `--bench`; `cargo test --benches` does not, and then there is nothing to measure.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let megabytes = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(DEFAULT_MEGABYTES);
    let Ok(brokers) = std::env::var("SEALAKE_TEST_KAFKA") else {
        eprintln!(
            "SEALAKE_TEST_KAFKA=host:port of a real broker is needed; `./test --shell FILE` starts one"
        );
        return;
    };

    let topic = format!("bench-{}-{}", std::process::id(), seconds());
    let (events, bytes) = fill(&brokers, &topic, megabytes * 1_000_000);
    println!("{events} distinct events, {bytes} bytes in Kafka");

    let mut rounds: Vec<Drain> = (0..ROUNDS).map(|_| drain(&brokers, &topic, bytes)).collect();
    // The largest of all children so far, which is a drain: `init` is small, and what checks the lakes comes later.
    let peak_mib = usage(libc::RUSAGE_CHILDREN).ru_maxrss as f64 / 1024.0;
    rounds.iter().for_each(|round| check(&round.config, events));
    rounds.sort_by(|a, b| a.cpu_s_per_gb.total_cmp(&b.cpu_s_per_gb));
    let middle = &rounds[ROUNDS / 2];
    let name =
        if megabytes == DEFAULT_MEGABYTES { "pipeline".to_owned() } else { format!("pipeline-{megabytes}") };
    let tenths = |number: f64| (number * 10.0).round() / 10.0;
    let results = json!({
        "megabytes": megabytes,
        "events": events,
        "cpu_s_per_gb": tenths(middle.cpu_s_per_gb),
        "cpu_s_per_gb_of_rounds": rounds.iter().map(|round| tenths(round.cpu_s_per_gb)).collect::<Vec<_>>(),
        "mb_per_s": middle.mb_per_s.round(),
        "peak_memory_mib": peak_mib.round(),
    });
    let command = format!("cargo bench --bench pipeline -- {megabytes}");
    let path = write_results(&name, &command, results).expect("results can be written");
    println!("{peak_mib:.0} MiB at most; wrote {}", path.display());
}

/// What a drain took, and the configuration of the lake that it made.
struct Drain {
    _dir: tempfile::TempDir,
    config: PathBuf,
    cpu_s_per_gb: f64,
    mb_per_s: f64,
}

/// Drains the topic into a new lake.
fn drain(brokers: &str, topic: &str, bytes: u64) -> Drain {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let config = dir.path().join("sealake.toml");
    let lake = dir.path().join("lake");
    run(Command::new(program()).arg("init").arg(&lake).arg("--config").arg(&config).args([
        "--brokers",
        brokers,
        "--topic",
        &format!("{topic}=litellm"),
        "--actor",
        "workforce",
    ]));

    let (started, before) = (Instant::now(), cpu_seconds(&usage(libc::RUSAGE_CHILDREN)));
    run(Command::new(program()).args(["ingest", "--until-caught-up", "-c"]).arg(&config));
    let wall = started.elapsed().as_secs_f64();
    let cpu = cpu_seconds(&usage(libc::RUSAGE_CHILDREN)) - before;
    let (cpu_s_per_gb, mb_per_s) = (cpu / (bytes as f64 / 1e9), bytes as f64 / 1e6 / wall);
    println!("{cpu_s_per_gb:.1} CPU-s per GB, {mb_per_s:.0} MB/s");
    Drain { _dir: dir, config, cpu_s_per_gb, mb_per_s }
}

/// Verifies a lake, every record recomputed, and counts its events.
fn check(config: &Path, events: u64) {
    run(Command::new(program()).args(["verify", "--records", "-c"]).arg(config));
    let count = Command::new(program())
        .args(["sql", "--format", "csv", "-c"])
        .arg(config)
        .arg("SELECT count(*) FROM events")
        .output()
        .expect("sealake sql runs");
    let stored = String::from_utf8_lossy(&count.stdout);
    assert!(
        stored.lines().any(|line| line == events.to_string()),
        "{events} events were sent, SQL says {stored}"
    );
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_sealake"))
}

fn run(command: &mut Command) {
    let done = command.output().expect("the program runs");
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Publishes distinct dense events until they make this many bytes. Gives their number and bytes.
fn fill(brokers: &str, topic: &str, bytes_min: u64) -> (u64, u64) {
    let publisher = Publisher::connect(brokers).expect("the broker's address is valid");
    let mut random = Random(seconds());
    let (mut events, mut bytes) = (0, 0);
    while bytes < bytes_min {
        let payload = event(&mut random, Density::Dense).into_bytes();
        bytes += payload.len() as u64;
        events += 1;
        let message = Outgoing { topic: topic.to_owned(), payload: Some(payload), ..Outgoing::default() };
        publisher.publish(&message).expect("the broker takes the event");
    }
    let (acknowledged, failed) = publisher.finish().expect("the broker acknowledges everything");
    assert_eq!((acknowledged, failed), (events, 0));
    (events, bytes)
}

fn seconds() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
