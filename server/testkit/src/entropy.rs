//! Randomness that is the same in every run (SplitMix64, Steele et al. 2014), so that a failure can be replayed.

use std::sync::atomic::{AtomicU64, Ordering};

use services::ports::Entropy;

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

pub struct RepeatingEntropy(AtomicU64);

impl RepeatingEntropy {
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    fn next(&self) -> u64 {
        let mut z = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

impl Entropy for RepeatingEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            for (place, byte) in chunk.iter_mut().zip(self.next().to_le_bytes()) {
                *place = byte;
            }
        }
    }
}
