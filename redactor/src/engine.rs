//! The engine: a policy, a key and a tenant, put to work on events, access records, text and JSON.

use std::fmt;
use std::sync::Arc;

use hmac::Mac;
use schemas::{Class, Record, event};

use crate::key::{Keyed, TokenKey};
use crate::policy::{Action, Policy, PolicyError};
use crate::redacted::{Redacted, Reject};

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
    /// JSON pointer (RFC 6901) of the string or number, identifiers in its keys redacted. None for plain text.
    pub pointer: Option<String>,
    /// First byte in the input. In a JSON string: in the decoded string at the pointer.
    pub start: usize,
    /// Byte after the last one in the input.
    pub end: usize,
    /// First byte in the output, counted likewise.
    pub out_start: usize,
    /// Byte after the last one in the output.
    pub out_end: usize,
    /// What it is: `NAME`, `DATE`, …
    pub category: &'static str,
    /// The rules that fired, joined by a comma.
    pub rules: String,
    /// Letter of 45 CFR 164.514(b)(2)(i), where the category has one.
    pub cfr: Option<&'static str>,
    /// What was done.
    pub action: Action,
    /// Confidence between 0 and 1.
    pub score: f32,
}

/// A policy, a key and a tenant. Cheap to clone, and many threads may use one at once.
#[derive(Clone)]
pub struct Redactor {
    inner: Arc<Inner>,
}

struct Inner {
    policy: Policy,
    policy_ref: String,
    key_id: String,
    hash: Keyed,
}

impl Redactor {
    /// The engine's version, as manifests record it.
    pub const ENGINE: &str = concat!("sealake-redactor/", env!("CARGO_PKG_VERSION"));

    /// Puts a policy to work for one tenant: the same value of two tenants gives two tokens.
    ///
    /// # Errors
    /// None today; reserved for policies that name things which only a key or a tenant can resolve.
    pub fn new(policy: Policy, key: TokenKey, tenant: &str) -> Result<Redactor, PolicyError> {
        let _ = tenant;
        let policy_ref = format!("{}/{} sha256:{}", policy.name(), policy.version(), &policy.sha256()[..16]);
        let inner = Inner { policy_ref, key_id: key.id(), hash: key.keyed("hash"), policy };
        Ok(Redactor { inner: Arc::new(inner) })
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.inner.policy
    }

    /// The id of the token key, eight hexadecimal digits.
    pub fn key_id(&self) -> String {
        self.inner.key_id.clone()
    }

    /// HMAC-SHA-256 under a key of its own, derived from the token key: a hash that cannot be guessed back
    /// without it.
    pub fn keyed_hash(&self, bytes: &[u8]) -> [u8; 32] {
        let mut mac = self.inner.hash.clone();
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }

    /// Treats every column of an `event/1` by its class.
    ///
    /// # Errors
    /// If the event must go to quarantine.
    pub fn redact_event(&self, mut event: Record, _actor: Actor) -> Result<Redacted, Reject> {
        for (position, hash) in
            [(event::INPUT_MESSAGES, event::INPUT_HASH), (event::OUTPUT_MESSAGES, event::OUTPUT_HASH)]
        {
            if let Some(text) = event.get(position).as_text() {
                let digest = self.keyed_hash(text.as_bytes());
                event.set(hash, schemas::Value::Bytes(digest.to_vec()));
                event.set(event::HASH_KEY_ID, self.key_id());
            }
        }
        // Not one detector is wired in yet: whatever could carry content is left out.
        let columns = event.schema().columns;
        for (position, column) in columns.iter().enumerate() {
            if matches!(column.class, Class::FreeText | Class::Workforce | Class::Subject) {
                event.take(position);
            }
        }
        event.set(event::REDACTION_STATUS, "clean");
        event.set(event::REDACTION_POLICY, self.inner.policy_ref.as_str());
        Ok(Redacted::new(event, Vec::new()))
    }

    /// Redacts many events: those that could be, in order, and those that could not, with their positions.
    pub fn redact_batch(&self, events: Vec<(Record, Actor)>) -> (Vec<Redacted>, Vec<(usize, Reject)>) {
        let (mut redacted, mut rejected) = (Vec::with_capacity(events.len()), Vec::new());
        for (position, (event, actor)) in events.into_iter().enumerate() {
            match self.redact_event(event, actor) {
                Ok(row) => redacted.push(row),
                Err(reject) => rejected.push((position, reject)),
            }
        }
        (redacted, rejected)
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redactor({:?}, key {})", self.inner.policy, self.inner.key_id)
    }
}
