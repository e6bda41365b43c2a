//! Bad input and bad days: what cannot be read, and servers, disks and topics that go away and come back. Each test
//! asserts the exit code, what is said, what is counted, and that the next good event is in SQL.

use std::collections::BTreeMap;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};

use crate::util::{Dir, Done, LakeDir, Running, need, not_run, root, run, signal, topic, wait_for};

/// How long anything that must happen may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// An event of our own format whose number is the column `input_tokens`.
pub(crate) fn event(number: usize) -> Value {
    json!({
        "schema_version": 1, "event_time": "2026-11-20T10:00:00Z", "operation": "chat", "provider": "openai",
        "request_id": format!("req_{number:08}"), "request_model": "gpt-5", "input_tokens": number,
        "status": "success",
    })
}

/// The script beside this file, which needs SEALAKE_TEST_PYTHON.
#[track_caller]
pub(crate) fn script(arguments: &[&str]) {
    let mut command = Command::new(std::env::var("SEALAKE_TEST_PYTHON").unwrap());
    command.arg(root().join("tests/bad_days.py")).args(arguments);
    run(command).code(0);
}

/// Publishes messages in order; None is a tombstone.
#[track_caller]
pub(crate) fn publish(brokers: &str, topic: &str, messages: &[Option<Vec<u8>>]) {
    let dir = Dir::new();
    let files: Vec<String> = messages
        .iter()
        .enumerate()
        .map(|(number, message)| match message {
            None => "null".to_owned(),
            Some(bytes) => dir.write(&number.to_string(), bytes).display().to_string(),
        })
        .collect();
    let mut arguments = vec!["publish", brokers, topic];
    arguments.extend(files.iter().map(String::as_str));
    script(&arguments);
}

/// Publishes good events with these numbers.
#[track_caller]
pub(crate) fn publish_events(brokers: &str, topic: &str, numbers: impl IntoIterator<Item = usize>) {
    let events = numbers.into_iter().map(|number| Some(event(number).to_string().into_bytes()));
    publish(brokers, topic, &events.collect::<Vec<_>>());
}

/// The numbers of the events in the lake, in order of their offsets.
#[track_caller]
pub(crate) fn numbers(lake: &LakeDir) -> Vec<i64> {
    let rows = lake.sql("SELECT input_tokens FROM events ORDER BY kafka_source, kafka_offset, kafka_index");
    rows.iter().map(|row| row["input_tokens"].as_i64().unwrap()).collect()
}

/// What `ingest_health` counts of this kind, by name.
#[track_caller]
pub(crate) fn health(lake: &LakeDir, what: &str) -> BTreeMap<String, i64> {
    lake.sql(&format!("SELECT name, \"count\" FROM ingest_health WHERE what = '{what}'"))
        .iter()
        .map(|row| (row["name"].as_str().unwrap().to_owned(), row["count"].as_i64().unwrap()))
        .collect()
}

/// Gives up after so many seconds without progress.
fn stalls_after(lake: &LakeDir, seconds: u64) {
    let text = std::fs::read_to_string(lake.config()).unwrap();
    std::fs::write(lake.config(), format!("{text}\n[limits]\nstalled_s_max = {seconds}\n")).unwrap();
}

/// `sealake ingest` as a service, its log in a file.
pub(crate) struct Service {
    running: Running,
    log: PathBuf,
}

impl Service {
    pub(crate) fn start(lake: &LakeDir) -> Service {
        let log = lake.dir.join("service.log");
        let mut command = crate::util::sealake(["ingest", "-c"]);
        command.arg(lake.config()).stdout(Stdio::null()).stderr(std::fs::File::create(&log).unwrap());
        Service { running: Running { child: command.spawn().unwrap() }, log }
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Asserts that it runs.
    #[track_caller]
    pub(crate) fn runs(&mut self) {
        let ended = self.running.child.try_wait().unwrap();
        assert!(ended.is_none(), "{ended:?}:\n{}", self.log());
    }

    /// Waits until the log says this, and did not before `after` bytes.
    #[track_caller]
    pub(crate) fn says(&mut self, text: &str, after: usize) {
        let what = format!("the log to say {text:?}");
        wait_for(&what, PATIENCE, || {
            let ended = self.running.child.try_wait().unwrap();
            assert!(ended.is_none(), "{ended:?}, and the log lacks {text:?}:\n{}", self.log());
            self.log()[after..].contains(text).then_some(())
        });
    }

    /// Waits until these events are in the lake, and no others.
    #[track_caller]
    pub(crate) fn stores(&mut self, lake: &LakeDir, want: &[i64]) {
        wait_for(&format!("the events {want:?}"), PATIENCE, || {
            self.runs();
            (numbers(lake) == want).then_some(())
        });
    }

    /// The most memory that it had at once, in bytes (proc_pid_status(5), `VmHWM`).
    #[track_caller]
    pub(crate) fn memory_peak(&self) -> u64 {
        let status = format!("/proc/{}/status", self.running.child.id());
        let text = std::fs::read_to_string(status).unwrap();
        let kilobytes = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        kilobytes.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Sends SIGHUP.
    pub(crate) fn hang_up(&self) {
        signal(self.running.child.id(), libc::SIGHUP);
    }

    /// Asks it to stop, and asserts that it ends well and has not panicked.
    #[track_caller]
    pub(crate) fn stop(mut self) {
        signal(self.running.child.id(), libc::SIGTERM);
        let status = wait_for("a clean stop", PATIENCE, || self.running.child.try_wait().unwrap());
        assert!(status.success() && !self.log().contains("panicked"), "{status}:\n{}", self.log());
    }
}

/// What must be true of every failure: no panic.
#[track_caller]
pub(crate) fn fails(lake: &LakeDir, code: i32, says: &[&str]) -> Done {
    let done = run(lake.ingest_command()).code(code);
    assert!(!done.stderr.contains("panicked"), "{}", done.stderr);
    says.iter().fold(done, |done, text| done.says(text))
}

/// The reasons in the lake's quarantine, sorted, as the stock command `age` opens it.
#[track_caller]
fn opened_quarantine(lake: &LakeDir, age: &str) -> Vec<String> {
    let mut reasons = Vec::new();
    for object in std::fs::read_dir(lake.lake().join("quarantine")).unwrap() {
        let mut command = Command::new(age);
        command.arg("-d").arg("-i").arg(lake.dir.join("keys/quarantine.key")).arg(object.unwrap().path());
        for line in run(command).code(0).stdout.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let reason = line["reason"].as_str().unwrap();
            if reason == "unknown_format" {
                assert_eq!(line["payload_base64"], "eyJoZWxsbyI6IndvcmxkIn0=");
            }
            reasons.push(reason.to_owned());
        }
    }
    reasons.sort();
    reasons
}

#[test]
fn messages_that_cannot_be_stored_are_quarantined_by_reason_and_those_after_them_are_stored() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let (Some(_), Some(age)) = (need("SEALAKE_TEST_PYTHON"), need("SEALAKE_TEST_AGE")) else { return };
    let with = |number, field: &str, value: Value| {
        let mut event = event(number);
        event[field] = value;
        event.to_string().into_bytes()
    };
    let good = event(0).to_string();
    let mut invalid = good.clone().into_bytes();
    invalid[40] = 0xff;
    let sentence = "The patient slept well and asked for tea. ";
    let megabytes = |number, count: usize| {
        with(number, "output_messages", sentence.repeat(count * 1_000_000 / sentence.len()).into())
    };
    let nested = format!("{{\"event_time\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let bad: Vec<(&str, Option<Vec<u8>>)> = vec![
        ("stored", Some(megabytes(1_000, 10))),
        ("too_large", Some(megabytes(1_001, 17))),
        ("invalid_utf8", Some(invalid)),
        ("truncated_json", Some(good.as_bytes()[..good.len() / 2].to_vec())),
        ("too_deep", Some(nested.into_bytes())),
        ("empty_value", Some(Vec::new())),
        ("tombstone", None),
        ("unknown_format", Some(br#"{"hello":"world"}"#.to_vec())),
        ("wrong_schema_version", Some(with(1_002, "schema_version", 99.into()))),
        ("stored", Some(with(1_970, "event_time", "1970-01-01T00:00:07Z".into()))),
        ("stored", Some(with(9_999, "event_time", "9999-12-31T23:59:58Z".into()))),
    ];
    let mut messages = Vec::new();
    for (number, (_, message)) in bad.iter().enumerate() {
        messages.push(message.clone());
        messages.push(Some(event(number).to_string().into_bytes()));
    }
    let name = topic("bad-input");
    publish(&brokers, &name, &messages);
    let lake = LakeDir::init(&brokers, &[&name]);
    let done = lake.ingest();
    assert!(!done.stderr.contains("panicked"), "{}", done.stderr);
    assert!(
        done.stdout.contains("14 events stored, 7 quarantined, 1 skipped, 0 offsets in gaps"),
        "{}",
        done.stdout
    );

    let mut want: BTreeMap<String, i64> = bad.iter().map(|(reason, _)| ((*reason).to_owned(), 1)).collect();
    want.retain(|reason, _| reason != "stored" && reason != "tombstone");
    assert_eq!(health(&lake, "quarantined"), want);
    assert_eq!(opened_quarantine(&lake, &age), want.keys().cloned().collect::<Vec<_>>());
    assert_eq!(health(&lake, "skipped_message"), BTreeMap::from([("tombstone".to_owned(), 1)]));
    assert_eq!(health(&lake, "topic"), BTreeMap::from([(name, messages.len() as i64)]));
    let stored = lake
        .sql("SELECT kafka_offset, input_tokens, raw_bytes, time_source FROM events ORDER BY kafka_offset");
    let after: Vec<_> = stored.iter().filter(|row| row["kafka_offset"].as_i64().unwrap() % 2 == 1).collect();
    assert_eq!(after.len(), bad.len(), "the good event after each bad one");
    for (number, row) in after.iter().enumerate() {
        assert_eq!(row["input_tokens"], number);
        assert_eq!(row["time_source"], "producer");
    }
    assert_eq!(stored[0]["raw_bytes"], messages[0].as_ref().unwrap().len());
    let text = "SELECT length(response_text) FROM events WHERE input_tokens = 1000";
    assert!(lake.number(text) > 9_000_000, "the answer of 10 MB is stored whole");
    // The policy keeps the year of a date, whichever it is.
    for (number, clock) in [(1970, "1970"), (9999, "9999")] {
        let rows = lake.sql(&format!(
            "SELECT time_source, unmapped_json, event_time > now() - INTERVAL '1 day' AND event_time <= now() AS \
             is_now FROM events WHERE input_tokens = {number}"
        ));
        assert_eq!(
            (&rows[0]["time_source"], &rows[0]["is_now"]),
            (&json!("kafka"), &json!(true)),
            "{rows:?}"
        );
        let unmapped: Value = serde_json::from_str(rows[0]["unmapped_json"].as_str().unwrap()).unwrap();
        assert_eq!(unmapped["event_time"], clock, "{unmapped}");
    }
    lake.verify();
}

#[test]
fn offsets_that_expired_before_they_were_read_are_a_counted_gap() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(_) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("expired");
    publish_events(&brokers, &name, 0..2);
    let lake = LakeDir::init(&brokers, &[&name]);
    lake.ingest();
    publish_events(&brokers, &name, 2..6);
    script(&["expire", &brokers, &name, "5"]);
    let done = lake.ingest().says("offsets expired: Kafka deleted messages before they were read");
    assert!(
        done.stdout.contains("1 events stored, 0 quarantined, 0 skipped, 3 offsets in gaps"),
        "{}",
        done.stdout
    );
    assert_eq!(numbers(&lake), [0, 1, 5]);
    assert_eq!(health(&lake, "gap"), BTreeMap::from([("expired".to_owned(), 3)]));
    lake.verify();
    // All of them, with nothing after them yet.
    publish_events(&brokers, &name, 6..8);
    script(&["expire", &brokers, &name, "8"]);
    lake.ingest();
    assert_eq!(health(&lake, "gap"), BTreeMap::from([("expired".to_owned(), 5)]));
    publish_events(&brokers, &name, 8..9);
    lake.ingest();
    assert_eq!(numbers(&lake), [0, 1, 5, 8]);
    lake.verify();
}

/// A broker of a test's own.
pub(crate) struct Broker {
    pub(crate) dir: Dir,
    port: u16,
}

impl Broker {
    pub(crate) fn new() -> Broker {
        Broker { dir: Dir::new(), port: free_port() }
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    #[track_caller]
    pub(crate) fn tell(&self, what: &str) {
        let mut command = Command::new("bash");
        command.arg(root().join("tests/env/kafka.sh")).arg(what);
        command.arg(self.dir.path()).args(Some(self.port.to_string()).filter(|_| what == "start"));
        run(command).code(0);
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let mut command = Command::new("bash");
        command.arg(root().join("tests/env/kafka.sh")).arg("kill");
        let _ = command.arg(self.dir.path()).output();
    }
}

/// A port that nobody listens on at this moment.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_broker_that_is_down_at_the_start_or_in_the_middle_is_waited_for() {
    let Some(_) = need("SEALAKE_TEST_KAFKA_HOME") else { return };
    let Some(_) = need("SEALAKE_TEST_PYTHON") else { return };
    let broker = Broker::new();
    let brokers = broker.address();
    broker.tell("start");
    let name = topic("broker-down");
    publish_events(&brokers, &name, 0..3);
    broker.tell("stop");

    let lake = LakeDir::init(&brokers, &[&name]);
    let text = std::fs::read_to_string(lake.config()).unwrap();
    std::fs::write(lake.config(), format!("{text}\n[limits]\nbroker_wait_s = 3\n")).unwrap();
    let waits = format!("the broker at {brokers}");
    fails(&lake, 1, &[&format!("no broker answered at {brokers} within"), "`broker_wait_s`"]);
    lake.verify();
    let mut service = Service::start(&lake);
    service.says(&format!("waiting for {waits}"), 0);
    broker.tell("start");
    service.stores(&lake, &[0, 1, 2]);
    let before = service.log().len();
    broker.tell("kill");
    service.says("waiting_for=\"the broker: ", before);
    broker.tell("start");
    publish_events(&brokers, &name, 3..5);
    service.stores(&lake, &[0, 1, 2, 3, 4]);
    // A stop while the broker is away is as clean as any other.
    broker.tell("kill");
    service.stop();
    lake.verify();
}

/// Passes connections on to a server, until it is switched off.
struct Forwarder {
    port: u16,
    target: String,
    on: Option<(Arc<AtomicBool>, JoinHandle<()>)>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Forwarder {
    fn new(target: &str) -> Forwarder {
        Forwarder { port: free_port(), target: target.to_owned(), on: None, open: Arc::default() }
    }

    fn on(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let (is_over, open, target) = (stop.clone(), self.open.clone(), self.target.clone());
        let thread = std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(server) = TcpStream::connect(&target) else { continue };
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    std::thread::spawn(move || {
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                open.lock().unwrap().extend([client, server]);
            }
        });
        self.on = Some((stop, thread));
    }

    /// Closes the port and cuts what goes through it.
    fn off(&mut self) {
        let Some((stop, thread)) = self.on.take() else { return };
        stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        thread.join().unwrap();
        for stream in self.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Forwarder {
    fn drop(&mut self) {
        self.off();
    }
}

#[test]
fn a_bucket_that_cannot_be_reached_is_waited_for() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let (Some(endpoint), Some(bucket)) = (need("SEALAKE_TEST_S3_ENDPOINT"), need("SEALAKE_TEST_S3_BUCKET"))
    else {
        return;
    };
    let Some(_) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("bucket-away");
    publish_events(&brokers, &name, 0..2);
    let mut forwarder = Forwarder::new(endpoint.trim_start_matches("http://").trim_end_matches('/'));
    let (url, through) = (format!("s3://{bucket}/{name}"), format!("http://127.0.0.1:{}", forwarder.port));
    forwarder.on();
    let lake = LakeDir::init_at(&brokers, &[&name], &url, &["--s3-endpoint", &through]);
    lake.edit("[lake.s3]", "[lake.s3]\ntimeout_s = 2");
    stalls_after(&lake, 3);

    forwarder.off();
    fails(&lake, 1, &["gave up after", &url, "nothing is lost"]);
    let mut select = crate::util::sealake(["sql", "-c"]);
    select.arg(lake.config()).arg("SELECT count(*) FROM events");
    run(select).code(1).says(&url);
    let mut service = Service::start(&lake);
    service.says("waiting for the lake", 0);
    forwarder.on();
    service.stores(&lake, &[0, 1]);

    let before = service.log().len();
    forwarder.off();
    publish_events(&brokers, &name, 2..4);
    service.says("the lake cannot be reached; reading from Kafka is paused", before);
    forwarder.on();
    service.stores(&lake, &[0, 1, 2, 3]);
    service.stop();
    lake.verify();
}

#[test]
fn a_lake_that_is_moved_away_or_cut_back_beneath_a_running_process_is_not_continued() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let name = topic("moved-away");
    publish_events(&brokers, &name, 0..3);
    let lake = LakeDir::init(&brokers, &[&name]);
    let mut service = Service::start(&lake);
    service.stores(&lake, &[0, 1, 2]);

    // Moved away, as by an unmounted disk: nothing is made in its place, and it goes on where it was put back.
    let away = lake.dir.join("away");
    std::fs::rename(lake.lake(), &away).unwrap();
    publish_events(&brokers, &name, 3..6);
    service.says("was it moved, or is it not mounted?", 0);
    service.runs();
    assert!(!lake.lake().exists(), "a second lake was begun");
    std::fs::rename(&away, lake.lake()).unwrap();
    service.stores(&lake, &[0, 1, 2, 3, 4, 5]);

    // An empty directory in its place, as beneath a mount point.
    std::fs::rename(lake.lake(), &away).unwrap();
    std::fs::create_dir(lake.lake()).unwrap();
    publish_events(&brokers, &name, 6..8);
    let refused = |service: &mut Service| {
        let ended = wait_for("the end", PATIENCE, || service.running.child.try_wait().unwrap());
        assert_eq!(ended.code(), Some(1), "{}", service.log());
        assert!(service.log().contains("is gone, which was the newest entry"), "{}", service.log());
        assert!(!service.log().contains("panicked"), "{}", service.log());
    };
    refused(&mut service);
    assert_eq!(std::fs::read_dir(lake.lake()).unwrap().count(), 0, "something was written there");
    std::fs::remove_dir(lake.lake()).unwrap();
    std::fs::rename(&away, lake.lake()).unwrap();
    let mut service = Service::start(&lake);
    service.stores(&lake, &[0, 1, 2, 3, 4, 5, 6, 7]);

    // The newest entry deleted: no entry follows the hole.
    let entries = lake.lake().join("log/0001");
    let newest = std::fs::read_dir(&entries).unwrap().map(|entry| entry.unwrap().path()).max().unwrap();
    let kept = lake.dir.join("kept");
    let before = std::fs::read_dir(&entries).unwrap().count();
    std::fs::rename(&newest, &kept).unwrap();
    publish_events(&brokers, &name, 8..10);
    refused(&mut service);
    assert_eq!(std::fs::read_dir(&entries).unwrap().count(), before - 1, "the log was continued over a hole");
    std::fs::rename(&kept, &newest).unwrap();
    lake.ingest();
    assert_eq!(numbers(&lake), (0..10).collect::<Vec<i64>>());
    lake.verify();
}

/// Moves a folder onto a small disk of its own, fills that disk, drains the topic onto it until that is given up,
/// makes room while a second run waits, and moves the folder back. $1 the folder, $2 the disk, $3 the configuration,
/// $4 the program.
const FULL_DISK: &str = r#"
    set -eu
    mount -t tmpfs -o size=8m tmpfs "$2"
    cp -a "$1" "$2/folder"
    mount --bind "$2/folder" "$1"
    head -c 9000000 /dev/zero >"$2/ballast" 2>"$2.fill" || :
    "$4" ingest --until-caught-up -c "$3" 2>"$2.first" || echo "first $?"
    "$4" ingest --until-caught-up -c "$3" 2>"$2.second" &
    for _ in $(seq 300); do grep -q 'No space left' "$2.second" && break; sleep 0.1; done
    rm "$2/ballast"
    wait $! && echo "second 0"
    umount "$1"
    rm -r "$1"
    cp -a "$2/folder" "$1"
"#;

#[test]
fn a_full_disk_is_waited_for() {
    a_full_disk_under("lake");
}

#[test]
fn a_full_disk_under_the_writers_state_is_waited_for() {
    a_full_disk_under("state");
}

#[track_caller]
fn a_full_disk_under(folder: &str) {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(_) = need("SEALAKE_TEST_PYTHON") else { return };
    let mut namespace = Command::new("unshare");
    namespace.args(["--mount", "--map-root-user", "sh", "-c"]);
    let mut probe = Command::new("unshare");
    probe.args(["--mount", "--map-root-user", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]);
    if !probe.output().is_ok_and(|done| done.status.success()) {
        return not_run("this user may not mount a small disk (unshare --mount --map-root-user)");
    }
    let name = topic("disk-full");
    publish_events(&brokers, &name, 0..1);
    let lake = LakeDir::init(&brokers, &[&name]);
    lake.ingest();
    publish_events(&brokers, &name, 1..40);
    stalls_after(&lake, 5);
    let disk = lake.dir.join("disk");
    std::fs::create_dir(&disk).unwrap();
    namespace.args([FULL_DISK, "sh"]).arg(lake.dir.join(folder)).arg(&disk).arg(lake.config());
    namespace.arg(env!("CARGO_BIN_EXE_sealake"));
    let done = run(namespace).code(0);
    let log = |name: &str| std::fs::read_to_string(disk.with_extension(name)).unwrap();
    let (first, second) = (log("first"), log("second"));
    assert!(
        done.stdout.contains("first 1\n") && done.stdout.contains("second 0\n"),
        "{done:?}\n{first}\n{second}"
    );
    assert!(first.contains("gave up after") && first.contains("No space left on device"), "{first}");
    assert!(!(first + &second).contains("panicked"));
    let state = std::fs::read_dir(lake.dir.join("state")).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = state.filter(|name| name.to_string_lossy().ends_with(".tmp")).collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(numbers(&lake), (0..40).collect::<Vec<i64>>());
    lake.verify();
}
