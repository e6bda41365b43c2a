//! How a lake begins: keys, a probe of the store, entry 0 of the access log, entry 0 of the event log, and
//! `sealake.json` for people.
//!
//! The lake exists from the moment that entry 0 of `log` is there. Whatever a crash leaves before or after it,
//! the same call finishes: keys that are there are used again, entries that this call's keys have signed are
//! taken as done. A lake of anybody else's, or one that has been used, is refused: `init` never begins a second
//! history over a first.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::future::join_all;
use schemas::manifest::{
    Body, Dec, FORMAT, Init, Manifest, PublicKey, RetentionClass, VALIDITY, Writer as WrittenBy,
};
use serde_json::json;
use ulid::Ulid;

use crate::error::Error;
use crate::keys::Signer;
use crate::log::{ENTRY_BYTES_MAX, Replay, State, StateFile, checkpoint, entry_path, make_entry};
use crate::merkle::Edge;
use crate::note::{Head, VerifyKey};
use crate::store::{Create, Fetched, Store};
use crate::time::{Clock, format_time, system_clock};

/// What is known of a lake at its root, for people. Rebuilt from entry 0 if missing.
pub const DESCRIPTION: &str = "sealake.json";

/// Name of the folder that holds the access log.
pub const ACCESS: &str = "access";

/// Creates of one name at once when a store is probed, and how often.
const PROBE_RACERS: usize = 64;

/// The most bytes that one of them writes: its number.
const PROBE_BYTES_MAX: u64 = 8;
const PROBE_ROUNDS: usize = 2;

/// What a new lake is to be.
#[derive(Clone)]
pub struct InitOptions {
    /// Where: opened by [`Store::open_or_make`].
    pub store: Store,
    /// Name of the log and of its writer key, such as `audit.example.org/site-a`. The access log's name is this
    /// with `/access`.
    pub origin: String,
    /// File of the writer key; made if missing.
    pub writer_key: PathBuf,
    /// File of the access key; made if missing.
    pub access_key: PathBuf,
    /// State files of the first writers of both logs; optional.
    pub state_file: Option<PathBuf>,
    /// As `state_file`, for the access log.
    pub access_state_file: Option<PathBuf>,
    /// Retention of both logs' batches.
    pub retention: RetentionClass,
    /// Name of this process's instance, for entry 0.
    pub instance: String,
    /// The time.
    pub clock: Clock,
}

impl InitOptions {
    /// Options with the default retention (`hipaa-6y`: 45 CFR 164.316(b)(2)(i) asks for six years) and key files
    /// `writer.key` and `access.key`, state files `writer.state` and `access.state` in a directory.
    pub fn new(store: Store, origin: &str, directory: &Path) -> InitOptions {
        InitOptions {
            store,
            origin: origin.to_owned(),
            writer_key: directory.join("writer.key"),
            access_key: directory.join("access.key"),
            state_file: Some(directory.join("writer.state")),
            access_state_file: Some(directory.join("access.state")),
            retention: RetentionClass { class: "hipaa-6y".to_owned(), years: Dec(6) },
            instance: "init".to_owned(),
            clock: system_clock(),
        }
    }
}

/// What `init` has made.
#[derive(Clone, Debug)]
pub struct InitReport {
    /// Where the lake is.
    pub url: String,
    /// Name of the log.
    pub origin: String,
    /// The writer key.
    pub writer: PublicKey,
    /// SHA-256 of the writer key's bytes: what to write down, and to compare `verify` with.
    pub fingerprint: String,
    /// The access key.
    pub access: PublicKey,
    /// Whether an earlier call had begun, and this one has finished it.
    pub resumed: bool,
}

/// Makes a lake, or finishes one that an earlier call has begun.
///
/// # Errors
/// [`Error::AlreadyALake`]; [`Error::Denied`] if the store lets two creates of one name win; [`Error::Key`],
/// [`Error::Io`]; the store's. After any error the same call can be made again.
pub async fn init(options: InitOptions) -> Result<InitReport, Error> {
    let access_origin = format!("{}/{ACCESS}", options.origin);
    refuse_existing(&options).await?;
    // 1. Keys. A crash after this leaves key files, which the next call uses.
    let (writer, writer_resumed) = key(&options.writer_key, &options.origin)?;
    let (access, access_resumed) = key(&options.access_key, &access_origin)?;
    // 2. The store must be one in which exactly one create wins. Leaves objects in probe/, which verify ignores.
    probe(&options.store).await?;
    // 3. The access log. A crash after this leaves an access log of our key without an event log beside it.
    let child = options.store.child(ACCESS);
    let entry = Entry0 { schema: "access/1", signer: &access, peer: Some(writer.public()) };
    let access_state = entry.create(&child, &options).await?;
    // 4. The event log. From here on the lake exists.
    let entry = Entry0 { schema: "event/1", signer: &writer, peer: Some(access.public()) };
    let state = entry.create(&options.store, &options).await?;
    // 5. What the first writers remember. Only for a log of one entry, or a rollback to it would pass.
    remember(options.access_state_file.as_deref(), &access_state)?;
    remember(options.state_file.as_deref(), &state)?;
    // 6. For people. Its presence is also what makes a second `init` a mistake instead of a continuation.
    let (writer_key, access_key) = (writer.verify_key(), access.verify_key());
    let description = description(&options.origin, writer_key, access_key, &state.retention);
    options.store.replace(DESCRIPTION, description).await?;
    Ok(InitReport {
        url: options.store.url(),
        origin: options.origin,
        fingerprint: writer.verify_key().fingerprint(),
        writer: writer.public(),
        access: access.public(),
        resumed: writer_resumed || access_resumed,
    })
}

async fn refuse_existing(options: &InitOptions) -> Result<(), Error> {
    let store = &options.store;
    let refuse = |found: String, advice: &str| {
        Err(Error::AlreadyALake { url: store.url(), found, advice: advice.to_owned() })
    };
    let Some(first) = store.get_entry(&entry_path(1, 0), ENTRY_BYTES_MAX).await? else {
        return refuse_used_keys(options);
    };
    let used = store.head(&entry_path(1, 1)).await?.is_some();
    let described = store.head(DESCRIPTION).await?.is_some();
    let origin = match &first {
        Fetched::Whole(bytes) => Replay::start(bytes).map(|replay| replay.state().origin.clone()).ok(),
        Fetched::TooLarge(..) => None,
    };
    let Some(origin) = origin else {
        return refuse(
            "its first entry cannot be read".into(),
            "run `sealake verify` on it, or choose another URL",
        );
    };
    if origin != options.origin || used || described {
        let advice = "use it with its own configuration and keys, or choose another URL for a new lake";
        return refuse(format!("origin {origin}"), advice);
    }
    Ok(())
}

/// A state file without a lake: its key has signed a log somewhere else, and must not sign another of that name.
fn refuse_used_keys(options: &InitOptions) -> Result<(), Error> {
    match options.state_file.as_deref().filter(|path| path.exists()) {
        Some(path) => Err(Error::Refused(format!(
            "{} is there, so a lake of these keys exists or existed elsewhere, and {} holds none; give another \
             folder for the new lake's keys",
            path.display(),
            options.store.url()
        ))),
        None => Ok(()),
    }
}

/// The key of a file, or a new one in it; and whether it was there.
fn key(path: &Path, origin: &str) -> Result<(Signer, bool), Error> {
    if path.exists() {
        let signer = Signer::read(path)?;
        if signer.name() != origin {
            let (path, name) = (path.display(), signer.name());
            return Err(Error::Key(format!(
                "{path} is the key of {name}, not of {origin}; it is not overwritten"
            )));
        }
        return Ok((signer, true));
    }
    let signer = Signer::generate(origin)?;
    signer.write_new(path)?;
    Ok((signer, false))
}

/// Whether an object is one that [`probe`] has left.
pub(crate) fn is_probe(path: &str) -> bool {
    let parts = path.strip_prefix("probe/").and_then(|name| name.split_once('-'));
    parts.is_some_and(|(run, round)| {
        Ulid::from_string(run).is_ok() && !round.is_empty() && round.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Lets 64 creates race for one name and refuses a store in which not exactly one wins, or in which it is not the
/// winner's bytes that are read back.
///
/// # Errors
/// [`Error::Denied`]; the store's.
pub async fn probe(store: &Store) -> Result<(), Error> {
    let run = Ulid::new();
    for round in 0..PROBE_ROUNDS {
        let name: Arc<str> = format!("probe/{run}-{round}").into();
        let racers = (0..PROBE_RACERS).map(|racer| {
            let (store, name) = (store.clone(), Arc::clone(&name));
            tokio::spawn(async move { (racer, store.create(&name, Bytes::from(racer.to_string())).await) })
        });
        let mut winners = Vec::new();
        for racer in join_all(racers).await {
            let racer = racer.map_err(|_| Error::Refused("the probe of the store was interrupted".into()))?;
            match racer {
                (racer, Ok(Create::New)) => winners.push(racer.to_string()),
                (_, Ok(Create::Exists)) => {}
                (_, Err(error)) => return Err(error),
            }
        }
        let found = store.get_small(&name, PROBE_BYTES_MAX).await?;
        let won = found.as_deref().map(String::from_utf8_lossy);
        if winners.len() != 1 || won.as_deref() != winners.first().map(String::as_str) {
            let what = format!("probe {}", store.url());
            let cause = format!(
                "of {PROBE_RACERS} concurrent creates of one object {} were told that they won; exactly one must, \
                 or two writers would overwrite each other. Use a store with atomic If-None-Match",
                winners.len()
            );
            return Err(Error::Denied { what, cause });
        }
    }
    Ok(())
}

/// The first entry of one of the two logs.
struct Entry0<'a> {
    schema: &'static str,
    signer: &'a Signer,
    peer: Option<PublicKey>,
}

impl Entry0<'_> {
    /// Creates the entry, or accepts one that the same key has signed, and gives the state after it.
    async fn create(&self, store: &Store, options: &InitOptions) -> Result<State, Error> {
        let path = entry_path(1, 0);
        let bytes = self.object(options)?;
        // Nothing is believed of what was made here until it was read back.
        store.create(&path, bytes).await?;
        let found = match store.get_entry(&path, ENTRY_BYTES_MAX).await? {
            Some(Fetched::Whole(bytes)) => bytes,
            Some(Fetched::TooLarge(..)) => return Err(Error::invalid(path, "too large for an entry")),
            None => return Err(Error::Missing { object: path }),
        };
        let state = Replay::start(&found)?.state().clone();
        if state.keys[0].key != *self.signer.verify_key() || state.peer != self.peer {
            let found = format!("origin {}, key {}", state.origin, state.keys[0].key.public().id);
            let advice = "its keys are not those of the key files; choose another URL".to_owned();
            return Err(Error::AlreadyALake { url: store.url(), found, advice });
        }
        // No log is without a checkpoint, so that `verify` can say that one was deleted.
        let head = Head { origin: state.origin.clone(), size: state.size, root: state.root };
        let key = self.signer.verify_key().clone();
        checkpoint::publish(store, self.signer, head, vec![key], false).await?;
        Ok(state)
    }

    fn object(&self, options: &InitOptions) -> Result<Bytes, Error> {
        let init = Init {
            schema: self.schema.to_owned(),
            keys: vec![self.signer.public()],
            peer: self.peer.clone(),
            retention: options.retention.clone(),
        };
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            validity: Dec(VALIDITY),
            origin: self.signer.name().to_owned(),
            era: Dec(1),
            seq: Dec(0),
            committed: format_time((options.clock)()),
            writer: WrittenBy { instance: options.instance.clone(), build: crate::log::build_sha256() },
            snapshot: None,
            skipped: Vec::new(),
            body: Body::Init(init),
        };
        let object = make_entry(&manifest, &Edge::default(), &[self.signer])?;
        // What no reader would accept is not written.
        Replay::start(&object)?;
        Ok(object)
    }
}

fn remember(path: Option<&Path>, state: &State) -> Result<(), Error> {
    match path {
        Some(path) if !path.exists() => StateFile::new(&state.origin, state.era, state.signed).write(path),
        _ => Ok(()),
    }
}

/// Writes [`DESCRIPTION`] again from what the log's first entry says, if it is missing.
pub(crate) async fn restore_description(store: &Store, state: &State) -> Result<(), Error> {
    if store.head(DESCRIPTION).await?.is_some() {
        return Ok(());
    }
    let Some(access) = &state.peer else { return Ok(()) };
    let access = VerifyKey::from_public(access)?;
    let description = description(&state.origin, &state.keys[0].key, &access, &state.retention);
    store.replace(DESCRIPTION, description).await
}

/// `sealake.json`, which says what entry 0 of both logs say: the same entries always give the same bytes.
pub(crate) fn description(
    origin: &str,
    writer: &VerifyKey,
    access: &VerifyKey,
    retention: &RetentionClass,
) -> Bytes {
    let description = json!({
        "about": "A Sealake audit lake. The log in log/ is the truth; this file is for people.",
        "access": {"key": access.vkey(), "origin": access.name()},
        "fingerprint": writer.fingerprint(),
        "format": FORMAT,
        "key": writer.vkey(),
        "origin": origin,
        "retention": {"class": retention.class, "years": retention.years.to_string()},
    });
    Bytes::from(format!("{description:#}\n"))
}

#[cfg(test)]
mod tests;
