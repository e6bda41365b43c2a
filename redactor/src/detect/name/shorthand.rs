//! A name by itself in the shorthand of wards and clinics: `Bed 4 Mbeki –`, `12 Oyama 94 hip`, `TECH YOLANDA`, `f/u with
//! Bhattacharya`, `order for lachlan`.
//!
//! Notes of a shift name people without a title, a label or another identifier. What tells them is the place before the name
//! (a bed, a line's number, the office of who is named) in a text of care: one that speaks of patients, drugs or findings,
//! or abbreviates as wards do.

use std::sync::LazyLock;

use super::super::lexicon::{self, Lex, WordSet};
use super::super::text::{Shape, Text, Word};
use super::super::words::Words;
use super::super::{kin, languages};
use super::{PERSON_SCORE, frame, strangers, term_use};

/// What a text of care speaks of.
const OF_CARE: Lex = Lex::PERSON.or(Lex::DRUG);

/// Abbreviations and words of care that mean nothing else.
#[rustfmt::skip]
const CARE: &[&str] = &[
    "nkda", "nka", "bp", "iv", "ivf", "bid", "tid", "qid", "prn", "npo", "chf", "copd", "htn", "cad", "nstemi", "stemi", "afib",
    "dvt", "uti", "cva", "tia", "tka", "tha", "orif", "icu", "micu", "sicu", "nicu", "picu", "pcp", "dnr", "dni", "ama", "hx",
    "rx", "dx", "sx", "fx", "pt", "pts", "adm", "disch", "ekg", "ecg", "cxr", "mri", "ruq", "luq", "llq", "rlq", "wbc", "hgb",
    "hct", "plt", "inr", "ptt", "aptt", "bun", "gfr", "egfr", "troponin", "trop", "bnp", "tsh", "lfts", "abx", "vanc", "foley",
    "bipap", "cpap", "trach", "gtt", "cath", "cellulitis", "sepsis", "hemi", "stroke", "chemo", "onc", "nyha", "meds", "mg",
    "mcg", "wound", "mrsa", "snf", "hospice", "consult", "drg", "pdx", "sdx", "icd", "tpn", "nihss", "tpa", "ckd", "esrd",
    "aki", "gi", "gu", "obgyn", "ptl", "sob", "cabg", "lap", "appy", "chole", "sono", "echo", "ortho", "neuro", "cards", "psych",
    "peds", "ob", "anaes", "theatre", "catheter", "diabetic", "dialysis", "hypoxic", "febrile", "afebrile", "vitals", "rn",
    "lvn", "lpn", "cna", "hcpoa", "dtr", "sats", "ambulating", "vomiting", "nausea", "chart", "biopsy", "specimen", "scan",
    "a1cs", "rehab", "preop", "postop", "ward", "bloods", "pain", "allergic", "allergy",
];

static CARE_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(CARE));

/// How far around a name such words count, in words.
const REACH: usize = 30;

/// Whether the text is one of care, where the word stands.
pub(super) fn is_of_care(text: &Text<'_>, index: usize) -> bool {
    let words = text.words();
    text.holds(OF_CARE)
        || words[index.saturating_sub(REACH)..words.len().min(index + REACH)]
            .iter()
            .any(|word| CARE_SET.contains(&word.hash))
}

/// What such a name is not.
const OTHER: Lex = strangers::OTHER.or(Lex::ANY_WORD).or(Lex::KEY).or(Lex::PERSON).or(Lex::EPONYM);

const PLACE: Lex = Lex::TOWN.or(Lex::TOWN_ABROAD).or(Lex::TOWN_OPEN);

/// A capitalised word that stands for a person by where it is.
pub(super) fn capital(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let word = text.words()[index];
    if !is_name(text, index) || !is_of_care(text, index) {
        return None;
    }
    // "Delacruz-Pope"
    let joined = text.gap(index) == "-"
        && text.word_at(index + 1).is_some_and(|next| next.shape == word.shape && next.len() > 1);
    let last = index + usize::from(joined);
    let named = borne(&word) || joined && borne(&text.words()[last]);
    let placed = behind_bed(text, index) || named && numbered(text, index, last);
    let told = placed
        || behind_office(text, index)
        || named && !joined && word.shape != Shape::Upper && addressed(text, index);
    (told && !glued(text, last) && !term_use(text, last)).then_some((last, "name.shorthand", PERSON_SCORE))
}

/// A given name in small letters, however few bear it, where a person stands.
pub(super) fn small(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let word = text.words()[index];
    let given = word.lex.any(Lex::FIRST_ANY) && !word.lex.any(OTHER.or(PLACE)) && word.len() > 3;
    if !given || !is_of_care(text, index) || text.holds(Lex::FUNCTION) || glued(text, index) {
        return None;
    }
    let prose = index > 0 && text.joint(index - 1) == b' ' && text.words()[index - 1].shape == Shape::Lower;
    // "with nocturnus": more is asked of what ends as terms do.
    let least = 1 + u8::from(strangers::clinical(text.spelled(index)));
    let told = || behind_office(text, index) || frame::weigh(text, index, index) >= least;
    (prose && told() && !term_use(text, index)).then_some((index, "name.shorthand", PERSON_SCORE))
}

fn borne(word: &Word) -> bool {
    word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY))
}

fn is_name(text: &Text<'_>, index: usize) -> bool {
    let word = text.words()[index];
    let borne = borne(&word);
    let shaped = word.shape == Shape::Capital && word.len() > 3
        || word.shape == Shape::Upper && word.len() > 3 && borne;
    shaped
        && !word.lex.any(OTHER)
        && (borne || !word.lex.any(PLACE) && !strangers::clinical(text.spelled(index)))
        && !kin::is_role(&word)
        && !languages::is_word_at(text, index)
        && !languages::amid_german(text, index, index)
}

/// Whether what stands behind makes the word a part of something longer: a file, a key, another capitalised word.
fn glued(text: &Text<'_>, last: usize) -> bool {
    let gap = text.gap(last);
    let longer = text.joint(last) == b' '
        && text.words()[last + 1].capital(text.text)
        && text.words()[last + 1].shape == Shape::Capital
        && text.words()[last + 1].len() > 1;
    longer
        || matches!(gap.chars().next(), Some('_' | '(' | '/' | '@' | '=' | '-'))
        || gap == "." && text.word_at(last + 1).is_some()
}

/// `Bed 4 Mbeki`, `rm 12: Oyama`
fn behind_bed(text: &Text<'_>, index: usize) -> bool {
    static BEDS: Words<9> =
        Words::new(["bed", "beds", "rm", "room", "bay", "cot", "crib", "cubicle", "bunk"]);
    let Some(number) = index.checked_sub(1).filter(|at| matches!(text.gap(*at), " " | ": " | " - " | " – "))
    else {
        return false;
    };
    let numbered = text.words()[number].shape >= Shape::Digits && text.words()[number].len() <= 4;
    numbered && number > 0 && text.joint(number - 1) == b' ' && BEDS.hold(text.spelled(number - 1))
}

/// `12 Oyama 94 hip`, `3. Okpara ORIF ankle`: a numbered line that opens with a name and goes on with what is done.
fn numbered(text: &Text<'_>, index: usize, last: usize) -> bool {
    let Some(number) = index.checked_sub(1).filter(|at| matches!(text.gap(*at), " " | ". " | ") ")) else {
        return false;
    };
    let short = text.words()[number].shape == Shape::Digits && text.words()[number].len() <= 2;
    let opens = number.checked_sub(1).is_none_or(|before| text.gap(before).contains('\n'));
    let goes_on = text.joint(last) == b' '
        && text.word_at(last + 1).is_some_and(|next| match next.shape {
            Shape::Capital => false,
            Shape::Lower => next.lex.any(Lex::CLINICAL) || !next.lex.any(Lex::ANY_WORD),
            _ => true,
        });
    short && opens && goes_on
}

/// `TECH YOLANDA`, `lvn cherry`, `nurse Magnolia`, `Our adviser, Blessing,`
fn behind_office(text: &Text<'_>, index: usize) -> bool {
    static OFFICES: Words<30> = Words::new([
        "rn",
        "lvn",
        "lpn",
        "cna",
        "md",
        "np",
        "sho",
        "hca",
        "tech",
        "pta",
        "slp",
        "aide",
        "nurse",
        "midwife",
        "adviser",
        "advisor",
        "interpreter",
        "chaplain",
        "carer",
        "counselor",
        "counsellor",
        "orderly",
        "medic",
        "paramedic",
        "caseworker",
        "dietitian",
        "hygienist",
        "phlebotomist",
        "therapist",
        "technician",
    ]);
    let Some(before) = index.checked_sub(1).filter(|at| OFFICES.hold(text.spelled(*at))) else {
        return false;
    };
    match text.gap(before) {
        " " => true,
        // "Our adviser, Blessing, will"
        ", " => text.words()[before].shape == Shape::Lower && text.gap(index).starts_with([',', '.']),
        _ => false,
    }
}

/// `f/u with Bhattacharya in`, `bactrim to Mehwish??`: behind a small word that a person follows, and nothing of a study or a
/// maker.
fn addressed(text: &Text<'_>, index: usize) -> bool {
    static SMALL: Words<6> = Words::new(["for", "with", "to", "per", "w", "from"]);
    let Some(before) = index.checked_sub(1) else { return false };
    let led = matches!(text.gap(before), " ") && SMALL.hold(text.spelled(before))
        || text.gap(before) == "/" && text.spelled(before) == "w";
    // "Maxwell's equations", "Mohs surgery", "Hendriksen et al."
    let cited = matches!(text.gap(index), "'" | "’")
        || text.spelled(index + 1) == "et"
        || text.word_at(index + 1).is_some_and(|next| next.lex.any(Lex::CLINICAL));
    led && !cited && frame::weigh(text, index, index) > 0
}
