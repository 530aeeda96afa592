//! Counts kept apart from the counters of the pools, from the rows alone, so that a difference shows at once.

use super::{
    catalog::{DRAWS, POOLS},
    database::Database,
    rows::{Hold, HoldState, Lines, Order, Stock, Ticket},
};
use crate::{ledger::Posting, orders::OrderState, stock::Pool, tickets::TicketState};

#[derive(Default)]
pub(super) struct Tally {
    held: [i64; POOLS],
    sold: [i64; POOLS],
    /// Orders that were paid after their time.
    pub(super) revived: usize,
}

impl Tally {
    pub(super) fn hold(&mut self, before: Option<&Hold>, after: &Hold) {
        let live = |hold: &&Hold| hold.state == HoldState::Active;
        before
            .filter(live)
            .inspect(|hold| add(&mut self.held, &hold.lines, -1));
        Some(after)
            .filter(live)
            .inspect(|hold| add(&mut self.held, &hold.lines, 1));
    }

    pub(super) fn order(&mut self, before: Option<&Order>, after: &Order, now: i64) {
        let live = |order: &&Order| order.stock == Stock::Held;
        before
            .filter(live)
            .inspect(|order| add(&mut self.held, &order.lines, -1));
        Some(after)
            .filter(live)
            .inspect(|order| add(&mut self.held, &order.lines, 1));
        let Some(before) = before else { return };
        if before.state != OrderState::Expired && after.state == OrderState::Expired {
            assert!(
                before.expires <= now,
                "I11: an order expired before its time"
            );
        }
        let revived = before.state == OrderState::Expired && after.state == OrderState::Paid;
        self.revived += usize::from(revived);
        let may_follow = match before.state {
            OrderState::Pending | OrderState::Asked => true,
            OrderState::Paid => !matches!(after.state, OrderState::Pending | OrderState::Expired),
            OrderState::Expired => matches!(after.state, OrderState::Expired | OrderState::Paid),
            OrderState::Cancelled => {
                matches!(after.state, OrderState::Cancelled | OrderState::Refunded)
            }
            OrderState::Refunded => after.state == OrderState::Refunded,
        };
        assert!(
            may_follow,
            "I4: a {} order became {}",
            before.state, after.state
        );
    }

    pub(super) fn ticket(&mut self, before: Option<&Ticket>, after: &Ticket) {
        let live = |ticket: &&Ticket| ticket.state == TicketState::Valid;
        before
            .filter(live)
            .inspect(|ticket| add(&mut self.sold, &[(ticket.kind, 1)], -1));
        Some(after)
            .filter(live)
            .inspect(|ticket| add(&mut self.sold, &[(ticket.kind, 1)], 1));
    }

    pub(super) fn posting(&self, posting: &Posting) {
        let sum: i64 = posting
            .entries()
            .iter()
            .map(|entry| entry.amount.minor)
            .sum();
        assert_eq!(sum, 0, "I2: a posting does not balance");
    }

    pub(super) fn check<'a>(&self, pools: impl Iterator<Item = &'a Pool>) {
        for ((pool, held), sold) in pools.zip(self.held).zip(self.sold) {
            let counted = (i64::from(pool.held()), i64::from(pool.sold()));
            assert_eq!(
                counted,
                (held, sold),
                "I1: counters differ from holds and tickets"
            );
            assert!(held + sold <= i64::from(pool.capacity()), "I1: oversold");
        }
    }
}

fn add(counts: &mut [i64; POOLS], lines: &[(usize, u32)], times: i64) {
    for (kind, quantity) in lines {
        for pool in DRAWS[*kind] {
            counts[*pool] += times * i64::from(*quantity);
        }
    }
}

pub(super) fn places(lines: &Lines) -> usize {
    let all: u32 = lines.iter().map(|(_, quantity)| *quantity).sum();
    usize::try_from(all).unwrap()
}

impl Database {
    /// What must be true of one order whenever nobody is in the middle of changing it.
    pub(super) fn check_order(&self, number: usize) {
        let order = &self.orders[number];
        let state = order.state;
        let issued = if order.paid { places(&order.lines) } else { 0 };
        assert_eq!(
            order.tickets.len(),
            issued,
            "I3: tickets of {state} order {number}"
        );
        for (kind, quantity) in &order.lines {
            let of_kind = order
                .tickets
                .iter()
                .filter(|ticket| self.tickets[**ticket].kind == *kind);
            let due = if order.paid {
                usize::try_from(*quantity).unwrap()
            } else {
                0
            };
            assert_eq!(
                of_kind.count(),
                due,
                "I3: tickets of one line of order {number}"
            );
        }
        let valid = order
            .tickets
            .iter()
            .filter(|ticket| self.tickets[**ticket].state == TicketState::Valid);
        let admits = valid.count() > 0;
        assert_eq!(
            admits,
            state == OrderState::Paid,
            "I4: valid tickets, order {number} is {state}"
        );
        let back = order.refunded.minor;
        assert!(
            (0..=order.total.minor).contains(&back),
            "I6: order {number} refunded too much"
        );
        let whole = back == order.total.minor && back > 0;
        let kept = matches!(
            state,
            OrderState::Pending | OrderState::Paid | OrderState::Cancelled
        );
        assert!(
            !(whole && kept),
            "I4: all money of {state} order {number} is back"
        );
        assert!(
            whole || state != OrderState::Refunded,
            "I6: order {number} is not wholly refunded"
        );
    }
}
