//! Kafka in, sealed audit events out: the only crate that names Kafka.
//!
//! The way of a message: [`kafka`] reads it from where the lake says, [`format`] decodes it, the redactor treats
//! it, the batcher collects it, the lake commits it; what fails on the way goes to quarantine, encrypted.

mod batcher;
mod config;
pub mod demo;
mod dry_run;
mod error;
pub mod format;
mod kafka;
pub mod message;
mod pipeline;
mod policies;
mod quarantine;
mod shutdown;
mod workers;

pub use config::{Actor, Batch, Config, Kafka, Limits, Property, Quarantine, Secret, Topic};
pub use dry_run::{DryRun, DryTopic, dry_run};
pub use error::{Error, HeldUp};
pub use pipeline::{Summary, run};
pub use policies::{POLL_INTERVAL as POLICY_POLL_INTERVAL, Policies};
pub use shutdown::{Shutdown, Trigger};

/// Why a message or a record can be in quarantine: the word that is stored, and what it means.
pub fn quarantine_reasons() -> impl Iterator<Item = (&'static str, &'static str)> {
    format::REASONS.iter().chain(quarantine::REASONS).copied()
}
