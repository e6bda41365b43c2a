//! Names of accounts: `user=cmarlow`, `username owl_river9`, "Accepted password for greta from …", `@pine_otter`.
//!
//! 45 CFR 164.514(b)(2)(i)(R): who knows the name finds the person. What the system itself is called by stays: root,
//! postgres, words of the language. The lines of sshd are those of OpenSSH's auth.c, of pam_unix those of Linux-PAM.

use std::sync::LazyLock;

use super::keywords::{Key, KeyHit};
use super::lexicon::{self, Lex, WordSet};
use super::secret_password::looks_chosen;
use super::text::{Text, Word};
use super::words::Words;
use super::{Category, Detector, Hit, Needs};

/// Finds names of accounts.
pub(super) struct Login;

/// The shortest name and the longest, in bytes.
const NAME_BYTES_MIN: usize = 3;
const NAME_BYTES_MAX: usize = 32;
/// How far before a handle the network's name may stand, in bytes.
const REACH: usize = 24;

/// Accounts of systems and programs, and what stands where there is no name.
static SYSTEM: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "root",
        "admin",
        "administrator",
        "postgres",
        "mysql",
        "oracle",
        "mongo",
        "redis",
        "nobody",
        "ubuntu",
        "debian",
        "centos",
        "sysadmin",
        "superuser",
        "sudo",
        "www",
        "nginx",
        "apache",
        "git",
        "github",
        "jenkins",
        "ansible",
        "vagrant",
        "docker",
        "guest",
        "anonymous",
        "daemon",
        "sshd",
        "sa",
        "dba",
        "api",
        "app",
        "apps",
        "db",
        "sql",
        "svc",
        "service",
        "bot",
        "ec",
        "user",
        "users",
        "test",
        "demo",
        "name",
        "example",
        "none",
        "null",
        "nil",
        "undefined",
        "true",
        "false",
        "str",
        "string",
        "int",
        "uid",
        "gid",
        "userid",
        "username",
        "auth",
        "dev",
        "prod",
        "qa",
        "uat",
        "ci",
        "etl",
        "ehr",
        "rw",
        "ro",
        "readonly",
        "readwrite",
        "nologin",
        "kube",
        "kubernetes",
        "elastic",
        "kafka",
        "airflow",
        "grafana",
        "prometheus",
        "tomcat",
        "backend",
        "frontend",
        "config",
        "init",
        "usr",
        "tmp",
    ])
});

/// Keywords behind which a name needs no sign: "username owl_river9".
static NAMING: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "username",
        "name",
        "with",
        "as",
        "usuario",
        "benutzer",
        "benutzername",
        "utilisateur",
        "identifiant",
        "gebruikersnaam",
        "brugernavn",
        "anvandarnamn",
        "uzytkownik",
        "uzivatel",
        "utilizator",
        "utilizador",
        "utente",
    ])
});

impl Detector for Login {
    fn id(&self) -> &'static str {
        "login"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::UniqueId, Category::Secret]
    }

    fn example(&self) -> &'static str {
        "log in with username owl_river9"
    }

    fn needs(&self) -> Needs {
        Needs::key(Key::Login)
            .or(Needs::key(Key::Network))
            .or(Needs::key(Key::Provider))
            .or(Needs::key(Key::Name))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |(start, end): (usize, usize), category, rule| {
            if !text.blots.stand_in(&text.text[start..end]) {
                hits.push(Hit { start, end, category, rule, score: 0.8 });
            }
        };
        if text.key.is_some_and(is_key)
            && let Some(name) = name_at(text, 0).filter(|name| name.1 == text.text.len())
            && is_name(text, name, Sure::Named)
        {
            push(name, Category::UniqueId, "login.key");
        }
        for hit in text.keys() {
            // "User name" is a keyword of names too.
            let user = || hit.first < hit.last && text.spelled(hit.first).eq_ignore_ascii_case("user");
            match hit.key {
                Key::Login | Key::Name if hit.key == Key::Login || user() => {
                    let Some((name, sure)) = announced(text, hit) else { continue };
                    if is_name(text, name, sure) {
                        push(name, Category::UniqueId, "login.name");
                    }
                    if let Some(password) = password_behind(text, name.1) {
                        push(password, Category::Secret, "login.password");
                    }
                }
                Key::Network => {
                    if let Some(name) = profile(text, hit) {
                        push(name, Category::UniqueId, "login.profile");
                    }
                }
                _ => {}
            }
        }
        for at in text.ats() {
            if let Some(name) = handle(text, *at as usize) {
                push(name, Category::UniqueId, "login.handle");
            }
        }
    }
}

/// Whether a name before a password is a person's account, as far as no list of systems' accounts has it.
pub(super) fn is_account(name: &str) -> bool {
    (NAME_BYTES_MIN..=NAME_BYTES_MAX).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
        && !name.split(['.', '_', '-']).any(|part| SYSTEM.contains(&lexicon::hash(part)))
}

/// How surely a name stands there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sure {
    /// It must look like one itself: "user t.osei".
    Shaped,
    /// A word that no dictionary has: "username jpark", `user=jpark`.
    Named,
    /// Whatever it is: sshd says so.
    Logged,
}

/// The keys of JSON under which a name of an account stands.
fn is_key(key: &str) -> bool {
    static KEYS: Words<26> = Words::new([
        "author",
        "created_by",
        "createdby",
        "updated_by",
        "assignee",
        "reporter",
        "username",
        "user_name",
        "user-name",
        "user",
        "login",
        "login_name",
        "loginname",
        "actor",
        "userlogin",
        "user_login",
        "screen_name",
        "screenname",
        "account_login",
        // Headers with which proxies say who was let in.
        "x-user",
        "x-username",
        "x-forwarded-user",
        "x-remote-user",
        "remote-user",
        "remote_user",
        "auth_user",
    ]);
    KEYS.hold(key) || key.eq_ignore_ascii_case("preferred_username")
}

/// What stands behind the keyword, and how surely it is a name.
fn announced(text: &Text<'_>, hit: &KeyHit) -> Option<((usize, usize), Sure)> {
    let rest = &text.text[hit.end..];
    let last = text.word_at(hit.last)?;
    let logged = hit.last - hit.first >= 1 && matches!(text.spelled(hit.last), "for" | "user");
    if logged {
        let name = name_at(text, hit.end + 1).filter(|_| rest.starts_with(' '))?;
        let behind = &text.text[name.1..];
        let told = behind.starts_with(" from ") || behind.starts_with("(uid=") || behind.starts_with(" by ");
        // "Invalid user input from the form" is no line of sshd.
        let alone = text.spelled(hit.first).eq_ignore_ascii_case("invalid");
        return told.then_some((name, if alone { Sure::Named } else { Sure::Logged }));
    }
    let closed = rest.trim_start_matches(['"', '\'']);
    let (value, sure) = match closed.strip_prefix('=') {
        Some(_) if is_unit(text, hit) => return None,
        Some(value) => (value, Sure::Named),
        None => match closed.strip_prefix(':').map(|value| value.trim_start_matches(' ')) {
            // `"user": "cmarlow"` has quotes that a sentence has not.
            Some(value) if NAMING.contains(&last.hash) || value.starts_with(['"', '\'']) => {
                (value, Sure::Named)
            }
            Some(value) => (value, Sure::Shaped),
            None if NAMING.contains(&last.hash) => (rest.strip_prefix(' ')?, Sure::Named),
            None => (rest.strip_prefix(' ')?, Sure::Shaped),
        },
    };
    let value = value.trim_start_matches(['"', '\'', '`']);
    let name = name_at(text, text.text.len() - value.len())?;
    let acts =
        [" logged ", " authenticated", " signed "].iter().any(|verb| text.text[name.1..].starts_with(verb));
    Some((name, if acts { Sure::Named } else { sure }))
}

/// The account that a service runs as: `User=` opens a line of its unit (systemd.exec(5)).
fn is_unit(text: &Text<'_>, hit: &KeyHit) -> bool {
    let start = text.words()[hit.first].start as usize;
    text.spelled(hit.first) == "User" && (start == 0 || text.text[..start].ends_with('\n'))
}

/// The name of an account that begins there, if nothing of a program or an address follows.
fn name_at(text: &Text<'_>, start: usize) -> Option<(usize, usize)> {
    let rest = text.text.get(start..)?;
    let bytes = rest.as_bytes();
    let length = bytes
        .iter()
        .take(NAME_BYTES_MAX + 1)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    let spelled = rest[..length.count()].trim_end_matches(['.', '-', '_']);
    let apostrophe = bytes.get(spelled.len()) == Some(&b'\'')
        && bytes.get(spelled.len() + 1).is_some_and(u8::is_ascii_alphabetic);
    // A path of Rust or C++: its first part is no name.
    let path = rest[spelled.len()..].starts_with("::");
    let goes_on = apostrophe
        || path
        || matches!(
            bytes.get(spelled.len()),
            Some(b'@' | b'[' | b'=' | b'{' | b'<' | b'\\' | b'/' | b'$' | 0x80..)
        );
    let called = bytes.get(spelled.len()) == Some(&b'(') && !rest[spelled.len()..].starts_with("(uid=");
    let fits = (NAME_BYTES_MIN..=NAME_BYTES_MAX).contains(&spelled.len()) && bytes[0].is_ascii_alphabetic();
    (fits && !goes_on && !called).then_some((start, start + spelled.len()))
}

/// Whether that is the name of a person's account.
fn is_name(text: &Text<'_>, (start, end): (usize, usize), sure: Sure) -> bool {
    let words = text.words();
    let first = words.partition_point(|word| (word.start as usize) < start);
    let parts = &words[first..words.partition_point(|word| (word.start as usize) < end)];
    let system = |word: &Word| SYSTEM.contains(&word.hash);
    if parts.iter().any(system) {
        return false;
    }
    if sure == Sure::Logged {
        return true;
    }
    const KNOWN: Lex = Lex::ANY_WORD.or(Lex::NEVER).or(Lex::KEY).or(Lex::MONTH).or(Lex::BRAND).or(Lex::DRUG);
    let strange = |word: &Word| word.len() >= 3 && !word.lex.any(KNOWN);
    let spelled = &text.text[start..end];
    let lower = !spelled.bytes().any(|byte| byte.is_ascii_uppercase());
    // `t.osei`, `marta.g`: an initial and a name.
    let initial = |word: &Word| word.len() == 1;
    let shaped = parts.len() == 2
        && spelled.contains(['.', '_'])
        && (initial(&parts[0]) && strange(&parts[1]) || strange(&parts[0]) && initial(&parts[1]));
    // `owl_river9`: words that a number follows. `v2`, `utf8`, `node1` are none.
    let numbered = parts.len() > 1
        && parts.iter().map(Word::len).sum::<usize>() >= 6
        && spelled.ends_with(|letter: char| letter.is_ascii_digit())
        && spelled.contains('_')
        && parts.iter().all(|word| !initial(word));
    let named = || match parts {
        [word] => lower && strange(word) && word.shape == super::text::Shape::Lower,
        _ => {
            spelled.contains(['.', '_'])
                && parts.iter().any(|word| strange(word) && word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY)))
        }
    };
    shaped && lower || numbered && sure == Sure::Named || sure == Sure::Named && named()
}

/// The password behind a name: "log in with root / Gr4nola!Bar".
fn password_behind(text: &Text<'_>, end: usize) -> Option<(usize, usize)> {
    let rest = text.text[end..].strip_prefix(" / ")?;
    let length = rest
        .bytes()
        .take(64)
        .take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'`' | b','))
        .count();
    let spelled = rest.get(..length)?.trim_end_matches(['.', ';', ':', '!', '?', ')']);
    let start = text.text.len() - rest.len();
    looks_chosen(spelled).then_some((start, start + spelled.len()))
}

/// The name in the address of a profile: `instagram.com/otter.pine`.
fn profile(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    static PAGES: Words<26> = Words::new([
        "home",
        "explore",
        "search",
        "share",
        "sharer",
        "intent",
        "hashtag",
        "login",
        "about",
        "help",
        "legal",
        "privacy",
        "terms",
        "settings",
        "watch",
        "groups",
        "events",
        "pages",
        "company",
        "reel",
        "reels",
        "stories",
        "policies",
        "tos",
        "business",
        "developers",
    ]);
    if hit.first == hit.last || text.joint(hit.first) != b'.' {
        return None;
    }
    let path = text.text[hit.end..].strip_prefix('/')?;
    let path = path.strip_prefix('@').unwrap_or(path);
    let name = name_at(text, text.text.len() - path.len())?;
    (!PAGES.hold(&text.text[name.0..name.1])).then_some(name)
}

/// The handle behind the `@` at `at`, if a network's name stands before it.
fn handle(text: &Text<'_>, at: usize) -> Option<(usize, usize)> {
    let before = text.text[..at].bytes().next_back();
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/')) {
        return None;
    }
    // What opens a line is a decorator: "@pytest.mark.slow".
    let first = text.text[..at].bytes().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
    if first.is_none_or(|byte| byte == b'\n') && !text.keyed(Key::Network) {
        return None;
    }
    // Some networks are providers of keys too.
    let told = text.keyed(Key::Network) || text.key_before(at, REACH, &[Key::Network, Key::Provider]);
    name_at(text, at + 1).filter(|_| told)
}

#[cfg(test)]
mod tests;
