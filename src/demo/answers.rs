//! What the demonstration asks the lake: the totals that its first lines print, and five questions of an auditor.

use std::collections::BTreeMap;
use std::ops::Sub;

use anyhow::Context as _;
use arrow::array::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use auditstore::verify::Report;
use futures::TryStreamExt as _;
use query::{Lake, Session};
use serde_json::{Value, json};

use crate::output;

/// Longest text of a cell, in characters.
const CELL_CHARS_MAX: usize = 68;

/// The five questions: title and statement.
const QUESTIONS: &[(&str, &str)] = &[
    (
        "1 who prompted what",
        "SELECT event_time AS time, actor, model, prompt, status FROM who_prompted_what \
         WHERE prompt IS NOT NULL AND findings > 1 ORDER BY event_time DESC LIMIT 6",
    ),
    (
        "2 PHI by endpoint",
        "SELECT endpoint, string_agg(category, ', ' ORDER BY findings DESC) AS identifiers, sum(findings) AS findings \
         FROM (SELECT endpoint, category, sum(findings) AS findings FROM phi_by_endpoint GROUP BY endpoint, category) \
         GROUP BY endpoint ORDER BY findings DESC LIMIT 6",
    ),
    (
        "3 cost by team",
        "SELECT team_id AS team, sum(calls) AS calls, sum(failed) AS failed, sum(input_tokens + output_tokens) AS tokens, \
         sum(cost_usd) AS cost_usd FROM usage_by_team GROUP BY team_id ORDER BY cost_usd DESC NULLS LAST LIMIT 6",
    ),
    (
        "4 errors",
        "SELECT status, coalesce(error_type, guardrail_outcome) AS what, http_status AS http, count(*) AS calls, \
         min(error_message) AS example FROM errors GROUP BY status, coalesce(error_type, guardrail_outcome), http_status \
         ORDER BY calls DESC LIMIT 6",
    ),
    (
        "5 who looked here",
        "SELECT asked.time, asked.principal, coalesce(answered.outcome, asked.outcome, 'running') AS outcome, \
         answered.rows, asked.statement FROM access asked \
         LEFT JOIN access answered ON answered.access_id = asked.access_id AND answered.kind = 'end' \
         WHERE asked.kind IN ('start', 'denied') ORDER BY asked.time DESC LIMIT 5",
    ),
];

/// What the lake holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    pub(super) stored: i64,
    pub(super) findings: i64,
    pub(super) segments: i64,
    pub(super) messages_decoded: i64,
    pub(super) messages_quarantined: i64,
    pub(super) records_quarantined: i64,
    /// Quarantined, skipped and missing ones: (what, reason) → number.
    pub(super) reasons: BTreeMap<(String, String), i64>,
}

impl Totals {
    /// Reads the totals by SQL.
    pub(super) async fn read(session: &Session) -> anyhow::Result<Totals> {
        let mut totals = Totals {
            stored: number(session, "SELECT count(*) FROM events").await?,
            findings: number(session, "SELECT count(*) FROM findings").await?,
            segments: number(session, "SELECT count(*) FROM segments").await?,
            messages_decoded: number(session, "SELECT coalesce(sum(messages), 0) FROM log").await?,
            messages_quarantined: number(session, "SELECT coalesce(sum(messages_quarantined), 0) FROM log")
                .await?,
            records_quarantined: number(session, "SELECT coalesce(sum(records_quarantined), 0) FROM log")
                .await?,
            reasons: BTreeMap::new(),
        };
        let reasons = "SELECT what, name, \"count\" FROM ingest_health WHERE what <> 'topic'";
        for row in cells(session, reasons).await?.1 {
            let [what, name, count] = row.as_slice() else { continue };
            totals.reasons.insert((what.clone(), name.clone()), count.parse()?);
        }
        Ok(totals)
    }

    fn sum(&self, what: &str) -> i64 {
        self.reasons.iter().filter(|((kind, _), _)| kind == what).map(|(_, count)| count).sum()
    }

    /// The reasons and their numbers in parentheses; nothing where there are none.
    fn list(&self, what: &str) -> String {
        let of = self.reasons.iter().filter(|((kind, _), count)| kind == what && **count > 0);
        let list = of.map(|((_, name), count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ");
        if list.is_empty() { list } else { format!(" ({list})") }
    }

    /// Messages that hold nothing to decode.
    fn messages_skipped(&self) -> i64 {
        self.sum("skipped_message")
    }

    /// Records that are no audit event.
    fn records_skipped(&self) -> i64 {
        self.sum("skipped_record")
    }

    /// Quarantined messages and records.
    pub(super) fn quarantined(&self) -> i64 {
        self.messages_quarantined + self.records_quarantined
    }

    /// The two equations of the log: what became of each message, and of each record in the decoded ones.
    pub(super) fn print(&self, published: u64) -> anyhow::Result<()> {
        output::line(format_args!(
            "published {published} messages = decoded {} + quarantined {}{} + empty {}{}",
            self.messages_decoded,
            self.messages_quarantined,
            self.list("quarantined"),
            self.messages_skipped(),
            self.list("skipped_message"),
        ))?;
        output::line(format_args!(
            "they held {} records = stored {} + quarantined {} + skipped, no model call {}; findings {}",
            self.stored + self.records_quarantined + self.records_skipped(),
            self.stored,
            self.records_quarantined,
            self.records_skipped(),
            self.findings,
        ))?;
        Ok(())
    }

    /// The lake on one line.
    pub(super) fn lake_line(&self, report: &Report) -> String {
        format!(
            "{} segment{}, {} events, head {} {}, key {}",
            self.segments,
            if self.segments == 1 { "" } else { "s" },
            self.stored,
            report.size,
            report.root.get(..16).unwrap_or("-"),
            report.key_fingerprint.get(..16).unwrap_or("-"),
        )
    }

    /// What became of the messages and records of a run.
    pub(super) fn json(&self) -> (Value, Value) {
        let reasons = |what: &str| -> BTreeMap<&str, i64> {
            let of = self.reasons.iter().filter(|((kind, _), count)| kind == what && **count > 0);
            of.map(|((_, name), count)| (name.as_str(), *count)).collect()
        };
        (
            json!({
                "decoded": self.messages_decoded,
                "quarantined": self.messages_quarantined,
                "skipped": reasons("skipped_message"),
                "quarantine_reasons": reasons("quarantined"),
            }),
            json!({
                "stored": self.stored,
                "quarantined": self.records_quarantined,
                "skipped": reasons("skipped_record"),
            }),
        )
    }
}

/// What a run added: the lake after it less the lake before it.
impl Sub for &Totals {
    type Output = Totals;

    fn sub(self, before: &Totals) -> Totals {
        let mut reasons = self.reasons.clone();
        for (reason, count) in &mut reasons {
            *count -= before.reasons.get(reason).copied().unwrap_or_default();
        }
        Totals {
            stored: self.stored - before.stored,
            findings: self.findings - before.findings,
            segments: self.segments - before.segments,
            messages_decoded: self.messages_decoded - before.messages_decoded,
            messages_quarantined: self.messages_quarantined - before.messages_quarantined,
            records_quarantined: self.records_quarantined - before.records_quarantined,
            reasons,
        }
    }
}

/// Asks the five questions and prints a table each.
pub(super) async fn print(session: &Session, lake: &Lake) -> anyhow::Result<()> {
    for (title, statement) in QUESTIONS {
        // Each question sees the newest log, so that the last one shows the looks of those before it.
        lake.refresh().await?;
        let (header, rows) = cells(session, statement).await.with_context(|| (*title).to_owned())?;
        output::line(format_args!("\n{title}"))?;
        table(&header, &rows)?;
    }
    Ok(())
}

async fn number(session: &Session, statement: &str) -> anyhow::Result<i64> {
    let (_, rows) = cells(session, statement).await?;
    let cell = rows.first().and_then(|row| row.first()).context("the answer has no row")?;
    Ok(cell.parse()?)
}

/// The answer as text: header and rows.
async fn cells(session: &Session, statement: &str) -> anyhow::Result<(Vec<String>, Vec<Vec<String>>)> {
    let answer = session.sql(statement).await?;
    let header = answer.schema().fields().iter().map(|field| field.name().clone()).collect();
    let batches: Vec<RecordBatch> = answer.rows.try_collect().await?;
    let options = FormatOptions::default().with_null("").with_timestamp_tz_format(Some("%m-%d %H:%M:%S"));
    let mut rows = Vec::new();
    for batch in &batches {
        let columns = batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        rows.extend(
            (0..batch.num_rows())
                .map(|row| columns.iter().map(|column| column.value(row).to_string()).collect::<Vec<_>>()),
        );
    }
    Ok((header, rows))
}

fn table(header: &[String], rows: &[Vec<String>]) -> anyhow::Result<()> {
    let short = |cell: &str| -> String {
        let flat = short_tokens(&cell.split_whitespace().collect::<Vec<_>>().join(" "));
        if flat.chars().count() <= CELL_CHARS_MAX {
            return flat;
        }
        flat.chars().take(CELL_CHARS_MAX - 1).chain(['…']).collect()
    };
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| short(cell)).collect()).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).chain(header.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        let line: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}", width = *width)).collect();
        output::line(format_args!("  {}", line.join("  ").trim_end()))?;
    }
    if rows.is_empty() {
        output::line("  (none)")?;
    }
    Ok(())
}

/// The text with each token cut to its first four characters, so that a person can read around it.
fn short_tokens(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, token)) = rest.split_once('[') {
        let (body, after) = token.split_once(']').unwrap_or((token, ""));
        out.push_str(before);
        match body.split_once(':') {
            Some((category, value))
                if value.len() > 20 && value.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
            {
                out.push_str(&format!("[{category}:{}…]", &value[..4]));
                rest = after;
            }
            _ => {
                out.push('[');
                rest = token;
            }
        }
    }
    out + rest
}
