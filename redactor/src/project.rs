//! Text to search in: the user's last message and the answer, taken from messages that are redacted already.
//!
//! Messages are OpenTelemetry's message parts (`[{"role", "parts": [{"type": "text", "content"}]}]`); content
//! as OpenAI has it (a string, or parts with `text`) is taken too, since producers send it.

use crate::json::{self, Sink};

/// The text of the last message whose role is `user`; of messages that are no JSON, all of it.
pub(crate) fn prompt(messages: &str) -> Option<String> {
    let read = read(messages);
    let Some(read) = read else { return Some(messages.to_owned()) };
    read.into_iter()
        .rfind(|message| message.role == "user")
        .map(|message| message.text)
        .filter(|text| !text.is_empty())
}

/// The text of all messages of the answer.
pub(crate) fn response(messages: &str) -> Option<String> {
    let Some(read) = read(messages) else { return Some(messages.to_owned()) };
    let texts: Vec<String> =
        read.into_iter().map(|message| message.text).filter(|text| !text.is_empty()).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

#[derive(Default)]
struct Message {
    role: String,
    text: String,
}

/// None if this is no JSON at all.
fn read(messages: &str) -> Option<Vec<Message>> {
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
struct Part {
    kind: Option<String>,
    text: String,
}

struct Reader<'a> {
    text: &'a str,
    messages: Vec<Message>,
    stack: Vec<In>,
    key: &'a str,
    part: Part,
}

impl Reader<'_> {
    fn decoded(&self, start: usize, end: usize, escaped: bool) -> String {
        let raw = &self.text[start..end];
        if !escaped {
            return raw.to_owned();
        }
        let mut out = String::with_capacity(raw.len());
        json::unescape(raw, &mut out, None);
        out
    }

    fn push_text(&mut self, text: &str) {
        let Some(message) = self.messages.last_mut() else { return };
        if !message.text.is_empty() && !text.is_empty() {
            message.text.push('\n');
        }
        message.text.push_str(text);
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
                self.push_text(&part.text);
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
                self.push_text(&text);
            }
            (Some(In::Part), "type") => self.part.kind = Some(self.decoded(start, end, escaped)),
            (Some(In::Part), "content" | "text") => self.part.text = self.decoded(start, end, escaped),
            (Some(In::Parts), _) => {
                let text = self.decoded(start, end, escaped);
                self.push_text(&text);
            }
            _ => {}
        }
    }

    fn number(&mut self, _: usize, _: usize) {}

    fn literal(&mut self) {}
}

#[cfg(test)]
mod tests;
