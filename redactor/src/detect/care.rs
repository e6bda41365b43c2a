//! Hospitals, homes and practices by more than their last word, and employers: `Our Lady of the Harbor`, `Ammonsett
//! Skilled Nursing`, `admitted to Sacred Heart`, `retired from Vandermeer Dairy`.
//!
//! [`super::place`] knows organisations by what ends their names. Here they are known by endings of several words, by the
//! dedications of denominational hospitals, and by the verb: whoever is admitted to, discharged from or followed at a
//! capitalised name is there, unless the name is a department's.

use std::sync::LazyLock;

use super::lexicon::{self, Lex, WordSet};
use super::text::{Shape, Text};
use super::words::Words;
use super::{Category, Detector, Hit, Needs, Word, name};

/// Finds facilities and employers.
pub(super) struct Care;

/// The most words of such a name.
const WORDS_MAX: usize = 6;

/// Endings, the last word last.
const ENDINGS: &[&[&str]] = &[
    &["skilled", "nursing"],
    &["nursing", "and", "rehab"],
    &["nursing", "rehab"],
    &["assisted", "living"],
    &["memory", "care"],
    &["home", "health"],
    &["behavioral", "health"],
    &["behavioural", "health"],
    &["mental", "health"],
    &["family", "health"],
    &["women", "s", "health"],
    &["community", "health"],
    &["urgent", "care"],
    &["eye", "associates"],
    &["eye", "care"],
    &["physical", "therapy"],
    &["pain", "management"],
    &["medical", "group"],
    &["health", "partners"],
    &["senior", "living"],
    &["retirement", "community"],
    &["treatment", "center"],
    &["recovery", "center"],
    &["birth", "center"],
    &["surgery", "center"],
    &["free", "clinic"],
    &["walk", "in"],
    &["memorial"],
    &["va"],
    &["vamc"],
    &["manor"],
    &["hospice"],
    &["surgicenter"],
    &["orthopedics"],
    &["orthopaedics"],
    &["pediatrics"],
    &["cardiology"],
    &["oncology"],
    &["counseling"],
    &["fire", "department"],
    &["school", "district"],
    &["police", "department"],
    &["fire", "rescue"],
    &["ambulance"],
    &["dental", "group"],
    &["cardiology", "associates"],
    &["oncology", "associates"],
    &["district", "court"],
    &["county", "court"],
    &["superior", "court"],
    &["family", "court"],
    &["public", "schools"],
    &["elementary"],
    &["nursing"],
    &["nephrology"],
    &["neurology"],
    &["rheumatology"],
    &["podiatry"],
    &["dermatology"],
    &["urology"],
    &["gastroenterology"],
    &["endocrinology"],
    &["pulmonology"],
    &["hematology"],
    &["ophthalmology"],
    &["optometry"],
    &["psychiatry"],
    &["radiology"],
    &["neurosurgery"],
    &["audiology"],
    &["orthodontics"],
    &["dentistry"],
    &["dental"],
    &["chiropractic"],
    &["bariatrics"],
    &["spine"],
    &["fertility"],
    &["digestive", "associates"],
    &["urology", "associates"],
    &["occupational", "health"],
    &["post", "acute"],
    &["home", "oxygen"],
    &["home", "infusion"],
    &["eye", "unit"],
    &["children", "s"],
    &["women", "s"],
    &["woman", "s"],
    &["er"],
    &["ed"],
];

/// What opens the name of a denominational hospital: dedications in use in the United States.
const DEDICATIONS: &[&[&str]] = &[
    &["Our", "Lady"],
    &["Sacred", "Heart"],
    &["Good", "Samaritan"],
    &["Good", "Shepherd"],
    &["Holy", "Cross"],
    &["Holy", "Family"],
    &["Holy", "Name"],
    &["Holy", "Spirit"],
    &["Holy", "Redeemer"],
    &["Immaculate", "Heart"],
    &["Divine", "Savior"],
    &["Divine", "Mercy"],
    &["Precious", "Blood"],
    &["Incarnate", "Word"],
    &["Little", "Company"],
    &["Sisters", "of"],
    &["Blessed", "Sacrament"],
];

/// Words before "at" of what is looked at, aimed at or good at and is no place: `laughed at Grandpa`.
const AIMED: &[&str] = &[
    "look", "looks", "looked", "looking", "glance", "glanced", "stare", "stared", "staring", "laugh",
    "laughed", "laughing", "smile", "smiled", "smiling", "yell", "yelled", "yelling", "shout", "shouted",
    "shouting", "mad", "angry", "upset", "aim", "aimed", "directed", "targeted", "point", "points",
    "pointed", "pointing", "good", "bad", "better", "great", "swore", "swearing", "hit", "jump", "jumped",
];

/// Verbs of working and learning in other languages, before their prepositions. Those that are nouns too ("trabajo",
/// "lavoro", "werk") are left out.
#[rustfmt::skip]
const WORKS_ABROAD: &[&str] = &[
    "arbeitet", "arbeite", "arbeitete", "angestellt", "beschäftigt", "tätig", "travaille", "travaillait", "travaillé",
    "employé", "employée", "salarié", "salariée", "embauché", "embauchée", "scolarisé", "scolarisée", "enseigne", "étudie",
    "trabaja", "trabajaba", "trabajó", "empleado", "empleada", "estudia", "lavora", "lavorava", "impiegato", "impiegata",
    "dipendente", "assunto", "assunta", "studia", "werkt", "werkte", "werkzaam", "pracuje", "pracuję", "pracował",
    "pracowała", "zatrudniony", "zatrudniona", "pracuji", "pracoval", "pracovala", "zaměstnán", "zaměstnána", "studuje",
    "arbetar", "arbetade", "jobbar", "jobbade", "anställd", "arbejder", "arbejdede", "ansat", "arbeider", "jobber", "ansatt",
    "trabalha", "trabalhava", "trabalhou", "empregado", "empregada", "estuda", "lucrează", "lucrez", "angajat", "angajată",
    "radim", "zaposlen", "zaposlena",
];

/// Verbs before "to", "from", "at" or "by" of somebody who is cared for.
const CARED: &[&str] = &[
    "admitted",
    "discharged",
    "transferred",
    "transfer",
    "transported",
    "transport",
    "seen",
    "treated",
    "evaluated",
    "hospitalized",
    "hospitalised",
    "operated",
    "followed",
    "followup",
    "follow",
    "up",
    "surgery",
    "appointment",
    "appt",
    "visit",
    "stay",
    "scan",
    "referred",
    "sent",
    "taken",
    "brought",
    "airlifted",
    "delivering",
    "delivered",
    "delivery",
    "rehab",
    "records",
    "results",
    "letter",
    "opinion",
    "on",
    "better",
    "clinic",
    "patient",
    "flown",
    "rushed",
    "moved",
    "presented",
    "consented",
    "is",
    "was",
    "going",
    "went",
    "go",
    "goes",
    "back",
    "return",
    "returned",
    "returning",
    "them",
    "him",
    "her",
    "waiting",
    "bed",
];

/// Words before "at", "from", "for", "by" or "through" of somebody who works or learns there.
const WORKS: &[&str] = &[
    "works",
    "employee",
    "owner",
    "worked",
    "working",
    "job",
    "employed",
    "retired",
    "teacher",
    "nurse",
    "cashier",
    "manager",
    "driver",
    "engineer",
    "foreman",
    "cook",
    "welder",
    "mechanic",
    "janitor",
    "clerk",
    "secretary",
    "student",
    "laid",
    "off",
    "fired",
    "hired",
    "arranged",
    "shift",
    "shifts",
    "nights",
    "worker",
    "superintendent",
    "bookkeeper",
    "accountant",
    "waitress",
    "waiter",
    "bartender",
    "guard",
    "volunteer",
    "volunteers",
    "teaches",
    "taught",
    "drives",
];

/// Words of departments, rooms and plans: where one is sent without a name being said.
const DEPARTMENTS: &[&str] = &[
    "cardiology",
    "neurology",
    "surgery",
    "medicine",
    "internal",
    "emergency",
    "intensive",
    "icu",
    "micu",
    "sicu",
    "nicu",
    "picu",
    "ccu",
    "ed",
    "er",
    "or",
    "pacu",
    "oncology",
    "radiology",
    "psychiatry",
    "pediatrics",
    "orthopedics",
    "urology",
    "nephrology",
    "dermatology",
    "pulmonary",
    "pulmonology",
    "gastroenterology",
    "gi",
    "endocrinology",
    "rheumatology",
    "hematology",
    "ophthalmology",
    "obstetrics",
    "gynecology",
    "ob",
    "gyn",
    "ent",
    "pt",
    "ot",
    "physical",
    "occupational",
    "speech",
    "therapy",
    "palliative",
    "care",
    "unit",
    "ward",
    "floor",
    "room",
    "telemetry",
    "tele",
    "clinic",
    "hospital",
    "snf",
    "rehab",
    "hospice",
    "home",
    "hospitalist",
    "pharmacy",
    "lab",
    "imaging",
    "labor",
    "delivery",
    "general",
    "primary",
    "urgent",
    "outpatient",
    "inpatient",
    "step",
    "stepdown",
    "medical",
    "surgical",
    "cancer",
    "stroke",
    "heart",
    "trauma",
    "burn",
    "pain",
    "wound",
    "nutrition",
    "social",
    "work",
    "services",
    "service",
    "infectious",
    "disease",
    "vascular",
    "transplant",
    "anesthesia",
    "genetics",
    "allergy",
    "immunology",
    "behavioral",
    "mental",
    "health",
    "family",
    "bed",
    "stage",
    "level",
    "grade",
    "class",
    "phase",
    "day",
    "bay",
    "area",
    "interventional",
    "radiation",
    "maxillofacial",
    "colorectal",
    "thoracic",
    "cardiothoracic",
    "bariatric",
    "orthopedic",
    "orthopaedic",
    "plastic",
    "pediatric",
    "paediatric",
    "geriatric",
    "perinatal",
    "fetal",
    "reproductive",
    "hepatobiliary",
    "gynecologic",
    "acute",
    "chronic",
    "recovery",
    "operating",
    "theatre",
    "theater",
    "department",
    "dept",
    "center",
    "programs",
    "program",
    "study",
    "trial",
    "team",
];

/// [`CARED`] by their hashes.
static CARED_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(CARED));
/// [`WORKS`] by their hashes.
static WORKS_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(WORKS));
/// [`WORKS_ABROAD`] by their hashes.
static WORKS_ABROAD_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(WORKS_ABROAD));
/// [`AIMED`] by their hashes.
static AIMED_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(AIMED));
/// [`DEPARTMENTS`] by their hashes.
static DEPARTMENT_SET: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(DEPARTMENTS));
/// The last words of [`ENDINGS`].
static ENDING_SET: LazyLock<WordSet> = LazyLock::new(|| {
    ENDINGS.iter().filter_map(|ending| ending.last()).map(|word| lexicon::hash(word)).collect()
});
/// The first words of [`DEDICATIONS`].
static DEDICATION_SET: LazyLock<WordSet> =
    LazyLock::new(|| DEDICATIONS.iter().map(|words| lexicon::hash(words[0])).collect());

impl Detector for Care {
    fn id(&self) -> &'static str {
        "care"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Place]
    }

    fn example(&self) -> &'static str {
        "admitted to Our Lady of the Harbor"
    }

    fn needs(&self) -> Needs {
        Needs::CAPITALS
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut covered = 0;
        let about = text.holds(Lex::PERSON.or(Lex::DRUG));
        for (index, word) in text.capitals() {
            // Only behind a preposition is a name of one word known.
            let alone = (word.start as usize >= covered).then(|| one_or_more(text, index, about)).flatten();
            if let Some((last, rule, score)) = alone {
                let (start, end) = (word.start as usize, text.words()[last].end as usize);
                hits.push(Hit { start, end, category: Category::Place, rule, score });
                covered = end;
                continue;
            }
            if !goes_on(text, index)
                || (word.start as usize) < covered
                || !word.capital(text.text)
                || word.len() < 2
            {
                continue;
            }
            let before = index
                .checked_sub(1)
                .filter(|before| text.joint(*before) == b' ' && text.words()[*before].capital(text.text));
            // Not inside a run of capitals: its first word has been asked.
            if before.is_some_and(|before| {
                !text.words()[before].lex.any(Lex::OPENS) && text.words()[before].len() > 1
            }) {
                continue;
            }
            let last = run_end(text, index);
            if last == index {
                continue;
            }
            let found = dedicated(text, index, last)
                .map(|last| (last, "care.dedication", 0.75))
                .or_else(|| ended(text, index, last).map(|last| (last, "care.ending", 0.7)))
                .or_else(|| behind_verb(text, index, last))
                .or_else(|| labelled(text, index, last));
            if let Some((last, rule, score)) = found {
                let (start, end) = (word.start as usize, text.words()[last].end as usize);
                hits.push(Hit { start, end, category: Category::Place, rule, score });
                covered = end;
            }
        }
    }
}

/// Whether a capitalised word, or a small one that may stand before one, is right behind: the cheap look before
/// [`run_end`].
#[inline]
fn goes_on(text: &Text<'_>, index: usize) -> bool {
    text.word_at(index + 1).is_some_and(|next| {
        // "s", "of", "and", "the", "for"
        next.capital(text.text) | ((next.shape == Shape::Lower) & (next.len() <= 3))
    })
}

/// A name of one word or more by what stands before it.
#[inline]
fn one_or_more(text: &Text<'_>, index: usize, about: bool) -> Option<(usize, &'static str, f32)> {
    let before = index.checked_sub(1)?;
    let words = text.words();
    let preposition = &words[before];
    if text.joint(before) != b' ' {
        // A label before a word of the language says what kind, not which.
        let named = || !words[index].lex.any(Lex::WORD.or(Lex::KEY).or(Lex::FIRST));
        let labels = about && text.byte_behind(preposition) == b':' && named() && words[index].len() > 2;
        if labels && let Some(found) = labelled(text, index, run_end(text, index)) {
            return Some(found);
        }
        let signed = about && text.may_hold(b'@') && text.gap(before) == " @ ";
        return signed.then(|| sited(text, index)).flatten().map(|last| (last, "care.at", 0.55));
    }
    if preposition.shape != Shape::Lower || preposition.len() > 9 {
        return None;
    }
    match text.spelled(before) {
        "attends" | "attended" | "attending" => {
            about.then(|| sited(text, index)).flatten().map(|last| (last, "care.attends", 0.55))
        }
        // "the implant was put in at the Mater": an article's name of one word is no word of the language.
        "the"
            if about && before > 0 && text.spelled(before - 1) == "at" && text.joint(before - 1) == b' ' =>
        {
            let strange =
                words[index].shape == Shape::Capital && !words[index].lex.any(Lex::WORD.or(Lex::LAST));
            let last = sited(text, index).filter(|last| strange && *last == index)?;
            Some((last, "care.at", 0.55))
        }
        "at" => about.then(|| sited(text, index)).flatten().map(|last| (last, "care.at", 0.55)),
        "bei" | "bij" | "chez" | "hos" | "presso" | "u" | "w" | "v" | "en" | "em" | "na" | "no" | "la"
        | "i" | "på" | "ved" | "in" | "a" | "à" | "per" | "para" | "för" | "for" => {
            engaged(text, index).map(|last| (last, "care.engaged", 0.6))
        }
        _ => None,
    }
}

/// `an ablation at Hoag`, `a sophomore at Battery Creek High`: what stands behind "at" in a text about a person is where
/// that person is, unless it is a department or what is looked at.
fn sited(text: &Text<'_>, index: usize) -> Option<usize> {
    let words = text.words();
    let (first, verb) = (words[index], words.get(index.wrapping_sub(2)));
    let last = run_end(text, index);
    let run = &words[index..=last];
    let other = Lex::TITLE
        .or(Lex::MONTH)
        .or(Lex::PERIOD)
        .or(Lex::DRUG)
        .or(Lex::OPENS)
        .or(Lex::CLINICAL)
        .or(Lex::NEVER);
    let aimed = verb.is_some_and(|verb| AIMED_SET.contains(&verb.hash));
    let kept = |word: &Word| {
        word.lex.any(Lex::GENERIC.or(Lex::STATE).or(Lex::KEY)) || DEPARTMENT_SET.contains(&word.hash)
    };
    let excluded = first.lex.any(other);
    if first.len() < 4 && last == index
        || run.iter().all(|word| word.shape == Shape::Upper)
        || excluded && (last == index || !first.lex.any(Lex::NEVER))
        || aimed
        || text.joint(last) == b'-'
        || name::term_use(text, last)
    {
        return None;
    }
    // Amid capitals, of a heading or a form, a word of the language is one.
    let amid = || {
        let heads = verb.is_some_and(|verb| {
            verb.capital(text.text) && verb.lex.any(Lex::WORD) && !verb.lex.any(Lex::MONTH.or(Lex::PERIOD))
        });
        let next = text.word_at(last + 1).filter(|_| text.joint(last) == b' ');
        heads || next.is_some_and(|next| next.capital(text.text))
    };
    let strange = run.iter().any(|word| !word.lex.any(Lex::WORD));
    if last == index {
        let person = Lex::FIRST.or(Lex::EPONYM).or(Lex::FACILITY).or(Lex::HOUSE_END).or(Lex::STREET);
        return (!kept(&first) && !first.lex.any(person) && (strange || !amid())).then_some(last);
    }
    let named = run.iter().any(|word| !kept(word) && !word.lex.any(other) && word.len() > 1);
    let plain = strange || !run.iter().any(kept) && !amid();
    (named && plain).then_some(last)
}

/// `arbeitet im Lager bei Vandermeer`, `travaille chez Vandermeer Frères`: a name behind a verb of working in another
/// language and a preposition.
fn engaged(text: &Text<'_>, index: usize) -> Option<usize> {
    const REACH_WORDS: usize = 4;
    let words = text.words();
    let other = Lex::TITLE.or(Lex::MONTH).or(Lex::PERIOD).or(Lex::OPENS);
    if words[index].len() < 3 || words[index].lex.any(other) {
        return None;
    }
    let works = (0..index - 1)
        .rev()
        .take(REACH_WORDS)
        .take_while(|at| text.joint(*at) == b' ')
        .any(|at| WORKS_ABROAD_SET.contains(&words[at].hash));
    if !works {
        return None;
    }
    let last = run_end(text, index);
    // A product is worked with or in, but "Amazon" before a town is where.
    let product = words[index].lex.any(Lex::NEVER) && last == index;
    (!product).then_some(last)
}

/// The last of the capitalised words from `index` on; "of", "the", "and", "&" may stand between.
fn run_end(text: &Text<'_>, index: usize) -> usize {
    let capital = |at: usize| text.word_at(at).is_some_and(|word| word.capital(text.text));
    let joined = |at: usize| matches!(text.gap(at), " " | "-" | " & " | "'" | "’");
    let mut last = index;
    while last - index < WORDS_MAX && joined(last) {
        if capital(last + 1) || matches!(text.gap(last), "'" | "’") && text.spelled(last + 1) == "s" {
            last += 1;
        } else if matches!(text.spelled(last + 1), "of" | "and" | "the" | "for") && joined(last + 1) {
            let small = usize::from(text.spelled(last + 2) == "the" && joined(last + 2));
            if !capital(last + 2 + small) {
                break;
            }
            last += 2 + small;
        } else {
            break;
        }
    }
    last
}

/// `Our Lady of the Harbor`, `Sacred Heart`.
fn dedicated(text: &Text<'_>, index: usize, last: usize) -> Option<usize> {
    if !DEDICATION_SET.contains(&text.words()[index].hash) {
        return None;
    }
    let known = DEDICATIONS.iter().any(|words| {
        words.iter().enumerate().all(|(at, word)| {
            text.spelled(index + at) == *word && (at == 0 || text.gap(index + at - 1) == " ")
        })
    });
    (known && !name::term_use(text, last)).then_some(last)
}

/// `Ammonsett Skilled Nursing`, `Hollin Ferry VA`, `Tri-County Behavioral Health`: a name of its own before the ending.
fn ended(text: &Text<'_>, index: usize, end: usize) -> Option<usize> {
    let words = text.words();
    let opener = usize::from(words[index].lex.any(Lex::OPENS));
    for last in (index + 1..=end).rev() {
        if !ENDING_SET.contains(&words[last].hash) {
            continue;
        }
        let ending = ENDINGS.iter().find(|ending| {
            ending.len() + index + opener <= last
                && ending
                    .iter()
                    .rev()
                    .enumerate()
                    .all(|(back, word)| text.spelled(last - back).eq_ignore_ascii_case(word))
        });
        let Some(ending) = ending else { continue };
        let short = matches!(*ending, ["va"] | ["er"] | ["ed"]);
        // "Ditropan ER 10 mg" is a drug of extended release.
        let dosed = || {
            text.joint(last) == b' ' && text.word_at(last + 1).is_some_and(|next| next.shape >= Shape::Digits)
        };
        if short && (words[last].shape != Shape::Upper || words[last - 1].shape == Shape::Upper || dosed()) {
            continue;
        }
        let naming = (index + opener..=last - ending.len()).any(|at| {
            let word = &words[at];
            word.len() > 2
                && !word.lex.any(Lex::GENERIC.or(Lex::NEVER).or(Lex::CLINICAL).or(Lex::OPENS).or(Lex::STATE))
                && !DEPARTMENT_SET.contains(&text.words()[at].hash)
                && (!word.lex.any(Lex::WORD)
                    || word.lex.any(Lex::LAST.or(Lex::TOWN))
                    || last - index > 1 + ending.len())
        });
        if naming {
            return Some(last);
        }
    }
    None
}

/// `School: Sunrise Diner`, `Employer: Vandermeer Dairy`, `Haile v. Vandermeer Dairy`.
fn labelled(text: &Text<'_>, index: usize, last: usize) -> Option<(usize, &'static str, f32)> {
    static EMPLOYERS: Words<2> = Words::new(["employer", "company"]);
    static LABELS: Words<31> = Words::new([
        "home",
        "apotheek",
        "apotheke",
        "krankenkasse",
        "kasse",
        "arbeitgeber",
        "werkgever",
        "huisarts",
        "employeur",
        "empresa",
        "pracodawca",
        "arbetsgivare",
        "agency",
        "daycare",
        "kindergarten",
        "nursery",
        "pharm",
        "supplier",
        "university",
        "school",
        "employer",
        "company",
        "workplace",
        "facility",
        "hospital",
        "clinic",
        "location",
        "pharmacy",
        "practice",
        "site",
        "occupation",
    ]);
    let words = text.words();
    let before = index.checked_sub(1)?;
    let gap = text.gap(before);
    let employer = matches!(gap, " " | ", ") && EMPLOYERS.hold(text.spelled(before));
    let label = employer || gap == ": " && LABELS.hold(text.spelled(before));
    let versus = matches!(gap, ". " | " ")
        && matches!(text.spelled(before), "v" | "vs")
        && before > 0
        && words[before - 1].capital(text.text);
    if !(label || versus) {
        return None;
    }
    let named = (index..=last).any(|at| {
        !words[at].lex.any(Lex::GENERIC.or(Lex::OPENS).or(Lex::CLINICAL).or(Lex::STATE))
            && !DEPARTMENT_SET.contains(&text.words()[at].hash)
    });
    named.then_some((last, "care.label", 0.6))
}

/// `admitted to Sacred Heart`, `teacher at Tanaka Brothers Roofing`.
fn behind_verb(text: &Text<'_>, index: usize, last: usize) -> Option<(usize, &'static str, f32)> {
    let words = text.words();
    let before = index.checked_sub(1).filter(|before| text.joint(*before) == b' ')?;
    if words[before].shape != Shape::Lower || words[before].len() > 7 {
        return None;
    }
    let preposition = text.spelled(before);
    if !matches!(preposition, "to" | "from" | "at" | "by" | "through" | "for" | "seen" | "with" | "of" | "in")
        || words[index].shape == Shape::Upper && words[index].len() < 4
    {
        return None;
    }
    let verb = if preposition == "seen" {
        before
    } else {
        before.checked_sub(1).filter(|verb| text.gap(*verb) == " ")?
    };
    let verb = words[verb];
    let cared = matches!(preposition, "to" | "from" | "at" | "seen") && CARED_SET.contains(&verb.hash);
    let of = matches!(preposition, "of" | "in");
    let holds = matches!(
        text.spelled(before.saturating_sub(1)),
        "employee" | "owner" | "manager" | "superintendent" | "worker" | "foreman"
    );
    // "works nights for", "works offshore for"
    let farther = || {
        let verb =
            before.checked_sub(2).filter(|verb| text.joint(*verb) == b' ' && text.joint(*verb + 1) == b' ');
        preposition == "for" && verb.is_some_and(|verb| WORKS_SET.contains(&words[verb].hash))
    };
    let works = preposition != "to"
        && preposition != "seen"
        && (!of || holds && preposition == "of")
        && (WORKS_SET.contains(&verb.hash) || farther());
    if !(cared || works) {
        return None;
    }
    let run = &words[index..=last];
    let other = Lex::TITLE.or(Lex::MONTH).or(Lex::PERIOD).or(Lex::DRUG).or(Lex::STATE);
    if run.iter().any(|word| word.lex.any(other))
        || (index..=last).any(|at| DEPARTMENT_SET.contains(&text.words()[at].hash)) && !works
    {
        return None;
    }
    // One is referred to persons, and sent to them.
    // "Willow Room Counselling" ends in a word that is no family's.
    let names = Lex::FIRST_ANY.or(Lex::LAST);
    let worded = last > index && words[last].lex.any(Lex::WORD) && !words[last].lex.any(names);
    let person = words[index].lex.any(Lex::FIRST.or(Lex::LAST)) && !works && !worded;
    let several = !run.iter().all(|word| word.lex.any(Lex::NEVER));
    let strange = run.iter().any(|word| !word.lex.any(Lex::WORD.or(Lex::NEVER)));
    let fits = several
        && !person
        && text.holds(Lex::PERSON.or(Lex::DRUG).or(Lex::OPENS))
        && (strange || cared && text.holds(Lex::PERSON) || works);
    (fits && !name::term_use(text, last)).then_some((
        last,
        if works { "care.employer" } else { "care.verb" },
        0.6,
    ))
}

#[cfg(test)]
mod tests;
