//! Writing one object under a name that is its own, through a network that may lose the answer.

use std::time::Duration;

use bytes::Bytes;

use crate::error::Error;
use crate::store::{Create, Store};

/// How often one object is tried, if the store does not answer or contradicts itself.
pub(super) const ATTEMPTS_MAX: u32 = 5;

/// Writes an object under a name that is its own: that it exists already can only mean that an earlier attempt
/// has landed, or that another writer has stored the same bytes.
pub(super) async fn put(store: &Store, path: &str, bytes: &Bytes) -> Result<(), Error> {
    let mut last = None;
    for attempt in 0..ATTEMPTS_MAX {
        back_off(attempt).await;
        match store.create(path, bytes.clone()).await {
            Ok(Create::New) => return Ok(()),
            Ok(Create::Exists) => match store.get_small(path, bytes.len() as u64).await {
                Ok(Some(found)) if found == *bytes => return Ok(()),
                Ok(Some(_)) | Err(Error::Invalid { .. }) => {
                    return Err(Error::invalid(path, "exists with other bytes; it is not overwritten"));
                }
                Ok(None) => {}
                Err(error) => last = Some(error),
            },
            Err(error @ Error::Unreachable { .. }) => last = Some(error),
            Err(error) => return Err(error),
        }
    }
    let cause = || "the store says that it exists and that it does not".to_owned();
    Err(last.unwrap_or_else(|| Error::Unreachable { what: format!("create {path}"), cause: cause() }))
}

/// Waits before an attempt, the first excepted: 20, 40, 80, 160 ms.
pub(super) async fn back_off(attempt: u32) {
    if attempt > 0 {
        tokio::time::sleep(Duration::from_millis(10 << attempt.min(8))).await;
    }
}
