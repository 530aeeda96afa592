//! Amounts as Stripe counts them. <https://docs.stripe.com/currencies>

use domain::money::{Currency, Money};

use services::ports::{NotTaken, PaymentStanding};

use super::http::Fault;

/// Stripe has kept two decimals for a currency that lost them.
const WITH_TWO_DECIMALS_AT_STRIPE: [Currency; 1] = [Currency::ISK];

/// The least that a card is charged, in minor units. What a currency of settlement makes of it may be more; where Stripe names
/// no amount, that alone decides.
const LEAST: [(Currency, i64); 23] = [
    (Currency::AED, 200),
    (Currency::AUD, 50),
    (Currency::BRL, 50),
    (Currency::CAD, 50),
    (Currency::CHF, 50),
    (Currency::CZK, 1500),
    (Currency::DKK, 2_50),
    (Currency::EUR, 50),
    (Currency::GBP, 30),
    (Currency::HKD, 400),
    (Currency::HUF, 17500),
    (Currency::INR, 50),
    (Currency::JPY, 50),
    (Currency::MXN, 1000),
    (Currency::MYR, 200),
    (Currency::NOK, 300),
    (Currency::NZD, 50),
    (Currency::PLN, 200),
    (Currency::RON, 200),
    (Currency::SEK, 300),
    (Currency::SGD, 50),
    (Currency::THB, 1000),
    (Currency::USD, 50),
];

/// Whether a card can be charged with it.
pub(super) fn takes(amount: Money) -> Result<(), NotTaken> {
    let currency = amount.currency;
    if !amount.is_in_steps() {
        return Err(NotTaken::Uneven {
            step: Money::new(currency.step(), currency),
        });
    }
    let least = LEAST.iter().find(|(known, _)| *known == currency);
    match least {
        Some((_, least)) if amount.minor < *least => Err(NotTaken::TooSmall {
            least: Money::new(*least, currency),
        }),
        _ => Ok(()),
    }
}

/// Of what was taken, as much as was taken: money that was held can be taken in part. Of all else, what was asked for.
pub(super) fn of_standing(standing: PaymentStanding, asked: i64, received: Option<i64>) -> i64 {
    match standing {
        PaymentStanding::Succeeded => received.unwrap_or(asked),
        PaymentStanding::Open
        | PaymentStanding::Processing
        | PaymentStanding::Held
        | PaymentStanding::Failed { .. } => asked,
    }
}

/// In Stripe's smallest unit.
pub(super) fn to_stripe(amount: Money) -> Result<i64, Fault> {
    if !amount.is_in_steps() {
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
