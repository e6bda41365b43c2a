//! The SQL service as its users meet it: the built program, real psql, real psycopg; what they print is compared.
//!
//! The lake of these tests is made by `sealake init` and filled through the redactor and the log's writer, the only
//! product code that is linked here.

mod catalog;
mod limits;
mod logins;
mod looks;
mod postgres;
mod refused;
mod sessions;

use std::io::{Read, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use auditstore::segment::Row;
use auditstore::{NewBatch, Outcome, Signer, Store, StoreOptions, Writer, WriterOptions};
use redactor::{Actor, Policy, Redactor, TokenKey};
use schemas::event::{self, EVENT};
use schemas::manifest::{Dec, Messages, OffsetRange, Redaction};
use schemas::{Record, Value};

use crate::util::{Dir, Done, Running, need, run, run_with, sealake, signal, wait_for};

/// Events in the lake.
const EVENTS: usize = 30;

/// How long anything that must happen may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A lake with events and a service on it.
struct Service {
    dir: Dir,
    psql: String,
    password: String,
    port: u16,
    server: Running,
}

impl Service {
    /// Makes the lake and starts `sealake serve`; none if there is no psql.
    fn start() -> Option<Service> {
        let psql = need("SEALAKE_TEST_PSQL")?;
        let (dir, password) = make_lake();
        let (server, port) = serve(&dir);
        Some(Service { dir, psql, password, port, server })
    }

    fn connection(&self, user: &str, more: &str) -> String {
        let certificate = self.dir.join("keys/server.crt");
        format!(
            "host=localhost port={} user={user} dbname=sealake sslmode=verify-full sslrootcert={} {more}",
            self.port,
            certificate.display()
        )
    }

    /// psql with its own settings left out, showing SQLSTATE in errors.
    fn psql(&self, commands: &[&str]) -> Command {
        let mut command = Command::new(&self.psql);
        command.args(["-X", "-q", "-v", "VERBOSITY=verbose", "-d", &self.connection("auditor", "")]);
        command.env("PGPASSWORD", &self.password).env("PGCONNECT_TIMEOUT", "20").stdin(Stdio::null());
        for one in commands {
            command.args(["-c", one]);
        }
        command
    }

    fn run(&self, commands: &[&str]) -> Done {
        run(self.psql(commands))
    }

    /// What psql prints for one command, which must work.
    #[track_caller]
    fn prints(&self, command: &str) -> String {
        let done = self.run(&[command]).code(0);
        assert_eq!(done.stderr, "", "{command}");
        done.stdout
    }

    /// Rows without alignment, columns by `|`.
    #[track_caller]
    fn rows(&self, command: &str) -> Vec<String> {
        let mut psql = self.psql(&[command]);
        psql.args(["-A", "-t"]);
        let done = run(psql).code(0);
        done.stdout.lines().map(str::to_owned).collect()
    }

    /// A script of psycopg, which gets the connection as its first argument.
    #[track_caller]
    fn python(&self, script: &str) -> Option<String> {
        let python = need("SEALAKE_TEST_PYTHON")?;
        let mut command = Command::new(python);
        let connection = self.connection("auditor", &format!("password={}", self.password));
        command.args(["-c", script, &connection]);
        Some(run(command).code(0).stdout)
    }
}

/// `sealake init`, then events straight into its log.
fn make_lake() -> (Dir, String) {
    let dir = Dir::new();
    let mut init = sealake(["init"]);
    init.arg(dir.join("lake")).arg("--config").arg(dir.join("sealake.toml"));
    init.args(["--brokers", "127.0.0.1:1", "--topic", "llm.gateway", "--actor", "workforce"]);
    init.args(["--listen", "127.0.0.1:0", "--origin", "audit.example.org/test"]);
    let done = run(init).code(0);
    let (_, rest) = done.stdout.split_once("auditor, password ").expect("init prints the password");
    let password = rest.split_whitespace().next().unwrap().to_owned();
    tokio::runtime::Runtime::new().unwrap().block_on(fill(&dir));
    (dir, password)
}

async fn fill(dir: &Dir) {
    let store = Store::open(dir.join("lake").to_str().unwrap(), &StoreOptions::default()).unwrap();
    let signer = Signer::read(&dir.join("keys/writer.key")).unwrap();
    let options = WriterOptions {
        instance: "test".to_owned(),
        state_file: Some(dir.join("state/writer.json")),
        ..WriterOptions::default()
    };
    let mut writer = Writer::open(store, signer, options).await.unwrap();
    let redactor = Redactor::new(Policy::profile("coded").unwrap(), TokenKey::generate(), "test").unwrap();
    let policy = redactor.policy().clone();
    writer.ensure_policy(&policy).await.unwrap();
    writer.ensure_source("test/0", Vec::new()).await.unwrap();
    let row = |event| Row::new(&redactor.redact_event(event, Actor::Workforce).unwrap()).unwrap();
    let rows = (0..EVENTS).map(|at| row(sample(at))).collect();
    let count = Dec(EVENTS as u64);
    let batch = NewBatch {
        rows,
        offsets: vec![OffsetRange {
            source: "test/0".to_owned(),
            topic: "llm.gateway".to_owned(),
            partition: Dec(0),
            first: Dec(0),
            next: count,
            ..OffsetRange::default()
        }],
        messages: Some(Messages { decoded: count, ..Messages::default() }),
        records_skipped: Default::default(),
        records_quarantined: 0,
        quarantine: Vec::new(),
        redaction: Some(Redaction {
            engine: Redactor::ENGINE.to_owned(),
            findings: Default::default(),
            policy: policy.name().to_owned(),
            sha256: policy.sha256().to_owned(),
            version: policy.version().to_owned(),
        }),
        schema: &EVENT,
    };
    assert!(matches!(writer.commit(batch).await.unwrap(), Outcome::Committed(_)));
    writer.publish().await.unwrap();
}

fn sample(at: usize) -> Record {
    // 2026-11-01T00:00:00Z and a second for each event.
    let time = 1_793_491_200_000_000 + at as i64 * 1_000_000;
    let mut id = [0_u8; 32];
    id[24..].copy_from_slice(&(at as u64).to_be_bytes());
    let mut event = Record::new(&EVENT);
    for (position, value) in [
        (event::EVENT_ID, Value::Bytes(id.to_vec())),
        (event::RAW_HASH, Value::Bytes(vec![1; 32])),
        (event::EVENT_TIME, Value::Time(time)),
        (event::INGEST_TIME, Value::Time(time + 1_000_000)),
        (event::KAFKA_OFFSET, Value::Int(at as i64)),
        (event::COST_USD, Value::Decimal(1_500_000)),
    ] {
        event.set(position, value);
    }
    for (position, number) in [
        (event::SCHEMA_VERSION, 1_i64),
        (event::KAFKA_PARTITION, 0),
        (event::KAFKA_INDEX, 0),
        (event::RAW_BYTES, 512),
        (event::INPUT_TOKENS, 100),
        (event::OUTPUT_TOKENS, 10),
    ] {
        event.set(position, number);
    }
    for (position, word) in [
        (event::ID_BASIS, "native"),
        (event::SITE, "site-a"),
        (event::SOURCE_KIND, "litellm"),
        (event::RECORD_KIND, "llm_call"),
        (event::KAFKA_SOURCE, "test/0"),
        (event::KAFKA_TOPIC, "llm.gateway"),
        (event::TIME_SOURCE, "producer"),
        (event::PROVIDER, "openai"),
        (event::REQUEST_MODEL, "gpt-4o"),
        (event::ENDPOINT_HOST, "api.openai.com"),
        (event::CONTENT_STATE, "inline"),
        (event::STATUS, if at % 5 == 4 { "error" } else { "success" }),
        (event::TEAM_ID, if at.is_multiple_of(3) { "b" } else { "a" }),
    ] {
        event.set(position, word);
    }
    event.set(event::ACTOR_ID, format!("user-{}", at % 3));
    let prompt = format!(
        r#"[{{"role":"user","parts":[{{"type":"text","content":"Mail to jane.roe{at}@example.com"}}]}}]"#
    );
    event.set(event::INPUT_MESSAGES, prompt);
    event
}

/// Starts `sealake serve` and waits until it says where.
fn serve(dir: &Dir) -> (Running, u16) {
    let log = dir.join("serve.log");
    let mut command = sealake(["serve", "-c"]);
    command.arg(dir.join("sealake.toml")).stdout(Stdio::null());
    let child: Child = command.stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
    let mut server = Running { child };
    let port = wait_for("the service to listen", PATIENCE, || {
        let text = std::fs::read_to_string(&log).unwrap();
        if let Some(status) = server.child.try_wait().unwrap() {
            panic!("sealake serve ended with {status}:\n{text}");
        }
        let (_, rest) = text.split_once("serving SQL on 127.0.0.1:")?;
        rest.lines().next()?.trim().parse().ok()
    });
    (server, port)
}
