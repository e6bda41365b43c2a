//! Credentials on a command line: `curl -u user:password`, `sshpass -p`, `mysql -p…`, `docker login -p`.
//!
//! Known by the program's name and its option on the same line (the programs' manual pages).

use super::keywords::Key;
use super::secret_password::is_plain;
use super::text::Text;
use super::{Category, Detector, Hit, Needs, login};

/// Finds credentials on command lines.
pub(super) struct SecretCommand;

/// How far behind a program's name its option may stand, in bytes.
const LINE_BYTES_MAX: usize = 512;
/// How far apart two programs must stand to be looked at both, in bytes: a line of names alone stays cheap.
const APART_BYTES: usize = 16;

/// A program and an option that takes a password.
struct Flag {
    program: &'static str,
    option: &'static str,
    /// The value stands right behind the option, as in `-psecret`.
    glued: bool,
    /// Of the value only what stands behind the first colon.
    behind_colon: bool,
}

const fn flag(program: &'static str, option: &'static str, glued: bool, behind_colon: bool) -> Flag {
    Flag { program, option, glued, behind_colon }
}

const OPTIONS: &[Flag] = &[
    flag("curl", " -u", true, true),
    flag("curl", " --user", false, true),
    flag("curl", " --proxy-user", false, true),
    flag("curl", " -U", true, true),
    flag("wget", " --password", false, false),
    flag("wget", " --http-password", false, false),
    flag("sshpass", " -p", true, false),
    flag("mysql", " -p", true, false),
    flag("mysqldump", " -p", true, false),
    flag("mongosh", " -p", false, false),
    flag("docker login", " -p", false, false),
    flag("podman login", " -p", false, false),
    flag("az login", " -p", false, false),
    flag("redis cli", " -a", false, false),
    flag("ldapsearch", " -w", false, false),
    flag("smbclient", " -U", false, false),
    flag("keytool", " -storepass", false, false),
    flag("keytool", " -keypass", false, false),
    flag("openssl enc", " -k", false, false),
    flag("schtasks", " /rp", false, false),
];

/// Programs that take a password by its place.
const BY_PLACE: &[&str] = &["htpasswd", "net use", "mc alias set", "chpasswd"];

/// The programs, for the table of keywords.
pub(super) fn phrases() -> impl Iterator<Item = (Key, &'static str)> {
    OPTIONS
        .iter()
        .map(|flag| flag.program)
        .chain(BY_PLACE.iter().copied())
        .map(|program| (Key::Command, program))
}

impl Detector for SecretCommand {
    fn id(&self) -> &'static str {
        "secret_command"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Secret, Category::UniqueId]
    }

    fn example(&self) -> &'static str {
        "curl -u admin:Tr0ub4dor https://api.example/v1"
    }

    fn needs(&self) -> Needs {
        Needs::key(Key::Command)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if !text.has_key(Key::Command) {
            return;
        }
        let bytes = text.text.as_bytes();
        let mut covered = 0;
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Command) {
            if hit.end < covered {
                continue;
            }
            let program = (hit.first..=hit.last).map(|word| text.spelled(word));
            let line = &bytes[hit.end..bytes.len().min(hit.end + LINE_BYTES_MAX)];
            let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
            covered = hit.end + APART_BYTES;
            if let Some(by_place) = BY_PLACE.iter().find(|known| program.clone().eq(known.split(' '))) {
                let found = match *by_place {
                    "chpasswd" => [piped(text.text, hit.end), None],
                    by_place => by_words(line, by_place)
                        .map(|word| word.map(|(from, to)| (hit.end + from, hit.end + to))),
                };
                for (start, end) in found.into_iter().flatten() {
                    if text.text.get(start..end).is_some_and(is_plain) {
                        let rule = "secret_command.place";
                        hits.push(Hit { start, end, category: Category::Secret, rule, score: 0.9 });
                    }
                }
                continue;
            }
            for flag in OPTIONS.iter().filter(|flag| program.clone().eq(flag.program.split([' ', '-']))) {
                if let Some((from, to)) = value(line, flag) {
                    let rule = "secret_command.option";
                    let (start, end) = (hit.end + from, hit.end + to);
                    if text.text.is_char_boundary(start) && text.text.is_char_boundary(end) {
                        hits.push(Hit { start, end, category: Category::Secret, rule, score: 0.9 });
                    }
                    if let Some((start, end)) = flag.behind_colon.then(|| account(text.text, start)).flatten()
                    {
                        let rule = "secret_command.account";
                        hits.push(Hit { start, end, category: Category::UniqueId, rule, score: 0.8 });
                    }
                }
            }
        }
    }
}

/// The name of the account before the colon and the password that begins at `password`.
fn account(text: &str, password: usize) -> Option<(usize, usize)> {
    let before = text.get(..password)?.strip_suffix(':')?;
    let of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let length = before.bytes().rev().take(LINE_BYTES_MAX).take_while(of_name).count();
    let name = &before[before.len() - length..];
    // `-ubuilder:…`: the option is glued to it.
    let name = name.strip_prefix("-u").or_else(|| name.strip_prefix("-U")).unwrap_or(name);
    login::is_account(name).then_some((before.len() - name.len(), before.len()))
}

/// The passwords by their places among the words of the line: `htpasswd -b file user password`, `net use Z: \\host\share
/// password /user:…`, `mc alias set name address key secret`.
fn by_words(line: &[u8], program: &str) -> [Option<(usize, usize)>; 2] {
    const WORDS_MAX: usize = 8;
    let mut words = [(0, 0); WORDS_MAX];
    let (mut count, mut at) = (0, 0);
    while count < WORDS_MAX {
        at += line[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let length = line[at..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        if length == 0 || matches!(line[at], b'|' | b'>' | b';' | b'&' | b'#') {
            break;
        }
        words[count] = (at, at + length);
        (count, at) = (count + 1, at + length);
    }
    let words = words[..count].iter().copied();
    let spelled = |(start, end): (usize, usize)| &line[start..end];
    match program {
        "htpasswd" => {
            let batch = words
                .clone()
                .map(spelled)
                .any(|word| word.starts_with(b"-") && word.contains(&b'b') && !word.starts_with(b"--"));
            let given = words.filter(|word| !spelled(*word).starts_with(b"-"));
            // An entry of the file: what stands before the hash is a part of the credential.
            let entry = given.clone().next().and_then(|(start, end)| {
                let name = memchr::memmem::find(&line[start..end], b":$")?;
                Some((start, start + name))
            });
            [given.clone().next_back().filter(|_| batch && (2..=3).contains(&given.count())), entry]
        }
        "net use" => {
            let mut behind = words.clone().skip_while(|word| !spelled(*word).starts_with(b"\\"));
            let password = behind.nth(1).filter(|word| !spelled(*word).starts_with(b"/"));
            let user =
                words.map(spelled).any(|word| word.len() > 6 && word[..6].eq_ignore_ascii_case(b"/user:"));
            [password.filter(|_| user), None]
        }
        _ => {
            let address = words.clone().nth(1).is_some_and(|word| spelled(word).starts_with(b"http"));
            [words.clone().nth(2).filter(|_| address), words.clone().nth(3).filter(|_| address)]
        }
    }
}

/// The password in what is piped to the program that ends at `end`: `echo 'user:password' | sudo chpasswd`.
fn piped(text: &str, end: usize) -> Option<(usize, usize)> {
    const PIPED_BYTES_MAX: usize = 128;
    let bytes = text.as_bytes();
    let from = end.saturating_sub(PIPED_BYTES_MAX);
    let pipe = from + memchr::memrchr(b'|', &bytes[from..end])?;
    let said = bytes[from..pipe].trim_ascii_end();
    let echo = from + memchr::memmem::rfind(said, b"echo ")?;
    let quotes = |byte: &u8| matches!(byte, b'"' | b'\'' | b' ' | b'\\');
    let close = from + said.len() - said.iter().rev().take_while(|byte| quotes(byte)).count();
    let colon = echo + memchr::memchr(b':', bytes.get(echo..close)?)?;
    Some((colon + 1, close))
}

/// The option's value in the line.
fn value(line: &[u8], flag: &Flag) -> Option<(usize, usize)> {
    let mut at = memchr::memmem::find(line, flag.option.as_bytes())? + flag.option.len();
    match line.get(at)? {
        b' ' | b'=' => {
            // `mysql -p` alone asks for the password: what follows is the database.
            if flag.glued && flag.program.starts_with("mysql") {
                return None;
            }
            at += 1;
        }
        _ if flag.glued => {}
        _ => return None,
    }
    let quote = line.get(at).copied().filter(|byte| matches!(byte, b'"' | b'\''));
    at += usize::from(quote.is_some());
    let length = line[at..].iter().take_while(|byte| match quote {
        Some(quote) => **byte != quote,
        None => !byte.is_ascii_whitespace() && **byte != b'"' && **byte != b'\'',
    });
    let end = at + length.count();
    let start = if flag.behind_colon { at + memchr::memchr(b':', &line[at..end])? + 1 } else { at };
    // A variable, an option, a placeholder.
    let value = &line[start..end];
    let stands_in = matches!(value.first()?, b'$' | b'-' | b'<' | b'{' | b'%' | b'*');
    let named = [&b"password"[..], b"passwd", b"pass", b"secret", b"token"].contains(&value);
    (value.len() >= 3 && !stands_in && !named).then_some((start, end))
}

#[cfg(test)]
mod tests;
