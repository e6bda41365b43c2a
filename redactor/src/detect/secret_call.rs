//! Secrets among the arguments of a call: `mysqli_connect("db", "root", "winter")`, `login('mira', 'lemon#41')`,
//! `Fernet(b"…")`, `"changeit7".toCharArray()`.
//!
//! No keyword stands beside such a value: what is called, and which of its arguments it is, tells. A function that takes
//! nothing but a password there gives any plain word away; one that may take something else there gives away only what
//! looks chosen.

use super::keywords::Key;
use super::secret_assignment::made;
use super::secret_password::{is_plain, looks_chosen};
use super::secret_setting::names_secret;
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
/// How many brackets inside each other are read: what stands deeper is read by the calls around it that are nearer, so that
/// no byte is read more often than that.
const DEPTH_MAX: usize = 4;
/// The longest name of a function, in bytes.
const NAME_BYTES_MAX: usize = 40;
/// The private key of an account, in hexadecimal digits.
const WALLET_BYTES_MIN: usize = 64;
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
            if name.eq_ignore_ascii_case("getbytes")
                && let Some(value) = as_bytes(text.text, open - length)
            {
                push(value, "secret_call.bytes");
                continue;
            }
            let listed = name.is_empty() && text.has_key(Key::Secret) && begins_line(bytes, open);
            let called = Called::of(name, &bytes[..open - length]).or(listed.then_some(Called::Pair));
            let Some(called) = called else { continue };
            let arguments = Arguments::read(text.text, open + 1);
            work::examined(arguments.end - open);
            // A call among the arguments is looked at by itself.
            covered = arguments.nested.unwrap_or(arguments.end);
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
    /// Passwords, old and new, or something else: `setPassword("…")`, `new ChangePassword("u-17", "…", "…")`.
    Chosen,
    /// The identifier of a key, the key and the token of a session.
    Credentials,
    /// The private key of an account of a blockchain: 64 hexadecimal digits.
    Wallet,
    /// An option of curl, of which one takes a user and a password.
    CurlOption,
    /// What is encoded: a user and a password for the Basic scheme, or any text.
    Encoding,
    /// The value of a header and its name (Foundation, `URLRequest`).
    Header,
    /// A variable of the environment and its default.
    Variable,
    /// Nothing is called: a user and a password in a list of such pairs.
    Pair,
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
        static CHOSEN: Words<14> = Words::new([
            "password",
            "setpassword",
            "set_password",
            "changepassword",
            "change_password",
            "withpassword",
            "with_password",
            "updatepassword",
            "update_password",
            "resetpassword",
            "checkpassword",
            "check_password",
            "hashpassword",
            "hash_password",
        ]);
        static LOGINS: Words<16> = Words::new([
            "jedis",
            "jedispool",
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
        if CHOSEN.hold(name) {
            return Some(Called::Chosen);
        }
        if name == "new" && before.ends_with(b"Credentials.") || name == "BasicAWSCredentials" {
            return Some(Called::Credentials);
        }
        if LOGINS.hold(name) || name.ends_with("Credentials") || name.ends_with("PasswordAuthentication") {
            return Some(Called::Login);
        }
        match name {
            "bearer_auth" | "bearerAuth" | "BearerAuth" | "setBearerAuth" => Some(Called::Password(0)),
            "Sprintf" | "sprintf" | "format" => Some(Called::Format),
            "Fernet" => Some(Called::Key),
            "FromBase64String" | "b64decode" | "decodeBase64" => Some(Called::Decoding),
            "byte" if before.ends_with(b"[]") => Some(Called::Decoding),
            "from" if before.ends_with(b"Buffer.") => Some(Called::Decoding),
            "from_key" | "privateKeyToAccount" => Some(Called::Wallet),
            "Wallet" if before.ends_with(b"new ") || before.ends_with(b"ethers.") => Some(Called::Wallet),
            "curl_easy_setopt" | "curl_setopt" | "setopt" => Some(Called::CurlOption),
            "GetBytes" | "btoa" | "b64encode" | "base64_encode" => Some(Called::Encoding),
            "setValue" | "addValue" => Some(Called::Header),
            "getenv" | "env" => Some(Called::Variable),
            "get" if before.ends_with(b"environ.") => Some(Called::Variable),
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
                let fits = |value: &&str| looks_chosen(value) || is_app_password(value);
                [last.filter(|value| fits(&spelled(*value))).or_else(named), None]
            }
            Called::Chosen => {
                let literals = || (0..arguments.count).filter_map(literal);
                let mut chosen = literals().map(|value| behind_encoder(text, value));
                let mut next = || chosen.by_ref().find(|value| looks_chosen(spelled(*value)));
                [next(), next()]
            }
            Called::Credentials => [opaque(1), opaque(2)],
            Called::Wallet => [opaque(0).filter(|(start, end)| end - start >= WALLET_BYTES_MIN), None],
            Called::CurlOption => {
                let option = arguments.spelled(text).contains("USERPWD");
                let value = literal(2).or_else(|| literal(1)).filter(|_| option);
                let password = value.and_then(|value| behind_colon(text, value));
                [password.filter(|value| is_plain(spelled(*value))), None]
            }
            Called::Encoding => {
                let password = literal(0).and_then(|value| behind_colon(text, value));
                [password.filter(|value| looks_chosen(spelled(*value))), None]
            }
            Called::Header => {
                let header = arguments.spelled(text).rsplit_once("HeaderField: \"");
                let named = header.and_then(|(_, name)| name.split('"').next()).is_some_and(names_secret);
                [opaque(0).filter(|_| named), None]
            }
            Called::Variable => {
                let named = literal(0).is_some_and(|name| names_secret(spelled(name)));
                let default = literal(1).filter(|value| is_plain(spelled(*value)) || made(spelled(*value)));
                [default.filter(|_| named), None]
            }
            Called::Pair => {
                let user = literal(0).is_some_and(|user| is_account(spelled(user)));
                let password = literal(1).filter(|value| looks_chosen(spelled(*value)));
                [password.filter(|_| user && arguments.count == 2), None]
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
    /// The first round bracket among them.
    nested: Option<usize>,
    count: usize,
    literals: [Option<(usize, usize)>; ARGUMENTS_MAX],
    /// The literal that is called `key` or `token`.
    named: Option<(usize, usize)>,
}

impl Arguments {
    /// Reads the arguments from behind the opening bracket on, as far as they are read.
    fn read(text: &str, start: usize) -> Arguments {
        let bytes = &text.as_bytes()[..text.len().min(start + ARGUMENTS_BYTES_MAX)];
        let mut arguments = Arguments {
            start,
            end: start,
            nested: None,
            count: 0,
            literals: [None; ARGUMENTS_MAX],
            named: None,
        };
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
                b'(' | b'[' | b'{' if depth == DEPTH_MAX => break,
                open @ (b'(' | b'[' | b'{') => {
                    depth += 1;
                    if open == b'(' {
                        arguments.nested = arguments.nested.or(Some(at));
                    }
                }
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

    /// All of them as they are written.
    fn spelled<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or_default()
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

/// The literal right before the name of a method that is called on it.
fn literal_before(text: &str, name: usize) -> Option<(usize, usize)> {
    let end = text.get(..name)?.strip_suffix("\".")?.len();
    let before = text.as_bytes()[..end].iter().rev().take(ARGUMENTS_BYTES_MAX);
    let from = end - before.take_while(|byte| **byte != b'"').count();
    // As far as it is read it may begin inside a character.
    (from > 0 && text.is_char_boundary(from)).then_some((from, end))
}

/// The literal that becomes an array of characters, as Java's key stores and password fields want it.
fn as_characters(text: &str, name: usize) -> Option<(usize, usize)> {
    literal_before(text, name).filter(|(from, end)| {
        let value = &text[*from..*end];
        looks_chosen(value) && !["0123", "abcd", "ABCD"].iter().any(|alphabet| value.contains(alphabet))
    })
}

/// The literal that becomes bytes, if it has the look of a key and its line says that it is one.
fn as_bytes(text: &str, name: usize) -> Option<(usize, usize)> {
    literal_before(text, name).filter(|(from, end)| is_key(&text[*from..*end]) && is_of_key(text, *from))
}

/// Whether only white space stands before the bracket on its line.
fn begins_line(bytes: &[u8], open: usize) -> bool {
    const INDENT_BYTES_MAX: usize = 32;
    let mut before = bytes[..open].iter().rev().take(INDENT_BYTES_MAX);
    before.find(|byte| !matches!(byte, b' ' | b'\t')) == Some(&b'\n')
}

/// The name of an account: letters in lower case, digits and joints.
fn is_account(name: &str) -> bool {
    name.len() >= 2
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-' | b'@')
        })
}

/// What stands behind the first colon of a literal.
fn behind_colon(text: &str, (start, end): (usize, usize)) -> Option<(usize, usize)> {
    Some((start + text[start..end].find(':')? + 1, end))
}

/// A password without the name of its encoder (Spring Security, `DelegatingPasswordEncoder`).
fn behind_encoder(text: &str, (start, end): (usize, usize)) -> (usize, usize) {
    let encoder = if text[start..end].starts_with("{noop}") { "{noop}".len() } else { 0 };
    (start + encoder, end)
}

/// A password that Google draws for one application: four groups of four letters (Google Account Help).
fn is_app_password(value: &str) -> bool {
    let group = |group: &str| group.len() == 4 && group.bytes().all(|byte| byte.is_ascii_lowercase());
    value.len() == 19 && value.split(' ').all(group)
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
    const LINE_BYTES_MAX: usize = 160;
    static NAMES: Words<11> = Words::new([
        "key",
        "iv",
        "secret",
        "salt",
        "nonce",
        "token",
        "password",
        "seed",
        "hmac",
        "cipheriv",
        "decipheriv",
    ]);
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
