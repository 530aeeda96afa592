//! What the platform takes for a ticket.

use serde::{Deserialize, Serialize};

use super::{PricingError, share};
use crate::{money::Money, when::Timestamp};

/// A fee for each ticket that costs something: a fixed part and a part of the price, within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeePlan {
    /// For each ticket.
    pub fixed: Money,
    /// Of its price, in hundredths of a percent.
    pub percent_bp: u16,
    /// Never less than this; but never more than the price.
    pub min: Option<Money>,
    /// Never more than this.
    pub max: Option<Money>,
}

impl FeePlan {
    /// The fee for one ticket of a price; nothing for a free one, and never more than the price.
    pub fn fee(&self, price: Money) -> Result<Money, PricingError> {
        if price.is_negative() {
            return Err(PricingError::NegativePrice);
        }
        let bounds = [self.min, self.max].into_iter().flatten();
        if bounds
            .chain([self.fixed])
            .any(|amount| amount.currency != price.currency)
        {
            return Err(PricingError::MixedCurrencies);
        }
        if price.is_zero() {
            return Ok(price);
        }
        let part = share(price.minor, u32::from(self.percent_bp), 10_000)?;
        let fee = part
            .checked_add(self.fixed.minor.max(0))
            .ok_or(PricingError::Overflow)?;
        let least = self.min.map_or(0, |min| min.minor);
        let most = self.max.map_or(price.minor, |max| max.minor);
        let fee = fee.max(least).min(most).clamp(0, price.minor);
        Ok(Money::new(fee, price.currency))
    }
}

/// A plan with the time it holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanInTime {
    /// What it takes.
    pub plan: FeePlan,
    /// Whether it was agreed with this organization alone.
    pub own: bool,
    /// The first instant it holds.
    pub from: Timestamp,
    /// The first instant it no longer holds.
    pub until: Option<Timestamp>,
}

/// The plan that holds at an instant: an organization's own before everybody's, and the later before the earlier.
pub fn in_force(
    plans: impl IntoIterator<Item = PlanInTime>,
    currency: crate::money::Currency,
    at: Timestamp,
) -> Option<FeePlan> {
    plans
        .into_iter()
        .filter(|p| p.from <= at && p.until.is_none_or(|until| at < until))
        .filter(|p| p.plan.fixed.currency == currency)
        .max_by_key(|p| (p.own, p.from))
        .map(|p| p.plan)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::Currency;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn plan(fixed: i64, percent_bp: u16, min: Option<i64>, max: Option<i64>) -> FeePlan {
        FeePlan {
            fixed: eur(fixed),
            percent_bp,
            min: min.map(eur),
            max: max.map(eur),
        }
    }

    #[test]
    fn fees() {
        for (plan, price, fee) in [
            (plan(50, 250, None, None), 20_00, 1_00),
            (plan(0, 250, None, None), 10_20, 26), // 25.5 is rounded up
            (plan(0, 250, None, None), 10_19, 25),
            (plan(0, 250, Some(99), None), 10_00, 99),
            (plan(0, 1000, None, Some(300)), 10_000, 300),
            (plan(99, 0, None, None), 50, 50), // never above the price
            (plan(0, 100, Some(99), None), 50, 50),
            (plan(50, 250, Some(99), None), 0, 0), // free tickets are free
            (plan(0, 10_000, None, None), 7, 7),
            (plan(0, 0, None, None), 20_00, 0),
        ] {
            assert_eq!(plan.fee(eur(price)), Ok(eur(fee)), "{plan:?} of {price}");
        }
    }

    #[test]
    fn no_fee_is_guessed() {
        let plan = plan(50, 250, None, None);
        assert_eq!(plan.fee(eur(-1)), Err(PricingError::NegativePrice));
        assert_eq!(
            plan.fee(Money::new(100, Currency::USD)),
            Err(PricingError::MixedCurrencies)
        );
        assert_eq!(plan.fee(eur(i64::MAX)).map(|fee| fee.minor > 0), Ok(true));
        let all = FeePlan {
            percent_bp: 10_000,
            ..plan
        };
        assert_eq!(all.fee(eur(i64::MAX)), Err(PricingError::Overflow));
    }

    #[test]
    fn which_plan_holds() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let in_time = |fixed, own, from, until: Option<i64>| PlanInTime {
            plan: plan(fixed, 0, None, None),
            own,
            from: at(from),
            until: until.map(at),
        };
        let plans = [
            in_time(1, false, 0, None),
            in_time(2, false, 100, None),
            in_time(3, true, 50, Some(200)),
        ];
        for (second, fixed) in [
            (-1, None),
            (0, Some(1)),
            (50, Some(3)),
            (100, Some(3)), // its own, although everybody's is newer
            (199, Some(3)),
            (200, Some(2)),
        ] {
            let found = in_force(plans, Currency::EUR, at(second));
            assert_eq!(found.map(|p| p.fixed.minor), fixed, "at {second}");
        }
        assert_eq!(in_force(plans, Currency::USD, at(60)), None);
    }

    proptest! {
        #[test]
        fn a_fee_is_within_the_price(
            fixed in 0..10_000_i64, percent_bp in 0..=10_000_u16, min in 0..1_000_i64, more in 0..10_000_i64,
            price in 0..10_000_000_i64,
        ) {
            let fee = plan(fixed, percent_bp, Some(min), Some(min + more)).fee(eur(price)).unwrap();
            prop_assert!((0..=price).contains(&fee.minor));
            prop_assert!(fee.minor <= min + more);
            prop_assert!(price == 0 || fee.minor >= min.min(price));
        }
    }
}
