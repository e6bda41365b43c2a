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

/// The repository's root, where `cargo test` runs these tests. Not where they were built: checkouts may share a build cache.
pub(crate) fn root() -> PathBuf {
    std::env::current_dir().unwrap()
}

/// The value of an environment variable that names a server or client, or None with the test marked as not run.
#[track_caller]
pub(crate) fn need(variable: &str) -> Option<String> {
    match std::env::var(variable) {
        Ok(value) if !value.is_empty() => Some(value),
        _ => {
            not_run(&format!("{variable} is not set"));
            None
        }
    }
}

/// Notes that this test does not run because something is missing, for which it is then left at once. With
/// `CI=true` it fails instead.
#[track_caller]
pub(crate) fn not_run(missing: &str) {
    let test = std::thread::current().name().unwrap_or("?").to_owned();
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "{test} cannot run: {missing}; ./test sets what it could get"
    );
    if let Some(file) = std::env::var_os("SEALAKE_TEST_NOT_RUN") {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file).unwrap();
        writeln!(file, "{test}\t{missing}").unwrap();
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

/// The built program, with logs at `info`, no configuration from the developer's environment, and the credentials of
/// the S3 server that `./test` started.
pub(crate) fn sealake<I, S>(args: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = Command::new(env!("CARGO_BIN_EXE_sealake"));
    command.args(args).env_remove("SEALAKE_LOG").env_remove("SEALAKE_LOG_FORMAT").stdin(Stdio::null());
    for (ours, theirs) in [("ACCESS_KEY", "AWS_ACCESS_KEY_ID"), ("SECRET_KEY", "AWS_SECRET_ACCESS_KEY")] {
        if let Ok(value) = std::env::var(format!("SEALAKE_TEST_S3_{ours}")) {
            command.env(theirs, value);
        }
    }
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

/// A lake made by `sealake init` for a broker and topics, with what is needed to run on it.
pub(crate) struct LakeDir {
    pub(crate) dir: Dir,
}

impl LakeDir {
    /// `sealake init` of a local lake for these topics (`NAME[=FORMAT]`), with quick commits.
    #[track_caller]
    pub(crate) fn init(brokers: &str, topics: &[&str]) -> LakeDir {
        LakeDir::init_at(brokers, topics, "lake", &[])
    }

    /// The same with the lake somewhere else and further arguments.
    #[track_caller]
    pub(crate) fn init_at(brokers: &str, topics: &[&str], lake: &str, more: &[&str]) -> LakeDir {
        let dir = Dir::new();
        let lake =
            if lake.contains("://") { lake.into() } else { dir.join(lake).to_string_lossy().into_owned() };
        let mut command = sealake(["init", &lake, "--brokers", brokers, "--actor", "workforce"]);
        // The origin is also the consumer group: lakes of tests that run at once must not share one.
        command.args(["--origin", &topic("test.sealake.example/lake")]);
        command.arg("--config").arg(dir.join("sealake.toml")).args(more).args(["--listen", "127.0.0.1:0"]);
        for topic in topics {
            command.args(["--topic", topic]);
        }
        run(command).code(0);
        let made = LakeDir { dir };
        made.edit("flush_interval_ms = 10000", "flush_interval_ms = 200");
        made
    }

    /// Path of the local lake.
    pub(crate) fn lake(&self) -> PathBuf {
        self.dir.join("lake")
    }

    /// Path of the configuration.
    pub(crate) fn config(&self) -> PathBuf {
        self.dir.join("sealake.toml")
    }

    /// Replaces a text of the configuration, which must be there.
    #[track_caller]
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.config()).unwrap();
        assert!(text.contains(from), "the configuration lacks {from:?}:\n{text}");
        std::fs::write(self.config(), text.replace(from, to)).unwrap();
    }

    /// `sealake ingest --until-caught-up`.
    pub(crate) fn ingest_command(&self) -> Command {
        let mut command = sealake(["ingest", "--until-caught-up", "-c"]);
        command.arg(self.config());
        command
    }

    /// Runs the pipeline until the lake has what the broker has.
    #[track_caller]
    pub(crate) fn ingest(&self) -> Done {
        run(self.ingest_command()).code(0)
    }

    /// Rows of a statement, as JSON objects.
    #[track_caller]
    pub(crate) fn sql(&self, statement: &str) -> Vec<serde_json::Value> {
        let mut command = sealake(["sql", "--format", "json", "-c"]);
        command.arg(self.config()).arg(statement);
        let done = run(command).code(0);
        done.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect()
    }

    /// The one number that a statement gives.
    #[track_caller]
    pub(crate) fn number(&self, statement: &str) -> i64 {
        let rows = self.sql(statement);
        assert_eq!(rows.len(), 1, "{statement}");
        let row = rows[0].as_object().unwrap();
        row.values()
            .next()
            .and_then(serde_json::Value::as_i64)
            .unwrap_or_else(|| panic!("no number: {row:?}"))
    }

    /// `sealake verify --records` must find the lake sound.
    #[track_caller]
    pub(crate) fn verify(&self) -> Done {
        let mut command = sealake(["verify", "--records", "-c"]);
        command.arg(self.config());
        run(command).code(0)
    }
}

/// A topic name that no other test or run uses.
pub(crate) fn topic(name: &str) -> String {
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    format!("{name}-{}-{nanos:x}", std::process::id())
}

/// Publishes with kcat: each message one file, so that a message may hold newlines.
#[track_caller]
pub(crate) fn publish(brokers: &str, topic: &str, messages: &[&[u8]]) {
    publish_with(brokers, topic, &["message.max.bytes=32000000"], messages);
}

/// The same with these settings of librdkafka.
#[track_caller]
pub(crate) fn publish_with(brokers: &str, topic: &str, settings: &[&str], messages: &[&[u8]]) {
    let Ok(kcat) = std::env::var("SEALAKE_TEST_KCAT") else { panic!("SEALAKE_TEST_KCAT is not set") };
    let dir = Dir::new();
    let mut command = Command::new(kcat);
    command.args(["-P", "-b", brokers, "-t", topic]);
    for setting in settings {
        command.args(["-X", setting]);
    }
    for (number, message) in messages.iter().enumerate() {
        command.arg(dir.write(&format!("{number:06}"), message));
    }
    run(command).code(0);
}
