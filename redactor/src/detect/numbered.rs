//! Numbers that their own words call so, whatever the noun: `incident number 2023-0417`, `docket no. AB-1123`, `Kit ID: QX7781`.
//!
//! 45 CFR 164.514(b)(2)(i)(R) means any unique identifying number, and no table of keywords holds every noun. "number", "no.",
//! "ID", "code", "ref" with a value behind is enough beside another identifier or in a text about a person, unless the noun
//! is one of codes and counts. Some nouns name nothing but a record that somebody has, and need no such word:
//! `badge: 44102`, `Slide S21-44021`. Germanic languages write the noun and the word as one: `Kundennr. 12345678`.

use std::sync::LazyLock;

use super::lexicon::{self, HashBits, Lex, WordSet};
use super::text::{Shape, Text, Word};
use super::{Category, Detector, Hit, Needs, value};

mod coded;

/// Finds numbers behind any noun.
pub(super) struct Numbered;

/// Words that say that a number is one.
const WORDS: &[&str] = &[
    "number",
    "no",
    "num",
    "nr",
    "id",
    "ref",
    "reference",
    "code",
    "identifier",
    "nbr",
    "nummer",
    "numero",
    "numer",
    "n",
    "nº",
];

/// Nouns before them of which the numbers are nobody's.
const NOBODYS: &[&str] = &[
    "icd",
    "flight",
    "item",
    "sku",
    "article",
    "exhibit",
    "isbn",
    "doi",
    "pmid",
    "nct",
    "grant",
    "house",
    "flat",
    "apt",
    "apartment",
    "unit",
    "gate",
    "seat",
    "channel",
    "track",
    "form",
    "schedule",
    "edition",
    "volume",
    "drug",
    "rx",
    "cpt",
    "hcpcs",
    "ndc",
    "loinc",
    "snomed",
    "drg",
    "rxnorm",
    "cas",
    "error",
    "exit",
    "status",
    "response",
    "http",
    "version",
    "part",
    "model",
    "catalog",
    "catalogue",
    "product",
    "rule",
    "iso",
    "rfc",
    "color",
    "colour",
    "hex",
    "page",
    "chapter",
    "section",
    "figure",
    "table",
    "line",
    "row",
    "column",
    "port",
    "build",
    "issue",
    "pr",
    "bug",
    "commit",
    "atomic",
    "gene",
    "protein",
    "strain",
    "dose",
    "lot",
    "batch",
    "step",
    "question",
    "phase",
    "grade",
    "stage",
    "level",
    "room",
    "bed",
    "floor",
    "total",
    "large",
    "small",
    "high",
    "low",
    "same",
    "the",
    "a",
    "an",
    "any",
    "this",
    "that",
    "what",
    "which",
    "in",
    "of",
    "is",
    "are",
    "there",
    "with",
    "has",
    "had",
    "have",
    "had",
    "and",
    "or",
    "but",
    "answer",
    "area",
    "country",
    "source",
    "qr",
    "billing",
    "procedure",
    "diagnosis",
    "modifier",
    "process",
    "thread",
    "task",
    "job",
    "request",
    "trace",
    "span",
    "event",
    "session",
    "user",
    "client",
    "tenant",
    "project",
    "resource",
    "instance",
    "message",
    "call",
    "tool",
    "run",
    "node",
    "pod",
    "container",
    "cluster",
    "device",
    "zip",
    "postal",
    "says",
    "said",
    "on",
    "at",
    "for",
    "to",
    "from",
    "by",
    "was",
    "were",
    "can",
    "will",
    "my",
    "your",
    "his",
    "her",
    "our",
    "their",
    "no",
    "yes",
    "if",
    "so",
    "then",
    "denies",
    "reports",
    "p",
    "hla",
    "whole",
    "even",
    "odd",
    "prime",
    "random",
    "big",
    "record",
    "test",
    // Laws and what is in them, in the languages that write "n." for a number.
    "legge",
    "ley",
    "loi",
    "lei",
    "decreto",
    "décret",
    "legislativo",
    "regolamento",
    "règlement",
    "reglamento",
    "regulamento",
    "direttiva",
    "directive",
    "directiva",
    "circolare",
    "circulaire",
    "circular",
    "delibera",
    "resolución",
    "resolução",
    "portaria",
    "ordinanza",
    "arrêté",
    "articolo",
    "artículo",
    "artigo",
    "gazzetta",
    "allegato",
];

/// Nouns behind which a number is that of a person.
const PERSONS: &[&str] = &[
    "badge",
    "donor",
    "employee",
    "inmate",
    "medicalert",
    "participant",
    "pseudonym",
    "registrant",
    "student",
    "visitor",
    "volunteer",
    "wristband",
];

/// Nouns behind which a number is that of a person's thing or errand, if it looks like one: `order: 10240` may be anything.
const ERRANDS: &[&str] = &[
    "appointment",
    "biopsy",
    "booking",
    "chip",
    "confirmation",
    "docket",
    "donation",
    "enrolment",
    "enrollment",
    "kit",
    "locator",
    "membership",
    "order",
    "pcr",
    "prescription",
    "reference",
    "referral",
    "requisition",
    "slide",
    "ticket",
    "voucher",
];

/// Digits of a number behind one of [`ERRANDS`], if it has no letter.
const ERRAND_DIGITS_MIN: usize = 7;

/// How a noun ends that has the word in itself: German, Dutch, Danish, Norwegian, Swedish.
const ENDINGS: &[&str] = &["nr", "nummer", "nummeret", "numret"];

/// How such a noun begins if its numbers are those of persons, of any of these languages.
const PERSONS_BEGIN: &[&str] = &[
    "akten",
    "anställ",
    "ansatt",
    "aufnahme",
    "behand",
    "client",
    "cliënt",
    "dossier",
    "elev",
    "fall",
    "journal",
    "klant",
    "klient",
    "kund",
    "leerling",
    "lid",
    "mandant",
    "medarbeider",
    "medarbejder",
    "medewerker",
    "medlem",
    "mitarbeiter",
    "mitglied",
    "pasient",
    "patient",
    "patiënt",
    "person",
    "police",
    "polis",
    "poliz",
    "schüler",
    "student",
    "versichert",
    "versicherung",
    "vertrag",
    "verzeker",
];

/// How such a noun begins if its numbers are nobody's.
const NOBODYS_BEGIN: &[&str] = &[
    "absatz", "artikel", "atom", "auflage", "band", "batch", "bau", "blatt", "build", "chargen", "ausgabe",
    "dose", "fehler", "gang", "haus", "heft", "hus", "kapitel", "linie", "lot", "modell", "ord", "posisjon",
    "produkt", "raum", "rum", "sats", "seite", "side", "sida", "spalte", "teil", "typ", "version", "versjon",
    "zeile", "zimmer",
];

/// All words that may stand before a number: nearly every other word is told by this one.
static SAID_SET: LazyLock<WordSet> = LazyLock::new(|| {
    [WORDS, PERSONS, ERRANDS].into_iter().flatten().map(|word| lexicon::hash(word)).collect()
});
/// These and the nouns of [`coded`], by which nearly every word is told that it is none of them.
static NEAR: LazyLock<HashBits<256>> = LazyLock::new(|| {
    let mut bits = HashBits::default();
    let said = [WORDS, PERSONS, ERRANDS].into_iter().flatten().copied();
    said.chain(coded::nouns()).for_each(|word| bits.add(lexicon::hash(word)));
    bits
});
/// The hash of "is".
static IS: LazyLock<u64> = LazyLock::new(|| lexicon::hash("is"));
/// The hash of the noun of which the numbers are a person's in any text.
static BADGE: LazyLock<u64> = LazyLock::new(|| lexicon::hash("badge"));
/// [`WORDS`] by their hashes.
static WORD_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(WORDS));
/// [`PERSONS`] by their hashes.
static PERSON_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(PERSONS));
/// [`ERRANDS`] by their hashes.
static ERRAND_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(ERRANDS));
/// [`NOBODYS`] by their hashes.
static NOBODYS_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(NOBODYS));

impl Detector for Numbered {
    fn id(&self) -> &'static str {
        "numbered"
    }

    fn categories(&self) -> &'static [Category] {
        use Category::{Device, HealthPlan, Mrn, NationalId, UniqueId};
        &[UniqueId, HealthPlan, Mrn, NationalId, Device]
    }

    fn example(&self) -> &'static str {
        "the patient gave incident number 2023-04177"
    }

    fn needs(&self) -> Needs {
        Needs::digits(3)
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let (said, near) = (&*SAID_SET, &*NEAR);
        let mut covered = 0;
        let mut coded = 0;
        // What the last code was, which another may follow: "nos. 20718/11 and 33906/12".
        let mut last = None;
        // A compound is no word of English.
        let compound = |word: &Word| !word.lex.any(Lex::WORD) && ends_in_number(text, word);
        for number in text.numbers() {
            // Nearly every number has no such word before it.
            let before = &text.words()[number.saturating_sub(coded::REACH_WORDS)..number];
            let told = before.iter().any(|word| near.may_hold(word.hash) || compound(word));
            if told
                && text.words()[number].start as usize >= coded
                && let Some((found, category, score)) = coded::behind_noun(text, number)
            {
                let (start, end, score) = (found.start, found.end, coded::surer(text, score));
                hits.push(Hit { start, end, category, rule: "numbered.coded", score });
                coded = found.end;
                last = Some((category, score));
            } else if let Some((category, score)) = last
                && let Some(found) = coded::further(text, number, coded)
            {
                hits.push(Hit {
                    start: found.start,
                    end: found.end,
                    category,
                    rule: "numbered.further",
                    score,
                });
                coded = found.end;
            } else if coded::may_be_by_shape(text, number, coded)
                && let Some((found, category)) = coded::by_shape(text, number)
            {
                let (start, end, score) = (found.start, found.end, coded::COMPANY);
                hits.push(Hit { start, end, category, rule: "numbered.shape", score });
            } else if let Some(found) = said_before(text, number, near) {
                let (start, end, score) = (found.start, found.end, coded::surer(text, coded::COMPANY));
                let category = Category::UniqueId;
                hits.push(Hit { start, end, category, rule: "numbered.said", score });
                coded = found.end;
            } else if let Some(found) = coded::court_file(text, number) {
                let (start, end) = (found.start, found.end);
                hits.push(Hit {
                    start,
                    end,
                    category: Category::UniqueId,
                    rule: "numbered.court",
                    score: 0.6,
                });
                coded = found.end;
            }
            if !told {
                continue;
            }
            // The word that says it, over a prefix of letters and a filler: "number is AB-1123".
            let first = number.saturating_sub(3);
            let before = &text.words()[first..number];
            let says = |word: &Word| said.contains(&word.hash) || compound(word);
            let Some(index) = before.iter().rposition(says) else { continue };
            let index = first + index;
            let word = text.words()[index];
            let between = text.words()[number].start - word.end;
            if (word.end as usize) < covered || between > 16 {
                continue;
            }
            let errand = ERRAND_SET.contains(&word.hash);
            let of_record = errand || PERSON_SET.contains(&word.hash);
            let compound = !of_record && ends_in_number(text, &word);
            let begins = |with: &[&str]| {
                let noun = text.spelled(index).to_lowercase();
                with.iter().any(|with| noun.starts_with(with))
            };
            let of_person = compound && begins(PERSONS_BEGIN);
            if !of_record
                && !if compound { of_person || !begins(NOBODYS_BEGIN) } else { of_noun(text, index) }
            {
                continue;
            }
            let Some(found) = value::value_behind(text.text, word.end as usize) else { continue };
            // "order of 40000": such a noun stands right before its number.
            let beside = &text.text[word.end as usize..found.start];
            if of_record && beside != " is " && beside.contains(|c| !matches!(c, ' ' | ':' | '#' | '=')) {
                continue;
            }
            let spelled = &text.text[found.start..found.end];
            let lower = spelled.bytes().filter(u8::is_ascii_lowercase).count();
            let coded = found.letters > 0 && lower == 0 && found.digits >= 3
                || found.letters == 0 && found.digits >= if of_record && !errand { 4 } else { 5 };
            // "order: 10240", "visitor: 10000", "reference: 150000-400000": counts and ranges.
            let counted = of_record
                && found.letters == 0
                && (errand && found.digits < ERRAND_DIGITS_MIN
                    || spelled.split('-').any(|part| part.ends_with("000")));
            if !coded || counted || found.start < covered || value::measured(text.text, &found) {
                continue;
            }
            let score = match text.holds(Lex::PERSON) {
                _ if of_person => 0.8,
                _ if word.hash == *BADGE => 0.6,
                true => 0.6,
                false => 0.45,
            };
            hits.push(Hit {
                start: found.start,
                end: found.end,
                category: Category::UniqueId,
                rule: match compound {
                    true => "numbered.compound",
                    false if of_record => "numbered.record",
                    false => "numbered.noun",
                },
                score,
            });
            covered = found.end;
        }
    }
}

/// `My student number at Lindenhurst College is S-2204471`: the number behind "is" of which the sentence has spoken.
fn said_before(text: &Text<'_>, number: usize, near: &HashBits<256>) -> Option<value::Value> {
    const REACH_WORDS: usize = 10;
    let words = text.words();
    let is = (1..=2).filter_map(|back| number.checked_sub(back)).find(|at| words[*at].hash == *IS)?;
    let first = is.saturating_sub(REACH_WORDS);
    let says = |at: &usize| near.may_hold(words[*at].hash) && of_noun(text, *at);
    let word = (first..is).rev().find(says)?;
    // What calls it so stands in the same sentence, and not right before: that is told without this.
    let between = &text.text[words[word].end as usize..words[is].start as usize];
    if is - word < 2 || between.contains(['.', '?', '!', ':', ';', '\n']) || text.gap(is) != " " {
        return None;
    }
    let found = value::value_at(text.text, words[is + 1].start as usize)?;
    let spelled = &text.text[found.start..found.end];
    let fits = found.digits >= 5
        && !spelled.bytes().any(|byte| byte.is_ascii_lowercase())
        && (found.start..found.end).contains(&(words[number].start as usize))
        && !value::measured(text.text, &found);
    fits.then_some(found)
}

/// Whether a word is a noun with "number" at its end: `Kundennr`, `pasientnummer`.
#[inline]
fn ends_in_number(text: &Text<'_>, word: &Word) -> bool {
    const NOUN_BYTES_MIN: usize = 3;
    let spelled = &text.text.as_bytes()[word.range()];
    let ends = |ending: &&str| {
        let noun = spelled.len().checked_sub(ending.len()).filter(|noun| *noun >= NOUN_BYTES_MIN);
        noun.is_some_and(|noun| spelled[noun..].eq_ignore_ascii_case(ending.as_bytes()))
    };
    // The last two letters tell nearly every word.
    let [.., before, last] = spelled else { return false };
    matches!((before | 0x20, last | 0x20), (b'n' | b'e', b'r') | (b'e', b't')) && ENDINGS.iter().any(ends)
}

/// Whether the word that calls a number one has a noun before it that may be a person's.
fn of_noun(text: &Text<'_>, index: usize) -> bool {
    let near = |noun: &usize| matches!(text.gap(*noun), " " | "-" | "_" | " (");
    let Some(noun) = index.checked_sub(1).filter(near) else {
        return false;
    };
    let word = text.words()[noun];
    // "n" alone is a count's letter too.
    let short = text.words()[index].len() == 1 && !text.gap(index).starts_with(['.', '°']);
    WORD_SET.contains(&text.words()[index].hash)
        && !short
        && !matches!(word.shape, Shape::Digits | Shape::Alnum)
        && word.len() > 2
        && !NOBODYS_SET.contains(&word.hash)
}

#[cfg(test)]
mod tests;
