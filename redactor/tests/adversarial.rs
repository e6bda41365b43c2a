//! Texts made to be slow: each is redacted as text, as a JSON string and as JSON, and none takes more than linear
//! time. A quadratic step over 200 KB is 40 billion steps and would take ten times the bound.

use std::time::{Duration, Instant};

use redactor::{Policy, Redactor, TokenKey};

const BYTES: usize = 200_000;

/// About fifty times what the slowest case takes, since tests run beside each other.
const BOUND: Duration = Duration::from_secs(20);

/// Repeated to [`BYTES`].
const UNITS: &[&str] = &[
    "[",
    "{\"a\":",
    "\\",
    "\"",
    "a@",
    "1",
    "12-",
    "QUFB",
    "QUFBQUFBQUFBQUFBQUFB ",
    "data:",
    "data:;base64,",
    "a.",
    "/",
    "John Smith ",
    "a:",
    "[NAME:",
    "[NAME]",
    "MRN ",
    "Dr. ",
    "eyJ",
    "-----BEGIN ",
    "http://",
    " ",
    "é",
    "\\u0041",
    "sk-ant-api03-",
    "password=",
    "a:b:c:",
    "Smith, ",
    "12 Main ",
    "+1 (617) ",
    "April 1 ",
    "0x",
    "%41",
    "&#65;",
    "\n",
];

#[test]
fn nothing_is_slower_than_linear() {
    let redactor = Redactor::new(Policy::profile("coded").unwrap(), TokenKey::generate(), "t").unwrap();
    let distinct = |make: &dyn Fn(usize) -> String| (0..BYTES / 40).map(make).collect::<String>();
    let mut cases: Vec<String> = UNITS.iter().map(|unit| unit.repeat(BYTES / unit.len())).collect();
    cases.push(distinct(&|at| format!("Patient: Anna{} Zorel{}, MRN {at:08}. ", word(at), word(at / 7))));
    cases.push(format!("{{{}\"z\":1}}", distinct(&|at| format!("\"a{at}@example.org\":{at},"))));
    cases.push(format!("{{{}\"z\":1}}", distinct(&|_| "\"a@example.org\":1,".to_owned())));
    for text in cases {
        let start = Instant::now();
        let json = serde_json::json!({ "content": text }).to_string();
        redactor.redact_text(&text, 0).unwrap();
        redactor.redact_json(json.as_bytes(), 0).unwrap();
        redactor.redact_json(text.as_bytes(), 0).unwrap();
        let name: String = text.chars().take(20).collect();
        assert!(start.elapsed() < BOUND, "{name:?} took {:?}", start.elapsed());
    }
}

/// A few letters that differ from number to number.
fn word(number: usize) -> String {
    [number % 26, number / 26 % 26, number / 676 % 26].iter().map(|at| char::from(b'a' + *at as u8)).collect()
}
