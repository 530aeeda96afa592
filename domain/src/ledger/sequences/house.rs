//! What happens to money besides buyers: payouts, reserves, costs.

use super::{super::*, history::History};

impl History {
    pub(super) fn keep_back(&mut self) {
        if self.truth.kept_back > 0 && self.chance.below(2) == 0 {
            let amount = self.truth.kept_back;
            self.book(Posting::reserve_released(self.money(amount)));
            self.truth.kept_back = 0;
            self.truth.organizer += amount;
        } else {
            let amount = 1 + self.chance.amount(1_000);
            self.book(Posting::reserve(self.money(amount)));
            self.truth.kept_back += amount;
            self.truth.organizer -= amount;
        }
    }

    /// At times more than there is: refused, and nothing moves.
    pub(super) fn pay_out(&mut self) {
        let tax = -balance(Account::TaxCollected, self.currency, &self.books)
            .unwrap()
            .minor;
        let owed = Owed {
            net: self.money(self.truth.organizer - tax),
            tax: self.money(tax),
        };
        let available = self.truth.organizer.max(0);
        let wanted = self.chance.amount(available + available / 8 + 2);
        let posting = Posting::payout(self.money(wanted), owed);
        if wanted == 0 || wanted > available {
            assert!(posting.is_err(), "{wanted} of {available}");
            return;
        }
        self.book(posting);
        self.truth.organizer -= wanted;
        self.truth.to_be_paid_out += wanted;
        self.payouts.push(wanted);
    }

    pub(super) fn end_payout(&mut self) {
        let Some(amount) = self.payouts.pop() else {
            return;
        };
        self.truth.to_be_paid_out -= amount;
        if self.chance.below(3) == 0 {
            self.book(Posting::payout_called_off(self.money(amount)));
            self.truth.organizer += amount;
        } else {
            self.book(Posting::payout_sent(self.money(amount)));
            self.truth.at_bank -= amount;
        }
    }

    pub(super) fn cost(&mut self) {
        let amount = 1 + self.chance.amount(300);
        self.book(Posting::provider_cost(self.money(amount)));
        self.truth.at_provider -= amount;
        self.truth.costs += amount;
    }
}
