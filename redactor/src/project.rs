//! Text to search in: the user's last message and the answer, taken from messages that are redacted already.
//!
//! Messages are OpenTelemetry's message parts (`[{"role", "parts": [{"type": "text", "content"}]}]`); content
//! as OpenAI has it (a string, or parts with `text`) is taken too, since producers send it.

use std::borrow::Cow;

use crate::json::{self, Sink};

/// The text of the last message whose role is `user`; of messages that are no JSON, all of it.
pub(crate) fn prompt(messages: &str) -> Option<String> {
    let read = read(messages);
    let Some(read) = read else { return Some(messages.to_owned()) };
    read.into_iter()
        .rfind(|message| message.role == "user")
        .map(|message| message.text.into_owned())
        .filter(|text| !text.is_empty())
}

/// The text of all messages of the answer.
pub(crate) fn response(messages: &str) -> Option<String> {
    let Some(read) = read(messages) else { return Some(messages.to_owned()) };
    let texts: Vec<Cow<'_, str>> =
        read.into_iter().map(|message| message.text).filter(|text| !text.is_empty()).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// What needs no decoding lies in the text that is read.
#[derive(Default)]
struct Message<'a> {
    role: Cow<'a, str>,
    text: Cow<'a, str>,
}

/// None if this is no JSON at all.
fn read(messages: &str) -> Option<Vec<Message<'_>>> {
    if !json::opens(messages) {
        return None;
    }
    let mut reader =
        Reader { text: messages, messages: Vec::new(), stack: Vec::new(), key: "", part: Part::default() };
    // What stands before an error counts: a truncated record has a prompt too.
    let end = json::parse(messages, &mut reader);
    (end.is_ok() || !reader.messages.is_empty()).then_some(reader.messages)
}

#[derive(Clone, Copy, PartialEq)]
enum In {
    /// A list of messages, or of anything on the outside.
    List,
    Message,
    /// The list under `parts` or `content`.
    Parts,
    Part,
    Other,
}

/// The part being read. Its type may come after its text.
#[derive(Default)]
struct Part<'a> {
    kind: Option<Cow<'a, str>>,
    text: Cow<'a, str>,
}

struct Reader<'a> {
    text: &'a str,
    messages: Vec<Message<'a>>,
    stack: Vec<In>,
    key: &'a str,
    part: Part<'a>,
}

impl<'a> Reader<'a> {
    fn decoded(&self, start: usize, end: usize, escaped: bool) -> Cow<'a, str> {
        let text = self.text;
        let raw = &text[start..end];
        if !escaped {
            return Cow::Borrowed(raw);
        }
        let mut out = String::with_capacity(raw.len());
        json::unescape(raw, &mut out, None);
        Cow::Owned(out)
    }

    fn push_text(&mut self, text: Cow<'a, str>) {
        let Some(message) = self.messages.last_mut() else { return };
        if message.text.is_empty() {
            message.text = text;
        } else if !text.is_empty() {
            let texts = message.text.to_mut();
            texts.push('\n');
            texts.push_str(&text);
        }
    }
}

impl Sink for Reader<'_> {
    fn open(&mut self, array: bool, _: usize) {
        let inside = match (self.stack.last(), array) {
            (None, true) => In::List,
            (None | Some(In::List), false) => {
                self.messages.push(Message::default());
                In::Message
            }
            (Some(In::Message), true) if matches!(self.key, "parts" | "content") => In::Parts,
            (Some(In::Parts), false) => {
                self.part = Part::default();
                In::Part
            }
            _ => In::Other,
        };
        self.stack.push(inside);
    }

    fn close(&mut self, _: usize) {
        if self.stack.pop() == Some(In::Part) {
            let part = std::mem::take(&mut self.part);
            let text =
                part.kind.as_deref().is_none_or(|kind| matches!(kind, "text" | "input_text" | "output_text"));
            if text {
                self.push_text(part.text);
            }
        }
    }

    fn key(&mut self, start: usize, end: usize, _: bool) {
        let text = self.text;
        self.key = &text[start..end];
    }

    fn string(&mut self, start: usize, end: usize, escaped: bool) {
        match (self.stack.last(), self.key) {
            (Some(In::Message), "role") => {
                let role = self.decoded(start, end, escaped);
                if let Some(message) = self.messages.last_mut() {
                    message.role = role;
                }
            }
            (Some(In::Message), "content" | "text") => {
                let text = self.decoded(start, end, escaped);
                self.push_text(text);
            }
            (Some(In::Part), "type") => self.part.kind = Some(self.decoded(start, end, escaped)),
            (Some(In::Part), "content" | "text") => self.part.text = self.decoded(start, end, escaped),
            (Some(In::Parts), _) => {
                let text = self.decoded(start, end, escaped);
                self.push_text(text);
            }
            _ => {}
        }
    }

    fn number(&mut self, _: usize, _: usize) {}

    fn literal(&mut self) {}
}

#[cfg(test)]
mod tests;
