//! The time by the database's clock.
//!
//! All processes go by it, so that one machine whose clock is set wrong, or is set anew while it runs, lets no hold run out
//! early and takes nothing for late that is not. Between two looks the process measures only how much time has passed. The
//! programs ask before they begin to work, so that their own clock never counts.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use domain::when::{Timestamp, shift};
use jiff::SignedDuration;
use sqlx::PgConnection;

use crate::ports::{Clock, System};

/// What the way to the database and back can feign.
const JITTER: SignedDuration = SignedDuration::from_millis(100);

/// What was heard last, and when. Until something was heard the machine's own clock counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Time(Arc<Mutex<Option<(Timestamp, Instant)>>>);

impl Time {
    /// Asks the database.
    pub async fn ask(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let asked = Instant::now();
        let now = sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#)
            .fetch_one(connection)
            .await?;
        self.hear(now.to_jiff(), asked, Instant::now());
        Ok(())
    }

    /// The database said `at` some time between two instants.
    fn hear(&self, at: Timestamp, asked: Instant, answered: Instant) {
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

impl Time {
    /// What the database's clock shows at an instant; `None` if it was never heard.
    fn at(&self, then: Instant) -> Option<Timestamp> {
        let heard = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.map(|heard| passed(&heard, then))
    }
}

impl Clock for Time {
    fn now(&self) -> Timestamp {
        let now = self.at(Instant::now());
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

    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// Longest that an answer may be under way and still tell the time, in milliseconds.
    const QUICK: u64 = 100;

    fn millis(number: u64) -> SignedDuration {
        SignedDuration::from_millis(i64::try_from(number).unwrap())
    }

    proptest! {
        /// However long one looks away, however long an answer takes and wherever on its way it was spoken, and whether the
        /// database's clock is set anew: after a quick answer the time is the database's. The machine's own clock is
        /// years away, so that any look at it would show.
        #[test]
        fn only_the_databases_clock_counts(
            year in 1_990_i64..2_020,
            steps in vec((0_u64..600_000, 0_u64..3_000, 0_u64..=100, -7_200_i64..=7_200), 1..40),
        ) {
            let start = Timestamp::from_second((year - 1_970) * 31_556_952).unwrap();
            let (begun, mut clock, mut elapsed) = (Instant::now(), start, 0);
            let time = Time::default();
            time.hear(start, begun, begun);
            for (pause, way, spoken, set) in steps {
                // Most of the time nobody sets it.
                let set = if set % 5 == 0 { SignedDuration::from_secs(set) } else { SignedDuration::ZERO };
                clock += millis(pause) + set;
                let asked = elapsed + pause;
                let said = clock + millis(way * spoken / 100);
                let at = |elapsed: u64| begun + Duration::from_millis(elapsed);
                time.hear(said, at(asked), at(asked + way));
                clock += millis(way);
                elapsed = asked + way;
                let shown = time.at(at(elapsed)).unwrap();
                let off = shown.duration_since(clock).abs();
                if way <= QUICK {
                    prop_assert!(off <= JITTER + millis(QUICK / 2), "{off} away");
                } else {
                    let years = shown.duration_since(System.now()).abs();
                    prop_assert!(years > SignedDuration::from_hours(24 * 365));
                }
            }
        }
    }

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
