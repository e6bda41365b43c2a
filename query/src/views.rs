//! The views: each one file of SQL under `views/` and one line here.
//!
//! A file's first line documents the view; the lines `--   column: meaning` below it document its columns, so
//! that `\d+` can say what they mean. Views that count take the first copy of an event in log order, since
//! producers send some events twice and the lake drops none. Views of single events show every copy: to know the
//! first one they would read all of the lake, whatever range of time is asked for.

/// A view.
pub struct View {
    /// Its name.
    pub name: &'static str,
    /// Its file: documentation and query.
    pub sql: &'static str,
}

/// Every view, by name.
pub static VIEWS: &[View] = &[
    View { name: "cost_by_model", sql: include_str!("views/cost_by_model.sql") },
    View { name: "errors", sql: include_str!("views/errors.sql") },
    View { name: "findings", sql: include_str!("views/findings.sql") },
    View { name: "guardrail_outcomes", sql: include_str!("views/guardrail_outcomes.sql") },
    View { name: "ingest_health", sql: include_str!("views/ingest_health.sql") },
    View { name: "phi_by_endpoint", sql: include_str!("views/phi_by_endpoint.sql") },
    View { name: "usage_by_team", sql: include_str!("views/usage_by_team.sql") },
    View { name: "who_prompted_what", sql: include_str!("views/who_prompted_what.sql") },
];

impl View {
    /// What the view shows.
    pub fn doc(&self) -> &'static str {
        self.sql.lines().next().unwrap_or_default().trim_start_matches("--").trim()
    }

    /// The documented columns and their meaning, in order.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let comments = self.sql.lines().skip(1).map_while(|line| line.strip_prefix("--   "));
        comments.filter_map(|line| line.split_once(": "))
    }
}

/// The view of this name.
pub fn find(name: &str) -> Option<&'static View> {
    VIEWS.iter().find(|view| view.name == name)
}
