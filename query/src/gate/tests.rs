//! Every statement that a client may try, and what becomes of it.

use super::*;

#[test]
fn allowed_statements() {
    for (sql, tag) in [
        ("SELECT 1", "SELECT"),
        ("  select * from events where actor_id = $1 ; ", "SELECT"),
        ("VALUES (1), (2)", "SELECT"),
        ("WITH a AS (SELECT 1) SELECT * FROM a UNION ALL SELECT 2", "SELECT"),
        ("EXPLAIN SELECT 1", "EXPLAIN"),
        ("EXPLAIN (ANALYZE, VERBOSE, COSTS OFF) SELECT 1", "EXPLAIN"),
        ("SHOW server_version", "SHOW"),
        ("SHOW transaction isolation level", "SHOW"),
        ("SHOW TABLES", "SELECT"),
        ("SET statement_timeout = '5s'", "SET"),
        ("SET SESSION application_name TO 'psql'", "SET"),
        ("SET TIME ZONE 'UTC'", "SET"),
        ("SET NAMES 'UTF8'", "SET"),
        ("SET sealake.reason = 'breach 12'", "SET"),
        ("SET statement_timeout TO DEFAULT", "RESET"),
        ("RESET statement_timeout", "RESET"),
        ("RESET ALL", "RESET"),
        ("DISCARD ALL", "DISCARD ALL"),
        ("SET TRANSACTION READ ONLY", "SET"),
        ("BEGIN", "BEGIN"),
        ("BEGIN READ ONLY", "BEGIN"),
        ("START TRANSACTION", "BEGIN"),
        ("COMMIT", "COMMIT"),
        ("END", "COMMIT"),
        ("ROLLBACK", "ROLLBACK"),
        ("SAVEPOINT a", "SAVEPOINT"),
        ("ROLLBACK TO SAVEPOINT a", "ROLLBACK"),
        ("RELEASE SAVEPOINT a", "RELEASE"),
        ("DECLARE c CURSOR FOR SELECT 1", "DECLARE CURSOR"),
        ("DECLARE c CURSOR WITH HOLD FOR SELECT 1", "DECLARE CURSOR"),
        ("FETCH 10 FROM c", "FETCH"),
        ("FETCH FORWARD 10 FROM c", "FETCH"),
        ("FETCH ALL FROM c", "FETCH"),
        ("CLOSE c", "CLOSE CURSOR"),
        ("CLOSE ALL", "CLOSE CURSOR"),
        ("DEALLOCATE ALL", "DEALLOCATE"),
        ("COPY (SELECT 1) TO STDOUT", "COPY"),
        ("COPY events TO STDOUT (FORMAT csv, HEADER)", "COPY"),
    ] {
        let statements = parse(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(statements.len(), 1, "{sql}");
        assert_eq!(statements[0].tag(), tag, "{sql}");
    }
}

#[test]
fn refused_statements() {
    for (sql, code, says) in [
        ("INSERT INTO events VALUES (1)", "25006", "INSERT"),
        ("UPDATE events SET status = 'x'", "25006", "UPDATE"),
        ("DELETE FROM events", "25006", "DELETE"),
        ("TRUNCATE events", "25006", "TRUNCATE"),
        ("DROP TABLE events", "25006", "DROP"),
        ("DROP VIEW errors", "25006", "DROP"),
        ("ALTER TABLE events ADD COLUMN x INT", "25006", "ALTER"),
        ("CREATE TABLE t (a INT)", "25006", "CREATE"),
        ("CREATE TABLE t AS SELECT * FROM events", "25006", "CREATE"),
        ("CREATE VIEW v AS SELECT 1", "25006", "CREATE"),
        ("CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '/etc/'", "25006", "CREATE"),
        ("CREATE FUNCTION f() RETURNS INT LANGUAGE SQL AS 'SELECT 1'", "25006", "CREATE"),
        ("GRANT SELECT ON events TO bob", "25006", "GRANT"),
        ("MERGE INTO events USING x ON a = b WHEN MATCHED THEN DELETE", "25006", "MERGE"),
        ("SELECT * INTO t FROM events", "25006", "writes"),
        ("SELECT * FROM events FOR UPDATE", "25006", "FOR UPDATE"),
        ("WITH x AS (INSERT INTO events VALUES (1) RETURNING 1) SELECT * FROM x", "25006", "writes"),
        ("EXPLAIN INSERT INTO events VALUES (1)", "25006", "INSERT"),
        ("EXPLAIN ANALYZE DELETE FROM events", "25006", "DELETE"),
        ("SET TRANSACTION READ WRITE", "25006", "READ WRITE"),
        ("COPY events TO '/tmp/x.csv'", "42501", "COPY"),
        ("COPY (SELECT 1) TO '/tmp/x.csv' (FORMAT csv)", "42501", "COPY"),
        ("COPY events TO '/tmp/x' STORED AS PARQUET", "42501", "COPY"),
        ("COPY (SELECT 1) TO PROGRAM 'sh'", "42501", "COPY"),
        ("COPY events FROM STDIN", "42501", "COPY"),
        ("COPY events FROM '/etc/passwd'", "42501", "COPY"),
        ("SELECT count(*) FROM events TABLESAMPLE SYSTEM (1)", "0A000", "TABLESAMPLE"),
        ("SELECT 1 WHERE EXISTS (SELECT 1 FROM events TABLESAMPLE BERNOULLI (0))", "0A000", "TABLESAMPLE"),
        ("SELECT * FROM '/etc/passwd'", "42501", "file"),
        ("SELECT * FROM 'x.parquet'", "42501", "file"),
        ("SELECT * FROM \"s3://bucket/x.parquet\"", "42501", "file"),
        ("SELECT * FROM \"x.csv\"", "42501", "file"),
        ("SELECT 1 FROM events WHERE 1 IN (SELECT a FROM '/etc/shadow')", "42501", "file"),
        ("COPY (SELECT * FROM '/etc/passwd') TO STDOUT", "42501", "file"),
        ("DECLARE c CURSOR FOR SELECT * FROM '/etc/passwd'", "42501", "file"),
        ("SET datafusion.runtime.memory_limit = '100G'", "42501", "engine"),
        ("SET datafusion.execution.batch_size = 1", "42501", "engine"),
        ("SET datafusion.runtime.temp_directory = '/etc'", "42501", "engine"),
        ("RESET datafusion.execution.batch_size", "42501", "engine"),
        ("SET ROLE admin", "42501", "SET"),
        ("SET SESSION AUTHORIZATION admin", "42501", "SET"),
        ("SET work_mem = '1GB'", "42704", "work_mem"),
        ("SET client_encoding = 'LATIN1'", "22023", "client_encoding"),
        ("SET TimeZone = 'Europe/Berlin'", "22023", "timezone"),
        ("SET default_transaction_read_only = off", "22023", "default_transaction_read_only"),
        ("SET server_version = '9'", "22023", "server_version"),
        ("LISTEN x", "0A000", "LISTEN"),
        ("FETCH BACKWARD 1 FROM c", "0A000", "forward"),
        ("SELEC 1", "42601", "syntax"),
        ("SELECT (", "42601", "syntax"),
    ] {
        let error = parse(sql).expect_err(sql);
        assert_eq!(error.sqlstate(), code, "{sql}: {error}");
        assert!(error.message().contains(says), "{sql}: {error}");
    }
}

#[test]
fn one_refused_statement_refuses_the_text() {
    assert!(parse("SELECT 1; DROP TABLE events").is_err());
    assert_eq!(parse("SELECT 1; SELECT 2;").expect("two").len(), 2);
    assert!(parse("").expect("empty").is_empty());
    assert!(parse(" ; ; ").expect("empty").is_empty());
}

#[test]
fn a_text_that_is_too_long_or_too_deep_is_refused() {
    let long = format!("SELECT '{}'", "x".repeat(STATEMENT_BYTES_MAX));
    assert_eq!(parse(&long).expect_err("long").sqlstate(), "54001");
    let many = "SELECT 1;".repeat(STATEMENTS_MAX + 1);
    assert_eq!(parse(&many).expect_err("many").sqlstate(), "54001");
    let deep = format!("SELECT {}1{}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(parse(&deep).is_err());
}

#[test]
fn a_refusal_does_not_quote_content() {
    let error = parse("INSERT INTO notes VALUES ('Jane Roe, born 1 May 1960')").expect_err("refused");
    assert!(!error.message().contains("Jane"), "{error}");
    let error = parse("UPDATE x SET name = 'Jane Roe'").expect_err("refused");
    assert!(!error.message().contains("Jane"), "{error}");
}

#[test]
fn copy_options() {
    let sql = "COPY (SELECT 1) TO STDOUT (FORMAT csv, HEADER true, DELIMITER ';', NULL 'x')";
    let Some(Statement::CopyOut { format, .. }) = parse(sql).expect("copy").pop() else { panic!("copy") };
    assert_eq!(format.kind, CopyKind::Csv);
    assert!(format.header);
    assert_eq!((format.delimiter, format.null.as_str()), (';', "x"));
}

#[test]
fn copy_options_without_brackets_mean_the_same() {
    let format = |options: &str| {
        let sql = format!("COPY (SELECT 1) TO STDOUT {options}");
        match parse(&sql).unwrap_or_else(|error| panic!("{sql}: {error}")).pop() {
            Some(Statement::CopyOut { format, .. }) => format,
            other => panic!("{sql}: {other:?}"),
        }
    };
    for (old, new) in [
        ("csv header", "(FORMAT csv, HEADER)"),
        ("WITH CSV", "(FORMAT csv)"),
        ("CSV HEADER", "(FORMAT csv, HEADER)"),
        ("WITH DELIMITER ','", "(DELIMITER ',')"),
        ("DELIMITER AS ';' NULL AS 'x' CSV HEADER", "(FORMAT csv, HEADER, DELIMITER ';', NULL 'x')"),
        ("CSV HEADER QUOTE '!' ESCAPE '?'", "(FORMAT csv, HEADER, QUOTE '!', ESCAPE '?')"),
        ("CSV QUOTE '!'", "(FORMAT csv, QUOTE '!', ESCAPE '!')"),
        ("WITH BINARY", "(FORMAT binary)"),
        ("", "(FORMAT text, HEADER false)"),
    ] {
        assert_eq!(format(old), format(new), "{old}");
    }
    for (options, code, says) in [
        ("CSV FORCE QUOTE a", "0A000", "FORCE QUOTE"),
        ("GZIP", "0A000", "GZIP"),
        ("OIDS", "0A000", "OIDS"),
        ("(FORMAT csv, oids)", "0A000", "oids"),
        ("(FREEZE)", "0A000", "FREEZE"),
        ("(ENCODING 'latin1')", "0A000", "ENCODING"),
        ("WITH BINARY DELIMITER ','", "0A000", "DELIMITER"),
        ("(FORMAT binary, HEADER)", "0A000", "HEADER"),
        ("(QUOTE '!')", "0A000", "QUOTE"),
        ("BINARY CSV", "42601", "two formats"),
        ("(FORMAT csv) HEADER", "42601", "HEADER"),
        ("(FORMAT csv, FORCE_QUOTE *)", "42601", "syntax"),
    ] {
        let error = parse(&format!("COPY (SELECT 1) TO STDOUT {options}")).expect_err(options);
        assert_eq!(error.sqlstate(), code, "{options}: {error}");
        assert!(error.message().contains(says), "{options}: {error}");
    }
}

#[test]
fn explain_analyze_is_known_as_execution() {
    let analyze = |sql: &str| matches!(parse(sql).expect(sql)[0], Statement::Explain { analyze: true, .. });
    assert!(analyze("EXPLAIN ANALYZE SELECT 1"));
    assert!(analyze("EXPLAIN (ANALYZE) SELECT 1"));
    assert!(analyze("EXPLAIN (ANALYZE true) SELECT 1"));
    assert!(!analyze("EXPLAIN (ANALYZE off) SELECT 1"));
    assert!(!analyze("EXPLAIN SELECT 1"));
}
