//! What is made of a text's hits as they come in: cut at cells, read on, read otherwise, told by their key.

use std::ops::Range;

use super::super::{Kind, Mode};
use super::{Finder, is_capitalised_name, is_key_of_name};
use crate::detect::{Category, Hit, NEEDS_COMPANY, Names, Text};
use crate::policy::is_own;
use crate::reading::{self, Reading};
use crate::shape;

impl<'d> Finder<'d, '_> {
    /// Takes in what the detectors found in the text at `at`, and what else there is to find in it.
    pub(super) fn take_in(&mut self, at: usize, detected: &[Hit]) {
        let from = self.room.hits.len();
        self.room.hits.extend_from_slice(detected);
        self.cut_at_cells(at, from);
        self.read_on(at, from);
        self.by_key(at, from);
        self.set_allowed_aside(at, from);
        self.room.scanned[at].hits = (from, self.room.hits.len());
    }

    /// Cuts names that reach over cells of a table there: two cells are two values. What lies beside them stays a name.
    fn cut_at_cells(&mut self, at: usize, from: usize) {
        const CELL: &str = "table.cell";
        let hits = &mut self.room.hits;
        if !hits[from..].iter().any(|hit| hit.rule == CELL) {
            return;
        }
        let text = self.texts[at].text;
        let cells: Vec<Range<usize>> =
            hits[from..].iter().filter(|hit| hit.rule == CELL).map(|cell| cell.start..cell.end).collect();
        let mut parts = Vec::new();
        for hit in &mut hits[from..] {
            if hit.category != Category::Name || hit.rule == CELL || is_own(hit.rule) {
                continue;
            }
            let first = cells.partition_point(|cell| cell.end <= hit.start);
            let mut over = cells[first..].iter().take_while(|cell| cell.start < hit.end).peekable();
            if over.peek().is_none_or(|cell| cell.start <= hit.start && hit.end <= cell.end) {
                continue;
            }
            let (mut begin, end) = (hit.start, hit.end);
            for (before, behind) in over.map(|cell| (cell.start, cell.end)).chain([(end, end)]) {
                let part =
                    text.get(begin..before).unwrap_or("").trim_start_matches(|c| !char::is_alphanumeric(c));
                let start = before.max(begin) - part.len();
                let part = part.trim_end_matches(|c| !char::is_alphanumeric(c));
                if !part.is_empty() {
                    parts.push(Hit { start, end: start + part.len(), ..hit.clone() });
                }
                begin = begin.max(behind);
            }
            // Nothing is left of it here.
            hit.end = hit.start;
        }
        if hits[from..].iter().any(|hit| hit.start == hit.end) {
            hits.extend(parts);
            let mut kept = hits.split_off(from);
            kept.retain(|hit| hit.start < hit.end);
            kept.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
            hits.append(&mut kept);
        }
    }

    /// Brings what was found in a folded text back to the text, and looks into the other readings of the text.
    fn read_on(&mut self, at: usize, from: usize) {
        let text = &self.texts[at];
        if let Some(view) = self.views.get(&self.room.scanned[at].unit) {
            Names::seeds(text, &self.room.hits[from..], &mut self.seeds);
            for hit in &mut self.room.hits[from..] {
                (hit.start, hit.end) = view.raw(hit.start, hit.end);
            }
        }
        if self.room.hits[from..].iter().any(|hit| hit.category == Category::Name) {
            self.number_of_name(at, from);
        }
        let text = &self.texts[at];
        // The signs of escapes; `=` alone may be quoted-printable.
        let escaped = [b'%', b'&', b'\\', b'='].iter().any(|sign| text.may_hold(*sign));
        let decoded = escaped.then(|| reading::decoded(text.text)).flatten();
        if let Some(decoded) = decoded {
            self.read_also(at, decoded);
        }
        if let Some(joined) = reading::joined(&self.texts[at]) {
            self.read_also(at, joined);
        }
        if let Some(spelled) = reading::spelled(&self.texts[at]) {
            self.read_also(at, spelled);
        }
    }

    /// The number in brackets right behind a name: "Jane Doe (70444444)".
    fn number_of_name(&mut self, at: usize, from: usize) {
        const DIGITS: std::ops::RangeInclusive<usize> = 6..=12;
        let bytes = self.document.unit_text(self.room.scanned[at].unit).as_bytes();
        let last = self.room.hits.len();
        for next in from..last {
            let hit = &self.room.hits[next];
            let behind = bytes.get(hit.end..).unwrap_or_default();
            if hit.category != Category::Name || hit.score < NEEDS_COMPANY || !behind.starts_with(b" (") {
                continue;
            }
            let digits = behind[2..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if DIGITS.contains(&digits) && matches!(behind.get(2 + digits), Some(b')' | b',' | b';')) {
                let (start, category) = (hit.end + 2, Category::Mrn);
                self.room.hits.push(Hit {
                    start,
                    end: start + digits,
                    category,
                    rule: "name.number",
                    score: 0.8,
                });
            }
        }
        if self.room.hits.len() > last {
            self.room.hits[from..].sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
        }
    }

    fn read_also(&mut self, at: usize, reading: Reading) {
        let first = self.room.hits.len();
        {
            let given = &self.texts[at];
            let text = Text::with_blots(&reading.text, given.key, given.as_of, given.blots);
            self.document.engine.detect(&text, &mut self.room.hits);
            Names::seeds(&text, &self.room.hits[first..], &mut self.seeds);
        }
        let own = &self.room.scanned[at].own;
        let mut kept = first;
        for next in first..self.room.hits.len() {
            let mut hit = self.room.hits[next].clone();
            (hit.start, hit.end) = self.raw(at, &reading, hit.start, hit.end);
            // A hit that is nothing but the engine's own words says nothing.
            let nearest = own.partition_point(|(start, _)| *start <= hit.start).checked_sub(1);
            let own_words = nearest.is_some_and(|nearest| hit.end <= own[nearest].1);
            if hit.start < hit.end && !own_words {
                self.room.hits[kept] = hit;
                kept += 1;
            }
        }
        self.room.hits.truncate(kept);
        self.others.push((at, reading));
    }

    /// Where a span of a further reading lies in its unit.
    pub(super) fn raw(&self, at: usize, reading: &Reading, start: usize, end: usize) -> (usize, usize) {
        let (start, end) = reading.raw(start, end);
        self.views.get(&self.room.scanned[at].unit).map_or((start, end), |view| view.raw(start, end))
    }

    /// The whole value under a telling key, and nothing under a key that makes it nobody's.
    fn by_key(&mut self, at: usize, from: usize) {
        let scanned = &self.room.scanned[at];
        if self.document.mode(scanned.unit) == Mode::Word {
            self.word_of_nobody(at);
            return;
        }
        let unit = &self.document.units[scanned.unit as usize];
        if unit.kind == Kind::Key {
            let text = self.document.text(unit.loc);
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            if digits >= 5 && digits == text.len() && self.document.among_persons(unit) {
                let (end, category) = (text.len(), Category::Mrn);
                self.room.hits.push(Hit { start: 0, end, category, rule: "key.of_person", score: 0.9 });
            }
        }
        if unit.kind != Kind::String {
            return;
        }
        let text = self.document.text(unit.loc);
        // What was redacted before is not taken whole again: its length and its digits are the tokens'.
        if !scanned.own.is_empty() {
            return;
        }
        let told = self
            .document
            .telling(unit)
            .filter(|category| self.document.fits(unit, *category, text) || self.document.is_part(unit));
        let credential = || {
            let credential = self.document.is_credential(unit, text) || self.document.is_cookie(unit, text);
            credential.then_some(Category::Secret)
        };
        let address = || self.document.is_address(unit, text).then_some(Category::Address);
        if let Some(category) = told.or_else(credential).or_else(address) {
            self.room.hits.push(Hit { start: 0, end: text.len(), category, rule: "key", score: 0.95 });
        } else if let Some(name) =
            self.room.hits[from..].iter().find(|hit| hit.category == Category::Name && hit.start == 0)
            && text.get(name.end..).is_some_and(is_capitalised_name)
            && self.document.context(scanned.unit).is_some_and(is_key_of_name)
        {
            // "Brisk" is a word, and behind "Quen" a surname.
            let name = Hit { end: text.len(), rule: "key.name", ..name.clone() };
            self.room.hits.push(name);
        }
    }

    /// Numbers of six digits and more in what should be a word: of a vocabulary only dates are such.
    fn word_of_nobody(&mut self, at: usize) {
        let text = &self.texts[at];
        for index in text.numbers() {
            let (word, spelled) = (text.words()[index], text.spelled(index));
            let digits = spelled.bytes().filter(u8::is_ascii_digit).count();
            if digits >= 6 && !shape::compact_date(spelled) && !shape::hex_id(spelled) {
                let (start, end) = (word.start as usize, word.end as usize);
                let (start, end) = match self.views.get(&self.room.scanned[at].unit) {
                    Some(view) => view.raw(start, end),
                    None => (start, end),
                };
                let category = Category::UniqueId;
                self.room.hits.push(Hit { start, end, category, rule: "vocabulary.number", score: 0.7 });
            }
        }
    }
}
