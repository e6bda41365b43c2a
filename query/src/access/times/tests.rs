//! What is a time of events in a statement, and what only looks like one.

use arrow::datatypes::DataType;

use super::{NAMES, compared};
use crate::testing::{TestLake, session};

fn kept(text: &str) -> Vec<&str> {
    compared(text).into_iter().map(|range| &text[range]).collect()
}

#[test]
fn what_is_compared_with_a_time_of_the_lake_is_one() {
    for (filter, want) in [
        (
            "event_time BETWEEN '2026-11-01' AND '2026-11-19T12:00:00Z'",
            &["2026-11-01", "2026-11-19T12:00:00Z"][..],
        ),
        ("e.event_time >= timestamptz '2026-11-01 00:00:00+00'", &["2026-11-01 00:00:00+00"]),
        ("'2026-11-01'::date < \"event_time\"", &["2026-11-01"]),
        ("CAST(event_time AS date) IN ('2026-11-01', DATE '2026-11-02')", &["2026-11-01", "2026-11-02"]),
        ("date_trunc('day', event_time) = '2026-11-01'", &["2026-11-01"]),
        ("ingest_time > '2026-11-01'::timestamptz - interval '1 day'", &["2026-11-01"]),
        ("event_time AT TIME ZONE 'Europe/Berlin' > ('2026-11-01')", &["2026-11-01"]),
        ("event_time > to_timestamp('2026-11-01')", &["2026-11-01"]),
        ("prompt_text LIKE '%ü%'\n  AND /* ü\n */ event_time < '2026-11-01' AND 'ü' <> ''", &["2026-11-01"]),
        ("EXISTS (SELECT 1 FROM segments WHERE event_min < '2026-11-01')", &["2026-11-01"]),
        ("event_time > now() - interval '3 days'", &[]),
    ] {
        assert_eq!(kept(&format!("SELECT count(*) FROM events e WHERE {filter}")), want, "{filter}");
    }
    assert_eq!(kept("EXPLAIN ANALYZE TABLE events"), [""; 0]);
    // As Grafana groups.
    let grafana = "SELECT floor(extract(epoch FROM event_time) / 300) * 300 AS time, count(*) FROM events \
                   WHERE event_time BETWEEN '2026-11-01T00:00:00Z' AND '2026-11-02T00:00:00Z' GROUP BY 1 ORDER BY 1";
    assert_eq!(kept(grafana), ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"]);
}

#[test]
fn what_is_compared_with_anything_else_is_none() {
    for statement in [
        "SELECT count(*) FROM events WHERE prompt_text LIKE '%1954-03-02%'",
        "SELECT count(*) FROM events WHERE unmapped_json ->> 'birth_date' = '1954-03-02'",
        "SELECT count(*) FROM events WHERE subject_ref = '1954-03-02' AND event_time IS NOT NULL",
        "SELECT count(*) FROM events WHERE event_time::text LIKE '1954-03-02%'",
        "SELECT '1954-03-02' AS dob FROM events",
        "SELECT count(*) FROM events WHERE (event_time > now()) = ('1954-03-02' = prompt_text)",
        // Names that are given to something else.
        "SELECT * FROM (SELECT prompt_text AS event_time FROM events) t WHERE event_time = '1954-03-02'",
        "SELECT * FROM (VALUES ('x')) t(event_time) WHERE event_time = '1954-03-02'",
        "WITH t(event_time) AS (SELECT prompt_text FROM events) SELECT * FROM t WHERE event_time = '1954-03-02'",
        "SELECT * FROM unnest(ARRAY['x']) AS day WHERE day = '1954-03-02'",
        "SELECT CASE WHEN event_time IS NULL THEN '' ELSE 'x' END AS time FROM events HAVING time = '1954-03-02'",
        // What cannot be read.
        "SELECT FROM WHERE event_time = '1954-03-02",
        "",
    ] {
        assert_eq!(kept(statement), [""; 0], "{statement}");
    }
    let deep = format!("SELECT {}event_time = '2026-11-01'{}", "(".repeat(5_000), ")".repeat(5_000));
    assert_eq!(kept(&deep), [""; 0]);
}

#[tokio::test]
async fn the_names_are_those_of_all_columns_of_times() {
    let lake = TestLake::with_days(1, 1).await;
    let session = session(&lake.mount().await);
    let mut names = Vec::new();
    for table in crate::docs::names() {
        let answer = session.sql(&format!("SELECT * FROM {table}")).await.expect("answer");
        let times = answer.schema().fields().iter().filter(|field| {
            matches!(field.data_type(), DataType::Timestamp(_, _) | DataType::Date32 | DataType::Date64)
        });
        names.extend(times.map(|field| field.name().clone()));
    }
    names.sort();
    names.dedup();
    assert_eq!(names, NAMES);
}
