//! The writer's own memory of the newest head that it has seen, outside the store.
//!
//! Whoever can delete the newest entries of a log could make a writer sign a second history over the hole. The
//! state file is what such a writer would contradict, so it refuses instead.

use std::path::{Path, PathBuf};

use schemas::manifest::{Dec, FORMAT, TreeHead};
use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::error::Error;
use crate::keys::write_secret;
use crate::merkle::Hash;

/// The largest state file that is read, in bytes.
const BYTES_MAX: u64 = 64 * 1024;

/// What a state file says. Canonical JSON and a newline, mode 0600.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateFile {
    /// Era of the log.
    pub era: Dec,
    /// [`FORMAT`].
    pub format: String,
    /// Size and root of the newest head that was seen, after a valid entry.
    pub head: TreeHead,
    /// Name of the log.
    pub origin: String,
}

impl StateFile {
    /// What a writer remembers of a head.
    pub fn new(origin: &str, era: u64, (size, root): (u64, Hash)) -> StateFile {
        let head = TreeHead { size: Dec(size), root: hex::encode(root) };
        StateFile { era: Dec(era), format: FORMAT.to_owned(), head, origin: origin.to_owned() }
    }

    /// Reads a state file; `None` if there is none.
    ///
    /// # Errors
    /// It cannot be read, or is none: a damaged state file is never taken for a missing one.
    pub fn read(path: &Path) -> Result<Option<StateFile>, Error> {
        let bytes = match crate::files::read_kept(path, BYTES_MAX) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::io(path, source)),
        };
        let refuse = || {
            let name = path.display();
            Error::Refused(format!(
                "{name} is no state file; restore it, or move it away and start once with --adopt-head"
            ))
        };
        let line = bytes.strip_suffix(b"\n").ok_or_else(refuse)?;
        canonical::check(line).map_err(|_| refuse())?;
        let state: StateFile = serde_json::from_slice(line).map_err(|_| refuse())?;
        state.root().ok_or_else(refuse)?;
        Ok(Some(state))
    }

    /// Replaces the state file, atomically and durably.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let temporary = self.write_beside(path)?;
        std::fs::rename(&temporary, path).map_err(|source| Error::io(path, source))?;
        crate::store::sync_directory_of(path).map_err(|source| Error::io(path, source))
    }

    /// Tries whether there is room for the file, leaving nothing behind.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(super) fn try_write(&self, path: &Path) -> Result<(), Error> {
        let temporary = self.write_beside(path)?;
        std::fs::remove_file(&temporary).map_err(|source| Error::io(temporary, source))
    }

    fn write_beside(&self, path: &Path) -> Result<PathBuf, Error> {
        let mut bytes = canonical::emit(self)?;
        bytes.push(b'\n');
        let temporary = path.with_extension(format!("{}.tmp", ulid::Ulid::new()));
        write_secret(&temporary, &bytes)?;
        Ok(temporary)
    }

    /// The root that it names.
    pub fn root(&self) -> Option<Hash> {
        let mut root = Hash::default();
        hex::decode_to_slice(&self.head.root, &mut root).ok().map(|()| root)
    }
}
