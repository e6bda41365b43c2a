//! Lists of words, and of parts of words, that are looked for in either case, without a copy in lower case.

/// The longest word of a list, in bytes.
const WORD_BYTES_MAX: usize = 16;

/// Words in lower case, each as a number of sixteen bytes, sorted: a look-up compares numbers.
pub(crate) struct Words<const N: usize> {
    numbers: [u128; N],
    /// For each length a bit for each letter that a word so long begins with: most words are told from them at once.
    firsts: [u32; WORD_BYTES_MAX + 1],
}

impl<const N: usize> Words<N> {
    /// The list of these, which are ASCII in lower case.
    pub(crate) const fn new(words: [&str; N]) -> Words<N> {
        let mut numbers = [0; N];
        let mut firsts = [0; WORD_BYTES_MAX + 1];
        let mut count = 0;
        while count < N {
            let word = words[count].as_bytes();
            let number = number(word);
            firsts[word.len()] |= 1 << (word[0] & 31);
            // Sorted as they come; the lists are short.
            let mut at = count;
            while at > 0 && numbers[at - 1] > number {
                numbers[at] = numbers[at - 1];
                at -= 1;
            }
            numbers[at] = number;
            count += 1;
        }
        Words { numbers, firsts }
    }

    /// Whether the word, in either case, is one of the list.
    #[inline]
    pub(crate) fn hold(&self, word: &str) -> bool {
        // The low five bits of a letter are the same in either case.
        let first = word.as_bytes().first().copied().unwrap_or(0) & 31;
        self.firsts.get(word.len()).is_some_and(|firsts| firsts >> first & 1 == 1) && self.find(word)
    }

    fn find(&self, word: &str) -> bool {
        let Some(place) = WORD_BYTES_MAX.checked_sub(word.len()) else { return false };
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

/// A short word in lower case; of a longer one, which is in no list, nothing.
pub(crate) struct Lower {
    bytes: [u8; WORD_BYTES_MAX],
    length: usize,
}

impl Lower {
    #[inline]
    pub(crate) fn of(word: &str) -> Lower {
        let length = if word.len() <= WORD_BYTES_MAX { word.len() } else { 0 };
        let mut bytes = [0; WORD_BYTES_MAX];
        bytes[..length].copy_from_slice(&word.as_bytes()[..length]);
        bytes.make_ascii_lowercase();
        Lower { bytes, length }
    }

    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl PartialEq<&str> for Lower {
    #[inline]
    fn eq(&self, word: &&str) -> bool {
        self.as_str() == *word
    }
}

/// Parts of words in lower case, which are looked for in either case.
pub(crate) struct Parts<const N: usize> {
    parts: [&'static str; N],
    /// By the low five bits of the first byte a bit for each second byte, by its low five bits.
    seconds: [u32; 32],
}

impl<const N: usize> Parts<N> {
    pub(crate) const fn new(parts: [&'static str; N]) -> Parts<N> {
        let (mut seconds, mut at) = ([0; 32], 0);
        while at < N {
            let part = parts[at].as_bytes();
            seconds[(part[0] & 31) as usize] |= 1 << (part[1] & 31);
            at += 1;
        }
        Parts { parts, seconds }
    }

    /// Whether the word holds one of them.
    pub(crate) fn within(&self, word: &str) -> bool {
        (0..word.len()).any(|at| self.begins(&word.as_bytes()[at..]))
    }

    /// Whether the word begins with one of them.
    #[inline]
    pub(crate) fn begins(&self, word: &[u8]) -> bool {
        let begins = |part: &&str| {
            word.get(..part.len()).is_some_and(|head| head.eq_ignore_ascii_case(part.as_bytes()))
        };
        match word {
            [first, second, ..] => {
                self.seconds[usize::from(first & 31)] >> (second & 31) & 1 == 1
                    && self.parts.iter().any(begins)
            }
            _ => false,
        }
    }
}
