//! Statements and clients that would take the service for themselves.

use super::*;

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
fn connections_that_say_nothing_keep_nobody_out() {
    let Some(service) = Service::start() else { return };
    let connect = |_| std::net::TcpStream::connect(("127.0.0.1", service.port)).unwrap();
    let mut silent: Vec<std::net::TcpStream> = (0..300).map(connect).collect();
    let started = Instant::now();
    for _ in 0..3 {
        assert_eq!(service.rows("SELECT 1"), ["1"]);
    }
    // They would have had twenty seconds to log in.
    assert!(started.elapsed() < Duration::from_secs(15), "took {:?}", started.elapsed());
    silent[0].set_read_timeout(Some(PATIENCE)).unwrap();
    let mut told = Vec::new();
    silent[0].read_to_end(&mut told).unwrap();
    let told = String::from_utf8_lossy(&told);
    assert!(told.contains("C53300\0") && told.contains("this one took longest; connect again"), "{told:?}");
}

#[test]
fn sessions_beyond_the_limit_are_told_so() {
    let Some(mut service) = Service::start() else { return };
    signal(service.server.child.id(), libc::SIGTERM);
    wait_for("the service to end", PATIENCE, || service.server.child.try_wait().unwrap());
    let config = service.dir.join("sealake.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("[serve]\n", "[serve]\nconnections_max = 2\n")).unwrap();
    (service.server, service.port) = serve(&service.dir);
    let idle = |_| {
        let mut psql = service.psql(&[]);
        psql.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut idle = Running { child: psql.spawn().unwrap() };
        idle.child.stdin.as_mut().unwrap().write_all(b"\\echo in\n").unwrap();
        let mut line = [0; 3];
        idle.child.stdout.take().unwrap().read_exact(&mut line).unwrap();
        assert_eq!(&line, b"in\n");
        idle
    };
    let mut sessions: Vec<Running> = (0..2).map(idle).collect();
    let done = service.run(&["SELECT 1"]);
    assert_ne!(done.code, Some(0));
    let refused = done.stderr;
    assert!(refused.contains("FATAL:  too many connections: 2 sessions are open"), "{refused}");
    assert!(refused.contains("connections_max in [serve]; close one, or raise it"), "{refused}");
    let _ = sessions.remove(0).child.kill();
    wait_for("a place to be free", PATIENCE, || (service.run(&["SELECT 1"]).code == Some(0)).then_some(()));
    let _ = sessions.remove(0).child.kill();
}

/// The most memory of the process so far, in MiB.
fn peak_mib(service: &Service) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.server.child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

/// What the service may take at its worst in this test: it starts with about 200 MiB in a debug build, and a statement
/// may have 512 MiB.
const PEAK_MIB_MAX: u64 = 1_536;

#[test]
fn hostile_statements_end_in_an_error_and_leave_the_service_to_others() {
    let Some(service) = Service::start() else { return };
    let chain = format!("SELECT {}", vec!["1"; 20_000].join("+"));
    let ors = vec!["actor_id = 'x'"; 10_000].join(" OR ");
    let long = format!("SELECT '{}' FROM events a, events b, events c, events d", "x".repeat(200_000));
    let hostile = [
        ("SELECT length(repeat('x', 2000000000))", "54000"),
        ("SELECT length(repeat(actor_id, 300000000)) FROM events", "54000"),
        ("SELECT length(rpad('x', 2000000000))", "54000"),
        ("SELECT array_length(range(1, 1000000000))", "54000"),
        ("SELECT length(array_to_string(array_repeat(repeat('x', 1000), 1000000), ','))", "54000"),
        (
            "WITH RECURSIVE t(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM t) SELECT max(length(s)) FROM t",
            "54000",
        ),
        (
            "SELECT string_agg(repeat(actor_id, 1000000), ',') FROM events, generate_series(1, 100000)",
            "53200 57014 54000",
        ),
        (
            "SELECT array_agg(repeat(actor_id, 1000000)) FROM events, generate_series(1, 100000)",
            "53200 57014 54000",
        ),
        ("SELECT array_agg(value) OVER (ORDER BY value) FROM generate_series(1, 1000000)", "0A000"),
        ("SELECT count(*) FROM events a, events b, events c, events d, events e, events f", "57014"),
        (
            "SELECT sum(levenshtein(repeat('x', 20000), repeat(a.actor_id, 3000))) FROM events a, events b",
            "57014 54000",
        ),
        (&chain, "54001"),
        (&format!("SELECT count(*) FROM events WHERE {ors}"), "54001"),
        (&format!("SELECT 1{}", "::int".repeat(40_000)), "54001"),
        (&long, "57014"),
    ];
    for (statement, sqlstates) in hostile {
        let started = Instant::now();
        let mut psql = service.psql(&[]);
        psql.env("PGOPTIONS", "-c statement_timeout=8s").args(["-o", "/dev/null", "-f", "-"]);
        let done = run_with(psql, format!("{statement};").as_bytes());
        let shown = &statement[..statement.len().min(100)];
        let found =
            sqlstates.split(' ').any(|sqlstate| done.stderr.contains(&format!("ERROR:  {sqlstate}: ")));
        assert!(found, "{shown}\n{}", done.stderr);
        assert!(started.elapsed() < Duration::from_secs(40), "{shown}: {:?}", started.elapsed());
        assert_eq!(service.rows("SELECT count(*) FROM events"), ["30"], "after {shown}");
        let peak = peak_mib(&service);
        assert!(peak < PEAK_MIB_MAX, "{peak} MiB after {shown}");
    }
}
