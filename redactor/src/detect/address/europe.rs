//! Streets as Europe writes them: the number behind the name, kinds of streets before it or at its end.

use super::super::lexicon::{self, Lex};
use super::super::text::{Shape, Text, Word};
use super::super::words::Words;
use super::super::{abroad, place};
use super::{COMPANY_SCORE, HOUSE_BYTES_MAX, WORDS_MAX, tail};

/// `Hauptstraße 12`, `12 rue de la Paix`, `Calle Serrano 42`, `ul. Długa 5`, `Keizersgracht 123`.
pub(super) fn european(text: &Text<'_>, index: usize) -> Option<(usize, usize, &'static str, f32)> {
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
        && !(ABBREVIATED.hold(text.spelled(index))
            && text.word_at(index + 1).is_some_and(|next| next.lex.any(Lex::WORD))
            || quoted());
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
        "ntie",
        "krogen",
        "lunden",
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
pub(super) fn abbreviated(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
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
pub(super) fn hungarian(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
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
