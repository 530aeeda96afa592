//! What must be true in the simulated world, whatever happened.

use std::collections::BTreeSet;

use super::world::{Order, PRICE, World};
use crate::{
    checkin::{ScanKind, merge},
    ledger::{Account, balance},
    orders::OrderState,
    tickets::TicketState,
};

impl World {
    /// Counts everything anew and compares.
    pub(super) fn check(&self) {
        let in_state = |state| self.orders.iter().filter(move |order| order.state == state);
        let held: u32 = in_state(OrderState::Pending)
            .map(|order| order.quantity)
            .sum();
        let sold: u32 = in_state(OrderState::Paid).map(|order| order.quantity).sum();
        assert_eq!(
            (self.pool.held(), self.pool.sold()),
            (held, sold),
            "counters differ from the orders"
        );
        assert!(held + sold <= self.pool.capacity(), "oversold");

        let mut seen = BTreeSet::new();
        for order in &self.orders {
            assert!(
                order.tickets.iter().all(|ticket| seen.insert(*ticket)),
                "a ticket twice"
            );
            let valid = order
                .tickets
                .iter()
                .filter(|ticket| self.tickets[ticket] == TicketState::Valid)
                .count();
            let due = if order.state == OrderState::Paid {
                order.quantity
            } else {
                0
            };
            assert_eq!(
                u32::try_from(valid),
                Ok(due),
                "valid tickets of a {} order",
                order.state
            );
            assert!(
                (0..=order.captured.minor).contains(&order.refunded.minor),
                "more refunded than captured"
            );
        }

        let of = |account| {
            balance(account, PRICE.currency, &self.ledger)
                .unwrap()
                .minor
        };
        assert_eq!(
            Account::all()
                .iter()
                .map(|account| of(*account))
                .sum::<i64>(),
            0,
            "the ledger does not sum to zero"
        );
        let kept = |order: &Order| order.captured.minor - order.refunded.minor;
        let at_provider: i64 = self.orders.iter().map(kept).sum();
        assert_eq!(
            of(Account::ProviderClearing),
            at_provider,
            "the provider has another amount"
        );
        assert_eq!(
            of(Account::RefundsPayable),
            0,
            "a promised refund was not sent"
        );

        let merged = merge(self.log.clone(), |_| 1);
        let admitted: BTreeSet<_> = merged.admissions.iter().map(|line| line.ticket).collect();
        assert_eq!(
            admitted.len(),
            merged.admissions.len(),
            "a ticket admitted twice"
        );
        let undone = self
            .log
            .iter()
            .filter(|line| line.kind != ScanKind::Admit)
            .count();
        assert_eq!(
            merged.admissions.len() + merged.conflicts.len() + 2 * undone,
            self.log.len(),
            "a scan was lost"
        );
        for door in &self.doors {
            assert!(
                door.values().all(|entry| entry.admitted.len() <= 1),
                "a door admits a ticket twice"
            );
        }
    }
}
