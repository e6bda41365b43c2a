//! Verify beside writers: what is committed while it reads is no finding, and hides none.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use object_store::memory::InMemory;
use object_store::path::Path;

use super::hooked::{Hooked, Request};
use super::lake::{Writers, remembering, trusting};
use crate::log::WriterOptions;
use crate::verify::{Options, Report, verify};
use crate::{Signer, Store, StoreOptions};

fn unsound(report: &Report) -> Vec<String> {
    let lines = report.findings.iter().filter(|line| !line.verdict.is_sound());
    lines.map(|line| format!("{} {}: {}", line.verdict, line.object, line.detail)).collect()
}

/// Every write of a lake's making, in order.
type Writes = Arc<Mutex<Vec<(Path, Bytes)>>>;

async fn recorded() -> (Writers, Vec<(Path, Bytes)>, usize) {
    let writes = Writes::default();
    let record = {
        let writes = writes.clone();
        move |request: Request<'_>| {
            if let Request::Put(path, payload) = request {
                writes.lock().unwrap().push((path.clone(), payload.clone().into()));
            }
            Ok(())
        }
    };
    let store = Store::new(Hooked::new(Arc::new(InMemory::new()), record), Path::from("lake"));
    let mut writers =
        Writers::at(store, WriterOptions { snapshot_every: 4, ..WriterOptions::default() }).await;
    let made = writes.lock().unwrap().len();
    writers.onboard().await;
    for _ in 0..3 {
        writers.commit(2, true).await;
        writers.events.publish().await.unwrap();
        writers.look().await;
        writers.access.publish().await.unwrap();
        writers.heartbeat().await;
    }
    let writes = writes.lock().unwrap().clone();
    (writers, writes, made)
}

/// A store that holds the first `start` writes, and `step` more of them at each request.
fn growing(writes: &[(Path, Bytes)], start: usize, step: usize) -> Store {
    let (memory, next) = (Arc::new(InMemory::new()), AtomicUsize::new(0));
    let (inner, writes) = (memory.clone(), writes.to_vec());
    let grow = move |count: usize| {
        let from = next.fetch_add(count, Ordering::SeqCst).min(writes.len());
        for (path, bytes) in &writes[from..(from + count).min(writes.len())] {
            let put =
                object_store::ObjectStore::put_opts(&*inner, path, bytes.clone().into(), Default::default());
            futures::executor::block_on(put).unwrap();
        }
    };
    grow(start);
    let hook = move |_: Request<'_>| {
        grow(step);
        Ok(())
    };
    Store::new(Hooked::new(memory, hook), Path::from("lake"))
}

#[tokio::test]
async fn a_lake_is_sound_after_each_write_and_while_it_grows_by_any_number_of_them() {
    let (writers, writes, made) = recorded().await;
    let key = Signer::read(&writers.folder.path().join("writer.key")).unwrap().public();
    let mut wrong = Vec::new();
    for step in [0, 1, 2, 3, 5, 8, 13, writes.len()] {
        for start in made..=writes.len() {
            let report = verify(&growing(&writes, start, step), &trusting(key.clone())).await.unwrap();
            let lines = unsound(&report);
            if report.exit_code() != 0 || !lines.is_empty() {
                wrong.push(format!("{start} of {} writes, {step} a request: {lines:?}", writes.len()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Commits between one verification's start and the next one's. A bound, because a writer that never waits adds to
/// the lake as long as a verification takes, which makes the next one longer: on busy cores the lake then grows
/// without end.
const COMMITS_PER_ROUND: usize = 3;

/// Writers commit while the lake is verified, again and again.
async fn verify_beside_writers(store: Store, rounds: usize) {
    let options = WriterOptions { snapshot_every: 5, ..WriterOptions::default() };
    let mut writers = Writers::at(store.clone(), options).await;
    writers.onboard().await;
    let key = Signer::read(&writers.folder.path().join("writer.key")).unwrap().public();
    let state = writers.folder.path().join("verify.state");
    let mut sizes = Vec::new();
    for _ in 0..rounds {
        let writing = tokio::spawn(async move {
            for _ in 0..COMMITS_PER_ROUND {
                writers.commit(2, true).await;
                writers.look().await;
                writers.heartbeat().await;
            }
            writers
        });
        let options = Options { key: Some(key.clone()), records: true, ..remembering(state.clone()) };
        let report = verify(&store, &options).await.unwrap();
        assert_eq!(unsound(&report), [""; 0], "at {} entries of {:?}", report.size, store);
        assert_eq!(report.exit_code(), 0);
        sizes.push(report.size);
        writers = writing.await.unwrap();
    }
    assert!(sizes.is_sorted() && sizes[0] < sizes[rounds - 1], "nothing was written meanwhile: {sizes:?}");
    writers.lake().await;
    let report = verify(&store, &trusting(key)).await.unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(report.size, writers.events.state().size);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn beside_writers_in_memory() {
    verify_beside_writers(Store::new(Arc::new(InMemory::new()), Path::from("lake")), 25).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn beside_writers_in_a_directory() {
    let folder = tempfile::tempdir().unwrap();
    verify_beside_writers(
        Store::open(folder.path().to_str().unwrap(), &StoreOptions::default()).unwrap(),
        25,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn beside_writers_on_s3() {
    let Some(store) = crate::testing::bucket("verify::tests::concurrent::beside_writers_on_s3") else {
        return;
    };
    verify_beside_writers(store, 5).await;
}
