//! Sealake's redactor beside Vectorscan and Datadog's scanner: the same events, one core, one run.
//!
//! `cargo run --release -- [MEGABYTES]` in this folder; the README says what each side does. No ratio is printed
//! before Sealake's output equals that of its portable level, which a child process writes, and before the spans
//! that differ from each peer's are listed.

mod datadog;
mod rules;
mod sealake;
mod spans;
#[path = "../../support/mod.rs"]
mod support;
mod vectorscan;

use std::process::ExitCode;

use serde_json::{Value, json};
use spans::Comparison;
use support::{Density, Random, cpu_seconds, usage, write_results};

/// Megabytes of events of each density, if the command does not say.
const MEGABYTES: usize = 16;
/// How often each side reads the events, in turn; the fastest counts, since other programs take the caches in the
/// others.
const ROUNDS: usize = 3;
/// Events of each density in which spans are compared.
const COMPARED_EVENTS: usize = 1000;
/// The argument with which this program starts itself for the portable level.
const ORACLE: &str = "--oracle";

const DENSITIES: [(&str, Density); 2] = [("dense", Density::Dense), ("typical", Density::Typical)];

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let oracle = arguments.first().is_some_and(|first| first == ORACLE);
    if oracle {
        arguments.remove(0);
    }
    let Ok(megabytes) = arguments.first().map_or(Ok(MEGABYTES), |given| given.parse()) else {
        eprintln!("usage: peers [MEGABYTES]");
        return ExitCode::from(2);
    };
    if oracle {
        for (_, density) in DENSITIES {
            sealake::digests(&events(megabytes, density), |digest| println!("{digest}"));
        }
        return ExitCode::SUCCESS;
    }
    match run(megabytes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Distinct gateway events, the same for everybody.
fn events(megabytes: usize, density: Density) -> Vec<String> {
    let mut random = Random(7);
    let (mut events, mut bytes) = (Vec::new(), 0);
    while bytes < megabytes << 20 {
        let event = support::event(&mut random, density);
        bytes += event.len();
        events.push(event);
    }
    events
}

fn run(megabytes: usize) -> Result<(), String> {
    pin()?;
    let vectorscan = vectorscan::Database::compile(rules::RULES);
    let datadog = datadog::Redacting::new(rules::RULES)?;
    let twelve = sealake::twelve();
    let coded = sealake::coded();
    println!("Sealake {}", redactor::Redactor::ENGINE);
    match &vectorscan {
        Ok(database) => println!("Vectorscan {}", database.version()),
        Err(missing) => println!("Vectorscan: {missing}"),
    }
    println!("Datadog {}", datadog::VERSION);
    let mut portable = sealake::portable(ORACLE, megabytes)?.into_iter();
    let mut results = json!({});
    for (name, density) in DENSITIES {
        let events = events(megabytes, density);
        let bytes: usize = events.iter().map(String::len).sum();
        println!("\n{name}: {} events, {:.1} MB", events.len(), bytes as f64 / 1e6);
        let mut event = 0;
        let mut differs = None;
        sealake::digests(&events, |digest| {
            if portable.next().as_deref() != Some(digest) && differs.is_none() {
                differs = Some(event);
            }
            event += 1;
        });
        if let Some(event) = differs {
            return Err(format!("{name} {event}: not the output of the portable level; no ratio is printed"));
        }
        println!("  output equal to the portable level's, {event} documents");
        let compared = &events[..events.len().min(COMPARED_EVENTS)];
        let ours = sealake::spans(compared);
        let mut differences = json!({});
        let mut compare = |peer: &str, theirs: Vec<Vec<spans::Span>>| {
            let comparison = Comparison::of(compared, &ours, &theirs);
            comparison.print(peer);
            differences[peer] = comparison.json();
        };
        if let Ok(database) = &vectorscan {
            compare("vectorscan", database.spans(compared)?);
        }
        compare("datadog", datadog::spans(rules::RULES, compared)?);

        let mut sides: Vec<Side<'_>> = vec![
            Side::new("sealake, the 12 categories", |event| sealake::redact(&twelve, event)),
            Side::new("sealake, profile coded", |event| sealake::redact(&coded, event)),
            Side::new("datadog, raw JSON in and out", |event| datadog.raw(event)),
            Side::new("datadog, parsed before", |_| 0),
        ];
        if let Ok(database) = &vectorscan {
            sides.push(Side::new("vectorscan, spans only", |event| database.count(event)));
        }
        for _ in 0..ROUNDS {
            for side in &mut sides {
                match side.name {
                    "datadog, parsed before" => {
                        let mut parsed = datadog::parse(&events);
                        side.time(|| datadog.parsed(&mut parsed));
                    }
                    _ => side.read(&events),
                }
            }
        }
        let speed = |name: &str| {
            let side = sides.iter().find(|side| side.name == name)?;
            Some(bytes as f64 / 1e6 / side.seconds)
        };
        let mut speeds = json!({});
        for side in &sides {
            let speed = bytes as f64 / 1e6 / side.seconds;
            println!("  {:<30} {speed:>7.1} MB/s and core, {} matches", side.name, side.matches);
            speeds[side.name] = json!({"mb_per_s_per_core": rounded(speed), "matches": side.matches});
        }
        let mut ratios = json!({});
        let ours = speed("sealake, the 12 categories").unwrap_or_default();
        for peer in ["vectorscan, spans only", "datadog, raw JSON in and out", "datadog, parsed before"] {
            if let Some(theirs) = speed(peer) {
                println!("  sealake is {:.2} times as fast as {peer}", ours / theirs);
                ratios[peer] = json!(rounded(ours / theirs));
            }
        }
        results[name] = json!({
            "megabytes": (bytes as f64 / 1e6).round(),
            "equal_to_portable_level": true,
            "speeds": speeds,
            "sealake_12_categories_times": ratios,
            "spans": differences,
        });
    }
    results["patterns"] =
        Value::from_iter(rules::RULES.iter().map(|rule| (rule.category.to_owned(), json!(rule.pattern))));
    results["versions"] = json!({
        "vectorscan": vectorscan.as_ref().map_or_else(Clone::clone, |database| database.version()),
        "datadog": datadog::VERSION,
    });
    let command = format!("cd benches/peers && cargo run --release -- {megabytes}");
    let path = write_results("peers", &command, results).map_err(|error| error.to_string())?;
    println!("\nwrote {}", path.display());
    Ok(())
}

/// One program at one task.
struct Side<'a> {
    name: &'static str,
    matches_of: Box<dyn FnMut(&str) -> usize + 'a>,
    seconds: f64,
    matches: usize,
}

impl<'a> Side<'a> {
    fn new(name: &'static str, matches_of: impl FnMut(&str) -> usize + 'a) -> Side<'a> {
        Side { name, matches_of: Box::new(matches_of), seconds: f64::INFINITY, matches: 0 }
    }

    fn read(&mut self, events: &[String]) {
        let before = cpu_seconds(&usage(libc::RUSAGE_SELF));
        self.matches = events.iter().map(|event| (self.matches_of)(event)).sum();
        self.seconds = self.seconds.min(cpu_seconds(&usage(libc::RUSAGE_SELF)) - before);
    }

    fn time(&mut self, all: impl FnOnce() -> usize) {
        let before = cpu_seconds(&usage(libc::RUSAGE_SELF));
        self.matches = all();
        self.seconds = self.seconds.min(cpu_seconds(&usage(libc::RUSAGE_SELF)) - before);
    }
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Keeps this process and its children on the processor they are on.
fn pin() -> Result<(), String> {
    // SAFETY: cpu_set_t is plain integers, for which zero is the empty set; both calls only read what they are given.
    let failed = unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(libc::sched_getcpu().max(0) as usize, &mut set);
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &set)
    };
    if failed == 0 { Ok(()) } else { Err("cannot keep to one processor".to_owned()) }
}
