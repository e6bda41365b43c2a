//! Keys and what the writers have seen, through the program: `keys list`, `keys generate`, `verify -c`, and objects
//! that no entry names.

use std::fs::File;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::util::{Dir, Done, LakeDir, run, sealake};

/// A lake that no broker ever wrote to.
fn lake() -> LakeDir {
    LakeDir::init("127.0.0.1:1", &["llm.gateway"])
}

fn keys_list(lake: &LakeDir) -> (Option<i32>, Vec<Value>) {
    let mut command = sealake(["keys", "list", "--json", "-c"]);
    command.arg(lake.config());
    let done = run(command);
    (done.code, done.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn verify(lake: &LakeDir, arguments: &[&str]) -> Done {
    let mut command = sealake(["verify"]);
    command.args(arguments);
    if arguments.is_empty() {
        command.arg("-c").arg(lake.config());
    }
    run(command)
}

#[test]
fn keys_list_says_which_keys_there_are_and_what_is_wrong_with_them() {
    let lake = lake();
    let (code, rows) = keys_list(&lake);
    assert_eq!(code, Some(0), "{rows:?}");
    let roles: Vec<&str> = rows.iter().map(|row| row["role"].as_str().unwrap()).collect();
    let files = ["signs the event log", "signs the access log", "makes tokens", "reads the quarantine"];
    assert_eq!(roles[..4], files, "{rows:?}");
    for row in &rows[..2] {
        assert_eq!((&row["since"], &row["mode"]), (&Value::from(0), &Value::from("0600")));
    }
    let fingerprint = rows[0]["fingerprint"].as_str().unwrap();
    verify(&lake, &[]).code(0).json_fingerprint(fingerprint);
    let secret = std::fs::read_to_string(lake.dir.join("keys/writer.key")).unwrap();
    // PRIVATE+KEY+name+id+base64, and base64 may hold a `+` of its own.
    let secret = secret.trim_end().splitn(5, '+').nth(4).unwrap();
    assert!(secret.len() >= 40, "the key file has another form");
    assert!(!format!("{rows:?}").contains(secret), "a key is never printed");

    // A file that others can read, a missing one, and another lake's.
    let problem = |role: &str| {
        let (code, rows) = keys_list(&lake);
        let row = rows.into_iter().find(|row| row["role"] == role).unwrap();
        assert_eq!(code, Some(1), "{row}");
        row["problem"].as_str().unwrap().to_owned()
    };
    let token = lake.dir.join("keys/token.key");
    let mode = |mode| std::fs::set_permissions(&token, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o640);
    assert!(problem("makes tokens").contains("chmod 600"));
    mode(0o600);
    let (writer, away) = (lake.dir.join("keys/writer.key"), lake.dir.join("keys/away"));
    std::fs::rename(&writer, &away).unwrap();
    assert!(problem("signs the event log").contains("No such file"));
    run(generate("signing", &writer, &["--name", "another.example.org/lake"])).code(0);
    assert!(problem("signs the event log").contains("another lake"));
    std::fs::rename(&away, &writer).unwrap();
    assert_eq!(keys_list(&lake).0, Some(0));
}

impl Done {
    /// The verdict names the key.
    #[track_caller]
    fn json_fingerprint(self, fingerprint: &str) {
        assert!(self.stdout.contains(&fingerprint[..16]), "{}", self.stdout);
    }
}

#[test]
fn keys_list_warns_of_the_quarantines_private_key_until_it_is_moved_away() {
    let lake = lake();
    let (code, rows) = keys_list(&lake);
    let quarantine = rows.iter().find(|row| row["role"] == "reads the quarantine").unwrap();
    assert_eq!((code, &quarantine["mode"]), (Some(0), &Value::from("0600")), "{quarantine}");
    assert!(quarantine["file"].as_str().unwrap().ends_with("keys/quarantine.key"), "{quarantine}");
    assert!(quarantine["warning"].as_str().unwrap().contains("move it away"), "{quarantine}");
    std::fs::rename(lake.dir.join("keys/quarantine.key"), lake.lake().join("quarantine.key")).unwrap();
    assert!(keys_list(&lake).1[3]["warning"].is_string());
    let elsewhere = Dir::new();
    std::fs::rename(lake.lake().join("quarantine.key"), elsewhere.join("quarantine.key")).unwrap();
    let (_, rows) = keys_list(&lake);
    assert!(rows[3]["warning"].is_null() && rows[3]["file"].is_null(), "{}", rows[3]);
}

fn generate(kind: &str, file: &Path, more: &[&str]) -> std::process::Command {
    let mut command = sealake(["keys", "generate", kind]);
    command.arg(file).args(more);
    command
}

#[test]
fn keys_generate_makes_each_kind_and_overwrites_none() {
    let dir = Dir::new();
    let kinds: [(&str, &[&str], &str); 3] = [
        ("signing", &["--name", "audit.example.org/site-a"], "verification key  audit.example.org/site-a+"),
        ("token", &[], "token_key_id = \""),
        ("quarantine", &[], "recipient = \"age1"),
    ];
    for (kind, more, says) in kinds {
        let file = dir.join(kind);
        let done = run(generate(kind, &file, more)).code(0);
        assert!(done.stdout.starts_with(says), "{kind}: {}", done.stdout);
        let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{kind}");
        let before = std::fs::read(&file).unwrap();
        run(generate(kind, &file, more)).code(1).says("never overwritten");
        assert_eq!(std::fs::read(&file).unwrap(), before, "{kind}");
    }
    run(generate("signing", &dir.join("unnamed"), &[])).code(2).says("--name");
}

#[test]
fn verify_with_the_configuration_sees_that_the_newest_looks_were_deleted() {
    let lake = lake();
    for _ in 0..2 {
        lake.sql("SELECT 1 AS one");
    }
    verify(&lake, &[]).code(0);
    // Without the file there is nothing to compare, which is no pass.
    std::fs::rename(lake.dir.join("state/access.json"), lake.dir.join("kept.json")).unwrap();
    let done = verify(&lake, &[]).code(2);
    assert!(
        done.stdout.contains("state/access.json: this writer's state file is not there"),
        "{}",
        done.stdout
    );
    std::fs::rename(lake.dir.join("kept.json"), lake.dir.join("state/access.json")).unwrap();
    let log = lake.lake().join("access/log");
    let entries = std::fs::read_dir(log.join("0001")).unwrap().count();
    assert!(entries > 3, "{entries} access entries");
    std::fs::remove_file(log.join(format!("0001/{:016}.entry", entries - 1))).unwrap();
    std::fs::remove_file(log.join("checkpoint")).unwrap();
    // The lake by itself knows only that its checkpoint was deleted; what `sql` and `serve` have seen knows the rest.
    let done = verify(&lake, &[lake.lake().to_str().unwrap()]).code(1);
    assert!(done.stdout.starts_with("MISSING            access/log/checkpoint: "), "{}", done.stdout);
    let done = verify(&lake, &[]).code(1);
    assert!(done.stdout.contains("\nROLLBACK           access/log/: "), "{}", done.stdout);
    assert!(done.stdout.contains("state/access.json has seen"), "{}", done.stdout);
    // Nor are its keys listed as if it were whole.
    let mut list = sealake(["keys", "list", "-c"]);
    list.arg(lake.config());
    let done = run(list).code(1).says("state/access.json says that the log of");
    assert!(!done.stdout.contains("since entry"), "{}", done.stdout);
}

#[test]
fn objects_that_no_entry_names_are_a_running_writers_until_they_are_old() {
    let lake = lake();
    let folder = lake.lake().join("data/dt=2026-11-21");
    std::fs::create_dir_all(&folder).unwrap();
    let segment = folder.join("x.parquet");
    std::fs::write(&segment, vec![7; 3 << 20]).unwrap();
    let orphans = || {
        let mut command = sealake(["files", "--orphans", "-c"]);
        command.arg(lake.config());
        run(command).code(0)
    };
    let done = verify(&lake, &[]).code(0);
    assert!(done.stdout.contains("3145728 bytes") && !done.stdout.contains("crashed"), "{}", done.stdout);
    assert!(done.stdout.contains("a running writer may yet commit"), "{}", done.stdout);
    assert_eq!(orphans().says("1 more that no entry names").stdout, "");

    File::options()
        .write(true)
        .open(&segment)
        .unwrap()
        .set_modified(SystemTime::now() - Duration::from_secs(7200))
        .unwrap();
    let done = verify(&lake, &[]).code(0);
    assert!(done.stdout.contains("left by a writer that crashed"), "{}", done.stdout);
    assert_eq!(orphans().stdout, "data/dt=2026-11-21/x.parquet\n");
    std::fs::remove_file(&segment).unwrap();
    assert!(!verify(&lake, &[]).code(0).stdout.contains("no entry names"));
}
