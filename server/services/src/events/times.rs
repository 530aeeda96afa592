//! From what clocks at the venue show to instants: times that do not exist or exist twice are named, not guessed.

use domain::{
    text::{Fault, FieldErrors},
    when::{Timestamp, ValidityWindow, parse_local, shift},
};
use jiff::{
    SignedDuration,
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone},
};

/// How long an event lasts that nobody gave an end.
const USUAL: SignedDuration = SignedDuration::from_hours(2);
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 400);

/// When an event is, as the form sends it.
#[derive(Debug, Default, Clone)]
pub struct WhenInput {
    /// "2026-05-01T19:30" on the clocks of the venue.
    pub starts: String,
    /// May be empty.
    pub ends: String,
    /// IANA name.
    pub time_zone: String,
    /// Where a time comes twice: "first" or "second".
    pub starts_fold: String,
    pub ends_fold: String,
}

pub(super) struct When {
    pub window: ValidityWindow,
    pub time_zone: String,
}

pub(super) fn when(input: &WhenInput, now: Timestamp, errors: &mut FieldErrors) -> Option<When> {
    let Some(zone) = errors.field("time_zone", zone(&input.time_zone)) else {
        // Everything that can be said is said at once.
        errors.field("starts", parse_local(&input.starts));
        if !input.ends.trim().is_empty() {
            errors.field("ends", parse_local(&input.ends));
        }
        return None;
    };
    let starts = errors.field("starts", instant(&input.starts, &zone, &input.starts_fold));
    let ends = match input.ends.trim() {
        "" => starts.map(|starts| shift(starts, USUAL)),
        ends => errors.field("ends", instant(ends, &zone, &input.ends_fold)),
    };
    let (starts, ends) = (starts?, ends?);
    let window = errors.field("ends", ValidityWindow::new(starts, ends))?;
    if ends <= now {
        errors.add("starts", Fault::InPast);
        return None;
    }
    if ends > shift(starts, LONGEST) || starts > shift(now, LONGEST * 10) {
        errors.add("ends", Fault::NotADate);
        return None;
    }
    Some(When {
        window,
        time_zone: input.time_zone.trim().to_owned(),
    })
}

/// A point in time of an event's zone that may be left out.
pub(crate) fn optional(text: &str, time_zone: &str) -> Result<Option<Timestamp>, Fault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    // For a sales window the first of two equal times is good enough.
    instant(text, &zone(time_zone)?, "first").map(Some)
}

fn zone(name: &str) -> Result<TimeZone, Fault> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Fault::Required);
    }
    TimeZone::get(name).map_err(|_| Fault::NotATimeZone)
}

fn instant(text: &str, zone: &TimeZone, fold: &str) -> Result<Timestamp, Fault> {
    let local: DateTime = parse_local(text)?;
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let found = match (ambiguous.offset(), fold) {
        (AmbiguousOffset::Gap { .. }, _) => return Err(Fault::TimeSkipped),
        (AmbiguousOffset::Fold { .. }, "second") => ambiguous.later(),
        (AmbiguousOffset::Fold { .. }, "first") | (AmbiguousOffset::Unambiguous { .. }, _) => {
            ambiguous.earlier()
        }
        (AmbiguousOffset::Fold { .. }, _) => return Err(Fault::TimeTwice),
    };
    found.map_err(|_| Fault::NotADate)
}

/// The names of all zones, for a list to choose from.
pub fn time_zones() -> Vec<String> {
    jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| {
            name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/")
        })
        .chain(std::iter::once("UTC".to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin(text: &str, fold: &str) -> Result<String, Fault> {
        instant(text, &TimeZone::get("Europe/Berlin").unwrap(), fold).map(|at| at.to_string())
    }

    #[test]
    fn clocks_that_jump_are_named() {
        assert_eq!(
            berlin("2026-07-01T20:00", ""),
            Ok("2026-07-01T18:00:00Z".to_owned())
        );
        assert_eq!(berlin("2026-03-29T02:30", ""), Err(Fault::TimeSkipped));
        assert_eq!(berlin("2026-10-25T02:30", ""), Err(Fault::TimeTwice));
        assert_eq!(
            berlin("2026-10-25T02:30", "first"),
            Ok("2026-10-25T00:30:00Z".to_owned())
        );
        assert_eq!(
            berlin("2026-10-25T02:30", "second"),
            Ok("2026-10-25T01:30:00Z".to_owned())
        );
    }

    #[test]
    fn an_event_without_an_end_lasts_two_hours() {
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let mut input = WhenInput {
            starts: "2026-07-01T20:00".into(),
            time_zone: "Asia/Kuwait".into(),
            ..WhenInput::default()
        };
        let mut errors = FieldErrors::new();
        let found = when(&input, now, &mut errors).unwrap();
        assert_eq!(found.window.until.to_string(), "2026-07-01T19:00:00Z");
        assert!(errors.is_empty());

        input.ends = "2026-07-01T19:00".into();
        assert!(when(&input, now, &mut errors).is_none());
        assert_eq!(errors.first("ends").unwrap().code, "end_before_start");

        let mut errors = FieldErrors::new();
        input = WhenInput {
            starts: "2025-07-01T20:00".into(),
            ends: String::new(),
            ..input
        };
        assert!(when(&input, now, &mut errors).is_none());
        assert_eq!(errors.first("starts").unwrap().code, "in_past");
    }

    #[test]
    fn zones_are_known() {
        assert!(time_zones().iter().any(|name| name == "Africa/Cairo"));
        assert_eq!(zone("Mars/Olympus").unwrap_err(), Fault::NotATimeZone);
    }
}
