//! The engine: a policy, a key and a tenant, put to work on events, access records, text and JSON.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hmac::Mac;
use schemas::Record;

use crate::columns;
use crate::detect::{self, Category, Hit, Text};
use crate::document::{self, BYTES_AT_ONCE, DOCUMENTS_AT_ONCE, Document, Finding, Mode, Root};
use crate::key::{Keyed, TokenKey};
use crate::policy::{Action, DenyKeys, Policy, PolicyError};
use crate::redacted::{Redacted, Reject};
use crate::sha256::{Digest, Hmac};
use crate::token::{COLUMN_TYPES, Tokens};

/// The largest document that is redacted, in bytes over all its texts. Offsets are 32 bits wide, and a record
/// of this size is no prompt.
pub const DOCUMENT_BYTES_MAX: usize = 64 << 20;

/// Whose identities the callers of a topic are, as its configuration says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Actor {
    /// Staff: the audit is about who did it, so workforce columns are kept if the policy says `topic`.
    Workforce,
    /// Patients or customers.
    Subject,
    /// Nothing was said. Treated as [`Actor::Subject`].
    #[default]
    Unstated,
}

/// What became of one text.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The redacted text.
    pub text: String,
    /// What was found, in the order of the text.
    pub findings: Vec<Span>,
}

/// One finding of the filter. Never the value.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// JSON pointer (RFC 6901) of the string or number, identifiers in its keys redacted. A `#` behind it means
    /// the member's key. None in plain text.
    pub pointer: Option<String>,
    /// First byte in the input. Under a pointer: in the decoded string there.
    pub start: usize,
    /// Byte after the last one in the input, counted likewise.
    pub end: usize,
    /// The same in Unicode code points, as Python counts.
    pub code_points: Range<usize>,
    /// The same in UTF-16 code units, as JavaScript, Java and .NET count.
    pub utf16: Range<usize>,
    /// First byte in the output, counted likewise.
    pub out_start: usize,
    /// Byte after the last one in the output.
    pub out_end: usize,
    /// What it is: `NAME`, `DATE`, …
    pub category: &'static str,
    /// The rules that fired, joined by a comma.
    pub rules: Cow<'static, str>,
    /// Letter of 45 CFR 164.514(b)(2)(i), where the category has one.
    pub cfr: Option<&'static str>,
    /// What was done.
    pub action: Action,
    /// Confidence between 0 and 1.
    pub score: f32,
}

impl From<Finding> for Span {
    fn from(finding: Finding) -> Span {
        Span {
            pointer: finding.pointer,
            start: finding.start,
            end: finding.end,
            code_points: finding.code_points,
            utf16: finding.utf16,
            out_start: finding.out_start,
            out_end: finding.out_end,
            category: finding.span.what.name(),
            rules: finding.span.rules,
            cfr: finding.span.what.cfr(),
            action: finding.span.action,
            score: finding.span.score,
        }
    }
}

/// A policy, a key and a tenant. Cheap to clone, and many threads may use one at once.
#[derive(Clone)]
pub struct Redactor {
    engine: Arc<Engine>,
}

/// What a [`Redactor`] shares between its clones.
#[derive(Clone)]
pub(crate) struct Engine {
    pub(crate) policy: Policy,
    policy_ref: String,
    pub(crate) tokens: Arc<Tokens>,
    key_id: String,
    hash: Hmac,
    shift: Keyed,
    deny: Arc<DenyKeys>,
    /// Whether the scorer judges what the rules leave.
    pub(crate) scores: bool,
}

impl Engine {
    /// `name/version sha256:…`, as the column `redaction_policy` has it.
    pub(crate) fn policy_ref(&self) -> &str {
        &self.policy_ref
    }

    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// HMAC-SHA-256 under the key for hashes.
    pub(crate) fn keyed_hash(&self, bytes: &[u8]) -> [u8; 32] {
        self.keyed_hashes([bytes].into_iter())[0]
    }

    /// The same of many messages, in their order.
    pub(crate) fn keyed_hashes<'a>(&self, messages: impl Iterator<Item = &'a [u8]>) -> Vec<Digest> {
        self.hash.codes(messages)
    }

    /// Adds to `hits` what the detectors and the policy's own patterns and deny lists find, sorted by start, longest
    /// first.
    pub(crate) fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let before = hits.len();
        detect::detect(text, hits);
        if self.policy.rules().finds() {
            self.policy.rules().find(&self.deny, text, before, hits);
        }
    }

    /// The same over many texts, as [`detect::detect_all`] gives it.
    pub(crate) fn detect_all(&self, texts: &[Text<'_>], hits: &mut Vec<Hit>, ends: &mut Vec<usize>) {
        #[cfg(test)]
        texts.iter().for_each(|text| assert!(!text.text.contains(tests::PANICS), "asked for"));
        if !self.policy.rules().finds() {
            return detect::detect_all(texts, hits, ends);
        }
        for text in texts {
            self.detect(text, hits);
            ends.push(hits.len());
        }
    }

    /// What only the policy's own patterns and deny lists find; nothing for most policies.
    pub(crate) fn own_hits(&self, text: &str, key: Option<&str>, as_of: i64) -> Vec<Hit> {
        let mut hits = Vec::new();
        if self.policy.rules().finds() {
            self.policy.rules().find(&self.deny, &Text::new(text, key, as_of), 0, &mut hits);
        }
        hits
    }

    /// By how many days dates of this subject are moved: 1 to 731 back, the same for all of one subject.
    pub(crate) fn shift_days(&self, subject: &str) -> i64 {
        let mut mac = self.shift.clone();
        mac.update(subject.as_bytes());
        let hash = mac.finalize().into_bytes();
        -1 - i64::from(u32::from_le_bytes([hash[0], hash[1], hash[2], hash[3]]) % 731)
    }
}

impl Redactor {
    /// The engine's version, as manifests record it.
    pub const ENGINE: &str = concat!("sealake-redactor/", env!("CARGO_PKG_VERSION"));

    /// Puts a policy to work for one tenant: the same value of two tenants gives two tokens.
    ///
    /// # Errors
    /// If a deny list of the policy was hashed with another key: it would find nothing.
    pub fn new(policy: Policy, key: TokenKey, tenant: &str) -> Result<Redactor, PolicyError> {
        let engine = Engine {
            policy_ref: policy.reference(),
            key_id: key.id(),
            hash: key.hashing("hash"),
            shift: key.keyed("shift"),
            tokens: Arc::new(Tokens::new(&key, tenant)),
            deny: Arc::new(DenyKeys::new(&key)),
            scores: [Category::Name, Category::Place, Category::UniqueId]
                .iter()
                .any(|category| policy.action(*category) != Action::Keep),
            policy,
        };
        engine.policy.rules().check_keys(&engine.deny)?;
        Ok(Redactor { engine: Arc::new(engine) })
    }

    /// The same key and tenant under another policy.
    ///
    /// # Errors
    /// As [`Redactor::new`].
    pub fn with_policy(&self, policy: Policy) -> Result<Redactor, PolicyError> {
        policy.rules().check_keys(&self.engine.deny)?;
        let engine = Engine { policy_ref: policy.reference(), policy, ..self.engine.as_ref().clone() };
        Ok(Redactor { engine: Arc::new(engine) })
    }

    /// The same without the [scorer](crate::scorer), for the program that makes the scorer's weights from what the rules
    /// leave.
    #[must_use]
    pub fn by_rules(&self) -> Redactor {
        Redactor { engine: Arc::new(Engine { scores: false, ..self.engine.as_ref().clone() }) }
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.engine.policy
    }

    /// The id of the token key, eight hexadecimal digits.
    pub fn key_id(&self) -> String {
        self.engine.key_id.clone()
    }

    /// HMAC-SHA-256 under a key of its own, derived from the token key: a hash that cannot be guessed back
    /// without it.
    pub fn keyed_hash(&self, bytes: &[u8]) -> [u8; 32] {
        self.engine.keyed_hash(bytes)
    }

    /// The same of many messages, in their order: faster than one by one.
    pub fn keyed_hashes<'a>(&self, messages: impl Iterator<Item = &'a [u8]>) -> Vec<Digest> {
        self.engine.keyed_hashes(messages)
    }

    /// The parts of a text that this engine wrote: its tokens and labels.
    pub(crate) fn own(&self, text: &str) -> Vec<(usize, usize)> {
        self.engine.tokens.own(text)
    }

    /// Treats every column of an `event/1` by its class, as one document: a name that one column gives away is
    /// found in all. Derives `prompt_text` and `response_text` from the redacted messages, and fills `findings`,
    /// `redaction_status`, `redaction_policy`, `input_hash`, `output_hash` and `hash_key_id`.
    ///
    /// # Errors
    /// If the event must go to quarantine: `too_large`, `too_many_findings`, `redactor_panic`, `wrong_schema`.
    pub fn redact_event(&self, event: Record, actor: Actor) -> Result<Redacted, Reject> {
        let (mut redacted, rejected) = self.redact_batch(vec![(event, actor)]);
        match rejected.into_iter().next() {
            Some((_, reject)) => Err(reject),
            None => redacted.pop().ok_or_else(panicked),
        }
    }

    /// Redacts many events, each as [`Redactor::redact_event`] does, and faster than one by one: those that could be, in
    /// order, and those that could not, with their positions.
    pub fn redact_batch(&self, events: Vec<(Record, Actor)>) -> (Vec<Redacted>, Vec<(usize, Reject)>) {
        let (mut redacted, mut rejected) = (Vec::with_capacity(events.len()), Vec::new());
        let hashes = columns::hashes(&self.engine, events.iter().map(|(event, _)| event));
        let bytes: Vec<usize> = events.iter().map(|(event, _)| columns::text_bytes(event)).collect();
        let mut events = events.into_iter().zip(hashes);
        let mut position = 0;
        for count in at_once(&bytes) {
            let taken = events.by_ref().take(count).map(|((event, actor), hashes)| (event, actor, hashes));
            for result in columns::events(&self.engine, taken) {
                match result {
                    Ok(row) => redacted.push(row),
                    Err(reject) => rejected.push((position, reject)),
                }
                position += 1;
            }
        }
        (redacted, rejected)
    }

    /// Treats every column of an `access/1` by its class: statement, parameters, application and reason are
    /// scanned. `times` are the parts of the statement, in bytes, that its caller knows to be times of events and no
    /// person's: what is found there as a date stays, if nothing stands there but a time in digits.
    ///
    /// # Errors
    /// As [`Redactor::redact_event`].
    pub fn redact_access(&self, record: Record, times: &[Range<usize>]) -> Result<Redacted, Reject> {
        guarded(|| columns::access(&self.engine, record, times))
    }

    /// Redacts one document of plain text. `as_of` is the time that ages are reckoned at, in microseconds UTC.
    ///
    /// # Errors
    /// If the text must not be passed on: `too_large`, `redactor_panic`.
    pub fn redact_text(&self, text: &str, as_of: i64) -> Result<Output, Reject> {
        check_size(text.len())?;
        guarded(|| Ok(self.outputs(&[text], Mode::Text, as_of)))?.pop().ok_or_else(panicked)
    }

    /// Redacts one JSON text: the same shape, key order and number formatting come out. What is not JSON, from
    /// where it no longer is, is redacted as text.
    ///
    /// # Errors
    /// If the text must not be passed on: `not_utf8`, `too_large`, `redactor_panic`.
    pub fn redact_json(&self, json: &[u8], as_of: i64) -> Result<Output, Reject> {
        self.redact_json_batch(&[json], as_of).pop().ok_or_else(panicked)?
    }

    /// Redacts many JSON texts, each as [`Redactor::redact_json`] does, and faster than one by one.
    pub fn redact_json_batch(&self, texts: &[&[u8]], as_of: i64) -> Vec<Result<Output, Reject>> {
        let mut outputs = Vec::with_capacity(texts.len());
        let bytes: Vec<usize> = texts.iter().map(|text| text.len()).collect();
        let mut rest = texts;
        for count in at_once(&bytes) {
            let taken;
            (taken, rest) = rest.split_at(count);
            let readable: Vec<Result<&str, Reject>> = taken.iter().map(|json| readable(json)).collect();
            let texts: Vec<&str> = readable.iter().flatten().copied().collect();
            let work = |texts: &[&str]| self.outputs(texts, Mode::Json, as_of).into_iter().map(Ok).collect();
            let mut redacted = guarded_each(&texts, work).into_iter();
            outputs.extend(
                readable
                    .into_iter()
                    .map(|text| text.and_then(|_| redacted.next().unwrap_or_else(|| Err(panicked())))),
            );
        }
        outputs
    }

    /// Redacts texts, each a document of its own.
    fn outputs(&self, texts: &[&str], mode: Mode, as_of: i64) -> Vec<Output> {
        let roots: Vec<[Root<'_>; 1]> =
            texts.iter().map(|text| [Root { text, context: None, mode }]).collect();
        let mut documents: Vec<Document<'_>> =
            roots.iter().map(|roots| Document::new(&self.engine, roots, as_of)).collect();
        document::find(&mut documents);
        (documents.iter_mut().zip(texts))
            .map(|(document, text)| {
                let mut findings = Vec::new();
                let out = document.render(0, &mut findings).unwrap_or_else(|| (*text).to_owned());
                Output { text: out, findings: findings.into_iter().map(Span::from).collect() }
            })
            .collect()
    }

    /// The tokens that a value may stand as, to be searched for: one if `category` is a type of token, one for
    /// each type if it is `ANY`, none if there is no such type. A name alone is never proof of identity.
    pub fn tokens(&self, category: &str, value: &str) -> Vec<String> {
        let types = Category::ALL.iter().map(|category| category.name()).chain(COLUMN_TYPES.iter().copied());
        let wanted = category.to_ascii_uppercase();
        types
            .filter(|kind| wanted == "ANY" || *kind == wanted)
            .map(|kind| {
                let mut token = String::new();
                self.engine.tokens.write(kind, value.trim(), &mut token);
                token
            })
            .collect()
    }

    /// The types of token that [`Redactor::tokens`] knows.
    pub fn token_types() -> impl Iterator<Item = &'static str> {
        Category::ALL.iter().map(|category| category.name()).chain(COLUMN_TYPES.iter().copied())
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redactor({:?}, key {})", self.engine.policy, self.engine.key_id)
    }
}

/// Fails closed: a panic is a reason to quarantine, and says nothing of the content.
pub(crate) fn guarded<T>(redact: impl FnOnce() -> Result<T, Reject>) -> Result<T, Reject> {
    catch_unwind(AssertUnwindSafe(redact)).unwrap_or_else(|_| Err(panicked()))
}

/// Works on many records at once; if that fails, on each alone, so that only the one at fault is rejected.
pub(crate) fn guarded_each<T, U>(
    records: &[T],
    work: impl Fn(&[T]) -> Vec<Result<U, Reject>>,
) -> Vec<Result<U, Reject>> {
    let alone =
        |record: &T| guarded(|| work(std::slice::from_ref(record)).pop().unwrap_or_else(|| Err(panicked())));
    guarded(|| Ok(work(records))).unwrap_or_else(|_| records.iter().map(alone).collect())
}

/// What became of a record on which the redactor failed.
pub(crate) fn panicked() -> Reject {
    Reject::new("redactor_panic", "the redactor failed on this record; nothing of it was kept")
}

/// A text of JSON that may be read.
fn readable(json: &[u8]) -> Result<&str, Reject> {
    let text = std::str::from_utf8(json)
        .map_err(|error| Reject::new("not_utf8", format!("not UTF-8 at byte {}", error.valid_up_to())))?;
    check_size(text.len())?;
    Ok(text)
}

/// How many of the next documents, of these lengths, are worked on at once, until none is left.
fn at_once(bytes: &[usize]) -> impl Iterator<Item = usize> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let mut sum = 0;
        let fit = rest.iter().take(DOCUMENTS_AT_ONCE).take_while(|bytes| {
            sum += **bytes;
            sum <= BYTES_AT_ONCE
        });
        let count = fit.count().max(1).min(rest.len());
        rest = &rest[count..];
        (count > 0).then_some(count)
    })
}

/// Refuses what is over the limit.
pub(crate) fn check_size(bytes: usize) -> Result<(), Reject> {
    if bytes <= DOCUMENT_BYTES_MAX {
        return Ok(());
    }
    Err(Reject::new(
        "too_large",
        format!("{bytes} bytes of text; at most {DOCUMENT_BYTES_MAX} are redacted at once"),
    ))
}

#[cfg(test)]
mod tests;
