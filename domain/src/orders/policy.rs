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

    /// What goes back for one ticket; half a minor unit counts for the buyer, but a part is never more than cards can move:
    /// what was promised in finer steps could not be sent. Tickets are rounded one by one and then summed, so that giving back
    /// ticket by ticket is the same as giving back at once.
    pub fn due(&self, now: Timestamp, paid: PaidFor) -> Money {
        let share_of = if self.keeps_fee {
            let without = paid.price.minor.saturating_sub(paid.fee.minor.max(0));
            Money::new(without.max(0), paid.price.currency)
        } else {
            paid.price
        };
        let percent = u32::from(self.percent_at(now));
        // A share of at most the whole cannot be too large.
        let share = share_of
            .percent(percent)
            .unwrap_or(Money::zero(share_of.currency));
        // The whole goes back as it came.
        if share == paid.price {
            share
        } else {
            share.in_steps()
        }
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
mod tests;
