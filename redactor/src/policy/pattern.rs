//! Patterns of a policy's own: regular expressions of the linear-time kind, tried only behind their gates.
//!
//! With a validator or context words a match counts if its check digits are right or such a word stands near: context
//! beats checksums, as everywhere in the redactor.

use regex_automata::meta::{self, Regex};
use regex_automata::nfa::thompson;
use regex_automata::{Anchored, Input};
use serde::Deserialize;
use toml::Spanned;

use super::gate::{self, FIRST_BYTES_MAX, FirstBytes, Gates};
use super::validator::Validator;
use super::{Place, PolicyError, entry};
use crate::detect::{Category, Hit, Text};
use crate::work;

/// The most patterns of one policy.
pub(super) const PATTERNS_MAX: usize = 64;

/// The longest regular expression, in bytes.
const REGEX_BYTES_MAX: usize = 1024;

/// The longest match that a pattern may have, in bytes.
const MATCH_BYTES_MAX: usize = 256;

/// The most memory that a compiled pattern may take, in bytes.
const AUTOMATON_BYTES_MAX: usize = 1 << 20;

/// The most context words of one pattern, and the longest of them in bytes.
const CONTEXT_WORDS_MAX: usize = 32;
const CONTEXT_WORD_BYTES_MAX: usize = 48;

/// How far before and behind a match a context word may stand, in bytes.
const CONTEXT_BYTES: usize = 64;

/// The score of a pattern that states none.
const SCORE: f32 = 0.8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatternFields {
    pub(super) name: Spanned<String>,
    category: Spanned<String>,
    regex: Spanned<String>,
    validator: Option<Spanned<String>>,
    #[serde(default)]
    context: Vec<Spanned<String>>,
    score: Option<Spanned<f64>>,
}

/// A pattern, ready to be looked for.
pub(super) struct Pattern {
    pub(super) rule: &'static str,
    pub(super) line: usize,
    category: Category,
    regex: Regex,
    first: FirstBytes,
    validator: Option<Validator>,
    /// In lower case.
    context: Vec<String>,
    score: f32,
}

impl Pattern {
    pub(super) fn new(place: &Place<'_>, fields: &PatternFields) -> Result<Pattern, PolicyError> {
        let name = entry::name(place, &fields.name)?;
        let (regex, first) = compile(place, &fields.regex)?;
        let validator = match &fields.validator {
            None => None,
            Some(given) => {
                let known = Validator::ALL.iter().find(|(name, _)| name == given.get_ref());
                let Some((_, validator)) = known else {
                    let known: Vec<_> = Validator::ALL.iter().map(|(name, _)| *name).collect();
                    let what = format!("unknown validator \"{}\"", given.get_ref());
                    return Err(place.error(
                        given.span().start,
                        what,
                        format!("one of {}", known.join(", ")),
                    ));
                };
                Some(*validator)
            }
        };
        let at = fields.name.span().start;
        entry::at_most(place, at, "context words", fields.context.len(), CONTEXT_WORDS_MAX)?;
        for word in &fields.context {
            let plain = word.get_ref().chars().any(char::is_alphanumeric)
                && word.get_ref().len() <= CONTEXT_WORD_BYTES_MAX
                && word.get_ref().trim() == word.get_ref();
            if !plain {
                let what = format!("a context word is not 1 to {CONTEXT_WORD_BYTES_MAX} bytes with a letter");
                return Err(place.error(word.span().start, what, "write the word as it stands in texts"));
            }
        }
        let score = match &fields.score {
            None => SCORE,
            Some(score) if *score.get_ref() > 0.0 && *score.get_ref() <= 1.0 => *score.get_ref() as f32,
            Some(score) => {
                let what = format!("score {} is not above 0 and at most 1", score.get_ref());
                let way_out = "below 0.5 a match counts only in a document with another identifier";
                return Err(place.error(score.span().start, what, way_out));
            }
        };
        Ok(Pattern {
            rule: entry::rule(place, at, "pattern", name)?,
            line: place.line(at),
            category: entry::category(place, &fields.category)?,
            regex,
            first,
            validator,
            context: fields.context.iter().map(|word| word.get_ref().to_lowercase()).collect(),
            score,
        })
    }

    /// What it matches at a place where its gate is open. At most [`MATCH_BYTES_MAX`] bytes are looked at.
    fn at(&self, text: &Text<'_>, start: usize) -> Option<Hit> {
        let bytes = text.text.as_bytes();
        let reach = (start + MATCH_BYTES_MAX).min(bytes.len());
        work::examined(reach - start);
        let input = Input::new(bytes).range(start..reach).anchored(Anchored::Yes);
        let end = self.regex.search(&input)?.end();
        self.counts(text, start, end).then_some(Hit {
            start,
            end,
            category: self.category,
            rule: self.rule,
            score: self.score,
        })
    }

    fn counts(&self, text: &Text<'_>, start: usize, end: usize) -> bool {
        let Some(matched) = text.text.get(start..end) else { return false };
        if self.validator.is_none() && self.context.is_empty() {
            return true;
        }
        self.validator.is_some_and(|validator| validator.holds(matched))
            || (!self.context.is_empty() && self.in_context(text, start, end))
    }

    /// Whether a context word stands near, as a word of its own, or in the key.
    fn in_context(&self, text: &Text<'_>, start: usize, end: usize) -> bool {
        let near = |from: usize, to: usize| {
            let from = (from..).find(|at| text.text.is_char_boundary(*at)).unwrap_or(to);
            let to = (0..=to).rev().find(|at| text.text.is_char_boundary(*at)).unwrap_or(from);
            text.text.get(from..to).unwrap_or("").to_lowercase()
        };
        let before = near(start.saturating_sub(CONTEXT_BYTES), start);
        let behind = near(end, (end + CONTEXT_BYTES).min(text.text.len()));
        let key = text.key.map(str::to_lowercase).unwrap_or_default();
        self.context
            .iter()
            .any(|word| holds_word(&before, word) || holds_word(&behind, word) || key.contains(word.as_str()))
    }
}

/// Whether the text holds the word, with neither letter nor digit right beside it.
fn holds_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !behind.is_some_and(char::is_alphanumeric)
    })
}

/// The patterns of a policy, and the gates of all of them.
#[derive(Default)]
pub(super) struct Patterns {
    pub(super) list: Vec<Pattern>,
    gates: Option<Gates>,
}

impl Patterns {
    pub(super) fn new(list: Vec<Pattern>) -> Patterns {
        let gates = (!list.is_empty()).then(|| Gates::new(list.iter().map(|pattern| &pattern.first)));
        Patterns { list, gates }
    }

    /// Adds what they find, of each the leftmost matches that do not overlap.
    pub(super) fn find(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        let Some(gates) = &self.gates else { return };
        work::examined(text.text.len());
        // Where the last match of each ends.
        let mut ends = [0; PATTERNS_MAX];
        gates.each(text.text.as_bytes(), |start, mut open| {
            while open != 0 {
                let nth = open.trailing_zeros() as usize;
                open &= open - 1;
                if start >= ends[nth]
                    && let Some(hit) = self.list[nth].at(text, start)
                {
                    ends[nth] = hit.end;
                    hits.push(hit);
                }
            }
        });
    }
}

fn compile(place: &Place<'_>, given: &Spanned<String>) -> Result<(Regex, FirstBytes), PolicyError> {
    let (at, text) = (given.span().start, given.get_ref());
    if text.len() > REGEX_BYTES_MAX {
        let what = format!("a regex of {} bytes; at most {REGEX_BYTES_MAX} are taken", text.len());
        return Err(place.error(at, what, "split it into several patterns"));
    }
    let hir = regex_syntax::parse(text).map_err(|error| {
        let (what, character) = match &error {
            regex_syntax::Error::Parse(error) => (error.kind().to_string(), error.span().start.column),
            regex_syntax::Error::Translate(error) => (error.kind().to_string(), error.span().start.column),
            _ => ("is not understood".to_owned(), 1),
        };
        let what = format!("regex, character {character}: {}", what.replace('\n', " "));
        place.error(
            at,
            what,
            "the syntax is that of the Rust crate regex: no look-around, no back-references",
        )
    })?;
    let properties = hir.properties();
    if properties.minimum_len().is_none_or(|bytes| bytes == 0) {
        return Err(place.error(at, "the regex can match nothing at all", "let it ask for a character"));
    }
    match properties.maximum_len() {
        Some(bytes) if bytes <= MATCH_BYTES_MAX => {}
        longest => {
            let what = match longest {
                Some(bytes) => {
                    format!("the regex can match {bytes} bytes; at most {MATCH_BYTES_MAX} are taken")
                }
                None => "the regex has no longest match".to_owned(),
            };
            let way_out =
                format!("say how often at most: {{1,20}} in place of + or *; in all {MATCH_BYTES_MAX} bytes");
            return Err(place.error(at, what, way_out));
        }
    }
    if !gate::has_gate(&hir) {
        let what = format!(
            "the regex has no gate: it begins neither with a literal nor with a class of at most {FIRST_BYTES_MAX} bytes, \
             so it would have to be tried everywhere"
        );
        return Err(place.error(
            at,
            what,
            "begin it with what is always there, such as BDG-, [0-9] or [A-Z]",
        ));
    }
    let config = meta::Config::new()
        .nfa_size_limit(Some(AUTOMATON_BYTES_MAX))
        .onepass_size_limit(Some(AUTOMATON_BYTES_MAX))
        .hybrid_cache_capacity(AUTOMATON_BYTES_MAX);
    let too_large = || {
        let what = format!("the regex needs more than {AUTOMATON_BYTES_MAX} bytes of memory");
        place.error(at, what, "make its classes or counts smaller")
    };
    let regex = Regex::builder().configure(config).build_from_hir(&hir).map_err(|_| too_large())?;
    let config = thompson::Config::new()
        .which_captures(thompson::WhichCaptures::None)
        .nfa_size_limit(Some(AUTOMATON_BYTES_MAX));
    let nfa = thompson::Compiler::new().configure(config).build_from_hir(&hir).map_err(|_| too_large())?;
    Ok((regex, FirstBytes::of(&nfa)))
}
