//! Bad input and bad days: for each, what the program says, how it ends, what goes to quarantine, and that the next
//! good event is in SQL all the same. Brokers that go away are this test's own.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::util::{Dir, LakeDir, Running, need, run, sealake, signal, topic, wait_for};

/// How long anything that must happen may take.
const PATIENCE: Duration = Duration::from_secs(90);

fn script(python: &str, name: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(python);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)).args(arguments);
    command
}

/// Publishes messages with numbered events, to two partitions, and gives the number of events.
fn publish(python: &str, brokers: &str, topic: &str, from: u64, messages: u32) -> u64 {
    let [from, messages] = [from.to_string(), messages.to_string()];
    let published =
        run(script(python, "exactly_once.py", &["publish", brokers, topic, "2", &from, &messages]));
    published.code(0).json()["events"].as_u64().unwrap()
}

/// As many events are in the lake as were published, each once, and the lake is sound.
#[track_caller]
fn assert_stored(lake: &LakeDir, events: u64) {
    let stored = lake.number("SELECT count(DISTINCT input_tokens) FROM events");
    assert_eq!((stored, lake.number("SELECT count(*) FROM events")), (events as i64, events as i64));
    lake.verify();
}

/// A broker of this test's own, on a port that stays its own.
struct Broker {
    dir: Dir,
    port: String,
}

impl Broker {
    fn start() -> Option<Broker> {
        need("SEALAKE_TEST_KAFKA_HOME")?;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let broker = Broker { dir: Dir::new(), port };
        broker.up();
        Some(broker)
    }

    fn up(&self) {
        self.tell("start", &[&self.port]);
    }

    fn crash(&self) {
        self.tell("kill", &[]);
    }

    fn tell(&self, what: &str, more: &[&str]) {
        let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/env/kafka.sh"));
        command.arg(what).arg(self.dir.join("kafka")).args(more);
        // The broker keeps the pipes that it inherits; a file can be read without waiting for its end.
        let log = std::fs::File::create(self.dir.join("script.log")).unwrap();
        let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).status().unwrap();
        assert!(status.success(), "{}", std::fs::read_to_string(self.dir.join("script.log")).unwrap());
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/env/kafka.sh");
        let _ = Command::new(script).arg("kill").arg(self.dir.join("kafka")).stdout(Stdio::null()).status();
    }
}

/// An ingest process in the background, with its log in a file.
struct Ingest {
    running: Running,
    log: PathBuf,
}

impl Ingest {
    fn start(lake: &LakeDir) -> Ingest {
        let log = lake.dir.join("ingest.log");
        let mut command = sealake(["ingest", "-c"]);
        command.arg(lake.config()).stdout(Stdio::null()).stderr(std::fs::File::create(&log).unwrap());
        Ingest { running: Running { child: command.spawn().unwrap() }, log }
    }

    #[track_caller]
    fn says(&self, what: &str) {
        wait_for(what, PATIENCE, || std::fs::read_to_string(&self.log).unwrap().contains(what).then_some(()));
    }

    #[track_caller]
    fn stop(mut self) {
        signal(self.running.child.id(), libc::SIGTERM);
        let status = wait_for("a clean stop", PATIENCE, || self.running.child.try_wait().unwrap());
        assert!(status.success(), "{status}: {}", std::fs::read_to_string(&self.log).unwrap());
    }
}

/// The manifests of a local lake's batches.
fn batches(lake: &LakeDir) -> Vec<Value> {
    let mut entries: Vec<_> =
        std::fs::read_dir(lake.lake().join("log/0001")).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let manifests = entries.iter().map(|path| {
        let bytes = std::fs::read(path).unwrap();
        serde_json::from_slice::<Value>(bytes.split(|byte| *byte == b'\n').next().unwrap()).unwrap()
    });
    manifests.filter(|manifest| manifest["kind"] == "batch").collect()
}

#[test]
fn each_kind_of_bad_input_is_set_aside_and_the_next_good_event_is_stored() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let (Some(python), Some(age)) = (need("SEALAKE_TEST_PYTHON"), need("SEALAKE_TEST_AGE")) else { return };
    let name = topic("bad");
    run(script(&python, "bad_days.py", &["input", &brokers, &name])).code(0);
    let lake = LakeDir::init(&brokers, &[&name]);
    let done = run(lake.ingest_command()).code(0);
    assert!(done.stdout.contains("5 events stored, 6 quarantined, 1 skipped"), "{}", done.stdout);
    lake.verify();

    let rows = lake.sql("SELECT kafka_offset, time_source FROM events ORDER BY kafka_offset");
    let rows: Vec<_> =
        rows.iter().map(|row| (row["kafka_offset"].as_i64(), row["time_source"].as_str())).collect();
    let (theirs, kafkas) = (Some("producer"), Some("kafka"));
    assert_eq!(
        rows,
        [(Some(0), theirs), (Some(1), theirs), (Some(9), kafkas), (Some(10), kafkas), (Some(11), theirs)]
    );

    let mut reasons = BTreeMap::new();
    for object in
        batches(&lake).iter().flat_map(|batch| batch["quarantine"].as_array().cloned().unwrap_or_default())
    {
        let mut command = Command::new(&age);
        command.arg("-d").arg("-i").arg(lake.dir.join("keys/quarantine.key"));
        let opened = run({
            command.arg(lake.lake().join(object["path"].as_str().unwrap()));
            command
        });
        for line in opened.code(0).stdout.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            assert_eq!(line["topic"], name.as_str());
            reasons.insert(line["offset"].as_i64().unwrap(), line["reason"].as_str().unwrap().to_owned());
            if line["offset"] == 7 {
                assert_eq!(line["payload_base64"], "eyJoZWxsbyI6IndvcmxkIn0=");
            }
        }
    }
    let reasons: Vec<_> = reasons.iter().map(|(offset, reason)| (*offset, reason.as_str())).collect();
    assert_eq!(
        reasons,
        [
            (2, "invalid_utf8"),
            (3, "truncated_json"),
            (4, "too_deep"),
            (5, "empty_value"),
            (7, "unknown_format"),
            (8, "wrong_schema_version"),
        ]
    );
}

#[test]
fn a_broker_that_is_down_is_waited_for_at_the_start_and_in_the_middle() {
    let Some(python) = need("SEALAKE_TEST_PYTHON") else { return };
    let Some(broker) = Broker::start() else { return };
    let mut events = publish(&python, &broker.address(), "t", 0, 100);
    let lake = LakeDir::init(&broker.address(), &["t"]);
    broker.crash();
    let process = Ingest::start(&lake);
    process.says("waiting for the broker at");
    broker.up();
    process.says("committed");
    broker.crash();
    process.says("brokers are down");
    broker.up();
    events += publish(&python, &broker.address(), "t", events, 100);
    wait_for("the events of the second publication", PATIENCE, || {
        (lake.number("SELECT count(*) FROM events") == events as i64).then_some(())
    });
    process.stop();
    assert_stored(&lake, events);
}

#[test]
fn without_a_broker_a_run_until_caught_up_ends_with_what_it_waited_for() {
    let lake = LakeDir::init("127.0.0.1:1", &["t"]);
    lake.edit("[serve]", "[limits]\nstalled_s_max = 3\n\n[serve]");
    run(lake.ingest_command()).code(1).says("without progress, waiting for the broker at 127.0.0.1:1");
}

#[test]
fn a_topic_that_was_made_anew_stops_the_run_and_the_message_is_the_way_out() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(python) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("anew");
    let first = publish(&python, &brokers, &name, 0, 100);
    let lake = LakeDir::init(&brokers, &[&name]);
    lake.ingest();
    run(script(&python, "bad_days.py", &["anew", &brokers, &name, "2"])).code(0);
    let second = publish(&python, &brokers, &name, first, 10);
    run(lake.ingest_command())
        .code(1)
        .says("the lake is ahead of the broker")
        .says("raise `source_epoch` in [kafka] to 1");
    lake.edit("source_epoch = 0", "source_epoch = 1");
    lake.ingest();
    assert_stored(&lake, first + second);
}

#[test]
fn offsets_that_expired_before_they_were_read_are_a_gap_that_is_named() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(python) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("expired");
    let first = publish(&python, &brokers, &name, 0, 60);
    let lake = LakeDir::init(&brokers, &[&name]);
    lake.ingest();
    let second = publish(&python, &brokers, &name, first, 60);
    // Partition 0 had 30 messages and has 60; 10 of the new ones go.
    run(script(&python, "bad_days.py", &["expire", &brokers, &name, "0", "40"])).code(0);
    let done = run(lake.ingest_command()).code(0).says("offsets expired");
    assert!(done.stdout.contains("10 offsets in gaps"), "{}", done.stdout);
    let gaps: Vec<_> = batches(&lake)
        .iter()
        .flat_map(|batch| batch["offsets"].as_array().cloned().unwrap())
        .filter(|range| range["gaps"].is_object())
        .map(|range| (range["first"].clone(), range["gaps"].clone()))
        .collect();
    assert_eq!(gaps, [("30".into(), serde_json::json!({"expired": "10"}))]);
    // Messages 60, 62, … 78 went: of each three in a row, one has one event, one two and one three.
    let lost: u64 = (0..20).step_by(2).map(|message| 1 + message % 3).sum();
    assert_eq!(lake.number("SELECT count(*) FROM events"), (first + second - lost) as i64);
    lake.verify();
}

#[test]
fn a_bucket_that_nobody_answers_for_is_named_and_nothing_is_lost() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let (Some(endpoint), Some(bucket)) = (need("SEALAKE_TEST_S3_ENDPOINT"), need("SEALAKE_TEST_S3_BUCKET"))
    else {
        return;
    };
    let (Some(id), Some(secret)) = (need("SEALAKE_TEST_S3_ACCESS_KEY"), need("SEALAKE_TEST_S3_SECRET_KEY"))
    else {
        return;
    };
    let Some(python) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("bucket");
    let events = publish(&python, &brokers, &name, 0, 60);
    let dir = Dir::new();
    let credentials = |mut command: Command| {
        command.env("AWS_ACCESS_KEY_ID", &id).env("AWS_SECRET_ACCESS_KEY", &secret).current_dir(dir.path());
        command
    };
    let url = format!("s3://{bucket}/{name}");
    run(credentials(sealake([
        "init",
        &url,
        "--s3-endpoint",
        &endpoint,
        "--s3-region",
        "us-east-1",
        "--config",
        "sealake.toml",
        "--brokers",
        &brokers,
        "--topic",
        &name,
        "--actor",
        "workforce",
        "--listen",
        "127.0.0.1:0",
    ])))
    .code(0);
    let config = std::fs::read_to_string(dir.join("sealake.toml")).unwrap();
    let nobody = config.replace(&endpoint, "http://127.0.0.1:1") + "\n[limits]\nstalled_s_max = 2\n";
    dir.write("nobody.toml", nobody);
    run(credentials(sealake(["ingest", "--until-caught-up", "-c", "nobody.toml"])))
        .code(1)
        .says("127.0.0.1:1");
    let done = run(credentials(sealake(["ingest", "--until-caught-up", "-c", "sealake.toml"]))).code(0);
    assert!(done.stdout.contains(&format!("{events} events stored")), "{}", done.stdout);
    run(credentials(sealake(["verify", "--records", "-c", "sealake.toml"]))).code(0);
}

#[test]
fn a_full_disk_is_named_and_nothing_is_lost() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(python) = need("SEALAKE_TEST_PYTHON") else { return };
    // A file system of 2 MB that only this shell sees.
    let shell = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-euc", script]);
        command
    };
    let may = shell("mount -t tmpfs tmpfs /mnt").stdin(Stdio::null()).stderr(Stdio::null()).status();
    if !may.is_ok_and(|status| status.success()) {
        need("SEALAKE_TEST_USER_NAMESPACES");
        return;
    }
    let name = topic("full");
    let events = publish(&python, &brokers, &name, 0, 6000);
    let dir = Dir::new();
    let mut command = shell(
        r#"mkdir disk; mount -t tmpfs -o size=2m tmpfs disk
        "$SEALAKE" init disk/lake --config sealake.toml --brokers "$BROKERS" --topic "$TOPIC" --actor workforce >&2
        sed -i 's/rows_max = 50000/rows_max = 500/' sealake.toml
        printf '\n[limits]\nstalled_s_max = 8\n' >> sealake.toml
        if "$SEALAKE" ingest --until-caught-up; then echo 'it did not fail' >&2; exit 9; fi
        mount -o remount,size=60m disk
        "$SEALAKE" ingest --until-caught-up >&2
        "$SEALAKE" verify --records -c sealake.toml >&2
        "$PYTHON" "$COUNT" count disk/lake"#,
    );
    command.env("SEALAKE", env!("CARGO_BIN_EXE_sealake")).env("BROKERS", &brokers).env("TOPIC", &name);
    command
        .env("PYTHON", &python)
        .env("COUNT", Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exactly_once.py"));
    command.current_dir(dir.path());
    let done = run(command).code(0).says("No space left on device").says("gave up after");
    let counted = done.stdout.lines().last().unwrap();
    let counted: Value = serde_json::from_str(counted).unwrap();
    assert_eq!((counted["rows"].as_u64(), counted["numbers"].as_u64()), (Some(events), Some(events)));
}

#[test]
fn keys_and_state_that_are_not_as_they_should_be_are_refused() {
    let lake = LakeDir::init("127.0.0.1:1", &["t"]);
    let key = lake.dir.join("keys/writer.key");
    let mode = |mode| std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o644);
    run(lake.ingest_command()).code(1).says("chmod");
    mode(0o600);
    let bytes = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    run(lake.ingest_command()).code(1).says("writer.key");

    let other = LakeDir::init("127.0.0.1:1", &["t"]);
    std::fs::copy(other.dir.join("keys/writer.key"), &key).unwrap();
    run(lake.ingest_command()).code(1).says("key");
    std::fs::write(&key, bytes).unwrap();

    std::fs::remove_file(lake.dir.join("state/writer.json")).unwrap();
    run(lake.ingest_command()).code(1).says("--adopt-head");
}
