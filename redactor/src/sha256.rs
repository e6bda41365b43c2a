//! SHA-256 (FIPS 180-4) of many messages, two at a time.
//!
//! The processor's instructions for SHA-256 each wait for the one before; those of a second message fill the time.
//! Where it has none, messages are hashed one after the other by the crate `sha2`.

use sha2::block_api::compress256;
use zeroize::Zeroize;

use crate::arch;

/// Bytes that are hashed at once.
pub(crate) const BLOCK: usize = 64;

/// A hash on its way (FIPS 180-4, 6.2).
pub(crate) type State = [u32; 8];

/// A digest.
pub type Digest = [u8; 32];

/// The state before the first block (FIPS 180-4, 5.3.3).
const INITIAL: State =
    [0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19];

/// The digests of the messages, in their order.
pub fn digests<'a>(messages: impl IntoIterator<Item = &'a [u8]>) -> Vec<Digest> {
    continued(INITIAL, 0, messages.into_iter())
}

/// HMAC-SHA-256 (RFC 2104) with its two pads compressed once.
#[derive(Clone)]
pub(crate) struct Hmac {
    inner: State,
    outer: State,
}

impl Hmac {
    pub(crate) fn new(key: &[u8; 32]) -> Hmac {
        let padded = |pad: u8| {
            let (mut block, mut state) = ([pad; BLOCK], INITIAL);
            block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
            compress256(&mut state, &[block]);
            block.zeroize();
            state
        };
        Hmac { inner: padded(0x36), outer: padded(0x5C) }
    }

    /// The codes of the messages, in their order.
    pub(crate) fn codes<'a>(&self, messages: impl Iterator<Item = &'a [u8]>) -> Vec<Digest> {
        let inner = continued(self.inner, BLOCK, messages);
        continued(self.outer, BLOCK, inner.iter().map(Digest::as_slice))
    }

    /// The code of one message, given in parts.
    pub(crate) fn code<const N: usize>(&self, parts: [&[u8]; N]) -> Digest {
        let (mut short, long);
        let length = parts.iter().map(|part| part.len()).sum();
        let message = if length <= 2 * BLOCK {
            short = [0; 2 * BLOCK];
            let mut from = 0;
            for part in parts {
                short[from..from + part.len()].copy_from_slice(part);
                from += part.len();
            }
            &short[..length]
        } else {
            long = parts.concat();
            &long[..]
        };
        let inner = Lane::new(self.inner, BLOCK, message, 0).finish();
        Lane::new(self.outer, BLOCK, &inner, 0).finish()
    }
}

/// Hashes messages behind what `state` has hashed already, which is `before` bytes, whole blocks.
fn continued<'a>(state: State, before: usize, mut messages: impl Iterator<Item = &'a [u8]>) -> Vec<Digest> {
    let mut digests: Vec<Digest> = Vec::with_capacity(messages.size_hint().0);
    let mut next = |digests: &mut Vec<Digest>| {
        messages.next().map(|message| {
            digests.push([0; 32]);
            Lane::new(state, before, message, digests.len() - 1)
        })
    };
    let mut pair = [next(&mut digests), next(&mut digests)];
    // A message that ends makes room for the next, so that both lanes are full to the end.
    while let [Some(one), Some(other)] = &mut pair {
        let count = one.blocks().len().min(other.blocks().len());
        let (blocks, others) = (&one.blocks()[..count], &other.blocks()[..count]);
        let (mut state, mut other_state) = (one.state, other.state);
        arch::sha::compress_two([&mut state, &mut other_state], [blocks, others]);
        (one.state, other.state) = (state, other_state);
        for lane in &mut pair {
            if let Some(done) = lane.take_if(|lane| lane.advance(count)) {
                digests[done.place] = done.digest();
                *lane = next(&mut digests);
            }
        }
    }
    for lane in pair.into_iter().flatten() {
        let place = lane.place;
        digests[place] = lane.finish();
    }
    digests
}

/// A message under way.
struct Lane<'a> {
    state: State,
    /// Its whole blocks that are still to do; none behind the last, when `last` is done.
    whole: &'a [[u8; BLOCK]],
    /// Its last bytes, the bit 1, noughts, and its length in bits (FIPS 180-4, 5.1.1): one block or two.
    last: [[u8; BLOCK]; 2],
    last_from: usize,
    /// Which digest is its.
    place: usize,
}

impl<'a> Lane<'a> {
    fn new(state: State, before: usize, message: &'a [u8], place: usize) -> Lane<'a> {
        let (whole, rest) = message.as_chunks::<BLOCK>();
        let mut last = [[0; BLOCK]; 2];
        // The length takes eight bytes, the bit one: where they do not fit, another block begins.
        let last_from = usize::from(rest.len() < BLOCK - 8);
        let bytes = last.as_flattened_mut();
        let from = last_from * BLOCK;
        bytes[from..from + rest.len()].copy_from_slice(rest);
        bytes[from + rest.len()] = 0x80;
        let bits = (before + message.len()) as u64 * 8;
        bytes[2 * BLOCK - 8..].copy_from_slice(&bits.to_be_bytes());
        Lane { state, whole, last, last_from, place }
    }

    /// What is to be done next, at least one block.
    fn blocks(&self) -> &[[u8; BLOCK]] {
        if self.whole.is_empty() { &self.last[self.last_from..] } else { self.whole }
    }

    /// Goes on behind so many blocks. Gives whether that was all.
    fn advance(&mut self, count: usize) -> bool {
        if self.whole.is_empty() {
            self.last_from += count;
        } else {
            self.whole = &self.whole[count..];
        }
        self.last_from == self.last.len()
    }

    /// Does what is left of a message that has no other beside it.
    fn finish(mut self) -> Digest {
        loop {
            let (mut state, blocks) = (self.state, self.blocks());
            let count = blocks.len();
            compress256(&mut state, blocks);
            self.state = state;
            if self.advance(count) {
                return self.digest();
            }
        }
    }

    fn digest(&self) -> Digest {
        let mut digest = [0; 32];
        for (bytes, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(self.state) {
            *bytes = word.to_be_bytes();
        }
        digest
    }
}

#[cfg(test)]
mod tests {
    use hmac::{KeyInit, Mac};
    use sha2::Digest as _;

    use super::*;

    /// Messages of every length around the ends of blocks, and some long ones beside short ones.
    fn messages() -> Vec<Vec<u8>> {
        let lengths = (0..=200).chain([255, 256, 257, 4096, 5000, 3, 100_000, 64, 0, 12_345]);
        lengths.map(|length| (0..length).map(|at| (at * 7 + length) as u8).collect()).collect()
    }

    #[test]
    fn digests_are_those_of_the_standard() {
        let all = messages();
        let wanted: Vec<Digest> = all.iter().map(|message| sha2::Sha256::digest(message).into()).collect();
        assert_eq!(digests(all.iter().map(Vec::as_slice)), wanted);
        for count in 0..4 {
            let few = &all[50..50 + count];
            assert_eq!(digests(few.iter().map(Vec::as_slice)), wanted[50..50 + count]);
        }
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        let (key, all) = ([0xAB; 32], messages());
        let wanted: Vec<Digest> = all
            .iter()
            .map(|message| {
                let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
                mac.update(message);
                mac.finalize().into_bytes().into()
            })
            .collect();
        let hmac = Hmac::new(&key);
        assert_eq!(hmac.codes(all.iter().map(Vec::as_slice)), wanted);
        for (message, wanted) in all.iter().zip(wanted) {
            let (head, tail) = message.split_at(message.len() / 3);
            assert_eq!(hmac.code([head, &[], tail]), wanted);
        }
    }

    #[test]
    fn both_ways_of_two_give_the_same() {
        let (one, other) = ([[1; BLOCK]; 5], [[2; BLOCK]; 5]);
        let (mut a, mut b) = (INITIAL, INITIAL);
        arch::sha::compress_two([&mut a, &mut b], [&one, &other]);
        let (mut c, mut d) = (INITIAL, INITIAL);
        arch::sha::one_by_one([&mut c, &mut d], [&one, &other]);
        assert_eq!((a, b), (c, d));
    }
}
