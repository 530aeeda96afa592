//! What time it is at the door. The server's clock counts, as far as it is known; a device's own may be wrong, and may be
//! changed while nobody is there to ask.

/// Clocks are set right by little all the time.
const SMALL_MILLIS: i64 = 2_000;

/// One look at both clocks of a device, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The one on the wall; whoever holds the device may set it.
    pub wall: i64,
    /// The one that only counts up while the page is at work.
    pub steady: i64,
}

/// Follows the time between two answers of the server.
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    /// What to add to the wall clock to get the server's.
    skew: i64,
    last: Look,
}

impl Watch {
    pub fn new(skew: i64, now: Look) -> Self {
        Self { skew, last: now }
    }

    pub fn skew(&self) -> i64 {
        self.skew
    }

    /// The server has said what time it is.
    pub fn set(&mut self, skew: i64, now: Look) {
        *self = Self::new(skew, now);
    }

    /// Milliseconds since 1970 by the server's clock.
    pub fn time(&self, now: Look) -> i64 {
        let steady = now.steady.saturating_sub(self.last.steady);
        let wall = now.wall.saturating_sub(self.last.wall);
        let passed = if wall < steady.saturating_sub(SMALL_MILLIS) {
            steady
        } else {
            wall
        };
        self.last
            .wall
            .saturating_add(self.skew)
            .saturating_add(passed)
    }

    /// Looks again. Says by how much somebody has changed the wall clock meanwhile, which is then made up for. `trusted`: a
    /// wall clock that is ahead is right, since the page was out of sight and the other one stands still in sleep.
    pub fn look(&mut self, now: Look, trusted: bool) -> Option<i64> {
        let steady = now.steady.saturating_sub(self.last.steady);
        let wall = now.wall.saturating_sub(self.last.wall);
        let changed = wall.saturating_sub(steady);
        self.last = now;
        let by_hand = changed < -SMALL_MILLIS || (changed > SMALL_MILLIS && !trusted);
        by_hand.then(|| {
            self.skew = self.skew.saturating_sub(changed);
            changed
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn look(wall: i64, steady: i64) -> Look {
        Look { wall, steady }
    }

    #[test]
    fn the_servers_time_is_kept_whatever_the_wall_says() {
        let mut watch = Watch::new(5 * HOUR, look(1_000, 10));
        assert_eq!(watch.time(look(2_000, 1_010)), 5 * HOUR + 2_000);
        assert_eq!(watch.look(look(2_000, 1_010), false), None);
        // Somebody sets it back, then far ahead.
        let back = look(2_000 - HOUR, 1_110);
        assert_eq!(watch.time(back), 5 * HOUR + 2_100);
        assert_eq!(watch.look(back, false), Some(-HOUR - 100));
        assert_eq!(watch.time(back), 5 * HOUR + 2_100);
        let ahead = look(2_000 + 9 * HOUR, 2_110);
        assert_eq!(watch.look(ahead, false), Some(10 * HOUR - 1_000));
        assert_eq!(watch.time(ahead), 5 * HOUR + 3_100);
        // With the server's next answer it is known anew.
        watch.set(-4 * HOUR, ahead);
        assert_eq!(watch.skew(), -4 * HOUR);
        assert_eq!(watch.time(ahead), 5 * HOUR + 2_000);
    }

    #[test]
    fn who_slept_wakes_up_later() {
        let mut watch = Watch::new(0, look(0, 0));
        let awake = look(8 * HOUR, 500);
        assert_eq!(watch.look(awake, true), None);
        assert_eq!(watch.time(awake), 8 * HOUR);
        // But not earlier.
        assert_eq!(watch.look(look(7 * HOUR, 600), true), Some(-HOUR - 100));
        assert_eq!(watch.time(look(7 * HOUR, 600)), 8 * HOUR + 100);
    }

    #[test]
    fn small_corrections_are_followed() {
        let mut watch = Watch::new(0, look(0, 0));
        assert_eq!(watch.look(look(6_000, 5_000), false), None);
        assert_eq!(watch.time(look(6_000, 5_000)), 6_000);
    }
}
