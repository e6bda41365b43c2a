//! What the benchmarks need: distinct gateway events from a seed, and a file of results.
//!
//! The events have the shape of LiteLLM's payload, about 4 KB each, at a stated density: `dense` has about four
//! identifiers and sixteen capitalised words per KB, as clinical prompts have; `typical` about half an identifier.

#![allow(dead_code, reason = "each benchmark uses its part")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// A small generator of pseudo-random numbers (SplitMix64, Steele, Lea and Flood 2014), so that a seed gives the
/// same events everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }
}

/// How many identifiers the text has.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Density {
    Dense,
    Typical,
}

const FIRST: &[&str] = &[
    "Margaret",
    "Howard",
    "Lucille",
    "Terrence",
    "Beatrice",
    "Desmond",
    "Ingrid",
    "Rafael",
    "Priscilla",
    "Malcolm",
    "Yolanda",
    "Emmett",
    "Constance",
    "Nigel",
    "Rosalind",
    "Clifford",
    "Henrietta",
    "Sylvester",
    "Imogen",
    "Barnaby",
];
const LAST: &[&str] = &[
    "Holloway",
    "Pemberton",
    "Okafor",
    "Lindqvist",
    "Castellanos",
    "Whitfield",
    "Drummond",
    "Espinoza",
    "Novak",
    "Abernathy",
    "Thornton",
    "Kowalczyk",
    "Fairchild",
    "Delacroix",
    "Ramaswamy",
    "Vandermeer",
    "Hathaway",
    "Quigley",
];
const CLINICAL: &[&str] = &[
    "The cardiac examination was unremarkable and lungs were clear to auscultation on both sides",
    "Continue metoprolol 25 mg twice daily and recheck the basic metabolic panel within two weeks",
    "Assessment: congestive heart failure with preserved ejection fraction, stable on current therapy",
    "There is no evidence of acute infarction, haemorrhage or mass effect on the computed tomography",
    "Hemoglobin A1c was 7.2 percent and creatinine 1.1 mg/dL, both improved since the last visit",
    "Please summarise the plan in plain language that a family member without training can follow",
    "Discussed risks and benefits of anticoagulation, and the patient prefers to continue apixaban",
    "Physical therapy recommends a walker and home exercises three times a week for balance",
];

fn identifier(random: &mut Random) -> String {
    let (first, last) = (random.pick(FIRST), random.pick(LAST));
    match random.below(8) {
        0 => format!("Patient {first} {last} was seen"),
        1 => format!("Dr. {last} reviewed the chart"),
        2 => format!("MRN {:08} was opened", random.below(100_000_000)),
        3 => format!("call ({:03}) 555-{:04}", 201 + random.below(700), random.below(10_000)),
        4 => format!(
            "admitted on {:02}/{:02}/20{:02}",
            1 + random.below(12),
            1 + random.below(28),
            10 + random.below(15)
        ),
        5 => format!(
            "{}.{}{}@example.org wrote",
            first.to_lowercase(),
            last.to_lowercase(),
            random.below(1000)
        ),
        6 => format!(
            "SSN {:03}-{:02}-{:04} on file",
            100 + random.below(560),
            10 + random.below(89),
            1000 + random.below(9000)
        ),
        _ => format!("lives at {} {} Street", 10 + random.below(9000), random.pick(LAST)),
    }
}

fn text(random: &mut Random, bytes: usize, density: Density) -> String {
    let per_kilobyte = if density == Density::Dense { 4 } else { 1 };
    let mut text = String::with_capacity(bytes + 200);
    let mut identifiers = 0;
    while text.len() < bytes {
        let due = text.len() * per_kilobyte / if density == Density::Dense { 1024 } else { 2048 };
        if identifiers <= due {
            text.push_str(&identifier(random));
            identifiers += 1;
        } else {
            text.push_str(random.pick(CLINICAL));
            // Makes it another sentence. A measure: digits alone might be a number of the patient's.
            text.push_str(&format!(" ({} ng/mL)", random.below(100_000)));
        }
        text.push_str(". ");
    }
    text
}

/// One event as JSON text, about 4 KB, different from every other one of the seed.
pub(crate) fn event(random: &mut Random, density: Density) -> String {
    let id = format!("{:016x}{:016x}", random.next(), random.next());
    let input_tokens = 500 + random.below(500);
    let record: Value = json!({
        "id": format!("chatcmpl-{id}"), "trace_id": id, "litellm_call_id": id, "call_type": "acompletion",
        "stream": false, "response_cost": 0.00125, "status": "success", "custom_llm_provider": "openai",
        "total_tokens": input_tokens + 120, "prompt_tokens": input_tokens, "completion_tokens": 120,
        "startTime": 1_795_000_000.5 + random.below(86_400) as f64, "endTime": 1_795_000_002.25 + 86_400.0,
        "model": "gpt-4o", "model_group": "gpt-4o", "api_base": "https://api.openai.com/v1",
        "end_user": format!("user-{}", random.below(100_000)), "requester_ip_address": "10.20.30.40",
        "messages": [
            {"role": "system", "content": "You are an assistant of the discharge planning team."},
            {"role": "user", "content": text(random, 2200, density)},
        ],
        "response": {"id": format!("chatcmpl-{id}"), "model": "gpt-4o-2024-08-06", "object": "chat.completion",
            "choices": [{"index": 0, "finish_reason": "stop",
                "message": {"role": "assistant", "content": text(random, 900, density)}}],
            "usage": {"prompt_tokens": input_tokens, "completion_tokens": 120, "total_tokens": input_tokens + 120}},
        "metadata": {"user_api_key_hash": format!("{:064x}", random.next()), "user_api_key_team_id": "discharge",
            "user_api_key_user_id": "svc-discharge"},
        "model_parameters": {"temperature": 0.2, "max_tokens": 512}, "request_tags": ["discharge"],
        "hidden_params": {"model_id": "m-1"},
    });
    record.to_string()
}

/// User and system time of a process or thread set, in seconds.
pub(crate) fn cpu_seconds(usage: &libc::rusage) -> f64 {
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// Resources used so far, by this process (`RUSAGE_SELF`) or by its ended children (`RUSAGE_CHILDREN`).
pub(crate) fn usage(who: libc::c_int) -> libc::rusage {
    // SAFETY: rusage is plain integers, for which zero is a value; getrusage fills it.
    unsafe {
        let mut usage = std::mem::zeroed();
        libc::getrusage(who, &mut usage);
        usage
    }
}

/// Writes a benchmark's results beside those of the others, with the commit, the processor and the command.
pub(crate) fn write_results(name: &str, command: &str, mut results: Value) -> std::io::Result<PathBuf> {
    // The crate that is measured may lie deeper than the results.
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let root = above.into_iter().find(|folder| folder.join("benches/results").is_dir());
    let root = root.ok_or_else(|| std::io::Error::other("no folder benches/results above the crate"))?;
    let git = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).current_dir(root).output();
    let commit = git.map(|git| String::from_utf8_lossy(&git.stdout).trim().to_owned()).unwrap_or_default();
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    results["command"] = json!(command);
    results["commit"] = json!(commit);
    results["cpu"] = json!(format!("{}, {cores} cores", model.trim_start_matches([' ', '\t', ':'])));
    let path = root.join(format!("benches/results/{name}.json"));
    std::fs::write(&path, format!("{results:#}\n"))?;
    Ok(path)
}
