//! What is found in a unit, settled: hits, mentions of names, copies, opaque parts, the engine's own words.

use std::ops::Range;

use super::super::resolve::{Found, Resolved, What, resolve};
use super::super::{Care, Kind, Mode, NONE};
use super::copies::{self, Copies, Copy, word_key};
use super::{Finder, NAME, SURE, Scanned, covering, is_number, of_digits};
use crate::detect::{self, Category, Hit, Mention, NEEDS_COMPANY, Names, Text, Word};
use crate::policy::{Action, Treatment, is_denied, is_own};
use crate::{generalise, reading, shape, work};

impl<'d> Finder<'d, '_> {
    pub(super) fn settle(&mut self, names: Option<&Names>, company: bool, spans: &mut Vec<Resolved>) {
        let document = self.document;
        let copies = self.copies();
        let mut by_unit = std::mem::take(&mut self.room.by_unit);
        let mut found = std::mem::take(&mut self.room.found);
        let mut mentions = std::mem::take(&mut self.room.mentions);
        let mut ranges = std::mem::take(&mut self.room.ranges);
        let mut sheets = std::mem::take(&mut self.room.sheets);
        let mut changed = std::mem::take(&mut self.room.changed);
        by_unit.resize(document.units.len(), NONE);
        for (scanned, at) in self.room.scanned.iter().zip(0..) {
            by_unit[scanned.unit as usize] = at;
        }
        sheets.resize(document.sheets.len(), false);
        changed.resize(document.sheets.len(), false);
        let mut learned: Vec<(usize, Hit)> = Vec::new();
        // Sheets that hold others come before them: going backwards, what lies inside is settled first.
        let own_rules = document.engine.policy.rules().finds();
        for (at, sheet) in document.sheets.iter().enumerate().rev() {
            for unit in sheet.units.0..sheet.units.1 {
                let given = &document.units[unit as usize];
                if given.care == Care::Skip && !own_rules {
                    continue;
                }
                if given.nested != NONE {
                    sheets[at] |= sheets[given.nested as usize];
                    changed[at] |= changed[given.nested as usize];
                    continue;
                }
                let scanned = by_unit[unit as usize];
                if scanned == NONE {
                    self.unscanned(unit, copies.as_ref(), &mut found);
                } else {
                    let scanned = scanned as usize;
                    self.detected(scanned, company, &mut found);
                    if let Some(names) = names {
                        self.mentioned(scanned, names, &mut mentions, &mut found);
                    }
                    if let Some(copies) = &copies {
                        self.copied(scanned, copies, &mut found);
                    }
                    self.allowed(scanned, &mut found);
                    self.opaque(unit, &changed, &mut found);
                    self.keep_own(scanned, &mut found);
                    self.surnames(scanned, &mut found);
                }
                let written = scanned != NONE && !self.room.scanned[scanned as usize].own.is_empty();
                if found.is_empty() && !written {
                    continue;
                }
                self.excepted(unit, &mut found);
                let from = spans.len();
                resolve(&mut found, spans);
                if scanned != NONE {
                    if spans.len() > from {
                        self.again(scanned as usize, company, from, spans);
                    }
                    if company && document.engine.scores {
                        self.left_over(scanned as usize, from, spans, &mut learned);
                    }
                }
                if document.engine.policy.observes() {
                    spans[from..].iter_mut().for_each(|span| span.action = Action::Keep);
                }
                self.whole(unit, from, spans);
                if spans.len() > from {
                    sheets[at] = true;
                    changed[at] |= spans[from..].iter().any(|span| span.action != Action::Keep);
                    ranges.push((unit, (from as u32, spans.len() as u32)));
                }
            }
        }
        let alone = !company && self.company_again(&by_unit, &ranges, spans);
        let room = &mut *self.room;
        (room.by_unit, room.found, room.mentions) = (by_unit, found, mentions);
        (room.ranges, room.sheets, room.changed) = (ranges, sheets, changed);
        // What the scorer found of numbers and codes is looked for in all texts, too, as what the rules found was.
        let taught = !alone && room.learned.is_empty() && !learned.is_empty();
        if taught {
            learned.sort_by_key(|(at, hit)| (*at, hit.start));
            room.learned = learned;
        }
        if alone || taught {
            for list in [&mut room.sheets, &mut room.changed] {
                list.clear();
            }
            room.ranges.clear();
            spans.clear();
            self.settle(names, company || alone, spans);
        }
    }

    pub(super) fn detected(&self, at: usize, company: bool, found: &mut Vec<Found>) {
        let scanned = &self.room.scanned[at];
        let learned = self.learned(at).next().is_some();
        found.extend(self.learned(at).map(|hit| self.found(hit, NONE)));
        if scanned.hits.0 == scanned.hits.1 {
            return;
        }
        let unit = &self.document.units[scanned.unit as usize];
        let text = self.document.text(unit.loc);
        let neutral = unit.kind == Kind::String && shape::neutral(text);
        let mut version = None;
        for hit in &self.room.hits[scanned.hits.0..scanned.hits.1] {
            // The versions of some interfaces are dates: `"anthropic-version": "2023-06-01"`.
            let dated = hit.category == Category::Date && hit.start == 0 && unit.kind == Kind::String;
            if dated && !is_own(hit.rule) && *version.get_or_insert_with(|| self.document.is_version(unit)) {
                continue;
            }
            // The same in an address.
            let versioned = || text.get(..hit.start).is_some_and(|before| before.ends_with("api-version="));
            if hit.category == Category::Date && !is_own(hit.rule) && versioned() {
                continue;
            }
            if (!neutral || hit.rule == "key" || is_own(hit.rule)) && self.counts(scanned, text, hit, company)
            {
                found.push(self.found(hit, NONE));
            }
        }
        // Each list is in order; together they must be, too.
        if learned {
            found.sort_by_key(|found| found.start);
        }
    }

    /// Whether a hit in this text of a unit is one in this document.
    pub(super) fn counts(&self, scanned: &Scanned, text: &str, hit: &Hit, company: bool) -> bool {
        let looked_for = match self.document.mode(scanned.unit) {
            Mode::SecretsOnly => hit.category == Category::Secret,
            Mode::Caller => hit.category == Category::Secret || hit.score >= SURE && is_number(hit.category),
            _ => true,
        } || is_denied(hit.rule);
        (company || hit.score >= NEEDS_COMPANY)
            && looked_for
            && !(hit.category == Category::Age && generalise::is_coarse_age(text, hit.start, hit.end))
    }

    fn mentioned(&self, at: usize, names: &Names, mentions: &mut Vec<Mention>, found: &mut Vec<Found>) {
        if matches!(self.document.mode(self.room.scanned[at].unit), Mode::SecretsOnly | Mode::Caller) {
            return;
        }
        mentions.clear();
        names.find(&self.texts[at], mentions);
        if let Some(view) = self.views.get(&self.room.scanned[at].unit) {
            for Mention { hit, .. } in mentions.iter_mut() {
                (hit.start, hit.end) = view.raw(hit.start, hit.end);
            }
        }
        // Readings are listed in the order of their texts.
        let others = self.others.partition_point(|(of, _)| *of < at);
        for (_, reading) in self.others[others..].iter().take_while(|(of, _)| *of == at) {
            let first = mentions.len();
            names.find(&Text::new(&reading.text, self.texts[at].key, self.texts[at].as_of), mentions);
            for Mention { hit, .. } in &mut mentions[first..] {
                (hit.start, hit.end) = self.raw(at, reading, hit.start, hit.end);
            }
        }
        let detected = found.len();
        for mention in mentions.iter() {
            let (start, end) = (mention.hit.start as u32, mention.hit.end as u32);
            let seed = mention.seed.map_or(NONE, |seed| seed as u32);
            match covering(&found[..detected], start, end).filter(|by| found[*by].what == NAME) {
                Some(by) => found[by].seed = seed,
                None => found.push(self.found(&mention.hit, seed)),
            }
        }
    }

    /// Bare copies of what is a number or a code elsewhere, where nothing else was found.
    pub(super) fn copied(&self, at: usize, copies: &Copies<'_>, found: &mut Vec<Found>) {
        let scanned = &self.room.scanned[at];
        let kept = matches!(self.document.mode(scanned.unit), Mode::SecretsOnly | Mode::Caller);
        if kept {
            return;
        }
        let view = self.views.get(&scanned.unit);
        // The engine's own tokens may hold a value; they are blotted out in the prepared text.
        let written = self.written.iter().find(|(of, _)| *of == at).map(|(_, text)| text);
        let text = written.unwrap_or(&self.texts[at]);
        let bytes = text.text.as_bytes();
        work::examined(bytes.len());
        let inside = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let detected = found.len();
        let mut add = |start: usize, end: usize, category: Category| {
            // A copy begins behind no letter or digit and ends before none.
            if inside(start.checked_sub(1).map(|before| &bytes[before])) || inside(bytes.get(end)) {
                return;
            }
            let (start, end) = view.map_or((start, end), |view| view.raw(start, end));
            if covering(&found[..detected], start as u32, end as u32).is_none() {
                let hit = Hit { start, end, category, rule: "copy", score: 0.9 };
                found.push(self.found(&hit, NONE));
            }
        };
        let mut copy = |copy: &Copy<'_>, word: &Range<usize>| {
            if let Some((start, end)) = copy.at(bytes, word) {
                add(start, end, copy.category);
            }
        };
        let mut word = |word: &Word| {
            let key = word_key(bytes, word);
            if copies.may_begin(key) {
                copies.of_key(key).for_each(|value| copy(value, &word.range()));
            }
        };
        let letters = copies.letters && copies.sign.is_none_or(|sign| text.may_hold(sign));
        if letters && copies.plain {
            text.words().iter().for_each(word);
        } else {
            if letters {
                text.rare().for_each(|(_, found)| word(found));
            }
            text.numbers().for_each(|index| word(&text.words()[index]));
        }
        for word in text.numbers().map(|index| &text.words()[index]) {
            if let Some(number) = copies::filled_up(&bytes[word.range()])
                && let Some(known) = copies.of_part(number).find(|copy| copy.value.as_bytes() == number)
            {
                add(word.start as usize, word.end as usize, known.category);
            }
        }
        if text.text.is_ascii() {
            return;
        }
        // A letter beyond ASCII beside a value makes it no other value.
        for word in text.words().iter().filter(|word| !bytes[word.range()].is_ascii()) {
            let mut from = word.start as usize;
            for run in bytes[word.range()].split(|byte| !byte.is_ascii()) {
                let part = from..from + run.len();
                for value in copies.of_part(run) {
                    if let Some((start, end)) = value.at(bytes, &part) {
                        add(start, end, value.category);
                    }
                }
                from += run.len() + 1;
            }
        }
    }

    pub(super) fn opaque(&self, unit: u32, changed: &[bool], found: &mut Vec<Found>) {
        // Opaque parts are listed in the order of their units.
        let first = self.document.opaques.partition_point(|opaque| opaque.unit < unit);
        for (opaque, at) in self.document.opaques[first..].iter().zip(first as u32..) {
            if opaque.unit != unit {
                break;
            }
            if opaque.sheet == NONE || changed[opaque.sheet as usize] {
                let (start, end, rule) =
                    (opaque.start, opaque.end, if opaque.sheet == NONE { "opaque" } else { "base64" });
                let what = What::Opaque(at);
                found.push(Found { start, end, what, action: Action::Remove, rule, score: 1.0, seed: NONE });
            }
        }
    }

    /// Takes the engine's own tokens out of whatever overlaps them.
    fn keep_own(&self, at: usize, found: &mut Vec<Found>) {
        let scanned = &self.room.scanned[at];
        if scanned.own.is_empty() {
            return;
        }
        self.take_own_out(self.document.unit_text(scanned.unit), &scanned.own, found);
    }

    /// Family names right behind a name that was found, or was replaced before.
    fn surnames(&self, at: usize, found: &mut Vec<Found>) {
        const OWN_NAME: &str = "[NAME";
        let scanned = &self.room.scanned[at];
        if found.is_empty() && scanned.own.is_empty()
            || matches!(self.document.mode(scanned.unit), Mode::SecretsOnly | Mode::Caller)
        {
            return;
        }
        let (text, view) = (&self.texts[at], self.views.get(&scanned.unit));
        let raw = |word: &Word| {
            let (start, end) = (word.start as usize, word.end as usize);
            view.map_or((start, end), |view| view.raw(start, end))
        };
        // The word behind the one that ends there, if it is a family name.
        let surname = |end: usize| {
            let index = text.words().partition_point(|word| raw(word).1 < end);
            let ended = text.joint(index) == b' ' && raw(&text.words()[index]).1 == end;
            ended.then(|| text.word_at(index + 1)).flatten().filter(|word| detect::is_surname(word)).map(raw)
        };
        let unit_text = self.document.unit_text(scanned.unit);
        let own = scanned.own.iter().filter(|(start, _)| unit_text[*start..].starts_with(OWN_NAME));
        let names = found.iter().filter(|found| found.what == NAME).map(|name| name.end as usize);
        let behind: Vec<_> = own.map(|(_, end)| *end).chain(names).filter_map(surname).collect();
        if behind.is_empty() {
            return;
        }
        // Where each part begins, and how far it and those before it reach.
        let mut reach: Vec<(usize, usize)> =
            found.iter().map(|found| (found.start as usize, found.end as usize)).collect();
        reach.sort_unstable();
        reach.iter_mut().fold(0, |most, (_, end)| {
            *end = most.max(*end);
            *end
        });
        for first in behind {
            let mut next = Some(first);
            while let Some((start, end)) = next {
                let begun = reach.partition_point(|(from, _)| *from < end);
                if begun.checked_sub(1).is_some_and(|last| reach[last].1 > start) {
                    break;
                }
                let (category, rule) = (Category::Name, "name.surname");
                found.push(self.found(&Hit { start, end, category, rule, score: 0.6 }, NONE));
                next = surname(end);
            }
        }
    }

    /// Takes these parts of a text out of whatever overlaps them.
    pub(super) fn take_own_out(&self, text: &str, own: &[(usize, usize)], found: &mut Vec<Found>) {
        // The letter of an escape between two tokens is nothing, nor is a number of which only the token has digits.
        let worth = |found: &Found| {
            let part = &text[found.start as usize..found.end as usize];
            let numberless =
                || !reading::plain(part).contains(char::is_numeric) && !reading::spells_digit(part);
            if of_digits(found) && numberless() {
                return false;
            }
            let mut told = false;
            for (at, piece) in part.split('\\').enumerate() {
                let escape = if piece.starts_with('u') { 5 } else { 1 };
                told |= piece.chars().skip(if at > 0 { escape } else { 0 }).any(char::is_alphanumeric);
            }
            told && !generalise::is_remainder(part)
        };
        // Own tokens are in order and disjoint: each hit looks at those that it overlaps, and at no other.
        for hit in std::mem::take(found) {
            work::examined((hit.end - hit.start) as usize);
            let first = own.partition_point(|(_, end)| *end as u32 <= hit.start);
            let mut overlapped =
                own[first..].iter().take_while(|(start, _)| (*start as u32) < hit.end).peekable();
            if overlapped.peek().is_none() {
                found.push(hit);
                continue;
            }
            let mut from = hit.start;
            for (start, end) in overlapped {
                let before = Found { start: from, end: *start as u32, ..hit.clone() };
                from = *end as u32;
                found.extend(Some(before).filter(|part| part.start < part.end && worth(part)));
            }
            found.extend(
                Some(Found { start: from, ..hit }).filter(|part| part.start < part.end && worth(part)),
            );
        }
    }

    /// Numbers under telling keys and copies of numbers, embeddings, and what is beyond the limits.
    fn unscanned(&self, unit: u32, copies: Option<&Copies<'_>>, found: &mut Vec<Found>) {
        let given = &self.document.units[unit as usize];
        let text = self.document.text(given.loc);
        let end = text.len();
        if given.care == Care::Beyond {
            let (end, what) = (end as u32, What::Beyond);
            found.push(Found {
                start: 0,
                end,
                what,
                action: Action::Remove,
                rule: "limit",
                score: 1.0,
                seed: NONE,
            });
        } else if given.kind == Kind::Vector && self.document.engine.policy.opaque() != Treatment::Keep {
            let (end, what, rule) = (end as u32, What::Vector, "opaque.vector");
            found.push(Found { start: 0, end, what, action: Action::Remove, rule, score: 1.0, seed: NONE });
        } else if given.kind == Kind::Number
            && let Some(category) = self.document.number_tells(given)
        {
            found.push(self.found(&Hit { start: 0, end, category, rule: "key.number", score: 0.95 }, NONE));
        } else if given.kind == Kind::Number
            && !matches!(self.document.mode(unit), Mode::SecretsOnly | Mode::Caller)
            && let Some(known) =
                copies.and_then(|copies| copies.of_part(text.as_bytes()).find(|known| known.value == text))
        {
            let category = known.category;
            found.push(self.found(&Hit { start: 0, end, category, rule: "copy", score: 0.9 }, NONE));
        }
        self.own_in_unscanned(unit, found);
    }

    /// Of an identifier of a request, a hit takes the whole, so that both sides of a join get one token; and so
    /// it does of a copy of it elsewhere in the record.
    pub(super) fn whole(&self, unit: u32, from: usize, spans: &mut Vec<Resolved>) {
        let copy = || {
            let text = self.document.unit_text(unit);
            self.document.roots.iter().any(|root| root.mode == Mode::Whole && root.text == text)
        };
        if spans.len() == from || !(self.document.mode(unit) == Mode::Whole || copy()) {
            return;
        }
        let worst = spans[from..].iter().max_by_key(|span| span.action).cloned();
        let Some(worst) = worst.filter(|worst| worst.action != Action::Keep) else { return };
        spans.truncate(from);
        let secret = worst.what == What::Category(Category::Secret);
        let action =
            if secret { Action::Remove } else { self.document.engine.policy.action(Category::UniqueId) };
        let what = if secret { worst.what } else { What::Id };
        let end = self.document.unit_text(unit).len() as u32;
        spans.push(Resolved { start: 0, end, what, action: action.max(Action::Token), ..worst });
    }
}
