//! The levels of x86-64: one comparison for each class, its result as a mask.

use std::arch::x86_64::{
    __m256i, __m512i, _mm256_add_epi8, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8, _mm256_loadu_si256,
    _mm256_movemask_epi8, _mm256_set1_epi8, _mm512_cmpeq_epi8_mask, _mm512_cmplt_epu8_mask,
    _mm512_loadu_si512, _mm512_movepi8_mask, _mm512_or_si512, _mm512_set1_epi8, _mm512_sub_epi8,
};

use super::{BLOCK, Block};

/// 64 bytes a step.
///
/// # Safety
/// The processor has AVX-512 F and BW.
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) unsafe fn avx512(whole: &[[u8; BLOCK]], blocks: &mut Vec<Block>) {
    let byte = |byte: u8| _mm512_set1_epi8(byte as i8);
    let within = |bytes: __m512i, first: u8, last: u8| {
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, byte(first)), byte(last - first + 1))
    };
    for block in whole {
        // SAFETY: a block is 64 bytes long, and the load needs no alignment.
        let bytes = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
        let is = |wanted: u8| _mm512_cmpeq_epi8_mask(bytes, byte(wanted));
        let high = _mm512_movepi8_mask(bytes);
        let digit = within(bytes, b'0', b'9');
        let letter = within(_mm512_or_si512(bytes, byte(0x20)), b'a', b'z');
        let wordy = high | digit | letter;
        let hyphen = is(b'-');
        blocks.push(Block {
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

/// 32 bytes a step, two steps a block.
///
/// # Safety
/// The processor has AVX2.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn avx2(whole: &[[u8; BLOCK]], blocks: &mut Vec<Block>) {
    for block in whole {
        // SAFETY: a block is 64 bytes long, and the loads need no alignment.
        let (low, top) = unsafe {
            (_mm256_loadu_si256(block.as_ptr().cast()), _mm256_loadu_si256(block.as_ptr().add(32).cast()))
        };
        let range = |first: u8, last: u8| bits(within(low, first, last), within(top, first, last));
        let is = |wanted: u8| bits(equal(low, wanted), equal(top, wanted));
        let high = bits(low, top);
        let upper = range(b'A', b'Z');
        let digit = range(b'0', b'9');
        let letter = range(b'a', b'z') | upper;
        let wordy = high | digit | letter;
        let hyphen = is(b'-');
        blocks.push(Block {
            wordy,
            upper,
            digit,
            high,
            join: hyphen | is(b'_') | is(b'+') | is(b'/') | is(b'='),
            glue: hyphen | is(b'.') | is(b':') | is(b'#'),
            sign: !(wordy | is(b' ')),
        });
    }
}

/// The highest bit of each byte.
#[inline]
#[target_feature(enable = "avx2")]
fn bits(low: __m256i, top: __m256i) -> u64 {
    u64::from(_mm256_movemask_epi8(low) as u32) | u64::from(_mm256_movemask_epi8(top) as u32) << 32
}

#[inline]
#[target_feature(enable = "avx2")]
fn equal(bytes: __m256i, wanted: u8) -> __m256i {
    _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(wanted as i8))
}

/// Signed comparison only: the range is moved to the upper end of the signed bytes.
#[inline]
#[target_feature(enable = "avx2")]
fn within(bytes: __m256i, first: u8, last: u8) -> __m256i {
    let moved = _mm256_add_epi8(bytes, _mm256_set1_epi8((127 - last) as i8));
    _mm256_cmpgt_epi8(moved, _mm256_set1_epi8((127 - (last - first) - 1) as i8))
}
