//! Writers that race: every batch is committed once or fenced, none is lost, none is there twice.

use std::sync::Arc;

use super::*;

#[tokio::test]
async fn a_writer_that_was_overtaken_on_other_partitions_commits_behind() {
    let lake = TestLake::in_memory().await;
    let (mut a, mut b) = (lake.writer().await, lake.writer().await);
    committed(a.commit(batch(0, 0..2)).await.expect("commit"));
    let done = committed(b.commit(batch(1, 0..2)).await.expect("commit"));
    assert_eq!(done.seq, 4);
    let state = lake.check().await;
    assert_eq!((state.next_offset(SOURCE, TOPIC, 0), state.next_offset(SOURCE, TOPIC, 1)), (2, 2));
}

#[tokio::test]
async fn a_zombie_is_fenced_with_the_lakes_offsets_for_every_partition() {
    let lake = TestLake::in_memory().await;
    let (mut a, mut zombie) = (lake.writer().await, lake.writer().await);
    committed(a.commit(batch(0, 0..4)).await.expect("commit"));
    let mut both = batch(0, 0..2);
    both.offsets.extend(batch(1, 0..2).offsets);
    both.messages =
        Some(schemas::manifest::Messages { decoded: schemas::manifest::Dec(4), ..Default::default() });
    let fenced = zombie.commit(both).await.expect("an answer");
    let place = |partition| (SOURCE.to_owned(), TOPIC.to_owned(), partition);
    assert_eq!(fenced, Outcome::Fenced(vec![(place(0), 4), (place(1), 0)]));
    lake.check().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_on_one_log_lose_nothing() {
    many_writers(TestLake::in_memory().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_on_one_directory_lose_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let url = directory.path().display().to_string();
    let store = crate::Store::open(&url, &crate::StoreOptions::default()).expect("open");
    many_writers(TestLake::at(store).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_on_one_bucket_lose_nothing() {
    if let Some(store) = bucket("auditstore: many_writers_on_one_bucket_lose_nothing") {
        many_writers(TestLake::at(store).await).await;
    }
}

async fn many_writers(lake: TestLake) {
    const WRITERS: u64 = 4;
    const EACH: u64 = 12;
    let mut tasks = Vec::new();
    for partition in 0..WRITERS {
        let mut writer = lake.writer().await;
        tasks.push(tokio::spawn(async move {
            for at in 0..EACH {
                committed(writer.commit(batch(partition, at..at + 1)).await.expect("commit"));
            }
        }));
    }
    // And two on the same partition: one of them is always fenced and goes on from where the lake is.
    for _ in 0..2 {
        let mut writer = lake.writer().await;
        tasks.push(tokio::spawn(async move {
            let mut at = 0;
            while at < EACH {
                at = match writer.commit(batch(99, at..at + 1)).await.expect("commit") {
                    Outcome::Committed(_) => at + 1,
                    Outcome::Fenced(next) => next[0].1,
                };
            }
        }));
    }
    for task in tasks {
        task.await.expect("no panic");
    }
    let state = lake.check().await;
    for partition in (0..WRITERS).chain([99]) {
        assert_eq!(state.next_offset(SOURCE, TOPIC, partition), EACH);
    }
    assert_eq!(state.size, 3 + EACH * (WRITERS + 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_writers_race_for_one_entry() {
    let lake = TestLake::in_memory().await;
    let mut writers = Vec::new();
    for _ in 0..64 {
        writers.push(lake.writer().await);
    }
    let tasks: Vec<_> = writers
        .into_iter()
        .map(|mut writer| {
            tokio::spawn(async move { writer.commit(batch(0, 0..1)).await.expect("an answer") })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += usize::from(matches!(task.await.expect("no panic"), Outcome::Committed(_)));
    }
    assert_eq!(won, 1);
    assert_eq!(lake.check().await.size, 4);
}

#[tokio::test]
async fn a_snapshot_that_loses_its_race_covers_the_winner_too() {
    let store = Faulty::new();
    let lake = TestLake::on(Arc::new(store.clone())).await;
    let mut writer = lake.writer().await;
    writer.commit(batch(0, 0..1)).await.expect("commit");
    // The next entry as another writer would commit it, made on a copy of the lake.
    let copy = TestLakeCopy::of(&lake, &store);
    let mut rival = copy.writer(&lake).await;
    rival.commit(batch(1, 0..1)).await.expect("commit");
    for (path, _) in copy.store.list("data").await.expect("list") {
        let bytes = copy.store.get(&path).await.expect("read").expect("there");
        lake.store.create(&path, bytes).await.expect("copied");
    }
    let object = copy.store.get(&entry_path(1, 4)).await.expect("read").expect("there");
    store.rival(&entry_path(1, 4), object);
    writer.snapshot().await.expect("a snapshot");
    let state = lake.check().await;
    assert_eq!((state.size, state.snapshot), (6, Some(5)));
    assert_eq!(state.next_offset(SOURCE, TOPIC, 1), 1);
}

/// A copy of a lake in memory that goes its own way.
struct TestLakeCopy {
    store: crate::Store,
}

impl TestLakeCopy {
    fn of(lake: &TestLake, store: &Faulty) -> TestLakeCopy {
        let inner: Arc<dyn object_store::ObjectStore> = Arc::new(store.fork());
        TestLakeCopy { store: crate::Store::new(inner, lake.store.path("x").parent().unwrap_or_default()) }
    }

    async fn writer(&self, lake: &TestLake) -> Writer {
        Writer::open(self.store.clone(), lake.signer(), WriterOptions::default()).await.expect("a writer")
    }
}
