//! Finding the head without listing, across snapshots; refusing to go on behind a head that was seen.

use std::sync::Arc;

use object_store::ObjectStoreExt as _;

use super::*;
use crate::Error;
use crate::store::Store;

async fn delete(store: &Store, path: &str) {
    store.object_store().delete(&store.path(path)).await.expect("deleted");
}

/// A lake with a snapshot after every few entries.
async fn grown(store: &Faulty, batches: u64, every: u64) -> TestLake {
    let lake = TestLake::on(Arc::new(store.clone())).await;
    let options = WriterOptions { snapshot_every: every, ..lake.options() };
    let mut writer = Writer::open(lake.store.clone(), lake.signer(), options).await.expect("a writer");
    for at in 0..batches {
        committed(writer.commit(batch(0, at..at + 1)).await.expect("commit"));
    }
    writer.publish().await.expect("published");
    lake
}

#[tokio::test]
async fn a_start_reads_the_newest_snapshot_and_what_came_after_it() {
    let store = Faulty::new();
    let lake = grown(&store, 60, 8).await;
    let state = lake.check().await;
    let snapshot = state.snapshot.expect("a snapshot");
    assert!(snapshot > 50, "{snapshot}");
    store.heal();
    let reader = lake.reader().await.expect("a reader");
    assert_eq!((reader.state().size, reader.state().root), (state.size, state.root));
    assert_eq!(reader.state().segments.len(), 60);
    let (gets, lists) = store.reads();
    assert_eq!(lists, 0, "never a list");
    assert!(gets.len() < 24, "{} reads: {gets:?}", gets.len());
    store.heal();
    let mut writer = lake.writer().await;
    writer.commit(batch(0, 60..61)).await.expect("commit");
    assert_eq!(store.reads().1, 0, "a writer lists nothing either");
    lake.check().await;
}

#[tokio::test]
async fn without_a_checkpoint_or_with_an_old_one_the_head_is_found_all_the_same() {
    let store = Faulty::new();
    let lake = grown(&store, 20, 7).await;
    let old = lake.store.get(CHECKPOINT).await.expect("read").expect("there");
    let mut writer = lake.writer().await;
    for at in 20..25 {
        writer.commit(batch(0, at..at + 1)).await.expect("commit");
    }
    let size = lake.check().await.size;
    for checkpoint in
        [Some(old.clone()), None, Some("garbage".into()), Some(Vec::from(&old[..old.len() - 9]).into())]
    {
        match checkpoint {
            Some(bytes) => lake.store.replace(CHECKPOINT, bytes).await.expect("replaced"),
            None => delete(&lake.store, CHECKPOINT).await,
        }
        store.heal();
        assert_eq!(lake.reader().await.expect("a reader").state().size, size);
        assert_eq!(store.reads().1, 0);
        lake.check_log().await;
    }
    // Objects where the search ends, which are none of ours, cost a look each and no more.
    for seq in [size + 1, size + 2, size + 40] {
        lake.store.replace(CHECKPOINT, old.clone()).await.expect("replaced");
        lake.store.create(&entry_path(1, seq), "noise".into()).await.expect("put");
        store.heal();
        assert_eq!(lake.reader().await.expect("a reader").state().size, size);
        assert!(store.reads().0.len() < 60, "{}", store.reads().0.len());
        delete(&lake.store, &entry_path(1, seq)).await;
    }
    // The next commit mends it.
    lake.writer().await.commit(batch(0, 25..26)).await.expect("commit");
    let bytes = lake.store.get(CHECKPOINT).await.expect("read").expect("there");
    let keys = [lake.signer().verify_key().clone()];
    assert_eq!(parse_checkpoint(&bytes, ORIGIN, &keys).expect("a checkpoint").size, size + 1);
}

#[tokio::test]
async fn a_published_checkpoint_never_goes_back() {
    let lake = TestLake::in_memory().await;
    let mut writer = lake.writer().await;
    writer.commit(batch(0, 0..1)).await.expect("commit");
    writer.publish().await.expect("published");
    let key = lake.signer().verify_key().clone();
    let size = async || {
        let bytes = lake.store.get(CHECKPOINT).await.expect("read").expect("there");
        parse_checkpoint(&bytes, ORIGIN, std::slice::from_ref(&key)).expect("a checkpoint").size
    };
    assert_eq!(size().await, 4);
    let older = crate::note::Head { origin: ORIGIN.into(), size: 2, root: [0; 32] };
    for touch in [false, true] {
        let keys = vec![key.clone()];
        checkpoint::publish(&lake.store, &lake.signer(), older.clone(), keys, touch)
            .await
            .expect("an answer");
        assert_eq!(size().await, 4);
    }
}

#[tokio::test]
async fn a_snapshot_that_was_tampered_with_is_not_believed() {
    let store = Faulty::new();
    let lake = grown(&store, 20, 7).await;
    let state = lake.check().await;
    for (path, _) in lake.store.list("snapshot").await.expect("list") {
        let bytes = lake.store.get(&path).await.expect("read").expect("there");
        lake.store.replace(&path, b"{\"a\":\"b\"}".to_vec().into()).await.expect("replaced");
        let reader = lake.reader().await.expect("a reader falls back to the log");
        assert_eq!(format!("{:?}", reader.state()), format!("{state:?}"));
        delete(&lake.store, &path).await;
        assert_eq!(lake.reader().await.expect("a reader").state().root, state.root);
        lake.store.create(&path, bytes).await.expect("restored");
    }
    lake.check().await;
}

#[tokio::test]
async fn deleted_newest_entries_are_noticed() {
    let store = Faulty::new();
    let lake = grown(&store, 10, 100).await;
    let size = lake.check().await.size;
    delete(&lake.store, &entry_path(1, size - 1)).await;
    // By readers, who have the published checkpoint.
    let error = lake.reader().await.expect_err("a rollback");
    assert!(matches!(&error, Error::Refused(why) if why.contains("log/checkpoint")), "{error}");
    // By the writer, even if the checkpoint goes too.
    delete(&lake.store, CHECKPOINT).await;
    let error =
        Writer::open(lake.store.clone(), lake.signer(), lake.options()).await.expect_err("a rollback");
    assert!(matches!(&error, Error::Refused(why) if why.contains("writer.state")), "{error}");
    assert!(error.to_string().contains(&format!("{size} entries")), "{error}");
    // And adopting is no way around it while the state file is there.
    let options = WriterOptions { adopt_head: true, ..lake.options() };
    assert!(Writer::open(lake.store.clone(), lake.signer(), options).await.is_err());
}

#[tokio::test]
async fn a_hole_in_the_log_is_no_end() {
    let store = Faulty::new();
    let lake = grown(&store, 10, 100).await;
    let mut reader = Reader::open(lake.store.clone(), Trust::SelfAsserted).await.expect("a reader");
    let mut writer = lake.writer().await;
    for at in 10..14 {
        writer.commit(batch(0, at..at + 1)).await.expect("commit");
    }
    let size = writer.state().size;
    delete(&lake.store, &entry_path(1, size - 2)).await;
    assert!(matches!(reader.refresh().await, Err(Error::Missing { .. })));
    assert!(lake.reader().await.is_err());
}

#[tokio::test]
async fn a_rewritten_past_contradicts_the_state_file() {
    let store = Faulty::new();
    let lake = grown(&store, 5, 100).await;
    // A thief with the key signs the newest entry anew, with other content, and the checkpoint with it.
    let replay = replay_whole(&lake.store).await;
    let last = replay.state().size - 1;
    let entry = lake.reader().await.expect("a reader").entry(last).await.expect("an entry");
    let mut manifest = entry.manifest.expect("known");
    manifest.writer.instance = "thief".into();
    let first = lake.store.get(&entry_path(1, 0)).await.expect("read").expect("there");
    let mut before = Replay::start(&first).expect("a lake");
    while before.state().size < last {
        let object = lake.store.get(&before.next_path()).await.expect("read").expect("there");
        before.apply(&crate::store::Fetched::Whole(object)).expect("valid");
    }
    let object = super::entry::make(&manifest, &before.state().edge, &[&lake.signer()]).expect("made");
    lake.store.replace(&entry_path(1, last), object).await.expect("replaced");
    delete(&lake.store, CHECKPOINT).await;
    assert!(lake.reader().await.is_ok(), "consistent with itself");
    let error =
        Writer::open(lake.store.clone(), lake.signer(), lake.options()).await.expect_err("contradiction");
    assert!(matches!(error, Error::Fork { .. }), "{error}");
}

#[tokio::test]
async fn a_state_file_behind_a_snapshot_is_compared_all_the_same() {
    let store = Faulty::new();
    let lake = grown(&store, 5, 100).await;
    let path = lake.keys.path().join("writer.state");
    let old = std::fs::read(&path).expect("a state file");
    let mut writer = lake.writer().await;
    for at in 5..12 {
        writer.commit(batch(0, at..at + 1)).await.expect("commit");
        writer.snapshot().await.expect("a snapshot");
    }
    std::fs::write(&path, &old).expect("restored");
    lake.writer().await;
    let other = String::from_utf8(old).expect("UTF-8");
    let root = other.split("\"root\":\"").nth(1).expect("a root")[..64].to_owned();
    std::fs::write(&path, other.replace(&root, &"0".repeat(64))).expect("changed");
    let error =
        Writer::open(lake.store.clone(), lake.signer(), lake.options()).await.expect_err("contradiction");
    assert!(matches!(error, Error::Fork { .. }), "{error}");
    std::fs::write(&path, b"").expect("emptied");
    let error =
        Writer::open(lake.store.clone(), lake.signer(), lake.options()).await.expect_err("no state file");
    assert!(error.to_string().contains("--adopt-head"), "{error}");
}

#[tokio::test]
async fn a_lost_state_file_asks_for_adoption_and_leaves_a_trace() {
    let lake = TestLake::in_memory().await;
    lake.writer().await.commit(batch(0, 0..2)).await.expect("commit");
    std::fs::remove_file(lake.keys.path().join("writer.state")).expect("removed");
    let error = Writer::open(lake.store.clone(), lake.signer(), lake.options()).await.expect_err("no state");
    assert!(matches!(&error, Error::Refused(why) if why.contains("--adopt-head")), "{error}");
    let before = lake.check().await;
    let options = WriterOptions { adopt_head: true, ..lake.options() };
    let writer = Writer::open(lake.store.clone(), lake.signer(), options).await.expect("adopted");
    let entry = lake.reader().await.expect("a reader").entry(before.size).await.expect("an entry");
    let Some(schemas::manifest::Body::Adopt(adopt)) = entry.manifest.map(|manifest| manifest.body) else {
        panic!("an adopt entry")
    };
    assert_eq!(adopt.head, before.tree_head());
    assert_eq!(writer.state().size, before.size + 1);
    lake.writer().await.commit(batch(0, 2..3)).await.expect("and from here on as ever");
    lake.check().await;
}

#[tokio::test]
async fn another_lakes_key_or_state_file_is_refused() {
    let (lake, other) = (TestLake::in_memory().await, TestLake::in_memory().await);
    let open = async |store: &Store, keys: &TestLake, state: &TestLake| {
        let error = Writer::open(store.clone(), keys.signer(), state.options()).await.expect_err("refused");
        error.to_string()
    };
    let error = open(&lake.store, &other, &lake).await;
    assert!(error.contains(&other.key().id) && error.contains(&lake.key().id), "{error}");
    assert!(open(&lake.store, &lake, &other).await.contains("two histories"));
    let access = crate::Signer::read(&lake.keys.path().join("access.key")).expect("a key");
    let options = WriterOptions { state_file: None, ..lake.options() };
    let error = Writer::open(lake.store.clone(), access, options).await.expect_err("the access key");
    assert!(matches!(error, Error::Key(_)), "{error}");
}

#[tokio::test]
async fn parts_of_full_ranges_are_written_once() {
    // The ranges of this test are those of the format, so the log is long and its entries are small.
    let store = Faulty::new();
    let lake = TestLake::on(Arc::new(store.clone())).await;
    let options = WriterOptions { snapshot_every: 1 << 40, state_file: None, ..lake.options() };
    let mut writer = Writer::open(lake.store.clone(), lake.signer(), options).await.expect("a writer");
    writer.commit(batch(0, 0..1)).await.expect("commit");
    while writer.state().size < RANGE_ENTRIES + 3 {
        writer.heartbeat(Default::default()).await.expect("a heartbeat");
    }
    writer.commit(batch(0, 1..2)).await.expect("commit");
    writer.snapshot().await.expect("a snapshot");
    let parts = |writes: Vec<String>| writes.iter().filter(|path| path.contains("/snapshot/")).count();
    store.heal();
    writer.commit(batch(0, 2..3)).await.expect("commit");
    writer.snapshot().await.expect("a snapshot");
    assert_eq!(parts(store.writes()), 2, "the open part and the head; the full part is known");
    let state = lake.check().await;
    assert_eq!(state.segments.len(), 3);
    store.heal();
    let mut next = lake.writer_without_state().await;
    assert!(store.reads().0.len() < 40, "{}", store.reads().0.len());
    next.commit(batch(0, 3..4)).await.expect("commit");
    store.heal();
    next.snapshot().await.expect("a snapshot");
    assert_eq!(parts(store.writes()), 2, "also for a writer that started from a snapshot");
    lake.check().await;
}

#[tokio::test]
async fn a_copy_elsewhere_is_a_lake_and_an_older_copy_is_a_rollback() {
    let store = Faulty::new();
    let mut lake = grown(&store, 3, 100).await;
    let older = store.fork();
    lake.writer().await.commit(batch(0, 3..4)).await.expect("commit");
    let before = lake.check().await;
    // Everything is lost but the copy and the keys; the copy lies under another name.
    let moved = Arc::new(object_store::memory::InMemory::new());
    let elsewhere = Store::new(moved, "moved/here".into());
    for (path, _) in lake.store.list("").await.expect("list") {
        let bytes = lake.store.get(&path).await.expect("read").expect("there");
        elsewhere.create(&path, bytes).await.expect("copied");
    }
    lake.store = elsewhere;
    assert_eq!(lake.check().await.root, before.root);
    lake.writer().await.commit(batch(0, 4..5)).await.expect("and it goes on");
    lake.check().await;
    lake.store = Store::new(Arc::new(older), "lake".into());
    let error =
        Writer::open(lake.store.clone(), lake.signer(), lake.options()).await.expect_err("a rollback");
    assert!(matches!(error, Error::Refused(_)), "{error}");
}

#[tokio::test]
async fn a_writer_does_not_go_on_over_a_hole() {
    let store = Faulty::new();
    let lake = grown(&store, 2, 100).await;
    let mut writer = lake.writer().await;
    let newest = entry_path(1, writer.state().size - 1);
    let kept = lake.store.get(&newest).await.expect("read").expect("the newest entry");
    delete(&lake.store, &newest).await;
    let before = lake.store.list("").await.expect("list").len();
    for beat in [true, false] {
        let error = match beat {
            true => writer.heartbeat(schemas::manifest::Heartbeat::default()).await.expect_err("a hole"),
            false => writer.commit(batch(0, 2..3)).await.expect_err("a hole"),
        };
        assert!(matches!(error, Error::Refused(_)) && error.to_string().contains(&newest), "{error}");
    }
    assert_eq!(lake.store.list("").await.expect("list").len(), before, "something was written");
    lake.store.create(&newest, kept).await.expect("put back");
    committed(writer.commit(batch(0, 2..3)).await.expect("commit"));
    lake.check().await;
}

#[tokio::test]
async fn a_deleted_checkpoint_is_published_anew_at_the_next_start() {
    let store = Faulty::new();
    let lake = grown(&store, 1, 100).await;
    delete(&lake.store, CHECKPOINT).await;
    let writer = lake.writer().await;
    assert!(lake.store.head(CHECKPOINT).await.expect("head").is_some());
    drop(writer);
    lake.check().await;
}

#[tokio::test]
async fn a_writer_says_what_blocks_its_next_entry_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a directory");
    let url = folder.path().join("lake");
    let store = Store::open_or_make(&url.display().to_string(), &crate::StoreOptions::default());
    let lake = TestLake::at(store.expect("a store")).await;
    let mut writer = lake.writer().await;
    let next = entry_path(1, writer.state().size);
    let before = lake.store.list("").await.expect("list").len();
    std::fs::create_dir(url.join(&next)).expect("made");
    let error = writer.commit(batch(0, 0..1)).await.expect_err("it is blocked");
    assert!(matches!(error, Error::Refused(_)) && error.to_string().contains(&next), "{error}");
    assert_eq!(lake.store.list("").await.expect("list").len(), before, "something was written");
    std::fs::remove_dir(url.join(&next)).expect("removed");
    committed(writer.commit(batch(0, 0..1)).await.expect("commit"));
    lake.check().await;
}
