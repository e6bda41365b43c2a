//! Names of persons, 45 CFR 164.514(b)(2)(i)(A).
//!
//! Rules, surest first: a title and what follows; a label ("Patient:", "name is") and what follows; a given name
//! with an initial or a family name; initials with a family name; `LAST, FIRST`; a lone given or family name, which
//! counts only beside another identifier. Lists: US Census 1990 and others (`redactor/data/`). What looks like a name
//! and is a term stays: eponyms before "disease" or "score", drugs, weekdays, products.

use self::comma::{NOT_A_NAME, comma_name, lower_end};
use self::thing::is_thing;
pub(crate) use self::thing::term_use;
pub(crate) use self::titled::is_particle;
pub(super) use self::titled::is_title;
use self::titled::{particle_leads, titled};
use super::keywords::Key;
use super::lexicon::Lex;
use super::text::{Shape, Text, Word};
use super::words::{Parts, Words};
use super::{Category, Detector, Hit, Needs, languages};
use initial::single;
pub(super) use lone::is_everyday;
pub(super) use strangers::clinical as is_clinical;

mod comma;
mod frame;
mod initial;
mod label;
mod lone;
mod shorthand;
mod strangers;
mod syllables;
mod thing;
mod ticket;
mod titled;

/// Finds names.
pub(super) struct Name;

/// The longest name taken, in words.
const WORDS_MAX: usize = 5;

/// A JSON value longer than this is no name.
const VALUE_BYTES_MAX: usize = 64;

/// The score of two rare names side by side in a text about a person.
const PERSON_SCORE: f32 = 0.55;

/// The score of a lone name.
const LONE_SCORE: f32 = 0.4;

impl Detector for Name {
    fn id(&self) -> &'static str {
        "name"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Name]
    }

    fn example(&self) -> &'static str {
        "seen with Dr. Alvarez and Mary Ann Kowalski"
    }

    fn needs(&self) -> Needs {
        Needs::RARE.or(Needs::key(Key::Name))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |start: usize, end: usize, rule, score| {
            hits.push(Hit { start, end, category: Category::Name, rule, score })
        };
        if text.keyed(Key::Name)
            && let Some((start, end)) = value(text)
        {
            push(start, end, "name.key", 0.85);
        }
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Name) {
            if let Some((first, last, score)) = label::labelled(text, hit) {
                push(text.words()[first].start as usize, end_of(text, last), "name.label", score);
            }
        }
        let mut covered = 0;
        // No rule begins at a word of the language in lower case, which most words are, but at a title.
        for (index, word) in text.rare() {
            if let Some((first, last, score)) = syllables::around(text, index) {
                covered = end_of(text, last);
                push(text.words()[first].start as usize, covered, "name.syllables", score);
                continue;
            }
            if initial::behind_initial(text, index) {
                covered = word.end as usize;
                push(text.words()[index - 1].start as usize, covered, "name.initials", PERSON_SCORE);
                continue;
            }
            if !opens(text, index) || (word.start as usize) < covered || begins_sentence(text, index) {
                continue;
            }
            if let Some(last) = maker(text, index) {
                covered = text.words()[last].end as usize;
                continue;
            }
            if let Some((last, rule, score)) = titled(text, index).or_else(|| plain(text, index)) {
                let end = end_of(text, last);
                let first = if rule == "name.last_first" { over_particles(text, index) } else { index };
                push(text.words()[first].start as usize, end, rule, score);
                covered = end;
            }
        }
    }
}

/// `appointed Verity Chowdhury of our team`: a word of the language with a capital in mid-sentence, right before a frequent
/// family name that is no word.
fn behind_virtue(text: &Text<'_>, index: usize) -> Option<usize> {
    let words = text.words();
    let word = &words[index];
    let other = strangers::OTHER
        .or(Lex::FIRST_ANY)
        .or(Lex::EPONYM)
        .or(Lex::KEY)
        .or(Lex::PERSON)
        .or(Lex::GENERIC)
        .or(Lex::TOWN)
        .or(Lex::TOWN_ABROAD)
        .or(Lex::OPENS)
        .or(Lex::GREETING)
        .or(Lex::RELATIVE)
        .or(Lex::SEAT)
        .or(Lex::ABROAD)
        .or(Lex::FUNCTION);
    if word.shape != Shape::Capital
        || word.len() < 4
        || !word.lex.any(Lex::WORD)
        || word.lex.any(other)
        || text.joint(index) != b' '
    {
        return None;
    }
    let before = index
        .checked_sub(1)
        .filter(|before| matches!(text.gap(*before), " " | ", ") && words[*before].shape == Shape::Lower)?;
    text.word_at(index + 1).filter(|family| {
        let none = strangers::OTHER.or(Lex::ANY_WORD).or(Lex::EPONYM).or(Lex::TOWN).or(Lex::TOWN_ABROAD);
        family.shape == Shape::Capital
            && family.len() > 3
            && family.lex.any(Lex::LAST)
            && !family.lex.any(none)
    })?;
    let alone =
        !text.word_at(index + 2).is_some_and(|next| next.capital(text.text) && text.joint(index + 1) == b' ');
    static ARTICLES: Words<8> = Words::new(["the", "a", "an", "this", "that", "using", "in", "of"]);
    let fits = alone && !ARTICLES.hold(text.spelled(before)) && !term_use(text, index + 1);
    fits.then_some(index + 1)
}

/// Makers of drugs and devices whose names are persons' too: `Johnson & Johnson`, `Swan-Ganz catheter`. Gives the last word.
fn maker(text: &Text<'_>, index: usize) -> Option<usize> {
    static FIRST: Words<6> = Words::new(["johnson", "bristol", "pfizer", "eli", "swan", "jackson"]);
    let spelled = text.spelled(index);
    if !FIRST.hold(spelled) {
        return None;
    }
    let second = match (spelled, text.gap(index), text.spelled(index + 1)) {
        ("Pfizer", ..) => return Some(index),
        ("Johnson", " & " | " and ", "Johnson") => true,
        ("Bristol", " " | "-" | " - ", "Myers") => text.spelled(index + 2) == "Squibb",
        ("Eli", " ", "Lilly") => true,
        ("Swan", "-" | " ", "Ganz") | ("Jackson", "-" | " ", "Pratt") => true,
        _ => false,
    };
    second.then(|| index + 1 + usize::from(text.spelled(index + 2) == "Squibb"))
}

/// Whether a name may begin at one of the rare words. What it is made of is put together without a branch, since it
/// cannot be foreseen.
#[inline]
fn opens(text: &Text<'_>, index: usize) -> bool {
    let words = text.words();
    let word = &words[index];
    let listed = word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY));
    // Not at a capitalised word of the language that is in no list of names.
    let dull = (word.len() > 2) & word.lex.any(Lex::ANY_WORD.or(Lex::NEVER)) & !listed;
    let turned = (word.shape == Shape::Upper) & (text.byte_behind(word) == b',');
    let capital = word.capital(text.text) & (!dull | turned);
    let small = (word.shape == Shape::Lower) & (listed | (word.lex == Lex::NONE));
    word.lex.any(Lex::TITLE) | capital || small && opens_small(text, index)
}

/// `The`, `May` before a word in small letters: a name that is a word of the language as well goes on in a capital or a
/// particle, or is greeted.
#[inline]
fn begins_sentence(text: &Text<'_>, index: usize) -> bool {
    let words = text.words();
    let (word, next) = (&words[index], words.get(index + 1));
    let small = next.is_some_and(|next| next.shape == Shape::Lower) && text.joint(index) == b' ';
    let greeted = index > 0 && words[index - 1].lex.any(Lex::GREETING);
    // "May I have your name"
    let asks = next.is_some_and(|next| next.len() == 1)
        && text.spelled(index) == "May"
        && text.spelled(index + 1) == "I";
    asks || small
        && word.shape == Shape::Capital
        && word.lex.any(Lex::ANY_WORD)
        && !word.lex.any(Lex::TITLE)
        && !greeted
        && !is_particle(text.spelled(index + 1))
}

/// Whether a word in lower case that is a name, or in no list, has a further word behind it with which it may be one; a
/// word in no list only a family name that is no word.
fn opens_small(text: &Text<'_>, index: usize) -> bool {
    if text.words()[index].lex.any(Lex::FIRST_ANY) {
        return true;
    }
    let Some(next) = text.word_at(index + 1) else { return false };
    let stranger = text.words()[index].lex == Lex::NONE;
    let family = next.lex == Lex::NONE || next.lex.any(Lex::LAST_ANY) && !next.lex.any(Lex::ANY_WORD);
    next.shape == Shape::Lower
        && ((!stranger || family) && matches!(text.joint(index), b' ' | b'-')
            || text.byte_behind(&text.words()[index]) == b'\'')
}

/// The first of the particles right before a family name: `van der Berg, Bram`.
fn over_particles(text: &Text<'_>, index: usize) -> usize {
    let mut first = index;
    while first > 0 && index - first < 3 && text.gap(first - 1) == " " && is_particle(text.spelled(first - 1))
    {
        first -= 1;
    }
    first
}

/// Past the dot of an initial.
fn end_of(text: &Text<'_>, last: usize) -> usize {
    let word = text.words()[last];
    let end = word.end as usize;
    let initial = single(text, &word) && word.shape == Shape::Capital;
    let suffix = matches!(text.spelled(last), "Jr" | "Sr");
    if (initial || suffix) && text.gap(last).starts_with('.') { end + 1 } else { end }
}

/// The last word of the capitalised run that starts at `first`: names, initials, particles, suffixes.
pub(super) fn run_end(text: &Text<'_>, first: usize, trusted: bool) -> usize {
    let words = text.words();
    let mut last = first;
    while last - first < WORDS_MAX {
        let gap = text.gap(last);
        let Some(next) = text.word_at(last + 1) else { break };
        let joined = match gap {
            " " | "-" | "'" | "’" | "‐" | "  " => true,
            ". " | "." => {
                single(text, &words[last])
                    && words[last].shape == Shape::Capital
                    && next.capital(text.text)
                    && !sentence_starts(next)
            }
            ", " => matches!(text.spelled(last + 1), "Jr" | "Sr" | "III" | "II"),
            _ => false,
        };
        if !joined {
            break;
        }
        let spelled = text.spelled(last + 1);
        if spelled == "s" && matches!(gap, "'" | "’") {
            break;
        }
        let particle = is_particle(spelled);
        if particle {
            if !particle_leads(text, last + 1) {
                break;
            }
        } else if !next.capital(text.text) || !names_on(next, trusted && words[first].shape != Shape::Upper) {
            break;
        }
        last += 1;
    }
    while last > first && is_particle(text.spelled(last)) {
        last -= 1;
    }
    last
}

/// Whether a capitalised word can go on a name.
fn names_on(word: &Word, trusted: bool) -> bool {
    if word.len() == 1 {
        return true;
    }
    // "Page Dr. Ostrow": a title opens a name of its own.
    if word.lex.any(Lex::TITLE) && !word.lex.any(Lex::FIRST_ANY.or(Lex::LAST)) {
        return false;
    }
    if word.lex.any(Lex::NEVER.or(Lex::DRUG).or(Lex::FACILITY).or(Lex::CLINICAL)) && !word.lex.any(Lex::FIRST)
    {
        return word.lex.any(Lex::LAST)
            && !word.lex.any(Lex::ANY_WORD.or(Lex::NEVER).or(Lex::DRUG).or(Lex::FACILITY));
    }
    if word.lex.any(Lex::FIRST_ANY.or(Lex::LAST)) {
        return true;
    }
    !word.lex.any(Lex::ANY_WORD)
        && (trusted || word.shape != Shape::Upper || word.lex.any(Lex::LAST_ANY) || word.len() > 5)
}

/// A word that more likely opens a sentence than goes on a name: "seen by J. The patient".
fn sentence_starts(word: &Word) -> bool {
    word.lex.any(Lex::NEVER.or(Lex::ANY_WORD)) && !word.lex.any(Lex::LAST.or(Lex::FIRST)) && word.len() > 1
}

/// `KESTREL, DAMIAN J, MD`: a family name, whatever it is otherwise, a given name, a degree.
fn credentialed(text: &Text<'_>, index: usize) -> Option<usize> {
    let (family, given) = (text.words()[index], text.word_at(index + 1)?);
    let named = matches!(text.gap(index), ", " | ",")
        && family.capital(text.text)
        && family.len() > 2
        && !family.lex.any(NOT_A_NAME.or(Lex::STATE).or(Lex::FACILITY).or(Lex::TOWN))
        && given.capital(text.text)
        && given.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY))
        && !given.lex.any(NOT_A_NAME.or(Lex::STATE).or(Lex::TITLE));
    let initial = text.gap(index + 1) == " " && text.word_at(index + 2).is_some_and(|next| next.len() == 1);
    let last = index + 1 + usize::from(initial);
    (named && is_degree(text, last)).then_some(last)
}

/// Whether a comma and a degree stand behind the word.
fn is_degree(text: &Text<'_>, index: usize) -> bool {
    const DEGREES: &[&str] =
        &["MD", "DO", "RN", "NP", "PA", "PhD", "DDS", "DMD", "DPM", "PharmD", "LCSW", "CRNA", "FNP", "APRN"];
    matches!(text.gap(index), ", " | "," | " ")
        && (DEGREES.contains(&text.spelled(index + 1))
            || text.spelled(index + 1) == "M" && text.gap(index + 1) == "." && text.spelled(index + 2) == "D")
}

/// Names without title or label, starting at `index`.
fn plain(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let words = text.words();
    let word = words[index];
    if word.shape == Shape::Lower {
        return lower_pair(text, index)
            .or_else(|| strangers::lower(text, index))
            .or_else(|| lone::lower_lone(text, index))
            .or_else(|| shorthand::small(text, index));
    }
    if !word.capital(text.text) || index > 0 && matches!(text.gap(index - 1), "_" | "." | "/" | "::" | "\\") {
        return None;
    }
    if single(text, &word) {
        // "30 °C. Registro"
        if text.text[..word.start as usize].ends_with('°') {
            return None;
        }
        // O'Brien, D'Angelo
        let elided = matches!(text.gap(index), "'" | "’")
            && text
                .word_at(index + 1)
                .is_some_and(|next| next.shape == Shape::Capital || next.shape == Shape::Upper);
        if elided && text.words()[index + 1].len() > 1 {
            return plain(text, index + 1);
        }
        return initial::initials(text, index)
            .or_else(|| initial::of_patient(text, index))
            .or_else(|| initial::bare_initial(text, index));
    }
    if word.shape == Shape::Upper
        && let Some(last) = ticket::on_ticket(text, index)
    {
        return Some((last, "name.ticket", 0.8));
    }
    if let Some(last) = initial::last_initial(text, index) {
        return Some((last, "name.last_initial", 0.7));
    }
    if let Some(last) = credentialed(text, index) {
        return Some((last, "name.last_first", 0.8));
    }
    if let Some(last) = behind_virtue(text, index) {
        return Some((last, "name.wordy_first", 0.5));
    }
    let given = word.lex.any(Lex::FIRST_ANY);
    let family = word.lex.any(Lex::LAST_ANY);
    if !given && !family && word.lex.any(Lex::ANY_WORD.or(Lex::NEVER))
        || word.lex.any(Lex::DRUG.or(Lex::MONTH)) && !word.lex.any(Lex::FIRST)
    {
        return None;
    }
    if term_use(text, index) || is_thing(text, index) {
        return None;
    }
    if let Some(last) = comma_name(text, index)
        .filter(|_| !word.lex.any(Lex::FIRST) || word.shape == Shape::Upper || word.lex.any(Lex::LAST_ANY))
    {
        return Some((last, "name.last_first", 0.8));
    }
    if given && (!word.lex.any(Lex::NEVER) || word.lex.any(Lex::FIRST)) {
        if let Some(last) = initial::given_initial(text, index) {
            return Some((last, "name.first_initial", 0.85));
        }
        if let Some((last, score)) = given_family(text, index) {
            return Some(surer(text, index, (last, "name.first_last", score)));
        }
    }
    if family && !given && initial::family_initial(text, index) {
        return Some((index + 1, "name.last_initial", 0.6));
    }
    if (!given || family) && initial::family_before_initial(text, index) {
        return Some((index + 1, "name.last_initial", PERSON_SCORE));
    }
    if word.lex == Lex::NONE && initial::unknown_initial(text, index) {
        let score = if about_person(text) { PERSON_SCORE } else { LONE_SCORE };
        return Some((index + 1, "name.unknown_initial", score));
    }
    if !given && let Some((last, score)) = unknown_family(text, index) {
        return Some(surer(text, index, (last, "name.unknown_last", score)));
    }
    // What is sure goes before what is not.
    let found = strangers::find(text, index).or_else(|| lone::lone(text, index));
    if found.is_some_and(|(last, _, score)| last > index || score >= PERSON_SCORE) {
        return found;
    }
    shorthand::capital(text, index).or(found)
}

/// What was found at the word, or what its shape gives if that is surer.
fn surer(text: &Text<'_>, index: usize, found: (usize, &'static str, f32)) -> (usize, &'static str, f32) {
    if found.2 >= strangers::SCORE_MAX {
        return found;
    }
    strangers::find(text, index).filter(|(.., score)| *score > found.2).unwrap_or(found)
}

/// `John Smith`, `Mary Ann Kowalski`, `JOHN SMITH`: a given name and a family name, known or at least no word.
fn given_family(text: &Text<'_>, index: usize) -> Option<(usize, f32)> {
    let words = text.words();
    let first = words[index];
    if !(matches!(text.gap(index), " " | "  ") || text.gap(index) == "-" && first.shape == Shape::Capital) {
        return None;
    }
    let last = run_end(text, index, false);
    if last == index {
        return None;
    }
    let second = words[index + 1];
    let capitals = first.shape == Shape::Upper;
    if capitals && !words[index..=last].iter().all(|word| word.shape == Shape::Upper || word.len() == 1) {
        return None;
    }
    if term_use(text, last)
        || organisation_behind(text, last)
        || is_double_eponym(text, index, last)
        || languages::is_article(text, index)
    {
        return None;
    }
    let known = |word: &Word| word.lex.any(Lex::FIRST.or(Lex::LAST)) && !word.lex.any(Lex::ANY_WORD);
    let any = |word: &Word| word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY)) && !word.lex.any(Lex::ANY_WORD);
    let frequent = first.lex.any(Lex::FIRST) && !first.lex.any(Lex::ANY_WORD.or(Lex::NEVER));
    let plain_word = |word: &Word| word.lex.any(Lex::ANY_WORD) && !word.lex.any(Lex::LAST);
    if plain_word(&second) && second.len() > 1 {
        return None;
    }
    let rest = &words[index + 1..=last];
    let score = match (frequent, rest.iter().any(known), rest.iter().any(any)) {
        (true, true, _) => 0.9,
        (true, _, true) => 0.85,
        // "SAMANTHA WHITE": the family name may be a word between small letters.
        (true, ..)
            if capitals
                && last == index + 1
                && second.lex.any(Lex::LAST)
                && !second.lex.any(Lex::NEVER.or(Lex::CLINICAL).or(Lex::DRUG))
                && text.word_at(last + 1).is_none_or(|next| next.shape != Shape::Upper) =>
        {
            0.6
        }
        (true, ..)
            if capitals
                && !(about_person(text) && second.len() >= 5)
                && (second.lex.any(Lex::ANY_WORD.or(NOT_A_NAME)) || frame::weigh(text, index, last) == 0) =>
        {
            return None;
        }
        (true, ..) => 0.75,
        (false, true, _) if !first.lex.any(Lex::ANY_WORD.or(Lex::NEVER)) => 0.8,
        (false, _, true) if !first.lex.any(Lex::ANY_WORD.or(Lex::NEVER)) && !capitals => 0.65,
        (false, true, _) if first.lex.any(Lex::FIRST) => 0.75,
        // "the family of MAHAD JAMA would": capitals between small letters, no word among them.
        (false, _, true)
            if capitals
                && last == index + 1
                && any(&first)
                && !first.lex.any(Lex::NEVER)
                && stands_out(text, index, last)
                && (about_person(text) || frame::weigh(text, index, last) > 0) =>
        {
            PERSON_SCORE
        }
        // "Grace Park needs refills", "Mark Weaver, 51,": both words of the language, but where a person stands.
        _ if first.lex.any(Lex::FIRST)
            && second.lex.any(Lex::LAST)
            && !capitals
            && !first.lex.any(Lex::NEVER.or(Lex::MONTH))
            && frame::weigh(text, index, last) > 1 =>
        {
            PERSON_SCORE
        }
        _ if first.lex.any(Lex::NEVER) || capitals => LONE_SCORE - 0.1,
        _ if about_person(text) && (first.lex.any(Lex::FIRST) || !first.lex.any(Lex::ANY_WORD)) => {
            PERSON_SCORE
        }
        _ => LONE_SCORE,
    };
    Some((last, score))
}

/// `Kirby-Bauer disc`, `Frank-Starling curve`: a given and a family name with a hyphen before a thing.
fn is_double_eponym(text: &Text<'_>, index: usize, last: usize) -> bool {
    last == index + 1
        && text.gap(index) == "-"
        && text.joint(last) == b' '
        && text.word_at(last + 1).is_some_and(|next| next.shape == Shape::Lower || next.len() == 1)
        && !text.words()[last].lex.any(Lex::FIRST)
        && frame::weigh(text, index, last) == 0
}

/// Whether no word in capitals stands right before or behind these words.
fn stands_out(text: &Text<'_>, first: usize, last: usize) -> bool {
    let small = |word: Option<&Word>| word.is_none_or(|word| word.shape != Shape::Upper);
    small(first.checked_sub(1).and_then(|before| text.word_at(before))) && small(text.word_at(last + 1))
}

/// Whether the text is about a person: it or its JSON key says patient, she, admitted, or the like.
fn about_person(text: &Text<'_>) -> bool {
    text.holds(Lex::PERSON) || text.has_key(Key::Name) || text.has_key(Key::Birth) || text.has_key(Key::Mrn)
}

/// "Jackson Memorial Hospital", "Jefferson City Clinic": the run goes on into an organisation.
pub(super) fn organisation_behind(text: &Text<'_>, last: usize) -> bool {
    text.gap(last) == " "
        && text.word_at(last + 1).is_some_and(|word| word.capital(text.text) && word.lex.any(Lex::FACILITY))
}

/// Two unknown or rare capitalised words, the second a known family name: `Oluwaseun Adeyemi`.
fn unknown_family(text: &Text<'_>, index: usize) -> Option<(usize, f32)> {
    let first = text.words()[index];
    let second = text.word_at(index + 1).filter(|_| text.gap(index) == " ")?;
    let plain = first.shape == Shape::Capital
        && second.shape == Shape::Capital
        && first.len() > 2
        && second.len() > 1;
    let odd = !first.lex.any(
        Lex::ANY_WORD
            .or(Lex::NEVER)
            .or(Lex::TOWN)
            .or(Lex::TOWN_OPEN)
            .or(Lex::STATE)
            .or(Lex::EPONYM)
            .or(Lex::BRAND),
    );
    let family =
        second.lex.any(Lex::LAST_ANY) && !second.lex.any(Lex::ANY_WORD.or(Lex::NEVER).or(Lex::FACILITY));
    if !plain || !odd || !family || term_use(text, index + 1) || organisation_behind(text, index + 1) {
        return None;
    }
    // "drei Tagen Fieber": two nouns, of which few are called by the second.
    if !second.lex.any(Lex::LAST) && languages::amid_german(text, index, index + 1)
        || matches!(text.spelled(index), "Der" | "Den" | "Dem" | "Des")
    {
        return None;
    }
    Some((
        run_end(text, index + 1, false),
        if second.lex.any(Lex::LAST) {
            0.6
        } else if about_person(text) {
            PERSON_SCORE
        } else {
            LONE_SCORE
        },
    ))
}

/// `john smith`: two words that are names and nothing else; one of them may be rare, or the family name unknown, where
/// the text is about a person.
fn lower_pair(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    const OTHER: Lex =
        NOT_A_NAME.or(Lex::ANY_WORD).or(Lex::STATE).or(Lex::KEY).or(Lex::PERSON).or(Lex::PERIOD);
    let words = text.words();
    let first = words[index];
    if !first.lex.any(Lex::FIRST_ANY) || first.lex.any(OTHER) || text.gap(index) != " " {
        return None;
    }
    if index > 0 && !matches!(text.gap(index - 1), " " | ", " | "\n" | ": " | " (" | "; " | ". ") {
        return None;
    }
    let last = behind_particles(text, index + 1);
    let second = text.word_at(last).filter(|word| word.shape == Shape::Lower && !word.lex.any(OTHER))?;
    let glued = matches!(text.gap(last).chars().next(), Some('_' | '/' | '(' | '-' | '=' | '['))
        || text.gap(last) == "." && text.word_at(last + 1).is_some();
    if glued || term_use(text, last) || strangers::abroad(text, index) {
        return None;
    }
    let frequent = first.lex.any(Lex::FIRST);
    // "paolo di solito": behind a particle a family name has to be one that a list has.
    let listed = last == index + 1 || second.lex.any(Lex::LAST_ANY);
    let score = if frequent && second.lex.any(Lex::LAST) {
        0.7
    } else if about_person(text)
        && listed
        && (frequent || second.lex.any(Lex::LAST_ANY))
        && first.len() > 2
        && second.len() > 3
    {
        PERSON_SCORE
    } else {
        return None;
    };
    Some((last, "name.lower", score))
}

/// The word behind the particles that stand there: `de la cruz`.
fn behind_particles(text: &Text<'_>, from: usize) -> usize {
    let mut at = from;
    while at - from < 3 && text.joint(at) == b' ' && is_particle(text.spelled(at)) {
        at += 1;
    }
    at
}

/// The whole of a JSON value whose key says that it is a name.
fn value(text: &Text<'_>) -> Option<(usize, usize)> {
    let trimmed = text.text.trim();
    let start = text.text.len() - text.text.trim_start().len();
    let words = text.words();
    let fits = (2..=VALUE_BYTES_MAX).contains(&trimmed.len())
        && !trimmed.contains(['_', '{', '}', '<', '>', '=', '/', '\n', '@', ':', '['])
        && (1..=WORDS_MAX + 1).contains(&words.len())
        && words.iter().all(|word| !matches!(word.shape, Shape::Digits | Shape::Alnum));
    let known = |word: &Word| {
        word.capital(text.text)
            && word.lex.any(Lex::FIRST.or(Lex::LAST))
            && !word.lex.any(Lex::ANY_WORD.or(Lex::NEVER))
    };
    // "nom" and the like head lists of persons more often than "name", but of towns and products too.
    let thing =
        Lex::ANY_WORD.or(Lex::NEVER).or(Lex::TOWN).or(Lex::TOWN_ABROAD).or(Lex::DRUG).or(Lex::FACILITY);
    let borne = |word: &Word| {
        word.capital(text.text) && word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY)) && !word.lex.any(thing)
    };
    let abroad = || text.key.is_some_and(|key| label::plain_name(key) && !key.eq_ignore_ascii_case("name"));
    (fits
        && (words.iter().any(known)
            || abroad() && words.iter().any(borne)
            || text.key.is_some_and(personal_key)))
    .then_some((start, start + trimmed.len()))
}

/// Keys whose value is a person's name whatever it looks like; a bare "name" may be a function's.
fn personal_key(key: &str) -> bool {
    static PERSONAL: Parts<24> = Parts::new([
        "patient",
        "first",
        "last",
        "full",
        "given",
        "family",
        "sur",
        "middle",
        "maiden",
        "display",
        "provider",
        "physician",
        "member",
        "subscriber",
        "guarantor",
        "doctor",
        "nurse",
        "contact",
        "nachname",
        "vorname",
        "nombre",
        "apellido",
        "prenom",
        "cognome",
    ]);
    static NUMBERED: Parts<2> = Parts::new(["id", "number"]);
    PERSONAL.within(key) && !NUMBERED.within(key)
}

#[cfg(test)]
mod tests;
