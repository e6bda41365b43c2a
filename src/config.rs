//! The one TOML file that configures a process. Each section is declared in the crate that uses it; here they
//! are put together, and paths are made relative to the folder of the file.
//!
//! Reading has two stages: [`Config::read`] takes what the person wrote and checks its form, and the methods
//! that open things (`store`, `redactor`, …) touch the world, once.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use auditstore::{Signer, Store, StoreOptions, files};
use redactor::{POLICY_BYTES_MAX, Policy, Redactor, TokenKey};
use serde::Deserialize;

use crate::output;

/// Where `init` leaves the configuration, and what is read where none is named.
const HERE: &str = "sealake.toml";

/// A whole configuration file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Where the lake is and with which keys it is written.
    pub(crate) lake: Lake,
    /// How events are redacted.
    #[serde(default)]
    pub(crate) redaction: Redaction,
    /// Name of the data plane (a cluster, a region) of this process; the column `site` of every event.
    pub(crate) site: String,
    /// The broker.
    pub(crate) kafka: ingest::Kafka,
    /// What is read.
    pub(crate) topics: Vec<ingest::Topic>,
    /// Where what cannot be decoded or redacted goes.
    pub(crate) quarantine: ingest::Quarantine,
    /// When a batch is committed.
    #[serde(default)]
    pub(crate) batch: ingest::Batch,
    /// Bounds of memory and time.
    #[serde(default)]
    pub(crate) limits: ingest::Limits,
    /// The SQL service.
    #[serde(default)]
    pub(crate) serve: query::Config,
}

/// Section `[lake]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lake {
    /// A directory, or `s3://bucket/prefix`.
    pub(crate) url: String,
    /// The lake's verification key, `<origin>+<id>+<base64>` as `sealake init` printed it. What is read from the
    /// lake is believed only if it is signed by this key.
    pub(crate) key: String,
    /// Name of the organisation or tenant; part of every token, so that tokens of two tenants never join.
    pub(crate) tenant: String,
    /// Private key of the event log, a file of mode 0600. Only `ingest` needs it.
    #[serde(default = "writer_key")]
    pub(crate) writer_key: PathBuf,
    /// Key of the tokens and keyed hashes, a file of mode 0600.
    #[serde(default = "token_key")]
    pub(crate) token_key: PathBuf,
    /// The id of that key, eight hex digits as `sealake init` wrote them: another lake's key, with which no new token
    /// would join an old one, is refused. Not given, any key is taken.
    #[serde(default)]
    pub(crate) token_key_id: Option<String>,
    /// File in which `ingest` keeps the newest head that it has seen; without it a loss of the log's newest
    /// entries goes unnoticed.
    #[serde(default = "state_file")]
    pub(crate) state_file: PathBuf,
    /// Endpoint, region and certificate authority of an S3 store.
    #[serde(default)]
    pub(crate) s3: StoreOptions,
}

/// Section `[redaction]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Redaction {
    /// Name of a profile (`coded`, `safe_harbor`, `strict`, …) or path of a policy file. Default `coded`.
    pub(crate) policy: String,
}

impl Default for Redaction {
    fn default() -> Redaction {
        Redaction { policy: "coded".to_owned() }
    }
}

fn writer_key() -> PathBuf {
    PathBuf::from("keys/writer.key")
}

fn token_key() -> PathBuf {
    PathBuf::from("keys/token.key")
}

fn state_file() -> PathBuf {
    PathBuf::from("state/writer.json")
}

impl Config {
    /// Reads a configuration file and makes its paths relative to the folder it lies in.
    ///
    /// # Errors
    /// The file cannot be read, or a field is missing, unknown or of the wrong type; the message has line and
    /// column.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Config> {
        let text = match files::read_text(path, files::CONFIG_BYTES_MAX) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
                "there is no configuration {}; `sealake init` makes a lake and writes one, -c names another",
                path.display()
            ),
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("cannot read the configuration {}", path.display()));
            }
        };
        let mut config: Config = toml::from_str(&text).map_err(|error| invalid(path, &text, &error))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        config.resolve_paths(folder);
        Ok(config)
    }

    /// Reads the configuration that was named; if none was, and nothing else says which lake is meant, the one of this
    /// folder.
    ///
    /// # Errors
    /// As [`Config::read`]; and none was named, nor is there one here.
    pub(crate) fn named_or_here(named: Option<&Path>) -> anyhow::Result<Config> {
        if named.is_none() && !Path::new(HERE).exists() {
            bail!(
                "no lake was named, and there is no {HERE} here: name the lake (a directory or s3://bucket/prefix), or its \
                 configuration with -c"
            );
        }
        Config::read(named.unwrap_or(Path::new(HERE)))
    }

    /// Whether a lake that was named beside this configuration is its own, and no copy of it.
    pub(crate) fn is_of(&self, lake: &str) -> bool {
        let local = |url: &str| std::path::absolute(url).ok().filter(|_| !url.contains("://"));
        self.lake.url.trim_end_matches('/') == lake.trim_end_matches('/')
            || local(lake).is_some_and(|path| local(&self.lake.url) == Some(path))
    }

    fn resolve_paths(&mut self, folder: &Path) {
        let lake = &mut self.lake;
        for path in [&mut lake.writer_key, &mut lake.token_key, &mut lake.state_file] {
            *path = folder.join(&*path);
        }
        if !lake.url.contains("://") {
            lake.url = folder.join(&lake.url).to_string_lossy().into_owned();
        }
        for path in [&mut lake.s3.ca_file, &mut lake.s3.secret_access_key_file].into_iter().flatten() {
            *path = folder.join(&*path);
        }
        let serve = &mut self.serve;
        for path in [&mut serve.users_file, &mut serve.access_key, &mut serve.access_state] {
            *path = folder.join(&*path);
        }
        if let Some(tls) = &mut serve.tls {
            tls.certificate = folder.join(&tls.certificate);
            tls.key = folder.join(&tls.key);
        }
        if Policy::profile(&self.redaction.policy).is_none() {
            self.redaction.policy = folder.join(&self.redaction.policy).to_string_lossy().into_owned();
        }
    }

    /// The ingest process that this file describes.
    pub(crate) fn ingest(&self, folder: &Path) -> ingest::Config {
        let mut config = ingest::Config {
            site: self.site.clone(),
            kafka: self.kafka.clone(),
            topics: self.topics.clone(),
            quarantine: self.quarantine.clone(),
            batch: self.batch.clone(),
            limits: self.limits.clone(),
        };
        config.resolve_paths(folder);
        config
    }

    /// Opens the lake's store.
    pub(crate) fn store(&self) -> anyhow::Result<Store> {
        Ok(Store::open(&self.lake.url, &self.lake.s3)?)
    }

    /// Reads the private key of the event log.
    pub(crate) fn writer_key(&self) -> anyhow::Result<Signer> {
        Ok(Signer::read(&self.lake.writer_key)?)
    }

    /// The policy file; none if the policy is a profile.
    pub(crate) fn policy_file(&self) -> Option<PathBuf> {
        Policy::profile(&self.redaction.policy).is_none().then(|| PathBuf::from(&self.redaction.policy))
    }

    /// Builds the redactor: policy and token key.
    pub(crate) fn redactor(&self) -> anyhow::Result<Redactor> {
        let key = read_token_key(&self.lake.token_key)?;
        if let Some(id) = self.lake.token_key_id.as_ref().filter(|id| **id != key.id()) {
            bail!(
                "{} is the key {}, and the tokens of this lake are made with the key {id} (token_key_id in [lake]); is \
                 it another lake's?",
                self.lake.token_key.display(),
                key.id()
            );
        }
        Ok(Redactor::new(read_policy(&self.redaction.policy)?, key, &self.lake.tenant)?)
    }
}

/// How to reach the store of a lake that was named: as its configuration says, if one was read; else, for a bucket that the
/// configuration of this folder names, as that one says. A `--s3-endpoint` outweighs both.
pub(crate) fn store_options(lake: &str, config: Option<&Config>, endpoint: Option<&str>) -> StoreOptions {
    let mut options = config.map_or_else(StoreOptions::default, |config| config.lake.s3.clone());
    if let Some(endpoint) = endpoint {
        options.allow_http = endpoint.starts_with("http://");
        options.endpoint = Some(endpoint.to_owned());
    } else if config.is_none()
        && lake.starts_with("s3://")
        // One that cannot be read is asked for nothing else here, so it is in nobody's way.
        && let Some(here) = Config::read(Path::new(HERE)).ok().filter(|here| here.is_of(lake))
    {
        output::note(format_args!("sealake: {lake} is reached as [lake.s3] of {HERE} here says"));
        options = here.lake.s3;
    }
    options
}

/// What is wrong with a configuration, and where. The line itself may hold a password: it is not shown, nor is a value of
/// the wrong type.
fn invalid(path: &Path, text: &str, error: &toml::de::Error) -> anyhow::Error {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let said = error.message().replace('\n', " ");
    // "invalid type: string "…", expected a boolean"
    let said = match (said.split_once(": "), said.rsplit_once(", expected ")) {
        (Some((what, value)), Some((_, expected))) if what.starts_with("invalid ") => {
            let kind = value.split([' ', ',']).next().unwrap_or_default();
            format!("{what}: {kind}, expected {expected}")
        }
        _ => said,
    };
    anyhow::anyhow!("the configuration {} is not valid: line {line}, column {column}: {said}", path.display())
}

/// The profile of this name, or the policy in this file.
pub(crate) fn read_policy(name: &str) -> anyhow::Result<Policy> {
    if let Some(policy) = Policy::profile(name) {
        return Ok(policy);
    }
    let bytes = match files::read(Path::new(name), POLICY_BYTES_MAX as u64) {
        Ok(bytes) => bytes,
        Err(error) => bail!(
            "no policy `{name}`: it is no profile ({}) and no file that can be read ({error})",
            Policy::PROFILES.join(", ")
        ),
    };
    Policy::parse(&bytes).with_context(|| format!("the policy {name} is not valid"))
}

/// Reads the token key, a file of mode 0600 that holds 64 hex digits.
pub(crate) fn read_token_key(path: &Path) -> anyhow::Result<TokenKey> {
    let text = auditstore::keys::read_secret(path)?;
    TokenKey::from_hex(text.trim()).with_context(|| format!("the token key {} is not valid", path.display()))
}
