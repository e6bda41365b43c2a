//! `log/checkpoint`: the newest published tree head, signed (C2SP tlog-checkpoint). A hint for readers where to
//! begin, and the thing to compare with after somebody deleted entries; never the truth about the log.

use bytes::Bytes;

use crate::error::Error;
use crate::keys::Signer;
use crate::note::{Head, Note, VerifyKey};
use crate::store::Store;

/// Path of the checkpoint from the lake's root.
pub const CHECKPOINT: &str = "log/checkpoint";

/// The largest checkpoint that is read, in bytes.
pub(crate) const CHECKPOINT_BYTES_MAX: u64 = 64 * 1024;

/// Reads a checkpoint that one of the keys has signed under the plain origin. `None` for anything else: what
/// cannot be believed is no hint.
pub fn parse_checkpoint(bytes: &[u8], origin: &str, keys: &[VerifyKey]) -> Option<Head> {
    let note = Note::parse(bytes).ok()?;
    let signed = note.verify(keys).is_ok_and(|signed_by| !signed_by.is_empty());
    Head::parse(&note.text).filter(|head| signed && head.origin == origin && head.size > 0)
}

/// Publishes a head, unless a checkpoint of the same size or a larger one is there already: it never goes back.
/// One that cannot be believed is replaced. With `touch`, one that stays is written again as it is, so that the
/// store stamps it with its present time.
pub(crate) async fn publish(
    store: &Store,
    signer: &Signer,
    head: Head,
    keys: Vec<VerifyKey>,
    touch: bool,
) -> Result<bool, Error> {
    let note = Bytes::from(signer.sign_note(&head.text()));
    let change = move |current: Option<&[u8]>| {
        let published =
            current.and_then(|bytes| Some((bytes, parse_checkpoint(bytes, &head.origin, &keys)?)));
        match published {
            Some((bytes, published)) if published.size >= head.size => {
                touch.then(|| Bytes::copy_from_slice(bytes))
            }
            _ => Some(note.clone()),
        }
    };
    store.update(CHECKPOINT, CHECKPOINT_BYTES_MAX, change).await
}
