//! Which lake a command reads, and by whose key: the arguments that `verify`, `files` and `keys list` share.

use std::path::PathBuf;

use auditstore::{Store, Trust, VerifyKey};
use schemas::manifest::PublicKey;

use crate::config::{Config, store_options};
use crate::output;

/// The lake and its key.
#[derive(clap::Args)]
pub(crate) struct LakeArgs {
    /// The lake: a directory or s3://bucket/prefix. Left out, it is the configuration's.
    lake: Option<String>,
    /// Configuration that names the lake and its key. Without a lake it is sealake.toml if not given.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The event log's verification key, <origin>+<id>+<base64>, as `init` printed it.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Endpoint of an S3 server other than AWS (credentials come from AWS_* variables). Not given, that of [lake.s3] in the
    /// configuration, also of sealake.toml here if it names the bucket.
    #[arg(long, value_name = "URL")]
    s3_endpoint: Option<String>,
}

/// An opened lake.
pub(crate) struct Named {
    pub(crate) store: Store,
    /// The event log's key, if the caller knows it.
    pub(crate) key: Option<PublicKey>,
    /// The configuration, if the lake is the one that it names and not a copy.
    pub(crate) own: Option<Config>,
}

impl LakeArgs {
    /// Opens the lake.
    pub(crate) fn open(&self) -> anyhow::Result<Named> {
        let config = match (&self.lake, self.config.as_deref()) {
            (Some(_), None) => None,
            (_, named) => Some(Config::named_or_here(named)?),
        };
        let key = self.key.as_ref().or(config.as_ref().map(|config| &config.lake.key));
        let key = key.map(|key| VerifyKey::parse(key)).transpose()?.map(|key| key.public());
        let configured = config.as_ref().map(|config| config.lake.url.clone());
        if let (None, None, Some(lake)) = (&self.lake, &self.config, &configured) {
            // A verdict over another lake than was meant would be taken for this one's.
            output::note(format_args!("sealake: the lake {lake}, as sealake.toml here names it"));
        }
        let lake = self.lake.as_ref().or(configured.as_ref()).map_or("", String::as_str);
        let options = store_options(lake, config.as_ref(), self.s3_endpoint.as_deref());
        let store = Store::open(lake, &options)?;
        // A lake that is named beside a configuration may be a copy, and older than the writers' state files.
        let own = match &self.lake {
            None => config,
            Some(lake) => config.filter(|config| config.is_of(lake)),
        };
        Ok(Named { store, key, own })
    }
}

impl Named {
    /// Whose signature counts.
    pub(crate) fn trust(&self) -> Trust {
        self.key.clone().map_or(Trust::SelfAsserted, Trust::Pinned)
    }
}
