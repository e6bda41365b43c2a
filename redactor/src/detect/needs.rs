//! What a detector needs to find in a text before it is worth asking: numbers, a sign, a keyword.
//!
//! Most texts of a document are short words of a protocol; hardly any detector need see them.

use super::keywords::Key;

/// A set of what a text has, or of what a detector needs: one of it is enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// See the constants.
    pub(super) features: u64,
    /// A bit for each keyword.
    pub(super) keys: u64,
    /// A bit for each sign, as [`Text::may_hold`](super::Text) has them.
    pub(super) signs: u64,
}

impl Needs {
    /// What any text has: the detector is always asked.
    pub const NOTHING: Needs = Needs { features: 1, keys: 0, signs: 0 };
    /// A word with a digit.
    pub(crate) const NUMBERS: Needs = Needs { features: 1 << 1, keys: 0, signs: 0 };
    /// A word at which a rule may begin: see `Text::hot`.
    pub(crate) const HOT: Needs = Needs { features: 1 << 2, keys: 0, signs: 0 };
    /// A word with `.`, `:`, `-` or `#` right behind.
    pub(crate) const GLUED: Needs = Needs { features: 1 << 3, keys: 0, signs: 0 };

    /// An opaque run of sixteen bytes.
    pub(crate) const RUNS: Needs = Needs { features: 1 << 4, keys: 0, signs: 0 };

    /// One of these keywords, in the text or as its JSON key.
    pub(crate) const fn key(key: Key) -> Needs {
        Needs { features: 0, keys: key.bit(), signs: 0 }
    }

    /// One of these signs between the words.
    pub(crate) const fn signs(signs: &[u8]) -> Needs {
        let (mut set, mut at) = (0, 0);
        while at < signs.len() {
            set |= super::text::sign_bit(signs[at]);
            at += 1;
        }
        Needs { features: 0, keys: 0, signs: set }
    }

    /// Either of the two.
    pub(crate) const fn or(self, other: Needs) -> Needs {
        Needs {
            features: self.features | other.features,
            keys: self.keys | other.keys,
            signs: self.signs | other.signs,
        }
    }

    /// Whether a text has one of these.
    #[inline]
    pub(crate) fn met(&self, text: &Needs) -> bool {
        (self.features & text.features) | (self.keys & text.keys) | (self.signs & text.signs) != 0
    }
}
