//! The order of those who came before the sale, drawn by lot so that anyone can check it.
//!
//! The seed is chosen when the room is set up and only its SHA-256 is shown; the seed itself is shown when the sale
//! begins. Until then nobody knows how many will come, so nobody can choose a number that will be drawn early. The order
//! is a keyed permutation of `1..=early`: a Feistel network whose round function is SHA-256, over the smallest even
//! number of bits that holds all numbers, repeated until the result is one of them (cycle walking, Black and Rogaway,
//! "Ciphers with Arbitrary Finite Domains", 2002). So everybody's place can be told from their number alone, and nothing
//! is kept for those who wait.

use sha2::{Digest, Sha256};

/// What decides the order.
pub type Seed = [u8; 32];

/// Four would do for a permutation that looks random; two more cost nothing.
const ROUNDS: u8 = 6;
/// Fewer bits leave a network too little to mix.
const FEWEST_BITS: u32 = 8;

/// What is shown of a seed before the draw.
pub fn commitment(seed: &Seed) -> [u8; 32] {
    Sha256::digest(seed).into()
}

/// The lot of those who came early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    seed: Seed,
    early: u64,
}

impl Draw {
    /// Of the numbers `1..=early`.
    pub fn new(seed: Seed, early: u64) -> Self {
        Self { seed, early }
    }

    /// The place in the line, from 1, of whoever came as the `number`th. Those who were not early keep their number.
    pub fn place(&self, number: u64) -> u64 {
        if number == 0 || number > self.early {
            return number;
        }
        let half = self.half_bits();
        let mut at = number - 1;
        loop {
            at = self.shuffle(at, half);
            if at < self.early {
                return at + 1;
            }
        }
    }

    fn half_bits(&self) -> u32 {
        let bits = u64::BITS - (self.early.saturating_sub(1)).leading_zeros();
        bits.max(FEWEST_BITS).div_ceil(2)
    }

    fn shuffle(&self, at: u64, half: u32) -> u64 {
        let mask = (1_u64 << half) - 1;
        let (mut left, mut right) = (at >> half, at & mask);
        for round in 0..ROUNDS {
            (left, right) = (right, left ^ (self.mix(round, right) & mask));
        }
        (left << half) | right
    }

    fn mix(&self, round: u8, right: u64) -> u64 {
        let hash = Sha256::new()
            .chain_update(self.seed)
            .chain_update(self.early.to_be_bytes())
            .chain_update([round])
            .chain_update(right.to_be_bytes())
            .finalize();
        hash.first_chunk()
            .map_or(0, |first| u64::from_be_bytes(*first))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn everybody_has_a_place_of_their_own(seed in any::<Seed>(), early in 0_u64..200, late in 1_u64..50) {
            let draw = Draw::new(seed, early);
            let mut places: Vec<u64> = (1..=early).map(|number| draw.place(number)).collect();
            places.sort_unstable();
            prop_assert!(places.into_iter().eq(1..=early));
            prop_assert_eq!(draw.place(early + late), early + late);
        }
    }

    #[test]
    fn a_crowd_has_as_many_places() {
        let draw = Draw::new([7; 32], 30_000);
        let mut taken = vec![false; 30_000];
        for number in 1..=30_000 {
            let place = usize::try_from(draw.place(number) - 1).unwrap();
            assert!(!std::mem::replace(&mut taken[place], true));
        }
    }

    /// Pearson's chi-squared test: every place is as likely for every number.
    #[test]
    fn coming_first_is_of_no_use() {
        for early in [2_u64, 3, 5, 17] {
            let draws: u32 = 600;
            let mut seen = vec![0_u32; usize::try_from(early).unwrap()];
            for n in 0..draws {
                let mut seed = [0; 32];
                seed[..4].copy_from_slice(&n.to_be_bytes());
                let place = Draw::new(commitment(&seed), early).place(1);
                seen[usize::try_from(place - 1).unwrap()] += 1;
            }
            let expected = f64::from(draws) / early as f64;
            let chi: f64 = seen
                .iter()
                .map(|count| (f64::from(*count) - expected).powi(2) / expected)
                .sum();
            // Far beyond what chance does with so few degrees of freedom (p < 0.0001 for all of them).
            assert!(chi < 50.0, "{early}: {chi} {seen:?}");
        }
    }

    /// Whoever comes with ten thousand accounts among fifty thousand people gets no more than their share of the places at the
    /// front, wherever in the order of coming their accounts are: at once and first, all through, in a pattern, or last.
    fn a_farm_gets(seed: Seed, pattern: u8, step: u64) -> f64 {
        const ALL: u64 = 60_000;
        const FARM: u64 = 10_000;
        const SERVED: u64 = 20_000;
        let is_farmed = |number: u64| match pattern {
            0 => number <= FARM,
            1 => number > ALL - FARM,
            2 => number.is_multiple_of(ALL / FARM),
            // Any other progression that meets each of six classes equally often.
            _ => (number * step) % 6 == 1,
        };
        let draw = Draw::new(seed, ALL);
        let (mut farmed, mut served) = (0_u32, 0_u32);
        for number in (1..=ALL).filter(|number| is_farmed(*number)) {
            farmed += 1;
            served += u32::from(draw.place(number) <= SERVED);
        }
        let fair = f64::from(farmed) * SERVED as f64 / ALL as f64;
        f64::from(served) / fair
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn a_farm_of_ten_thousand_gets_its_share_and_no_more(seed in any::<Seed>(), pattern in 0_u8..4, step in prop::sample::select(vec![1_u64, 5, 7, 11])) {
            // Chance moves ten thousand lots by a percent or two: four deviations are 0.05.
            let share = a_farm_gets(seed, pattern, step);
            prop_assert!((0.9..=1.1).contains(&share), "{share}");
        }
    }

    /// Written down so that others can check their own programs against it.
    #[test]
    fn the_draw_is_the_same_for_ever() {
        let draw = Draw::new([0; 32], 10);
        let places: Vec<u64> = (1..=10).map(|number| draw.place(number)).collect();
        assert_eq!(places, [4, 10, 3, 9, 5, 8, 2, 6, 7, 1]);
    }
}
