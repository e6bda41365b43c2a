//! Names by their form and by what forms, letters and transcripts write before and behind them: `Takudzwa P. Gumbo`,
//! `Temperance "Tempy" Goolagong`, `Sukunimi: Äyräväinen`, `Familie Nkrumah-Seibold`, `geb. Obermoser`, `Lwazi: Right, …`.
//!
//! No list holds these names. An initial between two capitalised words, a nickname in quotes, a field of a form that holds
//! nothing but somebody's name: each says as surely as a list that a person stands there.

use std::sync::LazyLock;

use super::lexicon::{self, Lex, WordSet};
use super::name;
use super::text::{Shape, Text, Word};
use super::words::Words;
use super::{Category, Detector, Hit, Needs, languages};

/// Finds names by their form.
pub(super) struct Named;

/// What is no name, however it stands.
const OTHER: Lex = Lex::NEVER
    .or(Lex::DRUG)
    .or(Lex::MONTH)
    .or(Lex::PERIOD)
    .or(Lex::FACILITY)
    .or(Lex::CLINICAL)
    .or(Lex::TITLE)
    .or(Lex::FIRM)
    .or(Lex::STATE)
    .or(Lex::BRAND)
    .or(Lex::PERSON)
    .or(Lex::GREETING);
/// How many words a name has behind its field at most.
const WORDS_MAX: usize = 5;
/// How many lines of a transcript are looked at.
const SPEAKERS_MAX: usize = 64;

/// Fields of forms that hold a person's name, in the languages held, with a colon behind.
#[rustfmt::skip]
const FIELDS: &[&str] = &[
    "sukunimi", "etunimi", "etunimet", "compareciente", "denunciante", "declarante", "inquilino", "inquilina", "arrendatario",
    "arrendataria", "arrendador", "demandeur", "demanderesse", "locataire", "bailleur", "souscripteur", "assuré", "assurée",
    "assicurato", "assicurata", "intestatario", "intestataria", "conducente", "ubezpieczony", "ubezpieczona", "poszkodowany",
    "poszkodowana", "sprawca", "najemca", "najemczyni", "försäkringstagare", "hyresgäst", "lejer", "udlejer", "vuokralainen", "asiakas",
    "vakuutettu", "huurder", "huurster", "verhuurder", "verzekerde", "versicherungsnehmer", "versicherungsnehmerin", "antragsteller",
    "antragstellerin", "kontoinhaber", "kontoinhaberin", "pojistník", "pojištěný", "nájemce", "žadatel", "žadatelka", "chiriaș",
    "asigurat", "solicitante", "segurado", "segurada", "requerente", "beneficiário", "destinatario", "destinataria", "remitente",
    "mieter", "mieterin", "vermieter", "vermieterin", "halter", "halterin", "fahrer", "fahrerin", "zahler", "absender", "nimi", "usage",
    "naissance",
];
static FIELD_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(FIELDS));

impl Detector for Named {
    fn id(&self) -> &'static str {
        "named"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Name]
    }

    fn example(&self) -> &'static str {
        "signed by Takudzwa P. Gumbo"
    }

    fn needs(&self) -> Needs {
        Needs::RARE
    }

    fn needs_too(&self) -> Needs {
        Needs::CAPITALS
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let words = text.words();
        let mut push = |first: usize, last: usize, rule, score| {
            let (start, end) = (words[first].start as usize, words[last].end as usize);
            hits.push(Hit { start, end, category: Category::Name, rule, score });
        };
        let quoted = text.may_hold(b'"') || !text.text.is_ascii();
        let mut covered = 0;
        for (index, word) in text.capitals() {
            if index < covered || !matches!(word.shape, Shape::Capital | Shape::Mixed | Shape::Upper) {
                continue;
            }
            let gap = text.gap(index);
            let found = match gap {
                " " if word.len() > 2 && word.shape == Shape::Capital => {
                    middle(text, index).map(|last| (last, "named.initial", 0.8)).or_else(|| {
                        given_unknown(text, index).map(|last| (last, "named.given", given_score(word)))
                    })
                }
                ". " | "." if word.len() == 1 => {
                    initials(text, index).map(|last| (last, "named.initial", 0.7))
                }
                _ => None,
            };
            let found = found
                .or_else(|| {
                    quoted
                        .then(|| nicknamed(text, index))
                        .flatten()
                        .map(|last| (last, "named.nickname", 0.85))
                })
                .or_else(|| announced(text, index));
            if let Some((last, rule, score)) = found {
                push(index, last, rule, score);
                covered = last + 1;
            }
        }
        for (index, word) in text.rare().filter(|(_, word)| word.shape == Shape::Lower) {
            if let Some(last) = introduced(text, index, word) {
                push(index, last, "named.introduced", 0.7);
            }
        }
        if text.may_hold(b':') && memchr::memchr(b'\n', text.text.as_bytes()).is_some() {
            speakers(text, |index| push(index, index, "named.speaker", 0.6));
        }
    }
}

/// Whether a word may be the name of somebody who is in no list.
fn nameable(word: &Word) -> bool {
    word.len() > 1
        && !word.lex.any(OTHER.or(Lex::EPONYM))
        && (!word.lex.any(Lex::ANY_WORD) || word.lex.any(Lex::FIRST.or(Lex::LAST)))
}

/// A family name that may be written with a hyphen or in humps; its last word.
fn family(text: &Text<'_>, index: usize) -> Option<usize> {
    let capital = |at: usize| {
        text.word_at(at).filter(|word| matches!(word.shape, Shape::Capital | Shape::Mixed) && nameable(word))
    };
    capital(index)?;
    let mut last = index;
    while text.joint(last) == b'-' && text.word_at(last + 1).is_some_and(|word| word.shape == Shape::Capital)
    {
        last += 1;
    }
    let ends = !name::term_use(text, last) && !name::organisation_behind(text, last);
    ends.then_some(last)
}

/// `Takudzwa P. Gumbo`: an initial between two words that are none of the language.
fn middle(text: &Text<'_>, index: usize) -> Option<usize> {
    let initial = text.word_at(index + 1).filter(|word| word.len() == 1 && word.capital(text.text))?;
    let dotted = text.gap(index + 1) == ". " && initial.shape == Shape::Capital;
    let given = nameable(&text.words()[index]) && !text.words()[index].lex.any(Lex::OPENS);
    // A word of the language is a name there too.
    let word = text.word_at(index + 2).filter(|word| word.shape == Shape::Capital && word.len() > 2)?;
    if !dotted || !given || word.lex.any(OTHER.or(Lex::OPENS).or(Lex::FUNCTION)) {
        return None;
    }
    family(text, index + 2).or((!name::term_use(text, index + 2)).then_some(index + 2))
}

/// `T. J. McAllister-Obi`, `I. MacGillivray`: initials before a name in humps or with a hyphen.
fn initials(text: &Text<'_>, index: usize) -> Option<usize> {
    let mut at = index;
    let mut count = 0;
    while count < 3
        && text.word_at(at).is_some_and(|word| word.len() == 1 && word.capital(text.text))
        && matches!(text.gap(at), ". " | ".")
    {
        (at, count) = (at + 1, count + 1);
    }
    let last = family(text, at)?;
    let word = &text.words()[at];
    // "BC>AC L. Dix-Hallpike negative": left and right.
    if count == 1 && matches!(text.spelled(index), "L" | "R") {
        return None;
    }
    let humps = word.shape == Shape::Mixed
        && ["Mc", "Mac", "De", "Le", "Van"].iter().any(|head| text.spelled(at).starts_with(head));
    (humps || last > at || count > 1 && word.len() > 2 && !word.lex.any(Lex::ANY_WORD)).then_some(last)
}

/// `Radovan Mikeš`: a given name that is no word, and a name that no list has.
fn given_unknown(text: &Text<'_>, index: usize) -> Option<usize> {
    let (given, next) = (&text.words()[index], text.word_at(index + 1)?);
    let listed = given.lex.any(Lex::FIRST_ANY)
        && !given
            .lex
            .any(OTHER.or(Lex::ANY_WORD).or(Lex::TOWN).or(Lex::TOWN_OPEN).or(Lex::EPONYM).or(Lex::OPENS));
    let unknown = next.shape == Shape::Capital
        && next.len() > 3
        && !next.lex.any(
            OTHER
                .or(Lex::ANY_WORD)
                .or(Lex::TOWN)
                .or(Lex::TOWN_OPEN)
                .or(Lex::EPONYM)
                .or(Lex::KEY)
                .or(Lex::STREET),
        );
    if !listed
        || !unknown
        || languages::amid_german(text, index, index + 1)
        || name::is_clinical(text.spelled(index + 1))
    {
        return None;
    }
    family(text, index + 1)
}

/// A given name of other countries counts beside another identifier only: "Ruy Lopez" is an opening too.
fn given_score(given: &Word) -> f32 {
    if given.lex.any(Lex::FIRST) { 0.6 } else { 0.45 }
}

/// `Temperance "Tempy" Goolagong`, `Wilmer "el Chino" Quispe`: what somebody is called, between the parts of the name.
fn nicknamed(text: &Text<'_>, index: usize) -> Option<usize> {
    const NICK_WORDS_MAX: usize = 3;
    let words = text.words();
    // "Temperance" is a word too.
    let given = words[index].len() > 2 && !words[index].lex.any(OTHER.or(Lex::OPENS).or(Lex::FUNCTION));
    if !given || !matches!(text.gap(index), " \"" | " “" | " „" | " «") {
        return None;
    }
    let close = (index + 1..=index + NICK_WORDS_MAX).find(|at| text.gap(*at) != " ")?;
    let closed = matches!(text.gap(close), "\" " | "” " | "“ " | "» ");
    let named = text.word_at(close).is_some_and(|word| word.len() <= 16 && word.shape <= Shape::Mixed);
    let last = (closed && named).then(|| family(text, close + 1)).flatten()?;
    let more = text.gap(last) == " ";
    Some(
        more.then(|| text.word_at(last + 1))
            .flatten()
            .filter(|word| word.shape == Shape::Capital && nameable(word) && word.lex.any(Lex::LAST_ANY))
            .map_or(last, |_| last + 1),
    )
}

/// A name behind the field of a form, behind "Familie" or "geb.".
fn announced(text: &Text<'_>, index: usize) -> Option<(usize, &'static str, f32)> {
    static FAMILIES: Words<7> =
        Words::new(["familie", "famille", "familia", "fam", "familien", "rodina", "rodzina"]);
    static BORN: Words<3> = Words::new(["geb", "geborene", "roz"]);
    let words = text.words();
    let before = index.checked_sub(1)?;
    let unknown = |word: &Word| {
        word.len() > 2
            && !word.lex.any(OTHER.or(Lex::ANY_WORD))
            && word.shape <= Shape::Mixed
            && word.capital(text.text)
    };
    let spelled = text.spelled(before);
    match text.gap(before) {
        ": " | " : " | " :" if FIELD_SET.contains(&words[before].hash) => {
            let fits = |word: &Word| {
                word.capital(text.text)
                    && word.len() > 1
                    && !word.lex.any(Lex::NEVER.or(Lex::DRUG).or(Lex::TITLE).or(Lex::FIRM).or(Lex::FACILITY))
            };
            if !fits(&words[index]) {
                return None;
            }
            let mut last = index;
            while last + 1 - index < WORDS_MAX && matches!(text.gap(last), " " | "-" | "'" | "’") {
                let Some(next) = text.word_at(last + 1) else { break };
                let particle = name::is_particle(text.spelled(last + 1))
                    || matches!(text.spelled(last + 1), "DE" | "DEL" | "LA" | "VAN" | "tot");
                if !(fits(next) || particle) {
                    break;
                }
                last += 1;
            }
            Some((last, "named.field", 0.75))
        }
        " " | ". "
            if FAMILIES.hold(spelled) && words[before].capital(text.text) && unknown(&words[index]) =>
        {
            family(text, index).map(|last| (last, "named.family", 0.7))
        }
        ". " | " "
            if BORN.hold(spelled) && unknown(&words[index]) && before > 0 && text.gap(before - 1) == ", " =>
        {
            family(text, index).map(|last| (last, "named.born", 0.7))
        }
        ", " | ",\n" | "\n" | "! " | ",\n\n" if SIGN_OFFS.hold(spelled) && unknown(&words[index]) => {
            let ends = matches!(text.byte_behind(&words[index]), 0 | b'\n' | b'\r');
            ends.then_some((index, "named.signed", 0.7))
        }
        _ => None,
    }
}

/// What stands above a name at the end of a message.
static SIGN_OFFS: Words<19> = Words::new([
    "ta",
    "thanks",
    "thx",
    "cheers",
    "regards",
    "love",
    "mvh",
    "groetjes",
    "saludos",
    "cordialement",
    "pozdrawiam",
    "terveisin",
    "hilsen",
    "cumprimentos",
    "saluti",
    "xoxo",
    "sincerely",
    "hugs",
    "cdlt",
]);

/// A name in small letters behind "I am called": `ik ben radboud`, `je m'appelle idrissa coulibaly-mercier`.
fn introduced(text: &Text<'_>, index: usize, word: &Word) -> Option<usize> {
    static CALLED: Words<12> = Words::new([
        "ben", "olen", "heisse", "heter", "hedder", "llamo", "chiamo", "apelle", "appelle", "chamo",
        "numesc", "heet",
    ]);
    let before = index.checked_sub(1).filter(|before| text.joint(*before) == b' ')?;
    let called = CALLED.hold(text.spelled(before)) || text.spelled(before) == "heiße";
    let dutch =
        text.spelled(before) != "ben" || before > 0 && text.spelled(before - 1).eq_ignore_ascii_case("ik");
    let unknown = |word: &Word, at: usize| {
        word.shape == Shape::Lower
            && word.len() > 3
            && !word.lex.any(OTHER.or(Lex::ANY_WORD).or(Lex::KEY))
            && !languages::is_word_at(text, at)
    };
    if !called || !dutch || !unknown(word, index) {
        return None;
    }
    let mut last = index;
    while last - index < 3
        && matches!(text.joint(last), b' ' | b'-')
        && text.word_at(last + 1).is_some_and(|next| unknown(next, last + 1))
    {
        last += 1;
    }
    let ends = matches!(text.byte_behind(&text.words()[last]), 0 | b',' | b'.' | b'!' | b'\n' | b'"' | b';');
    ends.then_some(last)
}

/// Who speaks by what they are.
#[rustfmt::skip]
const ROLES: &[&str] = &[
    "nutzer", "nutzerin", "benutzer", "assistent", "assistentin", "assistente", "asistente", "assistant", "utilisateur", "usuario", "utente",
    "utilizador", "usuário", "gebruiker", "berater", "beraterin", "kunde", "kundin", "klient", "klientin", "anrufer", "anruferin", "bot",
    "chatbot", "moderator", "interviewer", "interviewee", "caller", "operator", "dispatcher", "tech", "käyttäjä", "avustaja", "bruger",
    "användare", "użytkownik", "asystent", "uživatel", "asistent", "utilizator", "meds", "labs", "vitals", "plan", "exam", "imp",
];
static ROLE_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(ROLES));

/// Who speaks, at the beginning of two lines or more of a transcript: `Lwazi: Right, and what is …`.
fn speakers(text: &Text<'_>, mut push: impl FnMut(usize)) {
    const SAID_WORDS_MIN: usize = 3;
    let words = text.words();
    let (mut found, mut spoken, mut line) = ([0; SPEAKERS_MAX], 0, 0);
    let mut count = 0;
    for (index, word) in
        words.iter().enumerate().filter(|(index, _)| *index == 0 || text.gap(index - 1).contains('\n'))
    {
        line += 1;
        if line > SPEAKERS_MAX {
            break;
        }
        let begins = word.shape == Shape::Capital && text.gap(index) == ": ";
        let says = begins
            && (index + 1..index + SAID_WORDS_MIN)
                .all(|at| !text.gap(at).contains('\n') && text.word_at(at + 1).is_some());
        if !says {
            continue;
        }
        spoken += 1;
        let unknown = word.len() > 2 && !word.lex.any(OTHER.or(Lex::ANY_WORD).or(Lex::KEY).or(Lex::OPENS));
        let other = FIELD_SET.contains(&word.hash) || ROLE_SET.contains(&word.hash);
        if unknown && !other && !languages::is_word_at(text, index) {
            found[count] = index;
            count += 1;
        }
    }
    if spoken < 2 {
        return;
    }
    // One in no list speaks more than once; a heading does not.
    let found = &found[..count];
    let again = |index: usize| found.iter().any(|at| *at != index && words[*at].hash == words[index].hash);
    let listed = |index: usize| words[index].lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY));
    found.iter().filter(|index| listed(**index) || again(**index)).for_each(|index| push(*index));
}

#[cfg(test)]
mod tests;
