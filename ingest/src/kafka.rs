//! Kafka, and nothing else in the workspace names it: a consumer that reads from where the lake says.
//!
//! [`source::Source`] is what the pipeline sees; [`consumer`] is the thread behind it, which alone polls;
//! [`native`] is the queue that the thread polls, [`identity`] asks which topic is behind a name, [`unpack`] bounds the
//! memory of compressed batches.

mod consumer;
mod identity;
mod native;
pub(crate) mod source;
#[cfg(target_os = "linux")]
mod unpack;
/// Where the linker wraps nothing, librdkafka unpacks without a bound.
#[cfg(not(target_os = "linux"))]
mod unpack {
    pub(super) fn set_limit(_: usize) {}

    pub(super) fn refusals_for_now() -> u64 {
        0
    }
}

use std::sync::Arc;

/// A partition of a topic.
pub(crate) type Partition = (Arc<str>, i32);

/// Which reading of a partition something belongs to. A new one begins with each assignment and each rewind, and
/// what still arrives from an older one is stale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading(pub(crate) u64);

/// A partition that is to be read from here on.
#[derive(Clone, Debug)]
pub(crate) struct Begin {
    pub(crate) partition: Partition,
    pub(crate) reading: Reading,
    /// The source under which the lake counts its offsets.
    pub(crate) source: Arc<str>,
    /// Offset of the first message.
    pub(crate) offset: i64,
}
