//! A store that is asked before each request: to deny it, to write it down, or to let something happen first.

use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// What is asked of the store.
pub(super) enum Request<'a> {
    Get(&'a Path),
    Put(&'a Path, &'a PutPayload),
    List,
}

type Hook = Box<dyn Fn(Request<'_>) -> Result<()> + Send + Sync>;

/// A store with a hook.
pub(super) struct Hooked {
    inner: Arc<dyn ObjectStore>,
    hook: Hook,
}

impl Hooked {
    pub(super) fn new(
        inner: Arc<dyn ObjectStore>,
        hook: impl Fn(Request<'_>) -> Result<()> + Send + Sync + 'static,
    ) -> Arc<Hooked> {
        Arc::new(Hooked { inner, hook: Box::new(hook) })
    }
}

pub(super) fn permission_denied(path: &Path) -> Error {
    Error::PermissionDenied { path: path.to_string(), source: "denied".into() }
}

impl std::fmt::Debug for Hooked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hooked({})", self.inner)
    }
}

impl std::fmt::Display for Hooked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a store with a hook over {}", self.inner)
    }
}

#[async_trait]
impl ObjectStore for Hooked {
    async fn put_opts(&self, path: &Path, bytes: PutPayload, options: PutOptions) -> Result<PutResult> {
        (self.hook)(Request::Put(path, &bytes))?;
        self.inner.put_opts(path, bytes, options).await
    }

    async fn put_multipart_opts(
        &self,
        path: &Path,
        _options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        // A multipart upload cannot be a conditional create, so nothing of a lake is written by one.
        Err(permission_denied(path))
    }

    async fn get_opts(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
        (self.hook)(Request::Get(path))?;
        self.inner.get_opts(path, options).await
    }

    fn delete_stream(&self, paths: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(paths)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        match (self.hook)(Request::List) {
            Ok(()) => self.inner.list(prefix),
            Err(error) => Box::pin(futures::stream::once(async { Err(error) })),
        }
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        (self.hook)(Request::List)?;
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}
