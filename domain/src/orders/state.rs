//! The states of an order and the ways between them.

use serde::{Deserialize, Serialize};

use crate::{
    codes::coded_enum,
    money::{Money, MoneyError},
    planted::{Bug, planted},
};

coded_enum! {
    /// Where an order stands. What was given back so far is an amount beside it.
    pub enum OrderState {
        /// Placed, stock held, not paid.
        Pending = "pending",
        /// Stock held; the organizer has to say yes first.
        Asked = "asked",
        /// Paid (or free); its tickets are valid. Stays so while only a part was given back.
        Paid = "paid",
        /// Called off; its tickets are void.
        Cancelled = "cancelled",
        /// Not paid in time; its stock was let go.
        Expired = "expired",
        /// Everything that was paid was given back.
        Refunded = "refunded",
    }
}

/// Why an order cannot change that way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderTransitionError {
    /// It is paid already.
    #[error("the order is paid already")]
    AlreadyPaid,
    /// It was called off.
    #[error("the order is cancelled already")]
    AlreadyCancelled,
    /// It was not paid in time.
    #[error("the order is expired already")]
    AlreadyExpired,
    /// Everything was given back.
    #[error("the order is refunded already")]
    AlreadyRefunded,
    /// Nothing was paid yet.
    #[error("the order is not paid")]
    NotPaid,
    /// The organizer has to say yes first.
    #[error("the order waits for the organizer")]
    AwaitsOrganizer,
    /// Nobody has to say yes.
    #[error("the order waits for nobody's yes")]
    NotAsked,
    /// The refund is of nothing, or less.
    #[error("nothing to refund")]
    NothingToRefund,
    /// More would be given back than was paid.
    #[error("more than was paid")]
    RefundTooLarge,
    /// The amounts do not go together.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl OrderTransitionError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyPaid => "order_already_paid",
            Self::AlreadyCancelled => "order_already_cancelled",
            Self::AlreadyExpired => "order_already_expired",
            Self::AlreadyRefunded => "order_already_refunded",
            Self::NotPaid => "order_not_paid",
            Self::AwaitsOrganizer => "order_awaits_organizer",
            Self::NotAsked => "order_not_asked",
            Self::NothingToRefund => "nothing_to_refund",
            Self::RefundTooLarge => "refund_too_large",
            Self::Money(error) => error.code(),
        }
    }
}

impl OrderState {
    /// The money arrived (or none was due) while the stock was held.
    pub fn pay(self) -> Result<Self, OrderTransitionError> {
        match self {
            Self::Expired if planted(Bug::ExpiredOrderPaid) => Ok(Self::Paid),
            Self::Pending => Ok(Self::Paid),
            Self::Asked => Err(OrderTransitionError::AwaitsOrganizer),
            Self::Paid => Err(OrderTransitionError::AlreadyPaid),
            Self::Cancelled => Err(OrderTransitionError::AlreadyCancelled),
            Self::Expired => Err(OrderTransitionError::AlreadyExpired),
            Self::Refunded => Err(OrderTransitionError::AlreadyRefunded),
        }
    }

    /// As [`OrderState::pay`], for money that was taken already. Of an order that still waits for the organizer's yes, that is
    /// the yes: nobody but them takes what was only held.
    pub fn receive(self) -> Result<Self, OrderTransitionError> {
        match self {
            Self::Asked => Ok(Self::Paid),
            Self::Pending | Self::Paid | Self::Cancelled | Self::Expired | Self::Refunded => {
                self.pay()
            }
        }
    }

    /// The organizer is asked. With a card that is held, that is once it is; else at once.
    pub fn ask(self) -> Result<Self, OrderTransitionError> {
        match self {
            Self::Pending => Ok(Self::Asked),
            Self::Asked => Err(OrderTransitionError::AwaitsOrganizer),
            Self::Paid | Self::Cancelled | Self::Expired | Self::Refunded => self.pay(),
        }
    }

    /// The organizer said yes: from here on it is an order like all others.
    pub fn approve(self) -> Result<Self, OrderTransitionError> {
        match self {
            Self::Asked => Ok(Self::Pending),
            Self::Pending => Err(OrderTransitionError::NotAsked),
            Self::Paid | Self::Cancelled | Self::Expired | Self::Refunded => self.pay(),
        }
    }

    /// The organizer said no, or the buyer took the request back.
    pub fn decline(self) -> Result<Self, OrderTransitionError> {
        self.approve()?.cancel()
    }

    /// Nobody decided in time.
    pub fn lapse(self) -> Result<Self, OrderTransitionError> {
        self.approve()?.expire()
    }

    /// The money arrived after the hold was gone, and stock could be held again.
    fn pay_late(self) -> Result<Self, OrderTransitionError> {
        match self {
            Self::Pending | Self::Expired => Ok(Self::Paid),
            Self::Asked => Err(OrderTransitionError::AwaitsOrganizer),
            Self::Paid => Err(OrderTransitionError::AlreadyPaid),
            Self::Cancelled => Err(OrderTransitionError::AlreadyCancelled),
            Self::Refunded => Err(OrderTransitionError::AlreadyRefunded),
        }
    }

    /// As [`OrderState::pay_late`], for an order of which `refunded` went back so far. Late money that was sent back told
    /// the buyer that it is over; tickets for the money of a second attempt could never be refunded, because by the
    /// order's own account everything is back already.
    pub fn revive(self, refunded: Money) -> Result<Self, OrderTransitionError> {
        match self.pay_late() {
            Ok(_) if !refunded.is_zero() => Err(OrderTransitionError::AlreadyRefunded),
            revived => revived,
        }
    }

    /// Calls the order off. What was paid is given back by `refund`.
    pub fn cancel(self) -> Result<Self, OrderTransitionError> {
        match self {
            Self::Pending | Self::Asked | Self::Paid => Ok(Self::Cancelled),
            Self::Cancelled => Err(OrderTransitionError::AlreadyCancelled),
            Self::Expired => Err(OrderTransitionError::AlreadyExpired),
            Self::Refunded => Err(OrderTransitionError::AlreadyRefunded),
        }
    }

    /// The time to pay is over.
    pub fn expire(self) -> Result<Self, OrderTransitionError> {
        match self {
            Self::Paid if planted(Bug::PaidOrderExpires) => Ok(Self::Expired),
            Self::Pending | Self::Asked => Ok(Self::Expired),
            Self::Paid => Err(OrderTransitionError::AlreadyPaid),
            Self::Cancelled => Err(OrderTransitionError::AlreadyCancelled),
            Self::Expired => Err(OrderTransitionError::AlreadyExpired),
            Self::Refunded => Err(OrderTransitionError::AlreadyRefunded),
        }
    }

    /// Gives `amount` back out of the `total` that was captured, of which `already` went back before.
    ///
    /// An order that was paid too late stays expired, and one that was called off stays cancelled until all of its
    /// money is back.
    pub fn refund(
        self,
        amount: Money,
        total: Money,
        already: Money,
    ) -> Result<Self, OrderTransitionError> {
        let partly = match self {
            Self::Paid | Self::Cancelled | Self::Expired => self,
            Self::Pending | Self::Asked => return Err(OrderTransitionError::NotPaid),
            Self::Refunded => return Err(OrderTransitionError::AlreadyRefunded),
        };
        if amount.minor <= 0 {
            return Err(OrderTransitionError::NothingToRefund);
        }
        let left = total.checked_sub(already)?.checked_sub(amount)?;
        if left.is_negative() && !planted(Bug::RefundAboveCaptured) {
            return Err(OrderTransitionError::RefundTooLarge);
        }
        Ok(if left.is_zero() && self != Self::Expired {
            Self::Refunded
        } else {
            partly
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{OrderState::*, OrderTransitionError as E, *};
    use crate::money::Currency;

    #[test]
    fn transitions() {
        let table = [
            (Pending, Ok(Paid), Ok(Paid), Ok(Cancelled), Ok(Expired)),
            (
                Asked,
                Err(E::AwaitsOrganizer),
                Err(E::AwaitsOrganizer),
                Ok(Cancelled),
                Ok(Expired),
            ),
            (
                Paid,
                Err(E::AlreadyPaid),
                Err(E::AlreadyPaid),
                Ok(Cancelled),
                Err(E::AlreadyPaid),
            ),
            (
                Cancelled,
                Err(E::AlreadyCancelled),
                Err(E::AlreadyCancelled),
                Err(E::AlreadyCancelled),
                Err(E::AlreadyCancelled),
            ),
            (
                Expired,
                Err(E::AlreadyExpired),
                Ok(Paid),
                Err(E::AlreadyExpired),
                Err(E::AlreadyExpired),
            ),
            (
                Refunded,
                Err(E::AlreadyRefunded),
                Err(E::AlreadyRefunded),
                Err(E::AlreadyRefunded),
                Err(E::AlreadyRefunded),
            ),
        ];
        for (state, pay, pay_late, cancel, expire) in table {
            assert_eq!(state.pay(), pay, "pay {state}");
            assert_eq!(state.pay_late(), pay_late, "pay late {state}");
            assert_eq!(state.cancel(), cancel, "cancel {state}");
            assert_eq!(state.expire(), expire, "expire {state}");
        }
    }

    #[test]
    fn a_request_is_decided_once() {
        assert_eq!(Pending.ask(), Ok(Asked));
        assert_eq!(Asked.approve(), Ok(Pending));
        assert_eq!(Asked.decline(), Ok(Cancelled));
        assert_eq!(Asked.lapse(), Ok(Expired));
        assert_eq!(Asked.receive(), Ok(Paid));
        assert_eq!(Asked.ask(), Err(E::AwaitsOrganizer));
        for (state, why) in [
            (Pending, E::NotAsked),
            (Paid, E::AlreadyPaid),
            (Cancelled, E::AlreadyCancelled),
            (Expired, E::AlreadyExpired),
            (Refunded, E::AlreadyRefunded),
        ] {
            assert_eq!(state.approve(), Err(why), "approve {state}");
            assert_eq!(state.decline(), Err(why), "decline {state}");
            assert_eq!(state.lapse(), Err(why), "lapse {state}");
            assert_eq!(state.receive(), state.pay(), "receive {state}");
            if state != Pending {
                assert_eq!(state.ask(), Err(why), "ask {state}");
            }
        }
    }

    #[test]
    fn late_money_that_went_back_ends_the_order() {
        let eur = |minor| Money::new(minor, Currency::EUR);
        assert_eq!(Expired.revive(eur(0)), Ok(Paid));
        assert_eq!(Expired.revive(eur(100)), Err(E::AlreadyRefunded));
        assert_eq!(Cancelled.revive(eur(0)), Err(E::AlreadyCancelled));
        assert_eq!(Paid.revive(eur(0)), Err(E::AlreadyPaid));
    }

    #[test]
    fn refunds() {
        let eur = |minor| Money::new(minor, Currency::EUR);
        for (state, amount, already, after) in [
            (Paid, 100, 0, Ok(Refunded)),
            (Paid, 40, 0, Ok(Paid)),
            (Paid, 60, 40, Ok(Refunded)),
            (Paid, 61, 40, Err(E::RefundTooLarge)),
            (Paid, 0, 0, Err(E::NothingToRefund)),
            (Paid, -1, 0, Err(E::NothingToRefund)),
            (Cancelled, 40, 0, Ok(Cancelled)),
            (Cancelled, 100, 0, Ok(Refunded)),
            (Expired, 100, 0, Ok(Expired)),
            (Pending, 1, 0, Err(E::NotPaid)),
            (Asked, 1, 0, Err(E::NotPaid)),
            (Refunded, 1, 0, Err(E::AlreadyRefunded)),
        ] {
            assert_eq!(
                state.refund(eur(amount), eur(100), eur(already)),
                after,
                "{amount} of {state}"
            );
        }
        let foreign = Paid.refund(Money::new(1, Currency::USD), eur(100), eur(0));
        assert_eq!(foreign, Err(E::Money(MoneyError::CurrencyMismatch)));
    }
}
