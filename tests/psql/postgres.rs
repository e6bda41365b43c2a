//! Statements that PostgreSQL answers in its own way, answered so here or refused.

use super::*;

#[test]
fn an_event_is_found_by_the_id_that_psql_prints() {
    let Some(service) = Service::start() else { return };
    let id = service.rows("SELECT event_id FROM events WHERE kafka_offset = 7").remove(0);
    assert!(id.starts_with("\\x") && id.len() == 66, "{id}");
    for filter in
        [format!("event_id = '{id}'::bytea"), format!("event_id = '{id}'"), format!("event_id IN ('{id}')")]
    {
        let found = service.rows(&format!("SELECT kafka_offset FROM events WHERE {filter}"));
        assert_eq!(found, ["7"], "{filter}");
    }
    let prepared = format!(
        "PREPARE p AS SELECT kafka_offset FROM events WHERE event_id = $1; EXECUTE p('{id}'); DEALLOCATE p"
    );
    assert_eq!(service.rows(&prepared), ["7"]);
}

#[test]
fn what_is_not_understood_is_refused_with_the_way_to_write_it() {
    let Some(service) = Service::start() else { return };
    for (statement, sqlstate, hint) in [
        ("SELECT count(*) FROM events WHERE event_id = '\\x3g'::bytea", "22P02", "X'…'"),
        (
            "SELECT 'abc' SIMILAR TO 'a%'",
            "0A000",
            "HINT:  LIKE takes % and _, the operator ~ a regular expression",
        ),
        ("SELECT to_char(event_time, 'Month') FROM events", "0A000", "HINT:  '%Y-%m' is understood"),
        ("COPY (SELECT 1) TO STDOUT WITH OIDS", "0A000", "COPY option OIDS is not supported"),
    ] {
        let done = service.run(&[statement]);
        assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""), "{statement}");
        assert!(done.stderr.contains(&format!("ERROR:  {sqlstate}: ")), "{statement}\n{}", done.stderr);
        assert!(done.stderr.contains(hint), "{statement}\n{}", done.stderr);
    }
    for (statement, sqlstate, hint) in [
        ("SELECT event_time AT TIME ZONE 'Nowhere/Else' FROM events", "22023", "Europe/Berlin"),
        ("SELECT prompt_text ->> 'a' FROM events", "22P02", "CASE WHEN"),
        ("SELECT coalesce(event_id, 'text') FROM events", "42804", "encode(event_id, 'hex')"),
    ] {
        let done = service.run(&[statement]);
        assert!(done.stderr.contains(&format!("ERROR:  {sqlstate}: ")), "{statement}\n{}", done.stderr);
        assert!(
            done.stderr.contains("HINT:  ") && done.stderr.contains(hint),
            "{statement}\n{}",
            done.stderr
        );
    }
    let months = service.rows("SELECT to_char(event_time, 'YYYY-MM'), count(*) FROM events GROUP BY 1");
    assert_eq!(months, ["2026-11|30"]);
}

#[test]
fn copies_with_the_old_options() {
    let Some(service) = Service::start() else { return };
    let query = "(SELECT kafka_offset, status FROM events WHERE kafka_offset < 2 ORDER BY 1)";
    let csv = "kafka_offset,status\n0,success\n1,success\n";
    let file = service.dir.join("x.csv");
    service.run(&[&format!("\\copy {query} to '{}' csv header", file.display())]).code(0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), csv);
    for (options, want) in [
        ("WITH CSV HEADER", csv),
        ("WITH CSV", "0,success\n1,success\n"),
        ("WITH DELIMITER ','", "0,success\n1,success\n"),
        ("DELIMITER ';' CSV HEADER", "kafka_offset;status\n0;success\n1;success\n"),
    ] {
        assert_eq!(service.prints(&format!("COPY {query} TO STDOUT {options}")), want, "{options}");
    }
}

#[test]
fn json_windows_and_tables_as_psql_sends_them() {
    let Some(service) = Service::start() else { return };
    assert_eq!(service.rows("SELECT '{\"a\": [1, {\"b\": \"c\"}]}' -> 'a' -> 1 ->> 'b'"), ["c"]);
    assert_eq!(service.rows("SELECT '{\"a\": 1}'::text -> 'x' IS NULL"), ["t"]);
    let prepared = "PREPARE p AS SELECT '{\"a\": 1.50}' ->> $1; EXECUTE p('a'); DEALLOCATE p";
    assert_eq!(service.rows(prepared), ["1.50"]);
    assert_eq!(service.rows("TABLE events").len(), EVENTS);
    assert_eq!(service.prints("COPY (TABLE segments) TO STDOUT").lines().count(), 1);
    let latest = "SELECT max(n) FROM (SELECT row_number() OVER (ORDER BY event_id) AS n FROM events) t";
    assert_eq!(service.rows(latest), [EVENTS.to_string()]);
    let script = r#"
import sys, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as c:
    assert c.execute("SELECT %s::text ->> %s", ('{"a": "b"}', "a")).fetchone() == ("b",)
    assert c.execute("SELECT unmapped_json -> %s FROM events LIMIT 1", ("a",)).fetchone() == (None,)
    assert c.execute("SELECT '[1,2]' ->> %s::int", (1,)).fetchone() == ("2",)
print("ok")
"#;
    if let Some(printed) = service.python(script) {
        assert_eq!(printed, "ok\n");
    }
}

#[test]
fn ages_remainders_and_exists_as_psql_shows_them() {
    let Some(service) = Service::start() else { return };
    for (statement, want) in [
        ("SELECT age(timestamptz '2001-04-10', timestamptz '1957-06-13')", "43 years 9 mons 27 days"),
        ("SELECT age('2026-11-01T00:00:00Z', event_time) FROM events WHERE kafka_offset = 5", "-00:00:05"),
        ("SELECT age(current_date)", "00:00:00"),
        ("SELECT age(current_date - 1) = interval '1 day'", "t"),
        ("SELECT mod(kafka_offset, 7) FROM events ORDER BY kafka_offset DESC FETCH FIRST 1 ROW ONLY", "1"),
        ("SELECT EXISTS (SELECT 1 FROM errors)", "t"),
    ] {
        assert_eq!(service.rows(statement), [want], "{statement}");
    }
}
