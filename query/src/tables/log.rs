//! The table `log`: one row an entry of the event log, from its signed manifest.
//!
//! Entries are fetched by their number, never listed, and each one's signature is checked before it becomes a row.
//! A scan that reads the whole log also recomputes its root, so that no entry of another history can stand in.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{
    ArrayRef, FixedSizeBinaryArray, Int64Array, Int64Builder, ListArray, RecordBatch, StringArray,
    StringDictionaryBuilder, StructArray, TimestampMicrosecondArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Int32Type, SchemaRef};
use async_trait::async_trait;
use auditstore::log::{Entry, invalid_leaf};
use auditstore::{State, merkle, time};
use datafusion::catalog::streaming::StreamingTable;
use datafusion::catalog::{Session as EngineSession, TableProvider};
use datafusion::common::{Result, ScalarValue};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, Operator, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use futures::{StreamExt, TryStreamExt, stream};
use schemas::manifest::{Batch, Body, Manifest};

use super::{Column, Ty, arrow_schema, column, fields, optional};
use crate::error::Error;
use crate::lake::{Lake, Snapshot};
use crate::rows::ScanStats;

/// Entries that are fetched at once.
const REQUESTS_MAX: usize = 16;

/// Entries of one record batch.
const BATCH_ENTRIES: usize = 256;

/// Entries kept in memory between queries.
const KEPT_ENTRIES_MAX: usize = 50_000;

/// Entries whose root a scan recomputes (32 bytes each); for longer logs only `sealake verify` does.
const ROOT_ENTRIES_MAX: u64 = 4_000_000;

pub(crate) const LOG: &str = "log";
pub(crate) const LOG_DOC: &str = "The signed log of the lake: one row an entry.";
pub(crate) const LOG_COLUMNS: &[Column] = &[
    column("seq", Ty::Int, "Its position in the log, from 0."),
    column(
        "kind",
        Ty::Word,
        "What it is: init, source, policy, batch, heartbeat, snapshot, …; invalid or unknown.",
    ),
    optional("committed", Ty::Time, "When it was committed, UTC."),
    optional("instance", Ty::Word, "The process that wrote it."),
    column("sha256", Ty::Hash, "SHA-256 of the entry as it is stored."),
    optional("segments", Ty::Int, "Segments that it names."),
    optional("bytes", Ty::Int, "Their bytes."),
    optional("stored", Ty::Int, "Records that were stored."),
    optional("repeated", Ty::Int, "Stored records whose event_id stands before them in the same batch."),
    optional("messages", Ty::Int, "Kafka messages that were decoded."),
    optional("messages_quarantined", Ty::Int, "Kafka messages that went to quarantine whole."),
    optional("records_quarantined", Ty::Int, "Single records that went to quarantine."),
    optional("policy", Ty::Word, "Redaction policy of the batch: name and version."),
    optional("offsets", Ty::List(OFFSET_COLUMNS), "Ranges of Kafka offsets, one a partition."),
    optional("reasons", Ty::List(REASON_COLUMNS), "What was not stored, by reason."),
    optional("manifest", Ty::Text, "The manifest: the signed bytes, canonical JSON."),
];

const OFFSET_COLUMNS: &[Column] = &[
    column("source", Ty::Text, "The Kafka cluster and epoch."),
    column("topic", Ty::Text, "Kafka topic."),
    column("partition", Ty::Int, "Kafka partition."),
    column("first", Ty::Int, "First offset of the range."),
    column("next", Ty::Int, "Offset after the range."),
    column("gaps", Ty::Int, "Offsets inside the range that gave no message."),
];

const REASON_COLUMNS: &[Column] = &[
    column("what", Ty::Text, "quarantined, skipped_message, skipped_record or gap."),
    column("reason", Ty::Text, "Why."),
    column("count", Ty::Int, "How many."),
];

/// Entries that were read and checked before.
#[derive(Default)]
pub(crate) struct Entries(Mutex<Vec<Option<Arc<Row>>>>);

impl Entries {
    fn get(&self, seq: u64) -> Option<Arc<Row>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(usize::try_from(seq).ok()?).cloned().flatten()
    }

    fn keep(&self, row: &Arc<Row>) {
        let Ok(seq) = usize::try_from(row.seq) else { return };
        if seq < KEPT_ENTRIES_MAX {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() <= seq {
                kept.resize(seq + 1, None);
            }
            kept[seq] = Some(Arc::clone(row));
        }
    }
}

/// One entry.
struct Row {
    seq: u64,
    sha256: [u8; 32],
    leaf: [u8; 32],
    manifest: Option<Manifest>,
    text: Option<String>,
}

impl Row {
    /// An entry whose signature was checked, or an object that is none.
    fn new(entry: Entry) -> Row {
        let signed = !entry.note.signatures.is_empty();
        let leaf = if signed { entry.leaf() } else { merkle::leaf_hash(&invalid_leaf(&entry.sha256)) };
        let text = signed.then(|| String::from_utf8_lossy(&entry.manifest_bytes).into_owned());
        Row { seq: entry.seq, sha256: entry.sha256, leaf, manifest: entry.manifest, text }
    }

    fn batch(&self) -> Option<&Batch> {
        match &self.manifest.as_ref()?.body {
            Body::Batch(batch) => Some(batch),
            _ => None,
        }
    }

    fn kind(&self) -> &'static str {
        match (&self.manifest, &self.text) {
            (None, None) => "invalid",
            (None, Some(_)) => "unknown",
            (Some(manifest), _) => match &manifest.body {
                Body::Init(_) => "init",
                Body::Source(_) => "source",
                Body::Batch(_) => "batch",
                Body::Heartbeat(_) => "heartbeat",
                Body::Snapshot(_) => "snapshot",
                Body::Policy(_) => "policy",
                Body::Key(_) => "key",
                Body::Adopt(_) => "adopt",
            },
        }
    }

    /// (what, reason, count)
    fn reasons(&self) -> Vec<(&'static str, &str, u64)> {
        let Some(batch) = self.batch() else { return Vec::new() };
        let quarantined = batch.quarantine.iter().flat_map(|object| &object.reasons);
        let messages = batch.counts.messages.iter().flat_map(|messages| &messages.skipped);
        let gaps = batch.offsets.iter().flat_map(|range| &range.gaps);
        let named = |what| move |(reason, count): (_, &schemas::manifest::Dec)| (what, reason, count.0);
        let mut reasons: Vec<(&'static str, &String, u64)> = Vec::new();
        reasons.extend(quarantined.map(named("quarantined")));
        reasons.extend(messages.map(named("skipped_message")));
        reasons.extend(batch.counts.records.skipped.iter().map(named("skipped_record")));
        reasons.extend(gaps.map(named("gap")));
        reasons.into_iter().map(|(what, reason, count)| (what, reason.as_str(), count)).collect()
    }
}

/// `log` at one size.
pub(crate) struct LogTable {
    lake: Lake,
    state: State,
    schema: SchemaRef,
}

impl LogTable {
    pub(crate) fn new(lake: &Lake, snapshot: &Snapshot) -> LogTable {
        LogTable { lake: lake.clone(), state: snapshot.events.clone(), schema: arrow_schema(LOG_COLUMNS) }
    }
}

impl std::fmt::Debug for LogTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LogTable({} entries)", self.state.size)
    }
}

#[async_trait]
impl TableProvider for LogTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        // A range of seq says which entries are fetched; the engine filters their rows.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        session: &dyn EngineSession,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let part = LogStream {
            lake: self.lake.clone(),
            state: self.state.clone(),
            schema: Arc::clone(&self.schema),
            range: seq_range(filters, self.state.size),
            stats: session.config().get_extension::<ScanStats>().unwrap_or_default(),
        };
        StreamingTable::try_new(Arc::clone(&self.schema), vec![Arc::new(part)])?
            .scan(session, projection, &[], limit)
            .await
    }
}

/// The entries that comparisons of `seq` with whole numbers leave.
fn seq_range(filters: &[Expr], size: u64) -> Range<u64> {
    let (mut first, mut next) = (0, size);
    for filter in filters {
        let Expr::BinaryExpr(binary) = filter else { continue };
        let (operator, literal) = match (binary.left.as_ref(), binary.right.as_ref()) {
            (Expr::Column(column), Expr::Literal(literal, _)) if column.name == "seq" => (binary.op, literal),
            (Expr::Literal(literal, _), Expr::Column(column)) if column.name == "seq" => {
                let Some(operator) = binary.op.swap() else { continue };
                (operator, literal)
            }
            _ => continue,
        };
        let ScalarValue::Int64(Some(value)) = literal else { continue };
        let value = u64::try_from(*value).unwrap_or(0);
        match operator {
            Operator::Eq => (first, next) = (first.max(value), next.min(value.saturating_add(1))),
            Operator::Gt => first = first.max(value.saturating_add(1)),
            Operator::GtEq => first = first.max(value),
            Operator::Lt => next = next.min(value),
            Operator::LtEq => next = next.min(value.saturating_add(1)),
            _ => {}
        }
    }
    first..next.max(first)
}

/// The rows of one scan.
struct LogStream {
    lake: Lake,
    state: State,
    schema: SchemaRef,
    range: Range<u64>,
    stats: Arc<ScanStats>,
}

impl std::fmt::Debug for LogStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LogStream({}..{})", self.range.start, self.range.end)
    }
}

impl PartitionStream for LogStream {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let whole =
            self.range.start == 0 && self.range.end == self.state.size && self.state.size <= ROOT_ENTRIES_MAX;
        let mut root = whole.then(|| RootCheck {
            state: self.state.clone(),
            leaves: Vec::new(),
            skipped: BTreeSet::new(),
        });
        let (lake, stats) = (self.lake.clone(), Arc::clone(&self.stats));
        let rows =
            stream::iter(self.range.clone()).map(move |seq| fetch(lake.clone(), seq, Arc::clone(&stats)));
        let rows = rows.buffered(REQUESTS_MAX).and_then(move |row| {
            let checked = match root.as_mut() {
                Some(root) => root.take(&row).map(|()| row),
                None => Ok(row),
            };
            async { checked }
        });
        let schema = Arc::clone(&self.schema);
        let batches = rows
            .try_chunks(BATCH_ENTRIES)
            .map_err(|error| error.1)
            .map(move |rows| batch(&schema, &rows.map_err(datafusion::error::DataFusionError::from)?));
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), batches))
    }
}

async fn fetch(lake: Lake, seq: u64, stats: Arc<ScanStats>) -> Result<Arc<Row>, Error> {
    let log = lake.events();
    if let Some(row) = log.entries.get(seq) {
        return Ok(row);
    }
    let entry = log.entry(seq).await?;
    stats.read(entry.bytes);
    let row = Arc::new(Row::new(entry));
    log.entries.keep(&row);
    Ok(row)
}

/// Recomputes the root of the log while its entries go by.
struct RootCheck {
    state: State,
    leaves: Vec<([u8; 32], [u8; 32])>,
    skipped: BTreeSet<u64>,
}

impl RootCheck {
    fn take(&mut self, row: &Row) -> Result<(), Error> {
        self.leaves.push((row.leaf, row.sha256));
        if let Some(manifest) = &row.manifest {
            self.skipped.extend(manifest.skipped.iter().map(|skipped| skipped.seq.0));
        }
        if self.leaves.len() as u64 != self.state.size {
            return Ok(());
        }
        // What later entries judged invalid counts as such, also where its signature is good.
        self.skipped.extend(self.state.pending.iter().map(|skipped| skipped.seq.0));
        let leaves = self.leaves.iter().enumerate().map(|(seq, (leaf, sha256))| {
            if self.skipped.contains(&(seq as u64)) {
                merkle::leaf_hash(&invalid_leaf(sha256))
            } else {
                *leaf
            }
        });
        if merkle::root(&leaves.collect::<Vec<_>>()) != self.state.root {
            return Err(Error::Corrupted(
                "the entries of the log do not give the root that it signs; run `sealake verify`".to_owned(),
            ));
        }
        Ok(())
    }
}

fn batch(schema: &SchemaRef, rows: &[Arc<Row>]) -> Result<RecordBatch> {
    let int = |value: &dyn Fn(&Row) -> Option<u64>| -> ArrayRef {
        let values = rows.iter().map(|row| value(row).and_then(|value| i64::try_from(value).ok()));
        Arc::new(Int64Array::from_iter(values))
    };
    let word = |value: &dyn Fn(&Row) -> Option<String>| -> ArrayRef {
        let mut words = StringDictionaryBuilder::<Int32Type>::new();
        rows.iter().for_each(|row| words.append_option(value(row)));
        Arc::new(words.finish())
    };
    let of_batch = |value: &dyn Fn(&Batch) -> u64| int(&|row| row.batch().map(value));
    let committed = rows.iter().map(|row| time::parse_time(&row.manifest.as_ref()?.committed));
    let hashes = rows.iter().map(|row| Some(row.sha256));
    let columns: Vec<ArrayRef> = vec![
        int(&|row| Some(row.seq)),
        word(&|row| Some(row.kind().to_owned())),
        Arc::new(TimestampMicrosecondArray::from_iter(committed).with_timezone("UTC")),
        word(&|row| row.manifest.as_ref().map(|manifest| manifest.writer.instance.clone())),
        Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(hashes, 32)?),
        of_batch(&|batch| batch.files.len() as u64),
        of_batch(&|batch| batch.files.iter().map(|file| file.bytes.0).sum()),
        of_batch(&|batch| batch.counts.records.stored.0),
        of_batch(&|batch| batch.counts.records.repeated.0),
        int(&|row| row.batch()?.counts.messages.as_ref().map(|messages| messages.decoded.0)),
        int(&|row| row.batch()?.counts.messages.as_ref().map(|messages| messages.quarantined.0)),
        of_batch(&|batch| batch.counts.records.quarantined.0),
        word(&|row| {
            row.batch()?
                .redaction
                .as_ref()
                .map(|redaction| format!("{}/{}", redaction.policy, redaction.version))
        }),
        offsets(rows)?,
        reasons(rows)?,
        Arc::new(StringArray::from_iter(rows.iter().map(|row| row.text.as_deref()))),
    ];
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

fn offsets(rows: &[Arc<Row>]) -> Result<ArrayRef> {
    let ranges = |row: &Arc<Row>| row.batch().map_or(0, |batch| batch.offsets.len());
    let lengths = OffsetBuffer::from_lengths(rows.iter().map(ranges));
    let all = || rows.iter().filter_map(|row| row.batch()).flat_map(|batch| &batch.offsets);
    let int = |value: &dyn Fn(&schemas::manifest::OffsetRange) -> u64| -> ArrayRef {
        let mut ints = Int64Builder::new();
        all().for_each(|range| ints.append_value(i64::try_from(value(range)).unwrap_or(i64::MAX)));
        Arc::new(ints.finish())
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter(all().map(|range| Some(range.source.as_str())))),
        Arc::new(StringArray::from_iter(all().map(|range| Some(range.topic.as_str())))),
        int(&|range| range.partition.0),
        int(&|range| range.first.0),
        int(&|range| range.next.0),
        int(&|range| range.gaps.values().map(|count| count.0).sum()),
    ];
    list(OFFSET_COLUMNS, lengths, columns)
}

fn reasons(rows: &[Arc<Row>]) -> Result<ArrayRef> {
    let reasons: Vec<Vec<(&str, &str, u64)>> = rows.iter().map(|row| row.reasons()).collect();
    let lengths = OffsetBuffer::from_lengths(reasons.iter().map(Vec::len));
    let all = || reasons.iter().flatten();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter(all().map(|reason| Some(reason.0)))),
        Arc::new(StringArray::from_iter(all().map(|reason| Some(reason.1)))),
        Arc::new(Int64Array::from_iter_values(
            all().map(|reason| i64::try_from(reason.2).unwrap_or(i64::MAX)),
        )),
    ];
    list(REASON_COLUMNS, lengths, columns)
}

fn list(of: &'static [Column], lengths: OffsetBuffer<i32>, columns: Vec<ArrayRef>) -> Result<ArrayRef> {
    let rows = columns.first().map_or(0, |column| column.len());
    let structs = StructArray::try_new_with_length(fields(of), columns, None, rows)?;
    let item = Arc::new(Field::new("item", DataType::Struct(fields(of)), false));
    Ok(Arc::new(ListArray::try_new(item, lengths, Arc::new(structs), None)?))
}
