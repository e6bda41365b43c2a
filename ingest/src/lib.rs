//! Kafka in, sealed audit events out: the only crate that names Kafka.

pub mod format;
pub mod message;
