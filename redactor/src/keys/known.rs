//! Names of fields, looked at once: a thread's table of what their letters tell.
//!
//! The same few hundred keys come again in every event. Only what is [plainly](super::plain) a field's name is kept,
//! never a key that may be somebody's.

use std::cell::RefCell;

use super::{Says, plain_by_letters, telling_by_list};
use crate::detect::{self, Category};

/// The longest name that is kept, in bytes.
const NAME_BYTES_MAX: usize = 32;
/// How many are kept; a name has two places, and the one looked for last stays.
const NAMES: usize = 512;

/// What is known of a plain key.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) telling: Option<Category>,
    pub(super) says: Says,
    pub(super) context: u64,
}

#[derive(Clone, Copy)]
struct Entry {
    name: [u8; NAME_BYTES_MAX],
    length: usize,
    known: Known,
}

impl Entry {
    #[inline]
    fn is(&self, key: &[u8]) -> bool {
        self.length == key.len() && self.name[..key.len()] == *key
    }
}

thread_local! {
    static TABLE: RefCell<Vec<Entry>> = const { RefCell::new(Vec::new()) };
}

/// What is known of the key, if it is plain and not too long.
pub(super) fn look_up(key: &str) -> Option<Known> {
    if key.is_empty() || key.len() > NAME_BYTES_MAX {
        return None;
    }
    let first = slot(key.as_bytes());
    let second = first ^ 1;
    TABLE.with_borrow_mut(|table| {
        match (table.get(first), table.get(second)) {
            (Some(entry), _) if entry.is(key.as_bytes()) => return Some(entry.known),
            (_, Some(entry)) if entry.is(key.as_bytes()) => {
                let known = entry.known;
                table.swap(first, second);
                return Some(known);
            }
            _ => {}
        }
        learn(table, key, first)
    })
}

/// Adds a key to the table, if it is plain.
#[cold]
fn learn(table: &mut Vec<Entry>, key: &str, first: usize) -> Option<Known> {
    if !plain_by_letters(key) {
        return None;
    }
    let known = Known { telling: telling_by_list(key), says: Says::of(key), context: detect::of_key(key) };
    let mut name = [0; NAME_BYTES_MAX];
    name[..key.len()].copy_from_slice(key.as_bytes());
    let entry = Entry { name, length: key.len(), known };
    if table.is_empty() {
        table.resize(NAMES, Entry { length: 0, ..entry });
    }
    if table[first].length > 0 {
        table[first ^ 1] = table[first];
    }
    table[first] = entry;
    Some(known)
}

/// The first place of a key: by its length and its first and last bytes.
fn slot(key: &[u8]) -> usize {
    let (first, last) = match (key.first_chunk::<8>(), key.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => match (key.first_chunk::<4>(), key.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
            }
            _ => (key.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0),
        },
    };
    let mixed = first ^ last.rotate_left(29) ^ (key.len() as u64) << 59;
    (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize % NAMES
}
