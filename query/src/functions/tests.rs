//! Functions that would take the machine's memory, and the same functions at what they are for.

use std::time::{Duration, Instant};

use crate::testing::{TestLake, rows, session};

#[tokio::test]
async fn what_a_function_makes_is_limited_wherever_it_is_computed() {
    let lake = TestLake::with_days(1, 20).await;
    let session = session(&lake.mount().await);
    for sql in [
        "SELECT length(repeat('x', 2000000000))",
        "SELECT length(repeat('x', 2000000000)) FROM events",
        "SELECT count(*) FROM events WHERE repeat(actor_id, 2000000000) = 'x'",
        "SELECT length(repeat(repeat(repeat('x', 1000), 1000), 1000))",
        "SELECT length(lpad('x', 2000000000)), length(rpad('x', 2000000000, 'ab'))",
        "SELECT rpad(actor_id, 2000000000, team_id) FROM events",
        "SELECT length(replace(repeat('x', 1000000), 'x', repeat('y', 1000000)))",
        "SELECT length(regexp_replace(repeat('x', 1000000), '.', repeat('y', 1000), 'g'))",
        "SELECT length(overlay(repeat('x', 9000000) PLACING repeat('y', 9000000) FROM 9000000))",
        "SELECT length(concat(repeat('x', 9000000), repeat('y', 9000000)))",
        "SELECT length(concat_ws(repeat('-', 1000000), 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', \
         'm', 'n', 'o', 'p', 'q', 'r'))",
        "WITH RECURSIVE t(s, n) AS (SELECT 'x', 1 UNION ALL SELECT s || s, n + 1 FROM t WHERE n < 60) \
         SELECT max(length(s)) FROM t",
        "SELECT length(array_to_string(range(1, 10000), repeat('x', 100000)))",
        "SELECT array_length(range(1, 1000000000))",
        "SELECT array_length(range(kafka_offset, 1000000000)) FROM events",
        "SELECT array_length(generate_series(1, 1000000000))",
        "SELECT array_length(generate_series(TIMESTAMP '2000-01-01', TIMESTAMP '2030-01-01', INTERVAL '1 second'))",
        "SELECT array_length(array_repeat('x', 1000000000))",
        "SELECT array_length(array_repeat(array_repeat(array_repeat(1, 1000), 1000), 1000))",
        "SELECT array_length(array_resize([1], 1000000000, 2))",
        "SELECT levenshtein(repeat('x', 1000000), repeat('y', 1000000))",
        "SELECT strpos(repeat('a', 16000000), repeat('a', 8000000) || 'b')",
        "SELECT position(repeat('a', 8000000) IN repeat('a', 16000000))",
        "VALUES (repeat('x', 100000000))",
    ] {
        let started = Instant::now();
        let error = rows(&session, sql).await.expect_err(sql);
        assert_eq!(error.sqlstate(), "54000", "{sql}: {error}");
        assert!(started.elapsed() < Duration::from_secs(20), "{sql}: {:?}", started.elapsed());
    }
}

#[tokio::test]
async fn what_planning_needs_at_once_is_small() {
    let lake = TestLake::with_days(1, 2).await;
    let session = session(&lake.mount().await);
    for sql in [
        "SELECT * FROM generate_series(1, length(repeat('x', 2000000000)))",
        "SELECT actor_id FROM events LIMIT length(repeat('x', 2000000000))",
    ] {
        let started = Instant::now();
        let error = rows(&session, sql).await.expect_err(sql);
        assert!(error.message().len() < 400 && !error.message().contains("Signature"), "{sql}: {error}");
        assert!(started.elapsed() < Duration::from_secs(20), "{sql}: {:?}", started.elapsed());
    }
}

#[tokio::test]
async fn functions_answer_as_they_should_within_their_limits() {
    let lake = TestLake::with_days(1, 5).await;
    let session = session(&lake.mount().await);
    for (sql, want) in [
        ("SELECT length(repeat('x', 1000000))", "1000000"),
        ("SELECT max(length(repeat(actor_id, 1000))) FROM events", "6000"),
        ("SELECT max(length(repeat('x', 100000))) FROM events", "100000"),
        ("SELECT lpad('7', 3, '0'), rpad('ab', 4, '-')", "007|ab--"),
        ("SELECT 'a' || 1 || actor_id || NULL IS NULL FROM events LIMIT 1", "true"),
        ("SELECT 'a' || actor_id || 2 FROM events ORDER BY 1 LIMIT 1", "auser-02"),
        ("SELECT [1, 2] || [3], [1] || 2", "[1, 2, 3]|[1, 2]"),
        ("SELECT concat('a', NULL, 'b'), concat_ws('-', 'a', 'b')", "ab|a-b"),
        ("SELECT replace(team_id, 'a', 'xyz') FROM events WHERE team_id = 'a' LIMIT 1", "xyz"),
        ("SELECT regexp_replace('a1b22', '[0-9]+', '#', 'g')", "a#b#"),
        ("SELECT overlay('abcdef' PLACING 'xy' FROM 2 FOR 3)", "axyef"),
        ("SELECT array_length(range(1, 1001)), array_length(generate_series(1, 1000))", "1000|1000"),
        ("SELECT sum(value) FROM generate_series(1, 1000)", "500500"),
        ("SELECT array_to_string([1, 2, 3], ', '), string_to_array('a,b', ',')", "1, 2, 3|[a, b]"),
        ("SELECT array_repeat('x', 3), array_resize([1], 2, 7)", "[x, x, x]|[1, 7]"),
        ("SELECT to_char(DATE '2026-11-01', '%Y')", "2026"),
        (
            "SELECT upper(s) FROM (SELECT repeat('ab', 2) s UNION ALL SELECT actor_id FROM events) ORDER BY 1 LIMIT 1",
            "ABAB",
        ),
        ("SELECT CASE WHEN true THEN repeat('a', 2) ELSE 'b' END = 'aa'", "true"),
        (
            "SELECT count(*) FROM (SELECT concat(actor_id, '!') a FROM events GROUP BY 1) JOIN events ON a = actor_id || '!'",
            "5",
        ),
    ] {
        let got = rows(&session, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(got, [want], "{sql}");
    }
}

#[tokio::test]
async fn a_wide_value_in_many_rows_is_there_once() {
    let lake = TestLake::with_days(1, 20).await;
    let session = session(&lake.mount().await);
    let sql = "SELECT max(octet_length(r)) FROM (SELECT repeat(actor_id, 100000) r FROM events) a, generate_series(1, 50000)";
    assert_eq!(rows(&session, sql).await.unwrap(), ["600000"]);
}

/// Answers of PostgreSQL 17.
#[tokio::test]
async fn ages_are_counted_as_a_calendar_counts() {
    let lake = TestLake::with_days(1, 2).await;
    let session = session(&lake.mount().await);
    for (of, since, want) in [
        ("'2001-04-10'", "'1957-06-13'", "525 mons 27 days"),
        ("timestamp '1957-06-13'", "timestamp '2001-04-10'", "-525 mons -27 days"),
        ("'2026-03-01'", "'2026-01-31'", "1 mons 1 days"),
        ("'2026-03-01'", "'2026-02-28'", "1 days"),
        ("'2024-03-01'", "'2024-02-28'", "2 days"),
        (
            "timestamptz '2026-11-02T01:00:00Z'",
            "'2026-11-01T23:30:00.5Z'",
            "1 hours 29 mins 59.500000000 secs",
        ),
        ("date '2026-11-02'", "event_time", "1 days"),
        ("event_time", "timestamp '2026-11-01 00:00:01'", "-1.000000000 secs"),
    ] {
        let sql = format!("SELECT age({of}, {since}) FROM events LIMIT 1");
        let got = rows(&session, &sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(got, [want], "{sql}");
    }
    assert_eq!(
        rows(&session, "SELECT age(NULL, now()), age(event_time, NULL) FROM events LIMIT 1").await.unwrap(),
        ["-|-"]
    );
    let of_today = "SELECT age(event_time) = age(current_date, event_time) FROM events LIMIT 1";
    assert_eq!(rows(&session, of_today).await.unwrap(), ["true"]);
}
