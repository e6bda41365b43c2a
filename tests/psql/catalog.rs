//! What psql and its users see of the lake's tables.

use super::*;

#[test]
fn tables_and_views_are_listed_and_described() {
    let Some(service) = Service::start() else { return };
    let tables = service.prints("\\dt");
    let want = "          List of relations
 Schema |   Name   | Type  |  Owner  
--------+----------+-------+---------
 public | access   | table | sealake
 public | events   | table | sealake
 public | log      | table | sealake
 public | segments | table | sealake
(4 rows)

";
    assert_eq!(tables, want);
    let views = service.prints("\\dv");
    for view in [
        "cost_by_model",
        "errors",
        "findings",
        "guardrail_outcomes",
        "ingest_health",
        "phi_by_endpoint",
        "usage_by_team",
        "who_prompted_what",
    ] {
        assert!(views.contains(&format!(" {view} ")), "{views}");
    }
    let all = service.prints("\\d");
    assert!(all.contains("public | events ") && all.contains("public | who_prompted_what "), "{all}");
    assert!(!all.contains("pg_") && !all.contains("information_schema"), "{all}");

    let events = service.prints("\\d+ events");
    let line = |column: &str| {
        let found = events.lines().find(|line| line.trim_start().starts_with(&format!("{column} ")));
        found.unwrap_or_else(|| panic!("no line for {column}:\n{events}")).to_owned()
    };
    let described = |name: &str| EVENT.columns.iter().find(|column| column.name == name).unwrap().doc;
    for (column, ty) in [
        ("event_id", "bytea"),
        ("event_time", "timestamp with time zone"),
        ("prompt_text", "text"),
        ("input_tokens", "bigint"),
        ("cost_usd", "numeric"),
        ("findings", "json"),
        ("log_seq", "bigint"),
    ] {
        let line = line(column);
        assert!(line.contains(&format!("| {ty} ")), "{line}");
    }
    let first = described("event_time").lines().next().unwrap();
    assert!(line("event_time").contains(first.get(..30).unwrap_or(first)), "{}", line("event_time"));
    assert!(events.contains("Table \"public.events\""), "{events}");

    let view = service.prints("\\d+ who_prompted_what");
    assert!(
        view.contains("View \"public.who_prompted_what\"") && view.contains("View definition:"),
        "{view}"
    );
    assert!(view.contains("FROM") && view.contains("events"), "{view}");
    for harmless in ["\\du", "\\l", "\\dn", "\\df", "\\di", "\\ds", "\\dx", "\\dp", "\\conninfo"] {
        service.run(&[harmless]).code(0);
    }
    let users = service.prints("\\du");
    assert!(users.contains("auditor"), "{users}");
}

#[test]
fn psql_commands_about_the_catalog_work_and_name_one_database() {
    let Some(service) = Service::start() else { return };
    for command in ["\\dT", "\\l", "\\dn", "\\du"] {
        service.run(&[command]).code(0);
    }
    let databases = service.prints("\\l");
    assert!(databases.contains("\n sealake "), "{databases}");
    let sizes = service.prints("\\l+");
    assert!(sizes.contains(" kB ") && sizes.contains(" pg_default "), "{sizes}");
    service.prints("\\db+");
    assert_eq!(service.rows("SELECT current_database()"), ["sealake"]);
    let line = service.prints("\\conninfo");
    assert!(line.contains("database \"sealake\""), "{line}");
    for (statement, hint) in [
        ("SELECT * FROM evnts", "HINT:  Did you mean events? Tables and views: access, events"),
        ("SELECT actor FROM events", "HINT:  \\d and a table's name list its columns"),
        ("DELETE FROM events", "HINT:  Allowed are SELECT, WITH"),
        ("SELECT lenght(actor_id) FROM events", "HINT:  The functions are listed by"),
        ("SELECT * FROM information_schema.df_settings", "42501: the engine's settings cannot be read"),
    ] {
        service.run(&[statement]).code(1).says(hint);
    }
    let mut reset = service.psql(&["SET application_name = 'x'", "RESET ALL", "DISCARD ALL"]);
    reset.env("PGOPTIONS", "").args(["-v", "QUIET=off"]);
    let done = run(reset).code(0);
    assert_eq!(done.stdout, "SET\nRESET\nDISCARD ALL\n");
}
