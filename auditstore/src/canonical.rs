//! Canonical JSON: the subset of RFC 8785 in which the log's manifests and its other JSON objects are written.
//!
//! One value has one sequence of bytes, so a hash of the bytes is a hash of what they say. The subset is
//! stricter than the RFC where two readers could disagree or two writers could say the same thing twice: no
//! numbers (every integer is a decimal string, see [`schemas::manifest::Dec`]), no null, no empty array or
//! object (what is absent is left out). Keys ascend by UTF-16 code units (RFC 8785, 3.2.3), so a key twice is
//! an order violation.

use std::cmp::Ordering;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use crate::error::Error;

/// How deep arrays and objects may nest. Manifests need seven.
pub const DEPTH_MAX: usize = 32;

/// Writes a value as canonical JSON, without a newline.
///
/// # Errors
/// The value holds a number, a null, an empty array or object, nests deeper than [`DEPTH_MAX`], or is no JSON.
pub fn emit<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    let value = serde_json::to_value(value).map_err(|_| refuse("cannot be written as JSON"))?;
    let mut out = String::new();
    write(&value, 0, &mut out)?;
    Ok(out.into_bytes())
}

fn refuse(detail: &str) -> Error {
    Error::invalid("canonical JSON", detail)
}

fn write(value: &Value, depth: usize, out: &mut String) -> Result<(), Error> {
    if depth > DEPTH_MAX {
        return Err(refuse("nests too deep"));
    }
    match value {
        Value::Null => return Err(refuse("a null; what is absent is left out")),
        Value::Number(_) => return Err(refuse("a number; integers are decimal strings")),
        Value::Bool(bool) => out.push_str(if *bool { "true" } else { "false" }),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            if items.is_empty() {
                return Err(refuse("an empty array; what is absent is left out"));
            }
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, depth + 1, out)?;
            }
            out.push(']');
        }
        Value::Object(fields) => {
            if fields.is_empty() {
                return Err(refuse("an empty object; what is absent is left out"));
            }
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by(|a, b| utf16_order(a.0, b.0));
            out.push('{');
            for (at, (key, value)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write(value, depth + 1, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn utf16_order(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{9}' => out.push_str("\\t"),
            '\u{a}' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\u{d}' => out.push_str("\\r"),
            '\0'..='\u{1f}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(char));
            }
            _ => out.push(char),
        }
    }
    out.push('"');
}

/// Says whether bytes are canonical JSON: exactly what [`emit`] would write, nothing before or after.
///
/// # Errors
/// The offset of the first byte that is not, and why. Never the bytes themselves.
pub fn check(bytes: &[u8]) -> Result<(), Error> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| refuse(&format!("not UTF-8 at byte {}", error.valid_up_to())))?;
    let mut parser = Parser { text, at: 0 };
    parser.value(0)?;
    if parser.at == bytes.len() { Ok(()) } else { Err(parser.refuse("bytes after the value")) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn refuse(&self, what: &str) -> Error {
        refuse(&format!("{what} at byte {}", self.at))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Result<(), Error> {
        if self.peek() != Some(byte) {
            return Err(self.refuse(&format!("expected `{}`", char::from(byte))));
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<(), Error> {
        if depth > DEPTH_MAX {
            return Err(self.refuse("nests too deep"));
        }
        match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            _ => self.bool(),
        }
    }

    fn bool(&mut self) -> Result<(), Error> {
        for word in ["true", "false"] {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(());
            }
        }
        Err(self.refuse("expected a string, an object, an array, true or false"))
    }

    fn array(&mut self, depth: usize) -> Result<(), Error> {
        self.expect(b'[')?;
        loop {
            self.value(depth + 1)?;
            if self.peek() != Some(b',') {
                return self.expect(b']');
            }
            self.at += 1;
        }
    }

    fn object(&mut self, depth: usize) -> Result<(), Error> {
        self.expect(b'{')?;
        let mut last: Option<String> = None;
        loop {
            let key = self.string()?;
            if last.as_ref().is_some_and(|last| utf16_order(last, &key) != Ordering::Less) {
                return Err(self.refuse("a key out of order, or twice, ends"));
            }
            self.expect(b':')?;
            self.value(depth + 1)?;
            last = Some(key);
            if self.peek() != Some(b',') {
                return self.expect(b'}');
            }
            self.at += 1;
        }
    }

    /// A string whose escapes are those that [`write_string`] would write.
    fn string(&mut self) -> Result<String, Error> {
        let start = self.at;
        self.expect(b'"')?;
        let mut decoded = String::new();
        loop {
            let Some(char) = self.text[self.at..].chars().next() else {
                return Err(self.refuse("a string without end"));
            };
            match char {
                '"' => break,
                '\\' => {
                    let (char, length) = self.escape()?;
                    decoded.push(char);
                    self.at += length;
                }
                '\0'..='\u{1f}' => return Err(self.refuse("a control character")),
                _ => {
                    decoded.push(char);
                    self.at += char.len_utf8();
                }
            }
        }
        self.at += 1;
        let mut canonical = String::with_capacity(self.at - start);
        write_string(&decoded, &mut canonical);
        if canonical != self.text[start..self.at] {
            return Err(self.refuse("a string that is not escaped canonically ends"));
        }
        Ok(decoded)
    }

    fn escape(&self) -> Result<(char, usize), Error> {
        let rest = &self.text.as_bytes()[self.at..];
        let char = match rest.get(1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'b') => '\u{8}',
            Some(b't') => '\u{9}',
            Some(b'n') => '\u{a}',
            Some(b'f') => '\u{c}',
            Some(b'r') => '\u{d}',
            Some(b'u') => {
                let digits = rest.get(2..6).and_then(|digits| std::str::from_utf8(digits).ok());
                let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                let char = code.filter(|code| *code < 0x20).and_then(char::from_u32);
                return char.map(|char| (char, 6)).ok_or_else(|| self.refuse("an escape that need not be"));
            }
            _ => return Err(self.refuse("an unknown escape")),
        };
        Ok((char, 2))
    }
}

#[cfg(test)]
mod tests;
