//! Names of fields, looked at once: a thread's table of what their letters tell.
//!
//! The same few hundred keys come again in every event. Only what is [plainly](super::plain) a field's name is kept,
//! never a key that may be somebody's.

use std::cell::RefCell;

use super::{plain_by_letters, telling_by_list};
use crate::detect::{self, Category};

/// The longest name that is kept, in bytes.
const NAME_BYTES_MAX: usize = 32;
/// How many are kept; a name has two places, and the one looked for last stays.
const NAMES: usize = 512;

/// What is known of a plain key.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) telling: Option<Category>,
    pub(super) context: u64,
}

#[derive(Clone, Copy)]
struct Entry {
    name: Name,
    known: Known,
}

/// A name, noughts behind it, and its length.
type Name = ([u64; NAME_BYTES_MAX / 8], usize);

thread_local! {
    static TABLE: RefCell<Vec<Entry>> = const { RefCell::new(Vec::new()) };
}

/// What is known of the key, if it is plain and not too long.
pub(super) fn look_up(key: &str) -> Option<Known> {
    if key.is_empty() || key.len() > NAME_BYTES_MAX {
        return None;
    }
    let name = name(key.as_bytes());
    TABLE.with_borrow_mut(|table| {
        if table.is_empty() {
            let known = Known { telling: None, context: 0 };
            table.resize(NAMES, Entry { name: ([0; NAME_BYTES_MAX / 8], 0), known });
        }
        let first = slot(&name);
        let second = first ^ 1;
        if table[first].name == name {
            return Some(table[first].known);
        }
        if table[second].name == name {
            table.swap(first, second);
            return Some(table[first].known);
        }
        if !plain_by_letters(key) {
            return None;
        }
        let known = Known { telling: telling_by_list(key), context: detect::of_key(key) };
        if table[first].name.1 > 0 {
            table[second] = table[first];
        }
        table[first] = Entry { name, known };
        Some(known)
    })
}

fn name(key: &[u8]) -> Name {
    let mut words = [0; NAME_BYTES_MAX / 8];
    let (eights, rest) = key.as_chunks::<8>();
    for (word, eight) in words.iter_mut().zip(eights) {
        *word = u64::from_le_bytes(*eight);
    }
    if !rest.is_empty() {
        words[eights.len()] = match key.last_chunk::<8>() {
            Some(last) => u64::from_le_bytes(*last) >> (8 * (8 - rest.len())),
            None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
    }
    (words, key.len())
}

fn slot(([first, second, third, fourth], length): &Name) -> usize {
    let mixed = first ^ second.rotate_left(13) ^ third.rotate_left(29) ^ fourth.rotate_left(43);
    ((mixed ^ *length as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize % NAMES
}
