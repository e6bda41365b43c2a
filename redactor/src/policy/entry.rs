//! Who put an entry into a policy, why, and until when; and the names that rules have in findings.
//!
//! An entry ends with the day that it names, in UTC, reckoned at the time of the event that is treated: the same
//! event treated again by the same policy comes out the same, whatever the clock says.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use toml::Spanned;
use toml::value::Datetime;

use super::{Place, PolicyError};
use crate::detect::Category;
use crate::generalise::days_since_epoch;

/// The longest owner or reason, in characters.
const TEXT_CHARS_MAX: usize = 200;

/// The most names that rules of policies may have had in one process. They stay in memory, since findings name them.
const RULE_NAMES_MAX: usize = 65_536;

const DAY_MICROS: i64 = 86_400_000_000;

/// What an entry of a policy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// `[[deny]]`
    Deny,
    /// `[[allow]]`
    Allow,
    /// `[[exceptions]]`
    Exception,
}

impl EntryKind {
    /// The word for it in messages.
    pub const fn name(self) -> &'static str {
        match self {
            EntryKind::Deny => "deny",
            EntryKind::Allow => "allow",
            EntryKind::Exception => "exception",
        }
    }
}

/// An entry that somebody answers for.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Its name.
    pub name: String,
    /// Who answers for it.
    pub owner: String,
    /// Why it is there.
    pub reason: String,
    /// The last day on which it holds, `YYYY-MM-DD`.
    pub expires: String,
    /// Its line in the policy file.
    pub line: usize,
    /// The first microsecond (UTC, since 1970) at which it holds no more.
    until: i64,
}

impl Entry {
    /// Whether it holds at this time, microseconds UTC.
    pub fn holds(&self, as_of: i64) -> bool {
        as_of < self.until
    }

    /// The days from this time on which it still holds; 0 on its last, negative when it holds no more.
    pub fn days_left(&self, as_of: i64) -> i64 {
        (self.until - 1 - as_of).div_euclid(DAY_MICROS)
    }
}

/// The fields that an entry states.
pub(super) struct Stated<'a> {
    pub(super) kind: EntryKind,
    pub(super) name: &'a Spanned<String>,
    pub(super) owner: &'a Spanned<String>,
    pub(super) reason: &'a Spanned<String>,
    pub(super) expires: &'a Spanned<Datetime>,
}

pub(super) fn entry(place: &Place<'_>, stated: &Stated<'_>) -> Result<Entry, PolicyError> {
    let name = name(place, stated.name)?;
    for (field, text) in [("owner", stated.owner), ("reason", stated.reason)] {
        let given = text.get_ref();
        if given.trim().is_empty()
            || given.chars().count() > TEXT_CHARS_MAX
            || given.contains(char::is_control)
        {
            return Err(place.error(
                text.span().start,
                format!("{field} of \"{name}\" is not one line of 1 to {TEXT_CHARS_MAX} characters"),
                "say who answers for the entry, and why it is there",
            ));
        }
    }
    let at = stated.expires.span().start;
    let Datetime { date: Some(date), time: None, offset: None } = *stated.expires.get_ref() else {
        let what = format!("expires of \"{name}\" is not a day");
        return Err(place.error(at, what, "write it without a time, such as expires = 2027-06-30"));
    };
    let (year, month, day) = (i64::from(date.year), i64::from(date.month), i64::from(date.day));
    Ok(Entry {
        kind: stated.kind,
        name: name.to_owned(),
        owner: stated.owner.get_ref().clone(),
        reason: stated.reason.get_ref().clone(),
        expires: date.to_string(),
        line: place.line(stated.name.span().start),
        until: (days_since_epoch(year, month, day) + 1) * DAY_MICROS,
    })
}

/// Midnight (UTC) with which a day begins, in microseconds since 1970.
pub(super) fn midnight(place: &Place<'_>, day: &Spanned<Datetime>) -> Result<i64, PolicyError> {
    let Datetime { date: Some(date), time: None, offset: None } = *day.get_ref() else {
        return Err(place.error(
            day.span().start,
            "as_of is not a day",
            "write it without a time: as_of = 2026-01-31",
        ));
    };
    Ok(days_since_epoch(i64::from(date.year), i64::from(date.month), i64::from(date.day)) * DAY_MICROS)
}

/// A name that can stand in findings.
pub(super) fn name<'a>(place: &Place<'_>, name: &'a Spanned<String>) -> Result<&'a str, PolicyError> {
    let text = name.get_ref();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if text.is_empty() || text.len() > 64 || !text.bytes().all(plain) {
        return Err(place.error(
            name.span().start,
            "a name is not 1 to 64 letters, digits, '-' or '_'",
            "it stands in every finding: keep it short",
        ));
    }
    Ok(text)
}

pub(super) fn category(place: &Place<'_>, category: &Spanned<String>) -> Result<Category, PolicyError> {
    Category::from_name(category.get_ref()).ok_or_else(|| {
        let known: Vec<_> = Category::ALL.iter().map(|category| category.name()).collect();
        let what = format!("unknown category \"{}\"", category.get_ref());
        place.error(category.span().start, what, format!("one of {}", known.join(", ")))
    })
}

/// Refuses more than so many of something.
pub(super) fn at_most(
    place: &Place<'_>,
    at: usize,
    what: &str,
    count: usize,
    max: usize,
) -> Result<(), PolicyError> {
    if count <= max {
        return Ok(());
    }
    Err(place.error(at, format!("{count} {what}; at most {max} are taken"), "leave some out"))
}

/// The rule's name for findings, `pattern.badge`, as long as the process lives.
pub(super) fn rule(
    place: &Place<'_>,
    at: usize,
    kind: &str,
    name: &str,
) -> Result<&'static str, PolicyError> {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let wanted = format!("{kind}.{name}");
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(wanted.as_str()) {
        return Ok(known);
    }
    if names.len() >= RULE_NAMES_MAX {
        let what = format!("this process has read policies with {RULE_NAMES_MAX} different names of rules");
        return Err(place.error(at, what, "start it anew"));
    }
    let kept: &'static str = Box::leak(wanted.into_boxed_str());
    names.insert(kept);
    Ok(kept)
}

/// Refuses a name that two entries of one kind have.
pub(super) fn once(place: &Place<'_>, names: &[&Spanned<String>]) -> Result<(), PolicyError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name.get_ref()) {
            let what = format!("the name \"{}\" stands twice", name.get_ref());
            return Err(place.error(
                name.span().start,
                what,
                "findings name the rule: give each a name of its own",
            ));
        }
    }
    Ok(())
}
