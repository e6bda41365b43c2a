//! Exactly once, with the real broker and the built program: processes are killed, stopped and started, and in the
//! end every event that was published is in the lake, once. What is there is counted by a script that shares no
//! code with the program.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::util::{LakeDir, Running, need, root, run, sealake, signal, topic, wait_for};

/// Times a process is killed, and how many of them must have struck between poll and commit.
const KILLS: u32 = 56;
const KILLS_BETWEEN_MIN: u32 = 40;

/// How long anything that must happen may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The script beside this file.
fn script(python: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(python);
    command.arg(root().join("tests/exactly_once.py")).args(arguments);
    command
}

/// Publishes messages and gives the number of events in them.
fn publish(python: &str, brokers: &str, topic: &str, partitions: u32, from: u64, messages: u32) -> u64 {
    let [partitions, from, messages] = [partitions.to_string(), from.to_string(), messages.to_string()];
    let published = run(script(python, &["publish", brokers, topic, &partitions, &from, &messages])).code(0);
    published.json()["events"].as_u64().unwrap()
}

/// Nothing missing, nothing twice, and every byte sound.
#[track_caller]
fn assert_exactly(python: &str, lake: &LakeDir, events: u64) -> Value {
    let counted = run(script(python, &["count", &lake.lake().display().to_string()])).code(0).json();
    for what in ["rows", "positions", "numbers"] {
        assert_eq!(counted[what].as_u64(), Some(events), "{what}: {counted}");
    }
    assert_eq!((counted["least"].as_u64(), counted["greatest"].as_u64()), (Some(0), Some(events - 1)));
    // Segments whose commit was cut off may be left; they are named, and they are no fault.
    let verified = run(sealake(["verify", &lake.lake().display().to_string(), "--records"]));
    assert_eq!(verified.code, Some(0), "{}\n{}", verified.stdout, verified.stderr);
    counted
}

/// A process whose log is read line by line.
struct Ingest {
    running: Running,
    lines: Receiver<Value>,
    /// Where the newest chunk began that it polled.
    polled: Option<(u64, u64)>,
}

impl Ingest {
    fn start(config: &Path) -> Ingest {
        let mut command = sealake(["ingest", "-c"]);
        command
            .arg(config)
            .env("SEALAKE_LOG", "info,ingest::pipeline=debug")
            .env("SEALAKE_LOG_FORMAT", "json");
        let mut child: Child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let parsed = serde_json::from_str(&line).unwrap_or(Value::String(line));
                if sender.send(parsed).is_err() {
                    return;
                }
            }
        });
        Ingest { running: Running { child }, lines, polled: None }
    }

    fn pid(&self) -> u32 {
        self.running.child.id()
    }

    /// Reads the log until a line with this message, or until `limit`. False: none came, or the process ended.
    fn reads(&mut self, message: &str, limit: Duration) -> bool {
        self.reads_any(&[message], limit)
    }

    /// The same for any of several messages.
    fn reads_any(&mut self, messages: &[&str], limit: Duration) -> bool {
        let until = Instant::now() + limit;
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    self.note(&line);
                    let text = line["fields"]["message"].as_str().unwrap_or_default();
                    if messages.iter().any(|message| text.starts_with(message)) {
                        return true;
                    }
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return false,
            }
        }
    }

    fn note(&mut self, line: &Value) {
        let fields = &line["fields"];
        if fields["message"] == "polled" {
            self.polled = Some((fields["partition"].as_u64().unwrap(), fields["offset"].as_u64().unwrap()));
        }
    }

    /// Lets go of what was logged until now.
    fn forget(&mut self) {
        while let Ok(line) = self.lines.try_recv() {
            self.note(&line);
        }
    }

    /// Kills it, and gives where the newest chunk began that it polled.
    fn kill(mut self) -> Option<(u64, u64)> {
        signal(self.pid(), libc::SIGKILL);
        self.running.child.wait().unwrap();
        while let Ok(line) = self.lines.recv() {
            self.note(&line);
        }
        self.polled
    }

    /// Asks it to stop, and asserts that it ends well.
    #[track_caller]
    fn stop(mut self) {
        signal(self.pid(), libc::SIGTERM);
        let status = wait_for("a clean stop", PATIENCE, || self.running.child.try_wait().unwrap());
        assert!(status.success(), "{status}");
    }
}

/// The lake's next offsets by partition, read from its log as it lies on disk.
fn next_offsets(lake: &Path) -> BTreeMap<u64, u64> {
    let mut next = BTreeMap::new();
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(lake.join("log/0001")).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries.iter().filter(|path| path.extension().is_some_and(|extension| extension == "entry"))
    {
        let bytes = std::fs::read(entry).unwrap();
        let manifest: Value =
            serde_json::from_slice(bytes.split(|byte| *byte == b'\n').next().unwrap()).unwrap();
        for range in manifest["offsets"].as_array().into_iter().flatten() {
            let int = |name: &str| range[name].as_str().unwrap().parse::<u64>().unwrap();
            next.insert(int("partition"), int("next"));
        }
    }
    next
}

/// A sequence of numbers from a seed (splitmix64), so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

#[test]
fn a_process_that_is_killed_again_and_again_stores_every_event_once() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(python) = need("SEALAKE_TEST_PYTHON") else { return };
    let seed =
        std::env::var("SEALAKE_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
    let mut random = Random(seed);
    let name = topic("killed");
    let mut events = publish(&python, &brokers, &name, 4, 0, 1000);
    let lake = LakeDir::init(&brokers, &[&name]);
    lake.edit("rows_max = 50000", "rows_max = 100");

    let (mut between, mut committed) = (0, 0);
    for _ in 0..KILLS {
        let mut process = Ingest::start(&lake.config());
        for _ in 0..=random.below(3) {
            assert!(process.reads("polled", PATIENCE), "nothing was polled");
        }
        if random.below(4) == 0 {
            std::thread::sleep(Duration::from_millis(random.below(80)));
        }
        let (partition, offset) = process.kill().unwrap();
        let next = next_offsets(&lake.lake()).get(&partition).copied().unwrap_or(0);
        between += u32::from(offset >= next);
        committed += u32::from(offset < next);
        events += publish(&python, &brokers, &name, 4, events, 300);
    }
    assert!(
        between >= KILLS_BETWEEN_MIN,
        "seed {seed}: only {between} of {KILLS} kills struck between poll and commit, {committed} later"
    );
    run(lake.ingest_command()).code(0);
    assert_exactly(&python, &lake, events);
}

/// A second process of the same lake, with its configuration beside the first's.
fn second(lake: &LakeDir) -> PathBuf {
    let second = lake.dir.join("second.toml");
    let text = std::fs::read_to_string(lake.config()).unwrap();
    let text = text.replace("ingest-1", "ingest-2").replace("state/writer.json", "state/second.json");
    std::fs::write(&second, text).unwrap();
    std::fs::copy(lake.dir.join("state/writer.json"), lake.dir.join("state/second.json")).unwrap();
    second
}

#[test]
fn a_process_that_is_stopped_hands_its_partitions_over() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(python) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("handed-over");
    let mut events = publish(&python, &brokers, &name, 8, 0, 200);
    let lake = LakeDir::init(&brokers, &[&name]);
    let second = second(&lake);
    let mut one = Ingest::start(&lake.config());
    assert!(one.reads("committed", PATIENCE));
    let mut two = Ingest::start(&second);
    assert!(two.reads("partitions assigned", PATIENCE));
    wait_for("a commit of the second process", PATIENCE, || {
        events += publish(&python, &brokers, &name, 8, events, 80);
        two.reads("committed", Duration::from_secs(1)).then_some(())
    });
    two.forget();
    one.stop();
    // At once where the group hears that it leaves, else when its session ends (Kafka: session.timeout.ms, 45 s).
    assert!(two.reads("partitions assigned", 2 * PATIENCE));
    // And it comes back while the other goes.
    let mut one = Ingest::start(&lake.config());
    assert!(one.reads("partitions assigned", PATIENCE));
    two.stop();
    one.forget();
    events += publish(&python, &brokers, &name, 8, events, 80);
    assert!(one.reads("committed", 2 * PATIENCE));
    one.stop();
    run(lake.ingest_command()).code(0);
    assert_exactly(&python, &lake, events);
}

#[test]
fn of_two_processes_of_one_name_one_ends_and_says_why() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(python) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("one-name");
    let mut events = publish(&python, &brokers, &name, 4, 0, 200);
    let lake = LakeDir::init(&brokers, &[&name]);
    let second = second(&lake);
    let text = std::fs::read_to_string(&second).unwrap().replace("ingest-2", "ingest-1");
    std::fs::write(&second, text).unwrap();
    let mut processes = [Ingest::start(&lake.config()), Ingest::start(&second)];
    let ended = wait_for("one of them to end", PATIENCE, || {
        events += publish(&python, &brokers, &name, 4, events, 40);
        processes.iter_mut().position(|process| process.running.child.try_wait().unwrap().is_some())
    });
    let [one, two] = processes;
    let (mut ended, left) = if ended == 0 { (one, two) } else { (two, one) };
    assert_eq!(ended.running.child.wait().unwrap().code(), Some(1));
    let mut last = Value::Null;
    while let Ok(line) = ended.lines.recv() {
        last = line;
    }
    let says = last.to_string();
    assert!(says.contains("ingest-1: two processes of one lake need different `instance` names"), "{says}");
    left.stop();
    run(lake.ingest_command()).code(0);
    assert_exactly(&python, &lake, events);
}

#[test]
fn two_processes_share_eight_partitions_and_a_zombie_is_fenced() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(python) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("shared");
    let mut events = publish(&python, &brokers, &name, 8, 0, 2000);
    let lake = LakeDir::init(&brokers, &[&name]);
    lake.edit("flush_interval_ms = 200", "flush_interval_ms = 500");
    lake.edit("[kafka.properties]", "[kafka.properties]\n\"session.timeout.ms\" = 6000");
    let second = second(&lake);

    let mut one = Ingest::start(&lake.config());
    assert!(one.reads("committed", PATIENCE));
    let mut two = Ingest::start(&second);
    assert!(two.reads("partitions assigned", PATIENCE));
    wait_for("a commit of the second process", PATIENCE, || {
        events += publish(&python, &brokers, &name, 8, events, 400);
        two.reads("committed", Duration::from_secs(1)).then_some(())
    });

    // A process that is stopped longer than its session keeps its rows and loses its partitions; when it goes on it
    // is a zombie, and its commit must be refused.
    one.forget();
    events += publish(&python, &brokers, &name, 8, events, 2000);
    assert!(one.reads("polled", PATIENCE));
    signal(one.pid(), libc::SIGSTOP);
    two.forget();
    assert!(
        two.reads("partitions assigned", PATIENCE),
        "the partitions of the stopped process went to nobody"
    );
    assert!(two.reads("committed", PATIENCE));
    signal(one.pid(), libc::SIGCONT);
    // It hears of it from the lake, which refuses the commit, or from its group a moment before it would commit.
    assert!(
        one.reads_any(&["fenced", "partitions were given to another process"], PATIENCE),
        "a process that had lost its partitions did not notice"
    );
    wait_for("the fenced process to go on", PATIENCE, || {
        events += publish(&python, &brokers, &name, 8, events, 400);
        one.reads("committed", Duration::from_secs(1)).then_some(())
    });
    one.stop();
    two.stop();

    run(lake.ingest_command()).code(0);
    let counted = assert_exactly(&python, &lake, events);
    for instance in ["ingest-1", "ingest-2"] {
        assert!(counted["batches"][instance].as_u64().is_some_and(|batches| batches > 1), "{counted}");
    }
}

#[test]
fn a_process_that_was_stopped_while_another_took_over_and_left_reads_on() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(python) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("stopped");
    // More than lies between reading and committing at any time, so that it is stopped with its queues full.
    let mut events = publish(&python, &brokers, &name, 1, 0, 60_000);
    let lake = LakeDir::init(&brokers, &[&name]);
    lake.edit("flush_interval_ms = 200", "flush_interval_ms = 500");
    lake.edit("[kafka.properties]", "[kafka.properties]\n\"session.timeout.ms\" = 6000");
    let second = second(&lake);

    let mut one = Ingest::start(&lake.config());
    assert!(one.reads("committed", PATIENCE));
    signal(one.pid(), libc::SIGSTOP);
    let mut two = Ingest::start(&second);
    assert!(two.reads("committed", PATIENCE), "the partition of the stopped process went to nobody");
    two.stop();
    one.forget();
    signal(one.pid(), libc::SIGCONT);
    // The clock went on, so where its queues were full it finds that nothing was taken for long, and pauses in the middle
    // of losing its partition.
    assert!(
        one.reads_any(
            &["reading from Kafka is paused", "partitions were given to another process"],
            PATIENCE
        )
    );
    assert!(one.reads("partitions assigned", PATIENCE));
    one.forget();
    events += publish(&python, &brokers, &name, 1, events, 300);
    assert!(one.reads("committed", PATIENCE), "its partition came back and was not read");
    one.stop();
    run(lake.ingest_command()).code(0);
    assert_exactly(&python, &lake, events);
}
