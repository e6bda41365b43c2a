//! Gates: where in a text a pattern of a policy's own can begin at all, so that it is tried there and nowhere else.
//!
//! A pattern that could begin anywhere would be tried at every byte of every text. So each must begin with literals,
//! which are looked for fast, or with a class of few bytes. That and a longest match make any text cost at most a
//! fixed number of steps a byte.

use regex_automata::util::prefilter::Prefilter;
use regex_automata::{MatchKind, Span};
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The most different bytes with which what a class matches may begin: letters, digits and two signs are 64.
pub(super) const FIRST_BYTES_MAX: usize = 64;

/// The shortest literal that is a gate; a single letter is everywhere.
const LITERAL_BYTES_MIN: usize = 2;

/// The most literals that are one gate.
const LITERALS_MAX: usize = 64;

/// Where a pattern may begin.
pub(super) enum Gate {
    /// Where one of these literals stands.
    Literals(Prefilter),
    /// At one of these bytes.
    Bytes(Box<[bool; 256]>),
}

impl Gate {
    /// The gate of a pattern; none if it can begin nearly anywhere.
    pub(super) fn of(hir: &Hir) -> Option<Gate> {
        if let Some(gate) = literals(hir) {
            return Some(gate);
        }
        let mut first = First { bytes: Box::new([false; 256]), open: true };
        first.add(hir);
        let count = first.bytes.iter().filter(|may| **may).count();
        (!first.open && (1..=FIRST_BYTES_MAX).contains(&count)).then_some(Gate::Bytes(first.bytes))
    }

    /// The next place from `at` on where the pattern may begin.
    #[inline]
    pub(super) fn next(&self, bytes: &[u8], at: usize) -> Option<usize> {
        match self {
            Gate::Literals(literals) => {
                literals.find(bytes, Span { start: at, end: bytes.len() }).map(|found| found.start)
            }
            Gate::Bytes(first) => {
                bytes[at..].iter().position(|byte| first[usize::from(*byte)]).map(|found| at + found)
            }
        }
    }
}

fn literals(hir: &Hir) -> Option<Gate> {
    let mut extractor = Extractor::new();
    extractor.limit_total(LITERALS_MAX);
    let prefixes = extractor.extract(hir);
    let literals = prefixes.literals()?;
    let long = literals.iter().all(|literal| literal.as_bytes().len() >= LITERAL_BYTES_MIN);
    if literals.is_empty() || !long {
        return None;
    }
    let needles: Vec<&[u8]> = literals.iter().map(|literal| literal.as_bytes()).collect();
    // Of several that begin at one place, any will do: the pattern is tried there.
    Prefilter::new(MatchKind::LeftmostFirst, &needles).map(Gate::Literals)
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
