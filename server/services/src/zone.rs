//! Between instants and what a clock on the wall of the venue shows (IANA time zones).

use domain::when::{Timestamp, shift};
use jiff::{
    SignedDuration, Span,
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone},
};

/// A moment as people at the venue read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    pub at: DateTime,
    /// What to show beside it: abbreviation where it is one ("CET"), else the offset ("UTC+3").
    pub label: String,
}

/// Why a wall-clock time is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ZoneFault {
    #[error("no such time zone")]
    NoSuchZone,
    /// Clocks jump over that time on that day.
    #[error("that time does not exist on that day")]
    Gap,
    #[error("outside the calendar")]
    OutOfRange,
}

pub fn local(at: Timestamp, zone: &str) -> Result<Local, ZoneFault> {
    let zone = TimeZone::get(zone).map_err(|_| ZoneFault::NoSuchZone)?;
    let info = zone.to_offset_info(at);
    let abbreviation = info.abbreviation();
    let label = if abbreviation.starts_with(|c: char| c.is_ascii_alphabetic()) {
        abbreviation.to_owned()
    } else {
        let minutes = info.offset().seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        match (minutes.abs() / 60, minutes.abs() % 60) {
            (hours, 0) => format!("UTC{sign}{hours}"),
            (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
        }
    };
    Ok(Local {
        at: info.offset().to_datetime(at),
        label,
    })
}

/// The instant of a wall-clock time. Where clocks are set back and the time comes twice, the first one is meant.
pub fn instant(at: DateTime, zone: &str) -> Result<Timestamp, ZoneFault> {
    let zone = TimeZone::get(zone).map_err(|_| ZoneFault::NoSuchZone)?;
    let ambiguous = zone.to_ambiguous_timestamp(at);
    if let AmbiguousOffset::Gap { .. } = ambiguous.offset() {
        return Err(ZoneFault::Gap);
    }
    ambiguous.earlier().map_err(|_| ZoneFault::OutOfRange)
}

/// So many calendar days before, at the same time of day; the later instant where clocks show it twice, and after the gap
/// where they skip it. In a zone that is not known any more, days have 24 hours.
pub fn days_before(at: Timestamp, zone: &str, days: u16) -> Timestamp {
    let plain = shift(at, -SignedDuration::from_hours(24 * i64::from(days)));
    let Ok(zone) = TimeZone::get(zone) else {
        return plain;
    };
    let local = zone.to_datetime(at);
    local
        .checked_sub(Span::new().days(i64::from(days)))
        .and_then(|day| zone.to_ambiguous_timestamp(day).later())
        .unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::{prelude::*, sample::select};

    use super::*;

    /// With changes of an hour, of half an hour, of two hours, on both halves of the earth.
    const CHANGING: &[&str] = &[
        "Europe/Ljubljana",
        "America/New_York",
        "America/Santiago",
        "Africa/Cairo",
        "Australia/Lord_Howe",
        "Antarctica/Troll",
    ];

    proptest! {
        /// Clocks on walls are for reading: a hold that is made before they change and ends after it lasts as long as any
        /// other, and its end is read as a time that there is.
        #[test]
        fn what_is_held_lasts_as_long_across_a_change_of_clocks(
            zone in select(CHANGING),
            which in 0_usize..6,
            before in 0_i64..7_200,
            minutes in 1_i64..=600,
        ) {
            let known = TimeZone::get(zone).unwrap();
            let from = "2026-01-01T00:00:00Z".parse().unwrap();
            let change = known.following(from).nth(which).unwrap().timestamp();
            let (held, lasting) = (
                shift(change, -SignedDuration::from_secs(before)),
                SignedDuration::from_mins(minutes),
            );
            let end = shift(held, lasting);
            prop_assert_eq!(end.duration_since(held), lasting);
            let read = local(end, zone).unwrap().at;
            // Where clocks show it twice the first is meant, which is the same time or a change earlier.
            let again = instant(read, zone).unwrap();
            let earlier = end.duration_since(again);
            prop_assert!(!earlier.is_negative() && earlier <= SignedDuration::from_hours(2), "{earlier}");
            prop_assert_eq!(local(again, zone).unwrap().at, read);
        }
    }

    #[test]
    fn wall_clock_and_instant_agree() {
        let at = date(2026, 7, 1).at(20, 0, 0, 0);
        let instant = instant(at, "Europe/Ljubljana").unwrap();
        assert_eq!(instant.to_string(), "2026-07-01T18:00:00Z");
        assert_eq!(
            local(instant, "Europe/Ljubljana").unwrap(),
            Local {
                at,
                label: "CEST".into()
            }
        );
        assert_eq!(local(instant, "Asia/Kuwait").unwrap().label, "UTC+3");
        assert_eq!(local(instant, "Asia/Kathmandu").unwrap().label, "UTC+5:45");
    }

    #[test]
    fn jumping_clocks_are_named() {
        let skipped = date(2026, 3, 29).at(2, 30, 0, 0);
        assert_eq!(instant(skipped, "Europe/Berlin"), Err(ZoneFault::Gap));
        let twice = date(2026, 10, 25).at(2, 30, 0, 0);
        assert_eq!(
            instant(twice, "Europe/Berlin").unwrap().to_string(),
            "2026-10-25T00:30:00Z"
        );
        assert_eq!(instant(twice, "Mars/Olympus"), Err(ZoneFault::NoSuchZone));
    }
}
