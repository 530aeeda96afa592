//! Orders that end: by the buyer's, the organizer's or the event's hand.

use super::{
    action::Action,
    catalog::at,
    database::{Crash, Tx},
    rows::{Order, Outcome, Stock, Write},
    world::World,
};
use crate::{
    money::Money,
    orders::{OrderState, PaidFor},
    stock::Pool,
    tickets::TicketState,
};

impl World {
    /// Calls an order off and gives `amount` of its money back, or all that is left.
    fn call_off(&mut self, number: usize, amount: Option<Money>) -> Result<(), Crash> {
        let mut order = self.db.orders[number].clone();
        let Ok(cancelled) = order.state.cancel() else {
            return Ok(());
        };
        let captured = self.captured(number);
        let mut tx = self.begin();
        self.let_go(&mut tx, &mut order)?;
        order.state = cancelled;
        let left = order.total.checked_sub(order.refunded).unwrap();
        let amount = amount.unwrap_or(left);
        if let Some(payment) = captured.filter(|_| !amount.is_zero()) {
            order.state = order
                .state
                .refund(amount, order.total, order.refunded)
                .unwrap();
            order.refunded = order.refunded.checked_add(amount).unwrap();
            self.send_back(&mut tx, number, payment, amount)?;
        }
        tx.put(Write::Order(number, order))?;
        self.commit(tx)
    }

    pub(super) fn organizer_cancels(&mut self, order: usize) -> Result<(), Crash> {
        self.call_off(order, Some(Money::zero(self.catalog.currency)))
    }

    /// The buyer cancels and gets what the policy says, ticket by ticket.
    pub(super) fn buyer_cancels(&mut self, number: usize) -> Result<(), Crash> {
        let order = &self.db.orders[number];
        let mut due = Money::zero(order.total.currency);
        for ticket in self.valid_tickets(order) {
            let ticket = &self.db.tickets[ticket];
            let accepted = |scan| self.db.scans[scan].outcome == Outcome::Accepted;
            if ticket.scans.iter().any(accepted) {
                return Ok(());
            }
            due = due.checked_add(self.due_for(ticket.unit)).unwrap();
        }
        let left = order.total.minor - order.refunded.minor;
        due.minor = due.minor.min(left);
        if order.paid && !order.total.is_zero() && due.is_zero() {
            return Ok(());
        }
        self.call_off(number, Some(due))
    }

    fn due_for(&self, paid: Money) -> Money {
        let (starts, now) = (at(self.catalog.starts), at(self.now));
        let schedule = self.catalog.policy.schedule_in_utc(starts);
        let whole = PaidFor {
            price: paid,
            fee: Money::zero(paid.currency),
        };
        let due = schedule.due(now, whole);
        let exact = paid.minor * i64::from(schedule.percent_at(now));
        let lost = exact - due.minor * 100;
        // A part is rounded down to what cards can move.
        let most = 50 + 100 * (due.currency.step() - 1);
        assert!(
            (-50..=most).contains(&lost),
            "I6: a refund is off by more than half a minor unit, or a step of cards"
        );
        due
    }

    /// The event will not happen: order by order ends, and all money goes back.
    pub(super) fn call_event_off(&mut self, event: usize) -> Result<(), Crash> {
        if !self.db.called_off[event] {
            let mut tx = self.begin();
            tx.put(Write::CallOff { event })?;
            self.commit(tx)?;
        }
        let ends = |order: &Order| {
            let open = matches!(order.state, OrderState::Pending | OrderState::Paid);
            open && self.event_of(order) == event
        };
        if let Some(order) = self.db.orders.iter().position(ends) {
            self.call_off(order, None)?;
            self.later(1, Action::CallOff { event });
        }
        Ok(())
    }

    /// Lets go of all places an order still has, wherever they are counted.
    pub(super) fn let_go(&self, tx: &mut Tx, order: &mut Order) -> Result<(), Crash> {
        match order.stock {
            Stock::Held => {
                let mut pools = self.db.pools.clone();
                self.shift(&mut pools, &order.lines, Pool::release);
                self.put_pools(tx, pools)?;
            }
            Stock::Sold => self.void(tx, &self.valid_tickets(order))?,
            Stock::LetGo => {}
        }
        order.stock = Stock::LetGo;
        Ok(())
    }

    /// The tickets stop admitting and their places are free again.
    pub(super) fn void(&self, tx: &mut Tx, tickets: &[usize]) -> Result<(), Crash> {
        if tickets.is_empty() {
            return Ok(());
        }
        let mut pools = self.db.pools.clone();
        for number in tickets {
            let mut ticket = self.db.tickets[*number].clone();
            ticket.state = TicketState::Cancelled;
            self.shift(&mut pools, &[(ticket.kind, 1)], Pool::give_back);
            tx.put(Write::Ticket(*number, ticket))?;
        }
        self.put_pools(tx, pools)
    }
}
