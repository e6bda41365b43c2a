//! Streams: lines in and out, findings, chunks, records that fail.

use super::*;
use crate::{Policy, TokenKey};

fn redactor(profile: &str) -> Redactor {
    let key = TokenKey::from_hex(&"0123456789abcdef".repeat(4)).unwrap();
    Redactor::new(Policy::profile(profile).unwrap(), key, "acme").unwrap()
}

fn through(format: Format, input: &[u8]) -> (String, String, Summary) {
    let (mut output, mut findings) = (Vec::new(), Vec::new());
    let summary = run(
        &redactor("strict"),
        format,
        0,
        &mut io::BufReader::with_capacity(16, input),
        &mut output,
        Some(&mut findings),
    )
    .unwrap();
    (String::from_utf8(output).unwrap(), String::from_utf8(findings).unwrap(), summary)
}

#[test]
fn as_many_lines_out_as_in() {
    let input = b"{\"a\":\"x@example.org\"}\n\n[1, 2]\n{\"cut\":\"y@example.org\n{\"a\":\"\xff\"}\n{}";
    let (output, findings, summary) = through(Format::Auto, input);
    assert_eq!(
        output,
        "{\"a\":\"[EMAIL]\"}\n\n[1, 2]\n{\"cut\":\"[EMAIL]\n{\"sealake\":\"record removed\",\"reason\":\"not_utf8\"}\n{}"
    );
    assert_eq!(summary, Summary { records: 6, failed: 1, findings: 2, first_is_no_json: false });
    let first: serde_json::Value = serde_json::from_str(findings.lines().next().unwrap()).unwrap();
    assert_eq!(first["line"], 1);
    assert_eq!(first["pointer"], "/a");
    assert_eq!((&first["start"], &first["end"]), (&0.into(), &13.into()));
    assert_eq!(
        (&first["category"], &first["cfr"], &first["action"]),
        (&"EMAIL".into(), &"F".into(), &"label".into())
    );
    assert!(findings.lines().nth(1).unwrap().contains("\"line\":4"));
    assert!(!findings.contains("example.org"));
}

#[test]
fn a_line_that_is_too_long_is_read_over_and_replaced() {
    let long = "7".repeat(DOCUMENT_BYTES_MAX + 1);
    for (input, want) in [
        (format!("[1]\n{long}\n[2]\n"), "[1]\n{}\n[2]\n"),
        (format!("[1]\n{long}777\n\n[2]"), "[1]\n{}\n\n[2]"),
        (format!("[1]\n{long}{long}"), "[1]\n{}"),
    ] {
        let (mut output, redactor) = (Vec::new(), redactor("strict"));
        let mut input = io::BufReader::with_capacity(1 << 16, input.as_bytes());
        let summary = run(&redactor, Format::Ndjson, 0, &mut input, &mut output, None).unwrap();
        let want = want.replace("{}", r#"{"sealake":"record removed","reason":"too_large"}"#);
        assert_eq!(String::from_utf8(output).unwrap(), want);
        assert_eq!((summary.records, summary.failed), (want.lines().count() as u64, 1));
    }
}

/// Gives a line and says what was written before the next is asked for.
struct Slowly<'a> {
    lines: Vec<&'a [u8]>,
    written: std::rc::Rc<std::cell::Cell<usize>>,
    seen: Vec<usize>,
}

impl Read for Slowly<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.seen.push(self.written.get());
        let Some(line) = self.lines.pop() else { return Ok(0) };
        buffer[..line.len()].copy_from_slice(line);
        Ok(line.len())
    }
}

/// Counts what was flushed.
struct Flushed {
    written: usize,
    flushed: std::rc::Rc<std::cell::Cell<usize>>,
}

impl Write for Flushed {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.written += buffer.len();
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flushed.set(self.written);
        Ok(())
    }
}

#[test]
fn a_line_is_written_before_the_next_is_waited_for() {
    const FIRST: &[u8] = b"[\"longer than what tells UTF-16\"]\n";
    let written = std::rc::Rc::default();
    let mut output = Flushed { written: 0, flushed: std::rc::Rc::clone(&written) };
    let slowly = Slowly { lines: vec![b"]\n[3]\n", b"[2", FIRST], written, seen: Vec::new() };
    let mut input = io::BufReader::with_capacity(64, slowly);
    run(&redactor("strict"), Format::Ndjson, 0, &mut input, &mut output, None).unwrap();
    let all = FIRST.len() + b"[2]\n[3]\n".len();
    assert_eq!(input.get_ref().seen, [0, FIRST.len(), FIRST.len(), all]);
}

#[test]
fn what_stands_for_several_lines_leaves_as_many() {
    for (input, want) in [
        (
            "Bill to: Ray Cobb\n560 Orchard Blvd\nTulsa, OK 74120\nTotal 5\n",
            "Bill to: [NAME]\n[ADDRESS]\n [ZIP]\nTotal 5\n",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\nnext\n",
            "[SECRET]\n\n\nnext\n",
        ),
    ] {
        let (output, ..) = through(Format::Text, input.as_bytes());
        assert_eq!(output.lines().count(), input.lines().count(), "{output:?}");
        assert_eq!(output, want);
    }
}

#[test]
fn text_is_one_document() {
    let (output, findings, summary) =
        through(Format::Auto, b"first line\nmail x@example.org and\ny@example.org\n");
    assert_eq!(output, "first line\nmail [EMAIL] and\n[EMAIL]\n");
    assert_eq!(summary, Summary { records: 1, failed: 0, findings: 2, first_is_no_json: false });
    let lines: Vec<serde_json::Value> =
        findings.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["line"], &lines[0]["start"]), (&2.into(), &5.into()));
    assert_eq!((&lines[1]["line"], &lines[1]["start"]), (&3.into(), &0.into()));
}

#[test]
fn offsets_are_exact_in_every_unit() {
    let text = "très\n😀 é x@example.org 😀 y@example.org\n";
    let json = serde_json::json!({"é": "😀 x@example.org", "n": r#"["é 😀 y@example.org"]"#}).to_string();
    for (input, format) in [(text.to_owned(), Format::Text), (json, Format::Ndjson)] {
        let (_, findings, summary) = through(format, input.as_bytes());
        assert_eq!(summary.findings, 2);
        for finding in findings.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()) {
            let place = match finding["pointer"].as_str() {
                Some(pointer) => {
                    let whole: serde_json::Value = serde_json::from_str(&input).unwrap();
                    whole.pointer(pointer).unwrap().as_str().unwrap().to_owned()
                }
                None => input.lines().nth(finding["line"].as_u64().unwrap() as usize - 1).unwrap().to_owned(),
            };
            let range = |unit: &str| {
                let at = |side: &str| finding[format!("{side}{unit}")].as_u64().unwrap() as usize;
                at("start")..at("end")
            };
            let bytes = &place[range("")];
            assert!(bytes.ends_with("@example.org"), "{bytes}");
            let code_points: Vec<char> = place.chars().collect();
            assert_eq!(code_points[range("_code_points")].iter().collect::<String>(), bytes);
            let utf16: Vec<u16> = place.encode_utf16().collect();
            assert_eq!(String::from_utf16(&utf16[range("_utf16")]).unwrap(), bytes);
        }
    }
}

#[test]
fn text_stays_text_if_asked() {
    let (output, ..) = through(Format::Text, b"{\"a\": \"x@example.org\"}");
    assert_eq!(output, "{\"a\": \"[EMAIL]\"}");
    assert_eq!(through(Format::Auto, b"").2, Summary::default());
    assert_eq!(through(Format::Auto, b" \n\t").0, " \n\t");
}

#[test]
fn chunks_are_cut_where_nothing_is_torn() {
    let long = [b"a b\n\nc d\ne f".as_slice(), &[b'x'; 4]].concat();
    assert_eq!(&long[..cut(&long).unwrap()], b"a b\n\nc d\n");
    let blank = [b"12345678".as_slice(), b"a\n\nb\nc"].concat();
    assert_eq!(&blank[..cut(&blank).unwrap()], b"12345678a\n\n");
    assert_eq!(cut(b"MSH|a\rPID|b\rOBX"), Some(12));
    assert_eq!(cut(b"abcdef ghi"), None);
    assert_eq!(cut(b"a\nkey\n-----BEGIN PRIVATE KEY-----\nMIIE\nMIIE\n"), Some(6));
    assert_eq!(cut(b"a\n-----BEGIN X-----\nMIIE\n-----END X-----\nb"), Some(41));
}

#[test]
fn chunks_stand_below_the_head_of_their_table() {
    let mut input = "patient_id,last_name,first_name,dob,result\n".to_owned();
    let mut rows = 0;
    while input.len() < TEXT_CHUNK_BYTES + 1000 {
        input.push_str(&format!(
            "{},Brannigan,Odalys,{}0405,{}\n",
            70_440_000 + rows,
            1935 + rows % 60,
            rows % 90
        ));
        rows += 1;
    }
    let (output, findings, summary) = through(Format::Text, input.as_bytes());
    assert_eq!((summary.records, summary.findings), (2, 4 * rows as u64));
    assert_eq!(output.lines().count(), rows + 1);
    assert!(
        output.lines().skip(1).all(|line| line.starts_with("[MRN],[NAME],[NAME],[DATE],")),
        "{:?}",
        output.lines().last()
    );
    let last: serde_json::Value = serde_json::from_str(findings.lines().last().unwrap()).unwrap();
    assert_eq!((&last["line"], &last["start"], &last["end"]), (&(rows + 1).into(), &26.into(), &34.into()));
}

#[test]
fn json_over_several_lines_is_told_from_ndjson() {
    for (input, no_json) in [
        ("{\n\"a\": 1\n}\n", true),
        ("[12:01] started\n", false),
        ("\n{\"a\": 1}\n{\n", false),
        ("[]\n", false),
    ] {
        assert_eq!(through(Format::Auto, input.as_bytes()).2.first_is_no_json, no_json, "{input}");
        assert!(!through(Format::Ndjson, input.as_bytes()).2.first_is_no_json);
    }
}

#[test]
fn no_line_is_cut() {
    let line = format!("{};MRN 48291377;", "ab;".repeat(TEXT_CHUNK_BYTES / 3));
    let (output, _, summary) = through(Format::Text, format!("{line}\nnext\n").as_bytes());
    assert!(output.ends_with(";MRN [MRN];\nnext\n"));
    assert_eq!(summary.records, 1);
    let endless = "ab;".repeat(DOCUMENT_BYTES_MAX / 3 + 100);
    let (output, _, summary) = through(Format::Text, format!("{endless}\nMRN 48291377\n").as_bytes());
    assert_eq!(output, "[RECORD REMOVED: too_large]\nMRN [MRN]\n");
    assert_eq!((summary.records, summary.failed), (2, 1));
}

#[test]
fn more_text_than_a_chunk_loses_nothing() {
    let line = "mail x@example.org about the results of the day before\n";
    let count = TEXT_CHUNK_BYTES / line.len() + 1000;
    let input = line.repeat(count);
    let (output, _, summary) = through(Format::Text, input.as_bytes());
    assert_eq!((summary.records, summary.findings), (2, count as u64));
    assert_eq!(output, line.replace("x@example.org", "[EMAIL]").repeat(count));
}

#[test]
fn a_stream_is_written_as_it_comes_and_says_why_it_closed() {
    let redactor = redactor("strict");
    let mut output = Vec::new();
    let text = "the plan is to go on. ".repeat(100) + "Write to x@example.org";
    let summary =
        stream(&redactor, 0, &mut io::BufReader::with_capacity(16, text.as_bytes()), &mut output).unwrap();
    assert_eq!(summary, Summary { records: 1, failed: 0, findings: 1, first_is_no_json: false });
    assert_eq!(String::from_utf8(output).unwrap(), text.replace("x@example.org", "[EMAIL]"));

    let mut output = Vec::new();
    let endless = "-----BEGIN PRIVATE KEY-----".to_owned() + &"MIIEpAIBAAKCAQEA7\n".repeat(100_000);
    let summary = stream(&redactor, 0, &mut endless.as_bytes(), &mut output).unwrap();
    assert_eq!(summary.failed, 1);
    assert_eq!(String::from_utf8(output).unwrap(), "[SECRET][STREAM CLOSED: endless_secret]\n");
}

/// The text in UTF-16, its halves in one order or the other.
fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn utf16_is_refused_and_nothing_written() {
    let text = "Patient Maria Gonzalez, MRN 7712345\n{\"mrn\":7712345}\n";
    for big in [false, true] {
        for mark in ["", "\u{FEFF}"] {
            let input = utf16(&format!("{mark}{text}"), big);
            for format in [Format::Auto, Format::Text, Format::Ndjson] {
                let mut output = Vec::new();
                let error = run(&redactor("strict"), format, 0, &mut input.as_slice(), &mut output, None)
                    .unwrap_err();
                assert!(error.to_string().contains("UTF-16"), "{error}");
                assert!(output.is_empty());
            }
            let mut output = Vec::new();
            assert!(stream(&redactor("strict"), 0, &mut input.as_slice(), &mut output).is_err());
            assert!(output.is_empty());
        }
    }
    for kept in ["", "a", "\0", "\0\0\0\0", "a\0b", "plain text\0with a zero"] {
        assert_eq!(through(Format::Auto, kept.as_bytes()).0, kept);
    }
}

#[test]
fn lines_that_are_no_utf8_are_replaced() {
    let (output, findings, summary) =
        through(Format::Text, b"mail x@example.org\nM\xfcller, Anna\nand y@example.org\n\xff");
    let removed = "[RECORD REMOVED: not_utf8]";
    assert_eq!(output, format!("mail [EMAIL]\n{removed}\nand [EMAIL]\n{removed}"));
    assert_eq!(summary, Summary { records: 3, failed: 2, findings: 2, first_is_no_json: false });
    let last: serde_json::Value = serde_json::from_str(findings.lines().last().unwrap()).unwrap();
    assert_eq!((&last["line"], &last["start"], &last["end"]), (&3.into(), &4.into(), &17.into()));
    for big in [false, true] {
        let wide = utf16("MRN 7712345\n", big);
        let input = [b"some lines before that are plain\n", wide.as_slice(), b"\nbehind\n"].concat();
        let (output, _, summary) = through(Format::Text, &input);
        assert!(output.contains("plain\n") && output.contains(removed) && output.ends_with("behind\n"));
        assert!(summary.failed > 0 && !output.contains('7'), "{output:?}");
        let input = [b"{\"a\": \"plain, and long\"}\n", wide.as_slice()].concat();
        let (output, _, summary) = through(Format::Ndjson, &input);
        assert!(summary.failed > 0 && !output.contains('7'), "{output:?}");
    }
}

#[test]
fn lines_of_a_log_are_one_text() {
    for (input, records) in [
        ("[INFO] a\n[INFO] b\n", 1),
        ("[2026-01-02 12:01] a\n[4711] b\n", 1),
        ("[4711] a\nb\n", 1),
        ("[trace] a\nb\n", 1),
        ("[1, 2]\n[3]\n", 2),
        ("[true]\n[]\n", 2),
        ("[[1]]\n{}\n", 2),
        ("[\n1]\n", 2),
    ] {
        assert_eq!(through(Format::Auto, input.as_bytes()).2.records, records, "{input}");
    }
}
