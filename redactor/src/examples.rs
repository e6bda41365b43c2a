//! Examples put to the test: those that a policy carries, and one for each built-in detector.

use crate::detect::DETECTORS;
use crate::engine::{Output, Redactor, Span};
use crate::policy::{Action, Example, Expected};
use crate::redacted::Reject;

/// What became of one example.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its name in the policy, or the detector's id.
    pub name: String,
    /// Its line in the policy file; none for a detector's.
    pub line: Option<usize>,
    /// What was not as expected, without any text of the example. Empty: it passed.
    pub failures: Vec<String>,
    /// What came out, tokens as `[NAME:*]`.
    pub output: String,
}

/// Runs the examples of the policy. `as_of` is the time of those that state none, microseconds UTC.
pub fn of_policy(redactor: &Redactor, as_of: i64) -> Vec<Outcome> {
    redactor.policy().examples().iter().map(|example| try_example(redactor, example, as_of)).collect()
}

/// Runs the example of each built-in detector: it must be found under this policy too, and what the policy does not
/// keep must be changed.
pub fn of_detectors(redactor: &Redactor, as_of: i64) -> Vec<Outcome> {
    let run = |detector: &&dyn crate::detect::Detector| {
        let mut outcome = Outcome {
            name: detector.id().to_owned(),
            line: None,
            failures: Vec::new(),
            output: String::new(),
        };
        match redactor.redact_text(detector.example(), as_of) {
            Ok(Output { text, findings }) => {
                let changes = findings.iter().any(|found| found.action != Action::Keep);
                if findings.is_empty() {
                    outcome.failures.push("its example is not found".to_owned());
                } else if changes && text == detector.example() {
                    outcome.failures.push("its example is found and not changed".to_owned());
                }
                outcome.output = starred(redactor, &text);
            }
            Err(reject) => outcome.failures.push(reject.to_string()),
        }
        outcome
    };
    DETECTORS.iter().map(run).collect()
}

fn try_example(redactor: &Redactor, example: &Example, as_of: i64) -> Outcome {
    let mut failures = Vec::new();
    let mut output = String::new();
    match redact(redactor, &example.text, example.as_of.unwrap_or(as_of)) {
        Ok(out) => {
            output = starred(redactor, &out.text);
            if example.expect.as_ref().is_some_and(|expect| *expect != output) {
                failures.push("the output is not what `expect` says".to_owned());
            }
            if let Some(finds) = &example.finds {
                compare(finds, &out.findings, &example.text, &mut failures);
            }
        }
        Err(reject) => failures.push(reject.to_string()),
    }
    Outcome { name: example.name.clone(), line: Some(example.line), failures, output }
}

/// As the filter takes it: JSON if it opens like JSON.
fn redact(redactor: &Redactor, text: &str, as_of: i64) -> Result<Output, Reject> {
    if text.trim_start().starts_with(['{', '[']) {
        redactor.redact_json(text.as_bytes(), as_of)
    } else {
        redactor.redact_text(text, as_of)
    }
}

fn compare(expected: &[Expected], found: &[Span], text: &str, failures: &mut Vec<String>) {
    if expected.len() != found.len() {
        let categories: Vec<&str> = found.iter().map(|span| span.category).collect();
        failures.push(format!(
            "{} expected in `finds`, {} found: {}",
            expected.len(),
            found.len(),
            if categories.is_empty() { "nothing".to_owned() } else { categories.join(", ") }
        ));
        return;
    }
    for (number, (want, span)) in (1..).zip(expected.iter().zip(found)) {
        let mut differs = |what: &str, want: &str, found: &str| {
            failures.push(format!("finding {number}: {what} {want} expected, {found} found"));
        };
        if want.category != span.category {
            differs("category", want.category, span.category);
        }
        if let Some(rule) = want.rule.as_ref().filter(|rule| !span.rules.split(',').any(|is| is == **rule)) {
            differs("rule", rule, &span.rules);
        }
        if let Some(action) = want.action.as_ref().filter(|action| **action != span.action.name()) {
            differs("action", action, span.action.name());
        }
        // Offsets count in plain text here, and in the string at the pointer in JSON.
        let value = if span.pointer.is_none() { text.get(span.start..span.end) } else { None };
        if let (Some(want), Some(value)) = (&want.text, value)
            && want != value
        {
            failures.push(format!("finding {number}: another text was found than expected"));
        }
    }
}

/// The text with the digest of each of the engine's tokens as a star.
fn starred(redactor: &Redactor, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in redactor.own(text) {
        out.push_str(&text[from..start]);
        let own = &text[start..end];
        match own.split_once(':') {
            Some((kind, _)) => {
                out.push_str(kind);
                out.push_str(":*]");
            }
            None => out.push_str(own),
        }
        from = end;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests;
