//! Double-entry bookkeeping: every posting sums to zero, so money neither appears nor vanishes.

mod postings;
#[cfg(test)]
mod sequences;
mod straight;
mod takings;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::{
    codes::coded_enum,
    money::{Currency, Money, MoneyError},
};

pub use postings::{Owed, Place};
pub use takings::Takings;

coded_enum! {
    /// Where money can be. What we have or have spent is positive, what we owe or have earned is negative.
    pub enum Account {
        /// Taken by the payment provider and still there.
        ProviderClearing = "provider_clearing",
        /// On the platform's own bank account.
        Bank = "bank",
        /// Owed to the organizer: prices without the tax in them and without the platform's fee.
        OrganizerPayable = "organizer_payable",
        /// The tax in prices: owed to the organizer too, who passes it on to the tax office.
        TaxCollected = "tax_collected",
        /// Owed to the organizer, and kept back for refunds and disputes that may come.
        OrganizerReserve = "organizer_reserve",
        /// Promised to the organizer and not yet sent.
        PayoutsPayable = "payouts_payable",
        /// Promised back to buyers and not yet sent.
        RefundsPayable = "refunds_payable",
        /// Earned by the platform.
        PlatformFees = "platform_fees",
        /// What the payment provider charges the platform.
        ProviderCosts = "provider_costs",
        /// On its way from one order into another, for which its tickets were given in; nothing once the exchange is booked.
        Exchange = "exchange",
        /// Given to organizers in corrections, less what was taken from them so.
        Adjustments = "adjustments",
    }
}

/// A change of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The account.
    pub account: Account,
    /// By how much it changes.
    pub amount: Money,
}

/// Entries that belong together and sum to zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Entry>", into = "Vec<Entry>")]
pub struct Posting(Vec<Entry>);

/// Why entries make no posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerError {
    /// There is nothing to post.
    #[error("nothing to post")]
    Empty,
    /// The entries do not sum to zero.
    #[error("entries do not sum to zero")]
    Unbalanced,
    /// The amount that should move is not above zero.
    #[error("amount not above zero")]
    NotPositive,
    /// A part of the money is below nothing or above the whole.
    #[error("a part that does not fit into the whole")]
    PartOutOfRange,
    /// More than is there.
    #[error("more than there is")]
    TooMuch,
    /// The entries are in different currencies.
    #[error("different currencies in one posting")]
    MixedCurrencies,
    /// The sum does not fit.
    #[error("amount too large")]
    Overflow,
}

impl LedgerError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "posting_empty",
            Self::Unbalanced => "posting_unbalanced",
            Self::NotPositive => "posting_not_positive",
            Self::PartOutOfRange => "posting_part_out_of_range",
            Self::TooMuch => "posting_too_much",
            Self::MixedCurrencies => "posting_mixed_currencies",
            Self::Overflow => "posting_overflow",
        }
    }
}

impl From<MoneyError> for LedgerError {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::CurrencyMismatch | MoneyError::UnknownCurrency => Self::MixedCurrencies,
            MoneyError::Overflow => Self::Overflow,
        }
    }
}

impl Posting {
    /// A posting of these entries; refuses what does not balance.
    pub fn new(entries: Vec<Entry>) -> Result<Self, LedgerError> {
        let currency = entries.first().ok_or(LedgerError::Empty)?.amount.currency;
        let sum = Money::checked_sum(currency, entries.iter().map(|entry| entry.amount))?;
        if sum.is_zero() {
            Ok(Self(entries))
        } else {
            Err(LedgerError::Unbalanced)
        }
    }

    /// What changes.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }
}

/// What an account holds in a currency after these entries.
pub fn balance<'a>(
    account: Account,
    currency: Currency,
    entries: impl IntoIterator<Item = &'a Entry>,
) -> Result<Money, LedgerError> {
    let its = |entry: &&Entry| entry.account == account && entry.amount.currency == currency;
    Ok(Money::checked_sum(
        currency,
        entries.into_iter().filter(its).map(|entry| entry.amount),
    )?)
}

impl TryFrom<Vec<Entry>> for Posting {
    type Error = LedgerError;

    fn try_from(entries: Vec<Entry>) -> Result<Self, LedgerError> {
        Self::new(entries)
    }
}

impl From<Posting> for Vec<Entry> {
    fn from(posting: Posting) -> Self {
        posting.0
    }
}
