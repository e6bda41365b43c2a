//! What the [scorer] makes of the words that are left, where something was found or replaced before.

use std::ops::Range;

use super::super::Mode;
use super::super::resolve::{Found, Resolved};
use super::again::merge;
use super::{COPY_MIN, Finder, NONE, is_loose};
use crate::detect::{Category, Hit, Word};
use crate::policy::Action;
use crate::{scorer, work};

impl Finder<'_, '_> {
    /// Adds to the spans of a unit, those from `from` on, what the scorer finds beside them; to `learned` what of it may have
    /// copies.
    pub(super) fn left_over(
        &self,
        at: usize,
        from: usize,
        spans: &mut Vec<Resolved>,
        learned: &mut Vec<(usize, Hit)>,
    ) {
        let scanned = &self.room.scanned[at];
        let looked_for = matches!(self.document.mode(scanned.unit), Mode::Free | Mode::Json | Mode::Text);
        if spans.len() == from && scanned.own.is_empty() || !looked_for {
            return;
        }
        let replaced: Vec<Range<usize>> = scanned.own.iter().map(|(start, end)| *start..*end).collect();
        let mut covered: Vec<Range<usize>> = (spans[from..].iter())
            .map(|span| span.start as usize..span.end as usize)
            .chain(replaced.iter().cloned())
            .collect();
        if !scanned.own.is_empty() {
            covered.sort_unstable_by_key(|range| range.start);
        }
        let (text, written) = (&self.texts[at], self.document.unit_text(scanned.unit));
        work::examined(written.len());
        let mut hits = Vec::new();
        match self.views.get(&scanned.unit) {
            None => {
                let raw = |word: &Word| (word.start as usize, word.end as usize);
                scorer::find(text, written, raw, &replaced, &mut covered, &mut hits);
            }
            Some(view) => {
                let raw = |word: &Word| view.raw(word.start as usize, word.end as usize);
                scorer::find(text, written, raw, &replaced, &mut covered, &mut hits);
            }
        }
        if hits.is_empty() {
            return;
        }
        let rules = self.document.engine.policy.rules();
        let mut found = Vec::with_capacity(hits.len());
        for hit in hits {
            let value = &written[hit.start..hit.end];
            let mut lists = rules.allow(self.document.as_of).filter(|_| hit.category != Category::Secret);
            let allowed = lists.find(|list| list.keeps(hit.category, value));
            let digits = value.bytes().any(|byte| byte.is_ascii_digit());
            if allowed.is_none() && !is_loose(hit.category) && digits && value.len() >= COPY_MIN {
                learned.push((at, hit.clone()));
            }
            let told = self.found(&hit, NONE);
            match allowed {
                Some(list) => {
                    let kept = Found { action: Action::Keep, ..told };
                    found.extend([Found { rule: list.rule, ..kept.clone() }, kept]);
                }
                None => found.push(told),
            }
        }
        self.excepted(scanned.unit, &mut found);
        merge(found, from, spans);
    }
}
