//! The bytes of one entry: a manifest on one line, a newline, a signed note over the tree that includes it.

use bytes::Bytes;
use schemas::manifest::{MANIFEST_BYTES_MAX, Manifest};

use crate::canonical;
use crate::error::Error;
use crate::keys::Signer;
use crate::merkle::{Edge, Hash, leaf_hash, sha256};
use crate::note::{Head, Note};

/// The largest object in `log/` that can be an entry, in bytes.
pub const ENTRY_BYTES_MAX: u64 = 1 << 20;

/// Path of an entry from the lake's root.
pub fn entry_path(era: u64, seq: u64) -> String {
    format!("log/{era:04}/{seq:016}.entry")
}

/// First line of the note inside an entry. It is not the origin, so that nobody can take the note of an entry
/// that lost its race for a checkpoint.
pub(crate) fn note_origin(origin: &str) -> String {
    format!("{origin}/entry")
}

/// Leaf data of an object in the log that is no valid entry.
pub fn invalid_leaf(sha256: &Hash) -> Vec<u8> {
    format!("sealake invalid entry sha256:{}\n", hex::encode(sha256)).into_bytes()
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its seq.
    pub seq: u64,
    /// SHA-256 of the whole object.
    pub sha256: Hash,
    /// Size of the whole object in bytes.
    pub bytes: u64,
    /// The manifest's bytes, without the newline: the leaf data of the log's tree.
    pub manifest_bytes: Bytes,
    /// The manifest; `None` if its kind is newer than this program.
    pub manifest: Option<Manifest>,
    /// The note over the tree that ends with this entry.
    pub note: Note,
}

impl Entry {
    /// The leaf hash of the entry in the log's tree.
    pub fn leaf(&self) -> Hash {
        leaf_hash(&self.manifest_bytes)
    }

    /// The size and root that the entry signs.
    pub fn head(&self) -> Option<Head> {
        Head::parse_exact(&self.note.text)
    }
}

/// The two parts of an entry object, before anything is verified.
pub(crate) struct Parts {
    pub(crate) manifest_bytes: Bytes,
    pub(crate) note: Note,
}

/// Splits an object into its parts. Says why it cannot be an entry.
pub(crate) fn split(object: &Bytes) -> Result<Parts, String> {
    if object.len() as u64 > ENTRY_BYTES_MAX {
        return Err(format!("has {} bytes, an entry has at most {ENTRY_BYTES_MAX}", object.len()));
    }
    let newline = object.iter().position(|byte| *byte == b'\n').ok_or("has no second line")?;
    if newline > MANIFEST_BYTES_MAX {
        return Err(format!("its manifest has {newline} bytes, the most is {MANIFEST_BYTES_MAX}"));
    }
    let note = Note::parse(&object[newline + 1..]).map_err(|error| error.to_string())?;
    Ok(Parts { manifest_bytes: object.slice(..newline), note })
}

/// Makes the object of an entry: the manifest as canonical JSON and the note over the tree with it.
///
/// # Errors
/// [`Error::TooLarge`] if the manifest does not fit.
pub(crate) fn make(manifest: &Manifest, edge: &Edge, signers: &[&Signer]) -> Result<Bytes, Error> {
    let mut object = canonical::emit(manifest)?;
    if object.len() > MANIFEST_BYTES_MAX {
        return Err(Error::TooLarge { bytes: object.len(), bytes_max: MANIFEST_BYTES_MAX });
    }
    let mut edge = edge.clone();
    edge.push(leaf_hash(&object));
    let head = Head { origin: note_origin(&manifest.origin), size: edge.size(), root: edge.root() };
    let text = head.text();
    let signatures = signers.iter().map(|signer| signer.signature(&text)).collect();
    object.push(b'\n');
    object.extend(Note { text, signatures }.to_bytes());
    Ok(object.into())
}

/// An entry from its parts.
pub(crate) fn entry(seq: u64, object: &Bytes, parts: Parts, manifest: Option<Manifest>) -> Entry {
    Entry {
        seq,
        sha256: sha256(object),
        bytes: object.len() as u64,
        manifest_bytes: parts.manifest_bytes,
        manifest,
        note: parts.note,
    }
}
