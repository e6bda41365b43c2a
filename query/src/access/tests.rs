//! Looks are written before rows, ends follow, and what cannot be written is refused.

use std::time::Duration;

use crate::testing::{TestLake, collect, rows, session};
use crate::{Limits, Session, Who};

fn who() -> Who {
    Who {
        principal: "auditor".to_owned(),
        role: Some("auditor".to_owned()),
        auth_method: "scram-sha-256",
        client_address: Some("192.0.2.7".to_owned()),
    }
}

#[tokio::test]
async fn a_look_is_durable_before_its_first_row() {
    let lake = TestLake::with_days(1, 3).await;
    let mount = lake.mount().await;
    let access = lake.access_log().await;
    let looking = Session::new(&mount, Limits::default(), who(), Some(access.clone())).expect("session");
    looking.set("sealake.reason", Some("ticket 4711")).expect("set");
    let answer =
        looking.sql("SELECT prompt_text FROM events WHERE actor_id = 'user-1'").await.expect("answer");
    // Nothing was read of it yet, and another process finds the start.
    let reading = session(&lake.mount().await);
    let start =
        "SELECT principal, role, auth_method, client_address, reason, kind, snapshot_size FROM access";
    let size = answer.footer.size;
    assert_eq!(
        rows(&reading, start).await.expect("rows"),
        [format!("auditor|auditor|scram-sha-256|192.0.2.7|ticket 4711|start|{size}")]
    );
    assert_eq!(collect(answer).await.expect("rows").iter().map(|batch| batch.num_rows()).sum::<usize>(), 1);
    access.close().await;
    let reading = session(&lake.mount().await);
    let ends = "SELECT kind, outcome, rows, segments_read, bytes_read > 0 FROM access WHERE kind = 'end'";
    assert_eq!(rows(&reading, ends).await.expect("rows"), ["end|ok|1|1|true"]);
    let ids = "SELECT count(DISTINCT access_id), count(*) FROM access";
    assert_eq!(rows(&reading, ids).await.expect("rows"), ["1|2"]);
}

#[tokio::test]
async fn denials_catalog_cancels_and_failed_logins() {
    let lake = TestLake::with_days(1, 3).await;
    let mount = lake.mount().await;
    let access = lake.access_log().await;
    let looking = Session::new(&mount, Limits::default(), who(), Some(access.clone())).expect("session");
    assert!(looking.sql("COPY events TO '/tmp/jane.roe@example.com'").await.is_err());
    collect(looking.sql("SELECT count(*) FROM pg_catalog.pg_class").await.expect("catalog"))
        .await
        .expect("rows");
    drop(looking.sql("SELECT prompt_text FROM events").await.expect("answer"));
    let deadline = Limits { deadline: Duration::from_millis(1), ..Limits::default() };
    for _ in 0..3 {
        access.login_failed("203.0.113.9");
    }
    access.close().await;
    let _ = deadline;
    let reading = session(&lake.mount().await);
    let all = "SELECT kind, coalesce(outcome, '-'), coalesce(error_code, '-'), coalesce(rows, -1), coalesce(client_address, '-') \
               FROM access ORDER BY kind, 2";
    assert_eq!(
        rows(&reading, all).await.expect("rows"),
        [
            "catalog|-|-|-1|192.0.2.7",
            "denied|denied|42501|-1|192.0.2.7",
            "end|cancelled|57014|0|-",
            "login_failed|denied|28P01|3|203.0.113.9",
            "start|-|-|-1|192.0.2.7",
        ]
    );
    // The statement of the denial is redacted like any other text.
    let denied = rows(&reading, "SELECT statement FROM access WHERE kind = 'denied'").await.expect("rows");
    assert!(denied[0].contains("COPY events") && !denied[0].contains("jane.roe"), "{denied:?}");
}

#[tokio::test]
async fn looks_that_arrive_together_share_a_commit() {
    let lake = TestLake::with_days(1, 3).await;
    let mount = lake.mount().await;
    let access = lake.access_log().await;
    let before = lake.mount().await.snapshot().access.as_ref().expect("access").size;
    let session = |_| Session::new(&mount, Limits::default(), who(), Some(access.clone())).expect("session");
    let sessions: Vec<Session> = (0..4).map(session).collect();
    let looks = sessions.iter().map(|session| session.sql("SELECT actor_id FROM events"));
    for answer in futures::future::join_all(looks).await {
        collect(answer.expect("answer")).await.expect("rows");
    }
    access.close().await;
    let after = lake.mount().await.snapshot().access.as_ref().expect("access").size;
    assert!(after - before < 8, "{} entries for 4 starts and 4 ends", after - before);
}

#[tokio::test]
async fn what_cannot_be_recorded_is_refused() {
    let lake = TestLake::with_days(1, 3).await;
    let mount = lake.mount().await;
    let access = lake.access_log().await;
    let looking = Session::new(&mount, Limits::default(), who(), Some(access.clone())).expect("session");
    collect(looking.sql("SELECT actor_id FROM events").await.expect("answer")).await.expect("rows");
    // The access log's folder turns into a file: nothing can be created below it.
    let folder = lake.file("access/data");
    std::fs::rename(&folder, lake.file("access/gone")).expect("rename");
    std::fs::write(&folder, "").expect("write");
    let error = looking.sql("SELECT actor_id FROM events").await.err().expect("refused");
    assert_eq!(error.sqlstate(), "58030", "{error}");
    assert!(error.message().contains("recorded"), "{error}");
    std::fs::remove_file(&folder).expect("remove");
    std::fs::rename(lake.file("access/gone"), &folder).expect("rename");
    collect(looking.sql("SELECT actor_id FROM events").await.expect("again")).await.expect("rows");
    access.close().await;
    assert_eq!(looking.sql("SELECT actor_id FROM events").await.err().expect("closed").sqlstate(), "58030");
}

#[tokio::test]
async fn a_look_says_which_period_was_asked_and_no_date_of_a_person() {
    let lake = TestLake::with_days(1, 3).await;
    let access = lake.access_log().await;
    let mount = lake.mount().await;
    let looking = Session::new(&mount, Limits::default(), who(), Some(access.clone())).expect("session");
    let asked = "SELECT actor_id, unmapped_json ->> 'birth_date' FROM events WHERE event_time BETWEEN '2026-11-01' AND \
                 '2026-11-19T12:00:00Z' AND (prompt_text LIKE '%born 1954-03-02%' OR unmapped_json ->> 'birth_date' = '1961-12-24')";
    for sql in [asked, "TABLE events LIMIT 1; "] {
        collect(looking.sql(sql).await.expect("answer")).await.expect("rows");
    }
    access.close().await;
    let reading = session(&lake.mount().await);
    let looks =
        "SELECT statement, array_to_string(columns, ' ') FROM access WHERE kind = 'start' ORDER BY time";
    let looks = rows(&reading, looks).await.expect("rows");
    let (statement, columns) = looks[0].split_once('|').expect("two columns");
    assert!(statement.contains("BETWEEN '2026-11-01' AND '2026-11-19T12:00:00Z'"), "{statement}");
    assert!(!statement.contains("1954-03-02") && !statement.contains("1961-12-24"), "{statement}");
    assert_eq!(columns, "events.actor_id events.event_time events.prompt_text events.unmapped_json");
    assert!(looks[1].starts_with("TABLE events LIMIT 1;"), "{}", looks[1]);
}

#[tokio::test]
async fn who_types_an_identifier_is_told_that_the_record_and_the_lake_hold_none() {
    let lake = TestLake::with_days(1, 3).await;
    let access = lake.access_log().await;
    let mount = lake.mount().await;
    let looking = Session::new(&mount, Limits::default(), who(), Some(access.clone())).expect("session");
    let told = async |sql: &str| {
        let answer = looking.sql(sql).await.expect("answer");
        let notice = answer.notice.clone();
        collect(answer).await.expect("rows");
        notice
    };
    let filter = "SELECT count(*) FROM events WHERE prompt_text LIKE '%jane.roe1@example.com%'";
    let notice = told(filter).await.expect("a notice");
    assert_eq!(notice.message, "the access log holds this statement with 1 identifier replaced (EMAIL)");
    let hint = notice.hint.expect("a hint");
    assert!(hint.contains("`sealake keys token TYPE`") && hint.contains("(TYPE here: EMAIL)"), "{hint}");
    assert!(!hint.contains("jane.roe"), "{hint}");
    // What the policy keeps a part of has no token to search for.
    let notice = told("SELECT count(*) FROM events WHERE prompt_text LIKE '%born 1954-03-02%'")
        .await
        .expect("a notice");
    assert!(notice.message.ends_with("1 identifier replaced (DATE)") && notice.hint.is_none(), "{notice:?}");
    let token = crate::testing::redactor().tokens("EMAIL", "jane.roe1@example.com").remove(0);
    for silent in [
        "SELECT count(*) FROM events WHERE event_time > '2026-11-01' AND status = 'success'",
        &format!("SELECT count(*) FROM events WHERE prompt_text LIKE '%{token}%'"),
        "SELECT count(*) FROM pg_catalog.pg_class WHERE relname = 'jane.roe1@example.com'",
    ] {
        assert_eq!(told(silent).await, None, "{silent}");
    }
    access.close().await;
}
