//! Where a lake lives: a local directory or an S3 bucket, behind one type.
//!
//! The contract that the whole log rests on: [`Store::create`] is atomic (of many creates of one name exactly one
//! is told [`Create::New`], and a reader sees all of the object or none of it) and durable when it returns, and a
//! read that starts after a create has returned sees the object. S3 gives this by `If-None-Match: *`; for
//! directories `local.rs` does it with link(2) and fsync(2), since object_store's local store does not sync.
//! `sealake init` probes it and refuses a store that lets two creates win.

use std::fmt;
use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    Certificate, ClientOptions, GetResult, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload,
    RetryConfig, UpdateVersion,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, NO_BUCKET};
use crate::merkle::Hash;

mod local;

pub(crate) use local::{is_temporary, sync_directory_of};

/// How often an update of a contended object (the checkpoint) is tried.
const UPDATE_ATTEMPTS_MAX: usize = 8;

/// How to reach a store. Only S3 has anything to set; what is not set comes from the `AWS_*` environment
/// variables, and in AWS itself from the instance.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreOptions {
    /// URL of an S3 server that is not AWS, such as `https://minio.example.org:9000`. Optional.
    pub endpoint: Option<String>,
    /// Region. Optional; `us-east-1` where neither this nor `AWS_REGION` is set.
    pub region: Option<String>,
    /// Whether an `http://` endpoint may be used. Default false: keys and rows would cross the network in clear.
    pub allow_http: bool,
    /// File with the PEM certificates of authorities to trust beside the system's. Optional.
    pub ca_file: Option<PathBuf>,
    /// Access key id. Optional; else `AWS_ACCESS_KEY_ID`.
    pub access_key_id: Option<String>,
    /// Name of the file that holds the secret access key (mode 0600). Optional; else `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key_file: Option<PathBuf>,
    /// How long one request may take in all, retries included, in seconds. Default 30.
    pub timeout_s: Option<u64>,
}

impl fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreOptions(endpoint {:?}, region {:?})", self.endpoint, self.region)
    }
}

/// What became of a create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Create {
    /// The object is there, and this call put it there.
    New,
    /// The name was taken, or the store answered a race by a conflict (S3's 409), in which case the object may
    /// even be absent: whoever needs to know reads it back.
    Exists,
}

/// Bytes of an object in the place of an entry from which on it is said that it is read: it may take hours.
const NOISE_BYTES_TOLD: u64 = 1 << 30;

/// An object as [`Store::get_entry`] gives it.
#[derive(Clone, Debug)]
pub enum Fetched {
    /// Its bytes.
    Whole(Bytes),
    /// It is larger than the limit: the SHA-256 of its bytes, and their number.
    TooLarge(Hash, u64),
}

/// What a listing found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listing {
    pub(crate) objects: Vec<Listed>,
    /// Folders, or single names, that could not be looked into, each with what the system says.
    pub(crate) unreadable: Vec<(String, String)>,
}

/// An object as a listing shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Path from the root of the store that was asked.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// When the store says that it was written, in microseconds.
    pub stored: i64,
    /// Whether it is reached only through a link to a folder: it may lie outside the lake.
    pub linked: bool,
}

/// A lake's root, or the root of the access log in it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<dyn ObjectStore>,
    prefix: Path,
    url: String,
    /// The directory of a local store, without the prefix.
    directory: Option<Arc<PathBuf>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.url)
    }
}

impl Store {
    /// Opens `s3://bucket/prefix`, `file:///directory` or a path.
    ///
    /// # Errors
    /// A directory that does not exist is [`Error::NotALake`]: a typo must not begin a second history. Options
    /// that make no client are [`Error::Denied`].
    pub fn open(url: &str, options: &StoreOptions) -> Result<Store, Error> {
        match location(url)? {
            Location::Directory(directory) if !directory.is_dir() => {
                Err(Error::NotALake { url: directory.display().to_string(), object: "directory".into() })
            }
            Location::Directory(directory) => Store::directory(&directory),
            Location::Bucket { bucket, prefix } => Store::bucket(&bucket, prefix, options),
        }
    }

    /// As [`Store::open`], for `init` alone: a directory that does not exist is made.
    ///
    /// # Errors
    /// As [`Store::open`]; a directory that cannot be made is [`Error::Io`].
    pub fn open_or_make(url: &str, options: &StoreOptions) -> Result<Store, Error> {
        if let Location::Directory(directory) = location(url)? {
            local::make_lake(&directory).map_err(|source| Error::io(&directory, source))?;
        }
        Store::open(url, options)
    }

    /// A store over any implementation, at a prefix: for tests with counting, failing or in-memory stores.
    pub fn new(inner: Arc<dyn ObjectStore>, prefix: Path) -> Store {
        let url = format!("{inner}/{prefix}");
        Store { inner, prefix, url, directory: None }
    }

    fn directory(directory: &FilePath) -> Result<Store, Error> {
        let directory = directory.canonicalize().map_err(|source| Error::io(directory, source))?;
        let inner = LocalFileSystem::new_with_prefix(&directory)
            .map_err(|error| Error::store(format!("open {}", directory.display()), error))?;
        let url = format!("file://{}", directory.display());
        Ok(Store {
            inner: Arc::new(inner),
            prefix: Path::default(),
            url,
            directory: Some(Arc::new(directory)),
        })
    }

    fn bucket(bucket: &str, prefix: Path, options: &StoreOptions) -> Result<Store, Error> {
        let url = format!("s3://{bucket}/{prefix}");
        let inner = s3_client(bucket, options)?;
        Ok(Store { inner, prefix, url: url.trim_end_matches('/').to_owned(), directory: None })
    }

    /// The store below a folder of this one.
    pub fn child(&self, name: &str) -> Store {
        Store { prefix: self.path(name), url: format!("{}/{name}", self.url), ..self.clone() }
    }

    /// Tells an object that is gone from a directory that is: one that was moved away or is not mounted may come back.
    ///
    /// # Errors
    /// [`Error::Unreachable`].
    pub(crate) async fn require_directory(&self) -> Result<(), Error> {
        let Some(root) = self.directory.clone() else { return Ok(()) };
        blocking(format!("open {}", self.url), move || local::require_root(&root)).await
    }

    /// The URL, for people and messages.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Whether this is a directory of this machine.
    pub fn is_local(&self) -> bool {
        self.directory.is_some()
    }

    /// The implementation below.
    pub fn object_store(&self) -> &Arc<dyn ObjectStore> {
        &self.inner
    }

    /// The path of an object in [`Store::object_store`].
    pub fn path(&self, relative: &str) -> Path {
        if self.prefix.as_ref().is_empty() {
            Path::from(relative)
        } else {
            Path::from(format!("{}/{relative}", self.prefix))
        }
    }

    /// The directory of a local store, and the file in it.
    fn file(&self, relative: &str) -> Option<(Arc<PathBuf>, PathBuf)> {
        let directory = self.directory.as_ref()?;
        Some((directory.clone(), directory.join(self.path(relative).as_ref())))
    }

    fn name(&self, relative: &str) -> String {
        format!("{}/{relative}", self.url)
    }

    /// Creates an object, atomically and durably.
    ///
    /// # Errors
    /// After an error the object may be there or not; only reading it back tells.
    pub async fn create(&self, path: &str, bytes: Bytes) -> Result<Create, Error> {
        let what = || format!("create {}", self.name(path));
        if let Some((root, file)) = self.file(path) {
            return blocking(what(), move || local::create(&root, &file, &bytes)).await;
        }
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.inner.put_opts(&self.path(path), PutPayload::from_bytes(bytes), options).await {
            Ok(_) => Ok(Create::New),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => {
                Ok(Create::Exists)
            }
            Err(error) => Err(Error::store(what(), error)),
        }
    }

    /// Writes an object over what may be there. Only for `sealake.json`; what must not go back uses
    /// [`Store::update`].
    ///
    /// # Errors
    /// The store does not answer or refuses.
    pub async fn replace(&self, path: &str, bytes: Bytes) -> Result<(), Error> {
        let what = format!("replace {}", self.name(path));
        if let Some((root, file)) = self.file(path) {
            return blocking(what, move || local::replace(&root, &file, &bytes)).await;
        }
        let (path, payload) = (self.path(path), PutPayload::from_bytes(bytes));
        let put = self.inner.put_opts(&path, payload, PutOptions::default()).await;
        put.map(drop).map_err(|error| Error::store(what, error))
    }

    /// Replaces an object by what `change` makes of its present bytes, or leaves it where `change` gives `None`.
    /// No other update comes between (If-Match on S3, a lock on directories). Says whether it wrote. Of an object that is
    /// larger than the limit nothing is read, and `change` gets no bytes.
    ///
    /// # Errors
    /// The store does not answer or refuses, or others updated the object eight times in between.
    pub async fn update<F>(&self, path: &str, bytes_max: u64, change: F) -> Result<bool, Error>
    where
        F: Fn(Option<&[u8]>) -> Option<Bytes> + Send + 'static,
    {
        let what = format!("update {}", self.name(path));
        if let Some((root, file)) = self.file(path) {
            return blocking(what, move || local::update(&root, &file, bytes_max, change)).await;
        }
        let location = self.path(path);
        for _ in 0..UPDATE_ATTEMPTS_MAX {
            let (current, mode) = match self.inner.get(&location).await {
                Ok(result) => {
                    let version = UpdateVersion {
                        e_tag: result.meta.e_tag.clone(),
                        version: result.meta.version.clone(),
                    };
                    let bytes = match result.meta.size {
                        small if small <= bytes_max => result.bytes().await,
                        _ => Ok(Bytes::new()),
                    };
                    let bytes = bytes.map_err(|error| Error::store(what.as_str(), error))?;
                    (Some(bytes), PutMode::Update(version))
                }
                Err(error) if is_absent(&error) => (None, PutMode::Create),
                Err(error) => return Err(Error::store(what, error)),
            };
            let Some(bytes) = change(current.as_deref()) else { return Ok(false) };
            let options = PutOptions { mode, ..PutOptions::default() };
            match self.inner.put_opts(&location, PutPayload::from_bytes(bytes), options).await {
                Ok(_) => return Ok(true),
                // Somebody was faster; look again. NotFound: it was deleted since it was read.
                Err(
                    object_store::Error::Precondition { .. }
                    | object_store::Error::AlreadyExists { .. }
                    | object_store::Error::NotFound { .. },
                ) => {}
                Err(error) => return Err(Error::store(what, error)),
            }
        }
        Err(Error::Unreachable { what, cause: "others updated it each time".into() })
    }

    /// Refuses what lies in a directory and is no file: to open it would wait for ever.
    async fn refuse_special(&self, path: &str) -> Result<(), Error> {
        let Some((_, file)) = self.file(path) else { return Ok(()) };
        blocking(format!("read {}", self.name(path)), move || local::refuse_special(&file)).await
    }

    /// Whether something that is no regular file is in the place of an object, so that none can be created there.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub(crate) async fn is_blocked(&self, path: &str) -> Result<bool, Error> {
        let Some((_, file)) = self.file(path) else { return Ok(false) };
        blocking(format!("look at {}", self.name(path)), move || Ok(local::is_blocked(&file))).await
    }

    /// Opens an object to read it; `None` if there is none.
    pub(crate) async fn open_object(&self, path: &str) -> Result<Option<GetResult>, Error> {
        self.refuse_special(path).await?;
        match self.inner.get(&self.path(path)).await {
            Ok(result) => Ok(Some(result)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(Error::store(format!("read {}", self.name(path)), error)),
        }
    }

    /// Reads an object; `None` if there is none.
    ///
    /// # Errors
    /// The store does not answer or refuses.
    pub async fn get(&self, path: &str) -> Result<Option<Bytes>, Error> {
        let Some(result) = self.open_object(path).await? else { return Ok(None) };
        let bytes = result.bytes().await;
        bytes.map(Some).map_err(|error| Error::store(format!("read {}", self.name(path)), error))
    }

    /// Reads an object that is small; `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it is larger than the limit, of which nothing is read; else the store does not answer or
    /// refuses.
    pub async fn get_small(&self, path: &str, bytes_max: u64) -> Result<Option<Bytes>, Error> {
        let Some(result) = self.open_object(path).await? else { return Ok(None) };
        if result.meta.size > bytes_max {
            return Err(too_large(path, result.meta.size, bytes_max));
        }
        let bytes = result.bytes().await;
        bytes.map(Some).map_err(|error| Error::store(format!("read {}", self.name(path)), error))
    }

    /// Reads an object in the place of an entry. One that is too large for an entry is hashed as it streams by, never held:
    /// the log's tree has its hash.
    ///
    /// It has no limit: a log that went no further than an object of somebody's would be stopped for good where objects
    /// cannot be deleted.
    ///
    /// # Errors
    /// The store does not answer or refuses.
    pub async fn get_entry(&self, path: &str, bytes_max: u64) -> Result<Option<Fetched>, Error> {
        let Some(result) = self.open_object(path).await? else { return Ok(None) };
        let what = || format!("read {}", self.name(path));
        if result.meta.size <= bytes_max {
            let bytes = result.bytes().await.map_err(|error| Error::store(what(), error))?;
            return Ok(Some(Fetched::Whole(bytes)));
        }
        if result.meta.size >= NOISE_BYTES_TOLD {
            let (object, bytes) = (self.name(path), result.meta.size);
            tracing::warn!(
                object,
                bytes,
                "no entry, but in the place of one: it is hashed, then passed over"
            );
        }
        let (mut hash, mut size, mut stream) = (Sha256::new(), 0, result.into_stream());
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| Error::store(what(), error))?;
            hash.update(&chunk);
            size += chunk.len() as u64;
        }
        Ok(Some(Fetched::TooLarge(hash.finalize().into(), size)))
    }

    /// Reads a range of an object, all of it.
    ///
    /// # Errors
    /// [`Error::Missing`] if there is no such object, [`Error::Invalid`] if it ends before the range does, else
    /// the store's refusal.
    pub async fn get_range(&self, path: &str, range: Range<u64>) -> Result<Bytes, Error> {
        let short = |size: u64| {
            let (start, end) = (range.start, range.end);
            Error::invalid(path, format!("has {size} bytes, and bytes {start} to {end} should be there"))
        };
        self.refuse_special(path).await?;
        match self.inner.get_range(&self.path(path), range.clone()).await {
            Ok(bytes) if bytes.len() as u64 == range.end - range.start => Ok(bytes),
            Ok(bytes) => Err(short(range.start + bytes.len() as u64)),
            Err(error) if is_absent(&error) => Err(Error::Missing { object: path.to_owned() }),
            Err(error) => match self.inner.head(&self.path(path)).await {
                Ok(meta) if meta.size < range.end => Err(short(meta.size)),
                _ => Err(Error::store(format!("read {}", self.name(path)), error)),
            },
        }
    }

    /// The size of an object in bytes and when the store says that it was written, in microseconds; `None` if
    /// there is none.
    ///
    /// # Errors
    /// The store does not answer or refuses.
    pub async fn head(&self, path: &str) -> Result<Option<(u64, i64)>, Error> {
        self.refuse_special(path).await?;
        match self.inner.head(&self.path(path)).await {
            Ok(meta) => Ok(Some((meta.size, meta.last_modified.timestamp_micros()))),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(Error::store(format!("look at {}", self.name(path)), error)),
        }
    }

    /// Names (from this root) and sizes of the objects below a folder, in no order. Only `verify` and the listing
    /// of orphans may call it: queries and starts never list.
    ///
    /// # Errors
    /// The store does not answer or refuses.
    pub async fn list(&self, prefix: &str) -> Result<Vec<(String, u64)>, Error> {
        let objects = self.list_objects(prefix).await?;
        Ok(objects.into_iter().map(|object| (object.path, object.bytes)).collect())
    }

    /// As [`Store::list`], with the times at which the objects were written.
    ///
    /// # Errors
    /// As [`Store::list`].
    pub async fn list_objects(&self, prefix: &str) -> Result<Vec<Listed>, Error> {
        let Listing { objects, unreadable } = self.list_readable(prefix).await?;
        match unreadable.into_iter().next() {
            Some((folder, cause)) => {
                Err(Error::Denied { what: format!("list {}", self.name(&folder)), cause })
            }
            None => Ok(objects),
        }
    }

    /// As [`Store::list_objects`], going on where a folder cannot be looked into.
    ///
    /// # Errors
    /// As [`Store::list`]; the store's own directory cannot be read.
    pub(crate) async fn list_readable(&self, prefix: &str) -> Result<Listing, Error> {
        if let Some((_, folder)) = self.file(prefix) {
            // Names are given from this store's root.
            let Some((_, root)) = self.file("") else { return Ok(Listing::default()) };
            let what = format!("list {}", self.name(prefix));
            return blocking(what, move || local::list(&root, &folder)).await;
        }
        let folder = if prefix.is_empty() { self.prefix.clone() } else { self.path(prefix) };
        let strip = if self.prefix.as_ref().is_empty() { 0 } else { self.prefix.as_ref().len() + 1 };
        let objects = self.inner.list(Some(&folder)).map_ok(|meta| {
            let name = meta.location.as_ref().get(strip..).unwrap_or_default().to_owned();
            Listed {
                path: name,
                bytes: meta.size,
                stored: meta.last_modified.timestamp_micros(),
                linked: false,
            }
        });
        let what = || format!("list {}", self.name(prefix));
        let objects = objects.try_collect().await.map_err(|error| Error::store(what(), error))?;
        Ok(Listing { objects, unreadable: Vec::new() })
    }
}

/// Whether an object is not there. A bucket that is not there says so in the same way, and is no empty one.
fn is_absent(error: &object_store::Error) -> bool {
    matches!(error, object_store::Error::NotFound { source, .. } if !source.to_string().contains(NO_BUCKET))
}

fn too_large(path: &str, bytes: u64, bytes_max: u64) -> Error {
    Error::invalid(path, format!("has {bytes} bytes, and may have {bytes_max} at most; it was not read"))
}

enum Location {
    Directory(PathBuf),
    Bucket { bucket: String, prefix: Path },
}

fn location(url: &str) -> Result<Location, Error> {
    if let Some(rest) = url.strip_prefix("s3://") {
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(Error::invalid(url, "expected s3://BUCKET/PREFIX"));
        }
        let prefix = Path::parse(prefix).map_err(|error| Error::invalid(url, error.to_string()))?;
        return Ok(Location::Bucket { bucket: bucket.to_owned(), prefix });
    }
    let path = url.strip_prefix("file://").unwrap_or(url);
    if path.is_empty() || path.contains("://") {
        return Err(Error::invalid(url, "expected a path, file:///PATH or s3://BUCKET/PREFIX"));
    }
    Ok(Location::Directory(PathBuf::from(path)))
}

fn s3_client(bucket: &str, options: &StoreOptions) -> Result<Arc<dyn ObjectStore>, Error> {
    if let Some(endpoint) = options.endpoint.as_ref().filter(|endpoint| endpoint.starts_with("http://"))
        && !options.allow_http
    {
        let why = "is http, not https; if that is meant, set allow_http = true in [lake.s3]";
        return Err(Error::Refused(format!("the S3 endpoint {endpoint} {why}")));
    }
    let timeout = Duration::from_secs(options.timeout_s.unwrap_or(30).max(1));
    let mut client = ClientOptions::new()
        .with_timeout(timeout)
        .with_connect_timeout(timeout.min(Duration::from_secs(5)))
        .with_allow_http(options.allow_http);
    if let Some(path) = &options.ca_file {
        let pem = crate::files::read(path, crate::files::CONFIG_BYTES_MAX)
            .map_err(|source| Error::io(path, source))?;
        let certificates = Certificate::from_pem_bundle(&pem)
            .map_err(|error| Error::invalid(path.display().to_string(), error.to_string()))?;
        for certificate in certificates {
            client = client.with_root_certificate(certificate);
        }
    }
    let retry = RetryConfig { max_retries: 5, retry_timeout: timeout, ..RetryConfig::default() };
    let mut builder =
        AmazonS3Builder::from_env().with_bucket_name(bucket).with_client_options(client).with_retry(retry);
    if let Some(endpoint) = &options.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    if options.allow_http {
        builder = builder.with_allow_http(true);
    }
    if let Some(region) = &options.region {
        builder = builder.with_region(region);
    }
    if let Some(id) = &options.access_key_id {
        builder = builder.with_access_key_id(id);
    }
    if let Some(path) = &options.secret_access_key_file {
        builder = builder.with_secret_access_key(crate::keys::read_secret(path)?.trim_end());
    }
    let what = format!("open s3://{bucket}");
    Ok(Arc::new(builder.build().map_err(|error| Error::Denied { what, cause: error.to_string() })?))
}

/// Runs file operations off the async threads.
async fn blocking<T: Send + 'static>(
    what: String,
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    let result = done.unwrap_or_else(|_| Err(std::io::Error::other("the file operation was interrupted")));
    result.map_err(|error| match error.kind() {
        std::io::ErrorKind::PermissionDenied
        | std::io::ErrorKind::ReadOnlyFilesystem
        | std::io::ErrorKind::Unsupported => Error::Denied { what, cause: error.to_string() },
        _ => Error::Unreachable { what, cause: error.to_string() },
    })
}

#[cfg(test)]
mod tests;
