//! What is known of single words: names, towns, common words, drugs, eponyms.
//!
//! The lists are data (`redactor/data/`, licences beside them); here they become one table of 32-bit
//! fingerprints with a set of flags each, eight megabytes, built once in a few milliseconds. A word is looked up
//! folded: lower case, no diacritics.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use super::keywords;
use crate::arch;

/// What the lexicon says of a word: a set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lex(u32);

impl Lex {
    pub(crate) const NONE: Lex = Lex(0);
    /// A given name that many bear.
    pub(crate) const FIRST: Lex = Lex(1);
    /// A given name, however rare.
    pub(crate) const FIRST_ANY: Lex = Lex(1 << 1);
    /// A family name that many bear.
    pub(crate) const LAST: Lex = Lex(1 << 2);
    /// A family name, however rare.
    pub(crate) const LAST_ANY: Lex = Lex(1 << 3);
    /// A word that dictionaries write in lower case.
    pub(crate) const WORD: Lex = Lex(1 << 4);
    /// A town of one word in the United States.
    pub(crate) const TOWN: Lex = Lex(1 << 5);
    /// A town of one word elsewhere.
    pub(crate) const TOWN_ABROAD: Lex = Lex(1 << 6);
    /// The first word of a town of several, and what opens the name of a saint or a mountain: St, Mt.
    pub(crate) const TOWN_OPEN: Lex = Lex(1 << 7);
    /// A person whose name is a clinical term: Parkinson, Foley, Apgar.
    pub(crate) const EPONYM: Lex = Lex(1 << 8);
    /// A drug's name, generic or brand.
    pub(crate) const DRUG: Lex = Lex(1 << 9);
    /// Capitalised words that are never a person: weekdays, languages, trials, products, organisations.
    pub(crate) const NEVER: Lex = Lex(1 << 10);
    /// Starts a keyword.
    pub(crate) const KEY: Lex = Lex(1 << 11);
    /// What follows an eponym: disease, score, sign.
    pub(crate) const CLINICAL: Lex = Lex(1 << 12);
    /// A month's name or abbreviation, in any language held.
    pub(crate) const MONTH: Lex = Lex(1 << 13);
    /// Ends the name of an organisation: hospital, clinic.
    pub(crate) const FACILITY: Lex = Lex(1 << 14);
    /// Ends or opens the name of a street.
    pub(crate) const STREET: Lex = Lex(1 << 15);
    /// A US state's name of one word, or its postal abbreviation.
    pub(crate) const STATE: Lex = Lex(1 << 16);
    /// A health system known by one word or by initials: UCSF, Geisinger.
    pub(crate) const BRAND: Lex = Lex(1 << 17);
    /// What a relative date is made of: last, next, yesterday, ago.
    pub(crate) const RELATIVE: Lex = Lex(1 << 18);
    /// A word of time: week, month, Monday, summer.
    pub(crate) const PERIOD: Lex = Lex(1 << 19);

    /// Stands before a name: Dr, Mrs, Herr.
    pub(crate) const TITLE: Lex = Lex(1 << 20);
    /// Opens a street's name in European order: rue, calle, via.
    pub(crate) const ROAD: Lex = Lex(1 << 21);
    /// A common word of one of the other languages held, in small letters: in capitals it may be a name that no list has.
    pub(crate) const ABROAD: Lex = Lex(1 << 22);
    /// A word that makes up the sentences of one of them, in capitals too.
    pub(crate) const FUNCTION: Lex = Lex(1 << 23);
    /// A common word of any language.
    pub(crate) const ANY_WORD: Lex = Lex::WORD.or(Lex::ABROAD).or(Lex::FUNCTION);

    /// Says that the text is about a person: patient, she, diagnosed.
    pub(crate) const PERSON: Lex = Lex(1 << 24);

    /// Before "clinic" or "center" names no one place: outpatient, pain, the.
    pub(crate) const GENERIC: Lex = Lex(1 << 25);
    /// Opens a sentence before an organisation's name: at, visited, our.
    pub(crate) const OPENS: Lex = Lex(1 << 26);
    /// Words at which a keyword, a place, a street or a date may begin whatever their case.
    pub(crate) const HOT: Lex = Lex::KEY
        .or(Lex::FACILITY)
        .or(Lex::STREET)
        .or(Lex::ROAD)
        .or(Lex::MONTH)
        .or(Lex::RELATIVE)
        .or(Lex::PERIOD)
        .or(Lex::HOUSE)
        .or(Lex::HOUSE_END);

    /// Opens the name of a hospital or practice in European order: hôpital, ospedale, szpital.
    pub(crate) const HOUSE: Lex = Lex(1 << 27);
    /// Ends the name of an organisation only behind certain words: nursing home, urgent care, credit union.
    pub(crate) const HOUSE_END: Lex = Lex(1 << 28);
    /// Stands before a place, in any language held: aus, från, en.
    pub(crate) const SEAT: Lex = Lex(1 << 29);
    /// Stands before a given name: hello, cheers.
    pub(crate) const GREETING: Lex = Lex(1 << 30);
    /// Ends a firm's name: Inc, GmbH.
    pub(crate) const FIRM: Lex = Lex(1 << 31);

    /// Every flag.
    pub(crate) const ALL: Lex = Lex(u32::MAX);
    /// What is said of a word in capitals too.
    pub(crate) const IN_CAPITALS: Lex = Lex(!Lex::ABROAD.0);

    /// Whether any of these flags is set.
    #[inline]
    pub(crate) const fn any(self, flags: Lex) -> bool {
        self.0 & flags.0 != 0
    }

    /// The set as bits.
    pub(crate) const fn bits(self) -> u32 {
        self.0
    }

    /// What both sets have.
    #[inline]
    pub(crate) const fn and(self, flags: Lex) -> Lex {
        Lex(self.0 & flags.0)
    }

    /// Both sets together.
    #[inline]
    pub(crate) const fn or(self, flags: Lex) -> Lex {
        Lex(self.0 | flags.0)
    }
}

/// The hash of several words as it grows, each folded.
#[derive(Clone, Copy, Default)]
pub(crate) struct Phrase(u64);

impl Phrase {
    /// Adds a word and gives the hash so far.
    pub(crate) fn push(&mut self, word: &str) -> u64 {
        self.push_hash(hash(word))
    }

    /// The same for a word whose hash is known.
    pub(crate) fn push_hash(&mut self, hash: u64) -> u64 {
        self.0 = mix(self.0, hash);
        self.0
    }
}

/// One step of a hash: eight bytes folded in by a multiplication (Fibonacci hashing).
#[inline]
fn mix(hash: u64, bytes: u64) -> u64 {
    let mixed = (hash ^ bytes).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 32)
}

/// Hashes of words are mixed already: a map over them need not hash again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mixed(u64);

impl std::hash::Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// A map by the hash of a folded word.
pub(crate) type ByWord<T> = HashMap<u64, T, BuildHasherDefault<Mixed>>;

/// A list of words by their hashes, asked without folding or comparing letters.
#[derive(Debug)]
pub(crate) struct WordSet {
    hashes: HashSet<u64, BuildHasherDefault<Mixed>>,
    /// See [`HashBits`]: nearly every word that is asked for is none of the list.
    bits: HashBits<32>,
}

impl WordSet {
    /// Whether the word with this hash is of the list.
    #[inline]
    pub(crate) fn contains(&self, hash: &u64) -> bool {
        self.bits.may_hold(*hash) && self.hashes.contains(hash)
    }
}

impl FromIterator<u64> for WordSet {
    fn from_iter<I: IntoIterator<Item = u64>>(hashes: I) -> WordSet {
        let hashes: HashSet<u64, BuildHasherDefault<Mixed>> = hashes.into_iter().collect();
        let mut bits = HashBits::default();
        hashes.iter().for_each(|hash| bits.add(*hash));
        WordSet { hashes, bits }
    }
}

/// Some bits of each of a few hashes, `64 * N` in all: tells of nearly every other hash that it is none of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HashBits<const N: usize>([u64; N]);

impl<const N: usize> Default for HashBits<N> {
    fn default() -> HashBits<N> {
        HashBits([0; N])
    }
}

impl<const N: usize> HashBits<N> {
    pub(crate) fn add(&mut self, hash: u64) {
        self.0[(hash >> 6) as usize % N] |= 1 << (hash & 63);
    }

    #[inline]
    pub(crate) fn may_hold(&self, hash: u64) -> bool {
        self.0[(hash >> 6) as usize % N] >> (hash & 63) & 1 == 1
    }
}

/// The words of a list.
pub(crate) fn set(words: &[&str]) -> WordSet {
    words.iter().map(|word| hash(word)).collect()
}

/// The hash of a word, folded first.
pub(crate) fn hash(word: &str) -> u64 {
    hash_folded(fold(word).as_bytes())
}

/// The same of ASCII letters of either case that stand in `text`.
#[inline(always)]
pub(crate) fn hash_letters(text: &[u8], start: usize, end: usize) -> u64 {
    let length = end - start;
    match arch::sixteen_at(text, start) {
        Some(both) if length <= 16 => {
            let first = (both as u64 | LOWER_CASE) & FIRST_MASK[length];
            finish(begin(first, ((both >> 64) as u64 | LOWER_CASE) & SECOND_MASK[length]))
        }
        _ => hash_long_letters(&text[start..end]),
    }
}

/// The bit that tells lower case from upper.
const LOWER_CASE: u64 = 0x2020_2020_2020_2020;

/// The same of letters at a text's end, or more than sixteen.
#[inline(never)]
fn hash_long_letters(letters: &[u8]) -> u64 {
    let mut eights = letters.chunks(8).map(|chunk| (padded(chunk) | LOWER_CASE) & FIRST_MASK[chunk.len()]);
    let first = eights.next().unwrap_or(0);
    let second = eights.next().unwrap_or(0);
    finish(eights.fold(begin(first, second), fold_in))
}

/// The hash of a word that is folded already.
pub(crate) fn hash_folded(word: &[u8]) -> u64 {
    let mut eights = word.chunks(8).map(padded);
    let first = eights.next().unwrap_or(0);
    let second = eights.next().unwrap_or(0);
    finish(eights.fold(begin(first, second), fold_in))
}

/// What keeps of the first and of the second eight bytes those of a word of that length.
static FIRST_MASK: [u64; 17] = masks(0);
static SECOND_MASK: [u64; 17] = masks(8);

const fn masks(before: usize) -> [u64; 17] {
    let mut masks = [0; 17];
    let mut length = before + 1;
    while length <= 16 {
        let bytes = length - before;
        masks[length] = if bytes < 8 { (1 << (8 * bytes)) - 1 } else { u64::MAX };
        length += 1;
    }
    masks
}

/// The hash of a word's first sixteen bytes: one multiplication, both halves of its product (as in wyhash, Wang Yi 2019).
/// Behind a shorter word stand noughts, which no word has: its length need not be told.
#[inline]
fn begin(first: u64, second: u64) -> u64 {
    product(first ^ 0xE703_7ED1_A0B4_28DB, second ^ 0x8EBC_6AF0_9C88_C6E3)
}

#[inline]
fn fold_in(hash: u64, eight: u64) -> u64 {
    product(hash ^ eight, 0x5899_65CC_7537_4CC3)
}

/// Never 0, which stands for no word.
#[inline]
fn finish(hash: u64) -> u64 {
    hash.max(1)
}

#[inline]
fn product(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    (product as u64) ^ (product >> 64) as u64
}

/// At most eight bytes, with noughts behind.
#[inline]
fn padded(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    if let Some(eight) = bytes.first_chunk() {
        return u64::from_le_bytes(*eight);
    }
    if let (Some(head), Some(tail)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (head, tail) = (u64::from(u32::from_le_bytes(*head)), u64::from(u32::from_le_bytes(*tail)));
        return head | tail << (8 * (length - 4));
    }
    bytes.iter().rev().fold(0, |eight, byte| eight << 8 | u64::from(*byte))
}

/// A word in lower case without diacritics, as the lists have it.
pub(crate) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(word.len());
    for letter in word.nfd().flat_map(char::to_lowercase) {
        match letter {
            '\u{300}'..='\u{36F}' => {}
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            _ => folded.push(letter),
        }
    }
    folded
}

/// The table: fingerprint and flags side by side, open addressing, a power of two.
pub(crate) struct Lexicon {
    slots: Box<[(u32, Lex); SLOTS]>,
    towns: HashSet<u64, BuildHasherDefault<Mixed>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(Listed::all()));

/// The lexicon, built at the first call.
pub(crate) fn get() -> &'static Lexicon {
    &LEXICON
}

/// A third of them taken: a word that is in no list mostly finds a free slot at once.
const SLOTS: usize = 1 << 20;

impl Lexicon {
    #[inline]
    pub(crate) fn look_up(&self, hash: u64) -> Lex {
        let fingerprint = fingerprint(hash);
        let mut slot = hash as usize % SLOTS;
        loop {
            let (found, lex) = self.slots[slot];
            // A free slot has no flags. Whether a word is of a list cannot be foreseen, that its first slot tells it can.
            if (found == fingerprint) | (found == 0) {
                return lex;
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// Whether words of this [`Phrase`] are a town of several words.
    pub(crate) fn is_town(&self, phrase: u64) -> bool {
        self.towns.contains(&phrase)
    }

    /// The table of these words and their flags.
    fn of(listed: Listed) -> Lexicon {
        let slots = vec![(0, Lex::NONE); SLOTS].try_into().expect("as many as were made");
        let mut lexicon = Lexicon { slots, towns: listed.towns };
        listed.words.into_iter().flatten().for_each(|(hash, lex)| lexicon.put(hash, lex));
        lexicon
    }

    fn put(&mut self, hash: u64, lex: Lex) {
        let fingerprint = fingerprint(hash);
        debug_assert!(fingerprint != 0, "a word would seem to be none: 0 marks a free slot");
        let mut slot = hash as usize % SLOTS;
        loop {
            let (found, flags) = self.slots[slot];
            if found == 0 || found == fingerprint {
                self.slots[slot] = (fingerprint, flags.or(lex));
                return;
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

/// The words of all lists by their hashes, with their flags, and the towns of several words.
struct Listed {
    /// By the part of the table that they go to: its pages are more than the processor has addresses of at hand, and going
    /// about in all of them at once takes several times as long.
    words: Vec<Vec<(u64, Lex)>>,
    towns: HashSet<u64, BuildHasherDefault<Mixed>>,
}

/// How many parts, and about how many words there are in one.
const PARTS: usize = 128;
const WORDS_MOSTLY: usize = 3600;

impl Listed {
    #[inline]
    fn put(&mut self, hash: u64, lex: Lex) {
        self.words[hash as usize % SLOTS / (SLOTS / PARTS)].push((hash, lex));
    }

    fn add(&mut self, word: &str, lex: Lex) {
        self.put(hash(word), lex);
    }

    /// Adds a list's words, those of each section with its flags: one or more phrases a line, between commas, "# " before
    /// a section's name. There are 400,000 of them at each start, so that their bytes are gone through once.
    fn add_list(&mut self, list: &str, flags: &[(&str, Lex)]) {
        const ENDS: [u8; 2] = [b'\n', b','];
        let bytes = list.as_bytes();
        let end_of = |start: usize, ends: &[u8]| {
            bytes[start..].iter().position(|byte| ends.contains(byte)).map_or(bytes.len(), |at| start + at)
        };
        let (mut lex, mut start) = (Lex::NONE, 0);
        while start < bytes.len() {
            if bytes[start] == b'#' {
                let end = end_of(start, b"\n");
                if let Some(section) = list[start..end].trim_end().strip_prefix("# ") {
                    lex = flags.iter().find(|(name, _)| *name == section).map_or(Lex::NONE, |(_, lex)| *lex);
                }
                start = end + 1;
                continue;
            }
            let end = end_of(start, &ENDS);
            let phrase = bytes[start..end].trim_ascii();
            if !phrase.is_empty() {
                let from = start + (phrase.as_ptr() as usize - bytes[start..].as_ptr() as usize);
                self.add_phrase(list, from..from + phrase.len(), lex);
            }
            start = end + 1;
        }
    }

    /// Adds what stands there in a list.
    fn add_phrase(&mut self, list: &str, place: Range<usize>, lex: Lex) {
        let phrase = &list[place.clone()];
        if lex.any(Lex::TOWN.or(Lex::TOWN_ABROAD))
            && let Some((first, _)) = phrase.split_once(' ')
        {
            self.add(first, Lex::TOWN_OPEN);
            let mut words = Phrase::default();
            let whole = phrase.split(' ').fold(0, |_, word| words.push(word));
            self.towns.insert(whole);
        } else if phrase.is_ascii() {
            debug_assert!(phrase.bytes().all(|byte| byte | 0x20 == byte.to_ascii_lowercase()), "{phrase}");
            self.put(hash_letters(list.as_bytes(), place.start, place.end), lex);
        } else {
            self.add(phrase, lex);
        }
    }

    fn all() -> Listed {
        let words = (0..PARTS).map(|_| Vec::with_capacity(WORDS_MOSTLY)).collect();
        let mut listed = Listed { words, towns: HashSet::default() };
        let first = Lex::FIRST.or(Lex::FIRST_ANY);
        let last = Lex::LAST.or(Lex::LAST_ANY);
        listed.add_list(
            include_str!("../../data/forenames.txt"),
            &[("frequent", first), ("other", Lex::FIRST_ANY)],
        );
        listed.add_list(
            include_str!("../../data/surnames.txt"),
            &[("frequent", last), ("other", Lex::LAST_ANY)],
        );
        listed.add_list(include_str!("../../data/words.txt"), &[("words", Lex::WORD)]);
        listed.add_list(
            include_str!("../../data/words_abroad.txt"),
            &[("function", Lex::FUNCTION), ("words", Lex::ABROAD)],
        );
        listed.add_list(
            include_str!("../../data/towns.txt"),
            &[("us", Lex::TOWN), ("world", Lex::TOWN_ABROAD)],
        );
        listed.add_list(
            include_str!("../../data/terms.txt"),
            &[
                ("eponyms", Lex::EPONYM),
                ("clinical", Lex::CLINICAL),
                ("drugs", Lex::DRUG),
                ("never", Lex::NEVER),
                ("months", Lex::MONTH),
                ("facilities", Lex::FACILITY),
                ("streets", Lex::STREET),
                ("states", Lex::STATE),
                ("brands", Lex::BRAND),
                ("systems", Lex::TOWN),
                ("relative", Lex::RELATIVE),
                ("periods", Lex::PERIOD),
                ("titles", Lex::TITLE),
                ("roads", Lex::ROAD),
                ("saints", Lex::TOWN_OPEN),
                ("persons", Lex::PERSON),
                ("generic", Lex::GENERIC),
                ("openers", Lex::OPENS),
                ("houses", Lex::HOUSE),
                ("house ends", Lex::HOUSE_END),
                ("seats", Lex::SEAT),
                ("greetings", Lex::GREETING),
                ("firms", Lex::FIRM),
            ],
        );
        for word in keywords::first_words() {
            listed.add(word, Lex::KEY);
        }
        // Ages over 89 are looked for in words.
        listed.add("ninety", Lex::KEY);
        listed.add("hundred", Lex::KEY);
        listed
    }
}

/// The half of the hash that does not choose the slot.
#[inline]
fn fingerprint(hash: u64) -> u32 {
    (hash >> 32) as u32
}
