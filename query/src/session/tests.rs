//! Statements over real lakes.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use schemas::event;

use super::*;
use crate::testing::{FIRST_DAY, TestLake, collect, rows, sample, session};

async fn one(session: &Session, sql: &str) -> String {
    let rows = rows(session, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    assert_eq!(rows.len(), 1, "{sql}: {rows:?}");
    rows[0].clone()
}

#[tokio::test]
async fn counts_filters_and_groups() {
    let lake = TestLake::with_days(3, 10).await;
    let session = session(&lake.mount().await);
    assert_eq!(one(&session, "SELECT count(*) FROM events").await, "30");
    assert_eq!(one(&session, "SELECT count(*) FROM events WHERE status = 'error'").await, "6");
    assert_eq!(
        one(&session, "SELECT count(*), sum(input_tokens) FROM events WHERE team_id = 'b'").await,
        "12|1200"
    );
    assert_eq!(
        one(
            &session,
            "SELECT count(DISTINCT log_seq), count(DISTINCT segment), max(segment_row) FROM events"
        )
        .await,
        "3|3|9"
    );
    let prompt = one(&session, "SELECT prompt_text FROM events ORDER BY event_time LIMIT 1").await;
    assert!(prompt.starts_with("Mail to [EMAIL:") && !prompt.contains("jane"), "{prompt}");
    // A wide row with a narrow filter is filtered while it is decoded; the answer is the same.
    assert_eq!(
        rows(&session, "SELECT * FROM events WHERE actor_id = 'user-1' AND status = 'error'")
            .await
            .unwrap()
            .len(),
        3
    );
    let wide = "SELECT prompt_text, segment_row FROM events WHERE status = 'error' AND segment_row > 5 AND log_seq > 0";
    assert_eq!(rows(&session, wide).await.unwrap().len(), 3);
}

#[tokio::test]
async fn no_rows_are_sorted_grouped_and_counted_like_any_others() {
    let lake = TestLake::with_days(1, 3).await;
    let session = session(&lake.mount().await);
    let never = "FROM events WHERE event_time < TIMESTAMP '1990-01-01'";
    for columns in ["*", "prompt_text, kafka_offset"] {
        let sorted = format!("SELECT {columns} {never} ORDER BY kafka_source, kafka_offset");
        assert_eq!(rows(&session, &sorted).await.unwrap().len(), 0, "{sorted}");
    }
    assert_eq!(one(&session, &format!("SELECT count(*), max(log_seq) {never}")).await, "0|-");
    let grouped = format!("SELECT actor_id, count(*) {never} GROUP BY actor_id ORDER BY 2 DESC");
    assert_eq!(rows(&session, &grouped).await.unwrap().len(), 0);
}

#[tokio::test]
async fn every_view_runs_and_documents_its_columns() {
    let mut lake = TestLake::with_days(2, 10).await;
    // A producer that sends an event twice.
    lake.commit(vec![sample(0, 0)]).await;
    let session = session(&lake.mount().await);
    for view in crate::views::VIEWS {
        let answer = session.sql(&format!("SELECT * FROM {}", view.name)).await;
        let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", view.name));
        let columns: Vec<String> =
            answer.schema().fields().iter().map(|field| field.name().clone()).collect();
        let documented: Vec<&str> = view.columns().map(|(name, _)| name).collect();
        assert_eq!(columns, documented, "{}", view.name);
        assert!(view.doc().len() > 20, "{}", view.name);
        let batches = collect(answer).await.unwrap_or_else(|error| panic!("{}: {error}", view.name));
        assert!(batches.iter().map(|batch| batch.num_rows()).sum::<usize>() > 0, "{} is empty", view.name);
    }
    assert_eq!(one(&session, "SELECT count(*) FROM events").await, "21");
    assert_eq!(one(&session, "SELECT sum(calls), sum(failed) FROM usage_by_team").await, "20|4");
    assert_eq!(one(&session, "SELECT sum(calls) FROM guardrail_outcomes").await, "20");
    // Views of single events show every copy, and say how to count events.
    for view in ["who_prompted_what", "errors", "findings"] {
        let doc = crate::views::find(view).unwrap().doc();
        assert!(doc.contains("a stored copy"), "{view}: {doc}");
    }
    assert_eq!(
        one(&session, "SELECT count(*), count(DISTINCT event_id) FROM who_prompted_what").await,
        "21|20"
    );
    assert_eq!(
        one(&session, "SELECT calls, cost_usd, calls_without_cost FROM cost_by_model").await,
        "20|0.020000000|0"
    );
    assert_eq!(
        one(&session, "SELECT endpoint, category, events, findings FROM phi_by_endpoint").await,
        "api.openai.com|EMAIL|20|20"
    );
    assert_eq!(
        one(&session, "SELECT name, partitions, count, entries FROM ingest_health WHERE what = 'topic'")
            .await,
        "llm.gateway|1|21|3"
    );
    assert_eq!(rows(&session, "SELECT * FROM errors").await.unwrap().len(), 4);
}

/// A call of which nobody said how it ended is not one that failed.
#[tokio::test]
async fn an_unknown_status_is_no_failure() {
    let mut lake = TestLake::new().await;
    let mut unknown = sample(0, 0);
    unknown.set(schemas::event::STATUS, "unknown");
    lake.commit(vec![unknown, sample(0, 1), sample(0, 4)]).await;
    let session = session(&lake.mount().await);
    assert_eq!(one(&session, "SELECT sum(calls), sum(failed) FROM usage_by_team").await, "3|1");
    assert_eq!(one(&session, "SELECT status FROM errors").await, "error");
    let all = "SELECT count(*) FROM who_prompted_what WHERE status = 'unknown'";
    assert_eq!(one(&session, all).await, "1");
}

/// Each line of "Where it differs from PostgreSQL" in docs/sql-service.md.
#[tokio::test]
async fn differences_from_postgres_are_as_documented() {
    let lake = TestLake::with_days(1, 1).await;
    let session = session(&lake.mount().await);
    for (sql, here) in [
        ("SELECT 9223372036854775807 + 1", "-9223372036854775808"),
        ("SELECT sum(x) FROM (VALUES (9223372036854775807), (1)) t(x)", "-9223372036854775808"),
        ("SELECT sum(x::numeric(38,0)) FROM (VALUES (9223372036854775807), (1)) t(x)", "9223372036854775808"),
        ("SELECT 0.1 + 0.2", "0.30000000000000004"),
        ("SELECT arrow_typeof(1e20)", "Float64"),
        ("SELECT arrow_typeof(99999999999999999999)", "Float64"),
        ("SELECT arrow_typeof(avg(x)) FROM (VALUES (1)) t(x)", "Float64"),
        ("SELECT 1.0 / 0", "inf"),
        ("SELECT arrow_typeof(1.5::numeric(10,2))", "Decimal128(10, 2)"),
        ("SELECT 2.5::int, CAST(2.7 AS int), round(2.5)", "2|2|3.0"),
        ("SELECT extract(hour FROM timestamptz '2026-11-02T12:00:00Z' AT TIME ZONE 'Europe/Berlin')", "13"),
        ("SELECT to_char(timestamptz '2026-11-02T12:00:00Z' AT TIME ZONE 'Europe/Berlin', 'HH24')", "13"),
        ("SELECT string_agg(x, '' ORDER BY x) FROM (VALUES ('b'), ('A'), ('a'), ('B')) t(x)", "ABab"),
        (
            "SELECT count(*) FROM (SELECT unnest(findings) AS f FROM events) WHERE f['category'] = 'EMAIL'",
            "1",
        ),
    ] {
        assert_eq!(one(&session, sql).await, here, "{sql}");
    }
    for sql in ["SELECT findings->>'category' FROM events", "SELECT findings->0 FROM events"] {
        let error = rows(&session, sql).await.expect_err(sql);
        assert_eq!(error.sqlstate(), "0A000", "{sql}");
        assert!(error.hint().unwrap().contains("finding['category']"), "{sql}");
    }
}

#[tokio::test]
async fn windows_over_bytes_are_as_in_postgres() {
    let mut lake = TestLake::with_days(1, 4).await;
    // The same event again: sorted alike.
    lake.commit(vec![sample(0, 1)]).await;
    let session = session(&lake.mount().await);
    let per_row = |window: &str| {
        format!(
            "SELECT string_agg(w, ',' ORDER BY at) FROM (SELECT ({window})::text AS w, log_seq * 10 + segment_row AS at FROM events) t"
        )
    };
    for (window, want) in [
        ("count(*) OVER (ORDER BY event_id)", "1,3,4,5,3"),
        ("count(*) OVER (ORDER BY event_id RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)", "5,4,2,1,4"),
        ("rank() OVER (ORDER BY event_id)", "1,2,4,5,2"),
        ("count(*) OVER (PARTITION BY site ORDER BY event_id DESC, kafka_offset)", "5,3,2,1,4"),
    ] {
        assert_eq!(one(&session, &per_row(window)).await, want, "{window}");
    }
    for (sql, want) in [
        ("SELECT max(r) FROM (SELECT row_number() OVER (ORDER BY event_id) AS r FROM events) t", "5"),
        ("SELECT count(l) FROM (SELECT lag(event_time) OVER (ORDER BY event_id) AS l FROM events) t", "4"),
        (
            "SELECT max(n) FROM (SELECT count(*) OVER w AS n FROM events WINDOW w AS (ORDER BY raw_hash)) t",
            "5",
        ),
    ] {
        assert_eq!(one(&session, sql).await, want, "{sql}");
    }
    let offset =
        "SELECT count(*) OVER (ORDER BY event_id RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM events";
    let error = rows(&session, offset).await.expect_err(offset);
    assert_eq!((error.sqlstate(), error.hint().is_some()), ("0A000", true), "{error}");
}

#[tokio::test]
async fn a_time_zone_that_does_not_exist_is_an_error() {
    let lake = TestLake::with_days(1, 2).await;
    let session = session(&lake.mount().await);
    for sql in [
        "SELECT event_time AT TIME ZONE 'Nowhere/Else' FROM events",
        "SELECT count(*) FROM events WHERE date_trunc('day', event_time AT TIME ZONE 'Nowhere/Else') < now()",
        "SELECT now() AT TIME ZONE ''",
        "SELECT (SELECT max(event_time) FROM events) AT TIME ZONE 'Europe/Berlinn'",
    ] {
        let error = rows(&session, sql).await.expect_err(sql);
        assert_eq!(error.sqlstate(), "22023", "{sql}: {error}");
        assert!(
            error.message().starts_with("time zone \"") && error.message().ends_with("\" not recognized"),
            "{error}"
        );
        assert!(error.hint().unwrap().contains("Europe/Berlin"), "{error}");
    }
    for (zone, hour) in [
        ("Europe/Berlin", "13"),
        ("europe/berlin", "13"),
        ("AMERICA/NEW_YORK", "7"),
        ("utc", "12"),
        ("Z", "12"),
        ("EST", "7"),
        ("+02:00", "14"),
    ] {
        let sql =
            format!("SELECT extract(hour FROM timestamptz '2026-11-02T12:00:00Z' AT TIME ZONE '{zone}')");
        assert_eq!(one(&session, &sql).await, hour, "{zone}");
    }
}

/// Answers of PostgreSQL 17 with `TimeZone` UTC.
#[tokio::test]
async fn at_time_zone_gives_what_clocks_show() {
    let lake = TestLake::with_days(2, 2).await;
    let session = session(&lake.mount().await);
    let moment = "timestamptz '2026-11-02T12:00:00Z'";
    for (sql, want) in [
        (format!("SELECT {moment} AT TIME ZONE 'Europe/Berlin'"), "2026-11-02T13:00:00"),
        (format!("SELECT {moment} AT TIME ZONE INTERVAL '-3 hours'"), "2026-11-02T09:00:00"),
        (format!("SELECT timezone('Asia/Tokyo', {moment})"), "2026-11-02T21:00:00"),
        (format!("SELECT {moment} AT TIME ZONE NULL"), "-"),
        (format!("SELECT {moment} AT TIME ZONE 'Asia/Tokyo' AT TIME ZONE 'Asia/Tokyo'"), "2026-11-02T12:00:00Z"),
        (format!("SELECT {moment} AT TIME ZONE 'Asia/Tokyo' AT TIME ZONE 'UTC'"), "2026-11-02T21:00:00Z"),
        ("SELECT timestamp '2026-11-02 12:00:00' AT TIME ZONE 'America/New_York'".to_owned(), "2026-11-02T17:00:00Z"),
        // The hour that was left out, and the one that came twice.
        ("SELECT timestamp '2026-03-29 02:30:00' AT TIME ZONE 'Europe/Berlin'".to_owned(), "2026-03-29T01:30:00Z"),
        ("SELECT timestamp '2026-10-25 02:30:00' AT TIME ZONE 'Europe/Berlin'".to_owned(), "2026-10-25T01:30:00Z"),
        ("SELECT timestamp '2011-12-30 12:00:00' AT TIME ZONE 'Pacific/Apia'".to_owned(), "2011-12-30T22:00:00Z"),
        (
            "SELECT extract(epoch FROM (timestamptz '2026-10-26T00:00:00Z' AT TIME ZONE 'Europe/Berlin') - (timestamptz \
             '2026-10-24T22:00:00Z' AT TIME ZONE 'Europe/Berlin')) / 3600".to_owned(),
            "25.0",
        ),
        (format!("SELECT to_char({moment} AT TIME ZONE 'Asia/Tokyo', 'HH24:MI TZ')"), "21:00 "),
        (format!("SELECT ({moment} AT TIME ZONE 'Pacific/Kiritimati')::date"), "2026-11-03"),
        (
            format!("SELECT date_bin(INTERVAL '1 day', {moment} AT TIME ZONE 'Pacific/Kiritimati', timestamp '2000-01-01')"),
            "2026-11-03T00:00:00",
        ),
        (
            format!("SELECT coalesce({moment} AT TIME ZONE 'Asia/Tokyo', {moment} AT TIME ZONE 'Europe/Berlin')"),
            "2026-11-02T21:00:00",
        ),
        (
            format!("SELECT max(t) FROM (SELECT {moment} AT TIME ZONE 'Asia/Tokyo' AS t UNION ALL SELECT {moment} AT TIME ZONE 'UTC') u"),
            "2026-11-02T21:00:00",
        ),
        (
            format!("SELECT string_agg(extract(hour FROM {moment} AT TIME ZONE z)::text, ',') FROM (VALUES ('UTC'), ('Asia/Tokyo'), ('Asia/Tokyo')) v(z)"),
            "12,21,21",
        ),
        (
            "SELECT count(*) FROM events WHERE (event_time AT TIME ZONE 'America/New_York')::date = '2026-11-01'".to_owned(),
            "2",
        ),
        (
            "SELECT count(*) FROM events WHERE date_trunc('day', event_time AT TIME ZONE 'Asia/Tokyo') BETWEEN '2026-11-01' AND '2026-11-02'".to_owned(),
            "4",
        ),
        (
            "SELECT count(*) FROM events WHERE date_trunc('year', event_time AT TIME ZONE 'Asia/Tokyo') = '2026-01-01'".to_owned(),
            "4",
        ),
        ("SELECT event_time::date, event_time::text, event_time FROM events ORDER BY 2 LIMIT 1".to_owned(), "2026-11-01|2026-11-01T00:00:00Z|2026-11-01T00:00:00Z"),
    ] {
        assert_eq!(one(&session, &sql).await, want, "{sql}");
    }
    let answer =
        session.sql("SELECT now() AT TIME ZONE 'UTC', team_id::varchar, team_id FROM events").await.unwrap();
    let names: Vec<_> = answer.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["timezone", "team_id", "team_id"]);
    for (sql, sqlstate) in [
        ("SELECT now() AT TIME ZONE INTERVAL '1 day'", "22023"),
        ("SELECT event_time AT TIME ZONE 5 FROM events", "42883"),
        ("SELECT count(*) AT TIME ZONE 'UTC' FROM events", "42883"),
        ("SELECT event_time AT TIME ZONE actor_id FROM events", "22023"),
    ] {
        let error = rows(&session, sql).await.expect_err(sql);
        assert_eq!(error.sqlstate(), sqlstate, "{sql}: {error}");
        assert!(!error.message().contains("user-0"), "{sql}: {error}");
    }
}

#[tokio::test]
async fn json_in_texts_is_read_as_postgres_reads_it() {
    let mut lake = TestLake::new().await;
    let mut event = sample(0, 0);
    let json = r#"{"model": {"size": 1.10, "tags": ["a", {"b": null}]}, "we\u0069rd": "a\"b", "n": null, "x": 1, "x": 2}"#;
    event.set(event::UNMAPPED_JSON, json);
    lake.commit(vec![event, sample(0, 1)]).await;
    let session = session(&lake.mount().await);
    for (expression, want) in [
        ("unmapped_json -> 'model' -> 'size'", "1.10"),
        ("unmapped_json -> 'model' ->> 'size'", "1.10"),
        ("unmapped_json -> 'model' -> 'tags' -> 0", "\"a\""),
        ("unmapped_json -> 'model' -> 'tags' ->> 0", "a"),
        ("unmapped_json -> 'model' -> 'tags' -> -1", "{\"b\": null}"),
        ("unmapped_json -> 'model' -> 'tags' -> -3", "-"),
        ("unmapped_json -> 'model' -> 'tags' -> 2", "-"),
        ("unmapped_json -> 'model' -> 'tags' -> 'a'", "-"),
        ("unmapped_json -> 0", "-"),
        ("unmapped_json ->> 'weird'", "a\"b"),
        ("unmapped_json -> 'n'", "null"),
        ("unmapped_json ->> 'n'", "-"),
        ("unmapped_json ->> 'x'", "2"),
        ("unmapped_json ->> 'absent'", "-"),
        ("unmapped_json ->> NULL", "-"),
        ("unmapped_json -> 'x' -> 'deeper'", "-"),
        ("json_extract_path_text(unmapped_json, 'model', 'tags', '0')", "a"),
        ("json_extract_path_text(unmapped_json, 'model', 'tags', 'one')", "-"),
        ("json_extract_path_text(unmapped_json, 'model', 'tags', '1', 'b')", "-"),
        ("(unmapped_json ->> 'x')::int + 1", "3"),
        ("unmapped_json ->> 'x' = '2' AND unmapped_json ->> 'absent' IS NULL", "true"),
        ("unmapped_json ->> 'weird' LIKE 'a%' AND unmapped_json ->> 'x' IN ('2')", "true"),
        ("'[1, [2], 3]' -> 1 -> 0", "2"),
        ("' {\"a\" : {\"b\":[ ]} } ' -> 'a'", "{\"b\":[ ]}"),
        ("'7' ->> 'a'", "-"),
    ] {
        let sql = format!("SELECT {expression} FROM events WHERE kafka_offset = 0");
        assert_eq!(one(&session, &sql).await, want, "{expression}");
    }
    // What is null stays null, and rows are told apart.
    assert_eq!(
        rows(&session, "SELECT unmapped_json ->> 'x' FROM events ORDER BY kafka_offset").await.unwrap(),
        ["2", "-"]
    );
    for expression in [
        "prompt_text -> 'a'",
        "prompt_text ->> 0",
        "'{\"a\": 1' -> 'a'",
        "'' ->> 'a'",
        "'{\"a\": 1} x' ->> 'a'",
    ] {
        let sql = format!("SELECT {expression} FROM events");
        let error = rows(&session, &sql).await.expect_err(expression);
        assert_eq!(
            (error.sqlstate(), error.message()),
            ("22P02", "invalid input syntax for type json"),
            "{expression}"
        );
        assert!(error.hint().is_some());
    }
    let guarded = "SELECT count(CASE WHEN prompt_text LIKE '{%' THEN prompt_text ->> 'a' END) FROM events";
    assert_eq!(one(&session, guarded).await, "0");
    for (sql, sqlstate) in [
        ("SELECT input_tokens ->> 'a' FROM events", "42883"),
        ("SELECT unmapped_json ->> 1.5 FROM events", "42883"),
        ("SELECT unmapped_json #>> '{a,b}' FROM events", "0A000"),
        ("SELECT json_extract_path_text(unmapped_json) FROM events", "42883"),
    ] {
        let error = rows(&session, sql).await.expect_err(sql);
        assert_eq!((error.sqlstate(), error.hint().is_some()), (sqlstate, true), "{sql}: {error}");
    }
}

#[tokio::test]
async fn a_table_is_shown_by_its_name() {
    let lake = TestLake::with_days(1, 3).await;
    let session = session(&lake.mount().await);
    for (sql, want) in [
        ("TABLE events", 3),
        ("table events ORDER BY event_time LIMIT 2", 2),
        (" /* all */ TABLE public.segments;", 1),
        ("SELECT kafka_offset FROM (TABLE events) t", 3),
        ("WITH t AS (TABLE events) TABLE t", 3),
        ("COPY (TABLE events) TO STDOUT", 3),
        ("TABLE segments UNION ALL TABLE segments", 2),
        ("SELECT table_name FROM information_schema.tables WHERE table_name = 'events'", 1),
    ] {
        assert_eq!(
            rows(&session, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}")).len(),
            want,
            "{sql}"
        );
    }
    assert_eq!(session.parse("TABLE events; SELECT 1").unwrap().len(), 2);
    for (sql, sqlstate) in [
        ("TABLE '/etc/passwd'", "42501"),
        ("TABLE \"/etc/passwd\"", "42501"),
        ("TABLE nowhere", "42P01"),
        ("DROP TABLE events", "25006"),
        ("CREATE TABLE t AS TABLE events", "25006"),
    ] {
        assert_eq!(rows(&session, sql).await.expect_err(sql).sqlstate(), sqlstate, "{sql}");
    }
}

#[tokio::test]
async fn bytes_and_texts_together_have_a_hint() {
    let lake = TestLake::with_days(1, 1).await;
    let session = session(&lake.mount().await);
    for sql in [
        "SELECT coalesce(event_id, 'text') FROM events",
        "SELECT greatest(event_id, 'text') FROM events",
        "SELECT CASE WHEN status = 'error' THEN event_id ELSE 'text' END FROM events",
        "SELECT event_id FROM events UNION SELECT 'text'",
        "SELECT nullif(event_id, 'text') FROM events",
        "SELECT coalesce(event_id, '\\x00'::bytea) FROM events",
    ] {
        let error = rows(&session, sql).await.expect_err(sql);
        assert_eq!(error.sqlstate(), "42804", "{sql}: {error}");
        assert!(
            error.message().contains(" types bytea ") && !error.message().contains("struct"),
            "{sql}: {error}"
        );
        assert!(error.hint().unwrap().contains("coalesce(encode(event_id, 'hex')"), "{sql}");
    }
    let ways = "SELECT coalesce(encode(event_id, 'hex'), 'text'), coalesce(event_id::bytea, '\\x00'::bytea) FROM events";
    assert_eq!(rows(&session, ways).await.unwrap().len(), 1);
}

#[tokio::test]
async fn tables_of_the_log() {
    let lake = TestLake::with_days(2, 3).await;
    let mount = lake.mount().await;
    let session = session(&mount);
    let size = mount.snapshot().events.size;
    assert_eq!(one(&session, "SELECT count(*), max(seq) FROM log").await, format!("{size}|{}", size - 1));
    assert_eq!(one(&session, "SELECT kind FROM log WHERE seq = 0").await, "init");
    assert_eq!(one(&session, "SELECT sum(stored), sum(messages) FROM log WHERE kind = 'batch'").await, "6|6");
    assert_eq!(one(&session, "SELECT count(*), sum(rows) FROM segments").await, "2|6");
    assert_eq!(
        one(
            &session,
            "SELECT count(*) FROM events e JOIN segments s ON e.segment = s.segment AND e.log_seq = s.log_seq"
        )
        .await,
        "6"
    );
    for table in crate::docs::names() {
        let columns = session.sql(&format!("SELECT * FROM {table}")).await.unwrap();
        let columns: Vec<String> =
            columns.schema().fields().iter().map(|field| field.name().clone()).collect();
        let documented: Vec<&str> = crate::docs::columns(table).into_iter().map(|(name, _)| name).collect();
        assert_eq!(columns, documented, "{table}");
        assert!(crate::docs::table(table).is_some(), "{table}");
    }
}

#[tokio::test]
async fn one_day_of_a_hundred_reads_that_day_and_lists_nothing() {
    let lake = TestLake::with_days(100, 2).await;
    let (store, requests) = lake.counting();
    let mount = lake.mount_on(store).await;
    assert_eq!(requests.lists.load(Ordering::SeqCst), 0, "opening a lake lists");
    let session = session(&mount);
    requests.clear();
    let day = FIRST_DAY + 40 * crate::testing::DAY;
    let from = auditstore::time::format_time(day);
    let to = auditstore::time::format_time(day + crate::testing::DAY);
    let sql = format!(
        "SELECT actor_id, prompt_text FROM events WHERE event_time >= '{from}' AND event_time < '{to}'"
    );
    assert_eq!(rows(&session, &sql).await.unwrap().len(), 2);
    let segment =
        one(&session, &format!("SELECT DISTINCT segment FROM events WHERE event_time = '{from}'")).await;
    let objects = requests.objects();
    assert_eq!(requests.lists.load(Ordering::SeqCst), 0);
    assert_eq!(objects.len(), 2, "{objects:?}");
    assert!(objects.contains(&segment), "{objects:?}");
    assert!(objects.iter().all(|object| object == &segment || object.ends_with(".detail")), "{objects:?}");
}

#[tokio::test]
async fn statistics_of_details_leave_segments_unopened() {
    let mut lake = TestLake::new().await;
    for (day, provider) in ["openai", "anthropic", "openai", "cohere"].iter().enumerate() {
        let mut events = vec![sample(day, 0), sample(day, 1)];
        for event in &mut events {
            event.set(event::PROVIDER, *provider);
            event.set(event::INPUT_TOKENS, 1_000 * (day as i64 + 1));
        }
        lake.commit(events).await;
    }
    let (store, requests) = lake.counting();
    let session = session(&lake.mount_on(store).await);
    for (filter, count, opened) in [
        ("provider = 'anthropic'", "2", 1),
        ("provider IN ('anthropic', 'cohere')", "4", 2),
        ("input_tokens > 3500", "2", 1),
        ("provider = 'mistral'", "0", 0),
        ("event_time >= '2026-11-02' AND event_time < '2026-11-03'", "2", 1),
        ("log_seq = 3", "2", 1),
        ("actor_id = 'user-0'", "4", 4),
    ] {
        requests.clear();
        assert_eq!(
            one(&session, &format!("SELECT count(*) FROM events WHERE {filter}")).await,
            count,
            "{filter}"
        );
        let segments = requests.objects().iter().filter(|object| object.ends_with(".parquet")).count();
        assert!(segments <= opened, "{filter}: {:?}", requests.objects());
    }
}

#[tokio::test]
async fn a_statement_sees_one_log_size_across_snapshots() {
    let mut lake = TestLake::with_days(20, 1).await;
    let mount = lake.mount().await;
    assert!(mount.snapshot().events.snapshot.is_some_and(|seq| seq > 8), "no two snapshots were crossed");
    let session = session(&mount);
    assert_eq!(one(&session, "SELECT count(*), count(DISTINCT event_id) FROM events").await, "20|20");
    assert_eq!(rows(&session, "SELECT event_id FROM events").await.unwrap().len(), 20);
    let before = session.sql("SELECT event_id FROM events").await.unwrap();
    let size = before.footer.size;
    lake.commit(vec![sample(30, 0)]).await;
    mount.refresh().await.unwrap();
    assert_eq!(collect(before).await.unwrap().iter().map(|batch| batch.num_rows()).sum::<usize>(), 20);
    let after = session.sql("SELECT event_id FROM events").await.unwrap();
    assert!(after.footer.size > size);
    assert_eq!(collect(after).await.unwrap().iter().map(|batch| batch.num_rows()).sum::<usize>(), 21);
}

#[tokio::test]
async fn a_flipped_segment_is_named_and_gives_no_row() {
    let lake = TestLake::with_days(3, 4).await;
    let clean = session(&lake.mount().await);
    let path = one(&clean, "SELECT segment FROM segments ORDER BY log_seq LIMIT 1 OFFSET 1").await;
    let file = lake.file(&path);
    let bytes = std::fs::read(&file).unwrap();
    // A byte of the magic number, of a page, of the footer.
    for at in [0, bytes.len() / 3, bytes.len() - 20] {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        std::fs::write(&file, &flipped).unwrap();
        let session = session(&lake.mount().await);
        let error = rows(&session, "SELECT prompt_text FROM events").await.expect_err("flipped");
        assert_eq!(error.sqlstate(), "XX001", "{error}");
        assert!(error.message().contains(&path), "{error}");
        let error = rows(&session, &format!("SELECT actor_id FROM events WHERE segment = '{path}'")).await;
        assert!(error.is_err(), "byte {at}");
        // The others are still there.
        let others = format!("SELECT actor_id FROM events WHERE segment <> '{path}'");
        assert_eq!(rows(&session, &others).await.unwrap().len(), 8);
    }
    std::fs::remove_file(&file).unwrap();
    let error =
        rows(&session(&lake.mount().await), "SELECT prompt_text FROM events").await.expect_err("missing");
    assert_eq!(error.sqlstate(), "XX001", "{error}");
    assert!(error.message().contains(&path), "{error}");
}

#[tokio::test]
async fn a_lost_detail_costs_speed_only() {
    let lake = TestLake::with_days(1, 4).await;
    for entry in std::fs::read_dir(lake.file("data")).unwrap() {
        for file in std::fs::read_dir(entry.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "detail") {
                std::fs::write(path, "{}").unwrap();
            }
        }
    }
    let session = session(&lake.mount().await);
    assert_eq!(
        rows(&session, "SELECT actor_id FROM events WHERE provider = 'openai'").await.unwrap().len(),
        4
    );
}

#[tokio::test]
async fn refused_before_and_after_planning() {
    let lake = TestLake::with_days(1, 1).await;
    let session = session(&lake.mount().await);
    for (sql, sqlstate) in [
        ("SELECT * FROM nothing", "42P01"),
        ("SELECT nothing FROM events", "42703"),
        ("SELECT nothing()", "42883"),
        ("SELECT * FROM '/etc/passwd'", "42501"),
        ("SELECT * FROM \"x.parquet\"", "42501"),
        ("SELECT * FROM other.events", "42P01"),
        ("SELECT 1 / 0", "22012"),
        ("SELECT CAST(actor_id AS INT) FROM events", "22P02"),
        ("SELECT 1; SELECT 2", "42601"),
        ("FETCH 1 FROM c", "34000"),
    ] {
        let error = match session.sql(sql).await {
            Ok(answer) => collect(answer).await.expect_err(sql),
            Err(error) => error,
        };
        assert_eq!(error.sqlstate(), sqlstate, "{sql}: {error}");
        assert!(!error.message().contains("user-0"), "{sql}: {error}");
    }
}

/// A join without a condition makes batches without end of few that are read: who waits for it goes, and it has to notice.
#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_waits_for_any_more_leaves_the_threads_to_others() {
    let lake = TestLake::with_days(1, 20).await;
    let session = session(&lake.mount().await);
    let cross =
        "SELECT sum(a.value * b.value) FROM generate_series(1, 10000000) a, generate_series(1, 1000000) b";
    session.set("statement_timeout", Some("300")).unwrap();
    for _ in 0..2 * std::thread::available_parallelism().map_or(2, usize::from) {
        assert_eq!(rows(&session, cross).await.expect_err("too long").sqlstate(), "57014");
    }
    session.set("statement_timeout", Some("10s")).unwrap();
    assert_eq!(one(&session, "SELECT count(*) FROM events").await, "20");
}

#[tokio::test]
async fn texts_gathered_into_one_keep_the_memory_of_a_statement() {
    let lake = TestLake::with_days(1, 20).await;
    let session = session(&lake.mount().await);
    for sql in [
        "SELECT length(string_agg(repeat('x', 16000000), '')) FROM generate_series(1, 100000)",
        "SELECT length(string_agg(repeat('x', 16000000), '')) FROM events a, events b",
    ] {
        let error = rows(&session, sql).await.expect_err(sql);
        assert!(matches!(error.sqlstate(), "53200" | "54000"), "{sql}: {error}");
    }
    assert_eq!(one(&session, "SELECT length(string_agg(repeat('x', 10), ',')) FROM events").await, "219");
}

#[tokio::test]
async fn the_deadline_covers_the_whole_stream() {
    let lake = TestLake::with_days(1, 200).await;
    let session = session(&lake.mount().await);
    session.set("statement_timeout", Some("300")).unwrap();
    let cross = "SELECT count(*) FROM events a, events b, events c, events d WHERE a.input_tokens + b.input_tokens + \
                 c.input_tokens + d.input_tokens = 1";
    let started = Instant::now();
    let error = rows(&session, cross).await.expect_err("too long");
    assert_eq!(error.sqlstate(), "57014", "{error}");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    // A join without any condition streams: it ends at its deadline, not at its memory.
    let plain = "SELECT count(*) FROM events a, events b, events c, events d, events e";
    assert_eq!(rows(&session, plain).await.expect_err("too long").sqlstate(), "57014");
    // A reader that stalls finds the stream over.
    session.set("statement_timeout", Some("3s")).unwrap();
    let mut answer = session.sql("SELECT a.event_id FROM events a, events b, events c").await.unwrap();
    assert!(futures::StreamExt::next(&mut answer.rows).await.unwrap().is_ok());
    tokio::time::sleep(Duration::from_millis(3_100)).await;
    let error = futures::StreamExt::next(&mut answer.rows).await.unwrap().expect_err("over");
    assert_eq!(error.sqlstate(), "57014");
    assert!(futures::StreamExt::next(&mut answer.rows).await.is_none());
    session.set("statement_timeout", None).unwrap();
    assert_eq!(one(&session, "SELECT count(*) FROM events").await, "200");
}

#[tokio::test]
async fn limits_of_rows_and_memory() {
    let lake = TestLake::with_days(1, 200).await;
    let mount = lake.mount().await;
    let limits = Limits { rows_max: Some(100), ..Limits::default() };
    let few = Session::new(&mount, limits, Who::default(), None).unwrap();
    assert_eq!(rows(&few, "SELECT event_id FROM events").await.expect_err("rows").sqlstate(), "53400");
    assert_eq!(rows(&few, "SELECT event_id FROM events LIMIT 100").await.unwrap().len(), 100);
    let limits = Limits { memory_bytes: 200_000, spill_bytes: 0, ..Limits::default() };
    let small = Session::new(&mount, limits, Who::default(), None).unwrap();
    let join = "SELECT count(*) FROM events a JOIN (SELECT a.event_id, b.prompt_text p FROM events a, events b) c \
                ON a.prompt_text = c.p";
    assert_eq!(rows(&small, join).await.expect_err("memory").sqlstate(), "53200");
}

#[tokio::test]
async fn parameters_are_described_and_bound() {
    let lake = TestLake::with_days(2, 5).await;
    let session = session(&lake.mount().await);
    let prepare = async |sql: &str, declared: &[Option<DataType>]| {
        let parsed = session.parse(sql).unwrap().remove(0);
        session.prepare(&parsed, declared).await.unwrap()
    };
    let prepared =
        prepare("SELECT count(*) AS n FROM events WHERE input_tokens >= $1 AND status = $2", &[]).await;
    assert_eq!(prepared.parameters()[0], DataType::Int64);
    assert_eq!(prepared.schema().field(0).name(), "n");
    let values = [ScalarValue::Int64(Some(1)), ScalarValue::from("error")];
    let batches = collect(session.execute(&prepared, &values).await.unwrap()).await.unwrap();
    let count =
        arrow::array::AsArray::as_primitive::<arrow::datatypes::Int64Type>(batches[0].column(0)).value(0);
    assert_eq!(count, 2);
    let untyped = prepare("SELECT $1 AS x", &[]).await;
    assert_eq!(untyped.parameters(), [DataType::Utf8]);
    let declared = prepare("SELECT $1 AS x", &[Some(DataType::Int32)]).await;
    assert_eq!(declared.schema().field(0).data_type(), &DataType::Int32);
    let time = prepare("SELECT * FROM events WHERE event_time > $1 LIMIT $2", &[]).await;
    assert!(matches!(time.parameters()[0], DataType::Timestamp(_, _)), "{:?}", time.parameters());
}

#[tokio::test]
async fn settings_cursors_and_explain() {
    let lake = TestLake::with_days(1, 10).await;
    let session = session(&lake.mount().await);
    assert_eq!(one(&session, "SHOW timezone").await, "UTC");
    session.sql("SET application_name = 'test'").await.unwrap();
    assert_eq!(one(&session, "SHOW application_name").await, "test");
    assert!(rows(&session, "SHOW ALL").await.unwrap().len() > 20);
    session.sql("BEGIN").await.unwrap();
    session.sql("DECLARE c CURSOR FOR SELECT segment_row FROM events ORDER BY 1").await.unwrap();
    assert_eq!(rows(&session, "FETCH 3 FROM c").await.unwrap(), ["0", "1", "2"]);
    assert_eq!(rows(&session, "FETCH NEXT FROM c").await.unwrap(), ["3"]);
    assert_eq!(rows(&session, "FETCH ALL FROM c").await.unwrap().len(), 6);
    assert!(rows(&session, "FETCH 3 FROM c").await.unwrap().is_empty());
    // Idle cursors keep nobody out: there are four turns, and more cursors than that.
    for number in 0..8 {
        session.sql(&format!("DECLARE c{number} CURSOR FOR SELECT segment_row FROM events")).await.unwrap();
    }
    assert_eq!(rows(&session, "FETCH 2 FROM c7").await.unwrap().len(), 2);
    assert_eq!(one(&session, "SELECT count(*) FROM events").await, "10");
    session.sql("CLOSE c").await.unwrap();
    assert_eq!(session.sql("CLOSE c").await.err().unwrap().sqlstate(), "34000");
    session.sql("COMMIT").await.unwrap();
    let plan =
        rows(&session, "EXPLAIN SELECT * FROM events WHERE status = 'error'").await.unwrap().join("\n");
    assert!(plan.contains("DataSourceExec"), "{plan}");
    let plan = rows(&session, "EXPLAIN ANALYZE SELECT count(*) FROM events").await.unwrap().join("\n");
    assert!(plan.contains("metrics"), "{plan}");
}

#[tokio::test]
async fn columns_are_named_as_postgresql_names_them() {
    let lake = TestLake::with_days(1, 2).await;
    let session = session(&lake.mount().await);
    for (sql, names) in [
        ("SELECT 1, 'a', 1 + 1", "?column?,?column?,?column?"),
        ("SELECT count(*), max(e.input_tokens) FROM events e", "count,max"),
        ("SELECT Actor_Id, e.team_id, status AS \"S\" FROM events e", "actor_id,team_id,S"),
        (
            "SELECT CAST(input_tokens AS INT), '1'::int, CASE WHEN true THEN 1 END FROM events",
            "input_tokens,int,case",
        ),
        ("SELECT count(*), count(status) FROM events", "count,count"),
        ("SELECT seq FROM log UNION ALL SELECT 1", "seq"),
        (
            "SELECT status, status, count(*), count(*) FROM events GROUP BY status",
            "status,status,count,count",
        ),
    ] {
        let parsed = session.parse(sql).unwrap().remove(0);
        let prepared = session.prepare(&parsed, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        let answer = session.execute(&prepared, &[]).await.unwrap();
        for schema in [prepared.schema(), answer.schema()] {
            let found: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            assert_eq!(found.join(","), names, "{sql}");
        }
        assert!(!collect(answer).await.unwrap().is_empty(), "{sql}");
    }
}
