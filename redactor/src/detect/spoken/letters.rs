//! Names that are spelled on the telephone: `it's spelled Q O R B E T A`, `B as in Bravo, R as in Romeo`.

use super::super::keywords::Key;
use super::super::text::{Shape, Text, Word};
use super::super::words::Words;
use super::super::{Category, Hit};

/// The fewest letters of a name that is spelled, and where no word says that it is.
const LETTERS_MIN: usize = 3;
const LETTERS_BARE_MIN: usize = 4;
/// How many words may stand between what says so and the first letter.
const WORDS_BETWEEN: usize = 3;
/// The fewest letters that are told by words.
const WORDS_MIN: usize = 2;

/// Adds what is spelled letter by letter.
pub(super) fn spelled(text: &Text<'_>, hits: &mut Vec<Hit>) {
    let mut covered = 0;
    let mut push = |first: usize, last: usize, category, rule| {
        let words = text.words();
        let (start, end) = (words[first].start as usize, words[last].end as usize);
        hits.push(Hit { start, end, category, rule, score: 0.8 });
    };
    // Small letters too, behind what says that a name is spelled.
    for hit in text.keys().iter().filter(|hit| hit.key == Key::Name) {
        let behind = hit.last + 1..hit.last + 2 + WORDS_BETWEEN;
        let Some(first) = behind.clone().find(|at| is_letter(text, *at)) else { continue };
        if let Some(last) = by_words(text, first) {
            push(first, last, Category::UniqueId, "spoken.words");
            covered = last + 1;
            continue;
        }
        let said = (behind.start..first).any(|at| says_spelled(text, at));
        let least = if said { LETTERS_MIN } else { LETTERS_BARE_MIN };
        // "My name is", "last name"; a patient A and a patient B are nobody.
        let named = || first == behind.start && matches!(text.spelled(hit.last), "is" | "name" | "Name");
        if first >= covered
            && (said || named())
            && let Some(last) = run(text, first).filter(|last| last + 1 - first >= least)
        {
            push(first, last, Category::Name, "spoken.letters");
            covered = last + 1;
        }
    }
    for (index, word) in text.capitals() {
        if word.len() > 1 || index < covered {
            continue;
        }
        // Another letter follows, or what tells it.
        let next = text.word_at(index + 1).map_or(0, Word::len);
        if next != 1 && !matches!(text.spelled(index + 1), "as" | "like" | "for") {
            continue;
        }
        let said = || (index.saturating_sub(WORDS_BETWEEN + 1)..index).any(|at| says_spelled(text, at));
        if let Some(last) = by_words(text, index) {
            push(index, last, Category::UniqueId, "spoken.words");
            covered = last + 1;
        } else if let Some(last) = run(text, index).filter(|last| last + 1 - index >= LETTERS_MIN && said()) {
            push(index, last, Category::Name, "spoken.letters");
            covered = last + 1;
        }
    }
}

fn says_spelled(text: &Text<'_>, index: usize) -> bool {
    static SPELLED: Words<4> = Words::new(["spelled", "spelt", "spell", "spelling"]);
    SPELLED.hold(text.spelled(index))
}

fn is_letter(text: &Text<'_>, index: usize) -> bool {
    text.word_at(index)
        .is_some_and(|word| word.len() == 1 && !matches!(word.shape, Shape::Digits | Shape::Alnum))
}

/// The last of the letters that stand one behind the other from there on.
fn run(text: &Text<'_>, first: usize) -> Option<usize> {
    const LETTERS_MAX: usize = 24;
    let goes_on = |at: &usize| {
        matches!(text.gap(*at), " " | "-" | ", " | ". " | " - " | "... ") && is_letter(text, at + 1)
    };
    is_letter(text, first)
        .then(|| (first..first + LETTERS_MAX).take_while(goes_on).last().map_or(first, |at| at + 1))
}

/// The last word of letters that are told by words which begin with them: `B as in Bravo, R as in Romeo`.
fn by_words(text: &Text<'_>, first: usize) -> Option<usize> {
    const WORDS_MAX: usize = 24;
    let (mut at, mut last, mut count) = (first, first, 0);
    while count < WORDS_MAX
        && let Some(word) = by_word(text, at)
    {
        (last, count) = (word, count + 1);
        let and = text.spelled(word + 1).eq_ignore_ascii_case("and");
        at = word + 1 + usize::from(and);
        if !matches!(text.gap(word), " " | ", " | ". " | "; " | " - ") {
            break;
        }
    }
    // "A for apple, B for ball": the alphabet.
    let letter = |at: usize| text.spelled(at).bytes().next().map(|byte| byte.to_ascii_lowercase());
    let words = || (first..=last).filter(|at| is_letter(text, *at)).filter_map(letter);
    let alphabet = words().zip(words().skip(1)).all(|(one, next)| next == one + 1);
    (count >= WORDS_MIN && !alphabet).then_some(last)
}

/// The word that tells the letter there, if one does: `B as in Bravo`, `B like Bravo`.
fn by_word(text: &Text<'_>, letter: usize) -> Option<usize> {
    let spaced = |at: usize| text.gap(at) == " ";
    let word = match text.spelled(letter + 1) {
        "as" if text.spelled(letter + 2) == "in" && spaced(letter + 1) => letter + 3,
        "like" | "for" => letter + 2,
        _ => return None,
    };
    let said = text.spelled(word).bytes().next()?;
    let begins = text.spelled(letter).bytes().next()?.eq_ignore_ascii_case(&said);
    (is_letter(text, letter) && begins && spaced(letter) && spaced(word - 1) && text.spelled(word).len() > 2)
        .then_some(word)
}
