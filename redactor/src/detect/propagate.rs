//! Propagation: a name found once is found everywhere in the same document.
//!
//! A name that a title, a label or a structured field gave away ("Patient: Anna Sorel") seeds its words; each
//! later mention of one of them ("Sorel was seen again") is a name too, and takes the full mention's token.

use super::{Category, Hit, Text};

/// The most seeds kept for one document; a document with more names than that is no prompt but a roster.
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
    /// Which seed: index into the list given to [`Names::new`].
    pub seed: usize,
}

/// The names of one document, ready to be looked for in all its texts.
#[derive(Debug)]
pub struct Names {
    seeds: Vec<Seed>,
}

impl Names {
    /// The seeds that one text's name hits give, adding to `seeds` what is not there yet.
    pub fn seeds(text: &Text<'_>, hits: &[Hit], seeds: &mut Vec<Seed>) {
        for hit in hits.iter().filter(|hit| hit.category == Category::Name) {
            let full = &text.text[hit.start..hit.end];
            if seeds.len() < SEEDS_MAX && !seeds.iter().any(|seed| seed.full == full) {
                seeds.push(Seed { full: full.to_string() });
            }
        }
    }

    /// Prepares to look for these.
    pub fn new(seeds: Vec<Seed>) -> Names {
        Names { seeds }
    }

    /// The seeds, in the order of [`Mention::seed`].
    pub fn list(&self) -> &[Seed] {
        &self.seeds
    }

    /// Adds every mention of a seed in `text`.
    pub fn find(&self, text: &Text<'_>, mentions: &mut Vec<Mention>) {
        for (seed, name) in self.seeds.iter().enumerate() {
            for (start, _) in text.text.match_indices(&name.full) {
                let end = start + name.full.len();
                let hit = Hit { start, end, category: Category::Name, rule: "name.propagated", score: 0.9 };
                mentions.push(Mention { hit, seed });
            }
        }
    }
}
