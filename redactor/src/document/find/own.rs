//! What a policy says beyond its actions: its own patterns and deny lists where detectors do not look, values that it
//! allows, and places at which it keeps what was found.

use super::super::resolve::{Found, What};
use super::super::{Kind, NONE, Sheet, Unit};
use super::{Document, Finder};
use crate::detect::{Category, Hit};
use crate::policy::{Action, is_denied};

/// A hit that an allow list keeps.
pub(super) struct Allowed {
    at: usize,
    hit: Hit,
    rule: &'static str,
}

impl Finder<'_, '_> {
    /// Takes out of the hits of a text, those from `from` on, what an allow list keeps, and what lies inside of it: it
    /// gives away neither names nor numbers that are looked for elsewhere.
    pub(super) fn set_allowed_aside(&mut self, at: usize, from: usize) {
        let rules = self.document.engine.policy.rules();
        if self.room.hits.len() == from || rules.allow(self.document.as_of).next().is_none() {
            return;
        }
        let text = self.document.unit_text(self.room.scanned[at].unit);
        let kept = |hit: &Hit| hit.category != Category::Secret && !is_denied(hit.rule);
        let exact = |hit: &Hit| {
            let value = text.get(hit.start..hit.end)?;
            let list = rules.allow(self.document.as_of).find(|list| list.keeps(hit.category, value))?;
            Some((hit.start, hit.end, list.rule))
        };
        let allowed: Vec<_> =
            self.room.hits[from..].iter().filter(|hit| kept(hit)).filter_map(exact).collect();
        if allowed.is_empty() {
            return;
        }
        for hit in self.room.hits.split_off(from) {
            let around = allowed.iter().find(|(start, end, _)| *start <= hit.start && hit.end <= *end);
            match around.filter(|_| kept(&hit)) {
                Some((_, _, rule)) => self.allowed.push(Allowed { at, hit, rule }),
                None => self.room.hits.push(hit),
            }
        }
    }

    /// What was set aside is found, and kept; by what overlaps it, it goes all the same.
    pub(super) fn allowed(&self, at: usize, found: &mut Vec<Found>) {
        // Set aside in the order of the texts.
        let first = self.allowed.partition_point(|allowed| allowed.at < at);
        for Allowed { hit, rule, .. } in self.allowed[first..].iter().take_while(|allowed| allowed.at == at) {
            let kept = Found { action: Action::Keep, ..self.found(hit, NONE) };
            found.extend([Found { rule, ..kept.clone() }, kept]);
        }
    }

    /// Own rules in what the detectors do not scan: numbers, which go whole or are allowed, field names and words of a
    /// protocol.
    pub(super) fn own_in_unscanned(&self, unit: u32, found: &mut Vec<Found>) {
        let document = self.document;
        let rules = document.engine.policy.rules();
        if rules.is_empty() {
            return;
        }
        let given = &document.units[unit as usize];
        let text = document.text(given.loc);
        if given.kind == Kind::Number
            && let [number] = found.as_mut_slice()
            && let What::Category(category) = number.what
            && let Some(list) = rules.allow(document.as_of).find(|list| list.keeps(category, text))
        {
            number.action = Action::Keep;
            let reason = Found { rule: list.rule, ..number.clone() };
            found.push(reason);
        }
        if !rules.finds() || given.kind == Kind::Vector {
            return;
        }
        for hit in document.engine.own_hits(text, document.context(unit), document.as_of) {
            let (start, end) =
                if given.kind == Kind::Number { (0, text.len()) } else { (hit.start, hit.end) };
            found.push(self.found(&Hit { start, end, ..hit }, NONE));
        }
    }

    /// Keeps what stands where the policy has an exception.
    pub(super) fn excepted(&self, unit: u32, found: &mut Vec<Found>) {
        let document = self.document;
        let rules = document.engine.policy.rules();
        if found.is_empty() || !rules.has_exceptions() {
            return;
        }
        let given = &document.units[unit as usize];
        let root = document.sheets[given.sheet as usize].root as usize;
        let column = document.roots[root].context;
        // A column that is kept as it is has no name here, and no exception.
        let is_filter = document.pointers.is_empty();
        if column.is_none() != is_filter || rules.exceptions(column, document.as_of).next().is_none() {
            return;
        }
        let steps = document.steps(unit, root);
        let mut reasons = Vec::new();
        for part in found.iter_mut().filter(|part| !is_denied(part.rule)) {
            let What::Category(category) = part.what else { continue };
            let mut exceptions = rules.exceptions(column, document.as_of);
            let keeps = |exception: &&crate::policy::Exception| {
                exception.keeps(category, &steps, given.kind == Kind::Key)
            };
            if let Some(exception) = exceptions.find(keeps) {
                part.action = Action::Keep;
                reasons.push(Found { rule: exception.rule, ..part.clone() });
            }
        }
        found.append(&mut reasons);
    }
}

impl Document<'_> {
    /// The steps from a column to a unit, through JSON in strings.
    fn steps(&self, unit: u32, root: usize) -> Vec<String> {
        let mut steps = Vec::new();
        let mut unit = unit;
        loop {
            let given = &self.units[unit as usize];
            self.steps_in_sheet(unit, given, &mut steps);
            let Sheet { parent, .. } = self.sheets[given.sheet as usize];
            if parent == NONE {
                break;
            }
            unit = parent;
        }
        let column = self.pointers.get(root).map_or("", String::as_str);
        let column: Vec<&str> = column.split('/').skip(1).collect();
        steps.extend(column.into_iter().rev().map(str::to_owned));
        steps.reverse();
        steps
    }

    /// The steps inside one JSON text, innermost first.
    fn steps_in_sheet(&self, at: u32, unit: &Unit, steps: &mut Vec<String>) {
        let step = |key: u32, index: u32| match key {
            NONE => index.to_string(),
            key => self.unit_text(key).to_owned(),
        };
        match unit.kind {
            Kind::Text => return,
            Kind::Key => steps.push(self.unit_text(at).to_owned()),
            _ if unit.container != NONE => steps.push(step(unit.key, unit.index)),
            _ => {}
        }
        let mut container = unit.container;
        while let Some(inner) = self.containers.get(container as usize) {
            if inner.parent != NONE {
                steps.push(step(inner.key, inner.index));
            }
            container = inner.parent;
        }
    }
}
