//! A table over the live segments of a log, at one size of it.
//!
//! The list of segments comes from the log that was replayed and verified, so a scan lists nothing; segments that
//! cannot hold a row are left out before one byte of them is read; the rest goes to the engine's own Parquet
//! source, whose every read passes [`crate::objects`] and is checked against the log. A row also says where it
//! comes from: its log entry, its segment and its place in it, which is where a proof begins.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema as ArrowSchema, SchemaRef, TimeUnit};
use async_trait::async_trait;
use auditstore::{LiveSegment, segment};
use datafusion::catalog::{Session as EngineSession, TableProvider};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result, ScalarValue, Statistics, stats::Precision};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType, utils::conjunction};
use datafusion::parquet::arrow::RowNumber;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use futures::{StreamExt, stream};
use schemas::{Schema, Type};

use crate::docs::{COMMITTED, LOG_SEQ, SEGMENT, SEGMENT_ROW};
use crate::lake::{Lake, Snapshot};
use crate::objects::{Objects, ReaderFactory};
use crate::prune::{Known, Pruner};
use crate::rows::ScanStats;
use crate::runtime::LAKE_URL;

/// Details that are fetched at once while segments are chosen.
const DETAIL_REQUESTS_MAX: usize = 16;

/// Metadata key of a column's documentation, as in the segments themselves.
pub(crate) const COMMENT: &str = "comment";

/// Schemas whose segments this program knows. A segment of another one is read by the names of its columns.
static SCHEMAS: &[&Schema] = &[&schemas::event::EVENT, &schemas::access::ACCESS];

/// `events` or `access`.
pub(crate) struct SegmentTable {
    schema: &'static Schema,
    time: &'static str,
    table: TableSchema,
    objects: Arc<Objects>,
    segments: Arc<Vec<Arc<LiveSegment>>>,
}

impl SegmentTable {
    pub(crate) fn events(lake: &Lake, snapshot: &Snapshot) -> SegmentTable {
        let segments = Arc::clone(&snapshot.events.segments);
        SegmentTable::new(&schemas::event::EVENT, "event_time", lake.event_objects(), segments)
    }

    pub(crate) fn access(lake: &Lake, snapshot: &Snapshot) -> SegmentTable {
        let segments = snapshot.access.as_ref().map(|state| Arc::clone(&state.segments)).unwrap_or_default();
        SegmentTable::new(&schemas::access::ACCESS, "time", lake.access_objects(), segments)
    }

    fn new(
        schema: &'static Schema,
        time: &'static str,
        objects: Arc<Objects>,
        segments: Arc<Vec<Arc<LiveSegment>>>,
    ) -> SegmentTable {
        let older = segments.iter().any(|segment| segment.schema != schema.id);
        SegmentTable { schema, time, table: table_schema(schema, older), objects, segments }
    }

    /// The segments that may hold a row that the filters want.
    async fn choose(&self, session: &dyn EngineSession, filters: &[Expr]) -> Result<Vec<Arc<LiveSegment>>> {
        let all = || self.segments.iter().map(Arc::clone);
        let Some(filter) = conjunction(filters.iter().cloned()) else { return Ok(all().collect()) };
        let schema = self.table.table_schema();
        let predicate =
            session.create_physical_expr(filter, &DFSchema::try_from(schema.as_ref().clone())?)?;
        let Some(pruner) = Pruner::new(&predicate, schema, self.time) else { return Ok(all().collect()) };
        let known = all().map(|segment| Known { segment, detail: None }).collect();
        let kept = pruner.keep(schema, self.time, known)?;
        if !pruner.wants_details() {
            return Ok(kept);
        }
        let known = stream::iter(kept).map(|segment| async {
            let detail = self.objects.detail(&segment).await;
            Known { segment, detail }
        });
        let known: Vec<Known> = known.buffered(DETAIL_REQUESTS_MAX).collect().await;
        pruner.keep(schema, self.time, known)
    }

    fn file(&self, segment: &Arc<LiveSegment>) -> PartitionedFile {
        let mut file = PartitionedFile::new(segment.path.clone(), segment.bytes)
            .with_partition_values(vec![
                ScalarValue::Int64(i64::try_from(segment.seq).ok()),
                ScalarValue::TimestampMicrosecond(Some(segment.committed), Some("UTC".into())),
                ScalarValue::Dictionary(
                    Box::new(DataType::Int32),
                    Box::new(ScalarValue::Utf8(Some(segment.path.clone()))),
                ),
            ])
            .with_extension(Arc::clone(segment));
        if let Some(schema) = SCHEMAS.iter().find(|schema| schema.id == segment.schema) {
            file = file.with_arrow_schema(segment::arrow_schema(schema));
        }
        // The number of rows is signed in the manifest, so a count needs no read.
        let mut statistics = Statistics::new_unknown(self.table.table_schema());
        statistics.num_rows = Precision::Exact(usize::try_from(segment.rows).unwrap_or(usize::MAX));
        file.with_statistics(Arc::new(statistics))
    }

    /// Whether rows are filtered while they are decoded. That pays when the filter throws most rows away and the
    /// columns that are then not decoded are wide; it costs when they are narrow.
    fn filters_while_decoding(&self, projection: Option<&Vec<usize>>, filters: &[Expr]) -> bool {
        let mut filtered = BTreeSet::new();
        for filter in filters {
            let seen = filter.apply(|expr| {
                if let Expr::Column(column) = expr {
                    filtered.insert(column.name.clone());
                }
                Ok(TreeNodeRecursion::Continue)
            });
            if seen.is_err() {
                return false;
            }
        }
        // A range of time already chose segments and row groups: few rows are left to throw away.
        if filtered.iter().all(|column| {
            column == self.time || [LOG_SEQ.0, COMMITTED.0, SEGMENT.0].contains(&column.as_str())
        }) {
            return false;
        }
        let wanted = |at: usize| projection.is_none_or(|projection| projection.contains(&at));
        let wide = |ty: Type| matches!(ty, Type::LargeText | Type::List(_) | Type::Struct(_));
        let mut columns = self.schema.columns.iter().enumerate();
        columns.any(|(at, column)| wanted(at) && wide(column.ty) && !filtered.contains(column.name))
    }
}

/// The columns of SQL: those of the schema without the salt (which is for checking rows, not for reading them),
/// then where the row comes from. `older` says that some segments may lack columns: then any can be null.
fn table_schema(schema: &'static Schema, older: bool) -> TableSchema {
    let arrow = segment::arrow_schema(schema);
    let fields = arrow.fields().iter().skip(1).map(|field| {
        let field = field.as_ref().clone();
        let nullable = older || field.is_nullable();
        field.with_nullable(nullable)
    });
    let file_schema: SchemaRef = Arc::new(ArrowSchema::new(fields.collect::<Vec<_>>()));
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let path = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let row = documented(SEGMENT_ROW, DataType::Int64);
    let mut metadata = row.metadata().clone();
    let row = row.as_ref().clone().with_extension_type(RowNumber);
    metadata.extend(row.metadata().clone());
    TableSchema::builder(file_schema)
        .with_table_partition_cols(vec![
            documented(LOG_SEQ, DataType::Int64),
            documented(COMMITTED, time),
            documented(SEGMENT, path),
        ])
        .with_virtual_columns(vec![Arc::new(row.with_metadata(metadata)) as FieldRef])
        .build()
}

fn documented((name, doc): (&str, &str), ty: DataType) -> FieldRef {
    Arc::new(Field::new(name, ty, false).with_metadata([(COMMENT.to_owned(), doc.to_owned())].into()))
}

impl std::fmt::Debug for SegmentTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SegmentTable({}, {} segments)", self.schema.id, self.segments.len())
    }
}

#[async_trait]
impl TableProvider for SegmentTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.table.table_schema())
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        // They choose segments; the engine then filters rows, while it decodes them or after.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        session: &dyn EngineSession,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let segments = self.choose(session, filters).await?;
        let files: Vec<PartitionedFile> = segments.iter().map(|segment| self.file(segment)).collect();
        if files.is_empty() {
            // A scan of no files has no partition, and a sort refuses that.
            let schema = self.schema();
            let schema = match projection {
                Some(columns) => Arc::new(schema.project(columns)?),
                None => schema,
            };
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let partitions = session.config().target_partitions().max(1);
        let groups = FileGroup::new(files).split_files(partitions);
        let stats = session.config().get_extension::<ScanStats>().unwrap_or_default();
        let while_decoding = self.filters_while_decoding(projection, filters);
        let source = ParquetSource::new(self.table.clone())
            .with_parquet_file_reader_factory(Arc::new(ReaderFactory {
                objects: Arc::clone(&self.objects),
                stats,
            }))
            .with_pushdown_filters(while_decoding)
            .with_reorder_filters(while_decoding);
        let config = FileScanConfigBuilder::new(ObjectStoreUrl::parse(LAKE_URL)?, Arc::new(source))
            .with_file_groups(groups)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}

#[cfg(test)]
mod tests;
