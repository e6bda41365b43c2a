//! A single name by itself: low, unless the sentence can hold nothing but a person.

use std::sync::LazyLock;

use super::super::languages;
use super::super::lexicon::{self, Lex, WordSet};
use super::super::text::{Shape, Text, Word};
use super::super::words::Words;
use super::{LONE_SCORE, NOT_A_NAME, PERSON_SCORE, about_person, frame, is_degree, shorthand, strangers};

/// A single name in mid-sentence: low, and only if it is hardly anything else.
pub(super) fn lone(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let word = text.words()[index];
    let usual =
        word.lex.any(Lex::FIRST.or(Lex::LAST)) || word.shape == Shape::Upper && word.lex.any(Lex::FIRST_ANY);
    let short = word.len() < 3;
    // A given name that few bear is one in any text, a family name in one about a person. German has a capital for every
    // noun.
    let rare = || {
        word.shape != Shape::Upper
            && word.len() > 3
            && (word.lex.any(Lex::FIRST_ANY)
                || about_person(text)
                    && (word.lex.any(Lex::LAST_ANY) || unknown(text, index))
                    && !languages::amid_german(text, index, index))
    };
    if !matches!(word.shape, Shape::Capital | Shape::Mixed | Shape::Upper) || !usual && !rare() {
        return None;
    }
    let else_wise = word.lex.any(
        Lex::ANY_WORD
            .or(Lex::NEVER)
            .or(Lex::DRUG)
            .or(Lex::MONTH)
            .or(Lex::STATE)
            .or(Lex::BRAND)
            .or(Lex::CLINICAL)
            .or(Lex::FACILITY)
            .or(Lex::GREETING),
    );
    let place = word.lex.any(Lex::TOWN.or(Lex::TOWN_ABROAD)) && !word.lex.any(Lex::FIRST);
    let eponym = word.lex.any(Lex::EPONYM) && !word.lex.any(Lex::FIRST);
    let street = text
        .word_at(index + 1)
        .is_some_and(|next| next.lex.any(Lex::STREET) && next.capital(text.text) && text.gap(index) == " ");
    let glued = matches!(text.gap(index).chars().next(), Some('_' | '(' | '/' | '@' | '-' | '.'))
        && !matches!(text.gap(index), ". " | "." | ".\n");
    // "Don't"
    let not = matches!(text.gap(index), "'" | "’") && text.spelled(index + 1) == "t";
    if else_wise || place || eponym || street || glued || not {
        return None;
    }
    // "Frank hematuria" is no Frank's.
    let adjective = || {
        text.word_at(index + 1).is_some_and(|next| {
            text.joint(index) == b' '
                && next.shape == Shape::Lower
                && strangers::clinical(text.spelled(index + 1))
        })
    };
    if word.lex.any(Lex::FIRST) && text.spelled(index).eq_ignore_ascii_case("frank") && adjective() {
        return None;
    }
    // "Linda reports poor sleep": a frequent given name where only a person can stand.
    let given = word.lex.any(Lex::FIRST);
    let weight = frame::weigh(text, index, index);
    let framed = given && (weight + u8::from(about_person(text)) > 1 || asked_about(text, index))
        || weight > 1 && text.holds(Lex::PERSON)
        || of_family(text, index);
    match (framed, word.shape) {
        // In capitals, and of two letters, only where nothing else can stand.
        (_, Shape::Upper) => (word.lex.any(Lex::FIRST_ANY) && weight > 1 && !short).then_some((
            index,
            "name.lone",
            PERSON_SCORE,
        )),
        (false, _) if short => None,
        (true, _) => Some((index, "name.lone", PERSON_SCORE)),
        (false, _) => Some((index, "name.lone", LONE_SCORE)),
    }
}

/// A word that no list has, within an English sentence about a person: mostly a name there, unless an article, a number or the
/// look of a term says otherwise.
fn unknown(text: &Text<'_>, index: usize) -> bool {
    let word = text.words()[index];
    let Some(before) = index.checked_sub(1).filter(|before| text.joint(*before) == b' ') else {
        return false;
    };
    static ARTICLES: Words<7> = Words::new(["the", "a", "an", "this", "that", "no", "any"]);
    let counted = text.word_at(index + 1).is_some_and(|next| next.shape >= Shape::Digits)
        && matches!(text.gap(index), " " | "-");
    word.lex == Lex::NONE
        && word.shape == Shape::Capital
        && text.words()[before].shape == Shape::Lower
        && !ARTICLES.hold(text.spelled(before))
        && !counted
        && !strangers::clinical(text.spelled(index))
        && !text.holds(Lex::FUNCTION)
}

/// `the Abernathy family`, `per Osei, MD`: a name that has a family, or a degree.
fn of_family(text: &Text<'_>, index: usize) -> bool {
    static FAMILY: Words<4> = Words::new(["family", "baby", "twins", "household"]);
    match text.joint(index) {
        b' ' => text.words()[index + 1].shape == Shape::Lower && FAMILY.hold(text.spelled(index + 1)),
        _ => is_degree(text, index),
    }
}

/// `Should Marcus stop`, `Does Yolanda need`, `Marcus is 44.`: a question about somebody, or somebody's age.
fn asked_about(text: &Text<'_>, index: usize) -> bool {
    static AUXILIARIES: Words<11> =
        Words::new(["should", "can", "could", "does", "did", "will", "would", "may", "has", "is", "was"]);
    let small =
        text.word_at(index + 1).is_some_and(|next| next.shape == Shape::Lower) && text.joint(index) == b' ';
    static ASKING: Words<7> = Words::new(["when", "where", "why", "what", "how", "who", "which"]);
    let asked = |at: usize| text.joint(at) == b' ' && ASKING.hold(text.spelled(at));
    let asks = index > 0
        && text.joint(index - 1) == b' '
        && AUXILIARIES.hold(text.spelled(index - 1))
        && (text.words()[index - 1].shape == Shape::Capital || index == 1 || asked(index - 2));
    let age = || {
        text.spelled(index + 1) == "is"
            && text.word_at(index + 2).is_some_and(|age| age.shape == Shape::Digits && age.len() <= 2)
            && (text.word_at(index + 3).is_none() || matches!(text.gap(index + 2), ". " | ", "))
    };
    small && (asks || age())
}

/// `told fatima to stop`, `natasha's labs`: a frequent given name in small letters that is nothing else, where only a person
/// can stand.
pub(super) fn lower_lone(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let word = text.words()[index];
    let other = NOT_A_NAME.or(Lex::ANY_WORD).or(Lex::STATE).or(Lex::TOWN).or(Lex::EPONYM).or(Lex::BRAND);
    if word.len() < 4 || !word.lex.any(Lex::FIRST) || word.lex.any(other) || is_everyday(&word) {
        return None;
    }
    let prose = index > 0 && text.joint(index - 1) == b' ' && text.words()[index - 1].shape == Shape::Lower;
    let of_care = shorthand::is_of_care(text, index);
    let framed = of_care && frame::weigh(text, index, index) > 1 || super::super::given::owns(text, index);
    (prose && framed).then_some((index, "name.lower_lone", PERSON_SCORE))
}

/// Whether a word is one of the language although no list says so, since more people bear it as a name: "how long", "on
/// the ward". In small letters it is no mention of them.
pub(in crate::detect) fn is_everyday(word: &Word) -> bool {
    static WORDS: LazyLock<WordSet> = LazyLock::new(|| {
        lexicon::set(&[
            "cook", "english", "foster", "frank", "gray", "lee", "long", "price", "ray", "reed", "ward",
        ])
    });
    WORDS.contains(&word.hash)
}
