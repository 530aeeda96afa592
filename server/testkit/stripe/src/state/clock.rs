//! The double's time: the machine's, moved on by what tests ask for.

use std::time::{SystemTime, UNIX_EPOCH};

/// Real time and how far it was moved.
#[derive(Debug, Default)]
pub struct Clock {
    ahead: i64,
}

impl Clock {
    /// Seconds since 1970 by the double's time.
    pub fn now(&self) -> i64 {
        real_millis() / 1_000 + self.ahead
    }

    /// Moves time on.
    pub fn advance(&mut self, seconds: i64) {
        self.ahead += seconds;
    }
}

/// Milliseconds since 1970 by the machine's clock: for signatures, which the receiver checks against its
/// own clock, and for waits.
#[expect(
    clippy::disallowed_methods,
    reason = "a server apart, that knows nothing of the project's ports"
)]
pub fn real_millis() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}
