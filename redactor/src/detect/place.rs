//! Geography smaller than a state, 45 CFR 164.514(b)(2)(i)(B): towns, counties, and the hospitals, clinics and
//! schools that place a person.
//!
//! Organisations by grammar (capitalised words that end in Hospital, Medical Center, Clinic …, saints and mounts),
//! by the names of large health systems, towns by list (GeoNames) where the sentence says that a place is meant:
//! behind "in", "at", "from", before a state, of several words. States alone stay.

use std::sync::LazyLock;

use super::keywords::Key;
use super::lexicon::{self, Lex, WordSet};
use super::text::{Shape, Text, Word};
use super::words::Words;
use super::{Blots, Category, Detector, Hit, Needs};

/// Finds places.
pub(super) struct Place;

/// The longest organisation's name, in words before its suffix.
const NAME_WORDS_MAX: usize = 5;
/// The longest town's name, in words.
const TOWN_WORDS_MAX: usize = 4;
/// A JSON value longer than this is no town.
const VALUE_BYTES_MAX: usize = 80;

impl Detector for Place {
    fn id(&self) -> &'static str {
        "place"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Place]
    }

    fn example(&self) -> &'static str {
        "transferred to St. Luke's Medical Center in Boise, ID"
    }

    fn needs(&self) -> Needs {
        Needs::HOT.or(Needs::key(Key::Place))
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        if text.keyed(Key::Place) && plain_value(text) {
            let trimmed = text.text.trim();
            let start = text.text.len() - text.text.trim_start().len();
            hits.push(Hit {
                start,
                end: start + trimmed.len(),
                category: Category::Place,
                rule: "place.key",
                score: 0.8,
            });
        }
        // A suffix may be in lower case, but for one a place begins at a capital.
        if text.holds(Lex::FACILITY) {
            places(text, text.hot(), hits);
        } else {
            places(text, text.capitals(), hits);
        }
    }
}

/// Adds the places that these words open or end.
fn places<'w>(text: &Text<'_>, words: impl Iterator<Item = (usize, &'w Word)>, hits: &mut Vec<Hit>) {
    let (mut organised, mut covered) = (0, 0);
    let key = text.has_key(Key::Place);
    for (index, word) in words {
        let suffix = word.lex.any(Lex::FACILITY) && follows_name(text, index);
        let opens = word.capital(text.text) && (may_open(text, index) || key && living(text, index));
        if !(suffix || opens) {
            continue;
        }
        let start = word.start as usize;
        let mut push = |(start, end, rule, score): Found| {
            hits.push(Hit { start, end, category: Category::Place, rule, score });
            end
        };
        // An organisation may take in a town that was found before its suffix came: both are reported.
        if suffix
            && start >= organised
            && let Some(found) = facility(text, index, organised)
        {
            organised = push(found);
        }
        if opens
            && start >= covered
            && start >= organised
            && let Some(found) = named(text, index)
        {
            covered = push(found);
        }
    }
}

type Found = (usize, usize, &'static str, f32);

/// A JSON value that can be a place: short, letters first.
fn plain_value(text: &Text<'_>) -> bool {
    let trimmed = text.text.trim();
    (2..=VALUE_BYTES_MAX).contains(&trimmed.len())
        && trimmed.starts_with(char::is_alphabetic)
        && !trimmed.contains(['_', '{', '<', '\n'])
        && text.words().first().is_some_and(|word| word.capital(text.text))
}

/// Whether the word before may be of a name, or stand inside one: "of", "the".
#[inline]
fn follows_name(text: &Text<'_>, index: usize) -> bool {
    const PARTICLE_BYTES_MAX: usize = 3;
    index.checked_sub(1).is_some_and(|before| {
        let word = &text.words()[before];
        word.capital(text.text) | (word.len() <= PARTICLE_BYTES_MAX)
    })
}

/// An organisation whose suffix is at `index`: the capitalised words before, then "of", "at", "in" a town.
fn facility(text: &Text<'_>, index: usize, covered: usize) -> Option<Found> {
    let words = text.words();
    let mut first = index;
    let mut naming = 0;
    while first > 0 && index - first < NAME_WORDS_MAX && (words[first - 1].start as usize) >= covered {
        let before = first - 1;
        let gap = text.gap(before);
        if !name_gap(text, before) {
            break;
        }
        let spelled = text.spelled(before);
        let particle =
            matches!(spelled, "of" | "and" | "for" | "s" | "the") || (gap.contains('&') && spelled.len() < 3);
        if particle {
            let opener =
                before.checked_sub(1).filter(|at| words[*at].capital(text.text) && name_gap(text, *at));
            if opener.is_none()
                || (matches!(spelled, "of" | "for" | "the") && !words[before - 1].lex.any(Lex::FACILITY))
            {
                break;
            }
            first = before;
            continue;
        }
        if !words[before].capital(text.text) || sentence_opener(text, before) {
            break;
        }
        naming += usize::from(!generic(text, before) && words[before].len() > 1);
        first = before;
    }
    // "N Engl J Med" is a journal.
    let journal = text.spelled(index) == "Med" && text.spelled(index - 1) == "J";
    if first == index || naming == 0 || journal {
        return None;
    }
    let last = suffix_end(text, index)?;
    let written = words[last].capital(text.text) || index == last && short_town(text, first, index);
    if !written {
        return None;
    }
    if matches!(text.spelled(first), "s" | "of" | "and" | "for" | "the") {
        return None;
    }
    Some((words[first].start as usize, seat_end(text, last), "place.facility", 0.85))
}

/// "Dallas clinic", "NYC clinic", "Cedars-Sinai clinic", "Chicago downtown clinic": a place before a lower-case suffix.
fn short_town(text: &Text<'_>, first: usize, index: usize) -> bool {
    let place = Lex::TOWN.or(Lex::TOWN_ABROAD).or(Lex::BRAND).or(Lex::TOWN_OPEN);
    matches!(text.spelled(index), "clinic" | "hospital" | "hosp")
        && text.words()[first..index].iter().any(|word| word.lex.any(place))
}

/// The last word of the suffix at `index`: "Medical Center", "Health System", "Hospital".
fn suffix_end(text: &Text<'_>, index: usize) -> Option<usize> {
    static FURTHER: Words<8> =
        Words::new(["system", "services", "care", "home", "facility", "network", "partners", "plan"]);
    // Words that need company to be an organisation.
    static NEEDY: Words<14> = Words::new([
        "health",
        "medical",
        "med",
        "general",
        "memorial",
        "group",
        "practice",
        "school",
        "church",
        "foundation",
        "physicians",
        "associates",
        "campus",
        "college",
    ]);
    // Words that end an organisation's name only with a capital.
    static CAPITAL: Words<8> =
        Words::new(["centre", "center", "ctr", "cntr", "rehab", "pharmacy", "university", "institute"]);
    let mut last = index;
    // Suffixes of several words: each FACILITY word or what only stands behind one.
    while last - index < 3
        && text.word_at(last + 1).is_some_and(|next| {
            next.capital(text.text) && (next.lex.any(Lex::FACILITY) || FURTHER.hold(text.spelled(last + 1)))
        })
        && matches!(text.gap(last), " " | ". " | "-")
    {
        last += 1;
    }
    let (word, spelled) = (text.words()[index], text.spelled(index));
    if last == index && NEEDY.hold(spelled) {
        let before = text.word_at(index.checked_sub(1)?)?;
        let place = Lex::TOWN.or(Lex::BRAND).or(Lex::STATE).or(Lex::LAST);
        // "at Mercy General", "to Northwestern Memorial"
        static BEFORE: Words<5> = Words::new(["at", "to", "from", "near", "via"]);
        let sent = || {
            let at = index.checked_sub(2).filter(|at| text.joint(*at) == b' ');
            matches!(spelled, "General" | "Memorial") && at.is_some_and(|at| BEFORE.hold(text.spelled(at)))
        };
        let known = before.capital(text.text)
            && (before.lex.any(place) || !before.lex.any(Lex::WORD) || sent())
            && !before.lex.any(Lex::NEVER.or(Lex::DRUG));
        return (known && word.capital(text.text)).then_some(last);
    }
    (word.shape != Shape::Lower || !CAPITAL.hold(spelled)).then_some(last)
}

/// Whether what stands between this word and the next can stand inside an organisation's name.
fn name_gap(text: &Text<'_>, index: usize) -> bool {
    match text.gap(index) {
        " " | "-" | "'" | "’" | " & " | "  " => true,
        ". " => {
            matches!(text.spelled(index), "St" | "Mt" | "Ft" | "Med" | "Mem" | "Univ" | "Gen" | "Hosp")
                || text.words()[index].len() == 1
        }
        _ => false,
    }
}

/// Adjectives and kinds that name no one place: "Outpatient Clinic", "Pain Clinic", "Emergency Department".
fn generic(text: &Text<'_>, index: usize) -> bool {
    let lex = text.words()[index].lex;
    if !lex.any(Lex::GENERIC) {
        return false;
    }
    static WHOLE: Words<6> = Words::new(["general", "university", "community", "cancer", "city", "county"]);
    static SUFFIXES: Words<4> = Words::new(["hospital", "center", "medical", "hosp"]);
    let naming = WHOLE.hold(text.spelled(index))
        && SUFFIXES.hold(text.spelled(index + 1))
        && text.words()[index].capital(text.text);
    !naming
}

/// A capitalised function word that opens the sentence: "At Elm Clinic".
fn sentence_opener(text: &Text<'_>, index: usize) -> bool {
    text.words()[index].lex.any(Lex::OPENS)
}

/// Past where the organisation sits: "of Atlanta", "in Chicago", ", Los Angeles, CA", " Boston".
fn seat_end(text: &Text<'_>, last: usize) -> usize {
    let end = text.words()[last].end as usize;
    let end =
        if text.gap(last).starts_with('.') && matches!(text.spelled(last), "Hosp" | "Ctr" | "Med" | "Cntr") {
            end + 1
        } else {
            end
        };
    let preposition = matches!(text.spelled(last + 1), "of" | "in" | "at")
        && text.gap(last) == " "
        && text.gap(last + 1) == " ";
    let at = if preposition { last + 2 } else { last + 1 };
    let joined = preposition || matches!(text.gap(last), ", " | " " | "., " | "-" | " - " | " (");
    let bare_state =
        !preposition && text.gap(last) == ", " && is_state(text, at) && text.spelled(at).len() > 2;
    if joined && let Some(seat) = town_end(text, at) {
        return seat;
    }
    if bare_state { text.words()[at].end as usize } else { end }
}

/// A place by its own name at `index`: saints and mounts, systems, towns, counties.
fn named(text: &Text<'_>, index: usize) -> Option<Found> {
    let words = text.words();
    let start = words[index].start as usize;
    if let Some(end) = saint(text, index) {
        return Some((start, end, "place.saint", 0.75));
    }
    if clinical_use(text, index) {
        return None;
    }
    if let Some(last) = county(text, index) {
        return Some((start, words[last].end as usize, "place.county", 0.8));
    }
    if let Some(end) = town_end(text, index).filter(|_| !state_of_own(text, index)) {
        let several = text.text[start..end].contains([' ', '-', ',', '\'', '’']);
        let last = words.partition_point(|word| (word.end as usize) < end);
        if several && !before_person(text, index) && !clinical_use(text, last) {
            return Some((start, end, "place.town", 0.8));
        }
    }
    let lex = words[index].lex;
    let initials = words[index].len() <= 5 && words[index].shape != Shape::Upper && lex.any(Lex::WORD);
    // CHOP is the Children's Hospital of Philadelphia, and a chemotherapy.
    static AT: Words<5> = Words::new(["at", "to", "from", "by", "near"]);
    let regimen = text.spelled(index) == "CHOP"
        && !index.checked_sub(1).is_some_and(|at| text.joint(at) == b' ' && AT.hold(text.spelled(at)));
    if lex.any(Lex::BRAND) && !lex.any(Lex::NEVER) && !initials && !regimen {
        return Some((start, words[index].end as usize, "place.system", 0.75));
    }
    let before = opener(text, index);
    let known = lex.any(Lex::TOWN) || (lex.any(Lex::TOWN_ABROAD) && !lex.any(Lex::FIRST.or(Lex::WORD)));
    let known = known || before == Opener::Abroad && lex.any(Lex::TOWN_ABROAD);
    let usual = !lex.any(Lex::WORD) || matches!(before, Opener::Living | Opener::Abroad);
    // A state alone is no smaller than a state: "the laws of Oregon".
    let state = lex.any(Lex::STATE) && words[index].len() > 2 && text.spelled(index) != "Washington";
    if known
        && usual
        && !state
        && before != Opener::None
        && !lex.any(Lex::NEVER.or(Lex::DRUG).or(Lex::MONTH))
        && !surname_behind(text, index)
    {
        return Some((start, words[index].end as usize, "place.town", 0.75));
    }
    let capitalised =
        words[index].shape == Shape::Capital && !lex.any(Lex::NEVER.or(Lex::STATE).or(Lex::DRUG));
    if before == Opener::Living && capitalised && !lex.any(Lex::WORD) {
        return Some((start, words[index].end as usize, "place.residence", 0.7));
    }
    let other = Lex::ANY_WORD
        .or(Lex::FIRST_ANY)
        .or(Lex::LAST)
        .or(Lex::NEVER)
        .or(Lex::STATE)
        .or(Lex::DRUG)
        .or(Lex::MONTH)
        .or(Lex::EPONYM)
        .or(Lex::CLINICAL)
        .or(Lex::BRAND);
    (lex.any(Lex::TOWN.or(Lex::TOWN_ABROAD))
        && !lex.any(other)
        && words[index].len() > 4
        && set_off(text, index))
    .then(|| (start, words[index].end as usize, "place.apart", APART_SCORE))
}

/// The score of a town of which only its place in the sentence tells: it counts beside another identifier.
const APART_SCORE: f32 = 0.45;

/// `Opaline Grzelak, 1969-09-14, Oshkosh, last visit`, `(Brennan Livestock Exchange, Amarillo)`: whether a word stands between
/// commas or brackets by itself.
fn set_off(text: &Text<'_>, index: usize) -> bool {
    let opened = index == 0
        || matches!(text.gap(index - 1), ", " | " (" | "\n" | "; " | " - " | " – " | " | " | " · ");
    let gap = text.gap(index);
    opened
        && (gap.is_empty()
            || gap.starts_with([',', ';', ')', '.', '\n'])
            || matches!(gap, " - " | " – " | " | " | " · "))
}

/// Whether any rule of [`named`] can begin at this word, if no keyword stands before it: the cheap look before the dear
/// ones.
#[inline]
fn may_open(text: &Text<'_>, index: usize) -> bool {
    const OPENS: Lex = Lex::TOWN.or(Lex::TOWN_ABROAD).or(Lex::TOWN_OPEN).or(Lex::BRAND);
    let words = text.words();
    // "in" and "or" are states too, in capitals.
    let ahead = |offset: usize| {
        words
            .get(index + offset)
            .is_some_and(|word| (word.lex.any(Lex::STATE) || is_county(word)) && word.capital(text.text))
    };
    words[index].lex.any(OPENS) | ahead(1) | ahead(2)
}

/// What stands before a name and says whether a place is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opener {
    None,
    /// "in", "at", "from", "near"
    Preposition,
    /// "aus", "från", "uit": no English word that stands before a name too
    Abroad,
    /// "lives in", "resident of", a key
    Living,
}

/// Whether a keyword of places stands right before the word: "lives in", "city:".
fn living(text: &Text<'_>, index: usize) -> bool {
    const REACH_BYTES: usize = 2;
    index > 0 && text.key_before(text.words()[index].start as usize, REACH_BYTES, &[Key::Place])
}

fn opener(text: &Text<'_>, index: usize) -> Opener {
    if living(text, index) {
        return Opener::Living;
    }
    static ARTICLES: Words<4> = Words::new(["the", "our", "downtown", "nearby"]);
    static SITES: Words<10> = Words::new([
        "office", "clinic", "location", "site", "branch", "campus", "facility", "area", "hospital",
        "downtown",
    ]);
    static PREPOSITIONS: Words<13> = Words::new([
        "in", "at", "from", "near", "outside", "around", "visiting", "downtown", "toward", "of", "to",
        "left", "via",
    ]);
    let Some(mut before) = index.checked_sub(1).filter(|before| text.joint(*before) == b' ') else {
        return Opener::None;
    };
    // "seen at the Chicago downtown clinic", "our Newport office"
    if ARTICLES.hold(text.spelled(before)) {
        if SITES.hold(text.spelled(index + 1)) && text.joint(index) == b' ' {
            return Opener::Preposition;
        }
        if before == 0 || text.joint(before - 1) != b' ' {
            return Opener::None;
        }
        before -= 1;
    }
    let (word, spelled) = (text.words()[before], text.spelled(before));
    if PREPOSITIONS.hold(spelled) {
        return Opener::Preposition;
    }
    if !word.lex.any(Lex::SEAT) || word.shape != Shape::Lower {
        return Opener::None;
    }
    let english = matches!(
        spelled,
        "a" | "i" | "v" | "w" | "z" | "do" | "la" | "en" | "per" | "pa" | "de" | "da" | "di"
    );
    if english { Opener::Preposition } else { Opener::Abroad }
}

/// "Mr. Austin", "Dr. Paris": a person, not a place.
fn before_person(text: &Text<'_>, index: usize) -> bool {
    index > 0 && super::name::is_title(text, index - 1) && matches!(text.gap(index - 1), " " | ". ")
}

/// "in Austin Smith": a surname behind makes the town a given name.
fn surname_behind(text: &Text<'_>, index: usize) -> bool {
    let Some(next) = text.word_at(index + 1) else { return false };
    let initial = next.len() == 1 && text.gap(index + 1).starts_with('.');
    text.gap(index) == " "
        && next.shape == Shape::Capital
        && text.words()[index].lex.any(Lex::FIRST)
        && (initial
            || (next.lex.any(Lex::LAST_ANY) && !next.lex.any(Lex::WORD.or(Lex::FACILITY).or(Lex::NEVER))))
}

/// "Lyme disease", "Graves' ophthalmopathy", "New York Heart Association".
fn clinical_use(text: &Text<'_>, index: usize) -> bool {
    let mut next = index + 1;
    if text.spelled(next) == "s" && matches!(text.gap(index), "'" | "’") {
        next += 1;
    }
    let near = matches!(text.gap(next - 1), " " | "-" | "' " | "’ ");
    let clinical = |at: usize| text.word_at(at).is_some_and(|word| word.lex.any(Lex::CLINICAL));
    near && (clinical(next) || (text.words()[index].lex.any(Lex::TOWN_OPEN) && clinical(next + 1)))
}

/// `St. Luke's`, `Saint Mary`, `Mt. Sinai`: the end, facility and seat included.
fn saint(text: &Text<'_>, index: usize) -> Option<usize> {
    let words = text.words();
    let opens =
        matches!(text.spelled(index), "St" | "Saint" | "Mt" | "Mount" | "Ste" | "Sainte" | "Ft" | "Fort");
    let gap = matches!(text.gap(index), ". " | " " | ".");
    let name = text.word_at(index + 1)?;
    // Of these there is one in the world, and nobody lives there.
    static MOUNTAINS: Words<8> =
        Words::new(["everest", "fuji", "kilimanjaro", "olympus", "rainier", "rushmore", "vesuvius", "etna"]);
    if !opens
        || !gap
        || MOUNTAINS.hold(text.spelled(index + 1))
        || name.shape != Shape::Capital
        || name.len() < 2
        || name.lex.any(Lex::CLINICAL.or(Lex::NEVER))
    {
        return None;
    }
    let mut last = index + 1;
    if matches!(text.gap(last), "'" | "’") && text.spelled(last + 1) == "s" {
        last += 1;
    }
    if clinical_use(text, index + 1) || text.spelled(last + 1).eq_ignore_ascii_case("wort") {
        return None;
    }
    while last - index < 6
        && text.gap(last) == " "
        && text.word_at(last + 1).is_some_and(|next| next.capital(text.text) && next.lex.any(Lex::FACILITY))
    {
        last += 1;
    }
    // "Mount Carmel East"
    if text.gap(last) == " " && matches!(text.spelled(last + 1), "East" | "West" | "North" | "South") {
        last += 1;
    }
    let bare = last == index + 1 && matches!(text.spelled(index), "Ft" | "Fort");
    if bare && !name.lex.any(Lex::TOWN.or(Lex::LAST)) {
        return None;
    }
    Some(seat_end(text, last).max(words[last].end as usize))
}

/// Whether a word ends the name of a county or the like.
#[inline]
fn is_county(word: &Word) -> bool {
    static COUNTIES: LazyLock<WordSet> =
        LazyLock::new(|| lexicon::set(&["county", "parish", "township", "borough"]));
    word.lex.any(Lex::WORD) && COUNTIES.contains(&word.hash)
}

/// `King County`, `County of Kent`, `Orleans Parish`.
fn county(text: &Text<'_>, index: usize) -> Option<usize> {
    let county = |at: usize| text.word_at(at).is_some_and(is_county);
    if !county(index + 1) && !county(index + 2) {
        return None;
    }
    let mut last = index;
    while last - index < 3 {
        let next = text.word_at(last + 1).filter(|next| next.capital(text.text) && text.gap(last) == " ")?;
        last += 1;
        if matches!(text.spelled(last), "County" | "Parish" | "Township" | "Borough" | "COUNTY")
            && !next.lex.any(Lex::DRUG)
        {
            return (!sentence_opener(text, index)
                && !text.words()[index].lex.any(Lex::NEVER.or(Lex::CLINICAL))
                || index + 1 < last)
                .then_some(last);
        }
    }
    None
}

/// The end of a town that starts at `index`, with the state behind it: `Boise`, `New Orleans, LA`, `Fairfield, CT`.
pub(super) fn town_end(text: &Text<'_>, index: usize) -> Option<usize> {
    let words = text.words();
    let first = text.word_at(index).filter(|word| word.capital(text.text))?;
    let mut found = None;
    if first.lex.any(Lex::TOWN_OPEN) {
        let mut phrase = lexicon::Phrase::default();
        phrase.push_hash(first.hash);
        let mut last = index;
        while last + 1 - index < TOWN_WORDS_MAX
            && matches!(text.gap(last), " " | "-" | ". " | "'" | "’" | " & ")
        {
            last += 1;
            let Some(word) = text.word_at(last) else { break };
            if !word.capital(text.text)
                && !matches!(text.spelled(last), "s" | "of" | "and" | "women" | "de" | "la")
            {
                break;
            }
            if lexicon::get().is_town(phrase.push_hash(word.hash)) {
                found = Some(last);
            }
        }
    }
    if found.is_none()
        && (first.lex.any(Lex::TOWN) || (first.lex.any(Lex::TOWN_ABROAD) && !first.lex.any(Lex::WORD)))
    {
        found = Some(index);
    }
    // "KIDNEYS ARE NORMAL IN SIZE": amid capitals a word of the language before another is no town.
    let plain = |last: usize| {
        first.shape == Shape::Upper
            && first.lex.any(Lex::WORD)
            && text.gap(last) == " "
            && !clear_state(text.spelled(last + 1))
    };
    let stated = |last: usize| {
        let state = matches!(text.gap(last), ", " | " " | ",") && is_state(text, last + 1) && !plain(last);
        state.then(|| words[last + 1].end as usize)
    };
    if let Some(last) = found {
        return Some(stated(last).unwrap_or(words[last].end as usize));
    }
    // Any capitalised word before a comma and a state that is no title of a person.
    let unknown = !first.lex.any(Lex::NEVER.or(Lex::MONTH).or(Lex::STATE)) && first.len() > 2;
    let last = if text.gap(index) == " "
        && text.word_at(index + 1).is_some_and(|next| next.shape == Shape::Capital)
        && first.shape == Shape::Capital
    {
        index + 1
    } else {
        index
    };
    let comma =
        |at: usize| text.gap(at) == ", " && is_state(text, at + 1) && clear_state(text.spelled(at + 1));
    if unknown && comma(index) {
        return stated(index);
    }
    (unknown && last > index && comma(last) && !first.lex.any(Lex::FIRST)).then(|| stated(last)).flatten()
}

/// Whether a state that is called like a town stands behind a place that was replaced before: of that it was kept.
fn state_of_own(text: &Text<'_>, index: usize) -> bool {
    let own = || {
        let before = index.checked_sub(1).filter(|before| text.gap(*before) == ", ");
        before.is_some_and(|before| text.blots.begin(text.spelled(before)))
    };
    text.blots == Blots::Some
        && (text.spelled(index) == "Washington"
            || text.spelled(index) == "New" && text.spelled(index + 1) == "York")
        && own()
}

/// Whether the word is a US state: its name, or its abbreviation in capitals.
pub(super) fn is_state(text: &Text<'_>, index: usize) -> bool {
    let Some(word) = text.word_at(index).filter(|word| word.lex.any(Lex::STATE)) else { return false };
    if word.len() == 2 { word.shape == Shape::Upper } else { word.capital(text.text) }
}

/// States whose abbreviation is no degree, word or unit.
fn clear_state(spelled: &str) -> bool {
    spelled.len() > 2
        || !matches!(
            spelled,
            "MD" | "PA"
                | "MA"
                | "MS"
                | "OR"
                | "IN"
                | "ME"
                | "OK"
                | "HI"
                | "ID"
                | "LA"
                | "DE"
                | "AL"
                | "CO"
                | "PR"
                | "DC"
                | "CT"
                | "MT"
                | "MI"
                | "NC"
        )
}

/// The state that a place or address names at its end, as written: what a policy may keep of it.
pub fn state_of(place: &str) -> Option<&str> {
    let text = Text::new(place, None, 0);
    let last = text.words().iter().rposition(|word| !matches!(word.shape, Shape::Digits))?;
    is_state(&text, last).then(|| &place[text.words()[last].range()])
}

#[cfg(test)]
mod tests;
