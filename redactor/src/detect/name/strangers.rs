//! Names of which the lists know little: two capitalised words that are no words, hyphenated given names, names
//! behind a greeting, capitals amid small letters, lower case with a common word as family name.
//!
//! Lists hold the names of few peoples. What these rules go by is the shape: in English prose a run of two
//! capitalised words that no dictionary, drug list or list of towns, brands and eponyms holds is a person's name far
//! more often than anything else.

use super::super::lexicon::Lex;
use super::super::text::{Shape, Text, Word};
use super::super::words::Words;
use super::super::{kin, languages};
use super::{
    LONE_SCORE, PERSON_SCORE, about_person, frame, is_particle, organisation_behind, particle_leads, run_end,
    shorthand, term_use,
};

/// The highest score that a name has by its shape.
pub(super) const SCORE_MAX: f32 = 0.6;

/// What a stranger's name is not.
pub(super) const OTHER: Lex = Lex::NEVER
    .or(Lex::DRUG)
    .or(Lex::MONTH)
    .or(Lex::STATE)
    .or(Lex::BRAND)
    .or(Lex::FACILITY)
    .or(Lex::CLINICAL)
    .or(Lex::PERIOD)
    .or(Lex::HOUSE)
    .or(Lex::HOUSE_END)
    .or(Lex::FIRM)
    .or(Lex::STREET)
    .or(Lex::TITLE);

/// What is surely no word of the language.
fn odd(word: &Word) -> bool {
    !word.lex.any(OTHER.or(Lex::ANY_WORD).or(Lex::EPONYM)) && word.len() > 2
}

fn named(word: &Word) -> bool {
    word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY))
}

/// A name at `index` by its shape: its last word and score.
pub(super) fn find(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let word = text.words()[index];
    if let Some(last) = greeted(text, index) {
        return Some((last, "name.greeted", 0.6));
    }
    if let Some((last, score)) = turned(text, index) {
        return Some((last, "name.last_first", score));
    }
    match word.shape {
        // What joins the next word to it says which of them it may be.
        Shape::Capital => match text.joint(index) {
            b'-' => hyphenated(text, index),
            b' ' => pair(text, index)
                .or_else(|| initial_between(text, index))
                .or_else(|| initial_behind(text, index)),
            _ => None,
        }
        .or_else(|| single(text, index)),
        Shape::Upper => shouted(text, index).or_else(|| single(text, index)),
        _ => None,
    }
}

/// Whether the words around belong to a longer run of capitals: a title, a product, an organisation.
fn amid_capitals(text: &Text<'_>, first: usize, last: usize) -> bool {
    let before = first > 0
        && text.gap(first - 1) == " "
        && text.words()[first - 1].capital(text.text)
        && text.words()[first - 1].len() > 1
        && !text.words()[first - 1].lex.any(Lex::OPENS.or(Lex::PERSON).or(Lex::ANY_WORD).or(Lex::NEVER));
    let behind = text.gap(last) == " "
        && text
            .word_at(last + 1)
            .is_some_and(|next| next.capital(text.text) && next.lex.any(OTHER) && next.len() > 2);
    before || behind
}

/// `Tavita Faleolo`: two words that are nothing else; a known name among them, or a text about a person, makes it sure.
fn pair(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let words = text.words();
    let first = words[index];
    if text.gap(index) != " " {
        return None;
    }
    // "Xu Jing"
    let short = first.len() == 2 && first.lex.any(Lex::LAST_ANY) && !first.lex.any(OTHER.or(Lex::ANY_WORD));
    let given =
        odd(&first) || short || (first.lex.any(Lex::FIRST_ANY) && !first.lex.any(OTHER.or(Lex::EPONYM)));
    if !given
        || languages::is_word_at(text, index)
        || languages::is_article(text, index)
        || kin::is_role(&first)
    {
        return None;
    }
    // A particle may lead the family name: "Wellington de Souza".
    let led = is_particle(text.spelled(index + 1)) && particle_leads(text, index + 1);
    let second = text.word_at(index + 1)?;
    let family = led
        || second.capital(text.text)
            && second.shape != Shape::Upper
            && odd(second)
            && !languages::is_word(second);
    let known = first.lex.any(Lex::FIRST_ANY) || second.lex.any(Lex::LAST_ANY);
    // A given name before a family name that is a word: "Clementine Wood". Mid-sentence only.
    let wordy = second.capital(text.text)
        && first.lex.any(Lex::FIRST_ANY)
        && odd(&first)
        && second.lex.any(Lex::LAST)
        && !second.lex.any(OTHER);
    if !(family || wordy) {
        return None;
    }
    let place = Lex::TOWN.or(Lex::TOWN_ABROAD).or(Lex::TOWN_OPEN);
    if first.lex.any(place) && !first.lex.any(Lex::FIRST_ANY) && !second.lex.any(Lex::LAST_ANY) {
        return None;
    }
    let last = run_end(text, index, true).max(index + 1);
    // "Hauptstadt von Bayern", "Präsident von Frankreich", "Malformazione di Chiari"
    let of_place = led
        && !first.lex.any(Lex::FIRST_ANY)
        && (words[last].lex.any(place.or(Lex::STATE).or(Lex::EPONYM)) || is_german_noun(text.spelled(index)));
    if of_place
        || term_use(text, index)
        || term_use(text, last)
        || organisation_behind(text, last)
        || amid_capitals(text, index, last)
    {
        return None;
    }
    // "drei Tagen Fieber", "das Ergebnis der Untersuchung", but "Tsvetana Georgieva wurde": in German.
    static VERBS: Words<14> = Words::new([
        "aus", "wurde", "wird", "ist", "war", "hat", "hatte", "kam", "kommt", "klagt", "leidet", "wohnt",
        "rief", "ruft",
    ]);
    let opens = index == 0 || !matches!(text.joint(index - 1), b' ' | b'-');
    let subject = opens && text.joint(last) == b' ' && VERBS.hold(text.spelled(last + 1));
    let article = led && matches!(text.spelled(index + 1), "der" | "den" | "das");
    if (!known && !subject || article) && languages::amid_german(text, index, last) {
        return None;
    }
    // A given name that is a word too opens sentences: "Hyacinth Bulbs".
    let sure = known && odd(&first);
    let score = match (sure, about_person(text)) {
        (true, _) => 0.6,
        (_, true) => PERSON_SCORE,
        _ if known => 0.5,
        _ if frame::weigh(text, index, last) > 1 => PERSON_SCORE,
        _ => LONE_SCORE + 0.05,
    };
    Some((last, "name.stranger", score))
}

/// Whether a word ends as nouns of German do, which have capitals, and no name does.
fn is_german_noun(spelled: &str) -> bool {
    const ENDINGS: [&str; 12] = [
        "stadt", "meister", "minister", "leiter", "direktor", "dent", "tät", "ung", "heit", "keit", "schaft",
        "neur",
    ];
    spelled.len() > 6 && ENDINGS.iter().any(|ending| spelled.ends_with(ending))
}

/// `Faleolo, Tavita`, `FALEOLO, TAVITA`, `MEYER-LUND, JAN`: family name first, both parts nothing else, and not one of
/// a list of such words.
fn turned(text: &Text<'_>, index: usize) -> Option<(usize, f32)> {
    let words = text.words();
    let first = words[index];
    if !matches!(text.byte_behind(&first), b',' | b'-' | b'\'' | 0xE2) {
        return None;
    }
    let mut comma = index;
    if matches!(text.gap(index), "-" | "'" | "’") && text.word_at(index + 1)?.capital(text.text) {
        comma += 1;
    }
    let given = text.word_at(comma + 1).filter(|_| matches!(text.gap(comma), ", " | ","))?;
    // In capitals both, or neither.
    let shout = first.shape == Shape::Upper;
    let alike = given.capital(text.text) && (given.shape == Shape::Upper) == shout;
    let mut last = comma + 1;
    if text.gap(last) == "-"
        && text.word_at(last + 1).is_some_and(|part| part.len() > 1 && !part.lex.any(OTHER))
    {
        last += 1;
    }
    let place = Lex::TOWN.or(Lex::TOWN_ABROAD);
    let written = |word: &Word| matches!(word.shape, Shape::Capital | Shape::Upper);
    let sort = |word: &Word| {
        written(word)
            && !word.lex.any(OTHER.or(Lex::KEY).or(Lex::GREETING))
            && word.len() > 1
            && !kin::is_role(word)
    };
    // One of the two may be a word of the language if the other is a name and no word.
    let sure = |word: &Word| named(word) && !word.lex.any(Lex::ANY_WORD);
    let fits = alike
        && sort(&first)
        && sort(given)
        && (!first.lex.any(Lex::ANY_WORD)
            || given.lex.any(Lex::FIRST) && sure(given) && first.lex.any(Lex::LAST))
        && (!given.lex.any(Lex::ANY_WORD)
            || given.lex.any(Lex::FIRST_ANY) && !first.lex.any(Lex::ANY_WORD.or(place)))
        && (given.lex.any(Lex::FIRST_ANY) || !first.lex.any(place) && !given.lex.any(place))
        && first.len() + given.len() > 5;
    let eponyms = first.lex.any(Lex::EPONYM) && given.lex.any(Lex::EPONYM) && !given.lex.any(Lex::FIRST);
    if eponyms || is_abbreviation(text, index) || is_abbreviation(text, comma + 1) {
        return None;
    }
    let listed = |gap: &str| gap.starts_with(',') && !text.gap(last + 1).starts_with('.');
    let next_alike = text.word_at(last + 1).is_some_and(|next| next.capital(text.text) && next.len() > 1);
    let amid = index > 0
        && (text.gap(index - 1) == ", " && words[index - 1].capital(text.text)
            || text.gap(index - 1) == " "
                && shout
                && words[index - 1].shape == Shape::Upper
                && words[index - 1].len() > 3
                && !is_particle(&text.spelled(index - 1).to_ascii_lowercase()));
    if !fits || amid || listed(text.gap(last)) && next_alike || term_use(text, index) || term_use(text, last)
    {
        return None;
    }
    let known = named(&first) || named(given);
    let framed = || frame::weigh(text, super::over_particles(text, index), last) > 1;
    let score = match (sure(&first) && sure(given), known, about_person(text)) {
        (true, ..) => 0.6,
        (_, true, true) => 0.55,
        (_, true, _) => 0.5,
        _ if framed() => PERSON_SCORE,
        _ => LONE_SCORE + 0.05,
    };
    Some((last, score))
}

/// `Thilini D. Jayawardena`: an initial between two words of which neither is one of the language, or one is a name.
fn initial_between(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let first = text.words()[index];
    let initial = text.word_at(index + 1).filter(|next| super::single(text, next))?;
    let family =
        text.word_at(index + 2).filter(|next| matches!(next.shape, Shape::Capital | Shape::Mixed))?;
    let spaced = text.gap(index) == " " && matches!(text.gap(index + 1), ". " | " ");
    let sort = |word: &Word| odd(word) || named(word) && !word.lex.any(OTHER) && word.len() > 2;
    let lettered = text.spelled(index).eq_ignore_ascii_case("factor");
    let fits = spaced
        && initial.capital(text.text)
        && sort(&first)
        && sort(family)
        && (odd(&first) || odd(family))
        && !lettered;
    (fits && !term_use(text, index + 2) && !organisation_behind(text, index + 2))
        .then(|| (run_end(text, index + 2, false), "name.stranger_initial", 0.6))
}

/// `Siriporn C.`: a word that is nothing else and a dotted initial.
fn initial_behind(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let first = text.words()[index];
    let next = text.word_at(index + 1).filter(|next| super::single(text, next))?;
    let shaped = odd(&first)
        && first.len() > 3
        && text.gap(index) == " "
        && next.capital(text.text)
        && text.gap(index + 1).starts_with('.');
    (shaped && about_person(text)).then_some((index + 1, "name.stranger_initial", 0.55))
}

/// `Ji-woo Kim`, `Chun-Hung T.`, `Anne-marie Lund`: a given name of two parts.
fn hyphenated(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let words = text.words();
    let first = words[index];
    let part =
        text.word_at(index + 1).filter(|part| text.gap(index) == "-" && (2..=9).contains(&part.len()))?;
    let short =
        first.len() <= 9 && !first.lex.any(OTHER.or(Lex::EPONYM)) && !part.lex.any(OTHER.or(Lex::EPONYM));
    let spelled = part.shape == Shape::Capital
        || (part.shape == Shape::Lower
            && first.len() <= 6
            // "Ji-woo Park": a part may be a word where the family name is a frequent one.
            && (!part.lex.any(Lex::ANY_WORD)
                || !matches!(
                    text.spelled(index + 1),
                    "up" | "in" | "on" | "off" | "out" | "op" | "to" | "down" | "over" | "by" | "the" | "a" | "of"
                ) && text.word_at(index + 2).is_some_and(|next| next.lex.any(Lex::LAST))));
    // "Eun-ji said", "Hyun-woo, 17M"
    let alone = short
        && first.shape == Shape::Capital
        && !first.lex.any(Lex::ANY_WORD)
        && part.len() <= 6
        && !(part.shape == Shape::Lower && part.len() > 3 && part.lex.any(Lex::ANY_WORD))
        && frame::weigh(text, index, index + 1) > 1;
    if alone && !text.word_at(index + 2).is_some_and(|next| next.capital(text.text)) {
        return Some((index + 1, "name.hyphenated", PERSON_SCORE));
    }
    if !short || !spelled || text.gap(index + 1) != " " {
        return None;
    }
    let family =
        text.word_at(index + 2).filter(|next| next.shape == Shape::Capital || next.shape == Shape::Mixed)?;
    let initial = super::single(text, family) && text.gap(index + 2).starts_with('.');
    let fits =
        initial || (odd(family) || named(family) && !family.lex.any(OTHER)) && !family.lex.any(Lex::CLINICAL);
    // Eponyms are joined likewise: "Guillain-Barré syndrome".
    if !fits || term_use(text, index + 1) || term_use(text, index + 2) {
        return None;
    }
    let last = if initial { index + 2 } else { run_end(text, index + 2, true) };
    Some((last, "name.hyphenated", 0.6))
}

/// `Hey Nattaya,`, `Cheers, Kofi`: a greeting and a name that is no word, or a frequent one.
fn greeted(text: &Text<'_>, index: usize) -> Option<usize> {
    let before = index.checked_sub(1)?;
    let greeting = text.words()[before];
    if !greeting.lex.any(Lex::GREETING) || !matches!(text.gap(before), " " | ", " | ",\n" | "\n" | "! ") {
        return None;
    }
    let word = text.words()[index];
    // "Best regards, Ingeborg"
    let opened = |at: usize| text.joint(at) == b' ' && text.words()[at].capital(text.text);
    let capital = (greeting.capital(text.text) || before.checked_sub(1).is_some_and(opened))
        && word.shape == Shape::Capital
        && word.len() > 1;
    let person = word.lex.any(Lex::FIRST) || (odd(&word) && !word.lex.any(Lex::TOWN));
    (capital && person && !word.lex.any(OTHER) && !term_use(text, index)).then(|| run_end(text, index, false))
}

/// `Helgadóttir lives alone`, `an argument with Kittisak`: one word in no list where only a person can stand.
fn single(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let word = text.words()[index];
    let place = Lex::TOWN.or(Lex::TOWN_ABROAD).or(Lex::TOWN_OPEN);
    // In capitals only what is in no list at all.
    if word.shape == Shape::Upper && (word.lex != Lex::NONE || word.len() < 6) {
        return None;
    }
    if !odd(&word) || word.lex.any(place) || word.len() < 4 {
        return None;
    }
    let alone = index
        .checked_sub(1)
        .is_none_or(|before| text.joint(before) != b' ' || !text.words()[before].capital(text.text));
    let framed = frame::weigh(text, index, index) > 1 && shorthand::is_of_care(text, index)
        || frame::aged(text, index, index);
    let fits = alone && framed && !clinical(text.spelled(index));
    (fits && !term_use(text, index)).then_some((index, "name.stranger_alone", PERSON_SCORE))
}

/// Abbreviations of diseases, devices and studies that are written like names in capitals.
fn is_abbreviation(text: &Text<'_>, index: usize) -> bool {
    static ABBREVIATIONS: Words<26> = Words::new([
        "cpap", "bipap", "nash", "nafld", "masld", "gerd", "osa", "copd", "esrd", "ckd", "htn", "hld", "cad",
        "chf", "dvt", "uti", "tia", "cva", "mri", "ct", "xr", "ekg", "ecg", "eeg", "tte", "brain",
    ]);
    text.words()[index].shape == Shape::Upper && ABBREVIATIONS.hold(text.spelled(index))
}

/// `TAVITA FALEOLO` amid small letters.
fn shouted(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    let words = text.words();
    let first = words[index];
    let small = |at: Option<usize>| {
        at.and_then(|at| text.word_at(at)).is_none_or(|word| word.shape != Shape::Upper || word.len() < 3)
    };
    let mut last = index;
    while last - index < 4
        && matches!(text.gap(last), " " | "-" | "'" | "’" | ". ")
        && text.word_at(last + 1).is_some_and(|next| next.shape == Shape::Upper || super::single(text, next))
        && !(last > index && frame::is_verb(&words[last + 1]))
    {
        last += 1;
    }
    let run = &words[index..=last];
    let parts = run.iter().filter(|word| word.len() > 2).count();
    let known = run.iter().any(named);
    let frequent =
        run.iter().any(|word| word.lex.any(Lex::FIRST.or(Lex::LAST)) && !word.lex.any(Lex::ANY_WORD));
    // "HMAC-SHA" is one term.
    let spaced = (index..last).any(|at| text.gap(at) == " ");
    let plain = spaced
        && run
            .iter()
            .all(|word| !word.lex.any(OTHER.or(Lex::KEY)) && !word.lex.any(Lex::EPONYM) || word.len() < 4);
    let particle = |at: usize| is_particle(&text.spelled(at).to_ascii_lowercase()) && at > index && at < last;
    let words_among = (index..=last).filter(|at| words[*at].lex.any(Lex::ANY_WORD) && !particle(*at)).count();
    let framed = || frame::weigh(text, index, last) > 1;
    let verb = text.word_at(last + 1).is_some_and(frame::is_verb);
    let alone = small(index.checked_sub(1)) && (verb || small(Some(last + 1)));
    let fits = last > index
        && !(index..=last).any(|at| is_abbreviation(text, at))
        && parts >= 2
        && plain
        && alone
        && first.len() > 2
        && (words_among == 0 || words_among == 1 && (frequent || known && framed()))
        && !matches!(text.gap(last).chars().next(), Some('_' | '=' | '('));
    if !fits || term_use(text, last) {
        return None;
    }
    let score = match (known, about_person(text)) {
        (true, _) => 0.6,
        (_, true) => 0.55,
        _ if framed() => PERSON_SCORE,
        _ => LONE_SCORE + 0.05,
    };
    Some((last, "name.capitals", score))
}

/// Whether two words in small letters, of four letters and more, are in no list and look like no term.
fn strange(text: &Text<'_>, index: usize) -> bool {
    let words = text.words();
    let unknown =
        |at: usize| words[at].lex == Lex::NONE && words[at].len() > 3 && !clinical(text.spelled(at));
    unknown(index) && unknown(index + 1)
}

/// Whether a word ends as terms of medicine, drugs (the stems of WHO's INN list) and species do.
pub(in crate::detect) fn clinical(spelled: &str) -> bool {
    const ENDS: &[&str] = &[
        "itis",
        "osis",
        "emia",
        "oma",
        "omas",
        "tomy",
        "pathy",
        "plasty",
        "scopy",
        "graphy",
        "gram",
        "ine",
        "ide",
        "one",
        "mab",
        "nib",
        "cillin",
        "mycin",
        "micin",
        "azole",
        "pril",
        "sartan",
        "statin",
        "cycline",
        "oxacin",
        "olol",
        "parin",
        "xaban",
        "gliptin",
        "tide",
        "flozin",
        "vir",
        "us",
        "um",
        "ae",
        "ii",
        "ic",
        "ics",
        "ous",
        "ive",
        "ase",
        "ate",
        "ism",
        "logy",
        "cyte",
        "cytes",
        "pnea",
        "uria",
        "algia",
        "tion",
        "tions",
        "lol",
        "pam",
        "lam",
        "pine",
        "triptan",
        "setron",
        "phobia",
        "genic",
        "ment",
        "ness",
        "ing",
        "ed",
        "ally",
        "ility",
        "able",
        "ible",
        "philia",
        "penia",
        "megaly",
        "rrhea",
        "stasis",
        "sclerosis",
        "zumab",
        "ximab",
        "afil",
        "fibrate",
    ];
    ENDS.iter().any(|end| spelled.ends_with(end))
}

/// Whether one of two words in small letters is of a language other than English, or both stand in one and are no name
/// that many bear: `klagt über`, `insuffisance rénale`.
pub(super) fn abroad(text: &Text<'_>, index: usize) -> bool {
    let words = text.words();
    let (first, second) = (words[index], words[index + 1]);
    let particle = is_particle(text.spelled(index + 1));
    let borne = first.lex.any(Lex::FIRST) && (second.lex.any(Lex::LAST_ANY) || particle);
    languages::is_word_at(text, index)
        || languages::is_word_at(text, index + 1) && !particle
        || kin::is_role(&first)
        || kin::is_role(&second)
        || !borne && (text.holds(Lex::FUNCTION) || languages::amid(text, index, index + 1))
}

/// `melissa king`: a given name that is no word before a family name that is one, or the other way about.
pub(super) fn lower(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    // Words that follow a given name in a sentence and are family names besides.
    const VERBS: &[&str] = &[
        "will", "may", "can", "has", "had", "is", "was", "said", "says", "does", "did", "long", "day",
        "call", "case", "care", "means", "still", "more", "best", "in", "on", "so", "to", "do", "an", "no",
        "or", "and", "for", "from", "with", "at", "by", "not", "but", "about", "who", "the", "a", "as", "be",
        "go", "if", "it", "my", "of", "up", "us", "we", "you", "your", "her", "his", "she", "he", "they",
        "this", "that", "then", "than", "what", "when",
    ];
    let words = text.words();
    let first = words[index];
    let stays = OTHER.or(Lex::PERSON).or(Lex::RELATIVE);
    let second = text.word_at(index + 1).filter(|next| {
        next.shape == Shape::Lower && matches!(text.gap(index), " " | "-") && !next.lex.any(stays)
    })?;
    let opened = index == 0
        || matches!(text.gap(index - 1), " " | ", " | "\n" | ": " | " (" | "; " | ". " | "\t" | "|");
    let glued = matches!(text.gap(index + 1).chars().next(), Some('_' | '/' | '(' | '=' | '['));
    if first.shape != Shape::Lower
        || first.lex.any(stays.or(Lex::ANY_WORD))
        || (text.gap(index) == "-" || second.lex.any(Lex::ANY_WORD)) && super::is_everyday(&first)
        || !opened
        || glued
        || first.len() < 3 && text.gap(index) != "-"
    {
        return None;
    }
    // "declan o'donoghue"
    if matches!(text.spelled(index + 1), "o" | "d")
        && matches!(text.gap(index + 1), "'" | "’")
        && first.lex.any(Lex::FIRST_ANY)
        && text.word_at(index + 2).is_some_and(|next| next.len() > 3 && !next.lex.any(Lex::ANY_WORD))
    {
        return Some((index + 2, "name.lower_word", PERSON_SCORE));
    }
    if VERBS.contains(&text.spelled(index + 1)) || term_use(text, index + 1) || abroad(text, index) {
        return None;
    }
    let hyphen = text.gap(index) == "-";
    let frequent = first.lex.any(Lex::FIRST);
    let given = first.lex.any(Lex::FIRST_ANY);
    let family = second.lex.any(Lex::LAST_ANY);
    let particle = is_particle(text.spelled(index + 1)) && text.gap(index + 1) == " ";
    let word = second.lex.any(Lex::ANY_WORD);
    let third = text.gap(index + 1) == " "
        && text.word_at(index + 2).is_some_and(|next| {
            next.shape == Shape::Lower
                && next.lex.any(Lex::LAST_ANY)
                && !next.lex.any(stays.or(Lex::ANY_WORD))
        });
    // In prose: behind a word of the language, or where the sentence begins.
    let prose = index == 0
        || text.gap(index - 1) == " "
            && text.words()[index - 1].lex.any(Lex::ANY_WORD.or(Lex::PERSON).or(Lex::KEY));
    let score = match (word, hyphen) {
        // "kuo-wei tsai": two parts and a third word that is none.
        (_, true) if given || family || third => {
            let framed = third && frame::weigh(text, index, index + 2) > 1;
            if framed || about_person(text) && !second.lex.any(Lex::ANY_WORD) {
                PERSON_SCORE
            } else if third && second.len() < 9 {
                0.5
            } else {
                LONE_SCORE + 0.05
            }
        }
        (false, false) if frequent && family => 0.6,
        (false, false) if (given || family) && about_person(text) && second.len() > 2 => 0.55,
        (false, false)
            if (given || family) && second.len() > 2 && frame::weigh(text, index, index + 1) > 1 =>
        {
            PERSON_SCORE
        }
        (false, false) if given && family && prose && first.len() + second.len() > 7 => 0.5,
        (false, false)
            if (given && odd(second) || family && odd(&first)) && prose && first.len() + second.len() > 9 =>
        {
            0.5
        }
        (false, false) if given || (family && second.lex.any(Lex::LAST)) => LONE_SCORE + 0.05,
        (false, false)
            if strange(text, index)
                && frame::weigh(text, index, index + 1) + u8::from(about_person(text)) > 1 =>
        {
            PERSON_SCORE
        }
        (true, false) if frequent && second.lex.any(Lex::LAST) => {
            if about_person(text) {
                0.55
            } else {
                0.5
            }
        }
        (true, false) if given && second.lex.any(Lex::LAST) && frame::weigh(text, index, index + 1) > 1 => {
            PERSON_SCORE
        }
        _ if particle && given => 0.5,
        _ => return None,
    };
    // What goes on: the family name behind a particle or a second given name.
    let mut last = index + 1;
    while last - index < 4
        && text.gap(last) == " "
        && text.word_at(last + 1).is_some_and(|next| {
            let name = named(next) && !next.lex.any(Lex::ANY_WORD.or(stays)) && next.shape == Shape::Lower;
            (is_particle(text.spelled(last)) || hyphen && last == index + 1)
                && next.shape == Shape::Lower
                && !next.lex.any(stays)
                || name
        })
    {
        last += 1;
    }
    (!particle || last > index + 1).then_some((last, "name.lower_word", score))
}
