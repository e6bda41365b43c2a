//! What a verifier remembers between runs (the keys it saw first and the newest heads), and what writers do.
//!
//! A lake that was cut back to an older state, or signed again from end to end, is consistent with itself. Only
//! somebody who remembers can tell.

use std::path::PathBuf;

use schemas::manifest::{PublicKey, TreeHead};
use schemas::verdict::Verdict;
use serde::{Deserialize, Serialize};

use super::heads::{Match, compare, damaged, was_sound};
use super::replay::Log;
use super::report::{Lines, found};
use super::rules::hash;
use super::{Options, Report};
use crate::canonical;
use crate::error::Error;
use crate::log::StateFile;
use crate::merkle::Hash;

/// The format that a state file states.
const FORMAT: &str = "sealake-verify/1";

/// The largest state file that is read, in bytes.
const STATE_BYTES_MAX: u64 = 64 * 1024;

/// A verifier's memory, and the heads that it and the writers have seen.
pub(super) struct Kept {
    path: Option<PathBuf>,
    logs: Vec<KeptLog>,
    seen: Vec<Seen>,
    /// Whether writers' state files were asked for, and those of them that are not there.
    by_writers: bool,
    missing: Vec<PathBuf>,
}

/// A head that a log must have.
struct Seen {
    origin: String,
    size: u64,
    root: Hash,
    /// Who has seen it, with the verb.
    says: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptLog {
    head: TreeHead,
    key: PublicKey,
    origin: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    logs: Vec<KeptLog>,
}

impl Kept {
    /// Reads the state files that were asked for and are there.
    pub(super) fn read(options: &Options) -> Result<Kept, Error> {
        let mut kept = Kept {
            path: options.state.clone(),
            logs: Vec::new(),
            seen: Vec::new(),
            by_writers: !options.writer_states.is_empty(),
            missing: Vec::new(),
        };
        for path in &options.writer_states {
            let Some(state) = StateFile::read(path)? else {
                kept.missing.push(path.clone());
                continue;
            };
            let (says, root) = (format!("the writer's {} has seen", path.display()), state.root());
            let root = root.unwrap_or_default();
            kept.seen.push(Seen { origin: state.origin, size: state.head.size.0, root, says });
        }
        let Some(path) = &kept.path else { return Ok(kept) };
        let bytes = match crate::files::read_kept(path, STATE_BYTES_MAX) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(kept),
            Err(source) => return Err(Error::io(path, source)),
        };
        let file = serde_json::from_slice::<File>(&bytes).ok().filter(|file| file.format == FORMAT);
        let refuse = || {
            Error::Refused(format!(
                "{} is no state file of verify; restore it or name another",
                path.display()
            ))
        };
        kept.logs = file.ok_or_else(refuse)?.logs;
        kept.seen.extend(kept.logs.iter().map(|log| Seen {
            origin: log.origin.clone(),
            size: log.head.size.0,
            root: hash(&log.head.root),
            says: "when it was last verified it had".to_owned(),
        }));
        Ok(kept)
    }

    /// The key that was pinned for a log.
    pub(super) fn key(&self, origin: &str) -> Option<PublicKey> {
        // A lake whose origin changed is another lake; with one remembered log of each kind that must not pass.
        let known = self.logs.iter().find(|log| log.origin == origin).or(self.logs.first());
        known.map(|log| log.key.clone())
    }

    /// Compares the logs with what was seen of them.
    pub(super) fn compare(&self, logs: &[&Log], lines: &mut Lines) {
        // A verifier that remembers for itself does not need the writers' memory; any other could not look.
        for path in self.missing.iter().filter(|_| self.path.is_none()) {
            let detail = "this writer's state file is not there, so nobody knows whether the newest entries were \
                          deleted: verify where its writer runs, or with a state file of your own (--state)";
            found(lines, Verdict::Unreadable, path.display().to_string(), detail);
        }
        if self.by_writers && self.path.is_none() && self.missing.is_empty() {
            for log in logs.iter().filter(|log| !self.seen.iter().any(|seen| seen.origin == log.rules.origin))
            {
                let detail = "none of the writers' state files is of this log, so nobody knows whether its newest entries \
                              were deleted; put back the one that is";
                found(lines, Verdict::Unreadable, log.name("log/"), detail);
            }
        }
        for Seen { origin, size, root, says } in &self.seen {
            let Some(log) = logs.iter().find(|log| log.rules.origin == *origin) else {
                let detail = format!("{says} {size} entries of the log {origin}, which is not here");
                found(lines, Verdict::Rollback, "log/", detail);
                continue;
            };
            match compare(log, *size, Some(*root)) {
                Match::Fits => {}
                Match::Unknown => {
                    if let Some(entry) = damaged(log, *size) {
                        found(lines, Verdict::Modified, entry, was_sound(says, *size));
                    }
                }
                Match::Shorter => {
                    let detail =
                        format!("{says} {size} entries, and {} are there: its newest are gone", log.size);
                    found(lines, Verdict::Rollback, log.name("log/"), detail);
                }
                Match::Differs => {
                    let detail = format!("{says} another root at {size} entries");
                    found(lines, Verdict::AnchorMismatch, log.name("log/"), detail);
                }
            }
        }
    }

    /// Remembers the heads of a sound lake. Nothing that is not sound is ever remembered.
    pub(super) fn write(&self, logs: &[&Log], report: &Report) -> Result<(), Error> {
        let Some(path) = self.path.as_ref().filter(|_| report.exit_code() == 0) else { return Ok(()) };
        let mut kept = Vec::new();
        for log in logs {
            let (Some(root), Some(key)) = (log.root(), log.newest_signers.first()) else { continue };
            let pinned = self.logs.iter().find(|kept| kept.origin == log.rules.origin);
            kept.push(KeptLog {
                head: TreeHead { size: log.size.into(), root: hex::encode(root) },
                key: pinned.map_or_else(|| key.public(), |kept| kept.key.clone()),
                origin: log.rules.origin.clone(),
            });
        }
        let mut bytes = canonical::emit(&File { format: FORMAT.to_owned(), logs: kept })?;
        bytes.push(b'\n');
        let temporary = path.with_extension(format!("{}.tmp", ulid::Ulid::new()));
        std::fs::write(&temporary, &bytes)
            .and_then(|()| std::fs::File::open(&temporary)?.sync_all())
            .and_then(|()| std::fs::rename(&temporary, path))
            .map_err(|source| Error::io(path, source))
    }
}
