//! Names of which a part is one letter: `Anna S.`, `J. R. Smith`, `MORROW,K`, `per m. ortiz`, `Patient M.R.`.

use super::super::lexicon::Lex;
use super::super::text::{Shape, Text, Word};
use super::super::words::Words;
use super::{
    NOT_A_NAME, PERSON_SCORE, about_person, frame, is_particle, names_on, particle_leads, run_end,
    sentence_starts, shorthand, term_use,
};

/// Whether the word is one letter, in any script.
pub(super) fn single(text: &Text<'_>, word: &Word) -> bool {
    word.len() == 1 || word.len() == 2 && !text.text.as_bytes()[word.start as usize].is_ascii()
}

/// `Anna S.`, `John Q`: a given name and an initial.
pub(super) fn given_initial(text: &Text<'_>, index: usize) -> Option<usize> {
    let word = text.words()[index];
    let initial = text
        .word_at(index + 1)
        .filter(|next| single(text, next) && next.shape == Shape::Capital && text.gap(index) == " ")?;
    let dotted = text.gap(index + 1).starts_with('.');
    let doubtful = word.lex.any(Lex::ANY_WORD.or(Lex::NEVER)) || !word.lex.any(Lex::FIRST);
    let ends =
        matches!(text.gap(index + 1).chars().next(), None | Some(',' | ')' | ';' | ':' | '?' | '!' | '\n'));
    // "Vitamin D.", "Mark I": a doubtful name needs the dot and is no opener of a sentence.
    if doubtful && !(dotted && word.lex.any(Lex::FIRST_ANY)) || (initial.lex.any(Lex::NEVER) && !dotted) {
        return None;
    }
    if !dotted && !ends && !next_is_surname(text, index + 2) {
        return None;
    }
    // A family name behind the initial belongs to it.
    let last = index + 1;
    let family = text.word_at(last + 1).filter(|next| {
        matches!(text.gap(last), " " | ". ")
            && (next.shape == Shape::Capital || word.shape == Shape::Upper && next.shape == Shape::Upper)
            && next.len() > 1
            && !sentence_starts(next)
            && names_on(next, word.shape == Shape::Upper)
    });
    Some(if family.is_some() && !term_use(text, last + 1) { run_end(text, last + 1, false) } else { last })
}

/// `Ottoline P., who`: a word in no list and an initial whose dot ends no sentence.
pub(super) fn unknown_initial(text: &Text<'_>, index: usize) -> bool {
    const OPEN: [&str; 5] = [".,", ".)", ".;", ".|", ".:"];
    let word = text.words()[index];
    word.shape == Shape::Capital
        && word.len() > 2
        && text.joint(index) == b' '
        && text.word_at(index + 1).is_some_and(|next| single(text, next) && next.shape == Shape::Capital)
        && OPEN.iter().any(|open| text.gap(index + 1).starts_with(open))
}

/// `Nguyen T. is in bed`: a family name and a dotted initial where a person stands.
pub(super) fn family_initial(text: &Text<'_>, index: usize) -> bool {
    let word = text.words()[index];
    word.shape == Shape::Capital
        && !word.lex.any(NOT_A_NAME.or(Lex::ANY_WORD).or(Lex::EPONYM))
        && text.joint(index) == b' '
        && text.word_at(index + 1).is_some_and(|next| single(text, next) && next.shape == Shape::Capital)
        && text.gap(index + 1) == ". "
        && text.word_at(index + 2).is_some_and(|verb| verb.shape == Shape::Lower && frame::is_verb(verb))
}

fn next_is_surname(text: &Text<'_>, index: usize) -> bool {
    text.gap(index - 1) == " "
        && text.word_at(index).is_some_and(|word| {
            word.shape == Shape::Capital
                && word.lex.any(Lex::LAST_ANY)
                && !word.lex.any(Lex::ANY_WORD.or(Lex::NEVER))
        })
}

/// `L. Wang`, `J. R. Smith`.
pub(super) fn initials(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let mut at = index;
    // The O of "S. O'Brien" is no initial.
    while at - index < 3
        && matches!(text.gap(at), ". " | ".")
        && text.word_at(at + 1).is_some_and(|next| next.len() == 1 && next.shape == Shape::Capital)
        && !matches!(text.gap(at + 1), "'" | "’")
    {
        at += 1;
    }
    // "S. van der Berg"
    if matches!(text.gap(at), ". ") && is_particle(text.spelled(at + 1)) && particle_leads(text, at + 1) {
        return Some((run_end(text, at + 1, true), "name.initials", 0.7));
    }
    // "S. O'Brien"
    let elided = matches!(text.gap(at), ". ")
        && matches!(text.spelled(at + 1), "O" | "D")
        && matches!(text.gap(at + 1), "'" | "’")
        && text.word_at(at + 2).is_some_and(|next| next.capital(text.text));
    if elided {
        return Some((run_end(text, at + 2, true), "name.initials", 0.7));
    }
    let family = text.word_at(at + 1).filter(|_| matches!(text.gap(at), ". " | "."))?;
    // The initial must not end a sentence's word: "vitamin D. Patel". A word that says what somebody is may stand before.
    let opens = index == 0
        || !text.words()[index - 1].capital(text.text)
        || !matches!(text.gap(index - 1), " ")
        || text.words()[index - 1].lex.any(Lex::ANY_WORD) && about_person(text);
    static LETTERED: Words<14> = Words::new([
        "vitamin",
        "hepatitis",
        "type",
        "group",
        "class",
        "grade",
        "option",
        "figure",
        "table",
        "section",
        "part",
        "plan",
        "factor",
        "influenza",
    ]);
    let letter = index > 0 && LETTERED.hold(text.spelled(index - 1));
    let named = family.shape == Shape::Capital
        && family.len() > 1
        && (family.lex.any(Lex::LAST_ANY)
            || about_person(text)
                && family.len() > 3
                && !family.lex.any(Lex::ANY_WORD.or(Lex::DRUG).or(Lex::CLINICAL)))
        && !family.lex.any(Lex::NEVER)
        && (!family.lex.any(Lex::ANY_WORD) || family.lex.any(Lex::LAST));
    let word = family.lex.any(Lex::ANY_WORD);
    if !opens || !named || letter || term_use(text, at + 1) {
        return None;
    }
    let score = match (word, about_person(text) || frame::weigh(text, index, at + 1) > 0) {
        (false, _) => 0.75,
        (true, true) => PERSON_SCORE,
        (true, false) => 0.45,
    };
    Some((run_end(text, at + 1, false), "name.initials", score))
}

/// `Patient M.R. with`, `K.T. is a 44-year-old`: the initials of a patient.
pub(super) fn of_patient(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    static PATIENTS: Words<5> = Words::new(["patient", "pt", "resident", "client", "inmate"]);
    // What stands with dots behind a patient and is no name.
    const OTHER: &[&str] = &[
        "AM", "PM", "IV", "IM", "PO", "SC", "SL", "MD", "RN", "NP", "PA", "PT", "OT", "ED", "ER", "OR", "US",
        "UK", "EU", "GI", "GU", "CT", "BP", "HR", "DO", "ID", "PE", "OB",
    ];
    let before = index.checked_sub(1).filter(|before| text.joint(*before) == b' ');
    let patient = before.is_some_and(|before| PATIENTS.hold(text.spelled(before)));
    let said = || text.gap(index + 1) == ". " && frame::said_of_persons(text, index + 2);
    let letter = |at: usize| {
        text.word_at(at)
            .filter(|word| word.len() == 1 && word.shape == Shape::Capital)
            .map(|_| text.spelled(at))
    };
    let (first, second) = (letter(index)?, letter(index + 1)?);
    let dotted = text.joint(index) == b'.' && text.gap(index + 1).starts_with('.');
    let both = [first, second].concat();
    (dotted && (patient || said()) && letter(index + 2).is_none() && !OTHER.contains(&&*both)).then_some((
        index + 1,
        "name.patient_initials",
        0.7,
    ))
}

/// `T Brown reviewed the film`: an initial without its dot where only a person can stand.
pub(super) fn bare_initial(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let opens = index == 0 || matches!(text.gap(index - 1), ". " | "\n");
    let family = text.word_at(index + 1).filter(|_| text.joint(index) == b' ')?;
    let named =
        family.shape == Shape::Capital && family.lex.any(Lex::LAST_ANY) && !family.lex.any(NOT_A_NAME);
    let sure = || frame::weigh(text, index, index + 1) > 1;
    (opens && named && !matches!(text.spelled(index), "A" | "I") && sure()).then_some((
        index + 1,
        "name.initials",
        PERSON_SCORE,
    ))
}

/// `MORROW,K ROOM 4`: a family name in capitals and an initial, at the beginning of a line.
pub(super) fn last_initial(text: &Text<'_>, index: usize) -> Option<usize> {
    let word = text.words()[index];
    let opens = index == 0 || text.gap(index - 1).ends_with('\n');
    let initial = text.word_at(index + 1).filter(|next| next.len() == 1 && next.shape == Shape::Capital)?;
    let family = word.shape == Shape::Upper
        && word.len() > 3
        && (word.lex.any(Lex::LAST_ANY) || !word.lex.any(Lex::ANY_WORD))
        && !word.lex.any(NOT_A_NAME.or(Lex::STATE));
    let behind = text.byte_behind(initial);
    (opens && family && text.joint(index) == b',' && matches!(behind, 0 | b' ' | b'\t' | b'\n' | b'|'))
        .then_some(index + 1)
}

/// `ADMIT: TUPOU,S.`, `acct 44009, PRZYBYLSKI R, adm`, `## Mirzakhani, P. (bed 24)`, `Dlamini T. 19/07`: a family name before
/// an initial in a text of care, and no author of a paper.
pub(super) fn family_before_initial(text: &Text<'_>, index: usize) -> bool {
    let word = text.words()[index];
    let Some(initial) =
        text.word_at(index + 1).filter(|next| next.len() == 1 && next.shape == Shape::Capital)
    else {
        return false;
    };
    let named = word.lex.any(Lex::LAST_ANY) || word.lex == Lex::NONE && word.len() > 4;
    let shouted = word.shape == Shape::Upper;
    if !named
        || !(shouted || word.shape == Shape::Capital)
        || word.len() < 4
        || word.lex.any(NOT_A_NAME.or(Lex::ANY_WORD).or(Lex::EPONYM).or(Lex::STATE).or(Lex::FACILITY))
        || !shorthand::is_of_care(text, index)
    {
        return false;
    }
    let before = index.checked_sub(1).map_or("", |before| text.gap(before));
    let opens = index == 0
        || before.ends_with(['\n', '"', '\t', '|'])
        || matches!(before, ": " | ", " | ". " | " – " | " - ");
    let behind = &text.text[initial.end as usize..];
    // "Hong, S. & Lee, J. (2014)": authors.
    let listed = before == ", " && !shouted
        || behind.trim_start_matches(['.', ',', ' ']).starts_with(['&', '(']) && behind.contains("(1")
        || behind.starts_with(". (2")
        || behind.starts_with("., ")
        || behind.starts_with(" (2")
        || behind.starts_with(". et ");
    let parted = match text.gap(index) {
        "," | ", " => true,
        " " => behind.starts_with([',', '\t', '\n', '|', ';', '.']),
        _ => return false,
    };
    let ends = match behind.as_bytes() {
        [] => true,
        [b'.', b' ', next, ..] => {
            shouted || text.gap(index) != " " || next.is_ascii_digit() || !next.is_ascii_alphanumeric()
        }
        [b'.', next, ..] => !next.is_ascii_alphanumeric(),
        [next, ..] => matches!(next, b',' | b'\t' | b'\n' | b'|' | b';' | b' ' | b'"' | b')'),
    };
    opens && !listed && parted && ends
}

/// `per m. ortiz`: whether the word is a family name in small letters behind an initial, where a person stands.
pub(super) fn behind_initial(text: &Text<'_>, index: usize) -> bool {
    let Some(initial) = index.checked_sub(1) else { return false };
    let (letter, family) = (&text.words()[initial], &text.words()[index]);
    (letter.len() == 1)
        && letter.shape == Shape::Lower
        && family.shape == Shape::Lower
        && family.len() > 3
        && family.lex.any(Lex::LAST_ANY)
        && !family.lex.any(NOT_A_NAME.or(Lex::ANY_WORD).or(Lex::STATE))
        && text.gap(initial) == ". "
        && frame::weigh(text, initial, index) > 0
}
