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
        (
            format!("SELECT * FROM log {}", "PIVOT (sum(a) FOR b IN (1)) ".repeat(150)),
            "nests deeper than 400",
        ),
        (format!("SELECT * FROM log {}", "UNPIVOT (a FOR b IN (c)) ".repeat(5_000)), "nests deeper than 400"),
        (format!("SELECT {}'1 day'", "INTERVAL ".repeat(25_000)), "nests deeper than 400"),
        (format!("SELECT {}1{}", "position(".repeat(25), "'a' IN 'b')".repeat(25)), "nests deeper than 400"),
        (format!("SELECT {}1{}", "array[".repeat(49), "]".repeat(49)), "nests deeper than 400"),
        (format!("SELECT {}1{}", "cast(".repeat(49), " AS int)".repeat(49)), "nests deeper than 400"),
        (format!("SELECT {}1{}", "position(".repeat(10_000), ")".repeat(10_000)), "nests deeper than 400"),
        (format!("SELECT 1 FROM {}", vec!["log"; 200].join(", ")), "more than 100 tables"),
        (format!("SELECT 1 FROM {}", vec!["log"; 200].join(" NATURAL JOIN ")), "more than 100 tables"),
    ] {
        let error = parse(&sql).expect_err(says);
        assert_eq!(error.sqlstate(), "54001", "{error}");
        assert!(error.message().contains(says), "{error}");
    }
    for sql in [
        chain("1", "+", 300),
        format!("SELECT {}1{}", "cast(".repeat(8), " AS int)".repeat(8)),
        format!("SELECT {}'a'{}", "coalesce(".repeat(15), ", 'b')".repeat(15)),
        format!("SELECT {}1{}", "(".repeat(20), ")".repeat(20)),
        format!("SELECT 1 IN ({})", vec!["1"; 50_000].join(",")),
        format!("SELECT {}", vec!["1"; 50_000].join(",")),
        format!("VALUES {}", vec!["(1)"; 50_000].join(",")),
        format!("SELECT CASE {} END", "WHEN true THEN 1 ".repeat(5_000)),
    ] {
        assert!(parse(&sql).is_ok(), "{}", &sql[..40]);
    }
}
