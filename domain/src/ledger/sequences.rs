//! Long histories against an oracle that knows no accounts: it only counts who has paid and who has received what.

use super::*;
use crate::{
    disputes::{Case, DisputeState, Moved, Told},
    money::Currency,
    orders::{ExchangeMoney, ExchangeRules},
};

const SEQUENCES: u64 = 10_000;
const STEPS: u64 = 20;

/// A generator of its own, so that a number names a history (Vigna, SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    fn amount(&mut self, end: i64) -> i64 {
        i64::try_from(self.below(u64::try_from(end.max(1)).unwrap())).unwrap()
    }
}

struct Sold {
    takings: Takings,
    back: i64,
    /// The latest message, and what is known; from then on nothing is refunded until it is won.
    dispute: Option<(Told, Case)>,
    /// For good, to buyers' banks.
    lost: i64,
}

impl Sold {
    fn gone(&self) -> i64 {
        self.back + self.lost
    }

    fn held(&self) -> i64 {
        let open = |(_, case): &(Told, Case)| case.state != DisputeState::Lost;
        let case = self.dispute.as_ref().filter(|dispute| open(dispute));
        case.map_or(0, |(_, case)| case.taken.minor)
    }
}

/// What everybody has, in minor units.
#[derive(Debug, Default, PartialEq, Eq)]
struct Oracle {
    at_provider: i64,
    at_bank: i64,
    organizer: i64,
    kept_back: i64,
    to_be_paid_out: i64,
    to_buyers: i64,
    platform: i64,
    costs: i64,
}

impl Oracle {
    /// The same, read off the books.
    fn of(entries: &[Entry], currency: Currency) -> Self {
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

struct History {
    chance: Chance,
    currency: Currency,
    books: Vec<Entry>,
    sold: Vec<Sold>,
    promised: Vec<i64>,
    sent: Vec<i64>,
    payouts: Vec<i64>,
    truth: Oracle,
}

impl History {
    fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    fn book(&mut self, posting: Result<Posting, LedgerError>) {
        self.books.extend(posting.unwrap().entries());
    }

    fn step(&mut self) {
        match self.chance.below(14) {
            0..=2 => self.sell(),
            3 | 4 => self.promise(),
            5 => self.send(),
            6 => self.fail(),
            7 => self.dispute(),
            8 => self.keep_back(),
            9 => self.pay_out(),
            10 => self.end_payout(),
            11 | 12 => self.exchange(),
            _ => self.cost(),
        }
    }

    fn sell(&mut self) {
        let total = 1 + self.chance.amount(500_000);
        let tax = self.chance.amount(total / 4 + 1);
        let fee = self.chance.amount(total / 8 + 1);
        let takings = Takings {
            total: self.money(total),
            tax: self.money(tax),
            fee: self.money(fee),
        };
        self.book(Posting::sale(takings));
        self.truth.at_provider += total;
        self.truth.organizer += total - fee;
        self.truth.platform += fee;
        self.sold.push(Sold {
            takings,
            back: 0,
            dispute: None,
            lost: 0,
        });
    }

    /// Tickets for tickets: part of a sale pays for another, the rest is paid or goes back.
    fn exchange(&mut self) {
        let Some(number) = self.pick(self.sold.len()) else {
            return;
        };
        let (old, before) = (self.sold[number].takings, self.sold[number].gone());
        let left = old.total.minor - before - self.sold[number].held();
        if left < 1 {
            return;
        }
        let value = (1 + self.chance.amount(left)).min(left);
        let total = 1 + self.chance.amount(2 * value);
        let (tax, fee) = (
            self.chance.amount(total / 4 + 1),
            self.chance.amount(total / 8 + 1),
        );
        let new = Takings {
            total: self.money(total),
            tax: self.money(tax),
            fee: self.money(fee),
        };
        let (fee_each, returns_difference) = (self.chance.amount(20), self.chance.below(2) == 0);
        let rules = ExchangeRules {
            fee_each: self.money(fee_each),
            returns_difference,
        };
        let money =
            ExchangeMoney::of(&[self.money(value)], self.money(left), new.total, rules).unwrap();
        let (credit, due, back) = (money.credit, money.to_pay, money.back);
        let taken = |before: i64, amount: Money| {
            old.back(
                Money {
                    minor: before,
                    ..amount
                },
                amount,
            )
        };
        let mut fee_out = 0;
        if !due.is_zero() {
            self.book(new.back(self.money(0), due).and_then(Posting::sale));
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
            self.promised.push(back.minor);
        }
        self.sold[number].back += credit.minor + back.minor;
        self.truth.at_provider += due.minor;
        self.truth.to_buyers += back.minor;
        self.truth.platform += fee - fee_out;
        self.truth.organizer += total - fee - (credit.minor + back.minor - fee_out);
        self.sold.push(Sold {
            takings: new,
            back: 0,
            dispute: None,
            lost: 0,
        });
        let open = balance(Account::Exchange, self.currency, &self.books).unwrap();
        assert!(open.is_zero(), "nothing stays between two orders");
    }

    /// Money back, at times more than there is; the fee goes back in proportion, the last piece with what is left of it.
    fn promise(&mut self) {
        let Some(number) = self.pick(self.sold.len()) else {
            return;
        };
        let sold = &self.sold[number];
        let (takings, before) = (sold.takings, sold.gone());
        let left = takings.total.minor - before;
        let wanted = self.chance.amount(left + left / 8 + 2);
        let piece = takings.back(self.money(before), self.money(wanted));
        if wanted == 0 || wanted > left {
            assert!(piece.is_err());
            return;
        }
        if wanted > left - self.sold[number].held() {
            return;
        }
        let piece = piece.unwrap();
        self.book(Posting::refund(piece));
        // The oracle rounds the running share by counting in halves.
        let share = |of_total: i64| {
            let exact = i128::from(takings.fee.minor) * i128::from(of_total) * 2;
            let whole = i128::from(takings.total.minor) * 2;
            let floor = exact / whole;
            i64::try_from(floor + i128::from((exact - floor * whole) * 2 >= whole)).unwrap()
        };
        let fee = share(before + wanted) - share(before);
        assert_eq!(piece.fee.minor, fee);
        self.sold[number].back += wanted;
        self.truth.organizer -= wanted - fee;
        self.truth.platform -= fee;
        self.truth.to_buyers += wanted;
        self.promised.push(wanted);
        if self.sold[number].gone() == takings.total.minor {
            let all = takings.back(self.money(0), takings.total).unwrap();
            assert_eq!(all, takings, "pieces sum to the whole");
        }
    }

    fn send(&mut self) {
        if let Some(amount) = self.promised.pop() {
            self.book(Posting::refund_sent(self.money(amount)));
            self.truth.to_buyers -= amount;
            self.truth.at_provider -= amount;
            self.sent.push(amount);
        }
    }

    fn fail(&mut self) {
        if let Some(amount) = self.sent.pop() {
            self.book(Posting::refund_failed(self.money(amount)));
            self.truth.to_buyers += amount;
            self.truth.at_provider += amount;
            self.promised.push(amount);
        }
    }

    /// Opened for a part or for all that is left; or the next message about one that is there, at times an old one.
    fn dispute(&mut self) {
        let Some(number) = self.pick(self.sold.len()) else {
            return;
        };
        let stale = self.sold[number]
            .dispute
            .as_ref()
            .map(|(told, _)| told.clone());
        let told = match &stale {
            None => self.open_dispute(number),
            Some(told) => Some(self.next_message(told)),
        };
        let Some(told) = told else { return };
        let sold = &mut self.sold[number];
        let before = Money::new(sold.gone(), self.currency);
        let name = format!("du_{number}");
        let fresh = || Case::new(name, sold.takings.total);
        let mut case = sold.dispute.take().map_or_else(fresh, |(_, case)| case);
        let (was, was_lost) = (case.clone(), case.state == DisputeState::Lost);
        let mut steps = case.take_in(&told, sold.takings, before).unwrap();
        // What is old or repeated says nothing.
        for again in stale.iter().chain([&told]) {
            let known = case.clone();
            assert_eq!(case.take_in(again, sold.takings, before), Ok(Vec::new()));
            assert_eq!(case, known);
        }
        let taken = case.taken.minor - was.taken.minor;
        let cost = |case: &Case| {
            case.moved
                .values()
                .map(|moved| moved.cost.minor)
                .sum::<i64>()
        };
        let cost = cost(&case) - cost(&was);
        match (was_lost, case.state == DisputeState::Lost) {
            (false, true) => sold.lost += case.taken.minor,
            (true, false) => sold.lost -= was.taken.minor,
            (true, true) | (false, false) => {}
        }
        sold.dispute = Some((told, case));
        for step in steps.drain(..) {
            self.book(Ok(step.posting));
        }
        // The organizer bears it all; the tax moves between the organizer's own two accounts.
        self.truth.at_provider -= taken + cost;
        self.truth.organizer -= taken + cost;
    }

    fn open_dispute(&mut self, number: usize) -> Option<Told> {
        let left = self.sold[number].takings.total.minor - self.sold[number].gone();
        let part = 1 + self.chance.amount(left);
        let cost = self.chance.amount(2_000);
        (left > 0).then(|| Told {
            state: DisputeState::NeedsAnswer,
            answer_by: None,
            moved: vec![Moved {
                reference: format!("txn_{number}"),
                taken: self.money(part),
                cost: self.money(cost),
            }],
        })
    }

    fn next_message(&mut self, told: &Told) -> Told {
        let mut next = told.clone();
        let back = Moved {
            reference: format!("{}_back", told.moved[0].reference),
            taken: -told.moved[0].taken,
            cost: Money::zero(self.currency),
        };
        let given_back = told.moved.len() > 1;
        match self.chance.below(4) {
            0 => next.state = next.state.apply(DisputeState::UnderReview),
            1 => next.state = next.state.apply(DisputeState::Lost),
            2 if !given_back => {
                next.state = DisputeState::Won;
                next.moved.push(back);
            }
            _ => {}
        }
        next
    }

    fn keep_back(&mut self) {
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
    fn pay_out(&mut self) {
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

    fn end_payout(&mut self) {
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

    fn cost(&mut self) {
        let amount = 1 + self.chance.amount(300);
        self.book(Posting::provider_cost(self.money(amount)));
        self.truth.at_provider -= amount;
        self.truth.costs += amount;
    }

    fn pick(&mut self, of: usize) -> Option<usize> {
        let of = u64::try_from(of).unwrap();
        (of > 0).then(|| usize::try_from(self.chance.below(of)).unwrap())
    }
}

#[test]
fn ten_thousand_histories_agree_with_the_oracle() {
    for number in 0..SEQUENCES {
        let currency =
            [Currency::JPY, Currency::EUR, Currency::KWD][usize::try_from(number % 3).unwrap()];
        let mut history = History {
            chance: Chance(number),
            currency,
            books: Vec::new(),
            sold: Vec::new(),
            promised: Vec::new(),
            sent: Vec::new(),
            payouts: Vec::new(),
            truth: Oracle::default(),
        };
        for step in 0..STEPS {
            history.step();
            assert_eq!(
                Oracle::of(&history.books, currency),
                history.truth,
                "history {number} after step {step}"
            );
        }
    }
}
