//! Names with the family name first: `Alvarez, Maria`.

use super::super::languages;
use super::super::lexicon::Lex;
use super::super::text::{Shape, Text};
use super::about_person;

/// The last word of a lower-case name at `first`: a second word that is a name and no common word goes with it.
pub(super) fn lower_end(text: &Text<'_>, first: usize) -> usize {
    let second = text.word_at(first + 1).filter(|_| text.gap(first) == " ");
    let goes = second.is_some_and(|word| {
        word.shape == Shape::Lower
            && word.lex.any(Lex::LAST_ANY.or(Lex::FIRST))
            && !word.lex.any(Lex::ANY_WORD.or(Lex::NEVER).or(Lex::DRUG).or(Lex::CLINICAL))
    });
    first + usize::from(goes)
}

/// What a lower-case word must not be to pass for a name.
pub(super) const NOT_A_NAME: Lex = Lex::NEVER.or(Lex::MONTH).or(Lex::CLINICAL).or(Lex::DRUG);

/// `SMITH, JOHN A`, `Smith, John`: the last word.
#[inline]
pub(super) fn comma_name(text: &Text<'_>, index: usize) -> Option<usize> {
    let behind = text.byte_behind(&text.words()[index]);
    (behind == b',').then(|| turned_name(text, index)).flatten()
}

/// The same where a comma stands behind the family name.
fn turned_name(text: &Text<'_>, index: usize) -> Option<usize> {
    let words = text.words();
    let last_name = words[index];
    if text.gap(index) != ", " && text.gap(index) != "," {
        return None;
    }
    let first = text.word_at(index + 1)?;
    // An unknown family name counts before a frequent given name in a text about a person.
    let unknown = !last_name.lex.any(Lex::ANY_WORD.or(Lex::FIRST_ANY).or(Lex::TOWN).or(Lex::TOWN_ABROAD))
        && last_name.len() >= 4
        && matches!(last_name.shape, Shape::Capital | Shape::Upper)
        && first.lex.any(Lex::FIRST_ANY)
        && !first.lex.any(Lex::ANY_WORD);
    let family = last_name.capital(text.text)
        && (last_name.lex.any(Lex::LAST_ANY) || unknown)
        && !last_name.lex.any(Lex::NEVER.or(Lex::DRUG).or(Lex::MONTH).or(Lex::STATE));
    let same_case =
        first.shape == last_name.shape || first.shape == Shape::Capital || last_name.shape == Shape::Mixed;
    // A given name that no list has, behind a family name that one has.
    let foreign =
        !first.lex.any(Lex::ANY_WORD.or(Lex::TOWN).or(Lex::TOWN_ABROAD).or(Lex::LAST).or(Lex::DRUG))
            && first.len() > 3
            && last_name.lex.any(Lex::LAST_ANY)
            && !last_name.lex.any(Lex::ANY_WORD.or(Lex::TOWN).or(Lex::TOWN_ABROAD))
            && about_person(text);
    let given = (first.lex.any(Lex::FIRST_ANY) || foreign)
        && first.capital(text.text)
        && !first.lex.any(Lex::NEVER.or(Lex::STATE).or(Lex::MONTH))
        && first.len() > 2;
    let doubtful = last_name.lex.any(Lex::ANY_WORD.or(Lex::TOWN).or(Lex::FIRST))
        && !first.lex.any(Lex::FIRST)
        || first.lex.any(Lex::ANY_WORD) && !first.lex.any(Lex::FIRST);
    let short = words[index].shape == Shape::Upper && (last_name.len() < 4 || first.len() < 4);
    let sure =
        !last_name.lex.any(Lex::ANY_WORD.or(Lex::TOWN).or(Lex::TOWN_ABROAD)) && !first.lex.any(Lex::ANY_WORD);
    let rare = !sure && !last_name.lex.any(Lex::LAST) && !first.lex.any(Lex::FIRST)
        || short && !(last_name.lex.any(Lex::LAST) && first.lex.any(Lex::FIRST));
    // "Schwindel, Müdigkeit": two nouns.
    let nouns = || {
        !(last_name.lex.any(Lex::LAST) && first.lex.any(Lex::FIRST))
            && languages::amid_german(text, index, index + 1)
    };
    // "Guillain-Barré, Charcot-Marie-Tooth", "Marfan, Turner and Klinefelter syndromes"
    let eponyms = last_name.lex.any(Lex::EPONYM) && first.lex.any(Lex::EPONYM) && !first.lex.any(Lex::FIRST);
    if !family || !given || !same_case || doubtful || rare || eponyms || nouns() {
        return None;
    }
    // A middle name or initial.
    let middle = text.word_at(index + 2).filter(|word| {
        text.gap(index + 1) == " "
            && word.capital(text.text)
            && (word.len() == 1 || word.lex.any(Lex::FIRST) && !word.lex.any(Lex::ANY_WORD))
    });
    Some(if middle.is_some() { index + 2 } else { index + 1 })
}
