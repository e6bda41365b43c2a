//! `sealake policy`: the redaction profiles that are built in, to read and to start one's own from.

use std::path::PathBuf;
use std::process::ExitCode;

use redactor::Policy;

use crate::config::read_policy;
use crate::output;

/// Show redaction policies: the built-in profiles, or check a file of your own.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the built-in profiles.
    List,
    /// Print a profile as the TOML file that it is, to start your own from.
    Show {
        /// Name of a profile, or a policy file.
        name: String,
    },
    /// Say whether a policy file is valid, with line and column of what is not.
    Check {
        /// The policy file.
        file: PathBuf,
    },
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::List => {
            for name in Policy::PROFILES {
                output::line(name)?;
            }
        }
        Command::Show { name } => {
            let policy = read_policy(&name)?;
            output::line(String::from_utf8_lossy(policy.bytes()).trim_end())?;
        }
        Command::Check { file } => {
            let policy = read_policy(&file.to_string_lossy())?;
            policy.check_acknowledged()?;
            output::line(format_args!(
                "{} version {}, sha256 {}",
                policy.name(),
                policy.version(),
                policy.sha256()
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
