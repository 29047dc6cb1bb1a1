//! Chance that comes out the same every time.

/// `SplitMix64`: small, fast, and good enough for names.
pub(crate) struct Dice(u64);

impl Dice {
    /// The dice of one person of a seed.
    pub(crate) fn of(seed: u64, index: u32) -> Self {
        Self(seed ^ u64::from(index).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// One of several texts.
    pub(crate) fn pick(&mut self, from: &[&'static str]) -> &'static str {
        let at = self.place(from.len());
        from[at]
    }

    /// A place among so many.
    pub(crate) fn place(&mut self, among: usize) -> usize {
        usize::try_from(self.below(among as u64)).unwrap_or(0)
    }
}
