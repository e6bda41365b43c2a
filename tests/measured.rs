//! What is claimed and what is bounded: the README's figures are those of the committed results, and the drain of a
//! large backlog stays within the memory that is promised.

use std::process::Stdio;

use ingest::demo::{Outgoing, Publisher};
use serde_json::Value;

use crate::support::{Density, Random, event};
use crate::util::{LakeDir, need, root, topic};

/// The bound on resident memory while a backlog is drained.
const PEAK_MIB_MAX: f64 = 512.0;

/// Size of the backlog.
const BACKLOG_BYTES: usize = 300_000_000;

fn results(name: &str) -> Value {
    let path = root().join(format!("benches/results/{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_readme_says_what_was_measured() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    // A figure stands in a row of the command that measured it.
    let says = |results: &Value, figure: String| {
        let command = format!("`{}`", results["command"].as_str().unwrap());
        let mut rows = readme.lines().filter(|line| line.starts_with('|') && line.contains(&command));
        assert!(rows.any(|row| row.contains(&figure)), "the README does not say {figure:?} beside {command}");
    };
    let commit = |results: &Value| results["commit"].as_str().unwrap()[..7].to_owned();
    let pipeline = results("pipeline");
    says(&pipeline, format!("{} CPU-s/GB", pipeline["cpu_s_per_gb"]));
    says(&pipeline, format!("{} MB/s", pipeline["mb_per_s"]));
    says(&pipeline, format!("{} MiB", pipeline["peak_memory_mib"]));
    let backlog = results("pipeline-2000");
    says(&backlog, format!("{} CPU-s/GB", backlog["cpu_s_per_gb"]));
    says(&backlog, format!("{} MiB", backlog["peak_memory_mib"]));
    says(&backlog, commit(&backlog));
    let redact = results("redact");
    for density in ["dense", "typical"] {
        says(&redact, format!("{} MB/s", redact[density]["mb_per_s_per_core"]));
        says(&redact, format!("{} findings a KB", redact[density]["findings_per_kb"]));
    }
    let peers = results("peers");
    for peer in ["vectorscan, spans only", "datadog, raw JSON in and out"] {
        let times = |density: &str| &peers[density]["sealake_12_categories_times"][peer];
        says(&peers, format!("{} and {}", times("dense"), times("typical")));
    }
    says(&peers, commit(&peers));
    let adversarial = results("adversarial");
    says(&adversarial, format!("the slowest of {} inputs", adversarial["inputs"]));
    says(&adversarial, format!("{} MB/s", adversarial["worst_mb_per_s_per_core"]));
    says(
        &adversarial,
        format!("{:.1} million a second", adversarial["tokens_per_s_per_core"].as_f64().unwrap() / 1e6),
    );
    says(&adversarial, format!("{} ms", adversarial["start_ms"]));
    let rules = results("rules");
    let times = |kind: &str| &rules["dense"][kind]["times"];
    says(&rules, format!("{} and {} times", times("patterns"), times("deny_lists")));
}

#[test]
fn a_large_backlog_is_drained_in_bounded_memory() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let name = topic("backlog");
    let publisher = Publisher::connect(&brokers).unwrap();
    let (mut random, mut bytes, mut events) = (Random(20_261_121), 0, 0);
    while bytes < BACKLOG_BYTES {
        let payload = event(&mut random, Density::Dense).into_bytes();
        bytes += payload.len();
        events += 1;
        publisher
            .publish(&Outgoing { topic: name.clone(), payload: Some(payload), ..Outgoing::default() })
            .unwrap();
    }
    assert_eq!(publisher.finish().unwrap(), (events, 0));
    let lake = LakeDir::init(&brokers, &[&format!("{name}=litellm")]);
    // Batches as large as the defaults make them.
    lake.edit("flush_interval_ms = 200", "flush_interval_ms = 10000");
    let mut drain = lake.ingest_command();
    #[allow(clippy::zombie_processes, reason = "wait4 below reaps it, and tells what it used")]
    let child = drain.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let pid = i32::try_from(child.id()).unwrap();
    let mut status = 0;
    // SAFETY: rusage is plain integers, for which zero is a value; wait4 fills it and the status.
    let (ended, usage) = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        (libc::wait4(pid, &raw mut status, 0, &raw mut usage), usage)
    };
    assert_eq!((ended, status), (pid, 0));
    let peak_mib = usage.ru_maxrss as f64 / 1024.0;
    assert!(peak_mib < PEAK_MIB_MAX, "the drain took {peak_mib:.0} MiB");
    assert_eq!(lake.number("SELECT count(*) FROM events"), i64::try_from(events).unwrap());
    lake.verify();
}
