//! Keys, state and configuration that are missing, foreign or half made; a lake of a newer format; a lake restored
//! from a copy. Each test asserts the exit code, what is said, that nothing was changed by what was refused, and
//! that the next good event is in SQL once it is put right.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::bad_days::{numbers, publish_events};
use crate::util::{Dir, LakeDir, need, run, run_with, sealake, topic};

/// Every file below a directory with its bytes, `probe/` aside, whose names are random.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.display().to_string(), std::fs::read(path).unwrap());
            }
        }
    }
    files
}

/// The run must fail like this and leave every file as it was.
#[track_caller]
fn refuses(lake: &LakeDir, command: Command, says: &[&str]) {
    let before = files(lake.dir.path());
    let done = run(command).code(1);
    assert!(!done.stderr.contains("panicked"), "{}", done.stderr);
    let done = says.iter().fold(done, |done, text| done.says(text));
    let after = files(lake.dir.path());
    let changed: Vec<_> =
        before.keys().chain(after.keys()).filter(|path| before.get(*path) != after.get(*path)).collect();
    assert!(changed.is_empty(), "what was refused changed {changed:?}:\n{}", done.stderr);
}

/// The origin in a lake's configuration, which is also the name of its key.
fn origin(lake: &LakeDir) -> String {
    let text = std::fs::read_to_string(lake.config()).unwrap();
    let key = text.lines().find_map(|line| line.strip_prefix("key = \"")).unwrap();
    key.split('+').next().unwrap().to_owned()
}

fn serve(lake: &LakeDir) -> Command {
    let mut command = sealake(["serve", "-c"]);
    command.arg(lake.config());
    command
}

/// The broker that [`need`] has found.
fn brokers() -> String {
    std::env::var("SEALAKE_TEST_KAFKA").unwrap()
}

/// A lake with one event in it and one more that waits in its topic.
fn lake_with_one_waiting(name: &str) -> Option<LakeDir> {
    let brokers = need("SEALAKE_TEST_KAFKA")?;
    need("SEALAKE_TEST_PYTHON")?;
    let name = topic(name);
    publish_events(&brokers, &name, 0..1);
    let lake = LakeDir::init(&brokers, &[&name]);
    lake.ingest();
    publish_events(&brokers, &name, 1..2);
    Some(lake)
}

/// What waited is stored, and the lake is sound.
#[track_caller]
fn goes_on(lake: &LakeDir) {
    lake.ingest();
    assert_eq!(numbers(lake), [0, 1]);
    lake.verify();
}

#[test]
fn a_key_file_that_is_missing_or_that_others_can_read_is_refused() {
    let Some(lake) = lake_with_one_waiting("key-files") else { return };
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    for (name, command) in [("writer.key", "ingest"), ("token.key", "ingest"), ("access.key", "serve")] {
        let command = || if command == "serve" { serve(&lake) } else { lake.ingest_command() };
        let key = lake.dir.join("keys").join(name);
        let path = key.display().to_string();
        mode(&key, 0o644);
        refuses(&lake, command(), &[&format!("{path} has mode 0644"), &format!("chmod 600 {path}")]);
        mode(&key, 0o600);
        std::fs::rename(&key, key.with_extension("away")).unwrap();
        refuses(&lake, command(), &[&path, "No such file"]);
        std::fs::rename(key.with_extension("away"), &key).unwrap();
    }
    goes_on(&lake);
}

#[test]
fn the_keys_of_another_lake_are_refused_naming_both() {
    let Some(lake) = lake_with_one_waiting("swapped-keys") else { return };
    let other = LakeDir::init(&brokers(), &["other"]);
    let (ours, theirs) = (origin(&lake), origin(&other));
    let swap = |name: &str| {
        let (one, two) = (lake.dir.join(name), other.dir.join(name));
        let bytes = std::fs::read(&one).unwrap();
        std::fs::write(&one, std::fs::read(&two).unwrap()).unwrap();
        std::fs::write(&two, bytes).unwrap();
    };
    swap("keys/writer.key");
    refuses(&lake, lake.ingest_command(), &[&ours, &theirs]);
    refuses(&other, other.ingest_command(), &[&ours, &theirs]);
    // With the state file that belongs to the key, it is the lake that does not fit.
    swap("state/writer.json");
    refuses(&lake, lake.ingest_command(), &[&ours, &theirs]);
    swap("keys/writer.key");
    refuses(&lake, lake.ingest_command(), &[&ours, &theirs]);
    swap("state/writer.json");

    swap("keys/token.key");
    refuses(&lake, lake.ingest_command(), &["keys/token.key", "token_key_id"]);
    swap("keys/token.key");

    swap("keys/access.key");
    refuses(&lake, serve(&lake), &[&ours, &theirs]);
    swap("keys/access.key");
    goes_on(&lake);
}

/// `init` with what does not change from one attempt to the next.
fn init(dir: &Dir, topic: &str) -> Command {
    let mut command = sealake(["init"]);
    command.arg(dir.join("lake")).arg("--config").arg(dir.join("sealake.toml"));
    command.args(["--brokers", &brokers(), "--topic", topic, "--actor", "workforce"]);
    command
}

#[test]
fn init_on_an_existing_lake_changes_nothing() {
    let Some(lake) = lake_with_one_waiting("init-again") else { return };
    // The same command, one with another configuration, and one on a lake that lost the file for people.
    let again = || init(&lake.dir, "some-topic");
    refuses(&lake, again(), &["is a lake already, nothing was changed"]);
    let elsewhere = Dir::new();
    let mut command = sealake(["init"]);
    command.arg(lake.lake()).arg("--config").arg(elsewhere.join("sealake.toml"));
    command.args(["--brokers", &brokers(), "--topic", "some-topic", "--actor", "workforce"]);
    refuses(&lake, command, &["is a lake already, nothing was changed"]);
    assert!(std::fs::read_dir(elsewhere.path()).unwrap().next().is_none(), "nothing beside it either");
    std::fs::remove_file(lake.lake().join("sealake.json")).unwrap();
    refuses(&lake, again(), &["holds a lake already", &origin(&lake)]);
    goes_on(&lake);
}

#[test]
fn init_that_was_cut_off_is_finished_by_the_same_command() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(_) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("init-cut-off");
    publish_events(&brokers, &name, 0..2);
    let whole = {
        let dir = Dir::new();
        let began = std::time::Instant::now();
        run(init(&dir, &name)).code(0);
        began.elapsed()
    };
    let (mut finished, mut already) = (0, 0);
    const ROUNDS: u32 = 10;
    for round in 0..ROUNDS {
        let dir = Dir::new();
        let mut child = init(&dir, &name).stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole * round / (ROUNDS - 1));
        let _ = child.kill();
        child.wait().unwrap();
        let done = run(init(&dir, &name));
        match done.code {
            Some(0) => finished += 1,
            _ => {
                done.code(1).says("is a lake already");
                already += 1;
            }
        }
        let lake = LakeDir { dir };
        if round % 3 == 0 {
            lake.ingest();
            assert_eq!(numbers(&lake), [0, 1]);
        }
        lake.verify();
    }
    assert!(finished >= 3, "of {ROUNDS} kills only {finished} struck before the end, {already} after it");

    // Each artefact that a crash can have kept from being made, the last ones first.
    let dir = Dir::new();
    run(init(&dir, &name)).code(0);
    let config = std::fs::read(dir.join("sealake.toml")).unwrap();
    let steps: [&[&str]; 5] = [
        &["lake/sealake.json"],
        &["lake/sealake.json", "state/writer.json"],
        &["lake/sealake.json", "state/writer.json", "state/access.json", "lake/log"],
        &["lake/sealake.json", "state/writer.json", "state/access.json", "lake/log", "lake/access"],
        &["lake", "state/writer.json", "state/access.json", "keys/server.key", "users"],
    ];
    for step in steps {
        for artefact in step.iter().map(|artefact| dir.join(artefact)) {
            if artefact.is_dir() {
                std::fs::remove_dir_all(artefact).unwrap();
            } else {
                std::fs::remove_file(artefact).unwrap();
            }
        }
        run(init(&dir, &name)).code(0);
        assert_eq!(
            std::fs::read(dir.join("sealake.toml")).unwrap(),
            config,
            "the key is the one of the first attempt"
        );
    }
    let lake = LakeDir { dir };
    goes_on(&lake);
}

#[test]
fn a_lost_state_file_needs_a_word_and_leaves_an_entry() {
    let Some(lake) = lake_with_one_waiting("state-lost") else { return };
    std::fs::remove_file(lake.dir.join("state/writer.json")).unwrap();
    refuses(&lake, lake.ingest_command(), &["there is no state file", "state/writer.json", "--adopt-head"]);
    assert_eq!(lake.number("SELECT count(*) FROM log WHERE kind = 'adopt'"), 0);
    let mut adopt = lake.ingest_command();
    adopt.arg("--adopt-head");
    run(adopt).code(0);
    assert_eq!(lake.number("SELECT count(*) FROM log WHERE kind = 'adopt'"), 1);
    assert_eq!(numbers(&lake), [0, 1]);
    lake.verify();
    // The head that the state file remembers is what shows that the newest entries were deleted.
    let log = lake.lake().join("log");
    let state = std::fs::read_to_string(lake.dir.join("state/writer.json")).unwrap();
    let newest = lake.number("SELECT max(seq) FROM log");
    let mut entries: Vec<_> = files(&log).into_keys().filter(|path| path.ends_with(".entry")).collect();
    entries.sort();
    assert_eq!(entries.len() as i64, newest + 1);
    let (kept, checkpoint) = (std::fs::read(&entries[newest as usize]).unwrap(), log.join("checkpoint"));
    let published = std::fs::read(&checkpoint).unwrap();
    std::fs::remove_file(&entries[newest as usize]).unwrap();
    std::fs::remove_file(&checkpoint).unwrap();
    refuses(&lake, lake.ingest_command(), &["state/writer.json"]);
    // Nor do readers on the writer's machine answer from what is left.
    for arguments in
        [&["sql", "SELECT count(*) FROM events", "-c"][..], &["files", "-c"], &["keys", "list", "-c"]]
    {
        let mut reader = sealake(arguments);
        reader.arg(lake.config());
        run(reader).code(1).says("state/writer.json").says("the newest ones are missing");
    }
    assert_eq!(std::fs::read_to_string(lake.dir.join("state/writer.json")).unwrap(), state);
    std::fs::write(&entries[newest as usize], kept).unwrap();
    std::fs::write(&checkpoint, published).unwrap();
    goes_on(&lake);
}

#[test]
fn a_lake_of_a_newer_format_is_refused_naming_both() {
    let Some(lake) = lake_with_one_waiting("newer-format") else { return };
    let first = files(&lake.lake().join("log")).into_keys().find(|path| path.ends_with("000.entry")).unwrap();
    let kept = std::fs::read(&first).unwrap();
    let end = kept.iter().position(|byte| *byte == b'\n').unwrap();
    let manifest = String::from_utf8(kept[..end].to_vec()).unwrap();
    assert!(manifest.contains("\"sealake/1\""), "{manifest}");
    let newer = manifest.replace("\"sealake/1\"", "\"sealake/2\"").into_bytes();
    std::fs::write(&first, [&newer, &kept[end..]].concat()).unwrap();

    let both = ["sealake/2", "sealake/1", "use a newer sealake"];
    refuses(&lake, lake.ingest_command(), &both);
    let mut select = sealake(["sql", "-c"]);
    select.arg(lake.config()).arg("SELECT count(*) FROM events");
    // That somebody looked is recorded even so.
    let done = run(select).code(1);
    both.iter().fold(done, |done, text| done.says(text));
    // Its signature is still that of the entry as it was, and verify sees that first.
    let mut verify = sealake(["verify", "-c"]);
    verify.arg(lake.config());
    let done = run(verify).code(1);
    assert!(done.stdout.contains("MODIFIED"), "{}", done.stdout);
    std::fs::write(&first, kept).unwrap();
    goes_on(&lake);
}

#[test]
fn a_restored_copy_is_sound_answers_and_goes_on() {
    let Some(lake) = lake_with_one_waiting("restored") else { return };
    let copy = Dir::new();
    for part in ["lake", "keys", "state", "users", "sealake.toml"] {
        let mut command = Command::new("cp");
        command.arg("-a").arg(lake.dir.join(part)).arg(copy.path());
        run(command).code(0);
    }
    let restored = LakeDir { dir: copy };
    let text = std::fs::read_to_string(lake.config()).unwrap();
    let key = text.lines().find_map(|line| line.strip_prefix("key = ")).unwrap().trim_matches('"').to_owned();
    // The machine it was made on is gone.
    drop(lake);
    let mut verify = sealake(["verify", "--records", "--key", &key]);
    verify.arg(restored.lake());
    let done = run(verify).code(0);
    assert!(done.stdout.contains("OK"), "{}", done.stdout);
    let mut other = sealake(["sql", "--format", "csv"]);
    other.arg(restored.lake()).arg("SELECT count(*) AS events FROM events");
    assert_eq!(run(other).code(0).stdout, "events\r\n1\r\n");
    assert_eq!(numbers(&restored), [0]);
    goes_on(&restored);
}

/// A name may lead to a device or a pipe: what has no end is not read, and what a person may pipe in is.
#[test]
fn a_device_in_the_place_of_a_file_is_refused_and_a_pipe_is_read() {
    let dir = Dir::new();
    let lake = dir.join("lake");
    let init = ["--brokers", "127.0.0.1:9", "--topic", "t", "--actor", "workforce", "--config"];
    let mut command = sealake(["init"]);
    command.arg(&lake).args(init).arg(dir.join("sealake.toml"));
    run(command).code(0);
    let zero = "/dev/zero: it is a device and no file; it was not read";
    let mut verify = sealake(["verify", "--state", "/dev/zero"]);
    verify.arg(&lake);
    let done = run(verify).code(2).says(zero).says("nothing was checked");
    assert_eq!(done.stderr.matches("it is a device").count(), 1, "said twice: {done:?}");
    let mut ingest = sealake(["ingest", "-c", "/dev/zero"]);
    ingest.arg("--dry-run");
    let done =
        run(ingest).code(1).says("cannot read the configuration /dev/zero: it is a device and no file");
    assert_eq!(done.stderr.matches("it is a device").count(), 1, "said twice: {done:?}");
    run(sealake(["policy", "check", "/dev/zero"])).says("it is a device and no file");
    let policy = run(sealake(["policy", "show", "coded"])).code(0).stdout;
    run_with(sealake(["policy", "check", "/dev/stdin"]), policy.as_bytes()).code(0);
}

/// A lake that nothing was written to, in a folder of its own.
fn bare_lake() -> Dir {
    let dir = Dir::new();
    let init = ["--brokers", "127.0.0.1:9", "--topic", "t", "--actor", "workforce"];
    let mut command = sealake(["init", "lake"]);
    command.args(init).current_dir(dir.path());
    run(command).code(0);
    dir
}

#[test]
fn sql_without_the_state_of_the_access_log_needs_a_word() {
    let dir = bare_lake();
    // The configuration of the folder is taken, and the lake beside it.
    let sql = |arguments: &[&str]| {
        let mut command = sealake(["sql", "--format", "csv", "SELECT count(*) AS entries FROM log"]);
        command.args(arguments).current_dir(dir.path());
        run(command)
    };
    assert_eq!(sql(&[]).code(0).stdout, "entries\r\n1\r\n");
    std::fs::remove_file(dir.join("state/access.json")).unwrap();
    sql(&[]).code(1).says("there is no state file").says("state/access.json").says("--adopt-head");
    sql(&["--adopt-head"]).code(0);
    sql(&[]).code(0);
    let mut verify = sealake(["verify"]);
    verify.current_dir(dir.path());
    run(verify).code(0).says("as sealake.toml here names it");
}

#[test]
fn an_error_in_a_configuration_shows_no_value() {
    let dir = bare_lake();
    let text = std::fs::read_to_string(dir.join("sealake.toml")).unwrap();
    for (broken, says) in [
        (format!("{text}\n[kafka.properties]\n\"sasl.password\" = \"hunter2\n"), "line "),
        (
            format!("{text}\n[lake.s3]\nallow_http = \"hunter2\"\n"),
            "invalid type: string, expected a boolean",
        ),
    ] {
        std::fs::write(dir.join("sealake.toml"), broken).unwrap();
        let mut verify = sealake(["verify"]);
        verify.current_dir(dir.path());
        let done = run(verify).code(2).says("the configuration sealake.toml is not valid").says(says);
        assert!(!done.stderr.contains("hunter2") && !done.stdout.contains("hunter2"), "{done:?}");
    }
}

#[test]
fn without_a_lake_both_ways_to_name_one_are_told() {
    let dir = Dir::new();
    let missing = "no lake was named, and there is no sealake.toml here";
    for (arguments, code) in [
        (&["verify"][..], 2),
        (&["verify", "--state", "kept.json"], 2),
        (&["verify", "--records"], 2),
        (&["files"], 1),
        (&["sql", "SELECT 1"], 1),
        (&["keys", "token", "NAME"], 1),
    ] {
        let mut command = sealake(arguments);
        command.current_dir(dir.path());
        run_with(command, b"Ann").code(code).says(missing);
    }
}

#[test]
fn a_refusal_is_said_once() {
    let dir = Dir::new();
    let init = ["--brokers", "127.0.0.1:9", "--topic", "t", "--actor", "workforce", "--config"];
    let mut command = sealake(["init"]);
    command.arg(dir.join("lake")).args(init).arg(dir.join("sealake.toml"));
    run(command).code(0);
    std::fs::remove_file(dir.join("state/writer.json")).unwrap();
    for (state, says) in [(None, "there is no state file"), (Some("x"), "is no state file")] {
        if let Some(text) = state {
            std::fs::write(dir.join("state/writer.json"), text).unwrap();
        }
        let mut command = sealake(["ingest", "--until-caught-up", "-c"]);
        command.arg(dir.join("sealake.toml"));
        let done = run(command).code(1).says(says);
        assert_eq!(done.stderr.matches(says).count(), 1, "{done:?}");
        let mut verify = sealake(["verify", "-c"]);
        verify.arg(dir.join("sealake.toml"));
        let done = run(verify).code(2);
        assert!(done.stderr.matches("refused").count() <= 1, "{done:?}");
    }
    std::fs::remove_file(dir.join("keys/writer.key")).unwrap();
    let mut command = sealake(["ingest", "-c"]);
    command.arg(dir.join("sealake.toml"));
    let done = run(command).code(1);
    assert_eq!(done.stderr.matches("No such file").count(), 1, "{done:?}");
}

#[test]
fn a_bucket_or_credentials_that_are_not_there_are_said_with_what_to_do() {
    let (Some(endpoint), Some(bucket)) = (need("SEALAKE_TEST_S3_ENDPOINT"), need("SEALAKE_TEST_S3_BUCKET"))
    else {
        return;
    };
    let verify = |bucket: &str, (variable, value): (&str, &str)| {
        let mut command = sealake(["verify", &format!("s3://{bucket}/none"), "--s3-endpoint", &endpoint]);
        command.env(variable, value);
        let done = run(command).code(2).says("nothing was checked");
        assert!(!done.stderr.contains("try again later"), "{}", done.stderr);
        done
    };
    verify("no-such-bucket-of-sealake", ("AWS_REGION", "us-east-1"))
        .says("there is no such bucket; create it");
    let check = "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    verify(&bucket, ("AWS_ACCESS_KEY_ID", "nobody")).says(check);
    verify(&bucket, ("AWS_SECRET_ACCESS_KEY", "wrong-secret-key")).says(check);
}
