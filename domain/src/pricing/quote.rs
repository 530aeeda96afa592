//! What an order costs, and what is in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Price, PricingError, Rate, Tax};
use crate::{ids::TicketTypeId, money::Money};

/// What is wanted of one ticket type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The type.
    pub ticket_type: TicketTypeId,
    /// The whole price of one.
    pub price: Price,
    /// How many.
    pub quantity: u32,
}

/// One priced line; all amounts but `unit` are of the whole line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteLine {
    /// The type.
    pub ticket_type: TicketTypeId,
    /// The whole price of one.
    pub unit: Money,
    /// How many.
    pub quantity: u32,
    /// The price of the line.
    pub total: Money,
    /// Without the tax.
    pub net: Money,
    /// Within the total.
    pub tax: Money,
    /// By which the tax was worked out; nothing where there is none.
    pub rate: Rate,
    /// The platform's fee, whoever bears it; within the net amount.
    pub fee: Money,
}

impl QuoteLine {
    /// What the organizer has of it.
    pub fn organizer_gets(&self) -> Result<Money, PricingError> {
        Ok(self.net.checked_sub(self.fee)?)
    }
}

/// A priced order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// In the order in which they were asked for.
    pub lines: Vec<QuoteLine>,
    /// The sum of the lines.
    pub total: Money,
    /// Within the total.
    pub tax: Money,
    /// The platform's fee, whoever bears it; within the total.
    pub fee: Money,
}

impl Quote {
    /// The tax by rates, lowest first, without those of nothing.
    pub fn tax_by_rate(&self) -> Vec<(Rate, Money)> {
        let mut rates: BTreeMap<Rate, Money> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| !line.rate.is_zero()) {
            let sum = rates
                .entry(line.rate)
                .or_insert_with(|| Money::zero(line.tax.currency));
            // Parts of the order's tax, which fits.
            sum.minor = sum.minor.saturating_add(line.tax.minor);
        }
        rates.into_iter().collect()
    }
}

/// The tax in so many of one price.
pub(super) fn tax_of_units(price: &Price, quantity: u32) -> Result<Money, PricingError> {
    match price.tax {
        Tax::None | Tax::ReverseCharge => Ok(Money::zero(price.unit.currency)),
        Tax::Contained { rate } => rate.contained_in(price.unit.checked_mul(quantity)?),
        Tax::Added { each, .. } => Ok(each.checked_mul(quantity)?),
    }
}

/// Prices an order in one currency. Contained tax is rounded once for all lines of a rate and dealt out to them, so that
/// the lines add up to the tax of their sum.
pub fn quote(lines: &[Line]) -> Result<Quote, PricingError> {
    let currency = lines.first().ok_or(PricingError::Empty)?.price.currency();
    let zero = Money::zero(currency);
    let (mut total, mut tax, mut fee) = (zero, zero, zero);
    // What was priced before at a contained rate.
    let mut before: BTreeMap<Rate, Money> = BTreeMap::new();
    let mut priced = Vec::with_capacity(lines.len());
    for Line {
        ticket_type,
        price,
        quantity,
    } in lines.iter().copied()
    {
        if quantity == 0 {
            return Err(PricingError::ZeroQuantity);
        }
        if price.unit.is_negative() || price.fee.is_negative() {
            return Err(PricingError::NegativePrice);
        }
        let of_line = price.unit.checked_mul(quantity)?;
        total = total.checked_add(of_line)?;
        let tax_of_line = match price.tax {
            Tax::None | Tax::ReverseCharge | Tax::Added { .. } => tax_of_units(&price, quantity)?,
            Tax::Contained { rate } => {
                let sum = before.entry(rate).or_insert(zero);
                let dealt_out = rate.contained_in(*sum)?;
                *sum = sum.checked_add(of_line)?;
                rate.contained_in(*sum)?.checked_sub(dealt_out)?
            }
        };
        let fee_of_line = price.fee.checked_mul(quantity)?;
        tax = tax.checked_add(tax_of_line)?;
        fee = fee.checked_add(fee_of_line)?;
        priced.push(QuoteLine {
            ticket_type,
            unit: price.unit,
            quantity,
            total: of_line,
            net: of_line.checked_sub(tax_of_line)?,
            tax: tax_of_line,
            rate: price.tax.rate(),
            fee: fee_of_line,
        });
    }
    Ok(Quote {
        lines: priced,
        total,
        tax,
        fee,
    })
}
