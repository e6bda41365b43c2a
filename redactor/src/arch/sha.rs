//! Blocks of two messages into two hashes at once.

use sha2::block_api::compress256;

use crate::sha256::{BLOCK, State};

/// Compresses as many blocks of each message into its hash.
pub(crate) fn compress_two(states: [&mut State; 2], blocks: [&[[u8; BLOCK]]; 2]) {
    debug_assert_eq!(blocks[0].len(), blocks[1].len(), "both go on in step");
    #[cfg(target_arch = "x86_64")]
    if x86::available() {
        // SAFETY: the processor was asked for these instructions.
        return unsafe { x86::compress_two(states, blocks) };
    }
    one_by_one(states, blocks);
}

/// The same without instructions of a processor's own.
pub(crate) fn one_by_one(states: [&mut State; 2], blocks: [&[[u8; BLOCK]]; 2]) {
    for (state, blocks) in states.into_iter().zip(blocks) {
        compress256(state, blocks);
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_blend_epi16, _mm_loadu_si128, _mm_set_epi64x,
        _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi8,
        _mm_shuffle_epi32, _mm_storeu_si128,
    };

    use super::{BLOCK, State};

    /// The constants of the rounds (FIPS 180-4, 4.2.2).
    #[rustfmt::skip]
    static ROUNDS: [u32; 64] = [
        0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4, 0xAB1C_5ED5,
        0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174,
        0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
        0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967,
        0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85,
        0xA2BF_E8A1, 0xA81A_664B, 0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
        0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
        0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
    ];

    /// Whether this processor has the instructions.
    pub(super) fn available() -> bool {
        is_x86_feature_detected!("sha")
            && is_x86_feature_detected!("ssse3")
            && is_x86_feature_detected!("sse4.1")
    }

    /// The words of a hash as the instructions want them: A, B, E, F and C, D, G, H, the last the lowest.
    #[derive(Clone, Copy)]
    struct Halves {
        abef: __m128i,
        cdgh: __m128i,
    }

    /// # Safety
    /// The processor has SHA, SSSE3 and SSE4.1.
    #[target_feature(enable = "sha,ssse3,sse4.1")]
    pub(super) unsafe fn compress_two(states: [&mut State; 2], blocks: [&[[u8; BLOCK]]; 2]) {
        let [state, other_state] = states;
        let mut halves = [load(state), load(other_state)];
        for (one, other) in blocks[0].iter().zip(blocks[1]) {
            let before = halves;
            let mut words = [words(one), words(other)];
            for round in 0..16 {
                let constants = quad(&ROUNDS, round);
                for (halves, words) in halves.iter_mut().zip(&mut words) {
                    let now = words[round % 4];
                    let sums = _mm_add_epi32(now, constants);
                    halves.cdgh = _mm_sha256rnds2_epu32(halves.cdgh, halves.abef, sums);
                    let upper = _mm_shuffle_epi32::<0x0E>(sums);
                    halves.abef = _mm_sha256rnds2_epu32(halves.abef, halves.cdgh, upper);
                    // The message schedule: four words further on from the sixteen before them.
                    if round < 12 {
                        let [second, third, fourth] = [1, 2, 3].map(|on| words[(round + on) % 4]);
                        let partly = _mm_sha256msg1_epu32(now, second);
                        let partly = _mm_add_epi32(partly, _mm_alignr_epi8::<4>(fourth, third));
                        words[round % 4] = _mm_sha256msg2_epu32(partly, fourth);
                    }
                }
            }
            for (halves, before) in halves.iter_mut().zip(before) {
                halves.abef = _mm_add_epi32(halves.abef, before.abef);
                halves.cdgh = _mm_add_epi32(halves.cdgh, before.cdgh);
            }
        }
        store(halves[0], state);
        store(halves[1], other_state);
    }

    /// Four words of a table, that many fours from its start.
    #[inline]
    #[target_feature(enable = "sse2")]
    fn quad(words: &[u32], fours: usize) -> __m128i {
        let four: &[u32; 4] = &words.as_chunks().0[fours];
        // SAFETY: four words are 16 bytes long, and the load needs no alignment.
        unsafe { _mm_loadu_si128(four.as_ptr().cast()) }
    }

    /// A block's sixteen words, which lie in it with their highest byte first.
    #[inline]
    #[target_feature(enable = "ssse3")]
    fn words(block: &[u8; BLOCK]) -> [__m128i; 4] {
        let swapped = _mm_set_epi64x(0x0C0D_0E0F_0809_0A0B, 0x0405_0607_0001_0203);
        let sixteens: &[[u8; 16]; 4] = block.as_chunks().0.first_chunk().expect("64 bytes are four times 16");
        sixteens.each_ref().map(|sixteen| {
            // SAFETY: the load takes 16 bytes, and needs no alignment.
            _mm_shuffle_epi8(unsafe { _mm_loadu_si128(sixteen.as_ptr().cast()) }, swapped)
        })
    }

    #[inline]
    #[target_feature(enable = "ssse3,sse4.1")]
    fn load(state: &State) -> Halves {
        let abcd = _mm_shuffle_epi32::<0xB1>(quad(state, 0));
        let efgh = _mm_shuffle_epi32::<0x1B>(quad(state, 1));
        Halves { abef: _mm_alignr_epi8::<8>(abcd, efgh), cdgh: _mm_blend_epi16::<0xF0>(efgh, abcd) }
    }

    #[inline]
    #[target_feature(enable = "ssse3,sse4.1")]
    fn store(halves: Halves, state: &mut State) {
        let feba = _mm_shuffle_epi32::<0x1B>(halves.abef);
        let dchg = _mm_shuffle_epi32::<0xB1>(halves.cdgh);
        let abcd = _mm_blend_epi16::<0xF0>(feba, dchg);
        let efgh = _mm_alignr_epi8::<8>(dchg, feba);
        let (four, last) = state.split_at_mut(4);
        // SAFETY: each half is four words, 16 bytes long, and the stores need no alignment.
        unsafe {
            _mm_storeu_si128(four.as_mut_ptr().cast(), abcd);
            _mm_storeu_si128(last.as_mut_ptr().cast(), efgh);
        }
    }
}
