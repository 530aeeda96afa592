//! How much a buyer gets back, by how early they say so.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    money::Money,
    when::{Timestamp, shift},
};

/// From how many days before the start on which share is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RefundTier {
    /// Whole days of 24 hours before the start.
    pub days_before: u16,
    /// 0 to 100.
    pub percent: u8,
}

/// Tiers from the earliest to the latest; without tiers nothing is given back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<RefundTier>", into = "Vec<RefundTier>")]
pub struct RefundPolicy(Vec<RefundTier>);

/// Why the tiers make no policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundPolicyError {
    /// A share above the whole.
    #[error("more than 100 percent")]
    MoreThanAll,
    /// Two tiers for the same day.
    #[error("the same day twice")]
    SameDayTwice,
    /// Who cancels later would get more.
    #[error("more for cancelling later")]
    GrowsWithTime,
}

impl RefundPolicyError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MoreThanAll => "refund_more_than_all",
            Self::SameDayTwice => "refund_same_day_twice",
            Self::GrowsWithTime => "refund_grows_with_time",
        }
    }
}

impl RefundPolicy {
    /// A policy of tiers in any order.
    pub fn new(mut tiers: Vec<RefundTier>) -> Result<Self, RefundPolicyError> {
        tiers.sort_by_key(|tier| std::cmp::Reverse(tier.days_before));
        if tiers.iter().any(|tier| tier.percent > 100) {
            return Err(RefundPolicyError::MoreThanAll);
        }
        for pair in tiers.windows(2) {
            let [earlier, later] = pair else { continue };
            if earlier.days_before == later.days_before {
                return Err(RefundPolicyError::SameDayTwice);
            }
            if later.percent > earlier.percent {
                return Err(RefundPolicyError::GrowsWithTime);
            }
        }
        Ok(Self(tiers))
    }

    /// Nothing is given back.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// From the earliest to the latest.
    pub fn tiers(&self) -> &[RefundTier] {
        &self.0
    }

    /// The share that is given back at an instant. Once the event has begun, nothing is.
    pub fn percent_at(&self, starts: Timestamp, now: Timestamp) -> u8 {
        let in_time = |tier: &&RefundTier| {
            let before = SignedDuration::from_hours(24 * i64::from(tier.days_before));
            now < starts && now <= shift(starts, -before)
        };
        self.0.iter().find(in_time).map_or(0, |tier| tier.percent)
    }

    /// The last instant at which something is given back, for "cancel until".
    pub fn last_chance(&self, starts: Timestamp) -> Option<Timestamp> {
        let last = self.0.iter().rev().find(|tier| tier.percent > 0)?;
        Some(shift(
            starts,
            -SignedDuration::from_hours(24 * i64::from(last.days_before)),
        ))
    }
}

/// What goes back for one line that `paid` was paid for; half a minor unit counts for the buyer. Lines are rounded one
/// by one and then summed, so that refunding line by line gives the same as refunding at once.
pub fn refund_due(policy: &RefundPolicy, starts: Timestamp, now: Timestamp, paid: Money) -> Money {
    let percent = u32::from(policy.percent_at(starts, now));
    // A share of at most the whole cannot be too large.
    paid.percent(percent).unwrap_or(Money::zero(paid.currency))
}

impl TryFrom<Vec<RefundTier>> for RefundPolicy {
    type Error = RefundPolicyError;

    fn try_from(tiers: Vec<RefundTier>) -> Result<Self, RefundPolicyError> {
        Self::new(tiers)
    }
}

impl From<RefundPolicy> for Vec<RefundTier> {
    fn from(policy: RefundPolicy) -> Self {
        policy.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::money::Currency;

    const DAY: i64 = 86_400;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn tier(days_before: u16, percent: u8) -> RefundTier {
        RefundTier {
            days_before,
            percent,
        }
    }

    #[test]
    fn the_share_falls_with_time() {
        let policy = RefundPolicy::new(vec![tier(1, 50), tier(14, 100)]).unwrap();
        let starts = at(100 * DAY);
        for (now, minor) in [
            (0, 101),
            (86 * DAY, 101),
            (86 * DAY + 1, 51),
            (99 * DAY, 51),
            (99 * DAY + 1, 0),
            (101 * DAY, 0),
        ] {
            let due = refund_due(&policy, starts, at(now), Money::new(101, Currency::EUR));
            assert_eq!(due.minor, minor, "at {now}");
        }
        assert_eq!(policy.last_chance(starts), Some(at(99 * DAY)));
        assert_eq!(RefundPolicy::none().percent_at(starts, at(0)), 0);
    }

    #[test]
    fn nothing_goes_back_once_it_has_begun() {
        let policy = RefundPolicy::new(vec![tier(0, 100)]).unwrap();
        assert_eq!(
            [9, 10, 11].map(|now| policy.percent_at(at(10), at(now))),
            [100, 0, 0]
        );
    }

    #[test]
    fn strange_policies_are_refused() {
        for (tiers, error) in [
            (vec![tier(1, 101)], RefundPolicyError::MoreThanAll),
            (
                vec![tier(1, 50), tier(1, 60)],
                RefundPolicyError::SameDayTwice,
            ),
            (
                vec![tier(1, 60), tier(2, 50)],
                RefundPolicyError::GrowsWithTime,
            ),
        ] {
            assert_eq!(RefundPolicy::new(tiers), Err(error));
        }
        assert!(
            serde_json::from_str::<RefundPolicy>(r#"[{"days_before":1,"percent":200}]"#).is_err()
        );
    }

    proptest! {
        #[test]
        fn never_more_than_was_paid(
            tiers in vec((0..400_u16, 0..=100_u8), 0..5),
            now in 0..500 * DAY,
            paid in 0..=i64::MAX,
        ) {
            let tiers = tiers.into_iter().map(|(days, percent)| tier(days, percent)).collect();
            if let Ok(policy) = RefundPolicy::new(tiers) {
                let due = refund_due(&policy, at(400 * DAY), at(now), Money::new(paid, Currency::JPY));
                prop_assert!((0..=paid).contains(&due.minor));
            }
        }
    }
}
