//! Orders that end, and money that goes back.

use super::{
    database::{Crash, Tx},
    rows::{Cause, Job, Key, Order, Payment, Refund, Stock, Write},
    world::World,
};
use crate::{
    ledger::{Posting, Takings},
    money::Money,
    orders::OrderState,
    payments::PaymentState,
    tickets::TicketState,
};

/// What an organizer asks for, under one key.
#[derive(Clone, Debug)]
pub(super) struct RefundWish {
    number: u32,
    order: usize,
    choice: Choice,
    keep_tickets: bool,
}

#[derive(Clone, Debug)]
enum Choice {
    Full,
    Amount(i64),
    /// So many of its tickets.
    Tickets(usize),
}

impl World {
    pub(super) fn refund_wish(&mut self, order: usize) -> RefundWish {
        let total = u32::try_from(self.db.orders[order].total.minor).unwrap();
        let choice = match self.chance.below(4) {
            0 => Choice::Full,
            1 => Choice::Tickets(usize::try_from(self.chance.between(1, 3)).unwrap()),
            // Sometimes nothing, sometimes more than there is.
            _ => Choice::Amount(i64::from(self.chance.below(total + total / 4 + 2))),
        };
        self.wishes += 1;
        RefundWish {
            number: self.wishes,
            order,
            choice,
            keep_tickets: self.chance.one_in(2),
        }
    }

    pub(super) fn refund(&mut self, wish: &RefundWish) -> Result<(), Crash> {
        let key = Key::Refund {
            number: wish.number,
        };
        if self.answered(key).is_some() {
            return Ok(());
        }
        let mut order = self.db.orders[wish.order].clone();
        let left = order.total.checked_sub(order.refunded).unwrap();
        let valid = self.valid_tickets(&order);
        let chosen = match wish.choice {
            Choice::Tickets(count) => valid[..count.min(valid.len())].to_vec(),
            Choice::Full | Choice::Amount(_) => Vec::new(),
        };
        let amount = match wish.choice {
            Choice::Full => left,
            Choice::Amount(minor) => Money::new(minor, left.currency),
            Choice::Tickets(_) => {
                let units = chosen.iter().map(|ticket| self.db.tickets[*ticket].unit);
                let paid = Money::checked_sum(left.currency, units).unwrap();
                if paid.minor > left.minor { left } else { paid }
            }
        };
        let (Ok(after), Some(payment)) = (
            order.state.refund(amount, order.total, order.refunded),
            self.captured(wish.order),
        ) else {
            return Ok(());
        };
        let voided = match wish.choice {
            _ if amount == left => valid.clone(),
            Choice::Tickets(_) if !wish.keep_tickets => chosen,
            Choice::Amount(_) if !wish.keep_tickets => valid.clone(),
            Choice::Full | Choice::Amount(_) | Choice::Tickets(_) => Vec::new(),
        };
        let all_void = voided.len() == valid.len() && order.stock == Stock::Sold;
        let mut tx = self.begin();
        self.void(&mut tx, &voided)?;
        self.send_back(&mut tx, wish.order, payment, amount)?;
        order.refunded = order.refunded.checked_add(amount).unwrap();
        if all_void {
            order.stock = Stock::LetGo;
        }
        order.state = match after {
            // Money stays, but nobody may come in any more.
            OrderState::Paid if all_void => OrderState::Cancelled,
            state => state,
        };
        tx.put(Write::Order(wish.order, order))?;
        tx.put(Write::Key(key, wish.order))?;
        self.commit(tx)
    }

    pub(super) fn valid_tickets(&self, order: &Order) -> Vec<usize> {
        let valid = |ticket: &usize| self.db.tickets[*ticket].state == TicketState::Valid;
        order.tickets.iter().copied().filter(valid).collect()
    }

    /// The payment whose money an order has.
    pub(super) fn captured(&self, order: usize) -> Option<(usize, Payment)> {
        let payments = self.db.payments.iter().enumerate();
        let mut its = payments.filter(|(_, payment)| payment.order == order);
        let captured = its.find(|(_, payment)| payment.state == PaymentState::Succeeded);
        captured.map(|(number, payment)| (number, payment.clone()))
    }

    /// Promises money out of a payment; a job sends it.
    pub(super) fn send_back(
        &self,
        tx: &mut Tx,
        order: usize,
        (number, mut payment): (usize, Payment),
        amount: Money,
    ) -> Result<(), Crash> {
        let refund = self.db.refunds.len();
        let before = self.db.refunds.iter().filter(|row| row.payment == number);
        let promised: i64 = before.map(|row| row.amount.minor).sum();
        if promised + amount.minor >= payment.amount.minor {
            payment.state = payment.state.refund().unwrap();
        }
        tx.put(Write::Payment(number, payment))?;
        tx.put(Write::Refund(
            refund,
            Refund {
                order,
                payment: number,
                amount,
                sent: false,
            },
        ))?;
        tx.put(Write::Post(
            Cause::Refund { refund },
            Posting::refund(Takings::plain(amount)).unwrap(),
        ))?;
        tx.put(Write::Job(self.now, Job::SendRefund { refund }))
    }

    /// Asks the provider outside of any transaction, with the refund's number as the key, and writes down that it is done.
    pub(super) fn send_refund(&mut self, number: usize) -> Result<(), Crash> {
        let refund = self.db.refunds[number].clone();
        if refund.sent {
            return Ok(());
        }
        self.provider.refund(refund.payment, number, refund.amount);
        let mut tx = self.begin();
        tx.put(Write::Post(
            Cause::Sent { refund: number },
            Posting::refund_sent(refund.amount).unwrap(),
        ))?;
        tx.put(Write::Refund(
            number,
            Refund {
                sent: true,
                ..refund
            },
        ))?;
        self.commit(tx)
    }
}
