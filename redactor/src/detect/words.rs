//! Lists of words, and of parts of words, that are looked for in either case, without a copy in lower case.

/// The longest word of a list, in bytes.
const WORD_BYTES_MAX: usize = 16;

/// Words in lower case, each as a number of sixteen bytes, sorted: a look-up compares numbers.
pub(crate) struct Words<const N: usize> {
    numbers: [u128; N],
    /// A bit for each byte that one begins with, by its low six bits.
    firsts: u64,
    /// A bit for each length.
    lengths: u64,
}

impl<const N: usize> Words<N> {
    /// The list of these, which are ASCII in lower case.
    pub(crate) const fn new(words: [&str; N]) -> Words<N> {
        let mut numbers = [0; N];
        let (mut firsts, mut lengths) = (0, 0);
        let mut count = 0;
        while count < N {
            let number = number(words[count].as_bytes());
            firsts |= bit(words[count].as_bytes()[0]);
            lengths |= 1 << words[count].len();
            // Sorted as they come; the lists are short.
            let mut at = count;
            while at > 0 && numbers[at - 1] > number {
                numbers[at] = numbers[at - 1];
                at -= 1;
            }
            numbers[at] = number;
            count += 1;
        }
        Words { numbers, firsts, lengths }
    }

    /// Whether the word, in either case, is one of the list.
    #[inline]
    pub(crate) fn hold(&self, word: &str) -> bool {
        let (Some(place), Some(first)) = (WORD_BYTES_MAX.checked_sub(word.len()), word.as_bytes().first())
        else {
            return false;
        };
        let told = self.firsts & bit(first.to_ascii_lowercase()) != 0 && self.lengths >> word.len() & 1 == 1;
        told && self.search(word, place)
    }

    #[inline(never)]
    fn search(&self, word: &str, place: usize) -> bool {
        // The first letter highest, as `number` has it.
        let mut bytes = [0; WORD_BYTES_MAX];
        bytes[place..].copy_from_slice(word.as_bytes());
        bytes.make_ascii_lowercase();
        self.numbers.binary_search(&u128::from_be_bytes(bytes)).is_ok()
    }
}

const fn number(word: &[u8]) -> u128 {
    assert!(word.len() <= WORD_BYTES_MAX, "a word too long for the list");
    let (mut number, mut at) = (0, 0);
    while at < word.len() {
        assert!(word[at].is_ascii() && !word[at].is_ascii_uppercase(), "a list is ASCII in lower case");
        number = number << 8 | word[at] as u128;
        at += 1;
    }
    number
}

/// Parts of words in lower case, which are looked for in either case.
pub(crate) struct Parts<const N: usize> {
    /// Sorted by the places of their first bytes.
    parts: [&'static str; N],
    /// Where those of each place end, and so those of the next begin.
    ends: [u8; PLACES + 1],
    /// A bit for each byte that one has second, by its low six bits.
    seconds: u64,
}

/// How many places there are for first bytes: one for each letter, some for other bytes as well.
const PLACES: usize = 32;

const fn place_of(byte: u8) -> usize {
    byte as usize % PLACES
}

impl<const N: usize> Parts<N> {
    pub(crate) const fn new(given: [&'static str; N]) -> Parts<N> {
        assert!(N <= u8::MAX as usize, "too many parts for the list");
        let (mut parts, mut ends, mut seconds) = ([""; N], [0; PLACES + 1], 0);
        let (mut count, mut place) = (0, 0);
        while place < PLACES {
            let mut at = 0;
            while at < N {
                let part = given[at].as_bytes();
                if place_of(part[0]) == place {
                    parts[count] = given[at];
                    seconds |= bit(part[1]);
                    count += 1;
                }
                at += 1;
            }
            place += 1;
            ends[place] = count as u8;
        }
        Parts { parts, ends, seconds }
    }

    /// Whether the word holds one of them.
    pub(crate) fn within(&self, word: &str) -> bool {
        (0..word.len()).any(|at| self.begins(&word.as_bytes()[at..]))
    }

    /// Whether the word begins with one of them.
    #[inline]
    pub(crate) fn begins(&self, word: &[u8]) -> bool {
        let [first, second, ..] = word else { return false };
        if self.seconds & bit(second.to_ascii_lowercase()) == 0 {
            return false;
        }
        let place = place_of(*first);
        let begins = |part: &&str| {
            word.get(..part.len()).is_some_and(|head| head.eq_ignore_ascii_case(part.as_bytes()))
        };
        self.parts[self.ends[place].into()..self.ends[place + 1].into()].iter().any(begins)
    }
}

const fn bit(byte: u8) -> u64 {
    1 << (byte & 63)
}
