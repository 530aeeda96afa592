//! What must be true at the end of a history, counted anew from the rows. The numbers are those of docs/algorithms/simulation.md.

use std::collections::BTreeSet;

use super::{
    rows::{HoldState, Outcome, Stock},
    sync::claims,
    world::World,
};
use crate::{
    checkin::{ScanKind, Uses, merge},
    ids::CheckInId,
    ledger::{Account, balance},
    orders::OrderState,
    payments::PaymentState,
    tickets::TicketState,
};

/// Holds may outlive their time by as much, in seconds, and orders may be unpaid for as long.
const HOLD_SLACK: i64 = 60;
const UNPAID: i64 = 1_800;

impl World {
    pub(super) fn check_all(&mut self) {
        for order in 0..self.db.orders.len() {
            self.db.check_order(order);
        }
        self.counters_are_true();
        self.books_agree();
        self.payments_are_settled();
        self.called_off_is_over();
        self.no_scan_is_lost();
        self.merge_does_not_care();
        self.nobody_gets_in_twice();
        assert!(
            self.waiting.is_empty(),
            "I11: a request was never looked at"
        );
        self.now += UNPAID;
        self.nothing_is_stuck();
    }

    /// I1, without the running count.
    fn counters_are_true(&self) {
        for (place, id) in self.catalog.pools.iter().enumerate() {
            let draws = |kind: usize| self.catalog.types[kind].pools.contains(&place);
            let holds = self
                .db
                .holds
                .iter()
                .filter(|hold| hold.state == HoldState::Active);
            let orders = self
                .db
                .orders
                .iter()
                .filter(|order| order.stock == Stock::Held);
            let lines = holds
                .flat_map(|hold| &hold.lines)
                .chain(orders.flat_map(|order| &order.lines));
            let held: u32 = lines
                .filter(|(kind, _)| draws(*kind))
                .map(|(_, quantity)| *quantity)
                .sum();
            let valid = self
                .db
                .tickets
                .iter()
                .filter(|ticket| ticket.state == TicketState::Valid);
            let sold = u32::try_from(valid.filter(|ticket| draws(ticket.kind)).count()).unwrap();
            let pool = self.db.pools[id];
            assert_eq!(
                (pool.held(), pool.sold()),
                (held, sold),
                "I1: counters of pool {place}"
            );
            assert!(
                held + sold <= pool.capacity(),
                "I1: pool {place} is oversold"
            );
        }
    }

    /// I2: the ledger balances, and agrees with the provider's own book.
    fn books_agree(&self) {
        let of = |account| {
            balance(account, self.catalog.currency, &self.db.ledger)
                .unwrap()
                .minor
        };
        let sum: i64 = Account::all().iter().map(|account| of(*account)).sum();
        assert_eq!(sum, 0, "I2: the ledger does not sum to zero");
        let charges = self.provider.charges.values().filter(|charge| charge.taken);
        let at_provider: i64 = charges
            .map(|charge| charge.amount.minor - charge.returned())
            .sum();
        assert_eq!(
            of(Account::ProviderClearing),
            at_provider,
            "I2: the provider has another amount"
        );
        assert_eq!(
            of(Account::RefundsPayable),
            0,
            "I6: a promised refund was not sent"
        );
    }

    /// I6 and I7: money that was taken bought something or went back, once, whatever the order of the news.
    fn payments_are_settled(&self) {
        for (number, payment) in self.db.payments.iter().enumerate() {
            let charge = self.provider.charges.get(&number);
            let taken = charge.is_some_and(|charge| charge.taken);
            let has = matches!(
                payment.state,
                PaymentState::Succeeded | PaymentState::Refunded
            );
            assert_eq!(has, taken, "I7: payment {number} is {:?}", payment.state);
            let returned = charge.map_or(0, |charge| charge.returned());
            let whole = taken && returned == payment.amount.minor;
            assert_eq!(
                payment.state == PaymentState::Refunded,
                whole,
                "I6: payment {number} is {:?}",
                payment.state
            );
        }
        for (number, order) in self.db.orders.iter().enumerate() {
            let its = self
                .db
                .payments
                .iter()
                .filter(|payment| payment.order == number);
            let keeps = its
                .filter(|payment| payment.state == PaymentState::Succeeded)
                .count();
            let kept = order.total.minor - order.refunded.minor;
            let due = usize::from(order.paid && kept > 0);
            assert_eq!(
                keeps, due,
                "I6: captures that {} order {number} keeps",
                order.state
            );
        }
    }

    fn called_off_is_over(&self) {
        for order in self
            .db
            .orders
            .iter()
            .filter(|order| self.db.called_off[self.event_of(order)])
        {
            let over = !matches!(order.state, OrderState::Pending | OrderState::Paid);
            assert!(
                over,
                "I11: an order of an event that was called off is {}",
                order.state
            );
        }
    }

    /// I11: nothing waits longer than it may.
    pub(super) fn nothing_is_stuck(&self) {
        let now = self.now;
        let stuck = |state, until| state && until + HOLD_SLACK < now;
        let hold = self
            .db
            .holds
            .iter()
            .position(|hold| stuck(hold.state == HoldState::Active, hold.expires));
        assert_eq!(hold, None, "I11: a hold outlives its time");
        let unpaid = |order: &super::rows::Order| {
            order.state == OrderState::Pending && order.placed + UNPAID < now
        };
        assert_eq!(
            self.db.orders.iter().position(unpaid),
            None,
            "I11: an order is never paid and never expires"
        );
    }

    /// I9: every line of every door is on the server, and exactly one admission of a ticket counts: the first.
    fn no_scan_is_lost(&self) {
        let lines: Vec<_> = self.doors.iter().flat_map(|door| &door.log).collect();
        assert_eq!(lines.len(), self.db.scans.len(), "I9: lines on the server");
        let undone: BTreeSet<CheckInId> = lines
            .iter()
            .filter_map(|line| match line.record.kind {
                ScanKind::Undo { of } => Some(of),
                ScanKind::Admit | ScanKind::Force | ScanKind::Exit => None,
            })
            .collect();
        for number in 0..self.db.tickets.len() {
            let its = lines
                .iter()
                .filter(|line| line.ticket == number && line.record.kind == ScanKind::Admit);
            let outcome = |id: &CheckInId| self.db.scans[id].outcome;
            let standing: Vec<_> = its
                .filter(|line| {
                    !undone.contains(&line.record.id)
                        && outcome(&line.record.id) != Outcome::LateRevoked
                })
                .collect();
            let counts = |wanted| {
                standing
                    .iter()
                    .filter(|line| outcome(&line.record.id) == wanted)
                    .count()
            };
            let expected = (standing.len().min(1), standing.len().saturating_sub(1));
            assert_eq!(
                (counts(Outcome::Accepted), counts(Outcome::Conflict)),
                expected,
                "I9: ticket {number}"
            );
            let first = standing.iter().map(|line| line.truth).min();
            let accepted = standing
                .iter()
                .find(|line| outcome(&line.record.id) == Outcome::Accepted);
            assert_eq!(
                accepted.map(|line| line.truth),
                first,
                "I9: not the first door has ticket {number}"
            );
        }
    }

    /// I9: the same lines in another order, repeated, and some of them garbled by a faulty device, merge to the same.
    fn merge_does_not_care(&mut self) {
        let mut lines = claims(self.db.scans.values());
        let garbled: Vec<_> = lines
            .iter()
            .filter(|_| self.chance.one_in(8))
            .map(|line| crate::checkin::ScanRecord {
                counter: line.counter + 1,
                ..line.clone()
            })
            .collect();
        lines.extend(garbled);
        let merged = merge(lines.iter().cloned(), |_, _| Uses::ONCE);
        self.chance.shuffle(&mut lines);
        let again = lines.first().cloned();
        let shuffled = merge(lines.into_iter().chain(again), |_, _| Uses::ONCE);
        assert!(
            merged == shuffled,
            "I9: the merge depends on the order of its lines"
        );
    }
}
