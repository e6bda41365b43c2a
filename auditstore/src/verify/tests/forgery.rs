//! What somebody can do who has the writer's key: entries that are rightly signed and say what they must not.

use std::collections::{BTreeMap, BTreeSet};

use schemas::manifest::{
    Adopt, Batch, Body, Counts, Dec, Heartbeat, Key, Manifest, Messages, ObjectRef, OffsetRange, Retention,
    Skipped, Snapshot, TreeHead,
};
use schemas::verdict::Verdict::{self, *};

use super::lake::{Lake, SOURCE, small};
use crate::Signer;
use crate::log::{invalid_leaf, make_entry};
use crate::merkle::{Edge, leaf_hash, sha256};
use crate::note::Head;
use crate::time::{format_time, parse_time};
use crate::verify::Options;

/// A lake and the key that signs it.
struct Forger {
    lake: Lake,
    signer: Signer,
}

/// What to sign, and what must be found.
type Row = (&'static str, fn(&mut Forger), &'static [(Verdict, &'static str)]);

const NEXT: &str = "log/0001/0000000000000007.entry";
const AFTER: &str = "log/0001/0000000000000008.entry";
const THIRD: &str = "log/0001/0000000000000009.entry";
const CHECKPOINT: &str = "log/checkpoint";

/// The last seq that an entry's name can hold.
const FAR: u64 = 9_999_999_999_999_999;

/// The next offset of the small lake's one partition.
const OFFSET: u64 = 8;

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("a batch of a gap, as it should be", |f| f.sign(batch(OFFSET, 5, 5)), &[]),
    ("offsets left out", |f| f.sign(batch(OFFSET + 2, 5, 5)), &[(OffsetGap, NEXT)]),
    ("offsets taken twice", |f| f.sign(batch(OFFSET - 1, 5, 5)), &[(OffsetOverlap, NEXT)]),
    ("offsets without a reason", |f| f.sign(batch(OFFSET, 5, 4)), &[(CountMismatch, NEXT)]),
    ("offsets of a topic continued by another of its name", |f| {
        f.sign(change(|b| b.offsets[0].topic_id = Some("AAAAAAAAAAAAAAAAAAAAAA".into())));
        f.sign(change(|b| {
            b.offsets[0].topic_id = Some("BBBBBBBBBBBBBBBBBBBBBB".into());
            (b.offsets[0].first, b.offsets[0].next) = (Dec(OFFSET + 5), Dec(OFFSET + 10));
        }));
    }, &[(OffsetOverlap, AFTER)]),
    ("records without rows", |f| f.sign(change(|b| b.counts.records.stored = Dec(1))), &[(CountMismatch, NEXT)]),
    ("quarantined records without an object", |f| f.sign(change(|b| b.counts.records.quarantined = Dec(2))),
        &[(CountMismatch, NEXT)]),
    ("kept too short", |f| f.sign(change(|b| b.retention.retain_until = "2030-01-01T00:00:00.000000Z".into())),
        &[(UnderRetained, NEXT)]),
    ("rows of the other log's schema", |f| f.sign(change(|b| b.schema = "access/1".into())), &[(InvalidEntry, NEXT)]),
    ("a source that was never onboarded", |f| f.sign(change(|b| {
        b.offsets[0].source = "other/0".into();
        b.offsets[0].first = Dec(0);
        b.offsets[0].next = Dec(5);
    })), &[(InvalidEntry, NEXT)]),

    ("a heartbeat with another access root", |f| f.sign(heartbeat(2, "00")), &[(AnchorMismatch, NEXT)]),
    ("a heartbeat that saw more of the access log", |f| f.sign(heartbeat(9, "00")), &[(Rollback, "access/log/")]),
    ("a heartbeat that saw less than the one before", |f| f.sign(heartbeat(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
        &[(Rollback, NEXT)]),
    ("a head adopted that is none", |f| f.sign(Body::Adopt(Adopt { head: TreeHead { size: Dec(7), root: "00".repeat(32) } })),
        &[(AnchorMismatch, NEXT)]),
    ("a snapshot of an older state", |f| f.snapshot(7, 6), &[(AnchorMismatch, NEXT)]),
    ("committed before the entry before it", |f| f.sign_at(heartbeat(2, ""), -1), &[(ChainBreak, NEXT)]),
    ("a second source of the same name", |f| f.sign(source(SOURCE)), &[(ChainBreak, NEXT)]),

    ("a partition twice in one batch", |f| f.sign(change(|b| {
        let gaps = BTreeMap::from([("expired".to_owned(), Dec(2))]);
        b.offsets.push(OffsetRange { first: Dec(OFFSET + 5), next: Dec(OFFSET + 7), gaps, ..b.offsets[0].clone() });
    })), &[(InvalidEntry, NEXT)]),
    ("a batch of nothing", |f| f.sign(change(|b| { b.offsets.clear(); b.counts.messages = None })),
        &[(InvalidEntry, NEXT)]),
    ("more records than can be counted, twice", |f| for at in [0, 5] {
        let Body::Batch(mut body) = batch(OFFSET + at, 5, 5) else { unreachable!("it is a batch") };
        body.counts.records.stored = Dec(u64::MAX);
        f.sign(Body::Batch(body));
    }, &[(CountMismatch, NEXT), (CountMismatch, AFTER)]),
    ("a snapshot of all there can ever be", |f| f.snapshot(7, u64::MAX), &[(ChainBreak, NEXT), (AnchorMismatch, NEXT)]),
    ("a snapshot at the end of all numbers", |f| f.snapshot(FAR, FAR - 1), &[(ChainBreak, NEXT)]),

    ("a key added and the old one retired", |f| { f.rotate(); f.sign(heartbeat(2, "")) }, &[]),
    ("signed with the old key after that", |f| {
        let old = f.rotate();
        f.signer = old;
        f.sign(heartbeat(2, ""));
    }, &[(KeyWindow, THIRD)]),
    ("signed with a key of the same name", |f| {
        f.signer = Signer::generate(f.signer.name()).unwrap();
        f.sign(heartbeat(2, ""));
    }, &[(UnknownKey, NEXT)]),

    ("a checkpoint with another root", |f| f.checkpoint(7, [0; 32]), &[(Fork, CHECKPOINT)]),
    ("a checkpoint of entries that are gone", |f| f.checkpoint(99, [0; 32]), &[(Rollback, CHECKPOINT)]),
    ("a checkpoint long behind", |f| { f.sign(heartbeat(2, "")); f.sign_at(heartbeat(2, ""), 2 * 3_600_000_000) },
        &[(StaleHead, CHECKPOINT)]),

    ("noise that the next entry judges", |f| { f.noise(); f.sign_after_noise(true) }, &[(InvalidEntry, NEXT)]),
    ("noise that the next entry keeps quiet about", |f| { f.noise(); f.sign_after_noise(false) },
        &[(InvalidEntry, NEXT), (ChainBreak, AFTER)]),
    ("a root that is not that of the leaves", |f| f.false_root(),
        &[(RootMismatch, "leaves"), (CountMismatch, NEXT)]),
];

#[tokio::test]
async fn every_forgery_gives_its_verdicts() {
    let (writers, lake) = small().await;
    let mut wrong = Vec::new();
    for (what, forge, expected) in TABLE {
        let signer = Signer::read(&writers.folder.path().join("writer.key")).unwrap();
        let mut forger = Forger { lake: lake.clone(), signer };
        forge(&mut forger);
        let found = forger.lake.verdicts(&Options { records: true, ..Options::default() }).await;
        let name = |object: &str| {
            if object == "leaves" { "data/dt=1/forged.leaves".to_owned() } else { object.to_owned() }
        };
        let expected: BTreeSet<_> =
            expected.iter().map(|(verdict, object)| (*verdict, name(object))).collect();
        let found: BTreeSet<_> =
            found.into_iter().filter(|(_, object)| !object.ends_with("forged.parquet")).collect();
        if found != expected {
            wrong.push(format!("{what}: found {found:?}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn a_newer_lake_is_refused_naming_both() {
    let (writers, lake) = small().await;
    let signer = Signer::read(&writers.folder.path().join("writer.key")).unwrap();
    let mut forger = Forger { lake, signer };
    let mut manifest = forger.manifest(heartbeat(2, ""));
    manifest.format = "sealake/7".to_owned();
    forger.put(&manifest, &[]);
    let error = forger.lake.verify(&Options::default()).await.unwrap_err().to_string();
    assert!(error.contains("sealake/7") && error.contains("sealake/1"), "{error}");
}

fn batch(first: u64, length: u64, gap: u64) -> Body {
    let offsets = vec![OffsetRange {
        source: SOURCE.to_owned(),
        topic: "llm.gateway".to_owned(),
        partition: Dec(0),
        first: Dec(first),
        next: Dec(first + length),
        gaps: BTreeMap::from([("expired".to_owned(), Dec(gap))]),
        ..OffsetRange::default()
    }];
    let retention =
        Retention { class: "hipaa-6y".to_owned(), retain_until: "2040-01-01T00:00:00.000000Z".to_owned() };
    let counts = Counts { messages: Some(Messages::default()), ..Counts::default() };
    Body::Batch(Box::new(Batch {
        offsets,
        counts,
        retention,
        schema: "event/1".to_owned(),
        ..Batch::default()
    }))
}

fn change(change: fn(&mut Batch)) -> Body {
    let Body::Batch(mut body) = batch(OFFSET, 5, 5) else { unreachable!("it is a batch") };
    change(&mut body);
    Body::Batch(body)
}

/// A heartbeat that names the access log; with no root, none.
fn heartbeat(size: u64, root: &str) -> Body {
    let root = if root.len() == 2 { root.repeat(32) } else { root.to_owned() };
    let access = (!root.is_empty()).then_some(TreeHead { size: Dec(size), root });
    Body::Heartbeat(Heartbeat { access, ends: Vec::new() })
}

fn source(source: &str) -> Body {
    Body::Source(schemas::manifest::Source { source: source.to_owned(), starts: Vec::new() })
}

impl Forger {
    fn entries(&self) -> Vec<String> {
        self.lake.paths("log/0001/", ".entry").into_iter().cloned().collect()
    }

    /// A manifest for the next place, otherwise as the newest sound one.
    fn manifest(&self, body: Body) -> Manifest {
        let entries = self.entries();
        let manifests = entries.iter().rev().filter_map(|path| {
            let object = &self.lake.objects[path];
            serde_json::from_slice::<Manifest>(object.split(|byte| *byte == b'\n').next()?).ok()
        });
        let newest = manifests.into_iter().next().unwrap();
        Manifest { seq: Dec(entries.len() as u64), skipped: Vec::new(), body, ..newest }
    }

    /// Signs a manifest and puts it in the place that it says.
    fn put(&mut self, manifest: &Manifest, more: &[&Signer]) {
        let mut edge = Edge::default();
        for path in self.entries() {
            let object = &self.lake.objects[&path];
            let line = object.split(|byte| *byte == b'\n').next().unwrap();
            let noise = line.len() == object.len();
            edge.push(if noise { leaf_hash(&invalid_leaf(&sha256(object))) } else { leaf_hash(line) });
        }
        let signers: Vec<&Signer> = std::iter::once(&self.signer).chain(more.iter().copied()).collect();
        let object = make_entry(manifest, &edge, &signers).unwrap();
        self.lake.objects.insert(format!("log/0001/{:016}.entry", manifest.seq.0), object);
    }

    fn sign(&mut self, body: Body) {
        let manifest = self.manifest(body);
        self.put(&manifest, &[]);
    }

    /// Signs an entry that says another time.
    fn sign_at(&mut self, body: Body, later: i64) {
        let mut manifest = self.manifest(body);
        manifest.committed = format_time(parse_time(&manifest.committed).unwrap() + later);
        self.put(&manifest, &[]);
    }

    /// Adds a key and retires the old one, which is given back.
    fn rotate(&mut self) -> Signer {
        let new = Signer::generate(self.signer.name()).unwrap();
        let key = |action: &str, key| Body::Key(Key { action: action.to_owned(), key });
        let manifest = self.manifest(key("add", new.public()));
        self.put(&manifest, &[&new]);
        let old = std::mem::replace(&mut self.signer, new);
        self.sign(key("retire", old.public()));
        old
    }

    /// Signs the small lake's one snapshot again, in another place and with another claim.
    fn snapshot(&mut self, seq: u64, covers: u64) {
        let Body::Snapshot(old) = self.body("log/0001/0000000000000005.entry") else {
            unreachable!("it is one")
        };
        let mut manifest = self.manifest(Body::Snapshot(Snapshot { covers: Dec(covers), ..old }));
        if seq == manifest.seq.0 {
            return self.put(&manifest, &[]);
        }
        manifest.seq = Dec(seq);
        let edge = Edge::from_parts(seq, vec![[0; 32]; seq.count_ones() as usize]).unwrap();
        let object = make_entry(&manifest, &edge, &[&self.signer]).unwrap();
        self.lake.objects.insert(format!("log/0001/{seq:016}.entry"), object);
    }

    fn body(&self, path: &str) -> Body {
        let line = self.lake.objects[path].split(|byte| *byte == b'\n').next().unwrap();
        serde_json::from_slice::<Manifest>(line).unwrap().body
    }

    fn checkpoint(&mut self, size: u64, root: [u8; 32]) {
        let head = Head { origin: self.signer.name().to_owned(), size, root };
        let note = self.signer.sign_note(&head.text());
        self.lake.objects.insert(CHECKPOINT.to_owned(), note.into());
    }

    fn noise(&mut self) {
        self.lake.objects.insert(NEXT.to_owned(), "noise".into());
    }

    fn sign_after_noise(&mut self, honest: bool) {
        let mut manifest = self.manifest(heartbeat(2, ""));
        if honest {
            manifest.skipped = vec![Skipped { seq: Dec(7), sha256: hex::encode(sha256(b"noise")) }];
        }
        self.put(&manifest, &[]);
    }

    /// The second batch's objects under new names, with a root that is not theirs.
    fn false_root(&mut self) {
        let Body::Batch(second) = self.body("log/0001/0000000000000004.entry") else {
            unreachable!("it is one")
        };
        let mut file = second.files[0].clone();
        let copies =
            [(&file.path, "data/dt=1/forged.parquet"), (&file.leaves.path, "data/dt=1/forged.leaves")];
        for (from, to) in copies {
            let bytes = self.lake.objects[from].clone();
            self.lake.objects.insert(to.to_owned(), bytes);
        }
        file.path = "data/dt=1/forged.parquet".to_owned();
        file.leaves = ObjectRef { path: "data/dt=1/forged.leaves".to_owned(), sha256: file.leaves.sha256 };
        file.root = "00".repeat(32);
        let Body::Batch(mut batch) = batch(OFFSET, 5, 4) else { unreachable!("it is one") };
        batch.counts.messages = Some(Messages { decoded: Dec(1), ..Messages::default() });
        batch.counts.records.stored = file.rows;
        batch.redaction = second.redaction;
        batch.files = vec![file];
        self.sign(Body::Batch(batch));
    }
}
