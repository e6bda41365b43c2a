//! Looking again where a span is glued to what stands beside it.
//!
//! What has no boundary to an identifier may be read as one only after that is replaced: `MRN 123-45-6789` right
//! behind letters, a password that runs into a phone number. A second pass over the output would find it, so such a
//! text, and only such a one, is read as that pass would see it, until nothing new is found.

use super::super::resolve::{Found, Resolved, add_rule};
use super::super::{NONE, Unit};
use super::{Finder, Scanned, What, blot_out};
use crate::detect::{Category, Hit, NEEDS_COMPANY, Text};
use crate::engine::Engine;
use crate::opaque::{self, Content};
use crate::policy::{Action, Treatment};
use crate::reading;

/// The most times that a text is looked at again. Each time but the last finds something.
const ROUNDS_MAX: usize = 4;

/// A text as it will be written, and where its pieces come from: (start, end) here, (start, end) in the unit.
struct Written {
    text: String,
    replaced: Vec<((usize, usize), (usize, usize))>,
}

impl Written {
    /// The span of the unit that a span here stands for; what touches a replacement takes the whole of it.
    fn back(&self, start: usize, end: usize) -> (usize, usize) {
        let side = |at: usize, first: bool| {
            let before =
                self.replaced.partition_point(|((from, _), _)| if first { *from <= at } else { *from < at });
            match before.checked_sub(1).map(|last| self.replaced[last]) {
                None => at,
                Some(((_, to), (start, end))) if at < to || at == to && !first => {
                    if first {
                        start
                    } else {
                        end
                    }
                }
                Some(((_, to), (_, end))) => end + (at - to),
            }
        };
        (side(start, true), side(end, false))
    }
}

impl Finder<'_, '_> {
    /// Adds to the spans of a unit, those from `from` on, what only their replacement brings to light.
    pub(super) fn again(&self, at: usize, company: bool, from: usize, spans: &mut Vec<Resolved>) {
        let scanned = &self.room.scanned[at];
        let unit = &self.document.units[scanned.unit as usize];
        for _ in 0..ROUNDS_MAX {
            if !glued(self.document.text(unit.loc), &spans[from..]) {
                return;
            }
            let written = self.written(unit, &spans[from..]);
            let mut new = self.new_in(scanned, &written, company);
            let spans_known = &spans[from..];
            let known = |found: &Found| {
                let before = spans_known.partition_point(|span| span.start <= found.start);
                before > 0 && found.end <= spans_known[before - 1].end
            };
            new.retain(|found| !known(found));
            if new.is_empty() {
                return;
            }
            merge(new, from, spans);
        }
    }

    fn written(&self, unit: &Unit, spans: &[Resolved]) -> Written {
        let text = self.document.text(unit.loc);
        let mut written = Written { text: String::with_capacity(text.len()), replaced: Vec::new() };
        let mut at = 0;
        for span in spans {
            let (start, end) = (span.start as usize, span.end as usize);
            written.text.push_str(&text[at..start]);
            let here = written.text.len();
            // Whose name it is makes no difference to what stands beside it.
            self.document.replacement(unit, &Resolved { seed: NONE, ..span.clone() }, &mut written.text);
            written.replaced.push(((here, written.text.len()), (start, end)));
            at = end;
        }
        written.text.push_str(&text[at..]);
        written
    }

    /// What is found in a text as it will be written, but for the engine's own tokens, in offsets of the unit.
    fn new_in(&self, scanned: &Scanned, written: &Written, company: bool) -> Vec<Found> {
        let own = self.document.engine.tokens.own(&written.text);
        let masked = blot_out(&written.text, &own);
        let key = self.document.context(scanned.unit);
        let mut hits = Vec::new();
        read(self.document.engine, &masked, key, self.document.as_of, &mut hits);
        let mut found = self.encoded(&written.text);
        for part in &mut found {
            let (start, end) = written.back(part.start as usize, part.end as usize);
            (part.start, part.end) = (start as u32, end as u32);
        }
        for hit in hits.iter().filter(|hit| self.counts(scanned, &written.text, hit, company)) {
            let mut parts = vec![self.found(hit, NONE)];
            self.take_own_out(&written.text, &own, &mut parts);
            for part in parts {
                let (start, end) = written.back(part.start as usize, part.end as usize);
                found.push(Found { start: start as u32, end: end as u32, ..part });
            }
        }
        found
    }

    /// The runs of base64 that show only in the text as it will be written.
    fn encoded(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let mut budget = text.len();
        opaque::runs(text, &mut budget, |run| {
            let (category, rule) = match &run.content {
                Content::Text(decoded) => {
                    let mut hits = Vec::new();
                    read(self.document.engine, decoded, None, self.document.as_of, &mut hits);
                    let sure = hits.iter().filter(|hit| hit.score >= NEEDS_COMPANY);
                    let action = |hit: &&Hit| self.document.engine.policy.action(hit.category);
                    match sure.max_by_key(action).filter(|hit| action(hit) != Action::Keep) {
                        Some(hit) => (hit.category, "base64"),
                        None => return,
                    }
                }
                Content::Bytes(_) if self.document.engine.policy.opaque() == Treatment::Keep => return,
                Content::Bytes(_) => (Category::UniqueId, "opaque"),
            };
            found.push(self.found(&Hit { start: run.start, end: run.end, category, rule, score: 0.9 }, NONE));
        });
        found
    }
}

/// All that the detectors find in a text and its readings, in offsets of the text.
fn read(engine: &Engine, text: &str, key: Option<&str>, as_of: i64, hits: &mut Vec<Hit>) {
    let folded = reading::folded(text);
    let prepared = Text::new(folded.as_ref().map_or(text, |view| view.text.as_str()), key, as_of);
    engine.detect(&prepared, hits);
    let others = [reading::decoded(prepared.text), reading::joined(&prepared), reading::spelled(&prepared)];
    for other in others.into_iter().flatten() {
        let first = hits.len();
        engine.detect(&Text::new(&other.text, key, as_of), hits);
        for hit in &mut hits[first..] {
            (hit.start, hit.end) = other.raw(hit.start, hit.end);
        }
    }
    if let Some(view) = &folded {
        for hit in hits {
            (hit.start, hit.end) = view.raw(hit.start, hit.end);
        }
    }
}

/// Whether a letter or digit stands right beside a span that is to be replaced.
fn glued(text: &str, spans: &[Resolved]) -> bool {
    let bytes = text.as_bytes();
    let wordy = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
    spans.iter().filter(|span| span.action != Action::Keep).any(|span| {
        let (start, end) = (span.start as usize, span.end as usize);
        start > 0 && wordy(start - 1) || wordy(end)
    }) || spans.windows(2).any(|pair| pair[0].end == pair[1].start)
}

/// Puts new findings among the spans, which stay disjoint: what overlaps becomes one.
fn merge(new: Vec<Found>, from: usize, spans: &mut Vec<Resolved>) {
    let mut all: Vec<Resolved> = spans.drain(from..).collect();
    all.extend(new.into_iter().map(|found| Resolved {
        start: found.start,
        end: found.end,
        what: found.what,
        action: found.action,
        rules: found.rule.into(),
        score: found.score,
        seed: found.seed,
    }));
    all.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
    for next in all {
        match spans[from..].last_mut().filter(|span| next.start < span.end) {
            Some(span) => {
                if !span.rules.split(',').any(|rule| rule == next.rules) {
                    add_rule(&mut span.rules, &next.rules);
                }
                if next.action > span.action
                    || matches!(next.what, What::Opaque(_)) && next.action == span.action
                {
                    (span.what, span.action) = (next.what, next.action);
                }
                span.end = span.end.max(next.end);
            }
            None => spans.push(next),
        }
    }
}
