//! A small lake with one of everything, written by the real writers into memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use object_store::ObjectStore as _;
use object_store::memory::InMemory;
use object_store::path::Path;
use redactor::{Actor, Policy, Redactor, TokenKey};
use schemas::access::{self, ACCESS};
use schemas::event::{self, EVENT};
use schemas::manifest::{Dec, Heartbeat, Messages, OffsetRange, PublicKey};
use schemas::verdict::Verdict;
use schemas::{Record, Type, Value};
use tempfile::TempDir;

use super::hooked::{Hooked, Request, permission_denied};
use crate::log::{NewBatch, NewQuarantine, Writer, WriterOptions, redaction};
use crate::segment::Row;
use crate::verify::{Options, Report, verify};
use crate::{InitOptions, Signer, Store, init};

/// The Kafka cluster and epoch of the lake's one source.
pub(super) const SOURCE: &str = "5L6g3nShT-eMCtK--X86sw/0";

/// A lake's objects, as somebody with rights in the store sees them.
#[derive(Clone, Default)]
pub(super) struct Lake {
    pub(super) objects: BTreeMap<String, Bytes>,
    /// Objects by the role that a test gives them.
    pub(super) roles: Vec<(String, String)>,
}

/// The writers of a lake in memory, and the folder with its keys.
pub(super) struct Writers {
    pub(super) folder: TempDir,
    pub(super) store: Store,
    pub(super) events: Writer,
    pub(super) access: Writer,
    redactor: Redactor,
    next: u64,
}

/// A row with nothing but what it must have.
fn record(schema: &'static schemas::Schema, number: i64) -> Record {
    let mut record = Record::new(schema);
    for (at, column) in schema.columns.iter().enumerate().filter(|(_, column)| !column.nullable) {
        *record.get_mut(at) = match column.ty {
            Type::FixedBinary(width) => Value::Bytes(vec![number as u8; width as usize]),
            Type::Time => Value::Time(1_790_000_000_000_000 + number),
            Type::Int16 => Value::Int(1),
            Type::Int32 | Type::Int64 => Value::Int(0),
            _ => Value::text("x"),
        };
    }
    record
}

/// An event at this offset of the one partition.
pub(super) fn event(offset: u64) -> Record {
    let mut event = record(&EVENT, offset as i64);
    event.set(event::KAFKA_SOURCE, SOURCE);
    event.set(event::KAFKA_TOPIC, "llm.gateway");
    event.set(event::KAFKA_OFFSET, offset as i64);
    event.set(event::PROMPT_TEXT, "Summarise the visit.");
    event
}

impl Writers {
    pub(super) async fn new() -> Writers {
        Writers::with(WriterOptions::default()).await
    }

    pub(super) async fn with(options: WriterOptions) -> Writers {
        Writers::at(Store::new(Arc::new(InMemory::new()), Path::from("lake")), options).await
    }

    /// The writers of a new lake in a store.
    pub(super) async fn at(store: Store, options: WriterOptions) -> Writers {
        let folder = tempfile::tempdir().unwrap();
        init(InitOptions::new(store.clone(), "audit.example.org/site-a", folder.path())).await.unwrap();
        let open = |store: Store, name: &str| {
            let signer = Signer::read(&folder.path().join(format!("{name}.key"))).unwrap();
            let state_file = Some(folder.path().join(format!("{name}.state")));
            Writer::open(store, signer, WriterOptions { state_file, ..options.clone() })
        };
        let events = open(store.clone(), "writer").await.unwrap();
        let access = open(store.child("access"), "access").await.unwrap();
        let policy = Policy::profile("coded").unwrap();
        let redactor = Redactor::new(policy, TokenKey::generate(), "site-a").unwrap();
        Writers { folder, store, events, access, redactor, next: 0 }
    }

    fn event(&self, offset: u64) -> Row {
        self.redact(event(offset))
    }

    pub(super) fn redact(&self, event: Record) -> Row {
        Row::new(&self.redactor.redact_event(event, Actor::Workforce).unwrap()).unwrap()
    }

    /// A batch of `rows` events, with one tombstone, one gap, and a message in quarantine if asked.
    pub(super) fn batch(&mut self, rows: u64, quarantine: bool) -> NewBatch {
        let first = self.next;
        let quarantined = u64::from(quarantine);
        self.next += rows + 2 + quarantined;
        let object = NewQuarantine {
            bytes: Bytes::from_static(b"age-encryption.org/v1\n-> X25519 not really\n"),
            messages: 1,
            records: 0,
            reasons: BTreeMap::from([("undecodable".to_owned(), 1)]),
        };
        NewBatch {
            rows: (first..first + rows).map(|offset| self.event(offset)).collect(),
            offsets: vec![OffsetRange {
                source: SOURCE.to_owned(),
                topic: "llm.gateway".to_owned(),
                partition: Dec(0),
                first: Dec(first),
                next: Dec(self.next),
                gaps: BTreeMap::from([("not_delivered".to_owned(), Dec(1))]),
                leader_epoch: Some(Dec(0)),
                topic_id: None,
            }],
            messages: Some(Messages {
                decoded: Dec(rows),
                quarantined: Dec(quarantined),
                skipped: BTreeMap::from([("tombstone".to_owned(), Dec(1))]),
            }),
            records_skipped: BTreeMap::from([("not_ai".to_owned(), Dec(3))]),
            records_quarantined: 0,
            quarantine: if quarantine { vec![object] } else { Vec::new() },
            redaction: Some(redaction(&self.redactor)),
            schema: &EVENT,
        }
    }

    pub(super) async fn onboard(&mut self) {
        self.events.ensure_policy(self.redactor.policy()).await.unwrap();
        self.events.ensure_source(SOURCE, Vec::new()).await.unwrap();
    }

    pub(super) async fn commit(&mut self, rows: u64, quarantine: bool) {
        let batch = self.batch(rows, quarantine);
        self.events.commit(batch).await.unwrap();
    }

    /// Commits one access record that saw the event log as it is.
    pub(super) async fn look(&mut self) {
        let mut look = record(&ACCESS, 9);
        let state = self.events.state();
        look.set(access::SNAPSHOT_SIZE, state.size as i64);
        look.set(access::SNAPSHOT_ROOT, Value::Bytes(state.root.to_vec()));
        look.set(access::STATEMENT, "SELECT 1");
        let rows = vec![Row::new(&self.redactor.redact_access(look, &[]).unwrap()).unwrap()];
        let batch = NewBatch::of_rows(&ACCESS, rows, None);
        self.access.commit(batch).await.unwrap();
    }

    pub(super) async fn heartbeat(&mut self) {
        let access = Some(self.access.state().tree_head());
        self.events.heartbeat(Heartbeat { access, ends: Vec::new() }).await.unwrap();
    }

    /// Everything that is in the store now.
    pub(super) async fn lake(&mut self) -> Lake {
        self.events.publish().await.unwrap();
        self.access.publish().await.unwrap();
        let mut lake = Lake::default();
        for (path, _) in self.store.list("").await.unwrap() {
            let bytes = self.store.get(&path).await.unwrap().unwrap();
            lake.objects.insert(path, bytes);
        }
        lake
    }
}

/// Two segments of events, one of access records, a snapshot, a quarantine object, a heartbeat.
pub(super) async fn small() -> (Writers, Lake) {
    let mut writers = Writers::new().await;
    writers.onboard().await;
    writers.commit(2, true).await;
    writers.look().await;
    writers.commit(1, false).await;
    writers.events.snapshot().await.unwrap();
    writers.heartbeat().await;
    let lake = writers.lake().await;
    (writers, lake)
}

impl Lake {
    /// The one object whose path begins and ends like this.
    pub(super) fn path(&self, start: &str, end: &str) -> String {
        let paths: Vec<&String> = self.paths(start, end);
        assert_eq!(paths.len(), 1, "{start}…{end}: {paths:?}");
        paths[0].clone()
    }

    pub(super) fn paths(&self, start: &str, end: &str) -> Vec<&String> {
        self.objects.keys().filter(|path| path.starts_with(start) && path.ends_with(end)).collect()
    }

    pub(super) fn flip(&mut self, path: &str, at: usize) {
        let mut bytes = self.objects[path].to_vec();
        bytes[at] ^= 1;
        self.objects.insert(path.to_owned(), bytes.into());
    }

    pub(super) fn store(&self) -> Store {
        let memory = Arc::new(InMemory::new());
        for (path, bytes) in &self.objects {
            put(&memory, path, bytes);
        }
        Store::new(memory, Path::from("lake"))
    }

    /// Writes the lake into a directory.
    pub(super) fn write(&self, folder: &std::path::Path) {
        for (path, bytes) in &self.objects {
            let file = folder.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, bytes).unwrap();
        }
    }

    /// The lake in a store that does not give out one object.
    pub(super) fn unreadable(&self, path: &str) -> Store {
        let inner = self.store();
        let denied = inner.path(path);
        let deny = move |request: Request<'_>| match request {
            Request::Get(path) if *path == denied => Err(permission_denied(path)),
            _ => Ok(()),
        };
        Store::new(Hooked::new(inner.object_store().clone(), deny), Path::from("lake"))
    }

    pub(super) async fn verify(&self, options: &Options) -> Result<Report, crate::Error> {
        verify(&self.store(), options).await
    }

    /// Every verdict that is found with its object, orphans left out.
    pub(super) async fn verdicts(&self, options: &Options) -> BTreeSet<(Verdict, String)> {
        let report = self.verify(options).await.unwrap();
        let unsound = report.findings.iter().filter(|line| line.verdict != Verdict::Orphan);
        unsound.map(|line| (line.verdict, line.object.clone())).collect()
    }
}

/// Puts an object into a store in memory, which needs no runtime.
pub(super) fn put(memory: &InMemory, path: &str, bytes: &Bytes) {
    let path = Path::from(format!("lake/{path}"));
    let put = memory.put_opts(&path, bytes.clone().into(), Default::default());
    futures::executor::block_on(put).unwrap();
}

/// Options that trust this key.
pub(super) fn trusting(key: PublicKey) -> Options {
    Options { key: Some(key), records: true, ..Options::default() }
}

/// Options with a state file.
pub(super) fn remembering(state: PathBuf) -> Options {
    Options { state: Some(state), ..Options::default() }
}
