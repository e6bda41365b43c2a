//! Numbers and codes that one text of a document gave away by what stood beside them, to be found bare in the others.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use crate::canonical::canonical;
use crate::detect::{Category, Text, Word};

/// Values to be found bare, by the word that each begins with, behind its first signs: a text has its words cut already,
/// and nearly all of them are told by one bit that no value begins with them.
pub(super) struct Copies<'d> {
    /// Sorted by the first word's key, of one key the longest value first.
    values: Vec<Copy<'d>>,
    /// Bits of the keys of the first words.
    bits: [u64; 16],
    /// Whether the first word of any is no number, whether it is a word of the language of any of these, and a sign that
    /// all of these have: e-mail addresses have `@`.
    pub(super) letters: bool,
    pub(super) plain: bool,
    pub(super) sign: Option<u8>,
    /// The values by [`number_key`] of their first words, made when a word is looked into for its parts.
    parts: OnceCell<Vec<(u32, usize)>>,
}

/// A value to be found bare.
pub(super) struct Copy<'d> {
    pub(super) value: Cow<'d, str>,
    pub(super) category: Category,
    /// Its first word.
    pub(super) first: First,
}

/// The first word of a value.
#[derive(Clone, Copy)]
pub(super) struct First {
    /// Where it lies in the value.
    start: usize,
    end: usize,
    /// See [`word_key`].
    key: u32,
    /// Whether it is among the [rare](Text::rare) words of a text.
    rare: bool,
}

impl First {
    fn of(word: &Word, text: &[u8], value: usize) -> First {
        let (start, end) = (word.start as usize - value, word.end as usize - value);
        First { start, end, key: word_key(text, word), rare: word.is_rare() }
    }
}

/// A number for a word: the lexicon's for one of letters, one of its first bytes and its length for one with a digit.
#[inline]
pub(super) fn word_key(text: &[u8], word: &Word) -> u32 {
    match word.hash {
        0 => number_key(&text[word.range()]),
        hash => (hash >> 6) as u32,
    }
}

fn number_key(word: &[u8]) -> u32 {
    let head = match word.first_chunk() {
        Some(four) => u32::from_le_bytes(*four),
        None => word.iter().fold(0, |head, byte| head << 8 | u32::from(*byte)),
    };
    (head ^ (word.len() as u32) << 20).wrapping_mul(0x9E37_79B1)
}

impl<'d> Copies<'d> {
    pub(super) fn new(mut values: Vec<Copy<'d>>) -> Copies<'d> {
        values.sort_by(|a, b| {
            a.first
                .key
                .cmp(&b.first.key)
                .then(b.value.len().cmp(&a.value.len()))
                .then_with(|| a.value.cmp(&b.value))
        });
        values.dedup_by(|a, b| a.value == b.value);
        let mut letters = values.iter().filter(|copy| !copy.first_word().iter().any(u8::is_ascii_digit));
        let sign = b"@_.-:/="
            .iter()
            .copied()
            .find(|sign| letters.clone().all(|copy| memchr::memchr(*sign, copy.value.as_bytes()).is_some()));
        let plain = letters.clone().any(|copy| !copy.first.rare);
        let letters = letters.next().is_some();
        let mut copies = Copies { values, bits: [0; 16], letters, plain, sign, parts: OnceCell::new() };
        for Copy { first: First { key, .. }, .. } in &copies.values {
            copies.bits[(key >> 22) as usize / 64] |= 1 << (key >> 22 & 63);
        }
        copies
    }

    /// Whether a value may begin with the word that has this key.
    #[inline]
    pub(super) fn may_begin(&self, key: u32) -> bool {
        self.bits[(key >> 22) as usize / 64] >> (key >> 22 & 63) & 1 == 1
    }

    /// The values whose first word may have this key, the longest of one word first.
    pub(super) fn of_key(&self, key: u32) -> impl Iterator<Item = &Copy<'d>> {
        let from = self.values.partition_point(|copy| copy.first.key < key);
        self.values[from..].iter().take_while(move |copy| copy.first.key == key)
    }

    /// The values whose first word may be this part of a word.
    pub(super) fn of_part(&self, part: &[u8]) -> impl Iterator<Item = &Copy<'d>> {
        let parts = self.parts.get_or_init(|| {
            let key = |copy: &Copy<'_>| number_key(copy.first_word());
            let mut parts: Vec<(u32, usize)> = self.values.iter().map(key).zip(0..).collect();
            parts.sort_unstable();
            parts
        });
        let key = number_key(part);
        let from = parts.partition_point(|(known, _)| *known < key);
        parts[from..].iter().take_while(move |(known, _)| *known == key).map(|(_, at)| &self.values[*at])
    }
}

impl<'d> Copy<'d> {
    /// A value that is one word of ASCII letters and digits, with a digit.
    pub(super) fn of_code(value: Cow<'d, str>, category: Category) -> Copy<'d> {
        let first = First { start: 0, end: value.len(), key: number_key(value.as_bytes()), rare: true };
        Copy { value, category, first }
    }
}

impl Copy<'_> {
    fn first_word(&self) -> &[u8] {
        &self.value.as_bytes()[self.first.start..self.first.end]
    }

    /// Where the value stands in a text of which this is a word, if it does.
    pub(super) fn at(&self, text: &[u8], word: &Range<usize>) -> Option<(usize, usize)> {
        let start = word.start.checked_sub(self.first.start)?;
        let end = start + self.value.len();
        (text[word.clone()] == *self.first_word() && text.get(start..end)? == self.value.as_bytes())
            .then_some((start, end))
    }
}

/// The fewest letters and digits of a value that is found in another spelling than its own.
pub(super) const CODE_MIN: usize = 7;
/// The fewest digits among them.
const CODE_DIGITS_MIN: usize = 4;

/// Other spellings of a number or code: `522418830` of `522-41-8830`, `xjw882119003` of `XJW882119003`.
pub(super) fn respelled(value: &str, category: Category, copies: &mut Vec<Copy<'_>>) {
    use Category::{
        Account, Card, Device, Fax, HealthPlan, License, Mrn, NationalId, Phone, Ssn, UniqueId, Vehicle,
    };
    const CODES: [Category; 12] =
        [Account, Card, Device, Fax, HealthPlan, License, Mrn, NationalId, Phone, Ssn, UniqueId, Vehicle];
    // Most numbers are written in one way.
    let plain = value.bytes().all(|byte| byte.is_ascii_digit()) && !value.starts_with('0');
    if plain || value.len() < CODE_MIN || !CODES.contains(&category) {
        return;
    }
    let mut code = canonical(category.name(), value);
    // An extension may be left out.
    code.truncate(code.find('x').unwrap_or(code.len()));
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    if code.len() < CODE_MIN || digits < CODE_DIGITS_MIN || !code.is_ascii() {
        return;
    }
    let mut add = |spelled: String| {
        if spelled != value {
            copies.push(Copy::of_code(Cow::Owned(spelled), category));
        }
    };
    if digits < code.len() {
        add(code.to_ascii_lowercase());
    } else if let Some(number) = filled_up(code.as_bytes()) {
        add(code[code.len() - number.len()..].to_owned());
    }
    let parted = code.len() < value.len();
    add(code);
    if parted && value.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        for spelled in [value.to_ascii_lowercase(), value.to_ascii_uppercase()] {
            copies.extend(copy_of(Cow::Owned(spelled), category).filter(|copy| copy.value != value));
        }
    }
}

/// A number without the zeros before it, if it has any and is long enough without.
pub(super) fn filled_up(word: &[u8]) -> Option<&[u8]> {
    let zeros = word.iter().take_while(|byte| **byte == b'0').count();
    let number = &word[zeros..];
    (zeros > 0 && number.len() >= CODE_MIN && number.iter().all(u8::is_ascii_digit)).then_some(number)
}

/// A value with its first word, which is cut out anew.
pub(super) fn copy_of(value: Cow<'_, str>, category: Category) -> Option<Copy<'_>> {
    let text = Text::new(&value, None, 0);
    // What holds a digit or is a secret has a word.
    let first = text.words().first()?;
    let first = First::of(first, value.as_bytes(), 0);
    drop(text);
    Some(Copy { value, category, first })
}

/// The first word of that part of a text, if the part begins and ends where words do.
pub(super) fn first_word(text: &Text<'_>, part: Range<usize>) -> Option<First> {
    let words = text.words();
    let first = words.partition_point(|word| (word.start as usize) < part.start);
    let apart = first.checked_sub(1).is_none_or(|before| words[before].end as usize <= part.start);
    let word = words.get(first).filter(|word| apart && word.end as usize <= part.end)?;
    Some(First::of(word, text.text.as_bytes(), part.start))
}
