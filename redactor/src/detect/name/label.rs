//! Names behind what announces them: `Patient: Kowalski`, `my name is sung-ho`, `Fellow: Okereke`.

use super::super::keywords::{Key, KeyHit};
use super::super::lexicon::Lex;
use super::super::text::{Shape, Text, Word};
use super::super::words::Words;
use super::{NOT_A_NAME, comma_name, is_title, lower_end, organisation_behind, run_end, strangers, term_use};

/// What follows a label: first and last word of the name, score.
pub(super) fn labelled(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize, f32)> {
    let gap = text.gap(hit.last);
    let pointed = match gap {
        " " => false,
        ": " => true,
        _ => points(gap)?,
    };
    let at = over_fillers(text, hit.last + 1);
    if is_title(text, at) {
        return None; // the title's own rule takes it
    }
    let first = text.word_at(at)?;
    if first.capital(text.text) {
        // A bare "name:" is a person's where the text is about one.
        let label = text.spelled(hit.last);
        let english = label.eq_ignore_ascii_case("name");
        let about = || text.holds(Lex::PERSON) || text.has_key(Key::Birth);
        let named = || plain_name(label) && (about() || !english && labels(text) > 1);
        let generic = generic_label(text, hit);
        let sure = pointed && (!generic || named());
        return capital_label(text, at, sure, generic).map(|(last, score)| (at, last, score));
    }
    let other = NOT_A_NAME.or(Lex::ANY_WORD).or(Lex::KEY).or(Lex::STATE);
    let stranger =
        |word: &Word| word.shape == Shape::Lower && word.len() > 2 && !word.lex.any(other.or(Lex::FACILITY));
    let listed = first.lex.any(Lex::FIRST_ANY.or(Lex::FIRST).or(Lex::LAST));
    if first.shape != Shape::Lower
        || !listed && !stranger(first)
        || super::super::languages::is_word_at(text, at)
    {
        return None;
    }
    let generic = generic_label(text, hit);
    if generic && !gap.starts_with(": ") && at == hit.last + 1 {
        return None;
    }
    let sure = first.lex.any(Lex::FIRST.or(Lex::LAST)) && !first.lex.any(other) && first.len() > 2;
    let pair = first.lex.any(Lex::FIRST_ANY) && lower_end(text, at) > at && !first.lex.any(Lex::NEVER);
    if sure || pair {
        return Some((at, lower_end(text, at), 0.8));
    }
    // Two words in no list: behind a colon only, and where nothing else follows.
    let second = text.word_at(at + 1).filter(|_| text.gap(at) == " ")?;
    if !stranger(first) || !stranger(second) {
        return None;
    }
    let ends = text.gap(at + 1).trim_start_matches(' ').starts_with(['.', ',', ';', '|', '\n', '('])
        || text.word_at(at + 2).is_none();
    let of_person = !generic || text.holds(Lex::PERSON) || text.has_key(Key::Birth) || text.has_key(Key::Mrn);
    static VERBS: Words<3> = Words::new(["m", "am", "is"]);
    let spoken = hit.first < hit.last && VERBS.hold(text.spelled(hit.last));
    ((pointed || spoken) && of_person && ends && !strangers::clinical(text.spelled(at + 1))).then_some((
        at,
        at + 1,
        0.7,
    ))
}

/// Whether what stands behind a label points to what follows, if it can stand there at all.
#[cold]
fn points(gap: &str) -> Option<bool> {
    let fits = (1..=6).contains(&gap.len())
        && !gap.contains("::")
        && gap
            .chars()
            .all(|c| matches!(c, ' ' | ':' | '=' | '"' | '\'' | '-' | '(' | '*' | '[' | '“' | '\n' | '\t'));
    fits.then(|| gap.contains([':', '=']))
}

/// Past "is", "was", "named" and the like, two at most.
fn over_fillers(text: &Text<'_>, from: usize) -> usize {
    static FILLERS: Words<14> = Words::new([
        "is", "was", "named", "called", "name", "the", "s", "by", "of", "to", "and", "my", "from", "like",
    ]);
    let mut at = from;
    while at < from + 2 && FILLERS.hold(text.spelled(at)) && matches!(text.gap(at), " " | ": " | "\": \"") {
        at += 1;
    }
    at
}

/// How many labels of names the text has, two at most: "Nom : Kerguelen, Prénom : Enora" is a person's form.
pub(super) fn labels(text: &Text<'_>) -> usize {
    text.keys().iter().filter(|hit| hit.key == Key::Name).take(2).count()
}

/// The word "name" in the languages held in which it is that of things too.
pub(super) fn plain_name(spelled: &str) -> bool {
    static NAMES: Words<8> = Words::new(["name", "nom", "nome", "naam", "navn", "namn", "nume", "nazwa"]);
    NAMES.hold(spelled)
}

/// Labels that stand before other things too, in programs above all: a bare "name" may be a function's.
fn generic_label(text: &Text<'_>, hit: &KeyHit) -> bool {
    static GENERIC: Words<20> = Words::new([
        "fellow",
        "intern",
        "names",
        "provider",
        "client",
        "author",
        "subject",
        "contact",
        "employee",
        "partner",
        "named",
        "practitioner",
        "called",
        "parent",
        "guardian",
        "friend",
        "son",
        "boss",
        "dear",
        "signed",
    ]);
    static USERS: Words<3> = Words::new(["user", "display", "assigned"]);
    // "je suis Odile", but also "je suis Français": what somebody is, which a name may be.
    static BEING: Words<8> = Words::new(["suis", "soy", "sono", "sou", "sunt", "jestem", "ben", "er"]);
    let last = text.spelled(hit.last);
    (hit.first == hit.last && (GENERIC.hold(last) || plain_name(last)))
        || USERS.hold(text.spelled(hit.first))
        || BEING.hold(last)
        || last == "är"
}

/// The last word of a capitalised name behind a label, and the score. `sure`: behind a colon and a label of persons.
fn capital_label(text: &Text<'_>, at: usize, sure: bool, generic: bool) -> Option<(usize, f32)> {
    let words = text.words();
    let first = words[at];
    let known = |word: &Word| {
        let lists = if word.len() <= 3 && word.shape == Shape::Upper {
            Lex::FIRST.or(Lex::LAST)
        } else {
            Lex::FIRST_ANY.or(Lex::LAST_ANY)
        };
        word.lex.any(lists) && !word.lex.any(Lex::ANY_WORD.or(Lex::NEVER))
    };
    let given = first.shape == Shape::Capital && first.lex.any(Lex::FIRST) && !first.lex.any(Lex::MONTH);
    if first.lex.any(Lex::NEVER.or(Lex::DRUG).or(Lex::MONTH)) && !given || term_use(text, at) {
        return None;
    }
    let last = comma_name(text, at).unwrap_or_else(|| run_end(text, at, !generic));
    if organisation_behind(text, last) {
        return None;
    }
    let named = words[at..=last].iter().any(known);
    let unknown = !first.lex.any(Lex::ANY_WORD) && first.shape == Shape::Capital && first.len() > 1;
    match (named, sure, generic) {
        (true, ..) if first.shape == Shape::Mixed && !known(&first) => None,
        (true, ..) => Some((last, 0.9)),
        (_, true, _) if unknown || last > at => Some((last, 0.85)),
        // "his brother Mark": a frequent given name may be a word.
        (_, _, false) if given && text.words()[at - 1].shape == Shape::Lower => Some((last, 0.6)),
        (_, _, false) if unknown => Some((last, 0.55)),
        _ => None,
    }
}
