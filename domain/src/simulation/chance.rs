//! Randomness that a number makes repeatable: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
//! generators", 2014). Written out, because a seed must mean the same history on every machine and after every update
//! of a package.

pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to just below `end`; the bias of at most one in four thousand million does not matter here.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        let scaled = (self.number() >> 32) * u64::from(end);
        u32::try_from(scaled >> 32).unwrap()
    }

    pub(super) fn between(&mut self, from: u32, end: u32) -> u32 {
        from + self.below(end - from)
    }

    pub(super) fn one_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }

    /// One of that many places, if there are any.
    pub(super) fn index(&mut self, length: usize) -> Option<usize> {
        let length = u32::try_from(length).unwrap();
        (length > 0).then(|| usize::try_from(self.below(length)).unwrap())
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.index(last + 1).unwrap_or_default();
            items.swap(last, other);
        }
    }
}

#[test]
fn the_numbers_of_the_paper() {
    let mut chance = Chance::new(1_234_567);
    let first = [chance.number(), chance.number()];
    assert_eq!(
        first,
        [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]
    );
}
