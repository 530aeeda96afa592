//! The time by the database's clock.
//!
//! All processes go by it, so that one machine whose clock is set wrong, or is set anew while it runs, lets no hold run out
//! early and takes nothing for late that is not. Between two looks the process measures only how much time has passed.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use domain::when::{Timestamp, shift};
use jiff::SignedDuration;

use crate::ports::{Clock, System};

/// What the way to the database and back can feign.
const JITTER: SignedDuration = SignedDuration::from_millis(100);

/// What was heard last, and when. Until something was heard the machine's own clock counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Time(Arc<Mutex<Option<(Timestamp, Instant)>>>);

impl Time {
    /// The database said `at` some time between two instants.
    pub fn hear(&self, at: Timestamp, asked: Instant, answered: Instant) {
        let way = answered.saturating_duration_since(asked);
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let differs = |before: &(Timestamp, Instant)| {
            let thought = passed(before, asked + way / 2);
            at.duration_since(thought).abs() > JITTER
        };
        // A slow answer tells less than what is known.
        let slow = SignedDuration::try_from(way).is_ok_and(|way| way > JITTER);
        if heard.as_ref().is_none_or(|before| !slow && differs(before)) {
            *heard = Some((at, asked + way / 2));
        }
    }
}

impl Clock for Time {
    fn now(&self) -> Timestamp {
        let heard = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = heard.map(|heard| passed(&heard, Instant::now()));
        // PostgreSQL keeps microseconds: what is written must equal what is read.
        now.map_or_else(
            || System.now(),
            |now| now.round(jiff::Unit::Microsecond).unwrap_or(now),
        )
    }
}

/// What the clock shows at an instant after it was heard.
fn passed((at, since): &(Timestamp, Instant), then: Instant) -> Timestamp {
    let span = then.saturating_duration_since(*since);
    shift(*at, SignedDuration::try_from(span).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_machines_own_clock_does_not_count_once_the_database_was_heard() {
        let time = Time::default();
        let own = System.now();
        assert!(time.now().duration_since(own).abs() < SignedDuration::from_secs(1));
        // A worker whose clock is a day behind.
        let day = SignedDuration::from_hours(24);
        let asked = Instant::now();
        time.hear(own + day, asked, asked + Duration::from_millis(2));
        let ahead = time.now().duration_since(own + day);
        assert!(ahead.abs() < SignedDuration::from_secs(1), "{ahead}");
    }

    #[test]
    fn a_slow_way_moves_nothing_and_a_clock_that_was_set_does() {
        let time = Time::default();
        let (start, begun) = (System.now(), Instant::now());
        let at = |millis: u64| begun + Duration::from_millis(millis);
        time.hear(start, begun, begun);
        let second = SignedDuration::from_secs(1);
        // Three seconds on the way: it says five, and means something between two and five.
        time.hear(start + second * 5, at(2_000), at(5_000));
        assert_eq!(time.0.lock().unwrap().unwrap(), (start, begun));
        // Within the jitter.
        time.hear(start + second, at(1_050), at(1_050));
        assert_eq!(time.0.lock().unwrap().unwrap(), (start, begun));
        // Set an hour back.
        let back = start - SignedDuration::from_hours(1);
        time.hear(back, at(6_000), at(6_000));
        assert_eq!(time.0.lock().unwrap().unwrap(), (back, at(6_000)));
    }
}
