//! Names behind a title: `Dr. Alvarez`, `Mrs. van der Berg`.

use super::super::languages;
use super::super::lexicon::Lex;
use super::super::text::{Shape, Text};
use super::super::words::Words;
use super::comma::lower_end;
use super::{names_on, run_end};

/// Whether the word is a title that stands before a name.
pub(in crate::detect) fn is_title(text: &Text<'_>, index: usize) -> bool {
    text.word_at(index).is_some_and(|word| word.lex.any(Lex::TITLE))
}

/// Words between a title and the name: `Herr Dr. med. Weber`.
fn further_title(text: &Text<'_>, index: usize) -> bool {
    is_title(text, index) || matches!(text.spelled(index), "med" | "phil")
}

/// `Dr. John L.`, `Mr. Smith`, `mrs. lee`: the last word of the name, title included.
pub(super) fn titled(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let word = text.words()[index];
    if !word.lex.any(Lex::TITLE) {
        return None;
    }
    let spelled = text.spelled(index);
    let foreign = matches!(
        spelled,
        "pan" | "sig" | "hon" | "lt" | "col" | "sir" | "sister" | "judge" | "miss" | "rev" | "capt"
    );
    // "moderate MR. Normal RV": mitral regurgitation.
    static GRADES: Words<12> = Words::new([
        "trace",
        "trivial",
        "mild",
        "moderate",
        "severe",
        "significant",
        "worsening",
        "eccentric",
        "functional",
        "no",
        "without",
        "minimal",
    ]);
    // "MR brain": magnetic resonance.
    let imaged =
        text.word_at(index + 1).is_some_and(|next| next.shape == Shape::Lower && next.lex.any(Lex::WORD));
    if spelled == "MR" && imaged {
        return None;
    }
    if spelled == "MR" && index > 0 && text.joint(index - 1) == b' ' && GRADES.hold(text.spelled(index - 1)) {
        return None;
    }
    let mut at = index;
    while title_gap(text.gap(at)) && further_title(text, at + 1) && at - index < 3 {
        at += 1;
    }
    if !title_gap(text.gap(at)) || (text.gap(at).contains('\n')) {
        return None;
    }
    let first = text.word_at(at + 1)?;
    if is_particle(text.spelled(at + 1)) && particle_leads(text, at + 1) {
        return Some((run_end(text, at + 1, true), "name.title", 0.95));
    }
    if first.capital(text.text) {
        let initial = first.len() == 1 && text.gap(at + 1).starts_with('.');
        if first.shape != Shape::Upper
            && !initial
            && first.lex.any(Lex::NEVER)
            && !first.lex.any(Lex::FIRST.or(Lex::LAST))
        {
            return None;
        }
        // "Lt Col", "MS patients": capitals behind an abbreviation in capitals are no name unless one is known.
        let shouted = word.shape == Shape::Upper && (first.shape == Shape::Upper || spelled == "MS");
        let named =
            first.lex.any(Lex::FIRST_ANY.or(Lex::LAST)) && !first.lex.any(Lex::ANY_WORD.or(Lex::NEVER));
        if shouted && !(named || first.lex.any(Lex::LAST) && spelled != "MS")
            || (word.shape == Shape::Lower && foreign)
        {
            return None;
        }
        return Some((run_end(text, at + 1, true), "name.title", 0.95));
    }
    // Lower case: the word must be a name and hardly anything else.
    let known = first.shape == Shape::Lower
        && first.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY))
        && !foreign
        && spelled != "ms"
        && spelled != "MS";
    let common = first.lex.any(Lex::ANY_WORD) && !first.lex.any(Lex::FIRST.or(Lex::LAST));
    (known && !common && !first.lex.any(Lex::NEVER) && !languages::is_word_at(text, at + 1))
        .then(|| (lower_end(text, at + 1), "name.title_lower", 0.85))
}

fn title_gap(gap: &str) -> bool {
    matches!(gap, " " | ". " | "." | "  " | ".  ")
}

/// Words inside names that are no name.
pub(crate) fn is_particle(spelled: &str) -> bool {
    if spelled.len() > 5 {
        return false;
    }
    matches!(
        spelled.as_bytes(),
        b"van"
            | b"von"
            | b"der"
            | b"den"
            | b"de"
            | b"la"
            | b"del"
            | b"di"
            | b"da"
            | b"dos"
            | b"bin"
            | b"al"
            | b"el"
            | b"ter"
            | b"ten"
            | b"du"
            | b"le"
            | b"y"
            | b"do"
            | b"das"
            | b"della"
            | b"lo"
            | b"zu"
            | b"zur"
            | b"vom"
            | b"af"
            | b"av"
            | b"ibn"
            | b"abu"
            | b"bint"
            | b"ben"
            | b"t"
            | b"het"
    )
}

/// Whether a capital follows within three particles: `van der Berg`.
pub(super) fn particle_leads(text: &Text<'_>, at: usize) -> bool {
    let arabic = matches!(text.spelled(at), "al" | "el");
    (at + 1..at + 4)
        .take_while(|next| text.gap(next - 1) == " " || arabic && *next == at + 1 && text.gap(at) == "-")
        .filter_map(|next| text.word_at(next))
        .any(|word| word.capital(text.text) && names_on(word, true))
}
