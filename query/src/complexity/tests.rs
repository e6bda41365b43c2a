//! Statements whose plans would grow beyond any memory.

use std::time::{Duration, Instant};

use crate::testing::{TestLake, rows, session};

#[tokio::test]
async fn plans_that_would_grow_without_end_are_refused() {
    let lake = TestLake::with_days(1, 3).await;
    let session = session(&lake.mount().await);
    session.set("statement_timeout", Some("60s")).unwrap();
    let mut doubled = "SELECT input_tokens + 1 AS a FROM events".to_owned();
    for _ in 0..12 {
        doubled = format!("SELECT a + a + a + a AS a FROM ({doubled})");
    }
    let filtered = format!("SELECT count(*) FROM ({doubled}) WHERE a = 1");
    let named = (1..30).map(|at| format!(", c{at} AS (SELECT x.seq FROM c{} x, c{} y)", at - 1, at - 1));
    let shared =
        format!("WITH c0 AS (SELECT seq FROM log){} SELECT count(*) FROM c29", named.collect::<String>());
    for sql in [filtered, shared] {
        let started = Instant::now();
        let error = rows(&session, &sql).await.expect_err("grows");
        assert_eq!(error.sqlstate(), "54001", "{error}");
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    }
    let list = format!("SELECT count(*) FROM events WHERE actor_id IN ({})", vec!["'x'"; 5_000].join(","));
    assert_eq!(rows(&session, &list).await.unwrap(), ["0"]);
    let used =
        "WITH a AS (SELECT actor_id, count(*) n FROM events GROUP BY 1) SELECT sum(x.n + y.n) FROM a x, a y";
    assert_eq!(rows(&session, used).await.unwrap(), ["18"]);
}
