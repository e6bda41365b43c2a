//! Street addresses and post-office boxes, under 45 CFR 164.514(b)(2)(i)(B).
//!
//! A house number, up to four words and a street's suffix (USPS Publication 28, appendix C1), then what belongs to
//! it: direction, apartment, town and state. European order: `Hauptstraße 12`, `12 rue de la Paix`, `Via Roma 12`.
//! A street without a number goes if it is capitalised.

use std::sync::LazyLock;

use super::lexicon::{self, Lex, WordSet};
use super::text::{Shape, Text, Word};
use super::words::Words;
use super::{Category, Detector, Hit, Needs, place};

/// The hash of the word, of a post office.
static BOX: LazyLock<u64> = LazyLock::new(|| lexicon::hash("box"));

/// Finds addresses.
pub(super) struct Address;

/// Lower-case words that are in no street's name.
const NO_STREET: Lex = Lex::NEVER.or(Lex::PERIOD).or(Lex::CLINICAL).or(Lex::DRUG).or(Lex::KEY);

/// Between house number and suffix.
const WORDS_MAX: usize = 5;
/// The longest number of a house, in bytes.
const HOUSE_BYTES_MAX: usize = 5;

impl Detector for Address {
    fn id(&self) -> &'static str {
        "address"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Address]
    }

    fn example(&self) -> &'static str {
        "lives at 789 N. Maple St., Apt 4B, New Orleans, LA"
    }

    fn needs(&self) -> Needs {
        Needs::HOT.or(Needs::NUMBERS)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        // "box" in lower case opens no other rule, so that it is among the hot words of no text.
        let (po_box, words, bytes) = (*BOX, text.words(), text.text.as_bytes());
        let (mut boxed, mut numbered) = (false, false);
        for index in text.numbers() {
            if let Some((start, end)) = rarely_called(text, index) {
                let (category, rule) = (Category::Address, "address.rare");
                hits.push(Hit { start, end, category, rule, score: 0.8 });
            }
            if index == 0 {
                continue;
            }
            let (before, number) = (&words[index - 1], &words[index]);
            boxed |= before.hash == po_box;
            numbered |= (before.shape == Shape::Capital)
                & (number.len() <= HOUSE_BYTES_MAX)
                & bytes[number.start as usize].is_ascii_digit();
        }
        if boxed {
            addresses(text, words.iter().enumerate(), hits);
        } else if numbered {
            addresses(text, text.hot(), hits);
        } else {
            let telling = Lex::STREET.or(Lex::ROAD);
            addresses(text, text.hot().filter(|(_, word)| word.lex.any(telling)), hits);
        }
    }
}

/// Adds the addresses that these words open or end.
fn addresses<'w>(text: &Text<'_>, words: impl Iterator<Item = (usize, &'w Word)>, hits: &mut Vec<Hit>) {
    let po_box = *BOX;
    let mut covered = 0;
    for (index, word) in words {
        // What is no suffix and opens no street is part of an address only right before a number, of a house or a box.
        let boxed = (word.hash == po_box) & (word.shape != Shape::Mixed);
        let numbered = text.word_at(index + 1).is_some_and(|next| {
            let house = (word.shape == Shape::Capital) & (next.len() <= HOUSE_BYTES_MAX);
            matches!(next.shape, Shape::Digits | Shape::Alnum) & (boxed | house)
        });
        let street = word.lex.any(Lex::STREET);
        let opens = word.lex.any(Lex::ROAD) & (word.shape != Shape::Mixed);
        if !(street | opens | numbered) || (word.start as usize) < covered {
            continue;
        }
        let found = if street {
            suffixed(text, index).or_else(|| european(text, index))
        } else {
            european(text, index).or_else(|| box_number(text, index))
        };
        if let Some((start, end, rule, score)) = found {
            hits.push(Hit { start, end, category: Category::Address, rule, score });
            covered = end;
        }
    }
}

/// The address whose suffix this word is.
fn suffixed(text: &Text<'_>, index: usize) -> Option<(usize, usize, &'static str, f32)> {
    let words = text.words();
    let suffix = words[index];
    let mut first = index;
    let (mut capitals, mut loose) = (0, 0);
    // Without a number before it there is none to look for.
    let near = &words[index.saturating_sub(WORDS_MAX)..index];
    let numbered = near.iter().any(|word| matches!(word.shape, Shape::Digits | Shape::Alnum));
    while numbered && first > 0 && index - first < WORDS_MAX && inner_gap(text.gap(first - 1)) {
        let before = words[first - 1];
        if before.shape == Shape::Digits || house_number(text, first - 1) {
            let named = index - first >= 1 || text.spelled(index).eq_ignore_ascii_case("broadway");
            let ordinal = first > 1
                && text.spelled(first - 1).ends_with(|c: char| c.is_ascii_alphabetic())
                && words[first - 1].len() > 2;
            if ordinal && before.shape == Shape::Alnum {
                // "123 5th Avenue": the ordinal is the street's name.
                first -= 1;
                capitals += 1;
                continue;
            }
            let written = capitals > 0 || plain_suffix(text.spelled(index));
            let clear = loose == 0 || (capitals == 0 && plain_suffix(text.spelled(index)));
            if named && written && clear && before.len() <= 6 && !measure_before(text, first - 1) {
                let end = tail(text, index);
                return Some((before.start as usize, end, "address.number", 0.9));
            }
            // A number too long for a house is something else, and the street stands without one.
            if before.len() > 6 || measure_before(text, first - 1) {
                break;
            }
            return None;
        }
        if before.capital(text.text) {
            capitals += 1;
        } else if joins(text.spelled(first - 1)) && capitals > 0 {
            // "Avenue of", "de la"
        } else if before.shape == Shape::Lower && !before.lex.any(NO_STREET) {
            loose += 1;
        } else {
            break;
        }
        first -= 1;
    }
    // A street without a number: the word before the suffix in capitals.
    let before = index.checked_sub(1).filter(|before| text.joint(*before) == b' ')?;
    let name = words[before];
    let named = suffix.capital(text.text) && name.capital(text.text) && !name.lex.any(Lex::NEVER);
    (named && (plain_suffix(text.spelled(index)) || living_on(text, before)))
        .then(|| (name.start as usize, tail(text, index), "address.street", 0.6))
}

/// Suffixes of the same list that are other words too, or the names of places: only a number, one or two words and one of
/// these, all in capitals, are an address by them.
const RARE_SUFFIXES: &[&str] = &[
    "arcade",
    "bend",
    "bluff",
    "bluffs",
    "branch",
    "brook",
    "brooks",
    "bypass",
    "causeway",
    "circles",
    "cliff",
    "cliffs",
    "common",
    "commons",
    "corner",
    "corners",
    "course",
    "courts",
    "cove",
    "coves",
    "creek",
    "crest",
    "crossroad",
    "crossroads",
    "dale",
    "estate",
    "estates",
    "expressway",
    "extension",
    "falls",
    "ferry",
    "fields",
    "flats",
    "fords",
    "forge",
    "forges",
    "fork",
    "forks",
    "garden",
    "gardens",
    "gateway",
    "glen",
    "glens",
    "green",
    "greens",
    "grove",
    "groves",
    "harbor",
    "harbors",
    "haven",
    "hill",
    "hills",
    "hollow",
    "inlet",
    "islands",
    "isle",
    "junction",
    "junctions",
    "knoll",
    "knolls",
    "landing",
    "locks",
    "lodge",
    "mall",
    "manor",
    "manors",
    "meadow",
    "meadows",
    "mews",
    "mill",
    "mills",
    "motorway",
    "mount",
    "mountain",
    "neck",
    "orchard",
    "oval",
    "overpass",
    "park",
    "parks",
    "parkways",
    "pass",
    "passage",
    "pines",
    "plains",
    "plazas",
    "points",
    "port",
    "ports",
    "prairie",
    "radial",
    "ranch",
    "rapids",
    "ridges",
    "roads",
    "route",
    "rue",
    "shoal",
    "shoals",
    "shore",
    "shores",
    "skyway",
    "springs",
    "spur",
    "spurs",
    "squares",
    "station",
    "stravenue",
    "stream",
    "streets",
    "summit",
    "throughway",
    "trace",
    "track",
    "trafficway",
    "tunnel",
    "underpass",
    "unions",
    "valley",
    "valleys",
    "via",
    "viaduct",
    "view",
    "views",
    "village",
    "villages",
    "ville",
    "vista",
    "walks",
    "ways",
    // Not of that list, but of British towns.
    "steps",
    "yard",
    "wharf",
    "quay",
    "parade",
    "rise",
    "drove",
    "croft",
    "chase",
];

/// [`RARE_SUFFIXES`] by their hashes.
static RARE_SUFFIX_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(RARE_SUFFIXES));

/// What has numbers that are no houses': "Room 5 Oak Park".
const NUMBERED: &[&str] = &[
    "room", "rm", "bed", "stage", "type", "grade", "level", "phase", "class", "ward", "floor", "chapter",
    "section", "table", "figure", "fig", "part", "step", "item", "day", "week", "no", "version", "group",
    "cohort", "arm",
];

/// [`NUMBERED`] by their hashes.
static NUMBERED_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(NUMBERED));

/// The address that begins at a number and ends with one of these suffixes: `6 Hessel Radial`, `22b Baker's Yard`.
fn rarely_called(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    let words = text.words();
    let house = words[index];
    if house.len() > HOUSE_BYTES_MAX
        || text.joint(index) != b' '
        || house.shape != Shape::Digits && !house_number(text, index)
    {
        return None;
    }
    let capital = |word: &&Word| word.shape == Shape::Capital && word.len() > 1;
    let named = |word: &&Word| capital(word) && !word.lex.any(NO_STREET);
    words.get(index + 1).filter(named)?;
    // A genitive's "s" is a word too.
    let owned = text.spelled(index + 2) == "s" && matches!(text.gap(index + 1), "'" | "’");
    let behind = index + 2 + usize::from(owned);
    let last = (behind..behind + 2).rev().find(|at| {
        words.get(*at).is_some_and(|word| capital(&word) && RARE_SUFFIX_SET.contains(&word.hash))
    })?;
    let spaced = (index + 1 + usize::from(owned)..last).all(|at| text.joint(at) == b' ');
    let before = index.checked_sub(1).filter(|before| text.joint(*before) == b' ');
    let counted = before.is_some_and(|before| NUMBERED_SET.contains(&words[before].hash));
    (spaced && words[last - 1].capital(text.text) | owned && !counted && !measure_before(text, index))
        .then(|| (house.start as usize, tail(text, last)))
}

/// Whether somebody lives where the word stands: "lives on Hazelnut Crescent".
fn living_on(text: &Text<'_>, index: usize) -> bool {
    static PREPOSITIONS: Words<3> = Words::new(["on", "at", "to"]);
    static VERBS: Words<8> =
        Words::new(["lives", "lived", "live", "living", "resides", "resided", "moved", "staying"]);
    index > 1
        && text.joint(index - 1) == b' '
        && PREPOSITIONS.hold(text.spelled(index - 1))
        && text.joint(index - 2) == b' '
        && VERBS.hold(text.spelled(index - 2))
}

/// Suffixes that are hardly ever another word.
fn plain_suffix(spelled: &str) -> bool {
    static PLAIN: Words<13> = Words::new([
        "street",
        "st",
        "avenue",
        "ave",
        "boulevard",
        "blvd",
        "road",
        "rd",
        "lane",
        "ln",
        "pkwy",
        "parkway",
        "hwy",
    ]);
    PLAIN.hold(spelled)
}

fn joins(spelled: &str) -> bool {
    matches!(spelled, "of" | "the" | "de" | "la" | "n" | "s" | "e" | "w")
}

fn inner_gap(gap: &str) -> bool {
    matches!(gap, " " | ". " | "  " | "-" | "'" | "’" | " \n")
}

/// `12B`, `12-14`: digits with a letter behind.
fn house_number(text: &Text<'_>, index: usize) -> bool {
    let spelled = text.spelled(index);
    text.words()[index].shape == Shape::Alnum && spelled.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether the number counts something: "take 2 Main".
fn measure_before(text: &Text<'_>, index: usize) -> bool {
    index > 0
        && matches!(text.gap(index - 1), "." | "/" | ":" | "-" | "=")
        && text.words()[index - 1].shape != Shape::Lower
}

/// Past direction, apartment, town and state.
pub(super) fn tail(text: &Text<'_>, suffix: usize) -> usize {
    let mut last = suffix;
    let follows = |last: usize| {
        matches!(text.gap(last), " " | ", " | "., " | ". " | "\n" | ",\n" | " #" | ", #" | "., #")
    };
    static DIRECTIONS: Words<12> =
        Words::new(["n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west"]);
    static UNITS: Words<12> = Words::new([
        "apt",
        "apartment",
        "suite",
        "ste",
        "unit",
        "floor",
        "fl",
        "room",
        "rm",
        "bldg",
        "building",
        "lot",
    ]);
    if follows(last) && DIRECTIONS.hold(text.spelled(last + 1)) && !text.gap(last).contains('.') {
        last += 1;
    }
    if follows(last)
        && UNITS.hold(text.spelled(last + 1))
        && text.words().get(last + 2).is_some_and(|word| word.len() <= 6)
        && matches!(text.gap(last + 1), " " | ". " | " #" | ". #")
    {
        last += 2;
    } else if text.gap(last).ends_with('#') && follows(last) {
        last += 1;
    }
    if follows(last)
        && let Some(end) = place::town_end(text, last + 1)
    {
        return end;
    }
    let end = text.words()[last].end as usize;
    if last == suffix && text.gap(last).starts_with('.') && text.words()[last].len() <= 4 {
        end + 1
    } else {
        end
    }
}

/// `P.O. Box 123`.
fn box_number(text: &Text<'_>, index: usize) -> Option<(usize, usize, &'static str, f32)> {
    let number = text.word_at(index + 1).filter(|word| word.shape == Shape::Digits)?;
    if !text.spelled(index).eq_ignore_ascii_case("box")
        || !matches!(text.gap(index), " " | " #" | ": ")
        || index == 0
    {
        return None;
    }
    let po = |at: usize, word: &str| text.spelled(at).eq_ignore_ascii_case(word);
    let first = if po(index - 1, "po") || po(index - 1, "postal") {
        index - 1
    } else if index > 1 && po(index - 1, "o") && po(index - 2, "p")
        || index > 1 && po(index - 1, "office") && po(index - 2, "post")
    {
        index - 2
    } else if index > 1
        && text.words()[index - 1].shape == Shape::Digits
        && (po(index - 2, "route") || po(index - 2, "rr"))
    {
        // "Rural Route 4 Box 19", "RR 4 Box 19"
        index.saturating_sub(if po(index - 2, "rr") { 2 } else { 3 })
    } else {
        return None;
    };
    // Behind it stands the town, in whatever list it is not.
    let town = text.word_at(index + 2).filter(|town| {
        text.gap(index + 1) == ", "
            && town.shape == Shape::Capital
            && town.len() > 2
            && !town.lex.any(Lex::NEVER)
    });
    let end = town.map_or(number.end as usize, |_| {
        place::town_end(text, index + 2).unwrap_or(text.words()[index + 2].end as usize)
    });
    Some((text.words()[first].start as usize, end, "address.box", 0.9))
}

/// Whether one word names a street by its ending: `Hauptstraße`, `Keizersgracht`, `Storgatan`.
fn street_ending(spelled: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "strasse", "str", "gasse", "weg", "allee", "platz", "straat", "gracht", "laan", "plein", "gatan",
        "vagen", "gade", "vej", "veien", "gata", "torget", "kade", "singel", "trida", "vejen", "gaten",
        "vegen", "markt",
    ];
    if spelled.is_ascii() {
        let ends = |ending: &str| {
            let at = spelled.len().checked_sub(ending.len()).filter(|at| *at > 2);
            at.is_some_and(|at| spelled[at..].eq_ignore_ascii_case(ending))
        };
        return ENDINGS.iter().any(|ending| ends(ending));
    }
    let folded = lexicon::fold(spelled);
    ENDINGS.iter().any(|ending| folded.len() > ending.len() + 2 && folded.ends_with(ending))
}

/// `Hauptstraße 12`, `12 rue de la Paix`, `Calle Serrano 42`, `ul. Długa 5`, `Keizersgracht 123`.
fn european(text: &Text<'_>, index: usize) -> Option<(usize, usize, &'static str, f32)> {
    let words = text.words();
    let word = words[index];
    if word.len() > 40 || !(word.capital(text.text) || word.shape == Shape::Lower) {
        return None;
    }
    let numbered = |at: usize| {
        text.word_at(at).filter(|word| {
            word.len() <= HOUSE_BYTES_MAX
                && text.spelled(at).starts_with(|c: char| c.is_ascii_digit())
                && matches!(word.shape, Shape::Digits | Shape::Alnum)
        })
    };
    if word.shape == Shape::Capital
        && matches!(text.gap(index), " " | ". ")
        && let Some(number) = numbered(index + 1)
        && street_ending(text.spelled(index))
    {
        return Some((word.start as usize, number.end as usize, "address.european", 0.8));
    }
    // "str" is a type of programs, and a street only with its dot.
    static ABBREVIATED: Words<3> = Words::new(["str", "bd", "sos"]);
    let dotted = text.gap(index) == ". "
        && !(ABBREVIATED.hold(text.spelled(index)) && words[index + 1].lex.any(Lex::WORD));
    if !word.lex.any(Lex::ROAD)
        || !(dotted || text.gap(index) == " " && !ABBREVIATED.hold(text.spelled(index)))
    {
        return None;
    }
    // Names behind the opener: capitals, with particles between.
    let mut last = index;
    while last - index < WORDS_MAX {
        let Some(next) = text.word_at(last + 1) else { break };
        let particle = matches!(
            text.spelled(last + 1),
            "de" | "la"
                | "del"
                | "du"
                | "des"
                | "della"
                | "di"
                | "do"
                | "da"
                | "dos"
                | "le"
                | "les"
                | "el"
                | "l"
                | "d"
        );
        if !matches!(text.gap(last), " " | ". " | "'" | "’" | "-") || !(next.capital(text.text) || particle)
        {
            break;
        }
        last += 1;
    }
    let small = word.shape == Shape::Lower;
    let named = last > index
        && words[last].capital(text.text)
        && !(small && words[index + 1..=last].iter().any(|word| word.shape == Shape::Upper));
    let french = || {
        matches!(
            text.spelled(index).to_lowercase().as_str(),
            "rue"
                | "avenue"
                | "boulevard"
                | "impasse"
                | "chemin"
                | "place"
                | "allée"
                | "quai"
                | "cours"
                | "square"
                | "passage"
        )
    };
    let before = index
        .checked_sub(1)
        .filter(|before| matches!(text.gap(*before), " " | ", "))
        .map(|before| over_repeated(text, before))
        .and_then(numbered);
    let behind = matches!(text.gap(last), " " | ", ").then(|| over_number_sign(text, last + 1));
    match (named, before, behind.filter(|at| numbered(*at).is_some())) {
        (true, Some(number), _) if french() => {
            Some((number.start as usize, words[last].end as usize, "address.european", 0.8))
        }
        (true, None, Some(number)) => {
            Some((word.start as usize, seat(text, number), "address.european", 0.8))
        }
        _ => None,
    }
}

/// The number before the word by which France tells houses of one number apart: `3 ter`.
fn over_repeated(text: &Text<'_>, index: usize) -> usize {
    static REPEATED: Words<4> = Words::new(["bis", "ter", "quater", "quinquies"]);
    let repeated = index > 0 && text.joint(index - 1) == b' ' && REPEATED.hold(text.spelled(index));
    index - usize::from(repeated)
}

/// Over what says "number" before a house's: `str. Zorilor nr. 9`.
fn over_number_sign(text: &Text<'_>, index: usize) -> usize {
    let signed = matches!(text.spelled(index), "nr" | "no" | "n" | "num" | "č")
        && matches!(text.gap(index), ". " | " " | "." | "° ");
    index + usize::from(signed)
}

/// Past the town behind a house's number.
fn seat(text: &Text<'_>, number: usize) -> usize {
    let town = (text.gap(number) == ", ").then(|| place::town_end(text, number + 1)).flatten();
    town.unwrap_or(text.words()[number].end as usize)
}

#[cfg(test)]
mod tests;
