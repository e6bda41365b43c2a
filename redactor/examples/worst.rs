//! Looks for texts that take more than linear time:
//! `cargo run --release -p redactor --example worst [KILOBYTES [PROFILE [SECONDS [SEED]]]]`.
//!
//! Builds texts from pieces (a piece, two and two, or a head and a piece again and again; with SECONDS, for so long,
//! what a generator puts together of two to five pieces), redacts each at one size and at four times that size, as text
//! and as JSON, and prints those whose CPU time grows by more than the factor [`SUSPICIOUS`], and the slowest.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use redactor::{Policy, Redactor, TokenKey};

/// Four times the bytes should take four times the time; more than this is printed.
const SUSPICIOUS: f64 = 7.0;
/// How many of the slowest are printed.
const SLOWEST: usize = 25;
/// The time at which ages are reckoned, microseconds.
const AS_OF: i64 = 1_795_000_000_000_000;

/// What detectors, decoders and parsers look for, and what they skip.
const PIECES: &[&str] = &[
    "the password for ",
    "password was changed from ",
    "Cookie: a=9f8e7d6c5b4a3f2e1d0c; ",
    "&sig=",
    "user=cmarlow ",
    "twitter ",
    "@pine_otter ",
    "wallet ",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa ",
    "CVV: 882 ",
    "passphrase: ",
    "mnemonic: ",
    "$2b$12$",
    "Kundennr. 2291884 ",
    "mi padre ",
    "wohnhaft ",
    "on 6/3 ",
    "10/2 through ",
    "11/28/16-12/3/16 ",
    "x4-2210 ",
    "37.7749° N, ",
    "Patient M.R. ",
    "Zdenka, 44F, has ",
    "Oddvar (6yo) ",
    "DB_PASSWORD=",
    "--password ",
    "per m. ortiz ",
    "MORROW,K ",
    "Kirby-Bauer ",
    "3 de abril ",
    "BEGIN:VCARD\nN:",
    "ADR:;;a;",
    "Patient?family=a&given=b&",
    "family=",
    "K O W A ",
    "name is spelled ",
    "B as in Bravo, ",
    "your code is 482913 ",
    "Username: a\nPassword: b\n",
    "el hospital tiene 100 años ",
    "a_b_dob1961.pdf ",
    "[\"x-api-key\",\"a1b2c3d4\"],",
    "{\"type\":\"NAME\",\"match\":\"A b\"},",
    "[\"ssn\",522418830],",
    " ",
    "\n",
    "\t",
    "a",
    "A",
    "1",
    "é",
    "٣",
    "\u{200b}",
    "\u{301}",
    "а",
    "１",
    "@",
    "a@",
    "a.a@",
    ".",
    "-",
    "_",
    "/",
    "//",
    ":",
    "://",
    "http://a",
    "www.a",
    ")",
    "(",
    "]",
    "[",
    "[[",
    "{",
    "}",
    "\"",
    "'",
    "`",
    "\\",
    "\\\\",
    "\\n",
    "\\u0041",
    "\\x41",
    "%41",
    "%25",
    "&#65;",
    "&amp;",
    "=",
    "=\n",
    "=3D",
    "+",
    "a+b",
    ",",
    ";",
    "|",
    "^",
    "~",
    "*",
    "<",
    "<a ",
    "<a>",
    "<td>",
    "<th>name</th>",
    ">",
    "#",
    "$",
    "?",
    "1 ",
    "1-",
    "1.",
    "12-34-5678 ",
    "123-45-6789 ",
    "12/",
    "1/1/2001 ",
    "0x",
    "a1",
    "a1::",
    "&",
    "aA",
    "AbCd1234",
    "QUFB",
    "QUFBQUFBQUFBQUFBQUFB ",
    "eyJ",
    "eyJ.",
    "eyJhbGciOiJIUzI1NiJ9.",
    "-----BEGIN ",
    "-----BEGIN PRIVATE KEY-----",
    "-----END ",
    "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
    "PuTTY-User-Key-File-",
    "data:",
    ";base64,",
    "data:;base64,",
    "MRN ",
    "mrn: ",
    "SSN ",
    "ssn",
    "(ssn,",
    "ssn,name\n",
    "a,b\n",
    "x|y|z\n",
    "VALUES (1,2),",
    "Dr. ",
    "Patient: ",
    "John Smith ",
    "Smith, ",
    "JOHN ",
    "Anna ",
    "name is ",
    "of ",
    "von ",
    "de la ",
    "12 Main St ",
    "12 Main ",
    "Hospital ",
    "St. ",
    "Springfield, IL ",
    "IL 62704 ",
    "+1 (617) ",
    "(617) 555-0123 ",
    "ext. ",
    "fax ",
    "April 1 ",
    "April ",
    "last week ",
    "94-year-old ",
    "aged ",
    "[NAME]",
    "[NAME:",
    "[SSN] ",
    "[REMOVED]",
    "X9",
    "X9X9X",
    "sk-ant-api03-",
    "AKIA",
    "ghp_",
    "password=",
    "password is ",
    "Bearer ",
    "token: ",
    "key=",
    "curl -u a:b ",
    "sshpass -p ",
    "PID|",
    "NM1*",
    "REF*SY*1~",
    "a:b:c:",
    "1:2:3:",
    "00:11:22:",
    "00-11-",
    "1.2.3.4",
    "::",
    "fe80::",
    "P<",
    "<<<<",
    "IMEI ",
    "VIN ",
    "1HGCM82633A004352 ",
    "4111 1111 1111 1111 ",
    "4111",
    "GB82WEST12345698765432 ",
    "DE89 3704 ",
    "5 1 2 - ",
    "1 2 3 4 5 6 7 8 ",
    "five one two ",
    "ssn five one two ",
    " [at] ",
    " (dot) ",
    "[.]",
    "user_",
    "user-",
    "a_b_",
    "C:\\Users\\a\\",
    "/home/a/",
    "anna@x.org ",
    "\"a\":",
    "{\"a\":",
    "{\"a\":1},",
    "[1,",
    "1,",
    "1.5,",
    "\"ssn\":\"1\",",
    "null,",
    "true",
    "😀",
    "ﬁ",
    "jdbc:oracle:thin:",
    "https://a:b@c ",
    "GPS 1.2345,",
    "40.7128, -74.0060 ",
    "lat: ",
    "Herr ",
    "Straße 12 ",
    "rue de la ",
];

/// What stands once, before the repetition.
const HEADS: &[&str] = &[
    "http://",
    "www.a.",
    "a@",
    "ssn: ",
    "password=",
    "[NAME] ",
    "Patient: John Smith ",
    "(ssn\n",
    "ssn,name\n",
    "<a ",
    "eyJ.",
    "data:;base64,",
    "-----BEGIN PRIVATE KEY-----",
    "MRN 12345678 ",
    "=3D ",
    "\\u0041",
    "a+b=c ",
];

/// Pieces in what a generator puts together.
const PIECES_AT_ONCE: std::ops::RangeInclusive<u64> = 2..=5;

/// How fast a text was, by how much its time grew, how it was given, and what it is made of.
type Seen = (f64, f64, &'static str, String);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).and_then(|number| number.parse::<u64>().ok());
    let kilobytes = number(0).unwrap_or(32) as usize;
    let policy = arguments.get(1).map_or("coded", String::as_str);
    let policy = Policy::profile(policy).expect("a built-in profile");
    let redactor = Redactor::new(policy, TokenKey::generate(), "worst").expect("the profile is sound");
    let mut seen: Vec<Seen> = Vec::new();
    match number(2) {
        Some(seconds) => {
            let until = std::time::Instant::now() + std::time::Duration::from_secs(seconds);
            let mut random = number(3).unwrap_or(1).max(1);
            while std::time::Instant::now() < until {
                let (least, most) = (PIECES_AT_ONCE.start(), PIECES_AT_ONCE.end());
                let count = least + next(&mut random) % (most - least + 1);
                let unit: String =
                    (0..count).map(|_| PIECES[next(&mut random) as usize % PIECES.len()]).collect();
                measure(&redactor, kilobytes, "", &unit, &mut seen);
            }
            println!("{} texts", seen.len());
        }
        None => {
            for (head, unit) in units() {
                measure(&redactor, kilobytes, head, &unit, &mut seen);
            }
        }
    }
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (speed, growth, mode, unit) in seen.iter().take(SLOWEST) {
        println!("{speed:.2} MB/s, grows {growth:.1} times: {mode} {unit}");
    }
}

/// A step of xorshift64 (Marsaglia 2003).
fn next(random: &mut u64) -> u64 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    *random >> 8
}

/// Each piece, each with a quarter of the others (all pairs take an hour), and each behind each head.
fn units() -> Vec<(&'static str, String)> {
    let mut units: Vec<(&str, String)> = PIECES.iter().map(|piece| ("", (*piece).to_owned())).collect();
    for (at, first) in PIECES.iter().enumerate() {
        for second in PIECES.iter().skip(at % 4).step_by(4) {
            units.push(("", format!("{first}{second}")));
        }
    }
    for head in HEADS {
        units.extend(PIECES.iter().map(|piece| (*head, (*piece).to_owned())));
    }
    units
}

/// Times one text at both sizes, in each way that it may be given.
fn measure(redactor: &Redactor, kilobytes: usize, head: &str, unit: &str, seen: &mut Vec<Seen>) {
    let text = |bytes: usize| format!("{head}{}", unit.repeat(bytes / unit.len()));
    let (small, large) = (text(kilobytes << 10), text(kilobytes << 12));
    for (mode, json) in [("text", false), ("string", true), ("json", true)] {
        let input = |text: &str| match mode {
            "string" => serde_json::json!({ "content": text }).to_string(),
            _ => text.to_owned(),
        };
        let (small, large) = (input(&small), input(&large));
        let mut growth = f64::INFINITY;
        let mut speed = 0.0_f64;
        // A busy machine makes a linear text look worse, never a quadratic one better.
        for _ in 0..3 {
            let (first, second) = (seconds(redactor, &small, json), seconds(redactor, &large, json));
            growth = growth.min(second / first.max(1e-5));
            speed = speed.max(large.len() as f64 / 1e6 / second.max(1e-6));
            if growth < SUSPICIOUS {
                break;
            }
        }
        if growth > SUSPICIOUS {
            println!("grows {growth:.1} times, {speed:.2} MB/s: {mode} {head:?} {unit:?}");
        }
        seen.push((speed, growth, mode, format!("{head:?} {unit:?}")));
    }
}

fn seconds(redactor: &Redactor, input: &str, json: bool) -> f64 {
    let before = thread_seconds();
    let result =
        if json { redactor.redact_json(input.as_bytes(), AS_OF) } else { redactor.redact_text(input, AS_OF) };
    std::hint::black_box(result.is_ok());
    thread_seconds() - before
}

/// Processor time of this thread.
fn thread_seconds() -> f64 {
    // SAFETY: timespec is plain integers, which clock_gettime fills.
    let time = unsafe {
        let mut time = std::mem::zeroed();
        libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time);
        time
    };
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
