//! Rows into Parquet bytes, leaves and root: everything of a segment except its name.
//!
//! Rows keep the order in which they were given (Kafka's), since leaf hashes and proofs go by position. The length of
//! their encoding says when a segment is full.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, FixedSizeBinaryArray, RecordBatch};
use arrow::buffer::Buffer;
use arrow::datatypes::SchemaRef;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::{KeyValue, ParquetMetaData, SortingColumn};
use parquet::file::properties::{
    EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion,
};
use parquet::schema::types::ColumnPath;
use redactor::sha256;
use schemas::manifest::Dec;
use schemas::{Class, Column, Schema, Type};

use super::arrow_schema::written_schema;
use super::detail::{FileDetail, Hash, RowGroup, blocks};
use super::row::{Filled, time_column};
use super::statistics::Statistics;
use super::{Error, Row, arrays};

/// Largest segment: it is written in one PUT, and a reader without its `.detail` must hold it whole.
pub const SEGMENT_BYTES_MAX: usize = 64 << 20;

/// Room kept for page indexes and footer when a segment's size is estimated.
const FOOTER_BYTES: usize = 2 << 20;

/// Encoded bytes of the rows that are given to the Parquet writer at once.
const CHUNK_BYTES: usize = 4 << 20;

/// Rows that are given to the Parquet writer at once.
const CHUNK_ROWS_MAX: usize = 8192;

/// Rows in a row group: the unit that a reader skips or reads at once.
const ROW_GROUP_ROWS_MAX: usize = 65_536;

/// Rows in a data page: the unit that the page index skips.
const PAGE_ROWS_MAX: usize = 20_000;

/// zstd level: above it, text shrinks by a few per cent, and writing takes a quarter longer.
const ZSTD_LEVEL: i32 = 1;

/// Columns with a Bloom filter: identifiers that an auditor looks up without knowing the time.
const BLOOM_COLUMNS: &[&str] = &["event_id", "request_id", "trace_id", "actor_id", "input_hash", "access_id"];

/// Columns in which hardly any value stands twice.
const UNIQUE_COLUMNS: &[&str] = &["kafka_offset", "request_id", "response_id"];

/// False positives of a Bloom filter.
const BLOOM_FPP: f64 = 0.01;

/// One segment, ready to be written under a name that its `sha256` gives.
#[derive(Clone, Debug)]
pub struct Built {
    /// The Parquet file, at most [`SEGMENT_BYTES_MAX`].
    pub parquet: Bytes,
    /// The leaf hashes, 32 bytes a row, in row order.
    pub leaves: Bytes,
    /// SHA-256 of `parquet`.
    pub sha256: [u8; 32],
    /// SHA-256 of `leaves`.
    pub leaves_sha256: [u8; 32],
    /// Root of the Merkle tree over the rows (RFC 6962).
    pub root: [u8; 32],
    /// Number of rows.
    pub rows: u64,
    /// Earliest time of the rows (`event_time`, or `time` of an access record), microseconds UTC.
    pub event_min: Option<i64>,
    /// Latest time of the rows, microseconds UTC.
    pub event_max: Option<i64>,
    /// Block hashes, row groups and statistics, for the batch's [`super::Detail`].
    pub detail: Arc<FileDetail>,
}

/// Builds the segments of a batch: one, or more if the rows do not fit one of [`SEGMENT_BYTES_MAX`]. No rows, no
/// segment.
///
/// # Errors
/// A row of another schema (nothing of the batch is built then).
pub fn build(schema: &'static Schema, rows: &[Row]) -> Result<Vec<Built>, Error> {
    let layout = Layout::new(schema, rows);
    let mut built = Vec::new();
    let mut file: Option<Writer<'_>> = None;
    let mut chunk = Chunk::new(schema)?;
    for (at, row) in rows.iter().enumerate() {
        if !std::ptr::eq(row.schema(), schema) && row.schema() != schema {
            return Err(Error::Row {
                row: at,
                column: row.schema().id.to_owned(),
                what: "is another schema",
            });
        }
        chunk.push(row)?;
        let last = at + 1 == rows.len();
        if last || chunk.bytes >= CHUNK_BYTES || chunk.rows.len() >= CHUNK_ROWS_MAX {
            if let Some(full) =
                file.take_if(|file| file.bytes() + chunk.bytes > SEGMENT_BYTES_MAX - FOOTER_BYTES)
            {
                built.push(full.finish()?);
            }
            let first_row = at + 1 - chunk.rows.len();
            match &mut file {
                Some(file) => file.write(&mut chunk)?,
                none => none.insert(Writer::new(&layout, first_row)?).write(&mut chunk)?,
            }
            chunk.clear();
        }
    }
    if let Some(file) = file {
        built.push(file.finish()?);
    }
    Ok(built)
}

/// Rows on their way to the Parquet writer.
struct Chunk<'a> {
    rows: Vec<&'a Row>,
    salts: Vec<u8>,
    columns: Vec<arrays::Builder>,
    bytes: usize,
}

impl<'a> Chunk<'a> {
    fn new(schema: &'static Schema) -> Result<Chunk<'a>, Error> {
        Ok(Chunk {
            rows: Vec::new(),
            salts: Vec::new(),
            columns: schema.columns.iter().map(arrays::Builder::new).collect::<Result<_, _>>()?,
            bytes: 0,
        })
    }

    /// Empty again; the columns were emptied when their arrays were taken.
    fn clear(&mut self) {
        self.rows.clear();
        self.salts.clear();
        self.bytes = 0;
    }

    fn push(&mut self, row: &'a Row) -> Result<(), Error> {
        let mut fields = row.fields();
        for column in &mut self.columns {
            column.append_next(&mut fields)?;
        }
        self.bytes += row.size();
        self.rows.push(row);
        self.salts.extend_from_slice(row.salt());
        Ok(())
    }
}

/// What all segments of a batch have in common.
struct Layout {
    schema: &'static Schema,
    arrow: SchemaRef,
    properties: WriterProperties,
}

impl Layout {
    fn new(schema: &'static Schema, rows: &[Row]) -> Layout {
        let times = || rows.iter().map(Row::time);
        let is_sorted = times().zip(times().skip(1)).all(|(a, b)| a.is_some() && a <= b);
        let sorted = time_column(schema).filter(|_| is_sorted);
        let filled = rows.iter().fold(Filled::default(), |filled, row| filled.or(row.filled()));
        let rows = rows.len().min(ROW_GROUP_ROWS_MAX) as u64;
        let properties = properties(schema, rows, filled, sorted);
        Layout { schema, arrow: written_schema(schema), properties }
    }
}

/// How a segment is written. No `ARROW:schema` is embedded: field ids and logical types say all, and a reader
/// that wants our Arrow types takes them from [`arrow_schema`].
fn properties(schema: &'static Schema, rows: u64, filled: Filled, sorted: Option<usize>) -> WriterProperties {
    let level = ZstdLevel::try_new(ZSTD_LEVEL).unwrap_or_default();
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("sealake ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS_MAX))
        .set_data_page_row_count_limit(PAGE_ROWS_MAX)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_key_value_metadata(Some(vec![KeyValue::new("sealake.schema".to_owned(), schema.id.to_owned())]));
    // The columns before the time column are all flat, so that its position is that of its leaf: salt and those.
    if let Some(time) = sorted.filter(|time| schema.columns[..*time].iter().all(is_flat)) {
        let column = SortingColumn { column_idx: 1 + time as i32, descending: false, nulls_first: false };
        properties = properties.set_sorting_columns(Some(vec![column]));
    }
    properties = opaque(properties, ColumnPath::from("record_salt"));
    for (position, column) in schema.columns.iter().enumerate() {
        properties = leaf_properties(properties, &[column], filled.may_have(position));
        if BLOOM_COLUMNS.contains(&column.name) {
            let path = ColumnPath::from(column.name);
            properties = properties
                .set_column_bloom_filter_max_ndv(path.clone(), rows.max(1))
                .set_column_bloom_filter_fpp(path, BLOOM_FPP);
        }
    }
    properties.build()
}

fn is_flat(column: &Column) -> bool {
    !matches!(column.ty, Type::List(_) | Type::Struct(_) | Type::Counts)
}

/// What each kind of column gains nothing from is left out.
///
/// Text of any length, random bytes and points in time are hardly ever the same twice, so that a dictionary of them is
/// all of them once more. Nothing is skipped by statistics of such text and bytes, nor of what lies inside a list.
/// A column of which no row has a value is not compressed: a compressor takes more memory than all its pages.
fn leaf_properties(
    properties: WriterPropertiesBuilder,
    path: &[&Column],
    is_filled: bool,
) -> WriterPropertiesBuilder {
    let Some(column) = path.last() else { return properties };
    let is_inside = path.len() > 1;
    let name = ColumnPath::new(parquet_path(path));
    let properties = match is_filled {
        true => properties,
        false => properties.set_column_compression(name.clone(), Compression::UNCOMPRESSED),
    };
    match column.ty {
        Type::List(item) => {
            let path: Vec<&Column> = path.iter().copied().chain([item]).collect();
            leaf_properties(properties, &path, is_filled)
        }
        Type::Struct(fields) => fields.iter().fold(properties, |properties, field| {
            let path: Vec<&Column> = path.iter().copied().chain([field]).collect();
            leaf_properties(properties, &path, is_filled)
        }),
        Type::LargeText => opaque(properties, name),
        Type::FixedBinary(_) if column.class == Class::Opaque => opaque(properties, name),
        Type::FixedBinary(_) => properties.set_column_dictionary_enabled(name, false),
        Type::Time => ascending(properties, name),
        // Where in a text a finding lies.
        Type::Int32 if is_inside => {
            ascending(properties.set_column_statistics_enabled(name.clone(), EnabledStatistics::None), name)
        }
        _ if UNIQUE_COLUMNS.contains(&column.name) && !is_inside => match column.ty {
            Type::Int64 => ascending(properties, name),
            _ => properties.set_column_dictionary_enabled(name, false),
        },
        _ if is_inside => properties.set_column_statistics_enabled(name, EnabledStatistics::None),
        _ => properties,
    }
}

/// Numbers that mostly ascend, of which there are as many as rows: their differences are short.
fn ascending(properties: WriterPropertiesBuilder, path: ColumnPath) -> WriterPropertiesBuilder {
    properties
        .set_column_dictionary_enabled(path.clone(), false)
        .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED)
}

/// The Parquet path of a leaf: a list column `x` holds its items in the group `list`.
fn parquet_path(path: &[&Column]) -> Vec<String> {
    let mut names = Vec::new();
    for column in path {
        names.push(column.name.to_owned());
        if matches!(column.ty, Type::List(_)) {
            names.push("list".to_owned());
        }
    }
    names
}

fn opaque(properties: WriterPropertiesBuilder, path: ColumnPath) -> WriterPropertiesBuilder {
    properties
        .set_column_dictionary_enabled(path.clone(), false)
        .set_column_statistics_enabled(path, EnabledStatistics::None)
}

/// One segment while it is written.
struct Writer<'a> {
    layout: &'a Layout,
    parquet: ArrowWriter<Vec<u8>>,
    leaves: Vec<[u8; 32]>,
    first_row: usize,
    times: Option<(i64, i64)>,
    groups: Vec<BTreeMap<String, super::ColumnStatistics>>,
    group: Statistics,
    group_rows: usize,
}

impl<'a> Writer<'a> {
    fn new(layout: &'a Layout, first_row: usize) -> Result<Writer<'a>, Error> {
        let options = ArrowWriterOptions::new()
            .with_properties(layout.properties.clone())
            .with_skip_arrow_metadata(true);
        let parquet = ArrowWriter::try_new_with_options(Vec::new(), layout.arrow.clone(), options)?;
        let group = Statistics::new(layout.schema);
        Ok(Writer {
            layout,
            parquet,
            leaves: Vec::new(),
            first_row,
            times: None,
            groups: Vec::new(),
            group,
            group_rows: 0,
        })
    }

    /// The size of the file so far, as far as it can be told.
    fn bytes(&self) -> usize {
        self.parquet.bytes_written() + self.parquet.in_progress_size()
    }

    fn write(&mut self, chunk: &mut Chunk<'_>) -> Result<(), Error> {
        let batch = self.batch(chunk)?;
        let mut rows = &chunk.rows[..];
        self.parquet.write(&batch)?;
        for row in rows {
            self.leaves.push(row.leaf());
            if let Some(time) = row.time() {
                let (min, max) = self.times.unwrap_or((time, time));
                self.times = Some((min.min(time), max.max(time)));
            }
        }
        // The Parquet writer closes a row group exactly when it has this many rows; statistics follow it.
        while !rows.is_empty() {
            let (now, later) = rows.split_at(rows.len().min(ROW_GROUP_ROWS_MAX - self.group_rows));
            now.iter().for_each(|row| self.group.add(row));
            self.group_rows += now.len();
            rows = later;
            if self.group_rows == ROW_GROUP_ROWS_MAX {
                self.close_group();
            }
        }
        Ok(())
    }

    fn close_group(&mut self) {
        self.groups.push(std::mem::replace(&mut self.group, Statistics::new(self.layout.schema)).finish());
        self.group_rows = 0;
    }

    fn batch(&self, chunk: &mut Chunk<'_>) -> Result<RecordBatch, Error> {
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(1 + chunk.columns.len());
        arrays.push(Arc::new(FixedSizeBinaryArray::try_new(16, Buffer::from_slice_ref(&chunk.salts), None)?));
        for column in &mut chunk.columns {
            arrays.push(column.finish()?);
        }
        Ok(RecordBatch::try_new(self.layout.arrow.clone(), arrays)?)
    }

    fn finish(mut self) -> Result<Built, Error> {
        if self.group_rows > 0 {
            self.close_group();
        }
        let metadata = self.parquet.finish()?;
        let parquet = Bytes::from(std::mem::take(self.parquet.inner_mut()));
        if parquet.len() > SEGMENT_BYTES_MAX {
            return Err(Error::TooLarge { row: self.first_row });
        }
        let leaves = Bytes::from(self.leaves.as_flattened().to_vec());
        // The whole file in one lane, all of its parts in the other: they take equally long.
        let mut hashes = sha256::digests([&parquet[..], &leaves[..]].into_iter().chain(blocks(&parquet)));
        let block_hashes = hashes.split_off(2).into_iter().map(Hash).collect();
        let detail = Arc::new(file_detail(&parquet, &metadata, self.groups, block_hashes));
        Ok(Built {
            sha256: hashes[0],
            leaves_sha256: hashes[1],
            root: crate::merkle::root(&self.leaves),
            rows: self.leaves.len() as u64,
            event_min: self.times.map(|times| times.0),
            event_max: self.times.map(|times| times.1),
            parquet,
            leaves,
            detail,
        })
    }
}

fn file_detail(
    parquet: &[u8],
    metadata: &ParquetMetaData,
    groups: Vec<BTreeMap<String, super::ColumnStatistics>>,
    blocks: Vec<Hash>,
) -> FileDetail {
    let mut row_groups = Vec::with_capacity(groups.len());
    let mut metadata_offset = parquet.len() as u64;
    for (group, columns) in metadata.row_groups().iter().zip(groups) {
        let ranges = group.columns().iter().map(|chunk| chunk.byte_range());
        let (start, end) = ranges.fold((u64::MAX, 0), |(start, end), (offset, length)| {
            (start.min(offset), end.max(offset + length))
        });
        let indexes = group.columns().iter().flat_map(|chunk| {
            [chunk.column_index_offset(), chunk.offset_index_offset()].into_iter().flatten()
        });
        metadata_offset = indexes.fold(metadata_offset, |least, offset| least.min(offset as u64));
        row_groups.push(RowGroup {
            rows: Dec(group.num_rows() as u64),
            offset: Dec(start),
            bytes: Dec(end.saturating_sub(start)),
            columns,
        });
    }
    FileDetail {
        bytes: Dec(parquet.len() as u64),
        metadata_bytes: Dec(parquet.len() as u64 - metadata_offset),
        blocks,
        row_groups,
    }
}
