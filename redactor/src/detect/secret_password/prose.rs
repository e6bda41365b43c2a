//! Passwords in sentences: "the password for the archive is Meatballs7", "Mein Passwort lautet Herbst!2022".

use std::sync::LazyLock;

use super::super::keywords::KeyHit;
use super::super::lexicon::{self, WordSet};
use super::super::text::Text;
use super::super::words::Words;
use super::{VALUE_BYTES_MAX, is_code, is_stand_in};

/// How many words may stand between the keyword and its value.
const WORDS_MAX: usize = 10;
/// How far before the keyword a word may stand that says what is done to it, in words.
const BEFORE_MAX: usize = 4;
/// The shortest password taken, in bytes.
const VALUE_BYTES_MIN: usize = 5;

/// "Is", in the languages held: a value follows.
static IS: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "is", "was", "lautet", "lautete", "ist", "war", "es", "era", "est", "etait", "e", "is", "luidt",
        "jest", "brzmi", "bylo", "ar", "var", "er", "lyder", "je", "zni", "este", "are", "wurde", "foi",
        "werd", "blev", "byla", "zostalo", "fost", "becomes", "remains",
    ])
});

/// What may stand between "is" and the value, and by itself tells of a change.
static CHANGED: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "set",
        "changed",
        "reset",
        "updated",
        "change",
        "update",
        "rotated",
        "switched",
        "geandert",
        "gesetzt",
        "changing",
        "resetting",
        "cambiada",
        "cambiado",
        "modifie",
        "cambiata",
        "gewijzigd",
        "veranderd",
        "alterada",
        "zmienione",
    ])
});

static FILLERS: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "now",
        "still",
        "currently",
        "been",
        "to",
        "as",
        "again",
        "back",
        "just",
        "simply",
        "temporarily",
        "auf",
        "jetzt",
        "nun",
        "ahora",
        "maintenant",
        "stata",
        "stato",
        "sido",
        "ete",
        "adesso",
        "ora",
        "nu",
        "agora",
        "teraz",
        "nyni",
        "acum",
        "a",
        "na",
        "til",
        "till",
        "ubrigens",
        "weiterhin",
        "immer",
        "noch",
        "always",
        "nog",
        "steeds",
        "altijd",
        "toujours",
        "siempre",
        "sempre",
        "zawsze",
        "fortfarande",
        "stadig",
    ])
});

/// What stands before the old value and the new one where a password is changed.
static INTO: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&["to", "from", "as", "von", "auf", "in", "na", "z", "fran", "till", "til"])
});

/// What stands between two passwords.
static AND: LazyLock<WordSet> =
    LazyLock::new(|| lexicon::set(&["and", "or", "und", "oder", "y", "et", "e", "en"]));

/// Whose password it is, where the value stands first: "Rosebud41 is the password".
static WHOSE: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&["the", "my", "our", "your", "his", "her", "their", "new", "das", "mein", "la", "le", "mi"])
});

/// What opens the words that say what the password is for.
static FOR: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "for", "of", "to", "on", "in", "fur", "zum", "zur", "des", "der", "vom", "von", "para", "del", "de",
        "do", "da", "pour", "du", "per", "di", "della", "voor", "van", "pentru", "pro", "k", "till", "til",
        "av", "dla",
    ])
});

/// Words of a user's name before a bare "pass".
static USERS: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&["user", "username", "login", "account", "usr", "log", "logon", "usuario", "benutzer"])
});

/// Words of networks, whose passwords are written behind without a verb.
static NETWORKS: LazyLock<WordSet> =
    LazyLock::new(|| lexicon::set(&["ssid", "wifi", "wlan", "fi", "hotspot", "network", "router"]));

/// What announced the next word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Nothing: it stands right behind the keyword.
    Beside,
    /// "Is", "set to".
    Value,
    /// "From", "to": a value or what the password is for.
    Maybe,
    /// "For", "of": words until "is".
    Not,
}

/// The values behind the keyword, two in "from … to …". A short keyword means other things too.
pub(super) fn values(text: &Text<'_>, hit: &KeyHit, short: bool) -> [Option<(usize, usize)>; 2] {
    let mut found = [None; 2];
    let words = text.words();
    let mut changes = changes_before(text, hit.first);
    // "To" is "is" in Polish.
    let polish = words[hit.last].hash == lexicon::hash("haslo");
    let mut told = Told::Beside;
    let mut index = hit.last + 1;
    if text.spelled(index) == "s" && matches!(text.gap(hit.last), "'" | "’") {
        (told, index) = (Told::Value, index + 1);
    }
    for (index, word) in words.iter().enumerate().skip(index).take(WORDS_MAX) {
        if ends_sentence(text.gap(index - 1)) {
            break;
        }
        let hash = word.hash;
        // "Password 7 …": how a router's configuration has hidden it (Cisco IOS, `username`).
        if told == Told::Beside
            && word.len() == 1
            && matches!(text.spelled(index), "0" | "5" | "7" | "8" | "9")
        {
            continue;
        }
        // "The password for the panel: …", and with a space before the colon in French.
        if told == Told::Not && found[0].is_none() && text.gap(index - 1).trim_start().starts_with(": ") {
            told = Told::Maybe;
        }
        if told != Told::Not
            && let Some(value) = value_at(text, index)
        {
            let spelled = &text.text[value.0..value.1];
            let fits = match told {
                Told::Beside => beside(text, hit, spelled, short),
                // "In version2" announces as little as "to user1".
                Told::Maybe => is_distinct(spelled) || is_signed(spelled),
                _ => looks_chosen(spelled) || is_camel(spelled),
            };
            if fits {
                if found[0].is_some() {
                    found[1] = Some(value);
                    break;
                }
                found[0] = Some(value);
                (told, changes) = (Told::Not, true);
                if !goes_on(text, index) {
                    break;
                }
                continue;
            }
        }
        told = if changes && INTO.contains(&hash) || found[0].is_some() && AND.contains(&hash) {
            Told::Maybe
        } else if IS.contains(&hash) || polish && text.spelled(index) == "to" {
            Told::Value
        } else if CHANGED.contains(&hash) && told != Told::Not {
            changes = true;
            told
        } else if FILLERS.contains(&hash) && told == Told::Value {
            told
        } else if told == Told::Not || told == Told::Maybe || FOR.contains(&hash) && told == Told::Beside {
            Told::Not
        } else {
            break;
        };
    }
    found
}

/// Whether a password was changed by what stands before the keyword: "changed the root password".
fn changes_before(text: &Text<'_>, first: usize) -> bool {
    text.words()[first.saturating_sub(BEFORE_MAX)..first].iter().any(|word| CHANGED.contains(&word.hash))
}

/// Whether another value may follow behind that one: "to", "and".
fn goes_on(text: &Text<'_>, index: usize) -> bool {
    let behind = &text.words()[index + 1..text.words().len().min(index + 5)];
    behind.iter().any(|word| INTO.contains(&word.hash) || AND.contains(&word.hash))
}

/// The value before the keyword: "Rosebud41 is the password", "use Rosebud41 as our password".
pub(super) fn before(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    let index = hit.first.checked_sub(3)?;
    let [value, verb, whose] = text.words().get(index..hit.first)? else { return None };
    let told = (IS.contains(&verb.hash) || text.spelled(index + 1) == "as") && WHOSE.contains(&whose.hash);
    if !told || text.gap(index + 1) != " " || text.gap(index + 2) != " " {
        return None;
    }
    let end = value.end as usize;
    let floor = text.text[..end].bytes().rev().take(VALUE_BYTES_MAX);
    let length =
        floor.take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b'`')).count();
    let spelled = text.text.get(end - length..end)?;
    is_distinct(spelled).then_some((end - length, end))
}

/// The answer to a question for a password, on the next line of a chat: "wifi pw again?\n oskar: Rosebud41 with capital R".
pub(super) fn answer(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    const QUESTION_BYTES_MAX: usize = 40;
    const SPEAKER_BYTES_MAX: usize = 32;
    let rest = text.text.get(hit.end..)?;
    let line = rest.bytes().take(QUESTION_BYTES_MAX).position(|byte| byte == b'\n')?;
    let (question, behind) = (rest[..line].trim_end(), &rest[line + 1..]);
    if !question.ends_with('?') {
        return None;
    }
    // A time may stand before the speaker: "[10:02] oskar: …".
    let speaker =
        behind.as_bytes()[..behind.len().min(SPEAKER_BYTES_MAX)].windows(2).position(|pair| pair == b": ")?;
    let said = text.text.len() - behind.len() + speaker + 2;
    let index = text.words().partition_point(|word| (word.start as usize) < said);
    value_at(text, index).filter(|value| is_distinct(&text.text[value.0..value.1]))
}

/// The value behind a keyword that is a heading or has a remark: `Password:` and the value on the next line, `Password
/// (temporary): …`, `password (…)`, `| password | … |`, "the password you asked for: …".
pub(super) fn below(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    const REMARK_BYTES_MAX: usize = 24;
    let rest = text.text.get(hit.end..)?;
    let value = match rest.as_bytes() {
        [b':', behind @ ..] => {
            let gap = behind.iter().take(8).take_while(|byte| byte.is_ascii_whitespace()).count();
            rest.get(1..1 + gap).filter(|gap| gap.contains('\n')).map(|gap| &rest[1 + gap.len()..])
        }
        [b' ', b'|', ..] => rest[2..].strip_prefix(' '),
        _ => {
            let line = rest.bytes().take(REMARK_BYTES_MAX);
            let words = line
                .take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'(' | b')'))
                .count();
            match rest.get(words..)?.strip_prefix(": ") {
                Some(value) => Some(value),
                None if rest[words..].starts_with(":\n") => Some(rest[words + 1..].trim_start()),
                None => rest.strip_prefix(" (").filter(|value| {
                    value.bytes().take(VALUE_BYTES_MAX).find(|byte| matches!(byte, b')' | b' ' | b'\n'))
                        == Some(b')')
                }),
            }
        }
    }?;
    let start = text.text.len() - value.len();
    let index = text.words().partition_point(|word| (word.start as usize) < start);
    let found = value_at_sign(text, index).filter(|found| found.0 == start)?;
    let behind = text.text[found.1..].trim_start_matches([' ', ')', '|', '.', '\r']);
    // It stands alone: a sentence goes on.
    let alone =
        behind.is_empty() || behind.starts_with(['\n', ',']) || text.text[found.1..].starts_with([')', '.']);
    (alone && is_distinct(&text.text[found.0..found.1])).then_some(found)
}

/// [`value_at`], behind an opening bracket or a line of a table too.
fn value_at_sign(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    value_at(text, index).or_else(|| {
        let word = text.word_at(index)?;
        let start = word.start as usize;
        let opened = text.text[..start].ends_with('(');
        let length = text.text[start..]
            .bytes()
            .take(VALUE_BYTES_MAX + 1)
            .take_while(|byte| !matches!(byte, b')' | b' ' | b'\n'));
        let end = start + length.count();
        text.text.get(start..end).filter(|_| opened).map(|_| (start, end))
    })
}

/// Signs among letters, and no digit.
fn is_signed(value: &str) -> bool {
    !value.bytes().any(|byte| byte.is_ascii_digit()) && looks_chosen(value)
}

/// More than one mark of a chosen password: two digits, or a digit and a capital.
fn is_distinct(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let upper = value.bytes().any(|byte| byte.is_ascii_uppercase());
    value.len() > VALUE_BYTES_MIN && (digits > 1 || digits == 1 && upper) && looks_chosen(value)
}

/// Whether a value without a verb is a password: it is quoted, has more than one mark of one, or stands where a network's does.
fn beside(text: &Text<'_>, hit: &KeyHit, value: &str, short: bool) -> bool {
    let before = &text.words()[hit.first.saturating_sub(BEFORE_MAX)..hit.first];
    let quoted = text.gap(hit.last).ends_with(['"', '\'', '`', '“', '„']);
    let has = |set: &WordSet| before.iter().any(|word| set.contains(&word.hash));
    if has(&NETWORKS) && is_camel(value) {
        return true;
    }
    let password = !short || has(&USERS);
    (is_distinct(value) || quoted && looks_chosen(value)) && password || is_strong(value)
}

/// A sign inside, two digits and more letters: behind any word for a password it is one.
fn is_strong(value: &str) -> bool {
    const BYTES_MIN: usize = 8;
    let count = |of: fn(&u8) -> bool| value.bytes().filter(of).count();
    let inside = value.get(1..value.len().saturating_sub(1)).unwrap_or_default();
    value.len() >= BYTES_MIN
        && is_distinct(value)
        && count(u8::is_ascii_digit) > 1
        && count(u8::is_ascii_alphabetic) > 3
        && inside.bytes().any(|byte| matches!(byte, b'!' | b'$' | b'%' | b'&' | b'#' | b'@' | b'^' | b'~'))
}

/// The token that begins with that word, without quotes and the sentence's marks.
fn value_at(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    let start = text.word_at(index)?.start as usize;
    let before = text.text[..start].chars().next_back()?;
    if !before.is_whitespace() && !matches!(before, '"' | '\'' | '`' | '“' | '„' | '«' | '‘' | '”') {
        return None;
    }
    let rest = &text.text[start..];
    let mut length = rest
        .bytes()
        .take(VALUE_BYTES_MAX + 1)
        .take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'`'))
        .count();
    while !rest.is_char_boundary(length) {
        length -= 1;
    }
    let mark = |letter: char| {
        matches!(
            letter,
            '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '>' | '\'' | '”' | '“' | '»' | '’'
        )
    };
    let spelled = rest[..length].trim_end_matches(mark);
    Some((start, start + spelled.len()))
}

/// Whether a word of prose looks like a password: letters with digits or signs among them, and no technical term.
pub(crate) fn looks_chosen(value: &str) -> bool {
    static TERMS: Words<26> = Words::new([
        "oauth2",
        "ipv4",
        "ipv6",
        "base64",
        "base32",
        "argon2",
        "argon2id",
        "argon2i",
        "pbkdf2",
        "ntlmv2",
        "office365",
        "keepass2",
        "auth0",
        "log4j",
        "x509",
        "python3",
        "chacha20",
        "ed25519",
        "curve25519",
        "kerberos5",
        "smbv1",
        "tlsv1",
        "sslv3",
        "win32",
        "windows10",
        "windows11",
    ]);
    let bytes = value.as_bytes();
    if !(VALUE_BYTES_MIN..=VALUE_BYTES_MAX).contains(&bytes.len())
        || is_code(value)
        || is_stand_in(value)
        || TERMS.hold(value)
    {
        return false;
    }
    let count = |of: fn(&u8) -> bool| bytes.iter().filter(|byte| of(byte)).count();
    let (digits, lower) = (count(u8::is_ascii_digit), count(u8::is_ascii_lowercase));
    let signs = count(|byte| {
        matches!(byte, b'!' | b'$' | b'%' | b'&' | b'*' | b'#' | b'@' | b'+' | b'^' | b'~' | b'?')
    });
    // SHA256 and TLS1.2 are terms; an address of mail is another's, and so is `name=value`.
    let address = value.contains('=') || value.split_once('@').is_some_and(|(_, host)| host.contains('.'));
    // "8-character", "3rd", "90days": quantities.
    let quantity = bytes[0].is_ascii_digit()
        && bytes.iter().skip_while(|byte| byte.is_ascii_digit()).all(|byte| !byte.is_ascii_digit());
    lower > 0 && !address && (signs > 0 || digits > 0 && !quantity)
}

/// `freeWaffles`: a word in lower case goes on with a capital.
fn is_camel(value: &str) -> bool {
    static NAMES: Words<9> = Words::new([
        "iphone",
        "ipad",
        "icloud",
        "camelcase",
        "javascript",
        "ebay",
        "itunes",
        "macos",
        "openid",
    ]);
    let bytes = value.as_bytes();
    let joint = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    bytes.len() >= 8
        && bytes[0].is_ascii_lowercase()
        && bytes.iter().all(u8::is_ascii_alphabetic)
        && bytes.windows(2).any(joint)
        && !NAMES.hold(value)
}

/// Whether a sentence or line ends in what stands between two words.
fn ends_sentence(gap: &str) -> bool {
    gap.contains(['\n', ';', '?', '(', '|']) || gap.contains(". ") || gap.contains("! ")
}
