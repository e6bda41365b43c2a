//! A batch's objects: segments with their leaves and roots, the detail, the quarantine, and if asked the rows.
//!
//! The rows of an access log are always looked at, in two columns: each says which head of the event log it saw.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use schemas::manifest::{Batch, Segment};
use schemas::verdict::Verdict;
use schemas::{Record, Schema, access, event, row};

use super::objects::{Checked, Expected, OBJECT_BYTES_MAX, Observed, Place, check};
use super::report::found;
use super::rules::{NamedBatch, hash};
use crate::merkle::{self, Hash, leaf_hash};
use crate::segment::{self, Detail, FileDetail};
use crate::time::format_time;

/// Heads of the event log that access records saw, size and root, each with a segment that holds such a record.
pub(super) type Looks = BTreeMap<(u64, Option<Hash>), String>;

/// Rows that are decoded at once when records are computed again.
const BATCH_ROWS: usize = 1024;

/// Checks everything that a batch names.
pub(super) async fn check_batch(place: &Place, named: &NamedBatch) -> Checked {
    let mut checked = Checked::default();
    let batch = &named.batch;
    let detail = detail(place, batch, &mut checked).await;
    for object in &batch.quarantine {
        let sha256 = hash(&object.sha256);
        let expected = Expected {
            path: &object.path,
            sha256,
            bytes: None,
            bytes_max: OBJECT_BYTES_MAX,
            detail: None,
            keep: false,
        };
        check(place, &expected, &mut checked).await;
    }
    let mut rows = Rows::default();
    for file in &batch.files {
        let detail = detail.as_ref().and_then(|detail| detail.file(&file.path));
        check_segment(place, batch, file, detail, &mut rows, &mut checked).await;
    }
    if place.context.records && rows.files == batch.files.len() {
        rows.compare(&place.name(&format!("log/0001/{:016}.entry", named.seq)), batch, &mut checked);
    }
    checked
}

async fn detail(place: &Place, batch: &Batch, checked: &mut Checked) -> Option<Detail> {
    let object = batch.detail.as_ref()?;
    let sha256 = hash(&object.sha256);
    let expected = Expected {
        path: &object.path,
        sha256,
        bytes: None,
        bytes_max: segment::SEGMENT_BYTES_MAX as u64,
        detail: None,
        keep: true,
    };
    let observed = check(place, &expected, checked).await?;
    let name = place.name(&object.path);
    let detail = match Detail::parse(&observed.content?) {
        Ok(detail) => detail,
        Err(error) => {
            found(&mut checked.lines, Verdict::Modified, name, format!("signed, but no detail: {error}"));
            return None;
        }
    };
    let described: Vec<&str> = detail.files().map(|(path, _)| path).collect();
    let files: Vec<&str> = batch.files.iter().map(|file| file.path.as_str()).collect();
    if described != files {
        found(&mut checked.lines, Verdict::CountMismatch, name, "does not describe the batch's segments");
    }
    Some(detail)
}

async fn check_segment(
    place: &Place,
    batch: &Batch,
    file: &Segment,
    detail: Option<&Arc<FileDetail>>,
    rows: &mut Rows,
    checked: &mut Checked,
) {
    let access = batch.schema == access::ACCESS.id;
    let expected = Expected {
        path: &file.path,
        sha256: hash(&file.sha256),
        bytes: Some(file.bytes.0),
        bytes_max: OBJECT_BYTES_MAX,
        detail: detail.map(Arc::as_ref),
        keep: place.context.records || access,
    };
    let parquet = check(place, &expected, checked).await;
    let expected = Expected {
        path: &file.leaves.path,
        sha256: hash(&file.leaves.sha256),
        bytes: file.rows.0.checked_mul(32),
        bytes_max: OBJECT_BYTES_MAX,
        detail: None,
        keep: true,
    };
    let leaves = check(place, &expected, checked).await;
    let name = place.name(&file.path);
    if let Some(leaves) = leaves.and_then(|leaves| leaves.content) {
        let (hashes, rest) = leaves.as_chunks::<32>();
        if !rest.is_empty() || merkle::root(hashes) != hash(&file.root) {
            let detail = "the root in the manifest is not that of the leaves";
            found(&mut checked.lines, Verdict::RootMismatch, place.name(&file.leaves.path), detail);
        }
    }
    let Some(parquet) = parquet else {
        if place.folder.is_empty() {
            checked.segments_uncounted += 1;
            checked.records_uncounted += file.rows.0;
        }
        return;
    };
    if let Some(detail) = detail {
        compare_detail(&name, file, detail, &parquet, checked);
    }
    let Some(content) = parquet.content else {
        if expected.keep && (place.context.records || access) {
            found(
                &mut checked.lines,
                Verdict::Unreadable,
                name,
                "larger than a segment may be; its rows were not read",
            );
        }
        return;
    };
    if access && let Err(error) = looks(&name, &content, checked) {
        found(&mut checked.lines, Verdict::Unreadable, &name, error);
    }
    if place.context.records {
        match recompute(batch, &content, rows) {
            Ok((root, times)) => {
                rows.files += 1;
                if root != hash(&file.root) {
                    let detail = "the root in the manifest is not that of the rows";
                    found(&mut checked.lines, Verdict::RootMismatch, name.as_str(), detail);
                }
                let text = |time: Option<i64>| time.map(format_time);
                if (text(times.0), text(times.1)) != (file.event_min.clone(), file.event_max.clone()) {
                    let detail = "the event times in the manifest are not those of the rows";
                    found(&mut checked.lines, Verdict::CountMismatch, name, detail);
                }
            }
            Err(error) => found(&mut checked.lines, Verdict::Unreadable, name, error),
        }
    }
}

/// The detail is signed too; what it says must be so, or queries would refuse sound data.
fn compare_detail(
    name: &str,
    file: &Segment,
    detail: &FileDetail,
    parquet: &Observed,
    checked: &mut Checked,
) {
    let blocks = detail.blocks.iter().map(|block| block.0);
    if !blocks.eq(parquet.blocks.iter().copied()) || detail.bytes != file.bytes {
        found(
            &mut checked.lines,
            Verdict::CountMismatch,
            name,
            "the detail's block hashes are not those of the file",
        );
    }
    let rows = detail.row_groups.iter().try_fold(0_u64, |rows, group| rows.checked_add(group.rows.0));
    if rows != Some(file.rows.0) {
        found(
            &mut checked.lines,
            Verdict::CountMismatch,
            name,
            "the detail's row groups have another number of rows",
        );
    }
}

fn reader(content: &Bytes) -> Result<ParquetRecordBatchReaderBuilder<Bytes>, String> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(content.clone()).map_err(text)?;
    Ok(builder.with_batch_size(BATCH_ROWS))
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Collects the heads of the event log that access records saw.
fn looks(name: &str, content: &Bytes, checked: &mut Checked) -> Result<(), String> {
    let builder = reader(content)?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), ["snapshot_size", "snapshot_root"]);
    let reader: ParquetRecordBatchReader = builder.with_projection(mask).build().map_err(text)?;
    for batch in reader {
        let batch = batch.map_err(text)?;
        let column = |name: &str| batch.column_by_name(name).ok_or_else(|| format!("no column {name}"));
        let sizes = column("snapshot_size")?;
        let sizes = sizes.as_primitive_opt::<Int64Type>().ok_or("snapshot_size is no integer")?;
        let roots = column("snapshot_root")?;
        let roots = roots.as_fixed_size_binary_opt().ok_or("snapshot_root is no hash")?;
        for at in 0..batch.num_rows() {
            if sizes.is_valid(at) {
                let root = if roots.is_valid(at) { Hash::try_from(roots.value(at)).ok() } else { None };
                // A negative size is none that the log could ever have.
                let size = u64::try_from(sizes.value(at)).unwrap_or(u64::MAX);
                checked.looks.entry((size, root)).or_insert_with(|| name.to_owned());
            }
        }
    }
    Ok(())
}

/// What the rows of a batch say, to compare with its counts.
#[derive(Default)]
struct Rows {
    files: usize,
    repeated: u64,
    ids: HashSet<Hash>,
    /// Offsets of messages with rows, by source, topic, partition: least, greatest, and how many.
    positions: BTreeMap<(String, String, u64), HashSet<i64>>,
}

/// The earliest and the latest time of a file's rows.
type Times = (Option<i64>, Option<i64>);

/// The Merkle root over the rows of a file, and their times, computed from its columns.
fn recompute(batch: &Batch, content: &Bytes, rows: &mut Rows) -> Result<(Hash, Times), String> {
    let schemas: [&'static Schema; 2] = [&event::EVENT, &access::ACCESS];
    let schema = schemas.into_iter().find(|schema| schema.id == batch.schema);
    let schema = schema.ok_or_else(|| format!("schema {} is not known", batch.schema))?;
    let time = schema.find("event_time").or_else(|| schema.find("time"));
    let (mut edge, mut times) = (merkle::Edge::default(), (None, None));
    let mut bytes = Vec::new();
    for rows_read in reader(content)?.build().map_err(text)? {
        for (salt, record) in segment::records(&rows_read.map_err(text)?, schema).map_err(text)? {
            bytes.clear();
            row::encode(&record, &salt, &mut bytes).map_err(text)?;
            edge.push(leaf_hash(&bytes));
            if let Some(time) = time.and_then(|time| record.get(time).as_time()) {
                times.0 = Some(times.0.map_or(time, |least: i64| least.min(time)));
                times.1 = Some(times.1.map_or(time, |most: i64| most.max(time)));
            }
            if schema.id == event::EVENT.id {
                rows.add(&record);
            }
        }
    }
    Ok((edge.root(), times))
}

impl Rows {
    fn add(&mut self, record: &Record) {
        if let Some(id) = record.get(event::EVENT_ID).as_bytes().and_then(|id| Hash::try_from(id).ok())
            && !self.ids.insert(id)
        {
            self.repeated += 1;
        }
        let text = |column| record.get(column).as_text().unwrap_or_default().to_owned();
        let int = |column| record.get(column).as_int().unwrap_or(-1);
        let place = (text(event::KAFKA_SOURCE), text(event::KAFKA_TOPIC), int(event::KAFKA_PARTITION) as u64);
        self.positions.entry(place).or_default().insert(int(event::KAFKA_OFFSET));
    }

    /// Rows must come from the offsets that their batch accounts for, and from no more messages than it decoded.
    fn compare(&self, entry: &str, batch: &Batch, checked: &mut Checked) {
        let mut mismatch = |detail: String| found(&mut checked.lines, Verdict::CountMismatch, entry, detail);
        if batch.schema != event::EVENT.id {
            return;
        }
        if self.repeated != batch.counts.records.repeated.0 {
            mismatch(format!(
                "{} records repeat an event_id, the manifest says {}",
                self.repeated, batch.counts.records.repeated
            ));
        }
        let mut messages = 0;
        for ((source, topic, partition), offsets) in &self.positions {
            messages += offsets.len() as u64;
            let range = batch.offsets.iter().find(|range| {
                range.source == *source && range.topic == *topic && range.partition.0 == *partition
            });
            let inside = range.is_some_and(|range| {
                offsets.iter().all(|offset| (range.first.0..range.next.0).contains(&(*offset as u64)))
            });
            if !inside {
                mismatch(format!(
                    "{topic} partition {partition}: rows from offsets that the batch does not name"
                ));
            }
        }
        if batch.counts.messages.as_ref().is_some_and(|counted| messages > counted.decoded.0) {
            mismatch(format!("rows from {messages} messages, more than were decoded"));
        }
    }
}
