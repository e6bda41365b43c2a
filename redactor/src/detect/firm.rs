//! Organisations that place a person by where they work, learn or are cared for, 45 CFR 164.514(b)(2)(i): the law
//! names employers beside the person.
//!
//! Names that end in two telling words (nursing home, urgent care, credit union), names behind "works at" and the
//! like, and names that end in a firm's legal form or trade. The last are firms more often than employers: they
//! score below [`super::NEEDS_COMPANY`] and go only where something else identifies.

use super::lexicon::Lex;
use super::text::Text;
use super::words::Words;
use super::{Category, Detector, Hit, Needs};

/// Finds employers, practices and schools.
pub(super) struct Firm;

/// The longest name, in words before its ending.
const WORDS_MAX: usize = 4;
/// The score of a firm of which nothing says that a person works there.
const FIRM_SCORE: f32 = 0.45;

impl Detector for Firm {
    fn id(&self) -> &'static str {
        "firm"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Place]
    }

    fn example(&self) -> &'static str {
        "he works nights at Harrow Glass, his mother lives in Oakfield Nursing Home"
    }

    fn needs(&self) -> Needs {
        Needs::lexes(Lex::HOUSE_END.or(Lex::FIRM).or(Lex::OPENS))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let mut push = |first: usize, last: usize, rule, score| {
            let (start, end) = (text.words()[first].start as usize, text.words()[last].end as usize);
            hits.push(Hit { start, end, category: Category::Place, rule, score });
        };
        // What such a name ends in is a capitalised word, and so is the first word behind "works at".
        for (index, word) in text.capitals().filter(|(_, word)| word.capital(text.text)) {
            if word.lex.any(Lex::HOUSE_END) {
                if let Some(first) = paired(text, index) {
                    push(first, partnered(text, index), "firm.house", 0.8);
                }
            } else if word.lex.any(Lex::FIRM)
                && let Some(first) = run_before(text, index)
            {
                push(first, partnered(text, index), "firm.form", FIRM_SCORE);
            }
            if let Some(before) = index.checked_sub(1)
                && text.words()[before].lex.any(Lex::OPENS)
                && matches!(text.spelled(before), "at" | "by")
                && at_work(text, before)
                && let Some(last) = run_behind(text, index)
            {
                push(index, last, "firm.employer", 0.7);
            }
        }
    }
}

/// What two words end such a name.
#[rustfmt::skip]
const PAIRS: &[(&str, &str)] = &[
    ("nursing", "home"), ("care", "home"), ("retirement", "home"), ("funeral", "home"), ("group", "home"),
    ("family", "practice"), ("medical", "practice"), ("dental", "practice"), ("group", "practice"), ("urgent", "care"),
    ("primary", "care"), ("home", "care"), ("family", "care"), ("family", "medicine"), ("internal", "medicine"),
    ("sports", "medicine"), ("elementary", "school"), ("middle", "school"), ("high", "school"), ("primary", "school"),
    ("grammar", "school"), ("credit", "union"), ("family", "dental"), ("medical", "associates"), ("medical", "office"),
    ("family", "surgery"), ("regional", "oncology"),
];

/// Endings that need no second word.
const ALONE: &[&str] = &[
    "dialysis",
    "oncology",
    "cardiology",
    "pediatrics",
    "orthopedics",
    "imaging",
    "dermatology",
    "urology",
    "pavilion",
    "apothecary",
];

/// The first word of the name whose last word is at `index`.
fn paired(text: &Text<'_>, index: usize) -> Option<usize> {
    let lower = |at: usize| text.spelled(at).to_ascii_lowercase();
    let last = lower(index);
    let before = index.checked_sub(1)?;
    let opener = if PAIRS.contains(&(lower(before).as_str(), last.as_str())) {
        before
    } else if ALONE.contains(&last.as_str()) {
        index
    } else {
        return None;
    };
    let first = run_before(text, opener)?;
    // "Outpatient Dialysis", "The Nursing Home": a kind, no one place.
    let naming = (first..opener).any(|at| !text.words()[at].lex.any(Lex::GENERIC.or(Lex::NEVER)));
    naming.then_some(first)
}

/// Over what closes the name of several who work together: `Cascade Imaging Partners`, `Downeast Infusion Services`.
fn partnered(text: &Text<'_>, last: usize) -> usize {
    static CLOSING: Words<9> = Words::new([
        "partners",
        "services",
        "group",
        "associates",
        "specialists",
        "center",
        "centre",
        "clinic",
        "consultants",
    ]);
    let closed = text.joint(last) == b' '
        && CLOSING.hold(text.spelled(last + 1))
        && text.word_at(last + 1).is_some_and(|word| word.capital(text.text));
    last + usize::from(closed)
}

/// The first of the capitalised words right before `end`; none if there is no such word.
fn run_before(text: &Text<'_>, end: usize) -> Option<usize> {
    let words = text.words();
    let mut first = end;
    while first > 0 && end - first < WORDS_MAX {
        let joined = matches!(text.gap(first - 1), " " | " & " | "'" | "’" | "-" | ", ");
        let comma = text.gap(first - 1) == ", " && first < end;
        let small =
            text.gap(first - 1).starts_with(['\'', '’']) || matches!(text.spelled(first - 1), "s" | "and");
        let street =
            words[first - 1].lex.any(Lex::STREET) && first > 1 && words[first - 2].capital(text.text);
        let named = words[first - 1].capital(text.text) && (street || !opens(text, first - 1));
        if !joined || comma || !(named || small && first > 1) {
            break;
        }
        first -= 1;
    }
    while first < end && !words[first].capital(text.text) {
        first += 1;
    }
    (first < end && words[first].len() > 1).then_some(first)
}

/// A capitalised word that opens the sentence and no name.
fn opens(text: &Text<'_>, index: usize) -> bool {
    text.words()[index].lex.any(Lex::OPENS.or(Lex::NEVER).or(Lex::PERIOD).or(Lex::MONTH))
}

/// "works at", "works nights at", "works for us at", "her job at", "employed by".
fn at_work(text: &Text<'_>, index: usize) -> bool {
    const REACH_WORDS: usize = 4;
    (index.saturating_sub(REACH_WORDS)..index).rev().take_while(|at| text.gap(*at) == " ").any(|at| {
        matches!(
            text.spelled(at).to_ascii_lowercase().as_str(),
            "works"
                | "worked"
                | "working"
                | "work"
                | "job"
                | "post"
                | "employed"
                | "position"
                | "shift"
                | "employee"
                | "hired"
        )
    })
}

/// The last of the capitalised words from `first` on.
fn run_behind(text: &Text<'_>, first: usize) -> Option<usize> {
    let words = text.words();
    let opener = text.word_at(first)?;
    if !opener.capital(text.text) || opens(text, first) || text.gap(first - 1) != " " {
        return None;
    }
    let mut last = first;
    while last - first < WORDS_MAX
        && matches!(text.gap(last), " " | " & " | "-" | "'" | "’")
        && text.word_at(last + 1).is_some_and(|word| word.capital(text.text) || text.spelled(last + 1) == "s")
    {
        last += 1;
    }
    (words[last].len() > 1 && (last > first || !opener.lex.any(Lex::WORD))).then_some(last)
}

#[cfg(test)]
mod tests;
