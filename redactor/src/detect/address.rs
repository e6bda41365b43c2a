//! Street addresses and post-office boxes, under 45 CFR 164.514(b)(2)(i)(B).
//!
//! A house number, up to four words and a street's suffix (USPS Publication 28, appendix C1), then what belongs to
//! it: direction, apartment, town and state. European order: `Hauptstraße 12`, `12 rue de la Paix`, `Via Roma 12`.
//! A street without a number goes if it is capitalised.

use std::sync::LazyLock;

use self::europe::{abbreviated, european, hungarian};
use self::suffix::{rarely_called, suffixed};
use super::keywords::{Key, KeyHit};
use super::lexicon::{self, Lex};
use super::text::{Shape, Text, Word};
use super::words::Words;
use super::{Category, Detector, Hit, Needs, abroad, place};

mod europe;
mod suffix;

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

/// `W2207 Moraine Ridge Rd`, `N6180 County Road KK`: the direction and the number of a county's grid, as Wisconsin writes them.
fn on_grid(text: &Text<'_>, index: usize) -> bool {
    let spelled = text.spelled(index);
    let digits = spelled.strip_prefix(['N', 'S', 'E', 'W']);
    digits.is_some_and(|digits| {
        (3..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
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
    } else if text.gap(last).ends_with('#') && follows(last) && text.word_at(last + 1).is_some() {
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

#[cfg(test)]
mod tests;
