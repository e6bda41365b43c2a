//! A text as the scorer sees it: words, and stretches that were found as one word each.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use crate::detect::{Lex, Shape, Text, Word};

/// A word, or a stretch that was found.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    pub(super) start: usize,
    pub(super) end: usize,
    /// What it says to its neighbours: see [`id_of`].
    pub(super) id: u32,
    /// Indices of its first and its last word.
    pub(super) words: (usize, usize),
}

impl Unit {
    pub(super) fn was_found(&self) -> bool {
        self.id == COVERED
    }

    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// What was found, whatever it was; and what a replacement may leave: years, states.
const COVERED: u32 = 1;
const UNKNOWN_LOWER: u32 = 2;
const UNKNOWN: u32 = 3;
const DIGITS: u32 = 0x10;
const ALNUM: u32 = 0x30;
/// What no word says: beyond the ends of the text.
pub(super) const NOTHING: u32 = 0x40;
/// Set for words that the lexicon knows as words.
pub(super) const WORD: u32 = 1 << 31;

/// Words that are known as such.
pub(super) const KNOWN: Lex = Lex::ANY_WORD.or(Lex::KEY).or(Lex::TITLE);

/// How many words may open a line.
const HEAD_WORDS_MAX: usize = 4;

/// Few things found have more words.
pub(super) const WORDS_MOSTLY: usize = 8;

/// How many units before and behind a word tell of it.
pub(super) const NEIGHBOURS: usize = 3;

/// How far what stands around a word tells of it, in bytes: some ten words.
pub(super) const NEAR_BYTES: usize = 80;

/// What joins words to one value when nothing else stands between.
const GLUE: &[u8] = b"-._/'@:#+";

/// How many words of it a word takes with it on each side: no identifier has more.
const GLUED_WORDS_MAX: usize = 12;

pub(super) struct Surroundings<'t, 'a, R> {
    pub(super) text: &'t Text<'a>,
    /// The text as it is written, which a folded text is not.
    pub(super) written: &'t str,
    /// Where in it a word stands.
    pub(super) raw: R,
    /// What was found in it or replaced before: disjoint, in order.
    pub(super) covered: &'t [Range<usize>],
    line: Cell<Line>,
    /// See [`Surroundings::kind`].
    kind: OnceCell<u32>,
}

/// The line that was looked at last, so that no line is gone through for each of its words.
#[derive(Clone, Copy, Default)]
struct Line {
    start: usize,
    /// Up to where no other begins, as far as was looked.
    seen: usize,
    /// What opens it, up to the first `:` or `=` among its first words: all of it, its last word, and where that ends.
    head: Option<(u32, u32, usize)>,
}

impl<'t, 'a, R: Fn(&Word) -> (usize, usize)> Surroundings<'t, 'a, R> {
    pub(super) fn new(
        text: &'t Text<'a>,
        written: &'t str,
        raw: R,
        covered: &'t [Range<usize>],
    ) -> Surroundings<'t, 'a, R> {
        let (line, kind) = (Cell::default(), OnceCell::new());
        let this = Surroundings { text, written, raw, covered, line, kind };
        this.line.set(Line { head: this.head_from(0), ..Line::default() });
        this
    }

    /// What kind of text it is, by signs that programs and tables have more often than prose, and by the small words of
    /// languages other than English. Those in what was found do not count: what stands for it has none of them.
    pub(super) fn kind(&self) -> u32 {
        const SIGNS: [u8; 3] = [b';', b'=', b'<'];
        let written = |sign: &u8| {
            let free = |at: usize| self.cover((at, at + 1)).is_none();
            self.text.may_hold(*sign) && memchr::memchr_iter(*sign, self.written.as_bytes()).any(free)
        };
        let abroad = || {
            let free = |word: &Word| word.lex.any(Lex::FUNCTION) && self.cover((self.raw)(word)).is_none();
            self.text.holds(Lex::FUNCTION) && self.text.words().iter().any(free)
        };
        *self.kind.get_or_init(|| {
            let signs = SIGNS.iter().zip(0..).map(|(sign, bit)| u32::from(written(sign)) << bit);
            signs.sum::<u32>() | u32::from(abroad()) << SIGNS.len()
        })
    }

    /// What was found where a word stands.
    pub(super) fn cover(&self, (start, end): (usize, usize)) -> Option<&'t Range<usize>> {
        let nearest = self.covered.partition_point(|range| range.end <= start);
        self.covered.get(nearest).filter(|range| range.start < end)
    }

    /// The unit of which a word is a part.
    pub(super) fn unit(&self, index: usize) -> Unit {
        let words = self.text.words();
        let (start, end) = (self.raw)(&words[index]);
        let Some(range) = self.cover((start, end)) else {
            if let Some(before) = index.checked_sub(1).filter(|before| self.is_left_behind(*before, index)) {
                return self.unit(before);
            }
            let spelled = self.text.spelled(index);
            let coarse = spelled == "90" && self.written.as_bytes().get(end) == Some(&b'+');
            let id = if coarse { COVERED } else { id_of(&words[index], spelled) };
            return Unit { start, end: end + usize::from(coarse), id, words: (index, index) };
        };
        // Most of what is found is a few words.
        let (mut first, mut last) = (index, index);
        while first > 0 && index - first < WORDS_MOSTLY && (self.raw)(&words[first - 1]).1 > range.start {
            first -= 1;
        }
        while last + 1 < words.len()
            && last - index < WORDS_MOSTLY
            && (self.raw)(&words[last + 1]).0 < range.end
        {
            last += 1;
        }
        if index - first == WORDS_MOSTLY {
            first = words.partition_point(|word| (self.raw)(word).1 <= range.start).min(index);
        }
        if last - index == WORDS_MOSTLY {
            last = words.partition_point(|word| (self.raw)(word).0 < range.end).max(index + 1) - 1;
        }
        let start = range.start.min((self.raw)(&words[first]).0);
        let mut end = range.end.max((self.raw)(&words[last]).1);
        while last + 1 < words.len() && self.is_left_behind(last, last + 1) {
            last += 1;
            end = (self.raw)(&words[last]).1;
        }
        Unit { start, end, id: COVERED, words: (first, last) }
    }

    /// Whether a word may be what is left of a place behind its label: the state behind what was found, or the digits of a
    /// ZIP code behind such a state.
    fn is_left_behind(&self, before: usize, index: usize) -> bool {
        let words = self.text.words();
        let word = &words[index];
        let zip = word.shape == Shape::Digits && matches!(word.len(), 3 | 5);
        if !zip && !is_state(word) {
            return false;
        }
        let (left, right) = ((self.raw)(&words[before]), (self.raw)(word));
        if self.cover(right).is_some() {
            return false;
        }
        let found = self.cover(left);
        let from = found.map_or(left.1, |range| range.end.max(left.1));
        match &self.written.as_bytes()[from.min(right.0)..right.0] {
            b", " => found.is_some() && is_state(word),
            b" " => {
                let further =
                    before.checked_sub(1).filter(|_| zip && found.is_none() && is_state(&words[before]));
                further.is_some_and(|further| self.is_left_behind(further, before))
            }
            _ => false,
        }
    }

    pub(super) fn before(&self, unit: &Unit) -> Option<Unit> {
        unit.words.0.checked_sub(1).map(|index| self.unit(index))
    }

    pub(super) fn behind(&self, unit: &Unit) -> Option<Unit> {
        let next = unit.words.1 + 1;
        (next < self.text.words().len()).then(|| self.unit(next))
    }

    pub(super) fn word(&self, unit: &Unit) -> &'t Word {
        &self.text.words()[unit.words.0]
    }

    /// What stands between two units, or a unit and the end of the text.
    pub(super) fn gap(&self, left: &Unit, right: Option<&Unit>) -> &'t [u8] {
        let end = right.map_or(self.written.len(), |right| right.start);
        &self.written.as_bytes()[left.end.min(end)..end]
    }

    /// Whether another unit was found and stands in the same line.
    pub(super) fn found_near(&self, unit: &Unit, other: Option<Unit>) -> bool {
        other.is_some_and(|other| {
            let (left, right) = if other.start < unit.start { (&other, unit) } else { (unit, &other) };
            other.was_found() && !ends_line(self.gap(left, Some(right)))
        })
    }

    pub(super) fn has_digit(&self, unit: &Unit) -> bool {
        self.written.as_bytes()[unit.range()].iter().any(u8::is_ascii_digit)
    }

    /// The unit with what is glued to it and was not found.
    pub(super) fn glued(&self, unit: &Unit) -> Range<usize> {
        let glued = |left: &Unit, right: &Unit| {
            let gap = self.gap(left, Some(right));
            gap.len() == 1 && GLUE.contains(&gap[0])
        };
        let (mut first, mut last) = (*unit, *unit);
        for _ in 0..GLUED_WORDS_MAX {
            let Some(behind) = self.behind(&last).filter(|at| !at.was_found() && glued(&last, at)) else {
                break;
            };
            last = behind;
        }
        for _ in 0..GLUED_WORDS_MAX {
            let Some(before) = self.before(&first).filter(|at| !at.was_found() && glued(at, &first)) else {
                break;
            };
            first = before;
        }
        first.start..last.end
    }

    /// What opens the line of a unit and ends before it: all of it, and its last word.
    pub(super) fn head(&self, unit: &Unit) -> Option<(u32, u32)> {
        let mut line = self.line.get();
        let from = if line.seen <= unit.start { line.seen } else { 0 };
        let found = memchr::memrchr(b'\n', &self.written.as_bytes()[from..unit.start]);
        let start = found.map_or(if from == 0 { 0 } else { line.start }, |end| from + end + 1);
        if start != line.start {
            line = Line { start, seen: start, head: self.head_from(start) };
        }
        line.seen = line.seen.max(unit.start);
        self.line.set(line);
        line.head.filter(|(_, _, end)| *end <= unit.start).map(|(all, last, _)| (all, last))
    }

    fn head_from(&self, line: usize) -> Option<(u32, u32, usize)> {
        let words = self.text.words();
        let first = words.partition_point(|word| (self.raw)(word).0 < line);
        let mut next = (first < words.len()).then(|| self.unit(first));
        let mut all = 0;
        for _ in 0..HEAD_WORDS_MAX {
            // Of something found it is not sure how many words it is, nor whether they are replaced.
            let this = next.filter(|this| !this.was_found())?;
            let behind = self.behind(&this);
            let gap = self.gap(&this, behind.as_ref());
            all = mixed(all, this.id);
            if gap.iter().take_while(|byte| **byte != b'\n').any(|byte| matches!(byte, b':' | b'=')) {
                return Some((all, this.id, this.end));
            }
            next = behind.filter(|_| !ends_line(gap));
        }
        None
    }
}

/// Whether one of `ranges`, disjoint and in order, is near enough to a word for what becomes of it to tell of the word.
pub(super) fn is_near((start, end): (usize, usize), ranges: &[Range<usize>]) -> bool {
    let nearest = ranges.partition_point(|range| range.end + NEAR_BYTES < start);
    ranges.get(nearest).is_some_and(|range| range.start <= end + NEAR_BYTES)
}

pub(super) fn ends_line(gap: &[u8]) -> bool {
    memchr::memchr(b'\n', gap).is_some()
}

/// What a word says to its neighbours: itself if it is one of a language, else only how it is written.
fn id_of(word: &Word, spelled: &str) -> u32 {
    match word.shape {
        Shape::Digits if is_year(spelled) => COVERED,
        Shape::Digits => DIGITS + word.len().min(12) as u32,
        // With a letter that stood beside the date.
        Shape::Alnum if is_year(spelled.trim_matches(char::is_alphabetic)) && spelled.len() <= 6 => COVERED,
        Shape::Alnum => ALNUM,
        _ if is_state(word) => COVERED,
        _ if word.lex.any(KNOWN) => (word.hash ^ word.hash >> 32) as u32 | WORD,
        Shape::Lower => UNKNOWN_LOWER,
        _ => UNKNOWN,
    }
}

fn is_state(word: &Word) -> bool {
    matches!(word.shape, Shape::Capital | Shape::Upper) && word.lex.any(Lex::STATE)
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && ("1800".."2200").contains(&digits)
}

/// Two hashes as one (multiplication after Knuth, TAOCP 6.4, and a fold so that the high bits depend on both).
#[inline]
pub(super) fn mixed(one: u32, other: u32) -> u32 {
    let product = (u64::from(one) << 32 | u64::from(other)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (product >> 32) as u32 ^ product as u32
}
