//! Instants and spans of time. Which time it is comes from the caller; time zones are resolved outside of this crate,
//! because their data is too large for the browser.

pub use jiff::Timestamp;
use jiff::{SignedDuration, civil};
use serde::{Deserialize, Serialize};

use crate::text::Fault;

/// A span of time: from its first instant until just before its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ValidityWindow {
    /// The first instant inside.
    pub from: Timestamp,
    /// The first instant after.
    pub until: Timestamp,
}

impl ValidityWindow {
    /// Refuses a window that ends before it starts.
    pub fn new(from: Timestamp, until: Timestamp) -> Result<Self, Fault> {
        if until <= from {
            Err(Fault::EndBeforeStart)
        } else {
            Ok(Self { from, until })
        }
    }

    /// Whether the instant lies inside.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// A whole minute since 1970, as ticket codes carry it. Every instant of this and the next
/// eight thousand years has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Minute(pub u32);

impl Minute {
    /// The minute that has begun at an instant. Instants outside of the range become its edges.
    pub fn floor(at: Timestamp) -> Self {
        Self::nearest(at.as_second().div_euclid(60))
    }

    /// The first minute that begins at an instant or after it.
    pub fn ceil(at: Timestamp) -> Self {
        let begun = at.as_second().div_euclid(60);
        let whole = at.as_second().rem_euclid(60) == 0 && at.subsec_nanosecond() == 0;
        Self::nearest(if whole {
            begun
        } else {
            begun.saturating_add(1)
        })
    }

    /// The instant at which the minute begins.
    pub fn start(self) -> Timestamp {
        Timestamp::from_second(i64::from(self.0) * 60).unwrap_or(Timestamp::MAX)
    }

    fn nearest(minute: i64) -> Self {
        Self(u32::try_from(minute.max(0)).unwrap_or(u32::MAX))
    }
}

/// The instant `by` later (or earlier, when negative), kept within what can be represented.
pub fn shift(at: Timestamp, by: SignedDuration) -> Timestamp {
    let edge = if by.is_negative() {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    at.checked_add(by).unwrap_or(edge)
}

/// Reads what a date-and-time field of a browser sends ("2026-05-01T19:30"), without a zone.
pub fn parse_local(text: &str) -> Result<civil::DateTime, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Required);
    }
    // A bare date would silently become midnight, which nobody meant.
    if !text.contains(['T', ' ']) {
        return Err(Fault::NotADate);
    }
    text.parse().map_err(|_| Fault::NotADate)
}

/// Reads what a date field of a browser sends ("2026-05-01").
pub fn parse_date(text: &str) -> Result<civil::Date, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Required);
    }
    if text.len() > 10 {
        return Err(Fault::NotADate);
    }
    text.parse().map_err(|_| Fault::NotADate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_window_holds_its_start_but_not_its_end() {
        let window = ValidityWindow::new(at(10), at(20)).unwrap();
        assert_eq!(
            [9, 10, 19, 20].map(|s| window.contains(at(s))),
            [false, true, true, false]
        );
        assert_eq!(
            ValidityWindow::new(at(10), at(10)),
            Err(Fault::EndBeforeStart)
        );
    }

    #[test]
    fn shifting_stops_at_the_edges() {
        assert_eq!(shift(at(10), SignedDuration::from_secs(-5)), at(5));
        assert_eq!(
            shift(Timestamp::MAX, SignedDuration::from_hours(1)),
            Timestamp::MAX
        );
        assert_eq!(
            shift(Timestamp::MIN, SignedDuration::from_hours(-1)),
            Timestamp::MIN
        );
    }

    #[test]
    fn minutes() {
        assert_eq!(
            (Minute::floor(at(119)), Minute::ceil(at(119))),
            (Minute(1), Minute(2))
        );
        assert_eq!(
            (Minute::floor(at(120)), Minute::ceil(at(120))),
            (Minute(2), Minute(2))
        );
        assert_eq!(
            (Minute::floor(at(-1)), Minute::ceil(Timestamp::MAX)),
            (Minute(0), Minute(4_223_370_121))
        );
        assert_eq!(Minute(2).start(), at(120));
        assert_eq!(Minute(u32::MAX).start(), Timestamp::MAX);
    }

    #[test]
    fn browser_fields() {
        assert_eq!(
            parse_local("2026-05-01T19:30"),
            Ok(civil::date(2026, 5, 1).at(19, 30, 0, 0))
        );
        assert_eq!(parse_local("2026-05-01"), Err(Fault::NotADate));
        assert_eq!(parse_local("2026-02-30T10:00"), Err(Fault::NotADate));
        assert_eq!(parse_local(" "), Err(Fault::Required));
        assert_eq!(parse_date("2026-05-01"), Ok(civil::date(2026, 5, 1)));
        assert_eq!(parse_date("tomorrow"), Err(Fault::NotADate));
    }
}
