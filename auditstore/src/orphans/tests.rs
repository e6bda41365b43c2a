//! What a writer leaves that crashes between its objects and its entry, and how it is cleared away.

use std::sync::Arc;

use object_store::ObjectStoreExt as _;

use super::*;
use crate::log::NewBatch;
use crate::store::StoreOptions;
use crate::testing::{Fault, Faulty, TestLake, batch, committed};
use crate::verify::{Options, verify};

/// A batch whose objects are megabytes, as those of a busy pipeline are: a segment and its quarantine.
fn large_batch() -> NewBatch {
    let mut batch = batch(0, 1..3_001);
    // Random bytes, since the quarantine is ciphertext: nothing makes them smaller.
    let mut bytes = vec![0; 12 << 20];
    getrandom::fill(&mut bytes).expect("randomness");
    batch.offsets[0].next.0 += 1;
    batch.messages.as_mut().expect("counts").quarantined.0 = 1;
    batch.quarantine.push(crate::NewQuarantine {
        bytes: bytes.into(),
        messages: 1,
        records: 0,
        reasons: [("truncated_json".to_owned(), 1)].into(),
    });
    batch
}

#[tokio::test]
async fn large_objects_of_a_crashed_writer_are_told_from_a_running_ones_and_can_be_deleted() {
    let store = Faulty::new();
    let lake = TestLake::on(Arc::new(store.clone())).await;
    let mut writer = lake.writer().await;
    committed(writer.commit(batch(0, 0..1)).await.expect("commit"));
    // Four objects are written, and the writer is gone before it creates the entry.
    store.fail(4, Fault::NotPersisted, true);
    assert!(writer.commit(large_batch()).await.is_err());
    drop(writer);
    store.heal();

    let now = crate::time::system_clock()();
    let at = |now: i64| orphans(&lake.store, Trust::Pinned(lake.key()), now);
    let recent = at(now).await.expect("listed");
    assert_eq!(recent, Orphans { recent: 4, ..Orphans::default() }, "they may be a running writer's");
    let options = |now: i64| Options {
        key: Some(lake.key()),
        clock: Some(Arc::new(move || now)),
        ..Options::default()
    };
    let report = verify(&lake.store, &options(now)).await.expect("a verdict");
    assert_eq!((report.exit_code(), report.orphans, report.orphans_recent), (0, 4, 4));
    assert!(report.findings.iter().all(|line| line.detail.contains("a running writer may yet commit it")));

    let later = now + COMMIT_MICROS_MAX + 60_000_000;
    let report = verify(&lake.store, &options(later)).await.expect("a verdict");
    assert_eq!((report.exit_code(), report.orphans, report.orphans_recent), (0, 4, 0));
    assert!(report.findings.iter().all(|line| line.detail.contains("left by a writer that crashed")));
    let left = at(later).await.expect("listed").left;
    assert_eq!(left.len(), 4);
    let sizes: Vec<u64> =
        report.findings.iter().map(|line| line.detail.split(' ').next().unwrap().parse().unwrap()).collect();
    assert!(sizes.iter().any(|size| *size > 8 << 20), "{sizes:?}");
    assert_eq!(left, report.findings.iter().map(|line| line.object.clone()).collect::<Vec<_>>());

    // The next run commits the same rows again; then what is listed is deleted, and nothing is missing.
    committed(lake.writer().await.commit(large_batch()).await.expect("commit"));
    assert_eq!(at(later).await.expect("listed").left, left);
    for path in &left {
        lake.store.object_store().delete(&lake.store.path(path)).await.expect("deleted");
    }
    let report = verify(&lake.store, &options(later)).await.expect("a verdict");
    assert_eq!((report.exit_code(), report.findings.len(), report.records), (0, 0, 3_001));
    assert_eq!(at(later).await.expect("listed"), Orphans::default());
}

#[tokio::test]
async fn a_temporary_file_of_a_crash_is_an_orphan_wherever_it_lies() {
    let folder = tempfile::tempdir().expect("a directory");
    let store =
        Store::open(folder.path().to_str().expect("UTF-8"), &StoreOptions::default()).expect("a store");
    let lake = TestLake::at(store).await;
    let id = ulid::Ulid::new();
    let places = [format!("log/0001/.{id}.tmp"), format!("log/.{id}.tmp"), format!(".{id}.tmp")];
    for place in &places {
        std::fs::write(folder.path().join(place), vec![7; 3 << 20]).expect("written");
    }
    let later = crate::time::system_clock()() + 2 * COMMIT_MICROS_MAX;
    let mut left = orphans(&lake.store, Trust::Pinned(lake.key()), later).await.expect("listed").left;
    left.sort();
    let mut expected = places.to_vec();
    expected.sort();
    assert_eq!(left, expected);
    let report = verify(&lake.store, &Options::default()).await.expect("a verdict");
    assert_eq!((report.exit_code(), report.orphans), (0, 3), "{:?}", report.findings);
    // What lies behind a link is nothing that a lake's owner may delete.
    let elsewhere = tempfile::tempdir().expect("a directory");
    std::fs::write(elsewhere.path().join("theirs"), b"x").expect("written");
    std::fs::create_dir_all(folder.path().join("data")).expect("a folder");
    std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("data/link")).expect("linked");
    let listed = orphans(&lake.store, Trust::Pinned(lake.key()), later).await.expect("listed");
    assert_eq!((listed.left.len(), listed.recent, listed.linked), (3, 0, 1));
    std::fs::remove_file(folder.path().join("data/link")).expect("removed");
    left.iter().for_each(|path| std::fs::remove_file(folder.path().join(path)).expect("removed"));
    assert_eq!(verify(&lake.store, &Options::default()).await.expect("a verdict").findings, []);
}
