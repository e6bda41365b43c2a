//! Writing: the roots anew, with what was found replaced, and where each replacement stands.
//!
//! Between findings the input is copied byte for byte. Offsets of a finding count in the string at its pointer,
//! as it is stored (decoded); what was found in JSON inside that string counts in the string, not in the JSON.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::resolve::{Resolved, What};
use super::{Document, Kind, Mode, NONE, Unit};
use crate::canonical::is_part_of_name;
use crate::detect::Category;
use crate::generalise;
use crate::json;
use crate::offsets::Counter;
use crate::policy::Action;
use crate::token::{self, OPAQUE, REMOVED};
use crate::work;

/// One finding of a document.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// JSON pointer of the string, number or key; none in plain text.
    pub(crate) pointer: Option<String>,
    /// Where it was, and where its replacement is.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Where it was, in code points and in UTF-16 code units.
    pub(crate) code_points: Range<usize>,
    pub(crate) utf16: Range<usize>,
    pub(crate) out_start: usize,
    pub(crate) out_end: usize,
    /// What, why, and what was done.
    pub(crate) span: Resolved,
}

/// A finding while the strings around it are still being written.
struct Mark {
    unit: u32,
    span: u32,
    start: usize,
    end: usize,
    out_start: usize,
    out_end: usize,
}

/// The longest pointer of a finding, in bytes. What lies deeper, or under a longer key, is pointed at by the nearest
/// container around it that fits: else one key of a megabyte would be written again for each finding below it.
const POINTER_BYTES_MAX: usize = 512;

/// Room for writing: see [`super::Room`].
#[derive(Default)]
pub(super) struct Room {
    marks: Vec<Mark>,
    /// Decoded strings that are being written, one inside the other.
    strings: Vec<String>,
    /// Steps of a pointer.
    steps: Vec<(u32, u32)>,
}

impl Room {
    pub(super) fn emptied(mut self) -> Room {
        self.marks.clear();
        self.strings.retain(|string| string.capacity() <= super::SPARE_BYTES_MAX);
        self
    }
}

/// Keys that were redacted: what stands for them now. No two in one object are the same.
pub(super) type Keys = HashMap<u32, String>;

impl Document<'_> {
    /// One root, written anew, and its findings. None if nothing was found in it.
    pub(crate) fn render(&mut self, root: usize, findings: &mut Vec<Finding>) -> Option<String> {
        if !self.sheets[root].found {
            return None;
        }
        let mut room = std::mem::take(&mut self.writing);
        let out = self.written(root, &mut room, findings);
        self.writing = room;
        Some(out)
    }

    fn written(&self, root: usize, room: &mut Room, findings: &mut Vec<Finding>) -> String {
        // A token is some 40 bytes long.
        let capacity = self.sheets[root].loc.end as usize + 64 + 40 * self.spans.len();
        let mut out = String::with_capacity(capacity);
        self.sheet_out(root as u32, true, &mut out, room);
        let (mut unit, mut pointer) = (NONE, None);
        let mut counter = Counter::new("");
        findings.reserve(room.marks.len());
        for (at, mark) in room.marks.iter().enumerate() {
            if mark.unit != unit {
                (unit, pointer) = (mark.unit, self.pointer(mark.unit, &mut room.steps));
                counter = Counter::new(match self.units[unit as usize].kind {
                    Kind::Text => self.text(self.sheets[root].loc),
                    _ => self.unit_text(unit),
                });
            }
            let (first, last) = (counter.before(mark.start), counter.before(mark.end));
            let goes_on = room.marks.get(at + 1).is_some_and(|next| next.unit == unit);
            findings.push(Finding {
                pointer: if goes_on { pointer.clone() } else { pointer.take() },
                start: mark.start,
                end: mark.end,
                code_points: first.0..last.0,
                utf16: first.1..last.1,
                out_start: mark.out_start,
                out_end: mark.out_end,
                span: self.spans[mark.span as usize].clone(),
            });
        }
        room.marks.clear();
        out
    }

    /// Writes one sheet. Marks of a root count in the strings at their pointers, those of a sheet inside a
    /// string count in that string.
    fn sheet_out(&self, sheet: u32, root: bool, out: &mut String, room: &mut Room) {
        let sheet = &self.sheets[sheet as usize];
        let text = self.text(sheet.loc);
        let base = out.len();
        let mut from = 0;
        for (unit, at) in
            self.units[sheet.units.0 as usize..sheet.units.1 as usize].iter().zip(sheet.units.0..)
        {
            let nested = unit.nested != NONE && self.sheets[unit.nested as usize].found;
            if unit.spans.0 == unit.spans.1 && !nested {
                continue;
            }
            out.push_str(&text[from..unit.start as usize]);
            from = unit.end as usize;
            match unit.kind {
                Kind::Text => self.text_out(at, unit, text, base, out, &mut room.marks),
                Kind::Vector => self.vector_out(at, unit, root, base, out, &mut room.marks),
                Kind::Number => self.number_out(at, unit, root, base, out, &mut room.marks),
                Kind::String | Kind::Key => self.string_out(at, unit, text, root, base, out, room),
            }
        }
        out.push_str(&text[from..]);
    }

    /// A stretch of text: replaced piece by piece, so that escapes it may have stay as they were.
    fn text_out(
        &self,
        at: u32,
        unit: &Unit,
        text: &str,
        base: usize,
        out: &mut String,
        marks: &mut Vec<Mark>,
    ) {
        let map = (unit.map != NONE).then(|| self.maps[unit.map as usize].as_slice());
        let raw =
            |offset: u32| unit.start as usize + map.map_or(offset as usize, |map| raw_offset(map, offset));
        let mut from = unit.start as usize;
        for span in unit.spans.0..unit.spans.1 {
            let resolved = &self.spans[span as usize];
            let (start, end) = (raw(resolved.start), raw(resolved.end));
            out.push_str(&text[from..start]);
            from = end;
            let out_start = out.len() - base;
            // What is kept stays as it is written, escapes and all.
            match resolved.action {
                Action::Keep => out.push_str(&text[start..end]),
                _ => self.replacement(unit, resolved, out),
            }
            marks.push(Mark { unit: at, span, start, end, out_start, out_end: out.len() - base });
        }
        out.push_str(&text[from..unit.end as usize]);
    }

    /// A number becomes a string, the one change of type there is.
    fn number_out(
        &self,
        at: u32,
        unit: &Unit,
        root: bool,
        base: usize,
        out: &mut String,
        marks: &mut Vec<Mark>,
    ) {
        let kept = self.spans[unit.spans.0 as usize].action == Action::Keep;
        let quote = |out: &mut String| {
            if !kept {
                out.push('"')
            }
        };
        quote(out);
        let (start, first) = (out.len(), marks.len());
        self.decoded_out(at, unit, out, marks);
        let (from, to) = if root { (0, out.len() - start) } else { (start - base, out.len() - base) };
        for mark in &mut marks[first..] {
            (mark.out_start, mark.out_end) = (from, to);
            if !root {
                (mark.start, mark.end) = (unit.start as usize, unit.end as usize);
            }
        }
        quote(out);
    }

    /// An embedding: in a column a hash of it, in the filter, which keeps every shape, as many zeros.
    fn vector_out(
        &self,
        at: u32,
        unit: &Unit,
        root: bool,
        base: usize,
        out: &mut String,
        marks: &mut Vec<Mark>,
    ) {
        let text = self.text(unit.loc);
        let numbers = text.split(',').count();
        let column = self.roots[self.sheets[unit.sheet as usize].root as usize].mode == Mode::Free;
        let quotes = usize::from(column);
        let start = out.len();
        if column {
            out.push('"');
            let suffix = token::opaque_suffix("embedding", numbers);
            self.engine.tokens.write_bytes(OPAQUE, text.as_bytes(), &suffix, out);
            out.push('"');
        } else {
            out.push('[');
            out.push_str(&"0,".repeat(numbers - 1));
            out.push_str("0]");
        }
        let (from, to) = (start + quotes, out.len() - quotes);
        let (start, end, out_start, out_end) = match root {
            true => (0, text.len(), 0, to - from),
            false => (unit.start as usize, unit.end as usize, from - base, to - base),
        };
        marks.push(Mark { unit: at, span: unit.spans.0, start, end, out_start, out_end });
    }

    #[expect(clippy::too_many_arguments, reason = "one place of use, and a struct for it would name nothing")]
    fn string_out(
        &self,
        at: u32,
        unit: &Unit,
        text: &str,
        root: bool,
        base: usize,
        out: &mut String,
        room: &mut Room,
    ) {
        let first = room.marks.len();
        let mut decoded = room.strings.pop().unwrap_or_default();
        decoded.reserve((unit.loc.end - unit.loc.start + 40 * (unit.spans.1 - unit.spans.0)) as usize);
        if unit.nested == NONE {
            self.decoded_out(at, unit, &mut decoded, &mut room.marks);
        } else {
            self.sheet_out(unit.nested, false, &mut decoded, room);
            room.marks[first..].iter_mut().for_each(|mark| mark.unit = at);
        }
        if let Some(key) = self.keys.get(&at) {
            decoded.clone_from(key);
        }
        if !root {
            self.outwards(unit, text, &decoded, out.len() - base, &mut room.marks[first..]);
        }
        if decoded == self.text(unit.loc) {
            // All is kept: as it is written, whatever was escaped in it.
            if !root {
                for mark in &mut room.marks[first..] {
                    let moved = |at: usize| out.len() - base + at - unit.start as usize;
                    (mark.out_start, mark.out_end) = (moved(mark.start), moved(mark.end));
                }
            }
            out.push_str(&text[unit.start as usize..unit.end as usize]);
        } else {
            json::escape(&decoded, out);
        }
        decoded.clear();
        room.strings.push(decoded);
    }

    /// Counts marks in the escaped form of a string instead of the decoded one.
    fn outwards(&self, unit: &Unit, text: &str, decoded: &str, base: usize, marks: &mut [Mark]) {
        let mut map = Vec::new();
        if unit.escaped {
            json::unescape(&text[unit.start as usize..unit.end as usize], &mut String::new(), Some(&mut map));
        }
        let (mut at, mut escaped) = (0, base);
        let mut forward = |to: usize| {
            escaped += json::escaped_length(&decoded[at..to]);
            at = to;
            escaped
        };
        for mark in marks {
            mark.out_start = forward(mark.out_start);
            mark.out_end = forward(mark.out_end.min(decoded.len()));
            mark.start = unit.start as usize + raw_offset(&map, mark.start as u32);
            mark.end = unit.start as usize + raw_offset(&map, mark.end as u32);
        }
    }

    /// A unit's decoded text with its findings replaced. Marks count in it.
    fn decoded_out(&self, at: u32, unit: &Unit, out: &mut String, marks: &mut Vec<Mark>) {
        let text = self.text(unit.loc);
        let base = out.len();
        let mut from = 0;
        for span in unit.spans.0..unit.spans.1 {
            let resolved = &self.spans[span as usize];
            let (start, end) = (resolved.start as usize, resolved.end as usize);
            out.push_str(&text[from..start]);
            from = end;
            let out_start = out.len() - base;
            self.replacement(unit, resolved, out);
            marks.push(Mark { unit: at, span, start, end, out_start, out_end: out.len() - base });
        }
        out.push_str(&text[from..]);
    }

    /// What stands where the span stood. Of several elements of an X12 segment the separators stay, so that those
    /// behind them are still where the guides say.
    pub(super) fn replacement(&self, unit: &Unit, span: &Resolved, out: &mut String) {
        let text = &self.text(unit.loc)[span.start as usize..span.end as usize];
        self.replaced(text, span, out);
        let elements = memchr::memchr_iter(b'*', text.as_bytes()).count();
        if elements > 0
            && span.action != Action::Keep
            && span.rules.split(',').any(|rule| rule.starts_with("x12."))
        {
            out.extend(std::iter::repeat_n('*', elements));
        }
    }

    fn replaced(&self, text: &str, span: &Resolved, out: &mut String) {
        let tokens = &self.engine.tokens;
        match (span.what, span.action) {
            (_, Action::Keep) => out.push_str(text),
            (What::Opaque(opaque), _) => out.push_str(&self.opaques[opaque as usize].token),
            (What::Beyond | What::Vector, _) => {
                out.push('[');
                out.push_str(OPAQUE);
                out.push(']');
            }
            (What::Id, Action::Label | Action::Remove) => out.push_str("[ID]"),
            (What::Id, _) => tokens.write("ID", text, out),
            (What::Category(category), Action::Generalise) => {
                generalise::generalise(category, text, self.as_of, out)
            }
            (What::Category(category), Action::Shift) => self.shift(category, text, out),
            (What::Category(_), Action::Mask) => mask(text, out),
            (What::Category(category), Action::Token) => {
                let full = (span.seed != NONE && category == Category::Name)
                    .then(|| self.names[span.seed as usize].as_str())
                    .filter(|full| is_part_of_name(text, full));
                tokens.write(category.name(), full.unwrap_or(text), out);
            }
            (What::Category(category @ Category::Secret), _) | (What::Category(category), Action::Label) => {
                generalise::label(category, out);
            }
            (What::Category(_), Action::Remove) => out.push_str(REMOVED),
        }
    }

    /// A date moved by the subject's own number of days; the year where no subject is known.
    fn shift(&self, category: Category, text: &str, out: &mut String) {
        let days = self.shift_days.filter(|_| category == Category::Date);
        let moved = days.and_then(|days| generalise::shifted(text, days));
        match moved {
            Some(date) => out.push_str(&date),
            None => generalise::generalise(category, text, self.as_of, out),
        }
    }

    /// What stands for each key in which something was found: its replacement, with an ordinal where two keys of
    /// one object would become the same.
    pub(super) fn redacted_keys(&self) -> Keys {
        let spans = |unit: &Unit| &self.spans[unit.spans.0 as usize..unit.spans.1 as usize];
        let changed = |unit: &Unit| {
            unit.kind == Kind::Key && spans(unit).iter().any(|span| span.action != Action::Keep)
        };
        let objects: HashSet<u32> =
            self.units.iter().filter(|unit| changed(unit)).map(|unit| unit.container).collect();
        let mut keys = Keys::new();
        if objects.is_empty() {
            return keys;
        }
        let members = || self.units.iter().zip(0_u32..).filter(|(unit, _)| unit.kind == Kind::Key);
        let mut taken: HashSet<(u32, String)> = members()
            .filter(|(unit, _)| objects.contains(&unit.container) && !changed(unit))
            .map(|(unit, _)| (unit.container, self.text(unit.loc).to_owned()))
            .collect();
        let mut ordinals: HashMap<(u32, String), u32> = HashMap::new();
        for (unit, at) in members().filter(|(unit, _)| changed(unit)) {
            let mut key = String::new();
            self.decoded_out(at, unit, &mut key, &mut Vec::new());
            let count = ordinals.entry((unit.container, key.clone())).or_insert(1);
            let mut unique = key.clone();
            while !taken.insert((unit.container, unique.clone())) {
                *count += 1;
                unique = format!("{key} {count}");
            }
            keys.insert(at, unique);
        }
        keys
    }

    /// RFC 6901, with redacted keys as they are stored; a `#` behind it means the key, not its value, as in Relative
    /// JSON Pointer. At most [`POINTER_BYTES_MAX`] long. None for plain text.
    fn pointer(&self, unit: u32, steps: &mut Vec<(u32, u32)>) -> Option<String> {
        let at = unit;
        let unit = &self.units[at as usize];
        if unit.kind == Kind::Text {
            return None;
        }
        steps.clear();
        match unit.kind {
            Kind::Key => steps.push((at, 0)),
            _ if unit.container != NONE => steps.push((unit.key, unit.index)),
            _ => {}
        }
        let mut container = unit.container;
        while let Some(inner) = self.containers.get(container as usize) {
            if inner.parent != NONE {
                steps.push((inner.key, inner.index));
            }
            container = inner.parent;
        }
        let text = |key: u32| self.keys.get(&key).map_or_else(|| self.unit_text(key), String::as_str);
        let length = |(key, _): &(u32, u32)| 4 + if *key == NONE { 4 } else { text(*key).len() };
        let room: usize = steps.iter().map(length).sum();
        let mut pointer = String::with_capacity(room.min(POINTER_BYTES_MAX));
        for (key, index) in steps.iter().rev() {
            let length = pointer.len();
            pointer.push('/');
            match *key {
                NONE => push_number(*index, &mut pointer),
                key => {
                    let mut rest = text(key);
                    if rest.len() > POINTER_BYTES_MAX {
                        pointer.truncate(length);
                        return Some(pointer);
                    }
                    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'~' | b'/')) {
                        pointer.push_str(&rest[..at]);
                        pointer.push_str(if rest.as_bytes()[at] == b'~' { "~0" } else { "~1" });
                        rest = &rest[at + 1..];
                    }
                    pointer.push_str(rest);
                }
            }
            if pointer.len() > POINTER_BYTES_MAX {
                pointer.truncate(length);
                return Some(pointer);
            }
        }
        work::examined(pointer.len());
        if unit.kind == Kind::Key {
            pointer.push('#');
        }
        Some(pointer)
    }
}

fn push_number(number: u32, out: &mut String) {
    if number >= 10 {
        push_number(number / 10, out);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// All letters and digits but the last four become `*`; of less than eight, all.
fn mask(text: &str, out: &mut String) {
    let count = text.chars().filter(|c| c.is_alphanumeric()).count();
    let hidden = if count < 8 { count } else { count - 4 };
    let mut seen = 0;
    for c in text.chars() {
        let hide = c.is_alphanumeric() && seen < hidden;
        seen += usize::from(c.is_alphanumeric());
        out.push(if hide { '*' } else { c });
    }
}

/// The raw offset of an offset in the decoded text.
fn raw_offset(map: &[(u32, u32)], decoded: u32) -> usize {
    let known = map.partition_point(|(at, _)| *at <= decoded);
    let (at, raw) = known.checked_sub(1).map_or((0, 0), |last| map[last]);
    (raw + (decoded - at)) as usize
}
