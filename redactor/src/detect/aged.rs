//! Ages over 89 by the sentence: `Mrs. Lee is 94`, `Grandpa, 95, has`, `her 95th birthday`, `Age/Sex: 93/F`.
//!
//! 45 CFR 164.514(b)(2)(i)(C). [`super::age`] has the numbers that say themselves that they are ages. Here a person stands
//! before or behind, and nothing that counts or measures: `SpO2 is 94` has no person for a subject.

use super::keywords::AGE_WORDS;
use super::lexicon::Lex;
use super::seen::Seen;
use super::text::{Shape, Text, Word};
use super::words::Lower;
use super::{Category, Detector, Hit, Needs, name, value};

/// Finds ages that a sentence gives away.
pub(super) struct Aged;

/// What an age over 89 looks like, and an ordinal of one.
const YEARS: Seen = Seen::digits(2, 3);
const ORDINAL: Seen = Seen::codes(4, 5);
/// `93F`
const SEXED: Seen = Seen::codes(3, 6);

impl Detector for Aged {
    fn id(&self) -> &'static str {
        "aged"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Age]
    }

    fn example(&self) -> &'static str {
        "my grandmother, 93, was found"
    }

    fn needs(&self) -> Needs {
        Needs::seen(YEARS.or(ORDINAL).or(SEXED)).or(Needs::AGE_WORDS)
    }

    fn needs_too(&self) -> Needs {
        Needs::digits(2).or(Needs::AGE_WORDS)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |start: usize, end: usize, rule| {
            hits.push(Hit { start, end, category: Category::Age, rule, score: 0.8 });
        };
        let short = text.numbers_like(YEARS.or(ORDINAL).or(SEXED));
        for (index, seen) in short.filter(|(_, seen)| seen.any(Seen::ONE_OR_NINE)) {
            let word = text.words()[index];
            let start = word.start as usize;
            let spelled = text.spelled(index);
            let digits = spelled.bytes().take_while(u8::is_ascii_digit).count();
            let years: u32 = spelled[..digits].parse().unwrap_or(0);
            if !(90..=115).contains(&years) {
                continue;
            }
            let end = start + digits;
            if matches!(&spelled[digits..], "F" | "M" | "f" | "m" | "yo" | "YO" | "yF" | "yM" | "yof" | "yom")
            {
                if sexed(text, index) {
                    push(start, end, "aged.sex");
                }
                continue;
            }
            if seen.any(ORDINAL) {
                let ordinal = matches!(&spelled[digits..], "th" | "st" | "nd" | "rd");
                if ordinal
                    && text.gap(index) == " "
                    && text.spelled(index + 1).eq_ignore_ascii_case("birthday")
                {
                    push(start, word.end as usize, "aged.birthday");
                }
                continue;
            }
            if !value::counted(text.text, end)
                && (stated(text, index) || listed(text, index) || apposed(text, index))
            {
                push(start, end, "aged.sentence");
            }
        }
        // "aged ninety-four", "he is one hundred and two"
        if text.holds_age_words() {
            words(text, &mut push);
        }
    }
}

fn lower(text: &Text<'_>, index: usize) -> Lower {
    Lower::of(text.spelled(index))
}

/// Whether the word is a person: a pronoun, a relative, a title's name, a known name.
fn person(text: &Text<'_>, index: usize) -> bool {
    const OTHERS: &[&str] = &[
        "who",
        "i",
        "nan",
        "nana",
        "gran",
        "granny",
        "grandpa",
        "grandma",
        "granddad",
        "mum",
        "mam",
        "lady",
        "gentleman",
        "man",
        "woman",
        "gentlemen",
        "uncle",
        "aunt",
        "auntie",
        "neighbor",
        "neighbour",
        "parent",
        "spouse",
        "they",
        "resident",
        "veteran",
        "mom",
        "dad",
        "widow",
        "widower",
    ];
    let Some(word) = text.word_at(index) else { return false };
    let known = word.capital(text.text)
        && (index > 0 && name::is_title(text, index - 1)
            || word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY))
                && !word.lex.any(Lex::WORD.or(Lex::NEVER).or(Lex::CLINICAL)));
    let relative = word.lex.any(Lex::PERSON)
        && matches!(
            lower(text, index).as_str(),
            "patient"
                | "pt"
                | "he"
                | "she"
                | "mother"
                | "father"
                | "wife"
                | "husband"
                | "brother"
                | "sister"
                | "mom"
                | "dad"
                | "grandmother"
                | "grandfather"
                | "aunt"
                | "uncle"
                | "woman"
                | "man"
                | "male"
                | "female"
                | "resident"
                | "neighbor"
                | "neighbour"
                | "cousin"
                | "grandma"
                | "grandpa"
                | "widow"
                | "widower"
                | "lady"
                | "gentleman"
                | "veteran"
                | "caller"
                | "passenger"
                | "claimant"
                | "plaintiff"
                | "decedent"
        );
    let called = word.shape == Shape::Lower
        && word.lex.any(Lex::FIRST)
        && !word.lex.any(Lex::ANY_WORD.or(Lex::NEVER).or(Lex::CLINICAL).or(Lex::DRUG));
    known || called || relative || OTHERS.contains(&lower(text, index).as_str())
}

/// Whether the word is what a sentence is about: a person, or a family name in no list behind a given one.
fn subject(text: &Text<'_>, index: usize) -> bool {
    const OTHER: Lex = Lex::WORD.or(Lex::NEVER).or(Lex::CLINICAL).or(Lex::DRUG);
    let family = |word: &Word| word.shape == Shape::Capital && word.len() > 3 && !word.lex.any(OTHER);
    let behind_given = || {
        let given = index.checked_sub(1).filter(|given| text.joint(*given) == b' ');
        given.is_some_and(|given| text.words()[given].lex.any(Lex::FIRST_ANY) && person(text, given))
    };
    person(text, index) || text.word_at(index).is_some_and(family) && behind_given()
}

/// `she is 94`, `now 96`, `will be 91`, `at 92 he`, `too old at 93`, `94 yr female`, `Oma Marijke wordt 96: …`.
fn stated(text: &Text<'_>, index: usize) -> bool {
    let behind = text.gap(index);
    let ends = behind.is_empty()
        || behind.starts_with([',', '.', ';', '!', '?', '\n', ')'])
            && !text.text[text.words()[index].end as usize..].starts_with(".")
        || behind.starts_with(". ")
        || behind.starts_with(" & ")
        || behind == ".";
    if (ends || behind == ": ") && has_birthday(text, index) {
        return true;
    }
    // Behind any other sign it is a measurement or a part of a number.
    if !(ends || matches!(behind, " " | "-")) {
        return false;
    }
    let next = lower(text, index + 1);
    let goes_on = behind == " "
        && matches!(
            next.as_str(),
            "and"
                | "but"
                | "now"
                | "with"
                | "so"
                | "years"
                | "yrs"
                | "he"
                | "she"
                | "in"
                | "this"
                | "next"
                | "or"
                | "for"
                | "when"
                | "who"
                | "my"
                | "yr"
                | "on"
        );
    if behind == " "
        && matches!(next.as_str(), "yr" | "yrs")
        && text.gap(index + 1) == " "
        && person(text, index + 2)
    {
        return true;
    }
    let young = behind == "-" && next == "year" && lower(text, index + 2) == "young";
    let Some(before) = index.checked_sub(1).filter(|before| text.gap(*before) == " ") else { return young };
    let back = |count: usize| before.checked_sub(count);
    let word = lower(text, before);
    if young {
        return true;
    }
    if !(ends || goes_on) {
        return false;
    }
    match word.as_str() {
        "shes" | "hes" | "im" => true,
        "is" | "was" | "be" | "being" | "turn" | "s" | "nearly" | "almost" | "just" | "only" => {
            let subject = |at: Option<usize>| at.is_some_and(|at| subject(text, at));
            let copula = |at: usize| matches!(lower(text, at).as_str(), "is" | "was" | "be" | "s");
            let will = back(1).filter(|at| {
                matches!(lower(text, *at).as_str(), "will" | "would" | "ll" | "already" | "now")
                    || copula(*at)
            });
            subject(back(1)) || will.is_some_and(|at| subject(at.checked_sub(1)))
        }
        "now" => text.holds(Lex::PERSON) && (ends || next == "and"),
        "at" => {
            matches!(next.as_str(), "he" | "she" | "my" | "and" | "for")
                && behind == " "
                && text.holds(Lex::PERSON)
                || back(1).is_some_and(|at| {
                    matches!(
                        lower(text, at).as_str(),
                        "old" | "alone" | "still" | "driving" | "living" | "frail" | "even"
                    )
                })
        }
        _ => false,
    }
}

/// `Oma wordt 96`, `cumple 97`: somebody's birthday, by the verb of another language behind the person.
fn has_birthday(text: &Text<'_>, index: usize) -> bool {
    const BETWEEN_MAX: usize = 2;
    let Some(verb) = index.checked_sub(1).filter(|verb| text.gap(*verb) == " ") else { return false };
    let turns = matches!(
        lower(text, verb).as_str(),
        "wird" | "wordt" | "werd" | "cumple" | "compie" | "fyller" | "fylder"
    );
    // "Opa Gianluca (wordt 94)", "Arkady Belyaev (Rentner, wird 96)"
    let joined = |at: usize| matches!(text.gap(at), " " | " (" | ", ");
    let nearest = verb.saturating_sub(BETWEEN_MAX);
    let mut before = (nearest..verb).rev().take_while(|at| joined(*at));
    turns && before.any(|person| subject(text, person))
}

/// `Hsieh, 90M, hospice`, `McGillicuddy 93F`: an age with the sex right behind it, where a name or the line's beginning stands
/// before it. In degrees Fahrenheit stands a word of temperature before, or none of a person.
fn sexed(text: &Text<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1) else { return true };
    let word = text.words()[before];
    let named = word.capital(text.text)
        && word.len() > 2
        && !word.lex.any(Lex::WORD.or(Lex::NEVER).or(Lex::CLINICAL).or(Lex::DRUG));
    let male = text.spelled(index).ends_with(['M', 'm']);
    let gap = text.gap(before);
    gap.contains('\n')
        || matches!(gap, " " | ", " | "  " | ". " | "\t") && (named || male && text.holds(Lex::PERSON))
}

/// `Age/Sex: 93/F`, `93 F` behind a name are left to other rules: here the heading says it.
fn listed(text: &Text<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1) else { return false };
    let sexed = matches!(text.gap(index), "/" | " / ")
        && matches!(text.spelled(index + 1), "F" | "M" | "f" | "m" | "Female" | "Male");
    let headed = text.gap(before).starts_with([':', ' '])
        && before > 0
        && lower(text, before - 1) == "age"
        && matches!(lower(text, before).as_str(), "sex" | "gender");
    sexed && (headed || lower(text, before) == "age" || text.gap(before) == ", ")
}

/// `Grandpa, 95, has`, `my grandmother (92) was`.
fn apposed(text: &Text<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1) else { return false };
    // `Lee, 97 yrs, fell`
    let years = text.gap(index) == " " && matches!(lower(text, index + 1).as_str(), "yrs" | "yr" | "years");
    let last = index + usize::from(years);
    let commas = text.gap(before) == ", "
        && text.gap(last).starts_with([',', '.', ';'])
        && !text.gap(last).starts_with(".0");
    let brackets = text.gap(before) == " (" && text.gap(index).starts_with(')');
    // A list of measurements has numbers on both sides.
    let counted = text.word_at(index + 1).is_some_and(|next| next.shape == Shape::Digits);
    // A family name that is a word too, behind a given one.
    let family = || {
        let given = before.checked_sub(1).filter(|given| text.joint(*given) == b' ');
        text.words()[before].shape == Shape::Capital
            && given.is_some_and(|given| text.words()[given].lex.any(Lex::FIRST) && person(text, given))
    };
    (commas || brackets) && !counted && (person(text, before) || family())
}

/// Ages in words behind "aged" or a person.
fn words(text: &Text<'_>, push: &mut impl FnMut(usize, usize, &'static str)) {
    const UNITS: [&str; 9] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let [ninety, hundred] = *AGE_WORDS;
    let somebody = text.holds(Lex::PERSON.or(Lex::FIRST_ANY));
    for (index, word) in text.hot() {
        if word.hash != ninety && word.hash != hundred {
            continue;
        }
        let spelled = lower(text, index);
        let unit = |at: usize| UNITS.contains(&lower(text, at).as_str());
        let (first, last) = match spelled.as_str() {
            "ninety" => (index, index + usize::from(matches!(text.gap(index), "-" | " ") && unit(index + 1))),
            "hundred" if index > 0 && matches!(lower(text, index - 1).as_str(), "one" | "a") => {
                let and = usize::from(lower(text, index + 1) == "and");
                let units = text.gap(index) == " " && unit(index + 1 + and);
                (index - 1, if units { index + 1 + and } else { index })
            }
            _ => continue,
        };
        let Some(before) = first.checked_sub(1) else { continue };
        let spaced = text.gap(before) == " ";
        let word = lower(text, before);
        let word = word.as_str();
        let ends = text.gap(last).is_empty()
            || text.gap(last).starts_with([',', '.', ';', '!', '?', '\n', ')'])
            || matches!(lower(text, last + 1).as_str(), "and" | "with" | "now" | "next" | "on" | "though");
        let aged =
            matches!(word, "aged" | "turned" | "turning" | "turns" | "age" | "approx" | "shes" | "hes");
        // "Lived to ninety", "made it to ninety-five".
        let reached = word == "to"
            && before.checked_sub(1).is_some_and(|verb| matches!(lower(text, verb).as_str(), "lived" | "it"));
        // "He's ninety-six", "I'm ninety-nine": the letter behind the apostrophe is a word.
        let is = matches!(word, "is" | "was" | "s" | "m") && before > 0 && subject(text, before - 1);
        let named = text.words()[before].capital(text.text) && person(text, before);
        // Behind a comma or a bracket, of whom the sentence is about: a whole number of years is no count.
        let counted = UNITS.contains(&word) || matches!(word, "ten" | "eighty" | "ninety" | "hundred");
        let set_off = matches!(text.gap(before), ", " | " (")
            && !counted
            && (last > first && somebody || person(text, before));
        if ends && (spaced && (aged || reached || is || named) || set_off) {
            push(text.words()[first].start as usize, text.words()[last].end as usize, "aged.words");
        }
    }
}

#[cfg(test)]
mod tests;
