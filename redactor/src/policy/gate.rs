//! Gates: where in a text a pattern of a policy's own can begin at all, so that it is tried there and nowhere else.
//!
//! A pattern that could begin anywhere would be tried at every byte of every text. So each must begin with literals or
//! with a class of few bytes. That and a longest match make any text cost at most a fixed number of steps a byte.
//!
//! The gates of all patterns are looked for in one pass: a policy has at most 64 patterns, so that one number says for
//! a byte at a place of which patterns it may be there. Of the first bytes of a match these numbers are joined, and most
//! places of a text are told by the first two, however many patterns there are.

use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::primitives::StateID;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The most different bytes with which what a class matches may begin: letters, digits and two signs are 64.
pub(super) const FIRST_BYTES_MAX: usize = 64;

/// The shortest literal that is a gate; a single letter is everywhere.
const LITERAL_BYTES_MIN: usize = 2;

/// The most literals that are one gate.
const LITERALS_MAX: usize = 64;

/// How many of the first bytes of a match are looked at.
const DEPTH: usize = 4;

/// Where any of a policy's patterns may begin.
pub(super) struct Gates {
    /// For each of the first bytes of a match, and each byte that it may be, a bit for each pattern.
    may_be: Box<[[u64; 256]; DEPTH]>,
}

impl Gates {
    /// The gates of patterns that begin like this, the first of which has the lowest bit.
    pub(super) fn new<'a>(patterns: impl Iterator<Item = &'a FirstBytes>) -> Gates {
        let mut may_be = Box::new([[0; 256]; DEPTH]);
        for (first, bit) in patterns.zip(0..u64::BITS) {
            for (place, bytes) in first.may_be.iter().enumerate() {
                for (patterns, may) in may_be[place].iter_mut().zip(bytes) {
                    *patterns |= u64::from(*may) << bit;
                }
            }
        }
        Gates { may_be }
    }

    /// Gives the places where patterns may begin, rising, with a bit for each of these patterns.
    #[inline]
    pub(super) fn each(&self, bytes: &[u8], mut open: impl FnMut(usize, u64)) {
        let [first, second, ..] = &*self.may_be;
        for (at, pair) in bytes.windows(2).enumerate() {
            let patterns = first[usize::from(pair[0])] & second[usize::from(pair[1])];
            if patterns != 0 {
                let rest = self.may_be[2..].iter().zip(&bytes[at + 2..]);
                match rest.fold(patterns, |left, (may_be, byte)| left & may_be[usize::from(*byte)]) {
                    0 => {}
                    left => open(at, left),
                }
            }
        }
        if let Some(last) = bytes.last()
            && first[usize::from(*last)] != 0
        {
            open(bytes.len() - 1, first[usize::from(*last)]);
        }
    }
}

/// Which bytes each of the first bytes of a match may be. Behind a match that may be shorter, any.
pub(super) struct FirstBytes {
    may_be: Box<[[bool; 256]; DEPTH]>,
}

impl FirstBytes {
    pub(super) fn of(nfa: &NFA) -> FirstBytes {
        let mut may_be = Box::new([[false; 256]; DEPTH]);
        let mut states = vec![nfa.start_anchored()];
        for place in &mut *may_be {
            let (mut next, mut seen) = (Vec::new(), vec![false; nfa.states().len()]);
            while let Some(state) = states.pop() {
                if !std::mem::replace(&mut seen[state.as_usize()], true) {
                    step(nfa, state, &mut states, &mut next, place);
                }
            }
            next.sort_unstable();
            next.dedup();
            states = next;
        }
        FirstBytes { may_be }
    }
}

/// Adds the bytes that lead on from a state, the states they lead to, and the states that are reached without one.
fn step(
    nfa: &NFA,
    state: StateID,
    here: &mut Vec<StateID>,
    next: &mut Vec<StateID>,
    bytes: &mut [bool; 256],
) {
    let mut on = |start: u8, end: u8, to: StateID| {
        bytes[usize::from(start)..=usize::from(end)].fill(true);
        next.push(to);
    };
    match nfa.state(state) {
        State::ByteRange { trans } => on(trans.start, trans.end, trans.next),
        State::Sparse(sparse) => {
            sparse.transitions.iter().for_each(|trans| on(trans.start, trans.end, trans.next));
        }
        State::Dense(dense) => {
            for (to, byte) in dense.transitions.iter().zip(0..=u8::MAX) {
                if *to != StateID::ZERO {
                    on(byte, byte, *to);
                }
            }
        }
        State::Look { next, .. } | State::Capture { next, .. } => here.push(*next),
        State::Union { alternates } => here.extend(alternates.iter()),
        State::BinaryUnion { alt1, alt2 } => here.extend([*alt1, *alt2]),
        State::Fail => {}
        // What stands behind the match may be anything, and so may what stands behind that.
        State::Match { .. } => on(0, u8::MAX, state),
    }
}

/// Whether the pattern has a gate: if not, it can begin nearly anywhere.
pub(super) fn has_gate(hir: &Hir) -> bool {
    if begins_with_literals(hir) {
        return true;
    }
    let mut first = First { bytes: Box::new([false; 256]), open: true };
    first.add(hir);
    let count = first.bytes.iter().filter(|may| **may).count();
    !first.open && (1..=FIRST_BYTES_MAX).contains(&count)
}

fn begins_with_literals(hir: &Hir) -> bool {
    let mut extractor = Extractor::new();
    extractor.limit_total(LITERALS_MAX);
    let prefixes = extractor.extract(hir);
    prefixes.literals().is_some_and(|literals| {
        let long = literals.iter().all(|literal| literal.as_bytes().len() >= LITERAL_BYTES_MIN);
        !literals.is_empty() && long
    })
}

/// The bytes with which a match may begin.
struct First {
    bytes: Box<[bool; 256]>,
    /// Whether what was added so far may match nothing, so that what follows may begin the match.
    open: bool,
}

impl First {
    fn add(&mut self, hir: &Hir) {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => {
                if let Some(byte) = literal.0.first() {
                    self.bytes[usize::from(*byte)] = true;
                    self.open = false;
                }
            }
            HirKind::Class(class) => {
                self.class(class);
                self.open = false;
            }
            HirKind::Repetition(repeated) => {
                let open = self.open;
                self.add(&repeated.sub);
                self.open = open && (repeated.min == 0 || self.open);
            }
            HirKind::Capture(capture) => self.add(&capture.sub),
            HirKind::Concat(parts) => {
                for part in parts {
                    self.add(part);
                    if !self.open {
                        return;
                    }
                }
            }
            HirKind::Alternation(branches) => {
                let mut open = false;
                for branch in branches {
                    self.open = true;
                    self.add(branch);
                    open |= self.open;
                }
                self.open = open;
            }
        }
    }

    fn class(&mut self, class: &Class) {
        let mut range = |start: u8, end: u8| {
            (start..=end).for_each(|byte| self.bytes[usize::from(byte)] = true);
        };
        match class {
            Class::Bytes(class) => class.ranges().iter().for_each(|found| range(found.start(), found.end())),
            // The first bytes of the characters between two are those between their first bytes.
            Class::Unicode(class) => {
                class.ranges().iter().for_each(|found| range(lead(found.start()), lead(found.end())));
            }
        }
    }
}

/// The first byte of a character in UTF-8.
fn lead(c: char) -> u8 {
    let mut buffer = [0; 4];
    c.encode_utf8(&mut buffer).as_bytes()[0]
}

#[cfg(test)]
mod tests;
