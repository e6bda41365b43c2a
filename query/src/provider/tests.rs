//! Segments of an older schema: columns that they lack are null, those that they have are read.

use std::path::PathBuf;

use arrow::array::{ArrayRef, RecordBatch, StringArray, TimestampMicrosecondArray};
use auditstore::{Store, StoreOptions, merkle};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::prelude::{SessionConfig, SessionContext};
use schemas::manifest::ObjectRef;

use super::*;
use crate::runtime::Stores;

/// A segment with two of the columns of `event/1`, as a program of another day might have written it.
fn older_segment(directory: &std::path::Path) -> Arc<LiveSegment> {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("event_time", Arc::new(TimestampMicrosecondArray::from(vec![1, 2]).with_timezone("UTC"))),
        ("actor_id", Arc::new(StringArray::from(vec![Some("anna"), None]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("batch");
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).expect("writer");
    writer.write(&batch).expect("write");
    let bytes = writer.into_inner().expect("bytes");
    let path = PathBuf::from("data/old.parquet");
    std::fs::create_dir_all(directory.join("data")).expect("folder");
    std::fs::write(directory.join(&path), &bytes).expect("file");
    Arc::new(LiveSegment {
        seq: 3,
        path: path.display().to_string(),
        bytes: bytes.len() as u64,
        sha256: merkle::sha256(&bytes),
        rows: 2,
        root: [0; 32],
        leaves: ObjectRef::default(),
        detail: None,
        event_min: Some(1),
        event_max: Some(2),
        committed: 10,
        schema: "event/0".to_owned(),
        policy: None,
        retain_until: 0,
    })
}

#[tokio::test]
async fn absent_columns_are_null() {
    let directory = tempfile::tempdir().expect("directory");
    let segment = older_segment(directory.path());
    let store =
        Store::open(&directory.path().display().to_string(), &StoreOptions::default()).expect("store");
    let stores = Stores::new(Arc::clone(store.object_store()));
    let table =
        SegmentTable::new(&schemas::event::EVENT, "event_time", Objects::new(store), Arc::new(vec![segment]));
    assert!(table.schema().field_with_name("event_id").expect("column").is_nullable());
    let runtime = crate::runtime::for_planning(stores).expect("runtime");
    let context = SessionContext::new_with_config_rt(SessionConfig::new(), runtime);
    context.register_table("events", Arc::new(table)).expect("table");
    let sql = "SELECT actor_id, event_id, status, cost_usd, findings, log_seq, segment_row FROM events \
               WHERE status IS NULL ORDER BY segment_row";
    let batches = context.sql(sql).await.expect("plan").collect().await.expect("rows");
    let text = arrow::util::pretty::pretty_format_batches(&batches).expect("text").to_string();
    let rows: Vec<&str> = text.lines().filter(|line| line.contains(" 3 ")).collect();
    assert_eq!(rows.len(), 2, "{text}");
    assert!(rows[0].contains("anna") && rows[0].contains(" 0 "), "{text}");
}
