//! Statements that would overflow a stack, and their like that may pass.

use crate::dialect::parse;

#[test]
fn what_nests_too_deep_is_refused_and_what_is_long_is_not() {
    let chain = |one: &str, by: &str, times: usize| format!("SELECT {}", vec![one; times].join(by));
    for (sql, says) in [
        (chain("1", "+", 100_000), "nests deeper than 400"),
        (chain("true", " OR ", 30_000), "nests deeper than 400"),
        (format!("SELECT 1{}", "::int".repeat(50_000)), "nests deeper than 400"),
        (format!("SELECT 1::int{}", "[]".repeat(100_000)), "nests deeper than 400"),
        (format!("SELECT a{}", "[1]".repeat(80_000)), "nests deeper than 400"),
        (chain("SELECT 1", " UNION ", 15_000).replacen("SELECT ", "", 1), "nests deeper than 400"),
        (format!("SELECT 1 FROM {}", vec!["log"; 200].join(", ")), "more than 100 tables"),
        (format!("SELECT 1 FROM {}", vec!["log"; 200].join(" NATURAL JOIN ")), "more than 100 tables"),
    ] {
        let error = parse(&sql).expect_err(says);
        assert_eq!(error.sqlstate(), "54001", "{error}");
        assert!(error.message().contains(says), "{error}");
    }
    for sql in [
        chain("1", "+", 300),
        format!("SELECT 1 IN ({})", vec!["1"; 50_000].join(",")),
        format!("SELECT {}", vec!["1"; 50_000].join(",")),
        format!("VALUES {}", vec!["(1)"; 50_000].join(",")),
        format!("SELECT CASE {} END", "WHEN true THEN 1 ".repeat(5_000)),
    ] {
        assert!(parse(&sql).is_ok(), "{}", &sql[..40]);
    }
}
