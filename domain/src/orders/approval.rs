//! Above a limit, money goes back only when a second member agrees.

use crate::{codes::coded_enum, money::Money};

coded_enum! {
    /// Where a request for a second person's word stands.
    pub enum ApprovalState {
        /// Somebody else has to decide.
        Waiting = "waiting",
        /// A second person agreed, and it was done.
        Approved = "approved",
        /// A second person said no, or who asked took it back.
        Declined = "declined",
        /// Nobody decided in time.
        Expired = "expired",
        /// What it would do had changed before somebody agreed.
        Overtaken = "overtaken",
    }
}

/// Whether a second person has to agree. `before` is what the same person gave back of the same order within a day: a large
/// refund does not become small by being cut up. Exactly the limit is still one person's business.
#[must_use]
pub fn needs_second_person(limit: Money, before: Money, amount: Money) -> bool {
    limit.currency == amount.currency && before.minor.saturating_add(amount.minor) > limit.minor
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn the_limit_holds_for_the_sum() {
        let eur = |minor| Money::new(minor, Currency::EUR);
        for (before, amount, needed) in [
            (0, 100, false),
            (0, 101, true),
            (60, 40, false),
            (60, 41, true),
            (i64::MAX, 1, true),
        ] {
            assert_eq!(
                needs_second_person(eur(100), eur(before), eur(amount)),
                needed,
                "{before} {amount}"
            );
        }
        let other = Money::new(1000, Currency::USD);
        assert!(!needs_second_person(eur(100), eur(0), other));
    }
}
