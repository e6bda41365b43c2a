//! Street addresses and post-office boxes, under 45 CFR 164.514(b)(2)(i)(B).
//!
//! A house number, up to four words and a street's suffix (USPS Publication 28, appendix C1), then what belongs to
//! it: direction, apartment, town and state. European order: `Hauptstraße 12`, `12 rue de la Paix`, `Via Roma 12`.
//! A street without a number goes if it is capitalised.

use std::sync::LazyLock;

use super::keywords::{Key, KeyHit};
use super::lexicon::{self, Lex, WordSet};
use super::text::{Shape, Text, Word};
use super::words::Words;
use super::{Category, Detector, Hit, Needs, abroad, place};

/// The hash of the word, of a post office.
static BOX: LazyLock<u64> = LazyLock::new(|| lexicon::hash("box"));

/// Finds addresses.
pub(super) struct Address;

/// Lower-case words that are in no street's name.
const NO_STREET: Lex = Lex::NEVER.or(Lex::PERIOD).or(Lex::CLINICAL).or(Lex::DRUG).or(Lex::KEY);

/// Between house number and suffix.
const WORDS_MAX: usize = 5;
/// The score of what may be a street of general talk.
const COMPANY_SCORE: f32 = 0.45;
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
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Address) {
            if let Some((start, end)) = labelled(text, hit) {
                let (category, rule) = (Category::Address, "address.label");
                hits.push(Hit { start, end, category, rule, score: 0.95 });
            }
        }
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
            if let Some((start, end)) = hungarian(text, index) {
                hits.push(Hit {
                    start,
                    end,
                    category: Category::Address,
                    rule: "address.hungarian",
                    score: 0.8,
                });
            } else if let Some((start, end)) = abbreviated(text, index) {
                let (category, rule) = (Category::Address, "address.abbreviated");
                hits.push(Hit { start, end, category, rule, score: 0.8 });
            } else if let Some((start, end)) = numbered_road(text, index) {
                let (category, rule) = (Category::Address, "address.road");
                hits.push(Hit { start, end, category, rule, score: COMPANY_SCORE });
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

/// `Address: Willow Creek Farm, Elmstead`: words behind a label and its colon, up to the end of the line.
fn labelled(text: &Text<'_>, hit: &KeyHit) -> Option<(usize, usize)> {
    const LINE_BYTES_MAX: usize = 120;
    /// What has an address and is no person.
    static OTHERS: Words<18> = Words::new([
        "ip",
        "email",
        "mail",
        "web",
        "url",
        "mac",
        "memory",
        "network",
        "server",
        "host",
        "wallet",
        "site",
        "base",
        "bind",
        "socket",
        "source",
        "destination",
        "gateway",
    ]);
    let value = text.text[hit.end..].strip_prefix(": ")?.trim_start_matches(' ');
    let before = hit.first.checked_sub(1).filter(|before| text.gap(*before) == " ");
    if before.is_some_and(|before| OTHERS.hold(text.spelled(before))) {
        return None;
    }
    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r' | b';' | b'|' | b'<' | b'"');
    let line = value.bytes().take(LINE_BYTES_MAX + 1).position(|byte| ends(&byte)).unwrap_or(value.len());
    let line = value.get(..line).filter(|line| line.len() <= LINE_BYTES_MAX)?;
    let address = line.trim_end_matches([' ', '.']);
    let start = text.text.len() - value.len();
    (crate::keys::is_address(address) && !address.contains(". ")).then_some((start, start + address.len()))
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
fn rarely_called(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
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

/// The first part of a house's number of two parts, as Hawaii and Queens write them: `94-1180 Kuahelani Loop`.
fn hyphened_house(text: &Text<'_>, index: usize) -> Option<usize> {
    let words = text.words();
    let digits = |at: usize, most: usize| words[at].shape == Shape::Digits && words[at].len() <= most;
    let first = index.checked_sub(1).filter(|first| text.gap(*first) == "-")?;
    let opened = first == 0 || text.gap(first - 1).ends_with([' ', '(', '\n', '"']);
    (digits(first, 3) && digits(index, 4) && words[index].len() > 1 && opened).then_some(first)
}

/// `W2207 Moraine Ridge Rd`, `N6180 County Road KK`: the direction and the number of a county's grid, as Wisconsin writes them.
fn on_grid(text: &Text<'_>, index: usize) -> bool {
    let spelled = text.spelled(index);
    let digits = spelled.strip_prefix(['N', 'S', 'E', 'W']);
    digits.is_some_and(|digits| {
        (3..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
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
    static UNITS: Words<13> = Words::new([
        "flat",
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
    if matches!(text.gap(last), ", " | "\n" | ",\n")
        && let Some(end) = zipped_town(text, last + 1)
    {
        return end;
    }
    // "3 Kiln Row, Ballinrobe,": a town in no list, which bears no given name.
    if matches!(text.gap(last), ", " | "., ")
        && !text.word_at(last + 1).is_some_and(|town| town.lex.any(Lex::FIRST_ANY))
        && let Some(end) = abroad::unknown_town(text, last + 1)
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

/// The end of a town in no list before its ZIP, with the state between or without: `Half Moon Bay 94019`.
fn zipped_town(text: &Text<'_>, index: usize) -> Option<usize> {
    const TOWN_WORDS_MAX: usize = 3;
    let words = text.words();
    let capital =
        |at: usize| words.get(at).is_some_and(|word| word.shape == Shape::Capital && word.len() > 2);
    let mut last = index;
    while last - index + 1 < TOWN_WORDS_MAX && text.joint(last) == b' ' && capital(last + 1) {
        last += 1;
    }
    if !capital(index) {
        return None;
    }
    let stated = matches!(text.gap(last), ", " | " ") && place::is_state(text, last + 1);
    let before = last + usize::from(stated);
    let zip = text.word_at(before + 1).filter(|word| {
        // Four digits in New Zealand and Australia.
        let closed = matches!(text.byte_behind(word), 0 | b'.' | b',' | b'\n' | b')');
        let length = word.len() == 5 || word.len() == 4 && closed && last == index;
        matches!(text.gap(before), " " | ", ") && word.shape == Shape::Digits && length
    })?;
    Some(zip.end as usize)
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
        "strasse",
        "str",
        "gasse",
        "weg",
        "allee",
        "platz",
        "straat",
        "gracht",
        "laan",
        "plein",
        "gatan",
        "vagen",
        "gade",
        "vej",
        "veien",
        "gata",
        "torget",
        "kade",
        "singel",
        "trida",
        "vejen",
        "gaten",
        "vegen",
        "markt",
        "chaussee",
        "ufer",
        "damm",
        "steig",
        "stieg",
        "twiete",
        "zeile",
        "graben",
        "dijk",
        "dreef",
        "steeg",
        "steenweg",
        "burgwal",
        "hof",
        "grand",
        "stigen",
        "backen",
        "esplanaden",
        "parken",
        "pladsen",
        "straede",
        "bakken",
        "vaenget",
        "toften",
        "svingen",
        "katu",
        "kadulla",
        "kuja",
        "polku",
        "kaari",
        "raitti",
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
        && let Some(start) = street_in_words(text, index)
    {
        let end = seat(text, house_end(text, index + 1)).max(number.end as usize);
        return Some((start, end, "address.european", 0.8));
    }
    // "str" is a type of programs, and a street only with its dot.
    static ABBREVIATED: Words<6> = Words::new(["str", "bd", "sos", "al", "pl", "os"]);
    let quoted = || index > 0 && text.spelled(index - 1) == "et";
    let dotted = text.gap(index) == ". "
        && !(ABBREVIATED.hold(text.spelled(index)) && words[index + 1].lex.any(Lex::WORD) || quoted());
    if !word.lex.any(Lex::ROAD)
        || !(dotted || text.gap(index) == " " && !ABBREVIATED.hold(text.spelled(index)))
    {
        return None;
    }
    // Names behind the opener: capitals, with particles between.
    let mut last = index;
    while last - index < WORDS_MAX {
        let Some(next) = text.word_at(last + 1) else { break };
        let particle = || {
            static PARTICLES: Words<27> = Words::new([
                "de", "la", "del", "du", "des", "della", "di", "do", "da", "dos", "das", "le", "les", "los",
                "las", "el", "l", "d", "dei", "degli", "delle", "dell", "dello", "y", "aux", "au", "sur",
            ]);
            PARTICLES.hold(text.spelled(last + 1)) || text.spelled(last + 1) == "à"
        };
        if !matches!(text.gap(last), " " | ". " | "'" | "’" | "-") || !(next.capital(text.text) || particle())
        {
            break;
        }
        last += 1;
    }
    // "Calle Mayor y": what joins names ends none.
    while last > index && !words[last].capital(text.text) {
        last -= 1;
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
                | "montée"
                | "ruelle"
                | "sentier"
                | "faubourg"
                | "esplanade"
                | "chaussée"
                | "venelle"
        )
    };
    // "1418 Calle Piñon": streets of the south-west of the United States.
    let spanish = || {
        let opener =
            matches!(text.spelled(index), "Calle" | "Camino" | "Avenida" | "Paseo" | "Via" | "Rancho");
        opener && word.shape == Shape::Capital
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
        (true, Some(number), None) if spanish() && text.joint(index - 1) == b' ' => {
            Some((number.start as usize, tail(text, last), "address.european", 0.8))
        }
        (true, None, Some(number)) => {
            Some((word.start as usize, seat(text, house_end(text, number)), "address.european", 0.8))
        }
        (true, None, None) if unnumbered(text, index) => {
            Some((word.start as usize, words[last].end as usize, "address.unnumbered", COMPANY_SCORE))
        }
        (false, before, _) => small_street(text, index, before),
        _ => None,
    }
}

/// Whether the word opens a street's name so surely that it needs no number: `tamponata in via Tuscolana`, `quai de la
/// Fosse`.
fn unnumbered(text: &Text<'_>, index: usize) -> bool {
    static SURE: Words<21> = Words::new([
        "rue",
        "calle",
        "rua",
        "viale",
        "vicolo",
        "piazza",
        "piazzale",
        "avenida",
        "ulica",
        "ul",
        "quai",
        "impasse",
        "ruelle",
        "travessa",
        "estrada",
        "carretera",
        "glorieta",
        "faubourg",
        "lungomare",
        "soseaua",
        "bulevardul",
    ]);
    let spelled = text.spelled(index);
    // "via" is a word of English: a street's is in Italian behind "in".
    let italian =
        || spelled == "via" && index > 0 && text.joint(index - 1) == b' ' && text.spelled(index - 1) == "in";
    SURE.hold(spelled) || matches!(spelled, "allée" | "montée" | "chaussée") || italian()
}

/// `calle sevilla 14`, `12 impasse des lilas`: a street all in small letters, as people write in chats, with its number.
fn small_street(
    text: &Text<'_>,
    index: usize,
    before: Option<&Word>,
) -> Option<(usize, usize, &'static str, f32)> {
    static SURE: Words<12> = Words::new([
        "rue",
        "calle",
        "rua",
        "viale",
        "vicolo",
        "piazza",
        "avenida",
        "ulica",
        "impasse",
        "travessa",
        "sos",
        "bulevardul",
    ]);
    let words = text.words();
    let sure = SURE.hold(text.spelled(index)) || text.spelled(index) == "allée";
    if !sure || words[index].shape != Shape::Lower {
        return None;
    }
    let lower = |at: usize| text.word_at(at).is_some_and(|word| word.shape == Shape::Lower);
    let mut last = index;
    while last - index < 3 && matches!(text.gap(last), " " | ". " | "'" | "’") && lower(last + 1) {
        last += 1;
    }
    let particle = matches!(text.spelled(index + 1), "de" | "des" | "du" | "d" | "la" | "le");
    if let Some(number) = before.filter(|_| particle && last > index + 1) {
        return Some((number.start as usize, words[last].end as usize, "address.small", 0.6));
    }
    let number = text
        .word_at(last + 1)
        .filter(|word| text.joint(last) == b' ' && word.shape == Shape::Digits && word.len() <= 4)?;
    (last > index && words[last].len() > 2)
        .then(|| (words[index].start as usize, number.end as usize, "address.small", 0.6))
}

/// The start of a street that this word before a number ends: `Hauptstraße`, `Alte Gasse`, `Vukovarska`.
fn street_in_words(text: &Text<'_>, index: usize) -> Option<usize> {
    static ALONE: Words<14> = Words::new([
        "strasse", "gasse", "weg", "allee", "platz", "ufer", "damm", "gracht", "straat", "laan", "gade",
        "vej", "plads", "torv",
    ]);
    let words = text.words();
    let spelled = text.spelled(index);
    if street_ending(spelled) {
        return Some(words[index].start as usize);
    }
    // "Oude Gracht 144", "Lange Straße 5": an adjective of its own before it.
    if ALONE.hold(spelled) || spelled == "Straße" {
        static ARTICLES: Words<8> = Words::new(["der", "die", "das", "den", "dem", "ein", "kein", "jeder"]);
        let before = index.checked_sub(1).filter(|before| text.joint(*before) == b' ')?;
        let named = words[before].shape == Shape::Capital && words[before].len() > 3;
        return (named && !ARTICLES.hold(text.spelled(before))).then(|| words[before].start as usize);
    }
    adjective(text, index).then(|| words[index].start as usize)
}

/// `, Vukovarska 88,` and `v bytě Koněvova 88`: streets of Czech, Slovak, Croatian and Slovene are called by adjectives,
/// which stand before a house's number alone.
fn adjective(text: &Text<'_>, index: usize) -> bool {
    const ENDS: [&str; 8] = ["ova", "eva", "ská", "ska", "cká", "cka", "ška", "čka"];
    let (word, spelled) = (&text.words()[index], text.spelled(index));
    let known =
        Lex::FIRST_ANY.or(Lex::LAST_ANY).or(Lex::WORD).or(Lex::TOWN).or(Lex::TOWN_ABROAD).or(Lex::STATE);
    if word.len() < 7
        || word.lex.any(known.or(Lex::DRUG).or(Lex::NEVER))
        || !ENDS.iter().any(|end| spelled.ends_with(end))
    {
        return false;
    }
    let Some(before) = index.checked_sub(1) else { return false };
    let opened =
        text.gap(before) == ", " || text.joint(before) == b' ' && text.words()[before].shape == Shape::Lower;
    let house = text.word_at(index + 1).is_some_and(|number| number.len() <= 4 && text.joint(index) == b' ');
    let behind = text.word_at(index + 1).map_or(0, |number| text.byte_behind(number));
    opened && house && matches!(behind, 0 | b',' | b'.' | b'/' | b'\n' | b';' | b')')
}

/// The last word of a house's number: `14 A`, `3/Top 9`, `144-III`, `21 bis`, `22, 1. tv`.
fn house_end(text: &Text<'_>, number: usize) -> usize {
    static REPEATED: Words<7> = Words::new(["bis", "ter", "hs", "huis", "boven", "top", "stiege"]);
    let words = text.words();
    let next = |at: usize| text.word_at(at + 1).filter(|word| word.len() <= 4);
    let mut last = number;
    let lettered = text.joint(last) == b' '
        && next(last).is_some_and(|word| word.len() == 1 && word.shape == Shape::Capital)
        && matches!(text.joint(last + 1), b' ' | 0)
        && text.byte_behind(&words[last + 1]) != b'.';
    let parted = matches!(text.joint(last), b'/' | b'-')
        && next(last).is_some_and(|word| {
            matches!(word.shape, Shape::Digits | Shape::Alnum | Shape::Upper) || word.len() == 1
        });
    if lettered || parted || text.joint(last) == b' ' && REPEATED.hold(text.spelled(last + 1)) {
        last += 1;
    } else if text.joint(last) == b'/' && REPEATED.hold(text.spelled(last + 1)) && next(last + 1).is_some() {
        last += 2;
    }
    abroad::over_floor(text, last)
}

/// `C.so Sempione 211`, `P.zza Dante 4`, `c/ Mayor, 3`: streets behind Italian and Spanish abbreviations that hold a sign;
/// the number is at `index`.
fn abbreviated(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    static TAILS: Words<7> = Words::new(["so", "le", "zza", "za", "go", "lo", "llo"]);
    const NAME_WORDS_MAX: usize = 4;
    let words = text.words();
    let named = |at: usize| words[at].capital(text.text) && words[at].len() > 1;
    if words[index].len() > 4 || !named(index - 1) || !matches!(text.gap(index - 1), " " | ", ") {
        return None;
    }
    let mut first = index - 1;
    while first > 0 && index - first < NAME_WORDS_MAX && named(first - 1) && text.joint(first - 1) == b' ' {
        first -= 1;
    }
    let tail = first.checked_sub(1)?;
    let spanish = matches!(text.spelled(tail), "c" | "C") && matches!(text.gap(tail), "/ " | "/");
    let italian = TAILS.hold(text.spelled(tail))
        && text.joint(tail) == b' '
        && tail > 0
        && text.joint(tail - 1) == b'.'
        && matches!(text.spelled(tail - 1), "C" | "V" | "P" | "L");
    let start = if italian { tail - 1 } else { tail };
    let opened = start == 0 || !matches!(text.joint(start - 1), b'/' | b'.');
    ((spanish || italian) && opened)
        .then(|| (words[start].start as usize, words[house_end(text, index)].end as usize))
}

/// `Rákóczi út 9.`, `Kaszap u. 14`: Hungary's streets have what they are behind their name, in small letters; the number
/// is at `index`.
fn hungarian(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    let words = text.words();
    let kind = index.checked_sub(1).filter(|kind| words[*kind].shape == Shape::Lower)?;
    let whole = text.joint(kind) == b' '
        && matches!(
            text.spelled(kind),
            "utca"
                | "út"
                | "útja"
                | "tér"
                | "tere"
                | "körút"
                | "köz"
                | "sétány"
                | "fasor"
                | "sugárút"
                | "rakpart"
                | "dűlő"
        );
    let short = matches!(text.spelled(kind), "u" | "krt") && text.gap(kind) == ". ";
    let name = kind.checked_sub(1).filter(|_| whole || short).filter(|name| text.joint(*name) == b' ')?;
    let named = words[name].shape == Shape::Capital && words[name].len() > 2;
    // "Petőfi Sándor utca 5"
    let first = name.checked_sub(1).filter(|first| {
        text.joint(*first) == b' ' && words[*first].shape == Shape::Capital && words[*first].len() > 2
    });
    named.then(|| (words[first.unwrap_or(name)].start as usize, words[house_end(text, index)].end as usize))
}

/// `off Route 9`, `the station on Rt 30`, `on County Road B-44`: a numbered road behind a word that says where; the number
/// is at `index`.
fn numbered_road(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    static ROADS: Words<7> = Words::new(["route", "rt", "rte", "highway", "hwy", "interstate", "road"]);
    static OWNERS: Words<5> = Words::new(["county", "state", "us", "rural", "old"]);
    static WHERE: Words<7> = Words::new(["on", "off", "along", "near", "behind", "past", "down"]);
    let words = text.words();
    let kind = index.checked_sub(1).filter(|kind| text.joint(*kind) == b' ')?;
    if !words[kind].capital(text.text) || words[index].len() > 4 || !ROADS.hold(text.spelled(kind)) {
        return None;
    }
    let owner = kind.checked_sub(1).filter(|at| text.joint(*at) == b' ' && OWNERS.hold(text.spelled(*at)));
    let first = owner.unwrap_or(kind);
    let before = first.checked_sub(1).filter(|before| text.joint(*before) == b' ')?;
    // "Road 5" without whose it is may be a lesson's.
    let called = owner.is_some() || !text.spelled(kind).eq_ignore_ascii_case("road");
    (called && WHERE.hold(text.spelled(before)))
        .then(|| (words[first].start as usize, words[index].end as usize))
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
    let town = || place::town_end(text, number + 1).or_else(|| abroad::unknown_town(text, number + 1));
    let town = (text.gap(number) == ", ").then(town).flatten();
    town.unwrap_or(text.words()[number].end as usize)
}

#[cfg(test)]
mod tests;
