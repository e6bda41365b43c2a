//! What is stored at all, by topic and purpose, beside any action: texts or only their keyed hashes, and which columns
//! (GDPR Art. 5(1)(c): no more than the purpose needs).

use schemas::event;
use serde::Deserialize;
use toml::Spanned;

use super::{Place, PolicyError, entry};

/// The most `[[store]]` entries of one policy, and the most topics or purposes of one.
pub(super) const ENTRIES_MAX: usize = 64;
const NAMES_MAX: usize = 256;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoreFields {
    pub(super) name: Spanned<String>,
    topics: Option<Vec<Spanned<String>>>,
    purposes: Option<Vec<Spanned<String>>>,
    content: Option<Spanned<String>>,
    columns: Option<Spanned<Vec<Spanned<String>>>>,
}

/// What is stored of the events of some topics and purposes.
pub(crate) struct Store {
    /// Its rule in findings, `store.<name>`.
    pub(crate) rule: &'static str,
    pub(super) name: String,
    pub(super) line: usize,
    /// All if empty.
    topics: Vec<String>,
    /// All, and events without one, if empty. In lower case.
    purposes: Vec<String>,
    /// Whether texts leave as keyed hash, type and length.
    pub(crate) hash_only: bool,
    /// By position in the event: whether the column is stored. All if empty.
    columns: Vec<bool>,
}

impl Store {
    pub(super) fn new(place: &Place<'_>, fields: &StoreFields) -> Result<Store, PolicyError> {
        let name = entry::name(place, &fields.name)?;
        let at = fields.name.span().start;
        let names = |what: &str, given: &Option<Vec<Spanned<String>>>| {
            let given = given.as_deref().unwrap_or_default();
            entry::at_most(place, at, what, given.len(), NAMES_MAX)?;
            if let Some(empty) = given.iter().find(|name| name.get_ref().trim().is_empty()) {
                let what = format!("one of the {what} is empty");
                return Err(place.error(empty.span().start, what, "name it, or leave the line out for all"));
            }
            Ok(given.iter().map(|name| name.get_ref().clone()).collect::<Vec<_>>())
        };
        let hash_only = match &fields.content {
            None => false,
            Some(content) if content.get_ref() == "redacted" => false,
            Some(content) if content.get_ref() == "hash_only" => true,
            Some(content) => {
                let what = format!("unknown content \"{}\"", content.get_ref());
                return Err(place.error(content.span().start, what, "write \"redacted\" or \"hash_only\""));
            }
        };
        let columns = fields.columns.as_ref().map(|given| columns(place, given.get_ref())).transpose()?;
        if !hash_only && columns.is_none() {
            let what = format!("\"{name}\" leaves nothing out");
            return Err(place.error(
                at,
                what,
                "give it content = \"hash_only\", or the columns that are stored",
            ));
        }
        Ok(Store {
            rule: entry::rule(place, at, "store", name)?,
            name: name.to_owned(),
            line: place.line(at),
            topics: names("topics", &fields.topics)?,
            purposes: names("purposes", &fields.purposes)?.iter().map(|name| name.to_lowercase()).collect(),
            hash_only,
            columns: columns.unwrap_or_default(),
        })
    }

    /// Whether it speaks of an event of this topic and purpose.
    pub(crate) fn is_of(&self, topic: &str, purpose: Option<&str>) -> bool {
        let of_purpose = || {
            purpose.is_some_and(|purpose| {
                let purpose = purpose.trim().to_lowercase();
                self.purposes.contains(&purpose)
            })
        };
        (self.topics.is_empty() || self.topics.iter().any(|name| name == topic))
            && (self.purposes.is_empty() || of_purpose())
    }

    /// Whether a column is stored.
    pub(crate) fn keeps(&self, position: usize) -> bool {
        self.columns.get(position).is_none_or(|kept| *kept)
    }

    /// In words, for `policy diff`.
    pub(super) fn told(&self) -> String {
        let content = if self.hash_only { "hash_only" } else { "redacted" };
        let columns = match self.columns.iter().filter(|kept| **kept).count() {
            0 => "all columns".to_owned(),
            some => format!("{some} columns"),
        };
        let of = |names: &[String]| if names.is_empty() { "all".to_owned() } else { names.join(" ") };
        format!("topics {}, purposes {}: {content}, {columns}", of(&self.topics), of(&self.purposes))
    }
}

/// By position: those that are named, and those without which no event can be stored or explained.
fn columns(place: &Place<'_>, given: &[Spanned<String>]) -> Result<Vec<bool>, PolicyError> {
    let all = event::EVENT.columns;
    let always = [event::FINDINGS, event::HASH_KEY_ID];
    let mut kept: Vec<bool> =
        all.iter().enumerate().map(|(at, column)| !column.nullable || always.contains(&at)).collect();
    for name in given {
        let Some(position) = all.iter().position(|column| column.name == name.get_ref()) else {
            let what = format!("there is no column \"{}\"", name.get_ref());
            return Err(place.error(
                name.span().start,
                what,
                "docs/lake-format.md and `\\d events` in psql list them",
            ));
        };
        kept[position] = true;
    }
    Ok(kept)
}
