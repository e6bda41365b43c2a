//! A name by itself, known or not, where the sentence can hold nothing else: `Zoltan's mom`, `[20:46] Ilze: did she`,
//! `Chamari 913-568-7692`, `Ilze, quick one`, `Doctor Wood`, `Sina from Pine Lantern`.
//!
//! A given name alone is found by a list only beside another identifier. What is here is certain enough to stand alone:
//! the possessive of a relation, the speaker of a chat, a name right before its telephone number, a salutation.

use std::sync::LazyLock;

use super::lexicon::{self, Lex, WordSet};
use super::text::{Shape, Text};
use super::{Category, Detector, Hit, Needs, name};

/// Finds names that stand alone.
pub(super) struct Given;

/// What is no name however it stands.
const OTHER: Lex = Lex::NEVER
    .or(Lex::DRUG)
    .or(Lex::MONTH)
    .or(Lex::PERIOD)
    .or(Lex::STATE)
    .or(Lex::BRAND)
    .or(Lex::FACILITY)
    .or(Lex::CLINICAL)
    .or(Lex::TITLE)
    .or(Lex::PERSON);

/// What a person has: relatives, and things of a patient.
const RELATIONS: &[&str] = &[
    "mom",
    "mother",
    "mum",
    "mama",
    "dad",
    "father",
    "papa",
    "wife",
    "husband",
    "son",
    "daughter",
    "brother",
    "sister",
    "aunt",
    "uncle",
    "grandmother",
    "grandfather",
    "grandma",
    "grandpa",
    "parents",
    "partner",
    "boyfriend",
    "girlfriend",
    "fiance",
    "fiancee",
    "family",
    "kids",
    "children",
    "baby",
    "caregiver",
    "guardian",
    "doctor",
    "nurse",
    "pcp",
    "appointment",
    "chart",
    "labs",
    "results",
    "mri",
    "ct",
    "scan",
    "biopsy",
    "surgery",
    "medication",
    "medications",
    "meds",
    "insurance",
    "birthday",
    "room",
    "cough",
    "fever",
    "rash",
    "diagnosis",
    "symptoms",
    "prescription",
    "refill",
    "discharge",
    "echo",
    "bloodwork",
    "teacher",
    "school",
    "cousin",
    "niece",
    "nephew",
    "roommate",
    "neighbor",
    "neighbour",
    "blood",
    "pain",
    "condition",
    "care",
    "case",
    "file",
    "records",
    "phone",
    "email",
    "address",
    "behalf",
    "ipad",
    "iphone",
    "android",
    "laptop",
    "potassium",
    "sodium",
    "creatinine",
    "hemoglobin",
    "glucose",
    "cholesterol",
    "ferritin",
    "troponin",
    "lactate",
    "tsh",
    "inr",
    "weight",
    "temperature",
    "temp",
    "vitals",
    "bp",
    "pressure",
    "sats",
    "urine",
    "insulin",
    "metformin",
    "aspirin",
    "warfarin",
    "dose",
    "diet",
    "allergies",
    "seizures",
    "headaches",
    "nausea",
    "anxiety",
    "depression",
    "asthma",
    "diabetes",
    "pregnancy",
    "admission",
    "visit",
    "stay",
    "bed",
    "knee",
    "leg",
    "arm",
    "wound",
    "feeding",
    "titre",
    "titer",
    "ex",
    "therapist",
    "lawyer",
    "employer",
];

/// Words of office before a name, which are no abbreviations.
const OFFICES: &[&str] = &[
    "Doctor",
    "Nurse",
    "Sister",
    "Pastor",
    "Rabbi",
    "Officer",
    "Deputy",
    "Coach",
    "Father",
    "Reverend",
    "Auntie",
    "Aunt",
    "Uncle",
    "Grandma",
    "Grandpa",
    "Nana",
    "Detective",
    "Sergeant",
    "Captain",
    "Imam",
    "Interpreter",
    "Deacon",
    "Chaplain",
    "Midwife",
    "Bishop",
    "Principal",
    "Doktor",
    "Schwester",
    "Pfleger",
];

/// [`RELATIONS`] by their hashes.
static RELATION_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(RELATIONS));
/// [`OFFICES`] by their hashes.
static OFFICE_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(OFFICES));

impl Detector for Given {
    fn id(&self) -> &'static str {
        "given"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Name]
    }

    fn example(&self) -> &'static str {
        "Zoltan's mom called"
    }

    fn needs(&self) -> Needs {
        Needs::CAPITALS
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let words = text.words();
        for (index, word) in text.capitals() {
            if (word.shape == Shape::Upper) | (word.len() < 2) || !told(text, index) {
                continue;
            }
            let last = double(text, index);
            // What stands right behind says which of them it may be, and before a space how the next word is written.
            let found = match text.byte_behind(&words[last]) {
                b'\'' | 0xE2 => possessor(text, index),
                b':' => speaker(text, index).or_else(|| before_number(text, index)),
                b',' => saluted(text, index)
                    .or_else(|| before_number(text, index))
                    .or_else(|| contact(text, index)),
                b' ' => match words.get(last + 1).map(|next| (next.shape, next.len())) {
                    Some((Shape::Digits, _)) => before_number(text, index),
                    Some((Shape::Lower, length)) => greeted(text, index)
                        .then(|| saluted(text, index))
                        .flatten()
                        .or_else(|| matches!(length, 2 | 4).then(|| from_somewhere(text, index)).flatten()),
                    _ => None,
                },
                _ => None,
            }
            .or_else(|| of_office(text, index));
            if let Some((last, rule)) = found
                && !name::term_use(text, last)
            {
                let (start, end) = (word.start as usize, text.words()[last].end as usize);
                hits.push(Hit { start, end, category: Category::Name, rule, score: 0.6 });
            }
        }
    }
}

/// Whether what stands beside the word can tell that it is a name: the cheap look before the rules.
#[inline]
fn told(text: &Text<'_>, index: usize) -> bool {
    let words = text.words();
    let word = &words[index];
    let of_office = index > 0 && OFFICE_SET.contains(&words[index - 1].hash);
    let behind = match text.byte_behind(word) {
        b' ' => words.get(index + 1).is_some_and(|next| {
            // "Sina from", "Sina of"
            let from = matches!(next.len(), 2 | 4) & word.lex.any(Lex::FIRST);
            (next.shape == Shape::Digits) | ((next.shape == Shape::Lower) & (from | greeted(text, index)))
        }),
        byte => matches!(byte, b'\'' | 0xE2 | b':' | b',' | b'-'),
    };
    behind || of_office
}

/// Whether the word may be a name: a known one that is nothing else, or one in no list; `sure` sentences take words
/// of the language that are frequent given names as well.
fn nameable(text: &Text<'_>, index: usize, sure: bool) -> bool {
    let Some(word) = text.word_at(index) else { return false };
    let first = word.lex.any(Lex::FIRST);
    matches!(word.shape, Shape::Capital | Shape::Mixed)
        && word.len() > 1
        && (!word.lex.any(OTHER) || first && !word.lex.any(Lex::NEVER.or(Lex::MONTH)))
        && !word.lex.any(Lex::EPONYM.or(Lex::OPENS))
        && (!word.lex.any(Lex::ANY_WORD) || first && sure)
        && (first || !word.lex.any(Lex::TOWN.or(Lex::TOWN_ABROAD)))
}

/// Over the other part of a double name: `Ji-woo`, `Anne Marie`.
#[inline]
fn double(text: &Text<'_>, index: usize) -> usize {
    let joined = text.joint(index) == b'-'
        && text.word_at(index + 1).is_some_and(|next| next.len() > 1 && !next.lex.any(OTHER));
    index + usize::from(joined)
}

/// `Zoltan's mom`
fn possessor(text: &Text<'_>, index: usize) -> Option<(usize, &'static str)> {
    let last = double(text, index);
    // "Renata's thrombocytopenia": an eponym is of no frequent given name.
    let condition = || {
        text.words()[index].lex.any(Lex::FIRST)
            && !text.words()[index].lex.any(Lex::LAST.or(Lex::ANY_WORD))
            && matches!(text.gap(last), "'" | "’")
            && text.gap(last + 1) == " "
            && text.spelled(last + 1) == "s"
            && text.word_at(last + 2).is_some_and(|next| next.shape == Shape::Lower)
            && name::is_clinical(text.spelled(last + 2))
    };
    ((owns(text, last) || condition()) && nameable(text, index, true)).then_some((last, "given.possessive"))
}

/// Whether something of a person's stands behind, which is this word's.
pub(super) fn owns(text: &Text<'_>, last: usize) -> bool {
    matches!(text.gap(last), "'" | "’")
        && text.spelled(last + 1) == "s"
        && text.gap(last + 1) == " "
        && text.word_at(last + 2).is_some_and(|next| next.len() <= 12 && RELATION_SET.contains(&next.hash))
}

/// `[20:46] Ilze: did she`, and a line that opens with a frequent given name and a colon.
fn speaker(text: &Text<'_>, index: usize) -> Option<(usize, &'static str)> {
    let last = double(text, index);
    if !text.gap(last).starts_with(": ") && text.gap(last) != ":" {
        return None;
    }
    // Somebody says something.
    text.word_at(last + 1)?;
    let before = index.checked_sub(1);
    let gap = before.map_or("", |before| text.gap(before));
    let stamped = gap.ends_with("] ")
        && before.is_some_and(|before| {
            text.words()[before].shape == Shape::Digits
                || text.words()[before].shape == Shape::Alnum
                || matches!(text.spelled(before), "AM" | "PM" | "am" | "pm")
        });
    let lined = text.words().len() > 1 && (before.is_none() || gap.ends_with('\n'));
    let frequent = text.words()[index].lex.any(Lex::FIRST) && !text.words()[index].lex.any(Lex::ANY_WORD);
    ((stamped && nameable(text, index, true)) || lined && frequent && nameable(text, index, false))
        .then_some((last, "given.speaker"))
}

/// `ride home: Chamari 913-568-7692`, `Sándor (+1 310 510 6296)`: a telephone number right behind.
fn before_number(text: &Text<'_>, index: usize) -> Option<(usize, &'static str)> {
    let last = double(text, index);
    let gap = text.gap(last);
    let near =
        matches!(gap, " " | " (" | ", " | " +" | " (+" | ": " | ": +" | " at " | " - ") && gap.len() <= 4;
    let digits = text.word_at(last + 1).is_some_and(|next| matches!(next.shape, Shape::Digits));
    if !near || !digits || !nameable(text, index, false) {
        return None;
    }
    let from = text.words()[last + 1].start as usize;
    let number = text.text.as_bytes()[from..]
        .iter()
        .take(18)
        .take_while(|byte| byte.is_ascii_digit() || b" -.()/".contains(byte));
    let count = number.clone().filter(|byte| byte.is_ascii_digit()).count();
    let grouped = number.clone().any(|byte| b"-.(".contains(byte)) || gap.contains('+');
    let person = text.words()[index].lex.any(Lex::FIRST_ANY)
        || !text.words()[index].lex.any(Lex::LAST_ANY.or(Lex::KEY));
    ((10..=15).contains(&count) && grouped && person).then_some((last, "given.telephone"))
}

/// `Emergency contact: Torvald, relation: uncle`
fn contact(text: &Text<'_>, index: usize) -> Option<(usize, &'static str)> {
    let before = index.checked_sub(1).filter(|before| text.gap(*before) == ": ")?;
    let named = text.spelled(before).eq_ignore_ascii_case("contact") && nameable(text, index, true);
    named.then_some((index, "given.contact"))
}

/// Whether a greeting stands before the word.
#[inline]
fn greeted(text: &Text<'_>, index: usize) -> bool {
    index > 0 && text.words()[index - 1].lex.any(Lex::GREETING)
}

/// `Ilze, quick one`: opens the text or a line, with a word in small letters behind.
fn saluted(text: &Text<'_>, index: usize) -> Option<(usize, &'static str)> {
    let last = double(text, index);
    let opens = index == 0
        || matches!(text.gap(index - 1), "\n" | "\n\n" | ".\n")
        || greeted(text, index) && matches!(text.gap(index - 1), " " | ", ");
    if !opens {
        return None;
    }
    let behind = text.word_at(last + 1).is_some_and(|next| next.shape == Shape::Lower);
    let greeted = greeted(text, index);
    let comma = text.gap(last) == ", " && behind;
    let word = text.words()[index];
    let named = word.lex.any(Lex::FIRST_ANY) && !word.lex.any(Lex::ANY_WORD)
        || greeted && !word.lex.any(Lex::ANY_WORD.or(Lex::KEY));
    // Prose opens with names of things too: "Python, too, has lists".
    let asks = matches!(
        text.spelled(last + 1),
        "can"
            | "could"
            | "please"
            | "pls"
            | "kindly"
            | "quick"
            | "just"
            | "thanks"
            | "thank"
            | "any"
            | "did"
            | "do"
            | "does"
            | "is"
            | "are"
            | "would"
            | "will"
            | "what"
            | "when"
            | "where"
            | "how"
            | "have"
            | "we"
            | "i"
            | "you"
            | "the"
            | "your"
            | "here"
            | "sorry"
            | "following"
            | "per"
            | "attached"
            | "see"
            | "don"
            | "let"
            | "not"
            | "yes"
            | "no"
            | "ok"
            | "hope"
    );
    // Nobody is so polite to a thing: "Qorbetan, please look".
    let polite = match text.spelled(last + 1) {
        "please" | "pls" | "kindly" => true,
        "can" | "could" | "would" | "will" => text.spelled(last + 2) == "you",
        _ => false,
    };
    let named = named || polite && !word.lex.any(Lex::ANY_WORD.or(Lex::KEY).or(Lex::BRAND).or(Lex::DRUG));
    let fits = comma && named && (asks || greeted) || greeted && named && behind && text.gap(last) == " ";
    (fits && nameable(text, index, true)).then_some((last, "given.salutation"))
}

/// `Sina from Pine Lantern`
fn from_somewhere(text: &Text<'_>, index: usize) -> Option<(usize, &'static str)> {
    let word = text.words()[index];
    let from = text.gap(index) == " "
        && matches!(text.spelled(index + 1), "from" | "of")
        && text.gap(index + 1) == " ";
    let place = text.word_at(index + 2).is_some_and(|next| {
        next.shape == Shape::Capital && !next.lex.any(OTHER.or(Lex::ANY_WORD))
            || next.shape == Shape::Capital
                && text.spelled(index + 1) == "from"
                && next.len() > 2
                && !next.lex.any(Lex::NEVER)
    });
    let frequent = word.lex.any(Lex::FIRST) && !word.lex.any(Lex::LAST_ANY)
        || word.lex.any(Lex::FIRST) && text.spelled(index + 1) == "from";
    let alone = index
        .checked_sub(1)
        .is_none_or(|before| text.gap(before) != " " || !text.words()[before].capital(text.text));
    (from && place && frequent && alone && nameable(text, index, text.spelled(index + 1) == "from"))
        .then_some((index, "given.origin"))
}

/// `Doctor Wood`, `Nurse Okafor`
fn of_office(text: &Text<'_>, index: usize) -> Option<(usize, &'static str)> {
    let before = index
        .checked_sub(1)
        .filter(|before| text.words()[*before].shape == Shape::Capital && text.joint(*before) == b' ')?;
    if !OFFICE_SET.contains(&text.words()[before].hash) {
        return None;
    }
    let word = text.words()[index];
    let named = word.lex.any(Lex::LAST_ANY.or(Lex::FIRST_ANY)) || !word.lex.any(Lex::ANY_WORD);
    let ends = !text.word_at(index + 1).is_some_and(|next| {
        text.gap(index) == " "
            && next.capital(text.text)
            && next.lex.any(Lex::ANY_WORD.or(Lex::FACILITY))
            && !next.lex.any(Lex::LAST)
    });
    (named
        && ends
        && OFFICES.contains(&text.spelled(before))
        && !word.lex.any(Lex::NEVER.or(Lex::MONTH).or(Lex::PERIOD).or(Lex::FACILITY)))
    .then_some((index, "given.office"))
}

#[cfg(test)]
mod tests;
