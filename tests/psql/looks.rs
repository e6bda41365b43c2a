//! Who looked: every statement is recorded, or refused.

use super::*;

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
                FROM access WHERE statement LIKE '%user-1%' AND kind = 'start' AND application = 'quarterly review'";
    // A start is durable before the statement's first row, and seen by statements that begin a second later.
    let want = "start|auditor|scram-sha-256|quarterly review|{events}|{events.actor_id,events.status}|t|t";
    let start = wait_for("the start of the look", PATIENCE, || service.rows(look).pop());
    assert_eq!(start, want);
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
fn psql_shows_a_notice_where_an_identifier_was_typed() {
    let Some(service) = Service::start() else { return };
    let filter = "SELECT count(*) FROM events WHERE prompt_text LIKE '%jane.roe7@example.com%'";
    let notice = "NOTICE:  00000: the access log holds this statement with 1 identifier replaced (EMAIL)";
    for statement in [filter.to_owned(), format!("COPY ({filter}) TO STDOUT")] {
        let done = service.run(&[&statement]).code(0).says(notice).says("HINT:  ").says("sealake keys token");
        assert!(done.stdout.contains('0') && !done.stderr.contains("jane.roe"), "{done:?}");
    }
    let done = service.run(&["SET client_min_messages = warning", filter]).code(0);
    assert_eq!(done.stderr, "");
    let script = r#"
import sys, psycopg
told = []
with psycopg.connect(sys.argv[1], autocommit=True) as c:
    c.add_notice_handler(lambda diag: told.append((diag.severity, diag.sqlstate)))
    asked = "SELECT count(*) FROM events WHERE prompt_text LIKE %s"
    assert c.execute(asked, ("%jane.roe7@example.com%",)).fetchone() == (0,)
print(told)
"#;
    if let Some(printed) = service.python(script) {
        assert_eq!(printed, "[('NOTICE', '00000')]\n");
    }
    let mut sql = sealake(["sql", filter, "-c"]);
    sql.arg(service.dir.join("sealake.toml"));
    run(sql).code(0).says("1 identifier replaced (EMAIL)");
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
fn an_embedded_look_has_the_hash_of_what_was_printed() {
    let (dir, _) = make_lake();
    let sql = |format: &str, statement: &str| {
        let mut command = sealake(["sql", "--format", format, "-c"]);
        command.arg(dir.join("sealake.toml")).arg(statement);
        run(command).code(0).stdout
    };
    // No rows, few, and more than a table is measured by.
    for count in [0, 3, 2_500] {
        let statement = format!(
            "SELECT a.kafka_offset FROM events a, events b, events c WHERE a.kafka_offset >= 0 LIMIT {count}"
        );
        for format in ["table", "csv", "json"] {
            let printed = sql(format, &statement);
            let last = "SELECT outcome, encode(answer_sha256, 'hex') FROM access WHERE kind = 'end' \
                        ORDER BY log_seq DESC LIMIT 1";
            let recorded = sql("csv", last);
            let hash = sql("csv", &format!("SELECT encode(sha256(X'{}'), 'hex')", hex::encode(&printed)));
            let want = if printed.is_empty() { "" } else { hash.lines().nth(1).unwrap() };
            assert_eq!(recorded.lines().nth(1).unwrap(), format!("ok,{want}"), "{count} rows, {format}");
        }
    }
}

#[test]
fn a_statement_comes_from_standard_input() {
    let (dir, _) = make_lake();
    let (lake, statement) = (dir.join("lake").display().to_string(), "SELECT count(*) AS n\n FROM events;\n");
    for arguments in [&[lake.as_str(), "-"][..], &[&lake], &["-"], &[]] {
        let mut command = sealake(["sql", "--format", "csv"]);
        command.args(arguments).current_dir(dir.path());
        let printed = run_with(command, statement.as_bytes()).code(0).stdout;
        assert_eq!(printed.lines().collect::<Vec<_>>(), ["n", "30"], "{arguments:?}");
    }
    for (input, says) in [
        (&b""[..], "no statement on standard input"),
        (&b"SELECT '\xff'"[..], "not UTF-8"),
        (&[b' '; 262_145][..], "more than 262144 bytes"),
    ] {
        run_with(sealake(["sql", &lake]), input).code(1).says(says);
    }
}
