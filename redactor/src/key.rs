//! The token key: one secret per tenant and epoch, from which every other key of the redactor is derived.
//!
//! Whoever holds it can test a guessed value against a token, so it is wiped on drop, printed by its id only,
//! and never leaves the process except by [`TokenKey::to_hex`], which `sealake init` writes to a 0600 file.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::sha256;

/// HMAC-SHA-256 with its two pads computed once; a clone of it costs no compression.
pub(crate) type Keyed = Hmac<Sha256>;

/// Version of the canonical forms of values (see `canonical.rs`). Part of every key id: a change of a canonical
/// form changes the tokens, and so must change the name under which they can be searched for.
pub(crate) const CANONICAL_VERSION: u8 = 1;

/// 32 secret bytes. `Debug` prints the id only.
pub struct TokenKey {
    bytes: Zeroizing<[u8; 32]>,
}

/// Why a text is no token key. Never says what the text was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// Not 64 hexadecimal digits.
    NotHex {
        /// How many characters were found, surrounding white space not counted.
        found: usize,
    },
    /// All 32 bytes are the same: a placeholder, not a key.
    Weak,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyError::NotHex { found } => write!(
                f,
                "a token key is 64 hexadecimal digits (32 bytes); found {found} characters that are not that"
            ),
            KeyError::Weak => {
                f.write_str("this token key repeats one byte; make one with `sealake keys generate`")
            }
        }
    }
}

impl std::error::Error for KeyError {}

impl TokenKey {
    /// A new key from the operating system's random numbers.
    ///
    /// # Panics
    /// If the operating system has none, which leaves nothing safe to do.
    pub fn generate() -> TokenKey {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice()).expect("the operating system gives random bytes");
        TokenKey { bytes }
    }

    /// Reads 64 hexadecimal digits of either case; white space around them is ignored.
    ///
    /// # Errors
    /// Anything else, and keys of one repeated byte.
    pub fn from_hex(text: &str) -> Result<TokenKey, KeyError> {
        let digits = text.trim().as_bytes();
        let wrong = KeyError::NotHex { found: digits.len() };
        if digits.len() != 64 {
            return Err(wrong);
        }
        let mut bytes = Zeroizing::new([0; 32]);
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0]).ok_or(wrong)? << 4 | nibble(pair[1]).ok_or(wrong)?;
        }
        if bytes.iter().all(|byte| *byte == bytes[0]) {
            return Err(KeyError::Weak);
        }
        Ok(TokenKey { bytes })
    }

    /// The key as 64 lower-case hexadecimal digits, wiped on drop.
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex(self.bytes.as_slice()))
    }

    /// Eight hexadecimal digits that name the key and the version of the canonical forms. Safe to print: they
    /// are a keyed hash, so they say nothing about the key.
    pub fn id(&self) -> String {
        hex(&self.derive(&[b"key id ".as_slice(), &[CANONICAL_VERSION]].concat())[..4])
    }

    /// A key for one purpose: HMAC-SHA-256 of the purpose's name under this key.
    pub(crate) fn keyed(&self, purpose: &str) -> Keyed {
        let mut derived = self.derive(purpose.as_bytes());
        let keyed = Keyed::new_from_slice(&derived).expect("HMAC takes a key of any length");
        derived.zeroize();
        keyed
    }

    /// The same where many messages are hashed at once.
    pub(crate) fn hashing(&self, purpose: &str) -> sha256::Hmac {
        let mut derived = self.derive(purpose.as_bytes());
        let hmac = sha256::Hmac::new(&derived);
        derived.zeroize();
        hmac
    }

    fn derive(&self, purpose: &[u8]) -> [u8; 32] {
        let mut mac = Keyed::new_from_slice(self.bytes.as_slice()).expect("HMAC takes a key of any length");
        mac.update(b"sealake redactor/1 ");
        mac.update(purpose);
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenKey({})", self.id())
    }
}

/// Lower-case hexadecimal digits of the bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests;
