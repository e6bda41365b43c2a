//! One conformance test for every store, and what only directories can show.

use std::collections::BTreeSet;

use object_store::memory::InMemory;

use super::*;

/// What every store must do.
async fn conforms(store: &Store) {
    let bytes = |text: &'static str| Bytes::from_static(text.as_bytes());
    assert_eq!(store.get("a/b").await.expect("read"), None);
    assert_eq!(store.create("a/b", bytes("one")).await.expect("create"), Create::New);
    assert_eq!(store.create("a/b", bytes("two")).await.expect("create"), Create::Exists);
    assert_eq!(store.get("a/b").await.expect("read"), Some(bytes("one")));
    assert_eq!(store.get_range("a/b", 1..3).await.expect("read"), bytes("ne"));
    assert!(matches!(store.get_range("a/b", 1..4).await, Err(Error::Invalid { .. })));
    assert!(matches!(store.get_range("a/b", 7..9).await, Err(Error::Invalid { .. })));
    assert!(matches!(store.get_range("a/c", 0..1).await, Err(Error::Missing { .. })));
    assert_eq!(store.head("a/b").await.expect("head").expect("there").0, 3);
    assert_eq!(store.head("a/c").await.expect("head"), None);
    assert!(matches!(store.get_entry("a/b", 3).await, Ok(Some(Fetched::Whole(_)))));
    match store.get_entry("a/b", 2).await.expect("read") {
        Some(Fetched::TooLarge(hash, 3)) => assert_eq!(hash, crate::merkle::sha256(b"one")),
        other => panic!("{other:?}"),
    }
    assert_eq!(store.get_small("a/b", 3).await.expect("read"), Some(bytes("one")));
    let error = store.get_small("a/b", 2).await.expect_err("too large").to_string();
    assert!(error.contains("a/b: has 3 bytes, and may have 2 at most; it was not read"), "{error}");
    assert_eq!(store.get_small("a/c", 2).await.expect("read"), None);
    store.replace("r", bytes("one")).await.expect("replace");
    store.replace("r", bytes("two")).await.expect("replace");
    assert_eq!(store.get("r").await.expect("read"), Some(bytes("two")));
    let grow = |current: Option<&[u8]>| {
        (current.map_or(0, <[u8]>::len) < 2).then(|| [current.unwrap_or_default(), b"x"].concat().into())
    };
    for expected in [true, true, false] {
        assert_eq!(store.update("u", 1024, grow).await.expect("update"), expected);
    }
    let replaced = store.update("u", 1, |current| (current == Some(&[])).then(|| Bytes::from_static(b"xx")));
    assert!(replaced.await.expect("update"), "of what is too large nothing is read");
    let child = store.child("a");
    assert_eq!(child.get("b").await.expect("read"), Some(bytes("one")));
    assert_eq!(child.list("").await.expect("list"), [("b".to_owned(), 3)]);
    let all: BTreeSet<_> = store.list("").await.expect("list").into_iter().collect();
    assert_eq!(all, BTreeSet::from([("a/b".to_owned(), 3), ("r".to_owned(), 3), ("u".to_owned(), 2)]));
    races(store).await;
}

/// 64 creates of one name, several times: exactly one wins, and it is its bytes that are there.
async fn races(store: &Store) {
    for round in 0..5 {
        let name = format!("race/{round}");
        let all = (0..64).map(|racer: u32| {
            let (store, name) = (store.clone(), name.clone());
            tokio::spawn(async move {
                (racer, store.create(&name, Bytes::from(racer.to_string())).await.expect("create"))
            })
        });
        let mut winners = Vec::new();
        for racer in futures::future::join_all(all).await {
            let (racer, outcome) = racer.expect("no panic");
            if outcome == Create::New {
                winners.push(racer.to_string());
            }
        }
        let found = store.get(&name).await.expect("read").expect("there");
        assert_eq!(winners, [String::from_utf8_lossy(&found)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn memory_conforms() {
    conforms(&Store::new(Arc::new(InMemory::new()), Path::from("some/prefix"))).await;
    conforms(&Store::new(Arc::new(InMemory::new()), Path::default())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_real_bucket_conforms() {
    if let Some(store) = crate::testing::bucket("auditstore: a_real_bucket_conforms") {
        conforms(&store).await;
    }
}

#[tokio::test]
async fn a_bucket_that_cannot_be_reached_is_an_error_within_its_time() {
    let directory = tempfile::tempdir().expect("a directory");
    let secret = directory.path().join("secret");
    crate::keys::write_secret(&secret, b"secret").expect("written");
    let options = StoreOptions {
        endpoint: Some("http://127.0.0.1:9".to_owned()),
        allow_http: true,
        access_key_id: Some("id".to_owned()),
        secret_access_key_file: Some(secret),
        timeout_s: Some(1),
        ..StoreOptions::default()
    };
    let store = Store::open("s3://bucket/lake", &options).expect("a client");
    let begun = std::time::Instant::now();
    let error = store.get("log/checkpoint").await.expect_err("nobody listens");
    assert!(error.is_retryable() && error.to_string().contains("s3://bucket/lake/log/checkpoint"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn directories_conform_whatever_their_name() {
    let directory = tempfile::tempdir().expect("a directory");
    for name in ["lake", "a lake #1 100% ünï", "x/y/z"] {
        let path = directory.path().join(name);
        let store = Store::open_or_make(&path.display().to_string(), &StoreOptions::default()).expect("open");
        conforms(&store).await;
        let left: Vec<_> = store
            .list("")
            .await
            .expect("list")
            .into_iter()
            .filter(|(name, _)| name.ends_with(".tmp"))
            .collect();
        assert_eq!(left, [], "temporary files are gone");
    }
}

#[test]
fn a_typo_does_not_make_a_lake() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("lkae").display().to_string();
    let error = Store::open(&path, &StoreOptions::default()).expect_err("not there");
    assert!(matches!(error, Error::NotALake { .. }) && error.to_string().contains("lkae"), "{error}");
    assert!(!FilePath::new(&path).exists());
    for url in ["", "gopher://x", "s3://", "s3:///x", "s3://bucket/a//b"] {
        assert!(Store::open(url, &StoreOptions::default()).is_err(), "{url}");
    }
}

#[tokio::test]
async fn a_file_where_a_directory_should_be_is_named_and_nothing_is_left() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(&directory.path().display().to_string(), &StoreOptions::default()).expect("open");
    std::fs::write(directory.path().join("log"), b"not a directory").expect("write");
    let error = store.create("log/0001/x", Bytes::from_static(b"x")).await.expect_err("not a directory");
    assert!(error.to_string().contains("log/0001/x"), "{error}");
    assert_eq!(store.list("").await.expect("list").len(), 1);
}

#[test]
fn the_options_refuse_unknown_fields_and_hide_their_secrets() {
    let parse = |json: &str| serde_json::from_str::<StoreOptions>(json);
    assert!(parse("{\"endpont\":\"x\"}").is_err());
    let options = parse("{\"access_key_id\":\"AKIDSECRET\",\"endpoint\":\"https://x\"}").expect("options");
    assert!(!format!("{options:?}").contains("AKIDSECRET"));
}

#[tokio::test]
async fn a_directory_that_was_moved_away_is_not_made_anew() {
    let folder = tempfile::tempdir().expect("a directory");
    let lake = folder.path().join("lake");
    let store = Store::open_or_make(&lake.display().to_string(), &StoreOptions::default()).expect("a store");
    let bytes = || Bytes::from_static(b"x");
    store.create("a/b", bytes()).await.expect("create");
    std::fs::rename(&lake, folder.path().join("away")).expect("moved");
    let errors = [
        store.create("a/c", bytes()).await.map(drop).expect_err("create"),
        store.replace("a/c", bytes()).await.expect_err("replace"),
        store.update("a/c", 1024, move |_| Some(bytes())).await.map(drop).expect_err("update"),
    ];
    for error in errors {
        assert!(error.is_retryable() && error.to_string().contains("was it moved"), "{error}");
    }
    assert!(!lake.exists());
    std::fs::rename(folder.path().join("away"), &lake).expect("moved back");
    store.create("a/c", Bytes::from_static(b"x")).await.expect("create");
}

#[test]
fn the_directory_of_a_lake_is_its_owners() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a directory");
    let lake = folder.path().join("a/lake");
    Store::open_or_make(&lake.display().to_string(), &StoreOptions::default()).expect("made");
    let mode = |path: &FilePath| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&lake), 0o700);
    // One that was there keeps what its owner gave it.
    std::fs::set_permissions(&lake, std::fs::Permissions::from_mode(0o750)).expect("changed");
    Store::open_or_make(&lake.display().to_string(), &StoreOptions::default()).expect("opened");
    assert_eq!(mode(&lake), 0o750);
}

#[test]
fn what_no_waiting_mends_is_refused_with_what_to_do() {
    let not_found = |body: &str| object_store::Error::NotFound {
        path: "log/0001/0000000000000000.entry".into(),
        source: format!("Server returned non-2xx status code: 404 Not Found: {body}").into(),
    };
    let refused = |body: &str| object_store::Error::Generic {
        store: "S3",
        source: format!("Server returned non-2xx status code: 403 Forbidden: {body}").into(),
    };
    assert!(is_absent(&not_found("<Error><Code>NoSuchKey</Code></Error>")) && is_absent(&not_found("")));
    let no_bucket = not_found("<Error><Code>NoSuchBucket</Code></Error>");
    assert!(!is_absent(&no_bucket));
    for (error, says) in [
        (no_bucket, "create it, or correct the URL"),
        (refused("<Code>InvalidAccessKeyId</Code>"), "AWS_ACCESS_KEY_ID"),
        (refused("<Code>SignatureDoesNotMatch</Code>"), "secret_access_key_file in [lake.s3]"),
        (refused("<Code>AccessDenied</Code>"), "s3:PutObject"),
        (refused("error sending request: invalid peer certificate: UnknownIssuer"), "ca_file in [lake.s3]"),
    ] {
        let error = Error::store("read s3://bucket/log/checkpoint", error);
        assert!(matches!(&error, Error::Denied { .. }) && !error.is_retryable(), "{error:?}");
        let text = error.to_string();
        assert!(text.starts_with("read s3://bucket/log/checkpoint: refused: "), "{text}");
        assert!(text.contains(says) && !text.contains("try again later"), "{text}");
    }
    let busy = Error::store("read x", refused("<Code>SlowDown</Code>"));
    assert!(busy.is_retryable() && busy.to_string().contains("try again later"), "{busy}");
}
