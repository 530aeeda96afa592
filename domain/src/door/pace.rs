//! Whether a gate that was busy has come to a stop.

/// People let in at a gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// In the last five minutes.
    pub lately: u32,
    /// In the ten minutes before these.
    pub before: u32,
}

impl Pace {
    /// What the two spans say only where people were coming.
    const BUSY: u32 = 5;

    /// Fewer than a third of the rate before: a scanner without light, a steward who is gone, a queue at the wrong door.
    #[must_use]
    pub fn has_stalled(self) -> bool {
        // Half the time and a third of the rate: a sixth.
        self.before >= Self::BUSY && self.lately.saturating_mul(6) < self.before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_busy_gate_can_stall() {
        for (before, lately, stalled) in [
            (0, 0, false),
            (4, 0, false),
            (5, 0, true),
            (5, 1, false),
            (60, 9, true),
            (60, 10, false),
            (60, 200, false),
            (u32::MAX, u32::MAX, false),
        ] {
            let pace = Pace { lately, before };
            assert_eq!(pace.has_stalled(), stalled, "{pace:?}");
        }
    }
}
