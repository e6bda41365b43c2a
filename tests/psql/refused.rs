//! Statements that do more than read.

use super::*;

#[test]
fn statements_that_do_more_than_read_are_refused() {
    let Some(service) = Service::start() else { return };
    let target = service.dir.join("stolen.csv");
    for (statement, sqlstate, says) in [
        (
            format!("COPY (SELECT * FROM events) TO '{}'", target.display()),
            "42501",
            "COPY is refused except TO STDOUT",
        ),
        ("COPY events FROM '/etc/passwd'".to_owned(), "42501", "COPY is refused except TO STDOUT"),
        ("COPY (SELECT 1) TO PROGRAM 'id'".to_owned(), "42501", "COPY is refused"),
        (
            "CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '/tmp/x.parquet'".to_owned(),
            "25006",
            "CREATE EXTERNAL TABLE is refused: only the lake's own tables can be read",
        ),
        (
            "SET datafusion.runtime.memory_limit = '100G'".to_owned(),
            "42501",
            "the engine's settings cannot be changed",
        ),
        (
            "SET datafusion.execution.batch_size = 1".to_owned(),
            "42501",
            "the engine's settings cannot be changed",
        ),
        ("SELECT * FROM '/etc/passwd'".to_owned(), "42501", "a file cannot be read as a table"),
        ("SELECT * FROM \"lake/data.parquet\"".to_owned(), "42501", "a file cannot be read as a table"),
        ("DELETE FROM events".to_owned(), "25006", "DELETE FROM events is refused"),
        ("INSERT INTO events VALUES (1)".to_owned(), "25006", "is refused: the lake can only be read"),
        ("DROP TABLE events".to_owned(), "25006", "is refused: the lake can only be read"),
    ] {
        let done = service.run(&[&statement]);
        assert_eq!(done.code, Some(1), "{statement}\n{}", done.stdout);
        assert!(done.stderr.contains(&format!("ERROR:  {sqlstate}: ")), "{statement}\n{}", done.stderr);
        let says = says.split(" events ").next().unwrap();
        assert!(done.stderr.contains(says), "{statement}\n{}", done.stderr);
    }
    assert!(!target.exists());
    let denied = wait_for("the denials in the access log", PATIENCE, || {
        let denied =
            service.rows("SELECT count(*) FROM access WHERE kind = 'denied' AND principal = 'auditor'");
        Some(denied[0].parse::<usize>().unwrap()).filter(|denied| *denied >= 11)
    });
    assert_eq!(denied, 11);
}
