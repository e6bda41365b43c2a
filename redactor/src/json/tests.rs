//! The parser against serde_json, and escapes both ways.

use proptest::prelude::*;

use super::*;

#[derive(Default)]
struct Trace(Vec<String>);

impl Sink for Trace {
    fn open(&mut self, array: bool, _: usize) {
        self.0.push(if array { "[" } else { "{" }.into());
    }
    fn close(&mut self, _: usize) {
        self.0.push("end".into());
    }
    fn key(&mut self, start: usize, end: usize, escaped: bool) {
        self.0.push(format!("k{start}-{end}{}", if escaped { "e" } else { "" }));
    }
    fn string(&mut self, start: usize, end: usize, escaped: bool) {
        self.0.push(format!("s{start}-{end}{}", if escaped { "e" } else { "" }));
    }
    fn number(&mut self, start: usize, end: usize) {
        self.0.push(format!("n{start}-{end}"));
    }
    fn literal(&mut self) {
        self.0.push("l".into());
    }
}

fn trace(text: &str) -> (Vec<String>, Result<(), usize>) {
    let mut trace = Trace::default();
    let result = parse(text, &mut trace);
    (trace.0, result)
}

#[test]
fn positions() {
    let (found, result) = trace(r#"{"a": [1, "x\"y", null], "b":{}}"#);
    assert_eq!(found, ["{", "k2-3", "[", "n7-8", "s11-15e", "l", "end", "k26-27", "{", "end", "end"]);
    assert_eq!(result, Ok(()));
}

#[test]
fn what_comes_before_an_error_counts() {
    assert_eq!(
        trace(r#"{"a":"b","c":"d"#),
        (vec!["{".into(), "k2-3".into(), "s6-7".into(), "k10-11".into()], Err(9))
    );
    assert_eq!(trace("[\"a\",2").1, Err(5));
    assert_eq!(trace("[\"a\"}").1, Err(4));
    assert_eq!(trace("{'a': 1}").1, Err(1));
    assert_eq!(trace("]").1, Err(0));
}

#[test]
fn a_broken_value_takes_its_key_along() {
    for (text, from) in [
        ("[219-09-1234] is", 0),
        ("[1, 2, 00482913]", 0),
        ("[\"a\", 00482913]", 6),
        ("{\"mrn\":00482913}", 1),
        ("{\"a\":[1],\"mrn\":[00482913]}", 9),
        ("{\"mrn\": Q-704}", 1),
        ("{\"mrn\":\"Q-704", 1),
        ("{\"mrn\":[Q-704]}", 1),
        ("{\"a\":\"b\" 219-09-1234", 9),
        ("{\"a\":{\"b\":\"c\"} x", 15),
        ("{\"ssn\": 219-09-1234, \"a\": 1}", 1),
        ("{\"ssn\": 219091234", 1),
        ("[1] 219-09-1234", 4),
        ("{} 5", 3),
        ("219 09", 0),
    ] {
        assert_eq!(trace(text).1, Err(from), "{text}");
    }
}

#[test]
fn agrees_with_serde_json_on_what_is_json() {
    for text in [
        "0",
        "-0",
        "01",
        "1.",
        "1.5e+3",
        "1e",
        "-",
        "+1",
        "1.2.3",
        "12abc",
        "[]",
        "[,]",
        "[1,]",
        "{}",
        "{\"a\"}",
        "{\"a\":1,}",
        "{,}",
        "true",
        "tru",
        "[true false]",
        "\"a\"",
        "\"a",
        "{\"a\":1 \"b\":2}",
        "[1]]",
        "{]",
        "[}",
    ] {
        let known = serde_json::from_str::<serde_json::Value>(text).is_ok();
        assert_eq!(trace(text).1.is_ok(), known, "{text}");
    }
}

#[test]
fn nesting_is_bounded() {
    assert_eq!(trace(&"[".repeat(100_000)).1, Err(0));
    assert_eq!(trace(&"[\"\",".repeat(100_000)).1, Err(4 * DEPTH_MAX));
    let deep = "[".repeat(DEPTH_MAX) + &"]".repeat(DEPTH_MAX);
    assert_eq!(trace(&deep).1, Ok(()));
}

#[test]
fn escapes_both_ways() {
    let mut out = String::new();
    unescape(r#"a\"b\\c\/d\n\u0041\u00e9\ud83d\ude00\ud800x\q"#, &mut out, None);
    assert_eq!(out, "a\"b\\c/d\nAé😀\u{fffd}x\\q");
    let mut again = String::new();
    escape(&out, &mut again);
    assert_eq!(again.len(), escaped_length(&out));
    assert_eq!(serde_json::from_str::<String>(&format!("\"{again}\"")).unwrap(), out);
    let mut control = String::new();
    escape("\u{1}\u{1f}\t", &mut control);
    assert_eq!(control, "\\u0001\\u001f\\t");
}

#[test]
fn the_map_leads_back() {
    let raw = r"ab\u0041cd\n";
    let (mut out, mut map) = (String::new(), Vec::new());
    unescape(raw, &mut out, Some(&mut map));
    assert_eq!(out, "abAcd\n");
    assert_eq!(map, [(2, 2), (3, 8), (5, 10), (6, 12)]);
}

proptest! {
    #[test]
    fn escapes_are_found_eight_bytes_at_a_time(text in "[a-z\\x00-\\x22\\\\\u{80}-\u{ff}]{0,40}|\\PC{0,40}") {
        let plainly: String = text.chars().fold(String::new(), |mut out, c| {
            match u8::try_from(c).ok().filter(u8::is_ascii).and_then(escaped) {
                Some(b'u') => out.push_str(&format!("\\u{:04x}", u32::from(c))),
                Some(short) => out.extend(['\\', char::from(short)]),
                None => out.push(c),
            }
            out
        });
        let mut out = String::new();
        escape(&text, &mut out);
        prop_assert_eq!(out, plainly);
    }
}
