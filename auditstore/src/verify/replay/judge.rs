//! One object of the log by itself: its manifest, its signature, the place that it was signed for.

use bytes::Bytes;
use schemas::manifest::{Body, FORMAT, MANIFEST_BYTES_MAX, Manifest, VALIDITY};
use schemas::verdict::Verdict;
use serde_json::Value;

use super::{Log, Window};
use crate::Error;
use crate::merkle::{Hash, leaf_hash};
use crate::note::{Head, Note, NoteError, VerifyKey};

/// What an object in the log turns out to be.
pub(super) enum Judged {
    Signed { manifest: Result<Option<Manifest>, String>, leaf: Hash, head: Head, signed_by: Vec<VerifyKey> },
    Unsound { verdict: Verdict, detail: String, manifest: Option<Manifest>, leaf: Option<Hash> },
}

impl Log {
    /// What an object is by itself: its parts, its signature, the place that it was signed for.
    pub(super) fn judge(&self, seq: u64, object: &Bytes) -> Judged {
        let newline = object.iter().position(|byte| *byte == b'\n').unwrap_or(object.len());
        let line = object.slice(..newline);
        let manifest = read_manifest(&line);
        let readable = manifest.is_ok();
        let leaf = leaf_hash(&line);
        let unsound = |verdict, detail: String| Judged::Unsound {
            verdict,
            detail,
            manifest: manifest.clone().ok().flatten(),
            leaf: readable.then_some(leaf),
        };
        if seq == 0
            && let Err(why) = &manifest
        {
            return unsound(Verdict::InvalidEntry, format!("no first entry: {why}"));
        }
        let note = match Note::parse(object.get(newline + 1..).unwrap_or_default()) {
            Ok(note) => note,
            Err(error) => return unsound(Verdict::InvalidEntry, error.to_string()),
        };
        let mut windows = if seq == 0 { first_keys(manifest.as_ref().ok()) } else { self.rules.keys.clone() };
        windows.extend(added_key(seq, manifest.as_ref().ok()));
        let keys: Vec<VerifyKey> = windows.iter().map(|window| window.key.clone()).collect();
        let signers = match note.verify(&keys) {
            Ok(signers) => signers,
            Err(NoteError::BadSignature(name)) => {
                return unsound(Verdict::BadSig, format!("the signature of {name} does not verify"));
            }
            Err(error) => return unsound(Verdict::InvalidEntry, error.to_string()),
        };
        if signers.is_empty() {
            return unsound(Verdict::UnknownKey, "not signed by any key that the log knows".to_owned());
        }
        if !signers.iter().any(|at| windows[*at].holds(seq)) {
            let detail = "signed by a key that was not valid at this entry".to_owned();
            return unsound(Verdict::KeyWindow, detail);
        }
        let origin = if seq == 0 {
            manifest.as_ref().ok().and_then(Option::as_ref).map(|manifest| manifest.origin.clone())
        } else {
            Some(self.rules.origin.clone())
        };
        let head =
            Head::parse_exact(&note.text).filter(|head| Some(&head.origin) == entry_origin(origin).as_ref());
        let Some(head) = head else {
            return unsound(
                Verdict::InvalidEntry,
                "what is signed is no head of this log's entries".to_owned(),
            );
        };
        if head.size != seq + 1 {
            let detail = format!("holds the bytes of entry {}", head.size.wrapping_sub(1));
            return Judged::Unsound { verdict: Verdict::Moved, detail, manifest: None, leaf: None };
        }
        let signed_by = signers.into_iter().map(|at| keys[at].clone()).collect();
        Judged::Signed { manifest, leaf, head, signed_by }
    }
}

fn entry_origin(origin: Option<String>) -> Option<String> {
    origin.map(|origin| format!("{origin}/entry"))
}

/// The keys that entry 0 names.
pub(super) fn first_keys(manifest: Option<&Option<Manifest>>) -> Vec<Window> {
    let Some(Some(Manifest { body: Body::Init(init), .. })) = manifest else { return Vec::new() };
    let keys = init.keys.iter().filter_map(|key| VerifyKey::from_public(key).ok());
    keys.map(|key| Window { key, from: 0, until: None }).collect()
}

/// The key that a manifest adds: it signs too, but not yet alone.
pub(super) fn added_key(seq: u64, manifest: Option<&Option<Manifest>>) -> Option<Window> {
    let Some(Some(Manifest { body: Body::Key(body), .. })) = manifest else { return None };
    let key = VerifyKey::from_public(&body.key).ok().filter(|_| body.action == "add")?;
    Some(Window { key, from: seq + 1, until: None })
}

/// A manifest; `None` for a kind that this program does not know.
pub(super) fn read_manifest(line: &[u8]) -> Result<Option<Manifest>, String> {
    if line.len() > MANIFEST_BYTES_MAX {
        return Err(format!("{} bytes, the most is {MANIFEST_BYTES_MAX}", line.len()));
    }
    crate::canonical::check(line).map_err(|error| error.to_string())?;
    match serde_json::from_slice::<Manifest>(line) {
        Ok(manifest) => {
            // What serde ignores must not hide in a signed line of a kind that we know.
            let same = crate::canonical::emit(&manifest).is_ok_and(|bytes| bytes == line);
            if same { Ok(Some(manifest)) } else { Err("a field that this kind does not have".to_owned()) }
        }
        Err(error) => {
            let value: Value = serde_json::from_slice(line).map_err(|_| "no JSON object".to_owned())?;
            match value.get("kind").and_then(Value::as_str) {
                Some(kind) if !KINDS.contains(&kind) => Ok(None),
                _ => Err(format!("a field is missing or malformed, before column {}", error.column())),
            }
        }
    }
}

/// The kinds that this program knows.
const KINDS: &[&str] = &["init", "source", "batch", "heartbeat", "snapshot", "policy", "key", "adopt"];

/// Stops at a sound entry that only a newer program can judge.
pub(super) fn refuse_newer(name: &str, object: &[u8]) -> Result<(), Error> {
    let line = object.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let Ok(value) = serde_json::from_slice::<Value>(line) else { return Ok(()) };
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let newer =
        |found: String, known: String| Err(Error::NewerFormat { object: name.to_owned(), found, known });
    if text("format") != FORMAT {
        return newer(text("format"), FORMAT.to_owned());
    }
    if text("validity").parse::<u64>().is_ok_and(|validity| validity > VALIDITY) {
        return newer(format!("validity {}", text("validity")), format!("validity {VALIDITY}"));
    }
    if !KINDS.contains(&text("kind").as_str()) && value.get("critical").and_then(Value::as_bool) == Some(true)
    {
        return newer(format!("kind {}", text("kind")), KINDS.join(", "));
    }
    Ok(())
}
