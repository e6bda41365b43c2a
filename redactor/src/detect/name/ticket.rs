//! Names as airlines and railways write them: `OSEI-BROWN/DANTE MR`, family name and given names in capitals with a slash
//! between, a title behind (IATA Reservations Interline Message Procedures, name element).

use super::super::lexicon::Lex;
use super::super::text::{Shape, Text};
use super::super::words::Words;

/// The most words of either part, the title last.
const WORDS_MAX: usize = 4;

/// The last word of the name that begins at `index`, its title left out.
pub(super) fn on_ticket(text: &Text<'_>, index: usize) -> Option<usize> {
    static TITLES: Words<7> = Words::new(["mr", "mrs", "ms", "miss", "mstr", "mss", "dr"]);
    let words = text.words();
    let upper = |at: usize| text.word_at(at).is_some_and(|word| word.shape == Shape::Upper);
    let mut family = index;
    while family - index < WORDS_MAX && text.joint(family) == b'-' && upper(family + 1) {
        family += 1;
    }
    let given = family + 1;
    if !upper(index) || text.joint(family) != b'/' || !upper(given) {
        return None;
    }
    // "AND/OR MR"
    let word = |at: usize| words[at].lex.any(Lex::WORD);
    if word(index) && word(given) && !words[given].lex.any(Lex::FIRST) {
        return None;
    }
    let behind = (given + 1..=given + WORDS_MAX)
        .take_while(|at| upper(*at) && matches!(text.joint(*at - 1), b' ' | b'-' | b'/'));
    let title = behind.filter(|at| TITLES.hold(text.spelled(*at))).last()?;
    Some(title - 1)
}
