//! What every integration test needs: a scratch directory, the built program, the servers that `./test` started.
//!
//! A test that needs a server asks for it with [`need`]; where it is not there the test's name is written to the
//! file named by `SEALAKE_TEST_NOT_RUN`, so that `./test` can name it at the end, and the test returns. With
//! `CI=true` it fails instead.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long one command of a test may take before the test gives up on it.
pub(crate) const COMMAND_TIMEOUT: Duration = Duration::from_secs(180);

/// The value of an environment variable that names a server or client, or None with the test marked as not run.
#[track_caller]
pub(crate) fn need(variable: &str) -> Option<String> {
    match std::env::var(variable) {
        Ok(value) if !value.is_empty() => Some(value),
        _ => {
            let test = std::thread::current().name().unwrap_or("?").to_owned();
            assert!(
                std::env::var("CI").is_ok_and(|ci| ci != "true") || std::env::var_os("CI").is_none(),
                "{test} needs {variable}, which ./test sets when it could get the server"
            );
            if let Some(file) = std::env::var_os("SEALAKE_TEST_NOT_RUN") {
                let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file).unwrap();
                writeln!(file, "{test}\t{variable} is not set").unwrap();
            }
            None
        }
    }
}

/// A scratch directory that goes when the test ends.
pub(crate) struct Dir {
    dir: tempfile::TempDir,
}

impl Dir {
    pub(crate) fn new() -> Dir {
        Dir { dir: tempfile::Builder::new().prefix("sealake-test-").tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// The built program, with logs at `info` and no configuration from the developer's environment.
pub(crate) fn sealake<I, S>(args: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = Command::new(env!("CARGO_BIN_EXE_sealake"));
    command.args(args).env_remove("SEALAKE_LOG").env_remove("SEALAKE_LOG_FORMAT").stdin(Stdio::null());
    command
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Done {
    /// Asserts the exit code, showing what was printed.
    #[track_caller]
    pub(crate) fn code(self, want: i32) -> Done {
        assert_eq!(self.code, Some(want), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that standard error says this.
    #[track_caller]
    pub(crate) fn says(self, want: &str) -> Done {
        assert!(self.stderr.contains(want), "stderr lacks {want:?}:\n{}", self.stderr);
        self
    }

    /// Standard output as one JSON value.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}:\n{}", self.stdout))
    }
}

/// Runs a command to its end, feeding `input`, and fails the test when it takes longer than [`COMMAND_TIMEOUT`].
#[track_caller]
pub(crate) fn run_with(mut command: Command, input: &[u8]) -> Done {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || {
        // The program may end before it has read everything; its exit code says whether that was right.
        let _ = stdin.write_all(&input);
    });
    let pid = child.id();
    let waiter = std::thread::spawn(move || child.wait_with_output());
    let started = Instant::now();
    while !waiter.is_finished() {
        if started.elapsed() > COMMAND_TIMEOUT {
            signal(pid, libc::SIGKILL);
            panic!("{command:?} did not end within {COMMAND_TIMEOUT:?}");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let Output { status, stdout, stderr } = waiter.join().unwrap().unwrap();
    feeder.join().unwrap();
    Done {
        code: status.code(),
        stdout: String::from_utf8_lossy(&stdout).into_owned(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn run(command: Command) -> Done {
    run_with(command, b"")
}

/// Sends a signal to a process.
pub(crate) fn signal(pid: u32, signal: i32) {
    // SAFETY: kill(2) takes plain integers and touches no memory of ours.
    unsafe { libc::kill(pid as i32, signal) };
}

/// A process that is killed when the test ends, however it ends.
pub(crate) struct Running {
    pub(crate) child: Child,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until `check` gives something, at most `limit`.
#[track_caller]
pub(crate) fn wait_for<T>(what: &str, limit: Duration, mut check: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(value) = check() {
            return value;
        }
        assert!(started.elapsed() < limit, "waited {limit:?} for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
