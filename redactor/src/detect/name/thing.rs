//! Terms and things that are written like names.

use std::sync::LazyLock;

use super::super::lexicon::{self, Lex, WordSet};
use super::super::text::{Shape, Text, Word};
use super::super::words::Words;

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

/// What mathematics, statistics, physics and computing name after people, who are not meant: `Kalman filter`. None that
/// somebody may have, as patients have results and functions of organs.
static THEORY: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&[
        "algebra",
        "algorithm",
        "algorithms",
        "approximation",
        "automaton",
        "bijection",
        "cipher",
        "coefficient",
        "coefficients",
        "conjecture",
        "cryptosystem",
        "decomposition",
        "diagram",
        "diagrams",
        "distribution",
        "divergence",
        "eigenvalue",
        "entropy",
        "equations",
        "estimator",
        "factorization",
        "filter",
        "filters",
        "filtering",
        "gradient",
        "hashing",
        "heuristic",
        "hypothesis",
        "inequality",
        "integral",
        "interpolation",
        "iteration",
        "kernel",
        "kernels",
        "lemma",
        "logic",
        "manifold",
        "matrices",
        "matrix",
        "multiplier",
        "multipliers",
        "notation",
        "operator",
        "optimizer",
        "oscillator",
        "paradox",
        "polynomial",
        "polynomials",
        "quadrature",
        "regression",
        "sampler",
        "sampling",
        "simplex",
        "smoothing",
        "solver",
        "sort",
        "statistic",
        "theorem",
        "theorems",
        "tiling",
        "transform",
        "transforms",
        "transformation",
        "tree",
        "trees",
        "triangulation",
        "wavelet",
        "wavelets",
    ])
});

/// Those of them that nobody has: `Dijkstra's algorithm`.
static THEORY_OWNED: LazyLock<WordSet> = LazyLock::new(|| {
    lexicon::set(&["algorithm", "conjecture", "inequality", "lemma", "paradox", "theorem", "theorems"])
});

/// `Wilson's disease`, `Gleason score`, `Austin, TX`, `Jefferson Clinic`, `Kalman filter`: a term or a place, no person.
#[inline]
pub(crate) fn term_use(text: &Text<'_>, index: usize) -> bool {
    let Some(word) = text.word_at(index) else { return false };
    let may_be = match text.joint(index) {
        b' ' | b'-' => {
            let next = &text.words()[index + 1];
            word.lex.any(Lex::EPONYM)
                || next.lex.any(Lex::CLINICAL.or(Lex::FACILITY).or(Lex::EPONYM))
                || THEORY.contains(&next.hash)
                || text.joint(index) == b'-' && is_theory(text, index + 2)
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
    let small = word.shape == Shape::Lower;
    let of_theory = if next == index + 1 { &*THEORY } else { &*THEORY_OWNED };
    if near && small && of_theory.contains(&word.hash) && !is_persons(text, index) {
        return true;
    }
    // "Navier-Stokes equations"
    if text.joint(index) == b'-' && is_theory(text, index + 2) && word.capital(text.text) {
        return true;
    }
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

/// Whether a word is a given name and no family's, or stands behind one: then somebody's filter is spoken of.
fn is_persons(text: &Text<'_>, index: usize) -> bool {
    let given = |word: &Word| word.lex.any(Lex::FIRST) && !word.lex.any(Lex::LAST_ANY);
    let behind = |before: usize| text.joint(before) == b' ' && text.words()[before].lex.any(Lex::FIRST);
    given(&text.words()[index]) || index.checked_sub(1).is_some_and(behind)
}

/// Whether such a noun stands there, or one that follows two names and no single one: `Reed-Solomon code`.
fn is_theory(text: &Text<'_>, index: usize) -> bool {
    static OF_TWO: Words<8> =
        Words::new(["code", "codes", "equation", "kinetics", "method", "model", "statistics", "process"]);
    text.word_at(index).is_some_and(|word| {
        word.shape == Shape::Lower
            && text.joint(index - 1) == b' '
            && (THEORY.contains(&word.hash) || OF_TWO.hold(text.spelled(index)))
    })
}
