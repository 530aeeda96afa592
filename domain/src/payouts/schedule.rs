//! When money is paid out by itself, and how much of it is kept back.

use jiff::{ToSpan, civil::Weekday, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    codes::coded_enum,
    money::{Money, MoneyError},
    when::Timestamp,
};

coded_enum! {
    /// How often everything that can be paid out is paid out.
    pub enum Schedule {
        /// When somebody asks.
        Manual = "manual",
        /// Every Monday.
        Weekly = "weekly",
        /// On the first of each month.
        Monthly = "monthly",
    }
}

impl Schedule {
    /// The next time after `now`, at six in the morning UTC; `None` if somebody has to ask.
    pub fn next_after(self, now: Timestamp) -> Option<Timestamp> {
        let today = now.to_zoned(TimeZone::UTC).date();
        let day = match self {
            Self::Manual => return None,
            Self::Weekly => today.tomorrow().ok().and_then(|tomorrow| {
                if tomorrow.weekday() == Weekday::Monday {
                    Some(tomorrow)
                } else {
                    tomorrow.nth_weekday(1, Weekday::Monday).ok()
                }
            })?,
            Self::Monthly => today.first_of_month().checked_add(1.month()).ok()?,
        };
        let at = day.at(6, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?;
        Some(at.timestamp())
    }
}

/// What is kept back of the takings of events that are not over yet, for refunds and disputes that may come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserve {
    /// 0 to 100.
    pub percent: u8,
    /// An event counts as over so many days after its end.
    pub days_after: u16,
}

impl Reserve {
    /// How much of what is owed for events that are not over.
    pub fn of(self, not_over: Money) -> Result<Money, MoneyError> {
        if not_over.is_negative() {
            return Ok(Money::zero(not_over.currency));
        }
        not_over.percent(u32::from(self.percent.min(100)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::Currency;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn mondays_and_firsts() {
        for (schedule, now, next) in [
            (
                Schedule::Weekly,
                "2026-11-28T10:00:00Z",
                "2026-11-30T06:00:00Z",
            ),
            (
                Schedule::Weekly,
                "2026-11-29T23:59:59Z",
                "2026-11-30T06:00:00Z",
            ),
            (
                Schedule::Weekly,
                "2026-11-30T05:00:00Z",
                "2026-12-07T06:00:00Z",
            ),
            (
                Schedule::Monthly,
                "2026-11-30T05:00:00Z",
                "2026-12-01T06:00:00Z",
            ),
            (
                Schedule::Monthly,
                "2026-12-01T00:00:00Z",
                "2027-01-01T06:00:00Z",
            ),
        ] {
            assert_eq!(
                schedule.next_after(at(now)),
                Some(at(next)),
                "{schedule} {now}"
            );
        }
        assert_eq!(
            Schedule::Manual.next_after(at("2026-11-28T10:00:00Z")),
            None
        );
    }

    #[test]
    fn a_share_is_kept_back() {
        let reserve = Reserve {
            percent: 10,
            days_after: 3,
        };
        let eur = |minor| Money::new(minor, Currency::EUR);
        assert_eq!(reserve.of(eur(1_005)), Ok(eur(101)));
        assert_eq!(reserve.of(eur(-500)), Ok(eur(0)));
    }

    proptest! {
        #[test]
        fn the_next_time_is_later_and_soon(second in 0..4_000_000_000_i64) {
            let now = Timestamp::from_second(second).unwrap();
            for schedule in [Schedule::Weekly, Schedule::Monthly] {
                let next = schedule.next_after(now).unwrap();
                prop_assert!(next > now && next.duration_since(now).as_hours() <= 32 * 24);
            }
        }
    }
}
