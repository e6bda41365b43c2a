//! Bad days of Kafka that offsets alone do not tell: topics made anew under their old names, topics and brokers that
//! are not there, processes that go, and days on which nothing happens at all.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::bad_days::{Broker, Service, event, fails, health, numbers, publish_events, script};
use crate::util::{LakeDir, need, not_run, publish_with, run, sealake, topic, wait_for};

/// The numbers of the events in the lake, sorted.
fn sorted(lake: &LakeDir) -> Vec<i64> {
    let mut numbers = numbers(lake);
    numbers.sort_unstable();
    numbers
}

/// Waits until these events are in the lake, in whatever order, and no others.
#[track_caller]
fn stores_all(service: &mut Service, lake: &LakeDir, want: std::ops::Range<i64>) {
    let want: Vec<i64> = want.collect();
    wait_for(&format!("the events {want:?}"), Duration::from_secs(90), || {
        service.runs();
        (sorted(lake) == want).then_some(())
    });
}

/// The manifests of the log, in order, read from its objects.
fn manifests(lake: &LakeDir) -> Vec<Value> {
    let mut entries: Vec<_> =
        std::fs::read_dir(lake.lake().join("log/0001")).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let first_line = |path: &Path| {
        let bytes = std::fs::read(path).unwrap();
        serde_json::from_slice(bytes.split(|byte| *byte == b'\n').next().unwrap()).unwrap()
    };
    entries
        .iter()
        .filter(|path| path.extension().is_some_and(|is| is == "entry"))
        .map(|p| first_line(p))
        .collect()
}

#[test]
fn a_topic_made_anew_is_read_from_its_beginning_however_long_it_is() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(_) = need("SEALAKE_TEST_PYTHON") else { return };
    let (name, other) = (topic("made-anew"), topic("made-once"));
    publish_events(&brokers, &name, 0..5);
    publish_events(&brokers, &other, 100..103);
    let lake = LakeDir::init(&brokers, &[&name, &other]);
    lake.ingest();

    // Longer than the old one, shorter, and of the same length.
    for (from, to) in [(5, 15), (15, 17), (17, 19)] {
        script(&["remake", &brokers, &name]);
        publish_events(&brokers, &name, from..to);
        lake.ingest().says("the topic was deleted and made anew").says(&name);
        let want: Vec<i64> = (0..to as i64).chain(100..103).collect();
        assert_eq!(sorted(&lake), want);
        lake.verify();
    }
    // A run later, nothing is new, and nothing is read twice; the other topic was not touched.
    let done = lake.ingest();
    assert!(done.stdout.starts_with("0 messages decoded") && !done.stderr.contains("made anew"), "{done:?}");
    let sources = "SELECT count(DISTINCT kafka_source) FROM events WHERE kafka_topic = ";
    assert_eq!(lake.number(&format!("{sources}'{name}'")), 4);
    assert_eq!(lake.number(&format!("{sources}'{other}'")), 1);
    assert!(health(&lake, "gap").is_empty());
    for range in
        manifests(&lake).iter().flat_map(|manifest| manifest["offsets"].as_array().into_iter().flatten())
    {
        let (source, id) = (range["source"].as_str().unwrap(), range["topic_id"].as_str().unwrap());
        assert_eq!(id.len(), 22, "{range}");
        assert!(source.ends_with("/0") || source.ends_with(&format!("/0/{id}")), "{range}");
    }
}

#[test]
fn a_topic_made_anew_while_it_is_read_loses_and_doubles_nothing() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(_) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("made-anew-running");
    publish_events(&brokers, &name, 0..4);
    let lake = LakeDir::init(&brokers, &[&name]);
    let mut service = Service::start(&lake);
    stores_all(&mut service, &lake, 0..4);
    let mut next = 4;
    for messages in [20, 3, 40] {
        script(&["remake", &brokers, &name]);
        publish_events(&brokers, &name, next..next + messages);
        next += messages;
        stores_all(&mut service, &lake, 0..next as i64);
    }
    assert_eq!(service.log().matches("the topic was deleted and made anew").count(), 3, "{}", service.log());
    // More partitions, and fewer again.
    for (partitions, messages) in [("3", 30), ("1", 10)] {
        script(&["remake", &brokers, &name, partitions]);
        for partition in 0..partitions.parse::<usize>().unwrap() {
            let each = messages / partitions.parse::<usize>().unwrap();
            publish_events(&brokers, &format!("{name}/{partition}"), next..next + each);
            next += each;
        }
        stores_all(&mut service, &lake, 0..next as i64);
    }
    service.stop();
    lake.verify();
    assert_eq!(lake.number("SELECT count(DISTINCT kafka_source) FROM events"), 6);
}

#[test]
fn a_broker_that_lost_messages_is_refused_until_its_epoch_is_raised() {
    let Some(_) = need("SEALAKE_TEST_KAFKA_HOME") else { return };
    let Some(_) = need("SEALAKE_TEST_PYTHON") else { return };
    let broker = Broker::new();
    let brokers = broker.address();
    broker.tell("start");
    let name = topic("lost-messages");
    publish_events(&brokers, &name, 0..2);
    broker.tell("stop");
    let kept = broker.dir.path().with_extension("kept");
    copy(broker.dir.path(), &kept);
    broker.tell("start");
    publish_events(&brokers, &name, 2..5);
    let lake = LakeDir::init(&brokers, &[&name]);
    lake.ingest();
    broker.tell("kill");
    std::fs::remove_dir_all(broker.dir.path()).unwrap();
    copy(&kept, broker.dir.path());
    std::fs::remove_dir_all(&kept).unwrap();
    broker.tell("start");

    let position = format!("{name}/0");
    let says =
        ["the lake is ahead of the broker", &position, "offset 5", "ends at 2", "`source_epoch`", "to 1"];
    fails(&lake, 1, &says);
    assert_eq!(numbers(&lake), [0, 1, 2, 3, 4]);
    lake.verify();
    publish_events(&brokers, &name, 5..6);
    lake.edit("source_epoch = 0", "source_epoch = 1");
    lake.ingest();
    // What is read again is stored again, under the new source.
    assert_eq!(numbers(&lake), [0, 1, 2, 3, 4, 0, 1, 5]);
    lake.verify();
}

/// Copies a directory as it is.
#[track_caller]
fn copy(from: &Path, to: &Path) {
    let mut command = std::process::Command::new("cp");
    command.arg("-a").arg(from).arg(to);
    run(command).code(0);
}

#[test]
fn a_topic_or_broker_that_does_not_exist_is_said_and_waited_for_as_long_as_was_asked() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(_) = need("SEALAKE_TEST_PYTHON") else { return };
    let (there, missing) = (topic("there"), topic("missing"));
    publish_events(&brokers, &there, 0..2);
    let lake = LakeDir::init(&brokers, &[&there, &missing]);
    let waits = |seconds: &str| {
        let mut command = lake.ingest_command();
        command.args(["--broker-wait-s", seconds]);
        command
    };
    let says = format!("topics that do not exist on {brokers}, after ");
    let began = Instant::now();
    let done = run(waits("10")).code(1).says(&says).says(&missing).says("[[topics]]").says("--broker-wait-s");
    assert!(
        began.elapsed() < Duration::from_secs(60) && !done.stderr.contains(&format!(": {there}")),
        "{done:?}"
    );
    assert!(numbers(&lake).is_empty());
    // Without a command-line flag, the configuration says how long.
    let text = std::fs::read_to_string(lake.config()).unwrap();
    std::fs::write(lake.config(), format!("{text}\n[limits]\nbroker_wait_s = 10\n")).unwrap();
    fails(&lake, 1, &[&says, &missing]);

    // A service reads what there is, says every ten seconds what is missing, and reads it when it appears.
    let mut service = Service::start(&lake);
    service.stores(&lake, &[0, 1]);
    let line = format!("topics that do not exist on {brokers}: {missing}");
    wait_for("two lines", Duration::from_secs(60), || {
        service.runs();
        (service.log().matches(&line).count() >= 2).then_some(())
    });
    publish_events(&brokers, &missing, 2..4);
    stores_all(&mut service, &lake, 0..4);
    service.stop();

    // One that appears in time is read to its end.
    let late = topic("late");
    lake.edit(&missing, &late);
    let publisher = std::thread::spawn({
        let (brokers, late) = (brokers.clone(), late.clone());
        move || {
            std::thread::sleep(Duration::from_secs(10));
            publish_events(&brokers, &late, 4..6);
        }
    });
    // The topic exists a moment before it has messages, and a run takes what it held at the start.
    run(waits("60")).code(0).says(&format!("waiting for {line}").replace(&missing, &late));
    publisher.join().unwrap();
    lake.ingest();
    assert_eq!(sorted(&lake), (0..6).collect::<Vec<i64>>());
    lake.verify();

    // No broker at all.
    lake.edit(&brokers, "127.0.0.1:9");
    let began = Instant::now();
    run(waits("2")).code(1).says("no broker answered at 127.0.0.1:9 within 2s (").says("`brokers`");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    let mut service = Service::start(&lake);
    wait_for("three lines", Duration::from_secs(60), || {
        service.runs();
        (service.log().matches("waiting for the broker at 127.0.0.1:9").count() >= 3).then_some(())
    });
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    service.stop();
}

#[test]
fn a_day_on_which_nothing_happens_is_signed_too() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(_) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("idle");
    publish_events(&brokers, &name, 0..3);
    let lake = LakeDir::init(&brokers, &[&name]);
    lake.ingest();
    let beats = |lake: &LakeDir| {
        let all = manifests(lake);
        all.into_iter().filter(|manifest| manifest["kind"] == "heartbeat").collect::<Vec<_>>()
    };
    // A run that catches up is too short for one, and a lake without any is sound.
    assert!(beats(&lake).is_empty());
    lake.verify();

    lake.edit("flush_interval_ms = 200", "flush_interval_ms = 200\nheartbeat_interval_s = 2");
    let mut service = Service::start(&lake);
    service.says("partitions assigned", 0);
    wait_for("three heartbeats", Duration::from_secs(60), || {
        service.runs();
        (beats(&lake).len() >= 3).then_some(())
    });
    let written = beats(&lake);
    // With nothing to do, nothing else is written: the kinds after the last batch are heartbeats only.
    let all = manifests(&lake);
    let last_batch = all.iter().rposition(|manifest| manifest["kind"] == "batch").unwrap();
    assert!(all[last_batch + 1..].iter().all(|manifest| manifest["kind"] == "heartbeat"));
    for beat in &written {
        assert_eq!(
            (&beat["access"]["size"], beat["access"]["root"].as_str().unwrap().len()),
            (&"1".into(), 64)
        );
    }
    let ends = written.last().unwrap()["ends"].as_array().unwrap();
    assert_eq!(
        (ends.len(), &ends[0]["topic"], &ends[0]["end"]),
        (1, &Value::from(name.clone()), &"3".into())
    );
    let seconds = |manifest: &Value| {
        let clock = &manifest["committed"].as_str().unwrap()[11..26];
        let parts: Vec<f64> = clock.split(':').map(|part| part.parse().unwrap()).collect();
        parts[0] * 3600.0 + parts[1] * 60.0 + parts[2]
    };
    let between = (seconds(&written[1]) - seconds(&written[0])).rem_euclid(86_400.0);
    // The interval runs from the end of a wait, the time that is signed is a commit's: a slow first commit brings the
    // two nearer. One that took its seconds for milliseconds would be far below.
    assert!(between > 1.0, "{between} s between two heartbeats of every 2 s");
    lake.verify();

    // An access log that cannot be read stops no heartbeat, is left out of it, and verify says that it is missing.
    let (access, aside) = (lake.lake().join("access"), lake.dir.join("aside"));
    std::fs::rename(&access, &aside).unwrap();
    let before = service.log().len();
    service.says("the heartbeat does not name the access log", before);
    wait_for("a heartbeat without the access log", Duration::from_secs(30), || {
        service.runs();
        beats(&lake).last().unwrap().get("access").is_none().then_some(())
    });
    let mut verify = sealake(["verify", "-c"]);
    verify.arg(lake.config());
    let done = run(verify);
    assert!(done.code != Some(0) && (done.stdout + &done.stderr).contains("access"), "{:?}", done.code);
    std::fs::rename(&aside, &access).unwrap();
    wait_for("a heartbeat that names it again", Duration::from_secs(30), || {
        service.runs();
        beats(&lake).last().unwrap().get("access").map(drop)
    });
    service.stop();
    lake.verify();

    // Heartbeats that are deleted are missed by whoever has seen them.
    let state = lake.dir.join("auditor.json");
    let verify = || {
        let mut verify = sealake(["verify", "--state"]);
        verify.arg(&state).arg("-c").arg(lake.config());
        run(verify)
    };
    verify().code(0);
    let newest = manifests(&lake).len() - 1;
    assert_eq!(manifests(&lake)[newest]["kind"], "heartbeat");
    std::fs::remove_file(lake.lake().join(format!("log/0001/{newest:016}.entry"))).unwrap();
    let done = verify();
    assert!(done.code == Some(1) && done.stdout.contains("ROLLBACK"), "{done:?}");
}

/// What compressed batches may unpack to, in the test of those that unpack to more.
const UNPACKED_BYTES_MAX: usize = 8 << 20;

/// The most memory that `ingest` may take there: what it takes anyway, and the limit a few times.
const MEMORY_BYTES_MAX: u64 = 400 << 20;

/// A message of one letter packs to nothing. librdkafka unpacks it before anybody knows its size.
#[test]
fn a_batch_that_unpacks_to_too_much_holds_up_its_partition_and_nothing_else() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(_) = need("SEALAKE_TEST_KCAT") else { return };
    // Of snappy a broker takes no more: it packs to a twentieth.
    let codecs = [("gzip", 60), ("zstd", 60), ("lz4", 60), ("snappy", 16)];
    let sound = topic("unpacks-well");
    publish_events(&brokers, &sound, 0..1);
    let mut names = vec![sound.clone()];
    for (nth, (codec, megabytes)) in codecs.iter().enumerate() {
        let name = topic(&format!("unpacks-too-much-{codec}"));
        publish_events(&brokers, &name, 10 * (nth + 1)..10 * (nth + 1) + 2);
        let letters = vec![b'a'; megabytes * 1_000_000];
        let codec = format!("compression.codec={codec}");
        // Each message a batch of its own: one alone must be refused.
        publish_with(
            &brokers,
            &name,
            &["message.max.bytes=1000000000", "batch.num.messages=1", &codec],
            &[letters.as_slice(); 3],
        );
        publish_events(&brokers, &name, 10 * (nth + 1) + 2..10 * (nth + 1) + 3);
        names.push(name);
    }
    let lake = LakeDir::init(&brokers, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let text = std::fs::read_to_string(lake.config()).unwrap();
    let limited = format!("{text}\n[limits]\nunpacked_bytes_max = {UNPACKED_BYTES_MAX}\n");
    std::fs::write(lake.config(), &limited).unwrap();

    let mut service = Service::start(&lake);
    for name in &names[1..] {
        service.says(&format!("{name}/0 is held up at offset 2"), 0);
    }
    service.says("unpacks to more than 8388608 bytes (unpacked_bytes_max in [limits])", 0);
    // What lies before them is stored, and other partitions are read on.
    publish_events(&brokers, &sound, 1..3);
    let stored: Vec<i64> = vec![0, 1, 2, 10, 11, 20, 21, 30, 31, 40, 41];
    wait_for("what is not held up", Duration::from_secs(60), || {
        service.runs();
        (sorted(&lake) == stored).then_some(())
    });
    let peak = service.memory_peak();
    assert!(peak < MEMORY_BYTES_MAX, "{peak} bytes");
    service.stop();
    lake.verify();

    // A run that is to end says so, and has lost nothing: no offset after them was taken.
    fails(&lake, 1, &["is held up at offset 2", "is in the lake"]);
    assert!(health(&lake, "gap").is_empty());

    // With room for those of one partition they are read, into quarantine, and what follows them is stored.
    let raised = limited.replace(&UNPACKED_BYTES_MAX.to_string(), "20000000");
    std::fs::write(lake.config(), raised).unwrap();
    let done = fails(&lake, 1, &["is held up at offset 2", "more than 20000000 bytes", "is in the lake"]);
    assert!(!done.stderr.contains(&format!("{}/0 is held up", names[4])), "{done:?}");
    let all: Vec<i64> = stored.into_iter().chain([42]).collect();
    assert_eq!(sorted(&lake), all);
    assert_eq!(health(&lake, "quarantined").values().sum::<i64>(), 3);
    lake.verify();
}

/// Java's clients pack otherwise than librdkafka: snappy in a stream of chunks, zstd and gzip without a size.
#[test]
fn what_java_packs_is_read_whatever_the_codec() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(home) = need("SEALAKE_TEST_KAFKA_HOME") else { return };
    let Some(java) = need("SEALAKE_TEST_JAVA") else { return };
    const EACH: usize = 40;
    let modules = Command::new(&java).arg("--list-modules").output().unwrap();
    if !String::from_utf8_lossy(&modules.stdout).contains("jdk.compiler") {
        return not_run("a JDK: this Java has no compiler");
    }
    let mut names = Vec::new();
    for (nth, codec) in ["none", "gzip", "snappy", "lz4", "zstd"].into_iter().enumerate() {
        let name = topic(&format!("of-java-{codec}"));
        let lines: String =
            (nth * EACH..(nth + 1) * EACH).map(|number| format!("{}\n", event(number))).collect();
        // Of one file that java compiles by itself (JEP 330).
        let mut producer = Command::new(&java);
        producer.args(["-cp", &format!("{home}/libs/*"), "tests/JavaProducer.java", &brokers, &name, codec]);
        let mut child = producer.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "{codec}");
        names.push(name);
    }
    let lake = LakeDir::init(&brokers, &names.iter().map(String::as_str).collect::<Vec<_>>());
    lake.ingest();
    assert_eq!(sorted(&lake), (0..5 * EACH as i64).collect::<Vec<_>>());
    lake.verify();
}
