//! One binary of integration tests. Each module drives the built `sealake` program as its users would; none of
//! them links product code except where it says so.

/// Helpers: a scratch lake, commands, the servers named by the environment.
mod util;

/// The house rules: dependency direction, no leftovers, every file with a header.
mod tidy;

/// The demonstration.
mod demo;

/// The filter and the search for tokens.
mod redact;

/// Policies: checked, tried out, changed while events are read.
mod policy;

/// Real formats over the real broker.
mod formats;

/// No identifier leaks, anywhere.
mod canary;

/// Exactly once: kill -9 again and again, two processes, a zombie.
mod exactly_once;

/// Bad input, and servers, disks and topics that go away.
mod bad_days;

/// Topics made anew, topics and brokers that do not exist, idle days.
mod bad_days_kafka;

/// Keys, state and configuration that are missing, foreign or half made; a lake restored from a copy.
mod bad_files;

/// Keys, what the writers have seen, and objects that no entry names.
mod keys;

/// A broker and a bucket with TLS and passwords.
mod tls;

/// The SQL service with psql and psycopg.
mod psql;

/// The events that the benchmarks make.
#[path = "../benches/support/mod.rs"]
mod support;

/// Figures and bounds.
mod measured;
