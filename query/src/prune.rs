//! Which segments a query need not open: judged by what the signed log says of each, then by the statistics of
//! their details, before any footer is read.
//!
//! Statistics only ever exclude. What is not known of a column keeps the segment.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, UInt64Array};
use arrow::datatypes::{DataType, SchemaRef};
use auditstore::LiveSegment;
use auditstore::segment::{ColumnStatistics, FileDetail};
use datafusion::common::pruning::PruningStatistics;
use datafusion::common::{Column, Result, ScalarValue};
use datafusion::physical_expr::{PhysicalExpr, utils::collect_columns};
use datafusion::physical_optimizer::pruning::{PruningPredicate, PruningPredicateBuilder};

use crate::docs::{COMMITTED, LOG_SEQ, SEGMENT};

/// Longest `IN` list that is compared value by value with statistics.
pub(crate) const IN_LIST_MAX: usize = 200;

/// A predicate over segments.
pub(crate) struct Pruner {
    predicate: Arc<PruningPredicate>,
    /// Columns that the predicate names, without those that the log itself knows.
    detailed: Vec<String>,
}

impl Pruner {
    /// None if the predicate can exclude nothing.
    pub(crate) fn new(predicate: &Arc<dyn PhysicalExpr>, schema: &SchemaRef, time: &str) -> Option<Pruner> {
        let detailed = collect_columns(predicate)
            .iter()
            .map(|column| column.name().to_owned())
            .filter(|name| ![time, LOG_SEQ.0, COMMITTED.0, SEGMENT.0].contains(&name.as_str()))
            .collect();
        let builder = PruningPredicateBuilder::new().with_file_schema(Arc::clone(schema));
        let builder = builder.with_max_in_list_size(IN_LIST_MAX);
        Some(Pruner { predicate: builder.build(Arc::clone(predicate))?, detailed })
    }

    /// Whether details can say more than the log.
    pub(crate) fn wants_details(&self) -> bool {
        !self.detailed.is_empty()
    }

    /// The segments that may hold a row, by what is known of them.
    pub(crate) fn keep(
        &self,
        schema: &SchemaRef,
        time: &str,
        known: Vec<Known>,
    ) -> Result<Vec<Arc<LiveSegment>>> {
        let statistics = Statistics { schema, time, known: &known };
        let keep = self.predicate.prune(&statistics)?;
        Ok(known.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(known, _)| known.segment).collect())
    }
}

/// What is known of a segment before it is opened.
pub(crate) struct Known {
    pub(crate) segment: Arc<LiveSegment>,
    pub(crate) detail: Option<Arc<FileDetail>>,
}

struct Statistics<'a> {
    schema: &'a SchemaRef,
    time: &'a str,
    known: &'a [Known],
}

#[derive(Clone, Copy)]
enum Bound {
    Min,
    Max,
}

impl Statistics<'_> {
    /// The bound of a column in every segment; none where it is not known.
    fn bounds(&self, column: &Column, bound: Bound) -> Option<ArrayRef> {
        let name = column.name.as_str();
        let ty = self.schema.field_with_name(name).ok()?.data_type().clone();
        let values = self.known.iter().map(|known| self.bound(known, name, &ty, bound));
        let values: Vec<ScalarValue> = values.collect::<Option<_>>()?;
        if values.iter().all(ScalarValue::is_null) {
            return None;
        }
        ScalarValue::iter_to_array(values).ok()
    }

    fn bound(&self, known: &Known, name: &str, ty: &DataType, bound: Bound) -> Option<ScalarValue> {
        let segment = &known.segment;
        let null = || ScalarValue::try_from(ty).ok();
        if name == LOG_SEQ.0 {
            return Some(ScalarValue::Int64(i64::try_from(segment.seq).ok()));
        }
        if name == COMMITTED.0 {
            return Some(micros(Some(segment.committed)));
        }
        if name == SEGMENT.0 {
            return text(&segment.path, ty);
        }
        if name == self.time {
            let time = match bound {
                Bound::Min => segment.event_min,
                Bound::Max => segment.event_max,
            };
            return Some(micros(time));
        }
        let Some(detail) = &known.detail else { return null() };
        let groups: Option<Vec<&ColumnStatistics>> =
            detail.row_groups.iter().map(|group| group.columns.get(name)).collect();
        match groups {
            Some(groups) => detail_bound(&groups, ty, bound).or_else(null),
            None => null(),
        }
    }
}

/// The bound over all row groups. A group in which every row is null has none and widens nothing.
fn detail_bound(groups: &[&ColumnStatistics], ty: &DataType, bound: Bound) -> Option<ScalarValue> {
    if groups.iter().any(|group| !group.values.is_empty()) {
        // A group without values beside groups with them: all its rows are null, or it has too many to list.
        if groups.iter().any(|group| group.values.is_empty() && (group.min.is_some() || group.nulls.0 == 0)) {
            return None;
        }
        let values = groups.iter().flat_map(|group| group.values.iter());
        let value = match bound {
            Bound::Min => values.min(),
            Bound::Max => values.max(),
        };
        return text(value?, ty);
    }
    let bounds = groups.iter().filter_map(|group| match bound {
        Bound::Min => group.min,
        Bound::Max => group.max,
    });
    let value = match bound {
        Bound::Min => bounds.min()?,
        Bound::Max => bounds.max()?,
    };
    if groups.iter().any(|group| group.min.is_none() && group.nulls.0 == 0) {
        return None;
    }
    number(value.0, ty)
}

fn number(value: i128, ty: &DataType) -> Option<ScalarValue> {
    Some(match ty {
        DataType::Int16 => ScalarValue::Int16(Some(value.try_into().ok()?)),
        DataType::Int32 => ScalarValue::Int32(Some(value.try_into().ok()?)),
        DataType::Int64 => ScalarValue::Int64(Some(value.try_into().ok()?)),
        DataType::Decimal128(precision, scale) => ScalarValue::Decimal128(Some(value), *precision, *scale),
        DataType::Timestamp(_, _) => micros(Some(value.try_into().ok()?)),
        _ => return None,
    })
}

fn micros(value: Option<i64>) -> ScalarValue {
    ScalarValue::TimestampMicrosecond(value, Some("UTC".into()))
}

fn text(value: &str, ty: &DataType) -> Option<ScalarValue> {
    let text = ScalarValue::Utf8(Some(value.to_owned()));
    match ty {
        DataType::Utf8 => Some(text),
        DataType::Dictionary(key, _) => Some(ScalarValue::Dictionary(key.clone(), Box::new(text))),
        _ => None,
    }
}

impl PruningStatistics for Statistics<'_> {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        self.bounds(column, Bound::Min)
    }

    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        self.bounds(column, Bound::Max)
    }

    fn num_containers(&self) -> usize {
        self.known.len()
    }

    fn null_counts(&self, column: &Column) -> Option<ArrayRef> {
        let name = column.name.as_str();
        if [self.time, LOG_SEQ.0, COMMITTED.0, SEGMENT.0].contains(&name) {
            return Some(Arc::new(UInt64Array::from(vec![0; self.known.len()])));
        }
        let nulls = self.known.iter().map(|known| {
            let groups = &known.detail.as_ref()?.row_groups;
            groups
                .iter()
                .map(|group| group.columns.get(name).map(|column| column.nulls.0))
                .sum::<Option<u64>>()
        });
        let nulls = UInt64Array::from_iter(nulls);
        (nulls.null_count() < nulls.len()).then(|| Arc::new(nulls) as ArrayRef)
    }

    fn row_counts(&self) -> Option<ArrayRef> {
        Some(Arc::new(UInt64Array::from_iter_values(self.known.iter().map(|known| known.segment.rows))))
    }

    /// Exact sets for closed vocabularies: a set of values is excluded where none of them occurs.
    fn contained(&self, column: &Column, values: &HashSet<ScalarValue>) -> Option<BooleanArray> {
        let wanted: Option<Vec<String>> =
            values.iter().map(|value| value.try_as_str().flatten().map(str::to_owned)).collect();
        let wanted = wanted?;
        let contained = self.known.iter().map(|known| {
            let groups = &known.detail.as_ref()?.row_groups;
            let columns: Vec<_> =
                groups.iter().map(|group| group.columns.get(&column.name)).collect::<Option<_>>()?;
            // Values are listed in full or not at all; an empty list says something only if all rows are null.
            let listed = columns
                .iter()
                .zip(groups)
                .all(|(column, group)| !column.values.is_empty() || column.nulls.0 == group.rows.0);
            let none = listed
                && !columns.iter().any(|column| wanted.iter().any(|wanted| column.values.contains(wanted)));
            none.then_some(false)
        });
        Some(BooleanArray::from_iter(contained))
    }
}
