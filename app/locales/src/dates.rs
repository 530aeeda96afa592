//! Dates and times for people: 24-hour clock, Latin digits, day before month in both languages.
//!
//! Works on wall-clock values; who calls knows the time zone and gives its label when it should be shown.

use crate::{Locale, texts};
use jiff::civil::{Date, DateTime, Time, Weekday};

/// "14 March 2026"
#[must_use]
pub fn date_long(l: Locale, date: Date) -> String {
    format!("{} {} {}", date.day(), month(l, date.month()), date.year())
}

/// "Saturday, 14 March 2026"
#[must_use]
pub fn date_full(l: Locale, date: Date) -> String {
    format!(
        "{}{} {}",
        weekday(l, date.weekday()),
        comma(l),
        date_long(l, date)
    )
}

/// "Sat 14 Mar"
#[must_use]
pub fn date_short(l: Locale, date: Date) -> String {
    format!(
        "{} {} {}",
        weekday_short(l, date.weekday()),
        date.day(),
        month_short(l, date.month())
    )
}

/// "14 Mar 2026", for tables.
#[must_use]
pub fn date_medium(l: Locale, date: Date) -> String {
    format!(
        "{} {} {}",
        date.day(),
        month_short(l, date.month()),
        date.year()
    )
}

/// "19:30"
#[must_use]
pub fn time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// "Saturday, 14 March 2026, 19:30 (Ljubljana time)"
#[must_use]
pub fn long(l: Locale, at: DateTime, zone: Option<&str>) -> String {
    let text = format!(
        "{}{} {}",
        date_full(l, at.date()),
        comma(l),
        time(at.time())
    );
    with_zone(l, text, zone)
}

/// "Sat 14 Mar, 19:30"
#[must_use]
pub fn short(l: Locale, at: DateTime, zone: Option<&str>) -> String {
    let text = format!(
        "{}{} {}",
        date_short(l, at.date()),
        comma(l),
        time(at.time())
    );
    with_zone(l, text, zone)
}

/// "14 Mar 2026, 19:30", for tables.
#[must_use]
pub fn medium(l: Locale, at: DateTime, zone: Option<&str>) -> String {
    let text = format!(
        "{}{} {}",
        date_medium(l, at.date()),
        comma(l),
        time(at.time())
    );
    with_zone(l, text, zone)
}

/// From start to end. An end before six in the morning still belongs to the evening it began on:
/// "Saturday, 14 March 2026, 22:00–04:00"; longer ones name both days.
#[must_use]
pub fn range(l: Locale, from: DateTime, until: DateTime, zone: Option<&str>) -> String {
    let text = if is_one_evening(from, until) {
        format!(
            "{}{} {}",
            date_full(l, from.date()),
            comma(l),
            time_range(l, from.time(), until.time())
        )
    } else {
        format!(
            "{} {} {}",
            long(l, from, None),
            dash(l),
            long(l, until, None)
        )
    };
    with_zone(l, text, zone)
}

/// Like `range`, shorter: "Sat 14 Mar, 19:30–22:00", "Fri 13 – Sun 15 Mar".
#[must_use]
pub fn range_short(l: Locale, from: DateTime, until: DateTime, zone: Option<&str>) -> String {
    let text = if is_one_evening(from, until) {
        format!(
            "{}{} {}",
            date_short(l, from.date()),
            comma(l),
            time_range(l, from.time(), until.time())
        )
    } else {
        days(l, from.date(), until.date())
    };
    with_zone(l, text, zone)
}

/// "Fri 13 – Sun 15 Mar"; the month is named once where it is the same.
#[must_use]
pub fn days(l: Locale, from: Date, until: Date) -> String {
    if from == until {
        return date_short(l, from);
    }
    if from.month() == until.month() && from.year() == until.year() {
        let start = format!("{} {}", weekday_short(l, from.weekday()), from.day());
        return format!("{start} {} {}", dash(l), date_short(l, until));
    }
    format!(
        "{} {} {}",
        date_short(l, from),
        dash(l),
        date_short(l, until)
    )
}

/// "19:30–22:00", kept in reading order in Arabic too.
#[must_use]
pub fn time_range(l: Locale, from: Time, until: Time) -> String {
    let text = format!("{}–{}", time(from), time(until));
    crate::isolate(l, &text).into_owned()
}

fn is_one_evening(from: DateTime, until: DateTime) -> bool {
    from.date() == until.date()
        || (from
            .date()
            .tomorrow()
            .is_ok_and(|next| next == until.date())
            && until.hour() < 6
            && from.hour() >= 12)
}

/// "October 2026" of a month written "2026-10"; nothing where it is none.
#[must_use]
pub fn month_named(l: Locale, written: &str) -> Option<String> {
    let (year, number) = written.split_once('-')?;
    let number: i8 = number.parse().ok()?;
    (1..=12)
        .contains(&number)
        .then(|| format!("{} {year}", month(l, number)))
}

#[must_use]
pub fn month(l: Locale, month: i8) -> &'static str {
    pick(
        texts::dates::months(l),
        usize::try_from(month).unwrap_or_default().saturating_sub(1),
    )
}

#[must_use]
pub fn month_short(l: Locale, month: i8) -> &'static str {
    pick(
        texts::dates::months_short(l),
        usize::try_from(month).unwrap_or_default().saturating_sub(1),
    )
}

#[must_use]
pub fn weekday(l: Locale, day: Weekday) -> &'static str {
    pick(
        texts::dates::weekdays(l),
        usize::try_from(day.to_monday_zero_offset()).unwrap_or_default(),
    )
}

#[must_use]
pub fn weekday_short(l: Locale, day: Weekday) -> &'static str {
    pick(
        texts::dates::weekdays_short(l),
        usize::try_from(day.to_monday_zero_offset()).unwrap_or_default(),
    )
}

/// Names stand in one text, in order, so that a language cannot forget one of them unnoticed.
fn pick(names: &'static str, at: usize) -> &'static str {
    names.split('|').nth(at).unwrap_or_default()
}

fn comma(l: Locale) -> &'static str {
    match l {
        Locale::En => ",",
        Locale::Ar => "،",
    }
}

fn dash(_: Locale) -> &'static str {
    "–"
}

fn with_zone(l: Locale, text: String, zone: Option<&str>) -> String {
    match zone {
        Some(zone) => format!("{text} ({})", crate::isolate(l, zone)),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    #[test]
    fn months_of_a_year_are_named() {
        assert_eq!(
            month_named(Locale::En, "2026-10").as_deref(),
            Some("October 2026")
        );
        for none in ["2026-13", "2026-0", "2026", "x-y"] {
            assert_eq!(month_named(Locale::En, none), None);
        }
    }

    #[test]
    fn every_language_names_all_months_and_days() {
        for l in Locale::all() {
            assert!((1..=12).all(|m| !month(l, m).is_empty() && !month_short(l, m).is_empty()));
            for day in Weekday::Monday.cycle_forward().take(7) {
                assert!(!weekday(l, day).is_empty() && !weekday_short(l, day).is_empty());
            }
        }
        assert_eq!(weekday(Locale::En, Weekday::Sunday), "Sunday");
    }

    #[test]
    fn one_day_names_the_day_once() {
        let (from, until) = (
            datetime(2026, 3, 14, 19, 30, 0, 0),
            datetime(2026, 3, 14, 22, 0, 0, 0),
        );
        assert_eq!(
            range(Locale::En, from, until, None),
            "Saturday, 14 March 2026, 19:30–22:00"
        );
        assert_eq!(
            range_short(Locale::En, from, until, Some("CET")),
            "Sat 14 Mar, 19:30–22:00 (CET)"
        );
    }

    #[test]
    fn a_night_belongs_to_its_evening() {
        let (from, until) = (
            datetime(2026, 3, 14, 22, 0, 0, 0),
            datetime(2026, 3, 15, 4, 0, 0, 0),
        );
        assert_eq!(
            range(Locale::En, from, until, None),
            "Saturday, 14 March 2026, 22:00–04:00"
        );
    }

    #[test]
    fn several_days_name_the_month_once() {
        assert_eq!(
            days(Locale::En, date(2026, 3, 13), date(2026, 3, 15)),
            "Fri 13 – Sun 15 Mar"
        );
        assert_eq!(
            days(Locale::En, date(2026, 2, 27), date(2026, 3, 1)),
            "Fri 27 Feb – Sun 1 Mar"
        );
    }

    #[test]
    fn arabic_keeps_times_in_reading_order() {
        let at = datetime(2026, 3, 14, 19, 30, 0, 0);
        assert_eq!(long(Locale::Ar, at, None), "السبت، 14 مارس 2026، 19:30");
        assert!(
            range(Locale::Ar, at, datetime(2026, 3, 14, 22, 0, 0, 0), None)
                .contains("\u{2068}19:30–22:00\u{2069}")
        );
    }
}
