//! What configures an ingest process: the sections `[kafka]`, `[[topics]]`, `[quarantine]`, `[batch]` and `[limits]`
//! of the one TOML file, as the operator wrote them, and [`Ready`], the same after every rule was checked.
//!
//! Unknown fields are errors. Secrets never stand in the file: a property that holds one is given as
//! `{ file = "…" }` or `{ env = "…" }`. Settings of librdkafka pass through, except those on which exactly-once
//! or the memory bound rests: these are refused, with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::format;
use crate::quarantine::Recipient;

/// The longest topic name that Kafka allows (Kafka: `Topic.MAX_NAME_LENGTH`).
const TOPIC_NAME_BYTES_MAX: usize = 249;

/// The largest file with a secret that is read, in bytes.
const SECRET_BYTES_MAX: u64 = 1 << 20;

/// An ingest process, as configured.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name of the data plane (a cluster, a region) that this process runs in; the column `site` of every event.
    pub site: String,
    /// The broker.
    pub kafka: Kafka,
    /// What is read.
    pub topics: Vec<Topic>,
    /// Where what cannot be decoded or redacted goes.
    pub quarantine: Quarantine,
    /// When a batch is committed.
    #[serde(default)]
    pub batch: Batch,
    /// Bounds of memory and time.
    #[serde(default)]
    pub limits: Limits,
}

/// Section `[kafka]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Kafka {
    /// Bootstrap brokers, `host:port` each.
    pub brokers: Vec<String>,
    /// Raised by hand when a cluster lost messages or was moved, so that the offsets of all its topics begin again: part
    /// of the source `<cluster id>/<epoch>` under which the lake counts offsets. A topic that was made anew needs it
    /// only where the broker gives topics no UUIDs (Kafka before 2.8). Default 0.
    #[serde(default)]
    pub source_epoch: u64,
    /// Name of this process among those that share the lake; also its static member id in the consumer group
    /// (`group.instance.id`), so it must differ between processes that run at once. Default `ingest-1`.
    #[serde(default = "default_instance")]
    pub instance: String,
    /// Settings of librdkafka that pass through, such as `security.protocol`, `ssl.ca.location` or
    /// `sasl.username`. Default none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Property>,
}

/// A value of a librdkafka setting.
#[derive(Clone, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Property {
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Int(i64),
    /// Text.
    Text(String),
    /// A secret that is kept elsewhere.
    Secret(Secret),
}

/// Where a secret is kept.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Secret {
    /// A file whose content, without a newline at its end, is the secret.
    File(PathBuf),
    /// The name of an environment variable that holds it.
    Env(String),
}

/// One `[[topics]]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Name of the Kafka topic. It may appear later.
    pub name: String,
    /// Format of its messages: `auto` (seen from each message) or the name of a format. Default `auto`.
    #[serde(default = "default_format")]
    pub format: String,
    /// Whose identities its callers are: `workforce` keeps them, since the audit is about who did what;
    /// `subject` (an application that patients use) tokenises them. Not given, they are tokenised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actor>,
}

/// What a topic says of its callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Employees and service accounts.
    Workforce,
    /// The people whom the data is about.
    Subject,
}

/// Section `[quarantine]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Quarantine {
    /// The security team's public key, an age X25519 recipient (`age1…`). What cannot be decoded or redacted is
    /// encrypted to it; its private half belongs nowhere near this process.
    pub recipient: String,
}

/// Section `[batch]`: the first limit that is reached closes a batch.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Batch {
    /// Most rows of one commit. Default 50,000; at most 1,000,000.
    pub rows_max: usize,
    /// Most bytes of Kafka messages in one commit. Default 32 MiB; at most 64 MiB, which bounds memory.
    pub bytes_max: usize,
    /// Longest time in milliseconds that a message waits for its commit. Default 10,000.
    pub flush_interval_ms: u64,
    /// Time in seconds between heartbeat entries, which name the access log's head and Kafka's ends. Default 600.
    pub heartbeat_interval_s: u64,
}

impl Default for Batch {
    fn default() -> Batch {
        Batch { rows_max: 50_000, bytes_max: 32 << 20, flush_interval_ms: 10_000, heartbeat_interval_s: 600 }
    }
}

/// Section `[limits]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Largest Kafka message in bytes that is decoded; larger ones go to quarantine. Default 16 MiB.
    pub message_bytes_max: usize,
    /// Bytes that librdkafka reads ahead. Default 16 MiB.
    pub prefetch_bytes: usize,
    /// Bytes to which compressed batches of Kafka may unpack, all together that are in memory. A batch that alone is larger
    /// holds up its partition, which the log says with topic, partition and offset, until this is raised; the other
    /// partitions go on. Default 128 MiB; at least 1 MiB, at most 1 GiB. On Linux only: elsewhere nothing bounds it.
    pub unpacked_bytes_max: usize,
    /// Threads that decode and redact; 0 means one a core. Default 0.
    pub workers: usize,
    /// With `--until-caught-up`: seconds without any progress after which the process gives up. Default 300.
    pub stalled_s_max: u64,
    /// With `--until-caught-up`: seconds to wait for a broker that answers, and for topics that do not exist, before the
    /// process gives up. Without it, both are waited for as long as it takes. Default 30.
    pub broker_wait_s: u64,
    /// Seconds that a stop waits for the last commit before it gives up; nothing is lost then, since the
    /// offsets were not taken. Default 60.
    pub stop_s_max: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            message_bytes_max: 16 << 20,
            prefetch_bytes: 16 << 20,
            unpacked_bytes_max: 128 << 20,
            workers: 0,
            stalled_s_max: 300,
            broker_wait_s: 30,
            stop_s_max: 60,
        }
    }
}

fn default_instance() -> String {
    "ingest-1".to_owned()
}

fn default_format() -> String {
    "auto".to_owned()
}

/// Never prints a value: a password in the wrong place must not reach a log.
impl fmt::Debug for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Property::Secret(secret) => secret.fmt(f),
            _ => f.write_str("…"),
        }
    }
}

/// Settings that may not be given, and why. A name that ends in `.` stands for all that begin with it.
const OWNED: &[(&str, &str)] = &[
    ("bootstrap.servers", "is `brokers`"),
    ("metadata.broker.list", "is `brokers`"),
    ("group.id", "is the lake's origin, so that all processes of one lake share their partitions"),
    ("group.instance.id", "is `instance`"),
    (
        "group.protocol",
        "belongs to exactly-once: partitions are assigned at the lake's offsets in our own callback",
    ),
    ("group.remote.assignor", "belongs to exactly-once: partitions are assigned in our own callback"),
    ("partition.assignment.strategy", "belongs to exactly-once: partitions are assigned in our own callback"),
    ("enable.auto.commit", "belongs to exactly-once: the lake is the truth about offsets, not Kafka"),
    ("enable.auto.offset.store", "belongs to exactly-once: the lake is the truth about offsets, not Kafka"),
    ("auto.commit.", "belongs to exactly-once: the lake is the truth about offsets, not Kafka"),
    ("auto.offset.reset", "belongs to exactly-once: a reset would skip or repeat messages silently"),
    ("offset.store.", "belongs to exactly-once: the lake is the truth about offsets, not Kafka"),
    ("isolation.level", "belongs to exactly-once: messages of aborted transactions are gaps, not events"),
    ("enable.partition.eof", "belongs to exactly-once: gaps at a partition's end are found by it"),
    ("check.crcs", "is always on: an audit log does not store damaged messages"),
    ("allow.auto.create.topics", "is always off: a reader makes no topics"),
    ("topic.blacklist", "would leave messages out; remove the topic from `topics`"),
    ("queued.", "belongs to the memory bound; see `limits.prefetch_bytes`"),
    ("fetch.message.max.bytes", "belongs to the memory bound; see `limits.prefetch_bytes`"),
    ("max.partition.fetch.bytes", "belongs to the memory bound; see `limits.prefetch_bytes`"),
    ("fetch.max.bytes", "belongs to the memory bound; see `limits.prefetch_bytes`"),
    ("receive.message.max.bytes", "belongs to the memory bound; see `limits.unpacked_bytes_max`"),
    ("test.mock.", "would read from a broker that does not exist"),
];

/// Settings that hold secrets, which are given by file or environment variable only.
const SECRETS: &[&str] = &[
    "sasl.password",
    "sasl.oauthbearer.config",
    "sasl.oauthbearer.client.secret",
    "ssl.key.password",
    "ssl.key.pem",
    "ssl.keystore.password",
    "sasl.oauthbearer.assertion.private.key.pem",
    "sasl.oauthbearer.assertion.private.key.passphrase",
];

/// A configuration that was checked: what the parts are built from.
#[derive(Clone)]
pub(crate) struct Ready {
    pub(crate) site: Arc<str>,
    pub(crate) brokers: String,
    pub(crate) source_epoch: u64,
    pub(crate) instance: String,
    pub(crate) properties: Vec<(String, String)>,
    pub(crate) topics: BTreeMap<String, ReadyTopic>,
    pub(crate) recipient: Recipient,
    pub(crate) rows_max: usize,
    pub(crate) bytes_max: usize,
    pub(crate) flush_interval: Duration,
    pub(crate) heartbeat_interval: Duration,
    pub(crate) message_bytes_max: usize,
    pub(crate) prefetch_bytes: usize,
    pub(crate) unpacked_bytes_max: usize,
    pub(crate) workers: usize,
    pub(crate) stalled_max: Duration,
    pub(crate) broker_wait_max: Duration,
    pub(crate) stop_max: Duration,
}

/// How one topic is read.
#[derive(Clone)]
pub(crate) struct ReadyTopic {
    pub(crate) choice: format::Choice,
    pub(crate) actor: redactor::Actor,
}

impl Config {
    /// Checks everything that can be checked without a broker or a lake.
    ///
    /// # Errors
    /// [`Error::Config`] that names the field, what is wrong and what is expected.
    pub fn check(&self) -> Result<(), Error> {
        self.ready().map(|_| ())
    }

    pub(crate) fn ready(&self) -> Result<Ready, Error> {
        if self.site.is_empty() {
            return Err(invalid("site", "is empty; name the data plane, such as `eu-west`"));
        }
        let batch = &self.batch;
        let limits = &self.limits;
        let workers = match limits.workers {
            0 => std::thread::available_parallelism().map_or(1, |cores| cores.get()),
            some => some,
        };
        Ok(Ready {
            site: self.site.as_str().into(),
            brokers: self.kafka.brokers()?,
            source_epoch: self.kafka.source_epoch,
            instance: self.kafka.instance()?,
            properties: self.kafka.properties()?,
            topics: topics(&self.topics)?,
            recipient: Recipient::parse(&self.quarantine.recipient)
                .map_err(|what| invalid("quarantine.recipient", &what))?,
            rows_max: within("batch.rows_max", batch.rows_max, 1, 1_000_000)?,
            bytes_max: within("batch.bytes_max", batch.bytes_max, 1024, 64 << 20)?,
            flush_interval: Duration::from_millis(within(
                "batch.flush_interval_ms",
                batch.flush_interval_ms,
                1,
                3_600_000,
            )?),
            heartbeat_interval: Duration::from_secs(within(
                "batch.heartbeat_interval_s",
                batch.heartbeat_interval_s,
                1,
                86_400,
            )?),
            message_bytes_max: within("limits.message_bytes_max", limits.message_bytes_max, 1024, 64 << 20)?,
            prefetch_bytes: within("limits.prefetch_bytes", limits.prefetch_bytes, 1 << 20, 256 << 20)?,
            unpacked_bytes_max: within(
                "limits.unpacked_bytes_max",
                limits.unpacked_bytes_max,
                1 << 20,
                1 << 30,
            )?,
            workers: within("limits.workers", workers, 1, 64)?,
            stalled_max: Duration::from_secs(within(
                "limits.stalled_s_max",
                limits.stalled_s_max,
                1,
                86_400,
            )?),
            broker_wait_max: Duration::from_secs(within(
                "limits.broker_wait_s",
                limits.broker_wait_s,
                1,
                86_400,
            )?),
            stop_max: Duration::from_secs(within("limits.stop_s_max", limits.stop_s_max, 1, 86_400)?),
        })
    }

    /// Makes relative paths (of secrets) relative to the folder of the configuration file.
    pub fn resolve_paths(&mut self, folder: &Path) {
        for property in self.kafka.properties.values_mut() {
            if let Property::Secret(Secret::File(path)) = property {
                *path = folder.join(&*path);
            }
        }
    }
}

impl Kafka {
    fn brokers(&self) -> Result<String, Error> {
        if self.brokers.is_empty() {
            return Err(invalid("kafka.brokers", "is empty; expected at least one `host:port`"));
        }
        for broker in &self.brokers {
            let port = broker.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
            if !matches!(port, Some(Ok(_))) || broker.contains(',') {
                return Err(invalid("kafka.brokers", &format!("has `{broker}`; expected `host:port`")));
            }
        }
        Ok(self.brokers.join(","))
    }

    fn instance(&self) -> Result<String, Error> {
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if self.instance.is_empty() || self.instance.len() > 100 || !self.instance.chars().all(fits) {
            return Err(invalid("kafka.instance", "must be 1 to 100 letters, digits, `.`, `_` or `-`"));
        }
        Ok(self.instance.clone())
    }

    fn properties(&self) -> Result<Vec<(String, String)>, Error> {
        self.properties.iter().map(|(name, value)| Ok((name.clone(), property(name, value)?))).collect()
    }
}

fn property(name: &str, value: &Property) -> Result<String, Error> {
    let field = format!("kafka.properties.\"{name}\"");
    let owned =
        OWNED.iter().find(|(own, _)| own.strip_suffix('.').map_or(name == *own, |_| name.starts_with(own)));
    if let Some((_, why)) = owned {
        return Err(invalid(&field, &format!("may not be set: it {why}")));
    }
    match value {
        Property::Bool(bool) => Ok(bool.to_string()),
        Property::Int(int) => Ok(int.to_string()),
        Property::Text(_) if SECRETS.contains(&name) => Err(invalid(
            &field,
            "is a secret and may not stand in the file; write `{ file = \"…\" }` or `{ env = \"…\" }`",
        )),
        Property::Text(text) => Ok(text.clone()),
        Property::Secret(Secret::Env(variable)) => std::env::var(variable).map_err(|_| {
            invalid(&field, &format!("names the environment variable {variable}, which is not set"))
        }),
        Property::Secret(Secret::File(path)) => match auditstore::files::read_text(path, SECRET_BYTES_MAX) {
            Ok(text) => Ok(text.trim_end_matches(['\r', '\n']).to_owned()),
            Err(error) => Err(invalid(&field, &format!("names the file {}: {error}", path.display()))),
        },
    }
}

fn topics(topics: &[Topic]) -> Result<BTreeMap<String, ReadyTopic>, Error> {
    if topics.is_empty() {
        return Err(invalid("topics", "is empty; expected at least one [[topics]] with a name"));
    }
    let mut ready = BTreeMap::new();
    for topic in topics {
        let name = &topic.name;
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if name.is_empty() || name.len() > TOPIC_NAME_BYTES_MAX || !name.chars().all(fits) {
            let what =
                "must be 1 to 249 letters, digits, `.`, `_` or `-`, as Kafka has it; patterns are not read";
            return Err(invalid(&format!("topics.name `{name}`"), what));
        }
        let choice = format::Choice::from_name(&topic.format).ok_or_else(|| {
            let known: BTreeSet<_> = format::FORMATS.iter().map(|format| format.name()).collect();
            let known = known.into_iter().collect::<Vec<_>>().join(", ");
            let what = format!("`{}` is not known; expected auto, {known}", topic.format);
            invalid(&format!("topics.format of `{name}`"), &what)
        })?;
        let actor = match topic.actor {
            Some(Actor::Workforce) => redactor::Actor::Workforce,
            Some(Actor::Subject) => redactor::Actor::Subject,
            None => redactor::Actor::Unstated,
        };
        if ready.insert(name.clone(), ReadyTopic { choice, actor }).is_some() {
            return Err(invalid(&format!("topics.name `{name}`"), "stands twice"));
        }
    }
    Ok(ready)
}

fn within<T: Copy + PartialOrd + fmt::Display>(field: &str, value: T, low: T, high: T) -> Result<T, Error> {
    if value < low || value > high {
        return Err(invalid(field, &format!("is {value}; expected {low} to {high}")));
    }
    Ok(value)
}

fn invalid(field: &str, what: &str) -> Error {
    Error::Config(format!("{field} {what}"))
}

#[cfg(test)]
mod tests;
