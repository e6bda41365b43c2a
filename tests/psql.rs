//! The SQL service as its users meet it: the built program, real psql, real psycopg; what they print is compared.
//!
//! The lake of these tests is made by `sealake init` and filled through the redactor and the log's writer, the only
//! product code that is linked here.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use auditstore::{NewBatch, Outcome, Signer, Store, StoreOptions, Writer, WriterOptions};
use redactor::{Actor, Policy, Redactor, TokenKey};
use schemas::event::{self, EVENT};
use schemas::manifest::{Dec, Messages, OffsetRange, Redaction};
use schemas::{Record, Value};

use crate::util::{Dir, Done, Running, need, run, sealake, signal, wait_for};

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
            "host=localhost port={} user={user} dbname=lake sslmode=verify-full sslrootcert={} {more}",
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
    let rows = (0..EVENTS).map(|at| redactor.redact_event(sample(at), Actor::Workforce).unwrap()).collect();
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

#[test]
fn tables_and_views_are_listed_and_described() {
    let Some(service) = Service::start() else { return };
    let tables = service.prints("\\dt");
    let want = "          List of relations
 Schema |   Name   | Type  |  Owner  
--------+----------+-------+---------
 public | access   | table | sealake
 public | events   | table | sealake
 public | log      | table | sealake
 public | segments | table | sealake
(4 rows)

";
    assert_eq!(tables, want);
    let views = service.prints("\\dv");
    for view in [
        "cost_by_model",
        "errors",
        "findings",
        "guardrail_outcomes",
        "ingest_health",
        "phi_by_endpoint",
        "usage_by_team",
        "who_prompted_what",
    ] {
        assert!(views.contains(&format!(" {view} ")), "{views}");
    }
    let all = service.prints("\\d");
    assert!(all.contains("public | events ") && all.contains("public | who_prompted_what "), "{all}");
    assert!(!all.contains("pg_") && !all.contains("information_schema"), "{all}");

    let events = service.prints("\\d+ events");
    let line = |column: &str| {
        let found = events.lines().find(|line| line.trim_start().starts_with(&format!("{column} ")));
        found.unwrap_or_else(|| panic!("no line for {column}:\n{events}")).to_owned()
    };
    let described = |name: &str| EVENT.columns.iter().find(|column| column.name == name).unwrap().doc;
    for (column, ty) in [
        ("event_id", "bytea"),
        ("event_time", "timestamp with time zone"),
        ("prompt_text", "text"),
        ("input_tokens", "bigint"),
        ("cost_usd", "numeric"),
        ("findings", "json"),
        ("log_seq", "bigint"),
    ] {
        let line = line(column);
        assert!(line.contains(&format!("| {ty} ")), "{line}");
    }
    let first = described("event_time").lines().next().unwrap();
    assert!(line("event_time").contains(first.get(..30).unwrap_or(first)), "{}", line("event_time"));
    assert!(events.contains("Table \"public.events\""), "{events}");

    let view = service.prints("\\d+ who_prompted_what");
    assert!(
        view.contains("View \"public.who_prompted_what\"") && view.contains("View definition:"),
        "{view}"
    );
    assert!(view.contains("FROM") && view.contains("events"), "{view}");
    for harmless in ["\\du", "\\l", "\\dn", "\\df", "\\di", "\\ds", "\\dx", "\\dp", "\\conninfo"] {
        service.run(&[harmless]).code(0);
    }
    let users = service.prints("\\du");
    assert!(users.contains("auditor"), "{users}");
}

#[test]
fn statements_that_do_more_than_read_are_refused() {
    let Some(service) = Service::start() else { return };
    let target = service.dir.join("stolen.csv");
    for (statement, sqlstate, says) in [
        (
            format!("COPY (SELECT * FROM events) TO '{}'", target.display()),
            "42501",
            "COPY is refused except TO STDOUT",
        ),
        ("COPY events FROM '/etc/passwd'".to_owned(), "42501", "COPY is refused except TO STDOUT"),
        ("COPY (SELECT 1) TO PROGRAM 'id'".to_owned(), "42501", "COPY is refused"),
        (
            "CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '/tmp/x.parquet'".to_owned(),
            "25006",
            "CREATE EXTERNAL TABLE is refused: only the lake's own tables can be read",
        ),
        (
            "SET datafusion.runtime.memory_limit = '100G'".to_owned(),
            "42501",
            "the engine's settings cannot be changed",
        ),
        (
            "SET datafusion.execution.batch_size = 1".to_owned(),
            "42501",
            "the engine's settings cannot be changed",
        ),
        ("SELECT * FROM '/etc/passwd'".to_owned(), "42501", "a file cannot be read as a table"),
        ("SELECT * FROM \"lake/data.parquet\"".to_owned(), "42501", "a file cannot be read as a table"),
        ("DELETE FROM events".to_owned(), "25006", "DELETE FROM events is refused"),
        ("INSERT INTO events VALUES (1)".to_owned(), "25006", "is refused: the lake can only be read"),
        ("DROP TABLE events".to_owned(), "25006", "is refused: the lake can only be read"),
    ] {
        let done = service.run(&[&statement]);
        assert_eq!(done.code, Some(1), "{statement}\n{}", done.stdout);
        assert!(done.stderr.contains(&format!("ERROR:  {sqlstate}: ")), "{statement}\n{}", done.stderr);
        let says = says.split(" events ").next().unwrap();
        assert!(done.stderr.contains(says), "{statement}\n{}", done.stderr);
    }
    assert!(!target.exists());
    let denied = wait_for("the denials in the access log", PATIENCE, || {
        let denied =
            service.rows("SELECT count(*) FROM access WHERE kind = 'denied' AND principal = 'auditor'");
        Some(denied[0].parse::<usize>().unwrap()).filter(|denied| *denied >= 11)
    });
    assert_eq!(denied, 11);
}

#[test]
fn prepared_statements_transactions_and_cursors() {
    let Some(service) = Service::start() else { return };
    let done = service
        .run(&[
            "PREPARE p(text, int) AS SELECT count(*) FROM events WHERE status = $1 AND kafka_offset < $2; \
             EXECUTE p('error', 10); EXECUTE p('success', 10); DEALLOCATE p",
            "BEGIN; DECLARE c CURSOR FOR SELECT kafka_offset FROM events ORDER BY 1; FETCH 2 FROM c; FETCH 1 FROM c; COMMIT",
            "SELECT 1; SELECT 2",
        ])
        .code(0);
    let numbers: Vec<&str> = done
        .stdout
        .lines()
        .map(str::trim)
        .filter(|line| line.chars().all(|c| c.is_ascii_digit()) && !line.is_empty())
        .collect();
    assert_eq!(numbers, ["2", "8", "0", "1", "2", "1", "2"], "{}", done.stdout);
    let done = service.run(&["EXECUTE missing(1)"]);
    assert!(done.stderr.contains("26000: prepared statement \"missing\" does not exist"), "{}", done.stderr);
    let done = service.run(&["BEGIN; SELECT nothing FROM events"]);
    assert!(done.stderr.contains("42703"), "{}", done.stderr);
    // Each parameter is a value: what looks like SQL stays a text.
    let done = service
        .run(&["PREPARE q AS SELECT count(*) FROM events WHERE status = $1; EXECUTE q('x'' OR true --')"]);
    assert!(done.stdout.contains("\n     0\n"), "{}", done.stdout);
}

#[test]
fn drivers_read_every_type_in_both_forms() {
    let Some(service) = Service::start() else { return };
    let script = r#"
import sys, datetime, decimal, psycopg
answers = []
with psycopg.connect(sys.argv[1], autocommit=True) as c:
    for binary in (False, True):
        cursor = c.cursor(binary=binary)
        one = lambda sql, *given: cursor.execute(sql, given or None).fetchone()
        answers.append((
            one("SELECT event_id, event_time, cost_usd, input_tokens, status, team_id, prompt_text IS NOT NULL, duration_ms, "
                "findings FROM events WHERE kafka_offset = %s", 4),
            one("SELECT %s::bigint, %s::text, %s::timestamptz, %s::bytea, %s::boolean, %s::double precision",
                7, "a'b", datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.timezone.utc), b"\0\1", True, 0.1),
            one("SELECT array_agg(kafka_offset ORDER BY kafka_offset) FROM events WHERE kafka_offset < %s", 3),
            one("SELECT date '2026-11-01' AS d, interval '1 day 2 hours' AS i, 12.50::numeric(10,2) AS n, null AS z"),
        ))
    assert answers[0] == answers[1], answers
    first, given, array, others = answers[0]
    assert first[0] == bytes(31) + b"\4", first
    assert first[1] == datetime.datetime(2026, 11, 1, 0, 0, 4, tzinfo=datetime.timezone.utc), first
    assert first[2] == decimal.Decimal("0.0015"), first
    assert first[3:7] == (100, "error", "a", True), first
    assert first[7] is None, first
    assert isinstance(first[8], list) and first[8][0]["category"] == "EMAIL", first
    assert given == (7, "a'b", datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.timezone.utc), b"\0\1", True, 0.1)
    assert array == ([0, 1, 2],), array
    assert others == (datetime.date(2026, 11, 1), datetime.timedelta(days=1, hours=2), decimal.Decimal("12.50"), None), others
    for _ in range(3):
        assert c.execute("SELECT count(*) FROM events WHERE kafka_offset < %s", (10,), prepare=True).fetchone() == (10,)
    with c.transaction():
        with c.cursor(name="named") as cursor:
            cursor.itersize = 7
            assert len(list(cursor.execute("SELECT kafka_offset FROM events"))) == 30
    with c.cursor().copy("COPY (SELECT kafka_offset, status FROM events WHERE kafka_offset < 2 ORDER BY 1) TO STDOUT (FORMAT csv, HEADER)") as copy:
        assert b"".join(copy) == b"kafka_offset,status\n0,success\n1,success\n"
    with c.cursor().copy("COPY (SELECT kafka_offset, status FROM events ORDER BY 1) TO STDOUT (FORMAT binary)") as copy:
        copy.set_types(["int8", "text"])
        assert list(copy.rows())[4] == (4, "error")
    with c.pipeline():
        a, b = c.execute("SELECT 1"), c.execute("SELECT 2")
        assert (a.fetchone(), b.fetchone()) == ((1,), (2,))
    assert c.info.parameter_status("sealake.snapshot").count(":") == 1
    try:
        with c.transaction():
            c.execute("SELECT nothing FROM events")
    except psycopg.errors.UndefinedColumn:
        pass
    assert c.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
print("ok")
"#;
    if let Some(printed) = service.python(script) {
        assert_eq!(printed, "ok\n");
    }
}

#[test]
fn what_takes_too_long_ends_with_57014() {
    let Some(service) = Service::start() else { return };
    let cross = "SELECT count(*) FROM events a CROSS JOIN generate_series(1, 20000) b \
                 CROSS JOIN generate_series(1, 1000000) c WHERE a.kafka_offset + b.value + c.value = -1";
    let started = Instant::now();
    let mut psql = service.psql(&[cross]);
    psql.env("PGOPTIONS", "-c statement_timeout=2s");
    let done = run(psql);
    assert!(
        done.stderr.contains("ERROR:  57014: canceling statement due to statement timeout"),
        "{}",
        done.stderr
    );
    assert!(started.elapsed() < Duration::from_secs(20), "took {:?}", started.elapsed());

    // Ctrl-C: psql asks for the cancel over a connection of its own.
    let mut psql = service.psql(&[cross]);
    let mut running = Running { child: psql.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap() };
    wait_for("the statement to begin", PATIENCE, || {
        let begun = "SELECT count(*) FROM access WHERE kind = 'start' AND statement LIKE '%CROSS JOIN%= -1'";
        (service.rows(begun) == ["2"]).then_some(())
    });
    signal(running.child.id(), libc::SIGINT);
    let status = wait_for("psql to end", PATIENCE, || running.child.try_wait().unwrap());
    let mut stderr = String::new();
    running.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert!(!status.success());
    assert!(stderr.contains("ERROR:  57014: canceling statement due to user request"), "{stderr}");

    let outcomes = wait_for("the ends in the access log", PATIENCE, || {
        let ends = "SELECT e.outcome, e.error_code FROM access s JOIN access e USING (access_id) \
                    WHERE s.kind = 'start' AND e.kind = 'end' AND s.statement LIKE '%CROSS JOIN%= -1' ORDER BY s.time";
        Some(service.rows(ends)).filter(|rows| rows.len() == 2)
    });
    assert_eq!(outcomes, ["timeout|57014", "cancelled|57014"]);
}

#[test]
fn a_client_that_stops_reading_holds_nothing() {
    let Some(service) = Service::start() else { return };
    let script = r#"
import sys, time, psycopg
from psycopg import pq
c = pq.PGconn.connect(sys.argv[1].encode())
assert c.status == pq.ConnStatus.OK, c.error_message
c.exec_(b"SET statement_timeout = '2s'")
c.send_query(b"SELECT repeat(a.prompt_text, 40) FROM events a, events b, events c, events d, events e")
c.set_single_row_mode()
time.sleep(5)
with psycopg.connect(sys.argv[1], autocommit=True) as other:
    ended = other.execute("SELECT e.outcome, e.error_code, e.duration_ms FROM access s JOIN access e USING (access_id) "
        "WHERE s.kind = 'start' AND e.kind = 'end' AND s.statement LIKE 'SELECT repeat%'").fetchall()
assert len(ended) == 1 and ended[0][:2] == ("timeout", "57014") and ended[0][2] < 4000, ended
last = None
while (result := c.get_result()) is not None:
    last = result
assert last.error_field(pq.DiagnosticField.SQLSTATE) == b"57014", last.error_message
assert c.exec_(b"SELECT 1").get_value(0, 0) == b"1"
print("ok")
"#;
    if let Some(printed) = service.python(script) {
        assert_eq!(printed, "ok\n");
    }
}

#[test]
fn every_look_is_recorded_before_its_first_row() {
    let Some(service) = Service::start() else { return };
    assert_eq!(service.rows("SELECT count(*) FROM events"), ["30"]);
    let mut psql =
        service.psql(&["SELECT status, count(*) FROM events WHERE actor_id = 'user-1' GROUP BY 1"]);
    psql.env("PGAPPNAME", "quarterly review");
    run(psql).code(0);
    service.prints("\\d events");
    let look = "SELECT kind, principal, auth_method, application, tables, columns, statement_hash IS NOT NULL, snapshot_size > 0 \
                FROM access WHERE statement LIKE '%user-1%' AND kind = 'start'";
    // A start is durable before the statement's first row, so nothing has to be waited for.
    let want = "start|auditor|scram-sha-256|quarterly review|{events}|{events.actor_id,events.status}|t|t";
    let rows = service.rows(look);
    assert_eq!(rows, [want]);
    let end = wait_for("the end of the look", PATIENCE, || {
        let end = "SELECT e.rows, e.outcome, e.segments_read, e.bytes_read > 0, e.answer_sha256 IS NOT NULL, e.duration_ms > 0 \
                   FROM access s JOIN access e USING (access_id) WHERE s.kind = 'start' AND e.kind = 'end' \
                   AND s.application = 'quarterly review'";
        service.rows(end).pop()
    });
    assert_eq!(end, "2|ok|1|t|t|t");
    let catalog = wait_for("the catalog's statements", PATIENCE, || {
        let catalog = "SELECT count(*) FROM access WHERE kind = 'catalog'";
        service.rows(catalog)[0].parse::<u64>().ok().filter(|count| *count > 0)
    });
    assert!(catalog > 3, "{catalog}");
}

#[test]
fn an_access_log_that_cannot_be_written_refuses_every_look() {
    let Some(service) = Service::start() else { return };
    assert_eq!(service.rows("SELECT count(*) FROM events"), ["30"]);
    // The log of looks is out of reach: a file stands where its directory was.
    let (access, gone) = (service.dir.join("lake/access"), service.dir.join("gone"));
    std::fs::rename(&access, &gone).unwrap();
    std::fs::write(&access, "").unwrap();
    let done = service.run(&["SELECT count(*) FROM events"]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""));
    assert!(
        done.stderr.contains("the look could not be recorded, so the statement was not run"),
        "{}",
        done.stderr
    );
    std::fs::remove_file(&access).unwrap();
    std::fs::rename(&gone, &access).unwrap();
    wait_for("the service to recover", PATIENCE, || {
        let done = service.run(&["SELECT count(*) FROM events"]);
        done.stdout.contains("30").then_some(())
    });
}

#[test]
fn only_those_who_know_a_password_get_in_and_only_encrypted() {
    let Some(mut service) = Service::start() else { return };
    let with = |connection: String, password: &str| {
        let mut psql = Command::new(&service.psql);
        psql.args(["-X", "-w", "-d", &connection, "-c", "SELECT 1"]).env("PGPASSWORD", password);
        run(psql)
    };
    let wrong = with(service.connection("auditor", ""), "wrong");
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong.stderr.contains("FATAL:  password authentication failed for user \"auditor\""),
        "{}",
        wrong.stderr
    );
    let nobody = with(service.connection("nobody", ""), &service.password);
    // The same words for a name that does not exist.
    assert_eq!(nobody.stderr.replace("nobody", "auditor"), wrong.stderr);
    with(service.connection("nobody", ""), "wrong");
    let right = with(service.connection("auditor", "channel_binding=require"), &service.password).code(0);
    assert!(right.stdout.contains("(1 row)"), "{}", right.stdout);
    let plain =
        with(format!("host=localhost port={} user=auditor sslmode=disable", service.port), &service.password);
    assert!(plain.stderr.contains("this server takes encrypted connections only"), "{}", plain.stderr);
    let other = Dir::new();
    let strange = other.write("other.crt", std::fs::read(make_lake().0.join("keys/server.crt")).unwrap());
    let strange = format!(
        "host=localhost port={} user=auditor sslmode=verify-full sslrootcert={}",
        service.port,
        strange.display()
    );
    assert!(with(strange, &service.password).stderr.contains("certificate verify failed"));

    // Failed logins are written when their minute is over, and at the end: one record an address and minute.
    signal(service.server.child.id(), libc::SIGTERM);
    let status = wait_for("the service to end", PATIENCE, || service.server.child.try_wait().unwrap());
    assert_eq!(status.code(), Some(0));
    (service.server, service.port) = serve(&service.dir);
    let failed = service.rows("SELECT client_address, sum(rows), count(*) <= 2, bool_and(principal IS NULL) FROM access WHERE kind = 'login_failed' GROUP BY 1");
    assert_eq!(failed, ["127.0.0.1|3|t|t"]);
}

#[test]
fn a_service_for_others_needs_tls_and_stops_when_told() {
    let Some(mut service) = Service::start() else { return };
    let mut psql = service.psql(&[]);
    let mut idle = Running {
        child: psql.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap(),
    };
    std::thread::sleep(Duration::from_secs(1));
    signal(service.server.child.id(), libc::SIGTERM);
    let status = wait_for("the service to end", PATIENCE, || service.server.child.try_wait().unwrap());
    assert_eq!(status.code(), Some(0));
    let _ = idle.child.kill();

    let config: PathBuf = service.dir.join("sealake.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let (head, _) = text.split_once("[serve.tls]").expect("init writes [serve.tls]");
    std::fs::write(&config, head.replace("listen = \"127.0.0.1:0\"", "listen = \"0.0.0.0:0\"")).unwrap();
    let mut command = sealake(["serve", "-c"]);
    command.arg(&config);
    run(command).code(1).says("which others can reach, and there is no [serve.tls]");

    // A key that others can read, and a certificate that is none, are errors, too, not a way around TLS.
    std::fs::write(&config, &text).unwrap();
    std::fs::write(service.dir.join("keys/server.crt"), "nothing").unwrap();
    let mut command = sealake(["serve", "-c"]);
    command.arg(&config);
    run(command).code(1).says("holds no certificate");
}
