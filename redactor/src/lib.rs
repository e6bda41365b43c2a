//! Bytes in, redacted bytes and findings out.
//!
//! The crate finds personal identifiers and secrets in the columns of an audit event and in plain text or JSON,
//! and replaces them as a policy says. It is pure CPU: no sockets, no clocks, no files, no threads of its own.
//! What may be stored in a lake is a [`Redacted`], and only this crate can make one: that unredacted text is
//! never sealed is a matter of types, not of care.

mod arch;
mod canonical;
mod columns;
pub mod detect;
mod document;
mod engine;
pub mod examples;
pub mod filter;
mod generalise;
mod json;
mod key;
mod keys;
mod offsets;
mod opaque;
mod policy;
mod project;
mod reading;
mod redacted;
pub mod scorer;
pub mod sha256;
mod shape;
mod stream;
mod token;
mod work;

pub use engine::{Actor, DOCUMENT_BYTES_MAX, Output, Redactor, Span};
pub use key::{KeyError, TokenKey};
pub use policy::{
    Action, DENY_WORDS_MAX, Entry, EntryKind, Example, Expected, POLICY_BYTES_MAX, Policy, PolicyError,
    Treatment, deny_hash,
};
pub use redacted::{Redacted, Reject};
pub use stream::{HELD_BYTES_MAX, SWALLOWED_BYTES_MAX, Stream};
pub use work::examined_bytes;
