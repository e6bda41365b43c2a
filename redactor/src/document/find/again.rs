//! Looking again where a span is glued to what stands beside it.
//!
//! What has no boundary to an identifier may be read as one only after that is replaced: `MRN 123-45-6789` right
//! behind letters, a password that runs into a phone number. A second pass over the output would find it, so such a
//! text, and only such a one, is read as that pass would see it, until nothing new is found.

use super::super::resolve::{DATE, Found, Resolved, add_rule, coarser};
use super::super::{Kind, NONE, Unit};
use super::{Finder, Scanned, What, blot_out, is_company};
use crate::detect::{self, Blots, Category, Hit, NEEDS_COMPANY, Text};
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
        self.no_number(unit, &mut spans[from..]);
        for _ in 0..ROUNDS_MAX {
            let text = self.document.text(unit.loc);
            if !glued(text, &spans[from..]) && !self.parts(at, text, &spans[from..]) {
                return;
            }
            let written = self.written(unit, &spans[from..]);
            let mut new = self.new_in(scanned, &written, company);
            let spans_known = &spans[from..];
            let known = |found: &Found| {
                let before = spans_known.partition_point(|span| span.start <= found.start);
                let around = before.checked_sub(1).map(|last| &spans_known[last]);
                around.is_some_and(|span| {
                    found.end <= span.end && (found.action <= span.action || span.action == Action::Keep)
                })
            };
            new.retain(|found| !known(found));
            if new.is_empty() {
                return;
            }
            merge(new, from, spans);
        }
    }

    /// Whether a span takes with it what parts the cells of a table or the members of an object: those behind it stand
    /// below other heads, or behind other keys. And whether what was a word may become the number of a member.
    fn parts(&self, at: usize, text: &str, spans: &[Resolved]) -> bool {
        let parts = |span: &Resolved| {
            let spelled = &text.as_bytes()[span.start as usize..span.end as usize];
            spelled.iter().any(|byte| PARTS[usize::from(*byte)])
                || span.action == Action::Generalise && spelled[0].is_ascii_alphabetic()
        };
        replaced(spans).any(parts)
            && (memchr::memchr(b'{', text.as_bytes()).is_some() || detect::has_head(&self.texts[at]))
    }

    /// Where JSON breaks off at a date, its year would be a number and the JSON go on: it becomes a label.
    fn no_number(&self, unit: &Unit, spans: &mut [Resolved]) {
        let text = self.document.text(unit.loc);
        if unit.kind == Kind::Text
            && unit.start > 0
            && let Some(first) = spans.first_mut().filter(|span| span.action == Action::Generalise)
            && text[..first.start as usize].trim_matches(['[', ' ', '\t', '\r', '\n']).is_empty()
        {
            first.action = Action::Label;
        }
    }

    /// Whether the document as it will be written holds an identifier of a person that is sure by itself, though as it
    /// is it holds none: a code that is found only as its own copy may be announced once it is a token.
    pub(super) fn company_again(
        &self,
        by_unit: &[u32],
        ranges: &[(u32, (u32, u32))],
        spans: &[Resolved],
    ) -> bool {
        ranges.iter().any(|(unit, (from, to))| {
            let spans = &spans[*from as usize..*to as usize];
            if by_unit[*unit as usize] == NONE || !spans.iter().any(|span| span.rules == "copy") {
                return false;
            }
            let written = self.written(&self.document.units[*unit as usize], spans);
            let own = self.document.engine.tokens.own(&written.text);
            self.read_written(&written.text, &own, *unit).iter().any(is_company)
        })
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
        let hits = self.read_written(&written.text, &own, scanned.unit);
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

    /// What the detectors find in a unit's text as it will be written, the engine's own tokens blotted out.
    fn read_written(&self, text: &str, own: &[(usize, usize)], unit: u32) -> Vec<Hit> {
        let blots = if own.is_empty() { Blots::None } else { Blots::Some };
        let key = self.document.context(unit);
        read(self.document.engine, &blot_out(text, own), key, self.document.as_of, blots)
    }

    /// The runs of base64 that show only in the text as it will be written.
    fn encoded(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let mut budget = text.len();
        opaque::runs(text, &mut budget, |run| {
            let (category, rule) = match &run.content {
                Content::Text(decoded) => {
                    let hits = read(self.document.engine, decoded, None, self.document.as_of, Blots::None);
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
fn read(engine: &Engine, text: &str, key: Option<&str>, as_of: i64, blots: Blots) -> Vec<Hit> {
    let mut hits = Vec::new();
    let folded = reading::folded(text);
    let plain = folded.as_ref().map_or(text, |view| view.text.as_str());
    let prepared = Text::with_blots(plain, key, as_of, blots);
    engine.detect(&prepared, &mut hits);
    let others = [reading::decoded(prepared.text), reading::joined(&prepared), reading::spelled(&prepared)];
    for other in others.into_iter().flatten() {
        let first = hits.len();
        engine.detect(&Text::with_blots(&other.text, key, as_of, blots), &mut hits);
        for hit in &mut hits[first..] {
            (hit.start, hit.end) = other.raw(hit.start, hit.end);
        }
    }
    if let Some(view) = &folded {
        for hit in &mut hits {
            (hit.start, hit.end) = view.raw(hit.start, hit.end);
        }
    }
    hits
}

fn replaced(spans: &[Resolved]) -> impl Iterator<Item = &Resolved> {
    spans.iter().filter(|span| span.action != Action::Keep)
}

/// The longest date, in bytes, that shortens nothing around it that was too long before.
const DATE_BYTES_MAX: usize = 32;

/// Whether a replacement may read otherwise together with what stands beside it: a letter or digit, another
/// replacement, any sign that neither opens nor ends a value, the rest of a value.
fn glued(text: &str, spans: &[Resolved]) -> bool {
    let bytes = text.as_bytes();
    let beside = |span: &Resolved| {
        let (start, end) = (span.start as usize, span.end as usize);
        let before = start.checked_sub(1).map(|at| bytes[at]);
        !before.is_none_or(|byte| OPENS[usize::from(byte)])
            || !ends(bytes, end)
            || matches!(before, Some(b'"' | b'\'')) && bytes.get(end).is_some_and(|end| Some(*end) != before)
            || span.action == Action::Generalise && shortened(text, span)
    };
    replaced(spans).any(beside) || spans.windows(2).any(|pair| pair[0].end == pair[1].start)
}

/// What may stand before a value and says no more of it.
static OPENS: [bool; 256] = signs(b" \t\r\n\"'`([{<>|,;:=*~^");

/// What parts cells and members.
static PARTS: [bool; 256] = signs(b"|\t;,{}[]\"'");

/// What may stand behind a value, and what may if a space or nothing follows it.
static ENDS: [bool; 256] = signs(b" \t\r\n\"'`)]}<>|,;*~^");
static ENDS_SENTENCE: [bool; 256] = signs(b".:!?");

const fn signs(signs: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < signs.len() {
        table[signs[at] as usize] = true;
        at += 1;
    }
    table
}

/// Whether a value ends plainly here.
fn ends(bytes: &[u8], at: usize) -> bool {
    let Some(byte) = bytes.get(at) else { return true };
    ENDS[usize::from(*byte)]
        || ENDS_SENTENCE[usize::from(*byte)] && bytes.get(at + 1).is_none_or(|next| ENDS[usize::from(*next)])
}

/// Whether a date that becomes a year, which a second pass does not know as its own, was longer than any date, or is
/// in words where another number is expected.
fn shortened(text: &str, span: &Resolved) -> bool {
    let (start, end) = (span.start as usize, span.end as usize);
    span.what == DATE
        && (end - start > DATE_BYTES_MAX
            || text.as_bytes()[start].is_ascii_alphabetic() && detect::begins_value(text, start))
}

/// Puts new findings among the spans, which stay disjoint: what overlaps becomes one.
pub(super) fn merge(new: Vec<Found>, from: usize, spans: &mut Vec<Resolved>) {
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
                } else if next.action == Action::Generalise && next.action == span.action {
                    span.what = coarser(next.what, span.what);
                }
                span.end = span.end.max(next.end);
            }
            None => spans.push(next),
        }
    }
}
