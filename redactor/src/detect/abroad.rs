//! Places in European order, 45 CFR 164.514(b)(2)(i)(B) and GDPR Art. 4(1): hospitals that open with what they are
//! (`Ospedale San Luca`) or end in it as one word (`Marienkrankenhaus`), towns with their postcode before or behind
//! them, numbered roads, and what stands behind "wohnhaft", "demeurant", "bor".
//!
//! Postcodes: the formats of the Universal Postal Union's addressing guides for the languages held.

use super::keywords::Key;
use super::lexicon::Lex;
use super::text::{Shape, Text, Word};
use super::words::Words;
use super::{Category, Detector, Hit, Needs, address, grow, name, place, value};

/// Finds places abroad.
pub(super) struct Abroad;

/// The longest abbreviation of a keyword, in bytes.
const ABBREVIATION_BYTES_MAX: usize = 4;

/// The longest name of a house or town, in words.
const WORDS_MAX: usize = 6;

impl Detector for Abroad {
    fn id(&self) -> &'static str {
        "abroad"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Place, Category::Address]
    }

    fn example(&self) -> &'static str {
        "wohnhaft Lindenstraße 4, 50667 Köln, behandelt im Marienkrankenhaus"
    }

    fn needs(&self) -> Needs {
        Needs::RARE.or(Needs::NUMBERS).or(Needs::key(Key::Address))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |start: usize, end: usize, category, rule, score| {
            hits.push(Hit { start, end, category, rule, score });
        };
        for (index, word) in text.rare() {
            // Most are short or words of the language, and open no house's name.
            let long = (word.len() > 6) & !word.lex.any(Lex::WORD.or(Lex::FIRST).or(Lex::LAST));
            let opens = word.lex.any(Lex::HOUSE) & (word.len() > 2) & word.capital(text.text);
            if !(long | opens) {
                continue;
            }
            let found = opens.then(|| house(text, index)).flatten().map(|last| (index, last, "abroad.house"));
            let ended = || {
                let (first, last) = long.then(|| compound(text, index)).flatten()?;
                Some((first, last, "abroad.compound"))
            };
            if let Some((first, last, rule)) = found.or_else(ended) {
                let (start, end) = (text.words()[first].start as usize, text.words()[last].end as usize);
                push(start, end, Category::Place, rule, 0.8);
            }
        }
        if text.holds(Lex::HOUSE) {
            let small = |(_, word): &(usize, &Word)| (word.shape == Shape::Lower) & word.lex.any(Lex::HOUSE);
            for (index, word) in text.hot().filter(small) {
                if small_house(text, index)
                    && let Some(last) = run(text, index, WORDS_MAX)
                {
                    let end = text.words()[last].end as usize;
                    push(word.start as usize, end, Category::Place, "abroad.small_house", 0.7);
                }
            }
        }
        for index in text.numbers() {
            let word = &text.words()[index];
            if word.len() == 4
                && let Some(start) = australian(text, index)
            {
                push(start, word.end as usize, Category::Place, "abroad.postcode", 0.75);
            }
            let Some(next) = text.word_at(index + 1) else { continue };
            // Behind a postcode's first part and a house's number one space or hyphen stands, and then the second part or
            // a name.
            let digits = matches!(next.shape, Shape::Digits | Shape::Alnum);
            if !(digits | next.capital(text.text) | (next.len() == 1)) {
                continue;
            }
            let joint = text.joint(index);
            if !matches!(joint, b' ' | b'-') {
                continue;
            }
            let town = match (word.shape, word.len(), joint) {
                (Shape::Digits, 2 | 4 | 5, b'-') | (Shape::Digits, 3..=6, b' ') => coded_town(text, index),
                (Shape::Alnum, 2..=4, b' ') => british(text, index),
                _ => None,
            };
            if let Some((start, end)) = town {
                push(start, end, Category::Place, "abroad.postcode", 0.75);
                if let Some((start, end)) = street_before(text, index) {
                    push(start, end, Category::Address, "abroad.street", 0.75);
                }
            }
            if joint == b' '
                && next.shape == Shape::Capital
                && let Some(end) = road(text, index)
            {
                push(word.start as usize, end, Category::Address, "abroad.road", 0.8);
            }
        }
        if !text.has_key(Key::Address) {
            return;
        }
        for hit in text.keys().iter().filter(|hit| hit.key == Key::Address) {
            let line = labelled_line(text, hit.end);
            if let Some((start, end)) = line.or_else(|| announced(text, hit.last)) {
                push(start, end, Category::Address, "abroad.keyword", 0.85);
            }
        }
    }
}

/// Words inside the names of houses, streets and towns.
fn small(spelled: &str) -> bool {
    matches!(
        spelled,
        "de" | "del"
            | "della"
            | "di"
            | "da"
            | "do"
            | "dos"
            | "das"
            | "du"
            | "des"
            | "la"
            | "le"
            | "les"
            | "d"
            | "l"
            | "s"
            | "im"
            | "am"
            | "an"
            | "der"
            | "den"
            | "dem"
            | "in"
            | "w"
            | "we"
            | "v"
            | "ve"
            | "y"
            | "e"
            | "van"
            | "sur"
            | "sous"
            | "hospitalier"
            | "hospitalar"
            | "na"
            | "nad"
            | "pri"
    )
}

/// The last of the capitalised words behind `from`, small words between them; none if there is none.
fn run(text: &Text<'_>, from: usize, most: usize) -> Option<usize> {
    let (mut last, mut at) = (None, from);
    while at - from < most {
        let gap = text.gap(at);
        if !matches!(gap, " " | "-" | "'" | "’" | ". " | ".-" | " '")
            || gap == ". " && text.words()[at].len() > 4
        {
            break;
        }
        let Some(next) = text.word_at(at + 1) else { break };
        let stays = Lex::MONTH.or(Lex::PERIOD).or(Lex::DRUG).or(Lex::TITLE);
        if next.capital(text.text) && !next.lex.any(stays) {
            last = Some(at + 1);
        } else if !small(text.spelled(at + 1)) {
            break;
        }
        at += 1;
    }
    last
}

/// `la clinique Filippi`, `all'ospedale di Cremona`, `w szpitalu w Toruniu`: what a house is in small letters right before
/// its name, one small word between them at most.
fn small_house(text: &Text<'_>, index: usize) -> bool {
    // What else is so called, or has another meaning in English: of these only "hospital de".
    static OTHER: Words<12> = Words::new([
        "casa",
        "centro",
        "centre",
        "presidio",
        "praxis",
        "cabinet",
        "istituto",
        "instituto",
        "residencia",
        "spital",
        "skolen",
        "technikum",
    ]);
    let hospital = text.spelled(index) == "hospital";
    if OTHER.hold(text.spelled(index))
        || hospital && !matches!(text.spelled(index + 1), "de" | "do" | "da" | "del")
    {
        return false;
    }
    let name = |at: usize| {
        text.word_at(at).is_some_and(|word| {
            word.capital(text.text)
                && word.len() > 2
                && !word.lex.any(Lex::NEVER.or(Lex::MONTH).or(Lex::PERIOD))
        })
    };
    let joined = |at: usize| matches!(text.joint(at), b' ' | b'\'');
    let between = || {
        matches!(
            text.spelled(index + 1),
            "de" | "des" | "di" | "d" | "du" | "da" | "do" | "del" | "w" | "v" | "u" | "i" | "in"
        )
    };
    joined(index) && (name(index + 1) || between() && joined(index + 1) && name(index + 2))
}

/// `Hôpital Sainte-Marie`, `Szpital Miejski w Toruniu`: the last word.
fn house(text: &Text<'_>, index: usize) -> Option<usize> {
    let second = text.spelled(index + 1);
    // "Casa" and "Centro" are houses only of care and health.
    let plain = matches!(
        text.spelled(index).to_lowercase().as_str(),
        "casa" | "centro" | "centre" | "presidio" | "hospital" | "praxis"
    );
    let of_care = matches!(
        second.to_lowercase().as_str(),
        "di" | "de"
            | "del"
            | "hospitalier"
            | "hospitalar"
            | "médico"
            | "medico"
            | "médical"
            | "clinico"
            | "clínico"
            | "general"
            | "universitario"
            | "universitaire"
            | "civil"
            | "provincial"
            | "da"
            | "do"
            | "dr"
    );
    if plain && !of_care {
        return None;
    }
    let last = run(text, index, WORDS_MAX)?;
    Some(last)
}

/// `Universitätsklinikum Ulm`, `St.-Georg-Krankenhaus`, `Vejle Sygehus`, `Västerviks sjukhus`: first and last word.
fn compound(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    const ENDINGS: &[&str] = &[
        "klinikum",
        "krankenhaus",
        "spital",
        "klinik",
        "ziekenhuis",
        "sjukhus",
        "sjukhuset",
        "sygehus",
        "sykehus",
        "hospital",
        "hospitalet",
        "praxis",
        "praktijk",
        "sairaala",
        "sairaalan",
        "sairaalassa",
        "sairaalasta",
        "sairaalaan",
        "lasarett",
        "lasarettet",
        "sykehjem",
        "plejehjem",
        "centralen",
        "vårdcentral",
        "hälsocentral",
    ];
    /// For each last letter the letters before it, by their low five bits.
    static LAST_TWO: [u32; 32] = {
        let (mut letters, mut at) = ([0; 32], 0);
        while at < ENDINGS.len() {
            let [.., before_last, last] = ENDINGS[at].as_bytes() else { panic!("an ending of two letters") };
            letters[*last as usize % 32] |= 1 << (*before_last % 32);
            at += 1;
        }
        letters
    };
    let words = text.words();
    let spelled = &text.text.as_bytes()[words[index].range()];
    let [before_last, last] = *spelled.last_chunk()?;
    if LAST_TWO[usize::from(last % 32)] >> (before_last % 32) & 1 == 0 {
        return None;
    }
    let ending = ENDINGS.iter().find(|ending| {
        let tail = spelled.len().checked_sub(ending.len()).map(|at| &spelled[at..]);
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(ending.as_bytes()))
    })?;
    let whole = spelled.len() == ending.len();
    let mut first = index;
    // "St.-Georg-Krankenhaus", "Aarhus Universitetshospital"
    while first > 0 && index - first < 3 {
        let gap = text.gap(first - 1);
        let before = words[first - 1];
        let hyphen = matches!(gap, "-" | ".-");
        // "Im Krankenhaus", "Vom Klinikum"
        let other = Lex::OPENS.or(Lex::NEVER).or(Lex::TITLE).or(Lex::WORD).or(Lex::FUNCTION).or(Lex::SEAT);
        let named = gap == " "
            && before.capital(text.text)
            && first == index
            && !before.lex.any(other)
            && !name::is_particle(&text.spelled(first - 1).to_ascii_lowercase());
        if !(hyphen && before.capital(text.text) || named) {
            break;
        }
        first -= 1;
    }
    let capital = words[index].capital(text.text);
    let mut last = index;
    if capital && let Some(end) = run(text, index, 2) {
        last = end;
    }
    let names = first < index || (capital && (!whole || last > index));
    names.then_some((first, last))
}

/// `50667 Köln`, `38000 Grenoble`, `1012 AB Amsterdam`, `00-950 Warszawa`, `114 55 Stockholm`, `1000-205 Lisboa`:
/// postcode and town.
fn coded_town(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    let words = text.words();
    let word = *text.word_at(index)?;
    if word.shape != Shape::Digits
        || index > 0 && matches!(text.joint(index - 1), b'.' | b'-' | b'/' | b':' | b'$')
    {
        return None;
    }
    let (joint, next) = (text.joint(index), text.word_at(index + 1)?);
    let digits = |count: usize| next.shape == Shape::Digits && next.len() == count;
    let length = word.len();
    let (last, sure) = match (length, joint) {
        (2 | 4 | 5, b'-') if digits(3) => (index + 1, true),
        (3, b' ') if digits(2) => (index + 1, true),
        (4, b' ') if next.shape == Shape::Upper && next.len() == 2 => (index + 1, true),
        (4..=6, b' ') if next.capital(text.text) || next.len() == 1 => (index, false),
        _ => return None,
    };
    // "Lijnmarkt 21 bis, 3511 KE": the Netherlands' code alone, behind a house's number.
    if last == index + 1 && joint == b' ' && length == 4 && dutch_alone(text, index) {
        return Some((word.start as usize, words[last].end as usize));
    }
    // "67100 L'Aquila" and "5211 's-Hertogenbosch" begin with one letter; "2022 R. Knee" names no town.
    if !matches!(text.gap(last), " " | " '") {
        return None;
    }
    let town = text.word_at(last + 1).filter(|word| match text.spelled(last + 1) {
        "s" => true,
        spelled => {
            word.capital(text.text) && (spelled.chars().nth(1).is_some() || text.joint(last + 1) == b'\'')
        }
    })?;
    let stays = Lex::NEVER.or(Lex::MONTH).or(Lex::PERIOD).or(Lex::DRUG).or(Lex::CLINICAL);
    let known = town.lex.any(Lex::TOWN.or(Lex::TOWN_ABROAD).or(Lex::TOWN_OPEN));
    // Behind a street's number, a line's end or a keyword any word is a town; elsewhere only one that is known, and
    // four digits that may be a year are no code.
    let year =
        length == 4 && !sure && matches!(text.spelled(index).as_bytes(), [b'1', b'9', ..] | [b'2', b'0', ..]);
    let end = run(text, last, 4).unwrap_or(last + 1);
    // On a line of its own it is a code all the same; "2026 CHOI was here" is what a date left.
    let alone = || town.shape == Shape::Capital && matches!(text.byte_behind(&words[end]), 0 | b'\n' | b'\r');
    let begins = index == 0 || text.gap(index - 1) == "\n";
    let opened = begins && (!year || known || alone())
        || index > 0 && matches!(text.gap(index - 1), ", " | "., " | ",\n" | " · " | " – ")
        || text.key_before(word.start as usize, 2, &[Key::Place, Key::Address, Key::Zip]);
    // "94086 Bad Griesbach"
    let longer = end > last + 1 && !words[end].lex.any(Lex::WORD);
    let fits = if opened { !town.lex.any(Lex::WORD) || known || sure || longer } else { known && !year };
    if town.lex.any(stays) && !known || !fits || town.shape == Shape::Upper && town.len() < 4 {
        return None;
    }
    Some((word.start as usize, words[end].end as usize))
}

/// `Am Weiher 3, 94086 Bad Griesbach`, `Hafenkamp 41a\n24103 Kiel`: whatever the street is called, a house's number stands
/// before the line of the postcode.
fn street_before(text: &Text<'_>, code: usize) -> Option<(usize, usize)> {
    let words = text.words();
    let number = code
        .checked_sub(1)
        .filter(|number| matches!(text.gap(*number), ", " | ",\n" | "\n" | " · " | " – "))?;
    // "Am Alten Gaswerk 3, Hinterhaus"
    let behind = matches!(text.spelled(number), "Hinterhaus" | "Vorderhaus" | "Gartenhaus" | "Seitenflügel");
    let number = number.checked_sub(usize::from(behind && number > 0 && text.gap(number - 1) == ", "))?;
    // "Rosenhain 12/3"
    let end = words[number].end as usize;
    let parted = number
        .checked_sub(1)
        .filter(|first| text.joint(*first) == b'/' && words[*first].shape == Shape::Digits);
    let number = parted.unwrap_or(number);
    let house = words[number].len() <= 4
        && matches!(words[number].shape, Shape::Digits | Shape::Alnum)
        && text.text.as_bytes()[words[number].start as usize].is_ascii_digit();
    let last = number.checked_sub(1).filter(|last| house && text.gap(*last) == " ")?;
    let stays = Lex::MONTH.or(Lex::PERIOD).or(Lex::DRUG).or(Lex::NEVER);
    let inside = |at: usize| {
        let word = &words[at];
        word.shape == Shape::Capital && word.len() > 1 && !word.lex.any(stays)
    };
    if !inside(last) {
        return None;
    }
    let (mut first, mut at) = (last, last);
    while at > 0 && last - at < 4 && matches!(text.gap(at - 1), " " | "-" | "'" | "’") {
        at -= 1;
        // "Am Weiher", "Im Hof"
        let led = || {
            words[at].shape == Shape::Capital
                && matches!(text.spelled(at), "Am" | "An" | "Im" | "In" | "Auf" | "Zum" | "Zur")
        };
        if inside(at) || led() {
            first = at;
        } else if !small(text.spelled(at)) {
            break;
        }
    }
    Some((words[first].start as usize, end))
}

/// Whether a house's number stands before this code, and no town behind it.
fn dutch_alone(text: &Text<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1).filter(|before| text.gap(*before) == ", ") else { return false };
    let words = text.words();
    let house = words[before].shape >= Shape::Digits && words[before].len() <= 5
        || matches!(text.spelled(before), "bis" | "hs" | "huis" | "boven");
    let street = before.checked_sub(1).is_some_and(|street| {
        text.joint(street) == b' '
            && (words[street].capital(text.text) || words[street].shape >= Shape::Digits)
    });
    house && street && matches!(text.byte_behind(&words[index + 1]), 0 | b'.' | b',' | b';' | b'\n' | b')')
}

/// `Quorn SA 5433`: where a town begins before its state and postcode (Australia Post, AS 4590).
fn australian(text: &Text<'_>, index: usize) -> Option<usize> {
    const TOWN_WORDS_MAX: usize = 3;
    let words = text.words();
    let state = index.checked_sub(1).filter(|state| {
        text.joint(*state) == b' '
            && matches!(text.spelled(*state), "NSW" | "VIC" | "QLD" | "SA" | "TAS" | "ACT" | "NT" | "WA")
    })?;
    let closed = words[index].shape == Shape::Digits
        && !matches!(text.byte_behind(&words[index]), b'-' | b'/' | b':' | b'%');
    let mut first = state;
    while state - first < TOWN_WORDS_MAX {
        let before = first.checked_sub(1).filter(|before| text.joint(*before) == b' ');
        let Some(before) = before.filter(|before| words[*before].shape == Shape::Capital) else { break };
        first = before;
    }
    (closed && first < state).then(|| words[first].start as usize)
}

/// The rest of a line behind `Address:`, whatever stands there: `No. 27/B, 3rd Cross, Vontikoppal, Mysuru 570002`. It has a
/// number and two names, commas between, and nothing of a sentence, a network or another label.
fn labelled_line(text: &Text<'_>, from: usize) -> Option<(usize, usize)> {
    const LINE_BYTES_MAX: usize = 120;
    let value = text.text[from..].strip_prefix(": ")?.trim_start_matches([' ', '"', '\'']);
    let start = text.text.len() - value.len();
    let length = value.bytes().take(LINE_BYTES_MAX + 1).take_while(|byte| !b"\n\r<\"".contains(byte)).count();
    let line =
        value.get(..length).filter(|_| length <= LINE_BYTES_MAX)?.trim_end_matches([' ', '.', ',', ';']);
    let end = start + line.len();
    let words = text.words();
    let inside = words.partition_point(|word| (word.start as usize) < start)
        ..words.partition_point(|word| (word.start as usize) < end);
    let named = |word: &&Word| matches!(word.shape, Shape::Capital | Shape::Mixed) && word.len() > 2;
    let small = |word: &&Word| word.shape == Shape::Lower && word.lex.any(Lex::WORD);
    // "No.", "Apt." and "St." end no sentence.
    let sentence = |before: &str| before.bytes().rev().take_while(u8::is_ascii_alphabetic).count() > 4;
    let words = words.get(inside)?;
    let fits = words.last().is_some_and(|last| last.shape != Shape::Lower)
        && line.contains(", ")
        && line.bytes().any(|byte| byte.is_ascii_digit())
        && words.iter().filter(named).count() >= 2
        && words.iter().filter(small).count() <= 1
        && !line.contains([':', '@', '=', '{', ';', '?', '|', '\t'])
        && !line.match_indices(". ").any(|(dot, _)| sentence(&line[..dot]));
    fits.then_some((start, end))
}

/// `Leeds LS2 9JT`: the town and its postcode, outward and inward code (Royal Mail, BS 7666).
fn british(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    const TOWN_WORDS_MAX: usize = 3;
    let words = text.words();
    let last = grow::postcode(text, index).filter(|_| words[index].shape == Shape::Alnum)?;
    // "Selkirk MB R1A 0B7", "Nelson, BC V1L 2X4"
    let province =
        index.checked_sub(1).filter(|at| matches!(text.gap(*at), " " | "  ") && grow::is_province(text, *at));
    let from = province.unwrap_or(index);
    let town = from
        .checked_sub(1)
        .filter(|at| matches!(text.gap(*at), " " | ", ") && words[*at].shape == Shape::Capital);
    // "6 Granary Steps, Hebden Bridge HX7 6AA"
    let mut first = town;
    while let Some(at) = first.filter(|at| from - at < TOWN_WORDS_MAX) {
        let Some(before) = at.checked_sub(1) else { break };
        let named = text.joint(before) == b' ' && words[before].shape == Shape::Capital;
        let opened =
            before.checked_sub(1).is_some_and(|gap| matches!(text.gap(gap), ", " | "\n" | ",\n" | ": "));
        if !(named && opened) {
            break;
        }
        first = Some(before);
    }
    let start = words[first.unwrap_or(from)].start;
    Some((start as usize, words[last].end as usize))
}

/// `412 State Route 31`, `88 Highway 70`, `2310 Queensway, Bend, OR`: the end of what begins with this house number.
fn road(text: &Text<'_>, index: usize) -> Option<usize> {
    static NUMBERED: Words<5> = Words::new(["route", "road", "highway", "hwy", "rte"]);
    let words = text.words();
    let number = words[index];
    if number.shape != Shape::Digits || number.len() > 5 {
        return None;
    }
    let mut last = index;
    while last - index < 3
        && text.joint(last) == b' '
        && text.word_at(last + 1).is_some_and(|word| word.shape == Shape::Capital)
    {
        last += 1;
        let numbered = text.joint(last) == b' '
            && text.word_at(last + 1).is_some_and(|word| word.shape == Shape::Digits && word.len() <= 4)
            && NUMBERED.hold(text.spelled(last));
        if numbered {
            return Some(address::tail(text, last + 1));
        }
    }
    // Any street before a town with its state.
    let names = last > index && !words[index + 1].lex.any(Lex::NEVER.or(Lex::MONTH).or(Lex::DRUG));
    let seated = names && text.gap(last) == ", ";
    let end = seated.then(|| place::town_end(text, last + 1)).flatten()?;
    let state = words.partition_point(|word| (word.end as usize) < end);
    place::is_state(text, state).then_some(end)
}

/// What stands behind a keyword of addresses: a street, its number on either side, then postcode and town.
fn announced(text: &Text<'_>, key: usize) -> Option<(usize, usize)> {
    let words = text.words();
    // A dot ends an abbreviation ("zam. Długa 5"); behind a whole word it ends the sentence.
    let near = match text.gap(key) {
        ". " => words[key].len() <= ABBREVIATION_BYTES_MAX,
        gap => matches!(gap, " " | ": " | ", "),
    };
    if !near {
        return None;
    }
    let mut first = key + 1;
    // "wohnhaft in der", "demeurant au"
    while first < key + 3
        && matches!(text.spelled(first), "in" | "au" | "à" | "w" | "v" | "op" | "på" | "i" | "em" | "en")
    {
        first += 1;
    }
    let opener = text.word_at(first)?;
    let digits = |at: usize| {
        text.word_at(at)
            .is_some_and(|word| word.len() <= 5 && matches!(word.shape, Shape::Digits | Shape::Alnum))
            && text.spelled(at).starts_with(|c: char| c.is_ascii_digit())
    };
    let leads = digits(first);
    if !leads && !opener.capital(text.text) && !opener.lex.any(Lex::ROAD) && opener.shape != Shape::Lower {
        return None;
    }
    let mut last = first;
    let mut capitals = usize::from(opener.capital(text.text));
    while last - first < WORDS_MAX && (leads || !digits(last)) {
        let gap = text.gap(last);
        let comma = gap == ", " && digits(last + 1) && !leads;
        if !(matches!(gap, " " | ". " | "'" | "’" | "-" | "/") || comma) {
            break;
        }
        let Some(next) = text.word_at(last + 1) else { break };
        let capital = next.capital(text.text);
        let inside = capital || small(text.spelled(last + 1)) || next.lex.any(Lex::ROAD.or(Lex::STREET));
        if !(inside
            || (digits(last + 1) && !leads)
            || capitals > 0 && !leads && next.shape == Shape::Lower && next.len() > 3)
        {
            break;
        }
        capitals += usize::from(capital);
        last += 1;
    }
    let complete = capitals > 0 && (leads && last > first || digits(last));
    // "Continue metoprolol 25 mg" is a dose.
    if !complete || !leads && value::counted(text.text, words[last].end as usize) {
        return None;
    }
    // "ul. Długa 5 m. 12"
    if matches!(text.gap(last), " " | "/") && text.spelled(last + 1) == "m" && digits(last + 2) {
        last += 2;
    }
    last = over_floor(text, last);
    let mut end = words[last].end as usize;
    if matches!(text.gap(last), ", " | "., " | "\n" | ",\n") {
        if let Some((_, code_end)) = coded_town(text, last + 1) {
            end = code_end;
        } else if let Some(town) = place::town_end(text, last + 1) {
            end = over_district(text, town);
        } else if let Some(town) = unknown_town(text, last + 1) {
            end = town;
        }
    }
    Some((words[first].start as usize, end))
}

/// Over floor and side as Denmark, Spain and Portugal write them behind a house's number: `Algade 5, 1. th.`,
/// `Olmos, 45, 3.º izda.`
pub(super) fn over_floor(text: &Text<'_>, number: usize) -> usize {
    static SIDES: Words<14> = Words::new([
        "izda", "izq", "izqda", "dcha", "dto", "drt", "dta", "esq", "esqdo", "centro", "puerta", "fte",
        "frente", "pta",
    ]);
    // "3.º", "3º" and "3°": the sign is a letter, or none.
    let ordinal = match (text.spelled(number + 1), text.gap(number + 1), text.spelled(number + 2)) {
        (_, ".", "º" | "ª") => number + 2,
        (_, "° " | ".° ", _) => number + 1,
        (floor, " ", _) if floor.ends_with(['º', 'ª']) => number + 1,
        _ => number,
    };
    if ordinal > number
        && matches!(text.gap(number), ", " | " ")
        && text.spelled(number + 1).starts_with(|c: char| c.is_ascii_digit())
    {
        let side =
            text.word_at(ordinal + 1).is_some_and(|word| word.shape == Shape::Upper || word.len() == 1)
                || SIDES.hold(text.spelled(ordinal + 1));
        let joined = text.joint(ordinal) == b' ' || text.gap(ordinal) == "° ";
        return ordinal + usize::from(side && joined);
    }
    let floor = text.word_at(number + 1).is_some_and(|word| {
        word.shape == Shape::Digits && word.len() <= 2 || matches!(text.spelled(number + 1), "st" | "kl")
    });
    let side = matches!(text.spelled(number + 2), "th" | "tv" | "mf");
    let written = text.gap(number) == ", " && matches!(text.gap(number + 1), ". " | " " | ".");
    number + if floor && side && written { 2 } else { 0 }
}

/// The end of a capitalised word behind a house's number that no list has, if a district's number or nothing else follows.
pub(super) fn unknown_town(text: &Text<'_>, index: usize) -> Option<usize> {
    const OTHER: Lex = Lex::WORD
        .or(Lex::KEY)
        .or(Lex::NEVER)
        .or(Lex::MONTH)
        .or(Lex::PERIOD)
        .or(Lex::DRUG)
        .or(Lex::CLINICAL)
        .or(Lex::TITLE)
        .or(Lex::PERSON);
    let word = text.word_at(index)?;
    let end = word.end as usize;
    let named = word.shape == Shape::Capital && word.len() > 2 && !word.lex.any(OTHER);
    let district = over_district(text, end);
    let ends = || matches!(text.byte_behind(word), 0 | b'.' | b',' | b';' | b'\n' | b')' | b'?');
    (named && (district > end || ends())).then_some(district)
}

/// Over the number of a town's district: `Praha 1`.
fn over_district(text: &Text<'_>, town: usize) -> usize {
    let next = text.words().partition_point(|word| (word.start as usize) < town);
    let district = text.word_at(next).filter(|word| {
        word.start as usize == town + 1
            && text.joint(next - 1) == b' '
            && word.shape == Shape::Digits
            && word.len() <= 2
            && !value::counted(text.text, word.end as usize)
    });
    district.map_or(town, |word| word.end as usize)
}

#[cfg(test)]
mod tests;
