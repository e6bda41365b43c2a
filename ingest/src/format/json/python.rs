//! Python literals where JSON is expected: `{'a': None, 'b': [True, 'x']}`, the `str()` of a dict that some
//! gateways log. Read into a JSON value without recursion; anything else is left to be scanned as text.

use super::{Map, NESTED_DEPTH_MAX, Number, Value};

/// The value that a Python dict, list or tuple display stands for; none if the text is anything else.
pub(in crate::format) fn literal(text: &str) -> Option<Value> {
    let text = text.trim();
    if !text.starts_with(['{', '[', '(']) {
        return None;
    }
    Reader { text, at: 0 }.document()
}

/// A container that is not closed yet, and the key whose value comes next.
enum Open {
    Dict(Map, Option<String>),
    List(Vec<Value>, u8),
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn document(mut self) -> Option<Value> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            self.space();
            let value = match self.peek()? {
                b'{' => {
                    self.push(&mut open, Open::Dict(Map::new(), None))?;
                    self.key(&mut open)?
                }
                start @ (b'[' | b'(') => {
                    let end = if start == b'[' { b']' } else { b')' };
                    self.push(&mut open, Open::List(Vec::new(), end))?;
                    self.closing(&mut open)
                }
                _ => Some(self.scalar()?),
            };
            let Some(mut value) = value else { continue };
            // Hand the value to the container around it, and close those that end here.
            loop {
                match open.last_mut() {
                    None => {
                        self.space();
                        return (self.at == self.text.len()).then_some(value);
                    }
                    Some(Open::Dict(map, key)) => {
                        map.insert(key.take()?, value);
                    }
                    Some(Open::List(items, _)) => items.push(value),
                }
                self.space();
                if self.peek()? == b',' {
                    self.at += 1;
                } else if !self.at_end(&open) {
                    return None;
                }
                let closed = match open.last()? {
                    Open::Dict(..) => self.key(&mut open)?,
                    Open::List(..) => self.closing(&mut open),
                };
                match closed {
                    Some(container) => value = container,
                    None => break,
                }
            }
        }
    }

    fn push(&mut self, open: &mut Vec<Open>, container: Open) -> Option<()> {
        self.at += 1;
        open.push(container);
        (open.len() <= NESTED_DEPTH_MAX).then_some(())
    }

    fn at_end(&self, open: &[Open]) -> bool {
        match open.last() {
            Some(Open::Dict(..)) => self.peek() == Some(b'}'),
            Some(Open::List(_, end)) => self.peek() == Some(*end),
            None => false,
        }
    }

    /// Inside a dict: the next key and its colon, or the finished dict.
    fn key(&mut self, open: &mut Vec<Open>) -> Option<Option<Value>> {
        if let Some(closed) = self.closing(open) {
            return Some(Some(closed));
        }
        let key = match self.scalar()? {
            Value::String(key) => key,
            other => other.to_json(),
        };
        self.space();
        if self.peek()? != b':' {
            return None;
        }
        self.at += 1;
        match open.last_mut()? {
            Open::Dict(_, slot) => *slot = Some(key),
            Open::List(..) => return None,
        }
        Some(None)
    }

    /// The innermost container, if it ends here.
    fn closing(&mut self, open: &mut Vec<Open>) -> Option<Value> {
        self.space();
        if !self.at_end(open) {
            return None;
        }
        self.at += 1;
        match open.pop()? {
            Open::Dict(map, _) => Some(Value::Object(map)),
            Open::List(items, _) => Some(Value::Array(items)),
        }
    }

    fn scalar(&mut self) -> Option<Value> {
        self.space();
        let quote = self.peek()?;
        if quote == b'\'' || quote == b'"' {
            return self.string(quote).map(Value::String);
        }
        let rest = &self.text[self.at..];
        let end =
            rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-._".contains(c)).unwrap_or(rest.len());
        self.at += end;
        match &rest[..end] {
            "None" => Some(Value::Null),
            "True" => Some(Value::Bool(true)),
            "False" => Some(Value::Bool(false)),
            digits if digits.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                match digits.parse::<i64>() {
                    Ok(int) => Some(int.into()),
                    Err(_) => Number::from_f64(digits.parse().ok()?).map(Value::Number),
                }
            }
            _ => None,
        }
    }

    fn string(&mut self, quote: u8) -> Option<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let end = memchr::memchr2(quote, b'\\', rest.as_bytes())?;
            out.push_str(&rest[..end]);
            self.at += end + 1;
            if rest.as_bytes()[end] == quote {
                return Some(out);
            }
            let escape = self.text[self.at..].chars().next()?;
            self.at += escape.len_utf8();
            match escape {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                'x' => out.push(self.code(2)?),
                'u' => out.push(self.code(4)?),
                'U' => out.push(self.code(8)?),
                '\\' | '\'' | '"' => out.push(escape),
                // Python keeps the backslash of an escape that it does not know.
                other => out.extend(['\\', other]),
            }
        }
    }

    fn code(&mut self, digits: usize) -> Option<char> {
        let hex = self.text.get(self.at..self.at + digits)?;
        self.at += digits;
        char::from_u32(u32::from_str_radix(hex, 16).ok()?)
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}
