//! Where an event stands right now, for everybody who looks at it.

use super::EventState;
use crate::{codes::coded_enum, when::Timestamp};

coded_enum! {
    /// The state of an event together with the clock.
    pub enum Phase {
        /// Not shown yet.
        Draft = "draft",
        /// Shown, not begun.
        Upcoming = "upcoming",
        /// Going on.
        Running = "running",
        /// Over.
        Ended = "ended",
        /// Waiting for a new date.
        Postponed = "postponed",
        /// Called off.
        Cancelled = "cancelled",
    }
}

/// The phase of an event at an instant; it runs from its start until just before its end.
pub fn phase(state: EventState, starts: Timestamp, ends: Timestamp, now: Timestamp) -> Phase {
    match state {
        EventState::Draft => Phase::Draft,
        EventState::Postponed => Phase::Postponed,
        EventState::Cancelled => Phase::Cancelled,
        EventState::Published if now >= ends => Phase::Ended,
        EventState::Published if now >= starts => Phase::Running,
        EventState::Published => Phase::Upcoming,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_published_events_only() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let of = |state, now| phase(state, at(10), at(20), at(now));
        for (now, expected) in [
            (9, Phase::Upcoming),
            (10, Phase::Running),
            (19, Phase::Running),
            (20, Phase::Ended),
        ] {
            assert_eq!(of(EventState::Published, now), expected);
            assert_eq!(of(EventState::Draft, now), Phase::Draft);
            assert_eq!(of(EventState::Postponed, now), Phase::Postponed);
            assert_eq!(of(EventState::Cancelled, now), Phase::Cancelled);
        }
    }
}
