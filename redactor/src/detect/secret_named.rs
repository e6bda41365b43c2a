//! Credentials that their name or their form tells: session cookies, signatures of Azure's storage, tokens behind their
//! keyword in a sentence, hashes of passwords.
//!
//! Cookies: RFC 6265 sections 4.1 and 4.2. `sig`: Azure Storage, "Create a service SAS". Hashes: crypt(5), the modular crypt
//! format (passlib's documentation), Django's `algorithm$iterations$salt$hash`.

use super::keywords::{Key, KeyHit};
use super::text::Text;
use super::words::Parts;
use super::{Category, Detector, Hit, Needs};

/// Finds credentials by their name.
pub(super) struct SecretNamed;

/// The longest header of cookies that is read, and the longest value, in bytes.
const HEADER_BYTES_MAX: usize = 4096;
const VALUE_BYTES_MAX: usize = 1024;
/// The shortest value of a cookie, of a signature and of a token in a sentence, in bytes.
const COOKIE_BYTES_MIN: usize = 16;
const SIGNATURE_BYTES_MIN: usize = 32;
const TOKEN_BYTES_MIN: usize = 20;

impl Detector for SecretNamed {
    fn id(&self) -> &'static str {
        "secret_named"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Secret]
    }

    fn example(&self) -> &'static str {
        "Cookie: sessionid=9f8e7d6c5b4a3f2e1d0c"
    }

    fn needs(&self) -> Needs {
        Needs::key(Key::Session).or(Needs::key(Key::Secret)).or(Needs::signs(b"$")).or(Needs::RUNS)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |(start, end): (usize, usize), rule| {
            if !text.blots.stand_in(&text.text[start..end]) {
                hits.push(Hit { start, end, category: Category::Secret, rule, score: 0.9 });
            }
        };
        let mut covered = 0;
        for hit in text.keys() {
            if hit.end < covered {
                continue;
            }
            match hit.key {
                Key::Session => covered = named(text, hit, |value| push(value, "secret_named.value")),
                Key::Secret => {
                    if let Some(token) = token_behind(text, hit.end).or_else(|| key_behind(text, hit)) {
                        push(token, "secret_named.token");
                    }
                }
                _ => {}
            }
        }
        if text.may_hold(b'$') {
            hashes(text.text, |hash| push(hash, "secret_named.hash"));
        }
        if text.may_hold(b'{') {
            schemed(text.text, |hash| push(hash, "secret_named.hash"));
        }
        if text.may_hold(b':') {
            dumped(text.text, |hash| push(hash, "secret_named.hash"));
        }
    }
}

/// The values of the cookies behind their header's name, or the one behind its own. Gives the end of what was read.
fn named(text: &Text<'_>, hit: &KeyHit, mut push: impl FnMut((usize, usize))) -> usize {
    let rest = &text.text[hit.end..];
    let word = text.spelled(hit.last);
    if word.eq_ignore_ascii_case("cookie") {
        let Some(header) = rest.strip_prefix(':') else { return hit.end };
        let start = hit.end + 1;
        let length = header.bytes().take(HEADER_BYTES_MAX).take_while(|byte| *byte != b'\n').count();
        let bytes = &header.as_bytes()[..length];
        for sign in memchr::memchr_iter(b'=', bytes) {
            let name = bytes[..sign].iter().next_back();
            let from = sign + 1;
            let end = from
                + value_length(&bytes[from..], |byte| {
                    byte.is_ascii_alphanumeric() || b"._~%+/-".contains(&byte)
                });
            if name.is_some_and(|byte| byte.is_ascii_alphanumeric())
                && is_opaque(&bytes[from..end], COOKIE_BYTES_MIN)
            {
                push((start + from, start + end));
            }
        }
        return start + length;
    }
    let signed = word.eq_ignore_ascii_case("sig") || word.eq_ignore_ascii_case("signature");
    let least = if signed { SIGNATURE_BYTES_MIN } else { COOKIE_BYTES_MIN };
    // `X-Hub-Signature-256: sha256=…`
    let header = ["-256: sha256=", ": sha256=", ": sha1="].into_iter().filter(|_| signed);
    let Some(value) =
        rest.strip_prefix('=').or_else(|| header.clone().find_map(|sign| rest.strip_prefix(sign)))
    else {
        return hit.end;
    };
    let start = text.text.len() - value.len();
    let length =
        value_length(value.as_bytes(), |byte| byte.is_ascii_alphanumeric() || b"._~%+/=-".contains(&byte));
    if is_opaque(&value.as_bytes()[..length], least) {
        push((start, start + length));
    }
    start + length
}

fn value_length(bytes: &[u8], of: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take(VALUE_BYTES_MAX).take_while(|byte| of(**byte)).count()
}

/// Digits among letters, and long.
fn is_opaque(value: &[u8], least: usize) -> bool {
    value.len() >= least
        && value.iter().filter(|byte| byte.is_ascii_digit()).count() >= 3
        && value.iter().any(u8::is_ascii_alphabetic)
}

/// The token right behind its keyword in a sentence: "api token 5baa61e4… for CI".
fn token_behind(text: &Text<'_>, from: usize) -> Option<(usize, usize)> {
    let value = text.text[from..].strip_prefix(' ')?;
    let value = value.strip_prefix(['`', '"', '\'']).unwrap_or(value);
    let bytes = value.as_bytes();
    let length = value_length(bytes, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let ends = !matches!(bytes.get(length), Some(b'.' | b'/' | b'(' | b'=' | b':' | b'['))
        || bytes.get(length + 1).is_none_or(u8::is_ascii_whitespace);
    let digits = bytes[..length].iter().filter(|byte| byte.is_ascii_digit()).count();
    let start = text.text.len() - value.len();
    // A name of a program has few digits and joints.
    let made = digits >= 5 && !bytes[..length].contains(&b'_');
    (ends && made && is_opaque(&bytes[..length], TOKEN_BYTES_MIN)).then_some((start, start + length))
}

/// The key right behind "api key", "secret access key" or "account key": `OPENAI_API_KEY sk-abc123`,
/// `aws_secret_access_key wJalr…`, `--account-key k3Jx…==`, which Azure's storage has of 64 bytes in base64.
fn key_behind(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    const KEY_BYTES_MIN: usize = 8;
    const AWS_BYTES: usize = 40;
    const AZURE_BYTES_MIN: usize = 40;
    let word = text.spelled(hit.last);
    let of_api = || hit.first < hit.last && text.spelled(hit.last - 1).eq_ignore_ascii_case("api");
    let of_aws = || hit.first < hit.last && text.spelled(hit.last - 1).eq_ignore_ascii_case("access");
    let of_account = || hit.first < hit.last && text.spelled(hit.last - 1).eq_ignore_ascii_case("account");
    let key = word.eq_ignore_ascii_case("key");
    if !(word.eq_ignore_ascii_case("apikey") || key && (of_api() || of_aws() || of_account())) {
        return None;
    }
    let value = text.text[hit.end..].strip_prefix(' ')?;
    let start = hit.end + 1;
    let bytes = value.as_bytes();
    let length = value_length(bytes, |byte| byte.is_ascii_alphanumeric() || b"_-/+".contains(&byte));
    if of_account() {
        let filler = bytes[length..].iter().take_while(|byte| **byte == b'=').count();
        let whole = length >= AZURE_BYTES_MIN && is_opaque(&bytes[..length], TOKEN_BYTES_MIN);
        return whole.then_some((start, start + length + filler));
    }
    let ends = bytes.get(length).is_none_or(|byte| {
        byte.is_ascii_whitespace()
            || matches!(byte, b',' | b';' | b'"' | b'\'' | b')')
            || *byte == b'.' && bytes.get(length + 1).is_none_or(u8::is_ascii_whitespace)
    });
    let made = &bytes[..length];
    let count = |of: fn(&u8) -> bool| made.iter().filter(|byte| of(byte)).count();
    let (digits, lower) = (count(u8::is_ascii_digit), count(u8::is_ascii_lowercase));
    // Letters and digits by turns; a word with a year has them once.
    let turns = made.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
    let prefixed = made.starts_with(b"sk-") || made.starts_with(b"pk-");
    let short = length >= KEY_BYTES_MIN
        && digits >= 3
        && lower >= 2
        && (turns >= 3 || prefixed)
        && !made.iter().any(|byte| matches!(byte, b'_' | b'/' | b'+'));
    let aws = length == AWS_BYTES && digits > 0 && lower > 0 && count(u8::is_ascii_uppercase) > 2;
    (ends && (short || aws)).then_some((start, start + length))
}

/// Hashes behind their scheme in braces (RFC 2307, `userPassword`; Apache, `.htpasswd`): `{SSHA}pH79…==`.
fn schemed(text: &str, mut push: impl FnMut((usize, usize))) {
    const HASH_BYTES_MIN: usize = 20;
    let bytes = text.as_bytes();
    for open in memchr::memchr_iter(b'{', bytes) {
        let rest = &bytes[open..];
        let scheme = [&b"{SHA}"[..], b"{SSHA}", b"{SSHA256}", b"{SSHA512}", b"{SMD5}"];
        let Some(scheme) = scheme.into_iter().find(|scheme| rest.starts_with(scheme)) else { continue };
        let of_hash = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
        let length = value_length(&rest[scheme.len()..], of_hash);
        if length >= HASH_BYTES_MIN {
            push((open, open + scheme.len() + length));
        }
    }
}

/// Both hashes of a line of pwdump: `name:1001:` and 32 digits each of LM and NT, with `:::` behind.
fn dumped(text: &str, mut push: impl FnMut((usize, usize))) {
    const HASH_BYTES: usize = 32;
    let bytes = text.as_bytes();
    let hashed = |start: usize| {
        bytes.get(start..start + HASH_BYTES).is_some_and(|hash| hash.iter().all(u8::is_ascii_hexdigit))
    };
    for end in memchr::memmem::find_iter(bytes, b":::") {
        let Some(lm) = end.checked_sub(2 * HASH_BYTES + 1) else { continue };
        let nt = lm + HASH_BYTES + 1;
        if hashed(nt) && hashed(lm) && bytes[nt - 1] == b':' {
            push((lm, lm + HASH_BYTES));
            push((nt, end));
        }
    }
}

/// The identifiers of hashes, with about the fewest bytes that stand behind their last `$`: some are copied without
/// their end.
const HASHES: &[(&str, usize)] = &[
    ("1", 20),
    ("apr1", 20),
    ("5", 40),
    ("6", 60),
    ("2a", 50),
    ("2b", 50),
    ("2x", 50),
    ("2y", 50),
    ("y", 43),
    ("gy", 43),
    ("7", 43),
    ("sha1", 28),
    ("P", 31),
    ("H", 31),
    ("argon2i", 20),
    ("argon2d", 20),
    ("argon2id", 20),
    ("scrypt", 20),
    ("pbkdf2", 20),
    ("pbkdf2-sha256", 20),
    ("pbkdf2-sha512", 20),
    ("bcrypt-sha256", 31),
];

/// How many bytes a hash may have with all its parts.
const HASH_BYTES_MAX: usize = 512;

/// Reports every hash of a password in the modular crypt format, and Django's.
fn hashes(text: &str, mut push: impl FnMut((usize, usize))) {
    static DJANGO: Parts<5> =
        Parts::new(["pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "scrypt"]);
    let bytes = text.as_bytes();
    let mut covered = 0;
    for sign in memchr::memchr_iter(b'$', bytes) {
        if sign < covered {
            continue;
        }
        let of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let before = bytes[..sign].iter().rev().take(16).take_while(of_name).count();
        let (start, name_end) = match before {
            0 => (sign, sign + 1 + bytes[sign + 1..].iter().take(16).take_while(of_name).count()),
            _ => (sign - before, sign),
        };
        let name = text[start..name_end].trim_start_matches('$');
        let least = match before {
            0 => HASHES.iter().find(|(known, _)| *known == name).map(|(_, least)| *least),
            _ => DJANGO.begins(name.as_bytes()).then_some(20),
        };
        let end = name_end
            + value_length(&bytes[name_end..bytes.len().min(name_end + HASH_BYTES_MAX)], |byte| {
                byte.is_ascii_alphanumeric() || b"./+=,$-".contains(&byte)
            });
        let spelled = text[start..end].trim_end_matches(['.', ',', '-']);
        covered = end;
        let last = spelled.rsplit('$').next().map_or(0, str::len);
        if bytes.get(name_end) == Some(&b'$') && least.is_some_and(|least| last >= least) {
            push((start, start + spelled.len()));
        }
    }
}

#[cfg(test)]
mod tests;
