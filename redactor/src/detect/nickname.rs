//! Nicknames: `William "Bill" Kowalski`, `goes by "Skip"`, `everyone calls her Bibi`.
//!
//! Between a given and a family name, in quotes or brackets, and behind the phrases that introduce one. A nickname may be
//! any word: behind these it need not be a known name, only capitalised.

use std::sync::LazyLock;

use super::lexicon::{self, Lex, WordSet};
use super::text::{Shape, Text};
use super::{Category, Detector, Hit, Needs};

/// Finds nicknames.
pub(super) struct Nickname;

/// Phrases before a nickname; words between them and it are in [`FILLERS`].
const PHRASES: &[&[&str]] = &[
    &["goes", "by"],
    &["go", "by"],
    &["went", "by"],
    &["going", "by"],
    &["nickname"],
    &["nicknamed"],
    &["answers", "to"],
    &["calls", "her"],
    &["calls", "him"],
    &["calls", "me"],
    &["call", "her"],
    &["call", "him"],
    &["call", "me"],
    &["called", "her"],
    &["called", "him"],
    &["prefers", "to", "be", "called"],
    &["likes", "to", "be", "called"],
    &["wants", "to", "be", "called"],
    &["prefers"],
    &["preferred", "name"],
];
const FILLERS: &[&str] = &["is", "was", "the", "name", "by"];

/// What cannot be a nickname.
const OTHER: Lex =
    Lex::DRUG.or(Lex::MONTH).or(Lex::PERIOD).or(Lex::STATE).or(Lex::FACILITY).or(Lex::CLINICAL);

/// The last words of [`PHRASES`], and [`FILLERS`].
static LAST_SET: LazyLock<WordSet> = LazyLock::new(|| {
    PHRASES.iter().filter_map(|phrase| phrase.last()).chain(FILLERS).map(|word| lexicon::hash(word)).collect()
});

impl Detector for Nickname {
    fn id(&self) -> &'static str {
        "nickname"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Name]
    }

    fn example(&self) -> &'static str {
        "William \"Bill\" Kowalski goes by \"Skip\""
    }

    fn needs(&self) -> Needs {
        Needs::CAPITALS
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let words = text.words();
        let quoted = [b'"', b'(', b'\'', 0xE2, 0x80].iter().any(|sign| text.may_hold(*sign));
        for (index, word) in text.capitals() {
            if !word.capital(text.text) | (word.shape == Shape::Upper) | (word.len() < 2) {
                continue;
            }
            let Some(before) = index.checked_sub(1) else { continue };
            let bare = text.joint(before) == b' ';
            if !bare && !opens(text.gap(before)) {
                continue;
            }
            if quoted && !bare && inner(text, index) {
                let family = index + 1 + usize::from(joined_on(text, index + 1));
                let (start, end) = (words[before].start as usize, words[family].end as usize);
                hits.push(Hit { start, end, category: Category::Name, rule: "nickname.inner", score: 0.8 });
            } else if words[before].shape == Shape::Lower && introduced(text, before) {
                let common = Lex::ANY_WORD.or(Lex::NEVER);
                if word.lex.any(OTHER) || bare && word.lex.any(common) && !word.lex.any(Lex::FIRST) {
                    continue;
                }
                let (start, end) = (word.start as usize, word.end as usize);
                hits.push(Hit {
                    start,
                    end,
                    category: Category::Name,
                    rule: "nickname.introduced",
                    score: 0.75,
                });
            }
        }
    }
}

fn opens(gap: &str) -> bool {
    matches!(gap, " \"" | " (" | " '" | " “" | " ‘" | " (\"" | " („" | " „" | ": " | " «")
}

/// Whether a family name has a second part: `Agnieszka "Aggie" Dombrowska-Teller`.
fn joined_on(text: &Text<'_>, family: usize) -> bool {
    text.gap(family) == "-" && text.word_at(family + 1).is_some_and(|part| part.shape == Shape::Capital)
}

/// Whether the word stands in quotes between a given and a family name.
fn inner(text: &Text<'_>, index: usize) -> bool {
    let closes = matches!(text.gap(index), "\" " | ") " | "' " | "” " | "’ " | "\") " | "“ " | "» ");
    let (Some(given), Some(family)) = (text.word_at(index - 1), text.word_at(index + 1)) else {
        return false;
    };
    let word = &text.words()[index];
    let plain = |word: &super::text::Word| {
        matches!(word.shape, Shape::Capital | Shape::Mixed) && !word.lex.any(OTHER.or(Lex::NEVER))
    };
    let bracket = text.gap(index - 1).contains('(');
    closes
        && plain(given)
        && plain(family)
        && given.lex.any(Lex::FIRST_ANY)
        && (family.lex.any(Lex::LAST_ANY) || !family.lex.any(Lex::ANY_WORD))
        && (!bracket || word.lex.any(Lex::FIRST_ANY) || !word.lex.any(Lex::ANY_WORD.or(Lex::NEVER)))
        && !word.lex.any(OTHER)
}

/// Whether one of the phrases ends at the word.
fn introduced(text: &Text<'_>, last: usize) -> bool {
    if !LAST_SET.contains(&text.words()[last].hash) {
        return false;
    }
    let ends = |last: usize| {
        PHRASES.iter().any(|phrase| {
            last + 1 >= phrase.len()
                && phrase.iter().rev().enumerate().all(|(back, word)| {
                    text.spelled(last - back).eq_ignore_ascii_case(word)
                        && (back == 0 || text.gap(last - back) == " ")
                })
        })
    };
    let filled = FILLERS.iter().any(|filler| filler.eq_ignore_ascii_case(text.spelled(last)));
    ends(last) || filled && last > 0 && text.gap(last - 1) == " " && ends(last - 1)
}

#[cfg(test)]
mod tests;
