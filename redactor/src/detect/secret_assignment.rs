//! Secrets told by what stands before them: `password=`, `"api_key":`, `Authorization: Bearer`, AccountKey.
//!
//! Behind a keyword and `=`, `:` or "is", a value that is no plain word goes. A value must look made: digits or
//! symbols among letters, or enough entropy; variables (`${PASSWORD}`), calls and placeholders stay.

use super::keywords::{self, Key, KeyHit};
use super::text::Text;
use super::words::{Parts, Words};
use super::{Category, Detector, Hit, Needs};

/// Finds assigned secrets.
pub(super) struct SecretAssignment;

/// The longest value taken, in bytes.
const VALUE_BYTES_MAX: usize = 512;
/// The shortest, in bytes.
const VALUE_BYTES_MIN: usize = 4;
/// The shortest value of a bare JSON key "token", in bytes.
const TOKEN_BYTES_MIN: usize = 12;
/// Bits a character from which a value without digits counts as made, not written: the entropy of its letters.
const ENTROPY_BITS: f64 = 3.3;

impl Detector for SecretAssignment {
    fn id(&self) -> &'static str {
        "secret_assignment"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Secret]
    }

    fn example(&self) -> &'static str {
        "db_password=Tr0ub4dor&3"
    }

    fn needs(&self) -> Needs {
        Needs::key(Key::Secret)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if text.keyed(Key::Secret) {
            let trimmed = text.text.trim();
            let start = text.text.len() - text.text.trim_start().len();
            // A bare "token" may be one word of a model's log probabilities.
            let short = text.key.is_some_and(|key| key.eq_ignore_ascii_case("token"))
                && trimmed.len() < TOKEN_BYTES_MIN;
            if !short
                && (VALUE_BYTES_MIN..=VALUE_BYTES_MAX).contains(&trimmed.len())
                && !trimmed.contains(char::is_whitespace)
                && made(trimmed)
                && text.key.is_some_and(singular)
            {
                let end = start + trimmed.len();
                hits.push(Hit {
                    start,
                    end,
                    category: Category::Secret,
                    rule: "secret_assignment.key",
                    score: 0.9,
                });
            }
        }
        let mut covered = 0;
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Secret) {
            if hit.end < covered {
                continue;
            }
            if let Some((start, end)) = assigned(text, hit.end, text.spelled(hit.last))
                && !is_required(text, hit)
            {
                hits.push(Hit {
                    start,
                    end,
                    category: Category::Secret,
                    rule: "secret_assignment.value",
                    score: 0.9,
                });
                covered = end;
            }
        }
    }
}

/// Whether the key names one secret, not a count or a hash of many: `prompt_tokens`, `token_count`, `password_hash` of
/// a policy's name.
fn singular(key: &str) -> bool {
    static MANY: Parts<9> =
        Parts::new(["tokens", "count", "limit", "type", "usage", "expires", "length", "budget", "max_"]);
    !MANY.within(key)
}

/// Whether the keyword is a variable of a shell that must be set, with what is said if it is not: `${API_TOKEN:?set it}`.
fn is_required(text: &Text<'_>, hit: &KeyHit) -> bool {
    let start = text.word_at(hit.first).map_or(0, |word| word.start as usize);
    text.text[hit.end..].starts_with([':', '?'])
        && text.text[hit.end..].trim_start_matches(':').starts_with(['?', '+'])
        && text.text[..start].ends_with("${")
}

/// The value behind the keyword that ends at `from`.
fn assigned(text: &Text<'_>, from: usize, keyword: &str) -> Option<(usize, usize)> {
    let rest = &text.text[from..];
    let bearer = keyword.eq_ignore_ascii_case("bearer");
    let value = after_sign(rest, bearer)
        .or_else(|| defined(text.text, from))
        .or_else(|| rest.starts_with(['"', '\'']).then(|| paired(rest)).flatten())?;
    let value = past_prefix(value);
    // The shell's directory (POSIX.1-2017, XCU 2.5.3): `PWD=/srv`, `-v $PWD:/app`.
    if keyword == "PWD" && value.starts_with('/') {
        return None;
    }
    let start = from + (rest.len() - value.len());
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
    let (start, value) = match quote {
        Some(_) => (start + 1, &value[1..]),
        None => (start, value),
    };
    // "Authorization: Bearer x", "Basic x": the scheme stays.
    let (start, value) =
        ["Bearer ", "bearer ", "Basic ", "basic ", "Token ", "token ", "SSWS ", "ApiKey ", "Key ", "Splunk "]
            .iter()
            .find_map(|scheme| value.strip_prefix(scheme).map(|inner| (start + scheme.len(), inner)))
            .unwrap_or((start, value));
    let stop = match quote {
        Some('"') => STOP_QUOTED,
        Some('\'') => STOP_QUOTED << 1,
        Some(_) => STOP_QUOTED << 2,
        None => STOP_BARE | STOP_AND,
    };
    let mut length = stop_in(value, stop);
    // `&` parts a query, but may stand inside a password: only a following `name=` ends the value.
    if quote.is_none()
        && value[length..].starts_with('&')
        && !value[length + 1..].split(['&', ' ']).next().is_some_and(|next| next.contains('='))
    {
        length = stop_in(value, STOP_BARE);
    }
    // Between quotes all is the value's, outside the sentence has its marks.
    let quoted = quote.is_some() && value[length..].starts_with(['"', '\'', '`']);
    let value = &value[..length];
    let value = if quoted { value } else { value.trim_end_matches(['.', ',', ';', ':', '!', '?']) };
    let wide = if bearer { 12 } else { VALUE_BYTES_MIN };
    // A bare value ends at white space.
    let spaced = quote.is_some() && value.contains(char::is_whitespace);
    // The next attribute of an element: `v-model="form.password" :error="…"`.
    let attribute = !quoted && value.ends_with('=') && text.text[start + value.len()..].starts_with('"');
    // The path of a secret in a store: `secret=kv/app:key`.
    let path = keyword.eq_ignore_ascii_case("secret")
        && value.contains('/')
        && value.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'/' | b':' | b'_' | b'-'));
    (value.len() >= wide && !spaced && !attribute && !path && made(value) && (quoted || !is_type(value)))
        .then_some((start, start + value.len()))
}

/// What ends a value, by its bytes: a bare one, `&` in it, and one between each of the three quotes.
static STOPS: [u8; 128] = {
    let mut stops = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        stops[byte] = match byte as u8 {
            b'\n' => STOP_BARE | STOP_QUOTED | STOP_QUOTED << 1 | STOP_QUOTED << 2,
            // White space of ASCII, vertical tabs too.
            b'\t' | 0x0B | 0x0C | b'\r' | b' ' => STOP_BARE,
            b',' | b';' | b'<' | b'>' | b')' | b'}' | b']' | b'|' => STOP_BARE,
            b'"' => STOP_BARE | STOP_QUOTED,
            b'\'' => STOP_BARE | STOP_QUOTED << 1,
            b'`' => STOP_BARE | STOP_QUOTED << 2,
            b'&' => STOP_AND,
            _ => 0,
        };
        byte += 1;
    }
    stops
};
const STOP_BARE: u8 = 1;
const STOP_AND: u8 = 2;
const STOP_QUOTED: u8 = 4;

/// Where a value ends: at the first byte that ends it, at its largest size, or with the text.
fn stop_in(value: &str, stop: u8) -> usize {
    let bytes = value.as_bytes();
    let mut at = 0;
    while at < bytes.len().min(VALUE_BYTES_MAX) {
        if let Some(stops) = STOPS.get(usize::from(bytes[at])) {
            if stops & stop != 0 {
                return at;
            }
            at += 1;
        } else {
            let Some(letter) = value[at..].chars().next() else { break };
            if stop & STOP_BARE != 0 && letter.is_whitespace() {
                return at;
            }
            at += letter.len_utf8();
        }
    }
    at
}

/// Past `=`, `:`, `=>`, `" : "` or "is"; a bearer token needs no sign.
fn after_sign(rest: &str, bearer: bool) -> Option<&str> {
    let trimmed = rest.trim_start_matches([' ', '\t']);
    let closed = trimmed.trim_start_matches(['"', '\'', '`', ')', ']', '*']).trim_start();
    // `<string name="api_key">…</string>`
    if let Some(value) = rest.strip_prefix("\">") {
        return (!value.starts_with('<')).then_some(value);
    }
    for sign in [":=", "=>", "==", "=", ":"] {
        if let Some(value) = closed.strip_prefix(sign) {
            let value = value.trim_start_matches([' ', '\t']);
            return (!value.starts_with(['=', ':'])).then_some(value);
        }
    }
    for word in ["is ", "was ", "to ", "is: "] {
        if rest.len() > trimmed.len()
            && let Some(value) = trimmed.strip_prefix(word)
        {
            return Some(value.trim_start());
        }
    }
    (bearer && trimmed.len() < rest.len()).then_some(trimmed)
}

/// Past what tells how a literal of Python, C or C# is to be read: `b"…"`, `rb'…'`, `u8"…"`, `@"…"`.
fn past_prefix(value: &str) -> &str {
    const PREFIXES: [&str; 10] = ["b", "B", "r", "R", "rb", "br", "u", "u8", "L", "@"];
    let quoted = |rest: &&str| rest.starts_with(['"', '\'']);
    PREFIXES.iter().find_map(|prefix| value.strip_prefix(prefix).filter(quoted)).unwrap_or(value)
}

/// The value of a constant of PHP: `define( 'AUTH_KEY', '…' )`.
fn defined(text: &str, from: usize) -> Option<&str> {
    const REACH: usize = 48;
    let before = &text.as_bytes()[from.saturating_sub(REACH)..from];
    let value = text[from..].trim_start_matches(['"', '\'']).strip_prefix(',')?.trim_start();
    (value.starts_with(['"', '\'']) && memchr::memmem::find(before, b"define(").is_some()).then_some(value)
}

/// The value behind its name in a pair: `("x-api-key", "…")`, `["x-api-key", "…"]`, `(b'x-api-key', b'…')` of Python.
fn paired(rest: &str) -> Option<&str> {
    const PAIR_BYTES_MIN: usize = 8;
    let behind = rest[1..].strip_prefix(',')?.trim_start_matches(' ');
    let value = behind.strip_prefix('b').filter(|value| value.starts_with(['"', '\''])).unwrap_or(behind);
    let quote = value.chars().next().filter(|quote| rest.starts_with(*quote))?;
    let length = value[1..].bytes().take(VALUE_BYTES_MAX).position(|byte| byte == quote as u8)?;
    // Names may stand in a list one behind the other.
    let digits = value.as_bytes()[1..=length].iter().filter(|byte| byte.is_ascii_digit()).count();
    let closed = value[length + 2..].starts_with([')', ']']);
    (closed && digits >= 2 && length >= PAIR_BYTES_MIN).then_some(value)
}

/// What a byte is in a value, a bit for each kind and one for each byte that is asked for by itself.
static KINDS: [u16; 256] = {
    const ASKED_FOR: &[u8] = b"./([$:eE";
    let mut kinds = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        kinds[byte as usize] = match byte {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'_' | b'.' | b'-' => 0,
            _ if byte.is_ascii_punctuation() => SYMBOL,
            _ => 0,
        };
        byte += 1;
    }
    let mut at = 0;
    while at < ASKED_FOR.len() {
        kinds[ASKED_FOR[at] as usize] |= 8 << at;
        at += 1;
    }
    kinds
};
const DIGIT: u16 = 1;
const LETTER: u16 = 2;
const SYMBOL: u16 = 4;

/// Whether a value looks made rather than written: no word, variable, call or placeholder.
pub(super) fn made(value: &str) -> bool {
    static PLACEHOLDERS: Parts<17> = Parts::new([
        "replace_",
        "replace-",
        "replaceme",
        // Tags of YAML that look a secret up.
        "!vault",
        "!secret",
        "none",
        "null",
        "true",
        "false",
        "undefined",
        "required",
        "optional",
        "string",
        "changeme",
        "redacted",
        "xxxx",
        "****",
    ]);
    let (mut digits, mut set) = (0_u32, 0);
    for byte in value.bytes() {
        let kind = KINDS[usize::from(byte)];
        digits += u32::from(kind & DIGIT);
        set |= kind;
    }
    let (letters, symbols) = (set & LETTER != 0, set & SYMBOL != 0);
    let holds = |byte: u8| set & KINDS[usize::from(byte)] & !(DIGIT | LETTER | SYMBOL) != 0;
    let mixed = letters && (digits > 0 || symbols);
    let pin = !letters && digits >= 4 && value.len() <= 12 && !holds(b'.');
    let long = value.len() >= 12;
    // An attribute or a path: os.environ, config.password, settings/db.
    let dotted = digits == 0 && !symbols && (holds(b'.') || holds(b'/'));
    if dotted || !(mixed || pin || long) {
        return false;
    }
    let color = value.starts_with('#') && value.len() <= 9;
    let literal = value.starts_with("0x") && value.len() <= 10;
    let indexed = || {
        value.split_once('[').is_some_and(|(name, _)| {
            name.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'.'))
        })
    };
    let variable = color
        || literal
        || value.starts_with(['&', '$', '{', '<', '%', '[', '('])
        || holds(b'(')
        || holds(b'[') && (indexed() || value.contains("!["))
        || holds(b'$') && value.contains("${")
        || value.len() > 2 && value.starts_with('@') && value.ends_with('@')
        || is_cmdlet(value)
        || holds(b':') && value.contains("::");
    let placeholder = PLACEHOLDERS.begins(value.as_bytes())
        || value.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.' | '-' | '•'));
    if variable || placeholder {
        return false;
    }
    // A price, a rate: 2.5e-06.
    let rational = holds(b'.') || holds(b'e') || holds(b'E');
    if rational && value.parse::<f64>().is_ok() {
        return false;
    }
    mixed || pin || (!is_identifier(value) && entropy(value) >= ENTROPY_BITS)
}

/// Whether a name in humps is one of a secret: `masterKey`, `patientPassword`, `SecretString`; not `secretName`.
pub(super) fn names_key(key: &str) -> bool {
    static OF_SECRET: Words<24> = Words::new([
        "name", "names", "uri", "url", "id", "ids", "path", "version", "type", "arn", "ref", "file", "date",
        "at", "expiry", "length", "size", "index", "label", "field", "column", "policy", "provider",
        "status",
    ]);
    let last = key.bytes().rposition(|byte| byte.is_ascii_uppercase()).unwrap_or(0);
    static PUBLIC: Parts<1> = Parts::new(["public"]);
    keywords::of_key(key) & Key::Secret.bit() != 0
        && singular(key)
        && !PUBLIC.within(key)
        && !OF_SECRET.hold(&key[last..])
}

/// Whether the value of such a name was made, not called or computed: it has digits enough, and no dots of a path.
pub(super) fn made_under(value: &str) -> bool {
    const VALUE_BYTES_MIN: usize = 8;
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    value.len() >= VALUE_BYTES_MIN
        && digits >= 2
        && !value.contains(['.', ' ', '/'])
        && made(value)
        && !is_type(value)
}

/// The name of a type, as declarations have it behind `:`: `RSAPrivateKey`, `SecretStr`, `serialization.PrivateKeyTypes`.
pub(super) fn is_type(value: &str) -> bool {
    static LAST: Words<45> = Words::new([
        "key",
        "keys",
        "token",
        "tokens",
        "str",
        "string",
        "bytes",
        "type",
        "types",
        "provider",
        "config",
        "credential",
        "credentials",
        "store",
        "manager",
        "client",
        "handle",
        "id",
        "any",
        "buffer",
        "array",
        "value",
        "object",
        "input",
        "field",
        "response",
        "request",
        "options",
        "settings",
        "factory",
        "service",
        "generator",
        "context",
        "spec",
        "model",
        "data",
        "info",
        "resolver",
        "source",
        "handler",
        "callback",
        "bearer",
        "reference",
        "pair",
        "schema",
    ]);
    let name = value.rsplit('.').next().unwrap_or(value);
    let bytes = name.as_bytes();
    if !bytes.first().is_some_and(u8::is_ascii_uppercase) || !bytes.iter().all(u8::is_ascii_alphanumeric) {
        return false;
    }
    // `Ed25519PrivateKey`; other digits are of a password that looks so, `Abc123Key`.
    let numbered = name.replace("25519", "").bytes().any(|byte| byte.is_ascii_digit());
    let capital = bytes.iter().rposition(u8::is_ascii_uppercase).unwrap_or(0);
    !numbered && capital > 0 && LAST.hold(&name[capital..])
}

/// A command of PowerShell, verb and noun: `Get-AzKeyVaultSecret`, `ConvertTo-SecureString`.
fn is_cmdlet(value: &str) -> bool {
    static VERBS: Words<12> = Words::new([
        "get",
        "set",
        "new",
        "convertto",
        "convertfrom",
        "read",
        "import",
        "export",
        "invoke",
        "add",
        "unprotect",
        "protect",
    ]);
    value.split_once('-').is_some_and(|(verb, noun)| {
        VERBS.hold(verb) && noun.len() > 2 && noun.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

/// Lower-case words joined by underscores or hyphens: a name in a program.
fn is_identifier(value: &str) -> bool {
    value.contains(['_', '-'])
        && value.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'))
}

/// Shannon entropy, bits a byte.
fn entropy(value: &str) -> f64 {
    let mut counts = [0u32; 256];
    value.bytes().for_each(|byte| counts[byte as usize] += 1);
    let total = value.len() as f64;
    // What so many of one byte add; most bytes stand there once.
    let worth = |count: u32| {
        let share = f64::from(count) / total;
        -share * share.log2()
    };
    let once = worth(1);
    let least = value.bytes().min().unwrap_or(0);
    let most = value.bytes().max().unwrap_or(0);
    counts[usize::from(least)..=usize::from(most)]
        .iter()
        .filter(|count| **count > 0)
        .map(|count| if *count == 1 { once } else { worth(*count) })
        .sum()
}

#[cfg(test)]
mod tests;
