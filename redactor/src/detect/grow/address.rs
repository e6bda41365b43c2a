//! What belongs to an address and stands beside it: the apartment, the house's name, then town, region and postcode.

use super::super::lexicon::Lex;
use super::super::text::{Shape, Text, Word};
use super::super::words::Words;
use super::super::{Hit, place};
use super::PARTS_MAX;

/// The longest name of a town, in words.
const TOWN_WORDS_MAX: usize = 5;

/// Grows an address over the parts that follow it: `, casa 2`, `, Okotoks, Alberta T1S 1B7`, `, Horezu, jud. Vâlcea`.
pub(super) fn address(text: &Text<'_>, hit: &mut Hit) {
    unit(text, hit);
    let mut towned = false;
    for _ in 0..PARTS_MAX {
        let part = part(text, hit.end)
            .or_else(|| region(text, hit.end, towned))
            .or_else(|| (!towned).then(|| town(text, hit.end)).flatten().inspect(|_| towned = true));
        let Some(end) = part else { break };
        hit.end = end;
    }
}

/// Grows a place over its region and postcode: `, ON P8N 2Z6`, ` NT 0870`, `, Co. Galway`.
pub(super) fn seat(text: &Text<'_>, hit: &mut Hit) {
    for _ in 0..PARTS_MAX {
        let Some(end) = region(text, hit.end, false) else { break };
        hit.end = end;
    }
}

/// The word that follows an offset, with its index and what stands between.
fn following<'t>(text: &Text<'t>, end: usize) -> Option<(usize, Word, &'t str)> {
    let next = text.words().partition_point(|word| (word.start as usize) < end);
    let word = *text.word_at(next)?;
    Some((next, word, text.text.get(end..word.start as usize)?))
}

/// Whether a part ends with what stands there.
fn is_end(text: &Text<'_>, word: &Word) -> bool {
    matches!(
        text.byte_behind(word),
        0 | b',' | b'.' | b';' | b'\n' | b'\r' | b')' | b'?' | b'!' | b'"' | b'<'
    ) || text.text[word.end as usize..].starts_with(" (")
}

/// The apartment, house or floor behind a street's number, in the languages held.
fn part(text: &Text<'_>, end: usize) -> Option<usize> {
    static PARTS: Words<31> = Words::new([
        "extension",
        "casa",
        "bl",
        "bloc",
        "sc",
        "et",
        "ap",
        "apto",
        "apartado",
        "m",
        "int",
        "interior",
        "lote",
        "quadra",
        "bloco",
        "as",
        "krs",
        "lejl",
        "lgh",
        "piso",
        "esc",
        "escalera",
        "planta",
        "etg",
        "plot",
        "phase",
        "sector",
        "block",
        "tower",
        "wing",
        "km",
    ]);
    static ALONE: Words<5> = Words::new(["hinterhaus", "vorderhaus", "gartenhaus", "rear", "bis"]);
    let (index, word, gap) = following(text, end)?;
    let comma = matches!(gap, ", " | "., ");
    if comma && ALONE.hold(text.spelled(index)) {
        let building =
            text.joint(index) == b' ' && matches!(text.spelled(index + 1), "bldg" | "building" | "house");
        let last = if building { text.words()[index + 1] } else { word };
        return is_end(text, &last).then_some(last.end as usize);
    }
    let named = (comma || gap == " ") && PARTS.hold(text.spelled(index));
    // "m. 11" and "as. 4" without a comma have their full stop.
    let sign = text.gap(index);
    let number = text.word_at(index + 1).filter(|_| named && (sign == ". " || comma && sign == " "))?;
    let short =
        number.len() <= 4 && (matches!(number.shape, Shape::Digits | Shape::Alnum) || number.len() == 1);
    (short && !text.text[number.end as usize..].starts_with(['%', ':'])).then_some(number.end as usize)
}

/// What parts a region from the town before it.
fn parted(gap: &str) -> bool {
    matches!(gap, " " | "  " | ", " | "., " | ",\n" | " – " | " - " | ". ")
}

/// The region or postcode that begins behind an offset: `Co. Galway`, `jud. Vâlcea`, `Adams County`, `ON P8N 2Z6`, `NT 0870`.
/// Digits alone are a postcode only behind a town.
fn region(text: &Text<'_>, end: usize, towned: bool) -> Option<usize> {
    static REGIONS: Words<12> = Words::new([
        "co", "county", "jud", "judet", "dist", "district", "prov", "col", "colonia", "barrio", "urb",
        "taluk",
    ]);
    let (index, word, gap) = following(text, end)?;
    if !parted(gap) {
        return None;
    }
    if let Some(last) = postcode(text, index) {
        return Some(text.words()[last].end as usize);
    }
    let comma = gap.starts_with(',') || gap.ends_with("- ") || gap.ends_with("– ");
    if comma && REGIONS.hold(text.spelled(index)) && matches!(text.gap(index), ". " | " ") {
        let name = text.word_at(index + 1).filter(|name| name.shape == Shape::Capital && name.len() > 2)?;
        return Some(name.end as usize);
    }
    if comma
        && word.shape == Shape::Capital
        && text.joint(index) == b' '
        && matches!(text.spelled(index + 1), "County" | "Parish" | "Borough")
    {
        return Some(text.words()[index + 1].end as usize);
    }
    if gap != ". " && is_province(text, index) {
        // Behind it the postcode, or nothing.
        let coded = matches!(text.gap(index), " " | "  " | ", ").then(|| postcode(text, index + 1)).flatten();
        let zip = text.word_at(index + 1).filter(|zip| {
            matches!(text.gap(index), " " | "  " | ", ")
                && zip.shape == Shape::Digits
                && matches!(zip.len(), 4 | 5)
                && is_end(text, zip)
        });
        let last = coded.map(|last| text.words()[last]).or(zip.copied());
        return last.or(is_end(text, &word).then_some(word)).map(|last| last.end as usize);
    }
    let digits = towned && gap == " " && word.shape == Shape::Digits && (4..=6).contains(&word.len());
    (digits && is_end(text, &word)).then_some(word.end as usize)
}

/// The last word of a postcode that no other number is written like: Canada's `P8N 2Z6`, Ireland's `F93 XW20`, Britain's
/// `LA12 7QD`, Brazil's `55002-417`, Mexico's `C.P. 72500`.
pub(in crate::detect) fn postcode(text: &Text<'_>, index: usize) -> Option<usize> {
    let first = text.word_at(index)?;
    let next = text.word_at(index + 1);
    let one = text.spelled(index).as_bytes();
    let two = text.spelled(index + 1).as_bytes();
    let (upper, digit) = (u8::is_ascii_uppercase, u8::is_ascii_digit);
    let closed = |last: usize| !matches!(text.byte_behind(&text.words()[last]), b'-' | b'/' | b'_');
    match text.joint(index) {
        b' ' if first.shape == Shape::Alnum => {
            let canadian = matches!((one, two), ([a, b, c], [d, e, f])
                if upper(a) && digit(b) && upper(c) && digit(d) && upper(e) && digit(f));
            let irish = matches!(one, [a, b, c] if upper(a) && digit(b) && (digit(c) || *c == b'W'))
                && two.len() == 4
                && two.iter().all(|byte| upper(byte) || digit(byte))
                && upper(&two[0])
                && two.iter().any(digit);
            let british = (2..=4).contains(&one.len())
                && upper(&one[0])
                && one.iter().any(digit)
                && one.iter().all(|byte| upper(byte) || digit(byte))
                && matches!(two, [a, b, c] if digit(a) && upper(b) && upper(c));
            ((canadian || irish || british) && closed(index + 1)).then_some(index + 1)
        }
        b'-' if first.shape == Shape::Digits && first.len() == 5 => {
            let rest = next.is_some_and(|next| next.shape == Shape::Digits && next.len() == 3);
            (rest && closed(index + 1)).then_some(index + 1)
        }
        b'.' if one == b"C" && two == b"P" => {
            let code = text.word_at(index + 2)?;
            (code.shape == Shape::Digits && code.len() == 5 && text.gap(index + 1).len() <= 2)
                .then_some(index + 2)
        }
        _ => None,
    }
}

/// A state or province by its letters, as addresses have it: the United States', Canada's, Australia's.
pub(in crate::detect) fn is_province(text: &Text<'_>, index: usize) -> bool {
    let other = matches!(
        text.spelled(index),
        "ON" | "QC"
            | "BC"
            | "AB"
            | "MB"
            | "SK"
            | "NS"
            | "NB"
            | "NL"
            | "PE"
            | "YT"
            | "NU"
            | "NSW"
            | "VIC"
            | "QLD"
            | "SA"
            | "TAS"
            | "ACT"
            | "NT"
            | "Ontario"
            | "Quebec"
            | "Québec"
            | "Alberta"
            | "Manitoba"
            | "Saskatchewan"
            | "Queensland"
            | "Tasmania"
    );
    other || place::is_state(text, index)
}

/// The town behind an address: capitalised words up to the part's end, or before a region or postcode.
fn town(text: &Text<'_>, end: usize) -> Option<usize> {
    const OTHER: Lex = Lex::NEVER
        .or(Lex::MONTH)
        .or(Lex::PERIOD)
        .or(Lex::DRUG)
        .or(Lex::CLINICAL)
        .or(Lex::TITLE)
        .or(Lex::PERSON)
        .or(Lex::KEY)
        .or(Lex::GREETING);
    let (first, _, gap) = following(text, end)?;
    if !matches!(gap, ", " | "., " | ",\n" | " – " | " - ") {
        return None;
    }
    let words = text.words();
    let mut last = first;
    let mut at = first;
    loop {
        let word = text.word_at(at)?;
        let named = matches!(word.shape, Shape::Capital | Shape::Mixed) && word.len() > 1;
        let small = at > first
            && matches!(
                text.spelled(at),
                "de" | "del"
                    | "la"
                    | "los"
                    | "las"
                    | "di"
                    | "da"
                    | "do"
                    | "an"
                    | "der"
                    | "am"
                    | "upon"
                    | "on"
                    | "of"
                    | "le"
                    | "sur"
                    | "nad"
            );
        if named && !is_province(text, at) {
            last = at;
        } else if !small {
            break;
        }
        if at + 1 - first >= TOWN_WORDS_MAX || !matches!(text.gap(at), " " | "-" | "'" | "’" | ". ") {
            break;
        }
        at += 1;
    }
    let known = |word: &Word| word.lex.any(Lex::TOWN.or(Lex::TOWN_ABROAD));
    let run = &words[first..=last];
    if !matches!(run[0].shape, Shape::Capital | Shape::Mixed)
        || run.iter().any(|word| word.lex.any(OTHER) && !known(word))
    {
        return None;
    }
    let ending = &words[last];
    // A region or postcode behind it makes any name a town.
    let coded = || {
        let behind = ending.end as usize;
        region(text, behind, true).is_some_and(|end| end > behind)
    };
    let plain = |word: &Word| {
        (!word.lex.any(Lex::ANY_WORD) || known(word)) && (!word.lex.any(Lex::FIRST_ANY) || known(word))
    };
    let alone = is_end(text, ending) && run[0].len() > 2 && run.iter().all(plain);
    (alone || coded()).then_some(ending.end as usize)
}

/// `, Apt 4B`, ` Unit 5`, ` #12`, `, 2nd Floor` behind an address.
pub(super) fn unit(text: &Text<'_>, hit: &mut Hit) {
    const UNITS: &[&str] = &[
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
        "flat",
        "trlr",
        "trailer",
        "space",
        "spc",
        "penthouse",
        "ph",
        "top",
        "tür",
        "stiege",
        "whg",
        "etage",
        "piso",
        "bus",
        "app",
    ];
    let words = text.words();
    if let Some(start) = numbered_before(text, hit.start) {
        hit.start = start;
    }
    for _ in 0..PARTS_MAX {
        let Some(start) = unit_before(text, hit.start) else { break };
        hit.start = start;
    }
    let next = words.partition_point(|word| (word.start as usize) < hit.end);
    let Some(word) = words.get(next) else { return };
    let gap = &text.text[hit.end..word.start as usize];
    let numbered = |at: usize| {
        text.word_at(at).is_some_and(|word| {
            word.len() <= 5 && (matches!(word.shape, Shape::Digits | Shape::Alnum) || word.len() == 1)
        })
    };
    let joined = matches!(gap, " " | ", " | ",\n" | "\n" | ". " | "., " | " / ");
    let lower = |at: usize| text.spelled(at).to_ascii_lowercase();
    let named =
        joined && numbered(next + 1) && text.gap(next).len() <= 3 && UNITS.contains(&lower(next).as_str());
    static FLOORS: Words<7> = Words::new(["top", "ground", "first", "second", "third", "upper", "lower"]);
    let floor = (word.shape == Shape::Alnum
        || word.shape == Shape::Capital && FLOORS.hold(text.spelled(next)))
        && matches!(lower(next + 1).as_str(), "floor" | "fl" | "etage")
        && text.gap(next) == " ";
    let end = if joined && (named || floor) {
        next + 1
    } else if matches!(gap, " #" | ", #" | " # ") && numbered(next) {
        next
    } else {
        return;
    };
    // "#D-4"
    let end = if text.joint(end) == b'-' && numbered(end + 1) { end + 1 } else { end };
    hit.end = words[end].end as usize;
}

/// The word right before a house's number that says what is numbered: `Lot 5 Emu Creek Track`, `No. 5 Tudun Wada Street`.
fn numbered_before(text: &Text<'_>, start: usize) -> Option<usize> {
    static KINDS: Words<8> = Words::new(["lot", "no", "plot", "unit", "flat", "villa", "house", "door"]);
    let words = text.words();
    let kind = words.partition_point(|word| (word.end as usize) <= start).checked_sub(1)?;
    let digit = text.text.as_bytes().get(start).is_some_and(u8::is_ascii_digit);
    let gap = text.text.get(words[kind].end as usize..start)?;
    (digit && matches!(gap, " " | ". ") && words[kind].capital(text.text) && KINDS.hold(text.spelled(kind)))
        .then(|| words[kind].start as usize)
}

/// Where what stands before an address and belongs to it begins: `Flat 3, 61 Oystercatcher Way`, `The Vicarage, 2 Church Row`.
fn unit_before(text: &Text<'_>, start: usize) -> Option<usize> {
    static UNITS: Words<10> =
        Words::new(["flat", "apt", "apartment", "unit", "suite", "box", "space", "room", "pmb", "plot"]);
    static HOUSES: Words<28> = Words::new([
        "towers",
        "mansions",
        "smiddy",
        "steading",
        "bothy",
        "priory",
        "house",
        "lodge",
        "cottage",
        "farm",
        "farmhouse",
        "vicarage",
        "rectory",
        "forge",
        "mill",
        "granary",
        "barn",
        "court",
        "hall",
        "manor",
        "villa",
        "grange",
        "croft",
        "bungalow",
        "gatehouse",
        "stables",
        "annexe",
        "gables",
    ]);
    let words = text.words();
    let last = words.partition_point(|word| (word.end as usize) <= start).checked_sub(1)?;
    let gap = text.text.get(words[last].end as usize..start)?;
    let before = last.checked_sub(1)?;
    if !matches!(gap, ", " | ",\n") {
        return None;
    }
    // "1F2, 190 Leven Terrace": the second flat on the first floor, as Scotland counts them.
    let scottish = matches!(text.spelled(last).as_bytes(), [floor, b'F', flat]
        if floor.is_ascii_digit() && flat.is_ascii_digit());
    if scottish {
        return Some(words[last].start as usize);
    }
    if !matches!(text.gap(before), " " | " #" | "-" | ". ") {
        return None;
    }
    let number = words[last].shape >= Shape::Digits && words[last].len() <= 4;
    if number && UNITS.hold(text.spelled(before)) {
        return Some(words[before].start as usize);
    }
    let mut first = last;
    while first > 0 && last - first < 3 && text.gap(first - 1) == " " && words[first - 1].capital(text.text) {
        first -= 1;
    }
    let named = words[last].capital(text.text) && HOUSES.hold(text.spelled(last)) && first < last;
    named.then(|| words[first].start as usize)
}
