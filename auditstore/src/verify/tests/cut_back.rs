//! The newest entries of either log deleted together with all that knew of them in the lake: the state files of the
//! writers, and that of the verifier, show it.

use std::collections::BTreeSet;
use std::path::Path as File;
use std::sync::Arc;

use object_store::ObjectStoreExt as _;
use object_store::memory::InMemory;
use object_store::path::Path;
use schemas::verdict::Verdict::{self, *};

use super::lake::Writers;
use crate::log::WriterOptions;
use crate::verify::{Options, verify};
use crate::{Store, StoreOptions};

async fn delete(store: &Store, path: &str) {
    store.object_store().delete(&store.path(path)).await.unwrap();
}

async fn verdicts(store: &Store, options: &Options) -> BTreeSet<(Verdict, String)> {
    let report = verify(store, options).await.unwrap();
    let unsound = report.findings.into_iter().filter(|line| !line.verdict.is_sound());
    unsound.map(|line| (line.verdict, line.object)).collect()
}

/// Options with the state files of both writers.
fn writers_states(folder: &File) -> Options {
    let writer_states = ["writer.state", "access.state"].map(|name| folder.join(name)).into();
    Options { writer_states, ..Options::default() }
}

async fn deleted_newest_entries_are_found(store: Store) {
    let mut writers = Writers::at(store.clone(), WriterOptions::default()).await;
    writers.onboard().await;
    writers.commit(1, false).await;
    writers.heartbeat().await;
    writers.look().await;
    writers.look().await;
    writers.commit(1, false).await;
    writers.lake().await;
    let folder = writers.folder.path();
    let state = folder.join("verify.state");
    let (by_writers, by_verifier) =
        (writers_states(folder), Options { state: Some(state.clone()), ..Options::default() });
    for options in [&by_writers, &by_verifier] {
        assert_eq!(verdicts(&store, options).await, BTreeSet::new());
    }

    // The two newest looks, and the checkpoint that knew of them: the lake alone sees only that there is none.
    for path in ["0001/0000000000000001.entry", "0001/0000000000000002.entry", "checkpoint"] {
        delete(&store, &format!("access/log/{path}")).await;
    }
    let no_access_checkpoint = (Missing, "access/log/checkpoint".to_owned());
    assert_eq!(verdicts(&store, &Options::default()).await, [no_access_checkpoint.clone()].into());
    for options in [&by_writers, &by_verifier] {
        let found = [no_access_checkpoint.clone(), (Rollback, "access/log/".to_owned())];
        assert_eq!(verdicts(&store, options).await, found.into());
    }
    // The newest batch too.
    let newest = format!("log/0001/{:016}.entry", writers.events.state().size - 1);
    delete(&store, &newest).await;
    delete(&store, "log/checkpoint").await;
    let missing = [no_access_checkpoint, (Missing, "log/checkpoint".to_owned())];
    assert_eq!(verdicts(&store, &Options::default()).await, missing.clone().into());
    for options in [&by_writers, &by_verifier] {
        let mut found: BTreeSet<_> =
            [(Rollback, "log/".to_owned()), (Rollback, "access/log/".to_owned())].into();
        found.extend(missing.clone());
        assert_eq!(verdicts(&store, options).await, found);
    }
    // With the whole access log gone its first entry is missing as well.
    delete(&store, "access/log/0001/0000000000000000.entry").await;
    let found = verdicts(&store, &by_writers).await;
    assert!(found.contains(&(Missing, "access/log/0001/0000000000000000.entry".to_owned())), "{found:?}");
}

#[tokio::test]
async fn in_memory() {
    deleted_newest_entries_are_found(Store::new(Arc::new(InMemory::new()), Path::from("lake"))).await;
}

#[tokio::test]
async fn in_a_directory() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().to_str().unwrap(), &StoreOptions::default()).unwrap();
    deleted_newest_entries_are_found(store).await;
}

#[tokio::test]
async fn on_s3() {
    let Some(store) = crate::testing::bucket("verify::tests::cut_back::on_s3") else { return };
    deleted_newest_entries_are_found(store).await;
}

#[tokio::test]
async fn a_writers_state_of_another_lake_or_a_damaged_one_is_never_passed_over() {
    let (one, two) = (Writers::new().await, Writers::new().await);
    let found = verdicts(&one.store, &writers_states(two.folder.path())).await;
    assert_eq!(
        found,
        [(AnchorMismatch, "log/".to_owned()), (AnchorMismatch, "access/log/".to_owned())].into()
    );
    // One log's file in the place of the other's says nothing of that one.
    let kept = std::fs::read(one.folder.path().join("writer.state")).unwrap();
    std::fs::copy(one.folder.path().join("access.state"), one.folder.path().join("writer.state")).unwrap();
    let found = verdicts(&one.store, &writers_states(one.folder.path())).await;
    assert_eq!(found, [(Unreadable, "log/".to_owned())].into());
    std::fs::write(one.folder.path().join("writer.state"), kept).unwrap();
    let damaged = one.folder.path().join("access.state");
    std::fs::write(&damaged, b"{}").unwrap();
    assert!(verify(&one.store, &writers_states(one.folder.path())).await.is_err());
    // Where one is not there nobody has looked, unless the verifier remembers for itself.
    std::fs::remove_file(&damaged).unwrap();
    let mut options = writers_states(one.folder.path());
    assert_eq!(verdicts(&one.store, &options).await, [(Unreadable, damaged.display().to_string())].into());
    options.state = Some(one.folder.path().join("verify.state"));
    assert_eq!(verdicts(&one.store, &options).await, BTreeSet::new());
}
