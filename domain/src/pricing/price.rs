//! The whole price of one ticket, and what it is made of.

use serde::{Deserialize, Serialize};

use super::{FeePlan, PricingError, Rate, Tax, TaxMode, quote::tax_of_units};
use crate::money::{Currency, Money};

/// All that a ticket's price depends on beside what the organizer typed for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Whether tax is in the typed price, or comes on top, or is none.
    pub mode: TaxMode,
    /// For ticket types without a rate of their own.
    pub rate: Rate,
    /// What the platform takes, if anything.
    pub plan: Option<FeePlan>,
    /// How much of the fee the buyer bears; the organizer bears the rest.
    pub fee_to_buyer_percent: u8,
}

impl Terms {
    /// No tax and no fee: the price is what was typed.
    pub const PLAIN: Self = Self {
        mode: TaxMode::None,
        rate: Rate::ZERO,
        plan: None,
        fee_to_buyer_percent: 0,
    };

    /// The whole price of a ticket: the typed price, the buyer's share of the fee, and the tax where it comes on top. The
    /// share of the fee is part of what the ticket costs, so it is taxed like the ticket.
    pub fn price(&self, typed: Money, own: Option<Rate>) -> Result<Price, PricingError> {
        if typed.is_negative() {
            return Err(PricingError::NegativePrice);
        }
        let rate = match self.mode {
            TaxMode::None | TaxMode::SmallBusiness => Rate::ZERO,
            TaxMode::Included | TaxMode::Added => own.unwrap_or(self.rate),
        };
        let fee = match &self.plan {
            Some(plan) => {
                let fee = plan.fee(typed)?;
                // More than what is left after tax could only be taken out of the organizer's own pocket.
                let most = match self.mode {
                    TaxMode::Included => rate.without(typed),
                    TaxMode::None | TaxMode::SmallBusiness | TaxMode::Added => typed,
                };
                Money {
                    minor: fee.minor.min(most.minor),
                    ..fee
                }
            }
            None => Money::zero(typed.currency),
        };
        let passed_on = fee.percent(u32::from(self.fee_to_buyer_percent.min(100)))?;
        let before_tax = typed.checked_add(passed_on)?;
        let (unit, tax) = match self.mode {
            _ if rate.is_zero() => (before_tax, Tax::None),
            TaxMode::None | TaxMode::SmallBusiness => (before_tax, Tax::None),
            TaxMode::Included => (before_tax, Tax::Contained { rate }),
            TaxMode::Added => {
                let each = rate.on_top_of(before_tax)?;
                (before_tax.checked_add(each)?, Tax::Added { rate, each })
            }
        };
        Ok(Price { unit, tax, fee })
    }
}

/// The whole price of one ticket, promised to a buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// What one costs; nothing is added to it later.
    pub unit: Money,
    /// The tax in it.
    pub tax: Tax,
    /// The platform's fee in it, whoever bears it.
    pub fee: Money,
}

impl Price {
    /// A price without tax and fee.
    pub const fn plain(unit: Money) -> Self {
        Self {
            unit,
            tax: Tax::None,
            fee: Money::zero(unit.currency),
        }
    }

    /// The same ticket for a business that owes the tax itself: what is left of the price without it. Whoever sells has of it
    /// what they would have had.
    pub fn owed_by_buyer(&self) -> Result<Self, PricingError> {
        let net = self.unit.checked_sub(self.tax_in_one()?)?;
        // What could be paid by card must stay so: money with three decimals moves in steps.
        let unit = if self.unit.is_in_steps() {
            net.in_steps()
        } else {
            net
        };
        let fee = Money {
            minor: self.fee.minor.min(unit.minor),
            ..self.fee
        };
        Ok(Self {
            unit,
            tax: Tax::ReverseCharge,
            fee,
        })
    }

    /// What the organizer has of one ticket.
    pub fn organizer_gets(&self) -> Result<Money, PricingError> {
        let tax = self.tax_in_one()?;
        Ok(self.unit.checked_sub(tax)?.checked_sub(self.fee)?)
    }

    /// The tax in one ticket.
    pub fn tax_in_one(&self) -> Result<Money, PricingError> {
        tax_of_units(self, 1)
    }

    /// The currency of all its amounts.
    pub const fn currency(&self) -> Currency {
        self.unit.currency
    }
}

/// The lowest of the prices ("from 12.00"); none when there are none or their currencies differ.
pub fn lowest(prices: impl IntoIterator<Item = Money>) -> Option<Money> {
    let mut prices = prices.into_iter();
    let first = prices.next()?;
    prices.try_fold(first, |lowest, price| {
        (price.currency == lowest.currency).then_some(if price.minor < lowest.minor {
            price
        } else {
            lowest
        })
    })
}
