//! Names of files that name a person: `Smith_John_MRI_2023.pdf`, `MariaGonzalez_discharge.docx`.
//!
//! Only documents, images and tables: a program's sources are named otherwise. A given and a family name side by side
//! go, a frequent one alone and two unknown words where the rest of the name says that a record of a patient is meant.

use super::lexicon::{self, Lex};
use super::text::{Shape, Text};
use super::words::Words;
use super::{Category, Detector, Hit, Needs};

/// Finds names in names of files.
pub(super) struct FileName;

/// The most words of a file's name.
const WORDS_MAX: usize = 10;

/// How many digits a number has that is a person's.
const NUMBER_DIGITS: std::ops::RangeInclusive<usize> = 6..=10;

/// Endings of documents, images, tables and archives.
static ENDINGS: Words<32> = Words::new([
    "pdf", "doc", "docx", "rtf", "odt", "txt", "dcm", "jpg", "jpeg", "png", "tif", "tiff", "heic", "bmp",
    "csv", "xls", "xlsx", "ods", "zip", "hl7", "eml", "msg", "wav", "mp3", "mp4", "mov", "xml", "json",
    "ppt", "pptx", "gif", "nii",
]);

/// Words of a file that is a patient's record.
const RECORDS: &[&str] = &[
    "mri",
    "ct",
    "xray",
    "xr",
    "cxr",
    "us",
    "pet",
    "scan",
    "scans",
    "echo",
    "ekg",
    "ecg",
    "eeg",
    "lab",
    "labs",
    "results",
    "result",
    "report",
    "discharge",
    "summary",
    "referral",
    "letter",
    "consent",
    "intake",
    "history",
    "chart",
    "records",
    "record",
    "note",
    "notes",
    "progress",
    "consult",
    "pathology",
    "path",
    "biopsy",
    "imaging",
    "insurance",
    "card",
    "id",
    "license",
    "passport",
    "rx",
    "prescription",
    "bill",
    "invoice",
    "claim",
    "eob",
    "authorization",
    "hp",
    "op",
    "visit",
    "admission",
    "dx",
    "mammogram",
    "ultrasound",
    "bloodwork",
    "vaccine",
    "immunization",
    "photo",
    "wound",
    "dob",
    "mrn",
    "patient",
    "befund",
    "arztbrief",
    "labor",
    "rezept",
    "informe",
    "receta",
    "ordonnance",
    "resultats",
    "referto",
    "uitslag",
];

impl Detector for FileName {
    fn id(&self) -> &'static str {
        "file_name"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Name, Category::UniqueId]
    }

    fn example(&self) -> &'static str {
        "Smith_John_MRI_2023.pdf"
    }

    fn needs(&self) -> Needs {
        Needs::signs(b".")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut covered = 0;
        for last in text.glued() {
            let ends = text.joint(last) == b'.'
                && text.word_at(last + 1).is_some_and(|ending| matches!(ending.len(), 3 | 4))
                && ENDINGS.hold(text.spelled(last + 1));
            if !ends {
                continue;
            }
            let mut first = last;
            while first > 0
                && last - first < WORDS_MAX
                && matches!(text.gap(first - 1), "_" | "-" | "__" | "--" | "." | "_-_")
            {
                first -= 1;
            }
            if let Some((start, end)) = person(text, first, last).filter(|(start, _)| *start >= covered) {
                hits.push(Hit {
                    start,
                    end,
                    category: Category::Name,
                    rule: "file_name.person",
                    score: 0.75,
                });
                covered = end;
                for at in (first..=last).filter(|at| is_number(text, *at)) {
                    let word = text.words()[at];
                    let (start, end) = (word.start as usize, word.end as usize);
                    let rule = "file_name.number";
                    hits.push(Hit { start, end, category: Category::UniqueId, rule, score: 0.75 });
                }
            }
        }
    }
}

/// Whether the word is a number that is no day: `70444321`, not `20230412`.
fn is_number(text: &Text<'_>, at: usize) -> bool {
    let (word, spelled) = (text.words()[at], text.spelled(at));
    let day = word.len() == 8 && (spelled.starts_with("19") || spelled.starts_with("20"));
    word.shape == Shape::Digits && NUMBER_DIGITS.contains(&word.len()) && !day
}

/// Whether the word is of a file that is a patient's record; a number may stand behind it: `DOB1961`.
fn recorded(spelled: &str) -> bool {
    let spelled = spelled.trim_end_matches(|c: char| c.is_ascii_digit());
    RECORDS.iter().any(|word| word.eq_ignore_ascii_case(spelled))
}

/// What a word of a file's name is not, if it is somebody's.
const OTHER: Lex = Lex::NEVER
    .or(Lex::DRUG)
    .or(Lex::MONTH)
    .or(Lex::STATE)
    .or(Lex::BRAND)
    .or(Lex::CLINICAL)
    .or(Lex::FACILITY)
    .or(Lex::FIRM);

/// The name among these words.
fn person(text: &Text<'_>, first: usize, last: usize) -> Option<(usize, usize)> {
    let words = text.words();
    let recorded = (first..=last).any(|at| recorded(text.spelled(at)));
    for at in first..=last {
        if let Some((start, end)) = humps(text, at) {
            return Some((start, end));
        }
        if at == last {
            break;
        }
        let (one, two) = (words[at].lex, words[at + 1].lex);
        let letters =
            |at: usize| !matches!(words[at].shape, Shape::Digits | Shape::Alnum) && words[at].len() > 1;
        if letters(at) && letters(at + 1) && matches!(text.gap(at), "_" | "-" | ".") && pair(one, two) {
            let further = at + 2 <= last && words[at + 2].len() == 1 && text.gap(at + 1).len() == 1;
            return Some((
                words[at].start as usize,
                words[if further { at + 2 } else { at + 1 }].end as usize,
            ));
        }
    }
    // `Brisk_Quen_DOB1961.pdf`: a date of birth is nobody else's than that of the words before it.
    let born = |at: usize| {
        text.text.as_bytes()[words[at].range()].get(..3).is_some_and(|dob| dob.eq_ignore_ascii_case(b"dob"))
    };
    let capital =
        |at: usize| words[at].shape == Shape::Capital && words[at].len() > 2 && !words[at].lex.any(OTHER);
    if last - first >= 2 && (first + 2..=last).any(born) && capital(first) && capital(first + 1) {
        return Some((words[first].start as usize, words[first + 1].end as usize));
    }
    // `zoltan_vekes_70444321.pdf`: a number may say as much as a word of a record.
    let numbered =
        (first..=last).any(|at| words[at].shape == Shape::Digits && NUMBER_DIGITS.contains(&words[at].len()));
    if !recorded && !numbered {
        return None;
    }
    let strange = |at: usize| {
        let word = &words[at];
        !matches!(word.shape, Shape::Digits | Shape::Alnum)
            && word.len() > 2
            && !word.lex.any(OTHER.or(Lex::WORD).or(Lex::KEY))
            && !self::recorded(text.spelled(at))
    };
    let found = (first..=last).find(|at| strange(*at))?;
    let two = found < last && strange(found + 1);
    let known = words[found].lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY));
    let given = || words[found].lex.any(Lex::FIRST_ANY) || words[found + 1].lex.any(Lex::FIRST_ANY);
    let told = if recorded { two || known } else { two && given() };
    told.then(|| (words[found].start as usize, words[found + usize::from(two)].end as usize))
}

/// Whether two words are a given and a family name, in either order; one of them may be a word of the language.
fn pair(one: Lex, two: Lex) -> bool {
    let given = Lex::FIRST_ANY;
    let family = Lex::LAST_ANY;
    let named = one.any(given) && two.any(family) || one.any(family) && two.any(given);
    let sure = |lex: Lex| lex.any(Lex::FIRST.or(Lex::LAST)) && !lex.any(Lex::WORD);
    let plain = |lex: Lex| !lex.any(OTHER) && (!lex.any(Lex::WORD) || lex.any(Lex::FIRST.or(Lex::LAST)));
    named
        && plain(one)
        && plain(two)
        && (sure(one) || sure(two))
        && !(one.any(Lex::WORD) && two.any(Lex::WORD))
}

/// `MariaGonzalez`: a given and a family name written as one word.
fn humps(text: &Text<'_>, index: usize) -> Option<(usize, usize)> {
    let word = text.words()[index];
    if word.shape != Shape::Mixed || word.len() > 40 {
        return None;
    }
    let spelled = text.spelled(index);
    let (joint, _) = spelled.char_indices().skip(2).find(|(_, letter)| letter.is_uppercase())?;
    let (one, two) = spelled.split_at(joint);
    let look = |part: &str| lexicon::get().look_up(lexicon::hash(part));
    let plain = two.chars().skip(1).all(char::is_lowercase) && two.len() > 2;
    (plain && pair(look(one), look(two))).then_some((word.start as usize, word.end as usize))
}

#[cfg(test)]
mod tests;
