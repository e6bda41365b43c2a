//! The section `[serve]` of the configuration, and the limits of a query that come from it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::error::Error;

/// The section `[serve]`. Unknown fields are errors.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port for the Postgres wire protocol. Anything but loopback needs `tls`. Default
    /// `127.0.0.1:5432`.
    pub listen: SocketAddr,
    /// Certificate and key for TLS. Not given: no TLS, on loopback only.
    pub tls: Option<Tls>,
    /// File of users and their SCRAM-SHA-256 verifiers; see `sealake users`. Default `users`.
    pub users_file: PathBuf,
    /// Private key of the access log. Default `keys/access.key`.
    pub access_key: PathBuf,
    /// File in which this node keeps the newest head of the access log that it has seen; without one, a loss of
    /// the log's newest entries goes unnoticed. Default `state/access.json`.
    pub access_state: PathBuf,
    /// Name of this node in the access log's entries. Default `serve-1`.
    pub instance: String,
    /// Longest time of a statement, from its arrival to its last row, in milliseconds. Default 300,000.
    pub statement_timeout_ms: u64,
    /// Memory of one statement in MiB. Sorts and groupings beyond it spill to temporary files, joins end with
    /// an error. Default 512.
    pub statement_memory_mib: u64,
    /// Temporary files of one statement in MiB; 0 forbids them. They hold redacted rows, lie in the system's
    /// temporary directory and are deleted when the statement ends. Default 4,096.
    pub statement_spill_mib: u64,
    /// Rows that a statement may return; 0 is no limit. Default 0.
    pub statement_rows_max: u64,
    /// Statements that run at the same time; more wait for their turn, under their own deadline. Default 16.
    pub statements_max: usize,
    /// Open connections; more are refused. Default 100.
    pub connections_max: usize,
    /// How long start records of the access log are gathered into one commit, in milliseconds. Default 100.
    pub access_group_ms: u64,
}

/// Paths of PEM files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// Certificate chain.
    pub certificate: PathBuf,
    /// Private key, mode 0600.
    pub key: PathBuf,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 5432)),
            tls: None,
            users_file: PathBuf::from("users"),
            access_key: PathBuf::from("keys/access.key"),
            access_state: PathBuf::from("state/access.json"),
            instance: "serve-1".to_owned(),
            statement_timeout_ms: 300_000,
            statement_memory_mib: 512,
            statement_spill_mib: 4_096,
            statement_rows_max: 0,
            statements_max: 16,
            connections_max: 100,
            access_group_ms: 100,
        }
    }
}

impl Config {
    /// Refuses limits that no service could keep.
    ///
    /// # Errors
    /// [`Error::Setup`], naming the field, what it is and what is expected.
    pub fn check(&self) -> Result<(), Error> {
        const DAY_MS: u64 = 86_400_000;
        const TEBIBYTE_MIB: u64 = 1 << 20;
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        for (field, value, least, most) in [
            ("statement_timeout_ms", self.statement_timeout_ms, 1, DAY_MS),
            ("statement_memory_mib", self.statement_memory_mib, 1, TEBIBYTE_MIB),
            ("statements_max", count(self.statements_max), 1, 10_000),
            ("connections_max", count(self.connections_max), 1, 100_000),
            // A look waits so long for others before it is recorded.
            ("access_group_ms", self.access_group_ms, 0, 10_000),
        ] {
            if value < least || value > most {
                return Err(Error::Setup(format!("serve.{field} is {value}; expected {least} to {most}")));
            }
        }
        Ok(())
    }

    /// The limits of one statement.
    pub fn limits(&self) -> Limits {
        let mib = |mib: u64| usize::try_from(mib.saturating_mul(1 << 20)).unwrap_or(usize::MAX);
        Limits {
            deadline: Duration::from_millis(self.statement_timeout_ms),
            memory_bytes: mib(self.statement_memory_mib),
            spill_bytes: self.statement_spill_mib.saturating_mul(1 << 20),
            rows_max: (self.statement_rows_max > 0).then_some(self.statement_rows_max),
        }
    }
}

/// What one statement may use.
#[derive(Clone, Debug)]
pub struct Limits {
    /// From the arrival of the statement to its last row.
    pub deadline: Duration,
    /// Memory of its operators in bytes.
    pub memory_bytes: usize,
    /// Its temporary files in bytes; 0 forbids them.
    pub spill_bytes: u64,
    /// Rows that it may return.
    pub rows_max: Option<u64>,
}

impl Default for Limits {
    fn default() -> Limits {
        Config::default().limits()
    }
}
