//! The verdict over every byte of a lake, from nothing but the lake and a public key.
//!
//! The walk is deliberately simple and shares no shortcut with the [readers](crate::log): it starts at entry 0,
//! computes every root itself, and believes no checkpoint, snapshot or state that it has not recomputed. Then it
//! reads every object that an entry names. Three rules keep its answer honest: an empty place is never sound,
//! what could not be read is never called so, and what is wrong is named with its object and, where it can be
//! told, its bytes.
//!
//! To add a verdict: a line in [`schemas::verdict`], and the check that gives it in the file of its subject:
//! [`replay`] (entries, signatures, roots), [`rules`] (what a manifest may say), [`objects`] (bytes), [`segments`]
//! (leaves, details, rows), [`heads`] (checkpoints, the other log), [`snapshots`], [`kept`] (what a verifier and the
//! writers remember).
//!
//! Writers may go on meanwhile: what is judged is the log as the store lists it when the walk begins.

use std::collections::HashMap;
use std::path::PathBuf;

use schemas::manifest::PublicKey;
use schemas::verdict::Verdict;

use self::replay::Log;
use self::report::found;
use crate::error::Error;
use crate::note::VerifyKey;
use crate::orphans::may_be_committed;
use crate::store::{Listed, Listing, Store, is_temporary};
use crate::time::{Clock, format_time, system_clock};

mod heads;
mod kept;
mod objects;
mod replay;
mod report;
mod rules;
mod segments;
mod snapshots;

pub use report::{Line, LogReport, Phase, Progress, Report};

/// Name of the access log's folder in a lake.
const ACCESS: &str = "access";

/// How to verify.
#[derive(Clone, Default)]
pub struct Options {
    /// The event log's key, from the caller's own records. Without it (and without a pinned one in `state`) the
    /// lake vouches for itself, and the report says so.
    pub key: Option<PublicKey>,
    /// The access log's key. Optional: the event log's first entry names it.
    pub access_key: Option<PublicKey>,
    /// A file that remembers the keys and the newest heads from one run to the next. It is what detects that
    /// the newest entries were deleted. Made at the first use.
    pub state: Option<PathBuf>,
    /// State files of the lake's writers ([`crate::log::StateFile`]), of either log: heads that they have seen. One
    /// that is not there is [`Verdict::Unreadable`], unless there is a `state`.
    pub writer_states: Vec<PathBuf>,
    /// Whether record hashes are computed again from the Parquet columns, and rows compared with the offsets
    /// and counts of their batch.
    pub records: bool,
    /// Called from time to time, from any thread.
    pub progress: Option<Progress>,
    /// The time, which only tells how long an object has waited for an entry. Default: this machine's.
    pub clock: Option<Clock>,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("key", &self.key)
            .field("state", &self.state)
            .field("writer_states", &self.writer_states)
            .field("records", &self.records)
            .finish_non_exhaustive()
    }
}

/// Verifies a lake.
///
/// # Errors
/// Nothing could be said at all: no lake there, a newer format, a key or state file that cannot be used, a store
/// that cannot be listed. The caller's exit code is 2, as it is for [`Verdict::Unreadable`].
pub async fn verify(store: &Store, options: &Options) -> Result<Report, Error> {
    // Heads that others hold, then the names of the objects, then the entries: whatever is committed meanwhile, no
    // head that is known lies beyond the log as it is walked.
    let kept = kept::Kept::read(options)?;
    let published = [heads::published(store).await, heads::published(&store.child(ACCESS)).await];
    let now = options.clock.clone().unwrap_or_else(system_clock)();
    let Listing { objects, unreadable } = store.list_readable("").await?;
    let listed: Objects = objects.into_iter().map(|object| (object.path.clone(), object)).collect();
    let has_log = |folder: &str| listed.keys().any(|path| path.starts_with(folder));
    if unreadable.is_empty() && !has_log("log/") && !has_log("data/") && !listed.contains_key("sealake.json")
    {
        return Err(Error::NotALake { url: store.url(), object: "object".into() });
    }

    let mut lines = Vec::new();
    for (folder, cause) in &unreadable {
        let detail = format!(
            "cannot be looked into ({cause}), so nobody knows what is in it; give the right to read it \
                              and verify again"
        );
        found(&mut lines, Verdict::Unreadable, folder, detail);
    }
    // Of a log whose names cannot be listed nothing is said to be gone.
    let is_hidden = |log: &str| {
        unreadable.iter().any(|(folder, _)| {
            let (inner, outer) =
                if folder.len() > log.len() { (folder.as_str(), log) } else { (log, folder.as_str()) };
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let mut events = Log::new(store.clone(), "", &listed, options.progress.clone());
    events.walk().await?;
    let mut access = None;
    if has_log("access/") || events.peer().is_some() {
        let mut log = Log::new(store.child(ACCESS), ACCESS, &listed, options.progress.clone());
        log.walk().await?;
        if log.size == 0 && log.lines.is_empty() && !is_hidden("access/log") {
            found(
                &mut lines,
                Verdict::Missing,
                log.entry_name(0),
                "the event log names it, and it is not there",
            );
        }
        access = Some(log);
    }
    if events.size == 0 && events.lines.is_empty() && !is_hidden("log") {
        found(
            &mut lines,
            Verdict::Missing,
            events.entry_name(0),
            "there is no first entry, and there are objects of a lake",
        );
    }

    let self_asserted = heads::trust(&events, access.as_ref(), options, &kept, &mut lines);
    heads::readable(&events, store, &mut lines).await;
    for (log, published) in std::iter::once(&events).chain(&access).zip(&published) {
        heads::checkpoint(log, published, &mut lines);
    }
    let logs: Vec<&Log> = std::iter::once(&events).chain(&access).collect();
    let mut checked = objects::check_all(&logs, options).await;
    objects::look_again(store, &mut checked.lines).await;

    // What was committed meanwhile is not judged, but its objects are no orphans, and its heads no other history.
    events.take_later(checked.looks.keys().map(|(size, _)| *size).max()).await;
    if let Some(access) = &mut access {
        access.take_later(events.rules.heartbeats.iter().map(|(_, head)| head.size.0).max()).await;
    }
    heads::cross_references(&events, access.as_ref(), &checked.looks, &mut lines);
    let logs: Vec<&Log> = std::iter::once(&events).chain(&access).collect();
    kept.compare(&logs, &mut lines);
    let mut report = assemble(&logs, lines, checked, self_asserted, options);
    orphans(&logs, &listed, now, &is_hidden, &mut report);
    report.limit();
    kept.write(&logs, &report)?;
    Ok(report)
}

fn assemble(
    logs: &[&Log],
    heads: Vec<Line>,
    checked: objects::Checked,
    self_asserted: bool,
    options: &Options,
) -> Report {
    let summary = |log: &Log| {
        let key = log.newest_signers.first();
        LogReport {
            origin: log.rules.origin.clone(),
            size: log.size,
            root: log.root().map(hex::encode).unwrap_or_default(),
            key: key.map(VerifyKey::vkey).unwrap_or_default(),
            key_fingerprint: key.map(VerifyKey::fingerprint).unwrap_or_default(),
            records: log.rules.records,
        }
    };
    let mut findings: Vec<Line> = logs.iter().flat_map(|log| log.lines.iter().cloned()).collect();
    findings.extend(heads);
    findings.extend(checked.lines);
    let events = summary(logs[0]);
    Report {
        findings,
        objects: checked.objects + logs.iter().map(|log| log.entries).sum::<u64>(),
        bytes: checked.bytes + logs.iter().map(|log| log.bytes).sum::<u64>(),
        records: events.records,
        records_uncounted: checked.records_uncounted,
        segments_uncounted: checked.segments_uncounted,
        entries_uncounted: logs[0]
            .size
            .saturating_sub(logs[0].rules.committed.range(..logs[0].size).count() as u64),
        offsets_complete: logs.iter().all(|log| !log.rules.offsets_broken),
        records_recomputed: options.records,
        size: events.size,
        root: events.root.clone(),
        key_fingerprint: events.key_fingerprint.clone(),
        self_asserted,
        access: logs.get(1).map(|log| summary(log)),
        events,
        orphans: 0,
        orphans_recent: 0,
        omitted: 0,
    }
}

/// The objects of a lake, by path.
type Objects = HashMap<String, Listed>;

/// Lists what is there and what nothing names. What is so young that its writer may be about to commit it is not
/// said to be anybody's leavings. Of a log that cannot be listed nobody knows what it names.
fn orphans(logs: &[&Log], listed: &Objects, now: i64, is_hidden: &dyn Fn(&str) -> bool, report: &mut Report) {
    let (events_hidden, access_hidden) = (is_hidden("log"), is_hidden("access/log"));
    let unnamed = |path: &str| {
        let hidden = if path.starts_with("access/") { access_hidden } else { events_hidden };
        if hidden {
            return false;
        }
        let (log, path) = match (path.strip_prefix("access/"), logs.get(1)) {
            (Some(path), Some(access)) => (*access, path),
            _ => (logs[0], path),
        };
        let known = path.starts_with("log/") || crate::init::is_probe(path);
        is_temporary(path) || (!known && path != "sealake.json" && !log.rules.names(path))
    };
    let mut orphans: Vec<&Listed> = listed.values().filter(|object| unnamed(&object.path)).collect();
    orphans.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    for Listed { path, bytes, stored, .. } in orphans {
        let recent = may_be_committed(*stored, now);
        let what = if recent {
            "a running writer may yet commit it"
        } else {
            "no commit takes so long: left by a writer that crashed or lost a race"
        };
        let (stored, seconds) = (format_time(*stored), now.saturating_sub(*stored).max(0) / 1_000_000);
        let detail = format!("{bytes} bytes that no entry names, stored {stored}, {seconds} s ago; {what}");
        found(&mut report.findings, Verdict::Orphan, path, detail);
        report.orphans += 1;
        report.orphans_recent += u64::from(recent);
    }
}

#[cfg(test)]
mod tests;
