//! Lists of names without a word of what they are: a ward's board, a call list, `Kowalski, Nguyen, O'Malley`.
//!
//! Three entries or more, one to three capitalised words each, on lines of their own or between commas. If half of them
//! hold a family or given name that is hardly anything else, the list is one of persons and all of it goes, entries in
//! no list as well; an entry that is a word, a drug or a place ends it. And `First: Maria`, `Last: Kowalski` one behind the
//! other, labels which tell nothing each by itself.

use std::sync::LazyLock;

use super::lexicon::{self, Lex};
use super::text::{Shape, Text};
use super::{Category, Detector, Hit, Needs};

/// Finds lists of names.
pub(super) struct Roster;

/// The fewest entries of a list.
const ENTRIES_MIN: usize = 3;
/// The most words of an entry.
const WORDS_MAX: usize = 3;
/// The most entries that are judged together.
const ENTRIES_MAX: usize = 512;

impl Detector for Roster {
    fn id(&self) -> &'static str {
        "roster"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Name]
    }

    fn example(&self) -> &'static str {
        "Kowalski\nTuiasosopo\nNguyen\n"
    }

    fn needs(&self) -> Needs {
        Needs::CAPITALS
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let parted = text.may_hold(b',')
            || text.may_hold(b';')
            || memchr::memchr(b'\n', text.text.as_bytes()).is_some();
        if !parted || !text.holds(Lex::LAST_ANY.or(Lex::FIRST_ANY)) {
            return;
        }
        labelled(text, hits);
        let mut entries: Vec<Entry> = Vec::new();
        // The entry that was added last ends before this word.
        let mut next = 0;
        for (index, word) in text.capitals() {
            if index < next || !word.capital(text.text) || !opens(text, index) {
                continue;
            }
            let Some(entry) = entry(text, index) else { continue };
            let listed = entries.last().is_some_and(|last| follows(text, last, &entry));
            if !listed || entries.len() == ENTRIES_MAX {
                judge(text, &entries, hits);
                entries.clear();
            }
            next = entry.last + 1;
            entries.push(entry);
        }
        judge(text, &entries, hits);
    }
}

/// Adds the names behind `First:` and `Last:`, in either order, of which one is in a list.
fn labelled(text: &Text<'_>, hits: &mut Vec<Hit>) {
    static LABELS: LazyLock<[u64; 3]> = LazyLock::new(|| ["first", "middle", "last"].map(lexicon::hash));
    let [first, middle, last] = *LABELS;
    let words = text.words();
    let label = |index: usize, hash: u64| text.word_at(index).is_some_and(|word| word.hash == hash);
    for index in text.glued() {
        let other = match words[index].hash {
            hash if hash == first => last,
            hash if hash == last => first,
            _ => continue,
        };
        let Some(one) = behind_label(text, index) else { continue };
        let between = label(one + 1, middle).then(|| behind_label(text, one + 1)).flatten();
        let second = between.unwrap_or(one) + 1;
        let two = label(second, other).then(|| behind_label(text, second)).flatten();
        let Some(two) = two else { continue };
        let named = |word: usize| words[word].lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY));
        if named(index + 1) || named(second + 1) {
            for (from, to) in [(index + 1, one), (second + 1, two)] {
                let (start, end) = (words[from].start as usize, words[to].end as usize);
                hits.push(Hit { start, end, category: Category::Name, rule: "roster.labels", score: 0.7 });
            }
        }
    }
}

/// The last word of what stands behind the label, up to the end of its line or the next comma: capitalised words that may be
/// a name.
fn behind_label(text: &Text<'_>, label: usize) -> Option<usize> {
    if !matches!(text.gap(label), ": " | ":") {
        return None;
    }
    let fits = |index: usize| {
        let word = &text.words()[index];
        let listed = word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY));
        word.capital(text.text) && !word.lex.any(OTHER) && (listed || !word.lex.any(Lex::ANY_WORD))
    };
    let mut last = label;
    while last - label < WORDS_MAX && last + 1 < text.words().len() && fits(last + 1) {
        last += 1;
        if !matches!(text.gap(last), " " | "-" | "'" | "’") {
            break;
        }
    }
    let closed = text.gap(last).starts_with(['\n', '\r', ',', ';']) || text.gap(last).starts_with(" |");
    (last > label && (closed || last + 1 == text.words().len())).then_some(last)
}

/// One entry: first and last word, whether it stands on a line of its own, whether it holds a name.
#[derive(Clone, Copy)]
struct Entry {
    first: usize,
    last: usize,
    line: bool,
    known: bool,
}

/// What no entry of such a list is.
const OTHER: Lex = Lex::NEVER
    .or(Lex::DRUG)
    .or(Lex::MONTH)
    .or(Lex::STATE)
    .or(Lex::BRAND)
    .or(Lex::FACILITY)
    .or(Lex::CLINICAL)
    .or(Lex::PERIOD)
    .or(Lex::FIRM)
    .or(Lex::STREET);

/// Whether an entry may begin at the word: at the start of a line, or behind a comma.
fn opens(text: &Text<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1) else { return true };
    let (left, right) = (&text.words()[before], &text.words()[index]);
    match &text.text.as_bytes()[left.end as usize..right.start as usize] {
        b" " | b". " | b") " | b"." => left.len() <= NUMBER_BYTES_MAX && numbered(text, before),
        b", " | b"; " | b": " | b" / " => true,
        gap => gap.contains(&b'\n'),
    }
}

/// The longest number of an entry, in bytes; "and" is no longer.
const NUMBER_BYTES_MAX: usize = 3;

/// Whether the word, which is short, is the number of an entry: `3. Kowalski`, `and Kowalski` closes a list.
fn numbered(text: &Text<'_>, index: usize) -> bool {
    let word = text.words()[index];
    let first = || index.checked_sub(1).is_none_or(|before| text.gap(before).contains('\n'));
    word.shape == Shape::Digits && first()
        || matches!(text.spelled(index), "and" | "or")
            && index > 0
            && matches!(text.gap(index - 1), " " | ", ")
}

fn entry(text: &Text<'_>, first: usize) -> Option<Entry> {
    let words = text.words();
    let mut last = first;
    while last - first < WORDS_MAX
        && matches!(text.gap(last), " " | "-" | "'" | "’" | ". ")
        && text.word_at(last + 1).is_some_and(|next| next.capital(text.text))
    {
        last += 1;
    }
    let gap = text.gap(last);
    let line = gap.is_empty() || gap.starts_with(['\n', '\r']);
    let ended = line
        || gap.starts_with([',', ';'])
        || matches!(gap, " - " | " – " | ": " | " (" | " / " | "\t" | " | ")
        || gap == "." && text.word_at(last + 1).is_none()
        || gap == " " && matches!(text.spelled(last + 1), "and" | "or");
    let run = &words[first..=last];
    let plain = run.iter().all(|word| {
        let named = word.lex.any(Lex::FIRST.or(Lex::LAST));
        matches!(word.shape, Shape::Capital | Shape::Mixed | Shape::Upper)
            && (word.len() == 1 || !word.lex.any(OTHER) && (named || !word.lex.any(Lex::ANY_WORD)))
    });
    let towns = Lex::TOWN.or(Lex::TOWN_ABROAD).or(Lex::EPONYM).or(Lex::ANY_WORD);
    let known = run
        .iter()
        .any(|word| word.len() > 2 && word.lex.any(Lex::FIRST_ANY.or(Lex::LAST_ANY)) && !word.lex.any(towns));
    let fits = ended && plain && last - first < WORDS_MAX && words[last].len() > 1;
    fits.then_some(Entry { first, last, line, known })
}

/// Whether an entry goes on the list that ends with `last`.
fn follows(text: &Text<'_>, last: &Entry, next: &Entry) -> bool {
    let between = &text.text[text.words()[last.last].end as usize..text.words()[next.first].start as usize];
    if between.len() > 80 || between.contains("\n\n") {
        return false;
    }
    if between.matches('\n').count() == 1 {
        return true;
    }
    !last.line && matches!(between, ", " | "; " | " / " | " and " | ", and " | " or ")
}

/// Adds the entries of a list of persons.
fn judge(text: &Text<'_>, entries: &[Entry], hits: &mut Vec<Hit>) {
    let known = entries.iter().filter(|entry| entry.known).count();
    if entries.len() < ENTRIES_MIN || known < 2 || known * 2 < entries.len() {
        return;
    }
    for entry in entries {
        let (start, end) = (text.words()[entry.first].start as usize, text.words()[entry.last].end as usize);
        hits.push(Hit { start, end, category: Category::Name, rule: "roster.entry", score: 0.6 });
    }
}

#[cfg(test)]
mod tests;
