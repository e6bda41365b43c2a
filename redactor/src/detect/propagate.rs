//! Propagation: a name found once is found everywhere in the same document.
//!
//! A name that a title, a label or a structured field gave away ("Patient: Anna Sorel") seeds its words; each
//! later mention of one of them ("Sorel was seen again", "ANNA SOREL") is a name too. It stands for the full
//! name if only one person of the document is called so, and for itself if two are. Words that are also common ones
//! ("May", "Brown") count only capitalised as in the name and never at the start of a term ("Wilson's disease"). The
//! number of seeds is bounded; looking for them is one table look-up a word.

use std::ops::Range;

use super::lexicon::{ByWord, HashBits, Lex};
use super::name;
use super::text::{Shape, Text, Word};
use super::{Category, Hit, NEEDS_COMPANY};
use crate::work;

/// The most seeds kept for one document; a document with more names than that is no prompt but a roster, and is
/// told by [`Names::overflow`].
pub const SEEDS_MAX: usize = 1024;

/// A name found with certainty in a document, and the mentions of it to look for.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    /// The mention as it was found, without title.
    pub full: String,
}

/// A later mention of a seed, whole or in part.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Where, as a hit of [`Category::Name`] with the rule `name.propagated`.
    pub hit: Hit,
    /// Which seed it stands for: index into [`Names::list`]. None if two persons are called so.
    pub seed: Option<usize>,
}

/// A word of a seed.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// The first seed that holds it.
    seed: usize,
    /// Whether another person is called so too.
    shared: bool,
    /// Counts in lower case too: no common word, no town, three letters at least.
    anywhere: bool,
}

/// The names of one document, ready to be looked for in all its texts.
#[derive(Debug, Default)]
pub struct Names {
    seeds: Vec<Seed>,
    parts: ByWord<Part>,
    /// The hashes of the words of all seeds, and which of them are each seed's.
    hashes: Vec<u64>,
    held: Vec<Range<usize>>,
    /// Tells of nearly every word that it is none of the parts.
    bits: HashBits<8>,
}

impl Names {
    /// The seeds that one text's hits give, added to `seeds` if not there yet: its names that stand on their own,
    /// longest first within the text, so that "Anna Sorel" and not "Anna" is what a later "Anna" stands for.
    pub fn seeds(text: &Text<'_>, hits: &[Hit], seeds: &mut Vec<Seed>) {
        let named = |hit: &&Hit| hit.category == Category::Name && hit.score >= NEEDS_COMPANY;
        let mut found: Vec<&Hit> = hits.iter().filter(named).collect();
        found.sort_by_key(|hit| std::cmp::Reverse(hit.end - hit.start));
        for hit in found {
            let full = without_title(text, hit);
            if seeds.len() < SEEDS_MAX && !full.is_empty() && !seeds.iter().any(|seed| seed.full == full) {
                seeds.push(Seed { full: full.to_string() });
            }
        }
    }

    /// Prepares to look for these. The first seed that holds a word is the one its mentions stand for, except that a
    /// longer name is preferred; a name that is part of another one is the same person's.
    pub fn new(seeds: Vec<Seed>) -> Names {
        let mut order: Vec<usize> = (0..seeds.len()).collect();
        if order.len() > 1 {
            let words = |seed: &usize| seeds[*seed].full.split_whitespace().count();
            order.sort_by_cached_key(|seed| std::cmp::Reverse(words(seed)));
        }
        // All of them are cut into words at once: a text by itself costs more than its words.
        let mut lines = String::with_capacity(seeds.iter().map(|seed| seed.full.len() + 1).sum());
        for seed in &order {
            lines.push_str(&seeds[*seed].full);
            lines.push('\n');
        }
        let text = Text::new(&lines, None, 0);
        let mut words = text.words().iter().enumerate().peekable();
        let mut parts = ByWord::<Part>::default();
        let mut hashes = Vec::with_capacity(words.len());
        let mut held = vec![0..0; seeds.len()];
        let mut end = 0;
        for seed in order {
            end += seeds[seed].full.len() + 1;
            let own = hashes.len();
            while let Some((index, word)) = words.next_if(|(_, word)| (word.start as usize) < end) {
                let spelled = text.spelled(index);
                let common =
                    Lex::ANY_WORD.or(Lex::NEVER).or(Lex::MONTH).or(Lex::DRUG).or(Lex::CLINICAL).or(Lex::TOWN);
                if word.len() < 2
                    || matches!(word.shape, Shape::Digits | Shape::Alnum)
                    || name::is_particle(spelled)
                {
                    continue;
                }
                let anywhere = word.len() > 2 && !word.lex.any(common) && !name::is_everyday(word);
                parts.entry(word.hash).or_insert(Part { seed, shared: false, anywhere });
                hashes.push(word.hash);
            }
            held[seed] = own..hashes.len();
            let (earlier, own) = hashes.split_at(own);
            for hash in own {
                let Some(part) = parts.get_mut(hash).filter(|part| part.seed != seed) else { continue };
                let other = &earlier[held[part.seed].clone()];
                part.shared |= !is_part(own, other) && !is_part(other, own);
            }
        }
        let mut bits = HashBits::default();
        parts.keys().for_each(|hash| bits.add(*hash));
        Names { seeds, parts, hashes, held, bits }
    }

    /// The seeds, in the order of [`Mention::seed`].
    pub fn list(&self) -> &[Seed] {
        &self.seeds
    }

    /// Whether a document's seeds reached the limit, so that later names were not taken.
    pub fn overflow(&self) -> bool {
        self.seeds.len() >= SEEDS_MAX
    }

    /// The seed that a hit stands for: the one that holds its words, if there is one.
    pub fn seed_of(&self, text: &Text<'_>, hit: &Hit) -> Option<usize> {
        let first = text.words().partition_point(|word| (word.start as usize) < hit.start);
        text.words()[first..]
            .iter()
            .take_while(|word| (word.end as usize) <= hit.end)
            .find_map(|word| self.parts.get(&word.hash))
            .map(|part| part.seed)
    }

    /// Adds every mention of a seed in `text`: neighbouring words of one seed as one hit.
    pub fn find(&self, text: &Text<'_>, mentions: &mut Vec<Mention>) {
        if self.parts.is_empty() {
            return;
        }
        work::examined(text.text.len());
        let words = text.words();
        let mut next = 0;
        // A word of the language in lower case is no mention: those are not among the rare ones.
        for (index, word) in text.rare() {
            if index < next || !self.bits.may_hold(word.hash) {
                continue;
            }
            let Some(mut part) = self.mentioned(text, index) else { continue };
            let mut last = index;
            while matches!(text.gap(last), " " | "-" | ", " | ". ")
                && let Some(next) = self.mentioned(text, last + 1)
            {
                // A first word that two persons share goes with the one that the next word is of.
                if !self.holds(part.seed, words[last + 1].hash) {
                    if last > index || !self.holds(next.seed, word.hash) {
                        break;
                    }
                    part = next;
                }
                last += 1;
            }
            let (start, end) = (words[index].start as usize, words[last].end as usize);
            let hit = Hit { start, end, category: Category::Name, rule: "name.propagated", score: 0.9 };
            let seed = (last > index || !part.shared).then_some(part.seed);
            mentions.push(Mention { hit, seed });
            next = last + 1;
        }
    }

    fn mentioned(&self, text: &Text<'_>, index: usize) -> Option<Part> {
        let word = text.word_at(index)?;
        if matches!(word.shape, Shape::Digits | Shape::Alnum) {
            return None;
        }
        let part = *self.parts.get(&word.hash)?;
        // "para" is a word amid Spanish, whoever is called so.
        let abroad = word.lex.any(Lex::ABROAD.or(Lex::FUNCTION));
        let written = word.capital(text.text) || part.anywhere && !abroad;
        // A common word in capitals among capitals says nothing: "WILL THE PATIENT".
        let shouted = !part.anywhere && word.shape == Shape::Upper;
        (written && !shouted && !name::term_use(text, index)).then_some(part)
    }

    fn holds(&self, seed: usize, hash: u64) -> bool {
        self.hashes[self.held[seed].clone()].contains(&hash)
    }
}

/// Whether all words of a name are another name's.
fn is_part(words: &[u64], of: &[u64]) -> bool {
    words.iter().all(|word| of.contains(word))
}

/// The name that was found without the titles before it.
fn without_title<'a>(text: &Text<'a>, hit: &Hit) -> &'a str {
    let words = text.words();
    let full = &text.text[hit.start..hit.end];
    let from = words.partition_point(|word| (word.end as usize) <= hit.start);
    let within = |word: &Word| (word.start as usize) < hit.end;
    for word in words[from..].iter().take_while(|word| within(word)) {
        if (word.start as usize) < hit.start || (word.end as usize) > hit.end {
            return without_title_of_parts(full);
        }
        if !word.lex.any(Lex::TITLE) {
            return &full[word.start as usize - hit.start..];
        }
    }
    ""
}

/// The same of a hit that begins or ends within a word.
#[cold]
fn without_title_of_parts(full: &str) -> &str {
    let text = Text::new(full, None, 0);
    let first = text.words().iter().position(|word| !word.lex.any(Lex::TITLE));
    first.map_or("", |first| &full[text.words()[first].start as usize..])
}

#[cfg(test)]
mod tests;
