//! What is known of a word, as hashes: how it is spelled, what the lexicon says, what stands around it.

use super::surroundings::{NEAR_BYTES, NEIGHBOURS, NOTHING, Surroundings, Unit, ends_line, mixed};
use crate::detect::{Lex, Shape, Word};

/// How many units back a sign counts.
const REACH: usize = 6;

impl<R: Fn(&Word) -> (usize, usize)> Surroundings<'_, '_, R> {
    /// What is known of a unit, as hashes.
    pub(super) fn features(&self, unit: &Unit, mut add: impl FnMut(u32)) {
        let shape = self.word(unit).shape as u32;
        let mut put = |what: What, of: u32, value: u32| add(mixed(what as u32 | of << 8, value));
        put(What::Always, 0, 0);
        let kind = self.kind();
        put(What::OfKind, kind, shape);
        self.spelling(unit, &mut put);
        let before = self.those_before(unit, &mut put);
        let behind = self.those_behind(unit, &mut put);
        for (side, ids) in [before.ids, behind.ids].iter().enumerate() {
            let missing = ids.iter().enumerate().filter(|(_, id)| **id == NOTHING);
            missing.for_each(|(far, _)| put(What::Edge, side as u32, far as u32));
        }
        put(What::GapBefore, shape, before.gap);
        put(What::GapsOfKind, kind | shape << 4, mixed(before.gap, behind.gap));
        put(What::BeforeOfKind, kind | shape << 4, before.ids[0]);
        put(What::BehindOfKind, kind | shape << 4, behind.ids[0]);
        put(What::GapBehind, shape, behind.gap);
        put(What::Gaps, 0, mixed(before.gap, behind.gap));
        if before.ids[1] != NOTHING {
            put(What::TwoBefore, 0, mixed(before.ids[1], before.ids[0]));
        }
        put(What::BothSides, 0, mixed(before.ids[0], behind.ids[0]));
        if let Some((all, last)) = self.head(unit) {
            put(What::Head, 0, all);
            put(What::HeadWord, shape, last);
        }
        if let Some(sign) = before.sign {
            put(What::Sign, 0, sign);
            put(What::SignOfShape, shape, sign);
        }
        put(What::Place, 0, before.in_line);
    }

    fn spelling(&self, unit: &Unit, put: &mut impl FnMut(What, u32, u32)) {
        let word = self.word(unit);
        let spelled = self.text.spelled(unit.words.0).as_bytes();
        let shape = word.shape as u32;
        let length = spelled.len().min(12) as u32;
        put(What::Shape, shape, length);
        put(What::Id, 0, unit.id);
        let kind = self.kind();
        lexicon(word.lex, |bit| {
            put(What::Lex, shape, bit);
            put(What::LexOfKind, kind | shape << 4, bit);
        });
        let low = |at: usize| u32::from(spelled[at].to_ascii_lowercase());
        if let (2.., false) = (spelled.len(), word.shape == Shape::Digits) {
            let (end, back) = (spelled.len(), 3.min(spelled.len()));
            put(What::Tail2, 0, low(end - 2) << 8 | low(end - 1));
            put(What::Tail3, 0, low(end - back) << 16 | low(end - 2) << 8 | low(end - 1));
            put(What::Front3, 0, low(0) << 16 | low(1) << 8 | low(back - 1));
        }
        if word.shape >= Shape::Digits {
            put(What::Pattern, length.min(9), pattern(spelled));
        }
    }

    fn those_before(&self, unit: &Unit, put: &mut impl FnMut(What, u32, u32)) -> Side {
        let shape = self.word(unit).shape as u32;
        let mut side = Side { ids: [NOTHING; NEIGHBOURS], gap: 0, in_line: 0, sign: None };
        let (mut left, mut apart) = (*unit, false);
        for far in 0..REACH {
            let other = self.before(&left);
            let Some(other) = other.filter(|other| other.end + NEAR_BYTES >= unit.start) else {
                if far == 0 {
                    side.gap = gap_id(&self.written.as_bytes()[..unit.start]) | 1 << 24;
                }
                break;
            };
            let gap = self.gap(&other, Some(&left));
            if far == 0 {
                side.gap = gap_id(gap);
            }
            if gap != b" " {
                apart |= ends_line(gap);
                if gap.iter().any(|byte| matches!(byte, b':' | b'=' | b'#')) {
                    side.sign = side.sign.or(Some(other.id));
                }
            }
            match side.ids.get_mut(far) {
                Some(id) => {
                    *id = other.id;
                    side.in_line += u32::from(!apart);
                    self.neighbour(&other, [far as u32 + 1, 0, u32::from(apart), shape], put);
                }
                None if side.sign.is_some() => break,
                None => {}
            }
            left = other;
        }
        side
    }

    fn those_behind(&self, unit: &Unit, put: &mut impl FnMut(What, u32, u32)) -> Side {
        let shape = self.word(unit).shape as u32;
        let mut side = Side { ids: [NOTHING; NEIGHBOURS], gap: 0, in_line: 0, sign: None };
        let (mut right, mut apart) = (*unit, false);
        for far in 0..NEIGHBOURS {
            let other = self.behind(&right);
            let gap = self.gap(&right, other.as_ref());
            if far == 0 {
                side.gap = gap_id(gap) | u32::from(other.is_none()) << 24;
            }
            let near = |other: &Unit| other.start <= unit.end + NEAR_BYTES;
            let Some(other) = other.filter(near) else { break };
            apart |= gap != b" " && ends_line(gap);
            side.ids[far] = other.id;
            self.neighbour(&other, [far as u32 + 1, 1, u32::from(apart), shape], put);
            right = other;
        }
        side
    }

    /// What a neighbour tells: how far away it stands, on which side, whether in another line; of a word of which shape.
    fn neighbour(&self, other: &Unit, where_it_is: [u32; 4], put: &mut impl FnMut(What, u32, u32)) {
        let [far, side, apart, shape] = where_it_is;
        let of = far | side << 2 | apart << 3;
        put(What::NextOfShape, of | shape << 4, other.id);
        if far <= 2 {
            put(What::Next, of, other.id);
        }
        if other.was_found() {
            return;
        }
        let next = self.word(other);
        put(What::ShapeOfNext, of | shape << 4, next.shape as u32);
        if far == 1 {
            lexicon(next.lex, |bit| put(What::LexOfNext, of | shape << 4, bit));
        }
    }
}

/// What stands on one side of a word.
struct Side {
    /// What the nearest units say, the nearest first.
    ids: [u32; NEIGHBOURS],
    /// The gap between the word and them.
    gap: u32,
    /// How many of them stand in the same line.
    in_line: u32,
    /// What stands before the nearest `:`, `=` or `#` on this side.
    sign: Option<u32>,
}

/// What a feature is about.
#[derive(Clone, Copy)]
enum What {
    Always,
    Shape,
    Id,
    Lex,
    Tail2,
    Tail3,
    Front3,
    Pattern,
    GapBefore,
    GapBehind,
    Gaps,
    Edge,
    Next,
    NextOfShape,
    ShapeOfNext,
    LexOfNext,
    TwoBefore,
    BothSides,
    Head,
    HeadWord,
    Sign,
    SignOfShape,
    Place,
    OfKind,
    GapsOfKind,
    BeforeOfKind,
    BehindOfKind,
    LexOfKind,
}

/// Each flag of the lexicon, or that it has none.
fn lexicon(lex: Lex, mut put: impl FnMut(u32)) {
    let mut bits = lex.bits();
    if bits == 0 {
        put(32);
    }
    while bits != 0 {
        put(bits.trailing_zeros());
        bits &= bits - 1;
    }
}

/// How a gap looks: its first and its last byte, and whether it is longer or ends a line.
fn gap_id(gap: &[u8]) -> u32 {
    match *gap {
        [] => 0,
        [only] if only != b'\n' => u32::from(only),
        [first, .., last] | [first @ last] => {
            let kind = match gap.len() {
                _ if memchr::memchr(b'\n', gap).is_some() => 3,
                2 => 1,
                _ => 2,
            };
            kind << 16 | u32::from(first) << 8 | u32::from(last)
        }
    }
}

/// Runs of capitals, small letters and digits, the first six.
fn pattern(spelled: &[u8]) -> u32 {
    let (mut all, mut last, mut runs) = (0, 0, 0);
    for byte in spelled {
        let kind = match byte {
            b'0'..=b'9' => 1,
            b'A'..=b'Z' => 2,
            _ => 3,
        };
        if kind != last {
            if runs == 6 {
                break;
            }
            (all, last, runs) = (all << 2 | kind, kind, runs + 1);
        }
    }
    all
}
