//! One attempt to pay, as told by the provider: late, twice, and in any order.

mod refund;

use serde::{Deserialize, Serialize};

pub use refund::{RefundMove, RefundState};

use crate::{
    codes::coded_enum,
    planted::{Bug, planted},
};

coded_enum! {
    /// Why a payment failed, in words a buyer can act on.
    pub enum DeclineReason {
        /// Refused without a reason.
        CardDeclined = "card_declined",
        /// Not enough money.
        InsufficientFunds = "insufficient_funds",
        /// The card is out of date.
        ExpiredCard = "expired_card",
        /// Number, name or check digits are wrong.
        WrongDetails = "wrong_details",
        /// The bank could not make sure that it is you.
        AuthenticationFailed = "authentication_failed",
        /// Above what the card may spend.
        LimitExceeded = "limit_exceeded",
        /// Looks like fraud.
        FraudSuspected = "fraud_suspected",
        /// The buyer turned back.
        Abandoned = "abandoned",
        /// No answer in time.
        TimedOut = "timed_out",
        /// The provider has a fault of its own.
        ProviderError = "provider_error",
    }
}

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// Begun.
    Created,
    /// The provider is at it.
    Processing,
    /// No money was taken.
    Failed { reason: DeclineReason },
    /// The buyer's bank keeps the money ready; none was taken.
    Held,
    /// The bank does not keep it ready any more; none was taken.
    Released,
    /// The money was taken.
    Succeeded,
    /// The money was taken and is wholly given back.
    Refunded,
}

/// What the provider reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentNews {
    /// The provider is at it.
    Processing,
    /// No money was taken.
    Failed { reason: DeclineReason },
    /// The buyer's bank keeps the money ready.
    Held,
    /// The bank does not, or not any more, and will not.
    Released,
    /// The money was taken.
    Succeeded,
    /// The money is wholly given back.
    Refunded,
}

/// Why a payment cannot change that way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentTransitionError {
    /// No money was taken that could be given back.
    #[error("the payment did not succeed")]
    NotSucceeded,
    /// It is over; a new attempt is needed.
    #[error("the payment is finished")]
    Finished,
}

impl PaymentTransitionError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotSucceeded => "payment_not_succeeded",
            Self::Finished => "payment_finished",
        }
    }
}

impl PaymentState {
    /// Takes news in. News may repeat and come in any order: the state that lies furthest on the way wins, so the end
    /// is the same for every order. Money that was taken outweighs a failure reported for the same attempt.
    #[must_use]
    pub fn apply(self, news: PaymentNews) -> Self {
        let told = match news {
            PaymentNews::Processing => Self::Processing,
            PaymentNews::Failed { reason } => Self::Failed { reason },
            PaymentNews::Held => Self::Held,
            PaymentNews::Released => Self::Released,
            PaymentNews::Succeeded => Self::Succeeded,
            PaymentNews::Refunded => Self::Refunded,
        };
        if planted(Bug::LastNewsWins) {
            return told;
        }
        // The variants are declared in the order of the way.
        self.max(told)
    }

    /// Hands the attempt to the provider; again is fine.
    pub fn process(self) -> Result<Self, PaymentTransitionError> {
        match self {
            Self::Created | Self::Processing => Ok(Self::Processing),
            Self::Failed { .. }
            | Self::Held
            | Self::Released
            | Self::Succeeded
            | Self::Refunded => Err(PaymentTransitionError::Finished),
        }
    }

    /// Gives the money back; again is fine.
    pub fn refund(self) -> Result<Self, PaymentTransitionError> {
        match self {
            Self::Succeeded | Self::Refunded => Ok(Self::Refunded),
            Self::Created
            | Self::Processing
            | Self::Failed { .. }
            | Self::Held
            | Self::Released => Err(PaymentTransitionError::NotSucceeded),
        }
    }

    /// Whether no more news is expected that a buyer would wait for.
    pub fn is_settled(&self) -> bool {
        match self {
            Self::Created | Self::Processing => false,
            Self::Failed { .. }
            | Self::Held
            | Self::Released
            | Self::Succeeded
            | Self::Refunded => true,
        }
    }

    /// Stable name in the database and for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Processing => "processing",
            Self::Failed { .. } => "failed",
            Self::Held => "held",
            Self::Released => "released",
            Self::Succeeded => "succeeded",
            Self::Refunded => "refunded",
        }
    }

    /// Why it failed, if it did.
    pub fn reason(&self) -> Option<DeclineReason> {
        match self {
            Self::Failed { reason } => Some(*reason),
            Self::Created
            | Self::Processing
            | Self::Held
            | Self::Released
            | Self::Succeeded
            | Self::Refunded => None,
        }
    }

    /// The state with that name and reason, as they stand in the database.
    pub fn from_parts(code: &str, reason: Option<DeclineReason>) -> Option<Self> {
        match (code, reason) {
            ("created", None) => Some(Self::Created),
            ("processing", None) => Some(Self::Processing),
            ("failed", Some(reason)) => Some(Self::Failed { reason }),
            ("held", None) => Some(Self::Held),
            ("released", None) => Some(Self::Released),
            ("succeeded", None) => Some(Self::Succeeded),
            ("refunded", None) => Some(Self::Refunded),
            (_, _) => None,
        }
    }
}

/// What to do with money that arrives after its hold is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateOutcome {
    /// Hold the stock again and go on as if in time.
    Rehold,
    /// Give all of it back: never sell what is not there.
    Refund,
}

/// Decides about late money.
pub fn after_late_success(stock_left: bool) -> LateOutcome {
    if stock_left || planted(Bug::LateMoneyKept) {
        LateOutcome::Rehold
    } else {
        LateOutcome::Refund
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    fn news() -> impl Strategy<Value = PaymentNews> {
        prop_oneof![
            Just(PaymentNews::Processing),
            Just(PaymentNews::Held),
            Just(PaymentNews::Released),
            Just(PaymentNews::Succeeded),
            Just(PaymentNews::Refunded),
            select(DeclineReason::all()).prop_map(|reason| PaymentNews::Failed { reason }),
        ]
    }

    fn all(news: &[PaymentNews]) -> PaymentState {
        news.iter()
            .fold(PaymentState::Created, |state, news| state.apply(*news))
    }

    #[test]
    fn taken_money_outweighs_a_failure() {
        let failed = PaymentNews::Failed {
            reason: DeclineReason::TimedOut,
        };
        assert_eq!(
            all(&[failed, PaymentNews::Succeeded]),
            PaymentState::Succeeded
        );
        assert_eq!(
            all(&[PaymentNews::Succeeded, failed]),
            PaymentState::Succeeded
        );
    }

    #[test]
    fn only_taken_money_goes_back() {
        assert_eq!(
            PaymentState::Succeeded
                .refund()
                .and_then(PaymentState::refund),
            Ok(PaymentState::Refunded)
        );
        assert_eq!(
            PaymentState::Processing.refund(),
            Err(PaymentTransitionError::NotSucceeded)
        );
        assert_eq!(
            PaymentState::Succeeded.process(),
            Err(PaymentTransitionError::Finished)
        );
    }

    #[test]
    fn late_money() {
        assert_eq!(after_late_success(true), LateOutcome::Rehold);
        assert_eq!(after_late_success(false), LateOutcome::Refund);
    }

    proptest! {
        #[test]
        fn repeats_and_order_change_nothing(
            (told, shuffled) in proptest::collection::vec(news(), 0..8)
                .prop_flat_map(|told| (Just(told.clone()), Just(told).prop_shuffle())),
        ) {
            let twice: Vec<_> = told.iter().chain(&told).copied().collect();
            prop_assert_eq!(all(&told), all(&shuffled));
            prop_assert_eq!(all(&told), all(&twice));
        }

        #[test]
        fn parts_make_the_whole(told in proptest::collection::vec(news(), 0..3)) {
            let state = all(&told);
            prop_assert_eq!(PaymentState::from_parts(state.code(), state.reason()), Some(state));
        }
    }
}
