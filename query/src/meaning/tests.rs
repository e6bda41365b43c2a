//! Answers beside those that PostgreSQL 17 gives.

use arrow::datatypes::{DataType, TimeUnit};

use super::{bytea, pattern};
use crate::testing::{TestLake, rows, session};

#[test]
fn bytes_are_read_as_postgres_reads_them() {
    for (text, bytes) in [
        ("", &b""[..]),
        ("\\x", b""),
        ("\\x3f34", b"\x3f\x34"),
        ("\\x3F 34\n00", b"\x3f\x34\x00"),
        ("abc", b"abc"),
        ("3f34", b"3f34"),
        ("a\\\\b", b"a\\b"),
        ("\\000\\377", b"\x00\xff"),
        ("é", "é".as_bytes()),
    ] {
        assert_eq!(bytea::read(text).unwrap(), bytes, "{text}");
    }
    for text in ["\\x3", "\\x3f3", "\\x3g", "\\x3 f", "\\x3fé", "\\", "a\\", "\\400", "\\12", "\\X3f", "\\n"]
    {
        assert_eq!(bytea::read(text).expect_err(text).sqlstate(), "22P02", "{text}");
    }
}

#[test]
fn patterns_are_translated_or_refused() {
    let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into()));
    for (format, strftime) in [
        ("YYYY-MM", "%Y-%m"),
        ("yyyy-mm-dd hh24:mi:ss", "%Y-%m-%d %H:%M:%S"),
        ("YYYY-MM-DD\"T\"HH24:MI:SS.MS", "%Y-%m-%d\"T\"%H:%M:%S.%3f"),
        ("HH12:MI AM TZ", "%I:%M %p UTC"),
        ("HH:MI pm", "%I:%M %P"),
        ("Dy, FMDD FMMonth YYYY", "%a, %-d %B %Y"),
        ("YYYY-\"Q\"Q", "%Y-\"Q\"%q"),
        ("DD.MM.YY 01", "%d.%m.%y 01"),
        ("US", "%6f"),
        ("\"YYYY\"", "\"YYYY\""),
        ("", ""),
    ] {
        let want = strftime.replace('"', "");
        assert_eq!(pattern::to_write(format, &utc).unwrap(), Some(want), "{format}");
    }
    assert_eq!(pattern::to_write("%Y", &utc).unwrap(), None);
    assert_eq!(pattern::to_read("Month DD", "to_date").unwrap().as_deref(), Some("%B %d"));
    for format in [
        "Month",
        "MONTH",
        "FMMONTH",
        "MON",
        "mon",
        "DAY",
        "Day",
        "dy",
        "YYY",
        "Y,YYY",
        "SSSS",
        "SSSSS",
        "IDDD",
        "WW",
        "W",
        "D",
        "J",
        "CC",
        "DDth",
        "DDTH",
        "YYYY-MM-DDTHH24",
        "MM-DDT",
        "TZH",
        "tz",
        "OF",
        "Q\\",
        "\"open",
        "\"a\\\"b\"",
        "quarter",
        "FM",
        "AD",
        "A.M.",
    ] {
        let error = pattern::to_write(format, &utc).expect_err(format);
        assert_eq!(error.sqlstate(), "0A000", "{format}");
        assert!(error.hint().unwrap().contains("%Y-%m"), "{format}");
    }
    let local = DataType::Timestamp(TimeUnit::Nanosecond, Some("Europe/Berlin".into()));
    assert!(pattern::to_write("HH24 TZ", &local).is_err());
}

#[tokio::test]
async fn statements_mean_what_postgres_means() {
    let lake = TestLake::with_days(2, 3).await;
    let session = session(&lake.mount().await);
    let id = |day: u8, at: u8| format!("\\x{:014}{day:02x}{:014}{at:02x}{:032}", 0, 0, 0);
    let (first, other) = (id(0, 0), id(1, 2));
    let escaped = first.replace("\\x", "").as_bytes().chunks(2).fold(String::new(), |text, pair| {
        let byte = u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        format!("{text}\\{byte:03o}")
    });
    for (sql, want) in [
        (format!("SELECT count(*) FROM events WHERE event_id = '{first}'::bytea"), "1"),
        (format!("SELECT count(*) FROM events WHERE event_id = CAST('{first}' AS bytea)"), "1"),
        (format!("SELECT count(*) FROM events WHERE event_id = bytea '{first}'"), "1"),
        (format!("SELECT count(*) FROM events WHERE event_id = '{escaped}'::bytea"), "1"),
        (format!("SELECT count(*) FROM events WHERE event_id = '{first}'"), "1"),
        (format!("SELECT count(*) FROM events WHERE '{first}' = event_id"), "1"),
        (format!("SELECT count(*) FROM events WHERE event_id <> '{first}'"), "5"),
        (format!("SELECT count(*) FROM events WHERE event_id IN ('{first}', '{other}')"), "2"),
        (format!("SELECT count(*) FROM events WHERE event_id NOT IN ('{first}', '{other}'::bytea)"), "4"),
        (format!("SELECT count(*) FROM events WHERE event_id BETWEEN '{first}' AND '{other}'"), "6"),
        (format!("SELECT count(*) FROM events WHERE event_id IS NOT DISTINCT FROM '{first}'"), "1"),
        (format!("SELECT count(*) FROM errors WHERE event_id = '{first}'"), "0"),
        (format!("SELECT count(*) FROM who_prompted_what WHERE event_id = '{first}'::bytea"), "1"),
        (format!("SELECT team_id FROM events WHERE EXISTS (SELECT 1 FROM findings f WHERE f.event_id = events.event_id AND f.event_id = '{first}')"), "b"),
        (format!("SELECT count(*) FILTER (WHERE event_id = '{first}') FROM events"), "1"),
        (format!("SELECT sum(CASE event_id WHEN '{first}' THEN 1 WHEN '{other}' THEN 2 ELSE 0 END) FROM events"), "3"),
        ("SELECT count(*) FROM (SELECT to_char(event_time, 'YYYY') FROM events GROUP BY ROLLUP(to_char(event_time, 'YYYY')))".to_owned(), "2"),
        ("SELECT to_char(event_time, 'YYYY'), count(*) FROM events GROUP BY CUBE(to_char(event_time, 'YYYY')) ORDER BY 2 LIMIT 1 OFFSET 1".to_owned(), "-|6"),
        ("SELECT to_char(event_time, 'HH24:MI:SS') FROM events ORDER BY to_char(event_time, 'SS') DESC, event_id LIMIT 1".to_owned(), "00:00:02"),
        ("SELECT DISTINCT ON (to_char(event_time, 'YYYY')) team_id FROM events ORDER BY to_char(event_time, 'YYYY'), event_time".to_owned(), "b"),
        ("SELECT encode('\\x3f34'::bytea, 'hex'), encode('ab'::bytea, 'hex')".to_owned(), "3f34|6162"),
        ("SELECT encode(t::bytea, 'hex') FROM (SELECT '\\x' || count(*) || '6' AS t FROM events)".to_owned(), "66"),
        ("SELECT count(*) FROM (SELECT event_id = event_id::bytea FROM events)".to_owned(), "6"),
        ("SELECT NULL::text::bytea".to_owned(), "-"),
        ("SELECT to_char(event_time, 'YYYY-MM') AS m FROM events GROUP BY to_char(event_time, 'YYYY-MM')".to_owned(), "2026-11"),
        ("SELECT to_char(event_time, 'YYYY-MM') FROM events GROUP BY 1 ORDER BY 1".to_owned(), "2026-11"),
        ("SELECT to_char(event_time, 'YYYY-MM'), count(*) FROM events GROUP BY 1 HAVING to_char(event_time, 'YYYY-MM') > '2026'".to_owned(), "2026-11|6"),
        ("SELECT DISTINCT to_char(event_time, '%Y') FROM events".to_owned(), "2026"),
        ("SELECT DISTINCT first_value(to_char(event_time, 'DD')) OVER (PARTITION BY to_char(event_time, 'YYYY') ORDER BY event_time) FROM events".to_owned(), "01"),
        ("SELECT to_char(timestamp '2026-11-29 15:04:05.678901', 'YYYY-MM-DD HH24:MI:SS.US AM Dy FMDay Mon FMMonth Q')".to_owned(),
         "2026-11-29 15:04:05.678901 PM Sun Sunday Nov November 4"),
        ("SELECT to_char(date '2026-11-05', 'FMDD.MM.YY HH24:MI')".to_owned(), "5.11.26 00:00"),
        ("SELECT to_char(event_time, 'HH24 TZ') FROM events LIMIT 1".to_owned(), "00 UTC"),
        ("SELECT to_date('29.11.2026', 'DD.MM.YYYY')".to_owned(), "2026-11-29"),
        ("SELECT to_timestamp('2026-11-29 15:04', 'YYYY-MM-DD HH24:MI')".to_owned(), "2026-11-29T15:04:00Z"),
    ] {
        let got = rows(&session, &sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(got, [want], "{sql}");
    }
}

#[tokio::test]
async fn what_cannot_mean_the_same_is_refused() {
    let lake = TestLake::with_days(1, 3).await;
    let session = session(&lake.mount().await);
    for (sql, sqlstate, hint) in [
        ("SELECT count(*) FROM events WHERE event_id = '\\x3g'::bytea", "22P02", "X'…'"),
        ("SELECT count(*) FROM events WHERE event_id = '\\x3'", "22P02", "'\\x…'::bytea or X'…'"),
        ("SELECT count(*) FROM events WHERE event_id = request_id", "42883", "'\\x…'::bytea or X'…'"),
        ("SELECT count(*) FROM events a JOIN events b ON a.event_id = b.actor_id", "42883", "X'…'"),
        ("SELECT count(*) FROM events WHERE event_id IN (SELECT actor_id FROM events)", "42883", "X'…'"),
        ("SELECT count(*) FROM events WHERE event_id = ANY(SELECT actor_id FROM events)", "42883", "X'…'"),
        ("SELECT count(*) FROM events WHERE event_id LIKE '%3f%'", "0A000", "encode"),
        ("SELECT ('\\' || actor_id)::bytea FROM events", "22P02", "X'…'"),
        ("SELECT 'abc' SIMILAR TO 'a%'", "0A000", "~"),
        ("SELECT count(*) FROM events WHERE actor_id NOT SIMILAR TO 'a%'", "0A000", "LIKE"),
        ("SELECT to_char(event_time, 'Month') FROM events", "0A000", "%Y-%m"),
        ("SELECT to_char(event_time, actor_id) FROM events", "0A000", "%Y-%m"),
        ("SELECT to_date('2026', 'Y')", "0A000", "%Y-%m"),
        ("SELECT to_char(event_time - event_time, 'HH24:MI') FROM events", "0A000", "pretty"),
        // The engine refuses these itself.
        ("SELECT count(*) FROM events WHERE coalesce(event_id, '\\x3f') = '\\x3f'", "42804", "::bytea"),
        ("SELECT count(*) FROM events WHERE nullif(event_id, '\\x3f') IS NULL", "42804", "::bytea"),
        ("SELECT count(*) FROM events WHERE event_id = ANY(ARRAY['\\x3f'])", "42883", ""),
    ] {
        let error = rows(&session, sql).await.expect_err(sql);
        assert_eq!(error.sqlstate(), sqlstate, "{sql}: {error}");
        assert!(error.hint().unwrap_or_default().contains(hint), "{sql}: {:?}", error.hint());
        assert!(!error.message().contains("user-0"), "{sql}: {error}");
    }
}

#[tokio::test]
async fn other_spellings_and_exists_as_a_value() {
    let lake = TestLake::with_days(2, 3).await;
    let session = session(&lake.mount().await);
    for (sql, want) in [
        ("SELECT kafka_offset FROM events ORDER BY 1 FETCH FIRST 2 ROWS ONLY", "0,1"),
        ("SELECT kafka_offset FROM events ORDER BY 1 FETCH FIRST ROW ONLY", "0"),
        ("SELECT kafka_offset FROM events ORDER BY 1 OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY", "1,2"),
        (
            "WITH e AS (SELECT kafka_offset AS o FROM events ORDER BY 1 DESC FETCH FIRST 1 ROW ONLY) SELECT o FROM e",
            "5",
        ),
        ("SELECT mod(17, 5), mod(-17, 5), mod(7, 2) + 1, pg_catalog.mod(9, 4)", "2|-2|2|1"),
        (
            "SELECT mod(kafka_offset, 3), count(*) FROM events GROUP BY mod(kafka_offset, 3) ORDER BY 1",
            "0|2,1|2,2|2",
        ),
        ("SELECT EXISTS (SELECT 1 FROM events WHERE status = 'error')", "false"),
        ("SELECT EXISTS (SELECT * FROM events), NOT EXISTS (SELECT * FROM events)", "true|false"),
        ("SELECT EXISTS (SELECT team_id, count(*) FROM events GROUP BY team_id HAVING count(*) > 3)", "true"),
        ("SELECT EXISTS (SELECT 1 FROM events LIMIT 0)", "false"),
        (
            "SELECT kafka_offset, EXISTS (SELECT 1 FROM events o WHERE o.kafka_offset = e.kafka_offset + 4) FROM events e ORDER BY 1",
            "0|true,1|true,2|false,3|false,4|false,5|false",
        ),
        (
            "SELECT count(*) FILTER (WHERE has) FROM (SELECT NOT EXISTS (SELECT 1 FROM findings f WHERE f.event_id = e.event_id) AS has FROM events e) t",
            "0",
        ),
        ("SELECT CASE WHEN EXISTS (SELECT 1 FROM events) THEN 'some' ELSE 'none' END", "some"),
    ] {
        let got = rows(&session, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(got.join(","), want, "{sql}");
    }
    let answer =
        session.sql("SELECT mod(5, 3), EXISTS (SELECT 1 FROM events), age(now()) FROM events").await.unwrap();
    let names: Vec<_> = answer.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["mod", "exists", "age"]);
    for (sql, sqlstate, hint) in [
        ("SELECT 1 FROM events ORDER BY kafka_offset FETCH FIRST 1 ROWS WITH TIES", "0A000", "rank()"),
        ("SELECT 1 FROM events FETCH FIRST 10 PERCENT ROWS ONLY", "0A000", "LIMIT n"),
        ("SELECT 1 FROM events LIMIT 1 FETCH FIRST 1 ROW ONLY", "42601", ""),
        ("SELECT mod(1, 0)", "22012", ""),
        ("SELECT age(5)", "42883", ""),
        ("SELECT kafka_offset IN (SELECT kafka_offset FROM events) FROM events", "0A000", "work in WHERE"),
        (
            "SELECT EXISTS (SELECT 1 FROM findings f WHERE f.event_id = e.event_id LIMIT 1) FROM events e",
            "0A000",
            "count(*)",
        ),
    ] {
        let error = rows(&session, sql).await.expect_err(sql);
        assert_eq!(error.sqlstate(), sqlstate, "{sql}: {error}");
        assert!(error.hint().unwrap_or_default().contains(hint), "{sql}: {:?}", error.hint());
    }
}
