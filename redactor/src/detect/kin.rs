//! Names behind what a person is to another, or by office, in eleven languages: `Mi padre Fausto`, `Mitarbeiter Egon Stadler`,
//! `pana Dvořáka`.
//!
//! English has these words among the keywords of names. Here a word of kin that is one of English as well ("padre") needs
//! "my" or the like before it. German writes every noun with a capital, so that the name must be one that a list has.

use std::sync::LazyLock;

use super::languages;
use super::lexicon::{self, Lex, WordSet};
use super::name;
use super::text::{Shape, Text, Word};
use super::words::Words;
use super::{Category, Detector, Hit, Needs};

/// Finds names behind kin and office.
pub(super) struct Kin;

/// Whose relative it is.
#[rustfmt::skip]
const POSSESSIVES: &[&str] = &[
    "mein", "meine", "meinen", "meinem", "meiner", "sein", "seine", "seinen", "seinem", "seiner", "ihr", "ihre", "ihren", "ihrem",
    "ihrer", "unser", "unsere", "unseren", "mon", "ma", "son", "sa", "notre", "leur", "votre", "mi", "su", "tu", "nuestro", "nuestra",
    "mio", "mia", "suo", "sua", "nostro", "nostra", "mijn", "zijn", "haar", "ons", "onze", "hun", "meu", "minha", "seu", "nosso",
    "nossa", "mój", "moja", "mojego", "mojej", "mojemu", "jego", "jej", "nasz", "nasza", "min", "mitt", "mit", "din", "hans", "hennes",
    "hendes", "vår", "vor", "můj", "moje", "mého", "její", "náš", "naše",
];

/// The same behind the relative, in Romanian and Italian.
const OWNED: &[&str] = &["mea", "meu", "mei", "ei", "lui", "noastră", "nostru", "sa", "său", "mio", "mia"];

/// Relatives in German.
#[rustfmt::skip]
const GERMAN_KIN: &[&str] = &[
    "vater", "mutter", "sohn", "tochter", "bruder", "schwester", "ehemann", "ehefrau", "mann", "frau", "großvater", "großmutter", "opa",
    "oma", "onkel", "tante", "enkel", "enkelin", "neffe", "nichte", "cousin", "cousine", "lebensgefährte", "lebensgefährtin", "partner",
    "partnerin", "freund", "freundin", "nachbar", "nachbarin", "schwager", "schwägerin", "verlobter", "verlobte",
];

/// The same in the other languages; with the article behind it in those that write it so.
#[rustfmt::skip]
const KIN: &[&str] = &[
    "père", "mère", "fils", "fille", "frère", "sœur", "mari", "femme", "époux", "épouse", "conjoint", "conjointe", "oncle", "neveu", "nièce",
    "padre", "madre", "hijo", "hija", "hermano", "hermana", "marido", "esposo", "esposa", "mujer", "abuelo", "abuela", "tío", "tía", "primo",
    "prima", "sobrino", "sobrina", "nieto", "nieta", "novio", "novia", "figlio", "figlia", "fratello", "sorella", "marito", "moglie", "nonno",
    "nonna", "zio", "zia", "cugino", "cugina", "nipote", "vader", "moeder", "zoon", "dochter", "broer", "zus", "man", "vrouw", "echtgenoot",
    "echtgenote", "oom", "kleinzoon", "kleindochter", "vriend", "vriendin", "buurman", "buurvrouw", "pai", "mãe", "filho", "filha", "irmão",
    "irmã", "mulher", "avô", "avó", "tio", "tia", "sobrinho", "sobrinha", "neto", "neta", "ojciec", "ojca", "matka", "matki", "mama", "mamy",
    "tata", "taty", "syn", "syna", "synowi", "córka", "córki", "córkę", "brat", "brata", "siostra", "siostry", "siostrę", "mąż", "męża", "żona",
    "żony", "żonę", "dziadek", "babcia", "wujek", "ciocia", "far", "mor", "pappa", "mamma", "son", "sonen", "dotter", "dottern", "bror", "brodern",
    "syster", "systern", "make", "maken", "maka", "makan", "sambo", "sønn", "sønnen", "søn", "datter", "datteren", "søster", "søsteren", "mand",
    "mann", "kone", "otec", "otce", "dcera", "dcery", "dceru", "bratr", "bratra", "sestra", "sestry", "sestru", "manžel", "manžela", "manželka",
    "manželky", "manželku", "dědeček", "babička", "tatăl", "tatălui", "mama", "fiul", "fiului", "fiica", "fiicei", "fratele", "fratelui", "sora",
    "soțul", "soțului", "soția", "soției", "bunica", "bunicul",
];

/// Offices and what somebody is to a firm or ward, in German.
#[rustfmt::skip]
const GERMAN_OFFICES: &[&str] = &[
    "inhaber", "inhaberin", "mitarbeiter", "mitarbeiterin", "kollege", "kollegin", "kollegen", "hausarzt", "hausärztin", "arzt", "ärztin",
    "oberarzt", "oberärztin", "chefarzt", "chefärztin", "assistenzarzt", "assistenzärztin", "facharzt", "fachärztin", "krankenschwester",
    "krankenpfleger", "pfleger", "pflegerin", "hebamme", "betreuer", "betreuerin", "geschäftsführer", "geschäftsführerin", "kunde", "kundin",
    "klient", "klientin", "bewohner", "bewohnerin", "patientin", "sachbearbeiter", "sachbearbeiterin", "rechtsanwalt", "rechtsanwältin",
    "zeuge", "zeugin", "angehöriger", "angehörige", "therapeut", "therapeutin", "apotheker", "apothekerin", "praktikantin", "azubi", "chefin",
];

/// The same in the other languages.
#[rustfmt::skip]
const OFFICES: &[&str] = &[
    "infirmier", "infirmière", "médecin", "chirurgien", "chirurgienne", "collègue", "voisin", "voisine", "sage-femme", "kinésithérapeute",
    "enfermera", "enfermero", "médico", "médica", "cirujano", "cirujana", "vecino", "vecina", "compañero", "compañera", "doctora",
    "infermiera", "infermiere", "medico", "chirurgo", "collega", "vicino", "vicina", "dottoressa", "huisarts", "arts", "verpleegkundige",
    "cliënt", "cliënte", "bewoner", "bewoonster", "medewerker", "medewerkster", "buurman", "enfermeira", "enfermeiro", "cirurgião",
    "cirurgiã", "vizinho", "vizinha", "colega", "doutor", "doutora", "lekarz", "lekarka", "lekarza", "pielęgniarka", "pielęgniarz",
    "chirurg", "pacjent", "pacjenta", "pacjentka", "pacjentki", "koleżanka", "sąsiad", "sąsiadka", "överläkare", "läkare", "läkaren",
    "distriktsläkare", "sjuksköterska", "sköterska", "barnmorska", "undersköterska", "kollega", "kollegan", "grannen", "kurator",
    "overlæge", "læge", "lægen", "overlege", "lege", "legen", "sygeplejerske", "sykepleier", "jordemoder", "jordmor", "kollegaen",
    "lékař", "lékařka", "lékaře", "sestra", "primář", "primářka", "kolega", "kolegyně", "soused", "sousedka", "pacient", "pacienta",
    "pacientka", "pacientky", "medicul", "asistenta", "asistentul", "doctorul", "doamna", "chirurgul", "pacientul", "vecinul", "vecina",
];

/// Titles in a case of their own, before a name.
#[rustfmt::skip]
const TITLES: &[&str] = &[
    "herrn", "pana", "panu", "panem", "paní", "panią", "panna", "domnului", "doamnei", "doña", "señorita", "signorina", "jufrouw",
    "vdova", "slečna", "slečny", "heer", "panie", "rouva", "herra", "neiti", "lääkäri", "tohtori", "hoitaja",
];

/// Titles that are abbreviations: a dot stands behind them.
#[rustfmt::skip]
const ABBREVIATED: &[&str] = &[
    "hr", "hrn", "fr", "frk", "fk", "sr", "sra", "srta", "dña", "mw", "mej", "mevr", "dl", "dna", "mgr", "ing", "avv", "bc", "judr", "lek",
];

/// Those that are no abbreviation of anything else, of which an unknown name is one too, in small letters or not.
#[rustfmt::skip]
const SURE_ABBREVIATIONS: &[&str] = &[
    "hr", "hrn", "frk", "mw", "mej", "mevr", "drs", "lek", "judr", "mudr", "srta", "dña", "gez", "avv", "hd",
];

/// Those before which a greeting must stand, or a text of another language around: `Gentile sig. Zorzi`, `Pat. Mertens klagt`.
const LED_ABBREVIATIONS: &[&str] = &["sig", "sr", "sra", "pat", "fr", "dl", "dna", "mgr", "ing", "sigg"];

/// Words that greet somebody in a letter, before the title.
#[rustfmt::skip]
const GREETINGS: &[&str] = &[
    "geachte", "beste", "gentile", "egregio", "egregia", "spettabile", "estimado", "estimada", "apreciado", "apreciada", "szanowny", "szanowna",
    "kära", "bäste", "bästa", "kære", "kjære", "hej", "hei", "sehr", "geehrter", "geehrte", "lieber", "liebe", "caro", "cara", "prezado",
    "prezada", "vážený", "vážená", "stimate", "stimată", "hyvä", "arvoisa",
];

/// Nouns and adjectives that stand there instead of a name, in no list of words: `Ansprechpartner: Empfang`, `Pt. Afebrile`.
#[rustfmt::skip]
const NOBODY: &[&str] = &[
    "empfang", "sekretariat", "zentrale", "verwaltung", "buchhaltung", "personalabteilung", "ambulanz", "praxis", "klinik", "station",
    "keine", "keiner", "unbekannt", "ukjent", "okänd", "ukendt", "rücksprache", "visite", "sprechstunde", "nüchtern", "aufgeklärt",
    "antibiotika", "antibiose", "gabe", "therapie", "unterschrift", "afebrile", "patientenakte", "geschäftsführung", "geschäftsleitung",
    "herren", "damen", "kollegen", "onbekend", "balie", "inconnu", "desconocido", "nieznany", "abteilung", "leitung", "medikamente",
    "infusion", "infusionen", "schmerztherapie", "analgesie", "przeciwbólowe", "przeciwbólowy",
];

/// Offices that only the field of a form says: `Witness: Mertens`.
const FIELDS: &[&str] = &[
    "witness",
    "notary",
    "ansprechpartner",
    "ansprechpartnerin",
    "fastlege",
    "fastlegen",
    "betreuende",
    "mantelzorger",
];

/// What is no name however it stands.
const OTHER: Lex = Lex::NEVER
    .or(Lex::DRUG)
    .or(Lex::MONTH)
    .or(Lex::PERIOD)
    .or(Lex::BRAND)
    .or(Lex::FACILITY)
    .or(Lex::CLINICAL)
    .or(Lex::TITLE)
    .or(Lex::EPONYM)
    .or(Lex::PERSON)
    .or(Lex::STREET)
    .or(Lex::ROAD);
/// Places that persons are seldom called after.
const PLACE: Lex = Lex::TOWN.or(Lex::TOWN_ABROAD);

static POSSESSIVE_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(POSSESSIVES));
static OWNED_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(OWNED));
static GERMAN_SET: LazyLock<WordSet> = LazyLock::new(|| both(GERMAN_KIN, GERMAN_OFFICES));
static KIN_SET: LazyLock<WordSet> = LazyLock::new(|| both(KIN, GERMAN_KIN));
static OFFICE_SET: LazyLock<WordSet> = LazyLock::new(|| both(OFFICES, GERMAN_OFFICES));
static TITLE_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(TITLES));
static ABBREVIATED_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(ABBREVIATED));
static SURE_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(SURE_ABBREVIATIONS));
static LED_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(LED_ABBREVIATIONS));
static NOBODY_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(NOBODY));
static GREETING_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(GREETINGS));
static FIELD_SET: LazyLock<WordSet> = LazyLock::new(|| both(FIELDS, OFFICES));

fn both(some: &[&str], others: &[&str]) -> WordSet {
    some.iter().chain(others).map(|word| lexicon::hash(word)).collect()
}

impl Detector for Kin {
    fn id(&self) -> &'static str {
        "kin"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Name]
    }

    fn example(&self) -> &'static str {
        "mi padre Fausto toma enalapril"
    }

    fn needs(&self) -> Needs {
        Needs::CAPITALS
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let words = text.words();
        let mut covered = 0;
        for (index, word) in text.capitals() {
            let Some(before) = index.checked_sub(1) else { continue };
            if word.shape == Shape::Upper || word.len() < 2 || (word.start as usize) < covered {
                continue;
            }
            if let Some(start) = family_first(text, before, index) {
                covered = word.end as usize;
                let rule = "kin.title";
                hits.push(Hit { start, end: covered, category: Category::Name, rule, score: 0.6 });
                continue;
            }
            let found = match text.gap(before) {
                " " => related(text, before, index)
                    .or_else(|| verb_between(text, index))
                    .or_else(|| discussed(text, before, index))
                    .or_else(|| senior(text, before, index)),
                ": " => related(text, before, index)
                    .or_else(|| verb_between(text, index))
                    .or_else(|| field(text, before, index)),
                ". " => abbreviated(text, before, index),
                ", " => signed(text, before, index),
                _ => None,
            };
            if let Some((last, rule)) = found
                && !name::term_use(text, last)
            {
                let (start, end) = (word.start as usize, words[last].end as usize);
                hits.push(Hit { start, end, category: Category::Name, rule, score: 0.6 });
                covered = end;
            }
        }
    }
}

/// Where the family name begins before a given one, as French forms write it: `M. PERRODEAU Yannick`.
fn family_first(text: &Text<'_>, before: usize, index: usize) -> Option<usize> {
    let words = text.words();
    let shaped = words[before].shape == Shape::Upper && words[before].len() > 2 && text.gap(before) == " ";
    let given = shaped && words[index].lex.any(Lex::FIRST_ANY);
    let title = before.checked_sub(1).filter(|title| given && text.gap(*title) == ". ")?;
    let stands = title.checked_sub(1).is_none_or(|last| !words[last].capital(text.text));
    (text.spelled(title) == "M" && stands).then(|| words[before].start as usize)
}

/// Whether the word says what somebody is to another or does: it goes before a name and is none of it.
pub(super) fn is_role(word: &Word) -> bool {
    (OFFICE_SET.contains(&word.hash) || KIN_SET.contains(&word.hash)) && !word.lex.any(Lex::FIRST)
}

/// Whether the word may be a name: `known`, one that a list has.
fn nameable(word: &Word, known: bool) -> bool {
    let listed = word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY));
    let other = word.lex.any(OTHER) && !word.lex.any(Lex::FIRST);
    matches!(word.shape, Shape::Capital | Shape::Mixed)
        && !(other || word.lex.any(Lex::WORD) || languages::is_word(word))
        && (listed || !known && !word.lex.any(PLACE))
}

/// `Mi padre Fausto`, `Sohn Egon`, `Oberarzt Stadler`, `pana Dvořáka`.
fn related(text: &Text<'_>, before: usize, index: usize) -> Option<(usize, &'static str)> {
    let words = text.words();
    let (noun, word) = (&words[before], &words[index]);
    let spaced = text.gap(before) == " ";
    // "fiica mea Anghelina"
    if OWNED_SET.contains(&noun.hash) && spaced && text.joint(before.checked_sub(1)?) == b' ' {
        let fits = KIN_SET.contains(&words[before - 1].hash) && nameable(word, false);
        return fits.then(|| (name::run_end(text, index, true), "kin.relative"));
    }
    if TITLE_SET.contains(&noun.hash) {
        let fits = spaced && noun.shape <= Shape::Capital && nameable(word, false);
        return fits.then(|| (name::run_end(text, index, true), "kin.title"));
    }
    // "sig.ra Zorzi"
    let signora =
        text.spelled(before) == "ra" && before.checked_sub(1).is_some_and(|sig| text.joint(sig) == b'.');
    if signora && spaced && matches!(text.spelled(before - 1), "sig" | "Sig") && nameable(word, false) {
        return Some((name::run_end(text, index, true), "kin.title"));
    }
    let (kin, office) = (KIN_SET.contains(&noun.hash), OFFICE_SET.contains(&noun.hash));
    if !(kin || office) || noun.shape > Shape::Capital {
        return None;
    }
    let german = GERMAN_SET.contains(&noun.hash);
    let owned = before
        .checked_sub(1)
        .is_some_and(|owner| POSSESSIVE_SET.contains(&words[owner].hash) && text.joint(owner) == b' ');
    // "padre", "far" and "man" are words of English too.
    let own = owned || !noun.lex.any(Lex::WORD) || office && !noun.lex.any(Lex::WORD);
    let sure = match (kin, german) {
        (_, true) => word.lex.any(Lex::FIRST_ANY) || office && word.lex.any(Lex::LAST_ANY),
        (true, false) => owned && spaced || nameable(word, true),
        (false, false) => nameable(word, true) || followed(text, index),
    };
    (own && sure && nameable(word, false))
        .then(|| (name::run_end(text, index, !german), if kin { "kin.relative" } else { "kin.office" }))
}

/// Whether a second capital stands behind that may be a family name.
fn followed(text: &Text<'_>, index: usize) -> bool {
    text.joint(index) == b' ' && text.word_at(index + 1).is_some_and(|next| nameable(next, false))
}

/// `Huisarts verwees Maarten`, `Överläkare Gunvor Ek opererade Torsten`: a given name behind somebody in office and a verb.
fn verb_between(text: &Text<'_>, index: usize) -> Option<(usize, &'static str)> {
    /// An office, two names, a verb.
    const REACH_WORDS: usize = 4;
    let words = text.words();
    let word = &words[index];
    let verb = index.checked_sub(1)?;
    let stands = words[verb].shape == Shape::Lower
        && !languages::is_word(&words[verb])
        && !words[verb].lex.any(Lex::WORD)
        && word.lex.any(Lex::FIRST_ANY)
        && !word.lex.any(PLACE)
        && nameable(word, true);
    if !stands {
        return None;
    }
    let office = (index.saturating_sub(REACH_WORDS)..verb)
        .rev()
        .take_while(|at| text.joint(*at) == b' ')
        .find(|at| !words[*at].capital(text.text) || OFFICE_SET.contains(&words[*at].hash))?;
    OFFICE_SET.contains(&words[office].hash).then(|| (name::run_end(text, index, false), "kin.treated"))
}

/// `Hr. Lindemann`, `Dña. Nerea`, `Gentile sig. Zorzi`, `i.V. Mertens`
fn abbreviated(text: &Text<'_>, before: usize, index: usize) -> Option<(usize, &'static str)> {
    let words = text.words();
    let (title, word) = (&words[before], &words[index]);
    let found = || Some((name::run_end(text, index, true), "kin.title"));
    if title.len() == 1 {
        return (deputy(text, before) && unknown(word)).then(found).flatten();
    }
    let (sure, led) = (SURE_SET.contains(&title.hash), LED_SET.contains(&title.hash));
    if !(sure || led || ABBREVIATED_SET.contains(&title.hash)) {
        return patient(text, before, index).then(found).flatten();
    }
    let first = before.checked_sub(1).filter(|first| text.joint(*first) == b' ');
    let greeted = first.is_some_and(|first| GREETING_SET.contains(&words[first].hash));
    // "5 mw. Then": a measure.
    let measured = first.is_some_and(|first| words[first].shape >= Shape::Digits);
    let small = title.shape == Shape::Lower && !text.spelled(before).eq_ignore_ascii_case("hr");
    let fits = match title.shape {
        Shape::Capital => nameable(word, true) || (sure || greeted) && unknown(word),
        Shape::Lower => small && !measured && (sure || led && greeted) && unknown(word),
        _ => false,
    };
    let abroad =
        || led && title.shape <= Shape::Capital && unknown(word) && followed_abroad(text, before, index);
    // "Lindemann Sr. Torsten": a suffix of the name before.
    let suffix = led && !greeted && first.is_some_and(|first| words[first].capital(text.text));
    ((fits || abroad()) && !suffix).then(found).flatten()
}

/// Whether the word may be a name in no list.
fn unknown(word: &Word) -> bool {
    word.shape == Shape::Capital
        && word.len() > 2
        && nameable(word, false)
        && !NOBODY_SET.contains(&word.hash)
}

/// Whether the sentence right around is in another language: `Pat. Mertens klagt über`, `La sig. Zorzi ha`.
fn followed_abroad(text: &Text<'_>, before: usize, index: usize) -> bool {
    let small = text.word_at(index + 1).is_some_and(|next| next.shape == Shape::Lower);
    // "Pat. Nüchtern seit gestern": what somebody is.
    static BEHIND_STATES: Words<16> = Words::new([
        "seit", "und", "mit", "auf", "ohne", "nach", "vor", "im", "in", "bei", "zur", "zum", "am", "unter",
        "von", "an",
    ]);
    let state = text.spelled(index + 1) == "über" || BEHIND_STATES.hold(text.spelled(index + 1));
    small && !state && text.joint(index) == b' ' && languages::amid(text, before, index)
}

/// `i.V.` and `i. A.`, as German letters are signed for somebody else.
fn deputy(text: &Text<'_>, last: usize) -> bool {
    matches!(text.spelled(last), "V" | "A")
        && last
            .checked_sub(1)
            .is_some_and(|first| text.spelled(first) == "i" && matches!(text.gap(first), "." | ". "))
}

/// `Pt. Mertens` at the start of a sentence, behind which it goes on or ends.
fn patient(text: &Text<'_>, before: usize, index: usize) -> bool {
    let spelled = text.spelled(index);
    let opens = before.checked_sub(1).is_none_or(|last| text.gap(last).contains(['.', '\n', ':', ';']));
    let verb =
        spelled.ends_with("ing") || spelled.ends_with("ed") || spelled.ends_with('s') && spelled.len() < 6;
    text.spelled(before) == "Pt"
        && opens
        && !verb
        && unknown(&text.words()[index])
        && !name::is_clinical(spelled)
}

/// Whether nothing of the sentence goes on behind the word.
fn ends(text: &Text<'_>, last: usize) -> bool {
    let gap = text.gap(last);
    gap.is_empty() || gap.starts_with([',', '.', ';', '\n', '(', ')', '|']) || gap.starts_with(" (")
}

/// `Fastlege: Mertens`, `Witness: Mertens`: an unknown name that is all a field says.
fn field(text: &Text<'_>, before: usize, index: usize) -> Option<(usize, &'static str)> {
    let (noun, word) = (&text.words()[before], &text.words()[index]);
    let fits = noun.shape <= Shape::Capital && FIELD_SET.contains(&noun.hash) && unknown(word);
    (fits && ends(text, index) && !name::is_clinical(text.spelled(index))).then_some((index, "kin.field"))
}

/// `Signed, Mertens` at the end of a letter.
fn signed(text: &Text<'_>, before: usize, index: usize) -> Option<(usize, &'static str)> {
    let spelled = text.spelled(index);
    let fits = text.spelled(before) == "Signed"
        && unknown(&text.words()[index])
        && !spelled.ends_with("ed")
        && !text.gap(index).starts_with(',')
        && ends(text, index);
    fits.then_some((index, "kin.signed"))
}

/// `D/w Mertens`, "discussed with" and "spoke with" in the shorthand of wards.
fn discussed(text: &Text<'_>, before: usize, index: usize) -> Option<(usize, &'static str)> {
    let first = before.checked_sub(1)?;
    let spoken = matches!(text.spelled(before), "w" | "W")
        && text.joint(first) == b'/'
        && matches!(text.spelled(first), "d" | "D" | "s" | "S");
    let spelled = text.spelled(index);
    let fits =
        spoken && unknown(&text.words()[index]) && !name::is_clinical(spelled) && !is_service(text, index);
    fits.then_some((index, "kin.discussed"))
}

/// Whether the word is a service of a hospital, or short for one.
fn is_service(text: &Text<'_>, index: usize) -> bool {
    #[rustfmt::skip]
    static SERVICES: Words<40> = Words::new([
        "ortho", "neurosurgery", "neurosurg", "vascular", "pharmacy", "pulm", "cards", "nephro", "psych", "hospice", "heme", "onc",
        "peds", "trauma", "renal", "rheum", "uro", "endo", "surg", "surgery", "rads", "path", "plastics", "anesthesia", "obgyn", "derm",
        "ophtho", "palliative", "hospitalist", "neuro", "gyn", "cardio", "neph", "thoracic", "dental", "nsgy", "micro", "physio", "dietary",
        "visite",
    ]);
    SERVICES.hold(text.spelled(index))
}

/// `OA Mertens sah`, `Rücksprache mit OA Mertens`: a senior doctor in German, by a word that only a person stands beside; the
/// abbreviations mean much else.
fn senior(text: &Text<'_>, before: usize, index: usize) -> Option<(usize, &'static str)> {
    const GRADES: &[&str] = &["OA", "OÄ", "CA", "AA", "HA", "FA"];
    static LEADING: Words<6> = Words::new(["mit", "durch", "von", "bei", "an", "herr"]);
    static VERBS: Words<14> = Words::new([
        "sah",
        "hat",
        "bittet",
        "empfiehlt",
        "visitiert",
        "informiert",
        "operiert",
        "operierte",
        "untersuchte",
        "untersucht",
        "meldet",
        "kommt",
        "war",
        "rief",
    ]);
    if text.words()[before].shape != Shape::Upper || !GRADES.contains(&text.spelled(before)) {
        return None;
    }
    let led = before
        .checked_sub(1)
        .is_some_and(|word| text.joint(word) == b' ' && LEADING.hold(text.spelled(word)));
    let acts = text.joint(index) == b' ' && VERBS.hold(text.spelled(index + 1));
    let fits = (led || acts) && unknown(&text.words()[index]) && !is_service(text, index);
    (fits && !name::is_clinical(text.spelled(index))).then_some((index, "kin.office"))
}

#[cfg(test)]
mod tests;
