//! What a buyer pays, and whose it is.

use serde::{Deserialize, Serialize};

use super::LedgerError;
use crate::money::Money;

/// Money of a buyer, split by who it belongs to. The rest of `total` after tax and fee is the organizer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Takings {
    /// All of it.
    pub total: Money,
    /// The tax in it.
    pub tax: Money,
    /// The platform's fee in it, whoever bears it.
    pub fee: Money,
}

impl Takings {
    /// Money without tax and without a fee.
    pub fn plain(total: Money) -> Self {
        let nothing = Money::zero(total.currency);
        Self {
            total,
            tax: nothing,
            fee: nothing,
        }
    }

    /// What is left for the organizer besides the tax.
    pub fn net(self) -> Result<Money, LedgerError> {
        Ok(self.total.checked_sub(self.tax)?.checked_sub(self.fee)?)
    }

    /// What `amount` of it takes along when it goes back after `before` has gone back already. However the whole is cut
    /// up, the pieces sum to it exactly: each piece gets what the running share has grown by.
    ///
    /// # Errors
    /// When the amount is not above zero, or more than is left.
    pub fn back(self, before: Money, amount: Money) -> Result<Self, LedgerError> {
        if amount.minor <= 0 || before.is_negative() {
            return Err(LedgerError::NotPositive);
        }
        let after = before.checked_add(amount)?;
        if self.total.checked_sub(after)?.is_negative() {
            return Err(LedgerError::TooMuch);
        }
        let grown = |part: Money| {
            self.share(part, after)?
                .checked_sub(self.share(part, before)?)
        };
        Ok(Self {
            total: amount,
            tax: grown(self.tax)?,
            fee: grown(self.fee)?,
        })
    }

    /// The share of `part` that belongs to the first `of_total`; half a minor unit counts as a whole one.
    fn share(self, part: Money, of_total: Money) -> Result<Money, crate::money::MoneyError> {
        let whole = i128::from(self.total.minor).max(1);
        let twice = 2 * i128::from(part.minor) * i128::from(of_total.minor);
        // No part is larger than the whole, so neither is its share.
        let minor = i64::try_from((twice + whole) / (2 * whole)).unwrap_or(part.minor);
        Ok(Money::new(minor, part.currency))
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::money::Currency;

    #[test]
    fn a_third_of_a_cent_is_not_lost() {
        let eur = |minor| Money::new(minor, Currency::EUR);
        let takings = Takings {
            total: eur(300),
            tax: eur(1),
            fee: eur(2),
        };
        let pieces: Vec<_> = (0..3)
            .map(|n| takings.back(eur(n * 100), eur(100)).unwrap())
            .map(|piece| (piece.tax.minor, piece.fee.minor))
            .collect();
        assert_eq!(pieces, [(0, 1), (1, 0), (0, 1)]);
        assert_eq!(takings.back(eur(300), eur(1)), Err(LedgerError::TooMuch));
        assert_eq!(takings.back(eur(0), eur(0)), Err(LedgerError::NotPositive));
    }

    proptest! {
        #[test]
        fn pieces_sum_to_the_whole(
            currency in select(Currency::all()),
            pieces in proptest::collection::vec(1..1_000_000_i64, 1..20),
            (tax, fee) in (0..=100_u32, 0..=100_u32),
        ) {
            let total = Money::new(pieces.iter().sum(), currency);
            let takings = Takings {
                total,
                tax: total.percent(tax / 2).unwrap(),
                fee: total.percent(fee / 2).unwrap(),
            };
            let mut before = Money::zero(currency);
            let (mut taxes, mut fees) = (Money::zero(currency), Money::zero(currency));
            for piece in pieces {
                let back = takings.back(before, Money::new(piece, currency)).unwrap();
                prop_assert!(back.tax.minor >= 0 && back.fee.minor >= 0);
                before = before.checked_add(back.total).unwrap();
                taxes = taxes.checked_add(back.tax).unwrap();
                fees = fees.checked_add(back.fee).unwrap();
            }
            prop_assert_eq!((before, taxes, fees), (takings.total, takings.tax, takings.fee));
        }
    }
}
