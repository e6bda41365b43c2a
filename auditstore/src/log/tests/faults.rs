//! Every write of a commit fails, "not persisted" and "but persisted", once and for good; then the next start
//! must find a sound lake and go on (after Sunlight's table of faults).

use std::sync::Arc;

use super::*;

#[derive(Clone, Copy, Debug)]
enum Act {
    Batch,
    Heartbeat,
    Snapshot,
}

async fn act(writer: &mut Writer, act: Act) -> Result<(), crate::Error> {
    match act {
        Act::Batch => writer.commit(batch_with_quarantine(0, 0..3)).await.map(drop),
        Act::Heartbeat => writer.heartbeat(Default::default()).await.map(drop),
        Act::Snapshot => writer.snapshot().await,
    }
}

async fn lake_on(store: &Faulty) -> TestLake {
    TestLake::on(Arc::new(store.clone())).await
}

/// How many writes an act takes when nothing fails, and which.
async fn writes(act_: Act) -> Vec<String> {
    let store = Faulty::new();
    let lake = lake_on(&store).await;
    let mut writer = lake.writer().await;
    store.heal();
    act(&mut writer, act_).await.expect("nothing fails");
    store.writes()
}

#[tokio::test]
async fn every_write_fails_once() {
    for act_ in [Act::Batch, Act::Heartbeat, Act::Snapshot] {
        let writes = writes(act_).await;
        assert!(!writes.is_empty());
        for nth in 0..writes.len() {
            for fault in [Fault::NotPersisted, Fault::ButPersisted, Fault::Conflict] {
                let case = format!("{act_:?}, {fault:?} at {} of {writes:?}", nth + 1);
                let store = Faulty::new();
                let lake = lake_on(&store).await;
                let mut writer = lake.writer().await;
                let before = writer.state().size;
                store.fail(nth, fault, false);
                let outcome = act(&mut writer, act_).await;
                store.heal();
                if let Err(error) = &outcome {
                    // Touching the checkpoint to read the store's clock is tried once; nothing was sealed then.
                    assert!(
                        error.is_retryable() && writes[nth].ends_with("log/checkpoint"),
                        "{case}: {error}"
                    );
                    act(&mut writer, act_).await.expect("the second time");
                }
                let state = lake.check().await;
                assert_eq!(state.size, before + 1, "{case}: once, not twice");
                let mut next = lake.writer().await;
                let first = next.state().next_offset(SOURCE, TOPIC, 0);
                committed(next.commit(batch(0, first..first + 1)).await.expect(&case));
                lake.check().await;
            }
        }
    }
}

#[tokio::test]
async fn a_crash_at_every_write() {
    for act_ in [Act::Batch, Act::Heartbeat, Act::Snapshot] {
        let writes = writes(act_).await;
        for nth in 0..writes.len() {
            for fault in [Fault::NotPersisted, Fault::ButPersisted] {
                let case = format!("{act_:?}, {fault:?} at {} of {writes:?}", nth + 1);
                let store = Faulty::new();
                let lake = lake_on(&store).await;
                let mut writer = lake.writer().await;
                let before = writer.state().size;
                store.fail(nth, fault, true);
                let outcome = act(&mut writer, act_).await;
                drop(writer);
                store.heal();
                let after = lake.check().await;
                let entry = writes.iter().position(|path| path.ends_with(".entry")).expect("an entry");
                let landed = nth > entry || (nth == entry && fault == Fault::ButPersisted);
                assert_eq!(after.size, before + u64::from(landed), "{case}: all or nothing");
                assert_eq!(outcome.is_ok(), nth > entry, "{case}: {outcome:?}");
                // The same work again, from where the lake is.
                let mut next = lake.writer().await;
                let first = next.state().next_offset(SOURCE, TOPIC, 0);
                assert_eq!(first == 4, landed && matches!(act_, Act::Batch), "{case}");
                committed(next.commit(batch_with_quarantine(0, first..first + 3)).await.expect(&case));
                act(&mut next, Act::Snapshot).await.expect(&case);
                lake.check().await;
            }
        }
    }
}

#[tokio::test]
async fn a_writer_that_lost_the_answer_knows_what_it_committed() {
    let store = Faulty::new();
    let lake = lake_on(&store).await;
    let mut writer = lake.writer().await;
    let entry = writes(Act::Batch).await.iter().position(|path| path.ends_with(".entry")).expect("an entry");
    // The entry lands and the network goes away for longer than the writer tries.
    store.fail(entry, Fault::ButPersisted, true);
    let error = writer.commit(batch_with_quarantine(0, 0..3)).await.expect_err("unreachable");
    assert!(error.is_retryable(), "{error}");
    assert!(writer.refresh().await.is_err());
    store.heal();
    assert_eq!(writer.refresh().await.expect("refresh").next_offset(SOURCE, TOPIC, 0), 4);
    assert!(matches!(writer.commit(batch(0, 0..3)).await, Ok(Outcome::Fenced(_))), "never twice");
    committed(writer.commit(batch(0, 4..5)).await.expect("commit"));
    lake.check().await;
}
