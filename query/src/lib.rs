//! SQL over a lake: DataFusion behind a gate, with every look recorded.
//!
//! The only crate that names DataFusion. A [`Lake`] follows the logs and pins what a statement sees; a
//! [`Session`] is one client's connection: it admits statements ([`gate`]), plans them over the lake's own
//! tables ([`provider`]), records the look ([`access`]) and gives the rows under a deadline ([`Answer`]).
//! It holds no signing key of the event log.

pub mod access;
mod catalog;
mod complexity;
mod config;
mod dialect;
pub mod docs;
mod error;
pub mod format;
mod functions;
pub mod gate;
mod joins;
mod lake;
mod meaning;
mod nesting;
mod objects;
mod pg_catalog;
mod provider;
mod prune;
mod reads;
mod rows;
mod runtime;
mod session;
pub mod settings;
mod tables;
#[cfg(test)]
mod testing;
pub mod users;
pub mod views;
pub mod wire;
mod workers;

pub use access::{AccessLog, Notice, Who};
pub use catalog::{ACCESS, EVENTS, LAKE_CATALOG, LAKE_SCHEMA};
pub use config::{Config, Limits, Tls};
pub use error::{Error, sqlstate};
pub use lake::{Lake, Snapshot};
pub use reads::Reads;
pub use rows::{Progress, Rows};
pub use session::{Answer, Footer, Parsed, Prepared, Session};

/// What `server_version` says: the PostgreSQL whose protocol and catalog drivers should expect.
pub const SERVER_VERSION: &str = "17.0 (Sealake)";
