//! A count of the bytes that the engine examines, so that a test can say that the work is linear without a clock.
//!
//! Every pass over a text counts its bytes where it begins: preparing, parsing, decoding, another reading, looking
//! for own tokens, names and copies, writing. So does every search of a detector that has no bound of its own: to the
//! end of an address, a line, a key block. What is not counted are windows that a constant bounds.

use std::cell::Cell;

thread_local! {
    static EXAMINED: Cell<u64> = const { Cell::new(0) };
}

/// Bytes that this thread's redactions have examined so far.
pub fn examined_bytes() -> u64 {
    EXAMINED.get()
}

/// Counts the bytes of one pass or one search.
#[inline]
pub(crate) fn examined(bytes: usize) {
    EXAMINED.set(EXAMINED.get() + bytes as u64);
}
