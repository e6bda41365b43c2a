//! Names as airlines and railways write them: `OSEI-BROWN/DANTE MR`, family name and given names in capitals with a slash
//! between, a title behind (IATA Reservations Interline Message Procedures, name element).

use super::lexicon::Lex;
use super::text::{Shape, Text};
use super::words::Words;
use super::{Category, Detector, Hit, Needs};

/// Finds names on tickets.
pub(super) struct Ticket;

/// The most words of the given names, the title last.
const WORDS_MAX: usize = 4;

impl Detector for Ticket {
    fn id(&self) -> &'static str {
        "ticket"
    }

    fn categories(&self) -> &'static [Category] {
        &[Category::Name]
    }

    fn example(&self) -> &'static str {
        "booked for OSEI-BROWN/DANTE MR"
    }

    fn needs(&self) -> Needs {
        Needs::CAPITALS
    }

    fn needs_too(&self) -> Needs {
        Needs::signs(b"/")
    }

    fn detect(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let words = text.words();
        for (index, _) in text.capitals() {
            let word = |at: usize| words[at].lex.any(Lex::WORD);
            let named = words
                .get(index + 1)
                .is_some_and(|given| given.lex.any(Lex::FIRST) || !word(index) || !word(index + 1));
            if words[index].shape == Shape::Upper
                && text.gap(index) == "/"
                && named
                && let Some(title) = title_behind(text, index + 1)
            {
                let mut first = index;
                while first > 0
                    && matches!(text.gap(first - 1), "-" | "'")
                    && words[first - 1].shape == Shape::Upper
                {
                    first -= 1;
                }
                let (start, end) = (words[first].start as usize, words[title - 1].end as usize);
                hits.push(Hit { start, end, category: Category::Name, rule: "ticket.name", score: 0.8 });
            }
        }
    }
}

/// The title behind the capitals that begin there.
fn title_behind(text: &Text<'_>, given: usize) -> Option<usize> {
    static TITLES: Words<7> = Words::new(["mr", "mrs", "ms", "miss", "mstr", "mss", "dr"]);
    let upper = |at: usize| text.word_at(at).is_some_and(|word| word.shape == Shape::Upper);
    let behind = (given + 1..=given + WORDS_MAX)
        .take_while(|at| upper(*at - 1) && upper(*at) && matches!(text.gap(*at - 1), " " | "-" | "/"));
    behind.filter(|at| TITLES.hold(text.spelled(*at))).last()
}

#[cfg(test)]
mod tests;
