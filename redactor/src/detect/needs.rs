//! What a detector needs to find in a text before it is worth asking: numbers, a sign, a keyword.
//!
//! Most texts of a document are short words of a protocol; hardly any detector need see them.

use super::DETECTORS;
use super::keywords::Key;
use super::lexicon::Lex;

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
}

impl Needs {
    /// What any text has: the detector is always asked.
    pub const NOTHING: Needs = Needs { features: 1, ..NONE };
    /// A word with a digit.
    pub(crate) const NUMBERS: Needs = Needs { features: 1 << 1, ..NONE };
    /// A word at which a rule may begin: see `Text::hot`.
    pub(crate) const HOT: Needs = Needs { features: 1 << 2, ..NONE };
    /// A word with `.`, `:`, `-` or `#` right behind.
    pub(crate) const GLUED: Needs = Needs { features: 1 << 3, ..NONE };
    /// A word with a capital among those of `Text::capitals`, in a text of two words or more.
    pub(crate) const CAPITALS: Needs = Needs { features: 1 << 6, ..NONE };
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

    /// Either of the two.
    pub(crate) const fn or(self, other: Needs) -> Needs {
        Needs {
            features: self.features | other.features,
            keys: self.keys | other.keys,
            signs: self.signs | other.signs,
            lexes: self.lexes.or(other.lexes),
        }
    }

    /// A word of which the lexicon says one of these.
    pub(crate) const fn lexes(lexes: Lex) -> Needs {
        Needs { lexes, ..NONE }
    }
}

const NONE: Needs = Needs { features: 0, keys: 0, signs: 0, lexes: Lex::NONE };

/// Which detectors need what: a set of detectors for each thing that a text may have, one bit for each detector in the
/// order of [`DETECTORS`].
pub(super) struct Gates {
    features: [u64; 64],
    keys: [u64; 64],
    signs: [u64; 64],
    lexes: [u64; 64],
}

const _: () = assert!(DETECTORS.len() <= 64, "a set of detectors is a word of 64 bits");

impl Gates {
    pub(super) fn new() -> Gates {
        let mut gates = Gates { features: [0; 64], keys: [0; 64], signs: [0; 64], lexes: [0; 64] };
        for (place, detector) in DETECTORS.iter().enumerate() {
            let needs = detector.needs();
            let open = |gates: &mut [u64; 64], needed: u64| {
                (0..64).filter(|bit| needed >> bit & 1 == 1).for_each(|bit| gates[bit] |= 1 << place);
            };
            open(&mut gates.features, needs.features);
            open(&mut gates.keys, needs.keys);
            open(&mut gates.signs, needs.signs);
            open(&mut gates.lexes, needs.lexes.bits().into());
        }
        gates
    }

    /// The detectors that find what they need in such a text.
    pub(super) fn open(&self, text: &Needs) -> u64 {
        let any = |gates: &[u64; 64], mut has: u64| {
            let mut open = 0;
            while has != 0 {
                open |= gates[has.trailing_zeros() as usize];
                has &= has - 1;
            }
            open
        };
        any(&self.features, text.features)
            | any(&self.keys, text.keys)
            | any(&self.signs, text.signs)
            | any(&self.lexes, text.lexes.bits().into())
    }
}
