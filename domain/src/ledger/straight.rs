//! Money that goes straight to the organizer's own account at the provider. It is booked as every sale is, and at once as
//! sent on: so what a sale is, and what a refund takes along, is the same for all.

use super::{Account, Entry, LedgerError, Posting, Takings};

impl Posting {
    /// Of what a buyer paid, the provider sent the organizer's part on at once; the platform's fee stays.
    pub fn sent_straight(takings: Takings) -> Result<Self, LedgerError> {
        Self::straight(takings, false)
    }

    /// For a refund the provider took the organizer's part of it back. `back` is what the refund takes along.
    pub fn recalled(back: Takings) -> Result<Self, LedgerError> {
        Self::straight(back, true)
    }

    fn straight(takings: Takings, back: bool) -> Result<Self, LedgerError> {
        let net = takings.net()?;
        let theirs = net.checked_add(takings.tax)?;
        if theirs.minor <= 0 {
            return Err(LedgerError::NotPositive);
        }
        let parts = [
            (Account::OrganizerPayable, net),
            (Account::TaxCollected, takings.tax),
            (Account::ProviderClearing, -theirs),
        ];
        let entries = parts
            .into_iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(account, amount)| Entry {
                account,
                amount: if back { -amount } else { amount },
            })
            .collect();
        Self::new(entries)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{
        ledger::balance,
        money::{Currency, Money},
    };

    proptest! {
        /// However a sale that went straight on is given back: the organizer is owed nothing at any time, the provider keeps
        /// the fee that is left, and at the end nobody has anything.
        #[test]
        fn nothing_stays_but_the_fee(
            total in 1..100_000_i64, tax in 0..100_i64, fee in 0..50_i64, cuts in vec(1..100_000_i64, 0..6),
        ) {
            let money = |minor| Money::new(minor, Currency::EUR);
            let whole = Takings { total: money(total), tax: money(total * tax / 200), fee: money(total * fee / 100) };
            prop_assume!(whole.total.minor > whole.fee.minor);
            let mut entries = Vec::new();
            entries.extend(Posting::sale(whole).unwrap().entries());
            entries.extend(Posting::sent_straight(whole).unwrap().entries());
            let mut before = 0;
            for cut in cuts.into_iter().chain([total]) {
                let amount = cut.min(total - before);
                if amount <= 0 {
                    continue;
                }
                let back = whole.back(money(before), money(amount)).unwrap();
                before += amount;
                entries.extend(Posting::refund(back).unwrap().entries());
                entries.extend(Posting::refund_sent(money(amount)).unwrap().entries());
                match Posting::recalled(back) {
                    Ok(recalled) => entries.extend(recalled.entries()),
                    Err(e) => prop_assert_eq!((e, back.fee), (LedgerError::NotPositive, back.total)),
                }
                let has = |account| balance(account, Currency::EUR, &entries).unwrap().minor;
                prop_assert_eq!(has(Account::OrganizerPayable), 0);
                prop_assert_eq!(has(Account::TaxCollected), 0);
                prop_assert_eq!(has(Account::RefundsPayable), 0);
                prop_assert_eq!(has(Account::ProviderClearing), -has(Account::PlatformFees));
            }
            let left = balance(Account::ProviderClearing, Currency::EUR, &entries).unwrap();
            prop_assert!(left.is_zero());
        }
    }
}
