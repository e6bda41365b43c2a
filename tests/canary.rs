//! No identifier leaks: canaries go in at every place where a producer can put one, and every byte that the run has
//! written is searched for them, decoded. The same search over a lake whose policy keeps everything must find
//! each of them, or it could not have looked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::util::{Dir, LakeDir, need, root, run, sealake, topic};

/// One identifier for each place, so that a leak says where it came through.
const PLACES: &[(&str, &str)] = &[
    ("prompt", "Wilhelmina Quackenbush"),
    ("prompt_ssn", "531-72-9044"),
    ("prompt_mrn", "MRN 77120934"),
    ("answer", "Bartholomew Fitzgibbon"),
    ("answer_phone", "(617) 555-0143"),
    ("tool_argument", "Persephone Abernathy"),
    ("tool_argument_email", "p.abernathy.canary@riverbend-clinic.org"),
    ("tool_result", "4417 Thistledown Terrace"),
    ("error", "Cornelius Vanterpool"),
    ("error_card", "4539 1488 0343 6467"),
    ("unmapped", "Evangeline Thistlewood"),
    ("end_user", "patient.octavia.pemberton"),
    ("header", "Ignatius Featherstone"),
    ("header_email", "i.featherstone.canary@riverbend-clinic.org"),
    ("key", "thaddeus.winterbourne@riverbend-clinic.org"),
    ("nested_json", "Clementine Ashworth-Hale"),
    ("non_ascii", "Jürgen Österreicher"),
    ("system", "Araminta Goldsborough"),
];

fn place(name: &str) -> &'static str {
    PLACES.iter().find(|(place, _)| *place == name).unwrap().1
}

/// A LiteLLM record with the canaries in it. Names stand where names stand in such records.
fn litellm() -> Value {
    let arguments = json!({
        "patient": format!("patient {}", place("tool_argument")),
        "email": place("tool_argument_email"),
        "inner": json!({"patient_name": place("nested_json")}).to_string(),
    });
    json!({
        "id": "chatcmpl-canary-1", "call_type": "acompletion", "status": "failure", "custom_llm_provider": "openai",
        "startTime": 1795000000.5, "endTime": 1795000002.25, "model": "gpt-4o", "end_user": place("end_user"),
        "prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "response_cost": 0.0001, "stream": false,
        "messages": [
            {"role": "system", "content": format!("You assist Dr. {}.", place("system"))},
            {"role": "user", "content": format!(
                "Patient: {}, SSN {}, {}. Also for Mr. {}.",
                place("prompt"), place("prompt_ssn"), place("prompt_mrn"), place("non_ascii")
            )},
            {"role": "tool", "tool_call_id": "call_1", "content": format!("lives at {}", place("tool_result"))},
        ],
        "response": {"id": "chatcmpl-canary-1", "model": "gpt-4o-2024-08-06", "choices": [{
            "finish_reason": "tool_calls", "index": 0,
            "message": {
                "role": "assistant",
                "content": format!("Please call patient {} at {}.", place("answer"), place("answer_phone")),
                "tool_calls": [{"id": "call_1", "type": "function", "function": {
                    "name": "lookup", "arguments": arguments.to_string()
                }}],
            },
        }]},
        "error_str": format!(
            "BadRequestError: prompt for patient {} with card {} was refused",
            place("error"), place("error_card")
        ),
        "error_information": {"error_class": "BadRequestError", "error_code": "400"},
        "metadata": {"user_api_key_user_id": "svc-intake", "requester_metadata": {
            "note": format!("Patient name: {}", place("unmapped"))
        }},
        "hidden_params": {}, "model_parameters": {"temperature": 0.1}, "request_tags": [],
    })
}

/// Publishes the record with a key and headers that hold canaries, and one that goes to quarantine.
fn publish_canaries(brokers: &str, topic: &str) {
    let kcat = need("SEALAKE_TEST_KCAT").unwrap();
    let dir = Dir::new();
    let record = dir.write("record", litellm().to_string());
    let broken = dir.write("broken", litellm().to_string().split_at(300).0);
    for file in [record, broken] {
        let mut command = Command::new(&kcat);
        command.args(["-P", "-b", brokers, "-t", topic, "-k", place("key")]);
        command.args(["-H", &format!("x-patient=Patient: {}", place("header"))]);
        command.args(["-H", &format!("x-contact={}", place("header_email"))]).arg(file);
        run(command).code(0);
    }
}

/// Runs everything that reads the lake, with all logs on, and keeps what was printed.
fn use_lake(lake: &LakeDir, output: &Path) {
    let keep = |name: &str, mut command: Command, code: i32| {
        command.env("SEALAKE_LOG", "trace").env("RUST_BACKTRACE", "1");
        let done = run(command).code(code);
        std::fs::write(output.join(format!("{name}.out")), done.stdout).unwrap();
        std::fs::write(output.join(format!("{name}.err")), done.stderr).unwrap();
    };
    keep("ingest", lake.ingest_command(), 0);
    let config = lake.config();
    let verify = |json: &str| {
        let mut command = sealake(["verify", "--records", "-c"]);
        command.arg(&config).args(Some(json).filter(|json| !json.is_empty()));
        command
    };
    keep("verify", verify(""), 0);
    keep("verify-json", verify("--json"), 0);
    let statements = [
        "SELECT * FROM events",
        "SELECT * FROM findings",
        "SELECT * FROM log",
        "SELECT * FROM segments",
        "SELECT * FROM who_prompted_what",
        "SELECT * FROM errors",
        "SELECT * FROM access",
        // An error of the engine must not quote the cell that it stumbles over.
        "SELECT CAST(prompt_text AS INT) FROM events",
    ];
    for (number, statement) in statements.iter().enumerate() {
        for format in ["table", "json", "csv"] {
            let mut command = sealake(["sql", "--format", format, "-c"]);
            command.arg(&config).arg(statement);
            let fails = statement.contains("CAST");
            keep(&format!("sql-{number}-{format}"), command, i32::from(fails));
        }
    }
}

/// Where each canary is found, by place name.
fn scan(canaries: &[&str], roots: &[PathBuf]) -> BTreeMap<String, Vec<String>> {
    let dir = Dir::new();
    let list = dir.write("canaries.json", serde_json::to_vec(canaries).unwrap());
    let mut command = Command::new(need("SEALAKE_TEST_PYTHON").unwrap());
    command.arg(root().join("tests/leak_scan.py")).arg(list).args(roots);
    let report = run(command).code(0).json();
    assert!(report["files"].as_u64().unwrap() > 20, "the scan saw almost nothing: {report}");
    serde_json::from_value(report["found"].clone()).unwrap()
}

fn run_with_policy(brokers: &str, policy: Option<&str>) -> (LakeDir, BTreeMap<String, Vec<String>>) {
    let topic = topic("canary");
    publish_canaries(brokers, &topic);
    let lake = LakeDir::init(brokers, &[&format!("{topic}=litellm")]);
    if let Some(policy) = policy {
        lake.dir.write("keep.toml", policy);
        lake.edit("policy = \"coded\"", "policy = \"keep.toml\"");
    } else {
        lake.edit("actor = \"workforce\"", "actor = \"subject\"");
    }
    let output = lake.dir.join("output");
    std::fs::create_dir(&output).unwrap();
    use_lake(&lake, &output);
    // A statement that names a person: its text is redacted in the access log.
    let mut command = sealake(["sql", "-c"]);
    command.arg(lake.config());
    command
        .arg(format!("SELECT count(*) FROM events WHERE prompt_text LIKE '%patient {}%'", place("prompt")));
    run(command).code(0);
    let canaries: Vec<&str> = PLACES.iter().map(|(_, canary)| *canary).collect();
    let found = scan(&canaries, &[lake.lake(), output, lake.dir.join("state"), lake.config()]);
    (lake, found)
}

#[test]
fn no_canary_is_found_anywhere_and_the_search_finds_all_when_nothing_is_redacted() {
    let Some(brokers) = need("SEALAKE_TEST_KAFKA") else { return };
    let (Some(_), Some(_)) = (need("SEALAKE_TEST_KCAT"), need("SEALAKE_TEST_PYTHON")) else { return };

    let keep = "name = \"keep-all\"\nversion = \"1\"\nidentifiers_stored = \"acknowledged\"\n\n[actions]\n\
                default = \"keep\"\n\n[columns]\nworkforce = \"keep\"\nsubject = \"keep\"\nopaque = \"keep\"\n";
    let (lake, found) = run_with_policy(&brokers, Some(keep));
    assert_eq!(lake.number("SELECT count(*) FROM events"), 1);
    let unseen: Vec<_> = PLACES.iter().filter(|(_, canary)| found[*canary].is_empty()).collect();
    assert!(unseen.is_empty(), "the search is blind for {unseen:?}");

    let (lake, found) = run_with_policy(&brokers, None);
    assert_eq!(lake.number("SELECT count(*) FROM events"), 1);
    assert_eq!(lake.number("SELECT sum(\"count\") FROM ingest_health WHERE what = 'quarantined'"), 1);
    let leaked: Vec<_> = PLACES
        .iter()
        .filter(|(_, canary)| !found[*canary].is_empty())
        .map(|(place, canary)| (place, &found[*canary]))
        .collect();
    assert!(leaked.is_empty(), "leaked: {leaked:#?}");
}
