//! Prepared statements, transactions, cursors, types, through psql and psycopg.

use super::*;

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
