//! Beginnings: crashes at every step, existing lakes, stores that cannot be trusted.

use std::sync::Arc;

use async_trait::async_trait;
use object_store::memory::InMemory;
use object_store::path::Path as StorePath;

use super::*;
use crate::log::{Trust, Writer};
use crate::testing::{Fault, Faulty, ORIGIN, TestLake};

fn options(store: &Faulty, keys: &Path) -> InitOptions {
    InitOptions::new(Store::new(Arc::new(store.clone()), StorePath::from("lake")), ORIGIN, keys)
}

#[tokio::test]
async fn a_crash_at_every_write_is_resumed() {
    let store = Faulty::new();
    let keys = tempfile::tempdir().expect("a directory");
    init(options(&store, keys.path())).await.expect("a lake");
    let writes = store.writes();
    let probes = writes.iter().take_while(|path| path.contains("/probe/")).count();
    assert_eq!(probes, PROBE_RACERS * PROBE_ROUNDS);
    for nth in [0, 70].into_iter().chain(probes..writes.len()) {
        for fault in [Fault::NotPersisted, Fault::ButPersisted] {
            let (store, keys) = (Faulty::new(), tempfile::tempdir().expect("a directory"));
            store.fail(nth, fault, true);
            let crashed = init(options(&store, keys.path())).await;
            assert!(crashed.is_err(), "write {nth}");
            store.heal();
            let again = init(options(&store, keys.path())).await;
            // If the very last write has landed, there is nothing left to do, and that is said.
            if nth + 1 == writes.len() && fault == Fault::ButPersisted {
                assert!(matches!(again, Err(Error::AlreadyALake { .. })));
            } else {
                let report = again.expect("resumed");
                assert!(report.resumed && report.fingerprint.len() == 64);
            }
            let signer = Signer::read(&keys.path().join("writer.key")).expect("a key");
            let store = options(&store, keys.path()).store;
            let state_file = Some(keys.path().join("writer.state"));
            let writer = crate::WriterOptions { state_file, ..Default::default() };
            let mut writer = Writer::open(store, signer, writer).await.expect("a writer");
            writer.heartbeat(Default::default()).await.expect("it works");
        }
    }
}

#[tokio::test]
async fn an_existing_lake_is_refused_with_what_to_do() {
    let lake = TestLake::in_memory().await;
    let before = lake.check().await;
    let error = init(lake.init_options()).await.expect_err("a lake already");
    assert!(matches!(error, Error::AlreadyALake { .. }) && error.to_string().contains(ORIGIN), "{error}");
    // Also where somebody deleted the description, or comes with other keys, or another name.
    let (name, described) = (lake.store.path(DESCRIPTION), lake.store.get(DESCRIPTION).await.expect("read"));
    object_store::ObjectStoreExt::delete(lake.store.object_store(), &name).await.expect("deleted");
    assert!(matches!(init(lake.init_options()).await, Err(Error::AlreadyALake { .. })));
    let keys = tempfile::tempdir().expect("a directory");
    for origin in [ORIGIN, "another.example.org"] {
        let options = InitOptions::new(lake.store.clone(), origin, keys.path());
        assert!(matches!(init(options).await, Err(Error::AlreadyALake { .. })), "{origin}");
    }
    lake.writer().await;
    assert_eq!(lake.store.get(DESCRIPTION).await.expect("read"), described, "rebuilt from entry 0");
    assert_eq!(lake.check().await.root, before.root);
}

#[tokio::test]
async fn keys_of_a_lake_elsewhere_do_not_begin_a_second_one() {
    let lake = TestLake::in_memory().await;
    let elsewhere = Store::new(Arc::new(InMemory::new()), StorePath::from("lake"));
    let options = InitOptions { store: elsewhere, ..lake.init_options() };
    let error = init(options.clone()).await.expect_err("the keys are in use");
    assert!(matches!(&error, Error::Refused(why) if why.contains("writer.state")), "{error}");
    let renamed = InitOptions { origin: "b.example.org".into(), state_file: None, ..options };
    assert!(matches!(init(renamed).await, Err(Error::Key(_))), "nor are they given another name");
}

#[tokio::test]
async fn a_foreign_entry_that_appears_during_init_wins() {
    let (store, keys) = (Faulty::new(), tempfile::tempdir().expect("a directory"));
    let other = TestLake::in_memory().await;
    let entry = other.store.get(&entry_path(1, 0)).await.expect("read").expect("there");
    store.rival("lake/log/0001/0000000000000000.entry", entry);
    let error = init(options(&store, keys.path())).await.expect_err("another's lake");
    assert!(matches!(error, Error::AlreadyALake { .. }), "{error}");
}

#[tokio::test]
async fn a_lake_of_a_newer_format_is_refused_naming_both() {
    let lake = TestLake::in_memory().await;
    let entry = lake.store.get(&entry_path(1, 0)).await.expect("read").expect("there");
    let newer = String::from_utf8(entry.to_vec()).expect("UTF-8").replace("sealake/1", "sealake/2");
    lake.store.replace(&entry_path(1, 0), newer.into()).await.expect("replaced");
    for error in [
        lake.reader().await.expect_err("newer"),
        Writer::open(lake.store.clone(), lake.signer(), lake.options()).await.expect_err("newer"),
    ] {
        let message = error.to_string();
        assert!(message.contains("sealake/2") && message.contains("sealake/1"), "{message}");
    }
}

#[tokio::test]
async fn nothing_where_a_lake_should_be() {
    let store = Store::new(Arc::new(InMemory::new()), StorePath::from("typo"));
    let error = crate::Reader::open(store, Trust::SelfAsserted).await.expect_err("nothing");
    assert!(matches!(error, Error::NotALake { .. }) && error.to_string().contains("typo"), "{error}");
}

/// A store whose creates overwrite each other, as some local S3 servers do under load.
#[derive(Debug)]
struct Racy(InMemory);

impl std::fmt::Display for Racy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("racy")
    }
}

#[async_trait]
impl object_store::ObjectStore for Racy {
    async fn put_opts(
        &self,
        location: &StorePath,
        payload: object_store::PutPayload,
        _: object_store::PutOptions,
    ) -> object_store::Result<object_store::PutResult> {
        self.0.put_opts(location, payload, object_store::PutOptions::default()).await
    }

    async fn put_multipart_opts(
        &self,
        location: &StorePath,
        options: object_store::PutMultipartOptions,
    ) -> object_store::Result<Box<dyn object_store::MultipartUpload>> {
        self.0.put_multipart_opts(location, options).await
    }

    async fn get_opts(
        &self,
        location: &StorePath,
        options: object_store::GetOptions,
    ) -> object_store::Result<object_store::GetResult> {
        self.0.get_opts(location, options).await
    }

    fn delete_stream(
        &self,
        locations: futures::stream::BoxStream<'static, object_store::Result<StorePath>>,
    ) -> futures::stream::BoxStream<'static, object_store::Result<StorePath>> {
        self.0.delete_stream(locations)
    }

    fn list(
        &self,
        prefix: Option<&StorePath>,
    ) -> futures::stream::BoxStream<'static, object_store::Result<object_store::ObjectMeta>> {
        self.0.list(prefix)
    }

    async fn list_with_delimiter(
        &self,
        prefix: Option<&StorePath>,
    ) -> object_store::Result<object_store::ListResult> {
        self.0.list_with_delimiter(prefix).await
    }

    async fn copy_opts(
        &self,
        from: &StorePath,
        to: &StorePath,
        options: object_store::CopyOptions,
    ) -> object_store::Result<()> {
        self.0.copy_opts(from, to, options).await
    }
}

#[tokio::test]
async fn a_store_in_which_two_creates_win_is_refused_before_anything_is_signed() {
    let keys = tempfile::tempdir().expect("a directory");
    let store = Store::new(Arc::new(Racy(InMemory::new())), StorePath::from("lake"));
    let error = init(InitOptions::new(store.clone(), ORIGIN, keys.path())).await.expect_err("racy");
    assert!(matches!(&error, Error::Denied { cause, .. } if cause.contains("If-None-Match")), "{error}");
    assert_eq!(store.get(&entry_path(1, 0)).await.expect("read"), None);
}
