//! JSON Web Tokens: RFC 7519, three base64url parts, the first a JSON object (`{"` is `eyJ`); an encrypted one has
//! five (RFC 7516). The signature may be missing: a truncated token still carries its claims.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::text::Text;
use super::{Category, Detector, Hit, Needs};
use crate::work;

/// Finds JSON Web Tokens.
pub(super) struct SecretJwt;

/// The shortest token, in bytes.
const TOKEN_BYTES_MIN: usize = 20;

static OPENING: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("eyJ"));

impl Detector for SecretJwt {
    fn id(&self) -> &'static str {
        "secret_jwt"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Secret]
    }

    fn example(&self) -> &'static str {
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0NzExIn0.c2lnbmF0dXJl"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b".")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let bytes = text.text.as_bytes();
        // Of two parts at least.
        if bytes.len() < TOKEN_BYTES_MIN || !text.may_hold(b'.') {
            return;
        }
        let mut covered = 0;
        for opening in OPENING.find_iter(bytes) {
            // Mapbox writes before it whether it is public or secret.
            let prefixed = opening >= 3 && matches!(&bytes[opening - 3..opening], b"pk." | b"sk." | b"tk.");
            let start = if prefixed { opening - 3 } else { opening };
            if start < covered || (start > 0 && is_base64url(bytes[start - 1])) {
                continue;
            }
            let mut end = opening;
            let mut parts = 0;
            while parts < 5 {
                let length = bytes[end..].iter().take_while(|byte| is_base64url(**byte)).count();
                if length == 0 && parts < 2 {
                    break;
                }
                parts += 1;
                end += length;
                if bytes.get(end) != Some(&b'.')
                    || !bytes.get(end + 1).is_some_and(|byte| is_base64url(*byte))
                {
                    break;
                }
                end += 1;
            }
            work::examined(end - start);
            covered = end.max(opening + 3);
            if parts >= 2 && end - start >= TOKEN_BYTES_MIN {
                hits.push(Hit {
                    start,
                    end,
                    category: Category::Secret,
                    rule: "secret_jwt.token",
                    score: 0.97,
                });
            }
        }
    }
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'=')
}

#[cfg(test)]
mod tests;
