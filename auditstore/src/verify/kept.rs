//! What a verifier remembers between runs: the keys it saw first and the newest heads.
//!
//! A lake that was cut back to an older state, or signed again from end to end, is consistent with itself. Only
//! somebody who remembers can tell.

use std::path::PathBuf;

use schemas::manifest::{PublicKey, TreeHead};
use schemas::verdict::Verdict;
use serde::{Deserialize, Serialize};

use super::heads::{Match, compare};
use super::replay::Log;
use super::report::{Lines, found};
use super::rules::hash;
use super::{Options, Report};
use crate::canonical;
use crate::error::Error;

/// The format that a state file states.
const FORMAT: &str = "sealake-verify/1";

/// A verifier's memory.
pub(super) struct Kept {
    path: Option<PathBuf>,
    logs: Vec<KeptLog>,
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
    /// Reads the state file, if one was asked for and is there.
    pub(super) fn read(options: &Options) -> Result<Kept, Error> {
        let mut kept = Kept { path: options.state.clone(), logs: Vec::new() };
        let Some(path) = &kept.path else { return Ok(kept) };
        let bytes = match std::fs::read(path) {
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
        Ok(kept)
    }

    /// The key that was pinned for a log.
    pub(super) fn key(&self, origin: &str) -> Option<PublicKey> {
        // A lake whose origin changed is another lake; with one remembered log of each kind that must not pass.
        let known = self.logs.iter().find(|log| log.origin == origin).or(self.logs.first());
        known.map(|log| log.key.clone())
    }

    /// Compares the logs with what was remembered of them.
    pub(super) fn compare(&self, logs: &[&Log], lines: &mut Lines) {
        for kept in &self.logs {
            let Some(log) = logs.iter().find(|log| log.rules.origin == kept.origin) else {
                let detail =
                    format!("the log {} was here at {} entries, and is not", kept.origin, kept.head.size);
                found(lines, Verdict::Rollback, "log/", detail);
                continue;
            };
            match compare(log, kept.head.size.0, Some(hash(&kept.head.root))) {
                Match::Fits | Match::Unknown => {}
                Match::Shorter => {
                    let detail = format!(
                        "it had {} entries when it was last verified, it has {}: its newest are gone",
                        kept.head.size, log.size
                    );
                    found(lines, Verdict::Rollback, log.name("log/"), detail);
                }
                Match::Differs => {
                    let detail =
                        format!("had another root at {} entries when it was last verified", kept.head.size);
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
