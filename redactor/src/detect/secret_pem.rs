//! Private keys in PEM armour: RFC 7468, `-----BEGIN … PRIVATE KEY-----` up to its end line. One that is cut off goes
//! to the end of the text: fail closed. Also the armour of ssh.com (RFC 4716's, for private keys) and PuTTY's key files
//! (PuTTY User Manual, appendix C).

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::lexicon;
use super::text::Text;
use super::{Category, Detector, Hit, Needs};
use crate::work;

/// Finds armoured private keys.
pub(super) struct SecretPem;

/// The longest label between `BEGIN` and the dashes, in bytes.
const LABEL_BYTES_MAX: usize = 64;

static OPENING: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("-----BEGIN "));

/// The hashes of two words of which the openings hold one.
static BEGIN: LazyLock<u64> = LazyLock::new(|| lexicon::hash("begin"));
static FILE: LazyLock<u64> = LazyLock::new(|| lexicon::hash("file"));

/// Private keys in other armour, where they open and what their last line opens with.
static OTHERS: LazyLock<[(Finder<'static>, &'static [u8]); 2]> = LazyLock::new(|| {
    [
        (Finder::new("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----"), b"---- END SSH2"),
        (Finder::new("PuTTY-User-Key-File-"), b"Private-MAC:"),
    ]
});

impl Detector for SecretPem {
    fn id(&self) -> &'static str {
        "secret_pem"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Secret]
    }

    fn example(&self) -> &'static str {
        "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIrYSSNQFaA2Hwf1\n-----END EC PRIVATE KEY-----"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b"-")
    }

    fn needs_too(&self) -> Needs {
        // `BEGIN PRIVATE KEY` at least.
        Needs::THREE_WORDS
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let bytes = text.text.as_bytes();
        let (begin, file) = (*BEGIN, *FILE);
        if !text.may_hold(b'-') || !text.rare().any(|(_, word)| word.hash == begin || word.hash == file) {
            return;
        }
        let mut covered = 0;
        for start in OPENING.find_iter(bytes) {
            if start < covered {
                continue;
            }
            let label = start + "-----BEGIN ".len();
            let window = &bytes[label..bytes.len().min(label + LABEL_BYTES_MAX)];
            let Some(length) = memchr::memmem::find(window, b"-----") else { continue };
            let label = &window[..length];
            if memchr::memmem::find(label, b"PRIVATE KEY").is_none() {
                continue;
            }
            let footer = memchr::memmem::find(&bytes[start..], b"-----END ").map(|at| start + at);
            let end = footer.map_or(bytes.len(), |at| {
                let behind = at + "-----END ".len();
                let tail = &bytes[behind..bytes.len().min(behind + LABEL_BYTES_MAX)];
                memchr::memmem::find(tail, b"-----").map_or(bytes.len(), |length| behind + length + 5)
            });
            work::examined(end - start);
            hits.push(Hit {
                start,
                end,
                category: Category::Secret,
                rule: "secret_pem.private_key",
                score: 0.99,
            });
            covered = end;
        }
        for (opening, closing) in OTHERS.iter() {
            let mut covered = 0;
            for start in opening.find_iter(bytes) {
                if start < covered {
                    continue;
                }
                let last = memchr::memmem::find(&bytes[start..], closing).map(|at| start + at);
                let end = last.map_or(bytes.len(), |at| {
                    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |line| at + line)
                });
                work::examined(end - start);
                let rule = "secret_pem.other_armour";
                hits.push(Hit { start, end, category: Category::Secret, rule, score: 0.99 });
                covered = end;
            }
        }
    }
}

#[cfg(test)]
mod tests;
