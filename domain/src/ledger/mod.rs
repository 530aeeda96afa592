//! Double-entry bookkeeping: every posting sums to zero, so money neither appears nor vanishes.

use serde::{Deserialize, Serialize};

use crate::{
    codes::coded_enum,
    money::{Currency, Money, MoneyError},
    planted::{Bug, planted},
};

coded_enum! {
    /// Where money can be. What we have is positive, what we owe is negative.
    pub enum Account {
        /// Taken by the payment provider and not yet paid out.
        ProviderClearing = "provider_clearing",
        /// Owed to the organizer.
        OrganizerPayable = "organizer_payable",
        /// Promised back to buyers and not yet sent.
        RefundsPayable = "refunds_payable",
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
    /// The amount of a sale or refund is not above zero.
    #[error("amount not above zero")]
    NotPositive,
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

    /// A buyer paid: the provider has the money, the organizer is owed it.
    pub fn sale(total: Money) -> Result<Self, LedgerError> {
        Self::transfer(total, Account::OrganizerPayable, Account::ProviderClearing)
    }

    /// A refund was promised: it is owed to the buyer instead of the organizer.
    pub fn refund(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::RefundsPayable, Account::OrganizerPayable)
    }

    /// The provider sent a refund: the promise is kept, the provider has less.
    pub fn refund_sent(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::ProviderClearing, Account::RefundsPayable)
    }

    fn transfer(amount: Money, from: Account, to: Account) -> Result<Self, LedgerError> {
        if amount.minor <= 0 {
            return Err(LedgerError::NotPositive);
        }
        if planted(Bug::OneSidedPosting) {
            return Ok(Self(vec![Entry {
                account: to,
                amount,
            }]));
        }
        Self::new(vec![
            Entry {
                account: to,
                amount,
            },
            Entry {
                account: from,
                amount: -amount,
            },
        ])
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

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn entry(account: Account, amount: Money) -> Entry {
        Entry { account, amount }
    }

    #[test]
    fn postings_must_balance() {
        use Account::{OrganizerPayable as Organizer, ProviderClearing as Provider};
        for (entries, error) in [
            (vec![], LedgerError::Empty),
            (vec![entry(Provider, eur(1))], LedgerError::Unbalanced),
            (
                vec![entry(Provider, eur(1)), entry(Organizer, eur(-2))],
                LedgerError::Unbalanced,
            ),
            (
                vec![
                    entry(Provider, eur(1)),
                    entry(Organizer, Money::new(-1, Currency::USD)),
                ],
                LedgerError::MixedCurrencies,
            ),
            (
                vec![entry(Provider, eur(i64::MAX)), entry(Provider, eur(1))],
                LedgerError::Overflow,
            ),
        ] {
            assert_eq!(Posting::new(entries), Err(error));
        }
        assert_eq!(Posting::sale(eur(0)), Err(LedgerError::NotPositive));
        assert_eq!(
            Posting::refund(eur(i64::MIN)),
            Err(LedgerError::NotPositive)
        );
    }

    #[test]
    fn a_sale_wholly_refunded_leaves_nothing() {
        let postings = [
            Posting::sale(eur(500)),
            Posting::refund(eur(500)),
            Posting::refund_sent(eur(500)),
        ];
        let entries: Vec<_> = postings
            .into_iter()
            .flat_map(|posting| posting.unwrap().0)
            .collect();
        for account in Account::all() {
            assert_eq!(
                balance(*account, Currency::EUR, &entries),
                Ok(eur(0)),
                "{account}"
            );
        }
    }

    proptest! {
        #[test]
        fn every_posting_sums_to_zero(minor in 1..=i64::MAX, currency in select(Currency::all())) {
            let amount = Money::new(minor, currency);
            for posting in [Posting::sale(amount), Posting::refund(amount), Posting::refund_sent(amount)] {
                let amounts = posting.unwrap().0.into_iter().map(|entry| entry.amount);
                prop_assert_eq!(Money::checked_sum(currency, amounts), Ok(Money::zero(currency)));
            }
        }

        #[test]
        fn unbalanced_entries_never_pass(minors in vec(-1000..1000_i64, 1..6)) {
            let entries = minors.iter().map(|minor| entry(Account::ProviderClearing, eur(*minor))).collect();
            prop_assert_eq!(Posting::new(entries).is_ok(), minors.iter().sum::<i64>() == 0);
        }
    }
}
