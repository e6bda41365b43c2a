//! Plain words as passwords in configuration: `REDIS_PASS=badger`, `--password softPebble`, `"password": "badger"`.

use super::super::keywords::KeyHit;
use super::super::lexicon::{self, Lex};
use super::super::secret_assignment::{is_type, made};
use super::super::text::Text;
use super::super::words::{Parts, Words};
use super::{PASSWORDS, SHORT, VALUE_BYTES_MAX, is_code, is_stand_in, prose};

/// The shortest password taken, in bytes.
const VALUE_BYTES_MIN: usize = 4;
/// How far behind a variable's name its default may stand, in bytes.
const DEFAULT_BYTES_MAX: usize = 256;

/// The whole text under a JSON key such as `pass` or `DB_PASS`.
pub(super) fn under_key(text: &Text<'_>) -> Option<(usize, usize)> {
    let key = text.key?;
    let last = key.rsplit(|letter: char| !letter.is_ascii_alphanumeric()).next()?;
    let joined = last.len() < key.len();
    if !PASSWORDS.contains(&lexicon::hash(last)) {
        return None;
    }
    let value = text.text.trim();
    let start = text.text.len() - text.text.trim_start().len();
    let telling = joined || !SHORT.contains(&lexicon::hash(last)) || looks_odd(value);
    (telling && is_plain(value)).then_some((start, start + value.len()))
}

/// Not a word as it stands in a dictionary: a capital, a digit or a sign.
fn looks_odd(value: &str) -> bool {
    value.len() >= 6
        && value.bytes().any(|byte| !byte.is_ascii_lowercase())
        && !value.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether a literal value may be a password: one word that is no placeholder and no code.
pub(in crate::detect) fn is_plain(value: &str) -> bool {
    (VALUE_BYTES_MIN..=VALUE_BYTES_MAX).contains(&value.len())
        && !value.contains(char::is_whitespace)
        && value.bytes().any(|byte| byte.is_ascii_alphanumeric())
        && !is_code(value)
        && !is_stand_in(value)
}

/// The value behind the keyword and `=` or `:`.
pub(super) fn assigned(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    let rest = &text.text[hit.end..];
    let closed = rest.trim_start_matches(['\\', '"', '\'', ']']);
    let behind_key = closed.trim_start_matches([' ', '\t']);
    let sign = ["=>", ":=", "==", "=", ":"].into_iter().find(|sign| behind_key.starts_with(sign))?;
    let value = &behind_key[sign.len()..];
    let opened = value.trim_start_matches([' ', '\t']);
    let spaced = opened.len() < value.len() || behind_key.len() < closed.len();
    let at = |value: &str| text.text.len() - value.len();
    let bare = text.word_at(hit.last).is_some_and(|word| SHORT.contains(&word.hash)) && !is_joined(text, hit);
    let inner = opened.trim_start_matches('\\');
    if let Some(quote @ (b'"' | b'\'')) = inner.bytes().next() {
        let value = &inner[1..];
        let length = value
            .bytes()
            .take(VALUE_BYTES_MAX + 1)
            .position(|byte| matches!(byte, b'\n') || byte == quote)?;
        let spelled = value[..length].trim_end_matches('\\');
        let fits = value.as_bytes()[length] == quote && is_plain(spelled) && (!bare || looks_odd(spelled));
        return fits.then(|| (at(value), at(value) + spelled.len()));
    }
    let length = opened.bytes().take(VALUE_BYTES_MAX + 1).take_while(|byte| is_bare(*byte)).count();
    let (spelled, behind) = (opened.get(..length)?, opened[length..].bytes().next());
    let ends =
        matches!(behind, None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'&' | b';' | b',' | b'"' | b'\''));
    // `args.password`, `user.pw`: an attribute.
    let attribute = spelled.contains('.') && !spelled.bytes().any(|byte| byte.is_ascii_digit());
    // A variable is written in humps: `{ email: emailInput, password: passwordInput }`.
    let humps = spelled
        .as_bytes()
        .windows(2)
        .any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    let account =
        sign == ":" && !humps && behind_account(text, hit) && !spelled.eq_ignore_ascii_case("secret");
    let bare = bare && !account && !in_connection(text, hit, behind);
    if !ends || attribute || !is_plain(spelled) || (bare && !looks_odd(spelled)) || is_type(spelled) {
        return None;
    }
    let told = match sign {
        _ if account => matches!(behind, None | Some(b'\n' | b'\r' | b',' | b';')),
        _ if behind == Some(b',') => false,
        "=" if !spaced => !is_member(text, hit),
        // A line of its own, as in YAML, with what no dictionary has or behind a longer name, which no sentence has;
        // behind `=` a program's variable may stand too.
        "=" | ":" => {
            let variable = sign == "=" && (is_member(text, hit) || spelled.split('_').any(is_stand_in));
            starts_line(text, hit)
                && matches!(behind, None | Some(b'\n' | b'\r'))
                && (!is_word(spelled) || sign == ":" && is_joined(text, hit))
                && !variable
        }
        _ => false,
    };
    told.then(|| (at(opened), at(opened) + length))
}

/// Whether the account that the password opens stands right before it: `Username: qorbeta`, on the same line or the one
/// above.
fn behind_account(text: &Text<'_>, hit: &KeyHit) -> bool {
    const REACH_BYTES: usize = 64;
    static ACCOUNTS: Parts<4> = Parts::new(["user", "login", "e-mail", "email"]);
    let start = text.word_at(hit.first).map_or(0, |word| word.start as usize);
    let before = &text.text.as_bytes()[start.saturating_sub(REACH_BYTES)..start];
    let before = before.trim_ascii_end();
    if before.iter().any(|byte| matches!(byte, b'{' | b'(' | b'=')) {
        return false;
    }
    let Some(colon) = memchr::memrchr(b':', before) else { return false };
    // One value stands between, and nothing of a sentence.
    let value = before[colon + 1..].trim_ascii();
    let value =
        value.strip_suffix(b",").or(value.strip_suffix(b";")).or(value.strip_suffix(b"/")).unwrap_or(value);
    let one = !value.is_empty() && !value.trim_ascii_end().iter().any(u8::is_ascii_whitespace);
    let line = before[..colon].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    one && (line..colon).any(|at| ACCOUNTS.begins(&before[at..colon]))
}

/// A part of a connection string: `Server=h;Uid=a;Pwd=winter;`.
fn in_connection(text: &Text<'_>, hit: &KeyHit, behind: Option<u8>) -> bool {
    const PART_BYTES_MAX: usize = 64;
    let start = text.word_at(hit.first).map_or(0, |word| word.start as usize);
    let before = &text.text.as_bytes()[start.saturating_sub(PART_BYTES_MAX)..start];
    before.last() == Some(&b';')
        && before.contains(&b'=')
        && matches!(behind, None | Some(b';' | b'"' | b'\''))
}

/// The value of an element that the keyword names: `<add key="Password" value="winter"/>`.
pub(super) fn attribute(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    let value = text.text[hit.end..].strip_prefix('"')?.trim_start().strip_prefix("value=\"")?;
    let length = value.bytes().take(VALUE_BYTES_MAX + 1).position(|byte| byte == b'"')?;
    let start = text.text.len() - value.len();
    let spelled = value.get(..length)?;
    let label = starts_with_tag(text, hit, "<input") || starts_with_tag(text, hit, "<button");
    (!label && is_plain(spelled)).then_some((start, start + length))
}

/// Whether the element in which the keyword stands is that one.
fn starts_with_tag(text: &Text<'_>, hit: &KeyHit, tag: &str) -> bool {
    const ELEMENT_BYTES_MAX: usize = 128;
    let start = text.word_at(hit.first).map_or(0, |word| word.start as usize);
    let before = &text.text.as_bytes()[start.saturating_sub(ELEMENT_BYTES_MAX)..start];
    let open = before.iter().rposition(|byte| *byte == b'<');
    open.is_some_and(|open| before[open..].starts_with(tag.as_bytes()))
}

/// A phrase between quotes: `password: "correct horse battery staple"`.
pub(super) fn phrase(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    const WORDS: std::ops::RangeInclusive<usize> = 4..=10;
    static SAID: Words<48> = Words::new([
        "please",
        "enter",
        "choose",
        "type",
        "required",
        "changed",
        "reset",
        "invalid",
        "wrong",
        "incorrect",
        "must",
        "have",
        "has",
        "had",
        "should",
        "least",
        "minimum",
        "maximum",
        "characters",
        "letters",
        "digits",
        "symbols",
        "not",
        "too",
        "your",
        "the",
        "this",
        "that",
        "with",
        "from",
        "for",
        "and",
        "are",
        "was",
        "been",
        "will",
        "can",
        "new",
        "does",
        "match",
        "long",
        "short",
        "only",
        "same",
        "needs",
        "use",
        "see",
        "stored",
    ]);
    let rest = text.text[hit.end..].trim_start_matches(['"', '\'']);
    let value = rest.strip_prefix([':', '='])?.trim_start_matches(' ').strip_prefix(['"', '\''])?;
    let length = value.bytes().take(VALUE_BYTES_MAX + 1).position(|byte| matches!(byte, b'"' | b'\''))?;
    let spelled = value.get(..length)?;
    let small = |word: &str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let said = |word: &str| {
        SAID.hold(word)
            || PASSWORDS.contains(&lexicon::hash(word))
            || lexicon::get().look_up(lexicon::hash(word)).any(Lex::FUNCTION)
    };
    // A sentence about the password has words of grammar, a phrase that was drawn has none.
    let drawn = WORDS.contains(&spelled.split(' ').count())
        && spelled.split(' ').all(|word| small(word) && !said(word));
    let start = text.text.len() - value.len();
    drawn.then_some((start, start + length))
}

/// What stands in for a variable that is not set: `process.env.DB_PASS ?? 'x'`.
pub(super) fn fallback(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    const ENV_BYTES: usize = 32;
    let rest = text.text[hit.end..].trim_start_matches(['\'', '"', ']', ' ']);
    let value = rest.strip_prefix("??").or_else(|| rest.strip_prefix("||"))?.trim_start_matches(' ');
    let quote = value.bytes().next().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let value = &value[1..];
    let length = value.bytes().take(VALUE_BYTES_MAX + 1).position(|byte| byte == quote)?;
    let start = text.word_at(hit.first)?.start as usize;
    let before = &text.text.as_bytes()[start.saturating_sub(ENV_BYTES)..start];
    let spelled = &value[..length];
    let fits = (is_plain(spelled) || made(spelled)) && memchr::memmem::find(before, b"env").is_some();
    let start = text.text.len() - value.len();
    fits.then_some((start, start + length))
}

/// The value of an option: `--password softPebble --force`.
pub(super) fn option(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    let before = &text.text[..text.word_at(hit.first)?.start as usize];
    let name = before.bytes().rev().take(VALUE_BYTES_MAX);
    let name = name.take_while(|byte| byte.is_ascii_lowercase() || *byte == b'-').count();
    if !before[before.len() - name..].starts_with("--") {
        return None;
    }
    let value = text.text[hit.end..].strip_prefix(' ')?;
    let quoted = value.starts_with(['"', '\'']);
    let value = if quoted { &value[1..] } else { value };
    let length = value
        .bytes()
        .take(VALUE_BYTES_MAX + 1)
        .take_while(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\''))
        .count();
    let spelled = value.get(..length)?;
    if spelled.starts_with('-')
        || !is_plain(spelled)
        || spelled.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    {
        return None;
    }
    // Another option or the end: then it is a command, and no sentence about the option.
    let command = value[length..].trim_start().starts_with('-') || value[length..].trim_start().is_empty();
    let told = quoted
        || prose::looks_chosen(spelled)
        || command && !is_word(spelled)
        || value[length..].starts_with(" --");
    let start = text.text.len() - value.len();
    told.then_some((start, start + length))
}

/// The default of a variable that is called so: `variable "db_password" { default = "…" }` (Terraform, input variables).
pub(super) fn declared(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    let block = text.text[hit.end..].strip_prefix('"')?.trim_start().strip_prefix('{')?;
    let length = block.bytes().take(DEFAULT_BYTES_MAX).take_while(|byte| *byte != b'}').count();
    let block_end = block.get(..length)?;
    let behind = &block_end[block_end.find("default")? + "default".len()..];
    let value = behind.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?;
    let spelled = &value[..value.find('"')?];
    let start = text.text.len() - block.len() + length - value.len();
    is_plain(spelled).then_some((start, start + spelled.len()))
}

/// What a bare value is made of.
fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'_' | b'-' | b'.' | b'!' | b'@' | b'#' | b'%' | b'^' | b'*' | b'+' | b'~' | b'?' | b'/'
        )
        || byte >= 0x80
}

/// A longer name ends with the keyword: `REDIS_PASS`, `spring.mail.password`.
fn is_joined(text: &Text<'_>, hit: &KeyHit) -> bool {
    let start = text.word_at(hit.first).map_or(0, |word| word.start as usize);
    text.text[..start].ends_with(['_', '.', '-'])
}

/// A member of an object in a program: `self.password=value`.
fn is_member(text: &Text<'_>, hit: &KeyHit) -> bool {
    hit.first > 0
        && text.joint(hit.first - 1) == b'.'
        && matches!(
            text.spelled(hit.first - 1),
            "self" | "this" | "user" | "args" | "obj" | "form" | "req" | "cfg" | "options" | "opts"
        )
}

/// Whether only white space, a dash or a longer name stands before the keyword on its line.
fn starts_line(text: &Text<'_>, hit: &KeyHit) -> bool {
    let start = text.word_at(hit.first).map_or(0, |word| word.start as usize);
    let before = text.text[..start].bytes().rev().take(VALUE_BYTES_MAX);
    before
        .take_while(|byte| *byte != b'\n')
        .all(|byte| matches!(byte, b' ' | b'\t' | b'-' | b'_' | b'.') || byte.is_ascii_alphabetic())
}

fn is_word(value: &str) -> bool {
    lexicon::get().look_up(lexicon::hash(value)).any(Lex::WORD)
}
