//! Which instants a refund policy means, by the clocks at the venue.

use domain::{
    orders::{RefundPolicy, RefundSchedule},
    when::Timestamp,
};

use crate::zone;

/// The schedule of an event that starts then, for somebody who buys now.
pub fn refund_schedule(
    policy: &RefundPolicy,
    starts: Timestamp,
    time_zone: &str,
) -> RefundSchedule {
    policy.schedule(starts, |days| zone::days_before(starts, time_zone, days))
}

/// The schedule of an order. Whoever bought when the event was to start at another time keeps the later deadline.
pub(crate) fn agreed(
    policy: &RefundPolicy,
    agreed: Option<Timestamp>,
    starts: Timestamp,
    time_zone: &str,
) -> RefundSchedule {
    policy.schedule(starts, |days| {
        let today = zone::days_before(starts, time_zone, days);
        agreed.map_or(today, |agreed| {
            today.max(zone::days_before(agreed, time_zone, days))
        })
    })
}

#[cfg(test)]
mod tests {
    use domain::orders::RefundTier;

    use super::*;

    fn policy() -> RefundPolicy {
        let tier = |days_before, percent| RefundTier {
            days_before,
            percent,
        };
        RefundPolicy::new(vec![tier(14, 100), tier(3, 50)]).unwrap()
    }

    fn deadlines(schedule: &RefundSchedule) -> Vec<String> {
        let text = |step: &domain::orders::RefundStep| step.until.to_string();
        schedule.steps().iter().map(text).collect()
    }

    #[test]
    fn deadlines_keep_the_hour_of_the_venue_when_clocks_change() {
        // 20:00 in Berlin, two days after clocks went back.
        let starts: Timestamp = "2026-10-27T19:00:00Z".parse().unwrap();
        let berlin = refund_schedule(&policy(), starts, "Europe/Berlin");
        assert_eq!(
            deadlines(&berlin),
            ["2026-10-13T18:00:00Z", "2026-10-24T18:00:00Z"]
        );
        let kuwait = refund_schedule(&policy(), starts, "Asia/Kuwait");
        assert_eq!(
            deadlines(&kuwait),
            ["2026-10-13T19:00:00Z", "2026-10-24T19:00:00Z"]
        );
        assert_eq!(
            berlin.percent_at("2026-10-24T18:00:00Z".parse().unwrap()),
            50
        );
        assert_eq!(
            berlin.percent_at("2026-10-24T18:00:01Z".parse().unwrap()),
            0
        );
    }

    #[test]
    fn an_hour_that_is_skipped_or_comes_twice_counts_for_the_buyer() {
        let one = RefundPolicy::new(vec![RefundTier {
            days_before: 1,
            percent: 100,
        }])
        .unwrap();
        // 02:30 of the day before came twice.
        let starts: Timestamp = "2026-10-26T01:30:00Z".parse().unwrap();
        let twice = refund_schedule(&one, starts, "Europe/Berlin");
        assert_eq!(deadlines(&twice), ["2026-10-25T01:30:00Z"]);
        // 02:30 of the day before did not exist.
        let starts: Timestamp = "2026-03-30T00:30:00Z".parse().unwrap();
        let skipped = refund_schedule(&one, starts, "Europe/Berlin");
        assert_eq!(deadlines(&skipped), ["2026-03-29T01:30:00Z"]);
    }

    #[test]
    fn an_event_that_is_moved_takes_no_days_away() {
        let bought: Timestamp = "2026-12-20T19:00:00Z".parse().unwrap();
        let sooner: Timestamp = "2026-12-15T19:00:00Z".parse().unwrap();
        let kept = agreed(&policy(), Some(bought), sooner, "UTC");
        // The last step would be after the start, which ends everything.
        assert_eq!(
            deadlines(&kept),
            ["2026-12-06T19:00:00Z", "2026-12-15T19:00:00Z"]
        );
        let later: Timestamp = "2026-12-30T19:00:00Z".parse().unwrap();
        let moved = agreed(&policy(), Some(bought), later, "UTC");
        assert_eq!(
            deadlines(&moved),
            ["2026-12-16T19:00:00Z", "2026-12-27T19:00:00Z"]
        );
        assert_eq!(
            agreed(&policy(), None, later, "UTC"),
            refund_schedule(&policy(), later, "UTC")
        );
    }
}
