//! Terms and things that are written like names.

use std::sync::LazyLock;

use super::super::lexicon::{self, Lex, WordSet};
use super::super::text::Text;

/// Firms, places and methods of two names that are nobody's.
const THINGS: &[(&str, &str)] = &[
    ("dodd", "frank"),
    ("ernst", "young"),
    ("fannie", "mae"),
    ("fowler", "noll"),
    ("freddie", "mac"),
    ("goldman", "sachs"),
    ("johns", "hopkins"),
    ("merrill", "lynch"),
    ("monte", "carlo"),
    ("morgan", "stanley"),
    ("sallie", "mae"),
    ("wells", "fargo"),
];

/// The first of each of [`THINGS`], by their hashes.
static THINGS_SET: LazyLock<WordSet> =
    LazyLock::new(|| THINGS.iter().map(|(first, _)| lexicon::hash(first)).collect());

/// `Monte Carlo`, `Dodd-Frank`
pub(super) fn is_thing(text: &Text<'_>, index: usize) -> bool {
    let is = |at: usize| {
        THINGS_SET.contains(&text.words()[at].hash)
            && matches!(text.gap(at), " " | "-" | "\u{2013}" | " & ")
            && THINGS.iter().any(|(first, second)| {
                text.spelled(at).eq_ignore_ascii_case(first)
                    && text.spelled(at + 1).eq_ignore_ascii_case(second)
            })
    };
    is(index) || index > 0 && is(index - 1)
}

/// `Wilson's disease`, `Gleason score`, `Austin, TX`, `Jefferson Clinic`: a term or a place, no person.
#[inline]
pub(in crate::detect) fn term_use(text: &Text<'_>, index: usize) -> bool {
    let Some(word) = text.word_at(index) else { return false };
    let may_be = match text.joint(index) {
        b' ' | b'-' => {
            word.lex.any(Lex::EPONYM)
                || text.words()[index + 1].lex.any(Lex::CLINICAL.or(Lex::FACILITY).or(Lex::EPONYM))
        }
        _ => matches!(text.byte_behind(word), b'\'' | 0xE2),
    };
    may_be && is_term(text, index)
}

/// The same where the words or what stands between them allow it.
#[inline(never)]
fn is_term(text: &Text<'_>, index: usize) -> bool {
    term_at(text, index)
        // "Lou Gehrig's disease"
        || (text.gap(index) == " "
            && text.word_at(index + 1).is_some_and(|next| next.lex.any(Lex::EPONYM) && next.capital(text.text))
            && matches!(text.gap(index + 1), "'" | "’")
            && term_at(text, index + 1))
}

/// The same for the word alone.
fn term_at(text: &Text<'_>, index: usize) -> bool {
    let mut next = index + 1;
    if matches!(text.gap(index), "'" | "’") && text.spelled(next) == "s" {
        next += 1;
    }
    let Some(word) = text.word_at(next) else { return false };
    let near = matches!(text.gap(next - 1), " " | "-" | "' " | "’ ");
    near && word.lex.any(Lex::CLINICAL.or(Lex::FACILITY))
        && !(word.lex.any(Lex::LAST)
            && word.capital(text.text)
            && text.words()[index].lex.any(Lex::FIRST)
            && !word.lex.any(Lex::FACILITY))
        || near && text.words()[index].lex.any(Lex::EPONYM) && next > index + 1 && !word.capital(text.text)
        || near
            && next == index + 1
            && text.words()[index].lex.any(Lex::EPONYM)
            && text
                .word_at(next + 1)
                .is_some_and(|after| after.lex.any(Lex::CLINICAL) && text.gap(next) == " ")
        || text.gap(index) == "-" && word.lex.any(Lex::EPONYM) && text.words()[index].lex.any(Lex::EPONYM)
}
