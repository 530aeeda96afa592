//! How an order ends when all orders of an event end: the event is called off, or everybody gets their money back because it
//! was moved.

use serde::{Deserialize, Serialize};

use super::OrderState;
use crate::{codes::coded_enum, money::Money};

coded_enum! {
    /// Why no money of an order goes back.
    pub enum NothingBack {
        /// Nothing was paid for it.
        Free = "free",
        /// Nobody has paid it.
        NotPaid = "not_paid",
        /// All of its money went back before.
        AlreadyRefunded = "already_refunded",
        /// It was called off before, and what was to go back then has gone.
        AlreadyCancelled = "already_cancelled",
        /// The buyer asked their bank for the money, which has it: sending it once more would pay them twice.
        Disputed = "disputed",
    }
}

coded_enum! {
    /// What has become of one order so far.
    pub enum RunOutcome {
        /// Its turn comes.
        Waiting = "waiting",
        /// The money is promised, and with the provider or on its way there.
        OnTheWay = "on_the_way",
        /// The provider has sent it.
        Sent = "sent",
        /// It could not be ended, or the provider did not send the money.
        Failed = "failed",
        /// No money goes back.
        Skipped = "skipped",
    }
}

coded_enum! {
    /// Why all orders of an event end.
    pub enum RunCause {
        /// The event will not take place.
        Cancelled = "cancelled",
        /// It was postponed, or moved to another date.
        Moved = "moved",
    }
}

coded_enum! {
    /// What becomes of tickets when their event is postponed or moved.
    pub enum AfterMove {
        /// They stay good, and buyers are told.
        Tell = "tell",
        /// They stay good, and may be given back for a while.
        GiveBack = "give_back",
        /// All money goes back.
        Refund = "refund",
    }
}

/// What decides how an order ends.
#[derive(Clone, Copy, Debug)]
pub struct EndFacts {
    pub state: OrderState,
    pub total: Money,
    pub refunded: Money,
    /// There is a payment that money can go back to.
    pub captured: bool,
    /// A bank holds its money.
    pub disputed: bool,
}

/// How an order ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// It is called off, and this goes back.
    GiveBack(Money),
    /// It is called off, and nothing goes back.
    CallOff(NothingBack),
    /// It has ended already.
    Leave(NothingBack),
    /// It was paid, but there is no payment to give it back from: somebody must look.
    NoPayment,
}

impl EndFacts {
    /// Everything that is left goes back: it is not the buyer who changed their mind.
    #[must_use]
    pub fn ending(self) -> Ending {
        let left = Money::new(
            self.total.minor.saturating_sub(self.refunded.minor),
            self.total.currency,
        );
        match self.state {
            OrderState::Pending | OrderState::Asked => Ending::CallOff(NothingBack::NotPaid),
            OrderState::Paid if self.disputed => Ending::CallOff(NothingBack::Disputed),
            OrderState::Paid if self.total.is_zero() => Ending::CallOff(NothingBack::Free),
            OrderState::Paid if left.minor <= 0 => Ending::CallOff(NothingBack::AlreadyRefunded),
            OrderState::Paid if self.captured => Ending::GiveBack(left),
            OrderState::Paid => Ending::NoPayment,
            OrderState::Cancelled => Ending::Leave(NothingBack::AlreadyCancelled),
            OrderState::Refunded => Ending::Leave(NothingBack::AlreadyRefunded),
            OrderState::Expired => Ending::Leave(NothingBack::NotPaid),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn how_orders_end() {
        use Ending::{CallOff, GiveBack, Leave, NoPayment};
        let eur = |minor| Money::new(minor, Currency::EUR);
        let paid = EndFacts {
            state: OrderState::Paid,
            total: eur(100),
            refunded: eur(0),
            captured: true,
            disputed: false,
        };
        let table = [
            (paid, GiveBack(eur(100))),
            (
                EndFacts {
                    refunded: eur(30),
                    ..paid
                },
                GiveBack(eur(70)),
            ),
            (
                EndFacts {
                    disputed: true,
                    ..paid
                },
                CallOff(NothingBack::Disputed),
            ),
            (
                EndFacts {
                    captured: false,
                    ..paid
                },
                NoPayment,
            ),
            (
                EndFacts {
                    total: eur(0),
                    captured: false,
                    ..paid
                },
                CallOff(NothingBack::Free),
            ),
            (
                EndFacts {
                    state: OrderState::Pending,
                    captured: false,
                    ..paid
                },
                CallOff(NothingBack::NotPaid),
            ),
            (
                EndFacts {
                    state: OrderState::Cancelled,
                    ..paid
                },
                Leave(NothingBack::AlreadyCancelled),
            ),
            (
                EndFacts {
                    state: OrderState::Refunded,
                    refunded: eur(100),
                    ..paid
                },
                Leave(NothingBack::AlreadyRefunded),
            ),
        ];
        for (facts, ending) in table {
            assert_eq!(facts.ending(), ending, "{facts:?}");
        }
    }
}
