//! The examples that a policy carries: texts, and what must come of them.

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::{Place, PolicyError, entry};

/// The most examples of one policy, and the longest text of one in bytes.
pub(super) const EXAMPLES_MAX: usize = 1000;
const TEXT_BYTES_MAX: usize = 64 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleFields {
    pub(super) name: Spanned<String>,
    text: Spanned<String>,
    expect: Option<String>,
    finds: Option<Vec<ExpectedFields>>,
    as_of: Option<Spanned<Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedFields {
    category: Spanned<String>,
    text: Option<String>,
    rule: Option<String>,
    action: Option<String>,
}

/// One `[[tests]]` of a policy.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// Its line in the policy file.
    pub line: usize,
    /// What goes in.
    pub text: String,
    /// What must come out; `[NAME:*]` stands for any token of that type.
    pub expect: Option<String>,
    /// What must be found, all of it and in the order of the text.
    pub finds: Option<Vec<Expected>>,
    /// When, in microseconds UTC; the time of the test if it does not say.
    pub as_of: Option<i64>,
}

/// A finding that an example expects.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Its category.
    pub category: &'static str,
    /// The text that was found, where it matters.
    pub text: Option<String>,
    /// A rule that must have fired, where it matters.
    pub rule: Option<String>,
    /// The action's name, where it matters.
    pub action: Option<String>,
}

impl Example {
    pub(super) fn new(place: &Place<'_>, fields: ExampleFields) -> Result<Example, PolicyError> {
        let at = fields.name.span().start;
        let name = entry::name(place, &fields.name)?.to_owned();
        if fields.expect.is_none() && fields.finds.is_none() {
            let what = format!("the test \"{name}\" expects nothing");
            return Err(place.error(at, what, "give it `expect`, the text that must come out, or `finds`"));
        }
        if fields.text.get_ref().len() > TEXT_BYTES_MAX {
            let what = format!("the test \"{name}\" is longer than {TEXT_BYTES_MAX} bytes");
            return Err(place.error(fields.text.span().start, what, "shorten it"));
        }
        let mut finds = None;
        if let Some(given) = fields.finds {
            let mut expected = Vec::with_capacity(given.len());
            for ExpectedFields { category, text, rule, action } in given {
                let category = entry::category(place, &category)?.name();
                expected.push(Expected { category, text, rule, action });
            }
            finds = Some(expected);
        }
        Ok(Example {
            name,
            line: place.line(at),
            text: fields.text.into_inner(),
            expect: fields.expect,
            finds,
            as_of: fields.as_of.as_ref().map(|day| entry::midnight(place, day)).transpose()?,
        })
    }
}
