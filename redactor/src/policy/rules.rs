//! What a policy looks for and keeps beyond its actions: patterns, deny lists, allow lists, exceptions.

use super::deny::{self, DenyKeys, DenyList, DenyLists};
use super::entry::{self, Entry};
use super::keep::{self, AllowList, Exception};
use super::pattern::{self, Pattern, Patterns};
use super::{File, Place, PolicyError};
use crate::detect::{Category, Hit, Text};

/// A policy's own rules. Most policies have none, and then nothing of this costs anything.
#[derive(Default)]
pub(crate) struct Rules {
    patterns: Patterns,
    deny: DenyLists,
    allow: Vec<AllowList>,
    exceptions: Vec<Exception>,
}

impl Rules {
    pub(super) fn new(place: &Place<'_>, file: &File, harbor: bool) -> Result<Rules, PolicyError> {
        let File { patterns, deny, allow, exceptions, .. } = file;
        let start = |name: Option<&toml::Spanned<String>>| name.map_or(0, |name| name.span().start);
        let last = start(patterns.last().map(|fields| &fields.name));
        entry::at_most(place, last, "patterns", patterns.len(), pattern::PATTERNS_MAX)?;
        let last = start(deny.last().map(|fields| &fields.name));
        entry::at_most(place, last, "deny lists", deny.len(), deny::LISTS_MAX)?;
        let values = deny.iter().map(|fields| fields.values.len()).sum();
        entry::at_most(place, last, "denied values", values, deny::VALUES_MAX)?;
        let last = start(allow.last().map(|fields| &fields.name));
        entry::at_most(place, last, "allow lists", allow.len(), keep::LISTS_MAX)?;
        let values = allow.iter().map(|fields| fields.values.len()).sum();
        entry::at_most(place, last, "allowed values", values, keep::VALUES_MAX)?;
        let last = start(exceptions.last().map(|fields| &fields.name));
        entry::at_most(place, last, "exceptions", exceptions.len(), keep::EXCEPTIONS_MAX)?;
        let names = [
            patterns.iter().map(|fields| &fields.name).collect::<Vec<_>>(),
            deny.iter().map(|fields| &fields.name).collect(),
            allow.iter().map(|fields| &fields.name).collect(),
            exceptions.iter().map(|fields| &fields.name).collect(),
        ];
        for names in names {
            entry::once(place, &names)?;
        }
        Ok(Rules {
            patterns: Patterns::new(
                patterns.iter().map(|fields| Pattern::new(place, fields)).collect::<Result<_, _>>()?,
            ),
            deny: DenyLists::new(
                deny.iter().map(|fields| DenyList::new(place, fields)).collect::<Result<_, _>>()?,
            ),
            allow: allow.iter().map(|fields| AllowList::new(place, fields)).collect::<Result<_, _>>()?,
            exceptions: exceptions
                .iter()
                .map(|fields| Exception::new(place, fields, harbor))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Whether it neither finds nor allows anything.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        !self.finds() && self.allow.is_empty()
    }

    /// Whether there is anything to look for.
    #[inline]
    pub(crate) fn finds(&self) -> bool {
        !self.patterns.list.is_empty() || !self.deny.lists.is_empty()
    }

    /// Adds what the patterns and the deny lists find in a text, sorted by start, longest first, with what was found
    /// from `before` on.
    pub(crate) fn find(&self, keys: &DenyKeys, text: &Text<'_>, before: usize, hits: &mut Vec<Hit>) {
        let found = hits.len();
        self.patterns.find(text, hits);
        self.deny.find(keys, text, hits);
        if hits.len() > found {
            hits[before..].sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
        }
    }

    /// The allow lists that hold at this time.
    pub(crate) fn allow(&self, as_of: i64) -> impl Iterator<Item = &AllowList> {
        self.allow.iter().filter(move |list| list.entry.holds(as_of))
    }

    /// Whether there are exceptions at all.
    #[inline]
    pub(crate) fn has_exceptions(&self) -> bool {
        !self.exceptions.is_empty()
    }

    /// The exceptions that hold at this time, of a column or of the filter.
    pub(crate) fn exceptions(
        &self,
        column: Option<&'static str>,
        as_of: i64,
    ) -> impl Iterator<Item = &Exception> {
        self.exceptions
            .iter()
            .filter(move |exception| exception.column == column && exception.entry.holds(as_of))
    }

    /// The entries that somebody answers for.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        let deny = self.deny.lists.iter().map(|list| &list.entry);
        let allow = self.allow.iter().map(|list| &list.entry);
        deny.chain(allow).chain(self.exceptions.iter().map(|exception| &exception.entry))
    }

    /// How many patterns there are.
    pub(super) fn patterns(&self) -> usize {
        self.patterns.list.len()
    }

    /// The line of the rule of this name.
    pub(super) fn line(&self, rule: &str) -> Option<usize> {
        let patterns = self.patterns.list.iter().map(|pattern| (pattern.rule, pattern.line));
        let deny = self.deny.lists.iter().map(|list| (list.rule, list.entry.line));
        let allow = self.allow.iter().map(|list| (list.rule, list.entry.line));
        let exceptions = self.exceptions.iter().map(|exception| (exception.rule, exception.entry.line));
        patterns
            .chain(deny)
            .chain(allow)
            .chain(exceptions)
            .find(|(known, _)| *known == rule)
            .map(|(_, line)| line)
    }

    /// Whether an exception may keep what `direct` says is a direct identifier.
    pub(super) fn keeps_any(&self, direct: impl Fn(&Category) -> bool) -> bool {
        self.exceptions.iter().any(|exception| exception.keeps_any(&direct))
    }

    /// Refuses deny lists of categories that are kept.
    pub(super) fn check_actions(&self, is_kept: impl Fn(Category) -> bool) -> Result<(), PolicyError> {
        self.deny.lists.iter().try_for_each(|list| list.check_action(&is_kept))
    }

    /// Refuses deny lists that were hashed under another key than the one in use.
    pub(crate) fn check_keys(&self, keys: &DenyKeys) -> Result<(), PolicyError> {
        self.deny.lists.iter().try_for_each(|list| list.check_key(keys))
    }
}

/// Whether a rule is a policy's own.
pub(crate) fn is_own(rule: &str) -> bool {
    is_denied(rule) || rule.starts_with("pattern.")
}

/// Whether a rule is that of a deny list.
pub(crate) fn is_denied(rule: &str) -> bool {
    rule.starts_with("deny.")
}

#[cfg(test)]
mod tests;
