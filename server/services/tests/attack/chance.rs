//! Chance that is the same in every run.

use services::ports::Entropy;
use testkit::RepeatingEntropy;

pub struct Chance(RepeatingEntropy);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(RepeatingEntropy::new(seed))
    }

    pub fn number(&self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// From 0 to just below `end`.
    pub fn below(&self, end: usize) -> usize {
        usize::try_from(self.number() % u64::try_from(end).unwrap()).unwrap()
    }

    pub fn of<'a, T: ?Sized>(&self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    pub fn bytes(&self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.0.fill(&mut bytes);
        bytes
    }
}
