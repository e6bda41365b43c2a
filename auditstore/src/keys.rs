//! Signing keys: Ed25519, kept in files of mode 0600 in the C2SP form `PRIVATE+KEY+<name>+<id>+<base64>`.
//!
//! A key file that others can read is refused with the command that mends it: a key whose copies cannot be
//! counted proves nothing. Key bytes are wiped from memory when dropped.

use std::fmt;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use schemas::manifest::PublicKey;
use zeroize::{Zeroize as _, Zeroizing};

use crate::error::Error;
use crate::note::{Note, SignatureLine, TYPE_ED25519, VerifyKey, name_is_valid};

const PREFIX: &str = "PRIVATE+KEY+";

/// The largest key file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 4096;

/// A key that signs for the log whose origin is the key's name.
pub struct Signer {
    key: SigningKey,
    verify: VerifyKey,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({} {})", self.verify.name(), self.verify.public().id)
    }
}

impl Signer {
    /// A new key from the system's randomness.
    ///
    /// # Errors
    /// The name is empty or holds white space or `+`; the system gives no randomness.
    pub fn generate(name: &str) -> Result<Signer, Error> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice())
            .map_err(|_| Error::Key("the system gives no randomness".into()))?;
        Signer::from_seed(name, &seed)
    }

    fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Signer, Error> {
        let key = SigningKey::from_bytes(seed);
        let verify = VerifyKey::new(name, key.verifying_key().as_bytes())?;
        Ok(Signer { key, verify })
    }

    /// Reads a key from its C2SP form.
    ///
    /// # Errors
    /// [`Error::Key`], without any of the text.
    pub fn parse(text: &str) -> Result<Signer, Error> {
        let malformed = || Error::Key(format!("expected a key as {PREFIX}NAME+8 HEX DIGITS+BASE64"));
        let rest = text.trim_end().strip_prefix(PREFIX).ok_or_else(malformed)?;
        let mut parts = rest.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed());
        };
        if !name_is_valid(name) {
            return Err(malformed());
        }
        let bytes = Zeroizing::new(STANDARD.decode(key).map_err(|_| malformed())?);
        let [TYPE_ED25519, seed @ ..] = bytes.as_slice() else { return Err(malformed()) };
        let mut seed = <[u8; 32]>::try_from(seed).map_err(|_| malformed())?;
        let signer = Signer::from_seed(name, &seed);
        seed.zeroize();
        let signer = signer?;
        if signer.public().id != id {
            return Err(Error::Key(format!("the id of the key of {name} is not that of its bytes")));
        }
        Ok(signer)
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// The file is missing ([`Error::Io`]), others than its owner have any right to it, or it holds no key
    /// ([`Error::Key`]).
    pub fn read(path: &Path) -> Result<Signer, Error> {
        let text = read_secret(path)?;
        Signer::parse(&text).map_err(|error| Error::Key(format!("{}: {error}", path.display())))
    }

    /// Writes the key to a new file of mode 0600, durably.
    ///
    /// # Errors
    /// The file exists or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<(), Error> {
        let mut seed = self.key.to_bytes();
        let mut bytes = Zeroizing::new(vec![TYPE_ED25519]);
        bytes.extend_from_slice(&seed);
        seed.zeroize();
        let public = self.public();
        let base64 = Zeroizing::new(STANDARD.encode(bytes.as_slice()));
        let text = Zeroizing::new(format!("{PREFIX}{}+{}+{}\n", public.name, public.id, base64.as_str()));
        write_secret(path, text.as_bytes())
    }

    /// The public half, as manifests hold it.
    pub fn public(&self) -> PublicKey {
        self.verify.public()
    }

    /// The public half, to verify with.
    pub fn verify_key(&self) -> &VerifyKey {
        &self.verify
    }

    /// The name, which is the origin of the log that the key signs.
    pub fn name(&self) -> &str {
        self.verify.name()
    }

    /// Signs a text, which must end in a newline.
    pub fn signature(&self, text: &str) -> SignatureLine {
        let public = self.verify.public();
        let mut id = [0; 4];
        // The id is eight hex digits by construction.
        let _ = hex::decode_to_slice(public.id, &mut id);
        SignatureLine { name: public.name, id, signature: self.key.sign(text.as_bytes()).to_bytes().to_vec() }
    }

    /// The signed note of a text, which must end in a newline.
    pub fn sign_note(&self, text: &str) -> Vec<u8> {
        Note { text: text.to_owned(), signatures: vec![self.signature(text)] }.to_bytes()
    }
}

/// Reads a small secret file, refusing one that anybody but its owner has a right to.
///
/// # Errors
/// [`Error::Io`], or [`Error::Key`] with the `chmod` that mends it.
pub fn read_secret(path: &Path) -> Result<Zeroizing<String>, Error> {
    let io = |source| Error::io(path, source);
    let file = crate::files::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    crate::files::require_readable(&metadata).map_err(io)?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let path = path.display();
        return Err(Error::Key(format!(
            "{path} has mode {mode:04o}, others can use it; run: chmod 600 {path}"
        )));
    }
    let bytes = Zeroizing::new(crate::files::read_opened(file, FILE_BYTES_MAX).map_err(io)?);
    let text = std::str::from_utf8(&bytes);
    let text = text.map_err(|_| Error::Key(format!("{} is no key: it is no text", path.display())))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Writes a new file of mode 0600 and makes it and its directory entry durable.
///
/// # Errors
/// [`Error::Io`]: the file exists or cannot be written.
pub fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let io = |source| Error::io(path, source);
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(io)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|source| {
        // Half a secret is none, and would be in the way of the next attempt.
        let _ = std::fs::remove_file(path);
        io(source)
    })?;
    crate::store::sync_directory_of(path).map_err(io)
}

#[cfg(test)]
mod tests;
