//! Secrets in files of settings, where a name and a value stand side by side without a sign or with one that many
//! things have: `#define WIFI_PASS "haybale68"`, `IDENTIFIED BY '…'`, a line of `.pgpass`, `iv = 9f8e…`, bytes of a key.
//!
//! `.pgpass`: PostgreSQL, "The Password File": `hostname:port:database:username:password`. Lengths of keys: those of AES,
//! HMAC and the machine keys of ASP.NET, in hexadecimal digits, and of 16 and 32 bytes in base64.

use super::keywords::{self, Key};
use super::secret_assignment::{made, names_key};
use super::secret_call::last_hump;
use super::secret_password::{is_plain, looks_chosen};
use super::text::{Shape, Text};
use super::words::Words;
use super::{Category, Detector, Hit, Needs};
use crate::work;

/// Finds secrets in settings.
pub(super) struct SecretSetting;

/// The longest name of a setting and the longest value, in bytes.
const NAME_BYTES_MAX: usize = 48;
const VALUE_BYTES_MAX: usize = 128;
/// The longest list of bytes, as text: 64 of them.
const ARRAY_BYTES_MAX: usize = 512;

impl Detector for SecretSetting {
    fn id(&self) -> &'static str {
        "secret_setting"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Secret]
    }

    fn example(&self) -> &'static str {
        "#define WIFI_PASS \"haybale68\""
    }

    fn needs(&self) -> Needs {
        Needs::signs(b"\"'{:=").or(Needs::RUNS)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |(start, end): (usize, usize), rule| {
            if !text.blots.stand_in(&text.text[start..end]) {
                hits.push(Hit { start, end, category: Category::Secret, rule, score: 0.9 });
            }
        };
        let bytes = text.text.as_bytes();
        if text.may_hold(b'"') || text.may_hold(b'\'') {
            let mut covered = 0;
            for quote in memchr::memchr2_iter(b'"', b'\'', bytes) {
                // Nearly every quote has no name and one space before it.
                let spaced = quote > 1 && matches!(bytes[quote - 1], b' ' | b'\t') && quote >= covered;
                if spaced && let Some(value) = directive(text.text, quote) {
                    push(value, "secret_setting.directive");
                    covered = value.1 + 1;
                } else if spaced && let Some(value) = argument(text.text, quote) {
                    push(value, "secret_setting.argument");
                    covered = value.1 + 1;
                }
            }
        }
        if text.may_hold(b'=') {
            for sign in memchr::memchr_iter(b'=', bytes) {
                if let Some(value) = property(text.text, sign) {
                    push(value, "secret_setting.property");
                }
            }
        }
        if text.may_hold(b'{') {
            for open in memchr::memchr_iter(b'{', bytes) {
                if let Some(value) = array(text.text, open) {
                    push(value, "secret_setting.bytes");
                }
            }
        }
        if text.may_hold(b':') {
            for index in text.numbers() {
                if let Some(value) = password_file(text, index) {
                    push(value, "secret_setting.pgpass");
                }
            }
        }
        for run in text.runs() {
            if let Some(value) = key(text.text, run) {
                push(value, "secret_setting.key");
            }
        }
    }
}

/// The value between quotes right behind its name: `AuthLDAPBindPassword "…"`, `proxy_set_header X-Api-Key "…";`,
/// `IDENTIFIED BY '…'`.
fn directive(text: &str, quote: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let end = bytes[..quote].iter().rposition(|byte| !matches!(byte, b' ' | b'\t'))? + 1;
    let of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let length = bytes[..end].iter().rev().take(NAME_BYTES_MAX).take_while(of_name).count();
    let (start, name) = (end - length, &text[end - length..end]);
    let by = name.eq_ignore_ascii_case("by") && is_identified(bytes, start);
    if !(by || names_secret(name) && opens_line(bytes, start)) {
        return None;
    }
    let value = &bytes[quote + 1..];
    let length = value.iter().take(VALUE_BYTES_MAX + 1).position(|byte| *byte == bytes[quote])?;
    let spelled = text.get(quote + 1..quote + 1 + length)?;
    // In a sentence something else follows.
    let behind = &bytes[quote + 2 + length..];
    let ends = behind.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
    let ends = matches!(ends, None | Some(b'\n' | b'\r' | b';' | b'\\' | b'#')) || behind.starts_with(b" /");
    // "identified by 'name'" may be of anything.
    let sure = if by { name == "BY" || looks_chosen(spelled) } else { ends };
    (is_plain(spelled) && sure).then_some((quote + 1, quote + 1 + length))
}

/// The value of an argument with a name, in Swift, Kotlin or an object of JavaScript: `configure(withAPIKey: "…")`.
fn argument(text: &str, quote: usize) -> Option<(usize, usize)> {
    const KEY_BYTES_MIN: usize = 24;
    static OTHERS: Words<8> =
        Words::new(["public", "cache", "sort", "primary", "foreign", "partition", "object", "query"]);
    let bytes = text.as_bytes();
    let signed = bytes[..quote].strip_suffix(b": ").or_else(|| bytes[..quote].strip_suffix(b"= "))?;
    let signed = signed.trim_ascii_end();
    let of_name = |byte: &&u8| byte.is_ascii_alphanumeric();
    let length = signed.iter().rev().take(NAME_BYTES_MAX).take_while(of_name).count();
    let name = &text[signed.len() - length..signed.len()];
    let first = ["Key", "Token", "Secret"].into_iter().find_map(|last| name.strip_suffix(last))?;
    if first.is_empty() || OTHERS.hold(last_hump(first)) {
        return None;
    }
    let value = &bytes[quote + 1..];
    let length = value.iter().take(VALUE_BYTES_MAX + 1).position(|byte| *byte == bytes[quote])?;
    let value = &value[..length];
    let count = |of: fn(&u8) -> bool| value.iter().filter(|byte| of(byte)).count();
    let drawn = length >= KEY_BYTES_MIN
        && value.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && count(u8::is_ascii_uppercase) >= 3
        && count(u8::is_ascii_lowercase) >= 3;
    drawn.then_some((quote + 1, quote + 1 + length))
}

/// The password of a property in humps, to the end of its line: `nexusPassword=b0nsai_Tree`.
fn property(text: &str, sign: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    // Nearly every name ends otherwise.
    if !bytes[..sign].ends_with(b"Password") && !bytes[..sign].ends_with(b"Passwd") {
        return None;
    }
    let of_name = |byte: &&u8| byte.is_ascii_alphanumeric();
    let start = sign - bytes[..sign].iter().rev().take(NAME_BYTES_MAX).take_while(of_name).count();
    let value = &bytes[sign + 1..];
    let length = value.iter().take(VALUE_BYTES_MAX).take_while(|byte| !byte.is_ascii_whitespace()).count();
    let ends = matches!(value.get(length), None | Some(b'\n' | b'\r'));
    let opens = start == 0 || bytes[start - 1] == b'\n';
    let fits = opens && ends && looks_chosen(text.get(sign + 1..sign + 1 + length)?);
    fits.then_some((sign + 1, sign + 1 + length))
}

/// Whether a name's last part says that a secret stands behind it.
pub(super) fn names_secret(name: &str) -> bool {
    static LAST: Words<10> = Words::new([
        "password",
        "passwd",
        "pass",
        "pwd",
        "secret",
        "token",
        "passphrase",
        "apikey",
        "psk",
        "pw",
    ]);
    let last = name.rsplit(['_', '-', '.']).next().unwrap_or(name);
    LAST.hold(last_hump(last))
        || keywords::of_key(name) & Key::Secret.bit() != 0 && last.eq_ignore_ascii_case("key")
}

/// Whether a name stands where a directive does: it opens its line, or a word that sets something does.
fn opens_line(bytes: &[u8], start: usize) -> bool {
    const LINE_BYTES_MAX: usize = 48;
    static SETS: Words<12> = Words::new([
        "#define",
        "proxy_set_header",
        "add_header",
        "setenv",
        "set",
        "export",
        "static",
        "requestheader",
        "env",
        "define",
        "with",
        "let",
    ]);
    let before = &bytes[start.saturating_sub(LINE_BYTES_MAX)..start];
    let line = match before.iter().rposition(|byte| *byte == b'\n') {
        Some(newline) => &before[newline + 1..],
        None if start <= LINE_BYTES_MAX => before,
        None => return false,
    };
    let line = line.trim_ascii();
    line.is_empty()
        || std::str::from_utf8(line).is_ok_and(|line| line.rsplit([' ', '\t']).any(|word| SETS.hold(word)))
}

/// Whether "identified" stands before "by", with the name of a plugin between them or not (MySQL, `CREATE USER`; Oracle).
fn is_identified(bytes: &[u8], by: usize) -> bool {
    const REACH_BYTES: usize = 48;
    let before = &bytes[by.saturating_sub(REACH_BYTES)..by];
    let words = before.split(|byte| !byte.is_ascii_alphabetic());
    words.rev().take(6).any(|word| word.eq_ignore_ascii_case(b"identified"))
}

/// The bytes of a key in a program: `dev_key[16] = { 0x71, 0x57, … }`.
fn array(text: &str, open: usize) -> Option<(usize, usize)> {
    const BYTES_MIN: usize = 8;
    static NAMES: Words<9> =
        Words::new(["key", "iv", "secret", "salt", "nonce", "token", "password", "psk", "seed"]);
    let bytes = text.as_bytes();
    let before = bytes[..open].trim_ascii_end();
    let before = before.strip_suffix(b"=").unwrap_or(before).trim_ascii_end();
    let before = match before.strip_suffix(b"]") {
        None => before,
        Some(sized) => {
            let size = sized.iter().rev().take(NAME_BYTES_MAX).position(|byte| *byte == b'[')?;
            &sized[..sized.len() - size - 1]
        }
    };
    let before = before.trim_ascii_end();
    let length = before.iter().rev().take(NAME_BYTES_MAX);
    let length = length.take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    let name = &text[before.len() - length..before.len()];
    let last = name.rsplit('_').next().unwrap_or(name);
    if !NAMES.hold(last_hump(last)) {
        return None;
    }
    let inner = &bytes[open + 1..];
    let length = inner.iter().take(ARRAY_BYTES_MAX).position(|byte| *byte == b'}')?;
    work::examined(length);
    let first = inner[..length].iter().position(|byte| !byte.is_ascii_whitespace())?;
    let list = text[open + 1..open + 1 + length].trim();
    let numbers = list.split(',').map(str::trim).filter(|number| !number.is_empty());
    let hex = |number: &str| {
        number
            .strip_prefix("0x")
            .or_else(|| number.strip_prefix("0X"))
            .is_some_and(|digits| digits.len() <= 2)
    };
    let is_list = numbers.clone().count() >= BYTES_MIN && numbers.clone().all(hex);
    // Nothing but noughts is a key that is still to come.
    let zero = numbers.clone().all(|number| number.ends_with("00"));
    let start = open + 1 + first;
    (is_list && !zero).then_some((start, start + list.len()))
}

/// The password at the end of a line of `.pgpass`, by its port: `db1:5432:*:reporter:t1ny-teapot`.
fn password_file(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    const FIELD_BYTES_MAX: usize = 64;
    let bytes = text.text.as_bytes();
    let port = text.words()[index];
    let (start, end) = (port.start as usize, port.end as usize);
    if port.shape != Shape::Digits
        || !(2..=5).contains(&port.len())
        || bytes.get(end) != Some(&b':')
        || start == 0
        || bytes[start - 1] != b':'
    {
        return None;
    }
    let line = start - 1 - {
        let before = bytes[..start - 1].iter().rev().take(FIELD_BYTES_MAX);
        before.take_while(|byte| !byte.is_ascii_whitespace()).count()
    };
    // `echo "db1:5432:…" >> ~/.pgpass`
    let quote = Some(bytes[line]).filter(|byte| matches!(byte, b'"' | b'\''));
    let line = line + usize::from(quote.is_some());
    let rest = bytes[end + 1..].iter().take(3 * FIELD_BYTES_MAX);
    let length = rest.take_while(|byte| !byte.is_ascii_whitespace() && Some(**byte) != quote).count();
    let host = text.text.get(line..start - 1)?;
    let mut fields = text.text.get(end + 1..end + 1 + length)?.splitn(3, ':');
    let (database, user, password) = (fields.next()?, fields.next()?, fields.next()?);
    let named = |field: &str| field == "*" || field.bytes().any(|byte| byte.is_ascii_alphabetic());
    let behind = bytes.get(end + 1 + length);
    let whole = match quote {
        Some(_) => behind == quote.as_ref(),
        None => (line == 0 || bytes[line - 1] == b'\n') && matches!(behind, None | Some(b'\n' | b'\r')),
    };
    let at = end + 1 + length - password.len();
    let fits = whole && !host.contains([':', '/']) && named(host) && named(database) && named(user);
    (fits && is_plain(password)).then_some((at, at + password.len()))
}

/// A key in hexadecimal digits or base64 behind the name of one: `validationKey="72A0…"`, `routing_key: d47e…`.
fn key(text: &str, run: std::ops::Range<usize>) -> Option<(usize, usize)> {
    const HEX_BYTES: [usize; 6] = [32, 40, 48, 64, 96, 128];
    const BASE64_BYTES: [usize; 3] = [24, 44, 88];
    /// Before "key": what it is for.
    static KEYS: Words<24> = Words::new([
        "encryption",
        "encrypt",
        "enc",
        "aes",
        "des",
        "hmac",
        "validation",
        "decryption",
        "routing",
        "signing",
        "master",
        "cipher",
        "crypto",
        "integration",
        "service",
        "machine",
        "license",
        "session",
        "app",
        "auth",
        "access",
        "private",
        "secret",
        "write",
    ]);
    let bytes = text.as_bytes();
    let value = text.get(run.clone())?;
    let hex = HEX_BYTES.contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let base64 = BASE64_BYTES.contains(&value.len()) && value.ends_with('=') && !value.contains(['-', '_']);
    if !hex && !base64 || !made(value) {
        return None;
    }
    let before = bytes[..run.start].trim_ascii_end();
    let quoted = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
    let signed = quoted.trim_ascii_end();
    let signed = signed.strip_suffix(b"=").or_else(|| signed.strip_suffix(b":"))?;
    let named = signed.trim_ascii_end();
    let named = named.strip_suffix(b"\"").or_else(|| named.strip_suffix(b"'")).unwrap_or(named);
    let of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let length = named.iter().rev().take(NAME_BYTES_MAX).take_while(of_name).count();
    let name = text.get(named.len() - length..named.len())?;
    let last = name.rsplit(['_', '-']).next().unwrap_or(name);
    let hump = last_hump(last);
    let first = name[..name.len() - hump.len()].trim_end_matches(['_', '-']);
    let first = last_hump(first.rsplit(['_', '-']).next().unwrap_or(first));
    // A vector is told by its name, and so is a key with what it is for, or one that a vector follows.
    let vector = || {
        let rest = &bytes[run.end..bytes.len().min(run.end + NAME_BYTES_MAX)];
        memchr::memmem::find(rest, b"iv").is_some()
    };
    let told = match hump.to_ascii_lowercase().as_str() {
        "iv" | "salt" | "ntlm" => true,
        // HTTP's Digest scheme (RFC 7616).
        "nonce" | "cnonce" | "response" => {
            hex && quoted.len() < before.len() && signed.len() + 2 == before.len()
        }
        "key" => KEYS.hold(first) || first.is_empty() && vector(),
        _ => false,
    };
    (told || names_key(name) && looks_chosen(value)).then_some((run.start, run.end))
}

#[cfg(test)]
mod tests;
