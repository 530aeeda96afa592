//! How an order ends when all orders of an event end: the event is called off, or everybody gets their money back because it
//! was moved.

use serde::{Deserialize, Serialize};

use super::OrderState;
use crate::{catalog::EventState, codes::coded_enum, money::Money};

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
        /// The buyer asked their bank for the money, which has what was left: sending it once more would pay them twice.
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

/// What decides whether everybody of an event can be refunded by hand.
#[derive(Clone, Copy, Debug)]
pub struct RefundAllFacts {
    /// Where the event stands.
    pub state: EventState,
    /// Why all orders ended the last time, if they did.
    pub latest: Option<RunCause>,
    /// A second person was asked since, and did not agree: they said no, said nothing, or what was shown had changed.
    pub not_agreed: Option<RunCause>,
    /// There are paid orders that the last time has not dealt with; where the event takes place, of those who had bought when it
    /// was asked for.
    pub others: bool,
}

impl RefundAllFacts {
    /// Why everybody would be refunded; `None` where that has been done or is nobody's business.
    #[must_use]
    pub fn cause(self) -> Option<RunCause> {
        let moved = (self.not_agreed == Some(RunCause::Moved)).then_some(RunCause::Moved);
        match self.state {
            EventState::Draft => None,
            // It takes place: only what was asked for when it was moved, and of those who had bought by then.
            EventState::Published => moved.filter(|_| self.others),
            EventState::Postponed => moved.or(self.others.then_some(RunCause::Moved)),
            EventState::Cancelled => {
                (self.latest != Some(RunCause::Cancelled)).then_some(RunCause::Cancelled)
            }
        }
    }
}

/// What decides how an order ends.
#[derive(Clone, Copy, Debug)]
pub struct EndFacts {
    pub state: OrderState,
    pub total: Money,
    /// What of the money is still here: neither given back nor with a bank.
    pub left: Money,
    /// There is a payment that money can go back to.
    pub captured: bool,
    /// A bank holds some of its money, or has it for good.
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
        match self.state {
            OrderState::Pending | OrderState::Asked => Ending::CallOff(NothingBack::NotPaid),
            OrderState::Paid if self.total.is_zero() => Ending::CallOff(NothingBack::Free),
            OrderState::Paid if self.left.minor > 0 && self.captured => Ending::GiveBack(self.left),
            OrderState::Paid if self.disputed => Ending::CallOff(NothingBack::Disputed),
            OrderState::Paid if self.left.minor <= 0 => {
                Ending::CallOff(NothingBack::AlreadyRefunded)
            }
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
    fn when_everybody_can_be_refunded_by_hand() {
        use EventState::{Cancelled, Draft, Postponed, Published};
        const NO: Option<RunCause> = None;
        let (moved, off) = (Some(RunCause::Moved), Some(RunCause::Cancelled));
        let table = [
            // event, latest run, asked since in vain, others left, why
            (Draft, NO, NO, true, NO),
            (Published, NO, NO, true, NO),
            (Published, NO, moved, true, moved),
            (Published, moved, NO, true, NO),
            (Published, moved, moved, true, moved),
            (Published, moved, moved, false, NO),
            (Published, NO, moved, false, NO),
            (Postponed, NO, NO, true, moved),
            (Postponed, NO, moved, true, moved),
            (Postponed, moved, NO, false, NO),
            (Postponed, moved, NO, true, moved),
            (Cancelled, NO, off, true, off),
            (Cancelled, NO, NO, false, off),
            // It was moved once, and called off later: that run has refunded nobody who bought since.
            (Cancelled, moved, NO, true, off),
            (Cancelled, moved, off, true, off),
            (Cancelled, off, NO, true, NO),
        ];
        for (state, latest, not_agreed, others, cause) in table {
            let facts = RefundAllFacts {
                state,
                latest,
                not_agreed,
                others,
            };
            assert_eq!(facts.cause(), cause, "{facts:?}");
        }
    }

    #[test]
    fn how_orders_end() {
        use Ending::{CallOff, GiveBack, Leave, NoPayment};
        let eur = |minor| Money::new(minor, Currency::EUR);
        let paid = EndFacts {
            state: OrderState::Paid,
            total: eur(100),
            left: eur(100),
            captured: true,
            disputed: false,
        };
        let table = [
            (paid, GiveBack(eur(100))),
            (
                EndFacts {
                    left: eur(70),
                    ..paid
                },
                GiveBack(eur(70)),
            ),
            (
                EndFacts {
                    left: eur(0),
                    ..paid
                },
                CallOff(NothingBack::AlreadyRefunded),
            ),
            // What the bank does not have goes back.
            (
                EndFacts {
                    left: eur(70),
                    disputed: true,
                    ..paid
                },
                GiveBack(eur(70)),
            ),
            (
                EndFacts {
                    left: eur(0),
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
                    left: eur(0),
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
                    left: eur(0),
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
