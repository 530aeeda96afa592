//! Amounts as Stripe counts them. <https://docs.stripe.com/currencies>

use domain::money::{Currency, Money};

use super::http::Fault;

/// Stripe has kept two decimals for a currency that lost them.
const WITH_TWO_DECIMALS_AT_STRIPE: [Currency; 1] = [Currency::ISK];

/// In Stripe's smallest unit.
pub(super) fn to_stripe(amount: Money) -> Result<i64, Fault> {
    // It moves such money in steps of ten of the smallest units.
    if amount.currency.exponent() == 3 && amount.minor % 10 != 0 {
        return Err(Fault::refused(format!(
            "Stripe takes {} in steps of 0.010 only",
            amount.currency
        )));
    }
    if WITH_TWO_DECIMALS_AT_STRIPE.contains(&amount.currency) {
        return amount
            .minor
            .checked_mul(100)
            .ok_or_else(|| Fault::refused("an amount that is too large"));
    }
    Ok(amount.minor)
}

/// `None` for a currency that Bilten does not know.
pub(super) fn from_stripe(amount: i64, currency: &str) -> Option<Money> {
    let currency: Currency = currency.parse().ok()?;
    let minor = if WITH_TWO_DECIMALS_AT_STRIPE.contains(&currency) {
        amount / 100
    } else {
        amount
    };
    Some(Money::new(minor, currency))
}
