//! What tickets cost: tax as data, the platform's fee, and the one price that is made of them.
//!
//! A price is always the whole price: what is shown first is what is paid. [`Terms::price`] makes it of the price that the
//! organizer typed; [`quote`] adds up an order of such prices and says what is in them.

mod discount;
mod fees;
mod phases;
mod place;
mod price;
mod quote;
pub mod tax;
mod vat_id;

pub use discount::{Discounted, Off, Wanted, discounted, saving, total};
pub use fees::{FeePlan, PlanInTime, in_force};
pub use phases::{
    CurrentPhase, EndingPhase, LastPhase, MOST_ENDING, PhaseFault, PricePhases, SoldIn,
};
pub use place::{EU, TicketSeller, Treatment, is_eu, treatment};
pub use price::{Price, Terms, lowest};
pub use quote::{Line, Quote, QuoteLine, quote};
pub use tax::{Rate, Tax, TaxMode, hundredths};
pub use vat_id::{VatId, VatStanding};

use serde::{Deserialize, Serialize};

use crate::money::MoneyError;

/// Why there is no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PricingError {
    /// Nothing was asked for.
    #[error("nothing was chosen")]
    Empty,
    /// A line asks for none.
    #[error("a quantity of zero")]
    ZeroQuantity,
    /// A price is below nothing.
    #[error("a negative price")]
    NegativePrice,
    /// Amounts are in different currencies.
    #[error("different currencies in one order")]
    MixedCurrencies,
    /// An amount does not fit.
    #[error("total too large")]
    Overflow,
}

impl PricingError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "nothing_chosen",
            Self::ZeroQuantity => "zero_quantity",
            Self::NegativePrice => "negative_price",
            Self::MixedCurrencies => "mixed_currencies",
            Self::Overflow => "total_too_large",
        }
    }
}

impl From<MoneyError> for PricingError {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::CurrencyMismatch | MoneyError::UnknownCurrency => Self::MixedCurrencies,
            MoneyError::Overflow => Self::Overflow,
        }
    }
}

/// `amount * times / parts`, half a unit rounded up. Only for amounts from nothing on.
fn share(amount: i64, times: u32, parts: u32) -> Result<i64, PricingError> {
    let parts = i128::from(parts.max(1));
    let product = i128::from(amount) * i128::from(times);
    i64::try_from((product * 2 + parts) / (parts * 2)).map_err(|_| PricingError::Overflow)
}

#[cfg(test)]
mod tests;
