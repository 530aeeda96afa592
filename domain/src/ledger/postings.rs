//! What can happen to money: one function each.

use super::{Account, Entry, LedgerError, Posting, Takings};
use crate::{
    money::{Currency, Money},
    planted::{Bug, planted},
};

/// Where money of buyers is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At the payment provider.
    Provider,
    /// On the platform's own bank account.
    Bank,
}

impl Place {
    /// Where money of this provider's payments is.
    pub fn of_provider(provider: &str) -> Self {
        if provider == crate::transfers::PROVIDER {
            Self::Bank
        } else {
            Self::Provider
        }
    }

    const fn account(self) -> Account {
        match self {
            Self::Provider => Account::ProviderClearing,
            Self::Bank => Account::Bank,
        }
    }
}

/// What is owed to an organizer in one currency, as amounts above zero where it is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Prices without tax and fee; below zero when more went back than came in.
    pub net: Money,
    /// Tax in prices; below zero likewise.
    pub tax: Money,
}

impl Owed {
    /// All that can be paid out: nothing while the organizer owes the platform.
    pub fn available(self) -> Result<Money, LedgerError> {
        let both = self.net.checked_add(self.tax)?;
        Ok(if both.is_negative() {
            Money::zero(both.currency)
        } else {
            both
        })
    }
}

impl Posting {
    /// A buyer paid: the provider has the money, and it is owed to who it belongs to.
    pub fn sale(takings: Takings) -> Result<Self, LedgerError> {
        Self::sale_at(Place::Provider, takings)
    }

    /// A buyer paid, and the money is there.
    pub fn sale_at(place: Place, takings: Takings) -> Result<Self, LedgerError> {
        positive(takings.total)?;
        Self::split(takings, (place.account(), takings.total))
    }

    /// A refund was promised: it is owed to the buyer, and no longer to who it belonged to.
    pub fn refund(back: Takings) -> Result<Self, LedgerError> {
        positive(back.total)?;
        let back = Takings {
            total: -back.total,
            tax: -back.tax,
            fee: -back.fee,
        };
        Self::split(back, (Account::RefundsPayable, back.total))
    }

    /// Tickets are given in for others: their money leaves the order, with its shares of tax and fee, and goes to nobody.
    pub fn exchanged_out(back: Takings) -> Result<Self, LedgerError> {
        positive(back.total)?;
        let back = Takings {
            total: -back.total,
            tax: -back.tax,
            fee: -back.fee,
        };
        Self::split(back, (Account::Exchange, back.total))
    }

    /// The same money pays for the tickets of another order, of which it is this part.
    pub fn exchanged_in(part: Takings) -> Result<Self, LedgerError> {
        positive(part.total)?;
        Self::split(part, (Account::Exchange, part.total))
    }

    /// The provider sent a refund: the promise is kept, the provider has less.
    pub fn refund_sent(amount: Money) -> Result<Self, LedgerError> {
        Self::refund_sent_from(Place::Provider, amount)
    }

    /// A refund left from there.
    pub fn refund_sent_from(place: Place, amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, place.account(), Account::RefundsPayable)
    }

    /// A refund that was sent came back: the provider has the money, and it is owed to the buyer again.
    pub fn refund_failed(amount: Money) -> Result<Self, LedgerError> {
        Self::refund_back_to(Place::Provider, amount)
    }

    /// A refund that had left from there came back, and is owed to the buyer again.
    pub fn refund_back_to(place: Place, amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::RefundsPayable, place.account())
    }

    /// A buyer disputes a payment: the provider takes the amount away at once, and what the organizer is owed shrinks.
    pub fn dispute_opened(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::ProviderClearing, Account::OrganizerPayable)
    }

    /// The dispute was decided for the organizer: the amount is back.
    pub fn dispute_won(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::OrganizerPayable, Account::ProviderClearing)
    }

    /// The dispute was decided for the buyer: what is lost holds tax that need not be passed on. Nothing to post
    /// ([`LedgerError::NotPositive`]) when there was none.
    pub fn dispute_lost(tax: Money) -> Result<Self, LedgerError> {
        Self::transfer(tax, Account::OrganizerPayable, Account::TaxCollected)
    }

    /// A loss was taken back: the tax in it is to be passed on again.
    pub fn dispute_loss_undone(tax: Money) -> Result<Self, LedgerError> {
        Self::transfer(tax, Account::TaxCollected, Account::OrganizerPayable)
    }

    /// The provider charges the platform for its work.
    pub fn provider_cost(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::ProviderClearing, Account::ProviderCosts)
    }

    /// The provider gives a charge back.
    pub fn provider_cost_back(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::ProviderCosts, Account::ProviderClearing)
    }

    /// The provider charges for a dispute; who lost it bears that, so the organizer does.
    pub fn dispute_cost(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::ProviderClearing, Account::OrganizerPayable)
    }

    /// The provider gives back what it charged for a dispute.
    pub fn dispute_cost_back(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::OrganizerPayable, Account::ProviderClearing)
    }

    /// The provider moved money to the platform's bank account.
    pub fn provider_paid(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::ProviderClearing, Account::Bank)
    }

    /// Money went from the platform's bank account to the provider: put in, or a payout that came back.
    pub fn provider_given(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::Bank, Account::ProviderClearing)
    }

    /// Part of what the organizer is owed is kept back.
    pub fn reserve(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::OrganizerReserve, Account::OrganizerPayable)
    }

    /// What was kept back is free again.
    pub fn reserve_released(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::OrganizerPayable, Account::OrganizerReserve)
    }

    /// A payout was promised. Tax goes first, as it is not the organizer's to keep.
    ///
    /// # Errors
    /// When it is more than is owed.
    pub fn payout(amount: Money, owed: Owed) -> Result<Self, LedgerError> {
        positive(amount)?;
        if owed.available()?.checked_sub(amount)?.is_negative() {
            return Err(LedgerError::TooMuch);
        }
        let tax = Money::new(owed.tax.minor.clamp(0, amount.minor), amount.currency);
        let net = amount.checked_sub(tax)?;
        Self::of([
            (Account::OrganizerPayable, net),
            (Account::TaxCollected, tax),
            (Account::PayoutsPayable, -amount),
        ])
    }

    /// The payout left the platform's bank account.
    pub fn payout_sent(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::Bank, Account::PayoutsPayable)
    }

    /// The payout left what the provider keeps for the platform.
    pub fn payout_sent_by_provider(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::ProviderClearing, Account::PayoutsPayable)
    }

    /// The payout will not be sent: it is owed to the organizer again.
    pub fn payout_called_off(amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::OrganizerPayable, Account::PayoutsPayable)
    }

    /// A payout that had left from there came back: it is owed to the organizer again.
    pub fn payout_back_to(place: Place, amount: Money) -> Result<Self, LedgerError> {
        Self::transfer(amount, Account::OrganizerPayable, place.account())
    }

    /// The platform corrects what it owes an organizer: above zero it gives, below zero it takes.
    pub fn adjustment(amount: Money) -> Result<Self, LedgerError> {
        if amount.is_negative() {
            Self::transfer(-amount, Account::Adjustments, Account::OrganizerPayable)
        } else {
            Self::transfer(amount, Account::OrganizerPayable, Account::Adjustments)
        }
    }

    /// Takings against the account that holds all of them.
    fn split(takings: Takings, whole: (Account, Money)) -> Result<Self, LedgerError> {
        let size = |money: Money| money.minor.unsigned_abs();
        let same_side =
            |part: Money| part.is_zero() || part.is_negative() == takings.total.is_negative();
        let parts = [takings.tax, takings.fee];
        if !parts
            .iter()
            .all(|part| same_side(*part) && size(*part) <= size(takings.total))
        {
            return Err(LedgerError::PartOutOfRange);
        }
        if planted(Bug::OneSidedPosting) {
            return Ok(Self(vec![Entry {
                account: whole.0,
                amount: whole.1,
            }]));
        }
        Self::of([
            whole,
            (Account::OrganizerPayable, -takings.net()?),
            (Account::TaxCollected, -takings.tax),
            (Account::PlatformFees, -takings.fee),
        ])
    }

    fn transfer(amount: Money, from: Account, to: Account) -> Result<Self, LedgerError> {
        positive(amount)?;
        Self::of([(to, amount), (from, -amount)])
    }

    /// A posting of what is not zero.
    fn of<const N: usize>(parts: [(Account, Money); N]) -> Result<Self, LedgerError> {
        let entries = parts
            .into_iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(account, amount)| Entry { account, amount })
            .collect();
        Self::new(entries)
    }

    /// The currency it is in.
    pub fn currency(&self) -> Option<Currency> {
        self.0.first().map(|entry| entry.amount.currency)
    }
}

fn positive(amount: Money) -> Result<(), LedgerError> {
    if amount.minor > 0 {
        Ok(())
    } else {
        Err(LedgerError::NotPositive)
    }
}
