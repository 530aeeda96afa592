//! Time that passes when told to.

use std::sync::Mutex;

use domain::when::Timestamp;
use jiff::SignedDuration;
use services::ports::Clock;

pub struct MovableClock(Mutex<Timestamp>);

impl Default for MovableClock {
    /// A Monday morning in spring.
    fn default() -> Self {
        Self(Mutex::new("2026-03-02T09:00:00Z".parse().unwrap()))
    }
}

impl MovableClock {
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap();
        *now = now.checked_add(by).unwrap();
    }

    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap() = now;
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}
