//! `sealake users`: who may log in to `sealake serve`.
//!
//! Passwords come from a prompt or from standard input, never from the command line, where every process of the
//! machine could read them.

use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use query::users::{DEFAULT_ROLE, Users, check_chosen, generate_password};

use crate::config::Config;
use crate::output;

/// The longest line that is read as a password, in bytes.
const PASSWORD_LINE_BYTES_MAX: u64 = 4_096;

/// SQL users and their passwords.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Add a user.
    Add(New),
    /// Give a user a new password. Open connections stay open.
    Password(Named),
    /// Remove a user.
    Remove(Removed),
    /// List users with their roles.
    List(Place),
}

#[derive(clap::Args)]
struct Place {
    /// Configuration that names the file of users.
    #[arg(short, long, value_name = "FILE", default_value = "sealake.toml")]
    config: PathBuf,
    /// The file of users.
    #[arg(long, value_name = "FILE", conflicts_with = "config")]
    file: Option<PathBuf>,
}

#[derive(clap::Args)]
struct New {
    #[command(flatten)]
    named: Named,
    /// Role that the user acts in.
    #[arg(long, default_value = DEFAULT_ROLE)]
    role: String,
}

#[derive(clap::Args)]
struct Named {
    /// Name of the user.
    name: String,
    /// Make a random password and print it, instead of asking for one.
    #[arg(long)]
    generate: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(clap::Args)]
struct Removed {
    /// Name of the user.
    name: String,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Add(args) => add(&args)?,
        Command::Password(args) => password(&args)?,
        Command::Remove(args) => remove(&args)?,
        Command::List(place) => {
            for (name, user) in Users::read(&place.path()?)?.iter() {
                output::line(format_args!("{name:<24} {}", user.role))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Place {
    fn path(&self) -> anyhow::Result<PathBuf> {
        match &self.file {
            Some(file) => Ok(file.clone()),
            None => Ok(Config::read(&self.config)?.serve.users_file),
        }
    }
}

fn add(args: &New) -> anyhow::Result<()> {
    let path = args.named.place.path()?;
    let mut users = read_or_new(&path)?;
    let password = new_password(&args.named)?;
    users.add(&args.named.name, &args.role, &password)?;
    users.write(&path)?;
    tell(&args.named, &password)
}

fn password(args: &Named) -> anyhow::Result<()> {
    let path = args.place.path()?;
    let mut users = Users::read(&path)?;
    if users.get(&args.name).is_none() {
        bail!("there is no user {}; `sealake users add {}` makes one", args.name, args.name);
    }
    let password = new_password(args)?;
    users.set_password(&args.name, &password)?;
    users.write(&path)?;
    tell(args, &password)
}

fn remove(args: &Removed) -> anyhow::Result<()> {
    let path = args.place.path()?;
    let mut users = Users::read(&path)?;
    users.remove(&args.name)?;
    users.write(&path)?;
    output::note(format_args!("removed {}", args.name));
    Ok(())
}

fn read_or_new(path: &Path) -> anyhow::Result<Users> {
    if path.exists() { Ok(Users::read(path)?) } else { Ok(Users::default()) }
}

/// A generated password is the only thing that is printed: so it can be piped.
fn tell(args: &Named, password: &str) -> anyhow::Result<()> {
    if args.generate {
        output::line(password)?;
    } else {
        output::note(format_args!("password of {} set", args.name));
    }
    Ok(())
}

fn new_password(args: &Named) -> anyhow::Result<String> {
    if args.generate {
        return Ok(generate_password()?);
    }
    let password = if io::stdin().is_terminal() {
        let first = output::ask_secret(&format!("Password for {}: ", args.name))?;
        let again = output::ask_secret("Again: ")?;
        if first != again {
            bail!("the two passwords differ; nothing was changed");
        }
        first
    } else {
        let mut line = String::new();
        let mut stdin = io::Read::take(io::stdin().lock(), PASSWORD_LINE_BYTES_MAX);
        stdin.read_line(&mut line).context("the password could not be read from standard input")?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    check_chosen(&password)?;
    Ok(password)
}
