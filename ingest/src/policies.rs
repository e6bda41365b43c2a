//! The policy in use, and the file that it is read from again when it changes.
//!
//! The file is looked at every [`POLL_INTERVAL`] and on SIGHUP. A change counts when size and time of modification are
//! the same at two looks, so that a file is not read while it is written; SIGHUP reads at once. What is not a sound
//! policy is refused with line and column, and the one in use stays.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use redactor::{POLICY_BYTES_MAX, Policy, Redactor};

/// Time between two looks at the policy file.
pub const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// How events are redacted: by a policy that stays, or by a file that may change.
pub struct Policies {
    redactor: Redactor,
    file: Option<File>,
    /// A sound policy that the log does not have yet.
    pub(crate) wanted: Option<Redactor>,
    hangup: Hangup,
}

struct File {
    path: PathBuf,
    looked: Instant,
    /// What was read last, and what the last look saw.
    read: Option<Stamp>,
    seen: Option<Stamp>,
    /// Why it could not be read at the last look.
    unreadable: Option<String>,
}

/// By what a change is noticed.
#[derive(Clone, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
}

/// Whether SIGHUP was heard since it was last asked.
#[derive(Clone, Default)]
struct Hangup(Arc<AtomicBool>);

impl From<Redactor> for Policies {
    fn from(redactor: Redactor) -> Policies {
        Policies { redactor, file: None, wanted: None, hangup: Hangup::default() }
    }
}

impl Policies {
    /// Reads the policy of this redactor from this file again when it changes.
    pub fn watched(redactor: Redactor, path: PathBuf) -> Policies {
        let file = File { path, looked: Instant::now(), read: None, seen: None, unreadable: None };
        Policies { file: Some(file), ..Policies::from(redactor) }
    }

    /// Looks at the file on SIGHUP too; without a file it says so. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The operating system refuses the signal handler.
    pub fn on_hangup(self) -> std::io::Result<Policies> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut hangups = signal(SignalKind::hangup())?;
        let heard = self.hangup.clone();
        tokio::spawn(async move {
            while hangups.recv().await.is_some() {
                heard.0.store(true, Ordering::Relaxed);
            }
        });
        Ok(self)
    }

    /// What redacts now.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The policy that was wanted is in the log: it is used from here on.
    pub(crate) fn take_wanted(&mut self) -> Option<Redactor> {
        let wanted = self.wanted.take()?;
        tracing::info!(
            policy = wanted.policy().reference(),
            before = self.redactor.policy().reference(),
            "the policy changed; what is redacted from here on names the new one"
        );
        self.redactor = wanted.clone();
        Some(wanted)
    }

    /// Looks whether the file has changed, if it is time to; then [`Policies::wanted`] has what it says.
    pub(crate) async fn look(&mut self) {
        let asked = self.hangup.0.swap(false, Ordering::Relaxed);
        let Some(file) = &mut self.file else {
            if asked {
                tracing::info!(
                    policy = self.redactor.policy().reference(),
                    "SIGHUP: this policy is built into the program, there is no file to read again"
                );
            }
            return;
        };
        if !asked && file.looked.elapsed() < POLL_INTERVAL {
            return;
        }
        file.looked = Instant::now();
        let in_use = self.redactor.policy();
        let path = file.path.display().to_string();
        let bytes = match file.changed(asked).await {
            Ok(None) => return,
            Ok(Some(bytes)) => bytes,
            Err(why) => {
                if file.unreadable.as_ref() != Some(&why) {
                    tracing::error!(
                        path,
                        why,
                        in_use = in_use.reference(),
                        "the policy file cannot be read; the policy in use stays"
                    );
                    file.unreadable = Some(why);
                }
                return;
            }
        };
        file.unreadable = None;
        let taken = Policy::parse(&bytes).and_then(|policy| {
            policy.check_acknowledged()?;
            self.redactor.with_policy(policy)
        });
        match taken {
            Ok(new) if new.policy().sha256() == in_use.sha256() => {
                self.wanted = None;
                if asked {
                    tracing::info!(
                        path,
                        policy = in_use.reference(),
                        "SIGHUP: the policy file says the same"
                    );
                }
            }
            Ok(new) => self.wanted = Some(new),
            Err(error) => {
                self.wanted = None;
                tracing::error!(
                    path,
                    in_use = in_use.reference(),
                    "the policy file is not taken, the policy in use stays: {error}"
                );
            }
        }
    }
}

impl File {
    /// The bytes of a file that is other than it was when it was last read, and has not changed since the last look.
    async fn changed(&mut self, asked: bool) -> Result<Option<Vec<u8>>, String> {
        let path = self.path.clone();
        let stamp = tokio::fs::metadata(&path).await.map_err(|error| error.to_string())?;
        let stamp = Stamp { modified: stamp.modified().ok(), bytes: stamp.len() };
        let still = self.seen.replace(stamp.clone()).is_none_or(|seen| seen == stamp);
        if !asked && (self.read.as_ref() == Some(&stamp) || !still) {
            return Ok(None);
        }
        let read =
            tokio::task::spawn_blocking(move || auditstore::files::read_kept(&path, POLICY_BYTES_MAX as u64));
        let bytes = read.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
        self.read = Some(stamp);
        Ok(Some(bytes))
    }
}
