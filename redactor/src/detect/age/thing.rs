//! What is so old and nobody: `The hospital is 100 years old`, `a 95-year-old oak`, `El edificio tiene 100 años`.

use std::sync::LazyLock;

use super::super::lexicon::{self, WordSet};
use super::super::text::Text;

#[rustfmt::skip]
static THINGS: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "hospital", "clinic", "building", "house", "church", "school", "university", "college", "company", "firm", "institution",
        "bridge", "museum", "library", "theatre", "theater", "country", "city", "town", "village", "tree", "oak", "wall", "tower",
        "organization", "organisation", "tradition", "law", "machine", "book", "painting", "wine",
        "clinica", "edificio", "casa", "iglesia", "escuela", "universidad", "colegio", "empresa", "institucion", "puente", "museo",
        "pais", "ciudad", "pueblo", "arbol", "torre", "ley",
        "krankenhaus", "klinik", "gebaude", "haus", "kirche", "schule", "universitat", "firma", "unternehmen", "brucke", "stadt",
        "dorf", "baum", "eiche", "turm",
        "hopital", "clinique", "batiment", "maison", "eglise", "ecole", "universite", "entreprise", "pont", "musee", "ville", "arbre",
        "ospedale", "chiesa", "scuola", "universita", "azienda", "ponte", "citta", "albero",
        "ziekenhuis", "gebouw", "huis", "kerk", "bedrijf", "boom", "hospitais", "predio", "igreja", "escola", "cidade", "arvore",
    ])
});

#[rustfmt::skip]
static VERBS: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "is", "was", "turns", "turned", "has", "tiene", "tenia", "cumple", "cumplio", "ist", "war", "wird", "wurde", "ha", "a",
        "fait", "heeft", "bestaat", "tem", "completa",
    ])
});

#[rustfmt::skip]
static DETERMINERS: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "the", "this", "that", "our", "their", "its", "el", "la", "este", "esta", "nuestro", "nuestra", "su", "das", "der", "die",
        "dieses", "dieser", "diese", "unser", "unsere", "le", "l", "cet", "cette", "notre", "il", "lo", "questo", "questa", "de",
        "het", "dit", "deze", "ons", "onze", "o", "a",
    ])
});

/// What may stand before a clause in the middle of a sentence.
static JOINING: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "and", "but", "because", "since", "y", "que", "pero", "porque", "und", "aber", "et", "mais", "e",
    ])
});

/// Whether the number counts the years of a thing: by the noun it stands before, or by the subject of its clause.
pub(super) fn is_so_old(text: &Text<'_>, index: usize) -> bool {
    let holds = |set: &WordSet, at: usize| text.word_at(at).is_some_and(|word| set.contains(&word.hash));
    let spaced = |at: usize| text.gap(at) == " ";
    // "A 100-year-old stone building".
    if text.spelled(index + 1) == "year" && text.spelled(index + 2) == "old" && spaced(index + 2) {
        return holds(&THINGS, index + 3) || spaced(index + 3) && holds(&THINGS, index + 4);
    }
    let Some(before) = index.checked_sub(1).filter(|before| spaced(*before)) else { return false };
    // "Un edificio de 100 años".
    if text.spelled(before) == "de" {
        return before > 0 && spaced(before - 1) && holds(&THINGS, before - 1);
    }
    if !holds(&VERBS, before) {
        return false;
    }
    // An adjective may stand behind the noun, or one before it.
    let noun = (1..=2).filter_map(|back| before.checked_sub(back)).find(|at| holds(&THINGS, *at));
    let Some(noun) = noun.filter(|noun| (*noun..before).all(spaced)) else { return false };
    let first = (1..=2).filter_map(|back| noun.checked_sub(back)).find(|at| holds(&DETERMINERS, *at));
    first.is_some_and(|first| {
        (first..noun).all(|at| matches!(text.gap(at), " " | "'" | "’"))
            && first.checked_sub(1).is_none_or(|last| {
                text.gap(last).contains(['.', ',', ';', ':', '!', '?', '\n', '¡', '¿', '"'])
                    || holds(&JOINING, last)
            })
    })
}
