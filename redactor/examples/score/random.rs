//! A seeded generator of pseudo-random numbers, so that a data set is the same on every machine and every day.

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[usize::try_from(self.below(items.len() as u64)).unwrap_or(0)]
    }

    /// A shape filled: `#` is a digit, `@` a digit from 1 to 9, `A` a capital, `&` either; all else stands for itself.
    pub(crate) fn shape(&mut self, shape: &str) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ";
        const EITHER: &[u8] = b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
        shape
            .chars()
            .map(|c| match c {
                '#' => char::from(b'0' + self.below(10) as u8),
                '@' => char::from(b'1' + self.below(9) as u8),
                'A' => char::from(*self.pick(LETTERS)),
                '&' => char::from(*self.pick(EITHER)),
                other => other,
            })
            .collect()
    }

    /// So many decimal digits, as numbers.
    pub(crate) fn digits(&mut self, count: usize) -> Vec<u32> {
        (0..count).map(|_| self.below(10) as u32).collect()
    }

    /// So many hexadecimal digits.
    pub(crate) fn hex(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(*self.pick(b"0123456789abcdef"))).collect()
    }
}
