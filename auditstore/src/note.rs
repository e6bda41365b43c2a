//! Signed notes (C2SP `signed-note`) and the tree heads inside them (C2SP `tlog-checkpoint`).
//!
//! A note is text, an empty line and signature lines `— <name> <base64(key id || signature)>`. Signatures of
//! keys that the reader does not know are ignored, so that witnesses can be added; a known key whose signature
//! fails makes the note worthless. Base64 is strict: padded, no stray bits, one way to write a signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature as Ed25519Signature, VerifyingKey};
use schemas::manifest::PublicKey;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::merkle::Hash;

/// The largest note that is read, in bytes.
pub const NOTE_BYTES_MAX: usize = 64 * 1024;

/// The most signature lines a note may have. C2SP asks for at least 16; Go's reader stops at 100 too.
pub const SIGNATURES_MAX: usize = 100;

/// Signature type of plain Ed25519 (C2SP signed-note).
pub(crate) const TYPE_ED25519: u8 = 1;

const SIGNATURE_START: &str = "\u{2014} ";

/// Why a note is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// Not a note.
    Malformed(&'static str),
    /// A known key's signature does not verify. The name of the key.
    BadSignature(String),
}

impl std::fmt::Display for NoteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NoteError::Malformed(what) => write!(f, "not a signed note: {what}"),
            NoteError::BadSignature(name) => write!(f, "the signature of {name} does not verify"),
        }
    }
}

impl std::error::Error for NoteError {}

/// A key that can verify notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl VerifyKey {
    /// A key from its name and 32 bytes.
    ///
    /// # Errors
    /// The name is empty or holds white space or `+`; the bytes are no point of the curve, or a weak one.
    pub fn new(name: &str, public: &[u8; 32]) -> Result<VerifyKey, Error> {
        if !name_is_valid(name) {
            return Err(Error::Key(
                "a key's name must not be empty and holds neither white space nor `+`".into(),
            ));
        }
        let key = VerifyingKey::from_bytes(public).ok().filter(|key| !key.is_weak());
        let key = key.ok_or_else(|| Error::Key(format!("the key of {name} is no Ed25519 public key")))?;
        Ok(VerifyKey { name: name.to_owned(), id: key_id(name, public), key })
    }

    /// A key from the form in which manifests hold it.
    ///
    /// # Errors
    /// It is no key, or its id is not that of its name and bytes.
    pub fn from_public(public: &PublicKey) -> Result<VerifyKey, Error> {
        let name = &public.name;
        let bytes = STANDARD.decode(&public.public).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let bytes =
            bytes.ok_or_else(|| Error::Key(format!("the key of {name} is not 32 bytes in base64")))?;
        let key = VerifyKey::new(name, &bytes)?;
        if hex::encode(key.id) != public.id {
            return Err(Error::Key(format!("the id of the key of {name} is not that of its bytes")));
        }
        Ok(key)
    }

    /// A key as C2SP writes it: `<name>+<8 hex>+<base64(type || bytes)>`.
    ///
    /// # Errors
    /// It is no such key.
    pub fn parse(vkey: &str) -> Result<VerifyKey, Error> {
        let malformed = || Error::Key("expected a key as NAME+8 HEX DIGITS+BASE64".into());
        let (name, rest) = vkey.trim().split_once('+').ok_or_else(malformed)?;
        let (id, key) = rest.split_once('+').ok_or_else(malformed)?;
        let bytes = STANDARD.decode(key).map_err(|_| malformed())?;
        let [TYPE_ED25519, public @ ..] = bytes.as_slice() else { return Err(malformed()) };
        let public = <[u8; 32]>::try_from(public).map_err(|_| malformed())?;
        let key = VerifyKey::new(name, &public)?;
        if hex::encode(key.id) != id {
            return Err(Error::Key(format!("the id of the key of {name} is not that of its bytes")));
        }
        Ok(key)
    }

    /// The key as [`VerifyKey::parse`] reads it.
    pub fn vkey(&self) -> String {
        let mut bytes = vec![TYPE_ED25519];
        bytes.extend_from_slice(self.key.as_bytes());
        format!("{}+{}+{}", self.name, hex::encode(self.id), STANDARD.encode(bytes))
    }

    /// The key as manifests hold it.
    pub fn public(&self) -> PublicKey {
        PublicKey {
            id: hex::encode(self.id),
            name: self.name.clone(),
            public: STANDARD.encode(self.key.as_bytes()),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of the 32 bytes, lower-case hex: what people compare over the telephone.
    pub fn fingerprint(&self) -> String {
        hex::encode(Sha256::digest(self.key.as_bytes()))
    }
}

/// The C2SP key id: the first four bytes of SHA-256(name || 0x0A || type || key).
pub(crate) fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let hash =
        Sha256::new().chain_update(name).chain_update([b'\n', TYPE_ED25519]).chain_update(public).finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

pub(crate) fn name_is_valid(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 255
        && !name.contains(|char: char| char.is_whitespace() || char.is_control() || char == '+')
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLine {
    /// Name of the key.
    pub name: String,
    /// Its id.
    pub id: [u8; 4],
    /// What follows the id: for Ed25519 the 64 bytes of the signature.
    pub signature: Vec<u8>,
}

/// A signed note, parsed and not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What is signed, with its last newline.
    pub text: String,
    /// The signature lines in order.
    pub signatures: Vec<SignatureLine>,
}

impl Note {
    /// Reads a note.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Note, NoteError> {
        use NoteError::Malformed;
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(Malformed("too large"));
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| Malformed("not UTF-8"))?;
        if whole.chars().any(|char| char < ' ' && char != '\n') {
            return Err(Malformed("a control character"));
        }
        let split = whole.rfind("\n\n").ok_or(Malformed("no empty line before the signatures"))?;
        let (text, lines) = (&whole[..=split], &whole[split + 2..]);
        let lines =
            lines.strip_suffix('\n').ok_or(Malformed("no signature, or no newline after the last"))?;
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            if signatures.len() == SIGNATURES_MAX {
                return Err(Malformed("too many signatures"));
            }
            signatures.push(signature_line(line)?);
        }
        Ok(Note { text: text.to_owned(), signatures })
    }

    /// The note's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = format!("{}\n", self.text);
        for line in &self.signatures {
            let mut signature = line.id.to_vec();
            signature.extend_from_slice(&line.signature);
            out.push_str(&format!("{SIGNATURE_START}{} {}\n", line.name, STANDARD.encode(signature)));
        }
        out.into_bytes()
    }

    /// Which of the given keys have signed the note, as indexes into `keys`; none is not an error.
    ///
    /// # Errors
    /// [`NoteError::BadSignature`] if a signature of one of the keys does not verify (`verify_strict`).
    pub fn verify(&self, keys: &[VerifyKey]) -> Result<Vec<usize>, NoteError> {
        let mut verified = Vec::new();
        for line in &self.signatures {
            let known = keys.iter().position(|key| key.name == line.name && key.id == line.id);
            let Some(at) = known else { continue };
            let signature = Ed25519Signature::from_slice(&line.signature).ok();
            let good = signature.is_some_and(|signature| {
                keys[at].key.verify_strict(self.text.as_bytes(), &signature).is_ok()
            });
            if !good {
                return Err(NoteError::BadSignature(line.name.clone()));
            }
            if !verified.contains(&at) {
                verified.push(at);
            }
        }
        Ok(verified)
    }
}

fn signature_line(line: &str) -> Result<SignatureLine, NoteError> {
    use NoteError::Malformed;
    let rest = line.strip_prefix(SIGNATURE_START).ok_or(Malformed("a line that is no signature"))?;
    let (name, base64) = rest.split_once(' ').ok_or(Malformed("a signature without key name"))?;
    if !name_is_valid(name) {
        return Err(Malformed("an invalid key name"));
    }
    let bytes = STANDARD.decode(base64).map_err(|_| Malformed("a signature that is not strict base64"))?;
    match bytes.split_first_chunk::<4>() {
        Some((id, signature)) if !signature.is_empty() => {
            Ok(SignatureLine { name: name.to_owned(), id: *id, signature: signature.to_vec() })
        }
        _ => Err(Malformed("a signature that is too short")),
    }
}

/// Size and root of a tree under a name: the text of a checkpoint, and of the note inside an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Name of the log; inside an entry `<origin>/entry`.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root of the tree.
    pub root: Hash,
}

impl Head {
    /// The text to sign.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Reads the text of a checkpoint. Extension lines after the root are allowed, and ignored.
    pub fn parse(text: &str) -> Option<Head> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        if origin.is_empty() || lines.any(str::is_empty) {
            return None;
        }
        let number = size.parse::<u64>().ok().filter(|number| number.to_string() == size)?;
        let root = STANDARD.decode(root).ok().and_then(|root| Hash::try_from(root).ok())?;
        Some(Head { origin: origin.to_owned(), size: number, root })
    }

    /// Reads a text that holds this head and nothing else.
    pub fn parse_exact(text: &str) -> Option<Head> {
        Head::parse(text).filter(|head| head.text() == text)
    }
}

#[cfg(test)]
mod tests;
