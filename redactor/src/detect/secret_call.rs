//! Secrets among the arguments of a call: `mysqli_connect("db", "root", "winter")`, `login('mira', 'lemon#41')`,
//! `Fernet(b"…")`, `"changeit7".toCharArray()`.
//!
//! No keyword stands beside such a value: what is called, and which of its arguments it is, tells. A function that takes
//! nothing but a password there gives any plain word away; one that may take something else there gives away only what
//! looks chosen.

use super::secret_assignment::made;
use super::secret_password::{is_plain, looks_chosen};
use super::text::Text;
use super::words::Words;
use super::{Category, Detector, Hit, Needs};
use crate::work;

/// Finds secrets among arguments.
pub(super) struct SecretCall;

/// How far an argument list is read, in bytes.
const ARGUMENTS_BYTES_MAX: usize = 512;
/// How many arguments are read.
const ARGUMENTS_MAX: usize = 6;
/// The longest name of a function, in bytes.
const NAME_BYTES_MAX: usize = 40;
/// The shortest key in base64 or hexadecimal digits, in bytes.
const KEY_BYTES_MIN: usize = 16;

impl Detector for SecretCall {
    fn id(&self) -> &'static str {
        "secret_call"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Secret]
    }

    fn example(&self) -> &'static str {
        "mysqli_connect('db1', 'root', 'winterly7', 'shop');"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b"(")
    }

    fn needs_too(&self) -> Needs {
        Needs::signs(b"\"'`")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |(start, end): (usize, usize), rule| {
            if !text.blots.stand_in(&text.text[start..end]) {
                hits.push(Hit { start, end, category: Category::Secret, rule, score: 0.9 });
            }
        };
        let bytes = text.text.as_bytes();
        let mut covered = 0;
        for open in memchr::memchr_iter(b'(', bytes) {
            if open < covered {
                continue;
            }
            let of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
            let length = bytes[..open].iter().rev().take(NAME_BYTES_MAX).take_while(of_name).count();
            let name = &text.text[open - length..open];
            if name.eq_ignore_ascii_case("tochararray") {
                if let Some(value) = as_characters(text.text, open - length) {
                    push(value, "secret_call.characters");
                }
                continue;
            }
            let Some(called) = Called::of(name, &bytes[..open - length]) else { continue };
            let arguments = Arguments::read(text.text, open + 1);
            work::examined(arguments.end - open);
            covered = arguments.end;
            for value in called.secrets(text.text, &arguments).into_iter().flatten() {
                push(value, "secret_call.argument");
            }
        }
    }
}

/// What a function takes.
#[derive(Clone, Copy)]
enum Called {
    /// A password and nothing else at that place, the first being 0.
    Password(usize),
    /// A user and a password as the last of its literal arguments, or something else.
    Login,
    /// A text with places for user and password, and these: `Sprintf("%s:%s@tcp(%s)/%s", "root", …)`.
    Format,
    /// The bytes of a key.
    Key,
    /// Text in base64 that may be a key: the line says so.
    Decoding,
    /// What is signed or encrypted, and the secret as its second argument.
    Signing,
}

impl Called {
    fn of(name: &str, before: &[u8]) -> Option<Called> {
        static SECOND: Words<7> = Words::new([
            "httpbasicauth",
            "basicauth",
            "basic_auth",
            "setbasicauth",
            "oci_connect",
            "withbasicauth",
            "httpdigestauth",
        ]);
        static THIRD: Words<9> = Words::new([
            "mysqli_connect",
            "mysql_connect",
            "mysqli",
            "real_connect",
            "getconnection",
            "pdo",
            "imap_open",
            "ldap_bind",
            "ftp_login",
        ]);
        static LOGINS: Words<14> = Words::new([
            "login",
            "connect",
            "auth",
            "authenticate",
            "signin",
            "sign_in",
            "createuser",
            "create_user",
            "adduser",
            "add_user",
            "register",
            "logon",
            "credentials",
            "authorize",
        ]);
        if SECOND.hold(name) || name == "NetworkCredential" {
            return Some(Called::Password(1));
        }
        if THIRD.hold(name) || name == "connect" && before.ends_with(b"DBI->") {
            return Some(Called::Password(2));
        }
        if LOGINS.hold(name) || name.ends_with("Credentials") || name.ends_with("PasswordAuthentication") {
            return Some(Called::Login);
        }
        match name {
            "bearer_auth" | "bearerAuth" | "BearerAuth" | "setBearerAuth" => Some(Called::Password(0)),
            "Sprintf" | "sprintf" | "format" => Some(Called::Format),
            "Fernet" => Some(Called::Key),
            "FromBase64String" | "b64decode" | "decodeBase64" => Some(Called::Decoding),
            "sign" | "verify" | "encode" | "decode" if before.ends_with(b"jwt.") => Some(Called::Signing),
            "createHmac" | "cookieParser" => Some(Called::Signing),
            _ => None,
        }
    }

    /// Which of the arguments are secrets: two at most.
    fn secrets(self, text: &str, arguments: &Arguments) -> [Option<(usize, usize)>; 2] {
        let spelled = |(start, end): (usize, usize)| &text[start..end];
        let literal = |at: usize| arguments.literals.get(at).copied().flatten();
        let plain = |at: usize| literal(at).filter(|value| is_plain(spelled(*value)));
        let opaque = |at: usize| literal(at).filter(|value| is_key(spelled(*value)));
        // `wandb.login(key='…')`
        let named = || arguments.named.filter(|value| is_key(spelled(*value)));
        match self {
            Called::Password(at) => [plain(at).or_else(named), None],
            Called::Login => {
                let last = (1..arguments.count).rev().find_map(literal);
                [last.filter(|value| looks_chosen(spelled(*value))).or_else(named), None]
            }
            Called::Format => {
                let places = literal(0).is_some_and(|value| spelled(value).contains("%s:%s@"));
                [plain(2).filter(|_| places), None]
            }
            Called::Key => [opaque(0), None],
            Called::Decoding => [opaque(0).filter(|_| is_of_key(text, arguments.start)), None],
            Called::Signing => [plain(1).or_else(|| plain(0).filter(|_| arguments.count == 1)), None],
        }
    }
}

/// The arguments of a call: where the literals among them are, without their quotes.
struct Arguments {
    start: usize,
    end: usize,
    count: usize,
    literals: [Option<(usize, usize)>; ARGUMENTS_MAX],
    /// The literal that is called `key` or `token`.
    named: Option<(usize, usize)>,
}

impl Arguments {
    /// Reads the arguments from behind the opening bracket on, as far as they are read.
    fn read(text: &str, start: usize) -> Arguments {
        let bytes = &text.as_bytes()[..text.len().min(start + ARGUMENTS_BYTES_MAX)];
        let mut arguments =
            Arguments { start, end: start, count: 0, literals: [None; ARGUMENTS_MAX], named: None };
        let (mut at, mut depth, mut first) = (start, 0_usize, start);
        while at < bytes.len() && arguments.count < ARGUMENTS_MAX {
            match bytes[at] {
                quote @ (b'"' | b'\'' | b'`') => {
                    let from = at + 1;
                    let Some(to) = end_of_literal(bytes, from, quote) else { break };
                    if depth == 0 {
                        arguments.note(text, first, at, (from, to));
                    }
                    at = to;
                }
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' if depth == 0 => break,
                b')' | b']' | b'}' => depth -= 1,
                b',' if depth == 0 => {
                    arguments.count += 1;
                    first = at + 1;
                }
                _ => {}
            }
            at += 1;
        }
        arguments.count += 1;
        arguments.end = at.min(bytes.len());
        arguments
    }

    /// Notes a literal, with what stands between the argument's beginning and its quote.
    fn note(&mut self, text: &str, first: usize, quote: usize, value: (usize, usize)) {
        // The prefixes of Python, C# and C++.
        let before = text[first..quote].trim();
        if before.len() <= 2 && before.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'@') {
            let slot = &mut self.literals[self.count];
            *slot = slot.or(Some(value));
        } else if let Some(name) = before.strip_suffix('=')
            && matches!(name.trim(), "key" | "token" | "api_key" | "apikey")
        {
            self.named = Some(value);
        }
    }
}

/// Where the literal that began there ends.
fn end_of_literal(bytes: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' if quote != b'`' => return None,
            byte if byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The literal that becomes an array of characters, as Java's key stores and password fields want it.
fn as_characters(text: &str, name: usize) -> Option<(usize, usize)> {
    let end = text[..name].strip_suffix("\".")?.len();
    let bytes = text.as_bytes();
    let from =
        end - bytes[..end].iter().rev().take(ARGUMENTS_BYTES_MAX).take_while(|byte| **byte != b'"').count();
    let value = &text[from..end];
    let alphabet = value.contains("0123") || value.contains("abcd") || value.contains("ABCD");
    (from > 0 && looks_chosen(value) && !alphabet).then_some((from, end))
}

/// Whether a literal has the look of a key: long, of base64 or hexadecimal digits, with digits among letters.
fn is_key(value: &str) -> bool {
    value.len() >= KEY_BYTES_MIN
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte))
        && value.bytes().filter(u8::is_ascii_digit).count() >= 2
        && made(value)
}

/// Whether what the call gives is called a key on its line: `byte[] key = Convert.FromBase64String("…")`.
fn is_of_key(text: &str, call: usize) -> bool {
    const LINE_BYTES_MAX: usize = 96;
    static NAMES: Words<9> =
        Words::new(["key", "iv", "secret", "salt", "nonce", "token", "password", "seed", "hmac"]);
    let bytes = &text.as_bytes()[call.saturating_sub(LINE_BYTES_MAX)..call];
    let line = bytes.iter().rposition(|byte| *byte == b'\n').map_or(bytes, |newline| &bytes[newline + 1..]);
    let words =
        line.split(|byte| !byte.is_ascii_alphabetic()).filter_map(|word| std::str::from_utf8(word).ok());
    words.map(last_hump).any(|word| NAMES.hold(word))
}

/// `Key` of `aesKey`.
pub(super) fn last_hump(word: &str) -> &str {
    let bytes = word.as_bytes();
    let upper = |at: usize| bytes[at].is_ascii_uppercase();
    let hump = (1..bytes.len()).rev().find(|at| upper(*at) && !upper(*at - 1));
    &word[hump.unwrap_or(0)..]
}

#[cfg(test)]
mod tests;
