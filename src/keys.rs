//! `sealake keys`: the keys of a lake, each command in its own file.

use std::process::ExitCode;

mod generate;
mod list;
mod token;

/// Keys of a lake.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    List(list::Args),
    Generate(generate::Args),
    Token(token::Args),
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::List(args) => list::run(&args),
        Command::Generate(args) => generate::run(&args),
        Command::Token(args) => token::run(&args),
    }
}
