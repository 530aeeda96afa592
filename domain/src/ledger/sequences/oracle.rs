//! What is true, counted without accounts.

use super::super::{Account, Entry, balance};
use crate::money::Currency;

/// What everybody has, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Oracle {
    pub at_provider: i64,
    pub at_bank: i64,
    pub organizer: i64,
    pub kept_back: i64,
    pub to_be_paid_out: i64,
    pub to_buyers: i64,
    pub platform: i64,
    pub costs: i64,
}

impl Oracle {
    /// The same, read off the books.
    pub fn of(entries: &[Entry], currency: Currency) -> Self {
        let sum = |account| balance(account, currency, entries).unwrap().minor;
        Self {
            at_provider: sum(Account::ProviderClearing),
            at_bank: sum(Account::Bank),
            organizer: -sum(Account::OrganizerPayable) - sum(Account::TaxCollected),
            kept_back: -sum(Account::OrganizerReserve),
            to_be_paid_out: -sum(Account::PayoutsPayable),
            to_buyers: -sum(Account::RefundsPayable),
            platform: -sum(Account::PlatformFees),
            costs: sum(Account::ProviderCosts),
        }
    }
}

/// Half a unit and more is a whole one.
pub(super) fn rounded(numerator: i128, denominator: i128) -> i64 {
    let floor = numerator.div_euclid(denominator);
    let rest = numerator.rem_euclid(denominator);
    i64::try_from(floor + i128::from(2 * rest >= denominator)).unwrap()
}
