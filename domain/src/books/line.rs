//! One line of the provider's book.

use crate::{
    codes::coded_enum,
    ledger::{LedgerError, Posting},
    money::Money,
};

coded_enum! {
    /// What a line of the provider's book is about.
    pub enum LineKind {
        /// A buyer paid.
        Charge = "charge",
        /// A debit that had counted was not paid after all.
        ChargeFailed = "charge_failed",
        /// Money went back to a buyer.
        Refund = "refund",
        /// A refund came back.
        RefundBack = "refund_back",
        /// A buyer's bank took money away.
        Dispute = "dispute",
        /// It gave the money back.
        DisputeBack = "dispute_back",
        /// What the provider charges for its work, or gives back of it, as a line of its own.
        Fee = "fee",
        /// To the platform's bank account.
        Payout = "payout",
        /// A payout came back, or money was put in from there.
        PayoutBack = "payout_back",
        /// To or from accounts of organizers at the provider.
        Straight = "straight",
        /// Anything else: somebody has to look.
        Other = "other",
    }
}

/// What is booked because of a line; its sale, refund or dispute is booked when it is told of, not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Booking {
    /// The provider's charge.
    Cost(Posting),
    /// Between the platform's own accounts.
    Transfer(Posting),
}

/// What a line means for the books. `amount` is before the fee; what was taken away is below nothing, and so is a fee that is
/// given back.
pub fn bookings(kind: LineKind, amount: Money, fee: Money) -> Result<Vec<Booking>, LedgerError> {
    let mut all = Vec::new();
    match kind {
        LineKind::Fee => all.extend(cost(fee.checked_sub(amount)?)?),
        LineKind::Payout | LineKind::PayoutBack => all.extend(moved(amount)?),
        LineKind::Charge
        | LineKind::ChargeFailed
        | LineKind::Refund
        | LineKind::RefundBack
        | LineKind::Dispute
        | LineKind::DisputeBack
        | LineKind::Straight
        | LineKind::Other => {}
    }
    match kind {
        // Who loses a dispute bears its fee: it is booked with the dispute.
        LineKind::Dispute | LineKind::DisputeBack => {}
        // Booked above; or nobody knows yet what it was for.
        LineKind::Fee | LineKind::Other => {}
        LineKind::Charge
        | LineKind::ChargeFailed
        | LineKind::Refund
        | LineKind::RefundBack
        | LineKind::Payout
        | LineKind::PayoutBack
        | LineKind::Straight => all.extend(cost(fee)?),
    }
    Ok(all)
}

fn cost(charged: Money) -> Result<Option<Booking>, LedgerError> {
    if charged.is_zero() {
        return Ok(None);
    }
    let posting = if charged.is_negative() {
        Posting::provider_cost_back(-charged)?
    } else {
        Posting::provider_cost(charged)?
    };
    Ok(Some(Booking::Cost(posting)))
}

fn moved(amount: Money) -> Result<Option<Booking>, LedgerError> {
    if amount.is_zero() {
        return Ok(None);
    }
    let posting = if amount.is_negative() {
        Posting::provider_paid(-amount)?
    } else {
        Posting::provider_given(amount)?
    };
    Ok(Some(Booking::Transfer(posting)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ledger::{Account, balance},
        money::Currency,
    };

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    /// By how much a line changes what we think the provider has, with what is booked elsewhere left out.
    fn clearing(kind: LineKind, amount: i64, fee: i64) -> i64 {
        let all = bookings(kind, eur(amount), eur(fee)).unwrap();
        let entries: Vec<_> = all
            .iter()
            .flat_map(|one| match one {
                Booking::Cost(posting) | Booking::Transfer(posting) => posting.entries(),
            })
            .copied()
            .collect();
        balance(Account::ProviderClearing, Currency::EUR, &entries)
            .unwrap()
            .minor
    }

    #[test]
    fn what_is_booked_of_a_line() {
        let table = [
            (LineKind::Charge, 5_600, 109, -109),
            (LineKind::Refund, -5_600, 0, 0),
            (LineKind::Refund, -5_600, -20, 20),
            (LineKind::Fee, -250, 0, -250),
            (LineKind::Fee, 250, 0, 250),
            (LineKind::Payout, -9_000, 25, -9_025),
            (LineKind::PayoutBack, 9_000, 0, 9_000),
            (LineKind::Dispute, -5_600, 1_500, 0),
            (LineKind::Other, -77, 3, 0),
        ];
        for (kind, amount, fee, expected) in table {
            assert_eq!(
                clearing(kind, amount, fee),
                expected,
                "{kind} {amount} {fee}"
            );
        }
    }
}
