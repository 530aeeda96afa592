//! What a code takes off, ticket by ticket.
//!
//! It is taken off the price that the organizer typed; tax and fee are worked out on what is left, by the one function for
//! prices. So a ticket that costs nothing with the code has no fee, and nobody pays tax on what was not paid.

use serde::{Deserialize, Serialize};

use super::{Price, PricingError, Rate, Terms, share};
use crate::{ids::TicketTypeId, money::Money};

/// What is taken off; rounded down to steps of ten where the currency has three decimals and all prices are in such steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Off {
    /// A part of each ticket's price, in hundredths of a percent; half a minor unit is taken off.
    Percent(u16),
    /// An amount of each ticket, but never more than it costs.
    Ticket(Money),
    /// An amount of all tickets together, dealt out by what they cost; never more than that.
    Order(Money),
}

/// Tickets of one type that somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The type.
    pub ticket_type: TicketTypeId,
    /// As the organizer typed it.
    pub typed: Money,
    /// Its own rate of tax.
    pub own: Option<Rate>,
    /// How many.
    pub quantity: u32,
    /// Whether the code is for this type.
    pub meant: bool,
}

/// Tickets of one type that cost the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discounted {
    /// The place among what was wanted.
    pub of: usize,
    /// The type.
    pub ticket_type: TicketTypeId,
    /// How many.
    pub quantity: u32,
    /// What one costs without the code.
    pub full: Price,
    /// What one costs with it.
    pub price: Price,
}

impl Discounted {
    /// What the buyer saves with these.
    pub fn saving(&self) -> Result<Money, PricingError> {
        let one = self.full.unit.checked_sub(self.price.unit)?;
        Ok(one.checked_mul(self.quantity)?)
    }
}

/// The prices with a code. Where an amount cannot be dealt out evenly, tickets of one type are in two lines whose prices
/// differ; all other types keep one line. What is taken off the typed prices sums to the amount, exactly.
pub fn discounted(
    terms: &Terms,
    off: Off,
    wanted: &[Wanted],
) -> Result<Vec<Discounted>, PricingError> {
    let mut dealer = Dealer::new(off, wanted)?;
    let mut lines = Vec::with_capacity(wanted.len());
    for (of, one) in wanted.iter().enumerate() {
        let full = terms.price(one.typed, one.own)?;
        for (quantity, typed) in dealer.deal(one)? {
            lines.push(Discounted {
                of,
                ticket_type: one.ticket_type,
                quantity,
                full,
                price: terms.price(typed, one.own)?,
            });
        }
    }
    Ok(lines)
}

/// What the buyer saves in all.
pub fn saving(lines: &[Discounted]) -> Result<Money, PricingError> {
    let first = lines.first().ok_or(PricingError::Empty)?;
    let zero = Money::zero(first.price.currency());
    lines
        .iter()
        .try_fold(zero, |sum, line| Ok(sum.checked_add(line.saving()?)?))
}

/// What the buyer pays in all.
pub fn total(lines: &[Discounted]) -> Result<Money, PricingError> {
    let first = lines.first().ok_or(PricingError::Empty)?;
    let zero = Money::zero(first.price.currency());
    lines.iter().try_fold(zero, |sum, line| {
        Ok(sum.checked_add(line.price.unit.checked_mul(line.quantity)?)?)
    })
}

/// Deals the amount of an order out over its tickets.
struct Dealer {
    off: Off,
    /// All amounts that are taken off are multiples of this many minor units: more than one where the currency has three
    /// decimals and all prices are such multiples themselves. A price that is none cannot be paid by card with or without a
    /// code, and what is taken off it is exact.
    step: i64,
    /// What the tickets that are meant cost together, and what is taken off that, in steps.
    all: i128,
    amount: i128,
    /// What was dealt out over so far.
    before: i128,
}

impl Dealer {
    fn new(off: Off, wanted: &[Wanted]) -> Result<Self, PricingError> {
        let step = step(wanted);
        let mut all: i128 = 0;
        for one in wanted {
            if one.quantity == 0 {
                return Err(PricingError::ZeroQuantity);
            }
            if one.typed.is_negative() {
                return Err(PricingError::NegativePrice);
            }
            if let Off::Ticket(amount) | Off::Order(amount) = off {
                if amount.currency != one.typed.currency {
                    return Err(PricingError::MixedCurrencies);
                }
                if amount.is_negative() {
                    return Err(PricingError::NegativePrice);
                }
            }
            if one.meant {
                all += i128::from(one.typed.minor / step) * i128::from(one.quantity);
            }
        }
        let amount = match off {
            Off::Order(amount) => i128::from(amount.minor / step).min(all),
            Off::Percent(_) | Off::Ticket(_) => 0,
        };
        Ok(Self {
            off,
            step,
            all,
            amount,
            before: 0,
        })
    }

    /// How many tickets cost what before tax and fee; the cheaper ones first.
    fn deal(&mut self, one: &Wanted) -> Result<Vec<(u32, Money)>, PricingError> {
        if !one.meant || one.typed.is_zero() {
            return Ok(vec![(one.quantity, one.typed)]);
        }
        let step = self.step;
        let less = |steps: i64| Money {
            minor: one
                .typed
                .minor
                .saturating_sub(steps.saturating_mul(step))
                .max(0),
            ..one.typed
        };
        match self.off {
            Off::Percent(bp) => {
                let part = share(one.typed.minor, u32::from(bp.min(10_000)), 10_000)?;
                Ok(vec![(one.quantity, less(part / step))])
            }
            Off::Ticket(amount) => Ok(vec![(one.quantity, less(amount.minor / step))]),
            Off::Order(_) => {
                // Up to here and up to there: the differences sum to the whole, whatever is cut off.
                let dealt = self.up_to_here()?;
                self.before += i128::from(one.typed.minor / step) * i128::from(one.quantity);
                let of_line = self.up_to_here()? - dealt;
                let tickets = i128::from(one.quantity);
                let each = i64::try_from(of_line / tickets).map_err(|_| PricingError::Overflow)?;
                let more = u32::try_from(of_line % tickets).map_err(|_| PricingError::Overflow)?;
                let mut parts = Vec::with_capacity(2);
                if more > 0 {
                    parts.push((more, less(each.saturating_add(1))));
                }
                if more < one.quantity {
                    parts.push((one.quantity - more, less(each)));
                }
                Ok(parts)
            }
        }
    }

    fn up_to_here(&self) -> Result<i128, PricingError> {
        let product = self.amount.checked_mul(self.before);
        let part = product.and_then(|product| product.checked_div(self.all));
        part.ok_or(PricingError::Overflow)
    }
}

/// In which steps what is meant is priced.
fn step(wanted: &[Wanted]) -> i64 {
    let in_steps = wanted
        .iter()
        .all(|one| !one.meant || one.typed.is_in_steps());
    match wanted.first() {
        Some(one) if in_steps => one.typed.currency.step(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests;
