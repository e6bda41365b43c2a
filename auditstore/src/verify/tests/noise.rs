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

/// Makes a file in a lake as large as no disk, without a byte on the disk. False where the file system cannot.
fn grow(file: &std::path::Path) -> bool {
    let file = std::fs::File::options().write(true).create(true).truncate(false).open(file).unwrap();
    file.set_len(1 << 42).is_ok()
}

/// What should be small and is not is not read at all: its size says enough.
#[tokio::test]
async fn a_small_object_that_became_endless_is_named_and_not_read() {
    let (_, lake) = small().await;
    let one = |suffix: &str| {
        let path = lake.objects.keys().find(|path| !path.starts_with("access/") && path.ends_with(suffix));
        path.unwrap().clone()
    };
    let places = [
        ("log/checkpoint".to_owned(), Verdict::Modified, "65536"),
        ("access/log/checkpoint".to_owned(), Verdict::Modified, "65536"),
        ("sealake.json".to_owned(), Verdict::Modified, "65536"),
        (one(".toml"), Verdict::Modified, "268431360"),
        (one(".detail"), Verdict::Modified, "67108864"),
        (one(".age"), Verdict::Modified, "5368709120"),
    ];
    for (path, verdict, limit) in places {
        let folder = tempfile::tempdir().unwrap();
        lake.write(folder.path());
        if !grow(&folder.path().join(&path)) {
            return;
        }
        let store = Store::open(folder.path().to_str().unwrap(), &StoreOptions::default()).unwrap();
        let options = Options::default();
        let report = tokio::time::timeout(Duration::from_secs(20), verify(&store, &options)).await;
        let report = report.unwrap_or_else(|_| panic!("{path} is read to its end")).unwrap();
        let line = report.findings.iter().find(|line| line.object == path);
        let line = line.unwrap_or_else(|| panic!("{path}: {:?}", report.findings));
        assert_eq!(line.verdict, verdict, "{line:?}");
        assert!(line.detail.contains(&(1_u64 << 42).to_string()), "{line:?}");
        assert!(line.detail.contains(limit) && line.detail.contains("not read"), "{line:?}");
        assert_eq!(report.exit_code(), 1, "{path}");
    }
}

/// A reader goes on without a checkpoint that it cannot believe, and the next writer replaces it.
#[tokio::test]
async fn a_reader_reads_no_endless_checkpoint() {
    let (writers, lake) = small().await;
    let folder = tempfile::tempdir().unwrap();
    lake.write(folder.path());
    if !grow(&folder.path().join("log/checkpoint")) {
        return;
    }
    let store = Store::open(folder.path().to_str().unwrap(), &StoreOptions::default()).unwrap();
    let opening = crate::Reader::open(store.clone(), crate::Trust::SelfAsserted);
    let opened = tokio::time::timeout(Duration::from_secs(20), opening).await;
    let reader = opened.expect("the checkpoint is read to its end").unwrap();
    assert_eq!(reader.state().size, writers.events.state().size);
    let replaced = store.update("log/checkpoint", 65_536, move |current| {
        assert_eq!(current, Some(&[][..]));
        Some(Bytes::from_static(b"new"))
    });
    assert!(replaced.await.unwrap());
}

/// Noise of any size is passed over, by readers and by writers.
#[tokio::test]
async fn large_noise_stops_nobody() {
    let (writers, lake) = small().await;
    let size = writers.events.state().size;
    let folder = tempfile::tempdir().unwrap();
    lake.write(folder.path());
    let noise = std::fs::File::create(folder.path().join(entry(size))).unwrap();
    noise.set_len(200 << 20).unwrap();
    let store = Store::open(folder.path().to_str().unwrap(), &StoreOptions::default()).unwrap();
    let reader = crate::Reader::open(store.clone(), crate::Trust::SelfAsserted).await.unwrap();
    assert_eq!(reader.state().size, size + 1);
    let report = verify(&store, &Options::default()).await.unwrap();
    let line = report.findings.iter().find(|line| line.object == entry(size)).unwrap();
    assert_eq!(line.verdict, Verdict::InvalidEntry);
    assert!(line.detail.contains(&(200 << 20).to_string()), "{line:?}");
}

/// Of a folder that cannot be looked into nobody says that its objects are gone, and everything else is judged.
#[tokio::test]
async fn a_folder_that_cannot_be_read_is_named_and_all_else_is_checked() {
    let (_writers, lake) = small().await;
    let folder = tempfile::tempdir().unwrap();
    lake.write(folder.path());
    let sound = {
        let store = Store::open(folder.path().to_str().unwrap(), &StoreOptions::default()).unwrap();
        verify(&store, &Options::default()).await.unwrap()
    };
    assert_eq!(sound.exit_code(), 0, "{:?}", sound.findings);
    // Folders in folders until their name is longer than the system takes (4,096 bytes): not even root can look into the
    // last. They are made in two halves, each of which has a name.
    let half = |root: &std::path::Path| {
        let half = (0..13).fold(root.to_path_buf(), |folder, _| folder.join("d".repeat(200)));
        std::fs::create_dir_all(&half).unwrap();
        half
    };
    let (upper, lower) = (half(&folder.path().join("data")), folder.path().join("lower"));
    half(&lower);
    std::fs::rename(&lower, upper.join("lower")).unwrap();
    let store = Store::open(folder.path().to_str().unwrap(), &StoreOptions::default()).unwrap();
    let report = verify(&store, &Options::default()).await.unwrap();
    let found: Vec<_> = report.findings.iter().map(|line| line.verdict).collect();
    assert_eq!(found, [Verdict::Unreadable], "{:?}", report.findings);
    let line = &report.findings[0];
    assert!(line.object.starts_with("data/ddd") && line.detail.contains("cannot be looked into"), "{line:?}");
    assert_eq!((report.exit_code(), report.objects), (2, sound.objects));
    assert!(store.list_objects("").await.is_err(), "whoever deletes what is not named must see everything");
}

/// The same where the system forbids it, of the folders on which most depends. Root is forbidden nothing.
#[tokio::test]
async fn a_log_that_may_not_be_listed_is_not_said_to_be_gone() {
    use std::os::unix::fs::PermissionsExt as _;

    let (_writers, lake) = small().await;
    for hidden in ["log", "log/0001", "access/log", "access", "data"] {
        let folder = tempfile::tempdir().unwrap();
        lake.write(folder.path());
        let path = folder.path().join(hidden);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
        let is_root = std::fs::read_dir(&path).is_ok();
        let store = Store::open(folder.path().to_str().unwrap(), &StoreOptions::default()).unwrap();
        let report = verify(&store, &Options::default()).await.unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        if is_root {
            return;
        }
        let all_unreadable = report.findings.iter().all(|line| line.verdict == Verdict::Unreadable);
        assert!(all_unreadable, "{hidden}: {:?}", report.findings);
        assert!(report.findings.iter().any(|line| line.object == hidden), "{:?}", report.findings);
        assert_eq!(report.exit_code(), 2, "{hidden}");
    }
}

/// A verifier's memory is a file: what has no end is not read, and a pipe without a writer is not waited for.
#[tokio::test]
async fn a_state_file_that_is_no_file_is_refused() {
    let (_writers, lake) = small().await;
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let large = folder.path().join("large");
    grow(&large);
    for (path, says) in [("/dev/zero".into(), "a device"), (pipe, "a pipe"), (large, "65536 at most")] {
        let states: [Options; 2] = [
            Options { state: Some(path.clone()), ..Options::default() },
            Options { writer_states: vec![path.clone()], ..Options::default() },
        ];
        for options in states {
            let verdict = tokio::time::timeout(Duration::from_secs(20), lake.verify(&options)).await;
            let error = verdict.unwrap().unwrap_err().to_string();
            assert!(error.contains(says) && error.contains(path.to_str().unwrap()), "{error}");
        }
    }
}

/// The number of records says what it leaves open.
#[tokio::test]
async fn records_that_nobody_could_count_are_said() {
    let (_writers, lake) = small().await;
    let sound = lake.verify(&Options::default()).await.unwrap();
    let uncounted = |report: &crate::verify::Report| {
        (report.records_uncounted, report.segments_uncounted, report.entries_uncounted)
    };
    assert_eq!(uncounted(&sound), (0, 0, 0));
    let segments = lake.paths("data/", ".parquet");
    let mut missing = lake.clone();
    missing.objects.remove(segments[0].as_str());
    let report = missing.verify(&Options::default()).await.unwrap();
    assert_eq!((report.records, report.segments_uncounted), (sound.records, 1));
    assert!(report.records_uncounted > 0 && report.records_uncounted <= sound.records, "{report:?}");
    // The access log's are not the event log's.
    let mut access = lake.clone();
    let path = lake.paths("access/data/", ".parquet")[0].clone();
    access.objects.remove(path.as_str());
    assert_eq!(uncounted(&access.verify(&Options::default()).await.unwrap()), (0, 0, 0));
    let mut hole = lake.clone();
    hole.objects.remove(&entry(3));
    let report = hole.verify(&Options::default()).await.unwrap();
    assert_eq!(report.entries_uncounted, 1, "{report:?}");
}
