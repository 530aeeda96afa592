//! Orders that are requests: the organizer decides before they become orders like all others.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    codes::coded_enum,
    when::{Timestamp, shift},
};

/// How long an organizer has to decide when nothing else is said, in hours.
pub const HOURS_USUAL: u16 = 72;
/// With a card that is held. The hold lapses at the provider after seven days.
/// <https://docs.stripe.com/payments/place-a-hold-on-a-payment-method>
pub const HOURS_WITH_HOLD: u16 = 144;
/// Without.
pub const HOURS_MOST: u16 = 720;
/// How long a buyer has to pay after the organizer has said yes.
const TO_PAY: SignedDuration = SignedDuration::from_hours(24);

coded_enum! {
    /// Whether an order needs the organizer's yes.
    pub enum Asking {
        /// It does not.
        No = "no",
        /// It does, and is paid after that.
        Ask = "ask",
        /// It does, and the card is held until then.
        Hold = "hold",
    }
}

coded_enum! {
    /// How a request ended.
    pub enum Decision {
        /// The organizer said yes.
        Approved = "approved",
        /// The organizer said no.
        Declined = "declined",
        /// The buyer took it back.
        Withdrawn = "withdrawn",
        /// Nobody decided in time, or the hold on the card ended before.
        Lapsed = "lapsed",
    }
}

/// What an event's organizer has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RequestPolicy {
    pub asking: Asking,
    /// How long the organizer has to decide.
    pub hours: u16,
}

impl RequestPolicy {
    /// Orders need nobody's yes.
    pub const OFF: Self = Self {
        asking: Asking::No,
        hours: HOURS_USUAL,
    };

    /// How many hours may be chosen at most.
    #[must_use]
    pub fn most(asking: Asking) -> u16 {
        match asking {
            Asking::Hold => HOURS_WITH_HOLD,
            Asking::No | Asking::Ask => HOURS_MOST,
        }
    }

    /// How an order is asked for. Nothing is held for what costs nothing, or where nobody can hold it.
    #[must_use]
    pub fn of_order(self, free: bool, holds: bool) -> Asking {
        match self.asking {
            Asking::Hold if free || !holds => Asking::Ask,
            asking => asking,
        }
    }

    /// Until when the organizer can decide what is asked `now`: never after the event is over.
    #[must_use]
    pub fn until(self, now: Timestamp, ends_at: Timestamp) -> Timestamp {
        decide_until(self.hours, now, ends_at)
    }
}

/// As [`RequestPolicy::until`], with the hours that the buyer was told.
#[must_use]
pub fn decide_until(hours: u16, now: Timestamp, ends_at: Timestamp) -> Timestamp {
    shift(now, SignedDuration::from_hours(i64::from(hours))).min(ends_at.max(now))
}

/// Until when the buyer can pay what was approved `now`.
#[must_use]
pub fn pay_until(now: Timestamp, ends_at: Timestamp) -> Timestamp {
    shift(now, TO_PAY).min(ends_at.max(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        shift(Timestamp::UNIX_EPOCH, SignedDuration::from_hours(hours))
    }

    #[test]
    fn nobody_decides_after_the_event() {
        let policy = RequestPolicy {
            asking: Asking::Ask,
            hours: 72,
        };
        for (now, ends, until) in [(0, 500, 72), (0, 10, 10), (20, 10, 20)] {
            assert_eq!(policy.until(at(now), at(ends)), at(until), "{now} {ends}");
        }
        assert_eq!(pay_until(at(0), at(500)), at(24));
        assert_eq!(pay_until(at(0), at(3)), at(3));
    }

    #[test]
    fn only_what_costs_something_is_held() {
        let hold = RequestPolicy {
            asking: Asking::Hold,
            hours: 72,
        };
        assert_eq!(hold.of_order(false, true), Asking::Hold);
        assert_eq!(hold.of_order(true, true), Asking::Ask);
        assert_eq!(hold.of_order(false, false), Asking::Ask);
        assert_eq!(RequestPolicy::OFF.of_order(false, true), Asking::No);
    }

    #[test]
    fn a_hold_is_decided_before_it_lapses() {
        assert!(RequestPolicy::most(Asking::Hold) < 7 * 24);
        assert_eq!(RequestPolicy::most(Asking::Ask), 30 * 24);
    }
}
