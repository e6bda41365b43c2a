//! The lake: signed log, immutable segments.
//!
//! A commit is one conditional create of one object in the log: before it nothing is visible, after it the rows,
//! their Kafka offsets, their place in the Merkle tree and the signature over the whole history are durable
//! together ([`Writer::commit`]). The log is the truth; everything else that is stored is named by it with a
//! hash, or can be rebuilt from it. `docs/lake-format.md` describes the bytes.
//!
//! - [`store`]: directories and S3 buckets, with the one guarantee that all of this rests on, atomic create;
//! - [`merkle`], [`note`], [`keys`], [`canonical`]: public specifications, implemented once;
//! - [`log`]: entries, the function that says which are valid, replay, the commit protocol, snapshots;
//! - [`segment`]: rows as Parquet with what proves them, and a reader that believes nothing unchecked;
//! - [`mod@verify`]: the verdict over every byte, by a walk of its own;
//! - [`mod@orphans`]: what writers have stored and not committed;
//! - [`init`]: how a lake begins;
//! - [`files`]: local files that a person names.

pub mod canonical;
pub mod error;
pub mod files;
pub mod init;
pub mod keys;
pub mod log;
pub mod merkle;
pub mod note;
pub mod orphans;
pub mod segment;
pub mod store;
#[cfg(test)]
mod testing;
pub mod time;
pub mod verify;

pub use error::Error;
pub use init::{InitOptions, InitReport, init};
pub use keys::Signer;
pub use log::{
    Committed, LiveSegment, NewBatch, NewQuarantine, Outcome, PartitionKey, Reader, State, Trust, Writer,
    WriterOptions,
};
pub use note::VerifyKey;
pub use orphans::{Orphans, orphans};
pub use store::{Create, Store, StoreOptions};
pub use time::Clock;
