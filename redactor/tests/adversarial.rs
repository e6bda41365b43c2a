//! Texts made to be slow: twice the bytes are at most twice the work.
//!
//! The engine counts the bytes that it examines; the count is exact and the same on every machine. What a detector does
//! inside its windows is not in it, so the processor's time is looked at too, with room for a busy machine: a step that
//! looks at everything before it for each byte takes four times as long for twice the bytes.

#[path = "../../benches/support/adversarial.rs"]
mod adversarial;

use adversarial::INPUTS;
use redactor::{Policy, Redactor, TokenKey, examined_bytes};

/// The smaller size.
const BYTES: usize = 64_000;
/// What tables and limits that fill up with the first bytes may add.
const SLACK_BYTES: u64 = 65_536;
/// The time of four times the bytes may be this many times the time: twice what is linear, half of what is quadratic.
const TIMES_MAX: f64 = 8.0;
/// How often a time is taken anew if it looks bad: other tests run beside this one. A quadratic step is as bad each time.
const TRIES: usize = 6;

fn redactor(profile: &str) -> Redactor {
    Redactor::new(Policy::profile(profile).unwrap(), TokenKey::generate(), "t").unwrap()
}

/// As text, as a string of JSON, and as JSON where it is meant to be that.
fn redact(redactor: &Redactor, input: &str, json: bool) {
    if json {
        redactor.redact_json(input.as_bytes(), 0).unwrap();
    } else {
        redactor.redact_text(input, 0).unwrap();
        let string = serde_json::json!({ "content": input }).to_string();
        redactor.redact_json(string.as_bytes(), 0).unwrap();
    }
}

#[test]
fn twice_the_bytes_are_at_most_twice_the_work() {
    assert!(INPUTS.len() >= 20);
    for profile in ["coded", "limited_data_set"] {
        let redactor = redactor(profile);
        for input in INPUTS {
            let work = |bytes: usize| {
                let text = input.of(bytes);
                let before = examined_bytes();
                redact(&redactor, &text, input.json);
                (examined_bytes() - before, text.len() as u64)
            };
            let ((once, small), (twice, large)) = (work(BYTES), work(2 * BYTES));
            assert!(once >= small, "{}: {once} bytes examined of {small}", input.name);
            // Some texts are not made at exactly twice the size.
            let most = once * large / small + SLACK_BYTES;
            assert!(
                twice <= most,
                "{}, {profile}: {once} bytes of work, and {twice} for twice as much",
                input.name
            );
        }
    }
}

#[test]
fn four_times_the_bytes_take_no_more_than_linear_time() {
    for profile in ["coded", "limited_data_set"] {
        let redactor = redactor(profile);
        for input in INPUTS {
            let (small, large) = (input.of(BYTES / 2), input.of(2 * BYTES));
            let size = large.len() as f64 / small.len() as f64 / 4.0;
            let mut times = f64::INFINITY;
            for _ in 0..TRIES {
                let (first, second) =
                    (seconds(&redactor, &small, input.json), seconds(&redactor, &large, input.json));
                times = times.min(second / first.max(1e-3));
                if times <= TIMES_MAX * size {
                    break;
                }
            }
            assert!(
                times <= TIMES_MAX * size,
                "{}, {profile}: {times:.1} times as long for four times as much",
                input.name
            );
        }
    }
}

/// Processor time of this thread.
fn seconds(redactor: &Redactor, input: &str, json: bool) -> f64 {
    let now = || {
        // SAFETY: timespec is plain integers, which clock_gettime fills.
        let time = unsafe {
            let mut time = std::mem::zeroed();
            libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time);
            time
        };
        time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
    };
    let before = now();
    redact(redactor, input, json);
    now() - before
}
