//! What somebody with rights in the store and no key can put there to blind a verifier, or to stop it.

use std::time::Duration;

use bytes::Bytes;
use schemas::verdict::Verdict;

use super::lake::{Lake, Writers, small};
use crate::verify::{Options, verify};
use crate::{Store, StoreOptions};

/// Puts something at a path.
type Put = fn(&std::path::Path);

/// Objects that read like entries and are not signed.
const NOISE: u64 = 12;

fn entry(seq: u64) -> String {
    format!("log/0001/{seq:016}.entry")
}

async fn found(lake: &Lake, verdict: Verdict) -> Vec<String> {
    let report = lake.verify(&Options::default()).await.unwrap();
    report.findings.into_iter().filter(|line| line.verdict == verdict).map(|line| line.object).collect()
}

/// Entries after noise are judged as those before it: a changed one is found, however much noise there was.
#[tokio::test]
async fn noise_does_not_hide_what_is_changed_after_it() {
    let mut writers = Writers::new().await;
    writers.onboard().await;
    writers.commit(1, false).await;
    let size = writers.events.state().size;
    let newest = writers.store.get(&entry(size - 1)).await.unwrap().unwrap();
    let manifest = newest.split(|byte| *byte == b'\n').next().unwrap();
    for seq in size..size + NOISE {
        let noise = [manifest, b"\nnoise\n", seq.to_string().as_bytes()].concat();
        writers.store.create(&entry(seq), noise.into()).await.unwrap();
    }
    writers.events.refresh().await.unwrap();
    writers.commit(1, false).await;
    writers.heartbeat().await;
    let lake = writers.lake().await;
    let after = size + NOISE;
    let noise: Vec<String> = (size..after).map(entry).collect();
    assert_eq!(found(&lake, Verdict::InvalidEntry).await, noise);
    let report = lake.verify(&Options::default()).await.unwrap();
    assert_eq!(report.findings.len(), NOISE as usize, "{:?}", report.findings);
    assert_eq!(report.root, hex::encode(writers.events.state().root));

    for seq in [after, after + 1] {
        let mut changed = lake.clone();
        let text = String::from_utf8(changed.objects[&entry(seq)].to_vec()).unwrap();
        let text = text.replacen("\"instance\":\"sealake\"", "\"instance\":\"selkies\"", 1);
        changed.objects.insert(entry(seq), Bytes::from(text));
        assert_eq!(found(&changed, Verdict::Fork).await, [entry(seq)]);
    }
}

/// A pipe in the place of an object would be waited for until the end of days.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pipe_in_the_place_of_an_object_stops_nobody() {
    let (_writers, lake) = small().await;
    let places = ["-first.parquet", ".leaves", ".detail", "0001.entry", "checkpoint", "sealake.json"];
    for place in places {
        let folder = tempfile::tempdir().unwrap();
        lake.write(folder.path());
        let path = lake.objects.keys().find(|path| path.ends_with(place)).cloned();
        let path = path.unwrap_or_else(|| lake.paths("data/", ".parquet")[0].clone());
        let file = folder.path().join(&path);
        std::fs::remove_file(&file).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
        let store = Store::open(folder.path().to_str().unwrap(), &StoreOptions::default()).unwrap();
        let options = Options::default();
        let verdict = tokio::time::timeout(Duration::from_secs(20), verify(&store, &options)).await;
        let report = verdict.unwrap_or_else(|_| panic!("{path}: verify waits")).unwrap();
        assert_ne!(report.exit_code(), 0, "{path}: {:?}", report.findings);
    }
}

/// A file that claims a tebibyte is not read to its end: what it should have been is long known by then.
#[tokio::test]
async fn an_endless_file_in_the_place_of_a_segment_is_not_read_to_its_end() {
    let (_writers, lake) = small().await;
    let folder = tempfile::tempdir().unwrap();
    lake.write(folder.path());
    let path = lake.paths("data/", ".parquet")[0].clone();
    let file = std::fs::File::options().write(true).open(folder.path().join(&path)).unwrap();
    // A file system that takes no holes of this size cannot be attacked so.
    if file.set_len(1 << 40).is_err() {
        return;
    }
    let store = Store::open(folder.path().to_str().unwrap(), &StoreOptions::default()).unwrap();
    let options = Options::default();
    let report =
        tokio::time::timeout(Duration::from_secs(60), verify(&store, &options)).await.unwrap().unwrap();
    let found: Vec<_> = report.findings.iter().map(|line| (line.verdict, line.object.clone())).collect();
    assert_eq!(found, [(Verdict::Appended, path)]);
    assert!(report.bytes > 1 << 40, "its size is what the store says: {}", report.bytes);
}

/// What is no regular file in the place of the next entry stops every writer: that is no sound lake.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_blocks_the_next_entry_is_found() {
    use std::os::unix::fs::symlink;

    let (writers, lake) = small().await;
    let next = entry(writers.events.state().size);
    let puts: [(&str, Put); 4] = [
        ("a directory", |at| std::fs::create_dir(at).unwrap()),
        ("a link that leads nowhere", |at| symlink("/nonexistent", at).unwrap()),
        ("a link to a device", |at| symlink("/dev/zero", at).unwrap()),
        ("a pipe", |at| assert!(std::process::Command::new("mkfifo").arg(at).status().unwrap().success())),
    ];
    for (what, put) in puts {
        let folder = tempfile::tempdir().unwrap();
        lake.write(folder.path());
        put(&folder.path().join(&next));
        let store = Store::open(folder.path().to_str().unwrap(), &StoreOptions::default()).unwrap();
        let options = Options::default();
        let verdict = tokio::time::timeout(Duration::from_secs(20), verify(&store, &options)).await;
        let report = verdict.unwrap_or_else(|_| panic!("{what}: verify waits")).unwrap();
        let named = report.findings.iter().any(|line| line.object == next && !line.verdict.is_sound());
        assert!(named && report.exit_code() != 0, "{what}: {:?}", report.findings);
    }
}

/// Whatever a file is called, and whatever it is, it is said to be there, and hides nothing else.
#[tokio::test]
async fn strange_files_are_orphans_and_hide_nothing() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;

    let (_writers, lake) = small().await;
    let folder = tempfile::tempdir().unwrap();
    lake.write(folder.path());
    let data = folder.path().join("data");
    for name in [&b"patients.parquet#1"[..], b"a\nOK, 25 objects.parquet", b"\xff\xfe", b"\x1b[2J"] {
        std::fs::write(data.join(std::ffi::OsStr::from_bytes(name)), "x").unwrap();
    }
    symlink("/nonexistent", data.join("nowhere")).unwrap();
    symlink(folder.path(), data.join("loop")).unwrap();
    std::fs::create_dir_all(folder.path().join("probe")).unwrap();
    std::fs::write(folder.path().join("probe/patients.csv"), "x").unwrap();
    let store = Store::open(folder.path().to_str().unwrap(), &StoreOptions::default()).unwrap();
    let report = verify(&store, &Options::default()).await.unwrap();
    assert_eq!((report.exit_code(), report.orphans), (0, 6), "{:?}", report.findings);
    let changed = lake.paths("data/", ".leaves")[0].clone();
    std::fs::write(folder.path().join(&changed), "x").unwrap();
    let report = verify(&store, &Options::default()).await.unwrap();
    assert_eq!(report.exit_code(), 1);
    assert!(report.findings.iter().any(|line| line.object == changed && !line.verdict.is_sound()));
}
