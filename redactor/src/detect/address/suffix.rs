//! Streets by their suffix: which words are one, and what a street of that suffix is rarely called.

use std::sync::LazyLock;

use super::super::lexicon::{self, Lex, WordSet};
use super::super::text::{Shape, Text, Word};
use super::super::words::Words;
use super::{
    COMPANY_SCORE, HOUSE_BYTES_MAX, NO_STREET, WORDS_MAX, house_number, inner_gap, joins, living_on, on_grid,
    tail,
};

/// The address whose suffix this word is.
pub(super) fn suffixed(text: &Text<'_>, index: usize) -> Option<(usize, usize, &'static str, f32)> {
    let words = text.words();
    let suffix = words[index];
    let mut first = index;
    let (mut capitals, mut loose) = (0, 0);
    // Without a number before it there is none to look for.
    let near = &words[index.saturating_sub(WORDS_MAX)..index];
    let numbered = near.iter().any(|word| matches!(word.shape, Shape::Digits | Shape::Alnum));
    while numbered && first > 0 && index - first < WORDS_MAX && inner_gap(text.gap(first - 1)) {
        let before = words[first - 1];
        if before.shape == Shape::Digits || house_number(text, first - 1) || on_grid(text, first - 1) {
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
            let hyphened = hyphened_house(text, first - 1);
            let alone = hyphened.is_some() || !measure_before(text, first - 1);
            if named && written && clear && before.len() <= 6 && alone {
                let start = words[hyphened.unwrap_or(first - 1)].start as usize;
                return Some((start, tail(text, index), "address.number", 0.9));
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
    if named && (plain_suffix(text.spelled(index)) || living_on(text, before)) {
        return Some((street_start(text, before), tail(text, index), "address.street", 0.6));
    }
    (named && along(text, before, index))
        .then(|| (name.start as usize, tail(text, index), "address.along", COMPANY_SCORE))
}

/// Where a street without a house's number begins whose last word before the suffix is this: `his camp on Alder Lake Road`,
/// `the 2200 block of Sycamore Ave`.
fn street_start(text: &Text<'_>, name: usize) -> usize {
    let words = text.words();
    let spaced = |at: usize| text.joint(at) == b' ' && text.gap(at).len() == 1;
    let longer = name.checked_sub(1).filter(|before| {
        let inside = before.checked_sub(1).is_some_and(|outer| {
            spaced(outer) && words[outer].shape == Shape::Lower || matches!(text.gap(outer), ", " | ": ")
        });
        spaced(*before) && words[*before].shape == Shape::Capital && inside
    });
    let first = longer.unwrap_or(name);
    let block = first.checked_sub(3).filter(|number| {
        words[*number].shape == Shape::Digits
            && words[*number].len() <= HOUSE_BYTES_MAX
            && (*number..first).all(spaced)
            && text.spelled(number + 1).eq_ignore_ascii_case("block")
            && text.spelled(number + 2) == "of"
    });
    words[block.unwrap_or(first)].start as usize
}

/// `the pharmacy on Memorial Drive`, `the house on Peachtree Circle`: a suffix that is another word too, behind "on", "off",
/// "along" or "down".
fn along(text: &Text<'_>, name: usize, suffix: usize) -> bool {
    static SUFFIXES: Words<12> = Words::new([
        "drive", "dr", "circle", "court", "terrace", "trail", "highway", "freeway", "fwy", "crescent",
        "pike", "turnpike",
    ]);
    static WHERE: Words<5> = Words::new(["on", "off", "along", "down", "up"]);
    let before = name.checked_sub(1).filter(|before| text.joint(*before) == b' ');
    SUFFIXES.hold(text.spelled(suffix))
        && text.words()[suffix].shape == Shape::Capital
        && before.is_some_and(|before| WHERE.hold(text.spelled(before)))
        && text.words()[name].shape == Shape::Capital
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
    "cottage",
    "cottages",
    "wynd",
    "vennel",
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
pub(super) fn rarely_called(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    let words = text.words();
    let (number, house) = (index, words[index]);
    // "3517 S Redwood Spur"
    let directed = text.joint(index) == b' '
        && text.joint(index + 1) == b' '
        && matches!(text.spelled(index + 1), "N" | "S" | "E" | "W");
    let index = index + usize::from(directed);
    if house.len() > HOUSE_BYTES_MAX
        || text.joint(index) != b' '
        || house.shape != Shape::Digits && !house_number(text, number)
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
    let before = number.checked_sub(1).filter(|before| text.joint(*before) == b' ');
    let counted = before.is_some_and(|before| NUMBERED_SET.contains(&words[before].hash));
    (spaced && words[last - 1].capital(text.text) | owned && !counted && !measure_before(text, number))
        .then(|| (house.start as usize, tail(text, last)))
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

/// Whether the number counts something: "take 2 Main".
fn measure_before(text: &Text<'_>, index: usize) -> bool {
    index > 0
        && matches!(text.gap(index - 1), "." | "/" | ":" | "-" | "=")
        && text.words()[index - 1].shape != Shape::Lower
}

/// The first part of a house's number of two parts, as Hawaii and Queens write them: `94-1180 Kuahelani Loop`.
fn hyphened_house(text: &Text<'_>, index: usize) -> Option<usize> {
    let words = text.words();
    let digits = |at: usize, most: usize| words[at].shape == Shape::Digits && words[at].len() <= most;
    let sign = index.checked_sub(1).map(|first| text.joint(first))?;
    let first = index.checked_sub(1).filter(|_| matches!(sign, b'-' | b'/'))?;
    // "2/19 Coolabah Crescent" is the second flat; "1120 1/2 Tupelo St" a house between two.
    let half = first
        .checked_sub(1)
        .filter(|house| sign == b'/' && text.joint(*house) == b' ' && digits(*house, 5) && digits(index, 1));
    let start = half.unwrap_or(first);
    let opened = start == 0 || text.gap(start - 1).ends_with([' ', '(', '\n', '"']);
    let parted = digits(first, 3) && digits(index, 4) && (words[index].len() > 1 || sign == b'/');
    (parted && opened).then_some(start)
}
