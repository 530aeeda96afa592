//! How much a buyer gets back, by how early they say so, and whether a ticket may be passed on.
//!
//! A policy speaks of days before the start. Which instants these are depends on the clocks at the venue, whose data is too
//! large for this crate: the caller names them, and gets a [`RefundSchedule`] that answers everything else.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    money::Money,
    when::{Timestamp, shift},
};

/// From how many days before the start on which share is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RefundTier {
    /// Calendar days at the venue before the start, at the time of day at which it starts.
    pub days_before: u16,
    /// 0 to 100.
    pub percent: u8,
}

/// Tiers from the earliest to the latest; without tiers nothing is given back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct RefundPolicy {
    tiers: Vec<RefundTier>,
    keeps_fee: bool,
}

/// Policies of before there was a fee are a list of tiers, and those that give the fee back still are.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Tiers(Vec<RefundTier>),
    Whole {
        tiers: Vec<RefundTier>,
        keeps_fee: bool,
    },
}

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
        Ok(Self {
            tiers,
            keeps_fee: false,
        })
    }

    /// The same, with the platform's fee within a price kept or given back.
    #[must_use]
    pub fn with_fee_kept(self, keeps_fee: bool) -> Self {
        Self { keeps_fee, ..self }
    }

    /// Nothing is given back.
    pub const fn none() -> Self {
        Self {
            tiers: Vec::new(),
            keeps_fee: false,
        }
    }

    /// From the earliest to the latest.
    pub fn tiers(&self) -> &[RefundTier] {
        &self.tiers
    }

    /// Whether shares are of the price without the platform's fee.
    pub fn keeps_fee(&self) -> bool {
        self.keeps_fee
    }

    /// The policy of an event that starts then; `deadline` says which instant is so many days before. An instant after
    /// the start counts as the start, and a later tier never ends before an earlier one.
    pub fn schedule(
        &self,
        starts: Timestamp,
        deadline: impl Fn(u16) -> Timestamp,
    ) -> RefundSchedule {
        let mut steps = Vec::with_capacity(self.tiers.len());
        let mut last = Timestamp::MIN;
        for tier in &self.tiers {
            last = deadline(tier.days_before).min(starts).max(last);
            steps.push(RefundStep {
                until: last,
                percent: tier.percent,
            });
        }
        RefundSchedule {
            starts,
            steps,
            keeps_fee: self.keeps_fee,
        }
    }

    /// The schedule where every day has 24 hours.
    pub fn schedule_in_utc(&self, starts: Timestamp) -> RefundSchedule {
        self.schedule(starts, |days| {
            shift(starts, -SignedDuration::from_hours(24 * i64::from(days)))
        })
    }
}

/// Until when which share is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RefundStep {
    /// The last instant.
    pub until: Timestamp,
    /// 0 to 100.
    pub percent: u8,
}

/// A policy with the instants it means.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RefundSchedule {
    starts: Timestamp,
    steps: Vec<RefundStep>,
    keeps_fee: bool,
}

/// What was paid for one ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidFor {
    /// The whole price.
    pub price: Money,
    /// The platform's fee within it.
    pub fee: Money,
}

impl RefundSchedule {
    /// From the earliest to the latest.
    pub fn steps(&self) -> &[RefundStep] {
        &self.steps
    }

    /// Whether shares are of the price without the platform's fee.
    pub fn keeps_fee(&self) -> bool {
        self.keeps_fee
    }

    /// The steps that still lie ahead and give something.
    pub fn ahead(&self, now: Timestamp) -> impl Iterator<Item = RefundStep> + '_ {
        let gives = move |step: &RefundStep| step.percent > 0 && self.is_open(step, now);
        self.steps.iter().filter(move |step| gives(step)).copied()
    }

    fn is_open(&self, step: &RefundStep, now: Timestamp) -> bool {
        now < self.starts && now <= step.until
    }

    /// The share that is given back at an instant. Once the event has begun, nothing is.
    pub fn percent_at(&self, now: Timestamp) -> u8 {
        let step = self.steps.iter().find(|step| self.is_open(step, now));
        step.map_or(0, |step| step.percent)
    }

    /// The last instant at which something is given back, for "cancel until".
    pub fn last_chance(&self) -> Option<Timestamp> {
        let last = self.steps.iter().rev().find(|step| step.percent > 0)?;
        Some(last.until)
    }

    /// What goes back for one ticket; half a minor unit counts for the buyer. Tickets are rounded one by one and then
    /// summed, so that giving back ticket by ticket is the same as giving back at once.
    pub fn due(&self, now: Timestamp, paid: PaidFor) -> Money {
        let share_of = if self.keeps_fee {
            let without = paid.price.minor.saturating_sub(paid.fee.minor.max(0));
            Money::new(without.max(0), paid.price.currency)
        } else {
            paid.price
        };
        let percent = u32::from(self.percent_at(now));
        // A share of at most the whole cannot be too large.
        share_of
            .percent(percent)
            .unwrap_or(Money::zero(share_of.currency))
    }
}

impl TryFrom<Written> for RefundPolicy {
    type Error = RefundPolicyError;

    fn try_from(written: Written) -> Result<Self, RefundPolicyError> {
        match written {
            Written::Tiers(tiers) => Self::new(tiers),
            Written::Whole { tiers, keeps_fee } => Ok(Self::new(tiers)?.with_fee_kept(keeps_fee)),
        }
    }
}

impl From<RefundPolicy> for Written {
    fn from(policy: RefundPolicy) -> Self {
        if policy.keeps_fee {
            Self::Whole {
                tiers: policy.tiers,
                keeps_fee: true,
            }
        } else {
            Self::Tiers(policy.tiers)
        }
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

    fn eur(price: i64, fee: i64) -> PaidFor {
        PaidFor {
            price: Money::new(price, Currency::EUR),
            fee: Money::new(fee, Currency::EUR),
        }
    }

    #[test]
    fn the_share_falls_with_time() {
        let policy = RefundPolicy::new(vec![tier(1, 50), tier(14, 100)]).unwrap();
        let schedule = policy.schedule_in_utc(at(100 * DAY));
        for (now, minor) in [
            (0, 101),
            (86 * DAY, 101),
            (86 * DAY + 1, 51),
            (99 * DAY, 51),
            (99 * DAY + 1, 0),
            (101 * DAY, 0),
        ] {
            assert_eq!(schedule.due(at(now), eur(101, 7)).minor, minor, "at {now}");
        }
        assert_eq!(schedule.last_chance(), Some(at(99 * DAY)));
        let none = RefundPolicy::none().schedule_in_utc(at(100 * DAY));
        assert_eq!((none.percent_at(at(0)), none.last_chance()), (0, None));
    }

    #[test]
    fn a_fee_that_is_kept_is_no_part_of_the_share() {
        let policy = RefundPolicy::new(vec![tier(0, 50)]).unwrap();
        let (returned, kept) = (policy.clone(), policy.with_fee_kept(true));
        let due = |policy: RefundPolicy, paid| policy.schedule_in_utc(at(DAY)).due(at(0), paid);
        assert_eq!(due(returned, eur(1050, 50)).minor, 525);
        assert_eq!(due(kept.clone(), eur(1050, 50)).minor, 500);
        // A fee above the price leaves nothing, never less.
        assert_eq!(due(kept, eur(10, 50)).minor, 0);
    }

    #[test]
    fn nothing_goes_back_once_it_has_begun() {
        let schedule = RefundPolicy::new(vec![tier(0, 100)])
            .unwrap()
            .schedule_in_utc(at(10));
        assert_eq!(
            [9, 10, 11].map(|now| schedule.percent_at(at(now))),
            [100, 0, 0]
        );
    }

    /// A night that has 25 hours moves the deadline by an hour, as the clock at the venue does.
    #[test]
    fn days_are_those_of_the_venue() {
        let starts = at(100 * DAY);
        let long_night = 95 * DAY;
        let policy = RefundPolicy::new(vec![tier(14, 100), tier(3, 50)]).unwrap();
        let schedule = policy.schedule(starts, |days| {
            let plain = 100 * DAY - i64::from(days) * DAY;
            at(if plain < long_night {
                plain - 3600
            } else {
                plain
            })
        });
        let until: Vec<_> = schedule.steps().iter().map(|step| step.until).collect();
        assert_eq!(until, [at(86 * DAY - 3600), at(97 * DAY)]);
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

    #[test]
    fn what_was_written_before_is_still_read() {
        let old = r#"[{"days_before":14,"percent":100}]"#;
        let read: RefundPolicy = serde_json::from_str(old).unwrap();
        assert!(!read.keeps_fee());
        assert_eq!(serde_json::to_string(&read).unwrap(), old);
        let kept = read.with_fee_kept(true);
        let again = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<RefundPolicy>(&again).unwrap(), kept);
    }

    fn policies() -> impl Strategy<Value = RefundPolicy> {
        let tiers = vec((0..400_u16, 0..=100_u8), 0..5);
        (tiers, any::<bool>()).prop_map(|(tiers, keeps_fee)| {
            // Shares put into the order that a policy asks for.
            let (mut days, mut shares): (Vec<_>, Vec<_>) = tiers.into_iter().unzip();
            days.sort_unstable_by(|a, b| b.cmp(a));
            days.dedup();
            shares.sort_unstable_by(|a, b| b.cmp(a));
            let tiers = days.into_iter().zip(shares).map(|(d, p)| tier(d, p));
            RefundPolicy::new(tiers.collect())
                .unwrap()
                .with_fee_kept(keeps_fee)
        })
    }

    proptest! {
        #[test]
        fn never_more_than_was_paid_and_never_more_for_waiting(
            policy in policies(),
            (now, wait) in (0..500 * DAY, 0..100 * DAY),
            price in 0..=i64::MAX,
            fee in 0..=i64::MAX,
            hour in -2..=2_i64,
        ) {
            // Clocks that jump by some hours somewhere on the way.
            let schedule = policy.schedule(at(400 * DAY), |days| {
                let jump = if days % 3 == 0 { hour * 3600 } else { 0 };
                at((400 - i64::from(days)) * DAY + jump)
            });
            let paid = PaidFor {
                price: Money::new(price, Currency::JPY),
                fee: Money::new(fee.min(price), Currency::JPY),
            };
            let due = schedule.due(at(now), paid).minor;
            prop_assert!((0..=price).contains(&due));
            if policy.keeps_fee() {
                prop_assert!(due <= price - paid.fee.minor);
            }
            prop_assert!(schedule.due(at(now + wait), paid).minor <= due);
        }

        #[test]
        fn a_refund_is_off_by_half_a_minor_unit_at_most(
            policy in policies(),
            now in 0..400 * DAY,
            price in 0..100_000_000_000_i64,
            fee in 0..1_000_000_i64,
        ) {
            let schedule = policy.schedule_in_utc(at(400 * DAY));
            let paid = eur(price, fee.min(price));
            let base = if policy.keeps_fee() { price - paid.fee.minor } else { price };
            let exact = base * i64::from(schedule.percent_at(at(now)));
            let due = schedule.due(at(now), paid).minor;
            prop_assert!((due * 100 - exact).abs() <= 50, "{} for {}", due, exact);
        }

        #[test]
        fn the_last_chance_is_one(policy in policies()) {
            let schedule = policy.schedule_in_utc(at(500 * DAY));
            if let Some(last) = schedule.last_chance() {
                let before = shift(last, -SignedDuration::from_secs(1));
                prop_assert!(schedule.percent_at(before) > 0);
                prop_assert_eq!(schedule.percent_at(shift(last, SignedDuration::from_secs(1))), 0);
            }
        }
    }
}
