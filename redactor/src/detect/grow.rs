//! What belongs to an identifier and stands right beside it: the rest of a double name, `Jr.`, `de la Fontaine`, an
//! apartment, an extension.
//!
//! A rule finds where an identifier is; how far it goes is the same for all rules and said here once. What stays
//! readable of a value that was found identifies nearly as well as the value.

use std::ops::Range;

use self::address::{address, seat};
pub(super) use self::address::{is_province, postcode};
use super::lexicon::Lex;
use super::text::{Shape, Text, Word};
use super::words::Words;
use super::{Category, Hit, name};

mod address;

/// Grows the hits from `from` on over what belongs to them.
pub(super) fn grow(text: &Text<'_>, hits: &mut [Hit]) {
    for hit in hits {
        match hit.category {
            Category::Name => person(text, hit),
            Category::Address => address(text, hit),
            Category::Phone => extension(text, hit),
            Category::Place => {
                place(text, hit);
                seat(text, hit);
            }
            _ => {}
        }
    }
}

/// Words that go on no name.
const OTHER: Lex = Lex::NEVER
    .or(Lex::DRUG)
    .or(Lex::MONTH)
    .or(Lex::FACILITY)
    .or(Lex::CLINICAL)
    .or(Lex::PERIOD)
    .or(Lex::TITLE)
    .or(Lex::KEY)
    .or(Lex::FIRM);

/// Words that are joined to no name by a hyphen. "Maj" is a month too.
const HYPHENED: Lex =
    Lex::NEVER.or(Lex::DRUG).or(Lex::FACILITY).or(Lex::CLINICAL).or(Lex::TITLE).or(Lex::KEY).or(Lex::EPONYM);

/// How many parts are taken on either side.
const PARTS_MAX: usize = 4;

/// Whether a word right behind a name is a family name of the same person, and nothing else: "Jane Roe" of which a
/// token stands for the first.
pub(crate) fn is_surname(word: &Word) -> bool {
    word.len() > 2
        && word.lex.any(Lex::LAST_ANY)
        && !word
            .lex
            .any(OTHER.or(Lex::EPONYM).or(Lex::OPENS).or(Lex::PERSON).or(Lex::STATE).or(Lex::GREETING))
        && match word.shape {
            Shape::Capital => !word.lex.any(Lex::ANY_WORD) || word.lex.any(Lex::LAST),
            Shape::Upper => !word.lex.any(Lex::ANY_WORD),
            _ => false,
        }
}

fn person(text: &Text<'_>, hit: &mut Hit) {
    let words = text.words();
    let mut first = words.partition_point(|word| (word.end as usize) <= hit.start);
    let mut last = words.partition_point(|word| (word.start as usize) < hit.end);
    if last == 0 || first >= last {
        return;
    }
    last -= 1;
    if (words[first].start as usize) < hit.start || (words[last].end as usize) < hit.end.saturating_sub(1) {
        return;
    }
    let known = hit.rule != "name.lone";
    let lower = words[last].shape == Shape::Lower;
    // "Maj-" of "Maj-Britt", "S. " of "S. van der Berg".
    for _ in 0..PARTS_MAX {
        let Some(before) = first.checked_sub(1) else { break };
        let word = &words[before];
        let hyphen = || {
            word.len() > 1
                && (word.capital(text.text) || lower && word.shape == Shape::Lower)
                && !word.lex.any(HYPHENED)
                && (!word.lex.any(Lex::ANY_WORD) || word.lex.any(Lex::FIRST.or(Lex::LAST)))
        };
        let initial =
            || word.len() == 1 && word.capital(text.text) && text.gap(before) == ". " && opened(text, before);
        let particle =
            || leads(text.spelled(before)) && (words[first].capital(text.text) || leads(text.spelled(first)));
        // "Hyacinth" of "Hyacinth Thistlewood", "Hernández" of "Hernández Solís, Nuria".
        let turned = || text.text[hit.start..hit.end].contains(", ");
        let given = || {
            word.shape == words[first].shape
                && matches!(word.shape, Shape::Capital | Shape::Upper)
                && word.len() > 2
                && !word.lex.any(OTHER.or(Lex::OPENS).or(Lex::PERSON).or(Lex::STATE).or(Lex::GREETING))
                && (word.lex.any(Lex::FIRST_ANY)
                    || word.lex.any(Lex::LAST_ANY) && !word.lex.any(Lex::ANY_WORD) && turned())
        };
        let belongs = match text.joint(before) {
            b'-' => hyphen(),
            b' ' => {
                known && (given() || particle()) || virtue(text, before, first..last + 1, GIVEN_NAMES_MAX)
            }
            _ => known && initial(),
        };
        if !belongs {
            break;
        }
        first = before;
    }
    let mut end = hit.end;
    for _ in 0..PARTS_MAX {
        let Some(next) = text.word_at(last + 1) else { break };
        let gap = &text.text[end..next.start as usize];
        // Nothing else joins what goes on a name.
        if !matches!(gap, " " | ", " | ". " | "-") {
            break;
        }
        let spelled = text.spelled(last + 1);
        let plain =
            !next.lex.any(OTHER) && (!next.lex.any(Lex::ANY_WORD) || next.lex.any(Lex::LAST.or(Lex::FIRST)));
        let suffix =
            gap != "-" && matches!(spelled, "Jr" | "Sr" | "jr" | "sr" | "II" | "III" | "IV" | "JR" | "SR");
        let double =
            words[last].shape == Shape::Capital && next.shape == Shape::Capital && !next.lex.any(HYPHENED);
        let kin = lower
            && known
            && next.shape == Shape::Lower
            && next.lex.any(Lex::LAST_ANY)
            && !next.lex.any(OTHER);
        let hyphen = gap == "-"
            && next.len() > 1
            && (plain || double || kin)
            && (next.capital(text.text)
                || kin
                || next.shape == Shape::Lower
                    && !next.lex.any(Lex::ANY_WORD)
                    && (lower || next.len() <= 6 && words[last].len() <= 6));
        let further = known
            && lower
            && gap == " "
            && next.shape == Shape::Lower
            && next.lex.any(Lex::LAST_ANY.or(Lex::FIRST_ANY))
            && !next.lex.any(OTHER.or(Lex::ANY_WORD).or(Lex::PERSON));
        let led = known && matches!(gap, " " | ". ") && name::is_particle(spelled);
        // "Barnaby B." and "Quackenbush"; "Jeudy, Wilner" and "U."
        let initial = words[last].len() == 1 && words[last].capital(text.text) && last > first;
        let family = known
            && initial
            && matches!(gap, " " | ". ")
            && plain
            && next.len() > 2
            && next.shape == Shape::Capital
            && !next.lex.any(Lex::OPENS.or(Lex::PERSON));
        // "Karen" and "Ward": a frequent family name that is a word of the house.
        let ward = known
            && last == first
            && gap == " "
            && words[last].lex.any(Lex::FIRST)
            && words[last].shape == next.shape
            && matches!(next.shape, Shape::Capital | Shape::Upper)
            && next.lex.any(Lex::LAST)
            && !next.lex.any(Lex::DRUG.or(Lex::MONTH).or(Lex::PERIOD).or(Lex::FIRM));
        // "Exaucée Divine", "Verna Two-Rivers": a family name that is a word, and nothing behind it.
        let wordy = (last == first || known)
            && gap == " "
            && words[last].lex.any(Lex::FIRST_ANY)
            && (family_in_words(text, last + 1)
                || known && matches!(text.gap(last + 1), "'" | "’") && next.shape == Shape::Capital && plain);
        let middle = known
            && last > first
            && gap == " "
            && next.len() == 1
            && next.capital(text.text)
            && text.text[next.end as usize..].starts_with('.');
        if led && let Some(family) = particles(text, last + 1) {
            last = family;
        } else if suffix || hyphen || family || middle || further || ward || wordy {
            last += 1;
        } else {
            break;
        }
        end = words[last].end as usize;
        if (suffix || middle) && text.text[end..].starts_with('.') {
            end += 1;
        }
    }
    // "Grünewald, Dieter" of which a title gave the first.
    let alone = (first..last).all(|at| words[at].lex.any(Lex::TITLE));
    if known
        && alone
        && end == hit.end
        && let Some(given) = turned(text, last, first < last || first > 0 && name::is_title(text, first - 1))
    {
        end = words[given].end as usize;
    }
    // "Lionel Fa'asavalu": a sign inside what is one name.
    for _ in 0..PARTS_MAX {
        let goes_on = matches!(text.gap(last), "'" | "’" | "ʻ")
            && text
                .word_at(last + 1)
                .is_some_and(|part| part.len() > 2 && matches!(part.shape, Shape::Lower | Shape::Capital))
            && end == words[last].end as usize;
        if !goes_on {
            break;
        }
        last += 1;
        end = words[last].end as usize;
    }
    // "Dillard, Primrose" on a line of its own, of which a list has the first.
    if let Some(given) = given_alone(text, first, last) {
        end = end.max(words[given].end as usize);
    }
    // "Thistlewood, Barnaby" of which a list has the second.
    if first == last
        && words[last].lex.any(Lex::FIRST_ANY)
        && let Some(family) = family_before(text, first)
    {
        first = family;
    }
    hit.start = hit.start.min(words[first].start as usize);
    hit.end = end.max(hit.end);
}

/// The most given names that are words, one behind the other.
const GIVEN_NAMES_MAX: usize = 2;

/// What is no given or family name that is a word of the language.
const NO_NAME: Lex = OTHER
    .or(Lex::OPENS)
    .or(Lex::PERSON)
    .or(Lex::STATE)
    .or(Lex::GREETING)
    .or(Lex::RELATIVE)
    .or(Lex::SEAT)
    .or(Lex::BRAND)
    .or(Lex::EPONYM)
    .or(Lex::STREET)
    .or(Lex::ROAD)
    .or(Lex::HOUSE)
    .or(Lex::HOUSE_END)
    .or(Lex::GENERIC);

/// `Completed by: Tansy Whitlow`, `"Juniper Rain Tsosie"`: a given name in no list, or a word of the language, right before a
/// family name. At the start of a sentence only what is no word.
fn virtue(text: &Text<'_>, given: usize, family: Range<usize>, depth: usize) -> bool {
    let words = text.words();
    let (word, name) = (&words[given], &words[family.start]);
    let name_in_words = words[family.clone()].iter().all(|word| word.lex.any(Lex::ANY_WORD));
    let shaped = word.shape == Shape::Capital && name.shape == Shape::Capital && word.len() > 2;
    let place = Lex::TOWN.or(Lex::TOWN_ABROAD);
    if !shaped
        || word.lex.any(NO_NAME.or(place).or(Lex::FUNCTION))
        || name_in_words
        || name.lex.any(Lex::EPONYM.or(place))
    {
        return false;
    }
    let Some(before) = given.checked_sub(1) else { return !word.lex.any(Lex::ANY_WORD) };
    let inside = match text.gap(before) {
        " " => words[before].shape == Shape::Lower || depth > 1 && virtue(text, before, family, depth - 1),
        gap => {
            gap.ends_with([' ', '"', '“', '(']) && gap.starts_with([':', ',', ';', ' ', '(']) || gap == ":"
        }
    };
    inside || !word.lex.any(Lex::ANY_WORD) && text.gap(before).ends_with('\n')
}

/// Whether a family name that is a word, or two, begins there and closes what it stands in.
fn family_in_words(text: &Text<'_>, at: usize) -> bool {
    let words = text.words();
    let fits = |at: usize| {
        words.get(at).is_some_and(|word| {
            word.shape == Shape::Capital && word.len() > 2 && !word.lex.any(NO_NAME.or(Lex::TOWN))
        })
    };
    if !fits(at) {
        return false;
    }
    let last = if text.joint(at) == b'-' && fits(at + 1) { at + 1 } else { at };
    let closed = text.gap(last).is_empty() || text.gap(last).starts_with([',', ';', ')', '\n', '"', '|']);
    last > at || closed && !words[at].lex.any(Lex::CLINICAL)
}

/// The given name behind a family name that opens a line, if it ends the line or the field.
fn given_alone(text: &Text<'_>, first: usize, family: usize) -> Option<usize> {
    let words = text.words();
    let opens = first == 0 || text.gap(first - 1).ends_with('\n');
    let given = text.word_at(family + 1).filter(|_| opens && text.gap(family) == ", ")?;
    let fits = given.shape == Shape::Capital
        && given.len() > 2
        && !given.lex.any(NO_NAME.or(Lex::TOWN).or(Lex::TOWN_ABROAD));
    let gap = text.gap(family + 1);
    let closed = gap.is_empty()
        || gap.starts_with(['\n', '\r', '|', '\t'])
        || gap.starts_with(" |")
        || gap.starts_with("  ");
    (fits && closed && !words[family].lex.any(Lex::ANY_WORD.or(Lex::TOWN).or(Lex::TOWN_ABROAD)))
        .then_some(family + 1)
}

/// Whether the word leads a family name, in small letters or large: `van`, `Dela`, `Lo`, `VON`.
fn leads(spelled: &str) -> bool {
    static LEADS: Words<24> = Words::new([
        "van", "von", "der", "den", "ter", "ten", "dos", "della", "bin", "ibn", "al", "el", "dela", "del",
        "de", "di", "da", "lo", "abu", "mac", "nic", "du", "des", "le",
    ]);
    // "Al" and "Lo" in capitals may be anything; in small letters "de" and "le" are words that a name does not begin with.
    match spelled.is_ascii() {
        true => spelled.len() <= 5 && LEADS.hold(spelled) && spelled != "AL",
        false => spelled.len() <= 5 && matches!(spelled.to_lowercase().as_str(), "ó" | "ní"),
    }
}

/// Whether an initial opens a name: no other capital and no word of a term before it.
fn opened(text: &Text<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1) else { return true };
    let word = &text.words()[before];
    !matches!(text.gap(before), " " | "-")
        || word.shape == Shape::Lower
            && !matches!(
                text.spelled(before),
                "vitamin"
                    | "hepatitis"
                    | "type"
                    | "group"
                    | "class"
                    | "grade"
                    | "plan"
                    | "option"
                    | "factor"
                    | "influenza"
                    | "part"
            )
        || word.lex.any(Lex::TITLE)
}

/// The family name behind particles: `de la Fontaine`.
fn particles(text: &Text<'_>, at: usize) -> Option<usize> {
    let mut family = at;
    while family - at < 3
        && name::is_particle(text.spelled(family))
        && matches!(text.gap(family), " " | "'" | "’" | " '" | " ’")
    {
        family += 1;
    }
    let word = text.word_at(family).filter(|_| family > at)?;
    let sure = matches!(
        text.spelled(at),
        "de" | "van"
            | "von"
            | "der"
            | "dos"
            | "da"
            | "di"
            | "del"
            | "della"
            | "du"
            | "ter"
            | "ten"
            | "den"
            | "bin"
            | "al"
            | "el"
            | "le"
            | "la"
    );
    let small = word.shape == Shape::Lower
        && family > at
        && text.words()[at - 1].shape == Shape::Lower
        && !word.lex.any(Lex::ANY_WORD);
    (sure && (word.capital(text.text) || small) && word.len() > 1 && !word.lex.any(OTHER)).then_some(family)
}

/// The given name behind a comma: a known one, and no name of its own; behind a title it may be a word ("Dieter").
fn turned(text: &Text<'_>, family: usize, titled: bool) -> Option<usize> {
    let words = text.words();
    let given = text.word_at(family + 1).filter(|_| text.gap(family) == ", ")?;
    let alike = given.shape == words[family].shape && matches!(given.shape, Shape::Capital | Shape::Upper);
    let listed = text.word_at(family + 2).is_some_and(|next| {
        next.capital(text.text) && next.len() > 1 && matches!(text.gap(family + 1), " " | ", ")
    });
    let plain = given.lex.any(Lex::FIRST_ANY)
        && !given.lex.any(OTHER.or(Lex::TOWN))
        && (titled || !given.lex.any(Lex::ANY_WORD))
        && given.len() > 2;
    (alike && plain && !listed).then_some(family + 1)
}

/// The family name before a comma and the given name that was found: in no list, or it would have been found as well.
fn family_before(text: &Text<'_>, given: usize) -> Option<usize> {
    let words = text.words();
    let before = given.checked_sub(1).filter(|before| text.gap(*before) == ", ")?;
    let family = words[before];
    let alike = family.shape == words[given].shape && matches!(family.shape, Shape::Capital | Shape::Upper);
    let place = Lex::TOWN.or(Lex::TOWN_ABROAD).or(Lex::STATE).or(Lex::BRAND);
    let strange = !family.lex.any(OTHER.or(place).or(Lex::ANY_WORD).or(Lex::FIRST_ANY).or(Lex::EPONYM));
    let frequent = family.lex.any(Lex::LAST_ANY)
        && words[given].lex.any(Lex::FIRST)
        && !family
            .lex
            .any(Lex::MONTH.or(Lex::PERIOD).or(Lex::DRUG).or(Lex::STATE).or(Lex::TITLE).or(Lex::FIRST));
    let strange = (strange || frequent) && family.len() > 3;
    // Not the last of a list, nor of a name of several words.
    let amid =
        before > 0 && words[before - 1].capital(text.text) && matches!(text.gap(before - 1), ", " | " ");
    let listed = text.gap(given) == ", "
        && text
            .word_at(given + 1)
            .is_some_and(|next| next.capital(text.text) && next.len() > 2 && !next.lex.any(Lex::NEVER));
    (alike && strange && !(amid && listed)).then_some(before)
}

/// `Den` of "Den Bosch", `Coeur d'` of "Coeur d'Alene", `Heights` behind "Cedar": what belongs to a place's name.
fn place(text: &Text<'_>, hit: &mut Hit) {
    const HEADS: &[&str] = &[
        "Den", "La", "Le", "Las", "Los", "El", "San", "Santa", "Saint", "St", "Bad", "New", "Mount", "Mt",
        "Port", "Fort", "Ft", "County", "North", "South", "East", "West", "Upper", "Lower", "Old", "Great",
        "Little", "Lake", "Cape", "Nova", "Nueva", "Puerto", "Villa", "Sankt",
    ];
    const TAILS: &[&str] = &[
        "County", "Heights", "Springs", "Falls", "City", "Beach", "Hills", "Valley", "Grove", "Creek",
        "Village", "Township", "Junction", "Ridge", "Island", "Islands", "Lake", "Bay", "Harbor", "Harbour",
        "Landing", "Crossing", "Mills", "Park", "Parish", "Borough", "Corners", "Station",
    ];
    let words = text.words();
    let first = words.partition_point(|word| (word.end as usize) <= hit.start);
    if let Some(before) =
        first.checked_sub(1).filter(|_| words.get(first).is_some_and(|word| word.start as usize == hit.start))
    {
        let spelled = text.spelled(before);
        let capital = words[before].capital(text.text);
        let elided = matches!(spelled, "d" | "l" | "D" | "L") && matches!(text.gap(before), "'" | "’");
        let named = |at: usize| {
            words[at].shape == Shape::Capital
                && words[at].len() > 2
                && !words[at].lex.any(Lex::NEVER.or(Lex::OPENS))
        };
        if elided {
            let town = before.checked_sub(1).filter(|at| text.gap(*at) == " " && named(*at));
            hit.start = words[town.unwrap_or(before)].start as usize;
        } else if capital && text.joint(before) == b' ' && HEADS.contains(&spelled)
            || matches!(spelled, "St" | "Mt" | "Ft") && matches!(text.gap(before), ". " | ".")
            || hit.rule.starts_with("firm.")
                && text.gap(before) == " "
                && before > 0
                && text.gap(before - 1) == " "
                && words[before].shape == Shape::Capital
                && words[before].lex.any(Lex::NEVER)
        {
            hit.start = words[before].start as usize;
        }
    }
    let mut next = words.partition_point(|word| (word.start as usize) < hit.end);
    // Behind a label or "works at" all capitals belong to the name.
    if matches!(hit.rule, "place.residence" | "firm.employer") {
        for _ in 0..PARTS_MAX {
            let Some(word) = words.get(next).filter(|word| {
                word.shape == Shape::Capital
                    && &text.text[hit.end..word.start as usize] == " "
                    && !word.lex.any(Lex::OPENS.or(Lex::TITLE).or(Lex::MONTH).or(Lex::STATE))
            }) else {
                break;
            };
            hit.end = word.end as usize;
            next += 1;
        }
    }
    if let Some(word) = words.get(next).filter(|word| word.capital(text.text))
        && &text.text[hit.end..word.start as usize] == " "
        && TAILS.contains(&text.spelled(next))
    {
        hit.end = word.end as usize;
    }
}

/// ` ext. 05`, ` x123` behind a telephone number.
fn extension(text: &Text<'_>, hit: &mut Hit) {
    let rest = &text.text[hit.end..];
    let body = rest.trim_start_matches([' ', ',', ';']);
    let skipped = rest.len() - body.len();
    let starts = |word: &&&str| body.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let word = ["extension", "durchwahl", "extn", "ext", "dw", "x"].iter().find(starts);
    let Some(word) = word.filter(|_| skipped <= 2) else { return };
    let behind = &body[word.len()..];
    let number = behind.trim_start_matches(['.', ':', ' ', '#']);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let ends = !number[digits..].starts_with(|c: char| c.is_alphanumeric());
    // "x 2" multiplies.
    let near = behind.len() - number.len() <= if *word == "x" { 0 } else { 3 };
    if (1..=6).contains(&digits) && ends && near {
        hit.end += skipped + word.len() + (behind.len() - number.len()) + digits;
    }
}

#[cfg(test)]
mod tests;
