//! Credentials on a command line: `curl -u user:password`, `sshpass -p`, `mysql -p…`, `docker login -p`.
//!
//! Known by the program's name and its option on the same line (the programs' manual pages).

use super::keywords::Key;
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
];

/// The programs, for the table of keywords.
pub(super) fn phrases() -> impl Iterator<Item = (Key, &'static str)> {
    OPTIONS.iter().map(|flag| (Key::Command, flag.program))
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
        if !text.has_key(Key::Command) || !text.may_hold(b'-') {
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
