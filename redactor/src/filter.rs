//! The filter: a stream of text or NDJSON in, the same stream redacted out, findings beside it.
//!
//! As many lines come out as went in. NDJSON: each line is a document of its own. Text: the stream is one
//! document, read in chunks of at most [`TEXT_CHUNK_BYTES`], or of one line if that is longer, cut between lines, so that
//! memory is bounded; a name is carried backwards and forwards within a chunk, the head of a table to all chunks. A
//! record that cannot be redacted is not passed on: a fixed JSON object, or a fixed line in text, stands in its place. So it
//! does for each line of text that is no UTF-8.

use std::borrow::Cow;
use std::io::{self, BufRead, Read, Write};

use serde::Serialize;

use crate::detect::{self, Text};
use crate::engine::{DOCUMENT_BYTES_MAX, Output, Redactor, Span, panicked};
use crate::json;
use crate::offsets::Counter;
use crate::redacted::Reject;
use crate::stream::Stream;

mod utf16;

/// The most text that is redacted as one document.
pub const TEXT_CHUNK_BYTES: usize = 8 << 20;

/// How far back from the end of a chunk an empty line is looked for, to cut there.
const CUT_BYTES: usize = 64 << 10;

/// What the input is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// NDJSON if it opens with `{`, or with a `[` behind which JSON goes on as no line of a log does; else text.
    #[default]
    Auto,
    /// Plain text.
    Text,
    /// One JSON value a line.
    Ndjson,
}

/// What went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Lines of NDJSON; of text chunks, and the lines that were replaced.
    pub records: u64,
    /// Records that could not be redacted and were replaced.
    pub failed: u64,
    /// Findings.
    pub findings: u64,
    /// Whether [`Format::Auto`] took input for NDJSON whose first line is no JSON: JSON over several lines.
    pub first_is_no_json: bool,
}

/// One line of the findings file. Never the value.
#[derive(Serialize)]
struct Line<'a> {
    /// Line of the input, from 1.
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'a str>,
    /// First byte: of the decoded string at the pointer, or of the line.
    start: usize,
    end: usize,
    start_code_points: usize,
    end_code_points: usize,
    start_utf16: usize,
    end_utf16: usize,
    category: &'a str,
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cfr: Option<&'a str>,
    action: &'a str,
    score: f32,
}

/// Redacts a stream. `as_of` is the time that ages are reckoned at, in microseconds UTC.
///
/// # Errors
/// The input cannot be read or is UTF-16, or an output cannot be written.
pub fn run<'a>(
    redactor: &'a Redactor,
    format: Format,
    as_of: i64,
    input: &mut dyn BufRead,
    output: &'a mut dyn Write,
    findings: Option<&'a mut dyn Write>,
) -> io::Result<Summary> {
    let mut input = utf16::refused(input)?;
    let mut lead = Vec::new();
    let ndjson = match format {
        Format::Text => false,
        Format::Ndjson => true,
        Format::Auto => opens_like_json(&mut input, &mut lead)?,
    };
    let mut input = io::Cursor::new(lead).chain(input);
    let mut filter = Filter {
        redactor,
        as_of,
        output,
        findings,
        summary: Summary::default(),
        line: 1,
        head: None,
        auto: format == Format::Auto,
    };
    if ndjson {
        filter.ndjson(&mut input)?
    } else {
        filter.text(&mut input)?
    }
    filter.output.flush()?;
    if let Some(findings) = &mut filter.findings {
        findings.flush()?;
    }
    Ok(filter.summary)
}

/// Redacts endless text as it comes, under the contract of [`Stream`]: each piece that can be read is written as far as
/// it may be, at once.
///
/// # Errors
/// If input or output fails, or the input is UTF-16. A stream that was closed ends with a line that says so.
pub fn stream(
    redactor: &Redactor,
    as_of: i64,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> io::Result<Summary> {
    let mut input = utf16::refused(input)?;
    let mut summary = Summary { records: 1, ..Summary::default() };
    let mut stream = Stream::new(redactor, as_of);
    let mut out = String::new();
    let ended = loop {
        let piece = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            piece => piece?,
        };
        let length = piece.len();
        if length == 0 {
            break stream.finish(&mut out);
        }
        let taken = stream.push(piece, &mut out);
        input.consume(length);
        output.write_all(out.as_bytes())?;
        output.flush()?;
        out.clear();
        if let Err(reject) = taken {
            break Err(reject);
        }
    };
    output.write_all(out.as_bytes())?;
    match ended {
        Ok(findings) => summary.findings = findings,
        Err(reject) => {
            summary.failed = 1;
            writeln!(output, "[STREAM CLOSED: {}]", reject.reason)?;
        }
    }
    output.flush()?;
    Ok(summary)
}

/// How much of the input is looked at behind white space, to tell what it is.
const OPENING_BYTES: usize = 64;

/// Looks at how the input begins behind white space; what had to be read for it goes to `lead`.
fn opens_like_json(input: &mut dyn BufRead, lead: &mut Vec<u8>) -> io::Result<bool> {
    loop {
        let first = lead.iter().position(|byte| !byte.is_ascii_whitespace());
        let seen = first.map_or(&[][..], |first| &lead[first..]);
        let enough = seen.len() >= OPENING_BYTES || seen.contains(&b'\n') || lead.len() > CUT_BYTES;
        if enough || seen.first().is_some_and(|byte| *byte != b'[') {
            return Ok(json::begins(seen));
        }
        let buffer = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            buffer => buffer?,
        };
        let length = buffer.len();
        if length == 0 {
            return Ok(json::begins(seen));
        }
        lead.extend_from_slice(buffer);
        input.consume(length);
    }
}

struct Filter<'a> {
    redactor: &'a Redactor,
    as_of: i64,
    output: &'a mut dyn Write,
    findings: Option<&'a mut dyn Write>,
    summary: Summary,
    /// Line of the input at which the next record begins.
    line: u64,
    /// The first line of a text, empty if it is not the head of a table: later chunks stand below it. None before the first.
    head: Option<String>,
    /// Whether the input's first byte said what it is.
    auto: bool,
}

impl Filter<'_> {
    /// Redacts whole lines, as many at once as there are: what is at hand is written before more is waited for.
    fn ndjson(&mut self, input: &mut dyn BufRead) -> io::Result<()> {
        let mut held = Vec::new();
        // Whether the rest of a line is read over.
        let mut over = false;
        loop {
            let piece = match input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                piece => piece?,
            };
            let length = piece.len();
            if length == 0 {
                break;
            }
            let rest = match memchr::memchr(b'\n', piece) {
                Some(newline) if over => {
                    self.too_long(true)?;
                    over = false;
                    newline + 1
                }
                None if over => length,
                _ => 0,
            };
            let known = held.len();
            held.extend_from_slice(&piece[rest..]);
            input.consume(length);
            let whole = memchr::memrchr(b'\n', &held[known..]).map_or(0, |newline| known + newline + 1);
            self.lines(&held[..whole])?;
            held.drain(..whole);
            if held.len() > DOCUMENT_BYTES_MAX {
                over = true;
                held = Vec::new();
            }
            self.output.flush()?;
        }
        if over {
            return self.too_long(false);
        }
        self.lines(&held)
    }

    /// Redacts lines of NDJSON; the last may have no newline.
    fn lines(&mut self, lines: &[u8]) -> io::Result<()> {
        let lines = || lines.split_inclusive(|byte| *byte == b'\n');
        let content = |line: &'_ [u8]| line.len() - usize::from(line.ends_with(b"\n"));
        let readable: Vec<&[u8]> =
            lines().map(|line| &line[..content(line)]).filter(|line| !utf16::holds(line)).collect();
        if self.auto && self.line == 1 {
            let first = readable.iter().find(|line| !line.trim_ascii().is_empty()).copied().unwrap_or(b"0");
            self.summary.first_is_no_json = serde_json::from_slice::<serde::de::IgnoredAny>(first).is_err();
        }
        let mut redacted = self.redactor.redact_json_batch(&readable, self.as_of).into_iter();
        for line in lines() {
            let result = match utf16::holds(&line[..content(line)]) {
                true => Err(not_utf8()),
                false => redacted.next().unwrap_or_else(|| Err(panicked())),
            };
            self.line_out(result, content(line) < line.len())?;
        }
        Ok(())
    }

    /// A line that is longer than a document may be, and was read over.
    fn too_long(&mut self, ended: bool) -> io::Result<()> {
        self.line_out(Err(Reject::new("too_large", "a line is longer than a document may be")), ended)
    }

    /// Writes what became of one line of NDJSON.
    fn line_out(&mut self, redacted: Result<Output, Reject>, ended: bool) -> io::Result<()> {
        self.summary.records += 1;
        match redacted {
            Ok(out) => {
                self.output.write_all(out.text.as_bytes())?;
                for span in &out.findings {
                    self.finding(span, self.line, (0, 0, 0))?;
                }
            }
            Err(reject) => {
                self.summary.failed += 1;
                write!(self.output, r#"{{"sealake":"record removed","reason":"{}"}}"#, reject.reason)?;
            }
        }
        if ended {
            self.output.write_all(b"\n")?;
        }
        self.line += 1;
        Ok(())
    }

    fn text(&mut self, input: &mut dyn BufRead) -> io::Result<()> {
        let mut held = Vec::new();
        let mut room = TEXT_CHUNK_BYTES;
        loop {
            let wanted = room - held.len();
            let read = (&mut *input).take(wanted as u64).read_to_end(&mut held)?;
            if read < wanted {
                return if held.is_empty() { Ok(()) } else { self.chunk(&held) };
            }
            match cut(&held) {
                Some(cut) => {
                    self.chunk(&held[..cut])?;
                    held.drain(..cut);
                    room = TEXT_CHUNK_BYTES;
                }
                // No line is ever cut: half an identifier is none.
                None if room < DOCUMENT_BYTES_MAX => room += TEXT_CHUNK_BYTES,
                None => {
                    held.clear();
                    room = TEXT_CHUNK_BYTES;
                    self.line_removed(input)?;
                }
            }
        }
    }

    /// Reads over the rest of a line that is longer than a document may be; a fixed line stands for it.
    fn line_removed(&mut self, input: &mut dyn BufRead) -> io::Result<()> {
        self.summary.records += 1;
        self.summary.failed += 1;
        let reject = Reject::new("too_large", "a line is longer than a document may be");
        self.output.write_all(removed(&reject).as_bytes())?;
        let mut over = Vec::new();
        loop {
            over.clear();
            let read = (&mut *input).take(TEXT_CHUNK_BYTES as u64).read_until(b'\n', &mut over)?;
            if over.last() == Some(&b'\n') {
                self.line += 1;
                return self.output.write_all(b"\n");
            }
            if read == 0 {
                return Ok(());
            }
        }
    }

    fn chunk(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.summary.records += 1;
        let text = self.readable(bytes);
        let head = self.head.take();
        let redacted = match &head {
            Some(head) if !head.is_empty() => self.below(head, &text),
            _ => None,
        };
        self.head = head.or_else(|| Some(head_of(&text)));
        let redacted = redacted.map_or_else(|| self.redactor.redact_text(&text, self.as_of), Ok);
        match redacted {
            Ok(Output { text: out, findings }) => {
                self.write_lines(&text, &out, &findings)?;
                let (mut line, mut line_start, mut seen) = (self.line, 0, 0);
                let mut counter = Counter::new(&text);
                for span in &findings {
                    for newline in memchr::memchr_iter(b'\n', &text.as_bytes()[seen..span.start]) {
                        line += 1;
                        line_start = seen + newline + 1;
                    }
                    seen = span.start;
                    let (code_points, utf16) = counter.before(line_start);
                    self.finding(span, line, (line_start, code_points, utf16))?;
                }
            }
            Err(reject) => {
                self.summary.failed += 1;
                let lines = memchr::memchr_iter(b'\n', bytes).count().max(1);
                write!(self.output, "{}{}", removed(&reject), "\n".repeat(lines))?;
            }
        }
        self.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
        Ok(())
    }

    /// A chunk redacted as if it stood right below the head of its table. None if it cannot be told from the head again.
    fn below(&self, head: &str, text: &str) -> Option<Output> {
        let whole = [head, text].concat();
        let mut redacted = self.redactor.redact_text(&whole, self.as_of).ok()?;
        let of_head = redacted.findings.iter().take_while(|span| span.start < head.len()).count();
        let found: Vec<Span> = redacted.findings.drain(..of_head).collect();
        let mut out_start = head.len();
        for span in &found {
            if span.end > head.len() {
                return None;
            }
            out_start = out_start + (span.out_end - span.out_start) - (span.end - span.start);
        }
        let (code_points, utf16) = (head.chars().count(), head.encode_utf16().count());
        for span in &mut redacted.findings {
            (span.start, span.end) = (span.start - head.len(), span.end - head.len());
            (span.out_start, span.out_end) = (span.out_start - out_start, span.out_end - out_start);
            span.code_points = span.code_points.start - code_points..span.code_points.end - code_points;
            span.utf16 = span.utf16.start - utf16..span.utf16.end - utf16;
        }
        redacted.text.drain(..out_start);
        Some(redacted)
    }

    /// Writes redacted text with as many lines as the text had: behind what stands for several lines come empty ones.
    fn write_lines(&mut self, text: &str, out: &str, findings: &[Span]) -> io::Result<()> {
        let lines = |part: &str| memchr::memchr_iter(b'\n', part.as_bytes()).count();
        let mut written = 0;
        for span in findings {
            let lost = lines(&text[span.start..span.end]);
            let kept = if lost > 0 { lines(&out[span.out_start..span.out_end]) } else { 0 };
            if lost > kept {
                self.output.write_all(&out.as_bytes()[written..span.out_end])?;
                written = span.out_end;
                self.output.write_all("\n".repeat(lost - kept).as_bytes())?;
            }
        }
        self.output.write_all(&out.as_bytes()[written..])
    }

    /// The text with a fixed line in place of each that is no UTF-8: what cannot be scanned is not passed on.
    fn readable<'t>(&mut self, bytes: &'t [u8]) -> Cow<'t, str> {
        if !utf16::holds(bytes)
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return Cow::Borrowed(text);
        }
        let mut text = String::with_capacity(bytes.len());
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            match std::str::from_utf8(line) {
                Ok(line) if !utf16::holds(line.as_bytes()) => text.push_str(line),
                _ => {
                    self.summary.records += 1;
                    self.summary.failed += 1;
                    text.push_str(&removed(&not_utf8()));
                    text.push_str(if line.ends_with(b"\n") { "\n" } else { "" });
                }
            }
        }
        Cow::Owned(text)
    }

    /// Writes a finding. `before` is what stands before the text in which it counts, in bytes, code points and UTF-16
    /// code units.
    fn finding(&mut self, span: &Span, line: u64, before: (usize, usize, usize)) -> io::Result<()> {
        self.summary.findings += 1;
        let Some(findings) = &mut self.findings else { return Ok(()) };
        let line = Line {
            line,
            pointer: span.pointer.as_deref(),
            start: span.start - before.0,
            end: span.end - before.0,
            start_code_points: span.code_points.start - before.1,
            end_code_points: span.code_points.end - before.1,
            start_utf16: span.utf16.start - before.2,
            end_utf16: span.utf16.end - before.2,
            category: span.category,
            rule: &span.rules,
            cfr: span.cfr,
            action: span.action.name(),
            score: span.score,
        };
        serde_json::to_writer(&mut *findings, &line)?;
        findings.write_all(b"\n")
    }
}

fn not_utf8() -> Reject {
    Reject::new("not_utf8", "a line is no UTF-8")
}

/// The line that stands in place of text.
fn removed(reject: &Reject) -> String {
    format!("[RECORD REMOVED: {}]", reject.reason)
}

/// The longest head of a table that is carried on, in bytes.
const HEAD_BYTES_MAX: usize = 4096;

/// The first line of a text, if it is the head of a table; else nothing.
fn head_of(text: &str) -> String {
    let bytes = &text.as_bytes()[..text.len().min(2 * HEAD_BYTES_MAX)];
    let mut lines = memchr::memchr_iter(b'\n', bytes);
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return String::new() };
    let head = first < HEAD_BYTES_MAX && detect::has_head(&Text::new(&text[..=second], None, 0));
    if head { text[..=first].to_owned() } else { String::new() }
}

/// Where to end a chunk that is not the last: behind an empty line near its end, else behind a line, whatever ends it; but
/// before a private key that is not complete. None if no line ends.
fn cut(held: &[u8]) -> Option<usize> {
    let near = held.len() - CUT_BYTES.min(held.len() / 2);
    let blank = memchr::memmem::rfind(&held[near..], b"\n\n").map(|at| near + at + 2);
    let end = |byte| memchr::memrchr(byte, held).map(|at| at + 1);
    // A carriage return at the very end may be half a line's end.
    let returned = || memchr::memrchr(b'\r', &held[..held.len() - 1]).map(|at| at + 1);
    let cut = blank.or_else(|| end(b'\n')).or_else(returned)?;
    let last = &held[cut - CUT_BYTES.min(cut)..cut];
    let begun = memchr::memmem::rfind(last, b"-----BEGIN ");
    let open = begun.filter(|begun| memchr::memmem::rfind(last, b"-----END ").is_none_or(|end| end < *begun));
    let line = open.and_then(|begun| {
        let before = cut - last.len() + begun;
        memchr::memrchr2(b'\n', b'\r', &held[..before]).map(|at| at + 1)
    });
    Some(line.unwrap_or(cut))
}

#[cfg(test)]
mod tests;
