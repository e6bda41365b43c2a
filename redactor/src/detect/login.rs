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
            .or(Needs::key(Key::Account))
            .or(Needs::signs(b"(@\\/"))
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
                // "Account tnakagawa": the name alone, as it is made of a person's.
                Key::Account if hit.first == hit.last && is_account_word(text, hit.last) => {
                    let Some((name, sure)) = announced(text, hit) else { continue };
                    if is_name(text, name, sure) {
                        push(name, Category::UniqueId, "login.account");
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
        let bytes = text.text.as_bytes();
        if text.may_hold(b'(') {
            for open in memchr::memchr_iter(b'(', bytes) {
                if let Some(name) = behind_person(text, open) {
                    push(name, Category::UniqueId, "login.bracketed");
                }
            }
        }
        if text.may_hold(b'/') || text.may_hold(b'\\') {
            for sign in memchr::memchr2_iter(b'/', b'\\', bytes) {
                if bytes[sign] == b'\\'
                    && let Some(name) = in_domain(text.text, sign)
                {
                    push(name, Category::UniqueId, "login.domain");
                }
                let home = HOMES.iter().find(|folder| bytes[sign..].starts_with(folder.as_bytes()));
                if let Some(name) = home.and_then(|folder| at_home(text, sign, folder.len())) {
                    push(name, Category::UniqueId, "login.home");
                }
            }
        }
    }
}

fn is_account_word(text: &Text<'_>, index: usize) -> bool {
    static ACCOUNTS: Words<6> = Words::new(["account", "acct", "konto", "compte", "cuenta", "conta"]);
    ACCOUNTS.hold(text.spelled(index))
}

/// `tnakagawa`, `rosei2`: an initial and a family name of the lists as one word in small letters, as directories make names of
/// accounts; and no word itself.
fn is_initialed(name: &str) -> bool {
    const FAMILY_BYTES_MIN: usize = 4;
    let letters = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    if letters.len() <= FAMILY_BYTES_MIN
        || name.len() - letters.len() > 4
        || !letters.bytes().all(|byte| byte.is_ascii_lowercase())
    {
        return false;
    }
    let table = lexicon::get();
    let known = |from: usize| table.look_up(lexicon::hash_letters(letters.as_bytes(), from, letters.len()));
    let (whole, family) = (known(0), known(1));
    // Rare names are short words of some language too.
    let named = family.any(Lex::LAST) || family.any(Lex::LAST_ANY) && letters.len() >= 7;
    named && !whole.any(KNOWN) && !SYSTEM.contains(&lexicon::hash(letters))
}

/// `Hyacinth Obaseki (hobaseki)`: a word in small letters in brackets that ends with the name right before them.
fn behind_person(text: &Text<'_>, open: usize) -> Option<(usize, usize)> {
    const FAMILY_BYTES_MIN: usize = 4;
    let bytes = text.text.as_bytes();
    // Few brackets have a space before and a small letter behind them.
    if open == 0 || bytes[open - 1] != b' ' || !bytes.get(open + 1).is_some_and(u8::is_ascii_lowercase) {
        return None;
    }
    let words = text.words();
    let next = words.partition_point(|word| (word.start as usize) <= open);
    let (inside, before) = (words.get(next)?, words.get(next.checked_sub(1)?)?);
    let placed = inside.start as usize == open + 1
        && text.byte_behind(inside) == b')'
        && text.gap(next - 1) == " ("
        && before.len() >= FAMILY_BYTES_MIN
        && before.capital(text.text);
    if !placed || inside.len() <= before.len() {
        return None;
    }
    let spelled = text.spelled(next);
    let small = spelled.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let letters = spelled.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let ends =
        letters.len() > before.len() && letters.ends_with(lexicon::fold(text.spelled(next - 1)).as_str());
    (small && ends).then_some((inside.start as usize, inside.end as usize))
}

/// `CORP\mfitzgerald`: an account behind a domain in capitals and its backslash (MS-ADTS, down-level logon names).
fn in_domain(text: &str, sign: usize) -> Option<(usize, usize)> {
    const DOMAIN_BYTES: std::ops::RangeInclusive<usize> = 2..=15;
    let bytes = text.as_bytes();
    let of_domain = |byte: &&u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b'-';
    let domain = bytes[..sign].iter().rev().take(16).take_while(of_domain).count();
    let opened = sign > domain
        && !matches!(bytes[sign - domain - 1], b' ' | b'\n' | b'\t' | b'"' | b'\'' | b'(' | b'=');
    // A word in the sources of programs: `"NAME\n"`.
    let length = bytes[sign + 1..]
        .iter()
        .take(NAME_BYTES_MAX)
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'.');
    let name = &text[sign + 1..sign + 1 + length.count()];
    let name = name.trim_end_matches('.');
    let ends =
        bytes.get(sign + 1 + name.len()).is_none_or(|byte| !matches!(byte, b'\\' | b'_' | b'(' | b'{'));
    let fits = DOMAIN_BYTES.contains(&domain) && !opened && ends && is_account(name);
    // What an escape or a class of a pattern begins with is none of the name: "FAILED\\nretry", "ID\\d".
    let strange = || {
        let known = lexicon::get().look_up(lexicon::hash(name));
        domain > 2
            && name.bytes().all(|byte| byte.is_ascii_lowercase())
            && !name.starts_with(['a', 'b', 'd', 'e', 'f', 'n', 'r', 's', 't', 'u', 'v', 'w', 'x'])
            && !known.any(KNOWN)
    };
    (fits && (is_initialed(name) || is_dotted(name) || strange())).then(|| (sign + 1, sign + 1 + name.len()))
}

/// `t.osei`, `marta.lindqvist`: small letters with a dot, of which the last part is a family name of the lists.
fn is_dotted(name: &str) -> bool {
    name.split_once('.').is_some_and(|(first, family)| {
        let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase());
        let known = || lexicon::get().look_up(lexicon::hash(family));
        letters(first)
            && letters(family)
            && !first.is_empty()
            && family.len() > 3
            && known().any(Lex::LAST_ANY)
            && !known().any(KNOWN)
    })
}

/// Where systems keep the directories of their users.
const HOMES: [&str; 3] = ["/home/", "/Users/", "\\Users\\"];

/// `/home/zvekes/`, `C:\Users\zvekes\`: the account whose directory it is, unless a program or an image has it.
fn at_home(text: &Text<'_>, at: usize, folder: usize) -> Option<(usize, usize)> {
    static SHARED: Words<27> = Words::new([
        "runner",
        "node",
        "jovyan",
        "hadoop",
        "ec2-user",
        "vscode",
        "codespace",
        "deploy",
        "builder",
        "build",
        "shared",
        "public",
        "default",
        "linuxbrew",
        "circleci",
        "nonroot",
        "coder",
        "gitpod",
        "vsts",
        "opc",
        "azureuser",
        "appuser",
        "sandbox",
        "worker",
        "agent",
        "kali",
        "travis",
    ]);
    let bytes = text.text.as_bytes();
    let opened = at == 0
        || matches!(bytes[at - 1], b':' | b'"' | b'\'' | b'=' | b'(' | b'`' | b'/' | b' ' | b'\n' | b'\t');
    let start = at + folder;
    let of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let end = start + bytes[start..].iter().take(NAME_BYTES_MAX + 1).take_while(of_name).count();
    let parted = matches!(bytes.get(end), Some(b'/' | b'\\'));
    let name = &text.text[start..end];
    let small = name.bytes().any(|byte| byte.is_ascii_lowercase());
    (opened
        && parted
        && small
        && is_account(name)
        && !SHARED.hold(name)
        && is_name(text, (start, end), Sure::Named))
    .then_some((start, end))
}

/// What no name of an account is.
const KNOWN: Lex = Lex::ANY_WORD.or(Lex::NEVER).or(Lex::KEY).or(Lex::MONTH).or(Lex::BRAND).or(Lex::DRUG);

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
    static KEYS: Words<41> = Words::new([
        "author",
        "assigned_to",
        "assignedto",
        "updatedby",
        "modified_by",
        "modifiedby",
        "last_modified_by",
        "requested_by",
        "requestedby",
        "approved_by",
        "approvedby",
        "submitted_by",
        "reviewed_by",
        "owner",
        "reviewer",
        "requester",
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
    // "Login = gwen.asante_7"
    let closed = closed.strip_prefix(' ').filter(|sign| sign.starts_with(['=', ':'])).unwrap_or(closed);
    let (value, sure) = match closed.strip_prefix('=').map(|value| value.trim_start_matches(' ')) {
        Some(_) if is_unit(text, hit) => return None,
        Some(value) => (value, Sure::Named),
        None => match closed.strip_prefix(':').map(|value| value.trim_start_matches(' ')) {
            // `"user": "cmarlow"` has quotes that a sentence has not.
            Some(value) if NAMING.contains(&last.hash) || value.starts_with(['"', '\'']) => {
                (value, Sure::Named)
            }
            Some(value) => (value, Sure::Shaped),
            None if NAMING.contains(&last.hash) => {
                let value = rest.strip_prefix(' ')?;
                let named = over_is(value);
                // Behind "es" and "ist" any word of the language may follow.
                let english = named.len() == value.len() || value.starts_with("is ");
                (named, if english { Sure::Named } else { Sure::Shaped })
            }
            None => (over_is(rest.strip_prefix(' ')?), Sure::Shaped),
        },
    };
    let value = value.trim_start_matches(['"', '\'', '`']);
    let name = name_at(text, text.text.len() - value.len())?;
    let acts =
        [" logged ", " authenticated", " signed "].iter().any(|verb| text.text[name.1..].starts_with(verb));
    Some((name, if acts { Sure::Named } else { sure }))
}

/// What follows "is", in the languages held: "username is owl_river9".
fn over_is(value: &str) -> &str {
    let verbs = [
        "is ", "ist ", "lautet ", "est ", "es ", "è ", "é ", "e ", "to ", "jest ", "je ", "este ", "är ",
        "er ",
    ];
    verbs.iter().find_map(|verb| value.strip_prefix(verb)).unwrap_or(value)
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
    // `velvet.badger42`
    let dotted = parts.len() == 2
        && lower
        && spelled.contains('.')
        && parts.iter().all(|word| word.len() >= 4)
        && parts[1].shape >= super::text::Shape::Digits
        && text.text.as_bytes()[parts[1].start as usize].is_ascii_alphabetic();
    let named = || match parts {
        [word] => lower && strange(word) && word.shape == super::text::Shape::Lower,
        _ => {
            spelled.contains(['.', '_'])
                && parts.iter().any(|word| strange(word) && word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY)))
        }
    };
    // `tkowalczyk84`, `svdberg3`: a word of no language, and a number behind it.
    let counted = || {
        let letters = spelled.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let known = || lexicon::get().look_up(lexicon::hash_letters(letters.as_bytes(), 0, letters.len()));
        parts.len() == 1
            && letters.len() >= 5
            && (1..=4).contains(&(spelled.len() - letters.len()))
            && letters.bytes().all(|byte| byte.is_ascii_lowercase())
            && !known().any(KNOWN)
            && !SYSTEM.contains(&lexicon::hash(letters))
    };
    shaped && lower
        || parts.len() == 1 && is_initialed(spelled)
        || counted()
        || numbered
        || sure == Sure::Named && (dotted || named())
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

/// `@jojo_knits`, `@jvirtanen`, `@w-liang67`: small letters of which a part is a name of the lists, where a sentence mentions
/// somebody; annotations and decorators of programs have words there.
fn is_personal(text: &Text<'_>, (start, end): (usize, usize)) -> bool {
    let spelled = &text.text[start..end];
    let small =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.' | b'-');
    let behind = &text.text[end..];
    let prose =
        text.text[..start - 1].ends_with([' ', '(', ',', '\t', '`']) && !behind.starts_with(['(', '/', '=']);
    spelled.bytes().all(small)
        && (prose && !behind.starts_with(':') || is_hyphened(spelled))
        && (is_initialed(spelled) || is_of_names(spelled))
}

/// Whether a hyphen is in it, which no decorator or annotation has.
fn is_hyphened(spelled: &str) -> bool {
    spelled.contains('-')
}

/// `jojo_knits`, `w-liang67`, `zhao-yuting`, `r.brandli`: parts of which one is a name of the lists, and none a word of a
/// language; or the first is a given name.
fn is_of_names(spelled: &str) -> bool {
    let letters = spelled.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let Some((first, rest)) = letters.split_once(['_', '.', '-']) else { return false };
    let table = lexicon::get();
    let known = |part: &str| table.look_up(lexicon::hash(part));
    let a_name = |part: &str, names: Lex| part.len() > 2 && known(part).any(names) && !known(part).any(KNOWN);
    let system = |part: &str| SYSTEM.contains(&lexicon::hash(part));
    let strange =
        |part: &str| part.len() == 1 || !part.is_empty() && !known(part).any(KNOWN) && !system(part);
    let any = Lex::FIRST_ANY.or(Lex::LAST_ANY);
    let two = !rest.contains(['_', '.', '-']);
    !system(first)
        && (a_name(first, Lex::FIRST_ANY)
            || two && strange(first) && strange(rest) && (a_name(first, any) || a_name(rest, any)))
}

/// The handle behind the `@` at `at`, if a network's name stands before it.
fn handle(text: &Text<'_>, at: usize) -> Option<(usize, usize)> {
    let before = text.text[..at].bytes().next_back();
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/')) {
        return None;
    }
    // What opens a line is a decorator: "@pytest.mark.slow".
    let first = text.text[..at].bytes().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
    let name = name_at(text, at + 1)?;
    let opens = first.is_none_or(|byte| byte == b'\n') && !text.keyed(Key::Network);
    if opens && !is_hyphened(&text.text[name.0..name.1]) {
        return None;
    }
    // Some networks are providers of keys too.
    let told =
        !opens && (text.keyed(Key::Network) || text.key_before(at, REACH, &[Key::Network, Key::Provider]));
    (told || is_personal(text, name)).then_some(name)
}

#[cfg(test)]
mod tests;
