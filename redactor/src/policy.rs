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
//! Secrets are removed whatever a policy says; any other action for them is an error, not a surprise later. Only with
//! `mode = "observe"` everything stays, and then `ingest` refuses the policy.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use crate::detect::Category;
use crate::key::hex;

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
        let inner = check(&place, &file, toml)?;
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
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        PolicyError {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            what: what.into(),
            way_out: way_out.into(),
        }
    }
}

fn check(place: &Place<'_>, file: &File, toml: &[u8]) -> Result<Inner, PolicyError> {
    for (field, value) in [("name", &file.name), ("version", &file.version)] {
        let text = value.get_ref();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if text.is_empty() || text.len() > 64 || !text.bytes().all(plain) {
            return Err(place.error(
                value.span().start,
                format!("{field} is not 1 to 64 letters, digits, '-', '_' or '.'"),
                "it is stored with every event: keep it short",
            ));
        }
    }
    let harbor = match &file.basis {
        None => false,
        Some(basis) if basis.get_ref() == "safe_harbor" => true,
        Some(basis) => {
            let what = format!("unknown basis \"{}\"", basis.get_ref());
            return Err(place.error(
                basis.span().start,
                what,
                "write \"safe_harbor\", or leave the line out",
            ));
        }
    };
    if file.name.get_ref() == "safe_harbor" && !harbor {
        let way_out = "add basis = \"safe_harbor\", or give the policy another name";
        return Err(place.error(
            file.name.span().start,
            "a policy of this name must state its basis",
            way_out,
        ));
    }
    let acknowledged = match &file.identifiers_stored {
        None => false,
        Some(value) if value.get_ref() == "acknowledged" => true,
        Some(value) => {
            let what = format!("identifiers_stored is \"{}\"", value.get_ref());
            return Err(place.error(
                value.span().start,
                what,
                "write \"acknowledged\", or leave the line out",
            ));
        }
    };
    let observes = match &file.mode {
        None => false,
        Some(mode) if mode.get_ref() == "redact" => false,
        Some(mode) if mode.get_ref() == "observe" => true,
        Some(mode) => {
            let what = format!("unknown mode \"{}\"", mode.get_ref());
            return Err(place.error(mode.span().start, what, "write \"redact\" or \"observe\""));
        }
    };
    let columns = |field, value, default, permitted| column(place, field, value, default, permitted, harbor);
    use Treatment::{Hash, Keep, Label, Remove, Token, Topic};
    let inner = Inner {
        name: file.name.get_ref().clone(),
        version: file.version.get_ref().clone(),
        bytes: toml.to_vec(),
        sha256: hex(&Sha256::digest(toml)),
        actions: actions(place, file, harbor)?,
        workforce: columns(
            "workforce",
            &file.columns.workforce,
            Topic,
            &[Topic, Keep, Token, Label, Remove],
        )?,
        subject: columns("subject", &file.columns.subject, Token, &[Token, Label, Remove, Keep])?,
        opaque: columns("opaque", &file.columns.opaque, Hash, &[Hash, Keep])?,
        acknowledged,
        observes,
    };
    match &file.mode {
        Some(mode) if observes => check_observes(place, mode, inner),
        _ => Ok(inner),
    }
}

/// A policy that only observes says of everything that it stays, so that nobody takes it for one that redacts.
fn check_observes(place: &Place<'_>, mode: &Spanned<String>, mut inner: Inner) -> Result<Inner, PolicyError> {
    inner.actions[Category::Secret as usize] = Action::Keep;
    let kept = inner.actions.iter().all(|action| *action == Action::Keep)
        && [inner.workforce, inner.subject, inner.opaque].iter().all(|column| *column == Treatment::Keep);
    if kept {
        return Ok(inner);
    }
    Err(place.error(
        mode.span().start,
        "a policy that only observes changes nothing",
        "write default = \"keep\" and no other action, and keep for each of the columns",
    ))
}

fn actions(
    place: &Place<'_>,
    file: &File,
    harbor: bool,
) -> Result<[Action; Category::ALL.len()], PolicyError> {
    let mut given: [Option<Action>; Category::ALL.len()] = [None; Category::ALL.len()];
    let mut default = None;
    for (key, value) in file.actions.get_ref() {
        let Some(action) = Action::ALL.iter().copied().find(|action| action.name() == value.get_ref()) else {
            let what = format!("unknown action \"{}\"", value.get_ref());
            return Err(place.error(value.span().start, what, format!("one of {}", names(Action::ALL))));
        };
        if key.get_ref() == "default" {
            permitted(place, value.span().start, None, action, harbor)?;
            default = Some(action);
        } else if let Some(category) = Category::from_name(key.get_ref()) {
            permitted(place, value.span().start, Some(category), action, harbor)?;
            given[category as usize] = Some(action);
        } else {
            let what = format!("unknown category \"{}\"", key.get_ref());
            let known: Vec<_> = Category::ALL.iter().map(|category| category.name()).collect();
            return Err(place.error(key.span().start, what, format!("one of default, {}", known.join(", "))));
        }
    }
    given[Category::Secret as usize] = Some(Action::Remove);
    let mut actions = [Action::Remove; Category::ALL.len()];
    for category in Category::ALL {
        actions[*category as usize] = given[*category as usize].or(default).ok_or_else(|| {
            let what = format!("no action for {}", category.name());
            place.error(file.actions.span().start, what, "add a line for it under [actions], or a default")
        })?;
    }
    Ok(actions)
}

/// Which actions a category permits. `None` is the default of all categories.
fn permitted(
    place: &Place<'_>,
    at: usize,
    category: Option<Category>,
    action: Action,
    harbor: bool,
) -> Result<(), PolicyError> {
    use Category::{Address, Age, Date, Place as Town, Secret, Zip};
    let name = category.map_or("default", Category::name);
    if category == Some(Secret) && action != Action::Remove {
        return Err(place.error(
            at,
            "secrets can only be removed",
            "write \"remove\", or leave the line out",
        ));
    }
    if harbor && matches!(action, Action::Mask | Action::Token | Action::Shift | Action::Keep) {
        return Err(place.error(
            at,
            format!("{name} = \"{}\" is not Safe Harbor, 45 CFR 164.514(b)(2)", action.name()),
            "write generalise, label or remove, or leave out the basis",
        ));
    }
    if action == Action::Shift && category != Some(Date) {
        return Err(place.error(
            at,
            format!("{name} cannot be shifted"),
            "only DATE can; choose another action",
        ));
    }
    let coarse = matches!(category, Some(Date | Age | Zip | Town | Address));
    if action == Action::Generalise && !coarse {
        let what = format!("{name} cannot be generalised");
        return Err(place.error(
            at,
            what,
            "only DATE, AGE, ZIP, PLACE and ADDRESS can; choose another action",
        ));
    }
    Ok(())
}

fn column(
    place: &Place<'_>,
    field: &str,
    value: &Option<Spanned<String>>,
    default: Treatment,
    permitted: &[Treatment],
    harbor: bool,
) -> Result<Treatment, PolicyError> {
    let Some(value) = value else {
        return if harbor && field != "opaque" { Ok(Treatment::Label) } else { Ok(default) };
    };
    let found = permitted.iter().copied().find(|treatment| treatment.name() == value.get_ref());
    let Some(treatment) = found else {
        let what = format!("columns.{field} cannot be \"{}\"", value.get_ref());
        let known: Vec<_> = permitted.iter().map(|treatment| treatment.name()).collect();
        return Err(place.error(value.span().start, what, format!("one of {}", known.join(", "))));
    };
    if harbor && !matches!(treatment, Treatment::Label | Treatment::Remove | Treatment::Hash) {
        let what = format!("columns.{field} = \"{}\" is not Safe Harbor", treatment.name());
        return Err(place.error(value.span().start, what, "write label or remove, or leave out the basis"));
    }
    Ok(treatment)
}

fn names(actions: &[Action]) -> String {
    actions.iter().map(|action| action.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
