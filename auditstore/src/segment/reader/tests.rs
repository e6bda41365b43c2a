use std::sync::Arc;

use arrow::array::RecordBatch;
use object_store::memory::InMemory;
use object_store::path::Path;
use parquet::arrow::async_reader::ParquetRecordBatchStreamBuilder;
use parquet::arrow::{ProjectionMask, arrow_reader::ArrowReaderOptions};
use schemas::Record;
use schemas::event::{self, EVENT};

use super::*;
use crate::segment::build::Built;
use crate::segment::tests::build_records;
use crate::segment::tests::{event, noise};

const PATH: &str = "data/dt=2026-11-21/x.parquet";

/// A segment of several blocks: eight rows of 1 MiB each.
fn segment() -> Built {
    let mut random = noise();
    let rows: Vec<Record> = (0..8)
        .map(|at| {
            let mut row = event(at, at);
            row.set(event::PROMPT_TEXT, random(1 << 20));
            row
        })
        .collect();
    let rows: Vec<&Record> = rows.iter().collect();
    let built = build_records(&EVENT, &rows).unwrap().remove(0);
    assert!(built.detail.blocks.len() > 6);
    built
}

async fn reader(built: &Built, bytes: Bytes, detail: bool) -> CheckedReader {
    let store = Store::new(Arc::new(InMemory::new()), Path::from("lake"));
    store.create(PATH, bytes).await.unwrap();
    let detail = detail.then(|| built.detail.clone());
    CheckedReader::new(store, PATH, built.parquet.len() as u64, built.sha256, detail)
}

fn flipped(built: &Built, at: usize) -> Bytes {
    let mut bytes = built.parquet.to_vec();
    bytes[at] ^= 1;
    bytes.into()
}

/// Reads two columns or all, and says how many rows came before an error.
async fn read(reader: CheckedReader, columns: Option<&[&str]>) -> (usize, Option<String>) {
    let options = ArrowReaderOptions::new();
    let builder = match ParquetRecordBatchStreamBuilder::new_with_options(reader, options).await {
        Ok(builder) => builder,
        Err(error) => return (0, Some(error.to_string())),
    };
    let mask = match columns {
        Some(columns) => ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied()),
        None => ProjectionMask::all(),
    };
    let mut stream = builder.with_projection(mask).with_batch_size(1).build().unwrap();
    let mut rows = 0;
    while let Some(batch) = stream.next().await {
        match batch {
            Ok(batch) => rows += RecordBatch::num_rows(&batch),
            Err(error) => return (rows, Some(error.to_string())),
        }
    }
    (rows, None)
}

#[tokio::test]
async fn what_is_right_is_read() {
    let built = segment();
    for detail in [true, false] {
        let reader = reader(&built, built.parquet.clone(), detail).await;
        assert_eq!(read(reader, None).await, (8, None), "detail {detail}");
    }
}

#[tokio::test]
async fn any_ranges_are_the_bytes_of_the_file() {
    let built = segment();
    let size = built.parquet.len() as u64;
    let mut reader = reader(&built, built.parquet.clone(), true).await;
    let mut state = 7_u64;
    let mut random = |limit: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % limit
    };
    for _ in 0..50 {
        let ranges: Vec<Range<u64>> = (0..random(6))
            .map(|_| {
                let start = random(size + 1);
                start..start + random(3 * BLOCK_BYTES).min(size - start)
            })
            .collect();
        let bytes = reader.get_byte_ranges(ranges.clone()).await.unwrap();
        for (range, bytes) in ranges.iter().zip(bytes) {
            assert_eq!(bytes, built.parquet[range.start as usize..range.end as usize], "{range:?}");
        }
    }
    assert!(reader.get_bytes(0..size + 1).await.is_err());
}

#[tokio::test]
async fn a_flipped_block_is_named_and_no_row_of_it_is_returned() {
    let built = segment();
    for block in [0, 3, built.detail.blocks.len() - 1] {
        let at = block * BLOCK_BYTES as usize + 1000;
        let reader = reader(&built, flipped(&built, at), true).await;
        let (rows, error) = read(reader, None).await;
        let error = error.expect("a flipped block is not read over");
        assert_eq!(rows, 0);
        assert!(error.contains(PATH) && error.contains(&format!("block {block} ")), "{error}");
    }
}

#[tokio::test]
async fn columns_in_other_blocks_are_still_read() {
    let built = segment();
    let reader = reader(&built, flipped(&built, 3 * BLOCK_BYTES as usize), true).await;
    let columns = ["kafka_offset", "unmapped_json"];
    assert_eq!(read(reader, Some(&columns)).await, (8, None));
}

#[tokio::test]
async fn without_a_detail_the_whole_file_is_checked() {
    let built = segment();
    let reader = reader(&built, flipped(&built, 3 * BLOCK_BYTES as usize), false).await;
    let (rows, error) = read(reader, Some(&["kafka_offset"])).await;
    assert_eq!(rows, 0);
    assert!(error.is_some_and(|error| error.contains(PATH) && error.contains("modified")));
}

#[tokio::test]
async fn a_detail_of_another_file_is_not_used() {
    let built = segment();
    let other = build_records(&EVENT, &[&event(0, 0)]).unwrap().remove(0);
    let store = Store::new(Arc::new(InMemory::new()), Path::from("lake"));
    store.create(PATH, built.parquet.clone()).await.unwrap();
    let bytes = built.parquet.len() as u64;
    let reader = CheckedReader::new(store, PATH, bytes, built.sha256, Some(other.detail));
    assert_eq!(read(reader, Some(&["kafka_offset"])).await, (8, None));
}

#[tokio::test]
async fn what_cannot_be_read_is_named() {
    let built = segment();
    let short = built.parquet.slice(..built.parquet.len() / 2);
    for bytes in [short, Bytes::new()] {
        let reader = reader(&built, bytes, true).await;
        let (rows, error) = read(reader, None).await;
        assert_eq!(rows, 0);
        assert!(error.is_some_and(|error| error.contains(PATH) && error.contains("could not be read")));
    }
}
