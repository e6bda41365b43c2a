//! Ages over 89 in other languages: `die 95-jährige Patientin`, `95 años`, `(95 J.)`, `lat 95`.

use super::super::lexicon::Lex;
use super::super::text::Text;
use super::super::words::Lower;

/// What somebody of so many years is called, behind a hyphen, a space or nothing.
#[rustfmt::skip]
const ADJECTIVES: &[&str] = &[
    "jährig", "jaehrig", "jarig", "årig", "åring", "letni", "letá", "letý", "leté", "letého", "vuotia", "éves", "ročn", "aastane",
    "godišnj",
];

/// Years that are hardly anything but an age, in a language whose other nouns of time are others.
const YEARS: &[&str] = &["jahre", "jahren", "años", "år", "χρονών", "ετών"];

/// The same, but words or abbreviations of other things as well: nothing of the sentence goes on behind them.
const SHORT_YEARS: &[&str] = &["j", "let", "lat", "ani", "rokov", "lata"];

/// Whether the word begins as what calls somebody by the age: `jährige`, `letnia`.
pub(super) fn is_adjective(word: &str) -> bool {
    let word = Lower::of(word);
    ADJECTIVES.iter().any(|known| word.as_str().starts_with(known))
}

/// Whether the number is one of years of age by the word behind it.
pub(super) fn old_behind(text: &Text<'_>, index: usize) -> bool {
    let gap = text.gap(index);
    if !matches!(gap, " " | "-" | "\u{a0}" | "‑") {
        return false;
    }
    let unit = text.spelled(index + 1);
    if is_adjective(unit) {
        return true;
    }
    let unit = Lower::of(unit);
    let behind = text.gap(index + 1);
    let ends = behind.is_empty() || behind.starts_with([',', '.', ';', ':', ')', '!', '?', '\n']);
    if gap == "-" || spans(text, index) {
        return false;
    }
    if SHORT_YEARS.contains(&unit.as_str()) {
        // "95 J. of energy"
        let next = text.word_at(index + 2).is_none_or(|next| next.capital(text.text));
        return ends && (behind != ". " || next || text.spelled(index + 2) == "alt");
    }
    YEARS.contains(&unit.as_str()) && (ends || behind == " " && goes_on(text, index + 2))
}

/// `Pacjentka lat 95`: years before the number, behind a person.
pub(super) fn old_before(text: &Text<'_>, index: usize) -> bool {
    let Some(person) = index.checked_sub(2) else { return false };
    let behind = text.gap(index);
    let whole = !behind.starts_with(['°', '/', '%']) && (behind.len() != 1 || behind == " " || behind == ",");
    if !whole || text.spelled(index - 1) != "lat" || text.gap(index - 1) != " " {
        return false;
    }
    let word = &text.words()[person];
    let named = word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY)) && !word.lex.any(Lex::WORD);
    let patient = Lower::of(text.spelled(person)).as_str().starts_with("pacjent");
    matches!(text.gap(person), " " | ", ") && (patient || named && word.capital(text.text))
}

/// Whether a word before the number makes it a span of time: `seit 95 Jahren`, `hace 95 años`.
fn spans(text: &Text<'_>, index: usize) -> bool {
    #[rustfmt::skip]
    const SPANS: &[&str] = &[
        "seit", "vor", "nach", "über", "binnen", "innerhalb", "alle", "hace", "durante", "desde", "tras", "cada", "i", "för", "efter",
        "om", "od", "przez", "przed", "po", "za", "před", "pred", "de-a", "acum", "peste", "am", "about", "pe",
    ];
    index.checked_sub(1).is_some_and(|before| SPANS.contains(&Lower::of(text.spelled(before)).as_str()))
}

/// Whether the sentence behind the years may be about somebody of that age: no noun of what lasts so long, no "later".
fn goes_on(text: &Text<'_>, next: usize) -> bool {
    const OTHERS: &[&str] = &[
        "de", "lang", "später", "danach", "hinweg", "nach", "vor", "después", "sedan", "siden", "senare",
        "efter",
    ];
    let capital = text.word_at(next).is_some_and(|word| word.capital(text.text));
    !capital && !OTHERS.contains(&Lower::of(text.spelled(next)).as_str())
}
