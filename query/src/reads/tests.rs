//! What plans read, and which plans are refused.

use crate::testing::{TestLake, session};

#[tokio::test]
async fn tables_views_and_filter_columns_are_named() {
    let lake = TestLake::with_days(1, 1).await;
    let mount = lake.mount().await;
    let access = lake.access_log().await;
    let session = crate::Session::new(&mount, crate::Limits::default(), crate::Who::default(), Some(access.clone()))
        .expect("session");
    let sql = "SELECT actor FROM who_prompted_what w WHERE EXISTS (SELECT 1 FROM segments s WHERE s.segment = w.segment) \
               AND purpose = 'care'";
    drop(crate::testing::collect(session.sql(sql).await.expect("runs")).await.expect("rows"));
    access.close().await;
    mount.refresh().await.expect("refresh");
    let read = crate::testing::session(&mount);
    let rows = crate::testing::rows(&read, "SELECT tables, columns FROM access WHERE kind = 'start'").await;
    let row = rows.expect("rows").remove(0);
    for name in ["events", "who_prompted_what", "segments", "events.purpose", "events.actor_id", "segments.segment"] {
        assert!(row.contains(name), "{name} not in {row}");
    }
    assert!(!row.contains("prompt_text"), "{row}");
}

#[tokio::test]
async fn catalog_questions_are_no_looks() {
    let lake = TestLake::with_days(1, 1).await;
    let session = session(&lake.mount().await);
    for sql in [
        "SELECT 1",
        "SELECT relname FROM pg_catalog.pg_class WHERE relname = 'events'",
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'events'",
        "SELECT * FROM generate_series(1, 3)",
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t",
        "WITH events_of_mine AS (SELECT 1 AS a) SELECT a FROM events_of_mine",
    ] {
        let rows = crate::testing::rows(&session, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(!rows.is_empty(), "{sql}");
    }
}
