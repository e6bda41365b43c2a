//! Real lakes for tests: made by `auditstore::init`, filled through the redactor and the writer, in a temporary
//! directory.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use arrow::array::RecordBatch;
use async_trait::async_trait;
use auditstore::segment::Row;
use auditstore::{
    InitOptions, NewBatch, Outcome, Signer, Store, StoreOptions, Trust, Writer, WriterOptions, init,
};
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult,
};
use redactor::{Actor, Policy, Redactor, TokenKey};
use schemas::event::{self, EVENT};
use schemas::manifest::{Dec, Messages, OffsetRange, Redaction};
use schemas::{Record, Value};

use crate::access::AccessLog;
use crate::{Answer, Error, Lake, Limits, Session, Who};

/// 2026-11-01T00:00:00Z, the day of the first batch.
pub(crate) const FIRST_DAY: i64 = 1_793_491_200_000_000;

/// Microseconds of a day.
pub(crate) const DAY: i64 = 86_400_000_000;

/// A lake in a temporary directory.
pub(crate) struct TestLake {
    pub(crate) directory: tempfile::TempDir,
    writer: Writer,
    redactor: Redactor,
    next: i64,
}

impl TestLake {
    /// An empty lake.
    pub(crate) async fn new() -> TestLake {
        let directory = tempfile::tempdir().expect("directory");
        let store = Store::open_or_make(&lake_path(&directory), &StoreOptions::default()).expect("store");
        let keys = directory.path().join("keys");
        std::fs::create_dir(&keys).expect("keys");
        init(InitOptions::new(store.clone(), "audit.example.org/test", &keys)).await.expect("init");
        let signer = Signer::read(&keys.join("writer.key")).expect("key");
        let options = WriterOptions {
            instance: "ingest-1".to_owned(),
            state_file: Some(keys.join("writer.state")),
            snapshot_every: 8,
            ..WriterOptions::default()
        };
        let mut writer = Writer::open(store, signer, options).await.expect("writer");
        let redactor = redactor();
        writer.ensure_policy(redactor.policy()).await.expect("policy");
        writer.ensure_source("test-cluster/0", Vec::new()).await.expect("source");
        TestLake { directory, writer, redactor, next: 0 }
    }

    /// Commits one batch with these events of the topic `llm.gateway`.
    pub(crate) async fn commit(&mut self, events: Vec<Record>) {
        let count = events.len() as u64;
        let first = self.next as u64;
        let rows = events.into_iter().map(|mut event| {
            event.set(event::KAFKA_OFFSET, self.next);
            self.next += 1;
            let redacted = self.redactor.redact_event(event, Actor::Workforce).expect("redacted");
            Row::new(&redacted).expect("a row that fits")
        });
        let rows = rows.collect();
        let policy = self.redactor.policy();
        let batch = NewBatch {
            rows,
            offsets: vec![OffsetRange {
                source: "test-cluster/0".to_owned(),
                topic: "llm.gateway".to_owned(),
                partition: Dec(0),
                first: Dec(first),
                next: Dec(first + count),
                ..OffsetRange::default()
            }],
            messages: Some(Messages { decoded: Dec(count), ..Messages::default() }),
            records_skipped: Default::default(),
            records_quarantined: 0,
            quarantine: Vec::new(),
            redaction: Some(Redaction {
                engine: Redactor::ENGINE.to_owned(),
                findings: Default::default(),
                policy: policy.name().to_owned(),
                sha256: policy.sha256().to_owned(),
                version: policy.version().to_owned(),
            }),
            schema: &EVENT,
        };
        assert!(matches!(self.writer.commit(batch).await.expect("commit"), Outcome::Committed(_)));
    }

    /// A lake with one batch of `events` events for each of `days` days.
    pub(crate) async fn with_days(days: usize, events: usize) -> TestLake {
        let mut lake = TestLake::new().await;
        for day in 0..days {
            lake.commit((0..events).map(|at| sample(day, at)).collect()).await;
        }
        lake
    }

    /// The lake, mounted.
    pub(crate) async fn mount(&self) -> Lake {
        self.mount_on(self.store()).await
    }

    /// The lake, mounted over another store with the same objects.
    pub(crate) async fn mount_on(&self, store: Store) -> Lake {
        Lake::open(store, Trust::SelfAsserted, None, 4).await.expect("lake")
    }

    pub(crate) fn store(&self) -> Store {
        Store::open(&lake_path(&self.directory), &StoreOptions::default()).expect("store")
    }

    /// A store that counts.
    pub(crate) fn counting(&self) -> (Store, Arc<Requests>) {
        let requests = Arc::new(Requests::default());
        let inner =
            Counting { inner: Arc::clone(self.store().object_store()), requests: Arc::clone(&requests) };
        (Store::new(Arc::new(inner), Path::from("")), requests)
    }

    /// Where a path of the lake lies on this machine.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.directory.path().join("lake").join(path)
    }

    /// The access log, open for writing.
    pub(crate) async fn access_log(&self) -> AccessLog {
        let keys = self.directory.path().join("keys");
        let signer = Signer::read(&keys.join("access.key")).expect("key");
        let options = WriterOptions {
            instance: "serve-1".to_owned(),
            state_file: Some(keys.join("access.state")),
            ..WriterOptions::default()
        };
        let writer = Writer::open(self.store().child("access"), signer, options).await.expect("writer");
        AccessLog::open(writer, redactor(), std::time::Duration::from_millis(10)).await.expect("access log")
    }
}

fn lake_path(directory: &tempfile::TempDir) -> String {
    directory.path().join("lake").display().to_string()
}

/// The redactor of events and looks.
pub(crate) fn redactor() -> Redactor {
    let key = TokenKey::from_hex(&"0123456789abcdef".repeat(4)).expect("key");
    Redactor::new(Policy::profile("coded").expect("profile"), key, "test").expect("redactor")
}

/// An event of a day: every fifth failed, every third by team `b`.
pub(crate) fn sample(day: usize, at: usize) -> Record {
    let time = FIRST_DAY + day as i64 * DAY + at as i64 * 1_000_000;
    let mut id = [0_u8; 32];
    id[..8].copy_from_slice(&(day as u64).to_be_bytes());
    id[8..16].copy_from_slice(&(at as u64).to_be_bytes());
    let failed = at % 5 == 4;
    let mut event = Record::new(&EVENT);
    event.set(event::EVENT_ID, Value::Bytes(id.to_vec()));
    event.set(event::ID_BASIS, "native");
    event.set(event::SCHEMA_VERSION, 1_i64);
    event.set(event::SITE, "site-a");
    event.set(event::SOURCE_KIND, "litellm");
    event.set(event::RECORD_KIND, "llm_call");
    event.set(event::KAFKA_SOURCE, "test-cluster/0");
    event.set(event::KAFKA_TOPIC, "llm.gateway");
    event.set(event::KAFKA_PARTITION, 0_i64);
    event.set(event::KAFKA_OFFSET, 0_i64);
    event.set(event::KAFKA_INDEX, 0_i64);
    event.set(event::RAW_HASH, Value::Bytes(vec![1; 32]));
    event.set(event::RAW_BYTES, 512_i64);
    event.set(event::EVENT_TIME, Value::Time(time));
    event.set(event::INGEST_TIME, Value::Time(time + 1_000_000));
    event.set(event::TIME_SOURCE, "producer");
    event.set(event::ACTOR_ID, format!("user-{}", at % 3));
    event.set(event::TEAM_ID, if at.is_multiple_of(3) { "b" } else { "a" });
    event.set(event::PROVIDER, "openai");
    event.set(event::REQUEST_MODEL, "gpt-4o");
    event.set(event::ENDPOINT_HOST, "api.openai.com");
    let prompt = format!(
        r#"[{{"role":"user","parts":[{{"type":"text","content":"Mail to jane.roe{at}@example.com"}}]}}]"#
    );
    event.set(event::INPUT_MESSAGES, prompt);
    event.set(event::CONTENT_STATE, "inline");
    event.set(event::INPUT_TOKENS, 100_i64);
    event.set(event::OUTPUT_TOKENS, 10_i64);
    event.set(event::COST_USD, Value::Decimal(1_000_000));
    event.set(event::STATUS, if failed { "error" } else { "success" });
    event.set(event::GUARDRAIL_OUTCOME, if failed { "intervened" } else { "passed" });
    event
}

/// A session without access log and with small limits.
pub(crate) fn session(lake: &Lake) -> Session {
    Session::new(lake, Limits::default(), Who { principal: "tester".to_owned(), ..Who::default() }, None)
        .expect("session")
}

/// All rows of an answer.
pub(crate) async fn collect(mut answer: Answer) -> Result<Vec<RecordBatch>, Error> {
    let mut batches = Vec::new();
    while let Some(batch) = answer.rows.next().await {
        batches.push(batch?);
    }
    Ok(batches)
}

/// The rows of a statement as text, one string a row, values separated by `|`.
pub(crate) async fn rows(session: &Session, sql: &str) -> Result<Vec<String>, Error> {
    let batches = collect(session.sql(sql).await?).await?;
    let mut rows = Vec::new();
    for batch in &batches {
        let options = arrow::util::display::FormatOptions::default().with_null("-");
        let columns = batch.columns().iter();
        let columns: Vec<_> = columns
            .map(|column| arrow::util::display::ArrayFormatter::try_new(column, &options).expect("formatter"))
            .collect();
        for row in 0..batch.num_rows() {
            rows.push(
                columns.iter().map(|column| column.value(row).to_string()).collect::<Vec<_>>().join("|"),
            );
        }
    }
    Ok(rows)
}

/// What was asked of a store.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    pub(crate) lists: AtomicUsize,
    pub(crate) read: Mutex<Vec<String>>,
}

impl Requests {
    /// Forgets what was asked so far.
    pub(crate) fn clear(&self) {
        self.lists.store(0, Ordering::SeqCst);
        self.read.lock().expect("lock").clear();
    }

    /// The objects that were read, by path, each once.
    pub(crate) fn objects(&self) -> Vec<String> {
        let mut read = self.read.lock().expect("lock").clone();
        read.sort();
        read.dedup();
        read
    }
}

/// An object store that counts what is asked of it.
#[derive(Debug)]
struct Counting {
    inner: Arc<dyn ObjectStore>,
    requests: Arc<Requests>,
}

impl Counting {
    fn read(&self, location: &Path) {
        self.requests.read.lock().expect("lock").push(location.to_string());
    }
}

impl fmt::Display for Counting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Counting")
    }
}

#[async_trait]
impl ObjectStore for Counting {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> object_store::Result<PutResult> {
        self.inner.put_opts(location, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> object_store::Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(location, options).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> object_store::Result<GetResult> {
        self.read(location);
        self.inner.get_opts(location, options).await
    }

    async fn get_ranges(
        &self,
        location: &Path,
        ranges: &[Range<u64>],
    ) -> object_store::Result<Vec<bytes::Bytes>> {
        self.read(location);
        self.inner.get_ranges(location, ranges).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, object_store::Result<Path>>,
    ) -> BoxStream<'static, object_store::Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, object_store::Result<ObjectMeta>> {
        self.requests.lists.fetch_add(1, Ordering::SeqCst);
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> object_store::Result<ListResult> {
        self.requests.lists.fetch_add(1, Ordering::SeqCst);
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> object_store::Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}
