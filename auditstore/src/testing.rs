//! What the crate's tests share: redacted rows, lakes in memory, and a store that fails, races and counts.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use redactor::{Actor, Policy, Redactor, TokenKey};
use schemas::event::{self, EVENT};
use schemas::manifest::{Dec, Messages, OffsetRange, PublicKey};
use schemas::{Record, Type, Value};

use crate::init::InitOptions;
use crate::log::{
    Committed, NewBatch, NewQuarantine, Outcome, Reader, Replay, State, Trust, Writer, WriterOptions,
    redaction,
};
use crate::merkle::sha256;
use crate::segment::Row;
use crate::store::{Fetched, Store};
use crate::{Error, Signer, verify};

/// Name of the source that test lakes read.
pub(crate) const SOURCE: &str = "5L6g3nShT-eMCtK--X86sw/0";
pub(crate) const TOPIC: &str = "llm.gateway";
pub(crate) const ORIGIN: &str = "audit.example.org/site-a";

pub(crate) fn redactor() -> &'static Redactor {
    static REDACTOR: OnceLock<Redactor> = OnceLock::new();
    REDACTOR.get_or_init(|| {
        let policy = Policy::profile("coded").expect("a profile");
        Redactor::new(policy, TokenKey::generate(), "test").expect("a redactor")
    })
}

/// A redacted event of one Kafka position.
pub(crate) fn row(partition: u64, offset: u64) -> Row {
    let mut record = Record::new(&EVENT);
    for (position, column) in EVENT.columns.iter().enumerate().filter(|(_, column)| !column.nullable) {
        let value = match column.ty {
            Type::FixedBinary(width) => Value::Bytes(vec![7; width as usize]),
            Type::Time => Value::Time(1_795_000_000_000_000 + offset as i64),
            Type::Bool => Value::Bool(true),
            Type::Int16 | Type::Int32 | Type::Int64 => Value::Int(1),
            _ => Value::text("success"),
        };
        record.set(position, value);
    }
    let id = sha256(format!("{partition}/{offset}").as_bytes());
    if let Type::FixedBinary(width) = EVENT.columns[event::EVENT_ID].ty {
        record.set(event::EVENT_ID, Value::Bytes(id[..width as usize].to_vec()));
    }
    record.set(event::KAFKA_SOURCE, SOURCE);
    record.set(event::KAFKA_TOPIC, TOPIC);
    record.set(event::KAFKA_PARTITION, partition as i64);
    record.set(event::KAFKA_OFFSET, offset as i64);
    sealed(record)
}

/// An event, redacted, as a row.
pub(crate) fn sealed(event: Record) -> Row {
    Row::new(&redactor().redact_event(event, Actor::Workforce).expect("redacted")).expect("a row that fits")
}

/// A batch that takes `offsets` of a partition, one row each.
pub(crate) fn batch(partition: u64, offsets: Range<u64>) -> NewBatch {
    let count = Dec(offsets.end - offsets.start);
    NewBatch {
        rows: offsets.clone().map(|offset| row(partition, offset)).collect(),
        offsets: vec![OffsetRange {
            source: SOURCE.to_owned(),
            topic: TOPIC.to_owned(),
            partition: Dec(partition),
            first: Dec(offsets.start),
            next: Dec(offsets.end),
            ..OffsetRange::default()
        }],
        messages: Some(Messages { decoded: count, ..Messages::default() }),
        records_skipped: BTreeMap::new(),
        records_quarantined: 0,
        quarantine: Vec::new(),
        redaction: Some(redaction(redactor())),
        schema: &EVENT,
    }
}

/// As [`batch`], with one more offset that went to quarantine.
pub(crate) fn batch_with_quarantine(partition: u64, offsets: Range<u64>) -> NewBatch {
    let mut batch = batch(partition, offsets.start..offsets.end);
    batch.offsets[0].next.0 += 1;
    batch.messages = batch.messages.map(|messages| Messages { quarantined: Dec(1), ..messages });
    batch.quarantine.push(NewQuarantine {
        bytes: Bytes::from(format!("age-encryption.org/v1 {}", offsets.end)),
        messages: 1,
        records: 0,
        reasons: BTreeMap::from([("truncated_json".to_owned(), 1)]),
    });
    batch
}

/// A lake on some store with its keys and state files in a directory that goes with it.
pub(crate) struct TestLake {
    pub(crate) store: Store,
    pub(crate) keys: tempfile::TempDir,
}

impl TestLake {
    pub(crate) async fn in_memory() -> TestLake {
        TestLake::on(Arc::new(InMemory::new())).await
    }

    /// A lake with a source and a policy: three entries.
    pub(crate) async fn on(inner: Arc<dyn ObjectStore>) -> TestLake {
        TestLake::at(Store::new(inner, Path::from("lake"))).await
    }

    pub(crate) async fn at(store: Store) -> TestLake {
        let keys = tempfile::tempdir().expect("a directory");
        let lake = TestLake { store, keys };
        crate::init(lake.init_options()).await.expect("a new lake");
        let mut writer = lake.writer().await;
        writer.ensure_source(SOURCE, Vec::new()).await.expect("a source");
        writer.ensure_policy(redactor().policy()).await.expect("a policy");
        lake
    }

    pub(crate) fn init_options(&self) -> InitOptions {
        InitOptions::new(self.store.clone(), ORIGIN, self.keys.path())
    }

    pub(crate) fn signer(&self) -> Signer {
        Signer::read(&self.keys.path().join("writer.key")).expect("a key")
    }

    pub(crate) fn key(&self) -> PublicKey {
        self.signer().public()
    }

    pub(crate) fn options(&self) -> WriterOptions {
        let state_file = Some(self.keys.path().join("writer.state"));
        WriterOptions { instance: "test-1".to_owned(), state_file, ..WriterOptions::default() }
    }

    pub(crate) async fn writer(&self) -> Writer {
        Writer::open(self.store.clone(), self.signer(), self.options()).await.expect("a writer")
    }

    /// A writer that does not know what it has seen before.
    pub(crate) async fn writer_without_state(&self) -> Writer {
        let options = WriterOptions { state_file: None, snapshot_every: 1 << 40, ..self.options() };
        Writer::open(self.store.clone(), self.signer(), options).await.expect("a writer")
    }

    pub(crate) async fn reader(&self) -> std::result::Result<Reader, Error> {
        Reader::open(self.store.clone(), Trust::Pinned(self.key())).await
    }

    /// The deep check after every step: [`TestLake::check_log`], and the shipped verifier finds the lake sound.
    pub(crate) async fn check(&self) -> State {
        let state = self.check_log().await;
        self.verify(&state).await;
        state
    }

    /// Every object that the log names is there with its bytes, and the replay from the first entry and the one
    /// from the newest snapshot agree.
    pub(crate) async fn check_log(&self) -> State {
        let whole = replay_whole(&self.store).await;
        let reader = self.reader().await.expect("a sound lake");
        assert_eq!(
            format!("{:?}", reader.state()),
            format!("{:?}", whole.state()),
            "a snapshot changes nothing"
        );
        let mut paths = HashSet::new();
        for segment in whole.state().segments.iter() {
            let bytes = self.store.get(&segment.path).await.expect("read").expect("a segment");
            assert_eq!(
                (sha256(&bytes), bytes.len() as u64),
                (segment.sha256, segment.bytes),
                "{}",
                segment.path
            );
            let leaves = self.store.get(&segment.leaves.path).await.expect("read").expect("leaves");
            assert_eq!(leaves.len() as u64, 32 * segment.rows);
            assert_eq!(hex::encode(sha256(&leaves)), segment.leaves.sha256);
            assert!(paths.insert(segment.path.clone()), "{} twice", segment.path);
        }
        whole.state().clone()
    }

    /// The shipped verifier must find nothing but noise in the log, and that only where there is some.
    async fn verify(&self, state: &State) {
        use schemas::verdict::Verdict::{InvalidEntry, UnknownKey};
        let options = verify::Options { key: Some(self.key()), records: true, ..verify::Options::default() };
        let report = verify::verify(&self.store, &options).await.expect("a verdict");
        let noise = |line: &&verify::Line| matches!(line.verdict, InvalidEntry | UnknownKey);
        let unsound: Vec<_> =
            report.findings.iter().filter(|line| !line.verdict.is_sound() && !noise(line)).collect();
        assert!(unsound.is_empty(), "{unsound:?}");
        let listed = report.findings.iter().filter(noise).count();
        assert!(listed > 0 || state.pending.is_empty(), "what awaits judgement is a finding");
        assert_eq!(report.size, state.size);
        // What an object at the end was, the next signed root tells; until then verify names no root.
        assert!(!state.pending.is_empty() || report.root == hex::encode(state.root));
        assert!(report.offsets_complete && !report.self_asserted);
    }
}

/// Replays a log from its first entry to its last.
pub(crate) async fn replay_whole(store: &Store) -> Replay {
    let first = store.get(&crate::log::entry_path(1, 0)).await.expect("read").expect("entry 0");
    let mut replay = Replay::start(&first).expect("a lake");
    while let Some(object) = store.get(&replay.next_path()).await.expect("read") {
        replay.apply(&Fetched::Whole(object)).expect("no fork");
    }
    replay
}

pub(crate) fn committed(outcome: Outcome) -> Committed {
    match outcome {
        Outcome::Committed(committed) => committed,
        Outcome::Fenced(next) => panic!("fenced: {next:?}"),
    }
}

/// What becomes of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It fails and nothing is stored.
    NotPersisted,
    /// It is stored, and the answer is lost.
    ButPersisted,
    /// S3's 409: it says "exists", and nothing is stored.
    Conflict,
}

#[derive(Debug, Default)]
struct Plan {
    /// What happens to the write with this number, and whether everything after it fails too.
    fault: Option<(usize, Fault, bool)>,
    dead: bool,
    writes: Vec<String>,
    gets: Vec<String>,
    lists: usize,
    /// Objects that others put just before the first write of their path.
    rivals: Vec<(String, Bytes)>,
}

/// A store in memory that can fail like a network does, and counts what it is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Faulty {
    inner: Arc<InMemory>,
    plan: Arc<Mutex<Plan>>,
}

impl Faulty {
    pub(crate) fn new() -> Faulty {
        Faulty { inner: Arc::new(InMemory::new()), plan: Arc::default() }
    }

    /// A copy of all that is stored, without faults.
    pub(crate) fn fork(&self) -> Faulty {
        Faulty { inner: Arc::new(self.inner.fork()), plan: Arc::default() }
    }

    fn plan<T>(&self, change: impl FnOnce(&mut Plan) -> T) -> T {
        change(&mut self.plan.lock().expect("not poisoned"))
    }

    /// The `nth` write from now on (0 is the next) has this fault; if `crash`, nothing works after it.
    pub(crate) fn fail(&self, nth: usize, fault: Fault, crash: bool) {
        self.plan(|plan| *plan = Plan { fault: Some((nth, fault, crash)), ..Plan::default() });
    }

    /// Works again, and forgets what it has counted.
    pub(crate) fn heal(&self) {
        self.plan(|plan| *plan = Plan::default());
    }

    /// Before the next write of a path, somebody else puts these bytes there.
    pub(crate) fn rival(&self, path: &str, bytes: Bytes) {
        self.plan(|plan| plan.rivals.push((path.to_owned(), bytes)));
    }

    /// Paths of the writes since the last [`Faulty::heal`].
    pub(crate) fn writes(&self) -> Vec<String> {
        self.plan(|plan| plan.writes.clone())
    }

    /// Paths of the reads, and the number of listings.
    pub(crate) fn reads(&self) -> (Vec<String>, usize) {
        self.plan(|plan| (plan.gets.clone(), plan.lists))
    }
}

fn broken() -> object_store::Error {
    object_store::Error::Generic { store: "Faulty", source: "connection reset".into() }
}

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("faulty")
    }
}

#[async_trait]
impl ObjectStore for Faulty {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let (fault, rival) = self.plan(|plan| {
            if plan.dead {
                return (Some(Fault::NotPersisted), None);
            }
            let nth = plan.writes.len();
            plan.writes.push(location.to_string());
            let rival = plan.rivals.iter().position(|(path, _)| location.as_ref().ends_with(path.as_str()));
            let rival = rival.map(|at| plan.rivals.remove(at).1);
            match plan.fault {
                Some((at, fault, crash)) if at == nth => {
                    plan.dead = crash;
                    (Some(fault), rival)
                }
                _ => (None, rival),
            }
        });
        if let Some(bytes) = rival {
            self.inner.put_opts(location, bytes.into(), PutOptions::default()).await?;
        }
        match fault {
            None => self.inner.put_opts(location, payload, options).await,
            Some(Fault::NotPersisted) => Err(broken()),
            Some(Fault::ButPersisted) => {
                let _ = self.inner.put_opts(location, payload, options).await;
                Err(broken())
            }
            Some(Fault::Conflict) => {
                let path = location.to_string();
                Err(object_store::Error::AlreadyExists { path, source: "409 Conflict".into() })
            }
        }
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Err(broken())
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let dead = self.plan(|plan| {
            plan.gets.push(location.to_string());
            plan.dead
        });
        if dead { Err(broken()) } else { self.inner.get_opts(location, options).await }
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.plan(|plan| plan.lists += 1);
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.plan(|plan| plan.lists += 1);
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

/// A real bucket, under a prefix of its own, if the environment names one; else the test is noted as not run.
pub(crate) fn bucket(test: &str) -> Option<Store> {
    let var = |name: &str| std::env::var(format!("SEALAKE_TEST_{name}")).ok();
    let Some(endpoint) = var("S3_ENDPOINT") else {
        if let Some(list) = var("NOT_RUN") {
            use std::io::Write as _;
            let mut list = std::fs::OpenOptions::new().append(true).create(true).open(list).expect("a list");
            writeln!(list, "{test}\tSEALAKE_TEST_S3_ENDPOINT").expect("noted");
        }
        return None;
    };
    let directory = tempfile::tempdir().expect("a directory");
    let secret = directory.path().join("secret");
    crate::keys::write_secret(&secret, var("S3_SECRET_KEY").expect("a secret").as_bytes()).expect("written");
    let options = crate::StoreOptions {
        allow_http: endpoint.starts_with("http://"),
        endpoint: Some(endpoint),
        region: Some("us-east-1".to_owned()),
        access_key_id: var("S3_ACCESS_KEY"),
        secret_access_key_file: Some(secret),
        ..crate::StoreOptions::default()
    };
    let url = format!("s3://{}/unit/{}", var("S3_BUCKET").expect("a bucket"), ulid::Ulid::new());
    Some(Store::open(&url, &options).expect("a store"))
}
