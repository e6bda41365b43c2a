//! The table of tampering: what somebody with rights in the store may do, and the exact verdicts it earns.
//!
//! Each row names every finding (orphans apart), so that a verdict that is missing, wrong or too many fails.

use std::collections::BTreeSet;

use bytes::Bytes;
use schemas::verdict::Verdict::{self, *};

use super::lake::{Lake, remembering, small, trusting};
use crate::Signer;
use crate::verify::Options;

/// What to do to the lake, and what must be found: verdict, and how the object's path begins and ends.
type Row = (&'static str, fn(&mut Lake), &'static [(Verdict, &'static str, &'static str)]);

const INIT: &str = "log/0001/0000000000000000.entry";
const POLICY: &str = "log/0001/0000000000000001.entry";
const BATCH: &str = "log/0001/0000000000000003.entry";
const SECOND: &str = "log/0001/0000000000000004.entry";
const SNAPSHOT: &str = "log/0001/0000000000000005.entry";
const NEWEST: &str = "log/0001/0000000000000006.entry";
const BEYOND: &str = "log/0001/0000000000000007.entry";
const CHECKPOINT: &str = "log/checkpoint";
const ACCESS_INIT: &str = "access/log/0001/0000000000000000.entry";
const ACCESS_BATCH: &str = "access/log/0001/0000000000000001.entry";

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("nothing", |_| {}, &[]),

    // A manifest: a value, a name, what makes it JSON, the line's end.
    ("manifest, a count", |l| l.swap_text(BATCH, "\"stored\":\"2\"", "\"stored\":\"3\""),
        &[(Fork, BATCH, ""), (CountMismatch, BATCH, "")]),
    ("manifest, a hash that it names", |l| l.swap_text(BATCH, "\"build\":\"", "\"build\":\"^"), &[(Fork, BATCH, "")]),
    ("manifest, its structure", |l| l.swap_text(BATCH, "\"kind\":", "\"kind\";"), &[(Modified, BATCH, "")]),
    ("manifest, its seq", |l| l.swap_text(BATCH, "\"seq\":\"3\"", "\"seq\":\"2\""), 
        &[(Modified, BATCH, ""), (ChainBreak, BATCH, "")]),
    ("manifest, its newline", |l| l.swap_text(BATCH, "}\naudit", "}\raudit"), &[(BadSig, BATCH, "")]),
    ("manifest of entry 0", |l| l.swap_text(INIT, "\"seq\":\"0\"", "\"seq\":\"0\" "), &[(InvalidEntry, INIT, "")]),
    ("manifest of the newest entry", |l| l.swap_text(NEWEST, "\"seq\":\"6\"", "\"seq\":\"5\""),
        &[(Modified, NEWEST, ""), (ChainBreak, NEWEST, "")]),
    ("manifest of the policy entry", |l| l.swap_text(POLICY, "\"name\":\"coded\"", "\"name\":\"codee\""),
        &[(Fork, POLICY, "")]),

    // An entry's note.
    ("note, its origin", |l| l.swap_text(BATCH, "\naudit.example.org/site-a/entry", "\naudit.example.org/site-b/entry"),
        &[(BadSig, BATCH, "")]),
    ("note, its size", |l| l.swap_text(BATCH, "/entry\n4\n", "/entry\n5\n"), &[(BadSig, BATCH, "")]),
    ("note, its root", |l| l.change_base64(BATCH, "/entry\n4\n", 3), &[(BadSig, BATCH, "")]),
    ("note, its signature", |l| l.change_base64(BATCH, "\n\n\u{2014} audit.example.org/site-a ", 40), &[(BadSig, BATCH, "")]),
    ("note, its key id", |l| l.change_base64(BATCH, "\n\n\u{2014} audit.example.org/site-a ", 1), &[(UnknownKey, BATCH, "")]),
    ("note, its key name", |l| l.swap_text(BATCH, "\u{2014} audit.example.org/site-a ", "\u{2014} audit.example.org/site-b "),
        &[(UnknownKey, BATCH, "")]),
    ("note, its dash", |l| l.swap_text(BATCH, "\u{2014} audit", "\u{2015} audit"), &[(InvalidEntry, BATCH, "")]),
    ("note of the newest entry", |l| l.change_base64(NEWEST, "\n\n\u{2014} audit.example.org/site-a ", 40), &[(BadSig, NEWEST, "")]),
    ("bytes after an entry", |l| l.append(BATCH, b"x"), &[(InvalidEntry, BATCH, "")]),
    ("an entry cut short", |l| l.truncate(BATCH, 200), &[(InvalidEntry, BATCH, "")]),
    ("the newest entry cut short, which the checkpoint knows", |l| l.truncate(NEWEST, 200),
        &[(InvalidEntry, NEWEST, ""), (Modified, NEWEST, "")]),
    ("an entry of 2 MiB", |l| l.set(BATCH, vec![b'x'; 2 << 20]), &[(InvalidEntry, BATCH, "")]),

    // Objects.
    ("segment, its header", |l| l.flip_in("data/", "-first.parquet", 0), &[(Modified, "data/", "-first.parquet")]),
    ("segment, a page", |l| l.flip_in("data/", "-first.parquet", 300), &[(Modified, "data/", "-first.parquet")]),
    ("segment, its footer", |l| l.flip_end("data/", "-first.parquet", 40), &[(Modified, "data/", "-first.parquet")]),
    ("segment, its last byte", |l| l.flip_end("data/", "-first.parquet", 1), &[(Modified, "data/", "-first.parquet")]),
    ("leaves", |l| l.flip_in("data/", "-first.leaves", 33), &[(Modified, "data/", "-first.leaves")]),
    ("detail", |l| l.flip_in("data/", "first.detail", 50), &[(Modified, "data/", "first.detail")]),
    ("quarantine", |l| l.flip_in("quarantine/", ".age", 5), &[(Modified, "quarantine/", ".age")]),
    ("policy", |l| l.flip_in("policy/", ".toml", 20), &[(Modified, "policy/", ".toml")]),
    ("snapshot, its head", |l| l.flip_in("snapshot/", "head.json", 9), &[(Modified, "snapshot/", "head.json")]),
    ("snapshot, a part", |l| l.flip_in("snapshot/", "part.json", 9), &[(Modified, "snapshot/", "part.json")]),
    ("checkpoint, its origin", |l| l.swap_text(CHECKPOINT, "audit.example.org/site-a\n", "audit.example.org/site-b\n"),
        &[(BadSig, CHECKPOINT, "")]),
    ("checkpoint, its size", |l| l.swap_text(CHECKPOINT, "\n7\n", "\n6\n"), &[(BadSig, CHECKPOINT, "")]),
    ("checkpoint, its signature", |l| l.change_base64(CHECKPOINT, "\n\n\u{2014} audit.example.org/site-a ", 40), &[(BadSig, CHECKPOINT, "")]),
    ("checkpoint, its key id", |l| l.change_base64(CHECKPOINT, "\n\n\u{2014} audit.example.org/site-a ", 1), &[(UnknownKey, CHECKPOINT, "")]),
    ("checkpoint, its dash", |l| l.swap_text(CHECKPOINT, "\u{2014} audit", "\u{2015} audit"), &[(Modified, CHECKPOINT, "")]),
    ("sealake.json", |l| l.flip("sealake.json", 12), &[(Modified, "sealake.json", "")]),

    // The access log.
    ("access, manifest", |l| l.swap_text(ACCESS_BATCH, "\"stored\":\"1\"", "\"stored\":\"2\""),
        &[(Fork, ACCESS_BATCH, ""), (CountMismatch, ACCESS_BATCH, "")]),
    ("access, signature", |l| l.change_base64(ACCESS_BATCH, "\n\n\u{2014} audit.example.org/site-a/access ", 40), &[(BadSig, ACCESS_BATCH, "")]),
    ("access, entry 0", |l| l.change_base64(ACCESS_INIT, "\n\n\u{2014} audit.example.org/site-a/access ", 40), &[(BadSig, ACCESS_INIT, "")]),
    ("access, segment", |l| l.flip_in("access/data/", ".parquet", 100), &[(Modified, "access/data/", ".parquet")]),
    ("access, leaves", |l| l.flip_in("access/data/", ".leaves", 1), &[(Modified, "access/data/", ".leaves")]),
    ("access, detail", |l| l.flip_in("access/data/", ".detail", 1), &[(Modified, "access/data/", ".detail")]),
    ("access, checkpoint", |l| l.flip("access/log/checkpoint", 3), &[(BadSig, "access/log/checkpoint", "")]),

    // Longer, shorter, elsewhere.
    ("segment cut short", |l| l.truncate_in("data/", "-first.parquet", 1000), &[(Truncated, "data/", "-first.parquet")]),
    ("segment emptied", |l| l.truncate_in("data/", "-first.parquet", 0), &[(Truncated, "data/", "-first.parquet")]),
    ("leaves cut short", |l| l.truncate_in("data/", "-first.leaves", 32), &[(Truncated, "data/", "-first.leaves")]),
    ("segment made longer", |l| l.append_in("data/", "-first.parquet"), &[(Appended, "data/", "-first.parquet")]),
    ("leaves made longer", |l| l.append_in("data/", "-first.leaves"), &[(Appended, "data/", "-first.leaves")]),
    ("detail made longer", |l| l.append_in("data/", "first.detail"), &[(Modified, "data/", "first.detail")]),
    ("two segments swapped", |l| l.swap(("data/", "-first.parquet"), ("data/", "-second.parquet")),
        &[(Moved, "data/", "-first.parquet"), (Moved, "data/", "-second.parquet")]),
    ("a segment in the place of leaves", |l| l.copy(("data/", "-first.parquet"), ("data/", "-second.leaves")),
        &[(Moved, "data/", "-second.leaves")]),
    ("two entries swapped", |l| l.swap((BATCH, ""), (SECOND, "")), &[(Moved, BATCH, ""), (Moved, SECOND, "")]),
    ("an access segment as an event segment", |l| l.copy(("access/data/", ".parquet"), ("data/", "-first.parquet")),
        &[(Moved, "data/", "-first.parquet")]),

    // Gone.
    ("segment gone", |l| l.remove_in("data/", "-first.parquet"), &[(Missing, "data/", "-first.parquet")]),
    ("leaves gone", |l| l.remove_in("data/", "-first.leaves"), &[(Missing, "data/", "-first.leaves")]),
    ("detail gone", |l| l.remove_in("data/", "first.detail"), &[(Missing, "data/", "first.detail")]),
    ("quarantine gone", |l| l.remove_in("quarantine/", ".age"), &[(Missing, "quarantine/", ".age")]),
    ("policy gone", |l| l.remove_in("policy/", ".toml"), &[(Missing, "policy/", ".toml")]),
    ("snapshot head gone", |l| l.remove_in("snapshot/", "head.json"), &[(Missing, "snapshot/", "head.json")]),
    ("snapshot part gone", |l| l.remove_in("snapshot/", "part.json"), &[(Missing, "snapshot/", "part.json")]),
    ("an entry in the middle gone", |l| l.remove(SECOND), &[(ChainBreak, SECOND, "")]),
    ("entry 0 gone", |l| l.remove(INIT), &[(ChainBreak, INIT, "")]),
    ("the newest entry gone", |l| l.remove(NEWEST), &[(Rollback, CHECKPOINT, "")]),
    ("the newest two gone", |l| { l.remove(NEWEST); l.remove(SNAPSHOT); }, &[(Rollback, CHECKPOINT, "")]),
    ("the newest and the checkpoint gone", |l| { l.remove(NEWEST); l.remove(CHECKPOINT); }, &[(Missing, CHECKPOINT, "")]),
    ("sealake.json gone, which can be made again", |l| l.remove("sealake.json"), &[(Missing, "sealake.json", "")]),
    ("checkpoint gone, which can be made again", |l| l.remove(CHECKPOINT), &[(Missing, CHECKPOINT, "")]),
    ("access log cut back", |l| l.remove(ACCESS_BATCH), &[(Rollback, "access/log/", ""), (Rollback, "access/log/checkpoint", "")]),
    ("access log gone", |l| l.remove_folder("access/"), &[(Missing, ACCESS_INIT, "")]),
    ("event log cut back behind a look at it", |l| { for entry in [BATCH, SECOND, SNAPSHOT, NEWEST, CHECKPOINT] { l.remove(entry) } },
        &[(Missing, CHECKPOINT, ""), (Rollback, "log/", "")]),

    // Added.
    ("noise after the newest entry", |l| l.set(BEYOND, b"noise".to_vec()), &[(InvalidEntry, BEYOND, "")]),
    ("a copy of the newest entry after it", |l| l.copy((NEWEST, ""), (BEYOND, "")), &[(Moved, BEYOND, "")]),
    ("noise beyond a hole", |l| l.set("log/0001/0000000000000009.entry", b"noise".to_vec()),
        &[(ChainBreak, BEYOND, ""), (InvalidEntry, "log/0001/0000000000000009.entry", "")]),
    ("noise far beyond a hole", |l| l.set("log/0001/9999999999999999.entry", b"noise".to_vec()),
        &[(ChainBreak, BEYOND, ""), (InvalidEntry, "log/0001/9999999999999999.entry", "")]),
    ("an object of another name in log/", |l| l.set("log/0001/notes.txt", b"noise".to_vec()),
        &[(InvalidEntry, "log/0001/notes.txt", "")]),
    ("an orphan", |l| l.set("data/dt=2026-11-21/x.parquet", b"PAR1".to_vec()), &[]),
];

#[tokio::test]
async fn every_row_of_the_table_gives_its_verdicts() {
    let (_writers, mut lake) = small().await;
    lake.name_roles();
    let mut wrong = Vec::new();
    for (what, change, expected) in TABLE {
        let mut changed = lake.clone();
        change(&mut changed);
        let found = changed.verdicts(&Options::default()).await;
        let expected: BTreeSet<(Verdict, String)> =
            expected.iter().map(|(verdict, start, end)| (*verdict, lake.find(start, end))).collect();
        if found != expected {
            wrong.push(format!("{what}: found {found:?}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn a_lake_as_it_was_written_is_sound() {
    let (writers, lake) = small().await;
    let key = Signer::read(&writers.folder.path().join("writer.key")).unwrap().public();
    let report = lake.verify(&trusting(key)).await.unwrap();
    assert_eq!(report.findings, []);
    assert_eq!((report.exit_code(), report.verdict()), (0, Ok));
    assert_eq!((report.size, report.records), (7, 3));
    assert!(report.offsets_complete && report.records_recomputed && !report.self_asserted);
    assert_eq!(report.access.map(|access| (access.size, access.records)), Some((2, 1)));
    let objects = lake.objects.keys().filter(|path| !path.starts_with("probe/"));
    // All but sealake.json and the two checkpoints are named by entries, or are entries.
    assert_eq!(report.objects as usize, objects.count() - 3);
    assert!(lake.verify(&Options::default()).await.unwrap().self_asserted);
}

#[tokio::test]
async fn what_a_verifier_remembers_shows_a_rollback() {
    let (writers, lake) = small().await;
    let state = writers.folder.path().join("verify.state");
    let options = remembering(state.clone());
    assert!(lake.verdicts(&options).await.is_empty());
    let remembered = std::fs::read(&state).unwrap();

    // The newest entry and the checkpoint that knew of it are gone, with all that could tell inside the lake.
    let mut cut = lake.clone();
    cut.remove(NEWEST);
    cut.remove(CHECKPOINT);
    let found = [(Missing, CHECKPOINT.to_owned()), (Rollback, "log/".to_owned())];
    assert_eq!(cut.verdicts(&options).await, found.into());
    // Nothing that is not sound is remembered.
    assert_eq!(std::fs::read(&state).unwrap(), remembered);

    // Another lake of the same name, sound in itself.
    let (_writers, other) = small().await;
    let found = other.verdicts(&options).await;
    let expected = [
        (UnknownKey, INIT),
        (UnknownKey, ACCESS_INIT),
        (AnchorMismatch, "log/"),
        (AnchorMismatch, "access/log/"),
    ];
    assert_eq!(found, expected.map(|(verdict, object)| (verdict, object.to_owned())).into());

    std::fs::write(&state, b"{}").unwrap();
    assert!(lake.verify(&options).await.is_err(), "a damaged memory is no memory");
}

#[tokio::test]
async fn nothing_is_never_sound() {
    let empty = Lake::default();
    assert!(matches!(empty.verify(&Options::default()).await, Err(crate::Error::NotALake { .. })));
    let (_writers, lake) = small().await;
    let mut bare = lake.clone();
    bare.remove_folder("log/");
    let report = bare.verify(&Options::default()).await.unwrap();
    assert_ne!(report.exit_code(), 0);
}

#[tokio::test]
async fn every_unreadable_object_is_said_so_and_nothing_else() {
    let (_writers, lake) = small().await;
    for path in lake.objects.keys().filter(|path| !path.starts_with("probe/")) {
        let report = crate::verify::verify(&lake.unreadable(path), &Options::default()).await.unwrap();
        let lines: Vec<_> = report.findings.iter().filter(|line| line.object == *path).collect();
        assert!(lines.iter().any(|line| line.verdict == Unreadable), "{path}: {lines:?}");
        assert_eq!(report.exit_code(), 2, "{path}: {:?}", report.findings);
    }
}

impl Lake {
    /// Gives objects of which there are two the role by which the table names them.
    fn name_roles(&mut self) {
        let entry = |path: &str| String::from_utf8_lossy(&self.objects[path]).into_owned();
        let (batch, snapshot) = (entry(BATCH), entry(SNAPSHOT));
        let named = |entry: &str, path: &str| entry.contains(&format!("\"{path}\""));
        for path in self.objects.keys() {
            let end = path.rsplit('.').next().unwrap_or_default();
            let role = if path.starts_with("data/") {
                let role = if named(&batch, path) { "first" } else { "second" };
                if end == "detail" { format!("{role}.{end}") } else { format!("-{role}.{end}") }
            } else if path.starts_with("snapshot/") {
                format!("{}.{end}", if named(&snapshot, path) { "head" } else { "part" })
            } else {
                continue;
            };
            self.roles.push((role, path.clone()));
        }
    }

    fn find(&self, start: &str, end: &str) -> String {
        if let Some((_, path)) = self.roles.iter().find(|(role, _)| !end.is_empty() && role == end) {
            return path.clone();
        }
        if end.is_empty() { start.to_owned() } else { self.path(start, end) }
    }

    fn set(&mut self, path: &str, bytes: Vec<u8>) {
        self.objects.insert(path.to_owned(), bytes.into());
    }

    fn swap_text(&mut self, path: &str, from: &str, to: &str) {
        let bytes = self.objects[path].clone();
        let at = find(&bytes, from.as_bytes());
        let changed = [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat();
        self.set(path, changed);
    }

    /// Changes the base64 character at `offset` after a text into another one.
    fn change_base64(&mut self, path: &str, after: &str, offset: usize) {
        let mut bytes = self.objects[path].to_vec();
        let at = find(&bytes, after.as_bytes()) + after.len() + offset;
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        self.set(path, bytes);
    }

    fn flip_in(&mut self, start: &str, end: &str, at: usize) {
        self.flip(&self.find(start, end), at);
    }

    fn flip_end(&mut self, start: &str, end: &str, back: usize) {
        let path = self.find(start, end);
        let at = self.objects[&path].len() - back;
        self.flip(&path, at);
    }

    fn truncate(&mut self, path: &str, length: usize) {
        let bytes = self.objects[path].slice(..length);
        self.objects.insert(path.to_owned(), bytes);
    }

    fn truncate_in(&mut self, start: &str, end: &str, length: usize) {
        self.truncate(&self.find(start, end), length);
    }

    fn append(&mut self, path: &str, more: &[u8]) {
        let bytes: Bytes = [&self.objects[path][..], more].concat().into();
        self.objects.insert(path.to_owned(), bytes);
    }

    fn append_in(&mut self, start: &str, end: &str) {
        self.append(&self.find(start, end), b"\0");
    }

    fn swap(&mut self, a: (&str, &str), b: (&str, &str)) {
        let (a, b) = (self.find(a.0, a.1), self.find(b.0, b.1));
        let (bytes_a, bytes_b) = (self.objects[&a].clone(), self.objects[&b].clone());
        self.objects.insert(a, bytes_b);
        self.objects.insert(b, bytes_a);
    }

    fn copy(&mut self, from: (&str, &str), to: (&str, &str)) {
        let bytes = self.objects[&self.find(from.0, from.1)].clone();
        self.objects.insert(self.find(to.0, to.1), bytes);
    }

    fn remove(&mut self, path: &str) {
        assert!(self.objects.remove(path).is_some(), "{path} is not there");
    }

    fn remove_in(&mut self, start: &str, end: &str) {
        self.remove(&self.find(start, end));
    }

    fn remove_folder(&mut self, folder: &str) {
        self.objects.retain(|path, _| !path.starts_with(folder));
    }
}

fn find(bytes: &[u8], text: &[u8]) -> usize {
    bytes.windows(text.len()).position(|window| window == text).expect("the text is there")
}
