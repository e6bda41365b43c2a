//! What follows a commit and cannot undo it: the state file, the published checkpoint.

use std::time::{Duration, Instant};

use bytes::Bytes;

use super::{Writer, WriterOptions};
use crate::error::Error;
use crate::log::checkpoint::{self, CHECKPOINT};
use crate::log::entry::entry_path;
use crate::log::state_file::StateFile;
use crate::note::{Head, VerifyKey};

/// How often the checkpoint of a store that is not a local directory is published, at most.
const PUBLISH_EVERY: Duration = Duration::from_secs(1);

impl Writer {
    pub(super) fn head(&self) -> Head {
        let (size, root) = self.state().signed;
        Head { origin: self.state().origin.clone(), size, root }
    }

    pub(super) fn keys(&self) -> Vec<VerifyKey> {
        self.state().keys.iter().map(|state| state.key.clone()).collect()
    }

    pub(super) async fn remember(&self) -> Result<(), Error> {
        let Some(path) = self.options.state_file.clone() else { return Ok(()) };
        let state = self.state();
        let file = StateFile::new(&state.origin, state.era, state.signed);
        let written = tokio::task::spawn_blocking(move || file.write(&path)).await;
        written.unwrap_or_else(|_| Err(Error::Refused("writing the state file was interrupted".into())))
    }

    pub(super) async fn publish_if_due(&mut self, object: &Bytes) -> Result<(), Error> {
        let due = self.store().is_local() || self.published.1.is_none_or(|at| at.elapsed() >= PUBLISH_EVERY);
        if !due {
            return Ok(());
        }
        // A checkpoint says that the log has this entry, so it is signed only after the store has said so too.
        let path = entry_path(self.state().era, self.state().size - 1);
        if self.store().get_small(&path, object.len() as u64).await?.as_ref() != Some(object) {
            return Err(Error::invalid(path, "was created, and reading it back gives something else"));
        }
        self.publish_head().await
    }

    /// Publishes the checkpoint of a log that has none: somebody deleted it.
    pub(super) async fn publish_first(&mut self) -> Result<(), Error> {
        if self.store().head(CHECKPOINT).await?.is_some() {
            return Ok(());
        }
        let url = self.store().url();
        tracing::warn!("{CHECKPOINT} of {url} is missing, and is published anew; find out who deleted it");
        self.publish_head().await
    }

    async fn publish_head(&mut self) -> Result<(), Error> {
        let head = self.head();
        let size = head.size;
        checkpoint::publish(self.store(), &self.signer, head, self.keys(), false).await?;
        self.published = (size, Some(Instant::now()));
        Ok(())
    }

    /// Publishes the newest checkpoint, if a commit has left that to later. For an orderly end.
    ///
    /// # Errors
    /// The store's.
    pub async fn publish(&mut self) -> Result<(), Error> {
        if self.published.0 == self.state().signed.0 { Ok(()) } else { self.publish_head().await }
    }
}

/// What the state file says, if there is one.
pub(super) fn remembered(options: &WriterOptions) -> Result<Option<StateFile>, Error> {
    match &options.state_file {
        Some(path) => StateFile::read(path),
        None => Ok(None),
    }
}
