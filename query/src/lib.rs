//! SQL over a lake: DataFusion behind a gate, with every look recorded.
//!
//! The only crate that names DataFusion. A [`Lake`] follows the logs and pins what a statement sees; a
//! [`Session`] is one client's connection: it admits statements ([`gate`]), plans them over the lake's own
//! tables ([`provider`]), records the look ([`access`]) and gives the rows under a deadline ([`Answer`]).
//! It holds no signing key of the event log.

mod config;
mod error;
pub mod gate;
pub mod settings;

pub use config::{Config, Limits, Tls};
pub use error::{Error, sqlstate};

/// What `server_version` says: the PostgreSQL whose protocol and catalog drivers should expect.
pub const SERVER_VERSION: &str = "17.0 (Sealake)";
