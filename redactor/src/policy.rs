//! The policy: what becomes of each category of identifier. A TOML file, hashed into every lake that used it.
//!
//! ```toml
//! name = "ward"
//! version = "1"
//! basis = "safe_harbor"                   # optional: refuse what 45 CFR 164.514(b)(2) does not permit
//! identifiers_stored = "acknowledged"     # needed by `ingest` if direct identifiers are kept
//! mode = "redact"                         # redact | observe: find and count, change nothing
//! [actions]
//! default = "token"                       # every category without a line of its own
//! DATE = "generalise"
//! [columns]
//! workforce = "topic"                     # topic | keep | token | label | remove
//! subject = "token"                       # token | label | remove | keep
//! opaque = "hash"                         # hash | keep: base64, data: URLs, embeddings
//! ```
//!
//! `[[patterns]]`, `[[deny]]`, `[[allow]]`, `[[exceptions]]`, `[[store]]` and `[[tests]]` each have a file of their own below `policy/`.
//!
//! Secrets are removed whatever a policy says; any other action for them is an error, not a surprise later. Only with
//! `mode = "observe"` everything stays, and then `ingest` refuses the policy.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use crate::detect::Category;

mod check;
mod deny;
mod entry;
mod example;
mod gate;
mod keep;
mod pattern;
mod rules;
mod store;
mod validator;

pub(crate) use deny::DenyKeys;
pub use deny::{WORDS_MAX as DENY_WORDS_MAX, hash as deny_hash};
pub use entry::{Entry, EntryKind};
pub use example::{Example, Expected};
pub(crate) use keep::Exception;
pub(crate) use rules::{Rules, is_denied, is_own};
pub(crate) use store::Store;

/// The largest policy file, in bytes.
pub const POLICY_BYTES_MAX: usize = 8 << 20;

/// What is done with a span. Ordered: the later is the stricter, and of overlapping spans the strictest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Left as it is; a finding is still written.
    Keep,
    /// Made coarser: dates to the year, ages over 89 to `90+`, ZIP codes to three digits, places to the state.
    Generalise,
    /// Dates moved by a number of days that is the subject's own; to the year where no subject is known.
    Shift,
    /// All but the last four characters replaced by `*`.
    Mask,
    /// Replaced by a keyed token: the same value, the same token.
    Token,
    /// Replaced by the category's name in brackets.
    Label,
    /// Replaced by `[REMOVED]`, or by the category's name for a secret: `[SECRET]`.
    Remove,
}

impl Action {
    /// The name, as in policies and findings.
    pub const fn name(self) -> &'static str {
        match self {
            Action::Keep => "keep",
            Action::Generalise => "generalise",
            Action::Shift => "shift",
            Action::Mask => "mask",
            Action::Token => "token",
            Action::Label => "label",
            Action::Remove => "remove",
        }
    }

    const ALL: &[Action] = &[
        Action::Keep,
        Action::Generalise,
        Action::Shift,
        Action::Mask,
        Action::Token,
        Action::Label,
        Action::Remove,
    ];
}

/// What is done with a whole column of class workforce or subject, or with an opaque part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// Kept if the topic says that its callers are workforce, else tokenised.
    Topic,
    /// Kept; secrets in it still go.
    Keep,
    /// Replaced by a keyed token.
    Token,
    /// Replaced by a label.
    Label,
    /// No value is stored.
    Remove,
    /// Replaced by a keyed hash, type and size.
    Hash,
}

impl Treatment {
    const ALL: &[(&str, Treatment)] = &[
        ("topic", Treatment::Topic),
        ("keep", Treatment::Keep),
        ("token", Treatment::Token),
        ("label", Treatment::Label),
        ("remove", Treatment::Remove),
        ("hash", Treatment::Hash),
    ];

    /// The name, as in policies.
    pub fn name(self) -> &'static str {
        Treatment::ALL.iter().find(|(_, treatment)| *treatment == self).map_or("", |(name, _)| name)
    }
}

/// A policy that was read and is sound. Cheap to clone.
#[derive(Clone)]
pub struct Policy {
    inner: Arc<Inner>,
}

struct Inner {
    name: String,
    version: String,
    bytes: Vec<u8>,
    sha256: String,
    actions: [Action; Category::ALL.len()],
    workforce: Treatment,
    subject: Treatment,
    opaque: Treatment,
    acknowledged: bool,
    observes: bool,
    rules: Rules,
    store: Vec<Store>,
    examples: Vec<Example>,
    lines: Lines,
}

/// The lines of a policy file that decide, from 1.
struct Lines {
    actions: [usize; Category::ALL.len()],
}

/// Why a policy was not taken. Every policy is refused whole: none is half applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// Line in the policy file, from 1.
    pub line: usize,
    /// Column in that line, characters from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// How to get out of it.
    pub way_out: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "policy, line {}, column {}: {}; {}", self.line, self.column, self.what, self.way_out)
    }
}

impl std::error::Error for PolicyError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    version: Spanned<String>,
    /// What the policy is for, for people.
    #[serde(default, rename = "description")]
    _description: Option<String>,
    basis: Option<Spanned<String>>,
    identifiers_stored: Option<Spanned<String>>,
    mode: Option<Spanned<String>>,
    actions: Spanned<BTreeMap<Spanned<String>, Spanned<String>>>,
    #[serde(default)]
    columns: Columns,
    #[serde(default)]
    patterns: Vec<pattern::PatternFields>,
    #[serde(default)]
    deny: Vec<deny::DenyFields>,
    #[serde(default)]
    allow: Vec<keep::AllowFields>,
    #[serde(default)]
    exceptions: Vec<keep::ExceptionFields>,
    #[serde(default)]
    store: Vec<store::StoreFields>,
    #[serde(default)]
    tests: Vec<example::ExampleFields>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    workforce: Option<Spanned<String>>,
    subject: Option<Spanned<String>>,
    opaque: Option<Spanned<String>>,
}

const BUILT_IN: &[(&str, &str)] = &[
    ("strict", include_str!("../policies/strict.toml")),
    ("safe_harbor", include_str!("../policies/safe_harbor.toml")),
    ("coded", include_str!("../policies/coded.toml")),
    ("limited_data_set", include_str!("../policies/limited_data_set.toml")),
    ("gdpr", include_str!("../policies/gdpr.toml")),
    ("secrets_only", include_str!("../policies/secrets_only.toml")),
    ("observe", include_str!("../policies/observe.toml")),
];

impl Policy {
    /// The names that [`Policy::profile`] knows.
    pub const PROFILES: &[&str] =
        &["strict", "safe_harbor", "coded", "limited_data_set", "gdpr", "secrets_only", "observe"];

    /// A policy that is built into the program.
    pub fn profile(name: &str) -> Option<Policy> {
        let (_, text) = BUILT_IN.iter().find(|(profile, _)| *profile == name)?;
        Some(Policy::parse(text.as_bytes()).expect("the tests parse every built-in policy"))
    }

    /// Reads a policy file.
    ///
    /// # Errors
    /// With line and column: what is not TOML, names that do not exist, actions that a category or the stated
    /// basis does not permit, categories without an action.
    pub fn parse(toml: &[u8]) -> Result<Policy, PolicyError> {
        if toml.len() > POLICY_BYTES_MAX {
            let what = format!("{} bytes; a policy has at most {POLICY_BYTES_MAX}", toml.len());
            return Err(Place { text: "" }.error(0, what, "shorten its lists"));
        }
        let text = std::str::from_utf8(toml).map_err(|error| {
            let before = String::from_utf8_lossy(&toml[..error.valid_up_to()]);
            Place { text: &before }.error(before.len(), "not UTF-8", "save the file as UTF-8")
        })?;
        let place = Place { text };
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            place.error(
                at,
                error.message().replace('\n', " "),
                "docs/redaction-policy.md describes every field",
            )
        })?;
        let inner = check::check(&place, file, toml)?;
        Ok(Policy { inner: Arc::new(inner) })
    }

    /// Name of the policy.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// Version that the policy states.
    pub fn version(&self) -> &str {
        &self.inner.version
    }

    /// SHA-256 of the policy's bytes, lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.inner.sha256
    }

    /// `name/version sha256:…`, as the column `redaction_policy` has it.
    pub fn reference(&self) -> String {
        format!("{}/{} sha256:{}", self.name(), self.version(), &self.sha256()[..16])
    }

    /// The policy's bytes, exactly as they were read.
    pub fn bytes(&self) -> &[u8] {
        &self.inner.bytes
    }

    /// What is done with a category.
    pub fn action(&self, category: Category) -> Action {
        self.inner.actions[category as usize]
    }

    /// What is done with columns that say who in the organisation made a call.
    pub fn workforce(&self) -> Treatment {
        self.inner.workforce
    }

    /// What is done with columns that say whom a call was about.
    pub fn subject(&self) -> Treatment {
        self.inner.subject
    }

    /// What is done with base64 blobs, `data:` URLs and embeddings.
    pub fn opaque(&self) -> Treatment {
        self.inner.opaque
    }

    /// What it looks for and keeps beyond its actions.
    #[inline]
    pub(crate) fn rules(&self) -> &Rules {
        &self.inner.rules
    }

    /// What is stored of an event of this topic and purpose, where that is not all.
    #[inline]
    pub(crate) fn store(&self, topic: &str, purpose: Option<&str>) -> Option<&Store> {
        self.inner.store.iter().find(|store| store.is_of(topic, purpose))
    }

    /// What it stores of which topics and purposes: names, and what they say.
    pub fn stores(&self) -> impl Iterator<Item = (&str, String)> {
        self.inner.store.iter().map(|store| (store.name.as_str(), store.told()))
    }

    /// How many patterns of its own it has.
    pub fn patterns(&self) -> usize {
        self.inner.rules.patterns()
    }

    /// Its deny lists, allow lists and exceptions.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.inner.rules.entries()
    }

    /// The examples that it carries.
    pub fn examples(&self) -> &[Example] {
        &self.inner.examples
    }

    /// The line of the file that says what is done with a category.
    pub fn line_of_action(&self, category: Category) -> usize {
        self.inner.lines.actions[category as usize]
    }

    /// The line of the file that has a rule of the policy's own, such as `pattern.badge`.
    pub fn line_of_rule(&self, rule: &str) -> Option<usize> {
        let store = self.inner.store.iter().find(|store| store.rule == rule);
        store.map(|store| store.line).or_else(|| self.inner.rules.line(rule))
    }

    /// Whether identifiers in texts are replaced by keyed tokens.
    pub fn makes_tokens(&self) -> bool {
        Category::ALL.iter().any(|category| self.action(*category) == Action::Token)
    }

    /// The direct identifiers (45 CFR 164.514(e)(2)) of subjects that this policy stores as they are: names of
    /// categories, and `subject columns`. Dates, ages, towns and ZIP codes are not direct.
    pub fn identifiers_kept(&self) -> Vec<&'static str> {
        let direct = |category: &Category| {
            use Category::{Age, Date, Place, Secret, Zip};
            !matches!(category, Age | Date | Place | Zip | Secret)
        };
        let mut kept: Vec<&'static str> = Category::ALL
            .iter()
            .filter(|category| direct(category) && self.action(**category) == Action::Keep)
            .map(|category| category.name())
            .collect();
        if self.inner.subject == Treatment::Keep {
            kept.push("subject columns");
        }
        if self.inner.rules.keeps_any(direct) {
            kept.push("what [[exceptions]] names");
        }
        kept
    }

    /// Whether the policy says `identifiers_stored = "acknowledged"`.
    pub fn acknowledged(&self) -> bool {
        self.inner.acknowledged
    }

    /// Whether the policy only finds and counts: every span is kept, secrets included.
    pub fn observes(&self) -> bool {
        self.inner.observes
    }

    /// What `ingest` asks before it starts: that nobody stores direct identifiers without having said so.
    ///
    /// # Errors
    /// If direct identifiers are kept and the policy does not say `identifiers_stored = "acknowledged"`; always if it
    /// only observes.
    pub fn check_acknowledged(&self) -> Result<(), PolicyError> {
        if self.observes() {
            return Err(PolicyError {
                line: 1,
                column: 1,
                what: format!(
                    "policy \"{}\" only observes: it changes nothing, secrets included",
                    self.name()
                ),
                way_out: "choose one that redacts; with `sealake redact` it prints what it finds".into(),
            });
        }
        let kept = self.identifiers_kept();
        if kept.is_empty() || self.acknowledged() {
            return Ok(());
        }
        Err(PolicyError {
            line: 1,
            column: 1,
            what: format!(
                "policy \"{}\" stores direct identifiers as they are: {}",
                self.name(),
                kept.join(", ")
            ),
            way_out: "choose another action for them, or copy the policy and add the line \
                      identifiers_stored = \"acknowledged\""
                .into(),
        })
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Policy({}/{} sha256:{})", self.name(), self.version(), &self.sha256()[..16])
    }
}

/// Turns byte offsets of the file into lines and columns.
struct Place<'a> {
    text: &'a str,
}

impl Place<'_> {
    fn error(&self, at: usize, what: impl Into<String>, way_out: impl Into<String>) -> PolicyError {
        let (line, column) = self.line_and_column(at);
        PolicyError { line, column, what: what.into(), way_out: way_out.into() }
    }

    fn line(&self, at: usize) -> usize {
        self.line_and_column(at).0
    }

    fn line_and_column(&self, at: usize) -> (usize, usize) {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

#[cfg(test)]
mod tests;
