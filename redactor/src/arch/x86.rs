//! The levels of x86-64: one comparison for each class, its result as a mask.

use std::arch::x86_64::{
    __m256i, __m512i, _mm256_add_epi8, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8,
    _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8, _mm256_setr_epi8,
    _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm512_cmpeq_epi8_mask,
    _mm512_cmplt_epu8_mask, _mm512_loadu_si512, _mm512_movepi8_mask, _mm512_or_si512, _mm512_set1_epi8,
    _mm512_sub_epi8,
};

use std::mem::MaybeUninit;

use super::{BLOCK, Bits, Block};

/// See [`super::by_bits`].
///
/// # Safety
/// The processor has BMI1, BMI2 and POPCNT.
#[target_feature(enable = "bmi1,bmi2,popcnt")]
pub(super) unsafe fn by_bits<W: Bits>(bits: W) -> W::Output {
    bits.work()
}

/// 64 bytes a step.
///
/// # Safety
/// The processor has AVX-512 F and BW.
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) unsafe fn avx512(whole: &[[u8; BLOCK]], blocks: &mut [MaybeUninit<Block>]) {
    let byte = |byte: u8| _mm512_set1_epi8(byte as i8);
    let within = |bytes: __m512i, first: u8, last: u8| {
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, byte(first)), byte(last - first + 1))
    };
    for (block, slot) in whole.iter().zip(blocks) {
        // SAFETY: a block is 64 bytes long, and the load needs no alignment.
        let bytes = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
        let is = |wanted: u8| _mm512_cmpeq_epi8_mask(bytes, byte(wanted));
        let high = _mm512_movepi8_mask(bytes);
        let digit = within(bytes, b'0', b'9');
        let letter = within(_mm512_or_si512(bytes, byte(0x20)), b'a', b'z');
        let wordy = high | digit | letter;
        let hyphen = is(b'-');
        slot.write(Block {
            wordy,
            upper: within(bytes, b'A', b'Z'),
            digit,
            high,
            join: hyphen | is(b'_') | is(b'+') | is(b'/') | is(b'='),
            glue: hyphen | is(b'.') | is(b':') | is(b'#'),
            sign: !(wordy | is(b' ')),
        });
    }
}

/// 32 bytes a step, two steps a block. Between the comparisons and the write there is no branch, as a growing vector
/// would have: over a branch the compiler carries a comparison's result byte by byte.
///
/// # Safety
/// The processor has AVX2.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn avx2(whole: &[[u8; BLOCK]], blocks: &mut [MaybeUninit<Block>]) {
    for (block, slot) in whole.iter().zip(blocks) {
        // SAFETY: a block is 64 bytes long, and the loads need no alignment.
        let (low, top) = unsafe {
            (_mm256_loadu_si256(block.as_ptr().cast()), _mm256_loadu_si256(block.as_ptr().add(32).cast()))
        };
        let (low, top) = (classes(low), classes(top));
        let both = |class: usize| u64::from(low[class]) | u64::from(top[class]) << 32;
        slot.write(Block {
            wordy: both(0),
            upper: both(1),
            digit: both(2),
            high: both(3),
            join: both(4),
            glue: both(5),
            sign: both(6),
        });
    }
}

/// The masks of 32 bytes, in the order of a [`Block`].
#[inline]
#[target_feature(enable = "avx2")]
fn classes(bytes: __m256i) -> [u32; 7] {
    let is = |wanted: u8| _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(wanted as i8));
    let or = |left: __m256i, right: __m256i| _mm256_or_si256(left, right);
    let upper = within(bytes, b'A', b'Z');
    let digit = within(bytes, b'0', b'9');
    let letter = within(or(bytes, _mm256_set1_epi8(0x20)), b'a', b'z');
    let high = _mm256_cmpgt_epi8(_mm256_setzero_si256(), bytes);
    let wordy = or(or(letter, digit), high);
    let hyphen = is(b'-');
    let join = or(or(hyphen, is(b'_')), or(or(is(b'+'), is(b'/')), is(b'=')));
    let glue = or(or(hyphen, is(b'.')), or(is(b':'), is(b'#')));
    let other = or(wordy, is(b' '));
    let mask = |class: __m256i| _mm256_movemask_epi8(class) as u32;
    [mask(wordy), mask(upper), mask(digit), mask(bytes), mask(join), mask(glue), !mask(other)]
}

/// Signed comparison only: the range is moved to the lower end of the signed bytes.
#[inline]
#[target_feature(enable = "avx2")]
fn within(bytes: __m256i, first: u8, last: u8) -> __m256i {
    let moved = _mm256_add_epi8(bytes, _mm256_set1_epi8(0x80_u8.wrapping_sub(first) as i8));
    _mm256_cmpgt_epi8(_mm256_set1_epi8((0x80_u8.wrapping_add(last - first + 1)) as i8), moved)
}

/// See [`super::has_row`].
///
/// # Safety
/// The processor has AVX2.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn has_row(bytes: &[u8]) -> bool {
    let (whole, rest) = bytes.as_chunks::<BLOCK>();
    let mut last = [b' '; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    // How many bytes at the end of the block before are of the alphabet.
    let mut before = 0;
    whole.iter().chain([&last]).any(|block| {
        // SAFETY: a block is 64 bytes long, and the loads need no alignment.
        let (low, top) = unsafe {
            (_mm256_loadu_si256(block.as_ptr().cast()), _mm256_loadu_si256(block.as_ptr().add(32).cast()))
        };
        let mask = !(u64::from(others(low)) | u64::from(others(top)) << 32);
        let two = mask & mask >> 1;
        let four = two & two >> 2;
        let eight = four & four >> 4;
        let row = eight & eight >> 8 != 0 || before + mask.trailing_ones() >= 16;
        before = mask.leading_ones();
        row
    })
}

/// The bytes that are of no alphabet of base64, and not `=`: those whose two halves have no class in common. Of the
/// upper half these are `+-/`, the digits and `=`, letters but the last, the last letters and `_`, the last small ones.
#[inline]
#[target_feature(enable = "avx2")]
fn others(bytes: __m256i) -> u32 {
    let upper = _mm256_setr_epi8(
        0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0, //
        0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0,
    );
    let lower = _mm256_setr_epi8(
        26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 7, 4, 13, //
        26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 7, 4, 13,
    );
    let half = _mm256_set1_epi8(0x0F);
    let upper = _mm256_shuffle_epi8(upper, _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), half));
    let lower = _mm256_shuffle_epi8(lower, _mm256_and_si256(bytes, half));
    let none = _mm256_cmpeq_epi8(_mm256_and_si256(upper, lower), _mm256_setzero_si256());
    _mm256_movemask_epi8(none) as u32
}
