//! Whether a ticket may go over to another person.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::when::{Timestamp, shift};

/// How long somebody has to accept.
const TO_ACCEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What the organizer of an event allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PassingPolicy {
    /// Tickets may change hands at all.
    pub allowed: bool,
    /// Until so many hours before the start.
    pub hours_before: u16,
    /// How often one place may change hands.
    pub most: u16,
}

/// Why a ticket stays where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassingRefusal {
    /// The organizer does not allow it.
    #[error("not allowed for this event")]
    NotAllowed,
    /// It is too late.
    #[error("the deadline has passed")]
    TooLate,
    /// The place changed hands too often.
    #[error("changed hands too often")]
    TooManyHands,
    /// Somebody came in with it.
    #[error("used already")]
    Used,
    /// The buyer's bank has taken the money back, and nothing is decided.
    #[error("does not admit for now")]
    Blocked,
    /// It does not admit any more.
    #[error("not valid any more")]
    NotValid,
}

impl PassingRefusal {
    /// Stable key for translations.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAllowed => "passing_not_allowed",
            Self::TooLate => "passing_too_late",
            Self::TooManyHands => "passing_too_many_hands",
            Self::Used => "passing_used",
            Self::Blocked => "passing_blocked",
            Self::NotValid => "passing_not_valid",
        }
    }
}

/// How a ticket stands that may change hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passing {
    /// It admits, or would if it were not blocked.
    pub valid: bool,
    /// A dispute about its payment is open.
    pub blocked: bool,
    /// Somebody came in with it.
    pub used: bool,
    /// How often its place changed hands before.
    pub passed_on: u16,
}

impl Passing {
    /// Whether it can change hands at all, whatever the organizer allows holders to do.
    pub fn check(self) -> Result<(), PassingRefusal> {
        if !self.valid {
            return Err(PassingRefusal::NotValid);
        }
        if self.blocked {
            return Err(PassingRefusal::Blocked);
        }
        if self.used {
            return Err(PassingRefusal::Used);
        }
        Ok(())
    }
}

impl PassingPolicy {
    /// The first instant at which a ticket cannot change hands any more. An event that was postponed has no start, and so no
    /// deadline.
    #[must_use]
    pub fn deadline(&self, starts: Option<Timestamp>) -> Option<Timestamp> {
        let before = SignedDuration::from_hours(i64::from(self.hours_before));
        starts.map(|starts| shift(starts, -before))
    }

    /// Whether this ticket may change hands now.
    pub fn check(
        &self,
        ticket: Passing,
        starts: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), PassingRefusal> {
        ticket.check()?;
        if !self.allowed {
            return Err(PassingRefusal::NotAllowed);
        }
        if self
            .deadline(starts)
            .is_some_and(|deadline| now >= deadline)
        {
            return Err(PassingRefusal::TooLate);
        }
        if self.hands_left(ticket.passed_on) == 0 {
            return Err(PassingRefusal::TooManyHands);
        }
        Ok(())
    }

    /// How often a place that changed hands so often may still do so.
    #[must_use]
    pub fn hands_left(&self, passed_on: u16) -> u16 {
        self.most.saturating_sub(passed_on)
    }

    /// Until when an offer made now can be accepted.
    #[must_use]
    pub fn open_until(&self, starts: Option<Timestamp>, now: Timestamp) -> Timestamp {
        let week = shift(now, TO_ACCEPT);
        self.deadline(starts)
            .map_or(week, |deadline| week.min(deadline))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{PassingRefusal as R, *};

    const HOUR: i64 = 3600;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn who_may_pass_a_ticket_on() {
        let policy = PassingPolicy {
            allowed: true,
            hours_before: 1,
            most: 2,
        };
        let never = PassingPolicy {
            allowed: false,
            ..policy
        };
        let good = Passing {
            valid: true,
            blocked: false,
            used: false,
            passed_on: 1,
        };
        let void = Passing {
            valid: false,
            ..good
        };
        let (blocked, used) = (
            Passing {
                blocked: true,
                ..good
            },
            Passing { used: true, ..good },
        );
        let often = Passing {
            passed_on: 2,
            ..good
        };
        let starts = Some(at(10 * HOUR));
        for (policy, ticket, starts, now, expected) in [
            (policy, good, starts, 0, Ok(())),
            (policy, good, starts, 9 * HOUR - 1, Ok(())),
            (policy, good, starts, 9 * HOUR, Err(R::TooLate)),
            (policy, good, None, 9 * HOUR, Ok(())),
            (policy, void, starts, 0, Err(R::NotValid)),
            (policy, blocked, starts, 0, Err(R::Blocked)),
            (policy, used, starts, 0, Err(R::Used)),
            (policy, often, starts, 0, Err(R::TooManyHands)),
            (never, good, starts, 0, Err(R::NotAllowed)),
        ] {
            assert_eq!(policy.check(ticket, starts, at(now)), expected);
        }
    }

    prop_compose! {
        fn policies()(allowed in prop::bool::weighted(0.8), hours_before in 0..100_u16, most in 0..5_u16) -> PassingPolicy {
            PassingPolicy { allowed, hours_before, most }
        }
    }

    prop_compose! {
        fn tickets()(
            valid in prop::bool::weighted(0.8), blocked in prop::bool::weighted(0.2), used in prop::bool::weighted(0.2),
            passed_on in 0..6_u16,
        ) -> Passing {
            Passing { valid, blocked, used, passed_on }
        }
    }

    proptest! {
        /// Whoever may pass a ticket on has something good to give, and somebody has time to take it.
        #[test]
        fn only_what_admits_goes_on_and_only_in_time(
            policy in policies(),
            ticket in tickets(),
            starts in prop::option::of(0..200 * HOUR),
            now in 0..200 * HOUR,
        ) {
            let (starts, now) = (starts.map(at), at(now));
            let until = policy.open_until(starts, now);
            match policy.check(ticket, starts, now) {
                Ok(()) => {
                    prop_assert!(ticket.valid && !ticket.blocked && !ticket.used && policy.allowed);
                    prop_assert!(ticket.passed_on < policy.most);
                    prop_assert!(now < until && until <= shift(now, TO_ACCEPT));
                    prop_assert!(starts.is_none_or(|starts| until <= starts));
                }
                Err(R::TooLate) => prop_assert!(until <= now),
                Err(_) => {}
            }
        }

        /// The organizer is bound by how the ticket stands, and by nothing else; so whatever its holder may do, they may.
        #[test]
        fn the_organizer_is_not_bound_by_their_own_terms(policy in policies(), ticket in tickets()) {
            prop_assert_eq!(ticket.check().is_ok(), ticket.valid && !ticket.blocked && !ticket.used);
            if policy.check(ticket, None, at(0)).is_ok() {
                prop_assert!(ticket.check().is_ok());
            }
        }

        /// Whatever happens to a place on its way, it changes hands so often at most.
        #[test]
        fn a_place_never_changes_hands_too_often(policy in policies(), tries in 0..20_u16) {
            let mut ticket = Passing { valid: true, blocked: false, used: false, passed_on: 0 };
            for _ in 0..tries {
                let left = policy.hands_left(ticket.passed_on);
                let allowed = policy.check(ticket, None, at(0)).is_ok();
                prop_assert_eq!(allowed, policy.allowed && left > 0);
                if allowed {
                    ticket.passed_on += 1;
                    prop_assert_eq!(policy.hands_left(ticket.passed_on), left - 1);
                }
            }
            prop_assert!(ticket.passed_on <= policy.most);
        }

        /// Who waits loses: what could not be passed on cannot be passed on later either.
        #[test]
        fn no_door_opens_by_waiting(
            policy in policies(),
            ticket in tickets(),
            starts in prop::option::of(0..200 * HOUR),
            (now, wait) in (0..200 * HOUR, 0..200 * HOUR),
        ) {
            let starts = starts.map(at);
            if policy.check(ticket, starts, at(now)).is_err() {
                prop_assert!(policy.check(ticket, starts, at(now + wait)).is_err());
            }
        }
    }
}
