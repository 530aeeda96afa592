//! How long a buyer has to pay by transfer.

use jiff::SignedDuration;

use crate::when::{Timestamp, shift};

/// A transfer takes a working day or two: with less time than this nobody is offered one.
const LEAST: SignedDuration = SignedDuration::from_hours(48);

/// Until when the money must be there: so many days from now, but no later than so many days before the event starts. `None`:
/// too little time is left.
pub fn pay_until(
    now: Timestamp,
    starts: Timestamp,
    days: u16,
    days_before: u16,
) -> Option<Timestamp> {
    let of_days = |days: u16| SignedDuration::from_hours(24 * i64::from(days));
    let end = shift(now, of_days(days)).min(shift(starts, -of_days(days_before)));
    (end.duration_since(now) >= LEAST).then_some(end)
}

/// When a buyer who has not paid yet is told once more: two days before the end, unless that is too soon after the beginning.
pub fn remind_at(now: Timestamp, until: Timestamp) -> Option<Timestamp> {
    let moment = shift(until, -LEAST);
    (moment.duration_since(now) >= SignedDuration::from_hours(24)).then_some(moment)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: i64) -> Timestamp {
        shift(Timestamp::UNIX_EPOCH, SignedDuration::from_hours(24 * n))
    }

    #[test]
    fn the_event_ends_it_early() {
        assert_eq!(pay_until(day(0), day(30), 7, 3), Some(day(7)));
        assert_eq!(pay_until(day(0), day(8), 7, 3), Some(day(5)));
        assert_eq!(pay_until(day(0), day(5), 7, 3), Some(day(2)));
        assert_eq!(pay_until(day(0), day(4), 7, 3), None);
        assert_eq!(pay_until(day(9), day(4), 7, 3), None);
    }

    #[test]
    fn nobody_is_reminded_at_once() {
        assert_eq!(remind_at(day(0), day(7)), Some(day(5)));
        assert_eq!(remind_at(day(0), day(3)), Some(day(1)));
        assert_eq!(remind_at(day(0), day(2)), None);
    }

    proptest! {
        #[test]
        fn the_end_is_never_too_late(starts in 0_i64..400, days in 0_u16..60, before in 0_u16..60) {
            if let Some(end) = pay_until(day(0), day(starts), days, before) {
                prop_assert!(end >= day(2) && end <= day(i64::from(days)));
                prop_assert!(end <= day(starts - i64::from(before)));
            }
        }
    }
}
