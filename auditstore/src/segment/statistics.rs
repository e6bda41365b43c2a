//! What a `.detail` says of the values of a row group: enough to skip it, nothing that identifies a person.

use std::collections::{BTreeMap, BTreeSet};

use schemas::manifest::Dec;
use schemas::row::fields;
use schemas::{Class, Schema, Type};

use super::Row;
use super::detail::{ColumnStatistics, Int};

/// Columns whose values are a closed vocabulary or a name of a place in the system, never of a person. Class
/// alone does not say it: the principal of an access record is provenance too.
const VOCABULARIES: &[&str] = &[
    "site",
    "source_kind",
    "record_kind",
    "kafka_source",
    "kafka_topic",
    "environment",
    "gateway_name",
    "operation",
    "provider",
    "request_model",
    "response_model",
    "region",
    "content_state",
    "status",
    "guardrail_outcome",
    "data_classification",
    "redaction_status",
    "redaction_policy",
    "kind",
    "outcome",
];

/// Distinct values of a vocabulary that are listed; with more, nothing is said.
const VALUES_MAX: usize = 64;

/// Longest value that is listed, in bytes.
const VALUE_BYTES_MAX: usize = 128;

/// Statistics of a row group while its rows are written.
pub(super) struct Statistics {
    /// Position, name and type of each column of which something is collected, in order.
    columns: Vec<(usize, &'static str, Type, Collected)>,
}

enum Collected {
    Range { nulls: u64, range: Option<(i128, i128)> },
    Values { nulls: u64, values: Option<BTreeSet<String>> },
}

impl Statistics {
    pub(super) fn new(schema: &'static Schema) -> Statistics {
        let collected = |column: &schemas::Column| match column.ty {
            Type::Time | Type::Bool | Type::Int16 | Type::Int32 | Type::Int64 | Type::Decimal { .. }
                if matches!(column.class, Class::Number | Class::Time | Class::Provenance) =>
            {
                Some(Collected::Range { nulls: 0, range: None })
            }
            Type::Dict if VOCABULARIES.contains(&column.name) => {
                Some(Collected::Values { nulls: 0, values: Some(BTreeSet::new()) })
            }
            _ => None,
        };
        let columns = schema.columns.iter().enumerate();
        let columns =
            columns.filter_map(|(at, column)| Some((at, column.name, column.ty, collected(column)?)));
        Statistics { columns: columns.collect() }
    }

    pub(super) fn add(&mut self, row: &Row) {
        let mut fields = row.fields().zip(0..);
        for (at, _, ty, collected) in &mut self.columns {
            let Some((field, _)) = fields.find(|(_, position)| position == at) else { return };
            let Some(field) = field else {
                let (Collected::Range { nulls, .. } | Collected::Values { nulls, .. }) = collected;
                *nulls += 1;
                continue;
            };
            match collected {
                Collected::Range { range, .. } => {
                    let Some(value) = ordinal(*ty, field) else { continue };
                    let (min, max) = range.unwrap_or((value, value));
                    *range = Some((min.min(value), max.max(value)));
                }
                Collected::Values { values, .. } => {
                    let Some(set) = values else { continue };
                    let Ok(text) = std::str::from_utf8(field) else { continue };
                    if set.contains(text) {
                        continue;
                    }
                    if set.len() == VALUES_MAX || text.len() > VALUE_BYTES_MAX {
                        *values = None;
                    } else {
                        set.insert(text.to_owned());
                    }
                }
            }
        }
    }

    pub(super) fn finish(self) -> BTreeMap<String, ColumnStatistics> {
        let mut columns = BTreeMap::new();
        for (_, name, _, collected) in self.columns {
            let statistics = match collected {
                Collected::Range { nulls, range } => ColumnStatistics {
                    nulls: Dec(nulls),
                    min: range.map(|(min, _)| Int(min)),
                    max: range.map(|(_, max)| Int(max)),
                    values: BTreeSet::new(),
                },
                Collected::Values { nulls, values: Some(values) } => {
                    ColumnStatistics { nulls: Dec(nulls), values, ..ColumnStatistics::default() }
                }
                Collected::Values { values: None, .. } => continue,
            };
            columns.insert(name.to_owned(), statistics);
        }
        columns
    }
}

fn ordinal(ty: Type, encoded: &[u8]) -> Option<i128> {
    match ty {
        Type::Int16 | Type::Int32 | Type::Int64 | Type::Time => fields::int(encoded).map(i128::from),
        Type::Bool => encoded.first().map(|bool| i128::from(*bool)),
        Type::Decimal { .. } => fields::decimal(encoded),
        _ => None,
    }
}
