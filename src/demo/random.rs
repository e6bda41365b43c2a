//! A small generator of pseudo-random numbers (SplitMix64: Steele, Lea and Flood, OOPSLA 2014), so that a seed gives
//! the same demonstration everywhere.

pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// True once in `n` times.
    pub(super) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    /// So many random bytes as lower-case hex.
    pub(super) fn hex(&mut self, bytes: usize) -> String {
        let mut text: String = (0..bytes.div_ceil(8)).map(|_| format!("{:016x}", self.next())).collect();
        text.truncate(bytes * 2);
        text
    }
}
