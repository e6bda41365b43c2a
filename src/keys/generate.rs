//! `sealake keys generate`: one new key in a file of its own. `sealake init` makes all that a lake needs; this makes a
//! single one, such as a quarantine pair on the machine of those who may read it.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::{init, output};

/// Make a new key in a new file of mode 0600, and print its public half or its id.
#[derive(clap::Args)]
pub(super) struct Args {
    /// What it is for.
    #[arg(value_enum)]
    kind: Kind,
    /// The file, which must not exist.
    file: PathBuf,
    /// Name of a signing key: the origin of the log that it signs; for an access log <origin>/access.
    #[arg(long, value_name = "ORIGIN", required_if_eq("kind", "signing"))]
    name: Option<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Kind {
    /// Signs a log (Ed25519). A lake takes the key that `sealake init` finds in its place.
    Signing,
    /// Makes tokens and keyed hashes. Another key makes other tokens of the same person.
    Token,
    /// Opens what is in quarantine (age, X25519). The lake needs only the public half.
    Quarantine,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let file = args.file.display();
    if args.file.symlink_metadata().is_ok() {
        bail!("{file} exists; a key is never overwritten");
    }
    match args.kind {
        Kind::Signing => {
            let signer = init::signer(&args.file, args.name.as_deref().context("give --name")?)?;
            let key = signer.verify_key();
            output::line(format_args!("verification key  {}", key.vkey()))?;
            output::line(format_args!("fingerprint       {}", key.fingerprint()))?;
        }
        Kind::Token => output::line(format_args!("token_key_id = \"{}\"", init::token_key(&args.file)?))?,
        Kind::Quarantine => {
            output::line(format_args!("recipient = \"{}\"", init::quarantine_key(&args.file)?))?;
        }
    }
    output::note(format_args!("sealake: {file} is the only copy; nobody can make it again"));
    Ok(ExitCode::SUCCESS)
}
