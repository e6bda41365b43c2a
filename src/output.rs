//! The only place that prints. Results go to standard output, everything about the run to standard error.
//!
//! A reader that goes away (`sealake sql … | head`) is no failure: the program ends quietly, as cat does.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this module is where printing is allowed")]

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

/// Logs go to standard error; `SEALAKE_LOG` sets the level in the syntax of `tracing`'s `EnvFilter`
/// (`info`, without object_store's retries, if it is not set). `SEALAKE_LOG_FORMAT=json` makes each line a JSON object.
pub(crate) fn init_logging() {
    let filter =
        EnvFilter::try_from_env("SEALAKE_LOG").unwrap_or_else(|_| EnvFilter::new("info,object_store=warn"));
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false);
    if std::env::var("SEALAKE_LOG_FORMAT").is_ok_and(|format| format == "json") {
        builder.json().init();
    } else {
        builder.with_ansi(io::stderr().is_terminal()).init();
    }
}

/// Panics say where they happened and not what they say: the text of a panic may quote what was being decoded.
pub(crate) fn init_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        note(format_args!("sealake: internal error at {place}; please report it"));
    }));
}

/// Writes one line of result.
///
/// # Errors
/// Standard output cannot be written. A closed pipe is such an error too; [`fail`] ends quietly on it.
pub(crate) fn line(text: impl std::fmt::Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}")
}

/// The text with its control characters escaped: names of files come from whoever can make files, and must not look like
/// lines of ours.
pub(crate) fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { line.extend(c.escape_default()) } else { line.push(c) }
    }
    line
}

/// Writes text as it is.
///
/// # Errors
/// As [`line`].
pub(crate) fn text(text: &str) -> io::Result<()> {
    io::stdout().lock().write_all(text.as_bytes())
}

/// Asks for a secret on the terminal, without showing what is typed.
///
/// # Errors
/// Standard input is no terminal, or it cannot be read.
pub(crate) fn ask_secret(prompt: &str) -> io::Result<String> {
    let mut stderr = io::stderr().lock();
    write!(stderr, "{prompt}")?;
    stderr.flush()?;
    let hidden = Hidden::new()?;
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line);
    drop(hidden);
    writeln!(stderr)?;
    read?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// While it lives the terminal does not echo.
struct Hidden(libc::termios);

impl Hidden {
    fn new() -> io::Result<Hidden> {
        // SAFETY: termios is plain data that tcgetattr fills in; all zeros is a valid value of it.
        let mut terminal: libc::termios = unsafe { std::mem::zeroed() };
        // SAFETY: the descriptor is standard input's and the pointer is to a live value.
        if unsafe { libc::tcgetattr(libc::STDIN_FILENO, &raw mut terminal) } != 0 {
            return Err(io::Error::last_os_error());
        }
        let hidden = Hidden(terminal);
        terminal.c_lflag &= !libc::ECHO;
        // SAFETY: as above.
        if unsafe { libc::tcsetattr(libc::STDIN_FILENO, libc::TCSANOW, &raw const terminal) } != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(hidden)
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // SAFETY: as above. Nothing can be done if the terminal is gone.
        unsafe { libc::tcsetattr(libc::STDIN_FILENO, libc::TCSANOW, &raw const self.0) };
    }
}

/// Tells the person something about the run.
pub(crate) fn note(text: impl std::fmt::Display) {
    // Nobody is left to be told when standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// An error with its causes on one line. A cause that the text before it says already is left out: many errors tell
/// what is below them in their own words.
pub(crate) fn with_causes(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// Prints an error with its causes on one line and gives the exit code for it.
pub(crate) fn fail(error: &anyhow::Error) -> ExitCode {
    let closed_pipe = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == ErrorKind::BrokenPipe);
    if closed_pipe {
        return ExitCode::SUCCESS;
    }
    note(format_args!("sealake: {}", with_causes(error)));
    ExitCode::FAILURE
}
