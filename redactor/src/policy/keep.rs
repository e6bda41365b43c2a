//! What a policy keeps although a detector found something: exact values, and what stands at places that it names.
//! Secrets and denied values are never kept.

use std::collections::HashSet;

use schemas::{Class, event};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::entry::{self, Entry, EntryKind, Stated};
use super::{Place, PolicyError};
use crate::detect::Category;

/// The most allow lists of one policy, the most values over all of them, and the longest value in bytes.
pub(super) const LISTS_MAX: usize = 32;
pub(super) const VALUES_MAX: usize = 10_000;
const VALUE_BYTES_MAX: usize = 256;

/// The most exceptions of one policy, and the most steps of a pointer.
pub(super) const EXCEPTIONS_MAX: usize = 256;
const STEPS_MAX: usize = 32;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowFields {
    pub(super) name: Spanned<String>,
    category: Option<Spanned<String>>,
    pub(super) values: Vec<Spanned<String>>,
    owner: Spanned<String>,
    reason: Spanned<String>,
    expires: Spanned<Datetime>,
}

/// Values that are kept where a hit is exactly one of them.
pub(crate) struct AllowList {
    pub(crate) rule: &'static str,
    pub(crate) entry: Entry,
    category: Option<Category>,
    values: HashSet<String>,
}

impl AllowList {
    pub(super) fn new(place: &Place<'_>, fields: &AllowFields) -> Result<AllowList, PolicyError> {
        let AllowFields { name, owner, reason, expires, .. } = fields;
        let entry = entry::entry(place, &Stated { kind: EntryKind::Allow, name, owner, reason, expires })?;
        let category = fields.category.as_ref().map(|given| kept_category(place, given)).transpose()?;
        let mut values = HashSet::with_capacity(fields.values.len());
        for value in &fields.values {
            let text = value.get_ref();
            if text.trim().is_empty() || text.len() > VALUE_BYTES_MAX {
                let what = format!("a value of \"{}\" is not 1 to {VALUE_BYTES_MAX} bytes", entry.name);
                return Err(place.error(value.span().start, what, "write the value as it stands in texts"));
            }
            values.insert(text.clone());
        }
        Ok(AllowList {
            rule: entry::rule(place, name.span().start, "allow", &entry.name)?,
            entry,
            category,
            values,
        })
    }

    /// Whether it keeps a hit of this category that reads so.
    pub(crate) fn keeps(&self, category: Category, text: &str) -> bool {
        self.category.is_none_or(|only| only == category) && self.values.contains(text)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExceptionFields {
    pub(super) name: Spanned<String>,
    column: Option<Spanned<String>>,
    pointer: Spanned<String>,
    categories: Option<Spanned<Vec<Spanned<String>>>>,
    owner: Spanned<String>,
    reason: Spanned<String>,
    expires: Spanned<Datetime>,
}

/// A place at which values are kept.
pub(crate) struct Exception {
    pub(crate) rule: &'static str,
    pub(crate) entry: Entry,
    /// The column; none for the documents of the filter.
    pub(crate) column: Option<&'static str>,
    /// The steps of the pointer; None stands for any one step.
    steps: Vec<Option<String>>,
    /// All categories if empty.
    categories: Vec<Category>,
}

impl Exception {
    pub(super) fn new(
        place: &Place<'_>,
        fields: &ExceptionFields,
        harbor: bool,
    ) -> Result<Exception, PolicyError> {
        let ExceptionFields { name, owner, reason, expires, .. } = fields;
        let at = name.span().start;
        let entry =
            entry::entry(place, &Stated { kind: EntryKind::Exception, name, owner, reason, expires })?;
        if harbor {
            let what = format!(
                "the exception \"{}\" keeps identifiers, which is not Safe Harbor, 45 CFR 164.514(b)(2)",
                entry.name
            );
            return Err(place.error(
                at,
                what,
                "leave it out, or leave out the basis; a value that is no identifier can stand in [[allow]]",
            ));
        }
        let column = fields.column.as_ref().map(|given| column(place, given)).transpose()?;
        let mut categories = Vec::new();
        for given in fields.categories.iter().flat_map(|given| given.get_ref()) {
            categories.push(kept_category(place, given)?);
        }
        if let Some(given) = fields.categories.as_ref().filter(|given| given.get_ref().is_empty()) {
            return Err(place.error(
                given.span().start,
                "categories is empty",
                "name some, or leave the line out for all",
            ));
        }
        Ok(Exception {
            rule: entry::rule(place, at, "exception", &entry.name)?,
            steps: steps(place, &fields.pointer)?,
            column,
            categories,
            entry,
        })
    }

    /// Whether what it keeps may be a direct identifier.
    pub(super) fn keeps_any(&self, direct: impl Fn(&Category) -> bool) -> bool {
        self.categories.is_empty() || self.categories.iter().any(direct)
    }

    /// Whether it keeps this category at the value that these steps lead to, or below.
    pub(crate) fn keeps(&self, category: Category, steps: &[String], is_key: bool) -> bool {
        // A key belongs to the object around it, not to its own value.
        let deep_enough = steps.len() >= self.steps.len() + usize::from(is_key);
        category != Category::Secret
            && (self.categories.is_empty() || self.categories.contains(&category))
            && deep_enough
            && self.steps.iter().zip(steps).all(|(own, step)| own.as_ref().is_none_or(|own| own == step))
    }
}

fn kept_category(place: &Place<'_>, given: &Spanned<String>) -> Result<Category, PolicyError> {
    match entry::category(place, given)? {
        Category::Secret => {
            Err(place.error(given.span().start, "secrets are never kept", "leave SECRET out"))
        }
        category => Ok(category),
    }
}

fn column(place: &Place<'_>, given: &Spanned<String>) -> Result<&'static str, PolicyError> {
    let text = matches_text();
    let Some(column) = event::EVENT.columns.iter().find(|column| column.name == given.get_ref()) else {
        let what = format!("there is no column \"{}\"", given.get_ref());
        return Err(place.error(given.span().start, what, format!("one of {}", text.join(", "))));
    };
    match column.class {
        Class::FreeText | Class::Vocabulary | Class::ShapedId => Ok(column.name),
        Class::Workforce | Class::Subject => Err(place.error(
            given.span().start,
            format!("the column \"{}\" is treated as a whole", column.name),
            "[columns] says what becomes of it",
        )),
        _ => Err(place.error(
            given.span().start,
            format!("nothing is looked for in the column \"{}\"", column.name),
            format!("one of {}", text.join(", ")),
        )),
    }
}

fn matches_text() -> Vec<&'static str> {
    let columns = event::EVENT.columns.iter();
    columns.filter(|column| column.class == Class::FreeText).map(|column| column.name).collect()
}

/// The steps of an RFC 6901 pointer.
fn steps(place: &Place<'_>, pointer: &Spanned<String>) -> Result<Vec<Option<String>>, PolicyError> {
    let (at, text) = (pointer.span().start, pointer.get_ref());
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let Some(rest) = text.strip_prefix('/') else {
        return Err(place.error(
            at,
            "the pointer does not begin with /",
            "write an RFC 6901 pointer, such as /0/parts/*/content; \"\" is the whole column",
        ));
    };
    let steps: Vec<Option<String>> = rest
        .split('/')
        .map(|step| (step != "*").then(|| step.replace("~1", "/").replace("~0", "~")))
        .collect();
    entry::at_most(place, at, "steps of a pointer", steps.len(), STEPS_MAX)?;
    Ok(steps)
}
