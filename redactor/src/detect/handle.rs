//! Names of persons where no prose is: `maria.gonzalez` as an account or a key, and before an address of mail,
//! `Maria Gonzalez <mg@clinic.example>` (RFC 5322 section 3.4).
//!
//! A handle is a frequent given name and a family name with a dot, an underscore or a hyphen between, neither of
//! them a common word; with underscores and hyphens it counts only where it is the whole text.

use super::lexicon::{self, Lex};
use super::text::{Shape, Text, Word};
use super::{Category, Detector, Hit, Needs};

/// Finds handles and the names of mailboxes.
pub(super) struct Handle;

/// The longest handle, in bytes.
const BYTES_MAX: usize = 48;

impl Detector for Handle {
    fn id(&self) -> &'static str {
        "handle"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Name]
    }

    fn example(&self) -> &'static str {
        "account maria.gonzalez locked"
    }

    fn needs(&self) -> Needs {
        Needs::lexes(Lex::FIRST).or(Needs::lexes(Lex::LAST)).or(Needs::signs(b"@"))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push =
            |start, end, rule, score| hits.push(Hit { start, end, category: Category::Name, rule, score });
        // A handle begins with a given name.
        let opens = |word: &Word| word.start == 0 && word.lex.any(Lex::FIRST);
        if text.words().first().is_some_and(opens) && is_handle(text.text) {
            push(0, text.text.len(), "handle.whole", 0.7);
            return;
        }
        for index in text.glued() {
            if text.joint(index) == b'.'
                && let Some(last) = initialed(text, index)
            {
                let start = text.words()[index].start as usize;
                push(start, text.words()[last].end as usize, "handle.initial", 0.6);
            }
            if text.words()[index].lex.any(Lex::FIRST)
                && text.joint(index) == b'.'
                && let Some(last) = dotted(text, index)
            {
                let start = text.words()[index].start as usize;
                push(start, text.words()[last].end as usize, "handle.dotted", 0.6);
            }
        }
        for at in text.ats() {
            if let Some((start, end)) = mailbox(text, *at as usize) {
                push(start, end, "handle.mailbox", 0.8);
            }
        }
    }
}

const OTHER: Lex = Lex::ANY_WORD.or(Lex::NEVER).or(Lex::KEY).or(Lex::DRUG).or(Lex::BRAND).or(Lex::MONTH);

/// `maria.gonzalez`, `Maria.L.Gonzalez`: the last word.
fn dotted(text: &Text<'_>, index: usize) -> Option<usize> {
    let words = text.words();
    let first = words[index];
    if !first.lex.any(Lex::FIRST)
        || first.lex.any(OTHER)
        || first.len() < 3
        || is_abbreviation(text.spelled(index))
    {
        return None;
    }
    let initial = words.get(index + 1).is_some_and(|word| word.len() == 1) && text.gap(index + 1) == ".";
    let last = index + 1 + usize::from(initial);
    let family = words.get(last)?;
    let same = (first.shape == Shape::Lower) == (family.shape == Shape::Lower);
    let named = family.lex.any(Lex::LAST) && !family.lex.any(OTHER) && family.len() >= 3;
    // A call or an attribute of a program.
    let code = matches!(text.gap(last).chars().next(), Some('(' | '=' | '['));
    (same && named && !code).then_some(last)
}

/// `n.fairbairn`, `m.zschiesche`: an initial, a dot and a family name of the lists in small letters, as offices make the names
/// of accounts. The last word.
fn initialed(text: &Text<'_>, index: usize) -> Option<usize> {
    let (initial, family) = (text.word_at(index)?, text.word_at(index + 1)?);
    let small = initial.len() == 1 && initial.shape == Shape::Lower && family.shape == Shape::Lower;
    let named = family.lex.any(Lex::LAST) && !family.lex.any(OTHER.or(Lex::FIRST)) && family.len() >= 5;
    let start = initial.start as usize;
    let opened = text.text[..start].bytes().next_back();
    let alone = opened
        .is_none_or(|byte| matches!(byte, b' ' | b'\n' | b'(' | b'"' | b'\'' | b':' | b'=' | b',' | b'@'));
    let code = text.text[family.end as usize..].starts_with(['(', '=', '[', '.', '/', '_', '-', '@', '<'])
        && !text.text[family.end as usize..].starts_with(". ");
    (small && named && alone && !code).then_some(index + 1)
}

/// Given names that programs use for something else.
const ABBREVIATIONS: &[&str] =
    &["max", "min", "art", "val", "gene", "sol", "don", "ray", "jack", "page", "chip", "ida", "dot"];

fn is_abbreviation(word: &str) -> bool {
    ABBREVIATIONS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether the whole of a short text is a handle: `maria.gonzalez`, `maria_gonzalez`, `john-a-smith`.
pub(crate) fn is_handle(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() > BYTES_MAX {
        return false;
    }
    let Some(joint) = bytes.iter().position(|byte| matches!(byte, b'.' | b'_' | b'-')) else {
        return false;
    };
    if joint < 3 || bytes.len() - joint < 3 {
        return false;
    }
    let table = lexicon::get();
    let known = |word: &str| {
        let letters = word.bytes().all(|byte| byte.is_ascii_alphabetic());
        if letters { table.look_up(lexicon::hash_letters(word.as_bytes(), 0, word.len())) } else { Lex::NONE }
    };
    let first = known(&text[..joint]);
    if !first.any(Lex::FIRST) || first.any(OTHER) || is_abbreviation(&text[..joint]) {
        return false;
    }
    let mut rest = text[joint + 1..].split(['.', '_', '-']);
    let (Some(mut last), next, more) = (rest.next(), rest.next(), rest.next()) else { return false };
    if let Some(next) = next {
        if last.len() > 1 && !known(last).any(Lex::FIRST) {
            return false;
        }
        last = next;
    }
    let last = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let family = known(last);
    let lists = if bytes[joint] == b'.' { Lex::LAST_ANY } else { Lex::LAST };
    more.is_none() && last.len() >= 3 && family.any(lists) && !family.any(OTHER)
}

/// The name before the `<` of the mailbox whose `@` stands at `at`.
fn mailbox(text: &Text<'_>, at: usize) -> Option<(usize, usize)> {
    const LOCAL_MAX: usize = 64;
    const NAME_MAX: usize = 80;
    const WORDS_MAX: usize = 4;
    let bytes = text.text.as_bytes();
    let floor = at.saturating_sub(LOCAL_MAX);
    let open = bytes[floor..at]
        .iter()
        .rposition(|byte| matches!(byte, b'<' | b' ' | b'\n'))
        .map(|open| floor + open)?;
    if bytes[open] != b'<' {
        return None;
    }
    let before = text.text[..open].trim_end_matches([' ', '"', '\'', '\\']);
    let end = before.len();
    let mut floor = end.saturating_sub(NAME_MAX);
    while !before.is_char_boundary(floor) {
        floor += 1;
    }
    let stop =
        |c: char| matches!(c, '\n' | '\r' | '\t' | ':' | ';' | '"' | '<' | '>' | '(' | ')' | '=' | '{' | '[');
    let from = before[floor..].rfind(stop).map_or(floor, |stop| floor + stop + 1);
    let words = text.words();
    let first = words.partition_point(|word| (word.start as usize) < from);
    let last = words.partition_point(|word| (word.end as usize) <= end).checked_sub(1)?;
    let named = words.get(first..=last).filter(|words| (1..=8).contains(&words.len()))?;
    // The last words in capitals; "cc Maria Gonzalez" and what a comma parts from it are not all of it.
    let mut from = named.len();
    while from > 0 && named.len() - from < WORDS_MAX && named[from - 1].capital(text.text) {
        let behind_comma = from < named.len() && text.gap(first + from - 1).contains(',');
        if behind_comma && named.len() - from > 1 {
            break;
        }
        from -= 1;
    }
    let name = &named[from..];
    let known =
        name.iter().any(|word| word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY)) && !word.lex.any(OTHER));
    let unknown = name.len() > 1 && name.iter().all(|word| !word.lex.any(Lex::ANY_WORD.or(Lex::NEVER)));
    (known || unknown).then(|| (name[0].start as usize, name[name.len() - 1].end as usize))
}

#[cfg(test)]
mod tests;
