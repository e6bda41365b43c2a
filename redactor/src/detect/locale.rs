//! Places that no list holds, by the sentence around them: `drove in from Kettlesworth`, `a Marlow Vale resident`.
//!
//! 45 CFR 164.514(b)(2)(i)(B) means every place smaller than a state, and most villages, quarters and estates are in no
//! gazetteer. What is a verb of moving or living with its preposition before a capital, or a noun of places behind one,
//! says that the capital is a place. A bare preposition says so only in a text about a person and before a word that is
//! nothing else.

use std::sync::LazyLock;

use super::keywords::Key;
use super::lexicon::{self, Lex, WordSet};
use super::text::{Shape, Text};
use super::words::Words;
use super::{Category, Detector, Hit, Needs, name, place};

/// Finds places in no list.
pub(super) struct Locale;

/// The most words of such a name.
const WORDS_MAX: usize = 3;
/// The score of a capital behind a bare preposition.
const BARE_SCORE: f32 = 0.55;
/// The same where nothing says that the text is about a person.
const COMPANY_SCORE: f32 = 0.45;

/// Verbs of living and of being born in other languages, before their prepositions.
#[rustfmt::skip]
const ABROAD: &[&str] = &[
    "habite", "habitant", "demeurant", "demeure", "né", "née", "vit", "vive", "vivo", "vivía", "nacido", "nacida", "nació", "reside", "abita",
    "abito", "vivono", "nato", "nata", "residente", "mora", "moro", "nascido", "nascida", "nasceu", "woont", "woonde",
    "woonachtig", "geboren", "wohnt", "wohne", "lebt", "lebte", "wohnhaft", "mieszka", "mieszkam", "zamieszkały", "zamieszkała",
    "urodzony", "urodzona", "urodził", "urodziła", "bor", "bodde", "boende", "bosatt", "född", "född", "bopæl", "født", "bosat", "bydlí",
    "bydlím", "bytem", "narozen", "narozena", "narozená", "narozený", "locuiește", "locuiesc", "născut", "născută", "domiciliat",
    "domiciliată", "domiciliado", "domiciliada", "zamieszkuje",
    // Of moving, dying and coming from.
    "zieht", "zog", "gezogen", "umgezogen", "verstorben", "gestorben", "déménagé", "déménage", "décédé", "décédée", "originaire",
    "natural", "mudado", "mudada", "trasladado", "trasladada", "fallecido", "fallecida", "falleció", "oriundo", "oriunda",
    "trasferito", "trasferita", "deceduto", "deceduta", "originario", "originaria", "mudou", "falecido", "falecida",
    "verhuisd", "verhuisde", "overleden", "afkomstig", "przeprowadził", "przeprowadziła", "zmarł", "zmarła", "pochodzi",
    "přestěhoval", "přestěhovala", "zemřel", "zemřela", "flyttat", "flyttade", "flyttar", "flyttet", "flytter", "decedat",
    "decedată", "mutat", "mutată", "preselio", "preselila", "umro", "umrla", "živi", "živim", "rođen", "rođena", "asuu", "asun",
];

/// Public places and districts in other languages, before "de", "di", "w" or nothing and their town.
#[rustfmt::skip]
const SITES_ABROAD: &[&str] = &[
    "estación", "aeropuerto", "rotonda", "polígono", "invernadero", "pueblo", "ciudad", "municipio", "ayuntamiento", "juzgado",
    "comisaría", "cárcel", "prisión", "playa", "barrio", "encuentro", "gare", "dépôt", "aéroport", "commune", "mairie", "ville",
    "quartier", "commissariat", "préfecture", "tribunal", "stazione", "aeroporto", "comune", "tribunale", "questura", "carcere",
    "quartiere", "frazione", "estação", "concelho", "freguesia", "bairro", "câmara", "estádio", "cadeia", "dworcu", "gminie",
    "wsi", "mieście", "powiecie", "nádraží", "okrese", "obci", "vesnici", "kolodvoru", "gara", "orașul", "comuna", "satul",
    "judecătoria", "treno", "train", "tren",
];

/// Words that say in another language that the text is about a person: of patients and insured, of kin and of being born.
/// "Father", "mother", "son" and "child" are left out where processes have them too.
#[rustfmt::skip]
const ABOUT_ABROAD: &[&str] = &[
    "pacjent", "pacjentka", "pacjenta", "pacjentki", "urodzony", "urodzona", "córka", "córki", "mąż", "męża", 
    "żony", "babcia", "wnuk", "wnuczka", "poszkodowany", "poszkodowana", "pozwany", "pozwana",
    "kierujący", "chłopiec", "szpitala", "zamieszkały", "zamieszkała",
    "pacient", "pacientka", "pacienta", "manžel", "manželka", "dcera", "babička", "bytem", "narozen", "narozena", "nemocnice",
    "paní", "bolnica", "pacijent", "pacijentica", "rođen", "rođena", "supruga", "suprug", "unuk", "majka", "vozač",
    "svjedok", "hustru", "dotter", "dottern", "mamma", "pappa", "född", "mormor", "farmor", "sambo", "svärson",
    "svärmor", "förare", "änka", "kone", "datter", "ægtefælle", "født", "patienten", "pasienten", "datteren", "enke",
    "potilas", "potilaan", "asun", "asuu", "kuljettaja", "vaimo", "aviomies", "tytär", "äiti", "syntynyt",
    "épouse", "époux", "patiente", "compagne", "compagnon", "soussigné", "soussignée", "domicilié",
    "domiciliée", "neveu", "nièce", "oncle", "infirmière", "locataire", "veuve", "veuf",
    "paciente", "hija", "esposa", "esposo", "marido", "nieta", "nieto", "suegra", "cuñado", "cuñada", "vecina", 
    "sobrino", "sobrina", "viudo", "viuda", "denunciante",
    "paziente", "figlia", "nipote", "moglie", "marito", "nonna", "nonno", "deceduta", "deceduto", "suocera", "cognato",
    "cognata", "sottoscritto", "sottoscritta", "conducente", "coniuge",
    "patiënt", "patiënte", "echtgenote", "echtgenoot", "zoon", "buurvrouw", "huisarts", 
    "wonende", "weduwe", "kapster",
    "doente", "filha", "avó", "avô", "sobrinha", "cunhado", "alcoólico", "viúva", "viúvo",
    "pacienta", "pacientul", "fiica", "soția", "soțul", "bunica", "doamna", "domnul", "conducătorul",
];

/// Nouns and adverbs of [`VERBS`] that "of" may follow.
const PARTITIVE: &[&str] = &[
    "outside",
    "suburb",
    "outskirts",
    "village",
    "town",
    "city",
    "hamlet",
    "neighborhood",
    "neighbourhood",
    "resident",
    "native",
    "citizen",
    "east",
    "west",
    "north",
    "south",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "out",
    "side",
];

/// What a place in no list is not.
const OTHER: Lex = Lex::NEVER
    .or(Lex::DRUG)
    .or(Lex::MONTH)
    .or(Lex::CLINICAL)
    .or(Lex::PERIOD)
    .or(Lex::TITLE)
    .or(Lex::STATE)
    .or(Lex::OPENS)
    .or(Lex::FACILITY);

/// Words before "in", "from", "to", "near": somebody lives, moves or is cared for there.
const VERBS: &[&str] = &[
    "lives",
    "live",
    "lived",
    "living",
    "resides",
    "residing",
    "resided",
    "moved",
    "moving",
    "moves",
    "relocated",
    "drove",
    "drives",
    "driving",
    "drive",
    "flew",
    "flown",
    "flying",
    "travelled",
    "traveled",
    "travels",
    "commutes",
    "commuted",
    "came",
    "comes",
    "coming",
    "hails",
    "born",
    "raised",
    "grew",
    "up",
    "buried",
    "settled",
    "staying",
    "stays",
    "stayed",
    "home",
    "house",
    "farm",
    "ranch",
    "apartment",
    "cabin",
    "cottage",
    "condo",
    "trailer",
    "shelter",
    "office",
    "clinic",
    "hospital",
    "pharmacy",
    "practice",
    "school",
    "church",
    "plant",
    "factory",
    "warehouse",
    "job",
    "family",
    "sister",
    "brother",
    "daughter",
    "son",
    "parents",
    "mother",
    "father",
    "cousin",
    "aunt",
    "uncle",
    "relatives",
    "gruß",
    "grüße",
    "gruss",
    "uns",
    "wohnt",
    "lebt",
    "kommt",
    "wohnhaft",
    "geboren",
    "gruss",
    "gruß",
    "grüße",
    "uns",
    "wohnt",
    "lebt",
    "kommt",
    "wohnhaft",
    "geboren",
    "resident",
    "native",
    "citizen",
    "downtown",
    "suburb",
    "outskirts",
    "village",
    "town",
    "city",
    "hamlet",
    "neighborhood",
    "neighbourhood",
    "transferred",
    "transfer",
    "airlifted",
    "referred",
    "brought",
    "discharged",
    "seen",
    "admitted",
    "treated",
    "hospitalized",
    "hospitalised",
    "evaluated",
    "lab",
    "facility",
    "ed",
    "er",
    "works",
    "worked",
    "working",
    "teaches",
    "taught",
    "retired",
    "visiting",
    "visited",
    "visit",
    "trip",
    "vacation",
    "vacationing",
    "incident",
    "crash",
    "accident",
    "out",
    "back",
    "here",
    "over",
    "away",
    "east",
    "west",
    "north",
    "south",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "outside",
    "side",
    "caller",
    "person",
    "man",
    "woman",
    "teacher",
    "farmer",
];

/// Words behind a place: `a Marlow Vale resident`, `the Kettlesworth area`.
const NOUNS: &[&str] = &[
    "resident",
    "residents",
    "native",
    "area",
    "neighborhood",
    "neighbourhood",
    "suburb",
    "district",
    "village",
    "township",
    "borough",
    "estate",
    "estates",
    "suburbs",
    "reservation",
    "barrio",
    "campus",
    "branch",
    "location",
    "office",
    "precinct",
    "vicinity",
    "region",
    "metro",
    "exurb",
    "hamlet",
    "cottage",
    "bungalow",
    "farmhouse",
    "mall",
];

/// Verbs of living and moving, before "in", "from", "outside".
const LIVING: &[&str] = &[
    "lives",
    "live",
    "lived",
    "living",
    "resides",
    "residing",
    "moved",
    "relocated",
    "drove",
    "flew",
    "raised",
    "born",
    "grew",
    "up",
    "buried",
    "outskirts",
    "suburb",
    "native",
    "resident",
    "outside",
    "comes",
    "hails",
    "wohnt",
    "lebt",
];

/// Words before a place, in small letters.
const PREPOSITIONS: &[&str] = &[
    "in", "from", "near", "outside", "around", "to", "at", "of", "toward", "towards", "through", "past",
    "beyond", "round",
];

/// [`VERBS`] by their hashes.
static VERB_SET: LazyLock<WordSet> =
    LazyLock::new(|| VERBS.iter().chain(ABROAD).map(|word| lexicon::hash(word)).collect());
/// [`NOUNS`] by their hashes.
static NOUN_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(NOUNS));
/// [`PREPOSITIONS`] by their hashes.
static PREPOSITION_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(PREPOSITIONS));
/// [`LIVING`] by their hashes.
static LIVING_SET: LazyLock<WordSet> =
    LazyLock::new(|| LIVING.iter().chain(ABROAD).map(|word| lexicon::hash(word)).collect());
/// [`SITES_ABROAD`] by their hashes.
static SITES_ABROAD_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(SITES_ABROAD));
/// [`ABOUT_ABROAD`] by their hashes.
static ABOUT_ABROAD_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(ABOUT_ABROAD));
/// [`ABROAD`] by their hashes.
static ABROAD_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(ABROAD));

impl Detector for Locale {
    fn id(&self) -> &'static str {
        "locale"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Place, Category::Address]
    }

    fn example(&self) -> &'static str {
        "he drove in from Kettlesworth"
    }

    fn needs(&self) -> Needs {
        Needs::CAPITALS.or(Needs::lexes(Lex::TOWN.or(Lex::TOWN_ABROAD)))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let words = text.words();
        let mut covered = 0;
        let mut person = None;
        let told = text.holds(Lex::PERSON.or(Lex::DRUG));
        if told && text.holds(Lex::TOWN.or(Lex::TOWN_ABROAD)) {
            for (index, word) in text.rare().filter(|(_, word)| word.shape == Shape::Lower) {
                if small_town(text, index) {
                    let (start, end) = (word.start as usize, word.end as usize);
                    hits.push(Hit {
                        start,
                        end,
                        category: Category::Place,
                        rule: "locale.small",
                        score: BARE_SCORE,
                    });
                }
            }
        }
        for (index, word) in text.capitals() {
            if (word.start as usize) < covered || (word.shape == Shape::Upper) | (word.len() < 3) {
                continue;
            }
            let last = run_end(text, index);
            let told_behind = text.byte_behind(&words[last]) == b',';
            let written_on = if placed(text, index) {
                birthplace(text, index).map(|score| (last, score))
            } else {
                letterhead(text, index, last)
            };
            if let Some((last, score)) = written_on {
                let (start, end) = (word.start as usize, words[last].end as usize);
                hits.push(Hit { start, end, category: Category::Place, rule: "locale.dated", score });
                covered = end;
                continue;
            }
            if !(placed(text, index) || told_behind) || word.lex.any(OTHER) && !headed(text, index) {
                continue;
            }
            if let Some(start) = way(text, index) {
                let end = word.end as usize;
                hits.push(Hit { start, end, category: Category::Address, rule: "locale.way", score: 0.7 });
                covered = end;
                continue;
            }
            let mut about = || *person.get_or_insert_with(|| about_person(text));
            let found = behind_preposition(text, index, last)
                .or_else(|| before_noun(text, index, last))
                .or_else(|| (seated_abroad(text, index) && about()).then_some(("locale.seat", BARE_SCORE)))
                .or_else(|| public_site(text, index).then_some(("locale.site", BARE_SCORE)))
                .or_else(|| (cased(text, index) && about()).then_some(("locale.case", BARE_SCORE)));
            if let Some((rule, score)) = found {
                let (start, end) = (word.start as usize, words[last].end as usize);
                hits.push(Hit { start, end, category: Category::Place, rule, score });
                covered = end;
            }
        }
    }
}

/// `Née le 3 février 1989 à Tourcoing`, `nato il 12/03/1956 a Cremona`: the place behind a date of birth.
fn birthplace(text: &Text<'_>, index: usize) -> Option<f32> {
    const REACH_BYTES: usize = 32;
    static AT: Words<7> = Words::new(["a", "in", "te", "em", "en", "w", "v"]);
    let words = text.words();
    let at = index.checked_sub(1)?;
    let number = |date: &usize| words[*date].shape == Shape::Digits;
    let date = match text.gap(at) {
        " " if AT.hold(text.spelled(at)) || text.spelled(at) == "à" => {
            at.checked_sub(1).filter(|date| text.joint(*date) == b' ' && number(date))
        }
        // "Geboren: 17-08-1955, Vorden", "Urodzony: 19 kwietnia 1982 r., Drohiczyn"
        ", " | "., " if matches!(text.byte_behind(&words[index]), 0 | b'\n' | b'\r' | b';') => {
            Some(at - usize::from(at > 0 && text.spelled(at) == "r")).filter(number)
        }
        _ => None,
    }?;
    if !text.has_key(Key::Birth) || words[index].lex.any(OTHER) {
        return None;
    }
    let start = words[date].start as usize;
    let keys = text.keys();
    let before = keys[..keys.partition_point(|hit| hit.end <= start)].iter().rev();
    let mut near = before.take_while(|hit| hit.end + REACH_BYTES >= start);
    near.any(|hit| hit.key == Key::Birth).then_some(0.7)
}

/// `Villeneuve-lès-Maguelone, le 18 novembre 2024`, `Köln, den 3. Mai`: the place of a letter, on a line of its own with the
/// day.
fn letterhead(text: &Text<'_>, index: usize, mut last: usize) -> Option<(usize, f32)> {
    static THE: Words<6> = Words::new(["le", "den", "el", "dnia", "il", "li"]);
    let words = text.words();
    let opens = index == 0 || text.gap(index - 1).ends_with('\n');
    while opens && last - index < 4 && text.gap(last) == "-" {
        last += 1;
    }
    if !opens || text.gap(last) != ", " || words[index..=last].iter().any(|word| word.lex.any(OTHER)) {
        return None;
    }
    let day = text
        .word_at(last + 2)
        .filter(|day| text.joint(last + 1) == b' ' && day.shape == Shape::Digits && day.len() <= 2);
    (day.is_some() && THE.hold(text.spelled(last + 1))).then_some((last, 0.7))
}

/// `i live in yonkers now`: a town that is on a list and no word or given name, in small letters behind "in" or "near", in a
/// text about a person, as people write in chats.
fn small_town(text: &Text<'_>, index: usize) -> bool {
    let words = text.words();
    let word = &words[index];
    let other = Lex::WORD
        .or(Lex::FIRST_ANY)
        .or(Lex::NEVER)
        .or(Lex::STATE)
        .or(Lex::MONTH)
        .or(Lex::CLINICAL)
        .or(Lex::DRUG);
    word.lex.any(Lex::TOWN.or(Lex::TOWN_ABROAD))
        && word.len() > 4
        && !word.lex.any(other)
        && index > 0
        && text.joint(index - 1) == b' '
        && matches!(text.spelled(index - 1), "in" | "near" | "i")
        && !matches!(text.joint(index), b'-' | b'_' | b'.' | b'/')
}

/// Whether a house number or a word in small letters stands right before, without which no place begins here but one
/// that is told behind a comma.
#[inline]
fn placed(text: &Text<'_>, index: usize) -> bool {
    index.checked_sub(1).is_some_and(|before| {
        text.joint(before) == b' ' && matches!(text.words()[before].shape, Shape::Lower | Shape::Digits)
    })
}

/// Whether a direction or the like opens a name: `West Ammonsett`, `Upper Dunsby`.
fn headed(text: &Text<'_>, index: usize) -> bool {
    const HEADS: &[&str] = &[
        "North", "South", "East", "West", "Upper", "Lower", "New", "Old", "Great", "Little", "Saint", "San",
        "Santa", "Bad", "Den", "La", "Le", "Lake", "Mount", "Port", "Fort", "County",
    ];
    let next = text.word_at(index + 1).filter(|_| matches!(text.joint(index), b' ' | b'-'));
    next.is_some_and(|next| next.shape == Shape::Capital && next.len() > 2 && !next.lex.any(OTHER))
        && HEADS.contains(&text.spelled(index))
}

/// Whether the last word of a name of several is one of the land: `Marlow Vale`, `Tarrow Creek`.
fn landed(text: &Text<'_>, index: usize, last: usize) -> bool {
    const TAILS: &[&str] = &[
        "Vale", "Creek", "Ferry", "Falls", "Springs", "Heights", "Hollow", "Grove", "Ridge", "Valley",
        "Point", "Harbor", "Harbour", "Bay", "Beach", "Lake", "Lakes", "Hills", "Hill", "Mills", "Corners",
        "Junction", "Crossing", "Landing", "Park", "Glen", "Meadows", "Bluff", "Bluffs", "Fork", "Forks",
        "Rapids", "Prairie", "Gap", "Cove", "Haven", "Bridge", "Green", "Woods", "Fields", "Moor", "Dale",
        "Rock", "City", "Village", "Island", "Islands", "Shores", "Terrace", "Gardens", "River", "Run",
        "Mountain", "Canyon", "Mesa", "Flats", "Pines", "Oaks", "Estates", "Common",
    ];
    last > index && TAILS.contains(&text.spelled(last))
}

/// The last word of the capitalised run: `Marlow Vale`, `Stoke-under-Ham`, `L'Anse`.
fn run_end(text: &Text<'_>, index: usize) -> usize {
    let mut last = index;
    while last + 1 - index < WORDS_MAX
        && text.word_at(last + 1).is_some_and(|next| {
            matches!(next.shape, Shape::Capital | Shape::Mixed) && next.len() > 1 && !next.lex.any(OTHER)
        })
        && matches!(text.gap(last), " " | "-" | "'" | "’")
    {
        last += 1;
    }
    // "Coeur d'Alene"
    if text.joint(last) == b' '
        && text.word_at(last + 1).is_some_and(|next| next.len() == 1)
        && matches!(text.spelled(last + 1), "d" | "l")
        && matches!(text.gap(last + 1), "'" | "’")
        && text.word_at(last + 2).is_some_and(|next| next.capital(text.text))
    {
        last += 2;
    }
    // "Stoke-under-Ham", "Bad Neustadt an der Saale" by hyphens only.
    if text.joint(last) == b'-'
        && text.gap(last + 1) == "-"
        && matches!(
            text.spelled(last + 1),
            "on" | "under" | "upon" | "by" | "next" | "le" | "la" | "sur" | "en" | "de" | "in" | "the"
        )
        && text.word_at(last + 2).is_some_and(|next| next.capital(text.text))
    {
        last += 2;
    }
    last
}

/// The start of a house number before a street of one word that ends as streets do: `9314 Queensway`, `12 Eastgate`.
fn way(text: &Text<'_>, index: usize) -> Option<usize> {
    const ENDS: [&str; 8] = ["way", "gate", "walk", "croft", "view", "ridge", "brook", "field"];
    let words = text.words();
    let number = index.checked_sub(1).filter(|before| text.joint(*before) == b' ')?;
    if words[number].shape != Shape::Digits {
        return None;
    }
    let spelled = text.spelled(index);
    let street = spelled.len() > 6
        && ENDS.iter().any(|end| spelled.ends_with(end))
        && !words[index].lex.any(Lex::WORD);
    let digits = words[number].shape == Shape::Digits && (1..=5).contains(&words[number].len());
    let opened = number == 0 || !matches!(text.gap(number - 1), "." | "/" | "-" | ":" | "=");
    (street && digits && opened).then_some(words[number].start as usize)
}

/// Whether the run is a person's name or a term and no place.
fn elsewise(text: &Text<'_>, index: usize, last: usize) -> bool {
    let words = text.words();
    let given = words[index].lex.any(Lex::FIRST) && last > index;
    let titled = index > 0 && name::is_title(text, index - 1);
    let possessed = || matches!(text.gap(last), "'" | "’") && text.spelled(last + 1) == "s";
    given || titled || possessed() || name::term_use(text, last) || name::term_use(text, index)
}

/// `moved here from Kettlesworth`, `a farm outside Marlow Vale`, `seen in Kettlesworth`.
fn behind_preposition(text: &Text<'_>, index: usize, last: usize) -> Option<(&'static str, f32)> {
    let words = text.words();
    let before = index.checked_sub(1).filter(|before| text.joint(*before) == b' ')?;
    if words[before].shape != Shape::Lower || words[before].len() > 8 {
        return None;
    }
    if !words[before].lex.any(Lex::SEAT) && !PREPOSITION_SET.contains(&words[before].hash) {
        return None;
    }
    let preposition = text.spelled(before);
    // "a" is an article of English, "nato a" is not.
    let abroad = || {
        before
            .checked_sub(1)
            .is_some_and(|verb| ABROAD_SET.contains(&words[verb].hash) && text.joint(verb) == b' ')
    };
    let seat = words[before].lex.any(Lex::SEAT) && preposition != "a" || abroad();
    let english = matches!(
        preposition,
        "in" | "from"
            | "near"
            | "outside"
            | "around"
            | "to"
            | "at"
            | "of"
            | "toward"
            | "towards"
            | "through"
            | "past"
            | "beyond"
            | "round"
    );
    if !(english || seat) || elsewise(text, index, last) {
        return None;
    }
    let run = &words[index..=last];
    let strange = run.iter().all(|word| !word.lex.any(Lex::WORD))
        || last > index && run.iter().any(|word| !word.lex.any(Lex::WORD));
    let named = words[index].lex.any(Lex::FIRST.or(Lex::LAST)) || words[index].lex.any(Lex::EPONYM);
    let verb = before
        .checked_sub(1)
        .filter(|verb| matches!(text.gap(*verb), " " | ", "))
        .filter(|verb| VERB_SET.contains(&words[*verb].hash) || living(text, before));
    let moving = !matches!(preposition, "at" | "toward" | "towards" | "through");
    // "outside of Kettlesworth", but not "seen of".
    let of = preposition == "of" && !verb.is_some_and(|verb| PARTITIVE.contains(&text.spelled(verb)));
    // People are met and referred to as well: before a name that bears persons the verb must be one of living.
    let to_person = named && matches!(preposition, "to" | "from" | "of" | "in") && !living(text, before);
    // "referred to Physical Therapy": words of the language are a place only behind a verb of living.
    let several = last > index && (living(text, before) || landed(text, index, last) || headed(text, index));
    if verb.is_some() && moving && !of && !to_person && (strange || several) {
        return Some(("locale.verb", 0.7));
    }
    // German has a capital for every noun: there the verb must say it.
    let bare = matches!(
        preposition,
        "in" | "from"
            | "near"
            | "outside"
            | "past"
            | "beyond"
            | "round"
            | "uit"
            | "från"
            | "fra"
            | "til"
            | "em"
            | "din"
            | "z"
            | "ze"
            | "chez"
    );
    let long = words[index].shape == Shape::Capital && words[index].len() > 3;
    // Places bear the names of families: nobody is in, near or outside one.
    let family = words[index].lex.any(Lex::LAST)
        && !words[index].lex.any(Lex::FIRST.or(Lex::EPONYM))
        && matches!(preposition, "in" | "near" | "outside")
        && text.spelled(last + 1) != "et";
    let nothing_else = strange && long && (!named || family);

    // "Sina from Kettlesworth"
    let person = preposition == "from"
        && before.checked_sub(1).is_some_and(|person| {
            words[person].lex.any(Lex::FIRST)
                && words[person].shape == Shape::Capital
                && text.gap(person) == " "
        });
    let about = text.holds(Lex::PERSON.or(Lex::DRUG));
    let land = bare && (landed(text, index, last) || headed(text, index) && about);
    // "in Pine Lantern": two words of the language, if the text is about a person and none is clinical.
    static DEPARTMENTS: Words<18> = Words::new([
        "accounting",
        "administration",
        "affairs",
        "assurance",
        "billing",
        "compliance",
        "development",
        "engineering",
        "finance",
        "maintenance",
        "management",
        "marketing",
        "operations",
        "relations",
        "resources",
        "sales",
        "services",
        "technology",
    ]);
    let words_only = bare
        && last > index
        && (about || person)
        && !DEPARTMENTS.hold(text.spelled(last))
        && !run.iter().any(|word| {
            word.lex.any(Lex::GENERIC.or(Lex::NEVER).or(Lex::FACILITY).or(Lex::KEY).or(Lex::BRAND))
        });
    if land || words_only {
        return Some(("locale.several", BARE_SCORE));
    }
    let score = if (about && !named) || person { BARE_SCORE } else { COMPANY_SCORE };
    (bare && nothing_else).then_some(("locale.preposition", score))
}

/// Whether a word of [`ABOUT_ABROAD`] stands in the text.
fn about_person(text: &Text<'_>) -> bool {
    text.words().iter().any(|word| ABOUT_ABROAD_SET.contains(&word.hash))
}

/// `na dworcu w Kutnie`, `sortie à Berck`, `kapster te Hoogwoud`: a capital behind a preposition of a language that has
/// none for its nouns, no name of a person.
fn seated_abroad(text: &Text<'_>, index: usize) -> bool {
    let words = text.words();
    let Some(before) = index.checked_sub(1).filter(|before| text.joint(*before) == b' ') else {
        return false;
    };
    let preposition = text.spelled(before);
    let seat = matches!(
        preposition,
        "à" | "a"
            | "en"
            | "em"
            | "te"
            | "w"
            | "we"
            | "z"
            | "ze"
            | "do"
            | "v"
            | "ve"
            | "u"
            | "iz"
            | "i"
            | "på"
            | "utanför"
            | "udenfor"
            | "utenfor"
            | "naar"
            | "från"
            | "fra"
            | "til"
            | "till"
            | "uit"
            | "în"
            | "din"
            | "hacia"
            | "desde"
            | "entre"
            | "tra"
    );
    let word = &words[index];
    let named = headed(text, index) || !word.lex.any(Lex::FIRST_ANY.or(Lex::EPONYM).or(Lex::WORD));
    // People are called and written to as well.
    let to_person = preposition == "a" && word.lex.any(Lex::LAST_ANY);
    // These are words of English, too: "and a Kettlesworth", "do Kettlesworths".
    let english = matches!(preposition, "a" | "i" | "do" | "en" | "u")
        && before.checked_sub(1).is_some_and(|before| words[before].lex.any(Lex::WORD));
    seat && word.shape == Shape::Capital && word.len() > 3 && named && !to_person && !english
}

/// `au dépôt de Vénissieux`, `na dworcu w Kutnie`, `aeroporto Olbia`: a town behind what is public and has one.
fn public_site(text: &Text<'_>, index: usize) -> bool {
    let words = text.words();
    let word = &words[index];
    let site = |at: usize| text.joint(at) == b' ' && SITES_ABROAD_SET.contains(&words[at].hash);
    let Some(before) = index.checked_sub(1) else { return false };
    let linked = || {
        text.joint(before) == b' '
            && matches!(
                text.spelled(before),
                "de" | "di" | "da" | "do" | "w" | "v" | "u" | "din" | "tra" | "entre"
            )
    };
    let named = word.shape == Shape::Capital
        && word.len() > 3
        && (headed(text, index) || !word.lex.any(Lex::FIRST_ANY.or(Lex::EPONYM).or(Lex::WORD)));
    named && (site(before) || linked() && before.checked_sub(1).is_some_and(site))
}

/// `Kuljettaja asuu Nivalassa`: a capital inside a Finnish sentence in a case of place.
fn cased(text: &Text<'_>, index: usize) -> bool {
    const CASES: [&str; 5] = ["ssa", "ssä", "llä", "ltä", "stä"];
    let (word, spelled) = (&text.words()[index], text.spelled(index));
    word.shape == Shape::Capital
        && word.len() > 6
        && CASES.iter().any(|case| spelled.ends_with(case))
        && !word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY).or(Lex::WORD))
}

/// Whether a verb of living or moving stands before the preposition; "here", "out" and the like may stand between.
fn living(text: &Text<'_>, preposition: usize) -> bool {
    const BETWEEN: &[&str] = &["here", "out", "in", "over", "back", "down", "away"];
    let Some(verb) = preposition.checked_sub(1) else { return false };
    let lives = |at: usize| LIVING_SET.contains(&text.words()[at].hash);
    lives(verb) || BETWEEN.contains(&text.spelled(verb)) && verb.checked_sub(1).is_some_and(lives)
}

/// `a Marlow Vale resident`, `the Kettlesworth area`, `Kettlesworth, a small town`.
fn before_noun(text: &Text<'_>, index: usize, last: usize) -> Option<(&'static str, f32)> {
    let words = text.words();
    let next = text.word_at(last + 1)?;
    if elsewise(text, index, last)
        || words[index..=last].iter().any(|word| word.lex.any(Lex::WORD) && !word.lex.any(Lex::TOWN))
            && last == index
    {
        return None;
    }
    let noun = matches!(text.gap(last), " " | "-")
        && next.shape == Shape::Lower
        && next.len() <= 13
        && NOUN_SET.contains(&next.hash);
    let article = index.checked_sub(1).is_some_and(|before| {
        text.gap(before) == " "
            && matches!(
                text.spelled(before),
                "a" | "an"
                    | "the"
                    | "this"
                    | "our"
                    | "old"
                    | "longtime"
                    | "lifelong"
                    | "greater"
                    | "former"
                    | "your"
                    | "local"
            )
    });
    if noun && article {
        return Some(("locale.noun", 0.65));
    }
    // "Kettlesworth, a suburb of", "Kettlesworth, a small farming town"
    let apposed = text.gap(last) == ", "
        && matches!(text.spelled(last + 1), "a" | "an" | "the")
        && (last + 2..last + 5).take_while(|at| text.gap(at - 1) == " ").any(|at| {
            matches!(
                text.spelled(at),
                "suburb"
                    | "town"
                    | "village"
                    | "hamlet"
                    | "neighborhood"
                    | "neighbourhood"
                    | "city"
                    | "community"
                    | "borough"
            )
        });
    (apposed && place::town_end(text, index).is_none()).then_some(("locale.apposition", 0.65))
}

#[cfg(test)]
mod tests;
