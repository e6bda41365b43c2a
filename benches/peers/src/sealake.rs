//! Our side: whole events redacted, and the same by the portable level in a process of its own.

use std::process::Command;

use redactor::{Action, Policy, Redactor, TokenKey};
use sha2::{Digest, Sha256};

use crate::rules::RULES;
use crate::spans::{Places, Span};

/// The time at which ages are reckoned, microseconds.
const AS_OF: i64 = 1_795_000_000_000_000;
/// The variable that forces a level.
const LEVEL: &str = "REDACTOR_SIMD";

/// Tokens for the categories of the twelve patterns; all others are looked for too, and kept. Secrets go, whatever a
/// policy says.
pub(crate) fn twelve() -> Redactor {
    let mut policy = String::from("name = \"twelve\"\nversion = \"1\"\n[actions]\ndefault = \"keep\"\n");
    for rule in RULES {
        policy.push_str(&format!("{} = \"token\"\n", rule.category));
    }
    policy.push_str(
        "SECRET = \"remove\"\n[columns]\nworkforce = \"keep\"\nsubject = \"keep\"\nopaque = \"keep\"\n",
    );
    redactor(Policy::parse(policy.as_bytes()).expect("a sound policy"))
}

/// The default profile: everything that Sealake does.
pub(crate) fn coded() -> Redactor {
    redactor(Policy::profile("coded").expect("a built-in profile"))
}

fn redactor(policy: Policy) -> Redactor {
    // Fixed, so that the child's tokens are the same.
    let key = TokenKey::from_hex(&"0123456789abcdef".repeat(4)).expect("64 digits");
    Redactor::new(policy, key, "peers").expect("a sound policy")
}

/// Redacts one event and counts what was found.
pub(crate) fn redact(redactor: &Redactor, event: &str) -> usize {
    redactor.redact_json(event.as_bytes(), AS_OF).expect("valid JSON").findings.len()
}

/// A hash of the output and the findings of each event under both policies.
pub(crate) fn digests(events: &[String], mut take: impl FnMut(&str)) {
    let redactors = [twelve(), coded()];
    for event in events {
        for redactor in &redactors {
            let output = redactor.redact_json(event.as_bytes(), AS_OF).expect("valid JSON");
            let mut hash = Sha256::new();
            hash.update(&output.text);
            hash.update(format!("{:?}", output.findings));
            take(&hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        }
    }
}

/// The digests that the portable level gives, from this program started anew: a process keeps the level that it began
/// with.
pub(crate) fn portable(argument: &str, megabytes: usize) -> Result<Vec<String>, String> {
    if let Ok(level) = std::env::var(LEVEL) {
        return Err(format!(
            "{LEVEL} is set to {level}: unset it to measure the level that is used by default"
        ));
    }
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let child = Command::new(program)
        .args([argument, &megabytes.to_string()])
        .env(LEVEL, "portable")
        .output()
        .map_err(|error| format!("the portable level did not start: {error}"))?;
    if !child.status.success() {
        return Err(format!("the portable level failed: {}", String::from_utf8_lossy(&child.stderr)));
    }
    Ok(String::from_utf8_lossy(&child.stdout).lines().map(str::to_owned).collect())
}

/// What is replaced under the policy of the twelve categories, as bytes of each event.
pub(crate) fn spans(events: &[String]) -> Vec<Vec<Span>> {
    let redactor = twelve();
    let of = |event: &String| {
        let places = Places::of(event);
        let output = redactor.redact_json(event.as_bytes(), AS_OF).expect("valid JSON");
        let replaced = output.findings.into_iter().filter(|span| span.action != Action::Keep);
        let span = |span: redactor::Span| {
            let base = places.base(span.pointer.as_deref().unwrap_or_default());
            Span { category: span.category, start: base + span.start, end: base + span.end }
        };
        replaced.map(span).collect()
    };
    events.iter().map(of).collect()
}
