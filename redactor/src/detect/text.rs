//! The one pass over a text that all detectors share: words, keywords, opaque runs.
//!
//! A word is a maximal run of letters and digits; everything else is gap. Each word is hashed case-folded while
//! it is read and looked up once in the lexicon, so that a detector asks flags, never strings. The pass is
//! linear and keeps sixteen bytes a word.

use std::cell::RefCell;

use super::keywords::{self, Key, KeyHit};
use super::lexicon::{self, Lex};

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
    notes: Notes,
    /// One bit for each keyword that the key holds.
    key_context: u64,
    /// One bit for each keyword that stands in the text or its key.
    key_set: u64,
    /// Every flag that some word of the text has.
    lexes: Lex,
    /// Which bytes stand between the words, by [`sign_bit`].
    signs: u64,
}

/// What the pass noted, in the order of the text.
#[derive(Debug, Default)]
struct Notes {
    words: Vec<Word>,
    numbers: Vec<u32>,
    glued: Vec<u32>,
    ats: Vec<u32>,
    runs: Vec<(u32, u32)>,
    keys: Vec<KeyHit>,
}

/// The most sets of emptied notes that a thread keeps for its next texts, and the most words of one.
const SPARE_MAX: usize = 64;
const SPARE_WORDS_MAX: usize = 4096;

thread_local! {
    /// A document has some forty texts; without these each would allocate its notes anew.
    static SPARE: RefCell<Vec<Notes>> = const { RefCell::new(Vec::new()) };
}

impl Drop for Text<'_> {
    fn drop(&mut self) {
        let mut notes = std::mem::take(&mut self.notes);
        if notes.words.capacity() > SPARE_WORDS_MAX {
            return;
        }
        notes.words.clear();
        notes.numbers.clear();
        notes.glued.clear();
        notes.ats.clear();
        notes.runs.clear();
        notes.keys.clear();
        // A thread that ends has no spare notes any more.
        let _ = SPARE.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.len() < SPARE_MAX {
                spare.push(notes);
            }
        });
    }
}

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    /// Begins with a capital: `Smith`, `SMITH`, `McDonald`, `J`.
    #[inline]
    pub(crate) fn capital(&self, text: &str) -> bool {
        match self.shape {
            Shape::Capital | Shape::Upper => true,
            Shape::Mixed => text[self.range()].chars().next().is_some_and(char::is_uppercase),
            _ => false,
        }
    }
}

/// The longest run of letters and digits that is looked up, in bytes; no name or keyword is longer.
const WORD_BYTES_MAX: usize = 48;
/// The shortest opaque run noted, in bytes: shorter ones are no key of any provider.
const RUN_BYTES_MIN: usize = 16;

const LOWER: u8 = 1;
const UPPER: u8 = 2;
const DIGIT: u8 = 4;
const HIGH: u8 = 8;
/// Joins an opaque run without being a letter or digit.
const JOIN: u8 = 16;
const WORDY: u8 = LOWER | UPPER | DIGIT | HIGH;

static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0u8; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            0x80..=0xFF => HIGH,
            b'-' | b'_' | b'+' | b'/' | b'=' => JOIN,
            _ => 0,
        };
        byte += 1;
    }
    table
}

impl<'a> Text<'a> {
    /// Reads the text once and keeps what the detectors need.
    pub fn new(text: &'a str, key: Option<&'a str>, as_of: i64) -> Text<'a> {
        let mut this = Text {
            text,
            key,
            as_of,
            notes: SPARE.with_borrow_mut(Vec::pop).unwrap_or_default(),
            key_context: key.map_or(0, keywords::of_key),
            key_set: 0,
            lexes: Lex::NONE,
            signs: 0,
        };
        if text.len() <= TEXT_BYTES_MAX {
            this.read();
            let mut keys = std::mem::take(&mut this.notes.keys);
            keywords::find(&this, &mut keys);
            this.notes.keys = keys;
            this.key_set = this.notes.keys.iter().fold(this.key_context, |set, hit| set | hit.key.bit());
        }
        this
    }

    fn read(&mut self) {
        let bytes = self.text.as_bytes();
        let lexicon = lexicon::get();
        let mut at = 0;
        let mut run: Option<usize> = None;
        while at < bytes.len() {
            let class = CLASS[bytes[at] as usize];
            if class & WORDY != 0 {
                let end = self.word(at, lexicon);
                if end > at {
                    run.get_or_insert(at);
                    at = end;
                    if bytes.get(at).is_some_and(|byte| matches!(byte, b'.' | b':' | b'-' | b'#')) {
                        self.notes.glued.push(self.notes.words.len() as u32 - 1);
                    }
                    continue;
                }
                at += char_len(bytes[at]); // a character beyond ASCII that is no letter
                self.close(&mut run, at - 1);
                continue;
            }
            if class & JOIN == 0 {
                self.close(&mut run, at);
            }
            self.signs |= sign_bit(bytes[at]);
            if bytes[at] == b'@' {
                self.notes.ats.push(at as u32);
            }
            at += 1;
        }
        self.close(&mut run, bytes.len());
    }

    fn close(&mut self, run: &mut Option<usize>, end: usize) {
        if let Some(start) = run.take().filter(|start| end - start >= RUN_BYTES_MIN) {
            self.notes.runs.push((start as u32, end as u32));
        }
    }

    /// Reads the word at `start`, if there is one, and gives its end.
    fn word(&mut self, start: usize, lexicon: &lexicon::Lexicon) -> usize {
        let bytes = self.text.as_bytes();
        let (mut at, mut seen, mut uppers) = (start, 0u8, 0usize);
        while at < bytes.len() {
            let class = CLASS[bytes[at] as usize];
            if class & WORDY == 0 {
                break;
            }
            if class == HIGH {
                let Some(letter) = self.text[at..].chars().next().filter(|c| is_letter(*c)) else { break };
                uppers += usize::from(letter.is_uppercase());
                seen |= HIGH | if letter.is_uppercase() { UPPER } else { LOWER };
                at += letter.len_utf8();
                continue;
            }
            uppers += usize::from(class == UPPER);
            seen |= class;
            at += 1;
        }
        if at == start {
            return start;
        }
        let shape = self.shape(start, at, seen, uppers);
        let hash = match shape {
            Shape::Digits | Shape::Alnum => 0,
            _ if at - start > WORD_BYTES_MAX => 0,
            _ if seen & HIGH != 0 => lexicon::hash(&self.text[start..at]),
            _ => lexicon::hash_letters(bytes, start, at),
        };
        let lex = if hash == 0 { Lex::NONE } else { lexicon.look_up(hash) };
        if seen & DIGIT != 0 {
            self.notes.numbers.push(self.notes.words.len() as u32);
        }
        self.lexes = self.lexes.or(lex);
        self.notes.words.push(Word { hash, start: start as u32, end: at as u32, lex, shape });
        at
    }

    fn capital_at(&self, start: usize) -> bool {
        match CLASS[self.text.as_bytes()[start] as usize] {
            HIGH => self.text[start..].chars().next().is_some_and(char::is_uppercase),
            class => class == UPPER,
        }
    }

    fn shape(&self, start: usize, end: usize, seen: u8, uppers: usize) -> Shape {
        if seen & DIGIT != 0 {
            return if seen == DIGIT { Shape::Digits } else { Shape::Alnum };
        }
        let letters = if seen & HIGH == 0 { end - start } else { self.text[start..end].chars().count() };
        match uppers {
            0 => Shape::Lower,
            1 if self.capital_at(start) => Shape::Capital,
            _ if uppers == letters => Shape::Upper,
            _ => Shape::Mixed,
        }
    }

    /// Whether that byte may stand between the words: one bit serves several bytes, so yes is not for sure.
    #[inline]
    pub(crate) fn may_hold(&self, sign: u8) -> bool {
        self.signs & sign_bit(sign) != 0
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

    /// Indices of the words with `.`, `:`, `-` or `#` right behind.
    pub(crate) fn glued(&self) -> impl Iterator<Item = usize> + '_ {
        self.notes.glued.iter().map(|index| *index as usize)
    }

    /// Whether any word of the text has one of these flags.
    #[inline]
    pub(crate) fn holds(&self, flags: Lex) -> bool {
        self.lexes.any(flags)
    }

    /// Offsets of every `@`, rising.
    pub(crate) fn ats(&self) -> &[u32] {
        &self.notes.ats
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
            .any(|hit| wanted.contains(&hit.key))
            || (offset <= reach && wanted.iter().any(|key| self.keyed(*key)))
    }
}

/// The bit of a byte in a set of 64.
#[inline]
fn sign_bit(byte: u8) -> u64 {
    1 << (byte & 63)
}

/// A letter of a word: modifier letters and combining marks included, so that decomposed accents stay inside.
fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() || ('\u{300}'..='\u{36F}').contains(&letter)
}

fn char_len(first: u8) -> usize {
    match first {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    }
}
