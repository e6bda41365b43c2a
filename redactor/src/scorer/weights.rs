//! The learned numbers: how much each feature of a word tells.

use std::sync::LazyLock;

use super::surroundings::{Surroundings, Unit};
use crate::detect::Word;

/// What kind of identifier a word is, in the order of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Of a person.
    Name,
    /// A place, or an organisation that places a person.
    Place,
    /// A number, a code or an account's name.
    Number,
    /// A day, or an age over 89.
    Date,
    /// A credential.
    Secret,
}

/// Every class, in the order of the tables.
pub const CLASSES: [Class; 5] = [Class::Name, Class::Place, Class::Number, Class::Date, Class::Secret];

/// A feature's weight is at its highest bits: two features share one now and then, which costs little (Weinberger et
/// al., ICML 2009).
const GATE_BITS: u32 = 18;
const CLASS_BITS: u32 = 15;
const GATE: usize = 1 << GATE_BITS;
const OF_CLASS: usize = 1 << CLASS_BITS;

/// Two thresholds, four bytes little-endian each; a table that tells whether a word is an identifier; one for each class, which tells
/// which. Each weight is one signed byte.
const FILE_BYTES: usize = 8 + GATE + CLASSES.len() * OF_CLASS;

/// One number for words of letters, and one for what has digits.
#[derive(Clone, Copy, Debug)]
pub struct Kinds<T> {
    /// Of words without a digit.
    pub letters: T,
    /// Of those that have one.
    pub digits: T,
}

impl<T: Copy> Kinds<T> {
    /// The number of a word.
    pub fn of(&self, digits: bool) -> T {
        if digits { self.digits } else { self.letters }
    }

    /// Both numbers as others.
    pub fn map<U>(self, to: impl Fn(T) -> U) -> Kinds<U> {
        Kinds { letters: to(self.letters), digits: to(self.digits) }
    }
}

/// The weights of the features of a word.
pub struct Weights {
    /// What a word's weights must come to.
    thresholds: Kinds<i32>,
    gate: &'static [u8; GATE],
    classes: &'static [u8; CLASSES.len() * OF_CLASS],
}

static FILE: &[u8; FILE_BYTES] = include_bytes!("../../data/scorer.bin");

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    let (letters, rest) = FILE.split_first_chunk::<4>().expect("the file has a threshold");
    let (digits, tables) = rest.split_first_chunk::<4>().expect("the file has two");
    let (gate, classes) = tables.split_first_chunk().expect("the file has a table");
    let classes = classes.try_into().expect("the file has a table for each class");
    Weights { thresholds: Kinds { letters, digits }.map(|bytes| i32::from_le_bytes(*bytes)), gate, classes }
});

impl Weights {
    /// Those that the program was built with.
    pub(super) fn get() -> &'static Weights {
        &WEIGHTS
    }

    /// Where the weight of a feature stands in the table that tells whether a word is an identifier.
    pub fn of_gate(feature: u32) -> usize {
        (feature >> (u32::BITS - GATE_BITS)) as usize
    }

    /// Where the weight of a feature stands in the table of a class.
    pub fn of_class(feature: u32) -> usize {
        (feature >> (u32::BITS - CLASS_BITS)) as usize
    }

    /// The sizes of the two kinds of tables.
    pub const TABLES: (usize, usize) = (GATE, OF_CLASS);

    /// The file with these numbers, the tables of the classes in their order.
    pub fn file(thresholds: Kinds<i32>, gate: &[i8], classes: &[Vec<i8>]) -> Vec<u8> {
        let tables = gate.iter().chain(classes.iter().flatten());
        [thresholds.letters, thresholds.digits]
            .into_iter()
            .flat_map(i32::to_le_bytes)
            .chain(tables.map(|weight| weight.to_le_bytes()[0]))
            .collect()
    }

    /// Whether a word is an identifier.
    pub(super) fn tells<R>(&self, around: &Surroundings<'_, '_, R>, unit: &Unit) -> bool
    where
        R: Fn(&Word) -> (usize, usize),
    {
        let mut sum = 0;
        around.features(unit, |feature| sum += i32::from(self.gate[Weights::of_gate(feature)].cast_signed()));
        sum > self.thresholds.of(around.has_digit(unit))
    }

    /// Which one.
    pub(super) fn class<R>(&self, around: &Surroundings<'_, '_, R>, unit: &Unit) -> Class
    where
        R: Fn(&Word) -> (usize, usize),
    {
        let mut sums = [0_i32; CLASSES.len()];
        around.features(unit, |feature| {
            let tables = self.classes.chunks_exact(OF_CLASS);
            for (sum, table) in sums.iter_mut().zip(tables) {
                *sum += i32::from(table[Weights::of_class(feature)].cast_signed());
            }
        });
        // Of equals the first, which is as strict as any.
        let best = (0..CLASSES.len()).rev().max_by_key(|class| sums[*class]).unwrap_or(0);
        CLASSES[best]
    }
}
