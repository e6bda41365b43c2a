//! What is never stored as it came: attachments and embeddings, of which a keyed hash, type and size remain,
//! and credentials, of which nothing remains.
//!
//! Base64 bodies cannot be scanned for identifiers, embeddings can be inverted to their text, and a credential in
//! an audit log is an incident. The redactor looks for secrets in all text too; here they go by their key.

use std::sync::LazyLock;

use super::json::{Map, Value, json};
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};
use memchr::memmem::Finder;
use schemas::Value as Cell;

/// A string of at least so many bytes that is nothing but base64 is taken for a body, not for words.
const BASE64_BYTES_MIN: usize = 512;
/// An array of at least so many numbers is taken for an embedding.
const EMBEDDING_DIMENSIONS_MIN: usize = 32;
/// What stands before the body of a `data:` URL.
static BASE64_MARK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(";base64,"));
/// What stands where a credential was.
pub(super) const CREDENTIAL: &str = "[credential removed]";

/// Padding or not, sloppy last character or not: what producers write.
const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);

/// Collects the attachments of one event.
pub(super) struct Attachments<'a> {
    hash: &'a (dyn Fn(&[u8]) -> [u8; 32] + Sync),
    items: Vec<Cell>,
}

impl<'a> Attachments<'a> {
    pub(super) fn new(hash: &'a (dyn Fn(&[u8]) -> [u8; 32] + Sync)) -> Attachments<'a> {
        Attachments { hash, items: Vec::new() }
    }

    /// The items of the column `attachments`.
    pub(super) fn finish(self) -> Vec<Cell> {
        self.items
    }

    /// The message part that stands for a body in base64. What is no base64 is hashed as it is.
    pub(super) fn base64(&mut self, modality: &str, mime_type: Option<&str>, body: &str) -> Value {
        let compact: String =
            body.bytes().filter(|byte| !byte.is_ascii_whitespace()).map(char::from).collect();
        let decoded = STANDARD.decode(&compact).or_else(|_| URL_SAFE.decode(&compact));
        match decoded {
            Ok(bytes) => self.body(modality, mime_type, &bytes),
            Err(_) => self.body(modality, mime_type, body.as_bytes()),
        }
    }

    /// The message part that stands for these bytes; `attachment` is its position in the column.
    fn body(&mut self, modality: &str, mime_type: Option<&str>, bytes: &[u8]) -> Value {
        let attachment = self.items.len();
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        self.items.push(Cell::Struct(vec![
            modality.to_owned().into(),
            mime_type.map(str::to_owned).into(),
            Cell::Null,
            Cell::Bytes((self.hash)(bytes).to_vec()),
            size.into(),
            "hashed".into(),
        ]));
        let mut part = Map::new();
        part.insert("type".to_owned(), "blob".into());
        part.insert("modality".to_owned(), modality.into());
        if let Some(mime_type) = mime_type {
            part.insert("mime_type".to_owned(), mime_type.into());
        }
        part.insert("attachment".to_owned(), attachment.into());
        Value::Object(part)
    }

    /// The message part for something that lies elsewhere; a `data:` URL is a body.
    pub(super) fn uri(&mut self, modality: &str, mime_type: Option<&str>, uri: &str) -> Value {
        if let Some((declared, body)) = data_url(uri) {
            let mime_type = declared.or(mime_type);
            return self.base64(
                mime_type.map_or(modality, |mime| modality_of(mime, modality)),
                mime_type,
                body,
            );
        }
        self.items.push(Cell::Struct(vec![
            modality.to_owned().into(),
            mime_type.map(str::to_owned).into(),
            uri.to_owned().into(),
            Cell::Null,
            Cell::Null,
            "external".into(),
        ]));
        json!({"type": "uri", "modality": modality, "uri": uri})
    }

    /// Replaces the bodies of `data:` URLs in the middle of a text, such as JSON in a string or Markdown.
    fn strip_inside(&mut self, text: &str) -> Option<String> {
        let mut out = String::new();
        let mut done = 0;
        for found in BASE64_MARK.find_iter(text.as_bytes()) {
            let start = found + BASE64_MARK.needle().len();
            if found < done {
                continue;
            }
            let end =
                text[start..].find(|c: char| !is_base64_byte(c as u32)).map_or(text.len(), |end| start + end);
            let head = &text[done..found];
            let mime_type = head.rfind("data:").map(|at| &head[at + 5..]).filter(|mime| mime.len() < 128);
            let modality = mime_type.map_or("file", |mime| modality_of(mime, "file"));
            let attachment = self.items.len();
            self.base64(modality, mime_type.filter(|mime| !mime.is_empty()), &text[start..end]);
            out.push_str(&text[done..start]);
            out.push_str(&format!("[attachment {attachment}]"));
            done = end;
        }
        (done > 0).then(|| {
            out.push_str(&text[done..]);
            out
        })
    }

    /// Replaces every body and embedding anywhere inside a value.
    pub(super) fn strip(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some((mime_type, body)) = data_url(text) {
                    let modality = mime_type.map_or("file", |mime| modality_of(mime, "file"));
                    *value = self.base64(modality, mime_type, body);
                } else if text.len() >= BASE64_BYTES_MIN && is_base64(text) {
                    *value = self.base64("file", None, text);
                } else if let Some(stripped) = self.strip_inside(text) {
                    *value = stripped.into();
                }
            }
            Value::Array(items) if is_embedding(items) => {
                let body = value.to_json();
                *value = self.body("embedding", Some("application/json"), body.as_bytes());
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.strip(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.strip(field)),
            _ => {}
        }
    }
}

/// Media type and base64 body of a `data:` URL (RFC 2397).
fn data_url(text: &str) -> Option<(Option<&str>, &str)> {
    let head = text.as_bytes().get(..5)?;
    if !head.eq_ignore_ascii_case(b"data:") {
        return None;
    }
    // The media type ends within its first bytes; a comma far away belongs to prose.
    let comma = memchr::memchr(b',', &text.as_bytes()[..text.len().min(256)])?;
    let mime = text[5..comma].strip_suffix(";base64")?;
    Some((Some(mime.split(';').next().unwrap_or(mime)).filter(|mime| !mime.is_empty()), &text[comma + 1..]))
}

fn is_base64(text: &str) -> bool {
    text.bytes().all(|byte| is_base64_byte(u32::from(byte)))
}

fn is_base64_byte(code: u32) -> bool {
    u8::try_from(code)
        .is_ok_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_'))
}

fn is_embedding(items: &[Value]) -> bool {
    items.len() >= EMBEDDING_DIMENSIONS_MIN
        && items.iter().all(Value::is_number)
        && items.iter().any(|item| item.as_i64().is_none())
}

/// image, audio, video or `otherwise`, by the media type.
pub(super) fn modality_of<'m>(mime_type: &'m str, otherwise: &'m str) -> &'m str {
    match mime_type.split('/').next() {
        Some(modality @ ("image" | "audio" | "video")) => modality,
        _ => otherwise,
    }
}

/// Removes the values of all keys that name a credential, at any depth.
pub(super) fn remove_credentials(fields: &mut Map) {
    for (key, value) in fields.iter_mut() {
        if is_credential(key) {
            if !value.is_null() {
                *value = CREDENTIAL.into();
            }
            continue;
        }
        remove_credentials_in(value);
    }
}

fn remove_credentials_in(value: &mut Value) {
    match value {
        Value::Object(fields) => remove_credentials(fields),
        Value::Array(items) => items.iter_mut().for_each(remove_credentials_in),
        _ => {}
    }
}

/// Whether a key, or the last part of a dotted one, names a credential.
pub(super) fn is_credential(key: &str) -> bool {
    const NAMES: &[&str] = &[
        "accesstoken",
        "apikey",
        "apitoken",
        "authorization",
        "authtoken",
        "bearertoken",
        "clientsecret",
        "cookie",
        "idtoken",
        "oauthtoken",
        "ocpapimsubscriptionkey",
        "passwd",
        "password",
        "privatekey",
        "proxyauthorization",
        "refreshtoken",
        "secret",
        "secretaccesskey",
        "secretkey",
        "sessiontoken",
        "setcookie",
        "xamzsecuritytoken",
        "xapikey",
        "xgoogapikey",
        "awssecretaccesskey",
        "awssessiontoken",
    ];
    let last = key.rsplit(['.', '/', ' ']).next().unwrap_or(key);
    if last.len() > 64 {
        return false;
    }
    // Without case and punctuation, in place: this is asked for every key of every record.
    let mut plain = [0; 64];
    let mut size = 0;
    for byte in last.bytes().filter(u8::is_ascii_alphanumeric) {
        plain[size] = byte.to_ascii_lowercase();
        size += 1;
    }
    NAMES.iter().any(|name| name.as_bytes() == &plain[..size])
}
