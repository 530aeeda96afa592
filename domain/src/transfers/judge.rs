//! Which payment a credit on the account settles, and why not.

use crate::{codes::coded_enum, money::Money, payments::PaymentState};

coded_enum! {
    /// Why a credit needs somebody to look at it.
    pub enum Reason {
        /// No reference of ours stands in it.
        Unknown = "unknown",
        /// References of several payments stand in it.
        Several = "several",
        /// Less than is due.
        TooLittle = "too_little",
        /// More than is due.
        TooMuch = "too_much",
        /// In another currency than is due.
        WrongCurrency = "wrong_currency",
        /// The same transfer was paid before.
        AlreadyPaid = "already_paid",
        /// The money was paid and has gone back.
        OrderOver = "order_over",
    }
}

/// A payment whose reference stands in the text of a credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What is due.
    pub amount: Money,
    /// Where it stands.
    pub state: PaymentState,
}

/// Which of the payments that a credit names it settles: the only one, to the last minor unit. Whether the order still waits
/// does not matter here: money that comes late is late, whoever brings it.
pub fn judge(amount: Money, named: &[Waiting]) -> Result<usize, Reason> {
    let waiting = match named {
        [] => return Err(Reason::Unknown),
        [one] => one,
        _ => return Err(Reason::Several),
    };
    match waiting.state {
        PaymentState::Succeeded => return Err(Reason::AlreadyPaid),
        PaymentState::Refunded => return Err(Reason::OrderOver),
        PaymentState::Created
        | PaymentState::Processing
        | PaymentState::Failed { .. }
        | PaymentState::Held
        | PaymentState::Released => {}
    }
    if amount.currency != waiting.amount.currency {
        return Err(Reason::WrongCurrency);
    }
    match amount.minor.cmp(&waiting.amount.minor) {
        std::cmp::Ordering::Equal => Ok(0),
        std::cmp::Ordering::Less => Err(Reason::TooLittle),
        std::cmp::Ordering::Greater => Err(Reason::TooMuch),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{money::Currency, payments::DeclineReason};

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn due(minor: i64, state: PaymentState) -> Waiting {
        Waiting {
            amount: eur(minor),
            state,
        }
    }

    #[test]
    fn only_the_exact_amount_settles() {
        let open = due(1000, PaymentState::Created);
        let gave_up = due(
            1000,
            PaymentState::Failed {
                reason: DeclineReason::TimedOut,
            },
        );
        assert_eq!(judge(eur(1000), &[open]), Ok(0));
        assert_eq!(judge(eur(1000), &[gave_up]), Ok(0));
        assert_eq!(judge(eur(999), &[open]), Err(Reason::TooLittle));
        assert_eq!(judge(eur(1001), &[open]), Err(Reason::TooMuch));
        let francs = Money::new(1000, Currency::CHF);
        assert_eq!(judge(francs, &[open]), Err(Reason::WrongCurrency));
        assert_eq!(judge(eur(1000), &[]), Err(Reason::Unknown));
        assert_eq!(judge(eur(1000), &[open, gave_up]), Err(Reason::Several));
        let paid = due(1000, PaymentState::Succeeded);
        assert_eq!(judge(eur(1000), &[paid]), Err(Reason::AlreadyPaid));
        let back = due(1000, PaymentState::Refunded);
        assert_eq!(judge(eur(1000), &[back]), Err(Reason::OrderOver));
    }

    proptest! {
        #[test]
        fn money_is_never_taken_for_something_else(paid in 1_i64..5_000, asked in 1_i64..5_000) {
            let settles = judge(eur(paid), &[due(asked, PaymentState::Created)]).is_ok();
            prop_assert_eq!(settles, paid == asked);
        }
    }
}
