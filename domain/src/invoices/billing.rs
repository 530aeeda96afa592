//! What the platform bills an organization: its fees, month by month, and how they are taxed.
//!
//! Fees are what they are with tax: organizers agree on an amount, and where tax is due it is within that amount. Where it
//! is due follows from where both are (`docs/algorithms/documents.md`).

use jiff::{ToSpan, civil::Date};

use super::{Category, Line};
use crate::{
    money::{Money, MoneyError},
    pricing::{Rate, Treatment, VatId, tax::rates, treatment},
};

/// The fees of one organization in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fees {
    /// What was taken less what was given back, in minor units, by month (its first day), oldest first.
    pub months: Vec<(Date, i64)>,
    /// The month of the latest document.
    pub billed_until: Option<Date>,
    /// What the documents of all months sum to.
    pub billed: i64,
}

impl Fees {
    /// What is still to be billed: a month with its amount, which is negative where more was given back than taken. What
    /// became known of a billed month later is part of the next one. `last` is the latest month that is over.
    pub fn due(&self, last: Date) -> Result<Vec<(Date, i64)>, MoneyError> {
        let sum = |a: i64, b: i64| a.checked_add(b).ok_or(MoneyError::Overflow);
        let is_open = |month: Date| self.billed_until.is_none_or(|until| month > until);
        let mut late = self.billed.checked_neg().ok_or(MoneyError::Overflow)?;
        let mut due: Vec<(Date, i64)> = Vec::new();
        for &(month, amount) in &self.months {
            if is_open(month) {
                due.push((month, amount));
            } else {
                late = sum(late, amount)?;
            }
        }
        if due.is_empty() && is_open(last) {
            due.push((last, 0));
        }
        if let Some((_, first)) = due.first_mut() {
            *first = sum(*first, late)?;
        }
        due.retain(|(_, amount)| *amount != 0);
        Ok(due)
    }
}

/// How the platform is taxed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Biller {
    /// ISO 3166-1, two letters.
    pub country: String,
    /// At home; nothing: the standard rate there.
    pub rate: Option<Rate>,
    /// Owes no tax as a small business, and says so in these words.
    pub small_business: Option<String>,
}

/// An organization, as far as the tax on what it pays is concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Billed {
    /// Empty: it never said, and counts as at home where the platform is.
    pub country: String,
    /// What makes it a business; nothing where the register says that there is no such number.
    pub vat_id: Option<VatId>,
}

/// Why an amount has no tax and no reason for having none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BillingError {
    /// No rate is known for the country, and none was typed.
    #[error("no rate of tax is known there")]
    NoRate,
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The line over the fees of a month, whose last day is `on`. `gross` is what was taken, more than nothing.
pub fn fee_line(
    biller: &Biller,
    billed: &Billed,
    (on, text): (Date, String),
    gross: Money,
) -> Result<Line, BillingError> {
    let line = |category, rate: Rate, tax: i64, reason: &str| Line {
        text,
        quantity: 1,
        net: gross.minor - tax,
        tax,
        rate,
        category,
        reason: reason.to_owned(),
    };
    if let Some(note) = &biller.small_business {
        return Ok(line(Category::E, Rate::ZERO, 0, note));
    }
    let home = biller.country.as_str();
    let country = match billed.country.as_str() {
        "" => home,
        country => country,
    };
    match treatment(home, country, billed.vat_id.as_ref()) {
        Treatment::Charged { country } => {
            let typed = biller.rate.filter(|_| country == home);
            let rate = typed
                .or_else(|| rates::of(country, on).first().map(|choice| choice.rate))
                .ok_or(BillingError::NoRate)?;
            let tax = rate.within(gross)?.minor;
            let category = if rate.is_zero() {
                Category::Z
            } else {
                Category::S
            };
            Ok(line(category, rate, tax, ""))
        }
        Treatment::ReverseCharge { .. } => Ok(line(Category::AE, Rate::ZERO, 0, "")),
        Treatment::OutOfScope => Ok(line(Category::O, Rate::ZERO, 0, "")),
    }
}

/// The line that gives back of what another took: taxed as that one was, whatever holds by now. `gross` is what goes back, more
/// than nothing.
pub fn fee_back(taken: &Line, text: String, gross: Money) -> Result<Line, BillingError> {
    let tax = taken.rate.within(gross)?.minor;
    Ok(Line {
        text,
        quantity: 1,
        net: gross.minor - tax,
        tax,
        ..taken.clone()
    })
}

/// The last day of the month that begins on this day.
pub fn last_day(month: Date) -> Date {
    month
        .checked_add(1.month())
        .and_then(|next| next.yesterday())
        .unwrap_or(month)
}

#[cfg(test)]
mod tests;
