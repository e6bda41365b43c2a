//! The log: entries, the function that says which are valid, replay, the commit protocol, snapshots.
//!
//! `entry` knows the bytes of one entry, `validity` what an entry may say after those before it, `replay` turns
//! entries into a [`State`]. [`Reader`] follows a log with GETs alone, [`Writer`] appends to it; both go through
//! the same replay, so what a writer would commit and what a reader would accept cannot differ.

mod batch;
mod build;
pub(crate) mod checkpoint;
mod draft;
mod entry;
mod head;
mod put;
mod reader;
mod replay;
mod snapshot;
mod state;
mod state_file;
mod validity;
mod writer;

pub use batch::{NewBatch, NewQuarantine, redaction};
pub(crate) use build::build_sha256;
pub use checkpoint::{CHECKPOINT, parse_checkpoint};
pub(crate) use entry::make as make_entry;
pub use entry::{ENTRY_BYTES_MAX, Entry, entry_path, invalid_leaf};
pub use reader::{Reader, Trust};
pub use replay::{Applied, Invalidity, Replay, Skip};
pub use snapshot::{Head as SnapshotHead, RANGE_ENTRIES, SNAPSHOT_BYTES_MAX, Snapshot};
pub use state::{KeyState, LiveSegment, PartitionKey, State};
pub use state_file::StateFile;
pub(crate) use validity::{PathId, path_id, paths};
pub use writer::{Committed, Outcome, Writer, WriterOptions};

#[cfg(test)]
mod tests;
