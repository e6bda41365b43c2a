//! Redaction: what must not be stored, found and replaced before anything is written.

pub mod detect;
