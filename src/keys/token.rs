//! `sealake keys token`: the way from a person's value to what stands in a lake.

use std::io::{self, Read};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use redactor::{Policy, Redactor};

use crate::config::{Config, read_token_key};
use crate::output;

/// The longest value that is read from standard input, in bytes.
const VALUE_BYTES_MAX: u64 = 64 << 10;

/// Print the tokens that stand for a value, to search a lake for it.
///
/// The value is read from standard input, so that it is in no process list and no shell history. A hit is a lead,
/// not proof: two people may share a name.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Type of the token: NAME, MRN, EMAIL, SUBJECT, …; ANY prints one of each type.
    #[arg(value_name = "TYPE")]
    kind: String,
    /// The lake's configuration, which names the token key and the tenant: the way to the tokens of a lake. It is
    /// sealake.toml if neither this nor --token-key is given.
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["token_key", "tenant"])]
    config: Option<PathBuf>,
    /// The token key, for tokens of `sealake redact --token-key`.
    #[arg(long, value_name = "FILE")]
    token_key: Option<PathBuf>,
    /// The tenant, with --token-key; a lake's is `tenant` in its configuration. Without it that of `sealake redact`,
    /// which is `default`.
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let redactor = redactor(args)?;
    let mut value = String::new();
    io::stdin()
        .lock()
        .take(VALUE_BYTES_MAX)
        .read_to_string(&mut value)
        .context("the value on standard input")?;
    if value.trim().is_empty() {
        bail!("no value on standard input; give it like this: printf '%s' VALUE | sealake keys token TYPE …");
    }
    let tokens = redactor.tokens(&args.kind, &value);
    if tokens.is_empty() {
        let known: Vec<_> = Redactor::token_types().collect();
        bail!("{} is no type of token; one of ANY, {}", args.kind, known.join(", "));
    }
    for token in tokens {
        output::line(token)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn redactor(args: &Args) -> anyhow::Result<Redactor> {
    let Some(path) = args.token_key.as_deref() else {
        return Config::named_or_here(args.config.as_deref())?.redactor();
    };
    let tenant = args.tenant.as_deref().unwrap_or_else(|| {
        output::note(
            "sealake: tokens of the tenant `default`; those of a lake differ: name its configuration with -c",
        );
        "default"
    });
    // Tokens do not depend on the policy.
    let policy = Policy::profile("coded").context("the profile coded")?;
    Ok(Redactor::new(policy, read_token_key(path)?, tenant)?)
}
