//! Sealake: gateway logs in Kafka become a signed, redacted lake that answers SQL.
//!
//! This file is the contents page: one line a subcommand. Each module reads typed arguments, builds the parts
//! from the crates and runs them. Exit codes: 0 done, 1 a finding (verify, policy tests) or a failure, 2 wrong
//! usage or "could not check", 3 a filter that had to replace a record.

mod config;
mod output;

mod demo;
mod files;
mod ingest;
mod init;
mod keys;
mod lake;
mod policy;
mod redact;
mod serve;
mod sql;
mod users;
mod verify;

use std::process::ExitCode;

use mimalloc::MiMalloc;

use clap::{Parser, Subcommand};

/// Decoding and encoding make many small allocations, on every core at once.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Redacted, signed, immutable audit lake for the logs of AI gateways and model endpoints.
///
/// Start with `sealake demo` to see the whole path on this machine, or with `sealake init` to make a lake.
#[derive(Parser)]
#[command(name = "sealake", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Args),
    Init(init::Args),
    Ingest(ingest::Args),
    Redact(redact::Args),
    Serve(serve::Args),
    Sql(sql::Args),
    Verify(verify::Args),
    Keys(keys::Args),
    Policy(policy::Args),
    Users(users::Args),
    Files(files::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    output::init_logging();
    output::init_panics();
    let result = match cli.command {
        Command::Demo(args) => demo::run(args),
        Command::Init(args) => init::run(args),
        Command::Ingest(args) => ingest::run(args),
        Command::Redact(args) => redact::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Sql(args) => sql::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Keys(args) => keys::run(args),
        Command::Policy(args) => policy::run(args),
        Command::Users(args) => users::run(args),
        Command::Files(args) => files::run(args),
    };
    result.unwrap_or_else(|error| output::fail(&error))
}
