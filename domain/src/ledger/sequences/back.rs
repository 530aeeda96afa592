//! Money back, and tickets for tickets: first it is shown, then it is done, and it is what was shown or nothing.

use super::{
    super::*,
    history::{History, Sold},
    oracle::{Oracle, rounded},
};
use crate::{
    money::Money,
    orders::{ExchangeMoney, ExchangeRules, PaidFor},
    when::Timestamp,
};

/// What giving some tickets back does, as the page says it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    each: Vec<Money>,
    refund: Money,
}

impl History {
    /// Any amount, at times more than there is; the fee goes back in proportion, the last piece with what is left of it.
    pub(super) fn promise(&mut self) {
        let Some(number) = self.pick(self.sold.len()) else {
            return;
        };
        let sold = &self.sold[number];
        let left = sold.takings.total.minor - sold.gone();
        let wanted = self.chance.amount(left + left / 8 + 2);
        let sold = &self.sold[number];
        let piece = sold
            .takings
            .back(self.money(sold.gone()), self.money(wanted));
        if wanted == 0 || wanted > left {
            assert!(piece.is_err());
            return;
        }
        if wanted <= sold.left() {
            self.give_back(number, wanted);
        }
    }

    /// What the terms give for some of the tickets, now.
    fn show(&self, sold: &Sold, tickets: &[PaidFor], now: Timestamp) -> Shown {
        let mut left = sold.left().max(0);
        let each: Vec<Money> = tickets
            .iter()
            .map(|paid| {
                let due = sold.terms.due(now, *paid).minor.min(left);
                left -= due;
                self.money(due)
            })
            .collect();
        let refund = Money::checked_sum(self.currency, each.iter().copied()).unwrap();
        Shown { each, refund }
    }

    /// Some tickets, within the terms. Between looking and doing something else may happen.
    pub(super) fn give_tickets_back(&mut self) {
        let Some(number) = self.pick(self.sold.len()) else {
            return;
        };
        let many = self.sold[number].tickets.len();
        let Some(most) = self.pick(many) else { return };
        let now = Timestamp::from_second(self.chance.amount(11 * 86_400)).unwrap();
        let tickets: Vec<PaidFor> = self.sold[number].tickets[..=most].to_vec();
        let shown = self.show(&self.sold[number], &tickets, now);
        if self.chance.below(4) == 0 {
            // Of anything else, another order or this one.
            match self.chance.below(3) {
                0 => self.promise(),
                1 => self.dispute(),
                _ => self.exchange(),
            }
        }
        let same = self.sold[number].tickets.starts_with(&tickets);
        if !same || self.show(&self.sold[number], &tickets, now) != shown {
            self.outdated += 1;
            return;
        }
        let sold = &self.sold[number];
        // The oracle reckons each ticket for itself, in halves.
        for (paid, back) in tickets.iter().zip(&shown.each) {
            let percent = i128::from(sold.terms.percent_at(now));
            let of = if sold.terms.keeps_fee() {
                paid.price.minor - paid.fee.minor
            } else {
                paid.price.minor
            };
            let share = rounded(i128::from(of) * percent, 100);
            assert!(back.minor <= share && back.minor >= 0);
            let step = self.currency.step();
            let in_full = share == paid.price.minor;
            let expected = if in_full { share } else { share - share % step };
            if sold.left() >= sold.takings.total.minor {
                assert_eq!(back.minor, expected, "nothing went before");
            }
        }
        let before = Oracle::of(&self.books, self.currency);
        if self.chance.below(2) == 0 {
            if !shown.refund.is_zero() {
                self.give_back(number, shown.refund.minor);
            }
        } else {
            // One ticket after the other is the same.
            for back in shown.each.iter().filter(|back| !back.is_zero()) {
                self.give_back(number, back.minor);
            }
        }
        self.sold[number].tickets.drain(..tickets.len());
        let after = Oracle::of(&self.books, self.currency);
        assert_eq!(
            after.to_buyers - before.to_buyers,
            shown.refund.minor,
            "what was shown"
        );
        self.as_shown += 1;
    }

    fn give_back(&mut self, number: usize, wanted: i64) {
        let sold = &self.sold[number];
        let (takings, before, place) = (sold.takings, sold.gone(), sold.place);
        let piece = takings
            .back(self.money(before), self.money(wanted))
            .unwrap();
        self.book(Posting::refund(piece));
        let share = |of_total: i64| {
            let exact = i128::from(takings.fee.minor) * i128::from(of_total);
            rounded(exact, i128::from(takings.total.minor))
        };
        let fee = share(before + wanted) - share(before);
        assert_eq!(piece.fee.minor, fee);
        self.sold[number].back += wanted;
        self.truth.organizer -= wanted - fee;
        self.truth.platform -= fee;
        self.truth.to_buyers += wanted;
        self.promised.push((wanted, place));
        if self.sold[number].gone() == takings.total.minor {
            let all = takings.back(self.money(0), takings.total).unwrap();
            assert_eq!(all, takings, "pieces sum to the whole");
        }
    }

    /// Tickets for tickets: part of a sale pays for another, the rest is paid or goes back, as it was shown.
    pub(super) fn exchange(&mut self) {
        let Some(number) = self.pick(self.sold.len()) else {
            return;
        };
        let (old, before) = (self.sold[number].takings, self.sold[number].gone());
        let (left, place) = (self.sold[number].left(), self.sold[number].place);
        let Some(most) = self.pick(self.sold[number].tickets.len()) else {
            return;
        };
        if left < 1 {
            return;
        }
        let given: Vec<Money> = self.sold[number].tickets[..=most]
            .iter()
            .map(|paid| paid.price)
            .collect();
        let worth: i64 = given.iter().map(|price| price.minor).sum();
        let (new, tickets) = self.takings(worth);
        let (fee_each, returns_difference) = (self.chance.amount(20), self.chance.below(2) == 0);
        let rules = ExchangeRules {
            fee_each: self.money(fee_each),
            returns_difference,
        };
        let shown = ExchangeMoney::of(&given, self.money(left), new.total, rules).unwrap();
        let (credit, due, back) = (shown.credit, shown.to_pay, shown.back);
        // The oracle reckons what they count for ticket by ticket.
        let counts: i64 = given
            .iter()
            .map(|price| price.minor - fee_each.min(price.minor))
            .sum();
        let counts = counts.min(left);
        assert_eq!(credit.minor, counts.min(new.total.minor));
        assert_eq!(credit.minor + due.minor, new.total.minor);
        let over = counts - credit.minor;
        assert_eq!(back.minor, if returns_difference { over } else { 0 });
        let books_before = Oracle::of(&self.books, self.currency);
        let taken =
            |before: i64, amount: Money| old.back(Money::new(before, amount.currency), amount);
        let mut fee_out = 0;
        if !due.is_zero() {
            let paid = new.back(self.money(0), due);
            self.book(paid.and_then(|paid| Posting::sale_at(place, paid)));
        }
        if !credit.is_zero() {
            let out = taken(before, credit).unwrap();
            fee_out += out.fee.minor;
            self.book(Posting::exchanged_out(out));
            self.book(new.back(due, credit).and_then(Posting::exchanged_in));
        }
        if !back.is_zero() {
            let out = taken(before + credit.minor, back).unwrap();
            fee_out += out.fee.minor;
            self.book(Posting::refund(out));
            self.promised.push((back.minor, place));
        }
        self.sold[number].back += credit.minor + back.minor;
        self.sold[number].tickets.drain(..=most);
        self.come_in(place, due.minor);
        self.truth.to_buyers += back.minor;
        self.truth.platform += new.fee.minor - fee_out;
        self.truth.organizer +=
            new.total.minor - new.fee.minor - (credit.minor + back.minor - fee_out);
        self.keep(new, place, tickets);
        let open = balance(Account::Exchange, self.currency, &self.books).unwrap();
        assert!(open.is_zero(), "nothing stays between two orders");
        let books_after = Oracle::of(&self.books, self.currency);
        let came = |of: &Oracle| of.at_provider + of.at_bank;
        assert_eq!(
            (
                came(&books_after) - came(&books_before),
                books_after.to_buyers - books_before.to_buyers
            ),
            (due.minor, back.minor),
            "what was shown"
        );
        self.as_shown += 1;
    }
}
