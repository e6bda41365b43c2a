//! Policies as they are used: checked, tested, explained, compared, hashed, tried on traffic, changed under `ingest`.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use crate::bad_days::{Service, publish, publish_events};
use crate::util::{Dir, Done, LakeDir, need, run, run_with, sealake, topic, wait_for};

const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n";

const WARD: &str = r#"name = "ward"
version = "1"
[actions]
default = "label"
SECRET = "remove"

[[patterns]]
name = "badge"
category = "UNIQUE_ID"
regex = 'BDG-[0-9]{4,8}'

[[allow]]
name = "house"
values = ["70440000"]
owner = "privacy office"
reason = "the test patient"
expires = 2026-01-31

[[tests]]
name = "badges-go"
text = "seen with BDG-1234"
expect = "seen with [UNIQUE_ID]"
finds = [{ category = "UNIQUE_ID", text = "BDG-1234", rule = "pattern.badge" }]
"#;

/// `sealake policy` with these arguments and this input.
#[track_caller]
fn policy(arguments: &[&str], input: &str) -> Done {
    let mut all = vec!["policy"];
    all.extend(arguments);
    run_with(sealake(all), input.as_bytes())
}

fn written(dir: &Dir, name: &str, text: &str) -> String {
    dir.write(name, text).display().to_string()
}

#[test]
fn the_policy_that_the_documentation_shows_is_one() {
    let page = include_str!("../docs/redaction-policy.md");
    let blocks = page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let dir = Dir::new();
    let file = written(&dir, "ward.toml", &blocks.collect::<Vec<_>>().join("\n"));
    let done = policy(&["check", &file], "").code(0);
    assert!(done.stdout.contains("1 patterns") && done.stdout.contains("1 tests"), "{}", done.stdout);
    policy(&["test", &file], "").code(0);
}

#[test]
fn check_says_what_is_wrong_where_and_what_has_expired() {
    let dir = Dir::new();
    let file = written(&dir, "ward.toml", WARD);
    let done = policy(&["check", &file], "").code(0);
    assert!(done.stdout.starts_with("ward version 1, sha256 "), "{}", done.stdout);
    assert!(
        done.stdout.contains("1 patterns; 1 deny lists, allow lists and exceptions; 1 tests"),
        "{}",
        done.stdout
    );
    let expired = "line 13: allow \"house\" of privacy office expired with 2026-01-31";
    assert!(!done.stdout.contains("expired"), "{}", done.stdout);
    done.says(&format!("sealake: warning: {file}: {expired}"));
    let json = policy(&["check", &file, "--json"], "").code(0).says(expired).json();
    assert_eq!((&json["patterns"], &json["entries"][0]["state"]), (&1.into(), &"expired".into()));
    for (from, to, says) in [
        ("BDG-[0-9]{4,8}", ".*", "line 10, column 9: the regex can match nothing"),
        ("BDG-[0-9]{4,8}", "BDG-[0-9]+", "line 10, column 9: the regex has no longest match"),
        ("BDG-[0-9]{4,8}", ".{2}BDG", "line 10, column 9: the regex has no gate"),
        ("\"UNIQUE_ID\"\nregex", "\"BADGE\"\nregex", "line 9, column 12: unknown category"),
        ("expires = 2026-01-31", "", "missing field `expires`"),
    ] {
        let bad = written(&dir, "bad.toml", &WARD.replace(from, to));
        policy(&["check", &bad], "").code(1).says(says).says("bad.toml");
    }
    policy(&["check", "observe"], "").code(1).says("only observes");
    for name in ["coded", "safe_harbor", "strict", "gdpr", "limited_data_set"] {
        policy(&["check", name], "").code(0);
    }
}

#[test]
fn test_runs_the_examples_and_fails_where_one_does() {
    let dir = Dir::new();
    let file = written(&dir, "ward.toml", WARD);
    let done = policy(&["test", &file], "").code(0);
    assert!(done.stdout.starts_with("1 of 1 tests of the policy passed, "), "{}", done.stdout);
    let bad = written(&dir, "bad.toml", &WARD.replace("seen with [UNIQUE_ID]", "seen with BDG-1234"));
    let done = policy(&["test", &bad], "").code(1);
    assert!(
        done.stdout.contains("FAILED: line 20, test \"badges-go\": the output is not"),
        "{}",
        done.stdout
    );
    assert!(!done.stdout.contains("seen"), "{}", done.stdout);
    assert!(policy(&["test", &bad, "--show"], "").stdout.contains("came out: seen with [UNIQUE_ID]"));
    let json = policy(&["test", &bad, "--json"], "").code(1).json();
    assert_eq!((&json["failed"], &json["tests"][0]["line"]), (&1.into(), &20.into()));
    for name in ["coded", "safe_harbor", "strict", "gdpr", "limited_data_set", "secrets_only", "observe"] {
        policy(&["test", name], "").code(0);
    }
}

#[test]
fn explain_says_which_rule_fired_where_and_why_and_no_value_unless_asked() {
    let dir = Dir::new();
    let file = written(&dir, "ward.toml", WARD);
    let text = "nothing here\nMRN 70440001 with BDG-1234\n";
    let done = policy(&["explain", &file], text).code(0);
    for line in [
        "line 2, bytes 4 to 12: MRN (H), rules mrn.keyword, score 0.9",
        "action label by line 4 of the policy",
        "line 2, bytes 18 to 26: UNIQUE_ID (R), rules pattern.badge, score 0.80",
        "rule pattern.badge: pattern in line 8 of the policy",
        "rule mrn.keyword: built-in detector mrn, which fires on",
    ] {
        assert!(done.stdout.contains(line), "{line:?} is not in\n{}", done.stdout);
    }
    assert!(!done.stdout.contains("70440001") && !done.stdout.contains("BDG-1234"), "{}", done.stdout);
    let shown = policy(&["explain", &file, "--show"], text).code(0).stdout;
    assert!(shown.contains(": \"70440001\"") && shown.contains("MRN [MRN] with [UNIQUE_ID]"), "{shown}");
    // On the last day of the allow list, the number stays.
    let allowed =
        policy(&["explain", &file, "--as-of", "2026-01-31", "--json"], "MRN 70440000").code(0).json();
    assert_eq!((&allowed["action"], &allowed["rules"][0]["rule"]), (&"keep".into(), &"allow.house".into()));
    assert_eq!(allowed["rules"][0]["policy_line"], 13);
    let json = policy(&["explain", &file, "--json"], "\n{\"a\":[\"x BDG-1234\"]}\n").code(0).json();
    assert_eq!((&json["line"], &json["pointer"], &json["start"]), (&2.into(), &"/a/0".into(), &2.into()));
    assert!(policy(&["explain", &file], "nothing").code(0).stdout.contains("nothing found"));
}

#[test]
fn diff_shows_what_a_new_policy_would_change() {
    let dir = Dir::new();
    let old = written(&dir, "old.toml", &WARD.replace("BDG-[0-9]", "NONE-[0-9]"));
    let new = written(&dir, "new.toml", &WARD.replace("SECRET =", "MRN = \"token\"\nSECRET ="));
    let sample = written(
        &dir,
        "sample.ndjson",
        "{\"a\":\"MRN 70440001\"}\n{\"b\":[\"BDG-1234 and anna@example.org\"]}\n{}\n",
    );
    let done = policy(&["diff", &old, &new, &sample], "").code(0);
    for line in [
        "setting MRN: label -> token",
        "1  MRN: label -> token",
        "1  UNIQUE_ID: not found -> label",
        "line 1, /a, bytes 4 to 12: MRN: label -> token, rules mrn.keyword",
        "line 2, /b/0, bytes 0 to 8: UNIQUE_ID: not found -> label, rules pattern.badge",
        "2 of 3 documents come out different, 0 could not be redacted; 2 findings change, 1 stay",
    ] {
        assert!(done.stdout.contains(line), "{line:?} is not in\n{}", done.stdout);
    }
    assert!(!done.stdout.contains("70440001") && !done.stdout.contains("BDG"), "{}", done.stdout);
    assert!(policy(&["diff", &old, &new, &sample, "--show"], "").stdout.contains("\"BDG-1234\""));
    assert!(policy(&["diff", &old, &new, &sample, "--list", "1"], "").stdout.contains("and 1 places more"));
    let json = policy(&["diff", &old, &new, &sample, "--json"], "").code(0).json();
    assert_eq!((&json["documents_changed"], &json["findings_changed"]), (&2.into(), &2.into()));
    let same = policy(&["diff", "coded", "coded"], "MRN 70440001").code(0).stdout;
    assert!(same.contains("0 findings change, 1 stay"), "{same}");
}

#[test]
fn hash_makes_a_list_that_finds_the_values_and_holds_none() {
    let dir = Dir::new();
    let key = dir.write("token.key", KEY);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let key = key.display().to_string();
    let about = [
        "--name",
        "patients",
        "--owner",
        "privacy office",
        "--reason",
        "they \"asked\"",
        "--expires",
        "2099-12-31",
    ];
    let hash = |more: &[&str], input: &str| {
        let mut arguments = vec!["hash", "NAME"];
        arguments.extend(about);
        arguments.extend(more);
        policy(&arguments, input)
    };
    let list = hash(&["--token-key", &key], "Zed Quorl\n\nIna Oderbruch-Vey\n").code(0).stdout;
    assert!(!list.to_lowercase().contains("quorl") && list.contains("words_max = 3"), "{list}");
    let file = written(&dir, "ward.toml", &format!("{WARD}\n{list}"));
    let found =
        policy(&["explain", &file, "--token-key", &key, "--json"], "told quorl, zed about it").code(0).json();
    assert_eq!(
        (&found["rules"][0]["rule"], &found["start"], &found["end"]),
        (&"deny.patients".into(), &5.into(), &15.into())
    );
    policy(&["explain", &file], "x").code(1).says("was hashed with the token key");
    hash(&[], "x").code(2);
    hash(&["--plain"], "ab\n").code(1).says("line 1 of standard input: it has 2 letters and digits");
    hash(&["--plain"], "\n").code(1).says("no values");
    assert!(hash(&["--plain"], "Zed Quorl\n").code(0).stdout.contains("hash = \"sha256\""));
}

#[test]
fn show_prints_the_table_of_profiles() {
    let done = policy(&["show"], "").code(0);
    let row = |name: &str| {
        let line = done
            .stdout
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap_or_else(|| panic!("{}", done.stdout));
        line.split_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(row("DATE"), ["label", "generalise", "generalise", "keep", "generalise", "keep", "keep"]);
    assert_eq!(row("columns.workforce"), ["token", "remove", "topic", "topic", "token", "keep", "keep"]);
    assert_eq!(policy(&["show", "--json"], "").code(0).json()["coded"]["SECRET"], "remove");
}

/// The events of the lake: number and policy.
fn events_of(lake: &LakeDir) -> Vec<(i64, String)> {
    let rows = lake.sql("SELECT input_tokens, redaction_policy FROM events ORDER BY input_tokens");
    rows.iter()
        .map(|row| {
            (row["input_tokens"].as_i64().unwrap(), row["redaction_policy"].as_str().unwrap().to_owned())
        })
        .collect()
}

#[test]
fn a_dry_run_counts_real_traffic_and_leaves_no_trace() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(_) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("dry");
    publish_events(&brokers, &name, 0..20);
    let mut odd = crate::bad_days::event(20);
    odd["output_messages"] = "MRN 70440001 with BDG-1234".into();
    publish(&brokers, &name, &[Some(odd.to_string().into_bytes()), Some(b"{\"a\":1}".to_vec()), None]);
    let lake = LakeDir::init(&brokers, &[&name, &topic("nowhere")]);
    let ward = lake.dir.write("ward.toml", WARD).display().to_string();
    let files = || {
        let mut found: Vec<_> = std::fs::read_dir(lake.lake().join("log/0001"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        found.sort();
        found
    };
    let before = files();
    let dry = |more: &[&str]| {
        let mut command = lake.ingest_command();
        command.arg("--dry-run").args(more);
        run(command).code(0)
    };
    let done = dry(&["--policy", &ward]);
    for line in [
        "dry run, nothing was stored: policy ward/1 sha256:",
        "= decoded 21 + quarantined 1 (unknown_format 1) + skipped 1 (tombstone 1)",
        "to be stored 21 + quarantined 0 + skipped 0",
    ] {
        assert!(done.stdout.contains(line), "{line:?} is not in\n{}", done.stdout);
    }
    let json = dry(&["--json"]).json();
    let counted = &json["topics"][&name];
    assert_eq!((&counted["messages"], &counted["stored"]), (&23.into(), &21.into()));
    assert_eq!(
        (&counted["findings"]["MRN"], &json["caught_up"]),
        (&serde_json::json!({"token": 1}), &true.into())
    );
    assert_eq!(dry(&["--json", "--last", "2"]).json()["topics"][&name]["messages"], 2);
    assert_eq!(files(), before, "the lake is as it was");
    // What observes is refused here as everywhere in ingest.
    let mut observe = lake.ingest_command();
    observe.args(["--dry-run", "--policy", "observe"]);
    run(observe).code(1).says("only observes");
    lake.edit(&lake_topics(&lake), "");
    lake.ingest();
    assert_eq!(events_of(&lake).len(), 21, "no offset was taken");
    lake.verify();
}

/// The configuration's entry of the topic that does not exist.
fn lake_topics(lake: &LakeDir) -> String {
    let text = std::fs::read_to_string(lake.config()).unwrap();
    let last = text.rfind("[[topics]]").unwrap();
    let end = text[last..].find("\n[").map_or(text.len(), |at| last + at);
    text[last..end].to_owned()
}

#[test]
fn a_changed_policy_is_taken_and_a_bad_one_is_not() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let Some(_) = need("SEALAKE_TEST_PYTHON") else { return };
    let name = topic("reload");
    publish_events(&brokers, &name, 0..3);
    let lake = LakeDir::init(&brokers, &[&name]);
    lake.dir.write("ward.toml", WARD);
    lake.edit("policy = \"coded\"", "policy = \"ward.toml\"");
    let mut service = Service::start(&lake);
    service.stores(&lake, &[0, 1, 2]);

    lake.dir.write("ward.toml", WARD.replace("default = \"label\"", "default = \"lable\""));
    service.says("line 4, column 11: unknown action", 0);
    assert!(service.log().contains("the policy in use stays"), "{}", service.log());
    let before = service.log().len();
    publish_events(&brokers, &name, 3..5);
    service.says("committed", before);
    // The commands that read the configuration refuse the file, too.
    lake.dir.write("ward.toml", WARD);
    service.stores(&lake, &[0, 1, 2, 3, 4]);

    // Without a signal after some seconds, and with one at once.
    lake.dir.write("ward.toml", WARD.replace("version = \"1\"", "version = \"2\""));
    service.says("ward/2 sha256:", 0);
    publish_events(&brokers, &name, 5..7);
    service.stores(&lake, &[0, 1, 2, 3, 4, 5, 6]);
    lake.dir.write("ward.toml", WARD.replace("version = \"1\"", "version = \"3\""));
    service.hang_up();
    service.says("ward/3 sha256:", 0);
    publish_events(&brokers, &name, 7..8);
    service.stores(&lake, &[0, 1, 2, 3, 4, 5, 6, 7]);
    service.stop();

    let versions: Vec<String> =
        events_of(&lake).into_iter().map(|(_, policy)| policy[..6].to_owned()).collect();
    assert_eq!(versions, ["ward/1", "ward/1", "ward/1", "ward/1", "ward/1", "ward/2", "ward/2", "ward/3"]);
    let policies = || std::fs::read_dir(lake.lake().join("policy")).unwrap().count();
    wait_for("three policies in the lake", Duration::from_secs(5), || (policies() >= 3).then_some(()));
    lake.verify();

    // What only observes is refused, at the start as on a change.
    lake.edit("policy = \"ward.toml\"", "policy = \"observe\"");
    run(lake.ingest_command()).code(1).says("only observes");
}
