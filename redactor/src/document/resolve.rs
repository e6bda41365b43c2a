//! Disjoint spans of what may overlap, failing closed: the union of what overlaps, the strictest action of its
//! parts, the ids of all rules that fired.

use std::borrow::Cow;

use super::NONE;
use crate::detect::{Category, NEEDS_COMPANY};
use crate::policy::Action;

/// What a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Found by a detector, or given by a key.
    Category(Category),
    /// An identifier of a request in which something was found.
    Id,
    /// A run of base64: index into the document's list.
    Opaque(u32),
    /// An embedding.
    Vector,
    /// Too deep or too much to look into.
    Beyond,
}

impl What {
    /// The name in findings.
    pub(crate) fn name(self) -> &'static str {
        match self {
            What::Category(category) => category.name(),
            What::Id => "ID",
            What::Opaque(_) | What::Vector | What::Beyond => crate::token::OPAQUE,
        }
    }

    /// The letter of the law, where it has one.
    pub(crate) fn cfr(self) -> Option<&'static str> {
        match self {
            What::Category(category) => category.cfr(),
            What::Id => Some("R"),
            What::Opaque(_) | What::Vector | What::Beyond => None,
        }
    }
}

/// Something found, before overlaps are settled. Offsets in the unit's decoded text.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) what: What,
    pub(crate) action: Action,
    pub(crate) rule: &'static str,
    pub(crate) score: f32,
    /// The full name of which this is a mention: index into the document's names.
    pub(crate) seed: u32,
}

/// A span to write. Those of one unit are disjoint and in order.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) what: What,
    pub(crate) action: Action,
    pub(crate) rules: Cow<'static, str>,
    pub(crate) score: f32,
    pub(crate) seed: u32,
}

/// Settles the overlaps of one unit and appends its spans to `out`. Leaves `found` empty.
pub(crate) fn resolve(found: &mut Vec<Found>, out: &mut Vec<Resolved>) {
    found.sort_by(|a, b| {
        let places = || is_place(b).cmp(&is_place(a));
        a.start.cmp(&b.start).then(b.end.cmp(&a.end)).then_with(places).then(a.rule.cmp(b.rule))
    });
    let first = out.len();
    let mut longest = 0;
    // The place that was begun last, and what it covers.
    let mut place: Option<(u32, u32, f32)> = None;
    for next in found.drain(..).filter(|found| found.start < found.end) {
        if is_place(&next) && place.is_none_or(|(_, end, _)| next.end > end) {
            place = Some((next.start, next.end, next.score));
        } else if place.is_some_and(|place| names_place(&next, place)) {
            continue;
        }
        let overlaps = out.len() > first && out.last().is_some_and(|span| next.start < span.end);
        let Some(span) = out.last_mut().filter(|_| overlaps) else {
            longest = next.end - next.start;
            out.push(Resolved {
                start: next.start,
                end: next.end,
                what: next.what,
                action: next.action,
                rules: Cow::Borrowed(next.rule),
                score: next.score,
                seed: next.seed,
            });
            continue;
        };
        let known = match &span.rules {
            Cow::Borrowed(only) => *only == next.rule,
            Cow::Owned(rules) => rules.split(',').any(|rule| rule == next.rule),
        };
        if !known {
            add_rule(&mut span.rules, next.rule);
        }
        let length = next.end - next.start;
        if next.action == Action::Generalise && next.action == span.action && next.what != span.what {
            span.what = coarser(next.what, span.what);
        } else if (next.action, next.score, length) > (span.action, span.score, longest) {
            (span.what, span.action, longest) = (next.what, next.action, length);
        }
        span.end = span.end.max(next.end);
        span.score = span.score.max(next.score);
        if span.seed == NONE {
            span.seed = next.seed;
        }
    }
}

/// Whether a place or an address goes, and is sure enough to say what the words in it are.
fn is_place(found: &Found) -> bool {
    matches!(found.what, What::Category(Category::Place | Category::Address))
        && found.action != Action::Keep
        && found.score >= NEEDS_COMPANY
}

/// Whether a name is part of a place: `Boston` of "Boston, MA", `Martin Luther King` of a street. Taken for a person's, the whole
/// would become one, and what a place may keep, its state, be lost.
fn names_place(found: &Found, (start, end, score): (u32, u32, f32)) -> bool {
    let inside = found.start >= start && found.end <= end;
    let whole = (found.start, found.end) == (start, end);
    found.what == What::Category(Category::Name) && inside && (!whole || found.score < score)
}

pub(crate) const DATE: What = What::Category(Category::Date);

/// Of two overlapping kinds that are made coarse, the one that keeps less: an age keeps the words around its number,
/// which may be the rest of a date, and a date keeps its year, which may be a house number.
pub(crate) fn coarser(a: What, b: What) -> What {
    let order = |what: What| match what {
        What::Category(Category::Age) => 0,
        What::Category(Category::Date) => 1,
        What::Category(Category::Place | Category::Address) => 3,
        _ => 2,
    };
    if order(a) > order(b) { a } else { b }
}

/// Adds a rule behind a comma. Most spans have one rule, and need no string of their own.
pub(crate) fn add_rule(rules: &mut Cow<'static, str>, rule: &str) {
    if let Cow::Borrowed(only) = rules {
        let mut joined = String::with_capacity(64);
        joined.push_str(only);
        *rules = Cow::Owned(joined);
    }
    let joined = rules.to_mut();
    joined.push(',');
    joined.push_str(rule);
}

#[cfg(test)]
mod tests;
