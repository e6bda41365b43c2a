//! Bytes a second of one core on distinct made-up events: `cargo run -p redactor --example speed [MEGABYTES]`.
//!
//! Two densities: `typical` (about 0.5 identifiers a KB) and `dense` (about 4 a KB, as in clinical prompts).
//! Nothing is cached between events. The lake's own measurement is `cargo bench`; this is for work on detectors.
#![allow(clippy::print_stdout)]

use redactor::{Actor, Policy, Redactor, TokenKey};
use schemas::{Record, Value, event};

const FIRST: &[&str] =
    &["Anna", "John", "Maria", "Wei", "Fatima", "Peter", "Olga", "Carlos", "Aisha", "Emma"];
const LAST: &[&str] =
    &["Sorel", "Whitfield", "Okafor", "Lindqvist", "Haddad", "Novak", "Castellano", "Byrne"];
const CLINICAL: &str = "presents with shortness of breath and a history of hypertension. Lisinopril 10 mg daily was \
    continued, creatinine 1.1 mg/dL, blood pressure 128/76, oxygen saturation 97 % on room air. ";
const PLAIN: &str = "The service returned a partial answer because the upstream model was overloaded; the client \
    retried with exponential backoff and the second attempt succeeded within the time limit. Explain what the \
    difference between a mutex and a semaphore is, and when to prefer one over the other in a web server. ";

fn main() {
    let megabytes: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(50);
    let redactor = Redactor::new(Policy::profile("coded").expect("a profile"), TokenKey::generate(), "speed");
    let redactor = redactor.expect("a redactor");
    for (name, dense) in [("typical", false), ("dense", true)] {
        let mut events = Vec::new();
        let mut bytes = 0;
        let mut seed = 1_u64;
        while bytes < megabytes << 20 {
            let event = made_up(&mut seed, dense);
            bytes += event.values().iter().filter_map(Value::as_text).map(str::len).sum::<usize>();
            events.push(event);
        }
        let count = events.len();
        let mut findings = 0;
        let start = cpu_seconds();
        for event in events {
            let redacted = redactor.redact_event(event, Actor::Workforce).expect("an event");
            findings += redacted.findings().map(|(_, count)| count).sum::<usize>();
        }
        let seconds = cpu_seconds() - start;
        let rate = bytes as f64 / 1e6 / seconds;
        println!(
            "{name}: {count} events of {} bytes, {findings} findings ({:.2}/KB), {rate:.0} MB/s, {:.1} CPU-s/GB",
            bytes / count,
            findings as f64 * 1e3 / bytes as f64,
            1e3 / rate
        );
    }
}

/// User and system time of this process: other programs on the machine do not count.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    // Fields 14 and 15 of proc(5), in ticks of a hundredth of a second.
    [11, 12].iter().map(|at| fields[*at].parse::<f64>().expect("a number") / 100.0).sum()
}

fn made_up(seed: &mut u64, dense: bool) -> Record {
    let mut next = |bound: usize| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) as usize % bound
    };
    let mut content = String::new();
    while content.len() < 3000 {
        if dense || next(6) == 0 {
            content.push_str(&format!(
                "Patient {} {}, MRN {:08}, seen on {:02}/{:02}/20{:02}, ",
                FIRST[next(FIRST.len())],
                LAST[next(LAST.len())],
                next(100_000_000),
                1 + next(12),
                1 + next(28),
                10 + next(16)
            ));
            content.push_str(CLINICAL);
        } else {
            content.push_str(PLAIN);
            content.push_str(&format!("Case {}. ", next(1000)));
        }
    }
    let messages = serde_json::json!([
        {"role": "system", "parts": [{"type": "text", "content": "You are a careful assistant."}]},
        {"role": "user", "parts": [{"type": "text", "content": content}]},
    ]);
    let unmapped = serde_json::json!({
        "metadata": {"user_api_key_team_alias": "cardiology", "requester_ip_address": "10.0.0.7",
            "litellm_call_id": format!("550e8400-e29b-41d4-a716-{:012}", next(1_000_000_000)), "cache_hit": false},
        "usage": {"prompt_tokens": next(4000), "completion_tokens": next(500), "total_tokens": next(5000)},
    });
    let mut record = Record::new(&event::EVENT);
    record.set(event::EVENT_TIME, Value::Time(1_790_000_000_000_000));
    record.set(event::INPUT_MESSAGES, messages.to_string());
    record.set(event::OUTPUT_MESSAGES, r#"[{"role":"assistant","parts":[{"type":"text","content":"Here is a summary of the case, as you asked."}]}]"#);
    record.set(event::UNMAPPED_JSON, unmapped.to_string());
    record.set(event::REQUEST_MODEL, "gpt-4o-2024-08-06");
    record.set(event::PROVIDER, "openai");
    record
}
