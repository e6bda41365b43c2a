//! What is seen of a number at a glance, so that a detector reads only those that may be what it looks for.

use std::ops::Range;

/// A set of what is seen of a number, or of any number of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen(u64);

/// The lengths that are told apart, in bytes; the last stands for all beyond.
pub(crate) const LENGTH_MAX: usize = 21;
const LENGTHS: u32 = LENGTH_MAX as u32 + 1;

impl Seen {
    pub(crate) const NOTHING: Seen = Seen(0);
    /// A word of digits, of any length.
    pub(crate) const DIGITS: Seen = Seen::digits(1, LENGTH_MAX);
    /// A word of digits and letters, of any length.
    pub(crate) const CODES: Seen = Seen::codes(1, LENGTH_MAX);
    /// What stands right behind it.
    pub(crate) const HYPHEN_BEHIND: Seen = Seen::other(0);
    pub(crate) const DOT_BEHIND: Seen = Seen::other(1);
    pub(crate) const SLASH_BEHIND: Seen = Seen::other(2);
    pub(crate) const SPACE_BEHIND: Seen = Seen::other(3);
    /// A digit one byte behind it.
    pub(crate) const GOES_ON: Seen = Seen::other(4);
    /// What stands right before it.
    pub(crate) const PLUS_BEFORE: Seen = Seen::other(5);
    pub(crate) const SLASH_BEFORE: Seen = Seen::other(6);
    pub(crate) const BAR_BEFORE: Seen = Seen::other(7);
    pub(crate) const BRACKET_BEFORE: Seen = Seen::other(8);
    /// What it begins with.
    pub(crate) const NOUGHT: Seen = Seen::other(9);
    pub(crate) const ONE_OR_NINE: Seen = Seen::other(10);
    pub(crate) const CAPITAL: Seen = Seen::other(11);
    pub(crate) const SMALL: Seen = Seen::other(12);

    /// A word of digits, so many.
    pub(crate) const fn digits(least: usize, most: usize) -> Seen {
        Seen((u64::MAX << least) & !(u64::MAX << (most + 1)))
    }

    /// A word of digits and letters, so many bytes.
    pub(crate) const fn codes(least: usize, most: usize) -> Seen {
        Seen(Seen::digits(least, most).0 << LENGTHS)
    }

    const fn other(place: u32) -> Seen {
        Seen(1 << (2 * LENGTHS + place))
    }

    /// What is seen of the number that stands there.
    #[inline]
    pub(super) fn of(bytes: &[u8], word: Range<usize>, digits: bool) -> Seen {
        let at = |at: usize| usize::from(bytes.get(at).copied().unwrap_or(0));
        let before = word.start.checked_sub(1).map_or(0, at);
        let length = word.len().min(LENGTH_MAX) as u32 + if digits { 0 } else { LENGTHS };
        let beside = BEFORE[before] | FIRST[at(word.start)] | BEHIND[at(word.end)] | THEN[at(word.end + 1)];
        Seen(1 << length | u64::from(beside) << (2 * LENGTHS))
    }

    /// Whether any of these is seen.
    #[inline]
    pub(crate) const fn any(self, wanted: Seen) -> bool {
        self.0 & wanted.0 != 0
    }

    /// Both together.
    #[inline]
    pub(crate) const fn or(self, other: Seen) -> Seen {
        Seen(self.0 | other.0)
    }

    /// The set as bits.
    pub(super) const fn bits(self) -> u64 {
        self.0
    }
}

/// What a byte tells, by where it stands.
static BEFORE: [u16; 256] = told(&[
    (b"+", Seen::PLUS_BEFORE),
    (b"/", Seen::SLASH_BEFORE),
    (b"|", Seen::BAR_BEFORE),
    (b"(", Seen::BRACKET_BEFORE),
]);
static FIRST: [u16; 256] = told(&[
    (b"0", Seen::NOUGHT),
    (b"19", Seen::ONE_OR_NINE),
    (b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", Seen::CAPITAL),
    (b"abcdefghijklmnopqrstuvwxyz", Seen::SMALL),
]);
static BEHIND: [u16; 256] = told(&[
    (b"-", Seen::HYPHEN_BEHIND),
    (b".", Seen::DOT_BEHIND),
    (b"/", Seen::SLASH_BEHIND),
    (b" ", Seen::SPACE_BEHIND),
]);
static THEN: [u16; 256] = told(&[(b"0123456789", Seen::GOES_ON)]);

const fn told(classes: &[(&[u8], Seen)]) -> [u16; 256] {
    let mut told = [0; 256];
    let mut class = 0;
    while class < classes.len() {
        let (bytes, seen) = classes[class];
        let mut at = 0;
        while at < bytes.len() {
            told[bytes[at] as usize] |= (seen.0 >> (2 * LENGTHS)) as u16;
            at += 1;
        }
        class += 1;
    }
    told
}
