//! One side of a difference, as it is kept with the case.

use domain::{
    money::{Currency, Money},
    when::Timestamp,
};
use serde::{Deserialize, Serialize};

/// What one of the two books says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// By which name.
    pub name: String,
    /// What it is, or in which state.
    pub what: String,
    pub minor: i64,
    pub currency: Currency,
    /// Sums have no time.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

impl Side {
    pub fn amount(&self) -> Money {
        Money::new(self.minor, self.currency)
    }

    /// A sum over a book.
    pub(super) fn sum(what: &str, amount: Money) -> Self {
        Self {
            name: amount.currency.to_string(),
            what: what.to_owned(),
            minor: amount.minor,
            currency: amount.currency,
            at: None,
        }
    }

    /// Whether the figures are the same; times and states may have gone on.
    pub(super) fn same(one: Option<&Self>, other: Option<&Self>) -> bool {
        one.map(Self::amount) == other.map(Self::amount)
    }
}
