//! `sealake keys list`: which keys a configuration names, where they lie, who can read them, and since which entry the
//! log knows them. Prints public halves and ids, never a key.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use auditstore::log::KeyState;
use auditstore::{Reader, Signer, Store, Trust, VerifyKey};
use serde::Serialize;

use crate::config::{Config, read_token_key};
use crate::output;

/// List the keys that a configuration names, and what the lake's logs know of them.
///
/// Exit code 1 if a key file is missing or unsafe, is not that of the lake, or the lake cannot be read or went back
/// behind what the writers on this machine have seen. A warning, as of a quarantine.key that was not moved away, is none
/// of these.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The configuration.
    #[arg(short, long, value_name = "FILE", default_value = "sealake.toml")]
    config: PathBuf,
    /// One JSON object a key.
    #[arg(long)]
    json: bool,
}

/// One key.
#[derive(Default, Serialize)]
struct Row {
    /// What it is for.
    role: &'static str,
    /// The id in signatures, of a token key the one in the configuration; of a quarantine the recipient.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// SHA-256 of a signing key's public half.
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    /// The first log entry that it may sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<u64>,
    /// The first log entry that it may not sign any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<u64>,
    /// Where it lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
    /// Rights of the file, octal.
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<String>,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    /// What works, and should not stay so.
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let config = Config::read(&args.config)?;
    let logs = tokio::runtime::Runtime::new()?.block_on(known(&config));
    let (events, access) = match logs {
        Ok((events, access)) => (Some(events), Some(access)),
        Err(error) => {
            let error = output::with_causes(&error);
            output::note(format_args!("sealake: the lake says nothing of its keys: {error}"));
            (None, None)
        }
    };
    let mut rows = vec![
        signing("signs the event log", &config.lake.writer_key, events.as_deref()),
        signing("signs the access log", &config.serve.access_key, access.as_deref()),
        token(&config),
        quarantine(&config, args.config.parent().unwrap_or(Path::new(""))),
    ];
    rows.extend(config.serve.tls.as_ref().map(|tls| with_file("serves SQL over TLS", &tls.key)));
    let mine: Vec<String> = rows.iter().filter_map(|row| row.fingerprint.clone()).collect();
    for (role, keys) in [("signed the event log", &events), ("signed the access log", &access)] {
        let others = keys.iter().flatten().filter(|known| !mine.contains(&known.key.fingerprint()));
        rows.extend(others.map(|known| in_log(role, known)));
    }
    for row in &rows {
        if args.json { output::line(serde_json::to_string(row)?)? } else { print(row)? }
    }
    let sound = events.is_some() && rows.iter().all(|row| row.problem.is_none());
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The keys of the event log and of the access log, neither of them older than what their writers have seen.
async fn known(config: &Config) -> anyhow::Result<(Vec<KeyState>, Vec<KeyState>)> {
    let store: Store = config.store()?;
    let key = VerifyKey::parse(&config.lake.key)?.public();
    let events = Reader::open_after(store.clone(), Trust::Pinned(key), &config.lake.state_file).await?;
    let trust = events.state().peer.clone().map_or(Trust::SelfAsserted, Trust::Pinned);
    let access = Reader::open_after(store.child("access"), trust, &config.serve.access_state).await?;
    Ok((events.state().keys.to_vec(), access.state().keys.to_vec()))
}

fn with_file(role: &'static str, file: &Path) -> Row {
    let mut row = Row { role, file: Some(file.to_path_buf()), ..Row::default() };
    match file.metadata() {
        Ok(metadata) => {
            let mode = metadata.permissions().mode() & 0o777;
            row.mode = Some(format!("{mode:04o}"));
            if mode & 0o077 != 0 {
                row.problem = Some(format!("others can use it; run: chmod 600 {}", file.display()));
            }
        }
        Err(error) => row.problem = Some(error.to_string()),
    }
    row
}

fn signing(role: &'static str, file: &Path, known: Option<&[KeyState]>) -> Row {
    let mut row = with_file(role, file);
    if row.problem.is_some() {
        return row;
    }
    let key = match Signer::read(file) {
        Ok(signer) => signer.verify_key().clone(),
        Err(error) => {
            row.problem = Some(error.to_string());
            return row;
        }
    };
    row.id = Some(format!("{} {}", key.public().id, key.name()));
    row.fingerprint = Some(key.fingerprint());
    match known.map(|known| known.iter().find(|known| known.key == key)) {
        Some(Some(known)) => (row.since, row.until) = (Some(known.from), known.until),
        Some(None) => row.problem = Some("the log does not know it; is it another lake's?".to_owned()),
        None => {}
    }
    row
}

fn token(config: &Config) -> Row {
    let mut row = with_file("makes tokens", &config.lake.token_key);
    if row.problem.is_some() {
        return row;
    }
    match read_token_key(&config.lake.token_key) {
        Ok(key) if config.lake.token_key_id.as_ref().is_some_and(|id| *id != key.id()) => {
            row.problem = Some("not the key of token_key_id in [lake]; is it another lake's?".to_owned());
            row.id = Some(key.id());
        }
        Ok(key) => row.id = Some(key.id()),
        Err(error) => row.problem = Some(output::with_causes(&error)),
    }
    row
}

/// Whose key opens the quarantine. Nothing on this machine needs its private half, which `init` leaves beside the others.
fn quarantine(config: &Config, folder: &Path) -> Row {
    let row =
        Row { role: "reads the quarantine", id: Some(config.quarantine.recipient.clone()), ..Row::default() };
    let lake = config.lake.url.strip_prefix("file://").unwrap_or(&config.lake.url);
    let folders =
        [folder.join("keys"), folder.to_path_buf(), PathBuf::from(lake), beside(&config.lake.writer_key)];
    let Some(file) = folders.iter().map(|folder| folder.join("quarantine.key")).find(|file| file.is_file())
    else {
        return row;
    };
    let warning = "the private key: whoever has it and the lake reads the originals in quarantine, and nothing here needs \
                   it; move it away from this machine, to those who may read them";
    Row { id: row.id, warning: Some(warning.to_owned()), ..with_file(row.role, &file) }
}

fn beside(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).to_path_buf()
}

/// A key of the log that the configuration does not have.
fn in_log(role: &'static str, known: &KeyState) -> Row {
    Row {
        role,
        id: Some(format!("{} {}", known.key.public().id, known.key.name())),
        fingerprint: Some(known.key.fingerprint()),
        since: Some(known.from),
        until: known.until,
        ..Row::default()
    }
}

fn print(row: &Row) -> anyhow::Result<()> {
    output::line(format_args!("{:<21} {}", row.role, row.id.as_deref().unwrap_or("-")))?;
    let detail = |name: &str, text: &dyn std::fmt::Display| output::line(format_args!("  {name:<19} {text}"));
    if let Some(fingerprint) = &row.fingerprint {
        detail("fingerprint", fingerprint)?;
    }
    if let Some(since) = row.since {
        let until = row.until.map(|until| format!(", until entry {until}")).unwrap_or_default();
        detail("valid", &format_args!("since entry {since}{until}"))?;
    }
    if let Some(file) = &row.file {
        let mode = row.mode.as_ref().map(|mode| format!(", mode {mode}")).unwrap_or_default();
        detail("file", &format_args!("{}{mode}", file.display()))?;
    }
    if let Some(problem) = &row.problem {
        detail("PROBLEM", problem)?;
    }
    if let Some(warning) = &row.warning {
        detail("WARNING", warning)?;
    }
    Ok(())
}
