//! The table `segments`: one row a live segment of the event log.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, FixedSizeBinaryArray, Int64Array, RecordBatch, StringArray, StringDictionaryBuilder,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{Int32Type, SchemaRef};
use async_trait::async_trait;
use auditstore::LiveSegment;
use datafusion::catalog::{Session as EngineSession, TableProvider};
use datafusion::common::Result;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;

use super::{Column, Ty, arrow_schema, column, optional};
use crate::lake::Snapshot;

pub(crate) const SEGMENTS: &str = "segments";
pub(crate) const SEGMENTS_DOC: &str =
    "The Parquet files that the log names and that are live: one row a file.";
pub(crate) const SEGMENTS_COLUMNS: &[Column] = &[
    column("log_seq", Ty::Int, "Entry of the log that the segment came with."),
    column("committed", Ty::Time, "When that entry was committed, UTC."),
    column("segment", Ty::Text, "Its path from the lake's root."),
    column("bytes", Ty::Int, "Its size in bytes."),
    column("rows", Ty::Int, "Number of rows."),
    optional("event_min", Ty::Time, "Earliest event_time of its rows, UTC."),
    optional("event_max", Ty::Time, "Latest event_time of its rows, UTC."),
    column("sha256", Ty::Hash, "SHA-256 of its bytes."),
    column("root", Ty::Hash, "Root of the Merkle tree over its rows (RFC 6962)."),
    column("schema", Ty::Word, "Schema of its rows."),
    optional("policy", Ty::Word, "SHA-256 of the redaction policy that treated its rows."),
    column("retain_until", Ty::Time, "It is kept at least until then, UTC."),
];

/// `segments` at one log size.
#[derive(Debug)]
pub(crate) struct SegmentsTable {
    schema: SchemaRef,
    segments: Arc<Vec<Arc<LiveSegment>>>,
}

impl SegmentsTable {
    pub(crate) fn new(snapshot: &Snapshot) -> SegmentsTable {
        let segments = Arc::clone(&snapshot.events.segments);
        SegmentsTable { schema: arrow_schema(SEGMENTS_COLUMNS), segments }
    }

    fn batch(&self) -> Result<RecordBatch> {
        let all = || self.segments.iter().map(Arc::as_ref);
        let int = |value: fn(&LiveSegment) -> u64| -> ArrayRef {
            Arc::new(Int64Array::from_iter(all().map(|segment| i64::try_from(value(segment)).ok())))
        };
        let time = |value: fn(&LiveSegment) -> Option<i64>| -> ArrayRef {
            Arc::new(TimestampMicrosecondArray::from_iter(all().map(value)).with_timezone("UTC"))
        };
        let hash = |value: fn(&LiveSegment) -> [u8; 32]| -> Result<ArrayRef> {
            let hashes = all().map(|segment| Some(value(segment)));
            Ok(Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(hashes, 32)?))
        };
        let mut schemas = StringDictionaryBuilder::<Int32Type>::new();
        let mut policies = StringDictionaryBuilder::<Int32Type>::new();
        for segment in all() {
            schemas.append_value(&segment.schema);
            policies.append_option(segment.policy.as_deref());
        }
        let columns: Vec<ArrayRef> = vec![
            int(|segment| segment.seq),
            time(|segment| Some(segment.committed)),
            Arc::new(StringArray::from_iter_values(all().map(|segment| segment.path.as_str()))),
            int(|segment| segment.bytes),
            int(|segment| segment.rows),
            time(|segment| segment.event_min),
            time(|segment| segment.event_max),
            hash(|segment| segment.sha256)?,
            hash(|segment| segment.root)?,
            Arc::new(schemas.finish()),
            Arc::new(policies.finish()),
            time(|segment| Some(segment.retain_until)),
        ];
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }
}

#[async_trait]
impl TableProvider for SegmentsTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _session: &dyn EngineSession,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let batch = self.batch()?;
        Ok(MemorySourceConfig::try_new_exec(&[vec![batch]], Arc::clone(&self.schema), projection.cloned())?)
    }
}
