//! The one pass over a text that all detectors share: words, keywords, opaque runs.
//!
//! A word is a maximal run of letters and digits; everything else is gap. The bytes are classified 64 at a time
//! (`arch`), words are cut out of the bit masks, and each is hashed case-folded and looked up once in the lexicon,
//! so that a detector asks flags, never strings. The pass is linear and keeps 24 bytes a word.

use std::cell::RefCell;

use super::Blots;
use super::keywords::{self, Key, KeyHit};
use super::lexicon::{self, Lex};
use super::needs::{DIGITS_MAX, NUMBERS_MAX, Needs};
use super::seen::Seen;
use crate::arch::{self, BLOCK, Bits, Block, OfBit, sixteen_in_a_row};
use crate::{keys, shape, work};

/// The longest text that is searched, in bytes. A longer one becomes a single hit over all of it: not searched
/// is not clean.
pub const TEXT_BYTES_MAX: usize = 256 << 20;

/// A text made ready for the detectors: its bytes, where it stands, and when.
#[derive(Debug)]
pub struct Text<'a> {
    /// The text, already unescaped.
    pub text: &'a str,
    /// The nearest JSON key or column name: context as if it stood before the text.
    pub key: Option<&'a str>,
    /// The event's time, microseconds UTC: what "over 89" and two-digit years are measured against.
    pub as_of: i64,
    /// Whether codes stand in it for what was replaced before.
    pub(crate) blots: Blots,
    notes: Notes,
    /// One bit for each keyword that the key holds.
    key_context: u64,
    /// One bit for each keyword that stands in the text or its key.
    key_set: u64,
    /// Every flag that some word of the text has.
    lexes: Lex,
    /// Which bytes stand between the words, by [`sign_bit`].
    signs: u64,
    /// How many digits the text holds.
    digits: u32,
    /// What is seen of any of its numbers.
    seen: Seen,
    /// Whether a word of it begins an age over 89.
    age_words: bool,
    /// Whether it is the value of a member and nothing but a random id.
    neutral: bool,
}

/// What the pass noted, in the order of the text.
#[derive(Debug, Default)]
struct Notes {
    words: Vec<Word>,
    numbers: Vec<u32>,
    /// What is seen of each of them.
    seen: Vec<Seen>,
    hot: Vec<u32>,
    capitals: Vec<u32>,
    rare: Vec<u32>,
    glued: Vec<u32>,
    tied: Vec<u32>,
    ats: Vec<u32>,
    schemes: Vec<u32>,
    runs: Vec<(u32, u32)>,
    keys: Vec<KeyHit>,
}

/// The most sets of emptied notes that a thread keeps for its next texts, and the most words for which they have room
/// together: those of all texts of the documents that are worked on at once.
const SPARE_MAX: usize = 512;
const SPARE_WORDS_MAX: usize = 1 << 16;

/// Emptied notes.
#[derive(Debug)]
struct Spare {
    notes: Vec<Notes>,
    /// The words for which they have room.
    words: usize,
}

thread_local! {
    /// A document has some forty texts; without these each would allocate its notes anew.
    static SPARE: RefCell<Spare> = const { RefCell::new(Spare { notes: Vec::new(), words: 0 }) };
}

impl Spare {
    fn take(&mut self) -> Notes {
        let notes = self.notes.pop().unwrap_or_default();
        self.words -= notes.words.capacity();
        notes
    }

    fn put(&mut self, notes: Notes) {
        let words = self.words + notes.words.capacity();
        if self.notes.len() < SPARE_MAX && words <= SPARE_WORDS_MAX {
            self.words = words;
            self.notes.push(notes);
        }
    }
}

impl Drop for Text<'_> {
    fn drop(&mut self) {
        let notes = &mut self.notes;
        if notes.words.capacity() > SPARE_WORDS_MAX {
            return;
        }
        notes.words.clear();
        notes.numbers.clear();
        notes.seen.clear();
        notes.hot.clear();
        notes.capitals.clear();
        notes.rare.clear();
        notes.glued.clear();
        notes.tied.clear();
        notes.ats.clear();
        notes.schemes.clear();
        notes.runs.clear();
        notes.keys.clear();
        // A thread that ends has no spare notes any more.
        let _ = SPARE.try_with(|spare| spare.borrow_mut().put(std::mem::take(&mut self.notes)));
    }
}

/// How a word is written; those with a digit last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    /// `smith`
    Lower,
    /// `Smith`; a single capital too.
    Capital,
    /// `SMITH`, two letters or more.
    Upper,
    /// `McDonald`, `iPhone`
    Mixed,
    /// `1234`
    Digits,
    /// `15th`, `A1234`
    Alnum,
}

/// One word: where, how written, what the lexicon says of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    /// Of the word, folded; 0 for numbers and overlong words.
    pub(crate) hash: u64,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) lex: Lex,
    pub(crate) shape: Shape,
    /// See [`Word::capital`].
    begins_upper: bool,
    /// One space parts it from the next.
    spaced: bool,
}

impl Word {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    #[inline]
    pub(crate) fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// What is seen of it, if it is a number.
    #[inline]
    fn seen(&self, bytes: &[u8]) -> Seen {
        Seen::of(bytes, self.range(), self.shape == Shape::Digits)
    }

    /// Whether a name may begin at it: see [`Text::rare`].
    #[inline]
    pub(crate) fn is_rare(&self) -> bool {
        let plain = (self.shape == Shape::Lower) & (self.lex.and(Lex::WORD.or(Lex::TITLE)) == Lex::WORD);
        !(plain | (self.shape >= Shape::Digits))
    }

    /// Begins with a capital: `Smith`, `SMITH`, `McDonald`, `J`.
    #[inline]
    pub(crate) fn capital(&self, _: &str) -> bool {
        self.begins_upper
    }
}

/// The longest run of letters and digits that is looked up, in bytes; no name or keyword is longer.
const WORD_BYTES_MAX: usize = 48;
/// The shortest opaque run noted, in bytes: shorter ones are no key of any provider.
const RUN_BYTES_MIN: usize = 16;

impl<'a> Text<'a> {
    /// Reads the text once and keeps what the detectors need.
    pub fn new(text: &'a str, key: Option<&'a str>, as_of: i64) -> Text<'a> {
        let mut this = Text {
            text,
            key,
            as_of,
            blots: Blots::None,
            notes: SPARE.with_borrow_mut(Spare::take),
            key_context: key.map_or(0, keys::context),
            key_set: 0,
            lexes: Lex::NONE,
            signs: 0,
            digits: 0,
            seen: Seen::NOTHING,
            age_words: false,
            neutral: key.is_some() && shape::neutral(text),
        };
        if text.len() <= TEXT_BYTES_MAX {
            work::examined(text.len());
            this.read();
            let mut keys = std::mem::take(&mut this.notes.keys);
            this.age_words = keywords::find(&this, &mut keys);
            this.notes.keys = keys;
            this.key_set = this.notes.keys.iter().fold(this.key_context, |set, hit| set | hit.key.bit());
        }
        this
    }

    /// The same of a text in which codes may stand for what was replaced before.
    pub(crate) fn with_blots(text: &'a str, key: Option<&'a str>, as_of: i64, blots: Blots) -> Text<'a> {
        let mut this = Text::new(text, key, as_of);
        this.blots = blots;
        this
    }

    fn read(&mut self) {
        arch::with_classes(self.text.as_bytes(), |blocks| self.read_blocks(blocks));
    }

    /// Reads the text by the masks of its bytes.
    fn read_blocks(&mut self, blocks: &mut [Block]) {
        self.letters_only(blocks);
        // Every word is cut out by shifts of masks, which newer processors do in one instruction each.
        if arch::by_bits(Cut { text: self, blocks }) {
            self.runs_in(blocks);
        }
        self.look_up();
    }

    /// Cuts the words out of the masks, but does not yet ask what the lexicon says of them. Gives whether sixteen bytes in
    /// a row are of a word or join words.
    #[inline(always)]
    fn cut(&mut self, blocks: &[Block]) -> bool {
        let text = self.text;
        let (mut carry, mut long, mut signs, mut digits) = (0, 0, 0, 0);
        for (at, pair) in blocks.windows(2).enumerate() {
            let [here, next] = pair else { continue };
            signs |= self.signs(at * BLOCK, here.sign);
            digits += here.digit.count_ones();
            let rows = sixteen_in_a_row(here.wordy | here.join, next.wordy | next.join);
            long |= rows;
            let behind = here.wordy << 1 | carry;
            carry = here.wordy >> 63;
            let starts = here.wordy & !behind;
            let tied = (here.wordy | here.glue) >> 1 | (next.wordy | next.glue) << 63;
            self.glue(starts, here.glue & behind, tied);
            let spaces = !(here.wordy | here.sign | here.high) & (here.wordy >> 1 | next.wordy << 63);
            // What makes a word none of those that are cut here: it goes on in the next block, is long, or has letters
            // beyond ASCII.
            let other = here.wordy & 1 << (BLOCK - 1) | rows | here.high;
            arch::extend_by_bits(
                &mut self.notes.words,
                starts,
                Cutter { text, blocks, here, at, spaces, other },
            );
        }
        self.signs = signs;
        self.digits = digits;
        long != 0
    }

    /// Notes which words have a sign right behind them, and which of these another or a word behind that.
    #[inline(always)]
    fn glue(&mut self, starts: u64, mut signs: u64, tied: u64) {
        while signs != 0 {
            let sign = signs & signs.wrapping_neg();
            signs &= signs - 1;
            // The last of the words that begin before it.
            let index = (self.notes.words.len() as u32 + (starts & (sign - 1)).count_ones()).wrapping_sub(1);
            self.notes.glued.push(index);
            if tied & sign != 0 {
                self.notes.tied.push(index);
            }
        }
    }

    /// Takes from the words what lies beyond ASCII and is no letter.
    fn letters_only(&self, blocks: &mut [Block]) {
        if blocks.iter().fold(0, |high, block| high | block.high) == 0 {
            return;
        }
        let mut done = 0;
        for at in 0..blocks.len() {
            let mut high = blocks[at].high;
            while high != 0 {
                let start = at * BLOCK + high.trailing_zeros() as usize;
                high &= high - 1;
                if start < done {
                    continue;
                }
                let Some(letter) = self.text.get(start..).and_then(|rest| rest.chars().next()) else { break };
                done = start + letter.len_utf8();
                if !is_letter(letter) {
                    (start..done).for_each(|at| blocks[at / BLOCK].wordy &= !(1 << (at % BLOCK)));
                }
            }
        }
    }

    /// The set of the bytes at those bits, which stand between the words.
    #[inline]
    fn signs(&mut self, base: usize, mut mask: u64) -> u64 {
        let bytes = self.text.as_bytes();
        let mut signs = 0;
        while mask != 0 {
            let at = base + mask.trailing_zeros() as usize;
            mask &= mask - 1;
            let Some(&byte) = bytes.get(at) else { break };
            signs |= sign_bit(byte);
            if byte == b'@' {
                self.notes.ats.push(at as u32);
            } else if byte == b':' && bytes[at + 1..].starts_with(b"//") {
                self.notes.schemes.push(at as u32);
            }
        }
        signs
    }

    /// Looks the words up: by themselves, so that the processor waits for many of them at once.
    fn look_up(&mut self) {
        let lexicon = lexicon::get();
        let mut lexes = Lex::NONE;
        let Notes { words, numbers, seen, hot, capitals, rare, .. } = &mut self.notes;
        arch::sort_out(words, [numbers, hot, capitals, rare], |word| {
            let (number, lower) = (word.shape >= Shape::Digits, word.shape == Shape::Lower);
            let counts = if lower { Lex::ALL } else { Lex::IN_CAPITALS };
            word.lex = lexicon.look_up(word.hash).and(counts);
            lexes = lexes.or(word.lex);
            let hot = word.begins_upper | word.lex.any(Lex::HOT);
            [number, hot, hot & !lower, word.is_rare()]
        });
        self.lexes = lexes;
        if numbers.is_empty() {
            return;
        }
        let bytes = self.text.as_bytes();
        seen.extend(numbers.iter().map(|index| words[*index as usize].seen(bytes)));
        self.seen = seen.iter().fold(Seen::NOTHING, |all, seen| all.or(*seen));
    }

    /// Notes the opaque runs: words and what joins them, from a word on.
    #[cold]
    fn runs_in(&mut self, blocks: &[Block]) {
        let keep = |block: &Block| block.wordy | block.join;
        let mut done = 0;
        for at in 0..blocks.len() - 1 {
            let mut rows = sixteen_in_a_row(keep(&blocks[at]), keep(&blocks[at + 1]));
            while rows != 0 {
                let row = at * BLOCK + rows.trailing_zeros() as usize;
                rows &= rows - 1;
                if row < done {
                    continue;
                }
                let start = next_in(blocks, row, |block| block.wordy);
                done = next_in(blocks, row, |block| !keep(block));
                if done - start.min(done) >= RUN_BYTES_MIN {
                    self.notes.runs.push((start as u32, done as u32));
                }
            }
        }
    }

    /// Whether that byte may stand between the words: one bit serves several bytes, so yes is not for sure.
    #[inline]
    pub(crate) fn may_hold(&self, sign: u8) -> bool {
        self.signs & sign_bit(sign) != 0
    }

    /// Whether a control character that is no white space may stand in the text.
    pub(crate) fn may_hold_control(&self) -> bool {
        // These share their bits with no sign that is written often; the two others are looked for.
        const ALONE: u64 = 0x1FE | 1 << 11 | 1 << 12 | 0x7FF_C000;
        const ESCAPE: u8 = 0x1B;
        let shared = |byte: u8| self.may_hold(byte) && memchr::memchr(byte, self.text.as_bytes()).is_some();
        self.signs & ALONE != 0 || shared(ESCAPE) || shared(0)
    }

    /// What detectors may need and the text has.
    pub(super) fn has(&self) -> Needs {
        let when = |has: bool, needs: Needs| if has { needs.features } else { 0 };
        let features = Needs::NOTHING.features
            | when(!self.notes.hot.is_empty(), Needs::HOT)
            | when(!self.notes.capitals.is_empty() && self.notes.words.len() > 1, Needs::CAPITALS)
            | when(!self.notes.rare.is_empty(), Needs::RARE)
            | when(!self.notes.glued.is_empty(), Needs::GLUED)
            | when(!self.notes.tied.is_empty(), Needs::TIED)
            | when(self.notes.tied.len() >= 5, Needs::TIED_OFTEN)
            | when(self.notes.words.len() >= 3, Needs::THREE_WORDS)
            | when(!self.notes.runs.is_empty(), Needs::RUNS)
            | when(self.age_words, Needs::AGE_WORDS);
        Needs {
            features,
            keys: self.key_set,
            signs: self.signs,
            lexes: self.lexes,
            seen: self.seen,
            digits: self.digits.min(DIGITS_MAX) as u8,
            numbers: self.notes.numbers.len().min(NUMBERS_MAX) as u8,
        }
    }

    /// Every word, in order.
    #[inline]
    pub(crate) fn words(&self) -> &[Word] {
        &self.notes.words
    }

    /// The word at that index, if there is one.
    #[inline]
    pub(crate) fn word_at(&self, index: usize) -> Option<&Word> {
        self.notes.words.get(index)
    }

    /// How the word at that index is spelled.
    #[inline]
    pub(crate) fn spelled(&self, index: usize) -> &'a str {
        self.notes.words.get(index).map_or("", |word| &self.text[word.range()])
    }

    /// What stands between that word and the next.
    #[inline]
    pub(crate) fn gap(&self, index: usize) -> &'a str {
        match self.notes.words.get(index) {
            // Most gaps are told without a look at the text.
            Some(word) if word.spaced => " ",
            _ => self.any_gap(index),
        }
    }

    fn any_gap(&self, index: usize) -> &'a str {
        match (self.notes.words.get(index), self.notes.words.get(index + 1)) {
            (Some(left), Some(right)) => &self.text[left.end as usize..right.start as usize],
            (Some(left), None) => &self.text[left.end as usize..],
            _ => "",
        }
    }

    /// Indices of the words that hold a digit.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = usize> + '_ {
        self.notes.numbers.iter().map(|index| *index as usize)
    }

    /// The words that hold a digit of which one of these is seen: their indices, and what else is.
    pub(crate) fn numbers_like(&self, wanted: Seen) -> impl Iterator<Item = (usize, Seen)> + '_ {
        let (numbers, seen) = match self.seen.any(wanted) {
            true => (&self.notes.numbers[..], &self.notes.seen[..]),
            false => (&[][..], &[][..]),
        };
        let numbers = numbers.iter().zip(seen);
        numbers.filter(move |(_, seen)| seen.any(wanted)).map(|(index, seen)| (*index as usize, *seen))
    }

    /// The words at which a rule may begin, with their indices, in order: those that begin with a capital, and those
    /// with one of the flags of [`Lex::HOT`].
    pub(crate) fn hot(&self) -> impl Iterator<Item = (usize, &Word)> {
        self.notes.hot.iter().map(|index| (*index as usize, &self.notes.words[*index as usize]))
    }

    /// Those of the [hot](Text::hot) words that have a capital, which nearly always is the first letter.
    pub(crate) fn capitals(&self) -> impl Iterator<Item = (usize, &Word)> {
        self.notes.capitals.iter().map(|index| (*index as usize, &self.notes.words[*index as usize]))
    }

    /// The words at which a name may begin, with their indices, in order: all but those that hold a digit and words of
    /// the language in lower case that are no title.
    pub(crate) fn rare(&self) -> impl Iterator<Item = (usize, &Word)> {
        self.notes.rare.iter().map(|index| (*index as usize, &self.notes.words[*index as usize]))
    }

    /// Indices of the words with `.`, `:`, `-` or `#` right behind.
    pub(crate) fn glued(&self) -> impl Iterator<Item = usize> + '_ {
        self.notes.glued.iter().map(|index| *index as usize)
    }

    /// Those of them with a word, or another of these signs, right behind the sign.
    pub(crate) fn tied(&self) -> impl Iterator<Item = usize> + '_ {
        self.notes.tied.iter().map(|index| *index as usize)
    }

    /// Whether any word of the text has one of these flags.
    #[inline]
    pub(crate) fn holds(&self, flags: Lex) -> bool {
        self.lexes.any(flags)
    }

    /// Whether it is a UUID or a hash under a key: nobody's, so that no detector is asked. What the key tells of it counts.
    #[inline]
    pub(super) fn is_neutral(&self) -> bool {
        self.neutral
    }

    /// Whether a word that begins an age over 89 stands in the text: "ninety", "hundred".
    #[inline]
    pub(crate) fn holds_age_words(&self) -> bool {
        self.age_words
    }

    /// Offsets of every `@`, rising.
    pub(crate) fn ats(&self) -> &[u32] {
        &self.notes.ats
    }

    /// Offsets of every `://`, rising.
    pub(crate) fn schemes(&self) -> impl Iterator<Item = usize> + '_ {
        self.notes.schemes.iter().map(|at| *at as usize)
    }

    /// Opaque runs of sixteen bytes and more from the alphabets of keys: base64, base64url, hex.
    pub(crate) fn runs(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        self.notes.runs.iter().map(|(start, end)| *start as usize..*end as usize)
    }

    /// Where keywords stand, in order.
    pub(crate) fn keys(&self) -> &[KeyHit] {
        &self.notes.keys
    }

    /// Whether such a keyword stands anywhere in the text or is its JSON key.
    #[inline]
    pub(crate) fn has_key(&self, key: Key) -> bool {
        self.key_set & key.bit() != 0
    }

    /// Whether the JSON key around the text is such a keyword.
    #[inline]
    pub(crate) fn keyed(&self, key: Key) -> bool {
        self.key_context & key.bit() != 0
    }

    /// Whether such a keyword ends within `reach` bytes before that offset.
    pub(crate) fn key_before(&self, offset: usize, reach: usize, wanted: &[Key]) -> bool {
        if !wanted.iter().any(|key| self.has_key(*key)) {
            return false;
        }
        let upto = self.notes.keys.partition_point(|hit| hit.end <= offset);
        self.notes.keys[..upto]
            .iter()
            .rev()
            .take_while(|hit| hit.end + reach >= offset)
            .any(|hit| wanted.contains(&hit.key) && numberless(&self.text[hit.end..offset]))
            || (offset <= reach
                && wanted.iter().any(|key| self.keyed(*key))
                && numberless(&self.text[..offset]))
    }

    /// The byte between that word and the next where there is exactly one, 0 where there is not.
    #[inline]
    pub(crate) fn joint(&self, index: usize) -> u8 {
        if self.notes.words.get(index).is_some_and(|word| word.spaced) {
            return b' ';
        }
        match (self.notes.words.get(index), self.notes.words.get(index + 1)) {
            (Some(left), Some(right)) if right.start == left.end + 1 => {
                self.text.as_bytes()[left.end as usize]
            }
            _ => 0,
        }
    }

    /// The byte behind that word, 0 if the text ends with it.
    #[inline]
    pub(crate) fn byte_behind(&self, word: &Word) -> u8 {
        self.text.as_bytes().get(word.end as usize).copied().unwrap_or(0)
    }
}

/// The words of a text, to be cut out of its masks.
struct Cut<'t, 'a> {
    text: &'t mut Text<'a>,
    blocks: &'t [Block],
}

impl Bits for Cut<'_, '_> {
    type Output = bool;

    #[inline(always)]
    fn work(self) -> bool {
        self.text.cut(self.blocks)
    }
}

/// The words that begin in a block, to be cut out of its masks.
struct Cutter<'t> {
    text: &'t str,
    blocks: &'t [Block],
    here: &'t Block,
    /// Which of the blocks that is.
    at: usize,
    /// The spaces before words.
    spaces: u64,
    /// What makes a word none of those that are cut here.
    other: u64,
}

impl OfBit for Cutter<'_> {
    type Made = Word;

    #[inline(always)]
    fn make(&mut self, bit: usize) -> Word {
        let here = self.here;
        let start = self.at * BLOCK + bit;
        let rest = !(here.wordy >> bit);
        let length = rest.trailing_zeros() as usize;
        // The bits of the word and of the byte behind it.
        let within = rest ^ rest.wrapping_sub(1);
        let piece = if self.other >> bit & within == 0 {
            let spaced = self.spaces >> ((bit + length) % BLOCK) & 1 == 1;
            let bits = (here.upper >> bit & within, here.digit >> bit & within, within >> 1);
            piece(self.text, start, length, bits, spaced)
        } else {
            piece_on(self.text, start, self.blocks)
        };
        let Piece { hash, length, shape, begins_upper, spaced } = piece;
        let (start, end) = (start as u32, start as u32 + length);
        Word { hash, start, end, lex: Lex::NONE, shape, begins_upper, spaced }
    }
}

/// Without a digit: what a keyword tells, it tells of the first number behind it. So it is in a second pass too, in
/// which other numbers may be shorter than they were.
fn numberless(between: &str) -> bool {
    !between.bytes().any(|byte| byte.is_ascii_digit())
}

/// The bit of a byte in a set of 64.
#[inline]
pub(super) const fn sign_bit(byte: u8) -> u64 {
    1 << (byte & 63)
}

/// A letter of a word: modifier letters and combining marks included, so that decomposed accents stay inside. Not those of
/// scripts that put no space between words, Chinese, Japanese, Korean and Thai: what stands beside them is a word of its own.
fn is_letter(letter: char) -> bool {
    let spaceless = || {
        matches!(letter, '\u{E00}'..='\u{E7F}' | '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{9FFF}'
            | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
    };
    letter.is_alphabetic() && !spaceless() || ('\u{300}'..='\u{36F}').contains(&letter)
}

/// The first set bit of a mask at or behind `start`; the end of the blocks if there is none.
fn next_in(blocks: &[Block], start: usize, mask: impl Fn(&Block) -> u64) -> usize {
    let mut at = start / BLOCK;
    let mut bits = mask(&blocks[at]) & u64::MAX << (start % BLOCK);
    while bits == 0 && at + 1 < blocks.len() {
        at += 1;
        bits = mask(&blocks[at]);
    }
    at * BLOCK + bits.trailing_zeros() as usize
}

/// What is told of a word by its bytes alone: small enough to be given back in registers.
struct Piece {
    hash: u64,
    length: u32,
    shape: Shape,
    begins_upper: bool,
    spaced: bool,
}

/// A word of ASCII, by the bits of its bytes: capitals, digits, all.
#[inline(always)]
fn piece(text: &str, start: usize, length: usize, bits: (u64, u64, u64), spaced: bool) -> Piece {
    let (upper, digits, all) = bits;
    let hash = lexicon::hash_letters(text.as_bytes(), start, start + length);
    let length = length as u32;
    if upper | digits == 0 {
        return Piece { hash, length, shape: Shape::Lower, begins_upper: false, spaced };
    }
    let letters = digits == 0;
    let (hash, begins_upper) = (if letters { hash } else { 0 }, (upper & 1 == 1) & letters);
    Piece { hash, length, shape: ascii_shape(upper, digits, all), begins_upper, spaced }
}

/// A word that goes on into the next block, or is long, or has letters beyond ASCII.
#[inline(never)]
fn piece_on(text: &str, start: usize, blocks: &[Block]) -> Piece {
    let (here, next, bit) = (&blocks[start / BLOCK], &blocks[start / BLOCK + 1], start % BLOCK);
    // The bits of a mask from the word's first byte on.
    let bits = |here: u64, next: u64| ((u128::from(here) | u128::from(next) << BLOCK) >> bit) as u64;
    let length = (!bits(here.wordy, next.wordy)).trailing_zeros() as usize;
    let all = !(u64::MAX << (length % BLOCK));
    if length > WORD_BYTES_MAX || bits(here.high, next.high) & all != 0 {
        return piece_by_letters(text, start, blocks);
    }
    let (upper, digits) = (bits(here.upper, next.upper) & all, bits(here.digit, next.digit) & all);
    piece(text, start, length, (upper, digits, all), is_spaced(text, start + length, blocks))
}

/// The same letter by letter.
#[cold]
fn piece_by_letters(text: &str, start: usize, blocks: &[Block]) -> Piece {
    let end = next_in(blocks, start, |block| !block.wordy);
    let spelled = &text[start..end];
    let (shape, begins_upper) = spelled_shape(spelled);
    let hash = match shape {
        Shape::Digits | Shape::Alnum => 0,
        _ if end - start > WORD_BYTES_MAX => 0,
        _ if spelled.is_ascii() => lexicon::hash_letters(text.as_bytes(), start, end),
        _ => lexicon::hash(spelled),
    };
    Piece { hash, length: (end - start) as u32, shape, begins_upper, spaced: is_spaced(text, end, blocks) }
}

/// Whether one space stands at a word's end before the next word.
#[inline]
fn is_spaced(text: &str, end: usize, blocks: &[Block]) -> bool {
    let wordy = blocks[(end + 1) / BLOCK].wordy >> ((end + 1) % BLOCK) & 1 == 1;
    wordy && text.as_bytes().get(end) == Some(&b' ')
}

/// How a word of ASCII is written that has capitals or digits, by the bits of these and of all its bytes: what it is
/// cannot be foreseen, so that a table tells it and no branch.
#[inline(always)]
fn ascii_shape(upper: u64, digits: u64, all: u64) -> Shape {
    use Shape::{Alnum, Capital, Digits, Mixed, Upper};
    // By whether the first letter, and none else, is a capital, and all are; digits are some, and all. A single capital
    // is a first letter.
    static SHAPES: [Shape; 16] = [
        Mixed, Capital, Upper, Capital, Alnum, Alnum, Alnum, Alnum, Alnum, Alnum, Alnum, Alnum, Digits,
        Digits, Digits, Digits,
    ];
    let bit = |set: bool, bit: u32| usize::from(set) << bit;
    SHAPES[bit(upper == 1, 0) | bit(upper == all, 1) | bit(digits != 0, 2) | bit(digits == all, 3)]
}

/// How a word is written, and whether it begins with a capital, letter by letter.
fn spelled_shape(word: &str) -> (Shape, bool) {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits > 0 {
        return (if digits == word.len() { Shape::Digits } else { Shape::Alnum }, false);
    }
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    let (letters, uppers) = word
        .chars()
        .fold((0, 0), |(letters, uppers), letter| (letters + 1, uppers + u32::from(letter.is_uppercase())));
    let shape = match uppers {
        0 => Shape::Lower,
        1 if capital => Shape::Capital,
        _ if uppers == letters => Shape::Upper,
        _ => Shape::Mixed,
    };
    (shape, capital)
}

#[cfg(test)]
mod tests;
