//! What a detector needs to find in a text before it is worth asking: numbers, a sign, a keyword.
//!
//! Most texts of a document are short words of a protocol; hardly any detector need see them.

use super::DETECTORS;
use super::keywords::Key;
use super::lexicon::Lex;
use super::seen::Seen;

/// A set of what a text has, or of what a detector needs: one of it is enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// See the constants.
    pub(super) features: u64,
    /// A bit for each keyword.
    pub(super) keys: u64,
    /// A bit for each sign, as [`Text::may_hold`](super::Text) has them.
    pub(super) signs: u64,
    /// What the lexicon says of its words.
    pub(super) lexes: Lex,
    /// What is seen of its numbers.
    pub(super) seen: Seen,
    /// So many digits in all, up to [`DIGITS_MAX`].
    pub(super) digits: u8,
    /// So many words with a digit, up to [`NUMBERS_MAX`].
    pub(super) numbers: u8,
}

/// The most digits and the most numbers that are told apart.
pub(super) const DIGITS_MAX: u32 = 15;
pub(super) const NUMBERS_MAX: usize = 7;

impl Needs {
    /// What any text has: the detector is always asked.
    pub const NOTHING: Needs = Needs { features: 1, ..NONE };
    /// A word with a digit.
    pub(crate) const NUMBERS: Needs = Needs::numbers(1);
    /// A word at which a rule may begin: see `Text::hot`.
    pub(crate) const HOT: Needs = Needs { features: 1 << 2, ..NONE };
    /// A word with `.`, `:`, `-` or `#` right behind.
    pub(crate) const GLUED: Needs = Needs { features: 1 << 3, ..NONE };
    /// A word with a capital among those of `Text::capitals`, in a text of two words or more.
    pub(crate) const CAPITALS: Needs = Needs { features: 1 << 9, ..NONE };
    /// One with a word or another sign right behind the sign; five of them, as a hardware address has.
    pub(crate) const TIED: Needs = Needs { features: 1 << 6, ..NONE };
    pub(crate) const TIED_OFTEN: Needs = Needs { features: 1 << 7, ..NONE };
    /// Three words.
    pub(crate) const THREE_WORDS: Needs = Needs { features: 1 << 8, ..NONE };
    /// A word that begins an age over 89: "ninety", "hundred".
    pub(crate) const AGE_WORDS: Needs = Needs { features: 1 << 1, ..NONE };

    /// A word at which a name may begin: see `Text::rare`.
    pub(crate) const RARE: Needs = Needs { features: 1 << 5, ..NONE };
    /// An opaque run of sixteen bytes.
    pub(crate) const RUNS: Needs = Needs { features: 1 << 4, ..NONE };

    /// One of these keywords, in the text or as its JSON key.
    pub(crate) const fn key(key: Key) -> Needs {
        Needs { keys: key.bit(), ..NONE }
    }

    /// One of these signs between the words.
    pub(crate) const fn signs(signs: &[u8]) -> Needs {
        let (mut set, mut at) = (0, 0);
        while at < signs.len() {
            set |= super::text::sign_bit(signs[at]);
            at += 1;
        }
        Needs { signs: set, ..NONE }
    }

    /// A number of which one of these is seen.
    pub(crate) const fn seen(seen: Seen) -> Needs {
        Needs { seen, ..NONE }
    }

    /// So many digits, wherever they stand.
    pub(crate) const fn digits(least: u8) -> Needs {
        assert!(0 < least && least as u32 <= DIGITS_MAX, "more digits than are told apart");
        Needs { digits: least, ..NONE }
    }

    /// So many words with a digit.
    pub(crate) const fn numbers(least: u8) -> Needs {
        assert!(0 < least && least as usize <= NUMBERS_MAX, "more numbers than are told apart");
        Needs { numbers: least, ..NONE }
    }

    /// Either of the two.
    pub(crate) const fn or(self, other: Needs) -> Needs {
        Needs {
            features: self.features | other.features,
            keys: self.keys | other.keys,
            signs: self.signs | other.signs,
            lexes: self.lexes.or(other.lexes),
            seen: self.seen.or(other.seen),
            digits: fewer(self.digits, other.digits),
            numbers: fewer(self.numbers, other.numbers),
        }
    }

    /// A word of which the lexicon says one of these.
    pub(crate) const fn lexes(lexes: Lex) -> Needs {
        Needs { lexes, ..NONE }
    }
}

const NONE: Needs =
    Needs { features: 0, keys: 0, signs: 0, lexes: Lex::NONE, seen: Seen::NOTHING, digits: 0, numbers: 0 };

/// The lower of two floors, of which 0 is none.
const fn fewer(one: u8, other: u8) -> u8 {
    if one == 0 || other != 0 && other < one { other } else { one }
}

/// Which detectors need what: a set of detectors for each thing that a text may have, one bit for each detector in the
/// order of [`DETECTORS`]; the first by their [`needs`](super::Detector::needs), the second by what they
/// [need too](super::Detector::needs_too).
pub(super) struct Gates {
    features: [Open; 64],
    keys: [Open; 64],
    signs: [Open; 64],
    lexes: [Open; 64],
    seen: [Open; 64],
    digits: [Open; DIGITS_MAX as usize + 1],
    numbers: [Open; NUMBERS_MAX + 1],
}

type Open = [Set; 2];

/// A set of detectors: a bit for each, in the order of [`DETECTORS`].
pub(super) type Set = u128;

const _: () = assert!(DETECTORS.len() <= Set::BITS as usize, "a set has a bit for each detector");

impl Gates {
    pub(super) fn new() -> Gates {
        let mut gates = Gates {
            features: [[0; 2]; 64],
            keys: [[0; 2]; 64],
            signs: [[0; 2]; 64],
            lexes: [[0; 2]; 64],
            seen: [[0; 2]; 64],
            digits: [[0; 2]; DIGITS_MAX as usize + 1],
            numbers: [[0; 2]; NUMBERS_MAX + 1],
        };
        for (place, detector) in DETECTORS.iter().enumerate() {
            gates.add(place, 0, &detector.needs());
            gates.add(place, 1, &detector.needs_too());
        }
        gates
    }

    fn add(&mut self, place: usize, which: usize, needs: &Needs) {
        let open = |gates: &mut [Open; 64], needed: u64| {
            (0..64).filter(|bit| needed >> bit & 1 == 1).for_each(|bit| gates[bit][which] |= 1 << place);
        };
        open(&mut self.features, needs.features);
        open(&mut self.keys, needs.keys);
        open(&mut self.signs, needs.signs);
        open(&mut self.lexes, needs.lexes.bits().into());
        open(&mut self.seen, needs.seen.bits());
        let above = |gates: &mut [Open], floor: u8| {
            let gates = gates.iter_mut().enumerate().filter(|(count, _)| floor > 0 && *count >= floor.into());
            gates.for_each(|(_, gate)| gate[which] |= 1 << place);
        };
        above(&mut self.digits, needs.digits);
        above(&mut self.numbers, needs.numbers);
    }

    /// The detectors that find what they need in such a text.
    pub(super) fn open(&self, text: &Needs) -> Set {
        let both = |open: Open, more: Open| [open[0] | more[0], open[1] | more[1]];
        let any = |open: Open, gates: &[Open; 64], mut has: u64| {
            let mut open = open;
            while has != 0 {
                open = both(open, gates[has.trailing_zeros() as usize]);
                has &= has - 1;
            }
            open
        };
        let open = both(self.digits[usize::from(text.digits)], self.numbers[usize::from(text.numbers)]);
        let open = any(open, &self.features, text.features);
        let open = any(open, &self.keys, text.keys);
        let open = any(open, &self.signs, text.signs);
        let open = any(open, &self.lexes, text.lexes.bits().into());
        let [open, too] = any(open, &self.seen, text.seen.bits());
        open & too
    }
}
