//! Classes of bytes, 64 at a time: the one room of this crate where the processor's vector registers are used, for
//! these and for hashes ([`sha`]).
//!
//! [`classify`] makes seven bit masks of each block of 64 bytes. Three levels give the same masks: AVX-512 and AVX2,
//! chosen at run time where the processor has them, and a portable one. The environment variable `REDACTOR_SIMD`
//! (`portable`, `avx2`, `avx512`) forces a level that the processor has; another value, or a level that it has not, is
//! ignored. `unsafe` stands here only: in calls of functions compiled for a level, behind the check that the processor
//! has it, and where the inner loops read and write without asking again for what was asked before.
#![allow(
    unsafe_code,
    reason = "vector instructions that the processor was asked for, and reads and writes within what was asked for"
)]

use std::cell::RefCell;
use std::sync::LazyLock;

/// What a block's bytes are, one bit for each, the lowest for the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// ASCII letters and digits, and every byte beyond ASCII.
    pub(crate) wordy: u64,
    /// `A` to `Z`
    pub(crate) upper: u64,
    /// `0` to `9`
    pub(crate) digit: u64,
    /// Bytes beyond ASCII.
    pub(crate) high: u64,
    /// What joins an opaque run without being a letter or digit: `-` `_` `+` `/` `=`.
    pub(crate) join: u64,
    /// What may stand right behind a word and make it part of a code: `.` `:` `-` `#`.
    pub(crate) glue: u64,
    /// Neither word nor space.
    pub(crate) sign: u64,
}

/// Bytes in a block.
pub(crate) const BLOCK: usize = 64;

/// Which instructions classify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Any processor.
    Portable,
    /// x86-64 with AVX2, BMI1, BMI2 and POPCNT.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// x86-64 with AVX-512 F and BW, and what the level before asks for.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// Every level of this architecture, the slowest first.
    pub(crate) const ALL: &[Level] = &[
        Level::Portable,
        #[cfg(target_arch = "x86_64")]
        Level::Avx2,
        #[cfg(target_arch = "x86_64")]
        Level::Avx512,
    ];

    /// The name that forces it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Level::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => "avx512",
        }
    }

    /// Whether this processor has it.
    pub(crate) fn available(self) -> bool {
        match self {
            Level::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => is_x86_feature_detected!("avx2") && has_bits(),
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && Level::Avx2.available()
            }
        }
    }

    /// The forced level, else the fastest that the processor has.
    fn choose(forced: Option<&str>) -> Level {
        let mut available = Level::ALL.iter().copied().filter(|level| level.available());
        let named = forced.and_then(|name| available.clone().find(|level| level.name() == name));
        named.or_else(|| available.next_back()).unwrap_or(Level::Portable)
    }
}

/// Whether this processor has the instructions of [`by_bits`].
#[cfg(target_arch = "x86_64")]
fn has_bits() -> bool {
    is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("bmi2") && is_x86_feature_detected!("popcnt")
}

/// The level in use.
pub(crate) fn level() -> Level {
    static LEVEL: LazyLock<Level> =
        LazyLock::new(|| Level::choose(std::env::var("REDACTOR_SIMD").ok().as_deref()));
    *LEVEL
}

/// Fills `blocks` with the classes of all bytes and a block of nothing behind them.
pub(crate) fn classify(level: Level, bytes: &[u8], blocks: &mut Vec<Block>) {
    blocks.clear();
    let (whole, rest) = bytes.as_chunks::<BLOCK>();
    let mut last = [b' '; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    let count = whole.len() + 1;
    blocks.reserve(count + 1);
    let (room, behind) = blocks.spare_capacity_mut().split_at_mut(whole.len());
    let (end, behind) = behind.split_at_mut(1);
    match level {
        Level::Portable => {
            for (block, slot) in whole.iter().chain([&last]).zip(room.iter_mut().chain(end)) {
                slot.write(portable(block));
            }
        }
        #[cfg(target_arch = "x86_64")]
        // SAFETY: `choose` gives a level only if the processor has it, and the tests ask before they force one.
        Level::Avx2 => unsafe {
            x86::avx2(whole, room);
            x86::avx2(std::slice::from_ref(&last), end);
        },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        Level::Avx512 => unsafe {
            x86::avx512(whole, room);
            x86::avx512(std::slice::from_ref(&last), end);
        },
    }
    behind[0].write(Block::default());
    // SAFETY: each level writes a block for each of `whole`, one for `last`, and the one behind is written above.
    unsafe { blocks.set_len(count + 1) };
}

/// What shifts and counts bits. Its `work` has to be `#[inline(always)]`, which a closure cannot be: only what is inlined
/// into [`by_bits`] is compiled for the instructions that it asks for.
pub(crate) trait Bits {
    /// What comes of it.
    type Output;
    /// Does it.
    fn work(self) -> Self::Output;
}

/// Does the work with the instructions that every processor with AVX2 has for shifting and counting bits.
#[inline]
pub(crate) fn by_bits<W: Bits>(bits: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if level() != Level::Portable {
        // SAFETY: a level other than the portable one is chosen only if the processor has these too.
        return unsafe { x86::by_bits(bits) };
    }
    bits.work()
}

/// Makes something of each bit of a mask. Its `make` has to be `#[inline(always)]`, as the `work` of [`Bits`].
pub(crate) trait OfBit {
    /// What is made.
    type Made;
    /// Makes it.
    fn make(&mut self, bit: usize) -> Self::Made;
}

/// Adds what is made of each bit that is set, the lowest first, to a list.
#[inline(always)]
pub(crate) fn extend_by_bits<M: OfBit>(list: &mut Vec<M::Made>, mut bits: u64, mut of_bit: M) {
    let (length, count) = (list.len(), bits.count_ones() as usize);
    // No more than that: a document of short texts keeps a list for each.
    list.reserve(count);
    // SAFETY: there is room for as many as are set, and as many are written.
    unsafe {
        let mut end = list.as_mut_ptr().add(length);
        while bits != 0 {
            end.write(of_bit.make(bits.trailing_zeros() as usize));
            end = end.add(1);
            bits &= bits - 1;
        }
        list.set_len(length + count);
    }
}

/// The sixteen bytes from that place on, the first the lowest, if there are as many.
#[inline(always)]
pub(crate) fn sixteen_at(bytes: &[u8], at: usize) -> Option<u128> {
    // One comparison, of which a loop over places makes the one side once.
    if at >= bytes.len().saturating_sub(size_of::<u128>() - 1) {
        return None;
    }
    // SAFETY: sixteen bytes stand there, and the load needs no alignment.
    Some(u128::from_le(unsafe { bytes.as_ptr().add(at).cast::<u128>().read_unaligned() }))
}

/// Puts the position of each thing into those of the lists to which it belongs. Each list is written at every thing and
/// goes on at those that belong to it: which these are cannot be foreseen.
#[inline]
pub(crate) fn sort_out<T, const N: usize>(
    things: &mut [T],
    mut lists: [&mut Vec<u32>; N],
    mut belongs: impl FnMut(&mut T) -> [bool; N],
) {
    let mut ends = lists.each_mut().map(|list| {
        list.clear();
        list.reserve(things.len());
        list.as_mut_ptr()
    });
    for (thing, position) in things.iter_mut().zip(0..) {
        let belongs = belongs(thing);
        for (end, belongs) in ends.iter_mut().zip(belongs) {
            // SAFETY: a list has room for all things, and goes on by one at most for each before this one.
            unsafe {
                end.write(position);
                *end = end.add(usize::from(belongs));
            }
        }
    }
    for (list, end) in lists.iter_mut().zip(ends) {
        // SAFETY: the end lies in the list's room, and up to it all is written.
        unsafe { list.set_len(end.offset_from_unsigned(list.as_ptr())) };
    }
}

/// The most blocks that a thread keeps room for between texts.
const SPARE_BLOCKS_MAX: usize = 4096;

thread_local! {
    /// The blocks of the text that is being read.
    static BLOCKS: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// Lends the classes of all bytes, with a block of nothing behind them.
pub(crate) fn with_classes<T>(bytes: &[u8], read: impl FnOnce(&mut [Block]) -> T) -> T {
    let mut blocks = BLOCKS.take();
    classify(level(), bytes, &mut blocks);
    let result = read(&mut blocks);
    if blocks.capacity() <= SPARE_BLOCKS_MAX {
        BLOCKS.set(blocks);
    }
    result
}

/// The bits from which on sixteen in a row are set.
#[inline]
pub(crate) fn sixteen_in_a_row(mask: u64, next: u64) -> u64 {
    let both = u128::from(mask) | u128::from(next) << 64;
    let two = both & both >> 1;
    let four = two & two >> 2;
    let eight = four & four >> 4;
    (eight & eight >> 8) as u64
}

/// Whether sixteen bytes in a row are of an alphabet of base64, or `=`.
pub(crate) fn has_row(level: Level, bytes: &[u8]) -> bool {
    if bytes.len() < 16 {
        return false;
    }
    match level {
        Level::Portable => {
            let keep = |block: &Block| block.wordy & !block.high | block.join;
            with_classes(bytes, |blocks| {
                blocks.windows(2).any(|pair| sixteen_in_a_row(keep(&pair[0]), keep(&pair[1])) != 0)
            })
        }
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as in `classify`; the level of AVX-512 asks for that of AVX2 too.
        Level::Avx2 | Level::Avx512 => unsafe { x86::has_row(bytes) },
    }
}

/// The bits of [`CLASS`], by their numbers.
const WORDY: u8 = 0;
const UPPER: u8 = 1;
const DIGIT: u8 = 2;
const HIGH: u8 = 3;
const JOIN: u8 = 4;
const GLUE: u8 = 5;
const SPACE: u8 = 6;

static CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' => 1 << WORDY,
            b'A'..=b'Z' => 1 << WORDY | 1 << UPPER,
            b'0'..=b'9' => 1 << WORDY | 1 << DIGIT,
            0x80..=0xFF => 1 << WORDY | 1 << HIGH,
            b'-' => 1 << JOIN | 1 << GLUE,
            b'_' | b'+' | b'/' | b'=' => 1 << JOIN,
            b'.' | b':' | b'#' => 1 << GLUE,
            b' ' => 1 << SPACE,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// What the other levels must give: a table's look-up for each byte, the bits of eight gathered by a multiplication.
fn portable(bytes: &[u8; BLOCK]) -> Block {
    const LOWEST: u64 = u64::MAX / 255;
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (mut block, mut space) = (Block::default(), 0);
    for (eight, at) in bytes.as_chunks::<8>().0.iter().zip((0..).step_by(8)) {
        let classes = u64::from_le_bytes(eight.map(|byte| CLASS[usize::from(byte)]));
        let bits = |class: u8| ((classes >> class & LOWEST).wrapping_mul(GATHER) >> 56) << at;
        block.wordy |= bits(WORDY);
        block.upper |= bits(UPPER);
        block.digit |= bits(DIGIT);
        block.high |= bits(HIGH);
        block.join |= bits(JOIN);
        block.glue |= bits(GLUE);
        space |= bits(SPACE);
    }
    block.sign = !(space | block.wordy);
    block
}

pub(crate) mod sha;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(test)]
mod tests;
