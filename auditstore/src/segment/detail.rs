//! `.detail`: what a reader needs to believe and to skip parts of a batch's segments without reading them whole.
//!
//! One object a batch, canonical JSON, named by the manifest with its SHA-256. It may go when its segments go, so
//! it may say more than the log, but never anything that identifies a person: statistics stand here only for
//! times, numbers and closed vocabularies. Every integer is a decimal string, as in manifests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemas::manifest::Dec;
use serde::{Deserialize, Serialize};

use super::Error;

/// Size of the blocks whose SHA-256 stand in a detail. A range read is checked by reading the blocks that it
/// touches: smaller ones would make the list long, larger ones a small read slow.
pub const BLOCK_BYTES: u64 = 1 << 20;

/// The format that a detail states.
const FORMAT: &str = "sealake-detail/1";

/// Largest `.detail` that is read. A batch of 64 segments of 64 MiB with 110 columns and 64 row groups each
/// stays under it.
const DETAIL_BYTES_MAX: usize = 64 << 20;

/// The details of a batch's segments, by path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detail {
    files: BTreeMap<String, Arc<FileDetail>>,
}

/// The detail of one segment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileDetail {
    /// Size of the file in bytes.
    pub bytes: Dec,
    /// Bytes at the end of the file that hold page indexes and footer: what a reader fetches first.
    pub metadata_bytes: Dec,
    /// SHA-256 of every [`BLOCK_BYTES`] of the file, the last one shorter, lower-case hex.
    pub blocks: Vec<Hash>,
    /// The row groups in order.
    pub row_groups: Vec<RowGroup>,
}

/// One row group of a segment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RowGroup {
    /// Number of rows.
    pub rows: Dec,
    /// Where its column chunks begin in the file.
    pub offset: Dec,
    /// Their size in bytes, compressed.
    pub bytes: Dec,
    /// Statistics by column; a column that has none stands not here, and nothing is known of it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, ColumnStatistics>,
}

/// What is known of one column in one row group. Exact, not truncated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ColumnStatistics {
    /// Rows without a value.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub nulls: Dec,
    /// Smallest value: an integer, microseconds of a time, the unscaled value of a decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Int>,
    /// Largest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Int>,
    /// All values of a closed vocabulary, where there are few.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub values: BTreeSet<String>,
}

/// A signed integer as a decimal string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int(pub i128);

/// A SHA-256 as lower-case hex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hash(pub [u8; 32]);

#[derive(Serialize, Deserialize)]
struct Body<F> {
    block_bytes: Dec,
    files: Vec<Entry<F>>,
    format: String,
}

#[derive(Serialize, Deserialize)]
struct Entry<F> {
    path: String,
    #[serde(flatten)]
    file: F,
}

impl Detail {
    /// The detail of a batch whose segments have these paths.
    pub fn new(files: impl IntoIterator<Item = (String, Arc<FileDetail>)>) -> Detail {
        Detail { files: files.into_iter().collect() }
    }

    /// The detail of a segment.
    pub fn file(&self, path: &str) -> Option<&Arc<FileDetail>> {
        self.files.get(path)
    }

    /// All segments with their details, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Arc<FileDetail>)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// The object's bytes.
    ///
    /// # Errors
    /// Only if serialisation fails, which it does not for what [`super::build`] makes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let entry = |(path, file)| Entry { path: String::clone(path), file: Arc::as_ref(file) };
        let body = Body {
            block_bytes: Dec(BLOCK_BYTES),
            files: self.files.iter().map(entry).collect(),
            format: FORMAT.to_owned(),
        };
        crate::canonical::emit(&body).map_err(|error| Error::Detail(error.to_string()))
    }

    /// Reads an object's bytes, whose hash the caller has checked.
    ///
    /// # Errors
    /// Bytes that are not the canonical JSON of a detail of this format, or contradict themselves.
    pub fn parse(bytes: &[u8]) -> Result<Detail, Error> {
        if bytes.len() > DETAIL_BYTES_MAX {
            return Err(Error::Detail(format!("larger than {DETAIL_BYTES_MAX} bytes")));
        }
        let body: Body<FileDetail> = serde_json::from_slice(bytes)
            .map_err(|error| Error::Detail(format!("line {} column {}", error.line(), error.column())))?;
        if body.format != FORMAT || body.block_bytes.0 != BLOCK_BYTES {
            return Err(Error::Detail(format!(
                "format {} with blocks of {} bytes; this program knows {FORMAT} with {BLOCK_BYTES}",
                body.format, body.block_bytes
            )));
        }
        if let Some(entry) = body
            .files
            .iter()
            .find(|entry| entry.file.bytes.0.div_ceil(BLOCK_BYTES) != entry.file.blocks.len() as u64)
        {
            return Err(Error::Detail(format!("{} does not have one hash for each block", entry.path)));
        }
        let detail = Detail::new(body.files.into_iter().map(|entry| (entry.path, entry.file.into())));
        if detail.to_bytes()? != bytes {
            return Err(Error::Detail("not canonical JSON".to_owned()));
        }
        Ok(detail)
    }
}

/// The blocks of a file.
pub(super) fn blocks(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    file.chunks(BLOCK_BYTES as usize)
}

impl Serialize for Int {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Int {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Int, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Int).map_err(|_| serde::de::Error::custom("expected a decimal string"))
    }
}

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut hash = [0; 32];
        hex::decode_to_slice(&text, &mut hash)
            .map_err(|_| serde::de::Error::custom("expected 64 hex digits"))?;
        Ok(Hash(hash))
    }
}

fn is_zero(int: &Dec) -> bool {
    int.0 == 0
}
